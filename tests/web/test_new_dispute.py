"""From an empty folder to a dispute with statements in the browser alone, with a document that is handed in."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from tests.unit.web.serving import Serving, serving
from tests.web.browsing import Tab, needs_chromium, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

REPORT = "Harbour Ltd. rejected the demand. “We will not load coal,” the Dockers' Union said.\n"


@pytest.fixture
def server(tmp_path: Path, port: socket.socket) -> Iterator[Serving]:
    (tmp_path / "empty").mkdir()
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    with serving(tmp_path / "empty", port=port) as found:
        yield found


def test_dispute_is_created_from_a_document(tab: Tab, tmp_path: Path) -> None:
    page = tab.enter()
    page.get_by_label("Title").fill("Coal")
    page.get_by_label("Parties, one on each line").fill("Dockers' Union\ndockers' union")
    page.get_by_label("Upload documents").set_input_files(tmp_path / "report.txt")
    page.get_by_role("button", name="Create the dispute file").click()
    # What is refused is said there, what was typed stays, and the document is not put into the folder twice.
    page.wait_for_selector("#begin .refused")
    assert "appears twice" in page.inner_text("#begin .refused")
    page.get_by_label("Parties, one on each line").fill("Dockers' Union\nHarbour Ltd.")
    page.get_by_role("button", name="Create the dispute file").click()
    page.wait_for_selector("section.sources[data-ready]")
    assert page.url.endswith("/sources/coal.conflict.yaml")
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
