"""What a month's indicators are worked out from: the network in force on its last day, and the plans of its days."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from planner.config import BulletinConfig
from planner.model import Fact, Site, StudyArea, Tier, Village
from planner.plans import DayPlan, HandOver, NetworkPlan, Stage
from planner.plans.bulletin import COUNTY, Month
from planner.plans.store import PlanStore
from planner.plans.summaries import DaySummary


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredFigure:
    """What the bureau's table says of an indicator in a place, and who filled it in."""

    value: float
    reporter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What an indicator comes to in a place: the value with what it is made of, or the reason why there is none.

    ``days`` are those of the month that it is worked out from, None where it is not of days.
    """

    value: float | None
    part: float | None = None
    whole: float | None = None
    reason: Fact | None = None
    note: Fact | None = None
    days: int | None = None


Tallies = Mapping[str, Tally]
"""Tallies by place: the county (`planner.plans.bulletin.COUNTY`), and townships where the definition allows it."""


@dataclass(frozen=True, kw_only=True)
class MonthFacts:
    """The plans of a month; ``stage`` is the network's on the last day, ``entered`` what the bureau filled in.

    ``days`` have come by ``until``, plans of those that have not (``ahead_ids``) count nowhere.
    """

    month: Month
    network: NetworkPlan
    stage: Stage
    days: tuple[DayPlan, ...] = ()
    until: datetime.date | None = None
    ahead_ids: tuple[str, ...] = ()
    entered: Mapping[tuple[str, str], EnteredFigure] = field(default_factory=dict)
    config: BulletinConfig = field(default_factory=BulletinConfig)

    @property
    def area(self) -> StudyArea:
        """The study area."""
        return self.network.area

    @cached_property
    def hand_over(self) -> dict[str, HandOver]:
        """Where each village hands over on the month's last day, by village id."""
        return {one.village_id: one for one in self.stage.hand_over}

    @cached_property
    def open_points(self) -> tuple[Site, ...]:
        """The service points open on the month's last day."""
        return self._open(Tier.SERVICE_POINT)

    @cached_property
    def open_stations(self) -> tuple[Site, ...]:
        """The express stations open on the month's last day."""
        return self._open(Tier.EXPRESS_STATION)

    def _open(self, tier: Tier) -> tuple[Site, ...]:
        opened = set(self.stage.opened)
        return tuple(site for site in self.area.sites_of(tier) if site.id in opened)

    @cached_property
    def townships(self) -> tuple[str, ...]:
        """The ids of the townships."""
        return tuple(township.id for township in self.area.townships)

    def township_of(self, place_id: str) -> str:
        """Return the township of a village, or the township itself."""
        village = self.area.village_by_id.get(place_id)
        return place_id if village is None else village.township_id

    def by_place(self) -> Iterator[tuple[str, tuple[Village, ...]]]:
        """Yield the county with all villages, then each township with its own."""
        yield COUNTY, self.area.villages
        for township in self.townships:
            yield township, tuple(one for one in self.area.villages if one.township_id == township)


def network_in_force(store: PlanStore, area_id: str, month: Month) -> str | None:
    """Return the id of the network that people followed on the month's last day, else that of the current one, if any."""
    followed = [one for one in store.revisions(area_id, "network") if one.published_at.date() <= month.last]
    if followed:
        return followed[-1].plan_id
    current = store.current_network(area_id)
    return None if current is None else current.id


def days_of(store: PlanStore, area_id: str, month: Month) -> tuple[DaySummary, ...]:
    """Return a plan for each date of the month that has one, by date: the published, else the newest."""
    kept = [one for one in store.days(area_id, limit=100_000) if month.first <= one.date <= month.last]
    chosen = {one.date: one for one in sorted(kept, key=lambda one: (one.published, one.created_at, one.id))}
    return tuple(chosen[date] for date in sorted(chosen))
