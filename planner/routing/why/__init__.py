"""Why a stop is on no route, and the smallest changes that would serve it."""

from planner.routing.why.proof import Proofs, may_serve
from planner.routing.why.reasons import why_left, why_never
from planner.routing.why.relax import with_relaxations

__all__ = ["Proofs", "may_serve", "why_left", "why_never", "with_relaxations"]
