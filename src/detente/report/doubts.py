"""The chapter on doubt: on whose word the answers hang, how each side would have it, and what survives."""

from __future__ import annotations

from collections.abc import Iterator

from detente.analysis.robustness import Effect, Robustness
from detente.analysis.robustness.distribution import SmallChange
from detente.analysis.whose_word import Dependence, WhoseWord
from detente.model.preferences import PreferenceStatement
from detente.model.states import State
from detente.model.wording import capital, counted, listed
from detente.present.blocks import Block, Bullets, Cell, Column, Heading, Item, Paragraph, Row, Table
from detente.present.equilibria import STABLE_FOR_ALL, STABLE_FOR_NONE, shown_states
from detente.present.phrases import NOTHING_DISPUTED, condition_in_words, percent, whose_word
from detente.present.robustness import (
    change_in_words,
    distribution_in_words,
    profiles_in_words,
    share_in_words,
    verdict,
)
from detente.present.whose_word import claim_in_words, deadlocks_in_words
from detente.report.findings import Findings

MAX_STATES = 30
MAX_CONDITIONS = 6
MAX_EFFECTS = 8


def doubts(findings: Findings) -> Iterator[Block]:
    """Yield the blocks of the chapter."""
    yield Heading("On whose word it hangs", 2)
    if findings.words is None:
        yield Paragraph(f"Not told: {findings.unasked['words']}.")
    else:
        yield from _words(findings, findings.words)
    yield Heading("What survives doubt about the preferences", 2)
    if findings.robustness is None:
        yield Paragraph(f"Not told: {findings.unasked['robustness']}.")
    else:
        yield from _survives(findings)


def _words(findings: Findings, words: WhoseWord) -> Iterator[Block]:
    if not words.claims:
        yield Paragraph(f"{NOTHING_DISPUTED}.")
    else:
        how = "all of them were looked at" if words.exact else f"drawn by lot from seed {findings.seed}"
        yield Paragraph(
            "An account believes some of the contested statements and not the others, never two that contest each "
            f"other. There are {words.accounts:,} accounts ({how}), which make "
            f"{counted(words.models, 'different model')}. What rests only on words that an account does not believe is "
            "not in its model."
        )
        yield _claims(words)
        yield Bullets(tuple(_deadlocks(words)))
        yield _states(words)
    if words.sides:
        yield from _sides(words)


def _claims(words: WhoseWord) -> Table:
    rows = [
        (
            claim.id,
            claim_in_words(words, claim.id),
            _titles(one.concept.title for one in words.deadlocks if claim.id in one.claims),
            _titles(
                concept.title
                for concept in words.concepts
                if any(claim.id in one.claims for one in words.of(concept.id))
            ),
        )
        for claim in words.claims
    ]
    return Table(
        (
            Column("", kind="code"),
            Column("Whose word", 6),
            Column("Being stuck hangs on it", 2),
            Column("Some equilibrium does", 2),
        ),
        tuple(rows),
        "The claims that one may believe or not, and under which concepts it makes a difference.",
    )


def _titles(titles: Iterator[str]) -> str:
    return ", ".join(titles) or "no"


def _deadlocks(words: WhoseWord) -> Iterator[Item]:
    """Say on what being stuck hangs, the concepts of which the same is true together."""
    for text, titles in deadlocks_in_words(words, MAX_CONDITIONS).items():
        yield Item(text, f"Under {listed(titles)}")


def _states(words: WhoseWord) -> Table:
    """Tell in which accounts which states are equilibria, those of the most accounts first."""
    by_state = {(one.concept.id, one.pattern): one for one in words.dependences}
    patterns = dict.fromkeys(one.pattern for one in words.dependences)
    best = {p: max(one.share for one in words.dependences if one.pattern == p) for p in patterns}
    ordered = sorted(patterns, key=lambda pattern: -best[pattern])
    rows: list[Row] = []
    for pattern in ordered[:MAX_STATES]:
        found = [by_state.get((concept.id, pattern)) for concept in words.concepts]
        first = next(one for one in found if one is not None)
        number = f"{first.number}" if first.number else "–"
        rows.append((number, pattern, first.name or "", *map(_cell, found)))
    left = len(ordered) - len(rows)
    more = (
        f" {counted(left, 'more state is an equilibrium', 'more states are equilibria')} in fewer." if left > 0 else ""
    )
    return Table(
        (
            Column("No.", kind="number"),
            Column("State", kind="code"),
            Column("Name", 1),
            *(Column(concept.title, kind="mark") for concept in words.concepts),
        ),
        tuple(rows),
        f"In which share of the accounts a state is an equilibrium; {STABLE_FOR_ALL} in every one, "
        f"{STABLE_FOR_NONE} in none. A "
        f"state without a number is feasible in some accounts only. In an "
        "account without a part of the status quo, things stand in another state. The stronger the shade, the more."
        f"{more}",
    )


