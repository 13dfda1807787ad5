"""Answers are checked, and false ones are found out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import compress
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente as dt
from benchmarks.disputes import dispute
from benchmarks.structured import structured
from detente.concepts import CONCEPTS, Respond
from detente.engine import ENGINES
from detente.engine.verdicts import ClosedSet
from detente.examples import catalogue
from detente.model.states import feasible_members
from detente.verification import definitions
from detente.verification.claims import Claim, FalseAnswerError, UncheckedError
from detente.verification.closed_proof import member, prove, prove_no_combination
from detente.verification.definitions import Checker, ReferenceModel
from detente.verification.verify import Verification, claim_of
from tests.examples import examples
from tests.reference.brute_force import PLAIN, BruteForce
from tests.strategies import conflicts
from tests.unit.cli.running import run

relaxed = settings(suppress_health_check=list(HealthCheck), deadline=None)


@pytest.mark.parametrize("engine", ENGINES)
@settings(relaxed, max_examples=examples(60))
@given(conflict=conflicts())
def test_answers_of_every_engine_are_verified(engine: str, conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(PLAIN, engine)
    verified = dt.verify(analysis)
    assert verified.complete
    assert verified.every_state == (len(verified.states) == analysis.count)
    assert verified.claims == len(verified.states) * len(conflict.players) * len(PLAIN)


@settings(relaxed, max_examples=examples(60))
@given(conflict=conflicts())
def test_reference_model_equals_the_slow_definitions(conflict: dt.Conflict) -> None:
    """States, moves and preferences are those of the slow reference, which is another piece of code again."""
    reference, plain = BruteForce(conflict), ReferenceModel(conflict)
    key = {state: max(state, key=lambda member: conflict.pattern(member)[::-1]) for state in reference.states}
    for state, taken in key.items():
        assert set(plain.members(taken)) == state
        assert {plain.state_of(member) for member in state} == {taken}
        assert plain.written(taken) == reference.pattern(state)
        assert taken in plain.written_as(reference.pattern(state))
        for place, player in enumerate(plain.players):
            moves = reference.player_moves[place][state]
            assert sorted(map(sorted, plain.moves(player, taken))) == sorted(sorted(key[end]) for end in moves)
            assert all(plain.can_move(player, taken, key[end]) == (end in moves) for end in reference.states)
            assert set(plain.improvements(player, taken)) == {key[end] for end in reference.improvements(place, state)}
            for one in state:
                assert set(plain.member_moves(player, one)) == reference.player_member_moves[place][one]


@pytest.mark.parametrize("id", catalogue())
def test_catalogue_answers_are_verified(id: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Elmira, which merges states, among them: by each engine that decides it, and on the command line."""
    conflict = dt.example(id)
    for engine in ENGINES:
        verified = dt.verify(conflict.analyze(PLAIN, engine))
        assert verified.complete
        assert verified.claims == len(verified.states) * len(conflict.players) * len(PLAIN)
    done = run(capsys, "analyze", f"example:{id}", "--verify")
    assert done.code == 0
    assert "Verified" in done.err
    assert "not checked" not in done.err


@pytest.mark.parametrize("turned", ["stable", "unstable"])
@settings(relaxed, max_examples=examples(40))
@given(conflict=conflicts(max_options=4, min_makers=2), draw=st.data())
def test_single_wrong_verdict_is_found(turned: str, conflict: dt.Conflict, draw: st.DataObject) -> None:
    """Of every kind of conflict: an engine that says of one state the opposite, in all that it tells, is found out."""
    analysis = conflict.analyze(PLAIN, engine="explicit")
    verdicts = [
        analysis.solver.why(number, player, concept)
        for concept in analysis.concepts
        for player in range(len(analysis.players))
        for number in range(1, analysis.count + 1)
    ]
    # A stable state can only be said to be unstable where there is an improvement to say it of.
    told = [one for one in verdicts if one.improvements and one.stable == (turned == "unstable")]
    assume(told)
    wrong = draw.draw(st.sampled_from(told))
    with pytest.raises(dt.CertificateError, match="failed verification"):
        dt.verify(saying_otherwise(analysis, wrong.concept.id, wrong.player, int(wrong.state)))


