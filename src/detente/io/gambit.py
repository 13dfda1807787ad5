"""Normal-form games for Gambit (``.nfg``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product


def nfg_text(
    title: str,
    players: Sequence[str],
    strategies: Sequence[Sequence[str]],
    payoffs: Mapping[tuple[int, ...], Sequence[int]],
) -> str:
    """Return a game in the payoff version of Gambit's format.

    ``strategies`` gives the names of each player's strategies, and ``payoffs`` for each combination of strategies, by
    index, a number for each player.
    """
    names = " ".join(_quoted(player) for player in players)
    lists = "\n".join("{ " + " ".join(_quoted(name) for name in own) + " }" for own in strategies)
    # In this format the first player's strategies vary fastest.
    profiles = [profile[::-1] for profile in product(*(range(len(own)) for own in reversed(strategies)))]
    numbers = " ".join(str(value) for profile in profiles for value in payoffs[profile])
    return f'NFG 1 R {_quoted(title)} {{ {names} }}\n\n{{ {lists}\n}}\n""\n\n{numbers}\n'


def _quoted(text: str) -> str:
    """Return a quoted name as Gambit reads it.

    Gambit's reader miscounts backslashes before a quotation mark or another backslash, so they are written as '/'. A
    name may have no control characters, no space at its ends and no two spaces in a row.
    """
    clean = "".join(character if character.isprintable() else " " for character in text)
    words = " ".join(clean.replace("\\", "/").split())
    return '"' + words.replace('"', '\\"') + '"'
