"""Real text as standoff: the loader and the scores, on documents made for them; GUM itself is not kept here."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from detente.errors import InputError
from training.corpus import read_corpus
from training.realtext import ANNOTATION, Label, Text, about, errors, listed, load, main, of_passages, tally

#: A made-up document in GUM's form, two paragraphs.
CONLLU = """\
# newdoc id = GUM_news_mill
# newpar
# sent_id = GUM_news_mill-1
1\tMayor\tmayor\tNOUN\tNN\t_\t0\troot\t_\t_
2\tIda\tIda\tPROPN\tNNP\t_\t1\tflat\t_\t_
3\tHolm\tHolm\tPROPN\tNNP\t_\t1\tflat\t_\t_
4\tsaid\tsay\tVERB\tVBD\t_\t1\tx\t_\t_
5\ton\ton\tADP\tIN\t_\t6\tx\t_\t_
6\tMonday\tMonday\tPROPN\tNNP\t_\t4\tx\t_\t_
7\tthat\tthat\tSCONJ\tIN\t_\t4\tx\t_\t_
8\tthe\tthe\tDET\tDT\t_\t9\tx\t_\t_
9\tmill\tmill\tNOUN\tNN\t_\t10\tx\t_\t_
10\tburns\tburn\tVERB\tVBZ\t_\t4\tx\t_\tSpaceAfter=No
11\t.\t.\tPUNCT\t.\t_\t1\tpunct\t_\t_

# newpar
# sent_id = GUM_news_mill-2
1\tShe\tshe\tPRON\tPRP\t_\t2\tnsubj\t_\t_
2\trefused\trefuse\tVERB\tVBD\t_\t0\troot\t_\t_
3\tto\tto\tPART\tTO\t_\t4\tmark\t_\t_
4\tpay\tpay\tVERB\tVB\t_\t2\txcomp\t_\tSpaceAfter=No
5\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_
"""
TEXT = "Mayor Ida Holm said on Monday that the mill burns.\n\nShe refused to pay."
#: Two made-up documents in PUD's form: sentences that do not follow each other.
PUD = """\
# newdoc id = n99001
# sent_id = n99001001
1\tRain\train\tNOUN\tNN\t_\t0\troot\t_\tSpaceAfter=No
2\t.\t.\tPUNCT\t.\t_\t1\tpunct\t_\t_

# sent_id = n99001007
1\tWind\twind\tNOUN\tNN\t_\t0\troot\t_\t_

