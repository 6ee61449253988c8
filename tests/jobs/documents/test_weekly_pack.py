"""The pack: the numbers of its three files are those of `standing` for the snapshot, and each says what it must."""

import io
import itertools
import re
from dataclasses import replace
from datetime import datetime, time, timedelta

import docx
import openpyxl
import pptx
import pytest
from PIL import Image

from jobs.documents import figures, marks, phone
from jobs.documents.pack import MIME_TYPES, weekly_file, weekly_pack
from jobs.documents.weekly_report import as_report
from jobs.documents.weekly_slides import as_slides, pages_of
from jobs.documents.weekly_workbook import LETTERS, as_workbook, weekly_groups
from jobs.slides.deck import deck
from jobs.slides.meeting_data import seen_by
from jobs.slides.of_province import short_name
from jobs.slides.values import Bars, Course, Lines, Roll
from jobs.wording.results import figure_or_dash, standing_of
from models.core import formats
from models.core.settings import TIMEZONE
from models.core.texts import LANGUAGES, text
from pages.charts import layout
from targets.values import Text
from tests.soaked import mostly_soaked


@pytest.fixture(scope="module")
def book(frozen):
    return openpyxl.load_workbook(io.BytesIO(as_workbook(frozen, "vi")))


@pytest.fixture(scope="module")
def presentation(frozen):
    return pptx.Presentation(io.BytesIO(as_slides(frozen, "vi")))


@pytest.fixture(scope="module")
def document(frozen):
    return docx.Document(io.BytesIO(as_report(frozen, "vi")))


def held(value):
    """A number as a workbook can hold it: sixteen significant digits."""
    return None if value is None else float(f"{value:.16g}")


def lines_of(sheet):
    """Name → its row of cells, below the headings."""
    return {row[1].value: row for row in sheet.iter_rows() if isinstance(row[1].value, str)}


def texts_of(slide):
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


# --- the workbook ---------------------------------------------------------------------------------------------------


def test_workbook_holds_every_unit_with_the_numbers_of_standing(book, frozen, standing):
    """Name of a unit may stand twice in a province: rows are taken in their order."""
    compared = 0
    for indicator in frozen.campaign.indicators:
        sheet = book[indicator.short_name.of("vi")]
        rows = [row for row in sheet.iter_rows() if isinstance(row[0].value, int)]
        result = [row for group in weekly_groups(frozen, indicator, "vi") for row in group.rows]
        units = [row for level in frozen.groups for row in frozen.of_group(level.key, indicator.key)]
        assert [row[1].value for row in rows] == [row.name for row in units] == [line.name for line in result]
        for cells, unit in zip(rows, units, strict=True):
            known = standing[unit.unit, unit.indicator]
            is_short = known.value is not None and known.target is not None and known.value < known.target
            assert cells[2].value == held(known.baseline)
            assert cells[7].value == held(known.value)
            assert cells[9].value == (held(known.gap) if is_short else None)
            assert cells[10].value == (known.cases_missing if is_short else None)
            assert (cells[11].value, cells[12].value) == (known.numerator, known.denominator)
            assert cells[14].value == standing_of(known, "vi")
            compared += 1
    assert compared == len(standing) - len(frozen.campaign.indicators)


def test_workbook_has_the_province_as_standing_tells_it(book, frozen, standing):
    lines = lines_of(book[text("weekly.sheet.summary", "vi", root="tỉnh")])

    for indicator in frozen.campaign.indicators:
        known = standing[frozen.campaign.province, indicator.key]
        assert lines[indicator.name.of("vi")][7].value == held(known.value)
        assert lines[indicator.name.of("vi")][11].value == known.numerator


def test_workbook_has_the_change_within_the_week_and_what_it_started_from(book, frozen):
    """The change is that of `standing`, between two snapshots of the unit's own; both rates lead to each other."""
    sheet = book["Trực tuyến"]
    rows = [row for row in sheet.iter_rows() if isinstance(row[0].value, int)]
    units = [row for level in frozen.groups for row in frozen.of_group(level.key, "online")]

    assert any(unit.week_change for unit in units)
    for cells, unit in zip(rows, units, strict=True):
        assert cells[8].value == (None if unit.week_change is None else pytest.approx(unit.week_change))
        assert cells[6].value == (
            None if unit.week_change is None else pytest.approx(unit.value - unit.week_change, abs=1e-9)
        )


