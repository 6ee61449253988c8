"""Which version of a target is in force, and which ones were until they were changed."""

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlmodel import Session, col

from models.core.columns import day_number
from models.core.settings import TIMEZONE
from models.tables import Target
from targets.trajectory import TargetSpan

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
PROPOSED, ISSUED, REGISTERED = range(3)
NOBODY = -1
EVER = -(10**7)
"""The day from which the targets recorded first are counted."""
FEW = 500


class Versions:
    """Versions of targets in the order of their ids, which grow with time and stand for it.

    `cell` says whose they are: cases (units × indicators) × phases, flat. `value` in points, NaN where there is none.
    `is_down`: of an indicator of which a lower figure is better.
    """

    def __init__(self, *, identity: Whole, cell: Whole, origin: Whole, value: Floats, is_down: Bools) -> None:
        self.identity, self.cell, self.origin, self.value, self.is_down = identity, cell, origin, value, is_down

    def in_force(self, cells: int) -> tuple[Floats, Whole]:
        """`targets.rules.choose_in_force` for all cells at once: the value, and whose it is or NOBODY."""
        value, order = np.full((3, cells), np.nan), np.full((3, cells), -1, dtype=np.int64)
        # Later versions come later and overwrite earlier ones.
        value[self.origin, self.cell], order[self.origin, self.cell] = self.value, self.identity
        is_down = np.zeros(cells, dtype=bool)
        is_down[self.cell] = self.is_down
        with np.errstate(invalid="ignore"):
            further = np.where(is_down, -1, 1) * (value[ISSUED] - value[REGISTERED])
            is_replaced = (order[ISSUED] > order[REGISTERED]) & (further > 0)
        use_registered = (order[REGISTERED] >= 0) & ~((order[ISSUED] >= 0) & is_replaced)
        use_issued = ~use_registered & (order[ISSUED] >= 0)
        use_proposed = ~use_registered & ~use_issued & (order[PROPOSED] >= 0)
        origin = np.select([use_registered, use_issued, use_proposed], [REGISTERED, ISSUED, PROPOSED], NOBODY)
        chosen = np.select([use_registered, use_issued], [value[REGISTERED], value[ISSUED]], value[PROPOSED])
        return chosen, origin.astype(np.int64)

    def target_spans(self, session: Session, *, cells: int, phases: int) -> tuple[TargetSpan, ...]:
        """The targets that were owed before they were changed, oldest first.

        A target is owed from the day it was recorded or decided, in Vietnam; what was recorded first of a case, ever
        since. A value that came where there was none changes nothing that was owed.
        """
        least, most = np.full(cells, np.inf), np.full(cells, -np.inf)
        is_known = ~np.isnan(self.value)
        np.minimum.at(least, self.cell[is_known], self.value[is_known])
        np.maximum.at(most, self.cell[is_known], self.value[is_known])
        case_of = self.cell // phases
        cases = np.unique(np.flatnonzero(most > least) // phases)
        chosen = np.flatnonzero(np.isin(case_of, cases))
        if not len(chosen):
            return ()
        day = self._days(session, chosen)
        place = np.searchsorted(cases, case_of[chosen])
        first = np.full(len(cases), np.iinfo(np.int64).max)
        np.minimum.at(first, place, day)
        day = np.where(day == first[place], EVER, day)
        cell = place * phases + self.cell[chosen] % phases
        found = []
        for until in np.unique(day[day > EVER]).tolist():
            before, after = (
                self._at(chosen[is_there], cell[is_there]).in_force(len(cases) * phases)[0].reshape(-1, phases)
                for is_there in (day < until, day <= until)
            )
            # Where one of the two is unknown, the other one is owed on both sides of the day.
            before = np.where(np.isnan(before), after, before)
            changed = np.flatnonzero(((before != after) & ~np.isnan(after)).any(axis=1))
            if len(changed):
                found.append(TargetSpan(until=until, cases=cases[changed], target=before[changed]))
        return tuple(found)

    def _at(self, rows: Whole, cell: Whole) -> "Versions":
        return Versions(
            identity=self.identity[rows],
            cell=cell,
            origin=self.origin[rows],
            value=self.value[rows],
            is_down=self.is_down[rows],
        )

    def _days(self, session: Session, chosen: Whole) -> Whole:
        """The day of each of these versions, in Vietnam."""
        moment = func.coalesce(Target.decided_at, Target.recorded_at, type_=Target.recorded_at.type)  # type: ignore[attr-defined] # SQLModel types columns as values
        statement = select(col(Target.id), moment)
        if len(chosen) <= FEW:
            statement = statement.where(col(Target.id).in_(self.identity[chosen].tolist()))
        rows = {identity: at for identity, at in session.connection().execute(statement)}  # noqa: C416 - dict() takes a result for a mapping
        days = {at: day_number(at.astimezone(TIMEZONE).date()) for at in set(rows.values())}
        return np.array([days[rows[identity]] for identity in self.identity[chosen].tolist()], dtype=np.int64)
