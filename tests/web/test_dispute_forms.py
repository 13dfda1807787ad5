"""The forms of the dispute page beyond names and conditions, in a real browser: each in step with the text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.web.serving import PLANT, Serving
from tests.web.browsing import HOSTILE, Tab, needs_chromium, text_of, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

NAME = "plant.conflict.yaml"
#: The forms say what the text says.
FOLLOWED = "document.querySelector('#forms').ariaBusy === 'false'"


@pytest.fixture
def page(tab: Tab) -> Any:
    (tab.server.folder / NAME).write_text(PLANT, encoding="utf-8")
    return tab.open("dispute", NAME)


def in_text(page: Any, words: str) -> None:
    """Wait until words are in the text and the forms have followed."""
    until(page, f"document.querySelector('.cm-content').innerText.includes({json.dumps(words)}) && {FOLLOWED}")


def not_in_text(page: Any, words: str) -> None:
    """Wait until words are no longer in the text and the forms have followed."""
    until(page, f"!document.querySelector('.cm-content').innerText.includes({json.dumps(words)}) && {FOLLOWED}")


def in_form(page: Any, key: str, value: str) -> None:
    """Wait until a control has a value."""
    until(page, f"document.querySelector({json.dumps(f'[data-key={json.dumps(key)}]')})?.value === {json.dumps(value)}")


def ranked(page: Any, *states: str) -> None:
    """Wait until the village's ranking has these states, best first; tied ones in one text."""
    script = """[...document.querySelectorAll('.ranking[data-maker=village] > li')]
        .map(one => [...one.querySelectorAll('.state code')].map(code => code.textContent).join('='))"""
    until(page, f"JSON.stringify({script}) === JSON.stringify({json.dumps(states)})")


def opened(page: Any, part: str) -> None:
    page.locator(f"details[data-key='{part}'] > summary").click()
    until(page, f"document.querySelector(\"details[data-key='{part}']\").open")


def test_ranking_is_tied_separated_and_reordered_by_keys_and_dragging(page: Any) -> None:
    ranked(page, "YYN", "YYY", "NNN=NNY", "YNY", "YNN")
    page.get_by_role("button", name="Tie place 2 of The village with the place above").click()
    ranked(page, "YYN=YYY", "NNN=NNY", "YNY", "YNN")
    page.get_by_role("button", name="Untie state deal for The village").click()
    ranked(page, "YYY", "YYN", "NNN=NNY", "YNY", "YNN")
    page.get_by_role("button", name="More settings of place 3 of The village").click()
    page.get_by_label("States above place 3 of The village").select_option("unknown")
    in_text(page, "      known:")
    page.wait_for_selector(".ranking .gap")
    assert page.inner_text(".ranking .gap") == "Not compared with the states above"
    # What was opened stays open.
    assert page.get_by_label("States above place 3 of The village").is_visible()
    for _ in range(3):
        page.get_by_role("button", name="Undo").click()
    ranked(page, "YYN", "YYY", "NNN=NNY", "YNY", "YNN")
    assert page.get_by_role("button", name="Save").is_disabled()
    handle = page.get_by_role("button", name="Move place 5 of The village: arrow keys")
    handle.focus()
    page.keyboard.press("ArrowUp")
    ranked(page, "YYN", "YYY", "NNN=NNY", "YNN", "YNY")
    until(page, "document.activeElement.dataset.key === 'move:village:3'")
    rows = page.locator(".ranking[data-maker=village] > li")
    rows.nth(3).locator(".handle").drag_to(rows.nth(0))
    ranked(page, "YNN", "YYN", "YYY", "NNN=NNY", "YNY")
    in_text(page, "      - YNN\n      - deal")
    assert "# beyond doubt" in text_of(page)


