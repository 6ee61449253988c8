"""A unit's records as its page shows them: targets and where they come from, its parts, official scores.

Tables come finished to the last word: a cell is a text, and what is not there says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models import formats
from models.queries.baselines import ToldBaseline
from models.queries.unit import OfficialScore, Parts, TargetVersion
from models.texts import text
from targets.values import Campaign, Indicator, Phase

DAYS = 14
"""How many days of arrivals are shown."""


@dataclass(frozen=True)
class Table:
    """A table in words: heads, rows, and what it is for who cannot see it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    spoken: str


@dataclass(frozen=True)
class ChainView:
    """One indicator's targets: why each is what it is, and every version that was recorded."""

    name: str
    reasons: tuple[str, ...]
    versions: Table


# --- targets --------------------------------------------------------------------------------------------------------


def targets(
    versions: Sequence[TargetVersion],
    *,
    baselines: Mapping[str, ToldBaseline],
    phases: Sequence[Phase],
    campaign: Campaign,
    language: str,
) -> Table:
    """The target in force by indicator and phase, each with its origin. `phases` have the unit's own dates."""
    in_force = {(version.indicator, version.phase): version for version in versions if version.is_in_force}
    rows = []
    for indicator in campaign.indicators:
        baseline = baselines.get(indicator.key)
        rows.append(
            (
                indicator.name.of(language),
                text("line.no_reading", language) if baseline is None else _baseline(baseline, language),
                *(_in_force(in_force.get((indicator.key, phase.key)), language) for phase in phases),
            )
        )
    heads = (
        text("unit.targets.indicator", language),
        text("unit.targets.baseline", language, year=str(campaign.baseline_year)),
        *(_phase(phase, language) for phase in phases),
    )
    return Table(heads, tuple(rows), text("unit.targets.spoken", language))


def _baseline(told: ToldBaseline, language: str) -> str:
    """67,37%, as it was published; one that was made up for the demonstration says so."""
    value = formats.published_percent(told.value, language)
    return text("unit.targets.simulated", language, value=value) if told.is_simulated else value


def baseline_notes(baselines: Mapping[str, ToldBaseline], *, campaign: Campaign, language: str) -> tuple[str, ...]:
    """Where each real result of the year before comes from, and what was said with it."""
    return tuple(
        text(
            "unit.targets.baseline_from",
            language,
            name=indicator.name.of(language),
            value=formats.published_percent(told.value, language),
            said=told.said,
        )
        for indicator in campaign.indicators
        if (told := baselines.get(indicator.key)) is not None and not told.is_simulated and told.said
    )


def _phase(phase: Phase, language: str) -> str:
    name = phase.name.of(language)
    if phase.due is None:
        return name
    return text("unit.targets.phase_due", language, phase=name, due=formats.short_day(phase.due, language))


def _in_force(version: TargetVersion | None, language: str) -> str:
    if version is None:
        return text("unit.targets.absent", language)
    if version.value is None:
        return text("unit.targets.none", language)
    return text(f"unit.targets.{version.origin}", language, value=formats.target_percent(version.value, language))


def chains(
    versions: Sequence[TargetVersion], *, phases: Sequence[Phase], campaign: Campaign, language: str
) -> tuple[ChainView, ...]:
    """For each indicator with targets: rule → proposal → issue → registration, oldest first."""
    found = []
    for indicator in campaign.indicators:
        own = [version for version in versions if version.indicator == indicator.key]
        if own:
            found.append(_chain(own, indicator, {phase.key: phase for phase in phases}, language))
    return tuple(found)


def _chain(
    versions: Sequence[TargetVersion], indicator: Indicator, phases: dict[str, Phase], language: str
) -> ChainView:
    order = list(phases)
    known = sorted((version for version in versions if version.phase in phases), key=lambda v: order.index(v.phase))
    reasons = tuple(
        text(
            "unit.targets.why",
            language,
            phase=phases[version.phase].name.of(language),
            explanation=version.explanation_en if language == "en" else version.explanation_vi,
        )
        for version in known
        if version.is_in_force
    )
    heads = ("phase", "origin", "value", "document", "by", "at")
    return ChainView(
        name=indicator.name.of(language),
        reasons=reasons,
        versions=Table(
            heads=tuple(text(f"unit.targets.{head}", language) for head in heads),
            rows=tuple(_version(version, phases[version.phase], language) for version in known),
            spoken=text("unit.targets.chain_spoken", language, name=indicator.name.of(language)),
        ),
    )


