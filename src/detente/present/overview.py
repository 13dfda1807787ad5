"""The answer on one page, in words: is it stuck, why, what would unstick it, what would last, who agrees.

The landing page of a dispute shows `sections`; the first page of a report says the same words (`view`). What a section
has behind its words (`Section.details`) stands below it on the page, and in a chapter of the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from detente.analysis.coalitions import CoalitionImprovement
from detente.analysis.equilibria import Analysis
from detente.analysis.evolution import Target
from detente.analysis.inverse import Inversion, PreferenceChange
from detente.analysis.overview import LastingOutcome, Matter, Overview, PartyOutlook, Way
from detente.analysis.overview.parts import MOVES, PREFERENCES, THIRD_PARTY, TOGETHER, concession_places
from detente.analysis.robustness import Robustness
from detente.analysis.third_party import Intervention, OptionSet
from detente.analysis.timeline import Timeline
from detente.concepts import CONCEPTS
from detente.lazy import dataclass
from detente.limits import MAX_LISTED
from detente.model.conditions import parse
from detente.model.dates import day_in_words
from detente.model.day import no_preferences_known
from detente.model.evidence import Support
from detente.model.states import State
from detente.model.verbs import with_article
from detente.model.wording import capital, counted, listed, names_in_words
from detente.present import basis, equilibria, parties, robustness, timeline, whose_word
from detente.present.blocks import Block, Bullets, Item, PageLink, Paragraph, bullets
from detente.present.evolution import NOT_PREFERRED, Step, conceded_by, concession_mark, concessions_of, path_in_words
from detente.present.explanation import sanction_in_words
from detente.present.inverse import preference_change_in_words
from detente.present.outcomes import (
    are_several,
    condition_in_words,
    few_states,
    letters_of,
    options_in_words,
    outcome_name,
    step_in_words,
)
from detente.present.phrases import (
    MARKED_AS_DISPUTED,
    coalition_in_words,
    concepts_spelled_out,
    percent,
    preference_evidence,
    shortened,
    speaker_in_words,
    state_name,
    under_concepts,
)
from detente.present.positions import agreement_table, disputed_by_reading, sides_in_words
from detente.present.third_party import holding_in_words

#: The maximum number of groups of ways, of outcomes and of assumptions that are told at once.
MAX_WAYS, MAX_OUTCOMES, MAX_ASSUMPTIONS = 4, 3, 4
#: The same for ways and outcomes on the first page of a report, whose chapters have the others.
_BRIEFLY = 2
#: A path of so many moves is told in a sentence.
_SHORT_PATH = 2
#: A quote is cut at so many characters, in a sentence before the others; the page of the sources has all of it.
_MAX_CLAIM = 90
#: How each kind of verdict on an option begins, in the order in which they are told.
_VERDICTS = {
    "disputed": "The parties disagree on",
    "agreed": "All who take a position want the same",
    "unclear": "Unclear, because one party said both",
    "conditional": "At least one party sets a condition on",
    "one side": "Only one party takes a position on",
    "silent": "No party takes a position on",
}
#: The maximum number of options with conditions that the answer on one page names.
_MAX_CONDITIONAL = 2
#: The questions that look for ways.
_ABOUT_WAYS = ("paths", "coalitions", "changes", "changes of preferences", "a third party")
#: The question about ways, for a dispute that is stuck and for one that is not.
UNSTICK, WHERE_TO = "What would unstick it?", "Where could it go?"


@dataclass(frozen=True)
class Section:
    """A part of the overview: its place in an address, its title, its words (a paragraph first), and what is behind.

    ``links`` lead to the pages of the web app that say more.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    details: tuple[Block, ...] = ()
    links: tuple[PageLink, ...] = ()


