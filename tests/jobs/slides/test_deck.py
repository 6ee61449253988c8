"""Slides worked out from a snapshot: one finding each, at most three facts, in both languages and any state."""

from contextlib import closing
from dataclasses import replace

import pytest

from jobs.mails import digest
from jobs.slides import of_province
from jobs.slides.deck import deck, slide, titles
from jobs.slides.meeting_data import load_meeting_data
from jobs.slides.values import Bars, Course, Roll
from models.core.texts import text
from models.meetings.actions import Conclusion, freeze_figures, record_conclusion, set_agenda
from models.meetings.agendas import default_slides, possible_slides
from models.meetings.frozen import facts_as_json, facts_from_json
from models.readings.records import TaskRecord
from models.targets.causes import Explanation, decide_cause, state_cause
from models.tasks.actions import confirm_task, give_task, report_on_task
from targets.errors import UnknownName
from tests.jobs.small_world import small  # noqa: F401 - a fixture
from tests.models.conftest import Small, context, day, found_small, with_indicator

FIRST = [("H1", "online", "4/3", 10, 50), ("H2", "online", "4/3", 15, 300), ("S1", "online", "4/3", 60, 100)]
LATER = [("H1", "online", "8/3", 30, 150), ("H2", "online", "8/3", 20, 400), ("S1", "online", "8/3", 90, 200)]


def freeze(world, as_of, when="11/3 08:00"):
    return world.changed(freeze_figures, as_of=day(as_of), title=f"Giao ban {as_of}", context=context(when))


@pytest.fixture
def world(prepared, tmp_path):
    with closing(prepared.copy("with-a-meeting", told, to=f"sqlite:///{tmp_path / 'told.db'}")) as store:
        yield Small(store)


def told(store):
    found_small(store)
    world = Small(store)
    world.load(*FIRST, when="4/3 18:00")
    freeze(world, "4/3", "5/3 08:00")
    world.load(*LATER, when="8/3 18:00")


def meeting_of(world, as_of="8/3", when="11/3 08:00"):
    return world.asked(load_meeting_data, freeze(world, as_of, when))


# --- every slide in every state -------------------------------------------------------------------------------------


@pytest.mark.daily(2)
@pytest.mark.parametrize("language", ["vi", pytest.param("en", marks=pytest.mark.soak)])
@pytest.mark.parametrize("state", ["nothing told", "told", "stale", "past the end"])
def test_every_possible_slide_says_a_finding_with_at_most_three_facts(world, state, language):
    as_of, when = {
        "nothing told": ("4/3", "4/3 08:00"), "told": ("8/3", "11/3 08:00"),
        "stale": ("20/3", "21/3 08:00"), "past the end": ("20/4", "22/4 08:00"),
    }[state]  # fmt: skip
    meeting = meeting_of(world, as_of, when)

    made = [slide(meeting, key, language) for key in (*possible_slides(meeting.campaign), "unit.H1", "unit.X4")]

    assert all(each.headline and "{" not in each.headline for each in made)
    assert all(len(each.facts) <= 3 for each in made)
    assert [each.key for each in made][:-2] == list(possible_slides(meeting.campaign))
    assert titles(meeting, possible_slides(meeting.campaign), language).keys() == set(possible_slides(meeting.campaign))


def test_deck_follows_the_agenda_that_was_chosen_else_the_main_indicator_comes_before_the_others(world):
    meeting = meeting_of(world)
    assert meeting.arranged == default_slides(meeting.campaign)
    main = meeting.campaign.main
    # Nothing was decided before, nothing is to be done, and there is no week before in which somebody moved.
    assert meeting.slides == tuple(key for key in meeting.arranged if key not in ("decided", "tasks", f"movers.{main}"))
    assert meeting.slides[:3] == ("opening", "province", f"indicator.{main}")
    assert {key for key in meeting.slides if key.startswith("attention.")} == {
        f"attention.{main}.{level}" for level in ("department", "district", "commune")
    }
    assert meeting.arranged.index(f"movers.{main}") < meeting.arranged.index("indicator.payment")

    world.changed(
        set_agenda, meeting.frozen.head.id, ("indicator.payment", "tasks", "province"), context=context("11/3 08:00")
    )
    chosen = deck(world.asked(load_meeting_data, meeting.frozen.head.id), "vi")

    assert [each.key for each in chosen.slides] == ["indicator.payment", "province"]
    assert "08/03/2024" in chosen.foot


