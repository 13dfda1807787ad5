"""How text for people is put: one way for each thing, whatever the names are."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.concepts import concept
from detente.engine import solver
from detente.io.conflict_file import parse_conflict
from detente.model.conditions import parse
from detente.model.day import model_of_day
from detente.model.evidence import Support
from detente.model.wording import listed, names_in_words, state_label
from detente.present import parties
from detente.present.basis import basis_in_words, proposed_in_words, view
from detente.present.blocks import Table, plain_text
from detente.present.equilibria import answer
from detente.present.evolution import path_in_words
from detente.present.explanation import reasons
from detente.present.outcomes import (
    condition_in_words,
    in_which,
    outcome_in_words,
    outcome_name,
    preference_in_words,
    rule_in_words,
    shared_and_different,
    step_in_words,
)
from detente.present.phrases import (
    coalition_in_words,
    evidence_in_brief,
    preference_evidence,
    speaker_in_words,
    spelled_out,
    statement_in_words,
)
from detente.present.positions import dispute_in_words
from detente.report.briefing import report

#: What would follow a singular name only.
THIRD_PERSON = r"(takes|drops|has|does|gains|moves|prefers|expects|sees|ranks|leaves|is|was)\b"


@pytest.fixture(scope="module")
def conflict() -> dt.Conflict:
    return dt.example("ukraine-2023")


@pytest.fixture(scope="module")
def told(conflict: dt.Conflict) -> list[str]:
    """What is said of a dispute: its report, explanations, and paths."""
    explained = product(
        ("status quo", "neutrality agreement", "halt in place"),
        [maker.id for maker in conflict.decision_makers],
        ("nash", "smr", "seq", "maximin_4"),
    )
    return [
        report(conflict, samples=20).markdown(),
        *(str(conflict.explain(*asked)) for asked in explained),
        str(conflict.evolve(by="improvements")),
    ]


def test_plural_name_has_no_singular_verb(told: list[str]) -> None:
    for text in told:
        assert re.findall(rf"NATO allies {THIRD_PERSON}", text) == []


def test_state_without_options_is_described_in_words() -> None:
    """It has no letters, and where they would stand there was nothing."""
    stateless = dt.Conflict("none", [dt.DecisionMaker("a")], status_quo=[], states={"calm": []})
    (state,) = stateless.analyze().states()
    assert state_label(state) == "‘calm’, the one state of a dispute without options"
    first = answer(stateless.replaced(states=()).analyze())
    assert "The status quo, the one state of a dispute without options, is an equilibrium" in first


def test_names_are_quoted_consistently(told: list[str]) -> None:
    for text in told:
        assert re.findall(r"(?<!\w)'[A-Z][^']*'", text) == []


def test_moves_between_states_are_described_in_words(conflict: dt.Conflict) -> None:
    here, there = (conflict.explain(state, "russia").state for state in ("status quo", "withdrawal for neutrality"))
    assert outcome_in_words(conflict, there, here, ["us-nato"]) == (
        "the United States and NATO allies end military aid to Ukraine"
    )
    assert outcome_in_words(conflict, here, here) == ""
    assert outcome_in_words(conflict, there, here, ["russia"]) == (
        "Russia withdraws its troops from Crimea and the territories it controls in Ukraine, and ends the "
        "“military operation”"
    )


def test_coalition_of_all_parties_is_named_all_of_them(conflict: dt.Conflict) -> None:
    assert coalition_in_words(conflict, ["russia", "ukraine", "us-nato"]) == "all parties"
    assert coalition_in_words(conflict, ["russia", "us-nato"]) == "Russia and also the United States and NATO allies"
    assert coalition_in_words(dt.example("river-sharing"), ["upstream", "downstream"]) == (
        "Upstream country and Downstream country"
    )


def test_evidence_says_which_statement_is_disputed_by_whom() -> None:
    nile = dt.example("nile-dam")
    told = {evidence_in_brief(nile, support) for _, support in nile.supports()}
    assert "the analyst's reading of Egypt (c8; g8, a denial of g7)" in told
    assert "the analyst's reading of Egypt (c9, denied by Ethiopia in c10)" in told


def test_a_preference_is_its_speakers_only_if_a_statement_takes_that_position() -> None:
    said = plain_text(list(parties.view(dt.example("ukraine-2023").analyze(["nash"]))))
    assert (
        "- The United States and NATO allies accept the security proposals that Russia considers “core” [Russia (s8)]"
        in said
    )
    # Claims, and a statement of another speaker.
    assert "no military aid to Ukraine [the analyst's reading of Russia (s15)]" in said
    assert (
        "[the analyst's reading of Russia (s4, s19†), and a declaration of 1990, according to the report (s4a)]" in said
    )
    assert "[the analyst's reading of the report (s13)]" in said
    nile = dt.example("nile-dam")
    said = plain_text(list(parties.view(nile.analyze(["nash"]))))
    # A condition is no wish without one.
    assert "- Ethiopia signs a binding agreement [the analyst's reading of Ethiopia (c3)]" in said
    assert "- Ethiopia signs a binding agreement [Egypt (c7)]" in said
    assert "[the analyst's reading of The Gazette (g4) and Sudan (g4a)]" in said
    interpreted = plain_text(list(view(nile))).partition("How statements were interpreted")[2]
    assert "- Ethiopia, preference: Ethiopia signs a binding agreement. [Ethiopia (c3)]" in interpreted
    assert "[Egypt (c7)]" not in interpreted


def test_statements_that_say_a_preference_stand_apart_from_those_that_are_read_so() -> None:
    nile = dt.example("nile-dam")
    told = preference_evidence(nile, "ethiopia", parse("fill"), Support(("c3", "c1"), against=("c9a",)))
    assert told == (
        "Ethiopia (c1); the analyst's reading of Ethiopia (c3); evidence against it: Ethiopia, as reported by Egypt "
        "(c9a, "
        "denied by Ethiopia in c10)"
    )


def test_a_denial_says_what_it_denies_and_a_reported_withdrawal_whose_report_it_is() -> None:
    nile = dt.example("nile-dam")
    told = {one.id: statement_in_words(one, nile.all_speakers, nile.all_statements) for one in nile.all_statements}
    assert "Egypt, denial of g7 (“Egypt had withdrawn its readiness to sign”)" in told["g8"]
    assert "withdrawn, according to Ethiopia (g7)" in told["c8"]


def test_contradictions_name_both_sides() -> None:
    (told,) = basis_in_words(model_of_day(dt.example("nile-dam")))
    assert told == (
        "Egypt and Ethiopia contradict each other (c9, c10; g7, g8). Parts of the model depend on c9 and g8, which "
        "does not "
        "mean that they are true."
    )


def test_a_statement_of_a_vague_date_may_be_as_late_as_its_last_day() -> None:
    (told,) = [one for one in basis_in_words(model_of_day(dt.example("ukraine-2023").at("2022-03-31"))) if "s21" in one]
    assert told.startswith("Not yet in the model, because s21 may be as late as 28 July 2023: ")
    (told,) = [one for one in basis_in_words(model_of_day(dt.example("ukraine-2023").at("2021-03-31"))) if "s21" in one]
    assert told.startswith("Not yet in the model, because s21 is dated March 2022 to 28 July 2023: ")


def test_table_of_statements_says_who_disputes_what_another_side_reports() -> None:
    table = next(block for block in view(dt.example("nile-dam")) if isinstance(block, Table))
    disputed = {str(row[0]): str(row[4]) for row in table.rows}
    assert {id: disputed[id] for id in ("c8", "c9a", "g7a", "g8", "c1")} == {
        "c8": "withdrawn, according to Ethiopia (g7); Egypt denies that in g8",
        "c9a": "Ethiopia denies it in c10",
        "g7a": "Egypt denies it in g8",
        "g8": "denies g7",
        "c1": "–",
    }


def test_nested_list_is_readable() -> None:
    assert listed(["‘a and b’", "‘c’"]) == "‘a and b’ and ‘c’"
    assert listed([]) == ""


RIVAL_PARTIES = [
    dt.DecisionMaker(
        "ethiopia",
        "Ethiopia",
        [dt.Option("fill", "Fill the reservoir"), dt.Option("sign-e", "Sign a binding agreement")],
    ),
    dt.DecisionMaker(
        "groups",
        "Environmental groups",
        [dt.Option("sign-g", "Sign a binding agreement"), dt.Option("talks", "Talks with Sudan")],
    ),
    dt.DecisionMaker(
        "russia",
        "Russia",
        [dt.Option("withdraw", "withdraws", not_named="stays"), dt.Option("operation", not_named="ends the operation")],
    ),
    dt.DecisionMaker("idle", "A party without options"),
]


def state_of(conflict: dt.Conflict, *taken: str) -> dt.State:
    compiled = conflict.analyze(["nash"]).solver
    return compiled.state(compiled.number_of(conflict.pattern(taken)))


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        (
            ["fill", "sign-e", "sign-g", "talks", "withdraw", "operation"],
            "Ethiopia fills the reservoir and signs a binding agreement; Environmental groups sign a binding "
            "agreement, with ‘Talks with Sudan’; Russia withdraws, with ‘operation’",
        ),
        (
            [],
            "Ethiopia does not fill the reservoir or sign a binding agreement; Environmental groups do not sign a "
            "binding agreement, without ‘Talks with Sudan’; Russia stays and ends the operation",
        ),
        (
            ["sign-e", "talks"],
            "Ethiopia signs a binding agreement and does not fill the reservoir; Environmental groups do not sign a "
            "binding agreement, with ‘Talks with Sudan’; Russia stays and ends the operation",
        ),
    ],
)
def test_outcome_in_words_has_a_clause_for_every_party(taken: list[str], said: str) -> None:
    conflict = dt.Conflict("Nile", RIVAL_PARTIES)
    assert outcome_in_words(conflict, state_of(conflict, *taken)) == said


def test_outcome_in_words_with_base_tells_only_the_differences() -> None:
    conflict = dt.Conflict("Nile", RIVAL_PARTIES)
    before, after = state_of(conflict, "fill", "operation"), state_of(conflict, "sign-e", "operation")
    assert outcome_in_words(conflict, after, before) == (
        "Ethiopia no longer fills the reservoir and alone signs a binding agreement"
    )
    assert outcome_in_words(conflict, after, before, ["russia"]) == ""
    assert outcome_in_words(conflict, after, after) == ""


def test_outcome_in_words_quotes_names_that_are_no_verbs() -> None:
    conflict = dt.Conflict(
        "Ships",
        [
            dt.DecisionMaker("h", "Houthis", {"s": "Stop the attacks"}),
            dt.DecisionMaker("e", "Égypte", {"f": "Remplir le réservoir"}),
        ],
    )
    assert outcome_in_words(conflict, state_of(conflict, "s")) == (
        "Houthis: ‘Stop the attacks’; Égypte: not ‘Remplir le réservoir’"
    )


def test_dropping_an_option_is_told_as_an_act() -> None:
    conflict = dt.Conflict(
        "Border",
        [
            dt.DecisionMaker(
                "r",
                "Russia",
                [
                    dt.Option(
                        "withdraw", "Withdraw its troops", not_named="keeps its troops", undone="moves them back"
                    ),
                    dt.Option("pay", "Pay compensation", not_named="does not pay"),
                    dt.Option("talks", "Talks"),
                    dt.Option("release", "Release water and stop filling the dam"),
                    dt.Option("fight", "Continue the fight", not_named="ends the fight"),
                ],
            )
        ],
        status_quo=["fight"],
    )
    every, none = state_of(conflict, "withdraw", "pay", "talks", "release", "fight"), state_of(conflict)
    assert outcome_in_words(conflict, none) == (
        "Russia keeps its troops, does not pay, ends the fight, and does not release water and stop filling the dam, "
        "without ‘Talks’"
    )
    assert outcome_in_words(conflict, none, every) == (
        "Russia moves them back, no longer pays compensation and ends the fight, no longer ‘Talks’ or "
        "‘Release water and stop filling the dam’"
    )
    again = outcome_in_words(conflict, state_of(conflict, "fight"), none)
    assert again == "Russia resumes the fight"


def test_again_is_said_only_on_a_path_that_shows_the_time_before() -> None:
    conflict = dt.example("ukraine-2023")
    quo = solver(conflict).state(solver(conflict).number_of("status quo"))
    without = solver(conflict).state(solver(conflict).number_of("talks under way"))
    assert step_in_words(conflict, "ukraine", without, quo) == "Ukraine rules out talks with Russia"
    there_and_back = path_in_words(conflict, quo, [("ukraine", without), ("ukraine", quo)])
    assert "; then Ukraine rules out talks with Russia again, leading to " in there_and_back
    assert "again" not in path_in_words(conflict, without, [("ukraine", quo)])


def test_a_move_that_no_preference_is_about_meets_no_further_one() -> None:
    (words,) = reasons(dt.example("ukraine-2023").at("2023-02-01").explain(13, "us-nato", "nash"))
    assert words.endswith("; 1 move meets no further preference.")


def test_what_one_party_does_that_others_could_do_too_it_does_alone() -> None:
    conflict = dt.example("nile-dam")
    quo, one, both = (
        solver(conflict).state(solver(conflict).number_of(name)) for name in ("status quo", "YNYYNY", "YNYYYY")
    )
    assert outcome_in_words(conflict, one, quo) == "Egypt alone signs a binding agreement"
    assert outcome_in_words(conflict, both, one) == "Sudan signs a binding agreement"
    path = path_in_words(conflict, quo, [("egypt", one), ("sudan", both)])
    assert path.startswith("Egypt signs a binding agreement; then Sudan signs")
    assert path_in_words(conflict, quo, [("egypt", one)]).startswith("Egypt alone signs a binding agreement, leading")


def test_an_act_that_others_could_do_too_is_told_as_done_alone() -> None:
    nile = dt.example("nile-dam")
    assert outcome_name(nile, state_of(nile, "fill", "egypt-signs", "council", "support-egypt")) == (
        "the outcome in which, unlike in the status quo, Egypt alone signs a binding agreement (state 38)"
    )
    both = state_of(nile, "fill", "ethiopia-signs", "egypt-signs", "council", "support-egypt")
    assert "alone" not in outcome_name(nile, both)


def test_outcome_in_words_says_may_or_may_not_for_merged_states() -> None:
    conflict = dt.example("elmira")
    (left,) = [state for state in conflict.analyze(["nash"]).states() if state.name == "plant abandoned"]
    assert "Local government may or may not insist that" in outcome_in_words(conflict, left)


def test_shared_and_different_separates_common_options_from_others() -> None:
    conflict = dt.Conflict("Nile", RIVAL_PARTIES)
    shared, different = shared_and_different(conflict, ["YNYNYN", "YNNNYN"])
    assert shared.startswith("Ethiopia fills the reservoir and does not sign a binding agreement; ")
    assert different == "whether Environmental groups sign a binding agreement"
    assert shared_and_different(conflict, ["YNYNYN", "YNNNYN"], base="YNNNYN") == ("", different)
    every = ["".join(letters) for letters in product("YN", repeat=6)]
    assert shared_and_different(conflict, every) == (
        "",
        "whether Ethiopia fills the reservoir, whether Ethiopia signs a binding agreement, whether Environmental "
        "groups sign a binding agreement and in 3 other options",
    )


#: Names with a word of their own, of every kind: verbs, nouns, several verbs, hostile text, other scripts.
NAMES = (
    "Fill {}", "Talks {}", "Sign {} and keep it", "Support {}", "Release the {}; all", "Make no {}", "Accept “{}”",
    "ملء {}", "<b>{}</b>", "{}", "Sign \u202e{}", "‘{}", "withdraws {}", "Continue les {}",
)  # fmt: skip
PARTIES = ("Egypt", "Environmental groups", "Houthis", "مصر", "A; B", "United States and NATO allies", "")


@given(data=st.data())
def test_outcome_in_words_names_every_option_once_and_never_inverts_it(data: st.DataObject) -> None:
    makers = []
    for party in range(data.draw(st.integers(1, 3))):
        options = []
        for place in range(data.draw(st.integers(0, 4))):
            word = f"x{party}y{place}z"
            not_named = data.draw(st.sampled_from(["", "leaves {}", "Keep {}", "No {}", "do not {}"]))
            name = data.draw(st.sampled_from(NAMES)).format(word)
            undone = data.draw(st.sampled_from(["", "takes {} back", "Undo {}; all", "{}"])).format(f"u{word}")
            options.append(dt.Option(word, name, not_named=not_named.format(f"u{word}"), undone=undone))
        makers.append(dt.DecisionMaker(f"p{party}", data.draw(st.sampled_from(PARTIES)), options))
    conflict = dt.Conflict("Any", makers)
    pattern = "".join(data.draw(st.lists(st.sampled_from("YN-"), min_size=len(conflict.options),
                                         max_size=len(conflict.options))))  # fmt: skip
    state = dt.State(1, pattern, ())
    base = data.draw(st.sampled_from([None, "".join({"Y": "N", "N": "Y", "-": "N"}[one] for one in pattern)]))
    said = outcome_in_words(conflict, state, None if base is None else dt.State(2, base, ()))
    for option, letter in zip(conflict.options, pattern, strict=True):
        label = conflict.decision_maker(conflict.owner[option.id]).label
        words = len(re.findall(rf"(?<!u){option.id}", said))
        assert words + said.count(f"u{option.id}") == 1
        before = said[: said.index(option.id)]
        marker = r"with or without |without |, with (?!or)|(?:does|do) not |may or may not |: not |no longer |: |"
        last = re.findall(f"{marker}{re.escape(label)} ", before)[-1]
        if letter == "Y":
            assert words == 1
            assert last in (": ", ", with ", f"{label} ")
        elif letter == "-":
            assert last in ("with or without ", "may or may not ")
        elif words:
            assert last in (("no longer ",) if base else ("without ", ": not ", "does not ", "do not "))
        else:
            assert option.undone if base and not option.not_named else option.not_named


def test_conditions_are_said_as_what_the_parties_do() -> None:
    nile = dt.example("nile-dam")
    said = condition_in_words(nile, dt.parse("if council or not (egypt-signs and sudan-signs) then not ethiopia-signs"))
    assert said == (
        "Ethiopia signs a binding agreement only if Egypt signs a binding agreement and keeps the matter out of the "
        "Security Council, and Sudan signs a binding agreement"
    )
    unless = condition_in_words(nile, dt.parse("council iff not (egypt-signs and sudan-signs)"))
    assert unless == (
        "Egypt keeps the matter out of the Security Council if and only if Egypt signs a binding agreement and Sudan "
        "signs a binding agreement"
    )
    either = condition_in_words(nile, dt.parse("council iff (egypt-signs or not sudan-signs)"))
    assert either.endswith(
        "if and only if either Egypt signs a binding agreement or Sudan does not sign a binding agreement"
    )
    ukraine = dt.example("ukraine-2023")
    assert condition_in_words(ukraine, dt.parse("withdraw and territorial-reality")) == (
        "Russia withdraws its troops from Crimea and the territories it controls in Ukraine, and Ukraine accepts what "
        "Moscow calls “a new territorial reality”"
    )
    never = dt.Rule("never", (dt.parse("support-egypt and not council"),))
    assert rule_in_words(nile, never) == (
        "Never both: Sudan supports Egypt in the Security Council; Egypt keeps the matter out of the Security Council"
    )
    assert preference_in_words(nile, dt.parse("not council")) == "“Egypt keeps the matter out of the Security Council”"
    ships = dt.Conflict("Ships", [dt.DecisionMaker("h", "Houthis", {"s": "Stop the attacks"}), dt.DecisionMaker("e")])
    assert condition_in_words(ships, dt.parse("not s")) == "not ‘Stop the attacks’"
    assert preference_in_words(ships, dt.parse("s")) == "‘Stop the attacks’"


def test_parties_in_an_outcome_are_parted_by_more_than_commas() -> None:
    one, two = "Alva opens the border", "Brea, with its allies, closes the port"
    assert in_which(f"{one}; Brea signs") == f"in which {one}, and Brea signs"
    assert in_which(f"{two}; {one}") == f"in which {two}; and {one}"


def test_two_parties_of_which_one_has_a_double_name_stand_apart() -> None:
    conflict = dt.example("ukraine-2023")
    assert names_in_words(conflict, ["russia", "us-nato"]) == "Russia and also the United States and NATO allies"
    assert names_in_words(conflict, ["russia", "ukraine"]) == "Russia and Ukraine"
    three = names_in_words(conflict, ["ukraine", "us-nato", "russia"])
    assert three == "Ukraine, the United States and NATO allies, and Russia"
    assert names_in_words(conflict, ["us-nato"]) == "the United States and NATO allies"


def test_a_reported_statement_names_who_reports_it_beside_its_speaker() -> None:
    nile = dt.example("nile-dam")
    said = next(one for one in nile.all_statements if one.id == "c9a")
    words = statement_in_words(said, nile.all_speakers, nile.all_statements)
    assert words.startswith("Ethiopia (as reported by Egypt), commitment, in indirect speech: “promised in 2015")
    assert words.endswith("(2015; Ethiopia denies it in c10) [c9a, courier]")
    # A report of what a party itself said has no other teller.
    own = replace(said, reported_by="ethiopia")
    assert statement_in_words(own, nile.all_speakers).startswith("Ethiopia, commitment, in indirect speech: “")


def test_a_source_that_reports_in_its_own_words_is_told_as_a_source() -> None:
    ukraine = dt.example("ukraine-2023")
    cited = next(one for one in ukraine.all_statements if one.id == "s4a")
    assert speaker_in_words(ukraine, cited) == "a declaration of 1990, according to the report"
    text = statement_in_words(cited, ukraine.all_speakers, ukraine.all_statements)
    assert text.startswith("a declaration of 1990 (according to the report), commitment, in indirect speech: ")


def test_dispute_says_who_denies_and_which_part_is_disputed() -> None:
    nile, ukraine = dt.example("nile-dam"), dt.example("ukraine-2023")
    assert dispute_in_words(nile, ["c9a"]) == "disputed: Ethiopia denies it in c10"
    assert dispute_in_words(nile, ["c9", "c7"]) == "partly disputed: Ethiopia denies it in c10"
    assert dispute_in_words(ukraine, ["s21"]) == "the analyst marks it as disputed"
    assert dispute_in_words(ukraine, ["s21", "s22"]) == "the analyst marks part of it as disputed"
    assert dispute_in_words(ukraine, ["s22"]) == ""


def test_a_concept_is_spelled_out_with_its_name_as_written() -> None:
    assert spelled_out(concept("nash_a")).startswith("Nash a, Nash stability with unknown preference")
    assert spelled_out(concept("probabilistic_nash")) == "α-Nash, probabilistic Nash stability"
    assert spelled_out(concept("seq_then_sim")) == "SEQ, then SIM (sequential stability, then simultaneous)"


def test_draft_says_how_many_elements_are_proposed_until_their_notes_are_gone() -> None:
    text = """
format: detente/1
title: T
as_of: 2024-05-01
decision_makers:
  union:
    options: {strike: {name: Strike, note: "Proposed: threatened by Union (s1)."}, talk: {note: "Proposed."}}
    preferences: [{when: not strike, note: "Proposed: a refusal."}, talk]
status_quo: {taken: [strike], note: "Proposed: reported as done."}
history: [{date: 2024-03, by: union, takes: [strike], note: "Proposed: reported as done."}]
"""
    drafted = parse_conflict(text)
    said = "This is a draft: 2 options, 1 preference, the status quo and 1 act are proposed and not reviewed."
    assert proposed_in_words(drafted) == [said]
    assert said in basis_in_words(drafted)
    assert proposed_in_words(parse_conflict(text.replace("Proposed", "Reviewed"))) == []


def test_quotes_within_a_quote_have_single_marks() -> None:
    ukraine = dt.example("ukraine-2023")
    said = next(one for one in ukraine.all_statements if one.id == "s22")
    assert "“considers Kiev’s demands ‘unacceptable’”" in statement_in_words(said, ukraine.all_speakers)
