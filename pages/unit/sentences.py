"""What a unit's page says in words: results, registrations, causes and checks in, sentences out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jobs.wording import results as wording
from jobs.wording.results import how_much_is_known, in_sentence, share_of, standing_of, why_otherwise
from models.core import formats
from models.core.texts import text
from models.targets.agreements import Agreement
from models.units.queries import Head
from pages.kit import sentences as kit_sentences
from pages.kit.sentences import UNCERTAIN
from targets.findings import furthest, is_short, is_small
from targets.permissions import SYSTEM
from targets.results import Result
from targets.values import Campaign, Indicator, Phase


@dataclass(frozen=True)
class Fact:
    """A line under a panel: what it is, the figure that counts, and what goes with it."""

    label: str
    strong: str
    more: str = ""


# --- the heading ----------------------------------------------------------------------------------------------------


def head(known: Head, language: str) -> str:
    """Title, name and phone; what the campaign's files do not say is said to be missing."""
    if known.title is None and known.name is None:
        return text("unit.header.head_missing", language)
    if known.name is None:
        return text("unit.header.head_no_name", language, title=known.title or "")
    who = known.name if known.title is None else text("unit.header.head", language, title=known.title, name=known.name)
    if known.phone is None:
        return text("unit.header.head_no_phone", language, who=who)
    return text("unit.header.head_phone", language, who=who, phone=known.phone)


def named(phase: Phase, campaign: Campaign, language: str) -> str:
    """A phase as everybody calls it, "mốc 50 ngày": a unit's own dates are said beside it, never counted anew."""
    return wording.milestone(campaign.phase(phase.key), campaign, language)


def headline(rows: list[Result], *, campaign: Campaign, phase: Phase, as_of: date, language: str) -> str:
    """The unit in one sentence: how long, how many of its targets are met, and where to look first."""
    if not rows:
        return text("unit.say.not_there", language, date=formats.day(as_of, language))
    opening = kit_sentences.opening(
        campaign=campaign, phase=phase, as_of=as_of, language=language, passed="unit.say.passed"
    )
    findings = _findings(rows, campaign=campaign, phase=phase, as_of=as_of, language=language)
    return text("headline.whole", language, opening=opening, findings="; ".join(findings))


def _findings(rows: list[Result], *, campaign: Campaign, phase: Phase, as_of: date, language: str) -> list[str]:
    judged = [row for row in rows if row.target is not None]
    if not judged:
        return [text("headline.no_targets", language)]
    if as_of < campaign.start:
        return [text("headline.prepared", language, set=len(judged), lines=len(rows))]
    if all(row.reading_as_of is None for row in rows):
        return [text("unit.say.no_readings", language)]
    if all(row.standing == "stale" for row in judged):
        newest = max(row.reading_as_of for row in judged if row.reading_as_of is not None)
        return [text("headline.stale", language, date=formats.day(newest, language))]
    met = sum(row.standing == "met" for row in judged)
    known = text("unit.say.some_met", language, met=met, set=len(judged))
    uncertain = sum(row.standing in UNCERTAIN for row in judged)
    if uncertain:
        known = text("headline.but_uncertain", language, known=known, count=uncertain)
    worst = furthest(judged)
    return [known] if worst is None else [known, _shortfall(worst, campaign, phase, as_of, language)]


def _shortfall(row: Result, campaign: Campaign, phase: Phase, as_of: date, language: str) -> str:
    indicator = campaign.indicator(row.indicator)
    name, points = in_sentence(indicator.name.of(language)), wording.points_missing(row, language)
    if phase.due is not None and as_of > phase.due:
        return text("unit.say.over", language, name=name, points=points)
    if row.cases_missing:
        said = text(
            "unit.say.worst_cases",
            language,
            name=name,
            points=points,
            cases=formats.whole(row.cases_missing, language),
            counted=indicator.counted.of(language),
        )
    else:
        said = text("unit.say.worst", language, name=name, points=points)
    if row.standing == "out_of_reach":
        return text("unit.say.out_of_reach", language, said=said, standing=in_sentence(standing_of(row, language)))
    return said


def advice(rows: list[Result], *, campaign: Campaign, as_of: date, language: str) -> str:
    """Who can do what next where the page has little to show; empty where it shows what it should."""
    judged = [row for row in rows if row.target is not None]
    if rows and not judged:
        return text("unit.advice.no_targets", language)
    if not rows or as_of < campaign.start:
        return ""
    if all(row.reading_as_of is None for row in rows):
        return text("unit.advice.no_readings", language)
    return text("unit.advice.stale", language) if all(row.standing == "stale" for row in judged) else ""


