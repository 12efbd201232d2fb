"""One map page: a folium map beside a panel, in one file that asks no host for anything.

Leaflet's own files are inlined from the installed package ``xstatic-leaflet``; what folium would load from the network is
left out, as nothing here uses it. All data stand in one element, as small as `packing` writes them. The same plan gives the
same file, byte by byte.

folium compiles every script it is given as a template, so it must never see a word of data: it lays out a page of
placeholders, and `_Data` puts the data in their places afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import folium
import jinja2
import shapely
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from xstatic.pkg import leaflet

from planner.outputs.maps.packing import Packing
from planner.outputs.names import spoken_name
from planner.outputs.notice import Told, notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import lang, page_template
from planner.words import render, say, term

_SCRIPTS = ("map.js", "packing.js", "drawing.js", "stages.js", "search.js")
"""The scripts of every map, in this order: the first has the name that the others add to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """One entry of the legend: a symbol (inline SVG made by `style`) and what it means."""

    symbol: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer that can be switched: GeoJSON features in lon/lat, listed under the question that it answers.

    ``symbol`` is inline SVG before the name. A feature's properties may hold ``style`` (Leaflet path options), ``icon`` with
    ``size`` (inline SVG instead of a circle), ``popup`` (title, and rows of label and value, all of them text), ``tooltip``
    (text), ``id`` (by which the search finds its pop-up), ``of`` (the id of a place whose pop-up it shows), ``stages``
    (numbers of the stages at which it is in view), ``minor`` (left out where villages are too close on the screen), ``pane``
    (the part of the map it belongs to) and one of ``v``, ``s``, ``t``: its village's, site's or township's number in what
    `map_page` is given of each stage. Others are handed to the script as they are, as ``part.feature.properties``.
    """

    question: str
    name: str
    features: Sequence[Mapping[str, Any]]
    symbol: str = ""
    legend: Sequence[Legend] = ()
    show: bool = True
    switchable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What stands beside the map: figures, and a table whose rows zoom to a bounding box and bring out their layer.

    ``proof`` says how good the result is; ``warning`` is what must not be missed; ``questions`` are the headings of layers
    in their order, those of no layer left out; ``stages`` are the names of the stages to choose from, ``dated`` whether they
    are years; ``alone`` is a page without a first page beside it.
    """

    page: str
    title: str
    figures: Sequence[tuple[str, str]]
    remarks: Sequence[str] = ()
    about: Sequence[str] = ()
    proof: Sequence[str] = ()
    warning: str = ""
    questions: Sequence[str] = ()
    stages: Sequence[str] = ()
    dated: bool = False
    table_head: Sequence[str] = ()
    table_rows: Sequence[Mapping[str, Any]] = field(default=())
    when: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What one kind of map has beside the frame that all share, in files of its own under ``assets``.

    ``scripts`` and ``styles`` are names of files there, inlined after those of the frame. A script puts a function into
    ``planner.additions``, which is called with the map and the page's data once all layers are drawn, and may listen to what
    the map tells of the frame: ``stage`` (``number``) when another stage is shown, ``layers`` when a layer is switched.
    ``controls`` are templates there, put into the panel above the layers; they see the panel as ``panel``, and what is
    ``given`` by its names. ``data`` is what the scripts read in ``planner.data``; ``hosts`` are where pictures may be asked
    for, none unless somebody chose one.
    """

    scripts: Sequence[str] = ()
    styles: Sequence[str] = ()
    controls: Sequence[str] = ()
    given: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
    hosts: Sequence[str] = ()


class Mapped(Told, Protocol):
    """What a page is about: a plan, or a study of its roads."""

    @property
    def id(self) -> str: ...


def begun(text: str) -> str:
    """Return a word of the catalogues as it begins a line."""
    return text[:1].upper() + text[1:]


def map_page(
    plan: Mapped,
    panel: Panel,
    layers: Sequence[Layer],
    search: Sequence[Mapping[str, Any]],
    *,
    links: PageLinks | None = None,
    more: Callable[[Packing], Mapping[str, object]] | None = None,
    additions: Sequence[Addition] = (),
) -> str:
    """Return the page as HTML; ``search`` has one entry a place: id, name, shown, latin, where, lon, lat.

    Without ``links`` the page stands alone: it has no index beside it and no other language. ``more`` gives
    what the script needs of each stage, ``additions`` what this map alone has.
    """
    west, south, east, north = (float(edge) for edge in shapely.bounds(plan.area.boundary))
    page = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        tiles=None,
        prefer_canvas=True,
        font_size="0.85rem",
        zoom_snap=0.25,
    )
    page.default_js, page.default_css = [], []
    data = _Data()
    drawn = [layer for layer in layers if layer.features]
    packing = Packing()
    start = {
        "layers": [{**packing.layer(layer.features), "show": layer.show} for layer in drawn],
        "search": packing.places(search),
        "counts": {"villages": len(plan.area.villages), "townships": len(plan.area.townships)},
        "bounds": [[south, west], [north, east]],
        "attribution": [*map(render, plan.area.attributions), term("internal_use")],
        "words": _script_words(),
        **({"stages": []} if more is None else more(packing)),
        **{name: value for one in additions for name, value in one.data.items()},
    }
    start |= packing.tables()
    _Start(page).add_to(page)
    figure = page.get_root()
    assert isinstance(figure, Figure)
    figure.title = data.html(escape(f"{panel.title} {spoken_name(plan.area)} {panel.when}".strip()))
    _inline(figure, additions)
    _Text(data.html(_panel(plan, panel, drawn, (links, additions)))).add_to(figure.html)
    figure.html._children.move_to_end(next(reversed(figure.html._children)), last=False)
    _Text(f'<script type="application/json" id="data">{data.json(start)}</script>').add_to(figure.html)
    _name_by_position(figure)
    return data.put_into(figure.render().replace("<html>", f'<html lang="{lang()}">', 1))


class _Data:
    """What the page says, kept out of folium's sight; folium gets a placeholder for each piece."""

    _PLACEHOLDER = re.compile(r"@data-(\d+)@")

    def __init__(self) -> None:
        self._pieces: list[str] = []

    def html(self, text: str) -> str:
        """Return the placeholder of a piece of HTML."""
        self._pieces.append(text)
        return f"@data-{len(self._pieces) - 1}@"

    def json(self, value: object) -> str:
        """Return the placeholder of a value as JSON that may stand in a page."""
        return self.html(htmlsafe_json_dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")))

    def put_into(self, page: str) -> str:
        """Return the page with every placeholder replaced, once: what looks like one in the data stays as it is."""
        return self._PLACEHOLDER.sub(lambda found: self._pieces[int(found[1])], page)


class _Text(Element):
    """Text that goes out as it is (an `Element` would read it as a template)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **kwargs: object) -> str:
        return self._text


class _Start(MacroElement):
    """Call the page's own script once the map is there."""

    _template = Template("{% macro script(this, kwargs) %}planner.start({{ this.map.get_name() }});{% endmacro %}")

    def __init__(self, page: folium.Map) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Start"
        self.map = page


def _script_words() -> dict[str, str]:
    """Return what the page's script and Leaflet say."""
    return {
        "nothing": say("Nothing found"),
        "zoom_in": say("Zoom in"),
        "zoom_out": say("Zoom out"),
        "close": say("Close"),
        "panel": say("Show or hide the panel"),
        "finished": say("Of the finished network only"),
        "kilometres": say("km"),
        "metres": say("m"),
    }


def _inline(figure: Figure, additions: Sequence[Addition]) -> None:
    own = ["map.css", *(name for one in additions for name in one.styles)]
    styles = "".join(f"<style>{text}</style>" for text in (_leaflet("leaflet.css"), *map(_asset, own)))
    hosts = " ".join(["data:", *(host for one in additions for host in one.hosts)])
    allowed = f"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src {hosts}"
    icon = '<link rel="icon" href="data:,">'
    policy = f'<meta http-equiv="Content-Security-Policy" content="{allowed}">'
    ours = [*_SCRIPTS, *(name for one in additions for name in one.scripts)]
    scripts = "".join(f"<script>{text}</script>" for text in (_leaflet("leaflet.js"), *map(_asset, ours)))
    _Text(icon + policy + styles + scripts).add_to(figure.header)


@cache
def _leaflet(name: str) -> str:
    text = (Path(leaflet.BASE_DIR) / name).read_text(encoding="utf-8")
    # the map file's name would be asked for by a browser's inspector, the images by controls that are not used
    kept = [row for row in text.splitlines() if not row.startswith("//# sourceMappingURL")]
    return "\n".join(kept).replace("url(images/", "url(data:,")


@cache
def _asset(name: str) -> str:
    return files("planner.outputs.maps").joinpath("assets", name).read_text(encoding="utf-8")


def _panel(
    plan: Mapped, panel: Panel, layers: Sequence[Layer], more: tuple[PageLinks | None, Sequence[Addition]]
) -> str:
    links, additions = more
    numbered = list(enumerate(layers))
    headings = dict.fromkeys([*panel.questions, *(layer.question for layer in layers)])
    groups = [(heading, [one for one in numbered if one[1].question == heading]) for heading in headings]
    controls = [(name, one.given) for one in additions for name in one.controls]
    return _template("panel.html").render(
        controls=[
            Markup(_template(name).render(given, panel=panel, plan=plan, begun=begun)) for name, given in controls
        ],
        plan=plan,
        begun=begun,
        area_name=spoken_name(plan.area),
        notice=notice_of_plan(plan),
        panel=panel,
        links=links,
        groups=[(heading, group) for heading, group in groups if group],
    )


def _template(name: str) -> jinja2.Template:
    return page_template(name, "planner.outputs.maps", "assets")


def _name_by_position(element: Element, number: int = 0) -> int:
    """Number the elements in their order: folium names them at random, and the same plan must give the same page."""
    element._id = f"{number:03d}"
    parts = [getattr(element, name) for name in ("header", "html", "script") if isinstance(element, Figure)]
    for child in [*parts, *element._children.values()]:
        number = _name_by_position(child, number + 1)
    return number
