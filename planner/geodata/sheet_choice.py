"""Of the sheets of a workbook (or the layers of a vector file) those that are read, together or one alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from planner.errors import BadDataError, Message, of_file
from planner.geodata.findings import Finding, Severity, about_file
from planner.model import AMOUNTS, said

_HEADINGS_OF_A_TABLE = 2  # one known word may stand on a cover sheet too
_ONE_FORM = 0.6  # of all fields of two sheets these they have in common
_SAME_PLACES = 0.5
_WHERE = frozenset({"lon", "lat", "position", *AMOUNTS, "parcels", "kg", "m3", "waybill"})
"""What makes a table one of places, or of a day's orders."""
_WHO = frozenset({"name", "id", "place", "site"})


class SheetLike(Protocol):
    """A sheet or layer as far as choosing needs it."""

    @property
    def name(self) -> str: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def fields(self) -> frozenset[str]: ...
    @property
    def kind(self) -> str: ...
    @property
    def keys(self) -> frozenset[str]: ...


P = TypeVar("P", bound=SheetLike)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChoice(Generic[P]):
    """The parts that are read, in their order, and what is said of it."""

    parts: tuple[P, ...]
    findings: tuple[Finding, ...]


def chosen_parts(file: str, parts: Sequence[P], names: Sequence[str], wanted: str = "") -> PartChoice[P]:
    """Return which parts are read: all that are of one form with the fullest, hidden ones never alone.

    ``parts`` have headings; ``names`` are those of all, with or without. With ``wanted`` (villages, townships, sites)
    the parts of that kind come first.

    Raises
    ------
    BadDataError
        If only hidden parts are left, parts list the same places, or two forms of one kind leave the choice open.
    """
    most = max(len(part.fields) for part in parts)
    able = [part for part in parts if len(part.fields) >= min(_HEADINGS_OF_A_TABLE, most)]
    seen = [part for part in able if not part.hidden]
    if not seen:
        what = Message(
            "only the hidden sheets {names} hold a table: unhide the one that is meant", names=[p.name for p in able]
        )
        raise BadDataError(of_file(file, what))
    seen = [part for part in seen if part.kind == wanted] or seen
    best = max(seen, key=lambda part: (len(part.fields & _WHERE), len(part.fields)))
    chosen = [part for part in seen if part.kind == best.kind and _of_one_form(part, best)]
    rivals = [p for p in seen if p not in chosen and p.kind == best.kind and p.fields & _WHERE and p.fields & _WHO]
    if rivals:
        what = Message(
            "the sheets or layers {names} are tables of different forms: hide or delete those that are not meant",
            names=[part.name for part in (best, *rivals)],
        )
        raise BadDataError(of_file(file, what))
    _refuse_same_places(file, chosen)
    findings = []
    if len(chosen) > 1:
        message = said("sheets or layers read together: {names}", names=[part.name for part in chosen])
        remedy = said("hide or delete what is not meant")
        findings.append(about_file(Severity.NOTE, "read_together", file, message, remedy))
    read = {part.name for part in chosen}
    others = [name for name in names if name not in read]
    if others:
        message = said("not read besides: {names}", names=others)
        remedy = said("save what is needed of them as a file of its own")
        findings.append(about_file(Severity.NOTE, "not_read", file, message, remedy))
    return PartChoice(parts=tuple(chosen), findings=tuple(findings))


def _of_one_form(part: SheetLike, best: SheetLike) -> bool:
    return part is best or len(part.fields & best.fields) >= _ONE_FORM * len(part.fields | best.fields)


def _refuse_same_places(file: str, parts: Sequence[SheetLike]) -> None:
    for number, part in enumerate(parts):
        for other in parts[:number]:
            if len(part.keys & other.keys) > _SAME_PLACES * min(len(part.keys), len(other.keys)):
                what = Message(
                    "the sheets or layers {names} list the same places: hide or delete the one that is not meant",
                    names=[other.name, part.name],
                )
                raise BadDataError(of_file(file, what))
