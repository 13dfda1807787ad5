"""What is decided of all accounts side by side is what is decided of each by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis import accounts
from detente.analysis.accounts import AccountSet, EquilibriaByModel, equilibria_by_model, models_of
from detente.concepts import chosen
from detente.model.conflict import Conflict
from detente.model.evidence import Support, Testimony
from detente.model.parts import OneWay, Rule
from detente.model.preferences import Preferences, Prioritising, Weights
from detente.model.questions import no_progress
from detente.model.statements import Statement
from tests.examples import examples
from tests.strategies import conflicts

SAID = (
    Statement("s1", in_doubt=True),
    Statement("s2", contested_by=("s3",)),
    Statement("s3"),
    Statement("s4", withdrawn_by=("s5",)),
    Statement("s5", in_doubt=True),
)
#: The concepts that are decided side by side.
TOGETHER = ("nash", "gmr", "smr", "seq", "sim", "sseq", "seq_then_sim", "maximin_3")


def supports() -> st.SearchStrategy[Support]:
    ids = [one.id for one in SAID]
    return st.lists(st.sampled_from(ids), max_size=2, unique=True).map(lambda some: Support(tuple(some)))


@st.composite
def grounded(draw: st.DrawFn) -> Conflict:
    """Conflicts whose rules, marks, options and preferences have evidence or are assumptions."""
    bare = draw(conflicts(max_options=5, merges=False, coalitions=False, statements_only=draw(st.booleans())))
    makers = [
        replace(
            maker,
            options=tuple(replace(option, support=draw(supports())) for option in maker.options),
            preferences=_grounded(draw, maker.preferences),
        )
        for maker in bare.decision_makers
    ]
    options = [option.id for option in bare.options]
    quo = draw(st.lists(st.sampled_from(options), unique=True)) if options else []
    return bare.replaced(
        decision_makers=makers,
        rules=[Rule(rule.kind, rule.conditions, draw(supports())) for rule in bare.rules],
        one_way=[OneWay(mark.option, mark.to_taken, draw(supports())) for mark in bare.one_way],
        statements=SAID,
        status_quo=quo if bare.breaks(quo) is None else None,
    )


def _grounded(draw: st.DrawFn, preferences: Preferences) -> Preferences:
    if isinstance(preferences, Prioritising):
        return Prioritising(tuple(replace(one, support=draw(supports())) for one in preferences.statements))
    if isinstance(preferences, Weights):
        return replace(
            preferences, weights=tuple(replace(one, support=draw(supports())) for one in preferences.weights)
        )
    return Prioritising(())


def held(conflict: Conflict, concepts: tuple[str, ...] = TOGETHER) -> EquilibriaByModel:
    testimony = Testimony(tuple(conflict.all_statements))
    told = models_of(conflict, testimony, AccountSet.all(testimony))
    return equilibria_by_model(conflict, told, chosen(concepts), "auto", no_progress)


def as_lists(found: EquilibriaByModel) -> tuple[dict[tuple[str, str], list[int]], dict[str, list[int]]]:
    return (
        {key: places.tolist() for key, places in found.equilibria.items()},
        {key: places.tolist() for key, places in found.stuck.items()},
    )


@settings(deadline=None, max_examples=examples(120))
@given(conflict=grounded(), size=st.sampled_from([1, 20, 2**12]))
def test_accounts_side_by_side_equal_accounts_one_by_one(conflict: Conflict, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "BATCH_STATES", size)
        patch.setattr(accounts, "CUBE_STATES", size)
        patch.setattr(accounts, "FEASIBILITY_CHECKS_AT_ONCE", 3 * size)
        together = held(conflict)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "MAX_BATCH_OPTIONS", -1)
        assert as_lists(held(conflict)) == as_lists(together)


def test_seed_dispute_with_more_disputed_claims_has_the_same_answers_both_ways() -> None:
    conflict = dt.example("ukraine-2023")
    opened = ["s9", "s11", "s13", "s16"]
    together = conflict.whose_word(leave_open=opened)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "MAX_BATCH_OPTIONS", -1)
        singly = conflict.whose_word(leave_open=opened)
    assert together.models > 100
    assert together.to_dict() == singly.to_dict()


def test_accounts_with_different_states_are_analysed_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it depends on what is told which states there are to rank, to merge or to look ahead from."""

    def never(*arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr(accounts.ModelBatch, "decided", never)
    maker = dt.DecisionMaker("i", options=["a", dt.Option("b", support=Support(("s1",)))], preferences=["a"])
    other = dt.DecisionMaker("j", options=["c"], preferences=["not c"])
    plain = dt.Conflict("told", [maker, other], statements=SAID)
    ranked = replace(other, preferences=dt.Ranking(tuple((number,) for number in range(1, 9))))
    for conflict, concepts in (
        (plain.replaced(decision_makers=[maker, ranked]), ("nash",)),
        (plain.replaced(merge=["a"]), ("nash",)),
        (plain.replaced(coalitions=[["i", "j"]]), ("nash",)),
        (plain, ("non_myopic",)),
        (plain, ("strong_gmr",)),
    ):
        assert held(conflict, concepts).equilibria
    with pytest.raises(AssertionError):
        held(plain)


def test_models_of_accounts_are_distinct() -> None:
    option = dt.Option("a", support=Support(("s1", "s4")))
    conflict = dt.Conflict("told", [dt.DecisionMaker("i", options=[option], preferences=["a"])], statements=SAID)
    testimony = Testimony(SAID)
    every = AccountSet.all(testimony)
    told = models_of(conflict, testimony, every)
    assert told.count == 2
    for row, model in enumerate(told.of.tolist()):
        if every.possible[row]:
            believed = {id for id, so in zip(testimony.disputed, every.believed[row], strict=True) if so}
            stands = testimony.in_force(believed)
            assert bool(stands & {"s1", "s4"}) == any(told.standing[id][model] for id in ("s1", "s4"))
    assert np.count_nonzero(every.possible) == 12
