"""How preferences are given, and that numbers are kept as they are written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

import detente as dt
from detente.model.conditions import Not, Taken
from detente.model.preferences import NO_PREFERENCES, PreferenceStatement, as_preferences, exact


@pytest.mark.parametrize(
    ("given", "number"),
    [
        (0.1, Fraction(1, 10)),
        (3, Fraction(3)),
        ("1/3", Fraction(1, 3)),
        ("-2.5", Fraction(-5, 2)),
        (1e-3, Fraction(1, 1000)),
        (Fraction(2, 7), Fraction(2, 7)),
        (Decimal("0.3"), Fraction(3, 10)),
    ],
)
def test_number_is_kept_as_written(given: object, number: Fraction) -> None:
    assert exact(given) == number


@pytest.mark.parametrize("given", [float("nan"), float("inf"), "much", ""])
def test_invalid_number_is_refused(given: object) -> None:
    with pytest.raises(ValueError):
        exact(given)


def test_list_of_conditions_is_read_as_prioritised_preferences() -> None:
    made = as_preferences(["a", Not(Taken("b")), PreferenceStatement(Taken("c"))])
    assert [str(statement) for statement in made.statements] == ["a", "not b", "c"]
    assert as_preferences(made) is made
    assert as_preferences([]) == NO_PREFERENCES
    assert [str(condition) for condition in made.conditions()] == ["a", "not b", "c"]


def test_ranking_accepts_states_and_groups() -> None:
    assert dt.Ranking.of("YN", [3, "peace"], 1).groups == (("YN",), (3, "peace"), (1,))


def test_ranking_accepts_great_gaps_and_chains() -> None:
    made = dt.Ranking.of_chains([3, ">>", [1, "YN"], 5], [2, "much  better than", 4])
    assert made.groups == ((3,), (1, "YN"), (5,), (2,), (4,))
    assert (made.great, made.unknown) == ((1, 4), (3,))
    assert list(made.chains()) == [((0,), (1, 2)), ((3,), (4,))]
    kept = made.referring(lambda one: None if one in (3, 2) else str(one))
    assert kept == dt.Ranking.of_chains([["1", "YN"], "5"], ["4"])
    assert dt.Ranking.of(1, 2) != dt.Ranking.of(1, ">>", 2)


@pytest.mark.parametrize("items", [[">>", 1], [1, ">>"], [1, ">>", ">>", 2]])
def test_great_gap_must_be_between_states(items: list[object]) -> None:
    with pytest.raises(dt.InputError, match="between"):
        dt.Ranking.of(*items)


def test_preference_accepts_confidence_and_strength() -> None:
    statement = PreferenceStatement(Taken("a"), confidence=0.7, strength="strong", unknown=True)
    assert statement.confidence == Fraction(7, 10)
    assert str(statement) == "a (unknown, strong, confidence 0.7)"
    assert str(PreferenceStatement(Taken("a"), confidence="1/3")) == "a (confidence 1/3)"
    for wrong in (0, 1.01, -1):
        with pytest.raises(dt.InputError, match="at most 1"):
            PreferenceStatement(Taken("a"), confidence=wrong)
    with pytest.raises(dt.UnknownNameError, match="strong"):
        PreferenceStatement(Taken("a"), strength="stong")


def test_thresholds_are_between_0_and_1() -> None:
    assert dt.Thresholds(0.3).satisficing == Fraction(3, 10)
    for wrong in ({"satisficing": 0}, {"alpha": -1}, {"gamma": 2}):
        with pytest.raises(dt.InputError, match=next(iter(wrong))):
            dt.Thresholds(**wrong)
    with pytest.raises(dt.UnknownNameError, match="unknown"):
        dt.DecisionMaker("i", facing_unknown="e")


def test_plain_concepts_read_uncertain_preferences_as_written() -> None:
    unsure = [PreferenceStatement(Taken("a"), unknown=True), PreferenceStatement(Not(Taken("b")), confidence=0.1)]
    assert ranked(dt.Prioritising(tuple(unsure))) == ranked(["a", "not b"])
    assert ranked(dt.Ranking.of_chains([2, ">>", 4], [1, 3])) == ranked(dt.Ranking.of(2, 4, 1, 3))


def test_weights_and_payoffs_accept_mappings() -> None:
    weights = dt.Weights.of({"a and b": 0.5, "not c": "-1/3"})
    assert [(str(item.condition), item.weight) for item in weights.weights] == [
        ("a and b", Fraction(1, 2)),
        ("not c", Fraction(-1, 3)),
    ]
    assert [list(condition.options()) for condition in weights.conditions()] == [["a", "b"], ["c"]]
    assert dt.Payoffs.of({1: 2, "YN": 0.2}).payoffs == ((1, Fraction(2)), ("YN", Fraction(1, 5)))


def ranked(preferences: object, **parts: object) -> list[int]:
    """The rank of each of the four states of two options, 1 the best."""
    conflict = dt.Conflict("ranks", [dt.DecisionMaker("i", options=["a", "b"], preferences=preferences)], **parts)
    return conflict.analyze(["nash"]).solver.ranks(0)


def test_four_forms_of_preferences_rank_states() -> None:
    assert ranked([]) == [1, 1, 1, 1]
    assert ranked(["a", "b"]) == [4, 2, 3, 1]
    assert ranked(["a iff b", "b"]) == [2, 4, 3, 1]
    assert ranked(dt.Weights.of({"a": 0.1, "b": 0.2, "a and b": -0.3})) == [3, 2, 1, 3]
    assert ranked(dt.Ranking.of("NY", ["YN", "YY"], 1)) == [3, 2, 1, 2]
    assert ranked(dt.Payoffs.of({1: 5, "YN": -1, "both": 5, "NY": 6}), states={"both": ["a", "b"]}) == [2, 3, 1, 2]


def test_preference_holds_at_a_merged_state_if_it_holds_at_every_member() -> None:
    assert ranked(["not a"], merge=["b"]) == [1, 2, 2]
    assert ranked(["a"], merge=["b"]) == [2, 1, 2]
    assert ranked(["b"], merge=["b"]) == [2, 2, 1]
    assert ranked(dt.Weights.of({"not a": 1, "a": 2}), merge=["b"]) == [2, 1, 3]


@pytest.mark.parametrize(
    ("preferences", "says"),
    [
        (dt.Ranking.of("NN", "YN", "NY"), "1 of 4 states are not ranked: 4 YY"),
        (dt.Ranking.of("NN", "YN", "NY", "YY", 1), "state 1 NN is ranked twice"),
        (dt.Payoffs.of({1: 1}), "3 of 4 states are not ranked"),
    ],
)
def test_ranking_must_name_every_state_once(preferences: object, says: str) -> None:
    with pytest.raises(dt.InputError, match=says):
        ranked(preferences)


def test_ranking_must_name_existing_states() -> None:
    with pytest.raises(dt.UnknownNameError, match="infeasible"):
        ranked(dt.Ranking.of("NN", "YN", "NY", "YY"), rules=[dt.never("a and b")])
