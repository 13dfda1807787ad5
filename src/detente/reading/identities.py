"""Who is who in all documents of a call: which speakers are one actor, and for which party an actor speaks.

Within a document, `detente.reading.actors` resolves the words for a speaker. This module looks at all documents:

1. Two speakers are one actor where a document says so (an abbreviation that it explains) or where the names leave no
   other choice (a surname, and one full name with it). Every such link has a confidence.
2. Where there is a choice ('the ministry' in two documents), the link is proposed, and a person decides.
3. An actor speaks for a party where its name or office says so: 'Tangwe's foreign minister', 'a spokesman for the
   union', 'the Malambian army'. An opponent, a former minister or a member does not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

from detente.model.names import identifier, name_key
from detente.model.statements import Actor, Link
from detente.reading.actors import Cast, Profile, Resolver
from detente.reading.gazetteer import Gazetteer, is_of_state
from detente.reading.lexicon import name_words
from detente.reading.phrases import abbreviates, cleaned, is_common, is_name, key, owner_first, phrase

#: The confidence that two names mean one actor, by what says so.
_EXPLAINED, _FULL_NAME, _INITIAL, _FIRST_NAME = 0.95, 0.85, 0.85, 0.7
_SAME_LETTERS, _LONGER_NAME, _SAME_BODY, _SAME_ROLE, _SEVERAL = 0.6, 0.7, 0.6, 0.4, 0.4
#: The confidence that an actor speaks for a party, by what says so.
_OWNED, _ADJECTIVE = 0.9, 0.8
#: Endings by which a country's name becomes an adjective or the name of its people.
_DEMONYM = re.compile(r"(?:n|an|ian|ean|ese|i|ish|er|ers|ns|ans|ians|eans|is)$")
#: Number of names by which an actor is known that are listed.
MAX_ALIASES = 12


@dataclass(frozen=True)
class Identities:
    """The actors of all documents; ``id_of`` has the actor of every speaker, ``confidence`` that of each link made."""

    actors: tuple[Actor, ...]
    id_of: Mapping[str, str]
    confidence: Mapping[str, float]
    links: tuple[Link, ...]


def identities(cast: Cast, resolvers: Sequence[Resolver], gazetteer: Gazetteer) -> Identities:
    """Return the actors among the speakers of all documents, and what is proposed about them."""
    profiles = cast.profiles
    explained = _explained(resolvers)
    root = {one.actor.id: one.actor.id for one in profiles}
    confidence: dict[str, float] = {}
    links: list[Link] = []

    def of(id: str) -> str:
        while root[id] != id:
            id = root[id]
        return id

    names = {name for one in resolvers for name in one.full_names}
    for link in _same(profiles, explained, names):
        first, second = of(link.first), of(link.second)
        if first == second:
            continue
        if link.accepted:
            root[first] = second
            confidence[link.first] = min(link.confidence or 1.0, confidence.get(link.first, 1.0))
        else:
            links.append(link)
    groups: dict[str, list[Profile]] = defaultdict(list)
    for one in profiles:
        groups[of(one.actor.id)].append(one)
    actors = {id: _actor(id, group, explained, confidence) for id, group in groups.items()}
    introduced: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for proper, words in (each for one in resolvers for each in one.introductions):
        introduced[proper].append(words)
    phrases = {
        id: [words for one in group for words in (*one.words, *introduced.get(one.proper, ()))]
        for id, group in groups.items()
        if not any(one.is_country for one in group)
    }
    open_links = [
        replace(link, first=of(link.first), second=of(link.second))
        for link in links
        if of(link.first) != of(link.second)
    ]
    proposed = {frozenset((link.first, link.second)): link for link in reversed(open_links)}
    return Identities(
        tuple(_with_parties(actors, phrases, gazetteer)),
        {id: of(id) for id in root},
        confidence,
        tuple(reversed(proposed.values())),
    )


def _explained(resolvers: Iterable[Resolver]) -> dict[str, str]:
    """Return the abbreviations that documents explain, without those that two documents explain differently."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for one in resolvers:
        for short, name in one.abbreviations.items():
            names[short][_plain(name)] = re.sub(r"^[Tt]he\s+", "", name)
    return {short: next(iter(full.values())) for short, full in names.items() if len(full) == 1}


