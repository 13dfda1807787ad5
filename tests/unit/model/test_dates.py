"""Dates as reports give them: their earliest and latest days, and what is no date."""

from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.model.dates import DateRange, date_in_words, last_day, parse_date


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2023-05-07", "2023-05-07", "2023-05-07"),
        ("2023-05", "2023-05-01", "2023-05-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-05~", "2023-05-01", "2023-05-31"),
        ("2023?", "2023-01-01", "2023-12-31"),
        ("2023-05-07%", "2023-05-07", "2023-05-07"),
        ("2022-03/2023", "2022-03-01", "2023-12-31"),
        ("2022-03~/2023-05-01?", "2022-03-01", "2023-05-01"),
        ("../2023-05", None, "2023-05-31"),
        ("2022/..", "2022-01-01", None),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_date_has_an_earliest_and_a_latest_day(text: str, earliest: str | None, latest: str | None) -> None:
    ends = (None if end is None else date.fromisoformat(end) for end in (earliest, latest))
    assert parse_date(text) == DateRange(*ends)


@pytest.mark.parametrize(
    "text",
    [
        "", "May 2023", "2023-5", "23-05-01", "2023-13", "2023-02-30", "0000", "2023-05-01T12:00", "202X", "2023-21",
        "../..", "/2023", "2023/", "..", "2023/2022", "2023-05-02/2023-05-01", "2023 ", "２０２３", "2023-05-01/05-03",
        "-2023", "Y20000", "2023-05/2023-13", "2023~~",
    ],
)  # fmt: skip
def test_invalid_date_is_refused_with_a_message(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date|ends before it begins"):
        parse_date(text)


@given(day=st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 31)))
def test_month_and_year_span_their_days(day: date) -> None:
    for text, same in ((f"{day:%Y-%m}", ("year", "month")), (f"{day.year}", ("year",))):
        found = parse_date(text)
        assert found.earliest is not None
        assert found.latest is not None
        assert found.earliest <= day <= found.latest
        for edge, beyond in ((found.earliest, -1), (found.latest, 1)):
            assert all(getattr(edge, part) == getattr(day, part) for part in same)
            assert any(getattr(edge + timedelta(days=beyond), part) != getattr(day, part) for part in same)


def test_open_interval_has_no_last_day() -> None:
    assert last_day("2023-02") == date(2023, 2, 28)
    with pytest.raises(ValueError, match="no last day"):
        last_day("2023/..")


def test_uncertain_dates_and_intervals_are_written_in_words() -> None:
    assert date_in_words("2023-05-07") == "7 May 2023"
    assert date_in_words("2023-05~/2023-06?") == "about May 2023 to June 2023 (uncertain)"
    assert date_in_words("2023/..") == "2023 or later"


def test_plain_dates_do_not_load_the_edtf_parser() -> None:
    code = (
        "import sys; from detente.model.dates import parse_date; parse_date('2023-05-07'); parse_date('2023-05'); "
        "sys.exit('edtf' in sys.modules)"
    )
    import subprocess

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