#: Where the parts of an overview are told in full.
_MORE = {
    "stuck": (PageLink("Table of states", "states"), PageLink("Timeline", "timeline")),
    "ways": (PageLink("Try a change", "what-if"), PageLink("All paths", "questions", query="ask=evolve")),
    "outcomes": (PageLink("Map of the outcomes", "graph"),),
    "agreed": (PageLink("Positions over time", "timeline"),),
    "certain": (PageLink("Which preferences matter most", "questions", query="ask=robust"),),
    "assumed": (PageLink("Options, preferences and rules", "dispute"),),
    "claims": (
        PageLink("All statements", "sources"),
        PageLink("Each disputed statement", "questions", query="ask=whose-word"),
    ),
}


def view(found: Overview, *, brief: bool = False) -> list[Block]:
    """Word an overview, each section behind its title; ``brief`` leaves out what chapters of a report have."""
    blocks: list[Block] = []
    for one in sections(found, brief=brief):
        first, *rest = one.blocks
        assert isinstance(first, Paragraph)
        blocks += [replace(first, lead=one.title), *rest]
    return blocks


def answer(found: Overview) -> str:
    """Say whether the dispute is stuck, and since when."""
    since = timeline.since(found.timeline) if found.timeline is not None else ""
    return f"{equilibria.answer(found.analysis)} {since}{_left_out(found, 'periods')}".strip()


def stuck_in_brief(analysis: Analysis, course: Timeline | None) -> str:
    """Say in a few words whether a dispute is stuck, and since when: for the list of a folder."""
    here = analysis.status_quo
    if here is None:
        return "No status quo is given"
    if no_preferences_known(analysis.conflict) or next(analysis.solver.arcs(), None) is None:
        return "Not known whether it is stuck"
    stable = analysis.concepts_of(here)
    every = len(stable) == len(analysis.concepts)
    verdict = "Stuck" if every else f"Stuck under {equilibria.titles(stable)} only" if stable else "Not stuck"
    if course is None or len(course.periods) < 2 or course.periods[-1].reason:
        return verdict
    ids = [one.id for one in stable if one.id in course.periods[-1].stuck]
    if not stable:
        return verdict
    first, before = course.since(ids, wanted=True)
    unknown = before is None or any(before.stuck[id] is None for id in ids)
    least = "at least " if unknown else ""
    return f"{verdict} {least}since {day_in_words(first.first)}" if first.first else verdict


def sections(found: Overview, *, brief: bool = False) -> list[Section]:
    """Return the sections in their order, the answer first; ``brief`` says the same of fewer ways and outcomes."""
    made = [Section("stuck", "Is it stuck?", tuple(_stuck(found)))]
    if found.analysis.status_quo is not None:
        made.append(Section("why", "Why?", tuple(_why(found))))
        is_stuck = any(value is not False for value in found.stuck.values())
        made.append(Section("ways", UNSTICK if is_stuck else WHERE_TO, tuple(_ways(found, brief))))
    made.append(Section("outcomes", "Which outcomes would be stable?", tuple(_outcomes(found, brief))))
    made.append(_agreement(found, brief))
    if found.robustness is not None and found.analysis.status_quo is not None:
        said = robustness.in_short(found.robustness)
        varied = "" if brief else " A variation puts some preferences in another order and leaves some out."
        made.append(Section("certain", "How certain is that?", (Paragraph(f"{said}{varied}"),)))
    made.append(_assumed(found))
    made.append(Section("claims", "Whose claims does it depend on?", tuple(_claims(found))))
    links = dict(_MORE)
    if (here := found.analysis.status_quo) is not None:
        links["why"] = (PageLink("The status quo in the table of states", "states", query=f"find={here.number}"),)
    return [replace(one, links=links.get(one.id, ())) for one in made]


def _stuck(found: Overview) -> Iterator[Block]:
    first, *notes = equilibria.stuck(found.analysis)
    yield replace(first, text=answer(found), lead="")
    yield from notes
    yield concepts_spelled_out(found.analysis.concepts)


