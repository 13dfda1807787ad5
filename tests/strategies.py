"""Random conflicts for hypothesis.

What draws is made once for the same options and kept: what is made anew at each draw is also looked through anew, which
was more than half of the time that drawing took.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import count as counting
from typing import TypeVar

from hypothesis import assume
from hypothesis import strategies as st

import detente as dt
from benchmarks.disputes import dispute
from benchmarks.structured import structured
from detente.model.conditions import And, Condition, If, Iff, Not, Or, Taken
from detente.model.parts import ATTITUDES
from detente.model.preferences import Weight
from detente.model.states import StateList, feasible_members

T = TypeVar("T")

RULES = ("never", "always", "at_most_one", "at_least_one", "exactly_one")
#: The forms of preferences, and how a state stands to the one before it in a ranking.
FORMS = st.sampled_from(["statements", "statements", "weights", "ranking", "payoffs"])
STEPS = st.sampled_from(["tie", "better", "great", "unknown"])
EITHER = st.booleans()
THIRDS, QUARTERS = st.integers(0, 2), st.integers(0, 3)
EXTENSIONS = st.sampled_from("abcd")
PAYOFFS = st.fractions(-1, 2, max_denominator=3)


def conditions(options: Sequence[str], depth: int = 2) -> st.SearchStrategy[Condition]:
    """Conditions over some options, with every connective."""
    return _conditions(tuple(options), depth)


@cache
def _conditions(options: tuple[str, ...], depth: int) -> st.SearchStrategy[Condition]:
    leaf = st.sampled_from(options).map(Taken)
    if depth == 0:
        return leaf
    part = _conditions(options, depth - 1)
    several = st.lists(part, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        leaf, leaf.map(Not), part.map(Not), several.map(And), several.map(Or), st.builds(If, part, part),
        st.builds(Iff, part, part),
    )  # fmt: skip


@cache
def _several_conditions(options: tuple[str, ...], depth: int, most: int) -> st.SearchStrategy[list[Condition]]:
    return st.lists(_conditions(options, depth), max_size=most)


@cache
def _weighted(options: tuple[str, ...]) -> st.SearchStrategy[list[tuple[Condition, Fraction]]]:
    weights = st.fractions(min_value=-3, max_value=3, max_denominator=3)
    return st.lists(st.tuples(_conditions(options, 1), weights), max_size=4)


@cache
def _marked(options: tuple[str, ...]) -> st.SearchStrategy[list[dt.PreferenceStatement]]:
    """Uncertain preference statements."""
    one = st.builds(
        lambda condition, confidence, strength, unknown: dt.PreferenceStatement(
            condition, confidence=confidence, strength=strength, unknown=unknown
        ),
        _conditions(options, 1), st.sampled_from(CONFIDENCES), st.sampled_from(["mild", "strong"]), st.booleans(),
    )  # fmt: skip
    return st.lists(one, max_size=5)


@cache
def _rules(options: tuple[str, ...]) -> st.SearchStrategy[list[dt.Rule]]:
    return st.lists(rules(options), max_size=2)


@cache
def _one_way(options: tuple[str, ...]) -> st.SearchStrategy[dict[str, bool]]:
    return st.dictionaries(st.sampled_from(options), st.booleans(), max_size=3)


@cache
def _sizes(min_makers: int, max_makers: int, min_options: int, max_options: int) -> st.SearchStrategy[list[int]]:
    """How many options each decision maker has."""
    size = st.lists(st.integers(0, 4), min_size=min_makers, max_size=max_makers)
    return size.filter(lambda s: min_options <= sum(s) <= max_options)


@cache
def _order(count: int) -> st.SearchStrategy[list[int]]:
    return st.permutations(range(count))


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


@cache
def _several(of: st.SearchStrategy[T], count: int) -> st.SearchStrategy[list[T]]:
    return st.lists(of, min_size=count, max_size=count)


@cache
def _few(count: int) -> st.SearchStrategy[list[int]]:
    return st.lists(_below(count), max_size=3)


def _referred(draw: st.DrawFn, references: Sequence[Sequence[int | str]]) -> list[int | str]:
    """The states in some order, each in one of the ways to refer to it."""
    ways = [references[place] for place in draw(_order(len(references)))]
    return [some[draw(_below(len(some)))] if len(some) > 1 else some[0] for some in ways]


@cache
def _attitudes(makers: int) -> st.SearchStrategy[dict[str, str]]:
    towards = st.sampled_from([f"d{other}" for other in range(makers)])
    return st.dictionaries(towards, st.sampled_from(ATTITUDES))


def rules(options: Sequence[str]) -> st.SearchStrategy[dt.Rule]:
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
def preferences(draw: st.DrawFn, options: Sequence[str], references: list[list[int | str]]) -> object:
    """Preferences in one of the four forms; ``references`` lists for every state the ways to refer to it."""
    form = draw(FORMS)
    count = len(references)
    if form == "statements" and options:
        return draw(_several_conditions(tuple(options), 2, 5))
    if form == "weights" and options:
        return dt.Weights(tuple(Weight(c, w) for c, w in draw(_weighted(tuple(options)))))
    order = _referred(draw, references)
    if form == "payoffs":
        return dt.Payoffs(tuple(zip(order, draw(_several(PAYOFFS, count)), strict=True)))
    cuts = draw(_several(EITHER, count))
    groups: list[list[int | str]] = []
    for reference, cut in zip(order, cuts, strict=True):
        if cut or not groups:
            groups.append([])
        groups[-1].append(reference)
    return dt.Ranking(tuple(map(tuple, groups)))


CONFIDENCES = [Fraction(1), Fraction(1), Fraction(1, 3), Fraction(1, 2), Fraction(7, 10), Fraction(9, 10)]


@st.composite
def unsure_preferences(draw: st.DrawFn, options: Sequence[str], references: list[list[int | str]]) -> object:
    """Uncertain preferences: marked statements, or a ranking with great gaps and chains."""
    if options and draw(QUARTERS):
        return dt.Prioritising(tuple(draw(_marked(tuple(options)))))
    order = _referred(draw, references)
    groups: list[list[int | str]] = []
    places: dict[str, list[int]] = {"tie": [], "better": [], "great": [], "unknown": []}
    for reference in order:
        how = draw(STEPS) if groups else "better"
        if how != "tie":
            places[how].append(len(groups))
            groups.append([])
        groups[-1].append(reference)
    return dt.Ranking(tuple(map(tuple, groups)), great=tuple(places["great"]), unknown=tuple(places["unknown"]))


@cache
def thresholds() -> st.SearchStrategy[dt.Thresholds]:
    """Thresholds, the corners among them."""
    inner = st.sampled_from([Fraction(1, 100), Fraction(3, 10), Fraction(1, 2), Fraction(7, 10), Fraction(1)])
    return st.builds(dt.Thresholds, inner, *[st.one_of(st.just(Fraction(0)), inner)] * 3)


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
    labels = draw(_several(_below(len(ids)), len(ids)))
    groups: dict[int, list[str]] = {}
    for label, place in zip(labels, draw(_order(len(ids))), strict=True):
        groups.setdefault(label, []).append(ids[place])
    return list(groups.values())


@st.composite
def conflicts(
    draw: st.DrawFn,
    max_options: int = 6,
    merges: bool = True,
    coalitions: bool = True,
    statements_only: bool = False,
    min_makers: int = 1,
    max_makers: int = 4,
    strict: bool = False,
    unsure: bool = False,
    attitudes: bool = False,
    min_options: int = 0,
) -> dt.Conflict:
    """Conflicts with up to four decision makers, with rules, one-way options, merges, ties and coalitions.

    With ``strict`` no decision maker is indifferent between two states; with ``unsure``, some preferences are marked
    as uncertain; with ``attitudes``, decision makers have some towards each other and themselves.
    """
    sizes = draw(_sizes(min_makers, max_makers, min_options, max_options))
    # Numbered through, so that what draws from so many options serves all disputes that have so many.
    number = counting()
    owned = [[f"o{next(number)}" for _ in range(size)] for size in sizes]
    options = tuple(name for own in owned for name in own)
    frame = {
        "title": "random",
        "rules": draw(_rules(options)) if options else [],
        "one_way": draw(_one_way(options)) if options else {},
        "merge": draw(_several_conditions(options, 1, 2)) if options and merges and draw(EITHER) else [],
    }
    bare = dt.Conflict(decision_makers=[dt.DecisionMaker(f"d{i}", options=own) for i, own in enumerate(owned)], **frame)
    feasible = list(feasible_members(bare))
    assume(feasible)
    if draw(EITHER):
        named = [feasible[place] for place in draw(_few(len(feasible)))]
        frame["states"] = {
            f"state {place}": [name for name, value in zip(options, member, strict=True) if value]
            for place, member in enumerate(named)
        }
    references = ways_to_refer(bare.replaced(**{key: frame[key] for key in ("states",) if key in frame}))
    makers = []
    for place, own in enumerate(owned):
        if strict:
            wanted: object = dt.Ranking.of(*(references[place][0] for place in draw(_order(len(references)))))
        elif statements_only:
            wanted = draw(_several_conditions(options, 2, 5)) if options else []
        else:
            wanted = draw(preferences(options, references))
        settings = {}
        if unsure:
            wanted = draw(unsure_preferences(options, references)) if draw(QUARTERS) else wanted
            settings = {"facing_unknown": draw(EXTENSIONS), "thresholds": draw(thresholds())}
        if attitudes:
            settings["attitudes"] = draw(_attitudes(len(owned)))
        makers.append(dt.DecisionMaker(f"d{place}", options=own, preferences=wanted, **settings))
    groups: list[list[str]] = []
    if coalitions and len(makers) > 1 and draw(THIRDS) == 0:
        groups = draw(partitions([maker.id for maker in makers]))
    return dt.Conflict(decision_makers=makers, coalitions=groups, **frame)


@st.composite
def views(draw: st.DrawFn, conflict: dt.Conflict) -> list[dt.View]:
    """Ways in which some decision makers see a conflict: options of others unseen, other preferences believed."""
    options = [option.id for option in conflict.options]
    references = ways_to_refer(conflict)
    made = []
    for maker in conflict.decision_makers:
        if draw(EITHER):
            continue
        others = [name for name in options if conflict.owner[name] != maker.id]
        unseen = draw(st.lists(st.sampled_from(others), unique=True, max_size=2)) if others else []
        believes = {
            other.id: draw(preferences(options, references))
            for other in conflict.decision_makers
            if other.id != maker.id and draw(EITHER)
        }
        made.append(dt.View(maker.id, unseen, believes))
    return made


#: What a coalition can do is worked out state by state: that takes long where there are many.
MOST_OPTIONS_TOGETHER = 8


@st.composite
def disputes(draw: st.DrawFn, most: int = 14, least: int = 5) -> dt.Conflict:
    """Larger conflicts, with rules, one-way options, merges, ties and, where they are small, standing coalitions."""
    makers = draw(st.integers(2, 4))
    options, seed = draw(st.integers(max(makers, least), most)), draw(st.integers(0, 10**6))
    conflict = draw(st.sampled_from([dispute, structured]))(options, makers, seed)
    names = [option.id for option in conflict.options]
    three = st.permutations(names).map(lambda some: some[:3])
    rules = [dt.never(f"{a} and {b} and not {c}") for a, b, c in draw(st.lists(three, max_size=3))]
    merges = [f"{a} and ({b} or {c})" for a, b, c in draw(st.lists(three, max_size=3))]
    marks = draw(st.dictionaries(st.sampled_from(names), st.booleans(), max_size=4))
    decision_makers = []
    for maker in conflict.decision_makers:
        if draw(THIRDS) == 0:
            weights = {str(statement): draw(st.integers(-2, 3)) for statement in maker.preferences.statements}
            maker = dt.DecisionMaker(maker.id, options=maker.options, preferences=dt.Weights.of(weights))
        decision_makers.append(maker)
    groups: list[list[str]] = []
    if options <= MOST_OPTIONS_TOGETHER and draw(EITHER):
        groups = draw(partitions([maker.id for maker in conflict.decision_makers]))
    rules = [*conflict.rules, *rules]
    one_way = {mark.option: mark.to_taken for mark in conflict.one_way} | marks
    return conflict.replaced(
        decision_makers=decision_makers, rules=rules, merge=merges, one_way=one_way, coalitions=groups
    )
