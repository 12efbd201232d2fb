"""Coverage by service, worked out on the month of `month_worlds`."""

from dataclasses import replace

from planner.model import RowsLeftOut
from planner.pipeline.whole_plan import PlannedArea
from planner.plans.service_coverage import service_coverage
from tests.planner.pipeline.month_worlds import month_network


def test_villages_are_counted_by_service_and_township(line: PlannedArea) -> None:
    network = month_network(line)
    area = network.area
    mushrooms = replace(
        area,
        sites=tuple(
            replace(one, services=(*one.services, "mushrooms")) if one.id == "sp-middle" else one for one in area.sites
        ),
    )
    rows = {(one.service, one.township_id): one for one in service_coverage(replace(network, area=mushrooms))}
    assert len(rows) == 6 * 3  # five services and one of its own, county and two townships
    express = rows["express", ""]
    # west and middle of four villages have a point with express
    assert (express.villages, express.offered, express.unknown, express.share) == (4, 2, 0, 0.5)
    assert (rows["express", "t1"].share, rows["express", "t2"].share) == (2 / 3, 0.0)
    assert rows["training", ""].share == 0.0
    assert rows["mushrooms", "t1"].offered == 2


def test_a_point_that_does_not_say_is_no_point_without(line: PlannedArea) -> None:
    network = month_network(line)
    silent = tuple(replace(one, services=("express",) if one.id == "es-t1" else ()) for one in network.area.sites)
    rows = service_coverage(replace(network, area=replace(network.area, sites=silent)))
    assert {(one.unknown, one.share) for one in rows if one.township_id == ""} == {(2, None)}
    nothing = tuple(replace(one, services=()) for one in network.area.sites)
    assert service_coverage(replace(network, area=replace(network.area, sites=nothing))) == ()


def test_villages_whose_rows_are_at_fault_count_as_not_in_the_county(line: PlannedArea) -> None:
    network = month_network(line)
    left_out = RowsLeftOut(villages=4, population=0, households=0, poor_villages=0, without_people=4)
    rows = service_coverage(replace(network, area=replace(network.area, rows_left_out=left_out)))
    express = {one.township_id: (one.villages, one.offered, one.share) for one in rows if one.service == "express"}
    # two of four villages have a point with express; of which township the other four are, nobody knows
    assert express == {"": (8, 2, 2 / 8), "t1": (3, 2, 2 / 3), "t2": (1, 0, 0.0)}