def _why(found: Overview) -> Iterator[Block]:
    """Say for each party what it would do next, what holds it back, and the statement behind it."""
    here = found.analysis.status_quo
    assert here is not None
    if found.analysis.count > MAX_LISTED:
        yield Paragraph("Each party has these moves of its own from the status quo.")
        yield equilibria.players(found.analysis, here)
        return
    yield Paragraph("What each party could do next from the status quo, and what holds it back:")
    outlooks = {one.player: one for one in found.parties}
    items = []
    for position in parties.situations_at(found.analysis, here):
        outlook = outlooks.get(position.player)
        if outlook is not None and outlook.best is not None:
            text = _drawn(found, outlook, position)
            quoted = parties.quote_behind(found.conflict, _reason(outlook), position, [outlook.best])
        else:
            text = parties.reasons_in_short(found.conflict, position)
            ground = next((ground for ground in position.grounds if ground.support), None)
            moves = ground.moves if ground is not None else ()
            support = ground.support if ground is not None else None
            quoted = parties.quote_behind(found.conflict, support, position, moves, wanted=False)
        items.append(Item(text, capital(position.label), tuple(quoted)))
    yield Bullets(tuple(items))


def _reason(outlook: PartyOutlook) -> Support | None:
    """Return the evidence of the preference behind a party's next move."""
    reasons = outlook.would.reasons(outlook.improvement) if outlook.improvement is not None else ()
    return reasons[0].support if reasons else None


def _drawn(found: Overview, outlook: PartyOutlook, position: parties.Situation) -> str:
    """Say what a party would do next, why, and what holds it back."""
    conflict, improvement = found.conflict, outlook.improvement
    assert improvement is not None and outlook.best is not None
    several = are_several(conflict, position.player.split("+") if conflict.coalitions else [position.player])
    they, them = ("they", "them") if several else ("it", "it")
    step = step_in_words(conflict, position.player, position.state, outlook.best)
    others = len(position.improvements) - 1
    also = f"; {they} would also gain by {counted(others, 'other move')}" if others > 0 else ""
    text = f"would gain by moving to {state_name(outlook.best)}: {step}{also}."
    if reasons := outlook.would.reasons(improvement):
        wish = parse(reasons[0].statement)
        words = condition_in_words(conflict, wish)
        which = "a preference whose direction is unknown" if reasons[0].unknown else "the preference"
        cited = preference_evidence(conflict, reasons[0].decision_maker, wish, reasons[0].support, MARKED_AS_DISPUTED)
        text += f" Behind that is {which} that {words} [{cited}]."
    if outlook.held is not None and outlook.deterred is not None and outlook.deterred.sanction is not None:
        held = sanction_in_words(outlook.held, outlook.deterred)
        return f"{text} What holds {them} back, under {outlook.held.concept.title}: {held}"
    if not position.stays:
        return f"{text} Nothing holds {them} back under any of these concepts."
    names = listed([one.title for one in position.stays])
    return f"{text} Under {names} that is deterred."


def _ways(found: Overview, brief: bool) -> Iterator[Block]:
    """Say the ways to outcomes that last, those that ask for the fewest concessions first."""
    if not found.ways:
        none = "" if "paths" in found.left_out else "No way to another lasting outcome was found."
        yield Paragraph(f"{none}{left_out_of_ways(found)}".strip())
        return
    stays = any(value is not False for value in found.stuck.values())
    lead = "" if stays else "The dispute is not stuck: a party would move on its own. "
    rest = " The chapter ‘Reasons to stay, and ways out’ gives more of them." if brief else left_out_of_ways(found)
    yield Paragraph(
        f"{lead}These ways lead to outcomes that would last; those with the fewest concessions or changes come first. "
        f"A concession is a move to an outcome {NOT_PREFERRED}.{rest}"
    )
    items = ways(found, steps=not brief)
    yield _list(items, MAX_WAYS, brief, "{count} more ways of other kinds")


