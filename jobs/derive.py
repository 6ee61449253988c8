"""The kept tables by command: rebuilt from the readings, or proved equal to what follows from them."""

from models.inputs import load_campaign
from models.kept import Days, bring_up_to_date, days_kept, find_differences
from models.queries.state import find_state
from models.store import Store


def rebuild_kept(store: Store, *, progress: Days | None = None) -> int:
    """Recompute every kept day in one transaction; answers how many days are kept."""
    with store.writing() as session:
        find_state(session)
        bring_up_to_date(session, progress=progress)
        return days_kept(find_state(session), load_campaign(session))


def check_kept(store: Store) -> list[str]:
    """What is kept otherwise than it follows from the readings, one sentence each."""
    with store.reading() as session:
        return find_differences(session)
