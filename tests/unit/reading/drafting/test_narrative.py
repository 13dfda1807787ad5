"""What a document tells in its own words as done becomes a statement of the document, and the status quo."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def reported(told: dict[str, str]) -> Proposal:
    """Return the proposal from reports, each with its day, after one that makes opening the border an option."""
    asked = "Norland demanded that Sudria open the border. Sudria demanded that Norland remove the fence."
    told = {"2024-04-01": asked} | told
    documents = [replace(parse_document(text.encode(), f"report-{day}.txt"), date=day) for day, text in told.items()]
    return propose(documents, ["Norland", "Sudria"])


@pytest.mark.parametrize(
    ("told", "taken", "days"),
    [
        # The last report tells of the first event.
        ({"2024-04-21": "Sudria opened the border on 20 April 2024.",
          "2024-04-22": "Sudria closed the border on 10 April 2024."}, {"open-border"}, ["2024-04-20"]),
        ({"2024-04-21": "Sudria closed the border on 20 April 2024.",
          "2024-04-22": "Sudria opened the border on 10 April 2024."}, set(), ["2024-04-10", "2024-04-20"]),
        # The reports come in the order of the events.
        ({"2024-04-21": "Sudria opened the border on 20 April 2024.",
          "2024-04-25": "Sudria closed the border on 24 April 2024."}, set(), ["2024-04-20", "2024-04-24"]),
        # Two reports of one event are one act.
        ({"2024-04-21": "Sudria opened the border on 20 April 2024.",
          "2024-04-25": "Sudria opened the border on 20 April 2024."}, {"open-border"}, ["2024-04-20"]),
    ],
)  # fmt: skip
def test_acts_are_ordered_by_their_events_and_lead_to_the_status_quo(
    told: dict[str, str], taken: set[str], days: list[str]
) -> None:
    found = reported(told)
    assert found.conflict.status_quo is not None
    assert found.conflict.status_quo.taken == taken
    assert [act.date for act in found.conflict.history] == days
    assert not [line for line in found.left_out if "does not fit" in line]


TOLD_HOW = ["opened the border", "closed the border", "will not stop opening the border", "stopped opening the border"]


@given(
    st.lists(
        st.tuples(st.integers(2, 30), st.none() | st.integers(1, 30), st.sampled_from(TOLD_HOW)), min_size=1, max_size=5
    )
)
def test_acts_of_a_draft_always_lead_to_its_status_quo(told: list[tuple[int, int | None, str]]) -> None:
    """Reports in any order tell of openings and closings, on any earlier day or without one, and that one goes on."""
    reports: dict[str, str] = {}
    for said, event, how in told:
        when = "" if event is None else f" on {event} April 2024"
        day = f"2024-05-{said:02}" if event is not None else f"2024-04-{said:02}"
        reports[day] = " ".join(filter(None, (reports.get(day), f"Sudria {how}{when}.")))
    found = reported(reports).conflict
    days = [act.day() for act in found.history]
    assert days == sorted(days)
    assert [bool(act.takes) for act in found.history[1:]] == [bool(act.drops) for act in found.history[:-1]]
    assert found.status_quo is not None
    if found.history:
        assert found.status_quo.taken == ({"open-border"} if found.history[-1].takes else set())


def test_what_has_no_date_is_told_if_it_has_no_place_among_dated_acts() -> None:
    undated = parse_document(b"Sudria closed the border.", "undated.txt")
    dated = [
        replace(parse_document(text.encode(), f"report-{day}.txt"), date=day)
        for day, text in {
            "2024-04-01": "Norland demanded that Sudria open the border.",
            "2024-04-21": "Sudria opened the border on 20 April 2024.",
        }.items()
    ]
    found = propose([*dated, undated], ["Norland", "Sudria"])
    assert found.conflict.status_quo is not None
    assert found.conflict.status_quo.taken == {"open-border"}
    [line] = [line for line in found.left_out if "has no date" in line]
    told = next(one.id for one in found.conflict.statements if one.quote == "Sudria closed the border")
    assert line == (
        f"Sudria: ‘Open the border’, reported as ended ({told}), has no date, so it has no place among the other acts"
    )


def test_a_document_speaks_by_its_publisher_or_title_before_its_file() -> None:
    told = dt.Statement("s1", source="report", speaker="report-itself")

    def named(**known: str) -> str:
        return own_words(dt.Conflict("t", [dt.DecisionMaker("a")], sources=[dt.Source("report", **known)]), told)

    assert named(title="A strike", publisher="The Post") == "The Post, in its own words"
    assert named(title="A strike") == "A strike, in its own words"
    assert named() == "the document report, in its own words"


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("Sudria said that it would keep the harbour in Leeds", "keep-harbour-leeds"),
        ("Sudria said that it would keep Norland's workshop open", "keep-norland-workshop"),
        ("Norland demanded that Sudria retain the ferry", "retain-ferry"),
        ("Sudria said that it would stay in the League", "stay-league"),
        ("Sudria said that it would remain in the League", "stay-league"),
        ("Sudria said that it would continue to dig the canal", "dig-canal"),
        ("Sudria refused to keep the ferry", "keep-ferry"),
        # What is promised may not be so now.
        ("Sudria said that it would keep its promise to build a road", None),
        ("Sudria said that it would keep the truce", None),
        ("Sudria said that it would stay out of the League", None),
        ("Sudria said that it would resume the shelling of the port", None),
        ("Sudria said that it would open the ferry", None),
    ],
)
def test_what_is_to_be_kept_is_so_now(said: str, option: str | None) -> None:
    found = proposed(f"{said}. Norland demanded that Sudria remove the fence.").conflict
    assert found.status_quo is not None
    assert found.status_quo.taken == ({option} if option else set())
    assert not found.history
    note = found.status_quo.support.note
    if option and "continue" not in said:
        name = found.option(option).own_name
        assert note.endswith(f"What is to be kept is so now: ‘{name}’ (s1).")
        assert found.status_quo.support.evidence == ("s1",)


def test_what_is_to_be_kept_is_not_so_if_another_statement_tells_otherwise() -> None:
    asked = "Norland demanded that Sudria keep the ferry open. Norland demanded that Sudria remove the fence."
    kept, closed = proposed(asked).conflict, proposed(f"{asked} Sudria closed the ferry on Monday.").conflict
    assert kept.status_quo is not None and closed.status_quo is not None
    assert kept.status_quo.taken == {"keep-ferry-open"}
    assert closed.status_quo.taken == set()
