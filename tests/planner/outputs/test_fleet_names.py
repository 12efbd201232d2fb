"""What vehicles are called: by type and number in the reader's language, by their ids where a type has no other name."""

from dataclasses import replace

import pytest

from planner.model import Fact
from planner.outputs.courier.courier_day import vehicle_name
from planner.outputs.fleet_names import FleetNames
from planner.outputs.relaxations import reason_text
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan
from planner.routing.solution import Unassigned, UnassignedReason
from planner.words import speaking

VAN = {"zh": "厢式货车 1.5 t", "en": "van 1.5 t"}


def day_with(line: PlannedArea, **names: object) -> DayPlan:
    """The day with these types of vehicles, by their ids."""
    (kind,) = line.day.config["routing"]["vehicles"]
    fleet = [kind | {"id": id_, "name": name} for id_, name in names.items()]
    return replace(line.day, config=line.day.config | {"routing": line.day.config["routing"] | {"vehicles": fleet}})


def test_a_vehicle_is_called_by_its_type_and_number(line: PlannedArea) -> None:
    plan = day_with(line, van=VAN, trike="三轮车", t4="货车4.2", v9="v9")
    told = {
        "zh": ["厢式货车1", "三轮车12", "货车4.2-3", "v9-1", "厢式货车", "三轮车", "boat-1", "@van"],
        # the type is called in English as its id says, so that the vehicle's id says it all
        # and one that has no English name by its id
        "en": ["van-1", "trike-12", "t4-3", "v9-1", "van", "trike", "boat-1", "@van"],
    }
    for lang, names in told.items():
        with speaking(lang):
            fleet = FleetNames.of(plan)
            assert [
                fleet.called(id_) for id_ in ("van-1", "trike-12", "t4-3", "v9-1", "van", "trike", "boat-1", "@van")
            ] == names


def test_types_that_differ_in_what_they_hold_only_say_it(line: PlannedArea) -> None:
    plan = day_with(line, big=VAN, small={"zh": "厢式货车 0.8 t", "en": "van 0.8 t"})
    with speaking("zh"):
        assert FleetNames.of(plan).called("small-2") == "厢式货车 0.8 t 2"
    with speaking("en"):
        assert FleetNames.of(plan).called("small-2") == "van 0.8 t 2"


def test_couriers_are_told_the_name_and_plate_of_a_unit_else_the_type(line: PlannedArea) -> None:
    plan = day_with(line, van=VAN)
    with speaking("zh"):
        assert vehicle_name(plan, "van-2").shown == "厢式货车2"
        (kind,) = plan.config["routing"]["vehicles"]
        named = kind | {"units": [{"name": "老王"}, {"plate": "黑B·1"}]}
        plan = replace(plan, config=plan.config | {"routing": plan.config["routing"] | {"vehicles": [named]}})
        assert [vehicle_name(plan, f"van-{n}").shown for n in (1, 2)] == ["老王", "黑B·1"]
        assert FleetNames.of(plan).called("van-1") == "厢式货车1"  # names and plates are in the couriers' pack alone


@pytest.mark.parametrize(("lang", "wanted"), [("zh", "没有车型具备冷链"), ("en", "no vehicle type has cold chain")])
def test_a_reason_names_skills_and_types_as_people_do(line: PlannedArea, lang: str, wanted: str) -> None:
    left = Unassigned(
        stop_id="a",
        reason=UnassignedReason.NO_SKILL,
        details=Fact(code="no_type_has_skills", params={"skills": ("cold",)}),
    )
    away = Fact(code="type_kept_away", params={"vehicle_type": "van", "because": Fact(code="no_depot_has_a_way")})
    with speaking(lang):
        fleet = FleetNames.of(day_with(line, van=VAN))
        assert wanted in reason_text(left, {}, fleet)
        said = reason_text(replace(left, details=away), {}, fleet)
        assert ("厢式货车：" if lang == "zh" else "van: ") in said


def test_vehicles_are_named_in_a_list_and_counted_where_they_are_a_number(line: PlannedArea) -> None:
    off = Fact(code="wanted_vehicles_off_duty", params={"vehicles": ("van-1", "van-2")})
    used_up = Fact(code="no_vehicle_had_room", params={"vehicles": 2})
    with speaking("zh"):
        fleet = FleetNames.of(day_with(line, van=VAN))
        left = Unassigned(stop_id="a", reason=UnassignedReason.NO_VEHICLE_LEFT, details=off)
        assert "厢式货车1、厢式货车2" in reason_text(left, {}, fleet)
        left = replace(left, reason=UnassignedReason.FLEET_USED_UP, details=used_up)
        assert "2" in reason_text(left, {}, fleet)


def test_names_of_two_areas_that_read_alike_in_one_language_are_told_apart_in_the_other(line: PlannedArea) -> None:
    with speaking("zh"):
        assert FleetNames.of(day_with(line, van="van 1.5 t")).called("van") == "van"
        assert FleetNames.of(day_with(line, van=VAN)).called("van") == "厢式货车"
