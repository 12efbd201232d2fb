"""A row of orders → its figures, product and times; what cannot be read becomes a finding with what to write instead."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from planner.geodata.columns import NO, YES
from planner.geodata.findings import Severity
from planner.geodata.orders.clock_times import clock_s, is_any_time, span_s
from planner.geodata.orders.order_vocabulary import PATTERNS, PRODUCE, SIDES, UNDIRECTED, WORDS
from planner.geodata.orders.worded_cells import is_nothing, numeral, says_none, says_nothing
from planner.geodata.place_rows import Row, Table
from planner.geodata.row_reader import RowReader
from planner.model import AMOUNTS, said

_MOST = {"parcels": 100_000, "kg": 1_000_000, "m3": 10_000}
"""More than this in one village on one day is no figure of a day."""
_FLAGS = WORDS["flags"]
READ_FIGURE, READ_EMPTY = "read_as_figure", "read_as_empty"
"""Codes of the notes on cells of words that were read as a figure, or as empty."""


class OrderForm(StrEnum):
    """What a row of a table is: a village or point with its figures, or one parcel."""

    VILLAGE = "village"
    PARCEL = "parcel"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One row: the figures that it gives (of `AMOUNTS`), those of its directions that it leaves open, and the rest.

    ``key`` tells rows of one place apart that say different things of it: direction and product. ``produce_kg`` is the part
    of ``pickup_kg`` that is the product's, None where the row says nothing of it; it is ``split`` where it rests on what
    parcels are taken to weigh. ``unweighed_products`` are those whose weight is not known. ``tells_produce`` is false where
    neither they nor a weight say what produce goes up, or that there is none.
    """

    row: Row
    amounts: Mapping[str, float]
    lacking: frozenset[str] = frozenset()
    product: str = ""
    produce_kg: float | None = None
    split: bool = False
    unweighed_products: tuple[str, ...] = ()
    tells_produce: bool = True
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
    if fields & {*AMOUNTS, PRODUCE, "parcels", "product"}:
        return OrderForm.VILLAGE
    return OrderForm.PARCEL if fields & {"kg", "m3", "direction"} else None


def row_of(reader: RowReader, form: OrderForm, day: datetime.date, kg_per_parcel: float) -> OrderRow:
    """Return what a row says; faults are noted by the reader. ``kg_per_parcel`` parts a weight of parcels and produce."""
    product = "" if is_nothing(reader.text("product")) else reader.text("product")
    side = _direction(reader)
    unweighed: tuple[str, ...] = ()
    produce, split, told = None, False, True
    if form is OrderForm.PARCEL:
        amounts, lacking = _of_parcel(reader, side or "delivery")
        product = product if side == "pickup" else ""
        produce, split = _produce_of_parcel(amounts, kg_per_parcel) if product else (None, False)
    else:
        own = _figure(reader, PRODUCE)
        amounts, lacking = _of_village(reader, side, product if own is None else ""), frozenset[str]()
        _check_figures(reader, amounts)
        if own is not None:
            produce, lacking = own, _with_own_weight(amounts, own)
        elif product and "pickup_kg" in amounts:
            produce = _part_of_product(reader, amounts, product, kg_per_parcel)
            split = produce != amounts["pickup_kg"]
        elif product and side != "delivery":
            unweighed = _products_of(product)
        told = produce is not None or bool(unweighed) or _says_all_up(reader, amounts, side)
        _check_product(reader, product, produce)
    earliest, latest = _window(reader, day)
    return OrderRow(
        row=reader.row,
        amounts=amounts,
        lacking=lacking,
        product=product,
        produce_kg=produce,
        split=split,
        unweighed_products=unweighed,
        tells_produce=told,
        earliest_s=earliest,
        latest_s=latest,
        cold=_cold(reader),
        key=(side, product),
    )


def _with_own_weight(amounts: dict[str, float], produce_kg: float) -> frozenset[str]:
    """Add the weight of produce that has a column of its own to that of the parcels; return what parcels are not weighed."""
    weighed = "pickup_kg" in amounts
    if produce_kg or weighed:
        amounts["pickup_kg"] = amounts.get("pickup_kg", 0.0) + produce_kg
    alone = produce_kg and not weighed and amounts.get("pickup_parcels") != 0
    return frozenset({"pickup_kg"}) if alone else frozenset()


