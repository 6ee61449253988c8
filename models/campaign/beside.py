"""What the store holds beside the campaign's files: imported, or entered on a page other than the campaign's."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from sqlmodel import Session, col, select

from models.catalogue import CampaignFiles
from models.catalogue.editing import RowEdit
from models.catalogue.figure_files import entered_here
from models.catalogue.folder import BASELINES, CENTRAL, REGISTRATIONS, SCORES, UNITS
from models.feeds.withdrawn import which_count
from models.tables import Baseline, CentralTarget, Score, SourceRow, Target, UnitRow
from models.units.queries import find_units
from targets.values import UNIT_FIELDS

SIMULATED = "simulated"
"""The note of a baseline that was invented for a demonstration: it never enters a file."""


def find_beside(session: Session, files: CampaignFiles) -> tuple[RowEdit, ...]:
    """The edits with which the files say what the store holds: its units, central targets and earlier results.

    Of units' registrations and of official scores, only rows that the files have and that have since been agreed or
    published differently: further ones, and figures, do not belong in the files.
    """
    source = entered_here()
    return (
        *_units_beside(session, files),
        *_central_beside(session, files, source=source),
        *_baselines_beside(session, files, source=source),
        *_registrations_beside(session, files, source=source),
        *_scores_beside(session, files),
    )


def _units_beside(session: Session, files: CampaignFiles) -> Iterator[RowEdit]:
    reported = {unit.code: unit for unit in files.units}
    for held in find_units(session):
        unit = reported.get(held.code)
        cells = {
            name: _cell(value)
            for name in UNIT_FIELDS
            if ((value := getattr(held, name)) or None) != (getattr(unit, name, None) or None)
        }
        if cells:
            yield RowEdit(UNITS, {"code": held.code}, cells)


def _central_beside(session: Session, files: CampaignFiles, *, source: str) -> Iterator[RowEdit]:
    reported = {(row.indicator, row.year, row.level or ""): row for row in files.central}
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


def _registrations_beside(session: Session, files: CampaignFiles, *, source: str) -> Iterator[RowEdit]:
    codes: Mapping[int | None, str] = {row.id: row.code for row in session.exec(select(UnitRow))}
    registered = select(Target).where(Target.origin == "registered").order_by(col(Target.version))
    newest = {(codes[row.unit_id], row.indicator, row.phase): row for row in session.exec(registered)}
    reported = {(row.unit, row.indicator, row.phase): row for row in files.registrations}
    for key in (key for key in reported if key in newest):
        target, row = newest[key], reported[key]
        # An agreement may have no document; the files' rows need one.
        now = (target.value, target.document or row.document, target.document_date)
        if now != (row.value, row.document, row.document_date):
            cells = dict(zip(("value", "document", "date"), map(_cell, now), strict=True))
            place = {"unit": row.unit, "indicator": row.indicator, "phase": row.phase}
            yield RowEdit(REGISTRATIONS, place, cells | {"source": source, "note": ""})


def _scores_beside(session: Session, files: CampaignFiles) -> Iterator[RowEdit]:
    units: Mapping[int | None, str] = {row.id: row.code for row in session.exec(select(UnitRow))}
    sources: Mapping[int | None, str] = {row.id: row.key for row in session.exec(select(SourceRow))}
    newest = {
        (units[row.unit_id], row.indicator_key, row.rank_group, sources[row.source_id], row.basis, row.as_of): row
        for row in session.exec(
            select(Score).where(*which_count(session, col(Score.run_id))).order_by(col(Score.revision))
        )
    }
    names = ("points", "max_points", "rank", "rank_of")
    for row in files.scores:
        score = newest.get((row.unit, row.indicator, row.rank_group, row.source, row.basis, row.as_of))
        if score is None or all(getattr(score, name) == getattr(row, name) for name in names):
            continue
        cells = {name: _cell(getattr(score, name)) for name in names} | {"note": score.source_note}
        place = {"unit": row.unit, "indicator": row.indicator, "year": str(row.as_of.year), "source": row.source}
        yield RowEdit(SCORES, place | {"rank_group": row.rank_group}, cells)


def _cell(value: object) -> str:
    """A value as its cell holds it; aliases with semicolons between them."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
