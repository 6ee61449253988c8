"""One change of the campaign at a time: put together in a form, looked at, then made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from jobs.campaigns.changing import EditConflict, Foreseen, OpenedCampaign, change_campaign, foresee
from models.campaign.actions import Founding
from models.catalogue.changes import Change
from models.catalogue.editing import Edit
from models.catalogue.toml_table import EARLIEST, LATEST
from models.core import formats
from models.core.store import StoreSession
from models.core.texts import sentence_of, text
from models.results.inputs import load_campaign
from models.units.queries import find_units
from pages.campaign.fields import Field, edits_of, read_back, shown_day, shown_values, written
from pages.campaign.words import Names, field_words, place_words, problem_words, value_words
from pages.kit import answers, visitors
from pages.kit.forms import say
from pages.kit.markdown import plain
from pages.kit.page import Visit
from targets.errors import CampaignError, CampaignFilesError
from targets.values import Unit

PLACE, WANTED = "campaign", "campaign-wanted"
"""Where it is said what the last step came to, and the change that is being looked at; of one page in one session."""
LISTED = 12
"""Places of a change that are drawn one by one."""
LONGEST_REASON, LONGEST_DOCUMENT = 300, 100
TRYING = "try"
"""The reason of a trial, which leaves no trace."""


@dataclass(frozen=True)
class Wanted:
    """A change that somebody put together, and the version of the campaign that they knew then."""

    edits: tuple[Edit, ...]
    seen: int


def find_names(session: StoreSession, units: Sequence[Unit], language: str) -> Names:
    """What the campaign calls things now."""
    return Names(load_campaign(session), {unit.code: unit.name for unit in units}, language)


def want(edits: Sequence[Edit], seen: int, language: str) -> None:
    """Put a change before whoever wants it; nothing is one where no field was changed."""
    if edits:
        st.session_state[WANTED] = Wanted(tuple(edits), seen)
    else:
        st.session_state.pop(WANTED, None)
        say(PLACE, text("campaign.no_change", language), is_done=False)


def draw_wanted(opened: OpenedCampaign, names: Names, visit: Visit) -> None:
    """The change that is being looked at: old and new, what would follow, and the two ways on."""
    wanted: Wanted | None = st.session_state.get(WANTED)
    if wanted is None:
        return
    language = visit.language
    try:
        with st.spinner(text("campaign.trying", language)):
            foreseen = _foresee(wanted, visit)
    except EditConflict as problem:
        _draw_meanwhile(problem, wanted, opened, names, language)
        return
    except CampaignFilesError as mistakes:
        lines = "".join(f"\n- {plain(problem_words(problem, names))}" for problem in mistakes.problems)
        st.error(plain(text("campaign.refused", language)) + lines, icon=":material/error:")
        st.button(text("campaign.put_away", language), key="campaign-put-away", on_click=_forget)
        return
    except CampaignError as problem:
        st.error(plain(sentence_of(problem, language)), icon=":material/error:")
        _forget()
        return
    if foreseen.is_nothing:
        _forget()
        st.info(plain(text("campaign.no_change", language)), icon=":material/info:")
        return
    _draw_foreseen(foreseen, wanted, names, visit)


def _foresee(wanted: Wanted, visit: Visit) -> Foreseen:
    context = visitors.context_of(visit, TRYING)
    store = answers.store(visit.situation)
    return foresee(store, wanted.edits, seen=wanted.seen, as_of=visit.situation.today, context=context)


def _draw_foreseen(foreseen: Foreseen, wanted: Wanted, names: Names, visit: Visit) -> None:
    language = visit.language
    with st.container(border=True, key="campaign-preview", gap="small"):
        st.subheader(text("campaign.preview", language), anchor=False)
        draw_changes(foreseen.changes, names)
        st.markdown(plain(_consequences(foreseen, language)))
        for change in foreseen.staying[:LISTED]:
            st.markdown(plain(text("campaign.stays", language, place=place_words(change, names))))
        with st.form("campaign-confirm", border=False):
            st.text_input(
                text("campaign.reason", language), key="campaign-reason", max_chars=LONGEST_REASON,
                placeholder=text("campaign.reason_hint", language),
            )  # fmt: skip
            st.text_input(
                text("campaign.document", language), key="campaign-document", max_chars=LONGEST_DOCUMENT,
                placeholder=text("campaign.document_hint", language),
            )  # fmt: skip
            with st.container(horizontal=True, gap="small"):
                st.form_submit_button(
                    text("campaign.save", language), key="campaign-save", type="primary", icon=":material/save:",
                    on_click=_save, args=(wanted, visit),
                )  # fmt: skip
                st.form_submit_button(text("campaign.put_away", language), key="campaign-put-away", on_click=_forget)


def draw_changes(changes: Sequence[Change], names: Names) -> None:
    """Old and new, place by place; the first dozen one by one, the others counted."""
    st.markdown("\n".join(f"- {plain(_change_line(change, names))}" for change in changes[:LISTED]))
    if len(changes) > LISTED:
        more = formats.whole(len(changes) - LISTED, names.language)
        st.caption(plain(text("campaign.more", names.language, count=more)))


def _change_line(change: Change, names: Names) -> str:
    old, new = (value_words(change.key, value, names) for value in (change.old, change.new))
    return text("campaign.change", names.language, place=place_words(change, names), old=old, new=new)


def _consequences(foreseen: Foreseen, language: str) -> str:
    if not (foreseen.targets or foreseen.standings):
        return text("campaign.no_consequence", language)
    reported = {"targets": formats.whole(foreseen.targets, language), "units": formats.whole(foreseen.units, language)}
    return text(
        "campaign.consequence", language, **reported, standings=formats.whole(foreseen.standings, language)
    )  # fmt: skip


def _draw_meanwhile(problem: EditConflict, wanted: Wanted, opened: OpenedCampaign, names: Names, language: str) -> None:
    """What somebody else changed since; the own change may be looked at again on top of it."""
    lines = "".join(f"\n- {plain(_change_line(change, names))}" for change in problem.changes[:LISTED])
    st.warning(plain(sentence_of(problem, language)) + lines, icon=":material/warning:")
    with st.container(horizontal=True, gap="small"):
        if opened.is_editable:
            st.button(
                text("campaign.again", language), key="campaign-again", icon=":material/refresh:",
                on_click=_want_again, args=(replace(wanted, seen=opened.version),),
            )  # fmt: skip
        st.button(text("campaign.put_away", language), key="campaign-put-away", on_click=_forget)


def _want_again(wanted: Wanted) -> None:
    st.session_state[WANTED] = wanted


def _forget() -> None:
    st.session_state.pop(WANTED, None)


def _save(wanted: Wanted, visit: Visit) -> None:
    language = visit.language
    reason, document = (str(st.session_state.get(f"campaign-{name}") or "").strip() for name in ("reason", "document"))

    def change(opened: Any, context: Any) -> Founding:
        return change_campaign(opened, wanted.edits, seen=wanted.seen, context=context)

    try:
        done = visitors.carry_out(visit, reason, change, document=document)
    except EditConflict:
        return  # the drawing that follows says what is other now
    except CampaignError as problem:
        say(PLACE, sentence_of(problem, language), is_done=False)
        return
    _forget()
    count = formats.whole(len(done.differences), language)
    with answers.store(visit.situation).reading() as opened_store:
        names = find_names(opened_store, find_units(opened_store), language)
    lines = [_change_line(difference, names) for difference in done.differences[:LISTED]]
    say(PLACE, text("campaign.saved", language, count=count), is_done=True, lines=lines)


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


def draw_form(part: str, groups: Sequence[Group], opened: OpenedCampaign, names: Names) -> None:
    """The groups as one form with one button; nothing can be typed where the files cannot be read."""
    fields = [field for group in groups for field in group.fields]
    seen = shown_values(opened.texts, fields)
    turn = f"campaign-{part}-{opened.version}"
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


def submit(part: str, opened: OpenedCampaign, language: str, edits: Callable[[], Sequence[Edit]], **named: str) -> None:
    """The button that puts what was typed before whoever typed it."""
    st.form_submit_button(
        named.get("label", text("campaign.foresee", language)), key=named.get("key", f"campaign-{part}-foresee"),
        icon=":material/preview:", disabled=not opened.is_editable,
        on_click=_want, args=(opened, language, edits),
    )  # fmt: skip


def _want(opened: OpenedCampaign, language: str, edits: Callable[[], Sequence[Edit]]) -> None:
    try:
        want(edits(), opened.version, language)
    except CampaignError as problem:
        say(PLACE, sentence_of(problem, language), is_done=False)


def label_of(field: Field, names: Names) -> str:
    """A field's name; of knots, with the phase whose path they bend."""
    said = field_words(field.name, names.language)
    return f"{said} · {names.of('phases', field.phase)}" if field.phase else said


