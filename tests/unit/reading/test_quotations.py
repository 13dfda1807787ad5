"""Every quotation has one owner: laws over generated passages, whatever a tagger has found in them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.model.quotes import Span
from detente.reading.attributions import Attribution
from detente.reading.documents import Document
from detente.reading.quotations import DOUBTED, assign_quotations
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger
from detente.reading.segments import Layout, turns
from tests.examples import examples

NAMES = ("Jo Marsh", "Amy Ross", "Tom Hale", "Ida Stone", "Rose Dean")
#: No word of a quotation is in another one, so that a part of a quotation tells which it is.
QUOTES = (
    "We will not pay a cent", "The gates stay shut tonight", "It was never signed", "You never asked the farmers",
    "They have until Monday", "Our ships are on their way", "A deal is close", "Never",
)  # fmt: skip
MARKS = ('"{}"', "“{}”", "«{}»")
TAGS_AFTER = ("said {}", "{} said", "answered {}", "{} replied", "insisted {}", "{} told reporters")


@dataclass(frozen=True)
class Utterance:
    """A piece of a passage, and whose every quotation in it is."""

    text: str
    owners: tuple[tuple[str, str], ...]


def _quoted(mark: str, words: str) -> str:
    return mark.format(words)


@st.composite
def utterances(draw: st.DrawFn, quotes: tuple[str, ...], name: str) -> Utterance:
    mark = draw(st.sampled_from(MARKS))
    tag = draw(st.sampled_from(TAGS_AFTER)).format(name)
    first, *more = quotes
    owners = tuple((quote, name) for quote in quotes)
    form = draw(st.sampled_from(("after", "before", "split", "header", "signature", "reopened", "line")))
    rest = "".join(" " + _quoted(mark, f"{one}.") for one in more)
    if form == "after":
        ending = draw(st.sampled_from((",", "?", "!")))
        return Utterance(f"{_quoted(mark, first + ending)} {tag}.{rest}", owners)
    if form == "before":
        return Utterance(f"{name} said: {_quoted(mark, first + '.')}{rest}", owners)
    if form == "split" and more:
        return Utterance(
            f"{_quoted(mark, first + ',')} {tag}, {_quoted(mark, more[0] + '.')}"
            + "".join(" " + _quoted(mark, f"{one}.") for one in more[1:]),
            owners,
        )
    if form == "header":
        return Utterance(f"And from Chair {name}:\n\n{_quoted(mark, first + '.')}{rest}", owners)
    if form == "signature":
        return Utterance(f"{_quoted(mark, first + '.')}\n— {name}", owners[:1])
    if form == "reopened" and more:
        last = f"All of it is {name} speaking"
        return Utterance(f"“{first},” {tag}. “{more[0]}.\n\n“{last}.”", (*owners[:2], (last, name)))
    return Utterance(f"{_quoted(mark, first + ',')} {tag}.", owners[:1])


@st.composite
def passages(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """A passage of several speakers in a row, and whose every quotation is."""
    quotes = draw(st.permutations(QUOTES))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=3, unique=True))
    text, owners, used = "", [], 0
    for name in names:
        size = draw(st.integers(1, 2))
        one = draw(utterances(tuple(quotes[used : used + size]), name))
        used += size
        own_paragraph = "\n" in text.rpartition("\n\n")[2] or "\n" in one.text
        apart = "\n\n" if own_paragraph or "All of it" in text[-40:] else draw(st.sampled_from((" ", "\n\n")))
        text += (apart if text else "") + one.text
        owners += list(one.owners)
    return text, owners


@st.composite
def greedy(draw: st.DrawFn, text: str) -> list[Attribution]:
    """What a tagger might find: real speakers and cues, with contents of any other words, or nothing at all."""
    found = RuleTagger().tag(text)
    made: list[Attribution] = []
    for one in found:
        if draw(st.booleans()):
            start = draw(st.integers(0, len(text) - 1))
            more: Span = (start, draw(st.integers(start + 1, len(text))))
            apart = all(more[1] < first or last < more[0] for first, last in one.content)
            content = (*one.content, more) if apart else (more,)
            made.append(Attribution(one.source, one.cue, content, confidence=0.99))
        elif draw(st.booleans()):
            made.append(one)
    return made


def _owner(text: str, found: list[Attribution], quote: str) -> list[str]:
    place = text.index(quote)
    return [
        text[one.source[0][0] : one.source[-1][1]]
        for one in found
        if any(start <= place and place + len(quote) <= end for start, end in one.content)
    ]


@settings(max_examples=examples(300), deadline=None)
@given(st.data())
def test_quotation_belongs_to_its_nearest_speaker_only(data: st.DataObject) -> None:
    text, owners = data.draw(passages())
    found = assign_quotations(text, data.draw(greedy(text)))
    for quote, name in owners:
        assert [name in words for words in _owner(text, found, quote)] == [True], (text, quote, found)


def test_a_quotation_without_its_mark_is_still_anothers() -> None:
    text = "“A deal is close,” Jo Marsh replied. “The gates stay shut?” Amy Ross said."
    start = text.index("The gates")
    name, cue = text.index("Jo Marsh"), text.index("replied")
    tagged = Attribution(((name, name + 8),), ((cue, cue + 7),), ((start, start + 20),), confidence=0.99)
    assert _owner(text, assign_quotations(text, [tagged]), "The gates stay shut") == ["Amy Ross"]


@settings(max_examples=examples(200), deadline=None)
@given(st.data())
def test_content_does_not_cross_a_paragraph_or_another_cue(data: st.DataObject) -> None:
    text, _ = data.draw(passages())
    layout = Layout(text)
    found = assign_quotations(text, data.draw(greedy(text)))
    for one in found:
        for start, end in one.content:
            assert layout.paragraph(start) == layout.paragraph(end - 1)
            assert text[start:end].strip() == text[start:end]
            for other in found:
                if other.source != one.source and layout.quote(other.cue[0][0]) is None:
                    assert not any(start <= first < end for first, _ in other.cue), (text, one, other)


@settings(max_examples=examples(100), deadline=None)
@given(st.data())
def test_changed_attribution_has_low_confidence(data: st.DataObject) -> None:
    text, _ = data.draw(passages())
    tagged = data.draw(greedy(text))
    for one in assign_quotations(text, tagged):
        same = [other for other in tagged if (one.source, one.cue) == (other.source, other.cue)]
        assert one.confidence <= DOUBTED or any(set(one.content) == set(other.content) for other in same)


@settings(max_examples=examples(100), deadline=None)
@given(passages())
def test_assigning_quotations_is_idempotent(passage: tuple[str, list[tuple[str, str]]]) -> None:
    text, _ = passage
    once = assign_quotations(text, RuleTagger().tag(text))
    assert assign_quotations(text, once) == once


@settings(max_examples=examples(100), deadline=None)
@given(st.text(alphabet="“”\"'«»:—.,?! \n\tJS said", max_size=200))
def test_arbitrary_text_gives_valid_spans(text: str) -> None:
    for one in assign_quotations(text, RuleTagger().tag(text)):
        assert all(0 <= start < end <= len(text) for start, end in (*one.source, *one.cue, *one.content))


TURNS = st.lists(
    st.tuples(st.sampled_from(("MS HALE", "MR DEAN", "THE CHAIR", "SENATOR MOSS")), st.sampled_from(QUOTES)),
    min_size=2,
    max_size=5,
)


@settings(max_examples=examples(100), deadline=None)
@given(TURNS, st.sampled_from(("\n", "\n\n")))
def test_transcript_is_attributed_turn_by_turn(said: list[tuple[str, str]], apart: str) -> None:
    text = apart.join(f"{name}: {words}." for name, words in said)
    found = assign_quotations(text, RuleTagger().tag(text))
    tops = [one for one in found if text[one.cue[0][0]] == ":"]
    shown = [(text[one.source[0][0] : one.source[0][1]], text[one.content[0][0] : one.content[-1][1]]) for one in tops]
    assert shown == [(name, f"{words}.") for name, words in said]


@pytest.mark.parametrize(
    "text",
    [
        "Note: the dam is shut.\nSource: the agency.",
        "The dam is shut: none pays.",
        "Moscow: 3 votes.\nKyiv: 4 votes.",
    ],
)
def test_label_is_not_a_speaker(text: str) -> None:
    assert turns(text) == []


def test_two_cues_own_two_quotations() -> None:
    text = '"We will not pay," said Jo Marsh. "You must," answered Amy Ross.'
    (dossier,) = [read([Document("x.txt", text, "0" * 64)], tagger=RuleTagger())]
    assert [(one.speaker, one.quote) for one in dossier.statements] == [
        ("jo-marsh", "We will not pay"),
        ("amy-ross", "You must"),
    ]


def test_header_owns_the_quotation_below() -> None:
    text = (
        "And from Chairwoman Rose Hale:\n\n“The water will not be diverted before the talks.”\n\n"
        '"We will not pay," said Jo Marsh.\n'
    )
    # A tagger that gives all of it to the wrong one.
    who, cue = text.index("Jo Marsh"), text.index("said")
    tagged = [Attribution(((who, who + 8),), ((cue, cue + 4),), ((33, cue - 1),), confidence=0.99)]
    found = assign_quotations(text, tagged)
    assert [(text[slice(*one.source[0])], text[slice(*one.content[0])].strip('“”",')) for one in found] == [
        ("Chairwoman Rose Hale", "The water will not be diverted before the talks."),
        ("Jo Marsh", "We will not pay"),
    ]


def _tagged(text: str, source: str, cue: str, *content: str) -> Attribution:
    def at(words: str) -> Span:
        return text.index(words), text.index(words) + len(words)

    return Attribution((at(source),), (at(cue),), tuple(map(at, content)))


def test_speaker_tagged_by_an_aside_alone_is_the_person_before_it() -> None:
    text = "Ann Orr, who leads the Mill Union, said that the mill would close."
    [found] = assign_quotations(text, [_tagged(text, "leads the Mill Union", "said", "the mill would close")])
    assert [text[start:end] for start, end in found.source] == ["Ann Orr, who leads the Mill Union"]


def test_name_left_out_of_a_list_belongs_to_the_content() -> None:
    text = "The town called on the Mill Union and Orr Lines to accept a mediator."
    [found] = assign_quotations(
        text, [_tagged(text, "The town", "called on", "the Mill Union", "to accept a mediator")]
    )
    assert [text[start:end] for start, end in found.content] == ["the Mill Union and Orr Lines to accept a mediator"]
    text = "Never, the mill said and Orr Lines agreed, will it close."
    one = _tagged(text, "the mill", "said", "Never", "will it close")
    [found] = assign_quotations(text, [one])
    assert len(found.content) == 2


@pytest.mark.parametrize(
    ("text", "cue", "speaker"),
    [
        ("The crew was told to leave the mill.", "was told", ""),
        ("The crew has also been promised new boots.", "has also been promised", ""),
        ("The crew was told by the owner to leave.", "was told by", "The crew"),
        ("The crew told the owner to leave.", "told", "The crew"),
    ],
)
def test_whoever_is_told_something_is_no_speaker(text: str, cue: str, speaker: str) -> None:
    at = text.index(cue)
    one = Attribution(((0, 8),), ((at, at + len(cue)),), ((at + len(cue) + 1, len(text) - 1),))
    (found,) = assign_quotations(text, [one])
    assert " ".join(text[a:b] for a, b in found.source) == speaker


@pytest.mark.parametrize(
    ("text", "speaker", "cue", "quote"),
    [
        (
            "It rained. And they had a motto about the mill: ‘Be true to the old men.’ It went on.",
            "they",
            "had a motto about the mill:",
            "Be true to the old men.",
        ),
        (
            "The policy of my party is guided by the motto: 'the more we share, the more we have.' We go on.",
            "The policy of my party",
            "is guided by the motto:",
            "the more we share, the more we have.",
        ),
        (
            'He woke, and in the words of the prosecutor, Mark Orr, "she spent the night crying in bed."',
            "the prosecutor, Mark Orr",
            "in the words of",
            "she spent the night crying in bed.",
        ),
        (
            'The mayor, Ida Holm, issued a statement on the dam. "We are sorry for what the mill has done."',
            "Ida Holm",
            "issued a statement",
            "We are sorry for what the mill has done.",
        ),
    ],
)
def test_quotation_without_a_verb_of_saying_has_an_owner(text: str, speaker: str, cue: str, quote: str) -> None:
    (found,) = assign_quotations(text, [])
    (said,) = found.content
    assert text[slice(*found.source[0])] == speaker
    assert text[slice(*found.cue[0])] == cue
    assert text[said[0] + 1 : said[1] - 1] == quote


def test_items_behind_a_colon_are_nobodys_words() -> None:
    assert assign_quotations('The list has four items: "a rope, a lamp, a knife and bread".', []) == []
