"""A registration of the campaign's files names where it comes from."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("target", sa.Column("source_note", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("target") as target:
        target.alter_column("source_note", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("target") as target:
        target.drop_column("source_note")
