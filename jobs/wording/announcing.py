"""Figures announced ahead of a meeting in words: what is to be frozen, until when it may be disputed, what was decided;
for the page, the mail, the message that is copied, and whoever freezes."""

from collections.abc import Mapping, Sequence
from datetime import date

from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.meetings.snapshots import Announced
from models.targets.agreements import Agreement
from targets.results import Result
from targets.values import Campaign

SHOWN = 10
"""Open disputes that are named before they are counted."""


def headline(announced: Announced, language: str) -> str:
    """Which figures will be frozen, for what, and until when they may be disputed."""
    days = {"date": announced.as_of, "deadline": announced.deadline}
    written = {name: formats.day(day, language) for name, day in days.items()}
    return text("announced.headline", language, title=announced.title, **written)


def figures(rows: Sequence[Result], campaign: Campaign, language: str) -> tuple[str, ...]:
    """ "Tỷ lệ hồ sơ trực tuyến: 47,4% (237/500), số liệu ngày 09/05/2024" of each; what is missing is said."""
    said = []
    for row in rows:
        name = campaign.indicator(row.indicator).name.of(language)
        if row.reading_as_of is None:
            said.append(text("announced.no_figure", language, name=name))
            continue
        terms = {"name": name, "value": wording.figure_or_dash(row, language)}
        terms["date"] = formats.day(row.reading_as_of, language)
        if row.numerator is not None and row.denominator is not None and row.measure.is_rate:
            terms["numerator"] = formats.whole(row.numerator, language)
            terms["denominator"] = formats.whole(row.denominator, language)
        key = "figure_counts" if "numerator" in terms else "figure"
        said.append(text(f"announced.{key}", language, **terms))
    return tuple(said)


def message(announced: Announced, campaign: Campaign, address: str, language: str) -> str:
    """What is sent to the units by Zalo; `address` is where they look, empty where nobody said how they reach it."""
    title, where = campaign.short_title.of(language), text("announced.where", language, address=address)
    return "\n".join((title, f"{headline(announced, language)}.", *([where] if address else [])))


def still_open(
    announced: Announced | None,
    reviews: Mapping[tuple[str, str], date],
    names: Mapping[str, str],
    campaign: Campaign,
    *,
    today: date,
    language: str,
) -> tuple[str, ...]:
    """What is open when figures are about to be frozen: the time to dispute them, and disputes nobody has decided."""
    said = []
    if announced is not None and announced.deadline >= today:
        terms = {"title": announced.title, "date": formats.day(announced.deadline, language)}
        said.append(text("meeting.freeze.open", language, **terms))
    if reviews:
        said.append(text("meeting.preview.reviews", language, count=formats.whole(len(reviews), language)))
    by_day = sorted(reviews.items(), key=lambda item: (item[1], item[0]))
    for (code, key), deadline in by_day[:SHOWN]:
        terms = {"unit": names.get(code, code), "indicator": campaign.indicator(key).short_name.of(language)}
        terms["date"] = formats.short_day(deadline, language)
        said.append(text("meeting.preview.review", language, **terms))
    if len(reviews) > SHOWN:
        said.append(text("milestone.more_units", language, count=formats.whole(len(reviews) - SHOWN, language)))
    return tuple(said)


def decision(request: Agreement, campaign: Campaign, language: str) -> str:
    """ "Trực tuyến, số liệu ngày 07/05/2024: đã điều chỉnh số liệu (12 hồ sơ chưa đồng bộ)"."""
    return text(
        "announced.decision",
        language,
        name=campaign.indicator(request.indicator or campaign.main).short_name.of(language),
        date="—" if request.as_of is None else formats.day(request.as_of, language),
        state=text(f"wishes.state.check_{request.state}", language),
        reason=request.decided_reason or "—",
    )
