"""The rule of evidence: against a slow reference written from its text, and the laws that it implies."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.errors import InputError
from detente.io.conflict_file import dump_conflict
from detente.model.conflict import Conflict
from detente.model.day import model_of_day
from detente.model.evidence import element_name
from detente.model.history import taken_on
from detente.model.parts import StatusQuo, never
from detente.model.preferences import Payoffs, Preferences, Prioritising, Ranking, Weights
from detente.model.statements import Source, Statement
from detente.report.findings import ask
from tests.examples import examples
from tests.over_time import disputes_over_time, named_days, questions
from tests.reference.brute_force import BruteForce
from tests.reference.evidence import Answer, Words, ends, on_the_day

CONCEPTS = ("nash", "gmr", "smr", "seq")
relaxed = settings(deadline=None, max_examples=examples(50), suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10**9)


def asked(conflict: dt.Conflict, day: str | None, undated: str) -> dt.Conflict:
    return conflict.replaced(undated=undated) if day is None else conflict.at(day, undated)


def answer(conflict: dt.Conflict, day: str | None, undated: str, believed: set[str] | None = None) -> Answer:
    text = conflict.as_of if day is None else day
    return on_the_day(conflict, ends(text)[1] if text else None, undated, believed)


def equilibria(conflict: Conflict) -> dict[str, set[str]]:
    """The equilibria from the definitions."""
    brute = BruteForce(conflict)
    return {
        concept: {brute.pattern(brute.states[number - 1]) for number in set.intersection(*map(set, by_player.values()))}
        for concept, by_player in brute.stability(CONCEPTS).items()
    }


def by_state(conflict: dt.Conflict) -> dict[str, set[str]]:
    """The equilibria as the package has them."""
    found = conflict.analyze(list(CONCEPTS))
    return {concept: {state.pattern for state in found.equilibria(concept)} for concept in CONCEPTS}


def with_rules_for_options(model: dt.Conflict) -> dt.Conflict:
    """A model whose dropped options are excluded by rules: the definitions know of no other way."""
    return model.replaced(rules=[*model.rules, *map(never, model.untaken)], untaken=())


def kept(preferences: Preferences) -> object:
    if isinstance(preferences, Prioritising):
        return [str(one.condition) for one in preferences.statements]
    if isinstance(preferences, Weights):
        return [(str(one.condition), one.weight) for one in preferences.weights]
    return preferences.key


def order(brute: BruteForce, maker: str) -> list[list[int]]:
    """The states in order of preference, in groups of equally good ones."""
    worths = brute.value[maker]
    levels = sorted(set(worths.values()))
    return [[number for number, state in enumerate(brute.states) if worths[state] == level] for level in levels]


def assert_same_model(model: dt.Conflict, expected: Conflict) -> None:
    """The two have the same elements; dropped options are rules in the expected one."""
    assert [(r.kind, r.conditions) for r in with_rules_for_options(model).rules] == [
        (rule.kind, rule.conditions) for rule in expected.rules
    ]
    assert [(m.option, m.to_taken) for m in model.one_way] == [(m.option, m.to_taken) for m in expected.one_way]
    assert [one.condition for one in model.merge] == [one.condition for one in expected.merge]
    assert {one.name: one.taken for one in model.states} == {one.name: one.taken for one in expected.states}
    for mine, theirs in zip(model.decision_makers, expected.decision_makers, strict=True):
        assert kept(mine.preferences) == kept(theirs.preferences)
    if any(isinstance(maker.preferences, Ranking | Payoffs) for maker in model.decision_makers):
        first, second = BruteForce(with_rules_for_options(model)), BruteForce(expected)
        for maker in model.decision_makers:
            assert order(first, maker.id) == order(second, maker.id)
    views = [
        [(view.decision_maker, view.does_not_see, [(id, kept(one)) for id, one in view.believes]) for view in one.views]
        for one in (model, expected)
    ]
    assert views[0] == views[1]


def assert_same_answer(conflict: dt.Conflict, day: str | None, undated: str) -> str:
    """The package and the reference say the same of a day; returns what kind of answer it is."""
    expected = answer(conflict, day, undated)
    dated = asked(conflict, day, undated)
    assert set(dated.statements_in_force()) == expected.in_force
    try:
        model = model_of_day(dated)
    except InputError as error:
        assert expected.stops, str(error)
        at = error.faults[0].at
        named = "rules" if expected.stops == "infeasible" else expected.stops
        assert element_name(at[:2] if at[0] == "decision_makers" else at) == named
        return "stops"
    assert not expected.stops, expected.stops
    basis = model.solved_for
    dropped = {element_name(one.at): one.reason for one in basis.dropped}
    assert dropped.keys() == expected.dropped.keys()
    assert all(reason in expected.dropped[name] for name, reason in dropped.items())
    assert {element_name(at) for at, _ in basis.infeasible} == expected.infeasible
    quo = model.status_quo
    assert (None if quo is None else model.pattern(quo.taken)) == expected.status_quo
    assert expected.model is not None
    assert_same_model(model, expected.model)
    assert by_state(dated) == equilibria(expected.model)
    return "dropped" if dropped else "whole"


# The reference


@settings(relaxed, max_examples=examples(150))
@given(conflict=disputes_over_time(), seed=seeds)
def test_model_of_a_day_equals_the_reference(conflict: dt.Conflict, seed: int) -> None:
    for day, undated in questions(conflict, Random(seed), most=3):
        assert_same_answer(conflict, day, undated)


@relaxed
@given(conflict=disputes_over_time(most_options=3), seed=seeds)
def test_each_account_equals_the_reference(conflict: dt.Conflict, seed: int) -> None:
    day, undated = Random(seed).choice(questions(conflict, Random(seed), most=2))
    accounts = list(consistent_accounts(conflict))
    assume(len(accounts) <= 16)
    answers = [answer(conflict, day, undated, believed) for believed in accounts]
    assume(not any(one.stops for one in answers) and not answer(conflict, day, undated).stops)
    found = asked(conflict, day, undated).whose_word(CONCEPTS)
    assert found.accounts == len(accounts)
    for believed, expected in zip(accounts, answers, strict=True):
        assert expected.model is not None
        of_account = equilibria(expected.model)
        here = expected.model.status_quo
        if here is not None:
            brute = BruteForce(expected.model)
            quo = brute.pattern(brute.state_of[here.taken])
        for concept in CONCEPTS:
            assert of_account[concept] == {
                one.pattern for one in found.of(concept) if met_by(one.conditions or (), believed)
            }
        for one in found.deadlocks:
            stuck = here is not None and quo in of_account[one.concept.id]
            assert met_by(one.conditions or (), believed) == stuck


def consistent_accounts(conflict: dt.Conflict) -> Iterator[set[str]]:
    """Every set of disputed statements that can be believed together."""
    words = Words(conflict, "latest", None, None)
    disputed = words.disputed()
    rivals = [
        {words.original(one.id), words.original(other)} for one in conflict.all_statements for other in one.contested_by
    ]
    for size in range(len(disputed) + 1):
        for chosen in map(set, combinations(disputed, size)):
            if not any(pair <= chosen for pair in rivals):
                yield chosen


def met_by(conditions: tuple[tuple[tuple[str, bool], ...], ...], believed: set[str]) -> bool:
    return any(all((id in believed) == value for id, value in condition) for condition in conditions)


# Laws


@relaxed
@given(conflict=disputes_over_time(disputes=False), seed=seeds)
def test_analyze_report_and_whose_word_agree_when_nothing_is_disputed(conflict: dt.Conflict, seed: int) -> None:
    day, undated = Random(seed).choice(questions(conflict, Random(seed), most=2))
    dated = asked(conflict, day, undated)
    try:
        expected = by_state(dated)
    except InputError:
        assume(False)
    words = dated.whose_word(CONCEPTS)
    assert words.accounts == 1
    assert {concept: {one.pattern for one in words.of(concept)} for concept in CONCEPTS} == expected
    assert all(one.in_every for one in words.dependences)
    findings = ask(dated, list(CONCEPTS), samples=2)
    assert {
        concept: {state.pattern for state in findings.analysis.equilibria(concept)} for concept in CONCEPTS
    } == expected
    if findings.words is not None:
        assert {concept: {one.pattern for one in findings.words.of(concept)} for concept in CONCEPTS} == expected


@relaxed
@given(conflict=disputes_over_time(copies=False), seed=seeds)
def test_copy_whose_dates_are_no_earlier_changes_no_answer(conflict: dt.Conflict, seed: int) -> None:
    rng = Random(seed)
    first = rng.choice(conflict.statements)
    source = next((one for one in conflict.sources if one.id == first.source and one.date), None)
    later = ends(source.date)[1] if source else None
    # Words without any date count on every day: whatever dated them would be earlier news of them.
    reprint = Source("reprint", date=(later + timedelta(days=rng.choice((0, 0, 9)))).isoformat() if later else None)
    copy = Statement(
        "copy", "reprint", first.speaker, kind=first.kind, quote=first.quote, copy_of=first.id,
        nested_in=first.nested_in, date_said=first.date_said if rng.random() < 0.5 else None,
    )  # fmt: skip
    statements = list(conflict.statements)
    statements.insert(rng.randrange(len(statements) + 1), copy)
    longer = conflict.replaced(sources=[*conflict.sources, reprint], statements=statements)
    for day, undated in questions(conflict, rng, most=2):
        one, other = (asked(each, day, undated) for each in (conflict, longer))
        assert set(one.statements_in_force()) == set(other.statements_in_force())
        try:
            model = model_of_day(one)
        except InputError:
            continue
        copied = model_of_day(other)
        assert copied.digest == model.digest
        assert copied.solved_for.dropped == model.solved_for.dropped
        if rng.random() < 0.2:
            assert in_accounts(other) == in_accounts(one)


def in_accounts(conflict: dt.Conflict) -> object:
    """In how many accounts each state is an equilibrium, and in which."""
    try:
        found = conflict.whose_word(CONCEPTS)
    except InputError as error:
        return str(error)
    return {
        (one.concept.id, one.pattern): (one.share, {frozenset(each) for each in one.conditions or ()})
        for one in found.dependences
    }


@relaxed
@given(conflict=disputes_over_time(), seed=seeds)
def test_model_changes_only_on_days_that_the_file_names(conflict: dt.Conflict, seed: int) -> None:
    rng = Random(seed)
    days = named_days(conflict)
    for undated in ("latest", "earliest"):
        day = date(2020, 6, 1) + timedelta(days=rng.randrange(1500))
        place = bisect_right(days, day)
        named = days[place - 1] if place else date(1900, 1, 1)
        assert what_is_in(conflict, day, undated) == what_is_in(conflict, named, undated)


def what_is_in(conflict: dt.Conflict, day: date, undated: str) -> object:
    dated = conflict.at(day.isoformat(), undated)
    try:
        model = model_of_day(dated)
    except InputError:
        return dated.statements_in_force()
    basis = model.solved_for
    return dated.statements_in_force(), model.digest, basis.dropped, basis.infeasible, basis.skipped_acts


@relaxed
@given(conflict=disputes_over_time(lists=False), seed=seeds)
def test_undoing_and_redoing_acts_leads_back_to_the_status_quo(conflict: dt.Conflict, seed: int) -> None:
    quo, acts = conflict.status_quo, conflict.history
    assume(quo is not None and acts)
    spans = [ends(act.date) for act in acts]
    last = conflict.last_day or date.max
    for day in named_days(conflict):
        if any(first <= day < end for first, end in spans if first and end):
            continue
        then = taken_on(quo.taken, acts, conflict.last_day, day)
        assert taken_on(then, acts, day, last) == quo.taken
        # The same file, with its status quo written down on another day, is the same dispute on every day.
        other = conflict.replaced(as_of=day.isoformat(), status_quo=StatusQuo(then), rules=[], merge=[], one_way=[])
        first = conflict.replaced(rules=[], merge=[], one_way=[])
        asked_of = Random(seed).choice(named_days(conflict)).isoformat()
        try:
            told = [model_of_day(one.at(asked_of)).status_quo for one in (first, other)]
        except InputError:
            continue
        if not model_of_day(other.at(asked_of)).solved_for.skipped_acts:
            assert told[0].taken == told[1].taken


@relaxed
@given(conflict=disputes_over_time(), seed=seeds)
def test_day_asked_about_last_is_the_only_one_that_counts(conflict: dt.Conflict, seed: int) -> None:
    rng = Random(seed)
    first, last = (rng.choice(named_days(conflict)).isoformat() for _ in range(2))
    assert conflict.at(first).at(last) == conflict.at(last)
    try:
        solved = model_of_day(conflict.at(first))
    except InputError:
        return
    assert solved.at(last) == conflict.at(last)
    assert solved.statements_in_force() == conflict.at(first).statements_in_force()


@relaxed
@given(conflict=disputes_over_time())
def test_dispute_over_time_written_and_read_is_the_same(tmp_path_factory: object, conflict: dt.Conflict) -> None:
    path = Path(str(tmp_path_factory.mktemp("written"))) / "written.conflict.yaml"  # type: ignore[attr-defined]
    path.write_text(dump_conflict(conflict), encoding="utf-8")
    read = dt.load(path)
    assert read == conflict
    assert dump_conflict(read) == dump_conflict(conflict)


RANKED = """\
format: detente/1
title: Ranked
as_of: 2022-06-01
decision_makers:
  a:
    options: {x: X}
    ranking: [{ranked}]
  b:
    options: {y: {name: Y, since: 2023}}
    preferences: [x]
{more}
status_quo: []
"""


def ranked(tmp_path: Path, ranking: str, more: str) -> dt.Conflict:
    path = tmp_path / "ranked.conflict.yaml"
    path.write_text(RANKED.replace("{ranked}", ranking).replace("{more}", more), encoding="utf-8")
    return dt.load(path)


def test_ranked_merged_state_that_loses_members_is_still_ranked(tmp_path: Path) -> None:
    """``Y-`` has one member left where y cannot be taken: the ranking of the two states of the file covers it."""
    conflict = ranked(tmp_path, "Y-, NY, NN", "merge: [x]")
    assert [state.pattern for state in conflict.analyze(["nash"]).equilibria("nash")] == ["YN"]
    assert {state.pattern for state in conflict.at("2023-01-01").analyze(["nash"]).equilibria("nash")} == {"Y-"}


def test_ranked_merged_state_that_falls_apart_is_refused(tmp_path: Path) -> None:
    conflict = ranked(tmp_path, "Y-, NY, NN", "merge: [{when: x, until: 2022}]").at("2023-01-01")
    with pytest.raises(InputError, match="the ranking of 'a' does not cover the states: YN, YY"):
        conflict.analyze()


@pytest.mark.parametrize("believed", ["3, 1, 2, 4", "NY, NN, YN, YY"])
def test_believed_ranking_by_number_means_the_states_of_the_file(tmp_path: Path, believed: str) -> None:
    """Where x cannot be taken NY is state 2, and 3 in the view means it still."""
    path = tmp_path / "believed.conflict.yaml"
    text = RANKED.replace("{x: X}", "{x: {name: X, since: 2023}}").replace("{name: Y, since: 2023}", "Y")
    views = f"views: {{b: {{believes: {{a: {{ranking: [{believed}]}}}}}}}}"
    path.write_text(text.replace("{ranked}", "NN, YN, NY, YY").replace("{more}", views), encoding="utf-8")
    model = model_of_day(dt.load(path))
    assert [state["state"] for state in model.analyze(["nash"]).to_dict()["states"]] == ["NN", "NY"]
    assert model.views[0].believed("a") == dt.Ranking.of("NY", "NN")
    assert model.perceive(["nash"]).to_dict()["as_of"] == "2022-06-01"
