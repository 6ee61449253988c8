"""Words as files can hold them: no cell that a spreadsheet runs, whatever parts it; names that sheets may have."""

import csv
import io
import re

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from jobs.documents.writable import harmless, sheet_name

SEPARATORS = (";", ",", "\t", "|")
RUN = re.compile(r"[\s\x00-\x20\x7f-\xa0\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")
"""How a cell begins that a spreadsheet runs."""
PIECES = st.sampled_from(
    ["a", "Sở Y tế", "=", "+84", "-1", "@x", "＝", "＋", "－", "＠", " ", "\xa0", "\t", "\u200b", "\ufeff", "\n", "\r",
     '"', ";", ",", "|", "'", "cmd|'/C calc'!A0", "1"]
)  # fmt: skip
WORDS = st.lists(PIECES, max_size=8).map("".join)

DISARMED = [
    ("=1+1", "'=1+1"),
    ("+84", "'+84"),
    ("-1", "'-1"),
    ("@x", "'@x"),
    ("\t=1", "'\t'=1"),
    ("\r=1", "'\r'=1"),
    ("\n=1", "'\n'=1"),
    ("＝1", "'＝1"),
    ("＠SUM(A1)", "'＠SUM(A1)"),
    (" =1", "' =1"),
    ("\xa0=1", "'\xa0=1"),
    ("\u200b=1", "'\u200b=1"),
    ("a;=cmd", "a;'=cmd"),
    ("a,=cmd", "a,'=cmd"),
    ("a|=cmd", "a|'=cmd"),
    ("a\t=cmd", "a\t'=cmd"),
    ("a\n=cmd", "a\n'=cmd"),
    ('a;"=cmd"', 'a;\'"=cmd"'),
    ("a; =cmd", "a;' =cmd"),
]


@pytest.mark.parametrize(("words", "written"), DISARMED)
def test_words_that_a_spreadsheet_would_run_get_an_apostrophe(words, written):
    assert harmless(words) == written


@pytest.mark.parametrize(
    "words", ["Sở Y tế", "Sở Lao động - Thương binh và Xã hội", "Quyết định 766/QĐ-TTg; 629/KH-UBND", "a=b", "12,5", ""]
)
def test_words_that_nothing_would_run_stay_as_they_are(words):
    assert harmless(words) == words


@given(words=WORDS, file=st.sampled_from(SEPARATORS[:2]), reader=st.sampled_from(SEPARATORS))
def test_no_separator_of_a_reader_makes_a_formula_of_a_text(words, file, reader):
    """The file is written with one separator and opened with another, which parts its cells anew."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=file, lineterminator="\r\n").writerow(["Tên", harmless(words), "cuối"])

    rows = list(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=reader))

    assert not [cell for row in rows for cell in row if RUN.match(cell)]


@pytest.mark.soak
@given(
    st.lists(
        st.text(max_size=50) | st.sampled_from(["", "'", "History", "A" * 40, "a" * 40, "[x]", "😀" * 20]), max_size=20
    )
)
def test_every_name_of_a_sheet_is_accepted_and_none_is_there_twice(wanted):
    taken: set[str] = set()

    names = [sheet_name(one, taken) for one in wanted]

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for name in names:
            book.add_worksheet(name)
    if names:
        assert openpyxl.load_workbook(made).sheetnames == names
    assert len(taken) == len(names)
    assert all(len(name.encode("utf-16-le")) // 2 <= 31 for name in names)


def test_name_that_fits_stays_as_it_is():
    assert sheet_name("Trực tuyến", set()) == "Trực tuyến"
