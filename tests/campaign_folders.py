"""The small campaign of tests/models/conftest.py as a folder of files, comments and all."""

from pathlib import Path

from models.catalogue.folder import CSV_COLUMNS
from models.catalogue.unit_file import TILE
from tests.models.conftest import BASELINES, UNITS, small_campaign

CAMPAIGN = """# The small campaign.
key = "small"
title = { vi = "A small campaign", en = "A small campaign" }
short_title = { vi = "Small", en = "Small" }
province = "P"
document = "1/KH"
document_date = 2024-03-01
start = 2024-03-04   # a Monday
end = 2024-04-12
baseline_year = 2023
target_year = 2024
holidays = "VN"

# Three of them.
[phases.first]
name = { vi = "first", en = "first" }
start = 2024-03-04
due = 2024-03-22

[phases.second]
name = { vi = "second", en = "second" }
start = 2024-03-23
due = 2024-04-12

[phases.keep]
name = { vi = "keep", en = "keep" }
start = 2024-04-13

[levels.province]
name = { vi = "province", en = "province" }
default_scope = "below"

[levels.department]
name = { vi = "department", en = "department" }
group = { vi = "I", en = "I" }
default_scope = "own"

[levels.district]
name = { vi = "district", en = "district" }
group = { vi = "II", en = "II" }
default_scope = "below"

[levels.commune]
name = { vi = "commune", en = "commune" }
group = { vi = "III", en = "III" }
default_scope = "own"

[[unit_phases]]
unit = "S2"
document = "2/KH"
phases.first = { start = 2024-03-04, due = 2024-03-13 }
phases.second = { start = 2024-03-14, due = 2024-04-12 }

# Falling.
[standing.probability]
likely = 0.8
at_risk = 0.5
high_risk = 0.2

[standing.gap]
likely = 0
at_risk = 5
high_risk = 15

[figures]
stale_after_working_days = 3
volume_window_days = 28
small_volume = 100
disagreement_points = 2

[score_bands]
confirmed = false

[[score_bands.bands]]
floor = 0
name = { vi = "all", en = "all" }
"""
SOURCES = """# Where figures come from.
[igate]
name = { vi = "igate", en = "igate" }
kind = "igate"
schedule = "0 6 * * *"
address = "https://igate.example"
secret = "CAODIEM_SMALL_TOKEN"

# [igate.options]
# agency_id = "…"

# By hand.
[file]
name = { vi = "file", en = "file" }
kind = "file"

[monthly]
name = { vi = "monthly", en = "monthly" }
kind = "published"
basis = "month"
"""
IGATE_OPTIONS = '\n[igate.options]\nagency_id = "1"\n'
INDICATOR = """# One indicator.
key = "{key}"
order = {order}
name = {{ vi = "{key}", en = "{key}" }}
short_name = {{ vi = "{key}", en = "{key}" }}
aliases = []
numerator = {{ vi = "right", en = "right" }}
denominator = {{ vi = "all", en = "all" }}
counted = {{ vi = "cases", en = "cases" }}
portal_column = "{column}"
max_points = 10
direction = "up"
ceiling = 100
basis = "campaign"
arriving = {arriving}
shortfall = "{shortfall}"
# The first that has one.
sources = ["igate", "file"]

# How a target is proposed.
[rule]
{rule}
"""
RULES = {
    "fixed": 'kind = "fixed"\nvalue = 100',
    "central_plus": 'kind = "central_plus"\nuplift = 10\nuplift_kind = "points"\nat_or_above = "own_plus_uplift"\n'
    'phase_1 = "half_uplift"\n# Of the uplift.\nshare = 0.5',
}


def write_small(folder: Path) -> Path:
    """Write the campaign into a folder that does not exist yet."""
    (folder / "indicators").mkdir(parents=True)
    _put(folder / "campaign.toml", CAMPAIGN)
    _put(folder / "sources.toml", SOURCES.replace("\n# By hand.", IGATE_OPTIONS + "\n# By hand."))
    for indicator in small_campaign().indicators:
        result = {"arriving": str(indicator.arriving).lower(), "shortfall": indicator.shortfall}
        result |= {"key": indicator.key, "column": indicator.key.upper(), "rule": RULES[indicator.rule.kind]}
        _put(folder / "indicators" / f"{indicator.key}.toml", INDICATOR.format(order=indicator.order, **result))
    units = [
        ",".join(
            [unit.code, unit.level, unit.name, unit.parent or "", "", "", "", "", "", "", "",
             str(unit.valid_to or ""), unit.successor or ""]
        )
        for unit in UNITS
    ]  # fmt: skip
    baselines = [f"{unit},{key},2023,{value},,,,a report," for (unit, key), value in BASELINES.items()]
    rows = {
        "units.csv": units,
        "baselines.csv": baselines,
        "central.csv": ["online,2024,,50,766/QĐ-TTg,a decision,"],
        "registrations.csv": [],
        "scores.csv": [],
    }
    for file, lines in rows.items():
        header = ",".join(name for name in CSV_COLUMNS[file] if name not in TILE)
        _put(folder / file, "\n".join([header, *lines]) + "\n")
    return folder


def _put(path: Path, content: str) -> None:
    path.write_bytes(content.encode())
