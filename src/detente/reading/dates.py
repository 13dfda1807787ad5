"""Date expressions for when something was said, resolved against the day of publication.

Each kind of expression is a row of `_KINDS`: a pattern and how it is read. The first expression of a text counts; of
two that begin at the same place, the row that stands first. What is vague gives a month, a year or an interval of days
(``A/B``), which is never more exact than the words.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(_MONTHS, start=1)}
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_WEEKEND = _DAYS.index("Saturday")
_COUNTED = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBERS = {"a": 1, "an": 1} | {word: number for number, word in enumerate(_COUNTED, start=1)}
#: The days of a month, and the months of a year, that a part of it has; None is the last.
_PARTS: dict[str, tuple[tuple[int, int | None], tuple[int, int]]] = {
    "early": ((1, 10), (1, 4)),
    "mid": ((11, 20), (5, 8)),
    "late": ((21, None), (9, 12)),
}

# Pieces of the patterns. A name is filled in with a number where a pattern has it twice.
_MONTH = rf"(?:{'|'.join(_MONTHS)}|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_TO = r"\s*(?:-|–|to|and|until)\s*"
_WEEKDAY = rf"(?:{'|'.join(_DAYS)})"
#: 'Tuesday, Nov. 19, 2019' is that day in November.
_ON = rf"(?:{_WEEKDAY}(?:\s+(?:morning|afternoon|evening|night))?,?\s+\(?(?:the\s+)?)?"


def _end(place: str) -> str:
    """Return the pattern of one end of a span: '28 June 2023', 'June 28', 'late June', with names for its pieces."""
    day = rf"{_ON}(?P<d{place}>{_DAY})\s+(?:of\s+)?(?P<m{place}>{_MONTH})"
    american = rf"{_ON}(?P<n{place}>{_MONTH})\s+(?P<e{place}>{_DAY})\b"
    month = rf"(?:(?P<p{place}>early|mid|late)[\s-]+)?(?P<o{place}>{_MONTH})"
    return rf"(?:{day}|{american}|{month})(?:,?\s+(?P<y{place}>\d{{4}}))?"


#: A span across months: 'from late June until 3 July 2023', '28 June to 3 July'.
_THROUGH = r",?\s*(?:-|–|to|until|till|through)\s*"
_SPAN = rf"(?:from\s+{_end('1')}{_THROUGH}{_end('2')})"
_BETWEEN = rf"(?:between\s+{_end('1')}\s+and\s+{_end('2')})"
_BARE_SPAN = rf"(?=[^.;]*\d){_end('1')}{_THROUGH}{_end('2')}"
#: What is said before the name of a day that is still to come, or that began something.
_NOT_AFTER = "".join(
    rf"(?<!{words}\s)" for words in ("next", "by", "until", "since", "before", "coming", r"ahead\sof", "from")
)
#: An aside about a person: 'the envoy, who arrived on Tuesday,', 'the chairman, elected in 2019,'.
_ASIDE = re.compile(
    r",\s(?:(?:who|which|whose|whom|where|when)\b|\w+(?:ed|en|orn|own|eld)\b)[^,;]*(?:,|$)"
    r"|\b(?:who|which|whom)\s(?:(?!said|says|told|added|announced|\s{2,}).)*"
)

_Match = re.Match[str]


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
    >>> date_said_in("In late 2021, they announced", None)
    '2021-09/2021-12'
    >>> date_said_in("In talks from late June until 3 July, they announced", "2023-07-29")
    '2023-06-21/2023-07-03'
    >>> date_said_in("The envoy, who arrived on Tuesday, said two days ago", "2023-07-29")
    '2023-07-27'
    """
    day = _day(published)
    told = _ASIDE.sub(" ", text)
    matches = ((match.start(), row, match) for row, (kind, _) in enumerate(_KINDS) for match in kind.finditer(told))
    read_to = 0
    for start, row, match in sorted(matches, key=lambda one: one[:2]):
        if start < read_to:
            continue
        found = _KINDS[row][1](match, day)
        if found is not None:
            return found
        # 'on 31 February 2023' is no day, and no reason to read '2023' out of it.
        read_to = match.end()
    return None


