"""A conflict is checked when it is put together, and every fault is said at once."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.model.conditions import Condition, Not, Taken
from detente.model.conflict import Conflict
from detente.model.parts import RULE_KINDS
from detente.model.statements import Source
from detente.present.graph import picture
from tests.strategies import conditions

IDA = dt.DecisionMaker("i", "Ida", options={"a": "Act", "b": "Block"}, preferences=["a", "not b"])
JO = dt.DecisionMaker("j", options=["c"])
FIRST = dt.PreferenceStatement(Taken("a"))


def faults(**parts: object) -> list[dt.Fault]:
    with pytest.raises(dt.InputError) as raised:
        Conflict(**{"title": "faulty", "decision_makers": [IDA, JO], **parts})
    return list(raised.value.faults)


def test_attitudes_are_checked() -> None:
    with pytest.raises(dt.UnknownNameError, match="did you mean 'negative'"):
        dt.DecisionMaker("up", attitudes={"down": "negativ"})
    with pytest.raises(dt.InputError, match="unknown decision maker 'dwon' — did you mean 'down'"):
        dt.Conflict("T", [dt.DecisionMaker("up", attitudes={"dwon": "negative"}), dt.DecisionMaker("down")])


def test_what_a_conflict_knows_of_itself() -> None:
    conflict = Conflict("A dispute", [IDA, JO], one_way={"c": True}, status_quo=["a"])
    assert [option.id for option in conflict.options] == ["a", "b", "c"]
    assert [option.label for option in conflict.options] == ["Act", "Block", "c"]
    assert conflict.owner == {"a": "i", "b": "i", "c": "j"}
    assert conflict.players == (("i",), ("j",))
    assert conflict.replaced(coalitions=[["j", "i"]]).players == (("j", "i"),)
    assert conflict.direction == {"c": True}
    assert conflict.pattern(["c", "a"]) == "YNY"
    assert conflict.decision_maker("i").label == "Ida"
    assert conflict.decision_maker("j").label == "j"
    assert conflict.option("b").name == "Block"
    for unknown in (conflict.decision_maker, conflict.option):
        with pytest.raises(KeyError):
            unknown("nobody")


def test_a_name_of_nothing_but_spaces_is_none() -> None:
    conflict = dt.Conflict("T", [dt.DecisionMaker("i", name=" ", options=[dt.Option("a", " \t")])])
    assert (conflict.decision_maker("i").label, conflict.option("a").label) == ("i", "a")
    assert "moves of i" in picture(conflict.graph()).caption


def test_breaks_names_the_first_rule_broken() -> None:
    first, second = dt.never("a and c"), dt.always("b")
    conflict = Conflict("rules", [IDA, JO], rules=[first, second])
    assert conflict.breaks(["a", "c"]) is first
    assert conflict.breaks(["a"]) is second
    assert conflict.breaks(["b"]) is None


def test_a_copy_with_changes_is_checked_and_keeps_its_kind() -> None:
    conflict = dt.Conflict("one", [IDA, JO], rules=["a"])
    other = conflict.replaced(title="two")
    assert isinstance(other, dt.Conflict)
    assert (other.title, other.rules) == ("two", conflict.rules)
    assert other != conflict
    assert other.replaced(title="one") == conflict
    with pytest.raises(dt.InputError):
        conflict.replaced(decision_makers=[JO])


def test_a_conflict_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Conflict("one", [IDA]).title = "two"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("parts", "says", "at"),
    [
        ({"decision_makers": []}, "at least one decision maker", ("decision_makers",)),
        (
            {"decision_makers": [IDA, JO, dt.DecisionMaker("j")]},
            "decision maker 'j' is there twice",
            ("decision_makers", "j"),
        ),
        (
            {"decision_makers": [IDA, dt.DecisionMaker("j", options=["a"])]},
            "option 'a' is there twice",
            ("decision_makers", "j", "options", "a"),
        ),
        (
            {"decision_makers": [dt.DecisionMaker("i", options=["then"])]},
            "'then' cannot name an option",
            ("decision_makers", "i", "options", "then"),
        ),
        (
            {"decision_makers": [dt.DecisionMaker("i", options=["a b"])]},
            "'a b' cannot name an option",
            ("decision_makers", "i", "options", "a b"),
        ),
        ({"rules": ["a", "x or a"]}, "unknown option 'x'", ("rules", 1)),
        ({"one_way": {"x": True}}, "unknown option 'x'", ("one_way", "x")),
        ({"one_way": [dt.OneWay("a", True), dt.OneWay("a", False)]}, "'a' is there twice", ("one_way", "a")),
        ({"merge": ["a", "not x"]}, "unknown option 'x'", ("merge", 1)),
        ({"status_quo": ["x"]}, "unknown option 'x'", ("status_quo",)),
        ({"states": {"peace": ["x"]}}, "unknown option 'x'", ("states", "peace")),
        (
            {"states": [dt.NamedState("peace", frozenset()), dt.NamedState("peace", frozenset("a"))]},
            "state name 'peace' is there twice",
            ("states", "peace"),
        ),
        (
            {"decision_makers": [dt.DecisionMaker("i", options=["a"], preferences=["a", "x"])]},
            "unknown option 'x'",
            ("decision_makers", "i", "preferences", 1),
        ),
        (
            {"decision_makers": [dt.DecisionMaker("i", options=["a"], preferences=dt.Weights.of({"x": 1}))]},
            "unknown option 'x'",
            ("decision_makers", "i", "weights", 0),
        ),
        ({"coalitions": [["i"]]}, "coalitions must name every decision maker: j missing", ("coalitions",)),
        ({"coalitions": [["i", "j"], ["j"]]}, "decision maker 'j' is there twice", ("coalitions", 1)),
        ({"coalitions": [["i", "j"], []]}, "an empty coalition", ("coalitions",)),
        ({"coalitions": [["i", "j", "k"]]}, "unknown decision maker 'k'", ("coalitions", 0)),
    ],
)
def test_each_fault_is_found_and_located(parts: dict, says: str, at: tuple) -> None:
    (fault,) = faults(**parts)
    assert says in fault.message
    assert fault.at == at


def test_the_nearest_valid_name_is_offered() -> None:
    makers = [dt.DecisionMaker("upstream", options=["sanction"])]
    (fault,) = faults(decision_makers=makers, rules=["not sanctoin"])
    assert (fault.suggestion, fault.word) == ("sanction", "sanctoin")
    assert "did you mean 'sanction'?" in str(fault)
    (fault,) = [one for one in faults(decision_makers=makers, coalitions=[["upstraem"]]) if one.word]
    assert fault.suggestion == "upstream"


def test_all_faults_are_said_in_one_go() -> None:
    found = faults(rules=["x"], merge=["y"], status_quo=["z"], coalitions=[["i"]])
    assert len(found) == 4
    with pytest.raises(dt.InputError) as raised:
        Conflict("faulty", [IDA, JO], rules=["x"], merge=["y"])
    assert str(raised.value).count("\n") == 1


def test_an_unknown_option_is_said_once_a_condition() -> None:
    assert len(faults(rules=["x and (x or not x)"])) == 1


def test_a_kind_of_rule_that_there_is_not() -> None:
    with pytest.raises(dt.InputError, match="did you mean 'at_most_one'"):
        dt.Rule("at_most_on", ["a"])


@given(parts=st.lists(conditions(["a", "b", "c"], depth=1), min_size=1, max_size=4), kind=st.sampled_from(RULE_KINDS))
def test_rules_mean_how_many_may_hold(parts: list[Condition], kind: str) -> None:
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
def test_rules_as_they_are_written(rule: dt.Rule, text: str) -> None:
    assert str(rule) == text


def test_a_bare_condition_among_the_rules_must_always_hold() -> None:
    assert Conflict("rules", [IDA], rules=["if a then b"]).rules == (dt.always("if a then b"),)


def test_marking_preference_statements() -> None:
    conflict = dt.Conflict("marks", [IDA, JO])
    marked = conflict.marked("i", "not b", confidence=0.7, unknown=True)
    assert isinstance(marked, dt.Conflict)
    assert [str(one) for one in marked.decision_makers[0].preferences.statements] == [
        "a",
        "not b (unknown, confidence 0.7)",
    ]
    assert marked.marked("i", "not b", confidence=1, unknown=False) == conflict
    with pytest.raises(dt.UnknownNameError, match="did you mean 'not b'"):
        conflict.marked("i", "not c", unknown=True)
    with pytest.raises(dt.UnknownNameError, match="decision maker"):
        conflict.marked("x", "a", unknown=True)


class TestDigest:
    """The digest changes with what decides the answers."""

    conflict = Conflict("digest", [IDA, JO], rules=["a or b"], states={"peace": ["a"]}, status_quo=["a"])

    @pytest.mark.parametrize(
        "changes",
        [
            {"rules": ["a"]},
            {"one_way": {"a": True}},
            {"one_way": {"a": False}},
            {"merge": ["a"]},
            {"coalitions": [["i", "j"]]},
            {"coalitions": [["j"], ["i"]]},
            {"decision_makers": [JO, IDA]},
            {"decision_makers": [IDA, dt.DecisionMaker("j", options=["c"], preferences=["c"])]},
            {"decision_makers": [IDA, dt.DecisionMaker("j", options=["c"], preferences=dt.Weights.of({"c": 0.1}))]},
            *(
                {"decision_makers": [replace(IDA, preferences=[replace(FIRST, **mark)]), JO]}
                for mark in ({"confidence": 0.5}, {"strength": "strong"}, {"unknown": True})
            ),
            {"decision_makers": [IDA, replace(JO, facing_unknown="d")]},
            {"decision_makers": [IDA, replace(JO, thresholds=dt.Thresholds(alpha=0.1))]},
        ],
    )
    def test_with_what_decides(self, changes: dict) -> None:
        digests = {self.conflict.digest, self.conflict.replaced(**changes).digest}
        assert len(digests) == 2
        assert self.conflict.replaced(**changes).digest in digests

    @pytest.mark.parametrize(
        "changes",
        [{"title": "other"}, {"summary": "long"}, {"notes": "n"}, {"sources": [Source("s")]}, {"as_of": "2024-05-01"}],
    )
    def test_not_with_what_is_said_about_it(self, changes: dict) -> None:
        assert self.conflict.replaced(**changes).digest == self.conflict.digest

    def test_with_what_a_ranking_refers_to_by_name(self) -> None:
        ranked = dt.DecisionMaker("i", options=["a"], preferences=dt.Ranking.of("best", "worst"))
        one = dt.Conflict("named", [ranked], states={"best": ["a"], "worst": []})
        other = dt.Conflict("named", [ranked], states={"best": [], "worst": ["a"]})
        assert one.analyze(["nash"]).equilibria("nash") != other.analyze(["nash"]).equilibria("nash")
        assert one.digest != other.digest
