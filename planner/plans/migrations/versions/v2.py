"""Version 2: a plan says whether some of its data are assumed."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add the column; version 3 works it out from the documents."""
    op.add_column("planner_plans", sa.Column("assumed", sa.Boolean, nullable=False, server_default=sa.false()))
