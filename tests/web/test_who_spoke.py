"""Sources and What if show how the text names each speaker, and ask before one party's words speak for another."""

from __future__ import annotations

import pytest

import detente as dt
from tests.unit.web.serving import RIVER
from tests.web.browsing import NAME, Tab, needs_chromium, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

SAID = (
    '  - {id: s4, source: daily, speaker: upstream, speaker_text: he, cue: said, kind: claim, quote: "it is ours", '
    "confidence: 0.95, speaker_confidence: 0.4, kind_confidence: 0.9, proposed: yes}\n"
    "  - {id: s5, source: daily, speaker: downstream, speaker_text: An official, cue: denied, kind: denial, "
    'quote: "troops had moved", confidence: 0.9, speaker_confidence: 0.9, kind_confidence: 0.5, proposed: yes}\n'
)


def cards(tab: Tab) -> list[str]:
    return tab.page.locator(".cards > .card").evaluate_all("(cards) => cards.map((one) => one.id)")


def test_statement_cards_name_the_speaker_and_are_ordered_by_uncertainty(tab: Tab) -> None:
    (tab.server.folder / NAME).write_text(RIVER + SAID, encoding="utf-8")
    page = tab.open("sources")
    assert "Upstream country (in the text: “he”; please check the speaker)" in page.inner_text("#s4")
    assert "Downstream country (in the text: “An official”, “denied”)" in page.inner_text("#s5")
    assert "Confidence: content 0.90, speaker 0.90, kind 0.50" in page.inner_text("#s5")
    assert cards(tab) == ["s1", "s2", "s3", "s4", "s5"]
    for order, first in (("speaker", "s4"), ("kind", "s5"), ("content", "s5"), ("", "s1")):
        page.locator("#order").select_option(order)
        until(page, f"document.querySelector('.cards > .card').id === '{first}'")
    # The order stays when something is changed.
    page.locator("#order").select_option("speaker")
    until(page, "document.querySelector('.cards > .card').id === 's4'")
    page.locator("#s4").get_by_role("button", name="Accept").click()
    until(page, "!document.querySelector('#s4').innerText.includes('please check')")
    assert cards(tab)[0] == "s4"
    page = tab.open("what-if")
    assert "Downstream country (in the text: “An official”, “denied”), denial" in page.inner_text("#switches")


def test_statement_of_another_party_is_linked_only_if_confirmed(tab: Tab) -> None:
    page = tab.open("sources")
    page.locator("#s1 [data-link]").click()
    page.get_by_role("button", name="Upstream country: option Divert the river").click()
    page.wait_for_selector(".refused")
    told = page.inner_text(".refused")
    assert "s1 was said by Downstream country, and the option is of Upstream country" in told
    assert "Divert the river" not in page.inner_text("#s1 .bearing")
    page.get_by_role("button", name="Link it anyway").click()
    until(page, "document.querySelector('#s1 .bearing').innerText.includes('Divert the river')")
    # Its own words are linked without a question.
    page.locator("#s2 [data-link]").click()
    page.get_by_role("button", name="Upstream country: option Divert the river").click()
    until(page, "document.querySelector('#s2 .bearing').innerText.includes('Divert the river')")
    page.get_by_role("button", name="Save").click()
    until(page, "document.querySelector('#status').textContent === 'Saved.'")
    assert dt.load(tab.server.folder / NAME).option("divert").support.evidence == ("s1", "s2")
