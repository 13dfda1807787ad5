"""Statements are numbered as they are found: s1, s2, …"""

from __future__ import annotations

import re
from collections.abc import Iterable

from detente.dossier.statements import Statement


def next_number(statements: Iterable[Statement]) -> int:
    """Return the number after the highest that a statement has, whatever letter may follow it (s17a)."""
    numbers = [int(found[1]) for one in statements if (found := re.fullmatch(r"s(\d+)\w*", one.id))]
    return max(numbers, default=0) + 1