def is_date(text: str) -> bool:
    """Tell whether a text is a day in ISO 8601."""
    return _day(text) is not None


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published or "")
    except ValueError:
        return None


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _between(first: date | None, last: date | None) -> str | None:
    """Return an interval of days; None if one end is missing or they are in the wrong order."""
    if first is None or last is None or first > last:
        return None
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def _day_of_month(match: _Match, published: date | None) -> str | None:
    """'28 July 2023', 'July 28', and '3 to 5 May': without a year the last such days up to publication."""
    month, first = _MONTH_NUMBERS[match["month"][:3].lower()], int(re.sub(r"\D", "", match["day"]))
    last = int(re.sub(r"\D", "", match["last"] or match["day"]))
    if match["year"]:
        year = int(match["year"])
    elif published is None:
        return None
    else:
        this_year = _on(published.year, month, first)
        year = published.year if this_year is not None and this_year <= published else published.year - 1
    return _between(_on(year, month, first), _on(year, month, last))


def _span(match: _Match, published: date | None) -> str | None:
    """'28 June to 3 July': without a year the last such days that have begun; a year counts for the end before it."""
    ends = []
    for place in "12":
        month, day, part = (match[f"{one}{place}"] for one in "mdp")
        month, day = (month, day) if month else (match[f"n{place}"] or match[f"o{place}"], match[f"e{place}"])
        number = _MONTH_NUMBERS[month[:3].lower()]
        first, last = _PARTS[part.lower()][0] if part else (1, None)
        if day:
            first = last = int(re.sub(r"\D", "", day))
        ends.append((number, first, last, int(match[f"y{place}"] or 0)))
    (month, first, _, year), (later, _, last, last_year) = ends
    crossing = (later, last or 31) < (month, first)
    if not year and not last_year:
        if published is None:
            return None
        year = published.year - ((month, first) > (published.month, published.day))
    year = year or last_year - crossing
    last_year = last_year or year + crossing
    if not 1 <= year <= last_year:
        return None
    begun, ended = _on(year, month, first), _on(last_year, later, last or monthrange(last_year, later)[1])
    if begun and ended and published and begun <= published < ended:
        # What was said had been said when it was published.
        ended = published
    return _between(begun, ended)


def _month(match: _Match, published: date | None) -> str | None:
    """'March 2022', 'in July', 'early March 2022'."""
    month = _MONTH_NUMBERS[match["month"][:3].lower()]
    first, last = _PARTS[match["part"].lower()][0] if match["part"] else (1, None)
    if match["year"]:
        year = int(match["year"])
    elif published is None:
        return None
    else:
        # The last such days that have begun.
        year = published.year - ((month, first) > (published.month, published.day))
    if not match["part"]:
        return f"{year:04}-{month:02}"
    return _between(_on(year, month, first), _on(year, month, last or monthrange(year, month)[1]))


def _year(match: _Match, _published: date | None) -> str | None:
    """'in 2021', 'in late 2021', 'at the end of 2021'."""
    if not match["part"]:
        return match["year"]
    _, (first, last) = _PARTS[match["part"].lower()]
    return f"{match['year']}-{first:02}/{match['year']}-{last:02}"


def _in_numbers(match: _Match, _published: date | None) -> str | None:
    """'28.07.2023' and '07/28/2023'; where day and month cannot be told apart, the days from one to the other."""
    first, second, year = (int(match[name]) for name in ("first", "second", "year"))
    day_first = _on(year, second, first)
    month_first = _on(year, first, second) if match["mark"] == "/" else None
    if day_first is None or month_first is None:
        return _between(day_first or month_first, day_first or month_first)
    return _between(min(day_first, month_first), max(day_first, month_first))


def _iso(match: _Match, _published: date | None) -> str | None:
    return match["iso"] if is_date(match["iso"]) else None


