"""Files kept between runs, with a digest behind their content: damage is known before it is read as anything."""

from __future__ import annotations

import hashlib


def sealed(content: bytes) -> bytes:
    """Return content to be kept with a digest behind it, so that `unsealed` knows a damaged file from a whole one."""
    return content + hashlib.sha256(content).digest()


def unsealed(kept: bytes) -> bytes | None:
    """Return what was `sealed`, None if a byte of it has changed or is missing.

    Examples
    --------
    >>> unsealed(sealed(b"words")), unsealed(sealed(b"words")[:-1])
    (b'words', None)
    """
    content = kept[: -hashlib.sha256().digest_size]
    return content if sealed(content) == kept else None
