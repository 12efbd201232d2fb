"""Functions that read foreign files in child processes: one child for the files of a folder, ended when idle."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import stat
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from planner.errors import BadDataError, Message, of_file
from planner.errors import _message as remade
from planner.sandbox.caps import over_cap
from planner.sandbox.child_process import ChildProcess

_IDLE_S = 5.0


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


@contextlib.contextmanager
def made_apart(
    function: str, path: Path, name: str, *arguments: object, ending: str, renamed: str = ""
) -> Iterator[tuple[Any, Path]]:
    """Run a function that makes a file ``name`` of another, as `run_apart`, in a process that may write to one folder.

    The function gets the copy's path, then that of the file that it is to make, then ``arguments``. Yielded is what it
    returned, and where the file is until the context ends.

    Raises
    ------
    BadDataError
        As `run_apart`, or if what is made is larger than the cap.
    """
    child = ChildProcess(path.parent.absolute(), makes=True)
    try:
        copy, made = child.copy(path, (), "input" + ending), child.makes / name
        answer = child.ask(function, (str(copy), str(made), *arguments), path)
        if "value" not in answer:
            raise _refusal(path, answer, {str(copy): renamed or path.name, copy.name: path.name})
        if not (made.is_file() and stat.S_ISREG(made.lstat().st_mode)):
            raise _refusal(path, {"fault": Message("its reader's answer is damaged")}, {})
        yield answer["value"], made
    finally:
        child.end()


@cache
def protections() -> frozenset[str]:
    """Return what the system holds a child to, as codes: ``network``, ``files``, ``memory``, ``processor``."""
    child = ChildProcess(Path())
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


_idle: list[ChildProcess] = []
_lock = threading.Lock()


def _taken(area: Path) -> ChildProcess:
    """Return the idle child that read files of the same folder, else a new one."""
    with _lock:
        for child in _idle:
            if child.area == area and child.process.poll() is None:
                _idle.remove(child)
                return child
    return ChildProcess(area)


def _give_back(child: ChildProcess) -> None:
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
