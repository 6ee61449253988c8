"""How figures arrived: moments, revisions, flags, and where two sources differ."""

from dataclasses import replace

import pytest

from models.readings import arrivals
from models.tables import Reading, ReadingFlag
from targets.errors import UnknownName
from tests.models.conftest import at, day, small_campaign, small_files


def test_arrivals_tell_moment_source_basis_and_scope(small):
    small.load(("H1", "online", "5/3", 40, 100), when="5/3 17:30")

    [arrival] = small.asked(arrivals.find_arrivals, "H1", as_of=day("5/3"))

    assert (arrival.source, arrival.basis, arrival.scope) == ("igate", "campaign", "below")
    assert (arrival.received_at, arrival.rate) == (at("5/3 17:30"), 40.0)


def test_revision_stands_before_what_it_replaced(small):
    small.load(("S1", "online", "5/3", 40, 100), when="5/3 17:30")
    small.load(("S1", "online", "5/3", 45, 100), when="7/3 17:30")

    found = small.asked(arrivals.find_arrivals, "S1", as_of=day("7/3"))

    assert [(arrival.revision, arrival.numerator) for arrival in found] == [(2, 45), (1, 40)]


def test_arrivals_reach_back_a_fortnight(small):
    small.load(("S1", "online", "5/3", 40, 100), ("S1", "online", "6/3", 41, 100))

    assert [arrival.as_of for arrival in small.asked(arrivals.find_arrivals, "S1", as_of=day("19/3"))] == [day("6/3")]


def test_figure_without_cases_has_no_rate(small):
    small.load(("S1", "online", "5/3", 0, 0))

    assert small.asked(arrivals.find_arrivals, "S1", as_of=day("5/3"))[0].rate is None


def test_percent_alone_is_its_rate(small):
    small.load(("S1", "online", "5/3", None, None, 45.5))

    assert small.asked(arrivals.find_arrivals, "S1", as_of=day("5/3"))[0].rate == 45.5


def test_sources_that_differ_are_told_with_both_figures(small):
    small.load(("S1", "online", "5/3", 416, 1000))
    small.load(("S1", "online", "5/3", 389, 1000), source="file")

    [found] = small.asked(arrivals.find_disagreements, "S1", as_of=day("5/3"))

    assert (found.governing, found.governing_value, found.other, found.other_value) == ("igate", 41.6, "file", 38.9)


def test_sources_that_differ_by_little_agree(small):
    small.load(("S1", "online", "5/3", 416, 1000))
    small.load(("S1", "online", "5/3", 400, 1000), source="file")

    assert small.asked(arrivals.find_disagreements, "S1", as_of=day("5/3")) == []


def test_sources_are_compared_in_the_scope_that_counts(small):
    small.load(("H1", "online", "5/3", 416, 1000))
    small.load(("H1", "online", "5/3", 100, 1000), source="file", scope="own")

    assert small.asked(arrivals.find_disagreements, "H1", as_of=day("5/3")) == []


def test_disagreements_of_an_unknown_unit_are_refused(small):
    with pytest.raises(UnknownName):
        small.asked(arrivals.find_disagreements, "ABC", as_of=day("5/3"))


def test_flags_are_told_with_their_figure(small):
    small.load(("S1", "online", "5/3", 40, 100))

    def flag(session):
        row = session.exec(arrivals.select_columns(Reading)).scalars().one()
        flagged = {"period_start": row.period_start, "as_of": row.as_of, "revision": 1}
        flagged |= {"kind": "jumped", "terms": {"of": "value", "before": 20.0, "after": 40.0}}
        session.add(ReadingFlag(series_id=row.series_id, run_id=row.run_id, **flagged))

    small.changed(flag)

    [found] = small.asked(arrivals.find_flags, "S1", as_of=day("5/3"))
    assert (found.indicator, found.kind, found.as_of) == ("online", "jumped", day("5/3"))
    assert found.terms == {"of": "value", "before": 20.0, "after": 40.0}


def test_what_was_published_is_told_of_however_old_it_is(small):
    article = replace(small_campaign().sources[1], key="article", kind="published")
    small.found(small_files(small_campaign(sources=(*small_campaign().sources, article))))
    told = (None, None, (90.0, 100.0), "range", "làm tròn", "Trang 3")
    small.load(("S1", "online", "5/3", *told), ("S1", "online", "4/3", 1, 2), source="article")
    small.load(("S1", "online", "5/3", 1, 2))

    [found] = small.asked(arrivals.find_arrivals, "S1", as_of=day("31/5"))

    assert (found.source, found.value, found.value_high, found.note, found.quotation) == (
        "article", 90.0, 100.0, "làm tròn", "Trang 3",
    )  # fmt: skip


def test_nothing_falls_or_jumps_to_a_bound_or_from_one(small):
    small.load(("S1", "online", "4/3", None, None, 20.0), ("S2", "online", "4/3", None, None, 20.0))
    small.load(("S1", "online", "5/3", None, None, 90.0, "over"), ("S2", "online", "5/3", None, None, 21.0))
    small.load(("S1", "online", "6/3", None, None, 22.0), ("S2", "online", "6/3", None, None, 60.0))

    assert small.asked(arrivals.find_flags, "S1", as_of=day("6/3")) == []
    assert [flag.kind for flag in small.asked(arrivals.find_flags, "S2", as_of=day("6/3"))] == ["jumped"]
