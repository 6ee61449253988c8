"""The places of the campaign's files and what stands there, in the words of whoever reads: never a key or a date as
files write them, unless no word is known for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from jobs.wording.mistakes import LINE, WHOLE, mistake_words, plain_words, problem_place
from models.catalogue.changes import Change
from models.catalogue.folder import CAMPAIGN, CENTRAL, INDICATORS, SOURCES, UNIT_CHANGES, UNITS
from models.core.texts import text, texts
from targets.errors import FileProblem
from targets.values import Campaign

_KNOT = re.compile(r"knots\[(?P<number>\d+)\](?:\.(?P<name>\w+))?")
TABLES = {"standing.probability": "limits.probability", "standing.gap": "limits.gap", "phases": "part.dates"}
"""Whole tables that a mistake may be about, and the words of the group or part in which they are changed."""
LISTS_OF_SOURCES = ("sources",)


@dataclass(frozen=True)
class Names:
    """What the campaign calls its phases, indicators, sources and units."""

    campaign: Campaign
    units: Mapping[str, str]
    language: str

    def of(self, kind: str, key: str) -> str:
        """The name of an indicator, phase, level, source or unit; the key itself where nothing is called so."""
        if kind == "units":
            return self.units.get(key, key)
        named = {each.key: each.name for each in getattr(self.campaign, kind)}
        return named[key].of(self.language) if key in named else key


def field_words(name: str, language: str) -> str:
    """What a key is called; the key itself where it has no word."""
    if name in TABLES:
        return text(f"campaign.{TABLES[name]}", language)
    key = f"campaign.field.{name}"
    return text(key, language) if key in texts(language) else name


def column_words(name: str, language: str) -> str:
    """What a column of a CSV file is called."""
    return text(f"campaign.column.{name}", language)


def place_words(change: Change, names: Names) -> str:
    """Where a change stands: whose it is, and what of it."""
    if change.row:
        parts = [_row_words(change, names), column_words(change.key, names.language) if change.key else ""]
        return " · ".join(part for part in parts if part)
    return key_words(change.file, change.key, names)


def key_words(file: str, key: str, names: Names) -> str:
    """A key of a TOML file with the phase, indicator or source that it belongs to."""
    parts, whose = key.split("."), ""
    if file == SOURCES and len(parts) > 1:
        whose, parts = names.of("sources", parts[0]), parts[1:]
    elif file == CAMPAIGN and parts[0] == "phases" and len(parts) > 1:
        whose, parts = names.of("phases", parts[1]), ["phases", *parts[2:]]
    elif file.startswith(INDICATORS):
        whose = names.of("indicators", file.removeprefix(INDICATORS).removesuffix(".toml"))
    said = field_words(".".join(parts), names.language)
    if (knot := _KNOT.fullmatch(parts[0])) is not None:
        said = text("campaign.knot_number", names.language, number=knot["number"])
    return " · ".join(part for part in (whose, said) if part)


def _row_words(change: Change, names: Names) -> str:
    if change.file == UNITS:
        return names.of("units", change.row[0])
    if change.file == CENTRAL:
        indicator, year, level = change.row
        said = text("campaign.row_central", names.language, indicator=names.of("indicators", indicator), year=year)
        return f"{said} · {names.of('levels', level)}" if level else said
    if change.file == UNIT_CHANGES:
        day, kind, *units = change.row
        who = " → ".join(names.of("units", code) for code in units if code)
        return " · ".join((value_words("day", day, names), value_words("kind", kind, names), who))
    unit, indicator, *rest = change.row
    reported = (
        names.of("units", unit),
        names.of("indicators", indicator),
        *(names.of("phases", each) for each in rest),
    )
    return " · ".join(part for part in reported if part)


def value_words(key: str, value: str | None, names: Names) -> str:
    """What stands at a place, as people write it."""
    language = names.language
    if value is None or not value:
        return text("campaign.nothing", language)
    if value in ("true", "false"):
        return text(f"campaign.flag.{value}", language)
    if key.rpartition(".")[2] in LISTS_OF_SOURCES:
        return ", ".join(names.of("sources", each) for each in value.split(", "))
    if f"campaign.option.{value}" in texts(language):
        return text(f"campaign.option.{value}", language)
    return plain_words(value, language)


def problem_words(problem: FileProblem, names: Names) -> str:
    """A mistake with its place, in the reader's language where it can be made on a page."""
    language = names.language
    line = LINE.fullmatch(problem.where)
    if problem.where in WHOLE:
        place = problem_place(problem, language)
    elif line is None:
        place = key_words(problem.file, problem.where, names)
    else:
        column = column_words(line["column"], language) if line["column"] else ""
        reported = (problem.file, text("campaign.line", language, line=line["line"]), column)
        place = ", ".join(part for part in reported if part)
    terms = {name: _term(name, value, names) for name, value in problem.terms.items()}
    return f"{place}: {mistake_words(replace(problem, terms=terms), language)}"


def _term(name: str, value: str, names: Names) -> str:
    if name in ("phase", "indicator", "other"):
        return names.of("phases" if name == "phase" else "indicators", value)
    return value
