"""What each case had reported on a few earlier days: the little that pace and projection need to know of the past.

A *look* back is a number of working days, so that a day of rest changes nothing. Looks never cross the start of an
accounting period: there the counts begin at nothing. Definitions: definitions.md, "Basis, period and scope".
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from targets.standing.progress import rate

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
WEEK = 5
"""Working days of a week: a pace per week is a pace per five of them."""
PIECE = 4096
"""Cases worked on at a time: so many stay in the cache, so a case takes no longer in a country than in a province."""
LOOKS = (0, 3, 5, 10, 15, 20)
"""Working days looked back: the newest figure, half a week, and one to four weeks."""


@dataclass(frozen=True)
class History:
    """Figures on the looks back, newest first. All arrays have one shape whose last dimension is the looks.

    worked       working days from that snapshot to the newest one, growing; NaN where there is none
    numerator, denominator   its counts; 0 of 0 where the period began later than the look
    reported     the percent it reported, in points
    revised      1 where the figure was corrected after it had been reported, else 0; of a pool, the share of its cases
    """

    worked: Floats
    numerator: Floats
    denominator: Floats
    reported: Floats
    revised: Floats

    def __len__(self) -> int:
        return len(self.worked)

    def take(self, chosen: Any) -> "History":
        """Some of the cases, by whatever numpy takes as an index: positions, a mask, or one for each dimension."""
        return History(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})

    def rates(self) -> Floats:
        """The rate on each look, in points; NaN where there was none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            given = rate(self.numerator, self.denominator, self.reported)
        return np.where(np.isnan(self.worked), np.nan, given)


def pieces(chosen: Whole) -> list[Whole]:
    """Positions in pieces that are worked on one after the other."""
    return [chosen[start : start + PIECE] for start in range(0, len(chosen), PIECE)]


def pool_histories(parts: Sequence[tuple[History, Bools]], *, pool: Whole, pools: int) -> History:
    """The histories of pools from those of their members: counts added look by look; pools × columns × looks.

    `parts`: histories of units × columns × looks, each with the units × columns that are in a sum (one part for each
    scope). `pool`: the number of each unit's pool, −1 for none. The composition is today's on every look, so a unit
    that joins the pool makes no jump; one without a figure that far back counts with nothing. `worked` is the mean of
    the members', weighted by their cases.
    """
    columns, looks = parts[0][0].worked.shape[1:]
    numerator, denominator, weighted, weight, revised = (np.zeros((pools, columns, looks)) for _ in range(5))
    for whole, is_member in parts:
        members = np.flatnonzero((pool >= 0) & is_member.any(axis=1))
        history, of = whole.take(members), pool[members]
        inside = is_member[members, :, None] & ~np.isnan(history.numerator) & ~np.isnan(history.denominator)
        share = np.where(inside & ~np.isnan(history.worked), history.denominator[:, :, :1], 0)
        for total, values in (
            (numerator, np.where(inside, history.numerator, 0)),
            (denominator, np.where(inside, history.denominator, 0)),
            (weighted, share * np.nan_to_num(history.worked)),
            (weight, share),
            (revised, share * np.nan_to_num(history.revised)),
        ):
            np.add.at(total, of, values)
    divisor = np.where(weight > 0, weight, 1)
    worked = np.where(weight > 0, weighted / divisor, np.nan)
    is_known = ~np.isnan(worked)
    return History(
        worked=worked,
        numerator=np.where(is_known, numerator, np.nan),
        denominator=np.where(is_known, denominator, np.nan),
        reported=np.full(worked.shape, np.nan),
        revised=np.where(is_known, revised / divisor, np.nan),
    )
