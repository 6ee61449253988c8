"""What is agreed between people: dates of their own, requests to explain, and registrations that wait for approval."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from models.core.columns import Day

revision = "0004"
down_revision = "0003"

STATES = {
    "0003": "state IN ('in_force', 'requested', 'refused')",
    "0004": "state IN ('in_force', 'requested', 'approved', 'refused')",
}


def upgrade() -> None:
    _say_states("0004")
    op.create_table(
        "phase_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("start", Day(), nullable=False),
        sa.Column("due", Day(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_reason", sa.String(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('requested', 'in_force', 'refused')", name="ck_state_known"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_phase_dates_unit_id", "phase_dates", ["unit_id"])
    op.create_table(
        "explanation_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("deadline", Day(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("cause_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name="ck_state_known"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["cause_id"], ["cause.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_explanation_request_unit_id", "explanation_request", ["unit_id"])


def downgrade() -> None:
    op.drop_index("ix_explanation_request_unit_id", table_name="explanation_request")
    op.drop_table("explanation_request")
    op.drop_index("ix_phase_dates_unit_id", table_name="phase_dates")
    op.drop_table("phase_dates")
    _say_states("0003")


def _say_states(version: str) -> None:
    with op.batch_alter_table("target") as target:
        target.drop_constraint("ck_state_known", type_="check")
        target.create_check_constraint("ck_state_known", STATES[version])
