"""A snapshot can be put aside with a reason; as all of it, that is never changed.

The database itself refuses to update or delete a withdrawal.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0012"
down_revision = "0011"

TABLE = "snapshot_withdrawal"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("snapshot_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"]),
        sa.PrimaryKeyConstraint("snapshot_id"),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for change in ("UPDATE", "DELETE"):
        guard = (
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            if is_sqlite
            else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"CREATE TRIGGER refuse_{change.lower()}_of_{TABLE} BEFORE {change} ON {TABLE} {guard}")


def downgrade() -> None:
    """Its triggers go with it."""
    op.drop_table(TABLE)
