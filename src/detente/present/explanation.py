"""Why a state is stable for a party, or not: the engine's witnesses in words.

Each improvement of the party is told with the preference behind it, the evidence of that preference, and the sanction
by the other parties, if there is one. Nothing here says that a statement is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from detente.analysis.explanation import MAX_MOVES_EXPLAINED, Explanation, Reason, unknown_tempts
from detente.concepts import Concept, Improvement, Respond, Sanction
from detente.engine.verdicts import Degree, Expectation, ImprovementMove, Outlook, SanctionPath, Step
from detente.model.conditions import parse
from detente.model.conflict import Conflict
from detente.model.evidence import PROPOSED
from detente.model.preferences import decimal
from detente.model.states import State
from detente.model.wording import capital, counted, listed, names_in_words
from detente.present.blocks import Block, Bullets, Heading, Item
from detente.present.outcomes import (
    are_several,
    condition_in_words,
    fits_behind_that,
    letters_of,
    options_in_words,
    outcome_name,
    preference_in_words,
    rule_in_words,
    step_in_words,
)
from detente.present.phrases import (
    JUDGEMENT,
    MARKED_AS_DISPUTED,
    READINGS,
    concepts_spelled_out,
    others_in_words,
    preference_evidence,
    says_itself,
    state_name,
    statement_in_words,
    with_verb,
)
from detente.present.positions import doubt_in_brief

if TYPE_CHECKING:
    from detente.verification.verify import Verification

#: How a verdict was checked.
_MEANS = {
    "moves": "trying the decision maker's moves",
    "sanctions": "following the sanctions",
    "walk": "walking through the others' answers",
    "proof": "proof by a satisfiability solver",
    "definition": "going through the definition",
}
#: The maximum number of moves in a row, and of horizons that repeat, that are told.
MAX_MOVES_TOLD = 12
_UNTEMPTED = {
    Improvement.PERHAPS_BETTER: "that it prefers or perhaps prefers",
    Improvement.BETTER_AS_FACED: "that is an improvement, with what is known of its preferences",
    Improvement.SATISFYING: "that it prefers clearly enough",
    Improvement.LIKELY: "that is likely enough to be better",
    Improvement.RELATIONAL: "to which its attitudes lead",
}
_UNTEMPTED_SEVERAL = {
    Improvement.PERHAPS_BETTER: "that they prefer or perhaps prefer",
    Improvement.BETTER_AS_FACED: "that is an improvement, with what is known of their preferences",
    Improvement.SATISFYING: "that they prefer clearly enough",
    Improvement.LIKELY: "that is likely enough to be better",
    Improvement.RELATIONAL: "to which their attitudes lead",
}
_BY = {
    Respond.MOVES: "moves",
    Respond.IMPROVEMENTS: "improvements",
    Respond.COMBINATIONS: "improvements at the same moment",
    Respond.IMPROVEMENTS_THEN_COMBINATIONS: "improvements, in turn or at the same moment,",
}
_BY_CREDIBLE = {
    Improvement.PERHAPS_BETTER: "improvements, certain or possible,",
    Improvement.RELATIONAL: "moves to which their own attitudes lead and",
    Improvement.SATISFYING: "moves that they prefer clearly enough and",
    Improvement.LIKELY_ENOUGH: "moves that are likely enough to be better for them and",
}


def view(found: Explanation) -> list[Block]:
    """Word an explanation: the verdict, a point for every improvement, and the name of the concept in full."""
    return [*verdict_blocks(found), concepts_spelled_out([found.concept])]


def panel(found: Explanation) -> list[Block]:
    """Word an explanation beside a table: the reasons, and below them the evidence of each preference."""
    return [*verdict_blocks(found, cited=True), *_preferences_behind(found)]


def verdict_blocks(found: Explanation, *, cited: bool = False) -> list[Block]:
    """Return the verdict and a point for every improvement, where the concept is spelled out elsewhere.

    With ``cited``, the evidence of the preferences stands elsewhere, too.
    """
    return [Heading(headline(found)), Bullets(tuple(map(Item, reasons(found, cited=cited))))]


def headline(found: Explanation) -> str:
    """Say the verdict in one sentence."""
    verdict, who = found.verdict, _who(found, found.verdict.player)
    name = outcome_name(found.conflict, found.state)
    where = capital(name)
    if isinstance(verdict.expects, Outlook) and verdict.expects.cycles:
        cycle = f"as the horizon grows, the verdict repeats every {len(verdict.expects.repeated)} horizons"
        return f"{found.concept.name} gives no single verdict for {who} at {name}: {cycle}."
    # A name may end with a stop itself.
    who, stable = who.removesuffix("."), "is" if verdict.stable else "is not"
    if isinstance(verdict.expects, Expectation):
        far = counted(verdict.expects.horizon, "move")
        return f"{where} {stable} stable for {who} when the parties look {far} ahead ({found.concept.title})."
    return f"{where} {stable} {found.concept.title} stable for {who}."


def reasons(found: Explanation, *, cited: bool = False) -> tuple[str, ...]:
    """Say a sentence or two on every improvement, first on those without a sanction; or that there is none.

    For concepts that look ahead, say what the party expects. With ``cited``, the evidence of the preferences stands
    elsewhere.
    """
    verdict = found.verdict
    if isinstance(verdict.expects, Expectation):
        return (_ahead(found, verdict.expects),)
    if isinstance(verdict.expects, Outlook):
        return tuple(_outlook(found, verdict.expects))
    if not verdict.improvements:
        if found.moves == ():
            return (f"No move from here is possible for {_who(found, verdict.player)}.",)
        members = found.conflict.players[verdict.player]
        return (_no_gain(found, cited), *ruled_out(found.conflict, members, found.state, found.moves or ()))
    ordered = sorted(verdict.improvements, key=lambda improvement: improvement.sanction is not None)
    return tuple(improvement_in_words(found, improvement, cited=cited) for improvement in ordered)


def _no_gain(found: Explanation, cited: bool) -> str:
    """Say that a party gains by none of its moves, and which preferences they break."""
    members = found.conflict.players[found.verdict.player]
    several = are_several(found.conflict, members)
    who = capital(_who(found, found.verdict.player))
    if unknown := [id for id in members if found.conflict.decision_maker(id).preferences.is_empty]:
        names = names_in_words(found.conflict, unknown)
        return f"No preferences are known for {names}, so no move counts as a gain."
    broken = "; ".join(_broken(found, cited))
    if not broken:
        return f"{who} can make no move from here {no_improvement(found.concept, several)}."
    count = len(found.moves or ())
    if found.concept.improvement in _UNTEMPTED:
        return f"{who} can make no move from here {no_improvement(found.concept, several)}: {broken}."
    gains = "gain" if several else "gains"
    if count == 1:
        return f"{who} could move in one way, but {gains} nothing by it: {broken}."
    return f"{who} could move in {count} ways, but {gains} nothing by {'either' if count == 2 else 'any'}: {broken}."


def _broken(found: Explanation, cited: bool) -> Iterator[str]:
    """Say which preferences the moves of a party break that has no improvement."""
    if found.concept.family == "relational":
        return
    given: dict[tuple[int, str], list[State]] = {}
    reasons: dict[tuple[int, str], Reason] = {}
    for end in found.moves or ():
        reason = found.given_up(end)
        key = (reason.place, reason.statement) if reason else (MAX_MOVES_EXPLAINED, "")
        given.setdefault(key, []).append(end)
        if reason:
            reasons[key] = reason
    if not reasons:
        return
    for key in sorted(given):
        # With one move there is nothing to tell it from.
        only = len(found.moves or ()) == 1
        count = "it" if only else counted(len(given[key]), "move")
        if reason := reasons.get(key):
            wish = parse(reason.statement)
            words = preference_in_words(found.conflict, wish)
            verb = "breaks" if len(given[key]) == 1 else "break"
            by = preference_evidence(found.conflict, reason.decision_maker, wish, reason.support, MARKED_AS_DISPUTED)
            named = _numbered(found.conflict, reason) if cited else f"the preference {words} [{by}]"
            yield f"{count} {verb} {named}"
        else:
            yield f"{count} {'meets' if len(given[key]) == 1 else 'meet'} no further preference"


def ruled_out(conflict: Conflict, members: Sequence[str], state: State, ends: Iterable[State]) -> Iterator[str]:
    """Say which of their options some parties cannot change from a state by any move, and which rule excludes that.

    ``ends`` are the states that their moves lead to.
    """
    before = letters_of(conflict, state.pattern)
    taken = {id for id, letter in before.items() if letter == "Y"}
    # A dropped option is named where the answer says why it was dropped; no rule of the file excludes it.
    fixed = {each.option for each in conflict.one_way}.union(conflict.untaken)
    patterns = [end.pattern for end in ends]
    changed = {
        option.id
        for place, option in enumerate(conflict.options)
        if any(pattern[place : place + 1] != state.pattern[place : place + 1] for pattern in patterns)
    }
    steps: dict[str, list[str]] = {}
    for member in members:
        for option in conflict.decision_maker(member).options:
            rule = conflict.breaks(taken ^ {option.id}) if before else None
            if rule is not None and option.id not in fixed | changed:
                step = options_in_words(conflict, {option.id: "N" if option.id in taken else "Y"}, before)
                steps.setdefault(rule_in_words(conflict, rule), []).append(step)
    for told, some in steps.items():
        clauses = all(map(fits_behind_that, some))
        lead = "As the others act now, a rule excludes that" if clauses else "Excluded by a rule:"
        yield f"{lead} {listed(some, 'or')}. The rule: {told}."


def improvement_in_words(found: Explanation, improvement: ImprovementMove, *, cited: bool = False) -> str:
    """Say what an improvement is, why it is one, and which sanction meets it."""
    who = _who(found, found.verdict.player)
    move = _done(found, found.state, improvement.to, found.verdict.player)
    why = preferred(found.conflict, found.concept, found.verdict.player, improvement.degrees)
    text = f"Move: {move}, leading to {state_name(improvement.to)}. {why}{_because(found, improvement, cited)}."
    if improvement.sanction is None:
        return f"{text} {without_sanction(found.concept, who, _others(found))}"
    return f"{text} {_sanction(found, improvement.sanction, improvement.to)}"


def sanction_in_words(found: Explanation, improvement: ImprovementMove) -> str:
    """Say which moves of the other parties cancel an improvement, and why; for an improvement that has a sanction."""
    assert improvement.sanction is not None
    return _sanction(found, improvement.sanction, improvement.to).removeprefix(f"{_deterred(found)}: ")


def where_it_is_met(reason: Reason) -> str:
    """Say in which of two states a preference is met that is met in one of them only."""
    if reason.unknown:
        return "is met in one of the two only, and its direction is unknown"
    return "is met there but not here"


def _met(conflict: Conflict, reason: Reason) -> str:
    """Say of a party's preference that is met in one of two states only what a move makes of it."""
    whose = "their" if are_several(conflict, [reason.decision_maker]) else "its"
    words = preference_in_words(conflict, parse(reason.statement))
    return f"{whose} preference {words} {where_it_is_met(reason)}"


