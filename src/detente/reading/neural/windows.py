"""Windows of a text for the encoder: paragraphs, or sentences of a long paragraph, as pieces of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from detente.errors import InputError
from detente.lazy import lazy
from detente.reading.segments import Token, paragraphs, quotations, sentences, tokens

if TYPE_CHECKING:
    import tokenizers
else:
    tokenizers = lazy("tokenizers")

#: Maximum number of pieces in a window; more cost time, and few attributions are longer.
MAX_PIECES = 192
#: Number of pieces up to which short paragraphs share a window, so that a quotation can continue in the next one.
ENOUGH_PIECES = 64
#: Maximum number of pieces of a word; longer words are cut.
_MAX_PIECES_OF_A_WORD = 12
_START, _END, _UNKNOWN, MASKED = 101, 102, 100, 103


@dataclass(frozen=True)
class Window:
    """Words that are encoded together, their pieces, and the range of pieces of each word."""

    words: tuple[Token, ...]
    pieces: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    @property
    def firsts(self) -> list[int]:
        """The first piece of every word."""
        return [first for first, _ in self.places]

    def types(self, marked: Iterable[int]) -> list[int]:
        """Return the token types of the pieces: 1 for those of the marked words."""
        types = [0] * len(self.pieces)
        for place in marked:
            first, last = self.places[place]
            types[first:last] = [1] * (last - first)
        return types


#: A sentence, as words; a paragraph, as sentences.
WordSentence = Sequence[Token]
WordParagraph = Sequence[WordSentence]


@cache
def tokenizer() -> tokenizers.Tokenizer:
    """Return the encoder's tokenizer; its vocabulary comes with the package.

    Raises
    ------
    InputError
        If the package it needs is not installed.
    """
    try:
        wordpieces = tokenizers.BertWordPieceTokenizer
    except ImportError as error:
        raise InputError(
            "the trained reader needs the package 'tokenizers': install 'detente[reading]', or use --tagger rules"
        ) from error
    with as_file(files("detente.reading") / "data" / "vocabulary.txt") as vocabulary:
        made: tokenizers.Tokenizer = wordpieces(str(vocabulary), lowercase=True)
    return made


def paragraphs_of_words(text: str) -> list[WordParagraph]:
    """Return the paragraphs of a text, as sentences of words."""
    return [
        [words for span in sentences(text, paragraph, quotations(text, paragraph)) if (words := tokens(text, span))]
        for paragraph in paragraphs(text)
    ]


def windows(text: str) -> Iterator[Window]:
    """Yield the windows of a text: short paragraphs together, long ones in parts."""
    held: list[WordParagraph] = []
    size = 0
    for paragraph in paragraphs_of_words(text):
        own = sum(sizes(paragraph))
        if held and size + own > ENOUGH_PIECES:
            yield from pack_windows(held)
            held, size = [], 0
        held.append(paragraph)
        size += own
    if held:
        yield from pack_windows(held)


def pack_windows(together: Sequence[WordParagraph]) -> Iterator[Window]:
    """Yield as few windows as can hold these paragraphs, split between sentences if possible."""
    held: list[list[Token]] = []
    size = 0
    for paragraph in together:
        begins = True
        for sentence in paragraph:
            for part in _parts(sentence):
                own = sum(len(_pieces(word.text)) for word in part)
                if held and size + own > MAX_PIECES:
                    yield window(held)
                    held, size = [], 0
                if begins or not held:
                    held.append([])
                held[-1] += part
                size += own
                begins = False
    if held:
        yield window(held)


def sizes(paragraph: WordParagraph) -> list[int]:
    """Return the number of pieces of every sentence."""
    return [sum(len(_pieces(word.text)) for word in sentence) for sentence in paragraph]


def _parts(sentence: WordSentence) -> Iterator[list[Token]]:
    """Split a sentence that is too long for a window."""
    part: list[Token] = []
    size = 0
    for word in sentence:
        own = len(_pieces(word.text))
        if size + own > MAX_PIECES:
            yield part
            part, size = [], 0
        part.append(word)
        size += own
    if part:
        yield part


@lru_cache(maxsize=50_000)
def _pieces(word: str) -> tuple[int, ...]:
    return tuple(tokenizer().encode(word[:60], add_special_tokens=False).ids[:_MAX_PIECES_OF_A_WORD]) or (_UNKNOWN,)


def window(together: Sequence[Sequence[Token]], masked: frozenset[int] = frozenset()) -> Window:
    """Return the window of paragraphs of words, with a mark between paragraphs; masked words are hidden."""
    pieces, places = [_START], []
    words: list[Token] = []
    for number, paragraph in enumerate(together):
        if number:
            pieces.append(_END)
        for word in paragraph:
            own = (MASKED,) if len(words) in masked else _pieces(word.text)
            places.append((len(pieces), len(pieces) + len(own)))
            pieces += own
            words.append(word)
    return Window(tuple(words), (*pieces, _END), tuple(places))
