"""A new campaign made from an old one's files: shifted to its days, emptied of what belonged to the old year."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.catalogue import CampaignFiles
from models.catalogue.changes import csv_lines
from models.catalogue.editing import toml_text
from models.catalogue.folder import (
    BASELINES,
    CAMPAIGN,
    CENTRAL,
    CSV_COLUMNS,
    INDICATORS,
    OPTIONAL,
    REGISTRATIONS,
    SCORES,
    in_order,
)
from models.core import formats
from models.core.texts import text
from models.units.shape_file import SHAPES
from targets.errors import WrongUse
from targets.values import Campaign, Phase

EMPTIED = (BASELINES, CENTRAL, REGISTRATIONS, SCORES)
"""Files whose rows were those of the old year."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Renewed:
    """The new campaign's files, and what is to be looked at before they load, sentence by sentence."""

    texts: Mapping[str, bytes]
    shifted: tuple[str, ...]
    """What was carried over and how."""
    left: tuple[str, ...]
    """What has to be filled in, and where."""
    checked: tuple[str, ...]
    """What was kept and may not hold any more."""


def renewed(files: CampaignFiles, *, key: str, start: date, days: int, language: str) -> Renewed:
    """The files of `files` for a campaign of so many days from `start` on.

    Phases within the campaign keep their share of it; what comes after its end keeps its distance from the end.
    Numbers in names that were the old campaign's length, a phase's last day or a year become the new ones.
    Raises WrongUse where so few days cannot hold the phases.
    """
    old = files.campaign
    end = start + timedelta(days=days - 1)
    phases = _phases(old, start=start, days=days)
    years = start.year - old.start.year
    numbers = (
        {str(old.days): str(days)}
        | {
            str(old.day_number(was.due)): str((now[1] - start).days + 1)
            for was, now in phases.values()
            if was.due and now[1]
        }
        | {str(year): str(year + years) for year in {old.start.year, old.baseline_year, old.target_year}}
    )

    def anew(words: str) -> str:
        """The words with each number of the old campaign as the new one has it."""
        return _NUMBER.sub(lambda found: numbers.get(found[0], found[0]), words)

    def in_each(names: Mapping[str, str]) -> dict[str, str]:
        return {language: anew(name) for language, name in names.items()}

    keys = {phase: anew(phase) for phase in phases}
    # What was published and planned was the old year's too; a folder may do without these files. Borders stay.
    texts = {file: content for file, content in files.texts.items() if file == SHAPES or file not in OPTIONAL}
    content = _plain(texts[CAMPAIGN])
    content |= {"key": key, "document": "", "start": start, "end": end}
    content |= {"baseline_year": old.baseline_year + years, "target_year": old.target_year + years}
    content.pop("document_date", None)
    content.pop("unit_phases", None)
    content |= {name: in_each(content[name]) for name in ("title", "short_title")}
    content["phases"] = {
        keys[phase]: {"name": in_each(content["phases"][phase]["name"]), "start": first} | ({"due": due} if due else {})
        for phase, (_, (first, due)) in phases.items()
    }
    texts[CAMPAIGN] = toml_text(content, texts[CAMPAIGN])
    for file in (each for each in texts if each.startswith(INDICATORS)):
        indicator = _plain(texts[file])
        if _rename(indicator, keys):
            texts[file] = toml_text(indicator, texts[file])
    for file in EMPTIED:
        header = (csv_lines(texts[file]) or [list(CSV_COLUMNS[file])])[0]
        texts[file] = (",".join(header) + "\n").encode()
    return Renewed(
        in_order(texts),
        shifted=tuple(_shifted(content["phases"], old, start=start, end=end, language=language)),
        left=tuple(_left(files, years, language)),
        checked=tuple(_checked(files, content, language)),
    )


def _phases(old: Campaign, *, start: date, days: int) -> dict[str, tuple[Phase, tuple[date, date | None]]]:
    """Each phase with its new first day and due date."""

    def moved(day: date, *, is_end: bool) -> date:
        if day > old.end:
            return start + timedelta(days=days - 1) + (day - old.end)
        # Ends are carried over and a phase begins on the day after: so no day is lost or held twice by rounding.
        share = Decimal((day - old.start).days + (1 if is_end else 0)) / old.days
        return start + timedelta(days=round(share * days) - (1 if is_end else 0))

    found = {
        phase.key: (phase, (moved(phase.start, is_end=False), moved(phase.due, is_end=True) if phase.due else None))
        for phase in old.phases
    }
    for phase, (first, due) in found.values():
        if due is not None and due < first:
            raise WrongUse(
                f"{days} days are too few for the phase {phase.key}; name more with --days.",
                code="too_few_days",
                days=str(days),
                phase=str(phase.key),
            )
    return found


def _rename(indicator: dict[str, Any], keys: Mapping[str, str]) -> bool:
    """Name the phases anew in which an indicator's path bends; answers whether any was named."""
    knots = [knot for knot in indicator.get("knots", ()) if keys.get(knot["phase"], knot["phase"]) != knot["phase"]]
    for knot in knots:
        knot["phase"] = keys[knot["phase"]]
    return bool(knots)


def _plain(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)


def _shifted(phases: Mapping[str, Any], old: Campaign, *, start: date, end: date, language: str) -> list[str]:
    days = {"old": formats.whole(old.days, language), "new": formats.whole((end - start).days + 1, language)}
    span = {"start": formats.day(start, language), "end": formats.day(end, language)}
    lines = [text("campaign.new.days", language, **days, **span)]
    for phase in phases.values():
        said = {
            "phase": phase["name"].get(language, phase["name"]["vi"]),
            "start": formats.day(phase["start"], language),
        }
        if "due" in phase:
            lines.append(text("campaign.new.phase", language, **said, due=formats.day(phase["due"], language)))
        else:
            lines.append(text("campaign.new.open_phase", language, **said))
    return lines


def _left(files: CampaignFiles, years: int, language: str) -> list[str]:
    """What must be filled in before the campaign loads, then what its targets need."""
    campaign = files.campaign
    lines = [text("campaign.new.document", language)]
    needing = [each.name.of(language) for each in campaign.indicators if each.rule.needs_central]
    if needing:
        year = str(campaign.target_year + years)
        lines.append(text("campaign.new.central", language, year=year, indicators=", ".join(needing)))
    year = str(campaign.baseline_year + years)
    lines.append(text("campaign.new.baselines", language, year=year, units=formats.whole(len(files.units), language)))
    return lines


def _checked(files: CampaignFiles, content: Mapping[str, Any], language: str) -> list[str]:
    """What was kept or emptied and deserves a look."""
    heads = sum(unit.head_name is not None for unit in files.units)
    count = {
        "registrations": len(files.registrations), "scores": len(files.scores),
        "own_dates": len({each.unit for each in files.campaign.unit_phases}),
    }  # fmt: skip
    title = content["title"]
    lines = [text("campaign.new.title", language, title=title.get(language, title["vi"]))]
    lines.append(
        text("campaign.new.emptied", language, **{name: formats.whole(each, language) for name, each in count.items()})
    )
    lines.append(
        text(
            "campaign.new.units",
            language,
            units=formats.whole(len(files.units), language),
            heads=formats.whole(heads, language),
        )
    )
    return lines


def write_folder(folder: Path, texts: Mapping[str, bytes]) -> None:
    """Write a new campaign's files. Raises WrongUse where there is something already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUse(
            f"{folder} is there already; name another key, or another place with --out.",
            code="place_is_taken",
            folder=str(folder),
        )
    for file, content in texts.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
