"""The proposals of an indicator for a phase, one adjusted with a reason, and another rule tried out unsaved."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from jobs.adjusting import read_adjustments
from jobs.imports.formats.limits import UPLOAD
from jobs.imports.words import folded
from jobs.wording.issuing import decided
from models.catalogue.indicator_files import AT_OR_ABOVE, PHASE_1, UPLIFT_KINDS
from models.core import formats
from models.core.store import taken_back
from models.core.texts import sentence_of, text
from models.targets.actions import Adjustment, adjust_proposal, adjust_proposals
from models.targets.assigning import Assigned
from models.targets.queries import RuleTrial
from pages.charts.layout import FILTER_WIDTH
from pages.feeds.choices import screen_of
from pages.kit import address, answers, visitors
from pages.kit.downloads import draw_download
from pages.kit.forms import carry_out, handed_in, read_percent, read_target, say, show
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.targets import forms
from pages.targets.forms import TargetChoices
from pages.targets.view import COLUMNS, MIME_TYPES, NAME_LETTERS, assigned_cells, explained, inexact_note, spread
from targets.errors import CampaignError
from targets.values import Campaign, Indicator, Phase, Rule

SECTION, SHEET = "adjust", "sheet"
HELD = "targets-sheet-held"
"""Adjustments of a workbook that are looked at: kept for this visitor until they are applied or put away."""
ROWS = 25
"""Units on one screen."""
EVERY = ""


def draw_proposals(rows: list[Assigned], campaign: Campaign, choices: TargetChoices, visit: Visit) -> None:
    """Filters, the table by level, and the form for a single unit."""
    language = visit.language
    name, phase = campaign.indicator(choices.indicator).name.of(language), campaign.phase(choices.phase)
    with st.container(key="targets-proposals", gap="small"):
        reported = {"indicator": name, "phase": phase.name.of(language)}
        st.header(plain(text("office.proposals.title", language, **reported)), anchor=False)
        if note := inexact_note(rows, language):
            st.warning(plain(note), icon=":material/rule:")
        _draw_filters(campaign, choices, language)
        found = _found(rows, campaign, choices)
        screen = screen_of(choices.page, whole=len(found), most=ROWS)
        shown = found[screen.after : screen.after + ROWS]
        if shown:
            _draw_table(shown, screen.after, campaign, visit)
        else:
            st.info(plain(text("office.proposals.nobody", language, words=choices.q)), icon=":material/search_off:")
        forms.draw_screens("page", screen, len(shown), visit)
        _draw_adjusting(rows, campaign, visit)
        _draw_sheet(phase, campaign, visit)


def _draw_filters(campaign: Campaign, choices: TargetChoices, language: str) -> None:
    levels = {EVERY: text("office.proposals.every_level", language)}
    levels |= {level.key: level.name.of(language) for level in campaign.levels}
    st.session_state["targets-filter-level"] = choices.level or EVERY
    st.session_state["targets-filter-q"] = choices.q
    with st.grid(2, min_column_width=FILTER_WIDTH, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            text("office.proposals.level", language), list(levels), key="targets-filter-level", filter_mode=None,
            format_func=levels.__getitem__, on_change=_filter, args=("level",),
        )  # fmt: skip
        st.text_input(
            text("office.proposals.search", language), key="targets-filter-q", type="search", live=True, max_chars=60,
            placeholder=text("office.proposals.search_hint", language), on_change=_filter, args=("q",),
        )  # fmt: skip


def _filter(name: str) -> None:
    """On to another part of the list, at its first screen."""
    address.choose(name, str(st.session_state[f"targets-filter-{name}"]).strip() or None)


def _found(rows: list[Assigned], campaign: Campaign, choices: TargetChoices) -> list[Assigned]:
    """The units that fit, by level and within each in the campaign's order."""
    group = {level.key: position for position, level in enumerate(campaign.levels)}
    words = folded(choices.q).split()
    fitting = [
        row
        for row in rows
        if choices.level in (None, row.level) and all(word in folded(f"{row.name} {row.unit}") for word in words)
    ]
    return sorted(fitting, key=lambda row: group[row.level])


