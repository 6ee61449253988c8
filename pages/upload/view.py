"""What becomes of a file, in words: the tables of refused, revised and new figures, and what stands around them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from jobs.imports.problems import FileRefused, KindUnsure, spoken_place
from jobs.imports.values import RejectedRow
from jobs.intake.bring_in import summary
from jobs.intake.previews import Change, Preview, PreviewedValue
from jobs.intake.uploads import Look
from jobs.wording import figures
from models.core import formats
from models.core.texts import gaps, sentence_of, text, texts
from pages.unit.records import Table
from targets.errors import CampaignError
from targets.values import PERCENT, Campaign, Indicator

ROWS = 25
"""Rows of a table on one screen."""
NAMED_UNITS = 12


def pages_of(count: int) -> int:
    """How many screens so many rows take, at least one."""
    return max(1, -(-count // ROWS))


def on_page(rows: Sequence[Any], page: int) -> Sequence[Any]:
    """The rows of a screen, the first being 1."""
    return rows[(page - 1) * ROWS : page * ROWS]


def progress_words(look: Look, language: str) -> tuple[float, str]:
    """How far an upload is, from 0 to 1, and what it is doing."""
    if look.stage == "reading":
        done = formats.whole(look.done, language)
        if look.total:
            total = formats.whole(max(look.total, look.done), language)
            said = text("upload.progress.reading_of", language, file=look.file, done=done, total=total)
            return min(1.0, look.done / look.total), said
        return 0.0, text("upload.progress.reading", language, file=look.file, done=done)
    if look.stage == "saving":
        return 1.0, text("upload.progress.saving", language, file=look.file)
    share = 1.0 if look.stage == "comparing" else 0.0
    return share, text(f"upload.progress.{look.stage}", language)


def refusal(problem: CampaignError, language: str) -> str:
    """Why a file was not taken, with what to choose on this page where a choice settles it."""
    if isinstance(problem, KindUnsure):
        names = (text(f"upload.kind.{kind}", language) for kind in problem.terms["candidates"].split(", "))
        return text("upload.refused.kind_unsure", language, candidates="; ".join(f"“{name}”" for name in names))
    if isinstance(problem, FileRefused) and f"upload.refused.{problem.code}" in texts(language):
        key = f"upload.refused.{problem.code}"
        return text(key, language, **{name: problem.terms[name] for name in gaps(texts(language)[key])})
    return sentence_of(problem, language)


def headline(look: Look, preview: Preview, language: str) -> str:
    """The preview in one sentence."""
    assert look.read is not None  # noqa: S101  # what was previewed was read
    said = summary(look.read.kind, preview.counts, len(look.read.rejected), language)
    return text("upload.preview.title", language, summary=said)


def about(look: Look, language: str) -> str:
    """Which file, read as what."""
    read = look.read
    assert read is not None  # noqa: S101  # what was previewed was read
    known = {
        "file": read.name,
        "kind": text(f"upload.kind.{read.kind}", language),
        "source": read.context.campaign.source(read.source).name.of(language),
    }
    if read.as_of is None:
        return text("upload.preview.about", language, **known)
    return text("upload.preview.about_day", language, day=formats.day(read.as_of, language), **known)


# --- tables ---------------------------------------------------------------------------------------------------------


def rejected_table(rows: Sequence[RejectedRow], language: str) -> Table:
    """The sentence names the column where it matters; a column of its own would leave a phone no room for it."""
    heads = tuple(text(f"upload.column.{name}", language) for name in ("place", "value", "problem"))
    cells = ((spoken_place(row.place, language), row.value, row.sentence(language)) for row in rows)
    return Table(heads, tuple(cells), text("upload.table.rejected", language))


def revised_table(changes: Sequence[Change], campaign: Campaign, language: str) -> Table:
    heads = tuple(text(f"upload.column.{name}", language) for name in ("place", "unit", "what", "old", "told"))
    cells = []
    for change in changes:
        assert change.old is not None  # noqa: S101  # that is what makes it revised
        has_notes = change.old.source_note != change.new.source_note
        old, new = (
            reported_words(reported, language, indicator=_of(change, campaign), has_notes=has_notes)
            for reported in (change.old, change.new)
        )
        cells.append((*_of_change(change, campaign, language), old, new))
    return Table(heads, tuple(cells), text("upload.table.revised", language))


def new_table(changes: Sequence[Change], campaign: Campaign, language: str) -> Table:
    heads = tuple(text(f"upload.column.{name}", language) for name in ("place", "unit", "what", "told"))
    cells = (
        (*_of_change(change, campaign, language), reported_words(change.new, language, indicator=_of(change, campaign)))
        for change in changes
    )
    return Table(heads, tuple(cells), text("upload.table.new", language))


def _of_change(change: Change, campaign: Campaign, language: str) -> tuple[str, str, str]:
    return spoken_place(change.place, language), change.name or "", what_words(change, campaign, language)


def what_words(change: Change, campaign: Campaign, language: str) -> str:
    """What a figure is of: the indicator with its day, year, phase, level or scope."""
    if change.new.fields:
        return text("upload.what.unit", language)
    name = text("upload.what.total", language)
    if change.indicator is not None:
        name = campaign.indicator(change.indicator).name.of(language)
    if change.as_of is not None:
        name = text("upload.what.day", language, name=name, day=formats.day(change.as_of, language))
    if change.year is not None:
        name = text("upload.what.year", language, name=name, year=str(change.year))
    if change.phase is not None:
        name = text("upload.what.phase", language, name=name, phase=campaign.phase(change.phase).name.of(language))
    if change.level is not None:
        name = text("upload.what.level", language, said=name, level=campaign.level(change.level).name.of(language))
    if change.scope is not None:
        name = text("upload.what.scope", language, said=name, scope=text(f"upload.scope.{change.scope}", language))
    return name


def _of(change: Change, campaign: Campaign) -> Indicator | None:
    return None if change.indicator is None else campaign.indicator(change.indicator)


def reported_words(
    reported: PreviewedValue, language: str, *, indicator: Indicator | None = None, has_notes: bool = False
) -> str:
    """What is told, in words. `has_notes`: with where it is from, where that is what changed."""
    if reported.fields:
        return "; ".join(_field(name, value, language) for name, value in reported.fields.items())
    measure = PERCENT if indicator is None else indicator.measure
    said = _score(reported, language) or figures.reported(reported, measure, language)
    if reported.document:
        document = reported.document
        if reported.document_date is not None:
            day = formats.day(reported.document_date, language)
            document = text("upload.figure.dated", language, document=document, day=day)
        said = text("upload.figure.document", language, said=said, document=document)
    if has_notes:
        note = reported.source_note or text("upload.figure.empty", language)
        said = text("upload.figure.noted", language, said=said, note=note)
    return said


def _score(reported: PreviewedValue, language: str) -> str:
    parts = []
    if reported.points is not None:
        points = formats.target_percent(reported.points, language).removesuffix("%")
        parts.append(text("upload.figure.points", language, points=points))
    if reported.rank is not None and reported.rank_of is not None:
        of = formats.whole(reported.rank_of, language)
        parts.append(text("upload.figure.rank_of", language, rank=formats.whole(reported.rank, language), of=of))
    elif reported.rank is not None:
        parts.append(text("upload.figure.rank", language, rank=formats.whole(reported.rank, language)))
    return ", ".join(parts)


def _field(name: str, value: Any, language: str) -> str:
    said = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    if name.startswith("valid_") and said:
        said = formats.day(date.fromisoformat(said), language)
    shown = said or text("upload.figure.empty", language)
    return text("upload.figure.field", language, name=text(f"upload.unit_field.{name}", language), value=shown)


def kind_names(kinds: Sequence[str], language: str) -> Mapping[str, str]:
    """The kinds of files as people choose them."""
    return {kind: text(f"upload.kind.{kind}", language) for kind in kinds}
