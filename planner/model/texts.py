"""A text that people write in both languages, such as where figures come from."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from planner.errors import Message

LONGEST_TEXT = 4000
"""Characters of what people write about figures: more than two pages, less than breaks a page."""


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
