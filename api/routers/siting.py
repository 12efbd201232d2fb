"""What siting answers beyond a network's page: two side by side, phases and money, equity, the marginal curve."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, TypeAdapter

from api.answers import HTML, LINKS, links_of, tagged
from api.deps import AreaLoader, LoadedNetwork, NetworkId, NetworkLoader, Store, area_speaks
from api.errors import BusyError
from api.fact_texts import with_texts
from api.schemas import ErrorReply
from planner.config import embedded_areas
from planner.coverage import Remedy
from planner.coverage.appraise import Curve, Limit, StationComparison, SubsidyTable
from planner.errors import BadDataError, Message, UnknownAreaError
from planner.model import RowsLeftOut, StudyArea
from planner.outputs.comparison import PeopleCount, PlanComparison, VillageMove, compare_plans
from planner.outputs.conflicts import place_names
from planner.outputs.curve import curve_page
from planner.outputs.equity import VillageEquity, village_equity
from planner.outputs.known_shares import phases_figures
from planner.outputs.maps import comparison_map
from planner.outputs.notice import caveats, compared_caveats
from planner.outputs.siting import budget_figures
from planner.pipeline.area_curve import area_curve
from planner.plans.upgrade import NETWORK_PARTS

router = APIRouter(tags=["siting"])

MOST_LIMITS = 10
"""Points of a curve that one request may ask for, and the seconds that all of them together may take."""
CURVE_SECONDS = 60.0


class SitingReply(BaseModel):
    """What stands behind a network's stations: remedies, phases, who pays (in fen), how even the ways are (in seconds)."""

    plan_id: str
    remedies: tuple[Remedy, ...]
    phases: dict[str, Any] | None = Field(description="a share of nothing, or that is not known, is null")
    subsidies: SubsidyTable | None
    budgets: list[dict[str, str | int | float | None]] = Field(
        description="what each stage has, spends and leaves for both tiers, in yuan; the sum of several last"
    )
    equity: VillageEquity
    rows_left_out: RowsLeftOut = Field(description="villages that no plan has: their rows are at fault")
    synthetic: list[str]
    assumed: list[str] = Field(description="data and figures that are only assumed, in words")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveReply(Curve):
    """A marginal curve, and what of the data and figures behind it is left out, synthetic or only assumed."""

    rows_left_out: RowsLeftOut
    synthetic: list[str]
    assumed: list[str]


class ComparisonReply(BaseModel):
    """Two networks of one area side by side; ways in seconds, money in yuan, by source in fen."""

    before_id: str
    after_id: str
    area_id: str
    same_roads: bool
    stations: StationComparison
    people: dict[str, Any]
    money: list[dict[str, Any]]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    removed_people: PeopleCount
    added_people: PeopleCount
    moved: tuple[VillageMove, ...]
    stages: list[dict[str, Any]]
    rows_left_out: RowsLeftOut = Field(description="of the second network; ``before_`` is said of the first")
    synthetic: list[str]
    assumed: list[str]
    before_rows_left_out: RowsLeftOut
    before_synthetic: list[str]
    before_assumed: list[str]


@router.get("/networks/{network_id}/siting", summary="Phases, money by source and equity", response_model=SitingReply)
def get_siting(plan: LoadedNetwork) -> JSONResponse:
    """Return the phases and the money, null where the plan has none, and equity by township.

    Each fact (what contradicts what, which limit a remedy lifts) has its ``text`` beside code and parameters.
    """
    reply = SitingReply(
        plan_id=plan.id,
        remedies=plan.remedies,
        phases=phases_figures(plan.area, plan.phases),
        subsidies=plan.subsidies,
        budgets=budget_figures(plan),
        equity=village_equity(plan),
        **caveats(plan.area, plan.config),
    )
    return JSONResponse(with_texts(reply, place_names(plan.area)))


@router.get("/networks/{network_id}/compare/{other_id}", summary="What changes from one network to another")
def compare(request: Request, plan: LoadedNetwork, other_id: NetworkId) -> ComparisonReply:
    """Return sites opened and closed, villages gained and lost, people and money; 422 for plans of different areas."""
    load: NetworkLoader = request.app.state.load_network
    other = load(other_id)
    found = TypeAdapter(PlanComparison).dump_python(compare_plans(plan, other), mode="json")
    caution = compared_caveats((plan.area, plan.config), (other.area, other.config))
    return ComparisonReply.model_validate(found | caution)


