"""Random conflicts for hypothesis."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume
from hypothesis import strategies as st

import detente as dt
from detente.conflict.conditions import And, Condition, If, Iff, Not, Or, Taken
from detente.conflict.preferences import Weight
from detente.conflict.states import StateList, feasible_members

RULES = ("never", "always", "at_most_one", "at_least_one", "exactly_one")


def conditions(options: list[str], depth: int = 2) -> st.SearchStrategy[Condition]:
    """Conditions over some options, with every connective."""
    leaf = st.sampled_from(options).map(Taken)
    if depth == 0:
        return leaf
    part = conditions(options, depth - 1)
    several = st.lists(part, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        leaf, leaf.map(Not), part.map(Not), several.map(And), several.map(Or), st.builds(If, part, part),
        st.builds(Iff, part, part),
    )  # fmt: skip


def rules(options: list[str]) -> st.SearchStrategy[dt.Rule]:
    """Rules of every kind that leave something feasible most of the time."""
    one = conditions(options, 1)
    strict = st.builds(
        dt.Rule, st.just("never"), st.lists(one, min_size=2, max_size=2).map(lambda two: And(tuple(two)))
    )
    kind = st.sampled_from(RULES)
    several = st.lists(one, min_size=2, max_size=3)
    loose = st.builds(lambda kind, some: dt.Rule(kind, some[:1] if kind in RULES[:2] else some), kind, several)
    return st.one_of(strict, strict, loose)


@st.composite
def preferences(draw: st.DrawFn, options: list[str], count: int) -> object:
    """Preferences in one of the four forms; the last two refer to states by number."""
    form = draw(st.sampled_from(["statements", "statements", "weights", "ranking", "payoffs"]))
    if form == "statements" and options:
        return draw(st.lists(conditions(options), max_size=5))
    if form == "weights" and options:
        weights = st.fractions(min_value=-3, max_value=3, max_denominator=3)
        return dt.Weights(
            tuple(Weight(c, w) for c, w in draw(st.lists(st.tuples(conditions(options, 1), weights), max_size=4)))
        )
    if form == "payoffs":
        values = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
        return dt.Payoffs(tuple((number, Fraction(value)) for number, value in enumerate(values, start=1)))
    order = draw(st.permutations(range(1, count + 1)))
    cuts = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    groups: list[list[int]] = []
    for number, cut in zip(order, cuts, strict=True):
        if cut or not groups:
            groups.append([])
        groups[-1].append(number)
    return dt.Ranking(tuple(map(tuple, groups)))


@st.composite
def conflicts(
    draw: st.DrawFn,
    max_options: int = 6,
    merges: bool = True,
    coalitions: bool = True,
    statements_only: bool = False,
    min_makers: int = 1,
) -> dt.Conflict:
    """Conflicts with up to four decision makers, with rules, one-way options, merges, ties and coalitions."""
    sizes = draw(st.lists(st.integers(0, 3), min_size=min_makers, max_size=4).filter(lambda s: sum(s) <= max_options))
    owned = [[f"o{maker}{place}" for place in range(size)] for maker, size in enumerate(sizes)]
    options = [name for own in owned for name in own]
    some = st.lists(rules(options), max_size=2) if options else st.just([])
    merged = st.lists(conditions(options, 1), max_size=2) if options and merges else st.just([])
    frame = {
        "title": "random",
        "rules": draw(some),
        "one_way": draw(st.dictionaries(st.sampled_from(options), st.booleans(), max_size=3)) if options else {},
        "merge": draw(st.one_of(st.just([]), merged)),
    }
    bare = dt.Conflict(decision_makers=[dt.DecisionMaker(f"d{i}", options=own) for i, own in enumerate(owned)], **frame)
    assume(next(feasible_members(bare), None) is not None)
    count = len(StateList(bare))
    makers = []
    for place, own in enumerate(owned):
        if statements_only:
            wanted: object = draw(st.lists(conditions(options), max_size=5)) if options else []
        else:
            wanted = draw(preferences(options, count))
        makers.append(dt.DecisionMaker(f"d{place}", options=own, preferences=wanted))
    groups: list[list[str]] = []
    if coalitions and len(makers) > 2 and draw(st.integers(0, 3)) == 0:
        cut = draw(st.integers(1, len(makers) - 1))
        ids = draw(st.permutations([maker.id for maker in makers]))
        groups = [list(ids[:cut]), list(ids[cut:])]
    return dt.Conflict(decision_makers=makers, coalitions=groups, **frame)
