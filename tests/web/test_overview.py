"""The overview in a real browser: the landing page of a dispute, by keyboard, on a phone, and what follows later."""

from __future__ import annotations

import re
from shutil import copy
from typing import Any

import pytest

from detente.examples import path as example_path
from tests.web.browsing import VIEWS, Tab, faults, needs_chromium, show, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

NILE = "nile-dam.conflict.yaml"


def opened(tab: Tab, name: str = NILE) -> Any:
    """Open the overview of a dispute, and wait until all of it is there."""
    if not (tab.server.folder / name).exists():
        copy(example_path(name.removesuffix(".conflict.yaml")), tab.server.folder)
    tab.page.goto(f"{tab.server.base}/overview/{name}")
    until(tab.page, "document.querySelector('#overview').dataset.state === 'whole'")
    return tab.page


def test_a_dispute_in_the_folder_leads_to_its_overview(tab: Tab) -> None:
    copy(example_path("nile-dam"), tab.server.folder)
    page = tab.page
    page.goto(f"{tab.server.base}/all")
    row = page.locator(".disputes li", has_text="A dam on the Nile")
    row.locator(".status").wait_for()
    said = row.locator(".status").inner_text()
    assert re.fullmatch(
        r"Stuck since 8 July 2021 · as of 9 July 2021 · Ethiopia, Egypt, Sudan · changed on \d+ \w+ \d{4}", said
    )
    row.get_by_role("link", name="A dam on the Nile").click()
    page.wait_for_selector("#overview")
    assert page.inner_text("h1") == "Is it stuck?"
    first = page.locator("nav[aria-label='Pages of this dispute'] a").first
    assert (first.inner_text(), first.get_attribute("aria-current")) == ("Overview", "page")


def test_the_overview_answers_the_three_questions_in_the_words_of_the_report(tab: Tab) -> None:
    from detente.io.conflict_file import load
    from detente.present.blocks import Bullets, Paragraph
    from detente.report.briefing import report

    page = opened(tab)
    assert [one.inner_text() for one in page.locator("#overview :is(h1, h2)").all()] == [
        "Is it stuck?",
        "Why?",
        "What would unstick it?",
        "Which outcomes would be stable?",
        "What is agreed, and what is disputed?",
        "How certain is that?",
        "What is assumed?",
        "Whose claims does it depend on?",
    ]
    assert "It has been stuck since 8 July 2021" in page.inner_text("#stuck")
    assert "Ethiopia could move in 3 ways but would gain from none of them" in page.inner_text("#why")
    assert "1 concession, by Egypt:" in page.inner_text("#ways")
    assert "1 change to the preferences of Egypt:" in page.inner_text("#ways")
    # The same words are on the first page of the report.
    shown = " ".join(page.inner_text("#overview").split())
    for block in report(load(example_path("nile-dam")), samples=200).document.first[:-1]:
        said = [block.text] if isinstance(block, Paragraph) else []
        if isinstance(block, Bullets):
            said = [f"{item.lead} {item.text}".strip() for item in block.items]
        for text in said:
            if "The chapter ‘" in text:
                text = text.partition(" The chapter ‘")[0]
            # The page marks a concession in the list of the steps.
            text = text.partition(" The concession")[0].removesuffix(".")
            assert " ".join(text.split()) in shown, text


def test_each_item_is_one_click_from_its_place(tab: Tab) -> None:
    places = {
        "State 24 in the table": "#rows button.mark",
        "Each disputed statement": "#ask[data-question=whose-word]",
        "Positions over time": "#lanes",
        "State 24 on the map": "#canvas[data-drawn]",
    }
    page = opened(tab)
    links = {name: page.get_by_role("link", name=name).first.get_attribute("href") for name in places}
    page.locator("#why").get_by_role("link", name="c2", exact=True).first.click()
    page.wait_for_selector("section.sources[data-ready]")
    assert page.url.endswith(f"/sources/{NILE}#c2")
    for name, place in places.items():
        page.goto(f"{tab.server.base}{links[name]}")
        page.wait_for_selector(place)
    until(page, "document.querySelector('#chosen').innerText.includes('24')")
    assert "find=24" in links["State 24 in the table"]


