"""What a preview says of a file is what saving then does, kind by kind; and it changes nothing."""

from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from sqlmodel import func, select

from jobs.intake.bring_in import StoreChanged, bring_in, save
from jobs.intake.file_reads import read_in
from jobs.intake.previews import MOST_NEW, foresee
from models.core.audit import ChangeContext, find_state
from models.core.settings import TIMEZONE
from models.core.texts import sentence_of
from models.readings.actions import Counts
from models.tables import AuditEntry, Quarantined, Run, UnitRow
from tests.soaked import mostly_soaked

NOW = datetime(2024, 5, 7, 18, tzinfo=TIMEZONE)
DEED = ChangeContext(by="system:test", reason="test", now=NOW)
HEADER = "Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số;Tỷ lệ"
SOME = ("H21.58;online;06/05/2024;415;1000;", "H21.55;online;06/05/2024;20;100;", "H21.58;payment;06/05/2024;;;hơn 12%")
CENTRAL = "Chỉ số;Tỷ lệ;Năm;Văn bản"


@pytest.fixture
def file(tmp_path):
    def written(*lines, header=HEADER, name="so-lieu.csv"):
        path = tmp_path / name
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return path

    return written


def look(store, path, **options):
    read = read_in(store, path, today=NOW.date(), **options)
    return read, foresee(store, read, context=DEED)


def rows_of(store):
    """How much of everything there is: what a preview must leave as it was."""
    with store.reading() as session:
        tables = (Run, AuditEntry, Quarantined, UnitRow)
        return [session.exec(select(func.count()).select_from(table)).one() for table in tables], find_state(
            session
        ).data_version


def test_new_figures_are_named_with_their_places(store, file):
    _, preview = look(store, file(*SOME, "nobody;online;06/05/2024;1;2;"))

    assert preview.counts == Counts(accepted=3)
    assert [(change.place, change.unit, change.indicator) for change in preview.new] == [
        ("line 2", "H21.58", "online"),
        ("line 3", "H21.55", "online"),
        ("line 4", "H21.58", "payment"),
    ]
    first, bound = preview.new[0], preview.new[2]
    assert (first.new.numerator, first.new.denominator, first.as_of, first.old) == (415, 1000, date(2024, 5, 6), None)
    assert (bound.new.numerator, bound.new.value, bound.new.qualifier) == (None, 12.0, "more")
    assert [(unit.code, unit.changes) for unit in preview.touched] == [("H21.58", 2), ("H21.55", 1)]


def test_revised_figures_say_what_was_and_what_is_told(store, file):
    bring_in(store, file(*SOME), context=DEED)

    _, preview = look(store, file("H21.58;online;06/05/2024;500;1000;", SOME[1], "H21.58;payment;06/05/2024;;;13%"))

    assert preview.counts == Counts(revised=2, unchanged=1)
    assert [(change.old.numerator, change.new.numerator) for change in preview.revised] == [(415, 500), (None, None)]
    assert (preview.revised[1].old.qualifier, preview.revised[1].new.value) == ("more", 13.0)
    assert preview.revised[0].name == "UBND huyện Ia Grai"


ALONE = ("H21.58;online;06/05/2024;;;42%", "H21.55;online;06/05/2024;21;100;")


@pytest.mark.soak
def test_percent_alone_is_compared_with_the_counts_and_named_with_its_place(store, file):
    bring_in(store, file(*SOME), context=DEED)

    _, preview = look(store, file(*ALONE))

    assert preview.counts == Counts(revised=1, unchanged=1, second=1)
    assert [(change.old.numerator, change.new.numerator) for change in preview.revised] == [(20, 21)]
    assert [unit.code for unit in preview.touched] == ["H21.55"]
    [remark] = preview.remarks
    assert (remark.place, remark.code) == ("line 2", "percent_beside_counts")
    assert "tệp chỉ ghi 42%, còn số đếm đã có 415/1.000 là 41,5%, lệch 0,5 điểm" in remark.sentence("vi")
    assert "only 42% is told, and the counts known, 415/1,000, give 41.5%" in remark.sentence("en")


@pytest.mark.soak
def test_changed_note_is_a_revision_that_shows_both(store, file):
    header = f"{HEADER};Ghi chú"
    bring_in(store, file(f"{SOME[0]};chờ đồng bộ", f"{SOME[1]};", header=header), context=DEED)

    _, preview = look(store, file(f"{SOME[0]};đã đồng bộ", f"{SOME[1]};", header=header))

    assert preview.counts == Counts(revised=1, unchanged=1)
    [change] = preview.revised
    assert (change.old.source_note, change.new.source_note) == ("chờ đồng bộ", "đã đồng bộ")


