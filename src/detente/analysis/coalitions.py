"""Coalition analysis: which equilibria a coalition would leave together, with coalition moves, improvements and
stability.

A coalition H moves by legal sequences of its members' own moves, no player twice in a row. A coalition improvement
leads to a state that every member strictly prefers; single steps may be worse for their movers (Kilgour, Hipel, Fang &
Peng 2001). Let R_H be its moves and R_H⁺⁺ its improvements. A state s is, for H (Inohara & Hipel 2008),

- CNash stable if R_H⁺⁺(s) is empty;
- CGMR stable if every s₁ in R_H⁺⁺(s) has an s₂ in R_{N−H}(s₁) that some member of H does not prefer to s;
- CSMR stable if, in addition, no s₃ in R_H(s₂) is better than s for all of H;
- CSEQ stable as CGMR, with s₂ reached by coalition improvements of groups among the others, no group twice in a row.

A state is *universally* stable if it is stable for every coalition. An *equilibrium jump* is a coalition improvement
from one individually stable state to another. A conflict's standing coalitions are different: they act as one decision
maker in every analysis, and count as one here.

Cost: 2ⁿ coalitions of n players, each decided by operations on sets of states (`detente.engine.coalition_moves`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from functools import cache, cached_property
from itertools import combinations
from math import comb
from types import MappingProxyType
from typing import Any

from detente.analysis.equilibria import analyze
from detente.analysis.result import ConflictResult
from detente.analysis.result import state_data as _state_data
from detente.concepts import Concept
from detente.engine import INSTEAD, Solver, solver
from detente.engine.coalition_moves import CoalitionMoves, Jumps, coalition_moves
from detente.errors import TooLargeError, UnknownNameError
from detente.lazy import dataclass
from detente.limits import MAX_COALITION_STATES, MAX_COALITIONS, MAX_JUMPS
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State

#: The stability concepts that have a form for coalitions.
COALITION_CONCEPTS = ("nash", "gmr", "smr", "seq")


@dataclass(frozen=True)
class CoalitionImprovement:
    """A joint improvement of two or more players from one equilibrium to another.

    Attributes
    ----------
    concept
        The stability concept, by identifier.
    start
        The equilibrium before the moves.
    end
        The equilibrium after them.
    coalition
        The players.
    path
        The moves: who moves, and to which state.
    """

    concept: str
    start: State
    end: State
    coalition: tuple[str, ...]
    path: tuple[tuple[str, State], ...]


@dataclass(frozen=True)
class CoalitionAnalysis(ConflictResult):
    """The states that are stable for each coalition, and the equilibria that a coalition would leave for another.

    A jump says what a coalition could do; stability says whether the other players would deter it.

    Attributes
    ----------
    concepts
        The stability concepts, by identifier.
    coalitions
        The coalitions that were examined, single players included.
    stability
        The stable states by concept and coalition (``a+b``).
    equilibria
        The equilibria by concept.
    jumps
        The joint improvements from one equilibrium to another, without those that a part of the coalition could make
        alone: all of them, or 1,000 if there are more.
    jump_counts
        The number of these improvements by concept and equilibrium, and by coalition.
    every
        Whether every coalition was examined.
    moves
        The compiled moves, for further questions.
    """

    format = "detente-coalitions/1"
    question = "coalitions"

    concepts: tuple[str, ...]
    coalitions: tuple[tuple[str, ...], ...]
    stability: Mapping[str, Mapping[str, tuple[State, ...]]] = field(hash=False)
    equilibria: Mapping[str, tuple[State, ...]] = field(hash=False)
    jumps: tuple[CoalitionImprovement, ...]
    jump_counts: Mapping[tuple[str, State], Mapping[tuple[str, ...], int]] = field(hash=False)
    every: bool
    moves: CoalitionMoves = field(compare=False, repr=False)

    @cached_property
    def universal(self) -> dict[str, tuple[State, ...]]:
        """By concept the states that are stable for every coalition analysed."""
        return {
            concept: tuple(sorted(set.intersection(*(set(states) for states in by.values()))))
            for concept, by in self.stability.items()
        }

    @cached_property
    def _jumps_from(self) -> dict[tuple[str, int], list[CoalitionImprovement]]:
        found: dict[tuple[str, int], list[CoalitionImprovement]] = {}
        for jump in self.jumps:
            found.setdefault((jump.concept, jump.start), []).append(jump)
        return found

    @cached_property
    def _equilibria(self) -> dict[str, frozenset[State]]:
        return {concept: frozenset(states) for concept, states in self.equilibria.items()}

    @cached_property
    def _stable(self) -> dict[str, dict[str, frozenset[State]]]:
        return {
            concept: {coalition: frozenset(states) for coalition, states in by.items()}
            for concept, by in self.stability.items()
        }

    def deterred(self, jump: CoalitionImprovement) -> bool:
        """Tell whether the others' responses deter the coalition from a jump, or a smaller one with the same jump."""
        return jump.start in self._stable[jump.concept]["+".join(jump.coalition)]

    @cached_property
    def jump_count(self) -> int:
        """The number of joint improvements from one equilibrium to another, under all concepts."""
        return sum(sum(counts.values()) for counts in self.jump_counts.values())

    @property
    def complete(self) -> bool:
        """Whether all of them are listed."""
        return self.jump_count == len(self.jumps)

    def coalitions_that_jump(self, concept: str, state: State, *, deterred: bool) -> tuple[tuple[str, ...], ...]:
        """Return the coalitions that could jump from an equilibrium; those that the others deter, or the others."""
        return tuple(
            coalition
            for coalition in self.jump_counts.get((concept, state), ())
            if (state in self._stable[concept]["+".join(coalition)]) == deterred
        )

    @cached_property
    def _groups(self) -> list[tuple[tuple[str, ...], str]]:
        return sorted(((one, "+".join(one)) for one in self.coalitions if len(one) > 1), key=lambda pair: len(pair[0]))

    @cached_property
    def _leaving(self) -> dict[State, tuple[tuple[str, ...], ...]]:
        """What `leaving` has found."""
        return {}

    def leaving(self, state: State) -> tuple[tuple[str, ...], ...]:
        """Return the coalitions of two or more that would leave an equilibrium, under a concept that makes it one.

        A coalition that contains a smaller such coalition and has no jump of its own is omitted.
        """
        if state in self._leaving:
            return self._leaving[state]
        found: list[tuple[str, ...]] = []
        stable = [(concept, self._stable[concept]) for concept, states in self._equilibria.items() if state in states]
        for coalition, name in self._groups:
            unstable = [concept for concept, by in stable if state not in by[name]]
            jumps = any(coalition in self.jump_counts.get((concept, state), ()) for concept in unstable)
            if unstable and (jumps or not any(set(one) < set(coalition) for one in found)):
                found.append(coalition)
        self._leaving[state] = tuple(found)
        return self._leaving[state]

    @property
    def status_quo(self) -> State | None:
        """The status quo; None if the conflict has none."""
        number = None if self.conflict.status_quo is None else self.moves.compiled.number_of("status quo")
        return None if number is None else self.moves.compiled.state(number)

    def stable(self, concept: str, coalition: str) -> tuple[State, ...]:
        """Return the states that are stable for a coalition, given as ``a+b``."""
        if concept not in self.stability:
            raise UnknownNameError("concept", concept, self.stability)
        if coalition not in self.stability[concept]:
            raise UnknownNameError("coalition", coalition, self.stability[concept])
        return self.stability[concept][coalition]

    def why(self, state: StateReference, coalition: str, concept: str) -> str:
        """Say why a state is stable or not for a coalition: its joint improvements and what deters them."""
        return str(self.words.why(self, state, coalition, concept))

    def to_dict(self) -> dict[str, Any]:
        """Return the analysis as plain data, format ``detente-coalitions/1``."""
        # A state is listed for many coalitions.
        state_data = cache(_state_data)
        return {
            "format": self.format,
            **self.conflict.basis.to_dict(),
            "conflict": {"title": self.conflict.title},
            "coalitions": [list(coalition) for coalition in self.coalitions],
            "every_coalition": self.every,
            "jump_count": self.jump_count,
            "complete": self.complete,
            "answer": self.words.answer(self),
            "stability": {
                concept: {coalition: [state_data(state) for state in states] for coalition, states in by.items()}
                for concept, by in self.stability.items()
            },
            "universal": {
                concept: [state_data(state) for state in states] for concept, states in self.universal.items()
            },
            "equilibria": {
                concept: [
                    {
                        **state_data(state),
                        "jump_count": sum(self.jump_counts.get((concept, state), {}).values()),
                        "jumps": [
                            {
                                "coalition": list(jump.coalition),
                                "to": state_data(jump.end),
                                "path": [{"player": player, "to": state_data(to)} for player, to in jump.path],
                                "deterred": self.deterred(jump),
                                "text": self.words.path_in_words(self.conflict, jump.start, jump.path),
                            }
                            for jump in self._jumps_from.get((concept, state), ())
                        ],
                    }
                    for state in states
                ]
                for concept, states in self.equilibria.items()
            },
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each equilibrium: whether it is universally stable, and the jumps from it."""
        return [
            {
                "concept": concept,
                "number": state.number,
                "state": state.pattern,
                "name": state.name or "",
                "universal": state in self.universal[concept],
                "jumps": "; ".join(
                    f"{'+'.join(jump.coalition)} to {jump.end.number}"
                    for jump in self._jumps_from.get((concept, state), ())
                ),
                "jump_count": sum(self.jump_counts.get((concept, state), {}).values()),
            }
            for concept, states in self.equilibria.items()
            for state in states
        ]


def coalitions(
    conflict: Conflict,
    groups: Iterable[Iterable[str]] | None = None,
    concepts: Iterable[str] = COALITION_CONCEPTS,
    *,
    size: int | None = None,
    engine: str = "auto",
    progress: Progress = no_progress,
) -> CoalitionAnalysis:
    """Decide which states are stable for which coalitions, and which equilibria a coalition would leave.

    The method `detente.Conflict.coalition_analysis` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    wanted = tuple(dict.fromkeys(concepts))
    for concept in wanted:
        if concept not in COALITION_CONCEPTS:
            raise UnknownNameError("concept for coalitions", concept, COALITION_CONCEPTS)
    moves = coalition_moves(_compiled(conflict, engine))
    if groups is None:
        most = min(size or len(moves.players), len(moves.players))
        _few_enough(sum(comb(len(moves.players), count) for count in range(1, most + 1)))
        asked = [
            frozenset(one) for count in range(1, most + 1) for one in combinations(range(len(moves.players)), count)
        ]
    else:
        asked = [moves.group(group) for group in groups]
        _few_enough(len(asked))
    stability: dict[str, dict[str, tuple[State, ...]]] = {concept: {} for concept in wanted}
    for place, group in enumerate(asked):
        progress(place / len(asked), moves.name(group))
        for concept in wanted:
            stability[concept][moves.name(group)] = moves.states(moves.stable(group, concept))
    analysis = analyze(conflict, wanted, engine)
    equilibria = {concept: analysis.equilibria(concept) for concept in wanted}
    jumps = [
        (concept, moves.state(start), ways)
        for concept, states in equilibria.items()
        for start, found in sorted(moves.jumps(asked, [state.number for state in states]).items())
        for ways in found
    ]
    counts: dict[tuple[str, State], dict[tuple[str, ...], int]] = {}
    for concept, state, ways in jumps:
        counts.setdefault((concept, state), {})[moves.names(ways.group)] = ways.number
    progress(1.0, "done")
    return CoalitionAnalysis(
        conflict,
        wanted,
        tuple(moves.names(group) for group in asked),
        MappingProxyType({concept: MappingProxyType(by) for concept, by in stability.items()}),
        MappingProxyType(equilibria),
        tuple(_listed(moves, jumps)),
        MappingProxyType({key: MappingProxyType(by) for key, by in counts.items()}),
        groups is None and len(asked) == 2 ** len(moves.players) - 1,
        moves,
    )


def _compiled(conflict: Conflict, engine: str) -> Solver:
    """Compile a conflict for listing its moves; the explicit engine is several times as fast at that."""
    compiled = solver(conflict, engine)
    if compiled.count > MAX_COALITION_STATES:
        raise TooLargeError(
            f"the dispute has {compiled.count:,} states; coalitions can be examined for at most "
            f"{MAX_COALITION_STATES:,}. {INSTEAD}"
        )
    if engine == "auto" and compiled.name != "explicit":
        with suppress(TooLargeError):
            return solver(conflict, "explicit")
    return compiled


def _few_enough(count: int) -> None:
    if count > MAX_COALITIONS:
        raise TooLargeError(
            f"there are {count:,} coalitions; the limit is {MAX_COALITIONS}. Ask about smaller ones (size, or "
            "--size 2), or name some"
        )


def _listed(moves: CoalitionMoves, jumps: Sequence[tuple[str, State, Jumps]]) -> Iterable[CoalitionImprovement]:
    """Yield the joint improvements with their paths: all, or some for each equilibrium and coalition if there are too
    many, with those from the status quo first.
    """
    each = None
    if sum(ways.number for *_, ways in jumps) > MAX_JUMPS:
        quo = moves.compiled.conflict.status_quo
        here = None if quo is None else moves.compiled.number_of("status quo")
        each = max(1, MAX_JUMPS // len(jumps))
        jumps = sorted(jumps, key=lambda jump: jump[1].number != here)[:MAX_JUMPS]
    found = [(concept, state, end, ways.group) for concept, state, ways in jumps for end in ways.ends(each)]
    # Paths to the same end share one search.
    for members, end, start in sorted({(tuple(sorted(group)), end, state.number) for _, state, end, group in found}):
        moves.path(frozenset(members), start, end)
    for concept, state, end, group in found:
        path = tuple(moves.path(group, state.number, end))
        yield CoalitionImprovement(concept, state, moves.state(end), moves.names(group), path)


__all__ = ["COALITION_CONCEPTS", "CoalitionAnalysis", "CoalitionImprovement", "Concept", "coalitions"]
