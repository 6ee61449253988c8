"""Every method that pages explain: its key, under which texts in each language stand, and the function that is it.

A page "Cách tính" is made from this list: definition, unit and source are the function's docstring.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from targets import trajectory
from targets.comparison import contribution, ranking, signals, what_if
from targets.projection import backtest, pace, resampling
from targets.projection import projection as projection_projection
from targets.standing import changes as standing_changes
from targets.standing import progress as standing_progress


@dataclass(frozen=True)
class Method:
    """One explained method."""

    key: str
    function: Callable[..., Any]

    @property
    def definition(self) -> str:
        """Its docstring as plain text, the indentation taken off."""
        return inspect.getdoc(self.function) or ""

    @property
    def place(self) -> str:
        """Where it stands in the code, for those who check: module and name."""
        return f"{self.function.__module__}.{self.function.__qualname__}"


METHODS: tuple[Method, ...] = (
    Method("trajectory", trajectory.trajectory),
    Method("standing", standing_progress.assess),
    Method("pace", pace.pace),
    Method("needed_pace", pace.needed_pace),
    Method("pace_ratio", pace.pace_ratio),
    Method("projection", projection_projection.project),
    Method("projection_of_percents", resampling.project_percents),
    Method("gap_contributions", contribution.gap_contributions),
    Method("change_contributions", contribution.change_contributions),
    Method("largest_contributors", contribution.largest_contributors),
    Method("wilson_interval", ranking.wilson_interval),
    Method("places", ranking.places),
    Method("movement", ranking.movement),
    Method("funnel", ranking.funnel),
    Method("limits", signals.limits),
    Method("signals", signals.signals),
    Method("assurance", signals.assurance),
    Method("alerts", signals.alerts),
    Method("standing_changes", standing_changes.standing_changes),
    Method("if_on_trajectory", what_if.if_on_trajectory),
    Method("if_pace_holds", what_if.if_pace_holds),
    Method("targets_with_uplift", what_if.targets_with_uplift),
    Method("score", backtest.score),
    Method("calibration", backtest.calibration),
)
