"""Answers for the page of comparisons, kept until the store changes; see `pages.kit.answers`."""

from datetime import date
from decimal import Decimal

from models.analysis import compare as analysis_compare
from models.analysis.compare import Comparison, PhaseResults, Stage
from models.core import formats
from models.core.texts import text
from models.results.overview import Overview
from models.results.standing import find_standing
from models.units.queries import PastDay, find_history
from pages.compare.change import change_exhibit
from pages.compare.choices import CompareChoices
from pages.compare.exhibits import Exhibit
from pages.compare.funnel import funnel_exhibit
from pages.compare.gap import gap_exhibit
from pages.compare.ranks import Ranking, rank, rank_exhibit
from pages.compare.shares import find_shares
from pages.compare.slope import Lines, past_days, phases_ahead, slope_exhibit, units_to_show
from pages.compare.what_if import IfView, if_view, imagine, imagine_uplift, no_uplift
from pages.kit.answers import Reader, find_unit_names, remembered
from targets.results import Result


@remembered(entries=20, is_shared=True)
def find_comparison(reader: Reader, *, as_of: date, indicator: str, phase: str | None) -> Comparison:
    """Every unit on an indicator, with the figures that make up the province's; the same for everybody who looks."""
    return analysis_compare.find_comparison(reader.session, as_of=as_of, indicator=indicator, phase=phase)


@remembered(entries=100)
def find_contribution(
    reader: Reader,
    overview: Overview,
    comparison: Comparison,
    *,
    by: str,
    parent: str | None,
    query: str,
    language: str,
) -> tuple[Exhibit, Exhibit]:
    """Who makes up the province's gap, and who its change within the week."""
    shares = find_shares(overview, comparison, by=by, parent=parent, query=query, language=language)
    return gap_exhibit(shares, language), change_exhibit(shares, language)


@remembered(entries=100)
def find_past(reader: Reader, unit: str, *, as_of: date) -> list[PastDay]:
    """The kept days of a unit; empty where the campaign has no such unit."""
    known = {each.code for each in find_unit_names(reader.situation)}
    return find_history(reader.session, unit, as_of=as_of) if unit in known else []


@remembered(entries=100)
def find_slope(
    reader: Reader, overview: Overview, comparison: Comparison, units: tuple[str, ...], language: str
) -> Exhibit:
    """Some units from the start over the milestones."""
    campaign, shown = comparison.campaign, units_to_show(comparison, units)
    as_of, indicator = comparison.as_of, comparison.indicator
    ahead: dict[tuple[str, str], Result] = {}
    past = analysis_compare.find_past_values(
        reader.session, indicator=indicator, days=(*past_days(campaign, as_of), as_of), units=shown
    )
    for coming in phases_ahead(campaign, as_of):
        rows = [row for row in comparison.rows if row.unit in shown and row.phase == coming.key]
        if len(rows) < len(shown):
            rows = find_standing(reader.session, as_of=as_of, units=shown, indicator=indicator, phase=coming.key)
        ahead |= {(row.unit, coming.key): row for row in rows}
    return slope_exhibit(Lines(overview, comparison, shown, past, ahead), language)


@remembered(entries=20, is_shared=True)
def find_ranking(reader: Reader, overview: Overview, comparison: Comparison, language: str) -> Ranking:
    """Every unit's place among its likes, and who has surely moved since the last meeting or week."""
    before = analysis_compare.find_before(reader.session, as_of=comparison.as_of, indicator=comparison.indicator)
    key = "meeting" if before.is_meeting else "week"
    since = text(f"compare.since.{key}", language, date=formats.short_day(before.day, language))
    return rank(overview, comparison, before.rows, since=since)


@remembered(entries=100)
def find_ranks(
    reader: Reader, ranking: Ranking, *, level: str, size: int, page: int, query: str, language: str
) -> Exhibit:
    """One class of like units."""
    return rank_exhibit(ranking, level=level, size=size, page=page, query=query, language=language)


@remembered(entries=100)
def find_funnel(reader: Reader, comparison: Comparison, *, level: str, language: str) -> Exhibit:
    """Which units of a level differ by more than chance."""
    return funnel_exhibit(comparison, level=level, language=language)


@remembered(entries=20, is_shared=True)
def _find_stage(reader: Reader, as_of: date, indicator: str) -> Stage:
    return analysis_compare.find_stage(reader.session, as_of=as_of, indicator=indicator)


@remembered(entries=20, is_shared=True)
def _find_phase_results(
    reader: Reader, as_of: date, indicator: str, phase: str, uplift: Decimal | None
) -> PhaseResults:
    return analysis_compare.find_phase_results(
        reader.session, as_of=as_of, indicator=indicator, phase=phase, uplift=uplift
    )


@remembered(entries=100)
def find_if(
    reader: Reader,
    comparison: Comparison,
    choices: CompareChoices,
    *,
    level: str | None,
    phase: str,
    language: str,
) -> IfView:
    """What would be, were some figures or targets others; another uplift in the phase named, else the running one."""
    indicator = comparison.campaign.indicator(comparison.indicator)
    asked, rule = (reader.situation, comparison.as_of, indicator.key), indicator.rule
    if choices.scenario != "uplift":
        small = comparison.campaign.small_volume_of(indicator.key)
        imagined = imagine(_find_stage(*asked), choices, level=level, small_volume=small, phase=phase)
    elif rule.kind != "central_plus":
        return no_uplift(comparison, language)
    else:
        now = _find_phase_results(*asked, phase, None)
        then = now if choices.uplift in (None, rule.uplift) else _find_phase_results(*asked, phase, choices.uplift)
        imagined = imagine_uplift(now, then, phase=phase, lower_is_better=indicator.lower_is_better)
    return if_view(comparison, imagined, choices, language)
