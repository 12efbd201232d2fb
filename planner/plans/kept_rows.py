"""Rows of the store as they are read: none is believed, since whoever has the file can edit it by hand."""

from __future__ import annotations

import datetime
import hashlib
import math
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

from planner.config.content import shown
from planner.errors import BadDataError, Message
from planner.plans import store_opening
from planner.plans.store_tables import BULLETINS, DAYS, NETWORKS, SERVICES
from planner.writing import unprintable

_LONGEST_NAME = 2000
"""Letters of an area's name: SQLite keeps names whole that are longer than their column says."""


def checked_rows(connection: sa.Connection, query: sa.Select[Any], table: sa.Table) -> list[dict[str, Any]]:
    """Return the rows of a query of a table's columns, each value of the type that its column has.

    Raises
    ------
    BadDataError
        If any is something else; every one is named with table, row and column.
    """
    # as the database has them: a type that cannot read a value would say neither where it stands nor what it is
    raw = [sa.type_coerce(one, sa.types.NullType()).label(one.name) for one in query.selected_columns]
    rows, faults = [], []
    for found in connection.execute(query.with_only_columns(*raw)):
        row = found._asdict()
        wrong = dict(_wrong_values(row, table))
        faults += [
            Message("{table}, row {row}, column {column}: {value} is not {expected}", table=table.name, **fault)
            for fault in wrong.values()
        ]
        rows.append(row)
    if faults:
        raise BadDataError(
            Message(
                "{store}: rows were changed by another program: put back a copy of the file of before, or remove the rows",
                store=store_opening.shown(connection.engine.url),
            ),
            faults,
        )
    return rows


def checked_document(connection: sa.Connection, table: sa.Table, plan_id: str, document: object) -> str:
    """Return a kept document, whose id ends with the hash of its text; BadDataError if it does not."""
    found = (
        hashlib.sha256(document.encode(errors="surrogatepass")).hexdigest()[:12] if isinstance(document, str) else ""
    )
    if not isinstance(document, str) or plan_id.rpartition("-")[2] != found:
        raise BadDataError(
            Message(
                "{store}: {table}, row {row}: the document is not the one that was kept under this id: put back a copy of "
                "the file of before, or make the plan again",
                store=store_opening.shown(connection.engine.url),
                table=table.name,
                row=shown(plan_id),
            )
        )
    return document


def _wrong_values(row: dict[str, Any], table: sa.Table) -> Iterator[tuple[str, dict[str, object]]]:
    """Put each value into the form of its column, in place; yield what cannot be."""
    key = " ".join(shown(row[one.name])[:80] for one in table.primary_key if one.name in row)
    for column in table.columns:
        if column.name not in row:
            continue
        value = row[column.name]
        if value is None and column.nullable:
            continue
        expected, read = _reader(column)
        try:
            row[column.name] = read(value)
        except (ValueError, TypeError, OverflowError):
            yield column.name, {"row": key, "column": column.name, "value": shown(value), "expected": expected}
    if table in (NETWORKS, DAYS, SERVICES, BULLETINS) and (wrong := _other_id(row, table)):
        name, right = wrong
        yield name, {"row": key, "column": name, "value": shown(row[name]), "expected": shown(right)}


def _other_id(row: dict[str, Any], table: sa.Table) -> tuple[str, str] | None:
    """Return the column that is not what the row's id says, and what that is: area, date, month or year, and a hash."""
    area, _, rest = str(row["id"]).rpartition("-")[0].rpartition("-")
    if table is BULLETINS:
        area = area.removesuffix("-bulletin")
        period = f"{rest[:4]}-{rest[4:]}"
        if row["period"] != period:
            return "period", period
    if table is SERVICES:
        area = area.removesuffix("-service")
        if str(row["year"]) != rest:
            return "year", rest
    if table is DAYS and isinstance(row["date"], datetime.date) and f"{row['date']:%Y%m%d}" != rest:
        return "date", rest
    return ("area_id", area) if row["area_id"] != area else None


def _reader(column: sa.Column[Any]) -> tuple[Message, Callable[[Any], Any]]:
    """Return what a column holds, as people say it, and what reads a value of it or raises."""
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return Message("0 or 1"), _truth
    if isinstance(kind, sa.Integer):
        return Message("a count"), _count
    if isinstance(kind, sa.Float):
        return Message("an amount"), _amount if column.name != "population_covered" else _share
    if isinstance(kind, sa.DateTime):
        return Message("a time (2026-11-30 08:00:00)"), _time
    if isinstance(kind, sa.Date):
        return Message("a date (2026-11-30)"), _date
    longest = getattr(kind, "length", None)
    return Message("a text"), _text_of(_LONGEST_NAME if column.name == "area_name" else longest)


def _truth(value: object) -> bool:
    if value not in (0, 1) or isinstance(value, float):
        raise ValueError(value)
    return bool(value)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(value)
    return value


def _amount(value: object) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value) or value < 0:
        raise ValueError(value)
    return float(value)


def _share(value: object) -> float:
    return -1.0 if value == -1 else _amount(value)  # -1 where it is not known


def _time(value: object) -> datetime.datetime:
    found = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(str(value))
    # years that time zones cannot lead out of the calendar
    if not 1900 <= found.year <= 9000:
        raise ValueError(value)
    return found


def _date(value: object) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    if not isinstance(value, str):
        raise ValueError(value)
    return datetime.date.fromisoformat(value)


def _text_of(longest: int | None) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or (longest is not None and len(value) > longest) or unprintable(value):
            raise ValueError(value)
        return value

    return read
