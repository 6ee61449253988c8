"""The weekly report in the official form: the slides' findings as sentences, with the tables they rest on."""

from jobs.documents.figures import PackFigures, foot, mark, numbered_title, period, place_and_date, recipients
from jobs.documents.official import Block, Column, Heading, Official, OfficialTable, Paragraph, Row, as_docx
from jobs.documents.weekly_workbook import WeeklyRow, province_row, weekly_groups
from jobs.slides.deck import slide
from jobs.slides.values import Bars, Roll, Slide
from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.meetings.agendas import (
    ATTENTION,
    CONTRIBUTION,
    INDICATOR,
    MILESTONE,
    MOVERS,
    PROVINCE,
    SILENT,
    TASKS,
    default_slides,
)
from targets.values import Indicator

PAGE = 160.0
"""Millimetres between the margins."""
LETTERS = 11
LISTED_UNITS = 40
"""A level with more units stands in the workbook alone: a report is read, not searched."""


def as_report(figures: PackFigures, language: str) -> bytes:
    """The report as DOCX, ready to be edited and signed."""
    return as_docx(report(figures, language))


def report(figures: PackFigures, language: str) -> Official:
    """What the report says."""
    meeting = figures.meeting
    slides = [slide(meeting, key, language) for key in default_slides(figures.campaign)]

    def of(kind: str) -> list[Slide]:
        return [each for each in slides if each.key.partition(".")[0] == kind]

    ended = meeting.ended
    parts: tuple[tuple[str, list[Block]], ...] = (
        *([("milestone", _said(slide(meeting, MILESTONE, language)))] if ended is not None else []),
        ("whole", [*_said(of(PROVINCE)[0]), _summary(figures, language)]),
        ("indicators", [block for each in of(INDICATOR) for block in _said(each)]),
        ("attention", [block for each in of(ATTENTION) for block in _said(each)]),
        ("movement", [block for each in (*of(MOVERS), *of(CONTRIBUTION)) for block in _said(each)]),
        ("silent", _said(of(SILENT)[0])),
        ("tasks", _said(of(TASKS)[0])),
        ("units", [*_unit_tables(figures, language), *(Paragraph(said) for said in foot(figures, language))]),
    )
    blocks: list[Block] = []
    for number, (key, content) in enumerate(parts, start=1):
        blocks += [Heading(f"{ROMAN[number - 1]}. {text(f'report.part.{key}', language)}"), *content]
    return Official(
        language=language,
        issuer=figures.province_name.upper(),
        number=text("report.number", language),
        place_and_date=place_and_date(figures, language),
        kind=text("report.kind", language),
        title=numbered_title(figures, language),
        period=period(figures, language),
        blocks=tuple(blocks),
        recipients=recipients(figures, language),
        signature=(text("report.on_behalf", language), text("report.signed_by", language)),
        signer=figures.head_name or "",
        mark=mark(figures, language),
        properties={"title": numbered_title(figures, language), "comments": mark(figures, language)},
    )


ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def _said(shown: Slide) -> list[Block]:
    """A slide as a paragraph: its finding, its facts in one sentence, what its picture shows, and what that leaves out.

    A list stands as a table, and what it leaves out after it.
    """
    facts = "; ".join(f"{wording.in_sentence(fact.words)} {fact.strong}" for fact in shown.facts)
    bars = shown.picture.rows if isinstance(shown.picture, Bars) else ()
    named = "; ".join(f"{bar.name} {bar.label}" for bar in bars)
    is_listed = isinstance(shown.picture, Roll) and bool(shown.picture.rows)
    below = [] if is_listed else shown.below
    blocks: list[Block] = [Paragraph(_sentences(shown.finding, facts, named, *below))]
    if isinstance(shown.picture, Roll) and shown.picture.rows:
        letters = [
            min(40, max(8, *(len(cells[place]) for cells in (shown.picture.heads, *shown.picture.rows))))
            for place in range(len(shown.picture.heads))
        ]
        columns = tuple(
            Column(head, PAGE * count / sum(letters), "left")
            for head, count in zip(shown.picture.heads, letters, strict=True)
        )
        rows = tuple(Row(cells) for cells in shown.picture.rows)
        blocks.append(OfficialTable(columns=columns, rows=rows, size=LETTERS))
        if shown.below:
            blocks.append(Paragraph(_sentences("; ".join(shown.below))))
    return blocks


