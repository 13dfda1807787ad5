"""Where what is said begins and ends, whose words they are, and what is done by them; on invented sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from detente.model.statements import Statement
from detente.reading.documents import Document, parse_document
from detente.reading.lexicon import names_a_thing
from detente.reading.reader import read


def statements(*texts: str) -> Sequence[Statement]:
    documents = [Document(f"{number}.txt", text, "0" * 64) for number, text in enumerate(texts)]
    return read(documents).statements


@pytest.mark.parametrize("teller", ["Hadley", "Prime Minister Joss Hadley", "Marland"])
@pytest.mark.parametrize(
    ("actor", "act"),
    [
        ("Torvik", "had offered in March to let grain ships through"),
        ("the union", "offered to end the strike"),
        ("Corvane", "had promised to keep the plant"),
    ],
)
def test_the_actor_inside_reported_words_is_not_joined_to_the_teller(teller: str, actor: str, act: str) -> None:
    found = statements(f"According to {teller}, {actor} {act}.")
    outer = next(one for one in found if one.nested_in is None)
    inner = next(one for one in found if one.nested_in == outer.id)
    assert outer.quote == f"{actor} {act}"
    assert (outer.speaker_text, inner.speaker_text) == (teller, actor)


@pytest.mark.parametrize("claimed", ["claimed last week", "alleges", "claims"])
@pytest.mark.parametrize(
    "did", ["had laid mines in the strait", "had asked drivers to call in sick", "had sold the site"]
)
def test_what_another_party_claims_of_a_denied_matter_is_that_matter(claimed: str, did: str) -> None:
    found = statements(f"Kestria denied that it {did}, as Marland {claimed}.")
    denial = next(one for one in found if one.kind == "denial")
    assert denial.quote == f"it {did}"
    for one in found:
        if one.speaker == "marland":
            assert one.quote == denial.quote
            assert one.contested_by == (denial.id,)


@pytest.mark.parametrize(
    "ends", ["a claim that Corvane denied", "which Corvane denied", "a figure that Corvane disputes"]
)
def test_a_quote_does_not_end_in_a_comma_and_an_article(ends: str) -> None:
    said = "the board would recommend 620 pence"
    for one in statements(f"Simon Peel said that {said}, {ends}."):
        assert not (one.quote or "").endswith((",", ", a", ", which"))


@pytest.mark.parametrize("cue", ["rejected", "turned down", "dismissed"])
@pytest.mark.parametrize("thing", ["that offer", "that proposal", "that plan"])
def test_that_before_a_thing_belongs_to_the_quote_and_denies_nothing(cue: str, thing: str) -> None:
    (one,) = statements(f"The harbour union {cue} {thing} on Monday.")
    assert one.kind == "refusal"
    assert (one.quote or "").startswith(thing)


@pytest.mark.parametrize(
    ("content", "thing"),
    [
        ("that offer", True), ("that new rota", True), ("that second, late offer", False), ("that it had fired", False),
        ("that talks had failed", False), ("that he lied", False), ("the offer", False),
    ],
)  # fmt: skip
def test_that_before_a_noun_is_told_from_that_before_a_clause(content: str, thing: bool) -> None:
    assert names_a_thing(content) is thing


@pytest.mark.parametrize("subject", ["The Northern Front", "The harbour union", "Sembia's government"])
@pytest.mark.parametrize("day", ["on Wednesday", "last week", "on May 3"])
def test_a_clause_before_its_cue_is_quoted_without_gaps(subject: str, day: str) -> None:
    said = f"{subject} offered {day} to stop shelling the city if the army lifts its siege"
    found = statements(f"{said}, a spokesman said.")
    outer = next(one for one in found if one.speaker_text == "a spokesman")
    assert outer.quote == said


@pytest.mark.parametrize("head", ["Sembia's government", "The government", "Orlandia's army"])
def test_a_clause_before_its_cue_keeps_its_first_words(head: str) -> None:
    said = f"{head} would accept observers if the rebels released all prisoners first"
    found = statements(f"{said}, Information Minister Leila Osman said on Saturday.")
    assert next(one for one in found if "Osman" in (one.speaker_text or "")).quote == said


@pytest.mark.parametrize("other", ["My mother", "The company", "Mr Vance"])
@pytest.mark.parametrize("did", ["I promised to stay out of sales", "we rejected the offer", "we had agreed to pay"])
def test_first_person_in_reported_words_of_a_letter_is_its_author(other: str, did: str) -> None:
    found = statements(
        f"Dear Ms Reuter,\n\n{other} says that {did}. That is not true.\n\nYours sincerely,\nAnton Blom\n"
    )
    inner = next(one for one in found if one.nested_in is not None)
    assert inner.speaker == "anton-blom"


@pytest.mark.parametrize("other", ["The representative of Orlandia", "Lusara's envoy"])
def test_first_person_in_reported_words_of_a_turn_is_its_speaker(other: str) -> None:
    text = (
        f"Ms. HADDI: {other} says that we rejected the commission. We did not.\n\nMr. OKORO: I thank you. We will wait."
    )
    inner = next(one for one in statements(text) if (one.speaker_text, one.cue) == ("we", "rejected"))
    assert inner.speaker == "ms-haddi"


def test_first_person_in_quoted_words_is_the_speaker() -> None:
    text = "Dear all,\n\nThe director said: “We promised to pay.” I doubt that.\n\nYours sincerely,\nAnton Blom\n"
    assert next(one for one in statements(text) if one.cue == "promised").speaker != "anton-blom"


def test_the_sender_of_a_mail_is_its_author() -> None:
    headers = "From: Petra Lund <p@union.example>\nTo: all@union.example\nDate: Mon, 4 Mar 2024 09:12:00 +0000\n"
    headers += "Subject: Rota\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    mail = f"{headers}\nWe will not call off the strike.\n".encode()
    document = parse_document(mail, "1.eml")
    assert document.author == "Petra Lund"
    assert {one.speaker for one in read([document]).statements} == {"petra-lund"}


@pytest.mark.parametrize("body", ["company", "firm", "council"])
def test_its_stands_for_the_body_that_is_said_to_act(body: str) -> None:
    text = (
        f"Drivers voted on Monday. Carl Winge, a spokesman for Halden Transit, said the {body} had raised its offer to "
        "3.5 percent. The union did not respond, he said."
    )
    its = [one for one in statements(text) if one.speaker_text == "its"]
    raised = [one for one in statements(text) if one.speaker_text == f"the {body}"]
    assert {one.speaker for one in its} <= {one.speaker for one in raised}


# What is done, refused or denied by words that look like others


@pytest.mark.parametrize(
    "deed", ["call a strike on 18 March", "call a ballot of its members", "call an indefinite walkout"]
)
@pytest.mark.parametrize("unless", [" unless the company withdraws the rota", " if the talks fail", ""])
def test_an_announced_strike_is_a_threat_or_a_commitment(deed: str, unless: str) -> None:
    (one, *_) = statements(f"The Foundry Workers' Union will {deed}{unless}.")
    assert one.speaker == "foundry-workers-union"
    assert one.kind == ("threat" if unless else "commitment")


@pytest.mark.parametrize(
    "taken_back", ["withdraw the rota", "call off the ballot", "withdraw its offer", "rescind the ban"]
)
@pytest.mark.parametrize("will", ["will not", "would not", "will never"])
def test_who_will_not_take_something_back_refuses(taken_back: str, will: str) -> None:
    (one, *_) = statements(f"Brask Steel said it {will} {taken_back}.")
    assert one.kind == "refusal"
    letter = f"Dear Ms Lund,\n\nWe {will} {taken_back}.\n\nYours sincerely,\nHarold Vance\n"
    assert [(one.kind, one.speaker) for one in statements(letter)] == [("refusal", "harold-vance")]


@pytest.mark.parametrize("thing", ["offer", "promise", "proposal"])
@pytest.mark.parametrize(
    "made", ["had made no {} for the site", "made no {} to the union", "has received no {} from Velmar"]
)
def test_none_made_is_not_one_made(thing: str, made: str) -> None:
    found = statements(f"A spokeswoman for Corbel Homes said the company {made.format(thing)}.")
    assert all(one.kind not in ("offer", "commitment", "demand") for one in found)


@pytest.mark.parametrize(
    "said",
    [
        "no such offer had been made", "no such promise was given", "the government had received no such proposal",
        "she never made such an offer", "they had not received any such offer", "no such letter exists",
    ],
)  # fmt: skip
def test_no_such_thing_is_a_denial(said: str) -> None:
    (one,) = statements(f"Leila Osman said {said}.")
    assert one.kind == "denial"


@pytest.mark.parametrize(
    "said", ["no such plan would be accepted", "no such offer had to be made", "she made such an offer"]
)
def test_no_such_thing_in_a_refusal_is_no_denial(said: str) -> None:
    assert all(one.kind != "denial" for one in statements(f"Leila Osman said {said}."))


@pytest.mark.parametrize(
    "helps",
    ["ask a mediator to step in", "lend up to 2 million euros", "put the rota to an arbitrator", "host the talks"],
)
def test_help_under_a_condition_is_no_threat(helps: str) -> None:
    (one, *_) = statements(f"Mr Holm said the bank would {helps} if both sides wanted it.")
    assert one.kind != "threat"


@pytest.mark.parametrize(("noun", "kind"), [("offer", "offer"), ("demand", "demand"), ("promise", "commitment")])
def test_what_is_repeated_has_the_kind_of_its_noun(noun: str, kind: str) -> None:
    said = f"We repeat our {noun}: if the ballot is called off, we will crush the stone."
    one = next(one for one in statements(f"Dear Ms Lund,\n\n{said}\n\nYours,\nAnn Orr\n") if one.cue == "repeat")
    assert one.kind == kind


# Names, without what stands around them


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("3.2 Cllr Dunne said that he could not support the closure.", "Cllr Dunne"),
        ("In the caucus Gerda told me that she might name her son.", "Gerda"),
        ("At the second session Anton said that he would leave.", "Anton"),
        ("The Northern Front hereby withdraws its offer of 3 February.", "The Northern Front"),
    ],
)
def test_a_name_has_no_number_place_or_adverb_around_it(sentence: str, name: str) -> None:
    assert statements(sentence)[0].speaker_text == name


@pytest.mark.parametrize("deed", ["in defiance of", "after a defeat for", "despite warnings from", "in protest at"])
def test_a_relative_pronoun_means_the_party_and_not_what_is_done_to_it(deed: str) -> None:
    (one, *_) = statements(
        f"Velmar opened the tunnel on Friday {deed} Orlandia, which said it would close its borders."
    )
    assert one.speaker == "orlandia"


def test_a_name_does_not_go_on_in_the_next_line() -> None:
    text = "Jo Weller @mill · 10 Jan\nWe will not close it.\n\n"
    text += "Pat Dunne @dunne · 11 Jan\nThe Chair says it is safe. I saw it.\n"
    assert "the chair" in {(one.speaker_text or "").lower() for one in statements(text)}
    assert all("jan" not in (one.speaker or "").split("-") for one in statements(text))


@pytest.mark.parametrize("before", ["The Chair said that the offer was generous.", "Cllr Dunne asked for a vote."])
def test_a_resolution_is_not_the_last_speakers_word(before: str) -> None:
    found = statements(f"3. School\n\n{before}\n\nRESOLVED: that a consultation be held.\n")
    assert all(one.speaker is None for one in found if "consultation" in (one.quote or ""))


@pytest.mark.parametrize("verbs", [("RECALLING", "DEMANDS"), ("Recalling", "Demands")])
def test_the_body_of_a_resolution_keeps_its_paragraphs(verbs: tuple[str, str]) -> None:
    text = f"The River Council,\n\n{verbs[0]} its decision of May,\n\n1. {verbs[1]} that Velmar open the gates.\n"
    assert {one.speaker for one in statements(text)} == {"river-council"}


def test_a_delegate_speaks_for_the_state_behind_the_name() -> None:
    text = (
        "Mr. SARROW (Orlandia): We do not seek war. Velmar rejected our offer.\n\n"
        "Ms. HADDI (Velmar): We will not open the tunnel. Orlandia said it would wait.\n\n"
        "Mr. HALE (Chair): I thank you.\n"
    )
    documents = [Document("r.txt", text, "0" * 64)]
    party = {one.id: one.speaks_for for one in read(documents).actors}
    assert (party["mr-sarrow"], party["ms-haddi"]) == ("orlandia", "velmar")


def test_a_first_name_alone_is_the_person_of_that_name_in_another_document() -> None:
    found = statements("Gerda Blom nodded. Anton Blom said he would pay.", "Anton now says that he will leave.")
    assert {one.speaker for one in found} == {"anton-blom"}


@pytest.mark.parametrize(
    "head",
    ["STATEMENT BY THE NORTHERN FRONT", "Statement by the Northern Front", "PRESS STATEMENT OF THE NORTHERN FRONT"],
)
def test_a_statement_is_the_word_of_the_body_in_its_heading(head: str) -> None:
    text = f"{head}\n\n9 February 2021\n\nThe Northern Front is ready. We will not lay down our weapons.\n"
    assert "northern-front" in {one.speaker for one in statements(text) if "weapons" in (one.quote or "")}
