"""A conflict is checked when it is put together, and every fault is said at once."""

from __future__ import annotations

import pytest

import detente as dt
from detente.model.conflict import Conflict

IDA = dt.DecisionMaker("i", "Ida", options={"a": "Act", "b": "Block"}, preferences=["a", "not b"])
JO = dt.DecisionMaker("j", options=["c"])


def faults(**parts: object) -> list[dt.Fault]:
    with pytest.raises(dt.InputError) as raised:
        Conflict(**{"title": "faulty", "decision_makers": [IDA, JO], **parts})
    return list(raised.value.faults)


@pytest.mark.parametrize(
    ("parts", "says", "at"),
    [
        ({"decision_makers": []}, "at least one decision maker", ("decision_makers",)),
        (
            {"decision_makers": [IDA, JO, dt.DecisionMaker("j")]},
            "decision maker 'j' appears twice",
            ("decision_makers", "j"),
        ),
        (
            {"decision_makers": [IDA, dt.DecisionMaker("j", options=["a"])]},
            "option 'a' appears twice",
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
        ({"one_way": [dt.OneWay("a", True), dt.OneWay("a", False)]}, "'a' appears twice", ("one_way", "a")),
        ({"merge": ["a", "not x"]}, "unknown option 'x'", ("merge", 1)),
        ({"status_quo": ["x"]}, "unknown option 'x'", ("status_quo",)),
        ({"states": {"peace": ["x"]}}, "unknown option 'x'", ("states", "peace")),
        (
            {"states": [dt.NamedState("peace", frozenset()), dt.NamedState("peace", frozenset("a"))]},
            "state name 'peace' appears twice",
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
        ({"coalitions": [["i"]]}, "'coalitions' must name every decision maker; missing: j", ("coalitions",)),
        ({"coalitions": [["i", "j"], ["j"]]}, "decision maker 'j' appears twice", ("coalitions", 1)),
        ({"coalitions": [["i", "j"], []]}, "a coalition has no members", ("coalitions",)),
        ({"coalitions": [["i", "j", "k"]]}, "unknown decision maker 'k'", ("coalitions", 0)),
        (
            {"decision_makers": [dt.DecisionMaker("i", attitudes={"k": "negative"})]},
            "unknown decision maker 'k'",
            ("decision_makers", "i", "attitudes", "k"),
        ),
        ({"views": [dt.View("k")]}, "unknown decision maker 'k'", ("views", "k")),
        ({"views": [dt.View("i"), dt.View("i")]}, "the view of 'i' appears twice", ("views", "i")),
        ({"views": [dt.View("i", ["a"])]}, "a party sees its own options", ("views", "i", "does_not_see")),
        (
            {"views": [dt.View("i", believes={"i": ["a"]})]},
            "knows its own preferences",
            ("views", "i", "believes", "i"),
        ),
        ({"as_of": "May"}, "'May' is not a date", ("as_of",)),
        ({"undated": "late"}, "unknown reading of dates 'late'", ("undated",)),
        (
            {"rules": [dt.Rule("always", "a", dt.Support(since="2023", until="2022"))]},
            "'since' (2023) is after 'until' (2022)",
            ("rules", 0, "since"),
        ),
    ],
)
def test_fault_is_found_and_located(parts: dict, says: str, at: tuple) -> None:
    (fault,) = faults(**parts)
    assert says in fault.message
    assert fault.at == at


def test_unknown_name_is_refused_with_a_suggestion() -> None:
    makers = [dt.DecisionMaker("upstream", options=["sanction"])]
    (fault,) = faults(decision_makers=makers, rules=["not sanctoin"])
    assert (fault.suggestion, fault.word) == ("sanction", "sanctoin")
    assert "did you mean 'sanction'?" in str(fault)
    (fault,) = [one for one in faults(decision_makers=makers, coalitions=[["upstraem"]]) if one.word]
    assert fault.suggestion == "upstream"


def test_all_faults_are_reported_together() -> None:
    found = faults(rules=["x"], merge=["y"], status_quo=["z"], coalitions=[["i"]])
    assert len(found) == 4
    with pytest.raises(dt.InputError) as raised:
        Conflict("faulty", [IDA, JO], rules=["x"], merge=["y"])
    assert str(raised.value).count("\n") == 1


def test_unknown_option_is_reported_once_per_condition() -> None:
    assert len(faults(rules=["x and (x or not x)"])) == 1