def left_out_of_ways(found: Overview) -> str:
    """Say which kinds of ways were not looked for, and why; begins with a space, or is empty."""
    return _left_out(found, *_ABOUT_WAYS)


def ways(found: Overview, *, steps: bool = True) -> list[Item]:
    """Return an item for each kind of way; ``steps`` lists the moves of long paths."""
    groups: dict[tuple[object, ...], list[Way]] = {}
    for one in found.ways:
        groups.setdefault((one.kind, one.asks, _members(one)), []).append(one)
    return [_group(found, some, steps) for some in groups.values()]


def _list(items: Sequence[Item], most: int, brief: bool, more: str) -> Bullets:
    """Return a list of which the first items are told at once; briefly, these are very few."""
    if not brief or len(items) <= _BRIEFLY + 1:
        return bullets(items, max_items=most, more=more)
    return Bullets(tuple(items[:_BRIEFLY]), rest=tuple(items[_BRIEFLY:]), more=more.format(count=len(items) - _BRIEFLY))


def _members(way: Way) -> tuple[str, ...]:
    return way.found.coalition if isinstance(way.found, CoalitionImprovement) else ()


def _group(found: Overview, ways: Sequence[Way], steps: bool) -> Item:
    """Say the first of some ways that ask the same of the same parties, and where the others lead."""
    first, *others = ways
    text, points = _way(found, first)
    # Where the steps are listed, they mark the concessions.
    if points and not steps and (conceded := list(_conceded(found, first))):
        text += f" {'The concession' if first.concessions == 1 else 'The concessions'}: {' '.join(conceded)}"
    # The first page of a report has no room for them.
    if others and steps:
        also = few_states([one.outcome for one in others])
        text += f" {'Another such way leads' if len(others) == 1 else 'Other such ways lead'} to {also}."
    questions = {MOVES: "evolve", TOGETHER: "coalitions", PREFERENCES: "invert", THIRD_PARTY: "third-party"}
    links = (
        PageLink("See all ways of this kind", "questions", query=f"ask={questions[first.kind]}"),
        PageLink(f"State {first.outcome.number} in the table", "states", query=f"find={first.outcome.number}"),
    )
    return Item(text, f"{_asked(found, first)}:", points if steps else (), links=links)


def _conceded(found: Overview, way: Way) -> Iterator[str]:
    """Say each concession on a path, and which later moves reverse a part of it."""
    start, moves, _ = _moves_of(found, way)
    states = [letters_of(found.conflict, one.pattern) for one in (start, *(end for _, end in moves))]
    steps = dict(_concessions(found, way))
    for place in steps:
        before, after = states[place : place + 2]
        changed = {id: letter for id, letter in after.items() if letter != before[id]}
        back: dict[int, dict[str, str]] = {}
        for id in changed:
            if states[-1][id] == before[id]:
                at = next(at for at in range(place + 2, len(states)) if states[at][id] == before[id])
                back.setdefault(at, {})[id] = before[id]
        equal = concession_mark(found.conflict, steps[place]).partition(", ")[2]
        yield f"{capital(options_in_words(found.conflict, changed, before))}{f', {equal}' if equal else ''}."
        for at, letters in back.items():
            again = options_in_words(found.conflict, letters, states[at - 1], again=letters)
            yield f"Move {at} of {len(moves)} reverses a part of this: {again}."


def way_in_words(found: Overview, way: Way) -> str:
    """Say a way in full: what it asks of whom, and where it leads."""
    text, points = _way(found, way)
    return " ".join([f"{_asked(found, way)}:", text, *points])


