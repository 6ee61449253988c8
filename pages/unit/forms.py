"""The forms in which a unit registers, explains and disputes, and in which leaders ask it to explain itself.

Each is shown to those who may use it; the check that counts is made by the action in `models`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from jobs.wording import announcing
from jobs.wording import results as wording
from models.analysis.courses import own_phases
from models.core import formats
from models.core.texts import text
from models.meetings.snapshots import Announced
from models.targets.agreements import Agreement
from models.targets.causes import CATEGORIES, Explanation, ask_for_explanation, end_cause, state_cause
from models.targets.checks import Dispute, request_check
from models.targets.registrations import Registered, Registration, register_target, request_dates
from pages.kit import forms as kit_forms
from pages.kit import visitors
from pages.kit.forms import FIELD_WIDTH, Form, day_field, form_of, long_field, text_field
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.unit import sentences
from pages.unit.data import UnitAnswers
from targets.permissions import Permission, may
from targets.results import Result
from targets.values import Indicator, Phase, UnitPhase


@dataclass(frozen=True)
class Counter:
    """What the forms of a unit need to know."""

    unit: UnitAnswers
    requests: Sequence[Agreement]
    rows: Sequence[Result]
    """The unit's figures as they are today, whatever day is looked at."""
    indicator: str | None
    """The indicator of the address, to begin with."""
    window: Announced | None
    """What is announced, as long as it may be disputed."""
    disputable: tuple[Result, ...]
    """The figures that may be disputed: those announced, else those of today."""

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
        form = form_of(name, counter.code)
        with st.expander(text(f"wishes.{name}.title", visit.language), key=f"wish-{name}"):
            kit_forms.show(form.place)
            draw(form, counter, visit)


def _send_button(form: Form, visit: Visit, change: Callable[[], str]) -> None:
    st.form_submit_button(
        text(f"wishes.{form.name}.send", visit.language), key=form.key("send"), icon=":material/send:",
        on_click=kit_forms.send, args=(form, visit.language, change),
    )  # fmt: skip


def _form(form: Form) -> Any:
    """Enter inside a line is no sending: a form is sent by its button."""
    return st.form(form.key("form"), border=False, enter_to_submit=False)


def _fields(columns: int = 2) -> Any:
    return st.grid(columns, min_column_width=FIELD_WIDTH, gap="small")


def _draw_document(form: Form, language: str) -> None:
    text_field(form, "document", text("wishes.document", language), text("wishes.document_hint", language))


# --- registering ----------------------------------------------------------------------------------------------------


def _draw_register(form: Form, counter: Counter, visit: Visit) -> None:
    language, campaign = visit.language, counter.unit.campaign
    with _fields():
        indicator = kit_forms.indicator_choice("register", counter.code, campaign, counter.indicator, language)
        phase = _phase_choice("register", counter, language)
    given = assigned_target(counter.unit, indicator, phase)
    of_indicator = campaign.indicator(indicator)
    value = "" if given is None else wording.decided(given, of_indicator, language)
    rule = (
        wording.said("wishes.register.rule", of_indicator, language, value=value)
        if value
        else text("wishes.register.rule_none", language)
    )
    st.info(plain(rule), icon=":material/rule:")
    for request in counter.requests:
        if (
            request.kind == "registration"
            and request.is_waiting
            and (request.indicator, request.phase) == (indicator, phase)
        ):
            asked = wording.decided(request.value or 0, of_indicator, language)
            st.caption(plain(text("wishes.register.waiting", language, value=asked)))
    with _form(form):
        with _fields(3):
            text_field(
                form, "value", text("wishes.register.value", language), text("wishes.register.value_hint", language)
            )
            _draw_document(form, language)
            day_field(form, "document-date", text("wishes.document_date", language))
        long_field(form, "reason", text("wishes.reason", language))
        _send_button(form, visit, partial(_register, form, visit, counter.code, of_indicator, phase))


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


def _register(form: Form, visit: Visit, unit: str, indicator: Indicator, phase: str) -> str:
    language = visit.language
    request = Registration(
        unit=unit,
        indicator=indicator.key,
        phase=phase,
        value=kit_forms.read_target(form.words("value"), indicator),
        document=form.words("document"),
        document_date=form.day_or_none("document-date"),
    )
    done: Registered = visitors.carry_out(
        visit,
        form.words("reason"),
        lambda session, context: register_target(session, request, context=context),
        document=request.document,
    )
    value = wording.decided(request.value, indicator, language)
    if done.state == "in_force" or done.assigned is None:
        return text("wishes.register.in_force", language, value=value)
    assigned = wording.decided(done.assigned, indicator, language)
    return wording.said("wishes.register.requested", indicator, language, value=value, assigned=assigned)


