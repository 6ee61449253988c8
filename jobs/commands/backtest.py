"""The command that says what projections have been worth so far."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from jobs.backtest import (
    HELD_OUT_SEEDS,
    Judged,
    cells,
    forecasts_of,
    judged,
    past_of_store,
    simulated_forecasts,
)
from jobs.campaigns.folder import load_files
from jobs.campaigns.simulated import KINDS
from jobs.commands.telling import (
    AsJson,
    Exit,
    kept_language,
    print_json,
    print_table,
    progress_to_stderr,
    reader_language,
    say,
    words,
)
from jobs.workplace import Step, Tell, Workplace, open_workplace
from models.catalogue import CampaignFiles
from models.core import formats
from models.core.texts import text
from models.results.inputs import load_campaign
from targets.errors import StoreNotReady
from targets.projection.backtest import Forecasts, Score, joined

OWN, SIMULATED = "own", "simulated"
COLUMNS = ("campaign", "horizon", "count", "coverage", "width", "error", "told", "brier", "apart", "holds")


def backtest(
    seed: list[int] | None = None,
    own: Annotated[bool, typer.Option("--own")] = False,
    out: Path | None = None,
    as_json: AsJson = False,
) -> None:
    workplace = open_workplace()
    seeds = tuple(seed) if seed else HELD_OUT_SEEDS
    with progress_to_stderr() as tell:
        parts = [] if own else list(_simulated(workplace, seeds=seeds, tell=tell))
        parts += _own(workplace, tell=tell)
    if out is not None:
        out.write_text(markdown(parts, seeds=() if own else seeds, language=kept_language()), encoding="utf-8")
    if as_json:
        print_json({"seeds": [] if own else list(seeds), "parts": parts})
    else:
        _print(parts, reader_language())
    if not all(score.holds for part in parts if part.name != OWN for score in part.by_horizon.values()):
        raise typer.Exit(Exit.FAILED)


def _simulated(workplace: Workplace, *, seeds: tuple[int, ...], tell: Tell) -> Iterator[Judged]:
    files: CampaignFiles = load_files(workplace.settings.campaign)
    everything: list[Forecasts] = []
    for kind in KINDS:
        made = []
        for seed in seeds:
            tell(Step("simulated", {"kind": words(f"backtest.part_{kind}"), "number": seed}))
            made.append(simulated_forecasts(files.campaign, files.units, kind=kind, seed=seed))
        everything += made
        yield from _judged(kind, joined(made))
    yield from _judged(SIMULATED, joined(everything))


def _own(workplace: Workplace, *, tell: Tell) -> Iterator[Judged]:
    """The store's own past; nothing where there is no store or no figure yet."""
    try:
        with workplace.store.reading() as session:
            past = past_of_store(session)
            campaign = load_campaign(session)
    except StoreNotReady:
        return
    if past is not None:
        yield from _judged(OWN, forecasts_of(campaign, past, tell=tell))


def _judged(name: str, forecasts: Forecasts) -> Iterator[Judged]:
    found = judged(name, forecasts)
    if found is not None:
        yield found


def _print(parts: list[Judged], language: str) -> None:
    if not parts:
        say(text("backtest.nothing", language))
        return
    print_table(
        text("backtest.title", language),
        [text(f"backtest.{name}", language) for name in COLUMNS],
        [_row(part.name, horizon, score, language) for part in parts for horizon, score in part.by_horizon.items()],
        numbers=tuple(range(1, len(COLUMNS) - 1)),
    )
    print_table(
        text("methods.calibration", language),
        [text("backtest.said", language), *(_name(part.name, language) for part in parts)],
        _calibration(parts, language),
        numbers=tuple(range(1, len(parts) + 1)),
    )


def _row(name: str, horizon: int, score: Score, language: str) -> tuple[str, ...]:
    return (_name(name, language), *cells(horizon, score, language))


def _name(name: str, language: str) -> str:
    return text(f"backtest.part_{name}", language)


def _calibration(parts: list[Judged], language: str) -> list[tuple[str, ...]]:
    """By tenths of probability: how many of a hundred arrived, for each part; — where none was given."""
    edges = sorted({(found.low, found.high) for part in parts for found in part.calibration})
    rows = []
    for low, high in edges:
        cells = []
        for part in parts:
            arrived = [found.arrived for found in part.calibration if found.low == low]
            cells.append(formats.decimal(arrived[0], language) if arrived else "—")
        rows.append((f"{100 * low:.0f}–{100 * high:.0f}", *cells))
    return rows


def markdown(parts: list[Judged], *, seeds: tuple[int, ...], language: str) -> str:
    """Both tables, with what they were made from, for the documentation."""
    heads = [text(f"backtest.{name}", language) for name in COLUMNS]
    rows = [_row(part.name, horizon, score, language) for part in parts for horizon, score in part.by_horizon.items()]
    told = [text("backtest.said", language), *(_name(part.name, language) for part in parts)]
    lines = [
        f"## {text('backtest.title', language)}",
        "",
        text("backtest.made_from", language, seeds=", ".join(str(seed) for seed in seeds) or "—"),
        "",
        *_table(heads, rows),
        "",
        f"## {text('methods.calibration', language)}",
        "",
        *_table(told, _calibration(parts, language)),
        "",
    ]
    return "\n".join(lines)


def _table(heads: list[str], rows: list[tuple[str, ...]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]
