"""The concepts for uncertain preferences, attitudes and longer foresight in their plainest form.

Each verdict on a state is decided again from the definition alone, in plain Python over `ReferenceModel`: states are
visited one by one, chances are exact fractions, and every term has a line of its own.

Theory of operation. Nearly all of these concepts are the sentence of `detente.concepts.concept` with other words for
what an improvement and a sanction is; `PreferenceTerms` defines the words. Limited-move, non-myopic and maximin
stability follow their recursions, horizon by horizon.

Cost: for a verdict all states that the others can reach from each improvement; for looking ahead every move of every
state at each horizon. So there are limits on the number of states and of steps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from itertools import compress

from detente.concepts import Concept, Improvement, Respond, Sanction
from detente.model.parts import DecisionMaker
from detente.model.preferences import Prioritising, Ranking
from detente.model.states import feasible_members
from detente.verification.claims import TakenOptions, UncheckedError
from detente.verification.definitions import ReferenceModel

#: Maximum number of states of a conflict whose verdicts under these concepts are checked.
MAX_STATES = 1_024
#: Maximum number of moves followed for one verdict.
MAX_STEPS = 1_000_000

#: What two players expect at every state: the worth to each, of the one whose turn it is first.
_Expected = dict[tuple[str, TakenOptions], tuple[object, object]]


class PreferenceTerms:
    """What one decision maker makes of two states."""

    def __init__(self, model: ReferenceModel, maker: DecisionMaker) -> None:
        self.model, self.maker = model, maker
        self.chance = cache(self._chance)

    def better(self, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether ``end`` is ranked higher."""
        return bool(self.model.rank(self.maker.id, end) > self.model.rank(self.maker.id, start))

    def deciding(self, end: TakenOptions, start: TakenOptions) -> int | None:
        """Return the place of the first preference that is true at one of two states only."""
        wanted = self.maker.preferences
        assert isinstance(wanted, Prioritising)
        for place, statement in enumerate(wanted.statements):
            if self.model.holds(statement.condition, end) != self.model.holds(statement.condition, start):
                return place
        return None

    def group(self, state: TakenOptions) -> int:
        """Return the place of a state's group in a ranking, from the best one on."""
        wanted = self.maker.preferences
        assert isinstance(wanted, Ranking)
        listed, number = self.model.listed, self.model.listed.number_of(self.model.conflict.pattern(state))
        return next(
            place
            for place, group in enumerate(wanted.groups)
            if any(listed.number_of(reference) == number for reference in group)
        )

    def parted(self, cuts: Iterable[int], end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether one of some cuts in a ranking lies between two states."""
        first, last = sorted((self.group(end), self.group(start)))
        return any(first < cut <= last for cut in cuts)

    def unknown(self, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether the preference between two states is unknown."""
        wanted = self.maker.preferences
        if isinstance(wanted, Prioritising):
            place = self.deciding(end, start)
            return place is not None and wanted.statements[place].unknown
        return isinstance(wanted, Ranking) and self.parted(wanted.unknown, end, start)

    def much_better(self, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether ``end`` is greatly preferred."""
        wanted = self.maker.preferences
        if not self.better(end, start):
            return False
        if isinstance(wanted, Prioritising):
            place = self.deciding(end, start)
            return place is not None and wanted.statements[place].strength == "strong"
        return isinstance(wanted, Ranking) and self.parted(wanted.great, end, start)

    def _chance(self, end: TakenOptions, start: TakenOptions) -> Fraction:
        """Return the chance that ``end`` is better: that the first preference held that tells them apart says so."""
        wanted = self.maker.preferences
        if not isinstance(wanted, Prioritising):
            return Fraction(self.better(end, start))
        found, none_held = Fraction(0), Fraction(1)
        for statement in wanted.statements:
            there, here = (self.model.holds(statement.condition, state) for state in (end, start))
            if there == here:
                continue
            if there:
                found += none_held * statement.confidence
            none_held *= 1 - statement.confidence
        return found

    def perhaps(self, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether ``end`` is better or may be."""
        return self.better(end, start) or self.unknown(end, start)

    def surely(self, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether ``end`` is known to be better."""
        return self.better(end, start) and not self.unknown(end, start)

    def satisfying(self, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether the fuzzy strength of preference for ``end`` reaches the threshold."""
        return self.chance(end, start) - self.chance(start, end) >= self.maker.thresholds.satisficing

    def improvement(self, word: Improvement, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether ``end`` is an improvement, as a concept means it."""
        thresholds, facing = self.maker.thresholds, self.maker.facing_unknown
        meanings: dict[Improvement, Callable[[], bool]] = {
            Improvement.BETTER: lambda: self.better(end, start),
            Improvement.SURELY_BETTER: lambda: self.surely(end, start),
            Improvement.PERHAPS_BETTER: lambda: self.perhaps(end, start),
            Improvement.BETTER_AS_FACED: lambda: (self.perhaps if facing in "ac" else self.surely)(end, start),
            Improvement.SATISFYING: lambda: self.satisfying(end, start),
            Improvement.LIKELY: lambda: self.chance(end, start) > 1 - thresholds.alpha,
            Improvement.LIKELY_ENOUGH: lambda: self.chance(end, start) > 1 - thresholds.gamma,
        }
        return meanings[word]()

    def sanction(self, word: Sanction, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether ``end`` deters from leaving ``start``, as a concept means it."""
        facing = self.maker.facing_unknown
        meanings: dict[Sanction, Callable[[], bool]] = {
            Sanction.NOT_BETTER: lambda: not self.better(end, start),
            Sanction.NOT_SURELY_BETTER: lambda: not self.surely(end, start),
            Sanction.SURELY_NOT_BETTER: lambda: not self.perhaps(end, start),
            Sanction.NOT_BETTER_AS_FACED: lambda: not (self.surely if facing in "cd" else self.perhaps)(end, start),
            Sanction.MUCH_WORSE: lambda: self.much_better(start, end),
            Sanction.NOT_SATISFYING: lambda: not self.satisfying(end, start),
            Sanction.UNLIKELY: lambda: self.chance(end, start) <= 1 - self.maker.thresholds.beta,
        }
        return meanings[word]()


class OtherConcepts:
    """Verdicts under the concepts that need more than which state is better.

    Raises
    ------
    UncheckedError
        If the conflict has more than `MAX_STATES` states; ``count`` is None if there are too many to count.
    """

    def __init__(self, model: ReferenceModel, count: int | None) -> None:
        if count is None or count > MAX_STATES:
            raise UncheckedError(
                f"concepts for uncertain preferences, attitudes or longer foresight are checked up to {MAX_STATES:,} "
                f"states, and the conflict has {'more' if count is None else f'{count:,}'}"
            )
        self.model = model
        self.terms = {id: PreferenceTerms(model, maker) for id, maker in model.makers.items()}
        self.steps = 0
        self._horizons: list[_Expected] = []
        self.moves = cache(self._moves)
        self.reached = cache(self._reached)

    def _moves(self, player: str, state: TakenOptions) -> tuple[TakenOptions, ...]:
        found = tuple(dict.fromkeys(self.model.moves(player, state)))
        self.count(len(found))
        return found

    def count(self, steps: int) -> None:
        """Count the steps of one verdict.

        Raises
        ------
        UncheckedError
            If there are too many.
        """
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise UncheckedError(f"checking the definition would take more than {MAX_STEPS:,} steps for one verdict")

    def stable(self, state: TakenOptions, player: str, concept: Concept) -> bool | None:
        """Return whether a state is stable for a player; None if the concept has no verdict."""
        self.steps = 0
        if concept.respond is Respond.ANTICIPATED:
            return self._anticipated(state, player, concept.horizon)
        if concept.respond is Respond.ALTERNATING:
            return self._maximin(state, player, concept.horizon or 1)
        tempting = [end for end in self.moves(player, state) if self.improves(concept.improvement, player, end, state)]
        if concept.respond is Respond.NOBODY:
            return not tempting
        return all(
            any(self._deters(concept, player, end, state) for end in self._responses(concept, player, improvement))
            for improvement in tempting
        )

    # The words of the shared sentence

    def improves(self, word: Improvement, player: str, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether a state is an improvement for a player: for every member of it."""
        if word is Improvement.RELATIONAL:
            return end != start and self._favours(player, end, start)
        return all(self.terms[id].improvement(word, end, start) for id in self.model.players[player])

    def sanctions(self, word: Sanction, player: str, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether a state deters a player: whether it deters some member."""
        if word is Sanction.RELATIONALLY_WORSE:
            return self._favours(player, start, end)
        if word is Sanction.NOT_RELATIONAL:
            return not self.improves(Improvement.RELATIONAL, player, end, start)
        return any(self.terms[id].sanction(word, end, start) for id in self.model.players[player])

    def _favours(self, player: str, end: TakenOptions, start: TakenOptions) -> bool:
        """Tell whether all attitudes of a decision maker favour one state over another."""
        for other, terms in self.terms.items():
            attitude, worse = self.model.makers[player].attitude(other), terms.better(start, end)
            if (attitude == "positive" and worse) or (attitude == "negative" and not worse):
                return False
        return True

    def _deters(self, concept: Concept, player: str, end: TakenOptions, state: TakenOptions) -> bool:
        if not self.sanctions(concept.sanction, player, end, state):
            return False
        if not concept.counter_move:
            return True
        lasting = concept.lasting or concept.sanction
        return all(self.sanctions(lasting, player, after, state) for after in (end, *self.moves(player, end)))

    def _responses(self, concept: Concept, player: str, start: TakenOptions) -> Iterable[TakenOptions]:
        """Return the ends of the others' legal sequences: no player moves twice in a row."""
        if concept.respond is Respond.MOVES:
            return self.reached(player, start)
        return self._sequences(player, start, concept.credible)

    def _reached(self, player: str, start: TakenOptions) -> frozenset[TakenOptions]:
        return frozenset(self._sequences(player, start, None))

    def _sequences(self, player: str, start: TakenOptions, credible: Improvement | None) -> set[TakenOptions]:
        seen: set[tuple[TakenOptions, str]] = set()
        waiting = deque([(start, player)])
        while waiting:
            here, last = waiting.popleft()
            for mover in self.model.players:
                if mover in (last, player):
                    continue
                ends = self.moves(mover, here)
                self.count(len(ends))
                for end in ends:
                    wanted = credible is None or self.improves(credible, mover, end, here)
                    if wanted and (end, mover) not in seen:
                        seen.add((end, mover))
                        waiting.append((end, mover))
        return {end for end, _ in seen}

    # Looking ahead

    @property
    def _states(self) -> list[TakenOptions]:
        names = [option.id for option in self.model.conflict.options]
        members = (frozenset(compress(names, member)) for member in feasible_members(self.model.conflict))
        return list(dict.fromkeys(map(self.model.state_of, members)))

    def _worth(self, player: str, state: TakenOptions) -> object:
        (maker,) = self.model.players[player]
        return self.model.rank(maker, state)

    def _horizon(self, horizon: int) -> _Expected:
        """Return what a player to move with so many moves left expects: the worth of the end to it and to the other."""
        players = list(self.model.players)
        both = {one: players[1 - place] if len(players) > 1 else one for place, one in enumerate(players)}
        states = self._states
        if not self._horizons:
            self._horizons = [
                {
                    (one, state): (self._worth(one, state), self._worth(other, state))
                    for one, other in both.items()
                    for state in states
                }
            ]
        while len(self._horizons) <= horizon:
            last, found = self._horizons[-1], dict(self._horizons[0])
            for one, other in both.items():
                for state in states:
                    ends = self.moves(one, state)
                    self.count(len(ends))
                    # After the move it is the other's turn, if there is another.
                    pairs = [last[other, end][::-1] if other != one else self._horizons[0][one, end] for end in ends]
                    best = [pair for pair in pairs if all(pair[0] >= each[0] for each in pairs)]  # type: ignore[operator]
                    if best and best[0][0] > self._worth(one, state):  # type: ignore[operator]
                        found[one, state] = min(best, key=lambda pair: pair[1])  # type: ignore[arg-type,return-value]
            self._horizons.append(found)
        return self._horizons[horizon]

    def _stays(self, state: TakenOptions, player: str, horizon: int) -> bool:
        return not self._horizon(horizon)[player, state][0] > self._worth(player, state)  # type: ignore[operator]

    def _anticipated(self, state: TakenOptions, player: str, horizon: int | None) -> bool | None:
        if horizon is not None:
            return self._stays(state, player, horizon)
        last = 1
        while self._horizon(last) not in self._horizons[:last]:
            last += 1
        first = self._horizons.index(self._horizons[last])
        ahead = {self._stays(state, player, at) for at in range(first + 1, last + 1)}
        return ahead.pop() if len(ahead) == 1 else None

    def _maximin(self, state: TakenOptions, player: str, horizon: int) -> bool:
        """Tell whether a player cannot secure a better state: every value is 'better than this state', yes or no."""

        @cache
        def better(end: TakenOptions) -> bool:
            return self.model.better(player, end, state)

        @cache
        def secured(end: TakenOptions, left: int, mine: bool) -> bool:
            if left == 0 or better(end) == mine:
                return better(end)
            self.count(1)
            if mine:
                return any(secured(after, left - 1, False) for after in self.moves(player, end))
            return all(secured(after, left - 1, True) for after in self.reached(player, end))

        return not any(secured(end, horizon - 1, False) for end in self.moves(player, state))
