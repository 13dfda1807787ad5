"""The encoder in plain NumPy: a transformer (Vaswani et al. 2017) of BERT's form (Devlin et al. 2019), and its weights.

The pieces of several windows are the rows of one matrix, window after window, and nothing is filled up; only attention
looks at each window by itself. The lower layers read a window once. The upper layers read it for the cues, and once
more for each cue, with that cue marked. A mark changes what enters the first upper layer at the marked pieces only, so
the products of the other pieces are taken from the first pass. The last layer ends at the pieces that are asked for.

Weights are kept as bytes: eight bits for every number of a matrix, with a scale for each row.
"""

from __future__ import annotations

import io
import itertools
import threading
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from detente.errors import Fault, InputError
from detente.io import files
from detente.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    import threadpoolctl
    from numpy.typing import NDArray
else:
    np, threadpoolctl = lazy("numpy"), lazy("threadpoolctl")

FloatArray: TypeAlias = "NDArray[np.float32]"
#: Numbers of rows.
Places: TypeAlias = "NDArray[np.intp]"

#: The heads of attention, in every layer.
HEADS = 12
#: The layers that see a window once, whatever is marked in it; the others see it again for every cue.
SHARED = 3
#: How many rows at once go through what a processor's cache should hold.
_ROWS = 32


class QuantisedMatrix:
    """A matrix of eight bits, with a scale for each row; what is looked up is returned in single precision."""

    def __init__(self, numbers: NDArray[np.int8], scale: FloatArray) -> None:
        self._numbers, self._scale = numbers, scale

    def __getitem__(self, rows: slice | Places) -> FloatArray:
        spread: FloatArray = self._numbers[rows] * self._scale[rows]
        return spread


Weights: TypeAlias = "Mapping[str, FloatArray | QuantisedMatrix]"


@dataclass(frozen=True)
class Shared:
    """What both passes share, for every piece: the lower layers' output, and its products in the first upper layer."""

    hidden: FloatArray
    projected: FloatArray


class Encoder:
    """Turns pieces into vectors.

    Parameters
    ----------
    weights
        Arrays by name: ``words``, ``places``, ``types``, ``norm``, and the parts of ``layers.0``, ``layers.1``, ….
    """

    def __init__(self, weights: Weights) -> None:
        count = sum(name.startswith("layers.") and name.endswith(".query.weight") for name in weights)
        self._words, self._places = weights["words.weight"], weights["places.weight"]
        self._type, self._mark = weights["types.weight"][:1], weights["mark"][:]
        self._norm = _Norm(weights, "norm")
        self._layers = [_Layer(weights, f"layers.{number}") for number in range(count)]
        self._heads = {name: _Linear(weights, name) for name in ("cue", "role", "kind") if f"{name}.weight" in weights}

    def lower(self, pieces: Sequence[Sequence[int]]) -> Shared:
        """Return what both passes share, for every piece of several windows."""
        sizes = [len(row) for row in pieces]
        ids = np.array([piece for row in pieces for piece in row])
        places = np.concatenate([np.arange(size) for size in sizes])
        hidden = self._norm(self._words[ids] + self._places[places] + self._type)
        for layer in self._layers[:SHARED]:
            hidden = layer(hidden, layer.project(hidden), sizes)
        return Shared(hidden, self._layers[SHARED].project(hidden))

    def mark(self, shared: Shared, rows: Places, marked: Places) -> Shared:
        """Return windows with some pieces marked.

        Parameters
        ----------
        shared
            What `lower` returned.
        rows
            The rows of the pieces of the windows; a window may occur often.
        marked
            Which of ``rows`` are marked.
        """
        hidden, projected = shared.hidden[rows], shared.projected[rows]
        hidden[marked] += self._mark
        projected[marked] = self._layers[SHARED].project(hidden[marked])
        return Shared(hidden, projected)

    def upper(self, shared: Shared, sizes: Sequence[int], wanted: Places) -> FloatArray:
        """Return the output for some of the pieces.

        Parameters
        ----------
        shared
            What `lower` returned, or `mark`.
        sizes
            The number of pieces of every window.
        wanted
            The rows of the pieces to return.
        """
        hidden, projected = shared.hidden, shared.projected
        for layer, above in itertools.pairwise(self._layers[SHARED:]):
            hidden = layer(hidden, projected, sizes)
            projected = above.project(hidden)
        return self._layers[-1](hidden, projected, sizes, wanted)

    def head(self, hidden: FloatArray, name: str) -> FloatArray:
        """Return the scores that a linear head gives."""
        return self._heads[name](hidden)


