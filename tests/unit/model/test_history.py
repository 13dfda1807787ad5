"""Dated acts: the status quo of a day, and acts that make no sense."""

from __future__ import annotations

import pytest

import detente as dt
from detente.io.checks import warnings
from detente.io.conflict_file import dump_conflict, parse_conflict
from detente.model.history import Act, taken_on

TEXT = """format: detente/1
title: Acts
as_of: {as_of}
decision_makers:
  a: {{options: {{dig: Dig, pay: Pay}}, preferences: [dig]}}
  b: {{options: {{sue: Sue}}, preferences: [not dig]}}
one_way: {{dig: [no, yes]}}
status_quo: [dig, sue]
history:
{acts}
"""
ACTS = (
    "  - {date: 2022-03, by: a, takes: [dig], drops: [pay]}\n"
    "  - {date: 2023-01-10, by: b, takes: [sue]}\n"
    "  - {date: 2024, by: b, drops: [sue]}\n"
)


def read(acts: str = ACTS, as_of: str = "2023-06-01") -> dt.Conflict:
    return parse_conflict(TEXT.format(acts=acts, as_of=as_of))


@pytest.mark.parametrize(
    ("day", "undated", "taken"),
    [
        ("2022-02-28", "latest", "NYN"),
        ("2022-03-15", "latest", "NYN"),
        ("2022-03-15", "earliest", "YNN"),
        ("2022-03-31", "latest", "YNN"),
        ("2023-01-09", "latest", "YNN"),
        ("2023-01", "latest", "YNY"),
        ("2023-06-01", "latest", "YNY"),
        ("2024-06-01", "latest", "YNY"),
        ("2024-06-01", "earliest", "YNN"),
        ("2024", "latest", "YNN"),
    ],
)
def test_status_quo_follows_the_acts_up_to_the_day(day: str, undated: str, taken: str) -> None:
    data = read().at(day, undated).analyze(["nash"]).to_dict()
    assert next(one["state"] for one in data["states"] if one["number"] == data["status_quo"]) == taken


def test_status_quo_without_a_day_follows_the_last_act() -> None:
    text = TEXT.replace("as_of: {as_of}\n", "").replace("[dig, sue]", "[dig]").format(acts=ACTS)
    conflict = parse_conflict(text)
    quo = conflict.at("2023-06-01").analyze(["nash"]).conflict.status_quo
    assert quo is not None
    assert quo.taken == {"dig", "sue"}
    assert conflict.analyze(["nash"]).conflict.status_quo == conflict.status_quo


def test_file_with_acts_round_trip_is_equal() -> None:
    conflict = read()
    assert parse_conflict(dump_conflict(conflict)) == conflict


@pytest.mark.parametrize(
    ("acts", "fault"),
    [
        ("  - {date: 2022, by: a, takes: [sue]}\n", "'sue' is an option of 'b', not of 'a'"),
        ("  - {date: 2022, by: a, takes: [digg]}\n", "unknown option 'digg' — did you mean 'dig'?"),
        ("  - {date: 2022, by: c, takes: [dig]}\n", "unknown decision maker 'c'"),
        ("  - {date: 2022, by: a, drops: [dig]}\n", "marked one-way: it can only become taken"),
        ("  - {date: 2024, by: a, takes: [dig]}\n", "act 1 takes 'dig', which is already taken"),
        ("  - {date: 2024, by: a, drops: [pay]}\n", "act 1 drops 'pay', which is already not taken"),
        ("  - {date: 2022, by: a}\n", "neither takes nor drops an option"),
        ("  - {date: 2022, by: b, takes: [sue], drops: [sue]}\n", "both takes and drops 'sue'"),
        ("  - {date: 2023-06, by: b, takes: [sue]}\n", "is within the date of act 1"),
        ("  - {date: ../2024, by: b, takes: [sue]}\n", "is within the date of act 1"),
        ("  - {date: 2022/.., by: b, takes: [sue]}\n", "has no last day"),
        ("  - {date: soon, by: b, takes: [sue]}\n", "'soon' is not a date"),
        ("  - {by: b, takes: [sue]}\n", "'date' is missing"),
        ("  - {date: 2022, takes: [sue]}\n", "'by' is missing"),
        ("  - {date: 2022, by: b, takes: [sue], since: 2022}\n", "unknown key 'since'"),
        (
            "  - {date: 2023, by: b, drops: [sue]}\n  - {date: 2022, by: a, takes: [dig]}\n",
            "act 2 (2022) comes before act 1 (2023)",
        ),
    ],
)
def test_contradictory_acts_are_faults(acts: str, fault: str) -> None:
    as_of = "2024-06-01" if "comes before" in fault else "2023-06-01"
    with pytest.raises(dt.InputError) as caught:
        read(acts, as_of)
    assert fault in str(caught.value)
    assert all(one.line for one in caught.value.faults)


