"""Values of an answer made ready for the checking of rows: numbers stay numbers, texts texts, nothing is guessed."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from models.core.columns import storable
from targets.errors import FigureProblem
from targets.figures import Figure, count_in, percent_in
from targets.figures import as_percent as written_percent

LONGEST_TEXT = 2_000
"""Letters of a value: a longer one is no figure and no name, and the ellipsis at its end keeps it from being one."""
NEAR = Decimal("0.006")
"""A ratio rounded to two decimals lies so close to the one that the counts give."""
LEAST_TELLING = Decimal("0.02")
"""Below this share of 1 a ratio could be a percent or a share."""
MOST = 10**18
"""No count is larger: such a number stays as it was written, so that only its row is refused."""


def as_text(value: Any) -> str:
    """A value as its source would write it, as far as it can be kept; "" where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
    except (RecursionError, ValueError) as error:
        # Too deep, or a number of thousands of digits.
        return f"#{type(error).__name__}"
    return storable(text.strip(), LONGEST_TEXT)


def spelled(row: Any) -> dict[str, str]:
    """A row as texts, for people who look at it later; nothing of what is no row."""
    return {as_text(name): as_text(value) for name, value in row.items()} if isinstance(row, Mapping) else {}


def as_count(value: Any) -> int | str | None:
    """A count as the checking reads it: whole numbers as such (12.0 too), anything else as it was written."""
    if value is None or value == "":
        return None
    if _is_number(value) and value == value // 1:
        return int(value)
    return as_text(value)


def as_percent(value: Any) -> float | str | None:
    """A percent in points as the checking reads it."""
    if value is None or value == "":
        return None
    if _is_number(value):
        return float(value)
    return as_text(value)


def added(values: Sequence[Any]) -> int | str | None:
    """A count that a source reports in parts. Where a part is missing or no count, all stays a text to be refused."""
    counts = [as_count(value) for value in values]
    if len(counts) == 1 or all(count is None for count in counts):
        return counts[0]
    try:
        numbers = [count_in(count).number for count in counts]
    except FigureProblem:
        numbers = [None]
    if None in numbers:
        return " + ".join("?" if count is None else str(count) for count in counts)
    return int(sum(number for number in numbers if number is not None))


def scaled_percent(value: Any, scale: Decimal | None) -> float | str | None:
    """A ratio as a percent in points; None where it is unknown whether it is written 41.6 or 0.416."""
    if scale is None:
        return None
    if scale == 1:
        return as_percent(value)
    try:
        figure = Figure(Decimal(str(value))) if _is_number(value) else percent_in(as_text(value) or None)
    except FigureProblem:
        return as_text(value)
    if figure.qualifier is not None:
        return written_percent(figure, scale=scale)
    return None if figure.number is None else float(figure.number * scale)


def percent_scale(reported: Iterable[tuple[Any, Any, Any]]) -> Decimal | None:
    """What makes percents of ratios: 1 for 41.6, 100 for 0.416, as the counts beside them show; None if they do not.

    `reported`: numerator, denominator and ratio of each row. Where rows contradict each other nothing is decided.
    """
    votes: set[Decimal] = set()
    for numerator, denominator, ratio in reported:
        try:
            right, all_cases = (count_in(as_count(count)).number for count in (numerator, denominator))
            number = _number(ratio)
        except FigureProblem:
            continue
        if not right or not all_cases or number is None or right / all_cases < LEAST_TELLING:
            continue
        share = right / all_cases
        if abs(number - share * 100) <= NEAR * 10:
            votes.add(Decimal(1))
        elif abs(number - share) <= NEAR:
            votes.add(Decimal(100))
    return votes.pop() if len(votes) == 1 else None


def _number(value: Any) -> Decimal | None:
    """A number as it is, a text as a percent is read: with either separator."""
    if _is_number(value):
        return Decimal(str(value))
    return percent_in(as_text(value) or None).number


def _is_number(value: Any) -> bool:
    """Whether a value is a number that can be reckoned with, and no text, truth value, infinity or slip."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    return (isinstance(value, int) or math.isfinite(value)) and -MOST < value < MOST
