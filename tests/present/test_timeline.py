"""The words of a timeline."""

from __future__ import annotations

import detente as dt
from detente.io.conflict_file import parse_conflict
from detente.model.dates import day_in_words
from detente.model.statements import Statement
from detente.present.blocks import Table, plain_text
from detente.present.positions import changes_in_words, matter_in_words, positions_table
from detente.present.timeline import act_in_words, answer, equilibria_counted, story, view

SIDES = """
format: detente/1
title: A dispute in which a party changes sides
decision_makers: {up: {options: {divert: Divert the river}}, down: {options: {pay: Pay}}}
status_quo: []
statements:
  - {id: n1, speaker: up, date_said: 2024-01-01, about: {divert: against}}
  - {id: n2, speaker: up, date_said: 2024-02-01, about: {divert: for}}
  - {id: n3, speaker: up, date_said: 2024-03, about: {divert: conditional}}
"""
#: Without its acts, so that a period has a verdict from the first statements on.
UNDATED = dt.example("nile-dam").replaced(history=())
NILE = UNDATED.timeline(["nash", "gmr"])


def test_the_answer_says_since_when_and_through_what() -> None:
    assert answer(NILE).startswith("Yes. In the last period the status quo, ‘in the Security Council’ (state 34),")
    assert answer(dt.example("river-sharing").timeline(["nash"])).endswith(
        "It stopped being stuck on 30 April 2024, through 4 statements of that day, if the status quo of 1 May 2024 "
        "held already then (the file dates no acts)."
    )


def test_since_when_is_at_least_if_the_days_before_have_no_verdict() -> None:
    assert answer(NILE).endswith(
        "It has been stuck at least since 28 June 2021, if the status quo of 9 July 2021 held already then (the file "
        "dates no acts). Whether it was stuck before is not known. The model of an earlier day has only what had been "
        "said or done by then: no option is in the model yet."
    )
    later = UNDATED.timeline(["nash"], first="2021-07-08")
    assert answer(later).endswith(
        "It has been stuck at least since 8 July 2021, the first of these days, if the status quo of 9 July 2021 held "
        "already then (the file dates no acts)."
    )
    # A file with acts dates its status quo; of the days before, each reason is told once.
    assert answer(dt.example("ukraine-2023").timeline(["nash"])).endswith(
        "It has been stuck at least since 31 March 2022. Whether it was stuck before is not known. The model of an "
        "earlier day has only what had been said or done by then: until 30 December 2021 no option is in the model, "
        "and from then until 30 March 2022 no party has a move in the model."
    )


def test_a_position_does_not_end_when_it_is_taken_again() -> None:
    (table,) = [one for one in view(NILE) if isinstance(one, Table) and one.columns[0].head == "Party"]
    fills = [row for row in table.rows if row[0] == "Ethiopia" and row[1] == "Fill the reservoir"]
    first, again = fills[-2:]
    assert (first[2], first[4]) == ("for", "")
    assert again[2] == "for" and "the same position again" in str(again[3])


def test_since_when_is_the_day_of_the_acts() -> None:
    assert answer(dt.example("nile-dam").timeline(["nash"])).endswith(
        "It has been stuck since 8 July 2021 (that day: Egypt goes to the Security Council; Sudan supports Egypt in "
        "the Security Council)."
    )


def test_a_name_says_which_options_of_its_state_a_day_does_not_have() -> None:
    words = plain_text(view(NILE))
    assert "‘in the Security Council’ (without ‘Support Egypt in the Security Council’)" in words
    assert "no option taken" in words
    assert "of its options" not in words and "not in the model" not in words


def test_a_change_of_sides_is_called_a_reversal() -> None:
    words = plain_text(view(parse_conflict(SIDES).timeline(["nash"])))
    assert "1 February 2024 (reversed: against before)" in words
    assert "March 2024 (hardened: for before)" in words


def test_a_period_without_a_verdict_says_why() -> None:
    words = plain_text(view(NILE))
    assert "not known: no option is in the model yet" in words
    assert "no party can move" not in words
    assert [equilibria_counted(NILE, one) for one in NILE.periods[:3]] == ["–", "–", "2 under Nash; 3 under GMR"]


def test_a_period_that_depends_on_a_claim_says_on_which() -> None:
    assert "only if you believe c9" in plain_text(view(NILE))


def test_a_position_that_only_another_party_reports_says_so() -> None:
    words = plain_text(view(NILE))
    assert "reported only by Egypt" in words
    assert "withdrawn, according to Ethiopia (g7); Egypt denies that in g8" in words


def test_a_position_names_the_owner_of_another_partys_option() -> None:
    named = {(one.holder, one.matter): matter_in_words(NILE, one) for one in NILE.positions}
    assert named["egypt", "fill"] == "Ethiopia: fill the reservoir"
    assert named["egypt", "ethiopia-signs"] == "Ethiopia: sign a binding agreement"
    assert named["ethiopia", "fill"] == "Fill the reservoir"


def test_what_others_report_of_a_party_is_no_change_of_its_position() -> None:
    changes = dict(zip([one.statements for one in NILE.positions], changes_in_words(NILE), strict=True))
    reported = "Egypt reports an earlier statement of Ethiopia against it (c9a); Ethiopia denies that in c10"
    assert changes["c1",] == f"first own statement; {reported}"
    assert changes["c9a",] == "according to Egypt (c9); disputed: Ethiopia denies it in c10"


