"""Every page, in both themes and at both widths, by the rules of axe: names, roles, order of headings, contrast."""

from __future__ import annotations

import re
from collections.abc import Callable
from shutil import copy
from typing import Any

import pytest
from lxml import html

from detente.examples import path as example_path
from tests.unit.web.serving import PLANT, Serving, river_folder
from tests.web.browsing import READY, VIEWS, Tab, faults, needs_chromium, show, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

RIVER, OTHER, DATED = "river.conflict.yaml", "plant.conflict.yaml", "nile-dam.conflict.yaml"
#: The pages beside those that a test below sees with more on them (the list; Sources, Dispute, States of the river).
PAGES = (
    f"/overview/{RIVER}",
    f"/overview/{DATED}",
    f"/graph/{RIVER}",
    f"/dispute/{OTHER}",
    f"/states/{OTHER}",
    f"/timeline/{RIVER}",
    f"/timeline/{DATED}",
    f"/what-if/{DATED}?day=2021-07-08",
    "/states/missing.conflict.yaml",
)
QUESTIONS = ("evolve", "coalitions", "whose-word", "robust", "perceive")


@pytest.fixture
def server(empty: Serving) -> Serving:
    """A server on a folder with three disputes."""
    river_folder(empty.folder)
    (empty.folder / OTHER).write_text(PLANT, encoding="utf-8")
    copy(example_path("nile-dam"), empty.folder)
    return empty


@pytest.fixture
def page(tab: Tab) -> Any:
    tab.page.emulate_media(reduced_motion="reduce")
    show(tab.page, *VIEWS[0])
    return tab.page


@pytest.mark.parametrize("address", PAGES)
def test_pages_have_no_accessibility_violation(page: Any, server: Serving, address: str) -> None:
    page.goto(server.base + address)
    page.wait_for_selector("main h1" if "missing" in address else READY[address.split("/")[1]])
    assert faults(page) == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_have_no_accessibility_violation(page: Any, server: Serving, question: str) -> None:
    page.goto(f"{server.base}/questions/{RIVER}?ask={question}")
    page.click("#ask button.primary")
    until(page, "document.querySelector('#answer .told[data-state=done]')", 60)
    assert faults(page) == []


def test_axe_finds_what_only_one_view_has(page: Any, server: Serving) -> None:
    """Grey on grey in dark colours, and a button without a name on a phone: else these tests might see nothing."""
    page.goto(f"{server.base}/all")
    page.evaluate(
        """() => {
            const style = (rules) => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync(rules);
                document.adoptedStyleSheets.push(sheet);
            };
            style('@media (prefers-color-scheme: dark) { h1 { color: #555 !important } }');
            style('@media (min-width: 400px) { #unnamed { display: none } }');
            document.querySelector('main').insertAdjacentHTML('beforeend', '<button id="unnamed"></button>');
        }"""
    )
    assert {told.partition(":")[0] for told in faults(page)} == {"dark, color-contrast", "dark, button-name"}
    assert [told.partition(":")[0] for told in faults(page, within=["#unnamed"])] == ["dark, button-name"]


def test_what_is_measured_once_misses_no_text_that_is_hard_to_read(page: Any, server: Serving) -> None:
    """Texts that differ from a legible one in a single thing, each of which makes the contrast too low."""
    page.goto(f"{server.base}/all")
    cases = {
        "legible": ("", ""),
        "colour": ("", "color: #bbb"),
        "ground": ("", "background: #222"),
        "ground above": ("background: #222", ""),
        "picture and ground": ("background: #222 linear-gradient(#333, #333)", "color: #333; background: #444"),
        "paler": ("", "opacity: 0.3"),
        "paler above": ("opacity: 0.3", ""),
        "weight": ("", "font-size: 14pt; font-weight: 400; color: #888"),
        "size": ("", "font-size: 11pt; font-weight: 700; color: #888"),
        "out of its ground": ("", "margin: 0 0 0 400px; width: 200px"),
        "over another": ("position: relative", "position: absolute; top: 0; background: #222"),
    }
    page.evaluate(
        """(cases) => {
            const place = document.querySelector('main');
            place.replaceChildren();
            place.style.cssText = 'background: #333; color: #000; padding: 0; max-width: none; width: 1000px';
            const add = (name, above, own) => {
                const outer = place.appendChild(document.createElement('div'));
                const inner = outer.appendChild(document.createElement('p'));
                outer.style.cssText = `background: #fff; width: 300px; ${above}`;
                inner.style.cssText = own;
                inner.textContent = `A text: ${name}`;
            };
            // Legible texts that are large, or bold and large enough, stand before those that are not.
            add('large', '', 'font-size: 20pt; color: #888');
            add('bold', '', 'font-size: 14pt; font-weight: 700; color: #888');
            for (const [name, [above, own]] of Object.entries(cases)) add(name, above, own);
            add('legible again', '', '');
        }""",
        cases,
    )
    found = "\n".join(faults(page, VIEWS[:1], ["main"]))
    told = [name for name in (*cases, "large", "bold", "legible again") if f"A text: {name}<" in found]
    assert told == [name for name in cases if name != "legible"]


