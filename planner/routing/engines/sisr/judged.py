"""What kernels ask of a judge: each has kernels of its own for it, picked by its kind of world."""

from __future__ import annotations

from collections.abc import Callable

from planner.kernels.by_struct import declare
from planner.routing.engines.sisr.arrays import Search, World

propose: Callable[[World, Search, int], int] = declare("propose")
"""Change the routes; return how many stops that leaves absent, the first of ``pending``.

Routes may be opened until as many are used as the last argument says, `ANY_NUMBER` without a limit.
"""
decline: Callable[[World, Search], None] = declare("decline")
"""Put the routes back as they were before the proposal."""
keep_best: Callable[[World, Search], None] = declare("keep_best")
"""Note the current routes as the best."""
