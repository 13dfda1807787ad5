"""Triage: statements and links are decided by key or several at once, on pages; proposals are seen to be proposals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.io.conflict_file import write_conflict
from tests.examples import largest
from tests.unit.web.serving import RIVER
from tests.web.browsing import NAME, VIEWS, Tab, faults, needs_chromium, show, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

#: The statements of the long dossier: each edit reads all of them.
MANY = largest(1_000, usual=200)
MARKET = (
    "Market day\n\nThe mayor, a spokesman said, demanded that Upstream country must stop the works. The minister "
    "denied that Downstream country had promised to pay. “We will answer with sanctions,” Downstream repeated.\n"
)
#: Statements as a reader finds them: a demand, a denial with what it denies, and the copy of a threat.
FOUND = """\
  - {id: s4, source: market, speaker: downstream, speaker_text: The mayor, cue: demanded, kind: demand,
     quote: Upstream country must stop the works, confidence: 0.95, speaker_confidence: 0.5, kind_confidence: 0.9,
     proposed: yes}
  - {id: s5, source: market, speaker: upstream, speaker_text: The minister, cue: denied, kind: denial,
     quote: Downstream country had promised to pay, confidence: 0.95, speaker_confidence: 0.95,
     kind_confidence: 0.95, proposed: yes}
  - {id: s6, source: market, speaker: downstream, kind: commitment, nested_in: s5, quote: promised to pay,
     confidence: 0.4, speaker_confidence: 0.95, kind_confidence: 0.95, proposed: yes}
  - {id: s7, source: market, speaker: downstream, kind: threat, quote: We will answer with sanctions,
     confidence: 0.95, speaker_confidence: 0.95, kind_confidence: 0.95, proposed: yes}
speakers: {mayor: The mayor, the-mayor: Mayor Hale}
links:
  - {kind: same_as, first: the-mayor, second: mayor, reason: the same office, confidence: 0.6}
