"""Every row of the demonstration recomputed from its readings by somebody else: SQL of its own, exact fractions, loops.

Nothing of the product computes here. What is compared is what is exact: figures, gaps, dossiers, the week, targets, and
the standings that no probability decides. Definitions: definitions.md.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

import holidays
import pytest

from models.core.audit import ChangeContext
from models.core.settings import TIMEZONE
from models.core.store import Store
from models.targets.actions import issue_targets
from models.targets.registrations import Registration, register_target

DAYS = (
    "2024-03-21", "2024-03-22", "2024-04-01", "2024-04-10", "2024-04-20", "2024-05-01", "2024-05-07", "2024-05-12",
    "2024-06-30",
)  # fmt: skip
"""Before the campaign, its first day, work and rest, a holiday, the newest figures, after both milestones."""
EPOCH, WEEK, FOREVER = date(1970, 1, 1), 7, 10**9
DECIDED = {"no_target", "no_cases", "insufficient", "stale", "met"}
"""Standings that counts alone decide; beside them, once the due date has passed, "missed"."""
RANKS = ("registered", "issued", "proposed")


class Known:
    """The store's readings, targets and settings, as rows of plain SQL."""

    def __init__(self, path):
        with closing(sqlite3.connect(path)) as store:
            (content,) = store.execute("SELECT content FROM campaign_version ORDER BY id DESC LIMIT 1").fetchone()
            self.campaign = json.loads(content)
            self.units = {
                code: {"id": unit, "level": level, "above": above, "from": since, "to": until}
                for unit, code, level, above, since, until in store.execute(
                    "SELECT unit.id, unit.code, unit.level, parent.code, unit.valid_from, unit.valid_to FROM unit "
                    "LEFT JOIN unit AS parent ON parent.id = unit.parent_id"
                )
            }
            code = {unit["id"]: key for key, unit in self.units.items()}
            self.readings = defaultdict(dict)
            for unit, indicator, source, scope, day, start, revision, n, d, value, qualifier in store.execute(
                "SELECT s.unit_id, s.indicator, source.key, s.scope, r.as_of, r.period_start, r.revision, r.numerator, "
                "r.denominator, r.value, r.qualifier FROM reading AS r JOIN series AS s ON s.id = r.series_id "
                "JOIN source ON source.id = s.source_id"
            ):
                line = self.readings[code[unit], indicator, scope, source]
                mark = (start, n is not None and d is not None, revision)
                if day not in line or line[day][0] < mark:
                    line[day] = (mark, n, d, None if value is None else Fraction(str(value)), qualifier)
            self.baselines = {
                (code[unit], indicator): _baseline(value, n, d)
                for unit, indicator, value, n, d in store.execute(
                    "SELECT unit_id, indicator, value, numerator, denominator FROM baseline WHERE year = ? "
                    "ORDER BY version",
                    (self.campaign["baseline_year"],),
                )
            }
            result = defaultdict(dict)
            for number, unit, indicator, phase, origin, value in store.execute(
                "SELECT id, unit_id, indicator, phase, origin, value FROM target WHERE state = 'in_force' ORDER BY id"
            ):
                exact = None if value is None else Fraction(str(value))
                result[code[unit], indicator, phase][origin] = (number, exact)
            self.targets = {cell: _in_force(versions) for cell, versions in result.items()}
        rest = holidays.country_holidays("VN", years=(2023, 2024, 2025))
        self.work = [day.weekday() < 5 and day not in rest for day in (EPOCH + timedelta(n) for n in range(20_500))]
        self.levels = {level["key"]: level for level in self.campaign["levels"]}
        self.phases = [phase["key"] for phase in self.campaign["phases"]]
        self.below = defaultdict(list)
        for key, unit in self.units.items():
            self.below[unit["above"]].append(key)

    def working_days(self, after, until):
        return sum(self.work[after + 1 : until + 1])

    def is_there(self, unit, day):
        known = self.units[unit]
        return (known["from"] or 0) <= day <= (known["to"] or FOREVER)

    def due(self, unit, phase):
        own = [each for each in self.campaign["unit_phases"] if (each["unit"], each["phase"]) == (unit, phase)]
        dates = own[-1] if own else next(each for each in self.campaign["phases"] if each["key"] == phase)
        return None if dates["due"] is None else number(dates["due"])

    def running(self, unit, day):
        dues = [self.due(unit, phase) for phase in self.phases]
        return next(
            (phase for phase, due in zip(self.phases, dues, strict=True) if due is None or due >= day), self.phases[-1]
        )

    def held(self, unit, indicator, scope, day):
        """The newest reading of the first source that has told any, and the one it is compared with."""
        for source in indicator["sources"]:
            line = self.readings.get((unit, indicator["key"], scope, source), {})
            if past := [result for result in line if result <= day]:
                newest = max(past)
                limit = self.patience(source)
                mark, n, d, value, qualifier = line[newest]
                found = {"day": newest, "start": mark[0], "n": n, "d": d, "value": value, "qualifier": qualifier}
                found["fresh"] = self.working_days(newest, day) <= limit
                earlier = [result for result in past if result <= newest - WEEK]
                then = max(earlier) if earlier else None
                if mark[0] > newest - WEEK:
                    found["week"] = (n, d) if d is not None else None
                    found["before"] = None
                elif (
                    then is not None and line[then][0][0] == mark[0] and self.working_days(then, newest - WEEK) <= limit
                ):
                    _, was_n, was_d, was, _ = line[then]
                    has_all = None not in (n, d, was_n, was_d)
                    found["week"] = (n - was_n, d - was_d) if has_all else None
                    found["before"] = was
                else:
                    found["week"] = found["before"] = None
                return found
        return None

    def patience(self, source):
        own = next(each for each in self.campaign["sources"] if each["key"] == source).get("stale_after_working_days")
        return self.campaign["stale_after_working_days"] if own is None else own


