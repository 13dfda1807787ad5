"""A tagger by rules: verbs of saying, thinking and wanting, the subject before them, and what follows or precedes.

It knows no grammar beyond the order of words, so it is a floor to measure a learned tagger by and what is there without
one. Deterministic; no words of a document are ever run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from detente.reading.attributions import Attribution, Span
from detente.reading.segments import Token, paragraphs, quotations, sentences, tokens

_NOUN_CUES = (
    r"claim|statement|warning|promise|fear|belief|announcement|argument|view|demand|allegation|accusation|suggestion|"
    r"concern|hope|report|decision|threat|plan|offer|refusal|proposal|call|pledge|insistence|assertion|opinion|request"
)
#: Words in which a speech is given: a quotation of fewer is a word or two in somebody's own style.
FEWEST_WORDS = 4


@dataclass(frozen=True)
class Lexicon:
    """The cue words."""

    forms: dict[str, str]
    that: frozenset[str]
    to: frozenset[str]
    thing: frozenset[str]
    nouns: frozenset[str]
    auxiliaries: frozenset[str]
    adverbs: frozenset[str]
    prepositions: dict[str, list[str]]
    recipients: frozenset[str]
    kinds: dict[str, list[str]]
    clause_starts: frozenset[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    objects: frozenset[str]
    before_nouns: frozenset[str]
    times: frozenset[str]
    said_things: frozenset[str]
    says: frozenset[str]
    light: frozenset[str]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the cue words that come with the package."""
    text = (files("detente.reading") / "data" / "cues.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    verbs = {key: frozenset(words) for key, words in data["verbs"].items()}
    forms: dict[str, str] = {}
    for lemma in frozenset().union(*verbs.values()):
        for form in [lemma, *data["irregular"].get(lemma, _inflected(lemma))]:
            forms.setdefault(form, lemma)
    return Lexicon(
        forms,
        verbs["that"],
        verbs["to"],
        verbs["thing"],
        frozenset(data["nouns"]),
        frozenset(data["auxiliaries"]),
        frozenset(data["adverbs"]),
        data["prepositions"],
        frozenset(str(word).lower() for word in data["recipients"]),
        data["kinds"],
        **{key: frozenset(words) for key, words in data["words"].items()},
    )


def _inflected(lemma: str) -> list[str]:
    if lemma.endswith("e") and not lemma.endswith("ee"):
        return [f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"]
    if lemma.endswith("ee"):
        return [f"{lemma}s", f"{lemma}d", f"{lemma}ing"]
    if lemma.endswith(("s", "sh", "ch", "x")):
        return [f"{lemma}es", f"{lemma}ed", f"{lemma}ing"]
    return [f"{lemma}s", f"{lemma}ed", f"{lemma}ing"]


@dataclass(frozen=True)
class _Cue:
    """A verb group: its first and last token, and its verb."""

    first: int
    last: int
    lemma: str
    form: str
    passive: bool


class RuleTagger:
    """Finds attributions by rules; see the module."""

    def tag(self, text: str) -> list[Attribution]:
        """Return the attributions of a text, in the order in which they begin."""
        found: list[Attribution] = []
        for paragraph in paragraphs(text):
            quotes = quotations(text, paragraph)
            for span in sentences(text, paragraph, quotes):
                inside = [quote for quote in quotes if span[0] <= quote[0] and quote[1] <= span[1]]
                said = _Sentence(text, span, inside).attributions()
                if not said and found and _only_quoted(text, span, inside) and _goes_on(text, found, span):
                    found = _continued(found, span, text)
                found.extend(said)
        return sorted(found, key=lambda one: min(span for span in (*one.source, *one.cue, *one.content)))


def _is_speech(quotation: str) -> bool:
    """Tell a speech from a word in somebody's own style, or a title."""
    return len(quotation.split()) >= FEWEST_WORDS or (" " in quotation and quotation[-2:-1] in ",.?!")


def _only_quoted(text: str, span: Span, quotes: Sequence[Span]) -> bool:
    rest = text[span[0] : span[1]]
    return bool(quotes) and quotes[0][0] - span[0] < 2 and len(rest.rstrip(" .")) - (quotes[-1][1] - span[0]) < 2


def _goes_on(text: str, found: Sequence[Attribution], span: Span) -> bool:
    """Tell whether the words before a quotation that nobody is named for were a quotation too, and near."""
    last = max(end for one in found for _, end in (*one.source, *one.cue, *one.content))
    said = max(found, key=lambda one: max(end for _, end in (*one.cue, *one.content)))
    return span[0] - last < 200 and any(text[start] in '"“' for start, _ in said.content)


def _continued(found: list[Attribution], span: Span, text: str) -> list[Attribution]:
    place = max(
        range(len(found)), key=lambda number: max(end for _, end in (*found[number].cue, *found[number].content))
    )
    one = found[place]
    grown = replace(one, content=(*one.content, _trimmed(text, span)))
    return [*found[:place], grown, *found[place + 1 :]]


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class _Sentence:
    """One sentence, searched for cues."""

    def __init__(self, text: str, span: Span, quotes: Sequence[Span]) -> None:
        self.text = text
        self.words = lexicon()
        self.tokens = tokens(text, span)
        self.quotes = [quote for quote in quotes if _is_speech(text[quote[0] : quote[1]])]
        self.in_quote = [any(a <= token.start and token.end <= b for a, b in self.quotes) for token in self.tokens]

    def attributions(self) -> list[Attribution]:
        found: list[tuple[int, Attribution]] = []
        subject: tuple[int, int] | None = None
        main: tuple[int, int] | None = None
        cues = list(self._cues())
        for place, cue in enumerate(cues):
            own = self._subject(cue)
            joined = own is None and subject is not None and self._is_joined(cue)
            if joined and main is not None and self.tokens[cue.first - 1].text == ",":
                # '…, agreeing to …' goes with the subject of the whole sentence.
                subject = main
            following = cues[place + 1 :]
            made = self._attribution(cue, own, subject if joined else None, following)
            if made is None:
                continue
            if own is not None:
                subject = own
                main = main or own
            if joined and found:
                # What was said before ends where the next thing that the same speaker says begins.
                before = self.tokens[self._joint(cue)].start
                found = [(last, self._cut(previous, before)) for last, previous in found]
            found.append((cue.first, made))
        said = [one for _, one in found if one.content]
        return [*said, *self._according_to(), *self._noun_cues(said)]

    # Cues

    def _cues(self) -> Iterator[_Cue]:
        words, place = self.words, 0
        while place < len(self.tokens):
            low = self.tokens[place].low
            lemma = words.forms.get(low)
            if lemma == "withdraw" and not self._speaks_of_words(place):
                lemma = None
            if lemma is None or self.in_quote[place] or (low in words.nouns and not self._is_verb(place)):
                place += 1
                continue
            first = place
            while first > 0 and self.tokens[first - 1].low in words.auxiliaries | words.adverbs:
                first -= 1
            before = [token.low for token in self.tokens[first:place]]
            passive = any(one in ("is", "are", "was", "were", "been", "be", "being") for one in before) and (
                low.endswith("ed")
                or low in ("said", "known", "thought", "told", "understood", "seen", "heard", "found")
            )
            last = place
            if self._leads_on(last + 1, words.prepositions.get(lemma, ())):
                last += 1
            bare = low.endswith("ing") and first == place and self.tokens[place - 1].text != "," if place else False
            if not bare:
                yield _Cue(first, last, lemma, low, passive)
            place = last + 1

    def _speaks_of_words(self, place: int) -> bool:
        """Tell whether what is withdrawn is something said, and no troops."""
        following = {token.low for token in self.tokens[place + 1 : place + 5]}
        return bool(following & self.words.said_things)

    def _leads_on(self, place: int, prepositions: Sequence[str]) -> bool:
        """Tell whether a preposition after a verb belongs to it; the 'to' of an infinitive does not."""
        if place + 1 >= len(self.tokens) or self.tokens[place].low not in prepositions:
            return False
        following = self.tokens[place + 1]
        return self.tokens[place].low != "to" or following.low in self.words.determiners or following.text[0].isupper()

    def _is_verb(self, place: int) -> bool:
        """Tell whether a form that is more often a noun is a verb here: after a subject, before what it leads to."""
        previous = self.tokens[place - 1].low if place else ""
        following = self.tokens[place + 1].low if place + 1 < len(self.tokens) else ""
        if (
            not previous
            or previous.endswith("'s")
            or previous in self.words.determiners - {"all", "both"}
            or previous in self.words.before_nouns
        ):
            return False
        after = (
            following in self.words.determiners | self.words.pronouns | {"to", "that", ":"} or following[:1] in '"“‘'
        )
        subject = previous in self.words.pronouns | self.words.auxiliaries | self.words.adverbs | {"and"}
        named = self.tokens[place - 1].text[0].isupper() or previous.endswith("s")
        return (subject or named) and (after or previous in self.words.pronouns)

    # Speakers

    def _subject(self, cue: _Cue) -> tuple[int, int] | None:
        """Return the first and the last token of the noun phrase before a verb group."""
        last = cue.first - 1
        if last < 0 or self.in_quote[last]:
            return None
        if self.tokens[last].low in ("who", "which", "that"):
            return (last, last) if last > 0 else None
        if self.tokens[last].text == ",":
            return self._before_apposition(last)
        return self._phrase_before(last)

    def _phrase_before(self, last: int) -> tuple[int, int] | None:
        first, joints = last, []
        place = last
        while place >= 0 and not self.in_quote[place]:
            token = self.tokens[place]
            low = token.low
            if low in ("and", "or", "&"):
                joints.append(place)
            elif (
                (not token.is_word and token.text not in "-'’.&%$")
                or low in self.words.clause_starts
                or low in self.words.auxiliaries
            ):
                break
            elif (
                low in self.words.forms
                and low not in self.words.nouns
                and place < last + 1
                and not token.text[0].isupper()
            ):
                if joints:
                    first = joints[-1] + 1
                break
            if low not in ("and", "or", "&"):
                first = place
            place -= 1
        begin = self._without_adverbials(first, last)
        if begin is None or begin > last:
            return None
        first = begin
        head = [token.low for token in self.tokens[first : last + 1]]
        if head in (["it"], ["there"]) and not self._means_somebody(last):
            return None
        if all(word in self.words.times or word in self.words.adverbs for word in head):
            return None
        if len(head) == 1 and head[0] in ("to", "and", "or", *self.words.before_nouns):
            return None
        return first, last

    def _means_somebody(self, last: int) -> bool:
        following = [token.low for token in self.tokens[last + 1 : last + 3]]
        return self.tokens[last].low == "it" and not set(following) & {"is", "was", "has"}

    def _without_adverbials(self, first: int, last: int) -> int | None:
        """Leave out what stands before the subject: an adverb, or an adverbial that begins with a preposition."""
        while first <= last and self.tokens[first].low in self.words.adverbs | {"and", "or", "but"}:
            first += 1
        if first <= last and self.tokens[first].low in self.words.before_nouns:
            starts = [
                place
                for place in range(first + 2, last + 1)
                if (self.tokens[place].low in self.words.determiners | {"he", "she", "they", "we", "i"})
                or (self.tokens[place].text[0].isupper() and not self.tokens[place - 1].text[0].isupper())
            ]
            return starts[-1] if starts else None
        return first

    def _before_apposition(self, comma: int) -> tuple[int, int] | None:
        """Return the subject of 'Ann Lee, the mayor of Tarrin, said'."""
        for place in range(comma - 1, max(comma - 16, 0), -1):
            if self.in_quote[place] or self.tokens[place].text in ";:":
                return None
            if self.tokens[place].text == ",":
                inner = self.tokens[place + 1].low if place + 1 < comma else ""
                if inner in self.words.determiners | {
                    "who",
                    "which",
                    "whose",
                    "head",
                    "chief",
                    "director",
                    "leader",
                    "president",
                }:
                    found = self._phrase_before(place - 1) if place else None
                    return (found[0], comma - 1) if found else None
        return None

    def _phrase_after(self, first: int, closed: bool = False) -> tuple[int, int] | None:
        """Return the noun phrase that begins at a token, with an apposition that tells who it is.

        ``closed`` asks for a comma after the apposition, where more of the sentence is to follow.
        """
        place = first
        while place < len(self.tokens) and not self.in_quote[place]:
            token = self.tokens[place]
            low = token.low
            if token.text == "," and place + 1 < len(self.tokens):
                following = self.tokens[place + 1]
                told = following.low in self.words.determiners or self._is_full_name(place + 1)
                end = self._apposition_end(place, closed) if told else None
                if end is None:
                    break
                place = end
                continue
            if (not token.is_word and token.text not in "-'’.&") or low in self.words.clause_starts - {"that"}:
                break
            if (
                token.text == "."
                or low in self.words.auxiliaries
                or low in ("on", "in", "after", "during", "as", "at", "when")
            ):
                if low not in ("at", "in") or place == first:
                    break
                next_low = self.tokens[place + 1].low if place + 1 < len(self.tokens) else ""
                if low == "in" or next_low in self.words.determiners | self.words.times:
                    break
            place += 1
        return (first, place - 1) if place > first else None

    def _is_full_name(self, place: int) -> bool:
        """Tell whether two capitalised words begin at a token: the name in 'the minister, Karl Lund'."""
        return all(token.text[0].isupper() for token in self.tokens[place : place + 2]) and place + 1 < len(self.tokens)

    def _apposition_end(self, comma: int, closed: bool) -> int | None:
        for place in range(comma + 1, min(comma + 15, len(self.tokens))):
            if self.tokens[place].low in self.words.auxiliaries:
                return None
            if self.tokens[place].text in ",.":
                return place if self.tokens[place].text == "," or not closed else None
        return None

    def _is_joined(self, cue: _Cue) -> bool:
        """Tell whether a verb without a subject goes on with the one before: 'and says', ', adding'."""
        joint = self.tokens[cue.first - 1].low if cue.first else ""
        return joint in ("and", "but", "or") or (joint == "," and cue.form.endswith("ing"))

    def _joint(self, cue: _Cue) -> int:
        place = cue.first - 1
        if place > 0 and self.tokens[place - 1].text == ",":
            place -= 1
        return place

    # Contents

    def _attribution(
        self, cue: _Cue, own: tuple[int, int] | None, inherited: tuple[int, int] | None, following: Sequence[_Cue]
    ) -> Attribution | None:
        subject = own or inherited
        spoken = cue.lemma in self.words.that
        before = self._content_before(cue, own) if spoken and inherited is None else None
        if before is not None:
            source, content = before
            more = self._resumed(cue, source)
            return self._made(cue, source, (*content, *more), 0.95 if self._quoted(content) else 0.8)
        if subject is None and not cue.passive:
            return None
        found = self._content_after(cue, following)
        if found is None:
            return None
        last, content, confidence = found
        if cue.passive and own is not None and cue.lemma not in ("tell", "inform", "remind"):
            # 'The plan was rejected': what stands first is what was rejected, and by whom is not said.
            if self.tokens[cue.last + 1].low not in ("that", "to") if cue.last + 1 < len(self.tokens) else True:
                return None
            subject = None
        return self._made(replace(cue, last=last), subject, content, confidence)

    def _made(
        self, cue: _Cue, source: tuple[int, int] | None, content: Sequence[Span], confidence: float
    ) -> Attribution:
        return Attribution(
            (self._span(*source),) if source else (),
            (self._span(cue.first, cue.last),),
            tuple(content),
            None,
            None,
            confidence,
        )

    def _span(self, first: int, last: int) -> Span:
        return self.tokens[first].start, self.tokens[last].end

    def _quoted(self, content: Sequence[Span]) -> bool:
        return any(a <= start < b for start, _ in content for a, b in self.quotes)

    def _content_before(self, cue: _Cue, own: tuple[int, int] | None) -> tuple[tuple[int, int], list[Span]] | None:
        """Return speaker and content of '…, she said' and '…, said the mayor'."""
        start = own[0] if own else cue.first
        if start == 0 or not (self.tokens[start - 1].text in ",?!" or self.in_quote[start - 1]):
            return None
        following = self.tokens[cue.last + 1] if cue.last + 1 < len(self.tokens) else None
        if own is not None:
            if following is not None and not self._ends_clause(cue.last + 1):
                return None
            source: tuple[int, int] | None = own
        else:
            if following is None or not (
                following.low in self.words.determiners | self.words.pronouns
                or following.text[0].isupper()
                or following.low not in self.words.clause_starts
            ):
                return None
            source = self._phrase_after(cue.last + 1)
        if source is None:
            return None
        end = start - 1 if self.tokens[start - 1].text == "," and not self.in_quote[start - 1] else start
        content = self._left_of(end)
        return (source, content) if content else None

    def _ends_clause(self, place: int) -> bool:
        """Tell whether nothing that is said follows: the end, a time, a place, 'in a statement'."""
        token = self.tokens[place]
        if token.text in ".;" or self.in_quote[place]:
            return True
        if token.text == ",":
            return True
        return token.low in ("on", "in", "at", "during", "after", "before", "when", "as", "while", "by", "from") or (
            token.low in self.words.times | self.words.adverbs | self.words.recipients
        )

    def _left_of(self, end: int) -> list[Span]:
        """Return the content that ends before a token: the quotation there, or the sentence up to it."""
        first = 0
        while (
            first < end and not self.in_quote[first] and self.tokens[first].low in {"but", "and", "still", "so", "yet"}
        ):
            first += 1
        quote = next(
            (q for q in self.quotes if self.in_quote[end - 1] and q[0] < self.tokens[end - 1].end <= q[1]), None
        )
        if quote is not None and not any(self.in_quote[place] is False for place in range(first, end)):
            return [(self.tokens[first].start, self.tokens[end - 1].end)]
        if end - first < 2:
            return []
        return [(self.tokens[first].start, self.tokens[end - 1].end)]

    def _resumed(self, cue: _Cue, source: tuple[int, int]) -> list[Span]:
        """Return the quotation that goes on after '…," she said, "…'."""
        after = max(cue.last, source[1])
        later = [quote for quote in self.quotes if quote[0] >= self.tokens[after].end]
        between = self.tokens[after + 1 : after + 12]
        if later and all(token.start >= later[0][0] or token.low not in self.words.forms for token in between):
            return [later[0]]
        return []

    def _content_after(self, cue: _Cue, following: Sequence[_Cue]) -> tuple[int, list[Span], float] | None:
        """Return the cue's last token, what is said after it, and how sure that is."""
        words, last = self.words, cue.last
        place = last + 1
        if place >= len(self.tokens):
            return None
        token = self.tokens[place]
        if token.text == ":":
            return place, self._to_the_end(place + 1), 0.9
        if token.text == "," and place + 1 < len(self.tokens) and self.in_quote[place + 1]:
            return last, self._to_the_end(place + 1), 0.95
        if self.in_quote[place] or token.text in '"“‘':
            return last, self._to_the_end(place), 0.9
        if cue.lemma in ("tell", "inform", "remind", "assure", "notify", "warn", "advise", "convince", "ask", "show"):
            place = self._after_recipient(place)
            token = self.tokens[place]
        low = token.low
        if low == "that" and cue.lemma in words.that:
            return last, self._to_the_end(place), 0.9
        if low == "to" and cue.lemma in words.to:
            return last, self._to_the_end(place), 0.75
        if (
            low in ("if", "whether", "how", "why", "what", "who", "where", "when")
            and cue.lemma in words.that | words.thing
        ):
            return last, self._to_the_end(place), 0.75
        prepositional = last > cue.first and self.tokens[last].low in words.prepositions.get(cue.lemma, ())
        if not (token.is_word or token.text in "$€£") or (
            low in self.words.before_nouns | self.words.clause_starts and not prepositional
        ):
            return None
        if low in words.adverbs | self.words.times and not token.text[0].isupper():
            return None
        if cue.lemma in words.that and cue.lemma not in words.thing and not prepositional:
            return (last, self._to_the_end(place), 0.8) if self._has_verb(place) else None
        if cue.lemma in words.thing or prepositional or cue.lemma in words.to:
            return last, self._to_the_end(place), 0.65
        return None

    def _after_recipient(self, place: int) -> int:
        """Skip who is told: 'reporters', 'the committee on Monday'."""
        for further in range(place, min(place + 8, len(self.tokens))):
            token = self.tokens[further]
            if token.low in ("that", "to", "whether", "if", "how", "why", "what") or self.in_quote[further]:
                return further
            if token.text in ",:":
                return further + 1 if further + 1 < len(self.tokens) else further
            if token.text == ".":
                break
        first = self.tokens[place]
        if first.low in self.words.recipients | self.words.objects and place + 1 < len(self.tokens):
            return place + 1
        return place

    def _has_verb(self, place: int) -> bool:
        """Tell whether a clause follows: an auxiliary, or a word that looks like a verb."""
        return (
            any(
                token.low in self.words.auxiliaries
                or token.low in self.words.forms
                or bool(re.search(r"(?:ed|es|s)$", token.low))
                for token in self.tokens[place + 1 : place + 14]
            )
            or self.tokens[place].low in self.words.pronouns
        )

    def _to_the_end(self, place: int) -> list[Span]:
        """Return the span from a token to the end of what is said."""
        end = len(self.tokens)
        for further in range(place + 1, len(self.tokens)):
            token = self.tokens[further]
            if self.in_quote[further]:
                continue
            following = self.tokens[further + 1].low if further + 1 < len(self.tokens) else ""
            if token.text == ";" or (token.text == "," and following in ("while", "although", "whereas", "according")):
                end = further
                break
        while end > place and not self.in_quote[end - 1] and self.tokens[end - 1].text in ".,;":
            end -= 1
        return [(self.tokens[place].start, self.tokens[end - 1].end)] if end > place else []

    def _cut(self, one: Attribution, before: int) -> Attribution:
        content = []
        for start, end in one.content:
            if start < before < end:
                end = len(self.text[:before].rstrip(" ,"))
            if start < end:
                content.append((start, end))
        return replace(one, content=tuple(content))

    # Cues that are no verbs

    def _according_to(self) -> Iterator[Attribution]:
        for place in range(len(self.tokens) - 2):
            pair = (self.tokens[place].low, self.tokens[place + 1].low)
            if pair != ("according", "to") or self.in_quote[place]:
                continue
            source = self._phrase_after(place + 2, closed=place == 0)
            if source is None:
                continue
            cue = (self._span(place, place + 1),)
            if place == 0 or self.tokens[place - 1].low in ("but", "and", "however", "that"):
                start = source[1] + 1
                if start < len(self.tokens) and self.tokens[start].text == ",":
                    content = self._to_the_end(start + 1) if start + 1 < len(self.tokens) else []
                else:
                    content = self._to_the_end(start) if start < len(self.tokens) else []
            else:
                end = place - 1 if self.tokens[place - 1].text == "," else place
                content = self._left_of(end)
            if content:
                yield Attribution((self._span(*source),), cue, tuple(content), None, None, 0.9)

    def _noun_cues(self, said: Sequence[Attribution]) -> Iterator[Attribution]:
        pattern = re.compile(rf"(?:{_NOUN_CUES})s?$")
        for place in range(len(self.tokens) - 1):
            token, following = self.tokens[place], self.tokens[place + 1].low
            if not pattern.match(token.low) or following not in ("that", "to") or self.in_quote[place]:
                continue
            if any(start <= token.start < end for one in said for start, end in one.cue):
                continue
            source = self._possessor(place)
            if source is None and following != "that":
                continue
            content = self._to_the_end(place + 1)
            if content:
                spans = (self._span(*source),) if source else ()
                yield Attribution(spans, (self._span(place, place),), tuple(content), None, None, 0.5)

    def _possessor(self, place: int) -> tuple[int, int] | None:
        for before in range(place - 1, max(place - 4, -1), -1):
            low = self.tokens[before].low
            if low in ("his", "her", "their", "its", "our", "my"):
                return before, before
            if low.endswith("'s") or low.endswith("s'"):
                return self._phrase_before(before)
        return None


__all__ = ["FEWEST_WORDS", "Lexicon", "RuleTagger", "Token", "lexicon"]
