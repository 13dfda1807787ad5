"""Words of the overview, each kind of sentence once."""

from __future__ import annotations

import re
from dataclasses import replace

import detente as dt
from detente.analysis.overview import Matter
from detente.present.blocks import Bullets, Paragraph, Table, plain_text
from detente.present.overview import sections, stuck_in_brief, view, way_in_words
from detente.present.positions import agreement_table, sides_in_words


def told(conflict: dt.Conflict, *concepts: str, changes: bool = True) -> dict[str, str]:
    """The words of each section, by its place in an address."""
    found = conflict.overview(concepts or None, changes=changes)
    return {one.id: plain_text(one.blocks) for one in sections(found)}


def test_sections_stand_in_the_order_of_the_questions() -> None:
    found = dt.example("nile-dam").overview()
    assert [one.id for one in sections(found)] == [
        "stuck", "why", "ways", "outcomes", "agreed", "certain", "assumed", "claims"
    ]  # fmt: skip
    assert all(isinstance(one.blocks[0], Paragraph) for one in sections(found))
    leads = [block.lead for block in view(found) if isinstance(block, Paragraph) and block.lead.endswith("?")]
    assert leads == [one.title for one in sections(found)]


def test_the_answer_says_since_when() -> None:
    said = told(dt.example("nile-dam"))["stuck"]
    assert said.startswith("Yes. The status quo, ‘in the Security Council’ (state 34), is an equilibrium under all six")
    assert "It has been stuck since 8 July 2021" in said


def test_a_party_that_stays_is_told_with_the_statement_behind_it() -> None:
    said = told(dt.example("nile-dam"))["why"]
    assert (
        "- Ethiopia could move in 3 ways but would gain from none of them, because of these preferences: that " in said
    )
    quote = "“We will not sign an agreement while the matter is before the Security Council”"
    assert f"  - Ethiopia, refusal: {quote} (28 June 2021) [c2, courier]" in said


def test_a_party_that_would_move_is_told_with_what_holds_it_back() -> None:
    said = told(dt.example("elmira"))["why"]
    assert (
        "Local government would gain by moving to ‘appeal under local pressure’ (state 5): Local government insists "
        "that the original Control Order be applied. What holds it back, under SMR: Ontario Ministry of the "
        "Environment modifies the Control Order to make it acceptable to Uniroyal, leading to state 6, which is no "
        "better for Local government than staying." in said
    )


def test_a_party_that_nothing_holds_back_is_told_so() -> None:
    makers = [
        dt.DecisionMaker("a", "Alva", options={"x": "open the border"}, preferences=["x"]),
        dt.DecisionMaker("b", "Brun", options={"y": "join the talks"}, preferences=["not y"]),
    ]
    said = told(dt.Conflict("T", makers, status_quo=[]), "nash", "seq")
    assert (
        "Alva would gain by moving to state 2: Alva opens the border. Behind that is the preference that Alva opens "
        "the border [the analyst's assumption]. Nothing holds it back under any of these concepts." in said["why"]
    )
    assert said["ways"].startswith("The dispute is not stuck: a party would move on its own. These ways lead")
    assert (
        "- Without a concession: Alva opens the border, leading to state 2. That outcome would last under"
        in said["ways"]
    )


def test_ways_say_what_they_ask_of_whom() -> None:
    said = told(dt.example("nile-dam"))["ways"]
    assert (
        "- 1 concession, by Egypt: Egypt alone signs a binding agreement (a concession), leading to state 38." in said
    )
    assert (
        "- All parties together (1 concession, by Ethiopia): 3 moves lead to ‘a binding agreement’ (state 24)." in said
    )
    assert "  - 1. Ethiopia signs a binding agreement (a concession)." in said
    assert (
        "- 1 change to the preferences of Egypt: ‘filling without an agreement’ (state 2) would last under Nash" in said
    )
    assert (
        "- A third party that controls 1 option of Egypt: ‘filling without an agreement’ (state 2) would last" in said
    )


def test_a_way_in_full_has_its_steps() -> None:
    found = dt.example("nile-dam").overview()
    assert way_in_words(found, found.ways[0]).count("signs a binding agreement") >= 3


def test_ways_that_ask_the_same_of_the_same_parties_are_told_once() -> None:
    said = told(dt.example("ukraine-2023"), changes=False)["ways"]
    assert len(re.findall("^- 1 concession, by Russia:", said, re.M)) == 1
    assert "Another such way leads to state 313." in said


