"""Ids of the stops that planning the rest of a day adds: where a vehicle is, what it has on board, the half of a stop.

A vehicle on the road begins at "@<vehicle>/here"; what is fetched from one that is lost are stops "@<vehicle>/<stop>", and
"@<vehicle>/collected" for what it has collected; "<stop>/pickup" is what a stop hands over where that is a stop of its own.
"""

from __future__ import annotations

_AT, _OF, _HERE, _COLLECTED = "@", "/", "here", "collected"
_HALF = "/pickup"


def place_of(vehicle_id: str) -> str:
    """Return the id of the place where a vehicle on the road is."""
    return f"{_AT}{vehicle_id}"


def at_vehicle(vehicle_id: str, stop_id: str) -> str:
    """Return the id of the stop at which the goods of another stop are taken from where a vehicle is."""
    return f"{place_of(vehicle_id)}{_OF}{stop_id}"


def here_id(vehicle_id: str) -> str:
    """Return the id of the stop with which a vehicle on the road begins."""
    return at_vehicle(vehicle_id, _HERE)


def collected_id(vehicle_id: str) -> str:
    """Return the id of the stop at which what a vehicle has collected is taken from where it is."""
    return at_vehicle(vehicle_id, _COLLECTED)


def half_id(stop_id: str) -> str:
    """Return the id of what a stop hands over, where that is a stop of its own."""
    return f"{stop_id}{_HALF}"


def is_half(stop_id: str) -> bool:
    """Return whether a stop is what another one hands over."""
    return stop_id.endswith(_HALF)


def whole_id(stop_id: str) -> str:
    """Return the id of the stop that a half is of; that of any other stop itself.

    Examples
    --------
    >>> whole_id(half_id("sp-1")), whole_id("sp-1")
    ('sp-1', 'sp-1')
    """
    return stop_id.removesuffix(_HALF)


def vehicle_at(place_id: str) -> str:
    """Return the vehicle at whose place a stop is, or whose place it is; empty for others.

    Examples
    --------
    >>> vehicle_at(here_id("van-1")), vehicle_at(place_of("van-1")), vehicle_at(half_id("sp-1"))
    ('van-1', 'van-1', '')
    """
    return place_id.removeprefix(_AT).partition(_OF)[0] if place_id.startswith(_AT) else ""


def taken_for(stop_id: str) -> str:
    """Return the stop whose goods are taken from where a vehicle is; empty for what that vehicle has collected."""
    taken = stop_id.partition(_OF)[2]
    return "" if taken == _COLLECTED else taken


def is_free(stop_id: str) -> bool:
    """Return whether somebody may give this id to a stop: none of those above looks like it."""
    return _AT not in stop_id and _OF not in stop_id
