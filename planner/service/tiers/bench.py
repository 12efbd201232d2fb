"""The bench of a station: when which parcels are handled, one after another, what is to go out before what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Job:
    """Work of ``work_s`` seconds that is there from ``here_s`` on; ``spans`` are when it is done."""

    id: str
    here_s: float
    work_s: float
    spans: tuple[tuple[float, float], ...] = ()

    @property
    def ready_s(self) -> float:
        """When all of it is done."""
        return self.spans[-1][1] if self.spans else self.here_s


def handle(down: Sequence[Job], up: Sequence[Job]) -> None:
    """Give each job its time: first those for delivery, as they come, then the rest in the time that is left."""
    taken: list[tuple[float, float]] = []
    for jobs in (down, up):
        for job in sorted(jobs, key=lambda one: (one.here_s, one.id)):
            job.spans = _next_free(job, taken)
            taken = sorted([*taken, *job.spans])


def _next_free(job: Job, taken: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return the first time that is free for a job, in pieces where others stand between."""
    spans, now, left = [], job.here_s, job.work_s
    for begins, ends in taken:
        if left > 0 and begins > now:
            piece = min(left, begins - now)
            spans.append((now, now + piece))
            left -= piece
        now = max(now, ends)
    if left > 0:
        spans.append((now, now + left))
    return tuple(spans)
