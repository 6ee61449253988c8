"""Who looks at a page: asked of the store at every run, so that a role taken away counts at the next click."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import streamlit as st

from models.accounts.following import FOLLOWING, FRONT, find_people, follow_people
from models.accounts.queries import find_actor, find_visitor
from models.core.audit import ChangeContext
from models.core.clock import business_now, machine_now
from models.core.permission import record_refusal
from models.core.settings import Settings
from models.core.state import find_state
from models.core.store import open_store
from pages.access.downloads import ASKING
from pages.access.gate import MARK, TRUSTED_HEADERS
from pages.kit import answers
from pages.kit.page import Situation, Visit
from targets.permissions import (
    ANONYMOUS,
    Actor,
    Permission,
    Refused,
    check_may,
    kept_to_branch,
    refusal_of_strangers,
)

Answer = TypeVar("Answer")
_GATE, _SESSION = TRUSTED_HEADERS[MARK], TRUSTED_HEADERS["x-auth-session"]


def current_session() -> int | None:
    """The session of whoever looks; None where nobody is signed in."""
    reported = st.user.to_dict().get(_SESSION)
    return int(str(reported)) if reported else None


def current_actor(situation: Situation) -> Actor | None:
    """Who looks, as the store knows them now; None where they have to sign in first.

    Where no gate has been passed nobody is known: the headers could be anybody's.
    """
    return _actor_of(current_session() if st.user.to_dict().get(_GATE) else None, situation)


@dataclass(frozen=True)
class Seat:
    """From where somebody looks, kept for what is made after the run: by then nobody is known by the request."""

    address: str
    find_actor: Callable[[], Actor | None]
    session: int | None = None
    """The sign-in for which it is made."""


def current_seat(situation: Situation) -> Seat:
    """The seat of whoever looks; who sits there is asked of the store again when it counts."""
    if not st.user.to_dict().get(_GATE):
        return Seat(_address(), lambda: current_actor(situation))
    session_id = current_session()
    return Seat(_address(), lambda: _actor_of(session_id, situation), session_id)


def _address() -> str:
    return st.context.ip_address or "loopback"


def _actor_of(session_id: int | None, situation: Situation) -> Actor | None:
    """Whose session it is, the front's store says; what they may do in a campaign, that campaign's own."""
    known = answers.front()
    keeps_to_branch = known.unit_heads_read == "branch"
    if session_id is None:
        return _stranger(known)
    with open_store(known).reading() as session:
        actor = find_visitor(
            session, session_id, machine=machine_now(), idle=known.idle, keeps_to_branch=keeps_to_branch
        )
    if actor is not None and situation.campaign:
        actor = _guest(actor, situation)
        actor = kept_to_branch(actor) if actor is not None and keeps_to_branch else actor
    return actor or _stranger(known)


def _guest(known: Actor, situation: Situation) -> Actor | None:
    """Who somebody from the front is in a further campaign; where that differs, its accounts are brought up to date."""
    store = answers.store(situation)
    with store.reading() as session:
        actor = find_actor(session, known.login)
    if actor is not None and (actor.name, actor.role) == (known.name, known.role):
        return actor
    follow_front(situation)
    with store.reading() as session:
        return find_actor(session, known.login)


def follow_front(situation: Situation) -> None:
    """Bring a further campaign's accounts up to the front's."""
    with open_store(answers.front()).reading() as session:
        people = find_people(session)
    context = ChangeContext(by=FRONT, reason=FOLLOWING, now=_now(situation), origin="front door")
    with answers.store(situation).writing() as session:
        follow_people(session, people, context=context)


def _now(situation: Situation) -> datetime:
    """The instant business is done in, as the campaign's store tells it."""
    with answers.store(situation).reading() as session:
        return business_now(answers.settings(situation), rehearsal=find_state(session).rehearsal_now)


def context_of(visit: Visit, reason: str, *, document: str = "", seat: Seat | None = None) -> ChangeContext:
    """A change that whoever looks makes now: the one way for pages to change something.

    Who that is, the store is asked again: a session may have ended since the page was drawn. Raises Refused.
    """
    seat = seat or Seat(_address(), lambda: current_actor(visit.situation))
    actor = seat.find_actor()
    if actor is None or actor.login != visit.actor.login:
        raise refusal_of_strangers(Permission.READ)
    return ChangeContext(
        by=actor.login,
        reason=reason,
        now=_now(visit.situation),
        document=document,
        origin=f"page, {seat.address}",
        role="" if actor.is_system else actor.role,
    )


def carry_out(
    visit: Visit,
    reason: str,
    change: Callable[[Any, ChangeContext], Answer],
    *,
    document: str = "",
    seat: Seat | None = None,
) -> Answer:
    """Make one change in one transaction: `change` gets the session and the context. A refusal leaves its trace.

    Raises what the change raises; then nothing has been changed.
    """
    context = context_of(visit, reason, document=document, seat=seat)
    store = answers.store(visit.situation)
    try:
        with store.writing() as session:
            return change(session, context)
    except Refused as refused:
        with store.writing() as session:
            record_refusal(session, refused, context=context)
        raise


def check_reads_as_before(visit: Visit, seat: Seat) -> None:
    """Raise Refused where whoever looks may no longer read what was drawn for them; made after the run, it counts.

    And where another session asks for it than the one it was drawn for: Streamlit lets any page that knows its name.
    """
    actor = seat.find_actor()
    if actor is None or ASKING.get() != seat.session:
        raise refusal_of_strangers(Permission.READ)
    if actor.readable != visit.actor.readable:
        check_may(actor, Permission.READ)


def note_refusal(visit: Visit, refused: Refused) -> None:
    """Keep a trace of a page that somebody asked for and may not open."""
    context = context_of(visit, "open a page")
    with answers.store(visit.situation).writing() as session:
        record_refusal(session, refused, context=context)


def _stranger(known: Settings) -> Actor | None:
    return ANONYMOUS if known.public else None