def _same(
    profiles: Sequence[Profile], explained: Mapping[str, str], names: Iterable[tuple[str, ...]]
) -> Iterator[Link]:
    """Yield the links between speakers that are, or may be, one actor; ``accepted`` are those beyond doubt."""
    yield from _abbreviated(profiles, explained)
    yield from _persons(
        [one for one in profiles if one.proper and one.human is not False and not one.is_country], names
    )
    yield from _bodies([one for one in profiles if not one.is_country])


def _link(one: Profile, other: Profile, confidence: float, reason: str, *, sure: bool) -> Link:
    return Link("same_as", one.actor.id, other.actor.id, reason, confidence, True if sure else None)


def _abbreviated(profiles: Sequence[Profile], explained: Mapping[str, str]) -> Iterator[Link]:
    by_name = {_plain(one.actor.name): one for one in profiles}
    for one in profiles:
        short = re.sub(r"^[Tt]he\s+", "", one.actor.name)
        full = explained.get(short)
        if full is not None and _plain(full) in by_name:
            yield _link(one, by_name[_plain(full)], _EXPLAINED, f"a document explains {short}: {full}", sure=True)
        elif full is None and short.isupper() and len(short) > 1:
            for other in profiles:
                words = _plain(other.actor.name).split()
                if len(words) > 1 and other.human is not True and abbreviates(words, re.sub(r"\W", "", short)):
                    reason = f"{short} are the first letters of {other.actor.name}"
                    yield _link(one, other, _SAME_LETTERS, reason, sure=False)


def _persons(profiles: Sequence[Profile], names: Iterable[tuple[str, ...]]) -> Iterator[Link]:
    proper = {one.actor.id: _without_titles(one) for one in profiles}
    full = [one for one in profiles if len(proper[one.actor.id]) > 1 and not is_common(one.actor.name)]
    for one in profiles:
        if len(proper[one.actor.id]) == 1:
            namesakes = [other for other in full if proper[other.actor.id][-1] == proper[one.actor.id][0]]
            reason = "{} has this surname" if len(namesakes) == 1 else "{} is one of several with this surname"
            for other in namesakes:
                sure = len(namesakes) == 1
                yield _link(one, other, _FULL_NAME if sure else _SEVERAL, reason.format(other.actor.name), sure=sure)
            same = [other for other in full if proper[other.actor.id][0] == proper[one.actor.id][0]]
            if not namesakes and len(same) == 1 and not one.is_country and one.human is not False:
                word = proper[one.actor.id][0]
                known = any(word in given for given in name_words().given.values())
                # A name that is no surname, of a person, the only one that begins so in all documents.
                only = all(name[-1] != word and (name[0] != word or name == same[0].proper) for name in names)
                known = (known or same[0].is_person) and only
                yield _link(one, same[0], _FIRST_NAME, f"{same[0].actor.name} has this first name", sure=known)
    for one, other in combinations(full, 2):
        short, long = sorted((one, other), key=lambda each: len(proper[each.actor.id]))
        surnames = proper[short.actor.id]
        if proper[long.actor.id][1:][-len(surnames) :] == surnames:
            # 'García Márquez' is Ana García Márquez.
            yield _link(short, long, _FULL_NAME, f"{long.actor.name} has these surnames", sure=True)
            continue
        (first, *_, last), (second, *_, surname) = proper[one.actor.id], proper[other.actor.id]
        if last != surname or first[:1] != second[:1]:
            continue
        initial = min(len(first), len(second)) == 1
        if first == second or initial:
            short, long = sorted((one, other), key=lambda each: len(each.actor.name))
            yield _link(short, long, _INITIAL, f"{long.actor.name} is the fuller name", sure=True)


def _without_titles(one: Profile) -> tuple[str, ...]:
    """Return the words of a person's name as they are compared; an initial is not a title."""
    words = tuple(map(key, one.actor.name.split()))
    titles = name_words().titles - ({"m"} if one.proper[:1] == ("m",) else set())
    return tuple(word for word in words if word not in titles)


