"""What stands beside a statement wherever it is evidence: that it is disputed, or that no person has accepted it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from detente.io.checks import warnings
from detente.io.conflict_file import parse_conflict
from detente.model.conflict import Conflict
from detente.model.day import model_of_day, unaccepted_elements
from detente.model.evidence import Support
from detente.present.basis import basis_in_words
from detente.present.blocks import texts
from detente.present.phrases import NOT_ACCEPTED, evidence_in_brief, statement_in_words
from detente.present.positions import doubt_in_brief
from detente.report.briefing import report
from detente.web.forms import Grounds
from tests.examples import examples

DISPUTES = ("nile-dam", "ukraine-2023", "northern-ireland-1998")


def with_proposed(conflict: Conflict, ids: frozenset[str]) -> Conflict:
    """Return a dispute in which these statements are proposed, and all others accepted."""
    return conflict.replaced(statements=[replace(one, proposed=one.id in ids) for one in conflict.statements])


def chosen(data: st.DataObject) -> tuple[Conflict, frozenset[str]]:
    conflict = dt.example(data.draw(st.sampled_from(DISPUTES)))
    ids = data.draw(st.frozensets(st.sampled_from([one.id for one in conflict.statements]), min_size=1))
    return with_proposed(conflict, ids), ids


@given(st.data())
@settings(max_examples=examples(60))
def test_an_unaccepted_statement_is_marked_wherever_it_is_cited(data: st.DataObject) -> None:
    conflict, ids = chosen(data)
    grounds = Grounds(conflict)
    for _, support in conflict.supports():
        words = evidence_in_brief(conflict, support)
        for id in support.evidence:
            assert (NOT_ACCEPTED in grounds.marks(id)) == (id in ids)
            said = re.search(rf"(?<!\w){id}†?, {NOT_ACCEPTED}[,;)]", words)
            assert (said is not None) == (id in ids), words
    for one in conflict.all_statements:
        words = statement_in_words(one, conflict.all_speakers, conflict.all_statements)
        assert (NOT_ACCEPTED in words) == (one.id in ids)


@given(st.data())
@settings(max_examples=examples(60))
def test_check_and_the_answers_name_the_same_elements_without_an_accepted_statement(data: st.DataObject) -> None:
    conflict, ids = chosen(data)
    in_force = conflict.testimony().in_force()
    expected = [
        at
        for at, support in conflict.supports()
        if (evidence := in_force.intersection(support.evidence)) and evidence <= ids
    ]
    assert [at for at, _ in unaccepted_elements(conflict)] == expected
    assert [one.at for one in warnings(conflict) if "which no person has accepted" in one.message] == expected
    said = [one for one in basis_in_words(model_of_day(conflict)) if "no person has accepted" in one]
    assert len(said) == bool(expected)
    assert all(str(len(expected)) in one or one.startswith("A part ") for one in said)


def test_an_accepted_copy_accepts_the_statement() -> None:
    text = """
format: detente/1
title: T
decision_makers:
  up: {options: [divert], preferences: [{when: divert, evidence: [s2]}]}
statements:
  - {id: s1, speaker: up, kind: claim}
  - {id: s2, speaker: up, kind: claim, copy_of: s1, proposed: yes}
"""
    assert list(unaccepted_elements(parse_conflict(text))) == []
    other = parse_conflict(text.replace("kind: claim}", "kind: claim, proposed: yes}"))
    assert [at[:3] for at, _ in unaccepted_elements(other)] == [("decision_makers", "up", "preferences")]


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (("s1",), "from a statement not yet accepted"),
        (("s1", "s3"), "from statements not yet accepted"),
        (("s1", "s21"), "one of its 2 statements, s21, is disputed; one of its 2 statements, s1, is not yet accepted"),
        (("s22",), ""),
    ],
)
def test_doubt_in_brief_names_each_kind_of_doubt(ids: tuple[str, ...], words: str) -> None:
    conflict = with_proposed(dt.example("ukraine-2023"), frozenset({"s1", "s3"}))
    assert doubt_in_brief(conflict, Support(ids)) == words


def test_a_report_marks_a_disputed_statement_wherever_it_is_evidence() -> None:
    """Only where it is the subject, in the chapter on whose claims matter, is it named without a mark."""
    conflict = dt.example("ukraine-2023")
    marked = [one.id for one in conflict.all_statements if one.in_doubt]
    told = [text for _, text in texts(report(conflict).document.blocks)]
    unmarked = [
        text
        for text in told
        for id in marked
        if re.search(rf"[(\[]{id}[\])]", text)
        and not re.search(rf"believe|{id}(†|, marked)|marks? (it |part of it |that )?as disputed", text)
    ]
    assert any("s21, marked as disputed" in text for text in told)
    assert unmarked == []
