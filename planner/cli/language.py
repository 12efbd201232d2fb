"""Which language is spoken: that of ``--lang``, else ``PLANNER_LANG``, else of the area, else of the system."""

from __future__ import annotations

import locale
import os
from collections.abc import Sequence
from contextvars import ContextVar

from planner.errors import Message, UsageError
from planner.words import LANGUAGES, Language, speak

OPTION, VARIABLE = "--lang", "PLANNER_LANG"
_ASKED: ContextVar[Language | None] = ContextVar("asked", default=None)


def asked_language() -> Language | None:
    """Return the language that the user asked for with ``--lang`` or ``PLANNER_LANG``, None if for none."""
    return _ASKED.get()


def ask_language(lang: Language | None) -> None:
    """Note the language that the user asked for, and speak it."""
    _ASKED.set(lang)
    if lang is not None:
        speak(lang)


def take_language(arguments: Sequence[str]) -> list[str]:
    """Ask for the language that the arguments or the environment name; return the arguments without it.

    It may stand before or after the command.

    Raises
    ------
    UsageError
        If there is no such language.
    """
    left, named, source = [], os.environ.get(VARIABLE, ""), VARIABLE
    waiting = iter(arguments)
    for argument in waiting:
        option, equals, value = argument.partition("=")
        if argument == "--":
            left += [argument, *waiting]
        elif option == OPTION:
            named, source = value if equals else next(waiting, ""), OPTION
        else:
            left.append(argument)
    if not named and source == VARIABLE:
        ask_language(None)
        return left
    found = next((lang for lang in LANGUAGES if lang == named), None)
    if found is None:
        raise UsageError(
            Message(
                "{option}: no language {named!r}: choose {languages}", option=source, named=named, languages=LANGUAGES
            )
        )
    ask_language(found)
    return left


def speak_as(language: object) -> None:
    """Speak an area's language, unless the user asked for one or the area names none."""
    if asked_language() is None and (found := next((lang for lang in LANGUAGES if lang == language), None)):
        speak(found)


def system_language() -> Language:
    """Return the language of the system: Chinese where its locale is, else English."""
    variables = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    named = next((name for name in variables if name), "") or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"
