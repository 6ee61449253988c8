"""What the pages' tests may ask for: an overview in any state, without a store."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import streamlit as st
from altair.utils import schemapi
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner

from models.results.attention import Attention, Focus, Pressed
from models.results.overview import Overview
from models.tasks.queries import TaskCounts
from models.units.queries import Head, StatedCause
from pages.feeds import data as feeds_data
from pages.kit import answers, visitors
from pages.meeting import data as meeting_data
from pages.overview import first_steps
from pages.unit import requests as unit_requests
from targets.findings import Told
from targets.permissions import SYSTEM, system_actor
from targets.results import Result
from targets.values import Campaign, Indicator, Level, Phase, Rule, Source, Text, Thresholds
from tests.pages.access.conftest import furnished, homes, house, make_house, peopled_store
from tests.pages.feeds.conftest import furnished_home
from tests.pages.opening import opened_by

__all__ = ["furnished", "furnished_home", "homes", "house", "make_house", "peopled_store"]
WITHOUT_SOURCES = (
    "compare", "gaps", "meeting", "methods", "overview", "progress", "scores", "tasks", "unit",
)  # fmt: skip
START = date(2024, 3, 22)


def _same(vi: str, en: str) -> Text:
    return Text(vi=vi, en=en)


def _indicator(order: int, key: str, vi: str, en: str, shortfall: Any, counted: str = "hồ sơ") -> Indicator:
    return Indicator(
        key=key,
        order=order,
        name=_same(vi, en),
        short_name=_same(vi, en),
        numerator=_same(f"{counted} đạt", "cases met"),
        denominator=_same(counted, "cases"),
        counted=_same(counted, "cases"),
        portal_column=key.upper(),
        max_points=Decimal(10),
        ceiling=Decimal(100),
        basis="campaign",
        arriving=shortfall != "repairable",
        shortfall=shortfall,
        sources=("demonstration",),
        rule=Rule(kind="fixed"),
    )


CAMPAIGN = Campaign(
    key="gia-lai-2024",
    title=_same("Chiến dịch cao điểm 100 ngày đêm", "The 100-day campaign"),
    short_title=_same("Chiến dịch 100 ngày đêm · Gia Lai", "100-day campaign · Gia Lai"),
    province="H21",
    document="629/KH-UBND",
    document_date=date(2024, 3, 19),
    start=START,
    end=date(2024, 6, 29),
    baseline_year=2023,
    target_year=2024,
    holidays="VN",
    phases=(
        Phase("50-day", _same("50 ngày", "50 days"), START, date(2024, 5, 10)),
        Phase("100-day", _same("100 ngày", "100 days"), date(2024, 5, 11), date(2024, 6, 29)),
        Phase("maintain", _same("Duy trì", "Maintain"), date(2024, 6, 30), None),
    ),
    unit_phases=(),
    levels=(Level("province", _same("Tỉnh", "Province"), None, "below"),),
    indicators=(
        _indicator(1, "publicity", "Công khai, minh bạch", "Publicity", "repairable", "thủ tục"),
        _indicator(2, "timeliness", "Tiến độ giải quyết", "Timeliness of handling", "permanent"),
        _indicator(3, "online", "Tỷ lệ hồ sơ trực tuyến", "Online rate", "diluted"),
        _indicator(4, "payment", "Tỷ lệ thanh toán trực tuyến", "Online payment rate", "diluted", "hồ sơ có phí"),
        _indicator(5, "satisfaction", "Mức độ hài lòng", "Satisfaction", "permanent", "phiếu đánh giá"),
        _indicator(6, "digitisation", "Số hóa hồ sơ", "Digitisation of dossiers", "repairable"),
    ),
    sources=(),
    thresholds=Thresholds(Decimal("0.8"), Decimal("0.5"), Decimal("0.2"), Decimal(0), Decimal(5), Decimal(15)),
    score_bands=(),
    score_bands_confirmed=False,
    stale_after_working_days=3,
    volume_window_days=28,
    small_volume=100,
    disagreement_points=Decimal(2),
)


def result(indicator: str, standing: str, **known: Any) -> Result:
    """A row of the province; whatever is not named is unknown."""
    row: dict[str, Any] = {field.name: None for field in fields(Result) if field.default is MISSING}
    row |= {"unit": "H21", "name": "UBND tỉnh Gia Lai", "level": "province", "phase": "50-day"}
    row |= {"as_of": date(2024, 4, 20), "reading_as_of": date(2024, 4, 20)}
    row |= {"indicator": indicator, "standing": standing, "origin": "issued" if "target" in known else None} | known
    if row["value"] is not None and row["target"] is not None:
        row["gap"] = row["target"] - row["value"]
    return Result(**row)


LINES = (
    result(
        "publicity", "likely", value=84.0, baseline=55.9, trajectory=76.0, target=100.0, by="gap",
        numerator=1596, denominator=1900, coverage=0.97,
    ),
    result(
        "timeliness", "out_of_reach", value=97.1, baseline=88.7, trajectory=95.5, target=100.0,
        attainable=98.4, week_value=98.0, numerator=60_202, denominator=62_000, coverage=0.97,
    ),
    result(
        "online", "unlikely", value=29.6, baseline=7.0, trajectory=32.8, target=50.0, by="gap", origin="proposed",
        week_value=36.0, numerator=8_141, denominator=27_503, coverage=0.97, share_needed=81.0,
    ),
    result("payment", "no_target", value=19.2, baseline=1.0, week_value=21.0, numerator=1_920, denominator=10_000),
    result(
        "satisfaction", "out_of_reach", value=99.2, baseline=98.4, trajectory=99.4, target=100.0,
        attainable=99.6, numerator=11_776, denominator=11_871, coverage=0.9,
    ),
    result(
        "digitisation", "high_risk", value=76.0, baseline=20.2, trajectory=78.1, target=100.0, by="gap",
        week_value=91.0, numerator=20_902, denominator=27_503, coverage=0.97,
    ),
)  # fmt: skip


def overview(**changes: Any) -> Overview:
    """Day 30 of 100: no target met, one unknown, six lines in six states; `changes` replace fields."""
    as_of = changes.pop("as_of", date(2024, 4, 20))
    lines = changes.pop("lines", LINES)
    known: dict[str, Any] = {
        "campaign": CAMPAIGN,
        "as_of": as_of,
        "day_number": CAMPAIGN.day_number(as_of),
        "phase": CAMPAIGN.phase_on(as_of),
        "lines": lines,
        "targets_met": sum(line.standing == "met" for line in lines),
        "targets_set": sum(line.target is not None for line in lines),
        "told": Told(date(2024, 4, 20), 251, 258),
        "simulated": True,
        "rehearsal": None,
        "data_version": 7,
        "province_name": "UBND tỉnh Gia Lai",
        "central_targets_missing": ("payment",),
    }
    return Overview(**(known | changes))


UNTOLD = Told(None, 0, 258)


def each_line(**changes: Any) -> tuple[Result, ...]:
    """The six lines with the same change to all of them."""
    return tuple(replace(line, **changes) for line in LINES)


def states() -> dict[str, Overview]:
    """Every state that the page must have drawn on purpose, apart from those without a store."""
    empty = {"value": None, "numerator": None, "denominator": None, "week_value": None, "trajectory": None, "by": None}
    no_target = {"target": None, "origin": None, "trajectory": None, "by": None, "standing": "no_target"}
    met = {"standing": "met", "by": None, "value": 100.0}
    late = date(2024, 5, 7)
    return {
        "running": overview(),
        "no_targets": overview(lines=each_line(**no_target)),
        "no_readings": overview(
            lines=tuple(
                replace(line, **empty, standing="insufficient" if line.target else "no_target", reading_as_of=None)
                for line in LINES
            ),
            told=UNTOLD,
        ),
        "partly_reported": overview(
            lines=(*LINES[:4], replace(LINES[4], **empty, standing="insufficient", reading_as_of=None), LINES[5]),
            told=Told(date(2024, 4, 20), 31, 258),
        ),
        "thin": overview(
            lines=tuple(
                replace(line, standing="insufficient" if line.target else "no_target", by=None, coverage=7 / 257)
                for line in LINES
            ),
            told=Told(date(2024, 4, 20), 7, 258),
            in_sums=dict.fromkeys((line.indicator for line in LINES if line.target), (7, 257)),
        ),
        "stale": overview(
            as_of=late,
            lines=tuple(
                line if line.target is None else replace(line, standing="stale", by=None, week_value=None)
                for line in each_line(reading_as_of=date(2024, 4, 26), as_of=late)
            ),
            told=Told(date(2024, 4, 26), 0, 258),
        ),
        "not_begun": overview(as_of=START - timedelta(days=5), lines=tuple(
            replace(line, **empty, standing="insufficient" if line.target else "no_target", reading_as_of=None)
            for line in LINES), told=UNTOLD),
        "past_the_end": overview(as_of=date(2024, 7, 10), told=Told(date(2024, 7, 9), 251, 258)),
        "all_met": overview(lines=tuple(replace(line, **met, target=line.target or 60.0) for line in LINES)),
        "some_met": overview(lines=(replace(LINES[0], **met), *LINES[1:])),
        "one_unit": overview(told=Told(date(2024, 4, 20), 1, 1), simulated=False),
        "out_of_reach": overview(lines=(*LINES[:2], replace(LINES[2], standing="out_of_reach", by=None), *LINES[3:])),
        "bounds": overview(lines=(
            LINES[0], LINES[1], replace(LINES[2], is_bound=True, value=50.2, standing="likely"),
            replace(LINES[3], standing="no_cases", value=None, denominator=0, numerator=0, target=60.0),
            replace(LINES[4], value=99.97, attainable=99.98), replace(LINES[5], value=0.0, standing="unlikely"),
        )),
    }  # fmt: skip


@pytest.fixture
def campaign() -> Campaign:
    return CAMPAIGN


@pytest.fixture
def make_overview() -> Callable[..., Overview]:
    return overview


@pytest.fixture
def make_result() -> Callable[..., Result]:
    return result


@pytest.fixture
def lines() -> tuple[Result, ...]:
    return LINES


@pytest.fixture(params=list(states()))
def state(request: pytest.FixtureRequest) -> Overview:
    """Each state once."""
    return states()[request.param]


@pytest.fixture
def overview_in() -> Callable[[str], Overview]:
    """An overview in the state named."""
    return lambda name: states()[name]


@pytest.fixture(scope="session", autouse=True)
def _looked_up_once() -> Iterator[None]:
    """What each AppTest would look up anew: components among all installed packages, and the frame's compiled script.

    Both take longer than drawing most pages.
    """
    scan, scripts = functools.cache(manifest_scanner.scan_component_manifests), ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: scripts)
        yield


@pytest.fixture(autouse=True)
def _no_strip(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state made up in a test has no store to be asked how its sources are; a `home` of the test's own has.

    Pages on where units stand are tested on figures of their own: no source is late.
    """
    if "home" not in request.fixturenames or request.path.parent.name in WITHOUT_SOURCES:
        monkeypatch.setattr(feeds_data, "find_strip", lambda *_: ())


