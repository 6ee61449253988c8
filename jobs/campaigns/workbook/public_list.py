"""A public list of the country's units in a workbook's sheet of units: read as an imported list is."""

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jobs.imports.files import read_file
from jobs.imports.formats.sheets import Row, shown
from jobs.imports.tables.vocabulary import ROLES
from jobs.imports.units.matching import without_zeros
from jobs.imports.units.names import parsed
from jobs.imports.values import ImportContext, RejectedRow
from jobs.imports.words import heading, joined
from targets.values import Campaign, Unit

HEAD = 10


@dataclass(frozen=True)
class PublicList:
    """The rows of a sheet, with their numbers."""

    rows: Sequence[tuple[int, Row]]

    @cached_property
    def provinces(self) -> tuple[tuple[str, str], ...]:
        """Code and name of each province that the list names; none where it is no such list."""
        for at, (_, header) in enumerate(self.rows[:HEAD]):
            roles = [ROLES.get(heading(shown(cell))) for cell in header]
            if "province" in roles and {"unit", "code", "gso_code"} & set(roles) and "parent" not in roles:
                name = roles.index("province")
                code = roles.index("province_code") if "province_code" in roles else None
                pairs = ((_at(row, code), _at(row, name)) for _, row in self.rows[at + 1 :])
                return tuple(dict.fromkeys(pair for pair in pairs if pair[1]))
        return ()

    def province(self, wanted: str) -> tuple[str, str] | None:
        """The campaign's own: by its code or name, else the only one."""
        name = joined(parsed(wanted).rest)
        for code, called in self.provinces:
            if (code and without_zeros(code) == without_zeros(wanted)) or joined(parsed(called).rest) == name:
                return code, called
        return self.provinces[0] if len(self.provinces) == 1 else None

    def units(self, campaign: Campaign, top: Unit) -> tuple[tuple[Unit, ...], tuple[RejectedRow, ...]]:
        """The units of the campaign's province, and the rows that cannot be taken in; a row keeps its number."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "units.csv"
            by_number = dict(self.rows)
            with path.open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.writer(stream)
                for number in range(1, max(by_number) + 1):
                    writer.writerow([shown(cell) for cell in by_number.get(number, ())])
            context = ImportContext(campaign, (top,), today=campaign.end, source="", kind="units")
            parsed_file = read_file(path, context)
        units = tuple(unit for unit in parsed_file.records if isinstance(unit, Unit))
        return units, parsed_file.rejected


def _at(row: Row, index: int | None) -> str:
    return " ".join(shown(row[index]).split()) if index is not None and index < len(row) else ""
