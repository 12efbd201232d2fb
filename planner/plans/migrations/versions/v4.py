"""Version 4: what people followed before, and bulletins."""

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Make the tables; what is published now is the first revision that is known."""
    op.create_table(
        "planner_revisions",
        sa.Column("area_id", sa.String(80), primary_key=True),
        sa.Column("slot", sa.String(20), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("plan_id", sa.String(120), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(
        "INSERT INTO planner_revisions (area_id, slot, number, plan_id, published_at) "
        "SELECT area_id, slot, 1, plan_id, published_at FROM planner_published"
    )
    op.create_table(
        "planner_bulletins",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("area_id", sa.String(80), nullable=False, index=True),
        sa.Column("period", sa.String(7), nullable=False, index=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
