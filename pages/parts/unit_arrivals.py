"""A unit's figures as they arrived: from where, when, what was revised, and what was told beside it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from models import formats
from models.queries.arrivals import Arrival, Disagreement
from models.settings import TIMEZONE
from models.texts import text
from pages.parts import sentences
from pages.parts.unit_records import Table
from pages.parts.unit_sentences import counts
from targets.values import Campaign

DAYS = 14
"""How many days of arrivals are shown."""


def arrivals(told: Sequence[Arrival], *, as_of: date, campaign: Campaign, language: str) -> Table:
    """The last days × indicators; of each figure what is in force.

    When and from where most figures of a day arrived stands at the end of its row; a cell that differs says so itself.
    """
    newest: dict[tuple[date, str], Arrival] = {}
    for arrival in sorted(told, key=lambda arrival: (-_rank(arrival, campaign), arrival.precedence)):
        newest[arrival.as_of, arrival.indicator] = arrival
    days = [as_of - timedelta(days=back) for back in range(DAYS)]
    heads = (
        text("unit.arrivals.day", language),
        *(indicator.short_name.of(language) for indicator in campaign.indicators),
        text("unit.arrivals.at", language),
        text("unit.arrivals.from", language),
    )
    rows = tuple(
        _day(day, [newest.get((day, each.key)) for each in campaign.indicators], campaign, language) for day in days
    )
    return Table(heads, rows, text("unit.arrivals.spoken", language))


def _day(day: date, told: Sequence[Arrival | None], campaign: Campaign, language: str) -> tuple[str, ...]:
    known = [arrival for arrival in told if arrival is not None]
    absent = text("unit.arrivals.absent", language)
    if not known:
        return (formats.short_day(day, language), *(absent for _ in told), absent, absent)
    moments, sources = [_moment(arrival, language) for arrival in known], [arrival.source for arrival in known]
    moment, source = max(moments, key=moments.count), max(sources, key=sources.count)
    cells = (absent if arrival is None else _cell(arrival, moment, source, campaign, language) for arrival in told)
    return (formats.short_day(day, language), *cells, moment, campaign.source(source).name.of(language))


def _cell(arrival: Arrival, moment: str, source: str, campaign: Campaign, language: str) -> str:
    """The rate, and how its arrival differs from that of the others of its day."""
    apart = []
    if arrival.revision > 1:
        apart.append(text("unit.arrivals.revised", language, count=arrival.revision - 1))
    if _moment(arrival, language) != moment:
        apart.append(_moment(arrival, language))
    if arrival.source != source:
        apart.append(campaign.source(arrival.source).name.of(language))
    if arrival.note:
        apart.append(text("unit.arrivals.note", language, note=arrival.note))
    value = arrived(arrival, language)
    return text("unit.arrivals.cell", language, value=value, apart=", ".join(apart)) if apart else value


def _moment(arrival: Arrival, language: str) -> str:
    """ "07/05 17:30": the year is that of the page."""
    at = arrival.received_at.astimezone(TIMEZONE)
    return f"{formats.short_day(at.date(), language)} {at:%H:%M}"


def _rank(arrival: Arrival, campaign: Campaign) -> int:
    """The source that governs comes first."""
    sources = campaign.indicator(arrival.indicator).sources
    return sources.index(arrival.source) if arrival.source in sources else len(sources)


def arrivals_note(told: Sequence[Arrival], *, campaign: Campaign, language: str) -> str:
    """From which sources the last days' figures came, and whether any of them was revised."""
    if not told:
        return text("unit.arrivals.none", language, days=DAYS)
    names = [campaign.source(key).name.of(language) for key in dict.fromkeys(arrival.source for arrival in told)]
    key = "source" if len(names) == 1 else "sources"
    said = text(f"unit.arrivals.{key}", language, **{key: ", ".join(names)})
    if any(arrival.revision > 1 for arrival in told):
        return said
    return f"{said} {text('unit.arrivals.no_revisions', language, days=DAYS)}"


