"""What a file notes beside its figures, and figures that can never be judged: both are said, neither is lost."""

from dataclasses import replace

import pytest

from jobs.imports.records.parsed_rows import LONGEST_NOTE
from targets.values import Source, Text
from tests.jobs.imports_world import CAMPAIGN, LONG, context, long_csv, readings, write_csv

ON = "10/05/2024"
NOTED = (*LONG, "Ghi chú")


def notes(outcome):
    frame = outcome.frame
    return [note if isinstance(note, str) else None for note in frame["note"]] if "note" in frame else None


def row(note, unit="H21.58", indicator="online"):
    result = {"Đơn vị": unit, "Chỉ số": indicator, "Tính đến ngày": ON, "Tử số": "415", "Mẫu số": "1000"}
    return [*(result.get(name, "") for name in LONG), note]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("chờ đồng bộ", "chờ đồng bộ"),
        ("  chờ\n đồng\tbộ ", "chờ đồng bộ"),
        ("a\x01b\u200bc", "a b c"),
        ("=1+1", "=1+1"),
        ("5", "5"),
        ("không có", None),
        ("-", None),
    ],
)
def test_note_is_kept_on_one_line(tmp_path, written, kept):
    path = long_csv(tmp_path, row(written), row("bên cạnh", unit="H21.55"), header=NOTED)

    assert notes(readings(path)) == [kept, "bên cạnh"]


def test_very_long_note_ends_with_an_ellipsis(tmp_path):
    outcome = readings(long_csv(tmp_path, row("x" * 2_000), header=NOTED))

    [note] = notes(outcome)
    assert (len(note), note[-2:]) == (LONGEST_NOTE, "x…")


def test_note_of_a_row_belongs_to_each_of_its_figures(tmp_path):
    path = write_csv(
        tmp_path,
        [
            ["Đơn vị", "Ngày", "Tỷ lệ hồ sơ trực tuyến", "Số hóa hồ sơ", "Ghi chú"],
            ["H21.58", ON, "41,5%", "60%", "thiếu một xã"],
            ["H21.55", ON, "20%", "30%", ""],
        ],
    )

    assert sorted(notes(readings(path)), key=str) == [None, None, "thiếu một xã", "thiếu một xã"]


@pytest.mark.parametrize("header", [LONG, NOTED], ids=["no such column", "an empty column"])
def test_file_without_notes_has_no_column_for_them(tmp_path, header):
    outcome = readings(long_csv(tmp_path, row("")[: len(header)], header=header))

    assert notes(outcome) is None


def test_other_note_beside_a_figure_that_repeats_is_said(tmp_path):
    path = long_csv(tmp_path, row("đã đối chiếu"), row("đã đối chiếu"), row("còn thiếu"), row(""), header=NOTED)

    outcome = readings(path)

    assert notes(outcome) == ["đã đối chiếu"]
    assert outcome.repeated == 3
    [warning] = outcome.warned("repeated_with_note")
    assert (warning.place, warning.terms["first"], warning.terms["note"]) == ("line 4", "line 2", "còn thiếu")


def test_note_beside_the_second_of_two_equal_figures_is_said_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr("jobs.imports.records.readings.FEWEST_ROWS", 1)
    monkeypatch.setattr("jobs.imports.records.readings.FIGURES_A_BLOCK", 1)

    outcome = readings(long_csv(tmp_path, row(""), row("còn thiếu"), header=NOTED))

    assert [warning.terms["note"] for warning in outcome.warned("repeated_with_note")] == ["còn thiếu"]


# --- never judged ---------------------------------------------------------------------------------------------------


def judged(**source):
    known = replace(CAMPAIGN, sources=(*CAMPAIGN.sources, Source("other", Text("Nguồn khác", "Other"), "file", None)))
    return {"campaign": known, **source}


def test_figures_of_a_source_that_an_indicator_does_not_use_are_said_to_be_kept_only(tmp_path):
    path = long_csv(tmp_path, row(""), row("", unit="H21.55"), header=NOTED)

    outcome = readings(path, **judged(source="other"))

    [warning] = outcome.warned("source_never_judged")
    assert dict(warning.terms) == {
        "indicator": "Tỷ lệ hồ sơ trực tuyến", "source": "Nguồn khác", "count": "2", "key": "online",
    }  # fmt: skip
    assert "chọn nguồn khác khi nhập" in warning.sentence("vi")
    assert "choose another source" in warning.sentence("en")
    assert len(outcome.rows) == 2


def test_figures_on_a_basis_that_an_indicator_does_not_use_are_said_to_be_kept_only(tmp_path):
    outcome = readings(long_csv(tmp_path, row(""), header=NOTED), basis="month")

    [warning] = outcome.warned("basis_never_judged")
    assert (warning.terms["reported"], warning.terms["needed"]) == ("month", "campaign")


@pytest.mark.parametrize(
    ("unit", "scope", "code"),
    [
        ("H21.58", "riêng", "own_never_judged"),
        ("SYT", "gồm cấp dưới", "below_never_judged"),
        ("H21.58", "gồm cấp dưới", None),
        ("SYT", "", None),
    ],
)
def test_scope_that_a_level_is_not_judged_by_is_said_with_the_level(tmp_path, unit, scope, code):
    header = (*LONG, "Phạm vi")

    outcome = readings(long_csv(tmp_path, row(scope, unit=unit), header=header))

    result = [warning.code for warning in outcome.warnings if warning.code.endswith("never_judged")]
    assert result == ([code] if code else [])
    if code:
        assert outcome.warned(code)[0].terms["count"] == "1"


def test_file_that_can_be_judged_says_nothing_of_it(tmp_path):
    outcome = readings(long_csv(tmp_path, row(""), header=NOTED), **judged(basis="campaign"))

    assert [warning.code for warning in outcome.warnings] == []


def test_file_of_bad_rows_alone_says_nothing_of_it(tmp_path):
    outcome = readings(long_csv(tmp_path, row("", unit="nobody"), header=NOTED), basis="month")

    assert outcome.warned("basis_never_judged") == []
    assert context().basis is None
