"""Who would leave an equilibrium together, and where to: coalition moves, improvements and stability.

A coalition H moves by legal sequences of its members' own moves, nobody twice in a row; a coalition improvement leads
to a state that every member strictly prefers, whatever the steps are to whoever makes them (Kilgour, Hipel, Fang & Peng
2001). With R_H for its moves and R_H⁺⁺ for its improvements, a state s is for H (Inohara & Hipel 2008)

- CNash stable when R_H⁺⁺(s) is empty;
- CGMR stable when every s₁ in R_H⁺⁺(s) has an s₂ in R_{N−H}(s₁) that some member of H does not prefer to s;
- CSMR stable when moreover no s₃ in R_H(s₂) is better than s for all of H;
- CSEQ stable as CGMR, with s₂ reached by coalition improvements of groups among the others, no group twice in a row.

A state is *universally* stable when it is so for every coalition. An *equilibrium jump* is a coalition improvement from
one individually stable state to another. Standing coalitions of a conflict are something else: they act as one
decision maker in every analysis, and count as one here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from types import MappingProxyType
from typing import Any

from detente.analysis.equilibria import analyze
from detente.analysis.explanation import difference, shown
from detente.analysis.result import Result
from detente.conflict.model import ConflictModel
from detente.conflict.preferences import StateReference
from detente.conflict.states import State
from detente.engine import Solver, solver
from detente.engine.interface import Progress, no_progress
from detente.errors import InputError, TooLargeError, UnknownNameError
from detente.stability import CONCEPTS, Concept

#: The solution concepts that have a form for coalitions.
COALITION_CONCEPTS = ("nash", "gmr", "smr", "seq")
#: With more states than this the moves of coalitions are not listed.
MOST_STATES = 4_096
#: More coalitions than this are refused.
MOST_COALITIONS = 255

Group = frozenset[int]


@dataclass(frozen=True)
class Jump:
    """An improvement of two or more together from one equilibrium to another; ``path`` is who moves, and where to."""

    concept: str
    start: State
    end: State
    coalition: tuple[str, ...]
    path: tuple[tuple[str, State], ...]


@dataclass(frozen=True)
class CoalitionAnalysis(Result):
    """Which states are stable for which coalitions, and which equilibria a coalition would leave for another.

    ``stability`` has by concept and coalition (``a+b``) the stable states; ``jumps`` only those by coalitions of which
    no part could make the same jump.
    """

    conflict: ConflictModel = field(repr=False)
    concepts: tuple[str, ...]
    coalitions: tuple[tuple[str, ...], ...]
    stability: Mapping[str, Mapping[str, tuple[State, ...]]] = field(hash=False)
    equilibria: Mapping[str, tuple[State, ...]] = field(hash=False)
    jumps: tuple[Jump, ...]
    every: bool
    moves: _Moves = field(compare=False, repr=False)

    @cached_property
    def universal(self) -> dict[str, tuple[State, ...]]:
        """By concept the states that are stable for every coalition looked at."""
        return {
            concept: tuple(sorted(set.intersection(*(set(states) for states in by.values()))))
            for concept, by in self.stability.items()
        }

    @property
    def answer(self) -> str:
        """What comes of it all: how many equilibria a coalition would leave, and whether the status quo is one."""
        states = {state for found in self.equilibria.values() for state in found}
        if not states:
            return "No state is an equilibrium, so there is none to leave."
        left = {jump.start for jump in self.jumps}
        against = "every coalition" if self.every else "the coalitions looked at"
        parts = [
            f"Of {len(states)} equilibria, {len(left) or 'none'} would be left for another by two or more together"
            f"{'' if left else f': all hold against {against}'}."
        ]
        here = self.status_quo
        if here in states:
            groups = list(dict.fromkeys(jump.coalition for jump in self.jumps if jump.start == here))
            who = "; or by ".join(self._together(group) for group in groups)
            parts.append(f"The status quo, {shown(here)}, would be left by {who or 'nobody'}.")
        return " ".join(parts)

    @property
    def status_quo(self) -> State | None:
        """The status quo, when the conflict names one."""
        number = None if self.conflict.status_quo is None else self.moves.compiled.number_of("status quo")
        return None if number is None else self.moves.compiled.state(number)

    def _together(self, coalition: Sequence[str]) -> str:
        labels = [self.conflict.decision_maker(id).label for player in coalition for id in player.split("+")]
        if len(labels) == len(self.conflict.decision_makers) > 2:
            return "all together"
        return f"{', '.join(labels[:-1])} with {labels[-1]}"

    def stable(self, concept: str, coalition: str) -> tuple[State, ...]:
        """Return the states that are stable for a coalition, named as ``a+b``."""
        if concept not in self.stability:
            raise UnknownNameError("concept", concept, self.stability)
        if coalition not in self.stability[concept]:
            raise UnknownNameError("coalition", coalition, self.stability[concept])
        return self.stability[concept][coalition]

    def why(self, state: StateReference, coalition: str, concept: str) -> str:
        """Say in words why a state is stable or not for a coalition: its improvements and what deters from each."""
        self.stable(concept, coalition)
        number = self.moves.compiled.number_of(state)
        group = self.moves.group(coalition.split("+") if coalition not in self.moves.players else [coalition])
        here = self.moves.compiled.state(number)
        who = self._who(group)
        title = CONCEPTS[concept].title
        improvements = sorted(self.moves.improvements(group, number))
        stable = all(self.moves.sanction(group, number, end, concept) is not None for end in improvements)
        verdict = f"{shown(here)} is {'' if stable else 'not '}coalition {title} stable for {who}."
        if not improvements:
            preferred = "it prefers" if len(group) == 1 else "all of them prefer"
            return f"{verdict} No moves of theirs lead to a state that {preferred}."
        lines = [verdict]
        for end in improvements:
            path = self.in_words(number, self.moves.path(group, number, end))
            sanction = self.moves.sanction(group, number, end, concept)
            if sanction is None:
                lines.append(f"- {path}: better for {who}, and nothing deters from it.")
            else:
                back = shown(self.moves.compiled.state(sanction))
                lines.append(f"- {path}: better for {who}; but the others can bring about {back}, which is not.")
        return "\n".join(lines)

    def in_words(self, start: int, path: Iterable[tuple[str, State]]) -> str:
        """Say who does what along a path."""
        parts, here = [], self.moves.compiled.state(start)
        for player, state in path:
            parts.append(difference(self.conflict, here, state, player.split("+")) or f"{player} moves")
            here = state
        return f"{'; then '.join(parts)}, to {shown(here)}"

    def _who(self, group: Group) -> str:
        labels = [
            self.conflict.decision_maker(id).label for place in sorted(group) for id in self.conflict.players[place]
        ]
        return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]} together"

    def to_dict(self) -> dict[str, Any]:
        """Return the analysis as plain data, format ``detente-coalitions/1``."""
        return {
            "format": "detente-coalitions/1",
            "conflict": {"title": self.conflict.title},
            "coalitions": [list(coalition) for coalition in self.coalitions],
            "every_coalition": self.every,
            "answer": self.answer,
            "stability": {
                concept: {coalition: [_state(state) for state in states] for coalition, states in by.items()}
                for concept, by in self.stability.items()
            },
            "universal": {concept: [_state(state) for state in states] for concept, states in self.universal.items()},
            "equilibria": {
                concept: [
                    {
                        **_state(state),
                        "jumps": [
                            {
                                "coalition": list(jump.coalition),
                                "to": _state(jump.end),
                                "path": [{"player": player, "to": _state(to)} for player, to in jump.path],
                                "text": self.in_words(jump.start, jump.path),
                            }
                            for jump in self.jumps
                            if jump.concept == concept and jump.start == state
                        ],
                    }
                    for state in states
                ]
                for concept, states in self.equilibria.items()
            },
        }

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for every equilibrium: whether it is universally stable, and the jumps from it."""
        return [
            {
                "concept": concept,
                "number": state.number,
                "state": state.pattern,
                "name": state.name or "",
                "universal": state in self.universal[concept],
                "jumps": "; ".join(
                    f"{'+'.join(jump.coalition)} to {jump.end.number}"
                    for jump in self.jumps
                    if jump.concept == concept and jump.start == state
                ),
            }
            for concept, states in self.equilibria.items()
            for state in states
        ]

    def _repr_html_(self) -> str:
        from html import escape

        items = "".join(
            f"<li>{escape(row['concept'])}: {escape(row['state'])} {escape(row['name'])} {escape(row['jumps'])}</li>"
            for row in self.rows()
        )
        return f"<p><b>{escape(self.conflict.title)}</b></p><p>{escape(self.answer)}</p><ul>{items}</ul>"


