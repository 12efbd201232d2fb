"""A text that people write in both languages, such as where figures come from."""

from __future__ import annotations

import unicodedata
from typing import Any, Literal, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from planner.errors import Message

LONGEST_TEXT = 4000
"""Characters of what people write about figures: more than two pages, less than breaks a page."""
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Marks that set or isolate a direction of writing, and the one that ends it."""


class Text(str):
    """A text in Chinese and English: as a string it is the English one. In TOML and JSON a table with ``zh`` and ``en``.

    One that is written in a single language is a plain string there, and the same in both.

    Examples
    --------
    >>> Text.of({"zh": "daolu", "en": "roads"}).in_language("zh"), Text.of("OpenStreetMap").in_language("zh")
    ('daolu', 'OpenStreetMap')
    """

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, en: str, zh: str | None = None) -> Self:
        made = super().__new__(cls, en)
        made.zh = en if zh is None else zh
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return Text, (str(self), self.zh)

    @classmethod
    def of(cls, value: object) -> Text:
        """Return the text of a string or of a table with ``zh`` and ``en``.

        Raises
        ------
        ValueError
            If it is neither, or endless.
        """
        if isinstance(value, Text):
            return value
        both: dict[str, Any] = value if isinstance(value, dict) else {"zh": value, "en": value}
        if both.keys() != {"zh", "en"} or not all(isinstance(one, str) for one in both.values()):
            raise ValueError(Message("Input should be a text, or a table with zh and en"))
        if max(map(len, both.values())) > LONGEST_TEXT:
            raise ValueError(Message("Text should have {count} characters or fewer", count=LONGEST_TEXT))
        return cls(both["en"], both["zh"])

    def in_language(self, language: Literal["zh", "en"]) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else str(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.of, serialization=core_schema.plain_serializer_function_ser_schema(_as_data)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        text = {"type": "string", "maxLength": LONGEST_TEXT}
        return {"anyOf": [text, {"type": "object", "properties": {"zh": text, "en": text}}]}


def _as_data(text: str) -> str | dict[str, str]:
    zh = getattr(text, "zh", text)
    return str(text) if zh == text else {"zh": zh, "en": str(text)}


def unprintable(text: str) -> list[str]:
    r"""Return the code points of a text that no file can hold or that turn lines around, each once, in their order.

    They are control characters (but line ends and tabs), halves of surrogate pairs, code points that Unicode keeps for no
    character, and the marks that set or isolate a direction of writing.

    Examples
    --------
    >>> unprintable("bell \a, turned \u202e")
    ['U+0007', 'U+202E']
    """
    return list(dict.fromkeys(f"U+{ord(one):04X}" for one in text if _is_unprintable(one)))


def visible(text: str) -> str:
    r"""Return the text with what is `unprintable` in it as it is written in Python: a terminal would act on it.

    Examples
    --------
    >>> visible("bell \a, turned \u202e")
    'bell \\x07, turned \\u202e'
    """
    return "".join(repr(one)[1:-1] if _is_unprintable(one) else one for one in text)


def _is_unprintable(character: str) -> bool:
    if character.isprintable() or character in "\t\n":
        return False
    code = ord(character)
    return (
        unicodedata.category(character) in ("Cc", "Cs")
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
        or character in _TURNING
    )
