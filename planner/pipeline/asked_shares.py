"""What is at a point by what its rows ask for: a time, a vehicle that cools, or nothing in particular."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planner.config import DemandConfig
from planner.geodata.orders.day_orders import DayOrders, PlaceOrders
from planner.model import AMOUNTS, PointDemand, Produce, WaitingDemand
from planner.pipeline.order_figures import Amounts, demand_fields, only_ordered
from planner.pipeline.point_stops import PointShare


def shares_of(
    point: PointDemand, villages: Mapping[str, Amounts], orders: DayOrders, config: DemandConfig
) -> list[PointShare]:
    """Return all that is at a point by what it asks for: of each village, or of the point where that has its own row."""
    own = orders.points.get(point.site_id)
    if own is not None:
        whole = Amounts({name: float(getattr(point, name)) for name in AMOUNTS}, point.basis)
        return list(_shares(point.village_ids, own, whole, point.produce, config))
    return [
        share
        for id_ in point.village_ids
        for share in _shares(
            (id_,),
            orders.villages.get(id_),
            villages[id_],
            tuple(made for made in point.produce if made.village_id == id_),
            config,
        )
    ]


def _shares(
    village_ids: tuple[str, ...],
    ordered: PlaceOrders | None,
    whole: Amounts,
    produce: tuple[Produce, ...],
    config: DemandConfig,
) -> Iterator[PointShare]:
    """Yield what the rows of one place ask for, each with what it brings, and last what nobody asks anything for."""
    left, kept = dict(whole.figures), list(produce)
    for part in (ordered.parts or (ordered,)) if ordered is not None else ():
        if not part.asks:
            continue
        if part is ordered:
            figures = {name: left[name] if _brings(part, name) else 0.0 for name in AMOUNTS}
        else:
            found = only_ordered(part, config).figures
            figures = {name: min(left[name], found[name]) for name in AMOUNTS}
        products = part.products.keys() | part.assumed.keys()
        taken = [made for made in kept if made.product in products or (part is ordered and figures["pickup_kg"])]
        kept = [made for made in kept if made not in taken]
        left = {name: left[name] - figures[name] for name in AMOUNTS}
        yield PointShare(
            village_ids=village_ids,
            figures=figures,
            basis=whole.basis,
            produce=tuple(taken),
            earliest_s=part.earliest_s,
            latest_s=part.latest_s,
            cold=part.cold,
        )
    yield PointShare(village_ids=village_ids, figures=left, basis=whole.basis, produce=tuple(kept))


def _brings(one: PlaceOrders, name: str) -> bool:
    """Return whether a place's only request holds for a figure: a time for all, cold for the directions that are ordered."""
    given = {figure.partition("_")[0] for figure in one.amounts}
    return not one.cold or not given or name.partition("_")[0] in given


def waiting_at(site_id: str, share: PointShare) -> WaitingDemand:
    """Return what cannot come at any time that its point is open: it waits for its village, or for the site."""
    alone = share.village_ids[0] if len(share.village_ids) == 1 else ""
    return WaitingDemand(
        village_id=alone,
        site_id="" if alone else site_id,
        **demand_fields(Amounts(share.figures, share.basis)),
        earliest_s=share.earliest_s,
        latest_s=share.latest_s,
    )