def test_workbook_groups_and_totals_add_up(book, frozen):
    for group in weekly_groups(frozen, frozen.campaign.indicator("online"), "vi"):
        counted = [row for row in group.rows if row.numerator is not None]
        assert group.total.numerator <= sum(row.numerator for row in counted)
        assert group.total.now == pytest.approx(100 * group.total.numerator / group.total.denominator)
    headings = [row[0].value for row in book["Trực tuyến"].iter_rows() if isinstance(row[0].value, str)]
    assert [title for title in headings if title.startswith(("I. ", "II. ", "III. "))] == [
        level.group.of("vi") for level in frozen.groups
    ]


def test_workbook_ranks_within_a_level_and_lets_equals_share(frozen):
    for level in frozen.groups:
        ranked = [
            (frozen.ranks[row.unit, "online"], row.value)
            for row in frozen.of_group(level.key, "online")
            if (row.unit, "online") in frozen.ranks
        ]
        for rank, value in ranked:
            assert rank == 1 + sum(other > value for _, other in ranked)


def test_one_sheet_holds_every_unit_with_every_indicator(book, frozen):
    sheet, indicators = book["Đơn vị và chỉ số"], frozen.campaign.indicators
    rows = [row for row in sheet.iter_rows() if isinstance(row[0].value, int)]
    units = [row.unit for level in frozen.groups for row in frozen.of_group(level.key, indicators[0].key)]
    known = {(row.unit, row.indicator): row for row in frozen.meeting.rows}

    assert len(rows) == len(units)
    for cells, unit in zip(rows, units, strict=True):
        for place, indicator in enumerate(indicators):
            now, standing = (cell.value for cell in cells[2 + 2 * place : 4 + 2 * place])
            row = known[unit, indicator.key]
            assert standing_of(row, "vi").startswith(standing)
            assert row.is_bound or now == held(row.value)
        met = sum(known[unit, indicator.key].standing == "met" for indicator in indicators)
        assert cells[2 + 2 * len(indicators)].value.startswith(f"{met}/")
    assert [cell.value for cell in sheet[sheet.print_title_rows.split(":")[0].strip("$")] if cell.value][2:-1] == [
        indicator.name.vi for indicator in indicators
    ]


