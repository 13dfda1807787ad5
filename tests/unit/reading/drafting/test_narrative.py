"""What a document tells in its own words as done becomes a statement of the document, and the status quo."""

from __future__ import annotations

from dataclasses import replace

import detente as dt
from detente.reading.documents import parse_document
from detente.reading.drafting.narrative import own_words
from detente.reading.drafting.proposal import Proposal, propose

TEXT = """Sudria closes the border

Sudria closed the border on Monday, two days after Norland built a fence. Norland demanded that Sudria open the border.
Sudria demanded that Norland remove the fence. The weather was fine.
"""


def proposed(text: str) -> Proposal:
    return propose(parse_document(text.encode(), "report.txt"), ["Norland", "Sudria"], published="2024-05-02")


def test_act_in_the_documents_own_words_is_its_statement() -> None:
    found = proposed(TEXT)
    own = [one for one in found.conflict.statements if one.speaker == "report-itself"]
    assert [one.quote for one in own] == [
        "Sudria closes the border",
        "Sudria closed the border on Monday",
        "Norland built a fence",
    ]
    for one in own:
        ((start, end),) = one.spans
        assert TEXT[start:end] == one.quote
        assert one.kind == "claim"
    assert found.conflict.speakers["report-itself"].endswith(", in its own words")


def test_act_gives_the_status_quo_by_the_sign_of_the_option() -> None:
    found = proposed(TEXT)
    assert {one.name for one in found.conflict.options} == {"Open the border", "Remove the fence"}
    assert found.conflict.status_quo is not None
    # The border is closed, so the option to open it is not taken.
    assert found.conflict.status_quo.taken == frozenset()
    opened = proposed(TEXT.replace("Sudria closed the border", "Sudria opened the border").replace("closes", "opens"))
    assert opened.conflict.status_quo is not None
    assert opened.conflict.status_quo.taken == {"open-border"}
    [act] = opened.conflict.history
    assert (act.by, act.takes) == ("sudria", ("open-border",))


def test_plan_and_denial_are_no_act() -> None:
    found = proposed(TEXT.replace("Sudria closed", "Sudria will open").replace("Sudria closes the border", "News"))
    assert found.conflict.status_quo is not None
    assert found.conflict.status_quo.taken == frozenset()
    assert not found.conflict.history


def test_an_act_that_does_not_fit_is_told_by_the_names_of_party_and_option() -> None:
    """Two documents say that the border was opened; the one told between them dates the closing before both."""
    told = {
        "2024-04-21": "Norland demanded that Sudria open the border. Sudria demanded that Norland remove the fence.\n\n"
        "Sudria opened the border on 20 April 2024.\n",
        "2024-04-22": "Sudria closed the border on 10 April 2024.\n",
        "2024-05-02": "Sudria opened the border on 30 April 2024.\n",
    }
    documents = [replace(parse_document(text.encode(), f"report-{day}.txt"), date=day) for day, text in told.items()]
    found = propose(documents, ["Norland", "Sudria"])
    assert [act.date for act in found.conflict.history] == ["2024-04-10", "2024-04-20"]
    [line] = [line for line in found.left_out if "does not fit" in line]
    assert line == "Sudria: ‘Open the border’, reported as done (30 April 2024), does not fit the other acts in time"


def test_a_document_speaks_by_its_publisher_or_title_before_its_file() -> None:
    told = dt.Statement("s1", source="report", speaker="report-itself")

    def named(**known: str) -> str:
        return own_words(dt.Conflict("t", [dt.DecisionMaker("a")], sources=[dt.Source("report", **known)]), told)

    assert named(title="A strike", publisher="The Post") == "The Post, in its own words"
    assert named(title="A strike") == "A strike, in its own words"
    assert named() == "the document report, in its own words"
