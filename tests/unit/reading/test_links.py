"""What is proposed about the statements of several documents."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.model.statements import Actor, Link, Skipped, Source, Statement
from detente.reading.links import open_links, proposed_links, unread

SOURCES = [Source("a", date="2024-01-01"), Source("b", date="2024-02-01"), Source("c", date="2024-03-01")]
OFFER = Statement("s1", source="a", speaker="up", kind="offer", quote="open two gates of the northern dam in summer")


def links(*statements: Statement, actors: tuple[Actor, ...] = ()) -> list[tuple[str, str, str]]:
    return [(one.kind, one.first, one.second) for one in proposed_links(statements, SOURCES, actors)]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ({"quote": "Open two gates of the northern dam in summer!"}, "copy_of"),
        ({"quote": "the northern dam opens two gates each summer"}, "repeats"),
        ({"kind": "withdrawal", "quote": "no gates of the dam will open"}, "withdraws"),
        ({"kind": "refusal", "quote": "never to open gates of the northern dam"}, "withdraws"),
        ({"speaker": "down", "kind": "denial", "quote": "it offered to open two gates of the northern dam"}, "denies"),
        ({"speaker": "down", "kind": "claim", "quote": "two gates of the northern dam did not open"}, "contradicts"),
        (
            {"speaker": "down", "kind": "threat", "quote": "if they do not open two gates of the northern dam, we sue"},
            None,
        ),
        ({"speaker": "down", "quote": "open two gates of the northern dam in summer"}, None),
        ({"quote": "pay for the harvest"}, None),
        ({"speaker": None, "quote": "Open two gates of the northern dam in summer"}, None),
        ({"source": "a", "quote": "open two gates of the northern dam in summer"}, "repeats"),
    ],
)
def test_what_is_proposed_for_a_later_statement(later: dict[str, str], expected: str | None) -> None:
    found = links(OFFER, replace(OFFER, **{"id": "s2", "source": "b", **later}))
    assert found == ([(expected, "s2", "s1")] if expected else [])


def test_a_contradiction_names_the_shared_words() -> None:
    later = Statement(
        "s2", source="b", speaker="down", kind="claim", quote="two gates did not open at the northern dam"
    )
    (found,) = proposed_links([OFFER, later], SOURCES)
    said = "both speak of ‘two’, ‘gates’, ‘open’, ‘northern’ and ‘dam’, one of them with a ‘not’; please check"
    assert found.reason == said


def test_the_earlier_document_has_the_original_whatever_the_order_of_reading() -> None:
    copy = replace(OFFER, id="s2", source="b")
    assert links(OFFER, copy) == links(copy, OFFER) == [("copy_of", "s2", "s1")]


def test_a_spokesman_withdraws_what_the_party_offered() -> None:
    later = replace(OFFER, id="s2", source="b", speaker="lee", kind="withdrawal", quote="no gates of the dam open")
    assert "withdraws" not in [kind for kind, *_ in links(OFFER, later)]
    assert links(OFFER, later, actors=(Actor("lee", speaks_for="up"), Actor("up"))) == [("withdraws", "s2", "s1")]


def test_what_a_statement_says_already_is_not_proposed() -> None:
    denial = Statement("s2", source="b", speaker="down", kind="denial", quote="it offered to open two gates of the dam")
    assert links(replace(OFFER, contested_by=("s2",)), denial) == []


WORDS = st.lists(st.sampled_from(["open", "shut", "gate", "dam", "north", "summer", "pay", "border"]), max_size=8)


@given(
    st.lists(
        st.builds(
            lambda words, source, speaker, kind: Statement(
                "", source=source, speaker=speaker, kind=kind, quote=" ".join(words)
            ),
            WORDS, st.sampled_from("abc"), st.sampled_from(["up", "down", None]),
            st.sampled_from(["offer", "claim", "refusal", "withdrawal", "denial"]),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_links_agree_with_every_pair_by_itself(statements: list[Statement]) -> None:
    """No pair is overlooked by the index of rare words, and none is linked that is not linked alone."""
    numbered = [replace(one, id=f"s{number}") for number, one in enumerate(statements)]
    alone = {link for place, one in enumerate(numbered) for other in numbered[:place] for link in links(other, one)}
    together = set(links(*numbered))
    assert together <= alone
    # Of several earlier statements the most similar one is proposed.
    assert {(kind, id) for kind, *ids in alone for id in ids} >= {(kind, id) for kind, *ids in together for id in ids}
    assert {id for _, *ids in alone for id in ids} == set() or together


def test_a_link_tells_why() -> None:
    [link] = proposed_links([OFFER, replace(OFFER, id="s2", source="b")], SOURCES)
    assert link == Link("copy_of", "s2", "s1", "another document gives almost the same words", 0.95)


def test_open_links_of_a_conflict_leave_out_what_a_person_decided() -> None:
    words = "we will close the northern gates for good"
    said = [dt.Statement(f"s{n}", f"d{n}", "eg", kind="claim", quote=words) for n in (1, 2)]
    makers = [dt.DecisionMaker("eg", "Egypt")]
    conflict = dt.Conflict(
        "Gates", makers, sources=[dt.Source("d1"), dt.Source("d2"), dt.Source("d3")], statements=said
    )
    (link,) = open_links(conflict)
    assert (link.kind, link.first, link.second) == ("copy_of", "s2", "s1")
    for accepted in (True, False):
        assert open_links(conflict.replaced(links=[replace(link, accepted=accepted)])) == []
    gone = Link("same_as", "gone", "eg")
    assert open_links(conflict.replaced(links=[gone])) == [link]
    assert unread(conflict) == ["d3"]
    assert unread(conflict.replaced(skipped=[Skipped("d3", "no", (), "rejected")])) == []


@pytest.mark.parametrize(
    ("threat", "refusal", "expected"),
    [
        ("if the tunnel is opened, we will close the border", "the opening of the tunnel before a treaty", []),
        ("if the tunnel is opened, we will close the border", "to close the border", [("withdraws", "s2", "s1")]),
    ],
)
def test_a_refusal_of_what_a_threat_answers_to_takes_no_threat_back(
    threat: str, refusal: str, expected: list[tuple[str, str, str]]
) -> None:
    first = Statement("s1", source="a", speaker="up", kind="threat", quote=threat)
    assert links(first, Statement("s2", source="b", speaker="up", kind="refusal", quote=refusal)) == expected
