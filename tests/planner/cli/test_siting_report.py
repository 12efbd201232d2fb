"""What the command line shows: no figure of a table is cut off, and a knee that was asked for is answered."""

import io

import pytest
from rich.console import Console

from planner.cli.siting_tables import print_subsidies
from planner.config import CostItem, FundingSource
from planner.coverage.appraise import SubsidyEntry, SubsidyTable


def shown(fen: int) -> str:
    """The table of twelve equal amounts, one of each item and source, on a terminal of 80 columns."""
    entries = tuple(
        SubsidyEntry(phase="p", item=item, source=source, fen=fen) for item in CostItem for source in FundingSource
    )
    out = io.StringIO()
    print_subsidies(Console(file=out, width=80), SubsidyTable(phases=("p",), entries=entries))
    return out.getvalue()


@pytest.mark.parametrize(
    ("fen", "figures"),
    [
        # 12 x 1,234,567 yuan = 14,814,804, 3 x = 3,703,701 a source, 4 x = 4,938,268 an item
        (123_456_700, ("14,814,804", "3,703,701", "4,938,268")),
        # 12 x 0.29 yuan = 3.48, 3 x = 0.87, 4 x = 1.16
        (29, ("3.48", "0.87", "1.16")),
    ],
)
def test_money_is_shown_whole(fen, figures):
    text = shown(fen)
    assert "…" not in text
    for figure in figures:
        assert f" {figure} " in text


def test_what_does_not_fit_goes_on_in_the_next_line():
    # 12 x 123,456,789,012.34 yuan = 1,481,481,468,148.08: twenty characters in a column for a dozen
    text = shown(12_345_678_901_234)
    assert "…" not in text
    cells = [line[-15:].strip() for line in text.splitlines() if line.strip()]
    assert "".join(cells[-2:]) == "1,481,481,468,148.08"
