"""The bundled campaign with its real units and names, and what a file of an office gives under it, in short words."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused
from jobs.imports.tables.questions import FileAsks
from jobs.imports.values import ImportContext
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS
from tests.jobs.imports_world import Outcome

CASES = Path(__file__).parent / "cases"
"""Small files as offices send them; all figures are invented."""
DAY_LINE = ("Số liệu tính đến ngày 20/4/2024",)
PNON, KHAI, HONG = "Xã Ia Pnôn", "Xã Ia Khai", "Phường Diên Hồng"


@cache
def _campaign_and_units():
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
    units = tuple(replace(unit, unit_id=number) for number, unit in enumerate(files.units, start=1))
    return files.campaign, units


def bundled(**changes: Any) -> ImportContext:
    campaign, units = _campaign_and_units()
    return ImportContext(campaign=campaign, units=units, today=date(2024, 6, 1), source="file", **changes)


def given(path: Path, **changes: Any) -> list[str]:
    """What a file gives: "online 45/60 75" for a figure, "C3 negative" for a refused cell, "asks …", "refused …"."""
    try:
        parsed = read_file(path, bundled(**changes))
        if parsed.kind != "readings":
            return [parsed.kind]
        outcome = Outcome(parsed)
    except FileAsks as asks:
        return [
            f"asks {question.place.rpartition('!')[2]}: {' '.join(option.code for option in question.options)}"
            for question in asks.questions
        ]
    except FileRefused as refused:
        return [f"refused {refused.code}"]
    figures = [
        " ".join([indicator, *_counts(numerator, denominator), *([] if value is None else [f"{value:g}"])])
        for _, indicator, numerator, denominator, value in outcome.figures
    ]
    return figures + [f"{place.rpartition('!')[2]} {code}" for place, code in outcome.problems]


def _counts(numerator: int | None, denominator: int | None) -> list[str]:
    result = [str(number) for number in (numerator, denominator) if number is not None]
    return ["/".join(result) if denominator is not None else f"{result[0]}/?"] if result else []


def table(*headings: tuple[object, ...], rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """A sheet with the day above its headings, and a row for each of three communes."""
    body = [(number, name, *row) for number, (name, row) in enumerate(zip((PNON, KHAI, HONG), rows, strict=False), 1)]
    return [DAY_LINE, *headings, *body]
