"""Điểm chính thức: the scores and ranks that sources publish, with their date, in the lists that offices send.

They are shown as told and stand apart from rates: a score is never worked out from a percent
(campaign.md, "Six indicators").
"""

from functools import partial

import pandas as pd
import streamlit as st

from models.core.texts import text
from models.results.scores import ScoreRow, ScoreSet
from pages.charts.layout import SEARCH_WIDTH, SUBJECT_WIDTH
from pages.kit import address, answers
from pages.kit.address import Choices, Ignored
from pages.kit.downloads import draw_download
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit
from pages.progress import data as progress_data
from pages.scores.view import ListView, ScoreFile, ScoresView, file_name, score_file, scores_view
from targets.values import Campaign

MIMES: dict[ScoreFile, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
EVERY = ""
"""What the choice of a level holds while all are shown."""


def draw(visit: Visit) -> None:
    """Which table of scores and which level; then its lists and its files."""
    campaign = answers.find_campaign(visit.situation)
    choices = visit.choices
    as_of = choices.as_of or visit.situation.today
    sets = progress_data.find_sets(visit.situation, as_of=as_of)
    if not sets:
        st.title(text("scores.empty", visit.language), anchor=False)
        st.markdown(plain(text("scores.empty_what", visit.language)))
        return
    asked = address.current_query().get("set")
    shown = next((one for one in sets if asked in (one.key, one.plain_key)), sets[0])
    if asked not in (None, shown.key, shown.plain_key):
        visit.ignored.append(Ignored("set", asked or "", text("scores.unknown_set", visit.language)))
    rows = progress_data.find_rows(visit.situation, shown.key, as_of=as_of)
    view = scores_view(sets, shown, rows, campaign, level=choices.level, language=visit.language)
    st.title(plain(view.headline), anchor=False)
    st.markdown(plain(view.reported))
    _draw_choices(view, shown, choices)
    for found in view.lists:
        _draw_list(found, view, choices)
    _draw_files(shown, rows, campaign, visit, choices)
    st.caption(plain(" ".join(view.notes)))


def _draw_choices(view: ScoresView, shown: ScoreSet, choices: Choices) -> None:
    """What is chosen goes into the address and comes from nowhere else."""
    language = choices.language
    st.session_state["scores-set"] = shown.key
    st.session_state["scores-level"] = choices.level or EVERY
    levels = {EVERY: text("scores.level_all", language), **dict(view.levels)}
    if choices.level is not None:
        levels.setdefault(choices.level, choices.level)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="scores-choices"):
        st.selectbox(
            text("scores.set", language), [key for key, _ in view.sets], key="scores-set", filter_mode=None,
            format_func=dict(view.sets).__getitem__,
            on_change=address.choose_from, args=("set", "scores-set"), width=SEARCH_WIDTH,
        )  # fmt: skip
        st.selectbox(
            text("scores.level", language), list(levels), key="scores-level", filter_mode=None,
            format_func=levels.__getitem__,
            on_change=address.choose_from, args=("level", "scores-level"), width=SUBJECT_WIDTH,
        )  # fmt: skip


def _draw_list(found: ListView, view: ScoresView, choices: Choices) -> None:
    st.header(plain(found.title), anchor=False)
    cells = [[plain(cell) for cell in line.cells] for line in found.lines]
    with st.container(key=f"scores-{found.key}-stacked"):
        table = pd.DataFrame(cells, columns=[plain(title) for title in view.columns])
        st.table(table, border="horizontal", hide_index=True, alt=found.spoken)
    if found.more:
        st.caption(plain(found.more))


def _draw_files(shown: ScoreSet, rows: list[ScoreRow], campaign: Campaign, visit: Visit, choices: Choices) -> None:
    """Files are made when they are asked for, not with every click."""
    with st.container(horizontal=True, gap="small", key="scores-files"):
        for kind, mime in MIMES.items():
            draw_download(
                text(f"scores.download_{kind}", visit.language),
                partial(
                    score_file, shown, rows, campaign, level=choices.level, kind=kind,
                    updated=visit.situation.updated, language=visit.language,
                ),
                visit=visit,
                subject="scores",
                file_name=file_name(shown, kind=kind, language=visit.language),
                mime=mime,
                key=f"scores-{kind}",
                narrowed={"set": shown.key, **({} if choices.level is None else {"level": choices.level})},
            )  # fmt: skip


PAGE = Page(key="scores", address="scores", draw=draw)
