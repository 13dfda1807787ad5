"""Tables as CSV (RFC 4180): what a cell holds is written exactly as it is."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Write records as CSV with a head; truth values become 1 and 0."""
    stream = StringIO()
    writer = csv.DictWriter(stream, list(columns), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: int(value) if isinstance(value, bool) else value for key, value in row.items()})
    return stream.getvalue()
