"""Pictures of the READMEs are small, and are made by a script from the demonstrations."""

import io

from matplotlib.figure import Figure
from PIL import Image

from scripts.pictures import DRAWN, PICTURES, small


def test_every_picture_that_the_script_draws_is_there_and_small() -> None:
    names = {f"{area}-{kind}{end}.png" for area, kinds in DRAWN.items() for kind in kinds for end in ("", ".zh")}
    assert names <= {path.name for path in PICTURES.glob("*.png")}
    assert max(path.stat().st_size for path in PICTURES.glob("*.png")) <= 300_000


def test_a_picture_is_reduced_to_a_palette_of_the_same_size() -> None:
    made = io.BytesIO()
    figure = Figure(figsize=(2, 1))
    figure.add_axes((0, 0, 1, 1)).plot([0, 1, 0])
    figure.savefig(made, dpi=50)
    with Image.open(io.BytesIO(small(made.getvalue()))) as reduced:
        assert (reduced.size, reduced.mode) == ((100, 50), "P")
