"""Slides on units: who moved, who needs attention and why, who makes the gap, who is silent, and any one of them."""

from collections.abc import Iterator, Sequence
from textwrap import shorten

import numpy as np

from jobs.slides.meeting_data import MeetingData
from jobs.slides.of_province import bare_points, lines_of, short_name
from jobs.slides.values import Bar, Bars, Marked, Roll, Slide
from jobs.wording import prose, reporting
from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text, text_of
from models.meetings.agendas import ATTENTION, CONTRIBUTION, MOVERS, SILENT, UNIT
from models.results.attention import Attention, Pressed, attention_among
from models.units.queries import Head, StatedCause
from targets.comparison.contribution import gap_contributions, largest_contributors
from targets.errors import UnknownName
from targets.findings import BEHIND, ambitious, furthest, is_short, silent_units
from targets.findings import movers as find_moved
from targets.results import Result
from targets.values import STANDINGS, Indicator

NAMED = 10
"""Units named of a level: a table that is read from the back row."""
MOVED = 5
"""Units named upwards and downwards."""
LARGEST = 10
"""Units drawn of those that make the gap."""
SILENT_ROWS = 7
"""Rows of silent units, as many units in each."""
LETTERS = 44
"""Of a cause in a row of a table."""
LISTED = 3
"""Names in a line of small words."""
NOBODY = Head(None, None, None)


# --- who moved ------------------------------------------------------------------------------------------------------


def movers(meeting: MeetingData, key: str, language: str) -> Slide:
    """Who rose and who fell most within the week."""
    known = meeting.indicator(key)
    found = find_moved(meeting.by_indicator[key], campaign=meeting.campaign, most=MOVED)
    terms = {"name": known.name.of(language), "since": text("digest.moved", language)}
    if not found.up and not found.down:
        headline, finding = (
            text("slide.movers.none", language, name=name.of(language), since=wording.in_sentence(terms["since"]))
            for name in (known.short_name, known.name)
        )
    else:
        first = (found.up or found.down)[0]
        headline = text_of(
            "slide.headline.moved",
            language,
            lower_is_better=known.lower_is_better,
            name=known.short_name.of(language),
            since=wording.in_sentence(terms["since"]),
            rose=formats.units(found.rose, language),
            fell=formats.units(found.fell, language),
        )
        finding = text_of(
            "slide.movers.some",
            language,
            lower_is_better=known.lower_is_better,
            **terms,
            rose=formats.units(found.rose, language),
            fell=formats.units(found.fell, language),
            unit=first.name,
            change=wording.in_full(wording.change(first.week_change or 0.0, first, language), first, language),
        )
    bars = Bars(
        rows=tuple(
            Bar(
                name=short_name(row.name),
                value=row.week_change or 0.0,
                label=wording.change(row.week_change or 0.0, row, language),
                mark="up" if (row.improvement or 0.0) > 0 else "down",
                more=_volume(row, known, language),
            )
            for row in [*found.up, *reversed(found.down)]
        ),
        unit_of_measure=wording.measured(known, language),
    )
    below = []
    line = meeting.line(key)
    if line is not None and line.week_change is not None:
        change = wording.in_full(wording.change(line.week_change, line, language), line, language)
        below.append(text("slide.movers.province", language, change=change))
    if found.small:
        below.append(_small("movers", found.small, known, meeting, language))
    return Slide(
        key=f"{MOVERS}.{key}",
        title=text("slide.title.movers", language, name=known.short_name.of(language)),
        headline=headline,
        finding=finding,
        picture=bars if bars.rows else None,
        below=tuple(below),
        indicator=key,
    )


