"""What must be true of the concepts that know how sure and how strong preferences are (theory: the files of each)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.concepts import CONCEPTS
from detente.model.conditions import Not
from detente.model.preferences import Prioritising, Ranking
from tests.examples import examples
from tests.strategies import CONFIDENCES, conflicts, thresholds

relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=examples(50))

KINDS = ("nash", "gmr", "smr", "seq")
EXTENSIONS = "abcd"
UNSURE = [c.id for c in CONCEPTS.values() if c.family in ("unknown", "strength", "fuzzy", "probabilistic")]
unsure = conflicts(max_options=5, unsure=True)
shares = st.one_of(st.fractions(0, 1, max_denominator=10), st.sampled_from(CONFIDENCES))


def contained(conflict: dt.Conflict, *pairs: tuple[str, str]) -> None:
    """For every pair, what is stable under the first is stable under the second, for everybody."""
    analysis = conflict.analyze(dict.fromkeys(concept for pair in pairs for concept in pair))
    for stronger, weaker in pairs:
        for player in analysis.players:
            less = set(analysis.stable(stronger, player)) - set(analysis.stable(weaker, player))
            assert not less, f"{stronger} without {weaker} for {player}: {less}"


def facing(conflict: dt.Conflict, **settings: object) -> dt.Conflict:
    """The conflict with the same attitude to the unknown, or thresholds, for everybody."""
    return conflict.replaced(decision_makers=[replace(maker, **settings) for maker in conflict.decision_makers])


@relaxed
@given(conflict=unsure)
def test_extensions_a_to_d_are_nested(conflict: dt.Conflict) -> None:
    nested = [(f"{kind}_{one}", f"{kind}_{two}") for kind in KINDS for one, two in ("ab", "ac", "bd", "cd")]
    contained(conflict, *nested, ("nash_c", "nash_a"), ("nash_d", "nash_b"))


@relaxed
@given(conflict=unsure)
def test_implications_within_each_family(conflict: dt.Conflict) -> None:
    names = [*(f"{{}}_{letter}" for letter in (*EXTENSIONS, "u")), "fuzzy_{}", "probabilistic_{}"]
    for name in names:
        pairs = [("nash", "smr"), ("nash", "seq"), ("smr", "gmr"), ("seq", "gmr")]
        contained(conflict, *((name.format(one), name.format(two)) for one, two in pairs))


@relaxed
@given(conflict=unsure)
def test_strong_stability_implies_general_stability(conflict: dt.Conflict) -> None:
    general = [(f"strong_{kind}", kind) for kind in KINDS[1:]]
    within = [("strong_smr", "strong_gmr"), ("strong_seq", "strong_gmr")]
    contained(conflict, *general, *within, *(("nash", f"strong_{kind}") for kind in KINDS[1:]))


@relaxed
@given(conflict=conflicts(max_options=5), limits=thresholds())
def test_certain_preferences_give_the_plain_concepts(conflict: dt.Conflict, limits: dt.Thresholds) -> None:
    assume(limits.alpha and limits.beta and limits.gamma)
    for letter in EXTENSIONS:
        analysis = facing(conflict, thresholds=limits, facing_unknown=letter).analyze((*KINDS, *UNSURE))
        for kind in KINDS:
            for player in analysis.players:
                plain = analysis.stable(kind, player)
                for name in (f"{kind}_{letter}", f"{kind}_u", f"fuzzy_{kind}", f"probabilistic_{kind}"):
                    assert analysis.stable(name, player) == plain, name
                if kind != "nash":
                    # Where nothing is much worse, nothing deters.
                    assert analysis.stable(f"strong_{kind}", player) == analysis.stable("nash", player)


@relaxed
@given(conflict=conflicts(max_options=5, unsure=True, merges=False))
def test_only_great_differences_make_strong_equal_general_stability(conflict: dt.Conflict) -> None:
    """And there are no ties, which deter under the plain concepts and not under the strong ones.

    Where states are merged the others may lead back to the very state that was left, which is as good as itself.
    """
    count = conflict.analyze(["nash"]).count
    ranked = Ranking(tuple((number,) for number in range(1, count + 1)), great=tuple(range(1, count)))
    great = facing(conflict, preferences=ranked).replaced(coalitions=[])
    contained(great, *((kind, f"strong_{kind}") for kind in KINDS[1:]))


@settings(relaxed, max_examples=examples(100))
@given(conflict=conflicts(max_options=5, unsure=True, merges=False, coalitions=False), data=st.data())
def test_extensions_a_and_d_bound_every_completion(conflict: dt.Conflict, data: st.DataObject) -> None:
    """Extension a holds in every completion, and what holds in some completion holds in extension d."""
    makers = []
    for maker in conflict.decision_makers:
        preferences = maker.preferences
        if isinstance(preferences, Prioritising):
            turned = [
                replace(one, condition=Not(one.condition)) if one.unknown and data.draw(st.booleans()) else one
                for one in preferences.statements
            ]
            makers.append(replace(maker, preferences=turned))
        else:
            makers.append(maker)
    true = conflict.replaced(decision_makers=makers).analyze(KINDS)
    known = conflict.analyze(UNSURE)
    for kind in KINDS:
        for player in known.players:
            truth = set(true.stable(kind, player))
            assert truth <= set(known.stable(f"{kind}_d", player))
            if kind != "seq":
                assert set(known.stable(f"{kind}_a", player)) <= truth


@relaxed
@given(conflict=conflicts(max_options=5, unsure=True, coalitions=False))
def test_facing_unknown_uses_each_partys_own_extension(conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(UNSURE)
    for maker in conflict.decision_makers:
        for kind in KINDS:
            own = analysis.stable(f"{kind}_u", maker.id)
            assert own == analysis.stable(f"{kind}_{maker.facing_unknown}", maker.id)


@relaxed
@given(conflict=unsure, one=shares, two=shares, others=thresholds())
def test_stable_sets_shrink_in_alpha_and_beta_and_grow_in_gamma(
    conflict: dt.Conflict, one: Fraction, two: Fraction, others: dt.Thresholds
) -> None:
    less, more = sorted((one, two))
    for name, grows in (("alpha", False), ("beta", False), ("gamma", True)):
        low, high = (
            facing(conflict, thresholds=replace(others, **{name: value})).analyze(UNSURE) for value in (less, more)
        )
        smaller, larger = (low, high) if grows else (high, low)
        for kind in KINDS:
            for player in low.players:
                concept = f"probabilistic_{kind}"
                assert set(smaller.stable(concept, player)) <= set(larger.stable(concept, player)), name


@relaxed
@given(conflict=unsure, one=shares, two=shares)
def test_higher_fuzzy_threshold_keeps_nash_stable_states_stable(
    conflict: dt.Conflict, one: Fraction, two: Fraction
) -> None:
    assume(one and two)
    less, more = sorted((one, two))
    low, high = (
        facing(conflict, thresholds=dt.Thresholds(satisficing=value)).analyze(["fuzzy_nash", "fuzzy_gmr", "fuzzy_smr"])
        for value in (less, more)
    )
    for concept in low.concepts:
        # What tempts less is also less in need of a sanction, and more deters.
        for player in low.players:
            assert set(low.stable(concept.id, player)) <= set(high.stable(concept.id, player))


@relaxed
@given(conflict=unsure)
def test_party_without_moves_is_stable(conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(UNSURE)
    movers = {(arc.player, arc.start) for arc in analysis.solver.arcs()}
    for place, player in enumerate(analysis.players):
        for state in analysis.states():
            if (place, state.number) not in movers:
                assert all(state in analysis.stable(concept, player) for concept in UNSURE)


@relaxed
@given(conflict=conflicts(max_options=5, unsure=True, coalitions=False), data=st.data())
def test_coalition_of_one_equals_the_party(conflict: dt.Conflict, data: st.DataObject) -> None:
    ids = data.draw(st.permutations([maker.id for maker in conflict.decision_makers]))
    grouped = conflict.replaced(coalitions=[[id] for id in ids])
    assert conflict.analyze(UNSURE).to_dict()["stability"] == grouped.analyze(UNSURE).to_dict()["stability"]


@relaxed
@given(conflict=conflicts(max_options=5, unsure=True, min_makers=2), data=st.data())
def test_order_of_decision_makers_changes_no_answer(conflict: dt.Conflict, data: st.DataObject) -> None:
    """Looked at by patterns, which go by options: their order changes with the decision makers'."""
    ranked = [maker for maker in conflict.decision_makers if not isinstance(maker.preferences, Prioritising)]
    assume(not ranked and not conflict.merge)
    makers = data.draw(st.permutations(conflict.decision_makers))
    other = conflict.replaced(decision_makers=makers, coalitions=[])
    one, two = conflict.replaced(coalitions=[]).analyze(UNSURE), other.analyze(UNSURE)
    for concept in UNSURE:
        for player in one.players:
            taken = [{frozenset(state.taken) for state in each.stable(concept, player)} for each in (one, two)]
            assert taken[0] == taken[1]


def test_two_perhaps_better_moves_in_a_row_are_not_allowed() -> None:
    """No party moves twice in a row, and that matters here: unknown preference need not be transitive."""
    left = dt.DecisionMaker("i", options=["a"], preferences=["not x", "a"])
    unknown = dt.PreferenceStatement(dt.parse("y"), unknown=True)
    right = dt.DecisionMaker("j", options=["x", "y"], preferences=[unknown, "not x"])
    conflict = dt.Conflict("two steps", [left, right], rules=[dt.never("x and y")])
    perhaps = conflict.explain("YNN", "j", "nash_a").verdict.improvements
    assert [one.to.pattern for one in perhaps] == ["YNY"]
    # By way of 'y' the other could come to 'x' in two steps, and 'x' would deter.
    assert "NNN" not in {state.pattern for state in conflict.analyze(["seq_b"]).stable("seq_b", "i")}
