"""A study of an area: what its service points reach against what they and the routes to them cost a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planner.model import Fact, RoadLine, Site, StudyArea, Text
from planner.plans.road_facts import LegPath, RoadSummary
from planner.service.frontier import Frontier, FrontierPoint, FrontierProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierStudy:
    """The frontier of an area's service points, with the problem it answers.

    Sites cost what opening them costs over ``lifetime_years`` and what they cost to run. ``vehicle`` is the one type that
    all routes are planned with. ``paths`` are the ways of all legs, ``notes`` what the frontier leaves aside. ``config``
    has the parts of the configuration that it rests on (JSON types). ``network_id`` is the network plan whose points are
    the coverage-only plan, empty where they were sited for the study.
    """

    area: StudyArea
    roads: RoadSummary
    config: dict[str, Any]
    network_id: str
    hub: Site
    vehicle: Text
    lifetime_years: float
    problem: FrontierProblem
    frontier: Frontier
    paths: tuple[LegPath, ...]
    road_lines: tuple[RoadLine, ...]
    notes: tuple[Fact, ...] = ()

    @property
    def rests_on(self) -> dict[str, Any]:
        """The parts of the configuration that the study rests on: all that it keeps."""
        return self.config

    @property
    def id(self) -> str:
        """What it is a study of, in a line."""
        return f"{self.area.id}-frontier-{self.roads.vehicle}-{self.roads.season}"

    @property
    def plans(self) -> tuple[FrontierPoint, ...]:
        """The points that no other dominates, the cheapest first; then the coverage-only plan, unless it is one of them."""
        reference = self.frontier.coverage_only
        if reference is None or reference in self.frontier.points:
            return self.frontier.points
        return (*self.frontier.points, reference)

    def is_coverage_only(self, point: FrontierPoint) -> bool:
        """Return whether a point is the plan that was made without routes in mind."""
        return point == self.frontier.coverage_only
