"""Which names are read as verbs, and which parties as one or several: what is not certain is left alone."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detente.model.verbs import behind_a_name, deed, fits_a_sentence, is_plural


@pytest.mark.parametrize(
    ("name", "singular", "plural"),
    [
        ("Fill the reservoir", "fills the reservoir", "fill the reservoir"),
        ("Go to the Security Council", "goes to the Security Council", "go to the Security Council"),
        ("Deny it, and try to leave", "denies it, and tries to leave", "deny it, and try to leave"),
        ("Accept and sign the plan", "accepts and signs the plan", "accept and sign the plan"),
        ("Withdraw, disarm and demobilise", "withdraws, disarms and demobilises", "withdraw, disarm and demobilise"),
        ("Accept what Moscow calls “a new reality”", "accepts what Moscow calls “a new reality”", None),
        ("Hold NATO's door open", "holds NATO's door open", "hold NATO's door open"),
        ("Be ready to talk", "is ready to talk", "are ready to talk"),
        ("Strike", "strikes", "strike"),
        ("Strike the missile sites", "strikes the missile sites", "strike the missile sites"),
        ("Support Egypt there", "supports Egypt there", "support Egypt there"),
        ("Support Egypt in the Security Council", "supports Egypt in the Security Council", None),
        ("Vote on accession", "votes on accession", "vote on accession"),
        ("Set up a commission", "sets up a commission", "set up a commission"),
        ("Hire twenty more dockers", "hires twenty more dockers", "hire twenty more dockers"),
        ("Land twenty-five ships", "lands twenty-five ships", "land twenty-five ships"),
        ("Promise to leave", "promises to leave", "promise to leave"),
        ("sign a treaty", "signs a treaty", "sign a treaty"),
    ],
)
def test_deed_conjugates_an_imperative(name: str, singular: str, plural: str | None) -> None:
    found = deed(name)
    assert found is not None
    assert found.done(plural=False) == singular
    assert plural is None or found.done(plural=True) == plural


@pytest.mark.parametrize(
    "name",
    [
        *("Sanctions", "Talks with Egypt", "Support for the rebels", "Support", "Blockade of Cuba", "Trade embargo"),
        *("Export controls", "Test ban", "Open door policy", "Attack on the dam", "Release of prisoners", "AID", ""),
        *("Promise to withdraw and pay compensation", "Let the water flow and help farmers", "Stop and ponder"),
        *("Buy food and medicine", "Impose sanctions and trade barriers", "Accept the plan, or frob it", "Do not sign"),
        *("Continue les opérations", "Cede el control", "Remplir le réservoir", "Заполнить водохранилище"),
        *("ملء الخزان", "Sign; Egypt leaves", "Sign. Egypt leaves", "Sign: all of it", "Sign the “treaty"),
        *("Sign \u202eit", "Sign\x07 it"),
        *("<b>Sign</b> it", "{{ sign }}", "$Sign$ it", "Stand-off", "seek-membership", "Support Group"),
    ],
)  # fmt: skip
def test_deed_returns_none_for_what_may_be_no_imperative(name: str) -> None:
    assert deed(name) is None


def test_deniable_is_false_for_names_with_a_negation() -> None:
    found = deed("Make no concessions")
    assert found is not None
    assert not found.deniable
    assert not any(made.deniable for made in map(deed, ("Be ready", "Pay only half", "Don't")) if made)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Egypt", False), ("United States", False), ("Philippines", False), ("Cyprus", False), ("Congress", False),
        ("Ministry of Mines and Forests", False), ("European Union (EU)", False), ("Côte d'Ivoire", False),
        ("Environmental groups", True), ("the workers", True), ("United States and NATO allies", True),
        ("Members of the council", True), ("Houthis", None), ("Egypt and Sudan", None), ("the Dutch", None),
        ("Marks & Spencer", None), ("Россия", None), ("مصر", None), ("", None), ("3M", None), ("Egypt; Sudan", None),
        ("Taliban", None),
    ],
)  # fmt: skip
def test_is_plural_answers_only_where_it_is_certain(name: str, expected: bool | None) -> None:
    assert is_plural(name) is expected


@pytest.mark.parametrize(
    ("words", "plural", "expected"),
    [
        ("stays where it is", False, "stays where it is"),
        ("Stays where it is", False, "stays where it is"),
        ("Keep the offer open", False, "keeps the offer open"),
        ("keep the offer open", True, "keep the offer open"),
        ("stays", None, "stays"),
        ("do not sign", True, "do not sign"),
        ("do not sign", False, "does not sign"),
        ("остаётся", None, "остаётся"),
        ("يبقى", None, "يبقى"),
        ("No talks", False, None),
        ("stays; Egypt leaves", False, None),
        ("stays \u202eput", False, None),
        (" ", False, None),
    ],
)
def test_behind_a_name_keeps_or_conjugates_the_words(words: str, plural: bool | None, expected: str | None) -> None:
    assert behind_a_name(words, plural) == expected


@given(text=st.text(max_size=30))
@example("Sign and \u2066")
@example("Keep ’")
def test_any_text_is_accepted(text: str) -> None:
    found = deed(text)
    assert found is None or (fits_a_sentence(text) and found.text.casefold() == " ".join(text.split()).casefold())
    assert is_plural(text) in (True, False, None)
    assert behind_a_name(text, None) is None or fits_a_sentence(" ".join(text.split()))