@pytest.mark.soak
@pytest.mark.parametrize("is_dry_run", [True, False])
def test_command_says_what_is_only_compared(store, file, is_dry_run):
    bring_in(store, file(*SOME), context=DEED)

    report = bring_in(store, file(*ALONE), context=DEED, is_dry_run=is_dry_run)

    assert report.counts == Counts(revised=1, unchanged=1, second=1)
    assert [warning.code for warning in report.warnings] == ["percent_beside_counts"]


def test_same_file_again_is_unchanged_and_says_when_it_came(store, file):
    report = bring_in(store, file(*SOME), context=DEED)

    _, preview = look(store, file(*SOME))

    assert (preview.counts, preview.new, preview.revised, preview.touched) == (Counts(unchanged=3), (), (), ())
    assert (preview.same.run, preview.same.received_at) == (report.run_id, NOW)


def test_figure_told_twice_in_a_file_counts_as_unchanged(store, file):
    _, preview = look(store, file(*SOME, SOME[0]))

    assert preview.counts == Counts(accepted=3, unchanged=1)


def test_long_files_name_a_few_of_their_new_figures_and_count_all(store, file):
    days = range(1, 8)
    lines = [f"H21.5{unit};online;0{day}/05/2024;1;2;" for unit in (1, 2, 3, 4, 5, 6, 7, 8) for day in days]

    _, preview = look(store, file(*lines))

    assert (preview.counts.accepted, len(preview.new)) == (56, MOST_NEW)


FACTS = [
    (
        "baselines",
        ("Đơn vị;Chỉ số;Năm;Tỷ lệ", "H21.55;online;2023;12,5%", "23593;payment;2023;3%"),
        ("Đơn vị;Chỉ số;Năm;Tỷ lệ", "H21.55;online;2023;13,5%", "23593;payment;2023;3%"),
        lambda change: (change.unit, change.year, change.old.value, change.new.value),
        ("H21.55", 2023, Decimal("12.5"), Decimal("13.5")),
    ),
    (
        "central",
        (CENTRAL, "payment;30;2024;QĐ 100"),
        (CENTRAL, "payment;35;2024;QĐ 200"),
        lambda change: (change.unit, change.old.value, change.new.value, change.new.document),
        (None, Decimal(30), Decimal(35), "QĐ 200"),
    ),
    (
        "targets",
        ("Đơn vị;Chỉ số;Giai đoạn;Chỉ tiêu;Văn bản;Ngày văn bản", "H21.55;online;50-day;50%;700/UBND;02/04/2024"),
        ("Đơn vị;Chỉ số;Giai đoạn;Chỉ tiêu;Văn bản;Ngày văn bản", "H21.55;online;50-day;55%;701/UBND;03/04/2024"),
        lambda change: (change.phase, change.old.value, change.new.value, change.new.document_date),
        ("50-day", Decimal(50), Decimal(55), date(2024, 4, 3)),
    ),
    (
        "scores",
        ("Đơn vị;Ngày;Tổng điểm;Xếp hạng", "H21.55;30/04/2024;81,5;3", "H21.58;30/04/2024;80;4"),
        ("Đơn vị;Ngày;Tổng điểm;Xếp hạng", "H21.55;30/04/2024;82;3", "H21.58;30/04/2024;80;4"),
        lambda change: (change.indicator, change.as_of, change.old.points, change.new.points, change.new.rank),
        (None, date(2024, 4, 30), Decimal("81.5"), Decimal(82), 3),
    ),
    (
        "units",
        (
            "Mã đơn vị;Cấp;Tên đơn vị;Mã đơn vị cấp trên;Người đứng đầu",
            "99901;commune;UBND xã Mới;H21.55;Bà A",
            "99902;commune;UBND xã Khác;H21.55;Ông B",
        ),
        (
            "Mã đơn vị;Cấp;Tên đơn vị;Mã đơn vị cấp trên;Người đứng đầu",
            "99901;commune;UBND xã Mới;H21.55;Bà C",
            "99902;commune;UBND xã Khác;H21.55;Ông B",
        ),
        lambda change: (change.unit, change.old.fields, change.new.fields),
        ("99901", {"head_name": "Bà A"}, {"head_name": "Bà C"}),
    ),
]


@pytest.mark.daily(1)
@pytest.mark.parametrize(
    ("kind", "first", "second", "seen", "expected"),
    mostly_soaked(FACTS, FACTS[0], FACTS[1]),
    ids=[case[0] for case in FACTS],
)
def test_facts_are_foreseen_as_new_then_revised_then_unchanged(store, file, kind, first, second, seen, expected):
    header, *lines = first
    read, new = look(store, file(*lines, header=header), kind=kind)
    saved = save(store, read, new, context=DEED)
    header, *changed = second

    again, revised = look(store, file(*changed, header=header), kind=kind)

    assert (new.counts, new.counts) == (saved.counts, Counts(accepted=len(lines)))
    assert len(new.new) == len(lines)
    assert revised.counts == Counts(revised=1, unchanged=len(lines) - 1)
    assert seen(revised.revised[0]) == expected
    assert save(store, again, revised, context=DEED).counts == revised.counts
    assert look(store, file(*changed, header=header), kind=kind)[1].counts == Counts(unchanged=len(lines))


