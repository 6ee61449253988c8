"""The forms of the campaign's page: fields by groups, read back and put before whoever wants the change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from jobs.campaign_folder import OpenedFolder
from models.catalogue.editing import Edit
from models.catalogue.toml_table import EARLIEST, LATEST
from models.mistakes import sentence_of
from models.texts import text
from pages.parts import campaign_desk
from pages.parts.campaign_desk import Said
from pages.parts.campaign_fields import Field, edits_of, read_back, shown_day, shown_values, written
from pages.parts.campaign_words import Names, field_words
from pages.parts.markdown import plain
from targets.errors import CampaignError

FIELD_WIDTH = 220
"""Pixels a field takes at least: side by side on a desk, below one another on a phone."""
LONGEST = 1_000


@dataclass(frozen=True)
class Group:
    """Fields that stand together under a heading."""

    title: str
    fields: Sequence[Field]
    note: str = ""
    abreast: int = 3
    """How many fields stand side by side on a desk."""


def draw_form(part: str, groups: Sequence[Group], opened: OpenedFolder, names: Names) -> None:
    """The groups as one form with one button; nothing can be typed where the files cannot be changed."""
    fields = [field for group in groups for field in group.fields]
    seen = shown_values(opened.texts, fields)
    turn = f"campaign-{part}-{opened.seen.on_disk[:12]}"
    with st.form(f"{turn}-form", border=True):
        for group in groups:
            if group.title:
                st.subheader(plain(group.title), anchor=False)
            if group.note:
                st.caption(plain(group.note))
            with st.grid(group.abreast, min_column_width=FIELD_WIDTH, vertical_alignment="bottom", gap="small"):
                for field in group.fields:
                    _draw_field(field, seen[field.key], names, f"{turn}-{field.key}", is_fixed=not opened.is_editable)
        submit(
            part, opened, names.language,
            lambda: edits_of(fields, seen, {field.key: _typed(field, turn, names) for field in fields}),
        )  # fmt: skip


def submit(part: str, opened: OpenedFolder, language: str, edits: Callable[[], Sequence[Edit]], **named: str) -> None:
    """The button that puts what was typed before whoever typed it."""
    st.form_submit_button(
        named.get("label", text("campaign.foresee", language)), key=named.get("key", f"campaign-{part}-foresee"),
        icon=":material/preview:", disabled=not opened.is_editable,
        on_click=_want, args=(part, opened, language, edits),
    )  # fmt: skip


def _want(part: str, opened: OpenedFolder, language: str, edits: Callable[[], Sequence[Edit]]) -> None:
    try:
        campaign_desk.want(part, edits(), opened.seen, language)
    except CampaignError as problem:
        campaign_desk.say(Said(False, sentence_of(problem, language)))


def label_of(field: Field, names: Names) -> str:
    """A field's name; of knots, with the phase whose path they bend."""
    said = field_words(field.name, names.language)
    return f"{said} · {names.of('phases', field.phase)}" if field.phase else said


def _typed(field: Field, turn: str, names: Names) -> Any:
    return read_back(field, st.session_state.get(f"{turn}-{field.key}"), label_of(field, names))


def _draw_field(field: Field, value: Any, names: Names, key: str, *, is_fixed: bool) -> None:
    label = label_of(field, names)
    told: dict[str, Any] = {"key": key, "disabled": is_fixed}
    if field.kind == "flag":
        st.checkbox(label, value=bool(value), **told)
    elif field.kind == "day":
        st.date_input(label, value=shown_day(value), min_value=EARLIEST, max_value=LATEST, format="DD/MM/YYYY", **told)
    elif field.kind == "choice":
        words = {option: _option(option, names.language) for option in field.options}
        at = field.options.index(value) if value in field.options else 0
        st.selectbox(label, field.options, index=at, format_func=words.__getitem__, filter_mode=None, **told)
    elif field.kind == "sources":
        st.multiselect(
            label, field.options, default=[each for each in value or () if each in field.options],
            format_func=lambda each: names.of("sources", each),
            placeholder=text("campaign.choose_sources", names.language), **told,
        )  # fmt: skip
    else:
        st.text_input(label, value=written(field, value, names.language), max_chars=LONGEST, **told)


def _option(option: str, language: str) -> str:
    return text(f"campaign.option.{option}", language) if option else text("campaign.as_level", language)
