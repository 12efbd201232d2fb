"""A tier's configuration and the sites' own figures → the rules of its siting problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from planner.config import TierConfig
from planner.coverage import AssignmentRule, SitingRules
from planner.errors import ConfigError, Message, list_offenders
from planner.geodata.facilities import house_of
from planner.geodata.services import RequiredServices
from planner.model import SharedHouse, Site, SiteStatus, StudyArea
from planner.units import BoolArray, FloatArray

Limits = dict[str, tuple[int, int | None]]


def tier_rules(area: StudyArea, tier: TierConfig, name: str, sites: Sequence[Site], parcels: FloatArray) -> SitingRules:
    """Return the rules of one tier; ``parcels`` (demand points,) are a day's, ``name`` is the tier's key in the file.

    Raises
    ------
    ConfigError
        If the configuration names townships or closings that the area does not have; all are listed.
    """
    townships = tuple(township_of(area, site) for site in sites)
    problems = [*_township_problems(area, tier), *_closing_problems(tier, sites)]
    limits = _township_limits(area, tier)
    empty = sorted(id_ for id_, (least, _) in limits.items() if least and id_ not in townships)
    problems += [
        Message(
            "township {id} {name} has no site, but at least one is asked for",
            id=id_,
            name=area.township_by_id[id_].name,
        )
        for id_ in empty
    ]
    if problems:
        raise ConfigError(
            Message("the siting rules do not fit the area"),
            [Message("coverage.{name}: {what}", name=name, what=what) for what in problems],
        )
    capacity, load = _capacity(tier, sites), parcels
    if tier.room_points is not None:  # room is counted in points, so each point loads a station with one
        capacity, load = np.full(len(sites), float(tier.room_points)), np.ones(len(parcels))
    minimum = None if tier.minimum_parcels_day is None else np.full(len(sites), tier.minimum_parcels_day)
    shared = np.array([shared_house(area, tier, site) is not None for site in sites], dtype=np.bool_)
    return SitingRules(
        sites_needed=tier.sites_needed,
        decay_s=tier.decay_s,
        covered_share=tier.covered_share,
        load=load if capacity is not None or minimum is not None else None,
        capacity=capacity,
        minimum_load=minimum,
        assignment=AssignmentRule(tier.assignment),
        closing_cost_yuan=_closing_costs(tier, sites),
        township=townships if limits else (),
        township_limits={id_: limit for id_, limit in limits.items() if id_ in townships},
        bonus=_bonus(tier, shared),
        lacking=lacking_sites(tier, sites),
        yuan_per_hour=tier.yuan_per_hour,
    )


def lacking_sites(tier: TierConfig, sites: Sequence[Site]) -> BoolArray | None:
    """Return which sites lack a required service, those apart that are forbidden anyway; None where nothing is required."""
    if not tier.required_services:
        return None
    wanted = RequiredServices.of_tier(tier.required_services, tier.candidate_services)
    return np.array([site.status is not SiteStatus.FORBIDDEN and bool(wanted.lacking_at(site)) for site in sites])


def township_of(area: StudyArea, site: Site) -> str:
    """Return the id of the township a site stands in."""
    village = area.village_by_id.get(site.place_id)
    return site.place_id if village is None else village.township_id


def shared_house(area: StudyArea, tier: TierConfig, site: Site) -> SharedHouse | None:
    """Return with whom a site shares its house: as listed, or by its village's facilities if the configuration says so."""
    if site.co_located_with is not None or tier.co_location == "listed":
        return site.co_located_with
    village = area.village_by_id.get(site.place_id)
    return None if village is None else house_of(village.facilities, tuple(tier.facility_words.items()))


def _capacity(tier: TierConfig, sites: Sequence[Site]) -> FloatArray | None:
    usual = np.inf if tier.capacity_parcels_day is None else tier.capacity_parcels_day
    own = [site.capacity_parcels_day for site in sites]
    if tier.capacity_parcels_day is None and all(figure is None for figure in own):
        return None
    return np.array([usual if figure is None else figure for figure in own])


def _bonus(tier: TierConfig, shared: BoolArray) -> FloatArray | None:
    return np.where(shared, tier.co_location_bonus, 0.0) if tier.co_location_bonus and shared.any() else None


def _closing_costs(tier: TierConfig, sites: Sequence[Site]) -> FloatArray | None:
    if not any(site.closable for site in sites):
        return None
    return np.array([_closing_cost(tier, site) if site.closable else np.inf for site in sites])


def _closing_cost(tier: TierConfig, site: Site) -> float:
    own = site.closing_cost_yuan if site.closing_cost_yuan is not None else tier.closing_cost_yuan
    return np.nan if own is None else own


def _closing_problems(tier: TierConfig, sites: Sequence[Site]) -> Iterator[str]:
    closable = [site for site in sites if site.closable]
    missing = [site.id for site in closable if np.isnan(_closing_cost(tier, site))]
    if missing:
        yield Message(
            "closable sites without a closing cost: {offenders}: give closing_cost_yuan here, or in the sites' own column",
            offenders=list_offenders(missing),
        )
    if tier.closing_cost_yuan is not None and not closable:
        yield Message("closing_cost_yuan is given, but the sites table calls no site closable: remove it")


def _township_problems(area: StudyArea, tier: TierConfig) -> Iterator[str]:
    called: dict[str, list[str]] = {}
    for limits in tier.townships:
        found = _townships_called(area, limits.township)
        for id_ in found:
            called.setdefault(id_, []).append(limits.township)
        if len(found) != 1:
            yield Message(
                "townships: {count} townships are called {township!r} in the area: write the code of one"
                if found
                else "townships: no township {township!r} in the area: write its code",
                **({"count": len(found)} if found else {}),
                township=limits.township,
            )
    for id_, keys in called.items():
        if len(keys) > 1:
            yield Message("townships: {keys} are one township, {id}: give its limits once", keys=keys, id=id_)


def _townships_called(area: StudyArea, key: str) -> list[str]:
    return [township.id for township in area.townships if key in (township.id, township.name)]


def _township_limits(area: StudyArea, tier: TierConfig) -> Limits:
    limits: Limits = {}
    if tier.township_least or tier.township_most is not None:
        limits = {township.id: (tier.township_least, tier.township_most) for township in area.townships}
    for own in tier.townships:
        for id_ in _townships_called(area, own.township):
            limits[id_] = (own.least, own.most)
    return limits
