"""The chapter on what holds: the stability table, and the states drawn."""

from __future__ import annotations

from collections.abc import Iterator

from detente.model.states import State
from detente.model.wording import counted, listed, player_label
from detente.present.blocks import Block, Bullets, Cell, Column, Heading, Item, Paragraph, Row, Table
from detente.present.graph import picture
from detente.report.findings import Findings
from detente.report.parties import EITHER, LEFT, MARKS, TAKEN, letters

#: Up to so many states the table has them all; beyond, the equilibria, the named states and the status quo.
SHOW_ALL_UP_TO = 40
MAX_SHOWN = 80
#: With more options than this the table has a column of patterns, not one for each option.
MAX_OPTION_COLUMNS = 14
STABLE_FOR_ALL, STABLE_FOR_NONE = "✓", "·"


def outcomes(findings: Findings) -> Iterator[Block]:
    """Yield the blocks of the chapter."""
    yield Heading("Which states hold, and for whom")
    yield Paragraph(
        "A state holds for a party when the party has no reason to leave it, and it is an equilibrium when it holds "
        "for all. How far a party looks ahead makes a difference, so there is a column for each idea of foresight:"
    )
    yield Bullets(tuple(Item(one.meaning) for one in findings.concepts))
    if findings.equilibria is None:
        yield _summary(findings)
    else:
        yield _table(findings)
    yield from _picture(findings)


def shown_states(findings: Findings) -> list[State]:
    """Return the states that the table shows, in their order."""
    solver = findings.analysis.solver
    if findings.analysis.count <= SHOW_ALL_UP_TO:
        return [solver.state(number) for number in range(1, findings.analysis.count + 1)]
    first = [findings.status_quo] if findings.status_quo is not None else []
    wanted = dict.fromkeys([*first, *findings.named, *(findings.equilibria or ())])
    return sorted(list(wanted)[:MAX_SHOWN])


def _table(findings: Findings) -> Table:
    conflict, states = findings.conflict, shown_states(findings)
    short = letters(conflict)
    by_option = len(conflict.options) <= MAX_OPTION_COLUMNS
    columns = [Column("No.", kind="number"), Column("Name", 1)]
    groups: list[tuple[str, int]] = [("", 2)]
    if by_option:
        columns += [Column(short[option.id], kind="mark") for option in conflict.options]
        groups += [(maker.label, len(maker.options)) for maker in conflict.decision_makers if maker.options]
    else:
        columns.append(Column("State", kind="code"))
        groups.append(("", 1))
    columns += [Column(concept.title, kind="mark") for concept in findings.concepts]
    groups.append(("Holds under", len(findings.concepts)))
    rows = [_row(findings, state, by_option) for state in states]
    anchors = tuple("status quo" if state == findings.status_quo else "" for state in states)
    caption = _caption(findings, len(states), by_option)
    return Table(tuple(columns), tuple(rows), caption, tuple(groups), anchors)


def _row(findings: Findings, state: State, by_option: bool) -> Row:
    here = state == findings.status_quo
    name = f"{state.name or ''} (status quo)".strip() if here else state.name or ""
    pattern = [MARKS[letter] for letter in state.pattern] if by_option else [state.pattern]
    return (
        Cell(f"{state.number}", here=here),
        name,
        *pattern,
        *(_mark(findings, state, one.id) for one in findings.concepts),
    )


def _mark(findings: Findings, state: State, concept: str) -> str:
    stable = [
        f"{place}"
        for place, player in enumerate(findings.analysis.players, start=1)
        if state.number in findings.analysis.stability[concept][player]
    ]
    if len(stable) == len(findings.analysis.players):
        return STABLE_FOR_ALL
    return (" " if len(findings.analysis.players) > 9 else "").join(stable) or STABLE_FOR_NONE


def _caption(findings: Findings, shown: int, by_option: bool) -> str:
    count = findings.analysis.count
    conflict = findings.conflict
    if count == shown:
        which = f"All {counted(count, 'state')}."
    else:
        kinds = "the equilibria, the named states and the status quo"
        cut = f", the first {MAX_SHOWN}" if shown == MAX_SHOWN else ""
        which = f"{shown} of {counted(count, 'state')}: {kinds}{cut}."
    marks = f" {TAKEN} taken, {LEFT} not taken" + (f", {EITHER} either" if conflict.merge else "") + "."
    who = listed(
        [f"{place} {player_label(conflict, player)}" for place, player in enumerate(findings.analysis.players, start=1)]
    )
    return (
        f"{which}{marks if by_option else ' Y taken, N not, in the order of the options.'} {STABLE_FOR_ALL} "
        f"an equilibrium; "
        f"figures: for whom the state holds ({who}); {STABLE_FOR_NONE} for nobody."
    )


def _summary(findings: Findings) -> Table:
    rows = []
    for concept in findings.concepts:
        states = findings.analysis.equilibrium_set(concept.id)
        patterns = states.patterns(12)
        described = "too many for a few patterns" if patterns is None else ", ".join(patterns) or "none"
        here = findings.status_quo
        quo = "" if here is None else "yes" if here.number in states else "no"
        rows.append((concept.title, f"{states.count:,}", quo, described))
    return Table(
        (
            Column("Concept"),
            Column("Equilibria", kind="number"),
            Column("Status quo", kind="mark"),
            Column("Patterns", 1),
        ),
        tuple(rows),
        f"{findings.analysis.count:,} states, so equilibria are counted and described. In a pattern Y is taken, N not "
        "taken, a dash either, in the order of the options.",
    )


def _picture(findings: Findings) -> Iterator[Block]:
    yield Heading("The states drawn", 2)
    if findings.graph is None:
        yield Paragraph(f"Not drawn: {findings.unasked['picture']}.")
        return
    yield picture(findings.graph, findings.analysis, findings.evolution)
