"""The encoder in plain NumPy: a transformer (Vaswani et al. 2017) of BERT's form (Devlin et al. 2019), and its weights.

Weights are kept as bytes: eight bits for every number of a matrix, with a scale for each row.
"""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Mapping, Sequence
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

#: The heads of attention, in every layer.
HEADS = 12
#: The layers that see a window once, whatever is marked in it; the others see it again for every cue.
SHARED = 3


class Encoder:
    """Turns pieces into vectors.

    Parameters
    ----------
    weights
        Arrays by name: ``words``, ``places``, ``types``, ``norm``, and the parts of ``layers.0``, ``layers.1``, ….
    """

    def __init__(self, weights: Mapping[str, FloatArray]) -> None:
        self._weights = weights
        self._layers = sum(name.startswith("layers.") and name.endswith(".query.weight") for name in weights)

    def lower(self, pieces: Sequence[Sequence[int]]) -> FloatArray:
        """Return what both passes share, for every piece of several windows; shorter ones are filled up."""
        longest = max(map(len, pieces))
        ids = np.array([[*row, *[0] * (longest - len(row))] for row in pieces])
        weights = self._weights
        hidden: FloatArray = (
            weights["words.weight"][ids] + weights["places.weight"][:longest] + weights["types.weight"][0]
        )
        hidden = self._norm(hidden, "norm")
        mask = _mask([len(row) for row in pieces], longest)
        for layer in range(SHARED):
            hidden = self._layer(hidden, mask, f"layers.{layer}")
        return hidden

    def upper(self, hidden: FloatArray, sizes: Sequence[int], marked: NDArray[np.bool_] | None = None) -> FloatArray:
        """Return the output for every piece, from what is shared and from what is marked.

        Parameters
        ----------
        hidden
            What `lower` returned: a window in each row.
        sizes
            The number of pieces of every window.
        marked
            Which pieces are marked; None where nothing is.
        """
        if marked is not None:
            hidden = hidden + marked[:, :, None].astype(np.float32) * self._weights["mark"]
        mask = _mask(sizes, hidden.shape[1])
        for layer in range(SHARED, self._layers):
            hidden = self._layer(hidden, mask, f"layers.{layer}")
        return hidden

    def head(self, hidden: FloatArray, name: str) -> FloatArray:
        """Return the scores that a linear head gives."""
        return self._linear(hidden, name)

    def _layer(self, hidden: FloatArray, mask: FloatArray, name: str) -> FloatArray:
        rows, length, width = hidden.shape
        size = width // HEADS

        def heads(part: str) -> FloatArray:
            whole = self._linear(hidden, f"{name}.{part}")
            return whole.reshape(rows, length, HEADS, size).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32(np.sqrt(size)) + mask
        seen = (softmax(scores) @ heads("value")).transpose(0, 2, 1, 3).reshape(rows, length, width)
        hidden = self._norm(hidden + self._linear(seen, f"{name}.out"), f"{name}.norm1")
        up = _gelu(self._linear(hidden, f"{name}.up"))
        return self._norm(hidden + self._linear(up, f"{name}.down"), f"{name}.norm2")

    def _linear(self, values: FloatArray, name: str) -> FloatArray:
        weight = self._weights[f"{name}.weight"]
        flat: FloatArray = values.reshape(-1, values.shape[-1]) @ weight.T
        flat += self._weights[f"{name}.bias"]
        return flat.reshape(*values.shape[:-1], weight.shape[0])

    def _norm(self, values: FloatArray, name: str) -> FloatArray:
        centred: FloatArray = values - values.mean(axis=-1, keepdims=True)
        centred /= np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        centred *= self._weights[f"{name}.weight"]
        centred += self._weights[f"{name}.bias"]
        return centred


def _mask(sizes: Sequence[int], longest: int) -> FloatArray:
    there = np.arange(longest)[None, :] < np.array(sizes)[:, None]
    mask: FloatArray = np.where(there, np.float32(0), np.float32(-1e9))
    return mask[:, None, None, :]


def softmax(values: FloatArray) -> FloatArray:
    """Return the probabilities that scores stand for, along the last axis."""
    raised: FloatArray = np.exp(values - values.max(axis=-1, keepdims=True))
    raised /= raised.sum(axis=-1, keepdims=True)
    return raised


def _gelu(values: FloatArray) -> FloatArray:
    # The error function by Abramowitz & Stegun 7.1.26, which is exact to 1.5e-7: NumPy has none. In place, for most of
    # the time that the encoder needs beside its products of matrices goes here.
    x = np.abs(values)
    x *= np.float32(np.sqrt(0.5))
    t = x * np.float32(0.3275911)
    t += 1
    np.reciprocal(t, out=t)
    series = t * np.float32(1.061405429)
    for part in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series += np.float32(part)
        series *= t
    np.square(x, out=x)
    np.negative(x, out=x)
    np.exp(x, out=x)
    series *= x
    np.subtract(1, series, out=series)
    np.copysign(series, values, out=series)
    series += 1
    series *= values
    series *= np.float32(0.5)
    return series


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
    np.savez_compressed(stream, allow_pickle=False, **held)
    files.write_bytes(path, stream.getvalue())


def load_weights(path: Path) -> dict[str, FloatArray]:
    """Read weights; those of eight bits are spread to single precision.

    Raises
    ------
    InputError
        When the file holds no weights of a tagger.
    """
    weights: dict[str, FloatArray] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MAX_BYTES:
                raise InputError([Fault("these are no weights of a tagger: they unpack to far too much", str(path))])
        with np.load(path, allow_pickle=False) as held:
            for name in held.files:
                if name.endswith(":bytes"):
                    plain = name.removesuffix(":bytes")
                    weights[plain] = held[name].astype(np.float32) * held[f"{plain}:scale"]
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
