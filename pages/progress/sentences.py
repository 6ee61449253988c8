"""What the page of progress says in words: a course in, sentences out, true in every state.

The projection, its range and the probability come as they are. Where there is none, it is said why.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from jobs.wording import results as wording
from jobs.wording.figures import counts
from jobs.wording.results import best_of, how_much_is_known, why_otherwise
from models.analysis.courses import Course, Courses
from models.core import formats
from models.core.texts import text
from pages.unit.sentences import Fact, named
from targets.findings import is_short
from targets.projection.pace import pace_ratio
from targets.projection.projection import LEAST_WORKED
from targets.results import Result
from targets.values import Campaign, Indicator, Phase

SURE = 0.99
"""A probability above it, or as far below, is said as a bound: 100 % and 0 % would be a promise."""


@dataclass(frozen=True)
class About:
    """What a sentence needs to know beside the course."""

    courses: Courses
    course: Course
    language: str

    @property
    def row(self) -> Result:
        return self.course.result

    @property
    def campaign(self) -> Campaign:
        return self.courses.campaign

    @property
    def indicator(self) -> Indicator:
        return self.campaign.indicator(self.row.indicator)

    @property
    def phase(self) -> Phase:
        return self.courses.phase

    @property
    def is_over(self) -> bool:
        return self.phase.due is not None and self.courses.as_of > self.phase.due

    @property
    def due(self) -> str:
        return "" if self.phase.due is None else formats.short_day(self.phase.due, self.language)

    def say(self, key: str, **terms: str | int) -> str:
        return wording.said(f"progress.{key}", self.row, self.language, **terms)

    def percent(self, value: float | None, *, capped: bool = True) -> str:
        """A figure; never rounded up to the target, unless it stands for the target's own side."""
        row = self.row
        return formats.figure(
            value or 0.0,
            row.measure,
            self.language,
            target=row.target if capped else None,
            lower_is_better=capped and row.lower_is_better,
        )

    def points(self, value: float, target: float) -> str:
        """How far a value lies from a target, as a reader works it out from the two numbers shown."""
        row = self.row
        missing = wording.short_of(value, target, row)
        if not missing:
            missing = abs(formats.rounded(value, measure=row.measure) - formats.rounded(target, measure=row.measure))
        return wording.in_full(formats.amount(missing, row.measure, self.language), row, self.language)


# --- the one message of a chart -------------------------------------------------------------------------------------


def message(about: About) -> str:
    """The course in one sentence, with its number."""
    row = about.row
    if row.standing == "no_cases":
        return about.say("say.no_cases", counted=about.indicator.denominator.of(about.language))
    if row.value is None:
        if row.numerator is None:
            return about.say("say.no_reading")
        said = wording.count_alone(row.numerator, row.qualifier, about.indicator, about.language)
        return formats.capitalised(said)
    if row.standing == "stale" and row.reading_as_of is not None:
        stopped = formats.day(row.reading_as_of, about.language)
        return about.say("say.stale", date=stopped, value=wording.figure(row, about.language))
    if row.is_thin:
        return about.say("say.thin", value=wording.figure(row, about.language), known=_known(about))
    if row.is_only_followed:
        return about.say("say.only_followed", value=wording.figure(row, about.language))
    if row.target is None:
        return _without_target(about)
    if row.is_undecided:
        return about.say("say.bound", value=wording.figure(row, about.language), target=_target(about))
    if about.is_over:
        return _over(about)
    if row.standing == "met":
        return _met(about)
    if row.standing == "out_of_reach":
        known = about.say("say.out_of_reach", target=_target(about), due=_by(about))
        best = best_of(row, about.language)
        return text("standing_best", about.language, standing=known, best=best) if best else known
    if row.projection is None:
        return _unprojected(about)
    return _projected(about)


def _known(about: About) -> str:
    course = about.course
    units = None if course.expected is None else (course.counted or 0, course.expected)
    return how_much_is_known(about.row, about.campaign, about.language, units=units)


def _target(about: About) -> str:
    return wording.target_of(about.row, about.language)


def _by(about: About) -> str:
    """ "đến 10/05"; an open-ended phase by its name."""
    if about.phase.due is None:
        return named(about.phase, about.campaign, about.language)
    return about.say("say.by", due=about.due)


