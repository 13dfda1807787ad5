"""The two disputes over time: the known turning points of one, the periods of the other as its report tells them."""

from __future__ import annotations

from typing import Any

import pytest

import detente

#: The days that histories of the Northern Ireland talks name, with what began on them and whether it was then stuck.
TURNING_POINTS = [
    ("1993-12-15", ("g1",), (), True),
    ("1994-08-31", ("i1",), (1,), False),
    ("1995-03-07", ("g2",), (), True),
    ("1996-02-09", ("i2",), (2,), True),
    ("1996-02-28", ("g3",), (), True),
    ("1997-06-25", ("g4",), (), True),
    ("1997-07-19", ("i3",), (), False),
    ("1997-07-20", (), (3,), False),
    ("1997-09-09", (), (4,), True),
    ("1997-09-17", ("u1",), (5,), True),
    ("1998-04-10", ("u2",), (6,), True),
]


@pytest.fixture(scope="module")
def talks() -> Any:
    return detente.example("northern-ireland-1998")


@pytest.fixture(scope="module")
def reported() -> Any:
    return detente.example("ukraine-2023")


def beginnings(timeline: Any) -> list[str]:
    return [str(period.first) for period in timeline.periods if period.first]


def test_talks_have_the_known_turning_points(talks: Any) -> None:
    periods = talks.timeline(["nash"]).periods
    found = [(str(one.first), one.because, one.acts, one.stuck["nash"]) for one in periods if one.first]
    assert found == TURNING_POINTS
    assert (periods[0].stuck["nash"], periods[0].reason[:20]) == (None, "no preferences known")


def test_condition_of_1995_makes_the_talks_stuck_without_any_act(talks: Any) -> None:
    without = talks.timeline(["nash"], doubt=["g2"])
    assert "1995-03-07" not in beginnings(without)
    assert [one.stuck["nash"] for one in without.periods if str(one.first) == "1994-08-31"] == [False]


def test_ceasefire_positions_change_with_the_statements(talks: Any) -> None:
    found = [
        (one.holder, one.stance, one.change, one.statements)
        for one in talks.timeline(["nash"], matters=["ceasefire"]).positions
        if one.holder == "ira"
    ]
    assert [(stance, change) for _, stance, change, _ in found] == [
        ("for", "begins"),
        ("against", "hardens"),
        ("for", "softens"),
    ]


def test_each_source_of_the_talks_has_a_title_and_a_day(talks: Any) -> None:
    assert all(one.title and one.date and len(one.date) == 10 for one in talks.sources)
    assert all(one.quote or (one.note or "").startswith("Summarised: ") for one in talks.statements)


def test_report_gives_the_periods_that_it_tells_of(reported: Any) -> None:
    latest = reported.timeline(["nash"])
    assert beginnings(latest) == ["1990-12-31", "2021-12-31", "2022-03-31", "2022-12-31", "2023-07-28"]
    assert [one.stuck["nash"] for one in latest.periods] == [None, None, None, True, True, True]
    earliest = reported.timeline(["nash"], undated="earliest")
    assert {"1990-01-01", "2021-12-01", "2022-03-01"} <= set(beginnings(earliest))


def test_agreement_of_march_2022_is_told_by_one_side_only(reported: Any) -> None:
    position = next(
        one
        for one in reported.timeline(["nash"], matters=["neutrality"]).positions
        if one.holder == "ukraine" and one.stance == "for"
    )
    assert position.statements == ("s19a",)
    assert position.told_by_others_only
    assert position.told_by == ("russia",)
    assert position.ended_by == ("s20a",)


@pytest.mark.parametrize(
    ("doubted", "gone"), [("s20", {"2022-12-31"}), ("s19", set()), ("s17", set()), ("s18", set()), ("s21", set())]
)
def test_only_the_withdrawal_opens_a_period_of_its_own(reported: Any, doubted: str, gone: set[str]) -> None:
    every, without = reported.timeline(["nash"]), reported.timeline(["nash"], doubt=[doubted])
    assert set(beginnings(every)) - set(beginnings(without)) == gone


def test_answer_of_the_last_day_is_that_without_history(reported: Any) -> None:
    bare = reported.replaced(history=())
    assert reported.analyze().to_dict()["equilibria"] == bare.analyze().to_dict()["equilibria"]
