"""Version 5: service plans."""

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "planner_services",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("network_id", sa.String(120), sa.ForeignKey("planner_networks.id"), nullable=False, index=True),
        sa.Column("area_id", sa.String(80), nullable=False, index=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("season", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("vehicles", sa.Integer, nullable=False),
        sa.Column("parcels", sa.Integer, nullable=False),
        sa.Column("distance_m", sa.Float, nullable=False),
        sa.Column("week_yuan", sa.Float, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
