"""Accounts from a workbook, 260 in one go, and the sealed list of their one-time passwords.

A row is a person: login, name, role, unit, and, if told, title, phone and mail. Without a login it is the unit's code,
without a unit the mail address; without a role it is a unit head where there is a unit, a viewer where there is
none. Several rows of one login name several units. All rows or none. Who heads a unit becomes its head in the campaign.
"""

import io
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from jobs.documents.writable import A4, new_book, set_page, sheet_name
from jobs.imports.formats.opening import open_sheets
from jobs.imports.formats.sheets import Row, Sheet, head, numbered_rows, shown
from jobs.imports.problems import Notice, problem
from jobs.imports.tables.vocabulary import COLUMNS as OF_FILES
from jobs.imports.units.matching import UnitMatcher
from jobs.imports.values import COMMAND, Limits, RejectedRow, place_of
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
from models.catalogue.problems import begins_a_formula
from models.catalogue.unit_file import are_phones
from models.core import formats
from models.core.audit import ChangeContext
from models.core.permission import find_archived
from models.core.store import Store
from models.core.texts import LANGUAGES, text, texts
from models.meetings.digests import ADDRESS, Wanted, find_addresses, set_mail_address
from models.units.actions import name_heads
from models.units.queries import Head
from targets.errors import CampaignError, UnknownName
from targets.permissions import ROLES, Role

HASHED_AT_ONCE = min(os.cpu_count() or 1, 8)
"""Each password takes a core for a quarter of a second, on purpose, and 64 MiB."""
COLUMNS = {
    "login": ("ten dang nhap", "tai khoan", "login", "username", "account"),
    "name": ("ho ten", "ho va ten", "ten nguoi dung", "nguoi dung dau", "ten", "name", "full name", "head"),
    "role": ("vai tro", "quyen", "role"),
    "unit": tuple(each for each in OF_FILES["unit"] if each not in ("ten", "name")),
    "code": (*OF_FILES["code"], *OF_FILES["identity_code"], *OF_FILES["gso_code"]),
    "district": OF_FILES["district"],
    "title": (*OF_FILES["head_title"], "title"),
    "phone": (
        *OF_FILES["head_phone"],
        "sdt",
        "so dt",
        "di dong",
        "so di dong",
        "dien thoai di dong",
        "phone",
        "mobile",
    ),
    "mail": (
        "thu dien tu",
        "dia chi thu",
        "dia chi thu dien tu",
        "hop thu",
        "email",
        "e mail",
        "dia chi email",
        "mail",
    ),
}
"""Headings by which a column is known, without marks."""
SEALED_COLUMNS = {"login": 18, "name": 24, "role": 20, "unit": 30, "password": 26, "message": 70}
"""The sealed list's columns and how wide they are, in letters."""
MOST_TOLD = 20
"""Wrong rows that are named; more are counted."""
Progress = Callable[[int, int], None]


