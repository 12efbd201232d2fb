"""What goes over the wire."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from planner.model import RowsLeftOut
from planner.outputs.courier.revision import PublishedChange
from planner.outputs.courier.stop_task import StopTask

Fen = Annotated[float, AfterValidator(lambda yuan: round(yuan, 2))]
"""Yuan to the fen."""


class FaultRecord(BaseModel):
    """One fault of a file or request: where it is, as far as that is known, what is wrong, and what to do about it."""

    severity: str = Field(default="error", examples=["error"])
    file: str = ""
    row: int | None = Field(default=None, description="as a spreadsheet counts")
    field: str = ""
    value: str = ""
    what: str
    remedy: str = ""


class ErrorBody(BaseModel):
    """``code`` is for programs, ``message`` for people; ``problems`` has one line per offender, ``faults`` its parts."""

    code: str = Field(examples=["plan_not_found"])
    message: str
    problems: list[str] = []
    faults: list[FaultRecord] = []


class ErrorReply(BaseModel):
    """The body of every answer that is not a success."""

    error: ErrorBody


class Health(BaseModel):
    """The server is ready."""

    status: Literal["ok"] = "ok"
    version: str
    plans: int = Field(description="plans in the store")


class NetworkReply(BaseModel):
    """A network plan's headline figures and where its parts are."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    area_id: str
    area_name: str
    created_at: datetime.datetime
    published: bool = Field(description="the one that people follow")
    service_points: int
    express_stations: int
    stages: int = Field(description="1 without phases")
    population_covered: float | None = Field(
        description="share when all is open, 0 to 1; null where it is not known: nobody lives there, or all are served but "
        "villages whose rows were left out and do not say how many live there",
        ge=0,
        le=1,
    )
    opening_cost_yuan: float
    synthetic: bool = Field(description="made from synthetic data: not for real decisions")
    assumed: bool = Field(description="rests on data that are only assumed: not for real decisions")
    links: dict[str, str] = {}


class NetworkList(BaseModel):
    """Network plans, the newest first."""

    networks: list[NetworkReply]


class DayReply(BaseModel):
    """A day plan's headline figures and where its parts are."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    network_id: str = Field(description="the network plan that it stands on")
    area_id: str
    area_name: str
    date: datetime.date
    created_at: datetime.datetime
    published: bool = Field(description="the one that people follow on its date")
    season: str = Field(description="of the roads that it is planned on")
    season_of_date: str = Field(description="that the calendar has on the date; the plan says so where it is another")
    routes: int
    stops: int
    unassigned: int = Field(description="stops on no route; the plan says why")
    without_place: int = Field(
        description="villages of which anything is held that day, that reach no open place, or whose rows are at fault"
    )
    parcels: int = Field(description="brought to the stops")
    distance_m: float
    cost_yuan: Fen
    lower_bound_yuan: Fen = Field(description="no plan of these stops can cost less")
    links: dict[str, str] = {}


class ServiceReply(BaseModel):
    """A service plan's headline figures, of a week but for points and vehicles, and where its parts are."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    network_id: str = Field(description="the network plan that it stands on")
    area_id: str
    year: int = Field(description="whose open sites are served")
    season: str = Field(description="of the roads that it is planned on")
    created_at: datetime.datetime
    published: bool = Field(description="the one that days of its year follow")
    points: int = Field(description="that are visited")
    visits: int
    missed: int = Field(description="visits that cannot be made; the plan says why")
    vehicles: int = Field(description="that are needed")
    parcels: int = Field(description="that arrive for all points, down")
    distance_m: float
    week_yuan: Fen
    links: dict[str, str] = {}


class ServiceList(BaseModel):
    """Service plans, the latest year first, of a year the newest."""

    services: list[ServiceReply]


class DayList(BaseModel):
    """Day plans, the latest date first."""

    days: list[DayReply]


