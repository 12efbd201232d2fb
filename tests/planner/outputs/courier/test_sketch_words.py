"""The sketch of a route says its scale in the reader's language."""

from __future__ import annotations

import pytest

from planner.outputs.courier.sketch import _svg
from planner.words import Language, speaking


@pytest.mark.parametrize(
    ("lang", "scale", "said"), [("zh", 0.02, ">2 公里<"), ("en", 0.02, ">2 km<"), ("zh", 0.2, ">200 米<")]
)
def test_the_scale_is_in_the_readers_language(lang: Language, scale: float, said: str) -> None:
    # 200 wide: a quarter of it is 50, which is 2,500 m (250 m) at this scale, of which 2,000 m (200 m) is a round length
    with speaking(lang):
        assert said in _svg([], (200.0, 100.0), scale, "")
