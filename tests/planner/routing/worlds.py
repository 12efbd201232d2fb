"""What worlds of routing are built from: a vehicle with the usual values, and places along one road."""

import numpy as np

from planner.model import TravelMatrix
from planner.routing import VehicleType

HOUR = 3600.0
_USUAL = {
    "id": "van",
    "name": "van",
    "count": 2,
    "depot_id": "hub",
    "capacity": (100.0,),
    "shift_start_s": 0.0,
    "shift_end_s": 40_000.0,
    "max_duration_s": 10_000.0,
    "fixed_cost_yuan": 50.0,
    "cost_per_km_yuan": 1.0,
    "cost_per_hour_yuan": 36.0,
}


def vehicle(**changes):
    """Two vans at the hub for 100 kg, 50 yuan each, a yuan a kilometre and a fen a second, but for the changes."""
    return VehicleType(**(_USUAL | changes))


def road(*ids, seconds=600.0, metres=10_000.0, cut_off=()):
    """Travel along one road, its places ten minutes and ten kilometres from each to the next; none to those cut off."""
    steps = np.abs(np.subtract.outer(np.arange(len(ids)), np.arange(len(ids)))).astype(float)
    for i, id_ in enumerate(ids):
        if id_ in cut_off:
            steps[i, :] = steps[:, i] = np.inf
            steps[i, i] = 0.0
    return TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=steps * seconds, distances_m=steps * metres)
