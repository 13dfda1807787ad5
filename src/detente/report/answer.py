"""The first page: is it stuck, why, what would hold, how sure is that, and on whose word?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from detente.analysis.evolution import Target
from detente.analysis.whose_word import Dependence
from detente.concepts import Concept
from detente.model.day import no_preferences_known
from detente.model.preferences import Prioritising
from detente.model.states import State
from detente.model.wording import (
    NOTHING_DISPUTED,
    capital,
    coalition_in_words,
    counted,
    difference,
    listed,
    player_label,
    quoted,
)
from detente.present.blocks import Block, Bullets, Item, Paragraph
from detente.present.equilibria import player_at
from detente.present.phrases import shortened, speaker_in_words, state_name, taken_in_words
from detente.present.robustness import profiles_in_words, share_in_words
from detente.report.findings import Findings
from detente.report.grounds import in_one_sentence, positions

#: So many speakers are named on the first page.
MAX_SPEAKERS = 6
#: So many outcomes are named on the first page.
MAX_OUTCOMES = 6
#: So many claims are told with their words on the first page.
MAX_CLAIMS = 4


def answer(findings: Findings) -> Iterator[Block]:
    """Yield the blocks of the first page."""
    yield Paragraph(stuck(findings), "Is it stuck?")
    unknown = no_preferences_known(findings.conflict)
    if unknown:
        yield Paragraph(f"Note: {unknown}.")
    if findings.status_quo is not None:
        yield from _why(findings)
    throughout, *outcomes = _stable_throughout(findings)
    yield Paragraph(" ".join([*_would_hold(findings), throughout]).strip(), "What would hold?")
    if outcomes:
        yield Bullets(tuple(Item(f"{text}.") for text in outcomes))
    yield Paragraph(" ".join(_sure(findings)), "How sure is that?")
    yield Paragraph(" ".join(_on_whose_word(findings)), "On whose word?")
    yield Paragraph(
        "This report takes no side. It tells what follows if the words that are reported, and the judgements that are "
        "marked as the analyst's, are taken as the file gives them. A claim is its speaker's. Nothing is forecast.",
        small=True,
    )


def stuck(findings: Findings) -> str:
    """Say whether the dispute holds where it stands."""
    here = findings.status_quo
    if here is None:
        return "That cannot be said: the file names no state as the one in which the dispute is."
    holding, asked = findings.holding, findings.concepts
    where = f"Where things stand, {state_name(here)},"
    unknown = "That cannot be said while preferences are unknown." if no_preferences_known(findings.conflict) else ""
    if not holding:
        return f"No. {where} is an equilibrium under none of the ideas of foresight asked for ({_titles(asked)})."
    if any(concept.id == "nash" for concept in holding):
        reason = "no party has a move of its own to anything that it prefers"
    else:
        reason = "whoever would rather move is deterred by what the others could answer"
    if len(holding) == len(asked):
        every = f"each of the {len(asked)} ideas of foresight asked for" if len(asked) > 1 else "the idea of foresight"
        return f"{unknown or 'Yes.'} {where} holds under {every} ({_titles(asked)}): {reason}."
    rest = [concept for concept in asked if concept not in holding]
    part = f"{unknown or 'In part.'} {where} holds under {_titles(holding)}: {reason}."
    return f"{part} It does not hold under {_titles(rest)}."


def _titles(concepts: Iterable[Concept]) -> str:
    return listed([concept.title for concept in concepts])


def _why(findings: Findings) -> Iterator[Block]:
    assert findings.status_quo is not None
    found = positions(findings, findings.status_quo)
    if not found:
        # Moves are not listed, but what each would do where things stand is known all the same.
        here = findings.status_quo
        yield Paragraph("What each would do by itself where things stand.", "Why?")
        yield Bullets(
            tuple(Item(text) for one in findings.analysis.players for text in player_at(findings.analysis, one, here))
        )
        return
    yield Paragraph("What each could do by itself, and what speaks against it, the weightiest first.", "Why?")
    yield Bullets(tuple(Item(in_one_sentence(findings, one), f"{one.label}:") for one in found))


def _would_hold(findings: Findings) -> Iterator[str]:
    if findings.equilibria is None:
        yield from _summary(findings)
        return
    others = findings.elsewhere
    besides = "Besides where things stand, " if findings.holding else ""
    if not others:
        text = f"{besides}no state is an equilibrium under any of the concepts asked for."
        yield capital(text) if findings.equilibria or not besides else text
        return
    is_one = f"{counted(len(others), 'state')} {'is an equilibrium' if len(others) == 1 else 'are equilibria'}"
    yield capital(f"{besides}{is_one} {_under(findings, others)}.")
    common = in_common(findings, others)
    if len(others) > 1 and common:
        yield f"In all of them {common}."
    elif len(others) == 1:
        yield f"It is {state_name(others[0])}: {taken_in_words(findings.conflict, others[0])}."
    named = [quoted(state.name) for state in others if state.name]
    if named and len(others) > 1:
        yield f"{capital(listed(named))} {'is one of them' if len(named) == 1 else 'are among them'}."
    if findings.evolution is not None:
        yield _way_there(findings)
    if findings.coalitions is not None and findings.status_quo in findings.equilibria:
        yield _together(findings)


def _stable_throughout(findings: Findings) -> list[str]:
    """Return a sentence on the outcomes that are stable under every concept, then these, if there are several."""
    found = findings.stable_throughout
    if found is None:
        return [""]
    titles = _titles(findings.concepts)
    under = f"every concept asked for ({titles})" if len(findings.concepts) > 1 else titles
    if not found:
        return [f"No outcome is stable under {under}."]
    if len(found) == 1:
        return [f"Only one outcome is stable under {under}: {_outcome(findings, found[0])}."]
    # One more takes no more room than the line that says so.
    shown = found if len(found) <= MAX_OUTCOMES + 1 else found[:MAX_OUTCOMES]
    more = [f"{len(found) - len(shown):,} more"] if len(shown) < len(found) else []
    told = [_outcome(findings, state) for state in shown]
    return [f"{len(found):,} outcomes are stable under {under}:", *told, *more]


def _outcome(findings: Findings, state: State) -> str:
    """Say which outcome a state is: its name, and what is different from the status quo."""
    here = findings.status_quo
    if state == here:
        return f"where things stand, {state_name(state)}"
    what = taken_in_words(findings.conflict, state) if here is None else difference(findings.conflict, here, state)
    return f"{state_name(state)}: {what}" if what else state_name(state)


def _under(findings: Findings, states: Sequence[State]) -> str:
    assert findings.equilibria is not None
    every = [one for one in findings.concepts if all(one in findings.equilibria[state] for state in states)]
    some = [one for one in findings.concepts if any(one in findings.equilibria[state] for state in states)]
    if every == some:
        return f"under {_titles(some)}"
    if every:
        return f"under {_titles(every)}, and some under {_titles(one for one in some if one not in every)} too"
    return f"under one or more of {_titles(some)}"


def in_common(findings: Findings, states: Sequence[State]) -> str:
    """Say what the states have in common, decision maker by decision maker."""
    conflict = findings.conflict
    same = {
        option.id: letters.pop()
        for number, option in enumerate(conflict.options)
        if len(letters := {state.pattern[number] for state in states}) == 1
    }
    parts = []
    for maker in conflict.decision_makers:
        done = [quoted(one.label) for one in maker.options if same.get(one.id) == "Y"]
        left = [quoted(one.label) for one in maker.options if same.get(one.id) == "N"]
        words = [f"would take {listed(done)}"] if done else []
        words += [f"would not take {listed(left, 'or')}"] if left else []
        if words:
            parts.append(f"{maker.label} {' and '.join(words)}")
    return "; ".join(parts)


def _way_there(findings: Findings) -> str:
    """Say what it costs to get from the status quo to the other equilibria."""
    assert findings.evolution is not None
    others = [one for one in findings.evolution.targets if one.state != findings.status_quo]
    free = [one for one in others if one.fewest_sacrifices == 0]
    dear = sorted({one.fewest_sacrifices for one in others if one.fewest_sacrifices})
    if free and len(free) == len(others):
        return "Each can be reached by moves that whoever makes them prefers."
    if free:
        first = f"{counted(len(free), 'of them', 'of them')} can be reached by moves that whoever makes them prefers"
    else:
        first = "None can be reached by moves that whoever makes them prefers"
    if not dear:
        return f"{capital(first)}."
    nearest = [one for one in others if one.fewest_sacrifices == dear[0]]
    who = _who_gives_way(findings, nearest)
    moves = counted(
        dear[0], f"move by {who} that brings no gain by itself", f"moves by {who} that bring no gain by themselves"
    )
    take = "nearest takes" if len(nearest) == 1 else f"nearest {len(nearest)} take"
    return f"{capital(first)}; the {take} {moves}."


def _who_gives_way(findings: Findings, targets: Sequence[Target]) -> str:
    givers = {move.player for one in targets for move in one.detour or () if not move.improvement}
    labels = [player_label(findings.conflict, player) for player in findings.analysis.players if player in givers]
    return listed(labels, "or") if labels else "whoever makes it"


def _together(findings: Findings) -> str:
    assert findings.coalitions is not None
    found, here = findings.coalitions, findings.status_quo
    jumping = list(dict.fromkeys(jump.coalition for jump in found.jumps if jump.start == here))
    leaving = [group for group in found.leaving(here) if group in jumping] if here is not None else []
    deterred = [group for group in jumping if group not in leaving]
    if not jumping:
        return "No two or more would leave the status quo together for another equilibrium."
    parts = []
    if leaving:
        names = "; ".join(coalition_in_words(findings.conflict, group) for group in leaving)
        parts.append(f"Moving together, these would leave the status quo for another equilibrium: {names}.")
    if deterred:
        names = "; ".join(coalition_in_words(findings.conflict, group) for group in deterred)
        parts.append(
            f"These {'too ' if leaving else ''}could reach another equilibrium together that each of them prefers, but "
            f"what the others could answer deters them: {names}."
        )
    return " ".join(parts)


def _summary(findings: Findings) -> Iterator[str]:
    yield f"There are {findings.analysis.count:,} states, too many to list."
    for concept in findings.concepts:
        count = findings.analysis.equilibrium_set(concept.id).count
        are = counted(count, "is an equilibrium", "are equilibria", none="none is an equilibrium")
        yield f"Under {concept.title} {are}."
    yield from _nearest(findings)


def _nearest(findings: Findings) -> Iterator[str]:
    """Say which equilibria take the fewest changes of the status quo, the concepts with the same one together."""
    here = findings.status_quo
    if here is None:
        return
    under: dict[State, list[Concept]] = {}
    for concept in findings.concepts:
        found = findings.analysis.nearest(concept.id, here.number, most=1) if concept not in findings.holding else None
        if found:
            under.setdefault(found.states[0], []).append(concept)
    for state, concepts in under.items():
        apart = difference(findings.conflict, here, state)
        yield (
            f"An equilibrium under {_titles(concepts)} that takes as few changes as any "
            f"is {state_name(state)}: {apart}."
        )


def _sure(findings: Findings) -> Iterator[str]:
    if findings.status_quo is not None:
        count, asked = len(findings.holding), len(findings.concepts)
        if count in (0, asked) and asked > 1:
            yield f"All {asked} ideas of foresight agree on where things stand."
        else:
            yield f"Where things stand holds under {count} of {counted(asked, 'idea')} of foresight."
    if findings.robustness is not None:
        yield from _survives(findings)
    supports = [
        statement.support
        for maker in findings.conflict.decision_makers
        if isinstance(maker.preferences, Prioritising)
        for statement in maker.preferences.statements
    ]
    rules = [rule.support.is_judgement for rule in findings.conflict.rules]
    judged = sum(one.is_judgement for one in supports)
    if supports:
        yield (
            f"Of {counted(len(supports), 'preference')} "
            f"{counted(len(supports) - judged, 'rests', 'rest', none='none rests')} on reported words and "
            f"{counted(judged, 'is', 'are', none='none is')} the analyst's judgement"
            + (f"; {counted(sum(rules), 'rule is', 'rules are')}, too." if any(rules) else ".")
        )
    else:
        yield "The preferences are given as rankings or numbers, so how far they rest on words is told in the appendix."
    yield "The order of the preferences is the analyst's reading throughout."


def _survives(findings: Findings) -> Iterator[str]:
    """Say how often the status quo, or else the likeliest state, is an equilibrium when the preferences are doubted."""
    concept = findings.robustness.concepts[-1]
    if findings.status_quo is not None:
        share = findings.robustness.share(findings.status_quo.number, concept.id)
        yield (
            f"With the preferences varied at random ({profiles_in_words(findings.robustness)}) it is an equilibrium "
            f"under {concept.title} in {share_in_words(findings.robustness, share)}."
        )


def _on_whose_word(findings: Findings) -> Iterator[str]:
    words = findings.words
    if words is None:
        yield f"Not told: {findings.unasked['words']}."
        return
    yield _used(findings)
    if not words.claims:
        yield f"{NOTHING_DISPUTED}."
        return
    disputed = capital(counted(len(words.claims), "statement is", "statements are"))
    accounts = f"{counted(words.accounts, 'account')}: ways to believe some and not others"
    yield f"{disputed} disputed, which makes {accounts}."
    if words.deadlocks:
        yield _deadlock(findings)
    yield from _others_hang(findings)


def _used(findings: Findings) -> str:
    """Say how many statements the model uses as evidence, and whose they are."""
    # Copies are one statement. What is not in the model of the day uses nothing; in a report it is gone already.
    copies = findings.conflict.testimony().copies
    statements = [group[0] for group in copies.values()]
    named = {id for _, support in findings.conflict.supports() for id in support.evidence}
    used = [group[0] for group in copies.values() if any(one.id in named for one in group)]
    in_file = counted(len(statements), "statement")
    if not used:
        return f"The model uses none of the file's {in_file} as evidence."
    # What somebody is told to have said is the teller's word, too.
    speakers = Counter(speaker_in_words(findings.conflict, one) for one in used)
    told = [f"{name} ({count})" for name, count in speakers.most_common(MAX_SPEAKERS)]
    more = [f"{len(speakers) - MAX_SPEAKERS} more"] if len(speakers) > MAX_SPEAKERS else []
    how_many = (
        f"all {in_file} of the file" if len(used) == len(statements) else f"{len(used):,} of the file's {in_file}"
    )
    return f"The model uses {how_many} as evidence: {'; '.join([*told, *more])}."


def _others_hang(findings: Findings) -> Iterator[str]:
    """Say on which claims it hangs that the other equilibria are any."""
    assert findings.words is not None
    others = {state.pattern for state in findings.elsewhere}
    about = [one for one in findings.words.dependences if one.pattern in others]
    firm = others - {one.pattern for one in about if not one.in_every}
    if not about:
        return
    if firm == others:
        yield f"The other {'equilibrium holds' if len(others) == 1 else 'equilibria hold'} in every account."
        return
    claims = list(dict.fromkeys(claim for one in about for claim in one.claims))
    if len(others) == 1:
        first, rest = "The other equilibrium does not hold", "it hangs"
    elif firm:
        first, rest = f"Of the {len(others)} other equilibria {counted(len(firm), 'holds', 'hold')}", "the rest hang"
    else:
        first, rest = f"None of the {len(others)} other equilibria holds", "they hang"
    hang = f"; {rest} on these words: {_told(findings, claims)}" if claims else ""
    yield f"{first} in every account{hang}."


def _told(findings: Findings, claims: Sequence[str]) -> str:
    told = [_claim(findings, id) for id in claims[:MAX_CLAIMS]]
    return "; ".join(told) + (f"; and {len(claims) - MAX_CLAIMS} more" if len(claims) > MAX_CLAIMS else "")


def _deadlock(findings: Findings) -> str:
    words = findings.words
    assert words is not None
    if all(one.in_every for one in words.deadlocks):
        return (
            "Whomever one believes, where things stand holds; but what rests only on words that are not believed is no "
            "part of where things then stand."
        )
    if all(one.share == 0 for one in words.deadlocks):
        return "Whomever one believes, where things stand does not hold."
    hanging = [one for one in words.deadlocks if not one.in_every and one.share > 0]
    if not hanging:
        sure = [one for one in words.deadlocks if one.in_every]
        return f"Whomever one believes, where things stand holds under {_titles(one.concept for one in sure)}."
    claims = list(dict.fromkeys(claim for one in hanging for claim in one.claims))
    titles = _titles(one.concept for one in hanging)
    if not claims:
        return f"Under {titles} it holds in {_shares(hanging)} of these."
    return f"Whether where things stand holds under {titles} hangs on these words: {_told(findings, claims)}."


def _shares(found: Sequence[Dependence]) -> str:
    low, high = min(one.share for one in found), max(one.share for one in found)
    return f"{low:.0%}" if round(low, 2) == round(high, 2) else f"{low:.0%} to {high:.0%}"


def _claim(findings: Findings, id: str) -> str:
    assert findings.words is not None
    statement = findings.words.statement(id)
    kind = f", {statement.kind}" if statement.kind else ""
    quote = f": “{shortened(statement.quote, 110)}”" if statement.quote else ""
    return f"{speaker_in_words(findings.conflict, statement)}{kind}{quote} [{id}]"
