"""GUM's attributions as standoff, on a document made for it; GUM itself is not kept here."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.corpus import read_corpus
from training.gum import main, ranges, signalled, words
from training.polnear import main as polnear

#: form, part of speech, head, relation, space after; a row of None begins a sentence.
SENTENCES = [
    [
        ("The", "DET", 3, "det", True),
        ("old", "ADJ", 3, "amod", True),
        ("envoy", "NOUN", 6, "nsubj", True),
        ("did", "AUX", 6, "aux", True),
        ("not", "PART", 6, "advmod", True),
        ("say", "VERB", 0, "root", True),
        ("it", "PRON", 8, "nsubj", True),
        ("rained", "VERB", 6, "ccomp", False),
        (".", "PUNCT", 6, "punct", True),
    ],
    [
        ("We", "PRON", 2, "nsubj", True),
        ("left", "VERB", 0, "root", False),
        (",", "PUNCT", 2, "punct", True),
        ("she", "PRON", 5, "nsubj", True),
        ("noted", "VERB", 2, "parataxis", False),
        (".", "PUNCT", 2, "punct", True),
    ],
]
SOURCE, WORD = "semantic-attribution_source", "lexical-indicative_word"
UNITS = [
    ("The old envoy did not say", 1, 2, "attribution-negative", f"{SOURCE}-3-_;{WORD}-6-_"),
    ("it rained .", 1, 0, "ROOT", "_"),
    ("We left ,", 2, 2, "joint-list", "_"),
    ("she noted .", 2, 3, "attribution-positive", f"{SOURCE}-13-_;{WORD}-14-_"),
]  # fmt: skip


def gum(folder: Path) -> Path:
    rows = []
    for number, sentence in enumerate(SENTENCES):
        rows += ["# newpar"] * (number > 0) + [f"# sent_id = x-{number}"]
        for place, (form, part, head, relation, space) in enumerate(sentence, start=1):
            after = "_" if space else "SpaceAfter=No"
            rows.append(f"{place}\t{form}\t{form.lower()}\t{part}\t_\t_\t{head}\t{relation}\t_\t{after}")
        rows.append("")
    (folder / "dep").mkdir()
    (folder / "dep" / "GUM_news_x.conllu").write_text("\n".join(rows))
    (folder / "rst" / "dependencies").mkdir(parents=True)
    units = [
        f"{place}\t{text}\t0\t_\t_\tsid={sentence}\t{head}\t{relation}\t_\t{signals}"
        for place, (text, sentence, head, relation, signals) in enumerate(UNITS, start=1)
    ]
    (folder / "rst" / "dependencies" / "GUM_news_x.rsd").write_text("\n".join(units))
    (folder / "rst" / "dependencies" / "GUM_reddit_x.rsd").write_text("\n".join(units))
    return folder


def test_relations_of_attribution_become_attributions(tmp_path: Path) -> None:
    main(gum(tmp_path), tmp_path / "out")
    (passage,) = read_corpus(tmp_path / "out")
    assert passage.text == "The old envoy did not say it rained.\n\nWe left, she noted."
    shown = [
        tuple(
            " … ".join(passage.text[start:end] for start, end in spans) for spans in (one.source, one.cue, one.content)
        )
        for one in passage.attributions
    ]
    assert shown == [("The old envoy", "did not say", "it rained"), ("she", "noted", "We left")]


def test_inconsistent_document_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = gum(tmp_path)
    path = folder / "rst" / "dependencies" / "GUM_news_x.rsd"
    path.write_text(path.read_text().replace("it rained .", "it rained hard ."))
    main(folder, tmp_path / "out")
    assert "left out" in capsys.readouterr().err
    assert not list((tmp_path / "out").iterdir())


def test_words_written_together_share_their_span() -> None:
    rows = [
        "1-2\tcan't\t_\t_\t_\t_\t_\t_\t_\t_",
        "1\tca\tcan\tAUX\t_\t_\t0\troot\t_\t_",
        "2\tn't\tnot\tPART\t_\t_\t1\tx\t_\t_",
    ]
    text, tokens = words("\n".join(rows))
    assert text == "can't"
    assert [one.span for one in tokens] == [(0, 5), (0, 5)]
    assert ranges(text, tokens, [1, 2]) == [(0, 5)]


def test_signals_become_cues() -> None:
    assert signalled("graphical-colon-9-_;lexical-indicative_word-3,5-7-_", "lexical-indicative_(?:word|phrase)") == [
        3,
        5,
        6,
        7,
    ]
    assert signalled("_", "lexical-indicative_word") == []


def test_first_of_two_annotators_counts(tmp_path: Path) -> None:
    for name in ("text", "attributions"):
        (tmp_path / "data" / "dev" / name).mkdir(parents=True)
    (tmp_path / "data" / "dev" / "text" / "a.txt").write_text("She said no.")
    for who, cue in (("1111", "4 8"), ("2222", "0 3")):
        (tmp_path / "data" / "dev" / "attributions" / f"a_{who}.ann").write_text(
            f"T1\tCue {cue}\tx\nT2\tContent 9 11\tno\nE1\tCue:T1 Content:T2\n"
        )
    polnear(tmp_path, tmp_path / "out")
    (passage,) = read_corpus(tmp_path / "out")
    assert passage.attributions[0].cue == ((4, 8),)
