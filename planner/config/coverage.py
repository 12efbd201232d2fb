"""The ``[coverage]`` section of a configuration: what siting is asked, tier by tier, year by year, and who pays.

The sections are part of `planner.config.PlanConfig`; figures have no default, and a ``provenance`` stands beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from planner.config.faults import one_after_the_other
from planner.config.phases import PhaseConfig, sequence_problems
from planner.config.sections import Count, Duration, Name, Provenance, Section, Share, Years, Yuan
from planner.errors import Message


class Objective(StrEnum):
    """What siting asks for; the names are the field's."""

    LSCP = "LSCP"
    MCLP = "MCLP"
    P_MEDIAN = "PMEDIAN"
    P_CENTER = "PCENTER"
    FIXED_CHARGE = "FIXEDCHARGE"


class Weight(StrEnum):
    """What a village counts for in MCLP and p-median; ``parcels`` are those of a day, down and up."""

    POPULATION = "population"
    HOUSEHOLDS = "households"
    POOR_HOUSEHOLDS = "poor_households"
    VILLAGES = "villages"
    PARCELS = "parcels"


class FundingSource(StrEnum):
    """The four sources that pay for a network: government, companies, society, and those who benefit."""

    GOVERNMENT = "government"
    FIRMS = "firms"
    SOCIETY = "society"
    BENEFICIARIES = "beneficiaries"


class CostItem(StrEnum):
    """What money is spent on: equipment once, agent and rent every year."""

    EQUIPMENT = "equipment"
    AGENT = "agent"
    RENT = "rent"


Parcels = Annotated[float, Field(ge=0, le=1e9)]


HouseName = Literal["information_point", "shop", "post_office", "supply_coop", "none"]
"""A kind of house to share (`planner.model.SharedHouse`), or none."""


ServiceName = Annotated[Name, Field(min_length=1)]
"""A service that officials report, by its code or one of its words, or one of the county's own."""


def _nothing(value: object) -> bool:
    """Return whether nothing is asked for: a document then says nothing of it, as those did that did not know it."""
    return value is None or value == ()


class TownshipConfig(Section):
    """How many open sites one township has, at least and at most; ``township`` is its code or its name."""

    township: Annotated[Name, Field(min_length=1)]
    least: Count = 0
    most: Count | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most is not None and self.most < self.least:
            raise ValueError(
                Message(
                    "most is {most}, it must not be below least, which is {least}", most=self.most, least=self.least
                )
            )
        return self


