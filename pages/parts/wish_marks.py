"""“đang rà soát” beside every figure that is being checked, laid over finished views: it comes and goes by itself."""

from dataclasses import replace

import streamlit as st

from models import formats
from models.texts import text
from pages.parts import wish_answers
from pages.parts.gap_tables import HeatRow, HeatView, TableRow
from pages.parts.gap_views import GapView
from pages.parts.markdown import plain
from pages.parts.overview_blocks import FocusView, PressedView, UnitView
from pages.parts.page import Visit


def draw_review(unit: str, indicator: str, visit: Visit) -> None:
    """The mark with its deadline, where the figure of a unit is being checked."""
    deadline = wish_answers.find_under_review(visit.situation).get((unit, indicator))
    if deadline is not None:
        until = formats.day(deadline, visit.language)
        st.markdown(f"**{plain(text('wishes.review.until', visit.language, date=until))}**")


def reviewed_focus(view: FocusView, visit: Visit) -> FocusView:
    """The overview's units to be pressed, with those marked whose figure is being checked."""
    checked = _checked(view.indicator, visit)
    if not checked:
        return view
    mark = text("wishes.review.mark", visit.language)

    def unit(known: UnitView) -> UnitView:
        return replace(known, details=(mark, *known.details)) if known.code in checked else known

    def level(known: PressedView) -> PressedView:
        return replace(known, units=tuple(map(unit, known.units)), external=tuple(map(unit, known.external)))

    return replace(view, pressed=tuple(map(level, view.pressed)))


def reviewed_gaps(view: GapView, heat: HeatView, indicator: str, visit: Visit) -> tuple[GapView, HeatView]:
    """Both tables of the page of gaps, with the figures marked that are being checked."""
    under_review = wish_answers.find_under_review(visit.situation)
    if not under_review:
        return view, heat
    mark = text("wishes.review.mark", visit.language)
    checked = _checked(indicator, visit)

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


def _checked(indicator: str, visit: Visit) -> frozenset[str]:
    """Codes of the units whose figure of an indicator is being checked."""
    under_review = wish_answers.find_under_review(visit.situation)
    return frozenset(unit for unit, key in under_review if key == indicator)
