"""Perception: which states are stable if each decision maker plays the game that it perceives (a hypergame).

A hypergame of the first level (Bennett 1977; Wang, Hipel & Fraser 1988; Kovach, Gibson & Lamont 2015): decision maker i
plays its own game Gᵢ, believes that all parties play it, and does not know that the games differ. Here Gᵢ is the
dispute with

- the options that i does not see never taken, by any party;
- the others' preferences as i believes them to be, and its own as they are.

A state of the dispute *looks* to i like the state without the options that i does not see. If Gᵢ has no such state, i
knows no move from it. So

- a state is **expected** by i if it is an equilibrium of Gᵢ;
- a state is a **hypergame equilibrium** if, for every i, what it looks like to i is stable for i in Gᵢ: no party moves,
  each for its own reasons;
- a hypergame equilibrium is a **surprise** to i if it differs from what it looks like to i, or if i did not expect what
  it looks like;
- a state that i expects and that is not a hypergame equilibrium is **mistaken**: some party moves, by its own
  perception.

If no party's view differs, all three kinds of equilibria coincide and there are no surprises.

Cost: one analysis for each distinct perceived game.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from detente.analysis.fixed_options import with_fixed_options
from detente.analysis.result import ConflictResult, state_data
from detente.concepts import Concept, chosen
from detente.engine import ListingSolver, listing
from detente.errors import InputError, UnknownNameError
from detente.limits import MAX_LISTED
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.parts import View
from detente.model.preferences import StateReference
from detente.model.questions import Progress, no_progress
from detente.model.states import State


@dataclass(frozen=True)
class Surprise:
    """An equilibrium of the hypergame that a decision maker did not expect.

    Attributes
    ----------
    concept
        The stability concept, by identifier.
    state
        The state.
    decision_maker
        The decision maker who is surprised.
    kind
        ``unseen`` if the state is not what it looks like to the decision maker; ``unexpected`` if it is seen as it is
        and was not expected.
    looks_like
        The state that it looks like to the decision maker; None if no state corresponds to it.
    """

    concept: str
    state: State
    decision_maker: str
    kind: str
    looks_like: State | None


@dataclass(frozen=True)
class Mistake:
    """A state that a decision maker expects to be an equilibrium and that others would leave.

    Attributes
    ----------
    concept
        The stability concept, by identifier.
    state
        The state.
    decision_maker
        The decision maker who expects it.
    leaving
        The decision makers who would leave it in the games that they see.
    """

    concept: str
    state: State
    decision_maker: str
    leaving: tuple[str, ...]


@dataclass(frozen=True)
class PerceivedGame:
    """The game that a decision maker sees.

    Attributes
    ----------
    decision_maker
        The decision maker.
    view
        What the file says about its view.
    count
        The number of states that it sees.
    hidden
        The states of the dispute that it does not see.
    """

    decision_maker: str
    view: View
    count: int
    hidden: tuple[State, ...]


@dataclass(frozen=True)
class Perception(ConflictResult):
    """Which states are stable in the games that the parties see, and who would be surprised.

    Attributes
    ----------
    concepts
        The stability concepts.
    eyes
        The game that each decision maker sees.
    equilibria
        By concept, the states that are stable for each decision maker in the game that it sees.
    true_equilibria
        By concept, the equilibria of the dispute as it is in the file.
    expected
        By concept and decision maker, the equilibria of the game that it sees.
    surprises
        The equilibria of the hypergame that a decision maker did not expect.
    mistakes
        The states that a decision maker expects and that others would leave.
    games
        The compiled games, for further questions.

    Examples
    --------
    >>> from detente import example
    >>> perception = example("unforeseen-relocation").perceive(["seq"])
    >>> perception.equilibria["seq"], perception.expected["seq"]["village"]
    ((State(6, 'NYY', 'relocation'),), (State(5, 'YNY', 'compensation'),))
    """

    format = "detente-perceive/1"
    question = "perception"

    concepts: tuple[Concept, ...]
    eyes: tuple[PerceivedGame, ...]
    equilibria: Mapping[str, tuple[State, ...]] = field(hash=False)
    true_equilibria: Mapping[str, tuple[State, ...]] = field(hash=False)
    expected: Mapping[str, Mapping[str, tuple[State, ...]]] = field(hash=False)
    surprises: tuple[Surprise, ...]
    mistakes: tuple[Mistake, ...]
    games: Hypergame = field(compare=False, repr=False)

    def why(self, state: StateReference, decision_maker: str, concept: str) -> str:
        """Explain in words why a decision maker moves from a state or not, by its own perception."""
        return str(self.words.why(self, state, decision_maker, concept))

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, format ``detente-perceive/1``."""
        return {
            "format": self.format,
            **self.conflict.basis.to_dict(),
            "conflict": {"title": self.conflict.title, "digest": self.digest},
            "version": self.version,
            "concepts": [concept.id for concept in self.concepts],
            "views": [
                {
                    "decision_maker": eyes.decision_maker,
                    "does_not_see": list(eyes.view.does_not_see),
                    "believes_of": [other for other, _ in eyes.view.believes],
                    "count": eyes.count,
                    "hidden": [state_data(state) for state in eyes.hidden],
                }
                for eyes in self.eyes
            ],
            "equilibria": {
                concept.id: {
                    "hypergame": [state_data(state) for state in self.equilibria[concept.id]],
                    "true": [state_data(state) for state in self.true_equilibria[concept.id]],
                    "expected": {
                        id: [state_data(state) for state in states] for id, states in self.expected[concept.id].items()
                    },
                }
                for concept in self.concepts
            },
            "surprises": [
                {
                    "concept": one.concept,
                    "state": state_data(one.state),
                    "decision_maker": one.decision_maker,
                    "kind": one.kind,
                    "looks_like": None if one.looks_like is None else state_data(one.looks_like),
                    "text": self.words.surprise_in_words(self, one),
                }
                for one in self.surprises
            ],
            "mistakes": [
                {
                    "concept": one.concept,
                    "state": state_data(one.state),
                    "decision_maker": one.decision_maker,
                    "leaving": list(one.leaving),
                }
                for one in self.mistakes
            ],
        }

    def notable(self) -> tuple[State, ...]:
        """Return every state that is a hypergame equilibrium, an equilibrium of the true game, or expected."""
        found: set[State] = set()
        for concept in self.concepts:
            found |= {*self.equilibria[concept.id], *self.true_equilibria[concept.id]}
            found.update(*self.expected[concept.id].values())
        return tuple(sorted(found))

    def rows(self) -> list[dict[str, Any]]:
        """Return one record for each notable state and concept."""
        return [
            {
                "number": state.number,
                "state": state.pattern,
                "name": state.name or "",
                "concept": concept.id,
                "hypergame": state in self.equilibria[concept.id],
                "true": state in self.true_equilibria[concept.id],
                **{f"expected by {id}": state in states for id, states in self.expected[concept.id].items()},
                "surprised": " ".join(
                    one.decision_maker for one in self.surprises if one.concept == concept.id and one.state == state
                ),
            }
            for state in self.notable()
            for concept in self.concepts
        ]


