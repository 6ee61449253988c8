"""A store of any size as it is after its first days: readings, proposed targets, and every day kept."""

from datetime import datetime, time, timedelta
from pathlib import Path

from models.core.audit import ChangeContext, find_state
from models.core.columns import day_number
from models.core.settings import TIMEZONE
from models.results.inputs import load_campaign
from models.results.kept import bring_up_to_date
from models.targets.actions import propose_targets
from tests.bench.bench_daily import synthetic_store


def write_country(home: Path, *, units: int, days: int) -> datetime:
    """Writes the store of a home; answers the evening of its last day, to be served as its present."""
    home.mkdir(parents=True)
    store = synthetic_store(home / "caodiem.db", units=units, days=days)
    with store.writing() as session:
        start = load_campaign(session).start
        evening = datetime.combine(start + timedelta(days=days - 1), time(18), tzinfo=TIMEZONE)
        # Nothing is kept yet: targets come first, so that each day is worked out once.
        state = find_state(session)
        state.kept_through = None
        session.add(state)
        propose_targets(session, context=ChangeContext(by="system:bench", reason="bench", now=evening))
        bring_up_to_date(session, through=day_number(evening.date()))
    store.close()
    return evening
