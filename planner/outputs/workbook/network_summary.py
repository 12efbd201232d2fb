"""The first sheet of a network's workbook, for the chief: served, not served, money of this stage, what to decide."""

from __future__ import annotations

from collections.abc import Iterator

from planner.config import FundingSource
from planner.coverage.appraise import FEN_PER_YUAN
from planner.model import SiteStatus, Tier
from planner.outputs.conflicts import named_conflicts
from planner.outputs.headlines import PeopleServed, decisions, main_gap, served
from planner.outputs.known_shares import rows_left_out_text
from planner.outputs.names import shown_name
from planner.outputs.notice import basis, marked, notice_of_plan
from planner.outputs.siting import phase_name
from planner.outputs.stage_money import stage_money, stages_money
from planner.outputs.workbook.cells import Formula, Heading, Share, Sheet, Yuan, stage_name
from planner.plans import DayPlan, NetworkPlan
from planner.plans.area_shares import share_if_known
from planner.units import shown_limit
from planner.words import say, term

Row = tuple[object, object, object, object, str]
"""What, its figure, of how many or how much, the share, and its unit or a remark."""
_STAGE = 0
"""The stage whose money and decisions it shows, as the first page does before a day is planned."""


def network_summary(plan: NetworkPlan) -> Sheet:
    """Return what the first page says, from the same figures, and behind it sites and money by stage and source."""
    headings = [say("Item"), say("Figure"), say("Of"), say("Share"), say("Unit, remark")]
    found = plan.stations.service_points.found
    parts = [_plan(plan), _served(plan), _money(plan) if found else (), _decisions(plan) if found else ()]
    return Sheet(
        say("Summary"), headings, [row for part in (*parts, _stages(plan), _costs(plan), assumed(plan)) for row in part]
    )


def _heading(text: str) -> Row:
    return Heading(text), "", "", "", ""


def _line(what: str, figure: object, remark: str = "") -> Row:
    return what, figure, "", "", remark


def _said(what: str, text: str) -> Row:
    return what, "", "", "", text


def _plan(plan: NetworkPlan) -> Iterator[Row]:
    points = plan.stations.service_points
    yield _said(say("Area"), shown_name(plan.area))
    yield _said(say("Plan"), plan.id)
    for conflict in named_conflicts(plan.area, points.conflicts, registers=True):
        yield _said(say("Cannot be planned"), conflict)
    for tier, answer in ((Tier.SERVICE_POINT, points), (Tier.EXPRESS_STATION, plan.stations.express_stations)):
        for demand in named_conflicts(plan.area, answer.relaxed, tier, registers=True):
            yield _said(say("Planned without this demand"), demand)


def _served(plan: NetworkPlan) -> Iterator[Row]:
    now, built = served(plan, _STAGE), served(plan, len(plan.stages) - 1)
    in_all = "" if now == built else say("when all is built")
    yield _heading(say("Villages served when all is built") if in_all else say("Villages served"))
    yield _part(say("Villages served"), built.villages, built.villages_total, in_all)
    if built.poor_total:
        yield _part(say("Registered poor villages served"), built.poor, built.poor_total, in_all)
    yield _part(say("People served"), built.people, built.people_total, in_all, known=built.people_known)
    covered = sum(village.households for village in plan.area.villages if plan.hand_over[village.id].covered)
    homes = plan.stations.service_points.shares.households_total
    yield _part(say("Households served"), covered, homes, in_all, known=built.people_known)
    if now != built:
        yield from _by_stage(plan, now)
    known = "" if built.people_known else say("as far as known")
    missed = (built.villages_total - built.villages, built.villages_total)
    yield _part(say("Villages not served"), *missed, say("see the sheet {title}", title=say("Not covered")), rest=True)
    rest = built.people_total - built.people
    yield _part(say("People not served"), rest, built.people_total, known, known=built.people_known, rest=True)
    if plan.area.rows_left_out.villages:
        yield _line(say("Villages left out"), plan.area.rows_left_out.villages, rows_left_out_text(plan.area))
    for sentence in main_gap(plan):
        yield Heading(sentence), "", "", "", ""
    yield _line(
        say("Served means: to a service point within"),
        shown_limit(plan.stations.service_points.standard_s),
        marked(say("minutes, driving and walking"), plan.config, "coverage.service_points"),
    )


def _by_stage(plan: NetworkPlan, now: PeopleServed) -> Iterator[Row]:
    name = phase_name(plan.stages[_STAGE].name)
    yield _part(say("{phase}: villages served", phase=name), now.villages, now.villages_total)
    if now.poor_total:
        yield _part(say("{phase}: registered poor villages served", phase=name), now.poor, now.poor_total)
    yield _part(say("{phase}: people served", phase=name), now.people, now.people_total, known=now.people_known)


