"""The timeline in a browser, by the keyboard alone: the day, what is behind a bar, and the dates that one enters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

import detente as dt
from detente.examples import path as example_path
from tests.unit.web.serving import Serving
from tests.web.browsing import Tab, needs_chromium, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

NAME, RIVER = "nile-dam.conflict.yaml", "river-sharing.conflict.yaml"


@pytest.fixture
def server(empty: Serving) -> Serving:
    for id in ("nile-dam", "river-sharing"):
        copy(example_path(id), empty.folder)
    return empty


@pytest.fixture
def page(new_tab: Callable[..., Tab]) -> Any:
    return new_tab(height=900).page


def tab_to(page: Any, selector: str, most: int = 80) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_day_is_chosen_by_key_and_followed_by_the_other_pages(page: Any, server: Serving) -> None:
    page.goto(f"{server.base}/timeline/{NAME}?concept=nash")
    tab_to(page, "#day")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("#chosen-day") == "8 July 2021"
    assert page.get_attribute("#day", "aria-valuetext") == "8 July 2021"
    assert page.inner_text("#on-day") == "Is it stuck? Yes. Equilibria: 3."
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.url.endswith("?concept=nash&day=2021-06-28")
    tab_to(page, "a[data-page=states]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rows button.mark")
    assert "the model of 2021-06-28" in page.inner_text(".of-day")
    expected = dt.load(Path(server.folder) / NAME).at("2021-06-28").analyze(["nash"])
    rows = page.evaluate("[...document.querySelectorAll('#rows tr .num')].map((one) => one.textContent)")
    assert set(rows) <= {str(state.number) for state in expected.states()}
    assert f" {expected.count} states" in f" {page.inner_text('#found')}" or str(expected.count) in page.inner_text(
        "#found"
    )
    # The other pages keep the day.
    for name, ready in (("graph", "#canvas[data-drawn]"), ("what-if", "#answer h2")):
        page.click(f"nav a[href^='/{name}/']")
        page.wait_for_selector(ready)
        assert "the model of 2021-06-28" in page.inner_text(".of-day")


def test_bar_and_edge_tell_who_said_what(page: Any, server: Serving) -> None:
    page.goto(f"{server.base}/timeline/{NAME}?concept=nash")
    tab_to(page, ".edge")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("#why h2")
    assert "What began this period" in page.inner_text("#why")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.classList.contains('bar')")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#why h2').textContent.includes('Ethiopia on')")
    assert "According to Egypt: against." in page.inner_text("#why")
    assert "promised in 2015 not to fill" in page.inner_text("#why")
    # The statement that a sentence cites is a link to its source.
    cited = [one.get_attribute("href") for one in page.locator("#why a.ground").all()]
    assert f"/sources/{NAME}#c9a" in cited


def test_same_facts_stand_in_tables(page: Any, server: Serving) -> None:
    page.goto(f"{server.base}/timeline/{NAME}?concept=nash")
    tab_to(page, ".as-tables summary", 120)
    page.keyboard.press("Enter")
    text = page.inner_text(".as-tables")
    assert "withdrawn, according to Ethiopia (g7); Egypt denies that in g8" in text
    assert "8 July 2021" in text


def test_act_is_entered_with_its_date(page: Any, server: Serving) -> None:
    page.goto(f"{server.base}/dispute/{RIVER}")
    page.wait_for_selector("section.dispute[data-ready]")
    page.focus("[data-key=add-act-date]")
    page.keyboard.type("2024-05-10")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Divert")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-key='act-date:0']")
    page.keyboard.press("Control+s")
    until(page, "document.querySelector('#status').textContent === 'Saved.'")
    saved = dt.load(Path(server.folder) / RIVER)
    assert [(act.date, act.by, act.takes) for act in saved.history] == [("2024-05-10", "upstream", ("divert",))]
    page.goto(f"{server.base}/timeline/{RIVER}?concept=nash")
    assert "10 May 2024" in page.inner_text("#lanes thead")


def test_wrong_date_of_an_act_is_refused_in_place(page: Any, server: Serving) -> None:
    page.goto(f"{server.base}/dispute/{RIVER}")
    page.wait_for_selector("section.dispute[data-ready]")
    page.focus("[data-key=add-act-date]")
    page.keyboard.type("soon")
    page.keyboard.press("Enter")
    page.wait_for_selector(".add .refused")
    assert "is not a date" in page.inner_text(".add .refused")


def test_date_of_a_statement_begins_a_period(page: Any, server: Serving) -> None:
    page.goto(f"{server.base}/sources/{RIVER}")
    page.wait_for_selector("section.sources[data-ready]")
    page.focus("#s2 [data-details]")
    page.keyboard.press("Enter")
    page.keyboard.type("2023-11-05")
    page.keyboard.press("Tab")
    until(page, "!document.querySelector('#save').disabled")
    page.keyboard.press("Control+s")
    until(page, "document.querySelector('#save').disabled")
    page.goto(f"{server.base}/timeline/{RIVER}?concept=nash")
    assert "5 November 2023" in page.inner_text("#lanes thead")


@pytest.mark.parametrize("width", [390, 1280])
def test_lanes_scroll_in_their_frame_not_the_page(page: Any, server: Serving, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{server.base}/timeline/{NAME}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
