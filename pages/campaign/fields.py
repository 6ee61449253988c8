"""The fields of the campaign's forms: where each stands in the files, how it is written on screen and read back.

What a key holds, and whether it may be left out, the readers of the files declare; whether a value may stand there, the
loader says, with all files before it.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from models.catalogue.declared import ANY, Key, declared_keys
from models.catalogue.editing import Edit, KeyEdit, Value
from models.catalogue.folder import CAMPAIGN, INDICATORS, SOURCES
from models.catalogue.indicator_files import OF_OTHERS, OF_RULE, ONLY_OF_PERCENTS, RULE_KINDS
from models.core import formats
from models.targets.registrations import Incomplete
from targets.figures import typed_in
from targets.values import Campaign, Indicator, Source

Kind = Literal["text", "number", "whole", "day", "flag", "choice", "sources", "words", "knots", "by_phase"]
_KNOT = re.compile(r"(?P<time>[\d.,]+)\s*(?:→|->|:|=)\s*(?P<way>[\d.,]+)")
OF_KIND = {
    "none": (),
    "fixed": ("value",),
    "central_plus": ("uplift", "uplift_kind", "at_or_above", "phase_1", "share"),
}
"""The keys of a rule that belong to its kind; another kind's must not stand beside them."""


@dataclass(frozen=True)
class Field:
    """One value of the files as a form shows it."""

    file: str
    path: tuple[str, ...]
    kind: Kind
    name: str
    """Among the texts: `campaign.field.<name>`."""
    options: tuple[str, ...] = ()
    """To choose from; of a number for each phase, the phases."""
    is_optional: bool = False
    phase: str = ""
    """Of knots: the phase whose path they bend."""

    @property
    def key(self) -> str:
        return ".".join((self.file, *self.path, self.phase))


KINDS: Mapping[str, Kind] = {
    "text": "text", "word": "choice", "words": "words", "flag": "flag", "day": "day", "decimal": "number",
    "whole": "whole",
}  # fmt: skip
"""What a form shows for a key of each kind."""


@cache
def _declared() -> dict[tuple[str, str], Key]:
    return {(key.file, key.place): key for key in declared_keys()}


def _fields(file: str, *places: str, whose: str = "") -> list[Field]:
    """The fields of places as the files' readers declare them; `whose` names the table in a place such as `*.scope`."""
    found = []
    for place in places:
        key = _declared()[INDICATORS if file.startswith(INDICATORS) else file, place]
        parts = place.split(".")
        # What has a value of its own where nothing is said cannot be left empty.
        is_optional = key.is_optional and key.default is None and key.kind != "words"
        found.append(
            Field(
                file,
                tuple(whose if part == ANY else part for part in parts),
                KINDS[key.kind],
                ".".join(part for part in parts if part != ANY),
                ("", *key.options) if key.options and is_optional else key.options,
                is_optional,
            )
        )
    return found


def date_fields(campaign: Campaign) -> list[list[Field]]:
    """The campaign's names, document and days, then each phase's."""
    own = ("title.vi", "title.en", "short_title.vi", "short_title.en", "document", "document_date", "start", "end")
    phase = ("phases.*.name.vi", "phases.*.name.en", "phases.*.start", "phases.*.due")
    return [_fields(CAMPAIGN, *own), *(_fields(CAMPAIGN, *phase, whose=each.key) for each in campaign.phases)]


def limit_fields() -> list[list[Field]]:
    """Limits of standing by probability and by gap, then how figures are read."""
    bands = ("likely", "at_risk", "high_risk")
    by = [_fields(CAMPAIGN, *(f"standing.{kind}.{band}" for band in bands)) for kind in ("probability", "gap")]
    figures = (
        "stale_after_working_days", "volume_window_days", "small_volume", "disagreement_points", "least_coverage",
    )  # fmt: skip
    read = _fields(CAMPAIGN, *(f"figures.{name}" for name in figures))
    return [*by, read, _fields(CAMPAIGN, "score_bands.confirmed")]


