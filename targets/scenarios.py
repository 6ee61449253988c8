"""Which units a scenario of `targets.what_if` asks about."""

import numpy as np
import numpy.typing as npt

from targets.findings import NOT_ARRIVED
from targets.progress import STANDING_CODE, Progress

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_OPEN = tuple(STANDING_CODE[word] for word in NOT_ARRIVED)


def slowest(progress: Progress, cases: Floats, *, most: int, least_cases: int, among: Bools) -> Bools:
    """The units that lie furthest behind their trajectories, at most so many: "mười đơn vị chậm nhất".

    In points, so only units with at least `least_cases` cases are looked at: one case moves the others too far. Nobody
    who has met the target, is not judged, or is on its trajectory. Among equals the first in the list.
    Source: DOMAIN.md 4.2, small numbers; issue "Will they make it", what if.
    """
    counts = among & (cases >= least_cases) & np.isin(progress.standing, _OPEN) & (progress.ahead < 0)
    behind = np.where(counts, progress.ahead, np.inf)
    chosen = np.zeros(len(counts), dtype=bool)
    chosen[np.argsort(behind, kind="stable")[:most]] = True
    return chosen & counts
