"""Roads as the list of cases has them, and generated variants of each kind against oracles of their own."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest

from planner.config import Datum
from planner.errors import BadDataError
from planner.model import OddTag, Points, Unreachable, as_message
from planner.model.osm_file import osm_content
from planner.network import RoadNetwork, load_profile, read_network
from planner.network.edges import cut_ways
from planner.network.osm import read_ways
from planner.network.road_use import RoadUse
from planner.network.weights import use_edges
from planner.pipeline.examine import examine_files
from planner.words import render, speaking
from tests.cases.road_variants import (
    DETOUR_MIN,
    DIRECT_MIN,
    EAST,
    KINDS,
    LAT,
    LON,
    NORTH,
    PLAIN,
    Variant,
    crossings,
)

CASES = Path(__file__).parents[3] / "shared" / "cases" / "roads"
ENDS = ((LON, LAT), (LON + EAST, LAT))


def minutes(
    path: Path, ends: tuple[tuple[float, float], ...] = ENDS, *, vehicle: str = "van", season: str = "summer"
) -> float:
    return minutes_of(read_network(path, vehicle=vehicle, season=season), ends)


def minutes_of(roads: RoadNetwork, ends: tuple[tuple[float, float], ...] = ENDS) -> float:
    lons, lats = np.array(ends).T
    travel = roads.travel_matrix(Points(ids=("a", "b"), lons=lons, lats=lats), access_cap_m=1000)
    return float(travel.durations_s[0, 1]) / 60


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("r00_base.osm", 3.01),
        *((f"r01_access_{i}.osm", 9.00) for i in (0, 3, 6)),
        ("r03_maxspeed_3.osm", 6.01),
        ("r03_maxspeed_6.osm", 6.01),
        ("r04_surface_2.osm", 3.008 / 0.4),
        ("r04_surface_6.osm", 3.008 / 0.9),
        ("r08_node_fordyes.osm", 9.00),
        ("r08_way_ford.osm", 9.00),
        ("r09_2.osm", 9.00),
        ("r09_6.osm", 9.00),
        ("f03_ways_first.osm", 3.01),
        ("f04b_josm_mixed.osm", 3.01),
        ("f04c_josm_deleted.osm", 9.00),
        ("f05_history_changed.osh", 9.00),
    ],
)
def test_cases_take_the_minutes_that_are_right(name: str, expected: float) -> None:
    if not CASES.is_dir():
        pytest.skip("the cases are not beside the project")
    assert minutes(CASES / name) == pytest.approx(expected, abs=0.01)


def test_cases_of_motorways_ferries_and_broken_answers() -> None:
    if not CASES.is_dir():
        pytest.skip("the cases are not beside the project")
    village = ((LON, LAT), (LON + 0.0656135, LAT + 0.001349))
    beside = minutes(CASES / "r05_nomotorway.osm", village)
    assert minutes(CASES / "r05_snap_motorway.osm", village) == pytest.approx(beside, abs=0.01)
    ferry = ((126.5393681, 46.8), (126.5524908, 46.8))
    # ten minutes to board, and then 1 km at 8 km/h, or the hour that is tagged
    assert minutes(CASES / "r07_ferry_0.osm", ferry) == pytest.approx(17.51, abs=0.02)
    assert minutes(CASES / "r07_ferry_1.osm", ferry) == pytest.approx(70.0, abs=0.02)
    with pytest.raises(
        BadDataError, match=r"f13_remark\.osm: is only part of an answer, the server broke off: .*timed out"
    ):
        minutes(CASES / "f13_remark.osm")


# -- variants ---------------------------------------------------------------------------------------------------------


def world(folder: Path, variant: Variant) -> Path:
    """Write the direct road with a node in its middle, and the detour."""
    places = [(LON, LAT), (LON + EAST, LAT), (LON, LAT + NORTH), (LON + EAST, LAT + NORTH), (LON + EAST / 2, LAT)]
    lines = ["<osm version='0.6'>"]
    for number, (lon, lat) in enumerate(places, 1):
        tags = variant.node if number == 5 else {}
        lines.append(f"<node id='{number}' version='1' lon='{lon:.7f}' lat='{lat:.7f}'>{written(tags)}</node>")
    for id_, refs, tags in ((20, (1, 5, 2), variant.tags), (10, (1, 3, 4, 2), {"highway": "tertiary"})):
        lines.append(f"<way id='{id_}' version='1'>{nodes_of(refs)}{written(tags)}</way>")
    path = folder / "roads.osm"
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return path


def nodes_of(refs: tuple[int, ...]) -> str:
    return "".join(f"<nd ref='{ref}'/>" for ref in refs)


def written(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def fastest(path: Path, season: str = "summer") -> tuple[float, tuple[OddTag, ...]]:
    """Return the minutes of the faster of direct road and detour by their edges' own times, and what is not understood."""
    edges = cut_ways(read_ways(path))
    profile = load_profile("van", season)
    use = use_edges(edges, profile)
    stopped = {arcs for arcs, binds in edges.banned if binds & profile.bit}  # a node in the way
    taken = [float(use.forward_s[(ids := edges.way_ids[edges.way]) == way].sum()) for way in (20, 10)]
    taken = [seconds if (ids == way).any() else np.inf for seconds, way in zip(taken, (20, 10), strict=True)]
    refused = (use.refused | use.closed)[ids == 20].any() or bool(stopped)
    return min(np.inf if refused else taken[0], taken[1]) / 60, edges.odd_tags


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_variants_of_tags_are_driven_as_an_oracle_says(tmp_path: Path, kind: str) -> None:
    for variant in islice(KINDS[kind](random.Random(f"{kind} 7")), 200):
        found, odd = fastest(world(tmp_path, variant))
        if variant.minutes:  # miles are worked out by hand in tests of tags
            assert found == pytest.approx(variant.minutes, abs=0.01), variant
        keys = {tag.key for tag in odd}
        assert keys == set(variant.counted), variant


