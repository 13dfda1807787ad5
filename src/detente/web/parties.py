"""How pages tell the players and their options apart: a letter or two, a colour, and words for a state's letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detente.analysis.equilibria import player_id
from detente.conflict.model import ConflictModel

#: Parties beyond this share a colour with an earlier one; letters tell them apart.
COLOURS = 8


def option_data(conflict: ConflictModel, parties: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the options in the order of the letters of a state, with whose they are."""
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


def parties(conflict: ConflictModel) -> list[dict[str, Any]]:
    """Return the players with a letter or two and a colour by which pages tell them apart."""
    labels = {
        player_id(members): " and ".join(conflict.decision_maker(id).label for id in members)
        for members in conflict.players
    }
    used: set[str] = set()
    found = []
    for place, (id, label) in enumerate(labels.items()):
        found.append({"id": id, "label": label, "letter": _letter(label, used), "colour": place % COLOURS})
    return found


def _letter(label: str, used: set[str]) -> str:
    words = [word for word in "".join(c if c.isalnum() else " " for c in label).split() if word]
    initials = "".join(word[0] for word in words[:2]).upper()
    tries = [word[:1].upper() for word in words[:1]] + [initials] + [word[:2].capitalize() for word in words]
    made = next((one for one in tries if one and one not in used), str(len(used) + 1))
    used.add(made)
    return made


def taken_in_words(pattern: str, options: Sequence[Mapping[str, Any]]) -> str:
    """Say which options are taken at a state: ``Upstream: Divert the river; Downstream: Impose sanctions``."""
    by_owner: dict[str, list[str]] = {}
    for letter, option in zip(pattern, options, strict=False):
        if letter == "Y":
            by_owner.setdefault(option["owner"], []).append(option["label"])
    return "; ".join(f"{owner}: {', '.join(labels)}" for owner, labels in by_owner.items()) or "no option is taken"


__all__ = ["option_data", "parties", "taken_in_words"]
