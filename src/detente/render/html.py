"""Blocks as HTML: fragments for pages and notebooks, and a report as a page that needs nothing else.

Every text is escaped as it comes; only a figure, which we drew ourselves, is taken as it is. A page of a report has no
scripts and nothing from elsewhere, and is for light and dark screens and for paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib import resources
from typing import Any
from urllib.parse import quote

from detente.lazy import dataclass
from detente.present.blocks import (
    MAX_BRIEF,
    Block,
    Bullets,
    Cell,
    Column,
    Facts,
    Figure,
    Heading,
    Item,
    PageLink,
    Paragraph,
    ReportDocument,
    Row,
    Table,
)
from detente.present.phrases import shortened
from detente.render.links import NOWHERE, Links
from detente.render.svg import svg_text
from detente.text import printable, unbroken

#: In a page of the web app a name is cut at so many characters, and any other text.
_MAX_NAME, MAX_TEXT = 120, 4_000


@dataclass(frozen=True)
class Page:
    """What the page around some blocks knows, so that they can link to it.

    ``dispute`` is the dispute's name in the addresses of the web app, whose pages show a state as one cell, with
    letters in the colours of ``options``; ``day`` is what an address of a state says about the day. ``rest`` is the
    address of what is behind the words ``more``, to which a block's place is added. Without a dispute all links stay
    within the page, and a state is spread over columns.
    """

    links: Links = NOWHERE
    dispute: str = ""
    options: Sequence[Mapping[str, Any]] = ()
    rest: str = ""
    day: str = ""

    def address(self, place: str) -> str:
        """Return the address of a place that links lead to."""
        return f"/sources/{quote(self.dispute)}#{place}" if self.dispute else f"#{place}"


#: A page that knows nothing, such as a notebook.
NO_PAGE = Page()


def fragment(blocks: Iterable[Block], page: Page = NO_PAGE) -> str:
    """Return blocks as HTML."""
    return "\n".join(_blocks(blocks, page))


def html_text(document: ReportDocument) -> str:
    """Return a report as a page."""
    page = Page(Links.of(document.blocks))
    styles = resources.files("detente.render").joinpath("templates", "report.css").read_text(encoding="utf-8")
    title = _plain(document.title)
    summary = f'<p class="summary" dir="auto">{_plain(document.summary)}</p>\n' if document.summary else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{styles}
</style>
</head>
<body>
<main>
<header>
<h1 dir="auto">{title}</h1>
<p class="subtitle" dir="auto">{_plain(document.subtitle)}</p>
{summary}</header>
<section class="first" aria-label="The answer">
{fragment(document.first, page)}
</section>
<section>
{fragment(document.rest, page)}
</section>
</main>
</body>
</html>
"""


def unbroken_html(text: str) -> str:
    """Return a text, escaped, in which no line breaks within an identifier that has a hyphen."""
    return "".join(
        f'<span class="whole">{escape(part)}</span>' if together else escape(part)
        for part, together in unbroken(printable(text))
    )


def _taken_in_words(pattern: str, options: Sequence[Mapping[str, Any]]) -> str:
    """Say which options are taken at a state: ``Upstream: Divert the river; Downstream: Impose sanctions``."""
    by_owner: dict[str, list[str]] = {}
    for letter, option in zip(pattern, options, strict=False):
        if letter == "Y":
            by_owner.setdefault(option["owner"], []).append(option["label"])
    return "; ".join(f"{owner}: {', '.join(labels)}" for owner, labels in by_owner.items()) or "no option is taken"


