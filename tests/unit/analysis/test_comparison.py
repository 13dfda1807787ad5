"""Two versions of a dispute: every kind of change is seen, and what it did is what making it does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

import detente as dt
from detente.analysis.comparison import Comparison
from detente.analysis.differences import match_by_name
from detente.model.parts import StatusQuo
from detente.present.comparison import change_in_words
from detente.render.export import export_text
from tests.examples import examples
from tests.strategies import conflicts

relaxed = settings(deadline=None, max_examples=examples(60), suppress_health_check=list(HealthCheck))


def maker(id: str, options: list[str], *preferences: str) -> dt.DecisionMaker:
    return dt.DecisionMaker(id, options=options, preferences=list(preferences))


def river(**changes: object) -> dt.Conflict:
    parts: dict[str, object] = {
        "decision_makers": [
            maker("up", ["divert", "pay"], "divert", "not sanction", "not pay"),
            maker("down", ["sanction"], "not divert", "pay", "not sanction"),
        ],
        "rules": [dt.never("pay and not divert")],
        "status_quo": ["divert"],
    }
    return dt.Conflict("river", **{**parts, **changes})  # type: ignore[arg-type]


def kinds(comparison: Comparison) -> list[str]:
    return [change.kind for change in comparison.changes]


def test_unchanged_version_has_no_changes() -> None:
    comparison = river().compare(river())
    assert comparison.changes == ()
    assert all(not comparison.came(concept.id) and not comparison.went(concept.id) for concept in comparison.concepts)


@pytest.mark.parametrize(
    ("changes", "kind", "text"),
    [
        ({"rules": []}, "rule", "rule ‘never: pay and not divert’ removed"),
        ({"rules": ["if divert then pay"]}, "rule", "rule ‘never: pay and not divert’ removed"),
        ({"one_way": {"divert": True}}, "one-way option", "‘divert’ can now only be taken"),
        ({"merge": ["sanction"]}, "merge", "different merged states: sanction instead of none"),
        ({"coalitions": [["up", "down"]]}, "coalition", "standing coalitions: up+down"),
        (
            {"status_quo": ["sanction"]},
            "status quo",
            "new in the status quo: ‘sanction’ is taken; ‘divert’ is not taken",
        ),
        ({"status_quo": None}, "status quo", "status quo removed"),
    ],
)  # fmt: skip
def test_every_kind_of_change_is_found(changes: dict[str, object], kind: str, text: str) -> None:
    change = river().compare(river(**changes)).changes[0]
    assert (change.kind, change_in_words(change)) == (kind, text)


def test_preference_changes_are_found() -> None:
    other = river(
        decision_makers=[
            maker("up", ["divert", "pay"], "not sanction", "divert", "pay"),
            maker("down", ["sanction"], "not divert", "pay", "not sanction"),
        ]
    )
    comparison = river().compare(other)
    assert [change_in_words(change) for change in comparison.changes] == [
        "up: preference ‘not pay’ removed",
        "up: preferences in a different order: not sanction; divert",
        "up: preference ‘pay’ added as number 3",
    ]


def test_attitude_changes_are_found() -> None:
    up, down = river().decision_makers
    other = river(decision_makers=[replace(up, attitudes={down.id: "negative", up.id: "positive"}), down])
    (change,) = river().compare(other).changes
    assert change_in_words(change) == "up: different attitude towards down: negative (before: neutral)"
    assert not change.matters, "the plain concepts know nothing of it"
    (change,) = other.compare(river()).changes
    assert change_in_words(change) == "up: different attitude towards down: neutral (before: negative)"


def test_changes_of_confidence_and_strength_are_found() -> None:
    up, down = river().decision_makers
    first, *others = up.preferences.statements
    doubted = replace(first, confidence=0.7, unknown=True)
    other = river(
        decision_makers=[
            replace(up, preferences=[doubted, *others], thresholds=dt.Thresholds(alpha=0.6)),
            replace(down, facing_unknown="d"),
        ]
    )
    there, back = river().compare(other), other.compare(river())
    assert [change_in_words(change) for change in there.changes] == [
        f"up: preference ‘{first}’ is now unknown, confidence 0.7 (before: certain, mild)",
        "up: different thresholds",
        "down: different attitude to unknown preferences",
    ]
    assert change_in_words(back.changes[0]) == f"up: preference ‘{first}’ is now certain, mild"
    assert not any(change.matters for change in there.changes), "the plain concepts know nothing of it"


def test_added_and_removed_options_and_parties_are_found() -> None:
    other = river(
        decision_makers=[
            maker("up", ["divert"], "divert"),
            maker("down", ["sanction", "sue"], "not divert", "sue"),
            maker("bank", ["lend"], "lend"),
        ],
        rules=[],
    )
    comparison = river().compare(other, ["nash", "seq"])
    assert comparison.options == ("divert", "pay", "sanction", "sue", "lend")
    texts = [change_in_words(change) for change in comparison.changes]
    assert texts[:4] == [
        "new party: bank",
        "up: option ‘pay’ removed",
        "down: option ‘sue’ added",
        "bank: option ‘lend’ added",
    ]
    after = {state.pattern for state in other.analyze(["nash"]).equilibria("nash")}
    assert {"".join(p[i] for i in (0, 2, 3, 4)) for p in dict(comparison.after)["nash"]} == after


def test_removed_party_keeps_its_name() -> None:
    neighbour = dt.DecisionMaker("third", name="The neighbour", options=["pump"], preferences=["pump"])
    before = river(decision_makers=[*river().decision_makers, neighbour])
    said = [change_in_words(change) for change in before.compare(river()).changes]
    assert "party removed: The neighbour" in said
    assert "The neighbour: option ‘pump’ removed" in said


def test_repeated_preference_counts_at_its_first_place() -> None:
    first = dt.Conflict("one", [dt.DecisionMaker("i", options=["a", "b"])])
    second = dt.Conflict("two", [dt.DecisionMaker("i", options=["a", "b"], preferences=["a", "not b", "a", "b"])])
    assert dict(first.compare(second, ["nash"]).after)["nash"] == ("YN",)


small = conflicts(max_options=4, statements_only=True, coalitions=False)


@relaxed
@given(first=small, second=small)
def test_all_changes_together_give_the_second_versions_equilibria(first: dt.Conflict, second: dt.Conflict) -> None:
    """Before and after are the equilibria of the two versions, whatever way they are worked out."""
    # An option that another party has in the second version is refused.
    assume(all(second.owner.get(id, owner) == owner for id, owner in first.owner.items()))
    comparison = first.compare(second, ["nash", "seq"])
    assert comparison.attributed
    for version, found in ((first, comparison.before), (second, comparison.after)):
        own = [place for place, option in enumerate(comparison.options) if option in version.owner]
        order = [option.id for option in version.options]
        at = {comparison.options[place]: place for place in own}
        for concept in ("nash", "seq"):
            patterns = {"".join(pattern[at[id]] for id in order) for pattern in dict(found)[concept]}
            assert patterns == {state.pattern for state in version.analyze([concept]).equilibria(concept)}


@relaxed
@given(conflict=small)
def test_a_single_change_is_needed_for_all_that_it_does(conflict: dt.Conflict) -> None:
    if not conflict.rules:
        return
    try:
        comparison = conflict.compare(conflict.replaced(rules=conflict.rules[1:]), ["nash"])
    except dt.InputError:
        return
    for change in comparison.changes:
        if len(comparison.changes) == 1 and change.alone is None:
            assert change_in_words(change) == "the rules are worded differently and exclude the same states"
            assert not comparison.came("nash")
            assert not comparison.went("nash")
        elif len(comparison.changes) == 1:
            assert change.alone == change.needed
            ((_, came, went),) = change.alone or ()
            assert (came, went) == (comparison.came("nash"), comparison.went("nash"))


def test_rewritten_rules_with_the_same_meaning_are_no_change() -> None:
    """Another program's file has conditions, rules and rankings in its own form."""
    up, down = river().decision_makers
    other = river(
        decision_makers=[maker("up", ["divert", "pay"], "divert", "not sanction", "not pay"), down],
        rules=["if not divert then not pay"],
    )
    (change,) = river().compare(other).changes
    assert change_in_words(change) == "the rules are worded differently and exclude the same states"
    assert change.alone is None
    wordy = [*up.preferences.statements[:2], dt.PreferenceStatement(dt.parse("not (pay and (pay or divert))"))]
    (change,) = river().compare(river(decision_makers=[replace(up, preferences=wordy), down])).changes
    assert change_in_words(change) == "up: 1 preference worded differently, with the same meaning"
    ranking = dt.Ranking.of(2, 3, 5, [6], 1, 4)
    assert [river().analyze().solver.ranks(0)[state - 1] for state in (2, 3, 5, 6, 1, 4)] == [1, 2, 3, 4, 5, 6]
    (change,) = river().compare(river(decision_makers=[replace(up, preferences=ranking), down])).changes
    assert change_in_words(change) == "up: preferences in another form; they rank the states as before"
    named = dt.Ranking.of("YNN", 3, "YNY", 6, 1, 4)
    first, second = (river(decision_makers=[replace(up, preferences=one), down]) for one in (ranking, named))
    assert first.compare(second).changes == ()
    third = river(decision_makers=[replace(up, preferences=dt.Ranking.of(3, 2, 5, 6, 1, 4)), down])
    assert [change_in_words(one) for one in first.compare(third).changes] == ["up: different preferences"]


