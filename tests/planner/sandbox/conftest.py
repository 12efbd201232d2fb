"""Here a folder has a child of its own, as outside of tests."""

import pytest

from planner.sandbox import apart
from tests.conftest import OWN_READER


@pytest.fixture(autouse=True)
def _own_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_taken", OWN_READER)
