"""Measure the coverage map of a made-up area of ten thousand villages, as a browser opens and moves it.

Run as ``python -m benchmarks.map_page [--villages 10000] [--seed 1] [--out FILE]``. It writes the page in one file and
measures, in headless Chromium without a network and by the page's own clock (``performance.now``, frames by
``requestAnimationFrame``): bytes, milliseconds until all is drawn, and frames a second while a mouse drags the map,
with the longest frame. Villages and roads are those of `benchmarks.province`; who hands over where is worked out on straight
lines, which is all the page needs. Nothing of it is real.
"""

from __future__ import annotations

import argparse
import shutil
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from benchmarks.province import CORNER_LAT, CORNER_LON, METRES_PER_DEGREE, TOWNSHIP, Settlements, join, settle
from planner.config import Objective
from planner.coverage import (
    Assignment,
    CoverageSolution,
    CoveredShares,
    SolveStatus,
    StationPlan,
    Uncovered,
    UncoveredReason,
)
from planner.geodata.register import latin_name
from planner.model import (
    CoordinateSource,
    PopulationSource,
    RoadLine,
    Site,
    SiteStatus,
    Source,
    StudyArea,
    Text,
    Tier,
    Township,
    Village,
)
from planner.outputs.maps import coverage_map
from planner.outputs.page_links import PageLinks
from planner.plans import HandOver, NetworkPlan, RoadSummary, SiteRole, Stage
from planner.words import speaking

_STANDARD_S = 600.0
_METRES_A_SECOND = 7.0
_CLASSES = ("trunk", "primary", "tertiary", "unclassified")
_FIRST = "新永长兴富安福平东西南北中大双三合向前红光胜保建民乐"
_SECOND = "发兴富胜利民生安平和合丰盛乐业旺家山河林泉阳明光辉"
_YEARS = ("2026", "2027-2028", "2029-2030")


def made_up_plan(villages: int, seed: int) -> NetworkPlan:
    """Return a network plan of three years for an area of that many villages, the same for the same seed."""
    rng = np.random.default_rng(seed)
    xy, rank = settle(round(villages * 1.08), rng)  # some are left out as too near to others
    places = join(xy[:villages], rank[:villages], rng)
    degrees = _degrees(places.xy)
    area = _area(places, degrees, rng)
    stages = _stages(area, places.xy, rng)
    finished = stages[-1]
    points = tuple(id_ for id_ in finished.opened if id_.startswith("sp-"))
    return NetworkPlan(
        area=area,
        remarks=(),
        config={"coverage": {}},
        roads=RoadSummary(
            vehicle="van",
            season="summer",
            nodes=len(area.villages),
            arcs=2 * len(places.ends),
            road_km=0.0,
            imputed_surface_share=0.0,
            imputed_speed_share=0.0,
            access_m_median=0.0,
            access_m_max=0.0,
        ),
        stations=_stations(area, finished, points),
        phases=None,
        stages=stages,
        remedies=(),
        subsidies=None,
        road_lines=tuple(_roads(places, degrees, rng)),
        roles=tuple(SiteRole(site_id=id_, parcels_day=20.0, village_ids=()) for id_ in points),
    )


def _degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    lon = CORNER_LON + xy[:, 0] / (METRES_PER_DEGREE * np.cos(np.radians(46.5)))
    return np.column_stack([lon, CORNER_LAT + xy[:, 1] / METRES_PER_DEGREE])