def revisions(told: Sequence[Arrival], *, campaign: Campaign, language: str) -> tuple[tuple[str, str], ...]:
    """Every figure that was told again with another value: whose, and from what to what; newest day first.

    A second statement is said beside the counts that stay.
    """
    found = []
    for arrival in told:
        before = _in_force(known for known in _of_day(told, arrival) if known.revision < arrival.revision)
        if before is not None:
            found.append(revision(before, arrival, campaign=campaign, language=language))
    return tuple(found)


def second_statements(told: Sequence[Arrival], *, campaign: Campaign, language: str) -> tuple[str, ...]:
    """What was told without counts after the counts of a series' newest day: how far it lies from them."""
    newest: dict[tuple[str | date, ...], Arrival] = {}
    for arrival in sorted(told, key=lambda arrival: (arrival.as_of, arrival.revision)):
        newest[_key(arrival)[:-1]] = arrival
    found = []
    for last in newest.values():
        counted = _in_force(_of_day(told, last))
        if counted is not None and counted.precedence > last.precedence:
            name, said = revision(counted, last, campaign=campaign, language=language)
            found.append(text("unit.arrivals.second_line", language, name=name, said=said))
    return tuple(found)


def _of_day(told: Sequence[Arrival], arrival: Arrival) -> Iterator[Arrival]:
    """All that was told of the day of one arrival in its series."""
    return (known for known in told if _key(known) == _key(arrival))


def _in_force(told: Iterable[Arrival]) -> Arrival | None:
    return max(told, key=lambda arrival: arrival.precedence, default=None)


def _key(arrival: Arrival) -> tuple[str | date, ...]:
    return (arrival.indicator, arrival.source, arrival.basis, arrival.scope, arrival.as_of)


def arrived(arrival: Arrival, language: str) -> str:
    """The figure of an arrival: a rate, a bound said to be one, or that there was nothing to handle."""
    if arrival.denominator == 0:
        return text("unit.arrivals.no_cases", language)
    if arrival.rate is None:
        return text("line.count_only", language)
    value = formats.percent(arrival.rate, language)
    return sentences.bounded(value, arrival.qualifier, language) if arrival.qualifier else value


def revision(old: Arrival, new: Arrival, *, campaign: Campaign, language: str) -> tuple[str, str]:
    """A revised figure: which one, and what it was and became; or a second statement and the counts that stay."""
    indicator = campaign.indicator(new.indicator)
    is_second = new.precedence < old.precedence
    shown = []
    for arrival in (old, new):
        told = counts(arrival.numerator, arrival.denominator, indicator, language)
        value = arrived(arrival, language)
        beside = [told, text("unit.arrivals.note", language, note=arrival.note) if arrival.note else ""]
        said = ", ".join(filter(None, beside))
        shown.append(text("unit.arrivals.figure", language, value=value, counts=said) if said else value)
    said = text(
        "unit.arrivals.second" if is_second else "unit.arrivals.revision",
        language,
        date=formats.day(new.as_of, language),
        old=shown[0],
        new=shown[1],
        at=formats.moment(new.received_at, language),
        source=campaign.source(new.source).name.of(language),
    )
    if is_second and old.rate is not None and new.rate is not None:
        points = text("points", language, number=formats.brief(abs(new.rate - old.rate), language))
        said = text("unit.arrivals.apart", language, said=said, points=points)
    return indicator.name.of(language), said


def disagreement(found: Disagreement, *, campaign: Campaign, language: str) -> str:
    return text(
        "unit.disagreement.line",
        language,
        name=campaign.indicator(found.indicator).name.of(language),
        date=formats.day(found.as_of, language),
        governing=campaign.source(found.governing).name.of(language),
        ours=formats.percent(found.governing_value, language),
        other=campaign.source(found.other).name.of(language),
        theirs=formats.percent(found.other_value, language),
    )
