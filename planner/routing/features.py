"""What a routing problem asks beyond the plain case, by name, and which engine knows it."""

from __future__ import annotations

import math
from enum import StrEnum

from planner.errors import Message
from planner.routing.problem import RoutingProblem


class Feature(StrEnum):
    """A demand that not every engine models."""

    PAIRS = "pairs"
    RELOADS = "reloads"
    BREAKS = "breaks"
    BREAK_LOADS = "limits_on_load_in_breaks"
    DRIVING_RULE = "driving_rule"
    SPEED_OF_DAY = "speed_of_day"
    PROFILES = "profiles"
    SPEED_FACTORS = "speed_factors"
    OTHER_END = "other_end"
    OPEN_ENDS = "open_ends"
    LIMITS = "limits_on_distance_driving_stops"
    SETUP = "setup"
    SHARED_PLACES = "shared_places"
    PRIORITY = "priority"
    NAMED_VEHICLES = "named_vehicles"
    ORDERS = "orders"
    LOCKS = "locks"
    FEWEST_VEHICLES = "fewest_vehicles"
    BALANCE = "balance"
    DRIVING_COST = "driving_cost"
    RELEASES = "releases"


IN_WORDS = {
    Feature.PAIRS: Message("pairs"),
    Feature.RELOADS: Message("reloads"),
    Feature.BREAKS: Message("breaks"),
    Feature.BREAK_LOADS: Message("limits_on_load_in_breaks"),
    Feature.DRIVING_RULE: Message("driving_rule"),
    Feature.SPEED_OF_DAY: Message("speed_of_day"),
    Feature.PROFILES: Message("profiles"),
    Feature.SPEED_FACTORS: Message("speed_factors"),
    Feature.OTHER_END: Message("other_end"),
    Feature.OPEN_ENDS: Message("open_ends"),
    Feature.LIMITS: Message("limits_on_distance_driving_stops"),
    Feature.SETUP: Message("setup"),
    Feature.SHARED_PLACES: Message("shared_places"),
    Feature.PRIORITY: Message("priority"),
    Feature.NAMED_VEHICLES: Message("named_vehicles"),
    Feature.ORDERS: Message("orders"),
    Feature.LOCKS: Message("locks"),
    Feature.FEWEST_VEHICLES: Message("fewest_vehicles"),
    Feature.BALANCE: Message("balance"),
    Feature.DRIVING_COST: Message("driving_cost"),
    Feature.RELEASES: Message("releases"),
}
"""Each feature as it stands in a message."""


def features_of(problem: RoutingProblem) -> frozenset[Feature]:
    """Return the features a problem has."""
    kinds, stops = problem.vehicle_types, problem.stops
    has = {
        Feature.PAIRS: bool(problem.pairs),
        Feature.RELOADS: any(kind.max_reloads for kind in kinds),
        Feature.BREAKS: any(kind.breaks for kind in kinds),
        Feature.BREAK_LOADS: any(one.max_load for kind in kinds for one in kind.breaks),
        Feature.DRIVING_RULE: any(kind.driving_rule is not None for kind in kinds),
        Feature.SPEED_OF_DAY: bool(problem.speed_of_day),
        Feature.PROFILES: any(kind.profile for kind in kinds),
        Feature.SPEED_FACTORS: any(kind.speed_factor != 1 for kind in kinds),
        Feature.OTHER_END: any(kind.end_id != kind.depot_id for kind in kinds),
        Feature.OPEN_ENDS: any(kind.open_start or kind.open_end for kind in kinds),
        Feature.LIMITS: any(
            math.isfinite(kind.max_distance_m) or math.isfinite(kind.max_driving_s) or kind.max_stops is not None
            for kind in kinds
        ),
        Feature.SETUP: any(stop.setup_duration_s for stop in stops),
        Feature.SHARED_PLACES: any(stop.location_id for stop in stops),
        Feature.PRIORITY: any(stop.priority for stop in stops),
        Feature.NAMED_VEHICLES: any(stop.only_vehicles or stop.not_vehicles for stop in stops),
        Feature.ORDERS: bool(problem.before),
        Feature.LOCKS: bool(problem.locks),
        Feature.FEWEST_VEHICLES: problem.fewest_vehicles,
        Feature.BALANCE: bool(problem.balance_duty_yuan or problem.balance_load_yuan),
        Feature.DRIVING_COST: any(kind.cost_per_driving_hour_yuan for kind in kinds),
        Feature.RELEASES: any(stop.release_s for stop in stops),
    }
    return frozenset(feature for feature, there in has.items() if there)


OF_LEGS_AND_FLEET = frozenset(
    {
        Feature.PROFILES,
        Feature.SPEED_FACTORS,
        Feature.OTHER_END,
        Feature.OPEN_ENDS,
        Feature.LIMITS,
        Feature.SETUP,
        Feature.SHARED_PLACES,
        Feature.PRIORITY,
        Feature.NAMED_VEHICLES,
        Feature.FEWEST_VEHICLES,
        Feature.DRIVING_COST,
    }
)
"""What is asked of single legs, stops and vehicles, whatever else is in a route: a place in a route can be judged by it in
constant time (setup only where stops share no place)."""


def judged_in_constant_time(problem: RoutingProblem) -> bool:
    """Return whether a place in a route can be judged without driving the route again."""
    features = features_of(problem)
    return features <= OF_LEGS_AND_FLEET and not {Feature.SETUP, Feature.SHARED_PLACES} <= features