def _version(version: TargetVersion, phase: Phase, language: str) -> tuple[str, ...]:
    state = {"requested": "requested", "refused": "refused"}.get(version.state, "version")
    key = "current" if version.is_in_force else state
    origin = text(f"unit.origin.{version.origin}", language)
    document = version.document or text("unit.targets.no_document", language)
    if version.document and version.document_date is not None:
        day = formats.day(version.document_date, language)
        document = text("unit.targets.document_dated", language, document=version.document, date=day)
    none = text("unit.targets.none", language)
    return (
        phase.name.of(language),
        text(f"unit.targets.{key}", language, origin=origin, version=version.version),
        none if version.value is None else formats.target_percent(version.value, language),
        document,
        version.by,
        formats.moment(version.at, language),
    )


# --- a unit with all below it ---------------------------------------------------------------------------------------


def parts(found: Sequence[Parts], *, name: str, campaign: Campaign, language: str) -> Table:
    """Altogether, the unit alone and the units below, side by side."""

    def share(numerator: int, denominator: int) -> str:
        if denominator == 0:
            return text("unit.parts.no_cases", language)
        return text(
            "unit.parts.share",
            language,
            value=formats.percent(100 * numerator / denominator, language),
            numerator=formats.whole(numerator, language),
            denominator=formats.whole(denominator, language),
        )

    rows = []
    for part in found:
        told = {"told": part.told, "expected": part.expected}
        own = text("unit.parts.not_split", language, **told)
        if part.own is not None:
            own = share(part.own.numerator, part.own.denominator)
        below = text("line.no_reading", language)
        if part.below is not None:
            below = share(part.below.numerator, part.below.denominator)
            if part.told < part.expected:
                below = text("unit.parts.partly", language, said=below, **told)
        rows.append(
            (
                campaign.indicator(part.indicator).name.of(language),
                share(part.whole.numerator, part.whole.denominator),
                own,
                below,
                formats.day(part.day, language),
            )
        )
    heads = (
        text("unit.targets.indicator", language),
        text("unit.parts.whole", language),
        text("unit.parts.own", language, name=name),
        text("unit.parts.below", language, count=max((part.expected for part in found), default=0)),
        text("unit.parts.day", language),
    )
    return Table(heads, tuple(rows), text("unit.parts.spoken", language))


# --- official scores ------------------------------------------------------------------------------------------------


def score(told: OfficialScore, *, campaign: Campaign, language: str) -> tuple[str, str]:
    """What the score is of, and the score: points and rank, with source and date."""
    name = text("unit.scores.total", language)
    if told.indicator is not None:
        name = campaign.indicator(told.indicator).name.of(language)
    parts = []
    if told.points is not None and told.max_points is not None:
        most = formats.target_percent(told.max_points, language).removesuffix("%")
        parts.append(
            text(
                "unit.scores.points_of",
                language,
                points=formats.target_percent(told.points, language).removesuffix("%"),
                most=most,
            )
        )
    elif told.points is not None:
        parts.append(
            text("unit.scores.points", language, points=formats.target_percent(told.points, language).removesuffix("%"))
        )
    if told.rank is not None:
        rank = formats.whole(told.rank, language)
        if told.rank_of is None:
            said = text("unit.scores.rank", language, rank=rank)
        else:
            said = text("unit.scores.rank_of", language, rank=rank, of=formats.whole(told.rank_of, language))
        if told.rank_group:
            said = text("unit.scores.rank_group", language, said=said, group=told.rank_group)
        parts.append(said)
    if told.basis == "year":
        period = text("unit.scores.year", language, year=str(told.period_start.year))
    else:
        first, last = (formats.day(day, language) for day in (told.period_start, told.period_end))
        period = text("unit.scores.span", language, start=first, end=last)
    line = text(
        "unit.scores.line",
        language,
        said=", ".join(parts),
        source=campaign.source(told.source).name.of(language),
        date=formats.day(told.as_of, language),
    )
    return text("unit.scores.name", language, name=name, period=period), line
