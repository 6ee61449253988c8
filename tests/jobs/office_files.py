"""Small files as offices send them, each with one fault, read against the real units of Gia Lai."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jobs.imports.files import read_file
from jobs.imports.values import ImportContext
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS
from tests.jobs.imports_world import Outcome, context

CASES = Path(__file__).with_name("cases")


@cache
def real_context() -> ImportContext:
    """The campaign of Gia Lai in 2024, as its files have it."""
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
    units = tuple(replace(unit, unit_id=number) for number, unit in enumerate(files.units, start=1))
    return context(campaign=files.campaign, units=units)


def read_case(name: str, **changes: Any) -> Outcome:
    """A file of readings among the cases."""
    return Outcome(read_file(CASES / name, replace(real_context(), **changes)))


def result(outcome: Outcome) -> list[str]:
    """Each figure in one line: unit (with what it lies in), indicator, day, counts or percent."""
    units = {unit.unit_id: unit for unit in real_context().units}
    lines = []
    for unit_id, indicator, day, _, numerator, denominator, value, _ in outcome.rows:
        unit = units[unit_id]
        name = unit.name.removeprefix("UBND ")
        figure = f"{numerator}/{denominator}" if numerator is not None else f"{value:g}"
        lines.append(f"{name} {indicator} {day:%d/%m} {figure}")
    return lines
