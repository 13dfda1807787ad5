"""The model of a day: what is dropped and why, and which parties that can move have no known preferences."""

from __future__ import annotations

import pytest
from hypothesis import given

import detente as dt
from detente.analysis.equilibria import other_reading
from detente.io.conflict_file import parse_conflict
from detente.model.conflict import Basis
from detente.model.day import model_of_day, no_preferences_known, without_preferences
from detente.present.basis import basis_in_words, dropped_in_words
from tests.strategies import conflicts

SAID = """
sources: [{id: d, date: 2022-06-30}]
statements:
  - {id: early, speaker: a, kind: offer, date_said: 2022-01-01}
  - {id: late, speaker: a, kind: offer, date_said: 2023-05-01}
  - {id: gone, speaker: a, kind: offer, date_said: 2022-01-01, withdrawn_by: [off]}
  - {id: off, speaker: a, kind: withdrawal, date_said: 2022-02-01}
  - {id: denied, speaker: b, kind: denial, date_said: 2022-01-01}
  - {id: inside, speaker: a, kind: offer, date_said: 2022-01-01, nested_in: denied}
  - {id: vague, speaker: a, kind: offer, date_said: 2022}
  - {id: undated, speaker: a, kind: offer}
  - {id: open, speaker: a, kind: claim, date_said: 2022-01-01, in_doubt: yes}
"""


def read(body: str, said: str = SAID) -> dt.Conflict:
    return parse_conflict(f"format: detente/1\ntitle: T\nas_of: 2022-06-30\n{body}{said}")


def basis(conflict: dt.Conflict) -> Basis:
    found = model_of_day(conflict).solved_for
    assert isinstance(found, Basis)
    return found


def test_each_dropped_element_has_its_place_and_its_reason() -> None:
    conflict = read(
        "decision_makers:\n"
        "  a:\n    options: {p: {name: P, evidence: [late]}, q: Q}\n"
        "    preferences:\n"
        "      - {when: p, evidence: [gone]}\n      - {when: q, evidence: [inside]}\n"
        "      - {when: not q, since: 2023}\n      - {when: p or q, evidence: [early, late]}\n"
        "  b: {options: {r: R}, weights: [{when: r, weight: 1, evidence: [gone]}, {when: p, weight: 2}]}\n"
        "rules: [{never: q and r, until: 2021}]\n"
        "one_way: {r: {direction: [no, yes], evidence: [gone, late]}}\n"
        "merge: [{when: q, evidence: [late]}]\n"
        "status_quo: [p, q]\n"
        "states: {both: [p, q]}\n"
    )
    data = conflict.analyze(["nash"]).to_dict()
    assert [(one["element"], one["reason"]) for one in data["dropped"]] == [
        ("decision_makers.a.options.p", "not-yet-said"),
        ("decision_makers.a.preferences.1", "withdrawn"),
        ("decision_makers.a.preferences.2", "in-a-denial"),
        ("decision_makers.a.preferences.3", "outside-dates"),
        ("decision_makers.b.weights.1", "withdrawn"),
        ("rules.1", "outside-dates"),
        ("one_way.r", "withdrawn"),
        ("merge.1", "not-yet-said"),
    ]
    assert data["as_of"] == "2022-06-30"
    model = model_of_day(conflict)
    assert model.untaken == ("p",)
    assert model.status_quo is not None
    assert model.status_quo.taken == model.states[0].taken == {"q"}
    assert [str(one) for one in model.decision_makers[0].preferences.conditions()] == ["p or q"]


def test_a_model_of_a_day_is_not_reduced_again() -> None:
    conflict = read("decision_makers: {a: {options: {p: {evidence: [gone]}}}, b: {options: {q: Q}}}\n")
    model = model_of_day(conflict)
    assert model_of_day(model) is model
    changed = model.replaced(title="another")
    assert model_of_day(changed) is changed
    assert model.at("2022-01-15").analyze().conflict.untaken == ()


def test_beliefs_are_dropped_as_preferences_are() -> None:
    conflict = read(
        "decision_makers: {a: {options: {p: P}, preferences: [p]}, b: {options: {q: Q}, preferences: [q]}}\n"
        "views:\n"
        "  a: {believes: {b: {preferences: [{when: not q, evidence: [gone]}, q]}}}\n"
        "  b: {believes: {a: {preferences: [not p], evidence: [late]}}}\n"
    )
    model = model_of_day(conflict)
    (first, second) = model.views
    believed = first.believed("b")
    assert believed is not None
    assert [str(one) for one in believed.conditions()] == ["q"]
    assert second.believed("a") is None
    assert {one.at for one in basis(conflict).dropped} == {
        ("views", "a", "believes", "b", "preferences", 0),
        ("views", "b", "believes", "a"),
    }