def test_the_edges_own_times_are_what_is_driven(tmp_path: Path) -> None:
    rng = random.Random(11)
    for kind in sorted(KINDS):
        for variant in islice(KINDS[kind](rng), 3):
            path = world(tmp_path, variant)
            assert minutes(path) == pytest.approx(fastest(path)[0], abs=0.02), variant


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_OF = {"summer": {6, 7, 8, 9}, "winter": {12, 1, 2, 3}, "spring_thaw": {4}, "drift_ice": {5, 11}}


def test_a_gate_is_shut_in_the_months_that_it_says(tmp_path: Path) -> None:
    rng = random.Random(5)
    open_road = world(tmp_path, Variant(PLAIN, 0))
    direct = {season: fastest(open_road, season)[0] for season in MONTHS_OF}
    for _ in range(200):
        first, last = rng.randint(1, 12), rng.randint(1, 12)
        months = {(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)}
        value = f"no @ ({MONTHS[first - 1]}-{MONTHS[last - 1]})"
        season = rng.choice(sorted(MONTHS_OF))
        shut = MONTHS_OF[season] <= months
        node, way = {"barrier": "gate", "access:conditional": value}, {**PLAIN, "access:conditional": value}
        for variant in (Variant(PLAIN, 0, node=node), Variant(way, 0)):
            path = world(tmp_path, variant)
            path = world(tmp_path, variant)
            found = fastest(path, season)[0]
            assert found == pytest.approx((3 if shut else 1) * direct[season], rel=0.01), (variant, season)


def test_a_village_behind_a_gate_that_is_shut_in_winter_is_cut_off_by_the_season(tmp_path: Path) -> None:
    lines = ["<osm version='0.6'>"]
    gate = {"barrier": "gate", "motor_vehicle:conditional": "no @ (Nov-Apr)"}
    for number, x in enumerate((0, 0.5, 1, 1.2), 1):
        tags = written(gate if number == 3 else {})
        lines.append(f"<node id='{number}' version='1' lon='{LON + x * EAST:.7f}' lat='{LAT}'>{tags}</node>")
    for id_, refs in ((1, (1, 2, 3)), (2, (3, 4))):
        lines.append(f"<way id='{id_}' version='1'>{nodes_of(refs)}{written(PLAIN)}</way>")
    path = tmp_path / "roads.osm"
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    village = Points(ids=("v",), lons=np.array([LON + 1.15 * EAST]), lats=np.array([LAT]))
    summer = read_network(path, vehicle="van", season="summer")
    assert not summer.snap(village, access_cap_m=50).reasons
    for winter in (summer.under(vehicle="van", season="winter"), read_network(path, vehicle="van", season="winter")):
        assert winter.snap(village, access_cap_m=50).reasons == {"v": Unreachable.CLOSED}


def test_a_ferry_takes_as_long_as_it_says() -> None:
    profile = load_profile("van", "summer")
    for text, expected in islice(crossings(random.Random(3)), 300):
        use: RoadUse = profile.use({"route": "ferry", "duration": text})
        assert use.crossing_s / 60 == pytest.approx(0.0 if np.isnan(expected) else expected), text


