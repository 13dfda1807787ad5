"""How the answers to the longer questions read: the answer in a sentence or two, then what it is taken from.

States come in the order in which a reader wants them: the status quo, those that the file names, then the others. What
is the same under several solution concepts is told once. What doubt does to an answer is told in
`detente.web.telling_doubt`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from detente.concepts import concept
from detente.limits import MAX_PATTERNS
from detente.model.day import no_preferences_known
from detente.model.wording import STUCK_UNSAID, counted, difference, quoted, state_label
from detente.present.comparison import identified, unattributed
from detente.present.phrases import concepts_in_words, percent
from detente.web.answers import Cell, Part, told
from detente.web.wording import state_cell


def tell_what_holds(answer: Any) -> Iterable[Part]:
    """Tell of more states than can be listed how many hold, which are nearest, and what they have in common."""
    ids = [one.id for one in answer.concepts]
    quo = answer.solver.number_of("status quo") if answer.conflict.status_quo else None
    sets = {id: answer.equilibrium_set(id) for id in ids}
    unknown = no_preferences_known(answer.conflict)
    yield Part("", (_whether_stuck(answer, quo, sets), *([f"Note: {unknown}."] if unknown else [])))
    left_out = [f"{concept(id).title} was left out: {why}" for id, why in answer.left_out.items()]
    yield told(
        "How many states hold",
        ("Under", "Equilibria", "Of all states", "Status quo", "What they have in common"),
        (
            (
                concept(id).title,
                f"{found.count:,}",
                Cell(percent(found.count / answer.count), share=found.count / answer.count),
                "–" if quo is None else "holds" if quo in found else "does not hold",
                _in_common(answer.conflict, found),
            )
            for id, found in sets.items()
        ),
        text=tuple(left_out),
        heat=True,
        caption="In common: options that are taken, or not taken, at every equilibrium under the concept.",
    )
    if quo is None:
        return
    nearest = {id: answer.nearest(id) for id in ids}
    merged: dict[Any, list[str]] = {}
    for id, near in nearest.items():
        for state in near.states if near and near.distance else ():
            merged.setdefault(state, []).append(id)
    here = answer.solver.state(quo)
    if merged:
        yield told(
            "The equilibria nearest to the status quo",
            ("State", "Under", "What is otherwise there"),
            (
                (state_cell(state), concepts_in_words(under, ids), difference(answer.conflict, here, state))
                for state, under in sorted(merged.items(), key=lambda item: (_apart(here, item[0]), item[0].number))
            ),
            most=12,
            caption="Nearest: the fewest options are otherwise, whoever has them. No more than six are named for each "
            "concept under which the status quo does not hold.",
        )


def _whether_stuck(answer: Any, quo: int | None, sets: Mapping[str, Any]) -> str:
    if quo is None:
        return f"{STUCK_UNSAID}: below is how many states hold, and what they have in common."
    here = state_label(answer.solver.state(quo))
    under = [id for id, found in sets.items() if quo in found]
    if not under:
        return (
            f"The status quo, {here}, is not an equilibrium under any concept asked: at least one party would move "
            "away from it."
        )
    return f"The status quo, {here}, is an equilibrium under {concepts_in_words(under, list(sets))}."


def _in_common(conflict: Any, found: Any) -> str:
    """Say which options are the same at every state of a set, where there are few enough patterns to tell."""
    patterns = found.patterns(MAX_PATTERNS)
    if patterns is None:
        return "too many to tell"
    if not patterns:
        return "–"
    letters = ["".join(sorted({pattern[place] for pattern in patterns})) for place in range(len(patterns[0]))]
    same = [
        f"{'' if letter == 'Y' else 'not '}{quoted(option.label)}"
        for option, letter in zip(conflict.options, letters, strict=True)
        if letter in ("Y", "N")
    ]
    return ", ".join(same) or "nothing"


def _apart(here: Any, there: Any) -> int:
    return sum(one != other for one, other in zip(here.pattern, there.pattern, strict=True))


def tell_comparison(answer: Any) -> Iterable[Part]:
    """Tell what changed and which change did what."""
    acting = [one for one in answer.changes if any(come or go for _, come, go in one.alone or ())]
    changes = counted(len(answer.changes), "change", none="Nothing changed")
    if not answer.changes:
        effect = "."
    elif not answer.attributed:
        effect = f". {unattributed(answer)}"
    else:
        effect = f", of which {len(acting) or 'none'} by itself alters which states are equilibria."
    what = f"{changes} from {quoted(answer.first.title)} to {quoted(answer.second.title)}{effect}"
    yield Part("", (what, identified(answer)) if answer.pairs else (what,))
    ids = [one.id for one in answer.concepts]
    yield told(
        "What changed",
        ("What", "Change", "What it does by itself"),
        ((one.kind, one.text, _effects(one.alone, ids)) for one in answer.changes),
        most=12,
    )
    came = {id: set(answer.came(id)) for id in ids}
    went = {id: set(answer.went(id)) for id in ids}
    states = sorted({*set().union(*came.values()), *set().union(*went.values())}, key=lambda one: one[::-1])
    states.sort(key=lambda one: one not in answer.names)
    signs = {True: Cell("+", note="comes"), False: Cell("−", note="goes")}
    if states:
        yield told(
            "Which equilibria come and go",
            ("State", *(one.title for one in answer.concepts)),
            (
                (
                    Cell(answer.names.get(state, ""), pattern=state),
                    *(
                        signs[True] if state in came[id] else signs[False] if state in went[id] else Cell("·", note="")
                        for id in ids
                    ),
                )
                for state in states
            ),
            caption="‘+’ comes, ‘−’ goes, ‘·’ is as it was. The letters are those of the options of both versions.",
        )
    elif answer.changes:
        yield Part("Which equilibria come and go", ("None: the same states are equilibria in both versions.",))


def _effects(alone: Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]] | None, asked: Sequence[str]) -> str:
    if alone is None:
        return "–"
    told_of: dict[tuple[int, int], list[str]] = {}
    for id, come, go in alone:
        if come or go:
            told_of.setdefault((len(come), len(go)), []).append(id)
    parts = []
    for (coming, going), under in told_of.items():
        said = [f"{coming:,} come"] * bool(coming) + [f"{going:,} go"] * bool(going)
        parts.append(f"{' and '.join(said)} ({concepts_in_words(under, asked)})")
    return "; ".join(parts) or "nothing"


__all__ = [
    "tell_comparison",
    "tell_what_holds",
]
