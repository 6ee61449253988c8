"""sources.toml: where figures come from. What only a kind of source knows, its module checks (`jobs.sources`)."""

import re
from collections.abc import Collection
from typing import get_args

from models.catalogue.toml_table import KEY_PATTERN, TomlTable
from targets.values import Basis, Scope, Source

BASES: tuple[Basis, ...] = get_args(Basis)
SCOPES: tuple[Scope, ...] = get_args(Scope)
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
CRON_FIELDS = 5


def read_sources(
    table: TomlTable, *, unit_codes: Collection[str] | None, indicators: Collection[str] | None
) -> tuple[Source, ...]:
    """Every table of sources.toml is one source."""
    return tuple(
        _read_source(key, source, unit_codes=unit_codes, indicators=indicators)
        for key, source in table.all_tables().items()
    )


def _read_source(
    key: str, table: TomlTable, *, unit_codes: Collection[str] | None, indicators: Collection[str] | None
) -> Source:
    source = Source(
        key=key,
        name=table.names("name"),
        kind=_read_kind(table),
        basis=table.word("basis", BASES) if table.has("basis") else None,
        enabled=table.flag("enabled", default=Source.enabled),
        schedule=_read_schedule(table),
        lag_days=table.whole("lag_days", least=0, most=31, default=Source.lag_days),
        late_after_minutes=table.whole("late_after_minutes", least=1, most=10_080, default=Source.late_after_minutes),
        stale_after_working_days=(
            table.whole("stale_after_working_days", least=0, most=60) if table.has("stale_after_working_days") else None
        ),
        contact=_read_contact(table, unit_codes),
        address=table.text("address") if table.has("address") else None,
        secret=_read_secret(table),
        scope=table.word("scope", SCOPES) if table.has("scope") else None,
        indicators=_read_indicators(table, indicators),
        units=_read_units(table, unit_codes),
        options=table.plain("options") if table.has("options") else {},
    )
    table.refuse_other_keys()
    return source


def _read_kind(table: TomlTable) -> str:
    kind = table.text("kind")
    if kind and not KEY_PATTERN.fullmatch(kind):
        problem = f"is “{kind}”; a kind is named in small letters, digits and underscores."
        table.complain("kind", problem, code="key_form", value=kind)
    return kind


def _read_schedule(table: TomlTable) -> str | None:
    if not table.has("schedule"):
        return None
    schedule = table.text("schedule")
    if schedule and len(schedule.split()) != CRON_FIELDS:
        problem = f"is “{schedule}”; it has five fields: minute, hour, day, month, weekday, such as “30 6 * * *”."
        table.complain("schedule", problem, code="schedule", value=schedule)
    return schedule


def _read_contact(table: TomlTable, known: Collection[str] | None) -> str | None:
    if not table.has("contact"):
        return None
    code = table.text("contact")
    table.known("contact", code, allowed=known, kind="unit", reported_in="units.csv")
    return code


def _read_secret(table: TomlTable) -> str | None:
    if not table.has("secret"):
        return None
    name = table.text("secret")
    if name and not VARIABLE.fullmatch(name):
        # Not repeated: somebody may have written the secret itself.
        problem = "must be the name of an environment variable, such as CAODIEM_IGATE_TOKEN, never the secret."
        table.complain("secret", problem, code="secret_name")
        return None
    return name


def _read_indicators(table: TomlTable, known: Collection[str] | None) -> tuple[str, ...]:
    if not table.has("indicators"):
        return ()
    keys = table.words("indicators")
    for key in keys:
        table.known("indicators", key, allowed=known, kind="indicator", reported_in="indicators/")
    return keys


def _read_units(table: TomlTable, known: Collection[str] | None) -> dict[str, str]:
    if not table.has("units"):
        return {}
    mapping: dict[str, str] = {}
    entries = table.table("units")
    for theirs in entries.keys():  # noqa: SIM118 - a table is no mapping
        mapping[theirs] = entries.text(theirs)
        entries.known(theirs, mapping[theirs], allowed=known, kind="unit", reported_in="units.csv")
    return mapping
