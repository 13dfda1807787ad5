"""A broken part of a file does not make other parts look wrong: each inserted fault is reported, and nothing else."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.io.conflict_file import parse_conflict
from tests.examples import examples

Path_ = tuple[str | int, ...]

#: A dispute in which everything refers to something else.
SOUND: dict[str, Any] = {
    "format": "detente/1",
    "title": "A river",
    "as_of": "2024-05",
    "decision_makers": {
        "up": {
            "name": "Upstream",
            "options": {"divert": {"name": "Divert", "evidence": ["s1"]}, "pay": "Pay"},
            "preferences": ["divert", "not sanction", {"when": "if divert then pay", "evidence": ["s2"]}],
            "attitudes": {"down": "negative"},
        },
        "down": {
            "options": {"sanction": "Sanction", "appeal": {}},
            "ranking": [1, ["deal", 3], "Y-YN", 5, 6, 7, "NNNY", 9, 10],
            "thresholds": {"alpha": "0.4"},
        },
        "court": {"options": {"rule": "Rule"}, "weights": {"rule and pay": 2, "not divert": "1.5"}},
        "press": {"payoffs": {"NNNNN": 1, "deal": 2, "3": 1, "4": 1, "5": 0, "6": 1, "7": 3, "8": 1, "9": 1, "10": 5}},
    },
    "rules": [{"never": "pay and not divert"}, {"at_most_one": ["sanction", "pay"]}, "if rule then not appeal"],
    "one_way": {"divert": ["no", "yes"]},
    "merge": ["appeal and sanction", {"when": "divert and sanction and rule", "evidence": ["s1"]}],
    "status_quo": "deal",
    "states": {"deal": ["divert", "pay"], "the same": "deal", "nothing": []},
    "coalitions": [["up", "court"], "down", "press"],
    "views": {
        "up": {"does_not_see": ["appeal"], "believes": {"down": {"preferences": ["not divert"]}}},
        "court": {"believes": {"up": {"weights": {"pay": 1}}, "press": {"preferences": ["rule"]}}},
    },
    "speakers": {"envoy": "The envoy"},
    "sources": [{"id": "daily", "date": "2024-04-30"}, {"id": "weekly", "title": "Weekly"}],
    "statements": [
        {"id": "s1", "source": "daily", "speaker": "up", "kind": "threat", "quote": "we will", "about": ["divert"]},
        {"id": "s2", "source": "weekly", "speaker": "envoy", "kind": "claim", "contested_by": ["s1"]},
        {"id": "s3", "speaker": "down", "nested_in": "s2", "withdrawn_by": ["s1"], "spans": [[1, 4]]},
    ],
}


def sound() -> dict[str, Any]:
    """The dispute, with the ranking and payoffs that its rules and merges ask for."""
    return deepcopy(_sound())


@cache
def _sound() -> dict[str, Any]:
    data = deepcopy(SOUND)
    bare = deepcopy(data)
    del bare["decision_makers"]["down"]["ranking"], bare["decision_makers"]["press"]["payoffs"]
    states = parse_conflict(json.dumps(bare)).analyze(["nash"]).states()
    written = [state.name or state.pattern for state in states]
    data["decision_makers"]["down"]["ranking"] = [*written[:3], written[3:5], *written[5:]]
    data["decision_makers"]["press"]["payoffs"] = {name: place % 3 for place, name in enumerate(written)}
    return data


def changed(data: dict[str, Any], at: Path_, value: Any) -> dict[str, Any]:
    found = deepcopy(data)
    here: Any = found
    for step in at[:-1]:
        here = here[step]
    if value is GONE:
        del here[at[-1]]
    elif isinstance(value, tuple):
        (key,) = value
        here[key] = here.pop(at[-1])
    else:
        here[at[-1]] = value
    return found


GONE = object()


def faults(data: dict[str, Any]) -> list[str]:
    """What is reported, without the places: these shift with what is inserted before them."""
    try:
        parse_conflict(json.dumps(data))
    except dt.InputError as error:
        return [fault.message for fault in error.faults]
    return []


def everywhere(data: Any, at: Path_ = ()) -> list[Path_]:
    """Every place in the data but the whole."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [*([at] if at else []), *(place for key, value in inner for place in everywhere(value, (*at, key)))]


#: Mappings whose keys are names, so that any key is known.
KEYED = (
    "decision_makers",
    "payoffs",
    "weights",
    "options",
    "states",
    "one_way",
    "views",
    "believes",
    "attitudes",
    "speakers",
)


def breakable() -> list[tuple[Path_, Any]]:
    """A place each, and what to put there that cannot be read."""
    data = sound()
    found: list[tuple[Path_, Any]] = []
    for at in everywhere(data):
        here: Any = data
        for step in at:
            here = here[step]
        # In place of text a mapping, in place of anything else lists in lists: neither can be read.
        found.append((at, {"a": {"b": ["c"]}} if isinstance(here, str | int | float) else [[["x"]]]))
        if isinstance(here, dict) and at[-1] not in KEYED:
            found.append(((*at, "nonsense"), {"x": "y"}))
    return found


def test_unbroken_dispute_has_no_faults() -> None:
    assert faults(sound()) == []
    assert len(breakable()) > 150