def number(day):
    return (date.fromisoformat(day) - EPOCH).days if isinstance(day, str) else day


def _baseline(value, n, d):
    if value is not None:
        return Fraction(str(value))
    return Fraction(100 * n, d) if n is not None and d else None


def _in_force(versions):
    """Registered before issued before proposed; a later and higher issue takes a registration's place."""
    registered, issued = versions.get("registered"), versions.get("issued")
    if (
        registered
        and issued
        and issued > registered
        and None not in (issued[1], registered[1])
        and issued[1] > registered[1]
    ):
        return issued[1]
    return next((versions[origin][1] for origin in RANKS if origin in versions), None)


# --- a row ----------------------------------------------------------------------------------------------------------


def own_row(known, unit, indicator, day):
    scope = known.levels[known.units[unit]["level"]]["default_scope"]
    found = known.held(unit, indicator, scope, day)
    if found is None:
        return {"told": False}
    return found | {"told": True}


def pooled_row(known, province, indicator, day):
    """The sums of whoever answers, fresh and of the newest period; nothing fresh: of the last known ones."""
    units = [unit for unit in known.units if unit != province and known.is_there(unit, day)]
    result = {(unit, scope): known.held(unit, indicator, scope, day) for unit in units for scope in ("own", "below")}
    result = {key: found for key, found in result.items() if found is not None}
    is_carried = not any(found["fresh"] for found in result.values())
    usable = {key: found for key, found in result.items() if is_carried or found["fresh"]}
    newest = max((found["start"] for found in usable.values()), default=None)
    usable = {key: found for key, found in usable.items() if found["start"] == newest}
    asked, parts, open_units = 0, [], list(known.below[province])
    while open_units:
        unit = open_units.pop()
        below, own = usable.get((unit, "below")), usable.get((unit, "own"))
        if known.is_there(unit, day):
            asked += 1
            part = next((each for each in (below, own) if each and None not in (each["n"], each["d"])), None)
            if part is not None and (part is below or below is None):
                parts.append(part)
            if below is not None and (None not in (below["n"], below["d"]) or below["value"] is not None):
                continue
        open_units += known.below[unit]
    if not parts:
        return {"told": False}
    weeks = [part["week"] for part in parts if part["week"] is not None]
    days = [found["day"] for found in result.values()]
    return {
        "told": True, "day": max(days), "n": sum(part["n"] for part in parts), "d": sum(part["d"] for part in parts),
        "value": None, "qualifier": None, "fresh": not is_carried, "before": None,
        "week": (sum(n for n, _ in weeks), sum(d for _, d in weeks)) if weeks else None,
        "share": Fraction(len(parts), asked),
    }  # fmt: skip


