"""The province and its units before and after a "what if": values only, nothing is said and nothing is stored."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.queries.compare_scene import PhaseResults, Stage
from pages.parts.compare_choices import CompareChoices
from targets.scenes import slowest
from targets.values import STANDINGS
from targets.what_if import Answer, as_it_is, if_on_trajectory, if_pace_holds

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """How things are, or how they would be; per unit in the order of the codes. Percents in points, NaN unknown.

    standings     units by standing (as STANDINGS; the province is none of them)
    standing      of each unit; None where only their number is known
    probability   that the province reaches its target; None where the question is not asked
    """

    standings: Whole
    probability: float | None
    value: Floats
    target: Floats
    standing: Whole | None


@dataclass(frozen=True)
class Imagined:
    """The province and its units before and after.

    chosen    how many units the question is about
    carried   how many others rise with them, as their figures contain them; the province is none of them
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    province: int
    phase: str
    before: Side
    after: Side
    chosen: int
    carried: int = 0

    def rate(self, side: Side) -> float:
        """The province's rate on a side, as its row says: points, NaN unknown."""
        return float(side.value[self.province])

    @property
    def target(self) -> float | None:
        """What the province would owe."""
        target = float(self.after.target[self.province])
        return None if np.isnan(target) else target


def imagine(stage: Stage, choices: CompareChoices, *, level: str | None, small_volume: int, phase: str) -> Imagined:
    """The scene of the choices: units on their trajectories, or everybody at the present pace."""
    scene = stage.scene
    today, target = as_it_is(scene), scene.cases.target
    everybody = len(stage.codes) - 1
    if choices.scene == "pace":
        outcome = if_pace_holds(scene, stage.pace)
        before = replace(_side(today, target), probability=None)
        after = Side(outcome.standings, None, outcome.value, target, None)
        return Imagined(stage.codes, stage.names, scene.province, phase, before, after, everybody)
    if choices.scene == "units":
        chosen = np.array([code in choices.units for code in stage.codes], dtype=bool)
    else:
        among = np.array([level in (None, known) for known in stage.levels], dtype=bool)
        among[scene.province] = False
        cases = np.where(np.isnan(scene.cases.numerator), np.nan, scene.cases.denominator)
        chosen = slowest(today.progress, cases, most=choices.slowest, least_cases=small_volume, among=among)
    before, after = _side(today, target), _side(if_on_trajectory(scene, chosen), target)
    carried = (after.value > before.value) & ~chosen
    carried[scene.province] = False
    return Imagined(
        stage.codes, stage.names, scene.province, phase, before, after, int(chosen.sum()), int(carried.sum())
    )


def imagine_uplift(before: PhaseResults, after: PhaseResults, *, phase: str) -> Imagined:
    """Two sets of targets beside each other, in one phase."""
    province = before.province
    sides = [
        Side(
            standings=np.bincount(np.delete(told.standing, province), minlength=len(STANDINGS)).astype(np.int64),
            probability=float(told.probability[province]),
            value=told.value,
            target=told.target,
            standing=told.standing,
        )
        for told in (before, after)
    ]
    return Imagined(before.codes, before.names, province, phase, sides[0], sides[1], len(before.codes) - 1)


def _side(answer: Answer, target: Floats) -> Side:
    return Side(
        standings=answer.standings,
        probability=answer.probability,
        value=answer.progress.value,
        target=target,
        standing=answer.progress.standing,
    )
