"""A unit's story as its own page and the audit trail's page show it: one question, one wording, one file."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from jobs.documents.trail_file import story_csv
from jobs.imports.words import folded
from jobs.wording.story import COLUMNS, StoryLine, story_lines
from models.core import formats
from models.core.settings import TIMEZONE
from models.core.texts import text
from models.core.trail import TrailFilter
from models.units import story
from models.units.story import StoryEntry
from pages.kit import answers
from pages.kit.answers import Reader, remembered
from pages.kit.downloads import draw_download
from pages.kit.markdown import plain
from pages.kit.page import Situation, Visit
from pages.kit.tables import Column, draw_table
from pages.unit.requests import find_names
from targets.permissions import Permission

SHOWN = 50
"""The newest that a page shows; the file has them all."""


@remembered(entries=50)
def find_story(reader: Reader, unit: str) -> tuple[StoryEntry, ...]:
    """Everything that was changed about a unit, newest first. Raises UnknownName."""
    return tuple(story.find_story(reader.session, unit))


def draw_story(unit: str, name: str, visit: Visit, wanted: TrailFilter | None = None) -> None:
    """The story, of which page ever: what is told, its newest lines, and the way to take all of them along."""
    language = visit.language
    lines = _lines(visit.situation, unit, wanted, language)
    st.caption(plain(text("story.rule", language)))
    if not lines:
        st.caption(plain(text("story.nothing" if wanted is None else "audit.nothing", language)))
        return
    columns = [
        Column(plain(text(f"audit.column.{head}", language)), [plain(cell) for cell in cells])
        for head, cells in zip(COLUMNS, zip(*(line.cells for line in lines[:SHOWN]), strict=True), strict=True)
    ]
    draw_table(columns, alt=text("story.spoken", language, name=name), key="unit-story-stacked")
    if len(lines) > SHOWN:
        shown, count = (formats.whole(number, language) for number in (SHOWN, len(lines)))
        st.caption(plain(text("story.earlier", language, shown=shown, count=count)))
    suffix = f"_{text('gaps.download.file_simulated', language)}" if visit.situation.simulated else ""
    draw_download(
        text("story.download", language),
        partial(_file, visit.situation, unit, wanted, language),
        visit=visit,
        subject="story",
        file_name=f"{text('story.file_name', language)}_{unit}{suffix}.csv",
        mime="text/csv",
        key="story-download",
        permission=Permission.READ_STORY,
        unit=unit,
        narrowed={"unit": unit},
    )


def _file(situation: Situation, unit: str, wanted: TrailFilter | None, language: str) -> bytes:
    return story_csv(_lines(situation, unit, wanted, language, is_whole=True), language)


def _lines(
    situation: Situation, unit: str, wanted: TrailFilter | None, language: str, *, is_whole: bool = False
) -> list[StoryLine]:
    entries = [entry for entry in find_story(situation, unit) if wanted is None or _is_meant(entry, wanted)]
    say: Callable[..., list[StoryLine]] = partial(
        story_lines, campaign=answers.find_campaign(situation), names=find_names(situation), language=language
    )
    lines = say(entries, most=None) if is_whole else say(entries)
    words = folded("" if wanted is None else wanted.words).split()
    return [line for line in lines if _holds(line, words)] if words else lines


def _is_meant(entry: StoryEntry, wanted: TrailFilter) -> bool:
    day = entry.at.astimezone(TIMEZONE).date()
    return (
        wanted.action in (None, entry.action)
        and wanted.by in (None, entry.by)
        and (wanted.since is None or wanted.since <= day)
        and (wanted.until is None or day <= wanted.until)
    )


def _holds(line: StoryLine, words: Sequence[str]) -> bool:
    said = folded(" ".join(line.cells))
    return all(word in said for word in words)