def _blocks(blocks: Iterable[Block], page: Page) -> Iterator[str]:
    heading = ""
    for place, block in enumerate(blocks):
        match block:
            case Heading(text, level):
                heading = text
                yield f'<h{level + 1} dir="auto">{_plain(text)}</h{level + 1}>'
            case Paragraph():
                yield _paragraph(block, page, "verdict" if not place and not block.lead else "")
            case Bullets():
                tag = "ol" if block.numbered else 'ul class="points"'
                yield f"<{tag}>\n{''.join(_item(item, page) for item in block.items)}</{tag[:2]}>"
                if block.rest and page.dispute and not page.rest:
                    others = f"<{tag}>{''.join(_item(item, page) for item in block.rest)}</{tag[:2]}>"
                    yield f'<details class="rest"><summary>{_plain(block.more)}</summary>{others}</details>'
                else:
                    yield from _rest(block.more, place, page)
            case Facts(pairs):
                facts = "".join(f"<dt>{_plain(name)}</dt><dd>{_plain(value)}</dd>\n" for name, value in pairs)
                yield f"<dl>\n{facts}</dl>"
            case Table():
                yield from _table(block if page.dispute else block.spread(), heading, page)
                yield from _rest(block.more, place, page)
            case Figure(caption=caption):
                yield (
                    f'<figure class="picture">\n<div class="scroll" tabindex="0">\n{svg_text(block)}\n</div>\n'
                    f"<figcaption>{_plain(caption)}</figcaption>\n</figure>"
                )


def _plain(text: str) -> str:
    return escape(printable(text))


def _said(text: str, page: Page, listed: bool = False) -> str:
    """Return a text with links from what it cites."""
    links = page.links
    made = []
    for piece, place in links.pieces(shortened(text, MAX_TEXT) if page.dispute else text, listed):
        shown = unbroken_html(piece)
        if place:
            title = f' title="{_plain(links.titles[place][:300])}"' if place in links.titles else ""
            kind = ' class="ground"' if page.dispute else ""
            shown = f'<a{kind} href="{escape(page.address(place))}"{title}>{shown}</a>'
        made.append(shown)
    return "".join(made)


def _led(lead: str, text: str, page: Page) -> str:
    return f"<strong>{_plain(lead)}</strong> {_said(text, page)}" if lead else _said(text, page)


def _paragraph(block: Paragraph, page: Page, kind: str) -> str:
    kind = "small fine" if block.small else kind
    text = _led(block.lead, block.text, page)
    if block.link:
        text += f" {_link(block.link, page)}" if page.dispute else f" {_plain(block.link.words)}."
    return f'<p dir="auto"{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}>{text}</p>'


def _link(link: PageLink, page: Page) -> str:
    """Return a link to another page of the dispute, for the day that this page shows."""
    asked = "&".join(filter(None, [link.query, page.day]))
    address = f"/{link.page}/{quote(page.dispute)}{f'?{asked}' if asked else ''}{f'#{link.at}' if link.at else ''}"
    return f'<a href="{escape(address)}">{_plain(link.words)}</a>'


def places(links: Sequence[PageLink], page: Page) -> str:
    """Return links to other pages of the dispute as a line; empty where there is none."""
    return f'<p class="places fine">{" ".join(_link(one, page) for one in links)}</p>' if links else ""


def _item(item: Item, page: Page) -> str:
    points = "".join(f'<li dir="auto">{_said(point, page)}</li>\n' for point in item.points)
    finer = f"\n<ul>\n{points}</ul>\n" if points else ""
    if item.links and page.dispute:
        finer += places(item.links, page)
    return f'<li dir="auto"{_id(item.anchor, page)}>{_led(item.lead, item.text, page)}{finer}</li>\n'


def _id(anchor: str, page: Page) -> str:
    place = "" if page.dispute else page.links.place(anchor)
    return f' id="{place}"' if place else ""


def _rest(more: str, place: int, page: Page) -> Iterator[str]:
    if more and page.rest:
        yield (
            f'<details class="rest"><summary>{_plain(more)}</summary>'
            f'<div data-rest="{escape(page.rest)}{place}" aria-live="polite"></div></details>'
        )
    elif more:
        yield f'<p class="small fine">… {_plain(more)}.</p>'


