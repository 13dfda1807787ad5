"""Who is meant: from the words by which a text names a speaker to one actor.

A gazetteer knows what stands for a country: its capital, its seat of government, its people. Whoever a text introduces
with one of these ("Russian President Vladimir Putin", "the Ukrainian foreign ministry") speaks for it from then on, by
surname, title or pronoun too. Everybody else is an actor of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from detente.errors import Fault, InputError

#: Pronouns by whom they can stand for.
_PRONOUNS = {
    word: group
    for group, words in {
        "he": ("he", "his", "him", "himself"),
        "she": ("she", "her", "hers", "herself"),
        "they": ("they", "their", "them"),
        "it": ("it", "its"),
        "who": ("who", "which", "that"),
        "we": ("we", "our", "us"),
        "i": ("i", "my", "me"),
    }.items()
    for word in words
}
_FEMALE = frozenset({"mrs", "ms", "miss", "madam", "lady", "queen", "chairwoman", "spokeswoman", "sister", "mother"})
_MALE = frozenset({"mr", "sir", "lord", "king", "chairman", "spokesman", "brother", "father"})
_TITLES = re.compile(
    r"^(?:the\s+)?"
    r"(?:(?:former|acting|deputy|vice|prime|foreign|defen[cs]e|interior|finance|chief|head|late|then)[\s-]+)*"
    r"(?:president|prime minister|minister|secretary(?: of state|[ -]general)?|chancellor|premier|governor|gov\.?|"
    r"senator|sen\.?|representative|rep\.?|mayor|judge|justice|general|gen\.?|colonel|col\.?|captain|capt\.?|king|"
    r"queen|ambassador|envoy|spokes(?:man|woman|person)|leader|professor|prof\.?|dr\.?|mr\.?|mrs\.?|ms\.?|sir|lord|"
    r"lady|rev\.?|chair(?:man|woman)?|director|chief executive|ceo|analyst|economist|lawyer|attorney|"
    r"congress(?:man|woman))\s+",
    re.IGNORECASE,
)
_DETERMINER = re.compile(
    r"^(?:the|a|an|this|that|these|those|his|her|its|their|our|some|many|most|several)\s+", re.IGNORECASE
)
_BODIES = re.compile(
    r"\b(?:Ministry|Council|Party|Union|Court|Bank|House|Department|Agency|Commission|University|Post|Times)\b"
)
#: A speaker further back than this many others is not meant by a pronoun or a title.
MOST_REMEMBERED = 100
#: Words whose bearer may be called by them again: 'the mayor' is the mayor who was named.
_ROLE = re.compile(
    r"\b(president|minister|mayor|governor|senator|judge|spokes(?:man|woman|person)|leader|owner|general|chief|director|"
    r"secretary|chancellor|ambassador|envoy|professor|chair(?:man|woman)?|lawyer|candidate|nominee|company|union|ministry|"
    r"court|committee|agency|government|party|group|bank|council|army|police|officials?|authorities)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Gazetteer:
    """The words that stand for actors: from a word, in small letters, to the actor's name."""

    actor_of: Mapping[str, str]
    longest: int

    @classmethod
    def of(cls, actors: Mapping[str, Iterable[str]]) -> Gazetteer:
        """Make a gazetteer from actors' names and the words that stand for each."""
        words = {str(word).lower(): name for name, aliases in actors.items() for word in (name, *aliases)}
        return cls(words, max((len(word.split()) for word in words), default=1))

    def found_in(self, text: str) -> list[tuple[int, str]]:
        """Return the actors that a text names, with the place of each; the longest names count."""
        words = [(match.start(), match[0]) for match in re.finditer(r"[\w.'’-]+", text)]
        found: list[tuple[int, str]] = []
        place = 0
        while place < len(words):
            for size in range(min(self.longest, len(words) - place), 0, -1):
                joined = " ".join(word for _, word in words[place : place + size])
                actor = self._actor(joined)
                if actor:
                    found.append((words[place][0], actor))
                    place += size - 1
                    break
            place += 1
        return found

    def _actor(self, words: str) -> str | None:
        if not any(character.isupper() for character in words):
            return None
        plain = words.lower().replace("’", "'")
        for form in (plain, plain.removesuffix("'s"), plain.rstrip(".,'"), plain.removesuffix("'s").rstrip(".,'")):
            # 'us' is a country only in capitals.
            if form in self.actor_of and (form != "us" or words[:2].isupper()):
                return self.actor_of[form]
        return None


