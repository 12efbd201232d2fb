"""The script that changes catalogues works on its own tree only."""

from pathlib import Path

import planner
from scripts import words


def test_another_tree_s_package_is_refused(monkeypatch, tmp_path: Path) -> None:
    assert words.other_tree() == ""
    monkeypatch.setattr(planner, "__file__", str(tmp_path / "planner" / "__init__.py"))
    assert words.other_tree() == str(tmp_path)
