"""Since when a dispute has been stuck, through which statements and acts, and who held which position, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from detente.analysis.timeline import Period, Since, Timeline
from detente.analysis.timeline.positions import AGAINST, FOR, Position
from detente.model.conflict import Conflict
from detente.model.dates import day_in_words, range_in_words
from detente.model.statements import Statement
from detente.model.wording import capital, counted, listed, names_in_words, quoted
from detente.present.blocks import Block, Cell, Column, Heading, Paragraph, Table
from detente.present.outcomes import name_on_a_day, options_in_words
from detente.present.phrases import concepts_in_words, concepts_spelled_out, state_name, together, under_concepts

#: So many changes are told in a paragraph.
MAX_TOLD = 6
#: So many statements that made a state stable are named; more are counted.
MAX_CAUSES = 5
#: How a change of position is said.
CHANGES = {
    "begins": "first known position",
    "repeats": "repeated",
    "hardens": "hardened",
    "softens": "softened",
    "reverses": "changed",
    "withdraws": "withdrawn",
    "contradicts": "differs from the line above, of the same day",
}
STANCES = {"for": "for", "against": "against", "conditional": "under a condition", "none": "no position"}


def view(found: Timeline) -> list[Block]:
    """Word a timeline: since when the dispute has been stuck, its periods, and the positions."""
    blocks: list[Block] = [Paragraph(answer(found), "Is it stuck, and since when?")]
    blocks.append(concepts_spelled_out(found.concepts))
    if found.differs:
        days = listed([day_in_words(day) for day in found.differs])
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
        return f"That cannot be said for the last period, {span(now)}: {now.reason}."
    stuck = [one for one in found.concepts if now.stuck[one.id]]
    every = under_concepts(found.concepts, found.concepts)
    if not stuck:
        under = every.replace("all ", "any of the ", 1).replace("both concepts", "either concept")
        where = f"the status quo, {state_name(now.status_quo)}, is not an equilibrium under {under}"
        return f"No. In the last period {where}. {_not_since(found, [one.id for one in found.concepts])}"
    verdict = "Yes" if len(stuck) == len(found.concepts) else "It depends on the concept"
    under = under_concepts(stuck, found.concepts)
    where = f"the status quo, {state_name(now.status_quo)}, is an equilibrium under {under}"
    return f"{verdict}. In the last period {where}. {_stuck_since(found, [one.id for one in stuck])}"


def _since(found: Timeline, concepts: Sequence[str], *, wanted: bool) -> tuple[Period, Period | None]:
    """Return the first of the last periods in a row with the same verdict, and the period before it if one is known."""
    place = len(found.periods) - 1
    while place and all(found.periods[place - 1].stuck[id] is wanted for id in concepts):
        place -= 1
    return found.periods[place], found.periods[place - 1] if place else None


def since_in_words(found: Since, conflict: Conflict, *, stable: bool) -> str:
    """Say since when a state has been stable, or not, and which acts and statements made it so."""
    # The model of a day has the acts no more.
    conflict = conflict.written
    verdict = "It has been stable" if stable else "It has not been stable"
    if found.first is None:
        return f"{verdict} on {'every' if stable else 'any'} day that the file covers."
    day = day_in_words(found.first)
    if not found.known_before:
        return f"{verdict} at least since {day}; the model of the days before gives no verdict."
    causes = []
    if found.acts:
        makers = dict.fromkeys(conflict.history[number - 1].by for number in found.acts)
        causes.append(f"{'the act' if len(found.acts) == 1 else 'acts'} of {names_in_words(conflict, makers)}")
    if found.because:
        said = f"{counted(len(found.because), 'statement')} of that day"
        causes.append(said if len(found.because) > MAX_CAUSES else f"{said} [{', '.join(found.because)}]")
    through = f", through {listed(causes)}" if causes else ""
    return f"{verdict} since {day}{through}."


def _stuck_since(found: Timeline, concepts: Sequence[str]) -> str:
    """Say since when the dispute has been stuck; "at least", if the verdict on the days before is not known."""
    first, before = _since(found, concepts, wanted=True)
    if first.first is None:
        return "It has been stuck on every day that the file covers."
    day = day_in_words(first.first)
    if before is None:
        return f"It has been stuck at least since {day}, the first of these days."
    if any(before.stuck[id] is None for id in concepts):
        return f"It has been stuck at least since {day}; for the days before, the file does not tell: {before.reason}."
    return f"It has been stuck since {day}{_through(found, first)}."


def _not_since(found: Timeline, concepts: Sequence[str]) -> str:
    """Say since when the dispute has not been stuck."""
    first, before = _since(found, concepts, wanted=False)
    if first.first is None:
        return "It has not been stuck on any day that the file covers."
    day = day_in_words(first.first)
    if before is None or not any(before.stuck[id] for id in concepts):
        return f"It has not been stuck on any day from {day} on."
    return f"It stopped being stuck on {day}{_through(found, first)}."


def _through(found: Timeline, first: Period) -> str:
    """Say which acts and statements began a period."""
    causes = []
    if first.acts:
        makers = dict.fromkeys(found.conflict.history[number - 1].by for number in first.acts)
        acts = "the act" if len(first.acts) == 1 else "acts"
        causes.append(f"{acts} of {names_in_words(found.conflict, makers)}")
    if first.because:
        causes.append(f"{counted(len(first.because), 'statement')} of that day")
    return f", through {listed(causes)}" if causes else ""


def story(found: Timeline) -> str:
    """Say how it came to this: when the dispute was stuck, which positions changed, and which periods are disputed."""
    runs: list[list[Period]] = []
    for period in found.periods:
        if runs and (dict(runs[-1][-1].stuck), runs[-1][-1].reason) == (dict(period.stuck), period.reason):
            runs[-1].append(period)
        else:
            runs.append([period])
    said = [_run_in_words(found, run) for run in runs]
    if len(said) > MAX_TOLD:
        left = counted(len(said) - MAX_TOLD, "earlier change is", "earlier changes are")
        said = [f"Only the last {MAX_TOLD} changes are told here; {left} in the table.", *said[-MAX_TOLD:]]
    names = {maker.id: maker.label for maker in found.conflict.decision_makers}
    last: dict[tuple[str, str], Position] = {}
    changed = []
    for one in found.positions:
        before = last.get((one.holder, one.matter))
        last[one.holder, one.matter] = one
        if before is not None and before.stance != one.stance and one.change != "contradicts":
            reported = only_reported(found, before).removeprefix("; ")
            was = f"{STANCES[before.stance]}{f' ({reported})' if reported else ''}"
            now = f"{STANCES[one.stance]} ({range_in_words(one.begins)}{only_reported(found, one)})"
            changed.append(
                f"{names[one.holder]} on {quoted(found.conflict.option(one.matter).label)}: {was}, then {now}"
            )
    if changed:
        more = len(changed) - MAX_TOLD
        rest = [f"{counted(more, 'other')} in the table"] if more > 0 else []
        said.append(f"Positions changed: {'; '.join([*changed[:MAX_TOLD], *rest])}.")
    for period in found.periods:
        if period.begins_if is not None and not period.in_every_account:
            said.append(f"The period {span(period)} exists only if {beliefs_in_words(period.begins_if)}.")
    return " ".join(said)


def _run_in_words(found: Timeline, run: Sequence[Period]) -> str:
    """Say whether the dispute was stuck in consecutive periods with the same verdict, and what began them."""
    first, last = run[0], run[-1]
    when = capital(span(replace(first, last=last.last)))
    if first.reason:
        return f"{when}: whether the dispute was stuck is not known ({first.reason})."
    began = _through(found, first) if first.first else ""
    under = [one for one in found.concepts if first.stuck[one.id]]
    if not under:
        return f"{when}: not stuck{began}."
    which = "" if len(under) == len(found.concepts) else f" under {under_concepts(under, found.concepts)}"
    return f"{when}: stuck{which}{began}."


def _periods(found: Timeline) -> Table:
    rows = []
    for one in found.periods:
        quo = one.status_quo
        state = Cell(name_on_a_day(found.conflict, quo), quo.number, quo.pattern) if quo else "none"
        rows.append(
            (span(one), _because(found, one), state, verdict_in_words(found, one), equilibria_counted(found, one))
        )
    columns = (
        Column("Days"),
        Column("What began it", 3),
        Column("Status quo", 2, "state"),
        Column("Is it stuck?", 1),
        Column("Equilibria", 2),
    )
    return Table(columns, tuple(rows), _caption(found))


def _caption(found: Timeline) -> str:
    text = "A period is a stretch of days with the same statements in force and the same status quo."
    if any(one.begins_if is None for one in found.periods):
        return f"{text} There are too many disputed statements to say which periods depend on them."
    return text


def span(one: Period) -> str:
    """Say from when until when a period lasted."""
    first = day_in_words(one.first) if one.first else "the beginning"
    if one.last is None:
        return f"from {first} on"
    last = day_in_words(one.last)
    return f"until {last}" if one.first is None else first if one.first == one.last else f"{first} to {last}"


def _because(found: Timeline, one: Period) -> str:
    parts = []
    for number in one.acts:
        act = found.conflict.history[number - 1]
        done = dict.fromkeys(act.takes, "Y") | dict.fromkeys(act.drops, "N")
        parts.append(f"act {number}: {options_in_words(found.conflict, done, dict.fromkeys(act.drops, 'Y'))}")
    if one.because:
        speakers: dict[str, list[str]] = {}
        statements = {said.id: said for said in found.conflict.all_statements}
        for id in one.because:
            who = found.conflict.all_speakers.get(statements[id].speaker or "", statements[id].speaker or "")
            speakers.setdefault(who or "a speaker who is not named", []).append(id)
        told = [f"{who} ({', '.join(ids)})" for who, ids in speakers.items()]
        parts.append(f"{'new statements' if len(one.because) > 1 else 'a new statement'}: {'; '.join(told)}")
    if one.begins_if is not None and not one.in_every_account:
        parts.append(f"only if {beliefs_in_words(one.begins_if)}")
    if not parts:
        return "a date that the file gives for a part of the model" if one.first else "the file begins"
    return "; ".join(parts)


def beliefs_in_words(sets: Iterable[Sequence[tuple[str, bool]]]) -> str:
    """Say with which beliefs about disputed statements a period begins."""
    texts = [listed([f"you {'' if value else 'do not '}believe {id}" for id, value in each]) for each in sets]
    return ", or if ".join(texts) if texts else "no account"


def verdict_in_words(found: Timeline, one: Period) -> str:
    """Say whether the dispute was stuck in a period, or why that is not known."""
    if one.reason:
        return f"not known: {one.reason}"
    under = [concept.title for concept in found.concepts if one.stuck[concept.id]]
    if len(under) == len(found.concepts):
        return "yes"
    return f"under {', '.join(under)}" if under else "no"


def equilibria_counted(found: Timeline, one: Period) -> str:
    """Say how many equilibria a period had."""
    asked = [concept.id for concept in found.concepts]
    counts = together(asked, lambda id: len(one.equilibria[id]))
    if len(counts) == 1:
        return str(next(iter(counts)))
    return "; ".join(f"{count} under {concepts_in_words(ids, asked)}" for count, ids in counts.items())


def _positions(found: Timeline) -> Table:
    names = {maker.id: maker.label for maker in found.conflict.decision_makers}
    statements = {said.id: said for said in found.conflict.all_statements}
    rows = []
    for one, before in zip(found.positions, stances_before(found), strict=True):
        words = "; ".join(_words(statements[id]) for id in one.statements)
        rows.append(
            (
                names[one.holder],
                found.conflict.option(one.matter).label,
                STANCES[one.stance],
                f"{range_in_words(one.begins)} ({change_in_words(one, before)})",
                "" if one.ends is None else range_in_words(one.ends),
                f"{words}{only_reported(found, one)}",
            )
        )
    columns = (
        Column("Party", 1),
        Column("Option", 2),
        Column("Stance", 1),
        Column("Since", 2),
        Column("Until"),
        Column("Statements", 4),
    )
    caption = "If nothing stands under Until, the position lasts to the end of the file."
    return Table(columns, tuple(rows), caption)


def stances_before(found: Timeline) -> list[str]:
    """Return for every position the stance of the one before it, of the same party on the same option; or nothing."""
    last: dict[tuple[str, str], str] = {}
    before = []
    for one in found.positions:
        before.append(last.get((one.holder, one.matter), ""))
        last[one.holder, one.matter] = one.stance
    return before


def _words(said: Statement) -> str:
    quote = f": “{said.quote}”" if said.quote else ""
    return f"{said.kind or 'statement'}{quote} [{', '.join(part for part in (said.id, said.source) if part)}]"


def change_in_words(one: Position, before: str) -> str:
    """Say how a position differs from the one before it; from one side to the other is more than a softer tone."""
    change = CHANGES[one.change]
    if one.change in ("hardens", "softens", "reverses") and before and before != one.stance:
        change = "reversed" if {before, one.stance} == {FOR, AGAINST} else change
        change = f"{change}: {STANCES[before]} before"
    return change if one.ordered else f"{change}; the dates do not give the order"


def only_reported(found: Timeline, one: Position) -> str:
    """Say which other speakers report a position that its holder's own statements do not express; or nothing."""
    if not one.told_by_others_only:
        return ""
    names = found.conflict.all_speakers
    return f"; reported only by {listed([names.get(teller, teller) for teller in one.told_by])}"