def test_the_overview_works_by_keyboard_alone(tab: Tab) -> None:
    page = opened(tab, "ukraine-2023.conflict.yaml")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    seen = []
    for _ in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "(at => [at.tagName, at.textContent.trim(), at.closest('.panel')?.id ?? ''])(document.activeElement)"
        )
        seen.append(tuple(at))
        if at[2] == "outcomes" and at[0] == "SUMMARY":
            break
    else:
        raise AssertionError(seen)
    # In the order of the page: the answer, the reasons, the ways, the outcomes.
    panels = list(dict.fromkeys(panel for _, _, panel in seen if panel))
    assert panels == ["stuck", "why", "ways", "outcomes"]
    page.keyboard.press("Enter")
    assert page.locator("#outcomes details").get_attribute("open") is not None
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith("State "):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#rows button.mark")


def test_the_keyboard_stays_where_it_is_when_more_ways_arrive(tab: Tab) -> None:
    copy(example_path("nile-dam"), tab.server.folder)
    page = tab.page
    held: list[Any] = []
    page.route("**/parts/overview/**", lambda route: held.append(route))
    page.goto(f"{tab.server.base}/overview/{NILE}")
    link = page.locator("#ways").get_by_role("link", name="State 38 in the table")
    link.focus()
    assert page.inner_text("#working") == "Looking for more ways…"
    assert "change to the preferences" not in page.inner_text("#ways")
    until(page, "true")
    while not held:
        page.wait_for_timeout(40)
    held[0].continue_()
    until(page, "document.querySelector('#overview').dataset.state === 'whole'")
    assert "change to the preferences of Egypt" in page.inner_text("#ways")
    assert page.evaluate("document.activeElement.textContent") == "State 38 in the table"


def test_a_dispute_with_many_states_shows_its_page_first_and_the_answer_when_ready(tab: Tab) -> None:
    options = "\n".join(
        f"  p{place}:\n    name: Party {place}\n    options: {{o{place}: Option {place}}}\n    preferences: [o{place}]"
        for place in range(11)
    )
    text = f"format: detente/1\ntitle: Many\ndecision_makers:\n{options}\nstatus_quo: []\n"
    (tab.server.folder / "many.conflict.yaml").write_text(text, encoding="utf-8")
    page = tab.page
    page.route("**/parts/overview/**", lambda route: route.abort())
    page.goto(f"{tab.server.base}/overview/many.conflict.yaml")
    assert page.inner_text("#stuck").startswith("Is it stuck?\n\nNo. The status quo (state 1) is not an equilibrium")
    assert page.locator("#outcomes").count() == 0
    page.get_by_role("link", name="Wait for the whole page").click()
    page.wait_for_selector("#outcomes")
    assert page.locator("#why li").count() == 11
    page.unroute("**/parts/overview/**")
    page = opened(tab, "many.conflict.yaml")
    assert page.inner_text("#stuck").startswith("Is it stuck?\n\nNo.")
    assert page.inner_text("#ways h2") == "Where could it go?"


@pytest.mark.parametrize("name", ["ukraine-2023.conflict.yaml", "chicken.conflict.yaml"])
def test_the_overview_fits_the_width(tab: Tab, name: str) -> None:
    page = opened(tab, name)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        boxes = [one.bounding_box() for one in page.locator(".panel").all()]
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert min(box["width"] for box in boxes) > 300


def test_the_overview_of_a_day_is_of_that_day(tab: Tab) -> None:
    copy(example_path("nile-dam"), tab.server.folder)
    tab.page.goto(f"{tab.server.base}/overview/{NILE}?day=2021-06-20")
    until(tab.page, "document.querySelector('#overview').dataset.state === 'whole'")
    assert "This page shows the model of 2021-06-20" in tab.page.inner_text("main")
    assert tab.page.inner_text("#stuck").startswith("Is it stuck?\n\nNot known")


