"""The child process: waits for the name of a function and its arguments, runs it on the file, answers; again and again.

It is started as a script, with the parent's folders of modules and the folder of copies as its arguments.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from planner.sandbox.lockdown import Lockdown

_MB = 2**20
_NOT_NEEDED = ("pandas", "geopandas", "pyarrow")
"""What libraries import if they can, for half a second: arrays do."""


def _answer(request: dict[str, Any], lock: Lockdown) -> dict[str, Any]:
    """Return what the function returned, or how it failed."""
    from planner.errors import BadDataError
    from planner.sandbox.caps import is_too_large

    module, name = request["function"].split(":")
    try:
        function = getattr(importlib.import_module(module), name)
        lock.bound(request["memory_mb"] * _MB, request["seconds"])  # what the import took is not the file's
        return {"value": function(*request["arguments"])}
    except BadDataError as error:
        return {"bad": (error.summary, list(error.problems))}
    except MemoryError:
        return {"over": "memory_mb"}
    except Exception as error:
        if "MemoryError" in repr(error) or "bad_alloc" in str(error):
            return {"over": "memory_mb"}
        if is_too_large(error):
            return {"over": "written_mb"}
        return {"fault": f"{type(error).__name__}: {error}"[:300]}


def main(pipe_in: BinaryIO, pipe_out: BinaryIO, folder: str, makes: bool) -> None:
    """Give up what is not needed, say what that was, and answer until the parent hangs up.

    A child that ``makes`` files may write to the folder "made" in its own.
    """
    from pathlib import Path

    from planner.sandbox.frames import read_frame, write_frame
    from planner.sandbox.lockdown import Lockdown

    os.chdir(folder)
    lock = Lockdown(Path(folder), Path(folder, "made") if makes else None)
    write_frame(pipe_out, lock.sure)
    while True:
        try:
            request = read_frame(pipe_in, 2**40)
        except EOFError:
            return
        answer = _answer(request, lock)
        try:
            write_frame(pipe_out, answer)
        except MemoryError:
            write_frame(pipe_out, {"over": "memory_mb"})


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.path[:] = json.loads(sys.argv[1])
    for heavy in _NOT_NEEDED:
        sys.modules[heavy] = None  # type: ignore[assignment] # says: not to be imported
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what a library prints is no answer
        main(sys.stdin.buffer, answers, sys.argv[2], sys.argv[3] == "1")
