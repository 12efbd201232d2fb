"""What is asked: where points may be, whom they serve, and what it costs to run and to reach them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from planner.errors import BadDataError, Message
from planner.units import BoolArray, FloatArray


class FrontierAim(StrEnum):
    """What cost is weighed against: weight within the standard, or the mean minutes of all weight."""

    COVERAGE = "coverage"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierVehicle:
    """The vehicles that serve the points: as many equal ones as are needed, from the hub and back.

    ``service_s`` passes at each point; duty is driving and service.
    """

    capacity: float
    duty_s: float = math.inf
    service_s: float = 0.0
    yuan_per_route: float = 0.0
    yuan_per_km: float = 1.0
    yuan_per_hour: float = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class FrontierProblem:
    """Villages with weight and demand a day, sites with yuan a year and capacity a day, a hub, and travel between them.

    ``access_s`` (villages, sites) is the way of people to a site, ``inf`` where there is none; a village hands over at the
    open site with the shortest, the first of equal ones, and is covered within ``standard_s``. ``durations_s`` and
    ``distances_m`` (1 + sites, 1 + sites) are driven, the hub first. Routes are driven on ``days`` of the year. Sites that
    are ``fixed`` are open in every plan, ``forbidden`` ones in none; no plan has more than ``most_sites`` or costs more
    than ``budget_yuan`` a year for its sites. ``coverage_only`` names the sites of the plan that was made without routes.
    A village that ``must`` be covered is so in every plan, if that one covers it.

    Raises
    ------
    BadDataError
        All faults at once.
    """

    village_ids: tuple[str, ...]
    weight: FloatArray
    demand: FloatArray
    site_ids: tuple[str, ...]
    site_yuan: FloatArray
    site_capacity: FloatArray
    access_s: FloatArray
    standard_s: float
    durations_s: FloatArray
    distances_m: FloatArray
    vehicle: FrontierVehicle
    coverage_only: tuple[str, ...]
    days: int = 365
    fixed: BoolArray | None = None
    forbidden: BoolArray | None = None
    must: BoolArray | None = None
    most_sites: int | None = None
    budget_yuan: float = math.inf
    aim: FrontierAim = FrontierAim.COVERAGE

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise BadDataError(Message("the frontier problem is invalid"), faults)

    @property
    def limit(self) -> int:
        """Return how many sites may be open."""
        return len(self.site_ids) if self.most_sites is None else self.most_sites

    @property
    def is_fixed(self) -> BoolArray:
        """Return which sites are open in every plan."""
        return np.zeros(len(self.site_ids), dtype=np.bool_) if self.fixed is None else self.fixed

    @property
    def is_forbidden(self) -> BoolArray:
        """Return which sites are open in no plan."""
        return np.zeros(len(self.site_ids), dtype=np.bool_) if self.forbidden is None else self.forbidden

    @property
    def must_cover(self) -> BoolArray:
        """Return which villages every plan covers: those that must be, as far as the coverage-only plan does so."""
        if self.must is None:
            return np.zeros(len(self.village_ids), dtype=np.bool_)
        opened = np.isin(self.site_ids, self.coverage_only)
        covered = np.asarray((self.access_s[:, opened] <= self.standard_s).any(axis=1))
        return np.asarray(self.must & covered)

    def _faults(self) -> Iterator[Message]:
        villages, sites = len(self.village_ids), len(self.site_ids)
        shapes = {
            "weight": (villages,),
            "demand": (villages,),
            "site_yuan": (sites,),
            "site_capacity": (sites,),
            "access_s": (villages, sites),
            "durations_s": (sites + 1, sites + 1),
            "distances_m": (sites + 1, sites + 1),
            "is_fixed": (sites,),
            "is_forbidden": (sites,),
            **({} if self.must is None else {"must": (villages,)}),
        }
        wrong = False
        for name, wanted in shapes.items():
            values = np.asarray(getattr(self, name))
            if values.shape != wanted:
                wrong = True
                yield Message(
                    "{name} has the shape {shape}, it must be {wanted}", name=name, shape=values.shape, wanted=wanted
                )
            elif bool(np.isnan(values.astype(float)).any()) or bool((values.astype(float) < 0).any()):
                yield Message("{name} has values below 0 or none at all", name=name)
        for ids in (self.village_ids, self.site_ids):
            repeats = sorted({id_ for id_ in ids if ids.count(id_) > 1}) if len(set(ids)) < len(ids) else []
            yield from (Message("id {id!r} is given more than once", id=id_) for id_ in repeats)
        if wrong or not villages or not sites or float(self.weight.sum()) <= 0:
            if not wrong:
                yield Message("there is no village with weight, or no site")
            return
        yield from self._choice_faults()

    def _choice_faults(self) -> Iterator[Message]:
        place = {id_: k for k, id_ in enumerate(self.site_ids)}
        both = self.is_fixed & self.is_forbidden
        yield from (
            Message("site {id!r} is both fixed and forbidden", id=self.site_ids[k]) for k in np.flatnonzero(both)
        )
        given = list(self.coverage_only)
        for id_ in given:
            if id_ not in place or self.is_forbidden[place[id_]] or given.count(id_) > 1:
                yield Message("coverage_only: {id!r} is no site, a forbidden one, or stands twice", id=id_)
        left_out = [self.site_ids[k] for k in np.flatnonzero(self.is_fixed) if self.site_ids[k] not in given]
        yield from (Message("coverage_only: the fixed site {id!r} is missing", id=id_) for id_ in left_out)
        if len(given) > self.limit:
            yield Message("coverage_only has {count} sites, more than {most}", count=len(given), most=self.limit)
        cost = sum(float(self.site_yuan[place[id_]]) for id_ in given if id_ in place)
        if cost > self.budget_yuan + 1e-6:
            yield Message(
                "coverage_only costs {cost} yuan a year, more than {budget}", cost=cost, budget=self.budget_yuan
            )
        vehicle = self.vehicle
        figures = (vehicle.service_s, vehicle.yuan_per_route, vehicle.yuan_per_km, vehicle.yuan_per_hour)
        if not (vehicle.capacity > 0 and vehicle.duty_s > 0 and all(math.isfinite(x) and x >= 0 for x in figures)):
            yield Message("the vehicle needs a capacity and a duty above 0 and costs not below 0")
