"""What a tagger is trained on: passages as windows with labels, varied a little each time they are seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from detente.model.statements import LEARNED_KINDS
from detente.reading.attributions import within
from detente.reading.lexicon import lexicon
from detente.reading.neural.windows import Window, WordParagraph, pack_windows, paragraphs_of_words, window
from detente.reading.segments import Token, in_any
from training.corpus import Passage

#: The label that training passes over.
PASSED = -100

#: Names of people and places of many countries, for one another.
_NAMES = """
Abbas Adams Ahmed Alvarez Amsterdam Anderson Ankara Baker Bangkok Barbosa Berlin Boston Brown Cairo Campbell Carter
Chavez Chen Chicago Clark Cohen Costa Dakar Davies Delhi Diallo Dublin Edwards Evans Fernandez Fischer Florida Garcia
Geneva Gomez Green Hall Hamilton Hanoi Harris Havana Hernandez Hughes Ibrahim Ivanov Jackson Jakarta Johnson Jones
Kabul Khan Kim Kumar Lagos Lee Lewis Lima Lisbon London Lopez Madrid Manila Martin Miller Mitchell Moore Morgan Moscow
Müller Murphy Nairobi Nguyen Nowak Okafor Oslo Owens Paris Park Patel Pereira Peters Petrov Prague Quinn Reyes Roberts
Rodriguez Rome Rossi Russell Ryan Sanchez Santos Schmidt Scott Silva Singh Smith Sofia Stewart Sullivan Suzuki Sydney
Tanaka Taylor Texas Thomas Tokyo Torres Turner Vienna Walker Wang Warsaw Washington White Williams Wilson Wright Young
Zhang Zimmerman
"""
_QUOTES = ('""', "“”", "''", "‘’", "«»", "„“")
_OPENING, _CLOSING = "“‘«„", "”’»"


@dataclass(frozen=True)
class Marked:
    """A window seen with a cue marked: token types and role labels of its pieces.

    ``kind`` is the place of the statement's kind in `detente.model.statements.LEARNED_KINDS`, or `PASSED`.
    """

    types: Sequence[int]
    labels: Sequence[int]
    kind: int = PASSED


@dataclass(frozen=True)
class Example:
    """A window with cue labels for its pieces, and as it is seen for every cue in it."""

    pieces: Sequence[int]
    labels: Sequence[int]
    marked: Sequence[Marked]
    weight: float = 1.0


def examples(
    passage: Passage, chance: Random | None = None, *, partial: bool = False, weight: float = 1.0
) -> list[Example]:
    """Return the examples of a passage, one for every window.

    Parameters
    ----------
    passage
        The passage.
    chance
        Varies the passage: quotation marks, names, hidden words, which paragraphs are seen together, and takes some
        words that are no cue for one. None leaves it as it is.
    partial
        Whether only some of the passage's attributions are marked: a word that could be a cue is then none only if it
        is marked as something else.
    weight
        How much the passage counts.
    """
    inner = [any(within(one, other) for other in passage.attributions) for one in passage.attributions]
    return [_example(seen, passage, inner, chance, partial, weight) for seen in _seen(passage, chance)]


def _example(
    seen: Window, passage: Passage, inner: Sequence[bool], chance: Random | None, partial: bool, weight: float
) -> Example:
    cues = [0] * len(seen.words)
    marked: list[Marked] = []
    for one, nested in zip(passage.attributions, inner, strict=True):
        places = [place for place, word in enumerate(seen.words) if in_any(word.start, one.cue)]
        if not places:
            continue
        for place in places:
            cues[place] = 3
        cues[places[0]] = 2 if nested else 1
        roles = [
            1 if in_any(word.start, one.source) else 2 if in_any(word.start, one.content) else 0 for word in seen.words
        ]
        for place in places:
            roles[place] = PASSED
        kind = LEARNED_KINDS.index(one.kind) if one.kind in LEARNED_KINDS else PASSED
        marked.append(Marked(seen.types(places), _spread(seen, roles), kind))
    could_be = [
        place
        for place, word in enumerate(seen.words)
        if not cues[place] and (word.low in lexicon().forms or word.text == ":")
    ]
    if chance is not None and not partial:
        others = [place for place, word in enumerate(seen.words) if not cues[place] and word.is_word]
        drawn = chance.sample(could_be, min(len(could_be), 1)) or chance.sample(others, min(len(others), 1))
        marked += [Marked(seen.types([place]), _spread(seen, [0] * len(cues))) for place in drawn]
    labels = [PASSED if partial and place in could_be else label for place, label in enumerate(cues)]
    return Example(seen.pieces, _spread(seen, labels), marked, weight)


def _spread(seen: Window, labels: Sequence[int]) -> list[int]:
    """Put each word's label on its first piece."""
    spread = [PASSED] * len(seen.pieces)
    for place, label in zip(seen.firsts, labels, strict=True):
        spread[place] = label
    return spread


