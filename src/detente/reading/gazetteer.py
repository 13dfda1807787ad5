"""Countries: the words that stand for them, and the phrases that name a person or body that speaks for one.

A gazetteer knows what stands for a country: its capital, its seat of government, its people. Such a word names the
country where it is the whole name, or where it says whose a minister, an army or a parliament is ("Russian President
Vladimir Putin", "the Ukrainian foreign ministry").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from detente.errors import Fault, InputError
from detente.io.files import read_text
from detente.model.names import name_key
from detente.reading.lexicon import name_words, packaged
from detente.reading.phrases import Phrase, cleaned, full_names, is_name, key

#: Prepositions before a country that a person or body belongs to, with the nouns that each requires.
_WHOSE = {"of": None, "for": frozenset({"spokesman", "spokeswoman", "spokesperson", "spokespeople"})} | {
    "in": frozenset({"government", "authorities", "leadership", "regime", "officials"}),
    "from": frozenset({"officials", "diplomats", "delegates", "negotiators", "ministers"}),
}


@dataclass(frozen=True)
class Gazetteer:
    """The words that stand for actors: maps a word, in lower case, to the actor's name."""

    actor_of: Mapping[str, str]
    longest: int

    @classmethod
    def of(cls, actors: Mapping[str, Iterable[str]]) -> Gazetteer:
        """Return a gazetteer from actors' names and the words that stand for each."""
        words = {_plain(word): name for name, aliases in actors.items() for word in (name, *map(str, aliases))}
        return cls(words, max((len(word.split()) for word in words), default=1))

    def found_in(self, text: str) -> list[tuple[int, str]]:
        """Return the actors that a text names, with their positions; the longest name counts."""
        words = [(match.start(), match[0]) for match in re.finditer(r"[\w.'’-]+", text)]
        found: list[tuple[int, str]] = []
        place = 0
        while place < len(words):
            actor, size = self.leading([word for _, word in words[place : place + self.longest]])
            if actor:
                found.append((words[place][0], actor))
            place += max(size, 1)
        return found

    def leading(self, words: Sequence[str]) -> tuple[str | None, int]:
        """Return the actor named by the first words, and the number of these words; the longest name counts."""
        for size in range(min(self.longest, len(words)), 0, -1):
            actor = self.whole(" ".join(words[:size]))
            if actor:
                return actor, size
        return None, 0

    def whole(self, words: str) -> str | None:
        """Return the actor named by exactly these words."""
        if not words or words.islower():
            return None
        plain = _plain(words)
        for form in (plain, plain.removesuffix("'s"), plain.rstrip(".,'"), plain.removesuffix("'s").rstrip(".,'")):
            # 'us' is a country only in capitals.
            if form in self.actor_of and (form != "us" or words[:2].isupper()):
                return self.actor_of[form]
        return None


def _plain(words: str) -> str:
    return name_key(words)


def load_gazetteer(own: str | Path | None = None) -> Gazetteer:
    """Return the packaged gazetteer, extended by a user's own.

    Raises
    ------
    InputError
        If the user's file is not a gazetteer; the message says what is wrong.
    """
    actors: dict[str, list[Any]] = dict(packaged("gazetteer")["actors"])
    if own is None:
        return Gazetteer.of(actors)
    try:
        data: Any = YAML(typ="safe", pure=True).load(read_text(own))
    except YAMLError as error:
        raise InputError([Fault(f"the file is not YAML: {' '.join(str(error).split())[:200]}", str(own))]) from error
    more = data.get("actors") if isinstance(data, dict) else None
    if not isinstance(more, dict) or not all(isinstance(words, list) for words in more.values()):
        raise InputError(
            [Fault("a gazetteer begins with 'actors:', followed by names, each with a list of words", str(own))]
        )
    for name, words in more.items():
        actors[str(name)] = [*actors.get(str(name), []), *words]
    return Gazetteer.of(actors)


