"""Which country is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente as dt
from detente.reading.actors import Resolver
from detente.reading.gazetteer import Gazetteer, load_gazetteer


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
