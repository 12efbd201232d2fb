"""What a kernel is made from in this process: its code, and that of all it calls and reads, as they were loaded.

Files tell what the next process will load. This one may have loaded them before an edit, or from bytecode that Python holds
for up to date; a compiled kernel is kept under what it was really made from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from planner.kernels.by_reference import ByReference, StructType

MEANINGS: dict[Callable[..., object], dict[type[ByReference], Callable[..., object]]] = {}
"""What a declared function means for each struct: see `planner.kernels.by_struct`."""
_PACKAGE = "planner"


def loaded_code(function: Callable[..., object], argument_types: object = ()) -> str:
    """Return a hash of the code that a kernel is compiled from for arguments of these numba types.

    It covers the function, every function of the package that is called from it, directly or through others, and the values
    of the globals that they read.
    """
    structs = (
        [one for one in argument_types if isinstance(one, StructType)] if isinstance(argument_types, tuple) else []
    )
    digest = hashlib.sha256()
    seen: set[int] = set()
    waiting: list[Any] = [function]
    while waiting:
        one = _plain(waiting.pop())
        if id(one) in seen:
            continue
        seen.add(id(one))
        digest.update(f"{one.__module__}.{one.__qualname__}\n".encode())
        for part in _parts(one.__code__):
            digest.update(part)
        held = [cell.cell_contents for cell in one.__closure__ or ()]
        for value in (*(one.__defaults__ or ()), *held, *_read(one)):
            if _is_ours(value):
                waiting.append(value)
            else:
                digest.update(_text_of(value).encode())
        waiting += [
            meaning
            for struct, meaning in MEANINGS.get(one, {}).items()
            if not structs or any(s.is_of(struct) for s in structs)
        ]
    return digest.hexdigest()[:20]


def _plain(value: Any) -> Any:
    """Return the Python function of a compiled one."""
    return getattr(value, "py_func", value)


def _is_ours(value: object) -> bool:
    one = _plain(value)
    return isinstance(one, FunctionType) and (one.__module__ or "").partition(".")[0] == _PACKAGE


def _parts(code: CodeType) -> Iterator[bytes]:
    """Yield what a code object does, without where it stands."""
    yield code.co_code
    yield repr((code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)).encode()
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _parts(value)
        else:
            yield _text_of(value).encode()


def _read(function: Any) -> Iterator[object]:
    """Yield the globals that a function may read; of a module of the package, what is read of it."""
    names = tuple(_names(function.__code__))
    for name in names:
        value = function.__globals__.get(name)
        if isinstance(value, ModuleType) and value.__name__.partition(".")[0] == _PACKAGE:
            yield from (vars(value)[other] for other in names if other in vars(value))
        elif name in function.__globals__:
            yield value


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _names(value)


def _text_of(value: object) -> str:
    """Return a text that is the same in every process for what a compiled kernel takes in as a constant."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {hashlib.sha256(value.tobytes()).hexdigest()}"
    if isinstance(value, type):
        fields = getattr(value, "__annotations__", {})
        return f"{value.__module__}.{value.__qualname__} {fields}"
    if isinstance(value, tuple):
        return f"({', '.join(_text_of(one) for one in value)})"
    if isinstance(value, frozenset):
        return f"{{{', '.join(sorted(_text_of(one) for one in value))}}}"
    if value is None or isinstance(value, bool | int | float | complex | str | bytes | np.generic):
        return f"{type(value).__name__} {value!r}"
    return f"{type(value).__module__}.{type(value).__qualname__} {getattr(value, '__name__', '')}"