def test_an_outcome_is_told_with_its_concessions_robustness_and_claims() -> None:
    said = told(dt.example("nile-dam"))["outcomes"]
    assert (
        "- ‘a binding agreement’ (state 24): as in the status quo, but Ethiopia signs a binding agreement; Egypt"
        in said
    )
    assert re.search(
        r"Stable under all six concepts. 1 concession away, by Ethiopia. Under Nash, GMR, SMR and SEQ, an equilibrium "
        r"in \d+% to 100% of 200 random variations of the preferences. No coalition would leave it. "
        r"It is an equilibrium only if you do not believe the claim of Ethiopia “Egypt had withdrawn its readiness to "
        r"sign” \[g7\]\.",
        said,
    )


def test_quote_behind_a_reason_never_favours_the_move_that_it_speaks_against() -> None:
    said = told(dt.example("nile-dam"), changes=False)["why"]
    # Egypt was ready to sign, and denied that it was not: neither says that it would not sign alone.
    assert "Egypt was ready to sign one" not in said
    assert "foreign minister denied that" not in said
    assert (
        "No statement says so directly: this preference is the analyst's reading of [c8] and [g8]. "
        "Egypt says that it is ready to sign, and denies that it withdrew. That it would not sign alone is the "
        "analyst's reading."
    ) in said
    # A party's own words come before those of a newspaper on what it did.
    assert "Sudan, commitment, in indirect speech: “Sudan would support Egypt until Ethiopia signed”" in said
    assert "claim: “Sudan supported Egypt in the Council”" not in said


def test_what_is_believed_of_a_condition_is_that_it_was_set() -> None:
    said = told(dt.example("ukraine-2023"), changes=False)
    assert "†" not in said["why"]
    assert "Ukraine (s21, marked as disputed)" in said["why"]
    assert (
        "only if you believe that Ukraine set the condition “there would be no peace talks until Russia"
        in (said["outcomes"])
    )


def test_agreement_names_the_sides_and_never_endorses_them() -> None:
    said = told(dt.example("nile-dam"))["agreed"]
    # Egypt objects to a filling without an agreement.
    assert "whether Ethiopia fills the reservoir (for: Ethiopia; under a condition: Egypt)" in said
    assert "that Sudan signs a binding agreement (Ethiopia and Sudan)." in said
    assert "(Ethiopia and Egypt; a reported withdrawal by Egypt is disputed)" in said
    ukraine = told(dt.example("ukraine-2023"), changes=False)["agreed"]
    assert "for: Ukraine, according to Russia" in ukraine
    assert " Nothing is agreed. " in ukraine and "Nothing is agreed" not in said


def test_agreement_in_brief_has_the_conditions_on_which_several_parties_speak() -> None:
    found = dt.example("nile-dam").overview(changes=False)
    (agreed,) = (one for one in sections(found, brief=True) if one.id == "agreed")
    words = plain_text(agreed.blocks)
    signs = "whether Ethiopia signs a binding agreement (for: Egypt and Sudan; under a condition: Ethiopia)"
    assert "At least one party sets a condition on " in words and signs in words
    assert "Only one party" not in words and "No party takes" not in words


def test_agreement_table_has_the_words_of_each_side() -> None:
    found = dt.example("nile-dam").overview(changes=False)
    table = agreement_table(found.conflict, found.matters)
    assert isinstance(table, Table)
    assert [column.head for column in table.columns] == [
        "Option",
        "For",
        "Against",
        "Under a condition",
        "No position stated directly",
    ]
    fill = table.rows[0]
    assert fill[0] == "Whether Ethiopia fills the reservoir"
    assert "[g6]" in str(fill[1]) and "[c5, c6]" in str(fill[3]) and fill[4] == "Sudan"
    signs = table.rows[2]
    # Who denies a withdrawal that another party reports is named beside it.
    assert str(signs[1]).endswith("[c8] (withdrawn, according to Ethiopia (g7); Egypt denies that in g8)")
    # A party that spoke of an option in a claim is not told as silent.
    council = str(table.rows[3][4])
    assert council.startswith(
        "Sudan, not directly: from “Sudan preferred talks to the Council” [g5] the analyst infers"
    )


def test_agreement_tells_what_a_program_infers_from_what_the_analyst_does() -> None:
    makers = [
        dt.DecisionMaker("up", options={"divert": "Divert the river"}),
        dt.DecisionMaker("down", options={"sue": "Sue"}),
    ]
    said = dt.Statement("s1", speaker="down", kind="threat", quote="if they divert it, we sue", about={"sue": "for"})
    for note, told in (
        ("Proposed: a threat.", "(from [down (s1)] Detente infers a preference against, not reviewed)"),
        ("", "(from [down (s1)] the analyst infers a preference against)"),
    ):
        wish = dt.PreferenceStatement(dt.parse("not divert"), dt.Support(("s1",), note=note))
        conflict = dt.Conflict(
            "T", [makers[0], replace(makers[1], preferences=dt.Prioritising((wish,)))], statements=[said], status_quo=[]
        )
        table = agreement_table(conflict, [Matter("divert", (), ("down",))])
        assert told in str(table.rows[0][4])