def _asked(found: Overview, way: Way) -> str:
    """Say what a way asks of whom."""
    names = (
        {id: names_in_words(found.conflict, [id]) for id, _ in way.asks}
        if way.kind in (PREFERENCES, THIRD_PARTY)
        else {}
    )
    if way.kind == PREFERENCES:
        return f"{counted(way.concessions, 'change')} to the preferences of {_by(way, names)}"
    if way.kind == THIRD_PARTY:
        return f"A third party that controls {counted(way.concessions, 'option')} of {_by(way, names)}"
    by = conceded_by(found.conflict, [step for _, step in _concessions(found, way)])
    count = f"{counted(way.concessions, 'concession')}, by {by}" if way.asks else "without a concession"
    if isinstance(way.found, CoalitionImprovement):
        return f"{capital(coalition_in_words(found.conflict, way.found.coalition))} together ({count})"
    return capital(count)


def _by(way: Way, names: dict[str, str]) -> str:
    """Name the parties that a way asks something of, with the number of each if these differ."""
    if len({count for _, count in way.asks}) == 1:
        each = way.asks[0][1]
        return listed([names[id] for id, _ in way.asks]) + (f" ({each} each)" if len(way.asks) > 1 and each > 1 else "")
    return listed([f"{names[id]} ({count})" for id, count in way.asks])


def _way(found: Overview, way: Way) -> tuple[str, tuple[str, ...]]:
    """Say what happens on a way, and that its outcome lasts; the steps of a long path are its points."""
    under = under_concepts([CONCEPTS[id] for id in way.concepts], found.analysis.concepts)
    leaving = found.coalitions.leaving(way.outcome) if found.coalitions is not None else ()
    if leaving and way.kind in (MOVES, TOGETHER):
        under += f", but {coalition_in_words(found.conflict, leaving[0])} would gain by leaving it together"
    where = outcome_name(found.conflict, way.outcome)
    match way.found:
        case Target():
            return _path(found, *_moves_of(found, way), f"would last under {under}")
        case CoalitionImprovement():
            better = f"would last under {under}. Each of these parties would be better off there"
            return _path(found, *_moves_of(found, way), better)
        case PreferenceChange():
            assert isinstance(way.source, Inversion)
            change = preference_change_in_words(way.source, way.found)
            return f"{capital(where)} would last under {under} with this change: {change}.", ()
        case OptionSet():
            assert isinstance(way.source, Intervention)
            held = holding_in_words(way.source, way.found)
            return f"{capital(where)} would last under {under} if the third party ensures that {held}.", ()
    raise TypeError(f"not a way: {way!r}")


def _moves_of(found: Overview, way: Way) -> tuple[State, list[tuple[str, State]], list[int]]:
    """Return where the path of a way starts, its moves with their movers, and the places of its concessions."""
    if isinstance(way.found, CoalitionImprovement):
        return way.found.start, list(way.found.path), list(concession_places(found.analysis, way.found))
    assert isinstance(way.found, Target)
    route = way.found.route or ()
    losses = [place for place, move in enumerate(route) if not move.improvement]
    return route[0].start, [(move.player, move.end) for move in route], losses


def _concessions(found: Overview, way: Way) -> list[tuple[int, Step]]:
    """Return the concessions on a way with their places."""
    start, moves, losses = _moves_of(found, way)
    states = [start, *(end for _, end in moves)]
    return [(place, (moves[place][0], states[place], states[place + 1])) for place in losses]


def _path(
    found: Overview, start: State, moves: Sequence[tuple[str, State]], losses: Sequence[int], lasts: str
) -> tuple[str, tuple[str, ...]]:
    """Say a short path in a sentence, and of a long one the number of moves and where they lead, with the moves."""
    if len(moves) <= _SHORT_PATH:
        return f"{capital(path_in_words(found.conflict, start, moves, losses))}. That outcome {lasts}.", ()
    points, shown = [], [start]
    for place, (player, end) in enumerate(moves, 1):
        step = step_in_words(found.conflict, player, shown[-1], end, earlier=shown, last=place == len(moves))
        mark = f" ({concession_mark(found.conflict, (player, shown[-1], end))})" if place - 1 in losses else ""
        points.append(f"{place}. {capital(step)}{mark}.")
        shown.append(end)
    return f"{len(moves)} moves lead to {outcome_name(found.conflict, shown[-1])}. It {lasts}.", tuple(points)