def _cell(one: Dependence | None) -> Cell:
    if one is None:
        return Cell(STABLE_FOR_NONE, share=0.0)
    return Cell(STABLE_FOR_ALL if one.in_every else f"{one.share:.0%}", share=one.share)


def _sides(words: WhoseWord) -> Iterator[Block]:
    yield Paragraph("The dispute as the statements of each side alone would have it, whoever contests them:")
    yield Table(
        (
            Column("By the word of", 3),
            Column("Statements", kind="number"),
            Column("Parts left out", kind="number"),
            Column("Status quo then", kind="code"),
            Column("Stuck there?", 2),
            Column("Equilibria", 2),
        ),
        tuple(
            (
                side.name,
                f"{side.statements}",
                f"{side.dropped}",
                side.status_quo or "–",
                _stuck(words, side.equilibria, side.status_quo),
                "; ".join(f"{one.title} {len(side.equilibria[one.id])}" for one in words.concepts),
            )
            for side in words.sides
        ),
        "Parts left out: options, preferences and rules that rest on the words of others only.",
    )


def _stuck(words: WhoseWord, equilibria: object, here: str | None) -> str:
    if here is None:
        return "–"
    assert hasattr(equilibria, "__getitem__")
    found = [one.title for one in words.concepts if here in equilibria[one.id]]
    if len(found) == len(words.concepts):
        return "yes, under every concept"
    return f"under {listed(found)}" if found else "no"


def _survives(findings: Findings) -> Iterator[Block]:
    found = findings.robustness
    yield Paragraph(
        f"{capital(profiles_in_words(found))} of preferences were looked at (seed {found.seed}): "
        f"{distribution_in_words(found.distribution, findings.conflict)}."
    )
    here = findings.status_quo
    if here is not None:
        yield Bullets(tuple(Item(verdict(found, found.share(here.number, concept.id))) for concept in found.concepts))
        yield from _hangs_on(found, here)
    states: list[State] = shown_states(findings.analysis)
    rows: list[Row] = []
    for state in states[:MAX_STATES]:
        shares = [found.share(state.number, concept.id) for concept in found.concepts]
        if any(share.met for share in shares):
            cells = [
                Cell(share_in_words(found, share) if share.met else STABLE_FOR_NONE, share=share.share)
                for share in shares
            ]
            rows.append((f"{state.number}", state.pattern, state.name or "", *cells))
    yield Table(
        (
            Column("No.", kind="number"),
            Column("State", kind="code"),
            Column("Name", 1),
            *(Column(concept.title, kind="mark") for concept in found.concepts),
        ),
        tuple(rows),
        "In which share of the profiles a state is an equilibrium, with the 95% interval; the stronger the shade, the "
        "more.",
    )
    for note in found.notes:
        yield Paragraph(f"{capital(note)}.", small=True)


def _altered(found: Robustness, change: SmallChange) -> str:
    """Say a small change, with the preferences that it is about in the names of their options."""
    first = found.statement(change)
    if first is None:
        return capital(change_in_words(found, change))
    who, said = found.conflict.decision_maker(change.decision_maker).label, _preference(found, first)
    if change.kind == "dropped":
        return f"Without this preference of {who}: {said}"
    if change.kind == "reversed":
        return f"With the opposite of this preference of {who}: {said}"
    second = found.statement(change, 1)
    assert second is not None
    return f"With these preferences of {who} in this order: {_preference(found, second)}; {said}"


def _preference(found: Robustness, statement: PreferenceStatement) -> str:
    return (
        f"{condition_in_words(found.conflict, statement.condition)} [{whose_word(found.conflict, statement.support)}]"
    )


def _hangs_on(found: Robustness, here: State) -> Iterator[Block]:
    """Tell the small changes that matter most to the status quo, each with what it does under every concept."""
    effects = {one.id: {effect.change: effect for effect in found.depends_on(one.id, here)} for one in found.concepts}
    most = dict.fromkeys(
        change for by in effects.values() for change in [one.change for one in by.values() if one.distinct][:3]
    )
    if not most:
        if found.changes:
            yield Paragraph("No single preference or order makes a difference to it that stands out from noise.")
        return

    def size(change: SmallChange) -> float:
        return max(abs(by[change].difference) for by in effects.values() if change in by)

    def cell(by: dict[SmallChange, Effect], change: SmallChange) -> str:
        effect = by.get(change)
        if effect is None or not effect.distinct:
            return STABLE_FOR_NONE
        return f"{percent(effect.held)} → {percent(effect.altered)}"

    yield Table(
        (Column("On what that hangs most", 1), *(Column(one.title, kind="mark") for one in found.concepts)),
        tuple(
            (
                _altered(found, change),
                *(cell(effects[one.id], change) for one in found.concepts),
            )
            for change in sorted(most, key=size, reverse=True)[:MAX_EFFECTS]
        ),
        "In which share of the profiles the status quo is an equilibrium, as written there → as changed; "
        f"{STABLE_FOR_NONE} no difference that stands out from noise.",
    )
