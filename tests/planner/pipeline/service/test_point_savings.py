"""What a week's routes would cost less without a point: routes costed leg by leg, by hand."""

import itertools

import pytest

from planner.config import PlanConfig
from planner.pipeline.service.plan import PlannedService
from planner.pipeline.service.point_savings import week_savings


def test_the_savings_of_the_line_are_those_of_its_routes(line_week: PlannedService, line_config: PlanConfig) -> None:
    """A route that serves one point alone is saved whole; of one that serves both, what its other point alone leaves."""
    plan = line_week.plan
    (kind,) = line_config.routing.vehicles
    for point in plan.points:
        saved = 0.0
        for day in plan.days:
            site_of = day.demand.site_of_stop
            for route in day.routes:
                sites = [site_of[visit.stop_id] for visit in route.visits]
                if point.site_id not in sites:
                    continue
                if set(sites) == {point.site_id}:
                    saved += route.cost_yuan
                    continue
                matrix = line_week.problems[day.weekday].travel
                kept = [visit for visit in route.visits if site_of[visit.stop_id] != point.site_id]
                places = [route.depot_id, *(site_of[visit.stop_id] for visit in kept), route.depot_id]
                index = {id_: k for k, id_ in enumerate(matrix.origin_ids)}
                legs = [(index[a], index[b]) for a, b in itertools.pairwise(places)]
                metres = sum(float(matrix.distances_m[a, b]) for a, b in legs)
                seconds = sum(float(matrix.durations_s[a, b]) for a, b in legs)
                seconds += sum(visit.departure_s - visit.service_start_s for visit in kept)
                rest = kind.fixed_cost_yuan + kind.cost_per_km_yuan * metres / 1000
                seconds += kind.loading_duration_s
                saved += route.cost_yuan - rest - kind.cost_per_hour_yuan * seconds / 3600
        assert point.saved_yuan == pytest.approx(saved, abs=0.01)
        assert saved > 0


def test_a_point_whose_saving_is_not_known_each_day_has_none() -> None:
    assert week_savings([{"a": 1.5, "b": 2.0}, {"a": 2.5}], {"a": 0b11, "b": 0b11}) == {"a": 4.0}
