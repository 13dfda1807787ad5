"""What a text does not say was said (negated, asked, supposed, possible, untrue), and what it denies."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from detente.io.dossier_file import dossier_data, dossier_of, dump_dossier, parse_dossier
from detente.model.statements import Dossier, Statement
from detente.reading.attributions import Attribution
from detente.reading.documents import Document
from detente.reading.factuality import ASKED, HYPOTHETICAL, NEGATED, POSSIBLE, UNTRUE, reason_not_said
from detente.reading.reader import read
from detente.reading.rule_tagger import RuleTagger
from detente.reading.segments import Layout
from tests.unit.cli.running import run


def dossier(text: str) -> Dossier:
    return read([Document("x.txt", text, "0" * 64)], tagger=RuleTagger())


SPEAKERS = ("Upstream", "The minister", "Ann Lee, the mayor of Tarrin,", "The drivers' union")
FRAMES = {
    NEGATED: (
        "{} did not say that {}.", "{} has never said that {}.", "{} has not yet announced that {}.",
        "{} didn't say that {}.",
        "{} would not say whether {}.", "{} refused to say whether {}.", "{} declined to confirm that {}.",
        "{} neither confirmed nor denied that {}.", "{} did not deny that {}.",
    ),
    HYPOTHETICAL: (
        "If {} says that {}, the case is closed.", "Unless {} promises that {}, the strike goes on.",
        "Whether {} said that {} is not known.", "Even if {} said that {}, nothing would change.",
    ),
    ASKED: ("Did {} say that {}?", "Has {} said that {}?", "Why would {} say that {}?"),
    POSSIBLE: ("{} may say that {}.", "{} could announce that {}.", "{} should admit that {}."),
    UNTRUE: ("It is not true that {} said that {}.", "It is false that {} claimed that {}.",
             "There is no evidence that {} said that {}."),
}  # fmt: skip
CONTENTS = ("the dam was safe", "it would pay", "the bridge must close", "none had been told")
CASES = [
    (frame, reason, speaker, content)
    for (reason, frames), speaker, content in itertools.product(FRAMES.items(), SPEAKERS, CONTENTS)
    for frame in frames
]


@pytest.mark.parametrize("reason", FRAMES)
def test_unasserted_content_is_skipped_with_a_reason(reason: str) -> None:
    for frame, why, speaker, content in CASES:
        if why == reason:
            text = frame.format(
                speaker.lower() if not frame.startswith("{") and speaker[:4] == "The " else speaker, content
            )
            found = dossier(text)
            assert not any(content in (one.quote or "") for one in found.statements), text
            assert any(content in one.quote and one.reason for one in found.skipped), text


@pytest.mark.parametrize(
    "text",
    [
        "The minister said that the dam was not safe.",
        "Asked whether the dam was safe, the minister said that it was.",
        "If it rains, the minister said, the dam will hold.",
        "“If they raise tariffs, we will retaliate,” the minister said.",
        "“Did you pay for the dam?” the minister asked.",
        "The minister will not accept the plan.",
        "When the dam broke, the minister said that none was hurt.",
        "I would say that the dam is safe.",
        "The minister went on to say that the dam is safe.",
        "No. 10 said that the dam is safe.",
    ],
)
def test_asserted_content_is_a_statement(text: str) -> None:
    found = dossier(text)
    assert found.statements
    assert not found.skipped


@pytest.mark.parametrize(
    "text",
    [
        "Any judge would agree that the dam is unsafe.",
        "They will remember who paid for the dam.",
        "For anyone who wants to see the dam, the road is open.",
    ],
)
def test_what_may_be_thought_or_wanted_by_anyone_is_not_said(text: str) -> None:
    found = dossier(text)
    assert found.statements == ()
    assert found.skipped


def test_what_somebody_is_still_to_be_told_is_not_said() -> None:
    text = "In May the farmers will be asked to sell. In June they were asked to leave."
    later, before = (
        Attribution((), (text_span(text, cue),), (text_span(text, content),))
        for cue, content in (("will be asked", "to sell"), ("were asked", "to leave"))
    )
    assert reason_not_said(Layout(text), later) == POSSIBLE
    assert reason_not_said(Layout(text), before) is None


def text_span(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def test_negative_pronoun_is_not_a_speaker() -> None:
    found = dossier("Nobody said that the treaty was dead. No minister has said that the border would open.")
    assert (found.statements, found.speakers) == ((), {})
    assert [one.speaker_text for one in found.skipped] == ["Nobody", "No minister"]


def test_content_nested_in_unasserted_speech_is_skipped() -> None:
    found = dossier("Upstream did not say that Downstream had promised to pay.")
    assert found.statements == ()
    assert [one.cue for one in found.skipped] == ["did not say", "had promised"]


def test_dossier_keeps_skipped_content(tmp_path: Path) -> None:
    found = dossier("Upstream did not say that it would dig the canal. Upstream said that it would pay.")
    (one,) = found.skipped
    text = "Upstream did not say that it would dig the canal."
    assert text[one.spans[0][0] : one.spans[0][1]] == one.quote == "it would dig the canal"
    assert parse_dossier(dump_dossier(found)).skipped == dossier_of(dossier_data(found)).skipped == found.skipped


def test_terminal_reports_how_many_were_skipped_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.txt"
    path.write_text("Upstream did not say that it would pay. Did Upstream say it will pay?\n", encoding="utf-8")
    done = run(capsys, "read", str(path), "--tagger", "rules")
    assert f"2 passages are not statements and were skipped (1: {NEGATED}; 1: {ASKED})" in done.err
    assert "skipped:" in done.out


# Denials


def statements(text: str) -> list[Statement]:
    return list(read([Document("x.txt", text, "0" * 64)], tagger=RuleTagger()).statements)


DENIERS = ("Ethiopia", "The company", "President Petr Ganz")
DENIALS = (
    "{} denied that {}.", "{} has repeatedly denied that {}.", "{} denied on Monday that {}.",
    "{} denied, however, that {}.", "{} rejected the claim that {}.", "{} dismissed reports that {}.",
    "{} called the report that {} false.", "{} dismissed the report that {} as untrue.",
    "{} dismissed as untrue the report that {}.", "{} described the accusation that {} as baseless.",
    "{} said it was not true that {}.", "{} refuted the suggestion that {}.", "{} disputed that {}.",
)  # fmt: skip
DENIED = ("it had closed the gates", "a pact had been agreed")


@pytest.mark.parametrize("frame", DENIALS)
def test_denial_is_one_statement_without_the_denied_content(frame: str) -> None:
    for speaker, content in itertools.product(DENIERS, DENIED):
        found = statements(frame.format(speaker, content))
        top = [one for one in found if one.nested_in is None]
        assert [one.kind for one in top] == ["denial"], (frame, found)
        assert content in (top[0].quote or "")
        assert top[0].speaker_text == speaker


@pytest.mark.parametrize(
    "text",
    [
        "The court rejected the appeal.",
        "Ethiopia rejected the plan that Egypt had proposed.",
        "The minister called the plan a mistake.",
        "The minister said that the report was late.",
        "The union dismissed its chairman.",
    ],
)
def test_refusal_is_not_a_denial(text: str) -> None:
    assert "denial" not in {one.kind for one in statements(text)}


def test_nested_content_points_at_the_denial() -> None:
    outer, inner = statements("The envoy denied that the rebels had promised to leave.")
    assert (outer.kind, inner.nested_in) == ("denial", outer.id)


def test_denied_claim_stays_its_speakers_and_is_disputed() -> None:
    for text in (
        "Kenya denied Sudan's claim that it had fired first.",
        "Kenya denied a report by Sudan that it had fired first.",
    ):
        by_speaker = {one.speaker: one for one in statements(text)}
        denial, claim = by_speaker["kenya"], by_speaker["sudan"]
        assert (denial.kind, denial.quote, claim.quote) == ("denial", "it had fired first", "it had fired first")
        assert (claim.nested_in, claim.contested_by, claim.in_doubt) == (None, (denial.id,), True)


def test_denial_disputes_the_earlier_statement_on_the_same_matter() -> None:
    said = "Sudan said that Egypt was preparing an air strike on the dam. Kenya said that the rains would be late. "
    first, rains, denial = statements(said + "An Egyptian official denied that Egypt was preparing an air strike.")
    assert first.contested_by == (denial.id,)
    assert rains.contested_by == denial.contested_by == ()


def test_denial_disputes_no_own_statement_and_no_other_matter() -> None:
    own = "Egypt said that it was preparing an air strike. Egypt denied that it was preparing an air strike."
    other = "Sudan said that the dam would be opened. Egypt denied that it was preparing an air strike."
    assert [one.contested_by for text in (own, other) for one in statements(text)] == [()] * 4


@pytest.mark.parametrize(
    ("text", "speaker", "cue", "content"),
    [
        ("I would say only that if it broke, we meant well.", "I", "would say only that", "if it broke, we meant well"),
        (
            "If it broke--and it did--it was in what I believed to be a good cause.",
            "I",
            "believed",
            "to be a good cause",
        ),
    ],
)
def test_condition_within_what_is_said_or_before_a_dash_supposes_nothing(
    text: str, speaker: str, cue: str, content: str
) -> None:
    said = Attribution(*(((at := text.rindex(words), at + len(words)),) for words in (speaker, cue, content)))
    assert reason_not_said(Layout(text), said) is None
