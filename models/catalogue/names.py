"""The names that the rows of the CSV files may use."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from models.catalogue.csv_table import CsvRow


@dataclass(frozen=True)
class Names:
    """None: the file that gives these names could not be read, so nothing is checked against them."""

    units: Collection[str] | None
    """Quick to ask, since there may be 11,000."""
    levels: tuple[str, ...] | None
    """From the top of the tree down."""
    phases: tuple[str, ...] | None
    indicators: tuple[str, ...] | None
    sources: tuple[str, ...] | None
    ceilings: Mapping[str, Decimal]
    """How high the figures of an indicator may be; one is absent where its file does not say it."""

    def unit(self, row: CsvRow) -> str:
        return row.name("unit", known=self.units, kind="unit", reported_in="units.csv")

    def indicator(self, row: CsvRow) -> str:
        return row.name("indicator", known=self.indicators, kind="indicator", reported_in="indicators/")

    def source(self, row: CsvRow) -> str:
        return row.name("source", known=self.sources, kind="source", reported_in="sources.toml")

    def phase(self, row: CsvRow) -> str:
        return row.name("phase", known=self.phases, kind="phase", reported_in="campaign.toml")

    def level(self, row: CsvRow) -> str:
        return row.name("level", known=self.levels, kind="level", reported_in="campaign.toml")
