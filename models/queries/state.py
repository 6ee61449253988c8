"""What the store is: which campaign, simulated or real, at which version of its data."""

from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Session

from models import audit
from models.tables import StoreState
from targets.errors import StoreNotReady


def find_state(session: Session) -> StoreState:
    """The store's single row.

    Raises StoreNotReady where there are no tables yet, or no campaign in them.
    """
    try:
        return audit.find_state(session)
    except (OperationalError, ProgrammingError) as error:
        raise StoreNotReady(
            "The store holds no tables yet. Run `python -m jobs init` first.", code="no_tables"
        ) from error
