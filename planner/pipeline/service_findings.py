"""Which points lack a service that every village must have in reach, and what candidates are only taken to offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.config import CONFIG_NAME, PlanConfig
from planner.geodata import Finding, Severity
from planner.geodata.services import SERVICES, RequiredServices
from planner.model import Fact, Site, SiteStatus, StudyArea, Tier, said


def required_services(config: PlanConfig) -> RequiredServices:
    """Return what service points must offer to cover anybody."""
    tier = config.coverage.service_points
    return RequiredServices.of_tier(tier.required_services, tier.candidate_services)


def covering_points(area: StudyArea, config: PlanConfig, opened: Sequence[str]) -> tuple[str, ...]:
    """Return those of the open service points that lack no required service: only they cover villages."""
    wanted = required_services(config)
    return tuple(id_ for id_ in opened if not wanted.lacking_at(area.site_by_id[id_]))


def service_findings(area: StudyArea, config: PlanConfig) -> Iterator[Finding]:
    """Return a warning for each point that lacks a required service, and a note on what candidates are taken to offer."""
    wanted = required_services(config)
    sites = [site for site in area.sites_of(Tier.SERVICE_POINT) if site.status is not SiteStatus.FORBIDDEN]
    for site in sites:
        if wanted.lacking_at(site):
            yield _lacking(site, wanted)
    named = {service for site in area.sites for service in site.services}
    for service in wanted.required:
        if service not in SERVICES and service not in named:
            yield _finding(
                "service_of_nobody",
                service,
                said("required_services: no site of the sites table offers {service}", service=service),
                said("write it as the sites table does, if it is meant to be one of its services"),
                Severity.WARNING,
            )
    assumed = [site for site in sites if wanted.is_assumed_of(site)]
    if assumed and wanted.of_candidates:
        yield _finding(
            "services_assumed",
            "",
            said(
                "{count} candidate points say nothing of their services: it is assumed that they will offer {services}",
                count=len(assumed),
                services=_names(wanted.of_candidates),
            ),
            said("say what each will offer in the column services, or for all in candidate_services"),
            Severity.NOTE,
        )


def _lacking(site: Site, wanted: RequiredServices) -> Finding:
    lacking = _names(wanted.lacking_at(site))
    if wanted.offered_at(site):
        message = said("it lacks services that are required, and so it covers nobody: {services}", services=lacking)
    else:
        message = said(
            "it does not say what it offers, and so it covers nobody; required: {services}", services=lacking
        )
    remedy = said("let it offer them and say so in the column services, or require less of it")
    code = "lacks_services" if wanted.offered_at(site) else "services_not_said"
    return _finding(code, f"{site.id} {site.name}", message, remedy, Severity.WARNING)


def _names(services: Sequence[str]) -> tuple[Fact | str, ...]:
    return tuple(Fact(code=f"service_{name}") if name in SERVICES else name for name in services)


def _finding(code: str, value: str, message: Fact, remedy: Fact, severity: Severity) -> Finding:
    return Finding(
        severity=severity, code=code, file=CONFIG_NAME, row=None, field="", value=value, message=message, remedy=remedy
    )
