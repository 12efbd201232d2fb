"""The check that replays a route plan from the problem alone, in code that did not make it."""

from planner.routing.check.plan import between_stops, check

__all__ = ["between_stops", "check"]
