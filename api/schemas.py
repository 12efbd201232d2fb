"""What goes over the wire."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class ErrorBody(BaseModel):
    """``code`` is for programs, ``message`` for people, ``problems`` has one line per offender."""

    code: str = Field(examples=["plan_not_found"])
    message: str
    problems: list[str] = []


class ErrorReply(BaseModel):
    """The body of every answer that is not a success."""

    error: ErrorBody


class Health(BaseModel):
    """The server is ready."""

    status: Literal["ok"] = "ok"
    version: str
    plans: int = Field(description="plans in the store")


class PlanReply(BaseModel):
    """A plan's headline figures and where its parts are."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    area_id: str
    area_name: str
    service_date: datetime.date
    created_at: datetime.datetime
    service_points: int
    express_stations: int
    population_covered: float = Field(description="share, 0 to 1", ge=0, le=1)
    routes: int
    unassigned: int = Field(description="stops on no route; the plan says why")
    cost_yuan: float
    lower_bound_yuan: float = Field(description="no plan of these stops can cost less")
    synthetic: bool = Field(description="made from synthetic data: not for real decisions")
    assumed: bool = Field(description="rests on data that are only assumed: not for real decisions")
    links: dict[str, str] = {}


class PlanList(BaseModel):
    """Plans, the newest first."""

    plans: list[PlanReply]


class AreaReply(BaseModel):
    """An area that comes with the planner, that has plans, or both."""

    id: str
    name: str
    embedded: bool = Field(description="comes with the planner")
    latest_plan: PlanReply | None = None


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
    """What each season makes of the ways to a plan's open service points; empty for a plan of an earlier version."""

    plan_id: str
    vehicle: str
    sited_for: str = Field(description="the season the plan was made for")
    standard_s: float
    seasons: list[SeasonRow]


class CourierRoute(BaseModel):
    """One vehicle's route and its files."""

    vehicle: str
    stops: int
    start: str = Field(examples=["06:48"])
    end: str
    distance_m: float
    cost_yuan: float
    files: dict[str, str] = Field(description="address by kind: html, gpx, csv, geojson")


class CourierRoutes(BaseModel):
    """All routes of a plan."""

    plan_id: str
    date: datetime.date
    routes: list[CourierRoute]


class FeatureCollection(BaseModel):
    """GeoJSON (RFC 7946) with a member ``about``: plan, attribution, what of it is synthetic or assumed."""

    type: Literal["FeatureCollection"]
    about: dict[str, Any]
    features: list[dict[str, Any]]
