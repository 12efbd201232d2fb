"""Cells of figures that hold words or a dash: none is 0 where a quantity is asked for, not said is empty, numerals are read.

What is a quantity is decided by the column. Who writes 无 under parcels, or under the weight of produce, has none. Who
writes it under a weight or a volume beside parcels did not weigh them: parcels weigh something. A dash may mean either in
any column; it is read as empty, so that it is estimated and marked, and no parcel is lost for a line in a form.
"""

from __future__ import annotations

import re

from planner.geodata.columns import UNITS, normal
from planner.geodata.gazetteer.spellings import numbers_in_digits
from planner.geodata.orders.order_vocabulary import PRODUCE, WORDS

_FLAGS = WORDS["flags"]
_QUANTITIES = ("parcels", "delivery_parcels", "pickup_parcels", PRODUCE)


def is_nothing(text: str) -> bool:
    """Return whether a cell of a name holds a dash or a word for none or not known."""
    plain = normal(text).lower()
    return any(plain in _FLAGS[kind] for kind in ("dashes", "none", "not_said"))


def says_none(text: str, field: str) -> bool:
    """Return whether a cell says that there is none of what its column counts.

    Examples
    --------
    >>> says_none("\u65e0", "delivery_parcels"), says_none("nil", "produce_kg"), says_none("\u65e0", "pickup_kg")
    (True, True, False)
    """
    return field in _QUANTITIES and normal(text).lower() in _FLAGS["none"]


def says_nothing(text: str, field: str) -> bool:
    """Return whether a cell that is not empty is read as if it were: a dash, a word for not known, no weight.

    Examples
    --------
    >>> [says_nothing(text, "kg") for text in ("-", "n/a", "\u65e0", "3")], says_nothing("\u65e0", "parcels")
    ([True, True, True, False], False)
    """
    return is_nothing(text) and not says_none(text, field)


def numeral(text: str, field: str) -> int | None:
    """Return the figure that a cell writes in Chinese numerals, None if it does not, or if they can mean two things.

    One digit, or digits with tens, hundreds or thousands, are read; digits in a row (3, 5: three to five?) and a digit right
    behind a hundred or thousand (120 or 102?) are not.

    Examples
    --------
    >>> [numeral(text, "parcels") for text in ("\u5341\u4e8c", "\u4e24\u4ef6", "\u4e09\u4e94", "\u4e00\u767e\u4e8c", "12")]
    [12, 2, None, None, None]
    """
    plain = normal(text).lower()
    for unit in sorted(UNITS.get(field, ()), key=len, reverse=True):
        plain = plain.removesuffix(unit).rstrip()
    words = WORDS["numerals"]
    plain = plain.replace(words["two"], words["two_plain"])
    if not plain or not re.fullmatch(words["form"], plain):
        return None
    digits = numbers_in_digits(plain)
    return int(digits) if digits.isascii() and digits.isdigit() else None