def test_ranking_follows_added_and_removed_states(page: Any) -> None:
    page.get_by_label("New option of The bank").fill("Lend")
    page.keyboard.press("Enter")
    ranked(page, "YYNN=YYNY", "YYYN=YYYY", "NNNN=NNNY=NNYN=NNYY", "YNYN=YNYY", "YNNN=YNNY")
    page.get_by_label("Remove option lend").click()
    ranked(page, "YYN", "YYY", "NNN=NNY", "YNY", "YNN")
    page.get_by_label("Remove rule 1").click()
    page.wait_for_selector(".refused")
    assert "the payoffs of The bank: 2 of 8 states are not ranked" in page.inner_text(".refused")


def test_long_ranking_is_reordered_by_name(tab: Tab) -> None:
    numbers = ", ".join(map(str, range(1, 257)))
    payoffs = ", ".join(f"{number}: 0" for number in range(1, 257))
    text = "format: detente/1\ntitle: Many\ndecision_makers:\n  i:\n    options: [a, b, c, d, e, f, g, h]\n"
    text += f"    ranking: [{numbers}]\n  j: {{payoffs: {{{payoffs}}}}}\nstates: {{all: [a, b, c, d, e, f, g, h]}}\n"
    (tab.server.folder / NAME).write_text(text, encoding="utf-8")
    page = tab.open("dispute", NAME)
    assert "The ranking has 256 places, too many to list here" in page.inner_text("#forms")
    page.get_by_label("State to move in the ranking of i: its number, letters or name").fill("all")
    place = page.get_by_label("Place in the ranking of i, from 1 to 256")
    place.fill("1000")
    page.keyboard.press("Enter")
    page.wait_for_selector(".add .refused")
    assert "the place must be a number from 1 to 256" in page.inner_text(".add .refused")
    place.fill("2")
    page.keyboard.press("Enter")
    in_text(page, "ranking: [1, 256, 2, 3,")
    page.get_by_label("State whose payoff for j changes: its number, letters or name").fill("YNNNNNNN")
    page.get_by_label("Payoff of that state for j").fill("1/3")
    page.keyboard.press("Enter")
    in_text(page, "2: 1/3, 3: 0")
    for _ in range(2):
        page.get_by_role("button", name="Undo").click()
    in_text(page, "ranking: [1, 2, 3,")


def makers(page: Any, *ids: str) -> None:
    """Wait until the decision makers stand in this order."""
    script = "[...document.querySelectorAll('[data-key^=\\'identifier:maker:\\']')].map(one => one.value)"
    until(page, f"JSON.stringify({script}) === JSON.stringify({json.dumps(ids)}) && {FOLLOWED}")


def test_decision_makers_and_options_are_reordered_by_keys_and_dragging(page: Any) -> None:
    # Nothing has to be scrolled to while it is dragged.
    page.set_viewport_size({"width": 1280, "height": 2400})
    makers(page, "company", "village", "ministry", "bank")
    handle = page.get_by_role("button", name="Move decision maker 2, The village: arrow keys")
    handle.focus()
    page.keyboard.press("ArrowUp")
    makers(page, "village", "company", "ministry", "bank")
    # The letters are others, the states the same.
    ranked(page, "NYY", "YYY", "NNN=YNN", "YYN", "NYN")
    until(page, "document.querySelector('#status').textContent.startsWith('States have new numbers in the new order.')")
    assert page.evaluate("document.activeElement.dataset.key") == "move:makers:0"
    page.get_by_role("button", name="Move decision maker 4, The bank: arrow keys").drag_to(
        page.get_by_role("button", name="Move decision maker 3, The ministry: arrow keys")
    )
    makers(page, "village", "company", "bank", "ministry")
    options = page.locator("section.maker:has([data-key='maker:company']) [data-order]").first.locator("> li")
    options.nth(1).locator(".handle").drag_to(options.nth(0))
    in_text(page, "options: {pay: Pay the village, build: Build the plant}")
    ranked(page, "NYY", "YYY", "NNN=YNN", "YNY", "NNY")
    page.get_by_role("button", name="Move option 1 of The company: arrow keys").press("ArrowDown")
    in_text(page, "options: {build: Build the plant, pay: Pay the village}")
    until(page, "document.activeElement.dataset.key === 'move:options:company:1'")
    # An option is not dropped among another's, nor written into a field.
    page.get_by_role("button", name="Move option 1 of The company: arrow keys").drag_to(page.locator("#option-protest"))
    in_text(page, "{build: Build the plant, pay: Pay the village}")
    assert page.get_by_label("Name of option protest").input_value() == "Protest"
    for _ in range(4):
        page.get_by_role("button", name="Undo").click()
    makers(page, "company", "village", "ministry", "bank")
    ranked(page, "YYN", "YYY", "NNN=NNY", "YNY", "YNN")
    assert page.get_by_role("button", name="Save").is_disabled()
    assert page.get_by_role("button", name="Undo").is_disabled()


