"""The page of progress as view-models: which indicator is shown, what is drawn of it, what the legend names."""

import json
from dataclasses import replace
from datetime import date

import pytest

from models.analysis.courses import TargetChange
from models.core.texts import LANGUAGES
from pages.progress.view import progress_view
from tests.pages.progress_world import course, courses, projected
from tests.soaked import mostly_soaked


@pytest.fixture
def known(campaign, lines):
    return lambda **changes: courses(campaign, changes.pop("lines", lines), **changes)


def view_of(found, indicator="online", language="vi", *, simulated=True):
    return progress_view(found, indicator, simulated=simulated, language=language)


def changed(found, indicator, **changes):
    """The courses with one of them changed."""
    lines = tuple(replace(one, **changes) if one.result.indicator == indicator else one for one in found.lines)
    return replace(found, lines=lines)


def marks(view, kind):
    return [row for row in view.chart["datasets"]["marks"] if row["kind"] == kind]


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_every_state_is_drawn_in_every_language(campaign, state, language):
    view = view_of(courses(campaign, state.lines, as_of=state.as_of), language=language)

    assert view.headline
    assert view.shown.spoken
    assert json.dumps(view.shown.chart)
    assert [other.result.indicator for other in view.others] == [
        line.indicator for line in state.lines if line.indicator != "online"
    ]


def test_heading_is_whose_indicator_it_is_and_its_message(known):
    view = view_of(known())

    assert view.headline == (
        "UBND huyện Ia Grai · Tỷ lệ hồ sơ trực tuyến: đến 10/05 dự báo chỉ đạt 34,1%, "
        "thiếu 15,9 điểm phần trăm so với chỉ tiêu 50%*"
    )


def test_unit_that_was_not_there_says_so(known):
    view = view_of(known(lines=()))

    assert view.headline == "Ngày 20/04/2024 đơn vị không hoạt động, nên không có tiến độ để xem."
    assert (view.shown, view.others) == (None, ())


def test_group_is_named_by_its_level_and_has_no_standing(known):
    view = view_of(known(unit=None))

    assert view.headline.startswith("UBND cấp huyện · ")
    assert {one.standing_words for one in (view.shown, *view.others)} == {""}
    assert "bình quân theo số lượng" in " ".join(view.notes)


def test_unit_with_dates_of_its_own_is_noted(known):
    assert "mốc riêng" in " ".join(view_of(known(unit="SGTVT")).notes)


def test_band_is_drawn_to_the_due_date_of_the_phase(known):
    [_, end] = marks(view_of(known()).shown, "fan")

    assert (end["day"], end["label"], end["brief"]) == (50, "ước đạt 34,1%", "34,1%")


@pytest.mark.parametrize(
    "changes", [{"standing": "stale"}, {"projection": None}, {"due": date(2024, 4, 20)}, {"value": None}]
)
def test_band_is_left_out_where_nothing_is_projected(known, changes):
    found = known()
    row = next(one.result for one in found.lines if one.result.indicator == "online")

    view = view_of(changed(found, "online", result=replace(row, **changes)), "online")

    assert marks(view.shown, "fan") == []


def test_scale_begins_at_zero_or_says_where(known, lines):
    assert not [note for note in view_of(known()).shown.chart_notes if "trục đứng" in note]
    [high] = [line for line in lines if line.indicator == "timeliness"]

    high = course(projected(replace(high, baseline=90.0)), days=())
    view = view_of(replace(known(), lines=(high,)), "timeliness")

    assert "trục đứng bắt đầu từ 80%" in view.shown.chart_notes


def test_others_tell_where_they_are_what_is_owed_and_why_they_stand_so(known):
    [other] = [each for each in view_of(known(), "payment").others if each.result.indicator == "online"]

    assert (other.now, other.target, other.projection) == ("29,6%", "50%*", "34,1%")
    assert (other.standing_words, other.why) == ("Khó đạt", "chậm lộ trình 3,2 điểm")
    assert other.days_spoken.startswith("từ ")


def test_days_without_figures_are_gaps_and_are_said(known):
    found = known()
    days = next(one.days for one in found.lines if one.result.indicator == "online")
    torn = tuple(replace(day, is_fresh=not 10 < number < 15) for number, day in enumerate(days))

    view = view_of(changed(found, "online", days=torn))

    assert {row["run"] for row in view.shown.chart["datasets"]["days"]} == {0, 1}
    assert "1 quãng không có số liệu." in view.shown.spoken


def test_target_that_changed_leaves_its_mark_and_its_sentence(known):
    change = TargetChange(date(2024, 4, 15), "50-day", 45.0, 50.0, "700/UBND")

    view = view_of(changed(known(), "online", changes=(change,)))

    assert [row["value"] for row in marks(view.shown, "past")] == [45.0]
    assert [row["day"] for row in marks(view.shown, "changed")] == [25]
    assert any("lộ trình cũ giữ nguyên" in note for note in view.shown.notes)


def test_knots_are_drawn_and_named(known):
    view = view_of(changed(known(), "online", knots=((date(2024, 4, 12), 20.0),)))

    assert len(marks(view.shown, "knot")) == 1
    assert "điểm gãy của lộ trình" in [meaning for _, meaning in view.shown.legend]
    assert "điểm gãy của lộ trình" not in [meaning for _, meaning in view_of(known()).shown.legend]


def test_legend_names_nothing_that_is_not_drawn(known, lines):
    bare = tuple(replace(line, value=None, target=None, baseline=None, standing="no_target") for line in lines)

    assert view_of(known(lines=bare)).shown.legend == ()


@pytest.mark.parametrize("simulated", [True, False])
def test_simulated_figures_are_marked_inside_the_large_chart(known, simulated):
    view = view_of(known(), simulated=simulated)

    assert bool(marks(view.shown, "frame")[0]["label"]) == simulated


def test_targets_that_have_passed_are_not_named(known):
    found = known(as_of=date(2024, 5, 20))

    assert [row["label"] for row in marks(view_of(found).shown, "target")] == [""]


def test_course_without_a_target_has_no_tick(known, campaign, lines):
    bare = course(projected(lines[3]))

    view = view_of(replace(known(), lines=(bare,)), "payment")

    assert marks(view.shown, "target") == []
