"""Changes of standing: each reason by an example, and a day of rest is never one."""

import math
from dataclasses import replace

import numpy as np
import pytest

from targets.standing.changes import ABSENT, REASONS, Moment, standing_changes
from targets.standing.progress import BY_GAP, BY_NOTHING, BY_PROBABILITY, STANDING_CODE

NAN = math.nan
FACTS = ("met", "missed", "stale", "insufficient", "no_target", "absent")

# before and now: standing, phase, target, figure (counts or a percent), what its counting began with and what decided
# where that is said ("since 1", "by p"; else since 0, by the gap). over: the due date has passed. worked: working
# days between. A row of “—” is no change.
EXAMPLES = """
    before                    | now                       | over | worked | reason   | way | because
    likely 0 50 45/100        | at_risk 0 50 45/110       | no   | 5      | figure   | -1  | the figure moved
    at_risk 0 50 45           | likely 0 50 48            | no   | 5      | figure   | 1   | a percent moved
    likely 0 50 45/100        | at_risk 0 55 46/100       | no   | 5      | target   | -1  | a higher target
    no_target 0 — 45/100      | likely 0 50 45/100        | no   | 5      | target   | 0   | the first target
    met 0 50 55/100           | at_risk 1 60 56/105       | no   | 5      | phase    | -1  | a new phase runs
    likely 0 50 45/100        | stale 0 50 45/100         | no   | 5      | stale    | 0   | it fell silent
    stale 0 50 45/100         | likely 0 50 48/100        | no   | 5      | reported | 0   | it told again
    insufficient 0 50 —       | likely 0 50 48/100        | no   | 5      | reported | 0   | the first figure
    stale 0 50 45/100         | met 1 40 48/100           | no   | 5      | reported | 0   | that comes first
    out_of_reach 0 50 45/100  | missed 0 50 45/100        | yes  | 5      | due      | 0   | what was known has come
    unlikely 0 50 45/100      | out_of_reach 0 50 46/120  | no   | 5      | figure   | -1  | the last way is closed
    at_risk 0 50 45/100       | missed 0 50 45/100        | yes  | 5      | due      | -1  | the due date passed
    likely 0 50 45/100        | at_risk 0 50 45/100       | no   | 5      | time     | -1  | it stood still
    likely 0 50 45/100        | at_risk 0 50 45/100       | no   | 0      | —        | —   | holidays move nobody
    likely 0 50 45/100        | at_risk 0 50 46/100       | no   | 0      | figure   | -1  | but a figure does
    likely 0 50 45/100        | likely 0 60 55/100        | no   | 5      | —        | —   | the same standing
    absent 0 50 45/100        | likely 0 50 45/100        | no   | 5      | —        | —   | it did not exist yet
    likely 0 50 45/100        | absent 0 50 45/100        | no   | 5      | —        | —   | it was merged away
    likely 0 50 45/100 since 0 | high_risk 0 50 9/30 since 1 | no | 5   | period   | 0   | a month began anew
    met 0 50 55/100 since 0   | likely 0 50 9/20 since 1  | no   | 5      | period   | 0   | even from met
    high_risk 0 50 45/100     | unlikely 0 50 46/110 by p | no   | 5      | measure  | -1  | a probability decides
    unlikely 0 50 45/100 by p | high_risk 0 50 45/100     | no   | 5      | measure  | 1   | or no longer does
    unlikely 0 50 45/100      | met 0 50 51/100           | no   | 5      | figure   | 1   | there it is
    met 0 50 51/100           | likely 0 50 49/100        | no   | 5      | figure   | -1  | reached and lost again
    """


def drawn() -> list[dict[str, str]]:
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in EXAMPLES.strip().splitlines()]
    return [dict(zip(header, cells, strict=True)) for cells in rows]


def moment(cell: str, *, is_over: bool = False) -> Moment:
    standing, phase, target, figure, *more = cell.split()
    said = dict(zip(more[::2], more[1::2], strict=True))
    numerator, denominator, value = NAN, NAN, NAN
    if "/" in figure:
        numerator, denominator = (float(count) for count in figure.split("/"))
        value = 100 * numerator / denominator
    elif figure != "—":
        value = float(figure)
    return Moment(
        standing=np.array([ABSENT if standing == "absent" else STANDING_CODE[standing]]),
        phase=np.array([int(phase)]),
        target=np.array([NAN if target == "—" else float(target)]),
        value=np.array([value]),
        numerator=np.array([numerator]),
        denominator=np.array([denominator]),
        is_over=np.array([float(is_over)]),
        since=np.array([float(said.get("since", 0))]),
        by=np.array([BY_PROBABILITY if said.get("by") == "p" else BY_NOTHING if standing in FACTS else BY_GAP]),
    )


@pytest.mark.parametrize("cells", drawn(), ids=lambda cells: f"{cells['reason']}: {cells['because']}")
def test_reason_is_what_the_table_says(cells):
    found = standing_changes(
        moment(cells["before"]),
        moment(cells["now"], is_over=cells["over"] == "yes"),
        worked=np.array([float(cells["worked"])]),
    )

    result = [(REASONS[reason], way) for reason, way in zip(found.reason, found.direction, strict=True)]
    assert result == ([] if cells["reason"] == "—" else [(cells["reason"], int(cells["way"]))])


def test_every_reason_has_an_example():
    assert {cells["reason"] for cells in drawn()} >= set(REASONS)


def test_changes_say_which_rows_they_are():
    before, now = moment("likely 0 50 45/100"), moment("at_risk 0 50 44/100")
    both = Moment(**{name: np.repeat(values, 3) for name, values in vars(before).items()})
    later = Moment(**{name: np.repeat(values, 3) for name, values in vars(now).items()})
    later = replace(later, standing=np.array([STANDING_CODE[word] for word in ("likely", "at_risk", "likely")]))

    found = standing_changes(both, later, worked=np.full(3, 5.0))

    assert found.position.tolist() == [1]
