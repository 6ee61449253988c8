"""What pulling needs beside runs and claims: raw answers in the archive, alerts, progress, and failures in words."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from models.core.columns import Day

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for table, column in (("run", "failure_terms"), ("run_claim", "progress")):
        op.add_column(table, sa.Column(column, sa.JSON(), nullable=True))
    with op.batch_alter_table("quarantined") as quarantined:
        quarantined.add_column(sa.Column("settled_run_id", sa.Integer(), nullable=True))
        quarantined.create_foreign_key("fk_quarantined_settled_run", "run", ["settled_run_id"], ["id"])
    op.create_table(
        "payload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_payload_run_id", "payload", ["run_id"])
    op.create_index("ix_payload_sha256", "payload", ["sha256"])
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("for_date", Day(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("sent_machine", UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('late', 'failing', 'recovered')", name="ck_kind_known"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "kind", "for_date", name="uq_alert_once"),
    )


def downgrade() -> None:
    op.drop_table("alert")
    op.drop_index("ix_payload_sha256", table_name="payload")
    op.drop_index("ix_payload_run_id", table_name="payload")
    op.drop_table("payload")
    with op.batch_alter_table("quarantined") as quarantined:
        quarantined.drop_constraint("fk_quarantined_settled_run", type_="foreignkey")
        quarantined.drop_column("settled_run_id")
    for table, column in (("run_claim", "progress"), ("run", "failure_terms")):
        op.drop_column(table, column)
