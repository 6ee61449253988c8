"""One pull run: what is stored, what is said, and that a run which fails leaves the store as it was."""

import gzip
import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from jobs.fetching.values import PullFailed, SourceAnswer
from jobs.pulls.by_hand import days_wanted, pull_now
from models.campaign.actions import found_campaign
from models.core.state import find_state
from models.feeds.actions import NOBODY
from models.results.kept import find_differences
from models.results.standing import find_standing
from targets.errors import CampaignError, UnknownName
from tests.jobs.pull_world import UNITS, PullWorld, figure, figures, made, pulled_campaign, source
from tests.models.conftest import at, context, day, small_files

VARIABLE = "CAODIEM_TEST_TOKEN"


def test_pull_stores_what_a_source_tells_and_closes_its_claim(world):
    pulled = world.pull("8/3")

    (claim,) = world.claims()
    assert (pulled.status, pulled.received, pulled.accepted, pulled.attempts) == ("done", 5, 5, 1)
    assert (claim.done, claim.owner, claim.progress) == (True, NOBODY, None)
    assert len(world.readings()) == len(UNITS)


def test_pull_brings_the_kept_tables_up_to_date(world):
    world.pull("8/3")

    with world.store.reading() as session:
        assert find_differences(session) == []
        assert find_state(session).kept_through == day("8/3")


def test_same_answer_again_changes_nothing_and_says_so(world):
    world.pull("8/3")
    with world.store.reading() as session:
        before = find_state(session).data_version

    pulled = world.pull("8/3", again=True)

    with world.store.reading() as session:
        assert find_state(session).data_version == before
    assert (pulled.status, pulled.accepted, pulled.unchanged) == ("unchanged", 0, 5)
    assert len(world.readings()) == len(UNITS)


def test_day_that_is_done_is_not_asked_again_by_itself(world):
    world.pull("8/3")

    pulled = world.pull("8/3")

    assert (pulled.status, pulled.is_new) == ("done", False)
    assert world.teller.asked == [day("8/3")]


def test_day_asked_again_becomes_revisions(world):
    world.pull("8/3")
    world.teller.answers[day("8/3")] = figures(day("8/3"), more=1)

    pulled = world.pull("8/3", again=True)

    assert (pulled.status, pulled.revised) == ("done", 5)
    assert [revision for _, _, revision, _ in world.readings()] == [1, 2] * 5


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (PullFailed("unreachable", is_passing=True, host="portal.example"), "unreachable"),
        (PullFailed("token_refused", host="portal.example"), "token_refused"),
        (lambda asking: 1 / 0, "unexpected"),
        (SourceAnswer(), "nothing_told"),
    ],
)
def test_run_that_fails_leaves_the_store_as_it_was_and_says_why(world, failure, code):
    world.pull("7/3")
    result = world.readings()
    world.teller.answers[day("8/3")] = failure

    pulled = world.pull("8/3")

    (claim,) = [claim for claim in world.claims() if claim.for_date == day("8/3")]
    assert (pulled.status, pulled.failure) == ("failed", code)
    assert pulled.says("vi")
    assert pulled.says("en")
    assert world.readings() == result
    assert (claim.done, claim.owner) == (False, NOBODY)


def test_failure_never_repeats_the_secret(world, monkeypatch):
    token = "-".join(("a", "very", "long", "token", "0123456789"))
    monkeypatch.setenv(VARIABLE, token)
    _with_source(world, secret=VARIABLE)

    def stumble(asking):
        raise ValueError(f"cannot read {asking.secret}")

    world.teller.answers[day("8/3")] = stumble

    pulled = world.pull("8/3")

    assert pulled.failure == "unexpected"
    assert token not in str(pulled.failure_terms)


def test_source_whose_secret_is_not_set_fails_with_the_variable_to_set(world):
    _with_source(world, secret=VARIABLE)

    pulled = world.pull("8/3")

    assert (pulled.failure, pulled.failure_terms) == ("secret_missing", {"variable": VARIABLE})
    assert world.teller.asked == []


def _with_source(world: PullWorld, **other) -> None:
    campaign = pulled_campaign()
    changed = replace(campaign, sources=(replace(campaign.sources[0], **other), *campaign.sources[1:]))
    world.changed(lambda session: found_campaign(session, small_files(changed), context=context("2/3 08:00")))


def test_bad_rows_go_to_quarantine_and_good_ones_are_stored(world):
    bad = figure("X9", day("8/3"), numerator=1, denominator=2)
    world.teller.answers[day("8/3")] = SourceAnswer(figures=(*figures(day("8/3")).figures, bad))

    pulled = world.pull("8/3")

    (row,) = world.quarantined()
    assert (pulled.status, pulled.accepted, pulled.rejected) == ("done_with_rejects", 5, 1)
    assert (row.kind, row.problem, row.raw["code"], row.run_id) == (
        "readings",
        "unit_code_unknown",
        "X9",
        pulled.run_id,
    )


