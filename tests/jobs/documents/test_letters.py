"""What is sent after a meeting: the notice, the reminder, the message to copy, the picture for the phone."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from PIL import Image

from jobs.documents.letters import as_conclusions, as_reminder, reminder, units_behind
from jobs.documents.message import MOST_NAMED, OPEN, SILENT, as_message
from jobs.documents.phone_picture import as_picture, drawn
from models import formats
from models.agreeing import Incomplete
from models.frozen import FrozenTask
from models.queries.attention import BEHIND
from models.queries.heads import StatedCause
from models.texts import LANGUAGES, text
from targets.errors import UnknownName

UNIT = "H21.58"


def words_of(content):
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def with_facts(figures, **facts):
    frozen = figures.scene.frozen
    scene = replace(figures.scene, frozen=replace(frozen, facts=replace(frozen.facts, **facts)))
    return replace(figures, scene=scene)


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
    told = with_facts(frozen, tasks=(LATE, replace(LATE, unit="SCT", what="khác")), causes={(UNIT, indicator): cause})

    said = words_of(as_reminder(told, UNIT, "vi"))

    assert "Số hóa hồ sơ tồn" in said
    assert "khác" not in said
    assert "thiếu cán bộ" in said


def test_nothing_is_reminded_of_where_a_unit_is_behind_on_nothing(frozen):
    rows = tuple(replace(row, standing="met") if row.unit == UNIT else row for row in frozen.rows)
    told = replace(frozen, scene=replace(frozen.scene, rows=rows))

    with pytest.raises(Incomplete) as refused:
        reminder(told, UNIT, "vi")

    assert refused.value.code == "nothing_to_remind"
    assert UNIT not in units_behind(told.scene)
    assert UNIT in units_behind(frozen.scene)


@pytest.mark.parametrize("unit", ["X1", "H21"])
def test_reminder_is_written_to_units_below_the_province_alone(frozen, unit):
    with pytest.raises(UnknownName):
        reminder(frozen, unit, "vi")


# --- the notice of conclusions --------------------------------------------------------------------------------------


def test_notice_says_findings_conclusions_and_tasks_of_the_meeting_with_who_and_when(frozen):
    said = words_of(as_conclusions(frozen, "vi"))

    for words in ("Giao ban =1+1", "Giữ nhịp như tuần này", "Số hóa hết hồ sơ tồn", "Văn phòng", "14/05/2024"):
        assert words in said
    assert text("conclusions.part.late", "vi") not in said


def test_notice_names_what_is_overdue_from_meetings_before(frozen):
    said = words_of(as_conclusions(with_facts(frozen, tasks=(LATE,)), "vi"))

    assert text("conclusions.part.late", "vi") in said
    assert "02/05/2024" in said


def test_conclusion_of_a_meeting_before_is_never_overdue_work(frozen):
    told = with_facts(frozen, tasks=(replace(LATE, kind="conclusion"),))

    assert text("conclusions.part.late", "vi") not in words_of(as_conclusions(told, "vi"))
    assert LATE.what not in words_of(as_reminder(told, UNIT, "vi"))


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
def test_message_counts_every_unit_in_one_of_three_lists(frozen, language):
    rows = frozen.scene.by_indicator["online"]

    said = as_message(frozen, language, indicator="online")

    for key, standings in (("open", OPEN), ("met", ("met",)), ("silent", SILENT)):
        count = sum(row.standing in standings for row in rows)
        assert text(f"message.{key}", language, count=formats.whole(count, language)) in said
    assert text("gaps.download.simulated", language) in said


def test_message_names_a_dozen_of_a_level_and_counts_the_others(frozen):
    communes = [row for row in frozen.scene.by_indicator["online"] if row.level == "commune" and row.standing in OPEN]

    line = next(line for line in as_message(frozen, "vi", indicator="online").splitlines() if "cấp xã" in line)

    assert line.endswith(f"và {len(communes) - MOST_NAMED} đơn vị khác")
    assert line.count("%") == MOST_NAMED


def test_message_is_about_the_indicator_that_needs_it_most_where_none_is_named(frozen):
    assert frozen.campaign.indicator(frozen.scene.focus).name.vi.upper() in as_message(frozen, "vi")


def test_picture_is_as_wide_as_a_phone_and_says_figures_and_mark(frozen):
    picture = Image.open(io.BytesIO(as_picture(frozen, "vi")))

    svg = drawn(frozen, "vi")

    assert picture.width == 1080
    assert picture.height > picture.width
    for row in frozen.scene.province:
        assert formats.percent(row.value, "vi", target=row.target) in svg
    assert text("gaps.download.simulated", "vi") in svg
