"""Random conflicts for hypothesis."""

from __future__ import annotations

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
def preferences(draw: st.DrawFn, options: list[str], references: list[list[int | str]]) -> object:
    """Preferences in one of the four forms; ``references`` lists for every state the ways to refer to it."""
    form = draw(st.sampled_from(["statements", "statements", "weights", "ranking", "payoffs"]))
    count = len(references)
    if form == "statements" and options:
        return draw(st.lists(conditions(options), max_size=5))
    if form == "weights" and options:
        weights = st.fractions(min_value=-3, max_value=3, max_denominator=3)
        return dt.Weights(
            tuple(Weight(c, w) for c, w in draw(st.lists(st.tuples(conditions(options, 1), weights), max_size=4)))
        )
    order = [draw(st.sampled_from(ways)) for ways in draw(st.permutations(references))]
    if form == "payoffs":
        values = draw(st.lists(st.fractions(-1, 2, max_denominator=3), min_size=count, max_size=count))
        return dt.Payoffs(tuple(zip(order, values, strict=True)))
    cuts = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    groups: list[list[int | str]] = []
    for reference, cut in zip(order, cuts, strict=True):
        if cut or not groups:
            groups.append([])
        groups[-1].append(reference)
    return dt.Ranking(tuple(map(tuple, groups)))


def ways_to_refer(conflict: dt.Conflict) -> list[list[int | str]]:
    """For every state its number, its name, and its pattern where no other state is written alike."""
    states = StateList(conflict)
    patterns = [state.pattern for state in states]
    return [
        [
            state.number,
            *([state.pattern] if patterns.count(state.pattern) == 1 else []),
            *([state.name] if state.name else []),
        ]
        for state in states
    ]


@st.composite
def partitions(draw: st.DrawFn, ids: list[str]) -> list[list[str]]:
    """Some way to put everybody into groups, in any order; groups of one among them."""
    labels = draw(st.lists(st.integers(0, len(ids) - 1), min_size=len(ids), max_size=len(ids)))
    groups: dict[int, list[str]] = {}
    for label, id in zip(labels, draw(st.permutations(ids)), strict=True):
        groups.setdefault(label, []).append(id)
    return list(groups.values())


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
    sizes = draw(st.lists(st.integers(0, 4), min_size=min_makers, max_size=4).filter(lambda s: sum(s) <= max_options))
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
    feasible = list(feasible_members(bare))
    assume(feasible)
    if draw(st.booleans()):
        named = draw(st.lists(st.sampled_from(feasible), max_size=3))
        frame["states"] = {
            f"state {place}": [name for name, value in zip(options, member, strict=True) if value]
            for place, member in enumerate(named)
        }
    references = ways_to_refer(bare.replaced(**{key: frame[key] for key in ("states",) if key in frame}))
    makers = []
    for place, own in enumerate(owned):
        if statements_only:
            wanted: object = draw(st.lists(conditions(options), max_size=5)) if options else []
        else:
            wanted = draw(preferences(options, references))
        makers.append(dt.DecisionMaker(f"d{place}", options=own, preferences=wanted))
    groups: list[list[str]] = []
    if coalitions and len(makers) > 1 and draw(st.integers(0, 2)) == 0:
        groups = draw(partitions([maker.id for maker in makers]))
    return dt.Conflict(decision_makers=makers, coalitions=groups, **frame)


@st.composite
def views(draw: st.DrawFn, conflict: dt.Conflict) -> list[dt.View]:
    """Ways in which some decision makers see a conflict: options of others unseen, other preferences believed."""
    options = [option.id for option in conflict.options]
    references = ways_to_refer(conflict)
    made = []
    for maker in conflict.decision_makers:
        if draw(st.booleans()):
            continue
        others = [name for name in options if conflict.owner[name] != maker.id]
        unseen = draw(st.lists(st.sampled_from(others), unique=True, max_size=2)) if others else []
        believes = {
            other.id: draw(preferences(options, references))
            for other in conflict.decision_makers
            if other.id != maker.id and draw(st.booleans())
        }
        made.append(dt.View(maker.id, unseen, believes))
    return made
