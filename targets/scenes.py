"""Which units a scene of `targets.what_if` asks about, and how far it looks."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from targets.progress import STANDING_CODE, Progress
from targets.what_if import Scene

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_OPEN = tuple(STANDING_CODE[word] for word in ("missed", "likely", "at_risk", "high_risk", "unlikely"))


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


def until_the_province(scene: Scene) -> Scene:
    """The scene as far as the province's due date: a unit with a later one of its own is looked at on that day.

    Its cases still to come shrink with its working days. Where the province has no due date nothing changes.
    """
    left = scene.outlook.days_left
    until = np.minimum(left, np.nan_to_num(left[scene.province], nan=np.inf))
    part = np.where(left > until, until / np.where(left > until, left, 1.0), 1.0)
    expected = np.round(scene.outlook.expected * part)
    return replace(scene, outlook=replace(scene.outlook, days_left=until, expected=expected))