def test_identifier_is_renamed_everywhere(page: Any) -> None:
    opened(page, "unsure:village")
    page.get_by_role("button", name="More settings of option build").click()
    field = page.get_by_label("Identifier of option build")
    field.fill("construct")
    page.keyboard.press("Enter")
    in_text(page, "if pay then construct")
    assert page.get_by_label("Rule 1: then").input_value() == "construct"
    field = page.get_by_label("Identifier of decision maker village")
    for wrong, why in (("mayor", "there is already a speaker 'mayor'"), ("a b", "'a b' is not a valid identifier")):
        field.fill(wrong)
        page.keyboard.press("Enter")
        page.wait_for_selector(f'.more-part > .refused:has-text("{why}")')
    field.fill("hamlet")
    # The next control is where the keys go on, and what was opened stays open.
    page.keyboard.press("Tab")
    in_text(page, "attitudes: {hamlet: negative}")
    makers(page, "company", "hamlet", "ministry", "bank")
    assert page.locator(".refused").count() == 0
    assert page.evaluate("document.activeElement.dataset.key") == "facing:hamlet"
    assert page.evaluate("document.querySelector(\"details[data-key='unsure:hamlet']\").open")
    assert page.get_by_label("Preference 1 of The company", exact=True).input_value() == "construct"
    page.get_by_role("button", name="Undo").click()
    not_in_text(page, "hamlet")
    page.get_by_role("button", name="Undo").click()
    not_in_text(page, "construct")
    assert page.get_by_role("button", name="Save").is_disabled()


def test_preferences_are_converted_and_back(page: Any) -> None:
    opened(page, "turns:company")
    assert "Keeps the order of the states. Lost: the confidence" in page.inner_text("details[data-key='turns:company']")
    page.locator("[data-key='turn:company:ranking']").click()
    page.wait_for_selector(".ranking[data-maker=company]")
    in_text(page, "# as its letters have it\n    ranking:")
    until(page, "document.querySelector('#status').textContent.includes('Undo restores the old ones')")
    page.locator("[data-key='turn:company:payoffs']").click()
    page.wait_for_selector(".payoffs[data-maker=company]")
    for form in (".ranking[data-maker=company]", "[data-key='preference:company:0']"):
        page.get_by_role("button", name="Undo").click()
        page.wait_for_selector(form, state="attached")
    assert "# said twice" in text_of(page)


def test_numbers_are_edited_and_invalid_ones_refused(page: Any) -> None:
    payoff = page.get_by_label("Payoff of state deal for The bank")
    payoff.fill("4.25")
    payoff.press("Enter")
    in_text(page, "3: 4.25")
    weight = page.get_by_label("Number of weight 1 of The ministry")
    weight.fill("many")
    weight.press("Enter")
    page.wait_for_selector(".refused")
    assert "'many' is not a number" in page.inner_text(".line:has([data-key='weight:ministry:0']) .refused")
    weight.fill("5")
    weight.press("Enter")
    in_text(page, "not protest: 5")
    assert page.locator(".refused").count() == 0
    page.get_by_label("Number of a new weight of The ministry").fill("-2")
    page.get_by_label("Condition of a new weight of The ministry").fill("pay")
    page.keyboard.press("Enter")
    in_form(page, "weight:ministry:2", "-2")
    assert "pay: -2" in text_of(page)


