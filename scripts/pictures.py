"""Draw the pictures of the READMEs and documents from the plans of ``planner demo``: ``python -m scripts.pictures OUT``.

The same plans give the same pictures; each is reduced to 256 colours, so that a README loads quickly.
"""

from __future__ import annotations

import io
import sys
from functools import partial
from pathlib import Path

from PIL import Image

from planner.outputs.pictures import coverage_picture, phases_picture, routes_picture
from planner.plans import day_from_json, network_from_json
from planner.words import LANGUAGES, speaking

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
DRAWN = {"harbin": ("coverage", "routes"), "baiquan": ("phases", "routes")}


def main(out: Path) -> None:
    """Draw all of them; ``out`` is the folder of the demonstration."""
    for area, kinds in DRAWN.items():
        (network_file,) = (out / area / "network").glob("*/network.json")
        (day_file,) = (out / area / "days").glob("*/*/day.json")
        network = network_from_json(network_file.read_text(encoding="utf-8"), name=str(network_file))
        day = day_from_json(day_file.read_text(encoding="utf-8"), network=network, name=str(day_file))
        drawn = {
            "coverage": partial(coverage_picture, network),
            "phases": partial(phases_picture, network),
            "routes": partial(routes_picture, day),
        }
        for lang in LANGUAGES:
            with speaking(lang):
                for kind in kinds:
                    name = f"{area}-{kind}{'' if lang == 'en' else f'.{lang}'}.png"
                    (PICTURES / name).write_bytes(small(drawn[kind]()))


def small(picture: bytes) -> bytes:
    """Return a PNG with 256 colours at most."""
    made = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as opened:
        reduced = opened.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        reduced.save(made, format="PNG", optimize=True)
    return made.getvalue()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
