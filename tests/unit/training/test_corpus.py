"""The corpus of attributions that the project writes itself is sound, and marked as its guideline says."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente as dt
from detente.model.statements import LEARNED_KINDS
from detente.reading.attributions import Attribution, within
from detente.reading.rule_tagger import RuleTagger
from training.corpus import read_corpus, unmarked
from training.scoring import evaluate

CORPUS = Path(__file__).parents[3] / "corpora" / "attribution" / "passages"


def test_corpus_has_no_faults() -> None:
    passages = read_corpus(CORPUS)
    every = [one for passage in passages for one in passage.attributions]
    assert len(passages) >= 100
    assert {one.kind for one in every} == set(LEARNED_KINDS)
    assert any(not passage.attributions for passage in passages)
    assert any(len(one.content) > 1 for one in every)
    assert any(
        within(one, other) for passage in passages for one in passage.attributions for other in passage.attributions
    )
    for passage in passages:
        for one in passage.attributions:
            assert len(one.cue) == 1
            for start, end in (*one.source, *one.cue, *one.content):
                assert passage.text[start:end].strip() == passage.text[start:end]


def test_double_annotated_passages_have_the_same_text() -> None:
    first = {passage.id: passage.text for passage in read_corpus(CORPUS)}
    second = read_corpus(CORPUS.parent / "second-annotator")
    assert len(second) == 44
    assert all(first[passage.id] == passage.text for passage in second)


def test_marks_are_read_as_attributions() -> None:
    text, spans = unmarked("{1s|{2s|She}} {1c|said} {1q|no} and\n{2c|left it at} {2q|that}.\n\nSo.")
    assert text == "She said no and left it at that.\n\nSo."
    assert spans[1] == {"s": [(0, 3)], "c": [(4, 8)], "q": [(9, 11)]}
    assert spans[2]["s"] == [(0, 3)]
    for wrong in ("{1s|She", "She}", "a | b", "{x}"):
        with pytest.raises(ValueError, match=r"brace|closed|closes"):
            unmarked(wrong)


def test_corpus_fault_names_its_passage(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "- id: one\n  text: '{1s|She} {1c|said} {1q|no}'\n  statements: {1: {speaker: She, kind: clam}}\n"
    )
    with pytest.raises(dt.InputError) as caught:
        read_corpus(tmp_path)
    assert "one: statement 1 has the unknown kind 'clam': claim?" in str(caught.value)


def test_standoff_corpus_is_read(tmp_path: Path) -> None:
    text = "Ann said it is so."
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "a.ann").write_text(
        "T1\tSource 0 3\tAnn\nT2\tCue 4 8\tsaid\nT3\tContent 9 14;15 17\tit is so\nT4\tAttribution 4 8\tsaid\n"
        "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n"
    )
    (tmp_path / "b.txt").write_text(text)
    (tmp_path / "b.ann").write_text(
        "T1\tSpeaker 0 3\tAnn\nT2\tCue 4 8\tsaid\nT3\tQuote 9 17\tit is so\n"
        "R1\tby Arg1:T2 Arg2:T1\nR2\tof Arg1:T3 Arg2:T2\n"
    )
    first, second = read_corpus(tmp_path)
    assert first.attributions == (Attribution(((0, 3),), ((4, 8),), ((9, 14), (15, 17))),)
    assert second.attributions[0].content == ((9, 17),)
    assert [one.found for one in evaluate([first, second], RuleTagger())] == [1, 1]
    (tmp_path / "b.ann").write_text("T1\tnonsense\n")
    with pytest.raises(dt.InputError, match="standoff"):
        read_corpus(tmp_path)
