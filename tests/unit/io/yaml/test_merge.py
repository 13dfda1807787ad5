"""A change put into a text that is laid out otherwise: made, and nothing else.

Comments go where what they speak of goes, whatever is changed, moved, added or taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.io.conflict_file import ConflictFile
from detente.model.parts import NamedState
from detente.model.preferences import Prioritising, Weights

COMMENTED = """\
# Top of file
format: detente/1
title: A river

# Who takes part.
decision_makers:
  # the one above
  upstream:
    name: Upstream country
    options:
      divert: Divert the river        # the works have not begun
      compensate: Pay compensation
    # what it wants
    preferences:                      # most important first
      # first comes water
      - divert     # d
      - not sanction   # n
      # and then money
      - if divert then compensate
      - not compensate   # last

  # the one below
  downstream:
    name: Downstream country
    options:
      sanction: Impose sanctions
    preferences: [not divert, compensate, not sanction]  # of downstream

# ---- Rules ----
rules:
  # money
  - never: compensate and not divert  # nothing to pay for
  - never: sanction and compensate  # 2

# ---- Today ----
status_quo: []   # nothing
# the names
states:
  stand-off: [divert, sanction]
  # another
  other: [divert]   # of other
# the end
"""


def _wanting(change: Callable[[tuple[Any, ...]], Any]) -> Callable[[dt.Conflict], dt.Conflict]:
    def changed(conflict: dt.Conflict) -> dt.Conflict:
        first, second = conflict.decision_makers
        assert isinstance(first.preferences, Prioritising)
        made = change(first.preferences.statements)
        wanted = made if isinstance(made, Weights) else Prioritising(tuple(made))
        return conflict.replaced(
            decision_makers=[dt.DecisionMaker(first.id, first.name, first.options, wanted), second]
        )

    return changed


def _with_attitude(conflict: dt.Conflict) -> dt.Conflict:
    first, second = conflict.decision_makers
    kind = dt.DecisionMaker(
        first.id, first.name, first.options, first.preferences, attitudes={"downstream": "positive"}
    )
    return conflict.replaced(decision_makers=[kind, second])


CHANGES: dict[str, Callable[[dt.Conflict], dt.Conflict]] = {
    "a rule added": lambda conflict: conflict.replaced(
        rules=[*conflict.rules, dt.never("divert and sanction and compensate")]
    ),
    "the first rule removed": lambda conflict: conflict.replaced(rules=conflict.rules[1:]),
    "the last rule removed": lambda conflict: conflict.replaced(rules=conflict.rules[:1]),
    "all rules removed": lambda conflict: conflict.replaced(rules=()),
    "a preference added": _wanting(lambda all: [*all, all[0]]),
    "the last preference removed": _wanting(lambda all: all[:-1]),
    "a preference removed": _wanting(lambda all: [all[0], *all[2:]]),
    "the first preference moved down": _wanting(lambda all: [*all[1:], all[0]]),
    "the last preference moved up": _wanting(lambda all: [all[-1], *all[:-1]]),
    "all preferences removed": _wanting(lambda all: []),
    "weights instead": _wanting(lambda all: Weights.of({"divert": 3})),
    "an attitude": _with_attitude,
    "a one-way mark": lambda conflict: conflict.replaced(one_way={"divert": True}),
    "a summary": lambda conflict: conflict.replaced(summary="Two countries."),
    "a state renamed": lambda conflict: conflict.replaced(
        states=[conflict.states[0], NamedState("dam", conflict.states[1].taken)]
    ),
    "a state added": lambda conflict: conflict.replaced(states=[*conflict.states, NamedState("rest", frozenset())]),
    "the last state removed": lambda conflict: conflict.replaced(states=conflict.states[:1]),
    "coalitions": lambda conflict: conflict.replaced(coalitions=[["upstream", "downstream"]]),
    "a decision maker added": lambda conflict: conflict.replaced(
        decision_makers=[*conflict.decision_makers, dt.DecisionMaker("third", "Third")]
    ),
}


#: Keys under which another key now stands, in the words of the tests above.
RENAMED = {"preferences:": "weights:", "other: [divert]": "dam: [divert]"}


def _spoken_of(text: str) -> dict[str, str]:
    """Return for every comment what it speaks of: its own line, or the next one with something on it."""
    found: dict[str, str] = {}
    waiting: list[str] = []
    for line in text.splitlines():
        code, mark, comment = line.partition("#")
        if not code.strip():
            waiting += [mark + comment] if mark else []
            continue
        for one in waiting:
            found[one] = code.strip()
        waiting = []
        if mark:
            found[mark + comment] = code.strip()
    return {**found, **dict.fromkeys(waiting, "")}


@pytest.mark.parametrize("name", CHANGES)
def test_comments_stay_with_their_element(name: str, tmp_path: Path) -> None:
    file = ConflictFile.of(COMMENTED, tmp_path / "x.conflict.yaml")
    assert isinstance(file.conflict, dt.Conflict)
    wanted = CHANGES[name](file.conflict)
    text = file.text_with(wanted)
    assert ConflictFile.of(text, file.path).conflict == wanted
    before, after = _spoken_of(COMMENTED), _spoken_of(text)
    remaining = {line.partition("#")[0].strip() for line in text.splitlines()}
    for comment, of in before.items():
        now = {of, RENAMED.get(of, of)} & remaining
        if now:
            assert after.get(comment) in now or (comment, name) == ("# most important first", "weights instead")
        else:
            # Of what is gone only a heading, after a blank line, may be left.
            assert comment not in after or comment.startswith("# ----")


def test_nested_preferences_are_changed_in_place(tmp_path: Path) -> None:
    text = """\
