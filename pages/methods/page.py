"""Cách tính: what each figure means, where its definition comes from, which limits are in use, and what it is worth."""

import pandas as pd
import streamlit as st

from models.core.texts import text
from pages.charts.layout import CHECK_COLUMNS
from pages.kit import answers
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit
from pages.methods.view import CheckView, MethodsView, MethodView, Rows, methods_view
from pages.progress import data as progress_data


def draw(visit: Visit) -> None:
    """What projections were worth first: whether the rest may be believed. Then the limits, then each method."""
    campaign = answers.find_campaign(visit.situation)
    view = methods_view(campaign, progress_data.find_record(), visit.language)
    st.title(plain(view.headline), anchor=False)
    if view.check is None:
        st.info(plain(text("methods.no_record", visit.language)), icon=":material/info:")
    else:
        _draw_check(view.check, visit.language)
    _draw_limits(view, visit.language)
    for group, methods in view.groups:
        st.header(plain(group), anchor=False)
        for method in methods:
            _draw_method(method, visit.language)


def _draw_check(check: CheckView, language: str) -> None:
    st.header(text("methods.check", language), anchor=False)
    st.caption(plain(check.made_on))
    st.caption(plain(check.known_limits))
    _draw_table(check.rows, check.columns, check.spoken, key="methods-check")
    with st.expander(text("methods.kinds", language), key="methods-kinds"):
        _draw_table(check.kinds, check.columns, check.spoken, key="methods-kinds-table")
    chart, words = st.columns(CHECK_COLUMNS, gap="large")
    with chart:
        st.markdown(f"**{plain(text('methods.calibration', language))}**")
        st.vega_lite_chart(spec=check.calibration, width="stretch", alt=check.calibration_spoken)
    with words:
        st.caption(plain(text("methods.calibration_note", language)))


def _draw_limits(view: MethodsView, language: str) -> None:
    st.header(text("methods.limits", language), anchor=False)
    _draw_table(view.limits, view.limits_columns, text("methods.limits_spoken", language), key="methods-limits")
    st.caption(plain(text("methods.limits_note", language)))


def _draw_table(rows: Rows, columns: tuple[str, ...], spoken: str, *, key: str) -> None:
    table = pd.DataFrame([[plain(cell) for cell in row] for row in rows], columns=[plain(title) for title in columns])
    with st.container(key=key):
        st.table(table, border="horizontal", hide_index=True, alt=spoken)


def _draw_method(method: MethodView, language: str) -> None:
    with st.container(key=f"method-{method.key}", gap="xxsmall"):
        st.markdown(f"**{plain(method.name)}**. {plain(method.meaning)}")
        st.caption(plain(f"{method.measure} · {method.source}"))
        with st.expander(text("methods.definition", language), key=f"definition-{method.key}"):
            st.code(f"{method.place}\n\n{method.definition}", language=None, wrap_lines=True)


PAGE = Page(key="methods", address="methods", draw=draw, keeps_to_branch=True)
