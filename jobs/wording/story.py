"""A unit's story in words: the same lines on its page, in the audit trail's page and in the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobs.wording import results as wording
from jobs.wording.figures import arrived_in_full, scored, scored_of
from jobs.wording.trail import action_name, change_words, reason_words, who
from models.core import formats
from models.core.texts import text
from models.units.story import Change, DatesChange, FigureChange, ScoreChange, StoryEntry, TargetChange, TaskChange
from targets.values import Campaign

COLUMNS = ("at", "by", "action", "change", "reason", "document")
"""Of the trail's columns those that a story has, in their order."""
SHOWN_CHANGES = 8
"""Of one action on a page; the file has them all."""
NUMBERS = ("task", "snapshot", "slide", "cause", "payload")
"""What an entry holds for the machine: numbers of rows."""


@dataclass(frozen=True)
class StoryLine:
    """One action about a unit, in the words of the trail's columns."""

    at: str
    by: str
    action: str
    change: str
    reason: str
    document: str

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of COLUMNS."""
        return tuple(getattr(self, name) for name in COLUMNS)


def story_lines(
    entries: Sequence[StoryEntry],
    campaign: Campaign,
    *,
    names: Mapping[str, str],
    language: str,
    most: int | None = SHOWN_CHANGES,
) -> list[StoryLine]:
    """The story line by line; `names`: what people are called, by the name of their account."""
    return [_line(entry, campaign, names, language, most) for entry in entries]


def _line(
    entry: StoryEntry, campaign: Campaign, names: Mapping[str, str], language: str, most: int | None
) -> StoryLine:
    document = entry.document
    if document and entry.document_date is not None:
        day = formats.day(entry.document_date, language)
        document = text("unit.targets.document_dated", language, document=document, date=day)
    return StoryLine(
        at=formats.moment(entry.at, language),
        by=who(entry, language, names),
        action=_action(entry, campaign, language),
        change=_change(entry, campaign, language, most),
        reason=reason_words(entry.reason, language),
        document=document,
    )


def _action(entry: StoryEntry, campaign: Campaign, language: str) -> str:
    """What was done, on which indicator and phase; of a load which file brought it."""
    said = action_name(entry.action, language)
    about = []
    if not entry.changes:  # which say themselves what they are of
        about += [campaign.indicator(entry.indicator).short_name.of(language)] if entry.indicator else []
        about += [campaign.phase(entry.phase).name.of(language)] if entry.phase else []
    about += [entry.subject] if entry.subject else []
    return text("story.about", language, action=said, about=", ".join(about)) if about else said


def _change(entry: StoryEntry, campaign: Campaign, language: str, most: int | None) -> str:
    """What was and what is: its figures and targets where it changed some, else what the trail says."""
    if not entry.changes:
        old, new = (
            {name: said for name, said in each.items() if name not in NUMBERS} for each in (entry.old, entry.new)
        )
        return change_words(old, new, language, is_whole=most is None)
    said = [_said(change, campaign, language) for change in _in_order(entry.changes, campaign)[:most]]
    of_place: dict[str, list[str]] = {}
    for place, part in said:
        of_place.setdefault(place, []).append(part)
    parts = [
        text("story.of_place", language, place=place, said=", ".join(changes)) if place else "; ".join(changes)
        for place, changes in of_place.items()
    ]
    if left := len(entry.changes) - len(said):
        parts.append(text("story.more", language, count=formats.whole(left, language)))
    if entry.new.get("state") == "requested":
        parts.append(text("wishes.state.registration_requested", language))
    return "; ".join(parts)


def _in_order(changes: Sequence[Change], campaign: Campaign) -> list[Change]:
    """Targets by phase, then by indicator, as the campaign has them; what is no target as it came."""
    phases = ["", *(phase.key for phase in campaign.phases)]
    keys = [indicator.key for indicator in campaign.indicators]

    def place(change: Change) -> tuple[int, int]:
        if not isinstance(change, TargetChange):
            return 0, 0
        return phases.index(change.phase) if change.phase in phases else len(phases), keys.index(change.indicator)

    return sorted(changes, key=place)


def _said(change: Change, campaign: Campaign, language: str) -> tuple[str, str]:
    """Of which phase, year or day it is, where it is of one; and what changed."""
    if isinstance(change, FigureChange | ScoreChange):
        sources = {source.key: source.name.of(language) for source in campaign.sources}
        source = sources.get(change.new.source, change.new.source)
        place = text("story.of_day", language, date=formats.day(change.new.as_of, language), source=source)
    if isinstance(change, ScoreChange):
        old, new = scored(change.old, language), scored(change.new, language)
        name = scored_of(change.new, campaign, language)
        return place, text("story.changed", language, name=name, old=old, new=new)
    if isinstance(change, FigureChange):
        indicator = campaign.indicator(change.new.indicator)
        return place, text(
            "story.changed",
            language,
            name=indicator.short_name.of(language),
            old=arrived_in_full(change.old, indicator, language),
            new=arrived_in_full(change.new, indicator, language),
        )
    if isinstance(change, TaskChange):
        terms = {"what": change.what, "who": change.who or "—", "due": _day_or_dash(change.due, language)}
        return "", text("story.task", language, **terms)
    phases = {phase.key: phase.name.of(language) for phase in campaign.phases}
    phase = phases.get(change.phase, change.phase) or text("story.baseline", language, year=str(campaign.baseline_year))
    if isinstance(change, DatesChange):
        start, due = formats.day(change.start, language), _day_or_dash(change.due, language)
        return phase, text("story.dates", language, start=start, due=due)
    return phase, _target(change, campaign, language)


def _day_or_dash(day: date | None, language: str) -> str:
    """With its year: a story may be older than one."""
    return "—" if day is None else formats.day(day, language)


def _target(change: TargetChange, campaign: Campaign, language: str) -> str:
    indicator = campaign.indicator(change.indicator)
    old, new = (
        "–" if value is None
        else wording.decided(value, indicator, language) if change.phase
        else formats.published(value, indicator.measure, language)
        for value in (change.old, change.new)
    )  # fmt: skip
    said = text(
        "story.value" if change.old is None or change.old == change.new else "story.changed", language,
        name=indicator.short_name.of(language), new=new,
        **({} if change.old is None or change.old == change.new else {"old": old}),
    )  # fmt: skip
    return text("unit.targets.simulated", language, value=said) if change.is_simulated else said
