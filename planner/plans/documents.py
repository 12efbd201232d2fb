"""Plans as JSON documents: each with its schema and version, older versions upgraded when they are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.config import content_faults, kept_faults, parse_json, plain
from planner.config.content import shown
from planner.errors import BadDataError, Message, parse_fault
from planner.model import Demand
from planner.plans.day_faults import day_faults
from planner.plans.day_plan import DayPlan
from planner.plans.document_text import document_text, text_hash
from planner.plans.kind_faults import kind_faults
from planner.plans.network_faults import network_faults
from planner.plans.network_plan import NetworkPlan
from planner.plans.upgrade import DAY, DAY_PARTS, NETWORK, NETWORK_PARTS, OLDEST, PLAN, VERSION, upgraded

_NETWORK = TypeAdapter(NetworkPlan)
_DAY = TypeAdapter(DayPlan)
_DEMAND = TypeAdapter(Demand)
_SCHEMA = re.compile(rf"({NETWORK}|{DAY}|{PLAN})/([0-9]{{1,4}})")
_SINCE_VERSION_3: tuple[tuple[str, object], ...] = (
    *(("detour_factor", None), ("straight_speed_kph", None), ("straight_lines", False)),
    ("odd_tags", []),
)
"""Keys of a road summary and of a source that came later, each with what it holds where it says nothing."""
FindNetwork = Callable[[str], NetworkPlan]
"""Returns the network plan of an id, or raises PlanNotFoundError."""


@dataclass(frozen=True, kw_only=True)
class ReadPlans:
    """What one document holds: a network plan, a day plan with its network, or ``both`` (documents before version 3)."""

    network: NetworkPlan
    day: DayPlan | None = None
    both: bool = False


def to_json(plan: NetworkPlan | DayPlan) -> str:
    """Return the plan as a JSON document with its schema, a line for each part; the same plan gives the same text."""
    if isinstance(plan, NetworkPlan):
        document = {"schema": f"{NETWORK}/{VERSION}", **_NETWORK.dump_python(plan, mode="json")}
    else:
        unknown = set() if plan.walks else {"walks"}  # plans of before keep the id they had
        content = _DAY.dump_python(plan, mode="json", exclude={"network"} | unknown)
        document = {"schema": f"{DAY}/{VERSION}", "network_id": plan.network.id, **content}
    _leave_out_unused(document)
    return document_text(document)


def _leave_out_unused(document: dict[str, Any]) -> None:
    """Remove what version 3 was released without where it says nothing: ids are hashes of the text, and stay as they are."""
    for part in (document["roads"], *document.get("area", {}).get("sources", ())):
        for key, unused in _SINCE_VERSION_3:
            if part.get(key, ...) == unused:
                del part[key]


def content_hash(plan: NetworkPlan | DayPlan) -> str:
    """Return twelve hexadecimal digits that are the same for the same content."""
    return text_hash(to_json(plan))


def read_plans(text: str, *, name: str, find_network: FindNetwork) -> ReadPlans:
    """Return the plans of a document of any version; ``name`` is what errors call it.

    ``find_network`` is asked for the network that a day plan stands on.

    Raises
    ------
    BadDataError
        If it is not JSON, not of a known schema and version, or some of it is invalid: types, ids that refer to nothing,
        totals that are not the sum of their parts; every offender is listed.
    PlanNotFoundError
        If the network of a day plan is not found.
    """
    parts = dict(_parts_of(text, name))
    kept = parts.get(NETWORK)
    network = find_network(_text_of(parts[DAY], "network_id", name)) if kept is None else _network(kept, name)
    if DAY not in parts:
        return ReadPlans(network=network)
    return ReadPlans(network=network, day=_day(parts[DAY], network, name), both=kept is not None)


def network_from_json(text: str, name: str = "network.json") -> NetworkPlan:
    """Return the network plan of a document of any version; see `read_plans` for what it raises."""
    parts = dict(_parts_of(text, name))
    if NETWORK not in parts:
        raise BadDataError(Message("{name}: a day plan, not a network plan", name=name))
    return _network(parts[NETWORK], name)


def day_from_json(text: str, network: NetworkPlan, name: str = "day.json") -> DayPlan:
    """Return the day plan of a document of today's version that stands on this network; see `read_plans`."""
    parts = dict(_parts_of(text, name))
    if DAY not in parts:
        raise BadDataError(Message("{name}: a network plan, not a day plan", name=name))
    wanted = parts[DAY].get("network_id")
    if wanted is not None and wanted != network.id:
        raise BadDataError(
            Message("{name}: stands on the network {wanted}, not on {id}", name=name, wanted=wanted, id=network.id)
        )
    return _day(parts[DAY], network, name)


