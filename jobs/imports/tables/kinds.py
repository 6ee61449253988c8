"""Which kind of file this is. `auto` decides only where the columns leave no doubt; points are never rates."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from jobs.imports.days.named_periods import whole_year
from jobs.imports.problems import FileRefused, KindUnsure, listed
from jobs.imports.tables.vocabulary import BESIDE, DONE_SAID, PLAN_SAID, THOUSANDS_SAID
from jobs.imports.values import KINDS, ImportContext, Kind
from jobs.imports.words import folded
from targets.errors import FigureProblem
from targets.figures import Percent, points_in, unmarked

if TYPE_CHECKING:
    from jobs.imports.formats.sheets import Row
    from jobs.imports.tables.headers import Header


NAMES = frozenset(("unit", "code", "identity_code", "gso_code"))
FIGURES = frozenset(("value", "rate", "numerator", "counts"))
DECIDED = frozenset(("target", "value", "rate"))
"""What may head a percent that somebody decides."""
OFFICIAL_ENOUGH = 3
"""So many indicators side by side, all within their maximum points, are no coincidence."""
NEEDED: dict[Kind, str] = {
    "readings": "đơn vị/unit + (chỉ số/indicator + tử số, mẫu số, tỷ lệ/numerator, denominator, value)",
    "scores": "đơn vị/unit + (điểm/points, TONG_SCORE)",
    "baselines": "đơn vị/unit + (chỉ số/indicator + tỷ lệ/value) + năm/year",
    "central": "chỉ số/indicator + tỷ lệ/value + năm/year + văn bản/document",
    "targets": "đơn vị/unit + chỉ số/indicator + giai đoạn/phase + chỉ tiêu/value + văn bản/document + ngày/date",
    "units": "mã/code + cấp/level + tên đơn vị/name, hoặc/or Tỉnh Thành Phố, Phường Xã, Mã PX/wardCode, wardName",
    "tasks": "đơn vị/unit + nhiệm vụ/task + người thực hiện/who + thời hạn/due",
}


def possible_kinds(columns: Set[tuple[str, str | None, bool]]) -> frozenset[Kind]:
    """What a table can be by its columns: role, indicator, whether headed as on the portal."""
    roles = {role for role, indicator, _ in columns if indicator is None}
    wide = {role for role, indicator, _ in columns if indicator is not None}
    official = {indicator for _, indicator, is_official in columns if indicator is not None and is_official}
    is_named = bool(roles & NAMES)
    is_long = "indicator" in roles and bool(roles & FIGURES)
    is_rate = is_long or bool(wide - BESIDE)
    is_decided = "indicator" in roles and bool(roles & DECIDED)
    is_export = {"received_online", "received_direct"} <= roles
    possible: dict[Kind, bool] = {
        "readings": is_named and (is_rate or is_export),
        "baselines": is_named and is_rate,
        "targets": is_named and "phase" in roles and (is_rate or is_decided or "target" in wide),
        "central": not is_named and is_decided and bool(roles & {"year", "document"}),
        "scores": is_named
        and (
            bool(roles & {"points", "total", "rank"}) or "points" in wide or bool(wide & {"rate", "value"} or official)
        ),
        "tasks": is_named and {"task", "due"} <= roles and not is_rate,
        "units": (
            {"unit", "code", "level"} <= roles
            or ({"unit", "gso_code"} <= roles and bool(roles & {"province", "province_code"}))
        )
        and not is_rate
        and not roles & {"points", "phase"},
    }
    return frozenset(kind for kind in KINDS if possible[kind])


def decide_kind(
    headers: Sequence[tuple[Header, Sequence[Row]]], context: ImportContext, *, name: str, has_day: bool
) -> Kind:
    """The kind of a file from its headers and first rows. `has_day`: option or title says the day of the figures.

    Raises KindUnsure with the candidates, or FileRefused where the kind that was asked for cannot be.
    """
    said = [text for header, _ in headers if header.kinds - {"units"} for text in (*header.title, *header.texts)]
    if thousands := [text for text in said if THOUSANDS_SAID.search(unmarked(text))]:
        raise FileRefused("counts_in_thousands", name=name, found=listed(thousands))
    points = [_holds_points(header, rows, context) for header, rows in headers]
    if context.kind != "auto":
        kind = context.kind
        if kind != "scores" and kind != "units" and "surely" in points:
            raise FileRefused("points_are_not_rates", name=name, kind=kind)
        if not any(kind in header.kinds for header, _ in headers):
            found = listed(column.text for header, _ in headers for column in header.columns)
            raise FileRefused("columns_missing", name=name, kind=kind, needed=NEEDED[kind], found=found)
        return kind
    candidates = {kind for header, _ in headers for kind in header.kinds}
    if "surely" in points:
        candidates = {"scores"}
    elif "perhaps" not in points:
        candidates -= {"scores"}
    certain = {certain_kind(header, has_day=has_day) or _as_baselines(header, context) for header, _ in headers}
    if "perhaps" not in points and not has_day and all(_lacks_only_a_day(header) for header, _ in headers):
        raise FileRefused("no_day", name=name)
    is_planned = certain == {"readings"} and any(_speaks_of_plans(header) for header, _ in headers)
    if "perhaps" in points or len(certain) > 1 or None in certain or is_planned:
        named = [kind for kind in KINDS if kind in candidates]
        raise KindUnsure("kind_unsure", name=name, candidates=", ".join(named), example=named[0])
    kind_found = next(iter(certain))
    assert kind_found is not None  # noqa: S101  # None was refused above
    return "scores" if candidates == {"scores"} else kind_found


def certain_kind(header: Header, *, has_day: bool) -> Kind | None:
    """What the columns say beyond doubt, points aside."""
    roles = header.by_role.keys()
    rates = header.kinds - {"scores"}
    if len(rates) <= 1:
        return next(iter(rates or header.kinds))
    if "targets" in rates:
        return "targets"
    if "year" in roles:
        return None if "as_of" in roles else "baselines"
    if "received_online" in roles or (("as_of" in roles or has_day) and "document" not in roles):
        return "readings"
    return None


def _as_baselines(header: Header, context: ImportContext) -> Kind | None:
    """Undated results of the very year that the campaign starts from are its baselines."""
    year = whole_year((*header.title, *header.texts))
    is_known = year is not None and year.year == context.campaign.baseline_year
    return "baselines" if is_known and "as_of" not in header.by_role else None


def _speaks_of_plans(header: Header) -> bool:
    """Whether a title is of figures that are planned, and says nothing of results: "Giao chỉ tiêu đến ngày 10/5"."""
    words = " | ".join(map(folded, header.title))
    expected = PLAN_SAID.search(words)
    return expected is not None and (expected[0] == "du kien" or not DONE_SAID.search(words))


def _lacks_only_a_day(header: Header) -> bool:
    """Whether a table would hold readings beyond doubt if it named a day; one of a whole year may be of results."""
    is_undated = certain_kind(header, has_day=False) is None and certain_kind(header, has_day=True) == "readings"
    return is_undated and whole_year((*header.title, *header.texts)) is None


def _holds_points(header: Header, rows: Sequence[Row], context: ImportContext) -> str:
    """`surely`, `perhaps` or `no`: whether the table's figures are score points."""
    if "scores" not in header.kinds:
        return "no"
    roles = header.by_role.keys()
    wide = header.indicator_columns
    has_total = any(column.role == "total" and column.is_official for column in header.columns)
    if has_total or any(column.role == "points" for column in wide):
        return "surely"
    is_scored = bool(roles & {"total", "points", "rank"})
    if not wide:
        return "surely" if is_scored and not roles & FIGURES else "no"
    if not _fit_points(header, rows, context):
        return "no"
    is_official = sum(column.is_official for column in wide) >= OFFICIAL_ENOUGH
    return "surely" if is_official or is_scored else "perhaps"


def _fit_points(header: Header, rows: Sequence[Row], context: ImportContext) -> bool:
    """Whether every figure lies within its indicator's maximum points, for enough indicators to be no coincidence."""
    highest: dict[str, float] = {}
    for column in header.indicator_columns:
        assert column.indicator is not None  # noqa: S101  # that is what makes it an indicator's column
        if column.role not in ("rate", "value"):
            return False
        for row in rows:
            cell = row[column.index] if column.index < len(row) else None
            if isinstance(cell, Percent) or (isinstance(cell, str) and "%" in cell):
                return False
            try:
                number = points_in(cell).number
            except FigureProblem:
                continue
            if number is not None:
                highest[column.indicator] = max(highest.get(column.indicator, 0.0), float(number))
    limits = {each.key: float(each.max_points or 0) for each in context.campaign.indicators}
    return (
        len(highest) >= OFFICIAL_ENOUGH
        and all(number <= limits[key] for key, number in highest.items())
        and max(highest.values()) > 1
    )
