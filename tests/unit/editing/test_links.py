"""Accepting and refusing what a reader proposes."""

from __future__ import annotations

import pytest

from detente.editing.links import accepted_above, decided, merged, representing, split
from detente.errors import InputError
from detente.io.dossier_file import dump_dossier, parse_dossier
from detente.model.statements import LINK_KINDS, Actor, Dossier, Link, Statement

ACTORS = (Actor("up", "Upland"), Actor("lee", "Ann Lee", ("Lee",), "up"), Actor("a-lee", "A. Lee"), Actor("x", "X"))
STATEMENTS = (
    Statement("s1", speaker="up", quote="we open the gates"),
    Statement("s2", speaker="a-lee", quote="we do not", addresses=("a-lee", "lee")),
    Statement("s3", speaker="lee", quote="never", reported_by="a-lee"),
)


def dossier(*links: Link) -> Dossier:
    return Dossier("", statements=STATEMENTS, actors=ACTORS, links=links)


def statement(found: Dossier, id: str) -> Statement:
    return next(one for one in found.statements if one.id == id)


@pytest.mark.parametrize("kind", LINK_KINDS)
@pytest.mark.parametrize("accepted", [True, False, None])
def test_every_kind_of_link_survives_a_file(kind: str, accepted: bool | None) -> None:
    first, second = ("a-lee", "lee") if kind == "same_as" else ("s2", "s1")
    given = dossier(Link(kind, first, second, "they say so", 0.5, accepted))
    again = parse_dossier(dump_dossier(given), "")
    assert (again.links, again.actors, again.speakers) == (given.links, given.actors, given.speakers)


def test_a_refused_link_changes_no_statement() -> None:
    for kind in LINK_KINDS:
        found = decided(dossier(Link(kind, "s2", "s1")), [1], accepted=False)
        assert (found.statements, found.actors) == (STATEMENTS, ACTORS)
        assert found.links[0].accepted is False


def test_an_accepted_link_does_what_it_says() -> None:
    def accepted(kind: str) -> Statement:
        found = decided(dossier(Link(kind, "s2", "s1")), [1], accepted=True)
        assert found.links[0].accepted is True
        return statement(found, "s2" if kind == "copy_of" else "s1")

    assert accepted("copy_of").copy_of == "s1"
    assert accepted("withdraws").withdrawn_by == ("s2",)
    assert accepted("denies").contested_by == accepted("contradicts").contested_by == ("s2",)
    assert accepted("repeats") == STATEMENTS[0]


def test_a_merged_actor_is_gone_everywhere() -> None:
    found = decided(dossier(Link("same_as", "a-lee", "lee")), [1], accepted=True)
    assert list(found.speakers) == ["up", "lee", "x"]
    assert next(one for one in found.actors if one.id == "lee") == Actor("lee", "Ann Lee", ("Lee", "A. Lee"), "up")
    assert (statement(found, "s2").speaker, statement(found, "s2").addresses) == ("lee", ("lee",))
    assert statement(found, "s3").reported_by == "lee"
    assert "a-lee" not in dump_dossier(found).replace("same_as", "")


def test_a_party_merged_into_its_spokesman_speaks_for_nobody() -> None:
    found = merged(dossier(), "up", "lee")
    assert next(one for one in found.actors if one.id == "lee").speaks_for is None


def test_splitting_moves_only_the_statements_named() -> None:
    found = split(dossier(), "lee", ["s3"], "Robert Lee")
    assert statement(found, "s3").speaker == "robert-lee"
    assert found.speakers["robert-lee"] == "Robert Lee"
    assert found.statements[:2] == STATEMENTS[:2]


def test_a_merger_undoes_a_split() -> None:
    assert merged(split(dossier(), "lee", ["s3"], "R"), "r", "lee").statements == STATEMENTS


def test_only_links_of_enough_confidence_are_accepted_at_once() -> None:
    links = (Link("repeats", "s2", "s1", confidence=0.4), Link("withdraws", "s3", "s1", confidence=0.8))
    found = accepted_above(dossier(*links), 0.5)
    assert [one.accepted for one in found.links] == [None, True]
    assert statement(found, "s1").withdrawn_by == ("s3",)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: decided(dossier(), [1], accepted=True), "there is no proposal 1; nothing is proposed"),
        (lambda: decided(dossier(Link("repeats", "s2", "s1")), [0], accepted=True), "they are 1 to 1"),
        (lambda: decided(dossier(Link("repeats", "s2", "s1", accepted=False)), [1], accepted=True), "refused already"),
        (lambda: merged(dossier(), "leee", "up"), "there is no actor 'leee'; did you mean 'lee'?"),
        (lambda: merged(dossier(), "up", "up"), "one actor already"),
        (lambda: split(dossier(), "lee", ["s9"], "R"), "there is no statement 's9'"),
        (lambda: split(dossier(), "lee", ["s1"], "R"), "'s1' is a statement of up, not of lee"),
        (lambda: split(dossier(), "lee", ["s3"], " "), "give the new actor a name"),
        (lambda: representing(dossier(), "x", "lee"), "'lee' speaks for 'up'; name that party"),
        (lambda: representing(dossier(), "up", "x"), "others speak for 'up'"),
        (lambda: representing(dossier(), "x", "x"), "cannot speak for itself"),
    ],
)
def test_a_wrong_decision_says_what_is_wrong(wrong, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError) as error:
        wrong()
    assert message in str(error.value)


def test_a_spokesman_can_be_named_and_taken_back() -> None:
    named = representing(dossier(), "x", "up")
    assert named.actors[-1].speaks_for == "up"
    assert representing(named, "x", None) == dossier()
