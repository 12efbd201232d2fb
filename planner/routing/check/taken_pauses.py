"""The breaks and rests of a route against those that are due."""

from __future__ import annotations

import math

from planner.errors import Message
from planner.routing.check.route_replay import LOAD_TOLERANCE, TIME_TOLERANCE_S, RouteReplay
from planner.routing.solution import Pause, PauseKind, ViolationKind, Visit


def replay_breaks(replay: RouteReplay) -> None:
    """Every break that is due once, within its windows, as long as it lasts, and with no more on board than it lets be."""
    taken = {pause.break_id: pause for pause in replay.route.pauses if pause.kind is PauseKind.BREAK}
    known = {pause.id: pause for pause in replay.kind.breaks}
    for pause in replay.route.pauses:
        if pause.kind is PauseKind.BREAK and pause.break_id not in known:
            replay.note(
                ViolationKind.BREAK,
                "",
                Message("{vehicle_type} has no break {pause!r}", vehicle_type=replay.kind.id, pause=pause.break_id),
            )
    if len(taken) < sum(pause.kind is PauseKind.BREAK for pause in replay.route.pauses):
        replay.note(ViolationKind.BREAK, "", Message("a break is taken twice"))
    for id_, due in known.items():
        last = due.windows[-1][1]
        one = taken.get(id_)
        if one is None:
            spans = replay.route.start_s <= last < replay.route.end_s - TIME_TOLERANCE_S
            if due.always or spans:
                replay.note(ViolationKind.BREAK, "", Message("break {id} is due and not taken", id=id_))
            continue
        if not any(o - TIME_TOLERANCE_S <= one.start_s <= c + TIME_TOLERANCE_S for o, c in due.windows):
            replay.note(
                ViolationKind.BREAK,
                "",
                Message("break {id} begins at {start:.0f}, outside its windows", id=id_, start=one.start_s),
            )
        carried = _carried(replay, one)
        if any(now > most + LOAD_TOLERANCE for now, most in zip(carried, due.max_load, strict=False)):
            replay.note(
                ViolationKind.BREAK,
                "",
                Message(
                    "break {id} with {carried} on board, at most {most}",
                    id=id_,
                    carried=str(carried),
                    most=str(due.max_load),
                ),
            )
        replay.expect(
            ViolationKind.BREAK,
            "",
            Message("length of break {id}", id=id_),
            due.duration_s,
            one.end_s - one.start_s,
        )


def _carried(replay: RouteReplay, pause: Pause) -> tuple[float, ...]:
    """Return what is on board during a pause; the loads of the plan have been replayed by `replay_loads`."""
    return replay.calls[pause.after - 1].load_after if pause.after else replay.route.load_at_start


def replay_rests(replay: RouteReplay) -> None:
    """No more driving time than the rule allows between two stretches of standing still as long as a rest."""
    rule = replay.kind.driving_rule
    if rule is None:
        return
    for pause in replay.route.pauses:
        if pause.kind is PauseKind.REST:
            replay.expect(ViolationKind.REST, "", Message("length of a rest"), rule.rest_s, pause.end_s - pause.start_s)
    loads_s = replay.kind.reload_duration_s
    waits = [
        (c.arrival_s, c.service_start_s if isinstance(c, Visit) else c.departure_s - loads_s) for c in replay.calls
    ]
    standing = [*replay.pauses, *waits]
    rests = [(begins, ends) for begins, ends in standing if ends - begins >= rule.rest_s - TIME_TOLERANCE_S]
    driven, before = 0.0, -math.inf
    for begins, ends in sorted(stretch for stretch in replay.stretches if stretch[1] > stretch[0]):
        if any(before - TIME_TOLERANCE_S <= b and e <= begins + TIME_TOLERANCE_S for b, e in rests):
            driven = 0.0
        driven, before = driven + ends - begins, ends
        if driven > rule.driving_s + TIME_TOLERANCE_S:
            replay.note(
                ViolationKind.REST,
                "",
                Message("{driven:.0f} s of driving without a rest by {ends:.0f}", driven=driven, ends=ends),
            )
            return
