"""What is sent after a meeting: the notice, the reminder, the message to copy, the picture for the phone."""

import io
import re
from dataclasses import replace
from datetime import date

import docx
import pytest
from PIL import Image

from jobs.documents.letters import as_conclusions, as_reminder, reminder, units_behind
from jobs.documents.official import Paragraph
from jobs.documents.phone import MOST_NAMED, SILENT, as_message, as_picture, drawn
from jobs.slides.deck import slide
from jobs.slides.of_province import short_name
from models.core import formats
from models.core.texts import LANGUAGES, text
from models.meetings.frozen import FrozenTask
from models.targets.registrations import Incomplete
from models.units.queries import StatedCause
from targets.errors import UnknownName
from targets.findings import BEHIND, NOT_ARRIVED, may_be_lost

UNIT = "H21.58"


def words_of(content):
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def with_facts(figures, **facts):
    frozen = figures.meeting.frozen
    meeting = replace(figures.meeting, frozen=replace(frozen, facts=replace(frozen.facts, **facts)))
    return replace(figures, meeting=meeting)


LATE = FrozenTask(
    id=1, kind="task", unit=UNIT, unit_name="UBND huyện Ia Grai", what="Số hóa hồ sơ tồn", who="Văn phòng",
    due=date(2024, 5, 2), state="open", progress="",
)  # fmt: skip


# --- the reminder ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_reminder_names_every_shortfall_of_the_unit_and_nothing_else(frozen, language):
    rows = [row for row in frozen.rows if row.unit == UNIT]

    said = words_of(as_reminder(frozen, UNIT, language))

    for row in rows:
        name = frozen.campaign.indicator(row.indicator).name.of(language)
        assert (name in said) == (row.standing in BEHIND)
    assert rows[0].name in said
    assert text("gaps.download.simulated", language) not in said


def test_reminder_asks_for_an_explanation_within_three_working_days(frozen):
    assert "trước ngày 10/05/2024" in words_of(as_reminder(frozen, UNIT, "vi"))


def test_reminder_names_tasks_that_are_overdue_and_the_cause_that_was_stated(frozen):
    indicator = next(row.indicator for row in frozen.rows if row.unit == UNIT and row.standing in BEHIND)
    cause = StatedCause("staff", "thiếu cán bộ", "bố trí thêm", None, is_confirmed=False)
    result = with_facts(frozen, tasks=(LATE, replace(LATE, unit="SCT", what="khác")), causes={(UNIT, indicator): cause})

    said = words_of(as_reminder(result, UNIT, "vi"))

    assert "Số hóa hồ sơ tồn" in said
    assert "khác" not in said
    assert "thiếu cán bộ" in said


def test_nothing_is_reminded_of_where_a_unit_is_behind_on_nothing(frozen):
    rows = tuple(replace(row, standing="met") if row.unit == UNIT else row for row in frozen.rows)
    result = replace(frozen, meeting=replace(frozen.meeting, rows=rows))

    with pytest.raises(Incomplete) as refused:
        reminder(result, UNIT, "vi")

    assert refused.value.code == "nothing_to_remind"
    assert UNIT not in units_behind(result.meeting)
    assert UNIT in units_behind(frozen.meeting)


@pytest.mark.parametrize("unit", ["X1", "H21"])
def test_reminder_is_written_to_units_below_the_province_alone(frozen, unit):
    with pytest.raises(UnknownName):
        reminder(frozen, unit, "vi")


OUTSIDE = StatedCause("synchronisation", "đồng bộ chậm", "", None, is_confirmed=True)


def test_confirmed_external_cause_leaves_every_list_of_those_pressed(frozen):
    """Message, reminder, slide and picture: it is told where it stands, and nobody is asked for it again."""
    focus = frozen.campaign.main
    first = frozen.meeting.missing_most(focus)[0]
    result = with_facts(frozen, causes={(first.unit, focus): OUTSIDE})
    name = short_name(first.name)

    opened, *others = as_message(result, "vi", indicator=focus).split("◇ ")
    assert name in as_message(frozen, "vi", indicator=focus).split("◇ ")[0]
    assert name not in opened
    assert name in others[0]
    assert frozen.campaign.indicator(focus).name.vi not in words_of(as_reminder(result, first.unit, "vi"))
    assert name in pressed(frozen, first)
    assert name not in pressed(result, first)
    assert f"{name}: " in drawn(frozen, "vi")
    assert f"{name}: " not in drawn(result, "vi")


