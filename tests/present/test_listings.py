"""The words of the commands that list something: check, states, examples and concepts."""

from __future__ import annotations

import pytest

import detente as dt
from detente.concepts import CONCEPTS, DEFAULT_CONCEPTS
from detente.engine import solver
from detente.errors import Fault
from detente.io.conflict_file import open_conflict
from detente.model.statements import Link
from detente.present.blocks import Block, Facts, Heading, Paragraph, Table, texts
from detente.present.listings import (
    Finding,
    catalogue_view,
    check_answer,
    check_view,
    concepts_view,
    link_in_words,
    states_view,
    wish_in_words,
)
from detente.reading.drafting.wishes import ProposedWish

UKRAINE = open_conflict("example:ukraine-2023")
WARNING: Finding = ("warning", Fault("the title is empty", line=3))


def only_table(blocks: list[Block]) -> Table:
    (found,) = [block for block in blocks if isinstance(block, Table)]
    return found


@pytest.mark.parametrize(
    ("findings", "answer"),
    [
        ([], "No faults."),
        ([WARNING], "No faults and 1 warning."),
        ([WARNING, WARNING, ("judgement", Fault("rule 1"))], "No faults, 2 warnings and 1 assumption."),
        ([("error", Fault("a")), ("error", Fault("b"))], "2 faults."),
    ],
)
def test_check_counts_its_findings(findings: list[Finding], answer: str) -> None:
    assert check_answer(findings) == answer


def test_check_names_every_assumption_with_its_line() -> None:
    findings: list[Finding] = [("judgement", fault) for fault in UKRAINE.judgements]
    blocks = check_view(findings, UKRAINE.conflict)
    assert blocks[0] == Paragraph("No faults and 10 assumptions.")
    assert blocks[1].text.endswith(": 3 decision makers, 11 options, 5 rules, 28 statements.")
    assert blocks[2] == Heading("Assumptions: elements without evidence")
    rows = only_table(blocks).rows
    assert (
        rows[1][1] == "The preference of Ukraine that the United States and NATO allies provide military aid to Ukraine"
    )
    assert [row[0] for row in rows] == [str(fault.line) for fault in UKRAINE.judgements]


def test_check_of_an_unreadable_file_has_no_view() -> None:
    assert check_view([("error", Fault("not YAML"))], None) == []


def test_check_shows_warnings_as_sentences() -> None:
    assert only_table(check_view([WARNING], UKRAINE.conflict)).rows == (("3", "The title is empty"),)


def test_states_are_shown_with_ranks_up_to_the_limit() -> None:
    compiled = solver(UKRAINE.conflict)
    states = [compiled.state(number) for number in range(1, compiled.count + 1)]
    ranks = [compiled.ranks(place) for place in range(3)]
    found = states_view(UKRAINE.conflict, states, ranks, states[322], 323)
    assert found[1] == Paragraph("396 feasible states; the first 323 are shown.")
    table = only_table(found)
    assert len(table.rows) == 323
    assert table.more == "73 more"
    assert table.strong == (322,)
    assert [row[2] for row in table.rows] == [str(rank) for rank in ranks[0][:323]]
    whole = states_view(UKRAINE.conflict, states, ranks, None, 500)
    assert whole[1] == Paragraph("396 feasible states.")
    assert only_table(whole).more == ""


def test_the_catalogue_has_a_row_for_each_dispute() -> None:
    disputes = [
        {"id": f"d{place}", "title": "T", "as_of": "", "decision_makers": 2, "options": 3} for place in range(30)
    ]
    assert only_table(catalogue_view(disputes)).rows[29] == ("d29", "T", "", "2", "3")


def test_concepts_are_listed_by_family_or_explained_one_by_one() -> None:
    every = list(CONCEPTS.values())
    listed = concepts_view(every, DEFAULT_CONCEPTS)
    tables = [block for block in listed if isinstance(block, Table)]
    assert [row[0] for row in tables[0].rows] == list(DEFAULT_CONCEPTS)
    assert {row[0] for table in tables for row in table.rows} == set(CONCEPTS)
    heading, plain, facts = concepts_view([CONCEPTS["seq"]], DEFAULT_CONCEPTS)
    assert heading == Heading("Sequential stability (seq)")
    assert plain == Paragraph(CONCEPTS["seq"].plain)
    assert isinstance(facts, Facts)
    assert ("Source", CONCEPTS["seq"].source) in facts.pairs


def test_what_a_list_says_is_text() -> None:
    hostile = dt.Conflict("[bold]T[/bold]", [dt.DecisionMaker("a", options=["x"])])
    said = [text for _, text in texts(check_view([], hostile))]
    assert said[1] == "[bold]T[/bold]: 1 decision maker, 1 option, no rules, no statements."


def test_a_proposal_from_a_statement_is_said_as_what_its_speaker_wants() -> None:
    makers = [dt.DecisionMaker("eg", "Egypt"), dt.DecisionMaker("et", "Ethiopia")]
    conflict = dt.Conflict("A dam", makers)
    wish = ProposedWish("s1", "eg", "et", None, "Sign a binding agreement", True, "demand")
    assert wish_in_words(conflict, wish, True) == "Egypt prefers that Ethiopia signs a binding agreement"
    assert wish_in_words(conflict, wish, False) == "Egypt prefers that Ethiopia does not sign a binding agreement"
    assert wish_in_words(conflict, wish, None) == "A possible option of Ethiopia: Sign a binding agreement"
    told = conflict.replaced(
        statements=[dt.Statement("s0", speaker="et"), dt.Statement("s1", speaker="eg", nested_in="s0")]
    )
    said = "According to Ethiopia, Egypt prefers that Ethiopia signs a binding agreement"
    assert wish_in_words(told, wish, True) == said


def test_a_proposed_link_asks_about_statements_by_number_and_about_speakers_by_name() -> None:
    conflict = dt.Conflict("A dam", [dt.DecisionMaker("eg", "Egypt")], speakers={"cairo": "Cairo"})
    assert link_in_words(conflict, Link("withdraws", "s2", "s1")) == "Does s2 withdraw s1?"
    assert link_in_words(conflict, Link("same_as", "cairo", "eg")) == "Are ‘Cairo’ and ‘Egypt’ one actor?"
