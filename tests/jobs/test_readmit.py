"""A row from quarantine, mended and taken in: the same checks as any file, one transaction, one trace."""

from pathlib import Path

import pytest
from sqlmodel import select

from jobs.bring_in import bring_in
from jobs.desk import open_desk
from jobs.readmit import readmit
from models.actions.settling import SettledMeanwhile, dismiss_row
from models.audit import find_break
from models.queries.quarantine import find_quarantined, find_quarantined_row
from models.tables import AuditEntry, Reading, Run
from targets.errors import UnreadableFile

HEADER = "Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số;Tỷ lệ"
WRONG_UNIT = "UBND huyện Ia Gray;online;06/05/2024;415;1000;"
MENDED = {"Đơn vị": "UBND huyện Ia Grai", "Chỉ số": "online", "Ngày": "06/05/2024", "Tử số": "415", "Mẫu số": "1000"}


@pytest.fixture
def desk(home):
    return open_desk()


def hand_in(desk, tmp_path: Path, *lines: str, header: str = HEADER, name: str = "so-lieu.csv", **options):
    """Hand in a file; answers the rows that wait in quarantine."""
    file = tmp_path / name
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    bring_in(desk.store, file, deed=desk.deed("import"), **options)
    with desk.store.reading() as session:
        return find_quarantined(session)


def figures_of(desk, run):
    with desk.store.reading() as session:
        return [
            (row.numerator, row.denominator) for row in session.exec(select(Reading).where(Reading.run_id == run)).all()
        ]


def state_of(desk, row):
    with desk.store.reading() as session:
        return find_quarantined_row(session, row.id)


def test_mended_row_is_taken_in_with_its_state_and_trace(desk, tmp_path):
    [row] = hand_in(desk, tmp_path, WRONG_UNIT)

    outcome = readmit(desk.store, row.id, fields=MENDED, version=row.version, deed=desk.deed("name corrected"))

    settled = state_of(desk, row)
    assert outcome.is_taken_in
    assert figures_of(desk, outcome.run) == [(415, 1000)]
    assert (settled.state, settled.settled_run, settled.settled_reason) == ("readmitted", outcome.run, "name corrected")
    with desk.store.reading() as session:
        actions = [entry.action for entry in session.exec(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2))]
        assert find_break(session) is None
    assert actions == ["row_readmitted", "load_readings"]


def test_row_that_is_still_wrong_changes_nothing_and_says_why_at_its_old_place(desk, tmp_path):
    [row] = hand_in(desk, tmp_path, WRONG_UNIT)
    with desk.store.reading() as session:
        runs = len(session.exec(select(Run)).all())

    outcome = readmit(desk.store, row.id, fields=MENDED | {"Tử số": "2000"}, version=row.version, deed=desk.deed("try"))

    assert not outcome.is_taken_in
    assert [(problem.place, problem.field) for problem in outcome.rejected] == [("line 2", "Tử số")]
    assert state_of(desk, row).state == "open"
    with desk.store.reading() as session:
        assert len(session.exec(select(Run)).all()) == runs


def test_row_whose_figure_is_known_already_is_settled_all_the_same(desk, tmp_path):
    good = WRONG_UNIT.replace("Ia Gray", "Ia Grai")
    [row] = hand_in(desk, tmp_path, good, WRONG_UNIT)

    outcome = readmit(desk.store, row.id, fields=MENDED, version=row.version, deed=desk.deed("told above"))

    assert (outcome.counts.changes, outcome.counts.unchanged) == (0, 1)
    assert state_of(desk, row).state == "readmitted"


def test_later_of_two_is_told_and_their_figure_is_not_stored(desk, tmp_path):
    [row] = hand_in(desk, tmp_path, WRONG_UNIT)
    with desk.store.writing() as session:
        dismiss_row(session, row.id, version=row.version, deed=desk.deed("told twice"))

    with pytest.raises(SettledMeanwhile, match="told twice"):
        readmit(desk.store, row.id, fields=MENDED, version=row.version, deed=desk.deed("mine"))


def test_row_settled_while_it_is_read_is_rolled_back_whole(desk, tmp_path, monkeypatch):
    [row] = hand_in(desk, tmp_path, WRONG_UNIT)

    def bring_in_late(store, path, **options):
        with store.writing() as session:
            dismiss_row(session, row.id, version=row.version, deed=desk.deed("faster"))
        return bring_in(store, path, **options)

    monkeypatch.setattr("jobs.readmit.bring_in", bring_in_late)
    with desk.store.reading() as session:
        runs = len(session.exec(select(Run)).all())

    with pytest.raises(SettledMeanwhile, match="faster"):
        readmit(desk.store, row.id, fields=MENDED, version=row.version, deed=desk.deed("mine"))

    with desk.store.reading() as session:
        assert len(session.exec(select(Run)).all()) == runs


def test_headings_of_several_rows_are_understood_again(desk, tmp_path):
    header = "Đơn vị;Tỷ lệ hồ sơ trực tuyến;\n;Tử số;Mẫu số"
    [row] = hand_in(desk, tmp_path, "UBND huyện Ia Grai;9;5", header=header, as_of=desk.today(), kind="readings")
    assert "Tỷ lệ hồ sơ trực tuyến / Tử số" in row.raw

    outcome = readmit(
        desk.store,
        row.id,
        fields={name: "4" if name.endswith("Tử số") else value for name, value in row.raw.items()},
        as_of=desk.today(),
        version=row.version,
        deed=desk.deed("swapped"),
    )

    assert figures_of(desk, outcome.run) == [(4, 5)]


def test_day_may_be_added_as_a_column_of_its_own(desk, tmp_path):
    header = "Đơn vị;Chỉ số;Tử số;Mẫu số"
    [row] = hand_in(desk, tmp_path, "nobody;online;4;5", header=header, as_of=desk.today(), kind="readings")
    fields = {**row.raw, "Đơn vị": "Sở Y tế", "Tính đến ngày": "05/05/2024"}

    outcome = readmit(desk.store, row.id, fields=fields, version=row.version, deed=desk.deed("named"))

    assert figures_of(desk, outcome.run) == [(4, 5)]


def test_row_without_what_a_file_needs_is_refused_with_its_sentence(desk, tmp_path):
    [row] = hand_in(desk, tmp_path, WRONG_UNIT)

    with pytest.raises(UnreadableFile):
        readmit(desk.store, row.id, fields={"Đơn vị": "Sở Y tế"}, version=row.version, deed=desk.deed("try"))

    assert state_of(desk, row).state == "open"
