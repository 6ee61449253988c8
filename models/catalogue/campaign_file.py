"""campaign.toml: the campaign's dates, phases, levels and limits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

import holidays

from models.catalogue.toml_table import TomlTable
from targets.values import (
    Campaign,
    Indicator,
    Level,
    Phase,
    Scope,
    ScoreBand,
    Signer,
    SignsAs,
    Source,
    Thresholds,
    UnitPhase,
)

SCOPES: tuple[Scope, ...] = get_args(Scope)
SIGNING: tuple[SignsAs, ...] = get_args(SignsAs)


@dataclass(frozen=True)
class CampaignSettings:
    """campaign.toml as read: the campaign, to be used only if no file has a mistake; and what other files are checked
    against even if one has, None where campaign.toml does not say it."""

    campaign: Campaign
    level_keys: tuple[str, ...] | None
    phase_keys: tuple[str, ...] | None
    province: str | None
    baseline_year: int | None


def read_campaign(
    table: TomlTable,
    *,
    indicators: tuple[Indicator, ...],
    sources: tuple[Source, ...],
    unit_codes: Collection[str] | None,
    indicator_keys: Collection[str] | None,
) -> CampaignSettings:
    """The campaign with its indicators and sources."""
    key, title, short_title = table.key("key"), table.names("title"), table.names("short_title")
    start, end = table.day("start"), table.day("end")
    if table.are_sound("start", "end") and end < start:
        table.complain("end", f"is {end}, before the start on {start}.", code="end_before", value=end, start=start)
    has_plan = [table.has(key) for key in ("document", "document_date")]
    document = table.document("document") if any(has_plan) else ""
    document_date = table.day("document_date") if any(has_plan) else None
    if table.are_sound("document_date", "end") and document_date is not None and document_date > end:
        problem = f"is {document_date}, after the campaign's end on {end}."
        table.complain("document_date", problem, code="after_end", value=document_date, end=end)

    phase_tables = table.keyed_tables("phases")
    phases = tuple(_read_phase(phase, key=key) for key, phase in phase_tables.items())
    if table.are_sound("start", "end", "phases"):
        _check_phases(phase_tables, phases=phases, start=start, end=end)

    if table.are_sound("phases"):
        known = [phase.key for phase in phases if phase.due is not None]
        for indicator in indicators:
            for bent in sorted({knot.phase for knot in indicator.knots} - set(known)):
                problem = f"lack “{bent}” with a due date, but indicators/{indicator.key}.toml has a knot there."
                table.complain("phases", problem, code="knot_phase", phase=bent, indicator=indicator.key)
            _check_rule(table, indicator, phases=[phase.key for phase in phases])

    level_tables = table.keyed_tables("levels")
    levels = tuple(_read_level(level, key=key) for key, level in level_tables.items())

    baseline_year = table.whole("baseline_year", least=2000, most=2100)
    target_year = table.whole("target_year", least=2000, most=2100)
    if table.are_sound("baseline_year", "target_year") and baseline_year > target_year:
        problem = f"is {baseline_year}, after the target year {target_year}."
        table.complain("baseline_year", problem, code="after_target_year", value=baseline_year, year=target_year)

    province = table.text("province")
    table.known("province", province, allowed=unit_codes, kind="unit", reported_in="units.csv")
    unit_phases = _read_unit_phases(table, phases=phases, start=start, unit_codes=unit_codes)

    main_indicator = table.text("main_indicator") if table.has("main_indicator") else ""
    table.known("main_indicator", main_indicator, allowed=indicator_keys, kind="indicator", reported_in="indicators/")

    limits = table.table("figures")
    bands = table.table("score_bands")
    campaign = Campaign(
        key=key,
        title=title,
        short_title=short_title,
        province=province,
        document=document,
        document_date=document_date,
        start=start,
        end=end,
        baseline_year=baseline_year,
        target_year=target_year,
        holidays=_read_country(table),
        phases=phases,
        unit_phases=unit_phases,
        levels=levels,
        indicators=indicators,
        sources=sources,
        thresholds=_read_thresholds(table.table("standing")),
        score_bands=_read_bands(bands),
        score_bands_confirmed=bands.flag("confirmed"),
        stale_after_working_days=limits.whole("stale_after_working_days", least=0, most=60),
        volume_window_days=limits.whole("volume_window_days", least=1, most=366),
        small_volume=limits.whole("small_volume", least=0, most=1_000_000),
        disagreement_points=limits.decimal("disagreement_points", least=0, most=100),
        least_coverage=limits.decimal("least_coverage", least=0, most=100, default=Campaign.least_coverage),
        main_indicator=main_indicator,
        signers=_read_signers(table),
        recipients=table.words("recipients") if table.has("recipients") else (),
    )
    for each in (limits, bands, table):
        each.refuse_other_keys()
    return CampaignSettings(
        campaign=campaign,
        level_keys=tuple(level_tables) or None,
        phase_keys=tuple(phase_tables) or None,
        province=province if table.are_sound("province") else None,
        baseline_year=baseline_year if table.are_sound("baseline_year") else None,
    )


def _check_rule(table: TomlTable, indicator: Indicator, *, phases: Sequence[str]) -> None:
    """A rule that has a number for each phase names phases there are, and none before its first goes without."""
    named = [phase for phase, _ in (*indicator.rule.values, *indicator.rule.shares)]
    for phase in named:
        if phase not in phases:
            problem = f"lack “{phase}”, but the rule in indicators/{indicator.key}.toml has a number for it."
            table.complain("phases", problem, code="rule_phase", phase=phase, indicator=indicator.key)
    if indicator.rule.values and phases and phases[0] not in named:
        problem = f"begin with “{phases[0]}”, for which the rule in indicators/{indicator.key}.toml has no value."
        table.complain("phases", problem, code="rule_first_phase", phase=phases[0], indicator=indicator.key)


def _read_phase(table: TomlTable, *, key: str) -> Phase:
    phase = Phase(
        key=key,
        name=table.names("name"),
        start=table.day("start"),
        due=table.day("due") if table.has("due") else None,
    )
    table.refuse_other_keys()
    if table.are_sound("start", "due") and phase.due is not None and phase.due < phase.start:
        problem = f"is {phase.due}, before the phase's start on {phase.start}."
        table.complain("due", problem, code="end_before", value=phase.due, start=phase.start)
    return phase


def _check_phases(tables: dict[str, TomlTable], *, phases: tuple[Phase, ...], start: date, end: date) -> None:
    """Phases follow each other without overlap; each lies within the campaign or begins after it."""
    previous: Phase | None = None
    for phase in phases:
        table = tables[phase.key]
        if phase.start < start:
            problem = f"is {phase.start}, before the campaign's start on {start}."
            table.complain("start", problem, code="before_campaign", value=phase.start, start=start)
        elif phase.start <= end and (phase.due is None or phase.due > end):
            until = f"is {phase.due}" if phase.due else "is missing"
            problem = f"{until}, but a phase that begins within the campaign ends by {end}, as it does."
            table.complain("due", problem, code="beyond_campaign", end=end)
        if previous is not None and previous.due is None:
            tables[previous.key].complain(
                "due", "is missing; only the last phase may be open-ended.", code="open_ended"
            )
        elif previous is not None and previous.due is not None and phase.start <= previous.due:
            problem = f"is {phase.start}, but the phase {previous.key} before it runs to {previous.due}."
            table.complain("start", problem, code="overlap", value=phase.start, phase=previous.key, due=previous.due)
        previous = phase


def _read_unit_phases(
    table: TomlTable, *, phases: tuple[Phase, ...], start: date, unit_codes: Collection[str] | None
) -> tuple[UnitPhase, ...]:
    """What units' own plans say of the phases' dates. Left out where no unit has dates of its own."""
    campaign_phases = {phase.key: phase for phase in phases}
    phases_are_sound = table.are_sound("start", "phases")
    seen: set[str] = set()
    unit_phases: list[UnitPhase] = []
    for entry in table.listed_tables("unit_phases") if table.has("unit_phases") else ():
        unit = entry.text("unit")
        entry.known("unit", unit, allowed=unit_codes, kind="unit", reported_in="units.csv")
        if unit in seen:
            problem = f"is “{unit}”, which has an entry already; put all its phases into one."
            entry.complain("unit", problem, code="second_entry", value=unit)
        seen.add(unit)
        document = entry.document("document")
        dates = entry.keyed_tables("phases")
        own: dict[str, UnitPhase] = {}
        for key, date_table in dates.items():
            date_table.known("", key, allowed=tuple(campaign_phases), kind="phase", reported_in="[phases]")
            own[key] = UnitPhase(
                unit=unit,
                phase=key,
                start=date_table.day("start"),
                due=date_table.day("due") if date_table.has("due") else None,
                document=document,
            )
            date_table.refuse_other_keys()
        entry.refuse_other_keys()
        if entry.are_sound("phases") and phases_are_sound:
            _check_own_phases(dates, own=own, phases=phases, start=start)
        unit_phases.extend(own.values())
    return tuple(unit_phases)


def _check_own_phases(
    tables: dict[str, TomlTable], *, own: dict[str, UnitPhase], phases: tuple[Phase, ...], start: date
) -> None:
    """A unit's phases, its own dates first and the campaign's where it has none, follow each other too."""
    previous: Phase | UnitPhase | None = None
    before = ""
    for phase in phases:
        current = own.get(phase.key, phase)
        if phase.key in own:
            table = tables[phase.key]
            if current.start < start:
                problem = f"is {current.start}, before the campaign's start on {start}."
                table.complain("start", problem, code="before_campaign", value=current.start, start=start)
            if current.due is None and phase.due is not None:
                problem = "is missing; only a phase that is open-ended in [phases] may do without."
                table.complain("due", problem, code="open_ended")
            if current.due is not None and current.due < current.start:
                problem = f"is {current.due}, before its start on {current.start}."
                table.complain("due", problem, code="end_before", value=current.due, start=current.start)
        if previous is not None and previous.due is not None and current.start <= previous.due:
            if phase.key in own:
                problem = f"is {current.start}, but the unit's phase {before} before it runs to {previous.due}."
                tables[phase.key].complain(
                    "start", problem, code="overlap", value=current.start, phase=before, due=previous.due
                )
            elif before in own:
                problem = (
                    f"is {previous.due}, but the phase {phase.key} after it begins on {current.start};"
                    f" give the unit dates of its own for {phase.key} too."
                )
                tables[before].complain(
                    "due", problem, code="own_overlap", value=previous.due, phase=phase.key, start=current.start
                )
        previous, before = current, phase.key


def _read_signers(table: TomlTable) -> tuple[Signer, ...]:
    signers: list[Signer] = []
    for entry in table.listed_tables("signers") if table.has("signers") else ():
        name = entry.text("name") if entry.has("name") else ""
        signers.append(Signer(entry.word("signs_as", SIGNING), entry.text("title"), name))
        entry.refuse_other_keys()
    return tuple(signers)


def _read_level(table: TomlTable, *, key: str) -> Level:
    level = Level(
        key=key,
        name=table.names("name"),
        group=table.names("group") if table.has("group") else None,
        default_scope=table.word("default_scope", SCOPES),
        is_pooled=table.flag("pooled") if table.has("pooled") else True,
    )
    table.refuse_other_keys()
    return level


def _read_country(table: TomlTable) -> str:
    country = table.text("holidays")
    if country and country not in holidays.list_supported_countries(include_aliases=False):
        problem = f"is “{country}”, which is no country's two-letter code; Vietnam is “VN”."
        table.complain("holidays", problem, code="no_country", value=country)
    return country


def _read_thresholds(table: TomlTable) -> Thresholds:
    probability, gap = table.table("probability"), table.table("gap")
    thresholds = Thresholds(
        likely=probability.decimal("likely", least=0, most=1),
        at_risk=probability.decimal("at_risk", least=0, most=1),
        high_risk=probability.decimal("high_risk", least=0, most=1),
        gap_likely=gap.decimal("likely", least=0, most=100),
        gap_at_risk=gap.decimal("at_risk", least=0, most=100),
        gap_high_risk=gap.decimal("high_risk", least=0, most=100),
    )
    for each in (probability, gap, table):
        each.refuse_other_keys()
    bands = ("likely", "at_risk", "high_risk")
    if probability.are_sound(*bands) and not thresholds.likely > thresholds.at_risk > thresholds.high_risk:
        problem = "must fall from likely over at_risk to high_risk, such as 0.8, 0.5, 0.2."
        probability.complain("", problem, code="must_fall")
    if gap.are_sound(*bands) and not thresholds.gap_likely < thresholds.gap_at_risk < thresholds.gap_high_risk:
        gap.complain("", "must rise from likely over at_risk to high_risk, such as 0, 5, 15.", code="must_rise")
    return thresholds


def _read_bands(table: TomlTable) -> tuple[ScoreBand, ...]:
    bands: list[ScoreBand] = []
    for band_table in table.listed_tables("bands") if table.has("bands") else ():
        band = ScoreBand(floor=band_table.decimal("floor", least=0, most=100), name=band_table.names("name"))
        band_table.refuse_other_keys()
        if band_table.are_sound("floor") and bands and band.floor >= bands[-1].floor:
            problem = f"is {band.floor}; bands fall from the highest floor to the lowest."
            band_table.complain("floor", problem, code="bands_fall", value=band.floor)
        bands.append(band)
    return tuple(bands)
