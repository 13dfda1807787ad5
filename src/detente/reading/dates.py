"""When something was said: date expressions, resolved against the day of publication."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = rf"(?:{'|'.join(_MONTHS)}|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_EXPRESSION = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTH})(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year2>\d{{4}}))?"
    rf"|(?P<month3>{_MONTH})\s+(?P<year3>\d{{4}})"
    rf"|(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|(?P<weekday>(?:last\s+)?(?:{'|'.join(_DAYS)}))"
    rf"|(?P<near>today|yesterday|last\s+(?:week|month|year))"
    rf"|(?:in|since|of|during)\s+(?P<year4>(?:19|20)\d\d)"
    rf"|(?P<year5>(?<=end of )(?:19|20)\d\d))\b"
)


def said_on(text: str, published: str | None) -> str | None:
    """Return the date that a text gives, ISO 8601 and no more exact than it is; None where it gives none.

    Parameters
    ----------
    text
        The words around what was said, without what was said.
    published
        The day of publication (ISO 8601), by which 'on Friday' and 'last week' are understood; without it only what
        names a year is.

    >>> said_on("Addressing leaders on July 28, he said", "2023-07-29")
    '2023-07-28'
    >>> said_on("The minister said on Friday", "2023-07-29")
    '2023-07-28'
    >>> said_on("At the end of 2021, they announced", None)
    '2021'
    """
    day = _day(published)
    for match in _EXPRESSION.finditer(text):
        found = _resolved(match, day)
        if found is not None:
            return found
    return None


def is_date(text: str) -> bool:
    """Tell whether a text is a day in ISO 8601."""
    return _day(text) is not None


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published or "")
    except ValueError:
        return None


def _resolved(match: re.Match[str], day: date | None) -> str | None:
    groups = match.groupdict()
    if groups["iso"]:
        return groups["iso"] if _day(groups["iso"]) else None
    month = groups["month"] or groups["month2"]
    if month:
        number = _month(month)
        in_month = int(groups["day"] or groups["day2"])
        year = groups["year"] or groups["year2"]
        return _on(int(year), number, in_month) if year else _latest(number, in_month, day)
    if groups["month3"]:
        return f"{groups['year3']}-{_month(groups['month3']):02}"
    year = groups["year4"] or groups["year5"]
    if year:
        return str(year)
    if day is None:
        return None
    if groups["weekday"]:
        wanted = _DAYS.index(groups["weekday"].split()[-1])
        return (day - timedelta(days=(day.weekday() - wanted) % 7)).isoformat()
    return _near(" ".join(groups["near"].split()), day)


def _near(words: str, day: date) -> str | None:
    if words in ("today", "yesterday"):
        return (day - timedelta(days=words == "yesterday")).isoformat()
    if words == "last year":
        return str(day.year - 1)
    if words == "last month":
        return (day.replace(day=1) - timedelta(days=1)).isoformat()[:7]
    return None


def _month(word: str) -> int:
    return next(number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word.rstrip(".")[:3]))


def _on(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _latest(month: int, in_month: int, day: date | None) -> str | None:
    """Return the last such day up to publication."""
    if day is None:
        return None
    this_year = _on(day.year, month, in_month)
    if this_year is not None and this_year <= day.isoformat():
        return this_year
    return _on(day.year - 1, month, in_month)
