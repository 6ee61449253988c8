"""What withdrawing a load would do or has done, in words: for the page of sources and the command."""

from collections.abc import Sequence

from jobs.wording import figures
from models.core import formats
from models.core.texts import text
from models.readings.withdrawing import Figure, FigureChange, Withdrawal
from targets.values import PERCENT, Campaign

MOST_STANDINGS = 10
COLUMNS = ("unit", "indicator", "day", "now", "then")


def title(found: Withdrawal, language: str) -> str:
    """Which load is withdrawn, or counts again."""
    key = "withdraw" if found.is_withdrawing else "restore"
    return text(f"withdrawal.{key}", language, **_named(found, key))


def lines(found: Withdrawal, campaign: Campaign, language: str) -> list[str]:
    """What follows, one sentence each; what is none is not said."""
    counted = {
        "back": found.back, "gone": found.gone, "again": found.again, "scores": found.scores, "kept": found.kept,
        "rows" if found.is_withdrawing else "rows_restore": found.rows, "disputes": found.disputes,
    }  # fmt: skip
    said = [
        text(f"withdrawal.{key}", language, count=formats.whole(count, language))
        for key, count in counted.items()
        if count
    ]
    for key, runs in (("mended", found.mended), ("unseen", found.unseen)):
        if runs:
            said.append(text(f"withdrawal.{key}", language, runs=", ".join(map(str, runs))))
    if found.standings:
        said.append(text("withdrawal.standings", language, count=formats.whole(len(found.standings), language)))
        for change in found.standings[:MOST_STANDINGS]:
            was, will = (text(f"standing.{word}", language) for word in (change.now, change.then))
            indicator = campaign.indicator(change.indicator).name.of(language)
            unit = change.unit_name
            said.append(text("withdrawal.standing", language, unit=unit, indicator=indicator, now=was, then=will))
        more = len(found.standings) - MOST_STANDINGS
        if more > 0:
            said.append(text("withdrawal.more", language, count=formats.whole(more, language)))
    return said


def done(found: Withdrawal, campaign: Campaign, language: str) -> str:
    """What was done, in a line."""
    key = "done" if found.is_withdrawing else "done_restore"
    said = "; ".join(lines(found, campaign, language))
    return text(f"withdrawal.{key}", language, by=str(found.by), said=f"{said}.", **_named(found, key))


def heads(language: str) -> list[str]:
    return [text(f"withdrawal.column.{name}", language) for name in COLUMNS]


def table_title(found: Withdrawal, shown: int, language: str) -> str:
    """What the table of changes holds: the first of them, where they are many."""
    count = found.back + found.gone + found.again
    known = {"shown": formats.whole(min(shown, count), language), "count": formats.whole(count, language)}
    return text("withdrawal.table", language, **known)


def rows(changes: Sequence[FigureChange], campaign: Campaign, language: str) -> list[tuple[str, ...]]:
    """The figures that change: whose, which, of which day, from what to what."""
    # A figure may be of an indicator that the campaign's files no longer name.
    known = {indicator.key: indicator for indicator in campaign.indicators}

    def said(figure: Figure | None, key: str) -> str:
        if figure is None:
            return text("withdrawal.none", language)
        return figures.reported(figure, known[key].measure if key in known else PERCENT, language)

    return [
        (
            change.unit_name,
            known[change.indicator].name.of(language) if change.indicator in known else change.indicator,
            formats.day(change.as_of, language),
            said(change.now, change.indicator),
            said(change.then, change.indicator),
        )
        for change in changes
    ]


def _named(found: Withdrawal, key: str) -> dict[str, str]:
    return {"load": str(found.load)} if key.endswith("restore") else {"run": str(found.run)}