def _bodies(profiles: Sequence[Profile]) -> Iterator[Link]:
    """Yield links for companies, with and without the legal form, and proposals for roles and longer names."""
    for one, other in combinations(profiles, 2):
        same = _plain(one.actor.name) == _plain(other.actor.name)
        short, long = sorted((one, other), key=lambda each: len(each.actor.name))
        if same and " " in _plain(short.actor.name) and _is_proper(short.actor.name):
            yield _link(short, long, _EXPLAINED, f"{long.actor.name} is the name with the legal form", sure=True)
            continue
        if one.documents & other.documents:
            # The reader of that document has decided already.
            continue
        if same and all(map(_is_definite, (one, other))):
            what = f"two documents name no more than ‘{one.actor.name}’"
            yield _link(other, one, _SAME_ROLE if one.human is True else _SAME_BODY, what, sure=False)
        elif one.human is not True and other.human is not True:
            short, long = sorted((one, other), key=lambda each: len(_plain(each.actor.name)))
            part, whole = _plain(short.actor.name).split(), _plain(long.actor.name).split()
            if len(part) > 1 and whole[-len(part) :] == part and key(part[-1]) in name_words().bodies:
                yield _link(short, long, _LONGER_NAME, f"{long.actor.name} is the fuller name", sure=False)


def _is_definite(one: Profile) -> bool:
    """Tell whether the documents name a speaker as a known one: 'the court', and not 'a resident'."""
    return any(re.match(r"[Tt]he\s|[A-Z]", words) and not re.match(r"An?\s", words) for words in one.words)


@lru_cache(maxsize=2**12)
def _plain(name: str) -> str:
    """Return what two ways of writing the name of one body share: not the article, nor the legal form of a company."""
    return re.sub(r"^the\s+|,?\s+(?:plc|ltd|inc|corp|co|llc|gmbh|ag|sa)\.?$", "", name_key(name))


# Actors and their parties


def _actor(id: str, group: Sequence[Profile], explained: Mapping[str, str], confidence: Mapping[str, float]) -> Actor:
    [main] = [one for one in group if one.actor.id == id]
    words: Counter[str] = sum((one.words for one in group), Counter())
    name = main.actor.name
    full = explained.get(name)
    aliases = [name] if full else [short for short, other in explained.items() if _plain(other) == _plain(name)]
    aliases += [one for one, _ in words.most_common() if _plain(one) not in map(_plain, (full or name, *aliases))]
    unsure = min((confidence.get(one.actor.id, 1.0) for one in group), default=1.0)
    return Actor(id, full or name, tuple(dict.fromkeys(aliases))[:MAX_ALIASES], confidence=round(min(0.95, unsure), 2))


def _with_parties(
    actors: Mapping[str, Actor], phrases: Mapping[str, Sequence[str]], gazetteer: Gazetteer
) -> Iterator[Actor]:
    """Yield the actors with their offices and the parties for which they speak; a party that is silent itself, too.

    ``phrases`` has the words for every actor that is no country.
    """
    known = {_plain(name): id for id, one in reversed(list(actors.items())) for name in (*_short_names(one), one.name)}
    every = dict(actors)
    parties: dict[str, tuple[str, float]] = {}
    offices: dict[str, tuple[str, ...]] = {}
    for id, words in phrases.items():
        found = list(dict.fromkeys(said for one in words for said in _represented(one, actors.values(), gazetteer)))
        offices[id] = tuple(dict.fromkeys(one.office for one in found))
        owners = {_plain(one.owner) for one in found} - {_plain(actors[id].name)}
        if len(owners) != 1:
            # Two documents disagree, or somebody holds two offices: a person decides.
            continue
        [owner] = owners
        best = max((one for one in found if _plain(one.owner) == owner), key=lambda one: one.confidence)
        if owner not in known:
            made = Actor(identifier(best.owner, every), best.owner, confidence=best.confidence)
            known[owner], every[made.id] = made.id, made
        parties[id] = (known[owner], best.confidence)
    for id, one in every.items():
        party, sure = _itself(id, parties)
        confidence = one.confidence if party is None else round(min(one.confidence or 1.0, sure), 2)
        yield replace(one, speaks_for=party, offices=offices.get(id, ()), confidence=confidence)


def _short_names(one: Actor) -> Iterator[str]:
    """Yield the abbreviations of an actor's name."""
    return (alias for alias in one.aliases if alias.isupper())


def _itself(id: str, parties: Mapping[str, tuple[str, float]]) -> tuple[str | None, float]:
    """Return the party at the end of a chain of those who speak for others; None for a circle or nobody."""
    sure, seen = 1.0, {id}
    while id in parties:
        id, confidence = parties[id]
        sure = min(sure, confidence)
        if id in seen:
            return None, sure
        seen.add(id)
    return (id if len(seen) > 1 else None), sure