def _draw_table(shown: list[Assigned], after: int, campaign: Campaign, visit: Visit) -> None:
    language = visit.language
    now = answers.find_values_now(visit.situation, indicator=shown[0].indicator)
    cells = [
        [plain(cell) for cell in assigned_cells(after + place, row, now, campaign, language)]
        for place, row in enumerate(shown, start=1)
    ]
    titles = [
        plain(
            text(
                f"office.column.{name}",
                language,
                **({"year": str(campaign.baseline_year)} if name == "baseline" else {}),
            )
        )
        for name in COLUMNS
    ]
    with st.container(key="targets-proposals-table"):
        st.table(
            pd.DataFrame(cells, columns=titles), border="horizontal", hide_index=True,
            alt=text("office.proposals.spoken", language),
        )  # fmt: skip


# --- one proposal ---------------------------------------------------------------------------------------------------


def _draw_adjusting(rows: list[Assigned], campaign: Campaign, visit: Visit) -> None:
    language = visit.language
    by_code = {row.unit: row for row in rows}
    with st.expander(text("office.adjust.title", language), key="targets-adjust", expanded=forms.is_open(SECTION)):
        show(SECTION)
        st.markdown(plain(text("office.adjust.intro", language)))
        chosen = st.selectbox(
            text("office.unit", language), list(by_code), index=None, key="targets-adjust-unit",
            format_func=lambda code: f"{by_code[code].name} ({code})" if code in by_code else code,
            placeholder=text("office.choose_unit", language),
        )  # fmt: skip
        row = by_code.get(chosen or "")
        if row is None or row.proposed is None:
            return
        indicator = campaign.indicator(row.indicator)
        value = decided(row.proposed.value, indicator, language)
        why = explained(row, row.proposed, campaign, language)
        st.markdown(plain(text("office.adjust.now", language, value=value, why=why)))
        with st.form(f"targets-adjust-{row.unit}-{row.indicator}-{row.phase}-{row.proposed.version}", border=False):
            st.text_input(text("office.new_value", language), key="targets-adjust-value", max_chars=12)
            forms.reason_field("targets-adjust-reason", language)
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button(
                    text("office.adjust.button", language), key="targets-adjust-save", icon=":material/edit:",
                    on_click=_adjust, args=(row, indicator, visit, False),
                )  # fmt: skip
                if row.proposed.is_adjusted:
                    st.form_submit_button(
                        text("office.adjust.back", language), key="targets-adjust-back", icon=":material/undo:",
                        on_click=_adjust, args=(row, indicator, visit, True),
                    )  # fmt: skip


def _adjust(row: Assigned, indicator: Indicator, visit: Visit, is_back: bool) -> None:
    language, proposed = visit.language, row.proposed
    written, reason = forms.typed("targets-adjust-value"), forms.typed("targets-adjust-reason")

    def change(opened: Any, context: Any) -> str:
        value: Decimal | None = None if is_back else read_target(written, indicator)
        place = {"unit": row.unit, "indicator": row.indicator, "phase": row.phase}
        seen = 0 if proposed is None else proposed.version
        adjust_proposal(opened, **place, value=value, seen_version=seen, context=context)
        if value is None:
            return text("office.adjust.done_back", language, unit=row.name)
        return text("office.adjust.done", language, unit=row.name, value=decided(value, indicator, language))

    carry_out(visit, SECTION, reason, change)


# --- many proposals by a workbook -----------------------------------------------------------------------------------