class BulletinReply(BaseModel):
    """A kept bulletin and where its files are."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    area_id: str
    period: str = Field(description="the month", examples=["2026-11"])
    created_at: datetime.datetime
    links: dict[str, str] = {}


class BulletinList(BaseModel):
    """Bulletins of an area, the latest month first, of a month the newest."""

    bulletins: list[BulletinReply]


class AreaReply(BaseModel):
    """An area that comes with the planner, that has plans, or both."""

    id: str
    name: str
    embedded: bool = Field(description="comes with the planner")
    network: NetworkReply | None = Field(None, description="the published network, else the newest")
    days: list[DayReply] = Field([], description="the latest; GET /days lists all")
    links: dict[str, str] = {}


class AreaList(BaseModel):
    """All areas, by id."""

    areas: list[AreaReply]


class SeasonRow(BaseModel):
    """One season; mean (by people) and longest are of the villages that reach a point in every season."""

    season: str
    mean_s: float | None
    longest_s: float | None
    beyond: list[str] = Field(description="ids of villages that reach a point, but not within the standard")
    cut_off: dict[str, str] = Field(description="reason by id of each village that reaches no open point")


class SeasonTable(BaseModel):
    """What each season makes of the ways to a network's open service points; empty for one of an earlier version."""

    plan_id: str
    vehicle: str
    sited_for: str = Field(description="the season the plan was made for")
    standard_s: float
    seasons: list[SeasonRow]
    rows_left_out: RowsLeftOut = Field(description="villages that are in no season's figures: their rows are at fault")
    synthetic: list[str]
    assumed: list[str] = Field(description="data and figures that are only assumed, in words")


class CourierRoute(BaseModel):
    """One vehicle's route and its files."""

    vehicle: str
    stops: int
    start: str = Field(examples=["06:48"])
    end: str
    distance_m: float = Field(description="driven, without what is walked")
    driving_s: float
    walking_s: float | None = Field(description="to and from the road; null in plans of before, whose driving has it")
    walking_m: float | None
    duty_s: float = Field(description="from the start of loading to being back")
    load_share: float = Field(description="of the vehicle's room, at the fullest moment")
    cost_yuan: float = Field(description="to the fen; those of all routes add up to the day's")
    parcel_yuan: float | None = Field(description="cost for each parcel brought; null where none is")
    files: dict[str, str] = Field(description="address by kind: html, gpx, csv, geojson")


class CourierRoutes(BaseModel):
    """All routes of a day."""

    plan_id: str
    date: datetime.date
    routes: list[CourierRoute]


class PublishedDay(BaseModel):
    """A date that people follow a plan of."""

    date: datetime.date
    day_id: str = Field(description="the plan that is followed now")
    links: dict[str, str] = {}


class PublishedDays(BaseModel):
    """The dates of an area that have a published plan, the latest first."""

    area_id: str
    days: list[PublishedDay]


class PublishedVersion(BaseModel):
    """What couriers were given for a date from a moment on; the last version is the one that is followed."""

    area_id: str
    date: datetime.date
    version: int = Field(description="from 1; a plan that is published again in a row is no new version", ge=1)
    day_id: str
    published_at: datetime.datetime
    links: dict[str, str] = {}


class PublishedVersions(BaseModel):
    """All versions of a date, the first first."""

    area_id: str
    date: datetime.date
    versions: list[PublishedVersion]


class ChangeOfStop(BaseModel):
    """A stop that is served otherwise than in the version before; times in seconds since midnight."""

    stop_id: str
    name: str
    kind: PublishedChange
    vehicle_before: str | None
    vehicle_after: str | None
    before_s: float | None
    after_s: float | None
    task_before: StopTask | None = Field(description="what was to be done there, null where that stays")
    task_after: StopTask | None = Field(description="what is to be done there now, null where that stays")
    text: str = Field(description="the change in words")


class ChangeOfLoading(BaseModel):
    """A vehicle that is loaded or driven otherwise: parcels, kg and m³ loaded for each of its trips, old and new."""

    vehicle_id: str
    before: list[list[float]]
    after: list[list[float]]
    reordered: bool
    text: str = Field(description="the change in words")


class PublishedVersionReply(PublishedVersion):
    """A version with what changed since the one before, as its pages have it on top."""

    changes: list[ChangeOfStop]
    loadings: list[ChangeOfLoading]


class FeatureCollection(BaseModel):
    """GeoJSON (RFC 7946) with a member ``about``: plan, attribution, what of it is synthetic or assumed."""

    type: Literal["FeatureCollection"]
    about: dict[str, Any]
    features: list[dict[str, Any]]
