"""Text files: a decimal comma without quotation marks is never half read; what our own exports escaped comes back."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st

from jobs.documents.gap_table import Column, GapTable, Line, as_csv
from jobs.imports.files import read_file
from jobs.imports.tables.questions import FileAsks
from tests.jobs.imports_world import DAY, context, explored, readings, write_csv

NOTED = "Đơn vị,Trực tuyến (%),Thanh toán (%),Ghi chú"
LONG = "Đơn vị,Chỉ số,Tỷ lệ,Ghi chú"
COUNTS = "Đơn vị,Tử số trực tuyến,Mẫu số trực tuyến,Ghi chú"
RANKED = "Đơn vị,Trực tuyến (%),Xếp hạng,Ghi chú"

# Lines of a file → unit and percent (or counts) of what is read, and the problems.
FILES = {
    "a comma in the last column": ([LONG, "Pleiku,online,47,4"], [], ["decimal_comma_split"]),
    "a comma with the note left blank": ([LONG, "Pleiku,online,47,4,"], [], ["too_many_fields"]),
    "a comma with a percent sign": ([LONG, "Pleiku,online,47,4%"], [], ["decimal_comma_split"]),
    "a comma and a note": ([LONG, "Pleiku,online,47,4,tốt"], [], ["too_many_fields"]),
    "thousands parted into two counts": (
        ["Đơn vị,Tử số,Mẫu số,Chỉ số,Ngày", "Pleiku,1,034,online,10/05/2024"], [], ["decimal_comma_split"],
    ),
    "another delimiter": ([LONG, "Pleiku;47.4", "Pleiku,online,47.4,"], [(14, 47.4)], ["other_delimiter"]),
    "surplus that is blank": ([LONG, "Pleiku,online,47.4,,,"], [], ["too_many_fields"]),
    "a quoted comma": ([LONG, 'Pleiku,online,"47,4",'], [(14, 47.4)], []),
    "a quoted comma and a note in words": ([LONG, 'Pleiku,online,"47,4",2 xã chưa báo cáo'], [(14, 47.4)], []),
    "a point and a note in figures": ([LONG, "Pleiku,online,47.4,2"], [(14, 47.4)], []),
    "a whole percent and a note in figures": ([LONG, "Pleiku,online,47,2"], [], ["decimal_comma_split"]),
    "a whole percent and a note in words": ([LONG, "Pleiku,online,47,tốt"], [(14, 47)], []),
    "two commas": ([NOTED, "Pleiku,47,4,8,25,"], [], ["too_many_fields"]),
    "a comma where the other figure is missing": ([NOTED, "Pleiku,47,4"], [], ["decimal_comma_split"]),
    "two whole percents and no note": ([NOTED, "Pleiku,47,4,"], [(14, 47), (14, 4)], []),
    "two whole percents in a file that splits others": (
        [NOTED, "Pleiku,47,4,", "KBang,47,4,8,25,"], [], ["decimal_comma_split", "too_many_fields"],
    ),
    "points in a file that splits others": (
        [NOTED, "Pleiku,47.4,8.25,", "KBang,47,4,8,25,"], [(14, 47.4), (14, 8.25)], ["too_many_fields"],
    ),
    "counts": ([COUNTS, "Pleiku,40,100,"], [(14, "40/100")], []),
    "counts and a note in figures": ([COUNTS, "Pleiku,40,50,7"], [(14, "40/50")], []),
    "counts grouped with commas": ([COUNTS, "Pleiku,1,030,1,365"], [], ["too_many_fields"]),
    "one count grouped with a comma": ([COUNTS, "Pleiku,40,1,365"], [], ["decimal_comma_split"]),
    "a denominator left out": ([COUNTS, "Pleiku,1,030"], [], ["decimal_comma_split"]),
    "a rank behind a whole percent": ([RANKED, "Pleiku,47,4,"], [(14, 47)], []),
    "a rank, a comma, and a note left out": ([RANKED, "Pleiku,47,4,2"], [], ["decimal_comma_split"]),
    "a comma in a name": (["Đơn vị,Trực tuyến (%)", "Sở Y tế, tỉnh Gia Lai,47"], [], ["too_many_fields"]),
    "a blank line of commas": ([LONG, ",,,,,,", "Pleiku,online,47.4,"], [(14, 47.4)], []),
}  # fmt: skip


def result(outcome):
    return [(row[0], row[6] if row[4] is None else f"{row[4]}/{row[5]}") for row in outcome.rows]


@pytest.mark.parametrize(("lines", "figures", "problems"), FILES.values(), ids=FILES)
def test_comma_that_may_part_a_number_is_never_half_read(tmp_path, lines, figures, problems):
    path = tmp_path / "file.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    outcome = readings(path, as_of=DAY)

    assert sorted(result(outcome), key=str) == sorted(figures, key=str)
    assert [row.problem for row in outcome.rejected] == problems


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_part_no_number_but_fields_too_many_are_refused(tmp_path, delimiter):
    path = tmp_path / "file.csv"
    lines = ["Đơn vị|Chỉ số|Tỷ lệ|Ghi chú", "Pleiku|online|47,4|2", "KBang|online|9,5||"]
    path.write_text("\n".join(lines).replace("|", delimiter), encoding="utf-8")

    outcome = readings(path, as_of=DAY)

    assert result(outcome) == [(14, 47.4)]
    assert outcome.problems == [("line 3", "too_many_fields")]


def test_refusal_says_both_halves_and_the_way_out(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(f"{LONG}\nPleiku,online,47,4\n", encoding="utf-8")

    row = readings(path, as_of=DAY).rejected[0]

    assert "47,4" in row.sentence("vi")
    assert "dấu chấm phẩy" in row.sentence("vi")
    assert row.raw["Ghi chú"] == "4"


def test_fields_of_the_smaller_kinds_are_watched_too(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("Chỉ số,Năm,Tỷ lệ,Văn bản\nonline,2024,47,4,766\npayment,2024,50,766/QĐ\n", encoding="utf-8")

    parsed = read_file(path, context(kind="central"))

    assert [record.value for record in parsed.records] == [Decimal(50)]
    assert [(row.place, row.problem) for row in parsed.rejected] == [("line 2", "too_many_fields")]


FIGURES = st.lists(
    st.tuples(st.decimals(min_value=0, max_value=100, places=2), st.decimals(min_value=0, max_value=100, places=1)),
    min_size=1,
    max_size=5,
)
UNITS = ("Pleiku", "KBang", "Ia Grai", "Sở Y tế", "Xã Ia Tô")


def may_hold_fractions(figures):
    """Whether a column has a number up to 1 and none above 2: then it is asked about."""
    return any(max(column) <= 2 and any(0 < value <= 1 for value in column) for column in zip(*figures, strict=True))


@explored(FIGURES, st.booleans(), st.booleans(), st.sampled_from(("", "tốt", "2")))
def test_figures_written_with_commas_are_read_as_meant_or_refused(tmp_path_factory, figures, quoted, comma, note):
    """Whatever of it is quoted, and whatever the note holds."""
    path = tmp_path_factory.mktemp("text") / "file.csv"
    marks = '"' if quoted else ""

    def written(number):
        return f"{marks}{number.normalize():f}{marks}".replace(".", "," if comma else ".")

    lines = [f"{unit},{','.join(map(written, pair))},{note}" for unit, pair in zip(UNITS, figures, strict=False)]
    path.write_text("\n".join([NOTED, *lines]), encoding="utf-8")

    try:
        outcome = readings(path, kind="readings", as_of=DAY)
    except FileAsks:
        assert may_hold_fractions(figures) or (comma and not quoted)
        return

    meant = [(number, float(value)) for pair in figures for number, value in enumerate(pair)]
    read = [(("online", "payment").index(row[1]), row[6]) for row in outcome.rows]
    assert all(one in meant for one in read)
    if quoted or not comma:
        assert len(read) == len(meant) or note == "2"


# --- what our own files escape --------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("words", ["=SUM(A1)", "+84 269 3824 404", "-", "@an", " =1", "＝1"])
def test_text_that_was_kept_from_being_a_formula_comes_back_as_it_was(tmp_path, delimiter, words):
    header = ("Mã", "Cấp", "Tên đơn vị", "Cấp trên", "Điện thoại")
    path = write_csv(tmp_path, [header, ("A", "department", "Sở A", "H21", f"'{words}")], delimiter=delimiter)

    parsed = read_file(path, context(kind="units"))

    assert [record.head_phone for record in parsed.records] == [words.strip()]


@pytest.mark.parametrize("words", ["'quoted'", "K'Bang", "'Ia Grai", "''"])
def test_apostrophe_of_a_text_itself_stays(tmp_path, words):
    path = write_csv(
        tmp_path, [("Mã", "Cấp", "Tên đơn vị", "Cấp trên"), ("A", "department", words, "H21"), ("'=B", "x", "'-", "")]
    )

    parsed = read_file(path, context(kind="units"))

    assert [record.name for record in parsed.records] == [words]


@explored(FIGURES, st.sampled_from(("vi", "en")), soaked=30)
def test_table_that_was_taken_along_reads_back_in_either_language(tmp_path_factory, figures, language):
    """Semicolons and decimal commas in Vietnamese, commas and points in English."""
    headings = {"vi": ("Đơn vị", "Trực tuyến (%)", "Thanh toán (%)"), "en": ("Unit", "Online (%)", "Payment (%)")}
    kinds = ("text", "percent", "percent")
    table = GapTable(
        language, "t", (), "", "", "=Nhóm", tuple(map(Column, headings[language], kinds)),
        tuple(Line("II", (unit, *pair)) for unit, pair in zip(UNITS, figures, strict=False)), (), "", "s",
    )  # fmt: skip
    path = tmp_path_factory.mktemp("own") / "file.csv"
    path.write_bytes(as_csv(table))

    if may_hold_fractions(figures):
        with pytest.raises(FileAsks):
            readings(path, kind="readings", as_of=DAY)
        return
    outcome = readings(path, kind="readings", as_of=DAY)

    meant = sorted(float(value) for pair in figures for value in pair)
    assert sorted(row[6] for row in outcome.rows) == meant
    assert not outcome.rejected
