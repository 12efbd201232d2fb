"""Structs handed to kernels by reference: a kernel reads what Python put in, and Python sees what a kernel writes."""

from dataclasses import dataclass

import numpy as np
import pytest

from planner.kernels import lean_kernel
from planner.kernels.by_reference import ByReference
from planner.kernels.by_struct import declare, implements


@dataclass(frozen=True, kw_only=True, eq=False)
class Inner(ByReference):
    whole: np.ndarray
    factor: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Outer(ByReference):
    count: int
    cube: np.ndarray
    inner: Inner
    on: bool
    marks: np.ndarray
    off: bool


def structs():
    inner = Inner(whole=np.array([[1, 2, 3], [4, 5, 6]]), factor=0.5)
    cube = np.arange(24.0).reshape(2, 3, 4)
    return Outer(count=7, cube=cube, inner=inner, on=True, marks=np.array([False, True]), off=False)


@lean_kernel
def _read(outer, figures):
    inner, cube = outer.inner, outer.cube
    figures[0] = outer.count
    figures[1] = cube[1, 2, 3]
    figures[2] = cube[1].sum()
    figures[3] = inner.whole[1, 0] * inner.factor
    figures[4] = inner.whole.shape[0] * 10 + inner.whole.shape[1]
    figures[5] = 10 * outer.on + outer.off
    figures[6] = 10 * outer.marks[0] + outer.marks[1]
    figures[7] = cube[-1, -1, 0]


def test_every_kind_of_field_is_read():
    # the cube counts 0 ... 23: its last is 23, its second half holds 12 ... 23, which sum up to 12 * 17.5
    figures = np.zeros(8)
    _read(structs(), figures)
    assert figures.tolist() == [7, 23, 210, 4 * 0.5, 23, 10, 1, 20]


@lean_kernel
def _gather(outer, turns):
    whole, total = outer.inner.whole, 0
    for _ in range(turns):
        whole[0, 0] += 1
        total += outer.inner.whole[0, 0]
    outer.marks[0] = True
    return total


def test_what_is_written_is_read_again():
    # 1 becomes 2, 3, 4 and 5, each added up as it comes: 14
    outer = structs()
    assert _gather(outer, 4) == 14
    assert (outer.inner.whole[0, 0], outer.marks[0]) == (5, True)


def test_two_structs_of_one_class_are_told_apart():
    one, two = structs(), structs()
    two.inner.whole[:] = 100
    assert (_gather(one, 1), _gather(two, 1), _gather(one, 1)) == (2, 101, 3)


@pytest.mark.parametrize("whole", [np.arange(12).reshape(3, 4)[:, ::2], [[1, 2]], "text"])
def test_what_a_kernel_could_not_read_is_refused(whole):
    with pytest.raises(TypeError, match="whole"):
        Inner(whole=whole, factor=1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Metres(ByReference):
    length: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Feet(ByReference):
    length: float


in_metres = declare("in_metres")


@implements(in_metres, Metres)
def _metres(metres):
    return metres.length


@implements(in_metres, Feet)
def _feet(feet):
    return feet.length * 0.3048


def test_a_declared_name_is_called_from_python_as_from_kernels() -> None:
    assert in_metres(Metres(length=2.0)) == 2.0
    assert in_metres(Feet(length=10.0)) == pytest.approx(3.048)
    with pytest.raises(KeyError):
        in_metres(Inner(whole=np.arange(3), factor=1.0))


@lean_kernel
def _twice(struct):
    return 2 * in_metres(struct)


def test_structs_with_equal_fields_get_the_kernel_of_their_own_class():
    assert (_twice(Metres(length=10.0)), _twice(Feet(length=10.0))) == (20.0, 20 * 0.3048)


def test_a_struct_has_one_kernel_for_a_name():
    with pytest.raises(ValueError, match="in_metres has a kernel for Feet already"):
        implements(in_metres, Feet)
