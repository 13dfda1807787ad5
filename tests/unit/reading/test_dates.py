"""When something was said."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.model.dates import parse_date
from detente.reading.dates import date_said_in

#: Words for a day or a time up to publication.
PHRASES = [
    "today", "yesterday", "on Friday", "last Monday", "over the weekend", "last weekend", "this week", "last week",
    "earlier this month", "last month", "earlier this year", "last year", "two days ago", "three weeks ago",
    "in early March", "in mid-June", "in late October", "in December", "on 3 May", "on July 28", "from 3 to 5 May",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The union said on Tuesday, Nov. 19, 2019", "2019-11-19"),
        ("On Friday 12 January 2018 the union said", "2018-01-12"),
        ("Two days ago the union said", "2024-05-18"),
        ("The union said a week ago", "2024-05-13"),
        ("The union said four months ago", "2024-01"),
        ("The envoy, who arrived on Tuesday, said", None),
        ("The chairman, elected in 2019, said yesterday", "2024-05-19"),
        ("The union said last Monday", "2024-05-13"),
        ("The union, ahead of Friday, said", None),
        ("The signers of the treaty of 1990 said", None),
    ],
)
def test_day_of_a_full_or_relative_date_is_found(text: str, day: str | None) -> None:
    assert date_said_in(text, "2024-05-20") == day


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("on July 28, he said", "2023-07-29", "2023-07-28"),
        ("on 28 July 2021", None, "2021-07-28"),
        ("on December 3", "2023-07-29", "2022-12-03"),
        ("in March 2022", "2023-07-29", "2022-03"),
        ("on Friday", "2023-07-29", "2023-07-28"),
        ("on Friday", None, None),
        ("yesterday", "2023-03-01", "2023-02-28"),
        ("last month", "2023-01-31", "2022-12"),
        ("at the end of 2021", "2023-07-29", "2021"),
        ("on 31 February 2023", "2023-07-29", None),
        ("he said", "2023-07-29", None),
    ],
)
def test_dates_in_sentences_are_read(text: str, published: str | None, expected: str | None) -> None:
    assert date_said_in(text, published) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In late 2021 they said", "2021-09/2021-12"),
        ("in early 2022", "2022-01/2022-04"),
        ("since mid-2022", "2022-05/2022-08"),
        ("in early March", "2024-03-01/2024-03-10"),
        ("in late February 2024", "2024-02-21/2024-02-29"),
        ("in mid-June", "2023-06-11/2023-06-20"),
        ("in May", "2024-05"),
        ("in June", "2023-06"),
        ("earlier this month", "2024-05-01/2024-05-16"),
        ("earlier this year", "2024-01-01/2024-05-16"),
        ("earlier this week", "2024-05-13/2024-05-16"),
        ("this month", "2024-05"),
        ("this year", "2024"),
        ("last week", "2024-05-06/2024-05-12"),
        ("last year", "2023"),
        ("during last year's talks", None),
        ("over the weekend", "2024-05-11/2024-05-12"),
        ("last weekend", "2024-05-11/2024-05-12"),
        ("On 28.07.2023 he said", "2023-07-28"),
        ("On 28/07/2023 he said", "2023-07-28"),
        ("On 07/28/2023 he said", "2023-07-28"),
        ("On 05/07/2023 he said", "2023-05-07/2023-07-05"),
        ("On 5.7.2023 he said", "2023-07-05"),
        ("version 1.2.2023 of 31.31.2023", "2023-02-01"),
        ("from 3 to 5 May 2022", "2022-05-03/2022-05-05"),
        ("on May 3-5", "2024-05-03/2024-05-05"),
        ("between 3 and 5 May", "2024-05-03/2024-05-05"),
        ("on 31 to 5 May 2022", None),
        ("two hours ago", "2024-05-16"),
        ("999 years ago", "1025"),
        ("the treaty that May signed", None),
    ],
)
def test_vague_dates_are_intervals_no_more_exact_than_the_words(text: str, expected: str | None) -> None:
    assert date_said_in(text, "2024-05-16") == expected


@pytest.mark.parametrize(("day", "expected"), [("2024-05-11", "2024-05-11"), ("2024-05-12", "2024-05-11/2024-05-12")])
def test_weekend_that_goes_on_ends_with_publication(day: str, expected: str) -> None:
    assert date_said_in("over the weekend", day) == expected


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(PHRASES))
def test_every_date_can_be_read_and_is_not_after_publication(day: date, phrase: str) -> None:
    found = date_said_in(f"The minister said {phrase} that", day.isoformat())
    assert found is not None
    days = parse_date(found)
    assert days.earliest is not None
    assert days.earliest <= day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("From 28 June to 3 July the envoys said", "2023-06-28/2023-07-03"),
        ("28 June – 3 July: the envoys said", "2023-06-28/2023-07-03"),
        ("From late June until 3 July 2022 they said", "2022-06-21/2022-07-03"),
        ("Between June 28 and July 3, 2022, they said", "2022-06-28/2022-07-03"),
        ("From Monday, 28 June, to Friday, 2 July 2021, they said", "2021-06-28/2021-07-02"),
        ("From 20 December 2022 to 5 January 2023 they said", "2022-12-20/2023-01-05"),
        ("From 28 December to 3 January 2023 they said", "2022-12-28/2023-01-03"),
        # Without a year, the last such days that have begun.
        ("From 28 December to 3 January they said", "2022-12-28/2023-01-03"),
        ("From June through August 2021 they said", "2021-06-01/2021-08-31"),
        # What is published on the 29th was said by then.
        ("From 20 July to 3 August they said", "2023-07-20/2023-07-29"),
        ("From 31 February to 3 July they said", None),
        ("On 28 June, at a march to May Square, they said", "2023-06-28"),
        ("On 3 May and on 5 June they said", "2023-05-03"),
    ],
)
def test_span_across_months_is_an_interval_of_days(text: str, days: str | None) -> None:
    assert date_said_in(text, "2023-07-29") == days