RANKED = (
    "decision_makers:\n  a: {options: {p: {name: P, evidence: [EVIDENCE]}, q: Q}, ranking: [YY, YN, NY, NN]}\n"
    "  b: {options: {}}\n"
)


def test_a_ranking_keeps_the_states_that_are_left() -> None:
    model = model_of_day(read(RANKED.replace("EVIDENCE", "late")))
    preferences = model.decision_makers[0].preferences
    assert preferences == dt.Ranking.of("NY", "NN")
    assert model_of_day(read(RANKED.replace("EVIDENCE", "early"))).decision_makers[0].preferences == dt.Ranking.of(
        "YY", "YN", "NY", "NN"
    )


def test_a_ranking_that_no_longer_covers_the_states_is_named() -> None:
    conflict = read(
        "decision_makers:\n  a: {options: {p: P, q: Q}, ranking: [YN, NY, NN]}\n  b: {options: {}}\n"
        "rules: [{never: p and q, evidence: [late]}]\n"
    )
    assert conflict.at("2023-06-01").analyze(["nash"]).count == 3
    with pytest.raises(dt.InputError, match="on 2022-06-30 the ranking of 'a' does not cover the states: YY"):
        conflict.analyze()


def test_without_a_feasible_state_the_rules_of_the_day_are_named() -> None:
    conflict = read(
        "decision_makers: {a: {options: {p: {name: P, evidence: [late]}}}, b: {options: {q: Q}}}\n"
        "rules: [{always: p}, {never: q and p}]\n"
    )
    assert conflict.at("2023-06-01").analyze(["nash"]).count == 1
    with pytest.raises(dt.InputError, match="no state is feasible without the options p; check the rules 'always: p'"):
        conflict.analyze()


def test_rules_of_different_times_may_exclude_each_other() -> None:
    conflict = read(
        "decision_makers: {a: {options: {p: P}}, b: {options: {q: Q}}}\n"
        "rules: [{always: p, until: 2022-12-31}, {never: p, since: 2023}]\n"
        "status_quo: [p]\n"
    )
    assert conflict.analyze(["nash"]).to_dict()["status_quo"] == 1
    later = conflict.at("2023").analyze(["nash"])
    assert later.to_dict()["status_quo"] is None
    assert "The status quo is not feasible in this model: it breaks the rule “Never: ‘P’”." in basis_in_words(
        later.conflict
    )


def test_dates_have_no_effect_without_a_day() -> None:
    conflict = read(
        "decision_makers: {a: {options: {p: {evidence: [late]}, q: {since: 2050}}}, "
        "b: {options: {r: {evidence: gone}}}}\n"
    ).replaced(as_of=None)
    data = conflict.analyze(["nash"]).to_dict()
    assert data["as_of"] is None
    assert [one["element"] for one in data["dropped"]] == ["decision_makers.b.options.r"]


def test_evidence_against_has_no_effect_on_the_model() -> None:
    conflict = read(
        "decision_makers: {a: {options: {p: {against: [early], evidence: [early]}}}, b: {options: {q: Q}}}\n"
    )
    assert not basis(conflict).dropped


def test_an_answer_lists_statements_without_a_date_and_those_that_are_disputed() -> None:
    conflict = read(
        "decision_makers: {a: {options: {p: {evidence: [undated]}, q: {evidence: [open, early]}}}, "
        "b: {options: {r: {evidence: [open]}}}}\n"
    )
    found = basis(conflict)
    assert found.without_date == ("undated",)
    assert [(one.at[-1], one.statements) for one in found.disputed] == [("r", ("open",))]
    assert basis_in_words(model_of_day(conflict)) == [
        "Parts of the model depend on statements that the analyst marks as disputed: open of a.",
        "A statement has no date, so the model uses it on every day: undated.",
    ]


def test_dropped_elements_are_reported_in_words() -> None:
    conflict = read(
        "decision_makers:\n  a: {name: Aland, options: {p: {name: Pay, evidence: [gone]}},\n"
        "      preferences: [{when: p, evidence: [late]}, {when: not p, evidence: [inside]}, {when: p, since: 2023}]}\n"
        "  b: {options: {q: Q}}\n"
    )
    assert basis_in_words(model_of_day(conflict)) == [
        "This is the model of 30 June 2022.",
        "Dropped: the option ‘Pay’ of Aland: gone was withdrawn by off.",
        "Dropped: the preference of Aland that Aland does not pay: inside is reported only inside a denial.",
        "Dropped: the preference of Aland that Aland pays: it applies only since 2023.",
        "Not yet in the model, because late is dated 1 May 2023: the preference of Aland that Aland pays.",
    ]


