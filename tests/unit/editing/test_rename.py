"""Another identifier for a decision maker or an option: whatever names it follows, and nothing else changes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.editing import edited_file
from detente.engine import solver
from detente.errors import InputError, UnknownNameError
from detente.io.conflict_file import ConflictFile, dump_conflict
from detente.model.conditions import is_option_identifier
from detente.model.conflict import Conflict
from tests import strategies
from tests.unit.web.serving import PLANT

EVERYWHERE = """\
format: detente/1
title: build and tell   # build
summary: Who may build, and i.
decision_makers:
  i:   # i
    name: i
    options:
      build: build        # build, as they say
      "re-build": {name: Once more, note: build again}
    preferences:
      - build             # first build
      - {when: "not(build) and re-build", note: to build}
      - when: >-
          if build
          then tell
    attitudes: {i: positive, j: negative}
  j:
    options: [tell, wait]
    preferences:
      weights: {build: 3, not   build: 1}   # what i does
  k:
    weights: [{when: build or tell, weight: 1}]
  l: {}
rules:
  - if build then not re-build   # once only
  - at_most_one: [build, tell and wait]
  - {if: tell, then: wait iff build}
one_way: {build: [no, yes]}      # one way
merge: build and tell and wait
status_quo: {taken: build}
states:
  build: [build]                 # a state of the same name
  i: {taken: [build], note: i}
coalitions: [i, [j, k], [l]]
views:
  i: {does_not_see: tell}
  j:
    does_not_see: [build]
    believes:
      i: [not build, {when: build}]
      k: {preferences: [build]}
speakers: {build: A builder}
statements:
  - {id: s1, speaker: i, kind: claim, quote: i build, about: build, addresses: j}
  - {id: s2, speaker: build, reported_by: i, quote: i tell, about: [tell, build], addresses: [i, j]}
"""


def opened(text: str) -> ConflictFile:
    return ConflictFile.of(text, "x.conflict.yaml")


def edited(file: ConflictFile, edit: dict[str, Any]) -> str:
    return edited_file(file, edit).text


def renaming(owner: str, old: str, new: str) -> dict[str, Any]:
    return {"do": "rename", "at": ["decision_makers", owner, "options", old], "to": new}


def test_option_is_renamed_everywhere() -> None:
    after = edited(
        opened(EVERYWHERE), {"do": "rename", "at": ["decision_makers", "i", "options", "build"], "to": "x.1"}
    )
    assert changed_words(EVERYWHERE, after) == {("build", "x.1")}
    assert len(re.findall(r"x\.1", after)) == 21
    for line in (
        "title: build and tell   # build", "      x.1: build          # build, as they say",
        '      "re-build": {name: Once more, note: build again}', "      - x.1               # first build",
        '      - {when: "not(x.1) and re-build", note: to build}', "          if x.1",
        "      weights: {x.1: 3, not   x.1: 1}   # what i does", "  - if x.1 then not re-build     # once only",
        "  build: [x.1]                   # a state of the same name", "speakers: {build: A builder}",
        "merge: x.1 and tell and wait", "status_quo: {taken: x.1}", "one_way: {x.1: [no, yes]}        # one way",
    ):  # fmt: skip
        assert line + "\n" in after
    conflict = opened(after).conflict
    assert "build" not in conflict.owner
    assert [one.about for one in conflict.statements] == [("x.1",), ("tell", "x.1")]
    assert (
        edited(opened(after), {"do": "rename", "at": ["decision_makers", "i", "options", "x.1"], "to": "build"})
        == EVERYWHERE
    )


def test_decision_maker_is_renamed_everywhere() -> None:
    after = edited(opened(EVERYWHERE), {"do": "rename", "at": ["decision_makers", "i"], "to": "null"})
    assert changed_words(EVERYWHERE, after) == {("i", "'null'")}
    for line in (
        "  'null':   # i", "    name: i", "    attitudes: {'null': positive, j: negative}",
        "coalitions: ['null', [j, k], [l]]", "  'null': {does_not_see: tell}",
        "      'null': [not build, {when: build}]",
        "  i: {taken: [build], note: i}", "summary: Who may build, and i.",
        "  - {id: s1, speaker: 'null', kind: claim, quote: i build, about: build, addresses: j}",
    ):  # fmt: skip
        assert line + "\n" in after
    conflict = opened(after).conflict
    assert conflict.decision_makers[0].id == "null"
    assert conflict.statements[1].reported_by == "null"
    assert conflict.statements[1].addresses == ("null", "j")
    assert (
        edited(opened(after), {"do": "rename", "at": ["decision_makers", "null"], "to": "i"}).replace("'i'", "i")
        == EVERYWHERE
    )


COLUMNS = """\
format: detente/1
title: T
decision_makers:
  i:
    options:
      build: "Build # it"      # now
      stay: Stay               # or later
      go: Go      # alone
    preferences:
      - build and stay        # both
      - not build             # the first
      - {when: build, note: "a   # b"}   # x
      - >-
        build
        and stay
