"""Tables as CSV (RFC 4180): what a cell holds is written exactly as it is, unless a spreadsheet would run it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

#: What spreadsheets take for a formula. After a sign there is one only where something is called or looked up: -3,
#: +3 and the pattern -Y- are none.
_FORMULA = re.compile(r"[=@\t\r]|[+-].*[(|!]", re.DOTALL)


def cell(value: Any) -> Any:
    """Return what stands in a cell; a name that a spreadsheet would run as a formula has an apostrophe before it.

    >>> cell("=HYPERLINK(1)"), cell("-Y-"), cell(-3)
    ("'=HYPERLINK(1)", '-Y-', -3)
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Write records as CSV with a head; truth values become 1 and 0."""
    stream = StringIO()
    writer = csv.DictWriter(stream, list(columns), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: int(value) if isinstance(value, bool) else cell(value) for key, value in row.items()})
    return stream.getvalue()
