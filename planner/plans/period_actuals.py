"""Plan against actual: what was entered in a period for each hand-over place, its estimate, and what would mend it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from planner.config import ViabilityConfig
from planner.model import SharedHouse, StudyArea


class ViabilityVerdict(StrEnum):
    """Whether a point can live of what it handles: by its parcels once enough days of them are known, before that not said.

    ``FEW_RESIDENTS`` are too few days, too, of a point with fewer residents than points usually live of: a hint, no verdict.
    """

    VIABLE = "viable"
    BELOW = "below_viability"
    TOO_FEW_DAYS = "too_few_days"
    FEW_RESIDENTS = "few_residents"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedInto:
    """The open place that a point's villages would go to: minutes more on average by people and at most, in seconds.

    None of them goes further than the coverage standard, or than it goes now. ``parcels_a_day`` are those of both together.
    """

    site_id: str
    mean_added_s: float
    most_added_s: float
    parcels_a_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedParcels:
    """What the bureau or carriers counted at a place: parcels a day on ``days`` of them, None where they do not say."""

    down: float | None
    up: float | None
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceActuals:
    """A hand-over place in a period: parcels a day that were entered and estimated, for the same villages on the same days.

    ``days`` have a figure for one of its villages; with none ``entered`` is None, by direction. What was ``reported`` of it
    by others goes before both in ``parcels_a_day`` and in the days that the verdict rests on. ``parcels_a_day`` are those
    entered, and estimated where nothing was. Of a station there is no ``verdict``. Where a point cannot live of its parcels,
    ``merge``, ``share`` (a house that its village has, and the rent saved a year), ``shop`` (one of its village that could
    run it), ``visits_a_week`` or a subsidy of ``gap_yuan_month`` would mend that; None or nothing where they would not.
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
    verdict: ViabilityVerdict | None
    reported: ReportedParcels | None = None
    gap_yuan_month: float = 0.0
    merge: MergedInto | None = None
    share: SharedHouse | None = None
    rent_saved_yuan_year: float = 0.0
    shop: bool = False
    visits_a_week: int | None = None

    @property
    def below(self) -> bool:
        """Whether enough days say that it cannot live of what it handles."""
        return self.verdict is ViabilityVerdict.BELOW


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodActuals:
    """All places of a period, by site id; ``error`` is the mean absolute difference of a place and day, as a share.

    ``days`` had orders and have come by ``until``; those of ``ahead`` have orders and have not, and count nowhere.
    """

    area: StudyArea
    network_id: str
    first: datetime.date
    last: datetime.date
    until: datetime.date
    days: tuple[datetime.date, ...]
    ahead: tuple[datetime.date, ...]
    viability: ViabilityConfig
    places: tuple[PlaceActuals, ...]
    without_place: tuple[str, ...]
    error: float | None
    figures_file: str = ""

    @property
    def below(self) -> tuple[PlaceActuals, ...]:
        """The places that cannot live of what they handle."""
        return tuple(place for place in self.places if place.below)

    @property
    def not_judged(self) -> tuple[PlaceActuals, ...]:
        """The points of which too few days are known."""
        return tuple(
            one for one in self.places if one.verdict in (ViabilityVerdict.TOO_FEW_DAYS, ViabilityVerdict.FEW_RESIDENTS)
        )
