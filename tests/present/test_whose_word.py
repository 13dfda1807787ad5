"""The words for whose claims an answer depends on."""

from __future__ import annotations

from dataclasses import replace

import detente as dt
from detente.present.blocks import Heading, Paragraph, Table
from detente.present.phrases import NOTHING_DISPUTED
from detente.present.whose_word import claim_in_words, conditions_in_words, deadlocks_in_words, view

ANSWER = dt.example("ukraine-2023").whose_word(["nash", "seq"], by_speaker=True)


def test_the_view_has_every_claim_every_equilibrium_and_every_side() -> None:
    blocks = view(ANSWER)
    assert blocks[0].text.startswith("Whomever one believes, the status quo, as it then is, is an equilibrium")
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    claims, states, sides = [block for block in blocks if isinstance(block, Table)]
    assert headings == [
        "The disputed statements",
        "The equilibria, and what they depend on",
        "By each side's statements alone",
    ]
    assert [row[0] for row in claims.rows] == [one.id for one in ANSWER.claims]
    assert {row[0].pattern for row in (*states.rows, *states.rest)} == {one.pattern for one in ANSWER.dependences}
    assert [row[0] for row in sides.rows] == [side.name for side in ANSWER.sides]


def test_where_nothing_is_disputed_it_is_said() -> None:
    undisputed = replace(ANSWER, claims=(), dependences=(), sides=())
    assert view(undisputed) == [Paragraph(f"{NOTHING_DISPUTED}.")]


def test_a_claim_is_its_speakers() -> None:
    text = claim_in_words(ANSWER, "s17")
    assert "Russia" in text
    assert "; disputed)" in text


def test_conditions_are_told_by_identifier() -> None:
    sets = ((("s17", True),), (("s21", True), ("s22", False)), (("s22", False),))
    assert conditions_in_words(sets) == (
        "one believes [s17]; or if one believes [s21] and not [s22]; or if one does not believe [s22]"
    )
    assert conditions_in_words(None) == ""
    assert conditions_in_words(sets * 3).endswith("; or in 3 more cases")


def test_what_is_true_of_the_status_quo_under_several_concepts_is_said_once() -> None:
    answer = dt.example("ukraine-2023").whose_word(["nash", "seq"])
    (text, titles) = next(iter(deadlocks_in_words(answer).items()))
    assert titles == ("Nash", "SEQ")
    assert text.startswith("the status quo is an equilibrium whomever one believes")
    never = replace(answer.deadlocks[0], share=0.0, interval=(0.0, 0.0), in_every=False, conditions=())
    conditions = ((("s17", True),), (("s21", False),))
    sometimes = replace(
        never, concept=answer.deadlocks[1].concept, share=0.75, interval=(0.75, 0.75), conditions=conditions
    )
    told = replace(answer, deadlocks=(never, sometimes))
    assert list(deadlocks_in_words(told).values()) == [("Nash",), ("SEQ",)]
    first, second = deadlocks_in_words(told)
    assert first == "the status quo is no equilibrium, whomever one believes."
    assert second.startswith(
        "the status quo is an equilibrium in 75% of the accounts: if it is so what was said by Rus"
    )
    assert "; or if it is not so what was said by Ukraine" in second
    assert "; or in 1 more case" in list(deadlocks_in_words(told, 1))[1]
