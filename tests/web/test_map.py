"""The map of a dispute in a real browser: its words, its keys, and what is drawn of many outcomes."""

from __future__ import annotations

import json
from collections.abc import Callable
from shutil import copy

import pytest

from detente.examples import path as example_path
from tests.unit.web.serving import RIVER
from tests.web.browsing import HOSTILE, NAME, Tab, needs_chromium, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]


def test_map_is_drawn_navigated_and_played(tab: Tab) -> None:
    page = tab.open("graph")
    assert "6 states" in page.get_attribute("#canvas", "data-drawn")
    assert "State 1" in page.inner_text("#chosen")
    move = "Upstream country diverts the river and pays compensation: to state 3, an improvement"
    page.get_by_role("button", name=move).click()
    until(page, "document.querySelector('#chosen h2').textContent.startsWith('State 3')")
    page.get_by_role("button", name="Show the path from the status quo").click()
    until(page, "document.querySelector('#step').textContent === 'step 0 of 1'")
    page.get_by_label("One step forward").click()
    assert page.inner_text("#step") == "step 1 of 1"
    assert "Upstream country" in page.inner_text("#way-text")
    assert page.locator(".outcome.onward").get_attribute("data-number") == "3"
    for arrange, band in (
        ("layers", "1 move away"),
        ("preference", "Best for"),
        ("options", "divert the river or pay"),
    ):
        page.select_option("[name=arrange]", arrange)
        until(page, f"document.querySelector('#canvas').textContent.includes('{band}')")
        # All of it is in view again.
        until(
            page, "document.querySelector('#canvas svg').clientWidth <= document.querySelector('#canvas').clientWidth"
        )
        assert page.locator("#canvas .chosen").get_attribute("data-number") == "3"
    page.fill("[name=state]", "no such state")
    page.get_by_role("button", name="Find", exact=True).click()
    page.wait_for_selector("#chosen .problem")


def test_map_tells_outcomes_and_parties_by_words_dashes_and_letters(tab: Tab) -> None:
    page = tab.open("graph")
    stand_off = page.locator("#canvas [data-number='6'], #canvas [data-number='5']").filter(has_text="stand-off")
    assert "Upstream country diverts the river" in (stand_off.get_attribute("aria-label") or "")
    stand_off.hover()
    assert page.inner_text("#told").startswith("State 5, stand-off: as in the status quo, but Upstream country diverts")
    assert page.locator("#canvas").inner_text().count("Upstream country does not\ndivert") == 1
    page.select_option("[name=moves]", "all")
    marks = page.evaluate(
        "[...document.querySelectorAll('.move')].map(one => [one.dataset.player, one.getAttribute('stroke-dasharray')])"
    )
    assert {tuple(one) for one in marks} == {("upstream", None), ("downstream", "8 3")}
    letters = page.locator(".letters-on").all_text_contents()
    assert set(letters) == {"U", "D"}


