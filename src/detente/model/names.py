"""Names: when two are the same, the identifiers made from them, and unique labels for output.

A file may give two parties or two options the same name. Output then adds what distinguishes them: a party's
identifier, or an option's party and, if that is not enough, its identifier. A unique name is unchanged.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from detente.model.conditions import KEYWORDS
from detente.text import normalised, skeleton

#: Maximum length of an identifier; longer ones are cut, between two words if possible.
MAX_IDENTIFIER = 60


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return what two spellings of one name share: not their case, white space or way of writing (`detente.text`).

    >>> name_key("ÉTIENNE  Łaski") == name_key("Étienne łaski")
    True
    >>> name_key("Łaski") == name_key("Laski")
    False
    """
    folded = normalised(name).text.casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def identifier(name: str, taken: Container[str] = ()) -> str:
    """Make an unused identifier from a name: lower-case letters of any script, digits and hyphens.

    >>> identifier("Президент України")
    'президент-україни'
    >>> identifier("Go to court!", ["go-to-court"])
    'go-to-court-2'
    """
    # A condition cannot contain combining marks, so those that are not part of a letter are removed.
    letters = "".join(one for one in name_key(name) if unicodedata.category(one) not in ("Mn", "Mc", "Me", "Cf"))
    made = re.sub(r"\W+", "-", letters).strip("-_") or "new"
    if len(made) > MAX_IDENTIFIER:
        made = made[:MAX_IDENTIFIER].rpartition("-")[0] or made[:MAX_IDENTIFIER]
    if made in KEYWORDS or made.isdecimal():
        made = f"{made}-it"
    found, count = made, 2
    while found in taken:
        found, count = f"{made}-{count}", count + 1
    return found


Key = TypeVar("Key", bound=Hashable)


@lru_cache(maxsize=4096)
def visible_key(name: str) -> str:
    """Return what two names that look the same to a reader share."""
    return " ".join(skeleton(name).split())


def name_or_id(name: str, id: str) -> str:
    """Return the name, or the identifier if the name has no visible character."""
    return name if visible_key(name) else id


def distinct_labels(ways: Mapping[Key, Sequence[str]]) -> dict[Key, str]:
    """Choose for each thing the first of its candidate labels that does not look like another thing's.

    >>> distinct_labels({"a": ["Town", "Town (a)"], "b": ["Town", "Town (b)"], "c": ["Village", "Village (c)"]})
    {'a': 'Town (a)', 'b': 'Town (b)', 'c': 'Village'}
    """
    place = dict.fromkeys(ways, 0)
    while True:
        found = {key: each[place[key]] for key, each in ways.items()}
        times = Counter(map(visible_key, found.values()))
        alike = [key for key, text in found.items() if times[visible_key(text)] > 1 and place[key] + 1 < len(ways[key])]
        if not alike:
            return found
        for key in alike:
            place[key] += 1


def label_candidates(name: str, id: str, number: int, owner: str = "") -> list[str]:
    """Return the candidate labels of a name, each with more detail; the last one is unique.

    Identifiers may differ in case only, so the last candidate adds the place in the file.
    """
    party = [owner] if owner else []
    more = [party, [*party, id], [*party, id, str(number)]]
    return [name, *(f"{name} ({', '.join(parts)})" for parts in more if parts)]
