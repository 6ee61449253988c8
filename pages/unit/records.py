"""A unit's records: targets and their origin, parts, official scores, what was odd, and figures as they arrived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jobs.wording import figures
from jobs.wording import results as wording
from jobs.wording.figures import arrived, arrived_in_full, notes, scored, scored_of
from jobs.wording.trail import reason_words
from models.core import formats
from models.core.settings import TIMEZONE
from models.core.texts import text, text_of
from models.readings.arrivals import Arrival, Disagreement, Flag, WithdrawnFigure, in_force, revised
from models.readings.baselines import BaselineInForce
from models.units.queries import OfficialScore, Parts, TargetVersion
from pages.kit.sentences import person
from targets.flags import BUNCHED, FELL, FROZEN, JUMPED
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
    baselines: Mapping[str, BaselineInForce],
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
                text("line.no_reading", language) if baseline is None else _baseline(baseline, indicator, language),
                *(_in_force(in_force.get((indicator.key, phase.key)), indicator, language) for phase in phases),
            )
        )
    heads = (
        text("unit.targets.indicator", language),
        text("unit.targets.baseline", language, year=str(campaign.baseline_year)),
        *(_phase(phase, language) for phase in phases),
    )
    return Table(heads, tuple(rows), text("unit.targets.spoken", language))


def _baseline(reported: BaselineInForce, indicator: Indicator, language: str) -> str:
    """67,37%, as it was published; one that was made up for the demonstration says so."""
    value = formats.published(reported.value, indicator.measure, language)
    return text("unit.targets.simulated", language, value=value) if reported.is_simulated else value


def baseline_notes(baselines: Mapping[str, BaselineInForce], *, campaign: Campaign, language: str) -> tuple[str, ...]:
    """Where the real results of the year before come from, and what was said with them, each source once."""
    found: dict[str, list[str]] = {}
    for indicator in campaign.indicators:
        reported = baselines.get(indicator.key)
        if reported is not None and not reported.is_simulated and reported.said:
            value = formats.published(reported.value, indicator.measure, language)
            found.setdefault(reported.said, []).append(f"{indicator.name.of(language)} {value}")
    return tuple(
        text("unit.targets.baseline_from", language, figures="; ".join(figures), said=said)
        for said, figures in found.items()
    )


def _phase(phase: Phase, language: str) -> str:
    name = phase.name.of(language)
    if phase.due is None:
        return name
    return text("unit.targets.phase_due", language, phase=name, due=formats.short_day(phase.due, language))


def _in_force(version: TargetVersion | None, indicator: Indicator, language: str) -> str:
    if version is None:
        return text("unit.targets.absent", language)
    if version.value is None:
        return text("unit.targets.none", language)
    return text(f"unit.targets.{version.origin}", language, value=wording.decided(version.value, indicator, language))


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
            rows=tuple(_version(version, phases[version.phase], indicator, language) for version in known),
            spoken=text("unit.targets.chain_spoken", language, name=indicator.name.of(language)),
        ),
    )


def _version(version: TargetVersion, phase: Phase, indicator: Indicator, language: str) -> tuple[str, ...]:
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
        none if version.value is None else wording.decided(version.value, indicator, language),
        document,
        person(version.by, language),
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
        reported = {"reported": part.reported, "expected": part.expected}
        own = text("unit.parts.not_split", language, **reported)
        if part.own is not None:
            own = share(part.own.numerator, part.own.denominator)
        below = text("line.no_reading", language)
        if part.below is not None:
            below = share(part.below.numerator, part.below.denominator)
            if part.reported < part.expected:
                below = text("unit.parts.partly", language, said=below, **reported)
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


def score(reported: OfficialScore, *, campaign: Campaign, language: str) -> tuple[str, str]:
    """What the score is of, and the score: points and rank, with source and date."""
    line = text(
        "unit.scores.line",
        language,
        said=scored(reported, language),
        source=campaign.source(reported.source).name.of(language),
        date=formats.day(reported.as_of, language),
    )
    return scored_of(reported, campaign, language), line


def flag(found: Flag, *, campaign: Campaign, language: str) -> str:
    """Which figure it is, and what is odd about it."""
    indicator = campaign.indicator(found.indicator)
    return text(
        "unit.flag.line",
        language,
        name=indicator.name.of(language),
        date=formats.day(found.as_of, language),
        source=campaign.source(found.source).name.of(language),
        said=what_is_odd(found.kind, found.terms, indicator=indicator, language=language),
    )


def what_is_odd(kind: str, terms: Mapping[str, Any], *, indicator: Indicator, language: str) -> str:
    """What is odd alone, for lists that say elsewhere which figure it is."""
    said = {FELL: _fell, JUMPED: _jumped, FROZEN: _frozen, BUNCHED: _bunched}[kind]
    return said(terms, indicator, language)


def _fell(terms: Mapping[str, Any], indicator: Indicator, language: str) -> str:
    """What only adds up within a period went down: a count, or a rate where only rates are told."""
    if terms["of"] == "value":
        return text("unit.flag.fell_rate", language, **_rates(terms, indicator, language))
    counts = {"numerator": indicator.numerator, "denominator": indicator.denominator}
    return text(
        "unit.flag.fell_count",
        language,
        counted=counts[terms["of"]].of(language),
        before=formats.whole(int(terms["before"]), language),
        after=formats.whole(int(terms["after"]), language),
    )


def _jumped(terms: Mapping[str, Any], indicator: Indicator, language: str) -> str:
    moved = terms["after"] - terms["before"]
    points = wording.in_full(formats.amount(abs(moved), indicator.measure, language), indicator, language)
    key = "unit.flag.rose" if moved > 0 else "unit.flag.sank"
    return text(key, language, points=points, **_rates(terms, indicator, language))


def _frozen(terms: Mapping[str, Any], _indicator: Indicator, language: str) -> str:
    return text("unit.flag.frozen", language, days=formats.whole(int(terms["days"]), language))


def _bunched(terms: Mapping[str, Any], indicator: Indicator, language: str) -> str:
    return text_of(
        "unit.flag.bunched_at_100",
        language,
        lower_is_better=indicator.lower_is_better,
        units=formats.whole(int(terms["units"]), language),
        share=formats.percent(terms["share"], language),
    )


def _rates(terms: Mapping[str, Any], indicator: Indicator, language: str) -> dict[str, str]:
    return {name: wording.written(terms[name], indicator, language) for name in ("before", "after")}


def arrivals(reported: Sequence[Arrival], *, as_of: date, campaign: Campaign, language: str) -> Table:
    """The last days × indicators; of each figure what is in force. Where nobody awaits any, only days that have some.

    When and from where most figures of a day arrived stands at the end of its row; a cell that differs says so itself.
    """
    newest: dict[tuple[date, str], Arrival] = {}
    for arrival in sorted(reported, key=lambda arrival: (-_rank(arrival, campaign), arrival.precedence)):
        newest[arrival.as_of, arrival.indicator] = arrival
    told = {day for day, _ in newest}
    if campaign.awaits_reports:
        told |= {as_of - timedelta(days=back) for back in range(DAYS)}
    days = sorted(told, reverse=True)
    heads = (
        text("unit.arrivals.day", language),
        *(indicator.short_name.of(language) for indicator in campaign.indicators),
        text("unit.arrivals.at", language),
        text("unit.arrivals.from", language),
    )
    rows = tuple(
        _day(day, [newest.get((day, each.key)) for each in campaign.indicators], campaign, language) for day in days
    )
    return Table(heads, rows, text("unit.arrivals.spoken", language))


def _day(day: date, reported: Sequence[Arrival | None], campaign: Campaign, language: str) -> tuple[str, ...]:
    known = [arrival for arrival in reported if arrival is not None]
    absent = text("unit.arrivals.absent", language)
    if not known:
        return (formats.short_day(day, language), *(absent for _ in reported), absent, absent)
    moments, sources = [_moment(arrival, language) for arrival in known], [arrival.source for arrival in known]
    moment, source = max(moments, key=moments.count), max(sources, key=sources.count)
    cells = (absent if arrival is None else _cell(arrival, moment, source, campaign, language) for arrival in reported)
    written = (formats.short_day if day.year == known[0].received_at.year else formats.day)(day, language)
    return (written, *cells, moment, campaign.source(source).name.of(language))


def _cell(arrival: Arrival, moment: str, source: str, campaign: Campaign, language: str) -> str:
    """The rate, and how its arrival differs from that of the others of its day."""
    apart = []
    if arrival.revision > 1:
        apart.append(text("unit.arrivals.revised", language, count=arrival.revision - 1))
    if _moment(arrival, language) != moment:
        apart.append(_moment(arrival, language))
    if arrival.source != source:
        apart.append(campaign.source(arrival.source).name.of(language))
    apart += notes(arrival, language)
    value = arrived(arrival, campaign.indicator(arrival.indicator), language)
    return text("unit.arrivals.cell", language, value=value, apart=", ".join(apart)) if apart else value


def _moment(arrival: Arrival, language: str) -> str:
    """ "07/05 17:30": the year is that of the page."""
    at = arrival.received_at.astimezone(TIMEZONE)
    return f"{formats.short_day(at.date(), language)} {at:%H:%M}"


def _rank(arrival: Arrival, campaign: Campaign) -> int:
    """The source that governs comes first."""
    sources = campaign.indicator(arrival.indicator).sources
    return sources.index(arrival.source) if arrival.source in sources else len(sources)


def arrivals_note(reported: Sequence[Arrival], *, campaign: Campaign, language: str) -> str:
    """From which sources the last days' figures came, and whether any of them was revised."""
    if not reported:
        return text("unit.arrivals.none", language, days=DAYS)
    names = [campaign.source(key).name.of(language) for key in dict.fromkeys(arrival.source for arrival in reported)]
    key = "source" if len(names) == 1 else "sources"
    said = text(f"unit.arrivals.{key}", language, **{key: ", ".join(names)})
    if any(arrival.revision > 1 for arrival in reported):
        return said
    return f"{said} {text('unit.arrivals.no_revisions', language, days=DAYS)}"


