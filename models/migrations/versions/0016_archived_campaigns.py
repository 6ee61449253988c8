"""A campaign that is over can lie in the archive: it is read and no longer changed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("store_state", sa.Column("is_archived", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("store_state") as state:
        state.alter_column("is_archived", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("store_state") as state:
        state.drop_column("is_archived")
