"""The page of progress as view-models: the course chosen, the others beside it, and the coordinator's signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jobs.wording import results as wording
from jobs.wording.results import in_sentence, proposed_note, standing_of
from models.analysis.courses import Course, Courses
from models.analysis.signals import Signal, Watch
from models.core import formats
from models.core.texts import text
from models.units.queries import PastDay
from pages.charts import marks
from pages.charts.course import PAGE, SMALL, Fan, Plot, Point, Size, Tick, course_chart
from pages.charts.layout import BASELINE_GLYPH, TARGET_GLYPH, TRAJECTORY_GLYPH
from pages.charts.signal import SignalPlot, Week, signal_chart
from pages.progress import sentences
from pages.progress.sentences import About
from pages.unit.sentences import Fact
from targets.findings import furthest
from targets.periods import period_of
from targets.values import Campaign, Phase

HISTORY_GLYPH, BAND_GLYPH, KNOT_GLYPH = "―", "▒", "◇"
SMALL_SCALE = (0, 100)


@dataclass(frozen=True)
class CourseView:
    """One indicator: its message, its chart and what stands below."""

    indicator: str
    name: str
    message: str
    standing: str
    standing_words: str
    """Empty for a group: only units have a standing."""
    chart: marks.Spec
    spoken: str
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ProgressView:
    """A subject's page; `shown` is the indicator chosen, None where the subject was not there on the day."""

    name: str
    headline: str
    phase: str
    phases: tuple[tuple[str, str], ...]
    indicators: tuple[tuple[str, str], ...]
    legend: tuple[tuple[str, str], ...]
    shown: CourseView | None
    others: tuple[CourseView, ...]
    notes: tuple[str, ...]


def progress_view(courses: Courses, indicator: str | None, *, simulated: bool, language: str) -> ProgressView:
    """Everything the page shows; without an indicator the one that is worst off."""
    chosen = indicator or worst_indicator(courses)
    views = {
        course.result.indicator: _course_view(
            course,
            courses,
            size=PAGE if course.result.indicator == chosen else SMALL,
            simulated=simulated,
            language=language,
        )
        for course in courses.lines
    }
    shown = views.get(chosen)
    name = sentences.subject(courses, language)
    return ProgressView(
        name=name,
        headline=text(
            "progress.headline", language, name=name, indicator=shown.name, message=in_sentence(shown.message)
        )
        if shown is not None
        else text("progress.no_lines", language, date=sentences.until(courses, language)),
        phase=courses.phase.key,
        phases=tuple((phase.key, _phase_words(phase, courses, language)) for phase in courses.phases),
        indicators=tuple((known.key, known.name.of(language)) for known in courses.campaign.indicators),
        legend=_legend(courses, language),
        shown=shown,
        others=tuple(view for key, view in views.items() if key != chosen),
        notes=_notes(courses, language),
    )


def worst_indicator(courses: Courses) -> str:
    """The one worst off; before anything is known the first with a target, or the first of all."""
    rows = [course.result for course in courses.lines]
    worst = furthest(rows)
    if worst is not None:
        return worst.indicator
    first = next((row for row in rows if row.target is not None), None)
    return courses.campaign.indicators[0].key if first is None else first.indicator


def _phase_words(phase: Phase, courses: Courses, language: str) -> str:
    return courses.campaign.phase(phase.key).name.of(language)


def _course_view(course: Course, courses: Courses, *, size: Size, simulated: bool, language: str) -> CourseView:
    about = About(courses, course, language)
    message = sentences.message(about)
    facts = sentences.facts(about)
    why = sentences.why_unknown(about)
    plot = plot_of(course, courses, size=size, simulated=simulated, language=language)
    name = about.indicator.name.of(language)
    return CourseView(
        indicator=course.result.indicator,
        name=name,
        message=message,
        standing=course.result.standing,
        standing_words="" if courses.unit is None else standing_of(course.result, language),
        chart=course_chart(plot, language, size=size, scale=SMALL_SCALE if size is SMALL else None),
        spoken=_spoken(name, message, facts, plot, language),
        facts=facts,
        notes=(*((why,) if why else ()), *sentences.changes(about)),
    )


