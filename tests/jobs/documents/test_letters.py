"""What is sent after a meeting: the notice, the reminder, the message to copy, the picture for the phone."""

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt
from PIL import Image

from jobs.documents.figures import Signing, figures_of_day, issuer
from jobs.documents.letters import (
    as_conclusions,
    as_reminder,
    as_reminders,
    reminder,
    reminders_zipped,
    units_behind,
)
from jobs.documents.official import Paragraph
from jobs.documents.phone import ALL, LISTED, MOST_NAMED, as_message, as_picture, drawn
from jobs.documents.target_annex import Annex, AnnexCell, AnnexHead, AnnexLine
from jobs.documents.target_annex import as_docx as annex_as_docx
from jobs.documents.weekly_report import as_report
from jobs.slides.deck import slide
from jobs.slides.of_province import short_name
from jobs.wording import results as wording
from models.core import formats
from models.core.state import find_state
from models.core.texts import LANGUAGES, text
from models.meetings.frozen import FrozenTask
from models.targets.registrations import Incomplete
from models.units.queries import StatedCause
from targets.errors import UnknownName
from targets.findings import BEHIND
from targets.values import Signer
from tests.soaked import mostly_soaked

UNIT = "H21.58"


def words_of(content):
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in document.paragraphs), *cells]).replace("\xa0", " ")


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


# --- letters to many, signers, days ---------------------------------------------------------------------------------


WRITTEN = ("w:t", "w:noBreakHyphen")


def flowing(document, part=None):
    """Paragraphs and cells in the order in which they are read; of one letter where a section is named."""
    lines, section = [], 0
    for element in document.element.body:
        if part in (None, section):
            lines += [
                "".join(
                    each.text or "" if each.tag == qn("w:t") else "-"
                    for each in line.iter(qn("w:t"), qn("w:noBreakHyphen"))
                )
                for line in element.iter(qn("w:p"))
            ]
        section += bool(list(element.iter(qn("w:sectPr"))))
    return [line for line in lines if line]


def test_zip_and_printed_file_hold_the_same_letters_one_for_each_unit_of_the_list(frozen):
    units = units_behind(frozen.meeting, indicator="online", level="district")[:3]

    zipped = ZipFile(io.BytesIO(reminders_zipped(frozen, units, "vi")))
    printed = docx.Document(io.BytesIO(as_reminders(frozen, units, "vi")))

    assert len(zipped.namelist()) == len(printed.sections) == 3
    for at, (unit, name) in enumerate(zip(units, zipped.namelist(), strict=True)):
        assert f"_{unit}_" in name
        alone = docx.Document(io.BytesIO(zipped.read(name)))
        assert flowing(alone) == flowing(printed, at)
    for section in printed.sections[1:]:
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert section.different_first_page_header_footer


def test_lists_of_those_to_remind_follow_the_indicator_and_level_chosen(frozen):
    every = units_behind(frozen.meeting)
    levels = {row.unit: row.level for row in frozen.rows}

    found = [units_behind(frozen.meeting, level=level.key) for level in frozen.groups]

    assert sorted(unit for units in found for unit in units) == sorted(every)
    assert {levels[unit] for unit in units_behind(frozen.meeting, level="district")} == {"district"}
    behind = {row.unit for row in frozen.rows if row.indicator == "online" and row.standing in BEHIND}
    assert set(units_behind(frozen.meeting, indicator="online")) <= behind
    for make in (as_reminders, reminders_zipped):
        with pytest.raises(Incomplete) as refused:
            make(frozen, (), "vi")
        assert refused.value.code == "nobody_to_remind"


