"""The fonts that pictures are written in: found by matplotlib among those of the system, Chinese ones by their names."""

from __future__ import annotations

from functools import cache

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

from planner.errors import Message, PlannerError
from planner.words import Language

_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "DengXian",
    "SimHei",
    "Heiti SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Noto Sans CJK JP",  # what matplotlib before 3.11 calls the whole collection, of which it reads the first font
    "Arial Unicode MS",
    "SimSun",
)
"""Fonts with simplified characters that Linux, Windows and macOS bring, the best to read first."""
_LATIN = "DejaVu Sans"
"""Comes with matplotlib."""


class MissingFontError(PlannerError, RuntimeError):
    """No font of this system has a character that is to be written."""


def families(lang: Language) -> list[str]:
    """Return the font families to write with: a character is taken from the first that has it."""
    known = _known()
    chinese = next((name for name in _CHINESE if name in known), None)
    if chinese is None:
        return [_LATIN]
    return [chinese, _LATIN] if lang == "zh" else [_LATIN, chinese]


@cache
def _known() -> frozenset[str]:
    """Return the families that matplotlib knows; fonts that came after it made its list are added if need be."""
    manager = font_manager.fontManager
    if not any(font.name in _CHINESE for font in manager.ttflist):
        listed = {font.fname for font in manager.ttflist}
        for path in sorted(font_manager.findSystemFonts()):
            if path not in listed:
                try:
                    manager.addfont(path)
                except (OSError, RuntimeError):  # not a font that FreeType reads
                    continue
    return frozenset(font.name for font in manager.ttflist)


def refuse_unwritable(figure: Figure, names: list[str]) -> None:
    """Refuse text with characters that none of the families has: boxes in their place would be taken for a plan's words.

    Raises
    ------
    MissingFontError
        With the packages that bring such a font.
    """
    written = {letter for text in figure.findobj(Text) for letter in str(text.get_text()) if letter != "\n"}
    missing = sorted(written - _letters(tuple(names)))
    if missing:
        raise MissingFontError(
            Message(
                "no font of this system has {letters}: install one (Debian and Ubuntu: fonts-noto-cjk; Fedora: "
                "google-noto-sans-cjk-fonts; Windows: the supplemental fonts for simplified Chinese), or write the picture "
                "in another language (--lang)",
                letters="".join(missing[:20]),
            )
        )


@cache
def _letters(names: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        path = font_manager.findfont(font_manager.FontProperties(family=name), fallback_to_default=False)
        found.update(map(chr, font_manager.get_font(path).get_charmap()))
    return frozenset(found)