def _draw_sheet(phase: Phase, campaign: Campaign, visit: Visit) -> None:
    """Download, fill in, hand in, look, apply: nothing is changed before the last step."""
    language, situation = visit.language, visit.situation
    held: list[Adjustment] | None = st.session_state.get(HELD)
    is_open = forms.is_open(SHEET) or held is not None
    with st.expander(text("office.sheet.title", language), key="targets-sheet", expanded=is_open):
        show(SHEET)
        st.markdown(plain(text("office.sheet.how", language)))
        draw_download(
            plain(text("office.sheet.download", language, phase=phase.name.of(language))),
            lambda: answers.adjusting_workbook(situation, language, phase.key), visit=visit,
            subject="adjustments", file_name=f"{text('office.sheet.file', language)}_{phase.key}.xlsx",
            mime=MIME_TYPES["xlsx"], key="targets-sheet-download",
        )  # fmt: skip
        handed = st.file_uploader(text("office.sheet.filled", language), type=["xlsx"], key="targets-sheet-file")
        st.button(
            text("office.sheet.look", language), key="targets-sheet-look", disabled=handed is None,
            icon=":material/preview:", on_click=_look,
            args=(b"" if handed is None else handed.getvalue(), campaign, visit),
        )  # fmt: skip
        if held is None:
            return
        names = {row.unit: row.name for row in answers.find_assigned(
            situation, indicator=campaign.main, phase=phase.key)}  # fmt: skip
        st.markdown(f"**{plain(text('office.sheet.will', language, count=formats.whole(len(held), language)))}**")
        said = (_adjustment(wanted, names, campaign, language) for wanted in held[:ROWS])
        st.markdown("\n".join(f"- {plain(words)}" for words in said))
        if len(held) > ROWS:
            st.caption(
                plain(text("office.sheet.more_lines", language, count=formats.whole(len(held) - ROWS, language)))
            )
        with st.container(horizontal=True, gap="small"):
            st.button(
                text("office.sheet.apply", language), key="targets-sheet-apply", type="primary",
                icon=":material/edit:", on_click=_apply, args=(held, visit),
            )  # fmt: skip
            st.button(
                text("office.put_away", language), key="targets-sheet-cancel", icon=":material/close:",
                on_click=_put_away,
            )  # fmt: skip


def _adjustment(wanted: Adjustment, names: dict[str, str], campaign: Campaign, language: str) -> str:
    indicator = campaign.indicator(wanted.indicator)
    return text(
        "office.sheet.line",
        language,
        unit=names.get(wanted.unit, wanted.unit),
        indicator=indicator.name.of(language),
        phase=campaign.phase(wanted.phase).name.of(language),
        value=decided(wanted.value, indicator, language),
        reason=wanted.reason,
    )


def _put_away() -> None:
    st.session_state.pop(HELD, None)


def _look(slip: bytes, campaign: Campaign, visit: Visit) -> None:
    """Read what was handed in, and make it and take it back: what would be refused is told now."""
    _put_away()
    try:
        with handed_in(slip) as path:
            held = read_adjustments(path, campaign, UPLOAD)
        visitors.carry_out(visit, text("office.sheet.title", visit.language), partial(_taken_back, held))
    except CampaignError as problem:
        say(SHEET, sentence_of(problem, visit.language), is_done=False)
        return
    st.session_state[HELD] = held


def _taken_back(held: list[Adjustment], opened: Any, context: Any) -> None:
    with taken_back(opened):
        adjust_proposals(opened, held, context=context)


def _apply(held: list[Adjustment], visit: Visit) -> None:
    def change(opened: Any, context: Any) -> str:
        done = adjust_proposals(opened, held, context=context)
        return text("office.sheet.done", visit.language, count=formats.whole(done, visit.language))

    if carry_out(visit, SHEET, text("office.sheet.title", visit.language), change):
        _put_away()


TRIAL = "trial"
TRIED = "targets-tried"
"""The rule that is looked at, with its indicator: this visitor's own until it is put away."""
TRIAL_COLUMNS = ("number", "unit", "phase", "before", "after", "change")
CHOICES = {
    "uplift_kind": UPLIFT_KINDS,
    "phase_1": PHASE_1,
    "at_or_above": AT_OR_ABOVE,
}