"""


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        ("x", ('x: "Build # it"          # now', "- x and stay            # both")),
        (
            "construct",
            (
                'construct: "Build # it"  # now', "- construct and stay    # both",
                "- not construct         # the first", '- {when: construct, note: "a   # b"}   # x',
            ),
        ),
        ("build-it-all", ('build-it-all: "Build # it"  # now', "- build-it-all and stay # both")),
    ],
)  # fmt: skip
def test_aligned_comments_keep_their_column(new: str, lines: tuple[str, ...]) -> None:
    after = edited(
        opened(COLUMNS), {"do": "rename", "at": ["decision_makers", "company", "options", "build"], "to": new}
    )
    for line in lines:
        assert f"      {line}\n" in after
    assert "      go: Go      # alone\n" in after
    assert re.findall(r"# [^#\n]*$", after, re.MULTILINE) == re.findall(r"# [^#\n]*$", COLUMNS, re.MULTILINE)
    if len(new) < 10:
        assert (
            edited(opened(after), {"do": "rename", "at": ["decision_makers", "i", "options", new], "to": "build"})
            == COLUMNS
        )


@given(st.data())
def test_comments_stay_beside_their_line_and_in_their_column(data: st.DataObject) -> None:
    conflict: Conflict = data.draw(strategies.conflicts(max_options=5, attitudes=True))
    plain = dump_conflict(conflict).splitlines()
    column = max(map(len, plain)) + data.draw(st.integers(1, 60))
    file = opened("".join(f"{line:<{column}}# {place}\n" for place, line in enumerate(plain)))
    assume(file.conflict == conflict and conflict.owner)
    old, new = data.draw(st.sampled_from(sorted(conflict.owner))), data.draw(st.sampled_from(["q", "renamed-so"]))
    assume(new not in conflict.owner)
    after = edited(file, renaming(conflict.owner[old], old, new))
    bare = edited(
        opened("\n".join(plain) + "\n"),
        renaming(conflict.owner[old], old, new),
    )
    lines = bare.splitlines()
    assert [line.rpartition("#")[0].rstrip() for line in after.splitlines()] == lines
    assert [line.rpartition("# ")[2] for line in after.splitlines()] == [str(place) for place in range(len(lines))]
    if max(map(len, lines)) < column:
        assert {line.rindex("#") for line in after.splitlines()} == {column}
        assert edited(opened(after), renaming(conflict.owner[old], new, old)) == file.text


def changed_words(before: str, after: str) -> set[tuple[str, str]]:
    """Return which words have become which."""
    pairs = zip(re.split(r"([\w.'-]+)", before), re.split(r"([\w.'-]+)", after), strict=True)
    # Blanks before a comment are for the column that it stands in.
    return {(one, other) for one, other in pairs if one.split() != other.split()}


@given(st.data())
def test_renamed_dispute_differs_in_the_name_only(data: st.DataObject) -> None:
    conflict: Conflict = data.draw(strategies.conflicts(max_options=5, attitudes=True))
    file = opened(dump_conflict(conflict))
    maker = data.draw(st.sampled_from([maker.id for maker in conflict.decision_makers]))
    option = data.draw(st.sampled_from(sorted(conflict.owner) or [""]))
    above = ["decision_makers"]
    if option and data.draw(st.booleans()):
        above += [conflict.owner[option], "options"]
    old = option if len(above) > 1 else maker
    new = data.draw(st.from_regex(r"\w[\w.-]{0,5}", fullmatch=True).filter(is_option_identifier))
    if new in conflict.owner or new in [maker.id for maker in conflict.decision_makers]:
        return
    after = opened(edited(file, {"do": "rename", "at": [*above, old], "to": new}))
    assert new in (set(after.conflict.owner) | {maker.id for maker in after.conflict.decision_makers})
    assert old not in (set(after.conflict.owner) | {maker.id for maker in after.conflict.decision_makers})
    again = opened(edited(after, {"do": "rename", "at": [*above, new], "to": old}))
    assert again.conflict == file.conflict
    # Quotes that a name had needed stay.
    assert re.sub(r"['\"]", "", again.text) == re.sub(r"['\"]", "", file.text)
    before, now = solver(file.conflict), solver(after.conflict)
    for place in range(len(conflict.decision_makers)):
        assert list(before.ranks(place)) == list(now.ranks(place))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            {"do": "rename", "at": ["decision_makers", "company", "options", "build"], "to": "pay"},
            "there is already an option 'pay'",
        ),
        (
            {"do": "rename", "at": ["decision_makers", "company", "options", "build"], "to": "protest"},
            "there is already an option 'protest'",
        ),
        (
            {"do": "rename", "at": ["decision_makers", "company", "options", "build"], "to": "a plant"},
            "'a plant' is not a valid identifier",
        ),
        (
            {"do": "rename", "at": ["decision_makers", "company", "options", "build"], "to": "then"},
            "'then' is not a valid identifier",
        ),
        (
            {"do": "rename", "at": ["decision_makers", "company", "options", "build"], "to": " "},
            "'' is not a valid identifier",
        ),
        (
            {"do": "rename", "at": ["decision_makers", "company", "options", "build"], "to": "-x"},
            "is not a valid identifier",
        ),
        ({"do": "rename", "at": ["decision_makers", "company", "options", "build"]}, "cannot be applied"),
        ({"do": "rename", "at": ["decision_makers", "bank"], "to": "company"}, "already a decision maker 'company'"),
        ({"do": "rename", "at": ["decision_makers", "bank"], "to": "mayor"}, "there is already a speaker 'mayor'"),
        ({"do": "rename", "at": ["decision_makers", "bank"], "to": "a+b"}, "'a.b' is not a valid identifier"),
    ],
)
def test_invalid_or_taken_identifier_is_refused(edit: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        edited(opened(PLANT), edit)


def test_renaming_to_the_same_identifier_changes_nothing() -> None:
    assert (
        edited(opened(PLANT), {"do": "rename", "at": ["decision_makers", "company", "options", "pay"], "to": " pay "})
        == PLANT
    )
    assert edited(opened(PLANT), {"do": "rename", "at": ["decision_makers", "bank"], "to": "bank"}) == PLANT


@pytest.mark.parametrize(
    "edit",
    [
        {"do": "rename", "at": ["decision_makers", "company", "options", "biuld"], "to": "x"},
        {"do": "rename", "at": ["decision_makers", "banc"], "to": "x"},
    ],
)
def test_unknown_element_is_refused_with_a_suggestion(edit: dict[str, Any]) -> None:
    with pytest.raises(UnknownNameError, match="did you mean"):
        edited(opened(PLANT), edit)


def test_party_named_in_a_shared_dossier_is_not_renamed(tmp_path: Any) -> None:
    (tmp_path / "d.dossier.yaml").write_text(
        "format: detente-dossier/1\nstatements:\n  - {id: d1, speaker: bank, about: [pay], quote: x}\n",
        encoding="utf-8",
    )
    path = tmp_path / "x.conflict.yaml"
    path.write_text(PLANT + "dossier: d.dossier.yaml\n", encoding="utf-8")
    file = ConflictFile.open(path)
    with pytest.raises(InputError, match=r"the dossier 'd.dossier.yaml' uses 'pay' in its statement 'd1'"):
        edited(file, {"do": "rename", "at": ["decision_makers", "company", "options", "pay"], "to": "x"})
    with pytest.raises(InputError, match="uses 'bank'"):
        edited(file, {"do": "rename", "at": ["decision_makers", "bank"], "to": "x"})
    assert "construct:" in edited(
        file, {"do": "rename", "at": ["decision_makers", "company", "options", "build"], "to": "construct"}
    )