@pytest.mark.parametrize("key", ["dreams", "indicator.luck", "unit.H9", "attention.online.moon"])
def test_slide_that_cannot_be_is_named(world, key):
    with pytest.raises(UnknownName):
        slide(meeting_of(world), key, "vi")


def test_nobody_is_said_to_be_in_time_where_nobody_is_judged(world):
    shown = slide(meeting_of(world, "20/3", "21/3 08:00"), "attention.online.district", "vi")

    assert shown.headline == text("slide.attention.unknown", "vi", name="online", level="district")
    assert shown.picture is None


def test_grades_of_a_survey_are_lines_of_their_own_on_no_slide_and_in_no_mail(world):
    """Payment is a grade of online here: it is told with it, and its own slide can still be chosen."""
    meeting = meeting_of(world)
    graded = with_indicator(meeting.campaign, "payment", grade_of="online")
    meeting = replace(meeting, frozen=replace(meeting.frozen, campaign=graded))
    own = [indicator.key for indicator in graded.indicators if indicator.key != "payment"]

    opening, *others = (slide(meeting, key, "vi").picture for key in ("opening", "province", "unit.H1"))
    with world.store.reading() as session:
        mails = [
            digest._of_province(session, meeting, today=day("8/3"), page=None),
            digest._of_unit(session, meeting, "H1", today=day("8/3"), page=None),
        ]

    assert [row[0] for row in opening.rows] == own
    assert len(opening.marks) == len(own)
    assert [[line.key for line in each.rows] for each in others] == [own, own]
    assert [[said.partition(":")[0] for said in dict(each.lists)[text("digest.lines", "vi")]] for each in mails] == [
        own,
        own,
    ]
    assert slide(meeting, "indicator.payment", "vi").headline


# --- what they find -------------------------------------------------------------------------------------------------


def test_opening_slide_explains_the_standings_that_some_unit_has_and_no_other(world):
    meeting = meeting_of(world)

    explained = [each.mark for each in slide(meeting, "opening", "vi").legend]

    assert set(explained) == {row.standing for row in meeting.rows} & set(of_province.LEGEND)
    assert 0 < len(explained) < len(of_province.LEGEND)


def test_movers_are_those_of_the_week_whenever_the_meeting_before_was(world):
    """One week's change everywhere: that between two snapshots of the unit's own."""
    world.load(("S1", "online", "12/3", 100, 210), ("H2", "online", "12/3", 60, 420), when="12/3 18:00")
    meeting = meeting_of(world, "12/3", "13/3 08:00")
    changes = {row.name: row.week_change for row in meeting.by_indicator["online"] if row.week_change}

    shown = slide(meeting, "movers.online", "vi")

    assert meeting.before is not None
    assert isinstance(shown.picture, Bars)
    assert changes
    assert {bar.value for bar in shown.picture.rows} <= set(changes.values())
    assert "tuần trước" in shown.headline


def test_attention_names_the_units_own_explanation_and_keeps_external_causes_apart(world):
    result = Explanation("H2", "online", "staff", "Thiếu người", "Bổ sung", "Chủ tịch", day("20/3"))
    outside = Explanation("H1", "online", "synchronisation", "Đồng bộ chậm", "Đối soát", "Sở", day("20/3"))
    world.changed(state_cause, result, context=context("9/3 08:00"))
    cause = world.changed(state_cause, outside, context=context("9/3 08:00"))
    world.changed(decide_cause, cause, is_confirmed=True, seen_version=1, context=context("9/3 09:00"))

    shown = slide(meeting_of(world), "attention.online.district", "vi")

    assert isinstance(shown.picture, Roll)
    assert dict(zip(shown.picture.heads, *shown.picture.rows, strict=True))[text("slide.column.cause", "vi")] == (
        "Thiếu người"
    )
    assert text("slide.attention.external", "vi", count="1", names="Một") in shown.below


