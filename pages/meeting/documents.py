"""A meeting's documents, one click each: the pack, what is sent afterwards, letters to many, the message to copy.

All are made from the snapshot when somebody asks for them; drawing the buttons costs nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from jobs.documents.figures import PackFigures, Signing, figures_of_snapshot, signers_of
from jobs.documents.letters import as_conclusions, as_reminder, as_reminders, reminders_zipped, units_behind
from jobs.documents.pack import MIME_TYPES, WEEKLY, dated_name
from jobs.documents.phone import ALL, as_message, as_picture
from jobs.slides.meeting_data import MeetingData
from models.core import formats
from models.core.texts import text
from models.meetings.snapshots import SnapshotHead
from pages.kit import answers
from pages.kit.downloads import draw_download
from pages.kit.markdown import plain
from pages.kit.page import Situation, Visit

Maker = Callable[[PackFigures, str], bytes]


def draw_pack(head: SnapshotHead, meeting: MeetingData, visit: Visit) -> None:
    """Every document of a snapshot; how papers are signed, letters, and what goes to phones behind a click each."""
    language = visit.language
    st.subheader(plain(text("pack.page.title", language)), anchor=False)
    pack = st.container(horizontal=True, gap="small", key="pack")
    with st.expander(text("pack.page.signing", language), key="pack-signing"):
        signing = _ask_signing(meeting, language)
    with pack:
        for ending, make in WEEKLY.items():
            _draw(head, visit, signing, label=f"pack.page.{ending}", kind="weekly", ending=ending, make=make)
        _draw(
            head, visit, signing, label="pack.page.conclusions", kind="conclusions", ending="docx", make=as_conclusions
        )
    with st.expander(text("pack.page.letters", language), key="pack-letters"):
        _draw_letters(head, meeting, visit, signing)
    with st.expander(text("pack.page.phones", language), key="pack-phones"):
        _draw_for_phones(head, meeting, visit)


def _ask_signing(meeting: MeetingData, language: str) -> Signing:
    """Who signs, and what of the meeting is written in; what is left empty is a dotted blank."""
    signers = signers_of(meeting.campaign, "")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        signer = st.selectbox(
            text("pack.page.signer", language), range(len(signers)), key="pack-signer", width=FIELD,
            format_func=lambda at: text("pack.page.signs", language, signs_as=signers[at].signs_as,
                                        title=signers[at].title or text("pack.page.head", language)),
        )  # fmt: skip
        is_dated = st.checkbox(text("pack.page.dated", language), key="pack-dated")
    with st.container(horizontal=True, gap="small"):
        place, chair, attendance = (
            st.text_input(text(f"pack.page.{name}", language), key=f"pack-{name}", width=FIELD)
            for name in ("place", "chair", "attendance")
        )
    st.caption(plain(text("pack.page.blank", language)))
    return Signing(signer or 0, is_dated=is_dated, place=place, chair=chair, attendance=attendance)


FIELD = 260
"""Pixels of a field."""


def _draw_letters(head: SnapshotHead, meeting: MeetingData, visit: Visit, signing: Signing) -> None:
    """Whom to write to: one unit, or all that are behind by indicator and level, as a file each or as one to print."""
    language = visit.language
    indicator, level = _ask_choice(meeting, language, key="letters", nothing="pack.page.any_indicator")
    names = {row.unit: row.name for row in meeting.rows}
    behind = units_behind(meeting, indicator=indicator, level=level)
    chosen = st.selectbox(
        text("pack.page.reminder_unit", language), behind, index=None, key="pack-unit",
        format_func=lambda code: names.get(code, code),
        placeholder=text("pack.page.reminder_hint", language, count=formats.whole(len(behind), language)),
    )  # fmt: skip
    if chosen is not None:
        _draw(
            head, visit, signing, label="pack.page.reminder", kind="reminder", ending="docx", unit=chosen,
            make=lambda figures, words: as_reminder(figures, chosen, words),
        )  # fmt: skip
    elif behind:
        with st.container(horizontal=True, gap="small"):
            for ending, make in (("zip", reminders_zipped), ("docx", as_reminders)):
                _draw(
                    head, visit, signing, label=f"pack.page.reminders_{ending}", kind="reminder", ending=ending,
                    make=partial(_to, behind, make),
                )  # fmt: skip
    else:
        st.caption(plain(text("mistake.nobody_to_remind", language)))


def _to(
    units: Sequence[str], make: Callable[[PackFigures, Sequence[str], str], bytes], figures: PackFigures, language: str
) -> bytes:
    return make(figures, units, language)


def _draw_for_phones(head: SnapshotHead, meeting: MeetingData, visit: Visit) -> None:
    """The picture, and the message once it is asked for, of one indicator or all and of one level or all."""
    language = visit.language
    indicator, level = _ask_choice(meeting, language, key="phones", nothing="pack.page.main_indicator", has_all=True)
    _draw(
        head, visit, Signing(), label="pack.page.picture", kind="picture", ending="png",
        make=lambda figures, words: as_picture(figures, words, indicator=indicator, level=level),
    )  # fmt: skip
    if st.toggle(text("pack.page.message", language), key="pack-message"):
        said = as_message(_figures(visit.situation, head), language, indicator=indicator, level=level)
        st.code(said, language=None, wrap_lines=True)


def _ask_choice(
    meeting: MeetingData, language: str, *, key: str, nothing: str, has_all: bool = False
) -> tuple[str | None, str | None]:
    """An indicator and a level; None where all are meant, or the page's own choice."""
    campaign = meeting.campaign
    names = {known.key: known.name.of(language) for known in meeting.shown}
    names |= {ALL: text("pack.page.all_indicators", language)} if has_all else {}
    levels = {level.key: level.name.of(language) for level in campaign.levels if level.group is not None}
    with st.container(horizontal=True, gap="small"):
        indicator = st.selectbox(
            text("pack.page.indicator", language), list(names), index=None, key=f"pack-{key}-indicator", width=FIELD,
            format_func=names.__getitem__, placeholder=text(nothing, language),
        )  # fmt: skip
        level = st.selectbox(
            text("pack.page.level", language), list(levels), index=None, key=f"pack-{key}-level", width=FIELD,
            format_func=levels.__getitem__, placeholder=text("pack.page.any_level", language),
        )  # fmt: skip
    return indicator, level


def _draw(
    head: SnapshotHead,
    visit: Visit,
    signing: Signing,
    *,
    label: str,
    kind: str,
    ending: str,
    make: Maker,
    unit: str = "",
) -> None:
    language = visit.language
    name = dated_name(kind, ending, language, as_of=head.as_of, is_simulated=head.simulated, unit=unit)
    draw_download(
        text(label, language), partial(_made, visit.situation, head, signing, make, language), visit=visit,
        subject=kind, file_name=name, mime=MIME_TYPES[ending], key=f"pack-{kind}-{ending}",
        narrowed={"snapshot": head.id},
    )  # fmt: skip


def _made(situation: Situation, head: SnapshotHead, signing: Signing, make: Maker, language: str) -> bytes:
    return make(replace(_figures(situation, head), signing=signing), language)


def _figures(situation: Situation, head: SnapshotHead) -> PackFigures:
    with answers.store(situation).reading() as session:
        return figures_of_snapshot(session, head.id)
