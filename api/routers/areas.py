"""Study areas: those that come with the planner and those that have plans."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Store
from api.routers.plans import plan_reply
from api.schemas import AreaList, AreaReply
from planner.config import embedded_areas, load_config
from planner.errors import UnknownAreaError

router = APIRouter(prefix="/areas", tags=["areas"])


@router.get("", summary="All areas, each with its latest plan")
def list_areas(store: Store) -> AreaList:
    """Return the areas by id."""
    latest = {plan.area_id: plan for plan in store.latest()}
    names = {name: load_config(name).area.name for name in embedded_areas()}
    names |= {area_id: plan.area_name for area_id, plan in latest.items()}
    return AreaList(
        areas=[
            AreaReply(
                id=area_id,
                name=name,
                embedded=area_id in embedded_areas(),
                latest_plan=plan_reply(latest[area_id]) if area_id in latest else None,
            )
            for area_id, name in sorted(names.items())
        ]
    )


@router.get("/{area_id}", summary="One area with its latest plan")
def get_area(area_id: str, store: Store) -> AreaReply:
    """Return the area, 404 if there is none of that id."""
    for area in list_areas(store).areas:
        if area.id == area_id:
            return area
    raise UnknownAreaError(f"no area {area_id!r}: GET /areas lists them")