def revisions(reported: Sequence[Arrival], *, campaign: Campaign, language: str) -> tuple[tuple[str, str], ...]:
    """Every figure that was told again with another value: whose, and from what to what; newest day first.

    A second statement is said beside the counts that stay.
    """
    return tuple(revision(before, now, campaign=campaign, language=language) for before, now in revised(reported))


def withdrawn(figure: WithdrawnFigure, *, campaign: Campaign, language: str) -> tuple[str, str]:
    """A figure that was withdrawn with its load: which, by whom and why."""
    indicator = campaign.indicator(figure.indicator)
    said = text(
        "unit.arrivals.withdrawn",
        language,
        date=formats.day(figure.as_of, language),
        value=figures.reported(figure, indicator.measure, language),
        run=str(figure.load),
        at=formats.moment(figure.at, language),
        by=figure.by,
        reason=reason_words(figure.reason, language),
    )
    return indicator.name.of(language), said


def second_statements(reported: Sequence[Arrival], *, campaign: Campaign, language: str) -> tuple[str, ...]:
    """What was told without counts after the counts of a series' newest day: how far it lies from them."""
    newest: dict[tuple[str | date, ...], Arrival] = {}
    for arrival in sorted(reported, key=lambda arrival: (arrival.as_of, arrival.revision)):
        newest[arrival.day_of_series[:-1]] = arrival
    found = []
    for last in newest.values():
        counted = in_force(each for each in reported if each.day_of_series == last.day_of_series)
        if counted is not None and counted.precedence > last.precedence:
            name, said = revision(counted, last, campaign=campaign, language=language)
            found.append(text("unit.arrivals.second_line", language, name=name, said=said))
    return tuple(found)


