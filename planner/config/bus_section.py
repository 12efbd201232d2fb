"""The section ``[service.buses]``: rural buses that carry parcels, the room they have, and the ways from stops to points."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from planner.config.area import Datum
from planner.config.sections import FilePath, Kilograms, Metres, Name, Provenance, Section, Speed, Yuan
from planner.errors import Message


class StopAccessConfig(Section):
    """Who brings parcels from a stop to a point and back: how far at most along the way, how fast, how much at a time.

    ``yuan_per_parcel`` is paid for what is carried, ``yuan_per_way`` for each time there and back.
    """

    cap_m: Metres
    speed_kph: Speed
    most_kg: Kilograms
    yuan_per_parcel: Yuan = 0.0
    yuan_per_way: Yuan = 0.0


class BusSection(Section):
    """The feed of the buses, the table of their room for parcels, their terminals at the hub, and the ways to points.

    ``terminals`` are ids or names of stops between which and the hub parcels are brought, for ``transfer_yuan_per_run`` a
    bus. From stops to points somebody walks, or a carrier rides: ``walk``, ``carrier``, or both. Positions of the feed are
    in ``datum``.
    """

    feed: FilePath
    room: FilePath
    terminals: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]
    transfer_yuan_per_run: Yuan = 0.0
    walk: StopAccessConfig | None = None
    carrier: StopAccessConfig | None = None
    datum: Datum = Datum.WGS84
    provenance: Provenance

    @model_validator(mode="after")
    def _reaches_points(self) -> Self:
        if self.walk is None and self.carrier is None:
            raise ValueError(Message("give walk, or carrier, or both: how parcels get from stops to points"))
        return self
