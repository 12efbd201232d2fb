"""What in a text of a foreign file may be a person's: it is not shown, whatever the cell, and no product has it in its name.

Numbers are found in any spelling: digits of any writing, circled ones, Chinese numerals, letters that look like digits, and
any blanks, signs or invisible marks between them. A number of seven digits or more is taken for a person's, unless it is a
date, the code of a division, or a code or name of the area's own. What a product may be called is the other way round: few
digits and characters, and nothing by which people are reached. A person's name alone cannot be told from a village's.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from importlib import resources
from typing import Any, TypeVar

from planner.errors import BadDataError, Message
from planner.model import Fact, said

HIDDEN = "…"
"""Stands for a text that is not shown."""
PERSONAL = "personal_data"
"""Code of a finding about a cell that may hold a person's data."""
LONGEST_GOODS = 40
"""Characters of a product's name; one of 25 is long."""
_A_NUMBER = 7  # digits: a telephone of a village has seven, a count of a day never
_OVER_LETTERS = 11  # digits with a letter here and there, as in 138a0013b8000
_IN_GOODS, _OF_GOODS = 4, 6  # digits in one run, in all: 2024, 5 kg
_ALIKE, _TRUE_DIGITS = 9, 4
_BREAK = " zz "  # two letters: no number goes on over them

_DATA: dict[str, Any] = tomllib.loads(
    resources.files("planner.geodata").joinpath("personal_data.toml").read_text(encoding="utf-8")
)
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _DATA["patterns"].items()}
_SPOKEN: dict[str, str] = {word: digit for digit, words in _DATA["spoken"].items() for word in words}
_LOOKS_LIKE = str.maketrans({letter: digit for digit, letters in _DATA["alike"].items() for letter in letters})
_RUN = re.compile(r"[0-9]+")
_WITH_LETTERS = re.compile(r"[0-9](?:[^0-9]?[0-9])+")

_Text = TypeVar("_Text")


@lru_cache(maxsize=65536)
def is_personal(text: str, codes: frozenset[str] = frozenset()) -> bool:
    """Return whether a text may hold a number, an address or a plate of a person; what is in ``codes`` is the area's.

    Examples
    --------
    >>> [is_personal(text) for text in ("Lin 138-0013 8000", "lin@example.com", "230103101211", "2026-11-30 08:30")]
    [True, True, False, False]
    """
    if len(text) < 5 or text.strip() in codes:
        return False
    plain = _plain(text)
    if plain.strip() in codes:
        return False
    squeezed = _squeezed(plain)
    if _PATTERNS["mail"].search(plain) or any(_PATTERNS[name].search(squeezed) for name in ("plate", "address")):
        return True
    rest = _squeezed(_PATTERNS["time"].sub(_BREAK, _PATTERNS["date"].sub(_BREAK, plain)))
    long = [run for run in _RUN.findall(rest) if len(run) >= _A_NUMBER]
    if any(run not in codes and not _PATTERNS["code"].fullmatch(run) for run in long):
        return True
    return not long and (_is_long_over_letters(rest) or _is_in_letters(rest))


def may_name_goods(text: str) -> bool:
    """Return whether a text may be the name of a product, or of several: few digits, no mark of a person.

    Examples
    --------
    >>> [may_name_goods(text) for text in ("Mushrooms, dried 250 g", "Lin 13800", "lin@x", "Lin 1 3 8 0 0")]
    [True, False, False, False]
    """
    plain = _plain(text)
    long = any(len(part.strip()) > LONGEST_GOODS for part in _PATTERNS["several"].split(plain))
    return not long and has_few_digits(text) and not any(map(_PATTERNS["reach"].search, (plain, _squeezed(plain))))


def has_few_digits(text: str) -> bool:
    """Return whether a text has no more digits than a product or a service has in its name, and no sign of an address."""
    plain = _plain(text)
    squeezed = _squeezed(plain)
    runs = [len(run) for run in _RUN.findall(squeezed)]
    written = sum(len(_digits(one)) for one in plain if unicodedata.category(one) in ("Nd", "No"))
    if "@" in plain or max(runs, default=0) > _IN_GOODS or written > _OF_GOODS or sum(runs) >= _OVER_LETTERS:
        return False
    return not is_personal(text)


def is_number_of_person(text: str) -> bool:
    """Return whether a text that is to be a code or a position holds a mobile number or the number of a card."""
    return _PATTERNS["number"].search(_plain(text)) is not None


def of_a_person(*, goods: bool = False) -> tuple[Fact, Fact]:
    """Return what is said of a cell that may hold a person's data, and what to do: of ``goods`` how long it may be."""
    remedy = said("write only what the column asks for, without numbers and addresses of people")
    if goods:
        remedy = said(
            "write only what the product is, in {most} characters at most, without numbers and addresses of people",
            most=LONGEST_GOODS,
        )
    return said("holds what may be a person's data, which is not shown"), remedy


def shown(value: _Text, codes: frozenset[str] = frozenset(), keep: Collection[str] = ()) -> _Text:
    """Return a text, message or fact, or a list of them, without what may be a person's; what is in ``keep`` is shown."""
    found: Any = value
    if isinstance(value, Fact):
        found = Fact(code=value.code, params={name: shown(part, codes, keep) for name, part in value.params.items()})
    elif isinstance(value, Message):
        parts = {name: shown(part, codes, keep) for name, part in value.values.items()}
        found = value.having(**parts)
    elif isinstance(value, (list, tuple)):
        found = type(value)(shown(part, codes, keep) for part in value)
    elif isinstance(value, str):
        rest: str = value
        for kept in keep:
            rest = rest.replace(kept, "")
        found = HIDDEN if is_personal(rest, codes) else value
    return found  # type: ignore[no-any-return]


def shown_error(error: BadDataError, keep: Collection[str] = ()) -> BadDataError:
    """Return an error without what may be a person's in what it quotes."""
    return BadDataError(shown(error.summary, keep=keep), shown(error.problems, keep=keep))


def _plain(text: str) -> str:
    """Return a text in plain characters without marks that nobody sees, blanks as one blank."""
    seen = "".join(one for one in text if unicodedata.category(one) not in ("Cf", "Mn", "Me"))
    folded = unicodedata.normalize("NFKC", seen)
    return "".join(" " if unicodedata.category(one)[0] in "ZC" else one for one in folded)


def _squeezed(plain: str) -> str:
    """Return letters and digits alone, in lower case, whatever means a digit as one."""
    return "".join(_digits(one) or one.lower() for one in plain if one.isalnum() or _digits(one))


def _digits(one: str) -> str:
    """Return the digits that a character stands for, empty if it is no figure: tens and hundreds of words are none."""
    if one in _SPOKEN:
        return _SPOKEN[one]
    value = unicodedata.numeric(one, -1.0)
    if value < 0 or value != int(value) or (value > 9 and (one.isalpha() or value > 99)):
        return ""
    return str(int(value))


def _is_long_over_letters(squeezed: str) -> bool:
    found = [sum(map(str.isdigit, run)) for run in _WITH_LETTERS.findall(squeezed)]
    return max(found, default=0) >= _OVER_LETTERS


def _is_in_letters(squeezed: str) -> bool:
    """Return whether letters that look like digits make a number of one in which there are digits already."""
    alike = squeezed.translate(_LOOKS_LIKE)
    return any(
        len(run[0]) >= _ALIKE
        and sum(map(str.isdigit, squeezed[run.start() : run.end()])) >= _TRUE_DIGITS
        and not _PATTERNS["code"].fullmatch(run[0])
        for run in _RUN.finditer(alike)
    )
