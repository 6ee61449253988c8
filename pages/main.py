"""The frame around every page: language, navigation, what must be said about the figures, and kind words on mistakes.

This is the script that Streamlit runs. It stands inside `pages/` on purpose: beside a `pages/` folder, Streamlit would
serve each module of it as a page of its own, without ever running this frame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from models.core import formats
from models.core.texts import sentence_of, text
from pages.feeds.drawing import draw_strip
from pages.kit import answers, visitors
from pages.kit.address import (
    Choices,
    Ignored,
    current_query,
    current_theme,
    go,
    language_of,
    read_choices,
    settled,
)
from pages.kit.bar import draw_bar, draw_language, draw_past, way_out
from pages.kit.campaigns import draw_campaigns, named
from pages.kit.markdown import plain
from pages.kit.page import ADDRESSES, SECTIONS, Page, Situation, Visit, registered
from targets.errors import CampaignError, StoreNotReady
from targets.permissions import Permission, Refused, check_may, may_somewhere
from targets.values import Campaign

ICON = Path(__file__).parent / "assets" / "icon.png"
# Where those who head a unit begin, and where administrators make accounts for others.
OWN_UNIT, ACCOUNTS = "unit", "accounts"
BEGUN, LOOKED_AT = "begun", "looked-at-campaign"


def draw_frame() -> None:
    """One run: who looks, which page, then what stands above it, the page, and what stands below."""
    query = current_query()
    language = language_of(query)
    situation: Situation | None = None
    campaign: Campaign | None = None
    visit: Visit | None = None
    problem: CampaignError | None = None
    try:
        situation = answers.find_situation(_campaign_of(query))
        campaign = answers.find_campaign(situation)
    except CampaignError as error:
        problem = error
    if situation is not None:
        actor = visitors.current_actor(situation)
        if actor is None:
            _draw_sign_in(language)
            return
        if campaign is not None:
            _begin_anew(situation)
            choices = _choices(query, situation, campaign)
            visit = Visit(choices, current_theme(), situation, actor, list(choices.ignored))

    entries = _entries(visit, language)
    navigation = st.navigation(_sections(entries, language), position="top")
    st.set_page_config(
        page_title=f"{navigation.title} · {text('product', language)}", page_icon=str(ICON), layout="wide"
    )
    st.logo(str(ICON), size="large")
    if visit is None or campaign is None:
        draw_language(language)
    else:
        draw_bar(visit, campaign, registered()[navigation.url_path])
        try:
            _draw_notices(visit, campaign, navigation.url_path)
            above = st.container()
            try:
                navigation.run()
            finally:
                if visit.ignored:
                    ignored = "  \n".join(plain(each.sentence(visit.language)) for each in visit.ignored)
                    above.warning(ignored, icon=":material/link_off:")
        except CampaignError as error:
            problem = error
    if problem is not None:
        _draw_problem(problem, language)
        if isinstance(problem, Refused) and visit is not None:
            visitors.note_refusal(visit, problem)
            _draw_ways_on(visit, entries)
    _draw_foot(situation, language)


def _campaign_of(query: Mapping[str, str]) -> str:
    """The further campaign that the address asks for; empty for the front's own, and where there is none so called."""
    asked = query.get("campaign", "")
    return asked if asked and asked in answers.find_further() else ""


def _begin_anew(situation: Situation) -> None:
    """Forget what was begun in another campaign, where the browser has led from one to another."""
    if st.session_state.get(LOOKED_AT, situation.campaign) != situation.campaign:
        st.session_state.clear()
    st.session_state[LOOKED_AT] = situation.campaign


def _choices(query: Mapping[str, str], situation: Situation, campaign: Campaign) -> Choices:
    """What the address asks for, checked against the campaign; without an indicator in it, the campaign's main one."""
    choices = read_choices(query, today=situation.today, since=campaign.baseline_day)
    if choices.campaign not in (None, situation.campaign):
        allowed = text("choice.allowed", choices.language, allowed=", ".join(answers.find_further()) or campaign.key)
        instead = text("campaigns.instead", choices.language, name=named(campaign, choices.language))
        wrong = () if choices.campaign == campaign.key else (Ignored("campaign", choices.campaign, allowed, instead),)
        choices = replace(choices, campaign=None, ignored=(*choices.ignored, *wrong))
    units = answers.find_unit_names(situation) if {"unit", "parent"} & set(query) else ()
    known = settled(choices, campaign, {unit.code for unit in units})
    return replace(known, indicator=known.indicator or campaign.main)


def _sections(entries: Sequence[st.Page], language: str) -> dict[str, list[st.Page]]:
    """The pages by menu: two entries by themselves, then three menus of those that open for whoever looks."""
    by_address = dict(zip(ADDRESSES, entries, strict=True))
    return {
        text(f"section.{key}", language) if key else "": [by_address[address] for address in addresses]
        for key, addresses in SECTIONS.items()
    }


