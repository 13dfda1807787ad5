"""Blocks as HTML: states in one cell or in columns, links, what is behind 'more', and text that stays text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lxml import html

from detente.present import blocks
from detente.present.blocks import STATEMENT_ANCHOR, Bullets, Cell, Column, Item, PageLink, Paragraph, Table, table
from detente.render import latex, markdown
from detente.render.html import Page, _taken_in_words, fragment, unbroken_html
from detente.render.links import Links

OPTIONS = [
    {"owner": "Upstream", "label": "Divert", "party": 0, "first": True},
    {"owner": "Upstream", "label": "Pay", "party": 0, "first": False},
    {"owner": "Downstream", "label": "Sanction", "party": 1, "first": True},
]
STATES = table(
    [Column("State", kind="state"), Column("Nash", kind="mark")],
    [(Cell("standoff", 6, "YNY", here=True), Cell("50%", share=0.5)), (Cell("", 1, "NNN"), "·")],
)


def page(**known: object) -> Page:
    return Page(dispute="river/a b.yaml", options=OPTIONS, **known)  # type: ignore[arg-type]


def test_state_cell_has_its_options_as_accessible_text() -> None:
    assert _taken_in_words("YNY", OPTIONS) == "Upstream: Divert; Downstream: Sanction"
    assert _taken_in_words("NNN", OPTIONS) == "no option is taken"


def test_state_is_one_cell_on_a_page_and_columns_elsewhere() -> None:
    shown = html.fromstring(f"<div>{fragment([STATES], page())}</div>")
    assert [th.text_content() for th in shown.xpath("//thead//th")] == ["State", "Nash"]
    assert shown.xpath("//tbody/tr[1]//a/@href") == ["/states/river/a%20b.yaml?find=6"]
    assert shown.xpath("//tbody/tr[1]//*[@role='img']/@title") == ["Upstream: Divert; Downstream: Sanction"]
    alone = html.fromstring(f"<div>{fragment([STATES])}</div>")
    assert [th.text_content() for th in alone.xpath("//thead//th")] == ["No.", "State", "Name", "Nash"]
    assert alone.xpath("//tr[@class='strong']/*/text()") == ["6", "YNY", "standoff (status quo)", "50%"]


def test_statement_links_to_its_quote_on_the_sources_page() -> None:
    links = Links({f"{STATEMENT_ANCHOR}s1": "s1"}, {"s1": 'said "so"'})
    shown = html.fromstring(fragment([Paragraph("not paid [s1, s9]")], page(links=links)))
    assert shown.xpath("//a/@href") == ["/sources/river/a%20b.yaml#s1"]
    assert shown.xpath("//a/@title") == ['said "so"']
    assert shown.text_content() == "not paid [s1, s9]"


def test_hidden_rows_are_fetched_from_the_given_address() -> None:
    long = Bullets((Item("one"),), rest=(Item("two"),), more="1 more")
    assert 'data-rest="/parts/job/x/1"' in fragment([Paragraph("First."), long], page(rest="/parts/job/x/"))
    assert "… 1 more." in fragment([long])
    assert "two" not in fragment([long])


def test_page_link_is_plain_text_in_a_notebook() -> None:
    block = Paragraph("To ask, say it first.", link=PageLink("Say it", "dispute", "views"))
    assert 'href="/dispute/river/a%20b.yaml#views"' in fragment([block], page())
    assert "<a" not in fragment([block])


def test_hostile_text_is_escaped() -> None:
    name = "<script>alert(1)</script>"
    cells = table([Column("State", kind="state"), name], [(Cell(name, 1, "Y", note=name), name)])
    for known in (page(), Page()):
        assert "<script" not in fragment([cells, Paragraph(name, name), Bullets((Item(name, name, (name,)),))], known)
    assert unbroken_html("<b> ban-talks") == '&lt;b&gt; <span class="whole">ban-talks</span>'


@pytest.mark.parametrize("written", [fragment, markdown.markdown_text, latex.latex_text])
def test_a_table_is_looked_through_a_few_times(written: Callable[[Any], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a row stands out was found for every row anew, by a look at all rows."""
    looked: list[object] = []
    here = blocks._here
    monkeypatch.setattr(blocks, "_here", lambda cell: looked.append(cell) or here(cell))
    rows = tuple((Cell(f"{place}", here=place == 7), "zinc") for place in range(50))
    table = Table((Column("A"), Column("B")), rows)
    document = blocks.ReportDocument("T", "", "", (), (table,))
    text = written([table] if written is fragment else document)
    assert text.count("zinc") == 50
    # Once, and again for each form that the table is brought into.
    assert len(looked) <= 4 * 2 * len(rows)
