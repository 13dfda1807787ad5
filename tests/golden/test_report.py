"""The report of the seed dispute, as it is printed.

Where a change of the report is meant: python -m tests.golden.test_report
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html

import detente as dt
from detente.examples import path
from detente.render.pdf import readable
from detente.report import findings
from detente.report.briefing import Report, report

GOLDEN = Path(__file__).parent / "ukraine-2023.md"


def made() -> Report:
    return report(dt.example("ukraine-2023"), file=str(path("ukraine-2023")))


@pytest.fixture(scope="module")
def whole() -> Report:
    with pytest.MonkeyPatch.context() as patch:
        # Doubt about preferences has tests of its own; without it the report is the same on every machine.
        patch.setattr(findings, "ROBUSTNESS", "detente.analysis.nothing_of_the_kind")
        return made()


def test_markdown(whole: Report) -> None:
    assert whole.markdown() == GOLDEN.read_text(encoding="utf-8")


def test_html_structure(whole: Report) -> None:
    page = html.fromstring(whole.html())
    outline = [(element.tag, element.text_content()) for element in page.iter("h1", "h2", "h3")]
    kinds = {"heading": ("h2", "h3")}
    wanted = [("h1", whole.document.title)] + [
        (kinds["heading"][block["level"] - 1], block["text"])
        for block in whole.to_dict()["rest"]
        if block["block"] == "heading"
    ]
    assert outline == wanted
    assert len(page.xpath("//svg")) == 1
    assert len(page.xpath("//table")) == sum(block["block"] == "table" for block in whole.to_dict()["rest"])
    assert page.xpath("//tr[@class='strong']/th/text()") == ["323"]


def test_what_typst_is_given_is_the_document(whole: Report) -> None:
    data = json.loads(json.dumps(readable(whole.to_dict())))
    assert [block["block"] for block in data["first"]] == [
        "paragraph", "paragraph", "list", "paragraph", "paragraph", "paragraph", "paragraph",
    ]  # fmt: skip
    svg = next(block["svg"] for block in data["rest"] if block["block"] == "figure")
    assert "Libertinus" in svg and "system-ui" not in svg


if __name__ == "__main__":
    findings.ROBUSTNESS = "detente.analysis.nothing_of_the_kind"
    GOLDEN.write_text(made().markdown(), encoding="utf-8")