def test_contributions_of_the_members_add_up_to_the_gap_of_the_province(world):
    meeting = meeting_of(world)
    members, line = meeting.members("online").values(), meeting.line("online")

    assert sum(member.denominator for member in members) == line.denominator
    assert sum(member.numerator for member in members) == line.numerator
    shown = slide(meeting, "contribution.online", "vi")
    assert next(bar.name for bar in shown.picture.rows) == "Hai"


def test_district_that_tells_a_percent_alone_keeps_its_communes_out_of_the_sum(world):
    """It answers for them: neither it nor they make the gap, on the slide as in the province's figure."""
    world.load(("H1", "online", "9/3", None, None, 20.0), ("X1", "online", "9/3", 5, 150), when="9/3 18:00")
    meeting = meeting_of(world, "9/3")

    assert "X1" not in meeting.members("online")
    assert "H1" not in meeting.members("online")
    assert (
        sum(member.denominator for member in meeting.members("online").values()) == meeting.line("online").denominator
    )


def test_course_keeps_to_what_was_frozen(world):
    meeting = meeting_of(world)
    before = slide(meeting, "indicator.online", "vi")
    world.load(("H1", "online", "8/3", 150, 150), when="11/3 09:00")

    again = slide(world.asked(load_meeting_data, meeting.frozen.head.id), "indicator.online", "vi")

    assert isinstance(before.picture, Course)
    assert again == before


def test_thin_figure_of_the_province_says_how_much_is_known(small):  # noqa: F811 - the fixture
    small.load(("S1", "online", "8/3", 60, 100))

    shown = slide(meeting_of(small), "indicator.online", "vi")

    assert shown.finding == "online 60,0%: mới có số liệu của 11,1% số đơn vị, chưa đủ để kết luận"
    assert shown.headline == "online: 60,0%, chưa đủ số liệu để kết luận"


@pytest.mark.soak
def test_tasks_slide_counts_what_was_carried_and_what_this_meeting_adds(world):
    late = TaskRecord("H1", "Việc cũ", "Văn phòng", day("9/3"))
    world.changed(give_task, late, context=context("8/3 08:00"))
    meeting = meeting_of(world)
    assert "tasks" in meeting.slides
    new = TaskRecord("H2", "Việc mới", "Văn phòng", day("20/3"), snapshot=meeting.frozen.head.id, slide="tasks")
    world.changed(give_task, new, context=context("11/3 08:00"))

    shown = slide(world.asked(load_meeting_data, meeting.frozen.head.id), "tasks", "vi")

    assert shown.headline.startswith("1/1")
    assert [row[1] for row in shown.picture.rows] == ["Việc cũ"]
    assert shown.below == (text("slide.tasks.recorded", "vi", count="1"),)


def test_meeting_opens_with_what_the_last_one_decided_and_where_each_of_it_stands(world):
    first = world.changed(freeze_figures, as_of=day("5/3"), title="Tuần 1", context=context("6/3 08:00"))
    given = [
        world.changed(give_task, TaskRecord(unit, what, "Văn phòng", day(due), snapshot=first), context=context("6/3"))
        for unit, what, due in (("H1", "Số hóa", "7/3"), ("S1", "Niêm yết", "20/3"), ("H2", "Đối soát", "20/3"))
    ]
    world.changed(record_conclusion, Conclusion("Báo cáo thứ Sáu", snapshot=first), context=context("6/3"))
    world.changed(confirm_task, given[2], is_done=True, seen_version=1, context=context("7/3"))

    meeting = meeting_of(world)
    shown = deck(meeting, "vi").slides[1]

    assert (shown.key, shown.headline) == ("decided", text("slide.decided.some", "vi", count="4", done="1", late="1"))
    assert [(row[1], row[-1], mark) for row, mark in zip(shown.picture.rows, shown.picture.marks, strict=True)] == [
        ("Số hóa", text("slide.tasks.overdue", "vi"), "missed"),
        ("Niêm yết", text("task.state.open", "vi"), ""),
        ("Đối soát", text("task.state.done", "vi"), "met"),
        ("Báo cáo thứ Sáu", text("tasks.conclusion", "vi"), ""),
    ]
    assert shown.below == (text("slide.decided.meeting", "vi", title="Tuần 1", date="05/03/2024"),)