@router.get(
    "/networks/{network_id}/compare/{other_id}/index.html", summary="Two networks on one map with a bar to swipe"
)
def compare_page(request: Request, store: Store, plan: LoadedNetwork, other_id: NetworkId) -> Response:
    """Return the page, with lists of the villages gained, lost and served elsewhere; 422 for plans of different areas."""
    load: NetworkLoader = request.app.state.load_network
    other = load(other_id)
    made = {one.id: store.network_summary(one.id).created_at for one in (plan, other)}
    return tagged(request, plan, lambda: comparison_map(plan, other, LINKS, made=made), HTML, f"{other.id}-")


Counts = Annotated[
    list[Annotated[int, Query(ge=0, le=10_000_000)]] | None,
    Query(min_length=1, description=f"numbers of service points in all, {MOST_LIMITS} at most"),
]
Budgets = Annotated[
    list[Annotated[float, Query(ge=0, le=1e12)]] | None,
    Query(min_length=1, description=f"yuan for new service points, {MOST_LIMITS} at most"),
]
Knee = Annotated[float | None, Query(ge=0, le=1e9, description="people a further point must add")]


def _curve(
    request: Request, area_id: str, counts: Counts = None, budgets: Budgets = None, knee: Knee = None
) -> tuple[StudyArea, Curve, dict[str, Any]]:
    if area_id not in embedded_areas():
        raise UnknownAreaError(
            Message(
                "no embedded area {area}: a curve can be worked out of {known}",
                area=repr(area_id),
                known=list(embedded_areas()),
            )
        )
    if (counts is None) == (budgets is None):
        raise BadDataError(Message("give counts or budgets, one of them: for example ?counts=60&counts=80"))
    limit, limits = (Limit.COUNT, counts) if budgets is None else (Limit.BUDGET, budgets)
    if len(limits or []) > MOST_LIMITS:
        raise BadDataError(
            Message(
                "{count} counts or budgets, the server solves up to {most}: ask for fewer, or use planner curve",
                count=len(limits or []),
                most=MOST_LIMITS,
            )
        )
    load: AreaLoader = request.app.state.load_run
    in_work: Lock = request.app.state.curve_in_work
    if not in_work.acquire(blocking=False):
        raise BusyError(Message("another curve is being worked out: ask again in a minute, or use planner curve"))
    try:
        run = load(area_id, None)
        found = area_curve(run, limits or [], limit=limit, knee_people=knee, time_limit_s=CURVE_SECONDS)
    finally:
        in_work.release()
    return run.area, found, run.config.parts(NETWORK_PARTS)


FoundCurve = Annotated[tuple[StudyArea, Curve, dict[str, Any]], Depends(_curve)]
_BUSY: dict[int | str, dict[str, Any]] = {429: {"model": ErrorReply, "description": "another curve is in work"}}
_OF_AREA: dict[str, Any] = {"dependencies": [Depends(area_speaks)], "responses": _BUSY}


@router.get(
    "/areas/{area_id}/curve",
    summary="What more service points, or more money, would reach",
    response_model=CurveReply,
    **_OF_AREA,
)
def get_curve(found: FoundCurve) -> JSONResponse:
    """Return the marginal curve of an embedded area, each point with its bound and gap: counts or budgets, one of them.

    It is worked out for this request, seconds a point and a minute at most for all; one curve at a time. What contradicts
    a limit has its ``text`` beside code and parameters.
    """
    area, curve, config = found
    return JSONResponse(with_texts(asdict(curve) | caveats(area, config), place_names(area)))


@router.get("/areas/{area_id}/curve.html", summary="The marginal curve as a page", **_OF_AREA)
def get_curve_page(request: Request, found: FoundCurve) -> Response:
    """Return chart and table; the page asks no host for anything."""
    return Response(curve_page(*found, links_of(request)), media_type=HTML)