def test_joint_effect_of_two_changes_is_attributed_to_both() -> None:
    """If either still dislikes its own option, the state with both options taken is not stable."""
    first = dt.Conflict("two", [maker("i", ["x"], "not x"), maker("j", ["y"], "not y")])
    second = dt.Conflict("two", [maker("i", ["x"]), maker("j", ["y"])])
    comparison = first.compare(second, ["nash"])
    assert comparison.came("nash") == ("YN", "NY", "YY")
    one, other = comparison.changes
    assert one.alone == (("nash", ("YN",), ()),)
    assert one.needed == (("nash", ("YN", "YY"), ()),)
    assert other.needed == (("nash", ("NY", "YY"), ()),)


def test_rankings_are_compared_as_a_whole() -> None:
    first, second = dt.example("lake-gisborne-economy"), dt.example("lake-gisborne-environment")
    comparison = first.compare(second, ["nash"])
    assert comparison.attributed
    (change,) = comparison.changes
    assert change.kind == "preference"
    assert change.alone == (("nash", comparison.came("nash"), comparison.went("nash")),)
    assert comparison.came("nash") == ("YNY",)
    assert comparison.names["YNY"] == "accord and ban under appeal"


def test_gained_and_lost_equilibria_are_listed_by_concept() -> None:
    comparison = dt.example("lake-gisborne-economy").compare(dt.example("lake-gisborne-environment"))
    came_and_went = {one.id: (comparison.came(one.id), comparison.went(one.id)) for one in comparison.concepts}
    assert came_and_went == {
        **dict.fromkeys(("nash", "seq", "sim", "sseq"), (("YNY",), ("YYN",))),
        **dict.fromkeys(("gmr", "smr"), (("YNY",), ("YYN", "YYY"))),
    }