def _table(table: Table, heading: str, page: Page) -> Iterator[str]:
    if not table.rows:
        yield '<p class="small fine">None.</p>'
        return
    if table.shares and page.dispute:
        shades = "".join(f'<span class="heat-{level}"></span>' for level in range(11))
        yield f'<p class="heat-key fine" aria-hidden="true">none {shades} all</p>'
    groups = "".join(
        f'<th colspan="{span}" scope="colgroup" class="group" dir="auto">{_plain(text)}</th>'
        if text
        else f'<td colspan="{span}"></td>'
        for text, span in table.groups
    )
    heads = "".join(
        f'<th scope="col" class="is-{one.kind}" dir="auto">{_plain(one.head)}</th>' if one.head else "<td></td>"
        for one in table.columns
    )
    rows = "".join(_row(table, place, row, page) for place, row in enumerate(table.rows))
    caption = f'<caption dir="auto">{_plain(table.caption)}</caption>\n' if table.caption else ""
    yield (
        f'<div class="table-scroll plain" tabindex="0" role="region" aria-label="{_plain(heading or "Table")}">'
        f'<table class="told{" wordy" if table.wordy else ""}">\n{caption}<thead>\n'
        f"{f'<tr>{groups}</tr>{chr(10)}' if groups else ''}<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}</tbody>\n"
        "</table></div>"
    )


def _row(table: Table, place: int, row: Row, page: Page) -> str:
    cells = []
    for at, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
        tag = "td" if at else 'th scope="row"'
        head = f' data-head="{_plain(column.head)}"' if at and table.wordy else ""
        shown = _state(cell, page) if isinstance(cell, Cell) else _said(cell, page, at in table.linked)
        cells.append(f'<{tag} class="{_kinds(column, cell)}"{head} dir="auto">{shown}</{tag[:2]}>')
    strong = ' class="strong"' if place in table.strong else ""
    anchor = _id(table.anchors[place], page) if table.anchors else ""
    return f"<tr{strong}{anchor}>{''.join(cells)}</tr>\n"


def _kinds(column: Column, cell: str | Cell) -> str:
    """Return the classes of a cell."""
    kinds: list[str] = [f"is-{column.kind}"]
    if isinstance(cell, str):
        kinds += ["long"] if len(cell) > MAX_BRIEF else ["brief"] if len(cell) < 15 else []
    elif cell.share is not None:
        kinds += ["heat", f"heat-{cell.heat}"]
    elif not cell.pattern:
        kinds += ["sign"]
    return " ".join(kinds)


def _state(cell: Cell, page: Page) -> str:
    """Return what stands in a cell that is more than text: a state, a sign with what it means, a share."""
    text = _plain(shortened(cell.text, _MAX_NAME) if page.dispute else cell.text)
    if cell.pattern:
        day = f"&amp;{escape(page.day)}" if page.day else ""
        address = f"/states/{quote(page.dispute)}?find={cell.number}{day}"
        number = f'<a class="number" href="{address}">{cell.number}</a> '
        name = f' <bdi class="name">{text}</bdi>' if text else ""
        return f'<span class="which-state">{number if cell.number else ""}{_letters(cell.pattern, page)}</span>{name}'
    if cell.note:
        spoken = f"{text} {_plain(cell.note)}" if cell.share is not None else _plain(cell.note)
        return f'<span aria-hidden="true" title="{_plain(cell.note)}">{text}</span><span class="sr">{spoken}</span>'
    return text


def _letters(pattern: str, page: Page) -> str:
    """Return the letters of a state in the colours of those whose options they are."""
    if len(pattern) != len(page.options):
        return f'<span class="pattern">{escape(pattern)}</span>'
    words = _plain(shortened(_taken_in_words(pattern, page.options), 600))
    letters = "".join(
        f'<span class="l{" yes" if letter == "Y" else ""} party-{option["party"]}'
        f'{" first" if option["first"] else ""}">{letter}</span>'
        for letter, option in zip(pattern, page.options, strict=True)
    )
    return f'<span class="letters pattern" role="img" aria-label="{words}" title="{words}">{letters}</span>'
