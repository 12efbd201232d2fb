"""Copies of files, and the child processes that read them: one child for the files of a folder, ended when idle."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from planner.errors import BadDataError, Message, of_file, system_fault
from planner.errors import _message as remade
from planner.sandbox.caps import PREFIX, cap, over_cap
from planner.sandbox.frames import TooLargeError, read_frame, write_frame

_MB = 2**20
_START_S = 120  # a machine under load, with a cold disk
_IDLE_S = 5.0
_PASSED_ON = ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "GDAL_DATA", "PROJ_DATA", "PROJ_LIB", "TZ")


def run_apart(
    function: str,
    path: Path,
    *arguments: object,
    neighbours: Sequence[str] = (),
    stem: str = "input",
    ending: str | None = None,
    renamed: str = "",
) -> Any:
    """Return what ``function`` ("module:name") returns for a copy of the file, in a process that can do nothing else.

    The function gets the copy's path as text, then ``arguments``; arguments and what it returns are plain: numbers, texts,
    bytes, dates, messages, arrays, and lists, tuples, dicts and sets of them. It may raise `BadDataError`. The module should
    be quick to import. The copy is called ``stem`` and the file's own extension, or ``ending``; files beside it of the same
    stem with an extension of ``neighbours`` are copied, too, links and folders never. Where the function's errors name the
    copy, they say ``renamed`` instead, or the file's name.

    Raises
    ------
    BadDataError
        If there is no such file, the function refuses it, it crashes or takes more than a cap (`planner.sandbox.caps`).
    """
    child = _taken(path.parent.absolute())
    try:
        copy = child.copy(path, neighbours, stem + (path.suffix.lower() if ending is None else ending))
        answer = child.ask(function, (str(copy), *arguments), path)
        shutil.rmtree(copy.parent, ignore_errors=True)
    except BaseException:
        child.end()
        raise
    if not answer.keys() & {"value", "bad"}:
        child.end()
    else:
        _give_back(child)
    if "value" in answer:
        return answer["value"]
    raise _refusal(path, answer, {str(copy): renamed or path.name, copy.name: path.name})


@cache
def protections() -> frozenset[str]:
    """Return what the system holds a child to, as codes: ``network``, ``files``, ``memory``, ``processor``."""
    child = _Child(Path())
    try:
        return frozenset(child.sure)
    finally:
        child.end()


def _refusal(path: Path, answer: dict[str, Any], names: Mapping[str, str]) -> BadDataError:
    if "bad" in answer:
        summary, problems = _with_names(answer["bad"], names)
        return BadDataError(summary, problems)
    if "over" in answer:
        return over_cap(path.name, answer["over"])
    return BadDataError(of_file(path.name, Message("cannot be read: {why}", why=answer.get("fault", ""))))


def _with_names(value: Any, names: Mapping[str, str]) -> Any:
    """Return messages in which the copy is called what the file is called."""
    if isinstance(value, Message):
        values = {key: _with_names(inner, names) for key, inner in value.values.items()}
        return remade(value.template, values)
    if isinstance(value, (list, tuple)):
        return [_with_names(inner, names) for inner in value]
    if not isinstance(value, str):
        return value
    for copied, name in names.items():
        value = value.replace(copied, name)
    return value


class _Child:
    """One process and its folder of copies."""

    def __init__(self, area: Path) -> None:
        self.area = area
        self.folder = Path(tempfile.mkdtemp(prefix="planner-read-"))
        self.number = 0
        self.idle_since = 0.0
        script = Path(__file__).with_name("child.py")
        kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith(PREFIX)}
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", str(script), json.dumps(sys.path), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            cwd=self.folder,
        )
        try:
            with self._timer(_START_S):
                self.sure: list[str] = read_frame(self._out, _MB)
        except BaseException:
            self.end()
            raise

    @property
    def _out(self) -> Any:
        return self.process.stdout

    @contextlib.contextmanager
    def _timer(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the process when the time is over; the event says so."""
        over = threading.Event()

        def stop() -> None:
            over.set()
            self.process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield over
        finally:
            timer.cancel()

    def copy(self, path: Path, neighbours: Sequence[str], name: str) -> Path:
        """Return a copy of the file in an empty folder, with those of its neighbours that are plain files."""
        self.number += 1
        place = self.folder / str(self.number)
        place.mkdir()
        size = 0
        try:
            size += _copy_file(path, place / name)
            for beside in sorted(path.parent.iterdir()) if neighbours else ():
                ending = beside.name[len(path.stem) :].lower()
                plain = stat.S_ISREG(beside.lstat().st_mode)
                if beside.stem == path.stem and ending in neighbours and plain:
                    size += _copy_file(beside, place / (name.partition(".")[0] + ending))
        except OSError as error:
            raise BadDataError(
                of_file(path.name, Message("cannot be opened: {why}", why=system_fault(error)))
            ) from error
        if size > cap("file_mb") * _MB:
            raise over_cap(path.name, "file_mb")
        place.chmod(0o500)
        return place / name

    def ask(self, function: str, arguments: Sequence[object], path: Path) -> dict[str, Any]:
        """Return the child's answer; one that crashes, is killed or says too much answers so, too."""
        request = {
            "function": function,
            "arguments": arguments,
            "memory_mb": cap("memory_mb"),
            "seconds": cap("seconds"),
        }
        with self._timer(cap("seconds")) as over:
            try:
                write_frame(self.process.stdin, request)  # type: ignore[arg-type] # a pipe, as asked for
                answer = read_frame(self._out, cap("answer_mb") * _MB)
                return answer if isinstance(answer, dict) else {}
            except TooLargeError:
                return {"over": "answer_mb"}
            except ValueError:
                return {"fault": Message("its reader's answer is damaged")}
            except (EOFError, OSError):
                ended = self.process.wait()
        if over.is_set() or ended == -24:  # the signal for too much processor time
            return {"over": "seconds"}
        return (
            {"over": "memory_mb"} if ended == -9 else {"fault": Message("its reader stopped ({number})", number=ended)}
        )

    def end(self) -> None:
        """End the process and delete its copies."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.wait()
        for place in self.folder.glob("*"):
            with contextlib.suppress(OSError):
                place.chmod(0o700)
        shutil.rmtree(self.folder, ignore_errors=True)


def _copy_file(source: Path, target: Path) -> int:
    with source.open("rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise IsADirectoryError(21, "not a file")
        if about.st_size > cap("file_mb") * _MB:
            raise over_cap(source.name, "file_mb")
        with target.open("wb") as copy:
            shutil.copyfileobj(file, copy, _MB)
    target.chmod(0o400)
    return about.st_size


_idle: list[_Child] = []
_lock = threading.Lock()


def _taken(area: Path) -> _Child:
    """Return the idle child that read files of the same folder, else a new one."""
    with _lock:
        for child in _idle:
            if child.area == area and child.process.poll() is None:
                _idle.remove(child)
                return child
    return _Child(area)


def _give_back(child: _Child) -> None:
    child.idle_since = time.monotonic()
    with _lock:
        _idle.append(child)
        over = [other for other in _idle[:-1] if child.idle_since - other.idle_since > _IDLE_S or len(_idle) > 2]
        for other in over:
            _idle.remove(other)
    for other in over:
        other.end()


if hasattr(os, "register_at_fork"):  # a fork may not talk to its parent's children
    os.register_at_fork(after_in_child=_idle.clear)


@atexit.register
def end_idle() -> None:
    """End the children that wait for more."""
    with _lock:
        children = _idle[:]
        _idle.clear()
    for child in children:
        child.end()
