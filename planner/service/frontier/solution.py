"""What is answered: plans between what is reached and what that costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """A plan: open sites, where each village hands over ("" where it cannot), and the routes of a day.

    ``covered`` is the weight within the standard, ``mean_minutes`` the weighted mean of those who hand over. Yuan are for
    a year, ``km`` for a day. ``search_yuan`` is what the routes cost a year as the search left them, ``routing_yuan`` as
    the routing engine plans the same sites (None: not asked); the cheaper ones are the routes here.
    """

    site_ids: tuple[str, ...]
    hand_over: tuple[str, ...]
    routes: tuple[tuple[str, ...], ...]
    covered: float
    coverage: float
    mean_minutes: float
    sites_yuan: float
    routes_yuan: float
    km: float
    search_yuan: float
    routing_yuan: float | None = None

    @property
    def yuan(self) -> float:
        """Return the yearly cost of sites and routes together."""
        return self.sites_yuan + self.routes_yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """Points of which none is at least as good as another in both, the cheapest first, and the coverage-only plan.

    That stands beside them as well where one of them reaches as much for less: what heeding the routes saves is the
    difference. It is None where no fleet of such vehicles can drive it. ``steps`` are those of the search.
    """

    points: tuple[FrontierPoint, ...]
    coverage_only: FrontierPoint | None
    steps: int
    seed: int
