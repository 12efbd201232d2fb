"""Which folder things are kept in."""

from pathlib import Path

import pytest

from planner.cache_folder import VARIABLE, cache_folder
from planner.errors import UsageError


def test_what_is_asked_for_comes_before_the_variable_and_that_before_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_a, **_k: tmp_path / "own")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "named"))
    assert cache_folder(tmp_path / "asked") == tmp_path / "asked"
    assert cache_folder() == tmp_path / "named"
    assert cache_folder(wanted=False) is None
    monkeypatch.setenv(VARIABLE, " ")
    assert cache_folder() is None
    monkeypatch.delenv(VARIABLE)
    assert cache_folder() == tmp_path / "own"
    assert (tmp_path / "own").is_dir()


def test_a_folder_that_cannot_be_written_is_said_if_it_was_named_and_done_without_if_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("no folder", encoding="utf-8")
    with pytest.raises(UsageError, match="choose another --cache, or --no-cache"):
        cache_folder(blocked / "inside")
    monkeypatch.setenv(VARIABLE, str(blocked))
    with pytest.raises(UsageError, match="a file"):
        cache_folder()
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_a, **_k: blocked)
    assert cache_folder() is None