def saying_otherwise(analysis: dt.Analysis, concept: str, player: int, number: int) -> dt.Analysis:
    """The analysis of an engine that is wrong on one verdict, and consistent with itself."""
    right, name = analysis.solver.why, analysis.players[player]

    def why(state: int, place: int, asked):
        verdict = right(state, place, asked)
        if (state, place, asked.id) != (number, player, concept):
            return verdict
        if verdict.stable:
            bare = tuple(replace(one, sanction=None) for one in verdict.improvements)
            return replace(verdict, stable=False, improvements=bare)
        return replace(verdict, stable=True, improvements=tuple(one for one in verdict.improvements if one.sanction))

    stability = {id: set(states.numbers()) for id, states in analysis.stability[concept].items()}
    stability[name] ^= {number}
    fake = SimpleNamespace(
        why=why,
        state=analysis.solver.state,
        number_of=analysis.solver.number_of,
        name=analysis.solver.name,
        conflict=analysis.conflict,
        equilibria=lambda asked: (
            Numbers(set.intersection(*stability.values())) if asked.id == concept else analysis.solver.equilibria(asked)
        ),
    )
    found = {id: Numbers(of) for id, of in stability.items()}
    return replace(analysis, solver=fake, stability={**analysis.stability, concept: found})


class Numbers(set):
    """A set of states by their numbers."""

    def numbers(self) -> list[int]:
        return sorted(self)


@settings(relaxed, max_examples=examples(30))
@given(conflict=conflicts(coalitions=False, statements_only=True, min_makers=2), draw=st.data())
def test_closed_set_proofs_equal_walks(conflict: dt.Conflict, draw: st.DataObject) -> None:
    """Every open improvement is proved open by a closed set, and no sanctioned one can be."""
    analysis = conflict.analyze(["gmr", "smr", "seq", "sseq"], "symbolic")
    concept = draw.draw(st.sampled_from(analysis.concepts))
    player = draw.draw(st.integers(0, len(analysis.players) - 1))
    number = draw.draw(st.integers(1, analysis.count))
    verdict = analysis.solver.why(number, player, concept)
    assume(verdict.improvements)
    plain = Checker(conflict)
    claim = claim_of(analysis.solver, plain, verdict)
    closed = analysis.solver.closed_set(number, player, concept)
    everything = ClosedSet((), 1)
    for end, sanction in claim.improvements.items():
        assert {member(closed, one) for one in plain.members(end)} == {sanction is None}
        if sanction is None:
            prove(plain, claim, end, closed)
        else:
            with pytest.raises(FalseAnswerError):
                prove(plain, claim, end, closed)
            with pytest.raises(FalseAnswerError):
                prove(plain, claim, end, everything)


def pair() -> dt.Conflict:
    """The first decision maker is tempted by a, and the second can take c against it, which it likes."""
    makers = [
        dt.DecisionMaker("i", options=["a"], preferences=["not c", "a"]),
        dt.DecisionMaker("j", options=["c"], preferences=["a iff c"]),
    ]
    return dt.Conflict("pair", makers)


def claims(concept: str) -> tuple[Checker, Claim]:
    conflict = pair()
    analysis = conflict.analyze([concept], "symbolic")
    plain = Checker(conflict)
    return plain, claim_of(analysis.solver, plain, analysis.solver.why(1, 0, CONCEPTS[concept]))


@pytest.mark.parametrize("concept", ["gmr", "smr", "seq", "sseq"])
def test_omitted_sanction_is_found(concept: str) -> None:
    plain, claim = claims(concept)
    assert plain.check(claim) == "sanctions"
    kept_back = replace(claim, stable=False, improvements=dict.fromkeys(claim.improvements))
    with pytest.raises(FalseAnswerError, match="deters it"):
        plain.check(kept_back)


def test_false_sanction_is_found() -> None:
    plain, claim = claims("seq")
    ((end, sanction),) = claim.improvements.items()
    assert sanction is not None
    nowhere = replace(sanction, steps=(), end=end)
    elsewhere = replace(sanction, end=frozenset())
    by_itself = replace(sanction, steps=(("i", frozenset()),), end=frozenset())
    unwilling = replace(sanction, steps=(*sanction.steps, ("j", end)), end=end)
    for false in (nowhere, elsewhere, by_itself, unwilling):
        with pytest.raises(FalseAnswerError):
            plain.check(replace(claim, improvements={end: false}))


