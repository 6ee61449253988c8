"""The provincial one-stop system (VNPT iGate): dossiers received between two days, by agency.

It counts what came in online and over the counter, which is the online rate. These counts say nothing of speed,
satisfaction or digitisation, and dossiers carried over from earlier periods are not part of this one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, field_validator

from jobs.fetching.belonging import Belonging
from jobs.fetching.cells import added, as_count, as_text, spelled
from jobs.fetching.options import Options, indicator_mistakes
from jobs.fetching.requests import Row, listed_rows, refuse_missing
from jobs.fetching.templates import check_template, filled, period_start, secret_of
from jobs.fetching.values import Asking, PullFailed, ReportedFigure, SourceAnswer, SourceKind
from targets.values import Campaign, Source

ONLINE, DIRECT = "receivedOnline", "receivedDirect"
INDICATOR = "online"


class StatisticOptions(Options):
    """How the statistic is asked for."""

    path: str = "/pa/dni-dossier-statistic/--01-2020-percentage"
    agency_id: str = ""
    """The agency at the top, which answers with those below it; empty: whatever the token may see."""
    agencies: dict[str, str] = Field(default_factory=dict)
    """Our unit codes and their agency ids: then each is asked for by itself, one after another."""
    from_date: str = "{from}"
    to_date: str = "{to}"
    """How days are written, e.g. `{to:%d/%m/%Y}`."""
    indicator: str = INDICATOR

    @field_validator("path", "from_date", "to_date")
    @classmethod
    def _has_known_gaps(cls, text: str) -> str:
        return check_template(text)


def tell(asking: Asking) -> SourceAnswer:
    """Dossiers received online, of all received from the period's first day to the day asked for."""
    options: StatisticOptions = asking.options
    period_start(asking, options.indicator)
    belonging = Belonging(asking)
    figures: list[ReportedFigure] = []
    if not options.agencies:
        rows = _rows(asking, options.agency_id)
        refuse_missing(rows, ("agency", ONLINE, DIRECT))
        belonging.refuse_strangers(_agency(row) for row in rows)
        figures += [_figure(asking, row, belonging, place=f"row {number}") for number, row in enumerate(rows, start=1)]
    for number, (unit, agency) in enumerate(options.agencies.items(), start=1):
        asking.tell("unit", {"unit": number, "units": len(options.agencies)})
        rows = _rows(asking, agency)
        refuse_missing(rows, ("agency", ONLINE, DIRECT))
        if len(rows) != 1:
            raise PullFailed("not_one_unit", unit=unit, count=str(len(rows)))
        _refuse_other_unit(asking, rows[0], unit)
        figures.append(_figure(asking, rows[0], belonging, place=f"agency-id {agency}", unit=unit))
    return SourceAnswer(figures=tuple(figures))


def _rows(asking: Asking, agency: str) -> Sequence[Row]:
    options: StatisticOptions = asking.options
    path, *days = filled([options.path, options.from_date, options.to_date], asking, options.indicator)
    query = dict(zip(("from-date", "to-date"), days, strict=True))
    reported = asking.http.ask_json(
        "GET",
        f"{(asking.source.address or '').rstrip('/')}{path}",
        query=query | ({"agency-id": agency} if agency else {}),
        headers={"Authorization": f"Bearer {secret_of(asking)}"},
    )
    rows = listed_rows(reported, "the statistic")
    for row in rows:
        for name, asked in query.items():
            if name in row and as_text(row[name])[: len(asked)] != asked:
                raise PullFailed("other_period", found=f"{name} {as_text(row[name])}", asked=asked)
    return rows


def _refuse_other_unit(asking: Asking, row: Row, unit: str) -> None:
    """Refuse an answer about another of our units than the one asked for; a code we do not know decides nothing."""
    code, _ = _agency(row)
    code = asking.source.units.get(code, code)
    other = next((one.code for one in asking.units if code and code in (one.code, one.identity_code)), unit)
    if other != unit:
        raise PullFailed("other_unit", found=other, asked=unit)


def _figure(asking: Asking, row: Row, belonging: Belonging, *, place: str, unit: str = "") -> ReportedFigure:
    code, name = _agency(row)
    return ReportedFigure(
        place=place,
        unit_code=unit or code,
        unit_name="" if unit else belonging.name_without_province(name),
        indicator=asking.options.indicator,
        as_of=asking.day,
        numerator=as_count(row.get(ONLINE)),
        denominator=added([row.get(ONLINE), row.get(DIRECT)]),
        raw=spelled(row),
    )


def _agency(row: Row) -> tuple[str, str]:
    agency: Any = row.get("agency")
    if not isinstance(agency, Mapping):
        return "", as_text(agency)
    return as_text(agency.get("code")), as_text(agency.get("name"))


def _mistakes(options: StatisticOptions, source: Source, campaign: Campaign) -> list[tuple[str, str]]:
    return indicator_mistakes(campaign, [("options.indicator", options.indicator)])


SOURCE = SourceKind(key="igate", options=StatisticOptions, tell=tell, needs_secret=True, mistakes=_mistakes)
