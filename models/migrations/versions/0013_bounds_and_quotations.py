"""A range is held as its low and high end, a figure with the sentence it was taken from; results name their bound.

Under gần and dưới, trên and hơn one word stood until now: what is stored keeps the one that was printed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

RESULTS = ("standing", "snapshot_row")
ADDED = [
    ("reading", sa.Column("quotation", sa.String(), nullable=True)),
    *((table, sa.Column("qualifier", sa.String(), nullable=True)) for table in RESULTS),
]


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, column)
    for table in ("reading", *RESULTS):
        op.add_column(table, sa.Column("value_high", sa.Float(), nullable=True))


def downgrade() -> None:
    for table, column in ADDED:
        op.drop_column(table, column.name)
    for table in ("reading", *RESULTS):
        op.drop_column(table, "value_high")
