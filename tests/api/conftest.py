"""A server with the plans of the line of three villages."""

import datetime
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner.pipeline.whole_plan import PlannedArea
from planner.plans.store import open_store

NOON = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, line: PlannedArea) -> Iterator[TestClient]:
    url = f"sqlite:///{tmp_path_factory.mktemp('store')}/planner.db"
    with open_store(url) as store:
        store.save_network(line.network, created_at=NOON)
        store.save_day(line.day, line.problem, created_at=NOON)
    with TestClient(create_app(Settings(store_url=url)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(server: TestClient) -> TestClient:
    """A reader who has not been there before: no language is remembered."""
    server.cookies.clear()
    return server


@pytest.fixture
def network_url(line: PlannedArea) -> str:
    return f"/networks/{line.network.id}"


@pytest.fixture
def day_url(line: PlannedArea) -> str:
    return f"/days/{line.day.id}"
