"""The text of documents and its hash: the same content gives the same text, and so the same id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter


def document_text(document: Mapping[str, Any]) -> str:
    """Return a document as JSON, a line for each part."""
    parts = [
        f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, separators=(',', ':'), allow_nan=False)}"
        for key, value in document.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def content_text(schema: str, content: object) -> str:
    """Return a dataclass as a document with its schema."""
    kind: Any = type(content)
    return document_text({"schema": schema, **_adapter(kind).dump_python(content, mode="json")})


def text_hash(text: str) -> str:
    """Return twelve hexadecimal digits that are the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