def _area(places: Settlements, degrees: NDArray[np.float64], rng: np.random.Generator) -> StudyArea:
    """Return every settlement as a village of the nearest seat of a township, with a site in every one."""
    seats = np.flatnonzero(places.rank >= TOWNSHIP)
    seat_of = cKDTree(places.xy[seats]).query(places.xy)[1]
    names = [_FIRST[i] + _SECOND[j] for i, j in rng.integers(0, len(_SECOND), (len(degrees), 2)).tolist()]
    townships = tuple(
        Township(
            id=f"230{k:03d}{100 + k:03d}",
            name=f"{names[i]}镇",
            name_latin=latin_name(names[i]),
            lon=float(degrees[i, 0]),
            lat=float(degrees[i, 1]),
            coordinate_source=CoordinateSource.SYNTHETIC,
        )
        for k, i in enumerate(seats.tolist())
    )
    people = rng.integers(300, 3200, len(degrees))
    villages = tuple(
        Village(
            id=f"{townships[seat_of[i]].id}{i % 1000:03d}{i // 1000:02d}",
            name=f"{name}村民委员会",
            name_latin=latin_name(name),
            lon=float(degrees[i, 0]),
            lat=float(degrees[i, 1]),
            coordinate_source=CoordinateSource.SYNTHETIC,
            township_id=townships[seat_of[i]].id,
            population=int(people[i]),
            population_source=PopulationSource.SYNTHETIC,
            households=int(people[i] // 3),
            registered_poor=bool(rng.random() < 0.1),
            product="大豆" if rng.random() < 0.1 else "",
            facilities=("供销社",) if rng.random() < 0.2 else (),
        )
        for i, name in enumerate(names)
    )
    box = shapely.box(*degrees.min(axis=0), *degrees.max(axis=0)).buffer(0.05)
    return StudyArea(
        id="made-up",
        name="合成地区",
        name_latin="Made-up area",
        division_code="230000",
        townships=townships,
        villages=villages,
        sites=tuple(_sites(villages, townships, rng)),
        boundary=box,
        metric_crs="EPSG:32651",
        sources=(_source(),),
    )


def _source() -> Source:
    what = Text.of({"zh": "全部", "en": "all of it"})
    return Source(
        what=what, origin=what, licence=what, attribution=what, datum="wgs84", date="2026-01-01", synthetic=True
    )


def _sites(villages: tuple[Village, ...], townships: tuple[Township, ...], rng: np.random.Generator) -> list[Site]:
    """Return a service point, existing or not, for 45 of 100 villages, a station in each township and one hub."""
    chosen = [village for village in villages if rng.random() < 0.45]
    kinds: list[tuple[str, Tier, Village | Township]] = [("sp", Tier.SERVICE_POINT, village) for village in chosen]
    kinds += [("st", Tier.EXPRESS_STATION, township) for township in townships]
    kinds.append(("hub", Tier.COUNTY_HUB, townships[0]))
    return [
        Site(
            id=f"{short}-{place.id}",
            name=place.name,
            name_latin=place.name_latin,
            lon=place.lon,
            lat=place.lat,
            coordinate_source=place.coordinate_source,
            tier=tier,
            status=SiteStatus.EXISTING if short == "hub" or rng.random() < 0.1 else SiteStatus.CANDIDATE,
            place_id=place.id,
            opening_cost_yuan=30_000.0,
        )
        for short, tier, place in kinds
    ]


def _stages(area: StudyArea, xy: NDArray[np.float64], rng: np.random.Generator) -> tuple[Stage, ...]:
    """Return a third more service points open each year; every village hands over at the nearest of them."""
    scale = [METRES_PER_DEGREE * np.cos(np.radians(46.5)), METRES_PER_DEGREE]
    metres = {one.id: np.array([one.lon, one.lat]) * scale for one in (*area.villages, *area.sites)}
    points = [site for site in area.sites_of(Tier.SERVICE_POINT) if rng.random() < 0.75]
    stations = tuple(site.id for site in area.sites_of(Tier.EXPRESS_STATION))
    here = np.array([metres[village.id] for village in area.villages])
    stages = []
    for number, name in enumerate(_YEARS, start=1):
        opened = points[: len(points) * number // len(_YEARS)] if number < len(_YEARS) else points
        away, nearest = cKDTree(np.array([metres[site.id] for site in opened])).query(here)
        seconds = np.round(away * 1.3 / _METRES_A_SECOND, 1)
        hand_over = tuple(
            HandOver(
                village_id=village.id,
                site_id=opened[nearest[i]].id,
                covered=bool(seconds[i] <= _STANDARD_S),
                duration_s=round(float(seconds[i]) + 12.0, 1),
                driving_s=float(seconds[i]),
                walking_s=12.0,
            )
            for i, village in enumerate(area.villages)
        )
        ids = tuple(sorted((*(site.id for site in opened), *stations)))
        stages.append(Stage(name=name, first=None, last=None, opened=ids, hand_over=hand_over))
    return tuple(stages)


def _stations(area: StudyArea, finished: Stage, points: tuple[str, ...]) -> StationPlan:
    ways = finished.hand_over
    covered = np.array([way.covered for way in ways])
    people, households = (np.array([getattr(v, name) for v in area.villages], dtype=float) for name in _COUNTED)
    poor = np.array([village.registered_poor for village in area.villages])
    lower = CoverageSolution(
        objective=Objective.MCLP,
        status=SolveStatus.FEASIBLE,
        standard_s=_STANDARD_S,
        opened=points,
        assignments=tuple(
            Assignment(demand_id=way.village_id, site_id=way.site_id or "", duration_s=way.duration_s or 0.0)
            for way in ways
            if way.covered
        ),
        uncovered=tuple(
            Uncovered(
                demand_id=way.village_id,
                reason=UncoveredReason.BUDGET_USED_UP,
                nearest_site_id=way.site_id,
                nearest_duration_s=way.duration_s,
            )
            for way in ways
            if not way.covered
        ),
        shares=CoveredShares.of(covered, people, households, poor),
        opening_cost_yuan=30_000.0 * len(points),
        value=None,
        bound=None,
        gap=None,
    )
    seat = {station.place_id: station.id for station in area.sites_of(Tier.EXPRESS_STATION)}
    links = tuple(
        Assignment(demand_id=id_, site_id=seat[area.village_by_id[id_[3:]].township_id], duration_s=900.0)
        for id_ in points
    )
    every = np.ones(len(points), dtype=np.bool_)
    upper = CoverageSolution(
        objective=Objective.P_MEDIAN,
        status=SolveStatus.FEASIBLE,
        standard_s=3600.0,
        opened=tuple(sorted(seat.values())),
        assignments=links,
        uncovered=(),
        shares=CoveredShares.of(every, every * 1.0, every * 1.0, ~every),
        opening_cost_yuan=0.0,
        value=None,
        bound=None,
        gap=None,
    )
    return StationPlan(service_points=lower, express_stations=upper)


_COUNTED = ("population", "households")


def _roads(places: Settlements, degrees: NDArray[np.float64], rng: np.random.Generator) -> list[RoadLine]:
    """Return the roads between settlements, with a bend every kilometre."""
    lines = []
    for (a, b), road_class in zip(places.ends.tolist(), places.road_class.tolist(), strict=True):
        bends = max(2, int(np.hypot(*(places.xy[a] - places.xy[b])) / 1000) + 1)
        along = np.linspace(0, 1, bends + 1)[:, None]
        way = degrees[a] + along * (degrees[b] - degrees[a])
        way[1:-1] += rng.normal(0, 0.0015, (bends - 1, 2))
        coordinates = tuple((float(lon), float(lat)) for lon, lat in way.round(5))
        lines.append(RoadLine(highway=_CLASSES[road_class], surface="", closed=False, coordinates=coordinates))
    return lines


_FRAMES = """() => {
  const seen = [];
  const look = (now) => { seen.push(now); if (window.watching) requestAnimationFrame(look); };
  window.watching = true;
  window.frames_seen = seen;
  requestAnimationFrame(look);
}"""
_FIRST_DRAW = """
window.addEventListener("load", () =>
  requestAnimationFrame(() => requestAnimationFrame(() => { window.first_draw = performance.now(); })));
"""
_DRAWN = """() => {
  const shown = planner.parts.flat().filter((part) => part._map);
  const symbols = shown.filter((part) => part instanceof planner.Symbol).length;
  return {
    symbols,
    circles: shown.filter((part) => part instanceof L.CircleMarker).length - symbols,
    areas: shown.filter((part) => part instanceof L.Polygon).length,
    elements: document.querySelectorAll("*").length,
  };
}"""


def measured(path: Path, seconds: float = 6.0) -> dict[str, Any]:
    """Return what a browser takes to draw the page and to move its map, and what it has drawn."""
    from playwright.sync_api import sync_playwright

    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True).new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script(_FIRST_DRAW)
        page.goto(path.as_uri())
        page.wait_for_function("window.first_draw")
        page.wait_for_timeout(1000)
        found: dict[str, Any] = {"first_draw_ms": round(page.evaluate("window.first_draw"))}
        for name, zoom in (("whole area", 0.0), ("two steps nearer", 2.0)):
            page.evaluate(f"() => {{ planner.map.setZoom(planner.map.getZoom() + {zoom}, {{ animate: false }}); }}")
            page.wait_for_timeout(500)
            found[name] = _dragged(page, seconds)
        found |= page.evaluate(_DRAWN)
        found["complaints"] = complaints
        browser.close()
    return found


def _dragged(page: Any, seconds: float) -> dict[str, float]:
    """Return frames a second while a mouse drags the map to and fro, and the longest frame, in milliseconds."""
    page.evaluate(_FRAMES)
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        for start, end in ((700, 1100), (1100, 700)):
            page.mouse.move(start, 450)
            page.mouse.down()
            page.mouse.move(end, 520 if end > start else 380, steps=25)
            page.mouse.up()
    frames = page.evaluate("() => { window.watching = false; return window.frames_seen; }")
    steps = [after - before for before, after in pairwise(frames)]
    return {
        "frames_a_second": round(1000 * len(steps) / (frames[-1] - frames[0]), 1),
        "median_frame_ms": round(sorted(steps)[len(steps) // 2], 1),
        "longest_frame_ms": round(max(steps), 1),
    }


def main(arguments: list[str] | None = None) -> None:
    """Write the page, measure it and print what was found."""
    parser = argparse.ArgumentParser(prog="benchmarks.map_page", description=__doc__)
    parser.add_argument("--villages", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    parser.add_argument("--out", type=Path, default=Path("map_page.html"))
    options = parser.parse_args(arguments)
    plan = made_up_plan(options.villages, options.seed)
    begun = time.process_time()
    with speaking(options.lang):
        page = coverage_map(plan, PageLinks(home=options.lang))
    options.out.write_text(page, encoding="utf-8")
    size = options.out.stat().st_size
    print(f"{len(plan.area.villages)} villages, {size:,} bytes, written in {time.process_time() - begun:.1f} CPU-s")
    for name, value in measured(options.out.resolve()).items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
