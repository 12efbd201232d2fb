"""What people read of a day over stations: which points go over which, and what the hub's vehicles hand over there."""

from __future__ import annotations

import math

from planner.outputs.names import spoken_name
from planner.plans import DayPlan
from planner.service.tiers import Consignment
from planner.words import figures, listed, say


def stations_lines(plan: DayPlan) -> list[str]:
    """Return the points that go over each station, when the first are ready and what it is paid, and who goes directly."""
    chain = plan.transfers
    if chain is None:
        return []
    names = plan.area.site_by_id
    lines = []
    for station in chain.stations:
        here = [one for one in chain.consignments if one.station_id == station.site_id]
        points = dict.fromkeys(plan.site_of_stop[id_] for one in here for id_ in one.point_ids)
        ready = [one.ready_s for one in here if not one.up]
        lines.append(
            say(
                "By station {station}: {points}; {down} parcels down, {up} up, ready from {clock}; the station costs {yuan} "
                "besides routes",
                station=spoken_name(names[station.site_id]),
                points=listed([spoken_name(names[id_]) for id_ in points]),
                down=figures.number(round(math.fsum(one.amount[0] for one in here if not one.up))),
                up=figures.number(round(math.fsum(one.amount[0] for one in here if one.up))),
                clock=figures.clock(min(ready)) if ready else "-",
                yuan=figures.yuan(chain.yuan_by_station[station.site_id]),
            )
        )
    for left in chain.directly:
        lines.append(
            say(
                "Directly from the hub today, for station {station} cannot serve it: {point}",
                station=spoken_name(names[left.station_id]),
                point=spoken_name(names[plan.site_of_stop[left.point_id]]),
            )
        )
    return lines


def call_text(call: Consignment) -> str:
    """Return what a hub's vehicle does at a station: hand over, or fetch, so many parcels."""
    parcels = figures.number(round(call.amount[0]))
    if call.up:
        return say("Fetch {parcels} parcels at the station, ready from {clock}", parcels=parcels,
                   clock=figures.clock(call.ready_s))  # fmt: skip
    return say("Hand over {parcels} parcels at the station", parcels=parcels)