def test_confidence_is_edited_by_keyboard(page: Any) -> None:
    more = page.get_by_role("button", name="More settings of preference 1 of The company")
    more.focus()
    page.keyboard.press("Enter")
    until(page, "document.activeElement.dataset.key === 'preference:company:0'")
    page.keyboard.press("Tab")
    until(page, "document.activeElement.dataset.key === 'confidence:company:0'")
    page.keyboard.type("70")
    page.keyboard.press("Enter")
    page.wait_for_selector(".more-part .refused")
    assert "more than 0 and at most 1" in page.inner_text(".more-part .refused")
    page.get_by_label("Confidence in preference 1 of The company", exact=True).fill("0.7")
    page.keyboard.press("Enter")
    in_text(page, "confidence: 0.7")
    page.get_by_label("Strength of preference 1 of The company", exact=True).select_option("strong")
    in_text(page, "strength: strong")
    page.get_by_label("Direction of preference 1 of The company unknown", exact=True).check()
    in_text(page, "unknown: true")
    until(page, "document.querySelector('.preferences[data-maker=company] .marks')?.textContent"
          " === 'unknown, strong, confidence 0.7'")  # fmt: skip
    note = page.get_by_label("Note on preference 1 of The company", exact=True)
    note.fill("So they say.")
    note.press("Enter")
    in_text(page, "note: So they say.")
    more.focus()
    page.keyboard.press("Enter")
    until(page, "!document.activeElement.closest('li').querySelector('.more-part:not([hidden])')")


def test_attitudes_and_thresholds_are_edited(page: Any) -> None:
    opened(page, "part:attitudes")
    page.get_by_label("Attitude of The village towards The company").select_option("positive")
    in_text(page, "attitudes: {company: positive}")
    assert page.locator("details[data-key='part:attitudes'] > summary small").inner_text() == "2 given"
    page.get_by_label("Attitude of The village towards The company").select_option("")
    not_in_text(page, "company: positive")
    opened(page, "unsure:bank")
    page.get_by_label("How The bank treats unknown preferences").select_option("c")
    in_text(page, "facing_unknown: c")
    threshold = page.get_by_label("Threshold alpha of The bank")
    threshold.fill("2")
    threshold.press("Enter")
    page.wait_for_selector(".more-part .refused")
    threshold.fill("0.9")
    threshold.press("Enter")
    in_text(page, "thresholds: {alpha: 0.9}")


def test_view_is_added_and_removed(page: Any) -> None:
    opened(page, "part:views")
    opened(page, "view:bank")
    within = page.locator("details[data-key='view:bank']")
    within.get_by_label("Protest").check()
    in_text(page, "does_not_see: [protest]")
    within.get_by_role("button", name="Add a belief about The company").click()
    page.wait_for_selector("[data-key='preference:bank>company:0']", state="attached")
    page.get_by_role("button", name="More settings of preference 1 of The company as The bank sees it").click()
    field = within.get_by_role("textbox", name="Preference 1 of The company as The bank sees it", exact=True)
    field.fill("build and pay")
    field.press("Enter")
    in_text(page, "- build and pay")
    assert page.locator("[data-key='preference:company:0']").input_value() == "build"
    within.get_by_role("button", name="Remove the belief about The company").click()
    not_in_text(page, "build and pay")
    within.get_by_label("Protest").uncheck()
    not_in_text(page, "does_not_see: [protest]")
    assert "# of all things" in text_of(page)


