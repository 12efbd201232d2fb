"""What couriers were given: the published versions of a date, with what changed, their pages and their packs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Depends, Path, Request, Response

from api.deps import DayLoader, Store
from api.request_language import speak_of_area
from api.routers.courier import CourierFile, answer_archive, answer_file, answer_loading, answer_overview
from api.schemas import (
    ChangeOfLoading,
    ChangeOfStop,
    PublishedDay,
    PublishedDays,
    PublishedVersion,
    PublishedVersionReply,
    PublishedVersions,
)
from planner.config import embedded_areas
from planner.errors import Message, PlanNotFoundError, UnknownAreaError
from planner.outputs.courier import ARCHIVE, CourierDay, Revised, revised
from planner.plans import DayPlan
from planner.plans.store import PlanStore
from planner.plans.summaries import Revision

router = APIRouter(prefix="/areas/{area_id}/published", tags=["published days"])

_ALL = 10_000
AreaId = Annotated[str, Path(max_length=120, examples=["baiquan"])]
Number = Annotated[
    Literal["latest"] | Annotated[int, Path(ge=1, le=_ALL)], Path(description="from 1, or `latest`", examples=[1])
]


class _Followed(NamedTuple):
    """One version: when it was published, the plan, and what changed since the version before."""

    version: Revision
    plan: DayPlan
    revision: Revised


def _versions(area_id: AreaId, date: datetime.date, store: Store) -> Sequence[Revision]:
    _refuse_unknown(area_id, store)
    found = store.versions(area_id, date.isoformat())
    if not found:
        raise PlanNotFoundError(
            Message(
                "no day of {area} is published for {date}: publish one with planner publish ID",
                area=repr(area_id),
                date=date.isoformat(),
            )
        )
    return found


Versions = Annotated[Sequence[Revision], Depends(_versions)]


def _followed(request: Request, found: Versions, number: Number) -> _Followed:
    at = len(found) if number == "latest" else number
    if at > len(found):
        raise PlanNotFoundError(
            Message("no version {number} of {date}: there are {count}", number=at, date=found[0].slot, count=len(found))
        )
    load: DayLoader = request.app.state.load_day
    version = found[at - 1]
    plan = load(version.plan_id)
    return _Followed(version, plan, revised([one.plan_id for one in found[: at - 1]], plan, load))


async def _spoken(request: Request, found: Annotated[_Followed, Depends(_followed)]) -> _Followed:
    speak_of_area(request, found.plan.network.language)
    return found


Followed = Annotated[_Followed, Depends(_spoken)]


def _refuse_unknown(area_id: str, store: PlanStore) -> None:
    if area_id not in embedded_areas() and area_id not in store.area_ids():
        raise UnknownAreaError(Message("no area {area}: GET /areas lists them", area=repr(area_id)))


def _address(version: Revision) -> str:
    return f"/areas/{version.area_id}/published/{version.slot}/{version.number}"


def _reply(version: Revision) -> PublishedVersion:
    there = _address(version)
    links = {part: f"{there}/{part}" for part in ("index.html", ARCHIVE, "loading.csv")}
    return PublishedVersion(
        area_id=version.area_id,
        date=datetime.date.fromisoformat(version.slot),
        version=version.number,
        day_id=version.plan_id,
        published_at=version.published_at,
        links={"version": there, **links, "day": f"/days/{version.plan_id}"},
    )


@router.get("", summary="Dates with a published plan, the latest first")
def list_dates(area_id: AreaId, store: Store) -> PublishedDays:
    """Return the plan that is followed on each date, none for an area without; 404 if there is no such area."""
    _refuse_unknown(area_id, store)
    days = [one for one in store.days(area_id, limit=_ALL) if one.published]
    return PublishedDays(
        area_id=area_id,
        days=[
            PublishedDay(
                date=one.date,
                day_id=one.id,
                links={
                    "versions": f"/areas/{area_id}/published/{one.slot}",
                    "index.html": f"/areas/{area_id}/published/{one.slot}/latest/index.html",
                    "day": f"/days/{one.id}",
                },
            )
            for one in days
        ],
    )


@router.get("/{date}", summary="All versions of a date, the first first")
def list_versions(area_id: AreaId, date: datetime.date, found: Versions) -> PublishedVersions:
    """Return when each was published and its files, 404 if nothing was published for the date."""
    return PublishedVersions(area_id=area_id, date=date, versions=[_reply(one) for one in found])


@router.get("/{date}/{number}", summary="One version, with what changed since the one before")
def get_version(found: Followed) -> PublishedVersionReply:
    """Return the version and its changes, those of a vehicle together in the order of their times."""
    day = CourierDay.of(found.plan)
    changes = [
        ChangeOfStop(**asdict(one), name=day.names.get(one.stop_id, one.stop_id), text=one.text(day.called))
        for one in found.revision.changes
    ]
    loadings = [ChangeOfLoading(**asdict(one), text=one.text()) for one in found.revision.loadings]
    return PublishedVersionReply(**_reply(found.version).model_dump(), changes=changes, loadings=loadings)


@router.get("/{date}/{number}/index.html", summary="The overview of a version, with what changed on top")
def get_overview(request: Request, found: Followed) -> Response:
    """Return the page that links all files of the version."""
    return answer_overview(request, found.plan, found.revision)


@router.get(f"/{{date}}/{{number}}/{ARCHIVE}", summary="All courier files of a version in one ZIP")
def get_archive(request: Request, found: Followed) -> Response:
    """Return the files as they are written, to be used without a server."""
    return answer_archive(request, found.plan, found.revision)


@router.get("/{date}/{number}/loading.csv", summary="Loading lists of a version's vehicles")
def get_loading(request: Request, found: Followed) -> Response:
    """Return for each vehicle what is loaded in which order, as a table."""
    return answer_loading(request, found.plan)


@router.get("/{date}/{number}/{vehicle}.{kind}", summary="One courier file of a version")
def get_file(request: Request, found: Followed, vehicle: str, kind: CourierFile) -> Response:
    """Return the page, track, table or GeoJSON of one vehicle's route; the page has its changes on top."""
    return answer_file(request, found.plan, vehicle, kind, found.revision)
