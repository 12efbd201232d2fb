"""Service plans as the server gives them: lists, documents, pages in both languages, files; and the area's first page."""

import io
from collections.abc import Iterator

import openpyxl
import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import ServicePlan, service_to_json
from planner.plans.kept_services import ServiceSummary
from planner.plans.store import open_store
from planner.plans.store_tables import SERVICES
from tests.api.conftest import NOON
from tests.planner.outputs.service.week_world import a_week


@pytest.fixture(scope="module")
def week(line: PlannedArea) -> ServicePlan:
    return a_week(line.day)


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory, line: PlannedArea, week: ServicePlan) -> Iterator[TestClient]:
    url = f"sqlite:///{tmp_path_factory.mktemp('weeks')}/planner.db"
    with open_store(url) as store:
        store.save_network(line.network, created_at=NOON)
        row = ServiceSummary.row_of(week, NOON)  # what no engine made is not let in by the door
        with store.services._engine.begin() as connection:
            connection.execute(SERVICES.insert().values(**row, document=service_to_json(week)))
    with TestClient(create_app(Settings(store_url=url)), raise_server_exceptions=False) as client:
        yield client


def test_lists_have_figures_and_links_that_answer(weeks: TestClient, week: ServicePlan) -> None:
    (one,) = weeks.get("/services", params={"area": "line"}).json()["services"]
    assert (one["id"], one["year"], one["points"], one["visits"], one["missed"]) == (week.id, 2026, 3, 4, 1)
    assert (one["week_yuan"], one["distance_m"], one["vehicles"]) == (280.40, 52_000, 2)
    assert weeks.get(f"/services/{week.id}").json() == one
    for name, link in one["links"].items():
        answered = weeks.get(link)
        assert answered.status_code == 200, name
    assert weeks.get("/services", params={"area": "elsewhere"}).json() == {"services": []}
    assert weeks.get("/services/line-service-2026-000000000000").status_code == 404


def test_documents_and_files_are_those_of_the_command(weeks: TestClient, week: ServicePlan) -> None:
    assert weeks.get(f"/services/{week.id}/service.json").text == service_to_json(week)
    answered = weeks.get(f"/services/{week.id}/service.xlsx?lang=en")
    book = openpyxl.load_workbook(io.BytesIO(answered.content), data_only=True)
    assert [row[10] for row in book["Week"].iter_rows(min_row=3, values_only=True)][-1] == 280.40
    assert weeks.get(f"/services/{week.id}/points.csv").content.startswith(b"\xef\xbb\xbf")
    tag = weeks.get(f"/services/{week.id}/service.json").headers["etag"]
    again = weeks.get(f"/services/{week.id}/service.json", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_pages_speak_the_language_asked_for_and_link_each_other(weeks: TestClient, week: ServicePlan) -> None:
    chinese = weeks.get(f"/services/{week.id}/index.html?lang=zh").text
    english = weeks.get(f"/services/{week.id}/index.html?lang=en").text
    assert "每周服务计划" in chinese
    assert "280 yuan" in english
    for page in ("map.html", "weekdays.html", "stations.html"):
        assert f'href="{page}"' in english
        assert weeks.get(f"/services/{week.id}/{page}?lang=en").status_code == 200
    assert f'href="/networks/{week.network.id}/index.html"' in english
    missing = weeks.get(f"/services/{week.id}/phases.html?lang=en")
    assert missing.status_code == 404
    assert "map.html" in missing.text  # what there is


def test_the_areas_first_page_has_the_week(weeks: TestClient, week: ServicePlan) -> None:
    page = weeks.get("/areas/line/index.html?lang=en").text
    assert f'href="/services/{week.id}/index.html"' in page
    assert "2026: 4 visits a week to 3 points with 2 vehicles, 52.0 km, 280 yuan a week" in page
