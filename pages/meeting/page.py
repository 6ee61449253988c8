"""Giao ban: figures frozen for the leaders' meeting, announced to the units before, shown as slides that never move."""

import streamlit as st

from models.core import formats
from models.core.texts import text
from models.meetings.agendas import PROVINCE
from models.meetings.snapshots import SnapshotHead
from pages.kit import address
from pages.kit import forms as kit_forms
from pages.kit.address import Asking
from pages.kit.forms import form_of
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit
from pages.kit.sentences import person
from pages.meeting import data
from pages.meeting.documents import draw_pack
from pages.meeting.forms import ASIDE, draw_agenda, draw_announcing, draw_freezing, draw_withdrawing
from pages.meeting.milestone import draw_ended, draw_result, draw_revisions
from pages.meeting.slide import draw_slide, go
from targets.errors import UnknownName
from targets.permissions import Permission, may

SHOWN = 8
"""Snapshots listed without opening anything."""
FASTEST, SLOWEST = 5, 3_600
"""Seconds a slide stays at least and at most where pages turn by themselves."""


def draw(visit: Visit) -> None:
    """A slide of the address on the whole screen, how a phase ended, or the meetings there were and the next."""
    query = address.current_query()
    every = tuple(each for each in data.find_snapshots(visit.situation) if each.closes is None)
    heads = [each for each in every if each.withdrawn is None]
    head = next((each for each in every if str(each.id) == query.get("snapshot")), None)
    asking = Asking(query, visit.language)
    if head is None and "snapshot" in query:
        asking.leave_out("snapshot", text("meeting.choose", visit.language))
    if "slide" in query:
        turns_every = asking.number("turn", least=FASTEST, most=SLOWEST)
        if heads and (head is not None or "snapshot" not in query):
            meeting = data.find_scene(visit.situation, (head or heads[0]).id)
            asking.one_of("back", meeting.slides, hint="")
            try:
                draw_slide(meeting, query["slide"], visit, turns_every=turns_every)
            except UnknownName:
                pass
            else:
                visit.ignored.extend(asking.ignored)
                _say_ignored(visit)
                return
        asking.leave_out("slide", "")
    result = asking.one_of("result", tuple(data.find_ended(visit.situation)))
    visit.ignored.extend(asking.ignored)
    if result is not None:
        draw_result(result, visit)
        return
    _draw_list(every, head or (heads[0] if heads else None), visit)


def _say_ignored(visit: Visit) -> None:
    """A slide fills the screen, and hides what stands above a page: it is said for a moment, over the slide."""
    for each in visit.ignored:
        st.toast(plain(each.sentence(visit.language)), icon=":material/link_off:")


def _draw_list(heads: tuple[SnapshotHead, ...], chosen: SnapshotHead | None, visit: Visit) -> None:
    language = visit.language
    st.title(text("page.meeting", language), anchor=False)
    kit_forms.show(form_of(*ASIDE).place)
    if chosen is None:
        may_freeze = may(visit.actor, Permission.CONCLUDE)
        st.markdown(plain(text(f"meeting.{'none_yet' if may_freeze else 'none'}", language)))
    else:
        _draw_chosen(chosen, visit)
    draw_announcing(visit)
    if may(visit.actor, Permission.CONCLUDE):
        draw_freezing(visit)
        if chosen is not None:
            draw_agenda(chosen, visit)
    draw_ended(visit, titled=True)
    if heads:
        _draw_heads([head for head in heads if head.withdrawn is None], chosen, visit)
        _draw_aside([head for head in heads if head.withdrawn is not None], chosen, visit)


def _draw_chosen(head: SnapshotHead, visit: Visit) -> None:
    """The meeting that begins with one click, what it is about, and what has been told otherwise since."""
    language = visit.language
    meeting = data.find_scene(visit.situation, head.id)
    whole = data.find_slide(visit.situation, head.id, PROVINCE, language)
    with st.container(border=True, key="meeting-next", gap="small"):
        st.header(plain(head.title), anchor=False)
        st.markdown(plain(whole.finding))
        st.caption(
            plain(
                text(
                    "meeting.frozen",
                    language,
                    date=formats.day(head.as_of, language),
                    moment=formats.moment(head.recorded_at, language),
                    by=person(head.by, language),
                    count=formats.whole(len(meeting.slides), language),
                )
            )
        )
        if head.withdrawn is not None:
            st.markdown(f":red-badge[{plain(_aside(head, language))}]")
        with st.container(horizontal=True, gap="small"):
            st.button(
                text("meeting.start", language), key="meeting-start", type="primary", icon=":material/slideshow:",
                on_click=_start, args=(head.id, meeting.slides[0], None),
            )  # fmt: skip
            st.button(
                text("meeting.wall", language), key="meeting-wall", icon=":material/tv:",
                on_click=_start, args=(head.id, meeting.slides[0], "20"),
            )  # fmt: skip
            if head.withdrawn is None and may(visit.actor, Permission.CONCLUDE):
                draw_withdrawing(head, visit)
        with st.container(key="meeting-keys"):  # screen.css leaves it out where there are none
            st.caption(plain(text("meeting.keys", language)))
        draw_pack(head, meeting, visit)
        draw_revisions(data.find_revisions(visit.situation, head.id), visit)


def _start(snapshot: int, slide: str, turn: str | None) -> None:
    address.choose("snapshot", str(snapshot))
    address.choose("turn", turn)
    go(slide)


def _aside(head: SnapshotHead, language: str) -> str:
    """That and why a snapshot was put aside; empty where it counts."""
    found = head.withdrawn
    if found is None:
        return ""
    moment, by = formats.moment(found.at, language), person(found.by, language)
    return text("meeting.withdraw.said", language, moment=moment, by=by, reason=found.reason)


def _draw_aside(heads: list[SnapshotHead], chosen: SnapshotHead | None, visit: Visit) -> None:
    """Those put aside stay apart, each with its reason."""
    if not heads:
        return
    with st.expander(plain(text("meeting.withdraw.list", visit.language, count=len(heads))), key="meeting-asides"):
        for head in heads:
            _draw_head(head, is_chosen=head == chosen, visit=visit)
            st.caption(plain(_aside(head, visit.language)))


def _draw_heads(heads: list[SnapshotHead], chosen: SnapshotHead | None, visit: Visit) -> None:
    if not heads:
        return
    language = visit.language
    st.header(text("meeting.snapshots", language), anchor=False)
    shown, rest = heads[:SHOWN], heads[SHOWN:]
    with st.container(key="meeting-heads"):
        for head in shown:
            _draw_head(head, is_chosen=head == chosen, visit=visit)
        if rest:
            with st.expander(plain(text("meeting.earlier", language, count=len(rest))), key="meeting-earlier"):
                for head in rest:
                    _draw_head(head, is_chosen=head == chosen, visit=visit)


def _draw_head(head: SnapshotHead, *, is_chosen: bool, visit: Visit) -> None:
    language = visit.language
    icon = ":material/radio_button_checked:" if is_chosen else ":material/radio_button_unchecked:"
    said = text(
        "meeting.head",
        language,
        id=head.id,
        title=head.title,
        date=formats.day(head.as_of, language),
        moment=formats.moment(head.recorded_at, language),
    )
    st.button(
        plain(said), key=f"meeting-{head.id}", type="tertiary", icon=icon, on_click=address.choose,
        args=("snapshot", str(head.id)), wrap=True,
    )  # fmt: skip


PAGE = Page(key="meeting", address="meeting", draw=draw)
