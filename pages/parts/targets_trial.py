"""Another rule tried out on one indicator: how many units' targets would change, and how. Nothing is saved."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from models import formats
from models.mistakes import sentence_of
from models.queries.proposals import RuleTrial
from models.texts import text
from pages.parts import answers, session, targets_desk
from pages.parts.feeds_choices import screen_of
from pages.parts.layout import FILTER_WIDTH
from pages.parts.markdown import plain
from pages.parts.page import Visit
from pages.parts.targets_choices import TargetChoices
from pages.parts.targets_views import NAME_LETTERS, percent, spread
from targets.errors import CampaignError
from targets.values import Campaign, Rule

SECTION = "trial"
TRIED = "targets-tried"
"""The rule that is looked at, with its indicator: this visitor's own until it is put away."""
ROWS = 25
COLUMNS = ("number", "unit", "phase", "before", "after", "change")
CHOICES = {
    "uplift_kind": ("points", "relative"),
    "phase_1": ("half_uplift", "midpoint"),
    "at_or_above": ("own_plus_uplift", "own_or_central_plus_uplift"),
}


def draw_trial(campaign: Campaign, choices: TargetChoices, visit: Visit) -> None:
    """The form, and what would change; a sentence where the indicator's rule leaves nothing to try."""
    language, indicator = visit.language, campaign.indicator(choices.indicator)
    with st.container(key="targets-trial", gap="small"):
        st.header(plain(text("office.trial.title", language, indicator=indicator.name.of(language))), anchor=False)
        targets_desk.draw_said(SECTION)
        if indicator.rule.kind != "central_plus":
            st.markdown(plain(text("office.trial.fixed", language)))
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
        uplift = targets_desk.read_percent(targets_desk.typed(f"targets-trial-{key}-uplift"))
    except CampaignError as problem:
        _forget()
        targets_desk.remember(SECTION, sentence_of(problem, visit.language), is_done=False)
        return
    st.session_state[TRIED] = (key, replace(rule, uplift=uplift, **chosen))
    session.choose("trial", None)


def _forget() -> None:
    st.session_state.pop(TRIED, None)


def _draw_outcome(trial: RuleTrial, campaign: Campaign, asked: int, visit: Visit) -> None:
    language = visit.language
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
                plain(percent(target.now, language)),
                plain(percent(target.tried, language)),
                plain(
                    "–" if target.now is None or target.tried is None
                    else formats.signed(target.tried - target.now, language)
                ),
            ]
            for number, target in enumerate(shown, start=screen.after + 1)
        ]  # fmt: skip
        titles = [plain(text(f"office.trial.column.{name}", language)) for name in COLUMNS]
        with st.container(key="targets-trial-table"):
            st.table(
                pd.DataFrame(cells, columns=titles), border="horizontal", hide_index=True,
                alt=text("office.trial.spoken", language),
            )  # fmt: skip
    targets_desk.draw_screens("trial", screen, len(shown), visit)
    st.button(
        text("office.put_away", language), key="targets-trial-close", icon=":material/close:",
        on_click=_forget,
    )  # fmt: skip
