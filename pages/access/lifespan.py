"""What happens ahead of visitors: the store is opened and the first page worked out, again whenever figures change."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread

from jobs.health.logs import write_log
from jobs.workplace import keep_files_private
from models.core.texts import LANGUAGES
from pages.access.downloads import say_refusals_in_a_sentence
from targets.errors import CampaignError

LOG = logging.getLogger(__name__)
LOOK = 5.0
"""Seconds between looks at whether the figures have changed: one row is asked."""


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Warm up, then keep what is loaded out of garbage collection: it stays for as long as the server does.

    Measured: freezing took 200 visitors from a collapse to a median of 118 ms. A store that is not there yet or does
    not answer does not keep the server from starting: the pages say what to do.
    """
    keep_files_private()
    write_log(level=logging.WARNING)
    say_refusals_in_a_sentence()
    warmth = Warmth()
    await anyio.to_thread.run_sync(warmth.keep)
    gc.collect()
    gc.freeze()
    async with anyio.create_task_group() as beside:
        beside.start_soon(_keep_warm, warmth)
        yield
        beside.cancel_scope.cancel()


async def _keep_warm(warmth: "Warmth") -> None:
    while True:
        await anyio.sleep(LOOK)
        # A server that ends does not wait for what nobody will ask for any more.
        await anyio.to_thread.run_sync(warmth.keep, abandon_on_cancel=True)


class Warmth:
    """Works out what the next visitor will ask for, once for each version of the figures and each day."""

    def __init__(self) -> None:
        self._known: tuple[object, ...] = ()
        self._trouble = ""

    def keep(self) -> None:
        """Never raises: a store that is not there yet, or is down, comes back, and the pages say so meanwhile."""
        # Here and not above: Streamlit's caches can only be made once its runtime stands.
        from pages.kit import answers  # noqa: PLC0415

        trouble = ""
        try:
            situation = answers.find_situation()
            known = (situation.database, situation.data_version, situation.today)
            if known != self._known:
                self._known = known
                _warm_up(situation)
        except CampaignError as problem:
            trouble = str(problem)
            if trouble != self._trouble:
                LOG.warning("Not warmed up: %s", problem)
        except Exception as problem:
            trouble = repr(problem)
            if trouble != self._trouble:
                LOG.exception("Not warmed up")
        self._trouble = trouble


def _warm_up(situation: Any) -> None:
    from pages.compare import data as compare_data  # noqa: PLC0415
    from pages.kit import answers, page  # noqa: PLC0415
    from pages.progress import data as progress_data  # noqa: PLC0415

    page.registered()
    overview = answers.find_overview(situation, as_of=situation.today, phase=None)
    for language in LANGUAGES:
        answers.find_overview_view(situation, overview, language)
        for line in overview.lines:
            answers.find_focus_view(situation, overview, line.indicator, language)
    progress_data.find_progress(
        situation, unit=overview.campaign.province, level=None, as_of=situation.today, phase=None
    )
    for line in overview.lines:
        compare_data.find_comparison(situation, as_of=situation.today, indicator=line.indicator, phase=None)
