"""What of a day goes over township stations: the stations, what passes them together and when, and who goes another way."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from planner.service.tiers import Consignment, Missed

LaterMissed = Annotated[tuple[Missed, ...], Field(exclude_if=operator.not_)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStation:
    """A station that serves points on a day, by its site's id: as `planner.service.tiers.TierStation`.

    ``room`` has None for a dimension without a limit; ``vehicle_types`` are the ids of its own in the day's configuration.
    """

    site_id: str
    vehicle_types: tuple[str, ...]
    room: tuple[float | None, ...]
    opens_s: float
    closes_s: float
    call_s: float
    transfer_s_per_parcel: float
    sort_s_per_parcel: float
    fixed_yuan: float
    yuan_per_parcel: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTransfers:
    """The chain of a day over stations: ``consignments`` are what the hub's vehicles bring to them and fetch there.

    A consignment's id is that of the stop at which a hub's vehicle calls; it is no delivery: what is brought there is
    delivered to its points by the station's vehicles. Produce must be at the hub by ``cut_off_s``. ``directly`` are points
    that the plan of the week gives to a station, which cannot serve them on the day: the hub's vehicles do.
    """

    cut_off_s: float
    stations: tuple[DayStation, ...]
    consignments: tuple[Consignment, ...]
    directly: LaterMissed = ()

    @property
    def station_of(self) -> dict[str, str]:
        """The station of each stop that is served by one, by the stop's id."""
        return {id_: one.station_id for one in self.consignments for id_ in one.point_ids}

    @property
    def release_of(self) -> dict[str, float]:
        """When the goods of each stop that is served by a station are ready there, seconds of the day, by the stop's id."""
        return {id_: one.ready_s for one in self.consignments if not one.up for id_ in one.point_ids}

    @property
    def yuan_by_station(self) -> dict[str, float]:
        """What each station is paid for the day, beside routes: a fixed amount, and one for each parcel down or up."""
        return {
            station.site_id: station.fixed_yuan
            + station.yuan_per_parcel
            * math.fsum(one.amount[0] for one in self.consignments if one.station_id == station.site_id)
            for station in self.stations
        }
