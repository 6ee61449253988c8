"""Accounts: made, changed and disabled by administrators alone, with a trace of each change."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.accounts.actions import (
    AccountConflict,
    KeptSession,
    NewAccount,
    admit,
    change_own_password,
    change_role,
    change_units,
    create_account,
    create_accounts,
    create_first_administrator,
    follow_claims,
    link,
    reset_password,
    set_enabled,
)
from models.accounts.passwords import ONE_TIME_FOR, WrongLogin
from models.accounts.queries import find_accounts, find_open_tokens, find_sessions
from models.tables import Account, AuditEntry
from models.targets.registrations import Incomplete
from targets.errors import UnknownName
from targets.permissions import Refused
from tests.models.accounts_world import MACHINE, PEOPLE, by, people
from tests.models.conftest import on_each_engine, postgresql_in_soak

IDLE = timedelta(hours=8)


@pytest.fixture
def world(small):
    return people(small)


def trace(world, action):
    with world.small.store.reading() as session:
        entry = session.exec(
            select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id.desc())
        ).first()
    return None if entry is None else (entry.by, entry.subject, entry.old, entry.new)


def kept(world, login):
    with world.small.store.reading() as session:
        return session.exec(select(Account).where(Account.login == login)).one()


def sessions(world, login):
    return world.small.asked(find_sessions, machine=world.machine, idle=IDLE, account_id=world.account(login).id)


# --- made -----------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_account_is_made_with_its_role_units_and_a_password_that_must_be_changed(world):
    world.create("lan", "unit_head", ["H2", "H1"], context=by("admin"), hashed="a hash")

    account, row = world.account("lan"), kept(world, "lan")
    assert (account.role, account.units) == ("unit_head", ("H1", "H2"))
    assert account.unit_names == ("UBND huyện Một", "UBND huyện Hai")
    assert (row.must_change, row.one_time_until_machine) == (True, MACHINE + ONE_TIME_FOR)
    result = {"name": "Lan", "role": "unit_head", "units": ["H1", "H2"]}
    assert trace(world, "create_account") == ("admin", "account lan", None, result)


def test_trace_of_an_account_never_holds_its_password(world):
    world.create("lan", "viewer", hashed="a very secret hash")

    with world.small.store.reading() as session:
        result = [(entry.new, entry.old, entry.reason) for entry in session.exec(select(AuditEntry))]
    assert "secret" not in repr(result)


def test_account_without_a_password_has_nothing_to_change(world):
    world.create("lan", "viewer", issuer="https://sso", subject="42")

    assert (kept(world, "lan").must_change, world.account("lan").is_external) == (False, True)


def test_account_without_a_name_is_called_by_its_login(world):
    world.create("lan", "viewer", name="  ")

    assert world.account("lan").name == "lan"


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (NewAccount("dieuphoi", "Two", "viewer"), AccountConflict),
        (NewAccount("Lan", "Lan", "viewer"), WrongLogin),
        (NewAccount("system:root", "Lan", "viewer"), WrongLogin),
        (NewAccount("lan", "Lan", "boss"), UnknownName),
        (NewAccount("lan", "Lan", "viewer", ("H9",)), UnknownName),
        (NewAccount("lan", "Lan", "unit_head"), AccountConflict),
    ],
    ids=[
        "a login that is taken",
        "a login not folded",
        "a system's name",
        "a role nobody has",
        "a unit nobody is",
        "a head of nothing",
    ],
)
def test_account_is_refused_with(world, new, problem):
    before = len(world.small.asked(find_accounts))

    with pytest.raises(problem):
        world.small.changed(create_account, new, context=by("admin"), machine=MACHINE)

    assert len(world.small.asked(find_accounts)) == before


def test_many_accounts_are_made_all_or_none(world):
    before = len(world.small.asked(find_accounts))
    good, bad = NewAccount("mot", "Một", "viewer"), NewAccount("admin", "Hai", "viewer")

    with pytest.raises(AccountConflict):
        world.small.changed(create_accounts, [good, bad], context=by("admin"), machine=MACHINE)
    assert len(world.small.asked(find_accounts)) == before

    assert world.small.changed(create_accounts, [good], context=by("admin"), machine=MACHINE) == 1
    assert len(world.small.asked(find_accounts)) == before + 1


def test_first_administrator_is_made_only_where_there_is_no_account(small):
    def first():
        return small.changed(create_first_administrator, hashed="h", context=by("system:init"), machine=MACHINE)

    assert first() == "admin"
    assert first() is None

    [account] = small.asked(find_accounts)
    assert (account.login, account.role, account.must_change) == ("admin", "administrator", True)


# --- changed --------------------------------------------------------------------------------------------------------


def change(world, action, *arguments, context=None, **options):
    return world.small.changed(action, *arguments, context=context or by("admin"), **options)


def test_role_is_changed_with_a_trace(world):
    change(world, change_role, "lanhdao", "coordinator")

    assert world.account("lanhdao").role == "coordinator"
    assert trace(world, "change_role") == ("admin", "account lanhdao", {"role": "leader"}, {"role": "coordinator"})


def test_change_to_what_is_already_so_changes_nothing(world):
    change(world, change_role, "lanhdao", "leader")
    change(world, change_units, "truong.h1", ["H1"])
    change(world, set_enabled, "lanhdao", is_enabled=True, machine=MACHINE)

    assert [trace(world, action) for action in ("change_role", "change_units", "enable_account")] == [None] * 3
    assert world.account("lanhdao").version == 1


@postgresql_in_soak
def test_units_are_changed_with_a_trace(world):
    change(world, change_units, "truong.h1", ["X3", "H2", "X3"])

    assert world.account("truong.h1").units == ("H2", "X3")
    assert trace(world, "change_units") == ("admin", "account truong.h1", {"units": ["H1"]}, {"units": ["H2", "X3"]})


def test_unit_head_keeps_at_least_one_unit(world):
    with pytest.raises(AccountConflict, match="at least one unit"):
        change(world, change_units, "truong.h1", [])
    with pytest.raises(AccountConflict, match="at least one unit"):
        change(world, change_role, "lanhdao", "unit_head")

    change(world, change_units, "lanhdao", ["H1"])
    change(world, change_role, "lanhdao", "unit_head")
    assert world.account("lanhdao").role == "unit_head"


def test_last_administrator_stays(world):
    for attempt in (
        lambda: change(world, change_role, "admin", "viewer"),
        lambda: change(world, set_enabled, "admin", is_enabled=False, machine=MACHINE),
    ):
        with pytest.raises(AccountConflict, match="last administrator"):
            attempt()

    world.create("lan", "administrator")
    change(world, change_role, "admin", "viewer")
    with pytest.raises(AccountConflict, match="last administrator"):
        change(world, set_enabled, "lan", is_enabled=False, machine=MACHINE, context=by("lan"))


def test_disabled_administrator_does_not_count_as_another(world):
    world.create("lan", "administrator")
    change(world, set_enabled, "lan", is_enabled=False, machine=MACHINE)

    with pytest.raises(AccountConflict, match="last administrator"):
        change(world, change_role, "admin", "viewer")


@on_each_engine
def test_disabling_ends_every_session_and_enabling_brings_none_back(world):
    world.sign_in("lanhdao")
    world.sign_in("dieuphoi")

    change(world, set_enabled, "lanhdao", is_enabled=False, machine=MACHINE)
    change(world, set_enabled, "lanhdao", is_enabled=True, machine=MACHINE)

    assert sessions(world, "lanhdao") == []
    assert len(sessions(world, "dieuphoi")) == 1
    assert trace(world, "disable_account")[3] == {"is_enabled": False}
    assert trace(world, "enable_account")[3] == {"is_enabled": True}


def test_reset_gives_a_password_to_be_changed_and_ends_the_sessions(world):
    world.small.changed(change_own_password, hashed="own", context=by("lanhdao"), machine=MACHINE)
    world.sign_in("lanhdao")

    change(world, reset_password, "lanhdao", hashed="new", machine=MACHINE)

    row = kept(world, "lanhdao")
    assert (row.password_hash, row.must_change, row.one_time_until_machine) == ("new", True, MACHINE + ONE_TIME_FOR)
    assert sessions(world, "lanhdao") == []


def test_own_password_is_changed_and_the_session_it_was_done_in_stays(world):
    own = world.sign_in("lanhdao", cookie="here")
    world.sign_in("lanhdao", cookie="elsewhere")

    renewed = KeptSession(own, "here, renewed")
    world.small.changed(change_own_password, hashed="own", context=by("lanhdao"), machine=MACHINE, kept=renewed)

    row = kept(world, "lanhdao")
    assert (row.password_hash, row.must_change, row.one_time_until_machine) == ("own", False, None)
    assert [row.id for row in sessions(world, "lanhdao")] == [own]
    open_now = world.small.asked(find_open_tokens, ["here", "here, renewed"], machine=MACHINE, idle=ONE_TIME_FOR)
    assert open_now == {"here, renewed"}, "a copy of the cookie is worth nothing any more"


def test_later_of_two_changes_is_told_of_the_earlier_one(world):
    opened = world.account("lanhdao").version
    change(world, change_role, "lanhdao", "viewer", seen_version=opened)

    with pytest.raises(AccountConflict, match="since you opened it"):
        change(world, change_units, "lanhdao", ["H1"], seen_version=opened)

    assert world.account("lanhdao").units == ()


def test_account_that_does_not_exist_cannot_be_changed(world):
    with pytest.raises(UnknownName, match="nobody"):
        change(world, change_role, "nobody", "viewer")


def test_role_nobody_has_is_refused(world):
    with pytest.raises(UnknownName, match="boss"):
        change(world, change_role, "lanhdao", "boss")


CHANGES = {
    "create": lambda context: (create_account, NewAccount("new", "New", "viewer"), {"machine": MACHINE}),
    "create many": lambda context: (create_accounts, [], {"machine": MACHINE}),
    "first": lambda context: (create_first_administrator, None, {"machine": MACHINE, "hashed": "h"}),
    "role": lambda context: (change_role, "lanhdao", {"role": "viewer"}),
    "units": lambda context: (change_units, "lanhdao", {"units": []}),
    "enabled": lambda context: (set_enabled, "lanhdao", {"is_enabled": False, "machine": MACHINE}),
    "password": lambda context: (reset_password, "lanhdao", {"hashed": "h", "machine": MACHINE}),
}


@pytest.mark.daily(8)
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("login", [login for login, role, _ in PEOPLE if role != "administrator"])
def test_nobody_but_administrators_changes_accounts(world, name, login):
    action, subject, options = CHANGES[name](None)
    arguments = () if subject is None else (subject,)

    with pytest.raises(Refused):
        world.small.changed(action, *arguments, context=by(login), **options)


# --- from another door ----------------------------------------------------------------------------------------------


def test_claims_are_followed_with_a_trace_and_equal_ones_change_nothing(world):
    claims = {"name": "Lan", "role": "unit_head", "units": ["H2"]}
    for _ in range(2):
        world.small.changed(follow_claims, "lanhdao", **claims, context=by("lanhdao"))

    account = world.account("lanhdao")
    assert (account.name, account.role, account.units, account.version) == ("Lan", "unit_head", ("H2",), 2)
    assert trace(world, "follow_claims")[3] == {"name": "Lan", "role": "unit_head", "units": ["H2"]}


def test_last_administrator_stays_one_whatever_another_door_says(world):
    claims = {"name": "Admin", "units": []}

    world.small.changed(follow_claims, "admin", role="viewer", **claims, context=by("admin"))

    assert world.account("admin").role == "administrator"
    assert trace(world, "kept_administrator")[3] == {"claimed": "viewer"}
    world.create("lan", "administrator")
    world.small.changed(follow_claims, "admin", role="viewer", **claims, context=by("admin"))
    assert world.account("admin").role == "viewer"


def test_another_door_makes_nobody_head_of_nothing(world):
    with pytest.raises(AccountConflict, match="at least one unit"):
        world.small.changed(follow_claims, "lanhdao", name="Lan", role="unit_head", units=[], context=by("lanhdao"))

    assert world.account("lanhdao").role == "leader"


def test_administrator_with_a_password_is_tied_to_nobody_by_name(world):
    with pytest.raises(AccountConflict, match="with the password"):
        world.small.changed(link, "admin", issuer="https://sso", subject="42", context=by("admin"))

    assert kept(world, "admin").subject is None


def test_somebody_sent_from_another_door_gets_an_account_without_a_password(world):
    new = NewAccount("lan", "Lan", "leader", issuer="https://sso", subject="42")

    world.small.changed(admit, new, context=by("lan"), machine=MACHINE)

    assert (kept(world, "lan").password_hash, world.account("lan").is_external) == (None, True)


def test_account_is_tied_to_one_person_of_another_door(world):
    world.small.changed(link, "lanhdao", issuer="https://sso", subject="42", context=by("lanhdao"))

    with pytest.raises(AccountConflict, match="another person"):
        world.small.changed(link, "lanhdao", issuer="https://sso", subject="43", context=by("lanhdao"))

    assert kept(world, "lanhdao").subject == "42"


def test_head_of_a_further_campaigns_unit_need_head_none_of_this_one(world):
    world.create("lan", "unit_head", heads_elsewhere=True)
    world.small.changed(change_role, "nguoixem", "unit_head", heads_elsewhere=True, context=by("admin"))

    assert [(world.account(login).role, world.account(login).units) for login in ("lan", "nguoixem")] == [
        ("unit_head", ()),
        ("unit_head", ()),
    ]


def test_claims_may_name_units_that_only_another_campaign_knows(world):
    claimed = {"name": "Lan", "role": "unit_head", "units": ()}

    world.small.changed(follow_claims, "lanhdao", **claimed, heads_elsewhere=True, context=by("lanhdao"))

    assert (world.account("lanhdao").role, world.account("lanhdao").units) == ("unit_head", ())


@pytest.mark.parametrize(("action", "how"), [(set_enabled, {"is_enabled": False}), (reset_password, {"hashed": "new"})])
def test_locking_and_resetting_are_refused_without_a_reason(world, action, how):
    before = world.account("lanhdao")

    with pytest.raises(Incomplete):
        change(world, action, "lanhdao", **how, machine=MACHINE, context=by("admin", reason=" "))

    assert world.account("lanhdao") == before