def test_seldom_needed_fields_are_edited(page: Any) -> None:
    for part in ("coalitions", "merge", "speakers", "about", "text"):
        opened(page, f"part:{part}")
    page.get_by_label("Coalition of The bank").select_option(label="with The village")
    in_text(page, "[village, bank]")
    page.get_by_label("New merge").fill("build and pay and protest")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-key='merge:0']", state="attached")
    in_text(page, "- build and pay and protest")
    name = page.get_by_label("Name of speaker mayor")
    name.fill("Madam Mayor")
    name.press("Enter")
    in_text(page, "mayor: Madam Mayor")
    page.get_by_label("Sources of the model, one work on each line").fill("One, 1999.\nTwo, 2001.")
    page.get_by_label("Notes").fill("Invented.")
    in_text(page, "- Two, 2001.")
    page.keyboard.press("Tab")
    in_text(page, "notes: Invented.")
    assert "It identifies the format of the file and has a single value" in page.inner_text(".text-only")
    opened(page, "quo-more")
    page.get_by_role("button", name="Remove the status quo").click()
    not_in_text(page, "status_quo:")
    page.get_by_role("button", name="record that no option is taken").click()
    in_text(page, "status_quo: []")


def test_conditional_rule_is_built_from_two_halves_and_a_refused_entry_offers_a_suggestion(page: Any) -> None:
    assert page.get_by_label("Rule 1: then").input_value() == "build"
    assert not page.get_by_label("New rule: then").is_visible()
    page.get_by_label("Kind of new rule").select_option("if_then")
    # Pressed at the field, not wherever the focus is: the forms may just be made anew.
    page.get_by_label("New rule", exact=True).fill("pay and protest")
    page.get_by_label("New rule", exact=True).press("Enter")
    page.wait_for_selector(".add .refused")
    assert "enter the second condition" in page.inner_text(".add .refused")
    page.get_by_label("New rule: then").fill("build or pay")
    page.get_by_label("New rule: then").press("Enter")
    in_form(page, "rule-then:1", "build or pay")
    in_text(page, "- if pay and protest then build or pay")
    assert page.locator(".refused").count() == 0
    page.get_by_label("New preference of The company", exact=True).fill("not protst")
    page.keyboard.press("Enter")
    page.wait_for_selector(".add .refused")
    assert page.inner_text(".add .refused") == "Not changed: unknown option 'protst' — did you mean ‘protest’?"


def test_forms_follow_the_text(page: Any) -> None:
    page.locator(".cm-line", has_text="- YNY").click()
    page.keyboard.press("End")
    for _ in range(3):
        page.keyboard.press("Backspace")
    page.keyboard.type("[YNY, YNN]")
    page.wait_for_selector("#faults:not([hidden]) li")
    assert "is ranked twice" in page.inner_text("#faults")
    page.locator(".cm-line", has_text="- YNN").last.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.press("Backspace")
    ranked(page, "YYN", "YYY", "NNN=NNY", "YNY=YNN")
    page.wait_for_selector("#faults[hidden]", state="attached")


def test_unfinished_entry_survives_another_change(page: Any) -> None:
    page.get_by_label("Direction of build").select_option(label="irreversible once taken")
    field = page.get_by_label("Name of option pay")
    field.focus()
    page.keyboard.press("End")
    page.keyboard.type(" twice")
    in_text(page, "build: [no, yes]")
    in_form(page, "way:build", '["no", "yes"]')
    page.wait_for_selector("[data-key='more:option:build']")
    assert page.evaluate("document.activeElement.dataset.key") == "option:pay"
    assert page.evaluate("document.activeElement.value") == "Pay the village twice"
    page.keyboard.press("Enter")
    in_text(page, "Pay the village twice")


def test_enter_saves_a_name_and_keeps_the_focus(page: Any) -> None:
    field = page.get_by_label("Name of option pay")
    field.fill("Pay  the (whole)\n\n village")
    assert field.input_value() == "Pay  the (whole) village"
    field.press("Enter")
    in_text(page, "pay: Pay  the (whole) village")
    assert page.evaluate("document.activeElement.dataset.key") == "option:pay"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.key") == "way:pay"
    # What is said in another spelling is shown as the file has it.
    page.get_by_role("button", name="More settings of preference 1 of The company").click()
    field = page.get_by_label("Preference 1 of The company", exact=True)
    field.fill("(build)")
    field.press("Enter")
    in_form(page, "preference:company:0", "build")
    # The field is as the file has it, so that undo is that of the dispute.
    page.keyboard.press("Control+z")
    not_in_text(page, "(whole)")


