"""What vehicles and stops of a service plan are called in the language that is spoken."""

from __future__ import annotations

from planner.model import Tier
from planner.outputs.fleet_names import FleetNames
from planner.outputs.names import StopNames, spoken_name, stop_names
from planner.plans.service_plan import ServicePlan
from planner.words import say


def week_fleet(plan: ServicePlan, at: str = "") -> FleetNames:
    """Return the names of the hub's vehicles, and those of each station with its name before them, but for that ``at``."""
    asked = plan.config["service"].get("stations") or {}
    there = FleetNames.of_vehicles(asked.get("vehicles", ())).of_types
    own = {
        f"{kind}-{id_}": name
        if id_ == at
        else say("{station} {vehicle}", station=spoken_name(plan.area.site_by_id[id_]), vehicle=name)
        for id_ in (site.id for site in plan.area.sites_of(Tier.EXPRESS_STATION))
        for kind, name in there.items()
    }
    return FleetNames({**FleetNames.of_vehicles(plan.config["routing"]["vehicles"]).of_types, **own})


def week_stop_names(plan: ServicePlan) -> StopNames:
    """Return the names of points and sites by the ids of stops; a consignment's call has the name of its station."""
    names = StopNames(stop_names(plan.area, spoken_name))
    for day in plan.days:
        names.update({one.id: names[one.station_id] for one in day.tiers.consignments})
    return names
