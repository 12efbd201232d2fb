"""Services as people read them: their names, what a point offers and lacks, and the county's rows for the first page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from planner.geodata.services import SERVICES, RequiredServices
from planner.model import Site, Tier
from planner.plans import NetworkPlan
from planner.plans.area_shares import share_if_known
from planner.plans.service_coverage import ServiceRow, service_coverage
from planner.words import figures, listed, say, term

_NOTHING_REQUIRED = RequiredServices()


class ServiceLine(NamedTuple):
    """How many villages have a service at a stage and on the finished network, and whether it is required."""

    name: str
    now: str
    built: str
    required: bool


def service_name(service: str) -> str:
    """Return the word for a service that officials report; any other has the name that the table gives it."""
    return term(f"service_{service}") if service in SERVICES else service


def service_names(services: Sequence[str]) -> str:
    """Return the names of services as a list."""
    return listed([service_name(one) for one in services])


def services_text(site: Site | None, wanted: RequiredServices = _NOTHING_REQUIRED) -> str:
    """Return what a site offers, and whether that is only assumed; empty where nobody says."""
    if site is None:
        return ""
    names = service_names(wanted.offered_at(site))
    return say("{services} (assumed)", services=names) if names and wanted.is_assumed_of(site) else names


def lacking_text(site: Site, wanted: RequiredServices) -> str:
    """Return the required services that a service point lacks and what comes of it, empty where it lacks none."""
    lacking = wanted.lacking_at(site) if site.tier is Tier.SERVICE_POINT else ()
    return say("{services}: required, so it covers nobody", services=service_names(lacking)) if lacking else ""


def shown_share(plan: NetworkPlan, row: ServiceRow) -> float | None:
    """Return the share of a row, None where it is not known: a township is not shown whole where villages were left out."""
    known = not (row.township_id and plan.area.rows_left_out.villages)
    return None if row.share is None else share_if_known(row.share, row.villages, known=known)


def service_lines(plan: NetworkPlan, stage: int) -> list[ServiceLine]:
    """Return the county's coverage by service for the first page, none where no site says what it offers."""
    wanted = RequiredServices.of(plan.config)
    now = [row for row in service_coverage(plan, stage) if not row.township_id]
    built = [row for row in service_coverage(plan) if not row.township_id]
    return [
        ServiceLine(
            service_name(one.service), _counted(plan, one), _counted(plan, last), one.service in wanted.required
        )
        for one, last in zip(now, built, strict=True)
    ]


def _counted(plan: NetworkPlan, row: ServiceRow) -> str:
    share = shown_share(plan, row)
    counted = say("{covered} of {total}", covered=figures.number(row.offered), total=figures.number(row.villages))
    parts = [say("not known") if share is None else say("{share} ({count})", share=figures.share(share), count=counted)]
    if row.unknown and share is not None:
        parts.append(say("of {count} not known", count=figures.villages(row.unknown)))
    return say("; ").join(parts)
