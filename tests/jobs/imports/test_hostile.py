"""Files made to do harm, and files that broke on their way: figures, or a refusal with a sentence."""

import random
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from jobs.imports.files import read_file
from jobs.imports.formats import xls
from jobs.imports.formats.isolated import read_apart
from jobs.imports.formats.limits import UPLOAD
from jobs.imports.formats.xls import LONGEST_CELL, CellTooLong
from jobs.imports.problems import FileRefused
from jobs.imports.values import LONGEST_KEPT, MOST_KEPT, RejectedRow
from models.core.columns import NEVER_STORED
from models.core.texts import LANGUAGES
from tests.jobs.imports.test_workbooks import by_hand, rows_of
from tests.jobs.imports_world import LONG, Outcome, context, readings, write_csv, write_ods, write_xls, write_xlsx

GOOD = ("H21.58", "online", "10/05/2024", 1030, 1365, 75.46)
BAD = ("Xã Không Có", "online", "10/05/2024", 3, 2, "")
LONG_TEXT = "x" * (LONGEST_CELL + 1)


def inline(*cells: str) -> str:
    return (
        "<x:row>" + "".join(f'<x:c t="inlineStr"><x:is><x:t>{cell}</x:t></x:is></x:c>' for cell in cells) + "</x:row>"
    )


