"""Structs of arrays that kernels hand to each other by reference.

Numba hands a named tuple over by value, seven machine words and more for each array in it: a kernel over a hundred arrays
has seven hundred arguments, and compiling its calls takes minutes. A `ByReference` is one address. Behind it lies a block of
words: for each array its address and shape, for each number its value, for each struct within the address of its block.
No block changes while its struct lives, and kernels are compiled on that understanding; what the arrays hold may change.
"""

# numba's extension API says little about its types
# mypy: disable-error-code="no-untyped-call, untyped-decorator, no-any-return"

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any

import numpy as np
from numba import typeof, types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)

_WORD_BYTES = 8


class ByReference:
    """A base of frozen dataclasses whose fields are C-contiguous arrays, numbers, truth values, or such dataclasses.

    The struct keeps its arrays alive; whoever calls a kernel keeps the struct alive while that runs.
    """

    def __post_init__(self) -> None:
        """Write the block.

        Raises
        ------
        TypeError
            If a field is anything else.
        """
        values = [(field.name, getattr(self, field.name)) for field in fields(self)]  # type: ignore[arg-type]
        kind = StructType(type(self), tuple((name, _type_of(name, value)) for name, value in values))
        block = np.concatenate([_words(value) for _, value in values])
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_block", block)
        object.__setattr__(self, "_address", block.ctypes.data)


def _type_of(name: str, value: object) -> types.Type:
    if isinstance(value, ByReference):
        return value._kind  # type: ignore[attr-defined]
    if isinstance(value, np.ndarray) and not (
        value.flags.c_contiguous and value.flags.aligned and value.flags.writeable
    ):
        raise TypeError(f"{name}: make the array C-contiguous, aligned and writeable")
    if not isinstance(value, np.ndarray | bool | int | float):
        raise TypeError(f"{name}: {type(value).__name__} is no array, number, truth value or struct")
    return typeof(value)


def _words(value: Any) -> np.typing.NDArray[np.int64]:
    if isinstance(value, ByReference):
        return np.array([value._address], dtype=np.int64)  # type: ignore[attr-defined]
    if isinstance(value, np.ndarray):
        return np.array([value.ctypes.data, *value.shape], dtype=np.int64)
    if isinstance(value, float):
        return np.array([value], dtype=np.float64).view(np.int64)
    return np.array([value], dtype=np.int64)


class StructType(types.Type):
    """Numba's type of a struct: its class, and its fields' names and types in their order."""

    def __init__(self, struct: type[ByReference], members: tuple[tuple[str, types.Type], ...]) -> None:
        self.members = members
        self._class = _full_name(struct)  # not the class itself, which a kept kernel would have to load
        # kept kernels are told apart by the names of their arguments' types: two classes or layouts may not share one
        layout = hashlib.sha256(repr((self._class, members)).encode()).hexdigest()[:8]
        super().__init__(name=f"{struct.__name__}_{layout}")

    def is_of(self, struct: type[ByReference]) -> bool:
        """Return whether this is the type of structs of the class itself."""
        return self._class == _full_name(struct)

    @property
    def key(self) -> tuple[str, tuple[tuple[str, types.Type], ...]]:
        """What makes two types equal."""
        return self._class, self.members

    def place(self, wanted: str) -> tuple[types.Type, int]:
        """Return the type of a field and the word of the block at which it begins."""
        at = 0
        for name, kind in self.members:
            if name == wanted:
                return kind, at
            at += _words_of(kind)
        raise KeyError(wanted)

    def size(self) -> int:
        """Return how many words a block has."""
        return sum(_words_of(kind) for _, kind in self.members)


def _full_name(struct: type[ByReference]) -> str:
    return f"{struct.__module__}.{struct.__qualname__}"


def _words_of(kind: types.Type) -> int:
    """Return how many words a field takes."""
    return 1 + kind.ndim if isinstance(kind, types.Array) else 1


@typeof_impl.register(ByReference)
def _typeof_struct(value: Any, context: object) -> StructType:
    kind: StructType = value._kind
    return kind


@register_model(StructType)
class _StructModel(models.OpaqueModel):
    """An address."""


@unbox(StructType)
def _unbox_struct(kind: StructType, value: Any, c: Any) -> NativeValue:
    number = c.pyapi.object_getattr_string(value, "_address")
    address = c.pyapi.number_as_ssize_t(number)
    c.pyapi.decref(number)
    reference = c.builder.inttoptr(address, c.context.get_value_type(kind))
    return NativeValue(reference, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class _StructAttributes(AttributeTemplate):
    key = StructType

    def generic_resolve(self, kind: StructType, name: str) -> types.Type | None:  # type: ignore[override]
        return dict(kind.members).get(name)


@lower_getattr_generic(StructType)
def _read_field(context: Any, builder: Any, kind: StructType, value: Any, name: str) -> Any:
    """Read a field; that it never changes lets LLVM read it once before a loop instead of at every turn."""
    field, at = kind.place(name)
    whole = context.get_value_type(types.int64)
    words = builder.bitcast(value, whole.as_pointer())
    unchanging = builder.module.add_metadata([])

    def word(place: int, as_type: Any) -> Any:
        where = builder.bitcast(builder.gep(words, [whole(place)]), as_type.as_pointer())
        read = builder.load(where)
        read.set_metadata("invariant.load", unchanging)
        return read

    if isinstance(field, StructType):
        inner = word(at, context.get_value_type(field))
        inner.set_metadata("dereferenceable", builder.module.add_metadata([whole(field.size() * _WORD_BYTES)]))
        return inner
    if isinstance(field, types.Boolean):
        return builder.trunc(word(at, whole), context.get_value_type(field))
    if not isinstance(field, types.Array):
        return word(at, context.get_value_type(field))
    itemsize = context.get_abi_sizeof(context.get_data_type(field.dtype))
    shape = [word(at + 1 + axis, whole) for axis in range(field.ndim)]
    strides = [whole(itemsize)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length, flags=["nsw"]))
    items = shape[0]
    for length in shape[1:]:
        items = builder.mul(items, length, flags=["nsw"])
    parts: dict[str, Any] = {"nitems": items, "itemsize": whole(itemsize)}
    parts["data"] = word(at, context.get_data_type(field.dtype).as_pointer())
    parts["shape"] = cgutils.pack_array(builder, shape)
    parts["strides"] = cgutils.pack_array(builder, strides)
    model = context.data_model_manager[field]
    array = context.get_value_type(field)(None)  # nothing that counts references
    for part, filled in parts.items():
        array = builder.insert_value(array, filled, model.get_field_position(part))
    return array
