"""A list of the feeds page as a table of finished words; and the list of runs with what each was answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from jobs.imports import Notice, sentence
from models import formats
from models.pull_words import failure_sentence, note_sentence
from models.queries.loads import KeptAnswer, Load
from models.texts import text, texts
from pages.parts import feeds_sentences
from pages.parts.feeds_choices import Screen, screen_of
from pages.parts.session import in_language
from targets.values import Campaign

RUNS = 12
"""Runs on one screen."""
HASH_SHOWN = 12
KILOBYTE = 1024


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its cells in words; `state` marks the cell `marked`, `link` leads from the cell `linked`."""

    cells: tuple[str, ...]
    state: str = ""
    marked: int = -1
    link: str = ""
    linked: int = -1


@dataclass(frozen=True)
class ListView:
    """One screen of a list."""

    title: str
    intro: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    shown: str
    """Which entries these are; where there are none, why."""
    screen: Screen
    spoken: str


# --- runs -----------------------------------------------------------------------------------------------------------


def runs_view(
    campaign: Campaign, loads: Sequence[Load], screen: Screen, query: Mapping[str, str], language: str
) -> ListView:
    """The last loads; `query` is the address that a link to one run starts from."""
    columns = (
        *("at", "source", "day", "status", "received", "accepted", "revised", "unchanged", "rejected"),
        *("attempts", "took", "said"),
    )
    return ListView(
        title=text("feeds.runs.title", language),
        intro=text("feeds.runs.intro", language),
        columns=columns_of("runs", columns, language),
        rows=tuple(_run_row(load, campaign, query, language) for load in loads),
        shown=shown_of("runs", screen, len(loads), language),
        screen=screen,
        spoken=text("feeds.runs.title", language),
    )


def _run_row(load: Load, campaign: Campaign, query: Mapping[str, str], language: str) -> TableRow:
    counts = (load.received, load.accepted, load.revised, load.unchanged, load.rejected, load.attempts)
    address = {name: value for name, value in query.items() if name != "run"} | {"run": str(load.id)}
    return TableRow(
        cells=(
            formats.moment(load.received_at, language),
            source_name(load.source, campaign, language),
            "–" if load.for_date is None else formats.day(load.for_date, language),
            text(f"feeds.status.{load.status}", language),
            *(formats.whole(count, language) for count in counts),
            feeds_sentences.took(load.seconds, language) or "–",
            _said(load, language),
        ),
        state=load.status,
        marked=3,
        link=f"/feeds?{urlencode(in_language(address, language))}",
        linked=0,
    )


def _said(load: Load, language: str) -> str:
    """Why it failed; else what was brought, where it was a file."""
    if load.failure is not None:
        return failure_sentence(load.failure, load.failure_terms, language)
    return load.file or ""


def source_name(key: str | None, campaign: Campaign, language: str) -> str:
    """A source in words; one that the campaign's files no longer name by its key."""
    return next((source.name.of(language) for source in campaign.sources if source.key == key), key or "–")


def answers_view(load: Load, answers: Sequence[KeptAnswer], language: str) -> ListView:
    """The raw answers of one run, and what it noticed."""
    screen = screen_of(1, whole=len(answers), most=max(1, len(answers)))
    title = text("feeds.answers.title", language, run=formats.whole(load.id, language))
    return ListView(
        title=title,
        intro=" ".join(_notes(load, language)),
        columns=columns_of("answers", ("number", "address", "status", "size", "hash", "kept"), language),
        rows=tuple(
            TableRow(
                (
                    formats.whole(answer.position, language),
                    answer.address,
                    "–" if answer.status is None else str(answer.status),
                    text("feeds.answers.kilobytes", language, size=formats.decimal(answer.size / KILOBYTE, language)),
                    answer.sha256[:HASH_SHOWN],
                    answer.path or text("feeds.answers.gone", language),
                )
            )
            for answer in answers
        ),
        shown="" if answers else text("feeds.answers.none", language),
        screen=screen,
        spoken=title,
    )


def _notes(load: Load, language: str) -> list[str]:
    """What a run noticed: its own notes, and the warnings of the files' readers."""
    known = texts(language)
    notes = []
    for note in load.warnings:
        if f"pull.note.{note['code']}" in known:
            notes.append(note_sentence(note, language))
        elif f"warning.{note['code']}" in known:
            notes.append(warning_words(note, language))
    return notes


def warning_words(note: Mapping[str, object], language: str) -> str:
    """A warning of a file's reader as its run kept it."""
    return sentence(Notice("warning", str(note["code"]), note.get("terms") or {}), language, place=str(note["place"]))  # type: ignore[arg-type]


# --- what every list needs ------------------------------------------------------------------------------------------


def columns_of(table: str, names: Collection[str], language: str) -> tuple[str, ...]:
    return tuple(text(f"feeds.{table}.column.{name}", language) for name in names)


def shown_of(table: str, screen: Screen, rows: int, language: str) -> str:
    if not screen.whole:
        return text(f"feeds.{table}.none", language)
    return text(
        "feeds.shown",
        language,
        first=formats.whole(screen.after + 1, language),
        last=formats.whole(screen.after + rows, language),
        whole=formats.whole(screen.whole, language),
    )
