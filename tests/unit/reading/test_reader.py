"""From a text to statements: cues, contents, speakers, dates, kinds and nesting, on texts made for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.io.dossier_file import dump_dossier, parse_dossier
from detente.model.quotes import QUOTE_GAP
from detente.model.statements import Dossier, Statement
from detente.reading.actors import Resolver
from detente.reading.attributions import Attribution, Tagger, within
from detente.reading.dates import said_on
from detente.reading.documents import Document, parse_document
from detente.reading.gazetteer import Gazetteer, load_gazetteer
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger
from detente.reading.speech_acts import speech_act_by_words
from tests.unit.cli.running import run
from training.corpus import Passage, read_corpus
from training.scoring import Counts, counts, evaluate, score

SEED = Path(__file__).parents[4] / "shared" / "seed.txt"


def statements(text: str, published: str | None = None) -> list[Statement]:
    document = Document("x.txt", text, "0" * 64)
    return list(read([document], tagger=RuleTagger(), published=published).statements)


def shown(text: str) -> list[tuple[str | None, str | None, str | None]]:
    return [(one.speaker_text, one.cue, one.quote) for one in statements(text) if one.nested_in is None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor said the bridge is safe.", ("The mayor", "said", "the bridge is safe")),
        ("The mayor has repeatedly said that it is safe.", ("The mayor", "has repeatedly said", "it is safe")),
        ("“It is safe to cross,” the mayor said.", ("the mayor", "said", "It is safe to cross")),
        ("“It is safe,” said Ann Lee, the mayor of Tarrin.", ("Ann Lee, the mayor of Tarrin", "said", "It is safe")),
        ("Ann Lee, the mayor of Tarrin, said it is safe.", ("Ann Lee, the mayor of Tarrin", "said", "it is safe")),
        ("The bridge is safe, the mayor said on Friday.", ("the mayor", "said", "The bridge is safe")),
        ("“It is safe,” she said, “but nobody knows.”", ("she", "said", "It is safe … but nobody knows.")),
        ("According to the report, the bridge is safe.", ("the report", "According to", "the bridge is safe")),
        ("The bridge is safe, according to the report.", ("the report", "according to", "The bridge is safe")),
        ("The union refused to load the ship.", ("The union", "refused", "to load the ship")),
        ("The court rejected the appeal.", ("The court", "rejected", "the appeal")),
        ("The union called for an inquiry.", ("The union", "called for", "an inquiry")),
        ("The minister told reporters that talks had failed.", ("The minister", "told", "talks had failed")),
        ("Lee asked: “Who pays for all of this?”", ("Lee", "asked:", "Who pays for all of this?")),
        ("On Monday the mayor said the bridge is safe.", ("the mayor", "said", "the bridge is safe")),
    ],
)  # fmt: skip
def test_one_attribution(text: str, expected: tuple[str, str, str]) -> None:
    ((speaker, cue, quote),) = shown(text)
    assert (speaker, (cue or "").replace(" :", ":"), quote) == (
        expected[0],
        expected[1].replace(" :", ":"),
        expected[2],
    )


@pytest.mark.parametrize(
    "text",
    [
        "The mayor crossed the bridge on Friday.",
        "The so-called “truce” ended.",
        "He read “The Bridge” twice.",
        "The state of the roads is bad.",
        "Their plans were late, and the demands on the bridge grew.",
    ],
)
def test_no_attribution(text: str) -> None:
    assert shown(text) == []


def test_two_by_one_speaker() -> None:
    assert shown("Moscow considers the demands void and says Kyiv must wait.") == [
        ("Moscow", "considers", "the demands void"),
        ("Moscow", "says", "Kyiv must wait"),
    ]
    assert shown("The allies rejected the plan, agreeing to discuss missiles.") == [
        ("The allies", "rejected", "the plan"),
        ("The allies", "agreeing", "to discuss missiles"),
    ]


def test_nested_statements() -> None:
    outer, inner = statements("The envoy said the rebels had promised to leave.")
    assert inner.nested_in == outer.id
    assert (inner.speaker_text, inner.quote) == ("the rebels", "to leave")


def test_quotations_of_several_sentences_and_paragraphs() -> None:
    text = "“It is safe. Nobody need worry. We looked,” the mayor said.\n\n“We looked twice, in fact.”"
    (one,) = statements(text)
    assert one.quote == "It is safe. Nobody need worry. We looked … We looked twice, in fact."
    assert one.form == "direct"


def test_forms() -> None:
    assert [one.form for one in statements("She called the plan “a bad joke on us all”.")] == ["mixed"]
    assert [one.form for one in statements("She said that the plan was bad.")] == ["indirect"]


def test_who_is_meant() -> None:
    text = (
        "Russian President Ivan Orlov said talks may begin. He added that Moscow is ready. The Kremlin denied a delay. "
        "Mr. Orlov warned that time is short. Ann Lee, the mayor of Tarrin, said she agrees. “We wait for the others,” "
        "she said. Ukrainian officials said no. The mayor said that nothing has changed."
    )
    found = [(one.speaker_text, one.speaker) for one in statements(text) if one.nested_in is None]
    assert found == [
        ("Russian President Ivan Orlov", "russia"),
        ("He", "russia"),
        ("The Kremlin", "russia"),
        ("Mr. Orlov", "russia"),
        ("Ann Lee, the mayor of Tarrin", "ann-lee"),
        ("she", "ann-lee"),
        ("The mayor", "ann-lee"),
    ]


def test_a_gazetteer_of_one_s_own(tmp_path: Path) -> None:
    path = tmp_path / "names.yaml"
    path.write_text("actors:\n  Tarrin: [Harbour House, Tarrinese]\n  Russia: [the Bear]\n")
    known = load_gazetteer(path)
    for words, id in (("Harbour House", "tarrin"), ("the Bear", "russia"), ("Tarrinese officials", "tarrin")):
        found = Resolver("", known).resolve(words)
        assert found is not None
        assert found.id == id
    for text in ("actors: 5", "[", "x: {}"):
        path.write_text(text)
        with pytest.raises(dt.InputError):
            load_gazetteer(path)


def test_us_is_a_country_only_in_capitals() -> None:
    known = Gazetteer.of({"United States": ["US"]})
    assert known.found_in("the US and us") == [(4, "United States")]


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("on July 28, he said", "2023-07-29", "2023-07-28"),
        ("on 28 July 2021", None, "2021-07-28"),
        ("on December 3", "2023-07-29", "2022-12-03"),
        ("in March 2022", "2023-07-29", "2022-03"),
        ("on Friday", "2023-07-29", "2023-07-28"),
        ("on Friday", None, None),
        ("yesterday", "2023-03-01", "2023-02-28"),
        ("last month", "2023-01-31", "2022-12"),
        ("at the end of 2021", "2023-07-29", "2021"),
        ("on 31 February 2023", "2023-07-29", None),
        ("he said", "2023-07-29", None),
    ],
)
def test_dates(text: str, published: str | None, expected: str | None) -> None:
    assert said_on(text, published) == expected


@pytest.mark.parametrize(
    ("cue", "content", "kind"),
    [
        ("said", "the bridge is safe", "claim"),
        ("demanded", "that the troops leave", "demand"),
        ("said", "Kyiv must accept the line", "demand"),
        ("offered", "to pay", "offer"),
        ("refused", "to pay", "refusal"),
        ("will never accept", "the line", "refusal"),
        ("vowed", "to fight on", "commitment"),
        ("threatened", "to cut the water", "threat"),
        ("warned", "that the ice is thin", "claim"),
        ("warned", "they will retaliate if the dam is built", "threat"),
        ("said", "it would sign only if the troops leave", "condition"),
        ("said", "it acted because the dam was near", "justification"),
        ("retracted", "the offer", "withdrawal"),
    ],
)
def test_kinds(cue: str, content: str, kind: str) -> None:
    assert speech_act_by_words(cue, content) == kind


pieces = st.sampled_from([*"aZ .,;:!?\"'“”‘’\n()-—", "said ", "that ", "He ", "the ", "rejected ", "according to "])


@given(st.lists(pieces, max_size=60).map("".join))
def test_no_text_breaks_the_reader_and_every_quote_is_verbatim(text: str) -> None:
    document = parse_document(("x " + text).encode(), "x")
    for one in read([document], tagger=RuleTagger()).statements:
        assert one.quote == QUOTE_GAP.join(document.text[start:end] for start, end in one.spans)
        assert all(start < end for start, end in one.spans)


def test_reading_twice_gives_the_same_and_a_draft_can_be_read_back() -> None:
    text = "The mayor said the bridge is safe. “Nobody may cross it now,” she added."
    first, second = (read([Document("x.txt", text, "0" * 64)]) for _ in range(2))
    assert first == second
    assert parse_dossier(dump_dossier(first), "") == first


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("The mayor said the bridge is safe.")
    (tmp_path / "b.txt").write_text("The union refused to load the ship.")
    out = tmp_path / "out" / "x.dossier.yaml"
    out.parent.mkdir()
    files = [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    assert run(capsys, "read", *files, "-o", str(out), "--published", "2024-05-01").code == 0
    dossier = parse_dossier(out.read_text(), "x")
    assert isinstance(dossier, Dossier)
    assert [source.file for source in dossier.sources] == ["../a.txt", "../b.txt"]
    assert [one.source for one in dossier.statements] == ["a", "b"]
    data = json.loads(run(capsys, "read", *files, "--format", "json").out)
    assert data["format"] == "detente-dossier/1"
    wanted = {
        "id",
        "source",
        "speaker",
        "speaker_text",
        "cue",
        "kind",
        "quote",
        "spans",
        "date_said",
        "nested_in",
        "confidence",
    }
    assert all(wanted <= set(one) for one in data["statements"])
    assert run(capsys, "read", *files, "--published", "May").code == 2
    assert run(capsys, "read", str(tmp_path / "c.txt")).code == 1


@pytest.mark.skipif(not SEED.exists(), reason="the report is not part of the project")
@pytest.mark.parametrize("tagger", [RuleTagger(), None], ids=["rules", "default"])
def test_the_report_of_28_july_2023(tagger: Tagger | None) -> None:
    """Seventeen statements, each of its speaker, and at most one that is none."""
    text = SEED.read_text(encoding="utf-8")
    document = Document("seed.txt", text, "")
    found = read([document], tagger=tagger, published="2023-07-28", nested=False).statements
    expected = [
        ("russia", "Russia cannot accept a hostile military alliance"),
        ("russia", "membership in NATO would be a vital threat"),
        ("russia", "a 1990 statement"),
        ("russia", "The declaration on white paper"),
        ("russia", "We cannot accept that the military facilities"),
        ("russia", "a series of security proposals"),
        ("united-states-and-nato", "considers “core” security proposals"),
        ("united-states-and-nato", "to discuss only a few issues"),
        ("russia", "this is one of the main reasons"),
        ("russia", "this shows that the US and its allies"),
        ("russia", "Russia wanted to be ready for negotiations"),
        ("russia", "Kiev had passed a law"),
        ("russia", "initially agreed to sign a neutrality agreement"),
        ("ukraine", "no peace talks until Russia withdrew"),
        ("russia", "demands “unacceptable”"),
        ("russia", "Ukraine must accept “a new territorial reality”"),
        ("russia", "it will achieve all the goals"),
    ]
    left = list(found)
    for speaker, words in expected:
        match = next((one for one in left if one.speaker == speaker and words in (one.quote or "")), None)
        assert match is not None, words
        left.remove(match)
    assert len(left) <= 1


class Marked:
    """A tagger that marks what a test says."""

    def __init__(self, *attributions: Attribution) -> None:
        self._attributions = list(attributions)

    def tag(self, text: str) -> list[Attribution]:
        return self._attributions


@pytest.mark.parametrize(
    ("text", "nested"),
    [
        ("Velmora says it had to act against Ostrany, a neighbour that has long planned to join the pact.", True),
        ("Velmora says it had to act against Ostrany. A neighbour that has long planned to join the pact.", False),
        ("Velmora says it had to act against Ostrany, and a power that has long planned to join the pact.", False),
    ],
)
def test_a_relative_clause_belongs_to_what_is_said(text: str, nested: bool) -> None:
    who = "neighbour that" if "neighbour that" in text else "power that"
    tagger = Marked(
        Attribution(spans(text, "Velmora"), spans(text, "says"), spans(text, "it had to act against Ostrany")),
        Attribution(spans(text, who), spans(text, "has long planned"), spans(text, "to join the pact")),
    )
    first, second = read([Document("x.txt", text, "")], tagger=tagger).statements
    assert first.nested_in is None
    assert second.nested_in == (first.id if nested else None)


def test_we_in_reported_words_is_whoever_says_them() -> None:
    text = "“We know that the charter plainly states that it is so. We believe it,” the mayor of Tarrin said."
    said = text[1 : text.index(",”") + 1]
    place = (text.index("We believe"), text.index("We believe") + 2)
    tagger = Marked(
        Attribution(spans(text, "the mayor of Tarrin"), spans(text, "said"), spans(text, said)),
        Attribution(spans(text, "We"), spans(text, "know"), spans(text, "the charter plainly states that it is so")),
        Attribution(spans(text, "the charter"), spans(text, "plainly states"), spans(text, "it is so")),
        Attribution((place,), spans(text, "believe"), spans(text, "it,")),
    )
    mayor, know, charter, believe = read([Document("x.txt", text, "")], tagger=tagger).statements
    assert mayor.speaker == know.speaker == believe.speaker
    assert mayor.speaker != charter.speaker


# Corpora and scores


def spans(text: str, *parts: str) -> tuple[tuple[int, int], ...]:
    return tuple((text.index(part), text.index(part) + len(part)) for part in parts)


def test_scores_by_hand() -> None:
    text = "Ann said it is so and Bob said it is not."
    gold = (
        Attribution(spans(text, "Ann"), spans(text, "said"), spans(text, "it is so")),
        Attribution(spans(text, "Bob"), (), spans(text, "it is not")),
    )
    ours = [
        Attribution(spans(text, "Ann"), (), spans(text, "it is so and Bob")),  # 3 of 5 words: F1 0.75
        Attribution(spans(text, "Ann"), (), spans(text, "it is not")),
        Attribution((), (), spans(text, "said")),
    ]
    found = counts(Passage("x", text, gold), ours)
    assert found == Counts(there=2, tagged=3, found=2, with_speaker=1)
    result = score([found, found])
    assert (result.precision, result.recall) == pytest.approx((2 / 3, 1.0))
    assert result.f1 == pytest.approx(0.8)
    assert result.interval == pytest.approx((0.8, 0.8))
    assert score([found], speaker=True).f1 == pytest.approx(0.4)


def test_nesting_by_spans() -> None:
    outer = Attribution((), ((0, 2),), ((3, 30),))
    inner = Attribution((), ((10, 12),), ((13, 20),))
    assert within(inner, outer)
    assert not within(outer, inner)


def test_standoff_corpora(tmp_path: Path) -> None:
    text = "Ann said it is so."
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "a.ann").write_text(
        "T1\tSource 0 3\tAnn\nT2\tCue 4 8\tsaid\nT3\tContent 9 14;15 17\tit is so\nT4\tAttribution 4 8\tsaid\n"
        "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n"
    )
    (tmp_path / "b.txt").write_text(text)
    (tmp_path / "b.ann").write_text(
        "T1\tSpeaker 0 3\tAnn\nT2\tCue 4 8\tsaid\nT3\tQuote 9 17\tit is so\n"
        "R1\tby Arg1:T2 Arg2:T1\nR2\tof Arg1:T3 Arg2:T2\n"
    )
    first, second = read_corpus(tmp_path)
    assert first.attributions == (Attribution(((0, 3),), ((4, 8),), ((9, 14), (15, 17))),)
    assert second.attributions[0].content == ((9, 17),)
    assert [one.found for one in evaluate([first, second], RuleTagger())] == [1, 1]
    (tmp_path / "b.ann").write_text("T1\tnonsense\n")
    with pytest.raises(dt.InputError, match="standoff"):
        read_corpus(tmp_path)
