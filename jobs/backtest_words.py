"""A score of the back-test in words: for the command and the page of methods alike."""

from models import formats
from models.texts import text
from targets.backtest import Score

NOTHING = "—"


def cells(horizon: int, score: Score, language: str) -> tuple[str, ...]:
    """Horizon, count, coverage, width, errors, share told a probability, Brier × 100, apart, and whether it holds.

    Errors and Brier scores stand beside those of the two plain guesses; "—" where no probability was told.
    """

    def beside(*values: float | None) -> str:
        return " / ".join(NOTHING if value is None else formats.decimal(value, language) for value in values)

    briers = [None if value is None else 100 * value for value in (score.brier, score.brier_last, score.brier_line)]
    return (
        str(horizon),
        formats.whole(score.count, language),
        formats.decimal(score.coverage, language),
        formats.decimal(score.width, language),
        beside(score.error, score.error_last, score.error_line),
        formats.decimal(score.told, language),
        NOTHING if score.brier is None else beside(*briers),
        beside(score.apart),
        text("backtest.yes" if score.holds else "backtest.no", language),
    )
