"""A text that no page or code can hold is a finding of its row, before a plan is made."""

from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import BadDataError
from planner.geodata.doctor import check_area
from planner.pipeline.whole_plan import plan_area


@pytest.mark.parametrize(("length", "fits"), [(58, True), (300, True), (301, False), (40_000, False)])
def test_a_name_has_an_end(line_folder: Path, length: int, fits: bool) -> None:
    villages = line_folder / "villages.csv"
    text = villages.read_text(encoding="utf-8").replace("=1+1村", "村" * length)
    villages.write_text(text, encoding="utf-8")
    config = load_config(line_folder)
    found = [one for one in check_area(config).findings if one.code == "too_long"]
    assert [(one.row, one.field) for one in found] == ([] if fits else [(3, "村名")])
    assert all(len(str(one.line)) < 400 for one in found)
    if not fits:
        with pytest.raises(BadDataError, match="300"):
            plan_area(config)