"""
TRIAGE = RIVER.replace(
    "file: daily.txt}\n", "file: daily.txt}\n  - {id: market, title: Market day, file: market.txt}\n"
)


@pytest.fixture
def page(tab: Tab) -> Any:
    (tab.server.folder / NAME).write_text(TRIAGE + FOUND, encoding="utf-8")
    (tab.server.folder / "market.txt").write_text(MARKET, encoding="utf-8")
    return tab.open("sources")


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id"))


def said(page: Any, words: str) -> None:
    until(page, f"document.querySelector('#status').textContent.includes({words!r})")


def cards(page: Any) -> list[str]:
    return list(page.locator(".cards > .card").evaluate_all("(all) => all.map((one) => one.id)"))


def saved(page: Any, tab: Tab) -> Any:
    page.keyboard.press("Control+s")
    said(page, "Saved.")
    return dt.load(tab.server.folder / NAME)


def test_a_card_shows_the_sentence_with_speaker_cue_and_what_is_doubtful(page: Any) -> None:
    card = page.locator("#s4")
    assert card.locator("blockquote .said").inner_text() == "Upstream country must stop the works"
    assert card.locator("blockquote .who").inner_text() == "The mayor"
    assert card.locator("blockquote .cue").inner_text() == "demanded"
    assert card.locator("blockquote").inner_text().startswith("The mayor, a spokesman said, demanded that Upstream")
    assert "check the speaker" in card.inner_text() and "Source: Market day" in card.inner_text()
    # A denial is never shown as an assertion, nor is what it denies.
    assert "denial" in page.inner_text("#s5 .badges")
    assert page.locator("#s5 blockquote .cue.denies").inner_text() == "denied"
    assert "inside the denial s5: not in force" in page.inner_text("#s6 .badges")


def test_keys_alone_decide_filter_and_undo(page: Any, tab: Tab) -> None:
    assert "A accept" in page.inner_text(".key-legend") and "U undo" in page.inner_text(".key-legend")
    page.locator("#show").focus()
    page.keyboard.type("found by")
    until(page, "document.querySelectorAll('.cards > .card[data-statement]').length === 4")
    assert page.evaluate("document.activeElement.id") == "show"
    page.locator(".cards > .card").first.focus()
    # The link between speakers comes first, then the statements, each with its links behind it.
    assert focused(page) == "same_as:the-mayor:mayor"
    page.keyboard.press("a")
    said(page, "The link is accepted")
    assert focused(page) == "s4"
    page.keyboard.press("a")
    said(page, "s4 is accepted")
    assert focused(page) == "s5"
    # What is reported in the denial is named before it goes with it.
    page.keyboard.press("r")
    page.wait_for_selector("#s5 .refused button")
    assert "s6, reported in s5" in page.inner_text("#s5 .refused")
    until(page, "document.activeElement.textContent === 'Reject nevertheless'")
    page.keyboard.press("Enter")
    until(page, "!document.getElementById('s5') && !document.getElementById('s6')")
    page.locator("#s7").focus()
    page.keyboard.press("u")
    until(page, "document.getElementById('s5') !== null")
    # In a field, keys are text.
    page.locator("#s5").focus()
    page.keyboard.press("e")
    until(page, "document.activeElement.dataset.key === 'speaker:s5'")
    page.keyboard.press("End")
    page.keyboard.type("ar")
    assert page.locator("#s5 [data-change=speaker]").input_value().endswith("ar")
    page.keyboard.press("Control+a")
    page.keyboard.type("Mayor")
    page.keyboard.press("Tab")
    until(page, "document.querySelector('#s5 [data-change=speaker]').defaultValue === 'Mayor'")
    page.locator("#s7").focus()
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert focused(page) == "s7"
    conflict = saved(page, tab)
    assert [one.id for one in conflict.statements if one.proposed] == ["s5", "s6", "s7"]
    assert [(one.kind, one.accepted) for one in conflict.links] == [("same_as", True)]
    assert "the-mayor" not in conflict.speakers


def test_the_list_of_cards_has_one_tab_stop_and_arrow_keys(page: Any) -> None:
    """The Tab key passes the list at the card that had the focus; the arrow keys reach the cards and their buttons."""
    stops = "[...document.querySelectorAll('.cards :is(li, a, button, input, select, summary)')]"
    reached = f"{stops}.filter((one) => one.tabIndex >= 0 && one.checkVisibility()).map((one) => one.id)"
    listed = cards(page)
    assert page.evaluate(reached) == listed[:1]
    page.locator(".cards > .card").first.focus()
    for key, expected in (("ArrowDown", 1), ("End", -1), ("ArrowUp", -2), ("Home", 0), ("ArrowDown", 1)):
        page.keyboard.press(key)
        assert focused(page) == listed[expected], key
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('.card').id") == listed[1]
    assert page.evaluate("document.activeElement.matches('a, button, input, select')")
    first = page.evaluate("document.activeElement.outerHTML")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.outerHTML") != first
    page.keyboard.press("Escape")
    assert focused(page) == listed[1]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.cards')") is None
    page.keyboard.press("Shift+Tab")
    assert focused(page) == listed[1]
    # A field is left with what was typed, or without it, and the focus is on its card again.
    page.locator("#s4").focus()
    page.keyboard.press("e")
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    assert focused(page) == "s4"
    assert page.locator("#s4 [data-change=speaker]").input_value() == "Downstream country"
    page.keyboard.press("a")
    said(page, "s4 is accepted")
    assert len(page.evaluate(reached)) == 1


def test_a_proposed_copy_shows_both_quotes_and_is_not_proposed_again_when_refused(page: Any, tab: Tab) -> None:
    page.locator("#show").select_option("links")
    until(page, "!document.getElementById('s1')")
    assert cards(page) == ["same_as:the-mayor:mayor", "copy_of:s7:s1"]
    copy = page.locator(".link-card", has_text="Is s7 a copy of s1?")
    assert copy.locator("blockquote .said").all_inner_texts() == [
        "We will answer with sanctions", "we will answer with sanctions",
    ]  # fmt: skip
    assert "Another document gives almost the same words" in copy.inner_text()
    copy.get_by_role("button", name="Refuse").click()
    said(page, "The link is refused")
    until(page, "document.querySelectorAll('.link-card').length === 1")
    conflict = saved(page, tab)
    assert [(one.first, one.second, one.accepted) for one in conflict.links][-1] == ("s7", "s1", False)
    assert all(one.copy_of is None for one in conflict.statements)


def test_what_a_statement_wants_is_offered_only_once_it_is_accepted(page: Any, tab: Tab) -> None:
    assert page.locator("#s4 .wishes").count() == 0
    page.locator("#s4").focus()
    page.keyboard.press("a")
    page.wait_for_selector("#s4 .wishes li")
    assert "suggestion Downstream country prefers that Upstream country stops the works" in page.inner_text(
        "#s4 .wishes li"
    )
    page.locator("#s4").focus()
    page.keyboard.press("p")
    said(page, "Added to the model, with s4 as its evidence")
    assert focused(page) == "s4"
    assert page.locator("#s4 .wishes").count() == 0
    assert "cited for the option of Upstream country: Stop the works" in page.inner_text("#s4 .bearing")
    assert "not reviewed" in page.locator(".target", has_text="Stop the works").first.inner_text()
    conflict = saved(page, tab)
    option = conflict.decision_maker("upstream").options[-1]
    assert option.support.note == "Proposed: a demand."
    assert str(list(conflict.decision_maker("downstream").preferences.conditions())[-1]) == option.id


def test_several_are_selected_and_accepted_above_a_confidence(page: Any, tab: Tab) -> None:
    page.locator("#bulk summary").click()
    assert page.inner_text("#above-count") == "2 statements not yet accepted"
    page.locator("#least").fill("0.3")
    assert page.inner_text("#above-count") == "4 statements not yet accepted"
    page.locator("#least").fill("0.9")
    page.get_by_role("button", name="Accept these").click()
    said(page, "2 statements accepted")
    assert page.inner_text("#above-count") == "0 statements not yet accepted"
    page.locator("#party").select_option("downstream")
    until(page, "!document.getElementById('s5')")
    page.locator("#show").select_option("proposed")
    until(page, "document.querySelectorAll('.card[data-statement]').length === 2")
    page.get_by_role("button", name="Select all 2").click()
    assert page.inner_text("#bulk summary") == "2 statements selected"
    page.locator("#s6").focus()
    page.keyboard.press("x")
    assert page.inner_text("#bulk summary") == "1 statement selected"
    page.get_by_role("button", name="Reject the selected").click()
    said(page, "1 statement rejected")
    conflict = saved(page, tab)
    assert [one.quote for one in conflict.skipped] == ["Upstream country must stop the works"]


def test_every_unread_document_is_read_and_what_was_rejected_is_not_found_again(tab: Tab) -> None:
    text = TRIAGE.replace("file: market.txt}\n", "file: market.txt}\n  - {id: week, title: The week, file: week.txt}\n")
    (tab.server.folder / NAME).write_text(text, encoding="utf-8")
    (tab.server.folder / "market.txt").write_text("Upstream country said it would stop the works.\n", encoding="utf-8")
    (tab.server.folder / "week.txt").write_text("Downstream country said that it would pay.\n", encoding="utf-8")
    page = tab.open("sources")
    page.get_by_role("button", name="Read all: 2 unread documents").click()
    until(page, "document.querySelector('#status').textContent.includes('2 statements found')", 120)
    until(page, "document.querySelectorAll('.card.proposed').length === 2")
    assert page.get_by_role("button", name="Read all").count() == 0
    page.locator("#s4").focus()
    page.keyboard.press("r")
    said(page, "s4 is rejected")
    page.locator(".document[data-source=market] [data-read]").click()
    until(page, "document.querySelector('#status').textContent.includes('No new statements')", 120)
    assert len(dt.load(tab.server.folder / NAME).statements) == 3


def test_a_source_goes_with_its_statements_after_they_are_named(page: Any, tab: Tab) -> None:
    page.locator(".document[data-source=daily] summary").click()
    page.locator(".document[data-source=daily]").get_by_role(
        "button", name="Remove the source and its statements"
    ).click()
    page.wait_for_selector(".document .refused")
    told = page.inner_text(".document .refused")
    assert "statement s2" in told and "preference 4 of Upstream country: not compensate" in told
    page.get_by_role("button", name="Remove it there too").click()
    until(page, "document.querySelectorAll('.document').length === 1")
    assert cards(page) == ["same_as:the-mayor:mayor", "s4", "s5", "s6", "s7"]
    page.keyboard.press("u")
    page.get_by_role("button", name="Undo").click()
    until(page, "document.querySelectorAll('.document').length === 2")


def test_triage_has_no_accessibility_violation(page: Any) -> None:
    page.locator("#bulk summary").click()
    page.locator("#s4").focus()
    page.keyboard.press("a")
    page.wait_for_selector("#s4 .wishes li")
    page.locator("#s5").focus()
    page.keyboard.press("r")
    page.wait_for_selector("#s5 .refused button")
    for theme, width in VIEWS:
        show(page, theme, width)
        until(page, f"innerWidth === {width} && document.documentElement.scrollWidth <= {width}")
    assert faults(page) == []


def many_in(folder: Path) -> None:
    """Put a dispute of many statements, 40 in a document, into a folder."""
    sources, statements = [], []
    for number in range(MANY // 40):
        lines = [f"Egypt said that it would do work {40 * number + one}." for one in range(40)]
        text = "\n\n".join(lines)
        (folder / f"r{number}.txt").write_text(text, encoding="utf-8")
        sources.append(dt.Source(f"r{number}", title=f"Report {number}", file=f"r{number}.txt"))
        for line in lines:
            quote = line.partition("that ")[2].rstrip(".")
            start = text.index(quote)
            statements.append(
                dt.Statement(
                    f"s{len(statements) + 1}", f"r{number}", "egypt", speaker_text="Egypt", cue="said", kind="claim",
                    quote=quote, spans=((start, start + len(quote)),), confidence=0.8, speaker_confidence=0.9,
                    kind_confidence=0.9, proposed=True,
                )
            )  # fmt: skip
    makers = [dt.DecisionMaker("egypt", "Egypt", options=["wait"], preferences=["wait"])]
    conflict = dt.Conflict("Many", makers, sources=sources, statements=statements)
    write_conflict(conflict, folder / "many.conflict.yaml")


def test_many_statements_come_in_pages_and_every_one_is_found(tab: Tab) -> None:
    many_in(tab.server.folder)
    page = tab.open("sources", "many.conflict.yaml")
    assert len(cards(page)) == 40
    assert f"1–40 of {MANY:,}" in page.inner_text(".pager")
    page.get_by_role("button", name="Next").click()
    until(page, "document.querySelector('.pager').innerText.includes('41–80')")
    assert focused(page) == "s41"
    # Quick hands: the next card is there before the edit is made.
    for _ in range(3):
        page.keyboard.press("a")
    assert focused(page) == "s44"
    until(page, "['s41', 's42', 's43'].every((id) => !document.getElementById(id).matches('.proposed'))")
    assert focused(page) == "s44"
    # An address leads to its page, and a bulk edit counts for all pages.
    page.goto(f"{tab.server.base}/sources/many.conflict.yaml#s{MANY - 13}")
    page.wait_for_selector(f"#s{MANY - 13}.chosen")
    page.locator("#bulk summary").click()
    page.locator("#least").fill("0.8")
    page.get_by_role("button", name="Accept these").click()
    said(page, f"{MANY - 3} statements accepted")
