"""The smallest changes of preferences by going through all of them, from the definitions in the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import chain, combinations, permutations, product, repeat
from typing import Any

from detente.model.conditions import Condition, Not, Taken
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker
from detente.model.preferences import Prioritising
from tests.reference.brute_force import BruteForce


class TooManyError(Exception):
    """More changes than a test has time for."""


#: Edits, importance, what the preferences become (in a form to compare), and a value for every state.
Way = tuple[int, int, Any, dict]


class InverseReference(BruteForce):
    """All changes of everybody's preferences, one by one."""

    def smallest(
        self, state: int, concept: str, costs: Mapping[str, Fraction], most: int = 20_000
    ) -> tuple[Fraction, int, set[tuple]] | None:
        """The least cost, the least importance at that cost, and the changes that have both; None for none at all."""
        here = self.states[state - 1]
        ways = [list(self.ways(maker, maker.id in costs)) for maker in self.conflict.decision_makers]
        prices = [costs.get(maker.id, Fraction(0)) for maker in self.conflict.decision_makers]
        priced: dict[Fraction, list[tuple[Way, ...]]] = {}
        levels = [sorted({way[0] for way in own}) for own in ways]
        for counts in product(*levels):
            total = sum((price * count for price, count in zip(prices, counts, strict=True)), Fraction(0))
            priced.setdefault(total, []).append(counts)
        tried, known = 0, {}
        for total in sorted(priced):
            found: list[tuple[int, tuple]] = []
            for counts in priced[total]:
                choices = [[way for way in own if way[0] == count] for own, count in zip(ways, counts, strict=True)]
                for chosen in product(*choices):
                    tried += 1
                    if tried > most:
                        raise TooManyError
                    order = tuple(self._order(way[3]) for way in chosen)
                    if order not in known:
                        self.value = {
                            maker.id: way[3] for maker, way in zip(self.conflict.decision_makers, chosen, strict=True)
                        }
                        self._all_improving.clear()
                        known[order] = all(self.is_stable(concept, player, here) for player in range(len(self.players)))
                    if known[order]:
                        found.append((sum(way[1] for way in chosen), tuple(way[2] for way in chosen)))
            if found:
                least = min(importance for importance, _ in found)
                return total, least, {change for importance, change in found if importance == least}
        return None

    def _order(self, values: dict) -> tuple[int, ...]:
        ladder = sorted(set(values.values()))
        return tuple(ladder.index(values[state]) for state in self.states)

    def ways(self, maker: DecisionMaker, free: bool) -> Iterator[Way]:
        """Everything that the preferences of one decision maker can become."""
        if isinstance(maker.preferences, Prioritising):
            said = [statement.condition for statement in maker.preferences.statements]
            lists = all_lists(self.conflict, said) if free else [((*said,), 0, 0)]

            @cache
            def met(one: Condition) -> tuple[bool, ...]:
                """In which states a condition holds."""
                return tuple(all(one.holds(member) for member in state) for state in self.states)

            for conditions, edits, importance in lists:
                rows = zip(*map(met, conditions), strict=True) if conditions else repeat(())
                yield edits, importance, tuple(map(str, conditions)), dict(zip(self.states, rows, strict=False))
            return
        now = self._order(self.value[maker.id])
        for ranks in all_rankings(now) if free else [now]:
            swaps = sum(
                (now[one] - now[other]) * (ranks[one] - ranks[other]) < 0
                or (now[one] == now[other] and ranks[one] != ranks[other])
                for one, other in combinations(range(len(now)), 2)
            )
            yield swaps, 0, tuple(ranks), dict(zip(self.states, ranks, strict=True))


def all_rankings(now: tuple[int, ...]) -> set[tuple[int, ...]]:
    """All orders in which no two states are tied that were not."""
    count = len(now)
    found = set()
    for ranks in product(range(count), repeat=count):
        new_tie = any(
            ranks[one] == ranks[other] and now[one] != now[other] for one, other in combinations(range(count), 2)
        )
        if sorted(set(ranks)) == list(range(len(set(ranks)))) and not new_tie:
            found.add(ranks)
    return found


def contrary(condition: Condition) -> Condition:
    return condition.part if isinstance(condition, Not) else Not(condition)


def all_lists(conflict: Conflict, said: list[Condition]) -> Iterator[tuple[tuple[Condition, ...], int, int]]:
    """All lists of statements that edits can make, each with its least number of edits and importance."""
    spoken_of = {
        str(one.part if isinstance(one, Not) else one)
        for one in said
        if isinstance(one, Taken) or (isinstance(one, Not) and isinstance(one.part, Taken))
    }
    free = [option.id for option in conflict.options if option.id not in spoken_of]
    # An entry is a place in the list or an option, and whether it is as it stands there (or taken).
    entries: list[int | str] = [*range(len(said)), *free]
    for size in range(len(entries) + 1):
        for order in permutations(entries, size):
            for forms in product([True, False], repeat=size):
                conditions = tuple(
                    (said[entry] if form else contrary(said[entry]))
                    if isinstance(entry, int)
                    else (Taken(entry) if form else Not(Taken(entry)))
                    for entry, form in zip(order, forms, strict=True)
                )
                edits, importance = least(len(said), order, forms)
                yield conditions, edits, importance


@cache
def least(length: int, order: tuple[int | str, ...], forms: tuple[bool, ...]) -> tuple[int, int]:
    """The least edits and importance over all choices of which statements are the ones that have not moved."""
    kept = [entry for entry in order if isinstance(entry, int)]
    choices = chain.from_iterable(combinations(kept, size) for size in range(len(kept) + 1))
    return min(script(length, order, forms, unmoved) for unmoved in choices if list(unmoved) == sorted(unmoved))


def script(length: int, order: tuple, forms: tuple[bool, ...], unmoved: tuple[int, ...]) -> tuple[int, int]:
    weights = []

    def below(place: float, but: object) -> int:
        """How many statements of the list as it was stand below a place, other than this one."""
        return sum(other > place for other in range(length) if other != but)

    for entry in range(length):
        if entry not in order:
            weights.append(1 + below(entry, entry))
    for position, (entry, form) in enumerate(zip(order, forms, strict=True)):
        following = [other for other in order[position + 1 :] if other in unmoved]
        gap = following[0] - 0.5 if following else length
        if isinstance(entry, str):
            weights.append(1 + below(gap, None))
            continue
        if not form:
            weights.append(1 + below(entry, entry))
        if entry not in unmoved:
            weights.append(1 + max(below(entry, entry), below(gap, entry)))
    return len(weights), sum(weights)
