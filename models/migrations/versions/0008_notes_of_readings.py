"""What a file says beside a figure (Ghi chú) is kept with it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("reading", sa.Column("note", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("reading", "note")
