"""Templates of pages: text is escaped, and a name that is not given is an error."""

from __future__ import annotations

from functools import cache

import jinja2


@cache
def page_template(name: str, package: str = "planner.outputs", folder: str = "templates") -> jinja2.Template:
    """Return the template of this name in a folder of a package."""
    loader = jinja2.PackageLoader(package, folder)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template(name)
