"""A row of orders → its figures, product and times; what cannot be read becomes a finding with what to write instead."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from planner.geodata.columns import NO, YES
from planner.geodata.findings import Severity
from planner.geodata.orders.clock_times import clock_s, is_any_time, span_s
from planner.geodata.orders.order_vocabulary import SIDES, UNDIRECTED, WORDS
from planner.geodata.place_rows import Row, Table
from planner.geodata.row_reader import RowReader
from planner.model import AMOUNTS, said

_MOST = {"parcels": 100_000, "kg": 1_000_000, "m3": 10_000}
"""More than this in one village on one day is no figure of a day."""
_FLAGS = WORDS["flags"]


class OrderForm(StrEnum):
    """What a row of a table is: a village or point with its figures, or one parcel."""

    VILLAGE = "village"
    PARCEL = "parcel"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One row: the figures that it gives (of `AMOUNTS`), those of its directions that it leaves open, and the rest.

    ``key`` tells rows of one place apart that say different things of it: direction and product.
    """

    row: Row
    amounts: Mapping[str, float]
    lacking: frozenset[str] = frozenset()
    product: str = ""
    earliest_s: float | None = None
    latest_s: float | None = None
    cold: bool = False
    key: tuple[str, ...] = field(default=())


def form_of(table: Table) -> OrderForm | None:
    """Return what a row of a table is, None if it has no figures at all.

    One with waybills has a row for each parcel. So has one that counts nothing, gives weights or volumes without saying of
    which direction the column is, and names no product.
    """
    fields = table.headings.keys()
    if "waybill" in fields:
        return OrderForm.PARCEL
    if fields & set(AMOUNTS) or "parcels" in fields or "product" in fields:
        return OrderForm.VILLAGE
    return OrderForm.PARCEL if fields & {"kg", "m3", "direction"} else None


def row_of(reader: RowReader, form: OrderForm, day: datetime.date) -> OrderRow:
    """Return what a row says; faults are noted by the reader."""
    product = reader.text("product")
    side = _direction(reader)
    if form is OrderForm.PARCEL:
        amounts, lacking = _of_parcel(reader, side or "delivery")
        product = product if side == "pickup" else ""
    else:
        amounts, lacking = _of_village(reader, side, product), frozenset[str]()
        _check_figures(reader, amounts)
    earliest, latest = _window(reader, day)
    return OrderRow(
        row=reader.row,
        amounts=amounts,
        lacking=lacking,
        product=product,
        earliest_s=earliest,
        latest_s=latest,
        cold=_cold(reader),
        key=(side, product) if "direction" in reader.table.headings else (),
    )


def _of_parcel(reader: RowReader, side: str) -> tuple[dict[str, float], frozenset[str]]:
    """Return the figures of one parcel, or of as many as it says, and which of its direction it does not give."""
    count = _figure(reader, "parcels")
    amounts = {f"{side}_parcels": 1.0 if count is None else count}
    for measure in ("kg", "m3"):
        for name in (measure, f"{side}_{measure}"):
            value = _figure(reader, name)
            if value is not None:
                amounts[f"{side}_{measure}"] = value
    return amounts, frozenset(f"{side}_{measure}" for measure in ("kg", "m3")) - amounts.keys()


def _of_village(reader: RowReader, side: str, product: str) -> dict[str, float]:
    """Return the figures of a village or point, those without a direction given to one, or shared by the parcels."""
    amounts = {name: value for name in AMOUNTS if (value := _figure(reader, name)) is not None}
    loose = {name: value for name in UNDIRECTED if (value := _figure(reader, name)) is not None}
    if "parcels" in loose:
        amounts.setdefault(f"{side or 'delivery'}_parcels", loose.pop("parcels"))
    for measure, value in loose.items():
        if side or product:
            amounts.setdefault(f"{side or 'pickup'}_{measure}", value)
            continue
        down, up = (amounts.get(f"{one}_parcels", 0.0) for one in SIDES)
        if not up:
            amounts.setdefault(f"delivery_{measure}", value)
            if "pickup_parcels" in amounts:
                amounts.setdefault(f"pickup_{measure}", 0.0)
        elif not down:
            amounts.setdefault(f"pickup_{measure}", value)
            if "delivery_parcels" in amounts:
                amounts.setdefault(f"delivery_{measure}", 0.0)
        else:
            amounts.setdefault(f"delivery_{measure}", value * down / (down + up))
            amounts.setdefault(f"pickup_{measure}", value * up / (down + up))
    return amounts


