"""What a conflict knows of itself, copies with changes, marks, and its digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

import detente as dt
from detente.model.conditions import Taken
from detente.model.conflict import Conflict
from detente.model.statements import Source
from detente.present.graph import picture

IDA = dt.DecisionMaker("i", "Ida", options={"a": "Act", "b": "Block"}, preferences=["a", "not b"])
JO = dt.DecisionMaker("j", options=["c"])
FIRST = dt.PreferenceStatement(Taken("a"))


def test_conflict_has_owners_options_and_lookups() -> None:
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
            unknown("stranger")


def test_blank_name_counts_as_no_name() -> None:
    conflict = dt.Conflict("T", [dt.DecisionMaker("i", name=" ", options=[dt.Option("a", " \t")])])
    assert (conflict.decision_maker("i").label, conflict.option("a").label) == ("i", "a")
    assert "moves of i" in picture(conflict.graph()).caption


def test_breaks_names_the_first_broken_rule() -> None:
    first, second = dt.never("a and c"), dt.always("b")
    conflict = Conflict("rules", [IDA, JO], rules=[first, second])
    assert conflict.breaks(["a", "c"]) is first
    assert conflict.breaks(["a"]) is second
    assert conflict.breaks(["b"]) is None


def test_replaced_conflict_is_checked_and_keeps_its_class() -> None:
    conflict = dt.Conflict("one", [IDA, JO], rules=["a"])
    other = conflict.replaced(title="two")
    assert isinstance(other, dt.Conflict)
    assert (other.title, other.rules) == ("two", conflict.rules)
    assert other != conflict
    assert other.replaced(title="one") == conflict
    with pytest.raises(dt.InputError):
        conflict.replaced(decision_makers=[JO])


def test_conflict_is_immutable() -> None:
    with pytest.raises(AttributeError):
        Conflict("one", [IDA]).title = "two"  # type: ignore[misc]


def test_marked_preference_has_its_confidence_and_unknown_mark() -> None:
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
    def test_digest_changes_with_what_decides(self, changes: dict) -> None:
        digests = {self.conflict.digest, self.conflict.replaced(**changes).digest}
        assert len(digests) == 2
        assert self.conflict.replaced(**changes).digest in digests

    @pytest.mark.parametrize(
        "changes",
        [{"title": "other"}, {"summary": "long"}, {"notes": "n"}, {"sources": [Source("s")]}, {"as_of": "2024-05-01"}],
    )
    def test_digest_ignores_titles_texts_and_sources(self, changes: dict) -> None:
        assert self.conflict.replaced(**changes).digest == self.conflict.digest

    def test_digest_changes_with_states_that_a_ranking_names(self) -> None:
        ranked = dt.DecisionMaker("i", options=["a"], preferences=dt.Ranking.of("best", "worst"))
        one = dt.Conflict("named", [ranked], states={"best": ["a"], "worst": []})
        other = dt.Conflict("named", [ranked], states={"best": [], "worst": ["a"]})
        assert one.analyze(["nash"]).equilibria("nash") != other.analyze(["nash"]).equilibria("nash")
        assert one.digest != other.digest
