"""What units and the office have agreed and what is being checked: kept, marked on tables, met first by the head."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from jobs.wording import results as wording
from jobs.wording.results import standing_of
from models.accounts.queries import find_accounts
from models.core import formats
from models.core.texts import text
from models.targets import agreements
from models.targets.agreements import Agreement
from pages.charts.layout import PANEL_LEAST_WIDTH
from pages.gaps.view import GapView, HeatRow, HeatView, TableRow
from pages.kit import address, answers
from pages.kit.address import Choices, link
from pages.kit.answers import Reader, remembered
from pages.kit.markdown import coloured, plain
from pages.kit.page import Visit
from pages.unit.data import UnitAnswers
from targets.findings import BEHIND, is_short
from targets.results import Result


@remembered(entries=200)
def find_requests(reader: Reader, unit: str) -> tuple[Agreement, ...]:
    """Everything a unit has ever registered, stated, disputed or been asked, oldest first."""
    return tuple(agreements.find_agreements(reader.session, units=[unit]))


@remembered(entries=20)
def find_under_review(reader: Reader) -> Mapping[tuple[str, str], date]:
    """The figures being checked: unit and indicator → the day by which it is decided."""
    return agreements.find_under_review(reader.session)


@remembered(entries=20)
def find_names(reader: Reader) -> Mapping[str, str]:
    """What people are called, by the name of their account."""
    return {row.login: row.name for row in find_accounts(reader.session)}


def draw_review(unit: str, indicator: str, visit: Visit) -> None:
    """The mark with its deadline, where the figure of a unit is being checked."""
    deadline = find_under_review(visit.situation).get((unit, indicator))
    if deadline is not None:
        until = formats.day(deadline, visit.language)
        st.markdown(f"**{plain(text('wishes.review.until', visit.language, date=until))}**")


def reviewed_gaps(view: GapView, heat: HeatView, indicator: str, visit: Visit) -> tuple[GapView, HeatView]:
    """Both tables of the page of gaps, with the figures marked that are being checked."""
    under_review = find_under_review(visit.situation)
    if not under_review:
        return view, heat
    mark = text("wishes.review.mark", visit.language)
    checked = find_checked(indicator, visit)

    def row(known: TableRow) -> TableRow:
        if known.code not in checked:
            return known
        return replace(known, standing_words=f"{known.standing_words} · {mark}")

    def heat_row(known: HeatRow) -> HeatRow:
        cells = zip(heat.indicators, known.cells, strict=True)
        return replace(
            known,
            cells=tuple(
                (standing, f"{words} {mark}" if (known.code, key) in under_review else words)
                for key, (standing, words) in cells
            ),
        )

    return replace(view, table=tuple(map(row, view.table))), replace(heat, rows=tuple(map(heat_row, heat.rows)))


def find_checked(indicator: str, visit: Visit) -> frozenset[str]:
    """Codes of the units whose figure of an indicator is being checked."""
    under_review = find_under_review(visit.situation)
    return frozenset(unit for unit, key in under_review if key == indicator)


def draw_own(visit: Visit, choices: Choices) -> None:
    """Each unit that the person heads: its lines, what it has not explained, what it is asked, and the way to say it.

    Nothing for anybody else.
    """
    if visit.actor.role != "unit_head":
        return
    for code in visit.actor.units:
        as_of = choices.as_of or visit.situation.today
        unit = answers.find_unit(visit.situation, code, as_of=as_of, phase=choices.phase)
        _draw_unit(unit, visit, choices)


def _draw_unit(unit: UnitAnswers, visit: Visit, choices: Choices) -> None:
    language, named = visit.language, unit.profile.unit
    requests = find_requests(visit.situation, named.code)
    with st.container(border=True, key=f"own-unit-{named.code}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.header(plain(text("wishes.own.title", language, name=named.name)), anchor=False, width="content")
            label = plain(text("wishes.own.to_forms", language))
            link("unit", f":material/edit_note: {label}", address.onward(choices, unit=named.code), language=language)
        with st.grid("auto", min_column_width=PANEL_LEAST_WIDTH, gap="xsmall"):
            for row in unit.rows:
                mark = coloured(row.standing, visit.theme)
                said = plain(" · ".join(line_parts(row, unit, visit)))
                name = plain(unit.campaign.indicator(row.indicator).short_name.of(language))
                st.markdown(f":small[{mark} **{name}** {said}]")
        needs = own_needs(unit, requests, language)
        if needs:
            st.markdown("  \n".join(f":small[{plain(line)}]" for line in needs))


def line_parts(row: Result, unit: UnitAnswers, visit: Visit) -> list[str]:
    """Figure and target, standing, what is missing, this week's share, and whether the figure is being checked."""
    language = visit.language
    value, target = wording.figure(row, language), wording.target_of(row, language)
    if not value:
        parts = [text("line.no_reading", language)]
    elif target:
        parts = [text("wishes.own.line", language, value=value, target=target)]
    else:
        parts = [text("wishes.own.line_alone", language, value=value)]
    parts.append(standing_of(row, language))
    if is_short(row) and row.standing != "stale":
        parts.append(_missing(row, unit, language))
    if row.week_value is not None and row.standing != "stale":
        parts.append(text("wishes.own.week", language, value=formats.percent(row.week_value, language)))
    if (row.unit, row.indicator) in find_under_review(visit.situation):
        parts.append(text("wishes.review.mark", language))
    return parts


def _missing(row: Result, unit: UnitAnswers, language: str) -> str:
    points = wording.points_missing(row, language)
    if not row.cases_missing:
        return text("line.missing", language, points=points)
    return text(
        "wishes.own.missing_cases",
        language,
        points=points,
        cases=formats.whole(row.cases_missing, language),
        counted=unit.campaign.indicator(row.indicator).counted.of(language),
    )


def own_needs(unit: UnitAnswers, requests: Sequence[Agreement], language: str) -> tuple[str, ...]:
    """What the unit is asked to explain, the earliest deadline first; where it has not said why; what it waits for."""
    campaign = unit.campaign
    questions = [
        request
        for request in requests
        if request.kind == "question" and request.is_waiting and request.deadline is not None
    ]
    reported = {
        request.indicator
        for request in requests
        if request.kind == "cause"
        and request.state in ("stated", "confirmed")
        and (request.deadline is None or request.deadline >= unit.as_of)
    }
    behind = [row.indicator for row in unit.rows if row.standing in BEHIND]
    silent = [campaign.indicator(key).short_name.of(language) for key in behind if key not in reported]
    waiting = sum(request.is_waiting and request.kind != "question" for request in requests)
    needs = []
    if questions:
        asked = ", ".join(
            text(
                "wishes.own.question",
                language,
                name=campaign.indicator(request.indicator or "").short_name.of(language),
                date=formats.day(request.deadline or unit.as_of, language),
            )
            for request in sorted(questions, key=lambda request: request.deadline or unit.as_of)
        )
        needs.append(text("wishes.own.questions", language, asked=asked))
    if silent:
        needs.append(text("wishes.own.no_cause", language, names=", ".join(silent)))
    elif behind:
        needs.append(text("wishes.own.all_said", language))
    if waiting:
        needs.append(text("wishes.own.waiting", language, count=formats.whole(waiting, language)))
    return tuple(needs)