@pytest.mark.parametrize("width", [1280, 390])
def test_long_text_is_shown_whole(new_tab: Callable[..., Tab], server: Serving, width: int) -> None:
    long = "Withdraw its troops from the peninsula and from all the other territories that it controls at present"
    text = PLANT.replace("Build the plant", long).replace("The village", long).replace("A plant beside a village", long)
    text = text.replace("- build  ", "- build or build and pay or build and not protest or not (build and protest)  ")
    text = text.replace("confidence: 0.8", f"confidence: 0.8, note: {long}")
    text = text.replace("# Who takes", f"summary: {long}, {long}\n# Who takes")
    (server.folder / NAME).write_text(text, encoding="utf-8")
    page = new_tab(width).open("dispute", NAME)
    page.evaluate("document.querySelectorAll('[data-more]').forEach(one => one.click())")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('#forms :is(input:not([type=checkbox]), textarea)[data-field]')]
            .filter(one => one.offsetParent && !one.matches('.identifier'))
            .filter(one => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
            .map(one => one.dataset.key)"""
    )
    assert cut == []
    choices = page.evaluate(
        """() => [...document.querySelectorAll('.line > select')].filter(one => one.scrollWidth > one.clientWidth)
            .map(one => one.dataset.key)"""
    )
    assert choices == []


def test_touch_drags_by_the_handle(new_tab: Callable[..., Tab], server: Serving) -> None:
    (server.folder / NAME).write_text(PLANT, encoding="utf-8")
    page = new_tab(390, 844, touch=True).open("dispute", NAME)
    rows = page.locator(".ranking[data-maker=village] > li")
    # Nothing moves any more: the letters are there, and the forms are those of the text.
    until(page, f"document.fonts.status === 'loaded' && {FOLLOWED}")
    rows.nth(2).evaluate("one => one.scrollIntoView({block: 'center'})")
    start, end = (rows.nth(place).locator(".handle").bounding_box() for place in (3, 1))
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, box: dict[str, float] | None) -> None:
        points = [{"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}] if box else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    touch("touchMove", end)
    until(page, "document.querySelector('.ranking > .over')")
    touch("touchEnd", None)
    ranked(page, "YYN", "YNY", "YYY", "NNN=NNY", "YNN")


def test_all_forms_escape_hostile_names(tab: Tab) -> None:
    script, turned, long = HOSTILE
    text = PLANT.replace("The company", json.dumps(script)).replace("The bank", json.dumps(turned))
    text = text.replace("Build the plant", json.dumps(long)).replace("The mayor", json.dumps(script))
    text = text.replace("deal", json.dumps(script), 1).replace("  deal:", f"  {json.dumps(script)}:")
    (tab.server.folder / NAME).write_text(text, encoding="utf-8")
    page = tab.open("dispute", NAME)
    page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
    page.evaluate("document.querySelectorAll('[data-more]').forEach(one => one.click())")
    assert page.locator(".more-part:not([hidden])").count() > 10
    assert page.locator("#forms img").count() == 0
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        until(page, f"innerWidth === {width}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), width
        assert page.evaluate(
            "[...document.querySelectorAll('.forms-pane')].every(one => one.scrollWidth <= one.clientWidth + 1)"
        ), width
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('#forms :is(button, input:not([type=hidden]), select, textarea)')]
            .filter(one => !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length))
            .map(one => one.outerHTML)"""
    )
    assert unnamed == []
    keys = page.evaluate("[...document.querySelectorAll('#forms [data-key]')].map(one => one.dataset.key)")
    assert len(keys) == len(set(keys)), [key for key in keys if keys.count(key) > 1]
    assert re.search(r"script", page.inner_text("#forms"))
