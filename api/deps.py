"""What routes ask for: the store, and one plan with its tag for caches."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Path, Request, Response

from planner import __version__
from planner.plan import Plan
from planner.store import PlanStore

Loader = Callable[[str], Plan]


def cached_loader(store: PlanStore, size: int) -> Loader:
    """Return the store's ``get``, keeping the last plans in memory: a plan never changes."""
    return lru_cache(maxsize=size)(store.get)


def _store(request: Request) -> PlanStore:
    store = request.app.state.store
    assert isinstance(store, PlanStore)
    return store


Store = Annotated[PlanStore, Depends(_store)]
PlanId = Annotated[str, Path(max_length=120, examples=["baiquan-20261110-0123456789ab"])]


def _plan(request: Request, plan_id: PlanId) -> Plan:
    load: Loader = request.app.state.load_plan
    return load(plan_id)


LoadedPlan = Annotated[Plan, Depends(_plan)]


def tagged(request: Request, plan_id: str, make: Callable[[], bytes | str], media_type: str) -> Response:
    """Answer with what ``make`` returns, or 304 if the caller has it: it depends on plan and program version only."""
    tag = f'"{plan_id}-{__version__}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(make(), media_type=media_type, headers=headers)
