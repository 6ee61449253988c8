"""The command that writes documents: every kind, the kinds it refuses, and what it says of a snapshot."""

import json

import openpyxl
import pytest


@pytest.mark.daily(5)
@pytest.mark.parametrize(
    ("words", "opener"),
    [
        (("weekly", "--out", "week.pptx"), b"PK"),
        pytest.param(("weekly", "--out", "week.xlsx", "--lang", "en"), b"PK", marks=pytest.mark.soak),
        pytest.param(("weekly", "--out", "week.docx", "--as-of", "2024-04-20"), b"PK", marks=pytest.mark.soak),
        (("conclusions", "--out", "end.docx"), b"PK"),
        pytest.param(("reminder", "--unit", "H21.58", "--out", "letter.docx"), b"PK", marks=pytest.mark.soak),
        (("reminder", "--level", "department", "--indicator", "online", "--signer", "2", "--out", "all.zip"), b"PK"),
        pytest.param(
            ("reminder", "--unit", "H21.58", "--unit", "H21.54", "--dated", "--out", "two.docx"),
            b"PK",
            marks=pytest.mark.soak,
        ),
        (("message", "--indicator", "all", "--level", "district", "--out", "zalo.txt"), "Chiến dịch".encode()),
        (("picture", "--indicator", "online", "--out", "phone.png"), b"\x89PNG"),
        pytest.param(("targets", "--out", "annex.docx", "--proposed"), b"PK", marks=pytest.mark.soak),
        pytest.param(("targets", "--out", "annex.xlsx", "--proposed"), b"PK", marks=pytest.mark.soak),
    ],
)
def test_each_kind_is_written_as_its_file_says(home, run, tmp_path, words, opener):
    result = run("document", *words, "--json")

    got = json.loads(result.stdout)
    written = (tmp_path / words[words.index("--out") + 1]).read_bytes()
    assert result.exit_code == 0
    assert written.startswith(opener)
    assert got["bytes"] == len(written)


@pytest.mark.soak
def test_annex_is_of_a_document_that_was_issued(home, run, tmp_path):
    annex = ("document", "targets", "--out", "annex.xlsx")
    issue = ("issue", "--lang", "vi", "--phase", "50-day", "--date", "19/03/2024", "--document")

    before = run(*annex)
    issued = run(*issue, "629/KH", "--indicator", "publicity", "--unit", "H21.58")
    foreseen = run(*issue, "700/KH", "--changed", "--unit", "H21.58", "--dry-run")
    written, unknown = run(*annex), run(*annex, "--document", "1/X")

    assert [each.exit_code for each in (before, issued, foreseen, written, unknown)] == [2, 0, 0, 0, 2]
    assert "--proposed" in before.stderr
    assert "Đã giao 1 chỉ tiêu theo 629/KH." in issued.stdout
    assert "Sẽ giao 4 chỉ tiêu giai đoạn 50 ngày cho 1 đơn vị theo văn bản 700/KH" in foreseen.stdout
    [sheet] = openpyxl.load_workbook(tmp_path / "annex.xlsx").worksheets
    assert [row[1].value for row in sheet.iter_rows() if isinstance(row[0].value, int)] == ["UBND huyện Ia Grai"]
    assert "629/KH" in unknown.stderr


@pytest.mark.soak
def test_document_of_a_snapshot_does_not_change_with_what_comes_later(home, run, tmp_path):
    assert run("snapshot", "--title", "Giao ban").exit_code == 0

    result = run("document", "weekly", "--snapshot", "1", "--out", "week.xlsx")

    assert result.exit_code == 0, result.output
    sheet = openpyxl.load_workbook(tmp_path / "week.xlsx").worksheets[0]
    assert any("“Giao ban”" in str(row[0].value) for row in sheet.iter_rows())


@pytest.mark.parametrize(
    "words",
    [
        ("poster", "--out", "a.pptx"),
        ("weekly", "--out", "a.txt"),
        ("reminder", "--level", "nowhere", "--out", "a.docx"),
        ("reminder", "--signer", "9", "--out", "a.docx"),
        ("weekly", "--level", "district", "--out", "a.docx"),
        ("message", "--indicator", "nothing", "--out", "a.txt"),
        ("weekly", "--unit", "H21.58", "--out", "a.docx"),
        ("weekly", "--snapshot", "1", "--as-of", "2024-05-01", "--out", "a.docx"),
        ("weekly", "--snapshot", "99", "--out", "a.docx"),
        ("reminder", "--unit", "nobody", "--out", "a.docx"),
        ("weekly", "--out", "nowhere/a.docx"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is_left(home, run, tmp_path, words):
    result = run("document", *words)

    assert result.exit_code == 2
    assert not list(tmp_path.glob("a.*"))
