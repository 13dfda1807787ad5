"""The words of a timeline."""

from __future__ import annotations

import detente as dt
from detente.present.blocks import Table, plain_text
from detente.present.timeline import answer, view

NILE = dt.example("nile-dam").timeline(["nash", "gmr"])


def test_the_answer_says_since_when_and_through_what() -> None:
    assert answer(NILE).startswith("Yes. In the last period the status quo, ‘before the Council’ (state 34),")
    assert answer(NILE).endswith("It has been stuck since 2021-06-28, through 12 statements of that day.")


def test_a_period_without_a_verdict_says_why() -> None:
    assert "not known: no party can move" in plain_text(view(NILE))


def test_a_period_that_depends_on_a_claim_says_on_which() -> None:
    assert "only if c9 is believed" in plain_text(view(NILE))


def test_a_position_that_only_another_party_reports_says_so() -> None:
    words = plain_text(view(NILE))
    assert "reported only by Egypt" in words
    assert "reported only by Ethiopia" in words


def test_a_window_without_positions_has_no_table_of_them() -> None:
    found = dt.example("nile-dam").timeline(["nash"], last="2014")
    assert len([block for block in view(found) if isinstance(block, Table)]) == 1


def test_a_dispute_without_dates_has_one_period() -> None:
    found = dt.example("syria-iraq-1975").timeline(["nash"])
    assert len(found.periods) == 1
    assert "on every day that the file covers." in answer(found)
