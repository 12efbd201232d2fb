"""Tables of the command line: they break between words only, so that a figure, a date or an id stays whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Column, Table

_CHINESE_WORD, _CHINESE_PAIR = 10, 4
"""Cells of the Chinese that stays together where there is room, and at least: one character a line is hard to read."""


class FittingTable(Table):
    """A table as wide as its texts; where that is too wide, the widest columns give way first, down to their words."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        texts = [[str(column.header), *map(str, column.cells)] for column in self.columns]
        whole = [max(map(cell_len, column)) for column in texts]
        for chinese, figures in ((_CHINESE_WORD, True), (_CHINESE_PAIR, True), (_CHINESE_PAIR, False)):
            for self.padding in ((0, 1, 0, 0), (0, 0, 0, 0)):
                room = options.max_width - self._extra_width - sum(self.padding) * len(texts)
                least = [max(_least_width(text, chinese, figures=figures) for text in column) for column in texts]
                if sum(least) <= room:
                    for column, width in zip(self.columns, _narrowed(whole, least, room), strict=True):
                        column.width = width
                    yield from super().__rich_console__(console, options)
                    return
        yield from super().__rich_console__(console, options)  # there is no room for the words themselves


def table_of(*headings: str) -> FittingTable:
    """Return an empty table with these headings."""
    return FittingTable(*(Column(heading, overflow="fold") for heading in headings), box=SIMPLE_HEAD)


def _least_width(text: str, chinese: int, *, figures: bool) -> int:
    """Return the cells that a text needs at least, of Chinese so many; ``figures`` are to keep their unit in their line."""
    if figures and text[:1].isdigit():
        return cell_len(text)
    return max((cell_len(word) if _whole(word) else min(chinese, cell_len(word)) for word in text.split()), default=0)


def _whole(word: str) -> bool:
    """Whether a word may not break: one with a figure, or with a bracket, or not Chinese."""
    return word.isascii() or any(letter.isdigit() or unicodedata.category(letter) == "Ps" for letter in word)


def _narrowed(whole: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Return widths between the least and the whole ones that fit the room."""
    widths = list(whole)
    while sum(widths) > room:
        _, widest = max((width, at) for at, width in enumerate(widths) if width > least[at])
        widths[widest] -= 1
    return widths
