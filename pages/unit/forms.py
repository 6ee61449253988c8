"""The forms in which a unit registers, explains and disputes, and in which leaders ask it to explain itself.

Each is shown to those who may use it; the check that counts is made by the action in `models`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from models.core import formats
from models.core.texts import text
from models.targets.agreements import Agreement
from models.targets.causes import CATEGORIES, Explanation, ask_for_explanation, end_cause, state_cause
from models.targets.checks import Dispute, request_check
from models.targets.registrations import Registered, Registration, register_target, request_dates
from pages.kit import forms as kit_forms
from pages.kit import sentences as kit_sentences
from pages.kit import visitors
from pages.kit.forms import FIELD_WIDTH, Desk, day_field, desk_of, long_field, text_field
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.unit import sentences
from pages.unit.data import UnitAnswers, phases_of
from targets.permissions import Permission, may
from targets.results import Result
from targets.values import Phase


@dataclass(frozen=True)
class Counter:
    """What the forms of a unit need to know."""

    unit: UnitAnswers
    wishes: Sequence[Agreement]
    rows: Sequence[Result]
    """The unit's figures as they are today, whatever day is looked at."""
    indicator: str | None
    """The indicator of the address, to begin with."""

    @property
    def code(self) -> str:
        return self.unit.profile.unit.code


def draw_forms(counter: Counter, visit: Visit) -> None:
    """Every form that who looks may use for this unit, each closed until it is opened."""
    drawn = (
        (Permission.REGISTER, "register", _draw_register),
        (Permission.EXPLAIN, "explain", _draw_explain),
        (Permission.DISPUTE, "dispute", _draw_dispute),
        (Permission.REGISTER, "dates", _draw_dates),
        (Permission.EXPLAIN, "end", _draw_end),
        (Permission.ASK_EXPLANATION, "ask", _draw_ask),
    )
    for permission, name, draw in drawn:
        is_idle = name == "end" and not _endable(counter)
        if is_idle or not may(visit.actor, permission, unit=counter.code):
            continue
        desk = desk_of(name, counter.code)
        with st.expander(text(f"wishes.{name}.title", visit.language), key=f"wish-{name}"):
            kit_forms.draw_said(desk)
            draw(desk, counter, visit)


def _send_button(desk: Desk, visit: Visit, change: Callable[[], str]) -> None:
    st.form_submit_button(
        text(f"wishes.{desk.name}.send", visit.language), key=desk.key("send"), icon=":material/send:",
        on_click=kit_forms.send, args=(desk, visit.language, change),
    )  # fmt: skip


def _form(desk: Desk) -> Any:
    """Enter inside a line is no sending: a form is sent by its button."""
    return st.form(desk.key("form"), border=False, enter_to_submit=False)


def _fields(columns: int = 2) -> Any:
    return st.grid(columns, min_column_width=FIELD_WIDTH, gap="small")


def _draw_document(desk: Desk, language: str) -> None:
    text_field(desk, "document", text("wishes.document", language), text("wishes.document_hint", language))


# --- registering ----------------------------------------------------------------------------------------------------


def _draw_register(desk: Desk, counter: Counter, visit: Visit) -> None:
    language, campaign = visit.language, counter.unit.campaign
    with _fields():
        indicator = kit_forms.indicator_choice("register", counter.code, campaign, counter.indicator, language)
        phase = _phase_choice("register", counter, language)
    given = assigned_target(counter.unit, indicator, phase)
    value = "" if given is None else formats.target_percent(given, language)
    rule = text("wishes.register.rule", language, value=value) if value else text("wishes.register.rule_none", language)
    st.info(plain(rule), icon=":material/rule:")
    for wish in counter.wishes:
        if wish.kind == "registration" and wish.is_waiting and (wish.indicator, wish.phase) == (indicator, phase):
            asked = formats.target_percent(wish.value or 0, language)
            st.caption(plain(text("wishes.register.waiting", language, value=asked)))
    with _form(desk):
        with _fields(3):
            text_field(
                desk, "value", text("wishes.register.value", language), text("wishes.register.value_hint", language)
            )
            _draw_document(desk, language)
            day_field(desk, "document-date", text("wishes.document_date", language))
        long_field(desk, "reason", text("wishes.reason", language))
        _send_button(desk, visit, partial(_register, desk, visit, counter.code, indicator, phase))


def assigned_target(unit: UnitAnswers, indicator: str, phase: str) -> Decimal | None:
    """The target the office has given, issued before proposed, as the registration will be held against it."""
    given = [row for row in unit.versions if (row.indicator, row.phase) == (indicator, phase)]
    for origin in ("issued", "proposed"):
        of_origin = [row for row in given if row.origin == origin]
        if of_origin:
            return max(of_origin, key=lambda row: row.version).value
    return None