@dataclass(frozen=True)
class _Office:
    """An office that some words give to an actor, and whose it is."""

    owner: str
    office: str
    confidence: float


#: A delegate in a record of a meeting, with the state or body that is an actor there: 'Ms. HADDI (Velmar)'.
_DELEGATE = re.compile(r"(?:The|Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady)\b\.?\s[^()]+\((?P<owner>[^()]{2,40})\)")


def _represented(words: str, actors: Iterable[Actor], gazetteer: Gazetteer) -> Iterator[_Office]:
    """Yield the offices that some words give: 'Tangwe's foreign minister, Ann Lee', 'Max Orr, lawyer for the UCU'."""
    delegate = _DELEGATE.fullmatch(words)
    if delegate and any(one.name == delegate["owner"] for one in actors):
        yield _Office(delegate["owner"], "delegate", _OWNED)
        return
    for segment in re.split(r",\s+", cleaned(owner_first(words))):
        text = re.sub(r"^(?:[Tt]he|[Aa]n?)\s+", "", segment)
        owned = re.match(r"(?P<owner>[^\W\d_a-z][^,]*?)['’]s?\s+(?P<rest>.+)", text)
        after = re.match(r"(?P<office>[^,]*?)\s+(?:of|for|to|at)\s+(?:the\s+)?(?P<owner>[^\W\d_a-z].*)", text)
        if owned and _is_proper(owned["owner"]):
            parts = owned["rest"].split()
            if office := _office(parts):
                yield _Office(_called(owned["owner"], gazetteer), office, _OWNED)
        elif after and _is_proper(after["owner"]):
            if office := _office(after["office"].split()):
                yield _Office(_called(after["owner"], gazetteer), office, _OWNED)
        else:
            yield from _by_adjective(text.split(), actors)


def _by_adjective(parts: Sequence[str], actors: Iterable[Actor]) -> Iterator[_Office]:
    """Yield the office of a phrase that begins with an actor's name, or with the adjective of a country's."""
    for one in actors:
        if one.name.islower() or not _is_proper(one.name):
            continue
        for name in (one.name, *_short_names(one)):
            size = len(name.split())
            lead, rest = " ".join(parts[:size]), parts[size:]
            whole, derived = _plain(lead) == _plain(name), size == 1 and _derived(lead, name)
            if rest and (whole or derived) and (office := _office(rest)) and (whole or is_of_state(rest)):
                yield _Office(one.name, office, _OWNED if whole else _ADJECTIVE)


def _derived(word: str, name: str) -> bool:
    """Tell whether a word is the adjective of a country's name.

    >>> _derived("Malambian", "Malambia"), _derived("Tangwese", "Tangwe"), _derived("Tangle", "Tangwe")
    (True, True, False)
    """
    low, whole = name_key(word), name_key(name)
    return (
        is_name(word)
        and low != whole
        and any(
            len(stem) > 2 and low.startswith(stem) and _DEMONYM.match(low[len(stem) :]) for stem in (whole, whole[:-1])
        )
    )


def _called(owner: str, gazetteer: Gazetteer) -> str:
    # A spokesman for President Lena Voss of Sudmark speaks for Lena Voss.
    person = phrase(owner_first(owner)) if owner_first(owner) != owner else None
    return gazetteer.whole(owner) or (person.name if person else owner)


@lru_cache(maxsize=2**12)
def _is_proper(name: str) -> bool:
    """Tell whether a name is of capitalised words, not all of them common, with small ones between."""
    parts = name.split()
    joining = name_words().joining
    return (
        is_name(parts[0]) and is_name(parts[-1]) and all(is_name(one) or one in joining for one in parts)
        and not is_common(name) and not re.search(r"['’]s?\s", name)
    )  # fmt: skip


def _office(parts: Sequence[str]) -> str | None:
    """Return the office that some words name, if who has it speaks for its owner; names behind it are left out."""
    known = name_words()
    low = list(map(key, parts))
    speaking = known.office | known.state | known.speaking
    heads = [place for place, one in enumerate(low) if one in speaking]
    if not heads or not all(map(is_name, parts[heads[-1] + 1 :])):
        return None
    held = low[: heads[-1] + 1]
    if not (known.apart - known.bodies).isdisjoint(held) or not known.not_speaking.isdisjoint(held):
        return None
    return " ".join(parts[: heads[-1] + 1]).lower()
