"""Units of a small province on one indicator, in any state, without a store."""

from dataclasses import replace
from datetime import date

from models.results.gaps import GapRow, StandingCount
from models.units.queries import StatedCause
from targets.findings import Told
from targets.values import Level, Source, Text
from tests.pages.conftest import CAMPAIGN, UNTOLD, overview, result

LEVELS = (
    Level("province", Text("Tỉnh", "Province"), None, "below"),
    Level("department", Text("Sở, ban, ngành", "Departments"), Text("I. Sở, ban, ngành", "I. Departments"), "own"),
    Level("district", Text("UBND cấp huyện", "District committees"), Text("II. Cấp huyện", "II. Districts"), "below"),
    Level("commune", Text("UBND cấp xã", "Commune committees"), Text("III. Cấp xã", "III. Communes"), "own"),
)
SOURCES = (Source("demonstration", Text("Số liệu minh họa", "Demonstration"), "file", None),)
CAMPAIGN_WITH_LEVELS = replace(CAMPAIGN, levels=LEVELS, sources=SOURCES)
DUE = date(2024, 5, 10)


def gap_overview(**changes):
    return overview(campaign=CAMPAIGN_WITH_LEVELS, **changes)


def unit(code, name, level, standing, parent=None, cause=None, recent=(None,) * 12 + (27.1, 29.6), **known):
    known = {"due": DUE} | known
    row = result(known.pop("indicator", "online"), standing, unit=code, name=name, level=level, **known)
    return GapRow(result=row, parent=parent, cause=cause, recent=recent)


CAUSE = StatedCause("synchronisation", "Chưa đồng bộ", "Đồng bộ lại", None, is_confirmed=True)
ROWS = (
    unit("SCT", "Sở Công Thương", "department", "met", "H21", value=61.0, target=50.0, baseline=20.0,
         numerator=610, denominator=1_000, cases_missing=0, week_value=70.0),
    unit("SYT", "Sở Y tế", "department", "likely", "H21", value=49.97, target=50.0, baseline=30.0,
         numerator=1_666, denominator=3_334, cases_missing=1, week_value=55.0, by="gap", origin="proposed"),
    unit("H21.54", "UBND huyện Chư Sê", "district", "high_risk", "H21", value=30.0, target=50.0, baseline=10.0,
         numerator=300, denominator=1_000, cases_missing=200, week_value=36.0, by="gap"),
    unit("23557", "UBND xã Đăk Trôi", "commune", "unlikely", "H21.54", cause=CAUSE, value=12.0, target=50.0,
         baseline=5.0, numerator=60, denominator=500, cases_missing=190, week_value=14.0, by="gap"),
    unit("23560", "UBND xã Ia Băng", "commune", "at_risk", "H21.54", value=45.0, target=50.0, baseline=15.0,
         numerator=27, denominator=60, cases_missing=3, week_value=None, by="gap"),
    unit("23563", "UBND xã Ia Ko", "commune", "stale", "H21.54", value=48.0, target=50.0, baseline=15.0,
         numerator=48, denominator=100, cases_missing=2),
    unit("23566", "UBND xã Ayun", "commune", "insufficient", "H21.54", target=50.0, recent=(None,) * 14),
)  # fmt: skip
NO_FIGURE = {"value": None, "numerator": None, "denominator": None, "cases_missing": None, "week_value": None}


def each(rows=ROWS, **changes):
    """The rows with the same change to each result."""
    return tuple(replace(row, result=replace(row.result, **changes)) for row in rows)


def states():
    """Every state that the page must have drawn on purpose: an overview and its rows."""
    none = {"target": None, "origin": None, "gap": None, "cases_missing": None, "by": None, "standing": "no_target"}
    silent = NO_FIGURE | {"standing": "insufficient", "reading_as_of": None, "by": None, "gap": None}
    return {
        "running": (gap_overview(), ROWS),
        "no_targets": (gap_overview(), each(**none)),
        "no_readings": (gap_overview(told=UNTOLD), each(**silent)),
        "partly_reported": (gap_overview(told=Told(date(2024, 4, 20), 2, 258)), (*ROWS[:2], *each(ROWS[2:], **silent))),
        "stale": (gap_overview(), each(standing="stale", by=None, reading_as_of=date(2024, 4, 26))),
        "no_cases": (gap_overview(), each(**NO_FIGURE | {"denominator": 0, "standing": "no_cases", "gap": None})),
        "not_begun": (gap_overview(as_of=date(2024, 3, 17), told=UNTOLD), each(**silent)),
        "past_the_end": (gap_overview(as_of=date(2024, 7, 10)), each(phase="maintain", due=None)),
        "all_met": (gap_overview(), each(standing="met", value=80.0, gap=-30.0, cases_missing=0, by=None)),
        "one_unit": (gap_overview(told=Told(date(2024, 4, 20), 1, 1), simulated=False), ROWS[3:4]),
        "no_units": (gap_overview(told=Told(None, 0, 0)), ()),
        "bounds": (gap_overview(), each(standing="likely", is_bound=True, value=50.2, gap=-0.2, cases_missing=0)),
    }


def many(count):
    """A country: districts of twenty communes each."""
    return tuple(
        unit(f"U{n}", f"UBND xã số {n}", "commune", "at_risk", "H21.54", value=n % 50, target=50.0, baseline=5.0,
             numerator=n % 50, denominator=100, cases_missing=50 - n % 50, by="gap")
        for n in range(count)
    )  # fmt: skip


def counts(rows):
    """How many units of each level stand where, on the rows' own indicator."""
    found = {}
    for row in rows:
        key = (row.result.level, row.result.indicator, row.result.standing)
        found[key] = found.get(key, 0) + 1
    return [StandingCount(*key, units) for key, units in found.items()]
