"""A row from quarantine, mended and taken in: the same checks as any file, one transaction, one trace."""

import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select

from jobs.imports.tables.questions import FileAsks
from jobs.intake.bring_in import bring_in
from jobs.intake.file_reads import read_in
from jobs.intake.readmit import readmit
from jobs.intake.rejected_rows import rejected_workbook
from jobs.workplace import open_workplace
from models.core.audit import find_break
from models.readings.quarantine import find_quarantined, find_quarantined_row
from models.readings.settling import SettlingConflict, dismiss_row
from models.tables import AuditEntry, Reading, Run
from targets.errors import UnreadableFile

HEADER = "Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số;Tỷ lệ"
WRONG_UNIT = "UBND huyện Ia Gray;online;06/05/2024;415;1000;"
MENDED = {"Đơn vị": "UBND huyện Ia Grai", "Chỉ số": "online", "Ngày": "06/05/2024", "Tử số": "415", "Mẫu số": "1000"}


@pytest.fixture
def workplace(founded, real_home):
    shutil.copytree(founded, real_home)
    return open_workplace()


def hand_in(workplace, tmp_path: Path, *lines: str, header: str = HEADER, name: str = "so-lieu.csv", **options):
    """Hand in a file; answers the rows that wait in quarantine."""
    file = tmp_path / name
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    bring_in(workplace.store, file, context=workplace.context("import"), **options)
    with workplace.store.reading() as session:
        return find_quarantined(session)


def figures_of(workplace, run):
    with workplace.store.reading() as session:
        return [
            (row.numerator, row.denominator) for row in session.exec(select(Reading).where(Reading.run_id == run)).all()
        ]


def state_of(workplace, row):
    with workplace.store.reading() as session:
        return find_quarantined_row(session, row.id)


def test_mended_row_is_taken_in_with_its_state_and_trace(workplace, tmp_path):
    [row] = hand_in(workplace, tmp_path, WRONG_UNIT)

    outcome = readmit(
        workplace.store, row.id, fields=MENDED, version=row.version, context=workplace.context("name corrected")
    )

    settled = state_of(workplace, row)
    assert outcome.is_taken_in
    assert figures_of(workplace, outcome.run) == [(415, 1000)]
    assert (settled.state, settled.settled_run, settled.settled_reason) == ("readmitted", outcome.run, "name corrected")
    with workplace.store.reading() as session:
        actions = [entry.action for entry in session.exec(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2))]
        assert find_break(session) is None
    assert actions == ["row_readmitted", "load_readings"]


def test_row_that_is_still_wrong_changes_nothing_and_says_why_at_its_old_place(workplace, tmp_path):
    [row] = hand_in(workplace, tmp_path, WRONG_UNIT)
    with workplace.store.reading() as session:
        runs = len(session.exec(select(Run)).all())

    outcome = readmit(
        workplace.store,
        row.id,
        fields=MENDED | {"Tử số": "2000"},
        version=row.version,
        context=workplace.context("try"),
    )

    assert not outcome.is_taken_in
    assert [(problem.place, problem.field) for problem in outcome.rejected] == [("line 2", "Tử số")]
    assert state_of(workplace, row).state == "open"
    with workplace.store.reading() as session:
        assert len(session.exec(select(Run)).all()) == runs


def test_row_whose_figure_is_known_already_is_settled_all_the_same(workplace, tmp_path):
    good = WRONG_UNIT.replace("Ia Gray", "Ia Grai")
    [row] = hand_in(workplace, tmp_path, good, WRONG_UNIT)

    outcome = readmit(
        workplace.store, row.id, fields=MENDED, version=row.version, context=workplace.context("told above")
    )

    assert (outcome.counts.changes, outcome.counts.unchanged) == (0, 1)
    assert state_of(workplace, row).state == "readmitted"


def test_later_of_two_is_told_and_their_figure_is_not_stored(workplace, tmp_path):
    [row] = hand_in(workplace, tmp_path, WRONG_UNIT)
    with workplace.store.writing() as session:
        dismiss_row(session, row.id, version=row.version, context=workplace.context("told twice"))

    with pytest.raises(SettlingConflict, match="told twice"):
        readmit(workplace.store, row.id, fields=MENDED, version=row.version, context=workplace.context("mine"))


def test_row_settled_while_it_is_read_is_rolled_back_whole(workplace, tmp_path, monkeypatch):
    [row] = hand_in(workplace, tmp_path, WRONG_UNIT)

    def bring_in_late(store, path, **options):
        with store.writing() as session:
            dismiss_row(session, row.id, version=row.version, context=workplace.context("faster"))
        return bring_in(store, path, **options)

    monkeypatch.setattr("jobs.intake.readmit.bring_in", bring_in_late)
    with workplace.store.reading() as session:
        runs = len(session.exec(select(Run)).all())

    with pytest.raises(SettlingConflict, match="faster"):
        readmit(workplace.store, row.id, fields=MENDED, version=row.version, context=workplace.context("mine"))

    with workplace.store.reading() as session:
        assert len(session.exec(select(Run)).all()) == runs


