"""The rows of pull runs: what failed, what is lost, where raw answers lie and when they are let go."""

from datetime import timedelta

from sqlmodel import select

from models.feeds.actions import (
    Answer,
    fail_run,
    forget_answers,
    keep_answers,
    open_run_of,
    record_lost,
    record_refused,
    reject_all,
)
from models.feeds.queries import count_failures, find_run, find_runs
from models.tables import Payload, Quarantined, Run, SourceRow
from tests.models.conftest import Small, context, day
from tests.models.feeds.test_claims import NOW

DAY = day("8/3")


class Bad:
    """A row that could not be taken in."""

    place, field, value, problem = "row 1", "unit", "X9", "unit_unknown"
    terms: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
    raw = {"code": "X9"}  # noqa: RUF012 - nor this
    about = None


def opened(small: Small, *, half: int | None = None, attempts: int = 1) -> int:
    with small.store.writing() as session:
        source = session.exec(select(SourceRow).where(SourceRow.key == "igate")).one()
        run = open_run_of(
            session,
            source_id=source.id,
            for_date=DAY,
            attempts=attempts,
            half=session.get(Run, half) if half else None,
            machine=NOW,
            context=context("8/3 07:00"),
        )
        return run.id


def failed(small: Small, run_id: int, **other) -> None:
    with small.store.writing() as session:
        result = {"failure": "unreachable", "terms": {"host": "portal.example"}, "machine": NOW} | other
        fail_run(session, session.get(Run, run_id), **result)


def test_half_run_is_gone_on_with(small):
    first = opened(small)

    second = opened(small, half=first, attempts=2)

    assert second == first
    assert small.asked(find_run, first).attempts == 2


def test_run_that_failed_says_why(small):
    run_id = opened(small)

    failed(small, run_id)

    run = small.asked(find_run, run_id)
    assert (run.status, run.failure, run.failure_terms) == ("failed", "unreachable", {"host": "portal.example"})
    assert run.finished_machine == NOW


def test_failures_are_counted_for_a_day_since_a_moment(small):
    for _ in range(2):
        failed(small, opened(small))

    lately = small.asked(count_failures, source="igate", for_date=DAY, since=NOW)
    later = small.asked(count_failures, source="igate", for_date=DAY, since=NOW + timedelta(seconds=1))

    assert (lately, later) == (2, 0)


def test_day_that_is_lost_has_a_run_that_never_asked(small):
    lost = small.changed(
        record_lost, source="igate", for_date=DAY, terms={"day": "x"}, machine=NOW, context=context("9/3")
    )

    assert lost is not None
    (run,) = small.asked(find_runs, for_date=DAY)
    assert (run.status, run.attempts, run.accepted) == ("unrecoverable", 0, 0)


def test_file_that_is_refused_has_a_run_that_says_why(small):
    small.changed(
        record_refused,
        source="igate",
        for_date=DAY,
        file_name="a.xlsx",
        failure="problem.empty_file",
        terms={"name": "a.xlsx"},
        machine=NOW,
        context=context("8/3"),
    )

    (run,) = small.asked(find_runs, source="igate", kind="pull")
    assert (run.file_name, run.status, run.failure) == ("a.xlsx", "failed", "problem.empty_file")


def test_bad_figures_and_bad_scores_are_kept_apart(small):
    run_id = opened(small)

    with small.store.writing() as session:
        reject_all(session, session.get(Run, run_id), source="igate", figures=[Bad()], scores=[Bad()])

    with small.store.reading() as session:
        assert sorted(row.kind for row in session.exec(select(Quarantined))) == ["readings", "scores"]
    assert small.asked(find_run, run_id).rejected == 2


def test_answers_are_let_go_when_their_time_is_over_and_their_hashes_stay(small):
    run_id = opened(small)
    with small.store.writing() as session:
        keep_answers(session, session.get(Run, run_id), [Answer("https://portal.example", 200, "ab", 7, "igate/1.gz")])

    early = small.changed(forget_answers, before=NOW, context=context("9/3"))
    late = small.changed(forget_answers, before=NOW + timedelta(seconds=1), context=context("9/3"))
    again = small.changed(forget_answers, before=NOW + timedelta(seconds=1), context=context("9/3"))

    assert (early, late, again) == ([], ["igate/1.gz"], [])
    with small.store.reading() as session:
        (payload,) = session.exec(select(Payload)).all()
        assert (payload.position, payload.sha256, payload.path) == (1, "ab", None)


def test_run_that_nobody_opened_is_not_found(small):
    assert small.asked(find_run, 999) is None
