"""Issuing a phase's targets under a document, said before it is done; and correcting a single issued one."""

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from jobs.wording.issuing import decided, issue_line, issue_sentences
from models.core.edit_conflicts import check_phase_seen
from models.core.texts import sentence_of, text
from models.targets.actions import correct_issue, issue_targets
from models.targets.assigning import Assigned, IssueLine, IssuePlan
from models.targets.registrations import check_said
from pages.charts.layout import FILTER_WIDTH
from pages.kit import answers
from pages.kit.forms import carry_out, read_target, say, show
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.targets import forms
from targets.errors import CampaignError
from targets.values import Campaign, Indicator, Phase

ISSUE, CORRECT = "issue", "correct"
PLAN = "targets-plan"
"""What somebody is about to issue: kept for this visitor until it is confirmed or put away."""
WHOLE, CHANGED, SINGLE = "whole", "changed_only", "single"
NO_NUMBER = "Targets are issued under a document: give its number, e.g. 629/KH-UBND."


def draw_issuing(campaign: Campaign, phase: Phase, visit: Visit) -> None:
    """The form; once it is filled in, what would be done, and the button that does it."""
    language = visit.language
    with st.container(key="targets-issue", gap="small"):
        st.header(plain(text("office.issue.title", language, phase=phase.name.of(language))), anchor=False)
        show(ISSUE)
        st.markdown(plain(text("office.issue.intro", language)))
        with st.form("targets-issue-form", border=True):
            _draw_document("issue", visit)
            st.form_submit_button(
                text("office.issue.foresee", language), key="targets-foresee", icon=":material/preview:",
                on_click=_foresee, args=(phase.key, visit),
            )  # fmt: skip
        plan: IssuePlan | None = st.session_state.get(PLAN)
        if plan is not None and plan.phase == phase.key:
            _draw_plan(plan, campaign, visit)


def _draw_document(name: str, visit: Visit) -> None:
    language = visit.language
    with st.grid(2, min_column_width=FILTER_WIDTH, gap="small"):
        st.text_input(
            text("office.document", language), key=f"targets-{name}-document", max_chars=forms.LONGEST_DOCUMENT,
            placeholder=text("office.document_hint", language),
        )  # fmt: skip
        st.date_input(
            text("office.document_date", language), value=visit.situation.today, format="DD/MM/YYYY",
            key=f"targets-{name}-date",
        )  # fmt: skip


def _draw_plan(plan: IssuePlan, campaign: Campaign, visit: Visit) -> None:
    language = visit.language
    with st.container(border=True, key="targets-plan"):
        _draw_narrowing(plan, campaign, language)
        chosen = _chosen(plan)
        said = issue_sentences(chosen, campaign, language)
        st.markdown("\n".join([f"**{plain(said[0])}**", "", *(f"- {plain(one)}" for one in said[1:])]))
        _draw_again(plan, campaign, language)
        forms.draw_ways_out(
            "issue", text("office.issue.confirm", language), icon="gavel", put_away=_forget, language=language,
            confirm=partial(_issue, plan, visit) if chosen.will_be else None,
        )  # fmt: skip


def _draw_narrowing(plan: IssuePlan, campaign: Campaign, language: str) -> None:
    """Of a phase that was issued before: all of it, what is proposed otherwise now, or single targets."""
    changed = {line.place: _option(line, campaign, language) for line in plan.lines if line.is_changed}
    if len(changed) in (0, len(plan.lines)):
        return
    counts = {WHOLE: len(plan.lines), CHANGED: len(changed), SINGLE: len(changed)}
    scopes = {name: text(f"office.issue.{name}", language, count=count) for name, count in counts.items()}
    chosen = st.radio(
        text("office.issue.scope", language), list(scopes), format_func=scopes.__getitem__, key=f"{PLAN}-scope",
        horizontal=True,
    )  # fmt: skip
    if chosen == SINGLE:
        st.multiselect(
            text("office.issue.which", language), list(changed), format_func=lambda place: changed.get(place, ""),
            key=f"{PLAN}-only", placeholder=text("office.choose_unit", language),
        )  # fmt: skip


def _draw_again(plan: IssuePlan, campaign: Campaign, language: str) -> None:
    """The corrections that would stay in force: kept unless they are named here, one by one or all."""
    kept = {line.place: _option(line, campaign, language) for line in _narrowed(plan).kept}
    if not kept:
        return
    all_of_them = text("office.issue.again_all", language, count=len(kept))
    if not st.checkbox(plain(all_of_them), key=f"{PLAN}-all"):
        st.multiselect(
            text("office.issue.again", language), list(kept), format_func=lambda place: kept.get(place, ""),
            key=f"{PLAN}-again", placeholder=text("office.issue.again_none", language),
        )  # fmt: skip


def _option(line: IssueLine, campaign: Campaign, language: str) -> str:
    """With the unit's code: names repeat within a province."""
    return f"{issue_line(line, campaign, language)} ({line.unit})"


