"""Who may do what: the table as it is declared, against one written out by hand."""

import pytest

from targets.permissions import (
    ANONYMOUS,
    OF_A_UNIT,
    ROLES,
    TABLE,
    Actor,
    Permission,
    Refused,
    check_may,
    kept_to_branch,
    may,
    may_somewhere,
    system_actor,
)

# The campaign's tree:  P ── H1 ── X1, X2;  P ── H2.  A unit head heads H1.
PLACES = {"own": "H1", "child": "X1", "sibling": "H2", "parent": "P", "whole": None}

# Where each role may: o own unit, c child, s sibling, p parent, w the campaign as a whole; - nowhere.
DECLARED = """
    permission       | viewer | leader | unit_head | coordinator | administrator
    read             | ocspw  | ocspw  | ocspw     | ocspw       | ocspw
    register         | -      | -      | oc        | ocspw       | -
    explain          | -      | -      | oc        | ocspw       | -
    dispute          | -      | -      | oc        | ocspw       | -
    report_task      | -      | -      | oc        | ocspw       | -
    ask_explanation  | -      | ocspw  | -         | ocspw       | -
    decide           | -      | -      | -         | ocspw       | -
    import           | -      | -      | -         | ocspw       | -
    pull             | -      | -      | -         | ocspw       | -
    propose          | -      | -      | -         | ocspw       | -
    issue            | -      | -      | -         | ocspw       | -
    change_campaign  | -      | -      | -         | ocspw       | -
    name_heads       | -      | -      | -         | ocspw       | ocspw
    conclude         | -      | -      | -         | ocspw       | -
    archive          | -      | -      | -         | ocspw       | -
    read_operations  | -      | -      | -         | ocspw       | ocspw
    manage_accounts  | -      | -      | -         | -           | ocspw
    change_settings  | -      | -      | -         | -           | ocspw
"""


def declared():
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in DECLARED.strip().splitlines()]
    return [
        (line[0], role, place, place[0] in letters)
        for line in lines
        for role, letters in zip(head[1:], line[1:], strict=True)
        for place in PLACES
    ]


def actor(role, **other):
    of_h1 = {"units": ("H1",), "branch": frozenset({"H1", "X1", "X2"})} if role == "unit_head" else {}
    return Actor(login="lan", name="Lan", role=role, **(of_h1 | other))


def unlike_the_table(answer):
    """The cases, as `role permission place`, in which the answer is not the declared one."""
    return [
        f"{role} {permission} {place}"
        for permission, role, place, is_allowed in declared()
        if answer(actor(role), Permission(permission), PLACES[place]) is not is_allowed
    ]


def test_role_may_what_the_table_declares():
    assert unlike_the_table(lambda who, permission, unit: may(who, permission, unit=unit)) == []


def test_every_role_and_permission_is_declared():
    written = {(permission, role) for permission, role, _, _ in declared()}

    assert written == {(permission.value, role) for permission in Permission for role in ROLES}


def test_check_raises_exactly_where_may_says_no():
    def passes(who, permission, unit):
        try:
            check_may(who, permission, unit=unit)
        except Refused:
            return False
        return True

    assert unlike_the_table(passes) == []


def test_branch_permissions_are_those_asked_for_a_unit():
    by_branch = {permission for permission, reaches in TABLE.items() if "branch" in reaches.values()}

    assert by_branch < OF_A_UNIT


@pytest.mark.parametrize(
    ("place", "is_allowed"), [("own", True), ("child", True), ("sibling", False), ("parent", False), ("whole", False)]
)
def test_unit_head_kept_to_the_branch_reads_only_it(place, is_allowed):
    head = kept_to_branch(actor("unit_head"))

    assert may(head, Permission.READ, unit=PLACES[place]) is is_allowed
    assert head.readable == {"H1", "X1", "X2"}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "unit_head"])
def test_other_roles_are_not_kept_to_a_branch(role):
    other = kept_to_branch(actor(role))

    assert may(other, Permission.READ)
    assert other.readable is None


def test_unit_head_who_reads_all_may_still_write_only_the_branch():
    head = actor("unit_head")

    assert head.readable is None
    assert not may(head, Permission.REGISTER, unit="H2")


@pytest.mark.parametrize("permission", Permission)
def test_somewhere_is_allowed_where_any_unit_is(permission):
    for role in ROLES:
        anywhere = any(may(actor(role), permission, unit=unit) for unit in PLACES.values())
        assert may_somewhere(actor(role), permission) is anywhere


def test_unit_head_without_a_unit_may_nowhere_and_is_told_why():
    nobody = actor("unit_head", units=(), branch=frozenset())

    assert not may_somewhere(nobody, Permission.REGISTER)
    with pytest.raises(Refused, match="heads no unit") as caught:
        check_may(nobody, Permission.REGISTER, unit="H1")
    assert caught.value.code == "refused_no_unit"


@pytest.mark.parametrize("permission", Permission)
def test_anonymous_visitor_may_read_and_nothing_else(permission):
    assert may(ANONYMOUS, permission) is (permission is Permission.READ)


def test_anonymous_visitor_is_told_to_sign_in():
    with pytest.raises(Refused, match="without signing in"):
        check_may(ANONYMOUS, Permission.ISSUE)


@pytest.mark.parametrize("permission", Permission)
def test_whoever_runs_commands_on_the_server_may_everything(permission):
    assert may(system_actor("system:root"), permission, unit="H1")
    assert may(system_actor("system:root"), permission)


@pytest.mark.parametrize(
    ("unit", "code", "said"),
    [
        ("H2", "refused_unit", "lan may register only for H1 and the units below, not for H2."),
        (None, "refused_whole", "lan may register only for H1 and the units below."),
    ],
)
def test_refusal_of_another_unit_names_the_own_one(unit, code, said):
    with pytest.raises(Refused) as caught:
        check_may(actor("unit_head"), Permission.REGISTER, unit=unit)

    assert (caught.value.code, str(caught.value)) == (code, said)
    assert caught.value.permission is Permission.REGISTER


def test_refusal_of_a_role_names_who_may():
    with pytest.raises(Refused) as caught:
        check_may(actor("leader"), Permission.READ_OPERATIONS)

    assert str(caught.value) == "lan is leader and may not read operations. Who may: coordinator, administrator."