def _spoken(name: str, message: str, facts: tuple[Fact, ...], plot: Plot, language: str) -> str:
    said = ["; ".join(f"{fact.label} {fact.strong} {fact.more}".strip() for fact in facts)]
    if len(plot.runs) > 1:
        said.append(text("progress.spoken.gaps", language, count=len(plot.runs) - 1))
    return text(
        "progress.spoken.chart",
        language,
        name=name,
        first=formats.day(plot.first, language),
        last=formats.day(plot.last, language),
        message=message,
        facts=" ".join(each for each in said if each),
    )


def plot_of(course: Course, courses: Courses, *, size: Size = PAGE, simulated: bool, language: str) -> Plot:
    """A course as a chart draws it: for the page, for small multiples, and for a slide."""
    row, campaign = course.result, courses.campaign
    dues = tuple(milestone.due for milestone in course.milestones)
    first = campaign.baseline_day
    last = max([campaign.end, *dues, courses.as_of])
    is_there = row.value is not None and row.reading_as_of is not None and row.standing != "no_cases"
    now = Point(row.reading_as_of, row.value) if is_there else None  # type: ignore[arg-type]
    reported = runs(course.days, campaign=campaign, indicator=row.indicator, language=language)
    start = campaign.start
    return Plot(
        first=first,
        last=last,
        runs=reported,
        baseline=None if row.baseline is None else Point(first, row.baseline),
        path=course.path,
        knots=course.knots,
        ticks=_ticks(course, courses, language),
        changed=tuple(dict.fromkeys(change.day for change in course.changes)),
        now=now,
        standing=row.standing,
        figure=wording.figure(row, language),
        fan=_fan(course, now, language),
        dues=dues,
        dates=tuple(
            (day, _date_words(day, courses, is_named=size.has_labels, language=language))
            for day in dict.fromkeys([start, *dues])
        ),
        mark=text("frame.simulated", language) if simulated and size.has_labels else "",
    )


def runs(
    history: Sequence[PastDay], *, campaign: Campaign, indicator: str, language: str
) -> tuple[tuple[Point, ...], ...]:
    """The days of which a figure was told, in stretches: a new one begins where figures had gone stale in between, and
    with each accounting period, as a rate that starts anew has not fallen."""
    basis = campaign.indicator(indicator).basis
    found: list[list[Point]] = []
    period, is_open = None, False
    for past in history:
        if not past.is_fresh:
            is_open = False
        elif past.reading_as_of == past.day and past.value is not None:
            its = period_of(basis, past.day, campaign)[0]
            if not is_open or its != period:
                found.append([])
            period, is_open = its, True
            facts = (
                (text("unit.fact.day", language), formats.day(past.day, language)),
                (text("unit.fact.value", language), formats.percent(past.value, language)),
            )
            found[-1].append(Point(past.day, past.value, facts))
    return tuple(tuple(run) for run in found)


def _date_words(day: date, courses: Courses, *, is_named: bool, language: str) -> str:
    short = formats.short_day(day, language)
    phase = next((phase for phase in courses.phases if phase.due == day), None)
    if phase is None or not is_named:
        return short
    return f"{_phase_words(phase, courses, language)} · {short}"


def _ticks(course: Course, courses: Courses, language: str) -> tuple[Tick, ...]:
    """Today's targets with their names, those of the past without, and what a target was before it changed."""
    due = {milestone.phase: milestone.due for milestone in course.milestones}
    before = tuple(Tick(due[change.phase], change.before, "", is_past=True) for change in course.changes)
    return (
        *before,
        *(
            Tick(
                milestone.due,
                milestone.target,
                formats.target_percent(milestone.target, language) if milestone.due >= courses.as_of else "",
            )
            for milestone in course.milestones
            if milestone.target is not None
        ),
    )


