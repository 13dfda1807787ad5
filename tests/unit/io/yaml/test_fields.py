"""The table of fields: every field is read, written, given as data and described, by its row alone."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from detente.errors import InputError
from detente.io.conflict_file import dump_conflict, parse_conflict
from detente.io.yaml.build import build_conflict
from detente.io.yaml.edit import references
from detente.io.yaml.fields import Element, Entries, Items, Keyed, Kind, Names, Optional, Whole
from detente.io.yaml.kinds import DATE, NUMBER, YES_NO
from detente.io.yaml.parse import parse_yaml
from detente.io.yaml.reading import LOST, FoundFaults, ValueFault
from detente.io.yaml.schema import CONFLICT, ELEMENTS, OPTION, STATEMENT
from detente.io.yaml.validate import read_value
from detente.io.yaml.write import conflict_data

GROUNDS = "evidence: [s1], against: [s2], note: a remark, since: 2020, until: 2030-05-01"
#: Every key of a conflict file is here, with another value than its default.
WHOLE = f"""\
format: detente/1
title: Everything
summary: In one file
as_of: 2024-05
citation: [A book]
notes: All keys
decision_makers:
  one:
    name: The first
    options:
      a: {{name: Do this, not_named: does that, undone: undoes that, {GROUNDS}}}
      b: Do that
    preferences:
      - {{when: a, confidence: 0.5, strength: strong, {GROUNDS}}}
      - {{when: not b, unknown: yes}}
    facing_unknown: d
    thresholds: {{satisficing: 0.6, alpha: 0.7, beta: 0.8, gamma: 0.9}}
    attitudes: {{two: negative}}
    evidence: [s1]
    against: [s2]
    note: a remark
  two:
    options: [c]
    ranking: {{known: [[NNN, YNN], [NYN, NNY, [YYY, NYY, YNY]]], {GROUNDS}}}
  three:
    weights:
      - {{when: a, weight: 2, {GROUNDS}}}
  four:
    payoffs: {{NNN: 1, 2: 2, 3: 1, 4: 1, 5: 0, 6: 1, 7: 3}}
rules:
  - {{never: a and b and not c, {GROUNDS}}}
  - at_most_one: [a and b, a and not a]
  - at_least_one: [a, not a]
  - exactly_one: [a, not a]
  - if a then a
  - {{always: b or not b}}
  - {{if: c, then: c}}
one_way:
  a: {{direction: [no, yes], {GROUNDS}}}
merge:
  - {{when: a and not a, {GROUNDS}}}
status_quo: {{taken: [a], evidence: [s1], against: [s2], note: a remark}}
history:
  - {{date: 2023, by: one, takes: [a], evidence: [s1], against: [s2], note: a remark}}
  - {{date: 2024-02, by: one, drops: [b]}}
states:
  all done: {{state: YYY}}
coalitions: [[one, two], [three], [four]]
views:
  one:
    does_not_see: [c]
    believes:
      two: {{preferences: [a], {GROUNDS}}}
      three: {{weights: {{b: 1}}}}
    evidence: [s1]
    against: [s2]
    note: a remark
    since: 2020
    until: 2030-05-01
  two:
    believes:
      one: {{ranking: [[NNN, YNN, NYN], [NNY, YYY, NYY, YNY]]}}
      four: {{payoffs: [1, 2, 3, 4, 5, 6, 7]}}
speakers: {{envoy: The envoy}}
sources:
  - {{id: daily, title: T, publisher: P, date: 2024-04-30, language: en, url: u, file: f, sha256: h,
     text_sha256: t, note: n}}
statements:
  - id: s1
    source: daily
    speaker: one
    speaker_text: the first
    cue: said
    kind: threat
    form: direct
    quote: we will
    spans: [[1, 3]]
    prefix: and
    suffix: soon
    reported_by: envoy
    date_said: 2024-04
    place: here
    audience: all
    nested_in: s3
    about: {{a: for}}
    addresses: [two]
    contested_by: [s2]
    in_doubt: yes
    confidence: 0.5
    speaker_confidence: 0.25
    kind_confidence: 0.75
    proposed: yes
    note: a remark
  - {{id: s2, speaker: two, withdrawn_by: [s4]}}
  - {{id: s3, speaker: envoy}}
  - {{id: s4, speaker: two, date_said: 2024-05}}
  - {{id: s5, speaker: two, copy_of: s4}}
skipped:
  - {{source: daily, quote: they may, spans: [[5, 9]], reason: rejected, speaker_text: they, cue: may}}
links:
  - {{kind: same_as, first: envoy, second: two, reason: a name, confidence: 0.5, accepted: no}}
