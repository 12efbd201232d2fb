"""Rows of one table that cannot all hold: a place twice, a point beside one of its villages."""

from __future__ import annotations

from collections.abc import Mapping

from planner.geodata.findings import Severity
from planner.geodata.orders.order_places import OrderPlace, OrderPlaces
from planner.geodata.orders.order_rows import OrderRow
from planner.geodata.row_reader import RowReader
from planner.model import StudyArea, said

_FEW = 5


def check_doubles(
    found: dict[OrderPlace, list[OrderRow]], readers: Mapping[int, RowReader], places: OrderPlaces
) -> None:
    """Add an error to each row of a place that an earlier row is about, too: nobody knows which of them holds."""
    for place, rows in found.items():
        by_key: dict[tuple[str, ...], list[OrderRow]] = {}
        for one in rows:
            by_key.setdefault(one.key, []).append(one)
        for alike in _not_apart(list(by_key.values())):
            for one in alike[1:]:
                others = [other.row.number for other in alike if other is not one]
                message = said("{place} stands in row {rows}, too", place=places.label(place), rows=others)
                remedy = said("delete all but one, or add them up in one row")
                reader = readers[id(one.row)]
                reader.note(Severity.ERROR, "double_row", place_field(reader), message, remedy)


def _not_apart(kinds: list[list[OrderRow]]) -> list[list[OrderRow]]:
    """Return the rows of a place that cannot all hold, from those of each direction and product.

    Rows of several products are added up, each with its own weight: one of them may count the parcels.
    """
    twice = [alike for alike in kinds if len(alike) > 1]
    rest = [alike[0] for alike in kinds if len(alike) == 1]
    for name in ("delivery_parcels", "delivery_kg", "pickup_parcels"):
        counting = sorted((one for one in rest if one.amounts.get(name)), key=lambda one: one.row.number)
        if len(counting) > 1 and not all(one.key[0] for one in counting):
            return [*twice, counting]
    return twice


def check_parts(
    found: dict[OrderPlace, list[OrderRow]],
    readers: Mapping[int, RowReader],
    area: StudyArea,
    places: Mapping[str, str],
    known: OrderPlaces,
) -> None:
    """Add an error where a row is about a point and another about one of its villages: the point has them all."""
    for place, rows in found.items():
        site_id = places.get(place.village_id, "")
        if not site_id or OrderPlace(site_id=site_id) not in found:
            continue
        whole = [one.row.number for one in found[OrderPlace(site_id=site_id)]]
        message = said(
            "{village} hands over at {site}, which has rows of its own: {rows}",
            village=area.village_by_id[place.village_id].name,
            site=known.label(OrderPlace(site_id=site_id)),
            rows=whole[:_FEW],
        )
        remedy = said("give the villages or the point, not both")
        reader = readers[id(rows[0].row)]
        reader.note(Severity.ERROR, "part_and_whole", place_field(reader), message, remedy)


def place_field(reader: RowReader) -> str:
    """Return the first field that says which place a row is about."""
    return next((name for name in ("name", "id", "site", "township") if reader.has(name)), "name")
