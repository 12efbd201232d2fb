"""Maps of plans, and what stands in their pages."""

import json
import re
from pathlib import Path
from typing import Any

from planner.outputs.maps import coverage_map, routes_map
from planner.outputs.page_links import PageLinks
from planner.pipeline.whole_plan import PlannedArea
from tests.conftest import folders_in

LINKS = PageLinks(home="en")


def map_of(planned: PlannedArea, name: str) -> str:
    """A map in the language that is spoken."""
    return coverage_map(planned.network, LINKS) if name == "coverage" else routes_map(planned.day, LINKS)


def english_page(out: Path, area: str, name: str) -> Path:
    """A page of the demonstration's network or day in English; Baiquan's language is Chinese."""
    network, day = folders_in(out, area)
    return (network if name == "coverage" else day) / (f"{name}.en.html" if area == "baiquan" else f"{name}.html")


def layers_of(page: str) -> list[list[dict[str, Any]]]:
    """The features of each layer, as the page holds them."""
    return [json.loads(text)["features"] for text in re.findall(r"_add\((\{.*\})\);\n", page)]


def popup_text(popup: dict[str, Any]) -> str:
    """A pop-up as it is read: the title, and a line for each row."""
    return "\n".join([popup["title"], *(" ".join(row) for row in popup["rows"])])


def popups(page: str) -> str:
    found = (f["properties"].get("popup") for features in layers_of(page) for f in features)
    return "\n".join(popup_text(popup) for popup in found if popup)


def start_of(page: str) -> dict[str, Any]:
    """What the page's script starts with."""
    found = re.search(r"planner\.start\(\w+, (\{.*\})\);", page)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data