def test_missing_or_invented_improvement_is_found() -> None:
    plain, claim = claims("seq")
    with pytest.raises(FalseAnswerError, match="claimed improvements are wrong"):
        plain.check(replace(claim, improvements={}))
    with pytest.raises(FalseAnswerError, match="does not follow from the sanctions"):
        plain.check(replace(claim, stable=False))
    made_up = {**claim.improvements, frozenset({"c"}): None}
    with pytest.raises(FalseAnswerError, match="claimed improvements are wrong"):
        plain.check(replace(claim, stable=False, improvements=made_up))


def test_wrong_number_or_lost_state_is_found() -> None:
    analysis = pair().analyze(["nash"])
    swapped = {1: 2, 2: 1}
    right = analysis.solver
    fake = SimpleNamespace(
        why=lambda state, player, concept: right.why(swapped.get(state, state), player, concept),
        state=lambda number: right.state(swapped.get(number, number)),
        number_of=right.number_of,
        name=right.name,
        conflict=analysis.conflict,
        equilibria=right.equilibria,
    )
    with pytest.raises(dt.CertificateError, match="this number is that of 1 NN"):
        dt.verify(replace(analysis, solver=fake))
    with pytest.raises(dt.CertificateError, match="there are 4 states, not 3"):
        dt.verify(replace(analysis, count=3))


def test_moves_from_a_merged_state_are_checked_at_every_member() -> None:
    """The first decision maker can leave 'b' only from one of the members that are one state."""
    makers = [
        dt.DecisionMaker("i", options=["a"], preferences=["not a"]),
        dt.DecisionMaker("j", options=["b", "c"], preferences=["c"]),
    ]
    conflict = dt.Conflict("two in one", makers, rules=["if a then b"], merge=["b and c", "a and b"])
    analysis, plain = conflict.analyze(["nash"]), Checker(conflict)
    merged = analysis.states()[-1]
    assert merged.pattern == "-Y-"
    claim = claim_of(analysis.solver, plain, analysis.solver.why(merged.number, 0, CONCEPTS["nash"]))
    assert plain.check(claim) == "sanctions"
    assert set(claim.improvements) == {frozenset("b")}
    with pytest.raises(FalseAnswerError, match="claimed improvements are wrong"):
        plain.check(replace(claim, stable=True, improvements={}))
    with pytest.raises(FalseAnswerError, match="there is no state"):
        claim_of(
            analysis.solver, Checker(conflict.replaced(merge=[])), analysis.solver.why(merged.number, 0, claim.concept)
        )


def test_merged_states_with_the_same_pattern_are_distinct() -> None:
    makers = [
        dt.DecisionMaker("i", options=["a"], preferences=["a iff b"]),
        dt.DecisionMaker("j", options=["b"], preferences=["not (a iff b)"]),
    ]
    analysis = dt.Conflict("twins", makers, merge=["a iff b", "not (a iff b)"]).analyze()
    assert [state.pattern for state in analysis.states()] == ["--", "--"]
    assert dt.verify(analysis).complete


@pytest.mark.slow
def test_proof_replaces_a_long_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.verification import verify

    monkeypatch.setattr(verify, "SHORT_WALK", 0)
    verified = dt.verify(structured(16, 4, 3).analyze(["gmr", "smr", "seq", "sseq"], "symbolic"))
    assert verified.complete
    assert dict(verified.by)["proof"] > 0
    assert dict(verified.by)["proof"]


@settings(relaxed, max_examples=examples(30))
@given(conflict=conflicts(statements_only=True, min_makers=2))
def test_proofs_of_combinations_equal_trying_them(conflict: dt.Conflict) -> None:
    analysis = conflict.analyze(["sim"], "explicit")
    plain = Checker(conflict)
    for number in range(1, analysis.count + 1):
        for player in range(len(analysis.players)):
            claim = claim_of(analysis.solver, plain, analysis.solver.why(number, player, CONCEPTS["sim"]))
            for end, sanction in claim.improvements.items():
                if sanction is None:
                    prove_no_combination(plain, claim, end)
                else:
                    with pytest.raises(FalseAnswerError):
                        prove_no_combination(plain, claim, end)


