"""Date expressions for when something was said, resolved against the day of publication."""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
_MONTH = rf"(?:{'|'.join(_MONTHS)}|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(_MONTHS, start=1)}
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAY_DATE = (
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})(?:,?\s+(?P<year>\d{{4}}))?"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year2>\d{{4}}))?"
)
_COUNTED = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBERS = {"a": 1, "an": 1} | {word: number for number, word in enumerate(_COUNTED, start=1)}
_EXPRESSION = re.compile(
    # 'Tuesday, Nov. 19, 2019' is that day in November.
    rf"\b(?:(?:(?:{'|'.join(_DAYS)})(?:\s+(?:morning|afternoon|evening|night))?,?\s+\(?(?:the\s+)?)?(?:{_DAY_DATE})"
    rf"|(?P<month3>{_MONTH})\s+(?P<year3>\d{{4}})"
    rf"|(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})\s+"
    rf"(?P<unit>hour|day|week|month|year)s?\s+(?:ago|earlier)"
    rf"|(?<!next\s)(?<!by\s)(?<!until\s)(?<!since\s)(?<!before\s)(?<!coming\s)(?<!ahead\sof\s)(?<!from\s)"
    rf"(?P<weekday>(?:last\s+)?(?:{'|'.join(_DAYS)}))"
    rf"|(?P<near>today|tonight|(?:the\s+day\s+before\s+)?yesterday|this\s+(?:morning|afternoon|evening)|last\s+(?:night|month|year)"
    rf"|this\s+(?:month|year))"
    rf"|(?:in|during)\s+(?:(?:early|late|mid)[\s-])?(?P<year4>(?:19|20)\d\d)"
    rf"|(?:end|beginning|start|middle|spring|summer|autumn|fall|winter)\s+of\s+(?P<year5>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)
#: An aside about a person: 'the envoy, who arrived on Tuesday,', 'the chairman, elected in 2019,'.
_ASIDE = re.compile(
    r",\s(?:(?:who|which|whose|whom|where|when)\b|\w+(?:ed|en|orn|own|eld)\b)[^,;]*(?:,|$)"
    r"|\b(?:who|which|whom)\s(?:(?!said|says|told|added|announced|\s{2,}).)*"
)


def date_said_in(text: str, published: str | None) -> str | None:
    """Return the date that a text gives, in ISO 8601 and no more exact than the text; None if it gives none.

    Parameters
    ----------
    text
        The words around what was said, without what was said.
    published
        The day of publication (ISO 8601), by which 'on Friday' and 'last week' are understood; without it only what
        names a year is.

    >>> date_said_in("Addressing leaders on July 28, he said", "2023-07-29")
    '2023-07-28'
    >>> date_said_in("The minister said on Friday", "2023-07-29")
    '2023-07-28'
    >>> date_said_in("At the end of 2021, they announced", None)
    '2021'
    >>> date_said_in("The envoy, who arrived on Tuesday, said two days ago", "2023-07-29")
    '2023-07-27'
    """
    day = _day(published)
    for match in _EXPRESSION.finditer(_ASIDE.sub(" ", text)):
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
        return groups["iso"] if is_date(groups["iso"]) else None
    month = groups["month"] or groups["month2"]
    if month:
        number, in_month = _MONTH_NUMBERS[month[:3].lower()], int(groups["day"] or groups["day2"])
        year = groups["year"] or groups["year2"]
        if year:
            return _on(int(year), number, in_month)
        # Without a year it is the last such day up to publication.
        this_year = _on(day.year, number, in_month) if day else None
        if day is None or (this_year is not None and this_year <= day.isoformat()):
            return this_year
        return _on(day.year - 1, number, in_month)
    if groups["month3"]:
        return f"{groups['year3']}-{_MONTH_NUMBERS[groups['month3'][:3].lower()]:02}"
    if groups["year4"] or groups["year5"]:
        return str(groups["year4"] or groups["year5"])
    if day is None:
        return None
    if groups["number"]:
        count = _NUMBERS.get(groups["number"].lower()) or int(groups["number"])
        return _ago(count, groups["unit"].lower(), day)
    if groups["weekday"]:
        *last, name = groups["weekday"].split()
        back = (day.weekday() - _DAYS.index(name.capitalize())) % 7
        return (day - timedelta(days=7 if last and not back else back)).isoformat()
    words = " ".join(groups["near"].lower().split())
    if words.endswith("year"):
        return str(day.year - words.startswith("last"))
    if words.endswith("month"):
        return (day.replace(day=1) - timedelta(days=1) if words.startswith("last") else day).isoformat()[:7]
    back = 2 if words.startswith("the day") else 1 if words in ("yesterday", "last night") else 0
    return (day - timedelta(days=back)).isoformat()


def _ago(number: int, unit: str, day: date) -> str | None:
    """Return the day, month or year some time before a day; 'months ago' gives a month."""
    if unit == "year":
        return str(day.year - number) if number < day.year else None
    if unit == "month":
        months = day.year * 12 + day.month - 1 - number
        return f"{months // 12:04}-{months % 12 + 1:02}"
    days = {"hour": number // 24, "day": number, "week": 7 * number}[unit]
    return (day - timedelta(days=days)).isoformat()


def _on(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
