"""A report as one HTML page: no scripts, nothing from elsewhere, for light and dark screens and for paper."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from detente.errors import InputError
from detente.io.text import printable
from detente.present.blocks import Document, block_data
from detente.present.phrases import unbroken
from detente.render.links import NOWHERE, Links

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def html_text(document: Document) -> str:
    """Return a document as a page.

    Raises
    ------
    InputError
        When Jinja2 is not installed: it comes with the ``report`` extra.
    """
    styles = resources.files("detente.render").joinpath("templates", "report.css").read_text(encoding="utf-8")
    page = _environment().get_template("report.html.j2")
    first = [block_data(block) for block in document.first]
    rest = [block_data(block) for block in document.rest]
    links = Links.of(document)
    return page.render(document=document, styles=styles, first=first, rest=rest, links=links)


def summary_html(document: Document) -> str:
    """Return what is told first as a fragment, for a notebook."""
    part = _environment().get_template("first.html.j2")
    return part.render(document=document, first=[block_data(block) for block in document.first], links=NOWHERE)


def unbroken_html(text: object) -> Markup:
    """Return a text, escaped, in which no line breaks within an identifier that has a hyphen."""
    from markupsafe import Markup, escape

    kept = Markup('<span class="whole">{}</span>')
    return Markup("").join(kept.format(part) if together else escape(part) for part, together in unbroken(str(text)))


def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise InputError("a report as HTML needs Jinja2: install detente[report]") from error
    made = Environment(
        loader=PackageLoader("detente.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    made.filters["whole"] = lambda text: unbroken_html(printable(text))
    return made