@settings(relaxed, max_examples=examples(40))
@given(conflict=conflicts(merges=False, statements_only=True, min_makers=3), draw=st.data())
def test_proofs_with_coalitions_equal_walks(conflict: dt.Conflict, draw: st.DataObject) -> None:
    """Where the others can get to is a closed set: it proves an improvement open just when nothing in it deters."""
    ids = [maker.id for maker in conflict.decision_makers]
    conflict = conflict.replaced(coalitions=draw.draw(st.sampled_from([[ids[:2], ids[2:]], [ids[:1], ids[1:]]])))
    analysis, plain = conflict.analyze(["gmr", "smr", "seq", "sseq", "sim"]), Checker(conflict)
    concept = draw.draw(st.sampled_from(analysis.concepts))
    player = draw.draw(st.integers(0, 1))
    number = draw.draw(st.integers(1, analysis.count))
    claim = claim_of(analysis.solver, plain, analysis.solver.why(number, player, concept))
    for end, sanction in claim.improvements.items():
        if concept.respond is Respond.COMBINATIONS:
            proving = partial(prove_no_combination, plain, claim, end)
        else:
            proving = partial(prove, plain, claim, end, decisions(conflict, reached(plain, claim, end)))
        if sanction is None:
            proving()
            continue
        with pytest.raises(FalseAnswerError):
            proving()
        if concept.respond is not Respond.COMBINATIONS:
            with pytest.raises(FalseAnswerError, match="can leave the closed set"):
                prove(plain, claim, end, decisions(conflict, {end}))


def reached(plain: Checker, claim: Claim, start: frozenset[str]) -> set[frozenset[str]]:
    """Where the others can get to."""
    found, waiting = {start}, [start]
    improving = claim.concept.respond is Respond.IMPROVEMENTS
    while waiting:
        here = waiting.pop()
        for mover in set(plain.players) - {claim.player}:
            new = set(plain.improvements(mover, here) if improving else plain.moves(mover, here)) - found
            found |= new
            waiting += new
    return found


def decisions(conflict: dt.Conflict, states: set[frozenset[str]]) -> ClosedSet:
    """A set of states as decisions, one option after the other."""
    made: list[tuple[str, int, int]] = []

    def decide(names: list[str], left: set[frozenset[str]]) -> int:
        if not names or not left:
            return int(bool(left))
        name, *others = names
        having = decide(others, {state for state in left if name in state})
        without = decide(others, {state for state in left if name not in state})
        made.append((name, having, without))
        return len(made) + 1

    start = decide([option.id for option in conflict.options], states)
    return ClosedSet(tuple(made), start)


def test_unchecked_claims_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "MAX_OWN_OPTIONS", 0)
    verified = dt.verify(pair().analyze(["seq"], "symbolic"))
    assert not verified.complete
    assert verified.claims == 0
    assert verified.unchecked[0][0].startswith("i has more than 0 options")
    monkeypatch.undo()
    monkeypatch.setattr(definitions, "MAX_MERGED", 1)
    verified = dt.verify(pair().replaced(merge=["a"]).analyze(["nash"]))
    assert dict(verified.unchecked) == {"'a' merges more than 1 states, the limit for listing them": 6}
    monkeypatch.setattr(definitions, "MAX_COALITION_STEPS", 0)
    together = dt.verify(pair().replaced(coalitions=[["i", "j"]]).analyze(["nash"]))
    assert dict(together.unchecked) == {"i+j has too many joint moves to try each": 4}


def test_unproved_claims_on_merged_states_are_reported() -> None:
    """A coalition changes the options of others on its way through merged states."""
    conflict = pair().replaced(merge=["a and c"], coalitions=[["i", "j"]])
    analysis = conflict.analyze(["gmr"])
    checker = Checker(conflict)
    claim = claim_of(analysis.solver, checker, analysis.solver.why(1, 0, CONCEPTS["gmr"]))
    with pytest.raises(UncheckedError, match="need a conflict without merged states"):
        prove(checker, claim, frozenset("a"), ClosedSet((), 1))


