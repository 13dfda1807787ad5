"""Everything that one engine says of a random dispute, held against what the other says and against the definitions.

The suite does this for a few disputes. As a program it does it for as many as are asked for, the same for a seed:

    python -m tests.engines.comparing --small 3000 --middle 1000 --seed 1

*Small* disputes have 3 to 7 options and are held against the slow reference too; *middle* ones have 8 to 14.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import compress

from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

import detente as dt
from detente.analysis.perception import seen_by
from detente.engine.interface import Best, Nearest
from detente.engine.verdicts import Verdict
from detente.model.preferences import Payoffs, Prioritising, Ranking, Weights
from detente.model.states import feasible_members
from detente.verification.claims import UncheckedError
from detente.verification.definitions import Checker
from detente.verification.verify import claim_of
from tests.engines.test_agreement import check_sanction, expanded
from tests.reference.brute_force import PLAIN, BruteForce
from tests.strategies import conflicts, disputes, views

#: Of one dispute in so many, of those with so few combinations of options, what both engines say is verified as well.
VERIFIED, MOST_VERIFIED = 20, 128
#: So many states of a dispute are explained, for everybody and under every concept.
EXPLAINED = 2
#: So many disputes are drawn before drawing begins anew, with the next seed.
AT_A_TIME, MORE = 500, 10
#: SEQ, then SIM takes the explicit engine long where there are many states: it is asked for with up to so many options.
MOST_OPTIONS_IN_TURN = 10
#: A walk through the others' answers is given up after so many moves tried.
MOST_TRIED = 5_000


@st.composite
def small(draw: st.DrawFn) -> dt.Conflict:
    """Disputes of 3 to 7 options with everything that there may be, some as one of the decision makers sees them."""
    any_ = conflicts(min_options=3, max_options=7, unsure=draw(st.booleans()))
    merged = any_.filter(lambda one: bool(one.merge))
    conflict = draw(st.one_of(any_, merged, merged.filter(lambda one: bool(one.coalitions))))
    seen = draw(views(conflict)) if draw(st.integers(0, 4)) == 0 else []
    try:
        return seen_by(conflict, seen[0]) if seen else conflict
    except dt.InputError:  # no state is left to see
        return conflict


def middle(most: int = 14) -> st.SearchStrategy[dt.Conflict]:
    """Disputes of 8 to 14 options, or to fewer, most of them of up to 10."""
    few = disputes(least=8, most=min(most, 10))
    return st.one_of(few, few, few, few, few, disputes(least=8, most=most))


@dataclass
class Tally:
    """How much has been compared."""

    of: Counter[str] = field(default_factory=Counter)

    def add(self, conflict: dt.Conflict) -> None:
        """Count a dispute, and what there is in it."""
        wants = [maker.preferences for maker in conflict.decision_makers]
        weights = [weight.weight for one in wants if isinstance(one, Weights) for weight in one.weights]
        together = any(len(members) > 1 for members in conflict.players)
        there_is = {
            "disputes": True,
            "with rules": bool(conflict.rules),
            "with options that can only be taken": any(mark.to_taken for mark in conflict.one_way),
            "with options that can only be given up": any(not mark.to_taken for mark in conflict.one_way),
            "with merges": bool(conflict.merge),
            "with several merges": len(conflict.merge) > 1,
            "with coalitions": together,
            "with merges and coalitions": together and bool(conflict.merge),
            "with prioritised statements": any(isinstance(one, Prioritising) for one in wants),
            "with weights": bool(weights),
            "with negative weights": any(weight < 0 for weight in weights),
            "with rankings": any(isinstance(one, Ranking) for one in wants),
            "with payoffs": any(isinstance(one, Payoffs) for one in wants),
        }
        self.of.update(what for what, so in there_is.items() if so)


class Compared:
    """One dispute, answered by both engines, and by the reference where it is small."""

    def __init__(self, conflict: dt.Conflict, tally: Tally, by_reference: bool) -> None:
        self.conflict = conflict
        self.tally = tally
        self.chance = random.Random(conflict.digest)
        in_turn = len(conflict.options) <= MOST_OPTIONS_IN_TURN
        self.concepts = {id: concept for id, concept in PLAIN.items() if in_turn or id != "seq_then_sim"}
        self.explicit, self.symbolic = (conflict.analyze(self.concepts, engine) for engine in ("explicit", "symbolic"))
        self.both = (self.explicit, self.symbolic)
        self.checker = Checker(conflict, MOST_TRIED)
        self.members = self._members()
        self.reference = BruteForce(conflict) if by_reference else None

    def _members(self) -> list[list[str]]:
        """The members of every state by number, the largest last."""
        names, groups = [option.id for option in self.conflict.options], {}
        for member in feasible_members(self.conflict):
            taken = frozenset(compress(names, member))
            groups.setdefault(self.checker.state_of(taken), []).append(self.conflict.pattern(taken))
        written = [sorted(own, key=lambda one: one[::-1]) for own in groups.values()]
        return sorted(written, key=lambda own: own[-1][::-1])

    def everything(self) -> None:
        """Compare everything."""
        self.tally.add(self.conflict)
        self.tally.of["states"] += self.explicit.count
        self.states()
        self.stability()
        for concept in self.concepts:
            self.sets(concept)
        self.moves()
        for number in self._some(EXPLAINED):
            self.reasons(number)
        if self.chance.randrange(VERIFIED) == 0 and sum(map(len, self.members)) <= MOST_VERIFIED:
            self.verified()

    def _some(self, most: int) -> list[int]:
        return self.chance.sample(range(1, self.explicit.count + 1), min(most, self.explicit.count))

    def states(self) -> None:
        """The same states, numbered and written alike, and found again by how they are written."""
        written = [
            [(int(one), one.pattern, one.taken, one.name) for one in analysis.states()] for analysis in self.both
        ]
        assert written[0] == written[1]
        assert [pattern for _, pattern, _, _ in written[0]] == [pattern_of(own) for own in self.members]
        if self.reference is not None:
            assert [set(map(self.conflict.pattern, state)) for state in self.reference.states] == [
                set(own) for own in self.members
            ]
        ties = False
        for place in range(len(self.conflict.decision_makers)):
            ranks = [analysis.solver.ranks(place) for analysis in self.both]
            assert ranks[0] == ranks[1]
            ties = ties or len(set(ranks[0])) < len(ranks[0])
        self.tally.of["with ties"] += ties
        for number in self._some(10):
            member = self.chance.choice(self.members[number - 1])
            assert [int(analysis.solver.number_of(member)) for analysis in self.both] == [number, number]

    def stability(self) -> None:
        """The same states stable for everybody under every concept, and so the same equilibria."""
        assert self.explicit.numbers == self.symbolic.numbers
        assert self.explicit.numbers is not None
        stable: dict[str, dict[str, list[int]]] = {id: {} for id in self.concepts}
        for concept, player, numbers in self.explicit.numbers:
            stable[concept][player] = list(numbers)
        if self.reference is not None:
            assert stable == self.reference.stability(self.concepts)
        for concept, by_player in stable.items():
            holding = sorted(set.intersection(*map(set, by_player.values())))
            for analysis in self.both:
                assert list(analysis.equilibrium_set(concept).numbers()) == holding
            self.tally.of["verdicts"] += self.explicit.count * len(by_player)
            self.tally.of["equilibria"] += len(holding)

    def sets(self, concept: str) -> None:
        """Equilibria are counted, found, covered by patterns, searched for the nearest and the best alike."""
        found = self.explicit.equilibria(concept)
        numbers = set(map(int, found))
        start = self.explicit.solver.state(*self._some(1))
        place = self.chance.randrange(len(self.conflict.decision_makers))
        maker = self.conflict.decision_makers[place].id
        ranks = self.explicit.solver.ranks(place)
        asked = self._some(10)
        for analysis in self.both:
            states = analysis.equilibrium_set(concept)
            assert states.count == len(numbers)
            assert {number for number in asked if number in states} == numbers & set(asked)
            assert self._described(states.patterns(10**6) or ()) == self._written(numbers)
            assert analysis.nearest(concept, start.number, 10**6) == nearest(found, start)
            assert analysis.best(concept, maker, 10**6) == best(found, ranks)

    def _described(self, patterns: Iterable[str]) -> list[str]:
        return sorted(member for pattern in patterns for member in expanded(pattern))

    def _written(self, numbers: Iterable[int]) -> list[str]:
        return sorted(member for number in numbers for member in self.members[number - 1])

    def moves(self) -> None:
        """The same moves and improvements, from some states."""
        for number in self._some(EXPLAINED):
            for player in range(len(self.conflict.players)):
                arcs = [
                    sorted((one.end, one.improvement) for one in analysis.solver.arcs_from(number, player))
                    for analysis in self.both
                ]
                assert arcs[0] == arcs[1]

    def reasons(self, number: int) -> None:
        """Both engines tell the same improvements from a state, which of them are deterred, and true sanctions."""
        for id, concept in self.concepts.items():
            for place, player in enumerate(self.explicit.players):
                told = [analysis.solver.why(number, place, concept) for analysis in self.both]
                assert outline(told[0]) == outline(told[1])
                assert told[0].stable == (number in self.explicit.stability[id][player])
                self.tally.of["stable" if told[0].stable else "unstable"] += 2
                self.tally.of["sanctions"] += sum(bool(one.sanction) for of in told for one in of.improvements)
                for analysis, verdict in zip(self.both, told, strict=True):
                    self.reason(analysis, verdict)

    def reason(self, analysis: dt.Analysis, verdict: Verdict) -> None:
        """Every sanction is legal and deters; where none is given, nothing deters."""
        if self.reference is not None:
            for one in verdict.improvements:
                check_sanction(self.reference, verdict.concept, verdict.player, int(verdict.state), one)
        try:
            how = self.checker.check(claim_of(analysis.solver, self.checker, verdict))
        except UncheckedError:
            how = "open"
        self.tally.of[f"explanations checked by {how}" if how != "open" else "explanations too long to check"] += 1

    def verified(self) -> None:
        """What either engine says stands up to being checked, all of it."""
        for analysis in self.both:
            verified = dt.verify(analysis)
            assert verified.complete, str(verified)
            self.tally.of["verdicts verified"] += verified.claims
        self.tally.of["disputes verified"] += 1


def pattern_of(members: Iterable[str]) -> str:
    """How a state is written: with a dash where its members differ."""
    return "".join(letters[0] if len(set(letters)) == 1 else "-" for letters in zip(*members, strict=True))


def outline(verdict: Verdict) -> tuple[bool | None, list[tuple[int, bool]]]:
    """What two engines have to say alike: sanctions may be others."""
    return verdict.stable, [(int(one.to), one.sanction is not None) for one in verdict.improvements]


def nearest(found: Iterable[dt.State], start: dt.State) -> Nearest | None:
    """The states that differ from one in the fewest options."""
    far = {state: sum(x != y for x, y in zip(state.pattern, start.pattern, strict=True)) for state in found}
    least = [state for state in far if far[state] == min(far.values())]
    return Nearest(far[least[0]], len(least), tuple(least)) if least else None


def best(found: Iterable[dt.State], ranks: list[int]) -> Best:
    """The states of the lowest rank."""
    rank = {state: ranks[state - 1] for state in found}
    least = [state for state in rank if rank[state] == min(rank.values())]
    return Best(len(least), tuple(least))


def compare(conflict: dt.Conflict, tally: Tally, by_reference: bool) -> None:
    """Compare everything that the engines say of a dispute."""
    Compared(conflict, tally, by_reference).everything()


def run(strategy: st.SearchStrategy[dt.Conflict], many: int, seed: int, by_reference: bool) -> Tally:
    """Compare so many different disputes; one that is drawn again is not compared again."""
    tally, met = Tally(), set()

    def once(conflict: dt.Conflict) -> None:
        if conflict.digest not in met and len(met) < many:
            compare(conflict, tally, by_reference)
            met.add(conflict.digest)

    quiet = settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    while len(met) < many:
        # The first that is drawn is always the same, so a few more are drawn than are missing.
        drawn = settings(quiet, max_examples=min(many - len(met) + MORE, AT_A_TIME))
        seeded(seed)(drawn(given(strategy)(once)))()
        seed += 1
    return tally


def main() -> None:
    """Compare as many disputes as are asked for, and print what there was in them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=1000, help="how many disputes of 3 to 7 options")
    parser.add_argument("--middle", type=int, default=300, help="how many disputes of 8 to 14 options")
    parser.add_argument("--most", type=int, default=14, help="how many options middle ones have at most")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for kind, strategy, many in (("small", small(), asked.small), ("middle", middle(asked.most), asked.middle)):
        begun = time.process_time()
        tally = run(strategy, many, asked.seed, by_reference=kind == "small") if many else Tally()
        print(f"{kind}, seed {asked.seed}: {time.process_time() - begun:,.0f} seconds of processor time")
        for what, count in sorted(tally.of.items(), key=lambda item: -item[1]):
            print(f"  {count:>12,} {what}")


if __name__ == "__main__":
    main()
