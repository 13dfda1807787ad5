"""Draw ``docs/images/web-*.png``: the pages of the web app, in Chromium.

python docs/draw_pages.py
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from detente import examples  # noqa: E402
from tests.unit.web.serving import RIVER, serving  # noqa: E402
from tests.web.browsing import browser, build, until  # noqa: E402

IMAGES = Path(__file__).parent / "images"
SIZE = {"width": 1280, "height": 800}
DISPUTE, SMALL, RIVER_FILE = "ukraine-2023.conflict.yaml", "elmira.conflict.yaml", "river.conflict.yaml"
DATED = "nile-dam.conflict.yaml"
#: A dispute whose documents are not read yet.
UNREAD_FILE = "unread.conflict.yaml"
UNREAD = """\
format: detente/1
title: A dam on the Nile
decision_makers:
  ethiopia: {name: Ethiopia, options: {fill: Fill the reservoir}}
  egypt: {name: Egypt, options: {council: Go to the Security Council}}
  sudan: {name: Sudan}
sources:
  - {id: courier, title: Talks on the dam fail, file: nile-dam-courier.txt}
  - {id: gazette, title: A claim about 2015, file: nile-dam-gazette.txt}
"""
REPORT = """\
Ministers trade warnings over the upper river

30 April 2024. The minister for water of the upstream country said that it would divert the river “whatever others may
say”, and that there would be “not a cent” for anybody downstream.

In the downstream capital the answer came within hours. “If they divert, we will answer with sanctions,” the foreign
minister told reporters. She recalled that “they promised to pay” at the meeting in March, which the upstream ministry
denies.

Observers in both countries expect talks in May.
"""


def _why(page: Any) -> None:
    """Show the equilibria by SEQ, and ask why the first one with a name is stable."""
    page.click(".holding [data-show=seq]")
    until(page, "document.querySelectorAll('#rows .eq').length && !document.querySelector('#rows .waiting')")
    page.wait_for_timeout(500)
    page.click("#rows tr:has(td.name bdi:not(:empty)) .mark[data-cell*=':seq:']")
    until(page, "document.querySelector('#why .reading')")


def _layers(page: Any) -> None:
    page.select_option("[name=arrange]", "layers")


def _asked(page: Any) -> None:
    page.click("#ask button.primary")
    until(page, "document.querySelector('#answer .told')", 120)
    page.evaluate("document.querySelector('#answer').scrollIntoView()")


def _behind_a_bar(page: Any) -> None:
    """Read what is behind a position that only another side reports."""
    page.click(".lanes .bar.reported")
    until(page, "document.querySelector('#why .reading')")


def _triaged(page: Any) -> None:
    """Read the documents, and accept statements up to the first from which something is proposed."""
    page.click("[data-read='']")
    until(page, "document.querySelector('#status').textContent.includes('found')", 120)
    page.focus(".card.proposed")
    while not page.locator(".wishes").count():
        page.keyboard.press("a")
        until(
            page,
            "document.querySelector('#status').textContent.includes('accepted') && !document.querySelector('.decided')",
        )
    page.evaluate("document.querySelector('.wishes').scrollIntoView({block: 'center'})")


def _as_it_is(page: Any) -> None:
    """Show a page as it opens."""


@dataclass(frozen=True)
class Picture:
    """A page to be drawn: its address, in which colours, and what is done on it first."""

    name: str
    address: str
    theme: str = "light"
    first: Callable[[Any], None] = _as_it_is


PICTURES = (
    Picture("overview", f"/overview/{DATED}?whole=true"),
    Picture("dispute", f"/dispute/{DISPUTE}"),
    Picture("sources", f"/sources/{UNREAD_FILE}", first=_triaged),
    Picture("states", f"/states/{DISPUTE}", first=_why),
    Picture("timeline", f"/timeline/{DATED}?concept=nash&concept=seq", first=_behind_a_bar),
    Picture("graph", f"/graph/{SMALL}", first=_layers),
    Picture("robustness", f"/questions/{DISPUTE}?ask=robust", first=_asked),
)


def main() -> None:
    """Write the pictures."""
    build()
    with TemporaryDirectory() as place:
        folder = Path(place)
        for id in ("ukraine-2023", "elmira", "nile-dam"):
            copy(examples.path(id), folder)
        for document in examples.path("nile-dam").parent.glob("nile-dam-*.txt"):
            copy(document, folder)
        (folder / RIVER_FILE).write_text(RIVER, encoding="utf-8")
        (folder / UNREAD_FILE).write_text(UNREAD, encoding="utf-8")
        (folder / "daily.txt").write_text(REPORT, encoding="utf-8")
        with serving(folder) as server, browser() as chromium:
            for picture in PICTURES:
                page = chromium.new_page(viewport=SIZE, color_scheme=picture.theme)
                page.goto(server.address)
                page.goto(server.base + picture.address)
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(700)
                picture.first(page)
                page.wait_for_timeout(700)
                page.screenshot(path=IMAGES / f"web-{picture.name}.png")
                page.close()


if __name__ == "__main__":
    main()