def basis(conflict: Conflict, reason: Reason) -> str:
    """Say in full which statements are the evidence of a preference, or that it is an assumption."""
    support = reason.support
    if support.is_judgement:
        return JUDGEMENT
    by_id = {statement.id: statement for statement in conflict.all_statements}
    as_said = says_itself(conflict, reason.decision_maker, parse(reason.statement), support)
    read = [id for id in support.evidence if id not in as_said]
    parts = []
    for lead, ids in (("as reported", as_said), (READINGS[support.note.startswith(PROPOSED)], read)):
        told = (
            statement_in_words(by_id[id], conflict.all_speakers, conflict.all_statements) if id in by_id else id
            for id in ids
        )
        parts += [f"{lead}: {'; '.join(told)}"] if ids else []
    return "; ".join(parts)


def quotes(explanations: Iterable[Explanation]) -> list[Block]:
    """Quote each statement behind the preferences of some explanations once, in the order of the file."""
    explanations = list(explanations)
    ids: set[str] = set()
    for one in explanations:
        told = [reason for improvement in one.verdict.improvements for reason in one.reasons(improvement)]
        told += filter(None, map(one.given_up, one.moves or ())) if not one.verdict.improvements else ()
        ids |= {id for reason in told for id in (*reason.support.evidence, *reason.support.against)}
    conflict = explanations[0].conflict
    quoted = [
        statement_in_words(one, conflict.all_speakers, conflict.all_statements)
        for one in conflict.all_statements
        if one.id in ids
    ]
    return [Heading("Statements behind these preferences"), Bullets(tuple(map(Item, quoted)))] if quoted else []


