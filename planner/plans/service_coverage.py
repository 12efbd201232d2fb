"""Which villages have a service at the point that serves them, by service and township."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from planner.geodata.services import SERVICES, RequiredServices
from planner.model import StudyArea, Tier
from planner.plans.network_plan import HandOver, NetworkPlan

_NOTHING_REQUIRED = RequiredServices()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """Villages of a township (empty: of the county) whose point within the standard offers a service.

    ``unknown`` are villages whose point does not say what it offers, ``assumed`` those of whose point it is only assumed
    what it offers; ``share`` is of all villages, None where nothing but unknown ones could have it, or there is no village.
    """

    service: str
    township_id: str
    villages: int
    offered: int
    unknown: int
    assumed: int
    share: float | None


def offers(area: StudyArea, way: HandOver, service: str, wanted: RequiredServices = _NOTHING_REQUIRED) -> bool | None:
    """Return whether the point that serves a village within the standard offers a service; None: it does not say.

    Where services are required, a candidate that does not say offers what ``wanted`` takes candidates to offer.
    """
    if not way.covered or way.site_id is None:
        return False
    services = wanted.offered_at(area.site_by_id[way.site_id])
    return service in services if services else None


def service_answers(network: NetworkPlan, service: str, stage: int) -> tuple[bool | None, ...]:
    """Return what `offers` says of each village at a stage, in their order."""
    wanted = RequiredServices.of(network.config)
    ways = {way.village_id: way for way in network.stages[stage].hand_over}
    return tuple(offers(network.area, ways[village.id], service, wanted) for village in network.area.villages)


def services_in_reach(network: NetworkPlan, stage: int) -> dict[str, tuple[str, ...]]:
    """Return by village what all open sites within the standard offer at a stage, wherever it hands over."""
    wanted, sites = RequiredServices.of(network.config), network.area.site_by_id
    opened = set(network.stages[stage].opened)
    found = {}
    for near in network.in_reach:
        there = [sites[id_] for id_ in near.site_ids if id_ in opened or sites[id_].tier is Tier.COUNTY_HUB]
        offered = {service for site in there for service in wanted.offered_at(site)}
        found[near.village_id] = _in_order(offered)
    return found


def _in_order(services: Collection[str]) -> tuple[str, ...]:
    return (*(name for name in SERVICES if name in services), *sorted(set(services) - set(SERVICES)))


def services_told(network: NetworkPlan) -> tuple[str, ...]:
    """Return the services that a site offers or that are required, those first that officials report; own ones by name."""
    wanted = RequiredServices.of(network.config)
    told = {*wanted.required, *(name for site in network.area.sites for name in wanted.offered_at(site))}
    return _in_order(told)


def assumed_points(network: NetworkPlan) -> int:
    """Return how many points are open at last of which it is only assumed what they offer."""
    wanted = RequiredServices.of(network.config)
    return sum(map(wanted.is_assumed_of, network.opened_sites(Tier.SERVICE_POINT)))


def service_coverage(network: NetworkPlan, stage: int | None = None) -> tuple[ServiceRow, ...]:
    """Return a row a service and place at a stage (the finished network if None), those that officials report first.

    There is none where no site says what it offers and nothing is required. Villages whose rows were left out count as
    not, in the county's rows.
    """
    area = network.area
    told = services_told(network)
    if not told:
        return ()
    at = len(network.stages) - 1 if stage is None else stage
    assumed = _assumed_villages(network, at)
    rows = []
    for service in (*SERVICES, *(name for name in told if name not in SERVICES)):
        answers = service_answers(network, service, at)
        for township_id in ("", *(township.id for township in area.townships)):
            here = [number for number, one in enumerate(area.villages) if township_id in ("", one.township_id)]
            row = _row(service, township_id, [answers[number] for number in here], area.rows_left_out.villages)
            rows.append(replace(row, assumed=sum(area.villages[number].id in assumed for number in here)))
    return tuple(rows)


def _assumed_villages(network: NetworkPlan, stage: int) -> set[str]:
    wanted, sites = RequiredServices.of(network.config), network.area.site_by_id
    ways = [way for way in network.stages[stage].hand_over if way.covered and way.site_id is not None]
    return {way.village_id for way in ways if wanted.is_assumed_of(sites[way.site_id or ""])}


def _row(service: str, township_id: str, found: Sequence[bool | None], left_out: int) -> ServiceRow:
    villages = len(found) + (0 if township_id else left_out)
    offered, unknown = sum(bool(one) for one in found), found.count(None)
    known = villages and (offered or not unknown)
    return ServiceRow(
        service=service,
        township_id=township_id,
        villages=villages,
        offered=offered,
        unknown=unknown,
        assumed=0,
        share=offered / villages if known else None,
    )
