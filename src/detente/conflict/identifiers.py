"""Identifiers made from names that people write."""

from __future__ import annotations

import re
from collections.abc import Container

from detente.conflict.conditions import KEYWORDS


def identifier(name: str, taken: Container[str]) -> str:
    """Make an identifier from a name: small letters, digits and hyphens, and none that is there already."""
    made = re.sub(r"[^\w]+", "-", name.casefold()).strip("-_")[:40].strip("-_") or "new"
    if made in KEYWORDS or made.isdecimal():
        made = f"{made}-it"
    found, count = made, 2
    while found in taken:
        found, count = f"{made}-{count}", count + 1
    return found
