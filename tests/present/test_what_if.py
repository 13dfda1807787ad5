"""How the equilibria change when something is changed, in words."""

from __future__ import annotations

import detente as dt
from detente.analysis.what_if import WhatIf, WhatIfChanges, what_if
from detente.present.blocks import Heading, Table
from detente.present.what_if import answer, status_quo_in_words, view

RIVER = dt.example("river-sharing")


def changed(**changes: object) -> WhatIf:
    return what_if(RIVER.analyze(["nash", "gmr"]), RIVER, WhatIfChanges(**changes))  # type: ignore[arg-type]


def test_gained_and_lost_equilibria_are_shown_with_a_sign() -> None:
    found = changed(off=[("rules", 0)])
    assert answer(found) == "The model has 8 states; that of the file has 6."
    blocks = view(found)
    shown = {
        (str(row[0]) if len(row) > 1 else "", row[-1].pattern)
        for block in blocks
        if isinstance(block, Table)
        for row in (*block.rows, *block.rest)
    }
    assert shown == {
        (sign, state.pattern)
        for one in found.effects
        for sign, states in (("+", one.came), ("−", one.went), ("", one.stay))
        for state in states
    }


def test_same_result_under_several_concepts_is_reported_once() -> None:
    found = changed()
    headings = [block.text for block in view(found) if isinstance(block, Heading)]
    titles = [title for text in headings for title in text.removeprefix("Equilibria under ").split(" and ")]
    assert sorted(titles) == ["GMR", "Nash"]
    assert answer(found) == "The model has 6 states."


def test_changed_status_quo_is_described_as_it_is_now() -> None:
    for one in changed(off=[("decision_makers", "upstream", "preferences", 0)]).effects:
        was, is_ = one.status_quo
        said = status_quo_in_words(one)
        assert any(word in said for word in (" now ", " no longer ")) == (was != is_)
