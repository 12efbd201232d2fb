"""The phases of a service plan as people read them, the same on the page, on the map and in the workbook, to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.config import FundingSource
from planner.coverage.appraise import FEN_PER_YUAN, format_fen
from planner.outputs.fleet_names import FleetNames
from planner.plans.service_phases import PhaseItem, PhaseVehicles, ServicePhase
from planner.plans.service_plan import ServicePlan
from planner.words import figures, listed, say, term


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRow:
    """What each source pays for an item (None: all of them) in a phase (None: in all), in fen.

    ``unnamed_fen`` is what nobody pays whom the configuration names.
    """

    phase: ServicePhase | None
    item: PhaseItem | None
    by_source: tuple[int, ...]
    unnamed_fen: int

    @property
    def total_fen(self) -> int:
        """All sources together."""
        return sum(self.by_source) + self.unnamed_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRow:
    """A phase: what to buy, employ and pay."""

    phase: ServicePhase
    name: str
    when: str
    needed: str
    buy: str
    running: str
    total: str


def phase_rows(plan: ServicePlan) -> list[PhaseRow]:
    """Return a row for each phase."""
    fleet = phase_fleet(plan)
    return [
        PhaseRow(
            phase=one,
            name=phase_name(one),
            when=_when(one),
            needed=listed(
                [
                    say("{vehicle} {count}", vehicle=fleet.called(vehicle.vehicle_id), count=vehicle.needed)
                    for vehicle in one.vehicles
                    if vehicle.needed
                ]
            ),
            buy=listed([_bought(fleet, vehicle) for vehicle in one.vehicles if vehicle.bought]),
            running=listed([_year(one, number) for number in range(len(one.years))]),
            total=yuan_text(one.total_fen),
        )
        for one in plan.phases
    ]


def phase_fleet(plan: ServicePlan) -> FleetNames:
    """Return the names of the configuration's vehicles, those of stations among them."""
    stations = (plan.config["service"].get("stations") or {}).get("vehicles", ())
    return FleetNames.of_vehicles([*plan.config["routing"]["vehicles"], *stations])


def phase_name(phase: ServicePhase) -> str:
    """Return what a phase is called."""
    return phase.name or say("the whole network")


def yuan_text(fen: int) -> str:
    """Return an amount to the fen."""
    return format_fen(fen)


def in_yuan(fen: int) -> float:
    """Return an amount in yuan."""
    return fen / FEN_PER_YUAN


def _when(phase: ServicePhase) -> str:
    if phase.first is None or phase.last is None:
        return figures.days(sum(one.days for one in phase.years))
    return say("{first} to {last}", first=phase.first.isoformat(), last=phase.last.isoformat())


def _bought(fleet: FleetNames, vehicle: PhaseVehicles) -> str:
    said = say("{vehicle} {count}", vehicle=fleet.called(vehicle.vehicle_id), count=vehicle.bought)
    if vehicle.replaced:
        said = say("{vehicles} ({count} in place of worn ones)", vehicles=said, count=vehicle.replaced)
    return said


def _year(phase: ServicePhase, number: int) -> str:
    one = phase.years[number]
    named = say("year {number}", number=number + 1) if one.year is None else str(one.year)
    return say("{year}: {amount}", year=named, amount=yuan_text(one.running_fen))


def money_rows(plan: ServicePlan) -> list[MoneyRow]:
    """Return a row for each item of each phase that money is spent on, each phase together, then the same of all phases."""
    items = [item for item in PhaseItem if any(one.item is item for phase in plan.phases for one in phase.money)]
    rows: list[MoneyRow] = []
    for phase in plan.phases:
        rows += [_row([phase], phase, item) for item in items]
        rows.append(_row([phase], phase, None))
    if len(plan.phases) > 1:
        rows += [_row(plan.phases, None, item) for item in items]
        rows.append(_row(plan.phases, None, None))
    return rows


def _row(phases: Sequence[ServicePhase], phase: ServicePhase | None, item: PhaseItem | None) -> MoneyRow:
    unnamed = sum(
        one.fen for of in phases for one in of.money if one.source is None and (item is None or one.item is item)
    )
    return MoneyRow(
        phase=phase,
        item=item,
        by_source=tuple(sum(of.fen(item=item, source=source) for of in phases) for source in FundingSource),
        unnamed_fen=unnamed,
    )


def money_name(row: MoneyRow) -> str:
    """Return what the money of a row is spent on."""
    return say("together") if row.item is None else term(row.item)