@pytest.mark.parametrize(("at", "value"), breakable(), ids=lambda given: ".".join(map(str, given))[:60])
def test_unreadable_part_is_one_fault(at: Path_, value: Any) -> None:
    found = faults(changed(sound(), at, value))
    assert len(found) == 1, found


WORDS: list[tuple[Path_, Any]] = [
    (("decision_makers", "up", "options"), ("optoins",)),
    (("decision_makers", "down", "options"), ("choices",)),
    (("decision_makers", "up", "preferences", 0), "divrt"),
    (("decision_makers", "up", "preferences", 1), "not"),
    (("decision_makers", "up", "options", "pay"), ["x"]),
    (("decision_makers", "down", "attitudes"), {"upp": "neutral"}),
    (("decision_makers", "down", "thresholds", "alpha"), "3"),
    (("rules", 0, "never"), "pay and"),
    (("rules", 0), {"nevr": "pay"}),
    (("rules",), "none"),
    (("rules",), ("rule",)),
    (("one_way", "divert"), ["no", "maybe"]),
    (("merge", 0), "appeal or"),
    (("merge",), ("merges",)),
    (("status_quo",), "dael"),
    (("states", "deal"), ["divert", "payy"]),
    (("states", "deal"), "YN"),
    (("states", "deal"), ["pay"]),
    (("states", "deal"), {"taken": "x", "state": "y"}),
    (("states", "deal"), {"taken": {"x": "y"}}),
    (("states", "nothing"), None),
    (("states", "nothing"), "nothing"),
    (("status_quo",), "the sane"),
    (("coalitions", 0, 1), {"x": "y"}),
    (("coalitions", 0), ["up"]),
    (("states",), ("state",)),
    (("views", "up", "does_not_see"), ["divert"]),
    (("views", "up", "believes", "down"), {}),
    (("views", "up", "believes", "down"), {"ranking": [["x", {"y": "z"}]]}),
    (("views", "up", "believes", "down"), {"ranking": {"order": {"x": "y"}}}),
    (("sources", 0, "id"), ("di",)),
    (("sources", 0, "id"), GONE),
    (("sources", 0, "date"), "soon"),
    (("sources",), ("source",)),
    (("statements", 0, "id"), ("ide",)),
    (("statements", 0, "id"), GONE),
    (("statements", 1, "kind"), "clam"),
    (("statements", 2, "spans"), "1-4"),
    (("statements",), ("statments",)),
    (("dossier",), "missing.dossier.yaml"),
    (("dossier",), {"x": "y"}),
]


@pytest.mark.parametrize(("at", "value"), WORDS, ids=lambda given: "gone" if given is GONE else str(given)[:60])
def test_misspelling_is_one_fault(at: Path_, value: Any) -> None:
    data = sound()
    if at == ("dossier",):
        # Half of the statements are in the dossier.
        data["statements"] = data["statements"][1:]
        data["sources"] = data["sources"][1:]
    found = faults(changed(data, at, value))
    assert len(found) == 1, found


def test_two_faults_report_no_more_than_each_alone() -> None:
    chance = random.Random(13)
    broken = breakable() + [(at, value) for at, value in WORDS if at[0] != "dossier"]
    for first, second in chance.sample(list(combinations(range(len(broken)), 2)), examples(150)):
        (at, _), (other, _) = broken[first], broken[second]
        if at[: len(other)] == other or other[: len(at)] == at:
            continue
        both = faults(changed(changed(sound(), *broken[first]), *broken[second]))
        assert both, (broken[first], broken[second])
        alone = {fault for place in (first, second) for fault in faults(changed(sound(), *broken[place]))}
        assert set(both) <= alone, (broken[first], broken[second])


FALSE_FAULTS = """\
format: detente/1
title: x
decision_makers:
  a:
    options: {p: P}
  b:
    options: {q: Q}
    payoffs: {1: many, 2: some, 3: none, 4: 1}
rules: [never: p and q]
"""


def test_three_payoffs_that_are_not_numbers_are_three_faults() -> None:
    with pytest.raises(dt.InputError) as caught:
        parse_conflict(FALSE_FAULTS)
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(8, 18), (8, 27), (8, 36)]


@pytest.mark.parametrize("form", ["payoffs: [many, some, 1, 2]", "weights: {p and: 1, q: x, p: 2}"])
def test_faults_in_entries_of_one_list_are_separate(form: str) -> None:
    with pytest.raises(dt.InputError) as caught:
        parse_conflict(FALSE_FAULTS.replace("payoffs: {1: many, 2: some, 3: none, 4: 1}", form))
    assert len(caught.value.faults) == 2


def test_unreadable_dossier_hides_no_other_fault(tmp_path: Path) -> None:
    data = changed(sound(), ("dossier",), "missing.dossier.yaml")
    data["decision_makers"]["up"]["preferences"][2]["evidence"] = ["in the dossier"]
    data["status_quo"] = ["pay"]
    path = tmp_path / "x.conflict.yaml"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(dt.InputError) as caught:
        dt.load(path)
    assert sorted(fault.message.split(":")[0] for fault in caught.value.faults) == [
        "the status quo is infeasible",
        "there is no such file",
    ]
