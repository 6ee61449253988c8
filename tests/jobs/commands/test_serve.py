"""The command that serves: what it starts, whose word it believes, and what it says about coming in."""

import pytest

from jobs.commands import serve
from models.accounts.actions import NewAccount, create_account
from models.accounts.passwords import hashed, one_time
from models.core.audit import ChangeContext
from models.core.clock import machine_now
from models.core.settings import PROJECT
from models.core.store import Store


@pytest.fixture
def started(monkeypatch):
    """What would have been started, and with which environment."""
    found = {}

    def note(commands, *, environment):
        found.update(commands=commands, environment=environment)
        return 0

    monkeypatch.setattr(serve, "run_beside", note)
    return found


def got(started):
    """What the dashboard's process is told of where to listen and whom to believe."""
    return {name: started["environment"][f"CAODIEM_{name}"] for name in ("HOST", "PORT", "PROXY")}


def test_serves_this_machine_only_and_believes_a_proxy_on_it(home, run, started):
    result = run("serve")

    assert started["commands"]["dashboard"][1:] == [str(PROJECT / "app.py")]
    assert got(started) == {"HOST": "127.0.0.1", "PORT": "8501", "PROXY": "127.0.0.1/32,::ffff:7f00:1/128"}
    assert "http://localhost:8501" in result.output
    assert "this machine only" in result.output


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("0.0.0.0", "http://localhost:"),  # noqa: S104 - nothing is bound
        ("10.0.0.5", "http://10.0.0.5:"),
        ("fd00::5", "http://[fd00::5]:"),
    ],
)
def test_listens_where_the_settings_say_and_warns_of_unencrypted_passwords(
    home, run, started, monkeypatch, host, shown
):
    monkeypatch.setenv("CAODIEM_HOST", host)
    monkeypatch.setenv("CAODIEM_PROXY", "10.0.0.2")

    result = run("serve", "--no-schedule")

    assert list(started["commands"]) == ["dashboard"]
    assert got(started) | {"PORT": ""} == {"HOST": host, "PORT": "", "PROXY": "10.0.0.2/32,::ffff:a00:2/128"}
    assert shown in result.output
    assert "TLS proxy" in result.output


def test_says_how_to_get_an_account_where_nobody_has_one_and_how_to_sign_in_afterwards(home, run, started):
    before = run("serve").output
    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    with store.writing() as session:
        new = NewAccount("lan", "Lan", "coordinator", (), hashed=hashed(one_time()))
        context = ChangeContext(by="system:test", reason="test", now=machine_now())
        create_account(session, new, context=context, machine=machine_now())
    store.close()

    after = run("serve").output

    assert "python -m jobs init" in before
    assert "Sign in with an account" in after


def test_says_where_anybody_may_look(home, run, started, monkeypatch):
    monkeypatch.setenv("CAODIEM_PUBLIC", "1")

    assert "CAODIEM_PUBLIC=1" in run("serve").output