PASSING = (
    {"highway": "motorway", "oneway": "no"},
    {"highway": "motorway_link", "oneway": "no"},
    {"highway": "trunk", "motorroad": "yes"},
    {"highway": "Trunk_Link"},
    {"route": "ferry"},
    {"highway": "primary", "bridge": "viaduct"},
    {"highway": "tertiary", "bridge": "yes", "layer": "1"},
    {"highway": "tertiary", "tunnel": "yes"},
)


@pytest.mark.parametrize("tags", PASSING)
@pytest.mark.parametrize("far", [True, False])
def test_nobody_enters_a_road_that_only_passes_by(tmp_path: Path, tags: dict[str, str], far: bool) -> None:
    # the village lies 50 m from the road that passes and 150 m (or 5 km) from the one that does not
    rows = {"passing": 0.0, "village": 0.00045, "road": 0.0018 if not far else 0.05}
    lines = ["<osm version='0.6'>"]
    for number, (x, y) in enumerate([(0, 0), (1, 0), (0, 1), (1, 1)], 1):
        lat = LAT + (rows["road"] if y else rows["passing"])
        lines.append(f"<node id='{number}' version='1' lon='{LON + x * EAST:.7f}' lat='{lat:.7f}'/>")
    for id_, refs, given in ((1, (1, 2), tags), (2, (1, 3, 4, 2), {"highway": "tertiary"})):
        lines.append(f"<way id='{id_}' version='1'>{nodes_of(refs)}{written(given)}</way>")
    path = tmp_path / "roads.osm"
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    village = Points(ids=("v",), lons=np.array([LON + EAST / 2]), lats=np.array([LAT + rows["village"]]))
    for vehicle in ("van", "light_truck", "truck"):
        roads = read_network(path, vehicle=vehicle, season="summer")
        snaps = roads.snap(village, access_cap_m=500)
        if far:
            assert snaps.reasons == {"v": Unreachable.PASSING}
        else:
            assert roads.edges.way_ids[roads.edges.way[snaps.edge[0]]] == 2
            assert snaps.access_m[0] == pytest.approx(150, abs=2)


def test_the_slower_of_surface_and_grade_holds() -> None:
    van = load_profile("van", "summer")
    for surface in ("asphalt", "gravel", "dirt", "sand", "mud"):
        for grade in ("grade1", "grade2", "grade3", "grade4"):
            one, other, both = (
                van.use({"highway": "track", **tags}).speed_kph
                for tags in ({"surface": surface}, {"tracktype": grade}, {"surface": surface, "tracktype": grade})
            )
            assert both == pytest.approx(min(one, other))


# -- files ------------------------------------------------------------------------------------------------------------


def test_forms_of_files_are_read_as_what_holds_today(tmp_path: Path) -> None:
    """Shuffled objects, former versions, drawn and deleted ones: the way there is driven if its last version is open."""
    base = world(tmp_path, Variant({"highway": "tertiary"}, 0)).read_text(encoding="utf-8").splitlines()
    objects = base[1:-1]
    for seed in range(200):
        rng = random.Random(seed)
        mine = list(objects)
        direct = next(line for line in mine if "id='20'" in line)
        versions = [rng.choice(["open", "shut", "gone"]) for _ in range(rng.randint(1, 3))]
        shut = direct.replace("</way>", "<tag k='access' v='no'/></way>")
        made = {"open": direct, "shut": shut, "gone": direct.replace("version='1'", "version='1' visible='false'")}
        mine.remove(direct)
        mine += [made[state].replace("version='1'", f"version='{n}'") for n, state in enumerate(versions, 1)]
        if rng.random() < 0.5:  # the middle was drawn and never uploaded
            mine = [line.replace("id='5'", "id='-5'").replace("ref='5'", "ref='-5'") for line in mine]
        if rng.random() < 0.3:
            mine.append(
                "<way id='30' version='1' action='delete'><nd ref='1'/><nd ref='4'/><tag k='highway' v='trunk'/></way>"
            )
        rng.shuffle(mine)
        path = tmp_path / f"v.{rng.choice(['osm', 'osh'])}"
        path.write_text("\n".join([base[0], *mine, base[-1]]), encoding="utf-8")
        expected = DIRECT_MIN if versions[-1] == "open" else DETOUR_MIN
        edges = cut_ways(read_ways(path))
        use = use_edges(edges, load_profile("van", "summer"))
        taken = {way: float(use.forward_s[edges.way_ids[edges.way] == way].sum()) / 60 for way in (20, 10)}
        there = (edges.way_ids == 20).any() and np.isfinite(taken[20])
        assert (taken[20] if there else taken[10]) == pytest.approx(expected, abs=0.01), (seed, versions)
        assert 30 not in edges.way_ids