def _phase_choice(name: str, counter: Counter, language: str) -> str:
    phases = {phase.key: phase.name.of(language) for phase in counter.unit.campaign.phases}
    shown = counter.unit.phase.key
    found: str = st.selectbox(
        text("wishes.phase", language), list(phases), index=list(phases).index(shown),
        format_func=phases.__getitem__, key=kit_forms.choice_key(name, counter.code, "phase"), filter_mode=None,
    )  # fmt: skip
    return found


def _register(desk: Desk, visit: Visit, unit: str, indicator: str, phase: str) -> str:
    language = visit.language
    wish = Registration(
        unit=unit,
        indicator=indicator,
        phase=phase,
        value=kit_forms.percent_of(desk.words("value")),
        document=desk.words("document"),
        document_date=desk.day_or_none("document-date"),
    )
    done: Registered = visitors.carry_out(
        visit,
        desk.words("reason"),
        lambda session, deed: register_target(session, wish, deed=deed),
        document=wish.document,
    )
    value = formats.target_percent(wish.value, language)
    if done.state == "in_force" or done.assigned is None:
        return text("wishes.register.in_force", language, value=value)
    assigned = formats.target_percent(done.assigned, language)
    return text("wishes.register.requested", language, value=value, assigned=assigned)


def _draw_dates(desk: Desk, counter: Counter, visit: Visit) -> None:
    language = visit.language
    phase = _phase_choice("dates", counter, language)
    running = next(each for each in phases_of(counter.unit.campaign, counter.code) if each.key == phase)
    st.info(plain(_dates_now(running, language)), icon=":material/rule:")
    with _form(desk):
        with _fields(3):
            day_field(desk, "start", text("wishes.dates.start", language))
            day_field(desk, "due", text("wishes.dates.due", language))
            _draw_document(desk, language)
        long_field(desk, "reason", text("wishes.reason", language))
        _send_button(desk, visit, partial(_ask_for_dates, desk, visit, counter.code, phase))


def _dates_now(phase: Phase, language: str) -> str:
    start = formats.day(phase.start, language)
    if phase.due is None:
        return text("wishes.dates.rule_open", language, start=start)
    return text("wishes.dates.rule", language, start=start, due=formats.day(phase.due, language))


def _ask_for_dates(desk: Desk, visit: Visit, unit: str, phase: str) -> str:
    start = desk.day("start", text("wishes.dates.start", visit.language))
    due, document = desk.day_or_none("due"), desk.words("document")
    visitors.carry_out(
        visit,
        desk.words("reason"),
        lambda session, deed: request_dates(
            session, unit=unit, phase=phase, start=start, due=due, document=document, deed=deed
        ),
        document=document,
    )
    return text("wishes.dates.sent", visit.language)


# --- explaining -----------------------------------------------------------------------------------------------------


def _draw_explain(desk: Desk, counter: Counter, visit: Visit) -> None:
    language, campaign = visit.language, counter.unit.campaign
    st.info(plain(text("wishes.explain.rule", language)), icon=":material/rule:")
    with _form(desk):
        with _fields():
            indicator = st.selectbox(
                text("wishes.indicator", language), [known.key for known in campaign.indicators],
                index=_first_asked(counter), format_func=lambda key: campaign.indicator(key).name.of(language),
                key=desk.key("indicator"), filter_mode=None,
            )  # fmt: skip
            st.selectbox(
                text("wishes.explain.category", language), CATEGORIES, key=desk.key("category"), filter_mode=None,
                format_func=lambda category: text(f"gaps.cause.{category}", language),
            )  # fmt: skip
        long_field(desk, "text", text("wishes.explain.text", language))
        long_field(desk, "action", text("wishes.explain.action", language))
        with _fields(3):
            text_field(desk, "who", text("wishes.explain.who", language))
            day_field(desk, "due", text("wishes.explain.due", language))
            day_field(desk, "ends-on", text("wishes.explain.ends_on", language))
        _send_button(desk, visit, partial(_explain, desk, visit, counter.code, indicator))


def _first_asked(counter: Counter) -> int:
    """The indicator whose open question is due first, otherwise the one of the address, otherwise the first."""
    keys = [known.key for known in counter.unit.campaign.indicators]
    asked = [wish for wish in counter.wishes if wish.kind == "question" and wish.is_waiting]
    first = min(asked, key=lambda wish: wish.deadline or counter.unit.as_of, default=None)
    chosen = counter.indicator if first is None else first.indicator
    return keys.index(chosen) if chosen in keys else 0


def _explain(desk: Desk, visit: Visit, unit: str, indicator: str) -> str:
    told = Explanation(
        unit=unit,
        indicator=str(desk.field("indicator") or indicator),
        category=desk.words("category"),
        text=desk.words("text"),
        action=desk.words("action"),
        who=desk.words("who"),
        due=desk.day("due", text("wishes.explain.due", visit.language)),
        ends_on=desk.day_or_none("ends-on"),
    )
    visitors.carry_out(visit, told.text, lambda session, deed: state_cause(session, told, deed=deed))
    return text("wishes.explain.sent", visit.language)


