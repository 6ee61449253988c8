"""Sentences that several pages say: about the province and its indicators, and what lies ahead of a row."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from jobs.wording import results as wording
from jobs.wording.figures import counts
from jobs.wording.results import standing_of, why_otherwise
from models.core import formats
from models.core.texts import text
from models.results.overview import Overview, ReportedFigure
from models.units.changes import UnitEvent
from targets.findings import is_short
from targets.permissions import SYSTEM
from targets.results import Result
from targets.standing.unit_changes import ENDS
from targets.values import Campaign, Indicator, Phase

UNCERTAIN = ("stale", "insufficient", "no_cases")
"""Standings that leave open whether a target is met."""


# --- the heading ----------------------------------------------------------------------------------------------------


def opening(*, campaign: Campaign, phase: Phase, as_of: date, language: str) -> str:
    """How long until the milestone, or since when it has passed.

    `phase` may have a unit's own dates; it is called as everybody calls it.
    """
    if as_of < campaign.start:
        return _countdown("headline.before", (campaign.start - as_of).days, language, date=campaign.start)
    named = wording.milestone(campaign.phase(phase.key), campaign, language)
    if phase.due is None:
        if as_of < phase.start:
            return text("headline.to_come", language, milestone=named, date=formats.day(phase.start, language))
        return text("headline.ended", language, milestone=named, date=formats.day(campaign.end, language))
    if as_of == phase.due:
        return text("headline.due", language, milestone=named, date=formats.day(phase.due, language))
    if as_of > phase.due:
        return text("headline.passed", language, milestone=named, date=formats.day(phase.due, language))
    return _countdown("headline.left", (phase.due - as_of).days, language, milestone=named)


def _countdown(key: str, days: int, language: str, **terms: str | date) -> str:
    written = {name: formats.day(term, language) if isinstance(term, date) else term for name, term in terms.items()}
    if days == 1:
        return text(f"{key}_one", language, **written)
    return text(f"{key}_many", language, days=formats.whole(days, language), **written)


def advice(overview: Overview, language: str) -> str:
    """Who can do what next where the page has little to show; empty where it shows what it should."""
    if overview.targets_set == 0:
        is_meant = any(not line.is_only_followed for line in overview.lines)
        return text("advice.no_targets", language) if is_meant or not overview.lines else ""
    if overview.day_number < 1:
        return ""
    if overview.told.day is None:
        is_pulled = any(source.enabled and source.schedule for source in overview.campaign.sources)
        return text("advice.no_readings" if is_pulled else "advice.no_sources", language)
    judged = [line for line in overview.lines if line.target is not None]
    return text("advice.stale", language) if all(line.standing == "stale" for line in judged) else ""


def made_with(updated: datetime | None, language: str) -> str:
    """ "Lập từ Cao Điểm, cập nhật lúc 18:00 ngày 07/05/2024.": the foot of what is taken away."""
    product = text("product", language)
    if updated is None:
        return text("made_with", language, product=product)
    return text("made_with_at", language, product=product, moment=formats.reported_moment(updated, language))


# --- the header -----------------------------------------------------------------------------------------------------


def day_of_campaign(campaign: Campaign, day: date, language: str) -> str:
    """ "Ngày 30/100 · 20/04/2024"; said otherwise before the first day and after the last."""
    number, as_of = campaign.day_number(day), formats.day(day, language)
    if number < 1:
        return text("day.before", language, as_of=as_of, start=formats.day(campaign.start, language))
    if number > campaign.days:
        return text("day.after", language, as_of=as_of)
    return text("day.running", language, as_of=as_of, number=number, days=campaign.days)


# --- one line -------------------------------------------------------------------------------------------------------


def finding(line: Result, overview: Overview, language: str) -> str:
    """The first thing to say of a line: what is missing, or why that is not known."""
    indicator = overview.campaign.indicator(line.indicator)
    if line.standing == "no_target":
        if line.value is None:
            return text("line.no_reading", language)
        return text("line.only_followed" if line.is_only_followed else "line.not_compared", language)
    if line.standing == "no_cases":
        return text("line.no_cases", language, counted=indicator.denominator.of(language))
    if line.is_thin:
        return text("line.thin", language)
    if line.is_undecided:
        return text("line.bound", language)
    if line.standing == "insufficient":
        if line.numerator is None:
            return text("line.no_reading", language)
        return wording.count_alone(line.numerator, line.qualifier, indicator, language)
    if line.standing == "stale":
        return _stopped(line, language)
    return _distance(line, language)


def beside(line: Result, overview: Overview, language: str) -> tuple[str, ...]:
    """What must be known beside a pooled figure: what the province itself reports, and how much the pooled rests on."""
    return tuple(
        text(
            "reported.line",
            language,
            root=wording.root_word(overview.campaign, language),
            value=_value(reported, line, language),
            coverage=formats.percent(100 * (line.coverage or 0), language),
        )
        for reported in overview.reported_figures
        if reported.indicator == line.indicator
    )


def _value(reported: ReportedFigure, line: Result, language: str) -> str:
    if reported.qualifier is None:
        return wording.written(reported.value, line, language, target=line.target)
    return wording.bound(
        reported.value, reported.qualifier, line.measure, language, high=reported.value_high, **wording.limit(line)
    )


def _stopped(line: Result, language: str) -> str:
    if line.reading_as_of is None:
        return text("line.no_reading", language)
    return text("line.stopped", language, date=formats.day(line.reading_as_of, language))


def _distance(line: Result, language: str) -> str:
    if line.value is None or line.target is None:
        return text("line.no_reading", language)
    if is_short(line):
        return wording.said("line.missing", line, language, points=wording.points_missing(line, language))
    if line.standing != "met":
        return text("line.bound", language)
    above = wording.number_above(line, language)
    if not above:
        return wording.at_target(line, language)
    return wording.said("line.above", line, language, points=wording.in_full(above, line, language))


def facts(line: Result, overview: Overview, language: str) -> tuple[tuple[str, str], ...]:
    """Everything known of a line, as label and value, for the tooltip."""
    indicator = overview.campaign.indicator(line.indicator)
    rows = [
        ("fact.now", wording.figure(line, language)),
        ("fact.counts", counts(line.numerator, line.denominator, indicator, language)),
        ("fact.told", wording.told_otherwise(line, language)),
        ("fact.reading", formats.day(line.reading_as_of, language) if line.reading_as_of else ""),
        ("fact.baseline", wording.decided(line.baseline, line, language) if line.baseline is not None else ""),
        ("fact.trajectory", wording.written(line.trajectory, line, language) if line.trajectory is not None else ""),
        ("fact.target", wording.target_of(line, language)),
        ("fact.missing", wording.points_missing(line, language) if is_short(line) else ""),
        ("fact.week", formats.percent(line.week_value, language) if line.week_value is not None else ""),
        ("fact.coverage", formats.percent(100 * line.coverage, language) if line.coverage is not None else ""),
        ("fact.standing", _judged(line, language)),
        ("fact.why", why_otherwise(line, language)),
    ]
    given = [
        ("reported.fact", text("reported.told", language, value=_value(told, line, language),
                               date=formats.day(told.as_of, language)))
        for told in overview.reported_figures
        if told.indicator == line.indicator
    ]  # fmt: skip
    root = overview.campaign.root_level.name.of(language)
    terms: dict[str, dict[str, str | int]] = {
        "fact.baseline": {"year": overview.campaign.baseline_year}, "reported.fact": {"root": root}
    }  # fmt: skip
    known = [(wording.said(key, line, language, **terms.get(key, {})), value) for key, value in rows]
    further = [(text(key, language, **terms[key]), value) for key, value in given]
    return tuple((label, value) for label, value in (*known, *wording.facts_ahead(line, language), *further) if value)


def _judged(line: Result, language: str) -> str:
    standing = standing_of(line, language)
    if line.by is None:
        return standing
    by_gap = "standing_by_gap" if line.projection is None else "standing_by_both"
    return text("ahead.judged" if line.by == "probability" else by_gap, language, standing=standing)


def judged_by(rows: Sequence[Result], campaign: Campaign, language: str) -> str:
    """Which indicators are judged by gap bands instead of by where they are going; empty where none is."""
    by_gap = [row.indicator for row in rows if row.by == "gap"]
    if not by_gap:
        return ""
    if not any(row.by == "probability" for row in rows):
        return text("overview.by_gap", language)
    names = ", ".join(campaign.indicator(key).short_name.of(language) for key in dict.fromkeys(by_gap))
    return text("ahead.by_both", language, indicators=names)


def units_judged_by(rows: Sequence[Result], language: str) -> str:
    """The same of many units on one indicator."""
    by_gap = sum(row.by == "gap" for row in rows)
    if not any(row.by == "probability" for row in rows):
        return text("overview.by_gap", language) if by_gap else ""
    if not by_gap:
        return text("ahead.by_probability", language)
    return text("ahead.units_by_both", language, count=formats.whole(by_gap, language))


# --- units that change ----------------------------------------------------------------------------------------------


def unit_events(events: Sequence[UnitEvent], indicator: Indicator, language: str, *, most: int = 5) -> tuple[str, ...]:
    """What became of units and what it did to an indicator's sums, newest first; beyond `most` they are counted."""
    told = [unit_event(event, indicator, language) for event in events[:most]]
    if len(events) > most:
        told.append(text("unit_change.more", language, count=formats.whole(len(events) - most, language)))
    return tuple(told)