def test_statement_details_and_refusals_are_accessible(page: Any, server: Serving) -> None:
    page.goto(f"{server.base}/sources/{RIVER}")
    page.wait_for_selector("section.sources[data-ready]")
    page.locator("#s2 [data-details]").click()
    page.locator("#s2").get_by_role("button", name="Remove", exact=True).click()
    page.wait_for_selector("#s2 .refused")
    assert faults(page) == []
    page.goto(f"{server.base}/dispute/{RIVER}")
    page.wait_for_selector("section.dispute[data-ready]")
    page.get_by_label("Remove Upstream country").click()
    page.wait_for_selector(".maker > .refused")
    assert faults(page) == []


def test_kept_text_of_a_removed_file_is_accessible(page: Any, server: Serving) -> None:
    gone = server.folder / "gone.conflict.yaml"
    gone.write_text(PLANT, encoding="utf-8")
    page.goto(f"{server.base}/dispute/{gone.name}")
    page.wait_for_selector("section.dispute[data-ready]")
    gone.unlink()
    page.wait_for_selector("[data-notice=disk]")
    assert faults(page, within=["#notices"]) == []
    for address, within in ((f"/dispute/{gone.name}", "#notices"), ("/all", "html")):
        page.goto(server.base + address)
        page.wait_for_selector("#notices button")
        # The notice that the file is gone, above, has the same parts.
        assert faults(page, VIEWS[1:], [within]) == []


def terms(page: Any, table: str) -> Any:
    """The abbreviations in the heads of a table."""
    return page.locator(f"{table} thead button.term")


@pytest.mark.parametrize(("theme", "width"), VIEWS)
def test_a_concept_in_a_table_head_is_spelled_out_by_keyboard_pointer_and_screen_reader(
    page: Any, server: Serving, theme: str, width: int
) -> None:
    from playwright.sync_api import expect

    show(page, theme, width)
    page.goto(f"{server.base}/states/{RIVER}")
    page.wait_for_selector("#rows .mark")
    assert terms(page, "#table").all_inner_texts() == ["Nash", "GMR", "SMR", "SEQ", "SIM", "SSEQ"]
    seq, note = terms(page, "#table").nth(3), page.locator("#note-term-seq")
    expect(seq).to_have_accessible_name("SEQ")
    expect(seq).to_have_accessible_description(
        re.compile("^SEQ, sequential stability ?If the party moves to a state that it prefers")
    )
    seq.focus()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    assert note.inner_text().startswith("SEQ, sequential stability: If the party moves to a state that it prefers")
    box = note.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    if width == VIEWS[0][1]:
        assert faults(page) == []
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(seq).to_be_focused()
    seq.click()
    expect(note).to_be_visible()
    page.mouse.click(2, 2)
    expect(note).to_be_hidden()


def test_a_concept_in_a_table_head_is_spelled_out_by_touch(new_tab: Callable[..., Tab], server: Serving) -> None:
    from playwright.sync_api import expect

    page = new_tab(390, touch=True).page
    page.goto(f"{server.base}/questions/{RIVER}?ask=robust")
    page.tap("#ask button.primary")
    until(page, "document.querySelector('#answer .told[data-state=done]')", 60)
    # On a phone a table with sentences shows its rows one below the other, without its head.
    gmr = terms(page, "#answer table:not(.wordy)").filter(has_text=re.compile("^GMR$")).first
    expect(gmr).to_have_accessible_description(re.compile("^GMR, general metarationality"))
    gmr.tap()
    expect(page.locator("#note-term-gmr")).to_contain_text("GMR, general metarationality: ")


def test_a_page_spells_out_once_the_concepts_that_it_names(server: Serving) -> None:
    for address in ("states", "graph", "what-if", "questions"):
        summary = html.fromstring(server.client.get(f"/{address}/{RIVER}").text).xpath("//*[@id='terms']//summary")
        for spelled in (
            "Nash stability (rationality)", "GMR, general metarationality", "SMR, symmetric metarationality",
            "SEQ, sequential stability", "SIM, simultaneous stability", "SSEQ, symmetric sequential stability",
        ):  # fmt: skip
            assert [one.text_content().count(spelled) for one in summary] == [1]
