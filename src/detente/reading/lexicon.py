"""The packaged word lists: cue words, words in and around names, and phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from detente.lazy import lazy
from detente.model.verbs import infinitive

if TYPE_CHECKING:
    import yaml
else:
    yaml = lazy("yaml")


@cache
def packaged(name: str) -> dict[str, Any]:
    """Return the word lists of a file in ``data/``, which documents each list."""
    text = (files("detente.reading") / "data" / f"{name}.yaml").read_text(encoding="utf-8")
    # The lists hold words only, and *no* and *on* are words: every scalar stays text.
    data: dict[str, Any] = yaml.load(text, Loader=yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader)
    return data


@cache
def phrases() -> dict[str, str]:
    """Return regular expressions by name, each for any of the phrases of a list."""
    return {name: f"(?:{'|'.join(listed)})" for name, listed in packaged("phrases").items()}


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


@dataclass(frozen=True)
class Lexicon:
    """The words by which the rules recognise who says what (``data/cues.yaml``).

    ``forms`` has the infinitive of every form of a verb of saying; ``that``, ``to`` and ``thing`` are the verbs by what
    follows them.
    """

    forms: Mapping[str, str]
    that: frozenset[str]
    to: frozenset[str]
    thing: frozenset[str]
    nouns: frozenset[str]
    noun_cues: frozenset[str]
    auxiliaries: frozenset[str]
    adverbs: frozenset[str]
    prepositions: Mapping[str, Sequence[str]]
    recipients: frozenset[str]
    kinds: Mapping[str, frozenset[str]]
    clause_starts: frozenset[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    objects: frozenset[str]
    before_nouns: frozenset[str]
    times: frozenset[str]
    said_things: frozenset[str]
    says: frozenset[str]
    light: frozenset[str]

    def is_verb(self, word: str) -> bool:
        """Tell whether a word in small letters is an auxiliary, or a verb of saying and no noun."""
        return word in self.auxiliaries or (word in self.forms and word not in self.nouns)


@cache
def lexicon() -> Lexicon:
    """Return the cue words."""
    data = dict(packaged("cues"))
    verbs = {key: frozenset(words) for key, words in data.pop("verbs").items()}
    irregular = data.pop("irregular")
    forms: dict[str, str] = {}
    for lemma in frozenset().union(*verbs.values()):
        for form in (lemma, *irregular.get(lemma, _inflected(lemma))):
            forms.setdefault(form, lemma)
    kinds = {kind: frozenset(words) for kind, words in data.pop("kinds").items()}
    prepositions = data.pop("prepositions")
    return Lexicon(forms=forms, kinds=kinds, prepositions=prepositions, **verbs, **_sets(data))


def _sets(data: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(words) for key, words in data.items()}


def _inflected(lemma: str) -> list[str]:
    if lemma.endswith("e"):
        return [f"{lemma}s", f"{lemma}d", f"{lemma if lemma.endswith('ee') else lemma[:-1]}ing"]
    return [f"{lemma}{'es' if lemma.endswith(('s', 'sh', 'ch', 'x')) else 's'}", f"{lemma}ed", f"{lemma}ing"]


@dataclass(frozen=True)
class NameWords:
    """The words that distinguish a name from the words around it (``data/names.yaml``)."""

    titles: frozenset[str]
    addresses: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]
    particles: frozenset[str]
    suffixes: frozenset[str]
    state: frozenset[str]
    office: frozenset[str]
    between: frozenset[str]
    apart: frozenset[str]
    speaking: frozenset[str]
    not_speaking: frozenset[str]
    regions: frozenset[str]
    people: frozenset[str]
    bodies: frozenset[str]
    function: frozenset[str]
    rank: frozenset[str]
    borne: frozenset[str]
    determiners: frozenset[str]
    definite: frozenset[str]
    owners: frozenset[str]
    articles: frozenset[str]
    prepositions: frozenset[str]
    after_office: frozenset[str]
    quantities: frozenset[str]
    kept_points: frozenset[str]
    plural: frozenset[str]
    singular: frozenset[str]
    always_state: frozenset[str]
    adjacent: frozenset[str]
    joining: frozenset[str]
    same_role: Mapping[str, str]
    given: Mapping[str, frozenset[str]]


@cache
def name_words() -> NameWords:
    """Return the words in and around names."""
    data = dict(packaged("names"))
    return NameWords(same_role=data.pop("same_role"), given=_sets(data.pop("given")), **_sets(data))


#: 'That' before a noun, and no clause: 'rejected that offer', 'turned down that new rota'.
_THAT_THING = re.compile(r"\W*that\s+(?P<words>[\w’'-]+(?:\s+[\w’'-]+){0,2})\W*")


def names_a_thing(content: str) -> bool:
    """Tell whether 'that' points at a thing, and does not begin a clause.

    >>> names_a_thing("that offer"), names_a_thing("that talks had failed"), names_a_thing("that it pays")
    (True, False, False)
    """
    found = _THAT_THING.fullmatch(content)
    if found is None:
        return False
    first, *others = found["words"].split()
    if first.lower() in ("he", "she", "it", "they", "we", "you", "i", "there", "this", "these", "no", "nothing"):
        return False
    return not any(infinitive(word.lower()) for word in others)
