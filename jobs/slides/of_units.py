"""Slides on units: who moved, who needs attention and why, who makes the gap, who is silent, and any one of them."""

from collections.abc import Mapping, Sequence

import numpy as np

from jobs.slides.meeting_data import MeetingData
from jobs.slides.of_province import line_of, reported, short_name
from jobs.slides.values import Bar, Bars, Fact, Lines, Roll, Slide
from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.meetings.agendas import ATTENTION, CONTRIBUTION, MOVERS, SILENT, UNIT
from models.results.attention import Pressed, attention_among
from models.units.queries import Head
from targets.comparison.contribution import gap_contributions, largest_contributors
from targets.errors import UnknownName
from targets.findings import furthest, is_short
from targets.findings import movers as find_moved
from targets.results import Result
from targets.values import Indicator

NAMED = 4
"""Units named of a level on a slide that is read from the back row."""
MOVED = 3
"""Units named upwards and downwards."""
LARGEST = 6
"""Units drawn of those that make the gap."""
NOBODY = Head(None, None, None)


# --- who moved ------------------------------------------------------------------------------------------------------


def movers(meeting: MeetingData, key: str, language: str) -> Slide:
    """Three up and three down within the week."""
    known = meeting.indicator(key)
    found = find_moved(meeting.by_indicator[key], campaign=meeting.campaign, most=MOVED)
    terms = {"name": known.name.of(language), "since": text("digest.moved", language)}
    if not found.up and not found.down:
        headline = text("slide.movers.none", language, **terms)
    else:
        first = (found.up or found.down)[0]
        headline = text(
            "slide.movers.some",
            language,
            **terms,
            rose=formats.units(found.rose, language),
            fell=formats.units(found.fell, language),
            unit=first.name,
            change=formats.signed(first.week_change or 0.0, language),
        )
    bars = Bars(
        rows=tuple(
            Bar(
                name=short_name(row.name),
                value=row.week_change or 0.0,
                label=formats.signed(row.week_change or 0.0, language),
                mark="up" if (row.week_change or 0.0) > 0 else "down",
                more=_volume(row, known, language),
            )
            for row in [*found.up, *reversed(found.down)]
        ),
        unit_of_measure=text("slide.points", language),
    )
    facts = []
    line = meeting.line(key)
    if line is not None and line.week_change is not None:
        said = text("slide.movers.province", language, since=wording.in_sentence(terms["since"]))
        facts.append(Fact(formats.signed(line.week_change, language), said))
    if found.small:
        limit = formats.whole(meeting.campaign.small_volume_of(key), language)
        said = text("slide.movers.small", language, limit=limit, counted=known.counted.of(language))
        facts.append(Fact(formats.whole(found.small, language), said))
    return Slide(
        key=f"{MOVERS}.{key}",
        title=text("slide.title.movers", language, name=known.short_name.of(language)),
        headline=headline,
        picture=bars if bars.rows else None,
        facts=tuple(facts),
        indicator=key,
    )


def _volume(row: Result, known: Indicator, language: str) -> str:
    return "" if row.denominator is None else wording.cases(row.denominator, known, language)


# --- who needs attention --------------------------------------------------------------------------------------------


