"""Answers for the page of comparisons, kept until the store changes; see `pages.kit.answers`."""

from datetime import date
from decimal import Decimal

import streamlit as st

from models.analysis import compare as analysis_compare
from models.analysis.compare import Comparison, PhaseResults, Stage
from models.core import formats
from models.core.store import open_store
from models.core.texts import text
from models.results.overview import Overview
from models.results.standing import find_standing
from pages.compare.change import change_exhibit
from pages.compare.choices import CompareChoices
from pages.compare.exhibits import Exhibit
from pages.compare.funnel import funnel_exhibit
from pages.compare.gap import gap_exhibit
from pages.compare.ranks import Ranking, rank, rank_exhibit
from pages.compare.shares import find_shares
from pages.compare.slope import Lines, past_days, phases_ahead, slope_exhibit, units_to_show
from pages.compare.what_if import IfView, if_view, imagine, imagine_uplift, no_uplift
from pages.kit import answers
from pages.kit.page import Situation
from targets.results import Result


def find_comparison(situation: Situation, *, as_of: date, indicator: str, phase: str | None) -> Comparison:
    """Every unit on an indicator, with the figures that make up the province's; the same for everybody who looks."""
    return _comparison(situation.database, situation.data_version, as_of, indicator, phase)


def find_contribution(
    situation: Situation,
    overview: Overview,
    comparison: Comparison,
    *,
    by: str,
    parent: str | None,
    query: str,
    language: str,
) -> tuple[Exhibit, Exhibit]:
    """Who makes up the province's gap, and who its change within the week."""
    return _contribution(
        *_key(situation, comparison), by, parent, query, language, overview, comparison
    )  # fmt: skip


def find_slope(
    situation: Situation, overview: Overview, comparison: Comparison, units: tuple[str, ...], language: str
) -> Exhibit:
    """Some units from the start over the milestones."""
    return _slope(*_key(situation, comparison), units, language, overview, comparison)


def find_ranking(situation: Situation, overview: Overview, comparison: Comparison, language: str) -> Ranking:
    """Every unit's place among its likes, and who has surely moved since the last meeting or week."""
    return _ranking(*_key(situation, comparison), language, overview, comparison)


def find_ranks(
    situation: Situation, ranking: Ranking, *, level: str, size: int, page: int, query: str, language: str
) -> Exhibit:
    """One class of like units."""
    return _ranks(*_key(situation, ranking.comparison), level, size, page, query, language, ranking)


def find_funnel(situation: Situation, comparison: Comparison, *, level: str, language: str) -> Exhibit:
    """Which units of a level differ by more than chance."""
    return _funnel(*_key(situation, comparison), level, language, comparison)


def find_if(
    situation: Situation,
    comparison: Comparison,
    choices: CompareChoices,
    *,
    level: str | None,
    phase: str,
    language: str,
) -> IfView:
    """What would be, were some figures or targets others; another uplift in the phase named, else the running one."""
    asked = choices.scenario, choices.slowest, choices.units, choices.uplift, level
    store = situation.database, situation.data_version, comparison.as_of, comparison.indicator
    return _if(*store, phase, asked, language, comparison, choices)


def _key(situation: Situation, comparison: Comparison) -> tuple[str, int, date, str, str]:
    phase = comparison.whole.phase
    return situation.database, situation.data_version, comparison.as_of, comparison.indicator, phase


@st.cache_resource(max_entries=20, show_spinner=False)
def _comparison(database: str, data_version: int, as_of: date, indicator: str, phase: str | None) -> Comparison:
    with open_store(answers.settings()).reading() as session:
        return analysis_compare.find_comparison(session, as_of=as_of, indicator=indicator, phase=phase)


@st.cache_data(max_entries=100, show_spinner=False)
def _contribution(
    database: str,
    data_version: int,
    as_of: date,
    indicator: str,
    phase: str,
    by: str,
    parent: str | None,
    query: str,
    language: str,
    _overview: Overview,
    _comparison: Comparison,
) -> tuple[Exhibit, Exhibit]:
    shares = find_shares(_overview, _comparison, by=by, parent=parent, query=query, language=language)
    return gap_exhibit(shares, language), change_exhibit(shares, language)