def test_acts_need_a_status_quo() -> None:
    with pytest.raises(dt.InputError, match="needs a 'status_quo'"):
        parse_conflict(TEXT.replace("status_quo: [dig, sue]\n", "").format(acts=ACTS, as_of="2023"))


def test_act_with_withdrawn_evidence_is_skipped() -> None:
    acts = "  - {date: 2022-03, by: a, takes: [dig], evidence: [s1]}\n"
    said = (
        "statements:\n"
        "  - {id: s1, speaker: a, kind: claim, date_said: 2022-04-01, withdrawn_by: [s2]}\n"
        "  - {id: s2, speaker: a, kind: withdrawal, date_said: 2022-05-01}\n"
    )
    conflict = parse_conflict(TEXT.format(acts=acts, as_of="2023-06-01") + said)
    for day, taken, skipped in (("2022-01-01", {"sue"}, ()), ("2023-06-01", {"dig", "sue"}, (1,))):
        found = conflict.at(day).analyze(["nash"]).conflict
        assert found.status_quo is not None
        # In 2022 the words that report the act are not withdrawn yet: their own date is left aside.
        assert found.status_quo.taken == taken
        assert found.solved_for.skipped_acts == skipped


def test_infeasible_state_is_not_a_status_quo() -> None:
    text = TEXT.format(acts=ACTS, as_of="2023-06-01") + "rules: [never: pay]\n"
    answer = parse_conflict(text).at("2022-01-01").analyze(["nash"])
    assert answer.to_dict()["status_quo"] is None
    assert [at for at, _ in answer.conflict.solved_for.infeasible] == [("status_quo",)]


def test_option_taken_by_an_act_is_not_dropped() -> None:
    text = TEXT.format(acts=ACTS, as_of="2023-06-01").replace("dig: Dig", "dig: {name: Dig, evidence: [s1]}")
    said = "statements:\n  - {id: s1, speaker: a, kind: offer, date_said: 2025-01-01}\n"
    conflict = parse_conflict(text + said)
    dropped = [
        [one["element"] for one in conflict.at(day).analyze(["nash"]).to_dict()["dropped"]]
        for day in ("2022-01-01", "2023-06-01")
    ]
    assert dropped == [["decision_makers.a.options.dig"], []]


def test_undoing_and_applying_acts_is_identity() -> None:
    from datetime import date

    acts = read().history
    for day in (date(2022, 1, 1), date(2022, 6, 1), date(2023, 6, 1), date(2025, 1, 1)):
        there = taken_on({"dig", "sue"}, acts, date(2023, 6, 1), day)
        assert taken_on(there, acts, day, date(2023, 6, 1)) == {"dig", "sue"}


def test_act_counts_from_its_latest_or_earliest_day() -> None:
    act = Act("2022-03", "a", ("dig",))
    assert (act.day().isoformat(), act.day("earliest").isoformat()) == ("2022-03-31", "2022-03-01")


@pytest.mark.parametrize(
    ("acts", "as_of", "found"),
    [
        (ACTS, "2023-06-01", []),
        # An act that has no evidence in force is skipped, and one after the day is still to come.
        ("  - {date: 2022, by: b, drops: [sue], evidence: s1}\n", "2023-06-01", []),
        ("  - {date: 2024, by: b, drops: [sue]}\n", "2023-06-01", []),
        (
            "  - {date: 2022, by: b, drops: [sue]}\n",
            "2023-06-01",
            ["the status quo has 'sue' taken, but act 1, the last one on it, drops it"],
        ),
        (
            "  - {date: 2021, by: a, drops: [pay]}\n  - {date: 2022, by: a, takes: [pay]}\n",
            "2023-06-01",
            ["the status quo has 'pay' not taken, but act 2, the last one on it, takes it"],
        ),
    ],
)
def test_check_warns_of_a_status_quo_that_contradicts_the_acts(acts: str, as_of: str, found: list[str]) -> None:
    withdrawn = "statements: [{id: s1, speaker: b, withdrawn_by: s2}, {id: s2, speaker: b}]\n"
    text = TEXT.format(acts=acts, as_of=as_of) + withdrawn
    told = [one for one in warnings(parse_conflict(text)) if "the last one on it" in one.message]
    assert [one.message for one in told] == found
    assert all(one.at == ("status_quo",) for one in told)
