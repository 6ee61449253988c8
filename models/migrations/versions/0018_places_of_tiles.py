"""A unit may have a place on the tile map of its level."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

COLUMNS = ("tile_row", "tile_column")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("unit", sa.Column(name, sa.Integer(), nullable=True))


def downgrade() -> None:
    # Not in a batch: SQLite would make the table anew, and others point at it.
    for name in COLUMNS:
        op.drop_column("unit", name)
