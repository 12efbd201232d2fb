"""Words for houses to share are known by a table, with counts and brackets about them; what is not known is said."""

import itertools
import random
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import load_config
from planner.geodata.assemble import read_area_with_findings
from planner.geodata.doctor import check_area
from planner.geodata.facilities import UnknownFacilityError, facilities_in, house_of, shared_house_of
from planner.model import SharedHouse
from planner.pipeline.siting.tier_rules import shared_house

SHOPS = ("小卖部", "超市", "便利店", "食杂店", "商店", "shop", "supermarket", "store")
POSTS = ("邮政", "邮政所", "村邮站", "post office")
COOPS = ("供销社", "供销超市", "供销合作社", "co-op")
POINTS = ("信息点", "益农信息社", "information point")
NONE = ("村委会", "卫生室", "小学", "school", "无", "none")
BEFORE, AFTER = ("", "村", "东头", "便民", "2个", "三家", "old "), ("", "2家", "（老街）", " (closed)", "×3", "s")


def test_known_words_are_known_however_they_are_written() -> None:
    kinds = {
        **dict.fromkeys(SHOPS, SharedHouse.SHOP),
        **dict.fromkeys(POSTS, SharedHouse.POST_OFFICE),
        **dict.fromkeys(COOPS, SharedHouse.SUPPLY_COOP),
        **dict.fromkeys(POINTS, SharedHouse.INFORMATION_POINT),
        **dict.fromkeys(NONE, None),
    }
    tried = 0
    for (word, kind), before, after in itertools.product(kinds.items(), BEFORE, AFTER):
        if (after == "s") != word[-1:].isascii() and after == "s":
            continue
        text = f"{before}{word}{after}"
        assert shared_house_of(text) == shared_house_of(text.upper()) == kind, text
        tried += 1
    assert tried >= 600


def test_lists_in_any_form_are_taken_apart() -> None:
    draw = random.Random(1)
    words = ["村委会", "小卖部", "卫生室", "供销社"]
    for separator in ("、", ";", "；", ",", "，", "/", " / ", "\n", "+"):
        mixed = draw.sample(words, k=4)
        cell = separator.join(mixed)
        assert list(facilities_in(cell)) == mixed
        assert house_of(facilities_in(cell)) is SharedHouse.SHOP


@pytest.mark.parametrize("word", ["磨坊", "机井房", "mill", "depot", "村"])
def test_what_is_not_known_is_not_guessed(word: str) -> None:
    with pytest.raises(UnknownFacilityError):
        shared_house_of(word)
    assert house_of([word]) is None
    assert house_of([word], ((word, "shop"),)) is SharedHouse.SHOP
    assert house_of([word, "shop"], (("shop", "none"),)) is None


def test_plan_and_check_say_which_words_are_not_known(line_folder: Path) -> None:
    villages = line_folder / "villages.csv"
    villages.write_text(
        "编码,村名,乡镇,经度,纬度,人口,户数,设施\n"
        "west,西村,t1,10.0,0.0,100,30,磨坊、村委会\nmiddle,中村,t1,10.1,0.0,200,60,磨坊\neast,东村,t1,10.2,0.0,300,100,小卖部\n",
        encoding="utf-8",
    )
    config = load_config(line_folder)
    for findings in (read_area_with_findings(config).findings, check_area(config).findings):
        (found,) = [finding for finding in findings if finding.code == "unknown_facility"]
        assert (found.file, found.field) == ("villages.csv", "facilities")
        assert "2 villages have 磨坊" in str(found.line)
    text = (line_folder / "area.toml").read_text(encoding="utf-8")
    given = 'standard_s = 900\nco_location = "facilities"\nfacility_words = { "磨坊" = "post_office" }'
    (line_folder / "area.toml").write_text(text.replace("standard_s = 900", given), encoding="utf-8")
    config = load_config(line_folder)
    reading = read_area_with_findings(config)
    assert [finding for finding in reading.findings if finding.code == "unknown_facility"] == []
    tier = config.coverage.service_points
    site_of = {site.place_id: site for site in reading.area.sites if site.tier == "service_point"}
    houses = [shared_house(reading.area, tier, replace(site_of[id_])) for id_ in ("west", "middle", "east")]
    assert houses == [SharedHouse.POST_OFFICE, SharedHouse.POST_OFFICE, SharedHouse.SHOP]
