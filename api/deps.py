"""What routes ask for: the store, and one plan with its tag for caches."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response

from api.settings import Settings
from planner import __version__
from planner.errors import UnknownAreaError
from planner.network import load_profile, load_vehicle, season_of, vehicles_of
from planner.pipeline.area_run import AreaRun
from planner.plans import Plan
from planner.plans.store import PlanStore

Loader = Callable[[str], Plan]


def cached_loader(store: PlanStore, size: int) -> Loader:
    """Return the store's ``get``, keeping the last plans in memory: a plan never changes."""
    return lru_cache(maxsize=size)(store.get)


AreaLoader = Callable[[str, str | None], AreaRun]


def cached_runs(settings: Settings) -> AreaLoader:
    """Return what gives the run of an area by id for a vehicle, keeping the last ones, with area and roads, in memory.

    Vehicles of one mode share their roads; the run is under one of these vehicles (see `planner.network`).
    """
    configs = settings.areas()

    @lru_cache(maxsize=settings.cached_roads)
    def load(area_id: str, mode: str) -> AreaRun:
        config = configs[area_id]
        if load_vehicle(config.travel.vehicle).mode != mode:
            config = config.under(vehicle=vehicles_of(mode)[0].name)
        season = season_of(config.travel, config.routing.date).season
        return AreaRun(config=config, cache=settings.cache, given_season=season)

    def load_for(area_id: str, vehicle: str | None) -> AreaRun:
        if area_id not in configs:
            known = ", ".join(configs)
            raise UnknownAreaError(
                f"no roads of an area {area_id!r} here, only of {known}: serve it with --area FOLDER"
            )
        config = configs[area_id].under(vehicle=vehicle)
        load_profile(config.travel.vehicle, config.siting_season)
        return load(area_id, load_vehicle(config.travel.vehicle).mode)

    return load_for


def _store(request: Request) -> PlanStore:
    store = request.app.state.store
    assert isinstance(store, PlanStore)
    return store


Store = Annotated[PlanStore, Depends(_store)]
PlanId = Annotated[str, Path(max_length=120, examples=["baiquan-20261110-0123456789ab"])]


def _plan(request: Request, plan_id: PlanId) -> Plan:
    load: Loader = request.app.state.load_plan
    return load(plan_id)


def _run(
    request: Request,
    area_id: str,
    vehicle: Annotated[str | None, Query(description="the configuration's if left out")] = None,
    season: Annotated[str | None, Query(description="the configuration's or the date's if left out")] = None,
) -> AreaRun:
    load: AreaLoader = request.app.state.load_run
    return load(area_id, vehicle).under(vehicle=vehicle, season=season)


LoadedRun = Annotated[AreaRun, Depends(_run)]
LoadedPlan = Annotated[Plan, Depends(_plan)]


def tagged(request: Request, plan_id: str, make: Callable[[], bytes | str], media_type: str) -> Response:
    """Answer with what ``make`` returns, or 304 if the caller has it: it depends on plan and program version only."""
    tag = f'"{plan_id}-{__version__}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(make(), media_type=media_type, headers=headers)
