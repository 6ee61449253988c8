"""What is sent after a meeting, in the official form: the notice of conclusions, and reminders to units behind."""

import io
from collections.abc import Sequence
from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile

from jobs.documents.figures import (
    PackFigures,
    answer_by,
    everybody,
    found_whole,
    issuer,
    mark,
    origin,
    place_and_date,
    plan,
    recipients,
    signature,
)
from jobs.documents.official import Block, Column, Heading, Official, OfficialTable, Paragraph, Row, as_docx
from jobs.documents.pack import dated_name
from jobs.slides.meeting_data import MeetingData
from jobs.wording import prose
from jobs.wording import results as wording
from jobs.wording.results import proposed_note
from models.core import formats
from models.core.texts import text
from models.targets.registrations import Incomplete
from models.units.queries import is_excused
from targets.errors import UnknownName
from targets.findings import BEHIND, is_small
from targets.results import Result

LETTERS = 11
CLOSED = ("missed", "out_of_reach")
"""Standings of targets that nobody can be asked to meet any more."""


def as_conclusions(figures: PackFigures, language: str) -> bytes:
    """The notice of conclusions as DOCX."""
    return as_docx(conclusions(figures, language))


def as_reminder(figures: PackFigures, unit: str, language: str) -> bytes:
    """The reminder to one unit as DOCX. Raises UnknownName, and Incomplete where there is nothing to remind it of."""
    return as_docx(reminder(figures, unit, language))


def as_reminders(figures: PackFigures, units: Sequence[str], language: str) -> bytes:
    """The reminders to several units one behind the other, for the printer. Raises as `as_reminder`, and where there
    are none."""
    return as_docx(*(reminder(figures, unit, language) for unit in _some(units)))


