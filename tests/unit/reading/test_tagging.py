"""Tagging many documents: in parts, in processes, and again after an interruption."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.reading.attributions import Attribution
from detente.reading.documents import Document
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger
from detente.reading.tagging import PART, PartialTags, parted, tag_all
from tests.examples import examples

SENTENCES = [
    "The mayor of Tarrin said the bridge will be closed.",
    "“We will not pay,” the union said.",
    "The harbour is old.",
    "Egypt demanded that the gates stay shut.",
]
PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map(" ".join), min_size=1, max_size=8
)


class Counting:
    """The rules, with the texts that they were asked for."""

    fingerprint = "counting"

    def __init__(self, fail_at: int | None = None) -> None:
        self.asked: list[str] = []
        self._fail_at = fail_at

    def tag(self, text: str) -> Sequence[Attribution]:
        if len(self.asked) == self._fail_at:
            raise KeyboardInterrupt
        self.asked.append(text)
        return RuleTagger().tag(text)


@given(PARAGRAPHS, st.integers(1, 200))
@settings(max_examples=examples(50))
def test_parts_are_the_text_and_no_paragraph_is_divided(paragraphs: list[str], size: int) -> None:
    text = "\n\n".join(paragraphs)
    parts = list(parted(text, size))
    assert "".join(piece for _, piece in parts) == text
    assert [start for start, _ in parts] == [
        sum(len(piece) for _, piece in parts[:place]) for place in range(len(parts))
    ]
    # A paragraph that begins with a quotation mark may continue the quotation of the one before.
    assert not any(piece.startswith("“") for _, piece in parts[1:])
    assert {line for _, piece in parts for line in re.split(r"\n+", piece.strip())} == set(paragraphs)


@given(PARAGRAPHS)
@settings(max_examples=examples(50))
def test_parts_are_tagged_as_the_whole_is(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    whole = RuleTagger().tag(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("detente.reading.tagging.parted.__defaults__", (60,))
        assert tag_all([text, "", text], RuleTagger()) == [whole, [], whole]


def test_answer_does_not_depend_on_the_number_of_workers() -> None:
    documents = [
        Document(f"{number}.txt", "\n\n".join([*SENTENCES, f"Report {number} ends."] * 3), "") for number in range(4)
    ]
    alone = read(documents, tagger=RuleTagger(), workers=1)
    assert read(documents, tagger=RuleTagger(), workers=2) == alone
    assert len(alone.statements) == 36


def test_interrupted_work_is_continued_and_ends_in_the_same_dossier(tmp_path: Path) -> None:
    documents = [Document(f"{number}.txt", f"{SENTENCES[number % 4]} Page {number}.", "") for number in range(6)]
    path = tmp_path / "x.dossier.yaml.partial"
    with pytest.raises(KeyboardInterrupt):
        read(documents, tagger=Counting(fail_at=4), kept=PartialTags(path, "counting"))
    # The process was killed while it wrote the last line.
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    again = Counting()
    kept = PartialTags(path, "counting")
    assert len(kept) == 3
    assert read(documents, tagger=again, kept=kept) == read(documents, tagger=RuleTagger())
    assert len(again.asked) == 3
    # And again from the start: everything is known, also what stands behind the line that was cut off.
    last = Counting()
    assert read(documents, tagger=last, kept=PartialTags(path, "counting")) == read(documents, tagger=RuleTagger())
    assert last.asked == []
    kept.remove()
    assert not path.exists()


@pytest.mark.parametrize("content", ["", "{}\n", "not JSON\n[1]\n", "\udcff"])
def test_file_of_another_tagger_or_without_a_head_is_begun_anew(tmp_path: Path, content: str) -> None:
    documents = [Document(f"{number}.txt", f"{SENTENCES[0]} Page {number}.", "") for number in range(2)]
    path = tmp_path / "x.partial"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    assert len(PartialTags(path, "counting")) == 0
    tagger = Counting()
    read(documents, tagger=tagger, kept=PartialTags(path, "counting"))
    assert len(tagger.asked) == 2
    assert len(PartialTags(path, "counting")) == 2
    assert len(PartialTags(path, "rules")) == 0


def test_progress_counts_characters() -> None:
    shares: list[float] = []
    tag_all(["a" * 30, "", "b" * 90], RuleTagger(), progress=lambda share, doing: shares.append(share))
    assert shares == [0.25, 1.0]
    assert PART > 100
