"""A tagger by rules: verbs of saying, thinking and wanting, the subject before them, and the content after or before
them.

It knows no grammar beyond the order of words. So it is a baseline for a learned tagger, and the fallback without one.
It is deterministic.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from detente.model.quotes import Span
from detente.reading.attributions import Attribution
from detente.reading.lexicon import lexicon
from detente.reading.segments import paragraphs, quotations, sentences, tokens, trimmed

#: A quotation of fewer words is a quoted expression, not speech.
_FEWEST_WORDS = 4
#: The first and the last token of something.
_Extent = tuple[int, int]


@dataclass(frozen=True)
class _Cue:
    """A verb group: its first and last token, and its verb."""

    first: int
    last: int
    lemma: str
    form: str
    passive: bool


class RuleTagger:
    """Finds attributions by rules, as the module describes."""

    #: There is one tagger of this kind.
    fingerprint = "rules"

    def tag(self, text: str) -> list[Attribution]:
        """Return the attributions of a text, in the order in which they begin."""
        found: list[Attribution] = []
        for paragraph in paragraphs(text):
            quotes = quotations(text, paragraph)
            for span in sentences(text, paragraph, quotes):
                inside = [quote for quote in quotes if span[0] <= quote[0] and quote[1] <= span[1]]
                said = _Sentence(text, span, inside).attributions()
                if not said and found and _is_quotation(text, span, inside):
                    # A quotation without a named speaker continues the one before it, if that is near.
                    place = max(
                        range(len(found)),
                        key=lambda number: max(end for _, end in (*found[number].cue, *found[number].content)),
                    )
                    last = found[place]
                    near = span[0] - max(one.end for one in found) < 200
                    if near and any(text[start] in '"“' for start, _ in last.content):
                        found[place] = replace(last, content=(*last.content, trimmed(text, span)))
                found.extend(said)
        return sorted(found, key=lambda one: min((*one.source, *one.cue, *one.content)))


def _is_quotation(text: str, span: Span, quotes: Sequence[Span]) -> bool:
    """Tell whether a sentence has no words outside of its quotations."""
    rest = text[span[0] : span[1]].rstrip(" .")
    return bool(quotes) and quotes[0][0] - span[0] < 2 and len(rest) - (quotes[-1][1] - span[0]) < 2


class _Sentence:
    """One sentence, searched for cues; places are numbers of its words and marks."""

    def __init__(self, text: str, span: Span, quotes: Sequence[Span]) -> None:
        self.text = text
        self.words = lexicon()
        self.tokens = tokens(text, span)
        self.lows = [token.low for token in self.tokens]
        self.quotes = []
        for start, end in quotes:
            speech = text[start:end]
            if len(speech.split()) >= _FEWEST_WORDS or (" " in speech and speech[-2:-1] in ",.?!"):
                self.quotes.append((start, end))
        self.in_quote = [any(a <= token.start and token.end <= b for a, b in self.quotes) for token in self.tokens]

    def low(self, place: int) -> str:
        """Return the word at a place in small letters; nothing after the end."""
        return self.lows[place] if place < len(self.lows) else ""

    def attributions(self) -> list[Attribution]:
        """Return the attributions of the sentence."""
        found: list[Attribution] = []
        subject: _Extent | None = None
        main: _Extent | None = None
        for cue in list(self.cues()):
            own = self.subject(cue)
            joined = own is None and subject is not None and self.is_joined(cue)
            if joined and main is not None and self.tokens[cue.first - 1].text == ",":
                # '…, agreeing to …' goes with the subject of the whole sentence.
                subject = main
            made = self.attribution(cue, own, subject if joined else None)
            if made is None:
                continue
            if own is not None:
                subject = own
                main = main or own
            if joined and found:
                # What was said before ends where the next thing that the same speaker says begins.
                joint = cue.first - 1
                if joint > 0 and self.tokens[joint - 1].text == ",":
                    joint -= 1
                found = [self.until(one, self.tokens[joint].start) for one in found]
            found.append(made)
        said = [one for one in found if one.content]
        return [*said, *self.according_to(), *self.noun_cues(said)]

    def until(self, one: Attribution, stop: int) -> Attribution:
        """Return an attribution whose content ends before a place in the text."""
        cut = ((a, len(self.text[:stop].rstrip(" ,")) if a < stop < b else b) for a, b in one.content)
        return replace(one, content=tuple((start, end) for start, end in cut if start < end))

    # Cues

    def cues(self) -> Iterator[_Cue]:
        """Yield the verb groups that report speech."""
        words, place = self.words, 0
        while place < len(self.tokens):
            low = self.lows[place]
            lemma = words.forms.get(low)
            if lemma == "withdraw" and not words.said_things.intersection(self.lows[place + 1 : place + 5]):
                # 'Troops are withdrawn' reports no speech.
                lemma = None
            if lemma is None or self.in_quote[place] or (low in words.nouns and not self.is_verb(place)):
                place += 1
                continue
            first = last = place
            while first > 0 and self.lows[first - 1] in words.auxiliaries | words.adverbs:
                first -= 1
            passive = any(one in ("is", "are", "was", "were", "been", "be", "being") for one in self.lows[first:place])
            passive = passive and (
                low.endswith("ed")
                or low in ("said", "known", "thought", "told", "understood", "seen", "heard", "found")
            )
            if self.leads_on(last + 1, words.prepositions.get(lemma, ())):
                last += 1
            if not (place and low.endswith("ing") and first == place and self.tokens[place - 1].text != ","):
                yield _Cue(first, last, lemma, low, passive)
            place = last + 1

    def leads_on(self, place: int, prepositions: Sequence[str]) -> bool:
        """Tell whether a preposition after a verb belongs to it; the 'to' of an infinitive does not."""
        if place + 1 >= len(self.tokens) or self.lows[place] not in prepositions:
            return False
        following = self.tokens[place + 1]
        return self.lows[place] != "to" or following.low in self.words.determiners or following.text[0].isupper()

    def is_verb(self, place: int) -> bool:
        """Tell whether a form that is more often a noun is a verb here: after a subject, before what it leads to."""
        words = self.words
        previous = self.lows[place - 1] if place else ""
        following = self.low(place + 1)
        if not previous or previous.endswith("'s") or previous in words.before_nouns:
            return False
        if previous in words.determiners - {"all", "both"}:
            return False
        after = following in words.determiners | words.pronouns | {"to", "that", ":"} or following[:1] in '"“‘'
        subject = previous in words.pronouns | words.auxiliaries | words.adverbs | {"and"}
        named = self.tokens[place - 1].text[0].isupper() or previous.endswith("s")
        return (subject or named) and (after or previous in words.pronouns)

    # Speakers

    def subject(self, cue: _Cue) -> _Extent | None:
        """Return the noun phrase before a verb group."""
        last = cue.first - 1
        if last < 0 or self.in_quote[last]:
            return None
        if self.lows[last] in ("who", "which", "that"):
            return (last, last) if last > 0 else None
        if self.tokens[last].text == ",":
            return self.before_apposition(last)
        return self.phrase_before(last)

    def phrase_before(self, last: int) -> _Extent | None:
        """Return the noun phrase that ends at a place."""
        words = self.words
        first, joint = last, None
        for place in range(last, -1, -1):
            token, low = self.tokens[place], self.lows[place]
            if self.in_quote[place]:
                break
            if low in ("and", "or", "&"):
                joint = place
                continue
            if not token.is_word and token.text not in "-'’.&%$":
                break
            if low in words.clause_starts or low in words.auxiliaries:
                break
            if low in words.forms and low not in words.nouns and not token.text[0].isupper():
                first = first if joint is None else joint + 1
                break
            first = place
        begin = self.without_adverbials(first, last)
        if begin is None or begin > last:
            return None
        head = self.lows[begin : last + 1]
        if head == ["there"] or (head == ["it"] and {"is", "was", "has"}.intersection(self.lows[last + 1 : last + 3])):
            return None
        if all(word in words.times or word in words.adverbs for word in head):
            return None
        if len(head) == 1 and (head[0] in ("to", "and", "or") or head[0] in words.before_nouns):
            return None
        return begin, last

    def without_adverbials(self, first: int, last: int) -> int | None:
        """Leave out what stands before the subject: an adverb, or an adverbial that begins with a preposition."""
        words = self.words
        while first <= last and self.lows[first] in words.adverbs | {"and", "or", "but"}:
            first += 1
        if first > last or self.lows[first] not in words.before_nouns:
            return first
        starts = [
            place
            for place in range(first + 2, last + 1)
            if self.lows[place] in words.determiners | {"he", "she", "they", "we", "i"}
            or (self.tokens[place].text[0].isupper() and not self.tokens[place - 1].text[0].isupper())
        ]
        return starts[-1] if starts else None

    def before_apposition(self, comma: int) -> _Extent | None:
        """Return the subject of 'Ann Lee, the mayor of Tarrin, said'."""
        heads = {"who", "which", "whose", "head", "chief", "director", "leader", "president"}
        for place in range(comma - 1, max(comma - 16, 0), -1):
            if self.in_quote[place] or self.tokens[place].text in ";:":
                return None
            apposition = place + 1 < comma and self.lows[place + 1] in self.words.determiners | heads
            if self.tokens[place].text == "," and apposition:
                found = self.phrase_before(place - 1)
                return (found[0], comma - 1) if found else None
        return None

    def phrase_after(self, first: int, closed: bool = False) -> _Extent | None:
        """Return the noun phrase that begins at a place, with an apposition that tells who it is.

        ``closed`` asks for a comma after the apposition, where more of the sentence is to follow.
        """
        words = self.words
        place = first
        while place < len(self.tokens) and not self.in_quote[place]:
            token, low = self.tokens[place], self.lows[place]
            if token.text == "," and place + 1 < len(self.tokens):
                # The name in 'the minister, Karl Lund', or the role in 'Karl Lund, the minister'.
                name = self.tokens[place + 1 : place + 3]
                told = self.lows[place + 1] in words.determiners or (
                    len(name) == 2 and all(one.text[0].isupper() for one in name)
                )
                end = self.apposition_end(place, closed) if told else None
                if end is None:
                    break
                place = end
                continue
            if (not token.is_word and token.text not in "-'’.&") or low in words.clause_starts - {"that"}:
                break
            if token.text == "." or low in words.auxiliaries or low in ("on", "after", "during", "as", "when"):
                break
            if low == "in" or (
                low == "at" and (place == first or self.low(place + 1) in words.determiners | words.times)
            ):
                break
            place += 1
        return (first, place - 1) if place > first else None

    def apposition_end(self, comma: int, closed: bool) -> int | None:
        """Return the mark that ends an apposition; None where a clause goes on."""
        for place in range(comma + 1, min(comma + 15, len(self.tokens))):
            if self.lows[place] in self.words.auxiliaries:
                return None
            if self.tokens[place].text in ",.":
                return place if self.tokens[place].text == "," or not closed else None
        return None

    def is_joined(self, cue: _Cue) -> bool:
        """Tell whether a verb without a subject goes on with the one before: 'and says', ', adding'."""
        joint = self.lows[cue.first - 1] if cue.first else ""
        return joint in ("and", "but", "or") or (joint == "," and cue.form.endswith("ing"))

    # Contents

    def attribution(self, cue: _Cue, own: _Extent | None, inherited: _Extent | None) -> Attribution | None:
        """Return what a cue attributes, to its own subject or to that of the verb before it."""
        before = self.content_before(cue, own) if cue.lemma in self.words.that and inherited is None else None
        if before is not None:
            source, content = before
            quoted = any(a <= start < b for start, _ in content for a, b in self.quotes)
            return self.made(cue, source, [*content, *self.resumed(cue, source)], 0.95 if quoted else 0.8)
        subject = own or inherited
        if subject is None and not cue.passive:
            return None
        found = self.content_after(cue)
        if found is None:
            return None
        last, content, confidence = found
        if cue.passive and own is not None and cue.lemma not in ("tell", "inform", "remind"):
            # 'The plan was rejected': what stands first is what was rejected, and by whom is not said.
            if self.low(cue.last + 1) not in ("that", "to"):
                return None
            subject = None
        return self.made(replace(cue, last=last), subject, content, confidence)

    def made(self, cue: _Cue, source: _Extent | None, content: Sequence[Span], confidence: float) -> Attribution:
        """Return an attribution of phrases of the sentence."""
        who = (self.span(*source),) if source else ()
        return Attribution(who, (self.span(cue.first, cue.last),), tuple(content), confidence=confidence)

    def span(self, first: int, last: int) -> Span:
        """Return the span of words."""
        return self.tokens[first].start, self.tokens[last].end

    def content_before(self, cue: _Cue, own: _Extent | None) -> tuple[_Extent, list[Span]] | None:
        """Return speaker and content of '…, she said' and '…, said the mayor'."""
        start = own[0] if own else cue.first
        if start == 0 or not (self.tokens[start - 1].text in ",?!" or self.in_quote[start - 1]):
            return None
        place = cue.last + 1
        source: _Extent | None = own
        if own is None:
            words = self.words
            if place == len(self.tokens) or (
                self.lows[place] in words.clause_starts - words.determiners - words.pronouns
                and not self.tokens[place].text[0].isupper()
            ):
                return None
            source = self.phrase_after(place)
        elif place < len(self.tokens) and not self.ends_clause(place):
            return None
        if source is None:
            return None
        end = start - 1 if self.tokens[start - 1].text == "," and not self.in_quote[start - 1] else start
        content = self.left_of(end)
        return (source, content) if content else None

    def ends_clause(self, place: int) -> bool:
        """Tell whether nothing that is said follows: the end, a time, a place, 'in a statement'."""
        low, words = self.lows[place], self.words
        return (
            low in ".;,"
            or self.in_quote[place]
            or low in ("on", "in", "at", "during", "after", "before", "when", "as", "while", "by", "from")
            or low in words.times
            or low in words.adverbs
            or low in words.recipients
        )

    def left_of(self, end: int) -> list[Span]:
        """Return the content that ends before a place: the quotation there, or the sentence up to it."""
        first = 0
        while first < end and not self.in_quote[first] and self.lows[first] in ("but", "and", "still", "so", "yet"):
            first += 1
        quoted = first < end and all(self.in_quote[first:end])
        return [self.span(first, end - 1)] if quoted or end - first >= 2 else []

    def resumed(self, cue: _Cue, source: _Extent) -> list[Span]:
        """Return the quotation that goes on after '…," she said, "…'."""
        after = max(cue.last, source[1])
        later = [quote for quote in self.quotes if quote[0] >= self.tokens[after].end]
        between = self.tokens[after + 1 : after + 12]
        if later and all(token.start >= later[0][0] or token.low not in self.words.forms for token in between):
            return [later[0]]
        return []

    def content_after(self, cue: _Cue) -> tuple[int, list[Span], float] | None:
        """Return the cue's last token, what is said after it, and how sure that is."""
        words, last = self.words, cue.last
        place = last + 1
        if place >= len(self.tokens):
            return None
        token = self.tokens[place]
        if token.text == ":":
            return place, self.to_the_end(place + 1), 0.9
        if token.text == "," and place + 1 < len(self.tokens) and self.in_quote[place + 1]:
            return last, self.to_the_end(place + 1), 0.95
        if self.in_quote[place] or token.text in '"“‘':
            return last, self.to_the_end(place), 0.9
        if cue.lemma in ("tell", "inform", "remind", "assure", "notify", "warn", "advise", "convince", "ask", "show"):
            place = self.after_recipient(place)
            token = self.tokens[place]
        low = token.low
        clause, thing = cue.lemma in words.that, cue.lemma in words.thing
        if low == "that" and clause:
            return last, self.to_the_end(place), 0.9
        asked = low in ("if", "whether", "how", "why", "what", "who", "where", "when") and (clause or thing)
        if asked or (low == "to" and cue.lemma in words.to):
            return last, self.to_the_end(place), 0.75
        prepositional = last > cue.first and self.lows[last] in words.prepositions.get(cue.lemma, ())
        if not (token.is_word or token.text in "$€£"):
            return None
        if low in words.before_nouns | words.clause_starts and not prepositional:
            return None
        if low in words.adverbs | words.times and not token.text[0].isupper():
            return None
        if clause and not thing and not prepositional:
            return (last, self.to_the_end(place), 0.8) if self.has_verb(place) else None
        if thing or prepositional or cue.lemma in words.to:
            return last, self.to_the_end(place), 0.65
        return None

    def after_recipient(self, place: int) -> int:
        """Skip who is told: 'reporters', 'the committee on Monday'."""
        for further in range(place, min(place + 8, len(self.tokens))):
            low = self.lows[further]
            if low in ("that", "to", "whether", "if", "how", "why", "what") or self.in_quote[further]:
                return further
            if low in ",:":
                return further + 1 if further + 1 < len(self.tokens) else further
            if low == ".":
                break
        told = self.lows[place] in self.words.recipients | self.words.objects
        return place + 1 if told and place + 1 < len(self.tokens) else place

    def has_verb(self, place: int) -> bool:
        """Tell whether a clause follows: an auxiliary, or a word that looks like a verb."""
        words = self.words
        return self.lows[place] in words.pronouns or any(
            low in words.auxiliaries or low in words.forms or low.endswith(("ed", "s"))
            for low in self.lows[place + 1 : place + 14]
        )

    def to_the_end(self, place: int) -> list[Span]:
        """Return the span from a place to the end of what is said."""
        end = len(self.tokens)
        for further in range(place + 1, len(self.tokens)):
            if self.in_quote[further]:
                continue
            mark, following = self.tokens[further].text, self.low(further + 1)
            if mark == ";" or (mark == "," and following in ("while", "although", "whereas", "according")):
                end = further
                break
        while end > place and not self.in_quote[end - 1] and self.tokens[end - 1].text in ".,;":
            end -= 1
        return [self.span(place, end - 1)] if end > place else []

    # Cues that are no verbs

    def according_to(self) -> Iterator[Attribution]:
        """Yield attributions introduced by 'according to'."""
        for place in range(len(self.tokens) - 2):
            if self.lows[place : place + 2] != ["according", "to"] or self.in_quote[place]:
                continue
            source = self.phrase_after(place + 2, closed=place == 0)
            if source is None:
                continue
            if place == 0 or self.lows[place - 1] in ("but", "and", "however", "that"):
                start = source[1] + 1
                if self.low(start) == ",":
                    start += 1
                content = self.to_the_end(start) if start < len(self.tokens) else []
            else:
                content = self.left_of(place - 1 if self.tokens[place - 1].text == "," else place)
            if content:
                yield Attribution((self.span(*source),), (self.span(place, place + 1),), tuple(content), confidence=0.9)

    def noun_cues(self, said: Sequence[Attribution]) -> Iterator[Attribution]:
        """Yield what nouns lead to: 'her claim that …'."""
        nouns = self.words.noun_cues
        for place in range(len(self.tokens) - 1):
            token, following = self.tokens[place], self.lows[place + 1]
            if not (token.low in nouns or token.low.removesuffix("s") in nouns) or following not in ("that", "to"):
                continue
            if self.in_quote[place] or any(start <= token.start < end for one in said for start, end in one.cue):
                continue
            source = self.possessor(place)
            if source is None and following != "that":
                continue
            content = self.to_the_end(place + 1)
            if content:
                who = (self.span(*source),) if source else ()
                yield Attribution(who, (self.span(place, place),), tuple(content), confidence=0.5)

    def possessor(self, place: int) -> _Extent | None:
        """Return whose the noun at a place is: 'her claim', 'the ministry's new offer'."""
        for before in range(place - 1, max(place - 4, -1), -1):
            low = self.lows[before]
            if low in ("his", "her", "their", "its", "our", "my"):
                return before, before
            if low.endswith(("'s", "s'")):
                return self.phrase_before(before)
        return None