def pressed(figures, unit):
    """Who is named on the slide of a unit's level."""
    return [row[0] for row in slide(figures.meeting, f"attention.{unit.indicator}.{unit.level}", "vi").picture.rows]


def test_unit_that_registered_a_higher_target_is_blamed_nowhere_once_it_has_reached_its_peers(frozen):
    """Slide, message, reminder and picture: who asks more of itself stands apart, and is asked for nothing."""
    first = frozen.meeting.missing_most("online")[0]
    name = short_name(first.name)
    higher = replace(first, origin="registered", value=55.0, target=60.0, gap=5.0)
    rows = tuple(higher if row is first else row for row in frozen.rows)
    result = replace(frozen, meeting=replace(frozen.meeting, rows=rows))
    others = slide(result.meeting, f"attention.online.{first.level}", "vi").below

    opened, *apart = as_message(result, "vi", indicator="online").split("◇ ")

    assert name in pressed(frozen, first)
    assert name not in pressed(result, first)
    assert text("slide.attention.ambitious", "vi", count="1", names=name) in others
    assert name not in opened
    assert name in apart[0]
    assert frozen.campaign.indicator("online").name.vi not in words_of(as_reminder(result, first.unit, "vi"))
    assert f"{name}: " not in drawn(result, "vi")


def test_nobody_is_written_to_whose_every_shortfall_has_a_cause_outside(frozen):
    result = with_facts(frozen, causes={(UNIT, known.key): OUTSIDE for known in frozen.campaign.indicators})

    with pytest.raises(Incomplete):
        reminder(result, UNIT, "vi")
    assert UNIT not in units_behind(result.meeting)


def test_missing_most_is_one_list_by_dossiers_on_slide_and_picture(frozen):
    """Never a commune beside its district, never fewer dossiers before more, whatever the standings."""
    for known in frozen.campaign.indicators:
        found = frozen.meeting.missing_most(known.key)
        missing = [row.cases_missing or 0 for row in found]
        assert missing == sorted(missing, reverse=True)
        assert all(row.unit in frozen.meeting.members(known.key) for row in found)
    timeliness = [row.name for row in frozen.meeting.missing_most("timeliness")[:2]]
    assert timeliness == ["Sở Giao thông vận tải", "UBND huyện Mang Yang"]


def test_payment_names_nobody_while_one_unit_alone_has_a_target(frozen):
    """Sở GT-VT registered one; nobody else owes any."""
    said = as_message(frozen, "vi", indicator="payment")

    assert "Giao thông" not in said
    assert "CHƯA GIAO CHỈ TIÊU" in said
    assert frozen.meeting.missing_most("payment") == []
    assert slide(frozen.meeting, "attention.payment.department", "vi").picture is None


# --- the notice of conclusions --------------------------------------------------------------------------------------


def test_notice_says_findings_conclusions_and_tasks_of_the_meeting_with_who_and_when(frozen):
    said = words_of(as_conclusions(frozen, "vi"))

    for words in ("Giao ban =1+1", "Giữ nhịp như tuần này", "Số hóa hết hồ sơ tồn", "Văn phòng", "14/05/2024"):
        assert words in said
    assert text("conclusions.part.late", "vi") not in said


def test_papers_press_nobody_for_what_is_said_to_be_done(frozen):
    result = with_facts(frozen, tasks=(replace(LATE, state="reported"),))

    said = words_of(as_conclusions(result, "vi")) + words_of(as_reminder(result, UNIT, "vi"))

    assert LATE.what not in said


def test_notice_names_what_is_overdue_from_meetings_before(frozen):
    said = words_of(as_conclusions(with_facts(frozen, tasks=(LATE,)), "vi"))

    assert text("conclusions.part.late", "vi") in said
    assert "02/05/2024" in said


def test_conclusion_of_a_meeting_before_is_never_overdue_work(frozen):
    result = with_facts(frozen, tasks=(replace(LATE, kind="conclusion"),))

    assert text("conclusions.part.late", "vi") not in words_of(as_conclusions(result, "vi"))
    assert LATE.what not in words_of(as_reminder(result, UNIT, "vi"))


