"""Who a speaker is: names, roles, countries, abbreviations, pronouns and identifiers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.model.conditions import is_option_identifier
from detente.model.names import MAX_IDENTIFIER, identifier, name_key
from detente.reading.actors import Cast, Resolver
from detente.reading.documents import Document
from detente.reading.gazetteer import load_gazetteer
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger
from training.passages import faults

PASSAGES = Path(__file__).parents[3] / "corpora" / "passages"


def resolved(*speakers: str, text: str = "") -> list[str | None]:
    resolver = Resolver(text, load_gazetteer())
    return [actor.name if (actor := resolver.resolve(words)) else None for words in speakers]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The teachers' union", "The drivers' union"),
        ("The appeals court", "The supreme court"),
        ("Mr Hale", "Mrs Hale"),
        ("John Hale", "Mary Hale"),
        ("The former president", "The president"),
        ("The deputy minister", "The minister"),
        ("The mayor of Tarrin", "The mayor of Velm"),
        ("Łukasz Bąk", "Lukasz Bąk"),
        ("王毅", "李明"),
        ("The Kenyan government", "The Kenyan Farmers' Union"),
        ("The Sudanese army", "Sudan's Rapid Support Forces"),
    ],
)
def test_speakers_with_different_names_or_titles_are_distinct(first: str, second: str) -> None:
    one, other = resolved(first, second)
    assert one
    assert other
    assert one != other


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The teachers' union", "the union"),
        ("Ann Lee, the mayor of Tarrin,", "The mayor"),
        ("Dr Ines Moreau", "Moreau"),
        ("ANN LEE", "Ann Lee"),
        ("The Fenton City Council", "the City Council"),
        ("Sudan's Rapid Support Forces", "the Rapid Support Forces"),
        ("E\u0301tienne Girard", "Étienne Girard"),
        ("the artist", "The artist, Del Ruiz"),
        ("Kevin Rusk", "Rusk's office"),
        ("Energy Minister Greta Norman", "Ms Norman"),
    ],
)
def test_shorter_name_is_matched_to_the_longer_one(first: str, second: str) -> None:
    one, other = resolved(first, second)
    assert one == other


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (", the trade union", "trade union"),
        ("GENEVA (Reuters) - The envoy", "envoy"),
        ("KYIV, May 3 — Governor Ivan Bondar", "Ivan Bondar"),
        ("the spokesman for the prison, Karl Weiss,", "Karl Weiss"),
        ("The University and College Union (UCU)", "University and College Union"),
        ("Its spokesman, a pharmacist called Hatem", "Hatem"),
        ("Rep. Jolene Batts (R-Tenn.)", "Jolene Batts"),
        ("Information Minister Leila Osman", "Leila Osman"),
        ("The union's lawyer, Milton Friedman,", "Milton Friedman"),
        ("to", None),
        ("a", None),
        ("3", None),
        ("and of the", None),
        ("“", None),
    ],
)
def test_actor_name_is_a_noun_phrase_or_a_name(words: str, name: str | None) -> None:
    assert resolved(words) == [name]


def test_abbreviation_is_matched_to_the_name_before_it() -> None:
    text = "Staff of the World Health Union (WHU) and of the coastal fishers' league (CFL) met. The WHO (WHO) did not."
    assert resolved("the WHU", "CFL", "The WHU", text=text) == [
        "World Health Union",
        "coastal fishers' league",
        "World Health Union",
    ]


@pytest.mark.parametrize(
    ("text", "pronoun", "name"),
    [
        ("Sergei Lindqvist said Ukraine withdrew its offer. “They broke their word,” ", "he", "Sergei Lindqvist"),
        ("Ann Lee said no. Her deputy, Max Orr, left the room. “We stay,” ", "she", "Ann Lee"),
        ("Max Orr spoke first. Then Ann Lee took the floor. ", "He", "Max Orr"),
    ],
)
def test_pronoun_is_the_last_matching_person(text: str, pronoun: str, name: str) -> None:
    resolver = Resolver(f"{text}{pronoun} said.", load_gazetteer())
    resolver.resolve(" ".join(text.split()[:2]), "")
    found = resolver.resolve(pronoun, text)
    assert found is not None
    assert found.name == name


def test_first_person_outside_a_quotation_is_the_writer() -> None:
    text = "Ann Lee said no. I think she is right."
    resolver = Resolver(text, load_gazetteer())
    resolver.resolve("Ann Lee", "")
    found = resolver.resolve("I", "Ann Lee said no. ")
    assert found is not None
    assert found.name == "author"


def test_same_name_has_the_same_identifier_in_all_documents() -> None:
    texts = (
        "Росія said it will dig. Україна said it will not pay.",
        "Україна said it will wait. 王毅 said it will not.",
    )
    dossier = read([Document(f"{n}.txt", text, "") for n, text in enumerate(texts)], tagger=RuleTagger())
    assert [one.speaker for one in dossier.statements] == ["росія", "україна", "україна", "王毅"]
    assert dossier.speakers == {"росія": "Росія", "україна": "Україна", "王毅": "王毅"}


@given(st.lists(st.text(max_size=70), max_size=12))
def test_identifiers_are_unique_by_name_and_can_stand_in_conditions(names: list[str]) -> None:
    cast = Cast()
    ids = [cast.actor(name).id for name in names]
    for name, id in zip(names, ids, strict=True):
        assert is_option_identifier(id)
        assert len(id) <= MAX_IDENTIFIER + 4
        assert [name_key(other) == name_key(name) for other in names] == [other == id for other in ids]


def test_identifier_keeps_letters_of_every_script() -> None:
    assert [identifier(name) for name in ("Łódź", "Lodz", "ØST", "हिन्दी", "", "iff")] == [
        "łódź",
        "lodz",
        "øst",
        "हनद",
        "new",
        "iff-it",
    ]


def test_long_identifier_ends_with_a_whole_word() -> None:
    made = identifier("The Association of the Owners of Small Vessels of the Northern Harbour Towns")
    assert made == "the-association-of-the-owners-of-small-vessels-of-the"


def test_given_publication_date_overrides_the_documents() -> None:
    document = Document("x.txt", "On Friday the mayor said the bridge is safe.", "", date="2020-01-01")
    dossier = read([document], tagger=RuleTagger(), published="2024-05-20")
    assert dossier.sources[0].date == "2024-05-20"
    assert dossier.statements[0].date_said == "2024-05-17"


@pytest.mark.parametrize("kind", ["abbr", "date", "kind", "land", "name", "role"])
def test_at_most_one_passage_in_ten_is_wrong(kind: str) -> None:
    passages = json.loads((PASSAGES / "speakers.json").read_text(encoding="utf-8"))
    ours = [one for one in passages if one["id"].startswith(f"{kind}-")]
    wrong = {one["id"]: found for one in ours if (found := faults(one))}
    assert len(wrong) * 10 <= len(ours), wrong


@pytest.mark.parametrize(
    ("before", "words", "name"),
    [
        ("Moscow spoke of Ukraine, a ", "neighboring country that", "Ukraine"),
        ("It began in South Sudan, ", "the youngest nation", "South Sudan"),
        ("In Paris, a ", "spokesman", None),
        ("Ukraine said so. A ", "neighboring country", None),
        ("Ann Lee, a ", "country", None),
    ],
)
def test_country_is_meant_by_what_it_is_called_behind_its_name(before: str, words: str, name: str | None) -> None:
    found = Resolver(f"{before}{words} plans to join.", load_gazetteer()).resolve(words, before)
    country = load_gazetteer().whole(found.name) if found is not None else None
    assert country == name
