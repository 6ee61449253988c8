"""An indicator of every kind from its file to the meeting: read, judged, added up and said in its measure."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from jobs.__main__ import app
from jobs.documents.figures import PackFigures, figures_of_day
from jobs.documents.gap_table import as_csv
from jobs.documents.phone import as_message
from jobs.documents.weekly_report import report
from jobs.documents.weekly_workbook import weekly_groups
from jobs.slides.deck import slide
from models.analysis.courses import find_courses
from models.analysis.group_courses import find_group_courses
from models.core.settings import TIMEZONE
from models.core.store import Store
from models.meetings.actions import freeze_figures
from models.meetings.snapshots import find_frozen
from models.results.attention import find_focus
from models.results.gaps import find_gaps
from models.results.kept import find_differences
from models.results.overview import find_overview
from models.results.standing import find_standing
from pages.gaps.file import gap_table
from pages.gaps.selection import GapFilters, select
from pages.gaps.view import gap_view
from pages.kit import answers
from pages.overview.view import focus_view, overview_view
from pages.progress.view import progress_view
from pages.unit.view import UnitView, unit_view
from targets.results import Result
from tests.jobs.kinds_world import write_figures, write_folder
from tests.made_once import made_once
from tests.models.conftest import context
from tests.pages.test_direction import strings

DAY = date(2024, 4, 12)
NOW = datetime(2024, 4, 12, 18, tzinfo=TIMEZONE)


def _made(home: Path) -> None:
    folder = write_folder(home / "kinds-2024")
    runner = CliRunner(env={"CAODIEM_HOME": str(home), "CAODIEM_NOW": NOW.isoformat()})
    done = [runner.invoke(app, ["init", "--campaign", str(folder)])]
    done += [runner.invoke(app, ["import", str(path)]) for path in write_figures(home)]
    assert [each.exit_code for each in done] == [0] * len(done), [each.output for each in done]


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """A store with every kind of indicator and three days of figures; it is only read."""
    return made_once(tmp_path_factory, "kinds", _made)


@pytest.fixture
def session(home):
    with closing(Store(f"sqlite:///{home / 'caodiem.db'}")) as store, store.reading() as opened:
        yield opened


@pytest.fixture
def rows(session):
    return {(row.unit, row.indicator): row for row in find_standing(session, as_of=DAY)}


def told(row: Result) -> tuple[Any, ...]:
    value = None if row.value is None else round(row.value, 3)
    return value, row.target, None if row.gap is None else round(row.gap, 3), row.standing


def view_of(session: Any, unit: str, indicator: str, language: str = "vi") -> UnitView:
    reader = SimpleNamespace(session=session, situation=None)
    return unit_view(
        answers.find_unit.__wrapped__.__wrapped__(reader, unit, as_of=DAY, phase=None), indicator, language
    )


def figures_of(session: Any) -> PackFigures:
    return figures_of_day(session, as_of=DAY, now=NOW, known_at=None, title="Giao ban")


# --- judged and added up --------------------------------------------------------------------------------------------


def test_counts_stand_by_their_targets_and_the_province_owes_what_its_units_owe(rows):
    assert told(rows["S1", "published"]) == (1022, 200, -822, "met")
    assert told(rows["S2", "published"]) == (170, 200, 30, "likely")
    assert told(rows["X2", "published"]) == (9, 200, 191, "high_risk")
    assert told(rows["H21", "published"]) == (1215, 1000, -215, "met")
    assert rows["D1", "published"].target == 600
    # Counted within the campaign: 100 of 200 are owed half way, from nothing on the day before it.
    assert rows["S2", "published"].trajectory == 100


def test_days_are_better_when_they_are_fewer_and_weigh_by_their_cases(rows):
    assert told(rows["S1", "waiting"]) == (7.5, 6, 1.5, "high_risk")
    assert told(rows["S2", "waiting"]) == (5.5, 6, -0.5, "met")
    assert rows["X2", "waiting"].value == 102
    # (7.5 · 100 + 5.5 · 300 + 8 · 50) / 450; of X2 nobody told how many cases.
    assert told(rows["H21", "waiting"]) == (6.222, 6, 0.222, "at_risk")
    assert (rows["H21", "waiting"].denominator, rows["H21", "waiting"].coverage) == (450, 0.6)


def test_units_that_have_it_are_counted_from_yes_and_no(rows):
    assert told(rows["S1", "one-stop"]) == (100, 100, 0, "met")
    assert told(rows["X1", "one-stop"]) == (0, 100, 100, "high_risk")
    assert (rows["H21", "one-stop"].numerator, rows["H21", "one-stop"].denominator) == (2, 4)


def test_a_survey_is_the_grades_that_count_of_all_ballots(rows):
    assert (rows["S2", "satisfied"].numerator, rows["S2", "satisfied"].denominator) == (25, 30)
    assert (rows["H21", "best"].numerator, rows["H21", "best"].denominator) == (117, 138)
    assert rows["H21", "best"].is_only_followed


def test_percent_that_is_not_that_of_its_counts_stands_in_the_row(rows):
    assert rows["S2", "received"].stated == 7.01
    assert rows["S1", "received"].stated is None


def test_what_is_kept_follows_from_the_readings(session):
    assert find_differences(session) == []


def test_group_of_units_adds_counts_up_and_weighs_days(session):
    lines = {line.result.indicator: line for line in find_group_courses(session, level="department", as_of=DAY).lines}

    assert told(lines["published"].result) == (1192, 400, -792, "met")
    assert told(lines["waiting"].result) == (6, 6, 0, "met")
    assert (lines["published"].days[-1].value, lines["waiting"].days[-1].value) == (1192, 6)
    assert lines["published"].result.pace == 11


def test_snapshot_keeps_what_figures_are_measured_in(home, tmp_path, rows):
    shutil.copytree(home, tmp_path / "copy")
    with closing(Store(f"sqlite:///{tmp_path / 'copy' / 'caodiem.db'}")) as store:
        with store.writing() as session:
            frozen = freeze_figures(session, title="Giao ban", as_of=DAY, context=context(NOW))
        with store.reading() as session:
            found = find_frozen(session, frozen)

    assert {(row.unit, row.indicator): row.measure for row in found} == {key: row.measure for key, row in rows.items()}


# --- said -----------------------------------------------------------------------------------------------------------


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("unit", "indicator", "title", "cells"),
    [
        ("S2", "published", "170 thủ tục, còn thiếu 30 thủ tục", ("170 thủ tục", "200 thủ tục*", "30 thủ tục")),
        ("S1", "waiting", "7,5 ngày, cao hơn mức cho phép 1,5 ngày", ("7,5 ngày", "không quá 6 ngày*", "1,5 ngày")),
        ("S1", "one-stop", "một cửa điện tử đã có, đúng bằng chỉ tiêu", ("đã có", "100%*", "")),
        ("H21", "one-stop", "2/4 đơn vị, còn thiếu 50,0 điểm phần trăm", ("2/4 đơn vị", "100%*", "50,0")),
    ],
)  # fmt: skip
def test_page_of_a_unit_speaks_in_the_measure_of_the_indicator(unit, indicator, title, cells, session):
    view = view_of(session, unit, indicator)
    row = next(row for row in view.rows if row.code == indicator)

    assert title in view.title
    assert (row.now, row.target, row.points) == cells


@pytest.mark.soak
def test_page_of_a_unit_shows_grades_other_denominators_and_what_was_told(session):
    grades = view_of(session, "H21", "satisfied").grades

    assert grades is not None
    assert grades.words == "Rất hài lòng 84,8% · Hài lòng đạt 10,1% · Không hài lòng 5,1%"
    assert sum(grades.shares) == pytest.approx(100)
    assert view_of(session, "S2", "on-time").fact_notes == (
        "99,6% trên hồ sơ đã giải quyết · 92,2% trên hồ sơ tiếp nhận",
    )
    assert view_of(session, "S2", "received").fact_notes == ("báo cáo ghi 7,01%",)
    assert view_of(session, "S2", "published").grades is None


def views(session: Any, indicator: str, language: str) -> Iterator[tuple[str, Any]]:
    """What pages and papers make of one indicator."""
    overview = find_overview(session, as_of=DAY)
    focus = find_focus(session, as_of=DAY, indicator=indicator)
    names = {unit: unit for unit in ("H21", "S1", "S2", "D1", "X1", "X2")}
    yield "focus", focus_view(overview, indicator, focus, names, language)
    rows, filters = find_gaps(session, as_of=DAY, indicator=indicator), GapFilters(indicator)
    yield "gaps", gap_view(overview, rows, filters, select(rows, filters, overview.campaign), "", language).table
    for unit in ("H21", "S1"):
        view = view_of(session, unit, indicator, language)
        yield f"unit {unit}", (view.title, view.why, view.facts, view.chart, view.chain)
        courses = find_courses(session, unit=unit, as_of=DAY)
        line = progress_view(courses, indicator, simulated=False, language=language)
        yield f"progress {unit}", (line.headline, line.shown)
    figures = figures_of(session)
    for kind in ("indicator", "movers"):
        yield kind, slide(figures.meeting, f"{kind}.{indicator}", language)


def sentences(of: Any) -> Iterator[str]:
    """Every text that a view holds but how its charts are drawn."""
    if isinstance(of, list | tuple):
        for each in of:
            yield from sentences(each)
    elif is_dataclass(of):
        yield from sentences([getattr(of, field.name) for field in fields(of)])
    elif isinstance(of, str):
        yield of


SHARES = r"%|điểm|percent|points?\b"


@pytest.mark.daily(1)
@pytest.mark.parametrize(
    ("indicator", "language"),
    [
        ("published", "vi"), ("waiting", "en"),
        *(pytest.param(*case, marks=pytest.mark.soak) for case in (("published", "en"), ("waiting", "vi"))),
    ],
)  # fmt: skip
def test_no_page_and_no_paper_calls_a_count_or_days_a_percent(indicator, language, session):
    found = [
        f"{name}: {said}"
        for name, view in views(session, indicator, language)
        for said in sentences(view)
        if re.search(SHARES, said) and "<svg" not in said and said not in ALLOWED
    ]

    assert not found, "\n".join(found)


ALLOWED = {"points"}
"""What a chart calls its marks."""


def test_overview_has_a_card_for_each_indicator_and_none_for_a_grade(session):
    cards = {card.name: card for card in overview_view(find_overview(session, as_of=DAY), [], "vi").cards}

    assert list(cards) == [
        "Thủ tục niêm yết",
        "Thời gian giải quyết",
        "Một cửa điện tử",
        "Hài lòng",
        "Đúng hạn",
        "Trực tuyến",
    ]
    assert (cards["Thời gian giải quyết"].value, cards["Thời gian giải quyết"].short) == (
        "6,2 ngày",
        "vượt mức 0,2 ngày",
    )


def test_slide_report_and_message_say_the_figure_in_its_measure(session):
    figures = figures_of(session)

    assert slide(figures.meeting, "indicator.published", "vi").headline.startswith("Thủ tục niêm yết: 1.215 thủ tục")
    assert (
        "Rất hài lòng 84,8% · Hài lòng đạt 10,1% · Không hài lòng 5,1%"
        in slide(figures.meeting, "indicator.satisfied", "vi").below
    )
    assert "Sở Hai 170 thủ tục" in as_message(figures, "vi")
    said = " | ".join(strings(report(figures, "vi")))
    assert "1.215 thủ tục" in said
    assert "6,2 ngày" in said


def test_workbook_adds_counts_and_days_up_and_notes_what_was_told(session):
    figures = figures_of(session)

    def lines(key):
        groups = weekly_groups(figures, figures.campaign.indicator(key), "vi")
        return {
            line.name: line
            for group in groups
            for line in (*group.rows, group.total)
            if line.number or group is groups[0]
        }

    assert (lines("published")["Cộng"].now, lines("published")["Sở Hai"].missing_points) == (1192, 30)
    assert (lines("waiting")["Cộng"].now, lines("waiting")["Cộng"].denominator) == (6, 400)
    assert "báo cáo ghi 7,01%" in lines("received")["Sở Hai"].note
    assert "92,2% trên hồ sơ tiếp nhận" in lines("on-time")["Sở Hai"].note


def test_file_of_gaps_holds_numbers_in_the_measure(session):
    overview = find_overview(session, as_of=DAY)

    def lines(indicator):
        rows = find_gaps(session, as_of=DAY, indicator=indicator)
        written = as_csv(gap_table(overview, rows, GapFilters(indicator), "vi")).decode("utf-8-sig")
        return next(line for line in written.splitlines() if "Sở Hai" in line)

    assert re.search(r";170;.*;200;", lines("published"))
    assert "báo cáo ghi 7,01%" in lines("received")
