"""Why a stop is on no route, and the smallest changes that would serve it."""

from planner.routing.why.reasons import may_serve, why_left, why_not_alone
from planner.routing.why.relax import with_relaxations

__all__ = ["may_serve", "why_left", "why_not_alone", "with_relaxations"]
