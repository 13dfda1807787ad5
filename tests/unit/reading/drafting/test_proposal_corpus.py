"""Proposals from the passages of the corpus: whatever is proposed can be used, and has statements behind it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import detente as dt
from detente.io.conflict_file import dump_conflict, parse_conflict
from detente.reading.documents import parse_document
from detente.reading.drafting.proposal import propose

PASSAGES = sorted((Path(__file__).parents[4] / "corpora" / "attribution" / "passages").glob("*.yaml"))


def texts(path: Path) -> list[str]:
    data = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    # Without the marks for who says what.
    return [re.sub(r"\{\w+\|", "", one["text"]).replace("}", "") for one in data]


@pytest.mark.parametrize("path", PASSAGES, ids=lambda path: path.stem)
def test_proposal_from_a_passage_is_sound(path: Path) -> None:
    whole = "\n\n".join(texts(path)[:6])
    try:
        found = propose(parse_document(whole.encode(), f"{path.stem}.txt"))
    except dt.InputError as error:
        assert "no option can be proposed" in str(error) or "fewer than two parties" in str(error)
        return
    conflict = found.conflict
    assert parse_conflict(dump_conflict(conflict)) is not None
    by_id = {one.id: one for one in conflict.statements}
    for place, support in conflict.supports():
        for id in support.evidence:
            outer = by_id[id]
            while outer is not None:
                assert outer.kind != "denial", (place, id)
                outer = by_id.get(outer.nested_in or "")
    for option in conflict.options:
        assert option.support.evidence
        assert not option.name.islower()
        assert "\n" not in option.name
    conflict.analyze(["nash"])
