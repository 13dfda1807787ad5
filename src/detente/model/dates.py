"""Dates as reports give them: a day, a month, a year or an interval, which may be open or approximate.

A date is text in the Extended Date/Time Format (ISO 8601-2:2019, "EDTF"): ``2024-05-01``, ``2024-05``, ``2024``,
``2024-03/2024-05``, ``../2023``, ``2022/..``. Each day, month or year may be marked with ``~`` (about) or ``?``
(uncertain). A date has an earliest and a latest day. The marks are displayed and change neither.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from detente.lazy import dataclass, lazy

if TYPE_CHECKING:
    import calendar
else:
    calendar = lazy("calendar")

#: A day, a month or a year, perhaps marked. Detente does not accept the standard's seasons in place of months.
_PART = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-[0-3][0-9])?)?[~?%]?"
_PLAIN = r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?"
_WRITTEN = rf"{_PART}|(?:{_PART}|\.\.)/(?:{_PART}|\.\.)"
#: The forms of a date, for messages and the schema.
DATE_FORMS = "2024-05-01, 2024-05, 2024, 2024-03/2024-05, ../2024 or 2024/.., each perhaps with ~ or ?"

#: The names of the months in English, whatever the language of the machine.
MONTHS = tuple(
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)

#: The two readings of a vague date: from its latest day, or from its earliest.
UNDATED_READINGS = ("latest", "earliest")


@dataclass(frozen=True)
class DateRange:
    """The earliest and the latest day of a date; None for the open end of an interval.

    >>> parse_date("2022-02~").latest
    datetime.date(2022, 2, 28)
    >>> parse_date("../2023").earliest is None
    True
    """

    earliest: date | None
    latest: date | None


@lru_cache(maxsize=65_536)
def parse_date(text: str) -> DateRange:
    """Return the earliest and the latest day of a date.

    Raises
    ------
    ValueError
        For text that is not a date, a day that does not exist, or an interval that ends before it begins.
    """
    if not (re.fullmatch(_PLAIN, text) or re.fullmatch(_WRITTEN, text)) or text == "../..":
        raise ValueError(f"'{text}' is not a date; use {DATE_FORMS}")
    try:
        parts = [_days(part.rstrip("~?%")) for part in text.split("/")]
    except ValueError as error:
        raise ValueError(f"'{text}' is not a date: there is no such day, month or year") from error
    earliest, latest = parts[0][0], parts[-1][1]
    if earliest is not None and latest is not None and earliest > latest:
        raise ValueError(f"'{text}' ends before it begins")
    return DateRange(earliest, latest)


def _days(part: str) -> tuple[date | None, date | None]:
    """Return the first and the last day of a day, a month, a year or an open end."""
    if part == "..":
        return None, None
    match [int(number) for number in part.split("-")]:
        case [year]:
            return date(year, 1, 1), date(year, 12, 31)
        case [year, month]:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        case numbers:
            return date(*numbers), date(*numbers)


def last_day(text: str) -> date:
    """Return the day that a date in a command or a file means: for a month or a year its last day.

    Raises
    ------
    ValueError
        For text that is not a date, or a date without a last day.
    """
    latest = parse_date(text).latest
    if latest is None:
        raise ValueError(f"'{text}' has no last day")
    return latest


def date_in_words(text: str) -> str:
    """Return a date for people: months, marks and intervals in words.

    >>> date_in_words("2023-07-28")
    '28 July 2023'
    >>> date_in_words("2022-03~")
    'about March 2022'
    >>> date_in_words("../2023?")
    'until 2023 (uncertain)'
    """
    if "/" not in text:
        return _marked(text)
    first, last = text.split("/")
    if first == "..":
        return f"until {_marked(last)}"
    if last == "..":
        return f"{_marked(first)} or later"
    return f"{_marked(first)} to {_marked(last)}"


def _marked(part: str) -> str:
    bare = part.rstrip("~?%")
    about = "about " if part.endswith(("~", "%")) else ""
    if found := re.fullmatch(_PLAIN, bare):
        year, month, day = found.groups()
        bare = " ".join(filter(None, [(day or "").lstrip("0"), MONTHS[int(month) - 1] if month else "", year]))
    return f"{about}{bare}{' (uncertain)' if part.endswith(('?', '%')) else ''}"


def day_in_words(day: date) -> str:
    """Return a day for people.

    >>> day_in_words(date(2023, 7, 8))
    '8 July 2023'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def range_in_words(days: DateRange) -> str:
    """Return a range of days for people; a whole year or month by its name.

    >>> [range_in_words(parse_date(text)) for text in ("2021", "2021-07", "2021-07-09", "2021-07-09/2021-08")]
    ['2021', 'July 2021', '9 July 2021', '9 July 2021 to 31 August 2021']
    >>> [range_in_words(parse_date(text)) for text in ("../2021-07-09", "2021-07-09/..")]
    ['by 9 July 2021', '9 July 2021 or later']
    """
    first, last = days.earliest, days.latest
    if first is None or last is None:
        known = first or last
        if known is None:
            return "no date"
        return f"by {day_in_words(known)}" if first is None else f"{day_in_words(known)} or later"
    if first == last:
        return day_in_words(first)
    if first.day == 1 and first.year == last.year and last.day == calendar.monthrange(last.year, last.month)[1]:
        if first.month == last.month:
            return f"{MONTHS[first.month - 1]} {first.year}"
        if (first.month, last.month) == (1, 12):
            return str(first.year)
    return f"{day_in_words(first)} to {day_in_words(last)}"


def one_date_in_words(text: str) -> str:
    """Return for people the one day that a date names, with its marks.

    >>> [one_date_in_words(text) for text in ("2021-12~", "../2022-03", "2022~/..")]
    ['about December 2021', 'by March 2022', 'about 2022 or later']
    >>> one_date_in_words("2021-12~/2022-03")
    'on a day between about December 2021 and March 2022'
    """
    first, to, last = text.partition("/")
    if not to or last == "..":
        return date_in_words(text)
    return f"by {_marked(last)}" if first == ".." else f"on a day between {_marked(first)} and {_marked(last)}"


def one_day_in_words(days: DateRange) -> str:
    """Return for people the one day that lies somewhere in a range.

    >>> [one_day_in_words(parse_date(text)) for text in ("2021-07", "2021-07-09/2021-08")]
    ['July 2021', 'on a day between 9 July 2021 and 31 August 2021']
    """
    text = range_in_words(days)
    first, to, last = text.partition(" to ")
    return f"on a day between {first} and {last}" if to else text
