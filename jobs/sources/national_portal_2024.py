"""The national portal as it was until 2025: points and ranks under Decision 766, never rates.

One form field `params` holds JSON; the answer is a list of rows whose values are all texts with a decimal point. The
official total is reported as it stands and never added up anew.
"""

import json
from typing import Any, Literal

from pydantic import Field

from jobs.fetching.belonging import Belonging, refuse_other_period
from jobs.fetching.cells import as_text, spelled
from jobs.fetching.options import Options, answers_only_now, basis_mistakes, lag_mistakes
from jobs.fetching.requests import Row, all_pages, listed_rows, refuse_missing
from jobs.fetching.values import Asking, PullFailed, ReportedScore, SourceAnswer, SourceKind
from targets.values import Campaign, Source

PATH = "/jsp/rest.jsp"
CODE, NAME, TOTAL, RANK = "MA_COQUAN", "TEN", "TONG_SCORE", "ROW_STT"
ALL_PROVINCES = 0
GROUPS = {"provinces": "cả nước", "units": "trong tỉnh"}
"""Among whom a rank is counted, as scores.csv says it too."""


class PortalOptions(Options):
    """How the portal is asked."""

    province_id: int | None = Field(default=None, gt=0)
    """The portal's own number of the province (`p_tinh_id`), needed for its units."""
    tables: tuple[Literal["provinces", "units"], ...] = ("provinces", "units")
    """`provinces`: our own line among all provinces; `units`: the units of our province."""
    unit_type: int = 1
    """`p_loaidonvi`."""
    page_size: int = Field(default=100, ge=1, le=1000)


def tell(asking: Asking) -> SourceAnswer:
    """The province's points and rank among all, and those of its units, for the month of the day."""
    options: PortalOptions = asking.options
    belonging = Belonging(asking)
    scores: list[ReportedScore] = []
    for table in options.tables:
        province = ALL_PROVINCES if table == "provinces" else options.province_id or ALL_PROVINCES
        rows = _rows(asking, province)
        if table == "provinces":
            ours = [(place, row) for place, row in rows if belonging.is_own_code(_text(row, CODE))]
            if not ours:
                raise PullFailed("province_missing", ours=belonging.code.upper() or belonging.name)
        else:
            ours = rows
            belonging.refuse_strangers((_text(row, CODE), _text(row, NAME)) for _, row in rows)
        for place, row in ours:
            scores += _scores(asking, row, place=place, group=GROUPS[table], ranked=len(rows), belonging=belonging)
    return SourceAnswer(scores=tuple(scores))


def _rows(asking: Asking, province: int) -> list[tuple[str, Row]]:
    options: PortalOptions = asking.options

    def ask(page: int) -> list[Row]:
        reported = asking.http.ask_json(
            "POST",
            f"{(asking.source.address or '').rstrip('/')}{PATH}",
            form={"params": json.dumps(_parameters(asking, province=province, page=page))},
        )
        return listed_rows(reported, f"page {page}")

    rows = all_pages(
        ask, asking, size=options.page_size, identity=lambda row: (row.get("ID"), row.get(CODE), row.get(NAME))
    )
    columns = [each.portal_column for each in asking.campaign.indicators if each.portal_column]
    refuse_missing([row for _, row in rows], [CODE, NAME, TOTAL, RANK, *columns])
    for _, row in rows:
        refuse_other_period(row, asking)
    return rows


def _parameters(asking: Asking, *, province: int, page: int) -> dict[str, Any]:
    options: PortalOptions = asking.options
    return {
        "type": "ref",
        "p_nam": str(asking.day.year),
        "p_6thang": 0,
        "p_tinh_id": province,
        "pageIndex": page,
        "pageSize": options.page_size,
        "p_loaidonvi": options.unit_type,
        "loaichitieu": 0,
        "service": "report_tinh_766_service",
        "p_quy": 0,
        "p_thang": asking.day.month,
    }


def _scores(
    asking: Asking, row: Row, *, place: str, group: str, ranked: int, belonging: Belonging
) -> list[ReportedScore]:
    """A row's total with its rank, and the points of each indicator by the portal's columns."""
    unit: dict[str, Any] = {
        "place": place,
        "unit_code": _text(row, CODE),
        "unit_name": belonging.name_without_province(_text(row, NAME)),
        "as_of": asking.day,
        "raw": spelled(row),
    }
    rank = _text(row, RANK) or None
    total = ReportedScore(
        **unit,
        indicator="",
        points=_text(row, TOTAL) or None,
        max_points=None,
        rank=rank,
        rank_of=ranked if rank and rank.isdecimal() and len(rank) < 10 and int(rank) <= ranked else None,
        rank_group=group,
    )
    return [
        total,
        *(
            ReportedScore(
                **unit,
                indicator=indicator.key,
                points=points,
                max_points=None if indicator.max_points is None else str(indicator.max_points),
            )
            for indicator in asking.campaign.indicators
            if (points := _text(row, indicator.portal_column))
        ),
    ]


def _text(row: Row, name: str) -> str:
    return as_text(row.get(name))


def _mistakes(options: PortalOptions, source: Source, campaign: Campaign) -> list[tuple[str, str]]:
    mistakes = [*basis_mistakes(source, "month"), *lag_mistakes(source)]
    if source.enabled and "units" in options.tables and options.province_id is None:
        problem = "is missing; it must be the portal's own number of the province (or leave “units” out of tables)."
        mistakes.append(("options.province_id", problem))
    return mistakes


SOURCE = SourceKind(
    key="national_portal_2024",
    options=PortalOptions,
    tell=tell,
    recovers=answers_only_now,
    mistakes=_mistakes,
)
