"""What a unit's page says in words: results, registrations, causes and checks in, sentences out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jobs.wording import results as wording
from jobs.wording.results import in_sentence, standing_of
from jobs.wording.trail import reason_words
from models.core import formats
from models.core.texts import text
from models.results.attention import StandingChange
from models.targets.agreements import Agreement
from models.units.queries import Head
from pages.kit.sentences import person
from targets.findings import is_short, is_small
from targets.results import Result
from targets.values import Campaign, Indicator, Phase


@dataclass(frozen=True)
class Fact:
    """A line beside a chart: what it is, the figure that counts, and what goes with it."""

    label: str
    strong: str
    more: str = ""


# --- the heading ----------------------------------------------------------------------------------------------------


def short_name(name: str) -> str:
    """ "Huyện Ia Grai": what a unit is called where nobody takes it for anything but its committee."""
    return formats.capitalised(wording.without_office(name))


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


def title(name: str, row: Result | None, *, campaign: Campaign, as_of: date, language: str) -> str:
    """The unit in one sentence: where it is on the indicator and how far from its target. None: it was not there."""
    if row is None:
        return text("unit.title.not_there", language, name=short_name(name), date=formats.day(as_of, language))
    indicator = campaign.indicator(row.indicator)
    terms = {"name": short_name(name), "indicator": in_sentence(indicator.name.of(language))}
    if row.standing == "no_cases" or row.denominator == 0:
        said = text("line.no_cases", language, counted=indicator.counted.of(language))
        return text("unit.title.unknown", language, said=said, **terms)
    if row.value is None:
        said = text("line.no_reading", language)
        if row.numerator is not None:
            said = wording.count_alone(row.numerator, row.qualifier, indicator, language)
        return text("unit.title.unknown", language, said=said, **terms)
    value = wording.figure(row, language)
    return text("unit.title.known", language, value=value, said=_distance(row, indicator, language), **terms)


def _distance(row: Result, indicator: Indicator, language: str) -> str:
    """What is missing, by how much the target is passed, or why neither can be said."""
    if row.standing == "stale" and row.reading_as_of is not None:
        return text("unit.title.stale", language, date=formats.day(row.reading_as_of, language))
    if row.target is None:
        return text("line.only_followed" if row.is_only_followed else "unit.title.no_target", language)
    if row.is_thin:
        return text("unit.title.thin", language)
    if is_short(row):
        points = wording.points_missing(row, language)
        key = "unit.title.over" if row.standing == "missed" else "line.missing"
        said = wording.said(key, row, language, points=points)
        if not row.cases_missing:
            return said
        cases = wording.cases(row.cases_missing, indicator, language)
        return text("unit.title.cases", language, said=said, cases=cases)
    if row.standing != "met":
        return text("line.bound", language)
    above = wording.number_above(row, language)
    if not above:
        return wording.at_target(row, language)
    return wording.said("unit.title.above", row, language, points=wording.in_full(above, row, language))


def reason(row: Result, *, campaign: Campaign, waits_for_centre: bool, language: str) -> str:
    """By which day, and why it stands as it does: what follows the standing under the sentence."""
    why = wording.reason(row, campaign, language, waits_for_centre=waits_for_centre)
    if row.target is None:
        return text("unit.reason.alone", language, why=why) if why else ""
    if row.due is None:
        when = named(campaign.phase(row.phase), campaign, language)
    else:
        when = text("unit.reason.due", language, date=formats.short_day(row.due, language))
    return text("unit.reason.said", language, when=when, why=why) if why else when


def advice(rows: Sequence[Result], *, campaign: Campaign, as_of: date, language: str) -> str:
    """Who can do what next where the page has little to show; empty where it shows what it should."""
    judged = [row for row in rows if row.target is not None]
    if rows and not judged:
        is_meant = any(not row.is_only_followed for row in rows)
        return text("unit.advice.no_targets", language) if is_meant else ""
    if not rows or as_of < campaign.start:
        return ""
    if all(row.reading_as_of is None for row in rows):
        return text("unit.advice.no_readings", language)
    return text("unit.advice.stale", language) if all(row.standing == "stale" for row in judged) else ""


# --- beside the chart -----------------------------------------------------------------------------------------------


def facts(row: Result, *, campaign: Campaign, phase: Phase, as_of: date, language: str) -> tuple[Fact, ...]:
    """At most four: what was counted, what is needed from now on, what this week had, and where that leads."""
    indicator = campaign.indicator(row.indicator)
    found = [_counted(row, indicator, language)]
    if row.value is not None and row.standing not in ("no_cases", "insufficient", "stale"):
        if row.target is not None and phase.due is not None and as_of <= phase.due:
            found.append(_needed(row, indicator, phase.due, language))
        found += [_week(row, indicator, language), _projected(row, language)]
    return tuple(fact for fact in found if fact is not None)


def _counted(row: Result, indicator: Indicator, language: str) -> Fact | None:
    if row.reading_as_of is None:
        return None
    label = text("unit.fact.until", language, date=formats.short_day(row.reading_as_of, language))
    if row.numerator is None or row.denominator is None or (row.measure.kind == "units" and row.denominator == 1):
        value = wording.figure(row, language)
        return Fact(label, value) if value else None
    whole = text(
        "unit.fact.of", language, denominator=formats.whole(row.denominator, language),
        counted=indicator.counted.of(language),
    )  # fmt: skip
    return Fact(label, formats.whole(row.numerator, language), whole)


def _needed(row: Result, indicator: Indicator, due: date, language: str) -> Fact | None:
    """What must be right of what is still to come, or how many points are left where nobody knows what comes."""
    label = wording.said("unit.fact.needed" if is_short(row) else "unit.fact.keep", row, language)
    if row.standing == "out_of_reach":
        return Fact(label, text("unit.fact.too_late", language), text("unit.fact.too_late_for", language))
    if row.share_needed is not None and (row.share_needed > 0 or row.lower_is_better):
        share = formats.share_needed(row.share_needed, language, lower_is_better=row.lower_is_better)
        return Fact(label, *_of_hundred(share, indicator, language))
    if not is_short(row):
        return None
    missing = wording.number_missing(row, language)
    points = missing if row.is_bound else f"{formats.MINUS if row.lower_is_better else '+'}{missing}"
    until = wording.said("unit.fact.points_until", row, language, date=formats.short_day(due, language))
    return Fact(label, points, until)


def _week(row: Result, indicator: Indicator, language: str) -> Fact | None:
    """This week's cases alone; of a stock that is worked off, by how much it moved."""
    label = text("unit.fact.week", language)
    if row.week_value is not None:
        return Fact(label, *_of_hundred(wording.share_had(row, language), indicator, language))
    if indicator.arriving and row.week_denominator == 0:
        return Fact(label, text("unit.fact.week_none", language, counted=indicator.counted.of(language)))
    if row.week_change is None:
        return None
    return Fact(
        label,
        wording.change(row.week_change, row, language),
        wording.measured(row, language) if row.measure.is_rate else "",
    )