class Hypergame:
    """The dispute as it is and as each decision maker perceives it, compiled."""

    def __init__(self, conflict: Conflict) -> None:
        if conflict.coalitions:
            raise InputError(
                "a standing coalition has no view of its own: remove 'coalitions' and give views to its members"
            )
        self.conflict = conflict
        self.truth = listing(conflict, MAX_LISTED, "for comparing views")
        given = {view.decision_maker: view for view in conflict.views}
        self.views = [given.get(maker.id, View(maker.id)) for maker in conflict.decision_makers]
        self.seen: list[ListingSolver] = []
        for view in self.views:
            try:
                same = not view.does_not_see and not view.believes
                self.seen.append(self.truth if same else listing(seen_by(conflict, view)))
            except InputError as error:
                raise InputError(f"in the view of '{view.decision_maker}': {error}") from error

    def place(self, decision_maker: str) -> int:
        """Return the index of a decision maker."""
        ids = [maker.id for maker in self.conflict.decision_makers]
        if decision_maker not in ids:
            raise UnknownNameError("decision maker", decision_maker, ids)
        return ids.index(decision_maker)

    def looks_like(self, place: int, number: int) -> int | None:
        """Return the number, in a perceived game, of what a state looks like; None if there is no such state."""
        if self.seen[place] is self.truth:
            return number
        space, unseen = self.truth.space, set(self.views[place].does_not_see)
        members = [number - 1] if space.state_of is None else space.members_of[number - 1]
        patterns = [space.member_pattern(int(member)) for member in members]
        seen = [
            "".join("N" if name in unseen else letter for name, letter in zip(space.columns, pattern, strict=True))
            for pattern in patterns
        ]
        own = set(patterns)
        # A merged state looks like itself if one of its members is visible; if none is, its first member decides.
        for pattern in sorted(dict.fromkeys(seen), key=lambda one: one not in own):
            position = self.seen[place].space.position_of_pattern(pattern)
            if position is not None:
                return position + 1
        return None

    def as_it_is(self, place: int, number: int) -> State:
        """Return the state of the dispute that corresponds to a state of a perceived game."""
        space = self.seen[place].space
        position = self.truth.space.position_of_pattern(space.member_pattern(int(space.first_member[number - 1])))
        assert position is not None
        return self.truth.state(position + 1)


