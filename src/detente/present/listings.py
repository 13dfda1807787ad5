"""What only lists something: the findings of a check, the states, how many equilibria there are, the catalogue, the
concepts, who speaks in a dossier.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detente.concepts import Concept
from detente.engine.interface import StateSet
from detente.errors import Fault
from detente.io.conflict_file import grouped_warnings
from detente.limits import MAX_PATTERNS
from detente.model.conditions import Not, Taken
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker, Option
from detente.model.statements import Actor, Dossier, Link
from detente.model.states import State
from detente.model.wording import capital, counted, listed, quoted, spoken
from detente.present.basis import element_label
from detente.present.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Facts,
    Heading,
    Item,
    Paragraph,
    Row,
    Table,
    state_cell,
    table,
)
from detente.present.outcomes import wish_in_words as sentence_of_wish
from detente.present.phrases import percent

if TYPE_CHECKING:
    from detente.analysis.equilibria import Analysis
    from detente.reading.drafting.wishes import ProposedWish

#: A finding and how serious it is: ``error``, ``warning`` or ``judgement``, as in JSON; the last is an assumption.
Finding = tuple[str, Fault]

#: A set of states is described by no more patterns than this.
_MAX_PATTERNS_SHOWN = 12
#: The headings above the concepts of a family; those that are analysed by default come first.
DEFAULT_FAMILY = "Default concepts"
FAMILIES = {
    "plain": "Other concepts for any dispute",
    "unknown": "If some preferences are unknown",
    "strength": "If preferences are mild or strong",
    "fuzzy": "If preferences are fuzzy",
    "probabilistic": "If preferences are probabilities",
    "relational": "If parties have attitudes to one another",
    "horizon": "Looking several moves ahead (replace h with the number of moves)",
}


def check_answer(findings: Iterable[Finding]) -> str:
    """Say how much was found, the faults first."""
    by_kind = _by_kind(findings)
    found = [counted(len(by_kind["error"]), "fault")]
    found += [counted(len(some), kind) for kind, some in by_kind.items() if some and kind != "error"]
    return f"{capital(listed(found))}."


def check_view(findings: Iterable[Finding], conflict: Conflict | None) -> list[Block]:
    """Say what a check found.

    ``conflict`` is None if the file could not be read. Faults are no part of the view: they are written as errors.
    """
    findings = list(findings)
    by_kind = _by_kind(findings)
    blocks: list[Block] = []
    if not by_kind["error"]:
        blocks.append(Paragraph(check_answer(findings)))
    if conflict is not None:
        parts = {
            "decision maker": conflict.decision_makers,
            "option": conflict.options,
            "rule": conflict.rules,
            "statement": conflict.all_statements,
        }
        counts = ", ".join(counted(len(some), what) for what, some in parts.items())
        blocks.append(Paragraph(f"{conflict.title.strip() or 'Untitled'}: {counts}."))
    if by_kind["warning"]:
        rows = [[_line(fault), capital(fault.message)] for fault in by_kind["warning"]]
        blocks += [Heading("Warnings"), _by_line("Warning", rows)]
    if by_kind["assumption"]:
        rows = [
            [
                _line(fault),
                capital(element_label(conflict, fault.at, in_words=True)) if conflict is not None else fault.message,
            ]
            for fault in by_kind["assumption"]
        ]
        blocks += [Heading("Assumptions: elements without evidence"), _by_line("Element", rows)]
    return blocks


def _by_kind(findings: Iterable[Finding]) -> dict[str, list[Fault]]:
    """Return the findings by kind, the unused statements as one warning."""
    by_kind: dict[str, list[Fault]] = {"error": [], "warning": [], "assumption": []}
    for severity, fault in findings:
        by_kind["assumption" if severity == "judgement" else severity].append(fault)
    by_kind["warning"] = list(grouped_warnings(by_kind["warning"]))
    return by_kind


def _line(fault: Fault) -> str:
    return str(fault.line or "–")


def _by_line(head: str, rows: list[list[str]]) -> Table:
    return table([Column("Line", kind="number"), Column(head, 1)], rows, max_rows=len(rows))


def states_view(
    conflict: Conflict, states: Sequence[State], ranks: Sequence[Sequence[int]], status_quo: State | None, limit: int
) -> list[Block]:
    """Tabulate the feasible states with the options taken, and how each party ranks them.

    Parameters
    ----------
    states
        All feasible states in the conventional order.
    ranks
        For each decision maker the rank of every state, 1 being best.
    limit
        The maximum number of rows.
    """
    rows: list[Row] = [
        (state_cell(state, status_quo), ", ".join(state.taken), *(str(rank[state.number - 1]) for rank in ranks))
        for state in states
    ]
    count = counted(len(states), "feasible state")
    left = len(rows) - limit
    return [
        Heading(conflict.title),
        Paragraph(f"{count}{f'; the first {limit:,} are shown' if left > 0 else ''}."),
        Table(
            (
                Column("State", 1, "state"),
                Column("Options taken", 2),
                *(Column(maker.label, kind="mark") for maker in conflict.decision_makers),
            ),
            tuple(rows[:limit]),
            "Each letter is one option, in order: Y = taken, N = not taken. Under each party: its rank of "
            "the state; 1 is best, and tied states share a rank.",
            rest=tuple(rows[limit:]),
            more=f"{left:,} more" if left > 0 else "",
        ),
    ]


def catalogue_view(disputes: Iterable[Mapping[str, Any]]) -> list[Block]:
    """Tabulate the disputes of the catalogue."""
    heads: list[Column | str] = [Column("Id", kind="code"), Column("Dispute", 1), "As of"]
    counts = [Column("Decision makers", kind="mark"), Column("Options", kind="mark")]
    rows = [[str(value) for value in dispute.values()] for dispute in disputes]
    caption = "In every command, example:ID stands for the file of a dispute."
    return [table([*heads, *counts], rows, max_rows=len(rows), caption=caption)]


def concepts_view(concepts: Sequence[Concept], default: Sequence[str]) -> list[Block]:
    """Explain one concept in full, or tabulate several by family; those in ``default`` come first."""
    if len(concepts) == 1:
        return _one_concept(concepts[0])
    by_family: dict[str, list[Concept]] = {DEFAULT_FAMILY: [], **{title: [] for title in FAMILIES.values()}}
    for one in concepts:
        by_family[DEFAULT_FAMILY if one.id in default else FAMILIES[one.family]].append(one)
    blocks: list[Block] = []
    for title, some in by_family.items():
        rows: list[list[str | Cell]] = [[one.id, one.name, one.plain] for one in some]
        columns = [Column("Concept", kind="code"), Column("Name", 1), Column("What it means", 3)]
        blocks += [Heading(title), table(columns, rows, max_rows=len(rows))]
    return blocks


def _one_concept(one: Concept) -> list[Block]:
    facts = [("In symbols", one.definition), ("Source", one.source)]
    if one.caution:
        facts.append(("Caution", one.caution))
    if one.experimental:
        facts.append(("Experimental", "tested by computation, but not yet compared with the published definition"))
    return [Heading(f"{one.name} ({one.id})"), Paragraph(one.plain), Facts(tuple(facts))]


#: How a proposed link is asked about.
LINK_QUESTIONS = {
    "same_as": "Are {first} and {second} one actor?",
    "copy_of": "Is {first} a copy of {second}?",
    "repeats": "Does {first} repeat {second}?",
    "withdraws": "Does {first} withdraw {second}?",
    "denies": "Does {first} deny {second}?",
    "contradicts": "Does {first} contradict {second}?",
}


def link_in_words(conflict: Conflict, link: Link) -> str:
    """Ask about a proposed link, with the names of speakers and the identifiers of statements."""
    names = conflict.all_speakers if link.kind == "same_as" else {}
    first, second = (quoted(names[id]) if id in names else id for id in (link.first, link.second))
    return LINK_QUESTIONS[link.kind].format(first=first, second=second)


def wish_in_words(conflict: Conflict, wish: ProposedWish, wanted: bool | None) -> str:
    """Say what is proposed from a statement: ``Egypt prefers that Ethiopia signs a binding agreement``.

    With ``wanted`` None, only an option is proposed. What another party reports is said as told by it.
    """
    holder, owner = (conflict.decision_maker(id) for id in (wish.holder, wish.owner))
    if wanted is None:
        return f"A possible option of {owner.label}: {wish.name}"
    # In a dispute of these two alone, for the option may be new.
    makers = [DecisionMaker(owner.id, owner.own_name, [Option("it", wish.name)])]
    makers += [DecisionMaker(holder.id, holder.own_name)] if holder.id != owner.id else []
    words = sentence_of_wish(Conflict("", makers), holder.id, Taken("it") if wanted else Not(Taken("it")))
    said = conflict.all_testimony.by_id.get(wish.statement)
    outer = conflict.all_testimony.by_id.get((said and said.nested_in) or "")
    told = outer.speaker if said and outer and outer.speaker != said.speaker else ""
    return f"According to {conflict.all_speakers.get(told, told)}, {words}" if told else words


def links_view(dossier: Dossier) -> list[Block]:
    """List who speaks in a dossier, by what names and for whom, and what is proposed about actors and statements."""
    count = Counter(one.speaker for one in dossier.statements)
    known = {one.id: one for one in dossier.actors}
    rows: list[Row] = []
    for id, name in dossier.speakers.items():
        one = known.get(id, Actor(id, name))
        party = dossier.speakers.get(one.speaks_for or "", one.speaks_for or "")
        rows.append((id, name, "; ".join(one.aliases), party, str(count[id])))
    quotes = {one.id: one for one in dossier.statements}
    asked = [
        Item(
            f"{number}. {LINK_QUESTIONS[one.kind].format(first=one.first, second=one.second)} "
            f"{capital(one.reason)}; confidence {one.confidence or 0:.2f}. {_decision(one)}",
            points=tuple(
                f"{id}, {dossier.speakers.get(quotes[id].speaker or '', 'nobody named')}: "
                f"{spoken(quotes[id].quote or '')}"
                for id in (one.first, one.second)
                if id in quotes
            ),
        )
        for number, one in enumerate(dossier.links, start=1)
    ]
    columns = [Column("Actor"), Column("Name", 1), Column("Also called", 2), Column("Speaks for", 1)]
    return [
        Heading("Who speaks"),
        table([*columns, Column("Statements", kind="number")], rows, max_rows=len(rows)),
        Heading("Proposals"),
        Bullets(tuple(asked)) if asked else Paragraph("Nothing is proposed."),
    ]


def _decision(one: Link) -> str:
    return {None: "Not decided.", True: "Accepted.", False: "Refused."}[one.accepted]


def sets_table(analysis: Analysis) -> Table:
    """Tabulate how many equilibria there are, and what they have in common."""
    here = analysis.status_quo
    rows: list[Row] = []
    for concept in analysis.concepts:
        states = analysis.equilibrium_set(concept.id)
        patterns = states.patterns(_MAX_PATTERNS_SHOWN)
        described = "too many for a few patterns" if patterns is None else ", ".join(patterns) or "none"
        share = states.count / analysis.count
        quo = "–" if here is None else "yes" if here.number in states else "no"
        common = _options_in_common(analysis.conflict, states)
        rows.append((concept.title, f"{states.count:,}", Cell(percent(share), share=share), quo, described, common))
    return Table(
        (
            Column("Concept"),
            Column("Equilibria", kind="number"),
            Column("Of all states", kind="number"),
            Column("Status quo", kind="mark"),
            Column("Patterns", 1, "code"),
            Column("In common", 1),
        ),
        tuple(rows),
        f"{counted(analysis.count, 'feasible state')}. In a pattern Y is taken, N not taken, a dash either, in the "
        "order of the options. In common: options that are taken, or not taken, at all equilibria under the concept.",
    )


def _options_in_common(conflict: Conflict, states: StateSet) -> str:
    """Say which options are the same at every state of a set, where there are few enough patterns to tell."""
    patterns = states.patterns(MAX_PATTERNS)
    if patterns is None:
        return "too many to tell"
    if not patterns:
        return "–"
    words = [
        f"{'' if letters[0] == 'Y' else 'not '}{quoted(option.label)}"
        for option, letters in zip(conflict.options, zip(*patterns, strict=True), strict=False)
        if set(letters) in ({"Y"}, {"N"})
    ]
    return ", ".join(words) or "nothing"