def test_signature_never_goes_to_a_page_alone(frozen):
    document = docx.Document(io.BytesIO(as_conclusions(frozen, "vi")))

    lines = document.paragraphs

    assert [line.paragraph_format.keep_with_next for line in lines[-4:]] == [None, True, True, True]
    assert lines[-3].text == text("conclusions.closing", "vi")
    assert document.element.body[-2].tag.endswith("tbl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_notice_of_a_meeting_that_concluded_nothing_says_so(unfrozen, language):
    said = words_of(as_conclusions(unfrozen, language))

    assert text("conclusions.none", language) in said
    assert text("conclusions.no_tasks", language) in said


# --- for phones -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_message_counts_every_unit_in_one_list(frozen, language):
    rows = frozen.meeting.by_indicator["online"]

    said = as_message(frozen, language, indicator="online")

    keep = formats.whole(sum(map(may_be_lost, rows)), language)
    for key, standings, more in (
        ("open", [word for word in NOT_ARRIVED if word != "out_of_reach"], {}),
        ("out_of_reach", ("out_of_reach",), {}),
        ("met_keep", ("met",), {"keep": keep}),
        ("silent", SILENT, {}),
    ):
        count = sum(row.standing in standings for row in rows)
        assert text(f"message.{key}", language, count=formats.whole(count, language), **more) in said
    assert text("gaps.download.simulated", language) in said


def test_message_names_a_dozen_of_a_level_and_counts_the_others(frozen):
    communes = [
        row
        for row in frozen.meeting.by_indicator["online"]
        if row.level == "commune" and row.standing == "out_of_reach"
    ]
    lines = as_message(frozen, "vi", indicator="online").splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("⊘"))

    line = next(line for line in lines[head:] if "cấp xã" in line)

    assert line.endswith(f"và {len(communes) - MOST_NAMED} đơn vị khác")
    # A figure and, in brackets, the best still attainable.
    assert len(re.findall(r"\d+,\d% \(\d+,\d%\)", line)) == MOST_NAMED


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("standings", [("out_of_reach",), ("high_risk",), ("out_of_reach", "high_risk")])
def test_reminder_asks_for_the_attainable_and_never_for_the_impossible(frozen, language, standings):
    result = dict(zip(("timeliness", "online"), standings, strict=False))
    rows = tuple(
        replace(row, standing=result.get(row.indicator, "met"), attainable=95.64, value=90.0, target=100.0)
        if row.unit == UNIT
        else row
        for row in frozen.rows
    )

    letter = reminder(replace(frozen, meeting=replace(frozen.meeting, rows=rows)), UNIT, language)

    asked = [block.words for block in letter.blocks if isinstance(block, Paragraph) and block.is_item]
    names = {key: frozen.campaign.indicator(key).name.of(language) for key in result}
    within_reach = [names[key].lower() for key, standing in result.items() if standing == "high_risk"]
    to_meet = [words for words in asked if words.startswith(text("reminder.act", language, names="")[:20])]
    assert len(to_meet) == bool(within_reach)
    for key, standing in result.items():
        if standing == "out_of_reach":
            [attain] = [words for words in asked if words.startswith(names[key])]
            assert formats.percent(95.64, language) in attain
            assert names[key].lower() not in "".join(to_meet).lower()
        else:
            assert names[key].lower() in to_meet[0].lower()


def test_reminder_says_only_to_let_nothing_more_go_wrong_where_the_best_is_not_known(frozen):
    rows = tuple(
        replace(row, standing="out_of_reach", attainable=None) if row.unit == UNIT else row for row in frozen.rows
    )

    said = reminder(replace(frozen, meeting=replace(frozen.meeting, rows=rows)), UNIT, "vi")

    asked = [block.words for block in said.blocks if isinstance(block, Paragraph) and block.is_item]
    assert sum("không để phát sinh thêm trường hợp chưa đạt." in words for words in asked) == 6
    assert not any("đúng thời hạn chỉ tiêu" in words for words in asked)


def test_message_is_about_the_main_indicator_where_none_is_named(frozen):
    assert frozen.campaign.indicator(frozen.campaign.main).name.vi.upper() in as_message(frozen, "vi")


def test_picture_is_as_wide_as_a_phone_and_says_figures_and_mark(frozen):
    picture = Image.open(io.BytesIO(as_picture(frozen, "vi")))

    svg = drawn(frozen, "vi")

    assert picture.width == 1080
    assert picture.height > picture.width
    for row in frozen.meeting.province:
        assert formats.percent(row.value, "vi", target=row.target) in svg
    assert text("gaps.download.simulated", "vi") in svg