def reminders_zipped(figures: PackFigures, units: Sequence[str], language: str) -> bytes:
    """The same letters as a file each, in a ZIP."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as zipped:
        for unit in _some(units):
            name = dated_name("reminder", "docx", language, as_of=figures.as_of, is_simulated=figures.is_simulated,
                              unit=unit)  # fmt: skip
            zipped.writestr(name, as_reminder(figures, unit, language))
    return out.getvalue()


def _some(units: Sequence[str]) -> Sequence[str]:
    if not units:
        raise Incomplete("Nobody is behind: there is nobody to remind.", code="nobody_to_remind")
    return units


def units_behind(meeting: MeetingData, *, indicator: str | None = None, level: str | None = None) -> tuple[str, ...]:
    """The units that a reminder can be written to, in the campaign's order: behind on something, with enough cases.

    Only those behind on an indicator, or of a level, where one is named.
    """
    behind = {
        row.unit: None
        for row in meeting.rows
        if row.unit != meeting.campaign.province
        and (indicator in (None, row.indicator) and level in (None, row.level))
        and _is_to_answer(row, meeting)
        and not is_small(row, meeting.campaign)
    }
    return tuple(behind)


def _is_to_answer(row: Result, meeting: MeetingData) -> bool:
    """Behind, neither for a confirmed cause outside the unit nor for a higher target of its own alone."""
    is_apart = is_excused(row, meeting.frozen.facts.causes) or (row.unit, row.indicator) in meeting.ambitious
    return row.standing in BEHIND and not is_apart


# --- the notice of conclusions --------------------------------------------------------------------------------------


def conclusions(figures: PackFigures, language: str) -> Official:
    """When and where the meeting was held, what was found, what was concluded, what somebody is to do by when."""
    meeting, campaign, signing = figures.meeting, figures.campaign, figures.signing
    said = [task for task in figures.tasks if task.kind == "conclusion"]
    tasks = [task for task in figures.tasks if task.kind != "conclusion"]
    late = [task for task in meeting.frozen.facts.carried if task.is_overdue(figures.day)]
    blank, name = text("conclusions.blank", language), prose.campaign_name(campaign, language)
    held = {
        "held_on": formats.day(figures.day, language),
        "held_at": signing.place or blank,
        "chair": signing.chair or blank,
        "attendance": signing.attendance or blank,
    }
    opening = text("conclusions.opening", language, campaign=campaign.title.of(language),
                   day=formats.day(figures.as_of, language))  # fmt: skip
    blocks: list[Block] = [
        *(Paragraph(text(f"conclusions.{key}", language, said=words), is_item=True) for key, words in held.items()),
        Paragraph(opening),
        Heading(f"I. {text('conclusions.part.findings', language)}"),
        Paragraph(found_whole(figures, language)),
        *(
            Paragraph(prose.written(prose.standing(row, campaign, language), *prose.outlook(row, campaign, language)),
                      is_item=True)
            for row in meeting.province if not campaign.indicator(row.indicator).grade_of
        ),
        Paragraph(origin(figures, language), is_note=True),
        Heading(f"II. {text('conclusions.part.conclusions', language)}"),
        *(Paragraph(_stopped(task.what), is_item=True) for task in said),
        *([] if said else [Paragraph(text("conclusions.none", language))]),
        Heading(f"III. {text('conclusions.part.tasks', language)}"),
    ]  # fmt: skip
    named = [(task.unit_name, task.what, task.who, task.due) for task in tasks]
    blocks.append(_tasks(named, language) if named else Paragraph(text("conclusions.no_tasks", language)))
    if late:
        blocks.append(Heading(f"IV. {text('conclusions.part.late', language)}"))
        blocks.append(_tasks([(task.unit_name, task.what, task.who, task.due) for task in late], language))
    blocks.append(Paragraph(text("conclusions.closing", language)))
    return _letter(
        figures,
        language,
        number=text("conclusions.number", language),
        kind=text("conclusions.kind", language),
        title=text("conclusions.title", language, campaign=name, title=meeting.frozen.head.title),
        blocks=tuple(blocks),
        recipients=recipients(figures, language, below=(everybody(figures, language),),
                              file=text("report.recipient.file", language)),
    )  # fmt: skip


def _stopped(words: str) -> str:
    """What somebody typed, with a stop at its end."""
    return words if words.rstrip().endswith((".", "!", "?", ";")) else f"{words.rstrip()}."


def _tasks(tasks: list[tuple[str, str, str, date | None]], language: str) -> OfficialTable:
    names = ("number", "unit", "what", "who", "due")
    widths = (10, 36, 60, 30, 24)
    titles = [text(f"conclusions.column.{name}", language) for name in names]
    rows = tuple(
        Row((str(number), unit or "–", what, who or "–", "–" if due is None else formats.day(due, language)))
        for number, (unit, what, who, due) in enumerate(tasks, start=1)
    )
    columns = tuple(Column(title, width, "left") for title, width in zip(titles, widths, strict=True))
    return OfficialTable(columns=columns, rows=rows, size=LETTERS)


# --- the reminder ---------------------------------------------------------------------------------------------------


def reminder(figures: PackFigures, unit: str, language: str) -> Official:
    """Where a unit is behind, what it owes by when, and what it is asked to do."""
    rows = [row for row in figures.rows if row.unit == unit]
    if not rows or unit == figures.campaign.province:
        raise UnknownName(kind="unit", name=unit)
    behind = [row for row in rows if _is_to_answer(row, figures.meeting)]
    name = rows[0].name
    if not behind:
        raise Incomplete(f"{name} is behind on nothing: there is nothing to remind it of.", code="nothing_to_remind")
    campaign, facts = figures.campaign, figures.meeting.frozen.facts
    head = facts.heads.get(unit)
    who = ((head.name or head.title) if head is not None else "") or name
    if head is not None and head.name and head.title:
        who = text("reminder.head", language, name=head.name, title=head.title)
    late = [task for task in facts.carried if task.unit == unit and task.is_overdue(figures.day)]
    judged = [row for row in rows if row.target is not None]
    body = figures.province_name
    opening = text(
        "reminder.opening",
        language,
        plan=plan(figures, language),
        phase=campaign.phase(rows[0].phase).name.of(language),
        day=_figures_until(figures, rows, language),
        unit=name,
        met=sum(row.standing == "met" for row in judged),
        set=len(judged),
    )
    asked = [
        *_to_do(figures, behind, language),
        *_to_keep(figures, judged, language),
        text("reminder.explain", language, body=body, day=formats.day(answer_by(figures), language)),
        *(text("reminder.late", language, what=_stopped(task.what), due=formats.day(task.due, language))
          for task in late if task.due is not None),
    ]  # fmt: skip
    blocks: list[Block] = [
        Paragraph(opening),
        _shortfalls(figures, behind, language),
        Paragraph(" ".join(filter(None, (proposed_note(behind, language), origin(figures, language)))), is_note=True),
        Paragraph(text("reminder.asked", language, body=body, who=who)),
        *(Paragraph(said, is_item=True) for said in asked),
        Paragraph(text("reminder.closing", language, unit=name)),
    ]
    return _letter(
        figures,
        language,
        number=text("reminder.number", language),
        kind="",
        title=text("reminder.title", language, campaign=prose.campaign_name(campaign, language)),
        addressee=text("reminder.addressee", language, unit=name),
        blocks=tuple(blocks),
        recipients=recipients(figures, language, above=(text("reminder.recipient.unit", language),),
                              file=text("reminder.recipient.file", language)),
    )  # fmt: skip


def _figures_until(figures: PackFigures, rows: Sequence[Result], language: str) -> str:
    """The day that a unit is judged by: that of its newest figure, where others have told of a later one."""
    told, reporting = figures.meeting.told
    newest = max((row.reading_as_of for row in rows if row.reading_as_of is not None), default=None)
    if reporting.get(rows[0].unit) != "old" or newest is None or told.day is None or newest >= told.day:
        return formats.day(figures.as_of, language)
    return text("reminder.old", language, day=formats.day(newest, language), date=formats.day(told.day, language))


def _to_keep(figures: PackFigures, rows: Sequence[Result], language: str) -> list[str]:
    """What is neither met nor to be answered for: it is likely to be met in time."""
    likely = [figures.campaign.indicator(row.indicator).name.of(language) for row in rows if row.standing == "likely"]
    if not likely:
        return []
    return [text("reminder.keep", language, names="; ".join(map(wording.in_sentence, likely)))]


def _to_do(figures: PackFigures, behind: list[Result], language: str) -> list[str]:
    """To meet what can be met; of what is out of reach, to come as near as can still be."""
    names = {row.indicator: figures.campaign.indicator(row.indicator).name.of(language) for row in behind}
    open_to = [row for row in behind if row.standing not in CLOSED]
    said = []
    for key, is_late in (("act", False), ("act_late", True)):
        of_it = [row for row in open_to if (row.due is not None and row.due < figures.day) is is_late]
        if of_it:
            listed = "; ".join(wording.in_sentence(names[row.indicator]) for row in of_it)
            said.append(text(f"reminder.{key}", language, names=listed))
    beyond = []
    for row in (each for each in behind if each.standing == "out_of_reach"):
        name = wording.in_sentence(names[row.indicator])
        if row.attainable is not None:
            best = wording.written(row.attainable, row, language, target=row.target)
            name = text("reminder.best", language, name=name, value=best)
        beyond.append(name)
    if beyond:
        said.append(text("reminder.attain", language, names="; ".join(beyond)))
    return said


def _shortfalls(figures: PackFigures, behind: list[Result], language: str) -> OfficialTable:
    names = ("number", "indicator", "target", "now", "missing", "cause", "due")
    widths = (9, 32, 17, 17, 38, 25, 22)
    titles = [text(f"reminder.column.{name}", language) for name in names]
    rows = []
    for number, row in enumerate(behind, start=1):
        indicator = figures.campaign.indicator(row.indicator)
        cause = figures.meeting.frozen.facts.causes.get((row.unit, row.indicator))
        rows.append(
            Row(
                (
                    str(number),
                    indicator.name.of(language),
                    wording.target_of(row, language),
                    wording.figure_or_dash(row, language),
                    wording.owed(row, indicator, language, apart="; "),
                    text("slide.attention.no_cause", language)
                    if cause is None
                    else wording.cause_with_day(cause, language),
                    "–" if row.due is None else formats.day(row.due, language),
                )
            )
        )
    columns = tuple(Column(title, width, "left") for title, width in zip(titles, widths, strict=True))
    return OfficialTable(columns=columns, rows=tuple(rows), size=LETTERS)


# --- both -----------------------------------------------------------------------------------------------------------


def _letter(
    figures: PackFigures,
    language: str,
    *,
    number: str,
    kind: str,
    title: str,
    blocks: tuple[Block, ...],
    recipients: tuple[str, ...],
    addressee: str = "",
) -> Official:
    above, signer = signature(figures, language)
    return Official(
        language=language,
        issuer=issuer(figures, language),
        number=number,
        place_and_date=place_and_date(figures, language),
        kind=kind,
        title=title,
        addressee=addressee,
        blocks=blocks,
        recipients=recipients,
        signature=above,
        signer=signer,
        mark=mark(figures, language),
        properties={"title": title, "comments": mark(figures, language)},
    )
