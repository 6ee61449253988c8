"""The command that says where every unit stands."""

import dataclasses
from collections.abc import Mapping

import typer

from jobs.commands.telling import AsJson, print_json, print_table, read_day, read_instant, reader_language, words
from jobs.wording.results import decided, figure_or_dash, number_missing, standing_of, where_it_is_from
from jobs.workplace import open_workplace
from models.core import formats
from models.core.columns import day_number
from models.core.texts import text
from models.meetings.snapshots import find_frozen, find_snapshot
from models.results.inputs import load_campaign, load_units
from models.results.standing import find_standing
from models.units.members import find_mixed
from targets.results import Result
from targets.values import Campaign


def standing(
    as_of: str | None = None,
    known_at: str | None = None,
    unit: list[str] | None = None,
    phase: str | None = None,
    snapshot: int | None = None,
    as_json: AsJson = False,
) -> None:
    workplace, lang = open_workplace(), reader_language()
    day = read_day(as_of, option="--as-of") or workplace.today()
    instant = read_instant(known_at, option="--known-at")
    with workplace.store.reading() as session:
        if snapshot is None:
            found = find_standing(session, as_of=day, known_at=instant, units=unit, phase=phase)
            campaign = load_campaign(session, known_at=instant)
            mixed: Mapping[str, Mapping[str, int]] = find_mixed(
                session, campaign, load_units(session, campaign), day=day_number(day), known_at=instant
            )
        else:
            found = [row for row in find_frozen(session, snapshot, units=unit) if phase in (None, row.phase)]
            frozen = find_snapshot(session, snapshot)
            day, campaign, mixed = frozen.head.as_of, frozen.campaign, frozen.facts.sources
    if as_json:
        print_json([dataclasses.asdict(result) | {"measure": result.measure.kind} for result in found])
        return
    names = ("unit", "indicator", "phase", "now", "week", "target", "gap", "cases_missing", "standing")
    columns = [words(f"column.{name}") for name in names]
    title = f"{campaign.short_title.of(lang)} · {formats.day(day, lang)}"
    if any(result.simulated for result in found):
        title += f" · {text('column.simulated', lang)}"
    print_table(title, columns, [_row(result, campaign, lang) for result in found], numbers=(3, 4, 5, 6, 7))
    for key, sources in mixed.items():
        if said := where_it_is_from(sources, campaign, lang):
            typer.echo(f"{campaign.indicator(key).name.of(lang)}: {said}")


def _row(result: Result, campaign: Campaign, language: str) -> tuple[str, ...]:
    missing = result.cases_missing
    is_known = result.value is not None and result.target is not None
    return (
        result.name,
        campaign.indicator(result.indicator).name.of(language),
        campaign.phase(result.phase).name.of(language),
        figure_or_dash(result, language),
        "—" if result.week_value is None else formats.percent(result.week_value, language),
        "—" if result.target is None else decided(result.target, result, language),
        number_missing(result, language) if is_known else "—",
        "—" if missing is None else formats.whole(missing, language),
        standing_of(result, language),
    )