@pytest.fixture(autouse=True)
def _nothing_agreed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is it asked what its units have registered or disputed, where it has no store."""
    if not {"home", "make_house", "prepared"} & set(request.fixturenames):
        monkeypatch.setattr(answers, "find_unit_names", lambda _: ())
        monkeypatch.setattr(answers, "find_first_slide", lambda _: None)
    if not {"home", "make_house"} & set(request.fixturenames):
        monkeypatch.setattr(unit_requests, "find_requests", lambda *_: ())
        monkeypatch.setattr(unit_requests, "find_under_review", lambda _: {})
        monkeypatch.setattr(unit_requests, "find_names", lambda _: {})
        monkeypatch.setattr(meeting_data, "find_task_counts", lambda *_: TaskCounts())
        monkeypatch.setattr(meeting_data, "find_decisions", lambda _: [])
        monkeypatch.setattr(meeting_data, "find_announced", lambda _: ())
        monkeypatch.setattr(meeting_data, "find_ended", lambda _: {})
        taken = first_steps.StepsTaken(coordinator=True, figures=True, meeting=True)
        monkeypatch.setattr(first_steps, "find_steps", lambda _: taken)
        monkeypatch.setattr(meeting_data, "find_tasks", lambda _: ())


@pytest.fixture(autouse=True)
def _somebody_looks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may everything looks, where a test does not care who does: a house of its own has people in it."""
    if not {"house", "make_house"} & set(request.fixturenames):
        monkeypatch.setattr(visitors, "current_actor", lambda *_: system_actor(f"{SYSTEM}test"))


