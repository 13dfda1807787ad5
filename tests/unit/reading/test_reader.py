"""From a text to statements: cues, contents, speakers, dates, kinds and nesting, on texts made for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.io.dossier_file import dump_dossier, parse_dossier
from detente.model.quotes import QUOTE_GAP
from detente.model.statements import Dossier, Statement
from detente.reading.attributions import Attribution, Tagger
from detente.reading.documents import Document, parse_document
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger
from tests.unit.cli.running import run

SEED = Path(__file__).parents[4] / "shared" / "seed.txt"


def statements(text: str, published: str | None = None) -> list[Statement]:
    document = Document("x.txt", text, "0" * 64)
    return list(read([document], tagger=RuleTagger(), published=published).statements)


def test_nested_statements_are_linked() -> None:
    outer, inner = statements("The envoy said the rebels had promised to leave.")
    assert inner.nested_in == outer.id
    assert (inner.speaker_text, inner.quote) == ("the rebels", "to leave")


def test_quotation_of_several_sentences_and_paragraphs_is_one_statement() -> None:
    text = "“It is safe. Do not worry. We looked,” the mayor said.\n\n“We looked twice, in fact.”"
    (one,) = statements(text)
    assert one.quote == "It is safe. Do not worry. We looked … We looked twice, in fact."
    assert one.form == "direct"


def test_form_of_a_statement_is_direct_indirect_or_mixed() -> None:
    assert [one.form for one in statements("She called the plan “a bad joke on us all”.")] == ["mixed"]
    assert [one.form for one in statements("She said that the plan was bad.")] == ["indirect"]


def test_pronouns_are_resolved_to_their_actors() -> None:
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


pieces = st.sampled_from([*"aZ .,;:!?\"'“”‘’\n()-—", "said ", "that ", "He ", "the ", "rejected ", "according to "])


@given(st.lists(pieces, max_size=60).map("".join))
def test_arbitrary_text_is_read_with_verbatim_quotes(text: str) -> None:
    document = parse_document(("x " + text).encode(), "x")
    for one in read([document], tagger=RuleTagger()).statements:
        assert one.quote == QUOTE_GAP.join(document.text[start:end] for start, end in one.spans)
        assert all(start < end for start, end in one.spans)


def test_way_of_writing_changes_no_statement_and_quotes_are_verbatim() -> None:
    plain = "The mayor said that cooperation is finished. The negotiators denied it."
    written = "The may\u200bor said that co\u00adoper\u00adation\u00a0is ﬁnished. The nego-\n   tiators denied it."
    one, other = (read([Document("x.txt", text, "0" * 64)], tagger=RuleTagger()) for text in (plain, written))
    assert [(s.speaker, s.speaker_text, s.kind) for s in one.statements] == [
        (s.speaker, s.speaker_text, s.kind) for s in other.statements
    ]
    assert one.statements[0].quote == "cooperation is finished"
    assert other.statements[0].quote == "co\u00adoper\u00adation\u00a0is ﬁnished"
    assert [written[slice(*span)] for span in other.statements[0].spans] == [other.statements[0].quote]


def test_reading_is_deterministic_and_its_draft_loads() -> None:
    text = "The mayor said the bridge is safe. “It may not be crossed now,” she added."
    first, second = (read([Document("x.txt", text, "0" * 64)]) for _ in range(2))
    assert first == second
    assert parse_dossier(dump_dossier(first), "") == first


def test_read_command_writes_statements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
def test_report_of_28_july_2023_has_its_seventeen_statements(tagger: Tagger | None) -> None:
    """Seventeen statements, each of its speaker, and at most one false find."""
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


def test_first_person_plural_in_a_quotation_is_its_speaker() -> None:
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


def spans(text: str, *parts: str) -> tuple[tuple[int, int], ...]:
    return tuple((text.index(part), text.index(part) + len(part)) for part in parts)


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        # What stands around the words that name a speaker is not part of them.
        ("“It is late,” said Orr to the gathered crowd.", "Orr to the gathered crowd", "Orr"),
        ("“It is late,” says Orr from the mill's office in Tarrin.", "Orr from the mill's office in Tarrin", "Orr"),
        ("And so, Ann and Bob said that it was late.", ", Ann and Bob", "Ann and Bob"),
        ("Let me say that it was late.", "Let me", "me"),
        ("We’ve always said that it was late.", "We’ve", "We"),
        ("He left, and the mayor and said that it was late.", "the mayor and", "the mayor"),
        # What tells who it is, is.
        ("“It is late,” said Orr of the mill.", "Orr of the mill", "Orr of the mill"),
        ("“It is late,” said the envoy to Norland.", "the envoy to Norland", "the envoy to Norland"),
        ("A man from the mill said that it was late.", "A man from the mill", "A man from the mill"),
    ],
)
def test_speakers_words_are_trimmed(text: str, marked: str, expected: str) -> None:
    start = text.index(marked)
    cue = next(word for word in ("said", "says", "say") if word in text)
    said = (text.index(cue), text.index(cue) + len(cue))
    quoted = text.find("“")
    content = (quoted, text.index("”") + 1) if quoted >= 0 else (text.index("that it"), len(text) - 1)

    class Marked:
        fingerprint = "marked"

        def tag(self, _: str) -> list[Attribution]:
            return [Attribution(((start, start + len(marked)),), (said,), (content,))]

    [one] = read([Document("x.txt", text, "")], tagger=Marked()).statements
    assert one.speaker_text == expected


@pytest.mark.parametrize(
    ("text", "cue", "content", "listed"),
    [
        ("The crew tried to open the gate.", "tried", "to open the gate", False),
        ("The town celebrated the launch of the ferry.", "celebrated", "the launch of the ferry", False),
        ("The judge filed a dissenting opinion.", "filed", "a dissenting opinion", False),
        ("Tarrin appears to be bracing for a storm.", "appears to be bracing for", "a storm", False),
        ("A survey put the losses at nine million.", "put", "the losses at nine million", True),
        ("The crew will file a suit unless it is paid.", "will file", "a suit unless it is paid", True),
        ("The crew said it had tried to open the gate.", "said", "it had tried to open the gate", True),
        ("The town celebrated the claim that it was first.", "celebrated", "that it was first", True),
    ],
)
def test_bare_acts_are_no_statements(text: str, cue: str, content: str, listed: bool) -> None:
    def span(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    class Marked:
        fingerprint = "marked"

        def tag(self, _: str) -> list[Attribution]:
            return [Attribution(((0, text.index(cue) - 1),), (span(cue),), (span(content),), confidence=0.8)]

    found = read([Document("x.txt", text, "")], tagger=Marked())
    assert bool(found.statements) == listed and not found.skipped
