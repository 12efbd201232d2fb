"""From open sites to an answer: who is served, what it comes to, and why a point is left out.

`planner.coverage.explain.conflicts` names demands that contradict each other; it loads a solver, and the rest does not.
"""

from planner.coverage.explain.out_of_reach import out_of_reach
from planner.coverage.explain.outcome import empty_solution, open_within_standard, solution_of

__all__ = ["empty_solution", "open_within_standard", "out_of_reach", "solution_of"]
