"""The figures of one place on a day: what its rows give, what the factors make of that, and what is estimated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from planner.config import DemandConfig
from planner.geodata.orders.day_orders import DayOrders, PlaceOrders
from planner.model import AMOUNTS, DemandBasis, VillageDemand, WaitingDemand


class Amounts(NamedTuple):
    """Figures by their names, and what each rests on."""

    figures: Mapping[str, float]
    basis: Mapping[str, DemandBasis]


def of_estimate(one: VillageDemand | WaitingDemand) -> Amounts:
    """Return the figures of an estimate; what does not say its basis is assumed."""
    return Amounts(
        {name: float(getattr(one, name)) for name in AMOUNTS},
        {name: one.basis.get(name, DemandBasis.ASSUMED) for name in AMOUNTS},
    )


def merged(guess: Amounts, ordered: PlaceOrders | None, orders: DayOrders, config: DemandConfig) -> Amounts:
    """Return the figures of a place: ordered, made of ordered parcels by the factors, or estimated."""
    if ordered is None:
        none = orders.none_elsewhere
        return Amounts(
            {name: 0.0 if name in none else value for name, value in guess.figures.items()},
            {name: DemandBasis.ORDERED if name in none else basis for name, basis in guess.basis.items()},
        )
    figures, basis = dict(guess.figures), dict(guess.basis)
    for side in ("delivery", "pickup"):
        names = [f"{side}_{measure}" for measure in ("parcels", "kg", "m3")]
        given = {name: ordered.amounts[name] for name in names if name in ordered.amounts}
        if not given and not orders.whole.isdisjoint(names):
            given = dict.fromkeys(names, 0.0)
        if not given:
            if side == "pickup" and ordered.assumed:
                figures |= _up_with_produce(figures["pickup_parcels"], sum(ordered.assumed.values()), config)
            continue
        made = _side(given, guess, side, config, ordered)
        figures |= made.figures
        basis |= made.basis
    return Amounts(figures, basis)


def _side(given: Mapping[str, float], guess: Amounts, side: str, config: DemandConfig, ordered: PlaceOrders) -> Amounts:
    """Return parcels, kg and m³ of one direction, of which at least one is given, or produce of an assumed weight."""
    unweighed = ordered.unweighed
    produce_kg = sum(ordered.assumed.values()) if side == "pickup" else 0.0
    parcels_name, kg_name, m3_name = (f"{side}_{measure}" for measure in ("parcels", "kg", "m3"))
    basis = dict.fromkeys(given, DemandBasis.ORDERED)
    nothing = not any(given.values())
    if parcels_name in given:
        parcels = given[parcels_name]
    elif nothing:
        parcels, basis[parcels_name] = 0.0, DemandBasis.ORDERED
    else:
        parcels, basis[parcels_name] = guess.figures[parcels_name], guess.basis[parcels_name]
    factor_basis = DemandBasis.ORDERED if nothing and not parcels and not produce_kg else DemandBasis.ASSUMED
    of_parcels = parcels * config.kg_per_parcel
    kg = given.get(kg_name)
    if kg is None:
        m3 = given.get(m3_name, 0.0)
        loose_kg = 0.0 if parcels else m3 / config.m3_per_parcel * config.kg_per_parcel
        kg, basis[kg_name] = of_parcels + max(loose_kg, produce_kg), factor_basis
    elif kg_name in unweighed or produce_kg:
        loose_kg = min(unweighed.get(kg_name, 0.0), parcels) * config.kg_per_parcel
        kg, basis[kg_name] = kg + loose_kg + produce_kg, DemandBasis.ASSUMED
    room = given.get(m3_name)
    if room is None:
        rest_kg = max(0.0, kg - of_parcels)
        per_kg = 1 / config.kg_per_m3_produce if side == "pickup" else config.m3_per_parcel / config.kg_per_parcel
        loose_m3 = rest_kg * per_kg if side == "pickup" or not parcels else 0.0
        room, basis[m3_name] = parcels * config.m3_per_parcel + loose_m3, factor_basis
    elif m3_name in unweighed:
        room += unweighed[m3_name] * config.m3_per_parcel + produce_kg / config.kg_per_m3_produce
        basis[m3_name] = DemandBasis.ASSUMED
    return Amounts({parcels_name: parcels, kg_name: kg, m3_name: room}, basis)


def _up_with_produce(parcels: float, produce_kg: float, config: DemandConfig) -> dict[str, float]:
    """Return kg and m³ of estimated parcels and produce that go up, as without a table."""
    return {
        "pickup_kg": parcels * config.kg_per_parcel + produce_kg,
        "pickup_m3": parcels * config.m3_per_parcel + produce_kg / config.kg_per_m3_produce,
    }


def demand_fields(found: Amounts) -> dict[str, Any]:
    """Return figures as fields of `PointDemand`."""
    whole = {name: round(value) for name, value in found.figures.items() if name.endswith("_parcels")}
    return {**found.figures, **whole, "basis": dict(found.basis)}


def only_ordered(one: PlaceOrders, config: DemandConfig) -> Amounts:
    """Return what the rows of a place give, and what the factors make of it, with nothing estimated."""
    nothing = Amounts(dict.fromkeys(AMOUNTS, 0.0), dict.fromkeys(AMOUNTS, DemandBasis.ORDERED))
    figures, basis = dict(nothing.figures), dict(nothing.basis)
    for side in ("delivery", "pickup"):
        given = {name: value for name, value in one.amounts.items() if name.startswith(side)}
        if given or (side == "pickup" and one.assumed):
            made = _side(given, nothing, side, config, one)
            figures |= made.figures
            basis |= made.basis
    return Amounts(figures, basis)
