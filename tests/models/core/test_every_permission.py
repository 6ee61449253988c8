"""Every role × every change × own unit, child, sibling and parent: allowed or refused as the table of permissions says.

Each change is tried through its action with arguments that need not lead anywhere: an unknown id or an empty reason is
refused only after the question who is asking. What is looked at is whether the answer is `Refused`.
"""

import importlib
import inspect
import pkgutil
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest

import models
from models.accounts import actions as accounts
from models.accounts.following import follow_people
from models.campaign.actions import found_campaign, leave_folder, move_rehearsal
from models.campaign.archiving import set_archived
from models.core import trail
from models.feeds.actions import claim_day
from models.feeds.files import settle_files
from models.meetings import actions as meetings
from models.meetings import digests
from models.readings import loading, settling, withdrawing
from models.readings.actions import record_baselines, record_central, record_targets
from models.readings.loading import Arrival, open_run
from models.readings.records import TaskRecord
from models.targets import actions as targets
from models.targets import causes, checks, registrations
from models.tasks import actions as task_actions
from models.units.actions import name_heads, record_units
from targets.errors import CampaignError
from targets.permissions import IN_ARCHIVE, OF_A_UNIT, ROLES, TABLE, Permission, Refused
from tests.models.accounts_world import MACHINE, by, people
from tests.models.conftest import at, small_files

LOGINS = {
    "administrator": "admin", "coordinator": "dieuphoi", "leader": "lanhdao", "viewer": "nguoixem",
    "unit_head": "truong.h1",
}  # fmt: skip
UNITS = {"own": "H1", "child": "X1", "sibling": "H2", "parent": "P"}
DAY = date(2024, 3, 20)
SEEN = {"seen_version": 1}

