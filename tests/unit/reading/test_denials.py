"""Denials: what counts as one, what it is about, and what it disputes."""

from __future__ import annotations

import itertools

import pytest

from detente.model.statements import Statement
from detente.reading.documents import Document
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger


def statements(text: str) -> list[Statement]:
    return list(read([Document("x.txt", text, "0" * 64)], tagger=RuleTagger()).statements)


SPEAKERS = ("Ethiopia", "The company", "President Petr Ganz")
FRAMES = (
    "{} denied that {}.", "{} has repeatedly denied that {}.", "{} denied on Monday that {}.",
    "{} denied, however, that {}.", "{} rejected the claim that {}.", "{} dismissed reports that {}.",
    "{} called the report that {} false.", "{} dismissed the report that {} as untrue.",
    "{} dismissed as untrue the report that {}.", "{} described the accusation that {} as baseless.",
    "{} said it was not true that {}.", "{} refuted the suggestion that {}.", "{} disputed that {}.",
)  # fmt: skip
CONTENTS = ("it had closed the gates", "a pact had been agreed")


@pytest.mark.parametrize("frame", FRAMES)
def test_a_denial_is_one_and_nothing_in_it_counts_as_said(frame: str) -> None:
    for speaker, content in itertools.product(SPEAKERS, CONTENTS):
        found = statements(frame.format(speaker, content))
        top = [one for one in found if one.nested_in is None]
        assert [one.kind for one in top] == ["denial"], (frame, found)
        assert content in (top[0].quote or "")
        assert top[0].speaker_text == speaker


@pytest.mark.parametrize(
    "text",
    [
        "The court rejected the appeal.",
        "Ethiopia rejected the plan that Egypt had proposed.",
        "The minister called the plan a mistake.",
        "The minister said that the report was late.",
        "The union dismissed its chairman.",
    ],
)
def test_what_is_turned_down_is_no_denial(text: str) -> None:
    assert "denial" not in {one.kind for one in statements(text)}


def test_nested_words_point_at_the_denial() -> None:
    outer, inner = statements("The envoy denied that the rebels had promised to leave.")
    assert (outer.kind, inner.nested_in) == ("denial", outer.id)


def test_a_claim_that_is_denied_is_its_speakers_and_disputed() -> None:
    for text in (
        "Kenya denied Sudan's claim that it had fired first.",
        "Kenya denied a report by Sudan that it had fired first.",
    ):
        by_speaker = {one.speaker: one for one in statements(text)}
        denial, claim = by_speaker["kenya"], by_speaker["sudan"]
        assert (denial.kind, denial.quote, claim.quote) == ("denial", "it had fired first", "it had fired first")
        assert (claim.nested_in, claim.contested_by, claim.in_doubt) == (None, (denial.id,), True)


def test_a_denial_disputes_the_earlier_statement_of_the_same_matter() -> None:
    said = "Sudan said that Egypt was preparing an air strike on the dam. Kenya said that the rains would be late. "
    first, rains, denial = statements(said + "An Egyptian official denied that Egypt was preparing an air strike.")
    assert first.contested_by == (denial.id,)
    assert rains.contested_by == denial.contested_by == ()


def test_nobody_disputes_his_own_words_or_another_matter() -> None:
    own = "Egypt said that it was preparing an air strike. Egypt denied that it was preparing an air strike."
    other = "Sudan said that the dam would be opened. Egypt denied that it was preparing an air strike."
    assert [one.contested_by for text in (own, other) for one in statements(text)] == [()] * 4
