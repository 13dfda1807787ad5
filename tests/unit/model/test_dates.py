"""Dates as reports give them: their earliest and latest days, and what is no date."""

from __future__ import annotations

from datetime import date, timedelta

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.model.dates import DateRange, date_in_words, last_day, parse_date
from tests.examples import examples


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
        "", "May 2023", "2023-5", "23-05-01", "2023-13", "2023-02-30", "0000", "2023-00", "2023-05-00",
        "2023-05-01T12:00", "202X", "2023-21",
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


@st.composite
def written(draw: st.DrawFn) -> str:
    """A day, a month or a year, perhaps marked and perhaps one that does not exist, or an interval of two of these."""
    parts = []
    for _ in range(draw(st.integers(1, 2))):
        numbers = f"{draw(st.integers(0, 9999)):04}-{draw(st.integers(1, 12)):02}-{draw(st.integers(1, 31)):02}"
        parts.append(numbers[: draw(st.sampled_from([4, 7, 10]))] + draw(st.sampled_from(["", "~", "?", "%"])))
    if len(parts) == 2 and draw(st.booleans()):
        parts[draw(st.integers(0, 1))] = ".."
    return "/".join(parts)


@settings(deadline=None, max_examples=examples(100))
@given(text=written())
def test_date_is_that_of_the_parser_of_the_standard(text: str) -> None:
    try:
        parsed = edtf.parse_edtf(text)
        ends = [
            None if isinstance(end, float) else date(*end[:3]) for end in (parsed.lower_strict(), parsed.upper_strict())
        ]
    except (edtf.EDTFParseException, ValueError):
        ends = []
    if not ends or (None not in ends and ends[0] > ends[1]):
        with pytest.raises(ValueError, match=r"is not a date|ends before it begins"):
            parse_date(text)
    else:
        assert parse_date(text) == DateRange(*ends)
