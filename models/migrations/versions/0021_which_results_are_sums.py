"""A result says whether it is the sum of those below, who are asked whether the figures have come instead of it.

The kept ones are computed anew by the next start, under another number of the calculation; frozen ones never change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

RESULTS = ("standing", "snapshot_row")


def upgrade() -> None:
    for table in RESULTS:
        op.add_column(table, sa.Column("is_pooled", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table in RESULTS:
        op.drop_column(table, "is_pooled")
