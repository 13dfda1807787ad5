"""Which tagger reads: the trained one where it can, the rules where it cannot or where they are asked for."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from detente.errors import Fault, InputError
from detente.reading.attributions import Tagger
from detente.reading.rules import RuleTagger

#: The taggers by name.
TAGGERS = ("learned", "rules")


def packaged_weights() -> Path | None:
    """Return the weights that come with the package; None where there are none."""
    path = Path(str(files("detente.reading") / "data" / "tagger.npz"))
    return path if path.is_file() else None


@lru_cache(maxsize=1)
def default_tagger() -> Tagger:
    """Return the trained tagger that comes with the package, or the rules where what it needs is not installed."""
    weights = packaged_weights()
    if weights is None or find_spec("tokenizers") is None:
        return RuleTagger()
    from detente.reading.learned.tagger import LearnedTagger

    return LearnedTagger(weights)


def chosen_tagger(name: str | None = None, weights: str | Path | None = None) -> Tagger:
    """Return a tagger by name, or with weights of the user's own.

    Parameters
    ----------
    name
        One of `TAGGERS`; the trained one where it can run when None.
    weights
        A file that ``detente read --train`` wrote.

    Raises
    ------
    InputError
        When the file holds no weights, or the trained tagger is asked for and not there.
    """
    if name == "rules":
        if weights is not None:
            raise InputError("the rules have no weights: leave out --weights or --tagger rules")
        return RuleTagger()
    if name is None and weights is None:
        return default_tagger()
    from detente.reading.learned.tagger import LearnedTagger

    path = Path(weights) if weights is not None else packaged_weights()
    if path is None:
        raise InputError("no trained tagger comes with this version: read with --tagger rules, or train one (--train)")
    if not path.is_file():
        raise InputError([Fault("there is no such file", str(path))])
    return LearnedTagger(path)
