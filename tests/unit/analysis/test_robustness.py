"""Random preference profiles: how they are drawn, counted, told and spread."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations
from math import sqrt

import numpy as np
import pytest

import detente as dt
from detente.analysis.robustness import SamplingNote, robustness
from detente.analysis.robustness.distribution import BLOCK, ProfileDistribution, insertion_orders, shuffled
from detente.analysis.robustness.sampling import CompiledPlan, SamplingPlan, newcombe, quantile, wilson
from detente.engine.batch import break_ties
from detente.errors import InputError, TooLargeError, UnknownNameError


def row_and_column(**changes: object) -> dt.Conflict:
    row = dt.DecisionMaker("row", options=["silent_row"], preferences=["silent_column", "not silent_row"])
    column = dt.DecisionMaker("column", options=["silent_column"], preferences=["silent_row", "not silent_column"])
    return dt.Conflict("Prisoner's dilemma", [row, column], **changes)


def one(statements: list[object], options: tuple[str, ...] = ("a", "b")) -> dt.Conflict:
    return dt.Conflict("one", [dt.DecisionMaker("one", options=options, preferences=statements)])


def distance(order: tuple[int, ...]) -> int:
    """How many pairs stand the wrong way round."""
    return sum(order[i] > order[j] for j in range(len(order)) for i in range(j))


# The model


@pytest.mark.parametrize("phi", [0.15, 0.5, 1.0])
@pytest.mark.parametrize("items", [1, 2, 4])
def test_drawn_orders_follow_the_mallows_model(items: int, phi: float) -> None:
    samples = 60_000
    orders = insertion_orders(np.random.default_rng(7).random((samples, items)), phi)
    found = dict.fromkeys(permutations(range(items)), 0)
    for order in map(tuple, orders.tolist()):
        found[order] += 1
    total = sum(phi ** distance(order) for order in found)
    squares = 0.0
    for order, count in found.items():
        chance = phi ** distance(order) / total
        assert abs(count - samples * chance) <= 4.5 * sqrt(samples * chance * (1 - chance)) + 1e-9, order
        squares += (count - samples * chance) ** 2 / (samples * chance)
    # Chi square, by the cube-root normal approximation (Wilson & Hilferty 1931): all orders together fit as well.
    freedom = len(found) - 1
    if freedom:
        spread = 2 / (9 * freedom)
        assert ((squares / freedom) ** (1 / 3) - (1 - spread)) / sqrt(spread) < 3.5


def test_zero_dispersion_keeps_the_written_order() -> None:
    assert (insertion_orders(np.random.default_rng(1).random((50, 5)), 0.0) == np.arange(5)).all()


def test_chains_are_shuffled_uniformly_and_keep_their_inner_order() -> None:
    orders = shuffled(np.random.default_rng(2).random((30_000, 4)), (2,))
    ways, counts = np.unique(orders, axis=0, return_counts=True)
    assert len(ways) == 6
    for way in ways.tolist():
        assert way.index(0) < way.index(1)
        assert way.index(2) < way.index(3)
    assert (abs(counts - 5000) < 4.5 * sqrt(5000 * 5 / 6)).all()


def test_ties_are_broken_uniformly() -> None:
    ranks = np.tile(np.array([[1], [0], [1], [1]], dtype=np.uint8), (1, 30_000))
    found = break_ties(ranks, np.random.default_rng(3).random((30_000, 4)))
    assert (found[1] == 0).all()
    ways, counts = np.unique(found, axis=1, return_counts=True)
    assert ways.shape[1] == 6
    assert (abs(counts - 5000) < 4.5 * sqrt(5000 * 5 / 6)).all()


def test_preferences_are_kept_by_confidence_and_reversed_if_unknown() -> None:
    statements = [
        dt.PreferenceStatement(dt.parse("a"), confidence=Fraction("0.7")),
        dt.PreferenceStatement(dt.parse("b"), unknown=True),
    ]
    conflict = one(statements)
    compiled = CompiledPlan(
        SamplingPlan.of(conflict, ("nash",), ("as-written",), ProfileDistribution.of(conflict, 0, 0.8, "new"), 9, 0)
    )
    draws = [compiled.draws(block)[0] for block in range(10)]
    kept = np.concatenate([one.kept for one in draws])
    as_written = np.concatenate([one.as_written for one in draws])
    for found, chance in ((kept[:, 0], 0.56), (kept[:, 1], 0.8), (as_written[:, 1], 0.5)):
        assert abs(found.mean() - chance) < 4.5 * sqrt(chance * (1 - chance) / found.size)
    assert as_written[:, 0].all()


def test_reversed_unknown_preference_needs_every_member_of_a_merged_state() -> None:
    unknown = dt.PreferenceStatement(dt.parse("q"), unknown=True)
    a = dt.DecisionMaker("a", options=["p"], preferences=[unknown])
    conflict = dt.Conflict("merged", [a, dt.DecisionMaker("b", options=["q"])], merge=["p"])
    answer = conflict.robustness(["nash"], samples=500, keep=1, dispersion=0)
    assert [(one.state.pattern, one.share) for one in answer.shares("nash")] == [("NN", 1), ("NY", 1), ("Y-", 0)]


def test_profile_lists_the_preferences_drawn() -> None:
    statements = [dt.PreferenceStatement(dt.parse("a"), unknown=True, strength="strong"), "b"]
    answer = one(statements).robustness(["nash"], samples=200, keep=0.6, ties="kept", dispersion=0.5)
    written = {
        tuple(str(one) for one in answer.profile(number).decision_makers[0].preferences.statements)
        for number in range(1, 201)
    }
    forms = ("a (strong)", "not a (strong)")
    assert written == {(), ("b",), *((a,) for a in forms), *((a, "b") for a in forms), *(("b", a) for a in forms)}
    with pytest.raises(UnknownNameError, match="numbered from 1 to 200"):
        answer.profile(201)


# Laws


def test_no_uncertainty_gives_the_plain_answer() -> None:
    for id in ("chicken", "river-sharing", "elmira", "syria-iraq-1975"):
        conflict = dt.example(id)
        answer = conflict.robustness(dispersion=0, keep=1)
        assert (answer.exact, answer.samples) == (True, 1)
        plain = conflict.analyze(["nash", "gmr", "smr", "seq"])
        for concept in ("nash", "gmr", "smr", "seq"):
            for share in answer.shares(concept):
                holds = share.state.number in plain.equilibria(concept)
                assert (share.share, share.interval, share.as_written) == (holds, (holds, holds), holds)
                assert (share.near_threshold, share.flips) == ((), ())
        assert answer.depends_on("seq") == ()


def test_vanishing_uncertainty_gives_shares_0_and_1() -> None:
    answer = dt.example("river-sharing").robustness(dispersion=1e-9, keep=1 - 1e-9, samples=3000)
    assert not answer.exact
    assert {share.share for share in answer.shares("seq")} == {0.0, 1.0}


def test_share_is_the_fraction_of_profiles_with_the_equilibrium() -> None:
    answer = dt.example("river-sharing").robustness(["nash", "seq"], samples=60, dispersion=0.7, keep=0.7)
    counted = np.zeros((2, 6), dtype=int)
    for number in range(1, 61):
        analysis = dt.Conflict.analyze(answer.profile(number), ["nash", "seq"])
        for place, concept in enumerate(("nash", "seq")):
            for state in analysis.equilibria(concept):
                counted[place, state - 1] += 1
    for place, concept in enumerate(("nash", "seq")):
        assert [share.met for share in answer.shares(concept)] == counted[place].tolist()


def test_effect_is_the_difference_of_shares_between_profiles() -> None:
    answer = dt.example("river-sharing").robustness(["seq"], samples=300, dispersion=0.7, keep=0.6, ties="kept")
    profiles = [answer.profile(number) for number in range(1, 301)]
    equilibria = [dt.Conflict.analyze(profile, ["seq"]).equilibria("seq") for profile in profiles]
    effects = answer.depends_on("seq", "stand-off")
    assert effects
    for effect in effects:
        maker, item = effect.change.decision_maker, effect.change.item
        place = [one.id for one in answer.conflict.decision_makers].index(maker)
        own = [str(one.condition) for one in answer.conflict.decision_makers[place].preferences.statements]
        held, altered = [], []
        for profile, found in zip(profiles, equilibria, strict=True):
            stable = 5 in found
            there = [str(one.condition) for one in profile.decision_makers[place].preferences.statements]
            if effect.change.kind == "dropped":
                (held if own[item] in there else altered).append(stable)
            elif own[item] in there and own[item + 1] in there:
                first = there.index(own[item]) < there.index(own[item + 1])
                (held if first else altered).append(stable)
        assert effect.held == pytest.approx(np.mean(held))
        assert effect.altered == pytest.approx(np.mean(altered))
        assert effect.difference == pytest.approx(np.mean(altered) - np.mean(held))
        low, high = newcombe(sum(altered), len(altered), sum(held), len(held))
        assert effect.interval == pytest.approx((float(low), float(high)))


def test_larger_sample_begins_with_the_same_profiles() -> None:
    river = dt.example("river-sharing")
    few, many = (river.robustness(["nash"], samples=samples, dispersion=0.9) for samples in (50, BLOCK + 7))
    for number in (1, 17, 50):
        assert few.profile(number) == many.profile(number)
    assert many.tally.profiles == BLOCK + 7
    assert many.profile(BLOCK + 1).digest != many.profile(1).digest


def test_same_seed_repeats_and_another_seed_differs() -> None:
    river = dt.example("river-sharing")
    first, again, other = (river.robustness(samples=500, seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert first.to_json() == again.to_json()
    assert first != other
    assert hash(first) == hash(again)


def test_one_way_options_can_be_treated_as_reversible() -> None:
    conflict = row_and_column(one_way={"silent_row": True})
    both = conflict.robustness(["nash"], samples=100, one_way="both", dispersion=0, keep=1)
    freed = row_and_column()
    for way, version in (("as-written", conflict), ("open", freed)):
        expected = [int(state) for state in version.analyze(["nash"]).equilibria("nash")]
        assert [one.state.number for one in both.shares("nash", way) if one.share == 1] == expected
    assert both.shares("nash", "open") != both.shares("nash", "as-written")


def test_coalitions_and_seq_then_sim_are_decided_profile_by_profile() -> None:
    pooled = row_and_column(coalitions=[["row", "column"]]).robustness(["nash", "seq"], samples=40)
    assert pooled.notes[0].what == "coalitions"
    assert pooled.share(4, "nash").as_written
    answer = row_and_column().robustness(["sim", "seq_then_sim"], samples=40)
    assert answer.notes == (SamplingNote("concepts", ("seq_then_sim",)),)
    for number in range(1, 41):
        analysis = dt.Conflict.analyze(answer.profile(number), ["sim"])
        assert analysis.count == 4
    met = sum(4 in dt.Conflict.analyze(answer.profile(n), ["sim"]).equilibria("sim") for n in range(1, 41))
    assert answer.share(4, "sim").met == met


def test_more_than_sixty_four_statements_are_compared_exactly() -> None:
    options = [f"o{place}" for place in range(6)]
    statements = [f"not {name}" if place % 3 else name for place, name in enumerate(options * 16)]
    conflict = dt.Conflict(
        "many",
        [
            dt.DecisionMaker("one", options=options[:3], preferences=statements),
            dt.DecisionMaker("two", options=options[3:], preferences=statements[::-1]),
        ],
    )
    answer = conflict.robustness(["nash", "seq"], samples=20, dispersion=0.9, keep=0.3, ties="kept")
    for number in range(1, 21):
        analysis = dt.Conflict.analyze(answer.profile(number), ["seq"])
        compiled = CompiledPlan(answer._plan)
        found, which = compiled.equilibria([own.part(slice(number - 1, number)) for own in compiled.draws(0)])
        expected = [int(state) for state in analysis.equilibria("seq")]
        assert (np.flatnonzero(found["seq", "as-written"][:, which[0]]) + 1).tolist() == expected


# Near a threshold, and what an equilibrium depends on


def test_decisive_preferences_are_found() -> None:
    conflict = dt.Conflict(
        "guard",
        [
            dt.DecisionMaker("guard", "The guard", options=["open"], preferences=["not open", "open iff knock"]),
            dt.DecisionMaker("guest", "The guest", options=["knock"], preferences=["knock"]),
        ],
    )
    answer = conflict.robustness(["nash"], samples=4000, dispersion=0, keep=0.9)
    first = answer.depends_on("nash", "NY")[0]
    assert (first.change.decision_maker, first.change.kind, first.distinct) == ("guard", "dropped", True)
    assert first.altered < 0.2 < 0.7 < first.held


def test_share_near_the_threshold_is_marked() -> None:
    conflict = one(["a"], ("a",))
    answer = conflict.robustness(["nash"], samples=2000, dispersion=0, keep=0.5, ties="new")
    # Kept in half of the profiles, and a coin is thrown in the rest: three quarters.
    taken, left = answer.share("Y", "nash"), answer.share("N", "nash")
    assert abs(taken.share - 0.75) < 0.05
    assert abs(left.share - 0.25) < 0.05
    assert [(one.kind, one.odds) for one in left.flips] == [("dropped", 1.0)]
    assert (taken.near_threshold, left.near_threshold) == ((), ("neighbour",))
    beside = conflict.robustness(["nash"], samples=2000, dispersion=0, keep=0.5, threshold=taken.share + 0.001)
    assert beside.share("Y", "nash").near_threshold == ("interval",)


def test_groups_of_rankings_weights_and_payoffs_are_perturbed() -> None:
    row = dt.DecisionMaker("row", options=["a"], preferences=dt.Ranking.of("YY", ["NN", "YN"], "NY"))
    column = dt.DecisionMaker("column", options=["b"], preferences=dt.Weights.of({"a": 2, "b": 1}))
    answer = dt.Conflict("ranked", [row, column]).robustness(["nash"], samples=300, dispersion=0.6)
    assert {change.kind for change in answer.changes} == {"swapped"}
    assert len(answer.changes) == 2 + 3
    groups = {answer.profile(number).decision_makers[0].preferences.groups for number in range(1, 301)}
    assert len(groups) == 6
    assert {frozenset(map(frozenset, one)) for one in groups} == {frozenset(map(frozenset, [(4,), (1, 2), (3,)]))}


def test_long_rankings_are_perturbed_without_single_swaps() -> None:
    options = [f"o{place}" for place in range(7)]
    conflict = dt.Conflict(
        "long", [dt.DecisionMaker("one", options=options, preferences=dt.Ranking.of(*range(1, 129)))]
    )
    answer = conflict.robustness(["nash"], samples=50)
    assert answer.notes[0].what == "swaps"
    assert answer.changes == ()
    assert answer.share(1, "nash").share < 1


# Numbers


def test_interval_equals_the_wilson_and_newcombe_formulas() -> None:
    assert quantile() == pytest.approx(1.959964, abs=1e-6)
    assert quantile(comparisons=10) > quantile()
    # Newcombe (1998), table II: 56/70 against 48/80.
    low, high = newcombe(56, 70, 48, 80)
    assert (float(low), float(high)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


# Faults


@pytest.mark.parametrize(
    ("choices", "error", "words"),
    [
        ({"samples": 0}, InputError, "samples must be at least 1, not 0"),
        ({"seed": -1}, InputError, "the seed"),
        ({"workers": 0}, InputError, "workers"),
        ({"threshold": 1.0}, InputError, "between 0 and 1"),
        ({"keep": 1.5}, InputError, "keeping a preference must be between 0 and 1, not 1.5"),
        ({"dispersion": 2}, InputError, "dispersion must be between 0"),
        ({"dispersion": {"rwo": 0.1}}, UnknownNameError, "did you mean 'row'"),
        ({"ties": "brokne"}, UnknownNameError, "did you mean 'broken'"),
        ({"one_way": "opne"}, UnknownNameError, "did you mean 'open'"),
        ({"concepts": ["nsah"]}, UnknownNameError, "did you mean 'nash'"),
    ],
)
def test_invalid_choice_is_refused(choices: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        robustness(row_and_column(), **choices)  # type: ignore[arg-type]


def test_concept_that_was_not_asked_is_refused() -> None:
    answer = row_and_column().robustness(["nash"], samples=10)
    with pytest.raises(UnknownNameError, match="nash"):
        answer.shares("seq")
    with pytest.raises(UnknownNameError, match="one-way"):
        answer.shares("nash", "open")
    with pytest.raises(UnknownNameError, match="state"):
        answer.share(9, "nash")


def test_too_many_states_are_refused() -> None:
    options = [f"o{place}" for place in range(17)]
    wide = dt.Conflict("wide", [dt.DecisionMaker("a", options=options[:2]), dt.DecisionMaker("b", options=options[2:])])
    with pytest.raises(TooLargeError, match="131,072 states"):
        wide.robustness(samples=10)
    narrow = dt.Conflict("narrow", [dt.DecisionMaker("a", options=options[:13])])
    with pytest.raises(TooLargeError, match="8,192 states can tie"):
        narrow.robustness(samples=10, ties="broken")


# Shown


def test_robustness_result_has_rows_json_and_text() -> None:
    answer = dt.example("river-sharing").robustness(samples=500, one_way="both")
    data = json.loads(answer.to_json())
    assert data["format"] == "detente-robust/1"
    assert [(one["one_way"], one["concept"]) for one in data["results"]] == [
        (way, concept) for way in ("as-written", "open") for concept in ("nash", "gmr", "smr", "seq")
    ]
    first = data["results"][0]["states"][0]
    assert (first["number"], first["state"]) == (1, "NNN")
    assert first["interval"][0] <= first["share"] <= first["interval"][1]
    assert len(answer.table()) == len(answer.rows()) == 2 * 4 * 6
    assert "stand-off" in answer._repr_html_()