def _who(found: Explanation, player: int) -> str:
    return names_in_words(found.conflict, found.conflict.players[player])


def _done(found: Explanation, start: State, end: State, player: int) -> str:
    return step_in_words(found.conflict, "+".join(found.conflict.players[player]), start, end)


def _because(found: Explanation, improvement: ImprovementMove, cited: bool = False) -> str:
    several = len(found.conflict.players[found.verdict.player]) > 1
    said = []
    for one in found.reasons(improvement):
        who = f"{found.conflict.decision_maker(one.decision_maker).label}: " if several else ""
        if cited:
            whose = "their" if are_several(found.conflict, [one.decision_maker]) else "its"
            said.append(f"{who}{whose} {_numbered(found.conflict, one)}, {where_it_is_met(one)}")
        else:
            evidence = preference_evidence(
                found.conflict, one.decision_maker, parse(one.statement), one.support, MARKED_AS_DISPUTED
            )
            said.append(f"{who}{_met(found.conflict, one)} [{evidence}]")
    return f": {'; '.join(said)}" if said else ""


def _numbered(conflict: Conflict, reason: Reason) -> str:
    """Name a preference whose evidence stands below; that it is in doubt is said at once."""
    words = preference_in_words(conflict, parse(reason.statement))
    doubt = doubt_in_brief(conflict, reason.support)
    return f"preference {reason.place}, {words}{f' ({doubt})' if doubt else ''}"


