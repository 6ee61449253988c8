"""“Đơn vị của tôi”: what the head of a unit meets first, above the province's sentence."""

from collections.abc import Sequence

import streamlit as st

from models import formats
from models.queries.agreements import Agreement
from models.standing_words import standing_of
from models.texts import text
from pages.parts import answers, sentences, session, unit_sentences, wish_answers
from pages.parts.layout import PANEL_LEAST_WIDTH
from pages.parts.links import link
from pages.parts.markdown import coloured, plain
from pages.parts.page import Visit
from pages.parts.session import Choices
from pages.parts.unit_answers import UnitAnswers
from targets.findings import BEHIND, is_short
from targets.results import Result


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
    wishes = wish_answers.find_wishes(visit.situation, named.code)
    with st.container(border=True, key=f"own-unit-{named.code}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.header(plain(text("wishes.own.title", language, name=named.name)), anchor=False, width="content")
            label = plain(text("wishes.own.to_forms", language))
            link("unit", f":material/edit_note: {label}", session.onward(choices, unit=named.code), language=language)
        with st.grid("auto", min_column_width=PANEL_LEAST_WIDTH, gap="xsmall"):
            for row in unit.rows:
                mark = coloured(row.standing, visit.theme)
                said = plain(" · ".join(line_parts(row, unit, visit)))
                name = plain(unit.campaign.indicator(row.indicator).short_name.of(language))
                st.markdown(f":small[{mark} **{name}** {said}]")
        needs = own_needs(unit, wishes, language)
        if needs:
            st.markdown("  \n".join(f":small[{plain(line)}]" for line in needs))


def line_parts(row: Result, unit: UnitAnswers, visit: Visit) -> list[str]:
    """Figure and target, standing, what is missing, this week's share, and whether the figure is being checked."""
    language = visit.language
    value, target = sentences.figure(row, language), sentences.target_of(row, language)
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
    if (row.unit, row.indicator) in wish_answers.find_under_review(visit.situation):
        parts.append(text("wishes.review.mark", language))
    return parts


def _missing(row: Result, unit: UnitAnswers, language: str) -> str:
    points = unit_sentences.points_missing(row, language)
    if not row.cases_missing:
        return text("line.missing", language, points=points)
    return text(
        "wishes.own.missing_cases",
        language,
        points=points,
        cases=formats.whole(row.cases_missing, language),
        counted=unit.campaign.indicator(row.indicator).counted.of(language),
    )


def own_needs(unit: UnitAnswers, wishes: Sequence[Agreement], language: str) -> tuple[str, ...]:
    """What the unit is asked to explain, the earliest deadline first; where it has not said why; what it waits for."""
    campaign = unit.campaign
    questions = [wish for wish in wishes if wish.kind == "question" and wish.is_waiting and wish.deadline is not None]
    told = {
        wish.indicator
        for wish in wishes
        if wish.kind == "cause"
        and wish.state in ("stated", "confirmed")
        and (wish.deadline is None or wish.deadline >= unit.as_of)
    }
    behind = [row.indicator for row in unit.rows if row.standing in BEHIND]
    silent = [campaign.indicator(key).short_name.of(language) for key in behind if key not in told]
    waiting = sum(wish.is_waiting and wish.kind != "question" for wish in wishes)
    needs = []
    if questions:
        asked = ", ".join(
            text(
                "wishes.own.question",
                language,
                name=campaign.indicator(wish.indicator or "").short_name.of(language),
                date=formats.day(wish.deadline or unit.as_of, language),
            )
            for wish in sorted(questions, key=lambda wish: wish.deadline or unit.as_of)
        )
        needs.append(text("wishes.own.questions", language, asked=asked))
    if silent:
        needs.append(text("wishes.own.no_cause", language, names=", ".join(silent)))
    elif behind:
        needs.append(text("wishes.own.all_said", language))
    if waiting:
        needs.append(text("wishes.own.waiting", language, count=formats.whole(waiting, language)))
    return tuple(needs)