def _seen(passage: Passage, chance: Random | None) -> Iterator[Window]:
    paragraphs = paragraphs_of_words(passage.text)
    if chance is None:
        for paragraph in paragraphs:
            yield from pack_windows([paragraph])
        return
    paragraphs = _renamed(_requoted(paragraphs, chance), chance)
    held: list[WordParagraph] = []
    for paragraph in paragraphs:
        if chance.random() < 0.1:
            # Sentences by themselves.
            for sentence in paragraph:
                yield from _hidden([sentence], chance)
            continue
        held.append(paragraph)
        if chance.random() < 0.75:
            for seen in pack_windows(held):
                yield from _hidden(_paragraphs(seen, held), chance)
            held = []
    for seen in pack_windows(held) if held else ():
        yield from _hidden(_paragraphs(seen, held), chance)


def _paragraphs(seen: Window, held: Sequence[WordParagraph]) -> list[list[Token]]:
    """Return the words of a window by paragraph."""
    inside = {word.start for word in seen.words}
    whole = [[word for sentence in paragraph for word in sentence if word.start in inside] for paragraph in held]
    return [words for words in whole if words]


def _hidden(together: Sequence[Sequence[Token]], chance: Random) -> Iterator[Window]:
    count = sum(map(len, together))
    if count:
        yield window(together, frozenset(place for place in range(count) if chance.random() < 0.04))


def _requoted(paragraphs: Sequence[WordParagraph], chance: Random) -> list[WordParagraph]:
    """Write all quotation marks in another style, or now and then leave them out."""
    roll = chance.random()
    if roll < 0.5:
        return list(paragraphs)
    style = None if roll > 0.95 else chance.choice(_QUOTES)
    changed: list[WordParagraph] = []
    for paragraph in paragraphs:
        opened = False
        sentences = []
        for sentence in paragraph:
            words = []
            for word in sentence:
                if word.text in ('"', *_OPENING, *_CLOSING):
                    opens = word.text in _OPENING or (word.text == '"' and not opened)
                    opened = opens
                    if style is not None:
                        words.append(Token(style[0 if opens else 1], word.start, word.end))
                else:
                    words.append(word)
            sentences.append(words)
        changed.append(sentences)
    return changed


def _renamed(paragraphs: Sequence[WordParagraph], chance: Random) -> list[WordParagraph]:
    """Change some names for others, each for the same one throughout."""
    others: dict[str, str] = {}
    changed: list[WordParagraph] = []
    for paragraph in paragraphs:
        sentences = []
        for sentence in paragraph:
            words = []
            for place, word in enumerate(sentence):
                name = word.text[:1].isupper() and word.text[1:].islower() and place > 0
                if name and word.low not in lexicon().forms:
                    if word.text not in others:
                        others[word.text] = chance.choice(_NAMES.split()) if chance.random() < 0.3 else word.text
                    words.append(Token(others[word.text], word.start, word.end))
                else:
                    words.append(word)
            sentences.append(words)
        changed.append(sentences)
    return changed