def unit_event(event: UnitEvent, indicator: Indicator, language: str) -> str:
    """ "Từ ngày 02/05/2024, A sáp nhập vào B (9/NQ-HĐND); phần đã làm (21/30 hồ sơ) tính tiếp cho B, …"."""
    change = event.change
    known = {
        "date": formats.day(change.day, language),
        "unit": event.name,
        "to": event.to_name,
        "above": event.above_name,
        "former": event.former_name,
        "share": formats.target_percent(change.share, language),
        "part": _what_was_done(event, indicator, language),
    }

    def said(key: str, *terms: str) -> str:
        return text(f"unit_change.{key}", language, **{term: known[term] for term in terms})

    known["what"] = said(change.kind, "date", "unit", *_TERMS[change.kind])
    if change.document:
        known["what"] = text("unit_change.document", language, what=known["what"], document=change.document)
    done: str = "moved" if change.kind == "move" else "renamed"
    if change.kind in ENDS:
        done = change.counts if change.to is not None else "gone" if change.counts == "continued" else "left"
        # Neither is carried over (`models.units.carried`).
        done = indicator.measured_in if indicator.measured_in in ("days", "units") else done
    return said(done, "what", *_TERMS[done])


_TERMS = {
    "merge": ("to",), "split": ("to", "share"), "close": (), "move": ("former", "above"), "rename": ("former",),
    "carried": ("part", "to"), "continued": ("part", "to"), "apart": ("part", "above", "to"), "left": ("part", "above"),
    "gone": ("part",), "days": (), "units": (), "moved": ("former",), "renamed": (),
}  # fmt: skip
"""What the sentence about a change names, beside its day and unit."""


def _what_was_done(event: UnitEvent, indicator: Indicator, language: str) -> str:
    """With its counts, where they are known."""
    if event.is_own_part:
        return text("unit_change.own_part", language)
    if indicator.key not in event.left:
        return text("unit_change.part", language)
    counts = "/".join(formats.whole(count, language) for count in event.left[indicator.key])
    return text("unit_change.part_counts", language, counts=counts, counted=indicator.counted.of(language))


# --- people ---------------------------------------------------------------------------------------------------------


def person(login: str, language: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What somebody is called, by name where `names` has it; a command on the server was given for the office."""
    return text("person.office", language) if login.startswith(SYSTEM) else names.get(login, login)
