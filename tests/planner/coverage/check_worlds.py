"""Named worlds of siting for the check, one for each kind of limit, and the sites that their best plan opens."""

import numpy as np

from planner.config import Objective
from planner.coverage import AssignmentRule, SitingRules, UpperTier

# three villages on a road, 600 s apart, a site at each
LINE = [[0, 600, 1200], [600, 0, 600], [1200, 600, 0]]
INF = np.inf


def flags(*numbers, size=3):
    return np.isin(np.arange(size), numbers)


# s1 covers all within 600 s
MIDDLE = (LINE, {})
# within 300 s s2, which exists, covers its own village of three
END = (LINE, {"objective": Objective.MCLP, "standard_s": 300.0, "count": 1, "existing": flags(2)})
# all travel to the middle, 600 + 0 + 600 s; v0 and v2 are beyond the standard
MEDIAN = (LINE, {"objective": Objective.P_MEDIAN, "standard_s": 300.0, "count": 1})
# two sites in reach of each village: all three are open, s0 backs s1 up, s1 the ends
BACKUP = (LINE, {"rules": SitingRules(sites_needed=2)})
# v0 has one site in reach, which is not enough; v1 has both
NO_BACKUP = ([[0, 900], [600, 0]], {"rules": SitingRules(sites_needed=2)})
# the middle is forbidden; s0 covers v0 and v1, which are 9 of 10
SHARE = (
    LINE,
    {"forbidden": flags(1), "weights": np.array([4.0, 5.0, 1.0]), "rules": SitingRules(covered_share=0.9)},
)
# s0 exists; moving to the middle covers all: 1000 yuan for opening, 300 for closing
MOVED = (
    LINE,
    {
        "objective": Objective.MCLP,
        "existing": flags(0),
        "count": 1,
        "budget_yuan": 1300.0,
        "rules": SitingRules(closing_cost_yuan=[300.0, INF, INF]),
    },
)
# a has s0, b has s1, which is open, and s2
TOWNS = (LINE, {"rules": SitingRules(township=tuple("abb"), township_limits={"a": (0, 1), "b": (0, 1)})})
# s0 serves v0 and, from beyond the standard, v1, and carries 3; s1 exists and is the farther one, s2 is closed; v2 is an
# island
LOADS = (
    [[60, 90, INF], [400, 500, 550], [INF, INF, INF]],
    {
        "objective": Objective.P_MEDIAN,
        "standard_s": 300.0,
        "count": 2,
        "existing": flags(1),
        "rules": SitingRules(load=[1.0, 2.0, 1.0], capacity=[3.0, 3.0, 3.0]),
    },
)
# s0 has room for the heavier of two villages beside it
FULL = (
    [[60], [60]],
    {
        "objective": Objective.MCLP,
        "count": 1,
        "weights": np.array([1.0, 2.0]),
        "rules": SitingRules(load=[1.0, 2.0], capacity=[2.0], assignment=AssignmentRule.FREE),
    },
)
# s2, as at the END, but a village counts less and less from 300 s to 1500 s: 1 + 3/4 at 600 s + 1/4 at 1200 s
DECAY = (
    LINE,
    END[1] | {"rules": SitingRules(decay_s=1500.0, load=[1.0, 1.0, 1.0], capacity=[3.0, 3.0, 3.0])},
)
# no site is in reach of v1
LONELY = ([[0, 900], [900, 900]], {})
# s0 is linked to t0, 60 s away, s2 to t1, 50 s away; t2 is closed
STATIONS = (
    LINE,
    {
        "objective": Objective.MCLP,
        "standard_s": 300.0,
        "count": 3,
        "forbidden": flags(1),
        "rules": SitingRules(
            upper=UpperTier(
                station_ids=("t0", "t1", "t2"),
                durations_s=np.array([[60.0, 900, 900], [120, 900, 900], [900, 50, 250]]),
                standard_s=300.0,
                opening_cost_yuan=np.array([10.0, 20.0, 90.0]),
                existing=flags(),
                forbidden=flags(),
                room=np.ones(3),
            )
        ),
    },
)
RIGHT = {
    "MIDDLE": (MIDDLE, ("s1",)),
    "END": (END, ("s2",)),
    "MEDIAN": (MEDIAN, ("s1",)),
    "BACKUP": (BACKUP, ("s0", "s1", "s2")),
    "NO_BACKUP": (NO_BACKUP, ("s0", "s1")),
    "SHARE": (SHARE, ("s0",)),
    "MOVED": (MOVED, ("s1",)),
    "TOWNS": (TOWNS, ("s1",)),
    "LOADS": (LOADS, ("s0", "s1")),
    "FULL": (FULL, ("s0",)),
    "DECAY": (DECAY, ("s2",)),
    "LONELY": (LONELY, ("s0",)),
    "STATIONS": (STATIONS, ("s0", "s2")),
}