def repacked(path: Path, out: Path, change: Callable[[str, bytes], bytes | None], *, packing: int = 8) -> Path:
    """The archive with its parts changed; None leaves one out."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", packing) as target:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
    return out


def refusal(path: Path) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        Outcome(read_file(path, context()))
    return refused.value


# --- too much in one place ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        f'<x:c t="inlineStr"><x:is><x:t>{LONG_TEXT}</x:t></x:is></x:c>',
        f'<x:c t="str"><x:v>{LONG_TEXT}</x:v></x:c>',
        f"<x:c><x:f>{LONG_TEXT}</x:f></x:c>",
        '<x:c t="inlineStr"><x:is>' + "<x:r><x:t>abc</x:t></x:r>" * 11_000 + "</x:is></x:c>",
    ],
    ids=["inline", "value", "formula", "in thousands of pieces"],
)
def test_cell_of_a_workbook_longer_than_excel_s_own_is_refused(tmp_path, cell):
    path = by_hand(tmp_path, inline(*LONG) + f"<x:row>{cell}</x:row>")

    refused = refusal(path)

    assert refused.code == "cell_too_long"
    assert "32.767" in refused.sentence("vi")


def test_shared_text_longer_than_excel_s_own_is_refused_before_any_row_has_it(tmp_path):
    rows = '<x:row><x:c t="s"><x:v>0</x:v></x:c></x:row>' * 500

    assert refusal(by_hand(tmp_path, rows, strings=f"<si><t>{LONG_TEXT}</t></si>")).code == "cell_too_long"


def test_longest_cell_that_excel_lets_one_write_is_read(tmp_path):
    path = by_hand(tmp_path, inline(LONG_TEXT[1:]))

    assert rows_of(path) == [[LONG_TEXT[1:]]]


@pytest.mark.parametrize("text", ["x" * (LONGEST_CELL + 1), "dòng\n" * LONGEST_CELL], ids=["one line", "many lines"])
def test_cell_of_other_formats_longer_than_excel_s_own_is_refused(tmp_path, text):
    rows = [LONG, (text, *GOOD[1:])]

    assert refusal(write_csv(tmp_path, rows)).code == "cell_too_long"
    assert refusal(write_ods(tmp_path / "file.ods", rows)).code == "cell_too_long"
    with pytest.raises(CellTooLong):
        xls.cell_value(xls.xlrd.XL_CELL_TEXT, text)


def test_reader_of_held_workbooks_says_of_a_long_cell(tmp_path, monkeypatch):
    script = tmp_path / "reader.py"
    source = Path(xls.__file__).read_text(encoding="utf-8")
    script.write_text(source.replace("LONGEST_CELL = 32_767", "LONGEST_CELL = 3"), encoding="utf-8")
    monkeypatch.setattr("jobs.imports.formats.sheets.READER", script)

    assert refusal(write_xls(tmp_path / "file.xls", [LONG])).code == "cell_too_long"


@pytest.mark.soak
def test_bad_row_keeps_the_beginning_of_long_texts_once(tmp_path):
    note = "Ghi chú " * 3_000
    path = write_xlsx(tmp_path, [(*LONG, note), *[(f"Xã {number}" + note, *BAD[1:], note) for number in range(50)]])

    bad = readings(path).rejected

    assert len(bad) == 50
    for row in bad:
        kept = [row.value, row.field, *row.terms.values(), *row.raw, *row.raw.values()]
        assert max(map(len, kept)) <= LONGEST_KEPT
        assert sum(map(len, row.raw.values())) <= MOST_KEPT
    assert bad[0].raw["Đơn vị"].startswith("Xã 0Ghi chú")
    assert bad[0].raw["Đơn vị"].endswith("…")


def test_bad_row_of_an_ordinary_file_keeps_all_it_held():
    raw = {f"Cột {number}": "nội dung" for number in range(100)} | {"Ghi chú": "x" * 1_000}

    assert RejectedRow("A1", "Cột 1", "nội dung", "unit_unknown", {}, raw).raw == raw


def test_bad_row_of_thousands_of_cells_keeps_the_first():
    raw = {f"Cột {number}": "x" for number in range(100_000)}

    kept = RejectedRow("A1", "Cột 1", "x", "unit_unknown", {}, raw).raw

    assert 0 < len(kept) < MOST_KEPT
    assert list(kept) == list(raw)[: len(kept)]


@pytest.mark.parametrize("cell", ["a" + " " * 30_000 + "b", "- " * 15_000, "(" * 30_000, "a, " * 10_000])
def test_long_texts_in_place_of_a_unit_are_told_apart_at_once(tmp_path, cell):
    """Comparing them letter by letter took hours: the reader would be ended."""
    path = write_csv(tmp_path, [LONG, (cell, *GOOD[1:]), GOOD])

    outcome = Outcome(read_apart(path, context()))

    assert [row[0] for row in outcome.figures] == [10]


@pytest.mark.soak
@pytest.mark.parametrize(("rows", "columns"), [(1_000_000, 1), (1_000, 500)])
def test_repeated_rows_of_an_open_document_take_no_more_than_a_file_of_its_size_may(tmp_path, rows, columns):
    path = write_ods(tmp_path / "plain.ods", [LONG, GOOD])
    row = b'<table:table-row table:number-rows-repeated="%d"><table:table-cell table:number-columns-repeated="%d" ' % (
        rows,
        columns,
    )
    row += b'office:value-type="string"><text:p>Xa</text:p></table:table-cell></table:table-row></table:table>'
    harm = repacked(path, tmp_path / "harm.ods", lambda _, content: content.replace(b"</table:table>", row))

    with pytest.raises(FileRefused) as refused:
        for _ in read_apart(harm, context(limits=UPLOAD)).batches:
            pass

    assert refused.value.code in ("reading_ended", "too_many_rows", "too_many_rejected")


# --- what no database takes -----------------------------------------------------------------------------------------


def test_letters_that_cannot_be_kept_are_marked_and_make_no_figure(tmp_path):
    rows = inline(*LONG) + "".join(
        inline(unit, "online", "10/05/2024", right, "1365", "")
        for unit, right in [("H21.58_x0000_", "5"), ("H21.55_xD800_", "5"), ("H21.52", "1_x0000_0"), ("H21.60", "7")]
    )

    outcome = readings(by_hand(tmp_path, rows))

    assert [(row[0], row[2]) for row in outcome.figures] == [(13, 7)]
    assert outcome.rejected[0].value == f"H21.58{NEVER_STORED}"
    assert outcome.rejected[1].value == f"H21.55{NEVER_STORED}"
    assert outcome.rejected[2].value == f"1{NEVER_STORED}0"


def test_letter_that_was_written_in_two_halves_is_whole_again(tmp_path):
    assert rows_of(by_hand(tmp_path, inline("_xD83D__xDE00_ _x000D_"))) == [["😀 \r"]]


def test_texts_of_an_old_workbook_are_cleaned_too(tmp_path):
    outcome = readings(write_xls(tmp_path / "file.xls", [LONG, ("H21.58\x00", *GOOD[1:]), GOOD]))

    assert [row.value for row in outcome.rejected] == [f"H21.58{NEVER_STORED}"]


def test_names_of_sheets_are_cut_and_cleaned(tmp_path):
    path = write_xlsx(tmp_path, [LONG, BAD])

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b'name="Sheet1"', b'name="%s"' % (b"x" * 5_000)) if "workbook.xml" in name else content

    (bad,) = readings(repacked(path, tmp_path / "named.xlsx", change)).rejected
    assert len(bad.place) < 120


# --- what Python alone reads as a number ----------------------------------------------------------------------------

NO_NUMBERS = ("1_0", "nan", "inf", "-inf", "Infinity", "٣", "²", "0x10", "1e5_0", "1__0", "1_0.5", "1e999999")


@pytest.mark.parametrize("written", NO_NUMBERS)
def test_what_only_a_program_reads_as_a_number_is_no_figure(tmp_path, written):
    """A number cell of a workbook, whoever wrote it; full-width digits are read in texts, where a person typed them."""
    row = inline("H21.58", "online", "10/05/2024")[: -len("</x:row>")]
    path = by_hand(tmp_path, inline(*LONG) + f"{row}<x:c><x:v>{written}</x:v></x:c><x:c><x:v>20</x:v></x:c></x:row>")
    ods = write_ods(tmp_path / "plain.ods", [LONG, ("H21.58", "online", "10/05/2024", 777, 2000)])

    def change(_name: str, content: bytes) -> bytes:
        return content.replace(b'office:value="777"', f'office:value="{written}"'.encode()).replace(b">777<", b"><")

    for file in (path, repacked(ods, tmp_path / "odd.ods", change)):
        outcome = readings(file)
        assert outcome.figures in ([], [(10, "online", None, 20, None), (10, "online", None, 2000, None)])
        assert not outcome.figures or outcome.rejected == []


@pytest.mark.parametrize(
    "written", ["1_0", "1e5", "nan", "inf", "-5", "0x10", "1__0", "٣٠", "45²", "4⁵", "①", "½", "4½", "𝟏𝟎"]
)
@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_no_office_writes_is_no_figure_of_a_text_either(tmp_path, write, written):
    outcome = readings(write(tmp_path, [LONG, ("H21.58", "online", "10/05/2024", written, "1365", "")]))

    assert outcome.figures == []
    assert len(outcome.rejected) == 1


def test_full_width_digits_that_a_person_typed_are_read(tmp_path):
    outcome = readings(write_csv(tmp_path, [LONG, ("H21.58", "online", "10/05/2024", "１０", "２０", "")]))

    assert [row[2:4] for row in outcome.figures] == [(10, 20)]


@pytest.mark.parametrize("reference", ["1_0", "-1", "９", "99999999999"])
def test_numbers_of_rows_and_shared_texts_are_what_workbooks_write(tmp_path, reference):
    strings = "<si><t>một</t></si>" * 20

    for rows in (
        f'<x:row r="{reference}"><x:c><x:v>1</x:v></x:c></x:row>',
        f'<x:row><x:c t="s"><x:v>{reference}</x:v></x:c></x:row>',
        f'<x:row><x:c r="{reference}"><x:v>1</x:v></x:c></x:row>',
    ):
        with pytest.raises(FileRefused) as refused:
            rows_of(by_hand(tmp_path, rows, strings=strings))
        assert refused.value.code == "damaged_workbook"


# --- what libraries say of a file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_parts_packed_as_no_office_program_does_are_not_unpacked(tmp_path, packing):
    path = write_xlsx(tmp_path, [LONG, GOOD])

    assert refusal(repacked(path, tmp_path / "packed.xlsx", lambda _, content: content, packing=packing)).code == (
        "damaged_workbook"
    )


@pytest.mark.parametrize("encoding", ["foo", "utf-7", "rot13", "base64", "idna", "undefined", "utf-32", "x" * 300])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_part_that_names_another_codec_is_refused(tmp_path, encoding, part):
    path = write_xlsx(tmp_path, [LONG, GOOD])

    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        bare = content.partition(b"?>")[2] if content.startswith(b"<?xml") else content
        return f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + bare

    assert refusal(repacked(path, tmp_path / "coded.xlsx", change)).code == "damaged_workbook"


FORMATS = {"xlsx": write_xlsx, "csv": write_csv, "ods": write_ods, "xls": write_xls}
ROWS = [LONG, GOOD, ("UBND xã Ia Krai", "payment", "11/05/2024", 5, 10, "50%"), BAD, ("", "", "", "", "", "")]
WORDS = (
    *(b"_xD800_", b"_x0000_", b"&#0;", b"&lol;", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b'"', b"'", b"<", b"\r", b"\n"),
    *(b"-1", b"1_0", b"nan", b"9" * 400, b"1e999", b"=1+1", b"#REF!", b"<x>", b"</row>", b"</table:table>", b"]]>"),
    *(b"<!DOCTYPE x [<!ENTITY y 'z'>]>", b"<!--", b"<![CDATA[", b" " * 3_000, b"(" * 3_000, b"A1:XFD1048576"),
)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, cut out, doubled, or something odd put between them."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(5):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + chance.choice((1, 10, 1_000))]
            case 2:
                changed[at:at] = chance.choice(WORDS)
            case 3:
                changed[at:at] = changed[at : at + chance.choice((5, 50, 500))]
            case _:
                del changed[at:]
        changed = changed or bytearray(b" ")
    return bytes(changed)


def spoilt(path: Path, kind: str, chance: random.Random, numbers: Iterator[int]) -> Path:
    """Another file like it that broke on its way: anywhere, or within one of its parts."""
    out = path.with_name(f"{next(numbers)}.{kind}")
    if kind in ("csv", "xls") or chance.random() < 0.3:
        out.write_bytes(mutated(path.read_bytes(), chance))
        return out
    with zipfile.ZipFile(path) as archive:
        part = chance.choice([name for name in archive.namelist() if name != "mimetype"])
    is_gone = chance.random() < 0.1
    return repacked(
        path,
        out,
        lambda name, content: content if name != part else None if is_gone else mutated(content, chance),
        packing=chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)),
    )


def survives(kind: str, folder: Path, seeds: range) -> None:
    write = FORMATS[kind]
    path = write(folder, ROWS) if write in (write_csv, write_xlsx) else write(folder / f"file.{kind}", ROWS)
    numbers = count()
    for seed in seeds:
        file = spoilt(path, kind, random.Random(seed), numbers)  # noqa: S311 - the same files every time
        cell_value = read_or_refused(file)
        if isinstance(cell_value, FileRefused):
            assert cell_value.code not in ("reader_stumbled", "reading_ended"), (kind, seed, str(cell_value))
            said = [cell_value]
        else:
            said = [*cell_value.rejected, *cell_value.warnings]
        assert all(one.sentence(language).encode() for one in said for language in LANGUAGES), (kind, seed)
        file.unlink()


def read_or_refused(path: Path) -> Outcome | FileRefused:
    try:
        return Outcome(read_apart(path, context(limits=UPLOAD)))
    except FileRefused as refused:
        return refused


@pytest.mark.daily(2)
@pytest.mark.parametrize(("kind", "times"), [("xlsx", 4), ("csv", 8), ("ods", 3), ("xls", 3)])
def test_spoilt_files_give_figures_or_a_sentence(tmp_path, kind, times):
    survives(kind, tmp_path, range(times))


@pytest.mark.soak
@pytest.mark.parametrize("kind", FORMATS)
def test_thousands_of_spoilt_files_give_figures_or_a_sentence(tmp_path, kind):
    survives(kind, tmp_path, range(1_000, 2_500))