def _fan(course: Course, now: Point | None, language: str) -> Fan | None:
    """The band to the due date; none where nothing is projected, or the due date has passed."""
    row = course.result
    if now is None or row.due is None or row.projection is None or row.low is None or row.high is None:
        return None
    if row.due <= now.day or row.standing == "stale":
        return None
    label = formats.percent(row.projection, language, target=row.target)
    return Fan(now.day, now.value, row.due, row.low, row.projection, row.high, label)


def _legend(courses: Courses, language: str) -> tuple[tuple[str, str], ...]:
    """Glyph and meaning of what is drawn in at least one chart."""
    lines = courses.lines
    drawn = [
        (HISTORY_GLYPH, "history", any(course.days for course in lines)),
        (TRAJECTORY_GLYPH, "path", any(course.path for course in lines)),
        (KNOT_GLYPH, "knot", any(course.knots for course in lines)),
        (TARGET_GLYPH, "target", any(one.target is not None for course in lines for one in course.milestones)),
        (BAND_GLYPH, "fan", any(course.result.projection is not None for course in lines)),
    ]
    found = [(glyph, text(f"progress.legend.{key}", language)) for glyph, key, is_drawn in drawn if is_drawn]
    if any(course.result.baseline is not None for course in lines):
        year = courses.campaign.baseline_year
        found.insert(1, (BASELINE_GLYPH, text("overview.baseline", language, year=year)))
    return tuple(found)


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


@dataclass(frozen=True)
class SignalView:
    """One signal."""

    unit: str
    indicator: str
    message: str
    is_better: bool
    chart: marks.Spec
    spoken: str
    reading: str
    """The limits in words, what they promise, and how many cases are concerned."""


@dataclass(frozen=True)
class WatchView:
    """What was found this week, in a sentence and a handful of charts."""

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
    indicator = campaign.indicator(found.indicator)
    better = found.side > 0
    direction = "better" if better else "worse"
    message = text(
        f"progress.signals.message_{direction}",
        language,
        unit=found.name,
        indicator=in_sentence(indicator.name.of(language)),
        ahead=_ahead(found.weeks[-1][1] or 0.0, language),
        rule=text(f"progress.signals.{found.kind}_{direction}", language),
    )
    limits = text(
        "progress.signals.limits",
        language,
        low=formats.signed(found.low, language),
        high=formats.signed(found.high, language),
        centre=formats.signed(found.centre, language),
    )
    reading = [limits, text(f"progress.signals.{found.assurance}", language)]
    if found.cases is not None:
        counted = indicator.counted.of(language)
        reading.append(
            text("progress.signals.cases", language, cases=formats.whole(found.cases, language), counted=counted)
        )
    return SignalView(
        unit=found.unit,
        indicator=found.indicator,
        message=message,
        is_better=better,
        chart=signal_chart(_plot(found, language), language),
        spoken=text(
            "progress.signals.spoken",
            language,
            message=message,
            limits=limits,
            weeks=", ".join(
                text(
                    "progress.signals.spoken_week",
                    language,
                    date=formats.short_day(day, language),
                    points=formats.signed(value, language),
                )
                for day, value in found.weeks
                if value is not None
            ),
        ),
        reading=" ".join(reading),
    )


def _ahead(value: float, language: str) -> str:
    """ "chậm so với lộ trình 3,8 điểm phần trăm"."""
    number = formats.decimal(abs(value), language)
    if number in ("0,0", "0.0"):
        return text("progress.signals.even", language)
    key = "ahead" if value > 0 else "behind"
    return text(f"progress.signals.{key}", language, points=text("points", language, number=number))


def _plot(found: Signal, language: str) -> SignalPlot:
    labels = tuple(text(f"progress.signals.{name}", language) for name in ("upper", "middle", "lower"))
    return SignalPlot(
        weeks=tuple(
            Week(
                label=formats.short_day(day, language),
                ahead=value,
                facts=()
                if value is None
                else (
                    (text("progress.signals.week", language), formats.day(day, language)),
                    (text("progress.signals.value", language), formats.signed(value, language)),
                ),
            )
            for day, value in found.weeks
        ),
        centre=found.centre,
        low=found.low,
        high=found.high,
        is_better=found.side > 0,
        labels=(labels[0], labels[1], labels[2]),
    )