# --- one panel ------------------------------------------------------------------------------------------------------


def facts(
    row: Result,
    *,
    campaign: Campaign,
    phase: Phase,
    qualifier: str | None,
    is_central_missing: bool,
    as_of: date,
    language: str,
) -> list[Fact]:
    """Now, this week, target, missing, attainable and what must come from now on, each where it applies."""
    indicator = campaign.indicator(row.indicator)
    found = [_now(row, indicator, qualifier, language)]
    if row.is_thin:
        known = text("unit.now.thin", language, counts=found[0].more, known=how_much_is_known(row, campaign, language))
        found = [replace(found[0], more=known)]
    if row.standing in ("no_cases", "insufficient") or row.value is None:
        return [*found, _target(row, campaign, phase, is_central_missing, language)]
    if row.standing != "stale":
        found += _week(row, indicator, language)
    found.append(_target(row, campaign, phase, is_central_missing, language))
    if row.target is None or row.standing == "stale":
        return found
    found += [_distance(row, indicator, language), *_way(row, language)]
    if why := why_otherwise(row, language):
        found.append(Fact(text("fact.why", language), why))
    if phase.due is not None and as_of <= phase.due and row.attainable is not None and row.expected_cases:
        found += _what_remains(row, indicator, phase.due, language)
    if row.denominator is not None and is_small(row, campaign):
        found.append(_small(indicator, row.denominator, language))
    return found


def _small(indicator: Indicator, denominator: int, language: str) -> Fact:
    counted = indicator.counted.of(language)
    points = text("points", language, number=formats.decimal(max(0.1, 100 / denominator), language))
    return Fact(
        text("unit.fact.note", language),
        text("unit.now.small", language, counted=counted),
        text("unit.now.small_why", language, counted=counted, points=points),
    )


def counts(numerator: int | None, denominator: int | None, indicator: Indicator, language: str) -> str:
    """ "1.759/3.618 hồ sơ"; empty where only a percent was told."""
    if numerator is None or denominator is None:
        return ""
    return text(
        "counts",
        language,
        numerator=formats.whole(numerator, language),
        denominator=formats.whole(denominator, language),
        counted=indicator.counted.of(language),
    )


def _now(row: Result, indicator: Indicator, qualifier: str | None, language: str) -> Fact:
    label = text("unit.fact.now", language)
    if row.standing == "no_cases" or row.denominator == 0:
        return Fact(label, text("line.no_cases", language, counted=indicator.counted.of(language)))
    if row.value is None:
        return Fact(label, text("line.no_reading" if row.numerator is None else "line.count_only", language))
    reported = counts(row.numerator, row.denominator, indicator, language)
    day = formats.short_day(row.reading_as_of, language) if row.reading_as_of is not None else ""
    if row.standing == "stale":
        more = text("unit.now.stale", language, counts=reported, date=day)
    elif reported:
        more = text("unit.now.counts", language, counts=reported, date=day)
    else:
        more = text("unit.now.date", language, date=day)
    return Fact(label, wording.figure(row, language, qualifier=qualifier), more)


def _week(row: Result, indicator: Indicator, language: str) -> list[Fact]:
    """This week's cases alone; left out for a stock that is worked off, where no new cases come."""
    label = text("unit.fact.week", language)
    if row.week_value is not None:
        reported = counts(row.week_numerator, row.week_denominator, indicator, language)
        more = text("unit.now.week", language, counts=reported) if reported else ""
        return [Fact(label, formats.percent(row.week_value, language), more)]
    if indicator.arriving and row.week_denominator == 0:
        return [Fact(label, text("unit.now.week_none", language, counted=indicator.counted.of(language)))]
    return []


def _target(row: Result, campaign: Campaign, phase: Phase, is_central_missing: bool, language: str) -> Fact:
    label = text("unit.fact.target", language)
    if row.target is None:
        more = text("unit.now.central_missing", language, year=campaign.target_year) if is_central_missing else ""
        return Fact(label, text("unit.now.no_target", language), more)
    milestone = named(phase, campaign, language)
    if phase.due is None:
        more = text("unit.now.target_open", language, milestone=milestone)
    else:
        more = text("unit.now.target", language, milestone=milestone, date=formats.short_day(phase.due, language))
    return Fact(label, wording.target_of(row, language), more)


