"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``store_url`` is the database of plans; ``cached_plans`` how many are kept unpacked in memory."""

    store_url: str = "sqlite:///out/planner.db"
    cached_plans: int = 8
