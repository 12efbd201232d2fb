"""Shares of all villages and people there are: where rows were left out, none of them is the whole."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from planner.coverage import CoverageSolution, CoveredShares
from planner.coverage.phases import PhasedSolution
from planner.model import StudyArea
from planner.plans.area_shares import share_if_known, share_of
from planner.plans.summaries import NetworkSummary
from planner.words import figures, say

_ANY: TypeAdapter[Any] = TypeAdapter(Any)
_NAMES = ("population", "households", "villages", "poor_villages")


def share_known(share: float, total: float, *, known: bool = True) -> str:
    """Return a share as it is read, - of nothing, and where all that is known is not all there is."""
    return _text(share_if_known(share, total, known=known))


def people_share(area: StudyArea, people: float) -> str:
    """Return which share of all people of the area these are, as `share_known` does."""
    total = area.population_total
    return share_known(people / total if total else 0.0, total, known=not area.rows_left_out.without_people)


def share_text(area: StudyArea, shares: CoveredShares, name: str) -> str:
    """Return a share by its name as it is read."""
    return _text(share_of(area, shares, name))


def covered_text(summary: NetworkSummary) -> str:
    """Return the share of people that a kept plan serves as it is read."""
    return _text(summary.population_covered)


def _text(share: float | None) -> str:
    return "-" if share is None else figures.share(share)


def answer_figures(area: StudyArea, solution: CoverageSolution) -> dict[str, Any]:
    """Return an answer for programs: as in a document, but a share of nothing is None."""
    shares = {name: share_of(area, solution.shares, name) for name in _NAMES}
    document: dict[str, Any] = _ANY.dump_python(solution, mode="json")
    return {**document, "shares": {**document["shares"], **shares}}


def phases_figures(area: StudyArea, phases: PhasedSolution | None) -> dict[str, Any] | None:
    """Return phases for programs, the shares of each as `answer_figures` has them."""
    if phases is None:
        return None
    parts = [
        {**_ANY.dump_python(phase, mode="json"), "coverage": answer_figures(area, phase.coverage)}
        for phase in phases.phases
    ]
    return {**_ANY.dump_python(phases, mode="json"), "phases": parts}


def rows_left_out_text(area: StudyArea) -> str:
    """Return how many villages were left out because of their rows and where that is read, empty if none were."""
    rows = area.rows_left_out
    if not rows.villages:
        return ""
    text = say(
        "{count} of {total} villages ({people}) are not planned, but count in every share: see what was left out",
        count=figures.number(rows.villages),
        total=figures.number(area.villages_total),
        people=figures.people(rows.population),
    )
    if not rows.without_people:
        return text
    unknown = say("of {count} of them nobody knows how many live there", count=figures.number(rows.without_people))
    return say("; ").join((text, unknown))
