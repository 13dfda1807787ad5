"""Which options a third party would have to control for a state to become an equilibrium, in words."""

from __future__ import annotations

from detente.analysis.third_party import Intervention, OptionSet
from detente.model.wording import capital, counted
from detente.present.blocks import Block, Heading, Paragraph, bullets
from detente.present.inverse import already_in_words
from detente.present.outcomes import options_in_words, outcome_in_words, outcome_name
from detente.present.phrases import concepts_spelled_out, state_name

#: The maximum number of moves that are named for each set.
MAX_MOVES_NAMED = 3


def view(found: Intervention) -> list[Block]:
    """Word an intervention: the fewest options that are enough, and what each smallest set does."""
    blocks: list[Block] = [Paragraph(answer(found))]
    if found.holds_already:
        return blocks
    bound = "" if found.complete else f" Sets of more than {counted(found.size, 'option')} were not tried."
    return [
        *blocks,
        Paragraph(f"{outcome_in_words(found.conflict, found.state)}.", "In this outcome:"),
        concepts_spelled_out([found.concept]),
        Heading("Smallest sets of options"),
        Paragraph(f"Each of these sets is enough, and every option in it is needed.{bound}"),
        bullets((why(found, holding) for holding in found.holdings), numbered=True, more="{count} more sets"),
    ]


def answer(found: Intervention) -> str:
    """Say how few options a third party would have to control, or that none is needed."""
    here, title = capital(outcome_name(found.conflict, found.state)), found.concept.title
    if found.holds_already:
        return already_in_words(found.conflict, found.state, found.concept, "It needs no third party.")
    first = found.holdings[0]
    fewest = counted(len(first.options), "option")
    return (
        f"{here} would be an equilibrium under {title} if a third party controlled {fewest}, so that "
        f"{holding_in_words(found, first)}."
    )


def why(found: Intervention, holding: OptionSet) -> str:
    """Say which moves of which parties the set rules out or deters, among those that would lead away."""
    gone, left = found.effect(holding)
    players = found.conflict.players
    parts = []
    if gone:
        moves = [
            f"{outcome_in_words(found.conflict, end, found.state, players[player])}"
            f"{f', to {state_name(end)}' if end.name else f' (state {end.number})'}"
            for player, end in gone[:MAX_MOVES_NAMED]
        ]
        more = f"; and {len(gone) - MAX_MOVES_NAMED} more" if len(gone) > MAX_MOVES_NAMED else ""
        are = "is" if len(gone) == 1 else "are"
        parts.append(f"{counted(len(gone), 'move')} from the outcome {are} ruled out: {'; '.join(moves)}{more}.")
    if left:
        are = "is" if left == 1 else "are"
        moves_left = capital(counted(left, "other move")) if gone else counted(left, "move")
        parts.append(f"{moves_left} {are} deterred, because the other parties can then respond.")
    ensured = f"that {holding_in_words(found, holding)}"
    return f"If a third party ensures {ensured}, {' '.join(parts)}" if parts else f"A third party ensures {ensured}."


def holding_in_words(found: Intervention, holding: OptionSet) -> str:
    """Say what the parties do about the options of a set that a third party controls, behind the word *that*."""
    letters = {id: "Y" if taken else "N" for id, taken in holding.options}
    each = [
        options_in_words(found.conflict, {one.id: letters[one.id] for one in maker.options if one.id in letters})
        for maker in found.conflict.decision_makers
    ]
    return " and that ".join(filter(None, each)) or "nothing changes"