def test_agreement_marks_positions_from_disputed_statements() -> None:
    conflict = dt.example("ukraine-2023")
    withdraw = next(one for one in conflict.overview(changes=False).matters if one.option == "withdraw")
    assert "for: Ukraine, in a disputed statement; against: Russia" in sides_in_words(conflict, withdraw)
    (row,) = agreement_table(conflict, [withdraw]).rows
    assert str(row[1]).endswith("[s21] (the analyst marks it as disputed)")
    against = Matter("withdraw", tuple(replace(one, stance="against") for one in withdraw.positions), ())
    assert sides_in_words(conflict, against).startswith("that Russia keeps its troops in Crimea")


def test_a_dispute_without_statements_says_so() -> None:
    said = told(dt.example("chicken"))
    assert "why" not in said and "ways" not in said
    assert said["agreed"].startswith("No statement takes a position on an option")
    assert said["claims"] == "The file has no statements, so the answer depends on none."


def test_what_was_left_out_is_said_with_the_reason() -> None:
    options = [f"o{place}" for place in range(12)]
    makers = [dt.DecisionMaker(f"d{place}", options=[name], preferences=[name]) for place, name in enumerate(options)]
    said = told(dt.Conflict("Large", makers, status_quo=options), "nash")
    reason = "4,096 states take too long here; ask it alone, on the page Analyses of the app or with ‘detente evolve’"
    assert said["ways"].startswith(f"No paths to other outcomes were searched for: {reason}.")
    assert "Joint moves were not examined: 4,096 states take too long here" in said["ways"]
    assert "Random preferences were not tried: 4,096 states" in said["outcomes"]


def test_a_concession_that_a_later_step_reverses_is_not_told_as_part_of_the_outcome() -> None:
    found = dt.example("ukraine-2023").overview(changes=False)
    said = plain_text(view(found, brief=True))
    assert (
        "The concession: Russia withdraws its troops from Crimea and the territories it controls in Ukraine, ends the "
        "“military operation”, and is no longer ready for negotiations. Move 3 of 5 reverses a part of this: Russia "
        "sends its troops back into Crimea and the territories it controlled in Ukraine." in said
    )
    assert (
        "Move 3 of 4 reverses a part of this: Ukraine rules out talks with Russia again, withdraws from the agreement "
        "on neutrality and no longer accepts what Moscow calls “a new territorial reality”." in said
    )
    # A concession that lasts has no such remark.
    assert "reverses" not in told(dt.example("nile-dam"))["ways"]


def test_a_withdrawal_that_another_party_reports_is_not_told_as_a_fact() -> None:
    found = dt.example("ukraine-2023").overview(changes=False)
    said = plain_text([agreement_table(found.conflict, found.matters)])
    assert (
        "Ukraine, according to Russia: “withdrew the agreement soon after” [s20a] (a withdrawal, reported in s20, "
        "which the analyst marks as disputed)" in said
    )


def test_assumptions_are_listed_behind_the_words() -> None:
    (assumed,) = [one for one in sections(dt.example("nile-dam").overview(changes=False)) if one.id == "assumed"]
    (details,) = assumed.details
    assert isinstance(details, Bullets)
    # A preference is not in quotation marks, for these words are no quote.
    first = "The preference of Ethiopia that Sudan does not support Egypt in the Security Council."
    assert details.items[0].text == first
    assert len(details.items) == 4


def test_the_brief_view_says_the_same_of_fewer_ways_and_outcomes() -> None:
    found = dt.example("ukraine-2023").overview(changes=False)
    brief, full = plain_text(view(found, brief=True)), plain_text(view(found))
    ways = [line for line in brief.splitlines() if re.match("- 1 concession", line)]
    assert len(ways) == 2 and all(line.partition(" The concession:")[0] in full for line in ways)
    # What a way asks of a party is named where its steps are not.
    assert all(" The concession: " in line for line in ways)
    assert len(brief) < len(full)


def test_a_list_says_since_when_at_least_and_nothing_of_the_days_before_a_model() -> None:
    ukraine = dt.example("ukraine-2023")
    assert stuck_in_brief(ukraine.analyze(), ukraine.timeline()) == "Stuck at least since 31 March 2022"
    open_ = dt.example("northern-ireland-1998").at("1997-08-01")
    assert stuck_in_brief(open_.analyze(["nash"]), open_.timeline(["nash"])) == "Not stuck"
