"""Names in a campaign's files that a workbook's heading could not carry: each heading means one thing."""

from collections.abc import Iterator

from jobs.imports.tables.vocabulary import ROLES
from jobs.imports.words import heading
from models.catalogue.problems import Problems
from targets.values import Campaign, Indicator, Text

OF_DOSSIERS = frozenset(("received_all", "received_online", "received_direct", "received_old", "handled"))
"""Headings of the one-stop system's export: counts of dossiers themselves, so a count may be called like one."""


def check_headings(campaign: Campaign) -> None:
    """Refuse an indicator called like a column of another sort: its figures would be read as units, days or remarks.

    Raises CampaignFilesError naming every such name.
    """
    problems = Problems()
    for indicator in campaign.indicators:
        for key, name in _names(indicator):
            if ROLES.get(heading(name), "") not in ("", *OF_DOSSIERS):
                problem = f"is “{name}”, which heads another column in files of figures; choose another name."
                file = f"indicators/{indicator.key}.toml"
                problems.add(file, key, problem=problem, code="name_reserved", name=name)
    problems.refuse_if_any()


def _names(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """What a heading may call the indicator or its counts, with the key in its file that says so."""
    texts: dict[str, Text] = {
        "name": indicator.name,
        "short_name": indicator.short_name,
        "numerator": indicator.numerator,
        "denominator": indicator.denominator,
    }
    yield from (("key", indicator.key), ("portal_column", indicator.portal_column))  # an empty one heads nothing
    yield from (
        (f"{key}.{language}", reported.of(language)) for key, reported in texts.items() for language in ("vi", "en")
    )
    yield from (("aliases", alias) for alias in indicator.aliases)