def _part_of_product(reader: RowReader, amounts: Mapping[str, float], product: str, kg_per_parcel: float) -> float:
    """Return the part of one weight of parcels and product that is the product's: what the parcels leave, and say so."""
    whole, parcels = amounts["pickup_kg"], amounts.get("pickup_parcels", 0.0)
    if not parcels or not whole:
        return whole
    of_parcels = min(whole, parcels * kg_per_parcel)
    rest = round(whole - of_parcels, 6)
    field = "pickup_kg" if reader.has("pickup_kg") else "kg"
    figures = {"parcels": round(parcels), "parcels_kg": f"{of_parcels:.10g}", "product": product}
    remedy = said("give the weight of the product in a column of its own, headed Produce (kg)")
    if rest:
        message = said(
            "holds {parcels} parcels, taken as {parcels_kg} kg, and {rest_kg} kg of {product}",
            **figures,
            rest_kg=f"{rest:.10g}",
        )
        reader.note(Severity.NOTE, "weight_split", field, message, remedy)
    else:
        message = said("is taken up by {parcels} parcels of {parcels_kg} kg: nothing is left for {product}", **figures)
        reader.note(Severity.WARNING, "weight_split", field, message, remedy)
    return rest


def _says_all_up(reader: RowReader, amounts: Mapping[str, float], side: str) -> bool:
    """Return whether a row without a product tells all that goes up, produce among it, or that there is no produce.

    A weight of what goes up is that of all, unless the table has a column for produce; one without a direction is that of
    parcels. Who has neither parcels nor room for anything sends nothing.
    """
    if reader.text("product").lower() in _FLAGS["none"]:
        return True
    if amounts.get("pickup_m3") == 0 and not amounts.get("pickup_parcels"):
        return True
    of_all = side == "pickup" or reader.has("pickup_kg")
    return of_all and "pickup_kg" in amounts and PRODUCE not in reader.table.headings


def _produce_of_parcel(amounts: Mapping[str, float], kg_per_parcel: float) -> tuple[float, bool]:
    """Return the weight of a parcel that is produce, and whether it is assumed since nobody weighed it."""
    if "pickup_kg" in amounts:
        return amounts["pickup_kg"], False
    return amounts["pickup_parcels"] * kg_per_parcel, True


def _products_of(product: str) -> tuple[str, ...]:
    """Return the products that one cell names."""
    return tuple(dict.fromkeys(part.strip() for part in PATTERNS["several"].split(product) if part.strip()))


def _check_product(reader: RowReader, product: str, produce_kg: float | None) -> None:
    """Add an error where a weight of produce has no product, or two of them: a lot has one."""
    if not produce_kg:
        return
    several = _products_of(product)
    if not several:
        remedy = said("write what it is in the column Produce")
        reader.note(Severity.ERROR, "no_product", PRODUCE, said("is the weight of no product"), remedy)
    elif len(several) > 1:
        message = said("names {count} products with one weight", count=len(several))
        remedy = said("give each a row of its own for that village, with its weight")
        reader.note(Severity.ERROR, "several_products", "product", message, remedy)


def _of_parcel(reader: RowReader, side: str) -> tuple[dict[str, float], frozenset[str]]:
    """Return the figures of one parcel, or of as many as it says, and which of its direction it does not give."""
    count = _figure(reader, "parcels")
    amounts = {f"{side}_parcels": 1.0 if count is None else count}
    for measure in ("kg", "m3"):
        own = [PRODUCE] if (side, measure) == ("pickup", "kg") else []
        for name in (*own, measure, f"{side}_{measure}"):
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
    if says_nothing(text, name):
        remedy = said("write 0 if there are none, a figure if it is known")
        reader.note(Severity.NOTE, READ_EMPTY, name, said("is read as empty"), remedy)
        return None
    worded = 0 if says_none(text, name) else numeral(text, name)
    if worded is not None:
        remedy = said("nothing, if that is right; else write the figure")
        reader.note(Severity.NOTE, READ_FIGURE, name, said("is read as {figure}", figure=worded), remedy)
        return float(worded * reader.table.multiples.get(name, 1))
    measure = name.rpartition("_")[2]
    value = reader.number(name, low=0, high=_MOST[measure], whole=measure == "parcels")
    if value is not None and unicodedata.category(reader.row.cells[name].strip()[0]) == "No":  # a circled one, a power
        remedy = said("nothing, if that is right; else write the figure")
        reader.note(Severity.NOTE, READ_FIGURE, name, said("is read as {figure}", figure=f"{value:.10g}"), remedy)
    return value


def _check_figures(reader: RowReader, amounts: Mapping[str, float]) -> None:
    """Add an error where parcels weigh nothing; a small volume is rounded to 0.0, and what is loaded has its weight."""
    for side in SIDES:
        name = f"{side}_kg"
        if amounts.get(f"{side}_parcels") and amounts.get(name) == 0:
            message = said("is 0 for {count} parcels", count=round(amounts[f"{side}_parcels"]))
            remedy = said("correct it, or leave it empty to have it estimated")
            field = name if name in reader.table.headings else "kg"
            reader.note(Severity.ERROR, "no_weight", field, message, remedy)


def _direction(reader: RowReader) -> str:
    """Return delivery or pickup as the row's cell says, empty where it says nothing."""
    text = reader.text("direction").lower()
    if not text or is_nothing(text):
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
    if text not in NO and text not in _FLAGS["not_cold"] and not is_nothing(text):
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