def called(id: str, name: str, options: dict[str, str], *preferences: str) -> dt.DecisionMaker:
    return dt.DecisionMaker(id, name, options, list(preferences))


def named_river(*preferences: str, **changes: object) -> dt.Conflict:
    """The river with the identifiers that another program makes from names, and the names in another writing."""
    parts: dict[str, object] = {
        "decision_makers": [
            called("upper_country", "UP", {"divert": "", "pay_now": " Pay"}, *preferences),
            called("lower_country", "Down ", {"impose": "SANCTION"}, "not divert", "pay_now", "not impose"),
        ],
        "rules": [dt.never("pay_now and not divert")],
        "status_quo": ["divert"],
        "one_way": {"impose": True},
        "merge": ["impose and pay_now"],
        "coalitions": [["upper_country"], ["lower_country"]],
        "states": {"paid": ["divert", "pay_now"]},
    }
    return dt.Conflict("river", **{**parts, **changes})  # type: ignore[arg-type]


def test_same_name_with_another_identifier_is_matched() -> None:
    first = river(one_way={"sanction": True}, merge=["sanction and pay"], coalitions=[["up"], ["down"]])
    comparison = first.compare(named_river("divert", "not impose", "not pay_now"))
    assert comparison.changes == ()
    assert comparison.options == ("divert", "pay", "sanction")
    assert [(pair.what, pair.first, pair.second) for pair in comparison.pairs] == [
        ("decision maker", "up", "upper_country"),
        ("decision maker", "down", "lower_country"),
        ("option", "pay", "pay_now"),
        ("option", "sanction", "impose"),
    ]
    assert comparison.names == {"YYN": "paid"}
    assert comparison.second.owner == {"divert": "upper_country", "pay_now": "upper_country", "impose": "lower_country"}