def _outcomes(found: Overview, brief: bool) -> Iterator[Block]:
    """Say which outcomes are equilibria; the best of them one by one."""
    yield Paragraph(f"{equilibria.stable_outcomes(found.analysis)}{_left_out(found, 'robustness')}")
    if found.analysis.count > MAX_LISTED:
        yield Bullets(tuple(equilibria.equilibrium_sets(found.analysis)))
    elif found.outcomes:
        more = f"{{count}} more of the {found.count:,} outcomes" if found.count else ""
        yield _list([_card(found, one, brief) for one in found.outcomes], MAX_OUTCOMES, brief, more)


def _card(found: Overview, one: LastingOutcome, brief: bool) -> Item:
    """Say what happens in an outcome, how many concessions away it is, how robust, and on whose claims it depends."""
    happens = equilibria.happening(found.analysis, one.state)
    number = one.state.number
    named = bool(one.state.name)
    text = f"{happens}." if named else f"{capital(happens)} (state {number})." if happens else f"State {number}."
    told = list(_facts(found, one, brief))
    facts = "; ".join(told) if brief else ". ".join(map(capital, told))
    links = (
        PageLink(f"State {number} in the table", "states", query=f"find={number}"),
        PageLink(f"State {number} on the map", "graph", query=f"focus={number}"),
    )
    return Item(text if happens or not named else "", f"{capital(state_name(one.state))}:" if named else "",
                (f"{capital(facts)}.",), links=links)  # fmt: skip


def _share(sampled: Robustness, one: LastingOutcome) -> str:
    """Say in which share of the random variations an outcome is an equilibrium, under which concepts.

    The span is over the concepts: it is no margin of error.
    """
    under = [each for each in sampled.concepts if each.id in one.concepts]
    shares = sorted(sampled.share(one.state.number, each.id).share for each in under)
    low, high = percent(shares[0]), percent(shares[-1])
    span = low if low == high else f"{low} to {high}"
    which = listed([each.title for each in under])
    return f"under {which}, an equilibrium in {span} of {robustness.profiles_in_words(sampled)}"


def _facts(found: Overview, one: LastingOutcome, brief: bool) -> Iterator[str]:
    yield f"stable under {under_concepts([CONCEPTS[id] for id in one.concepts], found.analysis.concepts)}"
    if one.concessions:
        assert found.evolution is not None
        route = next(target.route for target in found.evolution.targets if target.state == one.state)
        by = conceded_by(found.conflict, concessions_of(route or ()))
        yield f"{counted(one.concessions, 'concession')} away, by {by}"
    elif one.concessions == 0:
        yield "reached without a concession"
    elif found.evolution is not None:
        yield "no moves lead there from the status quo"
    if one.shares is not None and found.robustness is not None:
        yield _share(found.robustness, one)
    if one.leaving is not None:
        groups = [coalition_in_words(found.conflict, group) for group in one.leaving]
        if groups or not brief:
            yield f"{groups[0]} would gain by leaving it together" if groups else "no coalition would leave it"
    if one.claims is not None:
        rivals = found.conflict.testimony().rivals
        sets = list(dict.fromkeys(one.claims.values()))
        if one.in_every_account:
            yield "it is an equilibrium whichever disputed statements you believe"
        elif len(sets) == 1 and sets[0] is not None:
            by_id = {each.id: each for each in found.conflict.all_statements}

            def named(id: str) -> str:
                said = by_id[id]
                who = with_article(speaker_in_words(found.conflict, said))
                quote = f" “{shortened(said.quote, _MAX_CLAIM)}”" if said.quote else ""
                if brief or said.kind in (None, "claim", "denial"):
                    return f"{id} ({who})" if brief else f"the {said.kind or 'statement'} of {who}{quote} [{id}]"
                # What is in doubt of other words is whether they were said.
                set_ = "set" if said.kind == "condition" else "made"
                return f"that {who}{',' if ', ' in who else ''} {set_} the {said.kind}{quote} [{id}]"

            yield f"it is an equilibrium only if {whose_word.conditions_in_words(sets[0], rivals, named)}"
        elif ids := list(dict.fromkeys(id for each in sets for claims in each or () for id, _ in claims)):
            yield f"it depends on the disputed statements {listed([f'[{id}]' for id in ids])}"


