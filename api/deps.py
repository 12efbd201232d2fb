"""What routes ask for: the store, one network or day, and the roads of an area; each speaks its area's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Path, Query, Request

from api.request_language import speak_of_area
from api.settings import Settings
from planner.config import PlanConfig
from planner.errors import Message, UnknownAreaError
from planner.network import load_profile, load_vehicle, season_of, vehicles_of
from planner.pipeline.area_run import AreaRun
from planner.plans import DayPlan, NetworkPlan, ServicePlan
from planner.plans.store import PlanStore

NetworkLoader = Callable[[str], NetworkPlan]
DayLoader = Callable[[str], DayPlan]
ServiceLoader = Callable[[str], ServicePlan]
AreaLoader = Callable[[str, str | None], AreaRun]


def cached_networks(store: PlanStore, size: int) -> NetworkLoader:
    """Return what gives a network by its id, or the id that it had once, keeping the last in memory: none ever changes."""
    kept = lru_cache(maxsize=size)(store.network)
    return lambda plan_id: kept(store.network_summary(plan_id).id)


def cached_days(store: PlanStore, size: int) -> DayLoader:
    """Return what gives a day plan by its id, or the id that it had once, keeping the last in memory: none ever changes."""
    kept = lru_cache(maxsize=size)(store.day)
    return lambda plan_id: kept(store.day_summary(plan_id).id)


def cached_services(store: PlanStore, size: int) -> ServiceLoader:
    """Return what gives a service plan by its id, keeping the last in memory: none ever changes."""
    return lru_cache(maxsize=size)(store.services.get)


def cached_runs(configs: Mapping[str, PlanConfig], settings: Settings) -> AreaLoader:
    """Return what gives the run of an area by id for a vehicle, keeping the last ones, with area and roads, in memory.

    Vehicles of one mode share their roads; the run is under one of these vehicles (see `planner.network`).
    """

    @lru_cache(maxsize=settings.cached_roads)
    def load(area_id: str, mode: str) -> AreaRun:
        config = configs[area_id]
        if load_vehicle(config.travel.vehicle).mode != mode:
            config = config.under(vehicle=vehicles_of(mode)[0].name)
        season = season_of(config.travel, config.routing.date).season
        return AreaRun(config=config, cache=settings.cache, given_season=season)

    def load_for(area_id: str, vehicle: str | None) -> AreaRun:
        if area_id not in configs:
            raise UnknownAreaError(
                Message(
                    "no roads of an area {area} here, only of {known}: serve it with --area FOLDER",
                    area=repr(area_id),
                    known=list(configs),
                )
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
NetworkId = Annotated[str, Path(max_length=120, examples=["baiquan-network-0123456789ab"])]
DayId = Annotated[str, Path(max_length=120, examples=["baiquan-20261110-0123456789ab"])]


def _network(request: Request, network_id: NetworkId) -> NetworkPlan:
    load: NetworkLoader = request.app.state.load_network
    return load(network_id)


async def _spoken_network(request: Request, plan: Annotated[NetworkPlan, Depends(_network)]) -> NetworkPlan:
    speak_of_area(request, plan.language)
    return plan


def _day(request: Request, day_id: DayId) -> DayPlan:
    load: DayLoader = request.app.state.load_day
    return load(day_id)


async def _spoken_day(request: Request, plan: Annotated[DayPlan, Depends(_day)]) -> DayPlan:
    speak_of_area(request, plan.network.language)
    return plan


async def area_speaks(request: Request, area_id: str) -> None:
    """Speak the language of an area whose configuration is here, unless the request asks for another."""
    speak_of_area(request, request.app.state.area_languages.get(area_id))


def _run(
    request: Request,
    area_id: str,
    vehicle: Annotated[str | None, Query(description="the configuration's if left out")] = None,
    season: Annotated[str | None, Query(description="the configuration's or the date's if left out")] = None,
) -> AreaRun:
    load: AreaLoader = request.app.state.load_run
    return load(area_id, vehicle).under(vehicle=vehicle, season=season)


LoadedRun = Annotated[AreaRun, Depends(_run)]
LoadedNetwork = Annotated[NetworkPlan, Depends(_spoken_network)]
LoadedDay = Annotated[DayPlan, Depends(_spoken_day)]