# newdoc id = n99002
# sent_id = n99002001
1\tSnow\tsnow\tNOUN\tNN\t_\t0\troot\t_\t_
"""


def described(document: str, text: str, **other: object) -> str:
    about = {"document": document, "genre": "news", "half": "dev", "published": "2020-03-04", "speaker": None}
    return json.dumps({**about, "sha256": hashlib.sha256(text.encode()).hexdigest(), **other})


def statement(document: str, speaker: str, cue: str, content: str, **other: object) -> str:
    def spans(words: str) -> list[list[int]]:
        return [[TEXT.index(words), TEXT.index(words) + len(words)]] if words else []

    said = {"who": "Ida Holm", "kind": "claim", "date": None, "polarity": "said"}
    marked = {"document": document, "speaker": spans(speaker), "cue": spans(cue), "content": spans(content)}
    return json.dumps({**marked, **said, **other})


@pytest.fixture
def annotated(tmp_path: Path) -> tuple[Path, Path]:
    """Return a folder of annotations and a copy of the corpora that they stand off from."""
    notes, copy = tmp_path / "notes", tmp_path / "copy"
    notes.mkdir()
    (copy / "dep").mkdir(parents=True)
    (copy / "dep" / "GUM_news_mill.conllu").write_text(CONLLU, encoding="utf-8")
    (copy / "en_pud-ud-test.conllu").write_text(PUD, encoding="utf-8")
    documents = [described("GUM_news_mill", TEXT), described("n99001", "Rain.\n\nWind", half="test")]
    (notes / "documents.jsonl").write_text("\n".join(documents) + "\n", encoding="utf-8")
    statements = [
        statement("GUM_news_mill", "Mayor Ida Holm", "said", "that the mill burns", date="2020-03-02"),
        statement("GUM_news_mill", "She", "refused", "to pay", kind="refusal"),
    ]
    for name in ("first", "second"):
        (notes / f"{name}.jsonl").write_text("\n".join(statements) + "\n", encoding="utf-8")
    return notes, copy


def test_loader_rebuilds_texts_from_copies(annotated: tuple[Path, Path]) -> None:
    notes, copy = annotated
    mill, rain = load([copy], notes)
    assert (mill.text, mill.published, mill.half) == (TEXT, "2020-03-04", "dev")
    assert (rain.id, rain.text, rain.labels) == ("n99001", "Rain.\n\nWind", ())
    first, second = mill.labels
    assert [TEXT[a:b] for a, b in first.said.content] == ["that the mill burns"]
    assert (first.said.speaker, first.said.kind, first.date) == ("Ida Holm", "claim", "2020-03-02")
    assert (second.said.kind, second.polarity) == ("refusal", "said")


def test_loader_leaves_out_documents_of_an_absent_corpus(
    annotated: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    notes, copy = annotated
    (copy / "en_pud-ud-test.conllu").unlink()
    assert [one.id for one in load([copy], notes)] == ["GUM_news_mill"]
    assert "1 of 2 documents left out" in capsys.readouterr().err


def test_loader_refuses_another_text_and_no_text(annotated: tuple[Path, Path], tmp_path: Path) -> None:
    notes, copy = annotated
    with pytest.raises(InputError, match=r"dep/GUM_news_mill\.conllu"):
        load([tmp_path / "nowhere"], notes)
    (copy / "dep" / "GUM_news_mill.conllu").write_text(CONLLU.replace("burns", "burned"), encoding="utf-8")
    with pytest.raises(InputError, match=r"GUM_news_mill.*another text.*version 11"):
        load([copy], notes)


def test_tally_counts_what_the_reader_found_and_got_right(annotated: tuple[Path, Path]) -> None:
    notes, copy = annotated
    mill = load([copy], notes)[0]
    found = tally(mill)
    assert (found.there, found.listed, found.found, found.with_speaker) == (2, 2, 2, 2)
    assert (found.kinds, found.kinds_right, found.all_three) == (2, 2, 2)
    assert (found.dated, found.dates_right) == (1, 1)
    assert (found.judged, found.polarity_right) == (2, 2)
    assert [speaker for speaker, _ in found.mentions] == ["Ida Holm", "Ida Holm"]
    assert len({actor for _, actor in found.mentions}) == 1 and found.mentions[0][1] is not None


def test_tally_counts_a_missed_statement_as_a_mention_without_actor(annotated: tuple[Path, Path]) -> None:
    notes, copy = annotated
    mill = load([copy], notes)[0]
    absent = Label(mill.labels[0].said.__class__((), (), ((0, 5),), "mill owner", "demand"), None, "said")
    found = tally(Text(mill.id, mill.text, "news", "dev", mill.published, None, (*mill.labels, absent)))
    assert (found.there, found.found, found.all_three) == (3, 2, 2)
    assert ("mill owner", None) in found.mentions


def test_what_was_not_said_is_no_statement(annotated: tuple[Path, Path]) -> None:
    notes, copy = annotated
    mill = load([copy], notes)[0]
    unsaid = tuple(Label(one.said, one.date, "unsaid") for one in mill.labels)
    found = tally(Text(mill.id, mill.text, "news", "dev", mill.published, None, unsaid))
    assert (found.there, found.listed, found.found, found.polarity_right, found.judged) == (0, 2, 0, 0, 2)


def test_skipped_passage_is_not_spurious_where_nothing_is_said(annotated: tuple[Path, Path]) -> None:
    text = Text("x", "Mayor Ida Holm did not say that the mill burns.", "news", "dev", None, None, ())
    assert (tally(text).listed, tally(text).there) == (0, 0)


def test_own_passages_are_scored_without_dates_and_polarity(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "- id: mill\n  text: |\n    {1s|Mayor Ida Holm} {1c|said} {1q|that the mill burns}.\n"
        "  statements:\n    1: {speaker: Ida Holm, kind: claim}\n",
        encoding="utf-8",
    )
    (own,) = of_passages(read_corpus(tmp_path))
    found = tally(own)
    assert (found.there, found.found, found.kinds_right, found.dated, found.judged) == (1, 1, 1, 0, 0)


def test_command_prints_scores_and_agreement(annotated: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    notes, copy = annotated
    assert main([str(copy), "--annotation", str(notes)]) == 0
    shown = capsys.readouterr().out
    assert "dev" in shown and "content 1.000" in shown and "all three 1.000" in shown
    assert main([str(copy), "--annotation", str(notes), "--agreement"]) == 0
    shown = capsys.readouterr().out
    assert "2 and 2 marked, 2 by both" in shown and "date: the same in 1 of 1" in shown


def test_errors_say_whether_the_annotations_differ_on_them(annotated: tuple[Path, Path]) -> None:
    notes, copy = annotated
    mill = load([copy], notes)[0]
    said, refused = mill.labels
    answers, _ = listed(mill)

    def text(*labels: Label) -> Text:
        return Text(mill.id, mill.text, "news", "dev", None, None, labels)

    absent = Label(said.said.__class__((), (), ((0, 5),), None, "demand"), None, "said")
    assert list(errors(text(said, refused), text(said, refused), answers)) == []
    assert list(errors(text(said, refused, absent), text(said, refused), answers)) == [("missed", True)]
    assert list(errors(text(said, refused, absent), text(said, refused, absent), answers)) == [("missed", False)]
    assert list(errors(text(said), text(said, refused), answers)) == [("spurious", True)]
    assert list(errors(text(said), text(said), answers)) == [("spurious", False)]
    other = Label(replace(said.said, source=refused.said.source), None, "said")
    assert list(errors(text(other, refused), text(said, refused), answers)) == [("other speaker", True)]


def test_command_scores_the_second_annotation_as_a_reader(
    annotated: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    notes, copy = annotated
    path = notes / "second.jsonl"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert main([str(copy), "--annotation", str(notes), "--ceiling"]) == 0
    shown = capsys.readouterr().out
    assert "dev, the second annotation" in shown and "precision 1.000, recall 0.500" in shown
    assert "missed: 0, of which the annotations differ on 0" in shown


def test_differences_are_not_shown_for_the_test_half(
    annotated: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    notes, copy = annotated
    path = notes / "first.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"refusal"', '"demand"'), encoding="utf-8")
    main([str(copy), "--annotation", str(notes), "--differences"])
    assert "refusal, not demand" in capsys.readouterr().out
    documents = notes / "documents.jsonl"
    documents.write_text(documents.read_text(encoding="utf-8").replace('"dev"', '"test"'), encoding="utf-8")
    main([str(copy), "--annotation", str(notes), "--differences"])
    assert "refusal, not demand" not in capsys.readouterr().out


def test_annotation_in_the_repository_is_whole() -> None:
    documents = about(ANNOTATION)
    halves = {one["document"]: one["half"] for one in documents}
    for name in ("first", "second"):
        lines = (ANNOTATION / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        statements = [json.loads(line) for line in lines]
        assert len(statements) >= 300
        assert {one["document"] for one in statements} <= set(halves)
        assert all(a < b for one in statements for a, b in (*one["content"], *one["speaker"], *one["cue"]))
        # Standoff only: no words of a text are kept.
        assert all(set(one) == STORED for one in statements)
    assert set(halves.values()) == {"dev", "test"}


STORED = {"document", "speaker", "cue", "content", "who", "kind", "date", "polarity"}


@pytest.mark.skipif("GUM" not in os.environ, reason="needs a copy of GUM: GUM=folder")
def test_offsets_fit_a_copy_of_gum() -> None:
    for text in load([Path(os.environ["GUM"])]):
        for one in text.labels:
            for start, end in (*one.said.source, *one.said.cue, *one.said.content):
                assert text.text[start:end].strip() == text.text[start:end] != ""