def _of_hundred(number: str, indicator: Indicator, language: str) -> tuple[str, str]:
    return number, text("unit.fact.of_hundred", language, counted=indicator.counted.of(language))


def _projected(row: Result, language: str) -> Fact | None:
    value = wording.projected(row, language)
    if not value or row.due is None or row.low is None or row.high is None:
        return None
    label = wording.said("unit.fact.projected", row, language, date=formats.short_day(row.due, language))
    low, high = (wording.written(edge, row, language, target=row.target) for edge in (row.low, row.high))
    return Fact(label, value, text("unit.fact.range", language, low=low.removesuffix("%"), high=high))


def ended(row: Result, *, campaign: Campaign, phase: Phase, language: str) -> str:
    """An ended phase's result, beside the running one."""
    terms = {"milestone": named(phase, campaign, language), "standing": standing_of(row, language)}
    if row.value is None or row.target is None:
        return text("unit.note.ended", language, **terms)
    target = wording.said("target.value", row, language, value=wording.decided(row.target, row, language))
    return text("unit.note.ended_with", language, value=wording.figure(row, language), target=target, **terms)


def changed(change: StandingChange, language: str) -> str:
    """Where it stood a week ago, and why it stands elsewhere now."""
    return text(
        "unit.note.changed",
        language,
        date=formats.short_day(change.before.as_of, language),
        standing=standing_of(change.before, language),
        why=text(f"ahead.changes.{change.reason}", language),
    )


def small(row: Result, campaign: Campaign, language: str) -> str:
    """That one case more moves the rate by much; empty where it does not."""
    if row.denominator is None or not is_small(row, campaign):
        return ""
    points = text("points", language, number=formats.decimal(max(0.1, 100 / row.denominator), language))
    counted = campaign.indicator(row.indicator).counted.of(language)
    return text("unit.note.small", language, counted=counted, points=points)


# --- what was agreed ------------------------------------------------------------------------------------------------


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
            title=request_title(request, campaign, language),
            state=text("wishes.state.late", language, state=said) if is_late else said,
            is_waiting=request.is_waiting,
            is_late=is_late,
            lines=_lines(request, campaign, names, language),
        )
        views.append((_place(request, order), view))
    return tuple(view for _, view in sorted(views, key=lambda found: found[0]))


def _place(request: Agreement, order: int) -> tuple[int, int]:
    if request.kind == "question" and request.is_waiting and request.deadline is not None:
        return 0, request.deadline.toordinal()
    return (1 if request.is_waiting else 2), order


def request_title(request: Agreement, campaign: Campaign, language: str) -> str:
    """What it is, on which indicator or phase."""
    terms: dict[str, str] = {}
    key: str = request.kind
    if request.indicator is not None:
        terms["name"] = campaign.indicator(request.indicator).short_name.of(language)
    if request.phase is not None:
        terms["phase"] = campaign.phase(request.phase).name.of(language)
    if request.kind == "registration":
        terms["value"] = wording.decided(
            request.value or 0, campaign.indicator(request.indicator or campaign.main), language
        )
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


def _lines(request: Agreement, campaign: Campaign, names: Mapping[str, str], language: str) -> tuple[str, ...]:
    return tuple(
        line
        for line in (
            "" if request.text == FOUNDING else reason_words(request.text, language),
            _particulars(request, campaign, language),
            text(
                "wishes.line.by",
                language,
                by=person(request.by, language, names),
                moment=formats.moment(request.at, language),
            ),
            _decision(request, names, language),
        )
        if line
    )


def _particulars(request: Agreement, campaign: Campaign, language: str) -> str:
    """What was said beside the words themselves: the plan of a cause, counts, document, deadline."""
    said = []
    if request.assigned is not None:
        assigned = wording.decided(request.assigned, campaign.indicator(request.indicator or campaign.main), language)
        said.append(text("wishes.line.assigned", language, value=assigned))
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
    by = person(request.decided_by, language, names)
    if not request.decided_reason:
        return text("wishes.line.decided_plain", language, by=by, moment=moment)
    return text(
        "wishes.line.decided", language, by=by, moment=moment, reason=reason_words(request.decided_reason, language)
    )
