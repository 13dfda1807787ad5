"""How the answers about doubt read: on whose word they hang, what survives other preferences, what each party sees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from detente.concepts import concept
from detente.model.wording import NOTHING_DISPUTED, STUCK_UNSAID, capital, counted, state_label
from detente.present.phrases import concepts_in_words, few, percent, together
from detente.present.robustness import change_in_words, effect_in_words, profiles_in_words, share_in_words
from detente.present.whose_word import claim_in_words
from detente.web.answers import Cell, Part, pointed, told
from detente.web.wording import state_cell


def tell_whose_word(answer: Any) -> Iterable[Part]:
    """Tell whether the status quo, and what else, hangs on whom one believes."""
    ids = [one.id for one in answer.concepts]
    if not answer.claims:
        yield Part("", (f"{NOTHING_DISPUTED}.",))
    else:
        stuck = together(answer.deadlocks, lambda one: _stuck(one), "concept.id")
        verdict = " ".join(f"{_sentence(concepts_in_words(under, ids), said)}" for said, under in stuck.items())
        how = "all there are" if answer.exact else "drawn by lot, so that shares are estimates"
        looked_at = (
            f"{answer.accounts:,} ways to believe or not believe the open claims were looked at ({how}); they make "
            f"{answer.models:,} different models."
        )
        yield Part("", (verdict or f"{STUCK_UNSAID}.", looked_at))
        yield told(
            "The open claims",
            ("Claim", "Whose word"),
            ((one.id, claim_in_words(answer, one.id)) for one in answer.claims),
        )
    merged = together(answer.dependences, lambda one: _Key(one), "concept.id")
    if merged:
        quo = answer.status_quo
        rows = sorted(merged.items(), key=lambda item: (item[0].pattern != quo, not item[0].name, -item[0].share))
        yield told(
            "The equilibria, and what they hang on",
            ("State", "Under", "Accounts", "If"),
            (
                (
                    Cell(one.name or "", one.number, one.pattern),
                    concepts_in_words(under, ids),
                    Cell(f"{one.share:.0%}", share=one.share),
                    "whomever one believes" if one.in_every else one.conditions or "–",
                )
                for one, under in rows
            ),
            most=12,
            more="{count} more states",
            heat=True,
            caption="In which share of the accounts a state is an equilibrium, and with which of the claims above. "
            "What rests on words that an account does not believe is no part of its status quo.",
        )
    if answer.sides:
        yield told(
            "By each side's statements alone",
            ("By the word of", "Statements", "Elements without", "Status quo", "Equilibria"),
            (
                (
                    side.name,
                    str(side.statements),
                    str(side.dropped),
                    Cell(pattern=side.status_quo) if side.status_quo else "–",
                    "; ".join(
                        f"{few(patterns)} (under {concepts_in_words(under, ids)})"
                        for patterns, under in together(ids, side.equilibria.__getitem__).items()
                    ),
                )
                for side in answer.sides
            ),
        )


class _Key:
    """What is the same about a state under several concepts: its share of the accounts and what it hangs on."""

    def __init__(self, one: Any) -> None:
        self.number, self.pattern, self.name = one.number, one.pattern, one.name
        self.share, self.in_every = one.share, one.in_every
        self.conditions = "; or if ".join(_briefly(each) for each in one.conditions or ())

    def _all(self) -> tuple[Any, ...]:
        return self.pattern, self.share, self.conditions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())


def _briefly(condition: Iterable[tuple[str, bool]]) -> str:
    """Say which claims are believed and which are not, by identifier: ``one believes [s17] and not [s21]``."""
    true = ", ".join(id for id, value in condition if value)
    false = ", ".join(id for id, value in condition if not value)
    if not true:
        return f"one does not believe [{false}]"
    return f"one believes [{true}]" + (f" and not [{false}]" if false else "")


def _stuck(one: Any) -> str:
    if one.in_every:
        return "whomever one believes, the status quo, as it then is, is an equilibrium"
    if one.share == 0:
        return "whomever one believes, the status quo is no equilibrium"
    conditions = "; or if ".join(_briefly(each) for each in one.conditions or ())
    when = f": if {conditions}" if conditions else ""
    return f"the status quo is an equilibrium in {one.share:.0%} of the accounts{when}"


def _sentence(under: str, said: str) -> str:
    return f"{capital(said)} (under {under})."


def tell_robustness(answer: Any) -> Iterable[Part]:
    """Tell how sure the status quo is, on what that hangs, and the shares of the states as a heat map."""
    ids = [one.id for one in answer.concepts]
    quo = answer.status_quo
    yield Part("", _surely(answer, quo), points=tuple(answer.notes))
    hangs = _what_it_hangs_on(answer, quo, ids)
    if hangs is not None:
        yield hangs
    shares = {id: answer.shares(id) for id in ids}
    of = {state: [shares[id][state.number - 1] for id in ids] for state in answer.states if answer.ever(state)}
    if quo is not None:
        of.setdefault(quo, [shares[id][quo.number - 1] for id in ids])
    often = sorted(of, key=lambda state: (state != quo, -max(one.share for one in of[state]), state.number))
    notable = [
        state
        for state in often
        if state == quo or state.name or any(one.as_written or one.near_threshold for one in of[state])
    ]
    others = [state for state in often if state not in set(notable)]
    never = len(answer.states) - len(of)
    part = told(
        "How often each state is an equilibrium",
        ("State", *(one.title for one in answer.concepts)),
        ((state_cell(state), *map(_share, of[state])) for state in [*notable, *others]),
        text=(f"In which share of {profiles_in_words(answer)}. The stronger the colour, the more.",),
        most=min(len(notable), 24) or 8,
        more="{count} more states that are an equilibrium in some profile",
        heat=True,
        caption="● an equilibrium in the profile as written; ≈ near to "
        f"{percent(answer.threshold)}, or turned by one of the likeliest small changes."
        + (f" {counted(never, 'other state')} in none of the profiles." if never else ""),
    )
    yield part


def _surely(answer: Any, quo: Any) -> tuple[str, ...]:
    if quo is None:
        return (f"{STUCK_UNSAID}; below is what there is to say of the states.",)
    found = [(one.title, answer.share(quo, one.id)) for one in answer.concepts]
    values = sorted(one.share for _, one in found)
    range_ = percent(values[0]) if values[0] == values[-1] else f"{percent(values[0])} to {percent(values[-1])}"
    each = "; ".join(f"{title} {share_in_words(answer, one)}" for title, one in found)
    written = [title for title, one in found if one.as_written]
    as_written = "all of them" if len(written) == len(found) else " and ".join(written) or "none of them"
    return (
        f"The status quo, {state_label(quo)}, is an equilibrium in {range_} of {profiles_in_words(answer)}"
        f"{'' if len(found) == 1 else ', depending on the concept'}.",
        f"{each}. In the profile as written it is one under {as_written}.",
    )


def _what_it_hangs_on(answer: Any, quo: Any, ids: Sequence[str]) -> Part | None:
    """Return the small changes that matter most to the status quo, or to whichever state each matters most to."""
    if quo is None:
        lines = [
            effect_in_words(answer, effect)
            for id in ids
            for effect in [one for one in answer.depends_on(id) if one.distinct][:2]
        ]
        return pointed("What it hangs on most", dict.fromkeys(lines)) if lines else None
    effects = {id: {one.change: one for one in answer.depends_on(id, quo)} for id in ids}
    most = dict.fromkeys(
        change for id in ids for change in [one.change for one in effects[id].values() if one.distinct][:3]
    )
    if not most:
        said = "No single preference or order makes a difference to the status quo that stands out from noise."
        return Part("What it hangs on most", (said,)) if answer.changes else None

    def size(change: Any) -> float:
        return max((abs(float(effects[id][change].difference)) for id in ids if change in effects[id]), default=0.0)

    def cell(change: Any, id: str) -> str | Cell:
        one = effects[id].get(change)
        if one is None or not one.distinct:
            return Cell("·", note="no difference that stands out from noise")
        return f"{percent(one.held)} → {percent(one.altered)}"

    return told(
        "What it hangs on most",
        ("If …", *(concept(id).title for id in ids)),
        (
            (change_in_words(answer, change).removeprefix("if "), *(cell(change, id) for id in ids))
            for change in sorted(most, key=size, reverse=True)
        ),
        most=8,
        caption="In which share of the profiles the status quo is an equilibrium: as written there → as changed. ‘·’: "
        "no difference that stands out from noise.",
    )


def _share(one: Any) -> Cell:
    notes = ["an equilibrium as written"] * one.as_written + ["near the threshold"] * bool(one.near_threshold)
    signs = ("●" if one.as_written else "") + ("≈" if one.near_threshold else "")
    return Cell(f"{percent(one.share)}{f' {signs}' if signs else ''}", share=one.share, note=", ".join(notes))


__all__ = ["tell_robustness", "tell_whose_word"]