OF_UNITS = {
    "register_target": (
        Permission.REGISTER,
        lambda unit: (
            registrations.register_target,
            (registrations.Registration(unit, "online", "second", Decimal(90), "3/KH"),),
            {},
        ),
    ),
    "request_dates": (
        Permission.REGISTER,
        lambda unit: (registrations.request_dates, (), {
            "unit": unit, "phase": "first", "start": date(2024, 3, 4), "due": date(2024, 3, 14), "document": "3/KH",
        }),
    ),
    "state_cause": (
        Permission.EXPLAIN,
        lambda unit: (causes.state_cause, (causes.Explanation(unit, "online", "staff", "a", "b", "c", DAY),), {}),
    ),
    "request_check": (
        Permission.DISPUTE,
        lambda unit: (checks.request_check, (checks.Dispute(unit, "online", "register", DAY),), {}),
    ),
    "ask_for_explanation": (
        Permission.ASK_EXPLANATION,
        lambda unit: (causes.ask_for_explanation, (), {
            "unit": unit, "indicator": "online", "question": "why?", "deadline": DAY,
        }),
    ),
}  # fmt: skip
TARGET = {"unit": "S1", "indicator": "online", "phase": "second", "value": Decimal(57)}
OF_THE_CAMPAIGN = {
    "set_archived": (Permission.ARCHIVE, set_archived, (), {"is_archived": False}),
    "follow_people": (Permission.MANAGE_ACCOUNTS, follow_people, ((),), {}),
    "decide_registration": (
        Permission.DECIDE, registrations.decide_registration, (99,), {"is_approved": True, **SEEN}),
    "decide_dates": (Permission.DECIDE, registrations.decide_dates, (99,), {"is_approved": True, **SEEN}),
    "decide_cause": (Permission.DECIDE, causes.decide_cause, (99,), {"is_confirmed": True, **SEEN}),
    "refuse_check": (Permission.DECIDE, checks.refuse_check, (99,), SEEN),
    "revise_figure": (Permission.DECIDE, checks.revise_figure, (99,), {"numerator": 1, "denominator": 2, **SEEN}),
    "open_run": (Permission.IMPORT, open_run, (Arrival(kind="readings", source="file"),), {}),
    "record_baselines": (Permission.IMPORT, record_baselines, ([],), {"is_simulated": False}),
    "record_central": (Permission.IMPORT, record_central, ([],), {"is_simulated": False}),
    "record_targets": (Permission.IMPORT, record_targets, ([],), {"is_simulated": False}),
    "remember_choices": (Permission.IMPORT, loading.remember_choices, ({},), {"source": "file"}),
    "name_heads": (Permission.NAME_HEADS, name_heads, ({},), {}),
    "record_units": (Permission.IMPORT, record_units, ([],), {"is_whole": False}),
    "dismiss_row": (Permission.IMPORT, settling.dismiss_row, (99,), {"version": 1}),
    "dismiss_rows": (Permission.IMPORT, settling.dismiss_rows, (), {"run": 1, "problem": None, "seen": None}),
    "settle_readmitted": (
        Permission.IMPORT,
        settling.settle_readmitted,
        (99,),
        {"version": 1, "run_id": 1, "mended": {}},
    ),
    "withdraw_load": (Permission.IMPORT, withdrawing.withdraw_load, (99,), {}),
    "foresee_withdrawal": (Permission.IMPORT, withdrawing.foresee_withdrawal, (99,), {}),
    "settle_files": (Permission.IMPORT, settle_files, ((99,),), {}),
    "claim_day": (
        Permission.PULL, claim_day, (), {"source": "igate", "for_date": DAY, "owner": "x", "machine": MACHINE}),
    "move_rehearsal": (Permission.PULL, move_rehearsal, (), {"to": at("9/3 08:00")}),
    "propose_targets": (Permission.PROPOSE, targets.propose_targets, (), {}),
    "adjust_proposal": (Permission.PROPOSE, targets.adjust_proposal, (), {**TARGET, "seen_version": 1}),
    "adjust_proposals": (Permission.PROPOSE, targets.adjust_proposals, ((),), {}),
    "issue_targets": (
        Permission.ISSUE, targets.issue_targets, (), {"phase": "second", "document": "1/KH", "document_date": DAY}),
    "correct_issue": (
        Permission.ISSUE, targets.correct_issue, (),
        {**TARGET, "document": "1/KH", "document_date": DAY, "seen_version": 0}),
    "found_campaign": (Permission.CHANGE_CAMPAIGN, found_campaign, (small_files(),), {}),
    "leave_folder": (Permission.CHANGE_CAMPAIGN, leave_folder, (small_files(), ()), {}),
    "record_download": (
        Permission.READ_OPERATIONS, trail.record_download, (),
        {"subject": "audit", "narrowed": {}, "permission": Permission.READ_OPERATIONS}),
    "enter_central": (
        Permission.CHANGE_CAMPAIGN,
        targets.enter_central,
        (),
        {"indicator": "online", "year": 2024, "level": "", "value": Decimal(55), "document": "1/QĐ"},
    ),
    "announce_figures": (
        Permission.CONCLUDE, meetings.announce_figures, (), {"as_of": DAY, "deadline": DAY, "title": "1"}),
    "withdraw_announcement": (Permission.CONCLUDE, meetings.withdraw_announcement, (99,), SEEN),
    "freeze_announced": (Permission.CONCLUDE, meetings.freeze_announced, (99,), SEEN),
    "freeze_figures": (Permission.CONCLUDE, meetings.freeze_figures, (), {"as_of": DAY, "title": "1"}),
    "close_phase": (Permission.CONCLUDE, meetings.close_phase, ("first",), {}),
    "confirm_result": (
        Permission.CONCLUDE, meetings.confirm_result, (99,),
        {"document": "1/TB", "document_date": DAY, "signer": "A"}),
    "withdraw_snapshot": (Permission.CONCLUDE, meetings.withdraw_snapshot, (99,), {}),
    "set_agenda": (Permission.CONCLUDE, meetings.set_agenda, (99, ("province",)), {}),
    "record_conclusion": (
        Permission.CONCLUDE, meetings.record_conclusion, (meetings.Conclusion("every Friday"),), {}),
    "give_task": (
        Permission.CONCLUDE, task_actions.give_task, (TaskRecord("H1", "a", "b", DAY),), {}),
    "set_mail_address": (Permission.MANAGE_ACCOUNTS, digests.set_mail_address, ("nobody", ""), {}),
    "raise_digest": (Permission.CONCLUDE, digests.raise_digest, ("weekly",), {"as_of": DAY, "snapshot": None}),
    "raise_announced": (Permission.CONCLUDE, digests.raise_announced, (), {"today": DAY}),
    "raise_files": (Permission.CONCLUDE, digests.raise_files, (), {"today": DAY}),
    "raise_reminders": (Permission.CONCLUDE, digests.raise_reminders, (), {"today": DAY}),
    "claim_mails": (Permission.CONCLUDE, digests.claim_mails, (), {"machine": MACHINE}),
    "settle_mail": (Permission.CONCLUDE, digests.settle_mail, (99,), {"failure": None, "machine": MACHINE}),
    "confirm_task": (Permission.CONCLUDE, task_actions.confirm_task, (99,), {"is_done": True, **SEEN}),
    "withdraw_task": (Permission.CONCLUDE, task_actions.withdraw_task, (99,), SEEN),
    "move_task": (Permission.CONCLUDE, task_actions.move_task, (99,), {"due": DAY, "who": "a", **SEEN}),
    "record_tasks": (Permission.IMPORT, task_actions.record_tasks, ([],), {"is_simulated": False}),
    "create_account": (
        Permission.MANAGE_ACCOUNTS, accounts.create_account,
        (accounts.NewAccount("newcomer", "New", "viewer", hashed="hash"),), {"machine": MACHINE}),
    "create_accounts": (Permission.MANAGE_ACCOUNTS, accounts.create_accounts, ([],), {"machine": MACHINE}),
    "create_first_administrator": (
        Permission.MANAGE_ACCOUNTS, accounts.create_first_administrator, (), {"hashed": "hash", "machine": MACHINE}),
    "reset_password": (
        Permission.MANAGE_ACCOUNTS, accounts.reset_password, ("nobody",), {"hashed": "hash", "machine": MACHINE}),
    "change_role": (Permission.MANAGE_ACCOUNTS, accounts.change_role, ("nobody", "viewer"), {}),
    "change_units": (Permission.MANAGE_ACCOUNTS, accounts.change_units, ("nobody", ("H1",)), {}),
    "set_enabled": (
        Permission.MANAGE_ACCOUNTS, accounts.set_enabled, ("nobody",), {"is_enabled": False, "machine": MACHINE}),
}  # fmt: skip


