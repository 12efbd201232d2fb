"""Plan against actual: what was entered in a period for each hand-over place, its estimate, and what would mend it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from planner.config import ViabilityConfig
from planner.model import SharedHouse, StudyArea


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedInto:
    """The open place that a point's villages would go to: minutes more on average by people and at most, in seconds.

    ``parcels_a_day`` are those of both together.
    """

    site_id: str
    mean_added_s: float
    most_added_s: float
    parcels_a_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceActuals:
    """A hand-over place in a period: parcels a day that were entered and estimated, for the same villages on the same days.

    ``days`` have a figure for one of its villages; with none ``entered`` is None, by direction. ``parcels_a_day`` are those
    entered, and estimated where nothing was. ``below`` says that it cannot live of them; ``merge``, ``share`` (a house that
    its village has, and the rent saved a year) and ``visits_a_week`` would mend that, None where they would not.
    """

    site_id: str
    village_ids: tuple[str, ...]
    people: int
    days: int
    entered_down: float | None
    estimated_down: float
    entered_up: float | None
    estimated_up: float
    parcels_a_day: float
    income_yuan_month: float
    below: bool
    merge: MergedInto | None = None
    share: SharedHouse | None = None
    rent_saved_yuan_year: float = 0.0
    visits_a_week: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodActuals:
    """All places of a period, by site id; ``error`` is the mean absolute difference of a place and day, as a share."""

    area: StudyArea
    network_id: str
    first: datetime.date
    last: datetime.date
    days: tuple[datetime.date, ...]
    viability: ViabilityConfig
    places: tuple[PlaceActuals, ...]
    without_place: tuple[str, ...]
    error: float | None

    @property
    def below(self) -> tuple[PlaceActuals, ...]:
        """The places that cannot live of what they handle."""
        return tuple(place for place in self.places if place.below)
