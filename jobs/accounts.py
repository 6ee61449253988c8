"""Accounts from a workbook, 260 in one go, and the sealed list of their one-time passwords.

A row is a person: login, name, role, unit. Without a login it is the unit's code; without a role it is a unit head
where there is a unit, a viewer where there is none. Several rows of one login name several units. All rows or none.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import xlsxwriter

from jobs.documents.writable import sheet_name
from jobs.imports.formats.opening import open_sheets
from jobs.imports.formats.sheets import HEAD_ROWS, Sheet, shown
from jobs.imports.units.matching import UnitMatcher
from jobs.imports.values import COMMAND, Limits
from jobs.imports.words import folded as without_marks
from jobs.imports.words import heading
from jobs.workplace import Workplace
from models.accounts.actions import (
    FIRST_NAME,
    NewAccount,
    change_units,
    create_accounts,
    create_first_administrator,
)
from models.accounts.following import FOLLOWING, FRONT, find_people, follow_people
from models.accounts.passwords import ONE_TIME_FOR, folded, hashed, is_login, one_time
from models.accounts.queries import find_accounts, find_known_units, has_accounts
from models.core import formats
from models.core.audit import ChangeContext
from models.core.store import Store
from models.core.texts import LANGUAGES, text, texts
from targets.errors import CampaignError, UnknownName
from targets.permissions import ROLES, Role

HASHED_AT_ONCE = 2
"""Each password takes 64 MiB and a core."""
COLUMNS = {
    "login": ("ten dang nhap", "tai khoan", "login", "username", "account", "email"),
    "name": ("ho ten", "ho va ten", "ten nguoi dung", "nguoi dung dau", "ten", "name", "full name", "head"),
    "role": ("vai tro", "quyen", "role"),
    "unit": ("don vi", "co quan", "ten don vi", "unit"),
    "code": ("ma don vi", "ma dinh danh", "ma", "unit code", "code", "identity code"),
}
"""Headings by which a column is known, without marks."""
MOST_TOLD = 20
"""Wrong rows that are named; more are counted."""
Progress = Callable[[int, int], None]


class AccountsRefused(CampaignError):
    """A workbook of accounts holds mistakes; nothing of it was taken in."""

    def __init__(self, problems: Sequence[tuple[str, str, dict[str, str]]]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        lines = [
            text("people.row", language, place=place, problem=text(f"people.{code}", language, **terms))
            for place, code, terms in self.problems[:MOST_TOLD]
        ]
        if len(self.problems) > MOST_TOLD:
            lines.append(text("people.more", language, count=len(self.problems) - MOST_TOLD))
        return "\n".join((text("people.refused", language, count=len(self.problems)), *lines))


@dataclass(frozen=True)
class Row:
    """A person as a row of a workbook names them."""

    place: str
    login: str
    name: str
    role: Role
    units: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """An account that was made, with the one-time password that is shown once and kept nowhere."""

    login: str
    name: str
    role: Role
    units: tuple[str, ...]
    password: str


@dataclass(frozen=True)
class Imported:
    """What an import did: accounts that are new, and logins that already existed and stay as they are."""

    made: tuple[Made, ...]
    unchanged: tuple[str, ...]
    until: datetime
    """When the one-time passwords stop working."""


def make_first_administrator(store: Store, *, context: ChangeContext, machine: datetime) -> Made | None:
    """The first administrator of a store that has no account, with a one-time password; None where it has any."""
    with store.reading() as session:
        if has_accounts(session):
            return None
    password = one_time()
    kept = hashed(password)
    with store.writing() as session:
        login = create_first_administrator(session, hashed=kept, context=context, machine=machine)
    return None if login is None else Made(login, FIRST_NAME, "administrator", (), password)


def bring_people(workplace: Workplace, *, context: ChangeContext) -> int:
    """Bring a further campaign's accounts up to the front's; answers how many differed."""
    with workplace.at_front().store.reading() as session:
        people = find_people(session)
    with workplace.store.reading() as session:
        held = find_people(session)
    if [replace(person, units=()) for person in people] == [replace(person, units=()) for person in held]:
        return 0
    with workplace.store.writing() as session:
        return follow_people(session, people, context=replace(context, by=FRONT, reason=FOLLOWING))


def make_accounts(
    front: Store, here: Store, accounts: Sequence[NewAccount], *, context: ChangeContext, machine: datetime
) -> None:
    """Make accounts at the front, all or none; what they head is said in the campaign whose codes are meant.

    `here` is that campaign's store, the front's own or a further one. Raises like `create_accounts`.
    """
    if here is front:
        with front.writing() as session:
            create_accounts(session, accounts, context=context, machine=machine)
        return
    wanted = {code: None for new in accounts for code in new.units}
    with here.reading() as session:
        known = find_known_units(session, tuple(wanted))
    for code in wanted.keys() - set(known):  # before anybody is let in
        raise UnknownName(kind="unit", name=code)
    with front.writing() as session:
        elsewhere = [replace(new, units=(), heads_elsewhere=bool(new.units)) for new in accounts]
        create_accounts(session, elsewhere, context=context, machine=machine)
    with front.reading() as session:
        people = find_people(session)
    with here.writing() as session:
        follow_people(session, people, context=replace(context, by=FRONT, reason=FOLLOWING, role=""))
        for new in accounts:
            if new.units:
                change_units(session, new.login, new.units, context=context)


def import_accounts(
    store: Store,
    path: Path,
    matcher: UnitMatcher,
    *,
    here: Store | None = None,
    context: ChangeContext,
    machine: datetime,
    limits: Limits = COMMAND,
    progress: Progress = lambda _done, _total: None,
) -> Imported:
    """Read a workbook, make its accounts with one-time passwords, all or none.

    `here` is the campaign whose units it names, where that is not this store's.
    Raises FileRefused, AccountsRefused, Refused.
    """
    rows = read_rows(path, matcher, limits)
    with store.reading() as session:
        known = {account.login for account in find_accounts(session)}
    new = [row for row in rows if row.login not in known]
    made = [Made(row.login, row.name, row.role, row.units, one_time()) for row in new]
    accounts = []
    # Before the store is locked: a password takes its time on purpose.
    with ThreadPoolExecutor(HASHED_AT_ONCE) as workers:
        for done, (person, kept) in enumerate(
            zip(made, workers.map(hashed, (person.password for person in made)), strict=True), start=1
        ):
            accounts.append(NewAccount(person.login, person.name, person.role, person.units, hashed=kept))
            progress(done, len(made))
    make_accounts(store, here or store, accounts, context=context, machine=machine)
    unchanged = tuple(row.login for row in rows if row.login in known)
    return Imported(tuple(made), unchanged, machine + ONE_TIME_FOR)


def read_rows(path: Path, matcher: UnitMatcher, limits: Limits = COMMAND) -> list[Row]:
    """The people of a workbook's first sheet with a known header, one for each login.

    Raises FileRefused for a file that is no table, AccountsRefused naming every row that cannot be used.
    """
    _, sheets = open_sheets(path, limits)
    for sheet in sheets:
        found = _header(sheet)
        if found is not None:
            number, places = found
            return _rows(sheet, number, places, matcher)
    raise AccountsRefused([("1", "no_header", {})])


def sealed_workbook(imported: Imported, *, address: str, language: str) -> bytes:
    """The list to hand out: who, with which one-time password, until when, and who may open it. Never stored here."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wide = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(sheet_name(text("people.sheet", language), set()))
    until = formats.moment(imported.until, language)
    sheet.write_string(0, 0, text("people.sealed", language), bold)
    sheet.write_string(1, 0, text("people.how", language, address=address or "—", until=until))
    names = ("login", "name", "role", "unit", "password")
    for column, name in enumerate(names):
        sheet.write_string(3, column, text(f"people.column.{name}", language), bold)
        sheet.set_column(column, column, 28)
    for line, person in enumerate(imported.made, start=4):
        said = (
            person.login,
            person.name,
            text(f"role.{person.role}", language),
            ", ".join(person.units),
            person.password,
        )
        for column, words in enumerate(said):
            sheet.write_string(line, column, words, wide)
    sheet.freeze_panes(4, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    book.close()
    return made.getvalue()


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and where each known column stands; None where no row says who a person is."""
    for block in sheet.blocks(HEAD_ROWS):
        for number, row in zip(block.numbers, block.rows, strict=True):
            words = [heading(shown(cell)) for cell in row]
            places: dict[str, int] = {}
            for role, known in COLUMNS.items():
                found = next((words.index(each) for each in known if each in words), None)
                if found is not None and found not in places.values():
                    places[role] = found
            if {"login", "name"} <= places.keys() or ("name" in places and {"unit", "code"} & places.keys()):
                return number, places
        return None
    return None


def _rows(sheet: Sheet, header: int, places: dict[str, int], matcher: UnitMatcher) -> list[Row]:
    problems: list[tuple[str, str, dict[str, str]]] = []
    by_login: dict[str, Row] = {}
    for number, cells in _reported(sheet, header, places):
        try:
            row = _row(str(number), cells, matcher)
        except _Wrong as wrong:
            problems.append((str(number), wrong.code, wrong.terms))
            continue
        before = by_login.get(row.login)
        if before is None:
            by_login[row.login] = row
        elif (before.name, before.role) != (row.name, row.role) or set(row.units) <= set(before.units):
            problems.append((row.place, "twice", {"login": row.login, "first": before.place}))
        else:
            by_login[row.login] = replace(before, units=(*before.units, *row.units))
    if not by_login and not problems:
        problems.append((str(header), "nobody", {}))
    if problems:
        raise AccountsRefused(problems)
    return list(by_login.values())


def _reported(sheet: Sheet, header: int, places: dict[str, int]) -> Iterable[tuple[int, dict[str, str]]]:
    """Number and cells of every row below the header that says anything in a known column."""
    for block in sheet.blocks(1_000):
        for number, row in zip(block.numbers, block.rows, strict=True):
            if number <= header:
                continue
            cells = {role: shown(row[place]).strip() if place < len(row) else "" for role, place in places.items()}
            if any(cells.values()):
                yield number, cells


class _Wrong(Exception):
    """A row that cannot be used."""

    def __init__(self, code: str, **terms: str) -> None:
        self.code, self.terms = code, terms
        super().__init__(code)


def _row(place: str, cells: dict[str, str], matcher: UnitMatcher) -> Row:
    units = _units(cells.get("unit", ""), cells.get("code", ""), matcher)
    login = folded(cells.get("login", "")) or (units[0].casefold() if units else "")
    if not is_login(login):
        raise _Wrong("wrong_login", login=login or "—")
    role = _role(cells.get("role", ""), has_unit=bool(units))
    if role == "unit_head" and not units:
        raise _Wrong("without_unit", login=login)
    return Row(place, login, cells.get("name", "") or login, role, units)


def _units(names: str, codes: str, matcher: UnitMatcher) -> tuple[str, ...]:
    """Codes of the units a row names; several stand with a semicolon between them."""
    written = [part.strip() for part in (codes or names).split(";") if part.strip()]
    found = []
    for each in written:
        name = names if codes and len(written) == 1 else ""
        matched = matcher.find(code=each, name=name) if codes else matcher.find(name=each)
        if not isinstance(matched, tuple) and not codes:
            matched = matcher.find(code=each)
        if not isinstance(matched, tuple) or len(matched) != 1:
            raise _Wrong("unknown_unit", unit=each)
        found.append(matcher.units[matched[0]].code)
    return tuple(dict.fromkeys(found))


def _role(written: str, *, has_unit: bool) -> Role:
    if not written:
        return "unit_head" if has_unit else "viewer"
    wanted = without_marks(written)
    for role in ROLES:
        said = {without_marks(texts(language)[f"role.{role}"]) for language in LANGUAGES}
        if wanted in said | {without_marks(role), role.replace("_", " ")}:
            return role
    raise _Wrong("unknown_role", role=written)
