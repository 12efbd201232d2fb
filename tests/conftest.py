"""Fixtures that several rooms use."""

from pathlib import Path

import pytest

from planner.config import data_folder


@pytest.fixture(scope="session")
def neubrandenburg_roads() -> Path:
    """The embedded extract of real OpenStreetMap roads."""
    return data_folder() / "areas" / "neubrandenburg" / "roads.osm.pbf"
