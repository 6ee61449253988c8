"""The message for the phones of those concerned: a few lines with who has not arrived, who has, and who is silent."""

from collections.abc import Sequence

from jobs.documents.figures import PackFigures
from jobs.documents.pack_words import mark
from jobs.slides import words
from jobs.slides.deck import slide
from jobs.slides.of_province import short_name
from models import formats
from models.agendas import PROVINCE
from models.texts import text
from targets.findings import NOT_ARRIVED, by_dossiers, may_be_lost, most_have_target
from targets.results import Result

MOST_NAMED = 12
"""Units named of a level in a list; the others are counted: a message is read on a phone."""
SILENT = ("insufficient", "stale")


def as_message(figures: PackFigures, language: str, *, indicator: str | None = None) -> str:
    """The message on an indicator; on the one that needs it most where none is named. Raises UnknownName."""
    key = indicator or figures.scene.focus
    known = figures.campaign.indicator(key)
    rows = figures.scene.by_indicator[key]
    day = figures.campaign.day_number(figures.as_of)
    head = text("message.head", language, campaign=figures.campaign.short_title.of(language), day=day,
                days=figures.campaign.days, date=formats.day(figures.as_of, language))  # fmt: skip
    lines = [head, *([mark(figures, language)] if mark(figures, language) else [])]
    lines.append(f"{slide(figures.scene, PROVINCE, language).headline}.")
    lines.append("")
    lines.append(text("message.about", language, name=known.name.of(language).upper()))
    excused = figures.scene.excused(key)
    behind = [row for row in rows if row.standing in NOT_ARRIVED]
    blamed = [row for row in behind if row.unit not in excused]
    parts = (
        ("open", [row for row in blamed if row.standing != "out_of_reach"]),
        ("out_of_reach", [row for row in blamed if row.standing == "out_of_reach"]),
        ("excused", [row for row in behind if row.unit in excused]),
        ("met", [row for row in rows if row.standing == "met"]),
        ("silent", [row for row in rows if row.standing in SILENT]),
        ("no_target", [row for row in rows if row.standing == "no_target"]),
    )
    for name, found in parts:
        if not found and name in ("open", "out_of_reach", "excused", "no_target"):
            continue
        count = formats.whole(len(found), language)
        keep = sum(map(may_be_lost, found))
        if keep:
            lines.append(text("message.met_keep", language, count=count, keep=formats.whole(keep, language)))
        else:
            lines.append(text(f"message.{name}", language, count=count))
        if name != "no_target" and most_have_target(rows):
            lines += _levels(figures, found, language, is_silent=name == "silent")
    return "\n".join(lines) + "\n"


def _levels(figures: PackFigures, rows: Sequence[Result], language: str, *, is_silent: bool) -> list[str]:
    """Each level's units, those that miss most first."""
    said = []
    for level in figures.groups:
        of_level = [row for row in rows if row.level == level.key]
        if not of_level:
            continue
        of_level.sort(key=by_dossiers)
        names = [
            f"{short_name(row.name)}{'' if is_silent else _figures(row, language)}" for row in of_level[:MOST_NAMED]
        ]
        listed = ", ".join(names)
        if len(of_level) > MOST_NAMED:
            rest = formats.whole(len(of_level) - MOST_NAMED, language)
            listed = text("message.more", language, names=listed, count=rest)
        count = formats.whole(len(of_level), language)
        said.append(text("message.level", language, level=level.name.of(language), count=count, names=listed))
    return said


def _figures(row: Result, language: str) -> str:
    """ " 34,1%", and where the target is out of reach " 34,1% (41,3%)"."""
    said = f" {words.figure(row, language)}"
    if row.standing != "out_of_reach" or row.attainable is None:
        return said
    return f"{said} ({formats.percent(row.attainable, language, target=row.target)})"