"""


def inner(kind: Kind) -> Kind:
    while isinstance(kind, Optional | Whole):
        kind = kind.kind
    return kind


def keys_in(kind: Kind, data: Any) -> Iterator[tuple[str, str]]:
    """Every key in data, with the name of the element that it is of."""
    kind = inner(kind)
    if isinstance(kind, Element):
        for key, value in data.items():
            yield kind.name, key
            yield from keys_in(kind.by_key[key].kind, value)
    elif isinstance(kind, Keyed):
        for value in data.values():
            yield from keys_in(kind.element, value)
    elif isinstance(kind, Items):
        for value in kind.listed(data):
            yield from keys_in(kind.kind, value)


def test_every_field_is_read_and_written() -> None:
    """What is missing here when a field is new is a line in `WHOLE`, and nothing else."""
    conflict = parse_conflict(WHOLE)
    assert parse_conflict(dump_conflict(conflict)) == conflict
    there = set(keys_in(CONFLICT, conflict_data(conflict)))
    known = {(element.name, key) for element in ELEMENTS for key in element.by_key}
    # Another spelling of what is written in one way, and what needs a file beside this one.
    respelt = {("State", "state"), ("Rule", "if"), ("Rule", "then"), ("Conflict", "dossier")}
    assert known - respelt <= there <= known


def test_conflict_data_round_trip_is_equal() -> None:
    conflict = parse_conflict(WHOLE)
    assert build_conflict(read_value(CONFLICT, conflict_data(conflict)), ()) == conflict


def test_every_field_has_a_description() -> None:
    undescribed = [(element.name, one.key) for element in ELEMENTS for one in element.fields if not one.doc]
    assert undescribed == [("Payoff", "state"), ("Payoff", "payoff")]


def test_references_are_found_from_the_field_table() -> None:
    found: dict[str, set[str]] = {}
    for one in references(parse_yaml(WHOLE, "")):
        found.setdefault(one.what, set()).add(str(one.node.value))
    assert found[Names.DECISION_MAKER] == {"one", "two", "three", "four"}
    assert found[Names.OPTION] == {"a", "b", "c"}
    assert found[Names.STATEMENT] == {"s1", "s2", "s3", "s4"}
    assert found[Names.SPEAKER] == {"one", "two", "envoy"}
    assert found[Names.SOURCE] == {"daily"}
    assert {"a and b and not c", "not b", "a and not a"} <= found[Names.CONDITION]
    assert {"NNN", "2", "YYY"} <= found[Names.STATE]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (NUMBER, "many", "'many' is not a number"),
        (NUMBER, None, "a number is expected"),
        (YES_NO, "perhaps", "'perhaps' is neither yes nor no"),
        (DATE, [], "this entry must be text, not a list"),
        (OPTION, ["x"], "this entry must be a mapping of keys to values, not a list"),
        (STATEMENT, {}, "'id' is missing"),
        (STATEMENT, {"id": "s1", "kin": "threat"}, "unknown key 'kin'"),
    ],
)
def test_unreadable_value_is_a_fault(kind: Kind, value: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_value(kind, value)
    assert [fault.message for fault in caught.value.faults] == [message]


def test_list_keeps_readable_entries_and_their_places() -> None:
    reading = FoundFaults()
    assert Items(NUMBER).read(["1", "x", "3"], ("a",), reading) == (1, 3)
    assert reading.original(("a", 1)) == ("a", 2)
    assert reading.misses(("a",)) and not reading.misses(("a", 2))
    assert Entries(NUMBER).read("x", ("b",), reading) is LOST


def test_a_quick_reading_equals_one_that_keeps_places() -> None:
    """Values of all keys, some of them damaged: the quick reading gives the same object, or leaves it to the other."""
    rng, read, left = Random(1), 0, 0
    wrong: list[Any] = [None, "", "x", [], ["x"], [["x"]], {}, {"x": "y"}, {"x": None}, "2024-13", "1.5", "yes"]
    data = parse_yaml(WHOLE, "t").data
    for _ in range(400):
        element, value = rng.choice([(CONFLICT, data), *((STATEMENT, one) for one in data["statements"])])
        value = dict(value)
        for _ in range(rng.choice((0, 1, 1, 2))):
            value[rng.choice([*element.by_key, "unknown"])] = rng.choice(wrong)
        # No element is read quickly where faults of its text are known.
        slow = FoundFaults(told=frozenset({("elsewhere",)}))
        found = element.read(value, (), slow)
        try:
            quick = element.quick(value)
        except ValueFault:
            assert slow.faults
            left += 1
            continue
        assert not slow.faults
        assert quick == found
        read += 1
    assert read > 50
    assert left > 50


def test_matters_are_written_back_however_short_their_names_are() -> None:
    """A pair of an option and a stance is one entry of two; so is the name of an option with two letters."""
    text = (
        "format: detente/1\ntitle: T\ndecision_makers:\n  a: {options: [x1], preferences: [x1]}\n"
        "  b: {options: [y1], preferences: [y1]}\nstatements:\n"
        "- {id: s, speaker: a, kind: demand, quote: q, about: [x1, y1]}\n"
    )
    conflict = parse_conflict(text)
    assert parse_conflict(dump_conflict(conflict)).all_statements == conflict.all_statements
