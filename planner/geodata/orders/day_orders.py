"""A file of orders → what each village or point receives and sends on a date, and what is wrong in its rows."""

from __future__ import annotations

import datetime
import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import normal
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.orders.order_clashes import check_doubles, check_parts, place_field
from planner.geodata.orders.order_places import OrderPlace, OrderPlaces
from planner.geodata.orders.order_rows import READ_EMPTY, READ_FIGURE, OrderForm, OrderRow, form_of, row_of
from planner.geodata.orders.order_vocabulary import SIDES
from planner.geodata.place_rows import Fault, Row, Table
from planner.geodata.row_reader import RowReader
from planner.geodata.tables import SPREADSHEETS
from planner.model import AMOUNTS, OrderTable, ReadAs, Site, StudyArea, Township, Village, as_fact, said
from planner.sandbox import run_apart


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrders:
    """What a table says of a place: figures by their names in `AMOUNTS`, only those that it gives; products in kg.

    ``unweighed`` are the parcels of which a list does not give the figure, by its name: ``amounts`` has that of the others.
    Of a list, or of rows that weigh produce alone, they are those that have no weight; without end where their number is
    estimated. The weights of the products in ``split`` rest on what parcels are taken to weigh.
    ``unweighed_products`` are named without a weight. Where they are none and it does not ``tells_produce``, nobody knows
    what produce goes up. ``assumed`` has the weights of both kinds, as they are estimated; ``amounts`` are without them.
    ``rows`` are those of the table that it came from. Where they do not all ask for the same time and cold chain, ``parts``
    has those that do, together; the times of the whole are then those that all rows have in common.
    """

    place: OrderPlace
    amounts: Mapping[str, float]
    unweighed: Mapping[str, float] = field(default_factory=dict)
    products: Mapping[str, float] = field(default_factory=dict)
    split: frozenset[str] = frozenset()
    unweighed_products: frozenset[str] = frozenset()
    tells_produce: bool = True
    assumed: Mapping[str, float] = field(default_factory=dict)
    earliest_s: float | None = None
    latest_s: float | None = None
    cold: bool = False
    rows: tuple[Row, ...] = ()
    parts: tuple[PlaceOrders, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether it is to come at a time of its own, or cold."""
        return self.cold or (self.earliest_s, self.latest_s) != (None, None)

    def brings(self, side: str) -> bool:
        """Return whether a row gives any figure of delivery, or of pickup."""
        return not self.amounts.keys().isdisjoint(amounts_of(side))


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOrders:
    """The orders of a date by village and by point, the table that they came from, and findings about it.

    ``whole`` are the figures (of `AMOUNTS`) of which a place that it names has none where it is silent, ``none_elsewhere``
    those of which a place that it does not name has none.
    """

    table: OrderTable
    rows: Table
    villages: Mapping[str, PlaceOrders]
    points: Mapping[str, PlaceOrders]
    whole: frozenset[str] = frozenset()
    none_elsewhere: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def read_orders(
    path: Path,
    area: StudyArea,
    day: datetime.date,
    places: Mapping[str, str],
    *,
    only_listed: bool | None = None,
    kg_per_parcel: float = 0.0,
) -> DayOrders:
    """Return the orders of a file; ``places`` has the site where each village hands over that day.

    Villages that the table does not name are to be estimated, or have none with ``only_listed``; None leaves it to the form:
    a list of parcels is whole, a table of villages is not. Of one weight for parcels and produce the parcels have
    ``kg_per_parcel`` each, as far as it goes, and the product the rest. Errors are among the findings, to be raised.

    Raises
    ------
    BadDataError
        If the file cannot be read as a table.
    """
    table, repeated = table_in_child(path, area)
    findings = list(table.findings)
    form = form_of(table)
    if form is None:
        message = said("has no column of parcels, kilograms or waybills")
        remedy = said("planner day AREA --template writes a table with the columns that are read")
        findings.append(about_file(Severity.ERROR, "no_figures", table.file, message, remedy))
    known = OrderPlaces(area, frozenset(places.values()))
    found: dict[OrderPlace, list[OrderRow]] = {}
    readers: dict[int, RowReader] = {}
    for row in table.rows if form else ():
        reader = RowReader(table, row, findings)
        place = known.of(reader)
        one = row_of(reader, form or OrderForm.VILLAGE, day, kg_per_parcel)
        readers[id(row)] = reader
        if place is not None:
            _note_nowhere(reader, place, places, one)
        if place is not None and not reader.bad:
            found.setdefault(place, []).append(one)
    if form is OrderForm.VILLAGE:
        check_doubles(found, readers, known)
    check_parts(found, readers, area, places, known)
    findings += _notes(table, known, repeated)
    orders = {place: _together(place, rows) for place, rows in found.items()}
    listed = {side for side in SIDES for one in orders.values() if one.amounts.keys() & amounts_of(side)}
    whole = listed if form is OrderForm.PARCEL else set[str]()
    elsewhere = {True: set(SIDES), False: set[str](), None: whole}[only_listed]
    kept = replace(_order_table(path, table, form or OrderForm.VILLAGE, found, places), read_as=_read_as(findings))
    return DayOrders(
        table=replace(kept, none_elsewhere=tuple(sorted(elsewhere))),
        rows=table,
        villages={place.village_id: one for place, one in orders.items() if place.village_id},
        points={place.site_id: one for place, one in orders.items() if place.site_id},
        whole=frozenset(name for side in whole for name in amounts_of(side)),
        none_elsewhere=frozenset(name for side in elsewhere for name in amounts_of(side)),
        findings=tuple(findings),
    )


def amounts_of(side: str) -> frozenset[str]:
    """Return the names of the figures of delivery, or of pickup."""
    return frozenset(name for name in AMOUNTS if name.startswith(side))


def table_in_child(
    path: Path, area: StudyArea, reads: str = "read_order_sheets"
) -> tuple[Table, list[tuple[int, int]]]:
    """Return the table of a file as the child hands it over, and the rows whose waybill another one has."""
    if not path.is_file():
        raise BadDataError(
            of_file(path.name, Message("no such file")), [Message("looked for {path}", path=path.resolve())]
        )
    if path.suffix.lower() not in SPREADSHEETS:
        ending = Message("{kind} extension", kind=path.suffix) if path.suffix else Message("no extension")
        what = Message("{ending}: orders are read from {known}", ending=ending, known=sorted(SPREADSHEETS))
        raise BadDataError(of_file(path.name, what))
    places: tuple[Village | Township | Site, ...] = (*area.villages, *area.townships, *area.sites)
    codes = frozenset(text for place in places for text in (place.id, place.name) if len(text) > 4)
    found = run_apart(f"planner.geodata.orders.order_sheets:{reads}", path, path.name, sorted(codes))
    rows = [
        Row(
            number=row["number"],
            sheet=row["sheet"],
            cells=row["cells"],
            faults=tuple(
                Fault(severity=Severity(severity), code=code, field=name, message=as_fact(what), remedy=as_fact(mend))
                for severity, code, name, what, mend in row["faults"]
            ),
        )
        for row in found["rows"]
    ]
    findings = [
        Finding(
            severity=Severity(severity),
            code=code,
            file=file,
            row=row,
            field=name,
            value="",
            message=as_fact(what),
            remedy=as_fact(mend),
        )
        for severity, code, file, row, name, what, mend in found["findings"]
    ]
    table = Table(
        file=path.name,
        headings=found["headings"],
        unused=tuple(found["unused"]),
        rows=tuple(rows),
        multiples={name: Decimal(text) for name, text in found["multiples"].items()},
        findings=tuple(findings),
        of_persons=tuple(found["of_persons"]),
        codes=codes,
    )
    return table, found["repeated"]


def _note_nowhere(reader: RowReader, place: OrderPlace, places: Mapping[str, str], one: OrderRow) -> None:
    """Add a warning if something is ordered for a village that hands over nowhere that day: it waits."""
    if place.village_id and place.village_id not in places and any(one.amounts.values()):
        message = said("hands over nowhere that day: no open place is in reach, its parcels wait")
        remedy = said("bring them to a place that is open, or plan a day when its own is")
        reader.note(Severity.WARNING, "hands_over_nowhere", place_field(reader), message, remedy)


_FEW = 5


def _read_as(findings: Iterable[Finding]) -> tuple[ReadAs, ...]:
    """Return what cells of words were read as, and how many of each."""
    count = Counter(
        (normal(one.value), str(one.message.params.get("figure", "")))
        for one in findings
        if one.code in (READ_FIGURE, READ_EMPTY)
    )
    return tuple(ReadAs(cell=cell, figure=figure, cells=cells) for (cell, figure), cells in sorted(count.items()))


def _notes(table: Table, known: OrderPlaces, repeated: Iterable[tuple[int, int]]) -> list[Finding]:
    """Return what is said of the whole table: columns that were not read, codes that were not needed, waybills twice."""
    found = []
    if table.of_persons:
        message = said("columns about people, not read: {headings}", headings=table.of_persons)
        found.append(
            _note(table, "of_persons", message, said("nothing: names, telephones and addresses stay where they are"))
        )
    if table.unused:
        message = said("columns not read: {headings}", headings=table.unused)
        remedy = said("nothing, if they are not needed; else head them as in the table of --template")
        found.append(_note(table, "unused_columns", message, remedy))
    if known.spoilt_codes:
        message = said(
            "{count} codes have lost digits to the spreadsheet's number format; names are used",
            count=len(known.spoilt_codes),
        )
        found.append(_note(table, "rounded_codes", message, said("nothing, if there are names and townships")))
    pairs = list(repeated)
    if pairs:
        rows = [said("{later} and {first}", later=later, first=first) for later, first in pairs[:_FEW]]
        message = said("{count} rows have the waybill number of another: {rows}", count=len(pairs), rows=rows)
        remedy = said("delete the row if the parcel was listed twice; each row counts")
        found.append(about_file(Severity.WARNING, "repeated_waybill", table.file, message, remedy))
    return found


def _note(table: Table, code: str, message: object, remedy: object) -> Finding:
    return about_file(Severity.NOTE, code, table.file, message, remedy)  # type: ignore[arg-type]


def _together(place: OrderPlace, rows: list[OrderRow]) -> PlaceOrders:
    """Return the rows of a place added up."""
    amounts: dict[str, float] = {}
    unweighed: dict[str, float] = {}
    for name in AMOUNTS:
        given = [one.amounts[name] for one in rows if name in one.amounts]
        if given:
            amounts[name] = sum(given)
            if any(name in one.lacking or _counts_only(one, name) for one in rows):
                unweighed[name] = _not_weighed(rows, name)
    products: dict[str, float] = {}
    for one in rows:
        if one.product and one.produce_kg is not None:
            products[one.product] = products.get(one.product, 0.0) + one.produce_kg
    earliest = [one.earliest_s for one in rows if one.earliest_s is not None]
    latest = [one.latest_s for one in rows if one.latest_s is not None]
    alike: dict[tuple[object, ...], list[OrderRow]] = {}
    for one in rows:
        alike.setdefault((one.cold, one.earliest_s, one.latest_s), []).append(one)
    return PlaceOrders(
        place=place,
        amounts=amounts,
        unweighed=unweighed,
        products=products,
        split=frozenset(one.product for one in rows if one.split),
        unweighed_products=frozenset(product for one in rows for product in one.unweighed_products),
        tells_produce=any(one.tells_produce for one in rows),
        earliest_s=max(earliest, default=None),
        latest_s=min(latest, default=None),
        cold=any(one.cold for one in rows),
        rows=tuple(one.row for one in rows),
        parts=tuple(_together(place, group) for group in alike.values()) if len(alike) > 1 else (),
    )


def _counts_only(one: OrderRow, name: str) -> bool:
    """Return whether a row has parcels without a figure of them."""
    return name not in one.amounts and bool(one.amounts.get(f"{name.partition('_')[0]}_parcels"))


def _not_weighed(rows: Iterable[OrderRow], name: str) -> float:
    """Return the parcels of rows that do not give a figure of them; without end where no row counts parcels."""
    parcels = f"{name.partition('_')[0]}_parcels"
    counting = [one for one in rows if parcels in one.amounts]
    lacking = [one.amounts[parcels] for one in counting if name in one.lacking or name not in one.amounts]
    return sum(lacking) if counting else math.inf


def _order_table(
    path: Path,
    table: Table,
    form: OrderForm,
    found: Mapping[OrderPlace, list[OrderRow]],
    places: Mapping[str, str],
) -> OrderTable:
    """Return what a plan keeps of the table; its parcels are counted from the rows, not from what was made of them."""
    rows = [one for ones in found.values() for one in ones]
    sites = {place.site_id for place in found} - {""}
    named = {place.village_id for place in found} - {""} | {id_ for id_, site_id in places.items() if site_id in sites}
    points = form is OrderForm.VILLAGE and bool(found) and all(place.site_id for place in found)
    return OrderTable(
        name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        rows=len(table.rows),
        a_row_is="point" if points else form.value,
        skipped_columns=table.of_persons,
        villages=len(named),
        delivery_parcels=round(sum(one.amounts.get("delivery_parcels", 0) for one in rows)),
        pickup_parcels=round(sum(one.amounts.get("pickup_parcels", 0) for one in rows)),
        village_ids=tuple(sorted(named)),
    )