def _part(what: str, part: int, whole: int, remark: str = "", *, known: bool = True, rest: bool = False) -> Row:
    """Return a part of a whole with its share as a formula; not known where rows left out could make it the whole.

    With ``rest`` it is what is left of the whole: where the whole is not known its share is never none.
    """
    share = part / whole if whole else 0.0
    shown = share_if_known(share, whole, known=known) if not rest or known or part else None
    return what, part, whole, "-" if shown is None else Formula("B[.]/C[.]", Share(shown)), remark


def _money(plan: NetworkPlan) -> Iterator[Row]:
    """Return the money of the stage as the first page's card has it."""
    money, stages = stage_money(plan, _STAGE), stages_money(plan)
    phase = phase_name(plan.stages[_STAGE].name) if plan.phases is not None else ""
    yield _heading(say("Money planned, {phase}", phase=phase) if phase else say("Money planned"))
    remark = say("; ").join([say("yuan"), *basis(plan.config, "coverage")])
    if money.budget_yuan is None:
        yield _line(say("Money planned"), Yuan(money.all_yuan), remark)
    else:
        paid, budget = money.from_budget_yuan, money.budget_yuan
        share = Formula("B[.]/C[.]", Share(paid / budget)) if budget else "-"
        yield say("Paid from the budget for service points"), Yuan(paid), Yuan(budget), share, remark
        yield _line(say("Left in the budget for service points"), Yuan(round(budget - paid, 2)), say("yuan"))
        if money.carried_yuan > 0:
            yield _line(say("Of the budget left from earlier phases"), Yuan(money.carried_yuan), say("yuan"))
        whole = (
            say("With stations and running costs") if money.has_running else say("With stations; no running costs set")
        )
        yield _line(whole, Yuan(money.all_yuan), say("yuan"))
    if len(stages) > 1:
        yield _line(say("All phases"), Yuan(round(sum(one.all_yuan for one in stages), 2)), say("yuan"))


def _decisions(plan: NetworkPlan) -> Iterator[Row]:
    phase = phase_name(plan.stages[_STAGE].name) if plan.phases is not None else ""
    yield _heading(say("To be decided in {phase}", phase=phase) if phase else say("To be decided"))
    found = decisions(plan, _STAGE)
    for one in found:
        yield one.text, "", "", "", one.places
    if not found:
        yield _said(say("Nothing is open."), "")


def _stages(plan: NetworkPlan) -> Iterator[Row]:
    yield _heading(say("Sites"))
    for tier in (Tier.SERVICE_POINT, Tier.EXPRESS_STATION):
        opened = plan.opened_sites(tier)
        new = sum(site.status is SiteStatus.CANDIDATE for site in opened)
        yield _line(say("{tier}, open", tier=term(tier)), len(opened), say("of these new: {count}", count=new))
    for number, phase in enumerate(() if plan.phases is None else plan.phases.phases):
        name, who = stage_name(phase.name), served(plan, number)
        yield _line(say("{stage}: new service points", stage=name), len(phase.added))
        what = say("{stage}: people served by then", stage=name)
        yield _part(what, who.people, who.people_total, known=who.people_known)


def _costs(plan: NetworkPlan) -> Iterator[Row]:
    points, stations = plan.stations.service_points, plan.stations.express_stations
    yield _heading(say("Money"))
    for tier, solution in ((Tier.SERVICE_POINT, points), (Tier.EXPRESS_STATION, stations)):
        unit = marked(say("yuan"), plan.config, f"coverage.{tier.value}s")
        yield _line(say("{tier}, opening cost", tier=term(tier)), Yuan(round(solution.opening_cost_yuan, 2)), unit)
    both = points.opening_cost_yuan + stations.opening_cost_yuan
    yield _line(say("Opening cost, both tiers"), Yuan(round(both, 2)), marked(say("yuan"), plan.config, "coverage"))
    closing = points.closing_cost_yuan + stations.closing_cost_yuan
    if closing > 0:
        yield _line(say("Closing cost"), Yuan(round(closing, 2)), say("yuan"))
    if plan.subsidies is None:
        return
    for stage in (*plan.subsidies.phases, None):
        name = term("all_phases") if stage is None else stage_name(stage)
        for source in (*FundingSource, None):
            yuan = Yuan(plan.subsidies.fen(phase=stage, source=source) / FEN_PER_YUAN)
            payer = term("total" if source is None else source)
            unit = marked(say("yuan"), plan.config, "coverage")
            yield _line(say("{stage}: money, {payer}", stage=name, payer=payer), yuan, unit)


def assumed(plan: NetworkPlan | DayPlan) -> Iterator[Row]:
    """Return what of the plan is not real, as what it is and a remark."""
    notice = notice_of_plan(plan)
    if notice.text:
        yield _said(say("Caution"), notice.text)
    for part in notice.parts:
        yield _said(say("What this is about"), part)
