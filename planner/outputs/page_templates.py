"""Templates of pages: text is escaped, a name that is not given is an error, and words are asked for in the page."""

from __future__ import annotations

from functools import cache

import jinja2

from planner.words import figures, language, listed, render, say, sentence, term

_LANG = {"zh": "zh-CN", "en": "en"}


def lang() -> str:
    """Return the language that is spoken, as HTML's ``lang`` names it."""
    return _LANG[language()]


@cache
def page_template(name: str, package: str = "planner.outputs", folder: str = "templates") -> jinja2.Template:
    """Return the template of this name in a folder of a package.

    It may call `say`, `term`, `sentence`, `render`, `listed`, `lang` and the functions of ``figures``, all in the language
    that is spoken when it is rendered; what they return is escaped as all text is.
    """
    loader = jinja2.PackageLoader(package, folder)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    words = {"say": say, "term": term, "sentence": sentence, "render": render, "listed": listed}
    environment.globals.update({**words, "lang": lang, "figures": figures})
    return environment.get_template(name)