def _preferences_behind(found: Explanation) -> list[Block]:
    """List the preferences that decide a verdict, each with what is evidence for it and against it."""
    behind = {
        (one.decision_maker, one.place): one
        for improvement in found.verdict.improvements
        for one in found.reasons(improvement)
    }
    if not found.verdict.improvements and found.concept.family != "relational":
        given_up = filter(None, map(found.given_up, found.moves or ()))
        behind |= {(one.decision_maker, one.place): one for one in given_up}
    if not behind:
        return []
    items = []
    for one in (behind[key] for key in sorted(behind)):
        wish, whose = parse(one.statement), names_in_words(found.conflict, [one.decision_maker])
        lead = f"Preference {one.place} of {whose}:"
        items.append(
            Item(f"{capital(condition_in_words(found.conflict, wish))}.", lead, tuple(_support(found.conflict, one)))
        )
    return [Heading("Preferences used, and their evidence", 2), Bullets(tuple(items))]


def _support(conflict: Conflict, reason: Reason) -> Iterator[str]:
    """Say for each statement about a preference which way it counts, and what the analyst notes on it."""
    by_id = {statement.id: statement for statement in conflict.all_statements}
    for lead, ids in (("Evidence for it", reason.support.evidence), ("Evidence against it", reason.support.against)):
        for id in ids:
            said = by_id.get(id)
            words = statement_in_words(said, conflict.all_speakers, by_id.values()) if said is not None else f"[{id}]"
            yield f"{lead}: {words}"
    if reason.support.is_judgement:
        yield f"{capital(JUDGEMENT)}."
    if reason.support.note:
        yield f"Note: {reason.support.note}"


def _others(found: Explanation) -> str:
    player = found.verdict.player
    return others_in_words(found.conflict, [found.conflict.player_ids[player]])


def _deterred(found: Explanation) -> str:
    """Begin the sentence on a sanction; that word alone would read as an embargo."""
    return f"{capital(_others(found))} can deter that"


def _sanction(found: Explanation, sanction: SanctionPath, improvement: State) -> str:
    who = _who(found, found.verdict.player)
    if sanction.simultaneous:
        moves = "; ".join(_done(found, found.state, step.to, step.player) for step in sanction.steps)
        text = (
            f"{_deterred(found)}, by moves at the same moment: {moves}, all of it leading to {state_name(sanction.end)}"
        )
    else:
        moves = ", then ".join(_moves_in_turn(found, improvement, sanction.steps))
        text = f"{_deterred(found)}: {moves}, leading to {state_name(sanction.end)}"
    text += f", {sanctioned(found.conflict, found.concept, who, sanction.degrees)}."
    if sanction.answers is not None:
        text += f" {no_counter_move(found.concept, who, sanction.answers)}"
    return text


