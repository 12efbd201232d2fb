"""Services that a point must offer to cover anybody: against trying all choices, by hand on the line, and in its files."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from planner.config import Objective, load_config, parse_config
from planner.coverage import UncoveredReason
from planner.coverage.check import check_coverage
from planner.coverage.solve import solve_coverage
from planner.errors import ConfigError
from planner.geodata.assemble import read_area
from planner.geodata.services import RequiredServices
from planner.model import SiteStatus, Tier, TravelMatrix
from planner.outputs.conflicts import named_conflicts
from planner.pipeline.area_run import AreaRun
from planner.pipeline.examine import examine_files
from planner.pipeline.site import plan_network
from planner.pipeline.siting.problems import service_point_problem
from planner.plans import NetworkPlan
from planner.plans.network_faults import network_faults
from planner.words import render, speaking
from tests.conftest import write_line_of_three_villages

OFFERED = ((), ("express",), ("finance",), ("express", "finance"))
TIER = "[coverage.service_points]"
STANDARD_S = 600.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_line_of_three_villages(tmp_path_factory.mktemp("line"))


def line_with(folder: Path, points: str, sites: str = "") -> Path:
    """Write the line with these keys of its points, and these service points (place, name, status, services)."""
    toml = folder / "area.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace(TIER, f"{TIER}\n{points}"), encoding="utf-8")
    hub = "tier,place,name,status,services\ncounty_hub,west,共配中心,existing,\n"
    (folder / "sites.csv").write_text(hub + sites, encoding="utf-8")
    return toml


def subsets(items: list[int]) -> Iterator[tuple[int, ...]]:
    return (chosen for size in range(len(items) + 1) for chosen in combinations(items, size))


def test_siting_is_what_trying_all_choices_gives_on_200_worlds(folder: Path) -> None:
    """What a site has is worked out here by sets of words; neither rules nor travel times are those of the solver."""
    config = load_config(folder / "area.toml")
    area = read_area(config)
    village, site = area.villages[0], area.sites_of(Tier.SERVICE_POINT)[0]
    left_out_for_services = 0
    for seed in range(200):
        draw = random.Random(seed)
        required = draw.choice([("express",), ("express", "finance")])
        candidates = draw.choice([None, ("express",), ("finance",)])
        objective = draw.choice(["MCLP", "LSCP", "PMEDIAN"])
        villages = tuple(replace(village, id=f"v{i}", population=draw.randint(1, 9)) for i in range(4))
        sites = tuple(
            replace(
                site, id=f"s{j}", place_id="v0", status=draw.choice(list(SiteStatus)), services=draw.choice(OFFERED)
            )
            for j in range(4)
        )
        world = replace(area, villages=villages, sites=sites)
        ids = (*(one.id for one in villages), *(one.id for one in sites))
        seconds = np.array([[draw.choice([100.0, 300.0, 500.0, 900.0, np.inf]) for _ in ids] for _ in ids])
        travel = TravelMatrix(
            origin_ids=ids, destination_ids=ids, durations_s=seconds, distances_m=seconds, unreachable={}
        )
        silent = set(required if candidates is None else candidates)
        has = [
            set(required) <= (set(one.services) or (silent if one.status is SiteStatus.CANDIDATE else set()))
            for one in sites
        ]
        stays = [j for j, one in enumerate(sites) if one.status is SiteStatus.EXISTING]
        new = [j for j, one in enumerate(sites) if one.status is SiteStatus.CANDIDATE and has[j]]
        count = len(stays) + draw.randint(0, len(new))
        if not count:  # p-median with no site at all is refused, which is another matter
            objective = "MCLP"
        tier = config.coverage.service_points.model_copy(
            update={
                "objective": Objective(objective),
                "standard_s": STANDARD_S,
                "count": None if objective == "LSCP" else count,
                "required_services": required,
                "candidate_services": candidates,
            }
        )
        asked = config.model_copy(update={"coverage": config.coverage.model_copy(update={"service_points": tier})})
        problem = service_point_problem(world, travel, asked)
        answer = solve_coverage(problem)
        assert not check_coverage(problem, answer), seed

        table = seconds[:4, 4:]
        weights = [one.population for one in villages]

        def covered(opened: tuple[int, ...], table=table, has=has) -> set[int]:
            return {i for i in range(4) if any(has[j] and table[i, j] <= STANDARD_S for j in opened)}

        choices = [(*stays, *more) for more in subsets(new)]
        if objective == "MCLP":
            best = max(sum(weights[i] for i in covered(one)) for one in choices if len(one) <= count)
        elif objective == "LSCP":
            most = covered((*stays, *new))
            best = min(len(one) for one in choices if covered(one) == most)
        else:
            offering = [j for j in (*stays, *new) if has[j]]
            owed = [i for i in range(4) if any(np.isfinite(table[i, j]) for j in offering)]
            ways = [
                [min((table[i, j] for j in one if has[j]), default=np.inf) for i in owed]
                for one in choices
                if len(one) == count
            ]
            best = min(sum(w * weights[i] for w, i in zip(way, owed, strict=True)) for way in ways)
            if not np.isfinite(best):  # so few sites reach not all that could be reached: no plan holds
                assert not answer.found, seed
                continue
        assert answer.value == pytest.approx(best), (seed, objective)
        assert all(has[int(one.site_id[1:])] for one in answer.assignments), seed
        left_out_for_services += sum(left.reason is UncoveredReason.NO_SITE_WITH_SERVICES for left in answer.uncovered)
    assert left_out_for_services > 50  # the worlds do try it


# The line: west, middle and east 801.5 s apart, 100, 200 and 300 people; standard 15 min, so a point serves its neighbours.
SITES = (
    "service_point,west,西村点,existing,快递\n"
    "service_point,middle,中村点,candidate,\n"
    "service_point,east,东村点,candidate,快递\n"
)


def required_on_the_line(
    folder: Path, points: str = 'required_services = ["快递", "金融"]', sites: str = SITES
) -> NetworkPlan:
    toml = line_with(write_line_of_three_villages(folder), points, sites)
    return plan_network(AreaRun.for_siting(load_config(toml)))


@pytest.fixture(scope="module")
def required(tmp_path_factory: pytest.TempPathFactory) -> NetworkPlan:
    return required_on_the_line(tmp_path_factory.mktemp("required"))


def test_only_points_with_all_services_cover(required: NetworkPlan) -> None:
    # west has express only and stays, east would have express only and is not built: the middle alone covers the three
    assert required.stations.service_points.opened == ("sp-middle", "sp-west")
    found = {way.village_id: (way.site_id, way.covered) for way in required.finished.hand_over}
    assert found == {
        "west": ("sp-middle", True),
        "middle": ("sp-middle", True),
        "east": ("sp-middle", True),
        "island": (None, False),
    }
    assert [(season.season, season.beyond) for season in required.seasons if season.season == "summer"] == [
        ("summer", ())
    ]
    remarks = {(one.code, one.value) for one in required.remarks}
    assert {
        ("lacks_services", "sp-west 西村点"),
        ("lacks_services", "sp-east 东村点"),
        ("services_assumed", ""),
    } <= remarks


def test_hand_over_goes_on_where_nothing_is_covered(tmp_path: Path) -> None:
    """With candidates that offer nothing of it nobody is covered, and goods are still handed over at the point there is."""
    plan = required_on_the_line(tmp_path, 'required_services = ["finance"]\ncandidate_services = ["express"]')
    ways = {way.village_id: (way.site_id, way.covered) for way in plan.finished.hand_over}
    assert ways["west"] == ("sp-west", False)
    reasons = {left.demand_id: left.reason for left in plan.stations.service_points.uncovered}
    assert reasons["west"] is reasons["east"] is UncoveredReason.NO_SITE_WITH_SERVICES


def test_a_poor_village_that_must_be_covered_is_let_go_with_its_reason(tmp_path: Path) -> None:
    """The middle is poor: west is in its reach and lacks finance, the other sites are candidates without it."""
    keys = 'cover_poor_villages = true\nrequired_services = ["finance"]\ncandidate_services = ["express"]'
    plan = required_on_the_line(tmp_path, keys)
    (told,) = plan.stations.service_points.relaxed
    assert (told.code, told.params["point_id"]) == ("mandatory_without_services", "middle")
    with speaking("zh"):
        assert named_conflicts(plan.area, [told]) == [
            "必须覆盖的需求点 =1+1村 middle 在 15.0 分钟内的点位均不具备所要求的服务"
        ]


def test_a_plan_that_counts_a_point_without_is_refused(required: NetworkPlan) -> None:
    assert not list(network_faults(required))
    broken = replace(
        required,
        area=replace(
            required.area,
            sites=tuple(
                replace(one, services=("express",)) if one.id == "sp-middle" else one for one in required.area.sites
            ),
        ),
    )
    assert [str(fault) for fault in network_faults(broken)] == [
        f"stage : village {village} counts as covered by sp-middle, which lacks finance"
        for village in ("east", "middle", "west")
    ]


def test_the_check_names_points_that_lack_a_service(tmp_path: Path) -> None:
    toml = line_with(
        write_line_of_three_villages(tmp_path),
        'required_services = ["快递", "蘑菇收购"]',
        SITES + "service_point,island,岛村点,existing,\n",
    )
    found = [one for one in examine_files([toml], datum=None).findings if "service" in one.code]
    with speaking("en"):
        told = [(one.value, render(one.line).partition(" → ")[0].partition("': ")[2]) for one in found if one.value]
    lacking = "it lacks services that are required, and so it covers nobody: "
    assert told == [
        ("sp-east 东村点", f"{lacking}蘑菇收购"),
        ("sp-island 岛村点", "it does not say what it offers, and so it covers nobody; required: express, 蘑菇收购"),
        ("sp-west 西村点", f"{lacking}蘑菇收购"),
        ("蘑菇收购", "required_services: no site of the sites table offers 蘑菇收购"),
    ]
    (assumed,) = (one for one in found if not one.value)
    with speaking("zh"):
        assert "1 个候选点未填写服务功能：假设建成后提供快递、蘑菇收购" in render(assumed.line)


def test_what_contradicts_itself_is_told_at_once(folder: Path) -> None:
    content = tomllib.loads((folder / "area.toml").read_text(encoding="utf-8"))
    content["coverage"]["service_points"]["candidate_services"] = ["express"]
    content["coverage"]["express_stations"]["required_services"] = ["express"]
    with pytest.raises(ConfigError) as raised:
        parse_config(content, folder=folder, name="area.toml")
    assert "candidate_services goes with required_services" in str(raised.value)


def test_a_document_says_nothing_of_services_that_nobody_requires(folder: Path) -> None:
    points = load_config(folder / "area.toml").parts(("coverage",))["coverage"]["service_points"]
    assert not [key for key in points if "services" in key]
    assert RequiredServices.of({"coverage": {"service_points": points}}) == RequiredServices()


def test_services_are_named_as_a_cell_names_them() -> None:
    wanted = RequiredServices.of_tier((" 金融、快递", "蘑菇收购", "蘑菇收购", " "), None)
    assert wanted.required == wanted.of_candidates == ("express", "finance", "蘑菇收购")


@pytest.mark.parametrize(
    "coverage", [None, [], "x", {"service_points": 1}, {"service_points": {"required_services": 5}}]
)
def test_a_document_that_makes_no_sense_requires_nothing(coverage: object) -> None:
    assert RequiredServices.of({"coverage": coverage}) == RequiredServices()
