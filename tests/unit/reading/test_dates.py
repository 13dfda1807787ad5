"""When something was said."""

from __future__ import annotations

import pytest

from detente.reading.dates import date_said_in


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
