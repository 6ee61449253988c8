"""Whom the organisation's own sign-in sends: which account that is, with which role and units.

Two ways, by settings. Where a role claim is named, the organisation decides: accounts are made and follow its claims at
every sign-in. Where none is, administrators decide: the account must be there already, under the login it names.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from models.accounts.actions import NewAccount, admit, follow_claims, link
from models.accounts.following import FOLLOWING, FRONT, find_people, follow_people
from models.accounts.passwords import folded
from models.accounts.queries import AccountRow, find_account, find_by_subject, find_known_units
from models.accounts.sessions import Door, begin_oidc, finish_oidc, record_failure
from models.core.audit import ChangeContext
from models.core.clock import machine_now
from models.core.settings import Settings
from models.core.store import Store, open_store
from models.core.stores import find_keys, settings_of
from pages.access.session_service import SessionService, Welcome
from targets.errors import CampaignError, UnknownName
from targets.permissions import ROLES, SYSTEM, Role

LOG = logging.getLogger(__name__)
SENT = f"{SYSTEM}oidc"
"""Who acts before it is known who somebody is."""


class NotAdmitted(CampaignError):
    """The organisation knows the person, but nobody has admitted them here."""


@dataclass(frozen=True)
class Person:
    """Somebody as the organisation's sign-in tells them."""

    issuer: str
    subject: str
    login: str
    name: str
    role: Role | None
    """None where no claim names a role that we know."""
    units: tuple[str, ...]

    @classmethod
    def of(cls, claims: Mapping[str, Any], *, issuer: str, settings: Settings) -> "Person":
        """What the claims say, read as the settings say."""
        subject = str(claims["sub"])
        login = folded(str(claims.get(settings.oidc_login_claim) or subject))
        roles = {settings.oidc_roles.get(said) for said in _listed(claims.get(settings.oidc_role_claim))}
        known = [role for role in reversed(ROLES) if role in roles]
        return cls(
            issuer=issuer,
            subject=subject,
            login=login,
            name=str(claims.get("name") or login),
            role=known[0] if known else (settings.oidc_default_role or None),
            units=tuple(_listed(claims.get(settings.oidc_unit_claim))),
        )


def begin(service: SessionService, state_hash: str, browser_hash: str, content: dict[str, object]) -> None:
    """Remember a sign-in that goes out to the organisation's door."""
    context = service.context(SENT, "sign in", "")
    with service.store.writing() as session:
        begin_oidc(
            session,
            state_hash=state_hash,
            browser_hash=browser_hash,
            content=content,
            machine=machine_now(),
            context=context,
        )


def finish(service: SessionService, state_hash: str, browser_hash: str) -> dict[str, Any]:
    """What was remembered, once; nothing where this browser began no such sign-in."""
    context = service.context(SENT, "sign in", "")
    with service.store.writing() as session:
        content = finish_oidc(
            session, state_hash=state_hash, browser_hash=browser_hash, machine=machine_now(), context=context
        )
    return content or {}


def admit_person(service: SessionService, person: Person, door: Door) -> Welcome:
    """Sign somebody in whom the organisation sends.

    Raises NotAdmitted, or AccountConflict where the login is another person's.
    """
    context = service.context(person.login, "sign in", door.address)
    has_claims = bool(service.settings.oidc_role_claim)
    further = _claimed(service.settings, person) if has_claims and person.role else {}
    elsewhere = {code for _, units in further.values() for code in units}
    try:
        with service.store.writing() as session:
            account = _account(session, person, has_claims=has_claims, elsewhere=elsewhere, context=context)
            if not account.is_enabled:
                raise NotAdmitted(f"The account {account.login} is disabled.")
    except CampaignError:
        with service.store.writing() as session:
            record_failure(session, login=person.login, context=context)
        raise
    _follow_further(service, account, further, context)
    return service.open(account.id, door, via="oidc", context=service.context(account.login, "sign in", door.address))


def _claimed(settings: Settings, person: Person) -> dict[str, tuple[Store, tuple[str, ...]]]:
    """The further campaigns that know a unit of the claims, and which; all of them where the claims name none.

    A store that does not answer keeps nobody out: it is left as it is.
    """
    found: dict[str, tuple[Store, tuple[str, ...]]] = {}
    for key in find_keys(settings):
        try:
            store = open_store(settings_of(settings, key))
            if not store.has_tables():
                continue
            with store.reading() as session:
                units = find_known_units(session, person.units)
        except Exception:
            LOG.exception("The store of the campaign %s does not answer", key)
            continue
        if units or not person.units:
            found[key] = store, units
    return found


def _follow_further(
    service: SessionService,
    account: AccountRow,
    further: Mapping[str, tuple[Store, tuple[str, ...]]],
    context: ChangeContext,
) -> None:
    """Say in each campaign which of its units somebody heads by the claims; nobody is kept out where that fails."""
    with service.store.reading() as session:
        people = find_people(session)
    for store, units in further.values():
        try:
            with store.writing() as session:
                follow_people(session, people, context=replace(context, by=FRONT, reason=FOLLOWING))
                follow_claims(
                    session, account.login, name=account.name, role=account.role, units=units, heads_elsewhere=True,
                    context=context,
                )  # fmt: skip
        except Exception:
            LOG.exception("The claims of %s could not be followed in a further campaign", account.login)


def _account(
    session: Any, person: Person, *, has_claims: bool, elsewhere: Collection[str], context: ChangeContext
) -> AccountRow:
    known = find_by_subject(session, issuer=person.issuer, subject=person.subject)
    if not has_claims:
        if known is None:
            try:
                find_account(session, person.login)
            except UnknownName as unknown:
                raise NotAdmitted(f"Nobody has made an account {person.login}.") from unknown
            link(session, person.login, issuer=person.issuer, subject=person.subject, context=context)
            known = find_account(session, person.login)
        return known
    if person.role is None:
        raise NotAdmitted(f"No claim of {person.login} names a role that is known here.")
    units = find_known_units(session, person.units)
    for code in set(person.units) - set(units) - set(elsewhere):
        LOG.warning("The organisation's sign-in names a unit “%s” that no campaign has", code)
    if known is None:
        new = NewAccount(
            person.login, person.name, person.role, units, bool(elsewhere), issuer=person.issuer, subject=person.subject
        )
        admit(session, new, context=context, machine=machine_now())
        return find_account(session, person.login)
    follow_claims(
        session, known.login, name=person.name, role=person.role, units=units, heads_elsewhere=bool(elsewhere),
        context=context,
    )  # fmt: skip
    return find_account(session, known.login)


def _listed(said: Any) -> list[str]:
    """A claim's values: one, several, or several in one text."""
    if said is None:
        return []
    if isinstance(said, str):
        return said.replace(",", " ").split()
    return [str(each) for each in said]