class _Linear:
    """A linear map: of one part of the weights, or of several side by side."""

    def __init__(self, weights: Weights, *names: str) -> None:
        # In the order in which they are multiplied, which is faster by a tenth.
        self.matrix = np.ascontiguousarray(np.concatenate([weights[f"{name}.weight"][:] for name in names]).T)
        self.bias = np.concatenate([weights[f"{name}.bias"][:] for name in names])

    def __call__(self, values: FloatArray) -> FloatArray:
        product: FloatArray = values @ self.matrix
        product += self.bias
        return product


class _Norm:
    """Brings every row to mean 0 and variance 1, then scales and moves it (Ba, Kiros & Hinton 2016); in place."""

    def __init__(self, weights: Weights, name: str) -> None:
        self.weight, self.bias = weights[f"{name}.weight"][:], weights[f"{name}.bias"][:]

    def __call__(self, values: FloatArray) -> FloatArray:
        values -= values.mean(axis=-1, keepdims=True)
        values /= np.sqrt(np.square(values).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        values *= self.weight
        values += self.bias
        return values


class _Layer:
    """One layer of the transformer."""

    def __init__(self, weights: Weights, name: str) -> None:
        self._projection = _Linear(weights, *(f"{name}.{part}" for part in ("query", "key", "value")))
        self._out, self._up, self._down = (_Linear(weights, f"{name}.{part}") for part in ("out", "up", "down"))
        self._norm1, self._norm2 = _Norm(weights, f"{name}.norm1"), _Norm(weights, f"{name}.norm2")

    def project(self, hidden: FloatArray) -> FloatArray:
        """Return the queries, keys and values of pieces, side by side."""
        return self._projection(hidden)

    def __call__(
        self, hidden: FloatArray, projected: FloatArray, sizes: Sequence[int], wanted: Places | None = None
    ) -> FloatArray:
        """Return the output for the pieces that are wanted, or for all of them."""
        seen = _attention(projected, sizes)
        if wanted is not None:
            seen, hidden = seen[wanted], hidden[wanted]
        between = self._out(seen)
        between += hidden
        between = self._norm1(between)
        above = self._down(_gelu(self._up(between)))
        above += between
        return self._norm2(above)


def _attention(projected: FloatArray, sizes: Sequence[int]) -> FloatArray:
    """Return what every piece sees of its window, by the queries, keys and values of all windows' pieces."""
    width = projected.shape[1] // 3
    size = width // HEADS
    seen = np.empty((len(projected), width), dtype=np.float32)
    end = 0
    for length, same in itertools.groupby(sizes):
        begin, end = end, end + length * len(list(same))
        parts = projected[begin:end].reshape(-1, length, 3, HEADS, size).transpose(2, 0, 3, 1, 4)
        query, key, value = parts
        weights = (query * np.float32(size**-0.5)) @ key.transpose(0, 1, 3, 2)
        weights -= weights.max(axis=-1, keepdims=True)
        np.exp(weights, out=weights)
        total = weights.sum(axis=-1, keepdims=True)
        seen[begin:end].reshape(-1, length, HEADS, size)[:] = (weights @ value / total).transpose(0, 2, 1, 3)
    return seen


def softmax(values: FloatArray) -> FloatArray:
    """Return the probabilities that scores stand for, along the last axis."""
    raised: FloatArray = np.exp(values - values.max(axis=-1, keepdims=True))
    raised /= raised.sum(axis=-1, keepdims=True)
    return raised


#: The logit of the normal distribution function is x · P(x²), for P with these coefficients, the highest first: fitted
#: so that the error of x · Φ(x) is less than 6e-7, which is as near as single precision comes.
_LOGIT = (3.61136623e-09, -2.66898815e-07, 7.93831676e-06, -1.10481039e-04, -6.62575515e-05, 7.26685637e-02, 1.59576843)


def _gelu(values: FloatArray) -> FloatArray:
    """Multiply every number x by Φ(x), the share of a normal distribution below it (Hendrycks & Gimpel 2016); in place.

    NumPy has no error function, so Φ is the logistic function of a polynomial. Some rows at a time, so that what is in
    between stays in the cache.
    """
    highest, *others = (np.float32(one) for one in _LOGIT)
    with np.errstate(over="ignore"):
        for begin in range(0, len(values), _ROWS):
            x = values[begin : begin + _ROWS]
            square = np.square(x)
            logit = square * highest
            for one in others[:-1]:
                logit += one
                logit *= square
            logit += others[-1]
            logit *= x
            np.negative(logit, out=logit)
            np.exp(logit, out=logit)
            logit += 1
            x /= logit
    return values


#: Matrices of fewer numbers are kept as they are.
_FEWEST = 4096
#: What weights must have, whatever else they have.
_NEEDED = ("words.weight", "places.weight", "types.weight", "norm.weight", "mark", "cue.weight", "role.weight")
#: No weights that can be run are larger; an archive may say of itself that it unpacks to anything.
_MAX_BYTES = 500_000_000


def save_weights(weights: Mapping[str, FloatArray], path: Path) -> None:
    """Write weights, matrices by eight bits and vectors as they are; all of the file or nothing."""
    held: dict[str, NDArray[np.generic]] = {}
    for name, value in weights.items():
        if value.ndim == 2 and value.size >= _FEWEST:
            scale = np.maximum(np.abs(value).max(axis=1, keepdims=True), 1e-12) / 127
            held[f"{name}:bytes"] = np.rint(value / scale).astype(np.int8)
            held[f"{name}:scale"] = scale.astype(np.float32)
        else:
            held[name] = value.astype(np.float32)
    stream = io.BytesIO()
    # Bytes of weights hardly compress: the file would be a tenth smaller, and open in three times the time.
    np.savez(stream, allow_pickle=False, **held)
    files.write_bytes(path, stream.getvalue())


def load_weights(path: Path) -> dict[str, FloatArray | QuantisedMatrix]:
    """Read weights; what is kept in eight bits stays in eight bits.

    Raises
    ------
    InputError
        When the file holds no weights of a tagger.
    """
    weights: dict[str, FloatArray | QuantisedMatrix] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MAX_BYTES:
                raise InputError([Fault("these are no weights of a tagger: they unpack to far too much", str(path))])
        with np.load(path, allow_pickle=False) as held:
            for name in held.files:
                if name.endswith(":bytes"):
                    plain = name.removesuffix(":bytes")
                    weights[plain] = QuantisedMatrix(
                        held[name].astype(np.int8), held[f"{plain}:scale"].astype(np.float32)
                    )
                elif not name.endswith(":scale"):
                    weights[name] = held[name].astype(np.float32)
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError, OSError) as error:
        raise InputError([Fault("this file holds no weights of a tagger", str(path))]) from error
    missing = [name for name in _NEEDED if name not in weights]
    if missing:
        raise InputError([Fault(f"this file holds no weights of a tagger: '{missing[0]}' is missing", str(path))])
    return weights


class _OneThread:
    """One thread for NumPy's matrix products (BLAS), for as long as any thread of the process is inside; for ``with``.

    The encoder's matrices are small, so several threads spend most of their time waiting for each other. The number of
    threads belongs to the whole process: it is set when the first text begins, and restored when the last text read at
    the same time ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._limit = threadpoolctl.ThreadpoolController().limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limit.restore_original_limits()


ONE_BLAS_THREAD = _OneThread()