def draw_trial(campaign: Campaign, choices: TargetChoices, visit: Visit) -> None:
    """The form, and what would change; a sentence where the indicator's rule leaves nothing to try."""
    language, indicator = visit.language, campaign.indicator(choices.indicator)
    with st.container(key="targets-trial", gap="small"):
        st.header(plain(text("office.trial.title", language, indicator=indicator.name.of(language))), anchor=False)
        show(TRIAL)
        if indicator.rule.kind != "central_plus":
            key = "explanation.not_meant" if indicator.rule.kind == "none" else "office.trial.fixed"
            st.markdown(plain(text(key, language)))
            return
        st.markdown(plain(text("office.trial.intro", language)))
        with st.form(f"targets-trial-form-{indicator.key}", border=True):
            _draw_form(indicator.rule, indicator.key, language)
            st.form_submit_button(
                text("office.trial.button", language), key="targets-trial-try", icon=":material/science:",
                on_click=_try, args=(indicator.key, indicator.rule, visit),
            )  # fmt: skip
        tried: tuple[str, Rule] | None = st.session_state.get(TRIED)
        if tried is not None and tried[0] == indicator.key:
            trial = answers.find_trial(visit.situation, indicator.key, tried[1])
            _draw_outcome(trial, campaign, choices.trial, visit)


def _draw_form(rule: Rule, key: str, language: str) -> None:
    uplift = formats.target_percent(rule.uplift, language).removesuffix("%")
    with st.grid(4, min_column_width=FILTER_WIDTH, vertical_alignment="bottom", gap="small"):
        st.text_input(
            text("office.trial.uplift", language), value=uplift, key=f"targets-trial-{key}-uplift", max_chars=12
        )  # fmt: skip
        for name, options in CHOICES.items():
            words = {option: text(f"office.trial.{name}_{option}", language) for option in options}
            st.selectbox(
                text(f"office.trial.{name}", language), options, index=options.index(getattr(rule, name)),
                format_func=words.__getitem__, key=f"targets-trial-{key}-{name}", filter_mode=None,
            )  # fmt: skip


def _try(key: str, rule: Rule, visit: Visit) -> None:
    chosen: dict[str, Any] = {name: st.session_state[f"targets-trial-{key}-{name}"] for name in CHOICES}
    try:
        uplift = read_percent(forms.typed(f"targets-trial-{key}-uplift"))
    except CampaignError as problem:
        _forget()
        say(TRIAL, sentence_of(problem, visit.language), is_done=False)
        return
    st.session_state[TRIED] = (key, replace(rule, uplift=uplift, **chosen))
    address.choose("trial", None)


def _forget() -> None:
    st.session_state.pop(TRIED, None)


def _draw_outcome(trial: RuleTrial, campaign: Campaign, asked: int, visit: Visit) -> None:
    language, indicator = visit.language, campaign.indicator(trial.indicator)
    changed = [target for target in trial.targets if target.is_changed]
    said = {"changed": formats.whole(trial.units_changed, language), "units": formats.whole(trial.units, language)}
    key = "outcome" if changed else "no_change"
    st.info(plain(text(f"office.trial.{key}", language, **said)), icon=":material/science:")
    screen = screen_of(asked, whole=len(changed), most=ROWS)
    shown = changed[screen.after : screen.after + ROWS]
    if shown:
        cells = [
            [
                formats.whole(number, language),
                plain(spread(target.name, NAME_LETTERS)),
                plain(campaign.phase(target.phase).name.of(language)),
                plain(decided(target.now, indicator, language)),
                plain(decided(target.tried, indicator, language)),
                plain(
                    "–" if target.now is None or target.tried is None
                    else formats.change(target.tried - target.now, indicator.measure, language)
                ),
            ]
            for number, target in enumerate(shown, start=screen.after + 1)
        ]  # fmt: skip
        titles = [plain(text(f"office.trial.column.{name}", language)) for name in TRIAL_COLUMNS]
        with st.container(key="targets-trial-table"):
            st.table(
                pd.DataFrame(cells, columns=titles), border="horizontal", hide_index=True,
                alt=text("office.trial.spoken", language),
            )  # fmt: skip
    forms.draw_screens("trial", screen, len(shown), visit)
    st.button(
        text("office.put_away", language), key="targets-trial-close", icon=":material/close:",
        on_click=_forget,
    )  # fmt: skip
