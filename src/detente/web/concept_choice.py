"""The stability concepts as a page offers them: the plain ones at once, the others by family, with what a file lacks.

A family that knows more of preferences than which is better says little of a file that says no more. It is offered all
the same, and the page says what is missing; what is not defined for a dispute cannot be chosen, and the page says why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS, SERIES, VARIANTS, Concept, concept
from detente.errors import NotDefinedError, UnknownNameError
from detente.model.conflict import Conflict
from detente.model.preferences import CERTAIN, PreferenceStatement, Prioritising, Ranking

#: The horizons that are offered of concepts that have one.
HORIZONS = (2, 3, 4)


@dataclass(frozen=True)
class ConceptChoice:
    """A concept that can be ticked; ``refused`` says why where it is not defined for the dispute."""

    concept: Concept
    ticked: bool
    refused: str = ""


@dataclass(frozen=True)
class ConceptGroup:
    """The concepts of a family; ``lacks`` says what the file does not say that they would need."""

    title: str
    choices: tuple[ConceptChoice, ...]
    lacks: str = ""

    @property
    def ticked(self) -> bool:
        """Whether one of them is chosen."""
        return any(choice.ticked for choice in self.choices)


def known_concept_ids(names: Iterable[str]) -> tuple[str, ...]:
    """Return the concepts of these names in the order of the pages, without those that there are not."""
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
    """Return what can be chosen for a dispute, the usual ones first; ``allowed`` are those that a question knows."""
    families = [
        ("Usual", [CONCEPTS[id] for id in DEFAULT_CONCEPTS], ""),
        ("Simultaneous replies", [one for one in CONCEPTS.values() if _further(one)], ""),
        ("Looking further ahead", _ahead(), ""),
        ("What they wish each other", _of(VARIANTS.values(), "relational"), _lacks_attitudes(conflict)),
        ("Unknown preferences", _of(CONCEPTS.values(), "unknown"), _lacks(conflict, "unknown")),
        ("Strength of preference", _of(CONCEPTS.values(), "strength"), _lacks(conflict, "strength")),
        ("Fuzzy preferences", _of(CONCEPTS.values(), "fuzzy"), _lacks(conflict, "confidence")),
        ("Preferences by chance", _of(CONCEPTS.values(), "probabilistic"), _lacks(conflict, "confidence")),
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
    try:
        one.must_be_defined(conflict)
    except NotDefinedError as error:
        return str(error)
    return ""


def _lacks_attitudes(conflict: Conflict) -> str:
    given = any(maker.attitudes for maker in conflict.decision_makers)
    return "" if given else "The file says of nobody what it wishes the others."


_MARKED: dict[str, tuple[str, Callable[[PreferenceStatement], bool], Callable[[Ranking], bool]]] = {
    "unknown": (
        "The file leaves no preference unknown.",
        lambda statement: statement.unknown,
        lambda ranking: bool(ranking.unknown),
    ),
    "strength": (
        "The file calls no preference strong.",
        lambda statement: statement.strength == "strong",
        lambda ranking: bool(ranking.great),
    ),
    "confidence": (
        "The file is sure of every preference.",
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
