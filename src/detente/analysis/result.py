"""What every answer can do with itself: become plain data, JSON text, a table, and words."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from detente.lazy import lazy

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = lazy("pandas")


class Result(ABC):
    """An answer to a question about a dispute: data, without words.

    Its words are those of the view of the same question, to which this class has the only link.
    """

    #: The question that it answers: the name of the module of `detente.present` that has its view.
    question: ClassVar[str] = ""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""

    @abstractmethod
    def rows(self) -> list[dict[str, Any]]:
        """Return the answer as records with the same keys, one for every line of a table."""

    def to_json(self, *, indent: int | None = None) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def table(self) -> pd.DataFrame:
        """Return a pandas table with a row for each of `rows`; needs the ``tables`` extra."""
        return pd.DataFrame.from_records(self.rows())

    @property
    def words(self) -> Any:
        """The module that words the answer: its ``view`` makes blocks of it."""
        return import_module(f"detente.present.{self.question}")

    def __str__(self) -> str:
        """Return the answer in words, a line for each thing that there is to say."""
        if not self.question:
            return repr(self)
        return str(import_module("detente.present.blocks").plain_text(self.words.view(self)))

    def _repr_html_(self) -> str:
        return str(import_module("detente.render.html").fragment(self.words.view(self)))

    def _html_table(self) -> str:
        """Return `rows` as a table for a notebook."""
        from html import escape

        rows = self.rows()
        heads = "".join(f"<th>{escape(head)}</th>" for head in (rows[0] if rows else ()))
        cells = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row.values()) for row in rows)
        return f"<table><tr>{heads}</tr>{''.join(f'<tr>{one}</tr>' for one in cells)}</table>"
