"""Every page's main path in a real browser, and what might go wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.unit.web.serving import RIVER
from tests.web.browsing import HOSTILE, NAME, Tab, needs_chromium, on_disk, text_of, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

PAGES = ("dispute", "sources", "states", "graph", "what-if", "questions")


def test_front_page_lists_the_folder(tab: Tab) -> None:
    tab.enter().get_by_role("link", name=NAME).click()
    tab.page.wait_for_selector("#overview")
    assert tab.page.inner_text("h1") == "Is it stuck?"


def test_states_are_filtered_ordered_and_explained(tab: Tab) -> None:
    page = tab.open("states")
    assert page.locator("#rows tr:not(.space)").count() == 6
    page.get_by_role("button", name=re.compile("State 3, SEQ, Upstream country: stable, an equilibrium")).click()
    page.wait_for_selector("#why h2")
    assert "is SEQ stable for Upstream country" in page.inner_text("#why")
    page.select_option("[name=equilibria]", "nash")
    until(page, "document.querySelector('#found').textContent.startsWith('1 of 6')")
    assert page.locator("#rows th").inner_text() == "3"
    page.select_option("[name=equilibria]", "")
    page.select_option("[name=sort]", "downstream")
    until(page, "document.querySelector('#rows th')?.textContent === '1'")
    page.get_by_text("Options and concepts").click()
    page.get_by_label("Impose sanctions", exact=True).select_option("Y")
    until(page, "document.querySelector('#found').textContent.startsWith('3 of 6')")
    assert all("Y" in text for text in page.locator("#rows .pattern").all_inner_texts())


def test_columns_fit_the_page_with_party_letters(tab: Tab) -> None:
    from detente import examples

    text = examples.path("ukraine-2023").read_text("utf-8")
    (tab.server.folder / "large.conflict.yaml").write_text(text, encoding="utf-8")
    page = tab.open("states", "large.conflict.yaml")
    page.wait_for_selector("#table.settled")
    until(page, "document.fonts.status === 'loaded'")
    until(page, "(box => box.scrollWidth <= box.clientWidth)(document.querySelector('#scroll'))")


@pytest.mark.parametrize("width", [1280, 390])
def test_three_letter_party_labels_fit(tab: Tab, width: int) -> None:
    text = RIVER.replace("Upstream country", "Minister Anna").replace("Downstream country", "Minister Amos")
    (tab.server.folder / NAME).write_text(text, encoding="utf-8")
    tab.page.set_viewport_size({"width": width, "height": 800})
    page = tab.open("states")
    until(page, "document.querySelector('#table.settled')")
    assert page.locator("th.who abbr").all_inner_texts()[:2] == ["MAn", "MAm"]
    page.wait_for_timeout(300)
    boxes = [one.bounding_box() for one in page.locator("th.who abbr").all()]
    assert all(one["x"] + one["width"] <= other["x"] for one, other in pairwise(boxes))


def test_table_is_navigated_by_keyboard(tab: Tab) -> None:
    page = tab.open("states")
    page.locator("#rows button.mark").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.cell") == "2:nash:downstream"
    page.keyboard.press("Enter")
    page.wait_for_selector("#why h2")


def test_forms_and_text_stay_in_step(tab: Tab) -> None:
    page = tab.open("dispute")
    page.get_by_label("New option of Downstream country").fill("Ask a court")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('.cm-content').innerText.includes('ask-a-court: Ask a court')")
    assert "# the works have not begun" in text_of(page)
    field = page.get_by_label("Name of option divert")
    field.fill("Dig the canal")
    field.blur()
    until(page, "document.querySelector('.cm-content').innerText.includes('divert: Dig the canal')")
    # And the other way round.
    page.locator(".cm-line", has_text="title: A river").click()
    page.keyboard.press("End")
    page.keyboard.type(" and a lake")
    until(page, "document.querySelector('[data-key=title]').value.endsWith('and a lake')")
    assert on_disk(tab.server) == RIVER
    page.get_by_role("button", name="Save").click()
    until(page, "document.querySelector('#status').textContent === 'Saved.'")
    saved = on_disk(tab.server)
    assert "and a lake" in saved
    assert "# the works have not begun" in saved
    assert "# nothing to pay for" in saved


def test_undo_and_redo_cover_forms_and_text(tab: Tab) -> None:
    page = tab.open("dispute")
    page.get_by_label("New preference of Downstream country").fill("sanction iff divert")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-key='preference:downstream:3']", state="attached")
    page.locator(".cm-line", has_text="summary:").click()
    page.keyboard.press("End")
    page.keyboard.type(" No one else.")
    until(page, "document.querySelector('[data-key=summary]').value.endsWith('No one else.')")
    page.keyboard.press("Control+z")
    until(page, "!document.querySelector('[data-key=summary]').value.endsWith('No one else.')")
    assert "sanction iff divert" in text_of(page)
    page.get_by_role("button", name="Undo").click()
    until(page, "!document.querySelector('.cm-content').innerText.includes('sanction iff divert')")
    assert page.get_by_role("button", name="Save").is_disabled()
    page.get_by_role("button", name="Redo").click()
    page.wait_for_selector("[data-key='preference:downstream:3']", state="attached")


def test_preferences_are_moved_by_keys_and_dragging(tab: Tab) -> None:
    page = tab.open("dispute")
    page.get_by_role("button", name=re.compile("^Move preference 2 of Upstream")).focus()
    page.keyboard.press("ArrowUp")
    until(page, "document.querySelector('[data-key=\"preference:upstream:0\"]').value === 'not sanction'")
    assert page.evaluate("document.activeElement.dataset.key") == "move:upstream:0"
    first, third = (page.locator(f".preferences[data-maker=upstream] > li[data-place='{n}']") for n in (0, 2))
    first.locator(".handle").drag_to(third)
    until(page, "document.querySelector('[data-key=\"preference:upstream:2\"]').value === 'not sanction'")
    assert "{when: not compensate, evidence: [s2]}" in text_of(page)


def test_fault_is_shown_at_its_place_and_corrected(tab: Tab) -> None:
    page = tab.open("dispute")
    page.locator(".cm-line", has_text="never: compensate").click()
    page.keyboard.press("End")
    page.keyboard.press("Home")
    for _ in range(2):
        page.keyboard.press("Control+ArrowRight")
    page.keyboard.type("x")
    page.wait_for_selector("#faults:not([hidden]) li")
    assert "did you mean" in page.inner_text("#faults")
    assert page.locator(".cm-lintRange-error").count() >= 1
    assert page.locator("#stale").is_visible()
    page.get_by_role("button", name="Save").click()
    until(page, "document.querySelector('#status').textContent.startsWith('Not saved')")
    assert on_disk(tab.server) == RIVER
    page.locator("#faults .goto").first.click()
    page.keyboard.press("Control+z")
    page.wait_for_selector("#faults[hidden]", state="attached")
    assert not page.locator("#stale").is_visible()


def test_impossible_change_is_refused_in_place(tab: Tab) -> None:
    page = tab.open("dispute")
    page.get_by_label("Remove option sanction").click()
    page.wait_for_selector(".refused")
    assert "sanction" in page.inner_text(".refused")
    assert "Impose sanctions" in text_of(page)


def test_faulty_file_opens_for_correction(tab: Tab) -> None:
    (tab.server.folder / "bad.conflict.yaml").write_text(RIVER.replace("not sanction", "not sanctoin", 1))
    page = tab.open("dispute", "bad.conflict.yaml")
    page.wait_for_selector("#faults:not([hidden]) li")
    assert "sanctoin" in page.inner_text("#faults")
    page.goto(f"{tab.server.base}/states/bad.conflict.yaml")
    assert "This file has faults" in page.inner_text("h1")


def test_unsaved_text_is_private_to_its_tab(tab: Tab) -> None:
    other = Tab(tab.page.context, tab.server)
    first, second = tab.open("dispute"), other.open("dispute")
    field = first.get_by_label("Name of option divert")
    field.fill("Dig the canal")
    field.blur()
    until(first, "document.querySelector('.cm-content').innerText.includes('Dig the canal')")
    second.reload()
    second.wait_for_selector("section.dispute[data-ready]")
    assert "Dig the canal" not in text_of(second)
    # The tab keeps it from page to page, and says so where it does not count.
    tab.open("states")
    assert "unsaved changes" in first.inner_text("#notices")
    tab.open("dispute")
    assert "Dig the canal" in text_of(first)
    # Saved by the one, it comes to the other.
    first.get_by_role("button", name="Save").click()
    until(second, "document.querySelector('.cm-content').innerText.includes('Dig the canal')")
    assert other.heard.errors == []


def test_file_changed_on_disk_is_reported_and_not_overwritten(tab: Tab) -> None:
    page = tab.open("dispute")
    field = page.get_by_label("Name of option divert")
    field.fill("Dig the canal")
    field.blur()
    until(page, "document.querySelector('.cm-content').innerText.includes('Dig the canal')")
    changed = RIVER.replace("who stops whom", "who lets whom")
    (tab.server.folder / NAME).write_text(changed, encoding="utf-8")
    page.wait_for_selector("[data-notice=disk]")
    page.get_by_role("button", name="Save").click()
    until(page, "document.querySelector('#status').textContent.startsWith('Not saved')")
    assert on_disk(tab.server) == changed
    page.get_by_role("button", name="Load the version on disk").click()
    until(page, "document.querySelector('.cm-content').innerText.includes('who lets whom')")
    page.get_by_role("button", name="Undo").click()
    until(page, "document.querySelector('.cm-content').innerText.includes('Dig the canal')")


def test_selected_text_becomes_a_linked_statement(tab: Tab) -> None:
    page = tab.open("sources")
    assert page.locator("mark").count() == 3
    assert page.locator("mark.contested").count() == 2
    page.evaluate(
        """() => {
            const words = document.querySelector('.words');
            const piece = [...words.querySelectorAll('span')].at(-1);
            const at = piece.textContent.indexOf('Talks are expected in May');
            getSelection().setBaseAndExtent(piece.firstChild, at, piece.firstChild, at + 25);
        }"""
    )
    page.wait_for_selector("#new-statement:not([hidden])")
    assert page.inner_text("#new-quote") == "Talks are expected in May"
    page.get_by_label("Speaker", exact=True).fill("the report")
    page.locator("#new-statement [name=kind]").select_option("claim")
    page.get_by_role("button", name="Add the statement").click()
    page.wait_for_selector("#s4")
    assert page.locator("mark").count() == 4
    # By keyboard: start the link, then choose the element.
    page.locator("#s4 [data-link]").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("rule 1")).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#s4 .bearing li")
    assert "rule 1" in page.inner_text("#s4 .bearing")
    # By dragging.
    page.locator("#s1").drag_to(page.get_by_role("button", name=re.compile("Downstream country: option")))
    page.wait_for_selector("#s1 .bearing li")
    page.get_by_role("button", name="Save").click()
    until(page, "document.querySelector('#status').textContent === 'Saved.'")
    import detente as dt

    conflict = dt.load(tab.server.folder / NAME)
    assert conflict.rules[0].support.evidence == ("s4",)
    assert conflict.statements[-1].spans
    assert conflict.option("sanction").support.evidence == ("s1",)


def test_new_element_gets_the_selected_text_as_evidence(tab: Tab) -> None:
    page = tab.open("sources")
    page.get_by_role("button", name=re.compile("New element")).click()
    assert "First choose the statement" in page.inner_text("#begin-hint")
    # By keyboard: the statement's speaker is chosen, a word that is wrong is gone to, and its nearest is named.
    page.locator("#s1 [data-link]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("#new-element:not([hidden])")
    assert page.evaluate("document.activeElement.name") == "what"
    assert page.locator("#new-element [name=maker]").input_value() == "downstream"
    page.keyboard.type("pref")
    page.get_by_label("Condition", exact=True).fill("sanctoin and divert")
    page.keyboard.press("Enter")
    page.wait_for_selector("#new-element .refused")
    assert "unknown option 'sanctoin' — did you mean ‘sanction’?" in page.inner_text("#new-element .refused")
    assert page.evaluate("getSelection().toString()") == "sanctoin"
    page.keyboard.type("sanction")
    page.keyboard.press("Enter")
    page.wait_for_selector("#s1 .bearing li")
    assert (
        "cited for preference 4 of Downstream country: Downstream country imposes sanctions and Upstream country "
        "diverts the river" in page.inner_text("#s1 .bearing")
    )
    assert "preference 4" in page.evaluate("document.activeElement.innerText")
    # One change: undone at once.
    page.get_by_role("button", name="Undo").click()
    until(page, "!document.querySelector('#s1 .bearing li')")
    page.get_by_role("button", name="Redo").click()
    page.wait_for_selector("#s1 .bearing li")
    # By mouse: one statement dropped on it, another on the form.
    page.locator("#s2").drag_to(page.get_by_role("button", name=re.compile("New element")))
    page.locator("#s3").drag_to(page.locator("#new-element h3"))
    assert page.locator("#resting button").all_inner_texts() == ["s2 ×", "s3 ×"]
    assert page.locator("#new-element [name=maker]").input_value() == "upstream"
    page.get_by_label("Name", exact=True).fill("Build a second dam")
    page.locator("#new-element").get_by_role("button", name="Add").click()
    page.wait_for_selector("#s3 .bearing li")
    page.locator("#s3").click()
    page.get_by_role("button", name=re.compile("New element")).click()
    page.locator("#new-element [name=what]").select_option("rule")
    page.locator("#new-element [name=kind]").select_option("if_then")
    page.get_by_text("Insert an option into the condition").click()
    page.locator("[data-insert=build-a-second-dam]").click()
    page.get_by_label("Then", exact=True).fill("divert")
    page.locator("#new-element").get_by_role("button", name="Add").click()
    until(page, "document.querySelectorAll('#s3 .bearing li').length === 2")
    page.get_by_role("button", name="Save").click()
    until(page, "document.querySelector('#status').textContent === 'Saved.'")
    import detente as dt

    conflict = dt.load(tab.server.folder / NAME)
    assert conflict.decision_maker("downstream").preferences.statements[-1].support.evidence == ("s1",)
    assert conflict.option("build-a-second-dam").support.evidence == ("s2", "s3")
    assert conflict.owner["build-a-second-dam"] == "upstream"
    assert (str(conflict.rules[-1]), conflict.rules[-1].support.evidence) == (
        "if build-a-second-dam then divert",
        ("s3",),
    )
    assert tab.heard.errors == []


def test_preference_links_to_its_evidence(tab: Tab) -> None:
    page = tab.open("dispute")
    page.locator(".preferences .ground", has_text="s2").click()
    page.wait_for_selector("#s2.chosen")
    assert page.locator("mark.chosen").inner_text() == "not a cent"
    page.get_by_role("button", name=re.compile("preference 4")).click()
    page.wait_for_selector(".target.chosen")
    assert page.locator(".card.chosen").get_attribute("id") == "s2"


def test_document_is_added_to_the_folder_and_cited(tab: Tab, tmp_path: Path) -> None:
    page = tab.open("sources")
    report = tmp_path / "weekly.txt"
    report.write_text("The week in brief.\n", encoding="utf-8")
    page.set_input_files("[name=file]", report)
    page.get_by_label("Title of the document").fill("The week")
    page.locator("#upload button").click()
    until(page, "document.querySelector('#dossier').innerText.includes('The week in brief')")
    assert (tab.server.folder / "weekly.txt").read_text() == "The week in brief.\n"


AS_IN_THE_FILE = (
    "document.querySelector('#changed').textContent === '' && document.querySelector('#answer').ariaBusy === 'false'"
)


WITHOUT_DIVERTING = "Upstream country pays compensation; Upstream country does not divert the river"


def test_what_if_shows_gained_and_lost_equilibria(tab: Tab) -> None:
    page = tab.open("what-if")
    before = page.inner_text("#answer")
    # Concepts with the same effect are told together.
    heads = [text.removeprefix("Equilibria under ") for text in page.locator("#answer h2").all_inner_texts()]
    titles = [title for text in heads for title in text.replace(" and ", ", ").split(", ")]
    assert sorted(titles) == sorted(["Nash", "GMR", "SMR", "SEQ", "SIM", "SSEQ"])
    assert page.locator("#answer h2").count() < 6
    # Conditions are told with the names of their options.
    page.get_by_role("checkbox", name="Downstream country does not impose sanctions").first.uncheck()
    page.get_by_label(f"Never both: {WITHOUT_DIVERTING}").uncheck()
    # The first answer may come before the second switch is asked about.
    until(page, "document.querySelector('#changed').textContent.startsWith('2 changes')")
    page.wait_for_selector("#answer[aria-busy=false]")
    assert page.locator("#answer p").first.inner_text().startswith("The model has 8 states; that of the file has 6.")
    page.get_by_role("button", name="Reset").click()
    until(
        page,
        f"{AS_IN_THE_FILE} && document.querySelector('#answer p').textContent.startsWith('The model has 6 states.')",
    )
    assert page.inner_text("#answer") == before
    page.locator("[data-statement=s2]").uncheck()
    until(page, "document.querySelector('#answer p').textContent.includes('Not believed: s2')")
    page.get_by_label(
        "Less important: Downstream country prefers that Upstream country does not divert the river"
    ).click()
    until(page, "document.querySelector('#changed').textContent.startsWith('2 changes')")


def test_equilibrium_lists_its_options_and_links_to_its_row(tab: Tab) -> None:
    page = tab.open("what-if")
    taken = page.locator("#answer .letters").first
    assert taken.get_attribute("title") == "Upstream country: Divert the river, Pay compensation"
    # Without the rule a state comes that the file does not have: it has no number, and leads nowhere.
    page.get_by_label(f"Never both: {WITHOUT_DIVERTING}").uncheck()
    page.locator("#switches [data-maker=upstream] input").first.uncheck()
    until(page, "document.querySelector('#changed').textContent.startsWith('2 changes')")
    page.wait_for_selector("#answer[aria-busy=false]")
    new = page.locator("#answer .which-state:not(:has(a)) .letters").first
    assert "Upstream country: Pay compensation" in (new.get_attribute("title") or "")
    page.get_by_role("button", name="Reset").click()
    until(page, AS_IN_THE_FILE)
    until(page, "document.querySelector('#answer .which-state a')?.textContent === '3'")
    page.locator("#answer .which-state a").first.click()
    page.wait_for_selector("#rows button.mark")
    assert page.locator("#rows th").all_inner_texts() == ["3"]


def test_dispute_without_views_links_to_where_views_are_added(tab: Tab) -> None:
    page = tab.open("questions", f"{NAME}?ask=perceive")
    page.click("#ask button.primary")
    page.get_by_role("link", name="Add a view on the page Model").click()
    page.wait_for_selector("section.dispute[data-ready]")
    until(page, "document.querySelector('#forms[aria-busy=false] #views')?.open")
    assert page.locator("#views > summary").is_visible()
    assert page.evaluate("document.querySelector('#views').getBoundingClientRect().top < innerHeight")
    assert tab.heard.errors == []


@pytest.mark.processes
def test_question_is_answered_in_the_background(tab: Tab) -> None:
    page = tab.open("questions")
    page.get_by_role("button", name="Analyse").click()
    page.wait_for_selector("#answer article[data-state=done]", timeout=60_000)
    assert "can be reached" in page.inner_text("#answer")
    page.goto(f"{tab.server.base}/questions/{NAME}?ask=whose-word")
    page.get_by_role("button", name="Analyse").click()
    page.wait_for_selector("#answer article[data-state=done]", timeout=60_000)
    assert "not a cent" in page.inner_text("#answer")


def answered(page: Any, tab: Tab, question: str, name: str = NAME) -> Any:
    """Ask a question and wait for its answer."""
    page.goto(f"{tab.server.base}/questions/{name}?ask={question}")
    page.get_by_role("button", name="Analyse").click()
    page.wait_for_selector("#answer article[data-state=done]", timeout=120_000)
    return page


def test_every_question_page_begins_with_its_answer(tab: Tab) -> None:
    (tab.server.folder / "river-before.conflict.yaml").write_text(RIVER, encoding="utf-8")
    for question, words in (
        ("evolve", "without a concession"),
        ("coalitions", "equilibria"),
        ("whose-word", "the dispute is not stuck"),
        ("compare", "Nothing changed from"),
        ("robust", "is an equilibrium in"),
        ("third-party", "would be an equilibrium under Nash if a third party controlled"),
        ("perceive", "Misperception was not analysed"),
    ):
        page = answered(tab.page, tab, question)
        assert words in page.inner_text("#answer .verdict"), question
        assert page.locator("#answer tr").count() < 60, question


def test_rest_of_an_answer_is_fetched_page_by_page(tab: Tab) -> None:
    from detente import examples

    (tab.server.folder / "large.conflict.yaml").write_text(
        examples.path("ukraine-2023").read_text("utf-8"), encoding="utf-8"
    )
    page = answered(tab.page, tab, "robust", "large.conflict.yaml")
    rest = page.locator("#answer details.rest")
    assert rest.count() == 1
    assert rest.locator("tr").count() == 0
    rest.locator("summary").click()
    page.wait_for_selector("details.rest .pager")
    assert rest.locator("tbody tr").count() == 50
    assert rest.locator(".pager").inner_text().split("\n")[0].strip().startswith("Previous")
    first = rest.locator("tbody th").first.inner_text()
    rest.get_by_role("button", name="Next").click()
    until(page, "document.querySelector('details.rest .pager').innerText.includes('51 to 100')")
    assert rest.locator("tbody th").first.inner_text() != first
    # A state leads to its row in the table, a statement to its words.
    assert page.locator("#answer .ground", has_text="s14").first.get_attribute("href").endswith("#s14")
    page.locator("#answer a.number").first.click()
    page.wait_for_selector("#rows button.mark")
    until(page, "document.querySelector('#found').textContent.startsWith('1 of 396')")
    assert page.locator("#rows th").inner_text() == "323"


#: The colours of the eleven grounds of a heat map, and of the numbers on them.
HEAT = """() => [...Array(11).keys()].map((level) => {
    const row = document.body.appendChild(document.createElement('table')).insertRow();
    row.parentElement.parentElement.className = 'told';
    const cell = row.insertCell();
    cell.className = `heat heat-${level}`;
    const style = getComputedStyle(cell);
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgb = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    return [rgb(style.backgroundColor), rgb(style.color)];
})"""


def test_heat_map_is_readable_in_both_themes_and_in_grey(tab: Tab) -> None:
    """Numbers stand out from their ground (4.5 to 1), and of two grounds the stronger is told apart without colour."""
    page = tab.open("questions")
    for theme, surface in (("light", (255, 255, 255)), ("dark", (27, 33, 39))):
        page.emulate_media(color_scheme=theme)
        grounds = []
        for ground, ink in page.evaluate(HEAT):
            shown = _luminance(ground[:3] if ground[3] else surface)
            low, high = sorted((shown, _luminance(ink[:3])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (theme, ground, ink)
            grounds.append(shown)
        stronger = grounds if theme == "dark" else grounds[::-1]
        assert all(a < b for a, b in pairwise(stronger)), theme


def _luminance(rgb: Any) -> float:
    """The relative luminance of WCAG 2."""
    parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return float(sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)))


def test_concepts_are_grouped_by_family_with_missing_requirements(tab: Tab) -> None:
    page = tab.open("states")
    page.get_by_text("Options and concepts").click()
    ticks = page.locator(".ticks")
    assert ticks.get_by_label("Fuzzy Nash").is_hidden()
    page.get_by_text("Other concepts").click()
    assert "The file gives every preference full confidence." in ticks.inner_text()
    ticks.get_by_label("Maximin₂").check()
    page.wait_for_url("**maximin_2**")
    page.wait_for_selector("#rows button.mark")
    assert "Maximin₂" in page.inner_text("#table thead")
    assert page.locator(".ticks").get_by_label("Maximin₂").is_checked()


@pytest.mark.processes
def test_job_is_cancelled(tab: Tab) -> None:
    import detente as dt
    from benchmarks.disputes import dispute
    from detente.io.conflict_file import write_conflict

    large = dispute(14, 4, seed=1)
    assert isinstance(large, dt.Conflict)
    write_conflict(large, tab.server.folder / "large.conflict.yaml")
    page = tab.page
    page.goto(f"{tab.server.base}/questions/large.conflict.yaml?ask=coalitions")
    page.get_by_role("button", name="Analyse").click()
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector("#answer article[data-state=cancelled]")
    assert page.get_by_role("button", name="Analyse").is_enabled()


def test_hostile_names_are_escaped(tab: Tab) -> None:
    import json

    script, turned, long = HOSTILE
    text = RIVER.replace("title: A river shared by two countries", f"title: {json.dumps(script)}")
    text = text.replace("name: Upstream country", f"name: {json.dumps(turned)}")
    text = text.replace("sanction: Impose sanctions", f"sanction: {json.dumps(long)}")
    text = text.replace("stand-off:", f"{json.dumps(script)}:").replace("not a cent", script)
    (tab.server.folder / "hostile.conflict.yaml").write_text(text, encoding="utf-8")
    (tab.server.folder / "daily.txt").write_text(f"They said “{script}” and no more.", encoding="utf-8")
    # What is typed on the first page would count on the others.
    for name in (*PAGES[1:], PAGES[0]):
        page = tab.open(name, "hostile.conflict.yaml")
        assert page.locator("img").count() == 0
        assert page.locator("body script:not([src]):not([type='application/json'])").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), name
        assert script in page.inner_text("header.top")
        if name == "states":
            page.locator("#rows button.mark").first.click()
            page.wait_for_selector("#why h2")
        if name == "dispute":
            field = page.get_by_label("Name of option divert")
            field.fill(script)
            field.blur()
            page.wait_for_selector("#save:not([disabled])")
        assert page.locator("img").count() == 0, name


def test_content_fits_the_page_width(tab: Tab) -> None:
    for name in PAGES:
        page = tab.open(name)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            until(page, f"innerWidth === {width}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
            unnamed = page.evaluate(
                """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, a')]
                    .filter(one => !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length
                        || one.title)).map(one => one.outerHTML)"""
            )
            assert unnamed == [], (name, width)


def test_unlistable_states_are_counted_and_explained_one_by_one(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.web.pages.MAX_LISTED", 3)
    page = tab.page
    page.goto(f"{tab.server.base}/states/{NAME}")
    page.wait_for_selector("#answer article[data-state=done]", timeout=60_000)
    assert "is not an equilibrium under any of the six concepts" in page.inner_text("#answer")
    page.get_by_role("button", name="Explain").click()
    page.wait_for_selector("#why h2")
    assert "SEQ stable for Upstream country" in page.inner_text("#why")
    page.get_by_label("State", exact=True).fill("nowhere")
    page.get_by_role("button", name="Explain").click()
    page.wait_for_selector("#why .problem")
    assert "nowhere" in page.inner_text("#why")


def test_printed_table_has_rows_out_of_view(tab: Tab, tmp_path: Path) -> None:
    from detente import examples

    (tab.server.folder / "large.conflict.yaml").write_text(
        examples.path("ukraine-2023").read_text("utf-8"), encoding="utf-8"
    )
    page = tab.open("states", "large.conflict.yaml?equilibria=all")
    page.wait_for_selector("#scroll[data-here='396']")
    page.pdf(path=tmp_path / "states.pdf")
    with pypdfium2.PdfDocument(tmp_path / "states.pdf") as printed:
        leaves = [leaf.get_textpage().get_text_range() for leaf in printed]
    text = "\n".join(leaves)
    # Where the table goes on, its columns have their names again; buttons were not printed again.
    with_rows = [leaf for leaf in leaves if re.search(r"(?m)^\d{1,3} [YN] [YN]", leaf)]
    assert len(with_rows) > 5
    assert all(re.search(r"Nash\s+GMR\s+SMR\s+SEQ\s+SIM\s+SSEQ", leaf) for leaf in with_rows)
    numbers = {int(number) for number in re.findall(r"(?m)^(\d{1,3})\b", text)}
    assert numbers >= set(range(1, 397))
    # Afterwards there are no more rows in the page than before.
    until(page, "document.querySelectorAll('#rows tr').length < 120")


def test_theme_is_remembered(tab: Tab) -> None:
    page = tab.open("questions")
    page.get_by_label("Colours: same as the system").click()
    page.get_by_label("Colours: light").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    tab.open("states")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"


def test_thousands_of_states_scroll_in_one_table(tab: Tab) -> None:
    from benchmarks.disputes import dispute
    from detente.io.conflict_file import write_conflict

    write_conflict(dispute(12, 4, seed=1), tab.server.folder / "large.conflict.yaml")
    page = tab.open("states", "large.conflict.yaml?equilibria=all")
    assert page.inner_text("#found") == "4,096 states"
    assert page.locator("#left-out").is_hidden()
    assert page.locator("#rows tr").count() < 120
    # A row that stays in view is not made anew, and those that come are there.
    page.evaluate("document.querySelectorAll('#rows tr:not(.space)')[20].dataset.kept = 'yes'")
    page.evaluate("document.querySelector('#scroll').scrollTop = 680")
    until(page, "[...document.querySelectorAll('#rows th')].some((cell) => cell.textContent === '40')")
    kept = page.locator("#rows tr[data-kept]")
    assert kept.locator("th").inner_text() == "21"
    numbers = [int(text) for text in page.locator("#rows th").all_inner_texts()]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    page.evaluate("document.querySelector('#scroll').scrollTop = 1e9")
    until(page, "[...document.querySelectorAll('#rows th')].at(-1)?.textContent === '4096'")
    page.goto(f"{tab.server.base}/graph/large.conflict.yaml")
    page.wait_for_selector("#canvas[data-drawn]")
    assert "of 4,096 states: state 1" in page.inner_text("#said")
    assert 20 < page.locator(".outcome").count() <= 36


def test_large_table_begins_with_the_equilibria(tab: Tab) -> None:
    from benchmarks.disputes import dispute
    from detente.io.conflict_file import write_conflict

    write_conflict(dispute(8, 3, seed=1), tab.server.folder / "many.conflict.yaml")
    page = tab.open("states", "many.conflict.yaml")
    shown, of = page.inner_text("#found").removesuffix(" states").split(" of ")
    assert 0 < int(shown) < int(of) == 256
    assert page.locator("#rows tr:has(td.eq)").count() == min(int(shown), page.locator("#rows th").count())
    assert f"Only equilibria are shown: {256 - int(shown)} other states are hidden." in page.inner_text("#left-out")
    # What is chosen is in the address.
    page.get_by_role("button", name="Show all states").click()
    until(page, "document.querySelector('#found').textContent === '256 states'")
    assert page.locator("#left-out").is_hidden()
    assert page.url.endswith("?equilibria=all")
    page.locator("[name=sort]").select_option(index=1)
    page.get_by_label("Find").fill("7")
    until(page, "document.querySelector('#found').textContent === '1 of 256 states'")
    until(page, "location.search.includes('find=7')")
    sort = page.locator("[name=sort]").input_value()
    # Whoever is given the address sees the same, with other concepts too.
    page.reload()
    page.wait_for_selector("#rows button.mark")
    assert page.inner_text("#found") == "1 of 256 states"
    assert page.locator("[name=sort]").input_value() == sort
    page.get_by_text("Options and concepts").click()
    with page.expect_navigation():
        page.get_by_label("SIM", exact=True).uncheck()
    page.wait_for_selector("#rows button.mark")
    assert page.inner_text("#found") == "1 of 256 states"
    assert tab.heard.errors == []


def test_header_of_a_wide_screen_begins_where_the_page_does(new_tab: Callable[..., Tab]) -> None:
    page = new_tab(1920).open("states")
    left = "(at) => { const one = document.querySelector(at).getBoundingClientRect(); return [one.left, one.right]; }"
    inner = "parseFloat(getComputedStyle(document.querySelector('main')).paddingLeft)"
    main, padding = page.evaluate(left, "main"), page.evaluate(inner)
    assert abs(page.evaluate(left, ".brand")[0] - main[0] - padding) < 1
    assert abs(main[1] - padding - page.evaluate(left, "#theme")[1]) < 1
    assert main[0] > 100


def test_disputes_of_the_folder_have_the_whole_width_of_a_phone(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(390)
    page = tab.page
    page.goto(f"{tab.server.base}/all")
    page.wait_for_selector(".disputes .quick")
    widths = page.evaluate(
        "[...document.querySelectorAll('.disputes li')].map((one) => one.children[0].getBoundingClientRect().bottom"
        " <= one.querySelector('.quick').getBoundingClientRect().top)"
    )
    assert widths == [True]
