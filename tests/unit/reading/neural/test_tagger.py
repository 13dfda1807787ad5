"""The trained tagger: windows, decoding, weights, the encoder, with small random weights."""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import ThreadpoolController, threadpool_limits

import detente as dt
from detente.model.quotes import QUOTE_GAP
from detente.reading.attributions import Attribution, within
from detente.reading.documents import Document
from detente.reading.neural import spans
from detente.reading.neural.encoder import ONE_BLAS_THREAD, Encoder, Shared, load_weights, save_weights, softmax
from detente.reading.neural.spans import deduplicated
from detente.reading.neural.tagger import (
    CLAUSE_THRESHOLD,
    FEATURES,
    RULED_THRESHOLD,
    UNKNOWN_THRESHOLD,
    Candidate,
    LearnedTagger,
)
from detente.reading.neural.windows import MAX_PIECES, windows
from detente.reading.reader import default_tagger, load_tagger, packaged_weights, read
from detente.reading.rule_tagger import RuleTagger
from detente.reading.segments import paragraphs, tokens
from tests.examples import examples
from tests.unit.cli.running import run
from tests.unit.reading.neural.small import TEXT, random_weights

SMALL = random_weights()


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "tagger.npz"
    save_weights(SMALL, path)
    return path


def test_cue_of_the_rules_needs_less_confidence(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled = FEATURES.index("rules' cue")
    features = [tuple(float(place == ruled and known) for place in range(len(FEATURES))) for known in (True, False)]
    found = [
        Candidate(Attribution((), ((10 * number, 10 * number + 4),), ((10 * number + 5, 10 * number + 9),)), own)
        for number, own in enumerate([*features, features[0]])
    ]
    sure = {id(one): confidence for one, confidence in zip(found, (0.45, 0.45, RULED_THRESHOLD - 0.1), strict=True)}
    tagger = LearnedTagger(weights)
    monkeypatch.setattr(LearnedTagger, "candidates", lambda *_: found)
    monkeypatch.setattr(LearnedTagger, "confidence", lambda _, one: sure[id(one)])
    assert [one.cue for one in tagger.tag("x" * 40)] == [((0, 4),)]


@pytest.mark.parametrize(
    ("text", "known", "confidence", "found"),
    [
        ("Ann had come to the view that it was late", 0.0, CLAUSE_THRESHOLD, True),
        ("Ann would like to leave the council", 0.0, CLAUSE_THRESHOLD, True),
        ("Ann would like to leave the council", 0.0, CLAUSE_THRESHOLD - 0.1, False),
        ("Ann appealed to the council", 0.0, CLAUSE_THRESHOLD, False),
        ("Ann put a hundred crowns into the mill", 0.0, UNKNOWN_THRESHOLD - 0.05, False),
        ("Ann loved the colours of the mill", 0.0, UNKNOWN_THRESHOLD, True),
        ("Ann has cut the colours of the mill", 0.0, UNKNOWN_THRESHOLD - 0.05, True),
        ("Ann loved the colours of the mill", 1.0, UNKNOWN_THRESHOLD - 0.05, True),
        ("Ann hollered “it is late” from the mill", 0.0, UNKNOWN_THRESHOLD - 0.05, True),
    ],
)
def test_what_follows_a_cue_tells_how_much_confidence_is_enough(
    text: str, known: float, confidence: float, found: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = next(
        text.index(words) for words in ("that ", "to leave", "to the", "a hundred", "the colours", "“") if words in text
    )
    features = tuple(known if name == "known cue" else 0.0 for name in FEATURES)
    one = Candidate(Attribution(((0, 3),), ((4, begin - 1),), ((begin, len(text)),)), features)
    save_weights({**SMALL, "threshold": np.array([0.7], dtype=np.float32)}, tmp_path / "tagger.npz")
    monkeypatch.setattr(LearnedTagger, "candidates", lambda *_: [one])
    monkeypatch.setattr(LearnedTagger, "confidence", lambda *_: confidence)
    assert bool(LearnedTagger(tmp_path / "tagger.npz").tag(text)) == found


# Windows

WORDS = st.sampled_from(["Ann", "said", "“yes”", "no.", "incomprehensibilities", "—", "2,000", "Zürich", "\n\n", "!"])


@given(st.lists(WORDS, max_size=400))
def test_windows_contain_every_word_once_and_fit(words: list[str]) -> None:
    text = " ".join(words)
    seen = list(windows(text))
    inside = [token for paragraph in paragraphs(text) for token in tokens(text, paragraph)]
    assert [word for one in seen for word in one.words] == inside
    for one in seen:
        assert len(one.places) == len(one.words)
        assert len(one.pieces) <= 2 * MAX_PIECES
        assert (one.pieces[0], one.pieces[-1]) == (101, 102)
        flat = [place for first, last in one.places for place in range(first, last)]
        assert len(set(flat)) == len(flat)
        assert all(first < last for first, last in one.places)


def test_short_paragraphs_share_a_window_with_a_separator() -> None:
    (first, *_) = windows("“It is safe,” she said.\n\n“We will reopen it.”")
    assert [word.text for word in first.words][-2:] == [".", "”"]
    assert first.pieces.count(102) == 2
    assert sum(first.types([0, 1])) == 2


# Decoding


@given(st.integers(0, 10_000), st.integers(2, 6), st.floats(0, 2))
def test_roles_are_the_most_likely_path(seed: int, size: int, switch: float) -> None:
    scores = softmax(np.random.default_rng(seed).normal(0, 2, (size, 3)).astype(np.float32))
    logs = np.log(scores)
    logs[0] = 0

    def worth(path: tuple[int, ...]) -> float:
        own = sum(float(logs[place, role]) for place, role in enumerate(path))
        return own - switch * sum(one != other for one, other in itertools.pairwise(path))

    path = spans.roles(scores, [0], switch)
    best = max(worth(one) for one in itertools.product(range(3), repeat=size))
    # The cue has no role of its own: whatever was predicted, it is returned as none.
    assert path[0] == 0
    assert any(worth((first, *path[1:])) == pytest.approx(best, abs=1e-4) for first in range(3))


def test_cues_begin_at_candidates_and_continue() -> None:
    scores = np.array(
        [[0.9, 0.1, 0, 0], [0.2, 0.7, 0.1, 0], [0.1, 0, 0, 0.9], [0.8, 0, 0.2, 0], [0.1, 0, 0, 0.9], [0.4, 0, 0, 0.6]],
        dtype=np.float32,
    )
    assert spans.cues(scores, 0.15) == [[1, 2], [3, 4, 5]]
    assert spans.cues(scores, 0.3) == [[1, 2]]


def test_most_likely_speaker_is_chosen() -> None:
    words = tokens("Ann, the mayor, said Bob")
    path = [1, 0, 1, 1, 0, 0, 1]
    scores = np.array([[0, role, 1 - role] for role in path], dtype=np.float32)
    assert spans.speaker(words, scores, path) == [0, 2, 3]
    assert spans.speaker(words, scores, [0] * 7) == []
    assert spans.spans(words, [0, 2, 3]) == ((0, 3), (5, 14))


# Weights


def test_quantised_weights_are_within_half_a_step(tmp_path: Path) -> None:
    before = random_weights(3)
    save_weights(before, tmp_path / "a.npz")
    after = load_weights(tmp_path / "a.npz")
    assert after.keys() == before.keys()
    for name, value in before.items():
        if value.ndim == 2 and value.size >= 4096:
            step = np.abs(value).max(axis=1, keepdims=True) / 127
            assert (np.abs(after[name][:] - value) <= 0.5001 * step).all()
        else:
            assert (after[name][:] == value).all()
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_file_without_weights_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.npz").write_text("no weights")
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with (
        zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.npy", "w") as one,
    ):
        for _ in range(600):
            one.write(bytes(1_000_000))
    (tmp_path / "x.txt").write_text("She said no.")
    for name, words in (("text", "holds no weights"), ("other", "'words.weight' is missing"), ("bomb", "far too much")):
        path = tmp_path / f"{name}.npz"
        with pytest.raises(dt.InputError, match=words):
            load_weights(path)
        done = run(capsys, "read", str(tmp_path / "x.txt"), "--weights", str(path))
        assert done.code == 1
        assert str(path) in done.err
    assert run(capsys, "read", str(tmp_path / "x.txt"), "--weights", str(tmp_path / "none.npz")).code == 1


# The tagger


def test_tagger_is_deterministic(weights: Path) -> None:
    tagger = LearnedTagger(weights)
    candidates = tagger.candidates(TEXT)
    assert candidates
    for one in candidates:
        assert len(one.features) == len(FEATURES)
        assert len(one.attribution.cue) == 1
        for start, end in (*one.attribution.source, *one.attribution.cue, *one.attribution.content):
            assert 0 <= start < end <= len(TEXT)
    assert LearnedTagger(weights).candidates(TEXT) == candidates
    assert all(0 <= one.confidence <= 1 and one.content for one in tagger.tag(TEXT))
    assert tagger.tag("") == []


@given(st.lists(st.one_of(WORDS, st.characters(exclude_categories=["Cs"])), max_size=40).map(" ".join))
@settings(max_examples=examples(25))
def test_arbitrary_text_is_read_with_verbatim_quotes(text: str) -> None:
    tagger = LearnedTagger(Path("none"))
    tagger.__dict__["_weights"] = SMALL
    for one in read([Document("x.txt", text, "0" * 64)], tagger=tagger).statements:
        assert one.quote == QUOTE_GAP.join(text[start:end] for start, end in one.spans)
        assert all(start < end for start, end in one.spans)


def test_tagger_work_is_bounded(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tagger = LearnedTagger(weights)
    monkeypatch.setattr("detente.reading.neural.tagger.LEAST", 0.0)
    hostile = "said " * 400
    assert len(tagger.candidates(hostile)) <= 400 // 5 + 10


def test_overlapping_attributions_are_reconciled() -> None:
    text = "“It is safe,” she said. He added that it is so.\n\n“We will reopen it. I think so.”\n\n“Never,” said Bob."

    def one(cue: str, content: str, sure: float, source: str = "she") -> Attribution:
        def span(words: str) -> tuple[tuple[int, int], ...]:
            return ((text.index(words), text.index(words) + len(words)),)

        return Attribution(span(source), span(cue), span(content), confidence=sure)

    said, added = one("said", "“It is safe,”", 0.9), one("added", "that it is so", 0.8, "He")
    twice, thought = one("she", "“It is safe,”", 0.5), one("think", "so.”", 0.7, "We")
    found = deduplicated(text, [added, twice, said, thought])
    # 'added' is the last cue, but no quotation of its is the last one: nothing goes on.
    assert [text[each.cue[0][0] : each.cue[0][1]] for each in found] == ["said", "added", "think"]
    assert found[0].content == (*said.content, (49, 81))
    assert within(found[2], found[0])


# Choosing


def test_tagger_is_chosen_by_name(monkeypatch: pytest.MonkeyPatch, weights: Path) -> None:
    assert isinstance(load_tagger("rules"), RuleTagger)
    assert isinstance(load_tagger(None, weights), LearnedTagger)
    if packaged_weights() is not None:
        assert isinstance(load_tagger(), LearnedTagger)
    with pytest.raises(dt.InputError, match="does not work with --tagger rules"):
        load_tagger("rules", weights)
    default_tagger.cache_clear()
    monkeypatch.setattr("detente.reading.reader.packaged_weights", lambda: None)
    assert isinstance(default_tagger(), RuleTagger)
    with pytest.raises(dt.InputError, match="--tagger rules"):
        load_tagger("learned")
    default_tagger.cache_clear()


def test_unknown_tagger_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.txt").write_text("She said no.")
    assert run(capsys, "read").code == 2
    assert run(capsys, "read", str(tmp_path / "x.txt"), "--tagger", "oracle").code == 2
    done = run(capsys, "read", "--train", str(tmp_path))
    assert done.code == 1
    assert "python -m training train" in done.err


def threads() -> set[int]:
    """How many threads NumPy's matrix products have."""
    return {one["num_threads"] for one in ThreadpoolController().select(user_api="blas").info()}


def test_reading_uses_one_blas_thread_and_restores_the_limit(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tagger, seen = LearnedTagger(weights), []
    once = Encoder.lower

    def lower(self: Encoder, pieces: Sequence[Sequence[int]]) -> Shared:
        seen.append(threads())
        return once(self, pieces)

    monkeypatch.setattr(Encoder, "lower", lower)
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        tagger.tag(TEXT)
        assert threads() == before
        monkeypatch.setattr("detente.reading.neural.tagger._candidate", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tagger.tag(TEXT)
        assert threads() == before
    assert seen
    assert all(one <= {1} for one in seen)


def test_concurrent_reading_restores_the_blas_threads() -> None:
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        with ExitStack() as first, ExitStack() as second:
            first.enter_context(ONE_BLAS_THREAD)
            second.enter_context(ONE_BLAS_THREAD)
            first.close()
            assert threads() <= {1}
            second.close()
            assert threads() == before
