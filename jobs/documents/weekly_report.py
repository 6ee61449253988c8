"""The weekly report in the official form: what is found in sentences, with the tables that they rest on behind it."""

from collections.abc import Iterator, Mapping, Sequence

from jobs.documents.figures import (
    PackFigures,
    answer_by,
    everybody,
    foot,
    found_whole,
    issuer,
    mark,
    numbered_title,
    period,
    place_and_date,
    plan,
    recipients,
    signature,
)
from jobs.documents.marks import GLYPHS
from jobs.documents.official import Block, Column, Heading, Official, OfficialTable, Paragraph, Row, Span, as_docx
from jobs.documents.weekly_workbook import WeeklyRow, province_row, weekly_groups
from jobs.slides.deck import slide
from jobs.slides.values import Roll
from jobs.wording import prose, reporting
from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.meetings.agendas import MILESTONE
from models.results.attention import Attention, attention_among
from models.tasks.queries import TaskRow
from models.units.queries import Head
from targets.findings import (
    BEHIND,
    SORTINGS,
    Sorting,
    beyond_most,
    most_have_target,
    movers,
    praised,
    silent_units,
)
from targets.results import Result
from targets.values import Indicator, Level

PAGE, WIDE_PAGE = 160.0, 247.0
"""Millimetres between the margins, and where an annex lies on its side."""
NAME_WIDTH = 34
"""Of a column of indicators or levels before one for each figure."""
LETTERS, LEVEL_LETTERS, ANNEX_LETTERS = 11, 10, 9
NAMED, MOVED = 5, 3
"""Units named of a level, and of those that rose or fell."""
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII")
NOBODY = Head(None, None, None)


def as_report(figures: PackFigures, language: str) -> bytes:
    """The report as DOCX, ready to be edited and signed."""
    return as_docx(report(figures, language))


def report(figures: PackFigures, language: str) -> Official:
    """What the report says."""
    parts: tuple[tuple[str, list[Block]], ...] = (
        *([("milestone", list(_milestone(figures, language)))] if figures.meeting.ended is not None else []),
        ("whole", _whole(figures, language)),
        ("indicators", list(_indicators(figures, language))),
        ("levels", list(_levels(figures, language))),
        ("silent", list(_silent(figures, language))),
        ("tasks", list(_tasks(figures, language))),
        ("requests", list(_requests(figures, language))),
    )
    first, last = (formats.day(day, language) for day in (figures.first_day, figures.as_of))
    opening = text("report.opening", language, plan=plan(figures, language), body=figures.province_name, first=first,
                   last=last)  # fmt: skip
    blocks: list[Block] = [Paragraph(opening)]
    for number, (key, content) in zip(ROMAN, parts, strict=False):
        blocks += [Heading(f"{number}. {text(f'report.part.{key}', language)}"), *content]
    blocks.append(Paragraph(text("report.closing", language, body=figures.province_name)))
    above, signer = signature(figures, language)
    return Official(
        language=language,
        issuer=issuer(figures, language),
        number=text("report.number", language),
        place_and_date=place_and_date(figures, language),
        kind=text("report.kind", language),
        title=numbered_title(figures, language),
        period=period(figures, language),
        blocks=tuple(blocks),
        recipients=recipients(
            figures,
            language,
            below=(everybody(figures, language),),
            file=text("report.recipient.file", language),
        ),
        signature=above,
        signer=signer,
        mark=mark(figures, language),
        annex=tuple(_annex(figures, language)),
        properties={"title": numbered_title(figures, language), "comments": mark(figures, language)},
    )


# --- the text -------------------------------------------------------------------------------------------------------


def _milestone(figures: PackFigures, language: str) -> Iterator[Block]:
    """How a phase that has ended since the meeting before ended."""
    shown = slide(figures.meeting, MILESTONE, language)
    yield Paragraph(prose.written(shown.finding))
    if isinstance(shown.picture, Roll):
        first, *others = shown.picture.heads
        width = (PAGE - NAME_WIDTH) / len(others)
        columns = (Column(first, NAME_WIDTH, "left"), *(Column(head, width, "left") for head in others))
        yield OfficialTable(columns=columns, rows=tuple(map(Row, shown.picture.rows)), size=LETTERS)
    if shown.below:
        yield Paragraph(prose.written("; ".join(shown.below)))


