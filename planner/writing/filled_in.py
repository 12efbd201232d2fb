"""Files that a person may have filled in or corrected: they are never written over."""

from __future__ import annotations

from pathlib import Path

from planner.errors import Message, UsageError


def refuse_filled_in(path: Path, *, option: str, content: bytes | None = None) -> None:
    """Refuse a name that is taken; one whose file is ``content`` byte for byte loses nothing and is no fault.

    Raises
    ------
    UsageError
        If there is such a file, of another content.
    """
    if not path.exists() or (content is not None and path.is_file() and path.read_bytes() == content):
        return
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe or a terminal keeps nothing
        return
    raise UsageError(
        Message(
            "{option}: {file} is there already, and may be filled in: name another file", option=option, file=str(path)
        )
    )