def test_a_disputed_position_says_who_contradicts_it() -> None:
    changes = dict(zip([one.statements for one in NILE.positions], changes_in_words(NILE), strict=True))
    assert changes["g7a",] == "withdrawn, according to Ethiopia (g7); disputed: Egypt denies it in g8"
    river = dt.example("river-sharing").timeline(["nash"])
    assert "first known position; disputed: Downstream country contradicts it in s3" in changes_in_words(river)
    ukraine = dt.example("ukraine-2023").timeline(["nash"], matters=["ban-talks"])
    assert changes_in_words(ukraine)[0] == (
        "according to Russia (s17); reported in s17, which the analyst marks as disputed"
    )


def test_what_began_a_period_is_told_as_reported() -> None:
    words = plain_text(view(NILE))
    assert (
        "- 31 December 2015 to 27 June 2021\n  - New statement: Ethiopia, as reported by Egypt (c9a, denied by "
        "Ethiopia in c10).\n"
        "  - A separate period begins on 31 December 2015 only if you believe c9." in words
    )
    assert "Egypt, as reported by Ethiopia (g7a, denied by Egypt in g8)" in words


def test_a_vague_day_is_one_day_of_several() -> None:
    course = dt.example("ukraine-2023").timeline(["nash"])
    assert "on a day between March 2022 and about December 2022" in plain_text(view(course))
    told = story(dt.example("ukraine-2023").timeline(["nash"]))
    assert "From 31 March 2022 at the latest (the exact days are not known): stuck" in told


def test_what_made_the_difference_names_statements_and_acts() -> None:
    told = plain_text(view(dt.example("northern-ireland-1998").timeline(["nash"])))
    assert (
        "Decisive changes\nWith all the changes of that day except this one, the verdict would be the opposite.\n"
        "- 31 August 1994 to 6 March 1995 (not stuck; before: stuck)\n  - No single change decides: without any one"
        in told
    )
    assert "  - British government (g2): preference “the British government admits Sinn Féin" in told
    quo = "the Irish Republican Army keeps no ceasefire. Without this"
    assert f"  - Act 2 of the Irish Republican Army: {quo}" in told


def test_many_periods_are_cut_to_the_last() -> None:
    days = [f"{2000 + number // 360}-{number % 360 // 30 + 1:02}-{number % 30 % 28 + 1:02}" for number in range(300)]
    said = [Statement(f"s{place}", speaker="up", date_said=day) for place, day in enumerate(days)]
    makers = [dt.DecisionMaker("up", options=["divert"], preferences=["divert"])]
    found = dt.Conflict("A river", makers, status_quo=[], statements=said).timeline(["nash"])
    periods = next(block for block in view(found) if isinstance(block, Table))
    assert len(periods.rows) == 200
    assert len(periods.rest) == len(found.periods) - 200 > 0
    assert periods.more == f"{len(found.periods) - 200} earlier periods"
    assert periods.rows[-1][0] == f"from {day_in_words(found.periods[-1].first)} on"


def test_a_window_without_positions_has_no_table_of_them() -> None:
    found = dt.example("nile-dam").timeline(["nash"], last="2014")
    assert len([block for block in view(found) if isinstance(block, Table)]) == 1


def test_a_dispute_without_dates_has_one_period() -> None:
    found = dt.example("syria-iraq-1975").timeline(["nash"])
    assert len(found.periods) == 1
    assert answer(found).endswith("It has not been stuck on any day that the file covers.")


def test_the_story_says_when_it_was_stuck_and_whose_report_a_position_is() -> None:
    words = story(NILE)
    assert words.startswith("Until 27 June 2021: whether the dispute was stuck is not known (no option is in the model")
    assert "From 28 June 2021 on: stuck; this begins with 12 statements of that day." in words
    # A change that only another side reports is counted, and told in the table with who reports and who denies it.
    assert words.endswith(
        " 2 changes of position depend on what another party reports; the table of positions names that party."
    )
    assert "no position" not in words
    assert "Positions changed" not in words


def test_vague_dates_keep_their_marks_and_acts_begin() -> None:
    course = dt.example("ukraine-2023").timeline(["nash"])
    assert act_in_words(course, 4) == (
        "Russia begins the “military operation” (on a day between about December 2021 and March 2022)"
    )
    rows = {(str(row[0]), str(row[1])): str(row[3]) for row in positions_table(course).rows}
    proposals = "United States and NATO allies: accept the security proposals that Russia considers “core”"
    assert rows["Russia", proposals] == "about December 2021"


def test_a_withdrawal_is_not_told_as_without_order() -> None:
    course = dt.example("ukraine-2023").timeline(["nash"])
    assert story(course).endswith(
        " 1 change of position depends on what another party reports; the table of positions names that party."
    )
    words = plain_text(view(course))
    assert "on a day between March 2022 and about December 2022 (withdrawn, according to Russia (s20)" in words
    assert "which came first" not in words


def test_a_threat_in_the_status_quo_is_not_told_as_an_act() -> None:
    told = plain_text(view(NILE))
    # Without an act, nothing says that the parties did this on that day: c6 is a threat.
    assert "new in the status quo" not in told
    assert (
        "Egypt (c6); Ethiopia (c1): options of the status quo of 9 July 2021 now in the model: ‘Fill the reservoir’ of "
        "Ethiopia [c1, commitment], and ‘Go to the Security Council’ of Egypt [c6, threat]. Without this, "
        "the dispute" in told
    )