def _typed(field: Field, turn: str, names: Names) -> Any:
    return read_back(field, st.session_state.get(f"{turn}-{field.key}"), label_of(field, names))


def _draw_field(field: Field, value: Any, names: Names, key: str, *, is_fixed: bool) -> None:
    label = label_of(field, names)
    reported: dict[str, Any] = {"key": key, "disabled": is_fixed}
    if field.kind == "flag":
        st.checkbox(label, value=bool(value), **reported)
    elif field.kind == "day":
        st.date_input(
            label, value=shown_day(value), min_value=EARLIEST, max_value=LATEST, format="DD/MM/YYYY", **reported
        )
    elif field.kind == "choice":
        words = {option: _option(option, names.language) for option in field.options}
        at = field.options.index(value) if value in field.options else 0
        st.selectbox(label, field.options, index=at, format_func=words.__getitem__, filter_mode=None, **reported)
    elif field.kind == "sources":
        st.multiselect(
            label, field.options, default=[each for each in value or () if each in field.options],
            format_func=lambda each: names.of("sources", each),
            placeholder=text("campaign.choose_sources", names.language), **reported,
        )  # fmt: skip
    else:
        st.text_input(label, value=written(field, value, names.language), max_chars=LONGEST, **reported)


def _option(option: str, language: str) -> str:
    return text(f"campaign.option.{option}", language) if option else text("campaign.as_level", language)
