"""Decision makers and options in another order: every state stays what it was, whatever it is called then."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.editing import edited_file
from detente.errors import InputError
from detente.io.conflict_file import ConflictFile, dump_conflict
from detente.model.conflict import Conflict
from detente.model.preferences import Payoffs, Preferences, Ranking, StateReference
from detente.model.states import StateList, feasible_members
from tests import strategies
from tests.unit.web.serving import PLANT

Members = frozenset[frozenset[str]]


def members(conflict: Conflict) -> dict[int, Members]:
    """Return for every state, by its number, what is taken in each of its members."""
    states = StateList(conflict)
    found: dict[int, set[frozenset[str]]] = {}
    for member in feasible_members(conflict):
        taken = frozenset(option.id for option, value in zip(conflict.options, member, strict=True) if value)
        found.setdefault(states.number_of(conflict.pattern(taken)), set()).add(taken)
    return {number: frozenset(some) for number, some in found.items()}


def meant(conflict: Conflict) -> dict[object, object]:
    """Return what a dispute says of states, each by what is taken in it, and everything else."""
    states, known = StateList(conflict), members(conflict)

    def of(reference: StateReference) -> Members:
        return known[states.number_of(reference)]

    def wishes(held: Preferences) -> object:
        if isinstance(held, Ranking):
            return [{of(one) for one in group} for group in held.groups], held.great, held.unknown
        return {of(state): value for state, value in held.payoffs} if isinstance(held, Payoffs) else held

    found: dict[object, object] = {maker.id: wishes(maker.preferences) for maker in conflict.decision_makers}
    found |= {(view.decision_maker, other): wishes(held) for view in conflict.views for other, held in view.believes}
    found["states"] = {state.name: state.taken for state in conflict.states}
    found["options"] = {maker.id: {option.id for option in maker.options} for maker in conflict.decision_makers}
    found["rest"] = (conflict.status_quo, conflict.rules, conflict.one_way, conflict.merge, conflict.coalitions)
    return found


def opened(text: str) -> ConflictFile:
    return ConflictFile.of(text, "x.conflict.yaml")


def edited(file: ConflictFile, edit: dict[str, Any]) -> str:
    return edited_file(file, edit).text


@st.composite
def moves(draw: st.DrawFn, conflict: Conflict) -> dict[str, Any]:
    """A move of a decision maker, or of an option among those of one."""
    makers = conflict.decision_makers
    several = [maker for maker in makers if len(maker.options) > 1]
    if several and draw(st.booleans()):
        maker = draw(st.sampled_from(several))
        place = st.integers(0, len(maker.options) - 1)
        option = maker.options[draw(place)].id
        return {"do": "move", "at": ["decision_makers", maker.id, "options", option], "to": draw(place)}
    maker = draw(st.sampled_from(makers))
    return {"do": "move", "at": ["decision_makers", maker.id], "to": draw(st.integers(0, len(makers) - 1))}


@given(st.data())
def test_reordered_dispute_says_the_same_of_every_state(data: st.DataObject) -> None:
    conflict: Conflict = data.draw(strategies.conflicts(max_options=5, unsure=data.draw(st.booleans())))
    conflict = conflict.replaced(views=data.draw(strategies.views(conflict)))  # type: ignore[arg-type]
    quo = data.draw(st.sampled_from([None, *sorted(members(conflict).items())[:3]]))
    conflict = conflict.replaced(status_quo=None if quo is None else sorted(min(quo[1], key=sorted)))
    try:
        file = opened(dump_conflict(conflict))
    except InputError:
        # Views of which not every state is ranked.
        assume(False)
    edit = data.draw(moves(file.conflict))
    after = opened(edited(file, edit))
    assert meant(after.conflict) == meant(file.conflict)
    if len(edit["at"]) == 2:
        ids = [maker.id for maker in after.conflict.decision_makers]
        assert ids[edit["to"]] == edit["at"][1]
        place = [maker.id for maker in file.conflict.decision_makers].index(edit["at"][1])
        back = {**edit, "to": place}
    else:
        owner = file.conflict.decision_maker(edit["at"][1])
        back = {**edit, "to": [option.id for option in owner.options].index(edit["at"][3])}
    # Moved back, every word and letter is as it was.
    assert edited(after, back) == file.text


LETTERS = """\
format: detente/1
title: Two dams   # as told
decision_makers:
  # --- those with a dam ---

  # upstream of everybody
  upper:
    name: Upper land
    options:
      # in the north
      dam: &what Build a dam    # not begun
        # by the lake, or in it

      # in the south
      canal: Dig a canal        # begun

    payoffs: [0, 2.5, -1, 4, 5, 6, 7, 8]   # state by state

    # all in one currency
  # --- those without ---

  # the only one
  lower:
    options: [protest]          # no more
    ranking:
      known:
        - [1, [YNN, NYN], "YYN"]            # asked in May
        - [NNY, much better than, all, 6, 7]
