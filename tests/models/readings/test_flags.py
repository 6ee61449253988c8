"""The flags of all units: newest first, a screen at a time."""

from sqlmodel import select

from models.readings.flagging import count_flags, find_flagged
from models.tables import ReadingFlag, Run, Series
from tests.models.conftest import Small, day, on_each_engine


def flagged(small: Small, *flags: tuple[str, str, str]) -> None:
    """Flags on the online rate: unit, day and kind."""
    small.load(*((unit, "online", when, 9, 20) for unit, when, _ in flags))
    with small.store.writing() as session:
        run = session.exec(select(Run.id).order_by(Run.id.desc())).first()
        for unit, when, kind in flags:
            series = session.exec(select(Series.id).where(Series.unit_id == small.ids[unit])).one()
            session.add(
                ReadingFlag(
                    series_id=series, period_start=day("4/3"), as_of=day(when), revision=1, kind=kind,
                    terms={"days": 6}, run_id=run,
                )
            )  # fmt: skip


@on_each_engine
def test_flags_of_all_units_are_told_newest_day_first(small):
    flagged(small, ("S1", "14/3", "frozen"), ("S2", "15/3", "fell"))

    found = small.asked(find_flagged, through=day("15/3"))

    assert [(flag.unit, flag.kind) for flag in found] == [("S2", "fell"), ("S1", "frozen")]
    assert (found[0].indicator, found[0].source, found[0].level, found[0].terms) == (
        "online",
        "igate",
        "department",
        {"days": 6},
    )


def test_later_days_are_not_seen(small):
    flagged(small, ("S1", "14/3", "frozen"), ("S2", "15/3", "fell"))

    assert [flag.unit for flag in small.asked(find_flagged, through=day("14/3"))] == ["S1"]
    assert small.asked(count_flags, through=day("14/3")) == {"frozen": 1}


def test_one_kind_can_be_asked_for_and_a_screen_of_the_list(small):
    flagged(small, ("S1", "14/3", "frozen"), ("S2", "15/3", "fell"), ("X1", "13/3", "fell"))

    fell = small.asked(find_flagged, through=day("15/3"), kind="fell")
    second = small.asked(find_flagged, through=day("15/3"), after=1, most=1)

    assert [flag.unit for flag in fell] == ["S2", "X1"]
    assert [flag.unit for flag in second] == ["S1"]
    assert small.asked(count_flags, through=day("15/3")) == {"fell": 2, "frozen": 1}
