"""Which villages have a service at the point that serves them, by service and township."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.geodata.services import SERVICES
from planner.model import StudyArea
from planner.plans.network_plan import HandOver, NetworkPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """Villages of a township (empty: of the county) whose point within the standard offers a service.

    ``unknown`` are villages whose point does not say what it offers; ``share`` is of all villages, None where nothing but
    unknown ones could have it, or there is no village.
    """

    service: str
    township_id: str
    villages: int
    offered: int
    unknown: int
    share: float | None


def offers(area: StudyArea, way: HandOver, service: str) -> bool | None:
    """Return whether the point that serves a village within the standard offers a service; None: it does not say."""
    if not way.covered or way.site_id is None:
        return False
    services = area.site_by_id[way.site_id].services
    return service in services if services else None


def service_coverage(network: NetworkPlan, stage: int | None = None) -> tuple[ServiceRow, ...]:
    """Return a row a service and place at a stage (the finished network if None), those that officials report first.

    There is none where no site says what it offers. Villages whose rows were left out count as not, in the county's rows.
    """
    area = network.area
    ways = {way.village_id: way for way in network.stages[-1 if stage is None else stage].hand_over}
    own = sorted({name for site in area.sites for name in site.services} - set(SERVICES))
    if not any(site.services for site in area.sites):
        return ()
    rows = []
    for service in (*SERVICES, *own):
        answer = {village.id: offers(area, ways[village.id], service) for village in area.villages}
        rows.append(_row(service, "", answer.values(), area.rows_left_out.villages))
        rows += [
            _row(service, township.id, [answer[one.id] for one in area.villages if one.township_id == township.id])
            for township in area.townships
        ]
    return tuple(rows)


def _row(service: str, township_id: str, answers: Iterable[bool | None], left_out: int = 0) -> ServiceRow:
    found = list(answers)
    villages, offered, unknown = len(found) + left_out, sum(bool(one) for one in found), found.count(None)
    known = villages and (offered or not unknown)
    return ServiceRow(
        service=service,
        township_id=township_id,
        villages=villages,
        offered=offered,
        unknown=unknown,
        share=offered / villages if known else None,
    )
