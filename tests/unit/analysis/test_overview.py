"""The overview: each fact against a slow look at the definitions, on random disputes, and cases by hand."""

from __future__ import annotations

import json
from collections import deque
from datetime import date
from random import Random
from time import perf_counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.coalitions import CoalitionImprovement
from detente.analysis.evolution import Target
from detente.analysis.inverse import PreferenceChange
from detente.analysis.overview import overview, parts
from detente.analysis.overview.parts import MOVES, TOGETHER, WAY_KINDS, Matter
from detente.analysis.third_party import OptionSet
from detente.analysis.timeline.positions import Position
from detente.model.dates import DateRange
from detente.model.day import model_of_day
from tests.examples import examples
from tests.laws.test_timeline import positions_on, with_matters
from tests.over_time import dispute_over_time
from tests.reference.brute_force import BruteForce
from tests.reference.evidence import Words
from tests.strategies import conflicts

relaxed = settings(
    deadline=None,
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
CONCEPTS = ("nash", "gmr", "smr", "seq")


def fewest(brute: BruteForce, start: object) -> dict[object, int]:
    """The fewest moves that are no improvements on any legal path to each state: 0-1 search over last movers."""
    best: dict[tuple[object, int], int] = {(start, -1): 0}
    waiting = deque([(start, -1)])
    while waiting:
        state, last = waiting.popleft()
        for player in range(len(brute.players)):
            if player == last:
                continue
            for end in brute.player_moves[player][state]:
                cost = best[state, last] + (not brute.better(player, end, state))
                if cost < best.get((end, player), 10**6):
                    best[end, player] = cost
                    waiting.append((end, player))
    found: dict[object, int] = {}
    for (state, _), cost in best.items():
        found[state] = min(cost, found.get(state, cost))
    return found


def walked(brute: BruteForce, start: object, path: list[tuple[str, int]], names: list[str]) -> dict[str, int]:
    """Walk a path by the definition, and count for each player the moves that it does not prefer."""
    counts: dict[str, int] = {}
    last = None
    for player, number in path:
        place, end = names.index(player), brute.find(number)
        assert end in brute.player_moves[place][start] and player != last
        if not brute.better(place, end, start):
            counts[player] = counts.get(player, 0) + 1
        start, last = end, player
    return counts


@relaxed
@given(conflict=conflicts(max_options=4, min_options=1))
def test_every_fact_is_as_a_slow_look_at_the_definitions_says(conflict: dt.Conflict) -> None:
    found = conflict.overview(CONCEPTS)
    brute = BruteForce(conflict)
    stable = brute.stability(CONCEPTS)
    names = list(conflict.player_ids)
    equilibria = {id: set.intersection(*(set(by[player]) for player in names)) for id, by in stable.items()}
    here = found.analysis.status_quo
    if here is None:
        assert set(found.stuck.values()) == {None} and found.parties == () and found.ways == ()
    elif None not in found.stuck.values():
        assert found.stuck == {id: here.number in states for id, states in equilibria.items()}
    # The outcomes that would last.
    under = {
        number: [id for id in CONCEPTS if number in equilibria[id]]
        for number in sorted(set().union(*equilibria.values()) - ({here.number} if here else set()))
    }
    assert found.count == len(under)
    assert len(found.outcomes) == min(len(under), parts.MAX_OUTCOMES)
    for one in found.outcomes:
        assert list(one.concepts) == under[one.state.number]
    shown = [one.state.number for one in found.outcomes]
    left = [len(of) for number, of in under.items() if number not in shown]
    assert not left or max(left) <= min(len(one.concepts) for one in found.outcomes)
    if here is None:
        return
    start = brute.find(here.number)
    nearest = fewest(brute, start)
    for one in found.outcomes:
        assert one.concessions == nearest.get(brute.find(one.state.number))
        assert sum(count for _, count in one.conceded_by) == (one.concessions or 0)
    # What each party would do next, and what holds it back.
    for place, party in enumerate(found.parties):
        assert party.player == names[place]
        better = brute.improvements(place, start)
        assert {brute.find(one.to.number) for one in party.would.verdict.improvements} == better
        assert (party.best is None) == (not better)
        if party.best is None:
            assert party.held is None
            continue
        first = conflict.players[place][0]
        assert brute.value[first][brute.find(party.best.number)] == max(brute.value[first][end] for end in better)
        holding = [id for id in ("seq", "smr", "gmr") if here.number in stable[id][party.player]]
        assert (party.held.concept.id if party.held else None) == (holding[0] if holding else None)
        if party.deterred is not None:
            assert party.deterred.to == party.best and party.deterred.sanction is not None
            assert not brute.better(place, brute.find(party.deterred.sanction.end.number), start)
    # The ways, and their order.
    assert [one.concessions for one in found.ways] == sorted(one.concessions for one in found.ways)
    for way in found.ways:
        number = way.outcome.number
        match way.found:
            case Target(route=path) if path:
                counts = walked(brute, start, [(move.player, move.end.number) for move in path], names)
                assert dict(way.asks) == counts and way.concessions == nearest[brute.find(number)]
                assert list(way.concepts) == under[number]
            case CoalitionImprovement(path=taken, coalition=members):
                assert dict(way.asks) == walked(brute, start, [(one, end.number) for one, end in taken], names)
                assert all(brute.better(names.index(one), brute.find(number), start) for one in members)
                assert list(way.concepts) == under[number]
            case PreferenceChange():
                assert number not in under
                assert number in way.found.applied(conflict).analyze(way.concepts).equilibria(way.concepts[0])
            case OptionSet():
                changed = way.source.applied(way.found)  # type: ignore[union-attr]
                patterns = [one.pattern for one in changed.analyze(way.concepts).equilibria(way.concepts[0])]
                assert way.outcome.pattern in patterns or "-" in way.outcome.pattern


@relaxed
@given(st.integers(0, 10**9), st.sampled_from(("latest", "earliest")), st.booleans())
def test_matters_are_the_last_words_in_force_on_the_day(seed: int, undated: str, dated: bool) -> None:
    conflict = with_matters(dispute_over_time(seed), seed)
    day = date(2021 + Random(seed).randrange(3), 6, 15)
    try:
        model = model_of_day(conflict.at(day.isoformat(), undated) if dated else conflict)
    except dt.InputError:
        return
    # Without a day, words whose date has an open end are no position: as in a timeline, no day has them said.
    texts = [one.date_said or "" for one in conflict.statements] + [one.date or "" for one in conflict.sources]
    assume(model.written.solved_day is not None or not any(text.endswith("..") for text in texts))
    found = list(parts.matters_of(model, None))
    words = Words(conflict, model.basis.undated, None, date(2022, 1, 1))
    until = model.written.solved_day or date.max
    wanted = positions_on(words, conflict, until)
    assert [one.option for one in found] == [one.id for one in model.options if one.id not in model.untaken]
    for one in found:
        held: dict[str, set[str]] = {}
        for position in one.positions:
            held.setdefault(position.holder, set()).add(position.stance)
        for maker in model.decision_makers:
            expected = wanted.get((maker.id, one.option), set())
            assert held.get(maker.id, set()) - {"none"} == expected - {"none"}
            assert (maker.id in one.silent) == (not expected - {"none"})


@pytest.mark.parametrize(
    ("stances", "verdict"),
    [
        ({"a": ["for"], "b": ["against"]}, "disputed"),
        ({"a": ["for", "against"]}, "unclear"),
        ({"a": ["for", "against"], "b": ["for"]}, "disputed"),
        ({"a": ["for"], "b": ["for"]}, "agreed"),
        ({"a": ["against"], "b": ["against"], "c": ["none"]}, "agreed"),
        ({"a": ["for"], "b": ["conditional"]}, "conditional"),
        ({"a": ["for"]}, "one side"),
        ({"a": ["none"]}, "silent"),
        ({}, "silent"),
    ],
)
def test_verdict_on_an_option(stances: dict[str, list[str]], verdict: str) -> None:
    no_date = DateRange(None, None)
    positions = [
        Position(holder, "x", stance, no_date, None, (), (), "begins")
        for holder, all_ in stances.items()
        for stance in all_
    ]
    assert Matter("x", tuple(positions), ()).verdict == verdict


def test_nile_dam_is_stuck_since_the_step_to_the_council() -> None:
    found = dt.example("nile-dam").overview()
    assert all(found.stuck.values())
    assert found.since is not None and found.since.first == date(2021, 7, 8)
    assert [(one.kind, one.outcome.name, dict(one.asks)) for one in found.ways[:2]] == [
        (TOGETHER, "a binding agreement", {"ethiopia": 1}),
        (MOVES, None, {"egypt": 1}),
    ]
    best = found.outcomes[0]
    assert best.state.name == "a binding agreement" and best.leaving == () and best.in_every_account is False
    verdicts = {one.option: one.verdict for one in found.matters}
    assert verdicts["fill"] == "conditional" and verdicts["sudan-signs"] == "agreed"


def test_a_joint_move_replaces_the_path_that_asks_for_the_same() -> None:
    ways = dt.example("nile-dam").overview().ways
    (deal,) = [one for one in ways if one.outcome.name == "a binding agreement"]
    assert deal.kind == TOGETHER


def test_what_holds_a_party_back_is_the_first_concept_that_keeps_it() -> None:
    found = dt.example("elmira").overview()
    held = {one.player: one.held and one.held.concept.id for one in found.parties}
    assert held == {"moe": None, "uniroyal": None, "local": "smr"}


def test_outcomes_that_no_party_wants_are_no_ways_out() -> None:
    found = dt.example("prisoners-dilemma").replaced(status_quo=dt.StatusQuo(frozenset())).overview(["nash"])
    wanted = [one.outcome for one in found.ways if one.kind in WAY_KINDS[2:]]
    ranks = [found.analysis.solver.ranks(place) for place in range(2)]
    here = found.analysis.status_quo
    assert here is not None
    assert all(any(of[state.number - 1] < of[here.number - 1] for of in ranks) for state in wanted)


def test_without_a_status_quo_only_outcomes_are_told() -> None:
    found = dt.example("chicken").overview()
    assert (found.parties, found.ways, found.since) == ((), (), None)
    assert found.left_out["paths"] == "no status quo is given"
    assert [one.state.number for one in found.outcomes] == [2, 3, 4]


def test_assumptions_are_the_elements_without_evidence() -> None:
    found = dt.example("ukraine-2023").overview(changes=False)
    makers = {maker.id: maker for maker in found.conflict.decision_makers}
    for at in found.assumptions:
        if at[0] == "decision_makers":
            assert makers[str(at[1])].preferences.statements[at[3]].support.is_judgement  # type: ignore[union-attr]
    assert len(found.assumptions) == 10


def large(makers: int, each: int) -> dt.Conflict:
    """A dispute of independent options, without rules."""
    rng = Random(makers)
    owned = [[f"o{maker}x{place}" for place in range(each)] for maker in range(makers)]
    names = [name for own in owned for name in own]
    return dt.Conflict(
        "Large",
        [
            dt.DecisionMaker(f"d{place}", options=own, preferences=[rng.choice(names), f"not {rng.choice(names)}"])
            for place, own in enumerate(owned)
        ],
        status_quo=names[:1],
        states={"all": names},
    )


def test_what_takes_too_long_is_left_out_with_the_reason() -> None:
    found = large(12, 1).overview()
    assert found.analysis.count == 4_096
    assert {"paths", "coalitions", "robustness"} <= set(found.left_out)
    where = "on the page Analyses of the app or with ‘detente coalitions’"
    assert found.left_out["coalitions"] == f"4,096 states take too long here; ask it alone, {where}"
    assert found.evolution is None and found.coalitions is None
    assert len(found.parties) == 12 and found.outcomes


@pytest.mark.slow
@pytest.mark.parametrize("makers", [3, 12])
def test_overview_of_4096_states_is_quick(makers: int) -> None:
    """The aim is 3 seconds on a quiet machine; a machine that runs other tests may take several times as long."""
    conflict = large(makers, 12 // makers)
    start = perf_counter()
    conflict.overview()
    assert perf_counter() - start < 15


def test_overview_has_data_rows_and_words() -> None:
    found = dt.example("nile-dam").overview()
    data = json.loads(found.to_json())
    assert data["format"] == "detente-overview/1"
    assert data["since"]["from"] == "2021-07-08"
    assert data["ways"][0]["asks"] == [{"party": "ethiopia", "count": 1}]
    assert data["outcomes"][0]["name"] == "a binding agreement"
    assert data["matters"][0]["verdict"] == "conditional"
    assert [row["kind"] for row in found.rows()] == [one["kind"] for one in data["ways"]]
    assert "Is it stuck? Yes." in str(found)
    assert "What would unstick it?" in found._repr_html_()


def test_overview_of_a_day_is_that_of_its_model() -> None:
    conflict = dt.example("nile-dam").at("2021-06-20")
    found = overview(conflict, changes=False)
    assert found.conflict.basis.day == date(2021, 6, 20)
    assert all(one.verdict == "silent" for one in found.matters)
