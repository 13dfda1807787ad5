"""The words for how much of each equilibrium survives doubt."""

from __future__ import annotations

import pytest

import detente as dt
from detente.analysis.robustness import SamplingNote
from detente.present.blocks import Cell, Heading, Table
from detente.present.phrases import percent
from detente.present.robustness import (
    distribution_in_words,
    effect_in_words,
    note_in_words,
    small_change_in_words,
    view,
    why,
)

GUARD = dt.Conflict(
    "guard",
    [
        dt.DecisionMaker("guard", "The guard", options=["open"], preferences=["not open", "open iff knock"]),
        dt.DecisionMaker("guest", "The guest", options=["knock"], preferences=["knock"]),
    ],
)


def test_view_reports_shares_and_what_they_depend_on() -> None:
    answer = dt.example("ukraine-2023").robustness(["nash", "seq"], samples=300)
    blocks = view(answer)
    assert blocks[0].text.startswith("The status quo, ")
    assert f"of {answer.samples} random variations of the preferences" in blocks[0].text
    assert [block.text for block in blocks if isinstance(block, Heading)] == [
        "The preferences that matter most",
        "How often each state is an equilibrium",
    ]
    shares = [block for block in blocks if isinstance(block, Table)][-1]
    assert len(shares.rows) + len(shares.rest) == sum(map(answer.ever, answer.states))
    assert blocks[-2].text.startswith("Each variation is drawn at random (seed 0): the order of each party's ")


def test_both_one_way_assumptions_are_reported_in_turn() -> None:
    answer = dt.example("river-sharing").robustness(["nash"], samples=50, one_way="both")
    headings = [block.text for block in view(answer) if isinstance(block, Heading) and block.level == 1]
    assert headings == ["One-way options as entered", "Every option can be changed in both directions"]


def test_effect_is_reported_with_its_shares() -> None:
    answer = GUARD.robustness(["nash"], samples=4000, dispersion=0, keep=0.9)
    text = effect_in_words(answer, answer.depends_on("nash", "NY")[0])
    assert text.startswith(
        "Without preference 1 of The guard, ‘not open’ (assumption), state 3 would be an equilibrium in "
    )
    assert "points fewer" in text
    said = why(answer, "NY", "nash")
    assert said.startswith("Nash: state 3 is an equilibrium in ")
    assert "it would stop being an equilibrium after a single change: without preference 1 of The guard" in said


def test_small_effects_are_reported_as_noise() -> None:
    one = dt.Conflict("one", [dt.DecisionMaker("one", options=["a", "b"], preferences=["a", "b"])])
    answer = one.robustness(["nash"], samples=400, keep=0.5, ties="kept")
    noise = [effect for effect in answer.depends_on("nash", "YY") if not effect.distinct]
    assert noise
    assert effect_in_words(answer, noise[0]).endswith("; the difference may be chance.")


def test_no_uncertainty_is_reported_as_one_profile() -> None:
    answer = dt.example("chicken").robustness(dispersion=0, keep=1)
    assert "the only variation" in why(answer, 1, "nash")


def test_groups_of_tied_states_are_named_by_number() -> None:
    row = dt.DecisionMaker("row", options=["a"], preferences=dt.Ranking.of("YY", ["NN", "YN"], "NY"))
    column = dt.DecisionMaker("column", options=["b"], preferences=dt.Weights.of({"a": 2, "b": 1}))
    answer = dt.Conflict("ranked", [row, column]).robustness(["nash"], samples=30, dispersion=0.6)
    assert small_change_in_words(answer, answer.changes[0]) == "if row ranked states 1, 2 above state 4"
    assert "row and column: no list of preferences" in distribution_in_words(answer.distribution, answer.conflict)


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (
            SamplingNote("swaps", ("A", "B")),
            "A and B: the ranking has more than 64 groups of states; swaps were drawn,",
        ),
        (SamplingNote("changes"), "the effect of each preference was not examined, because there are too many states"),
        (SamplingNote("coalitions"), "standing coalitions: each variation was analysed separately"),
        (SamplingNote("concepts", ("sim",)), "sim: each variation was analysed separately"),
    ],
)
def test_each_note_has_words_of_its_own(note: SamplingNote, words: str) -> None:
    assert note_in_words(note).startswith(words)


def test_percentages_round_to_0_or_100_only_if_exact() -> None:
    shares = [0, 0.0001, 0.05, 0.123, 0.5, 0.95, 0.9999, 1]
    assert [percent(share) for share in shares] == ["0%", "<0.1%", "5.0%", "12%", "50%", "95.0%", ">99.9%", "100%"]


def test_shares_in_the_view_equal_the_result() -> None:
    answer = dt.example("ukraine-2023").robustness(samples=400)
    shares = [block for block in view(answer) if isinstance(block, Table)][-1]
    for row in (*shares.rows, *shares.rest):
        state, *cells = row
        assert isinstance(state, Cell) and state.number is not None
        for concept, cell in zip(answer.concepts, cells, strict=True):
            one = answer.share(state.number, concept.id)
            assert isinstance(cell, Cell)
            assert cell.share == one.share
            assert ("●" in cell.text) == one.as_written
            assert ("≈" in cell.text) == bool(one.near_threshold)
    at_once = {row[0].number for row in shares.rows if isinstance(row[0], Cell)}
    assert {one.state.number for c in answer.concepts for one in answer.shares(c.id) if one.as_written} <= at_once
