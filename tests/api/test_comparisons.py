"""Two plans side by side over the wire: networks as a page, days as figures."""

import pytest
from fastapi.testclient import TestClient

from planner.pipeline.whole_plan import PlannedArea
from tests.api.test_published_days import later as later
from tests.api.test_published_days import server as server


@pytest.mark.parametrize(("lang", "heading"), [("en", "Villages gained: 0"), ("zh", "新增覆盖的村：0")])
def test_two_networks_are_a_page_in_both_languages(
    server: TestClient, line: PlannedArea, later: PlannedArea, lang: str, heading: str
) -> None:
    address = f"/networks/{line.network.id}/compare/{later.network.id}/index.html"
    answer = server.get(address, headers={"Accept-Language": lang})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert heading in answer.text
    assert f'href="?lang={"zh" if lang == "en" else "en"}"' in answer.text
    back = server.get(f"/networks/{later.network.id}/compare/{line.network.id}/index.html")
    assert back.headers["etag"] != answer.headers["etag"]
    again = {"If-None-Match": answer.headers["etag"], "Accept-Language": lang}
    assert server.get(address, headers=again).status_code == 304


def test_two_days_are_compared_by_their_figures(server: TestClient, line: PlannedArea, later: PlannedArea) -> None:
    found = server.get(f"/days/{line.day.id}/compare/{later.day.id}").json()
    assert (found["before"]["id"], found["after"]["id"]) == (line.day.id, later.day.id)
    # 60 parcels of 600 people, 0.1 a head, by one vehicle to one stop; it opens half an hour later
    assert [(day["vehicles"], day["stops"], day["parcels_down"]) for day in (found["before"], found["after"])] == [
        (1, 1, 60.0),
        (1, 1, 60.0),
    ]
    assert found["moved"] == [
        {
            "stop_id": "sp-middle",
            "before_vehicle_id": "van-1",
            "after_vehicle_id": "van-1",
            "before_s": 25_200.0,
            "after_s": 27_000.0,
        }
    ]
    assert (found["only_before"], found["only_after"]) == ([], [])
    assert found["synthetic"] == ["all of it"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/networks/{network}/compare/none/index.html", 404, "plan_not_found"),
        ("/networks/none/compare/{network}/index.html", 404, "plan_not_found"),
        ("/networks/{network}/compare/{day}/index.html", 404, "plan_not_found"),
        ("/days/{day}/compare/none", 404, "plan_not_found"),
        ("/days/{day}/compare/{network}", 404, "plan_not_found"),
    ],
)
def test_what_is_not_there_is_not_compared(
    server: TestClient, line: PlannedArea, path: str, status: int, code: str
) -> None:
    answer = server.get(path.format(network=line.network.id, day=line.day.id))
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
