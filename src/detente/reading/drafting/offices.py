"""For whom a speaker speaks when no words for him say it: ministers, who signs a letter, and *the company*.

'Prime Minister Joss Hadley said his country would never pay', after a sentence about Marland's government, shows that
Hadley speaks for Marland. So does 'Sembia's government would accept observers, Information Minister Leila Osman said'.
A minister for whom two governments are possible is left alone, and so is one whose office another minister has there.
The head of a letter and the lines below a signature show whose letter it is; 'the union' is the only union of a report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from detente.model.statements import Dossier, Statement
from detente.model.wording import quoted
from detente.reading.genres import letter_in
from detente.reading.lexicon import name_words, word_set
from detente.reading.phrases import cleaned, is_common, is_human, is_name, key

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
class Represented:
    """Who is taken to speak for a party, and the words that show it."""

    id: str
    party: str
    reason: str


class _Pile:
    """The governments that documents name, and who says what in them."""

    def __init__(self, dossier: Dossier, texts: Mapping[str, str], actor_of: Callable[[str], str | None]) -> None:
        self.dossier, self.texts, self.actor_of = dossier, texts, actor_of
        self.governments = {source: set(map(self.same, _governments(text))) for source, text in texts.items()}
        self.known = frozenset().union(*self.governments.values())

    def same(self, country: str) -> str:
        """Return what stands for a country under each of its names."""
        return self.actor_of(country) or country

    def announced(self, one: Statement, office: str) -> Iterator[str]:
        """Yield the countries for which the speaker of a statement announces something."""
        quote = one.quote or ""
        source = one.source or ""
        subject = self._subject_before(one)
        own = _OWN.match(quote)
        if own and _PLAN.match(quote, own.end()) and (own["mine"] or office != "president"):
            only = self.governments.get(source, set())
            if subject in self.known:
                yield str(subject)
            elif subject is None and len(only) == 1:
                yield from only
            return
        introduced = office in cleaned(one.speaker_text or "").lower()
        match = _GOVERNMENT.match(quote) or re.match(rf"(?P<own>{_NAME})(?=\s[a-z])", quote)
        if introduced and match and _PLAN.match(quote, match.end()) and (name := _country(match)):
            country = self.same(name)
            if country in self.known and subject in (None, country):
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
) -> Iterator[Represented]:
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
            yield Represented(id, country, quoted(" ".join(words[:8]) + (" …" if len(words) > 8 else "")))


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


# Letters

#: A name with an office below it, at the end of a letter: 'Harold Vance / Managing Director'.
_SIGNATURE = re.compile(
    r"\n[ \t]*(?P<name>[A-Z][\w.’'-]*(?:[ ][A-Z][\w.’'-]*){1,3}),?[ \t]*\n[ \t]*(?P<office>[A-Z][^\n.!?]{2,60}?)[ \t]*"
    r"(?:\n[ \t]*(?P<body>[A-Z][^\n.!?]{2,60}?)[ \t]*)?(?:\n\s*\n|\s*\Z)"
)
_HEAD = re.compile(r"\A\s*(?!From:|To\b|Dear\b)(?P<name>[A-Z][^\n.,;:!?]{2,60}?)\.?[ \t]*\n")
_MAIL = re.compile(r"\bFrom:[^\n]*?(?P<name>[A-Z][\w.’'-]*(?:[ ][A-Z][\w.’'-]*)+)[^\n@]*@(?P<at>[\w-]+)")
_DATED = re.compile(r"^(?:To\b.*|.*\b(?:19|20)\d\d\b.*)$", re.MULTILINE)
_BODY = r"(?:[Tt]he\s)?(?P<body>[A-Z][\w’'-]*(?:\s(?:(?:of|and|for|the)\s)*[A-Z][\w’'-]*){0,5})"
_LEGAL = re.compile(r"\b(?:plc|ltd|limited|inc|corp|llc|gmbh|ag)\b", re.IGNORECASE)


def signatories(
    texts: Mapping[str, str], names: Mapping[str, Sequence[str]], actor_of: Callable[[str], str | None]
) -> Iterator[Represented]:
    """Yield who signs a letter or a mail for a body: it is at the head, in the signature, or does what 'we' do."""
    for text in texts.values():
        letter = letter_in(text)
        if letter is None:
            continue
        body = text[slice(*letter.body)]
        signed = next((one for one in _SIGNATURE.finditer(text, letter.body[0]) if _gives_office(one["office"])), None)
        mail = _MAIL.search(text[: letter.body[0]])
        person = signed["name"] if signed else mail["name"] if mail else ""
        who = actor_of(person)
        if who is None:
            continue
        found: set[str] = set()
        if signed:
            found |= set(
                filter(_names_body, [signed["body"] or "", re.split(r",\s|\sof\s(?:the\s)?", signed["office"])[-1]])
            )
        head = None if found else _HEAD.match(text)
        if head and _names_body(head["name"]) and _DATED.search(text[head.end() : letter.body[0]]) and signed:
            found = {head["name"]}
        acting = [] if found else list(_acting(body))
        if mail and not found:
            known = [known[0] for known in names.values() if _names_body(known[0])]
            found = {name for name in dict.fromkeys((*known, *acting)) if _in_address(mail["at"], name)}
        if signed and not found:
            found = set(acting)
        bodies = {actor_of(name) or name for name in found} - {who}
        if len(bodies) == 1:
            office = f"{person}, {signed['office']}" if signed else person
            yield Represented(who, next(iter(bodies)), f"the letter signed {quoted(office)}")


def _gives_office(words: str) -> bool:
    """Tell whether a line below a name is an office: 'Managing Director', 'Chair, Foundry Union'."""
    known = name_words()
    head = key(re.split(r",|\s(?:of|for)\s", words)[0].split()[-1])
    return head in known.speaking | known.office | known.state or is_human(head)


def _names_body(name: str) -> bool:
    """Tell whether a name is that of a company or another body, and not of a person."""
    words = name.split()
    named = bool(words) and is_name(words[0]) and (len(words) > 1 or not is_common(name))
    return named and bool(_LEGAL.search(name) or any(key(one) in name_words().bodies for one in words))


def _acting(body: str) -> Iterator[str]:
    """Yield the bodies that announce something in a letter, without those that tell or ask its author."""
    for sentence in re.split(r"(?<=[.!?])\s+", body):
        found = re.match(rf"\s*{_BODY}", sentence)
        plan = found and _PLAN.match(sentence, found.end()) and not re.search(r"\b(?:us|me|your?)\b", sentence)
        if found and plan and _names_body(found["body"]):
            yield found["body"]


def _in_address(at: str, name: str) -> bool:
    """Tell whether the address of a mail is made of the words of a name.

    >>> _in_address("foundryunion", "Foundry Workers' Union"), _in_address("gmail", "Foundry Workers' Union")
    (True, False)
    """
    left = re.sub(r"\W", "", at.lower())
    for word in name.split():
        left = left.removeprefix(re.sub(r"\W", "", key(word)))
    return not left


_BOARD = re.compile(rf"\b[Bb]oard\sof\s(?:the\s)?(?P<of>{_NAME})(?!\w|\s[A-Z])")


def board_members(
    dossier: Dossier,
    names: Mapping[str, Sequence[str]],
    texts: Mapping[str, str],
    actor_of: Callable[[str], str | None],
    party_of: Callable[[str], str],
) -> Iterator[Represented]:
    """Yield a chair or director who says what 'the board' and 'we' will do, where a document names one board only."""
    member = re.compile(
        r"(?:[Tt]he\s)?(?:[\w-]+\s){0,2}?(?:[Cc]hair(?:man|woman|person)?|[Dd]irector)\b(?!\s(?:of|for))"
    )
    for one in dossier.statements:
        words, quote = one.speaker_text or "", one.quote or ""
        who = one.speaker if one.speaker in names else None
        if who is None or party_of(who) != who or not member.match(words) or "'s " in words:
            continue
        owners = {cleaned(match["of"]) for match in _BOARD.finditer(texts.get(one.source or "", ""))}
        plan = re.search(rf"(?:^|[.!?…]\s)The\sboard{_PLAN.pattern}(?:\s\w+){{0,3}}", quote)
        if (
            len(bodies := {actor_of(owner) or owner for owner in owners}) == 1
            and plan
            and re.search(r"\b[Ww]e\b", quote)
        ):
            yield Represented(who, next(iter(bodies)), quoted(plan[0].strip(" .!?…")))


# The only company or union

#: Common nouns for a company, and for a union.
_COMPANY, _UNION = word_set("company firm employer business management"), word_set("union local guild federation")
_OF_UNIONS = re.compile(r"\b(?:union|workers|local|guild|federation|brotherhood)\b", re.IGNORECASE)
#: The name of a union or a company.
_OTHERS = re.compile(
    r"[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*\s(?:Union|Guild|Federation|Local\s\d+|plc|Ltd|Inc|Corp|LLC|GmbH|AG)\b"
)
#: What a company may have in its name, of the nouns for bodies.
_OF_COMPANIES = word_set(
    """company corporation corp inc ltd plc co firm holdings industries airlines airways motors energy media group mills
    mines works lines shipping railway railways rail bank securities capital partners mutual"""
)
_FOR_COMPANY = re.compile(
    r"\b(?:spokes\w+|chief executive|managing director|director|manager|chair\w*)\b", re.IGNORECASE
)


def only_ones(
    dossier: Dossier,
    names: Mapping[str, Sequence[str]],
    named: Mapping[str, str],
    texts: Mapping[str, str],
    party_of: Callable[[str], str],
) -> Iterator[Represented]:
    """Yield 'the company', 'the union' and 'the army', with the only one that the same document names.

    If that document names none, it is the only one of all documents. ``named`` has the names of parties that the user
    names, by what stands for them.
    """
    for id, known in names.items():
        noun = key(known[0])
        is_such = next((test for nouns, test in _TESTS.items() if noun in nouns), None)
        if is_such is None or " " in known[0].strip() or party_of(id) != id:
            continue
        members: dict[str, list[str]] = {}
        for other, words in (*((one, each) for one in names for each in names[one]), *named.items()):
            members.setdefault(party_of(other), []).append(words)
        fitting = {root: each for root, each in members.items() if root != id and is_such(each, texts)}
        sources = dict.fromkeys(one.source or "" for one in dossier.statements if one.speaker == id)
        here = " ".join(texts.get(source, "") for source in sources)
        near = [
            root for root, each in fitting.items() if any(re.search(rf"\b{re.escape(one)}\b", here) for one in each)
        ]
        found = near or list(fitting)
        if len(found) != 1:
            continue
        own = " | ".join(fitting[found[0]]).lower()
        # Another union that says nothing can be meant as well.
        others = (match[0].lower() for match in _OTHERS.finditer(here) if is_such([match[0]], {}))
        if all(other in own for other in others):
            yield Represented(id, found[0], quoted(known[0]))


def in_their_union(dossier: Dossier) -> Iterator[Represented]:
    """Yield the workers of a union that speaks for them: 'Drivers at Halden will vote, their union said'."""
    for one in dossier.statements:
        if one.speaker and re.fullmatch(r"their\s(?:union|association|federation|guild)", one.speaker_text or ""):
            inner = next((each for each in dossier.statements if each.nested_in == one.id and each.speaker), None)
            words = inner.speaker_text or "" if inner else ""
            if inner and words and key(words.split()[0]).endswith("s") and (one.quote or "").startswith(words):
                yield Represented(str(inner.speaker), one.speaker, quoted(one.speaker_text or ""))


def _is_company(known: Sequence[str], texts: Mapping[str, str]) -> bool:
    """Tell whether a party is a company: by its legal form, or by who speaks for it."""
    bodies = [one for one in known if is_name(one) and not is_human(key(one.split()[0]))]
    nouns = {key(word) for one in bodies for word in one.split()}
    if nouns & (name_words().bodies - _OF_COMPANIES | name_words().state):
        return False
    legal = rf"(?:{'|'.join(map(re.escape, bodies)) or '(?!)'}),?\s{_LEGAL.pattern}"
    return (
        any(map(_LEGAL.search, bodies))
        or any(map(_FOR_COMPANY.search, known))
        or any(re.search(legal, text, re.IGNORECASE) for text in texts.values())
    )


def _is_state(known: Sequence[str], texts: Mapping[str, str]) -> bool:
    """Tell whether a party is a government: the army is its own."""
    return any(map(_GOVERNMENT.fullmatch, known))


def is_union(known: Sequence[str], texts: Mapping[str, str] | None = None) -> bool:
    """Tell whether a party is a union with a name, or one that a text tells from others: 'the dockers' union'."""
    return any(
        _OF_UNIONS.search(one) and len(one.split()) > 1 and not re.match(r"(?:the|their|our)\s\w+$", one, re.I)
        for one in known
    )


#: By the nouns for what a text has only one of, what tells whether a party is such.
_TESTS = {_COMPANY: _is_company, _UNION: is_union, frozenset({"army", "military", "government"}): _is_state}
