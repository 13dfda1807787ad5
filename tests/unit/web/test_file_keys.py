"""Every key of a conflict file has a form, or a reason why not that stands on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detente.editing import CHANGES
from detente.io.yaml.schema import json_schema
from detente.web import pages
from detente.web.file_keys import KEYS, By, InText, text_only
from tests.unit.web.serving import PLANT, river_folder, serving


def mappings(shape: Any) -> Iterator[dict[str, Any]]:
    """Yield the long form of a part of the schema, which may have short ones beside it."""
    if "properties" in shape:
        yield shape["properties"]
    for other in shape.get("anyOf", ()):
        yield from mappings(other)


def test_the_list_is_that_of_the_schema() -> None:
    published = json_schema()
    parts = {"": published, **published["$defs"]}
    keys = {name: set().union(*mappings(part)) for name, part in parts.items()}
    assert {name: set(part) for name, part in KEYS.items()} == keys


def test_every_change_that_is_named_there_can_be_made() -> None:
    named = {change for part in KEYS.values() for key in part.values() if isinstance(key, By) for change in key.changes}
    assert named <= set(CHANGES)
    assert set(CHANGES) == named


def test_every_change_is_on_a_page() -> None:
    sources = [*pages.TEMPLATES.glob("*.html"), *(pages.TEMPLATES.parent / "frontend" / "src").glob("*.ts")]
    written = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    handled = {found for pair in re.findall(r'"(move \w+)"|"(rank state|add payoff)"', written) for found in pair}
    for change in CHANGES:
        assert re.search(rf"""["']?do["']?[:=] ?["']{change}["']""", written) or change in handled, change


def test_the_reasons_stand_on_the_page(tmp_path: Path) -> None:
    folder = river_folder(tmp_path / "folder")
    (folder / "plant.conflict.yaml").write_text(PLANT, encoding="utf-8")
    with serving(folder) as server:
        page = server.client.get("/dispute/plant.conflict.yaml").text
    assert len(text_only()) == len(
        {id(key) for part in KEYS.values() for key in part.values() if isinstance(key, InText)}
    )
    for one in text_only():
        for words in (one["called"], one["reason"]):
            assert words.replace("'", "&#39;") in page


@pytest.mark.parametrize("read_only", [True, False])
def test_what_is_only_shown_can_be_changed_nowhere(tmp_path: Path, read_only: bool) -> None:
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