@lru_cache(maxsize=1)
def packaged() -> dict[str, list[str]]:
    """Return the actors of the gazetteer that comes with the package."""
    text = (files("detente.reading") / "data" / "gazetteer.yaml").read_text(encoding="utf-8")
    return {name: list(words) for name, words in YAML(typ="safe", pure=True).load(text)["actors"].items()}


def gazetteer(own: str | Path | None = None) -> Gazetteer:
    """Return the packaged gazetteer, with a user's own on top of it.

    Raises
    ------
    InputError
        When the user's file is none, naming what is wrong.
    """
    actors = dict(packaged())
    if own is not None:
        for name, words in _own(Path(own)).items():
            actors[name] = [*actors.get(name, []), *words]
    return Gazetteer.of(actors)


def _own(path: Path) -> dict[str, list[str]]:
    from detente.files.text_file import file_text

    try:
        data: Any = YAML(typ="safe", pure=True).load(file_text(path))
    except YAMLError as error:
        raise InputError([Fault(f"not YAML: {' '.join(str(error).split())[:200]}", str(path))]) from error
    actors = data.get("actors") if isinstance(data, dict) else None
    if not isinstance(actors, dict) or not all(isinstance(words, list) for words in actors.values()):
        raise InputError([Fault("a gazetteer is 'actors:', and under it names with lists of words", str(path))])
    return {str(name): [str(word) for word in words] for name, words in actors.items()}


@dataclass(frozen=True)
class Actor:
    """Who speaks: a name, and an identifier made from it."""

    id: str
    name: str


