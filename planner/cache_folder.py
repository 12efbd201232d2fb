"""Where roads and travel times are kept between runs."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import platformdirs

from planner.errors import Message, UsageError, system_fault

VARIABLE = "PLANNER_CACHE"
"""Environment variable that names the folder; set to nothing it switches keeping off."""
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quotas of that name


def cache_folder(asked: Path | None = None, *, wanted: bool = True) -> Path | None:
    """Return the folder to keep things in, None if nothing is to be kept.

    It is the folder asked for, else what the environment variable names, else the user's own cache folder. What is kept
    there may be deleted at any time. A user's own folder that cannot be written is done without.

    Raises
    ------
    UsageError
        If the folder asked for, or named by the variable, cannot be written.
    """
    folder = cache_place(asked) if wanted else None
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        if asked is None and VARIABLE not in os.environ:
            return None
        if error.errno in _FULL:  # what is kept already can be used; nothing more is kept
            return folder
        raise UsageError(
            Message(
                "{folder}: cannot keep roads there: {why}: choose another --cache, or --no-cache",
                folder=folder,
                why=system_fault(error),
            )
        ) from error


def cache_place(asked: Path | None = None) -> Path | None:
    """Return where `cache_folder` is or would be, without making it: it may be missing, or not to be written."""
    named = os.environ.get(VARIABLE)
    if asked is not None or named is None:
        return asked or platformdirs.user_cache_path("rural-service-planner", appauthor=False)
    return Path(named) if named.strip() else None
