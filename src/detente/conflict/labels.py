"""What outputs call the parties, options and speakers of a dispute: their names, told apart where they are alike.

A file may give two parties or two options the same name. Outputs then add what distinguishes them: a party's
identifier, an option's party and, if that is not enough, its identifier. A name that nothing else has stays as it is.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return a name without what a reader does not see: case, white space, invisible characters, how it is encoded."""
    text = unicodedata.normalize("NFKC", name)
    seen = (one for one in text if one.isspace() or unicodedata.category(one) not in ("Cc", "Cf", "Cs"))
    return " ".join("".join(seen).casefold().split())


def visible(name: str, id: str) -> str:
    """Return the name, or the identifier if the name has nothing to be seen."""
    return name if plain(name) else id


def told_apart(ways: Mapping[Key, Sequence[str]]) -> dict[Key, str]:
    """Choose for each thing the first of its ways to be written that does not look like another thing's.

    >>> told_apart({"a": ["Town", "Town (a)"], "b": ["Town", "Town (b)"], "c": ["Village", "Village (c)"]})
    {'a': 'Town (a)', 'b': 'Town (b)', 'c': 'Village'}
    """
    place = dict.fromkeys(ways, 0)
    while True:
        found = {key: each[place[key]] for key, each in ways.items()}
        times = Counter(map(plain, found.values()))
        alike = [key for key, text in found.items() if times[plain(text)] > 1 and place[key] + 1 < len(ways[key])]
        if not alike:
            return found
        for key in alike:
            place[key] += 1


def ways_to_write(name: str, id: str, number: int, owner: str = "") -> list[str]:
    """Return the ways to write a name, each with more that tells it apart; the last ones can be no other's.

    Identifiers may differ in case only, so the last way adds the place in the file.
    """
    party = [owner] if owner else []
    more = [party, [*party, id], [*party, id, str(number)]]
    return [name, *(f"{name} ({', '.join(parts)})" for parts in more if parts)]


__all__ = ["plain", "told_apart", "visible", "ways_to_write"]
