"""Study areas: those that come with the planner and those that have plans."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.answers import HTML, LINKS
from api.deps import DayLoader, NetworkLoader, Store
from api.request_language import speak_of_area
from api.routers.days import day_reply
from api.routers.networks import network_reply
from api.schemas import AreaList, AreaReply
from planner.config import embedded_areas, load_config
from planner.errors import Message, PlanNotFoundError, UnknownAreaError
from planner.outputs.maps import week_map
from planner.outputs.network_links import LinkedBeside, Listed, ListedBulletin, ListedService
from planner.outputs.network_page import network_page
from planner.plans import NetworkPlan
from planner.plans.bulletin import Month
from planner.plans.summaries import days_around

router = APIRouter(prefix="/areas", tags=["areas"])

_LATEST_DAYS = 20
_ALL = 10_000


@router.get("", summary="All areas, each with its current network and latest days")
def list_areas(store: Store) -> AreaList:
    """Return the areas by id."""
    return AreaList(areas=[_area(area_id, store) for area_id in sorted({*embedded_areas(), *store.area_ids()})])


@router.get("/{area_id}", summary="One area with its current network and latest days")
def get_area(area_id: str, store: Store) -> AreaReply:
    """Return the area, 404 if there is none of that id."""
    if area_id not in embedded_areas() and area_id not in store.area_ids():
        raise UnknownAreaError(Message("no area {area}: GET /areas lists them", area=repr(area_id)))
    return _area(area_id, store)


def _area(area_id: str, store: Store) -> AreaReply:
    network = store.current_network(area_id)
    return AreaReply(
        id=area_id,
        name=load_config(area_id).area.name if network is None else network.area_name,
        embedded=area_id in embedded_areas(),
        network=None if network is None else network_reply(network),
        days=[day_reply(one) for one in store.days(area_id, limit=_LATEST_DAYS)],
        links={} if network is None else {"index.html": f"/areas/{area_id}/index.html"},
    )


def _current(request: Request, area_id: str, store: Store) -> NetworkPlan:
    current = store.current_network(area_id)
    if current is None:
        raise PlanNotFoundError(
            Message("no plan of {area} yet: make one with planner site {name}", area=repr(area_id), name=area_id)
        )
    load: NetworkLoader = request.app.state.load_network
    return load(current.id)


async def _spoken(request: Request, plan: Annotated[NetworkPlan, Depends(_current)]) -> NetworkPlan:
    speak_of_area(request, plan.language)
    return plan


@router.get("/{area_id}/index.html", summary="The area's first page")
def get_index(plan: Annotated[NetworkPlan, Depends(_spoken)], area_id: str, store: Store) -> Response:
    """Return the page of the current network, with links to all networks and days of the area."""
    networks = [Listed(f"/networks/{one.id}/index.html", one) for one in store.networks(area_id, limit=_ALL)]
    days = [Listed(f"/days/{one.id}/index.html", one) for one in store.days(area_id, limit=_ALL)]
    latest = next(iter(store.bulletins.of_area(area_id)), None)
    bulletin = None if latest is None else ListedBulletin(f"/bulletins/{latest.id}/", Month.of(latest.period).first)
    folder = f"/networks/{plan.id}/"
    packs = {
        one.summary.id: f"/areas/{area_id}/published/{one.summary.slot}/latest/index.html"
        for one in days
        if one.summary.published
    }
    week = f"/areas/{area_id}/week.html" if days else ""
    services = [ListedService(f"/services/{one.id}/index.html", one) for one in store.services.of_area(area_id)]
    beside = LinkedBeside(week_href=week, packs=packs, bulletin=bulletin, has_picture=True, services=services)
    page = network_page(plan, LINKS, folder=folder, networks=networks, days=days, beside=beside)
    return Response(page, media_type=HTML, headers={"Cache-Control": "private, no-cache"})


@router.get("/{area_id}/week.html", summary="Routes of the area's last days on one map")
def get_week(request: Request, _: Annotated[NetworkPlan, Depends(_spoken)], area_id: str, store: Store) -> Response:
    """Return the map of the week that ends with the latest day, 404 if there is no day."""
    days = days_around(store.days(area_id, limit=_ALL))
    if not days:
        raise PlanNotFoundError(
            Message("no day of {area} yet: make one with planner day {name}", area=repr(area_id), name=area_id)
        )
    load: DayLoader = request.app.state.load_day
    page = week_map([load(one.id) for one in days], LINKS)
    return Response(page, media_type=HTML, headers={"Cache-Control": "private, no-cache"})
