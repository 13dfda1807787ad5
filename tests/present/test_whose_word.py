"""The words for whose claims an answer depends on."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings

import detente as dt
from detente.io.checks import UNUSED_STATEMENT, statement_warnings
from detente.model.day import EVIDENCE, UNUSED, model_of_day, statement_uses
from detente.present.blocks import Heading, Paragraph, Table
from detente.present.whose_word import (
    answer,
    claim_in_words,
    claim_set_in_words,
    conditions_in_words,
    undisputed,
    used_as_evidence,
    view,
)
from tests.examples import examples
from tests.over_time import disputes_over_time

ANSWER = dt.example("ukraine-2023").whose_word(["nash", "seq"], by_speaker=True)


def test_view_lists_every_claim_equilibrium_and_side() -> None:
    blocks = view(ANSWER)
    assert blocks[0].text == (
        "Whichever of the 5 disputed statements you believe, the dispute is stuck under both concepts. In 75% of the "
        "possible choices it is stuck at ‘as reported’ (state 323), in the others at another state."
    )
    # What an account is comes before the tables, which count them.
    assert blocks[2].text.startswith(
        "5 statements are disputed. Each choice of which to believe is an account, with its own model and status quo. "
        "There are 32 accounts. No account believes"
    )
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    claims, states, sides = [block for block in blocks if isinstance(block, Table)]
    assert headings == [
        "The disputed statements",
        "The equilibria, and the statements they depend on",
        "If you believe one side only",
    ]
    assert [row[0] for row in claims.rows] == [one.id for one in ANSWER.claims]
    assert {row[0].pattern for row in (*states.rows, *states.rest)} == {one.pattern for one in ANSWER.dependences}
    assert [row[0] for row in sides.rows] == [side.name for side in ANSWER.sides]


def test_the_same_status_quo_in_every_account_is_not_remarked_on() -> None:
    assert "same status quo" not in answer(dt.example("nile-dam").whose_word(["nash"]))


def test_a_claim_that_matters_only_as_a_denial_says_so() -> None:
    """In every account that does not believe g7, to believe g8 changes nothing."""
    claims, *_ = (
        block for block in view(dt.example("nile-dam").whose_word(["nash", "seq"])) if isinstance(block, Table)
    )
    told = {str(row[0]): str(row[3]) for row in claims.rows}
    assert told["g7"] == "yes, under both concepts"
    assert told["g8"] == "yes, under both concepts, but only because believing it means not believing g7"


def test_undisputed_dispute_says_so_and_lists_what_can_be_tried() -> None:
    first, hint, _, listed = view(dt.example("northern-ireland-1998").whose_word(["nash"]))
    assert isinstance(first, Paragraph) and isinstance(hint, Paragraph) and isinstance(listed, Table)
    assert first.text.startswith("No statement is disputed, so the answer depends on no disputed claim.")
    assert "‘--open’" in hint.text and "‘Mark as disputed’" in hint.text
    assert {row[0] for row in listed.rows} == {"g1", "g3", "g4", "i1", "i3", "u1", "u2"}


def test_one_account_is_explained_by_what_was_asked() -> None:
    conflict = dt.example("nile-dam")
    ids = conflict.testimony().disputed
    settled = conflict.whose_word(["nash"], believe=["c10", "g8"], doubt=["c9", "g7"])
    assert sorted(ids) == ["c10", "c9", "g7", "g8"]
    assert answer(settled).startswith("You have said of each disputed statement whether to believe it")
    assert undisputed(dt.example("elmira")).startswith("The file has no statements")


@given(disputes_over_time())
@settings(max_examples=examples(60))
def test_check_the_report_and_the_page_count_the_same_unused_statements(conflict: dt.Conflict) -> None:
    uses = statement_uses(conflict)
    unused = [id for id, use in uses.items() if use == UNUSED]
    assert [one.message.split("'")[1] for one in statement_warnings(conflict) if UNUSED_STATEMENT in one.message] == [
        one.id for one in conflict.statements if one.id in unused
    ]
    cited = {conflict.all_testimony.original[id] for _, one in conflict.supports() for id in one.evidence}
    assert {id for id, use in uses.items() if use == EVIDENCE} == cited
    try:
        told = used_as_evidence(model_of_day(conflict))
    except dt.InputError:
        return
    found = re.search(r"(\d+)(?: \([^)]*\))? (?:is|are) not used", told)
    if "none of the file's" not in told:
        assert int(found[1] if found else 0) == len(unused), told


def test_copies_are_named_where_statements_are_counted() -> None:
    """`check` counts every statement of the file: without the copies the two numbers contradicted each other."""
    conflict = dt.example("nile-dam")
    again = replace(conflict.statements[0], id="again", copy_of=conflict.statements[0].id)
    assert "not counted" not in used_as_evidence(conflict)
    copied = used_as_evidence(conflict.replaced(statements=(*conflict.statements, again)))
    assert re.search(r"of the file's \d+ statements \(1 copy not counted\) as evidence", copied)


def test_claim_is_attributed_to_its_speaker() -> None:
    text = claim_in_words(ANSWER, "s17")
    assert "Russia" in text
    assert "; the analyst marks it as disputed)" in text


def test_conditions_name_statements_by_identifier() -> None:
    sets = ((("s17", True),), (("s21", True), ("s22", False)), (("s23", False),))
    assert conditions_in_words(sets) == (
        "you believe [s17], or if you believe [s21] but not [s22], or if you do not believe [s23]"
    )
    both = ((("s1", False), ("s2", True), ("s3", True)),)
    assert conditions_in_words(both) == "you believe [s2] and [s3] but not [s1]"
    assert conditions_in_words(((("s1", False), ("s2", False)),)) == "you believe neither [s1] nor [s2]"
    three = ((("s1", False), ("s2", False), ("s3", False), ("s4", True)),)
    assert conditions_in_words(three) == "you believe [s4] but none of [s1], [s2] and [s3]"
    assert conditions_in_words(None) == ""
    assert conditions_in_words(tuple(((f"s{number}", True),) for number in range(9))).endswith(", or in 3 more cases")


def test_a_set_of_claims_is_told_in_full_as_the_speakers_claims() -> None:
    text = claim_set_in_words(ANSWER, (("s17", True), ("s21", False)))
    assert text.startswith("you believe: Russia, claim, in indirect speech: “Kiev had passed a law banning")
    assert ". And you do not believe: Ukraine, condition, in indirect speech: “" in text
    assert claim_set_in_words(ANSWER, ()) == "in every account"


def test_same_status_quo_result_under_several_concepts_is_reported_once() -> None:
    told = dt.example("ukraine-2023").whose_word(["nash", "seq"])
    assert "the dispute is stuck under both concepts." in answer(told)
    never = replace(told.deadlocks[0], share=0.0, interval=(0.0, 0.0), in_every=False, conditions=())
    conditions = ((("s17", True),), (("s21", False),))
    sometimes = replace(
        never, concept=told.deadlocks[1].concept, share=0.75, interval=(0.75, 0.75), conditions=conditions
    )
    # What an account is comes before the share of them.
    assert (
        answer(replace(told, deadlocks=(never, sometimes)))
        .partition(" There are 32 accounts. ")[2]
        .startswith(
            "Whichever of the 5 disputed statements you believe, the dispute is not stuck under Nash. The dispute is "
            "stuck in 75% of the accounts under SEQ, if you believe [s17], or if you do not believe [s21]."
        )
    )
