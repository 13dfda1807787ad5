"""How often each state is an equilibrium if the preferences vary at random, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from detente.analysis.robustness import Effect, Robustness, SamplingNote, Share
from detente.analysis.robustness.distribution import MAX_SWAPS, ProfileDistribution, SmallChange
from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.preferences import Prioritising, Ranking, StateReference
from detente.model.states import State
from detente.model.wording import capital, counted, listed, names_in_words, quoted
from detente.present.blocks import Block, Cell, Column, Heading, Paragraph, bullets, nested, state_cell, table
from detente.present.outcomes import condition_in_words, outcome_name
from detente.present.phrases import (
    STUCK_UNSAID,
    concepts_spelled_out,
    in_quotation_marks,
    percent,
    state_name,
)

#: The maximum number of states at the beginning of the table, and of changes that are told for each concept.
_MAX_STATES, MAX_EFFECTS = 24, 3
#: What stands in parentheses behind shares.
_INTERVALS = " (in parentheses, the 95% intervals)"
#: What each assumption about one-way options is called.
_ONE_WAY = {"as-written": "One-way options as entered", "open": "Every option can be changed in both directions"}


def view(found: Robustness, *, state: StateReference | None = None, every: bool = False) -> list[Block]:
    """Say how often the status quo, or another state, is an equilibrium, and which preferences matter most for that.

    ``every`` shows every state and every change at once.
    """
    focus = found.status_quo if state is None else found.state(state)
    blocks: list[Block] = []
    for way in found.one_way:
        part = [*_answer(found, way, focus), *_effects(found, way, focus, every), *_shares(found, way, every)]
        blocks += part if len(found.one_way) == 1 else [Heading(_ONE_WAY[way]), *nested(part)]
    profiles = distribution_in_words(found.distribution, found.conflict)
    how = f"Each variation is drawn at random (seed {found.seed}): {profiles}."
    blocks.append(Paragraph(how, small=True))
    blocks += [Paragraph(f"{capital(note_in_words(note))}.", small=True) for note in found.notes]
    return [*blocks, concepts_spelled_out(found.concepts)]


def answer(found: Robustness) -> str:
    """Say how often the status quo is an equilibrium."""
    return " ".join(one.text for one in _answer(found, found.one_way[0], found.status_quo))


def in_short(found: Robustness) -> str:
    """Say only in which share of the variations the status quo is an equilibrium, with the concepts of the extremes."""
    here = found.status_quo
    if here is None:
        return f"{STUCK_UNSAID}."
    shares = {one.title: found.share(here, one.id).share for one in found.concepts}
    low, high = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
    span = percent(shares[low])
    if span != percent(shares[high]):
        span = f"{span} ({low}) to {percent(shares[high])} ({high})"
    return f"The status quo, {state_name(here)}, is an equilibrium in {span} of {profiles_in_words(found)}."


def _answer(found: Robustness, way: str, focus: State | None) -> Iterator[Paragraph]:
    if focus is None:
        yield Paragraph(f"{STUCK_UNSAID}. The tables show the shares of all states.")
        return
    shares = [found.share(focus, concept.id, way) for concept in found.concepts]
    quo = focus == found.status_quo
    which = f"The status quo, {state_name(focus)}," if quo else capital(outcome_name(found.conflict, focus))
    by_share: dict[str, list[str]] = {}
    for one in shares:
        by_share.setdefault(profile_share_in_words(found, one), []).append(one.concept.title)
    if len(by_share) == 1:
        (share,) = by_share
        yield Paragraph(
            f"{which} is an equilibrium in {share} of {profiles_in_words(found)} under {listed(by_share[share])}."
        )
    else:
        low, high = (percent(end(one.share for one in shares)) for end in (min, max))
        each = "; ".join(f"{share} under {listed(titles)}" for share, titles in by_share.items())
        each += "" if found.exact else _INTERVALS
        span = f"{low} to {high} of {profiles_in_words(found)}, depending on the concept"
        yield Paragraph(f"{which} is an equilibrium in {span}: {each}.")
    entered = [one.concept for one in shares if one.as_written]
    if len(shares) == 1:
        verdict = "is an equilibrium" if entered else "is not an equilibrium"
    elif entered:
        # By name: a page on which this is not alone may be on more concepts.
        named = listed([one.title for one in entered])
        verdict = f"is an equilibrium under {named}"
        if len(entered) < len(shares):
            verdict += f", but not under {listed([one.concept.title for one in shares if not one.as_written])}"
    else:
        verdict = "is not an equilibrium under any of these concepts"
    yield Paragraph(f"With the preferences as entered it {verdict}.")


def _effects(found: Robustness, way: str, focus: State | None, every: bool) -> Iterator[Block]:
    """Say which small changes matter most for a state; without a state, each by the state that it matters most for."""
    if not found.changes:
        return
    yield Heading("The preferences that matter most")
    said = partial(small_change_in_words, found, say=partial(condition_in_words, found.conflict))
    if focus is None:
        distinct = {id: [one for one in found.depends_on(id, one_way=way) if one.distinct] for id in _ids(found)}
        titles = {one.id: one.title for one in found.concepts}
        lines = [
            f"Under {titles[id]}: {effect_in_words(found, one)}"
            for id, effects in distinct.items()
            for one in effects[:2]
        ]
        yield bullets(lines) if lines else Paragraph(NOTHING_DISTINCT)
        return
    effects = {id: {one.change: one for one in found.depends_on(id, focus, way)} for id in _ids(found)}
    most = dict.fromkeys(
        change
        for by in effects.values()
        for change in [one.change for one in by.values() if every or one.distinct][: None if every else MAX_EFFECTS]
    )
    if not most:
        yield Paragraph(NOTHING_DISTINCT)
        return
    cells = [_effect_cell(by.get(change)).text for by in effects.values() for change in most]
    unclear = " unclear: the difference may be chance." if "unclear" in cells else ""
    yield table(
        [Column("Change", 1), *(Column(one.title, kind="mark") for one in found.concepts)],
        (
            [said(change), *(_effect_cell(effects[id].get(change)) for id in effects)]
            for change in sorted(
                most, key=lambda one: -max(abs(by[one].difference) for by in effects.values() if one in by)
            )
        ),
        max_rows=len(most) if every else 8,
        caption=f"The share of the variations in which {_focus_in_words(found, focus)} is an equilibrium: of those "
        f"that keep the preference → of those with the change.{unclear}",
    )


#: What is said if no small change matters.
NOTHING_DISTINCT = "No change of a single preference makes a difference that is larger than chance."


def _focus_in_words(found: Robustness, focus: State) -> str:
    return "the status quo" if focus == found.status_quo else state_name(focus)


def _effect_cell(effect: Effect | None) -> Cell:
    if effect is None or not effect.distinct:
        return Cell("unclear", note="the difference may be chance", tone="quiet")
    return Cell(f"{percent(effect.held)} → {percent(effect.altered)}")


def _shares(found: Robustness, way: str, every: bool) -> Iterator[Block]:
    """Show in which share of the profiles each state is an equilibrium, first the status quo and the notable states."""
    quo = found.status_quo
    by_concept = [found.shares(id, way) for id in _ids(found)]
    of = {state: [shares[state.number - 1] for shares in by_concept] for state in found.states}
    ever = [state for state in of if state == quo or any(one.met for one in of[state])]
    often = sorted(ever, key=lambda state: (state != quo, -max(one.share for one in of[state]), state.number))
    notable = [
        state
        for state in often
        if state == quo or state.name or any(one.as_written or one.near_threshold for one in of[state])
    ]
    others = [state for state in often if state not in set(notable)]
    never = len(of) - len(ever)
    interval = "" if found.exact else ", with its 95% interval"
    any_never = any(_share_cell(found, one).text == "never" for state in often for one in of[state])
    yield Heading("How often each state is an equilibrium")
    yield table(
        [Column("State", kind="state"), *(Column(one.title, kind="mark") for one in found.concepts)],
        ([state_cell(state, quo), *(_share_cell(found, one) for one in of[state])] for state in [*notable, *others]),
        max_rows=len(often) if every else min(len(notable), _MAX_STATES) or 8,
        more="{count} more states are equilibria in some variations",
        caption=f"The share of {profiles_in_words(found)}{interval}. ●: an equilibrium with the preferences as "
        f"entered. ≈: sensitive, because one of the likeliest small changes to these reverses the result, or because "
        f"the interval contains {percent(found.threshold)}.{' never: in no variation.' * any_never}"
        + (
            f" {counted(never, 'other state is an equilibrium', 'other states are equilibria')} in no variation."
            if never
            else ""
        ),
    )


def _share_cell(found: Robustness, one: Share) -> Cell:
    if one.met == 0 and not one.near_threshold:
        return Cell("never", share=0.0, note="in no variation", tone="quiet")
    notes = ["an equilibrium as entered"] * one.as_written + ["sensitive"] * bool(one.near_threshold)
    signs = ("●" if one.as_written else "") + ("≈" if one.near_threshold else "")
    text = f"{profile_share_in_words(found, one)}{f' {signs}' if signs else ''}"
    return Cell(text, share=one.share, note=", ".join(notes), tone="good" if one.interval[0] > found.threshold else "")


def _ids(found: Robustness) -> list[str]:
    return [concept.id for concept in found.concepts]


def note_in_words(note: SamplingNote) -> str:
    """Say what was not examined, or was computed in another way; without a stop."""
    who = listed(note.about)
    match note.what:
        case "swaps":
            return (
                f"{who}: the ranking has more than {MAX_SWAPS} groups of states; swaps were drawn, but the effect of "
                "each swap was not examined"
            )
        case "changes":
            return "the effect of each preference was not examined, because there are too many states and preferences"
        case "coalitions":
            return "standing coalitions: each variation was analysed separately"
    return f"{who}: each variation was analysed separately"


def profiles_in_words(found: Robustness) -> str:
    """Say how many profiles were analysed."""
    return "the only variation" if found.exact else f"{found.samples:,} random variations of the preferences"


def profile_share_in_words(found: Robustness, one: Share) -> str:
    """Say a share with its interval."""
    low, high = (100 * bound for bound in one.interval)
    digits = 0 if 0.1 <= one.share <= 0.9 else 1
    ends = [f"{bound:.{digits}f}" for bound in (low, high)]
    return percent(one.share) + ("" if found.exact or ends[0] == ends[1] else f" ({'-'.join(ends)}%)")


def small_change_in_words(found: Robustness, change: SmallChange, say: Callable[[Condition], str] = str) -> str:
    """Say a small change, ``without preference 1 of Ukraine, “…” (s13)``; ``say`` words what a preference wants."""
    who = names_in_words(found.conflict, [change.decision_maker])
    if change.kind == "dropped":
        return f"without preference {change.item + 1} of {who}, {_item(found, change, 0, say)}"
    first = _item(found, change, 0, say)
    if change.kind == "reversed":
        return f"if {who} preferred the opposite of {first}"
    return f"if {who} ranked {_item(found, change, 1, say)} above {first}"


def _item(found: Robustness, change: SmallChange, following: int, say: Callable[[Condition], str]) -> str:
    if found.statement(change, following) is not None:
        words, evidence = _worded(found, change, following, say)
        return f"{words} ({evidence})"
    members = found.groups[change.decision_maker][change.item + following]
    more = ", …" if len(members) > 6 else ""
    return f"state{'s' if len(members) > 1 else ''} {', '.join(map(str, members[:6]))}{more}"


def _worded(found: Robustness, change: SmallChange, following: int, say: Callable[[Condition], str]) -> tuple[str, str]:
    """Return what a preference wants, and its evidence."""
    statement = found.statement(change, following)
    assert statement is not None
    words = say(statement.condition)
    words = quoted(words) if words == str(statement.condition) else in_quotation_marks(words)
    return words, ", ".join(statement.support.evidence) or "assumption"


def effect_in_words(found: Robustness, effect: Effect, *, named: bool = True) -> str:
    """Say an effect, with its shares; ``named`` names the state, too."""
    words = (
        f"{capital(small_change_in_words(found, effect.change))}, {state_name(effect.state) if named else 'it'} would "
        f"be an equilibrium in {percent(effect.altered)} instead of {percent(effect.held)} of the variations"
    )
    if not effect.distinct:
        return f"{words}; the difference may be chance."
    low, high = sorted(abs(bound) * 100 for bound in effect.interval)
    return f"{words} ({low:.0f} to {high:.0f} points {'more' if effect.difference > 0 else 'fewer'})."


def verdict(found: Robustness, one: Share) -> str:
    """Say in which share of the profiles a state is an equilibrium, and whether it is one as entered."""
    free = ", if every option can be changed in both directions" if one.one_way == "open" else ""
    return (
        f"{one.concept.title}: {state_name(one.state)} is an equilibrium in {profile_share_in_words(found, one)} of "
        f"{profiles_in_words(found)}{free}. With the preferences as entered it "
        f"{'is an equilibrium' if one.as_written else 'is not an equilibrium'}."
    )


def why(found: Robustness, state: StateReference, concept: str, one_way: str | None = None) -> str:
    """Say how often a state is an equilibrium, and which changes matter most for that."""
    one = found.share(state, concept, one_way)
    lines = [verdict(found, one)]
    effects = [effect for effect in found.depends_on(concept, state, one_way) if effect.distinct]
    lines += [effect_in_words(found, effect, named=False) for effect in effects[:MAX_EFFECTS]]
    if not effects and found.changes:
        lines.append(NOTHING_DISTINCT)
    if one.flips:
        changes = "; or ".join(small_change_in_words(found, change) for change in one.flips[:MAX_EFFECTS])
        more = (
            f"; {len(one.flips) - MAX_EFFECTS} more changes would do the same" if len(one.flips) > MAX_EFFECTS else ""
        )
        end = "stop being an equilibrium" if one.as_written else "become an equilibrium"
        with_ = "With the preferences as entered and ties unbroken"
        lines.append(f"{with_}, it would {end} after a single change: {changes}{more}.")
    elif found.changes:
        lines.append("No single change to the preferences as entered, ties unbroken, reverses this.")
    return "\n".join(lines)


def distribution_in_words(distribution: ProfileDistribution, conflict: Conflict) -> str:
    """Say how the preference profiles are drawn."""
    makers = conflict.decision_makers
    values = sorted(set(distribution.dispersion.values()))
    each = ", ".join(f"{distribution.dispersion[maker.id]:g} for {maker.label}" for maker in makers)
    phi = f"dispersion {values[0]:g}" if len(values) == 1 else f"dispersion {each}"
    held = [maker.preferences for maker in makers]
    stated = [one for each in held if isinstance(each, Prioritising) for one in each.statements]
    unsure = (
        ", multiplied by the confidence that the file gives for it"
        if any(one.confidence != 1 for one in stated)
        else ""
    )
    parts = [
        f"the order of each party's preferences varies by a Mallows model with {phi} (each swap of two neighbours "
        "multiplies the likelihood of an order by the dispersion)",
        f"each preference is kept with a probability of {distribution.keep:g}{unsure}",
        {
            "kept": "ties between states stay",
            "new": "ties that a dropped preference causes are broken at random",
            "broken": "all ties between states are broken at random",
        }[distribution.ties],
    ]
    if any(one.unknown for one in stated):
        parts.insert(2, "a preference marked as unknown is reversed with a chance of one half")
    if any(isinstance(each, Ranking) and each.unknown for each in held):
        parts.append("chains of a ranking that are not compared are shuffled into each other at random")
    without = [maker.label for maker in makers if not isinstance(maker.preferences, Prioritising)]
    if without:
        parts.append(
            f"{listed(without)}: no list of preferences, so the order of the groups of tied states varies by the same "
            "model, and nothing is dropped"
        )
    return "; ".join(parts)
