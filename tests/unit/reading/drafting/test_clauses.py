"""What the words of a statement say that a party does, in many ways of saying it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.model.verbs import infinitive, third_person
from detente.reading.drafting.clauses import clauses


def told(words: str, *, bare: bool = False) -> list[tuple[str, str, bool, str]]:
    return [
        (action.doer, action.words, action.negated, action.mood)
        for clause in clauses(words, bare=bare)
        for action in clause.actions
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("we will not sign it this year", [("we", "sign it", True, "future")]),
        ("The owner would never agree to sell the field", [("The owner", "agree to sell the field", True, "future")]),
        ("the ministry is not prepared to free them all", [("the ministry", "free them all", True, "future")]),
        ("Norland refuses to pay", [("Norland", "pay", True, "future")]),
        ("they have no intention of closing the school", [("they", "close the school", True, "future")]),
        ("it has agreed to pay half of the costs by May", [("it", "pay half of the costs", False, "future")]),
        ("the landlord must repair the roof at once", [("the landlord", "repair the roof", False, "must")]),
        ("the landlord should not raise the rent", [("the landlord", "raise the rent", True, "must")]),
        ("Norland has closed the border", [("Norland", "close the border", False, "done")]),
        ("Norland has not closed the border", [("Norland", "close the border", True, "done")]),
        ("the drivers blocked the gate on Monday", [("the drivers", "block the gate", False, "done")]),
        ("we shall stop buying their milk", [("we", "buy their milk", True, "future")]),
        ("the firm will drop its plan to fell the trees", [("the firm", "fell the trees", True, "future")]),
        ("No one will make us leave the valley", [("we", "leave the valley", True, "future")]),
        ("we will open the gate and let the lorries pass", [
            ("we", "open the gate", False, "future"), ("we", "let the lorries pass", False, "future"),
        ]),
        ("the town passed a rule and cut the grant", [
            ("the town", "pass a rule", False, "done"), ("the town", "cut the grant", False, "done"),
        ]),
        ("there will be no vote", [("", "hold vote", True, "future")]),
        ("the board will not recommend the bid", [("the board", "recommend the bid", True, "future")]),
        ("the board will recommend that shareholders do not sell", []),
        ("prices may rise", []),
        ("the bridge is old", []),
        ("", []),
    ],
)  # fmt: skip
def test_statement_is_read_for_its_actions(words: str, expected: list[tuple[str, str, bool, str]]) -> None:
    assert told(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("to sign the treaty", [("", "sign the treaty", False, "bare")]),
        ("not to sign the treaty", [("", "sign the treaty", True, "bare")]),
        ("Norland sign the treaty", [("Norland", "sign the treaty", False, "bare")]),
        ("the council to mend the road", [("the council", "mend the road", False, "bare")]),
        ("the fence moved", [("", "move the fence", False, "bare")]),
        # A doer with a name after 'of'.
        ("the town of Aldham repair the road", [("the town of Aldham", "repair the road", False, "bare")]),
        (
            "the government of New Sudria not open the border",
            [("the government of New Sudria", "open the border", True, "bare")],
        ),
        ("the port of Varna lower its fees", [("the port of Varna", "lower its fees", False, "bare")]),
        # 'To' that belongs to the verb.
        ("the workers at the depot return to work", [("the workers at the depot", "return to work", False, "bare")]),
        ("Norland go to court", [("Norland", "go to court", False, "bare")]),
        ("a fund to repair the roof", []),
    ],
)
def test_words_without_a_tense_are_read_after_a_demand(words: str, expected: list[tuple[str, str, bool, str]]) -> None:
    assert told(words, bare=True) == expected


@pytest.mark.parametrize(
    ("words", "condition", "when_done", "only"),
    [
        ("If they raise the rent, we will leave", "they raise the rent", True, False),
        ("we will leave if they raise the rent", "they raise the rent", True, False),
        ("we will stay unless they raise the rent", "they raise the rent", False, False),
        ("we will not return until they pay", "they pay", False, False),
        ("we will return only if they pay", "they pay", True, True),
        ("we will return once they have paid", "they have paid", True, False),
        ("Otherwise we will leave", "that", False, False),
        ("there will be no talks until they pay", "they pay", False, False),
    ],
)
def test_condition_is_told_from_the_action(words: str, condition: str, when_done: bool, only: bool) -> None:
    [clause] = clauses(words)
    assert clause.condition is not None
    found = clause.condition
    assert (found.words, found.when_done, found.only) == (condition, when_done, only)


def test_second_of_two_actions_is_refused() -> None:
    refused, threatened = clauses("we would close the yard rather than pay the fine")
    assert (refused.actions[0].words, refused.actions[0].negated) == ("pay the fine", True)
    assert (threatened.actions[0].words, threatened.actions[0].negated) == ("close the yard", False)
    assert threatened.condition is not None


def test_time_is_no_condition() -> None:
    for words in ("We will pay at once", "When the gates were opened, the water fell", "before the talks, they left"):
        assert all(clause.condition is None for clause in clauses(words))


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(words: str) -> None:
    for bare in (True, False):
        for clause in clauses(words, bare=bare):
            assert clause.actions


VERBS = ["sign", "pay", "close", "stop", "deny", "withdraw", "build", "veto", "go", "apply", "plan", "move", "free"]


@pytest.mark.parametrize("verb", VERBS)
def test_infinitive_undoes_inflection(verb: str) -> None:
    assert infinitive(third_person(verb)) == verb
    assert infinitive(verb) == verb
    # A noun is no verb.
    assert infinitive("reservoir") is None


SUBJECTS = {"Norland": "Norland", "the union": "the union", "we": "we"}
DEEDS = ["sign the treaty", "pay the fine", "close the road", "release the prisoners", "build a school"]


@given(
    st.sampled_from(sorted(SUBJECTS)),
    st.sampled_from(DEEDS),
    st.sampled_from(["will", "would", "is ready to", "has agreed to", "must", "refuses to", "will not", "cannot"]),
    st.sampled_from(["", " this year", " in June", " on Monday", ", the minister said"]),
)
def test_modal_gives_mood_and_negation(subject: str, deed: str, modal: str, ending: str) -> None:
    """A slow reference: the sentence is put together from its parts, so its reading is known."""
    negated = modal in ("refuses to", "will not", "cannot")
    expected = (SUBJECTS[subject], deed, negated, "must" if modal == "must" else "future")
    assert told(f"{subject} {modal} {deed}{ending}") == [expected]


@pytest.mark.parametrize(
    "words",
    ["the site was not promised to anyone", "the money was offered to none of them", "we had agreed to nothing"],
)
def test_pronoun_behind_to_is_no_verb(words: str) -> None:
    assert not [
        one
        for clause in clauses(words, bare=True)
        for one in clause.actions
        if one.verb.endswith(("one", "body", "thing"))
    ]
