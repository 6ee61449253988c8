"""Who gets mails says which: the digest, reminders of what is due, or both."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

WANTED = ("digest", "reminders")


def upgrade() -> None:
    """Whoever had an address wanted what there was to have; reminders are on until they are switched off."""
    for name in WANTED:
        op.add_column("mail_address", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("mail_address") as table:
        for name in WANTED:
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("mail_address") as table:
        for name in WANTED:
            table.drop_column(name)