def _distance(row: Result, indicator: Indicator, language: str) -> Fact:
    label = text("unit.fact.missing", language)
    if is_short(row):
        cases = row.cases_missing
        more = (
            text(
                "unit.now.cases",
                language,
                cases=formats.whole(cases, language),
                counted=indicator.counted.of(language),
            )
            if cases
            else ""
        )
        return Fact(label, wording.points_missing(row, language), more)
    against = text("unit.fact.against", language)
    if row.standing != "met":
        return Fact(against, text("line.bound", language))
    above = formats.rounded_percent(row.value or 0) - formats.rounded_percent(row.target or 0)
    if above <= 0:
        return Fact(against, text("line.reached", language))
    points = text("points", language, number=formats.decimal(above, language))
    return Fact(text("unit.fact.above", language), points)


def _way(row: Result, language: str) -> list[Fact]:
    """How fast it moves and would have to, and where that leads: one line, as far as it is known."""
    projected = wording.projection(row, language)
    if row.pace is None or not row.days_left:
        label = text("ahead.fact_way", language)
        return [Fact(label, projected)] if projected else []
    further = (wording.needed(row, language), projected)
    more = "".join(f" {text('ahead.fact_more', language, more=said)}" for said in further if said)
    return [Fact(text("ahead.fact_pace", language), wording.pace(row, language), more.strip())]


def _what_remains(row: Result, indicator: Indicator, due: date, language: str) -> list[Fact]:
    """The best still attainable, and how many of the coming cases must be right: rounded up."""
    found = []
    counted = indicator.counted.of(language)
    day = formats.short_day(due, language)
    if is_short(row):
        best = formats.percent(row.attainable or 0, language, target=row.target)
        is_out_of_reach = row.standing == "out_of_reach"
        more = text("unit.now.out_of_reach_why", language, counted=counted, date=day) if is_out_of_reach else ""
        found.append(Fact(text("unit.fact.attainable", language), best, more))
        if is_out_of_reach:
            return found
    label = text("unit.fact.share", language)
    if row.share_needed is None or row.share_needed <= 0:
        return found
    needed, said = share_of(row, indicator, due, language)
    return [*found, Fact(label, needed, f"· {said}")]


def ended(row: Result, *, campaign: Campaign, phase: Phase, language: str) -> Fact:
    """An ended phase's result, beside the running one."""
    label = text("unit.fact.ended", language, milestone=named(phase, campaign, language))
    standing = standing_of(row, language)
    if row.value is None or row.target is None:
        return Fact(label, standing)
    target = formats.target_percent(row.target, language)
    return Fact(label, standing, text("unit.now.ended", language, value=wording.figure(row, language), target=target))


FOUNDING = "init"
"""The reason the command notes that brings the campaign's files in: no word of the unit's."""
REPLACED = frozenset(f"replaced by a later {kind}" for kind in ("registration", "request", "statement"))
"""Reasons that actions write themselves where a later request takes the place of one that waits."""
HOLDING = ("in_force", "approved")
"""States of a registration or of dates that counts, as long as no later one does."""


@dataclass(frozen=True)
class RequestView:
    """One request, statement, dispute or question, as lines of words."""

    title: str
    state: str
    is_waiting: bool
    is_late: bool
    lines: tuple[str, ...]


def request_views(
    requests: Sequence[Agreement], *, campaign: Campaign, names: Mapping[str, str], today: date, language: str
) -> tuple[RequestView, ...]:
    """Open questions first, the earliest deadline before others; then what waits; then the rest, the newest first."""
    counting: set[tuple[str, str | None, str | None]] = set()
    views: list[tuple[tuple[int, int], RequestView]] = []
    for order, request in enumerate(reversed(requests)):
        place = (request.kind, request.indicator, request.phase)
        is_counted = request.state in HOLDING
        state = "superseded" if is_counted and place in counting else request.state
        if is_counted:
            counting.add(place)
        is_late = (
            request.is_waiting and request.deadline is not None and request.kind != "cause" and request.deadline < today
        )
        said = text(f"wishes.state.{request.kind}_{state}", language)
        view = RequestView(
            title=title(request, campaign, language),
            state=text("wishes.state.late", language, state=said) if is_late else said,
            is_waiting=request.is_waiting,
            is_late=is_late,
            lines=_lines(request, names, language),
        )
        views.append((_place(request, order), view))
    return tuple(view for _, view in sorted(views, key=lambda found: found[0]))


