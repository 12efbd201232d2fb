"""Names → entries of the register: the exact name first, then as people say it, then without rank or kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from planner.geodata.columns import NAMES, normal
from planner.geodata.findings import Severity
from planner.geodata.register import Division, plain_township, plain_village, short_name
from planner.geodata.row_reader import RowReader
from planner.model import said

_SHOWN = 6
_LENGTH = {"township": 9, "village": 12}
_ODD_CODE = {
    "township": said("is no division code: a township's has {digits} digits", digits=_LENGTH["township"]),
    "village": said("is no division code: a village's has {digits} digits", digits=_LENGTH["village"]),
}


def is_called(written: str, *names: str) -> bool:
    """Return whether a text from a cell is one of the names, both in plain characters and whatever their case.

    Cells come in plain characters, names as their table or configuration has them: one side alone must never be made plain.

    Examples
    --------
    >>> is_called("哈尔滨市郊(东南部)", "哈尔滨市郊（东南部）"), is_called("", "")
    (True, False)
    """
    plain = normal(written).casefold()
    return bool(plain) and any(normal(name).casefold() == plain for name in names)


def divisions_called(name: str, divisions: Sequence[Division], plain: Callable[[str], str]) -> list[Division]:
    """Return the divisions of this very name, or else those whose name means the same; more than one is for people to tell.

    Examples
    --------
    >>> two = [Division(code="1", name="兴农镇"), Division(code="2", name="兴农乡")]
    >>> [d.code for d in divisions_called("兴农乡", two, plain_township)]
    ['2']
    >>> [d.code for d in divisions_called("兴农", two, plain_township)]
    ['1', '2']
    """
    wanted = normal(name)
    for key in (str, _spoken, plain):
        found = [division for division in divisions if key(normal(division.name)) == key(wanted)]
        if found:
            return found
    return []


def township_code(reader: RowReader, name: str, register: Sequence[Division]) -> str:
    """Return the code as written, or the one the register has for the name; empty with a finding if there is none."""
    code = reader.code("id")
    if code or reader.bad:
        return code
    found = divisions_called(name, register, plain_township)
    if len(found) > 1:
        _ambiguous(reader, "ambiguous_township", "name", found)
    elif not found:
        message = said("has no code in the register")
        reader.note(Severity.ERROR, "unknown_township", "name", message, said("write its code"))
    return found[0].code if len(found) == 1 else ""


def village_code(reader: RowReader, name: str, township_id: str, register: Sequence[Division]) -> str:
    """Return the code that the register has for the name in its township; empty with a finding if there is none."""
    mine = [division for division in register if division.code.startswith(township_id)]
    found = divisions_called(name, mine, plain_village)
    if len(found) > 1:
        _ambiguous(reader, "ambiguous_village", "name", found)
    elif not found:
        remedy = said("write its code; where it has none, any text that no other village has")
        reader.note(Severity.ERROR, "unknown_village", "name", said("has no code in the register"), remedy)
    return found[0].code if len(found) == 1 else ""


def township_of(reader: RowReader, code: str, townships: Mapping[str, Division]) -> str:
    """Return the township as written, by code or name; if nothing is written, the first nine digits of the code."""
    written = reader.code("township")
    if not written:
        if code[:9] in townships:
            return code[:9]
        if reader.is_unreadable("township") or reader.is_unreadable("id"):
            return ""
        message = said("is empty and the code does not say it")
        reader.note(Severity.ERROR, "no_township", "township", message, said("fill it in"))
        return ""
    found = [townships[written]] if written in townships else []
    found = found or divisions_called(written, list(townships.values()), plain_township)
    if len(found) > 1:
        _ambiguous(reader, "ambiguous_township", "township", found)
        return ""
    if not found:
        names = [division.name for division in townships.values()]
        choices = ", ".join(names[:_SHOWN]) + (" ..." if len(names) > _SHOWN else "")
        remedy = said("write one of the county's townships: {choices}", choices=choices)
        reader.note(Severity.ERROR, "unknown_township", "township", said("is not a township of this area"), remedy)
        return ""
    (township,) = found
    if len(code) == _LENGTH["village"] and code.isdigit() and township.code.isdigit() and code[:9] != township.code:
        other = f"{townships[code[:9]].name} ({code[:9]})" if code[:9] in townships else code[:9]
        reader.note(
            Severity.WARNING,
            "township_contradicts_code",
            "township",
            said(
                "the code {code} is one of {other}; the township as written, {township}, is used",
                code=code,
                other=other,
                township=township.name,
            ),
            said("correct the code or the township"),
        )
    return township.code


def check_code(reader: RowReader, code: str, kind: str, county: str, known: Mapping[str, Division]) -> None:
    """Add a warning if a code has not the form of the county's, or is not ``known`` (empty: there is no register)."""
    length = _LENGTH[kind]
    if not county or not code or code in known:
        return
    if code.isdigit() and len(code) == length:
        if known:
            remedy = said("compare with the new list")
            reader.note(Severity.WARNING, "not_in_register", "id", said("is not in the register of 2023"), remedy)
    else:
        message = _ODD_CODE[kind]
        remedy = said("write the code; any other text is taken as it is")
        reader.note(Severity.WARNING, "odd_code", "id", message, remedy)


def _spoken(name: str) -> str:
    short = short_name(name)
    community: str = NAMES["community"]
    tails = [tail for tail in NAMES["neighbourhood_committees"] if short.endswith(community + tail)]
    return short.removesuffix(tails[0]) if tails else short


def _ambiguous(reader: RowReader, code: str, field: str, found: Sequence[Division]) -> None:
    names = [f"{division.name} ({division.code})" for division in found]
    remedy = said("write the full name, or the code")
    reader.note(Severity.ERROR, code, field, said("may be any of {names}", names=names), remedy)
