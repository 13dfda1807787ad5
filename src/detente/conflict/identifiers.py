"""Names that people write: when two are the same, and the identifiers made from them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from detente.conflict.conditions import KEYWORDS

#: Longer names are cut, between two words where there is room.
LONGEST = 60


def same_name(name: str) -> str:
    """Return what two spellings of one name share: not their case, white space or how a letter is encoded.

    >>> same_name("ÉTIENNE  Łaski") == same_name("Étienne łaski")
    True
    >>> same_name("Łaski") == same_name("Laski")
    False
    """
    folded = unicodedata.normalize("NFC", name).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def identifier(name: str, taken: Container[str] = ()) -> str:
    """Make an identifier from a name: small letters of any script, digits and hyphens; none that is taken.

    >>> identifier("Президент України")
    'президент-україни'
    >>> identifier("Go to court!", ["go-to-court"])
    'go-to-court-2'
    """
    # A condition cannot hold combining marks, so those that no letter includes are left out.
    letters = "".join(one for one in same_name(name) if unicodedata.category(one) not in ("Mn", "Mc", "Me", "Cf"))
    made = re.sub(r"\W+", "-", letters).strip("-_") or "new"
    if len(made) > LONGEST:
        made = made[:LONGEST].rpartition("-")[0] or made[:LONGEST]
    if made in KEYWORDS or made.isdecimal():
        made = f"{made}-it"
    found, count = made, 2
    while found in taken:
        found, count = f"{made}-{count}", count + 1
    return found
