"""The network to train, in PyTorch: MiniLM (Wang et al. 2020) with a head for each pass.

The module is only imported for training. What it saves is run by `detente.reading.neural.encoder`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from detente.model.statements import LEARNED_KINDS
from detente.reading.neural.encoder import HEADS, SHARED
from detente.reading.neural.spans import CUE, ROLE


class Network(nn.Module):
    """The encoder, a head for cues, a head for roles and a head for kinds.

    Parameters
    ----------
    weights
        Those of the encoder, by BERT's names.
    """

    def __init__(self, weights: Mapping[str, torch.Tensor]) -> None:
        super().__init__()
        weights = {key.removeprefix("bert."): value.float() for key, value in weights.items()}
        self.words = nn.Embedding.from_pretrained(weights["embeddings.word_embeddings.weight"], freeze=True)
        self.places = nn.Embedding.from_pretrained(weights["embeddings.position_embeddings.weight"], freeze=True)
        self.types = nn.Embedding.from_pretrained(weights["embeddings.token_type_embeddings.weight"], freeze=True)
        self.norm = _norm(weights, "embeddings.LayerNorm")
        count = 1 + max(int(key.split(".")[2]) for key in weights if key.startswith("encoder.layer."))
        self.layers = nn.ModuleList(_Layer(weights, f"encoder.layer.{place}") for place in range(count))
        width = self.words.embedding_dim
        self.mark = nn.Parameter(0.1 * torch.randn(width))
        self.cue = nn.Linear(width, len(CUE))
        self.role = nn.Linear(width, len(ROLE))
        self.kind = nn.Linear(width, len(LEARNED_KINDS))

    def lower(self, pieces: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return what both passes share, for every piece."""
        hidden = self.norm(self.words(pieces) + self.places.weight[: pieces.shape[1]] + self.types.weight[0])
        hidden = _dropped(hidden, self.training)
        for layer in self.layers[:SHARED]:
            hidden = layer(hidden, _mask(there))
        return hidden

    def upper(self, hidden: torch.Tensor, marked: torch.Tensor | None, there: torch.Tensor) -> torch.Tensor:
        """Return the output for every piece, from what is shared and from what is marked."""
        if marked is not None:
            hidden = hidden + marked[:, :, None].to(hidden.dtype) * self.mark
        for layer in self.layers[SHARED:]:
            hidden = layer(hidden, _mask(there))
        return hidden


def _mask(there: torch.Tensor) -> torch.Tensor:
    return (~there)[:, None, None, :] * -1e9


class _Layer(nn.Module):
    def __init__(self, weights: Mapping[str, torch.Tensor], name: str) -> None:
        super().__init__()
        self.query, self.key, self.value = (
            _linear(weights, f"{name}.attention.self.{part}") for part in ("query", "key", "value")
        )
        self.out = _linear(weights, f"{name}.attention.output.dense")
        self.norm1 = _norm(weights, f"{name}.attention.output.LayerNorm")
        self.up = _linear(weights, f"{name}.intermediate.dense")
        self.down = _linear(weights, f"{name}.output.dense")
        self.norm2 = _norm(weights, f"{name}.output.LayerNorm")

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length, width = hidden.shape

        def heads(part: nn.Linear) -> torch.Tensor:
            return part(hidden).view(batch, length, HEADS, width // HEADS).transpose(1, 2)

        scores = heads(self.query) @ heads(self.key).transpose(2, 3) / (width // HEADS) ** 0.5 + mask
        seen = (scores.softmax(-1).to(hidden.dtype) @ heads(self.value).to(hidden.dtype)).transpose(1, 2)
        seen = self.out(seen.reshape(batch, length, width))
        hidden = self.norm1(hidden + _dropped(seen, self.training))
        return self.norm2(hidden + _dropped(self.down(nn.functional.gelu(self.up(hidden))), self.training))


def _dropped(values: torch.Tensor, training: bool, rate: float = 0.1) -> torch.Tensor:
    """Leave some numbers out, the same ones for every piece of a window (Gal & Ghahramani 2016): a draw less each."""
    if not training:
        return values
    kept = (torch.rand(values.shape[0], 1, values.shape[2]) >= rate).to(values.dtype)
    return values * kept / (1 - rate)


def _linear(weights: Mapping[str, torch.Tensor], name: str) -> nn.Linear:
    rows, columns = weights[f"{name}.weight"].shape
    made = nn.Linear(columns, rows)
    made.weight.data, made.bias.data = weights[f"{name}.weight"].clone(), weights[f"{name}.bias"].clone()
    return made


def _norm(weights: Mapping[str, torch.Tensor], name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(weights[f"{name}.weight"].shape[0], eps=1e-12)
    made.weight.data, made.bias.data = weights[f"{name}.weight"].clone(), weights[f"{name}.bias"].clone()
    return made


def pretrained(folder: Path) -> Network:
    """Return a network with the encoder of a folder."""
    return Network(load_file(folder / "model.safetensors"))