class AccountsRefused(CampaignError):
    """A workbook of accounts holds mistakes; nothing of it was taken in."""

    def __init__(self, problems: Sequence[RejectedRow]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        lines = [f"- {problem.sentence(language)}" for problem in self.problems[:MOST_TOLD]]
        if len(self.problems) > MOST_TOLD:
            lines.append(text("people.more", language, count=len(self.problems) - MOST_TOLD))
        return "\n".join((text("people.refused", language, count=len(self.problems)), *lines))


@dataclass(frozen=True)
class PersonRow:
    """A person as a row of a workbook names them."""

    place: str
    login: str
    name: str
    role: Role
    units: tuple[str, ...]
    title: str = ""
    phone: str = ""
    mail: str = ""


@dataclass(frozen=True)
class Made:
    """An account that was made, with the one-time password that is shown once and kept nowhere."""

    login: str
    name: str
    role: Role
    units: tuple[str, ...]
    """Their names."""
    password: str


@dataclass(frozen=True)
class Imported:
    """What an import did: accounts that are new, and logins that already existed and stay as they are."""

    made: tuple[Made, ...]
    unchanged: tuple[str, ...]
    until: datetime
    """When the one-time passwords stop working."""
    heads: int = 0
    """Units whose head the rows named."""
    shared: tuple[str, ...] = ()
    """Names of units that several people head by the rows: nobody was entered as their head."""
    mails: int = 0

    def sentence(self, language: str) -> str:
        """What it did, in words."""
        said = [text("people.imported", language, made=len(self.made), unchanged=len(self.unchanged))]
        entered = {"heads": self.heads, "mails": self.mails}
        said += [text(f"people.entered_{name}", language, count=count) for name, count in entered.items() if count]
        if self.shared:
            units = "; ".join(self.shared[:MOST_TOLD])
            said.append(text("people.shared", language, count=len(self.shared), units=units))
        return " ".join(said)


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
    front: Store,
    here: Store,
    accounts: Sequence[NewAccount],
    *,
    context: ChangeContext,
    machine: datetime,
    then: Callable[[Session], None] = lambda _session: None,
) -> None:
    """Make accounts at the front, all or none; what they head is said in the campaign whose codes are meant.

    `here` is that campaign's store, the front's own or a further one; `then` is done there, in the same transaction.
    Raises like `create_accounts`.
    """
    if here is front:
        with front.writing() as session:
            create_accounts(session, accounts, context=context, machine=machine)
            then(session)
        return
    wanted = {code: None for new in accounts for code in new.units}
    with here.reading() as session:
        known = find_known_units(session, tuple(wanted))
    for code in wanted.keys() - set(known):  # before anybody is let in
        raise UnknownName(kind="unit", name=code)
    with front.writing() as session:
        elsewhere = [replace(new, units=(), heads_elsewhere=bool(new.units)) for new in accounts]
        create_accounts(session, elsewhere, context=context, machine=machine)
    heads = {new.login: new.units for new in accounts}
    with front.reading() as session:
        people = [replace(person, units=heads.get(person.login, person.units)) for person in find_people(session)]
    with here.writing() as session:
        follow_people(session, people, context=replace(context, by=FRONT, reason=FOLLOWING, role=""))
        held = {row.login: row.units for row in find_accounts(session)}
        for login, units in heads.items():
            if set(units) != set(held[login]):  # a copy was there before
                change_units(session, login, units, context=context)
        then(session)


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
    """Read a workbook, make its accounts with one-time passwords, enter heads and mail addresses: all or nothing.

    `here` is the campaign whose units it names, where that is not this store's.
    Raises FileRefused, AccountsRefused, Refused.
    """
    rows = read_rows(path, matcher, limits)
    names = {unit.code: unit.name for unit in matcher.units}
    with store.reading() as session:
        known = {account.login for account in find_accounts(session)}
    new = [row for row in rows if row.login not in known]
    made = [
        Made(row.login, row.name or row.login, row.role, tuple(names[code] for code in row.units), one_time())
        for row in new
    ]
    accounts = []
    # Before the store is locked: a password takes its time on purpose.
    with ThreadPoolExecutor(HASHED_AT_ONCE) as workers:
        for done, (row, kept) in enumerate(
            zip(new, workers.map(hashed, (person.password for person in made)), strict=True), start=1
        ):
            accounts.append(NewAccount(row.login, row.name, row.role, row.units, hashed=kept))
            progress(done, len(made))
    heads = {code: row for row in rows if row.role == "unit_head" for code in row.units}
    times = Counter(code for row in rows if row.role == "unit_head" for code in row.units)
    shared = tuple(names[code] for code in heads if times[code] > 1)
    filled = [0, 0]

    def fill(session: Session) -> None:
        if not find_archived(session):
            told = {
                code: Head(row.title or None, row.name, row.phone or None)
                for code, row in heads.items()
                if times[code] == 1 and row.name
            }
            filled[0] = name_heads(session, told, context=context)
        wanted = find_addresses(session)
        for row in rows:
            before = wanted.get(row.login, Wanted(""))
            if row.mail not in ("", before.address):
                set_mail_address(
                    session, row.login, row.mail, digest=before.digest, reminders=before.reminders, context=context
                )
                filled[1] += 1

    make_accounts(store, here or store, accounts, context=context, machine=machine, then=fill)
    unchanged = tuple(row.login for row in rows if row.login in known)
    return Imported(tuple(made), unchanged, machine + ONE_TIME_FOR, filled[0], shared, filled[1])