def test_answer_without_a_good_row_fails_and_keeps_its_rows_in_quarantine(world):
    world.teller.answers[day("8/3")] = figures(day("8/3"), units=("Z1", "Z2"))

    pulled = world.pull("8/3")

    assert (pulled.status, pulled.failure, pulled.received, pulled.rejected) == ("failed", "no_good_row", 2, 2)
    assert len(world.quarantined()) == 2
    assert world.readings() == []


def test_raw_answer_is_kept_compressed_with_its_hash(world):
    def tell(asking):
        return figures(asking.day)

    world.teller.answers[day("8/3")] = tell

    pulled = world.pull("8/3")

    (payload,) = world.payloads()
    body = gzip.decompress((world.home / "archive" / payload.path).read_bytes())
    assert payload.run_id == pulled.run_id
    assert payload.path == f"igate/2024-03-08/{pulled.run_id}-1-001.gz"
    assert (hashlib.sha256(body).hexdigest(), len(body)) == (payload.sha256, payload.size)
    assert b'"unit_code": "S1"' in body


def test_archive_that_cannot_be_written_fails_the_run(world):
    world.home.mkdir(parents=True)
    (world.home / "archive").write_text("not a folder")

    pulled = world.pull("8/3")

    assert (pulled.status, pulled.failure) == ("failed", "archive_unwritable")
    assert world.readings() == []


def test_day_that_cannot_be_told_any_more_is_recorded_once_and_never_made_up(world):
    world.teller.recovers = lambda options, day, today: day == today

    first = world.pull("7/3", now="8/3 07:00")
    second = world.pull("7/3", now="8/3 07:00")

    assert (first.status, first.failure, first.attempts) == ("unrecoverable", "unrecoverable", 0)
    assert (second.status, second.is_new) == ("unrecoverable", False)
    assert world.run_count() == 1
    assert world.teller.asked == []


def test_day_told_in_its_time_stays_told_when_it_can_no_longer_be_asked_for(world):
    world.pull("7/3")
    world.teller.recovers = lambda options, day, today: day == today

    pulled = world.pull("7/3", now="8/3 07:00", again=True)

    assert (pulled.status, pulled.run_id) == ("unrecoverable", None)
    assert world.days() == [(day("7/3"), "done")]


def test_failure_that_passes_is_asked_again_only_after_a_while(world):
    world.teller.answers[day("8/3")] = PullFailed("unreachable", is_passing=True, host="portal.example")
    world.pull("8/3")
    del world.teller.answers[day("8/3")]

    at_once = world.pull("8/3")
    world.wait(minutes=6)
    later = world.pull("8/3")

    assert (at_once.status, at_once.is_new) == ("failed", False)
    assert (later.status, later.attempts) == ("done", 2)


def test_person_need_not_wait_to_ask_again(world):
    world.teller.answers[day("8/3")] = PullFailed("token_refused", host="portal.example")
    world.pull("8/3")
    del world.teller.answers[day("8/3")]

    pulled = world.pull("8/3", by_hand=True)

    assert pulled.status == "done"


def test_failed_day_is_asked_a_few_times_and_then_left_for_the_next_day(world):
    world.teller.answers[day("8/3")] = PullFailed("unreachable", is_passing=True, host="portal.example")

    waits = []
    for _ in range(5):
        world.pull("8/3")
        (claim,) = world.claims()
        waits.append(claim.lease_until - world.machine)
        world.machine = claim.lease_until

    assert waits == [
        timedelta(minutes=5),
        timedelta(minutes=20),
        timedelta(hours=1),
        timedelta(hours=3),
        timedelta(hours=20),
    ]


def test_source_that_says_when_to_come_back_is_left_in_peace_until_then(world):
    world.teller.answers[day("8/3")] = PullFailed("too_often", is_passing=True, retry_after=1800, host="portal.example")

    world.pull("8/3")

    (claim,) = world.claims()
    assert claim.lease_until - world.machine == timedelta(minutes=30)


def test_process_that_is_to_stop_abandons_its_run_before_storing(world):
    def stop(asking):
        world.stop.set()
        asking.tell("page", {"page": 1, "rows": 5})
        return figures(asking.day)

    world.teller.answers[day("8/3")] = stop

    pulled = world.pull("8/3")

    (claim,) = world.claims()
    assert (pulled.status, pulled.failure) == ("failed", "interrupted")
    assert (claim.owner, claim.lease_until) == (NOBODY, world.machine)
    assert world.readings() == []


