"""The language that is spoken, and text in it: templates, words for codes, messages and errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from planner.errors import BadDataError, Message, PlannerError, of_file, system_fault
from planner.words.catalogues import Language, catalogue

_SPOKEN: ContextVar[Language] = ContextVar("language", default="en")


def language() -> Language:
    """Return the language that is spoken now; English unless somebody said otherwise."""
    return _SPOKEN.get()


def speak(lang: Language) -> None:
    """Speak a language from here on, in this thread or task and those that it starts with a copy of its context."""
    _SPOKEN.set(lang)


@contextmanager
def speaking(lang: Language) -> Iterator[None]:
    """Speak a language inside the block only."""
    token = _SPOKEN.set(lang)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def say(template: str, /, **values: object) -> str:
    """Return the template in the language that is spoken, with its values filled in.

    The template is English, a literal of the source, and the key of the catalogues; one that they lack is said as it is. A
    value that is a message is said in the same language, a list with the language's comma. Text among the values is never
    read as a template.

    Examples
    --------
    >>> say("{count} villages", count=3)
    '3 villages'
    """
    found = catalogue(_SPOKEN.get(), "templates").gettext(template) if template else ""
    return found.format(**{key: _said(value) for key, value in values.items()})


def say_help(text: str | None) -> str | None:
    """Return a help text of the command line in the language that is spoken; braces in it are no values."""
    return catalogue(_SPOKEN.get(), "templates").gettext(text) if text else text


def listed(items: list[str] | tuple[str, ...]) -> str:
    """Return the items with the comma of the language between them."""
    return ("、" if _SPOKEN.get() == "zh" else ", ").join(items)


def render(text: object) -> str:
    """Return a message or an error in the language that is spoken, any other text as it is."""
    if hasattr(text, "in_language"):  # as `planner.model.Text` has it
        return str(text.in_language(_SPOKEN.get()))
    if isinstance(text, Message):
        return say(text.template, **text.values)
    return error_text(text) if isinstance(text, BaseException) else str(text)


def error_text(error: BaseException) -> str:
    """Return what an error says: its summary, and what is wrong in lines, as `fault_list.shown_lines` has them.

    What the operating system refused is said by what it means, any other error that is no message's as Python says it.
    """
    if isinstance(error, BadDataError):
        from planner.words.fault_list import fault_lines, shown_lines  # which speaks by this module

        return "\n  ".join([render(error.summary), *shown_lines(fault_lines(error.problems))])
    if isinstance(error, OSError) and not isinstance(error, PlannerError) and error.errno is not None:
        why = system_fault(error)
        return render(why if error.filename is None else of_file(error.filename, why))
    if len(error.args) != 1:
        return str(error)
    return render(error.args[0])


def term(code: str) -> str:
    """Return the word for a code.

    Raises
    ------
    KeyError
        If the code is not in the catalogues: a code without words must not reach a person.
    """
    if not code:  # gettext's name for the header
        raise KeyError(code)
    return catalogue(_SPOKEN.get(), "codes").gettext(code)


def has_term(code: str) -> bool:
    """Return whether there is a word for the code."""
    try:
        term(code)
    except KeyError:
        return False
    return True


def _said(value: object) -> object:
    """Return a value as it goes into a template: a list in the language, a figure as it is, for the template's format.

    A message that is but a code, such as a season's, is said by the code's word.
    """
    if isinstance(value, Message) and not value.values and has_term(value.template):
        return term(value.template)
    if isinstance(value, (Message, BaseException)) or hasattr(value, "in_language"):
        return render(value)
    if isinstance(value, (list, tuple)):
        return listed([str(_said(item)) for item in value])
    return value