def _whole(figures: PackFigures, language: str) -> list[Block]:
    """The general picture, and the place's own indicators."""
    told = reporting.who_told(figures.meeting.told[0], language)
    return [
        Paragraph(f"{found_whole(figures, language)} {prose.written(told)}"),
        _summary(figures, language),
        *(Paragraph(said, is_note=True) for said in foot(figures, language, is_ranked=False)),
    ]


def _indicators(figures: PackFigures, language: str) -> Iterator[Block]:
    """Each indicator: where it stands, what is to be expected, its units, who is missing most, and why."""
    meeting, campaign = figures.meeting, figures.campaign
    for number, known in enumerate(figures.meeting.shown, start=1):
        row, lists = meeting.line(known.key), figures.meeting.lists(known.key)
        behind = [each for each in (*lists["open"], *lists["out_of_reach"]) if each.standing in BEHIND]
        most = prose.named(meeting.missing_most(known.key)[:MOVED], campaign, language)
        said = [] if row is None else [prose.standing(row, campaign, language), *prose.outlook(row, campaign, language)]
        if most_have_target(meeting.by_indicator[known.key]):
            said += [
                prose.sorted_units(lists, language),
                wording.said("prose.most", known, language, names=most) if most else "",
                prose.causes(behind, meeting.frozen.facts.causes, language),
            ]
        yield Paragraph(f"{number}. " + prose.written(
            *said,
            *(_moved(known, figures, language) if known.key == campaign.main else ()),
        ))  # fmt: skip


def _moved(known: Indicator, figures: PackFigures, language: str) -> Iterator[str]:
    """Who rose and fell within the week."""
    found = movers(figures.meeting.by_indicator[known.key], campaign=figures.campaign, most=MOVED)
    if not found.rose and not found.fell:
        return
    yield text("report.moved", language, rose=formats.units(found.rose, language),
               fell=formats.units(found.fell, language))  # fmt: skip
    for way, rows in (("rose", found.up), ("fell", found.down)):
        if rows:
            names = ", ".join(f"{row.name} ({wording.change(row.week_change or 0.0, row, language)})" for row in rows)
            yield text(f"report.{way}_most", language, names=names, measure=wording.measured(known, language))


def _levels(figures: PackFigures, language: str) -> Iterator[Block]:
    """Each level: what it comes to, who is to be praised and pressed; and how many have met each indicator."""
    campaign, meeting = figures.campaign, figures.meeting
    main = campaign.indicator(campaign.main)
    totals = {level.key: group.total for level, group in
              zip(figures.groups, weekly_groups(figures, main, language), strict=True)}  # fmt: skip
    facts = meeting.frozen.facts
    pressing = attention_among(
        meeting.by_indicator[main.key], campaign=campaign, indicator=main.key, causes=facts.causes,
        heads=lambda codes: {code: facts.heads.get(code, NOBODY) for code in codes}, most=NAMED,
    )  # fmt: skip
    for number, (level, found) in enumerate(zip(figures.groups, pressing, strict=True), start=1):
        lists = figures.meeting.lists(main.key, level.key)
        if any(lists.values()):
            said = prose.written(
                _level(level, main, totals[level.key], language),
                prose.sorted_units(lists, language),
                *_praised(figures.of_group(level.key, main.key), figures, language),
                *_pressed(found, figures, language),
            )
            yield Paragraph(f"{number}. {said}")
    yield _met_by_level(figures, language)


def _level(level: Level, main: Indicator, total: WeeklyRow, language: str) -> str:
    name, indicator = level.name.of(language), wording.in_sentence(main.name.of(language))
    if total.now is None:
        return text("report.level_unknown", language, level=name, indicator=indicator)
    value = _figure(total.now, total, language)
    return wording.said("report.level", main, language, level=name, indicator=indicator, value=value)


