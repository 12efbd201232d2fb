"""What every part of the check of one route looks at, and the faults that they find."""

from __future__ import annotations

from planner.errors import Message
from planner.routing.problem import RoutingProblem
from planner.routing.solution import Route, Violation, ViolationKind
from planner.routing.vehicles import VehicleType

TIME_TOLERANCE_S = 1e-3
LOAD_TOLERANCE = 1e-6


class RouteReplay:
    """One route of a plan, driven again; ``found`` gathers its faults."""

    def __init__(self, problem: RoutingProblem, route: Route) -> None:
        self.problem = problem
        self.route = route
        self.stops = {stop.id: stop for stop in problem.stops}
        self.kind: VehicleType = next(kind for kind in problem.vehicle_types if kind.id == route.vehicle_type_id)
        self.travel = problem.travel_of(self.kind)
        self.row = {id_: i for i, id_ in enumerate(self.travel.origin_ids)}
        self.column = {id_: i for i, id_ in enumerate(self.travel.destination_ids)}
        self.calls = route.calls()
        self.found: list[Violation] = []
        self.stretches: list[tuple[float, float]] = []  # (begin, end) of driving
        self.pauses: list[tuple[float, float]] = []  # (begin, end) of standing still for a break or rest

    def note(self, kind: ViolationKind, stop_id: str, message: Message) -> None:
        """Add a fault."""
        self.found.append(Violation(kind=kind, vehicle_id=self.route.vehicle_id, stop_id=stop_id, message=message))

    def expect(self, kind: ViolationKind, stop_id: str, what: Message, found: float, claimed: float) -> None:
        """Add a fault where a figure of the plan is not the one found."""
        if not abs(found - claimed) <= TIME_TOLERANCE_S:
            self.note(
                kind,
                stop_id,
                Message("{what} is {found:.3f}, the plan says {claimed:.3f}", what=what, found=found, claimed=claimed),
            )
