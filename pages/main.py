"""The frame around every page: language, navigation, what must be said about the figures, and kind words on mistakes.

This is the script that Streamlit runs. It stands inside `pages/` on purpose: beside a `pages/` folder, Streamlit would
serve each module of it as a page of its own, without ever running this frame.
"""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from models import formats
from models.mistakes import sentence_of
from models.texts import LANGUAGES, text
from pages.parts import answers
from pages.parts.markdown import plain
from pages.parts.page import ADDRESSES, Situation, Visit, key_of, registered
from pages.parts.session import choose_language, current_query, current_theme, language_of, read_choices
from targets.errors import CampaignError, StoreNotReady

ICON = Path(__file__).parent / "assets" / "icon.png"


def draw_frame() -> None:
    """One run: which page, then what stands above it, the page, and what stands below."""
    query = current_query()
    language = language_of(query)
    try:
        situation: Situation | None = answers.find_situation()
        problem: CampaignError | None = None
    except CampaignError as error:
        situation, problem = None, error
    visit = None
    if situation is not None:
        visit = Visit(read_choices(query, today=situation.today), current_theme(), situation)

    navigation = st.navigation(_entries(visit, language), position="top")
    st.set_page_config(
        page_title=f"{navigation.title} · {text('product', language)}", page_icon=str(ICON), layout="wide"
    )
    st.logo(str(ICON), size="large")
    _draw_top(situation, language)
    if problem is None:
        try:
            navigation.run()
        except CampaignError as error:
            problem = error
    if problem is not None:
        _draw_problem(problem, language)
    _draw_foot(situation, language)


def _entries(visit: Visit | None, language: str) -> list[st.Page]:
    """One entry for each public address; those whose page does not exist yet say so, and are not listed."""
    pages = registered()
    entries: list[st.Page] = []

    def runner(address: str) -> Callable[[], None]:
        def run() -> None:
            if address in pages and visit is not None:
                pages[address].draw(visit)
            else:
                _draw_planned(address, entries[0], language)

        return run

    entries += [
        st.Page(
            runner(address),
            title=text(f"page.{key_of(address)}", language),
            url_path=address,
            default=address == "",
            visibility="visible" if address in pages else "hidden",
        )
        for address in ADDRESSES
    ]
    return entries


def _draw_top(situation: Situation | None, language: str) -> None:
    """What must be said before any figure, and the way to the other language."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(_warnings(situation, language), width="content")
        other = next(tongue for tongue in LANGUAGES if tongue != language)
        st.button(
            text("frame.switch", language), key="language", type="tertiary", on_click=choose_language, args=(other,)
        )


def _warnings(situation: Situation | None, language: str) -> str:
    """That figures are invented, or the moment pretended; empty where everything is real."""
    if situation is None or not (situation.simulated or situation.rehearsal):
        return ""
    moment = "" if situation.rehearsal is None else formats.day(situation.rehearsal.date(), language)
    key = "rehearsal" if not situation.simulated else "simulated_at" if moment else "simulated"
    said = text(f"frame.{key}", language, **({"moment": moment} if moment else {}))
    return f":orange-badge[:material/science: {plain(said)}]"


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
    st.caption(plain(text("store.detail", language, message=sentence_of(problem, language))))


def _draw_planned(address: str, overview: st.Page, language: str) -> None:
    page = text(f"page.{key_of(address)}", language)
    st.title(page, anchor=False)
    st.markdown(plain(text("frame.planned", language, page=page)))
    st.page_link(overview, label=text("frame.to_overview", language))


def _draw_foot(situation: Situation | None, language: str) -> None:
    said = [text("product", language)]
    if situation is not None:
        said.append(text("frame.version", language, version=situation.data_version))
    said.append(text("frame.loopback", language))
    st.caption(plain(" · ".join(said)))


draw_frame()
