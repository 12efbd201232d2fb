"""Places of a request and the matrices between them: given, or asked of an area's roads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from planner.config.content import shown
from planner.errors import Message, PlannerError, list_offenders
from planner.model import Points, TravelMatrix
from planner.routing.vroom.fields import MOST, Reader, is_whole
from planner.routing.vroom.request import Matrices, Task, Vehicle, Where
from planner.units import FloatArray

AskRoads = Callable[[str, str, Points], TravelMatrix]
"""Returns travel between points on the roads of an area (its name or folder) for a profile."""
NO_WAY = 2**31 - 1
"""From here on a duration in a matrix says that there is no way, as matrices made elsewhere often do."""


class Places:
    """Collects where a request's tasks and vehicles are."""

    def __init__(self, request: Reader, faults: list[str]) -> None:
        self.request, self.faults = request, faults
        self.given = self._given()
        self.used: list[tuple[str, Where]] = []
        self.no_way: list[Message] = []

    def of(self, reader: Reader, point_key: str, index_key: str, *, needed: bool) -> Where | None:
        """Return a place: its row where matrices are given, else its point."""
        point, index = reader.point(point_key), reader.whole(index_key)
        found: Where | None = index if self.given else point
        if found is None and (needed or point is not None or index is not None):
            key = index_key if self.given else point_key
            missing = Message("is missing: matrices are given")
            reader.fault(key, missing if self.given else Message("is missing: no matrices are given"))
        if found is not None:
            self.used.append((f"{reader.where}.{index_key if self.given else point_key}", found))
        return found

    def _given(self) -> dict[str, Reader]:
        value = self.request.value
        matrices: Any = value.get("matrices")
        if matrices is None and value.get("matrix") is not None:  # VROOM's old name
            matrices = {"car": {"durations": value["matrix"]}}
        if matrices is None:
            return {}
        reader = Reader(matrices, "matrices", self.faults)
        return {
            profile: reader.one(profile, ("durations", "distances", "costs"))
            for profile in sorted(map(str, reader.value))
        }

    def resolve(
        self, vehicles: Sequence[Vehicle], tasks: Sequence[Task], extras: Mapping[str, Any], ask_roads: AskRoads | None
    ) -> tuple[tuple[Where, ...], Mapping[str, Matrices]]:
        """Return all places and the matrices of each profile, faults noted."""
        profiles = sorted({vehicle.profile for vehicle in vehicles})
        if self.given:
            return self._from_request(profiles, vehicles)
        return self._from_roads(profiles, extras, ask_roads)

    # -- matrices of the request

    def _from_request(
        self, profiles: Sequence[str], vehicles: Sequence[Vehicle]
    ) -> tuple[tuple[Where, ...], Mapping[str, Matrices]]:
        found: dict[str, Matrices] = {}
        sizes: dict[str, int] = {}
        for profile, reader in self.given.items():
            arrays = {key: self._matrix(reader, key, sizes) for key in ("durations", "distances", "costs")}
            durations = arrays["durations"]
            if durations is None:
                reader.fault("durations", Message("is missing: seconds between all places"))
            elif len(set(sizes.values())) == 1:
                blocked = np.where(durations >= NO_WAY, np.inf, durations)
                found[profile] = Matrices(durations_s=blocked, distances_m=arrays["distances"], costs=arrays["costs"])
        if len(set(sizes.values())) > 1:
            listed = [f"{k} {n}" for k, n in sizes.items()]
            self.faults.append(Message("matrices: must all have one size: {sizes}", sizes=listed))
        size = max(sizes.values(), default=0)
        self.faults += [
            Message("{where}: there is no row {at}, the matrices have {size}", where=where, at=at, size=size)
            for where, at in self.used
            if _beyond(at, size)
        ]
        for k, vehicle in enumerate(vehicles):
            self._fits(f"vehicles[{k}]", vehicle, found.get(vehicle.profile))
        return tuple(range(size)), found

    def _matrix(self, reader: Reader, key: str, sizes: dict[str, int]) -> FloatArray | None:
        """Return a square matrix of whole numbers, its diagonal 0; None if it is missing or broken."""
        if not reader.has(key):
            return None
        rows = reader.each(key)
        name = f"{reader.where}.{key}"
        lengths = {len(row) if isinstance(row, list) else -1 for row in rows}
        if lengths != {len(rows)}:
            reader.fault(
                key,
                Message(
                    "must be square: {count} rows of {lengths} numbers", count=len(rows), lengths=str(sorted(lengths))
                ),
            )
            return None
        bad = [
            Message("[{i}][{j}] is {value}", i=i, j=j, value=shown(x)[:20])
            for i, row in enumerate(rows)
            for j, x in enumerate(row)
            if not is_whole(x) or not 0 <= x <= MOST
        ]
        if bad:
            limits = Message("from {least} to {most}", least=0, most=MOST)
            listed = list_offenders(bad)
            reader.fault(key, Message("must hold whole numbers {limits}: {listed}", limits=limits, listed=listed))
            return None
        sizes[name] = len(rows)
        array = np.array(rows, dtype=np.float64)
        counts: dict[Where, int] = {}
        for _, at in self.used:
            counts[at] = counts.get(at, 0) + 1
        standing = [i for i in np.flatnonzero(np.diagonal(array)).tolist() if counts.get(i, 0) > 1]
        if standing:
            reader.fault(
                key,
                Message(
                    "the diagonal must be 0 where several tasks are at one place: rows {rows}",
                    rows=list_offenders(standing),
                ),
            )
        np.fill_diagonal(array, 0.0)
        return array

    def _fits(self, where: str, vehicle: Vehicle, matrices: Matrices | None) -> None:
        """Note what a vehicle's costs and limits need and its matrices lack, or what contradicts them."""
        if matrices is None:
            if vehicle.profile not in self.given:
                self.faults.append(
                    Message("{where}.profile: {profile!r} has no matrices", where=where, profile=vehicle.profile)
                )
            return
        if matrices.distances_m is None and vehicle.per_km:
            self.faults.append(
                Message(
                    "{where}.{key}: needs matrices.{profile}.distances",
                    where=where,
                    key="costs.per_km",
                    profile=vehicle.profile,
                )
            )
        if matrices.costs is not None and (vehicle.custom_hour or vehicle.per_km):
            self.faults.append(
                Message(
                    "{where}.costs: contradict matrices.{profile}.costs: give one of them",
                    where=where,
                    profile=vehicle.profile,
                )
            )

    # -- roads of an area

    def _from_roads(
        self, profiles: Sequence[str], extras: Mapping[str, Any], ask_roads: AskRoads | None
    ) -> tuple[tuple[Where, ...], Mapping[str, Matrices]]:
        area = extras.get("area")
        if area is None or ask_roads is None:
            self.faults.append(
                Message(
                    "matrices: there are none, and no routing server is asked: give matrices.{profile}.durations and a "
                    "location_index for each place; or, for places as [longitude, latitude], the area whose roads to take: "
                    "planner.area",
                    profile=profiles[0] if profiles else "car",
                )
            )
            return (), {}
        places = tuple(dict.fromkeys(at for _, at in self.used))
        points = Points(
            ids=tuple(str(k) for k in range(len(places))),
            lons=np.array([at[0] for at in places if isinstance(at, tuple)]),
            lats=np.array([at[1] for at in places if isinstance(at, tuple)]),
        )
        found: dict[str, Matrices] = {}
        for profile in profiles:
            try:
                travel = ask_roads(str(area), profile, points)
            except PlannerError as error:
                self.faults.append(Message("planner.area: {error}", error=error))
                return places, {}
            self.no_way += [
                Message(
                    "{where}: {reason} in {area}",
                    where=where,
                    reason=travel.unreachable[points.ids[places.index(at)]].value,
                    area=area,
                )
                for where, at in self.used
                if points.ids[places.index(at)] in travel.unreachable
            ]
            seconds, metres = np.ceil(travel.durations_s - 1e-6), np.rint(travel.distances_m)
            found[profile] = Matrices(durations_s=seconds, distances_m=metres, costs=None)
        return places, found


def _beyond(at: Where, size: int) -> bool:
    return isinstance(at, int) and at >= size > 0
