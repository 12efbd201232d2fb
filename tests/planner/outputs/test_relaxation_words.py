"""What would serve a stop, in words of either language, rounded so that what is said is enough."""

import re

import pytest

from planner.model import Fact
from planner.outputs.fleet_names import FleetNames
from planner.outputs.relaxations import reason_text, relaxation_text, relaxations_text
from planner.routing.relaxation import Relaxation, RelaxationKind
from planner.routing.solution import Unassigned, UnassignedReason
from planner.words import LANGUAGES, speaking


def change(kind, **more):
    return Relaxation(kind=kind, vehicle_id="van-2", vehicle_type_id="van", **more)


@pytest.mark.parametrize(
    ("made", "zh", "en"),
    [
        # 14:19:01 is told as 14:20 where later is enough, as 14:19 where earlier is
        (change(RelaxationKind.CLOSES_LATER, until_s=51_541.0), "营业至 14:20", "open until 14:20"),
        (change(RelaxationKind.OPENS_EARLIER, until_s=51_541.0), "14:19 开门", "open from 14:19"),
        (change(RelaxationKind.ENDS_LATER, amount=1441.0), "货车2班次延后 25 分钟", "shift of truck 2 25 min longer"),
        (change(RelaxationKind.MORE_ROOM, room=(0.0, 11.93)), "货车2多容 12 千克", "12 kg more room in truck 2"),
        (
            change(RelaxationKind.LONGER_ROUTE, amount=1201.0),
            "货车2里程上限多 1.3 公里",
            "truck 2 may drive 1.3 km more",
        ),
        (change(RelaxationKind.SKILL, skills=("cold",)), "货车2具备冷链", "truck 2 with cold chain"),
        (
            change(RelaxationKind.ONE_MORE_VEHICLE, skills=("cold", "ice road")),
            "增派一辆货车（冷链、ice road）",
            "one more truck (cold chain, ice road)",
        ),
        (change(RelaxationKind.WORTH_MORE, amount=20.001), "跳过费用提高 20.01 元", "skip cost 20.01 yuan higher"),
    ],
)
def test_what_is_said_is_enough(made, zh, en):
    for lang, words in (("zh", zh), ("en", en)):
        with speaking(lang):
            fleet = FleetNames({"van": "货车" if lang == "zh" else "truck"})
            assert relaxation_text(made, ("parcels", "kg"), fleet) == words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_change_and_reason_has_words(lang):
    changes = tuple(change(kind, until_s=0.0, room=(1.0,), skills=("cold",)) for kind in RelaxationKind)
    lefts = [
        Unassigned(
            stop_id="a",
            reason=reason,
            details=Fact(
                code="partner_not_served", params={"partner_id": "a", "because": Fact(code="no_depot_has_a_way")}
            ),
            relaxations=changes,
        )
        for reason in UnassignedReason
    ]
    with speaking(lang):
        said = relaxations_text(lefts[0], ("kg",))
        assert len(said.split("；" if lang == "zh" else "; ")) == len(RelaxationKind)
        reasons = [reason_text(left, {}) for left in lefts]
    assert "{" not in said + "".join(reasons)
    assert len(set(reasons)) == len(UnassignedReason)
    for one in (said, *reasons):
        assert bool(re.search("[\u4e00-\u9fff]", one)) == (lang == "zh"), one
