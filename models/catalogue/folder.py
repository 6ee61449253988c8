"""A campaign's folder: finding it, and reading all of it or nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from models.catalogue.campaign_file import read_campaign
from models.catalogue.csv_table import CsvTable, Names, read_csv
from models.catalogue.figure_files import (
    BASELINE_COLUMNS,
    CENTRAL_COLUMNS,
    READING_COLUMNS,
    REGISTRATION_COLUMNS,
    SCORE_COLUMNS,
    TASK_COLUMNS,
    read_baselines,
    read_central,
    read_readings,
    read_registrations,
    read_scores,
    read_tasks,
)
from models.catalogue.indicator_files import grade_keys, indicator_key, read_indicators
from models.catalogue.problems import Problems, likely
from models.catalogue.records import CampaignFiles
from models.catalogue.source_file import read_sources
from models.catalogue.toml_table import TomlTable, read_toml
from models.catalogue.unit_file import (
    CHANGE_COLUMNS,
    COLUMNS,
    TILE,
    known_ends,
    known_unit_codes,
    read_unit_changes,
    read_units,
)
from models.units.shape_file import SHAPES, read_shapes
from targets.errors import UnknownName
from targets.standing.unit_changes import as_changed

CAMPAIGN, SOURCES, INDICATORS = "campaign.toml", "sources.toml", "indicators/"
NO_INDICATOR = "holds no .toml file; each indicator is one."
UNITS, UNIT_CHANGES, BASELINES, CENTRAL, REGISTRATIONS, SCORES, READINGS, TASKS = (
    "units.csv",
    "unit_changes.csv",
    "baselines.csv",
    "central.csv",
    "registrations.csv",
    "scores.csv",
    "readings.csv",
    "tasks.csv",
)
CSV_COLUMNS = {
    UNITS: COLUMNS,
    UNIT_CHANGES: CHANGE_COLUMNS,
    BASELINES: BASELINE_COLUMNS,
    CENTRAL: CENTRAL_COLUMNS,
    REGISTRATIONS: REGISTRATION_COLUMNS,
    SCORES: SCORE_COLUMNS,
    READINGS: READING_COLUMNS,
    TASKS: TASK_COLUMNS,
}
OPTIONAL = (UNIT_CHANGES, READINGS, TASKS, SHAPES)
"""Files that a folder may do without: most campaigns begin with no figure and no task, in most no unit changes, and few
have borders to draw."""


def find_campaign_folder(name_or_path: str, *, root: Path) -> Path:
    """The folder of a campaign: a name stands for a folder in `root`, anything else is taken as a path.

    A folder found may still be incomplete: `load_campaign_files` says what it lacks.
    """
    is_name = bool(name_or_path.strip(". ")) and "/" not in name_or_path and "\\" not in name_or_path
    if is_name and (root / name_or_path).is_dir():
        return root / name_or_path
    path = Path(name_or_path).expanduser()
    if name_or_path.strip() and path.is_dir() and (not is_name or (path / CAMPAIGN).is_file()):
        return path
    known = sorted(file.parent.name for file in root.glob(f"*/{CAMPAIGN}"))
    raise UnknownName(kind="campaign", name=name_or_path, allowed=known)


def load_campaign_files(folder: Path) -> CampaignFiles:
    """Everything in the folder, checked; `CampaignFilesError` with every mistake where there is one.

    A file that cannot be read at all takes no other file's mistakes with it: what depends on it is not checked.
    """
    problems = Problems()
    return _load(_read_bytes(folder, problems=problems), problems=problems)


def load_campaign_texts(texts: Mapping[str, bytes]) -> CampaignFiles:
    """The same of files that lie in no folder: as they were loaded once, or as they would be after a change."""
    problems = Problems()
    contents = in_order(texts)
    for file in (CAMPAIGN, SOURCES, *CSV_COLUMNS):
        if file not in contents and file not in OPTIONAL:
            problems.add(file, "whole file", problem="is missing.", code="file_missing")
    if not any(file.startswith(INDICATORS) for file in contents):
        problems.add(INDICATORS, "whole folder", problem=NO_INDICATOR, code="no_indicators")
    return _load(contents, problems=problems)


def read_texts(folder: Path) -> dict[str, bytes]:
    """The files of a folder as they stand, mistakes and all; one that is not there is left out."""
    return _read_bytes(folder, problems=Problems())


def in_order(texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files in the one order in which they are read and listed."""
    indicators = sorted(file for file in texts if file.startswith(INDICATORS))
    return {file: texts[file] for file in (CAMPAIGN, SOURCES, *indicators, *CSV_COLUMNS, SHAPES) if file in texts}


