"""Documents of every version, written by the programs of their time, are read, drawn and exported as today's are."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from planner.cli.app import app
from planner.errors import BadDataError, PlanNotFoundError
from planner.outputs.write import write_plan
from planner.plans import (
    NetworkPlan,
    ReadPlans,
    bulletin_from_json,
    bulletin_to_json,
    day_from_json,
    network_from_json,
    read_plans,
    to_json,
)
from planner.plans.store import open_store
from planner.plans.summaries import DaySummary
from planner.plans.upgrade import VERSION
from tests.planner.plans.freeze import FROZEN, shape_of_documents

OLD = ("plan-1", "plan-2", "plan-2-phases", "plan-2-infeasible", "plan-2-limited")
NETWORK_FILES = {"network.json", "network.xlsx", "network.gpkg", "index.html", "coverage.html"}
DAY_FILES = {"day.json", "day.xlsx", "day.gpkg", "index.html", "routes.html"}
ROUTE_FILES = ("gpx", "csv", "geojson", "html")


def raw(name: str) -> dict[str, Any]:
    return json.loads((FROZEN / f"{name}.json").read_text(encoding="utf-8"))


def nowhere(network_id: str) -> NetworkPlan:
    raise PlanNotFoundError(network_id)


def read(name: str) -> ReadPlans:
    return read_plans((FROZEN / f"{name}.json").read_text(encoding="utf-8"), name=name, find_network=nowhere)


def of_today() -> ReadPlans:
    network = read(f"network-{VERSION}").network
    return read_plans(
        (FROZEN / f"day-{VERSION}.json").read_text(encoding="utf-8"),
        name="day",
        find_network={network.id: network}.__getitem__,
    )


def test_there_is_a_frozen_document_of_every_version() -> None:
    schemas = {json.loads(path.read_text(encoding="utf-8"))["schema"] for path in FROZEN.glob("*.json")}
    later = {
        f"rural-service-planner/{kind}/{number}" for kind in ("network", "day") for number in range(3, VERSION + 1)
    }
    assert schemas == {"rural-service-planner/plan/1", "rural-service-planner/plan/2"} | later


@pytest.mark.parametrize("name", OLD)
def test_an_old_document_holds_a_network_and_a_day(name: str) -> None:
    found, old = read(name), raw(name)
    assert found.both
    assert found.day is not None
    assert found.day.network is found.network
    for tier, kept in (
        ("service_points", found.network.stations.service_points),
        ("express_stations", found.network.stations.express_stations),
    ):
        was = old["stations"][tier]
        assert list(kept.opened) == was["opened"]
        assert kept.opening_cost_yuan == was["opening_cost_yuan"]
        assert kept.shares.population == was["shares"]["population"]
        assert [(one.demand_id, one.site_id, one.duration_s) for one in kept.assignments] == [
            (one["demand_id"], one["site_id"], one["duration_s"]) for one in was["assignments"]
        ]
        assert [(one.demand_id, one.reason) for one in kept.uncovered] == [
            (one["demand_id"], one["reason"]) for one in was["uncovered"]
        ]
    routes = found.day.routes
    assert (routes.cost_yuan, routes.lower_bound_yuan) == (
        old["routes"]["cost_yuan"],
        old["routes"]["lower_bound_yuan"],
    )
    assert [(one.vehicle_id, one.distance_m, [visit.stop_id for visit in one.visits]) for one in routes.routes] == [
        (one["vehicle_id"], one["distance_m"], [visit["stop_id"] for visit in one["visits"]])
        for one in old["routes"]["routes"]
    ]
    assert [(one.site_id, one.delivery_parcels, one.pickup_kg) for one in found.day.demand.points] == [
        (one["site_id"], one["delivery_parcels"], one["pickup_kg"]) for one in old["demand"]["points"]
    ]
    assert found.day.date.isoformat() == old["demand"]["date"]
    assert found.day.roads.season == found.day.season.season == old["roads"]["season"]


@pytest.mark.parametrize("name", OLD)
def test_villages_hand_over_where_they_were_served_in_as_many_minutes(name: str) -> None:
    network, old = read(name).network, raw(name)
    served = {one["demand_id"]: one for one in old["stations"]["service_points"]["assignments"]}
    assert {id_ for id_, one in network.hand_over.items() if one.covered} == set(served)
    for village_id, one in served.items():
        place = network.hand_over[village_id]
        assert (place.site_id, place.duration_s) == (one["site_id"], one["duration_s"])
    ways = {way["village_id"]: way for way in old.get("village_travel", [])}
    for village_id, way in ways.items():
        place = network.hand_over[village_id]
        assert (place.site_id, place.driving_s, place.walking_s, place.access_m) == (
            way["site_id"],
            way["driving_s"],
            way["walking_s"],
            way["access_m"],
        )


def test_findings_are_said_as_they_were_written() -> None:
    for name in OLD:
        assert [str(one.message.params["text"]) for one in read(name).network.remarks] == raw(name)["remarks"]


def test_phases_become_stages_without_dates() -> None:
    network, old = read("plan-2-phases").network, raw("plan-2-phases")
    assert [stage.name for stage in network.stages] == ["2026", "2027-2028"]
    assert [(stage.first, stage.last) for stage in network.stages] == [(None, None)] * 2
    # the middle's point opens first, the west's joins it; the only township's station opens with the first point
    station = old["stations"]["express_stations"]["opened"][0]
    assert [set(stage.opened) for stage in network.stages] == [
        {"sp-middle", station},
        {"sp-middle", "sp-west", station},
    ]
    for stage, phase in zip(network.stages, old["phases"]["phases"], strict=True):
        served = {one["demand_id"]: one["duration_s"] for one in phase["coverage"]["assignments"]}
        assert {one.village_id: one.duration_s for one in stage.hand_over if one.covered} == served
    assert [one.fen for one in network.subsidies.entries] == [one["fen"] for one in old["subsidies"]["entries"]]
    assert read("plan-2-phases").day.stage == 1


def test_conflicts_and_limits_become_facts() -> None:
    infeasible, old = read("plan-2-infeasible").network, raw("plan-2-infeasible")
    (sentence,) = old["phases"]["conflicts"]
    for conflicts in (infeasible.phases.conflicts, infeasible.stations.service_points.conflicts):
        assert [(one.code, one.params) for one in conflicts] == [("as_written", {"text": sentence})]
    limited = {remedy.demand_id: remedy for remedy in read("plan-2-limited").network.remedies}
    assert [one.code for one in limited["west"].lifts] == ["above_count"]


@pytest.mark.parametrize("name", [*OLD, f"network-{VERSION}"])
def test_what_was_read_goes_round(name: str) -> None:
    found = of_today() if name.startswith("network") else read(name)
    network = network_from_json(to_json(found.network))
    assert network == found.network
    assert network.id == found.network.id
    day = day_from_json(to_json(found.day), network)
    assert day == found.day
    assert day.id == found.day.id


@pytest.mark.slow
@pytest.mark.parametrize("home", ["zh", "en"])
@pytest.mark.parametrize("name", [*OLD, f"network-{VERSION}"])
def test_everything_is_drawn_and_exported(tmp_path: Path, name: str, home: str) -> None:
    found = of_today() if name.startswith("network") else read(name)
    other = "en" if home == "zh" else "zh"
    for plan, wanted in ((found.network, NETWORK_FILES), (found.day, DAY_FILES)):
        folder = tmp_path / plan.id
        write_plan(plan, folder, home=home)
        files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert files >= wanted | {page.replace(".html", f".{other}.html") for page in wanted if page.endswith(".html")}
        assert all((folder / file).stat().st_size > 100 for file in files)
    routes = {f"routes/{route.vehicle_id}.{kind}" for route in found.day.routes.routes for kind in ROUTE_FILES}
    assert files >= routes
    assert found.network.stations.service_points.opened == () or routes


def test_conflicts_of_an_old_plan_are_on_its_page(tmp_path: Path) -> None:
    network = read("plan-2-infeasible").network
    write_plan(network, tmp_path, home="en")
    assert "allowed sites reach 46.2% at most" in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("of_store", [False, True])
def test_an_old_plan_is_exported_as_both_and_their_pages_find_each_other(tmp_path: Path, of_store: bool) -> None:
    """By its document, or by its old id in an old store."""
    store = shutil.copy(FROZEN / "store-1.db", tmp_path / "planner.db")
    (digits,) = {row.id.rpartition("-")[2] for row in _days_of(tmp_path, store)}
    which = "line-20261110-39f87bc587cc" if of_store else str(FROZEN / "plan-1.json")
    app(["export", which, "--out", str(tmp_path / "OUT"), "--store", f"sqlite:///{store}"], standalone_mode=False)
    (network,) = (tmp_path / "OUT" / "network").iterdir()
    day = tmp_path / "OUT" / "days" / "2026-11-10" / digits
    assert {path.name for path in network.iterdir()} >= NETWORK_FILES
    assert {path.name for path in day.iterdir()} >= DAY_FILES
    links = re.findall(r'href="([^"]*network/[^"]+)"', (day / "index.html").read_text(encoding="utf-8"))
    assert links
    assert all((day / link).is_file() for link in links)


def _days_of(tmp_path: Path, store: str) -> tuple[DaySummary, ...]:
    with open_store(f"sqlite:///{shutil.copy(store, tmp_path / 'copy.db')}") as plans:
        return plans.days()


@pytest.mark.parametrize("schema", ["plan/9", "plan/0", f"network/{VERSION + 1}", "network/2", "day/x", "other/1"])
def test_another_version_is_refused_by_name(schema: str) -> None:
    document = {**raw("plan-2"), "schema": f"rural-service-planner/{schema}"}
    with pytest.raises(BadDataError, match=f"a.json: schema is 'rural-service-planner/{schema}'"):
        read_plans(json.dumps(document), name="a.json", find_network=nowhere)


@pytest.mark.parametrize("name", ["plan-1", "plan-2-phases"])
def test_an_old_document_without_a_part_is_refused(name: str) -> None:
    document, tried = raw(name), 0
    kept_out = {"schema", "village_travel", "seasons", "reach"} | ({"phases", "mends", "subsidies"} & document.keys())
    for key in document.keys() - kept_out:
        without = {part: value for part, value in document.items() if part != key}
        with pytest.raises(BadDataError, match=r"plan\.json: the plan is"):
            read_plans(json.dumps(without), name="plan.json", find_network=nowhere)
        for wrong in (None, "x", 7):
            with pytest.raises(BadDataError, match=r"plan\.json: the plan is"):
                read_plans(json.dumps({**document, key: wrong}), name="plan.json", find_network=nowhere)
        tried += 1
    assert tried >= 8


def test_the_documents_are_of_the_shape_that_their_version_says() -> None:
    """Whoever changes a class of a document raises `VERSION`, and writes the step that leads there."""
    frozen = (FROZEN / f"shape-{VERSION}.txt").read_text(encoding="utf-8")
    assert shape_of_documents() == frozen, (
        "a class of the documents has changed: raise planner.plans.upgrade.VERSION, write upgrade_N_to_M and freeze it "
        "(python -m tests.planner.plans.freeze), as CONTRIBUTING.md has it; a version not released yet is only frozen again"
    )


def test_a_bulletin_of_the_first_version_opens_and_keeps_its_id() -> None:
    text = (FROZEN / "bulletins/bulletin-1.json").read_text(encoding="utf-8")
    found = bulletin_from_json(text)
    assert found.id == "line-bulletin-202611-9ecd8a9bd89a"  # what later bulletins call it
    assert bulletin_to_json(found) == text
    # of four villages two were served, 15 shops after ten; nobody counted days then
    assert (found.figure_of["A2", ""].value, found.figure_of["B1.1", ""].previous) == (0.5, 10)
    assert (found.figure_of["A11", ""].days, found.until, found.ahead_ids) == (None, None, ())


def test_frozen_documents_name_no_machine() -> None:
    for path in (path for path in FROZEN.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert not [word for word in (b"/home/", b"/root", b"/tmp/", b"/work/", b":\\\\") if word in content], path.name
