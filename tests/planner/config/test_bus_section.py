"""The section of rural buses: what it holds, and what is refused by its key."""

from typing import Any

import pytest
from pydantic import ValidationError

from planner.config.bus_section import BusSection
from planner.config.faults import section_faults

WALK = {"cap_m": 600, "speed_kph": 4, "most_kg": 20}
GIVEN: dict[str, Any] = {
    "feed": "buses.zip",
    "room": "bus_room.csv",
    "terminals": ["Z"],
    "walk": WALK,
    "provenance": "assumption of a test",
}


def test_a_section_is_read_with_its_ways_from_stops() -> None:
    section = BusSection.model_validate({**GIVEN, "carrier": {**WALK, "yuan_per_parcel": 0.5}})
    assert (section.terminals, section.datum.value, section.transfer_yuan_per_run) == (("Z",), "wgs84", 0)
    assert section.walk is not None
    assert section.carrier is not None
    assert (section.walk.yuan_per_parcel, section.carrier.yuan_per_parcel) == (0, 0.5)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"walk": None}, ""),
        ({"terminals": []}, "terminals"),
        ({"provenance": ""}, "provenance"),
        ({"walk": {**WALK, "most_kg": 0}}, "walk.most_kg"),
        ({"walk": {**WALK, "cap_m": "600"}}, "walk.cap_m"),
        ({"transfer_yuan_per_run": -1}, "transfer_yuan_per_run"),
        ({"datum": "utm"}, "datum"),
        ({"feeds": "a.zip"}, "feeds"),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(changed: dict[str, Any], key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        BusSection.model_validate({**GIVEN, **changed})
    assert [name for name, _ in section_faults(caught.value)] == [key]