def expected(known, unit, indicator, phase, asked_on):
    """What a row must say, exactly; `standing` is None where a probability decides it."""
    due = known.due(unit, phase)
    day, is_over = (asked_on, False) if due is None or asked_on <= due else (due, True)
    is_root = known.units[unit]["above"] is None
    row = (pooled_row if is_root else own_row)(known, unit, indicator, day)
    target, baseline = known.targets.get((unit, indicator["key"], phase)), known.baselines.get((unit, indicator["key"]))
    found = dict.fromkeys(
        ("numerator", "denominator", "value", "gap", "cases_missing", "cases_needed", "week_value", "week_change")
    )
    found |= {"target": target, "baseline": baseline, "due": due, "reading_as_of": row.get("day")}
    if row["told"]:
        n, d = row["n"], row["d"]
        found |= {"numerator": n, "denominator": d}
        has_counts = None not in (n, d)
        value = (
            Fraction(100 * n, d) if has_counts and d else None if d == 0 else row["value"] if not has_counts else None
        )
        found["value"] = value
        if value is not None and target is not None:
            found["gap"] = target - value
        if has_counts and d and target is not None:
            short = target / 100 * d - n
            found["cases_missing"] = max(0, ceil(short))
            found["cases_needed"] = 0 if short <= 0 else None if target == 100 else ceil(short / (1 - target / 100))
        _add_week(found, row, value, is_mended=indicator["shortfall"] == "repairable")
    found["standing"] = _standing(found, row, is_over)
    return found


def _add_week(found, row, value, *, is_mended):
    if not row["fresh"]:
        return
    if row["week"] is not None:
        n, d = row["week"]
        if d > 0 and 0 <= n <= d and not is_mended:
            found["week_value"] = Fraction(100 * n, d)
        before_n, before_d = row["n"] - n, row["d"] - d
        if value is not None and before_d > 0:
            found["week_change"] = value - Fraction(100 * before_n, before_d)
    elif value is not None and row["before"] is not None and None in (row["n"], row["d"]):
        found["week_change"] = value - row["before"]


def _standing(found, row, is_over):
    if found["target"] is None:
        return "no_target"
    if row["told"] and found["denominator"] == 0:
        return "no_cases"
    if found["value"] is None:
        return "insufficient"
    if not row["fresh"]:
        return "stale"
    if row.get("share", 1) < Fraction(1, 2):
        return "insufficient"
    if found["value"] >= found["target"] and row["qualifier"] in (None, "over", "more", "range"):
        return "met"
    return "missed" if is_over else None


# --- against what the product says ----------------------------------------------------------------------------------


def change_targets(store):
    """In the middle of a phase: some proposals are adjusted, all are issued, some units register more."""

    def context(when):
        return ChangeContext(
            by="system:test", reason="giữa giai đoạn", now=datetime.fromisoformat(when).replace(tzinfo=TIMEZONE)
        )

    with store.writing() as session:
        issue_targets(
            session,
            phase="50-day",
            document="10/QĐ",
            document_date=date(2024, 4, 12),
            context=context("2024-04-12T09:00"),
        )
        register_target(
            session,
            Registration("H21.58", "online", "50-day", Decimal("61.25"), "5/KH"),
            context=context("2024-04-25T09:00"),
        )
        register_target(
            session, Registration("SYT", "online", "50-day", Decimal(80), "6/KH"), context=context("2024-04-26T09:00")
        )


@pytest.mark.soak
@pytest.mark.parametrize("is_changed", [False, True], ids=["as_founded", "targets_changed"])
def test_every_row_follows_from_the_readings(home, answer, is_changed):
    path = home / "caodiem.db"
    if is_changed:
        with closing(Store(f"sqlite:///{path}")) as store:
            change_targets(store)
    known = Known(path)
    indicators = {each["key"]: each for each in known.campaign["indicators"]}
    compared, wrong = Counter(), []
    for day in DAYS:
        for phase in (None, *known.phases):
            rows = answer("standing", "--as-of", day, *(("--phase", phase) if phase else ()))
            for row in rows:
                unit, indicator = row["unit"], indicators[row["indicator"]]
                shown = phase or known.running(unit, number(day))
                must = expected(known, unit, indicator, shown, number(day))
                compared["rows"] += 1
                if row["phase"] != shown:
                    wrong.append((day, unit, row["indicator"], "phase", row["phase"], shown))
                for name, value in must.items():
                    compared["facts"] += 1
                    if not _is_same(name, row[name], value):
                        wrong.append((day, shown, unit, row["indicator"], name, row[name], value))
            there = [unit for unit in known.units if known.is_there(unit, number(day))]
            if phase is None:
                assert len(rows) == len(there) * len(indicators)
    assert compared["rows"] > 50_000
    assert not wrong, "\n".join(map(str, wrong[:40]))


def _is_same(name, said, must):
    if name == "standing":
        return said not in DECIDED if must is None else said == must
    if must is None or said is None:
        return said is must
    if name in ("due", "reading_as_of"):
        return number(said) == number(must)
    return abs(Fraction(said) - must) < Fraction(1, 10**9)
