"""From an empty folder to a dispute in the browser alone: drafted from documents, empty, or copied."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest

import detente as dt
from tests.unit.web.serving import Serving
from tests.web.browsing import VIEWS, Tab, faults, needs_chromium, show, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

REPORT = "Harbour Ltd. rejected the demand. “We will not load coal,” the Dockers' Union said.\n"
PASTED = (
    "The Dockers' Union demanded that Harbour Ltd. stop the coal ships. Harbour Ltd. refused to stop the coal ships. "
    "The Dockers' Union threatened to strike if Harbour Ltd. did not stop the coal ships."
)


@pytest.fixture
def server(empty: Serving, tmp_path: Path) -> Serving:
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4 broken")
    return empty


def files(tab: Tab) -> set[str]:
    return {one.name for one in tab.server.folder.iterdir()}


def test_dispute_is_drafted_by_keyboard_from_documents_and_pasted_text(tab: Tab, tmp_path: Path) -> None:
    page = tab.enter()
    page.keyboard.press("Tab")
    upload = page.get_by_label("Upload documents")
    presses = 0
    while not upload.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Tab")
        assert (presses := presses + 1) < 20
    upload.set_input_files([tmp_path / "report.txt", tmp_path / "scan.pdf"])
    page.wait_for_selector("#chosen .refused")
    assert "Not used" in page.inner_text("#chosen .refused")
    until(page, "document.querySelector('#chosen .fine')?.textContent === '14 words'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Remove report.txt"
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(PASTED)
    page.keyboard.press("Tab")
    # A slip in a name is asked about, and what was typed stays.
    page.keyboard.type("Harbour Ltd.\nDokers' Union")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#draft > .refused button")
    assert "did you mean ‘Dockers' Union’" in page.inner_text("#draft > .refused")
    assert faults(page) == []
    for view in VIEWS:
        show(page, *view)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert files(tab) == set()
    page.locator("#draft > .refused button").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Draft the dispute"
    page.keyboard.press("Enter")
    page.wait_for_selector("#overview[data-state=whole]")
    assert files(tab) == {"report.txt", "pasted-text.txt", "pasted-text.conflict.yaml"}
    notice = page.locator(".drafted")
    assert "proposed and not reviewed" in notice.inner_text()
    assert faults(page) == []
    notice.get_by_text("Review it").click()
    page.wait_for_selector("section.dispute[data-ready]")
    assert "Proposed: demanded by the Dockers' Union" in page.inner_text("section.dispute")
    # Each proposal is marked as reviewed by one key, and the next one has the focus.
    left = page.locator("[data-review]").count()
    page.locator("[data-review]").first.focus()
    page.keyboard.press("Enter")
    until(page, f"document.querySelectorAll('[data-review]').length === {left - 1}")
    until(page, "document.activeElement.matches('[data-review]')")
    assert "Reviewed: demanded by the Dockers' Union" in page.inner_text("section.dispute")
    assert faults(page) == []
    page.get_by_role("button", name="Mark all as reviewed").focus()
    page.keyboard.press("Enter")
    until(page, "document.querySelectorAll('[data-review], .forms-pane .drafted').length === 0")
    conflict = dt.load(tab.server.folder / "pasted-text.conflict.yaml")
    said = {(one.speaker, one.kind, one.quote) for one in conflict.statements if one.proposed}
    assert ("dockers-union", "refusal", "We will not load coal") in said


def test_draft_that_is_cancelled_or_fails_leaves_nothing(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Event()

    def slow(*given: Any, progress: Any, **more: Any) -> None:
        progress(0.4, "reading: 400 of 1,000 characters")
        held.wait(60)
        raise dt.InputError("no statement was found")

    monkeypatch.setattr("detente.reading.drafting.proposal.propose", slow)
    page = tab.enter()
    page.get_by_text("Paste a text", exact=True).click()
    page.get_by_label("Pasted text").fill(PASTED)
    draft = page.get_by_role("button", name="Draft the dispute")
    draft.click()
    until(page, "document.querySelector('#doing').textContent.startsWith('reading: 400')")
    page.get_by_role("button", name="Cancel").click()
    until(page, "document.querySelector('#drafting').textContent === 'Cancelled. No file was written.'")
    assert page.get_by_label("Pasted text").input_value() == PASTED
    held.set()
    draft.click()
    page.wait_for_selector("#draft > .refused")
    assert page.inner_text("#draft > .refused") == "no statement was found"
    assert files(tab) == set()


def test_statements_are_corrected_in_an_empty_dispute(tab: Tab, tmp_path: Path) -> None:
    page = tab.enter()
    page.get_by_text("New dispute without documents", exact=True).click()
    form = page.locator("#begin")
    form.get_by_label("Title").fill("Coal")
    form.get_by_label("Parties, one on each line").fill("Dockers' Union\ndockers' union")
    page.get_by_role("button", name="Create the dispute file").click()
    # What is refused is said there, and what was typed stays.
    page.wait_for_selector("#begin .refused")
    assert "appears twice" in page.inner_text("#begin .refused")
    form.get_by_label("Parties, one on each line").fill("Dockers' Union\nHarbour Ltd.")
    page.get_by_role("button", name="Create the dispute file").click()
    page.wait_for_selector("section.dispute[data-ready]")
    tab.open("sources", "coal.conflict.yaml")
    page.locator("#upload [name=file]").set_input_files(tmp_path / "report.txt")
    page.locator("#upload button").click()
    page.get_by_role("button", name="Find statements").click()
    page.wait_for_selector("#s2", timeout=120_000)
    assert "statements found. This is a draft" in page.inner_text("#status")
    _put_right(page)
    page.keyboard.press("Control+s")
    until(page, "document.querySelector('#status').textContent === 'Saved.'")
    conflict = dt.load(tab.server.folder / "coal.conflict.yaml")
    said = {(one.speaker, one.kind, one.quote) for one in conflict.statements}
    assert ("dockers-union", "threat", "We will not load coal") in said
    assert ("the-mayor", "refusal", "the demand") in said


def _put_right(page: Any) -> None:
    """Say of the first two statements that they are another kind, and another's."""
    cards = page.locator(".card[data-statement]")
    refused = cards.filter(has_text="the demand").first
    refused.get_by_label("Speaker of").fill("The mayor")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#speakers [value=\"The mayor\"]') !== null")
    kind = cards.filter(has_text="We will not load coal").first.get_by_label("Kind of")
    kind.focus()
    kind.select_option("threat")
    until(page, "[...document.querySelectorAll('.card select')].some(one => one.value === 'threat')")
    # The keys stay where they were.
    until(page, "document.activeElement.dataset.change === 'kind'")


def test_catalogue_dispute_is_copied(tab: Tab) -> None:
    page = tab.enter()
    page.get_by_text("Copy a dispute from the catalogue", exact=True).click()
    page.locator("#copy select").select_option("chicken")
    page.get_by_role("button", name="Copy into the folder").click()
    page.wait_for_selector("#overview")
    assert page.url.endswith("/overview/chicken.conflict.yaml")
