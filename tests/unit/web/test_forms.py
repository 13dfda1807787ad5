"""Every key of a conflict file has a form, or a reason why not that stands on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import detente as dt
from detente.editing import VERBS
from detente.editing.edit import FORM_WORDS
from detente.editing.statements import LINKS
from detente.io.yaml.schema import ELEMENTS, LINK, SKIPPED, text_only
from detente.web import pages
from detente.web.forms import Grounds
from tests.unit.web.serving import PLANT, river_folder, serving


def sources() -> str:
    paths = [*pages.TEMPLATES.glob("*.html"), *(pages.TEMPLATES.parent / "frontend" / "src").glob("*.ts")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


#: Keys that a form writes by another name: those of the kinds of rules, of what is typed in one field, or of a ranking.
BY_ANOTHER_NAME = {
    *(f"Rule.{key}" for key in ("never", "always", "at_most_one", "at_least_one", "exactly_one", "if")),
    *(f"Statement.{key}" for key in ("id", "spans", "quote", "prefix", "suffix", *LINKS)),
    *(f"Thresholds.{key}" for key in ("satisficing", "alpha", "beta", "gamma")),
    *(f"{element}.{form}" for element in ("DecisionMaker", "Belief") for form in FORM_WORDS),
    *("Ranking.order", "Ranking.known", "OneWay.direction", "Source.id", "Conflict.decision_makers"),
    "Conflict.coalitions",
    # Rejecting a statement and deciding on a link record them.
    *(f"Skipped.{one.key}" for one in SKIPPED.fields),
    *(f"Link.{one.key}" for one in LINK.fields),
    *("Conflict.skipped", "Conflict.links"),
}


def test_every_key_has_a_form_or_a_reason() -> None:
    written = sources()
    for element in ELEMENTS:
        for key, field in element.by_key.items():
            on_a_page = re.search(rf"""["'`.]{key}\b""", written) or f"{element.name}.{key}" in BY_ANOTHER_NAME
            assert element.text_only or field.text_only or on_a_page, f"{element.name}.{key}"


def test_every_edit_is_offered_on_a_page() -> None:
    written = sources()
    for change in VERBS:
        asked = rf"""["']?do["']?[:=] ?["']{change}["']"""
        assert re.search(asked, written) or f'wishes, who, "{change}"' in written, change


def test_reasons_are_shown_on_the_page(tmp_path: Path) -> None:
    folder = river_folder(tmp_path / "folder")
    (folder / "plant.conflict.yaml").write_text(PLANT, encoding="utf-8")
    with serving(folder) as server:
        page = server.client.get("/dispute/plant.conflict.yaml").text
    for one in text_only():
        for words in (one.called, one.reason):
            assert words.replace("'", "&#39;") in page


@pytest.mark.parametrize("read_only", [True, False])
def test_read_only_page_has_no_enabled_control(tmp_path: Path, read_only: bool) -> None:
    folder = river_folder(tmp_path / "folder")
    (folder / "plant.conflict.yaml").write_text(PLANT, encoding="utf-8")
    with serving(folder, read_only=read_only) as server:
        page = server.client.get("/dispute/plant.conflict.yaml").text
    forms = page.partition('id="forms"')[2].partition("text-pane")[0]
    controls = re.findall(r"<(?:input|select|textarea|fieldset)\b[^>]*data-edit[^>]*>", forms)
    assert len(controls) > 60
    assert all((" disabled" in control) == read_only for control in controls)
    changing = re.findall(r"<(?:button|form)\b[^>]*data-(?:edit|move)[^>]*>", forms)
    assert (changing == []) == read_only


def test_what_a_disputed_statement_reports_is_marked_as_disputed() -> None:
    said = [
        dt.Statement("s1", speaker="a", kind="claim", contested_by=("s3",)),
        dt.Statement("s2", speaker="b", nested_in="s1"),
        dt.Statement("s3", speaker="b", kind="denial"),
        dt.Statement("s4", speaker="a", nested_in="s3"),
        dt.Statement("s5", speaker="a"),
    ]
    grounds = Grounds(dt.Conflict("t", [dt.DecisionMaker("a"), dt.DecisionMaker("b")], statements=said))
    assert [grounds.contested(one.id) for one in said] == [True, True, True, False, False]
