"""The catalogue's entries answer what their publications, or a brute force over the definitions, say."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import detente
from detente.examples import catalogue, path
from detente.model.conditions import parse
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker, OneWay
from detente.model.preferences import Preferences, PreferenceStatement, Prioritising, Ranking
from detente.model.states import StateList

EXPECTED = YAML(typ="safe").load(Path(__file__).with_name("expected.yaml").read_text(encoding="utf-8"))
VARIANTS = [(id, entry) for id, entries in EXPECTED["examples"].items() for entry in entries]
CASES = [(id, entry, concept) for id, entry in VARIANTS for concept in entry["equilibria"]]


def with_preferences(conflict: Any, id: str, preferences: Preferences) -> Any:
    """The conflict with one decision maker's preferences replaced."""
    makers = [
        DecisionMaker(maker.id, maker.name, maker.options, preferences, maker.support) if maker.id == id else maker
        for maker in conflict.decision_makers
    ]
    return conflict.replaced(decision_makers=makers)


def statements_of(conflict: Conflict, id: str) -> list[PreferenceStatement]:
    preferences = conflict.decision_maker(id).preferences
    assert isinstance(preferences, Prioritising)
    return list(preferences.statements)


def place_of(statements: list[PreferenceStatement], text: str) -> int:
    return [statement.condition for statement in statements].index(parse(text))


def moved(statements: list[PreferenceStatement], text: str, before: str) -> list[PreferenceStatement]:
    statement = statements.pop(place_of(statements, text))
    place = len(statements) if before == "last" else place_of(statements, before)
    return [*statements[:place], statement, *statements[place:]]


def variant_of(conflict: Any, entry: dict[str, Any]) -> Any:
    """The conflict as the entry changes it."""
    if "one_way" in entry:
        marks = [OneWay(option, direction[1] == "yes") for option, direction in entry["one_way"].items()]
        conflict = conflict.replaced(one_way=marks)
    if "coalitions" in entry:
        conflict = conflict.replaced(coalitions=entry["coalitions"])
    for id, ranking in entry.get("ranking", {}).items():
        conflict = with_preferences(conflict, id, Ranking.of(*ranking))
    for id, moves in entry.get("move", {}).items():
        statements = statements_of(conflict, id)
        for text, before in moves.items():
            statements = moved(statements, text, before)
        conflict = with_preferences(conflict, id, Prioritising(tuple(statements)))
    for id, texts in entry.get("drop", {}).items():
        statements = statements_of(conflict, id)
        for text in texts:
            statements.pop(place_of(statements, text))
        conflict = with_preferences(conflict, id, Prioritising(tuple(statements)))
    for id, texts in entry.get("reword", {}).items():
        statements = statements_of(conflict, id)
        for old, new in texts.items():
            statements[place_of(statements, old)] = PreferenceStatement(parse(new))
        conflict = with_preferences(conflict, id, Prioritising(tuple(statements)))
    return conflict


def expected_of(entry: dict[str, Any], concept: str) -> list[str]:
    wanted = entry["equilibria"][concept]
    return expected_of(entry, wanted["same_as"]) if "same_as" in wanted else wanted["states"]


@pytest.mark.parametrize(
    ("id", "entry", "concept"),
    CASES,
    ids=[f"{id}-{entry['variant']}-{concept}" for id, entry, concept in CASES],
)
def test_equilibria_equal_the_expected_ones(id: str, entry: dict[str, Any], concept: str) -> None:
    conflict = variant_of(detente.load(path(id)), entry)
    found = conflict.analyze([concept]).to_dict()
    patterns = {state["number"]: state["state"] for state in found["states"]}
    assert sorted(patterns[number] for number in found["equilibria"][concept]) == sorted(expected_of(entry, concept))


def test_every_entry_has_expected_equilibria_under_the_six_concepts() -> None:
    assert set(EXPECTED["examples"]) == set(catalogue())
    for id, entries in EXPECTED["examples"].items():
        assert entries[0]["variant"] == "base", id
        assert set(entries[0]["equilibria"]) == {"nash", "gmr", "smr", "seq", "sim", "sseq"}, id


def test_every_expectation_names_its_origin() -> None:
    for id, entry, concept in CASES:
        wanted = entry["equilibria"][concept]
        assert wanted["known"] in ("published", "computed"), (id, concept)
        if wanted["known"] == "published":
            assert wanted["citation"] in EXPECTED["publications"], (id, concept)
            assert wanted["how"], (id, concept)


def test_elmira_states_have_the_published_numbers() -> None:
    states = StateList(detente.load(path("elmira")))
    assert [state.pattern for state in states] == [
        "NYNNN", "YYNNN", "NNYNN", "YNYNN", "NYNNY", "YYNNY", "NNYNY", "YNYNY", "-NNY-",
    ]  # fmt: skip


def test_cuban_states_have_the_published_numbers_plus_one() -> None:
    for state in StateList(detente.load(path("cuban-missile-crisis"))):
        assert sum(2**place for place, value in enumerate(state.pattern) if value == "Y") == state.number - 1


@pytest.mark.slow
def test_inverse_counts_equal_the_published_ones() -> None:
    """Under how many rankings of one decision maker the desired state is an equilibrium."""
    inverse = EXPECTED["inverse"]
    conflict = detente.load(path(inverse["example"]))
    states = StateList(conflict)
    desired = states.number_of(inverse["desired"])
    counts: Counter[str] = Counter()
    for ranking in permutations(range(1, len(states) + 1)):
        answer = with_preferences(conflict, inverse["decision_maker"], Ranking.of(*ranking)).analyze(inverse["counts"])
        counts.update(concept for concept in inverse["counts"] if desired in answer.equilibria(concept))
    assert dict(counts) == inverse["counts"]
    assert inverse["published"].items() <= inverse["counts"].items()
    for concept, difference in inverse["differs"].items():
        assert difference["printed"] != counts[concept], "no longer a difference"