def _load(contents: Mapping[str, bytes], *, problems: Problems) -> CampaignFiles:
    tables = {file: _csv_table(contents, file=file, problems=problems) for file in CSV_COLUMNS}
    unit_codes = known_unit_codes(tables[UNITS])

    indicator_contents = {file: content for file, content in contents.items() if file.startswith(INDICATORS)}
    indicator_keys = (*map(indicator_key, indicator_contents), *grade_keys(indicator_contents)) or None

    sources = read_sources(
        _toml_table(contents, file=SOURCES, problems=problems), unit_codes=unit_codes, indicators=indicator_keys
    )
    source_keys = tuple(source.key for source in sources) or None

    reading = read_indicators(indicator_contents, sources=source_keys, problems=problems)

    settings = read_campaign(
        _toml_table(contents, file=CAMPAIGN, problems=problems),
        indicators=reading.indicators,
        sources=sources,
        unit_codes=unit_codes,
        indicator_keys=indicator_keys,
    )
    names = Names(
        units=unit_codes,
        levels=settings.level_keys,
        phases=settings.phase_keys,
        indicators=indicator_keys,
        sources=source_keys,
        ceilings=reading.ceilings,
    )
    ends = known_ends(tables[UNIT_CHANGES])
    units = read_units(tables[UNITS], names=names, province=settings.province, ends=ends)
    changes = read_unit_changes(tables[UNIT_CHANGES], names=names, units=units, levels=settings.campaign.levels)
    if SHAPES in contents:
        read_shapes(contents[SHAPES], partial(problems.add, SHAPES))
    files = CampaignFiles(
        campaign=replace(settings.campaign, unit_changes=changes),
        units=as_changed(units, changes),
        baselines=read_baselines(tables[BASELINES], names=names, baseline_year=settings.baseline_year),
        central=read_central(tables[CENTRAL], names=names),
        registrations=read_registrations(tables[REGISTRATIONS], names=names),
        scores=read_scores(tables[SCORES], names=names),
        readings=read_readings(tables[READINGS], names=names),
        tasks=read_tasks(tables[TASKS], names=names),
        fingerprint=fingerprint_of(contents),
        texts=contents,
    )
    problems.refuse_if_any()
    return files


def _read_bytes(folder: Path, *, problems: Problems) -> dict[str, bytes]:
    """The files of the folder by their names in it, in a fixed order; each that lacks is a mistake."""
    if not folder.is_dir():
        problems.add(str(folder), "whole folder", problem="does not exist or is no folder.", code="no_folder")
        problems.refuse_if_any()
    indicators = sorted(f"{INDICATORS}{path.name}" for path in (folder / INDICATORS).glob("*.toml"))
    if not indicators:
        problems.add(INDICATORS, "whole folder", problem=NO_INDICATOR, code="no_indicators")
    present = [path.name for path in folder.iterdir()]
    contents: dict[str, bytes] = {}
    for file in (CAMPAIGN, SOURCES, *indicators, *CSV_COLUMNS, SHAPES):
        try:
            contents[file] = (folder / file).read_bytes()
        except FileNotFoundError:
            others = [name for name in present if name not in (CAMPAIGN, SOURCES, *CSV_COLUMNS, SHAPES)]
            other = likely(file, others)
            advice = f" Is it the file “{other}”? Then rename that." if other else ""
            if other or file not in OPTIONAL:
                said = {"code": "file_lacks_like", "like": other} if other else {"code": "file_lacks"}
                problems.add(file, "whole file", problem=f"is missing.{advice}", **said)
        except OSError as error:
            said = {"code": "file_unreadable", "said": error.strerror or str(error)}
            problems.add(file, "whole file", problem=f"cannot be read: {said['said']}.", **said)
    return contents


def _toml_table(contents: Mapping[str, bytes], *, file: str, problems: Problems) -> TomlTable:
    if file not in contents:
        return TomlTable.stand_in(file, problems)
    return read_toml(contents[file], file=file, problems=problems)


def _csv_table(contents: Mapping[str, bytes], *, file: str, problems: Problems) -> CsvTable:
    if file not in contents:
        return CsvTable.stand_in()
    is_units = file == UNITS
    return read_csv(
        contents[file],
        file=file,
        columns=CSV_COLUMNS[file],
        problems=problems,
        optional=TILE if is_units else (),
        may_be_empty=not is_units,
    )


def fingerprint_of(contents: Mapping[str, bytes]) -> str:
    """sha256 over the names and bytes of the files, which stand in their order."""
    digest = hashlib.sha256()
    for file, content in contents.items():
        digest.update(f"{file}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