def _moves_in_turn(found: Explanation, here: State, steps: Iterable[Step]) -> Iterator[str]:
    shown, moves = [found.state, here], list(steps)
    for place, step in enumerate(moves, 1):
        player = "+".join(found.conflict.players[step.player])
        yield step_in_words(found.conflict, player, shown[-1], step.to, earlier=shown, last=place == len(moves))
        shown.append(step.to)


def _outlook(found: Explanation, outlook: Outlook) -> Iterator[str]:
    """Say what is expected as the horizon grows without end."""
    since = counted(outlook.since, "move")
    if len(outlook.repeated) == 1:
        yield f"Looking {since} or more ahead, {_expected(found, outlook.repeated[0])}"
        return
    who = _who(found, found.verdict.player)
    yield f"From a horizon of {since} on, what {who} expects repeats every {len(outlook.repeated)} horizons."
    for expected in outlook.repeated[:MAX_MOVES_TOLD]:
        yield _ahead(found, expected)
    if len(outlook.repeated) > MAX_MOVES_TOLD:
        yield f"… and {len(outlook.repeated) - MAX_MOVES_TOLD} more horizons before it repeats."


def _ahead(found: Explanation, expected: Expectation) -> str:
    return f"Looking {counted(expected.horizon, 'move')} ahead, {_expected(found, expected)}"


def _expected(found: Explanation, expected: Expectation) -> str:
    who = _who(found, found.verdict.player)
    if not expected.steps:
        return f"{who} can make no move."
    parts = list(_moves_in_turn(found, found.state, expected.steps[:MAX_MOVES_TOLD]))
    if len(expected.steps) > MAX_MOVES_TOLD:
        parts.append("further moves")
    worth = (
        f"{capital(who)} would prefer this to staying{_because(found, ImprovementMove(expected.end, None))}"
        if expected.leaves
        else f"This is no better for {who} than staying"
    )
    several = are_several(found.conflict, found.conflict.players[found.verdict.player])
    if_ = "if they move" if several else "if it moves"
    best = "the following" if expected.leaves else "at best the following"
    return (
        f"{who} would expect {best} {if_}: {', then '.join(parts)}. The dispute would end at "
        f"{state_name(expected.end)}. {worth}."
    )


def no_improvement(concept: Concept, several: bool = False) -> str:
    """Say to which states a player without improvements cannot move; ``several`` says that its name is plural."""
    told = _UNTEMPTED_SEVERAL if several else _UNTEMPTED
    return f"to a state {told.get(concept.improvement, 'that they prefer' if several else 'that it prefers')}"


def preferred(conflict: Conflict, concept: Concept, player: int, degrees: Sequence[Degree]) -> str:
    """Say how an improvement is better: the beginning of a sentence, behind which the reason may follow a colon."""
    who = names_in_words(conflict, conflict.players[player])
    if concept.improvement is Improvement.RELATIONAL:
        return f"The attitudes of {who} lead there{_favoured(conflict, player)}"
    if any(unknown_tempts(concept, degree) for degree in degrees):
        return f"{capital(who)} would perhaps prefer that"
    if concept.improvement is Improvement.SATISFYING:
        how = [
            f"to a degree of {decimal(degree.strength)} "
            f"({decimal(conflict.decision_maker(degree.decision_maker).thresholds.satisficing)} is enough)"
            for degree in degrees
        ]
        return f"{capital(who)} would prefer that {_each(conflict, how, degrees)}"
    if concept.improvement is Improvement.LIKELY:
        how = [
            f"with a chance of {decimal(degree.chance)} (more than "
            f"{decimal(1 - conflict.decision_maker(degree.decision_maker).thresholds.alpha)} is enough)"
            for degree in degrees
        ]
        return f"This is better for {who} {_each(conflict, how, degrees)}"
    return f"{capital(who)} would prefer that"