format: detente/1
title: Two   # as told
decision_makers:
  i:
    options: {a: One}
    # best first
    preferences:
      ranking: [1, 2]
  j: {name: Other}   # only affected
"""
    file = ConflictFile.of(text, tmp_path / "x.conflict.yaml")
    first, second = file.conflict.decision_makers
    turned = dt.DecisionMaker(first.id, first.name, first.options, dt.Ranking.of(2, 1))
    wanted = file.conflict.replaced(decision_makers=[turned, second])
    saved = file.text_with(wanted)
    assert "    # best first\n    preferences:\n      ranking: [2, 1]\n" in saved
    assert "# only affected" in saved
    assert "# as told" in saved


def test_weights_in_another_notation_are_changed(tmp_path: Path) -> None:
    text = """\
format: detente/1
title: Two   # as told
decision_makers:
  i:
    options: {a: One, b: Two}
    weights:
      (a)  and b: 3
      not(b): 1
"""
    file = ConflictFile.of(text, tmp_path / "x.conflict.yaml")
    (maker,) = file.conflict.decision_makers
    heavier = dt.DecisionMaker(maker.id, maker.name, maker.options, Weights.of({"a and b": 4, "not b": 1}))
    wanted = file.conflict.replaced(decision_makers=[heavier])
    saved = file.text_with(wanted)
    assert "# as told" in saved
    assert ConflictFile.of(saved, file.path).conflict == wanted


SETS = """\
format: detente/1
title: T   # t
decision_makers:
  i: {options: [a, b, c]}   # i
  j: {options: [x]}
status_quo: [b, a]  # q
states:
  s: [x, b, a]   # s
  t:
    # first
    - x   # x
    - b   # b
"""


@pytest.mark.parametrize(
    ("taken", "line"),
    [("b", "status_quo: [b]"), ("abc", "status_quo: [b, a, c]"), ("ac", "status_quo: [a, c]"), ("c", "[c]")],
)
def test_taken_options_may_be_in_any_order(taken: str, line: str, tmp_path: Path) -> None:
    file = ConflictFile.of(SETS, tmp_path / "x.conflict.yaml")
    wanted = file.conflict.replaced(status_quo=list(taken))
    text = file.text_with(wanted)
    assert ConflictFile.of(text, file.path).conflict == wanted
    assert line in text
    assert [one for one in text.splitlines() if not one.startswith("status_quo")] == [
        one for one in SETS.splitlines() if not one.startswith("status_quo")
    ]
    kept = file.text_with(file.conflict.replaced(states=[file.conflict.states[0], NamedState("t", frozenset("ax"))]))
    assert "    # first\n    - x   # x\n    - a" in kept


LAID_OUT = """\
format: detente/1
title:   A long story        # told at length
summary: >-
   Once upon a time there was a river, and those who lived by it could not agree on who should have what of its
   water.
decision_makers:
  i:
    name: "I, whose name is one that is written in so many words that no line that programs like holds it"
    options: {a:   One,  b: Two}
    preferences:
    - {when: a,   note: 'not    indented'}

    - b
  j: {  options:  [c] }
rules: [ never: a and b ]
"""


def test_unchanged_parts_keep_their_layout(tmp_path: Path) -> None:
    file = ConflictFile.of(LAID_OUT, tmp_path / "x.conflict.yaml")
    told = file.text_with(file.conflict.replaced(as_of="2024"))
    assert told.replace('as_of: "2024"\n', "").replace("as_of: '2024'\n", "") == LAID_OUT
    wanted = file.conflict.replaced(status_quo=["a"], rules=[])
    text = file.text_with(wanted)
    assert text == LAID_OUT.replace("rules: [ never: a and b ]\n", "status_quo: [a]\n")
    assert ConflictFile.of(text, file.path).conflict == wanted
