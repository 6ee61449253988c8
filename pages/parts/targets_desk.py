"""The office's desk on the page of targets: one change at a time, what came of it, and numbers as people write them."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import streamlit as st

from models.agreeing import Incomplete
from models.mistakes import sentence_of
from models.texts import text
from pages.parts import session, visitors
from pages.parts.feeds_choices import Screen, too_far
from pages.parts.markdown import plain
from pages.parts.page import Visit
from targets.errors import CampaignError

SAID = "targets-said"
"""Section, whether it was done, and the sentence: said once, where the button was pressed."""
LONGEST_REASON = 300
LONGEST_DOCUMENT = 100
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,6})?)\s*%?")
_COUNT = re.compile(r"\d+|\d{1,3}(?:[., \N{NO-BREAK SPACE}]\d{3})+")


def read_percent(written: str) -> Decimal:
    """77,37 · 77.37 · 60 % as points. Raises Incomplete where it is none."""
    if not written.strip():
        raise Incomplete("A percent is needed; write e.g. 77.37.", code="percent_missing")
    found = _PERCENT.fullmatch(written.strip())
    if found is None:
        raise Incomplete(f"“{written}” is no percent; write e.g. 77.37.", code="not_a_percent", written=written)
    return Decimal(found[1].replace(",", "."))


def read_count(written: str) -> int:
    """1.030 · 1,030 · 1030: dossiers have no decimals. Raises Incomplete where it is no count."""
    if not written.strip():
        raise Incomplete("A whole number is needed; write e.g. 1,030.", code="count_missing")
    if _COUNT.fullmatch(written.strip()) is None:
        raise Incomplete(f"“{written}” is no whole number.", code="not_a_count", written=written)
    return int(re.sub(r"\D", "", written))


def typed(key: str) -> str:
    """What stands in a field, without blanks around it."""
    return str(st.session_state.get(key, "") or "").strip()


def carry_out(
    visit: Visit, section: str, reason: str, change: Callable[[Any, Any], str], *, document: str = ""
) -> bool:
    """One change in one transaction; `change` answers what is said of it. Answers whether it was made."""
    try:
        said = visitors.carry_out(visit, reason, change, document=document)
    except CampaignError as problem:
        remember(section, sentence_of(problem, visit.language), is_done=False)
        return False
    remember(section, said, is_done=True)
    return True


def remember(section: str, said: str, *, is_done: bool) -> None:
    st.session_state[SAID] = (section, is_done, said)


def draw_said(section: str) -> None:
    """What came of the last button of a section, once."""
    told: tuple[str, bool, str] | None = st.session_state.get(SAID)
    if told is None or told[0] != section:
        return
    del st.session_state[SAID]
    if told[1]:
        st.success(plain(told[2]), icon=":material/check_circle:")
    else:
        st.error(plain(told[2]), icon=":material/error:")


def is_open(section: str) -> bool:
    """Whether a section stays open: something has to be said in it, or a unit is chosen there."""
    told = st.session_state.get(SAID)
    return (told is not None and told[0] == section) or bool(st.session_state.get(f"targets-{section}-unit"))


def reason_field(key: str, language: str) -> None:
    """The reason that every decision needs."""
    st.text_input(
        text("office.reason", language), key=key, max_chars=LONGEST_REASON,
        placeholder=text("office.reason_hint", language),
    )  # fmt: skip


def draw_screens(name: str, screen: Screen, shown: int, visit: Visit) -> None:
    """Which entries of a list these are, and the way to the others; `name` is the choice in the address."""
    language = visit.language
    visit.ignored.extend(too_far(name, screen, language))
    if not screen.whole:
        return
    terms = {"first": screen.after + 1, "last": screen.after + shown, "whole": screen.whole}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(plain(text("office.shown", language, **terms)), width="content")
        if screen.is_only:
            return
        for key, number in (("before", screen.number - 1), ("after", screen.number + 1)):
            st.button(
                text(f"office.screens.{key}", language), key=f"targets-{name}-{key}",
                icon=f":material/chevron_{'left' if key == 'before' else 'right'}:",
                icon_position="left" if key == "before" else "right",
                disabled=not 1 <= number <= screen.screens,
                on_click=session.choose, args=(name, None if number == 1 else str(number)),
            )  # fmt: skip
