"""A campaign that is over is put into the archive: all of it can be read, and nobody changes anything."""

import pytest
from sqlmodel import select

from models.campaign.archiving import CampaignRuns, set_archived
from models.core.permission import require
from models.core.state import find_state
from models.core.trail import record_download
from models.tables import AuditEntry
from models.targets.registrations import Incomplete
from targets.permissions import IN_ARCHIVE, Permission, Refused
from tests.models.accounts_world import by, people

LAST, AFTER = "12/4 17:00", "13/4 08:00"
"""The small campaign's last day, and the day after."""


@pytest.fixture
def world(small):
    return people(small)


@pytest.fixture
def archived(world):
    world.small.changed(set_archived, is_archived=True, context=by("dieuphoi", when=AFTER))
    return world


def refused(world, login, permission):
    try:
        world.small.changed(require, by(login), permission)
    except Refused as problem:
        return problem.code
    return None


def is_archived(world):
    with world.small.store.reading() as session:
        return find_state(session).is_archived


def test_campaign_in_the_archive_is_changed_by_nobody_whatever_they_may(archived):
    changes = [permission for permission in Permission if permission not in IN_ARCHIVE]

    told = {refused(archived, login, each) for each in changes for login in ("dieuphoi", "system:root")}

    assert len(changes) == 13
    assert told == {"refused_archived"}


def test_campaign_in_the_archive_is_read_and_looked_after(archived):
    assert refused(archived, "nguoixem", Permission.READ) is None
    assert refused(archived, "admin", Permission.MANAGE_ACCOUNTS) is None
    archived.small.changed(
        record_download, subject="campaign folder", narrowed={}, permission=Permission.CHANGE_CAMPAIGN,
        context=by("dieuphoi"),
    )  # fmt: skip


def test_campaign_that_is_taken_out_is_worked_on_again(archived):
    assert archived.small.changed(set_archived, is_archived=False, context=by("dieuphoi", when=AFTER))

    assert not is_archived(archived)
    assert refused(archived, "dieuphoi", Permission.IMPORT) is None
    with archived.small.store.reading() as session:
        actions = list(session.exec(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions[-2:] == ["archive_campaign", "reopen_campaign"]


def test_campaign_lies_in_the_archive_once(archived):
    assert archived.small.changed(set_archived, is_archived=True, context=by("dieuphoi", when=AFTER)) is False


def test_campaign_that_runs_is_not_archived(world):
    with pytest.raises(CampaignRuns, match="12/04/2024"):
        world.small.changed(set_archived, is_archived=True, context=by("dieuphoi", when=LAST))

    assert not is_archived(world)


def test_reason_is_asked_for(world):
    with pytest.raises(Incomplete):
        world.small.changed(set_archived, is_archived=True, context=by("dieuphoi", reason=" ", when=AFTER))


@pytest.mark.parametrize("login", ["nguoixem", "truong.h1", "lanhdao", "admin"])
def test_only_a_coordinator_archives(world, login):
    with pytest.raises(Refused):
        world.small.changed(set_archived, is_archived=True, context=by(login, when=AFTER))
