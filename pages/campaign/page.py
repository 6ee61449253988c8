"""Chiến dịch: what the campaign's files hold, seen, checked and changed; and what is still missing."""

from dataclasses import dataclass

import streamlit as st

from jobs.campaigns.folder import OpenedFolder, find_settled, open_folder
from jobs.campaigns.missing import Beside, Missing, find_beside, find_missing
from jobs.imports.values import UnitRecord
from jobs.intake.file_reads import unit_records
from models.campaign.files import FilesFollowed, find_followed_since
from models.core import formats
from models.core.store import open_store
from models.core.texts import text
from pages.campaign import forms
from pages.campaign.forms import draw_changes
from pages.campaign.sections import PARTS, draw_choice, draw_part
from pages.campaign.words import Names, problem_words
from pages.kit import address, answers
from pages.kit.address import Asking, in_language, link
from pages.kit.forms import show
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit
from targets.permissions import Permission


@dataclass(frozen=True)
class Asked:
    """All that the page shows, asked anew at every run: files may change without the store knowing."""

    opened: OpenedFolder
    names: Names
    missing: list[Missing]
    beside: Beside | None
    units: tuple[UnitRecord, ...]
    versions: list[FilesFollowed]


def draw(visit: Visit) -> None:
    """The sentence first, then how files and store are to each other, what is being changed, and one part."""
    language = visit.language
    address.confirm_address()
    asked = _ask(visit)
    opened, names = asked.opened, asked.names
    asking = Asking(address.current_query(), language)
    part = asking.one_of("part", PARTS) or PARTS[0]
    visit.ignored.extend(asking.ignored)
    st.title(plain(headline(asked.missing, names)), anchor=False)
    show(forms.PLACE)
    draw_state(opened, asked.beside, names)
    forms.draw_wanted(opened, names, visit)
    draw_choice(part, language)
    if part == PARTS[0]:
        draw_missing(asked.missing, names)
    else:
        draw_part(part, opened, names, visit, units=asked.units, versions=asked.versions)


def _ask(visit: Visit) -> Asked:
    settings, language = answers.settings(), visit.language
    store = open_store(settings)
    find_settled(store, settings)
    with store.reading() as opened_store:
        opened = open_folder(opened_store, settings)
        units = unit_records(opened_store)
        names = forms.find_names(opened_store, units, language)
        source = text("campaign.entered_on_page", "vi")
        return Asked(
            opened=opened,
            names=names,
            missing=find_missing(opened_store, on=visit.situation.today),
            beside=(
                find_beside(opened_store, opened.files, source=source)
                if opened.files is not None and opened.is_followed
                else None
            ),
            units=units,
            versions=find_followed_since(opened_store, ""),
        )


PAGE = Page("campaign", "campaign", draw, permission=Permission.CHANGE_CAMPAIGN)


PLACES = {
    "central": ("campaign", "central"), "head": ("campaign", "heads"), "phone": ("campaign", "heads"),
    "baseline": ("upload", ""), "baseline_fixed": ("upload", ""), "secret": ("campaign", "sources"),
    "no_source": ("campaign", "sources"), "untaken": ("campaign", "indicators"), "bands": ("campaign", "limits"),
}  # fmt: skip
"""Where each thing that is missing is mended: the address, and the part of this page."""
MISTAKES = 12


def headline(missing: list[Missing], names: Names) -> str:
    """The page's one sentence."""
    name = names.campaign.short_title.of(names.language)
    if not missing:
        return text("campaign.headline_whole", names.language, campaign=name)
    count = formats.whole(len(missing), names.language)
    return text("campaign.headline", names.language, campaign=name, count=count)


