"""Bulletins as JSON documents: versioned, checked when they are read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.config import content_faults, parse_json, plain
from planner.config.content import shown
from planner.errors import BadDataError, Message, UsageError, parse_fault
from planner.plans.bulletin import COUNTY, SCHEMA, Bulletin, IndicatorFigure, Month
from planner.plans.document_text import content_text

_BULLETIN = TypeAdapter(Bulletin)
_NEARLY = 1e-9


def bulletin_to_json(bulletin: Bulletin) -> str:
    """Return the bulletin as a JSON document with its schema, a line for each part; the same gives the same text."""
    return content_text(SCHEMA, bulletin)


def bulletin_from_json(text: str, name: str = "bulletin.json") -> Bulletin:
    """Return the bulletin of a document; ``name`` is what errors call it.

    Raises
    ------
    BadDataError
        If it is not JSON, of another schema, or some of it is invalid; every offender is listed.
    """
    try:
        document: Any = parse_json(text)
    except (ValueError, RecursionError) as error:
        raise BadDataError(Message("{name}: not JSON: {error}", name=name, error=parse_fault(error))) from error
    problems = [fault for _, fault in content_faults(document)]
    found = document.pop("schema", None) if isinstance(document, dict) else None
    if found != SCHEMA:
        raise BadDataError(
            Message("{name}: schema is {found}, expected {expected}", name=name, found=shown(found), expected=SCHEMA)
        )
    inconsistent = Message("{name}: the bulletin is inconsistent", name=name)
    try:
        bulletin: Bulletin = _BULLETIN.validate_python(document)
    except ValidationError as error:
        problems += [
            Message("{key}: {fault}", key=".".join(map(str, fault["loc"])), fault=plain(fault))
            for fault in error.errors()
        ]
        raise BadDataError(inconsistent, problems) from error
    problems += bulletin_faults(bulletin)
    if problems:
        raise BadDataError(inconsistent, problems)
    return bulletin


def bulletin_faults(bulletin: Bulletin) -> Iterator[Message]:
    """Yield what a bulletin must not hold: figures of nothing, twice or without a reason, and shares that are none."""
    try:
        Month.of(bulletin.period)
    except UsageError:
        yield Message("period: {value} is no month", value=shown(bulletin.period))
    codes = [indicator.code for indicator in bulletin.indicators]
    places = {COUNTY, *(place.id for place in bulletin.townships)}
    keys = [(figure.code, figure.place_id) for figure in bulletin.figures]
    for key, count in Counter(keys).items():
        if count > 1:
            yield Message("figures: {code} of {place!r} is given {count} times", code=key[0], place=key[1], count=count)
    for code in sorted(code for code, count in Counter(codes).items() if count > 1):
        yield Message("indicators: {code} is defined twice", code=code)
    for code in sorted(set(codes) - {code for code, place in keys if place == COUNTY}):
        yield Message("figures: {code} of the county is missing", code=code)
    for figure in bulletin.figures:
        if figure.code not in codes or figure.place_id not in places:
            yield Message("figures: {code} of {place!r} is of nothing here", code=figure.code, place=figure.place_id)
            continue
        for fault in _figure_faults(bulletin, figure):
            yield Message("figures: {code} of {place!r}: {fault}", code=figure.code, place=figure.place_id, fault=fault)


def _figure_faults(bulletin: Bulletin, figure: IndicatorFigure) -> Iterator[Message]:
    kind = bulletin.indicator_of[figure.code].kind
    if (figure.value is None) == (figure.reason is None):
        yield Message("has a value or a reason why there is none, not both")
    for name in ("value", "previous", "year_before", "part", "whole"):
        number = getattr(figure, name)
        if number is not None and not math.isfinite(number):
            yield Message("{name} is no number", name=name)
        elif number is not None and kind != "growth" and number < 0:
            yield Message("{name} is negative", name=name)
        elif number is not None and kind == "share" and name in ("value", "previous", "year_before") and number > 1:
            yield Message("{name} is more than the whole", name=name)
    parts = (figure.value, figure.part, figure.whole)
    if kind == "share" and None not in parts and figure.whole and abs(_off(figure)) > _NEARLY:
        yield Message("the value is not the part of the whole")


def _off(figure: IndicatorFigure) -> float:
    """Return by how much the value is not the part of the whole, all three of which are known."""
    return (figure.part or 0.0) / (figure.whole or 1.0) - (figure.value or 0.0)
