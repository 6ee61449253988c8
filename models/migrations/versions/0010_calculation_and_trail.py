"""The store names the calculation behind its kept results, and what proves its audit trail from outside.

What an earlier version kept was computed by an unknown calculation (0): `init` computes it anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

STATE = ("calculation", "trail_gapless_from", "trail_seal")


def upgrade() -> None:
    op.add_column("store_state", sa.Column("calculation", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("store_state", sa.Column("trail_gapless_from", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("store_state", sa.Column("trail_seal", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("store_state") as state:
        for name in STATE:
            state.alter_column(name, server_default=None)
    if op.get_bind().dialect.name == "postgresql":
        # Its sequences skip a number where a change was undone, and until now they gave the entries theirs.
        op.execute("UPDATE store_state SET trail_gapless_from = (SELECT coalesce(max(id), 0) + 1 FROM audit_entry)")


def downgrade() -> None:
    with op.batch_alter_table("store_state") as state:
        for name in STATE:
            state.drop_column(name)
    if op.get_bind().dialect.name == "postgresql":
        # From here on the sequence gives entries their numbers again.
        op.execute(
            "SELECT setval(pg_get_serial_sequence('audit_entry', 'id'), (SELECT coalesce(max(id), 0) + 1"
            " FROM audit_entry), false)"
        )