def coalitions(
    conflict: ConflictModel,
    groups: Iterable[Iterable[str]] | None = None,
    concepts: Iterable[str] = COALITION_CONCEPTS,
    *,
    size: int | None = None,
    engine: str = "auto",
    progress: Progress = no_progress,
) -> CoalitionAnalysis:
    """Decide which states are stable for which coalitions, and which equilibria a coalition would leave.

    Parameters
    ----------
    conflict
        The dispute.
    groups
        The coalitions, each a list of players; every coalition when None.
    concepts
        Some of 'nash', 'gmr', 'smr' and 'seq'.
    size
        With ``groups`` None, look at coalitions of up to so many players.
    engine
        ``auto`` or the name of an engine.
    progress
        Called with the share of the work done and what is being done.

    Raises
    ------
    UnknownNameError
        For a player or a concept that there is not, or a concept that has no form for coalitions.
    TooLargeError
        When there are too many states or coalitions, with the figure.
    """
    wanted = tuple(dict.fromkeys(concepts))
    for concept in wanted:
        if concept not in COALITION_CONCEPTS:
            raise UnknownNameError("concept for coalitions", concept, COALITION_CONCEPTS)
    compiled = solver(conflict, engine)
    if compiled.count > MOST_STATES:
        raise TooLargeError(
            f"{compiled.count:,} states are more than the {MOST_STATES:,} for which coalitions can be asked"
        )
    moves = _Moves(compiled)
    if groups is None:
        most = min(size or len(moves.players), len(moves.players))
        asked = [
            frozenset(one) for count in range(1, most + 1) for one in combinations(range(len(moves.players)), count)
        ]
    else:
        asked = [moves.group(group) for group in groups]
    if len(asked) > MOST_COALITIONS:
        raise TooLargeError(f"{len(asked)} coalitions are more than {MOST_COALITIONS}: bound their size")
    stability: dict[str, dict[str, tuple[State, ...]]] = {concept: {} for concept in wanted}
    for place, group in enumerate(asked):
        progress(place / len(asked), moves.name(group))
        for concept in wanted:
            stable = (number for number in range(1, compiled.count + 1) if moves.stable(group, number, concept))
            stability[concept][moves.name(group)] = tuple(map(compiled.state, stable))
    analysis = analyze(conflict, wanted, engine)
    equilibria = {concept: analysis.equilibria(concept) for concept in wanted}
    progress(1.0, "done")
    return CoalitionAnalysis(
        conflict,
        wanted,
        tuple(moves.names(group) for group in asked),
        MappingProxyType({concept: MappingProxyType(by) for concept, by in stability.items()}),
        MappingProxyType(equilibria),
        tuple(_jumps(moves, asked, equilibria)),
        groups is None and len(asked) == 2 ** len(moves.players) - 1,
        moves,
    )


