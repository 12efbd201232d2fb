"""Service plans as JSON documents: versioned, checked when they are read."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.config import content_faults, kept_faults, parse_json, plain
from planner.config.content import shown
from planner.errors import BadDataError, Message, parse_fault
from planner.plans.document_text import document_text
from planner.plans.network_plan import NetworkPlan
from planner.plans.service_faults import service_faults
from planner.plans.service_plan import ServicePlan

SCHEMA = "rural-service-planner/service/1"
SERVICE_PARTS = ("schema", "seed", "language", "area", "travel", "demand", "routing", "service", "maps")
"""Of a configuration: what a service plan rests on."""
_NEEDED = ("area", "demand", "routing", "service")
_SERVICE = TypeAdapter(ServicePlan)


def service_to_json(plan: ServicePlan) -> str:
    """Return the plan as a JSON document with its schema, a line for each part; the same plan gives the same text."""
    content = _SERVICE.dump_python(plan, mode="json", exclude={"network"})
    return document_text({"schema": SCHEMA, "network_id": plan.network.id, **content})


def service_from_json(text: str, network: NetworkPlan, name: str = "service.json") -> ServicePlan:
    """Return the service plan of a document that stands on this network; ``name`` is what errors call it.

    Raises
    ------
    BadDataError
        If it is not JSON, of another schema or network, or some of it is invalid; every offender is listed.
    """
    document = _parsed(text, name)
    wanted = document.pop("network_id", None)
    if wanted != network.id:
        raise BadDataError(
            Message(
                "{name}: stands on the network {wanted}, not on {id}", name=name, wanted=shown(wanted), id=network.id
            )
        )
    invalid = Message("{name}: the service plan is invalid", name=name)
    try:
        plan: ServicePlan = _SERVICE.validate_python({**document, "network": network})
    except ValidationError as error:
        problems = [
            Message("{key}: {fault}", key=".".join(map(str, fault["loc"])), fault=plain(fault))
            for fault in error.errors()
        ]
        raise BadDataError(invalid, problems) from error
    problems = [*kept_faults(plan.config, _NEEDED), *service_faults(plan)]
    if problems:
        raise BadDataError(invalid, problems)
    return plan


def is_service(text: str) -> bool:
    """Return whether a text is the document of a service plan, of this schema or another; all else of it may be wrong."""
    try:
        document: Any = parse_json(text)
    except (ValueError, RecursionError):
        return False
    schema = document.get("schema") if isinstance(document, dict) else None
    return isinstance(schema, str) and schema.rpartition("/")[0] == SCHEMA.rpartition("/")[0]


def network_id_of(text: str, name: str = "service.json") -> str:
    """Return the id of the network that a service plan stands on; BadDataError if the document is none."""
    found = _parsed(text, name).get("network_id")
    if not isinstance(found, str):
        raise BadDataError(Message("{name}: network_id is missing", name=name))
    return found


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        document: Any = parse_json(text)
    except (ValueError, RecursionError) as error:
        raise BadDataError(Message("{name}: not JSON: {error}", name=name, error=parse_fault(error))) from error
    if problems := [fault for _, fault in content_faults(document)]:
        raise BadDataError(Message("{name}: the service plan is invalid", name=name), problems)
    found = document.pop("schema", None) if isinstance(document, dict) else None
    if found != SCHEMA:
        raise BadDataError(
            Message("{name}: schema is {found}, expected {expected}", name=name, found=shown(found), expected=SCHEMA)
        )
    parsed: dict[str, Any] = document
    return parsed