def test_what_was_decided_stays_as_it_was_frozen_and_nothing_decided_is_no_slide(world):
    first = world.changed(freeze_figures, as_of=day("5/3"), title="Tuần 1", context=context("6/3 08:00"))
    assert "decided" not in meeting_of(world).slides
    late = TaskRecord("H1", "Số hóa", "Văn phòng", day("20/3"), snapshot=first)
    given = world.changed(give_task, late, context=context("9/3 08:00"))
    again = meeting_of(world)
    world.changed(confirm_task, given, is_done=True, seen_version=1, context=context("12/3"))

    later = world.asked(load_meeting_data, again.frozen.head.id)

    assert "decided" in later.slides
    assert [task.state for task in later.frozen.facts.decided] == ["open"]


def test_task_said_to_be_done_is_late_on_no_slide(world):
    given = world.changed(give_task, TaskRecord("H1", "Số hóa", "Văn phòng", day("9/3")), context=context("8/3 08:00"))
    world.changed(
        report_on_task, given, progress="Xong", evidence="BC 1", is_done=True, seen_version=1,
        context=context("9/3 08:00"),
    )  # fmt: skip
    meeting = meeting_of(world)

    shown = [slide(meeting, key, "vi") for key in ("tasks", "province", "unit.H1")]

    assert shown[0].headline == text("slide.tasks.on_time", "vi", count="1")
    assert shown[0].picture.rows[0][-1] == text("task.state.reported", "vi")
    assert not {line for each in shown for line in each.below} & {
        text(f"slide.{key}", "vi", count="1") for key in ("province.late_tasks", "unit.tasks")
    }


def test_conclusions_of_a_meeting_before_are_carried_on_as_tasks_on_no_slide(world):
    result = Conclusion("Báo cáo thứ Sáu", unit="H1", due=day("9/3"))
    world.changed(record_conclusion, result, context=context("8/3 08:00"))
    meeting = meeting_of(world)

    shown = [slide(meeting, key, "vi") for key in ("tasks", "province", "unit.H1")]

    assert [task.kind for task in meeting.frozen.facts.tasks] == ["conclusion"]
    assert shown[0].headline == text("slide.tasks.none", "vi")
    said = {words for each in shown for words in each.below}
    assert not said & {text(f"slide.{key}", "vi", count="1") for key in ("province.late_tasks", "unit.tasks")}


def test_silent_units_are_named_with_their_level_and_the_day_of_their_last_figure(world):
    world.load(("X4", "online", "4/3", 1, 2), when="11/3 07:00")

    shown = slide(meeting_of(world, "8/3", "11/3 08:00"), "silent", "vi")

    assert isinstance(shown.picture, Roll)
    assert sum(int(row[3]) for row in shown.picture.rows) == int(shown.headline.partition("/")[0])
    assert {row[1] for row in shown.picture.rows} == {
        text("line.stopped", "vi", date="04/03/2024"), text("line.no_reading", "vi"),
    }  # fmt: skip
    assert "xã Bốn" in next(row[2] for row in shown.picture.rows if "04/03/2024" in row[1])


@pytest.mark.parametrize("members", [{}, {"members": None}], ids=["unnamed", "unknown"])
def test_snapshot_of_before_the_first_release_is_set_out_with_what_it_holds(world, members):
    meeting = meeting_of(world)
    kept = facts_as_json(meeting.frozen.facts)
    older = {key: said for key, said in kept.items() if key not in ("members", "sources", "decided")} | members

    found = replace(meeting, frozen=replace(meeting.frozen, facts=facts_from_json(older)))

    slides, before = ([page.key for page in deck(each, "vi").slides] for each in (found, meeting))
    assert (found.missing_most("online"), found.frozen.facts.sources) == ([], {})
    assert meeting.missing_most("online")
    assert slides == [key for key in before if key != "decided"]
