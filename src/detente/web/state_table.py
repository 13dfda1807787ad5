"""The stability table: filtered, sorted and read in parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.analysis.equilibria import Analysis
from detente.errors import TooLargeError, UnknownNameError
from detente.limits import MAX_LISTED
from detente.model.states import State

_Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Wanted:
    """Which states to show, and in which order.

    ``where`` has Y, N or ``-`` (either) for every option; ``equilibria`` is a concept, to show its equilibria only, or
    'any'; ``search`` is matched with names and numbers; ``sort`` is 'number' or a decision maker, best first.
    """

    where: str = ""
    equilibria: str = ""
    search: str = ""
    sort: str = "number"
    backwards: bool = False


@dataclass(frozen=True, eq=False)
class StateTable:
    """Every state with its rank and its stability for each decision maker."""

    analysis: Analysis
    states: tuple[State, ...]
    letters: NDArray[np.str_]
    stable: Mapping[str, Mapping[str, _Bools]]
    ranks: Mapping[str, NDArray[np.int64]]
    status_quo: int | None
    _equilibria: Mapping[str, _Bools] = field(repr=False)

    @classmethod
    def of(cls, analysis: Analysis) -> StateTable:
        """Make the table of an analysis.

        Raises
        ------
        TooLargeError
            If there are more states than can be listed.
        """
        if analysis.count > MAX_LISTED:
            raise TooLargeError(f"the dispute has {analysis.count:,} states; a table lists at most {MAX_LISTED:,}")
        states = analysis.states()
        makers = analysis.conflict.decision_makers
        stable = {
            concept.id: {
                player: _mask(analysis.stability[concept.id][player].numbers(), analysis.count)
                for player in analysis.players
            }
            for concept in analysis.concepts
        }
        return cls(
            analysis,
            states,
            np.array([list(state.pattern) for state in states], dtype="U1").reshape(len(states), -1),
            stable,
            {maker.id: np.array(analysis.solver.ranks(place)) for place, maker in enumerate(makers)},
            _status_quo(analysis),
            {id: np.logical_and.reduce(list(by.values())) for id, by in stable.items()},
        )

    def chosen(self, wanted: Wanted) -> NDArray[np.int64]:
        """Return the places, from 0, of the states that match, in the order of ``wanted.sort``."""
        keep = np.ones(len(self.states), dtype=bool)
        for place, letter in enumerate(wanted.where[: self.letters.shape[1]]):
            if letter in "YN":
                keep &= self.letters[:, place] == letter
        if wanted.equilibria == "any":
            keep &= np.logical_or.reduce(list(self._equilibria.values()))
        elif wanted.equilibria:
            keep &= self._equilibria[self._known_concept(wanted.equilibria)]
        if wanted.search:
            words = wanted.search.casefold()
            keep &= np.array(
                [words in (one.name or "").casefold() or words == str(one.number) for one in self.states], dtype=bool
            )
        places = np.flatnonzero(keep)
        if wanted.sort in self.ranks:
            places = places[np.argsort(self.ranks[wanted.sort][places], kind="stable")]
        elif wanted.sort != "number":
            raise UnknownNameError("decision maker", wanted.sort, self.ranks)
        return places[::-1] if wanted.backwards else places

    def rows(self, places: Sequence[int] | NDArray[np.int64]) -> list[dict[str, Any]]:
        """Return the states at these places as plain data."""
        return [self.row(int(place)) for place in places]

    def row(self, place: int) -> dict[str, Any]:
        """Return one state as plain data."""
        state = self.states[place]
        return {
            "number": state.number,
            "state": state.pattern,
            "name": state.name,
            "status_quo": state.number == self.status_quo,
            "ranks": {id: int(ranks[place]) for id, ranks in self.ranks.items()},
            "stable": {
                concept: [player for player, mask in by.items() if mask[place]] for concept, by in self.stable.items()
            },
            "equilibrium": [concept for concept, mask in self._equilibria.items() if mask[place]],
        }

    def equilibria(self, concept: str) -> list[State]:
        """Return the equilibria under a concept."""
        return [self.states[place] for place in np.flatnonzero(self._equilibria[concept])]

    def _known_concept(self, name: str) -> str:
        if name not in self._equilibria:
            raise UnknownNameError("concept", name, self._equilibria)
        return name


def _mask(numbers: Any, count: int) -> _Bools:
    mask = np.zeros(count, dtype=bool)
    mask[np.fromiter(numbers, dtype=np.int64) - 1] = True
    return mask


def _status_quo(analysis: Analysis) -> int | None:
    quo = analysis.conflict.status_quo
    return analysis.solver.number_of(analysis.conflict.pattern(quo.taken)) if quo else None


#: With more states than this, the table first shows the equilibria: the first rows of all states tell little.
MAX_AT_FIRST = 50


def shown_equilibria(asked: str, summary: Sequence[Mapping[str, Any]], count: int, finding: bool) -> str:
    """Return the concept whose equilibria the table first shows, 'any' for large tables, or '' for all states."""
    if asked:
        return asked if asked == "any" or any(one["concept"].id == asked for one in summary) else ""
    many = count > MAX_AT_FIRST and not finding
    return "any" if many and any(one["count"] for one in summary) else ""


def summarised(
    concepts: Sequence[Any], equilibria: Callable[[str], list[Any]], status_quo: int | None
) -> list[dict[str, Any]]:
    """Return for each concept how many equilibria there are, the first of them, and whether the status quo is one."""
    found = []
    for concept in concepts:
        states = equilibria(concept.id)
        found.append(
            {
                "concept": concept,
                "count": len(states),
                "states": states[:6],
                "status_quo": status_quo is not None and any(state == status_quo for state in states),
            }
        )
    return found