def actor(name: str) -> Actor:
    """Make an actor from a name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    id = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()
    return Actor(id or "speaker", name)


@dataclass
class _Known:
    """Somebody the text has named: the words so far, the actor, and what is known of how it is called."""

    name: str
    actor: Actor
    surname: str | None
    roles: frozenset[str]
    gender: str | None
    plural: bool


class Resolver:
    """Resolves the speakers of one document, in the order in which they speak."""

    def __init__(self, text: str, known: Gazetteer) -> None:
        self._gazetteer = known
        self._people = _introduced(text, known)
        self._met: list[_Known] = []

    def resolve(self, words: str, before: str = "", saying: Actor | None = None) -> Actor | None:
        """Return the actor meant by the words that name a speaker; None where nobody can be made out.

        ``before`` is the text up to these words, from which a relative pronoun takes its meaning; ``saying`` is who
        says them, where they are reported words: 'we' and 'I' are that actor.
        """
        words = " ".join(words.split()).strip(" ,;:")
        pronoun = _PRONOUNS.get(words.lower())
        if pronoun is not None:
            return saying if saying and pronoun in ("we", "i") else self._by_pronoun(pronoun, before)
        found = self._named(words)
        self._met = [*self._met[-MOST_REMEMBERED:], found]
        return found.actor

    def _by_pronoun(self, pronoun: str, before: str) -> Actor | None:
        if pronoun == "who":
            phrase = _last_phrase(before)
            return self.resolve(phrase) if phrase and phrase.lower() not in _PRONOUNS else None
        if pronoun in ("we", "i"):
            return self._met[-1].actor if self._met else None
        for one in reversed(self._met):
            if pronoun == "they" and (one.plural or one.surname is None):
                return one.actor
            if pronoun == "it" and one.surname is None and not one.plural:
                return one.actor
            if pronoun in ("he", "she") and one.surname is not None and one.gender in (None, pronoun):
                return one.actor
        return self._met[-1].actor if self._met else None

    def _named(self, words: str) -> _Known:
        head = re.split(r",\s", words)[0]
        surname = _surname(head)
        roles = frozenset(role.lower() for role in _ROLE.findall(words))
        gender = _gender(words)
        plural = bool(re.search(r"\b(?:and|officials|leaders|allies|lawmakers|\w+s)$", head)) and surname is None
        if surname and surname in self._people:
            return _Known(words, self._people[surname], surname, roles, gender, plural)
        actors = list(dict.fromkeys(name for _, name in self._gazetteer.found_in(head)))
        if len(actors) > 1 and " and " in head:
            return _Known(words, actor(" and ".join(actors)), None, roles, None, True)
        if not actors and "," in words:
            actors = list(dict.fromkeys(name for _, name in self._gazetteer.found_in(words)))
        if actors:
            return _Known(words, actor(actors[0]), surname, roles, gender, plural)
        for one in reversed(self._met):
            if surname and one.surname == surname:
                return _Known(words, one.actor, surname, roles | one.roles, gender or one.gender, plural)
            if surname is None and _DETERMINER.match(words) and roles and roles & one.roles:
                return _Known(words, one.actor, one.surname, roles, gender, plural)
        name = _TITLES.sub("", _DETERMINER.sub("", head)).strip() if surname else _DETERMINER.sub("", head).strip()
        return _Known(words, actor(name or words), surname, roles, gender, plural)


def _introduced(text: str, known: Gazetteer) -> dict[str, Actor]:
    """Return, by surname, the people whom the text introduces with something that stands for an actor.

    'Russian President Vladimir Putin', 'Vladimir Putin, the Russian leader', 'Foreign Minister Li of China'.
    """
    people: dict[str, Actor] = {}
    name = r"(?:[A-Z][\w’'-]+\s+){0,3}[A-Z][\w’'-]+"
    for match in re.finditer(rf"([A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*)?)\s+((?:[\w-]+\s+){{0,4}}?)({name})", text):
        actors = [one for _, one in known.found_in(match[1])]
        titled = re.search(rf"\b{_TITLES.pattern.removeprefix('^')}", f"{match[0]} ", re.IGNORECASE)
        surname = _surname(match[3])
        if actors and titled and surname and not known.found_in(match[3]):
            people.setdefault(surname, actor(actors[-1]))
    for match in re.finditer(rf"({name}),\s+(?:the|a|an)?\s*([^,.]{{3,60}}?)[,.]", text):
        actors = [one for _, one in known.found_in(match[2])]
        surname = _surname(match[1])
        if len(actors) == 1 and _ROLE.search(match[2]) and surname and not known.found_in(match[1]):
            people.setdefault(surname, actor(actors[0]))
    return people


def _surname(words: str) -> str | None:
    """Return the surname where the words name a person: capitalised words, perhaps after a title."""
    words = _DETERMINER.sub("", words)
    titled = bool(_TITLES.search(f"{words} ")) or bool(re.match(r"(?:Mr|Mrs|Ms|Dr)\b", words))
    names = re.findall(r"\b[A-Z][\w’'-]+", _TITLES.sub("", words))
    if not names or (len(names) < 2 and not titled and words != names[-1]):
        return None
    if _BODIES.search(words):
        return None
    return str(names[-1]).replace("’s", "").replace("'s", "")


def _gender(words: str) -> str | None:
    low = set(re.findall(r"[a-z]+", words.lower()))
    return "she" if low & _FEMALE else "he" if low & _MALE else None


def _last_phrase(before: str) -> str:
    """Return the noun phrase that ends a text: from its last determiner, capital letter or preposition on."""
    words = before.rstrip(" ,").split()[-8:]
    for place in range(len(words) - 1, -1, -1):
        if words[place].lower() in ("the", "a", "an", "this", "his", "her", "its", "their"):
            return " ".join(words[place:])
        if place and words[place][:1].isupper() and not words[place - 1][:1].isupper():
            return " ".join(words[place:])
    return " ".join(words)


def names_of(actors: Sequence[Actor]) -> dict[str, str]:
    """Return the names of actors by identifier, in the order of their first words."""
    return {one.id: one.name for one in actors}