def test_workbook_keeps_numbers_numbers_and_texts_texts(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert {cell.number_format.split("]")[0] for cell in cells if isinstance(cell.value, float)} == {"[$-42A"}


def test_workbook_has_charts_of_its_own_and_headings_that_stay(book, frozen):
    sheets = book.worksheets

    assert len(sheets) == 2 + len(frozen.campaign.indicators)
    assert all(sheet._charts for sheet in sheets if sheet.title != "Đơn vị và chỉ số")
    assert all(sheet.freeze_panes for sheet in sheets)


@pytest.mark.soak
@pytest.mark.parametrize(
    "names",
    [
        ("A" * 40, "A" * 39 + "B"),
        *(
            pytest.param(names, marks=pytest.mark.soak)
            for names in (("Tỷ lệ [1/2]: ?*", "tỷ lệ [1/2]: ?*"), ("Toàn tỉnh",) * 2)
        ),
    ],
)
def test_workbook_of_long_or_equal_short_names_has_a_sheet_for_each(frozen, names, monkeypatch):
    """Short names differ in a campaign's files, but not always in the 31 letters that a sheet's name may have."""
    first, second, *others = frozen.campaign.indicators
    named = [replace(one, short_name=Text(name, name)) for one, name in zip((first, second), names, strict=True)]
    campaign = replace(frozen.campaign, indicators=(*named, *others))
    monkeypatch.setattr(figures.PackFigures, "campaign", campaign)

    book = openpyxl.load_workbook(io.BytesIO(as_workbook(frozen, "vi")))

    assert len({sheet.title.casefold() for sheet in book}) == 2 + len(campaign.indicators)
    assert all(len(sheet.title) <= 31 for sheet in book)


# --- the slides -----------------------------------------------------------------------------------------------------


def charts_of(slide):
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def test_presentation_has_the_slides_of_the_meeting_in_their_order(presentation, frozen):
    result = pages_of(deck(frozen.meeting, "vi").slides, "vi")

    assert [slide.shapes.title.text_frame.text for slide in presentation.slides] == [slide.headline for slide in result]
    assert max(len(slide.headline) for slide in result) <= 66
    assert (presentation.slide_width.inches / presentation.slide_height.inches) == pytest.approx(16 / 9, abs=0.01)


def test_charts_hold_the_numbers_of_standing(presentation, frozen, standing):
    """Each kind of picture is read back from the chart or the table itself."""
    compared = set()
    for slide, result in zip(presentation.slides, pages_of(deck(frozen.meeting, "vi").slides, "vi"), strict=True):
        charts = charts_of(slide)
        if isinstance(result.picture, Lines):
            [table] = [shape.table for shape in slide.shapes if shape.has_table]
            for cells, line in zip(list(table.rows)[1:], result.picture.rows, strict=True):
                name, figure, _, points, said = (cell.text for cell in cells.cells)
                known = standing[frozen.campaign.province, line.key]
                assert (name, figure, points) == (line.name, line.figure, line.points)
                assert figure == formats.percent(known.value, "vi", target=known.target)
                assert said == f"{marks.GLYPHS[known.standing]} {line.word} {line.reason}".rstrip()
        elif isinstance(result.picture, Course):
            path = charts[0].plots[0].series[1]
            assert list(path.values)[-1] == standing[frozen.campaign.province, result.indicator].value
            assert len(list(path.values)) == len(result.picture.history)
        elif isinstance(result.picture, Bars):
            assert list(charts[0].plots[0].series[0].values)[::-1] == [bar.value for bar in result.picture.rows]
        elif isinstance(result.picture, Roll):
            [table] = [shape.table for shape in slide.shapes if shape.has_table]
            assert [cell.text for cell in table.rows[0].cells] == list(result.picture.heads)
            assert len(table.rows) == len(result.picture.rows) + 1
        compared.add(type(result.picture))
    assert compared >= {Lines, Course, Bars, Roll}


def test_each_slide_says_its_foot_and_page_in_the_same_place_and_whom_it_leaves_out(presentation, frozen):
    shown, places = deck(frozen.meeting, "vi"), set()
    pages = pages_of(shown.slides, "vi")

    for page, (slide, result) in enumerate(zip(presentation.slides, pages, strict=True), start=1):
        said = texts_of(slide)
        assert shown.foot in said
        assert f"{page}/{len(pages)}" in said
        places |= {(each.left, each.top) for each in slide.shapes if each.has_text_frame and shown.foot in each.text}
        below = [
            *(f"{marks.GLYPHS[each.mark]} {each.words}" for each in result.legend),
            *result.below,
            *result.about_picture,
        ]
        assert not below or " · ".join(below) in said
        assert {f"{fact.words}\n{fact.strong}" for fact in result.facts} <= set(said)
    assert len(places) == 1
    assert all(said in shown.foot for said in ("07/05/2024", "Giao ban =1+1", text("frame.simulated", "vi")))


def test_nothing_on_a_slide_is_smaller_than_fourteen_points_or_meets_something_else(presentation):
    """Bars lie over the cell that is left free for them; all else has its own place."""
    for slide in presentation.slides:
        sizes = [run.font.size.pt for shape in slide.shapes if shape.has_text_frame
                 for line in shape.text_frame.paragraphs for run in line.runs]  # fmt: skip
        tables = [shape.table for shape in slide.shapes if shape.has_table]
        sizes += [run.font.size.pt for table in tables for row in table.rows for cell in row.cells
                  for line in cell.text_frame.paragraphs for run in line.runs]  # fmt: skip
        assert min(sizes) >= 14
        words = [shape for shape in slide.shapes if shape.has_table or shape.has_chart
                 or (shape.has_text_frame and shape.text_frame.text)]  # fmt: skip
        for one, other in itertools.combinations(words, 2):
            beside = one.left + one.width <= other.left or other.left + other.width <= one.left
            assert beside or one.top + one.height <= other.top or other.top + other.height <= one.top


def test_notes_tell_the_finding_in_full_and_where_the_numbers_come_from(presentation, frozen):
    for slide, result in zip(presentation.slides, pages_of(deck(frozen.meeting, "vi").slides, "vi"), strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        assert result.finding in notes
        assert "Giao ban =1+1" in notes
        if result.indicator is not None:
            assert frozen.campaign.indicator(result.indicator).numerator.of("vi") in notes


# --- the report -----------------------------------------------------------------------------------------------------


def test_slides_name_every_silent_unit_and_whatever_the_meeting_recorded(frozen):
    """However many there are: what does not fit stands on slides behind."""
    rows = tuple(
        replace(row, unit=f"{row.unit}.{number}", name=f"{row.name} {number}", coverage=0.0)
        if row.level == "commune" else row
        for row in frozen.meeting.rows
        for number in range(8 if row.level == "commune" else 1)
    )  # fmt: skip
    meeting = replace(frozen.meeting, rows=rows)
    silent = [code for code, reporting in meeting.told[1].items() if reporting != "told"]
    names = {row.unit: short_name(row.name) for row in rows}

    pages = pages_of(deck(meeting, "vi").slides, "vi")

    cells = [row for each in pages if each.key == "silent" for row in each.picture.rows]
    assert len(silent) > 200
    assert sum(int(row[3]) for row in cells) == len(silent)
    assert {names[code] for code in silent} == {name for name in names.values() for row in cells if name in row[2]} & {
        names[code] for code in silent
    }
    told = [row[1] for each in pages if each.key == "tasks" and each.picture for row in each.picture.rows]
    assert {task.what for task in frozen.tasks} <= set(told)


def test_marks_of_bars_are_explained_by_their_legend(frozen):
    shown = next(each for each in deck(frozen.meeting, "vi").slides if each.key.startswith("contribution."))

    assert {each.mark for each in shown.legend} == {bar.mark for bar in shown.picture.rows}


def rows_of(document, cells):
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows
            if len(row.cells) == cells]  # fmt: skip


def test_report_has_the_figures_of_standing_as_they_may_be_shown(document, frozen, standing):
    for indicator in frozen.campaign.indicators:
        known = standing[frozen.campaign.province, indicator.key]
        [row] = [cells for cells in rows_of(document, 9) if cells[0].isdigit() and cells[1] == indicator.name.of("vi")]
        assert row[4] == formats.percent(known.value, "vi", target=known.target)
        assert row[8].replace("\xa0", " ") == standing_of(known, "vi")


def test_annex_of_the_report_has_every_unit_on_every_indicator(document, frozen, standing):
    keys = [each.key for each in frozen.meeting.shown]
    units = [row for level in frozen.groups for row in frozen.of_group(level.key, "online")]

    rows = [row for row in rows_of(document, 2 + 2 * len(keys)) if row[0].isdigit()]

    assert [row[1].replace("\xa0", " ") for row in rows] == [row.name for row in units]
    for cells, unit in zip(rows, units, strict=True):
        for key, cell in zip(keys, cells[2::2], strict=True):
            known = standing[unit.unit, key]
            assert cell == f"{marks.GLYPHS[known.standing]} {figure_or_dash(known, 'vi')}"


def test_every_mark_of_the_annex_is_explained(document, frozen):
    [note] = [line.text for line in document.paragraphs if line.text.startswith("Dấu trước số liệu")]

    assert all(f"{marks.GLYPHS[row.standing]} " in note.replace("\xa0", " ") for row in frozen.meeting.rows)


def test_lists_of_the_annex_add_up_to_the_units_of_each_level(document, frozen):
    """Names of levels stand once for each indicator; the whole is the sum of its levels."""
    names = [level.name.of("vi") for level in frozen.groups]
    table = next(table for table in document.tables if table.cell(0, 1).text == text("report.annex.rate", "vi"))
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    rows = [row for row in rows if row[0] in (*names, "Tỉnh") and row[1] != row[0]]

    assert len(rows) == len(frozen.meeting.shown) * (len(names) + 1)
    for row in rows:
        units, *lists = map(int, row[2:])
        assert sum(lists) == units
    for at in range(0, len(rows), len(names) + 1):
        *levels, whole = rows[at : at + len(names) + 1]
        assert [sum(map(int, column)) for column in zip(*(row[2:] for row in levels), strict=True)] == list(
            map(int, whole[2:])
        )


def test_report_speaks_in_sentences_of_each_indicator_level_and_silent_unit(document, frozen):
    paragraphs = [line.text.replace("\xa0", " ") for line in document.paragraphs]

    for number, known in enumerate(frozen.meeting.shown, start=1):
        row = frozen.meeting.line(known.key)
        [said] = [line for line in paragraphs if line.startswith(f"{number}. {known.name.of('vi')} đạt")]
        assert figure_or_dash(row, "vi") in said
        assert said.endswith(".")
    for level in frozen.groups:
        assert any(f". {level.name.of('vi')}: " in line for line in paragraphs)
    names = {row.unit: row.name for row in frozen.rows}
    for code, reporting in frozen.meeting.told[1].items():
        is_named = any(names[code] in line for line in paragraphs if re.match(r"- [^:]+: \d+ đơn vị ", line))
        assert reporting == "told" or is_named
    assert not [line for line in paragraphs if " · " in line]
    assert any("(Từ ngày 01/05/2024 đến ngày 07/05/2024)" in line for line in paragraphs)
    assert document.sections[0].footer.paragraphs[0].text == text("gaps.download.simulated", "vi")


def test_rows_of_the_workbook_are_as_high_as_their_words(book):
    """LibreOffice leaves a row as it is: its second line would stand on the next row."""
    sheets = [sheet for sheet in book.worksheets if sheet.title != "Đơn vị và chỉ số"]
    long = [
        (sheet, cell)
        for sheet in sheets
        for row in sheet.iter_rows(min_row=8)
        for cell in row[-2:]
        if cell.border.top.style and isinstance(cell.value, str)
        and len(cell.value) > LETTERS * sheet.column_dimensions[cell.column_letter].width
    ]  # fmt: skip

    assert long
    for sheet, cell in long:
        lines = len(cell.value) / (LETTERS * sheet.column_dimensions[cell.column_letter].width)
        assert (sheet.row_dimensions[cell.row].height or 15) >= 15 * lines


def test_report_asks_of_whom_it_found_something(frozen):
    """Nothing is asked where every target is met, everybody has told and explained, and nothing is late."""
    rows = tuple(
        replace(row, standing="met", target=50.0, reading_as_of=frozen.as_of, coverage=1.0) for row in frozen.rows
    )
    facts = replace(frozen.meeting.frozen.facts, tasks=())
    calm = replace(
        frozen, meeting=replace(frozen.meeting, rows=rows, frozen=replace(frozen.meeting.frozen, facts=facts))
    )

    said, asked = (
        [line.text.replace("\xa0", " ") for line in docx.Document(io.BytesIO(as_report(each, "vi"))).paragraphs]
        for each in (calm, frozen)
    )

    assert text("report.request.none", "vi") in said
    assert text("report.request.none", "vi") not in asked
    silent = frozen.meeting.told[0].silent
    assert any(f"{silent} đơn vị chưa có số liệu" in line for line in asked)


def asked_of(frozen, standing, *, days_after):
    """What a report asks for whose open rows stand so, on a day counted from the end of its phase."""
    meeting = frozen.meeting
    due = datetime.combine(frozen.campaign.phase(meeting.frozen.head.phase).due, time(8), TIMEZONE)
    head = replace(meeting.frozen.head, recorded_at=due + timedelta(days=days_after))
    rows = tuple(replace(row, standing=standing) if row.standing == "high_risk" else row for row in meeting.rows)
    shown = replace(meeting, rows=rows, frozen=replace(meeting.frozen, head=head))
    lines = docx.Document(io.BytesIO(as_report(replace(frozen, meeting=shown), "vi"))).paragraphs
    return [line.text for line in lines if "hoàn thành chỉ tiêu chậm nhất" in line.text or "báo cáo rõ" in line.text]


def test_report_asks_to_meet_a_target_until_its_date_and_why_it_was_missed_where_it_was(frozen):
    [to_meet] = asked_of(frozen, "high_risk", days_after=0)
    missed = asked_of(frozen, "missed", days_after=1)

    assert "hoàn thành chỉ tiêu chậm nhất" in to_meet
    assert ["báo cáo rõ" in line for line in missed] == [True]
    assert asked_of(frozen, "high_risk", days_after=1) == []


@pytest.mark.parametrize(("reached", "is_suggested"), [(30.0, True), (45.0, False)])
def test_report_proposes_no_level_below_what_the_province_has_reached(frozen, reached, is_suggested):
    """Three units in four can still reach 40 %: worth a word while the province has less."""
    known = {"standing": "out_of_reach", "attainable": 40.0, "value": 35.0, "target": 50.0}
    rows = tuple(
        row
        if row.indicator != "online"
        else replace(row, **(known | ({"value": reached} if row.unit == frozen.campaign.province else {})))
        for row in frozen.rows
    )

    lines = docx.Document(io.BytesIO(as_report(replace(frozen, meeting=replace(frozen.meeting, rows=rows)), "vi")))
    said = "\n".join(line.text.replace("\xa0", " ") for line in lines.paragraphs)

    assert "Tỷ lệ hồ sơ trực tuyến: " in said[said.index("Xem xét lại mức") :].split("\n")[0]
    assert ("Gợi ý: 40" in said) is is_suggested


def test_units_that_share_their_name_stand_with_the_unit_above_them(frozen):
    """Four names of communes stand twice in the province: praise and blame need the district."""
    parents = frozen.meeting.frozen.facts.parents
    communes = {parents[row.unit]: row.unit for row in frozen.rows if row.level == "commune"}
    pair = dict(list(communes.items())[:2])
    rows = [replace(row, name="UBND xã Ia O") if row.unit in pair.values() else row for row in frozen.rows]

    meeting = frozen.meeting.frozen
    seen = {row.unit: row.name for row in seen_by(meeting.head, rows, meeting.facts)}

    districts = {row.unit: row.name.removeprefix("UBND ") for row in frozen.rows}
    assert {seen[unit] for unit in pair.values()} == {f"UBND xã Ia O ({districts[above]})" for above in pair}
    assert len(set(seen.values())) == len(seen)


# --- all of it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", mostly_soaked(LANGUAGES, "vi"))
def test_pack_has_its_three_files_in_both_languages(frozen, language):
    pack = weekly_pack(frozen, language)

    assert [made.name.rsplit(".", 1)[1] for made in pack] == ["pptx", "xlsx", "docx"]
    assert all(made.content.startswith(b"PK") and made.mime == MIME_TYPES[made.name.rsplit(".", 1)[1]] for made in pack)
    assert all(text("gaps.download.file_simulated", language) in made.name for made in pack)


@pytest.mark.parametrize("ending", ["pptx", "xlsx", "docx"])
def test_day_without_a_snapshot_says_that_nothing_is_frozen(unfrozen, ending):
    content = weekly_file(unfrozen, ending, "vi").content

    assert content.startswith(b"PK")
    assert not unfrozen.is_frozen
    assert unfrozen.last_day == unfrozen.as_of - figures.WEEK


def test_day_and_its_snapshot_hold_the_same_rows(frozen, unfrozen):
    assert frozen.rows == unfrozen.rows
    assert frozen.targets == unfrozen.targets


def test_marks_on_paper_are_those_of_the_screen():
    for standing, mark in layout.MARKS.items():
        assert marks.GLYPHS[standing] == mark.glyph
        assert f"#{marks.STANDING_COLOURS[standing]}" == mark.colour.light


@pytest.mark.soak
def test_sums_of_several_sources_say_so_below_every_table(frozen):
    facts = replace(
        frozen.meeting.frozen.facts, sources={"online": {"igate": 250, "file": 1}, "payment": {"igate": 251}}
    )
    mixed = replace(frozen, meeting=replace(frozen.meeting, frozen=replace(frozen.meeting.frozen, facts=facts)))

    book = openpyxl.load_workbook(io.BytesIO(as_workbook(mixed, "vi")))
    report = docx.Document(io.BytesIO(as_report(mixed, "vi")))

    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for said in (cells, [paragraph.text for paragraph in report.paragraphs]):
        assert [words for words in said if "gộp từ nhiều nguồn" in words]
        assert not any("gộp từ nhiều nguồn" in words and "251" in words for words in said)


@pytest.mark.soak
def test_mark_beside_a_proposed_target_is_explained_below_every_slide_that_may_have_one(frozen):
    meeting = frozen.meeting
    below = {row.unit for row in meeting.rows} - {row.unit for row in meeting.province}
    assert below
    issued = [replace(row, origin="issued") for row in meeting.rows]
    one = [replace(row, origin="proposed" if row.unit in below and row.target is not None else "issued")
           for row in meeting.rows]  # fmt: skip

    for rows, is_reported in ((issued, False), (one, True)):
        facts = replace(frozen, meeting=replace(meeting, rows=tuple(rows)))
        note = text("overview.proposed", "vi").rstrip(".")
        slides = pptx.Presentation(io.BytesIO(as_slides(facts, "vi"))).slides
        assert [note in " ".join(texts_of(slide)) for slide in slides] == [is_reported] * len(slides)
        assert (note in deck(facts.meeting, "vi").foot) is is_reported


def test_phone_picture_keeps_every_line_within_its_edges(frozen, monkeypatch):
    result = deck(frozen.meeting, "vi").slides[1]
    assert isinstance(result.picture, Lines)
    long = [replace(row, in_full="Không còn khả năng đạt, cao nhất có thể", missing="còn thiếu 40,2 điểm, " * 3)
            for row in result.picture.rows]  # fmt: skip
    monkeypatch.setattr(phone, "slide", lambda *_: replace(result, picture=replace(result.picture, rows=tuple(long))))

    with Image.open(io.BytesIO(phone.as_picture(frozen, "vi"))) as drawn:
        page = drawn.convert("L")

    margin = page.crop((page.width - phone.EDGE + 12, 0, page.width, page.height))
    assert margin.getextrema() == (255, 255)
