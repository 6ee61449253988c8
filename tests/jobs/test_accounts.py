"""Accounts from a workbook: what offices send becomes accounts, all or none, and the sealed list is complete."""

import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from jobs import accounts
from jobs.accounts import AccountsRefused, import_accounts, make_first_administrator, read_rows, sealed_workbook
from jobs.imports.units.matching import UnitMatcher
from models.accounts import passwords
from models.accounts.passwords import ONE_TIME_FOR
from models.accounts.queries import find_account, find_accounts, find_password_hash
from models.core.audit import ChangeContext
from models.core.store import Store
from models.results.inputs import load_campaign
from models.units.queries import find_units
from targets.errors import CampaignError
from targets.permissions import Refused
from tests.jobs.moments import FOUNDED
from tests.jobs.people_file import workbook
from tests.models.accounts_world import CHEAP

MACHINE = datetime(2026, 3, 2, 8, tzinfo=UTC)
HEAD = ("Tên đăng nhập", "Họ và tên", "Vai trò", "Đơn vị")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)


@pytest.fixture
def store(founded, tmp_path):
    path = tmp_path / "caodiem.db"
    path.write_bytes((founded / "caodiem.db").read_bytes())
    opened = Store(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def matcher(store):
    with store.reading() as session:
        return UnitMatcher(find_units(session), load_campaign(session))


@pytest.fixture
def take_in(store, matcher, tmp_path):
    def taken(*rows, by="system:test", name="people.xlsx"):
        path = workbook(tmp_path / name, *rows)
        context = ChangeContext(by=by, reason="test", now=FOUNDED)
        return import_accounts(store, path, matcher, context=context, machine=MACHINE)

    return taken


@pytest.fixture
def read(matcher, tmp_path):
    return lambda *rows: read_rows(workbook(tmp_path / "people.xlsx", *rows), matcher)


def account(store, login):
    with store.reading() as session:
        return find_account(session, login)


def problems(caught):
    return [(place, code) for place, code, _ in caught.value.problems]


# --- the first of all -----------------------------------------------------------------------------------------------


def first(store):
    context = ChangeContext(by="system:test", reason="init", now=FOUNDED)
    return make_first_administrator(store, context=context, machine=MACHINE)


def test_store_without_accounts_gets_an_administrator_with_a_password_nobody_knows_beforehand(store):
    made = first(store)

    assert (made.login, account(store, "admin").role, account(store, "admin").must_change) == (
        "admin", "administrator", True,
    )  # fmt: skip
    with store.reading() as session:
        assert passwords.matches(find_password_hash(session, account(store, "admin").id), made.password)


def test_store_with_accounts_gets_none(store):
    first(store)

    assert first(store) is None


def test_of_two_who_begin_at_once_one_makes_the_administrator(store, monkeypatch):
    first(store)
    monkeypatch.setattr(accounts, "has_accounts", lambda _session: False)

    assert first(store) is None
    assert len(store_accounts(store)) == 1


def store_accounts(store):
    with store.reading() as session:
        return find_accounts(session)


# --- what is read ---------------------------------------------------------------------------------------------------


def test_rows_are_read_below_title_rows_in_any_order_of_columns(read):
    [row] = read(
        ("DANH SÁCH NGƯỜI ĐỨNG ĐẦU",),
        (),
        ("STT", "Đơn vị", "Họ tên", "Tên đăng nhập", "Vai trò"),
        ("1", "Sở Giao thông vận tải", "Lê Văn A", "Le.Van.A", "Người đứng đầu đơn vị"),
    )

    assert (row.place, row.login, row.name, row.role, row.units) == (
        "4", "le.van.a", "Lê Văn A", "unit_head", ("SGTVT",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("Lãnh đạo", "leader"), ("leader", "leader"), ("người xem", "viewer"), ("Cán bộ điều phối", "coordinator"),
        ("QUẢN TRỊ HỆ THỐNG", "administrator"), ("unit head", "unit_head"), ("unit_head", "unit_head"),
        ("", "unit_head"),
    ],
)  # fmt: skip
def test_role_is_known_in_both_languages(read, written, role):
    [row] = read(HEAD, ("lan", "Lan", written, "SGTVT"))

    assert row.role == role


def test_row_without_a_login_takes_its_units_code_and_heads_it(read):
    [row] = read(("Họ tên", "Mã định danh"), ("Trần Thị B", "H21.58"))

    assert (row.login, row.role, row.units) == ("h21.58", "unit_head", ("H21.58",))


def test_row_without_a_unit_is_a_viewer(read):
    [row] = read(("Login", "Name"), ("guest", "A guest"))

    assert (row.role, row.units) == ("viewer", ())


def test_person_may_head_several_units_in_one_row_or_several(read):
    rows = read(
        HEAD,
        ("hai", "Hai", "", "SGTVT; SGDDT"),
        ("ba", "Ba", "", "SGTVT"),
        ("ba", "Ba", "", "SGDDT"),
    )

    assert [row.units for row in rows] == [("SGTVT", "SGDDT"), ("SGTVT", "SGDDT")]


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((("Số", "Ngày"), ("1", "2")), [("1", "no_header")]),
        ((HEAD,), [("1", "nobody")]),
        ((HEAD, ("lan", "Lan", "", "Sở Không Có")), [("2", "unknown_unit")]),
        ((HEAD, ("lan", "Lan", "sếp", "SGTVT")), [("2", "unknown_role")]),
        ((HEAD, ("l ạ", "Lan", "", "SGTVT")), [("2", "wrong_login")]),
        ((HEAD, ("", "Lan", "", "")), [("2", "wrong_login")]),
        ((HEAD, ("lan", "Lan", "người đứng đầu đơn vị", "")), [("2", "without_unit")]),
        ((HEAD, ("lan", "Lan", "", "SGTVT"), ("lan", "Lan", "", "SGTVT")), [("3", "twice")]),
        ((HEAD, ("lan", "Lan", "", "SGTVT"), ("lan", "Ai khác", "", "SGDDT")), [("3", "twice")]),
    ],
)
def test_workbook_is_refused_with_each_row_that_is_wrong(read, rows, expected):
    with pytest.raises(AccountsRefused) as caught:
        read(*rows)

    assert problems(caught) == expected