@st.cache_data(max_entries=100, show_spinner=False)
def _slope(
    database: str,
    data_version: int,
    as_of: date,
    indicator: str,
    phase: str,
    units: tuple[str, ...],
    language: str,
    _overview: Overview,
    _comparison: Comparison,
) -> Exhibit:
    campaign, shown = _comparison.campaign, units_to_show(_comparison, units)
    ahead: dict[tuple[str, str], Result] = {}
    with open_store(answers.settings()).reading() as session:
        past = analysis_compare.find_past_values(
            session, indicator=indicator, days=(*past_days(campaign, as_of), as_of), units=shown
        )
        for coming in phases_ahead(campaign, as_of):
            rows = [row for row in _comparison.rows if row.unit in shown and row.phase == coming.key]
            if len(rows) < len(shown):
                rows = find_standing(session, as_of=as_of, units=shown, indicator=indicator, phase=coming.key)
            ahead |= {(row.unit, coming.key): row for row in rows}
    return slope_exhibit(Lines(_overview, _comparison, shown, past, ahead), language)


@st.cache_resource(max_entries=20, show_spinner=False)
def _ranking(
    database: str,
    data_version: int,
    as_of: date,
    indicator: str,
    phase: str,
    language: str,
    _overview: Overview,
    _comparison: Comparison,
) -> Ranking:
    with open_store(answers.settings()).reading() as session:
        before = analysis_compare.find_before(session, as_of=as_of, indicator=indicator)
    key = "meeting" if before.is_meeting else "week"
    since = text(f"compare.since.{key}", language, date=formats.short_day(before.day, language))
    return rank(_overview, _comparison, before.rows, since=since)


@st.cache_data(max_entries=100, show_spinner=False)
def _ranks(
    database: str,
    data_version: int,
    as_of: date,
    indicator: str,
    phase: str,
    level: str,
    size: int,
    page: int,
    query: str,
    language: str,
    _ranking: Ranking,
) -> Exhibit:
    return rank_exhibit(_ranking, level=level, size=size, page=page, query=query, language=language)


@st.cache_data(max_entries=100, show_spinner=False)
def _funnel(
    database: str,
    data_version: int,
    as_of: date,
    indicator: str,
    phase: str,
    level: str,
    language: str,
    _comparison: Comparison,
) -> Exhibit:
    return funnel_exhibit(_comparison, level=level, language=language)


@st.cache_resource(max_entries=20, show_spinner=False)
def _stage(database: str, data_version: int, as_of: date, indicator: str) -> Stage:
    with open_store(answers.settings()).reading() as session:
        return analysis_compare.find_stage(session, as_of=as_of, indicator=indicator)


@st.cache_resource(max_entries=20, show_spinner=False)
def _phase_results(
    database: str, data_version: int, as_of: date, indicator: str, phase: str, uplift: Decimal | None
) -> PhaseResults:
    with open_store(answers.settings()).reading() as session:
        return analysis_compare.find_phase_results(
            session, as_of=as_of, indicator=indicator, phase=phase, uplift=uplift
        )


@st.cache_data(max_entries=100, show_spinner=False)
def _if(
    database: str,
    data_version: int,
    as_of: date,
    indicator: str,
    phase: str,
    asked: tuple[str, int, tuple[str, ...], Decimal | None, str | None],
    language: str,
    _comparison: Comparison,
    _choices: CompareChoices,
) -> IfView:
    store = database, data_version, as_of, indicator
    rule = _comparison.campaign.indicator(indicator).rule
    if _choices.scenario != "uplift":
        small, level = _comparison.campaign.small_volume_of(indicator), asked[-1]
        imagined = imagine(_stage(*store), _choices, level=level, small_volume=small, phase=phase)
    elif rule.kind != "central_plus":
        return no_uplift(_comparison, language)
    else:
        now = _phase_results(*store, phase, None)
        then = now if _choices.uplift in (None, rule.uplift) else _phase_results(*store, phase, _choices.uplift)
        imagined = imagine_uplift(now, then, phase=phase)
    return if_view(_comparison, imagined, _choices, language)