def indicator_fields(indicator: Indicator, campaign: Campaign) -> list[list[Field]]:
    """What an indicator is called, how it is judged, which sources govern, its rule, and the bends of its path."""
    file = f"{INDICATORS}{indicator.key}.toml"
    named = ("name", "short_name", "numerator", "denominator", "counted")
    names = _fields(file, *(f"{name}.{language}" for name in named for language in ("vi", "en")), "aliases")
    judged = _fields(
        file, "direction", "ceiling", "floor", "basis", "shortfall", "arriving", "portal_column", "max_points"
    )
    sources = [Field(file, ("sources",), "sources", "sources", tuple(source.key for source in campaign.sources))]
    phases = tuple(phase.key for phase in campaign.phases)
    kinds = RULE_KINDS if indicator.measured_in == "percent" else OF_OTHERS
    rule = [
        Field(file, ("rule", "kind"), "choice", "rule.kind", kinds),
        Field(file, ("rule", "value"), "by_phase", "rule.value", phases),
        *_fields(file, "rule.uplift", "rule.uplift_kind", "rule.at_or_above", "rule.phase_1"),
        Field(file, ("rule", "share"), "by_phase", "rule.share", phases),
    ]
    bends = [
        Field(file, ("knots",), "knots", "knots", is_optional=True, phase=phase.key)
        for phase in campaign.phases
        if phase.due is not None
    ]
    fields = [rule, sources, bends, judged, names]
    if indicator.measured_in == "percent":
        return fields
    nothing = (*ONLY_OF_PERCENTS, "numerator", "denominator")
    return [[field for field in group if field.path[0] not in nothing] for group in fields]


def source_fields(source: Source) -> list[Field]:
    """Whether a source is asked, when, how old its figures may grow, and who sends its files.

    Address and secret stay with the files.
    """
    names = ("enabled", "schedule", "lag_days", "late_after_minutes", "stale_after_working_days", "contact", "scope")
    return _fields(SOURCES, *(f"*.{name}" for name in names), whose=source.key)


def _without(field: Field) -> Any:
    """What holds where a file does not say it; nothing where it then follows from another key."""
    if field.path[0] == "rule":
        return getattr(OF_RULE, field.path[1])
    known = {CAMPAIGN: Campaign, SOURCES: Source}.get(field.file, Indicator)
    held = None if field.is_optional else getattr(known, field.path[-1], None)
    return "" if held is None and field.kind == "choice" else held


def shown_values(texts: Mapping[str, bytes], fields: Sequence[Field]) -> dict[str, Any]:
    """What stands in each field, by its key; what a file leaves out is shown as what then holds."""
    plain = {
        file: tomllib.loads(texts[file].decode("utf-8-sig"), parse_float=Decimal)
        for file in {field.file for field in fields}
    }
    return {field.key: _value_of(plain[field.file], field) for field in fields}


def _value_of(table: Any, field: Field) -> Any:
    for name in field.path:
        table = table.get(name) if isinstance(table, dict) else None
    if field.kind == "knots":
        return tuple((knot["time"], knot["way"]) for knot in table or () if knot["phase"] == field.phase)
    if table is None:
        return _without(field)
    if isinstance(table, dict):
        return _in_order(table, field)
    return tuple(table) if isinstance(table, list) else table


def _in_order(by_phase: Mapping[str, Any], field: Field) -> tuple[Any, ...]:
    """The numbers of the phases from the first to the last that has one; between them what then holds."""
    last = max((at for at, phase in enumerate(field.options) if phase in by_phase), default=-1)
    numbers: list[Any] = []
    for phase in field.options[: last + 1]:
        before = numbers[-1] if numbers and field.path[-1] == "value" else Decimal(1)
        numbers.append(by_phase.get(phase, before))
    return tuple(numbers)


def written(field: Field, value: Any, language: str) -> str:
    """A value as a text field shows it."""
    if value is None:
        return ""
    if field.kind == "words":
        return "; ".join(value)
    if field.kind == "by_phase" and isinstance(value, tuple):
        return "; ".join(_number(each, language) for each in value)
    if field.kind == "knots":
        return "; ".join(f"{_number(time, language)} → {_number(way, language)}" for time, way in value)
    return _number(value, language) if isinstance(value, Decimal) else str(value)


def _number(value: Decimal | int, language: str) -> str:
    return f"{Decimal(value):f}".replace(".", formats.decimal_mark(language))