def _entries(visit: Visit | None, language: str) -> list[st.Page]:
    """One entry for each public address; those that do not open for whoever looks are not listed."""
    return [
        st.Page(
            partial(_run, page, visit),
            title=text(f"page.{page.key}", language),
            url_path=page.address,
            default=page.address == "",
            visibility="visible" if _is_listed(page, visit) else "hidden",
        )
        for page in registered().values()
    ]


def _run(page: Page, visit: Visit | None) -> None:
    """Draw a page for whoever may open it; without a visit none is run."""
    if visit is None:
        return
    if page.address == "" and _begins_at_own_unit(visit):
        go(OWN_UNIT, current_query() | {"unit": visit.actor.units[0]}, language=visit.language)
    try:
        allowed = _allowed(page, visit)
        allowed = replace(allowed, actor=replace(allowed.actor, is_in_archive=visit.situation.is_archived))
    except Refused:
        st.title(text(f"page.{page.key}", visit.language), anchor=False)
        raise
    st.session_state[BEGUN] = True
    page.draw(allowed)


def _begins_at_own_unit(visit: Visit) -> bool:
    """Whether `/` leads to the unit that the visitor heads: always where they read no other, else when they arrive."""
    if not visit.actor.units or visit.actor.role != "unit_head":
        return False
    return visit.actor.readable is not None or not (
        current_query().keys() - {"campaign"} or st.session_state.get(BEGUN)
    )


def _is_listed(page: Page, visit: Visit | None) -> bool:
    """Whether a page stands in the navigation: it does where it opens."""
    if visit is None:
        return True
    return may_somewhere(visit.actor, page.permission) and (visit.actor.readable is None or page.keeps_to_branch)


def _allowed(page: Page, visit: Visit) -> Visit:
    """The visit as the page may have it.

    Whoever heads a unit is shown it on its page where the address names none. Raises Refused.
    """
    actor = visit.actor
    if not may_somewhere(actor, page.permission):
        check_may(actor, page.permission)
    choices, own = visit.choices, next(iter(actor.units), None)
    if actor.readable is None:
        is_asked = page.address == OWN_UNIT and choices.unit is None
        return replace(visit, choices=replace(choices, unit=own)) if is_asked else visit
    if not page.keeps_to_branch:
        check_may(actor, Permission.READ)
    unit = choices.unit or own
    check_may(actor, Permission.READ, unit=unit)
    return replace(visit, choices=replace(choices, unit=unit))


def _draw_sign_in(language: str) -> None:
    """All that somebody sees who is not signed in, at whatever address: no figure, no name, no page's title."""

    def ask() -> None:
        st.title(text("door.sign_in", language), anchor=False)
        st.markdown(plain(text("visitor.sign_in", language)))
        st.html(way_out("/auth/login", text("visitor.to_sign_in", language), language))

    entries = [
        st.Page(ask, title=text("product", language), url_path=address, default=address == "") for address in ADDRESSES
    ]
    navigation = st.navigation(entries, position="hidden")
    st.set_page_config(page_title=text("product", language), page_icon=str(ICON), layout="wide")
    navigation.run()


def _draw_notices(visit: Visit, campaign: Campaign, address: str) -> None:
    """What must be said before any figure: which campaign it is, of which day, which source is silent."""
    situation = visit.situation
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="notices"):
        draw_campaigns(visit, campaign)
        draw_past(visit)
        if not situation.is_archived:  # nobody waits for its figures any more
            draw_strip(visit, address)


def _draw_problem(problem: CampaignError, language: str) -> None:
    """What cannot be shown and who can do what next; a mistake of ours never comes this way."""
    if not isinstance(problem, StoreNotReady):
        st.error(plain(sentence_of(problem, language)).replace("\n", "  \n"), icon=":material/error:")
        return
    st.title(text("store.not_ready", language), anchor=False)
    st.markdown(text("store.what_to_do", language))
    st.code(
        f"python -m jobs init          # {text('store.real', language)}\n"
        f"python -m jobs init --demo   # {text('store.demo', language)}",
        language="shell",
    )
    if problem.code != "no_store":  # where a store is looked for is nobody's business but the server's
        st.caption(plain(text("store.detail", language, message=sentence_of(problem, language))))


def _draw_ways_on(visit: Visit, entries: list[st.Page]) -> None:
    """Where somebody who may not open a page can go instead."""
    actor, language = visit.actor, visit.language
    if actor.is_anonymous:
        st.html(way_out("/auth/login", text("visitor.to_sign_in", language), language))
    if actor.role == "administrator":
        st.markdown(plain(text("ways_on.administrator", language)))
        st.page_link(entries[ADDRESSES.index(ACCOUNTS)], label=text("ways_on.to_accounts", language))
    if actor.readable is None:
        st.page_link(entries[0], label=text("frame.to_overview", language))
    elif actor.units:
        st.page_link(entries[ADDRESSES.index(OWN_UNIT)], label=text("ways_on.to_own_unit", language))


def _draw_foot(situation: Situation | None, language: str) -> None:
    said = [text("product", language)]
    if situation is not None and situation.updated is not None:
        said.append(text("updated", language, moment=formats.reported_moment(situation.updated, language)))
    st.caption(plain(" · ".join(said)))


draw_frame()
