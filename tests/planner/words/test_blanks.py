"""A figure stands apart from the Chinese before it by a blank, in every text, as it does on every page."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

import planner.words

FIGURES = (
    *(
        "amount",
        "beds",
        "bound",
        "budget",
        "cost",
        "count",
        "faulty",
        "found",
        "gap",
        "kg",
        "kilometres",
        "km",
        "limit",
    ),
    *("many", "metres", "minutes", "money", "most", "number", "paid", "people", "percent", "points", "price", "rows"),
    *("seconds", "share", "stations", "stops", "total", "vehicles", "villages", "yuan"),
)
"""Parameters that begin with a figure wherever they are filled in."""
TIGHT = re.compile(rf"[\u4e00-\u9fff]\{{(?:{'|'.join(FIGURES)})(?:[:!][^}}]*)?\}}")


def test_no_figure_touches_the_word_before_it() -> None:
    texts = 0
    for path in sorted((Path(planner.words.__file__).parent / "catalogues" / "zh").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                for text in message.string if isinstance(message.string, tuple) else (message.string,):
                    assert TIGHT.search(text) is None, (path.name, message.id, text)
                    texts += 1
    assert texts > 2000
