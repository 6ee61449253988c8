"""Chiến dịch: what the campaign is, seen, checked and changed; and what is still missing."""

from dataclasses import dataclass

import streamlit as st

from jobs.campaigns.changing import OpenedCampaign, open_campaign
from jobs.campaigns.missing import Missing, find_missing
from models.campaign.files import FilesVersion, find_versions_since
from models.core import formats
from models.core.texts import text
from models.units.queries import find_units
from pages.campaign import forms
from pages.campaign.sections import PARTS, draw_choice, draw_part
from pages.campaign.words import Names, problem_words
from pages.kit import address, answers
from pages.kit.address import Asking, in_language, link
from pages.kit.forms import show
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit
from targets.permissions import Permission
from targets.values import Unit


@dataclass(frozen=True)
class Asked:
    """All that the page shows."""

    opened: OpenedCampaign
    names: Names
    missing: list[Missing]
    units: tuple[Unit, ...]
    versions: list[FilesVersion]


def draw(visit: Visit) -> None:
    """The sentence first, then what is being changed, and one part."""
    language = visit.language
    address.confirm_address()
    asked = _ask(visit)
    opened, names = asked.opened, asked.names
    asking = Asking(address.current_query(), language)
    part = asking.one_of("part", PARTS) or PARTS[0]
    visit.ignored.extend(asking.ignored)
    st.title(plain(headline(asked.missing, names)), anchor=False)
    show(forms.PLACE)
    draw_state(opened, names)
    forms.draw_wanted(opened, names, visit)
    draw_choice(part, language)
    if part == PARTS[0]:
        draw_missing(asked.missing, names)
    else:
        draw_part(part, opened, names, visit, units=asked.units, versions=asked.versions)


def _ask(visit: Visit) -> Asked:
    with answers.store(visit.situation).reading() as session:
        units = find_units(session)
        return Asked(
            opened=open_campaign(session),
            names=forms.find_names(session, units, visit.language),
            missing=find_missing(session, on=visit.situation.today),
            units=units,
            versions=find_versions_since(session, 0),
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


def draw_state(opened: OpenedCampaign, names: Names) -> None:
    """Why nothing can be changed here, where that is so: files that this program cannot read, or none yet."""
    if opened.is_editable or opened.is_archived:
        return
    lines = "".join(f"\n- {plain(problem_words(problem, names))}" for problem in opened.problems[:MISTAKES])
    st.error(plain(text("campaign.not_readable", names.language)) + lines, icon=":material/error:")


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
