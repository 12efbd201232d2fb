"""The rows under a sheet's headings: places, totals, remarks, headings again; merged cells filled down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from planner.geodata.columns import PATTERNS, PLACES, Vocabulary, normal
from planner.geodata.headings import Headings, is_heading_again
from planner.geodata.readers.calamine_sheets import CellSheet, NumberedRow

_LONG = 25  # characters of a sentence below a table


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRows:
    """What stands under the headings: rows of places as cells by column, and what was passed over or filled in.

    ``totals`` and ``remarks`` are row numbers; ``filled_down`` counts cells of a township (or another word) taken from
    above, by field; ``shared`` are cells (row, field) of which one merged cell stands for several rows.
    """

    places: tuple[NumberedRow, ...]
    totals: tuple[tuple[int, str], ...] = ()
    remarks: tuple[int, ...] = ()
    sections: tuple[int, ...] = ()
    filled_down: Mapping[str, int] = field(default_factory=dict)
    shared: Mapping[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    section_of: Mapping[int, str] = field(default_factory=dict)


def rows_below(
    sheet: CellSheet, headings: Headings, place_of: Mapping[str, int], vocabulary: Vocabulary = PLACES
) -> SheetRows:
    """Return the rows below the headings; ``place_of`` has the column of each field that is read."""
    totals, remarks, sections, places = [], [], [], []
    section_of: dict[int, str] = {}
    section = ""
    may_divide = "place" not in place_of and not _of_townships(sheet, place_of)
    for number, cells in sheet.rows:
        texts = [normal(cell) for cell in cells]
        if number <= headings.last or not any(texts) or is_heading_again(cells, headings):
            continue
        if word := _total(texts, place_of):
            totals.append((number, word))
        elif _is_remark(texts, place_of, vocabulary):
            remarks.append(number)
        elif may_divide and (name := _section(texts, place_of)):
            section = name
            sections.append(number)
        else:
            if section:
                section_of[number] = section
            places.append((number, list(cells)))
    filled: Counter[str] = Counter()
    shared = _fill_merged(sheet, headings, place_of, places, filled, vocabulary.own)
    _fill_blocks(place_of, places, filled)
    return SheetRows(
        places=tuple(places),
        totals=tuple(totals),
        remarks=tuple(remarks),
        sections=tuple(sections),
        filled_down=filled,
        shared=shared,
        section_of=section_of,
    )


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _total(texts: Sequence[str], place_of: Mapping[str, int]) -> str:
    """Return the word that makes a row one of totals: it names the row, or stands in any cell of one without a name.

    What a village's remark counts, and its row has no position yet, makes no total of it.
    """
    names = [_cell(texts, place_of.get(name)) for name in ("name", "id", "township")]
    searched: Iterable[str] = names
    if not any(_cell(texts, place_of.get(name)) for name in ("lon", "lat", "position")):
        searched = [*names, next(filter(None, texts), "")] if names[0] else texts
    return next((text for text in searched if PATTERNS["totals"].fullmatch("".join(text.split()))), "")


def _is_remark(texts: Sequence[str], place_of: Mapping[str, int], vocabulary: Vocabulary) -> bool:
    """Return whether a row is a sentence below the table: who filled it in, when, from where."""
    if vocabulary is not PLACES and sum(bool(_cell(texts, place)) for place in place_of.values()) > 1:
        return False  # a clock time in its first cell is no remark
    if all(any(c.isdigit() for c in _cell(texts, place_of.get(name))) for name in ("lon", "lat")):
        return False
    said = list(dict.fromkeys(text for text in texts if text))
    return bool(PATTERNS["remark"].search(said[0])) or (len(said) == 1 and len(said[0]) > _LONG)


def _section(texts: Sequence[str], place_of: Mapping[str, int]) -> str:
    """Return the township whose name stands alone in a row, above its villages."""
    said = list(dict.fromkeys(text for text in texts if text))
    if len(said) != 1 or len(place_of) < 2 or _cell(texts, place_of.get("lon")):
        return ""
    name = PATTERNS["section_number"].sub("", said[0])
    return name if PATTERNS["section"].search(name) else ""


def _of_townships(sheet: CellSheet, place_of: Mapping[str, int]) -> bool:
    """Return whether the sheet lists townships themselves, so that a township alone in a row is one without figures."""
    names = [name for _, cells in sheet.rows if (name := _cell(cells, place_of.get("name")))]
    return sum(bool(PATTERNS["section"].search(name)) for name in names) * 2 > len(names)


def _fill_merged(
    sheet: CellSheet,
    headings: Headings,
    place_of: Mapping[str, int],
    places: list[NumberedRow],
    filled: Counter[str],
    own: frozenset[str],
) -> dict[tuple[int, str], tuple[int, int]]:
    """Write what stands in the corner of a merged cell into its other rows; return the cells where that is not right."""
    shared: dict[tuple[int, str], tuple[int, int]] = {}
    field_at = {place: name for name, place in place_of.items()}
    corners = dict(sheet.rows)
    rows = dict(places)
    for merge in sheet.merges:
        name = field_at.get(merge.left - 1)
        inside = [number for number in range(max(merge.top, headings.last + 1), merge.bottom + 1) if number in rows]
        if name is None or merge.top == merge.bottom or merge.bottom <= headings.last or len(inside) < 2:
            continue
        text = _cell(corners.get(merge.top, []), merge.left - 1)
        for number in inside if text else ():
            if name in own:
                shared[number, name] = (merge.top, merge.bottom)
                continue
            cells = rows[number]
            cells += [""] * (merge.left - len(cells))
            if number != merge.top:
                cells[merge.left - 1] = text
                filled[name] += 1
    return shared


def _fill_blocks(place_of: Mapping[str, int], places: list[NumberedRow], filled: Counter[str]) -> None:
    """Fill townships down where each stands once, at its first village: a pattern that nothing else makes.

    A blank beside full codes is left to the codes, and one in a sheet with merged townships is a blank.
    """
    for name in ("township", "township_code"):
        place = place_of.get(name)
        if place is None or not places or filled[name]:
            continue
        said = [_cell(cells, place) for _, cells in places]
        blanks = sum(not text for text in said)
        names = [text for text in said if text]
        if not said[0] or blanks < max(1, len(names)) or len(set(names)) != len(names):
            continue
        text = ""
        for (_, cells), own in zip(places, said, strict=True):
            text = own or text
            if not own and len("".join(filter(str.isdigit, _cell(cells, place_of.get("id"))))) != 12:
                cells += [""] * (place + 1 - len(cells))
                cells[place] = text
                filled[name] += 1
