"""The page of progress as view-models: the course chosen, the others in a table, and the coordinator's signals."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.wording import results as wording
from jobs.wording.results import in_sentence, proposed_note
from models.analysis.courses import Course, Courses
from models.analysis.signals import Signal, Watch
from models.core import formats
from models.core.texts import text
from pages.charts import marks
from pages.charts.course import PAGE, Plot
from pages.progress import sentences
from pages.progress.plots import large
from pages.progress.sentences import About
from pages.unit.sentences import Fact
from targets.results import Result
from targets.values import Campaign

NOTHING = "—"


@dataclass(frozen=True)
class CourseView:
    """The indicator chosen: its chart and what stands beside it."""

    indicator: str
    standing: str
    standing_words: str
    """Empty for a group: only units have a standing."""
    why: str
    chart: marks.Spec
    spoken: str
    legend: tuple[tuple[str, str], ...]
    chart_notes: tuple[str, ...]
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class OtherView:
    """A row of the other indicators."""

    name: str
    result: Result
    now: str
    target: str
    projection: str
    days: tuple[float | None, ...]
    """Day by day since the campaign began."""
    days_spoken: str
    standing_words: str
    why: str


@dataclass(frozen=True)
class ProgressView:
    """A subject's page; `shown` is the indicator chosen, None where the subject was not there on the day."""

    headline: str
    shown: CourseView | None
    others: tuple[OtherView, ...]
    notes: tuple[str, ...]


def progress_view(courses: Courses, indicator: str, *, simulated: bool, language: str) -> ProgressView:
    """Everything the page shows of an indicator."""
    chosen = next((course for course in courses.lines if course.result.indicator == indicator), None)
    if chosen is None:
        headline = text("progress.no_lines", language, date=sentences.until(courses, language))
        return ProgressView(headline, None, (), _notes(courses, language))
    about = About(courses, chosen, language)
    return ProgressView(
        headline=text(
            "progress.headline",
            language,
            name=sentences.subject(courses, language),
            indicator=about.indicator.name.of(language),
            message=in_sentence(sentences.message(about)),
        ),
        shown=_course_view(about, simulated=simulated),
        others=tuple(_other(course, courses, language) for course in courses.lines if course is not chosen),
        notes=_notes(courses, language),
    )


def _course_view(about: About, *, simulated: bool) -> CourseView:
    course, courses, language = about.course, about.courses, about.language
    drawn = large(course, courses, size=PAGE, simulated=simulated, language=language)
    facts, why = sentences.facts(about), sentences.why_unknown(about)
    return CourseView(
        indicator=course.result.indicator,
        standing=course.result.standing,
        standing_words=_standing(course, courses, language),
        why=wording.reason(course.result, courses.campaign, language),
        chart=drawn.spec,
        spoken=_spoken(about, facts, drawn.plot),
        legend=drawn.legend,
        chart_notes=drawn.notes,
        facts=facts,
        notes=(*((why,) if why else ()), *sentences.changes(about)),
    )


def _standing(course: Course, courses: Courses, language: str) -> str:
    return "" if courses.unit is None else wording.word_of(course.result, language)


def _spoken(about: About, facts: Sequence[Fact], plot: Plot) -> str:
    said = ["; ".join(f"{fact.label} {fact.strong} {fact.more}".strip() for fact in facts)]
    if len(plot.runs) > 1:
        said.append(text("progress.spoken.gaps", about.language, count=len(plot.runs) - 1))
    return text(
        "progress.spoken.chart",
        about.language,
        name=about.indicator.name.of(about.language),
        first=formats.day(plot.first, about.language),
        last=formats.day(plot.last, about.language),
        message=sentences.message(about),
        facts=" ".join(each for each in said if each),
    )


def _other(course: Course, courses: Courses, language: str) -> OtherView:
    row = course.result
    days = tuple(past.value for past in course.days)
    known = [wording.written(value, row, language) for value in days if value is not None]
    return OtherView(
        name=courses.campaign.indicator(row.indicator).name.of(language),
        result=row,
        now=wording.figure(row, language) or NOTHING,
        target=wording.target_of(row, language) or NOTHING,
        projection=NOTHING
        if row.projection is None
        else wording.written(row.projection, row, language, target=row.target),
        days=days,
        days_spoken=text("progress.others.days", language, first=known[0], last=known[-1]) if known else "",
        standing_words=_standing(course, courses, language),
        why=wording.reason(row, courses.campaign, language),
    )


def _notes(courses: Courses, language: str) -> tuple[str, ...]:
    notes = []
    if courses.unit is None:
        notes.append(text("progress.group_note", language))
    elif any(dates.unit == courses.unit for dates in courses.campaign.unit_phases):
        notes.append(text("progress.unit_note", language))
    if any(course.result.projection is not None for course in courses.lines):
        notes.append(text("progress.fan_note", language))
    proposed = proposed_note((course.result for course in courses.lines), language)
    return (*notes, proposed) if proposed else tuple(notes)


# --- signals --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignalView:
    """One signal: a unit's indicator whose newest week says something."""

    unit: str
    name: str
    indicator: str
    indicator_name: str
    is_better: bool
    rule: str
    weeks: tuple[float | None, ...]
    """Points ahead of the path, oldest first."""
    weeks_spoken: str
    newest: str
    usual: str
    cases: str
    promise: str
    """What the limits promise where nothing changes."""


@dataclass(frozen=True)
class WatchView:
    """What was found this week, in a sentence and a handful of rows."""

    said: str
    signals: tuple[SignalView, ...]


def watch_view(watch: Watch, campaign: Campaign, language: str) -> WatchView:
    """The section as it is drawn."""
    return WatchView(_said(watch, language), tuple(_view(found, campaign, language) for found in watch.found))


def _said(watch: Watch, language: str) -> str:
    if watch.has_stopped:
        return text("progress.signals.stopped", language, date=formats.day(watch.as_of, language))
    if watch.weeks < watch.needed:
        date = formats.day(watch.as_of, language)
        return text("progress.signals.young", language, needed=watch.needed, date=date, weeks=watch.weeks)
    series = formats.whole(watch.series, language)
    if not watch.found:
        return text("progress.signals.none", language, series=series)
    return text("progress.signals.found", language, count=len(watch.found), series=series)


def _view(found: Signal, campaign: Campaign, language: str) -> SignalView:
    low, high = formats.signed(found.low, language), formats.signed(found.high, language)
    told = [(day, value) for day, value in found.weeks if value is not None]
    direction = "better" if found.side > 0 else "worse"
    return SignalView(
        unit=found.unit,
        name=found.name,
        indicator=found.indicator,
        indicator_name=campaign.indicator(found.indicator).short_name.of(language),
        is_better=found.side > 0,
        rule=text(f"progress.signals.{found.kind}_{direction}", language),
        weeks=tuple(value for _, value in found.weeks),
        weeks_spoken=", ".join(
            text(
                "progress.signals.spoken_week",
                language,
                date=formats.short_day(day, language),
                points=formats.signed(value, language),
            )
            for day, value in told
        ),
        newest=formats.signed(told[-1][1], language) if told else NOTHING,
        usual=text("progress.signals.usual", language, low=low, high=high),
        cases=NOTHING if found.cases is None else formats.whole(found.cases, language),
        promise=text(f"progress.signals.{found.assurance}", language),
    )