def draw_state(opened: OpenedFolder, beside: Beside | None, names: Names) -> None:
    """Whether the files can be changed from here, and what stands only on one side; nothing where all is well."""
    language = names.language
    if opened.folder is None:
        st.warning(plain(text("campaign.no_folder", language)), icon=":material/folder_off:")
    elif opened.other_campaign is not None:
        said = text("campaign.other_folder", language, folder=str(opened.folder), key=opened.other_campaign)
        st.warning(plain(said), icon=":material/folder_off:")
    elif opened.problems:
        lines = "".join(f"\n- {plain(problem_words(problem, names))}" for problem in opened.problems[:MISTAKES])
        st.error(plain(text("campaign.mistakes", language)) + lines, icon=":material/error:")
    elif not opened.is_followed:
        _draw_waiting(opened, names)
    if opened.folder is not None and not opened.is_writable:
        said = text("campaign.read_only", language, folder=str(opened.folder))
        st.info(plain(said), icon=":material/lock:")
    if beside is not None and beside.edits:
        _draw_beside(beside, opened, names)


def _draw_waiting(opened: OpenedFolder, names: Names) -> None:
    """What somebody wrote into the files and nobody has taken over."""
    language = names.language
    with st.container(border=True, key="campaign-waiting", gap="small"):
        key = "waiting" if opened.waiting else "waiting_unknown"
        st.warning(plain(text(f"campaign.{key}", language)), icon=":material/sync_problem:")
        if opened.waiting:
            draw_changes(opened.waiting, names)
        st.button(
            text("campaign.follow", language), key="campaign-follow", icon=":material/preview:",
            on_click=forms.want_to_follow, args=(opened.seen,),
        )  # fmt: skip


def _draw_beside(beside: Beside, opened: OpenedFolder, names: Names) -> None:
    """What was imported or entered elsewhere and does not stand in the files."""
    language = names.language
    with st.expander(
        text("campaign.beside", language, count=formats.whole(len(beside.changes), language)), key="campaign-beside"
    ):
        st.markdown(plain(text("campaign.beside_what", language)))
        draw_changes(beside.changes, names)
        st.button(
            text("campaign.beside_write", language), key="campaign-beside-write", icon=":material/preview:",
            disabled=not opened.is_editable, on_click=forms.want,
            args=("missing", beside.edits, opened.seen, language),
        )  # fmt: skip


def draw_missing(missing: list[Missing], names: Names) -> None:
    """Each thing that is missing in a sentence, with the way to where it is mended."""
    language = names.language
    st.header(text("campaign.part.missing", language), anchor=False)
    if not missing:
        st.markdown(plain(text("campaign.missing_none", language)))
    for number, each in enumerate(missing):
        place, part = PLACES[each.kind]
        query = {"part": part} if part else {}
        if each.kind == "untaken":
            query["indicator"] = names.campaign.indicators[0].key
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"campaign-missing-{number}"):
            st.markdown(f":material/radio_button_unchecked: {plain(missing_words(each, names))}", width="content")
            label = text(f"campaign.mend.{each.kind}", language)
            link(place, label, in_language(query, language), language=language)


def missing_words(each: Missing, names: Names) -> str:
    """One thing that is missing, with how many and some by name."""
    language = names.language
    count, whole = formats.whole(each.count, language), formats.whole(each.whole, language)
    if each.kind == "central":
        said = ", ".join(names.of("indicators", key) for key in each.named)
        return text("campaign.missing.central", language, indicators=said)
    if each.kind in ("head", "phone"):
        return text(f"campaign.missing.{each.kind}", language, count=count, whole=whole, units=_some(each, language))
    if each.kind in ("baseline", "baseline_fixed"):
        indicator, year = names.of("indicators", each.subject), str(names.campaign.baseline_year)
        reported = {
            "count": count,
            "whole": whole,
            "indicator": indicator,
            "year": year,
            "units": _some(each, language),
        }
        return text(f"campaign.missing.{each.kind}", language, **reported)
    if each.kind == "secret":
        source = names.of("sources", each.subject)
        return text("campaign.missing.secret", language, source=source, variable=each.named[0])
    if each.kind == "untaken":
        return text("campaign.missing.untaken", language, source=names.of("sources", each.subject))
    return text(f"campaign.missing.{each.kind}", language)


def _some(each: Missing, language: str) -> str:
    said = ", ".join(each.named)
    return text("campaign.and_others", language, units=said) if each.count > len(each.named) else said
