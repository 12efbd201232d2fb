"""What stood against an unassigned task, in an English sentence: VROOM's JSON is a format and knows one language.

Times are seconds on the clock of the request, amounts and money those of the request.
"""

from __future__ import annotations

from typing import Any

from planner.model import Fact
from planner.routing.relaxation import Relaxation
from planner.routing.vroom.translate import Translation

SENTENCES = {
    "no_type_has_skills": "no vehicle type has {skills}",
    "allowed_lack_skills": "may be served by {allowed}; none of them has the skills",
    "not_barred_lack_skills": "may be served by all, not {barred}; none of them has the skills",
    "allowed_or_barred": "may be served by {allowed}, not {barred}; none of them has the skills",
    "no_depot_has_a_way": "no depot with a vehicle has a way there and back",
    "split_over_vehicles": (
        "delivery {delivery}, pickup {pickup}; the vehicle type {vehicle_type} holds {capacity}: "
        "split it into {visits} equal visits"
    ),
    "no_type_holds_every_dimension": (
        "delivery {delivery}, pickup {pickup}; the vehicle type {vehicle_type} holds {capacity}: "
        "no vehicle type holds every dimension it needs"
    ),
    "amount_of": "{amount} {dimension_code}",
    "any_amount_of": "any {dimension_code}",
    "closes_before_first_arrival": "closes at {closes_clock_s}, the first vehicle can be there at {first_clock_s}",
    "ready_too_late": (
        "is ready at {ready_clock_s}, closes at {closes_clock_s}, the first vehicle can be there at {first_clock_s}"
    ),
    "route_longer_than_duty": (
        "any route by this stop takes at least {needed_s} s within its hours {hours}; "
        "duty lasts at most {duty_limit_s} s and ends by {ends_clock_s}"
    ),
    "hours_of_stop": "{opens_clock_s}-{closes_clock_s}",
    "route_beyond_limits": "the shortest route by this stop, with {vehicle_type}: {measures}",
    "distance_of_route": "{route_m} m",
    "distance_against_limit": "{route_m} m (at most {route_limit_m} m)",
    "driving_of_route": "{driving_s} s of driving",
    "driving_against_limit": "{driving_s} s of driving (at most {driving_limit_s} s)",
    "most_stops": "at most {stops} stops",
    "partner_not_served": "it is served with {partner_id} only: {because}",
    "pair_hours_apart": (
        "no vehicle can bring it from {first_id} within {first_hours} to {second_id} within {second_hours}"
    ),
    "break_forbids": "{vehicle_type} has to take a break, {breaks}: no route by this stop leaves time for it",
    "break_of_vehicle": "begun within {hours}, of {lasts_s} s",
    "break_with_load": "{pause}, with at most {capacity} on board",
    "each_type_kept_away": "{types}",
    "type_kept_away": "{vehicle_type}: {because}",
    "cheaper_left_out": "leaving it out costs {skip_price_yuan}, less than any place found for it",
    "no_route_by_others": "it is not served alone ({because}), and no route by way of other stops was found",
    "limits_together": "its hours {hours} and the limits of the vehicles together let no vehicle serve it alone",
    "no_vehicle_had_room": "it fits alone, but none of the {vehicles} vehicles has room for it in the plan that was found",
}


def sentence_of(fact: Fact, base_s: float) -> str:
    """Return the fact in English; ``base_s`` is the second of the request at which the clock of the problem begins."""
    return SENTENCES[fact.code].format(**{name: _said(name, value, base_s) for name, value in fact.params.items()})


def _said(name: str, value: object, base_s: float) -> str:
    if isinstance(value, tuple):
        return " and ".join(_said(name, one, base_s) for one in value)
    if isinstance(value, Fact):
        return sentence_of(value, base_s)
    if isinstance(value, (int, float)):
        return f"{value + base_s if name.endswith('_clock_s') else value:.15g}"
    return str(value)


def relaxation_of(change: Relaxation, translation: Translation) -> dict[str, Any]:
    """Return a change that would serve a task: seconds, metres, amounts and money are the request's."""
    vehicle = next(
        (one.id for name, one in translation.vehicles.items() if name.rpartition("-")[0] == change.vehicle_type_id),
        None,
    )
    found: dict[str, Any] = {"change": change.kind.value, "added_cost": round(change.added_yuan, 2)}
    if vehicle is not None:
        found["vehicle"] = vehicle
    if change.amount:
        found["amount"] = round(change.amount, 2)
    if change.until_s is not None:
        found["until"] = round(change.until_s + translation.base_s, 2)
    if any(change.room):
        found["room"] = [round(amount, 2) for amount in change.room]
    if change.skills:
        found["skills"] = [int(skill.rpartition(" ")[2]) for skill in change.skills]
    return found
