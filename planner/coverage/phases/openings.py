"""In which phase each site opens."""

from __future__ import annotations

from collections.abc import Set

from planner.coverage.phases.phased import PhasedSolution
from planner.coverage.solution import StationPlan


def opening_phases(phases: PhasedSolution, stations: StationPlan, existing: Set[str]) -> dict[str, int]:
    """Return the number of the first phase in which each open site of both tiers is open, from 0.

    A service point's is that of the plan, and so is an express station's where both tiers are planned together. Else it
    opens with the first point that is linked to it; one that serves nothing opens in the last phase. ``existing`` sites that
    stay are open from the first phase on, whatever is linked to them.
    """
    first: dict[str, int] = {}
    for number, phase in enumerate(phases.phases):
        for site_id in phase.coverage.opened:
            first.setdefault(site_id, number)
    last = len(phases.phases) - 1
    together: dict[str, int] = {}
    for number, phase in enumerate(phases.phases):
        for station_id in phase.coverage.upper.opened if phase.coverage.upper is not None else ():
            together.setdefault(station_id, number)
    if together:
        return first | together
    above = dict.fromkeys(stations.express_stations.opened, last)
    for link in stations.express_stations.assignments:
        above[link.site_id] = min(above[link.site_id], first.get(link.demand_id, last))
    return first | above | dict.fromkeys(above.keys() & existing, 0)