def _without_target(about: About) -> str:
    row = about.row
    value = wording.figure(row, about.language)
    if row.projection is None or about.is_over:
        return about.say("say.no_target", value=value)
    projection = about.percent(row.projection)
    return about.say("say.no_target_projected", value=value, due=about.due, projection=projection)


def _over(about: About) -> str:
    row = about.row
    milestone = named(about.phase, about.campaign, about.language)
    terms = {"milestone": milestone, "due": about.due, "target": _target(about)}
    terms["value"] = wording.figure(row, about.language)
    if is_short(row):
        return about.say("say.over_short", **terms, points=wording.points_missing(row, about.language))
    return about.say("say.over_reached", **terms)


def _met(about: About) -> str:
    row = about.row
    terms = {"value": wording.figure(row, about.language), "target": _target(about)}
    reached = about.say("say.met", **terms)
    if above := wording.number_above(row, about.language):
        reached = about.say("say.met_above", **terms, points=wording.in_full(above, row, about.language))
    if row.projection is None or row.probability is None or about.phase.due is None:
        return reached
    projection = about.percent(row.projection)
    if row.probability >= float(about.campaign.thresholds.likely):
        return about.say("say.met_holds", reached=reached, due=about.due, projection=projection)
    return about.say("say.met_may_fall", reached=reached, due=about.due, projection=projection)


def _unprojected(about: About) -> str:
    row = about.row
    value = wording.figure(row, about.language)
    if not is_short(row):
        return about.say("say.bound", value=value, target=_target(about))
    points = wording.points_missing(row, about.language)
    return about.say("say.unprojected", value=value, points=points, target=_target(about), due=_by(about))


def _projected(about: About) -> str:
    row = about.row
    projection, target = row.projection or 0.0, row.target or 0.0
    said = about.percent(projection)
    if not row.reaches(projection, target):
        return about.say(
            "say.short", due=about.due, projection=said, points=about.points(projection, target), target=_target(about)
        )
    is_sure = (row.probability or 0.0) >= float(about.campaign.thresholds.likely)
    key = "say.arrives" if is_sure else "say.tight"
    return about.say(key, due=about.due, projection=said, target=_target(about))


# --- why there is no probability ------------------------------------------------------------------------------------


def why_unknown(about: About) -> str:
    """Why no probability is told; empty where one is, or where the question does not arise."""
    row, language = about.row, about.language
    if about.is_over or row.standing in ("no_cases", "missed", "out_of_reach"):
        return ""
    if row.value is None or row.reading_as_of is None:
        is_uncounted = about.course.counted == 0 and (about.course.expected or 0) > 0 and bool(about.course.days)
        return about.say("why.no_counts" if is_uncounted else "why.no_figure")
    if row.standing == "stale" or row.coverage == 0:
        return about.say("why.stale", date=formats.day(row.reading_as_of, language))
    if row.is_thin:
        return about.say("why.thin")
    if row.is_bound:
        return about.say("why.bound")
    if about.phase.due is None:
        return about.say("why.open_ended")
    if row.projection is None:
        if about.course.ends_before_due:
            return about.say("why.new_period", due=about.due)
        if about.course.counted_days < LEAST_WORKED:
            return about.say("why.young", days=about.course.counted_days, least=LEAST_WORKED)
        return about.say("why.uneven")
    if row.target is None:
        return "" if row.is_only_followed else about.say("why.no_target")
    if about.indicator.shortfall == "permanent" and row.standing != "met":
        return about.say("why.permanent")
    return about.say("why.unearned") if row.probability is None else ""


# --- the figures behind it ------------------------------------------------------------------------------------------


def facts(about: About) -> tuple[Fact, ...]:
    """Now, the path, the pace, the projection, the probability, what must come: each where it is known."""
    row = about.row
    if row.value is None:
        return ()
    found = [_now(about)]
    if row.standing == "stale" or row.is_thin:
        return tuple(found)
    why = why_otherwise(row, about.language)
    reason = [Fact(text("fact.why", about.language), why)] if why and not about.is_over else []
    return (*found, *_path(about), *_pace(about), *_ahead(about), *_to_come(about), *reason)


def _now(about: About) -> Fact:
    row, language = about.row, about.language
    more = []
    if said := counts(row.numerator, row.denominator, about.indicator, language):
        more.append(said)
    if row.reading_as_of is not None:
        more.append(formats.day(row.reading_as_of, language))
    if about.course.expected is not None:
        more.append(about.say("fact.units", counted=about.course.counted or 0, expected=about.course.expected))
    return Fact(about.say("fact.now"), wording.figure(row, language), " · ".join(more))


