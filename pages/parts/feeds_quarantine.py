"""Rows that wait in quarantine: what was told, what is wrong with it, and the fields that can be mended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jobs.imports import Notice, sentence
from jobs.imports.headers import Headings
from jobs.imports.raw_rows import BETWEEN
from models import formats
from models.queries.quarantine import QuarantinedRow, WaitingGroup
from models.texts import text
from pages.parts.feeds_choices import Screen
from pages.parts.feeds_lists import shown_of, source_name
from targets.values import Campaign

ROWS = 5
GROUP = 2
"""Rows from which on a group may be dismissed at once."""
GROUPS = 50
"""Groups that are named at most."""
"""Rows on one screen: each is a form."""
DATED = ("readings", "scores")
"""Kinds whose rows are about a day; a file may name it in its title, which the row alone does not know."""
SOURCE_ROW = "source_row"
"""Where a pulled row keeps what its source said: to be looked at, not to be mended."""


@dataclass(frozen=True)
class FieldView:
    """One cell of a row; `is_wrong` is the one that was refused."""

    name: str
    value: str
    is_wrong: bool


@dataclass(frozen=True)
class RowView:
    """One row that waits."""

    id: int
    version: int
    title: str
    problem: str
    origin: str
    """From which source and file it came, and when."""
    fields: tuple[FieldView, ...]
    source_row: str
    """What the source itself said; empty for rows of files."""


@dataclass(frozen=True)
class GroupView:
    """Rows of one load with one problem, which may be dismissed at once."""

    run: int
    problem: str
    count: int
    words: str


@dataclass(frozen=True)
class QuarantineView:
    """One screen of rows that wait, and what was settled last."""

    title: str
    intro: str
    rows: tuple[RowView, ...]
    shown: str
    screen: Screen
    settled: tuple[str, ...]
    groups: tuple[GroupView, ...] = ()


def quarantine_view(
    campaign: Campaign,
    rows: Sequence[QuarantinedRow],
    settled: Sequence[QuarantinedRow],
    screen: Screen,
    language: str,
    groups: Sequence[WaitingGroup] = (),
) -> QuarantineView:
    return QuarantineView(
        title=text("feeds.rows.title", language),
        intro=text("feeds.rows.intro", language) if rows else "",
        rows=tuple(_row(row, campaign, language) for row in rows),
        shown=shown_of("rows", screen, len(rows), language),
        screen=screen,
        settled=tuple(_settled(row, language) for row in settled),
        groups=tuple(_group(group, campaign, language) for group in groups),
    )


def _group(group: WaitingGroup, campaign: Campaign, language: str) -> GroupView:
    first = group.first
    words = text(
        "feeds.groups.group",
        language,
        rows=formats.whole(group.count, language),
        source=source_name(first.source, campaign, language),
        file=first.file or "–",
        at=formats.moment(first.received_at, language),
        problem=problem_words(first, language),
    )
    return GroupView(group.run, group.problem, group.count, words)


def problem_words(row: QuarantinedRow, language: str) -> str:
    """What is wrong with a row and what to write instead."""
    notice = Notice("problem", row.problem, row.terms)
    return sentence(notice, language, place=row.place, field=row.field, value=row.value)


def _row(row: QuarantinedRow, campaign: Campaign, language: str) -> RowView:
    known = {name: str(value) for name, value in row.raw.items() if name != SOURCE_ROW}
    if row.field:
        known.setdefault(row.field, row.value)
    if row.kind in DATED and not _says_day(known, campaign):
        known[text("feeds.rows.day", language)] = "" if row.for_date is None else formats.day(row.for_date, language)
    return RowView(
        id=row.id,
        version=row.version,
        title=text("feeds.rows.row", language, row=formats.whole(row.id, language)),
        problem=problem_words(row, language),
        origin=text(
            "feeds.rows.origin",
            language,
            source=source_name(row.source, campaign, language),
            file=row.file or "–",
            at=formats.moment(row.received_at, language),
        ),
        fields=tuple(FieldView(name, value, name == row.field) for name, value in known.items()),
        source_row=str(row.raw.get(SOURCE_ROW, "")),
    )


def _says_day(names: Iterable[str], campaign: Campaign) -> bool:
    """Whether one of the columns is the day of the figures."""
    headings = Headings(campaign)
    columns = (headings.column(0, name.split(BETWEEN)) for name in names)
    return any(column is not None and column.role == "as_of" for column in columns)


def _settled(row: QuarantinedRow, language: str) -> str:
    return text(
        f"feeds.rows.{row.state}",
        language,
        row=formats.whole(row.id, language),
        by=row.settled_by or "–",
        at="–" if row.settled_at is None else formats.moment(row.settled_at, language),
        reason=row.settled_reason or "–",
    )
