"""What is worked out ahead of visitors, and when again."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from pages.access import lifespan
from pages.access.lifespan import Warmth
from pages.kit import answers
from targets.errors import CampaignError

DAY = date(2024, 5, 7)


class Calls:
    """A store that answers what a test tells it to, and what was warmed up of it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.version = 1
        self.day = DAY
        self.problem: Exception | None = None
        self.warmed: list[tuple[int, date]] = []
        patch.setattr(answers, "find_situation", self._find)
        patch.setattr(lifespan, "_warm_up", lambda now: self.warmed.append((now.data_version, now.today)))

    def _find(self) -> Any:
        if self.problem is not None:
            raise self.problem
        return SimpleNamespace(database="sqlite://", data_version=self.version, today=self.day)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(monkeypatch)


def test_each_version_and_day_is_worked_out_once(sent):
    warmth = Warmth()

    for sent.version, sent.day in ((1, DAY), (1, DAY), (2, DAY), (2, DAY), (2, date(2024, 5, 8))):
        warmth.keep()

    assert sent.warmed == [(1, DAY), (2, DAY), (2, date(2024, 5, 8))]


@pytest.mark.parametrize("problem", [CampaignError("no store yet"), OSError("gone")])
def test_store_that_does_not_answer_is_told_once_and_tried_again(sent, caplog, problem):
    warmth = Warmth()

    for sent.problem in (problem, problem, None, problem):
        warmth.keep()

    assert sent.warmed == [(1, DAY)]
    assert [record.message.partition(":")[0] for record in caplog.records] == ["Not warmed up"] * 2


def test_server_warms_up_before_its_first_visitor_and_after_each_change(sent, monkeypatch):
    monkeypatch.setattr(lifespan, "LOOK", 0.01)
    seen: list[list[tuple[int, date]]] = []
    for name in ("keep_files_private", "write_log"):
        monkeypatch.setattr(lifespan, name, lambda **_: seen.append([]))

    async def serve() -> None:
        with anyio.fail_after(30):
            async with lifespan.lifespan(None):
                seen.append(list(sent.warmed))
                sent.version = 2
                while len(sent.warmed) < 2:
                    await anyio.sleep(0.01)

    anyio.run(serve)

    assert seen == [[], [], [(1, DAY)]]
    assert sent.warmed == [(1, DAY), (2, DAY)]
