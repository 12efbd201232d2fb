"""Commands whose help and errors are in the language that is spoken.

What typer asks of gettext is bound by `planner.words.click_words.speak_click`, before it first says something; what it
says without asking is put into words here, and so are the help texts of our own: in the source they are English, in the
docstrings of commands and in ``help=``, where `scripts.words` finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from rich.columns import Columns
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from planner.words import say_help
from planner.words.click_words import click_text, click_word

if TYPE_CHECKING:
    from typer.core import TyperCommand as _Command  # for what follows, a group is one, too
else:
    _Command = object


_Function = TypeVar("_Function", bound=Callable[..., Any])


class _Spoken(_Command):
    """Puts help texts, usage, the help option and the names of types into words."""

    _help: str | None = None
    _epilog: str | None = None

    @property
    def help(self) -> str | None:
        return say_help(self._help)

    @help.setter
    def help(self, text: str | None) -> None:
        self._help = text

    @property
    def epilog(self) -> str | None:
        return say_help(self._epilog)

    @epilog.setter
    def epilog(self, text: str | None) -> None:
        self._epilog = text

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from typer import rich_utils  # costs time, and only help needs it

        vars(rich_utils).update(Table=_FoldingTable, Columns=_FoldingColumns)
        for parameter in self.params:
            words = vars(parameter)
            words["help"] = say_help(words.setdefault("english_help", words.get("help")))
        super().format_help(ctx, formatter)

    def get_usage(self, ctx: Any) -> str:
        usage, space, rest = super().get_usage(ctx).partition(" ")
        said = click_word(usage)
        return f"{said}{space if said == usage else ''}{rest}"

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [click_word(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None and option.help:
            option.help = click_word(option.help)
        return option

    def get_params(self, ctx: Any) -> Any:
        parameters = super().get_params(ctx)
        for parameter in parameters:
            shown = getattr(parameter, "display_type", None)
            if shown is not None and "display_type" not in vars(parameter):
                vars(parameter)["display_type"] = lambda ctx, shown=shown: click_word(shown(ctx))
        return parameters


def _folding(cells: Iterable[Any]) -> list[Any]:
    """Return cells that break anywhere: Chinese has no spaces to break at, and typer would cut it off."""
    made = list(cells)
    for cell in made:
        if isinstance(cell, Text):
            cell.overflow = "fold"
    return made


class _FoldingTable(Table):
    def add_row(self, *cells: Any, **settings: Any) -> None:
        super().add_row(*_folding(cells), **settings)


class _FoldingColumns(Columns):
    def __init__(self, cells: Iterable[Any], **settings: Any) -> None:
        super().__init__(_folding(cells), **settings)


class SpokenCommand(_Spoken, TyperCommand):
    """A command whose help is in the language that is spoken."""


class SpokenGroup(_Spoken, TyperGroup):
    """A group of such commands; it puts the errors of all into words, too."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        with _errors_in_words():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        with _errors_in_words():
            return super().invoke(ctx)


class SpokenTyper(typer.Typer):
    """An app of such groups and commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"cls": SpokenGroup} | settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[_Function], _Function]:
        return super().command(name, **{"cls": SpokenCommand} | settings)


@contextmanager
def _errors_in_words() -> Iterator[None]:
    """Let an error of the command line say its message in words; what click it is of does not matter."""
    try:
        yield
    except Exception as error:
        say_it = getattr(error, "format_message", None)
        if say_it is not None:
            said = click_text(say_it())
            vars(error)["format_message"] = lambda: said
        raise