def test_map_works_by_keyboard_alone_with_one_tab_stop(tab: Tab) -> None:
    copy(example_path("ukraine-2023"), tab.server.folder / "large.conflict.yaml")
    page = tab.open("graph", "large.conflict.yaml")
    until(page, "document.querySelector('#chosen h2')?.textContent.startsWith('State 323')")
    assert page.locator("#canvas [tabindex='0']").count() == 1
    before = page.locator(".outcome").count()
    page.focus("#fit")
    at = "document.activeElement.dataset.number ?? document.activeElement.id ?? ''"
    page.keyboard.press("Tab")
    assert page.evaluate(at) == "323"
    page.keyboard.press("ArrowRight")
    first = page.evaluate(at)
    assert first != "323"
    told = page.inner_text("#told")
    assert told.startswith(f"State {first}") and told == page.evaluate("document.activeElement.ariaLabel").removesuffix(
        " An equilibrium."
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(at) == first
    page.keyboard.press("Enter")
    until(page, f"document.querySelectorAll('.outcome').length > {before}")
    until(page, f"document.querySelector('#chosen h2').textContent.startsWith('State {first}')")
    assert page.evaluate(at) == first
    assert page.locator("#canvas [tabindex='0']").get_attribute("data-number") == first
    wide = page.evaluate("document.querySelector('#canvas svg').clientWidth")
    page.keyboard.press("+")
    assert page.evaluate("document.querySelector('#canvas svg').clientWidth") > wide
    page.keyboard.press("0")
    page.keyboard.press("Home")
    assert page.evaluate(at) == "323"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#canvas')") is None
    page.get_by_role("button", name="Start again").click()
    until(page, f"document.querySelectorAll('.outcome').length === {before}")


def test_map_of_hundreds_of_states_has_words_of_a_size_that_can_be_read(tab: Tab) -> None:
    copy(example_path("ukraine-2023"), tab.server.folder / "large.conflict.yaml")
    page = tab.open("graph", "large.conflict.yaml?focus=7")
    until(page, "document.querySelector('#chosen h2')?.textContent.startsWith('State 7')")
    assert "of 396 states: the status quo, the named outcomes" in page.inner_text("#said")
    sizes = "[...document.querySelectorAll('.outcome text')].map(one => one.getBoundingClientRect().height)"
    assert min(page.evaluate(sizes)) > 9
    # What was asked for is in view.
    inside = """(() => {
        const [a, b] = ['[data-number="7"]', '#canvas'].map(one => document.querySelector(one).getBoundingClientRect());
        return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
    })()"""
    assert page.evaluate(inside)
    until(page, "document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_hostile_names_on_the_map_are_only_text(tab: Tab) -> None:
    text = RIVER.replace("name: Upstream country", f"name: {json.dumps(HOSTILE[0])}")
    text = text.replace("Impose sanctions", json.dumps(HOSTILE[1])).replace(
        "stand-off:", f"{json.dumps(HOSTILE[2][:90])}:"
    )
    (tab.server.folder / "hostile.conflict.yaml").write_text(text, encoding="utf-8")
    page = tab.open("graph", "hostile.conflict.yaml")
    assert page.locator("#canvas :is(script, img)").count() == 0
    assert "<script>alert(1)</script>" in page.locator("#canvas").inner_html().replace("&lt;", "<").replace("&gt;", ">")


def test_map_of_an_unlistable_dispute_shows_one_neighbourhood(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("pages.MAX_STATES", "pages.MAX_DRAWN", "api.MAX_STATES"):
        monkeypatch.setattr(f"detente.web.{place}", 3)
    page = tab.open("graph")
    assert page.get_attribute("#canvas", "data-drawn") == "4 states"
    assert page.locator("[name=concept] option").all_inner_texts() == ["Nash"]
    page.fill("[name=state]", "YYN")
    page.get_by_role("button", name="Find", exact=True).click()
    until(page, "document.querySelector('#chosen h2').textContent.startsWith('State 3')")
    assert "Equilibrium under Nash." in page.inner_text("#chosen")
    assert "Upstream country Divert the river; Pay compensation" in page.inner_text("#chosen")


@pytest.mark.parametrize("width", [1280, 390])
def test_map_that_does_not_fit_shows_where_it_goes_on(new_tab: Callable[..., Tab], width: int) -> None:
    tab = new_tab(width=width)
    copy(example_path("ukraine-2023"), tab.server.folder / "large.conflict.yaml")
    tab.page.emulate_media(reduced_motion="reduce")
    page = tab.open("graph", "large.conflict.yaml")
    more = {
        side: page.get_by_role("button", name=f"More of the map: {side}") for side in ("left", "right", "up", "down")
    }
    until(page, "document.querySelector('#canvas').scrollWidth > document.querySelector('#canvas').clientWidth")
    more["right"].wait_for()
    # Its words stay as large as they can be read: 12 pixels, at the smallest scale.
    words = page.evaluate("document.querySelector('.outcome text').getBoundingClientRect().height")
    assert words >= 12 * 0.8
    at = "document.querySelector('#canvas').scrollLeft"
    before = page.evaluate(at)
    more["right"].focus()
    while more["right"].is_visible():
        page.keyboard.press("Enter")
        until(page, f"{at} > {before}")
        before = page.evaluate(at)
        page.evaluate("new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(tell)))")
    assert more["left"].is_visible()
    # The keyboard is on the map, and the last column can be seen whole.
    assert page.evaluate("document.activeElement.closest('#canvas') !== null")
    edges = page.evaluate(
        "[Math.max(...[...document.querySelectorAll('.outcome')].map(one => one.getBoundingClientRect().right)),"
        " document.querySelector('#canvas').getBoundingClientRect().right]"
    )
    assert edges[0] <= edges[1]
    for _ in range(12):
        page.get_by_role("button", name="Smaller").click()
    for button in more.values():
        button.wait_for(state="hidden")


def test_presented_map_on_a_phone_has_its_words_below(new_tab: Callable[..., Tab]) -> None:
    page = new_tab(390).open("graph", f"{NAME}?present=1")
    page.wait_for_selector("#chosen h2")
    words, canvas = (
        page.evaluate("(at) => document.querySelector(at).getBoundingClientRect().toJSON()", at)
        for at in ("#chosen", "#canvas")
    )
    assert words["top"] > canvas["bottom"] and words["width"] > 250
