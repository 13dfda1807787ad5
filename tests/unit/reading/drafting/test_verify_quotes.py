"""What the check says of quotes and their documents, and when it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.running import run

HEAD = """format: detente/1
title: T
decision_makers:
  a: {options: {x: {name: X, evidence: [s1]}}, preferences: [x]}
sources:
  - {id: d, file: d.txt}
statements:
"""


def findings(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[tuple[str, str]]]:
    """The exit code of a check, and what it finds of quotes and documents: severity and message."""
    done = run(capsys, "check", str(folder / "x.conflict.yaml"), "--format", "json", *options)
    listed = [(one["severity"], one["message"]) for one in json.loads(done.out)["findings"]]
    return done.code, [one for one in listed if "quote" in one[1] or "document" in one[1]]


def write(folder: Path, text: str | bytes | None, quote: str) -> None:
    if text is not None:
        (folder / "d.txt").write_bytes(text.encode() if isinstance(text, str) else text)
    statement = f"  - {{id: s1, source: d, speaker: a, quote: {json.dumps(quote, ensure_ascii=False)}}}\n"
    (folder / "x.conflict.yaml").write_text(HEAD + statement, encoding="utf-8")


def test_a_quote_that_is_in_no_document_fails_a_strict_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "They said that the gates are open.", "the gates are shut")
    code, ((severity, message),) = findings(tmp_path, capsys)
    assert (code, severity) == (0, "warning")
    assert message.startswith("the quote of 's1' is not in the document of 'd'")
    assert findings(tmp_path, capsys, "--strict") == (1, [("error", message)])


@pytest.mark.parametrize("text", [None, b"%PDF-1.4\nrubbish"])
def test_a_document_that_cannot_be_read_fails_a_strict_check(
    text: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, text, "the gates are shut")
    code, ((severity, message),) = findings(tmp_path, capsys, "--strict")
    assert (code, severity) == (1, "error")
    assert message.startswith("the document of the source 'd' ")


def test_a_strict_check_passes_if_every_quote_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "They said “the gates aren’t shut”.", "the gates aren't shut")
    note = "the quote of 's1' is written differently in the document of 'd': quotation marks or apostrophes"
    assert findings(tmp_path, capsys, "--strict") == (0, [("warning", note)])
    write(tmp_path, "They said the gates are shut.", "the gates are shut")
    assert findings(tmp_path, capsys, "--strict") == (0, [])


@pytest.mark.parametrize(
    ("sources", "source", "why"),
    [
        ("  - {id: d, title: A paper}", "source: d, ", "the source 'd' names no document"),
        ("  []", "", "it has no source"),
    ],
)
def test_a_quote_without_a_document_fails_a_strict_check_only(
    sources: str, source: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = HEAD.replace("  - {id: d, file: d.txt}", sources) + f"  - {{id: s1, {source}speaker: a, quote: never}}\n"
    (tmp_path / "x.conflict.yaml").write_text(text, encoding="utf-8")
    assert findings(tmp_path, capsys) == (0, [])
    message = f"the quote of 's1' cannot be looked up: {why}"
    assert findings(tmp_path, capsys, "--strict") == (1, [("error", message)])