def test_matched_elements_are_compared() -> None:
    comparison = river().compare(
        named_river("not impose", "pay_now", "divert", one_way={}, merge=[], coalitions=[], states={})
    )
    assert [change_in_words(change) for change in comparison.changes] == [
        "UP: preference ‘not pay’ removed",
        "UP: preferences in a different order: not sanction; divert",
        "UP: preference ‘pay’ added as number 2",
    ]
    own = river(
        decision_makers=[maker("up", ["divert", "pay"], "not sanction", "pay", "divert"), river().decision_makers[1]]
    )
    plain = river().compare(own)
    assert (plain.before, plain.after) == (comparison.before, comparison.after)
    assert [(one.alone, one.needed) for one in plain.changes] == [(one.alone, one.needed) for one in comparison.changes]
    data = comparison.to_dict()
    assert data["taken_to_be_the_same"][2] == {"kind": "option", "first": "pay", "second": "pay_now", "name": "pay"}
    assert data["equilibria"] == plain.to_dict()["equilibria"]


def test_only_unique_names_are_matched() -> None:
    one = dt.Conflict("one", [called("a", "Talks", {"x": "Go", "y": "Go"}), called("b", "Other", {"z": "Stay"})])
    two = dt.Conflict("two", [called("c", "talks", {"v": "go"}), called("d", "Else", {"w": "Stay"})])
    assert [(pair.first, pair.second) for pair in match_by_name(one, two)] == [("a", "c")]
    twice = dt.Conflict("two", [called("c", "talks", {}), called("d", "TALKS", {})])
    assert match_by_name(one, twice) == ()
    assert match_by_name(one, one) == ()
    there = dt.Conflict("two", [called("a", "Talks", {"x": "Other", "w": "Go"}), called("b", "Other", {"z": "Stay"})])
    assert [(pair.first, pair.second) for pair in match_by_name(one, there)] == [("y", "w")], (
        "what keeps its identifier is it"
    )


@pytest.mark.parametrize("example", ["river-sharing", "cuban-missile-crisis", "chicken", "strike-and-lockout"])
def test_exported_dispute_differs_only_in_what_the_format_cannot_carry(example: str, tmp_path: Path) -> None:
    conflict = dt.example(example)
    file = tmp_path / "own.gmcr"
    file.write_text(export_text(conflict, "gmcr").text, encoding="utf-8")
    back = dt.load(file)
    for first, second in ((conflict, back), (back, conflict)):
        comparison = first.compare(second)
        assert comparison.attributed
        assert all(not comparison.came(one.id) and not comparison.went(one.id) for one in comparison.concepts)
        for change in comparison.changes:
            assert change.kind == "status quo" or change.alone is None, change_in_words(change)
        assert {one.kind for one in comparison.changes} <= {"status quo", "rule", "preference"}


def test_changed_names_of_merged_states_are_found() -> None:
    elmira = dt.example("elmira")
    comparison = elmira.compare(elmira.replaced(one_way=()), ["nash"])
    assert comparison.names["-NNY-"] == "plant abandoned"
    assert {"number": 9, "state": "-NNY-", "name": "plant abandoned"} in comparison.to_dict()["equilibria"]["nash"][
        "before"
    ]


def test_incomparable_versions_are_refused() -> None:
    other = river(decision_makers=[maker("up", ["divert"]), maker("down", ["sanction", "pay"])])
    with pytest.raises(dt.InputError, match="belongs to different decision makers"):
        river().compare(other)


def test_comparison_has_the_documented_data() -> None:
    data = river().compare(river(rules=[], status_quo=StatusQuo(frozenset())), ["nash"]).to_dict()
    assert data["format"] == "detente-compare/1"
    assert set(data["changes"][0]) == {"kind", "text", "alone", "needed_for"}
    assert set(data["equilibria"]["nash"]) == {"before", "after", "came", "went"}