def test_a_file_with_faults_says_so_in_the_folder(tab: Tab) -> None:
    (tab.server.folder / "bad.conflict.yaml").write_text("format: detente/1\ntitle: Bad\n", encoding="utf-8")
    tab.page.goto(f"{tab.server.base}/all")
    row = tab.page.locator(".disputes li", has_text="Bad")
    row.locator(".status").wait_for()
    assert row.locator(".status").inner_text().startswith("The file has faults:")


def test_outcome_is_named_undone_and_saved_by_keyboard(tab: Tab) -> None:
    page = opened(tab)
    file = tab.server.folder / NILE
    before = file.read_text(encoding="utf-8")
    # A named outcome has a name already.
    assert page.get_by_role("button", name="Name it: state 24").count() == 0
    name = page.locator("#outcomes").get_by_role("button", name=re.compile("^Name it")).first
    number = (name.get_attribute("aria-label") or "").rpartition(" ")[2]
    for given in ("a binding agreement", "<b>An agreement of two</b>"):
        name.focus()
        page.keyboard.press("Enter")
        page.keyboard.type(given)
        page.keyboard.press("Enter")
        if given == "a binding agreement":
            page.locator("#outcomes .refused").wait_for()
            assert "there is already a state 'a binding agreement'" in page.inner_text("#outcomes .refused")
            page.keyboard.press("Escape")
            assert name.evaluate("one => one === document.activeElement")
    page.locator("#notices [data-notice=unsaved]").wait_for()
    assert f"State {number} is called ‘<b>An agreement of two</b>’ in this tab." in page.inner_text("#notices")
    assert file.read_text(encoding="utf-8") == before
    page.get_by_role("button", name="Undo").click()
    kept = page.evaluate(f"JSON.parse(sessionStorage.getItem('detente-draft:{NILE}'))")
    assert kept["text"] == kept["saved"] == before
    assert page.locator("#notices [data-notice=unsaved]").count() == 0
    name.click()
    page.keyboard.type("an agreement of two")
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    until(page, "document.querySelector('#overview').dataset.state === 'whole'")
    assert "an agreement of two" in page.inner_text("#outcomes")
    assert "an agreement of two:" in file.read_text(encoding="utf-8")


def test_outcomes_are_compared_by_keyboard_and_by_address_and_are_accessible_and_fit(tab: Tab) -> None:
    page = opened(tab)
    page.get_by_role("button", name="Compare: state 24").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#compared td")
    assert page.evaluate("document.activeElement.id") == "compared"
    assert page.locator("#compared h2").first.inner_text() == "State 24 compared"
    told = page.inner_text("#compared")
    for heading in ("Who takes what", "Who prefers which", "Steps between them", "For whom each is stable, and why"):
        assert heading in told
    assert "Egypt: prefers state 24 (rank 2 of 24) to state 34 (rank 7)." in told
    assert page.locator("#compared").get_by_role("link", name="c2", exact=True).count() > 0
    page.reload()
    page.wait_for_selector("#compared td")
    page.get_by_label("Compare with").select_option(index=1)
    until(page, "!document.querySelector('#compared').innerText.includes('state 34 (rank 7)')")
    page.locator("#compared").focus()
    page.keyboard.press("Escape")
    assert page.locator("#compared").count() == 0 and "compare" not in page.url
    assert page.evaluate("document.activeElement.ariaLabel") == "Compare: state 24"
    page.get_by_role("button", name="Compare: state 24").click()
    page.wait_for_selector("#compared td")
    for theme, width in VIEWS:
        show(page, theme, width)
        until(page, f"innerWidth === {width} && document.documentElement.scrollWidth <= {width}")
        # With what it is compared is not cut.
        missing = "(one) => { const had = one.offsetWidth; one.style.maxWidth = 'none'; return one.offsetWidth - had; }"
        assert page.eval_on_selector("#compared select", missing) == 0
        page.eval_on_selector("#compared select", "(one) => one.style.maxWidth = ''")
    assert faults(page) == []
    page.get_by_role("button", name="Close").click()
