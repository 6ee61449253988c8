"""A score's period is one of a basis: a year, its first quarter and its first month begin on the same day."""

from alembic import op

revision = "0007"
down_revision = "0006"
TOLD = ["unit_id", "indicator_key", "rank_group", "source_id", "period_start", "as_of", "revision"]


def upgrade() -> None:
    with op.batch_alter_table("score") as score:
        score.drop_constraint("uq_score_told", type_="unique")
        score.create_unique_constraint("uq_score_told", [*TOLD[:4], "basis", *TOLD[4:]])


def downgrade() -> None:
    with op.batch_alter_table("score") as score:
        score.drop_constraint("uq_score_told", type_="unique")
        score.create_unique_constraint("uq_score_told", TOLD)
