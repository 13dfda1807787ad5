"""The first page: is it stuck, why, what would hold, how sure is that, and on whose word?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from detente.analysis.evolution import Target
from detente.analysis.whose_word import Dependence
from detente.limits import MAX_LISTED
from detente.model.preferences import Prioritising
from detente.model.states import State
from detente.model.wording import capital, counted, listed
from detente.present import equilibria, positions
from detente.present.blocks import Block, Bullets, Item, Paragraph
from detente.present.phrases import NOTHING_DISPUTED, coalition_in_words, player_label, shortened, speaker_in_words
from detente.present.robustness import profiles_in_words, share_in_words
from detente.report.findings import Findings

#: So many speakers are named on the first page.
MAX_SPEAKERS = 6
#: So many claims are told with their words on the first page.
MAX_CLAIMS = 4


def answer(findings: Findings) -> Iterator[Block]:
    """Yield the blocks of the first page."""
    analysis = findings.analysis
    yield from equilibria.stuck(analysis)
    if findings.status_quo is not None:
        yield from _why(findings, findings.status_quo)
    yield from equilibria.outcomes(analysis)
    if analysis.count > MAX_LISTED:
        yield Bullets(tuple(equilibria.equilibrium_sets(analysis)))
    further = [_way_there(findings)] if findings.evolution is not None and findings.elsewhere else []
    if findings.coalitions is not None and findings.status_quo in (findings.equilibria or ()):
        further.append(_together(findings))
    if further:
        yield Paragraph(" ".join(further))
    yield Paragraph(" ".join(_sure(findings)), "How sure is that?")
    yield Paragraph(" ".join(_on_whose_word(findings)), "On whose word?")
    yield Paragraph(
        "This report takes no side. It tells what follows if the words that are reported, and the judgements that are "
        "marked as the analyst's, are taken as the file gives them. A claim is its speaker's. Nothing is forecast.",
        small=True,
    )


def _why(findings: Findings, here: State) -> Iterator[Block]:
    if findings.graph is None:
        # Moves are not listed, but what each would do where things stand is known all the same.
        yield Paragraph("What each would do by itself where things stand.", "Why?")
        told = (equilibria.player_at(findings.analysis, one, here) for one in findings.analysis.players)
        yield Bullets(tuple(Item(text) for lines in told for text in lines))
        return
    yield Paragraph("What each could do by itself, and what speaks against it, the weightiest first.", "Why?")
    yield positions.briefly(findings.conflict, positions.positions(findings.analysis, findings.graph, here))


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


def _sure(findings: Findings) -> Iterator[str]:
    if findings.status_quo is not None:
        count, asked = len(findings.analysis.concepts_of(findings.status_quo)), len(findings.concepts)
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
        return (
            f"Whomever one believes, where things stand holds under {equilibria.titles(one.concept for one in sure)}."
        )
    claims = list(dict.fromkeys(claim for one in hanging for claim in one.claims))
    titles = equilibria.titles(one.concept for one in hanging)
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
