"""Resolving speakers: from the words by which a text names a speaker to an actor.

A person who is introduced as a member of a country's government speaks for the country from then on, also when named by
surname, title or pronoun (see `detente.reading.gazetteer`). Every other speaker is an actor of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from detente.model.names import identifier, name_key
from detente.model.quotes import Span
from detente.model.statements import Actor
from detente.reading.gazetteer import Countries, Gazetteer
from detente.reading.lexicon import name_words
from detente.reading.lexicon import phrases as word_lists
from detente.reading.phrases import (
    Phrase,
    Role,
    abbreviations,
    capitalised,
    cleaned,
    full_names,
    genders,
    goes_back,
    is_common,
    is_human,
    is_name,
    key,
    leading_words,
    owner_first,
    phrase,
)
from detente.reading.segments import paragraphs, quotations, sentences

#: Pronouns, by the kind of person or body that they can stand for.
_PRONOUNS = {
    word: group
    for group, words in {
        "he": ("he", "his", "him", "himself"),
        "she": ("she", "her", "hers", "herself"),
        "they": ("they", "their", "them", "themselves"),
        "it": ("it", "its", "itself"),
        "who": ("who", "which", "that"),
        "we": ("we", "our", "us", "ours"),
        "i": ("i", "my", "me", "mine"),
    }.items()
    for word in words
}
#: What a country is called behind its name: 'Ukraine, a neighbouring country that'. The names that may stand before it.
_A_COUNTRY = re.compile(
    r"(?:an?\s+|the\s+)?(?:[\w'’-]+\s+){0,3}(?:country|nation|state|republic|kingdom)(?:\s+(?:that|which))?",
    re.IGNORECASE,
)
_DELEGATE = re.compile(r"[^()]+?\s*\((?P<country>[^()]{2,40})\)(?:\s*\([^()]*\))?")
_NAME_BEFORE = re.compile(r"((?:[A-Z][\w.'’-]*\s+){0,4}[A-Z][\w.'’-]*),\s+(?:(?:an?|the)\s+)?$")
#: Number of speakers back to which a pronoun or a title can refer.
MAX_SPEAKERS_REMEMBERED = 100
#: Number of sentences back to which a pronoun can refer.
FURTHEST = 12


@dataclass(frozen=True)
class Mention:
    """A place where a person is named; ``subject`` tells whether it begins its sentence."""

    start: int
    words: str
    subject: bool
    quoted: bool


class Outline:
    """The sentences and quotations of a text, and the people named in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._quotes: list[Span] = []
        self._starts: list[int] = []
        for paragraph in paragraphs(text):
            quotes = quotations(text, paragraph)
            self._quotes += quotes
            self._starts += [start for start, _ in sentences(text, paragraph, quotes)]
        self.mentions = sorted(self._mentions(), key=lambda one: one.start)
        self.full_names = {name for _, name in full_names(text)}
        self.genders = genders(text)

    def full_name(self, found: Phrase) -> str | None:
        """Return the only full name in the text for a surname, or for a first name that is not a surname, too."""
        if len(found.proper) != 1 or found.human is False:
            return None
        [word] = found.proper
        full = [name for name in self.full_names if name[-1] == word]
        if not full and self._is_person(word):
            full = [name for name in self.full_names if name[0] == word]
        return (
            " ".join(f"{one.title()}." if len(one) == 1 else one.title() for one in full[0]) if len(full) == 1 else None
        )

    def _is_person(self, word: str) -> bool:
        """Tell whether a word is a first name: by itself, or by a 'he' or 'she' behind it, and is no surname."""
        if any(word in names for names in name_words().given.values()):
            return True
        name = rf"(?i:\b{re.escape(word)})"
        titled = re.search(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Cllr)\.?\s{name}\b", self._text)
        return not titled and re.search(rf"{name}(?:\s[a-z]+){{1,3}}\s(?:he|she|his|her)\b", self._text) is not None

    def person(self, words: str, known: Container[tuple[str, ...]]) -> str:
        """Return the name of a person without the body to which he belongs: 'Jo Weller | of the Friends of the Lane'.

        A first name, a speaker known by this name, or a 'he' or 'she' behind it shows that it is a person's.
        """
        match = re.match(r"(?P<who>[^,]+?)\s(?:of|from)\s(?:the\s)?(?=[^\W\d_a-z])", cleaned(words))
        parts = match["who"].split() if match else []
        if not match or len(parts) < 2 or not all(map(is_name, parts)) or is_common(match["who"]):
            return words
        name = tuple(map(key, parts[-2:]))
        first = any(name[0] in names for names in name_words().given.values())
        body = any(key(one) in name_words().bodies or is_human(key(one)) for one in parts)
        behind = re.search(rf"{re.escape(words)}[^.!?]*[.!?][\"”]?\s+[\"“]?(?:She|He)\s", self._text)
        sure = first or name in known or name[-1] in self.genders or behind
        return match["who"] if sure and not body and name in self.full_names else words

    def place(self, words: str, before: str) -> int | None:
        """Return the position of some words, given the text before them."""
        found = self._text.find(before) if before else 0
        return found + len(before) if found >= 0 and self._text else None

    def label(self, place: int | None, words: str) -> bool:
        """Tell whether a letter is who speaks in an interview: 'Q: …', at the beginning of a line."""
        if place is None or len(words) != 1 or not words.isupper():
            return False
        return self._text[place + 1 : place + 2] in (":", ".") and self._text[:place].rpartition("\n")[2].strip() == ""

    def quoted(self, place: int) -> bool:
        """Tell whether a position is within quotation marks."""
        return any(start < place < end for start, end in self._quotes)

    def sentence(self, place: int) -> int:
        """Return the number of the sentence at a position."""
        return bisect_right(self._starts, place)

    def _mentions(self) -> Iterator[Mention]:
        text = self._text
        called: set[str] = set()
        for start, end in capitalised(text):
            lead = leading_words(text[max(0, start - 80) : start])
            words = lead + text[start:end]
            found = phrase(words)
            if found is None:
                continue
            if (
                not found.roles
                and not lead
                and re.search(r"\b(?:in|at|near|to|from)\s$", text[max(0, start - 8) : start])
            ):
                # A place, more likely than a person.
                continue
            single = len(found.proper) == 1 and found.proper[0] in called
            if (found.human and found.named) or single:
                called.update(found.proper)
                yield self._mention(start - len(lead), words)
        for start in self._starts:
            # 'A former engineer' begins a sentence but is not a name.
            begin = re.match(
                r"[\"“‘']?(?:The|A|An|His|Her|Its|My|One|[A-Z][\w-]+['’]s?)\s(?:[a-z][\w-]*\s){0,3}?([a-z][\w-]+)",
                text[start : start + 80],
            )
            if begin and re.match(r",\s[A-Z]", text[start + begin.end() : start + begin.end() + 3]):
                # 'Her deputy, Max Orr,' is named by name.
                continue
            head = key(begin[1]) if begin else ""
            if begin and is_human(head) and head in name_words().people:
                yield self._mention(start, begin[0])

    def _mention(self, start: int, words: str) -> Mention:
        begin = self._starts[max(0, self.sentence(start) - 1)] if self._starts else 0
        return Mention(start, words, start - begin < 4, self.quoted(start))


