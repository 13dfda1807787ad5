"""Exact contents and speakers, and cues that report no words."""

from __future__ import annotations

import re

import pytest

from detente.model.quotes import Span
from detente.reading.attributions import Attribution
from detente.reading.segments import Layout
from detente.reading.speech_acts import exactly, says_nothing, shown_attitudes


def marked(words: str) -> tuple[str, Attribution]:
    """Return a text and the attribution that is marked in it: '[s|Ann] [c|said] [q|yes]'."""
    text = ""
    spans: dict[str, list[Span]] = {"s": [], "c": [], "q": []}
    for plain, role, inner in re.findall(r"([^\[]*)(?:\[([scq])\|([^\]]*)\])?", words):
        text += plain
        if role:
            spans[role].append((len(text), len(text) + len(inner)))
            text += inner
    return text, Attribution(tuple(spans["s"]), tuple(spans["c"]), tuple(spans["q"]))


@pytest.mark.parametrize(
    ("tagged", "right"),
    [
        # What stands before 'I know that' is no part of what is known.
        (
            "[q|In taking this chair] [s|I] [c|know], as I told you, [q|that the dam will hold].",
            "In taking this chair [s|I] [c|know], as I told you, [q|that the dam will hold].",
        ),
        (
            "[q|In taking this chair] [s|I] [c|know][q|, as I told you, that the dam will hold].",
            "In taking this chair [s|I] [c|know], as I told you, [q|that the dam will hold].",
        ),
        # The noun for words that are quoted next does not belong to them.
        ("[s|He] [c|gasped] [q|his last words, ‘I am cold’].", "[s|He] [c|gasped] his last words, [q|‘I am cold’]."),
        # A cue has its verb.
        (
            "[s|I] [c|must] [q|strongly stress that the mill is safe].",
            "[s|I] [c|must strongly stress] [q|that the mill is safe].",
        ),
        # Who is asked is no part of what is asked.
        ("[q|The farmers] [c|were asked] [q|to sell].", "The farmers [c|were asked] [q|to sell]."),
        # A clause ends at a dash, and where another one has its words in between.
        (
            "because [s|they] [c|believed] [q|it was fair]--I [q|shall always be grateful].",
            "because [s|they] [c|believed] [q|it was fair]--I shall always be grateful.",
        ),
        (
            "[s|We] [c|think of] [q|the mill] since the owners never told us what [q|it costs].",
            "[s|We] [c|think of] [q|the mill] since the owners never told us what it costs.",
        ),
        # An aside, and a day, interrupt only.
        ("[s|Orr] [c|asked] [q|him] on Monday [q|to go].", "[s|Orr] [c|asked] [q|him] on Monday [q|to go]."),
        ("[s|Orr] [c|wants] [q|him], said Ida, [q|to go].", "[s|Orr] [c|wants] [q|him], said Ida, [q|to go]."),
        # Why a person wishes does not belong to the wish.
        (
            "[s|The crew] [c|wanted] [q|to see the log because it was theirs].",
            "[s|The crew] [c|wanted] [q|to see the log] because it was theirs.",
        ),
        (
            "[s|They] [c|hope] [q|to win, claiming that the vote is near].",
            "[s|They] [c|hope] [q|to win], claiming that the vote is near.",
        ),
        ("[q|The dam is safe]; even [s|Orr] [c|said] as much.", "The dam is safe; even [s|Orr] [c|said] [q|as much]."),
        # Speakers: the agent of a passive, without the verb, and who owns a noun.
        (
            "It [c|is alleged] by the guild [q|that both knew it].",
            "It [c|is alleged] by [s|the guild] [q|that both knew it].",
        ),
        ("[s|I am] [c|often told] [q|that it rains].", "[s|I] [c|am often told] [q|that it rains]."),
        (
            "[s|Norland] halted the miller’s [c|hope of] [q|a road].",
            "Norland halted [s|the miller]’s [c|hope of] [q|a road].",
        ),
        ("It shows Upstream's [c|desire for] [q|a ferry].", "It shows [s|Upstream]'s [c|desire for] [q|a ferry]."),
    ],
)
def test_contents_and_speakers_are_exact(tagged: str, right: str) -> None:
    text, one = marked(tagged)
    same, wanted = marked(right)
    assert text == same
    (found,) = exactly(Layout(text), [one])
    assert [(text[a:b]) for a, b in (*found.source, *found.cue, *found.content)] == [
        text[a:b] for a, b in (*wanted.source, *wanted.cue, *wanted.content)
    ]