def _sentences(*said: str) -> str:
    """Whole sentences of what is said, one after another; what is empty is none."""
    return " ".join(f"{words[:1].upper()}{words[1:]}." for words in said if words)


# --- tables ---------------------------------------------------------------------------------------------------------


def _summary(figures: PackFigures, language: str) -> OfficialTable:
    """The province's indicators."""
    rows = []
    for number, indicator in enumerate(figures.campaign.indicators, start=1):
        line = province_row(figures, indicator.key, language)
        if line is not None:
            rows.append(Row((str(number), indicator.name.of(language), *_cells(line, figures, language))))
    return OfficialTable(columns=_columns(figures, text("weekly.column.indicator", language), language),
                         rows=tuple(rows), size=LETTERS)  # fmt: skip


def _unit_tables(figures: PackFigures, language: str) -> list[Block]:
    """The units of levels that fit on paper, on the main indicator; the others are in the workbook."""
    indicator: Indicator = figures.campaign.indicator(figures.campaign.main)
    rows: list[Row] = []
    for group in weekly_groups(figures, indicator, language):
        if len(group.rows) > LISTED_UNITS:
            continue
        rows.append(Row((group.title,)))
        rows += [Row((str(line.number), line.name, *_cells(line, figures, language))) for line in group.rows]
        rows.append(Row(("", group.total.name, *_cells(group.total, figures, language)), is_total=True))
    line = province_row(figures, indicator.key, language)
    if line is not None:
        rows.append(Row(("", line.name, *_cells(line, figures, language)), is_total=True))
    said = text("report.units", language, name=wording.in_sentence(indicator.name.of(language)))
    columns = _columns(figures, text("weekly.column.unit", language), language)
    return [Paragraph(said), OfficialTable(columns=columns, rows=tuple(rows), size=LETTERS)]


def _columns(figures: PackFigures, subject: str, language: str) -> tuple[Column, ...]:
    phase = figures.campaign.phase(figures.meeting.frozen.head.phase)
    return (
        Column(text("weekly.column.number", language), 10),
        Column(subject, 34, "left"),
        Column(text("report.target", language, phase=phase.name.of(language)), 17, "right"),
        Column(text("weekly.column.last", language), 16, "right"),
        Column(text("weekly.column.now", language, day=formats.short_day(figures.as_of, language)), 16, "right"),
        Column(text("weekly.column.change", language), 13, "right"),
        Column(text("report.points", language), 15, "right"),
        Column(text("report.cases", language), 15, "right"),
        Column(text("weekly.column.standing", language), 24, "left"),
    )


def _figure(value: float | str | None, line: WeeklyRow, language: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return formats.figure(value, line.measure, language, target=line.target, lower_is_better=line.lower_is_better)


def _cells(line: WeeklyRow, figures: PackFigures, language: str) -> tuple[str, ...]:
    """The figures as they may be shown: never up to a target that is not reached."""
    running = [phase.key for phase in figures.campaign.phases].index(figures.meeting.frozen.head.phase)
    target = line.targets[running] if line.targets else None
    missing = line.missing_points
    if isinstance(missing, float) and isinstance(line.now, float):
        short = formats.missing_points(
            line.now, line.target or 0, lower_is_better=line.lower_is_better, measure=line.measure
        )
        missing = formats.amount(short, line.measure, language)
    return (
        "" if target is None else formats.decided(target, line.measure, language),
        _figure(line.last, line, language),
        _figure(line.now, line, language),
        "" if line.change is None else formats.change(line.change, line.measure, language),
        str(missing or ""),
        "" if line.missing_cases is None else formats.whole(line.missing_cases, language),
        line.standing,
    )