def _draw_dates(form: Form, counter: Counter, visit: Visit) -> None:
    """Fields for each phase: one that is left empty keeps its dates. What is sent together is decided together."""
    language, phases = visit.language, own_phases(counter.unit.campaign, counter.code)
    now = "; ".join(_dates_now(phase, language) for phase in phases)
    st.info(plain(text("wishes.dates.rule", language, dates=now)), icon=":material/rule:")
    with _form(form):
        with _fields(2):
            for phase in phases:
                for part in ("start", "due"):
                    label = text(f"wishes.dates.{part}", language, phase=phase.name.of(language))
                    day_field(form, f"{part}-{phase.key}", label)
        _draw_document(form, language)
        long_field(form, "reason", text("wishes.reason", language))
        _send_button(form, visit, partial(_ask_for_dates, form, visit, counter.code, phases))


def _dates_now(phase: Phase, language: str) -> str:
    start, name = formats.day(phase.start, language), phase.name.of(language)
    if phase.due is None:
        return text("wishes.dates.now_open", language, phase=name, start=start)
    return text("wishes.dates.now", language, phase=name, start=start, due=formats.day(phase.due, language))


def _ask_for_dates(form: Form, visit: Visit, unit: str, phases: Sequence[Phase]) -> str:
    language, document = visit.language, form.words("document")
    given = [
        phase for phase in phases if form.day_or_none(f"start-{phase.key}") or form.day_or_none(f"due-{phase.key}")
    ]
    wanted = [
        UnitPhase(
            unit=unit,
            phase=phase.key,
            start=form.day(f"start-{phase.key}", text("wishes.dates.start", language, phase=phase.name.of(language))),
            due=form.day_or_none(f"due-{phase.key}"),
            document=document,
        )
        for phase in given or phases[:1]
    ]

    def change(session: Any, context: Any) -> None:
        for dates in wanted:
            request_dates(
                session, unit=unit, phase=dates.phase, start=dates.start, due=dates.due, document=document,
                beside=wanted, context=context,
            )  # fmt: skip

    visitors.carry_out(visit, form.words("reason"), change, document=document)
    return text("wishes.dates.sent", language)


# --- explaining -----------------------------------------------------------------------------------------------------


def _draw_explain(form: Form, counter: Counter, visit: Visit) -> None:
    language, campaign = visit.language, counter.unit.campaign
    st.info(plain(text("wishes.explain.rule", language)), icon=":material/rule:")
    with _form(form):
        with _fields():
            indicator = st.selectbox(
                text("wishes.indicator", language), [known.key for known in campaign.indicators],
                index=_first_asked(counter), format_func=lambda key: campaign.indicator(key).name.of(language),
                key=form.key("indicator"), filter_mode=None,
            )  # fmt: skip
            st.selectbox(
                text("wishes.explain.category", language), CATEGORIES, key=form.key("category"), filter_mode=None,
                format_func=lambda category: text(f"gaps.cause.{category}", language),
            )  # fmt: skip
        long_field(form, "text", text("wishes.explain.text", language))
        long_field(form, "action", text("wishes.explain.action", language))
        with _fields(3):
            text_field(form, "who", text("wishes.explain.who", language))
            day_field(form, "due", text("wishes.explain.due", language))
            day_field(form, "ends-on", text("wishes.explain.ends_on", language))
        _send_button(form, visit, partial(_explain, form, visit, counter.code, indicator))


def _first_asked(counter: Counter) -> int:
    """The indicator whose open question is due first, otherwise the one of the address, otherwise the first."""
    keys = [known.key for known in counter.unit.campaign.indicators]
    asked = [request for request in counter.requests if request.kind == "question" and request.is_waiting]
    first = min(asked, key=lambda request: request.deadline or counter.unit.as_of, default=None)
    chosen = counter.indicator if first is None else first.indicator
    return keys.index(chosen) if chosen in keys else 0


def _explain(form: Form, visit: Visit, unit: str, indicator: str) -> str:
    reported = Explanation(
        unit=unit,
        indicator=str(form.field("indicator") or indicator),
        category=form.words("category"),
        text=form.words("text"),
        action=form.words("action"),
        who=form.words("who"),
        due=form.day("due", text("wishes.explain.due", visit.language)),
        ends_on=form.day_or_none("ends-on"),
    )
    visitors.carry_out(visit, reported.text, lambda session, context: state_cause(session, reported, context=context))
    return text("wishes.explain.sent", visit.language)


def _endable(counter: Counter) -> dict[int, Agreement]:
    return {
        request.id: request
        for request in counter.requests
        if request.kind == "cause" and request.state in ("stated", "confirmed")
    }


