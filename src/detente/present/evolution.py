"""How a dispute can get from one state to another, in words: what it takes, and what is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from detente.analysis.evolution import Evolution, MovePath, Target, cost
from detente.model.states import State
from detente.model.wording import counted, listed, quoted, state_label
from detente.present.blocks import Block, Cell, Column, Heading, Paragraph, bullets, state_cell, table
from detente.present.phrases import concepts_in_words, path_in_words, player_label

#: At most so many states are named in one sentence.
MAX_TARGETS_NAMED = 4
#: So many paths are put into words at once.
MAX_PATHS_WORDED = 5


def view(found: Evolution) -> list[Block]:
    """Word an evolution: the answer, what each state takes, and the paths to the easiest."""
    blocks: list[Block] = [Paragraph(answer(found))]
    others = [one for one in found.by_cost() if one.state != found.start]
    if not others:
        return blocks
    asked = list(dict.fromkeys(id for one in found.targets for id in one.concepts))
    farthest = max(steps for _, steps, _ in found.reached)
    reached = f"No other state can be reached by {_how(found)}."
    if farthest:
        count = counted(len(found.reached), "state")
        reached = f"{count} can be reached by {_how(found)}, the start among them; the farthest in "
        reached += f"{counted(farthest, 'step')}."
    return [
        *blocks,
        Heading("What it takes, state by state"),
        table(
            [
                Column("State", 3, "state"),
                Column("Equilibrium under", 4),
                Column("Steps", kind="number"),
                Column("Moves at a loss", kind="number"),
                Column("By", 3),
            ],
            ([state_cell(one.state), concepts_in_words(one.concepts, asked), *_takes(found, one)] for one in others),
            more="{count} more states, which take as much or more",
            caption=f"{reached} A move at a loss leads to a state that the mover does not prefer. Each row "
            "is about one path, with the fewest moves at a loss.",
        ),
        Heading("How"),
        bullets((why(found, one) for one in others), max_items=MAX_PATHS_WORDED, more="{count} more states"),
    ]


def _takes(found: Evolution, target: Target) -> list[str | Cell]:
    """Return the steps of the path to a target, those of them at a loss, and who makes these."""
    if target.route is None:
        return ["–", Cell("–", note="no moves at all lead there"), "–"]
    by = [player_label(found.conflict, move.player) for move in target.route if not move.improvement]
    return [str(len(target.route)), str(cost(target.route)), _each_once(by) or "–"]


def answer(found: Evolution) -> str:
    """Say in a few sentences what can be reached without a sacrifice, and what else it takes."""
    others = [one for one in found.targets if one.state != found.start]
    if not others:
        return "There is nowhere else to go: no other state was asked for or is an equilibrium."
    free, cut_off = _costing(others, 0), _costing(others, None)
    if len(others) == 1:
        (only,) = others
        reached = "can be reached" if free else "cannot be reached"
        parts = [f"{state_label(only.state)} {reached} from {state_label(found.start)} by improvements alone."]
    else:
        named = f": {_listed(free)}" if free else ""
        what = "equilibria" if all(one.concepts for one in others) else "states"
        other = "other " if len(others) < len(found.targets) else ""
        parts = [
            f"Of {len(others)} {other}{what}, {len(free) or 'none'} can be reached from {state_label(found.start)} by "
            f"improvements alone{named}."
        ]
    dear = [one.fewest_sacrifices for one in others if one.fewest_sacrifices]
    if dear:
        nearest = _costing(others, min(dear))
        named = f": {_listed(nearest)}" if len(others) > 1 else ""
        takes = "It takes" if not named else "The nearest take" + "s" * (len(nearest) == 1)
        parts.append(f"{takes} {counted(min(dear), 'move')} that the mover does not gain by{named}.")
    if cut_off:
        parts.append(f"No moves at all lead to {_listed(cut_off)}.")
    return " ".join(parts)


def why(found: Evolution, target: Target) -> str:
    """Say how a target is reached, or what blocks the way to it."""
    place = state_label(target.state)
    if target.state == found.start:
        return f"{place} is where the path begins."
    if target.steps is not None:
        return f"{place} is reached by {_how(found)} in {counted(target.steps, 'step')}: {way(found, target)}."
    if target.detour is None:
        return f"No moves at all lead to {place}: {_blocked(found, target.state)}."
    who = _each_once([player_label(found.conflict, move.player) for move in target.detour if not move.improvement])
    return (
        f"{place} is not reached by {_how(found)}; it takes {_sacrifices(target.detour)}, by {who}: "
        f"{_path(found, target.detour)}."
    )


def way(found: Evolution, target: Target) -> str:
    """Say the shortest way to a target that is reached, and one of the fewest sacrifices if that is better."""
    shortest = target.paths[0]
    said = _path(found, shortest)
    if target.detour is None or cost(target.detour) >= cost(shortest):
        return said
    costs = f"with {_sacrifices(target.detour)}" if cost(target.detour) else "by improvements alone"
    return f"{said}. Or, in {counted(len(target.detour), 'step')} {costs}: {_path(found, target.detour)}"


def _path(found: Evolution, path: MovePath) -> str:
    losses = [place for place, move in enumerate(path) if not move.improvement]
    return path_in_words(found.conflict, path[0].start, ((move.player, move.end) for move in path), losses)


def _how(found: Evolution) -> str:
    if found.by == "moves":
        return "legal moves"
    if found.sacrifices:
        return f"improvements with at most {counted(found.sacrifices, 'move that is none', 'moves that are none')}"
    return "improvements"


def _blocked(found: Evolution, end: State) -> str:
    """Say which options would have to be changed against their direction, or else that no way leads there."""
    direction = found.conflict.direction
    against = [
        quoted(found.conflict.option(option.id).label)
        for option, before, after in zip(found.conflict.options, found.start.pattern, end.pattern, strict=True)
        if option.id in direction and {before, after} == {"Y", "N"} and direction[option.id] != (after == "Y")
    ]
    if against:
        return f"{_each_once(against)} can be changed in the other direction only"
    return "every way there leads through states that are not feasible"


def _sacrifices(path: MovePath) -> str:
    return counted(cost(path), "move that is no improvement", "moves that are no improvements")


def _costing(targets: Iterable[Target], sacrifices: int | None) -> list[Target]:
    return [one for one in targets if one.fewest_sacrifices == sacrifices]


def _listed(targets: Sequence[Target]) -> str:
    names = [state_label(one.state) for one in targets[:MAX_TARGETS_NAMED]]
    more = len(targets) - len(names)
    return _each_once([*names, f"{more} more"] if more else names)


def _each_once(words: Sequence[str]) -> str:
    return listed(list(dict.fromkeys(words)))