def _path(about: About) -> list[Fact]:
    row = about.row
    if row.trajectory is None or row.ahead is None or about.is_over:
        return []
    away = formats.amount(abs(row.ahead), row.measure, about.language)
    key = (
        "fact.on_path"
        if away == formats.amount(0, row.measure, about.language)
        else "fact.ahead"
        if row.ahead > 0
        else "fact.behind"
    )
    points = wording.in_full(away, row, about.language)
    terms = {} if key == "fact.on_path" else {"points": points}
    return [Fact(about.say("fact.path"), wording.written(row.trajectory, row, about.language), about.say(key, **terms))]


def _pace(about: About) -> list[Fact]:
    row, language = about.row, about.language
    if row.pace is None or about.is_over:
        return []
    strong = about.say("fact.per_week", points=wording.in_full(wording.moved(row.pace, row, language), row, language))
    if not is_short(row) or not row.needed_pace:
        return [Fact(about.say("fact.pace"), strong)]
    ratio = float(pace_ratio(np.array([row.pace]), np.array([row.needed_pace]))[0])
    more = about.say("fact.needed", points=formats.amount(row.needed_pace, row.measure, language))
    if ratio > 0:
        share = formats.whole(round(100 * ratio), language)
        key = "fact.needed_share" if ratio < 1 else "fact.needed_enough"
        more = about.say(key, points=formats.amount(row.needed_pace, row.measure, language), share=share)
    return [Fact(about.say("fact.pace"), strong, more)]


def _ahead(about: About) -> list[Fact]:
    row, language = about.row, about.language
    if row.projection is None or row.low is None or row.high is None or about.is_over:
        return []
    span = about.say("fact.range", low=formats.decimal(row.low, language), high=about.percent(row.high))
    found = [Fact(about.say("fact.projection", due=about.due), about.percent(row.projection), span)]
    if row.probability is not None and not why_unknown(about):
        found.append(Fact(about.say("fact.probability"), probability(row.probability, language)))
    return found


def probability(value: float, language: str) -> str:
    """ "72%"; never the certainty of 0 or 100."""
    if value > SURE:
        return text("progress.fact.above", language, percent="99%")
    if value < 1 - SURE:
        return text("progress.fact.below", language, percent="1%")
    return f"{round(100 * value)}%"


def _to_come(about: About) -> list[Fact]:
    row, language = about.row, about.language
    if about.is_over or not is_short(row) or not row.expected_cases or row.share_needed is None:
        return []
    coming = formats.whole(row.expected_cases, language)
    counted = about.indicator.counted.of(language)
    label = about.say("fact.to_come", due=about.due)
    if wording.is_too_late(row):
        best = about.percent(row.attainable)
        more = about.say("fact.best", cases=coming, counted=counted, best=best)
        return [Fact(label, about.say("fact.too_few"), more)]
    share = about.say(
        "fact.share", share=f"{formats.share_needed(row.share_needed, language, lower_is_better=row.lower_is_better)}%"
    )
    return [Fact(label, share, about.say("fact.of_cases", cases=coming, counted=counted))]


# --- targets that changed -------------------------------------------------------------------------------------------


def changes(about: About) -> tuple[str, ...]:
    """Each target that became another: what it was, what it is, since when, by which document."""
    said = []
    for change in about.course.changes:
        terms = {
            "milestone": wording.milestone(about.campaign.phase(change.phase), about.campaign, about.language),
            "before": wording.decided(change.before, about.row, about.language),
            "after": wording.decided(change.after, about.row, about.language),
            "date": formats.day(change.day, about.language),
        }
        if change.document:
            said.append(about.say("change.document", **terms, document=change.document))
        else:
            said.append(about.say("change.bare", **terms))
    return tuple(said)


def subject(courses: Courses, language: str) -> str:
    """Whose course it is: the unit by its name, a group by its level's."""
    return courses.name if courses.unit is not None else courses.campaign.level(courses.level).name.of(language)


def until(courses: Courses, language: str) -> str:
    """ "07/05/2024", the day looked at."""
    day: date = courses.as_of
    return formats.day(day, language)
