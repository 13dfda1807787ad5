"""The stability concepts as a page offers them: the usual ones first, the others by family.

A family that uses more than the order of preferences needs data that the file may lack. It is offered anyway, and the
page says which data is missing. A concept that is not defined for the dispute cannot be chosen, and the page says why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS, SERIES, VARIANTS, Concept, concept
from detente.errors import NotDefinedError, UnknownNameError
from detente.model.conflict import Conflict
from detente.model.preferences import CERTAIN, PreferenceStatement, Prioritising, Ranking

#: The horizons offered for concepts that have one.
HORIZONS = (2, 3, 4)


@dataclass(frozen=True)
class ConceptChoice:
    """A concept with a check box; ``refused`` is the reason if it is not defined for the dispute."""

    concept: Concept
    ticked: bool
    refused: str = ""


@dataclass(frozen=True)
class ConceptGroup:
    """The concepts of a family; ``lacks`` names the data that they use and the file does not have."""

    title: str
    choices: tuple[ConceptChoice, ...]
    lacks: str = ""

    @property
    def ticked(self) -> bool:
        """Whether one of the concepts is chosen."""
        return any(choice.ticked for choice in self.choices)


def known_concept_ids(names: Iterable[str]) -> tuple[str, ...]:
    """Return the concepts of these names in the order of the pages; unknown names are left out."""
    found = set()
    for name in names:
        try:
            found.add(concept(name).id)
        except UnknownNameError:
            continue
    order = {id: place for place, id in enumerate([*DEFAULT_CONCEPTS, *CONCEPTS, *VARIANTS])}
    return tuple(sorted(found, key=lambda id: (order.get(id, len(order)), id)))


def offered_groups(
    conflict: Conflict, chosen: Collection[str] = (), allowed: Collection[str] | None = None
) -> tuple[ConceptGroup, ...]:
    """Return the concepts to choose from for a dispute, the usual ones first; ``allowed`` limits them."""
    families = [
        ("Usual", [CONCEPTS[id] for id in DEFAULT_CONCEPTS], ""),
        ("Simultaneous responses", [one for one in CONCEPTS.values() if _further(one)], ""),
        ("Longer foresight", _ahead(), ""),
        ("Attitudes", _of(VARIANTS.values(), "relational"), _lacks_attitudes(conflict)),
        ("Unknown preferences", _of(CONCEPTS.values(), "unknown"), _lacks(conflict, "unknown")),
        ("Strength of preference", _of(CONCEPTS.values(), "strength"), _lacks(conflict, "strength")),
        ("Fuzzy preferences", _of(CONCEPTS.values(), "fuzzy"), _lacks(conflict, "confidence")),
        ("Probabilistic preferences", _of(CONCEPTS.values(), "probabilistic"), _lacks(conflict, "confidence")),
    ]
    groups = []
    for title, concepts, lacks in families:
        wanted = [one for one in concepts if allowed is None or one.id in allowed]
        choices = tuple(ConceptChoice(one, one.id in chosen, _refused(one, conflict)) for one in wanted)
        if choices:
            groups.append(ConceptGroup(title, choices, lacks))
    return tuple(groups)


def _further(one: Concept) -> bool:
    return one.family == "plain" and one.id not in DEFAULT_CONCEPTS


def _of(concepts: Iterable[Concept], family: str) -> list[Concept]:
    return [one for one in concepts if one.family == family]


def _ahead() -> list[Concept]:
    series = [one.make(horizon) for one in SERIES.values() for horizon in HORIZONS]
    return [*series, *(one for one in VARIANTS.values() if one.family != "relational")]


def _refused(one: Concept, conflict: Conflict) -> str:
    """Return why a concept is not defined for a dispute, briefly: the error has the identifiers for a command."""
    try:
        one.must_be_defined(conflict)
    except NotDefinedError:
        count = len(conflict.players)
        if one.family != "relational" and count > 2:
            return f"Only for disputes between two parties; this one has {count}"
        return "Not defined for standing coalitions"
    return ""


def _lacks_attitudes(conflict: Conflict) -> str:
    given = any(maker.attitudes for maker in conflict.decision_makers)
    return "" if given else "The file gives no attitudes."


_MARKED: dict[str, tuple[str, Callable[[PreferenceStatement], bool], Callable[[Ranking], bool]]] = {
    "unknown": (
        "The file marks no preference as unknown.",
        lambda statement: statement.unknown,
        lambda ranking: bool(ranking.unknown),
    ),
    "strength": (
        "The file marks no preference as strong.",
        lambda statement: statement.strength == "strong",
        lambda ranking: bool(ranking.great),
    ),
    "confidence": (
        "The file gives every preference full confidence.",
        lambda statement: statement.confidence != CERTAIN,
        lambda ranking: False,
    ),
}


def _lacks(conflict: Conflict, mark: str) -> str:
    words, in_statement, in_ranking = _MARKED[mark]
    for maker in conflict.decision_makers:
        preferences = maker.preferences
        if isinstance(preferences, Prioritising) and any(map(in_statement, preferences.statements)):
            return ""
        if isinstance(preferences, Ranking) and in_ranking(preferences):
            return ""
    return words


__all__ = ["HORIZONS", "ConceptChoice", "ConceptGroup", "known_concept_ids", "offered_groups"]


def spelled_out_terms(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the concepts that a page spells out: those that it shows, and the others that it offers."""
    groups: Sequence[ConceptGroup] = values.get("groups", ())
    if isinstance(groups, Mapping):
        groups = [group for of in groups.values() for group in of]
    offered = {
        choice.concept.id: choice
        for group in groups
        for choice in group.choices
        # What the dispute has no data for is explained where it is chosen.
        if choice.ticked or not (group.lacks or choice.refused)
    }
    shown = {one.id: one for one in values.get("concepts", ())}
    if not shown:
        shown = {
            one.concept.id: one.concept for one in offered.values() if one.ticked or one.concept.id in DEFAULT_CONCEPTS
        }
    return {
        "terms": list(shown.values()),
        "other_terms": [one.concept for id, one in offered.items() if id not in shown],
    }
