"""What every document of a pack says alike: its period, its marks, where its numbers come from, who issues it."""

from datetime import timedelta

from jobs.documents.figures import PackFigures
from models import formats
from models.standing_words import where_it_is_from
from models.texts import text

BODY = "UBND tỉnh "
"""What the committee's name begins with; what follows is the place in a document's date."""


def mark(figures: PackFigures, language: str) -> str:
    """What stands on every page: simulated, out of date; empty where neither is true."""
    said = []
    if figures.is_simulated:
        said.append(text("gaps.download.simulated", language))
    if figures.is_stale:
        said.append(text("pack.stale", language))
    return " · ".join(said)


def period(figures: PackFigures, language: str) -> str:
    """ "(Từ ngày 01/05/2024 đến ngày 07/05/2024)": from the day after last week's figures."""
    first = figures.last_day + timedelta(days=1)
    return text("pack.period", language, first=formats.day(first, language), last=formats.day(figures.as_of, language))


def numbered_title(figures: PackFigures, language: str) -> str:
    """The title with the campaign's day."""
    day = figures.campaign.day_number(figures.as_of)
    title = text("weekly.title", language)
    if not 1 <= day <= figures.campaign.days:
        return title
    return text("pack.numbered", language, title=title, day=day, days=figures.campaign.days)


def origin(figures: PackFigures, language: str) -> str:
    """Which figures these are: frozen under a name, or as they stood at a moment."""
    head = figures.scene.frozen.head
    key = "pack.frozen" if figures.is_frozen else "pack.unfrozen"
    terms = {"title": head.title} if figures.is_frozen else {}
    moment = formats.moment(head.known_at, language)
    return text(key, language, moment=moment, product=text("product", language), **terms)


def foot(figures: PackFigures, language: str) -> tuple[str, ...]:
    """What must be known to read a table."""
    said = [text("pack.note.change", language)]
    if any(row.origin == "proposed" for row in figures.scene.rows):
        said.append(text("pack.note.proposed", language))
    facts = figures.scene.frozen.facts
    for indicator in figures.campaign.indicators:
        mixed = where_it_is_from(facts.sources.get(indicator.key, {}), figures.campaign, language)
        said += [f"{indicator.name.of(language)}: {mixed}."] if mixed else []
    said += [text("pack.note.missing", language), text("pack.note.rank", language), origin(figures, language)]
    return tuple(said)


def place(figures: PackFigures) -> str:
    """ "Gia Lai"."""
    name = figures.province_name
    return name.removeprefix(BODY)


def place_and_date(figures: PackFigures, language: str) -> str:
    """ "Gia Lai, ngày 07 tháng 5 năm 2024": months from March on without a nought, as the decree writes them."""
    day = figures.as_of
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return text(
        "pack.place_and_date", language, place=place(figures), day=f"{day.day:02d}", month=month, year=str(day.year)
    )
