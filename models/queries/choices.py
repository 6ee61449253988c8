"""Which way to read a column was chosen for a source."""

from sqlmodel import Session, col, select

from models.tables import ColumnChoice, SourceRow


def find_choices(session: Session, source: str) -> dict[str, str]:
    """Key of a question → the option that was chosen last, for one source."""
    statement = (
        select(ColumnChoice)
        .join(SourceRow, col(SourceRow.id) == col(ColumnChoice.source_id))
        .where(SourceRow.key == source)
        .order_by(col(ColumnChoice.key))
    )
    return {row.key: row.option for row in session.exec(statement)}


def find_source_id(session: Session, source: str) -> int:
    """The row that stands for a source."""
    return session.exec(select(SourceRow.id).where(SourceRow.key == source)).one() or 0
