"""What a siting answer is worth: how evenly it serves, what it changes, who pays for it, what one more site would bring.

`planner.coverage.appraise.marginal` solves along the marginal curve; what stands here loads no solver.
"""

from planner.coverage.appraise.comparison import (
    Change,
    CoverageComparison,
    PointChange,
    StationComparison,
    Way,
    compare_coverage,
    compare_stations,
)
from planner.coverage.appraise.curve_points import Curve, CurvePoint, Limit
from planner.coverage.appraise.equity import Equity, EquityReport, GroupEquity, equity_of, measure_equity
from planner.coverage.appraise.subsidy import (
    FEN_PER_YUAN,
    SiteCost,
    SpendingPhase,
    SubsidyEntry,
    SubsidyTable,
    apportion,
    fen_of,
    format_fen,
    fund,
    spending_of_phases,
    spending_of_plan,
)

__all__ = [
    "FEN_PER_YUAN",
    "Change",
    "CoverageComparison",
    "Curve",
    "CurvePoint",
    "Equity",
    "EquityReport",
    "GroupEquity",
    "Limit",
    "PointChange",
    "SiteCost",
    "SpendingPhase",
    "StationComparison",
    "SubsidyEntry",
    "SubsidyTable",
    "Way",
    "apportion",
    "compare_coverage",
    "compare_stations",
    "equity_of",
    "fen_of",
    "format_fen",
    "fund",
    "measure_equity",
    "spending_of_phases",
    "spending_of_plan",
]
