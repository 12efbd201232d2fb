"""Documents of earlier versions as they would be written today; each step takes one version to the next.

Version 1 and 2 were one document for years and a day together (``plan``); from 3 on they are two.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from planner.network import season_on

VERSION = 3
"""Of documents written today."""
NETWORK = "rural-service-planner/network"
DAY = "rural-service-planner/day"
PLAN = "rural-service-planner/plan"
OLDEST = {NETWORK: 3, DAY: 3, PLAN: 1}

Document = dict[str, Any]
_OPEN = {"closed": False, "closure": ""}
NETWORK_PARTS = ("schema", "seed", "language", "area", "travel", "coverage", "demand", "maps")
"""Of a configuration: what a network plan rests on."""
DAY_PARTS = ("schema", "seed", "language", "area", "travel", "demand", "routing", "maps")
"""Of a configuration: what a day plan rests on."""


def upgraded(schema: str, version: int, document: Document) -> Iterator[tuple[str, Document]]:
    """Return the plans of a document as of today's version, each with its schema."""
    if schema != PLAN:
        yield schema, document
        return
    if version == 1:
        document = upgrade_1_to_2(document)
    network, day = upgrade_2_to_3(document)
    yield NETWORK, network
    yield DAY, day


def upgrade_1_to_2(document: Document) -> Document:
    """Return a plan with the phases and money that version 1 did not know: there are none."""
    added: Document = {"phases": None, "mends": [], "subsidies": None}
    return {**document, **{key: document.get(key, value) for key, value in added.items()}}


def upgrade_2_to_3(document: Document) -> tuple[Document, Document]:
    """Return the network plan and the day plan of a plan for both.

    Sentences become facts that say them as they are (``as_written``). Stages have no dates, so days rest on the last one.
    A village without a service point of its own handed over at a station that no time was kept for: on the network it
    hands over at the nearest open point where one was shown for it, the day keeps what was planned. What is closed for some
    days goes with the day.
    """
    for key, kind in (("remarks", list), ("config", dict), ("mends", list)):
        if not isinstance(document[key], kind):
            raise TypeError(f"{key} must be a {kind.__name__}")
    stations = _with_facts(document["stations"])
    phases = document["phases"]
    if phases is not None:
        phases = {
            **phases,
            "conflicts": _facts(phases.get("conflicts", [])),
            "alone_conflicts": _facts(phases.get("alone_conflicts", [])),
            "phases": [{**phase, "coverage": _tier(phase["coverage"])} for phase in phases["phases"]],
        }
    config = document["config"]
    network = {
        "area": document["area"],
        "remarks": [_finding(text) for text in document["remarks"]],
        "config": {key: config[key] for key in NETWORK_PARTS if key in config},
        "roads": {**document["roads"], "closures": []},
        "stations": stations,
        "phases": phases,
        "stages": _stages(document, phases),
        "remedies": [{**mend, "lifts": [_lift(lift) for lift in mend["lifts"]]} for mend in document["mends"]],
        "subsidies": document["subsidies"],
        "road_lines": [line | _OPEN if line.get("closure") else line for line in document["road_lines"]],
        "seasons": document.get("seasons", []),
        "reach": document.get("reach", []),
    }
    routes = document["routes"]
    unassigned = [_with_details(left) for left in routes["unassigned"]]
    season = document["roads"]["season"]
    day = {
        "date": document["demand"]["date"],
        "stage": len(network["stages"]) - 1,
        "season": {"season": season, "by": "configuration", "of_date": _season_of(document)},
        "config": {key: config[key] for key in DAY_PARTS if key in config},
        "roads": document["roads"],
        "demand": document["demand"],
        "routes": {**routes, "unassigned": unassigned},
        "paths": document["paths"],
        "cut_off": {},
        "closed_lines": [line for line in document["road_lines"] if line["closed"]],
    }
    return network, day


def _season_of(document: Document) -> str:
    """Return the season of a plan's date where its calendar is known, in Heilongjiang (23....); else that of its roads."""
    if str(document["config"]["area"].get("division_code", "")).startswith("23"):
        return season_on(datetime.date.fromisoformat(document["demand"]["date"]))
    return str(document["roads"]["season"])


