"""Timelines: against a slow reference that looks at every day by itself, and the laws that a timeline obeys."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.timeline.course import InForce, course_of, past_of, verdict_since
from detente.analysis.whose_word import prime_implicants
from detente.errors import InputError, UnknownNameError
from detente.model.day import model_of_day, no_preferences_known
from detente.model.preferences import Prioritising
from detente.model.statements import STANCE_OF_KIND, STATEMENT_KINDS, Actor, Dossier, Statement
from detente.present.positions import only_reported
from detente.present.timeline import since_in_words
from tests.examples import examples
from tests.over_time import dispute_over_time, named_days
from tests.reference.brute_force import BruteForce
from tests.reference.evidence import Answer, Words, on_the_day

relaxed = settings(deadline=None, max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10**9)
readings = st.sampled_from(("latest", "earliest"))
DAY = timedelta(days=1)


def some_days(conflict: dt.Conflict) -> list[date]:
    """Days on, before and after every date of a file."""
    days = {day + step * DAY for day in named_days(conflict) for step in (-1, 0)}
    return sorted(days | {date(1999, 1, 1), date(2030, 1, 1)})


def with_matters(conflict: dt.Conflict, seed: int) -> dt.Conflict:
    """The dispute with statements that are about options, some with a stance of their own."""
    rng = Random(seed)
    options = [one.id for one in conflict.options]
    statements = []
    for one in conflict.statements:
        about = tuple(rng.sample(options, rng.randint(0, min(2, len(options)))))
        kind = rng.choice(STATEMENT_KINDS) if one.kind not in ("withdrawal", "denial") else one.kind
        stances = {id: rng.choice(("for", "against", "conditional", "none")) for id in about if rng.random() < 0.2}
        statements.append(replace(one, about=about, kind=kind, stances=stances))
    return conflict.replaced(statements=statements)


def positions_on(words: Words, conflict: dt.Conflict, day: date) -> dict[tuple[str, str], set[str]]:
    """For every party and matter the stances that it expressed last, of the statements in force."""
    found: dict[tuple[str, str], list[tuple[date, str]]] = {}
    party = {one.id: one.speaks_for for dossier in conflict.dossiers for one in dossier.actors}
    for id in words.ids:
        said = words.by_id[id]
        for matter in said.about:
            holder = party.get(said.speaker or "") or said.speaker or ""
            own = conflict.owner[matter] == holder
            stance = said.stances.get(matter, STANCE_OF_KIND[said.kind or "claim"][0 if own else 1])
            if stance and words.in_force(id, day) and holder in {one.id for one in conflict.decision_makers}:
                when = words.latest(id) if words.undated == "latest" else words.earliest(id)
                found.setdefault((holder, matter), []).append((when or date.min, stance))
    return {key: {stance for when, stance in all_ if when == max(all_)[0]} for key, all_ in found.items()}


def essence(answer: Answer) -> tuple[object, ...]:
    return frozenset(answer.in_force), answer.taken, frozenset(answer.dropped), answer.stops


@relaxed
@given(seeds, readings)
def test_each_day_of_a_period_is_as_the_reference_says(seed: int, undated: str) -> None:
    conflict = dispute_over_time(seed)
    found = conflict.timeline(["nash", "seq"], undated=undated)
    assert found.periods[0].first is None
    assert found.periods[-1].last is None
    for day in some_days(conflict):
        wanted, period = on_the_day(conflict, day, undated), found.period_on(day)
        assert set(period.in_force) == wanted.in_force
        if wanted.model is None:
            assert period.reason
            assert set(period.stuck.values()) == {None}
            continue
        brute = BruteForce(wanted.model)
        quo = None if wanted.status_quo is None else brute.pattern(brute.find(wanted.status_quo))
        assert (period.status_quo and period.status_quo.pattern) == quo
        stability = brute.stability(("nash", "seq"))
        for concept, states in period.equilibria.items():
            numbers = set.intersection(*map(set, stability[concept].values()))
            patterns = {brute.pattern(brute.states[number - 1]) for number in numbers}
            assert {state.pattern for state in states} == patterns
            if period.reason is None:
                assert period.stuck[concept] == (quo in patterns)
            else:
                assert period.stuck[concept] is None


@relaxed
@given(seeds, readings)
# An act that takes what is taken already, because the act that dropped it does not count.
@example(seed=877400, undated="latest")
def test_a_period_begins_only_where_something_changes(seed: int, undated: str) -> None:
    conflict = dispute_over_time(seed)
    found = conflict.timeline(["nash"], undated=undated)
    for before, after in zip(found.periods, found.periods[1:], strict=False):
        assert before.last is not None
        assert after.first == before.last + DAY
        assert essence(on_the_day(conflict, before.last, undated)) != essence(
            on_the_day(conflict, after.first, undated)
        )


@relaxed
@given(seeds)
def test_the_day_of_the_conflict_changes_no_timeline(seed: int) -> None:
    conflict = dispute_over_time(seed)
    assert conflict.at("2022-05-05").timeline(["nash"]).to_dict() == conflict.timeline(["nash"]).to_dict()


@relaxed
@given(seeds, readings)
def test_positions_on_each_day_are_as_the_reference_says(seed: int, undated: str) -> None:
    conflict = with_matters(dispute_over_time(seed), seed)
    found = conflict.timeline(["nash"], undated=undated)
    words = Words(conflict, undated, None, date(2022, 1, 1))
    makers = {one.id for one in conflict.decision_makers}
    assert {one.holder for one in found.positions} <= makers
    for period in found.periods:
        day = period.first or date.min
        wanted = positions_on(words, conflict, day)
        lasting = found.positions_in(period)
        for key, stances in wanted.items():
            assert {one.stance for one in lasting if (one.holder, one.matter) == key} == stances, (key, day)
        for one in lasting:
            assert one.stance == "none" or (one.holder, one.matter) in wanted


@relaxed
@given(seeds)
def test_positions_overlap_only_where_they_contradict(seed: int) -> None:
    conflict = with_matters(dispute_over_time(seed), seed)
    found = conflict.timeline(["nash"])
    for period in found.periods:
        lasting = found.positions_in(period)
        for maker in conflict.decision_makers:
            for option in conflict.options:
                both = [one for one in lasting if (one.holder, one.matter) == (maker.id, option.id)]
                assert len(both) < 2 or any(one.change in ("contradicts", "withdraws") for one in both)


@relaxed
@given(seeds)
def test_a_copy_adds_no_period_and_changes_no_position(seed: int) -> None:
    conflict = with_matters(dispute_over_time(seed, copies=False), seed)
    first = conflict.statements[0]
    copy = replace(first, id="copy", copy_of=first.id, withdrawn_by=(), contested_by=(), in_doubt=False)
    with_copy = conflict.replaced(statements=[*conflict.statements, copy])
    before, after = (one.timeline(["nash"]) for one in (conflict, with_copy))
    assert [one.to_dict() for one in after.periods] == [one.to_dict() for one in before.periods]
    assert after.positions == before.positions


@relaxed
@given(seeds)
def test_dossiers_are_merged_alike_in_either_order(seed: int) -> None:
    conflict = with_matters(dispute_over_time(seed), seed)
    rng = Random(seed)
    halves: tuple[list[Statement], list[Statement]] = ([], [])
    for said in conflict.statements:
        rng.choice(halves).append(said)
    one, other = (
        Dossier(name, sources=conflict.sources if name == "one" else (), statements=tuple(some))
        for name, some in zip(("one", "other"), halves, strict=True)
    )
    timelines = [
        conflict.replaced(sources=(), statements=(), dossiers=both).timeline(["nash"])
        for both in ((one, other), (other, one))
    ]
    # Statements of a day, and positions that begin on one day, come in the order of the files.
    periods = [
        [
            (
                one.first,
                one.last,
                set(one.because),
                one.acts,
                set(one.in_force),
                one.status_quo,
                one.stuck,
                one.equilibria,
            )
            for one in found.periods
        ]
        for found in timelines
    ]
    positions = [
        {
            (one.holder, one.matter, one.stance, one.begins, one.ends, frozenset(one.statements))
            for one in found.positions
        }
        for found in timelines
    ]
    assert periods[0] == periods[1]
    assert positions[0] == positions[1]


@relaxed
@given(seeds)
def test_not_believing_the_only_statement_that_opened_a_period_removes_it(seed: int) -> None:
    conflict = dispute_over_time(seed)
    found = conflict.timeline(["nash"])
    for period in found.periods:
        if len(period.because) != 1 or period.acts or period.first is None:
            continue
        (opener,) = period.because
        left = conflict.timeline(["nash"], doubt=[opener])
        assert opener not in {id for one in left.periods for id in one.in_force}
        without = on_the_day(conflict, period.first, "latest", set(Words(conflict, "latest", None, None).disputed()))
        assert without is not None
        dated = any(one.since or one.until for _, one in conflict.supports())
        # Without a withdrawal, what it withdrew on the day on which it was said may begin a period.
        alone = course_of(conflict.replaced(day=None)).said_from[period.first.toordinal()] == (opener,)
        if not dated and not conflict.history and alone:
            assert period.first not in {one.first for one in left.periods}


@relaxed
@given(seeds)
def test_begins_if_agrees_with_the_timeline_of_each_belief(seed: int) -> None:
    conflict = dispute_over_time(seed)
    disputed = conflict.testimony().disputed
    found = conflict.timeline(["nash"])
    for period in found.periods:
        for each in (period.begins_if or ())[:2]:
            believe = [id for id, value in each if value]
            doubt = [id for id in disputed if id not in believe and (id, True) not in each]
            believed = conflict.timeline(["nash"], believe=believe, doubt=doubt)
            assert period.first in {one.first for one in believed.periods}


@relaxed
@given(seeds, readings)
def test_only_the_claims_of_a_day_decide_whether_a_period_begins(seed: int, undated: str) -> None:
    """The accounts of all disputed statements say the same as those of the few that a day depends on."""
    conflict = dispute_over_time(seed)
    found = conflict.timeline(["nash"], undated=undated)
    course = course_of(conflict.replaced(day=None, undated=undated))
    claims = course.testimony.disputed
    for period in found.periods[1:]:
        assert period.first is not None
        every = course.begins_where(period.first.toordinal(), claims)
        if every is not None:
            assert prime_implicants(*every, claims) == period.begins_if


@relaxed
@given(seeds)
def test_what_decides_a_period_is_what_would_turn_its_verdict(seed: int) -> None:
    """Taking one new element out of the model of the day gives the opposite verdict exactly where it decides."""
    conflict = dispute_over_time(seed, lists=False)
    found = conflict.timeline(["nash", "seq"])
    for period in found.periods:
        changes = found.changes(period)
        if period.first is None or changes is None or period.reason or period.status_quo is None:
            continue
        now = model_of_day(conflict.at(period.first.isoformat()))
        for one in changes:
            without = without_element(now, *one.change.element) if one.change.what.endswith("added") else None
            if without is None or one.change.alone is None:
                continue
            if conflict.merge or found.periods[found.periods.index(period) - 1].status_quo is None:
                assert one.decides == {} or not now.merge
                continue
            if one.change.kind == "option" and one.change.element[1] in period.status_quo.taken:
                assert one.decides == {}
                continue
            here = period.status_quo.pattern
            for concept in ("nash", "seq"):
                stuck = here in {state.pattern for state in without.analyze([concept]).equilibria(concept)}
                turns = stuck is not period.stuck[concept]
                assert one.decides.get(concept) is (period.stuck[concept] if turns else None), concept


def without_element(model: dt.Conflict, kind: str, *names: str) -> dt.Conflict | None:
    """The model of a day without one of its elements; None for kinds of elements that are not taken out here."""
    if kind == "option":
        return model.replaced(untaken=[*model.untaken, *names])
    if kind == "rule":
        return model.replaced(rules=[one for one in model.rules if str(one) not in names])
    if kind == "preference":
        makers = []
        for maker in model.decision_makers:
            wanted = maker.preferences
            if maker.id == names[0] and isinstance(wanted, Prioritising):
                kept = tuple(one for one in wanted.statements if str(one.condition) != names[1])
                maker = replace(maker, preferences=Prioritising(kept))
            makers.append(maker)
        return model.replaced(decision_makers=makers)
    return None


def test_what_made_the_difference_in_northern_ireland() -> None:
    found = dt.example("northern-ireland-1998").timeline(["nash"])
    decided = {
        str(period.first): [(one.statements, one.acts, dict(one.decides)) for one in changes if one.decides]
        for period in found.periods
        if (changes := found.changes(period))
    }
    assert {day: told for day, told in decided.items() if told} == {
        "1995-03-07": [(("g2",), (), {"nash": True})],
        "1996-02-09": [((), (2,), {"nash": True})],
        "1997-07-19": [(("i1", "i3"), (), {"nash": False})],
        "1997-09-09": [((), (4,), {"nash": True})],
        "1997-09-17": [((), (5,), {"nash": True})],
        "1998-04-10": [((), (6,), {"nash": True})],
    }
    assert found.changes(found.periods[0]) is None
    data = found.to_dict()["periods"][3]["changes"]
    assert data[0]["statements"] == ["g2"]
    assert data[0]["text"].endswith(". Without this, the dispute would not be stuck")


def test_the_statements_in_force_are_a_sequence() -> None:
    runs = {"s1": [0], "s2": [], "s3": [1, 3], "s4": [0, 1, 2]}
    found = [InForce(runs, place) for place in range(4)]
    assert found == [("s1", "s4"), ("s1", "s3"), ("s1", "s3", "s4"), ("s1", "s4")]
    assert [len(one) for one in found] == [2, 2, 3, 2]
    assert (found[1][0], found[1][-1], found[2][1:]) == ("s1", "s3", ("s3", "s4"))
    assert ("s3" in found[1], "s3" in found[3], "s2" in found[0], "s9" in found[0]) == (True, False, False, False)
    assert (hash(found[0]), repr(found[0])) == (hash(("s1", "s4")), "('s1', 's4')")
    assert found[0] == found[3] != found[1]


def river(**changes: object) -> dt.Conflict:
    """Two parties and two options, with dated statements on the first."""
    said = [
        Statement("s1", speaker="up", kind="offer", quote="we may stop", date_said="2021", about=("divert",)),
        Statement("s2", speaker="up", kind="refusal", quote="never", date_said="2022-03", about=("divert",)),
        Statement("s3", speaker="up", kind="refusal", quote="never", date_said="2022-05", about=("divert",)),
        Statement("s4", speaker="down", kind="demand", quote="stop", date_said="2022-01", about=("divert",)),
    ]
    made = dt.Conflict(
        "A river",
        [
            dt.DecisionMaker("up", "Upstream", options=["divert"], preferences=["divert"]),
            dt.DecisionMaker("down", "Downstream", options=["sanction"], preferences=["not divert", "not sanction"]),
        ],
        status_quo=["divert"],
        statements=said,
    )
    return made.replaced(**changes) if changes else made


def test_a_party_hardens_repeats_and_keeps_its_position() -> None:
    found = river().timeline(["nash"], parties=["up"])
    assert [(one.stance, one.change) for one in found.positions] == [
        ("for", "begins"),
        ("against", "hardens"),
        ("against", "repeats"),
    ]
    assert found.positions[0].ended_by == ("s2",)
    assert found.positions[-1].ends is None
    assert found.positions[0].begins == dt.DateRange(date(2021, 1, 1), date(2021, 12, 31))


def test_a_stance_on_another_party_s_option_reverses() -> None:
    later = Statement("s5", speaker="down", kind="refusal", date_said="2023", about=("divert",))
    found = river(statements=[*river().statements, later]).timeline(["nash"], parties=["down"])
    assert [(one.stance, one.change) for one in found.positions] == [("for", "begins"), ("against", "reverses")]


def test_a_withdrawal_leaves_no_position() -> None:
    said = [
        replace(river().statements[0], withdrawn_by=("s9",)),
        Statement("s9", speaker="up", kind="withdrawal", date_said="2022-02-01"),
    ]
    found = river(statements=said).timeline(["nash"])
    assert [(one.stance, one.change, one.ended_by) for one in found.positions] == [
        ("for", "begins", ("s9",)),
        ("none", "withdraws", ()),
    ]
    assert found.positions[1].statements == ("s9",)


def test_a_position_that_only_another_party_reports_is_marked() -> None:
    said = [
        Statement("s1", speaker="down", kind="claim", date_said="2022"),
        Statement("s2", speaker="up", reported_by="down", kind="offer", nested_in="s1", about=("divert",)),
    ]
    (only,) = river(statements=said).timeline(["nash"]).positions
    assert only.told_by == ("down",)
    assert only.told_by_others_only


def with_an_envoy(conflict: dt.Conflict, party: str) -> dt.Conflict:
    """The dispute with its statements in a dossier, in which the envoy speaks for a party."""
    dossier = Dossier("d.dossier.yaml", actors=(Actor("envoy", "The envoy", speaks_for=party),))
    dossier = replace(dossier, statements=conflict.statements, sources=conflict.sources)
    return conflict.replaced(statements=(), sources=(), speakers={}, dossiers=[dossier])


@relaxed
@given(seeds, readings)
def test_positions_with_a_spokesperson_are_as_the_reference_says(seed: int, undated: str) -> None:
    conflict = with_an_envoy(with_matters(dispute_over_time(seed), seed), "a")
    found = conflict.timeline(["nash"], undated=undated)
    words = Words(conflict, undated, None, date(2022, 1, 1))
    for period in found.periods:
        wanted = positions_on(words, conflict, period.first or date.min)
        lasting = [one for one in found.positions_in(period) if one.stance != "none"]
        keys = {(one.holder, one.matter) for one in lasting}
        assert keys <= set(wanted)
        for key, stances in wanted.items():
            assert {one.stance for one in lasting if (one.holder, one.matter) == key} == stances - {"none"}, key
    speakers = {id: words.by_id[id].speaker for id in words.by_id}
    for one in found.positions:
        assert set(one.spokespersons) <= {"envoy"}
        if any(speakers[id] == "envoy" for id in one.statements):
            assert (one.holder, one.spokespersons) == ("a", ("envoy",))


def test_a_spokesperson_of_a_dossier_speaks_for_the_party() -> None:
    said = [
        Statement("s1", speaker="up", kind="offer", date_said="2021", about=("divert",)),
        Statement("s2", speaker="minister", kind="refusal", quote="never", date_said="2022", about=("divert",)),
        Statement("s3", speaker="stranger", kind="offer", date_said="2023", about=("divert",)),
    ]
    actors = (Actor("minister", "The minister", speaks_for="up"), Actor("stranger", "A stranger", speaks_for="river"))
    dossier = Dossier("d.dossier.yaml", actors=actors, statements=tuple(said))
    conflict = river(statements=[], dossiers=[dossier])
    assert conflict.party_of == {"minister": "up", "up": "up", "down": "down"}
    found = conflict.timeline(["nash"])
    first, second = found.positions
    assert (first.stance, first.spokespersons, second.stance) == ("for", (), "against")
    assert (second.change, second.told_by, second.spokespersons) == ("hardens", ("minister",), ("minister",))
    assert not second.told_by_others_only
    assert only_reported(found, second) == "; The minister speaks for it"
    unsure = replace(dossier, path="other", statements=(), actors=(Actor("minister", speaks_for="down"),))
    both = conflict.replaced(dossiers=[dossier, unsure])
    assert "minister" not in both.party_of
    assert len(both.timeline(["nash"]).positions) == 1


def test_vague_dates_leave_the_order_open() -> None:
    said = [
        Statement("s1", speaker="up", kind="offer", date_said="2022", about=("divert",)),
        Statement("s2", speaker="up", kind="refusal", date_said="2022-12/2023", about=("divert",)),
    ]
    first, second = river(statements=said).timeline(["nash"]).positions
    assert first.ordered
    assert not second.ordered


def test_the_window_lists_what_meets_it_and_changes_nothing_else() -> None:
    whole, part = river().timeline(["nash"]), river().timeline(["nash"], first="2022-02", last="2022-04")
    assert {one.first for one in part.periods} < {one.first for one in whole.periods}
    assert all(one in whole.positions for one in part.positions)
    with pytest.raises(InputError, match="ends"):
        river().timeline(first="2023", last="2022")


def test_unknown_names_are_refused_with_the_nearest() -> None:
    for wrong in ({"parties": ["uo"]}, {"matters": ["divret"]}, {"believe": ["s11"]}):
        with pytest.raises(UnknownNameError, match="unknown"):
            river().timeline(**wrong)


def test_no_verdict_without_known_preferences() -> None:
    silent = river(
        decision_makers=[
            dt.DecisionMaker("up", "Upstream", options=["divert"]),
            dt.DecisionMaker("down", "Downstream", options=["sanction"], preferences=["not divert"]),
        ]
    )
    last = silent.timeline(["nash"]).periods[-1]
    assert last.stuck == {"nash": None}
    assert "no preferences known for Upstream" in (last.reason or "")


@relaxed
@given(seeds, readings)
def test_since_when_a_state_is_stable_agrees_with_a_look_at_each_day(seed: int, undated: str) -> None:
    """Day by day, backwards from the day asked about, the state has the same verdict down to the day that is named."""
    conflict = dispute_over_time(seed)
    days = some_days(conflict)
    day = Random(seed).choice(days[len(days) // 2 :])
    asked = conflict.at(day.isoformat(), undated)
    player = conflict.player_ids[0]

    def verdict(when: date) -> bool | None:
        try:
            model = model_of_day(asked.at(when.isoformat()))
            return None if no_preferences_known(model) else model.explain(pattern, player, "nash").stable
        except (InputError, UnknownNameError):
            return None

    def has_state(when: date) -> bool:
        try:
            model = model_of_day(asked.at(when.isoformat()))
        except InputError:
            # Without a model nothing is known of its states.
            return True
        if "-" not in pattern:
            # On another day it may be a member of a merged state.
            return model.breaks(state.taken) is None
        return pattern in {one.pattern for one in model.analyze(["nash"]).states()}

    try:
        pattern = model_of_day(asked).analyze(["nash"]).states()[-1].pattern
    except InputError:
        return
    state = next(one for one in model_of_day(asked).analyze(["nash"]).states() if one.pattern == pattern)
    found = verdict_since(asked, state, player, "nash")
    now = verdict(day)
    if found is None:
        # There is no verdict on the day, or only one period up to it.
        starts = [one.first for one in conflict.timeline(["nash"], undated=undated).periods]
        assert now is None or not any(one and one <= day for one in starts)
        return
    assert now is not None
    earlier = [one for one in days if one <= day]
    same = [one for one in earlier if found.first is None or one >= found.first]
    assert {verdict(one) for one in same} == {now}
    if found.first is not None:
        before = verdict(found.first - DAY)
        assert before is not now
        assert found.known_before is (before is not None)
        assert found.had_state is has_state(found.first - DAY)


def test_explain_says_since_when_and_through_what() -> None:
    conflict = dt.example("river-sharing")
    explained = conflict.explain(1, "upstream", "seq")
    found = verdict_since(conflict, explained.state, "upstream", "seq")
    assert found is not None
    assert (found.first, found.because, found.known_before) == (date(2024, 4, 30), ("s1", "s2", "s3", "s4"), True)
    assert explained.since == found
    assert found.to_dict() == {
        "first": "2024-04-30",
        "because": ["s1", "s2", "s3", "s4"],
        "acts": [],
        "known_before": True,
        "had_state": True,
    }
    assert "2024-04-30" not in str(explained.to_dict()["text"])
    words = since_in_words(found, conflict, stable=bool(explained.stable))
    assert words == "It stopped being stable on 30 April 2024, through 4 statements of that day [s1, s2, s3, s4]."
    assert dt.example("chicken").explain(1, "row").since is None
    assert verdict_since(dt.example("chicken"), dt.example("chicken").explain(1, "row").state, "row", "nash") is None


@pytest.mark.parametrize("id", ["ukraine-2023", "northern-ireland-1998", "nile-dam"])
def test_since_is_worded_for_the_model_of_a_day(id: str) -> None:
    """That model has the acts of the file no more."""
    conflict = model_of_day(dt.example(id))
    past = past_of(conflict)
    for party in conflict.player_ids:
        explained = conflict.explain(1, party, "seq")
        found = verdict_since(conflict, explained.state, party, "seq", past)
        assert found is not None
        assert found == explained.since
        words = since_in_words(found, conflict, stable=bool(explained.stable))
        known = re.match(r"It (?:has (?:not )?been|stopped being) stable ", words)
        assert known or re.match(r"Before .* the model (?:does not have|has) this outcome", words)
        assert found.had_state or not found.known_before


def test_an_outcome_that_a_day_has_without_an_option_is_told_as_that() -> None:
    conflict = dt.example("nile-dam")
    found = verdict_since(conflict, conflict.explain("in the Security Council", "egypt").state, "egypt", "seq")
    assert found is not None
    assert found.lacked == ("support-egypt",)
    assert since_in_words(found, conflict, stable=True) == (
        "This outcome is in the model from 8 July 2021 on. The day before, the model lacks the option ‘Support Egypt "
        "in the Security Council’."
    )
