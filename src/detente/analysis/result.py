"""What every answer can do with itself: become plain data, JSON text and a table."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


class Result(ABC):
    """An answer to a question about a dispute."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""

    @abstractmethod
    def rows(self) -> list[dict[str, Any]]:
        """Return the answer as records with the same keys, one for every line of a table."""

    def to_json(self, *, indent: int | None = None) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def table(self) -> pandas.DataFrame:
        """Return a pandas table with a row for each of `rows`; needs the ``tables`` extra."""
        import pandas

        return pandas.DataFrame.from_records(self.rows())

    def _html_table(self) -> str:
        """Return `rows` as a table for a notebook."""
        from html import escape

        rows = self.rows()
        heads = "".join(f"<th>{escape(head)}</th>" for head in (rows[0] if rows else ()))
        cells = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row.values()) for row in rows)
        return f"<table><tr>{heads}</tr>{''.join(f'<tr>{one}</tr>' for one in cells)}</table>"