status_quo: 'NYN'   # the canal
states:
  all: YYY
  none: {state: NNN, note: idle}
  canal: {taken: canal}
views:
  upper:
    believes:
      lower: {payoffs: {1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6, 8: 7}}
  lower:
    believes:
      upper: {ranking: [[1, 2, 3, 4], [5, 6, 7, 8]]}
# the end
"""


def comments(text: str) -> set[str]:
    return set(re.findall(r"#.*$", text, re.MULTILINE))


@pytest.mark.parametrize(
    "edit",
    [
        {"do": "move", "at": ["decision_makers", "upper", "options", "dam"], "to": 1},
        {"do": "move", "at": ["decision_makers", "upper", "options", "canal"], "to": 0},
        {"do": "move", "at": ["decision_makers", "upper"], "to": 1},
        {"do": "move", "at": ["decision_makers", "lower"], "to": 0},
    ],
)
def test_reordering_rewrites_patterns_and_moves_comments(edit: dict[str, Any]) -> None:
    file = opened(LETTERS)
    text = edited(file, edit)
    assert meant(opened(text).conflict) == meant(file.conflict)
    assert comments(text) == comments(LETTERS)
    assert len(text.splitlines()) == len(LETTERS.splitlines())
    if "options" in edit["at"]:
        assert (
            "      # in the south\n      canal: Dig a canal        # begun\n\n"
            "      # in the north\n      dam: &what Build a dam    # not begun\n        # by the lake, or in it\n"
        ) in text
        assert "status_quo: 'YNN'   # the canal\n" in text
        assert "payoffs: [0, -1, 2.5, 4, 5, 7, 6, 8]   # state by state" in text
        assert '- [1, [NYN, YNN], "YYN"]            # asked in May' in text
    else:
        # A heading stays above those that have not been moved; the last keeps what is indented below it.
        assert "  # the only one\n  lower:\n    options: [protest]          # no more\n" in text
        assert text.index("lower:\n    options") < text.index("upper:\n    name")
        assert "    # all in one currency\n" in text
        assert "status_quo: 'NNY'   # the canal\n" in text
        assert "  all: YYY\n  none: {state: NNN, note: idle}\n" in text


def test_headings_stay_above_their_entries() -> None:
    text = "format: detente/1\ntitle: T\ndecision_makers:\n"
    for heading, ids in (("large", "ab"), ("small", "cd")):
        text += f"  # {heading}\n\n" + "".join(f"  {id}: {{options: [{id}1, {id}2]}}\n" for id in ids)

    def order(maker: str, to: int) -> str:
        moved = edited(opened(text), {"do": "move", "at": ["decision_makers", maker], "to": to})
        found = re.findall(r"^  (?:# (\w)|(\w):)", moved, re.MULTILINE)
        return "".join(first or second for first, second in found)

    assert order("a", 3) == "lbscda"
    assert order("d", 2) == "labsdc"
    assert order("d", 0) == "ldabsc"
    assert order("a", 1) == "lbasc" + "d"


def test_options_in_flow_style_and_by_alias_are_reordered() -> None:
    text = (
        "format: detente/1\ntitle: T   # t\ndecision_makers:\n"
        "  i: {options: {a: &one One, b: Two, c: }}   # i\n  j: {options: [x, y], ranking: &all ["
        + ", ".join(map(str, range(1, 33)))
        + "]}\n  k: {name: *one, ranking: *all}\n"
    )
    file = opened(text)
    moved = edited(file, {"do": "move", "at": ["decision_makers", "i", "options", "c"], "to": 0})
    assert "options: {c: , a: &one One, b: Two }}   # i" in moved
    assert "ranking: &all [1, 3, 5, 7, 2, 4" in moved
    assert meant(opened(moved).conflict) == meant(file.conflict)
    # An alias may not stand before what it stands for: it is written out.
    before = edited(file, {"do": "move", "at": ["decision_makers", "k"], "to": 0})
    assert meant(opened(before).conflict) == meant(file.conflict)
    assert {"# t", "# i"} <= comments(before)


@st.composite
def bracketed(draw: st.DrawFn, listed: bool) -> str:
    """Options between brackets: some on lines of their own, with comments of their own, commas before or behind."""
    count = draw(st.integers(2, 5))
    breaks = draw(st.lists(st.booleans(), min_size=count + 1, max_size=count + 1))
    text = "[" if listed else "{"
    if draw(st.booleans()):
        text, breaks[0] = text + "   # of all", True
    ahead = False
    for place, id in enumerate("abcde"[:count]):
        if draw(st.booleans()):
            breaks[place] = True
        if breaks[place]:
            if draw(st.booleans()):
                text += f"\n\n      # heading {place}\n"
            text += f"\n      # above {id}" if draw(st.booleans()) else ""
            text += "\n      "
        text += (", " if ahead else "") + (
            id if listed else draw(st.sampled_from([id, f"{id}: ", f"{id}: Option {id}"]))
        )
        ahead = draw(st.booleans()) and place + 1 < count
        text += "" if ahead else "," if place + 1 < count or draw(st.booleans()) else ""
        beside = draw(st.booleans())
        text += f"   # beside {id}, # and" if beside else " "
        if beside or (ahead and draw(st.booleans())):
            breaks[place + 1] = True
        if breaks[place] and breaks[place + 1] and not ahead and draw(st.booleans()):
            text += f"\n        # below {id}"
    if breaks[count]:
        text += "\n      # the end" if draw(st.booleans()) else ""
        text += "\n    "
    return text + ("]" if listed else "}")


@given(st.data(), st.booleans())
def test_comments_in_flow_style_move_with_their_entry(data: st.DataObject, listed: bool) -> None:
    options = data.draw(bracketed(listed))
    file = opened(
        f"format: detente/1\ntitle: T\ndecision_makers:\n  i:\n    options: {options}   # i\n"
        "    preferences: [a]\n  j:\n    name: J\n"
    )
    count = len(file.conflict.options)
    place, to = (data.draw(st.integers(0, count - 1)) for _ in range(2))
    moved = file.conflict.options[place].id
    text = edited(file, {"do": "move", "at": ["decision_makers", "i", "options", moved], "to": to})
    after = opened(text)
    assert meant(after.conflict) == meant(file.conflict)
    ids = [option.id for option in file.conflict.options]
    ids.insert(to, ids.pop(place))
    assert [option.id for option in after.conflict.options] == ids
    found = re.findall(r"#.*$", text, re.MULTILINE)
    assert sorted(found) == sorted(re.findall(r"#.*$", file.text, re.MULTILINE))
    for id in ids:
        # In the order of the text: what is said of an option stands about it.
        about = [
            (text.index(f"# {where} {id}"), where)
            for where in ("above", "beside", "below")
            if f"# {where} {id}" in text
        ]
        itself = re.search(rf"^[^#\n]*?(?<![\w]){id}(?=[:, \n\]}}])", text[text.index("options:") :], re.MULTILINE)
        assert itself
        at = text.index("options:") + itself.end()
        assert [where for _, where in sorted([*about, (at, "it")])] == [
            where for where in ("above", "it", "beside", "below") if where == "it" or f"# {where} {id}" in text
        ]


def test_handwritten_comments_in_flow_style_are_kept() -> None:
    text = """\