def _praised(rows: Sequence[Result], figures: PackFigures, language: str) -> Iterator[str]:
    names = prose.reached(praised(rows, campaign=figures.campaign, most=NAMED), language)
    if names:
        yield text("report.praised", language, names=names)


def _pressed(found: Attention, figures: PackFigures, language: str) -> Iterator[str]:
    """Whom to press, and who is behind without being pressed."""
    pressed = prose.named([each.result for each in found.pressed], figures.campaign, language)
    if pressed:
        yield text("report.pressed", language, names=pressed)
    for kind, apart in (("external", [each.result for each in found.external]), ("ambitious", found.ambitious)):
        if apart:
            yield text(f"report.{kind}", language, names=", ".join(row.name for row in apart))


def _silent(figures: PackFigures, language: str) -> Iterator[Block]:
    """Every unit whose figures have not all come, by level and by what is in use in their place."""
    yield Paragraph(prose.written(reporting.who_is_silent(figures.meeting.told[0], language)))
    for group in silent_units(figures.meeting.rows, figures.campaign):
        yield Paragraph(
            text(
                "report.silent",
                language,
                level=figures.campaign.level(group.level).name.of(language),
                how=prose.how_silent(group, language),
                count=formats.whole(len(group.units), language),
                names=", ".join(row.name for row in group.units),
            ),
            is_item=True,
        )


def _tasks(figures: PackFigures, language: str) -> Iterator[Block]:
    """All that is to be done, overdue first; then what this meeting concluded and gave."""
    carried = sorted(figures.meeting.frozen.facts.carried, key=lambda task: (task.due is None, task.due))
    late = sum(task.is_overdue(figures.day) for task in carried)
    if not carried:
        yield Paragraph(text("report.no_tasks", language))
    else:
        count = formats.whole(len(carried), language)
        yield Paragraph(
            text("report.tasks_late", language, count=count, late=formats.whole(late, language))
            if late
            else text("report.tasks", language, count=count)
        )
        widths = (10, 34, 48, 28, 20, 20)
        names = ("number", "unit", "what", "who", "due", "state")
        titles = [text(f"report.task.{name}", language) for name in names]
        rows = tuple(
            Row((
                str(number), task.unit_name or text("slide.tasks.everybody", language), task.what, task.who or "–",
                "–" if task.due is None else formats.day(task.due, language),
                text("slide.tasks.overdue" if task.is_overdue(figures.day) else f"task.state.{task.state}", language),
            ))
            for number, task in enumerate(carried, start=1)
        )  # fmt: skip
        columns = tuple(Column(title, width, "left") for title, width in zip(titles, widths, strict=True))
        yield OfficialTable(columns=columns, rows=rows, size=LETTERS)
    if figures.tasks:
        yield Paragraph(text("report.recorded", language))
        for task in figures.tasks:
            yield Paragraph(_recorded(task, language), is_item=True)


def _recorded(task: TaskRow, language: str) -> str:
    who = task.unit_name or task.who
    said = f"{who}: {task.what}" if who else task.what
    if task.due is None:
        return prose.written(said.rstrip(". "))
    return prose.written(text("report.until", language, said=said.rstrip(". "), date=formats.day(task.due, language)))


