"""Version 1: the first that was kept; nothing leads to it."""

revision = "1"
down_revision = None


def upgrade() -> None:
    """Change nothing: where a store begins."""