format: detente/1
title: T
decision_makers: {
  # of the north
  i: {options: [a]},   # i
  # of the south
  j: {
    options: {   # all of them
      # the first
      x: One,    # begun

      # the second
      y: Two     # not begun
        # nor planned
    }
  }              # j
}
"""
    file = opened(text)
    moved = edited(file, {"do": "move", "at": ["decision_makers", "j", "options", "x"], "to": 1})
    assert (
        """\
    options: {   # all of them
      # the second
      y: Two,     # not begun
        # nor planned

      # the first
      x: One    # begun
    }
"""
        in moved
    )
    assert edited(opened(moved), {"do": "move", "at": ["decision_makers", "j", "options", "x"], "to": 0}) == text
    moved = edited(file, {"do": "move", "at": ["decision_makers", "j"], "to": 0})
    assert "decision_makers: {\n  # of the south\n  j: {\n" in moved
    assert "  },              # j\n  # of the north\n  i: {options: [a]}   # i\n}\n" in moved
    assert edited(opened(moved), {"do": "move", "at": ["decision_makers", "j"], "to": 1}) == text


def test_long_ranking_is_rewritten(tmp_path: Path) -> None:
    options = [f"o{place}" for place in range(10)]
    numbers = ", ".join(map(str, range(1, 1025)))
    text = (
        f"format: detente/1\ntitle: T\ndecision_makers:\n  i:\n    options: [{', '.join(options)}]\n"
        f"    ranking: [{numbers}]   # all\n"
    )
    file = opened(text)
    after = opened(edited(file, {"do": "move", "at": ["decision_makers", "i", "options", "o0"], "to": 9}))
    assert meant(after.conflict) == meant(file.conflict)
    assert "# all" in after.text


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"do": "move", "at": ["decision_makers", "company"], "to": 4}, "no entry 5"),
        ({"do": "move", "at": ["decision_makers", "company"], "to": -1}, "no entry 0"),
        ({"do": "move", "at": ["decision_makers", "company", "options", "pay"], "to": 2}, "no entry 3"),
        ({"do": "move", "at": ["decision_makers", "company", "options", "pay"]}, "cannot be applied"),
    ],
)
def test_move_to_an_unknown_place_is_refused(edit: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        edited(opened(PLANT), edit)
