"""Which states there are, how they are numbered and merged, and how they are referred to."""

from __future__ import annotations

from itertools import islice, product

import pytest
from hypothesis import HealthCheck, given, settings

import detente as dt
from detente.model.states import StateList, feasible_members
from tests.reference.brute_force import BruteForce
from tests.strategies import conflicts

relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def model(options: str = "abc", **parts: object) -> dt.Conflict:
    """One decision maker with single-letter options."""
    return dt.Conflict("states", [dt.DecisionMaker("i", options=list(options))], **parts)


def patterns(conflict: dt.Conflict) -> list[str]:
    return [state.pattern for state in StateList(conflict)]


@relaxed
@given(conflict=conflicts())
def test_feasible_members_break_no_rule(conflict: dt.Conflict) -> None:
    names = [option.id for option in conflict.options]
    expected = [
        values[::-1]
        for values in product([False, True], repeat=len(names))
        if conflict.breaks(name for name, value in zip(names, values[::-1], strict=True) if value) is None
    ]
    assert list(feasible_members(conflict)) == expected


@relaxed
@given(conflict=conflicts())
def test_listed_states_equal_the_definition(conflict: dt.Conflict) -> None:
    reference = BruteForce(conflict)
    listed = StateList(conflict)
    assert [state.pattern for state in listed] == [reference.pattern(state) for state in reference.states]
    for number, state in enumerate(reference.states, start=1):
        for member in state:
            if conflict.pattern(member) not in {other.pattern for other in listed if other != number}:
                assert listed.number_of(conflict.pattern(member)) == number


def test_first_option_changes_fastest_in_the_list() -> None:
    assert patterns(model()) == ["NNN", "YNN", "NYN", "YYN", "NNY", "YNY", "NYY", "YYY"]
    assert patterns(model(rules=[dt.never("a and not b")])) == ["NNN", "NYN", "YYN", "NNY", "NYY", "YYY"]


@pytest.mark.slow
def test_few_states_of_very_many_are_listed_quickly() -> None:
    many = dt.Conflict("many", [dt.DecisionMaker("i", options=[f"o{place}" for place in range(300)])])
    first = list(islice(feasible_members(many), 3))
    assert [sum(member) for member in first] == [0, 1, 1]
    with pytest.raises(dt.TooLargeError, match="65,536"):
        StateList(many)
    with pytest.raises(dt.TooLargeError, match="more than 7 states"):
        StateList(model(), limit=7)
    assert len(StateList(model(), limit=8)) == 8


def test_conjunction_rule_lists_few_of_very_many_states_quickly() -> None:
    """Each part of it is checked at its own option: there are 2^60 combinations to go through otherwise."""
    names = [f"o{place}" for place in range(60)]
    none_of_the_others = " and ".join(f"not {name}" for name in names[2:])
    conflict = dt.Conflict("T", [dt.DecisionMaker("i", options=names)], rules=[f"{none_of_the_others} and not o0"])
    assert [sum(member) for member in feasible_members(conflict)] == [0, 1]


def test_conflict_without_options_has_one_state() -> None:
    assert patterns(model("")) == [""]
    assert StateList(model(""))[0].taken == ()


def test_merged_members_form_one_state() -> None:
    assert patterns(model(merge=["c"])) == ["NNN", "YNN", "NYN", "YYN", "--Y"]
    # The merged state stands where its largest member, YYN, would.
    assert patterns(model(merge=["a and not c"])) == ["NNN", "NYN", "Y-N", "NNY", "YNY", "NYY", "YYY"]
    # Merges that overlap make one state; here through a third that touches both.
    assert patterns(model(merge=["not a and not b", "b and not a", "not a and not c"])) == [
        "YNN", "YYN", "YNY", "N--", "YYY",
    ]  # fmt: skip
    # Merges apart stay apart, and one that no feasible state meets merges nothing.
    assert patterns(model("ab", merge=["a", "not a"])) == ["N-", "Y-"]
    assert patterns(model("ab", rules=["not a"], merge=["a"])) == ["NN", "NY"]
    assert patterns(model("ab", merge=["a or not a"])) == ["--"]


def test_taken_options_of_a_merged_state_are_those_of_every_member() -> None:
    listed = StateList(model(merge=["c"]))
    assert listed[4].taken == ("c",)
    assert [listed.number_of(member) for member in ("NNY", "YNY", "NYY", "YYY", "--Y")] == [5] * 5


def test_state_equals_its_number() -> None:
    state = StateList(model(states={"all": "abc", "again": "abc"}))[7]
    assert state == 8 == state.number
    assert (state.pattern, state.taken, state.name) == ("YYY", ("a", "b", "c"), "all")
    assert str(state) == "8 YYY (all)"
    assert repr(state) == "State(8, 'YYY', 'all')"
    unnamed = StateList(model())[0]
    assert (str(unnamed), repr(unnamed), unnamed.name) == ("1 NNN", "State(1, 'NNN')", None)


def test_state_list_is_a_sequence() -> None:
    listed = StateList(model("ab"))
    assert list(listed) == [1, 2, 3, 4]
    assert listed[-1].pattern == "YY"
    assert [state.pattern for state in listed[1:3]] == ["YN", "NY"]
    with pytest.raises(IndexError):
        listed[4]


@pytest.mark.parametrize("number", [0, -1, 5])
def test_state_number_outside_the_list_is_refused(number: int) -> None:
    with pytest.raises(IndexError):
        StateList(model("ab")).numbered(number)


def test_state_reference_by_number_pattern_or_name_is_resolved() -> None:
    listed = StateList(model(states={"both": "ab", "7": "a"}, status_quo="c"))
    for reference, number in (
        (3, 3),
        ("3", 3),
        ("NYN", 3),
        ("both", 4),
        ("status quo", 5),
        ("status_quo", 5),
        ("7", 2),
    ):
        assert listed.number_of(reference) == number


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        (0, "numbered from 1 to 6"),
        (7, "numbered from 1 to 6"),
        ("99", "numbered from 1 to 6"),
        ("YNN", "it is infeasible: it breaks 'never: a and not b'"),
        ("YN", "has 3 letters"),
        ("YNNN", "has 3 letters"),
        ("", "use a number, a Y/N pattern or a state's name"),
        ("peice", "did you mean 'peace'"),
        ("status quo", "name a state by its number, its Y/N pattern or its name"),
    ],
)
def test_unresolved_state_reference_is_explained(reference: int | str, says: str) -> None:
    listed = StateList(model(rules=[dt.never("a and not b")], states={"peace": "ab"}))
    with pytest.raises(dt.UnknownNameError) as raised:
        listed.number_of(reference)
    assert says in str(raised.value)


def test_pattern_shared_by_two_states_is_ambiguous() -> None:
    conflict = model("ab", merge=["a iff b", "a and not b or b and not a"])
    assert patterns(conflict) == ["--", "--"]
    with pytest.raises(dt.UnknownNameError):
        StateList(conflict).number_of("--")
    assert [StateList(conflict).number_of(member) for member in ("YN", "NY", "NN", "YY")] == [1, 1, 2, 2]