def _small(kind: str, count: int, known: Indicator, meeting: MeetingData, language: str) -> str:
    """How many units have too few cases to be named by their points."""
    return text(
        f"slide.{kind}.small",
        language,
        count=formats.whole(count, language),
        limit=formats.whole(meeting.campaign.small_volume_of(known.key), language),
        counted=known.counted.of(language),
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
    rows = [row for row in meeting.by_indicator[key] if row.level == level]
    headline, finding = _behind(found, rows, known, wording.in_sentence(of_level.name.of(language)), language)
    used = {each.result.standing for each in found.pressed}
    return Slide(
        key=f"{ATTENTION}.{key}.{level}",
        title=text(
            "slide.title.attention", language, name=known.short_name.of(language), level=of_level.name.of(language)
        ),
        headline=headline,
        finding=finding,
        picture=_pressed(found.pressed, known, meeting, language) if found.pressed else None,
        legend=tuple(Marked(word, text(f"standing.{word}", language)) for word in BEHIND if word in used),
        below=tuple(_unnamed(found, rows, known, meeting, language)),
        indicator=key,
    )


def _behind(found: Attention, rows: Sequence[Result], known: Indicator, level: str, language: str) -> tuple[str, str]:
    """How many of a level are behind, in one line; and in full, with the one to be pressed first."""
    terms, short = {"name": known.name.of(language), "level": level}, {"name": known.short_name.of(language)}
    if not found.behind:
        key = "nobody"
        if not any(row.standing in ("met", "likely") for row in rows):
            key = "unknown" if found.held else "no_target"
        return (
            text(f"slide.attention.{key}", language, level=level, **short),
            text(f"slide.attention.{key}", language, **terms),
        )
    count = {"behind": formats.whole(found.behind, language), "count": formats.whole(found.held, language)}
    headline = text("slide.headline.behind", language, level=level, **short, **count)
    spared = ambitious(rows)
    out = sum(row.standing == "out_of_reach" and row.unit not in spared for row in rows)
    if out:
        headline = text("slide.headline.too_late", language, said=headline, out=formats.whole(out, language))
    finding = text("slide.attention.behind", language, **terms, **count)
    none = sum(row.target is None for row in rows)
    if none:
        finding = text("slide.attention.without", language, said=finding, none=formats.whole(none, language))
    if found.pressed:
        worst = found.pressed[0].result
        finding = text(
            "slide.attention.worst",
            language,
            said=finding,
            unit=worst.name,
            missing=wording.missing(worst, known, language),
        )
    return headline, finding


def _unnamed(
    found: Attention, rows: Sequence[Result], known: Indicator, meeting: MeetingData, language: str
) -> Iterator[str]:
    """Whom the table leaves out, and why."""
    if found.rest:
        missing = wording.cases(sum(row.cases_missing or 0 for row in found.rest), known, language)
        count = formats.whole(len(found.rest), language)
        down = known.lower_is_better
        yield text_of("slide.attention.rest", language, lower_is_better=down, count=count, missing=missing)
    met = sum(row.standing == "met" for row in rows)
    if met:
        yield text("slide.attention.met", language, count=formats.whole(met, language))
    for kind, apart in (
        ("external", [each.result for each in found.external]),
        ("ambitious", found.ambitious),
    ):
        if apart:
            names = ", ".join(short_name(row.name) for row in apart[:LISTED])
            count = formats.whole(len(apart), language)
            down = known.lower_is_better
            yield text_of(f"slide.attention.{kind}", language, lower_is_better=down, count=count, names=names)
    if found.pressed and all(each.cause is None for each in found.pressed):
        yield text("slide.attention.unexplained", language)
    if found.small:
        yield _small("attention", found.small, known, meeting, language)


def _pressed(pressed: Sequence[Pressed], known: Indicator, meeting: MeetingData, language: str) -> Roll:
    """A row for each. A column in which nobody has anything to say is left out."""
    counted, down = known.counted.of(language), known.lower_is_better
    missing, needed = (
        text_of(f"slide.column.{name}", language, lower_is_better=down) for name in ("missing", "needed")
    )
    columns: tuple[tuple[str, bool, list[str]], ...] = (
        (text("slide.column.unit", language), False, [_named(each.result, meeting, language) for each in pressed]),
        (
            missing,
            True,
            [bare_points(each.result, language) for each in pressed],
        ),
        (formats.capitalised(counted), True, [_cases(each.result, language) for each in pressed]),
        (text("slide.column.week", language), True, [_week(each.result, language) for each in pressed]),
        (
            needed,
            True,
            [_needed(each.result, language) for each in pressed],
        ),
        (
            text("slide.column.cause", language),
            False,
            [_cause(each.cause, language) for each in pressed]
            if any(each.cause for each in pressed)
            else ["—"] * len(pressed),
        ),
        (text("slide.column.head", language), False, [each.head.name or "—" for each in pressed]),
    )
    kept = [column for column in columns if any(cell != "—" for cell in column[2])]
    return Roll(
        heads=tuple(head for head, _, _ in kept),
        rows=tuple(zip(*(cells for _, _, cells in kept), strict=True)),
        marks=tuple(each.result.standing for each in pressed),
        numbers=tuple(place for place, (_, is_number, _) in enumerate(kept) if is_number),
    )


def _cause(cause: StatedCause | None, language: str) -> str:
    """The cause alone, as long as a row of a slide holds; whose it is the column's head says."""
    if cause is None:
        return text("slide.attention.no_cause", language)
    return shorten(cause.text or text(f"attention_cause.{cause.category}", language), LETTERS, placeholder="…")


def _named(row: Result, meeting: MeetingData, language: str) -> str:
    name = short_name(row.name)
    is_reviewed = (row.unit, row.indicator) in meeting.frozen.facts.reviews
    return text("slide.attention.review", language, name=name) if is_reviewed else name


def _cases(row: Result, language: str) -> str:
    return formats.whole(row.cases_missing, language) if row.cases_missing else "—"


def _week(row: Result, language: str) -> str:
    """Of every hundred cases of the week, how many were right."""
    return "—" if row.week_value is None else f"{wording.share_had(row, language)}%"


def _needed(row: Result, language: str) -> str:
    """Of every hundred cases to come, how many must be right; more than there are is too late."""
    if row.share_needed is None:
        return "—"
    if wording.is_too_late(row):
        return text("slide.attention.too_late", language)
    share = formats.share_needed(row.share_needed, language, lower_is_better=row.lower_is_better)
    return wording.said("share.percent", row, language, share=share)


# --- who makes the gap ----------------------------------------------------------------------------------------------


def contribution(meeting: MeetingData, key: str, language: str) -> Slide:
    """The units that make most of what the province misses, in points of its rate."""
    known, line = meeting.indicator(key), meeting.line(key)
    inside = meeting.members(key)
    members = [row for row in meeting.by_indicator[key] if row.unit in inside]
    counts = [inside[row.unit] for row in members]
    title = text_of(
        "slide.title.contribution", language, lower_is_better=known.lower_is_better, name=known.short_name.of(language)
    )
    slide_key = f"{CONTRIBUTION}.{key}"
    if line is None or line.target is None or not line.denominator or not members or not is_short(line):
        is_met = line is not None and line.standing == "met"
        headline, finding = (
            text_of(
                f"slide.contribution.{'none' if is_met else 'unknown'}",
                language,
                lower_is_better=known.lower_is_better,
                name=name.of(language),
            )
            for name in (known.short_name, known.name)
        )
        return Slide(slide_key, title, headline, finding, picture=None, indicator=key)
    gap = gap_contributions(
        numerator=np.array([each.numerator for each in counts], dtype=np.float64),
        denominator=np.array([each.denominator for each in counts], dtype=np.float64),
        weight=np.ones(len(members)),
        target=line.target,
        lower_is_better=line.lower_is_better,
    )
    parts = gap.contribution
    largest = largest_contributors(parts)
    behind = float(parts[parts > 0].sum())
    drawn = [int(at) for at in np.argsort(-parts, kind="stable")[:LARGEST] if parts[at] > 0]
    headline, finding = (
        text_of(
            "slide.contribution.some",
            language,
            lower_is_better=known.lower_is_better,
            name=name.of(language),
            units=formats.whole(len(largest.units), language),
            count=formats.whole(len(members), language),
            share=formats.part(largest.share, language),
        )
        for name in (known.short_name, known.name)
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
    below = [wording.said("slide.contribution.gap", line, language, points=wording.points_missing(line, language))]
    if drawn:
        share = formats.part(float(parts[drawn].sum()) / behind, language)
        below.append(wording.said("slide.contribution.drawn", line, language, count=len(drawn), share=share))
    used = {bar.mark for bar in bars.rows}
    return Slide(
        slide_key,
        title,
        headline,
        finding,
        picture=bars if drawn else None,
        legend=tuple(Marked(word, text(f"standing.{word}", language)) for word in STANDINGS if word in used),
        below=tuple(below),
        indicator=key,
    )


# --- who is silent --------------------------------------------------------------------------------------------------


def silent(meeting: MeetingData, language: str) -> Slide:
    """The units that have not told the figures of the newest day: all of them, by level and by what is in use."""
    headline = reporting.who_is_silent(meeting.told[0], language)
    parts = [
        (group, group.units[at : at + NAMED])
        for group in silent_units(meeting.rows, meeting.campaign)
        for at in range(0, len(group.units), NAMED)
    ]
    roll = Roll(
        heads=tuple(text(f"slide.column.{name}", language) for name in ("level", "in_use", "units", "count")),
        rows=tuple(
            (
                meeting.campaign.level(group.level).name.of(language),
                prose.how_silent(group, language),
                ", ".join(short_name(row.name) for row in units),
                formats.whole(len(units), language),
            )
            for group, units in parts
        ),
        marks=tuple("stale" for _ in parts),
        numbers=(3,),
    )
    first, *further = roll.pages(SILENT_ROWS)
    left_out = sum(len(units) for _, units in parts[SILENT_ROWS:])
    return Slide(
        key=SILENT,
        title=text("slide.title.silent", language),
        headline=headline,
        finding=headline,
        picture=first if parts else None,
        below=(text("slide.silent.more", language, count=formats.whole(left_out, language)),) if left_out else (),
        further=tuple(further),
    )


# --- any unit -------------------------------------------------------------------------------------------------------


def unit(meeting: MeetingData, code: str, language: str) -> Slide:
    """One unit on every indicator, chosen on the spot. Raises UnknownName."""
    rows = [row for row in meeting.rows if row.unit == code]
    if not rows:
        raise UnknownName(kind="unit", name=code)
    name = rows[0].name
    judged = [row for row in rows if row.target is not None]
    met = sum(row.standing == "met" for row in judged)
    headline = finding = text("slide.unit.met", language, name=name, met=met, set=len(judged))
    worst = furthest(judged)
    if worst is not None:
        known = meeting.indicator(worst.indicator)
        finding = wording.said(
            "slide.unit.furthest",
            worst,
            language,
            said=headline,
            indicator=wording.in_sentence(known.name.of(language)),
            missing=wording.missing(worst, known, language),
        )
    below = []
    facts = meeting.frozen.facts
    causes = [(row, cause) for row in rows if (cause := facts.causes.get((code, row.indicator)))]
    if causes:
        row, cause = causes[0]
        indicator = meeting.indicator(row.indicator).short_name.of(language)
        below.append(text("slide.unit.cause", language, name=indicator, cause=wording.cause_with_day(cause, language)))
    head = facts.heads.get(code)
    said = "" if head is None else " ".join(filter(None, (head.title, head.name, head.phone)))
    if said:
        below.append(text("slide.unit.head", language, head=said))
    waiting = sum(task.unit == code and task.is_to_do for task in facts.carried)
    if waiting:
        below.append(text("slide.unit.tasks", language, count=formats.whole(waiting, language)))
    return Slide(
        key=f"{UNIT}.{code}",
        title=name,
        headline=headline,
        finding=finding,
        picture=lines_of(rows, meeting.campaign, language),
        below=tuple(below),
        unit=code,
    )
