"""A process that dies at a point of its choice: as if somebody had pulled the plug there."""

import io
import os
import signal
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

KILLED, DONE, FAILED = 9, 0, 1
CALLS = ("mkdir", "rename", "replace", "fsync", "unlink", "rmdir", "open")
fork = getattr(os, "fork", None)  # Windows has none: see `needs_fork`


def in_a_child(work: Callable[[], object]) -> int:
    """Return the exit code of a process of its own that does the work; minus the number of a signal that ended it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of other tests: the child touches none
        child = fork()
    if child == 0:
        code = FAILED
        try:
            work()
            code = DONE
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at_each_call(work: Callable[[], object], check: Callable[[str], None], set_up: Callable[[], None]) -> int:
    """Kill the work at its first call to the system, then at its second, until it is done; return how often.

    ``set_up`` comes before each, ``check`` after each, told the point.
    """
    for number in range(1, 1000):
        set_up()
        code = in_a_child(lambda number=number: (_die_at(number), work()))
        assert code in (KILLED, DONE), f"point {number}: {code}"
        check(f"point {number}")
        if code == DONE:
            return number - 1
    raise AssertionError("never done")


def _die_at(number: int) -> None:
    """Let this process end before the ``number``-th of its calls that change a disk; a write is half done by then."""
    seen = 0

    def point() -> bool:
        nonlocal seen
        seen += 1
        return seen == number

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            if point():
                os._exit(KILLED)
            return real(*args, **kwargs)

        return call

    class HalfWritten(io.BufferedWriter):
        def write(self, content: bytes) -> int:
            if point():
                super().write(bytes(content)[: len(content) // 2])
                self.flush()
                os._exit(KILLED)
            return super().write(content)

    real_open, real_fdopen = io.open, os.fdopen

    def opened(file: object, mode: str = "r", *args: object, **kwargs: object) -> object:
        if mode == "wb":
            if point():
                os._exit(KILLED)
            return HalfWritten(io.FileIO(file, "w"))
        return real_open(file, mode, *args, **kwargs)

    def wrapped(handle: int, mode: str = "r", *args: object, **kwargs: object) -> object:
        return HalfWritten(io.FileIO(handle, "w")) if mode == "wb" else real_fdopen(handle, mode, *args, **kwargs)

    for name in CALLS:
        setattr(os, name, dying(getattr(os, name)))
    io.open, os.fdopen = opened, wrapped


def killed_by_size(work: Callable[[], object], largest_bytes: int) -> int:
    """Do the work in a process that the system ends when a file would grow larger; return its exit code."""
    import resource

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_bytes, largest_bytes))
        work()

    return in_a_child(limited)


def unfinished(folder: Path) -> list[str]:
    """Return what in a folder is neither a result nor its lock."""
    return [path.name for path in folder.rglob(".*") if path.name != ".lock"]


needs_fork = pytest.mark.skipif(fork is None, reason="the system has no fork to try kills with")