@pytest.fixture
def world(small):
    return people(small)


class _RolledBack(Exception):
    """What was tried is not kept: the next try meets the same store."""


def is_refused(world, login, action, arguments, options):
    """Whether the action refuses whoever asks; whatever else it did or said is undone."""
    refused = False
    with suppress(_RolledBack), world.small.store.writing() as session:
        try:
            action(session, *arguments, **options, context=by(login, "because", "9/3 08:00"))
        except Refused:
            refused = True
        except CampaignError:
            pass
        raise _RolledBack
    return refused


def reaches(role, where):
    return {"parent": False, "sibling": False}.get(where, True) if role == "unit_head" else True


def unlike(found, wanted):
    """The cases, each by its name, that are not answered as wanted."""
    assert found.keys() == wanted.keys()
    return {case: f"refused: {is_refused}" for case, is_refused in found.items() if is_refused is not wanted[case]}


def test_change_of_a_unit_is_open_to_whom_the_table_names_for_the_units_they_reach(world):
    refused = {
        (name, role, where): is_refused(world, LOGINS[role], *made(unit))
        for name, (_, made) in OF_UNITS.items()
        for role in ROLES
        for where, unit in UNITS.items()
    }

    wanted = {
        (name, role, where): not (role in TABLE[permission] and reaches(role, where))
        for name, (permission, _) in OF_UNITS.items()
        for role in ROLES
        for where in UNITS
    }
    assert unlike(refused, wanted) == {}


def test_change_of_the_campaign_is_open_to_whom_the_table_names(world):
    refused = {
        (name, role): is_refused(world, LOGINS[role], action, arguments, options)
        for name, (_, action, arguments, options) in OF_THE_CAMPAIGN.items()
        for role in ROLES
    }

    wanted = {
        (name, role): role not in TABLE[permission]
        for name, (permission, *_) in OF_THE_CAMPAIGN.items()
        for role in ROLES
    }
    assert unlike(refused, wanted) == {}


def test_change_is_refused_to_strangers_and_to_disabled_accounts(world):
    changes = {name: made("H1") for name, (_, made) in OF_UNITS.items()}
    changes |= {name: tuple(change) for name, (_, *change) in OF_THE_CAMPAIGN.items()}
    world.create("gone", "coordinator", hashed="hash")
    world.small.changed(accounts.set_enabled, "gone", is_enabled=False, context=by("admin", "left"), machine=MACHINE)

    refused = {
        (name, login): is_refused(world, login, *change)
        for name, change in changes.items()
        for login in ("nobody", "gone")
    }

    assert unlike(refused, dict.fromkeys(refused, True)) == {}


def test_change_is_refused_to_all_while_the_campaign_lies_in_the_archive(world):
    world.small.changed(set_archived, is_archived=True, context=by("dieuphoi", "over", "13/4 08:00"))
    changes = {name: (permission, *made("H1")) for name, (permission, made) in OF_UNITS.items()}
    changes |= {name: tuple(change) for name, change in OF_THE_CAMPAIGN.items()}

    refused = {
        (name, login): is_refused(world, login, *change)
        for name, (permission, *change) in changes.items()
        for login in ("dieuphoi", "system:root")
        if permission not in IN_ARCHIVE
    }

    assert len(refused) > 60
    assert unlike(refused, dict.fromkeys(refused, True)) == {}


def test_every_permission_of_a_unit_that_changes_something_is_tried():
    tried = {permission for permission, _ in OF_UNITS.values()}

    assert OF_A_UNIT - tried == {Permission.READ, Permission.READ_STORY, Permission.REPORT_TASK}


def test_every_change_that_asks_is_tried():
    asking = {
        name
        for found in pkgutil.walk_packages(models.__path__, "models.")
        if ".migrations." not in found.name
        for name, function in inspect.getmembers(importlib.import_module(found.name), inspect.isfunction)
        if function.__module__ == found.name
        and not name.startswith("_")
        and "require(session, context" in inspect.getsource(function)
    }

    # Whose cause, task or session it is must be known first; their own tests ask who may end them.
    of_something_known = {"end_cause", "end_session", "end_sessions", "report_on_task"}
    assert asking - {*OF_UNITS, *OF_THE_CAMPAIGN} == of_something_known
