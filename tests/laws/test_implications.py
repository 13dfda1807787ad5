"""What the literature says of how the concepts hang together (theory: Fang, Hipel & Kilgour 1993)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.io.conflict_file import dump_conflict, parse_conflict
from detente.model.conditions import And, Not, Or, Taken
from detente.model.preferences import Prioritising
from detente.model.states import feasible_members
from tests.examples import examples
from tests.reference.brute_force import PLAIN
from tests.strategies import conflicts

relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=examples(80))

IMPLICATIONS = [
    ("nash", "sseq"),
    ("sseq", "seq"),
    ("sseq", "smr"),
    ("seq", "gmr"),
    ("smr", "gmr"),
    ("nash", "sim"),
    ("seq", "seq_then_sim"),
]


@settings(relaxed, max_examples=examples(150))
@given(conflict=conflicts())
def test_stable_sets_follow_the_known_implications(conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(PLAIN)
    for stronger, weaker in IMPLICATIONS:
        for player in analysis.players:
            assert set(analysis.stable(stronger, player)) <= set(analysis.stable(weaker, player))
        assert set(analysis.equilibria(stronger)) <= set(analysis.equilibria(weaker))


def dilemma(**changes: object) -> dt.Conflict:
    row = dt.DecisionMaker("row", options=["silent_row"], preferences=["silent_column", "not silent_row"])
    column = dt.DecisionMaker("column", options=["silent_column"], preferences=["silent_row", "not silent_column"])
    return dt.Conflict("Prisoner's dilemma", [row, column], **changes)


def test_implications_that_do_not_hold_have_counterexamples() -> None:
    chicken = dt.example("chicken").analyze()
    swerve = chicken.solver.number_of("both swerve")
    assert swerve in chicken.equilibria("smr")
    assert swerve not in chicken.equilibria("seq")
    pennies = dt.example("matching-pennies").analyze()
    assert len(pennies.equilibria("seq")) == 4
    assert not pennies.equilibria("smr")


@relaxed
@given(conflict=conflicts(statements_only=True), data=st.data())
def test_renaming_changes_no_answer(conflict: dt.Conflict, data: st.DataObject) -> None:
    options = {option.id: f"x_{option.id}" for option in conflict.options}
    makers = {maker.id: f"y_{maker.id}" for maker in conflict.decision_makers}
    renamed = rebuilt(conflict, list(conflict.decision_makers), options, makers)
    before, after = conflict.analyze(PLAIN).to_dict(), renamed.analyze(PLAIN).to_dict()
    assert [state["state"] for state in before["states"]] == [state["state"] for state in after["states"]]
    assert before["equilibria"] == after["equilibria"]
    for concept, players in before["stability"].items():
        assert list(players.values()) == list(after["stability"][concept].values())


@relaxed
@given(conflict=conflicts(statements_only=True), data=st.data())
def test_reordering_changes_no_answer(conflict: dt.Conflict, data: st.DataObject) -> None:
    makers = data.draw(st.permutations(conflict.decision_makers))
    shuffled = [
        dt.DecisionMaker(maker.id, maker.name, data.draw(st.permutations(maker.options)), maker.preferences)
        for maker in makers
    ]
    other = rebuilt(conflict, shuffled, {}, {})
    assert stable_sets(conflict) == stable_sets(other)


def rebuilt(conflict: dt.Conflict, makers: list, options: dict, ids: dict) -> dt.Conflict:
    def name(id: str) -> str:
        return options.get(id, id)

    return dt.Conflict(
        title="other",
        decision_makers=[
            dt.DecisionMaker(
                ids.get(maker.id, maker.id),
                options=[name(option.id) for option in maker.options],
                preferences=[item.condition.renamed(name) for item in maker.preferences.statements],
            )
            for maker in makers
        ],
        rules=[dt.Rule(rule.kind, [part.renamed(name) for part in rule.conditions]) for rule in conflict.rules],
        one_way={name(mark.option): mark.to_taken for mark in conflict.one_way},
        merge=[merge.condition.renamed(name) for merge in conflict.merge],
        coalitions=[[ids.get(member, member) for member in group] for group in conflict.coalitions],
    )


def stable_sets(conflict: dt.Conflict) -> dict[tuple[str, frozenset[str]], set[frozenset[str]]]:
    """Stable states as sets of members, each the set of options taken: free of any order."""
    analysis = conflict.analyze(PLAIN)
    space = analysis.solver.space
    members: dict[int, set[frozenset[str]]] = {}
    for member in range(space.members):
        state = member if space.state_of is None else int(space.state_of[member])
        members.setdefault(state + 1, set()).add(
            frozenset(name for name, column in space.columns.items() if column[member])
        )
    return {
        (concept.id, frozenset(player.split("+"))): {
            frozenset(members[int(state)]) for state in analysis.stable(concept.id, player)
        }
        for concept in analysis.concepts
        for player in analysis.players
    }


@relaxed
@given(conflict=conflicts(coalitions=False, statements_only=True, min_makers=2), data=st.data())
def test_nash_gmr_and_smr_ignore_the_preferences_of_others(conflict: dt.Conflict, data: st.DataObject) -> None:
    """Nash, GMR and SMR of a decision maker do not depend on what the others prefer."""
    first, *others = conflict.decision_makers
    blank = [dt.DecisionMaker(maker.id, options=maker.options) for maker in others]
    changed = conflict.replaced(decision_makers=[first, *blank])
    for concept in ("nash", "gmr", "smr"):
        before = conflict.analyze([concept]).stable(concept, first.id)
        assert before == changed.analyze([concept]).stable(concept, first.id)


@relaxed
@given(conflict=conflicts(statements_only=True))
def test_repeated_preference_changes_no_answer(conflict: dt.Conflict) -> None:
    doubled = conflict.replaced(
        decision_makers=[
            dt.DecisionMaker(
                maker.id, options=maker.options, preferences=Prioritising(maker.preferences.statements * 2)
            )
            for maker in conflict.decision_makers
        ]
    )
    assert conflict.analyze().to_dict() == doubled.analyze().to_dict()


@relaxed
@given(conflict=conflicts())
def test_payoffs_with_the_same_order_give_the_same_answer(conflict: dt.Conflict) -> None:
    solver = conflict.analyze(["nash"]).solver
    by_rank = conflict.replaced(
        decision_makers=[
            dt.DecisionMaker(
                maker.id,
                options=maker.options,
                preferences=dt.Payoffs(
                    tuple((number, Fraction(-(rank**3))) for number, rank in enumerate(solver.ranks(place), start=1))
                ),
            )
            for place, maker in enumerate(conflict.decision_makers)
        ]
    )
    assert conflict.analyze().to_dict()["stability"] == by_rank.analyze().to_dict()["stability"]


@relaxed
@given(conflict=conflicts())
def test_party_without_moves_is_stable_and_a_single_party_has_one_concept(conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(PLAIN)
    movers = {(arc.player, arc.start) for arc in analysis.solver.arcs()}
    for place, player in enumerate(analysis.players):
        for state in analysis.states():
            if (place, state.number) not in movers:
                assert all(state in analysis.stable(concept, player) for concept in PLAIN)
    if len(analysis.players) == 1:
        assert len({analysis.equilibria(concept) for concept in PLAIN}) == 1


@relaxed
@given(conflict=conflicts())
def test_indifferent_parties_are_stable_everywhere(conflict: dt.Conflict) -> None:
    blank = [dt.DecisionMaker(maker.id, options=maker.options) for maker in conflict.decision_makers]
    analysis = conflict.replaced(decision_makers=blank).analyze(PLAIN)
    assert all(len(analysis.equilibria(concept)) == analysis.count for concept in PLAIN)


@relaxed
@given(conflict=st.one_of(conflicts(), conflicts(unsure=True), conflicts(attitudes=True)))
def test_saved_and_loaded_conflict_is_equal(conflict: dt.Conflict) -> None:
    assert parse_conflict(dump_conflict(conflict)) == conflict


@relaxed
@given(conflict=conflicts(statements_only=True, min_makers=2))
def test_fewer_own_moves_keep_stable_states_stable(conflict: dt.Conflict) -> None:
    first = conflict.decision_makers[0]
    free = [option.id for option in first.options if option.id not in conflict.direction]
    assume(free and not conflict.coalitions)
    marked = conflict.replaced(one_way=[*conflict.one_way, dt.OneWay(free[0], True)])
    for concept in ("nash", "gmr", "smr"):
        assert set(conflict.analyze([concept]).stable(concept, first.id)) <= set(
            marked.analyze([concept]).stable(concept, first.id)
        )


@pytest.mark.parametrize("concept", list(PLAIN))
def test_prisoners_dilemma_has_its_known_equilibria(concept: str) -> None:
    neither, both = 1, 4
    expected = [neither] if concept == "nash" else [neither, both]
    assert list(dilemma().analyze([concept]).equilibria(concept)) == expected


@relaxed
@given(conflict=conflicts(merges=False), data=st.data())
def test_merging_a_single_state_changes_no_answer(conflict: dt.Conflict, data: st.DataObject) -> None:
    member = data.draw(st.sampled_from(list(feasible_members(conflict))))
    literals = [
        Taken(option.id) if taken else Not(Taken(option.id))
        for option, taken in zip(conflict.options, member, strict=True)
    ]
    assume(len(literals) > 1)
    merged = conflict.replaced(merge=[And(tuple(literals))])
    assert conflict.analyze(PLAIN).to_dict() == merged.analyze(PLAIN).to_dict()


@relaxed
@given(conflict=conflicts(coalitions=False), data=st.data())
def test_coalition_of_one_equals_the_party(conflict: dt.Conflict, data: st.DataObject) -> None:
    ids = data.draw(st.permutations([maker.id for maker in conflict.decision_makers]))
    grouped = conflict.replaced(coalitions=[[id] for id in ids])
    assert conflict.analyze(PLAIN).to_dict()["stability"] == grouped.analyze(PLAIN).to_dict()["stability"]


@relaxed
@given(conflict=conflicts(statements_only=True), data=st.data())
def test_order_within_a_coalition_changes_no_answer(conflict: dt.Conflict, data: st.DataObject) -> None:
    assume(conflict.coalitions)
    groups = data.draw(st.permutations([data.draw(st.permutations(group)) for group in conflict.coalitions]))
    assert stable_sets(conflict) == stable_sets(conflict.replaced(coalitions=groups))


@relaxed
@given(conflict=conflicts(statements_only=True), data=st.data())
def test_option_that_cannot_be_taken_changes_no_answer(conflict: dt.Conflict, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(conflict.decision_makers) - 1))
    makers = list(conflict.decision_makers)
    maker = makers[place]
    options = data.draw(st.permutations([*maker.options, dt.Option("never")]))
    makers[place] = dt.DecisionMaker(maker.id, options=options, preferences=maker.preferences)
    wider = conflict.replaced(decision_makers=makers, rules=[*conflict.rules, dt.never("never")])
    assert stable_sets(conflict) == stable_sets(wider)


@relaxed
@given(conflict=conflicts(coalitions=False, statements_only=True, min_makers=2), data=st.data())
def test_more_moves_of_others_keep_stable_states_stable(conflict: dt.Conflict, data: st.DataObject) -> None:
    first = conflict.decision_makers[0]
    others = [mark for mark in conflict.one_way if conflict.owner[mark.option] != first.id]
    assume(others)
    dropped = data.draw(st.sampled_from(others))
    freer = conflict.replaced(one_way=[mark for mark in conflict.one_way if mark != dropped])
    for concept in ("nash", "gmr", "smr", "seq", "sseq", "sim"):
        before, after = (one.analyze([concept]).stable(concept, first.id) for one in (conflict, freer))
        assert set(before) <= set(after)


@relaxed
@given(conflict=conflicts(max_options=5), data=st.data())
def test_monotone_change_of_payoffs_changes_no_answer(conflict: dt.Conflict, data: st.DataObject) -> None:
    count = conflict.analyze(["nash"]).count
    steps = data.draw(st.lists(st.integers(1, 10**20), min_size=6, max_size=6))
    heights = [sum(steps[: place + 1]) for place in range(6)]
    before, after = [], []
    for maker in conflict.decision_makers:
        values = data.draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
        for makers, payoffs in ((before, values), (after, [Fraction(heights[value], 7) for value in values])):
            mapping = dict(enumerate(payoffs, start=1))
            makers.append(dt.DecisionMaker(maker.id, options=maker.options, preferences=dt.Payoffs.of(mapping)))
    first, second = (conflict.replaced(decision_makers=makers).analyze(PLAIN) for makers in (before, after))
    assert first.to_dict() == second.to_dict()


@relaxed
@given(conflict=conflicts(statements_only=True), data=st.data())
def test_redundant_preferences_change_no_answer(conflict: dt.Conflict, data: st.DataObject) -> None:
    """Two kinds: one that repeats, or denies, an earlier one; and one that holds at every state or at none."""
    assume(conflict.options)
    name = Taken(data.draw(st.sampled_from([option.id for option in conflict.options])))
    makers = []
    for maker in conflict.decision_makers:
        said = [statement.condition for statement in maker.preferences.statements]
        for place in range(len(said), 0, -1):
            if data.draw(st.booleans()):
                earlier = data.draw(st.sampled_from(said[:place]))
                said.insert(
                    place, data.draw(st.sampled_from([earlier, Not(earlier)])) if not conflict.merge else earlier
                )
        said.insert(
            data.draw(st.integers(0, len(said))),
            data.draw(st.sampled_from([Or((name, Not(name))), And((name, Not(name)))])),
        )
        makers.append(dt.DecisionMaker(maker.id, options=maker.options, preferences=said))
    assert conflict.analyze(PLAIN).to_dict() == conflict.replaced(decision_makers=makers).analyze(PLAIN).to_dict()