def test_headings_of_several_rows_are_understood_again(workplace, tmp_path):
    header = "Đơn vị;Tỷ lệ hồ sơ trực tuyến;\n;Tử số;Mẫu số"
    [row] = hand_in(
        workplace, tmp_path, "UBND huyện Ia Grai;9;5", header=header, as_of=workplace.today(), kind="readings"
    )
    assert "Tỷ lệ hồ sơ trực tuyến / Tử số" in row.raw

    outcome = readmit(
        workplace.store,
        row.id,
        fields={name: "4" if name.endswith("Tử số") else value for name, value in row.raw.items()},
        as_of=workplace.today(),
        version=row.version,
        context=workplace.context("swapped"),
    )

    assert figures_of(workplace, outcome.run) == [(4, 5)]


def test_day_may_be_added_as_a_column_of_its_own(workplace, tmp_path):
    header = "Đơn vị;Chỉ số;Tử số;Mẫu số"
    [row] = hand_in(workplace, tmp_path, "nobody;online;4;5", header=header, as_of=workplace.today(), kind="readings")
    fields = {**row.raw, "Đơn vị": "Sở Y tế", "Tính đến ngày": "05/05/2024"}

    outcome = readmit(workplace.store, row.id, fields=fields, version=row.version, context=workplace.context("named"))

    assert figures_of(workplace, outcome.run) == [(4, 5)]


def test_row_without_what_a_file_needs_is_refused_with_its_sentence(workplace, tmp_path):
    [row] = hand_in(workplace, tmp_path, WRONG_UNIT)

    with pytest.raises(UnreadableFile):
        readmit(
            workplace.store, row.id, fields={"Đơn vị": "Sở Y tế"}, version=row.version, context=workplace.context("try")
        )

    assert state_of(workplace, row).state == "open"


# --- what the rest of the file has told -----------------------------------------------------------------------------

WIDE = "Đơn vị;Trực tuyến"
AS_OF = date(2024, 5, 6)


def readings_of(workplace, run):
    with workplace.store.reading() as session:
        found = session.exec(select(Reading).where(Reading.run_id == run)).all()
        return [(row.numerator, row.denominator, row.value) for row in found]


def mend(workplace, row, cells=None):
    fields = {name: str(value) for name, value in row.raw.items()} | {"Đơn vị": "UBND huyện Ia Grai"} | (cells or {})
    return readmit(
        workplace.store, row.id, fields=fields, as_of=AS_OF, version=row.version, context=workplace.context("mended")
    )


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("header", "lines", "option", "figure"),
    [
        (WIDE, ["H21.51;47,4", "UBND huyện Ia Gray;45"], None, (None, None, 45)),
        pytest.param(
            WIDE, ["H21.51;47,4", "UBND huyện Ia Gray;0,5%"], None, (None, None, 0.5), marks=pytest.mark.soak
        ),
        (WIDE, ["H21.51;0,474", "UBND huyện Ia Gray;0,45"], "fraction", (None, None, 45)),
        pytest.param(
            WIDE, ["H21.51;0,474", "UBND huyện Ia Gray;0,45"], "percent", (None, None, 0.45), marks=pytest.mark.soak
        ),
        (WIDE, ["H21.51;45", "UBND huyện Ia Gray;8"], "count", (8, None, None)),
        pytest.param(WIDE, ["H21.51;45", "UBND huyện Ia Gray;8"], "percent", (None, None, 8), marks=pytest.mark.soak),
        (
            "Đơn vị;Trực tuyến;Tổng hồ sơ", ["H21.51;45;60", "UBND huyện Ia Gray;8;20"], "of:tong-ho-so", (8, 20, None),
        ),
        (
            "Đơn vị;Hồ sơ trực tuyến;Tổng hồ sơ;Tỷ lệ", ["H21.51;45;60;75,0", "UBND huyện Ia Gray;8;20;40,0"],
            None, (8, 20, 40),
        ),
        (
            "Đơn vị;Chỉ số;Kết quả", ["H21.51;Trực tuyến;47,4", "UBND huyện Ia Gray;Trực tuyến;45"],
            None, (None, None, 45),
        ),
    ],
)  # fmt: skip
def test_mended_row_is_read_as_its_file_was_and_not_asked_about_again(
    workplace, tmp_path, header, lines, option, figure
):
    choices = {}
    if option is not None:
        with pytest.raises(FileAsks) as asks:
            hand_in(workplace, tmp_path, *lines, header=header, as_of=AS_OF)
        choices = {asks.value.questions[0].key: option}
    [row] = hand_in(workplace, tmp_path, *lines, header=header, as_of=AS_OF, choices=choices)

    outcome = mend(workplace, row)

    assert readings_of(workplace, outcome.run) == [figure]


