"""The tables of the store: network plans, service and day plans on them, which people follow and followed, bulletins.

Whoever changes a table raises `STORE_VERSION` and writes the revision that leads there (``migrations/versions``).
"""

from __future__ import annotations

import sqlalchemy as sa

STORE_VERSION = 5
METADATA = sa.MetaData()
VERSION = sa.Table("planner_store", METADATA, sa.Column("version", sa.Integer, primary_key=True))
# documents of earlier versions that could not be brought up to today's, with the reason
FORMER = sa.Table(
    "planner_former",
    METADATA,
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("fault", sa.Text),
)
NETWORKS = sa.Table(
    "planner_networks",
    METADATA,
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("former_id", sa.String(120), index=True),  # of the document that it was upgraded from
    sa.Column("area_id", sa.String(80), nullable=False, index=True),
    sa.Column("area_name", sa.String(200), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("service_points", sa.Integer, nullable=False),
    sa.Column("express_stations", sa.Integer, nullable=False),
    sa.Column("stages", sa.Integer, nullable=False),
    sa.Column("population_covered", sa.Float, nullable=False),  # -1 where it is not known (`NetworkSummary`)
    sa.Column("opening_cost_yuan", sa.Float, nullable=False),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("assumed", sa.Boolean, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)
DAYS = sa.Table(
    "planner_days",
    METADATA,
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
SERVICES = sa.Table(
    "planner_services",
    METADATA,
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("network_id", sa.String(120), sa.ForeignKey("planner_networks.id"), nullable=False, index=True),
    sa.Column("area_id", sa.String(80), nullable=False, index=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("season", sa.String(40), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("visits", sa.Integer, nullable=False),  # a week
    sa.Column("missed", sa.Integer, nullable=False),  # visits a week that no route makes
    sa.Column("vehicles", sa.Integer, nullable=False),
    sa.Column("parcels", sa.Integer, nullable=False),  # down, a week
    sa.Column("distance_m", sa.Float, nullable=False),  # a week
    sa.Column("week_yuan", sa.Float, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)
PUBLISHED = sa.Table(
    "planner_published",
    METADATA,
    sa.Column("area_id", sa.String(80), primary_key=True),
    sa.Column("slot", sa.String(20), primary_key=True),  # network, or a date
    sa.Column("plan_id", sa.String(120), nullable=False),
    sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
)
# what people followed, in the order in which it was published: the last of a slot is that of `PUBLISHED`
REVISIONS = sa.Table(
    "planner_revisions",
    METADATA,
    sa.Column("area_id", sa.String(80), primary_key=True),
    sa.Column("slot", sa.String(20), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),  # from 1
    sa.Column("plan_id", sa.String(120), nullable=False),
    sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
)
BULLETINS = sa.Table(
    "planner_bulletins",
    METADATA,
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("area_id", sa.String(80), nullable=False, index=True),
    sa.Column("period", sa.String(7), nullable=False, index=True),  # a month, 2026-11
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)
