"""Ministers whose country no words name: the government for which they speak, from what they announce.

'Prime Minister Joss Hadley said his country would never pay', after a sentence about Marland's government, shows that
Hadley speaks for Marland. So does 'Sembia's government would accept observers, Information Minister Leila Osman said'.
A minister for whom two governments are possible is left alone, and so is one whose office another minister has there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from detente.model.statements import Dossier, Statement
from detente.model.wording import quoted
from detente.reading.lexicon import name_words
from detente.reading.phrases import cleaned, is_common

#: Offices that a government gives.
_OFFICES = frozenset({"minister", "premier", "chancellor", "secretary", "president"})
#: Words before an office that a government does not give: 'the general secretary', 'the company president'.
_OTHER_OFFICES = frozenset({"general", "press", "union", "company", "club", "private", "party", "honorary"})
_NAME = r"[^\W\d_a-z][\w-]*(?:\s[^\W\d_a-z][\w-]*){0,3}?"
_STATE = r"(?:government|cabinet|administration|army|military|armed\s+forces|navy)"
#: A government, with the name of its country.
_GOVERNMENT = re.compile(
    rf"(?:[Tt]he\s+)?(?:government\s+of\s+(?:the\s+)?(?P<of>{_NAME})(?!\w|\s[A-Z])|(?P<own>{_NAME})(?:['’]s?)?\s+{_STATE}\b)"
)
#: What a minister calls his own government.
_OWN = re.compile(rf"(?:(?P<mine>his|her|their|our)\s+(?:country|nation|{_STATE})|the\s+{_STATE})\b", re.IGNORECASE)
#: What says, behind the subject, that something is announced.
_PLAN = re.compile(
    r"\s+(?:would|will|shall|won['’]t|wouldn['’]t|(?:is|was|are|were)\s+(?:not\s+)?(?:ready|prepared|willing)|"
    r"(?:has|had)\s+(?:decided|agreed|not\s+yet\s+decided))\b"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”]?\s+(?=[\"“A-Z])|\n")


@dataclass(frozen=True)
class Minister:
    """Who is taken to speak for a country, and why."""

    id: str
    country: str
    reason: str


class _Pile:
    """The governments that documents name, and who says what in them."""

    def __init__(self, dossier: Dossier, texts: Mapping[str, str], actor_of: Callable[[str], str | None]) -> None:
        self.dossier, self.texts, self.actor_of = dossier, texts, actor_of
        self.governments = {source: set(map(self.same, _governments(text))) for source, text in texts.items()}

    def same(self, country: str) -> str:
        """Return what stands for a country under each of its names."""
        return self.actor_of(country) or country

    def announced(self, one: Statement, office: str) -> Iterator[str]:
        """Yield the countries for which the speaker of a statement announces something."""
        quote = one.quote or ""
        source = one.source or ""
        subject = self._subject_before(one)
        known = frozenset().union(*self.governments.values())
        own = _OWN.match(quote)
        if own and _PLAN.match(quote, own.end()) and (own["mine"] or office != "president"):
            only = self.governments.get(source, set())
            if subject in known:
                yield str(subject)
            elif subject is None and len(only) == 1:
                yield from only
            return
        introduced = office in cleaned(one.speaker_text or "").lower()
        match = _GOVERNMENT.match(quote) or re.match(rf"(?P<own>{_NAME})(?=\s[a-z])", quote)
        if introduced and match and _PLAN.match(quote, match.end()) and (name := _country(match)):
            country = self.same(name)
            if country in known and subject in (None, country):
                yield country

    def _subject_before(self, one: Statement) -> str | None:
        """Return who is at the beginning of the sentence before a statement; None if no known speaker is."""
        text = self.texts.get(one.source or "", "")
        if not text or not one.spans:
            return None
        begin = min(start for start, _ in one.spans)
        named = text.rfind(one.speaker_text or "\0", max(0, begin - 200), begin)
        place = named if named >= 0 else begin
        paragraph = text[text.rfind("\n", 0, place) + 1 : place].strip(' "“')
        *others, last = ["", *_SENTENCE_END.split(paragraph)]
        before = last if re.search(r"[.!?][\"”]?$", last) else others[-1] if others else ""
        match = _GOVERNMENT.match(before)
        if match and (name := _country(match)):
            return self.same(name)
        words = before.split()
        found = (self.actor_of(cleaned(" ".join(words[:size])) or "") for size in range(min(6, len(words)), 0, -1))
        who = next(filter(None, found), None)
        return who if who != self.actor_of(one.speaker or "") else None

    def opposed(self, one: Statement) -> Iterator[str]:
        """Yield whom a statement accuses, or addresses: 'accused | Kestria of breaking the treaty'."""
        blamed = re.match(rf"(?P<own>{_NAME})\s+(?:of|for|to)\s", one.quote or "")
        if blamed:
            yield self.same(blamed["own"])
        before = (one.prefix or "").rpartition((one.cue or "\0").split()[-1])[2]
        match = re.fullmatch(rf"\s(?:on\s)?(?:the\s)?(?P<own>{_NAME})(?:['’]s\s{_STATE})?\s", before)
        if match:
            yield self.same(match["own"])


def ministers(
    dossier: Dossier,
    names: Mapping[str, Sequence[str]],
    texts: Mapping[str, str],
    actor_of: Callable[[str], str | None],
    party_of: Callable[[str], str],
) -> Iterator[Minister]:
    """Yield the ministers who speak for a country that no words for them name.

    Parameters
    ----------
    names
        The names of every actor.
    texts
        The texts of the sources by identifier.
    actor_of
        Returns the actor that has a name or identifier.
    party_of
        Returns who stands for the party of an actor; the actor itself if it has none so far.
    """
    pile = _Pile(dossier, texts, lambda name: (found := actor_of(name)) and party_of(found))
    offices = {id: {office for words in known for office in _offices(words)} for id, known in names.items()}
    owned = re.compile(r"['’]s?\s(?!office\b)|\bof\b")
    for id in [
        one for one in names if offices[one] and party_of(one) == one and not any(map(owned.search, names[one]))
    ]:
        said = [one for one in dossier.statements if one.speaker == id]
        found: dict[str, Statement] = {}
        for one in said:
            for _, office in sorted(offices[id]):
                for country in pile.announced(one, office):
                    found.setdefault(country, one)
        for one in said:
            for country in pile.opposed(one):
                found.pop(country, None)
        taken = {
            country for country in found
            if any(offices[other] & offices[id] and other != id and party_of(other) == country for other in names)
        }  # fmt: skip
        if len(found) == 1 and not taken:
            [(country, one)] = found.items()
            words = (one.quote or "").split()
            yield Minister(id, country, quoted(" ".join(words[:8]) + (" …" if len(words) > 8 else "")))


def _governments(text: str) -> Iterator[str]:
    """Yield the countries whose governments a text names."""
    return filter(None, map(_country, _GOVERNMENT.finditer(text)))


def _country(match: re.Match[str]) -> str | None:
    """Return the country in a match, without what begins the sentence: 'But Sembia's government'."""
    name = cleaned(match.groupdict().get("of") or match["own"] or "")
    return name if name and not is_common(name) else None


def _offices(words: str) -> Iterator[tuple[str, str]]:
    """Yield the offices that words give to a speaker, and the noun of each."""
    known = name_words()
    low = cleaned(words).lower()
    if not known.not_speaking.isdisjoint(low.split()):
        return
    parts = ["", *re.findall(r"[^\W\d][\w-]*", low)]
    for what, noun in pairwise(parts):
        if noun in _OFFICES and what not in _OTHER_OFFICES | known.apart and (what or noun != "secretary"):
            yield f"{what} {noun}".strip(), noun
