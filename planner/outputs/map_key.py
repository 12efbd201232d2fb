"""The key to a provider's map pictures: from the environment or the configuration, never from a document."""

from __future__ import annotations

import os
from contextvars import ContextVar

VARIABLE = "PLANNER_MAP_KEY"
_OFFERED: ContextVar[str] = ContextVar("map_key", default="")


def offer_key(key: str) -> None:
    """Keep the key of a configuration for the maps that are made from here on."""
    _OFFERED.set(key)


def map_key() -> str:
    """Return the key, that of the environment first; empty if there is none."""
    return os.environ.get(VARIABLE, "").strip() or _OFFERED.get()
