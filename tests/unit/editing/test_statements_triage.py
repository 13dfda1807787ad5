"""Deciding on what a reader found: statements, links between them, speakers, and what a statement's speaker wants."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from detente.editing import ConfirmationNeededError, edited_file
from detente.errors import DetenteError, InputError
from detente.io.conflict_file import ConflictFile
from detente.io.dossier_file import dossier_data
from detente.model.conflict import Conflict
from detente.model.statements import Actor, Dossier, Link, Skipped, Source, Statement
from detente.present.basis import proposed_in_words
from detente.reading.drafting.wishes import wishes_of
from tests.unit.web.serving import RIVER

TOLD = (
    RIVER.replace("speakers:", "")
    + """\
  - {id: s4, source: daily, speaker: hale, kind: denial, quote: "no such promise", proposed: yes}   # by the reader
  - {id: s5, source: daily, speaker: upstream, kind: claim, quote: "a promise", nested_in: s4, proposed: yes}
  - {id: s6, source: daily, speaker: downstream, kind: demand,
     quote: "Upstream country must stop the works", proposed: yes}
speakers: {hale: Minister Hale, the-minister: The minister}
"""
)


def told(text: str = TOLD) -> ConflictFile:
    return ConflictFile.of(text, Path("river.conflict.yaml"))


def reread(file: ConflictFile) -> Conflict:
    """Return the conflict that the text of a changed file has: what is saved is what is seen."""
    found = ConflictFile.of(file.text, Path("river.conflict.yaml")).conflict
    assert isinstance(found, Conflict)
    assert found == file.conflict
    return found


def by_id(conflict: Conflict) -> dict[str, Statement]:
    return {one.id: one for one in conflict.statements}


def found_again(*statements: Statement, links: tuple[Link, ...] = (), actors: tuple[Actor, ...] = ()) -> dict[str, Any]:
    """What a reader finds in the document of the dispute."""
    source = Source("daily", file="daily.txt")
    return dossier_data(Dossier("", sources=(source,), statements=statements, links=links, actors=actors))


def test_accepting_several_statements_is_one_change_and_keeps_the_comments() -> None:
    made = edited_file(told(), {"do": "accept", "ids": ["s4", "s6"]})
    assert [one.id for one in reread(made).statements if one.proposed] == ["s5"]
    assert "# by the reader" in made.text and "# Who takes part." in made.text


def test_accepting_an_unknown_statement_names_the_nearest() -> None:
    with pytest.raises(DetenteError, match="s7"):
        edited_file(told(), {"do": "accept", "ids": ["s7"]})


def test_a_rejected_statement_is_recorded_and_not_found_again() -> None:
    made = edited_file(told(), {"do": "reject", "ids": ["s6"]})
    conflict = reread(made)
    assert "s6" not in by_id(conflict)
    assert conflict.skipped == (Skipped("daily", "Upstream country must stop the works", (), "rejected"),)
    again = edited_file(
        made,
        {
            "do": "import",
            "dossier": found_again(
                Statement("a", "daily", "downstream", quote="Upstream country must stop the works"),
                Statement("b", "daily", "downstream", quote="talks in May", nested_in="a"),
                Statement("c", "daily", "downstream", quote="talks in June"),
            ),
        },
    )
    # What is reported in a rejected statement is not a statement of its own.
    assert [one.quote for one in reread(again).statements][3:] == ["no such promise", "a promise", "talks in June"]


def test_rejecting_a_denial_rejects_what_is_reported_in_it_after_naming_it() -> None:
    with pytest.raises(ConfirmationNeededError) as refused:
        edited_file(told(), {"do": "reject", "ids": ["s4"]})
    assert [fault.message for fault in refused.value.faults] == ["s5, reported in s4"]
    made = reread(edited_file(told(), dict(refused.value.offer["edit"])))
    assert {"s4", "s5"}.isdisjoint(by_id(made))
    assert [one.quote for one in made.skipped] == ["no such promise", "a promise"]


def test_rejecting_used_statements_names_every_place_first() -> None:
    with pytest.raises(ConfirmationNeededError) as refused:
        edited_file(told(), {"do": "reject", "ids": ["s2", "s3"]})
    assert str(refused.value).startswith("2 statements are used in 1 place")
    assert [fault.message for fault in refused.value.faults] == ["preference 4 of Upstream country: not compensate"]


@pytest.mark.parametrize(
    ("kind", "first", "second", "key", "has"),
    [
        ("copy_of", "s3", "s1", "copy_of", "s1"),
        ("withdraws", "s3", "s1", "withdrawn_by", ("s3",)),
        ("denies", "s4", "s3", "contested_by", ("s4",)),
        ("contradicts", "s2", "s1", "contested_by", ("s2",)),
    ],
)
def test_an_accepted_link_is_written_on_its_statement(
    kind: str, first: str, second: str, key: str, has: object
) -> None:
    asked = {"do": "decide", "kind": kind, "first": first, "second": second, "reason": "alike", "confidence": 0.8}
    made = reread(edited_file(told(), {**asked, "accepted": True}))
    changed = by_id(made)[first if kind == "copy_of" else second]
    assert getattr(changed, key) == has
    assert made.links == (Link(kind, first, second, "alike", 0.8, True),)
    refused = reread(edited_file(told(), {**asked, "accepted": False}))
    assert by_id(refused) == by_id(reread(told()))
    assert refused.links == (Link(kind, first, second, "alike", 0.8, False),)


def test_links_that_make_no_sense_are_refused() -> None:
    def asked(kind: str, first: str, second: str) -> dict[str, Any]:
        return {"do": "decide", "kind": kind, "first": first, "second": second, "accepted": True}

    with pytest.raises(InputError, match="different speakers"):
        edited_file(told(), asked("copy_of", "s4", "s1"))
    with pytest.raises(InputError, match="itself"):
        edited_file(told(), asked("denies", "s3", "s3"))
    with pytest.raises(InputError, match="decision makers of this dispute"):
        edited_file(told(), asked("same_as", "upstream", "downstream"))
    with pytest.raises(DetenteError, match="unknown kind of link"):
        edited_file(told(), asked("doubts", "s3", "s2"))


def test_two_speakers_that_are_one_stay_one_when_a_document_is_read_again() -> None:
    link = {"do": "decide", "kind": "same_as", "first": "hale", "second": "the-minister", "accepted": True}
    made = edited_file(told(), link)
    conflict = reread(made)
    assert by_id(conflict)["s4"].speaker == "the-minister"
    assert dict(conflict.speakers) == {"the-minister": "The minister"}
    hale = Actor("hale", "Hale")
    dossier = found_again(Statement("a", "daily", "hale", quote="talks in May"), actors=(hale,))
    again = reread(edited_file(made, {"do": "import", "dossier": dossier}))
    assert again.statements[-1].speaker == "the-minister"


def test_a_speaker_that_is_a_party_becomes_the_party_whatever_the_order() -> None:
    link = {"do": "decide", "kind": "same_as", "first": "upstream", "second": "hale", "accepted": True}
    made = reread(edited_file(told(), link))
    assert by_id(made)["s4"].speaker == "upstream"
    assert "hale" not in made.speakers


def test_an_import_brings_the_proposals_about_speakers_once() -> None:
    link = Link("same_as", "omar", "the-spokesman", "the same surname", 0.6)
    actors = (Actor("omar", "Omar"), Actor("the-spokesman", "The spokesman"))
    said = (Statement("a", "daily", "omar", quote="May"), Statement("b", "daily", "the-spokesman", quote="June"))
    dossier = found_again(*said, links=(link,), actors=actors)
    made = edited_file(told(), {"do": "import", "dossier": dossier})
    assert reread(made).links == (link,)
    assert reread(edited_file(made, {"do": "import", "dossier": dossier})).links == (link,)


def test_removing_what_records_name_removes_the_records() -> None:
    made = edited_file(told(), {"do": "reject", "ids": ["s6"]})
    made = edited_file(made, {"do": "decide", "kind": "contradicts", "first": "s3", "second": "s1", "accepted": False})
    made = edited_file(made, {"do": "remove", "at": ["statements", "s1"]})
    assert reread(made).links == ()
    made = edited_file(made, {"do": "remove", "at": ["sources", "daily"], "everywhere": True})
    assert reread(made).skipped == ()


def test_renaming_a_party_renames_it_in_links() -> None:
    made = edited_file(
        told(), {"do": "decide", "kind": "same_as", "first": "hale", "second": "upstream", "accepted": False}
    )
    made = edited_file(made, {"do": "rename", "at": ["decision_makers", "upstream"], "to": "north"})
    assert reread(made).links[0].second == "north"


def test_what_an_accepted_statement_wants_becomes_an_option_and_a_preference() -> None:
    file = edited_file(told(), {"do": "accept", "ids": ["s6"]})
    conflict = reread(file)
    (wish,) = wishes_of(conflict, {"s6"}, {})["s6"]
    assert (wish.holder, wish.owner, wish.option, wish.name, wish.wanted) == (
        "downstream", "upstream", None, "Stop the works", True,
    )  # fmt: skip
    asked = {
        "do": "propose", "statement": "s6", "holder": wish.holder, "owner": wish.owner, "option": wish.option,
        "name": wish.name, "wanted": wish.wanted, "reason": "a demand",
    }  # fmt: skip
    made = edited_file(file, asked)
    found = reread(made)
    option = found.decision_maker("upstream").options[-1]
    assert (option.name, option.support.evidence, option.support.note) == (
        "Stop the works",
        ("s6",),
        "Proposed: a demand.",
    )
    last = list(found.decision_maker("downstream").preferences.conditions())[-1]
    assert str(last) == option.id
    assert by_id(found)["s6"].about == (option.id,)
    # The option is now there, so only the preference would be proposed, and it is there too.
    (again,) = wishes_of(found, {"s6"}, {})["s6"]
    assert again.option == option.id
    whole = reread(edited_file(made, {**asked, "option": option.id}))
    assert len(list(whole.decision_maker("downstream").preferences.conditions())) == 4


@pytest.mark.parametrize(("id", "fault"), [("s6", "accept it first"), ("s4", "accept it first"), ("s9", "unknown")])
def test_nothing_is_proposed_from_what_no_person_accepted(id: str, fault: str) -> None:
    asked = {
        "do": "propose",
        "statement": id,
        "holder": "downstream",
        "owner": "upstream",
        "name": "Stop",
        "wanted": True,
    }
    with pytest.raises(DetenteError, match=fault):
        edited_file(told(), {**asked, "reason": "a demand"})


def test_what_another_party_reports_proposes_nothing_once_it_is_disputed() -> None:
    conflict = reread(told())
    teller = Statement("t1", "daily", "upstream", kind="claim", quote="that downstream demanded a stop")
    said = {one.id: one for one in conflict.statements}
    for outer, inner, proposed in (
        (teller, {}, True),
        (replace(teller, in_doubt=True), {}, False),
        (teller, {"contested_by": ("s1",)}, False),
    ):
        wish = replace(said["s6"], nested_in="t1", **inner)
        others = [one for one in conflict.statements if one.id != "s6"]
        found = wishes_of(conflict.replaced(statements=[*others, outer, wish]), {"s6"}, {})
        assert ("s6" in found) is proposed


def test_denials_and_withdrawn_statements_propose_nothing() -> None:
    conflict = reread(told())
    ids = {one.id for one in conflict.statements}
    # s3 claims that "they promised to pay", which does not say who would.
    assert {"s3", "s4", "s5"}.isdisjoint(wishes_of(conflict, ids, {}))
    gone = [replace(one, withdrawn_by=("s3",)) if one.id == "s6" else one for one in conflict.statements]
    assert "s6" not in wishes_of(conflict.replaced(statements=gone), ids, {})
    file = edited_file(told(), {"do": "accept", "ids": ["s4"]})
    asked = {
        "do": "propose",
        "statement": "s4",
        "holder": "upstream",
        "owner": "upstream",
        "name": "Stop",
        "wanted": True,
    }
    with pytest.raises(InputError, match="a denial, which does not say"):
        edited_file(file, {**asked, "reason": "a denial"})


def test_records_in_a_file_are_read_with_their_faults() -> None:
    faulty = TOLD + "links:\n  - {kind: doubts, first: s1, second: s2}\nskipped:\n  - {quote: no source}\n"
    with pytest.raises(InputError) as refused:
        told(faulty)
    assert len(refused.value.faults) == 2


PROPOSED = """\
format: detente/1
title: A dam
summary: Proposed from the documents listed under sources; not reviewed. Every claim is its speaker's, as reported.
decision_makers:
  ethiopia:
    options:
      fill: {name: Fill the reservoir, note: "Proposed: demanded by Egypt."}   # by the program
    preferences:
      - {when: fill, note: "Proposed in drafting, without a statement."}
      - {when: not fill, note: a guess}
