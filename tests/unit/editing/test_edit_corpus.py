"""Edits with every verb at random places of many files: made, saved, read again, and nothing else touched."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from detente.editing import VERBS, edited_file
from detente.io.conflict_file import ConflictFile
from tests.examples import examples
from tests.unit.editing.corpus import ROOT, lines_changed, lost_and_astray, outcomes, texts_of
from tests.unit.editing.test_rename import EVERYWHERE
from tests.unit.editing.test_reorder import LETTERS
from tests.unit.io.yaml.test_merge import COMMENTED, LAID_OUT, SETS
from tests.unit.web.serving import PLANT, RIVER

HANDWRITTEN = {
    "plant": PLANT, "river": RIVER, "letters": LETTERS, "everywhere": EVERYWHERE, "notes": COMMENTED, "sets": SETS,
    "laid out": LAID_OUT,
}  # fmt: skip


def test_random_edits_are_right_and_keep_comments() -> None:
    texts = [*HANDWRITTEN.items(), *texts_of([ROOT / "src" / "detente" / "examples"])]
    random.shuffle(texts)
    made = list(outcomes(texts[: examples(28)], 4, random.randrange(10**6)))
    assert made
    for one in made:
        assert one.what == "right", one
    lost = sum(lost_and_astray(one.before, one.after)[0] for one in made)
    # A comment inside what is written anew goes with it.
    assert lost <= len(made) / 20, [one.edit for one in made if lost_and_astray(one.before, one.after)[0]]


def test_every_verb_is_tried() -> None:
    river = RIVER.replace("Pay compensation", "{name: Pay, note: 'Proposed: a demand.'}")
    tried: set[str] = set()
    for one in outcomes([("river", river), ("plant", PLANT)], 45, 2):
        tried.add(one.edit["do"])
        if tried >= set(VERBS):
            break
    assert tried == set(VERBS)


@pytest.mark.parametrize(
    ("text", "edit", "lines"),
    [
        # An option more, where states are given by their letters: these are written anew, and nothing else.
        (LETTERS, {"do": "add", "at": ["decision_makers", "upper", "options"], "name": "Wait"}, 50),
        # A comment below a text of several lines does not become a part of it.
        (LETTERS, {"do": "set", "at": ["decision_makers", "upper", "options", "dam"], "value": "Two\nlines"}, 2),
        # The order of weights and payoffs.
        (PLANT, {"do": "move", "at": ["decision_makers", "ministry", "weights", 1], "to": 0}, 2),
        # Between brackets a new value stays between them.
        (RIVER, {"do": "set", "at": ["statements", "s1", "note"], "value": "Twice: here, # and there"}, 2),
        # Evidence for what is written as a list.
        (SETS, {"do": "set", "at": ["status_quo", "note"], "value": "Now"}, 2),
    ],
)
def test_difficult_places_are_changed_without_rewriting(
    text: str, edit: dict[str, Any], lines: int, tmp_path: Path
) -> None:
    file = ConflictFile.of(text, tmp_path / "x.conflict.yaml")
    made = edited_file(file, edit)
    made.save(made.conflict)
    assert ConflictFile.open(made.path).conflict == made.conflict
    assert lost_and_astray(text, made.text) == (0, 0)
    assert lines_changed(text, made.text) <= lines


ALIASED = """\
format: detente/1
title: T
decision_makers:
  i: {options: {a: &one One, b: Two}, ranking: &all [1, 2, 3]}   # i
  j:
    name: *one
    ranking: *all   # as for i
rules: [{never: a and b, note: *one}, {always: a or not a}]
"""


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        ({"do": "set", "at": ["decision_makers", "j", "name"], "value": "J"}, 2),
        ({"do": "move", "at": ["decision_makers", "j", "ranking", 0], "to": 2}, 2),
        ({"do": "remove", "at": ["rules", 1]}, 2),
        ({"do": "set", "at": ["rules", 0, "note"], "value": ""}, 2),
    ],
)
def test_alias_stays_where_its_value_has_not_changed(edit: dict[str, Any], lines: int) -> None:
    file = ConflictFile.of(ALIASED, "x.conflict.yaml")
    made = edited_file(file, edit)
    assert lines_changed(ALIASED, made.text) <= lines
    assert lost_and_astray(ALIASED, made.text) == (0, 0)
