"""Scenarios in a real browser: switches in the address, named ones beside the dispute, and the presentation."""

from __future__ import annotations

import json

import pytest

from detente.io.scenarios import Scenario, load_scenarios, scenarios_path, scenarios_text
from tests.unit.web.serving import RIVER
from tests.web.browsing import HOSTILE, NAME, Tab, faults, needs_chromium, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, needs_chromium]

DONE = "document.querySelector('#answer').ariaBusy === 'false'"
OFF = "Never both: Upstream country pays compensation; Upstream country does not divert the river"


def test_switches_live_in_the_address(tab: Tab) -> None:
    page = tab.open("what-if")
    page.get_by_label(OFF).uncheck()
    page.locator("[data-statement=s2]").uncheck()
    page.get_by_label(
        "Less important: Downstream country prefers that Upstream country does not divert the river"
    ).click()
    until(page, f"document.querySelector('#changed').textContent.startsWith('3 changes') && {DONE}")
    told = page.inner_text("#answer")
    page.reload()
    page.wait_for_selector("#answer h2")
    until(page, DONE)
    assert page.inner_text("#changed") == "3 changes from the file"
    assert page.inner_text("#answer") == told and told.startswith(
        "The model has 8 states; that of the file has 6. Not believed: s2."
    )
    # An address that is mistyped or old is told, and does what it can.
    page.goto(f'{tab.server.base}/what-if/{NAME}?off=["rules",7]&doubted=s2')
    page.wait_for_selector("#scenarios-said.problem")
    assert page.inner_text("#scenarios-said").startswith("1 change in the address cannot be made")
    assert not page.locator("[data-statement=s2]").is_checked()
    page.goto(f"{tab.server.base}/what-if/{NAME}?off=rules")
    page.wait_for_selector("#scenarios-said.problem")


def test_scenario_is_kept_compared_reported_and_marked_out_of_date_by_keyboard(tab: Tab) -> None:
    page = tab.open("what-if")
    page.get_by_label(OFF).focus()
    page.keyboard.press("Space")
    page.get_by_label("Name").focus()
    page.keyboard.type("No rule <b>")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#scenarios-said').textContent === 'Saved: No rule <b>'")
    (kept,) = load_scenarios(tab.server.folder / NAME)
    assert (kept.name, kept.off) == ("No rule <b>", (("rules", 0),))
    page.goto(f"{tab.server.base}/what-if/{NAME}")
    page.locator("#scenarios .link").focus()
    assert page.locator("#scenarios .badge").count() == 0
    assert OFF.removeprefix("Never both: ") in page.inner_text("#scenarios")
    page.keyboard.press("Enter")
    until(page, f"document.querySelector('#changed').textContent === '1 change from the file' && {DONE}")
    assert page.inner_text("#answer").startswith("The model has 8 states")
    # Two side by side, which a link shows again.
    page.get_by_label("Compare with").select_option(label="the file without changes")
    until(page, "document.querySelector('#other').innerText.includes('has 6 states.')")
    page.reload()
    until(page, "document.querySelector('#other').innerText.includes('has 6 states.')")
    one, other = (page.locator(f"#{id}").bounding_box() for id in ("answer", "other"))
    assert one["x"] + one["width"] <= other["x"] and abs(one["y"] - other["y"]) < 4
    assert faults(page, within=["#answer", "#other"]) == []
    # A report takes the scenarios that are chosen.
    page.goto(f"{tab.server.base}/report/{NAME}")
    page.get_by_label("No rule <b>").check()
    page.click("#ask button.primary")
    page.wait_for_selector("#answer article[data-state=done]", timeout=60_000)
    with page.expect_download() as loading:
        page.locator("#answer a[download]").click()
    html = loading.value.path().read_text(encoding="utf-8")
    assert "No rule &lt;b&gt;" in html and "that of the file has 6." in html
    # The model changes.
    text = RIVER.replace("[not divert, compensate, not sanction]", "[compensate, not divert, not sanction]")
    (tab.server.folder / NAME).write_text(text, encoding="utf-8")
    page = tab.open("what-if")
    page.wait_for_selector("#scenarios .badge")
    assert page.inner_text("#scenarios .badge") == "out of date"
    page.get_by_role("button", name="Delete the scenario No rule <b>").click()
    until(page, "document.querySelectorAll('#scenarios > li').length === 0")
    assert load_scenarios(tab.server.folder / NAME) == ()


def test_fault_in_the_side_file_is_told_with_its_place(tab: Tab) -> None:
    side = scenarios_path(tab.server.folder / NAME)
    side.write_text("format: detente-scenarios/1\nscenarios:\n  - {nam: x}\n", encoding="utf-8")
    page = tab.open("what-if")
    page.wait_for_selector("#scenarios-said.problem")
    assert "unknown key 'nam'" in page.inner_text("#scenarios-said")
    # It is not written over.
    assert page.get_by_role("button", name="Save these switches").is_disabled()
    address = f"/api/scenarios/{NAME}"
    found = tab.server.client.put(address, json={"scenarios": [], "was": ""}, headers={"Origin": tab.server.base})
    assert found.status_code == 409 and "nam" in side.read_text()
    assert tab.server.client.get(address).json()["faults"][0]["line"] == 3


def test_hostile_names_of_scenarios_are_only_text(tab: Tab) -> None:
    names = [HOSTILE[0], HOSTILE[1], HOSTILE[2][:200]]
    side = scenarios_path(tab.server.folder / NAME)
    side.write_text(scenarios_text([Scenario(name, off=(("rules", 0),)) for name in names]), encoding="utf-8")
    page = tab.open("what-if")
    page.wait_for_selector("#scenarios > li")
    assert page.locator("#scenarios .link bdi").all_text_contents() == names
    assert page.locator(".scenarios :is(script, img)").count() == 0
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("address", ["overview", "graph", "what-if"])
def test_presentation_has_no_controls_and_escape_leaves_it(tab: Tab, address: str) -> None:
    page = tab.open(address)
    size = "parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"
    before = page.evaluate(size)
    page.locator("#present").focus()
    page.keyboard.press("Enter")
    assert "present=1" in page.url and page.evaluate(size) > before
    # Links and what unfolds belong to the text.
    controls = page.locator("button, select, input").filter(visible=True)
    inside = [one for one in controls.all() if one.get_attribute("id") != "leave"]
    assert all(one.evaluate("one => one.matches('.term')") for one in inside), [
        one.evaluate("one => one.outerHTML") for one in inside
    ]
    page.reload()
    until(page, "document.documentElement.dataset.present === ''")
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert "present" not in page.url and page.locator("#present").is_visible()
    assert page.evaluate("document.activeElement.id") == "present"


def test_quick_switch_on_a_thousand_states(tab: Tab) -> None:
    from benchmarks.disputes import dispute
    from detente.io.conflict_file import write_conflict

    write_conflict(dispute(10, 3, seed=1), tab.server.folder / "many.conflict.yaml")
    page = tab.open("what-if", "many.conflict.yaml")
    times = []
    for box in page.locator("#switches input:not(:disabled)").all()[:5]:
        box.click()
        until(page, DONE)
        times.append(json.loads(page.get_attribute("#answer", "data-milliseconds")))
    # 0.1 s on a quiet machine.
    assert min(times) < 1000