def _figure(reader: RowReader, name: str) -> float | None:
    """Return the figure of a cell, None where it is empty or none (with a finding)."""
    if not reader.has(name):
        return None
    text = reader.text(name)
    if text in _FLAGS["dashes"]:
        remedy = said("write 0 if there are none; leave it empty to have it estimated")
        reader.note(Severity.ERROR, "dash", name, said("is a dash"), remedy)
        return None
    measure = name.rpartition("_")[2]
    return reader.number(name, low=0, high=_MOST[measure], whole=measure == "parcels")


def _check_figures(reader: RowReader, amounts: Mapping[str, float]) -> None:
    """Add an error where parcels weigh nothing, or fill no room."""
    for side in SIDES:
        for measure in ("kg", "m3"):
            name = f"{side}_{measure}"
            if amounts.get(f"{side}_parcels") and amounts.get(name) == 0:
                parcels = round(amounts[f"{side}_parcels"])
                message = said("is 0 for {count} parcels", count=parcels)
                if measure == "m3":
                    continue  # a small volume is rounded to 0.0; what is loaded has its weight
                remedy = said("correct it, or leave it empty to have it estimated")
                field = name if name in reader.table.headings else measure
                reader.note(Severity.ERROR, "no_weight", field, message, remedy)


def _direction(reader: RowReader) -> str:
    """Return delivery or pickup as the row's cell says, empty where it says nothing."""
    text = reader.text("direction").lower()
    if not text:
        return ""
    for side, words in SIDES.items():
        if text in WORDS["directions"][words] or text in _FLAGS[words]:
            return side
    remedy = said(
        "write delivery or pickup: {words}", words=[WORDS["directions"][words][0] for words in SIDES.values()]
    )
    reader.note(Severity.ERROR, "unknown_direction", "direction", said("is no direction"), remedy)
    return ""


def _cold(reader: RowReader) -> bool:
    text = reader.text("cold").lower()
    if text in _FLAGS["cold"] or text in YES:
        return True
    if text not in NO and text not in _FLAGS["not_cold"]:
        remedy = said("write yes or no, 1 or 0")
        reader.note(Severity.ERROR, "not_yes_or_no", "cold", said("is neither yes nor no"), remedy)
    return False


def _window(reader: RowReader, day: datetime.date) -> tuple[float | None, float | None]:
    """Return from when and until when a row is to be served, None where it does not say."""
    earliest, latest = _clock(reader, "earliest", day), _clock(reader, "latest", day)
    text = reader.text("window")
    if text and not is_any_time(text):
        span = span_s(text, day)
        if span is None:
            remedy = said("write two times of day: {example}", example="8:00-10:30")
            reader.note(Severity.ERROR, "no_window", "window", said("is no span of time"), remedy)
        else:
            earliest = float(span[0]) if earliest is None else earliest
            latest = float(span[1]) if latest is None else latest
    if earliest is not None and latest is not None and latest <= earliest:
        field = "latest" if reader.has("latest") else "window"
        message = said("is not after {earliest}, when it begins", earliest=written_clock(earliest))
        reader.note(Severity.ERROR, "closes_first", field, message, said("correct one of the two times"))
    return earliest, latest


def _clock(reader: RowReader, name: str, day: datetime.date) -> float | None:
    text = reader.text(name)
    if not text or is_any_time(text):
        return None
    seconds = clock_s(text, day)
    if seconds is None:
        remedy = said("write a time like {example}", example="8:30" if name == "earliest" else "16:30")
        reader.note(Severity.ERROR, "no_clock_time", name, said("is no time of that day"), remedy)
        return None
    return float(seconds)


def written_clock(seconds: float) -> str:
    """Return a time of day as every language writes it.

    Examples
    --------
    >>> written_clock(30600)
    '08:30'
    """
    return f"{int(seconds) // 3600:02d}:{int(seconds) % 3600 // 60:02d}"
