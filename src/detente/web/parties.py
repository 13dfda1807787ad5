"""Letters and colours that distinguish the players and their options on a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain, count
from typing import Any
from unicodedata import category, normalize

from detente.io.graphs import DASHES
from detente.model.conflict import Conflict

#: The number of colours. Further parties share one with an earlier party; their letters differ.
_COLOURS = len(DASHES)


def option_data(conflict: Conflict, parties: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the options in the order of the letters of a state, with their owners."""
    player_of = {id: place for place, members in enumerate(conflict.players) for id in members}
    return [
        {
            "label": option.label,
            "owner": maker.label,
            "party": parties[player_of[maker.id]]["colour"],
            "first": option is maker.options[0],
        }
        for maker in conflict.decision_makers
        for option in maker.options
    ]


def parties(conflict: Conflict) -> list[dict[str, Any]]:
    """Return the players, each with a short label of letters and a colour."""
    labels = [[conflict.decision_maker(id).label for id in members] for members in conflict.players]
    return [
        {
            "id": "+".join(members),
            "label": " and ".join(of),
            "letter": letter,
            "colour": place % _COLOURS,
            "dash": DASHES[place % _COLOURS],
        }
        for place, (members, of, letter) in enumerate(
            zip(conflict.players, labels, letters_of([" ".join(of) for of in labels]), strict=True)
        )
    ]


def letters_of(labels: Sequence[str]) -> list[str]:
    """Return a short label for each name: at most three letters, all different.

    Names whose labels would be the same are all shortened in the next way; none keeps the plain letter because it comes
    first.

    >>> letters_of(["Driver A", "Driver B", "Police"])
    ['DA', 'DB', 'P']
    """
    words = ["".join(c if _in_word(c) else " " for c in normalize("NFC", label)).split() for label in labels]
    found: dict[int, str] = {}
    for shortened in SHORTENED:
        used = {made.casefold() for made in found.values()}
        made = {place: shortened(words[place]) for place in range(len(labels)) if place not in found and words[place]}
        times = Counter(one.casefold() for one in made.values())
        found |= {
            place: one
            for place, one in made.items()
            if one and times[one.casefold()] == 1 and one.casefold() not in used
        }
    for place, of in enumerate(words):
        if place not in found:
            found[place] = _numbered(_capital(of[0]) if of else "", {made.casefold() for made in found.values()})
    return [found[place] for place in range(len(labels))]


def _in_word(character: str) -> bool:
    return character.isalnum() or category(character).startswith("M")


def _capital(word: str) -> str:
    """Return the first letter of a word as a capital, if the capital is one character."""
    letter = word[0].upper()
    return letter if len(letter) == 1 else word[0]


def _initials(words: Sequence[str]) -> str:
    return "".join(_capital(word) for word in words)


#: The ways to shorten a name, shortest first; a way that does not apply returns an empty text.
SHORTENED: tuple[Callable[[Sequence[str]], str], ...] = (
    lambda words: _initials(words[:1]),
    lambda words: _initials(words[:2]) if len(words) > 1 else _capital(words[0]) + words[0][1:2],
    lambda words: _initials([words[0], words[-1]]) if len(words) > 2 else "",
    lambda words: _initials(words[:3]) if len(words) > 2 else "",
    lambda words: _initials(words[:2]) + words[1][1:2] if len(words) > 1 else _capital(words[0]) + words[0][1:3],
    lambda words: _initials([words[0], words[-1]]) + words[-1][1:2] if len(words) > 2 else "",
    lambda words: _capital(words[0]) + words[-1][-1:],
)


def _numbered(letter: str, used: Collection[str]) -> str:
    """Return a letter with the first free number; the number alone if both together are too long."""
    tries = chain((f"{letter}{number}" for number in range(1, 100)), map(str, count(1)))
    return next(one for one in tries if one.casefold() not in used)


__all__ = ["letters_of", "option_data", "parties"]
