"""Decision makers and rules by themselves."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.model.conditions import Condition, Not, Taken
from detente.model.conflict import Conflict
from detente.model.parts import RULE_KINDS
from tests.strategies import conditions

IDA = dt.DecisionMaker("i", "Ida", options={"a": "Act", "b": "Block"}, preferences=["a", "not b"])


def test_invalid_attitudes_are_refused() -> None:
    with pytest.raises(dt.UnknownNameError, match="did you mean 'negative'"):
        dt.DecisionMaker("up", attitudes={"down": "negativ"})
    with pytest.raises(dt.InputError, match="unknown decision maker 'dwon' — did you mean 'down'"):
        dt.Conflict("T", [dt.DecisionMaker("up", attitudes={"dwon": "negative"}), dt.DecisionMaker("down")])


def test_unknown_kind_of_rule_is_refused() -> None:
    with pytest.raises(dt.InputError, match="did you mean 'at_most_one'"):
        dt.Rule("at_most_on", ["a"])


@given(parts=st.lists(conditions(["a", "b", "c"], depth=1), min_size=1, max_size=4), kind=st.sampled_from(RULE_KINDS))
def test_rule_kinds_limit_how_many_conditions_hold(parts: list[Condition], kind: str) -> None:
    rule = dt.Rule(kind, parts)
    for values in product([False, True], repeat=3):
        taken = {name for name, value in zip("abc", values, strict=True) if value}
        true = sum(part.holds(taken) for part in parts)
        allowed = {
            "never": true == 0,
            "always": true == len(parts),
            "at_most_one": true <= 1,
            "at_least_one": true >= 1,
            "exactly_one": true == 1,
        }[kind]
        assert all(condition.holds(taken) for condition in rule.must_hold()) == allowed


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (dt.never("a and not b"), "never: a and not b"),
        (dt.always("a or b"), "always: a or b"),
        (dt.always("if a then b"), "if a then b"),
        (dt.at_most_one("a", "b and c"), "at_most_one: [a, b and c]"),
        (dt.exactly_one("a", Not(Taken("b"))), "exactly_one: [a, not b]"),
    ],
)
def test_rules_are_written_in_their_short_form(rule: dt.Rule, text: str) -> None:
    assert str(rule) == text


def test_bare_condition_as_a_rule_must_always_hold() -> None:
    assert Conflict("rules", [IDA], rules=["if a then b"]).rules == (dt.always("if a then b"),)
