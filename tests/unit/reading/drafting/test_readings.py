"""What one statement says of actions: in which of its sentences, of which kind, in whose hands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.model.statements import Dossier, Source, Statement
from detente.reading.drafting.clusters import clustered, name_of
from detente.reading.drafting.parties import Parties, Party
from detente.reading.drafting.readings import COMMITMENT, OFFER, REFUSAL, THREAT, TOLD, Reading, readings_of

PARTIES = Parties(
    [Party("norland", "Norland", ("norland",), ()), Party("sudria", "Sudria", ("sudria",), ())],
    {"norland": ["Norland"], "sudria": ["Sudria"]},
)
NAMES = {"norland": "Norland", "sudria": "Sudria"}


def read(*said: Statement) -> list[Reading]:
    found, _, _ = readings_of(Dossier("", "", NAMES, (Source("r"),), said), PARTIES, {})
    return found


def unread(*said: Statement) -> list[str]:
    return readings_of(Dossier("", "", NAMES, (Source("r"),), said), PARTIES, {})[2]


def turn(kind: str, quote: str) -> Statement:
    return Statement("s1", "r", "norland", cue=":", kind=kind, quote=quote)


@pytest.mark.parametrize(
    ("kind", "quote", "expected"),
    [
        # One sentence offers something, another one threatens.
        ("offer", "We are ready to sign a treaty. But if the tunnel is opened, Norland will close the border.",
         [("sign a treaty", OFFER), ("close the border", THREAT)]),
        ("offer", "We offer to pay half. We will close the road next week.",
         [("pay half", OFFER), ("close the road", COMMITMENT)]),
        ("refusal", "We will not sign the treaty. We are ready to open the border.",
         [("sign the treaty", REFUSAL), ("open the border", OFFER)]),
        ("threat", "We will hold a vote in May. If they march, we will block the road.",
         [("hold a vote", COMMITMENT), ("block the road", THREAT)]),
        # A statement of one sentence has its own kind, and so has one whose sentences do not show it.
        ("threat", "We will block the road.", [("block the road", THREAT)]),
        ("threat", "We will block the road. We will close the port.",
         [("block the road", THREAT), ("close the port", THREAT)]),
    ],
)  # fmt: skip
def test_every_sentence_of_a_turn_has_its_own_kind(kind: str, quote: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.action.words, one.group) for one in read(turn(kind, quote))] == expected


def test_statement_inside_a_turn_is_the_evidence_of_its_sentence() -> None:
    whole = turn("offer", "We are ready to sign a treaty. But if they dig the tunnel, Norland will close the border.")
    quote = "But if they dig the tunnel, Norland will close the border"
    inner = Statement("s2", "r", "norland", kind="threat", quote=quote, nested_in="s1")
    assert [(one.statement.id, one.group) for one in read(whole, inner)] == [("s1", OFFER), ("s2", THREAT)]
    # What another party is reported to say is not the turn's own.
    other = Statement("s2", "r", "sudria", kind="threat", quote=quote, nested_in="s1")
    assert [one.statement.id for one in read(whole, other)][:2] == ["s1", "s1"]


@pytest.mark.parametrize(
    ("cue", "kind", "quote", "expected"),
    [
        ("will not withdraw", "refusal", "the rota", [("withdraw the rota", False)]),
        ("will not call", "refusal", "off the ballot first", [("call off the ballot", False)]),
        ("would never extend", "refusal", "the deadline", [("extend the deadline", False)]),
        ("won't sell", "refusal", "the field to anybody", [("sell the field to anybody", False)]),
        ("shall build", "commitment", "a bridge", [("build a bridge", True)]),
        ("will not", "refusal", "sell the field", [("sell the field", False)]),
        # A verb of saying, and a rejection, lead to what is said.
        ("will demand", "demand", "that Sudria sell the field", [("sell the field", True)]),
    ],
)
def test_verb_of_an_act_in_the_cue_belongs_to_the_action(
    cue: str, kind: str, quote: str, expected: list[tuple[str, bool]]
) -> None:
    said = Statement("s1", "r", "norland", cue=cue, kind=kind, quote=quote, form="indirect")
    assert [(one.action.words, one.wanted) for one in read(said)] == expected
    assert unread(said) == []


@pytest.mark.parametrize(
    ("quote", "action", "condition"),
    [
        ("> We will not extend the deadline.", "extend the deadline", None),
        ("our offer: if the ballot is called off, we will put the rota to an arbitrator",
         "put the rota to an arbitrator", "the ballot is called off"),
        ("Our final proposal: we will pay half if Sudria pays the rest", "pay half", "Sudria pays the rest"),
        ("Should the army cross the Karu, we shall shell the port", "shell the port", "the army cross the Karu"),
        ("But were Sudria to open the dam, we would sue", "sue", "Sudria to open the dam"),
    ],
)  # fmt: skip
def test_marks_and_words_before_a_clause_do_not_hide_it(quote: str, action: str, condition: str | None) -> None:
    [found] = read(Statement("s1", "r", "norland", kind="offer", quote=quote))
    assert found.action.words == action
    assert (found.condition and found.condition.words) == condition
    assert condition is None or (found.condition and found.condition.actions)


def test_should_is_no_condition_where_it_says_what_is_right() -> None:
    [found] = read(Statement("s1", "r", "norland", kind="demand", quote="Sudria should open the dam, and we will wait"))
    assert (found.action.words, found.condition) == ("open the dam", None)


def test_what_lies_in_a_condition_is_not_promised() -> None:
    outer = Statement(
        "s1",
        "r",
        "sudria",
        cue="said",
        kind="condition",
        quote="it would sign only after Norland offers to pay the fine",
    )
    inner = Statement("s2", "r", "norland", cue="offers", kind="offer", quote="to pay the fine", nested_in="s1")
    assert [(one.action.words, one.holder) for one in read(outer, inner)] == [("sign", "sudria")]
    # Outside of the condition it is.
    outer = Statement("s1", "r", "sudria", cue="said", kind="claim", quote="Norland offers to pay the fine if it signs")
    assert [(one.action.words, one.holder) for one in read(outer, inner)] == [("pay the fine", "norland")]


@pytest.mark.parametrize(
    ("before", "quote", "expected"),
    [
        ("Sudria offered to open its books at 700 pence, and Norland said it ", "would not pay that", "pay 700 pence"),
        ("The fee was £40,000, the clerk said. Norland ", "will never pay it", "pay £40,000"),
        ("It fined them 3 million euros. Norland said that it ", "would not pay this", "pay 3 million euros"),
        # No amount is named, and what was named last is not paid.
        ("Sudria offered to open its books. Norland said it ", "would not pay that", None),
        ("Sudria opened the dam. Norland said it ", "would not sign that", None),
    ],
)
def test_what_is_paid_is_the_amount_named_before(before: str, quote: str, expected: str | None) -> None:
    opened = Statement("s1", "r", "sudria", cue="offered", kind="offer", quote="to open its books")
    said = Statement("s2", "r", "norland", cue="said", kind="refusal", quote=quote, prefix=before)
    assert [one.action.words for one in read(opened, said)][1:] == ([expected] if expected else [])
    verb = quote.split()[-2]
    unclear = [f"s2: it is not clear what “{verb} that” means"]
    assert unread(opened, said) == ([] if expected else unclear)


def test_phrase_that_the_verb_needs_stays_with_what_a_pronoun_means() -> None:
    raised = Statement(
        "s1", "r", "norland", cue="said", kind="commitment", quote="it will raise its offer for the mill"
    )
    quote = "If Sudria does not recommend it by May, we will take it directly to shareholders."
    [_, found] = read(raised, Statement("s2", "r", "norland", cue="said", kind="threat", quote=quote))
    assert found.action.words == "take its offer for the mill directly to shareholders"
    # In another party's hands it is still the offer of the first one.
    assert found.condition is not None
    assert [one.words for one in found.condition.actions] == ["recommend Norland's offer for the mill"]


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("If Sudria sells the site, we will occupy it.", "occupy the site"),
        ("If the gates are opened, we will guard them.", "guard the gates"),
        ("Should Sudria build a wall, we shall pull it down.", "pull a wall down"),
        # More than one thing, or another number: it is not clear.
        ("If Sudria sells the site and shuts the mill, we will occupy it.", None),
        ("If Sudria sells the site, we will occupy them.", None),
        ("We will occupy it if Sudria sells the site.", None),
    ],
)
def test_pronoun_means_the_thing_in_the_condition_before_it(quote: str, expected: str | None) -> None:
    found = read(Statement("s1", "r", "norland", cue="said", kind="threat", quote=quote))
    assert [one.action.words for one in found] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("take its 640 pence-per-share bid for the old paper mill of Corvane directly to shareholders",
         "Take its 640 pence-per-share bid directly to shareholders"),
        ("refer the question of the border in the northern hills of Sudria to the court",
         "Refer the question of the border to the court"),
        ("repair the roof of the old school in the northern part of the town", "Repair the roof of the old school"),
    ],
)  # fmt: skip
def test_long_name_keeps_where_something_is_taken(words: str, name: str) -> None:
    quote = f"We will {words}"
    [cluster] = clustered(read(Statement("s1", "r", "norland", cue="said", kind="commitment", quote=quote)))
    assert name_of(cluster) == name


def test_what_took_a_bid_to_others_took_nothing_back() -> None:
    words = "its bid directly to shareholders on Tuesday"
    [found] = read(Statement("s1", "r", "norland", cue="took", kind="withdrawal", quote=words, form="indirect"))
    assert (found.action.words, found.group) == ("take its bid directly to shareholders", TOLD)
    assert read(replace(found.statement, quote="back its bid")) == []


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("Sudria would sign if it could", "s1: “Sudria” would act, and is not taken to be Norland"),
        ("the villagers would sign if they could", "s1: “the villagers” would act, and is not taken to be Norland"),
        ("more of the same in the spring", "s1: the condition of Norland names no action that could be read"),
    ],
)  # fmt: skip
def test_reason_says_that_another_would_act(quote: str, reason: str) -> None:
    assert unread(Statement("s1", "r", "norland", cue="said", kind="condition", quote=quote)) == [reason]