def _requests(figures: PackFigures, language: str) -> Iterator[Block]:
    """What the findings ask for, of whom, by when."""
    campaign, meeting = figures.campaign, figures.meeting
    asked = [known for known in figures.meeting.shown if most_have_target(meeting.by_indicator[known.key])]
    lists = {known.key: figures.meeting.lists(known.key) for known in asked}

    def counted(name: Sorting, *, is_missed: bool = False) -> str:
        counts = {
            known: sum((row.standing == "missed") is is_missed for row in lists[known.key][name]) for known in asked
        }
        return "; ".join(
            text("report.counted", language, name=wording.in_sentence(known.name.of(language)),
                 count=formats.whole(count, language))
            for known, count in counts.items() if count
        )  # fmt: skip

    due = campaign.phase(meeting.frozen.head.phase).due
    said = []
    if (short := counted("open")) and due is not None and due >= figures.day:
        said.append(text("report.request.open", language, date=formats.day(due, language), names=short))
    if missed := counted("open", is_missed=True):
        said.append(text("report.request.missed", language, names=missed))
    if best := counted("out_of_reach"):
        said.append(text("report.request.out_of_reach", language, names=best))
    causes = meeting.frozen.facts.causes
    unexplained = {
        row.unit
        for each in lists.values()
        for row in (*each["open"], *each["out_of_reach"])
        if row.standing in BEHIND and (row.unit, row.indicator) not in causes
    }
    if unexplained:
        said.append(text("report.request.causes", language, count=formats.whole(len(unexplained), language),
                         body=figures.province_name, date=formats.day(answer_by(figures), language)))  # fmt: skip
    told = meeting.told[0]
    if told.silent and told.day is not None:
        said.append(text("report.request.silent", language, count=formats.whole(told.silent, language),
                         date=formats.day(told.day, language)))  # fmt: skip
    late = [task for task in meeting.frozen.facts.carried if task.is_overdue(figures.day)]
    if late:
        names = ", ".join(dict.fromkeys(filter(None, (task.unit_name or task.who for task in late))))
        said.append(text("report.request.late", language, count=formats.whole(len(late), language), names=names))
    waiting = [
        wording.in_sentence(known.name.of(language))
        for known in figures.meeting.shown
        if known.rule.needs_central and (row := meeting.line(known.key)) is not None and row.target is None
    ]
    if waiting:
        said.append(text("report.request.centre", language, names="; ".join(waiting)))
    beyond = beyond_most(meeting.rows, province=campaign.province)
    if beyond:
        found = " ".join(wording.beyond_of(each, campaign, language) for each in beyond)
        said.append(text("report.request.beyond", language, found=found.rstrip(".")))
    yield Paragraph(text(f"report.request.{'asked' if said else 'none'}", language))
    yield from (Paragraph(f"{number}. {prose.written(words)}") for number, words in enumerate(said, start=1))


# --- tables ---------------------------------------------------------------------------------------------------------


def _summary(figures: PackFigures, language: str) -> OfficialTable:
    """The province's indicators."""
    rows = []
    for number, indicator in enumerate(figures.campaign.indicators, start=1):
        line = province_row(figures, indicator.key, language)
        if line is not None:
            rows.append(Row((str(number), indicator.name.of(language), *_cells(line, figures, language))))
    phase = figures.campaign.phase(figures.meeting.frozen.head.phase)
    columns = (
        Column(text("weekly.column.number", language), 9),
        Column(text("weekly.column.indicator", language), 28, "left"),
        Column(text("report.target", language, phase=phase.name.of(language)), 16, "right"),
        Column(text("weekly.column.last", language), 13, "right"),
        Column(text("weekly.column.now", language, day=formats.short_day(figures.as_of, language)), 14, "right"),
        Column(text("weekly.column.change", language), 13, "right"),
        Column(text("report.points", language), 14, "right"),
        Column(text("report.cases", language), 14, "right"),
        Column(text("weekly.column.standing", language), 39, "left"),
    )
    return OfficialTable(columns=columns, rows=tuple(rows), size=LETTERS)


def _met_by_level(figures: PackFigures, language: str) -> OfficialTable:
    """How many units of each level have met their target of each indicator, of how many that have one."""
    shown = figures.meeting.shown
    rows = []
    for level in figures.groups:
        cells = [level.name.of(language)]
        for known in shown:
            held = [row for row in figures.of_group(level.key, known.key) if row.target is not None]
            met = sum(row.standing == "met" for row in held)
            cells.append(f"{met}/{len(held)}" if held else "–")
        rows.append(Row(tuple(cells)))
    columns = (
        Column(text("report.level_column", language), NAME_WIDTH, "left"),
        *(Column(known.short_name.of(language), (PAGE - NAME_WIDTH) / len(shown)) for known in shown),
    )
    caption = text("report.met_caption", language)
    return OfficialTable(columns=columns, rows=tuple(rows), size=LETTERS, caption=caption)


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


# --- the annexes ----------------------------------------------------------------------------------------------------


