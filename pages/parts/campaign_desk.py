"""One change of the campaign at a time: put together in a form, looked at, then made in the files and the store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from jobs.campaign_folder import ChangedMeanwhile, OpenedFolder, Seen, change_files, changing
from jobs.campaign_preview import Foreseen, foresee
from models import formats
from models.actions.founding import Founding
from models.catalogue.changes import Change
from models.catalogue.editing import Edit
from models.mistakes import sentence_of
from models.store import open_store
from models.texts import text
from pages.parts import answers, visitors
from pages.parts.campaign_words import Names, place_words, problem_words, value_words
from pages.parts.markdown import plain
from pages.parts.page import Visit
from targets.errors import CampaignError, CampaignFilesError

SAID, WANTED = "campaign-said", "campaign-wanted"
"""What the last step came to, and the change that is being looked at; of one page in one session."""
LISTED = 12
"""Places of a change that are drawn one by one."""
LONGEST_REASON, LONGEST_DOCUMENT = 300, 100
TRYING = "try"
"""The reason of a trial, which leaves no trace."""


@dataclass(frozen=True)
class Wanted:
    """A change that somebody put together, and as what they knew the campaign then."""

    part: str
    edits: tuple[Edit, ...]
    seen: Seen


@dataclass(frozen=True)
class Said:
    """What a step came to: a sentence, and what it is about."""

    is_done: bool
    sentence: str
    lines: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


def want(part: str, edits: Sequence[Edit], seen: Seen, language: str) -> None:
    """Put a change before whoever wants it; nothing is one where no field was changed."""
    if edits:
        st.session_state[WANTED] = Wanted(part, tuple(edits), seen)
    else:
        st.session_state.pop(WANTED, None)
        say(Said(False, text("campaign.no_change", language)))


def want_to_follow(seen: Seen) -> None:
    """Put what somebody wrote into the files before whoever may have the store follow it."""
    st.session_state[WANTED] = Wanted("missing", (), seen)


def say(said: Said) -> None:
    st.session_state[SAID] = said


def draw_said(names: Names) -> None:
    """What the last step came to, once."""
    said: Said | None = st.session_state.pop(SAID, None)
    if said is None:
        return
    lines = [*said.lines, *(_change_line(change, names) for change in said.changes[:LISTED])]
    words = plain(said.sentence) + "".join(f"\n- {plain(line)}" for line in lines)
    if said.is_done:
        st.success(words, icon=":material/check_circle:")
    else:
        st.error(words, icon=":material/error:")


def draw_wanted(opened: OpenedFolder, names: Names, visit: Visit) -> None:
    """The change that is being looked at: old and new, what would follow, and the two ways on."""
    wanted: Wanted | None = st.session_state.get(WANTED)
    if wanted is None or opened.folder is None:
        return
    language = visit.language
    try:
        with st.spinner(text("campaign.trying", language)):
            foreseen = _foresee(wanted, opened.folder, visit)
    except ChangedMeanwhile as problem:
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
    if foreseen.is_nothing and wanted.edits:
        _forget()
        st.info(plain(text("campaign.no_change", language)), icon=":material/info:")
        return
    _draw_foreseen(foreseen, wanted, opened.folder, names, visit)


def _foresee(wanted: Wanted, folder: Path, visit: Visit) -> Foreseen:
    deed = visitors.deed_of(visit, TRYING)
    store = open_store(answers.settings())
    return foresee(store, folder, wanted.edits, seen=wanted.seen, as_of=visit.situation.today, deed=deed)


def _draw_foreseen(foreseen: Foreseen, wanted: Wanted, folder: Path, names: Names, visit: Visit) -> None:
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
                    on_click=_save, args=(wanted, folder, visit),
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
    told = {"targets": formats.whole(foreseen.targets, language), "units": formats.whole(foreseen.units, language)}
    return text(
        "campaign.consequence", language, **told, standings=formats.whole(foreseen.standings, language)
    )  # fmt: skip


def _draw_meanwhile(
    problem: ChangedMeanwhile, wanted: Wanted, opened: OpenedFolder, names: Names, language: str
) -> None:
    """What somebody else changed since; the own change may be looked at again on top of it."""
    lines = "".join(f"\n- {plain(_change_line(change, names))}" for change in problem.changes[:LISTED])
    st.warning(plain(sentence_of(problem, language)) + lines, icon=":material/warning:")
    with st.container(horizontal=True, gap="small"):
        if opened.is_editable:
            st.button(
                text("campaign.again", language), key="campaign-again", icon=":material/refresh:",
                on_click=_want_again, args=(replace(wanted, seen=opened.seen),),
            )  # fmt: skip
        st.button(text("campaign.put_away", language), key="campaign-put-away", on_click=_forget)


def _want_again(wanted: Wanted) -> None:
    st.session_state[WANTED] = wanted


def _forget() -> None:
    st.session_state.pop(WANTED, None)


def _save(wanted: Wanted, folder: Path, visit: Visit) -> None:
    language = visit.language
    reason, document = (str(st.session_state.get(f"campaign-{name}") or "").strip() for name in ("reason", "document"))

    def change(opened: Any, deed: Any) -> Founding:
        return change_files(opened, folder, wanted.edits, seen=wanted.seen, deed=deed)

    try:
        done = changing(
            open_store(answers.settings()),
            folder,
            lambda: visitors.carry_out(visit, reason, change, document=document),
        )
    except ChangedMeanwhile:
        return  # the drawing that follows says what is other now
    except CampaignError as problem:
        say(Said(False, sentence_of(problem, language)))
        return
    _forget()
    key = "saved" if wanted.edits else "followed"
    count = formats.whole(len(done.differences), language)
    say(Said(True, text(f"campaign.{key}", language, count=count), changes=done.differences))