status_quo: {taken: [fill], note: "Proposed: reported as done."}
"""


def test_reviewed_proposal_keeps_its_reason_and_is_no_longer_counted() -> None:
    file = ConflictFile.of(PROPOSED, Path("dam.conflict.yaml"))
    assert proposed_in_words(file.conflict) == [
        "This is a draft: 1 option, 1 preference and the status quo are proposed and not reviewed."
    ]
    made = edited_file(file, {"do": "review", "at": ["decision_makers", "ethiopia", "options", "fill"]})
    assert made.text == PROPOSED.replace("Proposed: demanded", "Reviewed: demanded")
    with pytest.raises(InputError, match="nothing is proposed there"):
        edited_file(made, {"do": "review", "at": ["decision_makers", "ethiopia", "preferences", 1]})
    whole = edited_file(made, {"do": "review"})
    assert proposed_in_words(reread(whole)) == []
    assert [one.note for _, one in reread(whole).supports() if one.note] == [
        "Reviewed: demanded by Egypt.",
        "Reviewed: proposed in drafting, without a statement.",
        "a guess",
        "Reviewed: reported as done.",
    ]
    assert reread(whole).summary.startswith("Proposed from the documents listed under sources; reviewed. Every claim")
    assert "# by the program" in whole.text
    with pytest.raises(InputError, match="nothing in the model is proposed"):
        edited_file(whole, {"do": "review"})
