"""A load can be withdrawn and a dropped file can wait for a person; a bad row knows whose figure it would have been.

Neither table is copied: SQLite's own way to change a check is to change the table's sentence, as in 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

STATUSES = ("running", "done", "done_with_rejects", "unchanged", "failed", "unrecoverable")
STATES = ("open", "readmitted", "dismissed")
COLUMNS = {
    "run": {"withdraws_id": sa.Integer, "reason": sa.String},
    "quarantined": {"unit_id": sa.Integer, "indicator": sa.String, "as_of": sa.Integer},
}
INDEX = "ix_run_withdraws_id"


def _allow(table: str, column: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    was, now = (f"{column} IN ({', '.join(map(repr, words))})" for words in (before, after))
    connection, name = op.get_bind(), f"ck_{column}_known"
    if connection.dialect.name != "sqlite":
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, now)
        return
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :was, :now) WHERE type = 'table' AND name = :name"),
        {"was": was, "now": now, "name": table},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def upgrade() -> None:
    _allow("run", "status", STATUSES, (*STATUSES, "withdrawn", "held", "dismissed"))
    _allow("quarantined", "state", STATES, (*STATES, "superseded"))
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind(), nullable=True))
    op.create_index(INDEX, "run", ["withdraws_id"])


def downgrade() -> None:
    """What was withdrawn counts again; a file that waited has failed."""
    op.execute("UPDATE quarantined SET state = 'dismissed' WHERE state = 'superseded'")
    op.execute("UPDATE run SET status = 'done' WHERE status = 'withdrawn'")
    op.execute("UPDATE run SET status = 'failed' WHERE status IN ('held', 'dismissed')")
    op.drop_index(INDEX, table_name="run")
    for table, columns in COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)
    _allow("quarantined", "state", (*STATES, "superseded"), STATES)
    _allow("run", "status", (*STATUSES, "withdrawn", "held", "dismissed"), STATUSES)