def demand_from_json(text: str, name: str = "day.json") -> Demand:
    """Return the demand of a day plan's document of the store alone; see `read_plans` for what it raises.

    The rest of a document of today's version is not looked at: it was when it was kept, and a year has many.
    """
    found = parse_json(text)
    if found.get("schema") != f"{DAY}/{VERSION}":
        found = dict(_parts_of(text, name)).get(DAY, {})
    demand: Demand = _validated(_DEMAND, found.get("demand"), name)
    return demand


def _parts_of(text: str, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return each plan in a document as it would be written today, by schema."""
    try:
        document = parse_json(text)
    except (ValueError, RecursionError) as error:
        raise BadDataError(Message("{name}: not JSON: {error}", name=name, error=parse_fault(error))) from error
    _refuse(name, [fault for _, fault in content_faults(document)])
    found = document.pop("schema", None) if isinstance(document, dict) else None
    schema, version = _schema_of(found, name)
    try:
        yield from upgraded(schema, version, document)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise BadDataError(
            Message("{name}: the plan is not complete: {error}", name=name, error=f"{type(error).__name__} {error}")
        ) from error


def _schema_of(found: object, name: str) -> tuple[str, int]:
    match = _SCHEMA.fullmatch(found) if isinstance(found, str) else None
    if match and OLDEST[match[1]] <= int(match[2]) <= VERSION:
        return match[1], int(match[2])
    raise BadDataError(
        Message(
            "{name}: schema is {found}, expected {expected} or an earlier version: use the program that wrote it",
            name=name,
            found=shown(found),
            expected=f"{NETWORK}/{VERSION}, {DAY}/{VERSION}",
        )
    )


def _network(document: dict[str, Any], name: str) -> NetworkPlan:
    network: NetworkPlan = _validated(_NETWORK, document, name)
    _refuse(name, _found("config", name, lambda: kept_faults(network.config, NETWORK_PARTS)))
    _refuse(name, _found("network", name, lambda: network_faults(network)))
    return network


def _day(document: dict[str, Any], network: NetworkPlan, name: str) -> DayPlan:
    content = {key: value for key, value in document.items() if key != "network_id"}
    day: DayPlan = _validated(_DAY, {**content, "network": network}, name)
    _refuse(name, _found("config", name, lambda: kept_faults(day.config, DAY_PARTS)))
    _refuse(name, _found("config", name, lambda: kept_faults({**network.config, **day.config}, DAY_PARTS)))
    _refuse(name, _found("day", name, lambda: day_faults(day)))
    return day


def _validated(adapter: TypeAdapter[Any], document: dict[str, Any], name: str) -> Any:
    try:
        found = adapter.validate_python(document)
    except ValidationError as error:
        _refuse(name, [_of_key(fault) for fault in error.errors()], error)
    except Exception as error:
        _refuse(name, [_unforeseen("plan", error)], error)
    else:
        _refuse(name, list(kind_faults(document, found)))
        return found


def _of_key(fault: Mapping[str, Any]) -> Message:
    return Message("{key}: {fault}", key=".".join(map(str, fault["loc"])), fault=plain(fault))


def _found(part: str, name: str, check: Callable[[], Iterable[Message]]) -> list[Message]:
    """Return what a check finds; it may trip over a broken document, which then is the finding."""
    try:
        return list(check())
    except Exception as error:
        raise BadDataError(_inconsistent(name), [_unforeseen(part, error)]) from error


def _unforeseen(part: str, error: Exception) -> Message:
    return Message("{part}: cannot be checked ({error})", part=part, error=shown(f"{type(error).__name__} {error}"))


def _refuse(name: str, problems: Sequence[Message], error: Exception | None = None) -> None:
    if problems:
        raise BadDataError(_inconsistent(name), problems) from error


def _inconsistent(name: str) -> Message:
    return Message("{name}: the plan is inconsistent", name=name)


def _text_of(document: dict[str, Any], key: str, name: str) -> str:
    value = document.get(key)
    if not isinstance(value, str):
        raise BadDataError(Message("{name}: {key} is missing", name=name, key=key))
    return value
