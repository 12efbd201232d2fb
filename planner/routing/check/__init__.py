"""The check that replays a route plan from the problem alone, in code that did not make it."""

from planner.routing.check.plan import between_stops, check
from planner.routing.check.route import violations_of

__all__ = ["between_stops", "check", "violations_of"]
