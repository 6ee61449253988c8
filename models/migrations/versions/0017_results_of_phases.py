"""A snapshot can hold how a phase ended, be confirmed by a document, and be what a meeting opens with.

The table of results by unit, which nothing ever wrote, goes. The database itself refuses to change a confirmation.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from models.core.columns import Day

revision = "0017"
down_revision = "0016"

TABLE = "result_confirmation"


def upgrade() -> None:
    op.drop_table("phase_result")
    op.add_column("snapshot", sa.Column("closes", sa.String(), nullable=True))
    op.add_column("snapshot", sa.Column("awaited", sa.Integer(), nullable=True))
    op.add_column("snapshot", sa.Column("opens_with", sa.Integer(), nullable=True))
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("document_date", Day(), nullable=False),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"]),
        sa.PrimaryKeyConstraint("id"),
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
    """Its triggers go with a table; those of the snapshots are of no column."""
    op.drop_table(TABLE)
    for name in ("opens_with", "awaited", "closes"):
        op.drop_column("snapshot", name)
    op.create_table(
        "phase_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_id", "indicator", "phase", "version", name="uq_phase_result_version"),
    )