def _place(request: Agreement, order: int) -> tuple[int, int]:
    if request.kind == "question" and request.is_waiting and request.deadline is not None:
        return 0, request.deadline.toordinal()
    return (1 if request.is_waiting else 2), order


def title(request: Agreement, campaign: Campaign, language: str) -> str:
    """What it is, on which indicator or phase."""
    terms: dict[str, str] = {}
    key: str = request.kind
    if request.indicator is not None:
        terms["name"] = campaign.indicator(request.indicator).short_name.of(language)
    if request.phase is not None:
        terms["phase"] = campaign.phase(request.phase).name.of(language)
    if request.kind == "registration":
        terms["value"] = formats.target_percent(request.value or 0, language)
    elif request.kind == "cause":
        terms["category"] = text(f"gaps.cause.{request.category}", language)
    elif request.kind == "dates" and request.start is not None:
        key = "dates" if request.due is not None else "dates_open"
        terms["start"] = formats.day(request.start, language)
        if request.due is not None:
            terms["due"] = formats.day(request.due, language)
    elif request.kind == "check" and request.as_of is not None:
        terms["date"] = formats.day(request.as_of, language)
        key = "check" if request.denominator is not None else "check_plain"
        terms |= _counts(request.numerator, request.denominator, language)
    return text(f"wishes.what.{key}", language, **terms)


def _counts(numerator: int | None, denominator: int | None, language: str) -> dict[str, str]:
    if numerator is None or denominator is None:
        return {}
    return {"numerator": formats.whole(numerator, language), "denominator": formats.whole(denominator, language)}


def _lines(request: Agreement, names: Mapping[str, str], language: str) -> tuple[str, ...]:
    return tuple(
        line
        for line in (
            "" if request.text == FOUNDING else request.text,
            _particulars(request, language),
            text(
                "wishes.line.by",
                language,
                by=person(request.by, names, language),
                moment=formats.moment(request.at, language),
            ),
            _decision(request, names, language),
        )
        if line
    )


def _particulars(request: Agreement, language: str) -> str:
    """What was said beside the words themselves: the plan of a cause, counts, document, deadline."""
    said = []
    if request.assigned is not None:
        said.append(text("wishes.line.assigned", language, value=formats.target_percent(request.assigned, language)))
    if request.document:
        said.append(text("wishes.line.document", language, document=document_of(request, language)))
    if request.source:
        said.append(text("wishes.line.source", language, source=request.source))
    if request.action and request.who and request.due is not None:
        action = request.action if request.action.endswith((".", "!", "?", ";")) else f"{request.action}."
        plan = {"action": action, "who": request.who, "date": formats.day(request.due, language)}
        said.append(text("wishes.line.plan", language, **plan))
    proposed = _counts(request.proposed_numerator, request.proposed_denominator, language)
    if proposed:
        said.append(text("wishes.line.proposed", language, **proposed))
    if request.deadline is not None:
        key = {"cause": "until", "check": "decide_by"}.get(request.kind, "answer_by")
        said.append(text(f"wishes.line.{key}", language, date=formats.day(request.deadline, language)))
    return " · ".join(said)


def document_of(request: Agreement, language: str) -> str:
    """ "696/KH-SGTVT ngày 21/03/2024": a document with its own day, where that is known."""
    if request.document_date is None:
        return request.document
    day = formats.day(request.document_date, language)
    return text("unit.targets.document_dated", language, document=request.document, date=day)


def _decision(request: Agreement, names: Mapping[str, str], language: str) -> str:
    if request.decided_by is None or request.decided_at is None:
        return ""
    moment = formats.moment(request.decided_at, language)
    if request.decided_reason in REPLACED:
        return text("wishes.line.replaced", language, moment=moment)
    by = person(request.decided_by, names, language)
    if not request.decided_reason:
        return text("wishes.line.decided_plain", language, by=by, moment=moment)
    return text("wishes.line.decided", language, by=by, moment=moment, reason=request.decided_reason)


def person(login: str, names: Mapping[str, str], language: str) -> str:
    """What somebody is called; whoever ran a command on the server did so for the office."""
    return text("wishes.line.office", language) if login.startswith(SYSTEM) else names.get(login, login)