def attention(meeting: MeetingData, key: str, level: str, language: str) -> Slide:
    """A level's units that are behind, gravest first, each with its own explanation and who answers for it."""
    known, of_level = meeting.indicator(key), meeting.campaign.level(level)
    facts = meeting.frozen.facts
    found = next(
        each
        for each in attention_among(
            meeting.by_indicator[key],
            campaign=meeting.campaign,
            indicator=key,
            causes=facts.causes,
            heads=lambda codes: {code: facts.heads.get(code, NOBODY) for code in codes},
            most=NAMED,
        )
        if each.level == level
    )
    terms = {"name": known.name.of(language), "level": wording.in_sentence(of_level.name.of(language))}
    none = sum(row.level == level and row.target is None for row in meeting.by_indicator[key])
    if not found.behind:
        headline = text("slide.attention.nobody", language, **terms)
    else:
        headline = text(
            "slide.attention.behind",
            language,
            **terms,
            behind=formats.whole(found.behind, language),
            count=formats.whole(found.held, language),
        )
        if none:
            headline = text("slide.attention.without", language, said=headline, none=formats.whole(none, language))
        if found.pressed:
            worst = found.pressed[0].result
            headline = text(
                "slide.attention.worst",
                language,
                said=headline,
                unit=worst.name,
                missing=wording.missing(worst, known, language),
            )
    said = []
    if found.external:
        names = ", ".join(short_name(each.result.name) for each in found.external[:MOVED])
        count_external = formats.whole(len(found.external), language)
        said.append(Fact(count_external, text("slide.attention.external", language, names=names)))
    unexplained = sum(each.cause is None for each in found.pressed)
    if unexplained:
        said.append(Fact(formats.whole(unexplained, language), text("slide.attention.unexplained", language)))
    if found.small:
        limit = formats.whole(meeting.campaign.small_volume_of(key), language)
        words_small = text("slide.attention.small", language, limit=limit, counted=known.counted.of(language))
        said.append(Fact(formats.whole(found.small, language), words_small))
    return Slide(
        key=f"{ATTENTION}.{key}.{level}",
        title=text(
            "slide.title.attention", language, name=known.short_name.of(language), level=of_level.name.of(language)
        ),
        headline=headline,
        picture=_pressed(found.pressed, known, facts.reviews, language) if found.pressed else None,
        facts=tuple(said),
        indicator=key,
    )


def _pressed(
    pressed: Sequence[Pressed], known: Indicator, reviews: Mapping[tuple[str, str], object], language: str
) -> Roll:
    rows = []
    for each in pressed:
        row = each.result
        name = short_name(row.name)
        if (row.unit, row.indicator) in reviews:
            name = text("slide.attention.review", language, name=name)
        head = " ".join(part for part in (each.head.title, each.head.name) if part)
        rows.append(
            (
                name,
                wording.figure_or_dash(row, language),
                wording.missing(row, known, language),
                wording.cause_with_day(each.cause, language),
                head or "—",
            )
        )
    return Roll(
        heads=tuple(
            text(f"slide.attention.column.{name}", language) for name in ("unit", "now", "missing", "cause", "head")
        ),
        rows=tuple(rows),
        marks=tuple(each.result.standing for each in pressed),
    )


# --- who makes the gap ----------------------------------------------------------------------------------------------


def contribution(meeting: MeetingData, key: str, language: str) -> Slide:
    """The units that make most of what the province misses, in points of its rate."""
    known, line = meeting.indicator(key), meeting.line(key)
    inside = meeting.members(key)
    members = [row for row in meeting.by_indicator[key] if row.unit in inside]
    counts = [inside[row.unit] for row in members]
    terms = {"name": known.name.of(language)}
    title = text("slide.title.contribution", language, name=known.short_name.of(language))
    slide_key = f"{CONTRIBUTION}.{key}"
    if line is None or line.target is None or not line.denominator or not members or not is_short(line):
        headline = text("slide.contribution.none", language, **terms)
        return Slide(slide_key, title, headline, picture=None, facts=(), indicator=key)
    gap = gap_contributions(
        numerator=np.array([each.numerator for each in counts], dtype=np.float64),
        denominator=np.array([each.denominator for each in counts], dtype=np.float64),
        weight=np.ones(len(members)),
        target=line.target,
    )
    parts = gap.contribution
    largest = largest_contributors(parts)
    behind = float(parts[parts > 0].sum())
    drawn = [int(at) for at in np.argsort(-parts, kind="stable")[:LARGEST] if parts[at] > 0]
    headline = text(
        "slide.contribution.some",
        language,
        **terms,
        units=formats.whole(len(largest.units), language),
        count=formats.whole(len(members), language),
        share=formats.part(largest.share, language),
    )
    bars = Bars(
        rows=tuple(
            Bar(
                name=short_name(members[at].name),
                value=float(parts[at]),
                label=formats.hundredths(float(parts[at]), language),
                mark=members[at].standing,
                more=wording.cases(int(gap.cases[at]), known, language),
            )
            for at in drawn
        ),
        unit_of_measure=text("slide.points", language),
    )
    facts = [Fact(wording.points_missing(line, language), text("slide.contribution.gap", language))]
    if drawn:
        share = formats.part(float(parts[drawn].sum()) / behind, language)
        facts.append(Fact(share, text("slide.contribution.drawn", language, count=len(drawn))))
    return Slide(slide_key, title, headline, picture=bars if drawn else None, facts=tuple(facts), indicator=key)


