"""Which readings a day can see: however few are read, the day's results are those of all readings."""

import random
from datetime import date

import pytest

from models.core.columns import day_number
from models.results import series
from models.results.inputs import load_campaign, load_units
from models.results.kept import find_differences
from models.results.standing import find_standing
from targets.values import Rule
from tests.models.conftest import Small, small_campaign, small_files, with_indicator

UNITS = ("S1", "S2", "H1", "X1", "X3")


def told_daily(small: Small, *, days: int, leaving_out: float, seed: int) -> None:
    """A load a day: most units tell both indicators every day, the last one leaves days out, another begins late."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    for number in range(days):
        day = f"{4 + number}/3" if number < 28 else f"{number - 27}/4"
        figures = []
        for at, unit in enumerate(UNITS):
            is_late = unit == "X3" and number < days // 2
            if is_late or (number and chance.random() < leaving_out * (at == 3)):
                continue
            done = 10 + 3 * number + at
            figures += [(unit, "online", day, done, 2 * done + at), (unit, "payment", day, done - 5, 2 * done)]
        small.load(*figures)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("engine", "leaving_out"),
    [
        ("sqlite", 0.4),
        *(
            pytest.param(*case, marks=pytest.mark.soak)
            for case in (("sqlite", 0.0), ("postgresql", 0.0), ("postgresql", 0.4))
        ),
    ],
    indirect=["engine"],
)
def test_day_that_is_read_alone_gives_the_rows_of_all_readings(small, leaving_out):
    """Each load computes its own day from a handful of readings: after all of them nothing differs."""
    told_daily(small, days=36, leaving_out=leaving_out, seed=7)

    assert small.asked(find_differences) == []


@pytest.mark.soak
@pytest.mark.parametrize("few", [0, pytest.param(1, marks=pytest.mark.soak)])
def test_day_gives_the_same_rows_where_every_series_is_asked_by_itself(small, monkeypatch, few):
    monkeypatch.setattr(series, "FEW", few)

    told_daily(small, days=30, leaving_out=0.4, seed=11)

    assert small.asked(find_differences) == []


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2023, 1, 1), date(2019, 6, 1), date(1, 1, 1)])
def test_day_before_all_figures_and_before_the_calendar_begins_is_answered_with_nothing(small, day):
    told_daily(small, days=3, leaving_out=0.0, seed=7)

    found = small.asked(find_standing, as_of=day)

    assert {row.value for row in found} <= {None}


@pytest.mark.soak
def test_series_that_tell_alike_are_read_day_by_day_and_the_others_by_themselves(small, monkeypatch):
    told_daily(small, days=30, leaving_out=0.4, seed=11)
    asked = []
    by_each = series._seen_by_each

    def ask(session, day, looks, window, *, only):
        asked.append(None if only is None else len(only))
        return by_each(session, day, looks, window, only=only)

    monkeypatch.setattr(series, "_seen_by_each", ask)

    small.load(("S1", "online", "3/4", 200, 500))

    # The others told nothing on that day: each of them is asked for its own days.
    assert asked == [2 * len(UNITS) - 1]
    assert small.asked(find_differences) == []


def test_only_percents_alone_are_read_day_by_day(small, monkeypatch):
    """Of counts and of days no futures are drawn: a handful of readings is all that their day sees."""
    campaign = small_campaign()
    for key, measured_in in (("online", "count"), ("payment", "days")):
        campaign = with_indicator(campaign, key, measured_in=measured_in, rule=Rule(kind="none"))
    small.found(small_files(campaign))
    wanted = []
    look = series._looking_closer
    monkeypatch.setattr(series, "_looking_closer", lambda *given: wanted.append(look(*given)) or wanted[-1])

    loads = [
        [
            *((unit, "online", f"{when}/3", 10 + when, None) for unit in UNITS),
            *((unit, "payment", f"{when}/3", None, 10 + when, 4.0) for unit in UNITS),
            ("S1", "timeliness", f"{when}/3", None, None, 40.0 + when),
        ]
        for when in range(4, 32)
    ]
    small.load(*(row for rows in loads[:-2] for row in rows))
    for rows in loads[-2:]:
        small.load(*rows)

    assert [len(found) for found in wanted] == [1, 1]
    assert small.asked(find_differences) == []


def test_figure_is_corrected_by_another_figure_and_not_by_a_note(small):
    """A source whose figures are corrected earns less trust (`outlook`); a remark is no correction."""
    first, other = ("S1", "online", "15/3", 90, 200), ("S1", "online", "15/3", 95, 200)
    small.load(first, ("H1", "online", "15/3", 20, 100))
    small.load((*first, None, None, "chờ đồng bộ"))

    assert not corrected(small).any()

    small.load((*other, None, None, "chờ đồng bộ"))
    small.load((*other, None, None, "đã đồng bộ"))

    assert list(corrected(small)) == [True, False]


def corrected(small):
    with small.store.reading() as session:
        campaign = load_campaign(session)
        result = series.load_lines(session, campaign, load_units(session, campaign), last=day_number(date(2024, 3, 15)))
    return result.readings.is_revised
