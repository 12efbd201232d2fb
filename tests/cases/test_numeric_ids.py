"""Ids that are numbers stay ids: a count in a sentence is never read as the village of that number."""

import random
import re
from pathlib import Path

import pytest

from planner.config import load_config
from planner.model import Fact
from planner.outputs.conflicts import named_conflicts
from planner.pipeline.area_run import AreaRun
from planner.words import sentence, speaking

CASE = Path(__file__).parents[3] / "shared" / "cases" / "siting" / "numeric_ids"


@pytest.mark.skipif(not CASE.is_dir(), reason="the cases are not at hand: ../shared/cases")
def test_counts_of_the_case_are_said_as_numbers():
    run = AreaRun.for_siting(load_config(CASE))
    relaxed = run.siting.stations.service_points.relaxed
    assert [(fact.code, fact.params["point_id"]) for fact in relaxed] == [
        ("mandatory_with_few_sites", "2"),
        ("mandatory_without_road", "4"),
    ]
    # village 2 has three sites in reach (1, 2 and 3, all within 15 minutes) and needs four; 3 and 4 are villages, too
    with speaking("en"):
        assert named_conflicts(run.area, relaxed)[0] == (
            "mandatory point Zhong 2 has 3 of the 4 allowed sites it needs within 15.0 min"
        )
    with speaking("zh"):
        assert "村 2 需要 4 个" in named_conflicts(run.area, relaxed)[0]
        assert "只有 3 个" in named_conflicts(run.area, relaxed)[0]


def test_200_villages_with_numbers_for_ids():
    names = {str(number): "甲乙丙丁戊己庚辛壬"[number - 1] * 2 for number in range(1, 10)}
    for seed in range(200):
        rng = random.Random(seed)
        point, found, needed = rng.randint(1, 9), rng.randint(0, 8), rng.randint(1, 9)
        params = {"point_id": str(point), "found": found, "needed": needed, "standard_s": 900.0}
        fact = Fact(code="mandatory_with_few_sites", params=params)
        for language in ("en", "zh"):
            for given in (names, {"point": names, "village": names, "site": names}):
                with speaking(language):
                    said = sentence(fact, given)
                # the village once, by its name and id; all other numbers as they are
                assert [one for one in names.values() if one in said] == [names[str(point)]]
                digits = sorted(re.findall(r"\d+(?:\.\d+)?", said))
                assert digits == sorted([str(point), str(found), str(needed), "15.0"])
