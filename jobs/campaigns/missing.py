"""What a campaign still lacks, and what the store holds beside the campaign's files: the coordinator's list of work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from jobs.fetching.secrets import find_secret
from jobs.fetching.values import PullFailed
from jobs.sources import is_pulled, untaken
from models.catalogue import CampaignFiles
from models.catalogue.changes import Change, changes_between
from models.catalogue.editing import RowEdit, edited
from models.catalogue.folder import BASELINES, CENTRAL, UNITS
from models.readings.baselines import newest_baselines
from models.results.inputs import baseline_points, load_campaign
from models.tables import Baseline, CentralTarget, UnitRow
from models.targets.assigning import find_central_missing
from models.units.actions import UNIT_FIELDS
from targets.values import Campaign

NAMED = 3
"""Units that an entry names; beyond, it says how many there are."""
SIMULATED = "simulated"
"""The note of a baseline that was invented for a demonstration: it never enters a file."""


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: what, how many, and some of them by name."""

    kind: str
    """Among the texts: `campaign.missing.<kind>`."""
    count: int
    named: tuple[str, ...] = ()
    whole: int = 0
    """Of how many."""
    subject: str = ""
    """The indicator or source it is about, where it is about one."""


def find_missing(session: Session, *, on: date) -> list[Missing]:
    """What is missing on a day, in the order in which it keeps the office from working."""
    campaign = load_campaign(session)
    units = [row for row in session.exec(select(UnitRow).order_by(col(UnitRow.position))) if _exists(row, on)]
    central = find_central_missing(session)
    found = [Missing("central", len(central), tuple(central))] if central else []
    found += _baselines(session, campaign, units)
    found += _heads(units)
    found += _sources(campaign)
    if campaign.score_bands and not campaign.score_bands_confirmed:
        found.append(Missing("bands", 1))
    return found


def _exists(row: UnitRow, on: date) -> bool:
    return (row.valid_from or date.min) <= on <= (row.valid_to or date.max)


def _heads(units: list[UnitRow]) -> Iterator[Missing]:
    for kind, column in (("head", "head_name"), ("phone", "head_phone")):
        # Whoever has no name has no number either: that is one gap, not two.
        without = [row for row in units if not getattr(row, column) and (kind == "head" or row.head_name)]
        if without:
            yield Missing(kind, len(without), tuple(row.name for row in without[:NAMED]), len(units))


def _baselines(session: Session, campaign: Campaign, units: list[UnitRow]) -> Iterator[Missing]:
    """Only what the rule looks at: an indicator with one fixed target for all needs nobody's result to propose it."""
    found = newest_baselines(session, campaign.baseline_year)
    newest = {place: baseline_points(row) for place, row in found.items()}
    for indicator in campaign.indicators:
        without = [row for row in units if newest.get((row.id or 0, indicator.key)) is None]
        if without:
            names = tuple(row.name for row in without[:NAMED])
            kind = "baseline" if indicator.rule.kind == "central_plus" else "baseline_fixed"
            yield Missing(kind, len(without), names, len(units), indicator.key)


def _sources(campaign: Campaign) -> Iterator[Missing]:
    asked = [source for source in campaign.sources if is_pulled(source) and source.kind != "simulated"]
    for source in asked:
        if source.enabled and source.secret is not None and not _has_secret(source.secret):
            yield Missing("secret", 1, (source.secret,), subject=source.key)
    if not any(source.enabled for source in asked):
        yield Missing("no_source", 1)
    for source in untaken(campaign):
        yield Missing("untaken", 1, subject=source.key)


def _has_secret(variable: str) -> bool:
    try:
        return find_secret(variable) is not None
    except PullFailed:
        return False


# --- beside the files -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """What was imported or entered on a page and does not stand in the files, and the edits that write it there."""

    edits: tuple[RowEdit, ...]
    changes: tuple[Change, ...]


def find_beside(session: Session, files: CampaignFiles, *, source: str) -> Beside:
    """What the store holds otherwise than its files; `source` is written where a row must name one and none is known.

    Figures, agreements and scores are no part of the files' work. What the files say and the store does not, is
    followed by `init` and never counted here.
    """
    edits = (
        *_units_beside(session, files),
        *_central_beside(session, files, source=source),
        *_baselines_beside(session, files, source=source),
    )
    return Beside(edits, changes_between(files.texts, edited(files.texts, edits)))


def _units_beside(session: Session, files: CampaignFiles) -> Iterator[RowEdit]:
    rows = session.exec(select(UnitRow).order_by(col(UnitRow.position), col(UnitRow.id))).all()
    codes = {row.id: row.code for row in rows}
    reported = {unit.code: unit for unit in files.units}
    for row in rows:
        held = {name: getattr(row, name) for name in UNIT_FIELDS} | {
            "aliases": tuple(row.aliases),
            "parent": codes.get(row.parent_id),
            "successor": codes.get(row.successor_id),
        }
        unit = reported.get(row.code)
        cells = {
            name: _cell(value)
            for name, value in held.items()
            if (value or None) != ((getattr(unit, name) if unit is not None else None) or None)
        }
        if cells:
            yield RowEdit(UNITS, {"code": row.code}, cells)


def _central_beside(session: Session, files: CampaignFiles, *, source: str) -> Iterator[RowEdit]:
    reported = {(row.indicator, row.year, row.level): row for row in files.central}
    newest: dict[tuple[str, int, str], CentralTarget] = {}
    for target in session.exec(select(CentralTarget).order_by(col(CentralTarget.version))):
        newest[target.indicator, target.year, target.level] = target
    for key, target in newest.items():
        row = reported.get(key)
        place = {"indicator": key[0], "year": str(key[1]), "level": key[2]}
        if target.value is None:
            if row is not None:
                yield RowEdit(CENTRAL, place, None)
        elif row is None or (row.value, row.document) != (target.value, target.document):
            yield RowEdit(
                CENTRAL,
                place,
                {
                    "value": _cell(target.value),
                    "document": target.document,
                    "source": target.source_note or source,
                    "note": "",
                },
            )


def _baselines_beside(session: Session, files: CampaignFiles, *, source: str) -> Iterator[RowEdit]:
    codes: Mapping[int | None, str] = {row.id: row.code for row in session.exec(select(UnitRow))}
    reported = {(row.unit, row.indicator, row.year): row for row in files.baselines}
    newest: dict[tuple[str, str, int], Baseline] = {}
    for baseline in session.exec(select(Baseline).order_by(col(Baseline.version))):
        newest[codes[baseline.unit_id], baseline.indicator, baseline.year] = baseline
    for key, baseline in newest.items():
        row = reported.get(key)
        figure = (baseline.value, baseline.numerator, baseline.denominator, baseline.qualifier)
        place = {"unit": key[0], "indicator": key[1], "year": str(key[2])}
        if baseline.source_note == SIMULATED and row is None:
            continue
        if figure == (None, None, None, None):
            if row is not None:
                yield RowEdit(BASELINES, place, None)
        elif row is None or figure != (row.value, row.numerator, row.denominator, row.qualifier):
            names = ("value", "numerator", "denominator", "qualifier")
            cells = {name: _cell(value) for name, value in zip(names, figure, strict=True)}
            yield RowEdit(BASELINES, place, cells | {"source": baseline.source_note or source, "note": ""})


def _cell(value: object) -> str:
    """A value as its cell holds it; aliases with semicolons between them."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