def _finding(text: str) -> Document:
    """Return a remark as a finding that is known as a sentence only."""
    nothing: Document = {"code": "", "params": {}}
    said = {"code": "{text}", "params": {"text": text}}
    place = {"file": "", "row": None, "field": "", "value": ""}
    return {"severity": "note", "code": "as_written", **place, "message": said, "remedy": nothing}


def _as_written(text: str) -> Document:
    return {"code": "as_written", "params": {"text": text}}


def _facts(texts: list[Any]) -> list[Any]:
    return [_as_written(text) if isinstance(text, str) else text for text in texts]


def _tier(tier: Document) -> Document:
    return {**tier, "conflicts": _facts(tier.get("conflicts", []))}


def _with_facts(stations: Document) -> Document:
    return {name: _tier(tier) for name, tier in stations.items()}


def _with_details(left: Document) -> Document:
    kept = {key: value for key, value in left.items() if key != "detail"}
    return kept | ({"details": _as_written(left["detail"])} if "detail" in left else {})


def _lift(lift: Any) -> Any:
    """Return the limit that a remedy exceeds; it was ``count``, ``budget``, ``station count`` or ``township ID``."""
    if not isinstance(lift, str):
        return lift
    if lift.startswith("township "):
        return {"code": "above_township", "params": {"township_id": lift.removeprefix("township ")}}
    return {"code": "above_" + lift.replace(" ", "_"), "params": {}}


def _stages(document: Document, phases: Document | None) -> list[Document]:
    """Return the stages of the phases, the last with the ways that were kept; one stage where there are no phases."""
    points, stations = document["stations"]["service_points"], document["stations"]["express_stations"]
    ways = {way["village_id"]: way for way in document.get("village_travel", [])}
    last = {"name": "", "opened": [*points["opened"], *stations["opened"]], "tier": points}
    stages = [last]
    if phases is not None and phases["phases"]:
        names, tiers = [phase["name"] for phase in phases["phases"]], [phase["coverage"] for phase in phases["phases"]]
        above = _station_openings(tiers, stations)
        stages = [
            {
                "name": name,
                "opened": [*tier["opened"], *(id_ for id_, first in above.items() if first <= number)],
                "tier": tier,
            }
            for number, (name, tier) in enumerate(zip(names, tiers, strict=True))
        ]
    villages = sorted(village["id"] for village in document["area"]["villages"])
    final = len(stages) - 1
    return [
        {
            "name": stage["name"],
            "first": None,
            "last": None,
            "opened": sorted(stage["opened"]),
            "hand_over": _hand_over(villages, stage["tier"], ways if number == final else {}),
        }
        for number, stage in enumerate(stages)
    ]


def _station_openings(tiers: list[Document], stations: Document) -> dict[str, int]:
    """Return the number of the phase in which each station opens, as `planner.coverage.phases.opening_phases` has it."""
    first: dict[str, int] = {}
    for number, tier in enumerate(tiers):
        for site_id in tier["opened"]:
            first.setdefault(site_id, number)
    last = len(tiers) - 1
    above = dict.fromkeys(stations["opened"], last)
    for link in stations["assignments"]:
        above[link["site_id"]] = min(above[link["site_id"]], first.get(link["demand_id"], last))
    return above


def _hand_over(villages: list[str], tier: Document, ways: dict[str, Document]) -> list[Document]:
    """Return where each village hands over: at the point that serves it, else at the nearest open one that was kept."""
    served = {one["demand_id"]: (one["site_id"], one["duration_s"]) for one in tier["assignments"]}
    nearest = {left["demand_id"]: (left["nearest_site_id"], left["nearest_duration_s"]) for left in tier["uncovered"]}
    rows = []
    for village_id in villages:
        site_id, seconds = served.get(village_id, nearest.get(village_id, (None, None)))
        way = ways.get(village_id, {})
        row = {"village_id": village_id, "site_id": site_id, "covered": village_id in served}
        row |= {"duration_s": seconds, "access_m": way.get("access_m")}
        if site_id is not None and way.get("site_id") == site_id:
            row |= {key: way[key] for key in ("driving_s", "walking_s", "distance_m")}
        rows.append(row)
    return rows