@pytest.fixture(autouse=True)
def _charts_fit_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every chart that a test draws is held against Vega-Lite's schema, those alike but for their data once."""
    validate = schemapi.validate_jsonschema

    def validate_once(spec: Any, schema: dict[str, Any], *rest: Any, **options: Any) -> Any:
        shape = _shape(spec), str(schema)
        if shape not in FOUND_TO_FIT and (error := validate(spec, schema, *rest, **options)) is not None:
            return error
        return FOUND_TO_FIT.add(shape)

    monkeypatch.setattr(schemapi, "DEBUG_MODE", True)
    monkeypatch.setattr(schemapi, "validate_jsonschema", validate_once)


FOUND_TO_FIT: set[object] = set()


def _shape(part: Any) -> object:
    """All that the schema looks at: any data fit it."""
    if isinstance(part, dict):
        return tuple((key, _shape(value)) for key, value in part.items() if key != "datasets")
    if isinstance(part, list | tuple):
        return tuple(map(_shape, part))
    return type(part), part


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Answers are kept by data version; these overviews all have the same."""
    st.cache_data.clear()
    st.cache_resource.clear()


# --- what the overview's blocks on one indicator are made of -------------------------------------------------------

LEVELS = (
    Level("province", _same("Tỉnh", "Province"), None, "below"),
    Level("department", _same("Sở, ban, ngành", "Departments"), _same("I. Sở, ban, ngành", "I. Departments"), "own"),
    Level("district", _same("UBND cấp huyện", "Districts"), _same("II. Cấp huyện", "II. Districts"), "below"),
    Level("commune", _same("UBND cấp xã", "Communes"), _same("III. Cấp xã", "III. Communes"), "own"),
)
WITH_LEVELS = replace(
    CAMPAIGN,
    levels=LEVELS,
    sources=(Source("demonstration", _same("Hệ thống tỉnh", "Provincial system"), "file", None),),
)


def row_of(code: str, level: str, standing: str, **known: Any) -> Result:
    """A unit's row on the online rate: 16 of 50 points missing, 42 of 100 cases right this week, 81 needed."""
    row = {"unit": code, "name": code, "level": level, "value": 34.0, "target": 50.0, "week_value": 42.3} | known
    row = {"numerator": 340, "denominator": 1_000, "cases_missing": 160, "needed_pace": 5.6, "week_change": 1.5} | row
    return result("online", standing, **({"share_needed": 80.2, "days_left": 14, "coverage": 1} | row))