def test_ctrl_c_closes_the_run_and_frees_the_day(world):
    def interrupt(asking):
        raise KeyboardInterrupt

    world.teller.answers[day("8/3")] = interrupt

    with pytest.raises(KeyboardInterrupt):
        world.pull("8/3")

    assert [run.failure for run in world.runs()] == ["interrupted"]
    assert [claim.owner for claim in world.claims()] == [NOBODY]


def test_run_that_is_abandoned_from_outside_stores_nothing_any_more(world):
    puller = world.puller()

    def abandon(asking):
        puller.abandon()
        return figures(asking.day)

    world.teller.answers[day("8/3")] = abandon

    (pulled,) = puller.pull("igate", day("8/3"))

    assert (pulled.status, pulled.failure) == ("failed", "interrupted")
    assert world.readings() == []
    assert not puller.is_busy


def test_claim_that_went_to_somebody_else_stores_nothing(world):
    def be_overtaken(asking):
        world.wait(minutes=30)
        world.teller.answers[day("8/3")] = figures(day("8/3"), more=7)
        world.pull("8/3")
        return figures(asking.day)

    world.teller.answers[day("8/3")] = be_overtaken

    pulled = world.pull("8/3")

    assert pulled.status == "done"
    assert {numerator for *_, numerator in world.readings()} == {21}
    assert [(run.status, run.attempts) for run in world.runs()] == [("done", 2)]


def test_day_that_somebody_works_on_is_busy(world):
    seen = []

    def look(asking):
        seen.append(world.pull("8/3", again=True))
        return figures(asking.day)

    world.teller.answers[day("8/3")] = look

    world.pull("8/3")

    assert [(one.status, one.failure) for one in seen] == [("running", "busy")]


@pytest.mark.daily(1)
@pytest.mark.parametrize(
    ("key", "code"), [("file", "source_by_hand"), ("off", "source_off"), ("nobody", "unknown_name")]
)
def test_source_that_cannot_be_asked_is_refused_by_name(tmp_path, teller, key, code):
    more = (source("igate"), source("file", "file", schedule=None), source("off", enabled=False))
    found = made(f"sqlite:///{tmp_path / 'a.db'}", tmp_path, campaign=pulled_campaign(sources=more))

    with pytest.raises(CampaignError) as refused:
        found.pull("8/3", key=key)

    assert refused.value.code == code


def test_pull_now_takes_the_newest_day_and_asks_again(world):
    workplace = world.workplace("8/3 07:00")

    first, second = pull_now(workplace, "igate"), pull_now(workplace, "igate")

    assert [(one.for_date, one.status) for one in (*first, *second)] == [
        (day("8/3"), "done"),
        (day("8/3"), "unchanged"),
    ]


def test_days_wanted_go_from_the_first_to_the_newest(world):
    wanted = days_wanted(world.workplace("8/3 07:00"), ["igate"], since=day("6/3"))

    assert wanted == [("igate", day("6/3")), ("igate", day("7/3")), ("igate", day("8/3"))]


@pytest.mark.parametrize("asked", [{"day": "1/2"}, {"since": "1/2"}])
def test_day_before_the_campaign_is_refused_before_anybody_is_asked(world, asked):
    with pytest.raises(CampaignError) as refused:
        days_wanted(world.workplace("8/3 07:00"), ["igate"], **{name: day(when) for name, when in asked.items()})

    assert refused.value.code == "day_before_campaign"


@pytest.mark.parametrize("asked", [{"day": "9/3"}, {"since": "9/3"}])
def test_day_that_has_not_come_yet_is_refused(world, asked):
    with pytest.raises(CampaignError) as refused:
        days_wanted(world.workplace("8/3 07:00"), ["igate"], **{name: day(when) for name, when in asked.items()})

    assert refused.value.code == "day_to_come"


def test_unknown_source_is_refused_before_anything_is_pulled(world):
    with pytest.raises(UnknownName):
        days_wanted(world.workplace("8/3 07:00"), ["igate", "nobody"])


@pytest.mark.soak
def test_meeting_sees_what_was_known_then_after_later_revisions(world):
    for when in ("4/3", "5/3", "6/3"):
        world.pull(when)
    with world.store.reading() as session:
        printed = find_standing(session, as_of=day("6/3"))

    for when in ("5/3", "6/3"):
        world.teller.answers[day(when)] = figures(day(when), more=9)
        world.pull(when, now="9/3 07:00", again=True)

    with world.store.reading() as session:
        known = find_standing(session, as_of=day("6/3"), known_at=at("6/3 08:00"))
        today = find_standing(session, as_of=day("6/3"))
    assert known == printed
    assert today != printed