def read_back(field: Field, typed: Any, label: str) -> Any:
    """What was typed or chosen, as a value of the file; None where an optional field was left empty.

    Raises Incomplete naming the field where it is no number, or nothing where something must stand.
    """
    if field.kind in ("flag", "choice"):
        return typed
    if field.kind == "sources":
        return tuple(typed)
    if field.kind == "day":
        if typed is None and not field.is_optional:
            raise Incomplete(f"{label}: choose a day.", code="campaign_no_day", field=label)
        return typed
    said = str(typed or "").strip()
    if field.kind == "words":
        return tuple(word for word in (each.strip() for each in said.split(";")) if word)
    if field.kind == "knots":
        return tuple(_knot(each.strip(), label) for each in said.split(";") if each.strip())
    if field.kind == "by_phase" and ";" in said:
        return _by_phase(said, field, label)
    if not said and field.is_optional:
        return None
    if field.kind == "text":
        return said
    number = read_number(said, label)
    return int(number) if field.kind == "whole" and number == number.to_integral_value() else number


def read_number(said: str, label: str) -> Decimal:
    """12,5 · 12.5 · 12 · 12,5%. Raises Incomplete naming the field."""
    number = typed_in(said, "percent")
    if number is None:
        raise Incomplete(f"{label}: “{said}” is no number.", code="campaign_no_number", field=label, written=said)
    return number


def _by_phase(said: str, field: Field, label: str) -> tuple[Decimal, ...]:
    numbers = tuple(read_number(each.strip(), label) for each in said.split(";") if each.strip())
    if not 0 < len(numbers) <= len(field.options):
        raise Incomplete(
            f"{label}: “{said}” must have one number, or one for each of up to {len(field.options)} phases.",
            code="campaign_by_phase",
            field=label,
            written=said,
            most=str(len(field.options)),
        )
    return numbers


def _knot(said: str, label: str) -> tuple[Decimal, Decimal]:
    found = _KNOT.fullmatch(said)
    if found is None:
        raise Incomplete(f"{label}: “{said}” is no knot.", code="campaign_no_knot", field=label, written=said)
    return read_number(found["time"], label), read_number(found["way"], label)


def edits_of(fields: Sequence[Field], seen: Mapping[str, Any], typed: Mapping[str, Any]) -> list[Edit]:
    """The edits that turn what was seen into what was typed; fields left alone give none."""
    changed = [field for field in fields if typed[field.key] != seen[field.key]]
    edits: list[Edit] = [_edit(field, typed[field.key]) for field in changed if field.kind != "knots"]
    knots = [field for field in fields if field.kind == "knots"]
    if any(field in changed for field in knots):
        reported: Value = tuple(
            {"phase": field.phase, "time": time, "way": way} for field in knots for time, way in typed[field.key]
        )
        edits.append(KeyEdit(knots[0].file, knots[0].path, reported or None))
    return _of_one_kind(fields, typed, edits)


def _edit(field: Field, value: Any) -> KeyEdit:
    if field.kind == "by_phase" and isinstance(value, tuple):
        value = dict(zip(field.options, value, strict=False))
    return KeyEdit(field.file, field.path, None if field.is_optional and value in ("", None) else value)


def _of_one_kind(fields: Sequence[Field], typed: Mapping[str, Any], edits: list[Edit]) -> list[Edit]:
    """A rule has the keys of its kind and no other's, whichever were typed."""
    rule = {field.path[1]: field for field in fields if field.path[0] == "rule"}
    if not rule:
        return edits
    kind = typed[rule["kind"].key]
    kept = [edit for edit in edits if not (isinstance(edit, KeyEdit) and edit.path[0] == "rule")]
    of_rule = [edit for edit in edits if isinstance(edit, KeyEdit) and edit.path[0] == "rule"]
    if any(edit.path[1] == "kind" for edit in of_rule):
        wanted = [KeyEdit(rule["kind"].file, ("rule", "kind"), kind)]
        for of_kind, names in OF_KIND.items():
            wanted += [_edit(rule[name], typed[rule[name].key] if of_kind == kind else None) for name in names]
        return [*kept, *wanted]
    return [*kept, *(edit for edit in of_rule if edit.path[1] in OF_KIND[kind])]


def shown_day(value: Any) -> date | None:
    """A day of a file; anything else is none."""
    return value if isinstance(value, date) else None
