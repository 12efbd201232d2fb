"""Version 3: network plans and day plans in tables of their own, what people follow, and documents of earlier versions."""

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Make the tables and put the documents where `planner.plans.store_migration.take_in` finds them."""
    op.create_table(
        "planner_former",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("fault", sa.Text),
    )
    _create_networks()
    _create_days()
    op.create_table(
        "planner_published",
        sa.Column("area_id", sa.String(80), primary_key=True),
        sa.Column("slot", sa.String(20), primary_key=True),
        sa.Column("plan_id", sa.String(120), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(
        "INSERT INTO planner_former (id, created_at, document) SELECT id, created_at, document FROM planner_plans"
    )
    op.drop_table("planner_plans")


def _create_networks() -> None:
    op.create_table(
        "planner_networks",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("former_id", sa.String(120), index=True),
        sa.Column("area_id", sa.String(80), nullable=False, index=True),
        sa.Column("area_name", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("service_points", sa.Integer, nullable=False),
        sa.Column("express_stations", sa.Integer, nullable=False),
        sa.Column("stages", sa.Integer, nullable=False),
        sa.Column("population_covered", sa.Float, nullable=False),
        sa.Column("opening_cost_yuan", sa.Float, nullable=False),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        sa.Column("assumed", sa.Boolean, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )


def _create_days() -> None:
    op.create_table(
        "planner_days",
        sa.Column("id", sa.String(120), primary_key=True),
        sa.Column("former_id", sa.String(120), index=True),
        sa.Column("network_id", sa.String(120), sa.ForeignKey("planner_networks.id"), nullable=False, index=True),
        sa.Column("area_id", sa.String(80), nullable=False, index=True),
        sa.Column("area_name", sa.String(200), nullable=False),
        sa.Column("date", sa.Date, nullable=False, index=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("season", sa.String(40), nullable=False),
        sa.Column("season_of_date", sa.String(40), nullable=False),
        sa.Column("routes", sa.Integer, nullable=False),
        sa.Column("stops", sa.Integer, nullable=False),
        sa.Column("unassigned", sa.Integer, nullable=False),
        sa.Column("without_place", sa.Integer, nullable=False),
        sa.Column("parcels", sa.Integer, nullable=False),
        sa.Column("distance_m", sa.Float, nullable=False),
        sa.Column("cost_yuan", sa.Float, nullable=False),
        sa.Column("lower_bound_yuan", sa.Float, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
