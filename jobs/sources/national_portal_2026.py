"""The national portal since 2026: seven reports of a month, each with metrics in counts and with points.

Points of a report are scores; a rate is only what one named metric counts. The ratio beside a department's points is a
share of points and is never reported as a rate.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from jobs.fetching.belonging import Belonging, refuse_other_period
from jobs.fetching.cells import as_count, as_text, percent_scale, scaled_percent, spelled
from jobs.fetching.mapping import TOTAL
from jobs.fetching.options import Options, answers_only_now, basis_mistakes, indicator_mistakes, lag_mistakes
from jobs.fetching.requests import Row, all_pages, listed_rows, refuse_missing
from jobs.fetching.values import Asking, PullFailed, ReportedFigure, ReportedScore, SourceAnswer, SourceKind
from targets.values import Campaign, Source

PATH = "/api/v1/reporting/evaluation"
Report = Literal[
    "transparency",
    "handling-satisfaction",
    "dossier-digitized",
    "dvc-progress-tree",
    "provide-online-tree",
    "formality-online-payment-tree",
    "service-results",
]
NEEDED = ("departmentCode", "departmentName", "totalScore", "metrics")


class ReportOptions(Options):
    """What one report is about."""

    indicator: str
    """Key of the indicator, or `total`."""
    metric: str | None = None
    """Code of the metric whose counts are the indicator's; left out, only a report's single metric is taken."""


USUAL: dict[Report, ReportOptions] = {
    "transparency": ReportOptions(indicator="publicity"),
    "dvc-progress-tree": ReportOptions(indicator="timeliness"),
    "provide-online-tree": ReportOptions(indicator="online"),
    "formality-online-payment-tree": ReportOptions(indicator="payment"),
    "handling-satisfaction": ReportOptions(indicator="satisfaction"),
    "dossier-digitized": ReportOptions(indicator="digitisation"),
}
"""`service-results` sums up what the others report; sources.toml must name what it stands for."""


class PortalOptions(Options):
    """How the portal is asked; `reports` are asked in the order given."""

    root_department_id: str = ""
    """The portal's own id of the province."""
    reports: dict[Report, ReportOptions] = Field(
        default_factory=lambda: dict(USUAL),
        min_length=1,
    )
    page_size: int = Field(default=200, ge=1, le=1000)
    ratio: Literal["percent", "share"] | None = None
    """Whether ratios are written 41.6 or 0.416; left out, the counts beside them show, or no ratio is taken."""


def tell(asking: Asking) -> SourceAnswer:
    """Counts, rates and points of every unit, report by report."""
    options: PortalOptions = asking.options
    figures: list[ReportedFigure] = []
    scores: list[ReportedScore] = []
    notes: list[tuple[str, Mapping[str, str]]] = []
    for report, about in options.reports.items():
        belonging = Belonging(asking)
        rows = _rows(asking, report)
        belonging.refuse_strangers(
            (as_text(row.get("departmentCode")), as_text(row.get("departmentName"))) for _, row in rows
        )
        metrics = [(place, row, _metric(row, about)) for place, row in rows]
        if about.metric and not any(metric for *_, metric in metrics):
            raise PullFailed("metric_missing", report=report, metric=about.metric)
        scale = _scale(options, [metric for *_, metric in metrics if metric is not None])
        is_unnamed = about.indicator != TOTAL and any(
            about.metric is None and metric is None and row.get("metrics") for _, row, metric in metrics
        )
        for place, row, metric in metrics:
            unit: dict[str, Any] = {
                "place": f"{report}, {place}",
                "unit_code": as_text(row.get("departmentCode")),
                "unit_name": belonging.name_without_province(as_text(row.get("departmentName"))),
                "as_of": asking.day,
                "raw": spelled({**row, "metrics": metric if metric is not None else row.get("metrics")}),
            }
            scores += _scores(row, about, unit)
            if about.indicator != TOTAL and not is_unnamed:
                figures.append(_figure(metric or {}, about, unit, scale=scale))
        if is_unnamed:
            notes.append(("metric_not_named", {"report": report}))
    return SourceAnswer(figures=tuple(figures), scores=tuple(scores), notes=tuple(notes))