@pytest.mark.soak
def test_day_of_a_mended_row_keeps_the_order_that_somebody_chose(workplace, tmp_path):
    header, lines = "Đơn vị;Ngày;Trực tuyến (%)", ["H21.51;4/30/2024;40", "UBND huyện Ia Gray;5/4/2024;45"]
    with pytest.raises(FileAsks) as asks:
        hand_in(workplace, tmp_path, *lines, header=header)
    [row] = hand_in(workplace, tmp_path, *lines, header=header, choices={asks.value.questions[0].key: "month_first"})

    first = mend(workplace, row)
    [other] = hand_in(workplace, tmp_path, "UBND huyện Ia Gray;6/4/2024;45", header=header)
    second = mend(workplace, other, {"Ngày": "07/05/2024"})

    with workplace.store.reading() as session:
        days = [
            [one.as_of for one in session.exec(select(Reading).where(Reading.run_id == outcome.run))]
            for outcome in (first, second)
        ]
    assert row.raw["Ngày"] == "4 tháng 5 năm 2024"
    assert days == [[date(2024, 5, 4)], [date(2024, 5, 7)]]


@pytest.mark.soak
def test_column_that_was_left_out_is_left_out_of_a_mended_row(workplace, tmp_path):
    header, lines = "Đơn vị;Trực tuyến;Thanh toán (%)", ["H21.51;145;40", "UBND huyện Ia Gray;8;45"]
    with pytest.raises(FileAsks) as asks:
        hand_in(workplace, tmp_path, *lines, header=header, as_of=AS_OF)
    [row] = hand_in(
        workplace, tmp_path, *lines, header=header, as_of=AS_OF, choices={asks.value.questions[0].key: "left_out"}
    )

    outcome = mend(workplace, row)

    assert readings_of(workplace, outcome.run) == [(None, None, 45)]


@pytest.mark.soak
def test_workbook_of_refused_rows_is_read_as_their_file_was(workplace, tmp_path):
    lines = ["H21.51;47,4", "UBND huyện Ia Gray;45", "UBND huyện Ia Grey;46"]
    hand_in(workplace, tmp_path, *lines, header=WIDE, as_of=AS_OF)
    read = read_in(workplace.store, tmp_path / "so-lieu.csv", as_of=AS_OF, today=date(2024, 5, 7))
    path = tmp_path / "refused.xlsx"
    path.write_bytes(rejected_workbook(read.rejected, as_of=AS_OF, language="vi"))
    sheet = openpyxl.load_workbook(path)
    for row in sheet.active.iter_rows():
        for cell in row:
            cell.value = {"UBND huyện Ia Gray": "H21.58", "UBND huyện Ia Grey": "H21.55"}.get(cell.value, cell.value)
    sheet.save(path)

    again = read_in(workplace.store, path, today=date(2024, 5, 7))

    assert [value for part in again.parts for value in part.frame["value"]] == [45, 46]


def test_row_keeps_the_day_its_file_was_read_for_and_is_mended_without_naming_it(workplace, tmp_path):
    lines = ("UBND huyện Ia Gray;online;415;1000", "UBND huyện Ia Pa;online;300;1000")
    [row] = hand_in(workplace, tmp_path, *lines, header="Đơn vị;Chỉ số;Tử số;Mẫu số", as_of=date(2024, 5, 6))
    fields = {name: value for name, value in MENDED.items() if name != "Ngày"}

    outcome = readmit(workplace.store, row.id, fields=fields, version=1, context=workplace.context("mended"))

    assert row.for_date == date(2024, 5, 6)
    assert figures_of(workplace, outcome.run) == [(415, 1000)]


def test_row_with_a_wrong_figure_closes_when_a_later_file_brings_it(workplace, tmp_path):
    wrong = "UBND huyện Ia Grai;online;06/05/2024;1500;1000;"
    [row] = hand_in(workplace, tmp_path, wrong, "UBND huyện Ia Pa;online;06/05/2024;300;1000;")

    assert hand_in(workplace, tmp_path, "UBND huyện Ia Grai;online;06/05/2024;415;1000;") == []

    settled = state_of(workplace, row)
    assert (settled.state, settled.settled_run) == ("superseded", row.run + 1)