def test_many_dropped_elements_are_counted() -> None:
    options = ", ".join(f"p{number}: {{evidence: [gone]}}" for number in range(20))
    told = basis_in_words(model_of_day(read(f"decision_makers: {{a: {{options: {{{options}}}}}, b: {{}}}}\n")))
    assert len(told) == 14
    assert told[-1] == "Dropped: 8 more elements."


def test_many_elements_of_a_later_date_are_counted_in_one_sentence() -> None:
    options = ", ".join(f"p{number}: {{evidence: [late]}}" for number in range(20))
    body = f"decision_makers: {{a: {{options: {{{options}}}}}, b: {{}}}}\nrules: [{{never: p1, evidence: [late]}}]\n"
    assert basis_in_words(model_of_day(read(body)))[1:] == [
        "Not yet in the model, because late is dated 1 May 2023: 20 options and 1 rule."
    ]


def test_the_other_reading_of_vague_dates_is_compared() -> None:
    conflict = read(
        "decision_makers: {a: {options: {p: P}, preferences: [{when: p, evidence: [vague]}]}, b: {options: {q: Q}}}\n"
        "status_quo: []\n"
    )
    late = other_reading(conflict.analyze(["nash", "gmr"]))
    assert late.differs
    assert late.concepts == ("nash", "gmr")
    early = other_reading(conflict.replaced(undated="earliest").analyze(["nash"]))
    assert early.undated == "latest"
    assert early.differs
    assert not other_reading(conflict.at("2023").analyze(["nash"])).differs


def test_a_reading_without_an_answer_says_why() -> None:
    conflict = read(
        "decision_makers: {a: {options: {p: P}}, b: {options: {q: Q}}}\n"
        "rules: [{always: p}, {never: p, evidence: [vague]}]\n"
    )
    found = other_reading(conflict.analyze(["nash"]))
    assert found.reason is not None
    assert "no state is feasible" in found.reason


UP = dt.DecisionMaker("up", "Upstream", options=["divert"])
DOWN = dt.DecisionMaker("down", "Downstream", options=["sanction"], preferences=["not sanction"])
AID = dt.DecisionMaker("aid", "Donors")


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"decision_makers": [UP, DOWN]}, "Upstream: every state counts as equally good for it"),
        ({"decision_makers": [UP, AID]}, "Upstream: every state counts as equally good for it"),
        ({"decision_makers": [UP, DOWN], "rules": [dt.Rule("never", "divert")]}, ""),
        ({"decision_makers": [UP, DOWN], "rules": ["not divert and sanction"]}, ""),
        ({"decision_makers": [DOWN, AID]}, ""),
        # In a standing coalition a member without preferences decides whether the others may gain.
        (
            {"decision_makers": [DOWN, AID], "coalitions": [["down", "aid"]]},
            "Donors: every state counts as equally good for it",
        ),
        (
            {"decision_makers": [UP, DOWN, AID], "coalitions": [["up", "aid"], ["down"]]},
            "Upstream and Donors: every state counts as equally good for them",
        ),
    ],
)
def test_parties_without_known_preferences_are_named(parts: dict[str, object], named: str) -> None:
    conflict = dt.Conflict("River", **parts)  # type: ignore[arg-type]
    assert no_preferences_known(conflict) == (f"no preferences known for {named}" if named else "")


@given(conflicts(max_options=4))
def test_only_parties_with_equal_ranks_are_without_preferences(conflict: dt.Conflict) -> None:
    solver = conflict.analyze(["nash"]).solver
    ranks = {maker.id: set(solver.ranks(place)) for place, maker in enumerate(conflict.decision_makers)}
    assert all(len(ranks[maker.id]) == 1 for maker in without_preferences(conflict))


def test_an_answer_says_which_names_stand_for_less_than_they_name() -> None:
    day = dt.example("ukraine-2023").at("2023-02-01").analyze()
    said = "8 named outcomes include options that this model does not have. In this model each name means the outcome "
    said += "without them."
    assert said in dropped_in_words(day.conflict)
    assert not any("named outcome" in one for one in dropped_in_words(dt.example("ukraine-2023")))