ROWS = (
    row_of("S1", "department", "at_risk"),
    row_of("H1", "district", "out_of_reach", share_needed=120.0),
    row_of("H2", "district", "unlikely"),
    row_of("H3", "district", "unlikely"),
    row_of("X1", "commune", "met", name="UBND xã Một", value=50.14, week_change=6.24),
    row_of("X2", "commune", "unlikely", name="UBND xã Hai", value=17.7, week_change=-2.04),
)
PARENTS = {"H21": None, "S1": "H21", "H1": "H21", "H2": "H21", "H3": "H21", "X1": "H1", "X2": "H2"}
CONFIRMED = StatedCause("synchronisation", "Đồng bộ chậm", "", date(2024, 4, 25), True)
NOBODY = Head("Chủ tịch", None, None)
FOCUS = Focus(
    rows=ROWS,
    attention=(
        Attention("department", (Pressed(ROWS[0], NOBODY, None),), (), behind=7, small=6, held=20),
        Attention(
            "district",
            (
                Pressed(ROWS[1], Head("Chủ tịch", "Nguyễn Văn A", "0905 000 000"), None),
                Pressed(ROWS[2], NOBODY, StatedCause("staff", "", "", None, False)),
            ),
            (Pressed(ROWS[3], NOBODY, CONFIRMED),),
            behind=13,
            small=0,
            held=17,
        ),
        Attention("commune", (), (), behind=94, small=94, held=220),
    ),
    parents=PARENTS,
    working_days=4,
    working_days_before=3,
)


@pytest.fixture
def focus() -> Focus:
    """What the query answers about the online rate: six units of three levels."""
    return FOCUS


@pytest.fixture
def unit_names() -> dict[str, str]:
    """The units' names by code."""
    return {row.unit: row.name for row in ROWS}


@pytest.fixture
def with_levels() -> Campaign:
    """The campaign with its levels and its source."""
    return WITH_LEVELS


@pytest.fixture
def look(monkeypatch):
    """Looks at an address of a house: as somebody signed in, or, with nobody named, as a stranger behind the gate."""

    def looked(house, login=None, address="gaps", **query):
        return opened_by(house, login, monkeypatch, address, **query)

    return looked
