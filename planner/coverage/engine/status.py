"""What is fixed of a site while a search or a proof goes on: closed, free to choose, or open."""

from __future__ import annotations

from typing import Final

from planner.units import IntArray

CLOSED: Final = -1
FREE: Final = 0
OPEN: Final = 1

StatusArray = IntArray
"""One of these for each site."""