def _agreement(found: Overview, brief: bool) -> Section:
    """Say on which options parties agree and disagree, with a table of who says what."""
    title = "What is agreed, and what is disputed?"
    if not any(one.positions for one in found.matters):
        words = Paragraph("No statement takes a position on an option, so nothing is known to be agreed or disputed.")
        return Section("agreed", title, (words,))
    parts: list[str] = []
    for verdict, lead in _VERDICTS.items():
        some = [one for one in found.matters if one.verdict == verdict]
        left: list[Matter] = []
        if verdict in ("one side", "silent"):
            # That stands in the table below.
            some = []
        if verdict == "agreed" and parts and not some:
            parts.append("Nothing is agreed.")
        if verdict == "conditional":
            # Those on which most parties take a position are told; the others are counted, and stand in the table.
            every = sorted(some, key=lambda one: -len({each.holder for each in one.positions}))
            some, left = every[:_MAX_CONDITIONAL], every[_MAX_CONDITIONAL:]
        if some:
            told = "; ".join(sides_in_words(found.conflict, one) for one in some)
            told += f"; and on {counted(len(left), 'other option')}" if left else ""
            parts.append(f"{lead}{' ' if lead.endswith(' on') else ': '}{told}.")
    if read := list(filter(None, (disputed_by_reading(found.conflict, one) for one in found.matters))):
        parts.append(f"Counting the analyst's readings, they disagree on {counted(len(read), 'more option')}.")
    if not parts:
        parts.append("No option is agreed on by several parties or disputed between them.")
    return Section("agreed", title, (Paragraph(" ".join(parts)),), (agreement_table(found.conflict, found.matters),))


def _assumed(found: Overview) -> Section:
    order = "The order of the preferences is always an assumption."
    words = Paragraph(" ".join([*filter(None, [basis.grounds(found.analysis.conflict)]), order]))
    items = (capital(basis.element_label(found.conflict, at, in_words=True)) for at in found.assumptions)
    details = bullets(
        (f"{one.removesuffix('.')}." for one in items), max_items=MAX_ASSUMPTIONS, more="{count} more assumptions"
    )
    return Section("assumed", "What is assumed?", (words,), (details,) if found.assumptions else ())


def _claims(found: Overview) -> Iterator[Block]:
    used = whose_word.used_as_evidence(found.conflict) if found.conflict.all_statements else ""
    if found.whose_word is not None:
        yield Paragraph(f"{used} {whose_word.answer(found.whose_word)}")
    elif reason := found.left_out.get("disputed claims"):
        yield Paragraph(f"{used} Not examined: {reason}.")
    else:
        yield Paragraph(f"{used} {whose_word.undisputed(found.conflict)}".strip())


#: What is said before the reason why a question was left out, or answered in part.
_LEFT_OUT = {
    "paths": "No paths to other outcomes were searched for",
    "coalitions": "Joint moves were not examined",
    "changes": "Third parties and changes of preferences were not examined in full",
    "changes of preferences": "Changes of preferences were not examined",
    "a third party": "Third parties were not examined",
    "robustness": "Random preferences were not tried",
    "periods": "Since when was not examined",
}


def _left_out(found: Overview, *questions: str) -> str:
    """Say which questions were left out, or answered in part, and why."""
    return "".join(f" {_LEFT_OUT[one]}: {found.left_out[one]}." for one in questions if one in found.left_out)


__all__ = ["Section", "answer", "left_out_of_ways", "sections", "stuck_in_brief", "view", "way_in_words", "ways"]
