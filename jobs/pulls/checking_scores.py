"""One official score as a source told it, read into a fact: points stay points, a rank stays a rank."""

from decimal import Decimal

from jobs.imports.problems import Notice, problem
from jobs.pulls.asking import ToldScore
from models.actions.facts import ScoreFact
from targets.errors import FigureProblem
from targets.figures import Cell, count_in, points_in
from targets.periods import period_of
from targets.values import Basis, Campaign, Source


class RowRefused(Exception):
    """A row that cannot be taken in: which of its fields, and what is wrong with it."""

    def __init__(self, where: str, notice: Notice) -> None:
        super().__init__(notice.code)
        self.where, self.notice = where, notice


def score_fact(score: ToldScore, *, unit_id: int, indicator: str, source: Source, campaign: Campaign) -> ScoreFact:
    """What a score says, with the period it stands for; raises RowRefused where it cannot be."""
    basis: Basis = source.basis or "month"
    start, end = period_of(basis, score.as_of, campaign)
    points = _points("points", score.points)
    most = _points("max_points", score.max_points)
    if most is None:
        most = _most(indicator, campaign)
    if points is not None and points > most:
        raise RowRefused("points", problem("points_above_most", most=f"{most.normalize():f}"))
    rank = _rank(score.rank)
    if rank is not None and (rank < 1 or (score.rank_of is not None and rank > score.rank_of)):
        raise RowRefused("rank", problem("rank_impossible"))
    return ScoreFact(
        unit_id=unit_id,
        indicator=indicator,
        basis=basis,
        period_start=start,
        period_end=end,
        as_of=score.as_of,
        points=points,
        max_points=most,
        rank=rank,
        rank_of=score.rank_of,
        rank_group=score.rank_group,
        source_note="",
    )


def _most(indicator: str, campaign: Campaign) -> Decimal:
    """The most points an indicator can bring; for the total, all of them."""
    if indicator:
        return campaign.indicator(indicator).max_points
    return sum((one.max_points for one in campaign.indicators), start=Decimal(0))


def _points(where: str, told: Cell) -> Decimal | None:
    try:
        return points_in(told).number
    except FigureProblem as wrong:
        raise RowRefused(where, Notice("problem", wrong.code, wrong.terms)) from wrong


def _rank(told: Cell) -> int | None:
    try:
        number = count_in(told).number
    except FigureProblem as wrong:
        raise RowRefused("rank", Notice("problem", wrong.code, wrong.terms)) from wrong
    return None if number is None else int(number)
