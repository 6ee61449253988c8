"""A unit's page as view-models: runs of figures, tables, children, in every state and both languages."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from models.core.settings import TIMEZONE
from models.core.texts import LANGUAGES, text
from models.readings.arrivals import Disagreement, Flag, WithdrawnFigure
from models.results.attention import StandingChange
from models.units.changes import UnitEvent
from models.units.own_figures import OwnFigures
from models.units.queries import Part, Parts
from pages.unit.data import findables
from pages.unit.view import unit_view
from targets.values import UnitChange
from tests.pages import unit_world
from tests.pages.unit_world import DAY, DISTRICT, UNITS, arrival, past, version
from tests.soaked import mostly_soaked


@pytest.fixture
def known(campaign, lines):
    """A district with something of everything; changes replace fields."""
    return lambda **changes: unit_world.known(campaign, lines, **changes)


def view_of(answers, language="vi", indicator="online"):
    return unit_view(answers, indicator, language)


def row_of(view, code="online"):
    return next(row for row in view.rows if row.code == code)


def marks(chart, kind):
    return [row for row in chart.spec["datasets"]["marks"] if row["kind"] == kind]


# --- finding a unit -------------------------------------------------------------------------------------------------


def test_search_lists_units_as_a_dictionary_sorts_them():
    labels = [unit.label for unit in findables(UNITS, "vi")]

    assert labels[:3] == ["UBND huyện Đăk Đoa", "UBND huyện Ia Grai", "UBND tỉnh Gia Lai"]


def test_search_names_the_parent_where_several_are_called_the_same():
    labels = [unit.label for unit in findables(UNITS, "vi")]

    assert "UBND xã Ia Băng, huyện Ia Grai" in labels
    assert "UBND xã Ia O" in labels


@pytest.mark.parametrize(("code", "typed"), [("H21.55", "dak doa"), ("H21.58", "ia grai"), ("1", "xa ia o")])
def test_search_holds_each_name_without_diacritics(code, typed):
    assert typed in next(unit.words for unit in findables(UNITS, "vi") if unit.code == code)


# --- the rows -------------------------------------------------------------------------------------------------------


def test_rows_tell_every_indicator_of_the_unit(known, lines):
    rows = view_of(known()).rows

    assert [row.code for row in rows] == [line.indicator for line in lines]
    online = row_of(view_of(known()))
    assert (online.now, online.target, online.week, online.points, online.standing_words, online.why) == (
        "29,6%", "50%*", "36,0%", "20,4", "Khó đạt", online.why,
    )  # fmt: skip
    assert (online.place, online.target_place) == (29.6, 50.0)


def test_row_counts_the_cases_missing(known, lines):
    rows = tuple(replace(line, cases_missing=5_612) for line in lines)

    row = row_of(view_of(known(rows=rows)))

    assert (row.cases, row.counted) == ("5.612", "hồ sơ")


def test_row_without_a_target_or_a_figure_leaves_its_cells_empty(known, lines):
    silent = tuple(replace(line, value=None, reading_as_of=None, standing="insufficient") for line in lines)

    payment, online = row_of(view_of(known()), "payment"), row_of(view_of(known(rows=silent)))

    assert (payment.target, payment.points, payment.target_place) == ("—", "", None)
    assert (online.now, online.points, online.place) == ("—", "", None)


def test_stale_figure_is_not_measured_against_its_target(known, lines):
    rows = tuple(replace(line, standing="stale") for line in lines)

    assert row_of(view_of(known(rows=rows))).points == ""


def test_target_that_waits_for_the_centre_is_said_to(known):
    waiting = version("payment", None, because="central_target_missing")

    assert row_of(view_of(known(versions=(waiting,))), "payment").why == text("reason.centre", "vi")


def test_days_of_the_campaign_stand_beside_the_row_with_gaps_where_none_told(known):
    days = past("online", 3)
    view = view_of(known(history=(days[0], replace(days[1], is_fresh=False), days[2])))

    assert row_of(view).days == (10.0, None, 12.0)
    assert view.days_head == "30 ngày qua"


# --- the chart ------------------------------------------------------------------------------------------------------


def test_chart_is_of_the_indicator_chosen_up_to_its_milestone(known):
    chart = view_of(known()).chart

    assert len(chart.spec["datasets"]["days"]) == 30
    assert [(row["day"], row["value"], row["label"]) for row in marks(chart, "target")] == [(50, 50.0, "Chỉ tiêu 50%")]
    assert [(row["value"], row["label"]) for row in marks(chart, "baseline")] == [(7.0, "năm 2023: 7%")]
    assert [(row["day"], row["value"], row["label"]) for row in marks(chart, "now")] == [(30, 29.6, "29,6%")]
    path = {row["day"]: row["value"] for row in marks(chart, "path")}
    assert (path[0], path[50]) == (7.0, 50.0)
    assert path[30] == path[31] == 32.8  # day 30 is a Saturday: the weekend rests


def test_chart_without_a_target_draws_neither_tick_nor_path(known):
    chart = view_of(known(), indicator="payment").chart

    assert not marks(chart, "target")
    assert not marks(chart, "path")


def test_target_of_the_past_keeps_its_tick_and_loses_its_label(known):
    assert [row["label"] for row in marks(view_of(known(as_of=date(2024, 5, 20))).chart, "target")] == [""]


def test_target_behind_the_milestone_is_told_below(known):
    later = version("online", "60", phase="100-day")

    assert "mốc 100 ngày (29/06): 60%" in view_of(known(versions=(version("online"), later))).chart.notes


def test_scale_that_is_cut_is_said_to_be(known, lines):
    high = tuple(replace(line, value=93.0, baseline=90.0, target=100.0) for line in lines)
    history = tuple(replace(day, value=92.0, trajectory=None) for day in past("online"))
    versions = (version("online", "100"),)

    view = view_of(known(rows=high, history=history, versions=versions))

    assert text("unit.chart.cut", "vi", value="80%") in view.chart.notes
    assert not [note for note in view_of(known()).chart.notes if "trục" in note]


def test_mark_of_a_figure_that_may_not_be_judged_is_hollow(known, lines):
    view = view_of(known(rows=tuple(replace(line, standing="stale") for line in lines)))

    assert [row["hollow"] for row in marks(view.chart, "now")] == [True]


def test_unit_that_has_never_told_has_no_line_and_no_mark(known, lines):
    silent = tuple(replace(line, value=None, reading_as_of=None, standing="insufficient") for line in lines)

    chart = view_of(known(rows=silent, history=())).chart

    assert chart.spec["datasets"]["days"] == []
    assert not marks(chart, "now")


def test_chart_is_described_in_words(known):
    spoken = view_of(known()).chart.spoken

    assert spoken.startswith("Tỷ lệ hồ sơ trực tuyến, từ 21/03/2024 đến 10/05/2024: Đến 20/04 8.141 trên 27.503")
    assert "Khó đạt" in spoken


def test_ended_phase_keeps_its_result_beside_the_running_one(known, campaign, lines):
    ended = ((campaign.phase("50-day"), tuple(replace(line, standing="missed") for line in lines)),)

    view = view_of(known(phase=campaign.phase("100-day"), as_of=date(2024, 5, 20), ended=ended))

    assert "Kết quả mốc 50 ngày: Không đạt, 29,6% (chỉ tiêu 50%)." in view.fact_notes


def test_standing_that_changed_since_last_week_is_told_with_its_reason(known, lines):
    [now] = [line for line in lines if line.indicator == "online"]
    before = replace(now, standing="at_risk", as_of=date(2024, 4, 13))
    changes = (StandingChange(before=before, now=now, reason="figure", direction=-1),)

    [note] = view_of(known(changes=changes)).fact_notes

    assert note == "Trước đó (13/04): Cần theo dõi; thay đổi do kết quả."


# --- the header -----------------------------------------------------------------------------------------------------


def test_unit_with_own_dates_says_so(known):
    answers = known()
    own = replace(answers.campaign.unit_phases[0], unit="H21.58")

    view = view_of(replace(answers, campaign=replace(answers.campaign, unit_phases=(own,))))

    assert view.notes == ("Đơn vị thực hiện theo mốc riêng (696/KH): 50 ngày đến 01/05/2024.",)


def test_unit_that_ended_names_its_successor(known):
    answers = known(rows=(), children=())
    profile = replace(answers.profile, valid_to=date(2024, 4, 1), successor=UNITS[2])

    view = view_of(replace(answers, profile=profile))

    assert view.successor == UNITS[2]
    assert view.notes == ("Đơn vị kết thúc hoạt động ngày 01/04/2024; đơn vị tiếp nối là",)
    assert view.title == "Huyện Ia Grai: ngày 20/04/2024 đơn vị không hoạt động"
    assert view.chart is None


def test_unit_that_ended_without_a_successor_says_so(known):
    answers = known(rows=(), children=())

    view = view_of(replace(answers, profile=replace(answers.profile, valid_to=date(2024, 4, 1))))

    assert "chưa ghi đơn vị tiếp nối" in view.notes[0]


def test_what_became_of_units_is_told_in_the_header_and_counted_beyond_a_few(known):
    merged = UnitEvent(UnitChange(date(2024, 4, 15), "merge", "23770", "23764"), "UBND xã A", "UBND xã B", "H", "", {})

    assert len(view_of(known(events=(merged,))).notes) == 1
    assert view_of(known(events=(merged,) * 7)).notes[-1] == "Và 2 thay đổi khác của đơn vị."


def test_unit_that_was_split_is_not_said_to_have_no_successor(known):
    answers = known(rows=(), children=())
    split = UnitChange(date(2024, 4, 2), "split", DISTRICT.code, "23764", share=Decimal(60))
    event = UnitEvent(split, "UBND huyện Ia Grai", "UBND xã B", "H", "", {})

    view = view_of(replace(answers, profile=replace(answers.profile, valid_to=date(2024, 4, 1)), events=(event,)))

    assert view.notes[0] == "Đơn vị kết thúc hoạt động ngày 01/04/2024."


def test_unit_that_has_ended_owes_nothing_in_phases_that_begin_later(known):
    answers = known(rows=(), children=())

    view = view_of(replace(answers, profile=replace(answers.profile, valid_to=date(2024, 4, 1))))

    assert len(view.targets.heads) == 3  # indicator, result of the year before, the phase that ran


def test_what_the_province_tells_itself_stands_beside_its_sum(known):
    answers = known()
    told = tuple(replace(row, value=61.5, numerator=None, denominator=None) for row in answers.rows[2:3])

    view = view_of(replace(answers, own=OwnFigures(told, past("online")[:3])))

    ((row, day),) = view.own_rows
    assert (view.own_title, row.now, row.days, day) == (
        "UBND huyện Ia Grai tự báo cáo", "61,5%", (10.0, 11.0, 12.0), "20/04/2024",
    )  # fmt: skip
    assert view_of(answers).own_rows == ()


@pytest.mark.parametrize(
    ("coverage", "reading", "is_sum", "pooled", "said"),
    [
        (0.75, DAY, True, True, "số liệu được cộng từ 75,0% đơn vị trực thuộc"),
        (1.0, DAY, True, True, "số liệu được cộng từ 100,0% đơn vị trực thuộc"),
        (1.0, DAY, False, True, ""),
        (0.0, None, False, True, ""),
        (0.0, None, False, False, "Không cộng"),
    ],
)
def test_unit_between_says_whether_it_is_a_sum(known, coverage, reading, is_sum, pooled, said):
    answers = known()
    rows = tuple(replace(row, coverage=coverage, reading_as_of=reading, is_pooled=is_sum) for row in answers.rows)
    levels = tuple(replace(level, is_pooled=pooled) for level in answers.campaign.levels)

    notes = view_of(replace(answers, rows=rows, campaign=replace(answers.campaign, levels=levels))).row_notes

    assert any(said in note for note in notes) if said else not any("cộng" in note.lower() for note in notes)


# --- records --------------------------------------------------------------------------------------------------------


def test_targets_tell_value_and_origin_by_phase(known):
    rows = {row[0]: row[1:] for row in view_of(known()).targets.rows}

    assert rows["Tỷ lệ hồ sơ trực tuyến"] == ("67,37%", "50% dự kiến", "chưa lập", "chưa lập")
    assert rows["Tỷ lệ thanh toán trực tuyến"][:2] == ("7% minh họa", "chưa giao")


def test_real_result_of_the_year_before_names_its_source_and_what_was_said_with_it(known):
    assert view_of(known()).baseline_notes == ("Tỷ lệ hồ sơ trực tuyến 67,37%: Báo Gia Lai · Mức cao nhất",)


def test_older_figure_of_the_units_own_is_said_to_be_of_its_day(known):
    answers = known()
    rows = tuple(
        replace(row, reading_as_of=DAY - timedelta(days=2), coverage=None, standing="at_risk") for row in answers.rows
    )
    of_yesterday = replace(answers, rows=rows)

    assert "Đang dùng số liệu cũ (từ 18/04)." in view_of(of_yesterday).row_notes
    for told in (
        answers,
        replace(of_yesterday, rows=tuple(replace(row, standing="stale") for row in rows)),
        replace(of_yesterday, rows=tuple(replace(row, is_pooled=True) for row in rows)),
    ):
        assert not [note for note in view_of(told).row_notes if "số liệu cũ" in note]


def test_chain_tells_document_date_who_and_when(known):
    registered = version(
        "online", "60", origin="registered", document="696/KH-SGTVT", document_date=date(2024, 3, 21), version=2
    )
    chain = view_of(known(versions=(version("online", is_in_force=False), registered))).chain

    assert chain.versions.rows[1] == (
        "50 ngày", "Đăng ký, lần 2 (đang áp dụng)", "60%", "696/KH-SGTVT ngày 21/03/2024",
        "cơ quan điều phối", "19/03/2024 08:00",
    )  # fmt: skip
    assert chain.versions.rows[0][1] == "Dự kiến giao, lần 1"
    assert len(chain.reasons) == 1


def test_parts_stand_beside_each_other(known):
    [row] = view_of(known()).parts.rows

    assert row == ("Tỷ lệ hồ sơ trực tuyến", "50,0% · 50/100", "62,5% · 25/40", "41,7% · 25/60", "20/04/2024")


def test_parts_that_cannot_be_told_say_why(known):
    part = Parts("online", DAY, Part(50, 100), None, Part(25, 60), 2, 3)

    [row] = view_of(known(parts=(part,))).parts.rows

    assert row[2] == "chưa tách được: 2/3 đơn vị có số liệu ngày này"
    assert row[3] == "41,7% · 25/60 (2/3 đơn vị)"


def test_chain_is_of_the_indicator_chosen(known):
    assert view_of(known(), indicator="payment").chain.name == "Tỷ lệ thanh toán trực tuyến"


def test_children_stand_the_hardest_first_and_the_unknown_last(known):
    view = view_of(known(heads={"2": "Bà Lan"}))

    assert [child.standing for child in view.children] == ["unlikely", "at_risk", "stale"]
    first = view.children[0]
    assert (first.name, first.now, first.points, first.cases, first.head) == ("Ia Sao", "29,6%", "20,4", "79", "Bà Lan")
    assert view.counts == {"unlikely": 1, "at_risk": 1, "stale": 1}
    assert (view.below, view.counted) == ("3 đơn vị trực thuộc", "Hồ sơ")


def test_child_that_has_ended_stays_named(known):
    children = tuple(row for row in known().children if row.unit != "1")

    last = view_of(known(children=children)).children[-1]

    assert (last.name, last.standing, last.standing_words) == ("Ia O", None, "Đã kết thúc hoạt động")


def test_arrivals_tell_a_fortnight_and_what_is_not_there(known):
    table = view_of(known()).arrivals

    assert len(table.rows) == 14
    assert table.rows[0] == ("20/04", *["40,0%"] * 6, "20/04 17:30", "Số liệu mô phỏng")
    assert set(table.rows[1][1:]) == {"không có"}


def test_arrival_that_differs_from_the_others_of_its_day_says_how(known, lines):
    late = arrival("online", source="igate", revision=2, received_at=datetime(2024, 4, 21, 8, tzinfo=TIMEZONE))
    others = tuple(arrival(line.indicator) for line in lines if line.indicator != "online")

    table = view_of(known(arrivals=(late, *others))).arrivals

    assert table.rows[0][3] == "40,0% (điều chỉnh lần 1, 21/04 08:00, Hệ thống tỉnh)"


def test_province_says_that_its_figures_are_added_up(known):
    answers = known(arrivals=())
    profile = replace(answers.profile, unit=UNITS[0])

    view = view_of(replace(answers, profile=profile))

    assert "được cộng từ các đơn vị trực thuộc" in view.arrivals_note


def test_revision_tells_old_and_new(known):
    got = (arrival("online", revision=2, numerator=45), arrival("online"))

    [(name, said)] = view_of(known(arrivals=got)).revisions

    assert name == "Tỷ lệ hồ sơ trực tuyến"
    assert "40,0% (40/100 hồ sơ) → 45,0% (45/100 hồ sơ)" in said


def test_withdrawn_figure_is_told_with_who_and_why(known):
    at = datetime(2024, 4, 21, 8, tzinfo=TIMEZONE)
    figure = WithdrawnFigure("online", date(2024, 4, 20), 90, 100, None, None, None, 8, "lan", at, "nhầm tệp")

    [(name, said)] = view_of(known(arrivals=(), withdrawn=(figure,))).revisions

    assert name == "Tỷ lệ hồ sơ trực tuyến"
    assert said == (
        "số liệu ngày 20/04/2024: 90,0% (90/100) của lần cập nhật 8 đã rút lại lúc 21/04/2024 08:00 (lan: nhầm tệp)"
    )


SECOND = (
    arrival("online", revision=2, numerator=None, denominator=None, value=50.0),
    arrival("online", numerator=49_996, denominator=100_000),
)


def test_second_statement_stands_beside_the_counts_that_stay(known):
    view = view_of(known(arrivals=SECOND))

    [said] = view.disagreements
    assert "Số liệu mô phỏng báo thêm 50,0% lúc 20/04/2024 17:30" in said
    assert "số đếm giữ nguyên: 50,0% (49.996/100.000 hồ sơ); lệch 0,004 điểm phần trăm" in said
    assert view.arrivals.rows[0][3] == "50,0%"
    [(_, got)] = view.revisions
    assert "báo thêm 50,0%" in got


def test_note_stands_beside_its_figure(known, lines):
    noted = arrival("online", note="chờ đồng bộ")
    others = tuple(arrival(line.indicator) for line in lines if line.indicator != "online")

    assert view_of(known(arrivals=(noted, *others))).arrivals.rows[0][3] == "40,0% (ghi chú: chờ đồng bộ)"


def test_sentence_that_a_figure_was_taken_from_and_the_ends_of_a_range_stand_in_its_cell(known, lines):
    told = arrival(
        "online", numerator=None, denominator=None, value=90.0, value_high=100.0, qualifier="range",
        quotation="Trang 3",
    )  # fmt: skip
    others = tuple(arrival(line.indicator) for line in lines if line.indicator != "online")

    assert view_of(known(arrivals=(told, *others))).arrivals.rows[0][3] == "90–100% (trích dẫn: “Trang 3”)"


def test_count_alone_with_a_bound_is_told_with_its_word(known, lines):
    told = arrival("online", numerator=1_200, denominator=None, qualifier="more")

    assert "(hơn 1.200 hồ sơ)" in view_of(known(arrivals=(told,))).arrivals.rows[0][3]


def test_revised_note_is_told_old_and_new(known):
    got = (arrival("online", revision=2, note="đã đồng bộ"), arrival("online", note="chờ đồng bộ"))

    [(_, said)] = view_of(known(arrivals=got)).revisions

    assert "(40/100 hồ sơ, ghi chú: chờ đồng bộ) → 40,0% (40/100 hồ sơ, ghi chú: đã đồng bộ)" in said


def test_counts_after_a_second_statement_are_a_revision_of_the_counts(known):
    corrected = arrival("online", revision=3, numerator=50_100, denominator=100_000)

    view = view_of(known(arrivals=(corrected, *SECOND)))

    assert view.disagreements == ()
    assert "50,0% (49.996/100.000 hồ sơ) → 50,1% (50.100/100.000 hồ sơ)" in view.revisions[0][1]


def test_count_alone_beside_counts_lies_no_points_from_them(known):
    alone = arrival("online", revision=2, numerator=50_100, denominator=None)

    [said] = view_of(known(arrivals=(alone, SECOND[1]))).disagreements

    assert "giữ nguyên" in said
    assert "lệch" not in said


def test_sources_that_differ_are_told_with_both_figures(known):
    differing = Disagreement("online", DAY, "igate", "demonstration", 41.6, 38.9)

    [said] = view_of(known(disagreements=(differing,))).disagreements

    assert "Hệ thống tỉnh 41,6%, Số liệu mô phỏng 38,9%" in said


def test_flags_are_drawn_where_there_are_any(known):
    assert view_of(known()).flags == ()
    [said] = view_of(known(flags=(Flag("online", "igate", DAY, 1, "frozen", {"days": 6}),))).flags
    assert "không thay đổi 6 ngày làm việc liền" in said


def test_score_is_told_with_rank_source_and_date(known):
    [(name, said)] = view_of(known()).scores

    assert name == "Tổng điểm năm 2023"
    assert said == "55,51/100 điểm, hạng 9/17 (cấp huyện trong tỉnh), theo Báo Gia Lai, số liệu đến 31/12/2023"


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_every_state_can_be_drawn_and_sent(known, state, language):
    view = view_of(known(rows=state.lines, as_of=state.as_of), language)

    assert view.title
    assert len(view.rows) == 6
    assert len(view.facts) <= 4
    assert json.dumps(view.chart.spec)


@pytest.mark.parametrize("language", LANGUAGES)
def test_unit_of_which_nothing_is_known_can_be_drawn(known, language):
    empty = known(rows=(), history=(), versions=(), arrivals=(), scores=(), parts=(), children=())
    profile = replace(empty.profile, children=())

    view = view_of(replace(empty, profile=profile), language)

    assert (view.rows, view.chart, view.targets, view.arrivals, view.parts) == ((), None, None, None, None)
