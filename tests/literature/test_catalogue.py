"""What every entry of the catalogue has, and what the dispute from a real report must have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import detente
from detente.errors import UnknownNameError
from detente.examples import FIRST, catalogue, path
from detente.model.conflict import Conflict
from detente.model.evidence import Support
from detente.model.preferences import Prioritising
from detente.model.statements import STATEMENT_KINDS


@pytest.fixture(scope="module")
def reported() -> Any:
    """The dispute that is modelled from a report."""
    return detente.load(path(FIRST))


def supported_elements(conflict: Conflict) -> Iterator[tuple[str, Support]]:
    """Every element of a conflict that has evidence or an assumption behind it."""
    for maker in conflict.decision_makers:
        for option in maker.options:
            yield f"option {option.id}", option.support
        preferences = maker.preferences
        assert isinstance(preferences, Prioritising)
        for statement in preferences.statements:
            yield f"preference of {maker.id}: {statement}", statement.support
    for rule in conflict.rules:
        yield f"rule {rule}", rule.support
    for mark in conflict.one_way:
        yield f"one-way {mark.option}", mark.support
    assert conflict.status_quo is not None
    yield "status quo", conflict.status_quo.support


def test_catalogue_is_in_order_after_the_reported_dispute() -> None:
    ids = catalogue()
    assert ids[0] == FIRST == "ukraine-2023"
    assert list(ids[1:]) == sorted(ids[1:])
    assert len(ids) >= 14


def test_unknown_entry_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'chicken'"):
        path("chiken")


@pytest.mark.parametrize("id", catalogue())
def test_every_entry_cites_its_source(id: str) -> None:
    conflict = detente.load(path(id))
    assert conflict.title
    assert conflict.summary
    assert conflict.as_of
    assert conflict.citation
    assert all(conflict.citation)
    assert conflict.notes


@pytest.mark.parametrize("id", catalogue())
def test_every_named_state_is_feasible(id: str) -> None:
    conflict = detente.load(path(id))
    for state in conflict.states:
        assert conflict.breaks(state.taken) is None, state.name


def test_every_quote_has_a_speaker_and_a_kind(reported: Any) -> None:
    assert len(reported.statements) >= 17
    for statement in reported.statements:
        assert statement.quote, statement.id
        assert statement.speaker, statement.id
        assert statement.kind in STATEMENT_KINDS, statement.id
        assert statement.source == "report", statement.id


def test_every_element_has_evidence_or_is_marked_as_assumed(reported: Any) -> None:
    for element, support in supported_elements(reported):
        assert support.evidence or support.note.startswith("Analyst's assumption: "), element


def test_every_statement_is_used(reported: Any) -> None:
    used = {id for _, support in supported_elements(reported) for id in support.evidence + support.against}
    assert used == {statement.id for statement in reported.statements}


def test_partisan_words_occur_in_quotes_only(reported: Any) -> None:
    """The analyst's own words, in every place that is printed."""
    own = [reported.title, reported.summary, reported.notes]
    own += [option.name for option in reported.options]
    own += [state.name for state in reported.states]
    own += [state.support.note for state in reported.states]
    loaded = "kiev kyiv invasion aggress annex occup liberat regime"
    for word in [*loaded.split(), "special military"]:
        assert not any(word in text.lower() for text in own), word


def test_catalogue_page_quotes_the_file_verbatim(reported: Any) -> None:
    page = Path(__file__).parents[2] / "docs" / "catalogue" / f"{FIRST}.md"
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if re.match(r"\| s\d", line)]
    said = {row.split("|")[1].strip(): row for row in rows}
    assert list(said) == [statement.id for statement in reported.statements]
    for statement in reported.statements:
        assert f"“{statement.quote}”" in said[statement.id], statement.id
        assert f"| {statement.kind} |" in said[statement.id], statement.id


def test_every_decision_maker_has_a_statement(reported: Any) -> None:
    speakers = {statement.speaker for statement in reported.statements}
    assert {maker.id for maker in reported.decision_makers} <= speakers


def test_status_quo_is_an_equilibrium_under_every_concept(reported: Any) -> None:
    answer = reported.analyze().to_dict()
    assert all(answer["status_quo"] in numbers for numbers in answer["equilibria"].values())
    assert answer["equilibria"]["nash"] == [answer["status_quo"]]


def test_catalogue_has_every_form_of_preference() -> None:
    forms = {maker.preferences.key for id in catalogue() for maker in detente.load(path(id)).decision_makers}
    assert forms == {"preferences", "ranking", "weights", "payoffs"}
