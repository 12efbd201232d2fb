"""What a day's parcels rest on: kept days learned from, what the date is, and published figures beside ours."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from planner.config import DemandConfig, market_provenance, peaks_of
from planner.model import Text
from planner.plans import DayPlan
from planner.words import figures, has_term, render, say, term

_MARKET = "market_day"  # which counts for some villages only
_WEEK = ("weekday", "public_holiday", "made_up_workday", "holidays_unknown")


class Beside(NamedTuple):
    """A figure of ours with a published one, both as they are shown, and where that is from."""

    code: str
    ours: str
    published: str
    source: str


@cache
def _published() -> dict[str, tuple[float, Text]]:
    text = resources.files("planner.outputs").joinpath("published.toml").read_text(encoding="utf-8")
    return {code: (one["value"], Text.of(one["source"])) for code, one in tomllib.loads(text).items()}


def beside_published(plan: DayPlan) -> list[Beside]:
    """Return figures of a day beside published ones."""
    usual = usual_per_village(plan)
    a_village = "-" if usual is None else f"{usual:.1f}"
    routes = plan.routes.routes
    served = len(
        {
            id_
            for route in routes
            for visit in route.visits
            if visit.stop_id in plan.demand_of_stop
            for id_ in plan.demand_of_stop[visit.stop_id].village_ids
        }
    )
    parcels, _ = plan.handed_over(up=False)
    ours = {
        "post_parcels_per_village": a_village,
        "all_parcels_per_village": a_village,
        "villages_per_route": f"{served / len(routes):.1f}" if routes else "-",
        "vans": str(len(routes)),
        "yuan_per_parcel": f"{plan.cost_yuan / parcels:.2f}" if parcels else "-",
    }
    return [Beside(code, ours[code], f"{value:g}", render(source)) for code, (value, source) in _published().items()]


def usual_per_village(plan: DayPlan) -> float | None:
    """Return the parcels that the day brings to a village that hands over, without what its date raises or lowers.

    None where there is no such village, or the date has no demand at all.
    """
    demand = plan.demand
    config = DemandConfig.model_validate(plan.config["demand"])
    factors = (
        None if demand.estimate is None else [factor for code, factor in demand.estimate.factors if code != _MARKET]
    )
    factor = math.prod(factors or [config.weekday_factors[demand.date.weekday()]])
    villages = len(demand.place_of_village)
    if not villages or not factor:
        return None
    return sum(point.delivery_parcels for point in demand.points) / villages / factor


def estimate_lines(plan: DayPlan) -> list[str]:
    """Return what the day's estimates were learned from, how far they are off, and what the date raises or lowers."""
    estimate = plan.demand.estimate
    if estimate is None:
        return []
    config = DemandConfig.model_validate(plan.config["demand"])
    lines = []
    if estimate.days:
        lines.append(
            say(
                "Learned from {count} kept days with orders, {first} to {last}",
                count=figures.number(len(estimate.days)),
                first=figures.day(estimate.days[0]),
                last=figures.day(estimate.days[-1]),
            )
        )
    if estimate.error is not None:
        off = say(
            "On days held out a village's estimate is off by {error} of its parcels",
            error=figures.share(estimate.error),
        )
        if estimate.configured_error is not None:
            off = say(
                "{off}; the configuration alone by {error}", off=off, error=figures.share(estimate.configured_error)
            )
        lines.append(off)
    return [*lines, *(_factor_line(plan, config, code, factor) for code, factor in estimate.factors)]


def calendar_line(plan: DayPlan) -> str:
    """Return that holidays do not count, empty where the area goes by a calendar of them."""
    if DemandConfig.model_validate(plan.config["demand"]).calendar != "weekdays":
        return ""
    return say("Public holidays do not count, the day of the week alone does: the area names no calendar of holidays")


def figure_of(shown: str) -> float | None:
    """Return a figure that is shown, None where there is none."""
    return None if shown == "-" else float(shown)


def _factor_line(plan: DayPlan, config: DemandConfig, code: str, factor: float) -> str:
    shown = f"{factor:.2f}"
    if code == "weekday":
        return say("{day}: factor {factor}", day=figures.weekday(plan.demand.date), factor=shown)
    if code in _WEEK:
        return say(
            "{day}: {what}, factor {factor}", day=figures.weekday(plan.demand.date), what=term(code), factor=shown
        )
    peak = next((one for one in peaks_of(config) if one.id == code), None)
    if peak is not None:
        source, name = peak.provenance, render(peak.name) if peak.name else term(code) if has_term(code) else code
    elif code == _MARKET and config.market_day_factor is None:
        source, name = market_provenance(), term(code)
    else:
        source, name = config.provenance, term(code) if has_term(code) else code
    return say("{what}: factor {factor} ({source})", what=name, factor=shown, source=render(source))


def estimate_figures(plan: DayPlan) -> dict[str, Any]:
    """Return for programs what the day's estimates rest on, and the figures beside published ones."""
    values = _published()
    return {
        "estimate": plan.demand.estimate,
        "beside_published": [
            {
                "code": one.code,
                "ours": figure_of(one.ours),
                "published": values[one.code][0],
                "source": one.source,
            }
            for one in beside_published(plan)
        ],
    }