def test_refusal_speaks_both_languages_and_does_not_go_on_for_ever(read):
    with pytest.raises(AccountsRefused) as caught:
        read(HEAD, *[(f"lan{number}", "Lan", "sếp", "SGTVT") for number in range(50)])

    assert "Dòng 2: không có vai trò nào là “sếp”." in caught.value.sentence("vi")
    assert caught.value.sentence("vi").endswith("… và 30 lỗi khác.")
    assert "Row 2: there is no role called “sếp”." in str(caught.value)


def test_workbook_with_one_wrong_row_makes_no_account(take_in, store):
    with pytest.raises(CampaignError):
        take_in(HEAD, ("lan", "Lan", "", "SGTVT"), ("hai", "Hai", "sếp", "SGTVT"))

    with store.reading() as session:
        assert find_accounts(session) == []


def test_workbook_is_refused_from_somebody_who_may_not(take_in, store):
    with pytest.raises(Refused):
        take_in(HEAD, ("lan", "Lan", "", "SGTVT"), by="nobody")

    with store.reading() as session:
        assert find_accounts(session) == []


# --- what is made ---------------------------------------------------------------------------------------------------


def test_every_unit_of_the_province_gets_its_head_in_one_go(take_in, store):
    with store.reading() as session:
        units = [unit for unit in find_units(session) if unit.level != "province"]

    done = take_in(("Họ tên", "Mã đơn vị"), *[(f"Người đứng đầu {unit.name}", unit.code) for unit in units])

    assert len(done.made) == len(units) > 250
    assert len({person.password for person in done.made}) == len(units)
    first = done.made[0]
    assert account(store, first.login).must_change
    with store.reading() as session:
        assert passwords.matches(find_password_hash(session, account(store, first.login).id), first.password)


def test_same_workbook_again_makes_nothing_and_says_so(take_in):
    rows = (HEAD, ("lan", "Lan", "", "SGTVT"), ("hai", "Hai", "", "SGDDT"))
    take_in(*rows)

    again = take_in(*rows, ("ba", "Ba", "", "SGTVT"), name="again.xlsx")

    assert ([person.login for person in again.made], again.unchanged) == (["ba"], ("lan", "hai"))


def test_progress_is_told_for_each_password(store, matcher, tmp_path):
    result = []

    import_accounts(
        store,
        workbook(tmp_path / "people.xlsx", HEAD, ("lan", "Lan", "", "SGTVT"), ("hai", "Hai", "", "SGDDT")),
        matcher,
        context=ChangeContext(by="system:test", reason="test", now=FOUNDED),
        machine=MACHINE,
        progress=lambda done, total: result.append((done, total)),
    )

    assert result == [(1, 2), (2, 2)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_sealed_list_says_who_may_open_it_and_holds_every_password(take_in, language):
    done = take_in(HEAD, ("lan", "=HYPERLINK(1)", "", "SGTVT"), ("hai", "Hai", "lãnh đạo", ""))

    content = sealed_workbook(done, address="https://our.example", language=language)

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    assert ("MẬT" if language == "vi" else "CONFIDENTIAL") in rows[0][0]
    assert "https://our.example" in rows[1][0]
    assert [row[4] for row in rows[4:]] == [person.password for person in done.made]
    assert sheet["B5"].data_type == "s"
    assert done.until == MACHINE + ONE_TIME_FOR


def test_file_that_is_no_table_is_refused(matcher, tmp_path):
    path = Path(tmp_path / "people.pdf")
    path.write_bytes(b"%PDF-1.7")

    with pytest.raises(CampaignError):
        read_rows(path, matcher)