def seen_by(conflict: Conflict, view: View) -> Conflict:
    """Return the dispute as a decision maker perceives it: an ordinary conflict, with the same options in its patterns.

    Raises
    ------
    InputError
        If no state remains.
    """
    makers = []
    for maker in conflict.decision_makers:
        believed = view.believed(maker.id)
        wants = maker.preferences if believed is None else believed
        makers.append(replace(maker, preferences=wants))
    believing = conflict.replaced(decision_makers=makers, views=[])
    return with_fixed_options(believing, dict.fromkeys(view.does_not_see, False))


def perceive(
    conflict: Conflict, concepts: Iterable[str] | None = None, *, progress: Progress = no_progress
) -> Perception:
    """Find which states are stable if each party plays the game that it perceives, and which surprise a party.

    The method `detente.Conflict.perceive` describes the parameters, the steps and the errors.
    """
    conflict = model_of_day(conflict)
    wanted = chosen(concepts)
    games = Hypergame(conflict)
    ids = [maker.id for maker in conflict.decision_makers]
    numbers = range(1, games.truth.count + 1)
    looks = [[games.looks_like(place, number) for number in numbers] for place in range(len(ids))]
    equilibria, true_equilibria, expected = {}, {}, {}
    surprises: list[Surprise] = []
    mistakes: list[Mistake] = []
    for done, concept in enumerate(wanted):
        progress(done / len(wanted), concept.title)
        stable = [game.stable(concept, place) for place, game in enumerate(games.seen)]
        stays = [[one is None or one in stable[place] for one in looks[place]] for place in range(len(ids))]
        holding = tuple(
            games.truth.state(number + 1) for number, row in enumerate(zip(*stays, strict=True)) if all(row)
        )
        equilibria[concept.id] = holding
        true_equilibria[concept.id] = tuple(map(games.truth.state, games.truth.equilibria(concept).numbers()))
        expected[concept.id] = {
            id: tuple(
                sorted(games.as_it_is(place, number) for number in games.seen[place].equilibria(concept).numbers())
            )
            for place, id in enumerate(ids)
        }
        for place, id in enumerate(ids):
            hopes = expected[concept.id][id]
            surprises += _surprises(games, concept, holding, place, id, hopes)
            mistakes += [
                Mistake(
                    concept.id, state, id, tuple(one for one, row in zip(ids, stays, strict=True) if not row[state - 1])
                )
                for state in hopes
                if state not in holding
            ]
    progress(1.0, "done")
    eyes = tuple(_perceived_game(games, place, id) for place, id in enumerate(ids))
    return Perception(
        conflict,
        wanted,
        eyes,
        MappingProxyType(equilibria),
        MappingProxyType(true_equilibria),
        MappingProxyType({concept: MappingProxyType(by) for concept, by in expected.items()}),
        tuple(surprises),
        tuple(mistakes),
        games,
    )


def _surprises(
    games: Hypergame, concept: Concept, holding: Iterable[State], place: int, id: str, hopes: tuple[State, ...]
) -> Iterable[Surprise]:
    for state in holding:
        number = games.looks_like(place, state.number)
        looks = None if number is None else games.as_it_is(place, number)
        if looks != state:
            yield Surprise(concept.id, state, id, "unseen", looks)
        elif looks not in hopes:
            yield Surprise(concept.id, state, id, "unexpected", looks)


def _perceived_game(games: Hypergame, place: int, id: str) -> PerceivedGame:
    hidden = []
    for number in range(1, games.truth.count + 1):
        seen = games.looks_like(place, number)
        if seen is None or games.as_it_is(place, seen) != number:
            hidden.append(games.truth.state(number))
    return PerceivedGame(id, games.views[place], games.seen[place].count, tuple(hidden))


__all__ = ["Hypergame", "Mistake", "PerceivedGame", "Perception", "Surprise", "perceive", "seen_by"]
