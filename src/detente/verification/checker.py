"""Answers checked one by one, by code that shares nothing with the engines.

What a move is and what somebody prefers comes from `detente.verification.definitions`. A *stable* verdict is checked by
trying every move of the player: each that is an improvement must have a sanction, and each sanction must be what it
says it is, step by step. An *unstable* verdict is checked at the improvement that nothing is said to deter from:
everywhere that the others can get to from it is walked through, and none of it may deter. Where that is too much to
walk, a closed set given by the engine is proved to be closed and harmless by a satisfiability solver
(`detente.verification.closed_proof`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from math import prod

from detente.concepts import CONCEPTS, Respond
from detente.model.conflict import Conflict
from detente.verification.claims import Claim, ClaimedSanction, FalseAnswerError, Taken, UncheckedError
from detente.verification.definitions import ReferenceModel

#: So many moves are tried on a walk from one improvement, unless said otherwise.
MAX_WALK = 500_000
#: So many combinations of improvements are tried for one.
MAX_COMBINED = 5_000
#: Of the improvements that nothing is said to deter from, a walk is begun from so many.
MAX_WALKS = 3

_SEQUENCES = (Respond.MOVES, Respond.IMPROVEMENTS, Respond.IMPROVEMENTS_THEN_COMBINATIONS)
_COMBINATIONS = (Respond.COMBINATIONS, Respond.IMPROVEMENTS_THEN_COMBINATIONS)


class Checker(ReferenceModel):
    """A conflict as plain as it is written, that what is said of it can be held against.

    ``most_tried`` is how many moves are tried on a walk before it is given up.
    """

    def __init__(self, conflict: Conflict, most_tried: int = MAX_WALK) -> None:
        super().__init__(conflict)
        self.most_tried = most_tried
        self._staying: dict[tuple[str, Taken], bool] = {}

    def check(self, claim: Claim) -> str:
        """Check a claim; return in a word what it took: 'moves', 'sanctions', 'walk', or 'open' for a proof needed.

        Raises
        ------
        FalseAnswerError
            When the claim is false.
        UncheckedError
            When it cannot be checked here.
        """
        if not self.feasible(claim.state):
            raise FalseAnswerError(f"the state breaks '{self.conflict.breaks(claim.state)}'")
        found = set(self.improvements(claim.player, claim.state))
        if found != set(claim.improvements):
            wrong = self.written(next(iter(found ^ set(claim.improvements))))
            raise FalseAnswerError(f"its improvements are others than those that are told: {wrong} is the difference")
        for end, sanction in claim.improvements.items():
            if sanction is not None:
                self.check_sanction(claim, end, sanction)
        tempting = [end for end, sanction in claim.improvements.items() if sanction is None]
        if claim.stable != (not tempting):
            raise FalseAnswerError("the verdict is not what the sanctions say")
        if claim.stable or claim.concept.respond is Respond.NOBODY:
            return "sanctions" if claim.improvements else "moves"
        return self.check_open(claim, tempting)

    def check_sanction(self, claim: Claim, improvement: Taken, sanction: ClaimedSanction) -> None:
        """Check that a sanction is what it says it is, and deters."""
        if sanction.simultaneous:
            end = self.end_of_combination(claim, improvement, sanction)
        else:
            end = self.end_of_sequence(claim, improvement, sanction)
        if end != sanction.end:
            raise FalseAnswerError(f"the sanction of {self.written(improvement)} does not end where it says")
        if self.better(claim.player, end, claim.state):
            raise FalseAnswerError(f"the sanction of {self.written(improvement)} does not hurt")
        if not self.deters(claim, end):
            raise FalseAnswerError(f"the sanction of {self.written(improvement)} can be escaped")

    def end_of_sequence(self, claim: Claim, improvement: Taken, sanction: ClaimedSanction) -> Taken:
        """Follow a sequence of the others' moves, each legal and, where it has to be, an improvement."""
        if claim.concept.respond not in _SEQUENCES:
            raise FalseAnswerError("a sequence of moves is no sanction under this concept")
        here, last = improvement, claim.player
        for mover, end in sanction.steps:
            if mover in (last, claim.player):
                raise FalseAnswerError(f"{mover} cannot move then")
            if not self.can_move(mover, here, end):
                raise FalseAnswerError(f"{mover} cannot move from {self.written(here)} to {self.written(end)}")
            if claim.concept.respond is not Respond.MOVES and not self.better(mover, end, here):
                raise FalseAnswerError(f"{mover} does not prefer {self.written(end)} to {self.written(here)}")
            here, last = end, mover
        if last == claim.player:
            raise FalseAnswerError("a sanction without a move")
        return here

    def end_of_combination(self, claim: Claim, improvement: Taken, sanction: ClaimedSanction) -> Taken:
        """Put improvements made at the same moment, from some member of the state, together."""
        if claim.concept.respond not in _COMBINATIONS:
            raise FalseAnswerError("moves at the same moment are no sanction under this concept")
        movers = [mover for mover, _ in sanction.steps]
        if not movers or not set(movers) <= set(self.may_combine(claim)) or len(set(movers)) < len(movers):
            raise FalseAnswerError("a combination is of moves of others who would move, one of each")
        for mover, end in sanction.steps:
            if not self.better(mover, end, claim.state):
                raise FalseAnswerError(f"{mover} does not prefer {self.written(end)}")
        for member in self.members(claim.state):
            moved = ((claim.player, improvement), *sanction.steps)
            parts = [self.parts_of_move(player, member, end) for player, end in moved]
            for combined in self.combinations(member, [claim.player, *movers], parts):
                if self.feasible(combined) and self.state_of(combined) == sanction.end:
                    return sanction.end
        raise FalseAnswerError(f"no such moves at the same moment lead to {self.written(sanction.end)}")

    def parts_of_move(self, player: str, member: Taken, end: Taken) -> list[Taken]:
        """Return what a player can do with its options so that it would get from a member to a state by itself."""
        own = self.options_of(player)
        if not self.merges:
            return [end & own] if self.can_move(player, member, end) else []
        return [to & own for to in self.member_ends(player, member, end)]

    def combinations(self, member: Taken, players: Sequence[str], parts: Sequence[Sequence[Taken]]) -> Iterator[Taken]:
        """Yield what comes of it when each of some players does one of some things with its options."""
        if prod(map(len, parts)) > MAX_COMBINED:
            raise UncheckedError("there are too many moves at the same moment to try each combination")
        rest = member.difference(*map(self.options_of, players))
        return (rest.union(*chosen) for chosen in product(*parts))

    def may_combine(self, claim: Claim) -> list[str]:
        """Return who else may move at the same moment: under 'SEQ, then SIM' those who, like the player, would move."""
        others = [player for player in self.players if player != claim.player]
        if claim.concept.respond is Respond.COMBINATIONS:
            return others
        if self.is_seq_stable(claim.player, claim.state):
            return []
        return [other for other in others if not self.is_seq_stable(other, claim.state)]

    def is_seq_stable(self, player: str, state: Taken) -> bool:
        """Tell whether a state is stable for a player under SEQ."""
        if (player, state) not in self._staying:
            claim = Claim(state, player, CONCEPTS["seq"], stable=True, improvements={})
            self._staying[player, state] = all(
                self.sanction_by_sequence(claim, improvement) is not None
                for improvement in self.improvements(player, state)
            )
        return self._staying[player, state]

    def check_open(self, claim: Claim, tempting: list[Taken]) -> str:
        """Look for a sanction of an improvement that is said to have none; one such improvement is enough."""
        for improvement in islice(tempting, MAX_WALKS):
            try:
                found = self.sanction_against(claim, improvement)
            except UncheckedError:
                if claim.concept.respond is Respond.IMPROVEMENTS_THEN_COMBINATIONS:
                    raise
                continue
            if found is not None:
                raise FalseAnswerError(
                    f"{self.written(improvement)} is told to be open, but {self.written(found)} deters from it"
                )
            return "walk"
        return "open"

    def sanction_against(self, claim: Claim, improvement: Taken) -> Taken | None:
        """Return what the others can bring about to deter from an improvement; None when there is nothing."""
        respond = claim.concept.respond
        if respond in _SEQUENCES and (found := self.sanction_by_sequence(claim, improvement)) is not None:
            return found
        return self.sanction_by_combination(claim, improvement) if respond in _COMBINATIONS else None

    def deters(self, claim: Claim, state: Taken) -> bool:
        """Tell whether a state that the others bring about deters from a claim's state."""
        if self.better(claim.player, state, claim.state):
            return False
        return not (
            claim.concept.counter_move
            and any(self.better(claim.player, last, claim.state) for last in self.moves(claim.player, state))
        )

    def sanction_by_sequence(self, claim: Claim, improvement: Taken) -> Taken | None:
        """Go everywhere that the others can get to; `UncheckedError` when that is too far."""
        others = [player for player in self.players if player != claim.player]
        seen, came = {improvement}, {(improvement, "")}
        waiting, begun = deque(came), self.tried
        # Whoever moved last cannot move on, but somebody may come from elsewhere: each moves on once.
        moved: set[tuple[Taken, str]] = set()
        while waiting:
            if self.tried - begun > self.most_tried:
                raise UncheckedError("the others can get to too many states to walk through")
            here, last = waiting.popleft()
            for mover in others:
                if mover == last or (here, mover) in moved:
                    continue
                moved.add((here, mover))
                for end in self.responses(claim, mover, here):
                    if end not in seen and self.deters(claim, end):
                        return end
                    seen.add(end)
                    if (end, mover) not in came:
                        came.add((end, mover))
                        waiting.append((end, mover))
        return None

    def responses(self, claim: Claim, mover: str, state: Taken) -> Iterable[Taken]:
        """Return where another can move to in answer."""
        return self.moves(mover, state) if claim.concept.respond is Respond.MOVES else self.improvements(mover, state)

    def sanction_by_combination(self, claim: Claim, improvement: Taken) -> Taken | None:
        """Try every combination of the others' improvements; `UncheckedError` when there are too many."""
        others = self.may_combine(claim)
        for member in self.members(claim.state):
            parts = [self.parts_of_move(claim.player, member, improvement)]
            for other in others:
                own = self.options_of(other)
                ends = [
                    end
                    for end in self.member_moves(other, member)
                    if self.better(other, self.state_of(end), claim.state)
                ]
                parts.append([member & own, *(end & own for end in ends)])
            for combined in self.combinations(member, [claim.player, *others], parts):
                state = self.state_of(combined)
                if state != improvement and self.feasible(combined) and self.deters(claim, state):
                    return state
        return None
