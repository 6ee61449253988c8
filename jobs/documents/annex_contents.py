"""What stands in the annex of targets: what is issued, and where nothing is yet, what is proposed, marked as such."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from jobs.documents.target_annex import Annex, AnnexCell, AnnexHead, AnnexLine, as_docx, as_workbook
from models import formats
from models.queries.assigning import Assigned, Given
from models.texts import text
from targets.values import Campaign

AnnexFile = Literal["xlsx", "docx"]


def annex_file(
    rows: Sequence[Assigned], campaign: Campaign, *, kind: AnnexFile, is_simulated: bool, language: str
) -> bytes:
    """The file itself."""
    contents = annex(rows, campaign, is_simulated=is_simulated, language=language)
    return as_workbook(contents) if kind == "xlsx" else as_docx(contents)


def file_name(today: date, *, kind: AnnexFile, is_simulated: bool, language: str) -> str:
    """phu-luc-chi-tieu_2024-05-07.xlsx; simulated figures say so in the name, too."""
    parts = [text("office.annex.file", language), today.isoformat()]
    if is_simulated:
        parts.append(text("gaps.download.file_simulated", language))
    return f"{'_'.join(parts)}.{kind}"


def annex(rows: Sequence[Assigned], campaign: Campaign, *, is_simulated: bool, language: str) -> Annex:
    """Every unit by group, with baseline and phases of each indicator."""
    by_unit: dict[str, dict[tuple[str, str], Assigned]] = {}
    for row in rows:
        by_unit.setdefault(row.unit, {})[row.indicator, row.phase] = row
    order = {level.key: place for place, level in enumerate(campaign.levels)}
    units = sorted(by_unit.values(), key=lambda unit: order[next(iter(unit.values())).level])
    province = next((row.name for row in rows if row.unit == campaign.province), "")
    return Annex(
        language=language,
        authority=province.upper(),
        title=(
            text("office.annex.title", language),
            text("office.annex.subtitle", language, campaign=campaign.title.of(language)).upper(),
        ),
        document=_documents(rows, language),
        mark=text("gaps.download.simulated", language) if is_simulated else "",
        number_title=text("office.column.number", language),
        unit_title=text("office.column.unit", language),
        heads=tuple(
            AnnexHead(
                indicator.name.of(language),
                (
                    text("office.column.baseline", language, year=str(campaign.baseline_year)),
                    *(phase.name.of(language) for phase in campaign.phases),
                ),
            )
            for indicator in campaign.indicators
        ),
        lines=tuple(_line(unit, campaign, language) for unit in units),
        notes=(
            text("office.annex.proposed_note", language),
            text("office.annex.missing_note", language),
            text("office.annex.source", language, product=text("product", language)),
        ),
        sheet=text("office.annex.sheet", language),
    )


def _documents(rows: Sequence[Assigned], language: str) -> str:
    """The documents under which the targets are issued, oldest first; that there is none where nothing is."""
    issued = {(row.issued.document_date or date.min, row.issued.document) for row in rows if row.issued is not None}
    if not issued:
        return text("office.annex.not_issued", language)
    named = [
        document
        if day == date.min
        else text("unit.targets.document_dated", language, document=document, date=formats.day(day, language))
        for day, document in sorted(issued)
    ]
    return text("office.annex.under", language, documents="; ".join(named))


def _line(unit: dict[tuple[str, str], Assigned], campaign: Campaign, language: str) -> AnnexLine:
    first = next(iter(unit.values()))
    level = campaign.level(first.level)
    cells: list[AnnexCell] = []
    for indicator in campaign.indicators:
        cells.append(_baseline(unit[indicator.key, campaign.phases[0].key], language))
        cells += [_target(unit[indicator.key, phase.key], language) for phase in campaign.phases]
    return AnnexLine(group=(level.group or level.name).of(language), unit=first.name, cells=tuple(cells))


def _baseline(row: Assigned, language: str) -> AnnexCell:
    if row.baseline is None:
        return AnnexCell(None, "–")
    return AnnexCell(row.baseline, text("office.annex.simulated", language) if row.is_baseline_simulated else "")


def _target(row: Assigned, language: str) -> AnnexCell:
    """What is issued; else what is proposed."""
    given: Given | None = row.issued or row.proposed
    if given is None or given.value is None:
        return AnnexCell(None, text("office.annex.missing", language))
    notes = [
        *([] if row.issued is not None else [text("office.annex.proposed", language)]),
        *([text("office.annex.simulated", language)] if given.is_simulated else []),
    ]
    return AnnexCell(given.value, ", ".join(notes))