@pytest.mark.parametrize(
    ("signer", "above"),
    [
        (Signer("TM", "Chủ tịch"), ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        (Signer("KT", "Phó Chủ tịch", "Lê B"), ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (Signer("TL", "Chánh Văn phòng", "Vũ C"), ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
    ],
)
def test_paper_is_signed_by_whom_the_campaign_lets_sign_in_the_words_of_the_capacity(frozen, signer, above):
    head = replace(frozen.meeting.frozen, campaign=replace(frozen.campaign, signers=(Signer("TM", "X"), signer)))
    figures = replace(frozen, head_name="Trần A", meeting=replace(frozen.meeting, frozen=head), signing=Signing(1))

    letter = reminder(figures, UNIT, "vi")

    assert letter.signature == above
    assert letter.signer == (signer.name or "Trần A")


def test_campaign_that_names_no_signer_is_signed_by_its_head(frozen):
    head = replace(frozen.meeting.frozen, campaign=replace(frozen.campaign, signers=(), recipients=("Tỉnh ủy;",)))
    figures = replace(frozen, head_name="Trần A", meeting=replace(frozen.meeting, frozen=head))

    letter = reminder(figures, UNIT, "vi")

    assert (letter.signature, letter.signer) == (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Trần A")
    assert letter.recipients == (
        "Như trên;", "Lãnh đạo UBND tỉnh Gia Lai (để báo cáo);", "Tỉnh ủy;", "Lưu: VT, KSTTHC.",
    )  # fmt: skip
    assert letter.issuer == "ỦY BAN NHÂN DÂN\nTỈNH GIA LAI"
    assert issuer(replace(figures, province_name="Ban Quản lý"), "vi") == "BAN QUẢN LÝ"


@pytest.mark.parametrize(
    ("is_dated", "date"), [(True, "ngày 07 tháng 5 năm 2024"), (False, "ngày ..... tháng ..... năm 2024")]
)
def test_day_of_signing_is_the_meetings_or_left_open_and_that_of_the_figures_stands_apart(frozen, is_dated, date):
    letter = reminder(replace(frozen, signing=Signing(is_dated=is_dated)), UNIT, "vi")

    assert letter.place_and_date == f"Gia Lai, {date}"
    assert "số liệu đến ngày" in letter.blocks[0].words


def test_letter_names_the_day_of_the_units_own_figures_and_says_where_they_are_not_the_days(frozen):
    def opening(day: date) -> str:
        rows = tuple(replace(row, reading_as_of=day) if row.unit == UNIT else row for row in frozen.rows)
        return reminder(replace(frozen, meeting=replace(frozen.meeting, rows=rows)), UNIT, "vi").blocks[0].words

    fresh, old = opening(frozen.as_of), opening(frozen.as_of - timedelta(days=2))

    assert "số liệu đến ngày 07/05/2024, " in fresh
    assert "số liệu đến ngày 05/05/2024 (đơn vị chưa có số liệu ngày 07/05/2024), " in old


def test_letter_asks_to_keep_up_what_is_short_but_likely(frozen):
    """So that "đạt 0/6" and the table of what is behind leave no indicator out."""
    own = [row for row in frozen.rows if row.unit == UNIT and row.target is not None]
    rows = tuple(replace(row, standing="likely") if row is own[0] else row for row in frozen.rows)
    letter = reminder(replace(frozen, meeting=replace(frozen.meeting, rows=rows)), UNIT, "vi")

    name = frozen.campaign.indicator(own[0].indicator).name.of("vi")
    kept = [block.words for block in letter.blocks if getattr(block, "words", "").startswith("Giữ vững")]
    assert len(kept) == 1
    assert name.lower() in kept[0].lower()


def test_notice_says_where_who_and_with_whom_or_leaves_dotted_lines(frozen):
    told = Signing(place="Hội trường A", chair="Trần A", attendance="20 sở")

    blank, filled = (words_of(as_conclusions(replace(frozen, signing=each), "vi")) for each in (Signing(), told))

    assert "Thời gian: ngày 07/05/2024\n" in blank
    assert all(f"{head}: ...." in blank for head in ("Địa điểm", "Chủ trì", "Thành phần dự họp"))
    assert all(words in filled for words in ("Địa điểm: Hội trường A", "Chủ trì: Trần A", "dự họp: 20 sở"))


# --- nothing breaks within a number ---------------------------------------------------------------------------------

PARTED = re.compile(
    r"\d (hồ sơ|thủ tục|đơn vị|điểm|ngày|chỉ|nhiệm|phiếu|cases|units)|(ngày|tháng|năm|số|mốc) \d|\d–\d|/[A-ZĐ]+-[A-ZĐ]"
    r"|(Kế hoạch|Nghị quyết) số"
)
"""Where a line could end within a number, or between it and what it counts."""


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_no_line_of_any_paper_ends_within_a_number(frozen, language):
    """Every text of every paper, headings, tables and numbers of documents."""
    issued = AnnexLine("Theo Nghị quyết số 12/NQ-HĐND", "12 hồ sơ ngày 3", (AnnexCell(Decimal(50)),))
    annex = Annex(language, "A", ("T",), "Kèm theo số 629/KH-UBND ngày 1", "", "STT", "U", (AnnexHead("H", ("C",)),),
                  (issued,), ("90–100% của 3 đơn vị",), "S")  # fmt: skip
    papers = [
        as_report(frozen, language), as_conclusions(frozen, language), as_reminder(frozen, UNIT, language),
        as_reminders(frozen, (UNIT, "H21.54"), language), annex_as_docx(annex),
    ]  # fmt: skip

    for content in papers:
        texts = [each.text or "" for each in docx.Document(io.BytesIO(content)).element.body.iter(qn("w:t"))]
        assert texts
        assert [words for words in texts if PARTED.search(words)] == []


def test_reminder_of_a_campaign_that_is_long_over_still_names_a_day(frozen):
    """Its calendar ends a year after it."""
    head = replace(frozen.meeting.frozen.head, recorded_at=datetime(2031, 5, 7, 8, tzinfo=UTC))
    figures = replace(frozen, meeting=replace(frozen.meeting, frozen=replace(frozen.meeting.frozen, head=head)))

    assert "trước ngày 10/05/2031" in words_of(as_reminder(figures, UNIT, "vi"))


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
    assert timeliness == ["Sở Giao thông vận tải", "UBND thành phố Pleiku"]


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
    report = words_of(as_report(result, "vi")).splitlines()
    assert LATE.what in report
    assert text("task.state.reported", "vi") in report
    assert text("slide.tasks.overdue", "vi") not in report


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

    assert [line.paragraph_format.keep_with_next for line in lines[-4:-1]] == [None, True, True]
    assert lines[-3].text == text("conclusions.closing", "vi")
    assert document.element.body[-3].tag.endswith("tbl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_notice_of_a_meeting_that_concluded_nothing_says_so(unfrozen, language):
    said = words_of(as_conclusions(unfrozen, language))

    assert text("conclusions.none", language) in said
    assert text("conclusions.no_tasks", language) in said


# --- for phones -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", [None, "district"])
def test_message_has_every_unit_in_one_list_and_counts_that_add_up(frozen, language, level):
    for known in frozen.campaign.indicators:
        units = [row for row in frozen.meeting.by_indicator[known.key] if level in (None, row.level)]

        said = as_message(frozen, language, indicator=known.key, level=level)

        [head] = [line for line in said.splitlines() if line.startswith(known.name.of(language).upper())]
        assert head.endswith(formats.units(len(units), language))
        counts = re.findall(r"^[▼⊘◇●○–] [^(]*\((\d+)\)", said, re.MULTILINE)
        assert sum(map(int, counts)) == len(units)
    assert text("gaps.download.simulated", language) in said


@pytest.mark.parametrize(
    "day", mostly_soaked([date(2024, 3, 24), date(2024, 4, 10), date(2024, 5, 6), date(2024, 6, 30)], date(2024, 5, 6))
)
def test_lists_part_all_units_of_every_level_on_each_day(meeting_store, day):
    """Before there are figures, under way, and when they have grown old: each unit once, the levels add up."""
    with meeting_store.reading() as session:
        now = find_state(session).rehearsal_now
        meeting = figures_of_day(session, as_of=day, now=now, known_at=None, title="").meeting

    for known in meeting.campaign.indicators:
        whole = meeting.lists(known.key)
        assert sorted(row.unit for rows in whole.values() for row in rows) == sorted(
            row.unit for row in meeting.by_indicator[known.key]
        )
        parts = [meeting.lists(known.key, level.key) for level in meeting.campaign.levels[1:]]
        for name, rows in whole.items():
            assert sum(len(part[name]) for part in parts) == len(rows)


def test_message_of_a_level_names_each_of_its_units_once(frozen):
    units = frozen.of_group("district", "online")

    said = as_message(frozen, "vi", indicator="online", level="district")

    lines = [line for line in said.splitlines() if line.startswith("- ")]
    listed = [name for line in lines for name in line.partition("): ")[2].split(", ")]
    assert sorted(re.sub(r" \d[\d,]*%.*", "", name) for name in listed) == sorted(short_name(row.name) for row in units)


def test_message_on_all_indicators_tells_each_with_a_few_names(frozen):
    said = as_message(frozen, "vi", indicator=ALL)

    for known in frozen.campaign.indicators:
        assert f"{known.name.vi.upper()}: " in said
    assert len(said) < 8_000
    assert set(LISTED) == set(frozen.meeting.lists("online"))


@pytest.mark.parametrize(("indicator", "level"), [("online", None), (ALL, "district"), ("timeliness", "commune")])
def test_picture_of_an_indicator_or_a_level_counts_every_unit(frozen, indicator, level):
    svg = drawn(frozen, "vi", indicator=indicator, level=level).replace("\xa0", " ")

    groups = [each.key for each in frozen.groups] if level is None else [level]
    keys = [each.key for each in frozen.meeting.shown] if indicator == ALL else [indicator]
    for key in keys:
        for group in groups:
            units = frozen.of_group(group, key)
            lists = frozen.meeting.lists(key, group)
            assert formats.units(len(units), "vi") in svg
            assert sum(map(len, lists.values())) == len(units)
            for rows in lists.values():
                if rows:
                    assert re.search(rf"[> ]{formats.whole(len(rows), 'vi')} đơn", svg)


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
            [attain] = [words for words in asked if words.startswith(text("reminder.attain", language, names="")[:20])]
            assert f"{wording.in_sentence(names[key])} ({formats.percent(95.64, language)})" in attain
            assert names[key].lower() not in "".join(to_meet).lower()
        else:
            assert names[key].lower() in to_meet[0].lower()


def test_reminder_asks_for_no_day_that_is_past(frozen):
    past = frozen.day - timedelta(days=3)
    rows = tuple(
        replace(row, standing="unlikely", due=past) if row.unit == UNIT and row.indicator == "online" else row
        for row in frozen.rows
    )

    letter = reminder(replace(frozen, meeting=replace(frozen.meeting, rows=rows)), UNIT, "vi")

    late = "Khẩn trương hoàn thành chỉ tiêu đã hết thời hạn về: tỷ lệ hồ sơ trực tuyến."
    assert late in [block.words for block in letter.blocks if isinstance(block, Paragraph)]


def test_reminder_says_only_to_let_nothing_more_go_wrong_where_the_best_is_not_known(frozen):
    rows = tuple(
        replace(row, standing="out_of_reach", attainable=None) if row.unit == UNIT else row for row in frozen.rows
    )

    said = reminder(replace(frozen, meeting=replace(frozen.meeting, rows=rows)), UNIT, "vi")

    asked = [block.words for block in said.blocks if isinstance(block, Paragraph) and block.is_item]
    [once] = [words for words in asked if "không để phát sinh thêm trường hợp chưa đạt" in words]
    assert once.count(";") == 5
    assert "(" not in once
    assert not any("đúng thời hạn chỉ tiêu" in words for words in asked)


def test_paragraphs_that_only_a_program_needs_begin_no_second_page(frozen):
    """One must follow a table at a document's end, and one holds where a section begins."""
    printed = docx.Document(io.BytesIO(as_reminders(frozen, units_behind(frozen.meeting)[:2], "vi")))

    [held] = [line for line in printed.paragraphs if list(line._p.iter(qn("w:sectPr")))]
    for line in (held, printed.paragraphs[-1]):
        assert not line.text
        assert line.paragraph_format.line_spacing == Pt(1)
    assert {row.cells[5].text for row in printed.tables[1].rows[1:]} == {"chưa nêu"}


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