@pytest.mark.daily(2)
@pytest.mark.parametrize(("kind", "first"), [(case[0], case[1]) for case in FACTS] + [("readings", (HEADER, *SOME))])
def test_preview_changes_nothing(store, file, kind, first):
    before = rows_of(store)
    header, *lines = first

    look(store, file(*lines, header=header), kind=kind)

    assert rows_of(store) == before


def test_saving_does_what_was_previewed_and_keeps_the_bad_rows(store, file):
    read, preview = look(store, file(*SOME, "nobody;online;06/05/2024;1;2;"))

    report = save(store, read, preview, context=DEED)

    assert (report.counts, report.is_stored, report.was_rechecked) == (preview.counts, True, False)
    assert rows_of(store)[0][2] == 1


@pytest.mark.soak
def test_change_that_does_not_touch_the_file_is_rechecked_and_the_file_saved(store, file):
    read, preview = look(store, file(*SOME))
    bring_in(store, file("H21.54;online;06/05/2024;1;2;", name="other.csv"), context=DEED)

    report = save(store, read, preview, context=DEED)

    assert (report.counts, report.was_rechecked) == (Counts(accepted=3), True)


@pytest.mark.soak
@pytest.mark.parametrize("other", [pytest.param(SOME[0], marks=pytest.mark.soak), "H21.58;online;06/05/2024;414;1000;"])
def test_change_that_touches_the_file_is_shown_anew_and_nothing_is_saved(store, file, other):
    read, preview = look(store, file(*SOME))
    bring_in(store, file(other, name="other.csv"), context=DEED)
    before = rows_of(store)

    with pytest.raises(StoreChanged) as caught:
        save(store, read, preview, context=DEED)

    assert rows_of(store) == before
    assert caught.value.preview.counts.accepted == 2
    assert save(store, read, caught.value.preview, context=DEED).counts == caught.value.preview.counts


@pytest.mark.soak
def test_old_value_that_changed_is_shown_anew_though_the_counts_are_the_same(store, file):
    bring_in(store, file("H21.58;online;06/05/2024;1;1000;", name="first.csv"), context=DEED)
    read, preview = look(store, file(*SOME))
    bring_in(store, file("H21.58;online;06/05/2024;2;1000;", name="second.csv"), context=DEED)

    with pytest.raises(StoreChanged) as caught:
        save(store, read, preview, context=DEED)

    assert caught.value.preview.counts == preview.counts
    assert caught.value.preview.revised[0].old.numerator == 2


def test_facts_are_rechecked_within_the_transaction_too(store, file):
    read, preview = look(store, file("payment;30;2024;QĐ 100", header=CENTRAL))
    bring_in(store, file("payment;31;2024;QĐ 100", header=CENTRAL, name="other.csv"), context=DEED)

    with pytest.raises(StoreChanged) as caught:
        save(store, read, preview, context=DEED)

    again = save(store, read, caught.value.preview, context=DEED)
    assert caught.value.preview.counts == again.counts == Counts(revised=1)


@pytest.mark.soak
def test_units_that_changed_since_the_reading_ask_for_the_file_to_be_read_again(store, file):
    read, preview = look(store, file(*SOME))
    header, *lines = FACTS[-1][1]
    bring_in(store, file(*lines, header=header, name="units.csv"), kind="units", context=DEED)

    with pytest.raises(StoreChanged) as caught:
        save(store, read, preview, context=DEED)

    assert caught.value.preview is None
    assert "đọc lại tệp" in sentence_of(caught.value, "vi")


def test_dry_run_counts_what_an_import_then_does(store, file):
    bring_in(store, file(SOME[0]), context=DEED)
    path = file(*SOME, "nobody;online;06/05/2024;1;2;")

    rehearsed = bring_in(store, path, context=DEED, is_dry_run=True)

    assert rehearsed.counts == bring_in(store, path, context=DEED).counts == Counts(accepted=2, unchanged=1)
    assert rehearsed.summary("vi") == "4 số liệu: 2 mới, 0 điều chỉnh, 1 không đổi, 1 dòng lỗi"


def test_workbook_places_are_cells(store, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Đơn vị", "Tính đến ngày", "Tỷ lệ hồ sơ trực tuyến", "Mức độ hài lòng"])
    book.active.append(["H21.58", "06/05/2024", "41,5%", "99%"])
    book.save(tmp_path / "wide.xlsx")

    _, preview = look(store, tmp_path / "wide.xlsx")

    assert {change.place for change in preview.new} == {"Sheet!C2", "Sheet!D2"}
