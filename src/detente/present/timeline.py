"""Since when a dispute has been stuck, through which statements and acts, and who held which position, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from detente.analysis.timeline import Period, Timeline
from detente.analysis.timeline.positions import Position
from detente.model.dates import DateRange
from detente.model.statements import Statement
from detente.model.wording import counted, listed, names_in_words, quoted
from detente.present.blocks import Block, Cell, Column, Heading, Paragraph, Table
from detente.present.phrases import concepts_spelled_out, state_name

#: How a change of position is said.
CHANGES = {
    "begins": "first known position",
    "repeats": "repeated",
    "hardens": "hardened",
    "softens": "softened",
    "reverses": "changed",
    "withdraws": "withdrawn",
    "contradicts": "contradicts the line above",
}
STANCES = {"for": "for", "against": "against", "conditional": "under a condition", "none": "no position"}


def view(found: Timeline) -> list[Block]:
    """Word a timeline: since when the dispute has been stuck, its periods, and the positions."""
    blocks: list[Block] = [Paragraph(answer(found), "Is it stuck, and since when?")]
    blocks.append(concepts_spelled_out(found.concepts))
    if found.differs:
        days = listed([day.isoformat() for day in found.differs])
        other = "earliest" if found.undated == "latest" else "latest"
        blocks.append(
            Paragraph(f"Some dates are vague. With --undated {other}, a period would also begin on {days}.", small=True)
        )
    blocks += [Heading("Periods"), _periods(found)]
    if found.positions:
        blocks += [Heading("Positions"), _positions(found)]
    return blocks


def answer(found: Timeline) -> str:
    """Say whether the dispute is stuck at the end, since when, and what made it so."""
    if not found.periods:
        return "There is no period in these days."
    now = found.periods[-1]
    if now.status_quo is None or now.reason:
        return f"That cannot be said for the last period, {_span(now)}: {now.reason}."
    stuck = [one for one in found.concepts if now.stuck[one.id]]
    asked = listed([one.title for one in found.concepts])
    if not stuck:
        first = _since(found, [one.id for one in found.concepts], wanted=False)
        where = f"the status quo, {state_name(now.status_quo)}, is not an equilibrium under {asked}"
        return f"No. In the last period {where}. {_beginning(found, first, 'It has not been stuck')}"
    first = _since(found, [one.id for one in stuck], wanted=True)
    under = asked if len(stuck) == len(found.concepts) else listed([one.title for one in stuck])
    verdict = "Yes" if len(stuck) == len(found.concepts) else "It depends on the concept"
    where = f"the status quo, {state_name(now.status_quo)}, is an equilibrium under {under}"
    return f"{verdict}. In the last period {where}. {_beginning(found, first, 'It has been stuck')}"


def _since(found: Timeline, concepts: Sequence[str], *, wanted: bool) -> Period:
    """Return the first of the last periods in a row that all have the same verdict."""
    first = found.periods[-1]
    for one in reversed(found.periods):
        if any(one.stuck[id] is not wanted for id in concepts):
            break
        first = one
    return first


def _beginning(found: Timeline, first: Period, what: str) -> str:
    if first.first is None:
        return f"{what} on every day that the file covers."
    since = f"{what} since {first.first.isoformat()}"
    causes = []
    if first.acts:
        makers = dict.fromkeys(found.conflict.history[number - 1].by for number in first.acts)
        acts = "the act" if len(first.acts) == 1 else "acts"
        causes.append(f"{acts} of {names_in_words(found.conflict, makers)}")
    if first.because:
        causes.append(f"{counted(len(first.because), 'statement')} of that day")
    return f"{since}, through {listed(causes)}." if causes else f"{since}."


def _periods(found: Timeline) -> Table:
    rows = []
    for one in found.periods:
        quo = one.status_quo
        state = Cell(quo.name or "", quo.number, quo.pattern) if quo else "none"
        rows.append((_span(one), _because(found, one), state, _verdict(found, one), _stable(found, one)))
    columns = (
        Column("Days"),
        Column("Began with", 3),
        Column("Status quo", kind="state"),
        Column("Stuck", 1),
        Column("Equilibria", 1),
    )
    return Table(columns, tuple(rows), _caption(found))


def _caption(found: Timeline) -> str:
    text = "A period is a stretch of days with the same statements in force and the same status quo."
    if any(one.begins_if is None for one in found.periods):
        return f"{text} There are too many disputed statements to say which periods depend on them."
    return text


def _span(one: Period) -> str:
    first = one.first.isoformat() if one.first else "the beginning"
    if one.last is None:
        return f"from {first} on"
    return f"until {one.last.isoformat()}" if one.first is None else f"{first} to {one.last.isoformat()}"


def _because(found: Timeline, one: Period) -> str:
    names = {maker.id: maker.label for maker in found.conflict.decision_makers}
    parts = []
    for number in one.acts:
        act = found.conflict.history[number - 1]
        done = [f"{quoted(found.conflict.option(id).label)} taken" for id in act.takes]
        done += [f"{quoted(found.conflict.option(id).label)} dropped" for id in act.drops]
        parts.append(f"act {number}, {names[act.by]}: {listed(done)}")
    if one.because:
        speakers: dict[str, list[str]] = {}
        statements = {said.id: said for said in found.conflict.all_statements}
        for id in one.because:
            who = found.conflict.all_speakers.get(statements[id].speaker or "", statements[id].speaker or "")
            speakers.setdefault(who or "a speaker who is not named", []).append(id)
        parts += [f"{who} ({', '.join(ids)})" for who, ids in speakers.items()]
    if one.begins_if is not None and not one.in_every_account:
        parts.append(f"only if {_beliefs(one.begins_if)}")
    if not parts:
        return "dates of elements in the file" if one.first else "–"
    return "; ".join(parts)


def _beliefs(sets: Iterable[Sequence[tuple[str, bool]]]) -> str:
    texts = [listed([f"{id} is {'' if value else 'not '}believed" for id, value in each]) for each in sets]
    return ", or if ".join(texts) if texts else "no account"


def _verdict(found: Timeline, one: Period) -> str:
    if one.reason:
        return f"not known: {one.reason}"
    under = [concept.title for concept in found.concepts if one.stuck[concept.id]]
    if len(under) == len(found.concepts):
        return "yes"
    return f"under {', '.join(under)}" if under else "no"


def _stable(found: Timeline, one: Period) -> str:
    counts = {concept.title: len(one.equilibria[concept.id]) for concept in found.concepts}
    if len(set(counts.values())) == 1:
        return str(next(iter(counts.values())))
    return ", ".join(f"{title} {count}" for title, count in counts.items())


def _positions(found: Timeline) -> Table:
    names = {maker.id: maker.label for maker in found.conflict.decision_makers}
    statements = {said.id: said for said in found.conflict.all_statements}
    rows = []
    for one in found.positions:
        words = "; ".join(_words(statements[id]) for id in one.statements)
        rows.append(
            (
                names[one.holder],
                found.conflict.option(one.matter).label,
                STANCES[one.stance],
                _since_when(one),
                "" if one.ends is None else _range(one.ends),
                f"{words}{_told(found, one)}",
            )
        )
    columns = (
        Column("Party", 1),
        Column("Matter", 2),
        Column("Stance", 1),
        Column("Since", 1),
        Column("Until"),
        Column("In which words", 4),
    )
    return Table(columns, tuple(rows))


def _words(said: Statement) -> str:
    quote = f": “{said.quote}”" if said.quote else ""
    return f"{said.kind or 'statement'}{quote} [{', '.join(part for part in (said.id, said.source) if part)}]"


def _since_when(one: Position) -> str:
    unordered = "" if one.ordered else "; the dates do not give the order"
    return f"{_range(one.begins)} ({CHANGES[one.change]}{unordered})"


def _told(found: Timeline, one: Position) -> str:
    if not one.told_by_others_only:
        return ""
    names = found.conflict.all_speakers
    return f" — reported only by {listed([names.get(teller, teller) for teller in one.told_by])}"


def _range(days: DateRange) -> str:
    if days.earliest is None and days.latest is None:
        return "no date"
    if days.earliest == days.latest:
        return _day(days.latest)
    if days.earliest is None:
        return f"by {_day(days.latest)}"
    return f"{_day(days.earliest)} or later" if days.latest is None else f"{_day(days.earliest)} to {_day(days.latest)}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
