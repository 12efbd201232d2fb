"""How villages are counted whose service point offers a service, and what grade the county's commerce has."""

from __future__ import annotations

from planner.geodata.services import RequiredServices
from planner.model import said
from planner.pipeline.bulletin.definitions import grade_rules
from planner.pipeline.bulletin.formulas import townships_with_centre, villages_that, villages_with_shop
from planner.pipeline.bulletin.month_facts import MonthFacts, Tallies, Tally
from planner.plans.bulletin import COUNTY
from planner.plans.service_coverage import offers


def villages_with_service(facts: MonthFacts, service: str) -> Tallies:
    """Return A16: villages whose point within the standard offers a service; of a point without any nobody knows."""
    wanted = RequiredServices.of(facts.network.config)
    return villages_that(facts, lambda village: offers(facts.area, facts.hand_over[village.id], service, wanted))


def county_grade(facts: MonthFacts) -> Tallies:
    """Return A9: the grade from 0 (none) to 3 (advanced)."""
    shops, centres = villages_with_shop(facts)[COUNTY], townships_with_centre(facts)[COUNTY]
    least, floors = grade_rules()["share"], grade_rules()["centre_m2"]
    for tally in (shops, centres):
        if tally.value is None:
            return {COUNTY: Tally(value=None, reason=tally.reason)}
    note = shops.note or centres.note
    if any(tally.value is not None and tally.value < least for tally in (shops, centres)):
        return {COUNTY: Tally(value=0, note=note)}
    centre_m2 = facts.config.county_centre_m2
    if centre_m2 is None:
        return {COUNTY: Tally(value=None, reason=said("no data: [bulletin] county_centre_m2 is not set"))}
    return {COUNTY: Tally(value=sum(centre_m2 >= floor for floor in floors), note=note)}