def revision(old: Arrival, new: Arrival, *, campaign: Campaign, language: str) -> tuple[str, str]:
    """A revised figure: which one, and what it was and became; or a second statement and the counts that stay."""
    indicator = campaign.indicator(new.indicator)
    is_second = new.precedence < old.precedence
    shown = [arrived_in_full(arrival, indicator, language) for arrival in (old, new)]
    said = text(
        "unit.arrivals.second" if is_second else "unit.arrivals.revision",
        language,
        date=formats.day(new.as_of, language),
        old=shown[0],
        new=shown[1],
        at=formats.moment(new.received_at, language),
        source=campaign.source(new.source).name.of(language),
    )
    if is_second and old.rate is not None and new.rate is not None and indicator.measure.is_rate:
        points = text("points", language, number=formats.brief(abs(new.rate - old.rate), language))
        said = text("unit.arrivals.apart", language, said=said, points=points)
    return indicator.name.of(language), said


def disagreement(found: Disagreement, *, campaign: Campaign, language: str) -> str:
    indicator = campaign.indicator(found.indicator)
    return text(
        "unit.disagreement.line",
        language,
        name=indicator.name.of(language),
        date=formats.day(found.as_of, language),
        governing=campaign.source(found.governing).name.of(language),
        ours=wording.written(found.governing_value, indicator, language),
        other=campaign.source(found.other).name.of(language),
        theirs=wording.written(found.other_value, indicator, language),
    )
