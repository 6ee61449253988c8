"""The page of methods as view-models: each method of `targets.methods`, the limits in use, and what projections were
worth. Made from the list, the docstrings, the campaign and the kept back-test; nothing is written here by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import altair as alt

from jobs.backtest import Judged, Record, cells
from models.core import formats
from models.core.texts import gaps, text, texts
from pages.charts.layout import ACCENT, CALIBRATION_HEIGHT, LINE, QUIET
from pages.charts.marks import Spec, drawn, shade, tooltip
from targets.comparison.signals import HANDFUL, LEAST
from targets.methods import METHODS, Method
from targets.projection.backtest import CLASS_SIZE
from targets.projection.outlook import EARNED, FEWEST, NARROW, TESTED
from targets.projection.projection import LEAST_WORKED
from targets.projection.resampling import PATHS
from targets.standing.history import WEEK
from targets.values import Campaign

ALL = "simulated"
"""The part of the back-test that holds all simulated campaigns."""
NAMED = 0.7
"""The probability that the headline asks after."""
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "path": ("trajectory",),
        "standing": ("standing", "standing_changes"),
        "pace": ("pace", "needed_pace", "pace_ratio"),
        "ahead": ("projection", "projection_of_percents"),
        "share": ("gap_contributions", "change_contributions", "largest_contributors"),
        "fair": ("wilson_interval", "places", "movement", "funnel"),
        "signal": ("limits", "signals", "assurance", "alerts"),
        "what_if": ("if_on_trajectory", "if_pace_holds", "targets_with_uplift"),
        "check": ("score", "calibration"),
    }
)
"""Under which heading each method stands; a test holds it against the list."""
CHECK_COLUMNS = ("campaign", "horizon", "count", "coverage", "width", "error", "told", "brier", "apart", "holds")
NUMBERS: Mapping[str, int] = MappingProxyType(
    {
        "least": LEAST_WORKED,
        "tested": TESTED,
        "earned": EARNED,
        "fewest": FEWEST,
        "paths": PATHS,
        "week": WEEK,
        "class_size": CLASS_SIZE,
    }
)
"""What the explanations name, from where it is used."""
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class MethodView:
    """One method."""

    key: str
    name: str
    meaning: str
    measure: str
    source: str
    definition: str
    """The docstring, as the code has it."""
    place: str


@dataclass(frozen=True)
class CheckView:
    """The back-test: its tables and the chart of its probabilities."""

    made_on: str
    known_limits: str
    columns: tuple[str, ...]
    rows: Rows
    kinds: Rows
    spoken: str
    calibration: Spec
    calibration_spoken: str


@dataclass(frozen=True)
class MethodsView:
    """The whole page; `check` is None where no back-test has been kept."""

    headline: str
    check: CheckView | None
    limits: Rows
    limits_columns: tuple[str, ...]
    groups: tuple[tuple[str, tuple[MethodView, ...]], ...]


def methods_view(campaign: Campaign, record: Record | None, language: str) -> MethodsView:
    """Everything the page shows, in one language."""
    by_key = {method.key: method for method in METHODS}
    return MethodsView(
        headline=_headline(record, language),
        check=_check(record, language),
        limits=_limits(campaign, language),
        limits_columns=(text("methods.limit", language), text("methods.limit_value", language)),
        groups=tuple(
            (text(f"methods.group.{group}", language), tuple(_method(by_key[key], language) for key in keys))
            for group, keys in GROUPS.items()
        ),
    )


def _method(method: Method, language: str) -> MethodView:
    def said(name: str) -> str:
        key = f"methods.item.{method.key}.{name}"
        named = gaps(texts(language)[key])
        return text(key, language, **{gap: number for gap, number in NUMBERS.items() if gap in named})

    return MethodView(
        key=method.key,
        name=said("name"),
        meaning=said("meaning"),
        measure=text("methods.measure", language, measure=text(f"methods.item.{method.key}.measure", language)),
        source=text("methods.source", language, source=text(f"methods.item.{method.key}.source", language)),
        definition=method.definition,
        place=method.place,
    )


# --- what projections were worth ------------------------------------------------------------------------------------


def _part(record: Record | None) -> Judged | None:
    return None if record is None else next((part for part in record.parts if part.name == ALL), None)


def _headline(record: Record | None, language: str) -> str:
    part = _part(record)
    named = None if part is None else next((one for one in part.calibration if one.low < NAMED < one.high), None)
    if part is None or named is None:
        return text("methods.headline_bare", language)
    return text(
        "methods.headline",
        language,
        coverage=formats.decimal(part.overall.coverage, language),
        arrived=formats.decimal(named.arrived, language),
    )


def _check(record: Record | None, language: str) -> CheckView | None:
    part = _part(record)
    if record is None or part is None:
        return None
    rows = _rows(part, language)
    points = tuple(
        CalibrationPoint(
            said=found.said,
            arrived=found.arrived,
            count=found.count,
            facts=(
                (text("methods.axis_said", language), formats.decimal(found.said, language)),
                (text("methods.axis_arrived", language), formats.decimal(found.arrived, language)),
                (text("methods.fact_count", language), formats.whole(found.count, language)),
            ),
        )
        for found in part.calibration
    )
    said = ", ".join(
        text(
            "methods.calibration_point",
            language,
            said=formats.decimal(point.said, language),
            arrived=formats.decimal(point.arrived, language),
        )
        for point in points
    )
    titles = (text("methods.axis_said", language), text("methods.axis_arrived", language))
    return CheckView(
        made_on=text(
            "methods.made_on",
            language,
            date=formats.day(record.made_on, language),
            seeds=", ".join(str(seed) for seed in record.seeds),
        ),
        known_limits=text("methods.known_limits", language, earned=EARNED, fewest=FEWEST),
        columns=tuple(text(f"backtest.{name}", language) for name in CHECK_COLUMNS),
        rows=rows,
        kinds=tuple(row for other in record.parts if other.name != ALL for row in _rows(other, language)),
        spoken=text("methods.table_spoken", language, count=len(rows)),
        calibration=calibration_chart(points, titles, language),
        calibration_spoken=text("methods.calibration_spoken", language, points=said),
    )


def _rows(part: Judged, language: str) -> Rows:
    name = text(f"backtest.part_{part.name}", language)
    return tuple((name, *cells(horizon, score, language)) for horizon, score in part.by_horizon.items())


# --- limits ---------------------------------------------------------------------------------------------------------


def _limits(campaign: Campaign, language: str) -> Rows:
    """Every limit with its value, from where it is used."""
    known = campaign.thresholds

    def least(value: object) -> str:
        return text("methods.at_least", language, percent=formats.target_percent(100 * float(str(value)), language))

    def behind(value: object) -> str:
        points = text("points", language, number=formats.decimal(float(str(value)), language))
        return text("methods.points_from", language, points=points)

    def counted(key: str, count: int) -> str:
        return text(f"methods.{key}", language, count=count)

    values = {
        "likely": least(known.likely),
        "at_risk": least(known.at_risk),
        "high_risk": least(known.high_risk),
        "gap_likely": behind(known.gap_likely),
        "gap_at_risk": behind(known.gap_at_risk),
        "gap_high_risk": behind(known.gap_high_risk),
        "stale": counted("working_days", campaign.stale_after_working_days),
        "volume": counted("days", campaign.volume_window_days),
        "small": formats.whole(campaign.small_volume, language),
        "disagree": text("points", language, number=formats.decimal(float(campaign.disagreement_points), language)),
        "least_worked": counted("working_days", LEAST_WORKED),
        "tested": counted("working_days", TESTED),
        "earned": counted("working_days", EARNED),
        "narrow": text("points", language, number=formats.decimal(NARROW, language)),
        "fewest": formats.whole(FEWEST, language),
        "least_weeks": counted("weeks", LEAST + 1),
        "handful": str(HANDFUL),
    }
    rows = [(text(f"methods.limits_of.{key}", language), value) for key, value in values.items()]
    if campaign.score_bands:
        name = text("methods.limits_of.bands", language)
        if not campaign.score_bands_confirmed:
            name = text("methods.unconfirmed", language, name=name)
        bands = (f"{band.name.of(language)} ≥ {band.floor.normalize():f}" for band in campaign.score_bands)
        rows.append((name, " · ".join(bands)))
    return tuple(rows)


@dataclass(frozen=True)
class CalibrationPoint:
    """Projections of about the same probability; percents."""

    said: float
    arrived: float
    count: int
    facts: tuple[tuple[str, str], ...]


def calibration_chart(points: Sequence[CalibrationPoint], titles: tuple[str, str], language: str) -> Spec:
    """What was told against what arrived, from 0 to 100 on both axes; a dot's size is how often it was told."""
    rows = [
        dict(point.facts) | {"said": point.said, "arrived": point.arrived, "count": point.count} for point in points
    ]
    x, y = (
        channel(
            f"{field}:Q",
            scale=alt.Scale(domain=[0, 100], nice=False),
            axis=alt.Axis(
                title=title, values=[0, 20, 40, 60, 80, 100], gridColor=shade(LINE), domainColor=shade(LINE),
                tickColor=shade(LINE), labelColor=shade(QUIET), titleColor=shade(QUIET), labelFontSize=13,
                titleFontSize=13, titleFontWeight="normal", format="d",
            ),
        )
        for channel, field, title in ((alt.X, "said", titles[0]), (alt.Y, "arrived", titles[1]))
    )  # fmt: skip
    base = alt.Chart(alt.InlineData(values=rows))
    diagonal = alt.Chart(alt.InlineData(values=[{"said": 0, "arrived": 0}, {"said": 100, "arrived": 100}]))
    facts = tooltip(dict(points[0].facts) if points else ())
    layers = [
        diagonal.mark_line(strokeWidth=1.5, strokeDash=[4, 3], color=shade(QUIET)).encode(x=x, y=y),
        base.mark_line(strokeWidth=1.5, color=shade(ACCENT), opacity=0.6).encode(x=x, y=y),
        base.mark_point(filled=True, opacity=1, color=shade(ACCENT)).encode(
            x=x, y=y, size=alt.Size("count:Q", scale=alt.Scale(range=[60, 260]), legend=None), tooltip=facts
        ),
    ]
    return drawn(layers, language, height=CALIBRATION_HEIGHT, top=8, right=8, bottom=2)