@dataclass
class Profile:
    """What the documents of one call say of a speaker.

    ``words`` counts the words by which they name it, without pronouns; ``documents`` are the numbers of the documents
    in which it speaks. ``is_country`` is whether the gazetteer has it, ``is_person`` whether an office, a first name, a
    relative or 'she' shows that it is a person; ``human`` is a guess.
    """

    actor: Actor
    words: Counter[str] = field(default_factory=Counter)
    proper: tuple[str, ...] = ()
    human: bool | None = None
    documents: set[int] = field(default_factory=set)
    is_country: bool = False
    is_person: bool = False


class Cast:
    """The speakers of one call, each with one identifier.

    Equal names are the same speaker, in every document; who has no name of its own ('a resident', 'the Supreme Court')
    is the same only within a document.
    """

    def __init__(self) -> None:
        self._profiles: dict[tuple[str, int | None], Profile] = {}
        self._by_id: dict[str, Profile] = {}
        #: The words that were resolved by what another document says, by document.
        self.from_elsewhere: set[tuple[int, str]] = set()

    def actor(self, name: str, document: int | None = None) -> Actor:
        """Return the actor with a name; ``document`` is given for one who is the same only there."""
        known = (name_key(name), document)
        if known not in self._profiles:
            made = Profile(Actor(identifier(name, self._by_id), name))
            self._profiles[known] = self._by_id[made.actor.id] = made
        return self._profiles[known].actor

    @property
    def profiles(self) -> list[Profile]:
        """What is known of every speaker, in the order in which they were met."""
        return list(self._profiles.values())

    def profile(self, actor: Actor) -> Profile:
        """Return what is known of a speaker."""
        return self._by_id[actor.id]