def _rows(asking: Asking, report: str) -> list[tuple[str, Row]]:
    options: PortalOptions = asking.options

    def ask(page: int) -> Sequence[Row]:
        reported = asking.http.ask_json(
            "POST",
            f"{(asking.source.address or '').rstrip('/')}{PATH}/{report}",
            json={
                "timeType": "month",
                "year": asking.day.year,
                "month": asking.day.month,
                "rootDepartmentId": options.root_department_id,
                "currentPage": page,
                "pageSize": options.page_size,
            },
            headers={"Authorization": f"Bearer {asking.secret}"} if asking.secret else None,
            accepted=(200, 201),
        )
        data = reported.get("data") if isinstance(reported, Mapping) else None
        if not isinstance(data, Mapping):
            raise PullFailed("other_shape", where=f"{report}, data")
        _refuse_other(data, asking)
        return listed_rows(data.get("evaluation"), f"{report}, data.evaluation")

    rows = all_pages(
        ask, asking, size=options.page_size, identity=lambda row: (row.get("departmentCode"), row.get("departmentName"))
    )
    refuse_missing([row for _, row in rows], NEEDED)
    return rows


def _refuse_other(data: Row, asking: Asking) -> None:
    """Refuse an answer that says it is about another month or another department than was asked for."""
    root = asking.options.root_department_id
    for reported in (data, data.get("overview")):
        refuse_other_period(reported, asking)
        if isinstance(reported, Mapping):
            found = reported.get("rootDepartmentId", root)
            if as_text(found) != root:
                raise PullFailed("other_department", found=as_text(found), asked=root)


def _metric(row: Row, about: ReportOptions) -> Row | None:
    """The metric whose counts are the indicator's."""
    metrics = row.get("metrics") or []
    if not isinstance(metrics, list) or not all(isinstance(metric, Mapping) for metric in metrics):
        # Stands where its counts should, for the checking of rows to refuse.
        return {"numerator": [metrics], "denominator": [metrics]}
    if about.metric is None:
        return metrics[0] if len(metrics) == 1 else None
    return next((metric for metric in metrics if as_text(metric.get("code")) == about.metric), None)


def _scale(options: PortalOptions, metrics: Sequence[Row]) -> Decimal | None:
    if options.ratio is not None:
        return Decimal(100 if options.ratio == "share" else 1)
    return percent_scale((one.get("numerator"), one.get("denominator"), one.get("ratio")) for one in metrics)


def _scores(row: Row, about: ReportOptions, unit: dict[str, Any]) -> list[ReportedScore]:
    points = as_text(row.get("totalScore"))
    if not points:
        return []
    indicator = "" if about.indicator == TOTAL else about.indicator
    return [
        ReportedScore(**unit, indicator=indicator, points=points, max_points=as_text(row.get("totalMaxScore")) or None)
    ]


def _figure(metric: Row, about: ReportOptions, unit: dict[str, Any], *, scale: Decimal | None) -> ReportedFigure:
    """What the metric counts; a unit without it reports nothing, which the checking of rows mentions."""
    return ReportedFigure(
        **unit,
        indicator=about.indicator,
        numerator=as_count(metric.get("numerator")),
        denominator=as_count(metric.get("denominator")),
        value=scaled_percent(metric.get("ratio"), scale),
    )


def _mistakes(options: PortalOptions, source: Source, campaign: Campaign) -> list[tuple[str, str]]:
    named = [
        (f"options.reports.{report}.indicator", about.indicator)
        for report, about in options.reports.items()
        if about.indicator != TOTAL
    ]
    if source.enabled and not options.root_department_id:
        return [("options.root_department_id", "is missing; it must be the portal's own id of the province.")]
    return [*basis_mistakes(source, "month"), *lag_mistakes(source), *indicator_mistakes(campaign, named)]


SOURCE = SourceKind(
    key="national_portal_2026",
    options=PortalOptions,
    tell=tell,
    recovers=answers_only_now,
    mistakes=_mistakes,
)
