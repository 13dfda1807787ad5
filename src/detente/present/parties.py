"""Who decides: their options, what they prefer, the rules — each with the words that it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from detente.analysis.equilibria import Analysis
from detente.model.conflict import Conflict
from detente.model.parts import DecisionMaker
from detente.model.preferences import Payoffs, Prioritising, Ranking, Weights
from detente.model.wording import counted, listed, quoted
from detente.present.blocks import Block, Bullets, Column, Heading, Item, Paragraph, Table
from detente.present.equilibria import LEFT, MARKS, TAKEN, option_letters
from detente.present.phrases import DISPUTED_MARK, condition_in_words, player_label, rule_in_words, whose_word

#: So many groups of a ranking, or payoffs, are listed.
MAX_RANKED = 10


def view(analysis: Analysis) -> Iterator[Block]:
    """Say who decides, and about what."""
    conflict = analysis.conflict
    quo = f" {TAKEN} is what is done where things stand, {LEFT} what is not." if analysis.status_quo is not None else ""
    yield Paragraph(
        f"{counted(len(conflict.decision_makers), 'party decides', 'parties decide').capitalize()} about "
        f"{counted(len(conflict.options), 'option')}; the rules leave {counted(analysis.count, 'state')}. The "
        f"letters stand for the options in the tables.{quo} In brackets: whose word it is, and in which statement "
        f"(the appendix has each with its words); {DISPUTED_MARK} marks words that the analyst leaves open."
    )
    for maker in conflict.decision_makers:
        yield Heading(maker.label)
        yield from _options(analysis, maker)
        yield from _preferences(analysis, maker)
    if any(len(group) > 1 for group in conflict.players):
        groups = "; ".join(player_label(conflict, player) for player in analysis.players)
        yield Paragraph(f"Standing coalitions act as one: {groups}.")
    yield from _rules(conflict)


def _options(analysis: Analysis, maker: DecisionMaker) -> Iterator[Block]:
    if not maker.options:
        yield Paragraph("No options in this model.")
        return
    short = option_letters(analysis.conflict)
    here = analysis.status_quo
    place = {option.id: number for number, option in enumerate(analysis.conflict.options)}
    now = [MARKS[here.pattern[place[option.id]]] if here is not None else "" for option in maker.options]
    columns = [Column("", kind="code"), Column("Option", 6), Column("On whose word", 5)]
    unused = analysis.conflict.untaken
    labels = {one.id: f"{one.label} (not in this model)" if one.id in unused else one.label for one in maker.options}
    rows = [
        [short[option.id], labels[option.id], whose_word(analysis.conflict, option.support)] for option in maker.options
    ]
    if here is not None:
        columns.insert(2, Column("Now", kind="mark"))
        for row, mark in zip(rows, now, strict=True):
            row.insert(2, mark)
    yield Table(
        tuple(columns), tuple(map(tuple, rows)), anchors=tuple(f"option {option.id}" for option in maker.options)
    )


def _preferences(analysis: Analysis, maker: DecisionMaker) -> Iterator[Block]:
    conflict, preferences = analysis.conflict, maker.preferences
    if isinstance(preferences, Prioritising):
        if not preferences.statements:
            yield Paragraph("No preferences are known: every state counts as equally good for this party.")
            return
        yield Paragraph("Preferences, the weightiest first:")
        yield Bullets(
            tuple(
                Item(
                    f"{condition_in_words(conflict, one.condition)} [{whose_word(conflict, one.support)}]",
                    anchor=f"{maker.id} {place}",
                )
                for place, one in enumerate(preferences.statements, start=1)
            ),
            numbered=True,
        )
    elif isinstance(preferences, Weights):
        yield Paragraph("What counts, and how much:")
        yield Bullets(
            tuple(
                Item(
                    f"{condition_in_words(conflict, one.condition)} [{whose_word(conflict, one.support)}]",
                    f"{one.weight}",
                    anchor=f"{maker.id}'s weight {place}",
                )
                for place, one in enumerate(preferences.weights, start=1)
            )
        )
    elif isinstance(preferences, Ranking):
        basis = whose_word(conflict, preferences.support)
        yield Paragraph(f"The states ranked, the best first [{basis}]: {_ranked(preferences)}.")
    elif isinstance(preferences, Payoffs):
        basis = whose_word(conflict, preferences.support)
        yield Paragraph(f"Each state has a number, the higher the better [{basis}]: {_payoffs(preferences)}.")


def _ranked(preferences: Ranking) -> str:
    groups = [
        listed([str(one) for one in group]) + (" (tied)" if len(group) > 1 else "")
        for group in preferences.groups[:MAX_RANKED]
    ]
    return "; ".join(groups) + (
        f"; and so on, {len(preferences.groups)} places" * (len(preferences.groups) > MAX_RANKED)
    )


def _payoffs(preferences: Payoffs) -> str:
    ordered = sorted(preferences.payoffs, key=lambda pair: -pair[1])
    shown = "; ".join(f"{state}: {value}" for state, value in ordered[:MAX_RANKED])
    return shown + (f"; and {len(ordered) - MAX_RANKED} more" if len(ordered) > MAX_RANKED else "")


def _rules(conflict: Conflict) -> Iterator[Block]:
    items = [
        Item(f"{rule_in_words(conflict, rule)} [{whose_word(conflict, rule.support)}]", anchor=f"rule {place}")
        for place, rule in enumerate(conflict.rules, start=1)
    ]
    for mark in conflict.one_way:
        way = "once taken, stays so" if mark.to_taken else "once dropped, stays so"
        items.append(
            Item(f"{quoted(conflict.option(mark.option).label)}: {way} [{whose_word(conflict, mark.support)}]")
        )
    for merge in conflict.merge:
        words = condition_in_words(conflict, merge.condition)
        items.append(Item(f"All states with {words} count as one [{whose_word(conflict, merge.support)}]"))
    if items:
        yield Heading("What cannot be together")
        yield Bullets(tuple(items))
