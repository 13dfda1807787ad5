"""Which disputed statements the answer depends on, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from detente.analysis.whose_word import ClaimSet, Dependence, WhoseWord
from detente.model.conflict import Conflict
from detente.model.day import BEARING, COUNTER_EVIDENCE, EVIDENCE, UNUSED, deciding_elements, statement_uses
from detente.model.states import State
from detente.model.wording import capital, counted, listed, quoted
from detente.present.blocks import Block, Cell, Column, Heading, Paragraph, table
from detente.present.phrases import (
    STUCK_UNSAID,
    concepts_in_words,
    concepts_spelled_out,
    few,
    speaker_in_words,
    state_name,
    statement_in_words,
    together,
)

#: The maximum number of sets of statements that are named for one state.
MAX_CONDITIONS = 6
#: The maximum number of speakers, and of statements, that are named in a sentence.
MAX_SPEAKERS = 6
#: The use of a statement that is evidence only for what the model of the day does not have.
DROPPED = "dropped"
#: What is said of statements that are no evidence in the model: of one, and of several.
_OTHER_USES = {
    COUNTER_EVIDENCE: ("is evidence against parts of it", "are evidence against parts of it"),
    BEARING: ("reports, contradicts or withdraws one that it uses", "report, contradict or withdraw some that it uses"),
    DROPPED: ("is cited only by parts that were dropped", "are cited only by parts that were dropped"),
    UNUSED: ("is not used", "are not used"),
}
#: So many states are shown at once.
MAX_ROWS = 12


def view(found: WhoseWord) -> list[Block]:
    """Say whether the status quo, and every other equilibrium, depends on which disputed statements you believe."""
    blocks: list[Block] = [Paragraph(answer(found))]
    if found.claims:
        blocks += [concepts_spelled_out(found.concepts), *_claims(found)]
    # Without a claim to doubt there is one account only, and an analysis shows its equilibria.
    if found.claims and found.dependences:
        blocks += _states(found)
    if not found.claims:
        blocks += _to_try(found.conflict)
    if found.sides:
        blocks += _sides(found)
    return blocks


def _to_try(conflict: Conflict) -> Iterator[Block]:
    """Say how to examine a statement that is not disputed, and list those that could matter."""
    testimony = conflict.all_testimony
    parts = Counter(
        id
        for _, support in deciding_elements(conflict)
        for id in {testimony.original[id] for id in support.evidence if id in testimony.original}
    )
    if not parts:
        return
    yield Paragraph(
        "To see whether the answer depends on a statement all the same, treat it as disputed: with ‘--open’ and its "
        "identifier, or with ‘Mark as disputed’ on the page Sources."
    )
    yield Heading("The statements that the model uses as evidence")
    yield table(
        ["Statement", Column("Who says what", 6), Column("Parts of the model that cite it", kind="number")],
        (
            [
                id,
                statement_in_words(testimony.by_id[id], conflict.all_speakers, conflict.all_statements),
                str(parts[id]),
            ]
            for id in sorted(parts, key=lambda id: -parts[id])
        ),
        max_rows=MAX_ROWS,
        more="{count} more statements",
    )


def used_as_evidence(conflict: Conflict) -> str:
    """Say how many statements the model uses as evidence, whose they are, and what becomes of the others."""
    uses = statement_uses(conflict)
    # A part of the model that was dropped for the day still uses its statements: only the rest is unused, as in check.
    in_file = statement_uses(conflict.basis.written)
    uses |= {id: DROPPED for id, use in uses.items() if use == UNUSED != in_file[id]}
    statements = conflict.all_testimony.by_id
    used = [statements[id] for id, use in uses.items() if use == EVIDENCE]
    count, copies = counted(len(uses), "statement"), len(statements) - len(uses)
    apart = f" ({counted(copies, 'copy', 'copies')} not counted)" if copies else ""
    if not used:
        lead = f"The model uses none of the file's {count}{apart} as evidence."
    else:
        # A reported statement depends on the party that reports it, too.
        speakers = Counter(speaker_in_words(conflict, one) for one in used)
        told = [f"{name} ({count})" for name, count in speakers.most_common(MAX_SPEAKERS)]
        more = [f"{len(speakers) - MAX_SPEAKERS} more"] if len(speakers) > MAX_SPEAKERS else []
        whole = f"all {count} of the file" if len(used) == len(uses) else f"{len(used):,} of the file's {count}"
        how_many = f"{whole}{apart}"
        lead = f"The model uses {how_many} as evidence: {'; '.join([*told, *more])}."
    rest = []
    for use, (one, several) in _OTHER_USES.items():
        if ids := [id for id, each in uses.items() if each == use]:
            named = f" ({', '.join(ids)})" if len(ids) <= MAX_SPEAKERS else ""
            rest.append(f"{len(ids):,}{named} {one if len(ids) == 1 else several}")
    return f"{lead} Of the others, {listed(rest)}." if rest and used else lead


def _ids(found: WhoseWord) -> list[str]:
    return [concept.id for concept in found.concepts]


def answer(found: WhoseWord) -> str:
    """Say whether the dispute is stuck in every account, and if not, with which statements it is."""
    if not found.claims:
        return undisputed(found.conflict)
    stuck = together(found.deadlocks, partial(_stuck, found), "concept.id")
    verdict = " ".join(
        f"{said} under {concepts_in_words(under, _ids(found))}{f', {when}' if when else ''}."
        for (said, when), under in stuck.items()
    )
    verdict = verdict or f"{STUCK_UNSAID}."
    # What an account is comes before the first share of them.
    if any(0 < one.share < 1 for one in found.deadlocks):
        return f"{_accounts(found)} {verdict}"
    return f"{verdict}{_elsewhere(found)}"


def undisputed(conflict: Conflict) -> str:
    """Say why there is only one account."""
    if not conflict.basis.written.all_statements:
        return "The file has no statements, so the answer depends on none."
    if conflict.testimony().disputed:
        return "You have said of each disputed statement whether to believe it, so there is only one account."
    return (
        "No statement is disputed, so the answer depends on no disputed claim. There is only one account, with "
        "the equilibria that ‘detente analyze’ and the page Outcomes show."
    )


def _accounts(found: WhoseWord) -> str:
    """Say what an account is, and how many there are."""
    disputed = capital(counted(len(found.claims), "statement is", "statements are"))
    there_are = (
        f"There are {found.accounts:,} accounts."
        if found.exact
        else (f"Detente drew {found.accounts:,} accounts at random.")
    )
    return (
        f"{disputed} disputed. Each choice of which to believe is an account, with its own model and status quo. "
        f"{there_are}"
    )


def _elsewhere(found: WhoseWord) -> str:
    """Say that a dispute that is stuck in every account is not stuck in the same state in each."""
    for one in found.deadlocks:
        same = [other for other in found.of(one.concept.id) if other.pattern == one.pattern]
        if one.in_every and not any(other.in_every for other in same):
            where = "the status quo of the file"
            if same and same[0].number is not None:
                where = state_name(State(same[0].number, same[0].pattern, (), same[0].name))
            share = share_in_words(same[0]) if same else "0%"
            return f" In {share} of the possible choices it is stuck at {where}, in the others at another state."
    return ""


def _claims(found: WhoseWord) -> Iterator[Block]:
    estimates = "" if found.exact else " Shares of the accounts are estimates."
    said = "" if any(0 < one.share < 1 for one in found.deadlocks) else f"{_accounts(found)} "
    yield Paragraph(
        f"{said}No account believes two statements that contradict each other. An account drops an option, a "
        f"preference or a rule if it believes none of the statements cited for it.{estimates}"
    )
    yield Heading("The disputed statements")
    yield table(
        [
            "Statement",
            Column("Who says what", 6),
            Column("Does the deadlock depend on it?", 2),
            Column("Does any equilibrium depend on it?", 2),
        ],
        (
            [
                claim.id,
                claim_in_words(found, claim.id),
                _depends(found, claim.id, found.deadlocks),
                _depends(found, claim.id, found.dependences),
            ]
            for claim in found.claims
        ),
        caption="yes: it makes a difference whether you believe the statement, under the concepts named.",
    )


def _stuck(found: WhoseWord, one: Dependence) -> tuple[str, str]:
    """Say in how many accounts the status quo is an equilibrium, and which statements you would have to believe."""
    if one.in_every:
        return f"{_any(found)}, the dispute is stuck", ""
    if one.share == 0:
        return f"{_any(found)}, the dispute is not stuck", ""
    when = _if(found, one)
    return f"The dispute is stuck in {share_in_words(one)} of the accounts", f"if {when}" if when else ""


def _any(found: WhoseWord) -> str:
    """Say of all accounts, or of those that were drawn, that what follows is so."""
    if not found.exact:
        return f"In each of {found.accounts:,} random choices of which disputed statements to believe"
    if len(found.claims) == 1:
        return "Whether or not you believe the disputed statement"
    return f"Whichever of the {len(found.claims)} disputed statements you believe"


def _states(found: WhoseWord) -> Iterator[Block]:
    """Show which statements each equilibrium depends on, in one row for all concepts under which that is the same."""
    merged = together(found.dependences, lambda one: (one.pattern, one.share, one.conditions), "concept.id")
    first = {(one.pattern, one.share, one.conditions): one for one in reversed(found.dependences)}
    quo = found.status_quo
    rows = sorted(merged.items(), key=lambda item: (item[0][0] != quo, not first[item[0]].name, -item[0][1]))
    unnumbered = ""
    if any(one.number is None for one in first.values()):
        unnumbered = (
            " –: a state without a number, which is feasible in some accounts, but not in the model as entered."
        )
    yield Heading("The equilibria, and the statements they depend on")
    yield table(
        [
            Column("State", kind="state"),
            Column("Under", 2),
            Column("Accounts", kind="mark"),
            Column("If", 3),
        ],
        (
            [
                Cell(one.name or "", one.number, one.pattern, one.pattern == quo),
                concepts_in_words(under, _ids(found)),
                Cell(share_in_words(one), share=one.share),
                "whichever you believe" if one.in_every else _if(found, one) or "not examined",
            ]
            for one, under in ((first[key], under) for key, under in rows)
        ),
        max_rows=MAX_ROWS,
        more="{count} more states",
        caption="Accounts: the share of the accounts in which the state is an equilibrium. If: with which beliefs it "
        f"is one.{unnumbered}",
    )


def _sides(found: WhoseWord) -> Iterator[Block]:
    names = {found.conflict.pattern(state.taken): state.name for state in found.conflict.states}

    def named(pattern: str) -> str:
        return quoted(names[pattern]) if pattern in names else pattern

    yield Heading("If you believe one side only")
    yield Paragraph("Here every statement of the other speakers is ignored, not only the disputed ones.")
    yield table(
        [
            Column("Side", 3),
            Column("Statements made or reported", kind="number"),
            Column("Elements dropped", kind="number"),
            Column("Status quo", kind="state"),
            Column("Is it stuck?", 2),
            Column("Equilibria", 3),
        ],
        (
            [
                side.name,
                str(side.statements),
                str(side.dropped),
                Cell(names.get(side.status_quo, ""), pattern=side.status_quo) if side.status_quo else "–",
                _under(found, [id for id, some in side.equilibria.items() if side.status_quo in some])
                if side.status_quo
                else "–",
                "; ".join(
                    f"{few([named(one) for one in patterns])} (under {concepts_in_words(under, _ids(found))})"
                    for patterns, under in together(_ids(found), side.equilibria.__getitem__).items()
                ),
            ]
            for side in found.sides
        ),
        caption="Elements dropped: options, preferences and rules whose evidence is from other speakers only. –: "
        "none; without a status quo, the model does not say whether the dispute is stuck.",
    )


def _under(found: WhoseWord, ids: Sequence[str]) -> str:
    return f"yes, under {concepts_in_words(ids, _ids(found))}" if ids else "no"


def _depends(found: WhoseWord, id: str, among: Sequence[Dependence]) -> str:
    """Say under which concepts it makes a difference whether you believe a statement, and if only through another."""
    concerned = [one for one in among if id in one.claims]
    under = [concept.id for concept in found.concepts if any(one.concept == concept for one in concerned)]
    pairs = list(found.conflict.testimony().rivals)
    through = {other for pair in pairs for other in pair if id in pair and other != id}
    enough = [{name for each in _without_implied(one.conditions, pairs) for name, _ in each} for one in concerned]
    told = _under(found, under)
    if under and all(id not in names and names & through for names in enough):
        others = sorted(through.intersection(set().union(*enough)))
        return f"{told}, but only because believing it means not believing {listed(others, 'or')}"
    return told


def _if(found: WhoseWord, one: Dependence) -> str:
    if one.in_every:
        return "whichever you believe"
    return conditions_in_words(one.conditions, found.conflict.testimony().rivals)


def share_in_words(one: Dependence) -> str:
    """Say in which share of the accounts a state is an equilibrium, with the interval where they were drawn."""
    low, high = one.interval
    return f"{one.share:.0%}" if low == high else f"{one.share:.0%} ({low:.0%}–{high:.0%})"


def conditions_in_words(
    conditions: Sequence[ClaimSet] | None,
    rivals: Iterable[tuple[str, str]] = (),
    named: Callable[[str], str] = "[{}]".format,
) -> str:
    """Say which statements it is enough to believe: ``you believe [s17] but not [s21], or if you believe [s22]``.

    Of ``rivals``, pairs that contradict each other, no account believes both: to believe one is not to believe the
    other, and need not be said beside it. ``named`` says a statement by its identifier.

    >>> sets = ((("g7", False),), (("g8", True),))
    >>> conditions_in_words(sets), conditions_in_words(sets, [("g7", "g8")])
    ('you do not believe [g7], or if you believe [g8]', 'you do not believe [g7]')
    >>> conditions_in_words(((("s18", True), ("s21", True)), (("s19", True), ("s21", True))))
    'you believe [s21], and also [s18] or [s19]'
    """
    sets = _without_implied(conditions, rivals)
    common = [one for one in (sets[0] if len(sets) > 1 else ()) if all(one in each for each in sets)]
    rest = [[one for one in each if one not in common] for each in sets]
    if common and len(sets) <= MAX_CONDITIONS and all(len(each) == 1 and each[0][1] for each in rest):
        also = listed([named(each[0][0]) for each in rest], "or")
        return f"{_briefly(common, named)}, and also {'' if common[-1][1] else 'believe '}{also}"
    left = len(sets) - MAX_CONDITIONS
    said = [_briefly(each, named) for each in (sets[:MAX_CONDITIONS] if left > 1 else sets)]
    return ", or if ".join(said) + (f", or in {left} more cases" if left > 1 else "")


def _without_implied(conditions: Sequence[ClaimSet] | None, rivals: Iterable[tuple[str, str]]) -> list[ClaimSet]:
    """Leave out each set of claims that says no more than another, as to believe one of two rivals is not to believe
    the other.
    """
    pairs = {pair for one, other in rivals for pair in ((one, other), (other, one))}
    sets: list[ClaimSet] = []
    for each in conditions or ():
        implied = {*each, *((other, False) for one, other in pairs if (one, True) in each)}
        if not any(implied.issuperset(other) for other in conditions or () if other != each):
            sets.append(each)
    return sets


def _briefly(condition: Iterable[tuple[str, bool]], named: Callable[[str], str]) -> str:
    condition = list(condition)
    believed = [named(id) for id, value in condition if value]
    doubted = [named(id) for id, value in condition if not value]
    none = f"neither {listed(doubted, 'nor')}" if len(doubted) == 2 else f"none of {listed(doubted)}"
    if not believed:
        none = f"do not believe {doubted[0]}" if len(doubted) == 1 else f"believe {none}"
        return f"you {none}" if doubted else "you believe any of them"
    none = f"not {doubted[0]}" if len(doubted) == 1 else none
    return f"you believe {listed(believed)}{f' but {none}' if doubted else ''}"


def claim_in_words(found: WhoseWord, id: str) -> str:
    """Say a disputed statement as its speaker's, with its date, who reports it and who contests it."""
    return statement_in_words(found.statement(id), found.conflict.all_speakers, found.conflict.all_statements)


def claim_set_in_words(found: WhoseWord, condition: ClaimSet) -> str:
    """Say a set of statements in full: which of them you believe, and which you do not."""
    true = [claim_in_words(found, id) for id, value in condition if value]
    false = [claim_in_words(found, id) for id, value in condition if not value]
    parts = [f"you believe: {'; and '.join(true)}"] if true else []
    if false:
        parts.append(f"you do not believe: {'; nor '.join(false)}")
    return ". And ".join(parts) or "in every account"
