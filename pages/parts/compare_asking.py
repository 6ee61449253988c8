"""The choices of the page of comparisons as widgets: they show what the address says, and change it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import streamlit as st

from models import formats
from models.texts import text
from pages.parts import session
from pages.parts.compare_choices import MOST_SLOWEST, MOST_UNITS, MOST_UPLIFT, SECTIONS, STEP, CompareChoices
from pages.parts.unit_answers import Findable

NONE = ""
PLENTY = Decimal(20)
"""An uplift that the slider offers; a larger one can be written into the address."""
FEW = 40
"""Up to so many values are picked from a list; among more, typing finds them."""


def draw_sections(choices: CompareChoices, year: int, language: str) -> None:
    """The parts of the page; the one looked at stands in the address."""
    st.session_state["compare-section"] = choices.section
    st.segmented_control(
        text("compare.section.label", language),
        SECTIONS,
        format_func=lambda section: text(
            f"compare.section.{section}", language, **({"year": year} if section == "slope" else {})
        ),
        key="compare-section",
        label_visibility="collapsed",
        required=True,
        on_change=_choose,
        args=("section",),
    )


def draw_choice(name: str, options: Mapping[str, str], chosen: str, language: str) -> None:
    """A choice from a list; the first one is the default and stands in no address."""
    key = f"compare-{name}"
    st.session_state[key] = chosen
    st.selectbox(
        text(f"compare.choice.{name}", language), list(options), key=key, format_func=options.__getitem__,
        filter_mode=None if len(options) <= FEW else "contains", on_change=_choose, args=(name,),
    )  # fmt: skip


def draw_units(findables: Sequence[Findable], units: Sequence[str], language: str) -> None:
    """Units picked by name; without one the page takes those that say most."""
    labels = {unit.code: unit.label for unit in findables}
    words = {unit.code: unit.words for unit in findables}
    st.session_state["compare-units"] = [code for code in units if code in labels]
    st.multiselect(
        text("compare.choice.units", language, most=MOST_UNITS), list(words), key="compare-units",
        format_func=lambda code: words[code].split("  (")[0] if code in units else words[code],
        placeholder=text("progress.subject_hint", language), select_all=False, on_change=_choose_units,
    )  # fmt: skip


def draw_amount(choices: CompareChoices, uplift: Decimal, language: str) -> None:
    """How much of a "what if": how many units, or which uplift."""
    if choices.scene == "slowest":
        st.session_state["compare-n"] = choices.slowest
        st.slider(text("compare.choice.n", language), 1, MOST_SLOWEST, key="compare-n", on_change=_choose, args=("n",))
    if choices.scene == "uplift":
        shown = uplift if choices.uplift is None else choices.uplift
        st.session_state["compare-uplift"] = float(shown)
        most = PLENTY if shown <= PLENTY else MOST_UPLIFT
        st.slider(
            text("compare.choice.uplift", language, now=formats.target_percent(uplift, language).removesuffix("%")),
            0.0, float(most), step=float(STEP), key="compare-uplift", format="%.1f", on_change=_choose_uplift,
        )  # fmt: skip


def _choose(name: str) -> None:
    """A choice was changed: on to its value, at the first screen of every list."""
    chosen = st.session_state[f"compare-{name}"]
    session.choose("page", None)
    session.choose(name, None if chosen in (None, NONE) else str(chosen))


def _choose_units() -> None:
    session.choose("page", None)
    session.choose("units", ",".join(st.session_state["compare-units"]) or None)


def _choose_uplift() -> None:
    chosen = Decimal(str(st.session_state["compare-uplift"]))
    session.choose("page", None)
    session.choose("uplift", str(chosen.quantize(STEP) if chosen % 1 else chosen.to_integral_value()))