@pytest.mark.parametrize(
    ("name", "content", "english", "chinese"),
    [
        (
            "c.osc",
            "<osmChange version='0.6'><modify><node id='1' lat='1' lon='1'/></modify></osmChange>",
            "file of changes",
            "变更文件",
        ),
        ("c.osm", "<osmChange version='0.6'></osmChange>", "osmium apply-changes", "变更文件"),
        ("a.osm", "<osm version='0.6'><action type='modify'><old/></action></osm>", "file of changes", "变更文件"),
        ("r.osm", "<osm version='0.6'><remark>runtime error: out of memory</remark></osm>", "out of memory", "不完整"),
        ("j.osm", '{"version": 0.6, "elements": []}', "out:xml", "JSON"),
        ("k.osm", '{"elements": [], "remark": "runtime error: timeout"}', "runtime error: timeout", "不完整"),
        ("o.o5c", "x", "file of changes", "变更文件"),
    ],
)
def test_files_that_hold_no_map_are_refused_by_their_own_name(
    tmp_path: Path, name: str, content: str, english: str, chinese: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadDataError, match=english) as refused:
        read_network(path, vehicle="van", season="summer")
    assert str(refused.value).count(name) == 1
    with speaking("zh"):
        assert chinese in render(refused.value)


def test_a_node_that_lies_nowhere_is_named(tmp_path: Path) -> None:
    rng = random.Random(9)
    path = tmp_path / "roads.osm"
    for _ in range(200):
        axis, most = rng.choice([("lon", 180), ("lat", 90)])
        sound = [f"{rng.uniform(-most, most):.7f}", str(most), f"-{most}.000", "1e1", "5.", "0", "1E-3"]
        broken = ["1e999", "-1e999", "nan", "inf", f"{most}.1", f"-{most + 1}", "1e3", "", "abc", "12,5", " 12", "1_0"]
        value, number = rng.choice([*sound, *broken]), rng.randint(1, 10**6)
        place = {"lon": "126.5", "lat": "46.8", axis: value}
        attributes = [f"id='{number}'", "version='1'", f"user='{rng.choice(['a', 'x>y'])}'"]
        attributes += [f"{name}='{text}'" for name, text in place.items()]
        rng.shuffle(attributes)
        lines = [f"<node {' '.join(attributes)}/>", "<node id='0' version='1' lon='126' lat='46'/>"]
        path.write_text("\n".join(["<osm version='0.6'>", *lines, "</osm>"]), encoding="utf-8")
        if value in sound:
            osm_content(path)
            continue
        with pytest.raises(BadDataError) as refused:
            osm_content(path)
        assert f"roads.osm: node {number}: {axis} is {value!r}, not a figure from -{most} to {most}" in str(
            refused.value
        )
        with speaking("zh"):
            assert f"节点 {number}：{axis} 为" in render(refused.value)
    path.write_text("<osm version='0.6'><node id='7' version='1'/><node id='8' version='2' visible='false'/></osm>")
    with pytest.raises(BadDataError, match=r"node 7 has no lon \(1 such nodes\)"):
        osm_content(path)


def test_check_names_what_no_rule_reads(tmp_path: Path) -> None:
    path = world(tmp_path, Variant({**PLAIN, "surface:middle": "dirt", "closed": "Nov"}, 0, node={"maxwidth": "1.2"}))
    findings = [finding for finding in examine_files([path], datum=Datum.WGS84).findings if finding.field]
    with speaking("en"):
        said = {finding.field: render(as_message(finding.message)) for finding in findings}
    assert said.keys() == {"surface:middle", "closed", "maxwidth"}
    assert "is not followed: the road is taken as if it had no such tag" in said["surface:middle"]
    assert "is not followed" in said["maxwidth"]
    assert "is not understood: it is taken as closed" in said["closed"]
    with speaking("zh"):
        assert any("不予采用" in render(as_message(finding.message)) for finding in findings)


def test_check_names_what_is_not_understood_in_a_sentence(tmp_path: Path) -> None:
    path = world(tmp_path, Variant({"highway": "tertiary", "surface": "beton", "access": "residents"}, 0))
    findings = [finding for finding in examine_files([path], datum=Datum.WGS84).findings if finding.field]
    assert {(finding.field, finding.value) for finding in findings} == {("surface", "beton"), ("access", "residents")}
    with speaking("en"):
        assert all("(2.0 km) is not understood" in render(as_message(finding.message)) for finding in findings)
    with speaking("zh"):
        assert any(
            "access=residents（1 处，2.0 公里）的取值无法识别：按不可通行处理" in render(as_message(f.message))
            for f in findings
        )
