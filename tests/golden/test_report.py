"""The report of the seed dispute says every fact that it ever said: figures, states, names, quotes and statements.

Where a fact is meant to go: python -m tests.golden.test_report
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import html

import detente as dt
from detente.examples import path
from detente.render.pdf import readable
from detente.report.briefing import Report, report

GOLDEN = Path(__file__).parent / "ukraine-2023.facts.json"
#: What is a fact, by what it looks like, in a report as Markdown.
KINDS = {
    "states by letters": r"(?<![\w-])[YN-]*[YN][YN-]{2,}(?![\w-])",
    "states by number": r"\bstates? (\d+)",
    "names": r"‘([^’]*)’",
    "quotes": r"“([^”]*)”",
    "statements": r"\bs\d+[a-z]?\b",
    "figures": r"(?<![\w.,])\d+(?:[.,]\d+)*%?",
}


def facts(markdown: str) -> dict[str, list[str]]:
    """The facts in a text."""
    text = markdown.replace("\\", "")
    return {kind: sorted(set(re.findall(pattern, text))) for kind, pattern in KINDS.items()}


def made() -> Report:
    return report(dt.example("ukraine-2023"), file=str(path("ukraine-2023")), samples=200)


@pytest.fixture(scope="module")
def whole() -> Report:
    return made()


def test_report_contains_every_frozen_fact(whole: Report) -> None:
    found = facts(whole.markdown())
    for kind, wanted in json.loads(GOLDEN.read_text(encoding="utf-8")).items():
        assert [one for one in wanted if one not in found[kind]] == [], kind


def test_report_html_has_the_frozen_structure(whole: Report) -> None:
    page = html.fromstring(whole.html())
    outline = [(element.tag, element.text_content()) for element in page.iter("h1", "h2", "h3", "h4")]
    wanted = [("h1", whole.document.title)] + [
        (f"h{block['level'] + 1}", block["text"]) for block in whole.to_dict()["rest"] if block["block"] == "heading"
    ]
    assert outline == wanted
    # The state graph, and the positions over time.
    assert len(page.xpath("//svg")) == 2
    assert len(page.xpath("//table")) == sum(block["block"] == "table" for block in whole.to_dict()["rest"])
    assert set(page.xpath("//tr[@class='strong']/th/text()")) == {"323"}


def test_typst_data_equals_the_frozen_document(whole: Report) -> None:
    data = json.loads(json.dumps(readable(whole.to_dict())))
    assert [block["block"] for block in data["first"]] == [block["block"] for block in whole.to_dict()["first"]]
    svg = next(block["svg"] for block in data["rest"] if block["block"] == "figure")
    assert "Libertinus" in svg and "system-ui" not in svg


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(facts(made().markdown()), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