@pytest.mark.parametrize(
    ("tagged", "source", "cue"),
    [
        ("Allow me to voice [s|my] [c|confidence in] [q|your work].", "my", "confidence in"),
        ("I rise to voice [s|my] [c|confidence in] [q|your work].", "I", "voice my confidence in"),
        (
            "Norland will again show [s|its] [c|commitment to] [q|peace].",
            "Norland",
            "will again show its commitment to",
        ),
        ("The old mill has reaffirmed [s|its] [c|wish for] [q|a road].", "The old mill", "has reaffirmed its wish for"),
        ("Rain did not change [s|its] [c|wish for] [q|a road].", "its", "wish for"),
    ],
)
def test_who_shows_an_attitude_is_its_speaker(tagged: str, source: str, cue: str) -> None:
    text, one = marked(tagged)
    (found,) = shown_attitudes(Layout(text), [one])
    assert (text[slice(*found.source[0])], text[slice(*found.cue[0])]) == (source, cue)


@pytest.mark.parametrize(
    "tagged",
    [
        "[s|You] [c|remember] [q|that day].",
        "[s|I] [c|think of] [q|the drowned men at least once a week].",
        "[s|We] [c|did see] [q|some boats on the lake].",
        "[s|She] [c|knew] [q|this].",
        "[s|I] [c|agree with] [q|that].",
        "[s|We] held hearings and [c|called] [q|witnesses, and copied papers].",
        "[s|The law] [c|calls] [q|them away from their work].",
        "[s|The guards] [c|showed] [q|no mercy to the crew].",
        "[c|means] [q|that the price has risen].",
        "[s|It] [c|means] [q|nothing if the gate is shut].",
        "When [s|he] [c|assumes] [q|responsibility], he will be tired.",
        "maps [s|which] [c|imagine] [q|old battles and which were used in schools].",
        "[s|They] [c|tried] [q|the lock].",
        "[s|Orr] [c|found] [q|himself unable to sleep].",
        "[s|Orr] [c|assumed] [q|the additional name of Leo].",
        "[s|Orr's] [c|alleged] [q|tomb in the park].",
        "[s|Orr] [c|did not appear] [q|to have a boat].",
        "[s|No. 70-18] [c|Argued]: [q|December 13, 1971].",
    ],
)
def test_acts_and_things_seen_report_no_words(tagged: str) -> None:
    assert says_nothing(*marked(tagged))


@pytest.mark.parametrize(
    "tagged",
    [
        "[s|You] [c|remember] [q|that the day was wet].",
        "[s|I] [c|think] [q|it’s a new road].",
        "[s|The scan] [c|shows] [q|a crack in the wall].",
        "[s|She] [c|sees] [q|no reason to leave].",
        "[s|She] [c|sees] [q|Norland as a friend].",
        "[s|He] [c|remembers] [q|telling the crew].",
        "[s|They] [c|know] [q|the dam will hold].",
        "[s|We] [c|agree with] [q|the new plan].",
        "[s|We] [c|know] that [q|the river floods].",
        "[s|We] [c|know] [q|the charter plainly asserts it].",
        "[s|We] [c|called for] [q|a meeting].",
        "By that [s|she] [c|meant] [q|the harbour].",
        "[s|He] [c|tried] [q|that it rains].",
    ],
)
def test_words_that_follow_a_verb_of_noticing_are_reported(tagged: str) -> None:
    assert not says_nothing(*marked(tagged))
