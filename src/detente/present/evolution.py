"""How a dispute can get from one state to another, in words: by which moves, with which concessions, or why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from detente.analysis.evolution import Evolution, MovePath, Target, cost
from detente.analysis.explanation import equally_good
from detente.concepts import CONCEPTS
from detente.model.conflict import Conflict
from detente.model.states import State
from detente.model.wording import capital, counted, listed, quoted
from detente.present.blocks import Block, Cell, Column, Heading, Item, Paragraph, bullets, state_cell, table
from detente.present.outcomes import are_several, in_which, options_in_words, outcome_lead, outcome_name, step_in_words
from detente.present.phrases import concepts_in_words, concepts_spelled_out, player_label, state_name

#: The maximum number of states that are named in one sentence.
MAX_TARGETS_NAMED = 4
#: The maximum number of states whose paths are shown at once.
MAX_PATHS_WORDED = 5


def view(found: Evolution) -> list[Block]:
    """Word an evolution: the answer, what each state takes, and the paths."""
    blocks: list[Block] = [Paragraph(answer(found))]
    others = [one for one in found.by_cost() if one.state != found.start]
    if not others:
        return blocks
    asked = found.concepts
    return [
        *blocks,
        Heading("Steps and concessions"),
        table(
            [
                Column("State", 3, "state"),
                Column("Equilibrium under", 4),
                Column("Steps", kind="number"),
                Column("Concessions", kind="number"),
                Column("Conceded by", 3),
            ],
            ([state_cell(one.state), concepts_in_words(one.concepts, asked), *_takes(found, one)] for one in others),
            more="{count} more states, which take as many concessions or more",
            caption="Each row is about a path with the fewest concessions; another may have fewer steps. A step can "
            "change several options of a party.",
        ),
        Heading("Paths"),
        *_told_by_differences(others),
        bullets((_item(found, one) for one in others), max_items=MAX_PATHS_WORDED, more="{count} more states"),
        *_between(others),
        *([concepts_spelled_out(CONCEPTS[id] for id in asked)] if asked else []),
    ]


def _told_by_differences(targets: Sequence[Target]) -> Iterator[Block]:
    """Yield what is left out of an outcome without a name."""
    if not all(one.state.name for one in targets[:MAX_PATHS_WORDED]):
        yield Paragraph("An outcome without a name is told by what differs from the start of the path.", small=True)


def _between(targets: Sequence[Target]) -> Iterator[Block]:
    """Tabulate the states that the paths in words pass through, for the sentences name only where a path ends."""
    ends: dict[State, list[int]] = {}
    shown: set[State] = set()
    for one in targets:
        for path in filter(None, [*one.paths[:1], one.detour]):
            for move in path[:-1]:
                ends.setdefault(move.end, []).append(one.state.number)
        if one in targets[:MAX_PATHS_WORDED]:
            shown |= ends.keys()
    if ends:
        yield Heading("States in the middle of these paths")
        yield table(
            [Column("State", 3, "state"), Column("On a path to the states", 4)],
            (
                [state_cell(state), ", ".join(map(str, dict.fromkeys(to)))]
                for state, to in sorted(ends.items(), key=lambda one: (one[0] not in shown, one[0].number))
            ),
            max_rows=len(shown) or len(ends),
            more="{count} more states, on the other paths",
        )


#: What a concession is, behind "A concession is a move to a state".
NOT_PREFERRED = "that the mover does not prefer: it is worse for the mover, or equally good"


#: One move: the player, and the states before and after it.
Step = tuple[str, State, State]


def concession_mark(conflict: Conflict, step: Step) -> str:
    """Return what stands behind a concession: that it is one, and that the mover is equally well off, if it is."""
    if not equally_good(conflict, *step):
        return "a concession"
    player = step[0]
    several = are_several(conflict, player.split("+") if conflict.coalitions else [player])
    return f"a concession, after which {player_label(conflict, player)} {'are' if several else 'is'} equally well off"


def conceded_by(conflict: Conflict, concessions: Iterable[Step]) -> str:
    """Name the players that make concessions, how many if these differ, and which of them lose nothing by any."""
    free: dict[str, list[bool]] = {}
    for player, before, after in sorted(concessions, key=lambda step: conflict.player_ids.index(step[0])):
        free.setdefault(player, []).append(equally_good(conflict, player, before, after))
    counts = {len(each) for each in free.values()}
    told = []
    for player, each in free.items():
        remarks = [str(len(each))] if len(counts) > 1 else []
        remarks += ["equally well off"] if all(each) else []
        remark = f" ({', '.join(remarks)})" if remarks else ""
        told.append(f"{player_label(conflict, player)}{remark}")
    many = max(counts, default=0)
    return listed(told) + (f" ({many} each)" if len(free) > 1 and len(counts) == 1 and many > 1 else "")


def concessions_of(path: MovePath) -> list[Step]:
    """Return the moves of a path that are concessions."""
    return [(move.player, move.start, move.end) for move in path if not move.improvement]


def path_in_words(
    conflict: Conflict, start: State, path: Iterable[tuple[str, State]], losses: Collection[int] = ()
) -> str:
    """Say what the players do along a path, and the state that it leads to.

    ``losses`` has the places of the concessions: moves that are not improvements for the player that makes them.
    """
    parts, moves, shown = [], list(path), [start]
    for place, (player, end) in enumerate(moves, 1):
        step = step_in_words(conflict, player, shown[-1], end, earlier=shown, last=place == len(moves))
        mark = concession_mark(conflict, (player, shown[-1], end)) if place - 1 in losses else ""
        parts.append(f"{step} ({mark})" if mark else step)
        shown.append(end)
    return f"{'; then '.join(parts)}, leading to {state_name(shown[-1])}"


def _takes(found: Evolution, target: Target) -> list[str | Cell]:
    """Return the steps of the path to a target, the concessions among them, and the parties that make these."""
    if target.route is None:
        return ["–", Cell("–", note="no moves lead there"), "–"]
    by = [player_label(found.conflict, move.player) for move in target.route if not move.improvement]
    return [str(len(target.route)), str(cost(target.route)), _each_once(by) or "–"]


def answer(found: Evolution) -> str:
    """Say which outcomes can be reached without a concession, and how many concessions the closest others take."""
    others = [one for one in found.targets if one.state != found.start]
    if not others:
        return "No other state was asked for or is an equilibrium, so there is no path to look for."
    quo = found.conflict.status_quo
    start = "the status quo" if quo and found.conflict.pattern(quo.taken) == found.start.pattern else ""
    start = start or outcome_name(found.conflict, found.start)
    free, cut_off = _costing(others, 0), _costing(others, None)
    if len(others) == 1:
        if cut_off:
            return f"No moves lead from {start} to {_listed(found, cut_off)}."
        can = "can" if free else "cannot"
        name = capital(outcome_name(found.conflict, others[0].state))
        parts = [f"{name} {can} be reached from {start} without a concession."]
    else:
        what = "equilibria" if all(one.concepts for one in others) else "states"
        other = "other " if len(others) < len(found.targets) else ""
        many = f"the {len(others)} {other}{what}"
        none = f"{'Neither' if len(others) == 2 else 'None'} of {many}"
        parts = [
            f"{f'{len(free)} of {many}' if free else none} can be reached from {start} without a "
            f"concession{f': {_listed(found, free)}' if free else ''}."
        ]
    dear = [one.fewest_sacrifices for one in others if one.fewest_sacrifices]
    if dear:
        nearest = _costing(others, min(dear))
        takes = counted(min(dear), "concession")
        if len(others) == 1:
            parts.append(f"It takes {takes}.")
        else:
            one, rest = len(nearest) == 1, len(others) - len(free) - len(cut_off)
            which = "One takes" if one else f"{len(nearest)} take"
            if len(nearest) == rest:
                every = "Each takes" if rest == 2 else f"All {rest} take"
                which = "The other takes" if one else "The others take" if free else every
            only, each = "only " if len(nearest) < rest else "", "" if one or which.startswith("Each") else " each"
            parts.append(f"{which} {only}{takes}{each}: {_listed(found, nearest)}.")
    if cut_off:
        parts.append(f"No moves lead to {_listed(found, cut_off)}.")
    return " ".join([*parts, f"A concession is a move to a state {NOT_PREFERRED}."])


def why(found: Evolution, target: Target) -> str:
    """Say how a target is reached, or why it cannot be reached."""
    item = _item(found, target)
    return " ".join([f"{item.lead} {item.text}".strip(), *item.points])


def way_there(found: Evolution, target: Target) -> str:
    """Say how a target is reached, or why not, behind the names of the start and of the target."""
    if target.steps is None and target.detour is not None:
        conceded = _conceded(found, target.detour).removesuffix(".")
        return f"not by {_how(found)} alone. It takes {conceded}: {_path(found, target.detour)}."
    item = _item(found, target)
    return " ".join([item.text, *item.points])


def _item(found: Evolution, target: Target) -> Item:
    """Say how many steps and concessions a target takes, with a point for each path."""
    lead = f"{outcome_lead(found.conflict, target.state, found.start)}:"
    if target.state == found.start:
        return Item("the start of the path.", lead)
    if target.steps is not None:
        said = tuple(paths(found, target))
        if len(target.paths[0]) == 1 and not target.state.name and len(said) == 1:
            # What differs from the start is the step.
            by = conceded_by(found.conflict, concessions_of(target.paths[0]))
            return Item(f"{_length(target.paths[0])}{f' by {by}' if by else ''}.", lead)
        if len(said) > 1:
            return Item("two paths.", lead, said)
        return Item(f"{_length(target.paths[0])}.", lead, said)
    if target.detour is None:
        return Item(f"no moves lead there. {capital(_blocked(found, target.state))}.", lead)
    text = f"not reached by {_how(found)}. It takes {_conceded(found, target.detour).removesuffix('.')}."
    return Item(text, lead, (f"{capital(_path(found, target.detour))}.",))


def paths(found: Evolution, target: Target) -> Iterator[str]:
    """Say a shortest path to a target that is reached, and a path with fewer concessions if there is one."""
    shortest = target.paths[0]
    if target.detour is None or cost(target.detour) >= cost(shortest):
        yield f"{capital(_path(found, shortest))}."
        return
    yield f"Fewest steps ({_length(shortest)}): {_path(found, shortest)}."
    yield f"Fewest concessions ({_length(target.detour)}): {_path(found, target.detour)}."


def _length(path: MovePath) -> str:
    return f"{counted(len(path), 'step')}, {_concessions(path)}"


def _path(found: Evolution, path: MovePath) -> str:
    concessions = [place for place, move in enumerate(path) if not move.improvement]
    return path_in_words(found.conflict, path[0].start, ((move.player, move.end) for move in path), concessions)


def _how(found: Evolution) -> str:
    if found.by == "moves":
        return "legal moves"
    if found.sacrifices:
        return f"improvements with at most {counted(found.sacrifices, 'concession')}"
    return "improvements"


def _blocked(found: Evolution, end: State) -> str:
    """Say which options would have to be changed against their direction, or else that all paths are infeasible."""
    direction = found.conflict.direction
    against = [
        quoted(found.conflict.option(option.id).label)
        for option, before, after in zip(found.conflict.options, found.start.pattern, end.pattern, strict=True)
        if option.id in direction and {before, after} == {"Y", "N"} and direction[option.id] != (after == "Y")
    ]
    if against:
        return f"{_each_once(against)} can be changed in the other direction only"
    return "every path passes through states that are not feasible"


def _concessions(path: MovePath) -> str:
    return counted(cost(path), "concession")


def _conceded(found: Evolution, path: MovePath) -> str:
    """Say how many concessions which parties make on a path."""
    return f"{_concessions(path)} by {conceded_by(found.conflict, concessions_of(path))}"


def _costing(targets: Iterable[Target], sacrifices: int | None) -> list[Target]:
    return [one for one in targets if one.fewest_sacrifices == sacrifices]


def _listed(found: Evolution, targets: Sequence[Target]) -> str:
    """Name some targets: first those that have a name, then the others by number."""
    states = sorted((one.state for one in targets), key=lambda state: not state.name)
    shown, more = states[:MAX_TARGETS_NAMED], len(states) - MAX_TARGETS_NAMED
    unnamed = [state for state in shown if not state.name]
    names = [state_name(state) for state in shown if state.name]
    if len(unnamed) == 1:
        names, unnamed = [*names, outcome_name(found.conflict, unnamed[0], found.start)], []
    numbers = [str(state.number) for state in unnamed]
    if numbers:
        more_numbers = [f"{more} more"] if more > 0 else []
        numbers = [f"state{'s' if len(unnamed) > 1 else ''} {_each_once([*numbers, *more_numbers])}"]
    else:
        names += [f"{more} more"] if more > 0 else []
    said = _each_once([*names, *numbers])
    shared = _distinctive(found, targets)
    every = "both" if len(targets) == 2 else "all"
    told = in_which(shared) if len(unnamed) > 1 and shared else ""
    return f"{said}, {told.replace('in which', f'in {every} of which', 1)}" if told.startswith("in") else said


def _distinctive(found: Evolution, targets: Sequence[Target]) -> str:
    """Say what all of some targets have in common, unlike the start, if no other target has all of it."""
    others = [one.state.pattern for one in found.targets if one not in targets and one.state != found.start]
    start = found.start.pattern
    common = [letters[0] if len(set(letters)) == 1 else "" for letters in zip(*_patterns(targets), strict=True)]
    here = {
        place: letter
        for place, letter in enumerate(common)
        if letter and letter != start[place] and (not others or any(one[place] != letter for one in others))
    }
    if any(all(one[place] == letter for place, letter in here.items()) for one in others):
        return ""
    ids = [option.id for option in found.conflict.options]
    letters = {ids[place]: letter for place, letter in here.items()}
    return options_in_words(found.conflict, letters, dict(zip(ids, start, strict=False)))


def _patterns(targets: Iterable[Target]) -> list[str]:
    return [one.state.pattern for one in targets]


def _each_once(words: Sequence[str]) -> str:
    return listed(list(dict.fromkeys(words)))
