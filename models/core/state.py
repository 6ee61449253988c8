"""What the store is: which campaign, simulated or real, at which version of its data."""

from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Session

from models.core import audit
from models.tables import StoreState
from targets.errors import StoreNotReady


def find_state(session: Session) -> StoreState:
    """The store's single row.

    Raises StoreNotReady where the database does not answer, holds no tables yet, or no campaign in them.
    """
    try:
        return audit.find_state(session)
    except (OperationalError, ProgrammingError) as error:
        session.rollback()
        if _has_tables(session):
            raise
        raise StoreNotReady(
            "The store holds no tables yet. Run `python -m jobs init` first.", code="no_tables"
        ) from error


def _has_tables(session: Session) -> bool:
    try:
        return inspect(session.connection()).has_table("store_state")
    except OperationalError as error:
        said = str(error.orig).strip().splitlines()[0]
        raise StoreNotReady(
            f"The database does not answer ({said}). Look at CAODIEM_DATABASE, and whether its server runs.",
            code="database_silent",
            why=said,
        ) from error