def _narrowed(plan: IssuePlan) -> IssuePlan:
    """The part of the plan that was chosen."""
    scope = st.session_state.get(f"{PLAN}-scope", WHOLE)
    if scope == WHOLE:
        return plan
    changed = {line.place for line in plan.lines if line.is_changed}
    return plan.narrowed(only=changed if scope == CHANGED else st.session_state.get(f"{PLAN}-only", ()))


def _chosen(plan: IssuePlan) -> IssuePlan:
    """That part, with the corrections that are to be replaced."""
    part = _narrowed(plan)
    is_all = st.session_state.get(f"{PLAN}-all", False)
    return part.narrowed(
        again=[line.place for line in part.kept] if is_all else st.session_state.get(f"{PLAN}-again", ())
    )


def _forget() -> None:
    for name in (PLAN, *(f"{PLAN}-{field}" for field in ("scope", "only", "all", "again"))):
        st.session_state.pop(name, None)


def _foresee(phase: str, visit: Visit) -> None:
    document, day = forms.typed("targets-issue-document"), st.session_state["targets-issue-date"]
    _forget()
    try:
        check_said(document, "no_document", NO_NUMBER)
        st.session_state[PLAN] = answers.foresee_issue(visit.situation, phase, document, _day(day, visit))
    except CampaignError as problem:
        say(ISSUE, sentence_of(problem, visit.language), is_done=False)


def _day(chosen: object, visit: Visit) -> date:
    """The day chosen; today where the field was emptied."""
    return chosen if isinstance(chosen, date) else visit.situation.today


def _issue(plan: IssuePlan, visit: Visit) -> None:
    language, chosen = visit.language, _chosen(plan)
    again = {line.place for line in plan.kept} & {line.place for line in chosen.will_be}
    only = None if len(chosen.lines) == len(plan.lines) else [line.place for line in chosen.lines]

    def change(opened: Any, context: Any) -> str:
        check_phase_seen(opened, plan.phase, mark=plan.mark)
        done = issue_targets(
            opened, phase=plan.phase, document=plan.document, document_date=plan.document_date,
            only=only, again=again, context=context,
        )  # fmt: skip
        return text("office.issue.done", language, issued=done.issued, document=done.document)

    reason = text("office.issue.reason", language, document=plan.document)
    carry_out(visit, ISSUE, reason, change, document=plan.document)
    _forget()


# --- one issued target ----------------------------------------------------------------------------------------------


def draw_correcting(rows: list[Assigned], campaign: Campaign, visit: Visit) -> None:
    """An issued target given another value, by a version of its own under a document of its own."""
    issued = {row.unit: row for row in rows if row.issued is not None}
    if not issued:
        return
    language = visit.language
    with st.expander(text("office.correct.title", language), key="targets-correct", expanded=forms.is_open(CORRECT)):
        show(CORRECT)
        first = next(iter(issued.values()))
        name = campaign.indicator(first.indicator).name.of(language)
        st.markdown(plain(text("office.correct.intro", language, indicator=name)))
        chosen = st.selectbox(
            text("office.unit", language), list(issued), index=None, key="targets-correct-unit",
            format_func=lambda code: f"{issued[code].name} ({code})" if code in issued else code,
            placeholder=text("office.choose_unit", language),
        )  # fmt: skip
        row = issued.get(chosen or "")
        if row is None or row.issued is None:
            return
        indicator = campaign.indicator(row.indicator)
        reported = {"value": decided(row.issued.value, indicator, language), "document": row.issued.document}
        st.markdown(plain(text("office.correct.now", language, **reported)))
        with st.form(f"targets-correct-{row.unit}-{row.indicator}-{row.phase}-{row.issued.version}", border=False):
            st.text_input(text("office.new_value", language), key="targets-correct-value", max_chars=12)
            _draw_document("correct", visit)
            forms.reason_field("targets-correct-reason", language)
            st.form_submit_button(
                text("office.correct.button", language), key="targets-correct-save", icon=":material/edit_document:",
                on_click=_correct, args=(row, indicator, visit),
            )  # fmt: skip


def _correct(row: Assigned, indicator: Indicator, visit: Visit) -> None:
    language, issued = visit.language, row.issued
    document, day = forms.typed("targets-correct-document"), st.session_state["targets-correct-date"]
    written, reason = forms.typed("targets-correct-value"), forms.typed("targets-correct-reason")

    def change(opened: Any, context: Any) -> str:
        value = read_target(written, indicator)
        place = {"unit": row.unit, "indicator": row.indicator, "phase": row.phase}
        seen = 0 if issued is None else issued.version
        dated = _day(day, visit)
        correct_issue(
            opened, **place, value=value, document=document, document_date=dated, seen_version=seen, context=context
        )
        return text(
            "office.correct.done", language, unit=row.name, value=decided(value, indicator, language), document=document
        )

    carry_out(visit, CORRECT, reason, change, document=document)
