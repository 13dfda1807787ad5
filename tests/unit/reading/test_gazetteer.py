"""Which country is meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel import Locale

import detente as dt
from detente.model.names import name_key
from detente.reading.actors import Resolver
from detente.reading.gazetteer import Gazetteer, load_gazetteer
from detente.reading.lexicon import packaged


def resolved(*speakers: str, text: str = "") -> list[str | None]:
    resolver = Resolver(text, load_gazetteer())
    return [actor.name if (actor := resolver.resolve(words)) else None for words in speakers]


@pytest.mark.parametrize(
    ("words", "country"),
    [
        ("Moscow", "Russia"),
        ("the Egyptian foreign minister, Sameh Amer", "Egypt"),
        ("Sameh Amer, the Egyptian foreign minister", "Egypt"),
        ("the president of Kenya", "Kenya"),
        ("a spokesman for the Turkish army", "Turkey"),
        ("White House chief of staff Norman Ebersole", "United States"),
        ("the government in Khartoum", "Sudan"),
        ("Jordan's king", "Jordan"),
        ("the US and its NATO allies", "United States and NATO"),
    ],
)
def test_country_is_found_by_its_name_and_government(words: str, country: str) -> None:
    assert resolved(words) == [country]


@pytest.mark.parametrize(
    "words",
    [
        "the special envoy for Yemen",
        "the ambassador to France",
        "the University of Vienna",
        "the Irish Trawlermen's Association",
        "Russian opposition leader Alexei Orlin",
        "the Iranian dissident Sara Karimi",
        "rebels in Chad",
        "Jordan Hale",
        "Michael Jordan",
        "the mayor of London",
        "the Indian National Congress",
        "a former Israeli minister",
        "Residents of Kyiv",
    ],
)
def test_country_word_inside_another_name_is_not_the_country(words: str) -> None:
    (name,) = resolved(words)
    assert name not in {None, *load_gazetteer().actor_of.values()}


def test_city_with_a_region_is_another_place() -> None:
    text = "Officials in Moscow, Idaho, said the road was shut. Moscow said it would be mended."
    assert resolved("Officials in Moscow", "Moscow", text=text) == ["Officials in Moscow", "Moscow"]


def test_person_named_like_a_country_is_meant_later() -> None:
    text = "Jordan Hale said no. Jordan said it again."
    assert resolved("Jordan Hale", "Jordan", text=text) == ["Jordan Hale", "Jordan Hale"]
    assert resolved("Jordan") == ["Jordan"]


def test_own_gazetteer_is_used_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "names.yaml"
    path.write_text("actors:\n  Tarrin: [Harbour House, Tarrinese]\n  Russia: [the Bear]\n")
    known = load_gazetteer(path)
    for words, id in (("Harbour House", "tarrin"), ("the Bear", "russia"), ("Tarrinese officials", "tarrin")):
        found = Resolver("", known).resolve(words)
        assert found is not None
        assert found.id == id
    for text in ("actors: 5", "[", "x: {}"):
        path.write_text(text)
        with pytest.raises(dt.InputError):
            load_gazetteer(path)


def test_us_is_a_country_only_in_capitals() -> None:
    known = Gazetteer.of({"United States": ["US"]})
    assert known.found_in("the US and us") == [(4, "United States")]


#: What Babel writes with a remark or a title that no report writes.
SHORT = {
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "HK": "Hong Kong",
    "MM": "Myanmar",
    "MO": "Macao",
}
#: What has two letters in CLDR and is no country or territory of ISO 3166.
NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
#: Places whose government others do not recognise.
DISPUTED = [
    "Abkhazia", "Crimea", "Kosovo", "Nagorno-Karabakh", "Northern Cyprus", "Palestine", "Somaliland", "South Ossetia",
    "Taiwan", "Transnistria", "Western Sahara",
]  # fmt: skip


def test_every_country_and_territory_of_iso_3166_is_known() -> None:
    names = {code: name for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    asked = {code: SHORT.get(code, name) for code, name in names.items() if code not in NOT_ISO}
    known = load_gazetteer()
    assert len(asked) == 249
    assert {code: name for code, name in asked.items() if not known.whole(name)} == {}
    assert [name for name in DISPUTED if not known.whole(name)] == []


def test_no_word_of_the_gazetteer_stands_for_two_actors() -> None:
    seen: dict[str, str] = {}
    for name, words in packaged("gazetteer")["actors"].items():
        for word in (name, *map(str, words)):
            assert seen.setdefault(name_key(word), name) == name, word
            # A word that is also an everyday one would make a country of the beginning of a sentence.
            assert name_key(word) not in {"male", "praia", "valley", "the valley", "union", "republic"}, word


@pytest.mark.parametrize(
    ("words", "country"),
    [
        ("Vanuatu's climate minister", "Vanuatu"),
        ("The Maldivian president", "Maldives"),
        ("a spokesman for the Polisario Front", "Western Sahara"),
        ("Transnistria's foreign ministry", "Transnistria"),
        ("Greenland's prime minister", "Greenland"),
        ("the prime minister of the Solomon Islands", "Solomon Islands"),
        ("Trinidad and Tobago's foreign minister", "Trinidad and Tobago"),
    ],
)
def test_small_and_disputed_places_speak_too(words: str, country: str) -> None:
    assert resolved(words) == [country]
