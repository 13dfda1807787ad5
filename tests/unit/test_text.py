"""The same text written differently is found, with its place; and what only looks like something else is named."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import detente as dt
from detente.io.conflict_file import ConflictFile
from detente.io.dossier_file import parse_dossier
from detente.text import (
    differences,
    normalised,
    occurrences,
    printable,
    reading_form,
    same_text,
    skeleton,
    written_in_two_ways,
)

#: Letters, marks and signs of every kind that is rewritten, and some that are not.
CHARACTERS = (
    "ab z.,\n\t'\"-“”‘’«»–—−…ﬁﬀﬃ０９ａＡéàÅ\u0301\u0308\u0323\u200b\u200c\u200d\u00ad\ufeff\u00a0\u202f\u3000"
    "한ᄒ\u1161\u11ab水を\u0915\u094d\u0937مﷺſẛ²½①½ﬅŉ\u212b\ufdd0\x00\x1b\ue000😀\ufe0f"
)
texts = st.text(alphabet=CHARACTERS, max_size=40) | st.text(max_size=20)
UNSEEN = st.sampled_from(["\u200b", "\u200c", "\u200d", "\u00ad", "\ufeff", "\u2060", "\u200e"])


@given(texts)
@example("‘’'")
def test_normalised_text_normalises_to_itself(text: str) -> None:
    once = normalised(text).text
    assert normalised(once.replace("\ufdd0", "")).text == once.replace("\ufdd0", "")


@given(text=st.text(alphabet="ab '`-\"\n", max_size=8), unseen=st.sampled_from(["", " "]))
def test_ascii_text_is_normalised_as_any_other_text(text: str, unseen: str) -> None:
    """A line of ASCII is mostly returned at once; behind a letter that is not ASCII, every step is taken."""
    assert normalised(f"é{text}", unseen).text == f"é{normalised(text, unseen).text}"


@given(texts)
def test_composed_and_decomposed_text_normalise_alike(text: str) -> None:
    composed, split = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert normalised(composed).text == normalised(split).text


@given(texts, st.integers(0, 40), UNSEEN)
def test_invisible_character_changes_no_normalised_text(text: str, place: int, unseen: str) -> None:
    assert normalised(text[:place] + unseen + text[place:]).text == normalised(text).text


@given(texts)
def test_spans_of_characters_are_in_order_and_never_overlap(text: str) -> None:
    for form in (normalised(text), reading_form(text)):
        spans = [form.span(place, place + 1) for place in range(len(form.text))]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert spans == sorted(spans)
        # Two characters come from the same one, or from different ones: never from overlapping parts. Only the last
        # letter of a ligature may reach further than the others: it takes the accent behind the ligature along.
        assert all((one[0] == other[0] and one[1] <= other[1]) or one[1] <= other[0] for one, other in pairwise(spans))


@given(texts, st.integers(0, 40), st.integers(0, 40))
def test_text_at_a_span_normalises_to_its_part(text: str, one: int, other: int) -> None:
    form = normalised(text)
    start, end = sorted((min(one, len(form.text)), min(other, len(form.text))))
    first, last = form.span(start, end)
    assert form.text[start:end] in form.text
    if start < end and "\ufdd0" not in form.text and not form.text[start:end].isspace():
        assert form.text[start:end].strip() in normalised(text[first:last]).text


@given(texts)
def test_span_of_the_whole_covers_all_visible_text(text: str) -> None:
    form = normalised(text)
    if form.text:
        start, end = form.span(0, len(form.text))
        assert normalised(text[:start]).text == normalised(text[end:]).text == ""


@given(st.text(alphabet=[one for one in map(chr, range(32, 127)) if one not in "`'-"], max_size=60))
def test_plain_text_is_unchanged(text: str) -> None:
    plain = " ".join(text.split())
    assert normalised(plain).text == plain
    assert reading_form(text).text == text
    assert reading_form(text).span(0, len(text)) == (0, len(text))


@given(st.text(alphabet="abc é", max_size=8), st.text(alphabet="xyzé ", min_size=3, max_size=12), st.data())
def test_words_written_differently_are_found_in_their_place(before: str, words: str, data: st.DataObject) -> None:
    if not words.strip():
        return
    written = ""
    for letter in words.strip():
        way = data.draw(st.sampled_from(["plain", "split", "unseen"]))
        written += {"plain": letter, "split": unicodedata.normalize("NFD", letter), "unseen": f"{letter}\u200d"}[way]
    found = occurrences(f"{before}1{written}2", words)
    start = len(before) + 1
    assert any(span[0] == start and start + len(written) - 1 <= span[1] <= start + len(written) for span in found)


@pytest.mark.parametrize(
    ("written", "quote", "how"),
    [
        ("we don’t accept", "we don't accept", "quotation marks or apostrophes"),
        ("“no” he said", '"no" he said', "quotation marks or apostrophes"),
        ("the border – not now", "the border - not now", "dashes"),
        ("ce\u0301derons", "céderons", "accents written as marks of their own"),
        ("of\ufb01cial ﬂatly", "official flatly", "ligatures or other forms of letters"),
        ("on 0５ Ｍａｙ", "on 05 May", "ligatures or other forms of letters"),
        ("ver\u00adhandlungen", "verhandlungen", "invisible characters"),
        ("می\u200cخواهد", "میخواهد", "invisible characters"),
        ("nego-\n   tiations", "negotiations", "a word divided at the end of a line"),
        ("well-\nknown", "well-known", "a word divided at the end of a line"),
        ("ﻻ", "لا", "ligatures or other forms of letters"),
    ],
)
def test_each_difference_in_writing_is_named(written: str, quote: str, how: str) -> None:
    text = f"He said {written}, twice."
    assert [text[start:end] for start, end in occurrences(text, quote)] == [written]
    assert differences(quote, written) == (how,)
    assert same_text(quote, written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("re-sign", "resign"),
        ("10²", "102"),
        ("½", "12"),
        ("①", "1"),
        ("he", "He"),
        ("cede", "céde"),
        ("now here", "nowhere"),
        ("not, now", "not now"),
        ("a - b", "a b"),
    ],
)
def test_texts_of_other_meaning_are_not_the_same(one: str, other: str) -> None:
    assert not same_text(one, other)
    assert occurrences(f"x {one} y", other) == []


def test_special_spaces_and_line_breaks_do_not_count() -> None:
    assert differences("20 km away", "20\u202fkm\u00a0\n away") == ()
    assert occurrences("中国代\n表团说", "中国代表团") == [(0, 6)]


def test_reading_form_keeps_paragraphs_and_quotation_marks() -> None:
    text = "“Co\u00adoperate” – he\u00a0said.\n\nNego-\ntiations ﬁnished – well-\nKnown."
    assert reading_form(text).text == "“Cooperate” – he said.\n\nNegotiations finished – well-\nKnown."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("می‌خواهد", "می‌خواهد"),
        ("co\u00adoperate", "cooperate"),
        ("a\u202eb\u2066c\ufeff", "abc"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("one\r\ntwo\u2028three", "one two three"),
        ("half \ud83d", "half \\ud83d"),
        ("fill\u3164ed – \u115f\uffa0", "filled – "),
        ("tag\U000e0041 – ", "tag – "),
        ("水 \ue000 😀", "水 \ue000 😀"),
    ],
)
def test_printable_text_is_safe(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_printable_text_has_no_control_or_turning_characters(text: str) -> None:
    shown = printable(text)
    assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in shown)
    assert not any("\u202a" <= one <= "\u202e" or "\u2066" <= one <= "\u2069" for one in shown)
    assert printable(shown) == shown


def test_look_alike_words_are_explained() -> None:
    two_ways = "'é' is written in two ways: as one character and as 'e' with a combining acute accent"
    assert written_in_two_ways("cafe\u0301", "café") == written_in_two_ways("café", "cafe\u0301") == two_ways
    assert "cyrillic small letter a" in written_in_two_ways("pаy", "pay")
    assert written_in_two_ways("k", "K") == written_in_two_ways("pay", "pays") == ""
    assert skeleton("РАУ") == skeleton("pay")


HEAD = "format: detente/1\ntitle: T\ndecision_makers:\n  i: {options: [a, b], preferences: [a]}\n"


def faults(text: str) -> list[tuple[int | None, int | None, str]]:
    with pytest.raises(dt.InputError) as caught:
        ConflictFile.of(HEAD + text, "x.conflict.yaml")
    return [(fault.line, fault.column, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("rules:\n  – never: a and b\n", 6, 3, "'–' (en dash) only looks like '-': type '-' and a space"),
        ("rules:\n  - never: b\n  — never: a\n", 7, 3, "'—' (em dash) only looks like '-': type '-' and a space"),
        ("rules:\n  • never: a and b\n", 6, 3, "'•' (bullet) only looks like '-': type '-' and a space"),
        ("rules:\n  - never： a\n", 6, 10, "'：' (fullwidth colon) only looks like ':': type ':' and a space"),
        ("rules∶\n  - never: a\n", 5, 6, "'∶' (ratio) only looks like ':': type ':' and a space"),
        ("status_quo: [a，b]\n", 5, 15, "'，' (fullwidth comma) only looks like ',': type ','"),
        ("status_quo: ［a］\n", 5, 13, "'［' (fullwidth left square bracket) only looks like '[': type '['"),
        ("rules:\n  - “never: a”\n", 6, 5, "'“' (left double quotation mark) only looks like '\"': type '\"'"),
        ("rules:\n  - never: ‘a’\n", 6, 12, "'‘' (left single quotation mark) only looks like ''': type '''"),
        ("summary: “one: two”\n", 5, 10, "'“' (left double quotation mark) only looks like '\"': type '\"'"),
        ("rules:\n  - never:\u00a0a\n", 6, 11, "a special space (no-break space) stands here: type a plain space"),
    ],
)  # fmt: skip
def test_look_alike_character_is_named_with_its_replacement(text: str, line: int, column: int, words: str) -> None:
    (fault,) = faults(text)
    assert fault[:2] == (line, column)
    assert fault[2].endswith(f"; {words}")


@pytest.mark.parametrize(
    "text",
    [
        "summary: He said “no” – and left：then\nrules: [a and]\n",
        "statements: [{id: s1, quote: “we – will”, knd: claim}]\n",
        "rules:\n  -never: a\n",
    ],
)
def test_harmless_look_alike_characters_are_not_named(text: str) -> None:
    assert not any("looks like" in message or "special space" in message for _, _, message in faults(text))


def test_fault_with_its_own_message_is_reported_once() -> None:
    ((*_, message),) = faults("states:\n  a: []\n\u00a0\u00a0b: []\n c: 3\n")
    assert message == "a no-break space, which looks like a space, cannot be used for indentation; type spaces"


def test_typographic_characters_in_text_are_accepted() -> None:
    made = ConflictFile.of(HEAD + "summary: He said “no” – and left\nstates: {‘calm’: []}\n", "x").conflict
    assert made.summary == "He said “no” – and left"
    assert made.states[0].name == "‘calm’"


def test_look_alike_characters_in_a_dossier_are_named() -> None:
    with pytest.raises(dt.InputError, match="en dash"):
        parse_dossier("format: detente-dossier/1\nstatements:\n  – {id: s1}\n", "x.dossier.yaml")