@dataclass
class _Known:
    """An actor named in the text: its name, the words of its proper name, and its roles."""

    name: str
    proper: tuple[str, ...] = ()
    roles: list[Role] = field(default_factory=list)
    human: bool | None = None
    gender: str | None = None
    plural: bool = False
    reported: bool = False
    country: bool = False
    words: str = ""
    place: int | None = None
    elsewhere: bool = False


class Resolver:
    """Resolves the speakers of one document, in the order in which they speak.

    ``document`` is its number among the documents of the call.
    """

    def __init__(
        self, text: str, known: Gazetteer, cast: Cast | None = None, document: int = 0, author: str | None = None
    ) -> None:
        self._countries = Countries(text, known)
        self._cast = cast or Cast()
        self._document, self._author = document, author
        self._met: list[_Known] = []
        self._outline = Outline(text)
        self._abbreviations = abbreviations(text)
        self._genders = self._outline.genders
        # Introductions of people who speak for a country come first.
        self._introduced = sorted(self._introductions(text), key=lambda one: not one.country)

    @property
    def abbreviations(self) -> Mapping[str, str]:
        """The names for which the document defines abbreviations."""
        return self._abbreviations

    @property
    def introductions(self) -> list[tuple[tuple[str, ...], str]]:
        """The words of the proper name of every person whom the document introduces, and the words that do it."""
        return [(one.proper, one.words) for one in self._introduced if not one.elsewhere]

    @property
    def full_names(self) -> set[tuple[str, ...]]:
        """The names of several words in the document, which can be those of persons."""
        return self._outline.full_names

    def learn(self, others: Iterable[Resolver]) -> None:
        """Take over from other documents who speaks for a country, unless this one has another person of that name."""
        full = self._outline.full_names
        for one in (one for other in others for one in other._introduced if one.country and len(one.proper) > 1):
            namesakes = {name for name in full if name[-1] == one.proper[-1]}
            if not one.elsewhere and namesakes <= {one.proper}:
                self._introduced.append(replace(one, elsewhere=True))

    def resolve(self, words: str, before: str = "", saying: Actor | None = None) -> Actor | None:
        """Return the actor that some words name; None if it cannot be determined.

        ``before`` is the text up to these words, from which a relative pronoun takes its meaning. ``saying`` is the
        speaker of reported words in which the name occurs: 'we' and 'I' are that actor.
        """
        place = self._outline.place(words, before)
        words = " ".join(words.split()).strip(" ,;:")
        # The WHO is no pronoun.
        pronoun = _PRONOUNS.get(words.lower()) if words not in self._abbreviations else None
        if pronoun is not None:
            found = self._by_pronoun(pronoun, before, place, saying)
        elif self._outline.label(place, words):
            found = _Known(words, (key(words),))
        else:
            found = self._described(words, before) or self._named(words)
        if found is None:
            return None
        if pronoun is None:
            found.reported, found.words, found.place = saying is not None, words, place
            self._met = [*self._met[-MAX_SPEAKERS_REMEMBERED:], found]
        return self._noted(found, words if pronoun is None else None)

    def _noted(self, found: _Known, words: str | None) -> Actor:
        """Return the actor that was found, and note the words for it."""
        actor = self._actor(found)
        profile = self._cast.profile(actor)
        profile.documents.add(self._document)
        profile.is_country = profile.is_country or found.country
        office = any(is_human(head) for head, _ in found.roles)
        profile.is_person = profile.is_person or (found.human is True and (office or found.gender is not None))
        if words is not None:
            profile.words[words] += 1
            profile.proper = max(profile.proper, () if found.country else found.proper, key=len)
            profile.human = found.human if profile.human is None else profile.human
            if found.elsewhere:
                self._cast.from_elsewhere.add((self._document, words))
        return actor

    def _actor(self, found: _Known) -> Actor:
        own = found.name == "author" or (not found.country and is_common(found.name))
        return self._cast.actor(found.name, self._document if own else None)

    def _by_pronoun(self, pronoun: str, before: str, place: int | None, saying: Actor | None) -> _Known | None:
        if pronoun == "who":
            return self._relative(before)
        sayer = next((one for one in reversed(self._met) if saying and self._actor(one) == saying), None)
        quoted = place is not None and self._outline.quoted(place)
        if pronoun in ("we", "i"):
            # Outside anybody's words it is the writer who says so.
            return sayer or (self._writer() if not quoted else self._met[-1] if self._met else None)
        if sayer and not quoted and self._stands_for(pronoun, sayer, sure=False):
            return sayer
        if pronoun in ("he", "she"):
            return self._last_named(pronoun, place, sayer if quoted else None)
        # A speaker inside reported words is meant only if no speaker of the text itself can be.
        recent = list(reversed(self._met))
        likely = [one for one in sorted(recent, key=lambda one: one.reported) if not quoted or one is not sayer]
        return next((one for sure in (True, False) for one in likely if self._stands_for(pronoun, one, sure)), None)

    def _writer(self) -> _Known:
        """Return whose words the text is."""
        named = self._named(self._author) if self._author else None
        return named or _Known(self._author or "author")

    def author(self) -> Actor | None:
        """Return whose words the text is; None for a report."""
        return self._noted(self._writer(), self._author) if self._author else None

    def _last_named(self, pronoun: str, place: int | None, sayer: _Known | None) -> _Known | None:
        """Return the person of a gender who was named last; speakers of the text itself come before all others."""
        costs: list[tuple[float, int, _Known | Mention]] = []
        here = self._outline.sentence(place) if place is not None else 0
        for number, one in enumerate(self._met):
            if (sayer and one.name == sayer.name) or not self._stands_for(pronoun, one, one.human is True):
                continue
            away = here - self._outline.sentence(one.place) if place is not None and one.place is not None else 0
            cost = away + 1.2 * one.reported + 1.0 * (one.human is None)
            costs.append((cost, -number if place is None or one.place is None else -one.place, one))
        for mention in self._outline.mentions if place is not None else ():
            away = here - self._outline.sentence(mention.start)
            if mention.start >= (place or 0) or away > FURTHEST or (mention.quoted and away):
                continue
            cost = away + (0.3 if mention.subject else 1.3) + mention.quoted
            costs.append((cost, -mention.start, mention))
        for _, _, likely in sorted(costs, key=lambda each: each[:2]):
            found = self._named(likely.words) if isinstance(likely, Mention) else likely
            if (
                found is not None
                and (not sayer or found.name != sayer.name)
                and self._stands_for(pronoun, found, found.human is True)
            ):
                if isinstance(likely, _Known):
                    likely.gender, likely.human = pronoun, True
                return found
        return None

    def _stands_for(self, pronoun: str, one: _Known, sure: bool) -> bool:
        """Tell whether a pronoun can stand for an actor; not ``sure`` if the actor may not be a person."""
        if pronoun in ("he", "she"):
            gender = one.gender or (self._genders.get(one.proper[-1]) if one.proper else None)
            return (
                not one.plural and gender in (None, pronoun) and (one.human is True or (not sure and one.human is None))
            )
        if pronoun == "it":
            return not one.plural and (one.human is False or (not sure and one.human is None))
        return one.plural if sure else one.human is not True

    def _described(self, words: str, before: str) -> _Known | None:
        """Return the country for which a delegate speaks ('Mr. Okoro (Nigeria)'), or that a phrase behind its name
        describes.
        """
        delegate = _DELEGATE.fullmatch(words)
        match = _NAME_BEFORE.search(before) if _A_COUNTRY.fullmatch(words) else None
        parts = match[1].split() if match else []
        names = [delegate["country"]] if delegate else [" ".join(parts[place:]) for place in range(len(parts))]
        country = next(filter(None, map(self._countries.gazetteer.whole, names)), None)
        return _Known(country, (key(words),), country=True) if country else None

    def _relative(self, before: str) -> _Known | None:
        """Return the antecedent of a relative pronoun: the actor named directly before it."""
        before = before.rstrip(" ,")
        for one in reversed(self._met[-6:]):
            if one.words and before.endswith(one.words):
                return one
        last = _last_phrase(before)
        return self._named(last) if last and last.lower() not in _PRONOUNS else None

    def _named(self, words: str) -> _Known | None:
        # An abbreviation that the text explains stands for the name.
        words = self._abbreviations.get(re.sub(r"^[Tt]he\s+", "", cleaned(words)), words)
        words = owner_first(re.sub(rf"(?<=[^\W\d_])['’]s? {word_lists()['carriers']}$", "", words))
        words = self._outline.person(words, {one.proper for one in self._cast.profiles})
        found = phrase(words)
        if found is None:
            return None
        same = self._by_name(found)
        country = self._countries.of_speaker(words, found) if same is None or not same.human else None
        if country is not None:
            return self._known(found, country, country=True)
        if (same := same or self._by_role(found)) is None:
            return self._known(found, self._outline.full_name(found) or found.name)
        made = self._known(found, same.name)
        made.proper = max(made.proper, same.proper, key=len)
        made.roles += [role for role in same.roles if role not in made.roles]
        made.gender, made.country = same.gender or made.gender, same.country
        made.elsewhere = same.elsewhere
        made.human = same.human if same.human is not None and found.human is not False else found.human
        return made

    def _known(self, found: Phrase, name: str, *, country: bool = False) -> _Known:
        return _Known(name, found.proper, list(found.roles), found.human, found.gender, found.plural, country=country)

    # Who was named before

    def _by_name(self, found: Phrase) -> _Known | None:
        """Return the earlier actor with this name."""
        if not found.proper:
            return None
        alike = [one for one in [*reversed(self._met), *self._introduced] if self._same_name(found, one)]
        # Of several of one surname, the one of the gender that a title gives is meant.
        return min(alike, key=lambda one: not (found.gender and one.gender == found.gender), default=None)

    def _same_name(self, found: Phrase, one: _Known) -> bool:
        mine, other = found.proper, one.proper
        if not other or (found.gender and one.gender and found.gender != one.gender):
            return False
        if mine == other:
            return True
        longer, shorter = (mine, other) if len(mine) > len(other) else (other, mine)
        if found.human is False or one.human is False:
            # The Rapid Support Forces are Sudan's Rapid Support Forces.
            land = " ".join(longer[: -len(shorter)]).title()
            return (
                len(shorter) > 1 and longer[-len(shorter) :] == shorter and bool(self._countries.gazetteer.whole(land))
            )
        if len(shorter) == 1:
            return len(longer) > 1 and shorter[0] in longer
        first = mine[0] == other[0] or (mine[0][:1] == other[0][:1] and min(len(mine[0]), len(other[0])) == 1)
        return first and (mine[-1] == other[-1] or set(shorter) <= set(longer))

    def _by_role(self, found: Phrase) -> _Known | None:
        """Return the latest actor with the role that a definite phrase names.

        'The union' is the teachers' union; 'the artist, Del Ruiz' is the artist who had no name so far.
        """
        if not found.definite or found.owner or not found.roles:
            return None
        named = found.human and found.named
        if found.proper and named:
            nameless = (one for one in reversed(self._met) if not one.proper and one.human)
            return next((one for one in nameless if _has_role(one, found.roles[0])), None)
        everyone = (one for one in (*reversed(self._met), *self._introduced) if one.plural == found.plural)
        return next((one for one in everyone if _has_role(one, found.roles[0])), None)

    # Whom a text introduces

    def _introductions(self, text: str) -> Iterator[_Known]:
        """Yield actors that a text introduces by a role: 'Russian President Vladimir Putin', 'Ann Lee, mayor of
        Tarrin,'.
        """
        for start, end in capitalised(text):
            named = owner_first(leading_words(text[max(0, start - 80) : start]) + text[start:end], text[end : end + 80])
            after = re.match(
                r",\s+(?P<role>(?:the|an?|its)?\s*[^,.;:“\"]{3,60})[,.]|\s\((?P<note>[^(),.;:]{4,40})\)",
                text[end : end + 70],
            )
            role = (after["role"] or after["note"]) if after else ""
            if after and after["note"]:
                # 'Cllr M. Ashby (Chair)', and not 'Ms Haddi (Velmar)'.
                held = re.split(r"\s(?:of|for)\s", role)[0].split()
                role = f"the {role[:1].lower()}{role[1:]}" if is_human(key(held[-1])) else ""
            for words in (named, f"{text[start:end]}, {role}" if role else ""):
                found = phrase(words)
                if found is not None and found.human and found.named and found.roles:
                    country = next(filter(None, map(self._countries.of_phrase, cleaned(words).split(", "))), None)
                    made = self._known(found, country or found.name, country=country is not None)
                    yield replace(made, words=words)


def _has_role(one: _Known, role: Role) -> bool:
    """Tell whether the nouns of some role agree and no word, such as 'former', distinguishes the two."""
    (head, modifiers), rank = role, name_words().rank
    return any(head == other and modifiers <= more and modifiers & rank == more & rank for other, more in one.roles)


def _last_phrase(before: str) -> str:
    """Return the noun phrase that ends a text, with its complements: 'a doctor at the civil hospital'."""
    words = re.split(r"[.,;:!?“”\"]\s", before)[-1].split()[-12:]
    begin = len(words)
    while begin:
        start = next(
            (
                place
                for place in range(begin - 1, -1, -1)
                if key(words[place]) in name_words().articles | name_words().owners
            ),
            None,
        )
        name = next((place for place in range(begin - 1, -1, -1) if is_name(words[place])), None)
        while name and is_name(words[name - 1]):
            name -= 1
        near = [place for place in (start, name) if place is not None and begin - place < 5]
        if not near:
            break
        begin = max(near)
        if not goes_back(words, begin):
            break
        begin -= 1
    return " ".join(words[begin:]) if begin < len(words) else " ".join(words[-2:])
