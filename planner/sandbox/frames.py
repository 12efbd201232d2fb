"""Plain values over a pipe: what comes from the child is data, whatever it says it is.

A frame is a pickle that may name no class but dates and messages, and beside it the content of its arrays.
"""

from __future__ import annotations

import io
import pickle
import string
import struct
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from planner.errors import Message
from planner.errors import _message as remade

_HEAD = struct.Struct("<QI")
_SIZE = struct.Struct("<Q")
_MOST_ARRAYS = 10_000
_DATES = frozenset({"date", "datetime", "time", "timedelta"})
_KINDS = frozenset("biufSU")  # of arrays: figures and texts, no objects


class TooLargeError(ValueError):
    """A frame larger than the reader wants."""


class _Pickler(pickle.Pickler):
    """Sets arrays apart: their content goes beside the pickle."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self.arrays: list[bytes] = []

    def persistent_id(self, value: Any) -> object:
        if type(value).__module__ != "numpy" or type(value).__name__ != "ndarray":
            return None
        self.arrays.append(value.tobytes())
        return len(self.arrays) - 1, value.dtype.str, value.shape

    def reducer_override(self, value: Any) -> Any:
        """Send paths and errors of libraries, which messages may hold, as what they say."""
        said = isinstance(value, (BaseException, PurePath))
        return (remade, ("{said}", {"said": str(value)})) if said else NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, arrays: list[bytearray]) -> None:
        super().__init__(file)
        self.arrays = arrays

    def find_class(self, module: str, name: str) -> object:
        if module == "datetime" and name in _DATES:
            return super().find_class(module, name)
        if (module, name) == ("planner.errors", "_message"):
            return _checked
        raise pickle.UnpicklingError(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> object:
        import numpy as np

        number, dtype, shape = pid
        kind = np.dtype(dtype)
        if kind.kind not in _KINDS:
            raise pickle.UnpicklingError(dtype)
        return np.frombuffer(self.arrays[number], dtype=kind).reshape(shape)


def _checked(template: str, values: dict[str, object]) -> Message:
    """Return a message whose template only names its values: it may not look into them, nor ask for endless blanks."""
    for _, name, form, conversion in string.Formatter().parse(template):
        if name is not None and (not name.isidentifier() or form or conversion):
            raise pickle.UnpicklingError(template)
    return remade(template, values)


def write_frame(pipe: BinaryIO, value: object) -> None:
    """Write one value: numbers, texts, bytes, dates, messages, arrays, and lists, tuples, dicts and sets of them."""
    plain = io.BytesIO()
    pickler = _Pickler(plain)
    pickler.dump(value)
    content = plain.getbuffer()
    pipe.write(_HEAD.pack(len(content), len(pickler.arrays)))
    for array in pickler.arrays:
        pipe.write(_SIZE.pack(len(array)))
    pipe.write(content)
    for array in pickler.arrays:
        pipe.write(array)
    pipe.flush()


def read_frame(pipe: BinaryIO, largest: int) -> Any:
    """Return the value of the next frame of at most ``largest`` bytes.

    Raises
    ------
    EOFError
        If the other side ended.
    TooLargeError
        If the frame is larger.
    ValueError
        If it is no frame, or holds what is not plain.
    """
    length, count = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    if count > _MOST_ARRAYS:
        raise TooLargeError
    sizes = [_SIZE.unpack(_exactly(pipe, _SIZE.size))[0] for _ in range(count)]
    if length + sum(sizes) > largest:
        raise TooLargeError
    content = _exactly(pipe, length)
    arrays = [_exactly(pipe, size) for size in sizes]
    try:
        return _Unpickler(io.BytesIO(content), arrays).load()
    except Exception as error:  # whatever a broken pickle raises
        raise ValueError("not a plain value") from error


def _exactly(pipe: BinaryIO, length: int) -> bytearray:
    content = bytearray(length)
    view = memoryview(content)
    while view:
        got = cast(Any, pipe).readinto(view)
        if not got:
            raise EOFError
        view = view[got:]
    return content
