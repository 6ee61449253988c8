"""`python -m jobs pull`: what it prints, how it ends, and how it moves a demonstration on."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from jobs.pulls.by_hand import days_wanted
from jobs.sources import simulated
from jobs.workplace import Workplace
from models.core.settings import Settings
from models.core.store import Store
from models.tables import StoreState
from tests.jobs.pull_world import figure
from tests.models.conftest import day


def test_pulling_a_demonstration_tells_its_next_day(home, answer):
    first = answer("pull", "demonstration")
    second = answer("pull", "demonstration")

    assert [one["for_date"] for one in (*first, *second)] == ["2024-05-08", "2024-05-09"]
    promised = {
        *("source", "for_date", "status", "received", "accepted", "revised", "unchanged", "rejected"),
        *("attempts", "failure"),
    }
    assert promised <= set(first[0])
    assert first[0]["status"] == "done"
    assert {row["as_of"] for row in answer("standing", "--unit", "H21")} == {"2024-05-09"}


@pytest.mark.soak
def test_demonstration_goes_past_its_milestone_and_the_standings_follow(home, answer):
    answer("pull", "demonstration", "--date", "2024-05-12")

    rows = answer("standing", "--unit", "SGTVT", "--phase", "50-day")
    assert {row["standing"] for row in rows} <= {"met", "missed", "no_target", "no_cases", "insufficient", "stale"}
    assert answer("derive", "--check") == {"differences": []}


def test_pulling_by_day_is_the_same_as_having_been_founded_later(home, answer):
    """A rehearsal's figures do not depend on when they are told: asking for a told day again changes nothing."""
    pulled = answer("pull", "demonstration", "--date", "2024-05-07")

    assert [(one["for_date"], one["status"]) for one in pulled] == [("2024-05-07", "unchanged")]


@pytest.mark.parametrize("home", ["whole"], indirect=True)
def test_demonstration_says_kindly_that_its_simulation_is_over(home, run, answer):
    _stand_at(home, "2024-12-26T18:00:00+07:00")

    result = run("pull", "demonstration", "--lang", "vi")

    assert result.exit_code == 0
    assert "26/12/2024" in result.stderr
    assert "Không có số liệu nào cần cập nhật." in result.stdout


def test_demonstration_never_goes_past_a_fixed_clock(home, run, monkeypatch):
    monkeypatch.setenv("CAODIEM_NOW", "2024-05-07T20:00:00+07:00")

    result = run("pull", "demonstration")

    assert result.exit_code == 0
    assert "CAODIEM_NOW stands at" in result.stderr


def _stand_at(home, when: str) -> None:
    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    with store.writing() as session:
        session.get(StoreState, 1).rehearsal_now = datetime.fromisoformat(when)
    store.close()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("pull", "nobody"), 2, "nobody"),
        (("pull", "igate"), 1, "switched off"),
        (("pull", "file"), 2, "handed in"),
        (("pull", "demonstration", "--date", "soon"), 2, "soon"),
        (("pull", "demonstration", "--date", "2023-01-01"), 2, "before the campaign"),
        (("pull", "demonstration", "--since", "2023-01-01"), 2, "before the campaign"),
        (("pull", "demonstration", "--since", "2024-05-20", "--date", "2024-05-10"), 2, "comes after 10/05/2024"),
        (("pull", "demonstration", "--since", "2024-05-20"), 2, "20/05/2024 has not come yet"),
    ],
)
def test_source_that_cannot_be_pulled_is_said(home, run, words, code, said):
    result = run(*words)

    assert result.exit_code == code
    assert said in result.stderr


@pytest.mark.soak
@pytest.mark.parametrize("home", ["whole"], indirect=True)
def test_people_get_a_line_in_their_language(home, run):
    result = run("pull", "demonstration", "--lang", "en")

    assert result.exit_code == 0
    assert "demonstration, 08/05/2024: Complete. Received 1,482: 1,482 new" in result.stdout


def test_simulation_never_enters_a_real_store(home_of_few, run):
    run("init")

    result = run("pull", "demonstration")

    assert result.exit_code == 1
    assert "this store holds a real campaign" in result.stderr


@pytest.mark.soak
def test_pull_of_all_sources_leaves_out_those_that_are_off_and_fails_where_one_does(home, run):
    result = run("pull", "--json")

    assert {one["source"]: one["status"] for one in json.loads(result.stdout)} == {
        "demonstration": "done", "demonstration-late": "failed",
    }  # fmt: skip
    assert result.exit_code == 1


def test_pull_since_a_day_asks_each_day_up_to_the_next_one(home):
    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    workplace = Workplace(settings=Settings(_env_file=None, home=home), store=store, by="system:test")

    wanted = days_wanted(workplace, ["demonstration"], since=day("6/5"))

    store.close()
    assert [when for _, when in wanted] == [day("6/5"), day("7/5"), day("8/5")]


def test_rows_left_in_quarantine_end_the_command_with_three(home, run, monkeypatch):
    tell = simulated.SOURCE.tell

    def with_a_stranger(asking):
        got = tell(asking)
        return type(got)(figures=(*got.figures, figure("Z9", asking.day, numerator=1, denominator=2)))

    monkeypatch.setattr("jobs.pulls.work.kind_of", lambda source: replace(simulated.SOURCE, tell=with_a_stranger))

    result = run("pull", "demonstration", "--json")

    assert result.exit_code == 3
    assert [(one["status"], one["rejected"]) for one in json.loads(result.stdout)] == [("done_with_rejects", 1)]