class Countries:
    """The countries that the phrases of one text speak for."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._full = {name for _, name in full_names(text)}
        #: The places of the text that are named with a region: 'Moscow, Idaho'.
        self._elsewhere: set[str] = set()
        for match in re.finditer(r"((?:[A-Z][\w'’-]+\s){0,2}[A-Z][\w'’-]+),\s+((?:[A-Z][\w.]*\s?){1,3})", text):
            region = match[2].strip().casefold()
            if any(re.match(rf"{re.escape(one)}(?!\w)", region) for one in name_words().regions):
                parts = match[1].split()
                self._elsewhere |= {" ".join(map(key, parts[place:])) for place in range(len(parts))}

    def of_speaker(self, words: str, found: Phrase) -> str | None:
        """Return the country that a speaker speaks for, named by some words and taken apart."""
        text = cleaned(words)
        person = self.gazetteer.whole(found.name) if found.human and found.proper else None
        if person is not None:
            return person
        if key(text) in name_words().borne and any(key(text) in name for name in self._full):
            # 'Jordan' is a person where the text has a Jordan Hale.
            return None
        parts = re.split(r",\s+", text)
        return next(filter(None, map(self.of_phrase, parts if found.human else parts[:1])), None)

    def of_phrase(self, text: str) -> str | None:
        """Return the country that a phrase speaks for: its own name, or a person or body of its government."""
        parts = text.split()
        actor = self.gazetteer.whole(text)
        while not actor and len(parts) > 1 and key(parts[0]) in name_words().articles:
            parts = parts[1:]
            actor = self.gazetteer.whole(" ".join(parts))
        if not parts or key(" ".join(parts)) in self._elsewhere or key(parts[0]) in self._elsewhere:
            return None
        if actor:
            return actor
        sides = [self.gazetteer.whole(re.sub(r"^the\s+", "", one)) for one in re.split(r"\s+and\s+", " ".join(parts))]
        if len(sides) > 1 and all(sides):
            return " and ".join(side for side in sides if side)
        return self.before_office(parts) or self.after_preposition(parts)

    def before_office(self, parts: list[str]) -> str | None:
        """Return the country at the beginning of a phrase about its government: 'Egypt's foreign minister'."""
        actor, size = self.gazetteer.leading(parts)
        rest = parts[size:]
        if not actor or not rest:
            return None
        if rest[0] == "and":
            other, more = self.gazetteer.leading(rest[1:])
            if other and is_of_state(rest[1 + more :]):
                return f"{actor} and {other}"
            allies = [name for _, name in self.gazetteer.found_in(" ".join(rest[2:-1]))]
            return f"{actor} and {allies[0]}" if allies and key(rest[-1]) in ("allies", "partners") else None
        borne = len(rest) == 1 and is_name(rest[0]) and key(parts[0]) in name_words().borne
        if borne and not re.search(r"['’]s?$", parts[size - 1]):
            return None
        return actor if is_of_state(rest) else None

    def after_preposition(self, parts: list[str]) -> str | None:
        """Return the country after a preposition: 'the president of Russia', 'a spokesman for the Egyptian army'."""
        for place in range(1, len(parts) - 1):
            heads = _WHOSE.get(parts[place])
            if parts[place] not in _WHOSE or (heads is not None and key(parts[place - 1]) not in heads):
                continue
            if not is_of_state(parts[:place]):
                continue
            tail = parts[place + 1 :]
            country = self.of_phrase(" ".join(tail))
            if country is None:
                tail = tail[1:] if tail[0] == "the" else tail
                found, size = self.gazetteer.leading(tail)
                country = found if len(tail) > size + 1 and all(map(is_name, tail[size:])) else None
            if country is not None:
                return country
        return None


def is_of_state(parts: Sequence[str]) -> bool:
    """Tell whether words after a country's name say that its government speaks: 'foreign minister Sameh Amer'."""
    words = name_words()
    low = list(map(key, parts))
    stops = (place for place, one in enumerate(low) if place and one in words.after_office)
    low = low[: next(stops, len(low))]
    head = max((place for place, one in enumerate(low) if one in words.state or one in words.office), default=-1)
    if head < 0 or not words.apart.isdisjoint(low) or not all(map(is_name, parts[head + 1 : len(low)])):
        return False
    if any(one in words.bodies and one not in words.state for one in low[head + 1 :]):
        return False
    if low[head] in words.adjacent and head > 0:
        # The Indian National Congress is a party.
        return False
    return low[head] in words.always_state or all(one in words.between or one in words.state for one in low[:head])