# --- who is silent --------------------------------------------------------------------------------------------------


def silent(meeting: MeetingData, language: str) -> Slide:
    """The units without a fresh figure, by level, with the day of the last one they told."""
    quiet, expected = reported(meeting)
    last: dict[str, Result] = {}
    for row in meeting.rows:
        best = last.get(row.unit)
        if row.reading_as_of and (best is None or best.reading_as_of is None or row.reading_as_of > best.reading_as_of):
            last[row.unit] = row
    if not quiet:
        headline = text("slide.silent.nobody", language, count=formats.whole(expected, language))
    else:
        headline = text(
            "slide.silent.some",
            language,
            silent=formats.whole(len(quiet), language),
            count=formats.whole(expected, language),
        )
    rows = []
    for level in meeting.campaign.levels:
        of_level = [row for row in quiet if row.level == level.key]
        if not of_level:
            continue
        named = ", ".join(_with_day(row, last, language) for row in of_level[:NAMED])
        if len(of_level) > NAMED:
            more = formats.whole(len(of_level) - NAMED, language)
            named = text("slide.silent.more", language, names=named, more=more)
        rows.append((level.name.of(language), formats.whole(len(of_level), language), named))
    return Slide(
        key=SILENT,
        title=text("slide.title.silent", language),
        headline=headline,
        picture=Roll(
            heads=tuple(text(f"slide.silent.column.{name}", language) for name in ("level", "count", "names")),
            rows=tuple(rows),
            marks=tuple("stale" for _ in rows),
        )
        if rows
        else None,
        facts=(),
    )


def _with_day(row: Result, last: Mapping[str, Result], language: str) -> str:
    shown = last.get(row.unit)
    if shown is None or shown.reading_as_of is None:
        return text("slide.silent.never", language, name=short_name(row.name))
    day = formats.short_day(shown.reading_as_of, language)
    return text("slide.silent.since", language, name=short_name(row.name), date=day)


# --- any unit -------------------------------------------------------------------------------------------------------


def unit(meeting: MeetingData, code: str, language: str) -> Slide:
    """One unit on every indicator, chosen on the spot. Raises UnknownName."""
    rows = [row for row in meeting.rows if row.unit == code]
    if not rows:
        raise UnknownName(kind="unit", name=code)
    name = rows[0].name
    judged = [row for row in rows if row.target is not None]
    met = sum(row.standing == "met" for row in judged)
    headline = text("slide.unit.met", language, name=name, met=met, set=len(judged))
    worst = furthest(judged)
    if worst is not None:
        known = meeting.indicator(worst.indicator)
        headline = text(
            "slide.unit.furthest",
            language,
            said=headline,
            indicator=wording.in_sentence(known.name.of(language)),
            missing=wording.missing(worst, known, language),
        )
    facts = []
    causes = [(row, cause) for row in rows if (cause := meeting.frozen.facts.causes.get((code, row.indicator)))]
    if causes:
        row, cause = causes[0]
        facts.append(
            Fact(meeting.indicator(row.indicator).short_name.of(language), wording.cause_with_day(cause, language))
        )
    head = meeting.frozen.facts.heads.get(code)
    if head is not None:
        said = " ".join(part for part in (head.title, head.name) if part)
        facts.append(Fact(said or "—", head.phone or text("slide.unit.head", language)))
    waiting = sum(task.unit == code for task in meeting.frozen.facts.to_do)
    if waiting:
        facts.append(Fact(formats.whole(waiting, language), text("slide.unit.tasks", language)))
    return Slide(
        key=f"{UNIT}.{code}",
        title=name,
        headline=headline,
        picture=Lines(tuple(line_of(row, meeting.indicator(row.indicator), language) for row in rows)),
        facts=tuple(facts),
        unit=code,
    )