def _endable(counter: Counter) -> dict[int, Agreement]:
    return {wish.id: wish for wish in counter.wishes if wish.kind == "cause" and wish.state in ("stated", "confirmed")}


def _draw_end(desk: Desk, counter: Counter, visit: Visit) -> None:
    language, causes = visit.language, _endable(counter)
    with _form(desk):
        st.selectbox(
            text("wishes.end.which", language), list(causes), key=desk.key("which"), filter_mode=None,
            format_func=lambda which: sentences.title(causes[which], counter.unit.campaign, language),
        )  # fmt: skip
        long_field(desk, "reason", text("wishes.reason", language))
        _send_button(desk, visit, partial(_end, desk, visit, causes))


def _end(desk: Desk, visit: Visit, causes: dict[int, Agreement]) -> str:
    cause = causes[desk.field("which")]
    visitors.carry_out(
        visit,
        desk.words("reason"),
        lambda session, deed: end_cause(session, cause.id, seen_version=cause.version, deed=deed),
    )
    return text("wishes.end.sent", visit.language)


# --- disputing ------------------------------------------------------------------------------------------------------


def _draw_dispute(desk: Desk, counter: Counter, visit: Visit) -> None:
    language, campaign = visit.language, counter.unit.campaign
    key = kit_forms.indicator_choice("dispute", counter.code, campaign, counter.indicator, language)
    indicator = campaign.indicator(key)
    row = next((row for row in counter.rows if row.indicator == key), None)
    open_already = next(
        (wish for wish in counter.wishes if wish.kind == "check" and wish.is_waiting and wish.indicator == key), None
    )
    if open_already is not None and open_already.deadline is not None:
        until = formats.day(open_already.deadline, language)
        st.info(plain(text("wishes.dispute.under_way", language, date=until)), icon=":material/pending:")
        return
    if row is None or row.value is None or row.reading_as_of is None or counter.unit.profile.unit.parent is None:
        st.info(plain(text("wishes.dispute.nothing", language)), icon=":material/info:")
        return
    st.info(plain(_figure(row, counter, language)), icon=":material/query_stats:")
    with _form(desk):
        long_field(desk, "evidence", text("wishes.dispute.evidence", language))
        with _fields(3):
            for field, counted in (("numerator", indicator.numerator), ("denominator", indicator.denominator)):
                text_field(desk, field, text("wishes.dispute.count", language, name=counted.of(language)))
            default = kit_forms.default_deadline(campaign, visit.situation.today)
            day_field(desk, "deadline", text("wishes.dispute.deadline", language), default)
        _send_button(desk, visit, partial(_dispute, desk, visit, counter.code, key))


def _figure(row: Result, counter: Counter, language: str) -> str:
    assert row.reading_as_of is not None  # noqa: S101  # asked before
    terms = {"value": kit_sentences.figure(row, language), "date": formats.day(row.reading_as_of, language)}
    if row.numerator is None or row.denominator is None:
        return text("wishes.dispute.figure_plain", language, **terms)
    return text(
        "wishes.dispute.figure",
        language,
        numerator=formats.whole(row.numerator, language),
        denominator=formats.whole(row.denominator, language),
        counted=counter.unit.campaign.indicator(row.indicator).counted.of(language),
        **terms,
    )


def _dispute(desk: Desk, visit: Visit, unit: str, indicator: str) -> str:
    wish = Dispute(
        unit=unit,
        indicator=indicator,
        evidence=desk.words("evidence"),
        deadline=desk.day("deadline", text("wishes.dispute.deadline", visit.language)),
        numerator=kit_forms.count_of(desk.words("numerator")),
        denominator=kit_forms.count_of(desk.words("denominator")),
    )
    visitors.carry_out(visit, wish.evidence, lambda session, deed: request_check(session, wish, deed=deed))
    return text("wishes.dispute.sent", visit.language)


# --- asking ---------------------------------------------------------------------------------------------------------


def _draw_ask(desk: Desk, counter: Counter, visit: Visit) -> None:
    language, campaign = visit.language, counter.unit.campaign
    indicator = kit_forms.indicator_choice("ask", counter.code, campaign, counter.indicator, language)
    with _form(desk):
        long_field(desk, "question", text("wishes.ask.question", language))
        default = kit_forms.default_deadline(campaign, visit.situation.today)
        with _fields():
            day_field(desk, "deadline", text("wishes.ask.deadline", language), default)
        _send_button(desk, visit, partial(_ask, desk, visit, counter.code, indicator))


def _ask(desk: Desk, visit: Visit, unit: str, indicator: str) -> str:
    question = desk.words("question")
    deadline = desk.day("deadline", text("wishes.ask.deadline", visit.language))
    visitors.carry_out(
        visit,
        question,
        lambda session, deed: ask_for_explanation(
            session, unit=unit, indicator=indicator, question=question, deadline=deadline, deed=deed
        ),
    )
    return text("wishes.ask.sent", visit.language)
