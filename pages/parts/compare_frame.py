"""Where things stand in the charts of comparisons: in pixels, with room at the sides for figures and labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

NARROW = "width < 640"
"""Where a chart has too little room for whole names."""


def either(narrow: str, wide: str) -> alt.ExprRef:
    """One expression where there is little room, another where there is enough."""
    return alt.ExprRef(f"{NARROW} ? {narrow} : {wide}")


def stretched(ends: Sequence[Any], *, most: float = 1) -> alt.Scale:
    """From 0 to `most` between two places, to the pixel."""
    return alt.Scale(domain=[0, most], range=list(ends), nice=False, zero=False, padding=0)


def round_percents(least: float, most: float) -> list[float]:
    """At most seven round percents between two."""
    step = next(step for step in (2, 5, 10, 20, 25) if (most - least) / step <= 6)
    return [float(tick) for tick in range(0, 101, step) if least <= tick <= most]


@dataclass(frozen=True)
class Frame:
    """A plot with a scale's figures at its left and labels at its right; `right` is kept for whole names."""

    left: int
    right: int
    narrow_right: int
    height: int

    def x(self, field: str = "x") -> alt.X:
        """A share of the width between both sides."""
        return alt.X(f"{field}:Q", scale=stretched([self.left + 8, self.end()]), axis=None)

    def y(self, field: str = "y") -> alt.Y:
        """Pixels from the top."""
        return alt.Y(f"{field}:Q", scale=stretched([0, self.height], most=self.height), axis=None)

    def end(self, *, narrow: int = 0, wide: int = 0) -> alt.ExprRef:
        """Where the labels' room begins, and so many pixels further."""
        return either(f"width - {self.narrow_right - narrow}", f"width - {self.right - wide}")