def _annex(figures: PackFigures, language: str) -> Iterator[Block]:
    """Each indicator by level, then every unit on every indicator."""
    yield Heading(text("report.annex.levels", language), is_annex=True)
    yield _by_level(figures, language)
    yield Paragraph(text("report.annex.not_added", language), is_note=True)
    yield Heading(text("report.annex.units", language), is_annex=True)
    yield _all_units(figures, language)
    hollow = GLYPHS["no_target"]
    marks = dict.fromkeys(
        f"{GLYPHS[word]} "
        + (text("report.annex.unjudged", language) if GLYPHS[word] == hollow
           else wording.in_sentence(text(f"standing.{word}", language)))
        for word in dict.fromkeys(row.standing for row in figures.meeting.rows)
    )  # fmt: skip
    yield Paragraph(text("report.annex.marks", language, marks=", ".join(marks)), is_note=True)


def _by_level(figures: PackFigures, language: str) -> OfficialTable:
    """Of each indicator a line for each level: what it comes to, and its units in their lists."""
    kept = [name for name in SORTINGS if any(figures.meeting.lists(each.key)[name] for each in figures.meeting.shown)]
    rows: list[Row] = []
    for known in figures.meeting.shown:
        rows.append(Row((known.name.of(language),)))
        groups = weekly_groups(figures, known, language)
        for level, group in zip(figures.groups, groups, strict=True):
            lists = figures.meeting.lists(known.key, level.key)
            value = _figure(group.total.now, group.total, language) or "–"
            rows.append(Row((level.name.of(language), value, str(len(group.rows)), *_counts(lists, kept, language))))
        lists, line = figures.meeting.lists(known.key), province_row(figures, known.key, language)
        value = "–" if line is None else _figure(line.now, line, language) or "–"
        units = formats.whole(sum(map(len, lists.values())), language)
        name = figures.campaign.root_level.name.of(language)
        rows.append(Row((name, value, units, *_counts(lists, kept, language)), is_total=True))
    columns = (
        Column(text("report.level_column", language), 45, "left"),
        Column(text("report.annex.rate", language), 25, "right"),
        Column(text("report.annex.number", language), 22, "right"),
        *(Column(text(f"report.sorted.{name}", language), 155 / max(1, len(kept)), "right") for name in kept),
    )
    return OfficialTable(columns=columns, rows=tuple(rows), size=LEVEL_LETTERS)


def _counts(lists: Mapping[Sorting, Sequence[Result]], kept: Sequence[Sorting], language: str) -> tuple[str, ...]:
    return tuple(formats.whole(len(lists[name]), language) for name in kept)


def _all_units(figures: PackFigures, language: str) -> OfficialTable:
    """Every unit with its figure, its mark and its change of the week on each indicator."""
    shown = figures.meeting.shown
    known = {(row.unit, row.indicator): row for row in figures.meeting.rows}
    rows: list[Row] = []
    for level in figures.groups:
        rows.append(Row(((level.group or level.name).of(language),)))
        for number, unit in enumerate(figures.of_group(level.key, figures.campaign.main), start=1):
            cells = [str(number), unit.name]
            for indicator in shown:
                row = known[unit.unit, indicator.key]
                value = wording.figure_or_dash(row, language)
                change = "" if row.week_change is None else wording.change(row.week_change, row, language)
                cells += [f"{GLYPHS[row.standing]} {value}", change]
            rows.append(Row(tuple(cells)))
    width = (WIDE_PAGE - 10 - 57) / len(shown)
    columns = [
        Column(text("weekly.column.number", language), 10),
        Column(text("weekly.column.unit", language), 57, "left"),
    ]
    for _ in shown:
        columns += [Column(text("report.annex.now", language), width * 0.6, "right"),
                    Column(text("report.annex.change", language), width * 0.4, "right")]  # fmt: skip
    spans = (Span("", 2), *(Span(each.short_name.of(language), 2) for each in shown))
    return OfficialTable(columns=tuple(columns), rows=tuple(rows), spans=spans, size=ANNEX_LETTERS)
