"""Nothing is lost in the browser: files that disappear, uploads that are refused, and things removed that are used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import detente as dt
from tests.unit.web.serving import RIVER
from tests.web.browsing import NAME, Tab, needs_chromium, on_disk, text_of, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

SAVED = "document.querySelector('#status').textContent === 'Saved.'"


def renamed(page: Any) -> None:
    """Change something that is not saved."""
    field = page.get_by_label("Name of option divert")
    field.fill("Dig the canal")
    field.blur()
    until(page, "document.querySelector('.cm-content').innerText.includes('Dig the canal')")


def downloaded(page: Any, button: str) -> str:
    with page.expect_download() as found:
        page.get_by_role("button", name=button).click()
    assert found.value.suggested_filename == NAME
    return Path(found.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize("changed", [True, False])
def test_removed_file_is_saved_again(tab: Tab, changed: bool) -> None:
    page = tab.open("dispute")
    if changed:
        renamed(page)
    (tab.server.folder / NAME).unlink()
    page.wait_for_selector("[data-notice=disk]")
    assert "no longer on disk" in page.inner_text("#notices")
    text = downloaded(page, "Download the text")
    assert ("Dig the canal" in text) == changed and "# the works have not begun" in text
    page.keyboard.press("Control+s")
    until(page, SAVED)
    assert on_disk(tab.server) == text
    until(page, "!document.querySelector('[data-notice=disk]')")
    assert page.get_by_role("button", name="Save").is_disabled()


@pytest.mark.parametrize("address", ["dispute", "states"])
def test_text_of_a_removed_file_is_kept_after_leaving_the_page(tab: Tab, address: str) -> None:
    page = tab.open("dispute")
    renamed(page)
    (tab.server.folder / NAME).unlink()
    page.wait_for_selector("[data-notice=disk]")
    page.goto(f"{tab.server.base}/{address}/{NAME}")
    page.wait_for_selector("[data-missing]")
    assert "Dig the canal" in downloaded(page, "Download the text")
    # From the list of disputes, in which it is no longer, as well.
    page.goto(f"{tab.server.base}/all")
    assert f"unsaved changes to {NAME}" in page.inner_text("#notices")
    page.get_by_role("button", name="Open them").click()
    page.wait_for_selector("[data-missing]")
    page.get_by_role("button", name="Restore the file").click()
    page.wait_for_selector("section.dispute[data-ready]")
    assert "Dig the canal" in on_disk(tab.server)
    assert page.locator("#notices p").count() == 0


def test_restored_file_is_no_longer_reported_missing(tab: Tab) -> None:
    page = tab.open("dispute")
    (tab.server.folder / NAME).unlink()
    page.wait_for_selector("[data-notice=disk]")
    (tab.server.folder / NAME).write_text(RIVER, encoding="utf-8")
    until(page, "!document.querySelector('[data-notice=disk]')")
    assert page.get_by_role("button", name="Save").is_disabled()


def test_unsaveable_text_can_be_downloaded(tab: Tab) -> None:
    page = tab.open("dispute")
    renamed(page)
    page.route("**/api/dispute/**", lambda route: route.abort())
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("[data-notice=disk]")
    assert "Not saved" in page.inner_text("#notices")
    assert "Dig the canal" in downloaded(page, "Download the text")


REFUSED = {
    "daily.txt": (b"said in June", "a file of this name already exists"),
    "photo.png": (b"\x89PNG", "a document must be a .txt"),
    "report.pdf": (b"%PDF-1.4\nnothing", "damaged"),
    "large.txt": (b"said\n" * 3_000_000, "12 MB"),
}


def test_refused_document_is_neither_copied_nor_cited(tab: Tab, tmp_path: Path) -> None:
    page = tab.open("sources")
    before = {one.name: one.read_bytes() for one in tab.server.folder.iterdir()}
    for name, (data, said) in REFUSED.items():
        (tmp_path / name).write_bytes(data)
        page.set_input_files("#upload [name=file]", tmp_path / name)
        page.get_by_label("Title of the document").fill("Refused")
        page.locator("#upload button").click()
        until(page, f"document.querySelector('#upload .refused')?.innerText.includes('{said}')")
        assert page.locator(".document").count() == 1
        assert page.get_by_role("button", name="Undo").is_disabled()
        assert {one.name: one.read_bytes() for one in tab.server.folder.iterdir()} == before


def test_document_that_cannot_be_cited_is_not_copied(tab: Tab, tmp_path: Path) -> None:
    page = tab.open("dispute")
    page.locator(".cm-line", has_text="title: A river").click()
    page.keyboard.press("End")
    page.keyboard.type(": [")
    page.wait_for_selector("#faults:not([hidden]) li")
    page = tab.open("sources")
    (tmp_path / "weekly.txt").write_text("The week in brief.", encoding="utf-8")
    page.set_input_files("#upload [name=file]", tmp_path / "weekly.txt")
    page.locator("#upload button").click()
    page.wait_for_selector("#upload .refused")
    assert not (tab.server.folder / "weekly.txt").exists()


def test_used_option_is_removed_everywhere_and_restored(tab: Tab) -> None:
    page = tab.open("dispute")
    before = text_of(page)
    page.get_by_label("Remove option sanction").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".refused")
    told = page.inner_text(".refused")
    assert "‘Impose sanctions’ is used in 3 places" in told
    assert "preference 2 of Upstream country: not sanction" in told and "the state ‘stand-off’" in told
    assert text_of(page) == before
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Remove it there too"
    page.keyboard.press("Enter")
    until(page, "!document.querySelector('.cm-content').innerText.includes('sanction:')")
    until(page, "document.querySelector('#status').textContent.startsWith('Done.')")
    assert "# the works have not begun" in text_of(page)
    page.keyboard.press("Control+z")
    until(page, "document.querySelector('.cm-content').innerText.includes('Impose sanctions')")
    assert text_of(page) == before
    # A party is told of below its name.
    page.get_by_label("Remove Downstream country").click()
    page.wait_for_selector(".maker > .refused")
    page.get_by_role("button", name="Remove it there too").click()
    until(page, "document.querySelectorAll('section.maker').length === 1")
    page.get_by_role("button", name="Save").click()
    until(page, SAVED)
    conflict = dt.load(tab.server.folder / NAME)
    assert [maker.id for maker in conflict.decision_makers] == ["upstream"]
    assert conflict.statements[0].speaker == "downstream" and "downstream" in conflict.speakers


def choose(page: Any, name: str, value: str) -> None:
    page.locator(f"#details [name={name}]").select_option(value)


def linked(page: Any, id: str, words: str) -> None:
    until(page, f"document.querySelector('#{id}').innerText.includes({words!r})")


def test_statements_are_linked_dated_and_accepted(tab: Tab) -> None:
    text = RIVER.replace('quote: "they promised to pay"}', 'quote: "they promised to pay", proposed: yes}')
    (tab.server.folder / NAME).write_text(text, encoding="utf-8")
    page = tab.open("sources")
    # By keys: open the details, date the statement, dispute it.
    page.locator("#s1 [data-details]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "date_said"
    page.keyboard.type("2024-04-30")
    page.keyboard.press("Tab")
    until(page, "document.querySelector('#s1 .fine')?.innerText === 'Said: 30 April 2024'")
    assert page.evaluate("document.activeElement.name") == "reported_by"
    page.keyboard.type("The mayor")
    # Enter changes the field and nothing else.
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#s1 .fine')?.innerText === 'Said: 30 April 2024; as reported by The mayor'")
    assert page.evaluate("document.activeElement.name") == "reported_by"
    assert page.locator("#s1 .relations").count() == 0
    options = page.locator("#details [name=other] option").all_inner_texts()
    assert options[1] == "s2 · Upstream country: “not a cent”"
    choose(page, "relation", "contested_by")
    choose(page, "other", "s2")
    page.locator("#details button").focus()
    page.keyboard.press("Enter")
    linked(page, "s1", "disputed by s2 Upstream country: “not a cent”")
    # It is told of both, and counts at once.
    linked(page, "s2", "disputed by s1")
    assert "disputed" in page.inner_text("#s1 .badges")
    choose(page, "relation", "withdrawn_by")
    choose(page, "other", "s3")
    page.locator("#details button").click()
    linked(page, "s1", "withdrawn by s3")
    # What makes no sense is refused where it was asked for.
    page.locator("#s3 [data-details]").click()
    choose(page, "relation", "nested_in")
    choose(page, "other", "s1")
    page.locator("#details button").click()
    page.wait_for_selector("#s3 .refused")
    assert "s3 would depend on itself" in page.inner_text("#s3 .refused")
    page.keyboard.press("Escape")
    until(page, "document.querySelector('#details').hidden")
    page.locator("#s3").get_by_role("button", name="Accept").click()
    until(page, "!document.querySelector('#s3 .badges').innerText.includes('proposed')")
    # A link is removed again, from either side.
    page.get_by_label("Remove the link: s2 disputed by s1").click()
    until(page, "!document.querySelector('#s1').innerText.includes('disputed by s2')")
    # A link leads to the other statement.
    page.locator("#s1 a[data-other=s3]").click()
    page.wait_for_selector("#s3.chosen")
    page.get_by_role("button", name="Save").click()
    until(page, SAVED)
    first, _, third = dt.load(tab.server.folder / NAME).statements
    assert (first.date_said, first.reported_by, first.withdrawn_by) == ("2024-04-30", "the-mayor", ("s3",))
    assert first.contested_by == () and not third.proposed
    assert "# the works have not begun" in on_disk(tab.server)


def test_evidence_against_and_a_source_are_edited(tab: Tab) -> None:
    page = tab.open("sources")
    page.locator("#s3 [data-against]").focus()
    page.keyboard.press("Enter")
    assert "s3 is evidence against" in page.inner_text("#link-hint")
    assert page.locator("[data-new]").is_disabled()
    page.locator(".target", has_text="rule 1").focus()
    page.keyboard.press("Enter")
    linked(page, "s3", "against rule 1")
    assert "against: s3" in page.locator(".target", has_text="rule 1").inner_text()
    page.locator("summary", has_text="Edit the source").click()
    for label, value in (("Title", "The week"), ("Publisher", "The Daily"), ("Date", "2024-05")):
        field = page.locator(".document").get_by_label(label, exact=True)
        field.fill(value)
        field.press("Tab")
        until(page, f"document.querySelector('.document').innerText.includes('{value}')")
    assert page.evaluate("document.activeElement.textContent") == "Remove the source"
    page.locator(".document").get_by_label("Date", exact=True).fill("in May")
    page.keyboard.press("Tab")
    page.wait_for_selector(".document .refused")
    assert "'in May' is not a date" in page.inner_text(".document .refused")
    page.get_by_role("button", name="Save").click()
    until(page, SAVED)
    conflict = dt.load(tab.server.folder / NAME)
    assert conflict.rules[0].support.against == ("s3",)
    source = conflict.sources[0]
    assert (source.title, source.publisher, source.date) == ("The week", "The Daily", "2024-05")
    page.get_by_role("button", name="Remove the source", exact=True).click()
    page.wait_for_selector(".document .refused ul")
    page.get_by_role("button", name="Remove it there too").click()
    until(page, "document.querySelectorAll('.document').length === 0")
    page.get_by_role("button", name="Undo").click()
    until(page, "document.querySelectorAll('.document').length === 1")


def test_whose_word_answers_for_links_made_in_the_browser(tab: Tab) -> None:
    page = tab.open("sources")
    page.locator("#s1 [data-link]").click()
    page.locator(".target", has_text="preference 3").last.click()
    linked(page, "s1", "preference 3")
    page.locator("#s1 [data-details]").click()
    choose(page, "other", "s3")
    page.locator("#details button").click()
    linked(page, "s1", "disputed by s3")
    page.get_by_role("button", name="Save").click()
    until(page, SAVED)
    answer = dt.load(tab.server.folder / NAME).whose_word().to_dict()
    assert "s1" in str(answer)