def _jumps(moves: _Moves, asked: Sequence[Group], equilibria: Mapping[str, Sequence[State]]) -> Iterable[Jump]:
    for concept, states in equilibria.items():
        numbers = {state.number for state in states}
        for state in states:
            able: dict[int, list[Group]] = {}
            for group in sorted(asked, key=len):
                for end in sorted(moves.improvements(group, state.number) & numbers):
                    if any(part < group for part in able.get(end, ())):
                        continue
                    able.setdefault(end, []).append(group)
                    # What somebody can do alone is no jump, but who needs nobody else is not joined by others either.
                    if len(group) > 1:
                        path = tuple(moves.path(group, state.number, end))
                        yield Jump(concept, state, moves.compiled.state(end), moves.names(group), path)


class _Moves:
    """What groups of players can do from every state; each answer is worked out once."""

    def __init__(self, compiled: Solver) -> None:
        self.compiled = compiled
        self.players = ["+".join(members) for members in compiled.conflict.players]
        self._own: list[dict[int, list[int]]] = [{} for _ in self.players]
        for arc in compiled.arcs():
            self._own[arc.player].setdefault(arc.start, []).append(arc.end)
        ranks = {maker.id: compiled.ranks(place) for place, maker in enumerate(compiled.conflict.decision_makers)}
        self._ranks = [[ranks[id] for id in members] for members in compiled.conflict.players]
        self._reached: dict[tuple[Group, int], frozenset[int]] = {}
        self._improved: dict[tuple[Group, int], frozenset[int]] = {}
        self._answers: dict[tuple[Group, int], frozenset[int]] = {}

    def group(self, names: Iterable[str]) -> Group:
        """Return the group of these players."""
        places = []
        for name in names:
            if name not in self.players:
                raise UnknownNameError("player", name, self.players)
            places.append(self.players.index(name))
        if not places:
            raise InputError("a coalition needs somebody in it")
        return frozenset(places)

    def names(self, group: Group) -> tuple[str, ...]:
        """Return the players of a group, in the conflict's order."""
        return tuple(self.players[place] for place in sorted(group))

    def name(self, group: Group) -> str:
        """Return a group's name, ``a+b``."""
        return "+".join(self.names(group))

    def better(self, group: Group, start: int, end: int) -> bool:
        """Tell whether every member strictly prefers one state to another; rank 1 is best."""
        return all(rank[end - 1] < rank[start - 1] for place in group for rank in self._ranks[place])

    def moves(self, group: Group, start: int) -> frozenset[int]:
        """Return R_H: the ends of legal sequences of the members' moves, other than the start."""
        key = (group, start)
        if key not in self._reached:
            self._reached[key] = frozenset(end for end, _ in self._searched(group, start)) - {start}
        return self._reached[key]

    def _searched(self, group: Group, start: int) -> dict[tuple[int, int], tuple[int, int] | None]:
        """Search over pairs of a state and its last mover; return where each was come to from."""
        came: dict[tuple[int, int], tuple[int, int] | None] = {}
        frontier: list[tuple[int, int]] = [(start, -1)]
        while frontier:
            following = []
            for node in frontier:
                for mover in sorted(group):
                    if mover == node[1]:
                        continue
                    for end in self._own[mover].get(node[0], ()):
                        if (end, mover) not in came:
                            came[(end, mover)] = node
                            following.append((end, mover))
            frontier = following
        return came

    def path(self, group: Group, start: int, end: int) -> list[tuple[str, State]]:
        """Return a shortest legal sequence of the members from one state to another: who moves, and where to."""
        came = self._searched(group, start)
        # Dictionaries keep the order of the search, so that the first is a shortest.
        node: tuple[int, int] | None = next(node for node in came if node[0] == end)
        path = []
        while node is not None and node != (start, -1):
            path.append((self.players[node[1]], self.compiled.state(node[0])))
            node = came[node]
        return path[::-1]

    def improvements(self, group: Group, start: int) -> frozenset[int]:
        """Return R_H⁺⁺: the moves to states that every member strictly prefers."""
        key = (group, start)
        if key not in self._improved:
            self._improved[key] = frozenset(end for end in self.moves(group, start) if self.better(group, start, end))
        return self._improved[key]

    def stable(self, group: Group, state: int, concept: str) -> bool:
        """Tell whether a state is stable for a group."""
        return all(self.sanction(group, state, end, concept) is not None for end in self.improvements(group, state))

    def sanction(self, group: Group, state: int, improvement: int, concept: str) -> int | None:
        """Return a state that deters a group from an improvement; None when nothing does."""
        if concept == "nash":
            return None
        others = frozenset(range(len(self.players))) - group
        answers = self._credible(others, improvement) if concept == "seq" else self.moves(others, improvement)
        for answer in sorted(answers):
            if self.better(group, state, answer):
                continue
            if concept == "smr" and any(self.better(group, state, end) for end in self.moves(group, answer)):
                continue
            return answer
        return None

    def _credible(self, others: Group, start: int) -> frozenset[int]:
        """Return where coalition improvements of groups among the others lead, no group twice in a row."""
        key = (others, start)
        if key not in self._answers:
            parts = [
                frozenset(one) for count in range(1, len(others) + 1) for one in combinations(sorted(others), count)
            ]
            seen: set[tuple[int, int]] = set()
            frontier = [(start, -1)]
            while frontier:
                state, last = frontier.pop()
                for place, part in enumerate(parts):
                    if place == last:
                        continue
                    for end in self.improvements(part, state):
                        if (end, place) not in seen:
                            seen.add((end, place))
                            frontier.append((end, place))
            self._answers[key] = frozenset(end for end, _ in seen)
        return self._answers[key]


def _state(state: State) -> dict[str, Any]:
    return {"number": state.number, "state": state.pattern, "name": state.name}


__all__ = ["COALITION_CONCEPTS", "CoalitionAnalysis", "Concept", "Jump", "coalitions"]