def _draw_end(form: Form, counter: Counter, visit: Visit) -> None:
    language, causes = visit.language, _endable(counter)
    with _form(form):
        st.selectbox(
            text("wishes.end.which", language), list(causes), key=form.key("which"), filter_mode=None,
            format_func=lambda which: sentences.request_title(causes[which], counter.unit.campaign, language),
        )  # fmt: skip
        long_field(form, "reason", text("wishes.reason", language))
        _send_button(form, visit, partial(_end, form, visit, causes))


def _end(form: Form, visit: Visit, causes: dict[int, Agreement]) -> str:
    cause = causes[form.field("which")]
    visitors.carry_out(
        visit,
        form.words("reason"),
        lambda session, context: end_cause(session, cause.id, seen_version=cause.version, context=context),
    )
    return text("wishes.end.sent", visit.language)


# --- disputing ------------------------------------------------------------------------------------------------------


def _draw_dispute(form: Form, counter: Counter, visit: Visit) -> None:
    language, campaign = visit.language, counter.unit.campaign
    key = kit_forms.indicator_choice("dispute", counter.code, campaign, counter.indicator, language)
    indicator = campaign.indicator(key)
    row = next((row for row in counter.disputable if row.indicator == key), None)
    open_already = next(
        (
            request
            for request in counter.requests
            if request.kind == "check" and request.is_waiting and request.indicator == key
        ),
        None,
    )
    if open_already is not None and open_already.deadline is not None:
        until = formats.day(open_already.deadline, language)
        st.info(plain(text("wishes.dispute.under_way", language, date=until)), icon=":material/pending:")
        return
    if row is None or row.value is None or row.reading_as_of is None or counter.unit.profile.unit.parent is None:
        st.info(plain(text("wishes.dispute.nothing", language)), icon=":material/info:")
        return
    st.info(plain(_figure(row, counter, language)), icon=":material/query_stats:")
    with _form(form):
        long_field(form, "evidence", text("wishes.dispute.evidence", language))
        with _fields(3):
            for field, counted in (("numerator", indicator.numerator), ("denominator", indicator.denominator)):
                text_field(form, field, text("wishes.dispute.count", language, name=counted.of(language)))
            if counter.window is None:
                default = kit_forms.default_deadline(campaign, visit.situation.today)
                day_field(form, "deadline", text("wishes.dispute.deadline", language), default)
        if counter.window is not None:
            st.caption(plain(announcing.headline(counter.window, language)))
        _send_button(form, visit, partial(_dispute, form, visit, counter, key))


def _figure(row: Result, counter: Counter, language: str) -> str:
    assert row.reading_as_of is not None  # noqa: S101  # asked before
    terms = {"value": wording.figure(row, language), "date": formats.day(row.reading_as_of, language)}
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


def _dispute(form: Form, visit: Visit, counter: Counter, indicator: str) -> str:
    request = Dispute(
        unit=counter.code,
        indicator=indicator,
        evidence=form.words("evidence"),
        deadline=form.day("deadline", text("wishes.dispute.deadline", visit.language))
        if counter.window is None
        else counter.window.deadline,
        numerator=_count(form, "numerator"),
        denominator=_count(form, "denominator"),
    )
    visitors.carry_out(
        visit, request.evidence, lambda session, context: request_check(session, request, context=context)
    )
    return text("wishes.dispute.sent", visit.language)


def _count(form: Form, field: str) -> int | None:
    """A count that may be left out. Raises Incomplete."""
    written = form.words(field)
    return kit_forms.read_count(written) if written else None


# --- asking ---------------------------------------------------------------------------------------------------------


def _draw_ask(form: Form, counter: Counter, visit: Visit) -> None:
    language, campaign = visit.language, counter.unit.campaign
    indicator = kit_forms.indicator_choice("ask", counter.code, campaign, counter.indicator, language)
    with _form(form):
        long_field(form, "question", text("wishes.ask.question", language))
        default = kit_forms.default_deadline(campaign, visit.situation.today)
        with _fields():
            day_field(form, "deadline", text("wishes.ask.deadline", language), default)
        _send_button(form, visit, partial(_ask, form, visit, counter.code, indicator))


def _ask(form: Form, visit: Visit, unit: str, indicator: str) -> str:
    question = form.words("question")
    deadline = form.day("deadline", text("wishes.ask.deadline", visit.language))
    visitors.carry_out(
        visit,
        question,
        lambda session, context: ask_for_explanation(
            session, unit=unit, indicator=indicator, question=question, deadline=deadline, context=context
        ),
    )
    return text("wishes.ask.sent", visit.language)
