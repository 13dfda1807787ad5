"""What ``read --format json`` prints: a dossier whose spans cut each quote out of the extracted text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from detente.model.statements import STATEMENT_KINDS
from detente.reading.documents import read_document
from tests.contracts.outside import detente
from tests.unit.cli.running import run

TEXT = """\
Talks resume

Downing Street, 3 May 2024. “We will not sign,” the prime minister said on Monday, “unless the dam is opened.”
Germany said that Poland had claimed that the bridge is safe. Olaf Scholz refused to load
the ship. Berlin did not say that it would pay.
"""
PAGE = f"<html><head><title>Talks</title></head><body><p>{TEXT.partition('Downing')[2]}</p></body></html>"
KEYS = {
    "id", "source", "speaker", "speaker_text", "cue", "kind", "quote", "spans", "date_said", "nested_in", "confidence",
    "speaker_confidence", "kind_confidence",
}  # fmt: skip


def assert_sound(data: dict[str, Any], texts: dict[str, str]) -> None:
    assert data["format"] == "detente-dossier/1"
    assert {source["id"] for source in data["sources"]} == set(texts)
    ids = [one["id"] for one in data["statements"]]
    assert ids
    assert len(set(ids)) == len(ids)
    for one in data["statements"]:
        assert set(one) >= KEYS
        text = texts[one["source"]]
        assert one["speaker"] is None or isinstance(one["speaker"], str)
        assert one["speaker_text"] is None or one["speaker_text"] in text
        assert one["cue"] is None or one["cue"] in text
        assert one["kind"] in STATEMENT_KINDS
        assert all(isinstance(span, list) and len(span) == 2 for span in one["spans"])
        pieces = [text[start:end] for start, end in one["spans"]]
        assert all(pieces)
        # Words that the report interrupts are one quote of several pieces.
        assert " … ".join(pieces) == one["quote"]
        assert one["date_said"] is None or re.fullmatch(r"\d{4}-\d\d-\d\d", one["date_said"])
        assert one["nested_in"] in (None, *ids)
        for sure in ("confidence", "speaker_confidence", "kind_confidence"):
            assert isinstance(one[sure], int | float)
            assert 0 <= one[sure] <= 1
    for one in data["skipped"]:
        assert one["source"] in texts
        assert one["reason"]
        assert " … ".join(texts[one["source"]][start:end] for start, end in one["spans"]) == one["quote"]


def test_read_json_lists_sources_and_statements_of_all_documents(tmp_path: Path) -> None:
    (tmp_path / "talks.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    files = [str(tmp_path / name) for name in ("talks.txt", "page.html")]
    done = detente("read", *files, "--published", "2024-05-07", "--format", "json")
    assert done.returncode == 0
    assert "Please check this draft" in done.stderr
    assert_sound(json.loads(done.stdout), {Path(file).stem: read_document(file).text for file in files})


@pytest.mark.parametrize("tagger", ["learned", "rules"])
def test_statement_json_has_the_fields_of_the_contract(
    tagger: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talks.txt").write_text(TEXT, encoding="utf-8")
    file = str(tmp_path / "talks.txt")
    done = run(capsys, "read", file, "--published", "2024-05-07", "--tagger", tagger, "--format", "json")
    data = json.loads(done.out)
    # The extracted text of plain text is what is in the file.
    assert_sound(data, {"talks": TEXT})
    by_quote = {one["quote"]: one for one in data["statements"]}
    split = next(one for quote, one in by_quote.items() if "We will not sign" in quote)
    assert split["date_said"] == "2024-05-06"
    inner = by_quote["the bridge is safe"]
    outer = next(one for one in data["statements"] if one["id"] == inner["nested_in"])
    assert (inner["speaker"], inner["speaker_text"], inner["cue"], inner["kind"]) == (
        "poland", "Poland", "had claimed", "claim",
    )  # fmt: skip
    assert (outer["speaker"], outer["speaker_text"], outer["cue"], outer["nested_in"]) == (
        "germany", "Germany", "said", None,
    )  # fmt: skip
