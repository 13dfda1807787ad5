"""What a third party would have to hold for a state to become an equilibrium, in words."""

from __future__ import annotations

from detente.analysis.third_party import Intervention, OptionSet
from detente.model.wording import counted, quoted, state_label
from detente.present.blocks import Block, Heading, Paragraph, bullets
from detente.present.phrases import difference

#: So many of the moves that a set takes away are named.
MAX_MOVES_NAMED = 3


def view(found: Intervention) -> list[Block]:
    """Word an intervention: the fewest options that would do, and what each smallest set does."""
    blocks: list[Block] = [Paragraph(answer(found))]
    if found.holds_already:
        return blocks
    bound = "" if found.complete else f" Sets of more than {found.size} options were not tried."
    return [
        *blocks,
        Heading("What would do"),
        Paragraph(f"Each of these would do, and no part of it.{bound}"),
        bullets((why(found, holding) for holding in found.holdings), numbered=True, more="{count} more sets"),
    ]


def answer(found: Intervention) -> str:
    """Say how few options would do, or that none is needed."""
    here, title = state_label(found.state), found.concept.title
    if found.holds_already:
        return f"{here} is an equilibrium under {title} as things are: nobody else is needed."
    fewest = counted(min(len(holding.options) for holding in found.holdings), "option")
    first = options_in_words(found, found.holdings[0])
    return f"{here} would hold under {title} if somebody else saw to {fewest}: {first}."


def why(found: Intervention, holding: OptionSet) -> str:
    """Say which moves of whom the holding takes away, of those for which the state would be left."""
    gone, left = found.effect(holding)
    lines = [f"To hold: {options_in_words(found, holding)}."]
    if gone:
        moves = [
            f"{state_label(end)} ({difference(found.conflict, found.state, end, found.conflict.players[player])})"
            for player, end in gone[:MAX_MOVES_NAMED]
        ]
        more = f", and {len(gone) - MAX_MOVES_NAMED} more" if len(gone) > MAX_MOVES_NAMED else ""
        lines.append(f"That takes away the moves to {'; '.join(moves)}{more}.")
    if left:
        lines.append(f"From {left} other moves it deters, for the others can then answer in another way.")
    return " ".join(lines)


def options_in_words(found: Intervention, holding: OptionSet) -> str:
    """Say what would be held."""
    parts = []
    for id, taken in holding.options:
        owner = found.conflict.decision_maker(found.conflict.owner[id]).label
        parts.append(f"{'take' if taken else 'block'} {quoted(found.conflict.option(id).label)} ({owner})")
    return ", ".join(parts) or "nothing"
