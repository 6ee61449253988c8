"""Accounts from a workbook: what offices send becomes accounts, all or none, and the sealed list is complete."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from jobs import accounts
from jobs.accounts import AccountsRefused, import_accounts, make_first_administrator, read_rows, sealed_workbook
from jobs.imports.units.matching import UnitMatcher
from models.accounts import passwords
from models.accounts.passwords import ONE_TIME_FOR
from models.accounts.queries import find_account, find_accounts, find_password_hash
from models.campaign.archiving import set_archived
from models.core import formats
from models.core.audit import ChangeContext
from models.core.store import Store
from models.core.texts import text
from models.meetings.digests import find_addresses
from models.results.inputs import load_campaign
from models.units.queries import Head, find_heads, find_units
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
    def taken(*rows, by="system:test", name="people.xlsx", here=None):
        path = workbook(tmp_path / name, *rows)
        context = ChangeContext(by=by, reason="test", now=FOUNDED)
        return import_accounts(store, path, matcher, here=here, context=context, machine=MACHINE)

    return taken


@pytest.fixture
def read(matcher, tmp_path):
    return lambda *rows: read_rows(workbook(tmp_path / "people.xlsx", *rows), matcher)


def account(store, login):
    with store.reading() as session:
        return find_account(session, login)


def problems(caught):
    return [(row.place.partition("!")[2], row.problem) for row in caught.value.problems]


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
        "Sheet1!C4", "le.van.a", "Lê Văn A", "unit_head", ("SGTVT",),
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
        ((("Số", "Ngày"), ("1", "2")), [("A1", "people_no_header")]),
        ((HEAD,), [("A1", "people_nobody")]),
        ((HEAD, ("lan", "Lan", "", "Sở Không Có Đâu Cả")), [("D2", "unit_unknown")]),
        ((HEAD, ("lan", "Lan", "sếp", "SGTVT")), [("C2", "word_unknown")]),
        ((HEAD, ("l ạ", "Lan", "", "SGTVT")), [("A2", "people_login")]),
        ((HEAD, ("", "Lan", "", "")), [("A2", "people_login")]),
        ((HEAD, ("lan", "@Lan", "", "SGTVT")), [("B2", "begins_a_formula")]),
        ((HEAD, ("lan", "Lan", "người đứng đầu đơn vị", "")), [("D2", "people_without_unit")]),
        ((HEAD, ("lan", "Lan", "", "SGTVT"), ("lan", "Lan", "", "SGTVT")), [("A3", "people_twice")]),
        ((HEAD, ("lan", "Lan", "", "SGTVT"), ("lan", "Ai khác", "", "SGDDT")), [("A3", "people_twice")]),
        ((("Họ tên", "Đơn vị", "Email"), ("Lan", "SGTVT", "lan@")), [("C2", "people_mail")]),
        ((("Họ tên", "Mã", "Điện thoại"), ("Lan", "SGTVT", "gọi sau")), [("C2", "people_phone")]),
    ],
)
def test_workbook_is_refused_with_each_row_that_is_wrong(read, rows, expected):
    with pytest.raises(AccountsRefused) as caught:
        read(*rows)

    assert problems(caught) == expected


def test_refusal_speaks_both_languages_and_does_not_go_on_for_ever(read):
    with pytest.raises(AccountsRefused) as caught:
        read(HEAD, *[(f"lan{number}", "Lan", "sếp", "SGTVT") for number in range(50)])

    assert "- Sheet1!C2, cột “Vai trò”: không hiểu “sếp”" in caught.value.sentence("vi")
    assert caught.value.sentence("vi").endswith("… và 30 lỗi khác.")
    assert "- Sheet1!C2, column “Vai trò”: “sếp” is not understood." in str(caught.value)


def test_row_may_name_its_district_so_that_two_communes_of_one_name_are_told_apart(read):
    head = ("Họ tên", "Xã", "Huyện")

    [row] = read(head, ("Lan", "Ia O", "Chư Prông"))

    assert row.units == ("23914",)


@pytest.mark.parametrize(("written", "proposed"), [("xã Ia O", "23914"), ("Sở Giao thong vận tải hh", "SGTVT")])
def test_name_that_fits_several_units_or_none_is_refused_with_those_that_may_be_meant(read, written, proposed):
    with pytest.raises(AccountsRefused) as caught:
        read(("Họ tên", "Đơn vị"), ("Lan", written))

    assert all(proposed in caught.value.sentence(language) for language in ("vi", "en"))


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


@pytest.mark.soak
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


def test_heads_telephones_and_mail_addresses_are_entered_in_one_go(take_in, store):
    head = ("Họ tên", "Đơn vị", "Chức vụ", "Số điện thoại", "Email", "Vai trò")

    done = take_in(
        ("Tên đăng nhập", *head),
        ("a1", "Lê Văn A", "SGTVT", "Giám đốc", 905111222, "A@gov.example", ""),
        ("b1", "Trần B", "SGDDT", "", "", "", ""),
        ("c1", "Đỗ C", "SGDDT", "Phó Giám đốc", "", "", ""),
        ("d1", "Lãnh đạo D", "", "", "0269 3 824 403", "d@gov.example", "Lãnh đạo"),
    )

    with store.reading() as session:
        heads, mails = find_heads(session, ["SGTVT", "SGDDT"]), find_addresses(session)
    assert heads["SGTVT"] == Head("Giám đốc", "Lê Văn A", "0905111222")
    assert heads["SGDDT"].name is None
    assert {login: wanted.address for login, wanted in mails.items()} == {"a1": "a@gov.example", "d1": "d@gov.example"}
    assert (done.heads, done.mails, done.shared) == (1, 2, ("Sở Giáo dục và Đào tạo",))
    assert "Sở Giáo dục và Đào tạo" in done.sentence("vi")
    assert all(text(f"people.entered_{name}", "vi", count=count) in done.sentence("vi")
               for name, count in (("heads", 1), ("mails", 2)))  # fmt: skip


def test_in_a_further_campaign_heads_and_mails_are_entered_there(take_in, store, founded, tmp_path):
    (tmp_path / "further.db").write_bytes((founded / "caodiem.db").read_bytes())
    further = Store(f"sqlite:///{tmp_path / 'further.db'}")

    take_in(("Họ tên", "Đơn vị", "Email"), ("Lê Văn A", "SGTVT", "a@gov.example"), here=further)

    for one, units, name in ((store, (), None), (further, ("SGTVT",), "Lê Văn A")):
        with one.reading() as session:
            assert find_account(session, "sgtvt").units == units
            assert find_heads(session, ["SGTVT"])["SGTVT"].name == name
            assert list(find_addresses(session)) == ["sgtvt"] * bool(units)
    further.close()


def test_campaign_in_the_archive_gets_accounts_and_keeps_its_heads(take_in, store):
    with store.writing() as session:
        over = ChangeContext(by="system:test", reason="over", now=FOUNDED + timedelta(days=365))
        set_archived(session, is_archived=True, context=over)

    done = take_in(HEAD, ("lan", "Lan", "", "SGTVT"))

    assert (len(done.made), done.heads) == (1, 0)
    assert done.sentence("vi") == text("people.imported", "vi", made=1, unchanged=0)
    with store.reading() as session:
        assert find_heads(session, ["SGTVT"])["SGTVT"].name is None


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
    done = take_in(HEAD, ("lan", "Lan", "", "SGTVT"), ("hai", "Hai", "lãnh đạo", ""))

    content = sealed_workbook(done, address="https://our.example", language=language)

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    assert ("MẬT" if language == "vi" else "CONFIDENTIAL") in rows[0][0]
    assert "https://our.example" in rows[1][0]
    assert [row[4] for row in rows[4:]] == [person.password for person in done.made]
    assert [row[3] or "" for row in rows[4:]] == ["Sở Giao thông vận tải", ""]
    for row in rows[4:]:
        assert all(
            part in row[5] for part in (row[0], row[4], "https://our.example", formats.moment(done.until, language))
        )
    assert done.until == MACHINE + ONE_TIME_FOR


def test_file_that_is_no_table_is_refused(matcher, tmp_path):
    path = Path(tmp_path / "people.pdf")
    path.write_bytes(b"%PDF-1.7")

    with pytest.raises(CampaignError):
        read_rows(path, matcher)
