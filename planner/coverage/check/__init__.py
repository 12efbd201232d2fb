"""The check that replays a siting answer from the problem alone, in code that did not make it."""

from planner.coverage.check.whole_answer import check_coverage

__all__ = ["check_coverage"]
