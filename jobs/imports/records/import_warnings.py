"""What a reading of a file has to say beside its figures: the first warnings of a kind by place, the rest by number."""

from collections import Counter, defaultdict

from jobs.imports.units.matching import OTHER_PROVINCE
from jobs.imports.values import FileWarning, RejectedRow

NAMED = 20
"""So many warnings of one code are given one by one."""
PLACES = 5


class ImportWarnings:
    """Collects warnings; `take` hands over those not handed over yet."""

    def __init__(self) -> None:
        self._waiting: list[FileWarning] = []
        self._count: Counter[str] = Counter()
        self._left_out: defaultdict[str, list[str]] = defaultdict(list)

    def warn(self, code: str, /, place: str = "", **terms: str) -> None:
        self._count[code] += 1
        if self._count[code] <= NAMED:
            self._waiting.append(FileWarning(code, terms, place))

    def wants(self, code: str) -> bool:
        """Whether one more of this code would be given by itself; counting the others needs no place."""
        return self._count[code] < NAMED

    def count(self, code: str, number: int) -> None:
        """Counts further warnings of a code without naming them."""
        self._count[code] += number

    def left_out(self, code: str, place: str) -> None:
        """A row that was left out on purpose; one warning at the end counts them."""
        self._count[code] += 1
        if len(self._left_out[code]) < PLACES:
            self._left_out[code].append(place)

    def is_ours(self, row: RejectedRow) -> bool:
        """Whether a refused row is of the own province. Others are only counted: a national table has thousands."""
        if row.problem != OTHER_PROVINCE:
            return True
        self.left_out("other_provinces_left_out", row.place)
        return False

    def take(self) -> tuple[FileWarning, ...]:
        taken, self._waiting = tuple(self._waiting), []
        return taken

    def close(self) -> tuple[FileWarning, ...]:
        """What is left, and how many more there were of each code."""
        for code, places in self._left_out.items():
            more = ", …" if self._count[code] > len(places) else ""
            self._waiting.append(
                FileWarning(code, {"count": str(self._count[code]), "places": ", ".join(places) + more})
            )
        for code, count in self._count.items():
            if code not in self._left_out and count > NAMED:
                self._waiting.append(FileWarning("more_of_these", {"count": str(count - NAMED), "code": code}))
        return self.take()
