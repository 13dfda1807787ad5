"""The base classes of results: immutable data that converts to plain data, JSON, records, a table, and words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import field
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from detente._version import __version__
from detente.lazy import dataclass, lazy
from detente.model.conflict import Conflict
from detente.model.states import State

if TYPE_CHECKING:
    import json

    import pandas as pd
else:
    json, pd = lazy("json"), lazy("pandas")


class Result(ABC):
    """An answer to a question about a dispute: data, without sentences.

    The view of the same name words it; this class has the only link to it.
    """

    #: The question that it answers, which is the name of its view's module in `detente.present`.
    question: ClassVar[str]
    #: The module of `detente.present` that draws it for a notebook; empty for none.
    drawn_by: ClassVar[str] = ""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""

    @abstractmethod
    def rows(self) -> list[dict[str, Any]]:
        """Return the answer as records with the same keys, one for each row of a table."""

    def to_json(self, *, indent: int | None = None) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def table(self) -> pd.DataFrame:
        """Return a pandas table with a row for each record of `rows`; needs the ``tables`` extra."""
        return pd.DataFrame.from_records(self.rows())

    @property
    def words(self) -> Any:
        """The module that words the answer; its ``view`` returns blocks."""
        return import_module(f"detente.present.{self.question}")

    def __str__(self) -> str:
        """Return the answer in words, one line for each statement."""
        return str(import_module("detente.present.blocks").plain_text(self.words.view(self)))

    def _repr_html_(self) -> str:
        blocks = list(self.words.view(self))
        if self.drawn_by:
            blocks.insert(1, import_module(f"detente.present.{self.drawn_by}").picture(self))
        return str(import_module("detente.render.html").fragment(blocks))


@dataclass(frozen=True)
class ConflictResult(Result):
    """An answer about one conflict: the model that was analysed, and the version of Detente that did it."""

    #: The format that `to_dict` names.
    format: ClassVar[str]

    conflict: Conflict = field(repr=False)
    version: str = field(default=__version__, kw_only=True)

    @property
    def digest(self) -> str:
        """The digest of the conflict: equal for equal conflicts."""
        return self.conflict.digest


def state_data(state: State) -> dict[str, Any]:
    """Return a state as plain data."""
    return {"number": state.number, "state": state.pattern, "name": state.name}


def set_data(count: int | None, patterns: tuple[str, ...] | None) -> dict[str, Any] | None:
    """Return a set of states that is too large to list as plain data: its size and patterns; None if undecided."""
    return None if count is None else {"count": count, "patterns": None if patterns is None else list(patterns)}