def read_rows(path: Path, matcher: UnitMatcher, limits: Limits = COMMAND) -> list[PersonRow]:
    """The people of a workbook's first sheet with a known header, one for each login.

    Raises FileRefused for a file that is no table, AccountsRefused naming every row that cannot be used.
    """
    _, sheets = open_sheets(path, limits)
    for sheet in sheets:
        found = _header(sheet)
        if found is not None:
            return _rows(sheet, *found, matcher)
    raise AccountsRefused([RejectedRow(place_of(sheets[0].name, 1, 0), "", "", "people_no_header", {}, {})])


def message(person: Made, *, address: str, until: datetime, language: str) -> str:
    """What is passed on to one person: where, as whom and with what to sign in."""
    return text(
        "people.message",
        language,
        name=person.name,
        of=", ".join(person.units) or text(f"role.{person.role}", language),
        address=address or text("people.no_address", language),
        login=person.login,
        password=person.password,
        until=formats.moment(until, language),
    )


def sealed_workbook(imported: Imported, *, address: str, language: str) -> bytes:
    """The list to hand out: who, with which one-time password, until when, and who may open it. Never stored here.

    Each row ends with the message to pass on to its person.
    """
    made = io.BytesIO()
    book = new_book(made)
    bold, wide = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(sheet_name(text("people.sheet", language), set()))
    until = formats.moment(imported.until, language)
    sheet.write_string(0, 0, text("people.sealed", language), bold)
    where = address or text("people.no_address", language)
    sheet.write_string(1, 0, text("people.how", language, address=where, until=until))
    for column, (name, width) in enumerate(SEALED_COLUMNS.items()):
        sheet.write_string(3, column, text(f"people.column.{name}", language), bold)
        sheet.set_column(column, column, width)
    for line, person in enumerate(imported.made, start=4):
        role, units = text(f"role.{person.role}", language), ", ".join(person.units)
        passed_on = message(person, address=address, until=imported.until, language=language)
        for column, words in enumerate((person.login, person.name, role, units, person.password, passed_on)):
            sheet.write_string(line, column, words, wide)
    sheet.freeze_panes(4, 0)
    set_page(sheet, paper=A4, mark=text("people.sealed", language))
    sheet.repeat_rows(3)
    book.close()
    return made.getvalue()


def _header(sheet: Sheet) -> tuple[int, dict[str, int], list[str]] | None:
    """The headings' row, where each known column stands, and the headings; None where no row says who is meant."""
    first = head(sheet)
    for number, row in zip(first.numbers, first.rows, strict=True):
        words = [heading(shown(cell)) for cell in row]
        places: dict[str, int] = {}
        for role, known in COLUMNS.items():
            found = next((words.index(each) for each in known if each in words), None)
            if found is not None and found not in places.values():
                places[role] = found
        if "name" in places and {"login", "unit", "code", "mail"} & places.keys():
            return number, places, [shown(cell) for cell in row]
    return None


class _Wrong(Exception):
    """A row that cannot be used: in which column, and why."""

    def __init__(self, column: str, notice: Notice) -> None:
        self.column, self.notice = column, notice
        super().__init__(notice.code)


@dataclass(frozen=True)
class _Line:
    """A row of the sheet, asked by what its columns mean."""

    sheet: str | None
    number: int
    row: Row
    places: dict[str, int]
    headings: list[str]

    def text(self, column: str) -> str:
        """What stands there. A telephone number that a spreadsheet took for a number has its zero back."""
        cell = self.row[self.places[column]] if self.places.get(column, len(self.row)) < len(self.row) else None
        written = " ".join(shown(cell).split())
        is_short = column == "phone" and isinstance(cell, int | float) and len(written) in (9, 10)
        return f"0{written}" if is_short else written

    def words(self, column: str) -> str:
        """Words that go into tables which others open."""
        written = self.text(column)
        if begins_a_formula(written):
            raise _Wrong(column, problem("begins_a_formula"))
        return written

    def place(self, column: str) -> str:
        return place_of(self.sheet, self.number, self.places.get(column, 0))

    def refused(self, column: str, notice: Notice) -> RejectedRow:
        place = self.places.get(column, 0)
        written = shown(self.row[place]) if place < len(self.row) else ""
        return RejectedRow(self.place(column), self.headings[place], written, notice.code, notice.terms, {})


