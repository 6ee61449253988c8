"""What pages, slides, messages and files say of a store whose main indicator is better the lower it is."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

from jobs.documents.figures import figures_of_day
from jobs.documents.letters import reminder
from jobs.documents.phone import as_message, drawn
from jobs.documents.weekly_report import report
from jobs.documents.weekly_workbook import weekly_groups
from jobs.slides.deck import slide
from models.analysis.compare import find_comparison, find_stage
from models.analysis.courses import find_courses
from models.campaign.actions import found_campaign
from models.core.store import Store
from models.meetings.agendas import possible_slides
from models.migrations import upgrade
from models.results.attention import find_focus
from models.results.gaps import find_gaps
from models.results.overview import find_overview
from pages.compare import data as compare
from pages.compare.choices import CompareChoices
from pages.compare.what_if import if_view, imagine
from pages.gaps.file import gap_table
from pages.gaps.selection import GapFilters, select
from pages.gaps.view import gap_view
from pages.kit import answers
from pages.overview.view import focus_view, overview_view
from pages.progress.view import progress_view
from pages.unit.view import unit_view
from targets.values import Rule, Text
from tests.models.conftest import (
    UNITS,
    PreparedStores,
    Small,
    baseline,
    central,
    context,
    day,
    prepared,  # noqa: F401 - a fixture
    small_campaign,
    small_files,
    with_indicator,
)

AS_OF = "14/3"
OVERDUE = ("S1", "X1", "X3")
"""Units over what is allowed; S2 is far under it."""


def found_overdue(store: Store) -> None:
    """One indicator: dossiers overdue, the centre allows 20 %, and ten points less are aimed at.

    10 days of figures: 41,6 % overdue at S1, a tenth at S2.
    """
    upgrade(store)
    campaign = with_indicator(
        small_campaign(),
        "online",
        direction="down",
        name=Text("Tỷ lệ hồ sơ quá hạn", "Overdue rate"),
        short_name=Text("Quá hạn", "Overdue"),
        numerator=Text("hồ sơ quá hạn", "dossiers overdue"),
        rule=Rule(kind="central_plus"),
    )
    campaign = replace(campaign, indicators=(campaign.indicator("online"),), main_indicator="online", small_volume=0)
    baselines = tuple(baseline(unit, "online", "40") for unit in ("P", "S1", "S2", "H1", "X1", "X3"))
    files = small_files(campaign, baselines=baselines, central=(central("online", "20"),))
    with store.writing() as session:
        found_campaign(session, files, context=context("1/3 08:00"))
    small = Small(store)
    for at, when in enumerate(("5/3", "7/3", "11/3", "13/3", "14/3"), start=1):
        small.load(
            ("S1", "online", when, 88 * at - 24, 200 * at), ("S2", "online", when, 20 * at, 200 * at),
            ("H1", "online", when, 60 * at, 200 * at), ("X1", "online", when, 70 * at, 100 * at),
            ("X3", "online", when, 50 * at + 9 * (at == 5), 100 * at), ("X4", "online", when, None, None, 3.0 + at),
            when=f"{when} 20:00",
        )  # fmt: skip


@pytest.fixture
def overdue(prepared: PreparedStores) -> Iterator[Small]:  # noqa: F811 - the fixture
    store = prepared.in_turn("overdue", found_overdue)
    yield Small(store)
    store.close()


def strings(of: Any) -> Iterator[str]:
    """Every text that a view holds, however deep."""
    if isinstance(of, str):
        yield of
    elif is_dataclass(of):
        for field in fields(of):
            yield from strings(getattr(of, field.name))
    elif isinstance(of, dict):
        yield from strings(tuple(of.items()))
    elif isinstance(of, list | tuple):
        for each in of:
            yield from strings(each)


WRONG = {
    "vi": r"thiếu|vượt chỉ tiêu|cao hơn chỉ tiêu|cao nhất còn có thể|ước đạt|Ước đạt|phải có|đạt \d+,\d|Mức tăng",
    "en": r"points? short|short of|above target|missing|must be|higher target",
}
"""What would praise or blame the wrong side: a lack of what is too much, a best that is the highest."""
HEADS = {"Còn thiếu", "Missing", "Thiếu (điểm)", "Short (points)", "Còn thiếu (điểm phần trăm)", "Còn thiếu (số lượng)"}
GENERAL = ("Còn thiếu: so với", "Missing: against")
"""How notes on a paper about all indicators begin."""
"""Heads of columns in which indicators of both directions stand below each other."""


def views(overdue: Small, language: str) -> Iterator[tuple[str, Any]]:
    """What every page and paper makes of the store."""
    with overdue.store.reading() as session:
        reader = SimpleNamespace(session=session, situation=None)
        as_of = day(AS_OF)
        overview = find_overview(session, as_of=as_of)
        yield "overview", overview_view(overview, [], language)
        names = {unit.code: unit.name for unit in UNITS}
        focus = find_focus(session, as_of=as_of, indicator="online")
        yield "focus", focus_view(overview, "online", focus, names, language)
        rows, filters = find_gaps(session, as_of=as_of, indicator="online"), GapFilters("online")
        for chosen in (filters, replace(filters, q="Sở Một"), replace(filters, q="Sở Hai")):
            view = gap_view(overview, rows, chosen, select(rows, chosen, overview.campaign), "", language)
            yield f"gaps {chosen.q}", view
        yield "gap file", gap_table(overview, rows, filters, language)
        for unit in ("P", "S1", "S2", "H1"):
            find_unit = answers.find_unit.__wrapped__.__wrapped__
            known = find_unit(reader, unit, as_of=as_of, phase=None)
            yield f"unit {unit}", unit_view(known, "online", language)
            courses = find_courses(session, unit=unit, as_of=as_of)
            yield f"progress {unit}", progress_view(courses, "online", simulated=False, language=language)
        comparison = find_comparison(session, as_of=as_of, indicator="online")
        by_unit = {"by": "unit", "parent": None, "query": "", "language": language}
        contribution = compare.find_contribution.__wrapped__.__wrapped__
        yield "compare gap", contribution(reader, overview, comparison, **by_unit)
        slope = compare.find_slope.__wrapped__.__wrapped__
        yield "compare slope", slope(reader, overview, comparison, (), language)
        for scenario in ("slowest", "pace"):
            choices = CompareChoices(section="if", scenario=scenario)
            stage = find_stage(session, as_of=as_of, indicator="online")
            imagined = imagine(stage, choices, level=None, small_volume=0, phase="first")
            yield f"if {scenario}", if_view(comparison, imagined, choices, language)
        now = context("14/3 21:00").now
        figures = figures_of_day(session, as_of=as_of, now=now, known_at=None, title="Giao ban")
        for key in possible_slides(figures.campaign):
            yield f"slide {key}", slide(figures.meeting, key, language)
        yield "slide of a unit", slide(figures.meeting, "unit.S1", language)
        yield "message", as_message(figures, language)
        yield "picture", drawn(figures, language)
        yield "report", report(figures, language)
        yield "reminder", reminder(figures, "S1", language)
        yield "workbook", weekly_groups(figures, figures.campaign.indicators[0], language)


@pytest.mark.soak
@pytest.mark.parametrize("language", ["vi", pytest.param("en", marks=pytest.mark.soak)])
def test_no_page_and_no_paper_praises_the_wrong_side(overdue, language):
    wrong = re.compile(WRONG[language])

    found = [
        f"{name}: {said}"
        for name, view in views(overdue, language)
        for said in strings(view)
        if said not in HEADS and not said.startswith(GENERAL) and wrong.search(re.sub(r"<[^>]+>", " ", said))
    ]

    assert not found, "\n".join(found)


def test_overdue_dossiers_read_as_too_many_and_the_target_as_a_limit(overdue):
    said = {name: " | ".join(strings(view)) for name, view in views(overdue, "vi")}

    row = overdue.standing(AS_OF)["S1", "online"]
    assert (row.value, row.target, row.gap) == pytest.approx((41.6, 20, 21.6))
    assert (row.standing, row.cases_missing) == ("unlikely", 216) or row.standing in ("high_risk", "out_of_reach")
    assert "cao hơn mức cho phép 21,6 điểm phần trăm" in said["unit S1"]
    assert "không quá 20%" in said["unit S1"]
    assert "thấp hơn mức cho phép" in said["gaps Sở Hai"] or "đã đạt" in said["gaps Sở Hai"]
    assert "vượt mức" in said["slide indicator.online"] or "cao hơn mức cho phép" in said["slide indicator.online"]


def test_lowest_rate_is_ranked_first_and_the_most_overdue_is_pressed_first(overdue):
    with overdue.store.reading() as session:
        figures = figures_of_day(
            session, as_of=day(AS_OF), now=context("14/3 21:00").now, known_at=None, title="Giao ban"
        )
        focus = find_focus(session, as_of=day(AS_OF), indicator="online")

    assert figures.ranks["S2", "online"] == 1 < figures.ranks["S1", "online"]
    pressed = {each.level: [one.result.unit for one in each.pressed] for each in focus.attention}
    assert "S2" not in pressed["department"]
    assert pressed["department"] == ["S1"]
