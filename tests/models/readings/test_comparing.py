"""What storing would do, held against what it then does."""

import random

import pytest

from models.readings.comparing import NEW, REVISED, UNCHANGED, find_same_load, foresee_readings
from models.results.inputs import load_campaign
from tests.models.conftest import on_each_engine, postgresql_in_soak, seeds

FIRST = (
    ("S1", "online", "15/3", 90, 200),
    ("S2", "online", "15/3", None, None, 45.0, "about"),
    ("X1", "payment", "15/3", 0, 0),
)


def foreseen(small, rows, *, source="igate", scope=None):
    with small.store.reading() as session:
        frame = small.frame(rows, scope=scope)
        return foresee_readings(session, frame, campaign=load_campaign(session), source=source)


@postgresql_in_soak
def test_everything_is_new_to_an_empty_store(small):
    result = foreseen(small, FIRST)

    assert result.fate.tolist() == [NEW, NEW, NEW]
    assert len(result.was) == 0


@on_each_engine
def test_known_changed_and_new_figures_are_told_apart_with_what_was(small):
    small.load(*FIRST)

    result = foreseen(
        small,
        (
            ("X3", "online", "15/3", 1, 2),
            ("S2", "online", "15/3", None, None, 46.0, "about"),
            ("S1", "online", "15/3", 90, 200),
            ("X1", "payment", "15/3", 3, 4),
            ("S1", "online", "16/3", 90, 200),
        ),
    )

    assert result.fate.tolist() == [NEW, REVISED, UNCHANGED, REVISED, NEW]
    assert result.was["value"].tolist()[0] == 45.0
    assert result.was["qualifier"].tolist()[0] == "about"
    assert result.was["numerator"].tolist()[1] == 0


def test_another_source_or_scope_is_new_and_no_revision(small):
    small.load(*FIRST)

    by_source, by_scope = foreseen(small, FIRST, source="file"), foreseen(small, FIRST[:2], scope="below")

    assert set(by_source.fate.tolist()) == set(by_scope.fate.tolist()) == {NEW}


def test_newest_revision_is_what_was(small):
    small.load(("S1", "online", "15/3", 90, 200))
    small.load(("S1", "online", "15/3", 91, 200))

    result = foreseen(small, (("S1", "online", "15/3", 90, 200),))

    assert (result.fate.tolist(), result.was["numerator"].tolist()) == ([REVISED], [91])


@pytest.mark.parametrize("seed", seeds(1, 5))
def test_foreseen_is_what_storing_does_whatever_the_history(small, seed):
    dice = random.Random(seed)  # noqa: S311 - drawn anew the same for each test
    units = ("S1", "S2", "H1", "X1", "X3")
    for _ in range(6):
        keys = {
            (dice.choice(units), dice.choice(("online", "payment")), dice.choice(("15/3", "16/3"))) for _ in range(6)
        }
        rows = [(*key, dice.randint(0, 2), 2) for key in sorted(keys)]
        result = foreseen(small, rows).fate.tolist()

        report = small.load(*rows)

        counts = report.counts
        assert (counts.accepted, counts.revised, counts.unchanged) == tuple(
            map(result.count, (NEW, REVISED, UNCHANGED))
        )


def test_same_file_is_found_by_its_hash_and_the_newest_run_counts(small):
    small.load(*FIRST, payload_hash="abc", file_name="a.csv")
    newest = small.load(*FIRST, payload_hash="abc", file_name="b.csv")

    found, other = small.asked(find_same_load, "abc"), small.asked(find_same_load, "xyz")

    assert (found.run, found.file) == (newest.run_id, "b.csv")
    assert other is None


@pytest.mark.parametrize(
    ("told", "fate"),
    [
        (((90.0, 100.0), "range"), UNCHANGED),
        (((90.0, 95.0), "range"), REVISED),
        ((90.0, "over"), REVISED),
        ((90.0, None), REVISED),
        (((90.0, 100.0), "range", None, "Trang 3"), REVISED),
    ],
)
def test_range_is_told_anew_where_an_end_or_what_is_quoted_is_another(small, told, fate):
    small.load(("S1", "online", "5/3", None, None, (90.0, 100.0), "range"))

    found = foreseen(small, [("S1", "online", "5/3", None, None, *told)])

    assert found.fate.tolist() == [fate]
