"""The inner loops of travel times, compiled by numba; they get arrays bundled as named tuples."""

from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.signedinteger[Any]]
"""Ranks and arcs in 32 bits, offsets into long arrays in 64."""