def sanctioned(conflict: Conflict, concept: Concept, who: str, degrees: Sequence[Degree]) -> str:
    """Say how a sanction cancels the gain: a clause that follows the state that the sanction leads to."""
    if concept.sanction is Sanction.RELATIONALLY_WORSE:
        return f"from where the same attitudes lead {who} back"
    if concept.sanction is Sanction.MUCH_WORSE:
        return f"which is much worse for {who} than staying"
    if any(one.unknown for one in degrees) and concept.sanction in (
        Sanction.NOT_SURELY_BETTER,
        Sanction.NOT_BETTER_AS_FACED,
    ):
        return f"and it is unknown whether that is better or worse for {who} than staying"
    if concept.sanction is Sanction.NOT_SATISFYING:
        how = [
            f"to a degree of {decimal(degree.strength)} "
            f"({decimal(conflict.decision_maker(degree.decision_maker).thresholds.satisficing)} would be enough)"
            for degree in degrees
        ]
        return f"which {who} would prefer to staying only {_each(conflict, how, degrees)}"
    if concept.sanction is Sanction.UNLIKELY:
        how = [
            f"with a chance of {decimal(degree.chance)} (more than "
            f"{decimal(1 - conflict.decision_maker(degree.decision_maker).thresholds.beta)} would be enough)"
            for degree in degrees
        ]
        return f"which is better for {who} than staying only {_each(conflict, how, degrees)}"
    return f"which is no better for {who} than staying"


def no_counter_move(concept: Concept, who: str, moves: int) -> str:
    """Say that no counter-move of a player helps it after a sanction."""
    if not moves:
        return f"{capital(who)} could make no counter-move."
    if concept.sanction is Sanction.MUCH_WORSE:
        return f"Every counter-move of {who} leads to an outcome that is much worse than staying, too."
    if concept.sanction is Sanction.NOT_BETTER:
        return f"No counter-move of {who} leads to a better outcome than staying."
    if concept.sanction is Sanction.RELATIONALLY_WORSE:
        return f"No counter-move of {who} leads to an outcome that its attitudes favour over staying."
    return f"After every counter-move of {who}, the gain is cancelled as well."


def without_sanction(concept: Concept, who: str, others: str = "the other parties") -> str:
    """Say that no sanction meets an improvement; ``others`` names who could respond, and is empty if no party could."""
    if not others:
        return "Nothing deters that: there is no other party."
    if concept.respond is Respond.NOBODY or (concept.respond is Respond.ALTERNATING and concept.horizon == 1):
        return f"Under {concept.title}, responses of {others} do not count."
    if concept.respond is Respond.ALTERNATING:
        return f"Whatever {others} would do, {who} can end better off than here within {concept.horizon} turns."
    by = _BY[concept.respond]
    if concept.respond is Respond.IMPROVEMENTS:
        by = _BY_CREDIBLE.get(concept.credible, by)
    match concept.sanction:
        case Sanction.NOT_BETTER:
            harm = f"would cancel the gain of {who}"
        case Sanction.MUCH_WORSE:
            harm = f"would leave {who} much worse off than here"
        case Sanction.RELATIONALLY_WORSE:
            harm = f"would end where the same attitudes lead {who} back"
        case _:
            harm = "would cancel this gain"
    lasting = f", whatever {who} does next" if concept.counter_move else ""
    return f"Nothing deters that: {with_verb([others], 'have')} no {by} that {harm}{lasting}."


def _favoured(conflict: Conflict, player: int) -> str:
    """Say for which parties a state to which a player's attitudes lead is worse, and for which it is not."""
    (id,) = conflict.players[player]
    maker = conflict.decision_maker(id)
    words = {"positive": "no worse for", "negative": "worse for"}
    parts = [
        f"{words[maker.attitude(other.id)]} {other.label}"
        for other in conflict.decision_makers
        if maker.attitude(other.id) in words
    ]
    return f": that state is {' and '.join(parts)}" if parts else ""


def _each(conflict: Conflict, how: Sequence[str], degrees: Sequence[Degree]) -> str:
    """Join the words for each member of a player, with names if there are several members."""
    if len(degrees) == 1:
        return how[0]
    names = [conflict.decision_maker(degree.decision_maker).label for degree in degrees]
    return "; ".join(f"({name}) {words}" for name, words in zip(names, how, strict=True))


def verification_in_words(found: Verification) -> list[str]:
    """Say what was checked, then a sentence for each reason why something was not."""
    if found.nothing:
        return ["Not verified: " + ("; ".join(reason for reason, _ in found.unchecked) or "no verdict to check") + "."]
    which = "every state" if found.every_state else f"{len(found.states):,} of {found.count:,} states"
    means = ", ".join(f"{count:,} by {_MEANS[how]}" for how, count in found.by)
    verified = f"Verified {found.claims:,} verdicts on {which}" + (f": {means}." if means else ".")
    return [verified, *(f"{count:,} not checked: {reason}." for reason, count in found.unchecked)]
