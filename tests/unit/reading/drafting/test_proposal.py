"""Proposing a dispute from reports: what is proposed, what is not, and that it can be used at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from detente.io.conflict_file import dump_conflict, parse_conflict
from detente.model.statements import Statement
from detente.reading.documents import parse_document
from detente.reading.drafting.proposal import MAX_OPTIONS, propose
from detente.reading.drafting.wishes import disputed_teller, disputers
from tests.examples import examples
from tests.unit.cli.running import run

SHORT = "Norland demanded that Sudria sign the treaty. Sudria refused to sign the treaty."
STRIKE = """Bakers walk out

"We will not bake until Rosen pays the overtime," said Mia Park, who leads the Bakers' Union. Rosen offered to pay half
of the overtime. Its manager, Ed Moss, said that the union had promised in May to work on Sundays. Park denied that the
union had made such a promise. If the strike goes on, Rosen will close the shop in Elm Street, Moss said.
"""


def proposed(text: str, *parties: str, **more: str) -> dt.Proposal:
    return propose(parse_document(text.encode(), "report.txt"), parties, **more)


def wishes(found: dt.Proposal) -> dict[str, list[str]]:
    return {
        maker.name: [str(one.condition) for one in maker.preferences.statements]
        for maker in found.conflict.decision_makers
        if isinstance(maker.preferences, dt.Prioritising)
    }


def test_two_sentences_make_a_dispute() -> None:
    found = proposed(SHORT, "Norland", "Sudria")
    [option] = found.conflict.options
    assert (option.id, option.name, found.conflict.owner[option.id]) == ("sign-treaty", "Sign the treaty", "sudria")
    assert wishes(found) == {"Norland": ["sign-treaty"], "Sudria": ["not sign-treaty"]}
    assert all(len(option.support.evidence) == 2 for option in found.conflict.options)
    assert [one.number for one in found.conflict.analyze().equilibria("nash")] == [1]


def test_strike_has_the_expected_model() -> None:
    found = proposed(STRIKE)
    [union, rosen] = found.conflict.decision_makers
    assert {option.name for option in union.options} >= {"Bake"}
    assert {option.name for option in rosen.options} >= {"Pay the overtime", "Close the shop in Elm Street"}
    assert "if not pay-overtime then not bake" in wishes(found)[union.name]
    assert "pay-overtime" in wishes(found)[union.name]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("if both sides agreed", "if admit-observers and sudria-admit-observers then send-40-observers"),
        ("if Sudria agreed", "if sudria-admit-observers then send-40-observers"),
        ("unless Norland agreed", "if not admit-observers then send-40-observers"),
        # Who is meant is no party, or does something else.
        ("if the villagers agreed", None),
        ("if both sides wanted peace", None),
    ],
)
def test_who_agrees_in_a_condition_agrees_to_what_was_asked(said: str, expected: str | None) -> None:
    text = (
        "The League urged Norland to admit observers. The League called on Sudria to admit observers. "
        f"The League said that it was ready to send 40 observers {said}."
    )
    found = proposed(text, "Norland", "Sudria", "League")
    assert [one for one in wishes(found)["League"] if one.startswith("if")] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("later", "number"),
    [
        ("Corvane rejected the unsolicited offer from Aldwin", 1),
        ("Corvane rejected the bid from Aldwin", 2),
        ("Corvane rejected the unsolicited offer from Hestia", 2),
        ("Corvane rejected an earlier offer from Aldwin", 2),
    ],
)
def test_refusals_of_one_offer_are_one_option(later: str, number: int) -> None:
    text = f"Corvane rejected Aldwin's offer. {later}. Corvane demanded that Aldwin leave Leeds."
    found = proposed(text, "Corvane", "Aldwin").conflict
    [corvane, _] = found.decision_makers
    assert len(corvane.options) == number
    assert {id for one in corvane.options for id in one.support.evidence} >= {"s1", "s2"}


def test_denied_promise_is_no_preference() -> None:
    found = proposed(STRIKE)
    told = [one for one in found.conflict.statements if one.nested_in]
    promise = next(one for one in told if (one.quote or "").endswith("work on Sundays"))
    claim = next(one for one in found.conflict.statements if one.id == promise.nested_in)
    assert claim.contested_by
    for maker in found.conflict.decision_makers:
        for _, support in maker.preferences.supports():
            assert promise.id not in support.evidence
    [option] = [one for one in found.conflict.options if promise.id in one.support.evidence]
    [denial] = claim.contested_by
    assert option.support.note == (
        f"Proposed: a promise of the Bakers' Union according to Rosen ({promise.id}); "
        f"the Bakers' Union denies that ({denial})."
    )
    [line] = [line for line in found.left_out if promise.id in line]
    assert line == (
        f"a preference from {promise.id} (the option is): Rosen alone reports it ({claim.id}), and that is disputed "
        f"by Bakers' Union ({denial})"
    )
    assert (promise.speaker, promise.reported_by) == ("bakers-union", "rosen")


def test_denials_support_nothing() -> None:
    found = proposed(STRIKE)
    denials = {one.id for one in found.conflict.statements if one.kind == "denial"}
    assert denials
    for _, support in found.conflict.supports():
        assert not denials & set(support.evidence)


def test_every_element_says_why_it_is_proposed() -> None:
    found = proposed(STRIKE)
    told = {one.id for one in found.conflict.statements}
    for place, support in found.conflict.supports():
        if place[0] == "decision_makers" and len(place) > 2:
            assert support.note.startswith("Proposed: "), place
            assert set(support.evidence) <= told
            assert support.evidence, place


def test_withdrawn_offer_names_its_withdrawal() -> None:
    text = "Norland offered to pay compensation. Sudria demanded that Norland leave. Norland withdrew its offer."
    found = proposed(text, "Norland", "Sudria")
    [offer] = [one for one in found.conflict.statements if one.kind == "offer"]
    [withdrawal] = [one for one in found.conflict.statements if one.kind == "withdrawal"]
    assert offer.withdrawn_by == (withdrawal.id,)
    # The option and the preference that the offer supports say so, too.
    notes = [support.note for _, support in found.conflict.supports() if support.evidence[:1] == (offer.id,)]
    assert len(notes) == 2 and all(f"withdrawn in {withdrawal.id}" in note for note in notes)
    dropped = found.conflict.analyze().to_dict()["dropped"]
    assert any(offer.id in one["statements"] and one["reason"] == "withdrawn" for one in dropped)


def test_who_refuses_to_end_something_does_not_refuse_it() -> None:
    text = (
        "The dockers' union threatened to strike if the harbour did not pay the bonus. The union said that it would "
        "not end the strike until the harbour paid the bonus."
    )
    found = proposed(text, "Dockers' Union", "Harbour")
    [note] = [option.support.note for option in found.conflict.options if option.id == "strike"]
    assert "; the Dockers' Union refuses to end the strike unless “the harbour paid the bonus” (s2)" in note


def test_condition_is_said_in_the_words_of_the_action() -> None:
    text = (
        "Norland demanded that Sudria accept a mediator. Norland threatened to strike. Sudria said that it would "
        "accept a mediator only if Norland gave up its plan to strike."
    )
    found = proposed(text, "Norland", "Sudria")
    notes = {option.id: option.support.note for option in found.conflict.options}
    assert "Sudria makes it a condition that Norland not strike (s3)" in notes["strike"]
    assert "announced by Sudria, only if “Norland gave up its plan to strike” (s3)" in notes["accept-mediator"]


def test_party_says_in_how_many_statements_it_acts() -> None:
    [(_, union), (_, rosen)] = proposed(STRIKE).parties
    assert union[0] == "proposed as a party, because it acts or is asked to act in 3 statements"
    assert rosen[0] == "proposed as a party, because it acts or is asked to act in 3 statements"
    assert any("speak for the Bakers' Union" in reason for reason in union)


def test_offer_inside_its_withdrawal_is_not_a_new_one() -> None:
    text = (
        "Norland offered to pay compensation. Sudria demanded that Norland leave the island. "
        "Norland withdrew its offer to pay compensation."
    )
    found = proposed(text, "Norland", "Sudria")
    [withdrawal] = [one for one in found.conflict.statements if one.kind == "withdrawal"]
    offers = [one for one in found.conflict.statements if one.kind == "offer"]
    inner = [one for one in offers if one.nested_in == withdrawal.id]
    assert len(offers) == 2 and len(inner) == 1
    assert all(one.withdrawn_by == (withdrawal.id,) for one in offers)
    assert inner[0].note == f"Proposed: the offer that {withdrawal.id} takes back; not a new one."


def test_demand_without_a_word_of_demand_says_what_it_is() -> None:
    text = "Norland said that it would sign the treaty only if Sudria left the island."
    found = proposed(text, "Norland", "Sudria")
    [maker] = [one for one in found.conflict.decision_makers if one.id == "norland"]
    assert isinstance(maker.preferences, dt.Prioritising)
    notes = {str(one.condition): one.support.note for one in maker.preferences.statements}
    [demand] = [note for condition, note in notes.items() if not condition.startswith("if")]
    assert demand == "Proposed: a condition that it sets."


def test_nested_report_keeps_its_teller() -> None:
    text = "Sudria said that Norland had agreed to sign the treaty. Sudria demanded that Norland leave the island."
    found = proposed(text, "Norland", "Sudria")
    [agreed] = [one for one in found.conflict.statements if one.nested_in]
    assert agreed.speaker == "norland"
    [option] = [one for one in found.conflict.options if one.name == "Sign the treaty"]
    assert "as reported by Sudria" in option.support.note


@pytest.mark.parametrize(
    ("said", "stances"),
    [
        # What a threat answers to is not wanted; what is asked for in a condition is.
        ("Sudria threatened to close the port if Norland built a fence.",
         {"build-fence": "against", "close-port": "conditional"}),
        ("Sudria threatened to close the port unless Norland built a fence.",
         {"build-fence": "for", "close-port": "conditional"}),
        ("Sudria offered to open the port if Norland built a fence.",
         {"build-fence": "for", "open-port": "conditional"}),
        ("Sudria promised that it would close the port.", {"close-port": "for"}),
    ],
)  # fmt: skip
def test_stance_of_a_condition_follows_from_what_is_said_to_come_of_it(said: str, stances: dict[str, str]) -> None:
    text = f"{said} Sudria demanded that Norland leave the island. Norland said that it would build a fence."
    one = proposed(text, "Norland", "Sudria").conflict.statements[0]
    assert one.stances == stances


def test_opposites_are_one_option_and_a_disputed_report_is_neither_for_nor_against_it() -> None:
    text = (
        "The union said that it would strike if the company cut the night shift. The union said that the company had "
        "agreed to keep the night shift. The company denied that it had agreed to keep the night shift. The company "
        "offered to raise wages if the union called off the strike."
    )
    found = proposed(text, "Union", "Company")
    union, company = found.conflict.decision_makers
    assert [one.name for one in union.options] == ["Strike"]
    assert [one.name for one in company.options] == ["Keep the night shift", "Raise wages"]
    kept = company.options[0].support
    assert (kept.evidence, kept.against) == (("s1",), ())
    assert "named in a threat by the union (s1)" in kept.note and "according to the union (s3)" in kept.note
    assert wishes(found)["Company"] == ["if not strike then raise-wages"]
    assert wishes(found)["Union"] == ["keep-night-shift", "if not keep-night-shift then strike"]
    # What lies in a denial was not said.
    assert [one.nested_in for one in found.conflict.statements if one.nested_in] == ["s2"]


def test_union_is_the_one_named_as_a_party_and_a_chairman_speaks_for_his_board() -> None:
    text = (
        "The Harbour Board demanded that the Dockers' Union end the strike. The union refused to return to work. "
        "Harbour Board chairman Olaf Brandt said the union had agreed in March to work at night. The union denied "
        "that it had agreed to anything of the kind."
    )
    found = proposed(text, "Harbour Board", "Dockers' Union").conflict
    spoken = [(one.speaker, one.kind) for one in found.statements if one.nested_in is None]
    assert spoken == [
        ("harbour-board", "demand"),
        ("dockers-union", "refusal"),
        ("harbour-board", "claim"),
        ("dockers-union", "denial"),
    ]
    claim, denial = (next(one for one in found.statements if one.kind == kind) for kind in ("claim", "denial"))
    assert claim.contested_by == (denial.id,)
    # Two parties with that noun: neither is meant for certain.
    other = proposed(
        text + " The Teachers' Union refused to talk.", "Harbour Board", "Dockers' Union", "Teachers' Union"
    )
    assert "union" in other.conflict.speakers


def test_refusal_told_with_its_words_is_read_once() -> None:
    found = proposed(
        "The company refused to reopen the canteen, its director told reporters. The union demanded that the company "
        "reopen the canteen.",
        "Union",
        "Company",
    )
    assert not [line for line in found.left_out if "no action" in line]


def test_town_and_its_name_are_one_party() -> None:
    text = (
        "The town of Aldham said that it would close the road. Norland Farms demanded that the town of Aldham repair "
        "the road. Aldham refused to repair the road."
    )
    found = propose(parse_document(text.encode(), "report.txt"))
    assert [one.name for one in found.conflict.decision_makers] == ["Aldham", "Norland Farms"]
    assert {one.name for one in found.conflict.options} == {"Close the road", "Repair the road"}
    assert set(found.conflict.speakers) == set()


def test_later_word_counts_and_the_earlier_is_named_against_it() -> None:
    text = "Sudria refused to sign the pact. Norland demanded that Sudria sign it. Sudria agreed to sign the pact."
    found = proposed(text, "Norland", "Sudria")
    assert wishes(found)["Sudria"] == ["sign-pact"]
    sudria = found.conflict.decision_makers[1]
    [(_, support)] = sudria.preferences.supports()
    assert support.against == ("s1",)


def test_what_is_told_as_done_is_the_status_quo() -> None:
    text = "Norland demanded that Sudria stop the drilling. Sudria said that it would continue to drill for gas."
    found = proposed(text, "Norland", "Sudria", published="2024-05-02")
    assert found.conflict.status_quo is not None
    assert list(found.conflict.status_quo.taken) == ["drill-gas"]
    assert wishes(found)["Norland"] == ["not drill-gas"]
    assert found.conflict.as_of == "2024-05-02"


def test_no_statement_gives_a_clear_message() -> None:
    with pytest.raises(dt.InputError, match="no statement was found"):
        proposed("The river is long. It rises in the hills.", "Norland", "Sudria")
    with pytest.raises(dt.InputError, match="no option can be proposed"):
        proposed("Norland said that the river was long. Sudria said that it was deep.", "Norland", "Sudria")


PAIRS = [("sign the treaty", "sign-treaty"), ("pay the fine", "pay-fine"), ("close the road", "close-road"),
         ("release the prisoners", "release-prisoners"), ("open the border", "open-border")]  # fmt: skip
#: Ways of saying it: who speaks, the cue, the kind, the quote, what stands before it, and whether it is wanted.
FRAMES = [
    ("norland", "demanded", "demand", "Sudria {}", "Norland demanded that ", True),
    ("norland", "demanded", "demand", "Sudria not {}", "Norland demanded that ", False),
    ("norland", "urged", "demand", "to {}", "Norland urged Sudria ", True),
    ("norland", "called on", "demand", "to {}", "Norland called on Sudria ", True),
    ("norland", "said", "demand", "Sudria must {}", "Norland said ", True),
    ("sudria", "refused", "refusal", "to {}", "Sudria refused ", False),
    ("sudria", "offered", "offer", "to {}", "Sudria offered ", True),
    ("sudria", "promised", "commitment", "to {}", "Sudria promised ", True),
    ("sudria", "said", "refusal", "We will not {}", "", False),
    ("sudria", "said", "commitment", "it would {}", "Sudria said that ", True),
]


@given(st.lists(st.tuples(st.sampled_from(FRAMES), st.sampled_from(PAIRS)), min_size=1, max_size=8))
def test_statements_put_together_from_frames_give_their_options(parts: list[tuple[Any, tuple[str, str]]]) -> None:
    """A slow reference: each statement is made from an action and a stance, so the model is known."""
    said = [
        dt.Statement(f"s{place}", "r", speaker, cue=cue, kind=kind, quote=quote.format(deed), prefix=before or None)
        for place, ((speaker, cue, kind, quote, before, _), (deed, _)) in enumerate(parts, start=1)
    ]
    dossier = dt.Dossier("", "", {"norland": "Norland", "sudria": "Sudria"}, (dt.Source("r"),), tuple(said))
    found = propose((), ["Norland", "Sudria"], dossier=dossier)
    assert {one.id for one in found.conflict.options} == {id for _, (_, id) in parts}
    assert set(found.conflict.owner.values()) == {"sudria"}
    last = {(frame[0], id): frame[5] for frame, (_, id) in parts}
    for who, name in (("norland", "Norland"), ("sudria", "Sudria")):
        expected = {id if wanted else f"not {id}" for (holder, id), wanted in last.items() if holder == who}
        assert set(wishes(found)[name]) == expected
    again = parse_conflict(dump_conflict(found.conflict))
    assert again.statements == found.conflict.statements
    found.conflict.analyze(["nash"])


def test_no_more_options_than_can_be_read() -> None:
    nouns = ["gate", "road", "school", "bridge", "tower", "canal", "tunnel", "market", "harbour", "station", "theatre"]
    nouns += ["library", "stadium", "airport", "prison", "mill"]
    text = " ".join(f"Norland demanded that Sudria close the {noun}." for noun in nouns)
    found = proposed(text, "Norland", "Sudria")
    assert len(found.conflict.options) == MAX_OPTIONS
    assert len([line for line in found.left_out if f"more than {MAX_OPTIONS}" in line]) == len(nouns) - MAX_OPTIONS


def test_draft_command_works_offline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DETENTE_BASE_URL", "DETENTE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    # Other programs set this one, and without a model nothing is sent there.
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    folder, out = tmp_path / "reports", tmp_path / "draft.conflict.yaml"
    folder.mkdir()
    (folder / "strike.txt").write_text(STRIKE, encoding="utf-8")
    done = run(capsys, "draft", str(folder), "-o", str(out), "--title", "A strike")
    assert done.code == 0, done.err
    assert "2 parties" in done.err
    assert out.read_text(encoding="utf-8").startswith("# Proposed from ")
    for command in ("check", "analyze", "explain"):
        assert run(capsys, command, str(out)).code == 0
    data = json.loads(run(capsys, "draft", str(folder), "--format", "json").out)
    assert data["parties"] == ["Bakers' Union", "Rosen"]
    assert data["options"] >= 3
    assert isinstance(data["left_out"], list)
    typo = run(capsys, "draft", str(folder), "--party", "Bakers Unoin", "--party", "Rosen")
    assert typo.code == 1
    assert "did you mean" in typo.err


@given(st.data())
@settings(max_examples=examples(60))
def test_a_disputed_report_is_the_same_wherever_the_dispute_is_written(data: st.DataObject) -> None:
    ids = [f"s{place}" for place in range(1, 6)]
    pairs = data.draw(
        st.sets(st.tuples(st.sampled_from(ids), st.sampled_from(ids)).filter(lambda one: one[0] != one[1]))
    )
    turned = {(second, first) if data.draw(st.booleans()) else (first, second) for first, second in pairs}

    def said(links: set[tuple[str, str]]) -> list[Statement]:
        return [
            Statement(
                id,
                speaker=id,
                kind="claim",
                nested_in=ids[place - 1] if place else None,
                contested_by=tuple(sorted(other for one, other in links if one == id)),
            )
            for place, id in enumerate(ids)
        ]

    for one, other in zip(said(pairs), said(turned), strict=True):
        assert [each.id for each in disputers(one, said(pairs))] == [each.id for each in disputers(other, said(turned))]
        first, second = disputed_teller(one, said(pairs)), disputed_teller(other, said(turned))
        assert (first and first.id) == (second and second.id)


@pytest.mark.parametrize(
    ("said", "option", "party"),
    [
        ("Brask Steel said it would talk about pay, but only after we call off the ballot.", "Call off the ballot", 0),
        ("Brask Steel told us that it would raise wages if we ended the strike.", "End the strike", 0),
        # In a quotation the speaker means its own party.
        ("“We will raise wages if we sell the yard,” Brask Steel said.", "Sell the yard", 1),
        # The writer means its own party.
        ("We offered to return to work if we won the vote.", "Return to work", 0),
    ],
)
def test_we_in_indirect_speech_is_who_writes(said: str, option: str, party: int) -> None:
    letter = (
        "From: Petra Lund <lund@foundry.example>\nTo: all@foundry.example\nDate: Mon, 4 Mar 2024 09:12:00 +0000\n"
        "Subject: Where we stand\n\nDear colleagues,\n\nThe Foundry Workers' Union will call a strike on 18 March "
        f"unless Brask Steel withdraws the new rota. {said} We refused.\n\nWe do not want a strike.\n\nPetra Lund\n"
        "General Secretary\n"
    )
    found = propose(parse_document(letter.encode(), "1.eml"), ["Foundry Workers' Union", "Brask Steel"]).conflict
    owners = {one.name: place for place, maker in enumerate(found.decision_makers) for one in maker.options}
    assert owners.get(option) == party, owners


def test_promise_that_is_told_to_the_one_who_gave_it_is_his() -> None:
    mail = (
        "From: Anton Blom <anton@blom.example>\nTo: mediator@mediation.example\nDate: Mon, 12 Jun 2023 21:05:00 +0000\n"
        "Subject: My position\n\nDear Ms Reuter,\n\nI will keep the workshop in Lindby open. Gerda Blom says I "
        "promised to stay out of sales. I never said that.\n\nAnton\n"
    )
    found = propose(parse_document(mail.encode(), "1.eml"), ["Anton Blom", "Gerda Blom"]).conflict
    anton, gerda = found.decision_makers
    assert "Stay out of sales" not in [one.name for one in gerda.options]
    assert gerda.preferences.is_empty
    assert "Keep the workshop in Lindby open" in [one.name for one in anton.options]


def test_pronoun_in_a_condition_means_what_its_own_sentence_names() -> None:
    text = (
        "Norland said that it would not sign an agreement while the talks are secret. Norland said that it would sign "
        "a binding agreement if Sudria signed it too. Sudria demanded that Norland sign an agreement."
    )
    _, sudria = proposed(text, "Norland", "Sudria").conflict.decision_makers
    assert [one.name for one in sudria.options] == ["Sign a binding agreement"]
