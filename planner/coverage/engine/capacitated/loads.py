"""What rows weigh and sites carry, in siting with capacities."""

from __future__ import annotations

from typing import NamedTuple

from planner.coverage.engine.status import StatusArray
from planner.units import BoolArray, FloatArray


class Loads(NamedTuple):
    """What the rows weigh and the sites can carry.

    Per row: ``load``, and whether it ``must`` be served. Per site: ``capacity`` (inf: none), ``least`` load of an open
    site, ``fixed`` cost in the objective, ``price`` that counts against the budget, and ``status`` (CLOSED, FREE, OPEN).
    """

    load: FloatArray
    must: BoolArray
    capacity: FloatArray
    least: FloatArray
    fixed: FloatArray
    price: FloatArray
    status: StatusArray