def _rows(
    sheet: Sheet, header: int, places: dict[str, int], headings: list[str], matcher: UnitMatcher
) -> list[PersonRow]:
    problems: list[RejectedRow] = []
    by_login: dict[str, PersonRow] = {}
    for line in _lines(sheet, header, places, headings):
        try:
            row = _person(line, matcher)
        except _Wrong as wrong:
            problems.append(line.refused(wrong.column, wrong.notice))
            continue
        before = by_login.get(row.login)
        if before is None:
            by_login[row.login] = row
        elif (before.name, before.role) != (row.name, row.role) or set(row.units) <= set(before.units):
            again = problem("people_twice", login=row.login, first=before.place)
            problems.append(line.refused("login" if "login" in places else "name", again))
        else:
            said = {name: getattr(before, name) or getattr(row, name) for name in ("title", "phone", "mail")}
            by_login[row.login] = replace(before, units=(*before.units, *row.units), **said)
    if not by_login and not problems:
        problems.append(RejectedRow(place_of(sheet.name, header, 0), "", "", "people_nobody", {}, {}))
    if problems:
        raise AccountsRefused(problems)
    return list(by_login.values())


def _lines(sheet: Sheet, header: int, places: dict[str, int], headings: list[str]) -> Iterator[_Line]:
    """Every row below the header that says anything in a known column."""
    for number, row in numbered_rows(sheet):
        line = _Line(sheet.name, number, row, places, headings)
        if number > header and any(map(line.text, places)):
            yield line


def _person(line: _Line, matcher: UnitMatcher) -> PersonRow:
    units, mail, phone = _units(line, matcher), line.text("mail").casefold(), line.text("phone")
    if mail and not ADDRESS.fullmatch(mail):
        raise _Wrong("mail", problem("people_mail"))
    if phone and not are_phones(phone):
        raise _Wrong("phone", problem("people_phone"))
    login = folded(line.text("login")) or (units[0].casefold() if units else mail)
    if not is_login(login):
        raise _Wrong("login" if "login" in line.places else "name", problem("people_login", login=login or "—"))
    role = _role(line, has_unit=bool(units))
    if role == "unit_head" and not units:
        raise _Wrong("unit" if "unit" in line.places else "code", problem("people_without_unit", login=login))
    return PersonRow(line.place("name"), login, line.words("name"), role, units, line.words("title"), phone, mail)


def _units(line: _Line, matcher: UnitMatcher) -> tuple[str, ...]:
    """Codes of the units a row names; several stand with a semicolon between them. The district tells namesakes apart.

    What is not one unit is refused with the units that may be meant.
    """
    codes, names = line.text("code"), line.text("unit")
    written = [part.strip() for part in (codes or names).split(";") if part.strip()]
    column, district = "code" if codes else "unit", line.text("district")
    found = []
    for each in written:
        name = names if codes and len(written) == 1 else ""
        asked = {"code": each, "name": name} if codes else {"name": each}
        matched = matcher.find(**asked, district=district)
        if not isinstance(matched, tuple) and not codes and isinstance(by_code := matcher.find(code=each), tuple):
            matched = by_code
        if isinstance(matched, Notice):
            raise _Wrong(column, matched)
        if len(matched) != 1:
            named = "; ".join(map(matcher.described, matched))
            raise _Wrong(column, problem("unit_ambiguous", candidates=named))
        found.append(matcher.units[matched[0]].code)
    return tuple(dict.fromkeys(found))


def _role(line: _Line, *, has_unit: bool) -> Role:
    written = line.text("role")
    if not written:
        return "unit_head" if has_unit else "viewer"
    wanted = without_marks(written)
    for role in ROLES:
        said = {without_marks(texts(language)[f"role.{role}"]) for language in LANGUAGES}
        if wanted in said | {without_marks(role), role.replace("_", " ")}:
            return role
    known = "; ".join(texts("vi")[f"role.{role}"] for role in ROLES)
    raise _Wrong("role", problem("word_unknown", known=known))
