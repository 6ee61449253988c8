"""The deck of a snapshot's meeting: each slide of its agenda, with its finding as a sentence."""

from collections.abc import Sequence

from jobs.slides import of_province, of_units
from jobs.slides.meeting_data import MeetingData
from jobs.slides.values import Deck, Slide
from jobs.wording.results import proposed_note, root_word
from models.core import formats
from models.core.texts import text
from models.meetings.agendas import (
    ATTENTION,
    CONTRIBUTION,
    INDICATOR,
    MILESTONE,
    MOVERS,
    OPENING,
    PROVINCE,
    SILENT,
    UNIT,
    possible_slides,
)
from targets.errors import UnknownName


def deck(meeting: MeetingData, language: str) -> Deck:
    """Every slide of the agenda in its order."""
    return Deck(
        slides=tuple(slide(meeting, key, language) for key in meeting.slides),
        foot=foot(meeting, language),
    )


def slide(meeting: MeetingData, key: str, language: str) -> Slide:
    """One slide by its key, also one that stands in no agenda: `unit.<code>`, `milestone`. Raises UnknownName."""
    kind, _, rest = key.partition(".")
    if kind == UNIT:
        return of_units.unit(meeting, rest, language)
    if key == MILESTONE and meeting.ended is not None:
        return of_province.milestone(meeting.ended, meeting.campaign.main, language)
    if key not in (possible := possible_slides(meeting.campaign)):
        raise UnknownName(kind="slide", name=key, allowed=possible)
    if kind == OPENING:
        return of_province.opening(meeting, language)
    if kind == PROVINCE:
        return of_province.province(meeting, language)
    if kind == INDICATOR:
        return of_province.indicator(meeting, rest, language)
    if kind == MOVERS:
        return of_units.movers(meeting, rest, language)
    if kind == ATTENTION:
        indicator, _, level = rest.partition(".")
        return of_units.attention(meeting, indicator, level, language)
    if kind == CONTRIBUTION:
        return of_units.contribution(meeting, rest, language)
    return of_units.silent(meeting, language) if kind == SILENT else of_province.tasks(meeting, language)


def titles(meeting: MeetingData, keys: Sequence[str], language: str) -> dict[str, str]:
    """What each slide is about, in a few words, without working it out."""
    found = {}
    for key in keys:
        kind, _, rest = key.partition(".")
        name, _, level = rest.partition(".")
        terms = {}
        if kind in (INDICATOR, MOVERS, ATTENTION, CONTRIBUTION):
            terms["name"] = meeting.indicator(name).short_name.of(language)
        if kind == PROVINCE:
            terms["root"] = root_word(meeting.campaign, language)
        if kind == ATTENTION:
            terms["level"] = meeting.campaign.level(level).name.of(language)
        found[key] = text(f"slide.title.{kind}", language, **terms)
    return found


def foot(meeting: MeetingData, language: str) -> str:
    """Day of the figures · snapshot · what is simulated, what is being checked."""
    head = meeting.frozen.head
    said = [text("slide.foot.as_of", language, date=formats.day(head.as_of, language)), head.title]
    if meeting.frozen.facts.reviews:
        count = formats.whole(len(meeting.frozen.facts.reviews), language)
        said.append(text("slide.foot.reviews", language, count=count))
    proposed = proposed_note(meeting.rows, language)
    if proposed:
        said.append(proposed.rstrip("."))
    if head.simulated:
        said.append(text("frame.simulated", language))
    if head.withdrawn is not None:
        said.insert(0, text("slide.foot.withdrawn", language))
    return " · ".join(said)
