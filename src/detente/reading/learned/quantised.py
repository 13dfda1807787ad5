"""Weights as bytes: eight bits for every number of a matrix, with a scale for each row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detente.errors import Fault, InputError
from detente.files import atomic

Weights = Mapping[str, NDArray[np.float32]]

#: Matrices of fewer numbers are kept as they are.
_FEWEST = 4096
#: What weights must have, whatever else they have.
_NEEDED = ("words.weight", "places.weight", "types.weight", "norm.weight", "mark", "cue.weight", "role.weight")
#: No weights that can be run are larger; an archive may say of itself that it unpacks to anything.
_MOST_BYTES = 500_000_000


def save(weights: Weights, path: Path) -> None:
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
    atomic.write_bytes(path, stream.getvalue())


def load(path: Path) -> dict[str, NDArray[np.float32]]:
    """Read weights; those of eight bits are spread to single precision.

    Raises
    ------
    InputError
        When the file holds no weights of a tagger.
    """
    weights: dict[str, NDArray[np.float32]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MOST_BYTES:
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
