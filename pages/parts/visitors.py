"""Who looks at a page: asked of the store at every run, so that a role taken away counts at the next click."""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from models.actions.permission import record_refusal
from models.audit import Deed
from models.clock import business_now, machine_now
from models.queries.accounts import find_visitor
from models.queries.state import find_state
from models.settings import Settings
from models.store import open_store
from pages.access.gate import MARK, TRUSTED_HEADERS
from pages.parts import answers
from pages.parts.page import Visit
from targets.permissions import ANONYMOUS, Actor, Permission, Refused, refusal_of_strangers

Answer = TypeVar("Answer")
_GATE, _SESSION = TRUSTED_HEADERS[MARK], TRUSTED_HEADERS["x-auth-session"]


def current_session() -> int | None:
    """The session of whoever looks; None where nobody is signed in."""
    told = st.user.to_dict().get(_SESSION)
    return int(str(told)) if told else None


def current_actor() -> Actor | None:
    """Who looks, as the store knows them now; None where they have to sign in first.

    Where no gate has been passed nobody is known: the headers could be anybody's.
    """
    known = answers.settings()
    session_id = current_session() if st.user.to_dict().get(_GATE) else None
    if session_id is None:
        return _stranger(known)
    with open_store(known).reading() as session:
        actor = find_visitor(
            session,
            session_id,
            machine=machine_now(),
            idle=known.idle,
            keeps_to_branch=known.unit_heads_read == "branch",
        )
    return actor or _stranger(known)


def deed_of(visit: Visit, reason: str, *, document: str = "") -> Deed:
    """A change that whoever looks makes now: the one way for pages to make a deed.

    Who that is, the store is asked again: a session may have ended since the page was drawn. Raises Refused.
    """
    known = answers.settings()
    actor = current_actor()
    if actor is None or actor.login != visit.actor.login:
        raise refusal_of_strangers(Permission.READ)
    with open_store(known).reading() as session:
        now = business_now(known, rehearsal=find_state(session).rehearsal_now)
    address = st.context.ip_address or "loopback"
    return Deed(
        by=actor.login,
        reason=reason,
        now=now,
        document=document,
        origin=f"page, {address}",
        role="" if actor.is_system else actor.role,
    )


def carry_out(visit: Visit, reason: str, change: Callable[[Any, Deed], Answer], *, document: str = "") -> Answer:
    """Make one change in one transaction: `change` is handed the session and the deed. A refusal leaves its trace.

    Raises what the change raises; then nothing has been changed.
    """
    deed = deed_of(visit, reason, document=document)
    store = open_store(answers.settings())
    try:
        with store.writing() as session:
            return change(session, deed)
    except Refused as refused:
        with store.writing() as session:
            record_refusal(session, refused, deed=deed)
        raise


def note_refusal(visit: Visit, refused: Refused) -> None:
    """Keep a trace of a page that somebody asked for and may not open."""
    deed = deed_of(visit, "open a page")
    with open_store(answers.settings()).writing() as session:
        record_refusal(session, refused, deed=deed)


def _stranger(known: Settings) -> Actor | None:
    return ANONYMOUS if known.public else None