def passing(merge: str, third: bool = False) -> dt.Conflict:
    """One is tempted by a; another can do away with it only by passing through what is merged, moving twice."""
    makers = [
        dt.DecisionMaker("i", options=["a"], preferences=["a or b"]),
        dt.DecisionMaker("j", options=["b", "c"], preferences=["c"]),
    ]
    if third:
        makers.append(dt.DecisionMaker("k", options=["d"], preferences=["d"]))
    return dt.Conflict("passing", makers, merge=[merge])


def test_last_mover_to_a_merged_state_is_remembered() -> None:
    """'b' is one state: from 'a' the second gets there, and from there to nothing at all, but not in one turn."""
    conflict = passing("b")
    analysis, plain = conflict.analyze(["gmr"], "symbolic"), Checker(conflict)
    claim = claim_of(analysis.solver, plain, analysis.solver.why(1, 0, CONCEPTS["gmr"]))
    assert not claim.stable
    closed = analysis.solver.closed_set(1, 0, CONCEPTS["gmr"])
    prove(plain, claim, frozenset("a"), closed)
    with pytest.raises(FalseAnswerError, match="can leave the closed set"):
        prove(plain, claim, frozenset("a"), replace(closed, after=()))
    # Where a third gets from 'b' to somewhere that the second goes on from, it deters.
    by_turns = passing("b and not d", third=True)
    analysis, plain = by_turns.analyze(["gmr"], "symbolic"), Checker(by_turns)
    claim = claim_of(analysis.solver, plain, analysis.solver.why(1, 0, CONCEPTS["gmr"]))
    sanction = claim.improvements[frozenset("a")]
    assert sanction is not None
    assert [mover for mover, _ in sanction.steps] == ["j", "k", "j"]
    assert plain.check(claim) == "sanctions"


def test_set_that_fails_one_condition_is_not_a_proof() -> None:
    """The third and the second, by turns, do away with the first one's improvement: whatever is forged is found out."""
    conflict = passing("b and not d", third=True)
    analysis, plain = conflict.analyze(["gmr"], "symbolic"), Checker(conflict)
    claim = claim_of(analysis.solver, plain, analysis.solver.why(1, 0, CONCEPTS["gmr"]))
    end = frozenset("a")
    names = [option.id for option in conflict.options]
    members = {frozenset(compress(names, one)) for one in feasible_members(conflict)}
    harmless = {one for one in members if not plain.deters(claim, plain.state_of(one))}
    # From where the third has moved to, the second leads to what hurts.
    with pytest.raises(FalseAnswerError, match="j can leave"):
        prove(plain, claim, end, several(conflict, {None: {end}, 1: harmless, 2: harmless}))
    # Where 'a' stays taken nothing hurts, but it is not taken at every member of the merged state that is got to.
    with pytest.raises(FalseAnswerError, match="can leave"):
        taken = {one for one in members if "a" in one}
        prove(plain, claim, end, several(conflict, {None: {end}, 1: taken, 2: taken}))
    with pytest.raises(FalseAnswerError, match="deters"):
        prove(plain, claim, end, several(conflict, {None: {end}, 1: harmless, 2: members}))
    merged = passing("a")
    analysis, plain = merged.analyze(["gmr"], "symbolic"), Checker(merged)
    claim = claim_of(analysis.solver, plain, analysis.solver.why(1, 0, CONCEPTS["gmr"]))
    (improvement,) = claim.improvements
    prove(plain, claim, improvement, analysis.solver.closed_set(1, 0, CONCEPTS["gmr"]))
    with pytest.raises(FalseAnswerError, match="does not contain the improvement"):
        prove(plain, claim, improvement, several(merged, {None: {improvement}, 1: set()}))