class TierConfig(Section):
    """How the sites of one tier are chosen.

    ``standard_s`` is the longest travel time that counts as covered. MCLP needs ``count`` or ``budget_yuan`` unless phases
    have them; PMEDIAN and PCENTER need ``count``; LSCP takes neither. With ``cover_poor_villages`` every
    registered poor village that allowed sites can cover is covered, or the plan is infeasible.

    What may be asked beyond that, each off unless it is set (`planner.coverage.SitingRules` says how it is meant):
    ``sites_needed`` sites within the standard; ``decay_s``, at which a village counts for nothing (MCLP); ``covered_share``
    in place of all (LSCP, FIXEDCHARGE); ``capacity_parcels_day`` and ``minimum_parcels_day`` of a site, the capacity also a
    column of the sites table, with ``assignment``; ``room_points``, the most service points a station takes;
    ``closing_cost_yuan`` of sites that the table calls closable; ``township_least`` and ``township_most`` open sites in
    every township, and ``townships`` with limits of their own; ``co_location_bonus`` of a site that shares a house, in the
    objective's own figure: one that the sites table lists as such, or with ``co_location`` = ``facilities`` also one whose
    village has an information point, shop, post office or supply co-op; ``facility_words`` says what words mean that are
    not known here, as ``{"word" = "shop"}``, or ``none`` for what is no house to share; ``yuan_per_hour`` of travel of one
    unit of weight (FIXEDCHARGE); ``required_services``, of which a service point that lacks one covers nobody, and
    ``candidate_services``, what a candidate offers of which the sites table says nothing: all that are required if left out.
    """

    objective: Objective
    standard_s: Duration
    count: Count | None = None
    budget_yuan: Yuan | None = None
    weight: Weight = Weight.POPULATION
    cover_poor_villages: bool = False
    opening_cost_yuan: Yuan
    sites_needed: Annotated[int, Field(ge=1, le=1000)] = 1
    decay_s: Duration | None = None
    covered_share: Annotated[float, Field(gt=0, le=1)] | None = None
    capacity_parcels_day: Parcels | None = None
    minimum_parcels_day: Parcels | None = None
    assignment: Literal["closest", "free"] = "closest"
    room_points: Annotated[Count, Field(ge=1)] | None = None
    closing_cost_yuan: Yuan | None = None
    township_least: Count = 0
    township_most: Count | None = None
    townships: tuple[TownshipConfig, ...] = ()
    co_location: Literal["listed", "facilities"] = "listed"
    facility_words: Mapping[Name, HouseName] = Field(default_factory=dict)
    co_location_bonus: Annotated[float, Field(ge=0, le=1e12)] = 0.0
    yuan_per_hour: Yuan = 0.0
    required_services: Annotated[tuple[ServiceName, ...], Field(exclude_if=_nothing)] = ()
    candidate_services: Annotated[tuple[ServiceName, ...] | None, Field(exclude_if=_nothing)] = None
    provenance: Provenance

    @model_validator(mode="after")
    def _objective_has_its_limit(self) -> Self:
        limits = [key for key in ("count", "budget_yuan") if getattr(self, key) is not None]
        if self.objective is Objective.LSCP and limits:
            raise ValueError(
                Message("LSCP covers all with the fewest sites and takes no {keys}: remove it", keys=" / ".join(limits))
            )
        if self.objective is Objective.P_MEDIAN and self.count is None:
            raise ValueError(Message("PMEDIAN needs count, the number of sites to have open in all"))
        if self.objective is Objective.P_CENTER and limits != ["count"]:
            raise ValueError(
                Message("PCENTER needs count, the most sites to have open in all, and takes no budget_yuan")
            )
        return self

    @model_validator(mode="after")
    def _keys_fit_the_objective(self) -> Self:
        takers = {
            "decay_s": (Objective.MCLP,),
            "covered_share": (Objective.LSCP, Objective.FIXED_CHARGE),
            "yuan_per_hour": (Objective.FIXED_CHARGE,),
            "co_location_bonus": tuple(objective for objective in Objective if objective is not Objective.P_CENTER),
        }
        wrong = [
            Message(
                "{key} goes with {takers}, not with {objective}",
                key=key,
                takers=" / ".join(takers[key]),
                objective=self.objective.value,
            )
            for key in takers
            if getattr(self, key) and self.objective not in takers[key]
        ]
        if self.decay_s is not None and self.decay_s <= self.standard_s:
            wrong.append(
                Message("decay_s must be more than standard_s, which is {standard}", standard=f"{self.standard_s:g}")
            )
        if self.objective is Objective.LSCP and self.co_location_bonus >= 1:
            wrong.append(
                Message("co_location_bonus must be below 1 with LSCP: at 1 a shared house is a site for nothing")
            )
        if self.township_most is not None and self.township_most < self.township_least:
            wrong.append(Message("township_most must not be below township_least"))
        if self.capacity_parcels_day is not None and (self.minimum_parcels_day or 0) > self.capacity_parcels_day:
            wrong.append(Message("minimum_parcels_day must not be above capacity_parcels_day"))
        named = [limits.township for limits in self.townships]
        if repeated := sorted({name for name in named if named.count(name) > 1}):
            wrong.append(Message("townships names {names} more than once", names=repeated))
        if self.room_points is not None and self.capacity_parcels_day is not None:
            wrong.append(Message("room_points and capacity_parcels_day are two measures of one thing: keep one"))
        if self.candidate_services is not None and not self.required_services:
            wrong.append(Message("candidate_services goes with required_services, and there is none: remove it"))
        if wrong:
            raise ValueError(one_after_the_other(wrong))
        return self


class RunningConfig(Section):
    """What an open site of one tier costs a year; a house that is shared pays ``co_located_rent_yuan_year``."""

    agent_yuan_year: Yuan
    rent_yuan_year: Yuan
    co_located_rent_yuan_year: Yuan = 0.0


Shares = Mapping[FundingSource, Share]


class SharesConfig(Section):
    """Which part of each item each source pays; a source that is not named pays nothing, and all sum to 1."""

    equipment: Shares
    agent: Shares
    rent: Shares

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        sums = {item: sum((Decimal(str(s)) for s in self.of(item).values()), Decimal(0)) for item in CostItem}
        wrong = [
            Message("{item} sums to {total}, it must be 1", item=item.value, total=total)
            for item, total in sums.items()
            if total != 1
        ]
        if wrong:
            raise ValueError(one_after_the_other(wrong))
        return self

    def of(self, item: CostItem) -> Shares:
        """Return the shares of one item."""
        shares: Shares = getattr(self, item.value)
        return shares


