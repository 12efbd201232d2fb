"""No text from data is run as a program, breaks what shows it, or comes out changed: in no file, page or answer."""

import datetime
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner.model import Site, Township, Village
from planner.outputs.service import write_service
from planner.outputs.write import write_plan
from planner.pipeline.bulletin.month import bulletin_of_month
from planner.pipeline.service.plan import plan_service
from planner.pipeline.whole_plan import plan_area
from planner.plans.bulletin import Month
from planner.plans.store import open_store
from tests.planner.outputs.hostile import (
    ATTACKS,
    HARMLESS,
    marked,
    of_facility,
    text_fields,
    texts_of,
    write_hostile_area,
)
from tests.planner.outputs.test_maps_in_a_browser import Visit
from tests.planner.outputs.test_maps_in_a_browser import browser as browser

NOON = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)
TOGETHER = " ".join(ATTACKS)
EVENTS = {"now": "06:50", "most_changes": 3, "tolerance_s": 900, "vehicles": [{"id": "van-1", "delay_s": 1200}]}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the planner makes of the area under an attack: every file and every answer, by name."""

    @cache
    def made(attack: str) -> dict[str, bytes]:
        home = tmp_path_factory.mktemp("attacked")
        folder = home / "line"
        folder.mkdir()
        config = write_hostile_area(folder, attack)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(home)
            planned = plan_area(config)
            out = home / "out"
            files = {}
            for plan in (planned.network, planned.day):
                paths = write_plan(plan, out / type(plan).__name__, home="en")
                files |= {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}
            week = plan_service(planned.network, config)
            paths = write_service(week.plan, out / "ServicePlan", home="en")
            files |= {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}
            with open_store(f"sqlite:///{home}/planner.db") as store:
                store.save_network(planned.network, created_at=NOON)
                store.save_day(planned.day, planned.problem, created_at=NOON)
                store.publish(planned.day.id, published_at=NOON)
                store.services.save(week.plan, week.problems, created_at=NOON)
                bulletin = bulletin_of_month(
                    config, store, Month.of("2026-11"), network=planned.network, until=datetime.date(2026, 11, 30)
                )
                store.bulletins.save(bulletin, created_at=NOON)
            patch.setattr("api.routers.siting.embedded_areas", lambda: ("line",))
            patch.setattr(Settings, "areas", lambda _settings: {"line": config})
            settings = Settings(store_url=f"sqlite:///{home}/planner.db")
            with TestClient(create_app(settings)) as client:
                files |= answers(client, planned.network.id, planned.day.id, bulletin.id, week.plan.id, attack)
            assert {path.name for path in home.iterdir()} == {"line", "out", "planner.db"}  # nobody made another
        return files

    return made


def answers(
    client: TestClient, network_id: str, day_id: str, bulletin_id: str, service_id: str, attack: str
) -> dict[str, bytes]:
    """Every GET that the API describes, and the running day planned again."""
    parts = {"area_id": "line", "network_id": network_id, "day_id": day_id, "vehicle": "van-1"}
    parts |= {"bulletin_id": bulletin_id, "date": "2026-11-10", "number": "latest"}
    parts |= {"service_id": service_id}
    got = {}
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        if "get" not in methods:
            continue
        query = {"curve": {"counts": [0, 1, 2]}, "reach": {"from": ["west"], "minutes": [5, 15]}}
        parameters = next((query[key] for key in query if path.startswith(f"/areas/{{area_id}}/{key}")), {})
        other = day_id if path.startswith("/days/") else network_id
        if path == "/services":
            parameters = {"area": "line"}
        for kind in kinds_of(path):
            address = path.format(**parts, kind=kind, other_id=other, table=kind, page=kind)
            answer = client.get(address, params=parameters)
            assert answer.status_code == 200, (address, answer.text[:300])
            name = path.replace("{kind}", kind).replace("{table}", kind).replace("{page}", kind)
            got[name if re.search(r"\.[a-z]+$", name) else f"{name}.json"] = answer.content
    got["/.html"] = client.get("/").content  # the one page that it does not describe
    new = {"id": marked("NewStop.id", of_stop(attack)), "site_id": "sp-west", "pickup_kg": 5}
    for path, name in (("replan", "/replan.json"), ("replan.html", "/replan.html")):
        answer = client.post(f"/days/{day_id}/{path}", json={**EVENTS, "new_stops": [new]})
        assert answer.status_code == 200, answer.text[:300]
        got[name] = answer.content
    wrong = client.post(f"/days/{day_id}/replan", json={**EVENTS, "cancelled": [attack]})
    assert wrong.json()["error"]["problems"] == [f"cancelled.0: there is no stop {attack!r}"]
    return got


def kinds_of(path: str) -> tuple[str, ...]:
    """What a file of this address can be asked as, or which of several it is."""
    if "{table}" in path:
        return ("points", "weekdays", "villages")
    if "{page}" in path:
        return ("index", "map", "weekdays", "seasons", "villages")
    if "{kind}" not in path:
        return ("",)
    return ("html", "gpx", "kml", "csv", "geojson") if "{vehicle}" in path else ("svg",)


def of_stop(attack: str) -> str:
    """The attack as a new stop's id may hold it."""
    return re.sub("[/@]", "", attack)


HELD = {"NewStop.id": of_stop, "Village.facilities": of_facility}
"""Fields that hold an attack without some of its letters."""


@pytest.mark.parametrize("attack", [*(pytest.param(one, marks=pytest.mark.slow) for one in ATTACKS), TOGETHER])
def test_every_text_stays_what_it_is_in_every_output(outcome: Any, attack: str) -> None:
    harmless, hostile = outcome(HARMLESS), outcome(attack)
    assert set(hostile) == set(harmless)
    everywhere: set[str] = set()
    for name, data in hostile.items():
        expected = {label: count for (label, _), count in texts_of(name, harmless[name]).items()}
        texts = {label: HELD.get(label, str)(attack) for label in expected}
        assert texts_of(name, data) == {(label, texts[label]): count for label, count in expected.items()}, name
        everywhere |= set(expected)
    kinds = (Village, Township, Site)
    assert {f"{kind.__name__}.{name}" for kind in kinds for name in text_fields(kind)} <= everywhere
    assert {"area.name", "area.sources.0.attribution", "travel.closures.0.reason"} <= everywhere
    assert {"NewStop.id", "Village.id", "Township.id"} <= everywhere
    assert {"routing.vehicles.0.units.0.name", "routing.vehicles.0.units.0.plate", "Site.contact"} <= everywhere


@pytest.mark.slow
@pytest.mark.parametrize("page", ["NetworkPlan/coverage.html", "DayPlan/routes.html", "/areas/{area_id}/reach.html"])
def test_a_browser_shows_every_text_and_runs_none(browser: Any, outcome: Any, tmp_path: Path, page: str) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(outcome(TOGETHER)[page])
    visit = Visit(browser, path)
    assert visit.complaints == []
    assert visit.asked_elsewhere() == []
    assert marked("area.name_latin", TOGETHER) in visit.page.inner_text("#panel")
    assert marked("area.sources.0.attribution", TOGETHER) in visit.page.inner_text(".leaflet-control-attribution")
    visit.page.fill("#query", "west")
    visit.page.press("#query", "Enter")
    assert marked("Village.name", TOGETHER) in visit.page.inner_text(".leaflet-popup-content")
    assert visit.page.locator("img").count() == 0
