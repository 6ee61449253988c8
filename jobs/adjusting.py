"""Many proposals adjusted by one workbook: written with what is proposed, filled in with values and reasons, read back.

A line without a new value says nothing. All lines or none; a mistake is told by its cell.
"""

import io
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TypeVar

from jobs.documents.writable import A4, new_book, set_page, sheet_name, writable
from jobs.imports.formats.opening import open_sheets
from jobs.imports.formats.sheets import Sheet, head, numbered_rows, shown
from jobs.imports.values import COMMAND, Limits, place_of
from jobs.imports.words import heading
from jobs.wording.issuing import decided
from models.core.texts import LANGUAGES, sentence_of, text
from models.targets.actions import Adjustment
from models.targets.assigning import Assigned
from models.targets.registrations import Incomplete, check_said, checked_target
from targets.errors import CampaignError, UnknownName
from targets.figures import Cell, typed_in
from targets.values import Campaign, Indicator, Phase

COLUMNS = ("code", "unit", "indicator", "phase", "proposed", "version", "value", "reason")
WIDTHS = (14, 36, 30, 14, 12, 8, 14, 48)
FILLED = ("value", "reason")
MOST_TOLD = 20
"""Wrong cells that are named; more are counted."""
Named = TypeVar("Named", bound=Indicator | Phase)
WRONG = {"percent": "not_a_percent", "units": "not_a_percent", "count": "not_a_count", "days": "not_days"}


class AdjustmentsRefused(CampaignError):
    """A workbook of adjustments holds mistakes; nothing of it was taken in."""

    def __init__(self, problems: Sequence[tuple[str, CampaignError]]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        lines = [
            text("office.sheet.cell", language, place=place, problem=sentence_of(problem, language))
            for place, problem in self.problems[:MOST_TOLD]
        ]
        if len(self.problems) > MOST_TOLD:
            lines.append(text("office.sheet.more", language, count=len(self.problems) - MOST_TOLD))
        return "\n".join((text("office.sheet.refused", language, count=len(self.problems)), *lines))


def adjusting_workbook(rows: Sequence[Assigned], campaign: Campaign, language: str) -> bytes:
    """Every proposal with room for another value and its reason."""
    out = io.BytesIO()
    with new_book(out) as book:
        sheet = book.add_worksheet(sheet_name(text("office.sheet.name", language), set()))
        bold, open_cell = book.add_format({"bold": True}), book.add_format({"bg_color": "#FFF7D6", "border": 1})
        for place, (name, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.write_string(0, place, text(f"office.sheet.{name}", language), bold)
            sheet.set_column(place, place, width)
        lines = [row for row in rows if row.proposed is not None]
        for number, row in enumerate(lines, start=1):
            indicator, proposed = campaign.indicator(row.indicator), row.proposed
            words = (
                row.unit, row.name, indicator.name.of(language), campaign.phase(row.phase).name.of(language),
                decided(None if proposed is None else proposed.value, indicator, language),
            )  # fmt: skip
            for place, said in enumerate(words):
                sheet.write_string(number, place, writable(said))
            sheet.write_number(number, COLUMNS.index("version"), 0 if proposed is None else proposed.version)
            for name in FILLED:
                sheet.write_blank(number, COLUMNS.index(name), None, open_cell)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(lines), len(COLUMNS) - 1)
        sheet.repeat_rows(0)
        set_page(sheet, paper=A4, mark=text("office.sheet.name", language))
    return out.getvalue()


def read_adjustments(path: Path, campaign: Campaign, limits: Limits = COMMAND) -> list[Adjustment]:
    """What was filled in. Raises FileRefused for a file that is no table, AdjustmentsRefused with every wrong cell."""
    found: dict[tuple[str, str, str], Adjustment] = {}
    problems: list[tuple[str, CampaignError]] = []
    for sheet in open_sheets(path, limits)[1]:
        places = _places(sheet)
        for number, row in islice(numbered_rows(sheet), 1, None) if places else ():
            line = {name: row[place] if place < len(row) else None for name, place in places.items()}
            if not shown(line["value"]).strip():
                continue
            wrong = "value"
            try:
                indicator = _named(shown(line["indicator"]), campaign.indicators, kind="indicator")
                phase = _named(shown(line["phase"]), campaign.phases, kind="phase")
                value = checked_target(_figure(line["value"], indicator.measured_in), indicator)
                wrong = "reason"
                reason = check_said(shown(line["reason"]), "no_reason", "Say why, beside the value.")
                wrong = "version"
                version, unit = int(_figure(line["version"], "count")), shown(line["code"]).strip()
                told, wrong = Adjustment(unit, indicator.key, phase.key, value, reason, version), "value"
                if found.setdefault((unit, indicator.key, phase.key), told) != told:
                    raise Incomplete("Another line says otherwise.", code="adjusted_twice")
            except UnknownName as problem:
                problems.append((place_of(sheet.name, number, places[problem.kind]), problem))
            except CampaignError as problem:
                problems.append((place_of(sheet.name, number, places[wrong]), problem))
    if not found and not problems:
        raise Incomplete("No line of the sheet has a new value.", code="nothing_adjusted")
    if problems:
        raise AdjustmentsRefused(problems)
    return list(found.values())


def _places(sheet: Sheet) -> dict[str, int]:
    """Where each column stands; empty where the sheet is none of ours."""
    rows = head(sheet).rows
    words = [heading(shown(cell)) for cell in rows[0]] if rows else []
    for language in LANGUAGES:
        titles = {name: heading(text(f"office.sheet.{name}", language)) for name in COLUMNS}
        if all(title in words for title in titles.values()):
            return {name: words.index(title) for name, title in titles.items()}
    return {}


def _named(written: str, known: Sequence[Named], *, kind: str) -> Named:
    """An indicator or phase by its key or its name in any language. Raises UnknownName."""
    wanted = heading(written)
    for each in known:
        names = [each.key, *(each.name.of(language) for language in LANGUAGES)]
        if wanted in map(heading, names):
            return each
    raise UnknownName(kind=kind, name=written.strip(), allowed=[each.key for each in known])


def _figure(cell: Cell, measured_in: str) -> Decimal:
    """An exact figure in a measure, as a field of a page takes it. Raises Incomplete."""
    written = shown(cell).strip()
    figure = typed_in(written, "count" if measured_in == "count" else "percent")
    if figure is None:
        raise Incomplete(f"“{written}” cannot be read.", code=WRONG[measured_in], written=written)
    return figure
