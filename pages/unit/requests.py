"""What units and the office have agreed and what is being checked: kept, marked on tables, met first by the head."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from jobs.wording import announcing
from models.accounts.queries import find_accounts
from models.core import formats
from models.core.texts import text
from models.meetings.snapshots import Announced
from models.targets import agreements
from models.targets.agreements import Agreement, decided_lately
from models.tasks.queries import TaskRow
from pages.charts.tiles import TileCluster
from pages.gaps.borders import MapView
from pages.gaps.tiles import TilesView
from pages.gaps.view import GapView, HeatRow, HeatView
from pages.kit import address, answers
from pages.kit.address import link
from pages.kit.answers import Reader, remembered
from pages.kit.markdown import plain
from pages.kit.page import Visit
from pages.kit.tables import Column, draw_table, together, way_to
from pages.meeting import data as meeting_data
from pages.unit.data import UnitAnswers
from pages.unit.today import Duty, duties


@remembered(entries=200)
def find_requests(reader: Reader, unit: str) -> tuple[Agreement, ...]:
    """Everything a unit has ever registered, stated, disputed or been asked, oldest first."""
    return tuple(agreements.find_agreements(reader.session, units=[unit]))


@remembered(entries=20)
def find_under_review(reader: Reader) -> Mapping[tuple[str, str], date]:
    """The figures being checked: unit and indicator → the day by which it is decided."""
    return agreements.find_under_review(reader.session)


@remembered(entries=20)
def find_names(reader: Reader) -> Mapping[str, str]:
    """What people are called, by the name of their account."""
    return {row.login: row.name for row in find_accounts(reader.session)}


def draw_review(unit: str, indicator: str, visit: Visit) -> None:
    """The mark with its deadline, where the figure of a unit is being checked."""
    deadline = find_under_review(visit.situation).get((unit, indicator))
    if deadline is not None:
        until = formats.day(deadline, visit.language)
        st.markdown(f"**{plain(text('wishes.review.until', visit.language, date=until))}**")


def reviewed_gaps(view: GapView, indicator: str, visit: Visit) -> GapView:
    """The table of the page of gaps, with the figures marked that are being checked."""
    checked = find_checked(indicator, visit)
    if not checked:
        return view
    mark = text("wishes.review.mark", visit.language)
    table = (replace(row, more=(*row.more, mark)) if row.code in checked else row for row in view.table)
    return replace(view, table=tuple(table))


def reviewed_tiles(view: TilesView, indicator: str, visit: Visit) -> TilesView:
    """The tiles, which say it too."""
    checked = find_checked(indicator, visit)
    mark = text("wishes.review.mark", visit.language)

    def cluster(known: TileCluster) -> TileCluster:
        tiles = (replace(tile, said=f"{tile.said}\n{mark}") if tile.code in checked else tile for tile in known.tiles)
        return replace(known, tiles=tuple(tiles))

    sections = (replace(section, clusters=tuple(map(cluster, section.clusters))) for section in view.sections)
    return replace(view, sections=tuple(sections)) if checked else view


def reviewed_map(view: MapView, indicator: str, visit: Visit) -> MapView:
    """The real map, which says it with the standing."""
    checked = find_checked(indicator, visit)
    if view.chart is None or not checked:
        return view
    title, mark = text("gaps.map.standing", visit.language), text("wishes.review.mark", visit.language)
    datasets = view.chart["datasets"]
    borders = [
        border | {title: f"{border[title]} · {mark}"} if border["code"] in checked else border
        for border in datasets["borders"]
    ]
    return replace(view, chart=view.chart | {"datasets": datasets | {"borders": borders}})


def reviewed_heat(heat: HeatView, visit: Visit) -> HeatView:
    """The same of all indicators side by side."""
    under_review = find_under_review(visit.situation)
    mark = text("wishes.review.mark", visit.language)

    def row(known: HeatRow) -> HeatRow:
        cells = zip(heat.indicators, known.cells, strict=True)
        return replace(
            known,
            cells=tuple(
                (standing, f"{words} {mark}" if (known.code, key) in under_review else words)
                for key, (standing, words) in cells
            ),
        )

    return replace(heat, rows=tuple(map(row, heat.rows)))


def find_checked(indicator: str, visit: Visit) -> frozenset[str]:
    """Codes of the units whose figure of an indicator is being checked."""
    under_review = find_under_review(visit.situation)
    return frozenset(unit for unit, key in under_review if key == indicator)


def find_tasks_of(unit: str, visit: Visit) -> list[TaskRow]:
    """What a unit has been given to do and has not been settled."""
    return [row for row in meeting_data.find_tasks(visit.situation) if row.unit == unit and row.is_to_do]


def unit_today(unit: UnitAnswers, visit: Visit) -> UnitAnswers:
    """The unit as it is today in its running phase, whatever day and phase are looked at."""
    return answers.find_unit(visit.situation, unit.profile.unit.code, as_of=visit.situation.today, phase=None)


def find_announced(visit: Visit) -> Announced | None:
    """What is announced now, ahead of the next meeting."""
    return next((each for each in meeting_data.find_announced(visit.situation) if each.state == "open"), None)


def find_window(visit: Visit) -> Announced | None:
    """What is announced, as long as it may be disputed."""
    announced = find_announced(visit)
    return announced if announced is not None and announced.deadline >= visit.situation.today else None


def draw_own(visit: Visit) -> None:
    """The way to each unit that the person heads, and what is to be done today. Nothing for anybody else."""
    if visit.actor.role != "unit_head":
        return
    for code in visit.actor.units:
        unit = answers.find_unit(visit.situation, code, as_of=visit.situation.today, phase=None)
        name, query = plain(unit.profile.unit.name), address.onward(visit.choices, unit=code)
        link("unit", name, query, language=visit.language)
        draw_today(unit, visit)


def draw_today(unit: UnitAnswers, visit: Visit) -> None:
    """What is to be done today, for who answers for the unit. Nothing for anybody else."""
    code, language = unit.profile.unit.code, visit.language
    if visit.actor.role != "unit_head" or code not in visit.actor.units:
        return
    found = duties(
        unit_today(unit, visit),
        requests=find_requests(visit.situation, code),
        tasks=find_tasks_of(code, visit),
        announced=find_announced(visit),
        language=language,
    )
    decided = decided_lately(find_requests(visit.situation, code), visit.situation.today)
    for request in decided:
        st.markdown(f":material/gavel: {plain(announcing.decision(request, unit.campaign, language))}")
    if not found:
        if not decided:
            st.markdown(f":material/check: {plain(text('unit.today.none', language))}")
        return
    ways = [
        way_to(duty.address, address.onward(visit.choices, **({"unit": code} | duty.wanted)), duty.words)
        for duty in found
    ]
    columns = [Column(plain(text("unit.today.title", language, count=len(found))), ways)]
    if any(duty.due for duty in found):
        columns.append(Column(plain(text("unit.today.due", language)), [_due(duty, language) for duty in found]))
    draw_table(columns, alt=text("unit.today.spoken", language, name=unit.profile.unit.name), key=f"today-{code}")


def _due(duty: Duty, language: str) -> str:
    if duty.due is None:
        return ""
    day = formats.short_day(duty.due, language)
    return together(text("unit.today.late", language, date=day)) if duty.is_late else plain(day)