def _ago(match: _Match, published: date | None) -> str | None:
    """'two days ago'; 'months ago' gives a month, 'years ago' a year."""
    if published is None:
        return None
    number, unit = match["number"].lower(), match["unit"].lower()
    count = _NUMBERS.get(number) or int(number)
    if unit == "year":
        return f"{published.year - count:04}" if count < published.year else None
    if unit == "month":
        months = published.year * 12 + published.month - 1 - count
        return f"{months // 12:04}-{months % 12 + 1:02}" if months >= 12 else None
    days = {"hour": count // 24, "day": count, "week": 7 * count}[unit]
    return (published - timedelta(days=days)).isoformat() if days < published.toordinal() else None


def _weekday(match: _Match, published: date | None) -> str | None:
    """'on Friday' is the last one up to publication."""
    if published is None:
        return None
    back = (published.weekday() - _DAYS.index(match["weekday"].capitalize())) % 7
    return (published - timedelta(days=7 if match["last"] and not back else back)).isoformat()


def _weekend(match: _Match, published: date | None) -> str | None:
    """'over the weekend' is the last one that has begun; 'last weekend', said on one, the one before."""
    if published is None:
        return None
    back = (published.weekday() - _WEEKEND) % 7
    first = published - timedelta(days=back + 7 if match["last"] and back < 2 else back)
    return _between(first, min(first + timedelta(days=1), published))


def _near(match: _Match, published: date | None) -> str | None:
    """'today', 'the day before yesterday', 'last night'."""
    if published is None:
        return None
    words = " ".join(match["near"].lower().split())
    back = 2 if words.startswith("the day") else 1 if words in ("yesterday", "last night") else 0
    return (published - timedelta(days=back)).isoformat()


def _this(match: _Match, published: date | None) -> str | None:
    """'last month', 'this year', and, as days up to publication, 'this week' and 'earlier this month'."""
    if published is None:
        return None
    unit, last = match["unit"].lower(), match["which"].lower() == "last"
    if unit == "week":
        first = published - timedelta(days=published.weekday() + 7 * last)
        return _between(first, first + timedelta(days=6) if last else published)
    first = published.replace(day=1) if unit == "month" else published.replace(month=1, day=1)
    if match["earlier"] and not last:
        return _between(first, published)
    shown = first - timedelta(days=1) if last else first
    return shown.isoformat()[: 7 if unit == "month" else 4]


_KINDS: tuple[tuple[re.Pattern[str], Callable[[_Match, date | None], str | None]], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE), read)
    for pattern, read in (
        (_SPAN, _span),
        (_BETWEEN, _span),
        (_BARE_SPAN, _span),
        (rf"{_ON}(?P<day>{_DAY})(?:{_TO}(?P<last>{_DAY}))?\s+(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", _day_of_month),
        (rf"{_ON}(?P<month>{_MONTH})\s+(?P<day>{_DAY})\b(?:{_TO}(?P<last>{_DAY})\b)?{_YEAR}", _day_of_month),
        (rf"(?:(?P<part>early|mid|late)[\s-]+)?(?P<month>{_MONTH})\s+(?P<year>\d{{4}})", _month),
        (rf"(?P<part>early|mid|late)[\s-]+(?P<month>{_MONTH})(?P<year>)", _month),
        (rf"(?:in|during)\s+(?P<part>)(?P<month>{_MONTH})(?P<year>)(?!\s+\d)", _month),
        (r"(?P<iso>\d{4}-\d\d-\d\d)", _iso),
        (r"(?P<first>\d{1,2})(?P<mark>[./])(?P<second>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)", _in_numbers),
        (
            rf"(?P<number>\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(?P<unit>hour|day|week|month|year)s?\s+(?:ago|earlier)",
            _ago,
        ),
        (rf"{_NOT_AFTER}(?P<last>last\s+)?(?P<weekday>{_WEEKDAY})", _weekday),
        (r"(?:(?:at|over|on|during)\s+the|(?P<last>last)|this)\s+weekend", _weekend),
        (
            r"(?P<near>today|tonight|(?:the\s+day\s+before\s+)?yesterday|this\s+(?:morning|afternoon|evening)"
            r"|last\s+night)",
            _near,
        ),
        (r"(?P<earlier>earlier\s+)?(?P<which>this|last)\s+(?P<unit>week|month|year)(?!')", _this),
        (r"(?:in|during)\s+(?:(?P<part>early|late|mid)[\s-]+)?(?P<year>(?:19|20)\d\d)", _year),
        (r"(?P<part>early|late|mid)[\s-]+(?P<year>(?:19|20)\d\d)", _year),
        (
            r"(?P<part>)(?:end|beginning|start|middle|spring|summer|autumn|fall|winter)\s+of\s+(?P<year>(?:19|20)\d\d)",
            _year,
        ),
    )
)
