"""A survey whose file tells only how many voted for each grade: what follows for the whole."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from jobs.imports.records.rates import Rates
from jobs.imports.tables.layout import FigureGroup
from targets.values import Campaign, Indicator

Read = tuple[FigureGroup, Rates]


def with_surveys(read: Sequence[Read], campaign: Campaign) -> list[Read]:
    """The figures of some columns, and of each survey all of whose grades stand beside each other.

    Votes are of all ballots: the survey's own cases where the row tells them, else the votes together. Who is counted
    as satisfied follows from the grades where the row does not say it.
    """
    found = dict(enumerate(read))
    of_indicator = {group.indicator: at for at, (group, _) in found.items() if group.indicator is not None}
    for survey in campaign.indicators:
        if survey.grades and all(grade in of_indicator for grade in survey.grades):
            places = [of_indicator[grade] for grade in survey.grades]
            _fill(found, places, of_indicator.get(survey.key), survey)
    return [found[at] for at in sorted(found)]


def _fill(found: dict[int, Read], places: Sequence[int], own: int | None, survey: Indicator) -> None:
    votes = [found[at][1] for at in places]
    together = np.sum([grade.numerator for grade in votes], axis=0)
    first_group, first = found[places[0]]
    nothing = np.full(len(together), np.nan)
    whole = found[own][1] if own is not None else replace(
        first, numerator=nothing, denominator=nothing, value=nothing, high=nothing,
        qualifier=np.zeros_like(first.qualifier), is_empty=np.ones(len(together), dtype=bool), problems={}, marks={},
    )  # fmt: skip
    is_known = ~np.isnan(together) & (np.sum([grade.qualifier for grade in votes], axis=0) == 0)
    ballots = np.where(np.isnan(whole.denominator), together, whole.denominator)
    for at, grade in zip(places, votes, strict=True):
        is_open = is_known & np.isnan(grade.denominator)
        found[at] = found[at][0], replace(grade, denominator=np.where(is_open, ballots, grade.denominator))
    is_open = is_known & np.isnan(whole.numerator) & np.isnan(whole.value)
    met = np.sum([grade.numerator for grade in votes[: survey.grades_met]], axis=0)
    group = found[own][0] if own is not None else replace(first_group, indicator=survey.key)
    place = own if own is not None else max(found) + 1
    found[place] = (
        group,
        replace(
            whole,
            numerator=np.where(is_open, met, whole.numerator),
            denominator=np.where(is_open, ballots, whole.denominator),
            is_empty=whole.is_empty & ~is_open,
        ),
    )