@settings(relaxed, max_examples=examples(30))
@given(
    conflict=conflicts(max_options=5, coalitions=False, statements_only=True, min_makers=3, max_makers=3),
    draw=st.data(),
)
def test_tampered_closed_set_is_detected(conflict: dt.Conflict, draw: st.DataObject) -> None:
    """With members put in or taken out, or the sets of two decision makers exchanged: proof only if it still is one."""
    assume(conflict.merge)
    analysis, plain = conflict.analyze(["gmr", "smr", "seq", "sseq"], "symbolic"), Checker(conflict)
    open_ = [
        verdict
        for concept in analysis.concepts
        for player in range(len(analysis.players))
        for number in range(1, analysis.count + 1)
        if not (verdict := analysis.solver.why(number, player, concept)).stable
    ]
    assume(open_)
    verdict = draw.draw(st.sampled_from(open_))
    claim = claim_of(analysis.solver, plain, verdict)
    end = draw.draw(st.sampled_from([end for end, sanction in claim.improvements.items() if sanction is None]))
    closed = analysis.solver.closed_set(int(verdict.state), verdict.player, verdict.concept)
    names = [option.id for option in conflict.options]
    members = [frozenset(compress(names, one)) for one in feasible_members(conflict)]
    others = [place for place in range(len(plain.players)) if place != verdict.player]
    starts = {None: closed.start, **{place: dict(closed.after).get(place, closed.start) for place in others}}
    sets = {
        place: {one for one in members if member(replace(closed, start=start), one)} for place, start in starts.items()
    }
    assert stands(plain, claim, end, sets)
    prove(plain, claim, end, closed)
    keys = st.sampled_from(list(sets))
    for place, one in draw.draw(st.lists(st.tuples(keys, st.sampled_from(members)), min_size=1, max_size=3)):
        sets[place] = sets[place] ^ {one}
    if draw.draw(st.booleans()):
        one, other = draw.draw(keys), draw.draw(keys)
        sets[one], sets[other] = sets[other], sets[one]
    tampered = several(conflict, sets)
    if stands(plain, claim, end, sets):
        prove(plain, claim, end, tampered)
    else:
        with pytest.raises(FalseAnswerError):
            prove(plain, claim, end, tampered)


def stands(plain: Checker, claim: Claim, improvement: frozenset[str], sets: dict) -> bool:
    """Whether sets of members by who moved last are proof, by trying every move from every member."""
    if not set(plain.members(improvement)) <= sets[None]:
        return False
    for place, into in ((place, into) for place, into in sets.items() if place is not None):
        mover = list(plain.players)[place]
        if any(plain.deters(claim, plain.state_of(one)) for one in into):
            return False
        for here in set().union(*(states for last, states in sets.items() if last != place)):
            for end in map(plain.state_of, plain.member_moves(mover, here)):
                start = plain.state_of(here)
                answers = claim.concept.respond is Respond.MOVES or plain.better(mover, end, start)
                if end != start and answers and not set(plain.members(end)) <= into:
                    return False
    return True


def several(conflict: dt.Conflict, sets: dict) -> ClosedSet:
    """Sets of members as decisions, each by itself."""
    made: list[tuple[str, int, int]] = []
    starts = {}
    for place, members in sets.items():
        own = decisions(conflict, members)
        shift = len(made)
        made += [(name, *(at + shift if at > 1 else at for at in both)) for name, *both in own.decisions]
        starts[place] = own.start + shift if own.start > 1 else own.start
    return ClosedSet(tuple(made), starts.pop(None), tuple(starts.items()))


@pytest.mark.slow
def test_few_states_of_unlistable_members_are_checked() -> None:
    """What is merged leaves no more states than can be listed, of twice as many members as can be."""
    conflict = dispute(17, 4, 1)
    conflict = conflict.replaced(merge=[conflict.options[0].id, conflict.options[5].id])
    analysis = conflict.analyze(["nash"])
    assert analysis.count == 2**15 + 1
    verified = dt.verify(analysis)
    assert verified.states
    assert not verified.complete
    assert all("merges more than 20,000 states" in reason for reason, _ in verified.unchecked)


def test_verification_without_claims_is_not_complete() -> None:
    empty = Verification("", "symbolic", "", (), 0, 0, (), ())
    assert empty.nothing
    given_up = Verification("", "symbolic", "", (1,), 9, 0, (), (("too many moves", 2), ("too many states", 1)))
    assert given_up.nothing
    assert not Verification("", "symbolic", "", (1,), 9, 1, (("hand", 1),), ()).nothing
