"""A reading's figure may be days, more than a hundred; results say a percent that is not that of its counts.

Readings are not copied: SQLite's own way to drop a check that touches no stored row is to change the table's sentence.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

RESULTS = ("standing", "snapshot_row")
NAME = "ck_reading_value"
PERCENT, FIGURE = "value IS NULL OR (value >= 0 AND value <= 100)", "value IS NULL OR value >= 0"


def _change(before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(NAME, "reading", type_="check")
        op.create_check_constraint(NAME, "reading", after)
        return
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'reading'"
        ),
        {"before": f"CHECK ({before})", "after": f"CHECK ({after})"},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema = OFF"))


def upgrade() -> None:
    _change(PERCENT, FIGURE)
    for table in RESULTS:
        op.add_column(table, sa.Column("stated", sa.Float(), nullable=True))


def downgrade() -> None:
    for table in RESULTS:
        op.drop_column(table, "stated")
    _change(FIGURE, PERCENT)