class SubsidyConfig(Section):
    """What sites cost beside their equipment, which is their opening cost, and who pays.

    ``years`` is how long agents and rents are paid for in a plan without phases.
    """

    service_points: RunningConfig
    express_stations: RunningConfig
    shares: SharesConfig
    years: Years = 1
    provenance: Provenance


class CoverageConfig(Section):
    """Siting of both tiers, and how long the solver may take for each.

    ``tiers``: first the service points and then the stations above them, or both ``together``, so that every open point
    has a station in reach with room for it; the service points' objective is then that of both. ``phases`` build the
    service points year by year; with ``carry_over`` money that is left goes to the next phase, and with ``running_costs`` =
    ``in_budget`` the budgets pay agents and rents too (of the subsidies). ``season`` is the one that siting is done for; see
    `planner.config.PlanConfig.siting_season` for what holds where it is left out.
    """

    service_points: TierConfig
    express_stations: TierConfig
    season: Name | None = None
    time_limit_s: Duration = 60.0
    tiers: Literal["one_after_the_other", "together"] = "one_after_the_other"
    phases: tuple[PhaseConfig, ...] = ()
    carry_over: bool = False
    running_costs: Literal["apart", "in_budget"] = "apart"
    subsidies: SubsidyConfig | None = None

    @model_validator(mode="after")
    def _limits_are_there(self) -> Self:
        wrong: list[str] = []
        for name in ("service_points", "express_stations"):
            tier: TierConfig = getattr(self, name)
            limited = tier.count is not None or tier.budget_yuan is not None
            by_phases = name == "service_points" and bool(self.phases)
            from_below = name == "express_stations" and self.tiers == "together"
            if tier.objective is Objective.MCLP and not (limited or by_phases or from_below):
                wrong.append(Message("{tier}: MCLP needs count (sites in all) or budget_yuan, or both", tier=name))
        if self.tiers == "together":
            wrong += self._together_problems()
        elif self.service_points.room_points is not None:
            wrong.append(Message("service_points.room_points: it is stations that have room for points"))
        if self.express_stations.required_services and self.tiers != "together":
            wrong.append(Message("express_stations.required_services: it is service points that offer services"))
        if wrong:
            raise ValueError(one_after_the_other(wrong))
        return self

    def _together_problems(self) -> list[str]:
        """Name what the upper of two tiers that are sited together cannot be asked for."""
        points, stations = self.service_points, self.express_stations
        wrong: list[str] = []
        if points.objective is not stations.objective:
            wrong.append(
                Message(
                    "tiers together have one objective: express_stations.objective must be {objective} too",
                    objective=points.objective.value,
                )
            )
        free = {
            "objective",
            "standard_s",
            "count",
            "budget_yuan",
            "weight",
            "opening_cost_yuan",
            "room_points",
            "provenance",
        }
        asked = sorted(key for key in stations.model_fields_set - free if getattr(stations, key))
        if asked:
            wrong.append(Message("tiers together: express_stations takes no {keys}", keys=asked))
        return wrong

    @model_validator(mode="after")
    def _phases_hold(self) -> Self:
        wrong: list[str] = []
        points = self.service_points
        names = [phase.name for phase in self.phases]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            wrong.append(Message("phases: the names {names} repeat", names=repeated))
        wrong += sequence_problems(self.phases)
        if self.phases and points.objective is not Objective.MCLP:
            wrong.append(
                Message(
                    "phases: service_points.objective is {objective}, phases take MCLP",
                    objective=points.objective.value,
                )
            )
        if self.phases and (points.count is not None or points.budget_yuan is not None):
            wrong.append(Message("phases: they have count and budget_yuan, remove those of service_points"))
        if self.phases and points.closing_cost_yuan is not None:
            wrong.append(Message("phases: points are only ever added, remove service_points.closing_cost_yuan"))
        if not self.phases and self.carry_over:
            wrong.append(Message("carry_over is for phases, and there is none: remove it"))
        if self.running_costs == "in_budget":
            if not self.phases or self.subsidies is None:
                wrong.append(
                    Message("running_costs in_budget needs phases, and subsidies that say what agents and rents cost")
                )
            if len({phase.years for phase in self.phases}) > 1:
                wrong.append(Message("running_costs in_budget needs phases of the same number of years"))
        if wrong:
            raise ValueError(one_after_the_other(wrong))
        return self
