"""Whose claims the answer depends on, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from detente.analysis.whose_word import ClaimSet, Dependence, WhoseWord
from detente.model.wording import capital, counted
from detente.present.blocks import Block, Cell, Column, Heading, Paragraph, table
from detente.present.phrases import NOTHING_DISPUTED, STUCK_UNSAID, concepts_in_words, few, statement_in_words, together

#: The maximum number of sets of claims that are told for one state.
MAX_CONDITIONS = 6


def view(found: WhoseWord) -> list[Block]:
    """Say whether the status quo, and what else, depends on whom one believes."""
    blocks: list[Block] = [Paragraph(answer(found))]
    if found.claims:
        blocks += _claims(found)
    if found.dependences:
        blocks += _states(found)
    if found.sides:
        blocks += _sides(found)
    return blocks


def _ids(found: WhoseWord) -> list[str]:
    return [concept.id for concept in found.concepts]


def answer(found: WhoseWord) -> str:
    """Say whether it depends on whom one believes that the dispute is stuck."""
    if not found.claims:
        return f"{NOTHING_DISPUTED}."
    stuck = together(found.deadlocks, _stuck, "concept.id")
    verdict = " ".join(
        f"{capital(said)} (under {concepts_in_words(under, _ids(found))})." for said, under in stuck.items()
    )
    disputed = capital(counted(len(found.claims), "statement is", "statements are"))
    accounts = f"{counted(found.accounts, 'account')}: ways to believe some and not others"
    return f"{verdict or f'{STUCK_UNSAID}.'} {disputed} disputed, which makes {accounts}."


def _claims(found: WhoseWord) -> Iterator[Block]:
    how = "all there are" if found.exact else "drawn at random, so that shares are estimates"
    yield Paragraph(
        "An account believes some of the disputed statements and not the others, never two that contest each other. "
        f"{capital(counted(found.accounts, 'account'))} were looked at ({how}); they make "
        f"{counted(found.models, 'different model')}."
    )
    yield Heading("The disputed statements")
    yield table(
        [
            "Statement",
            Column("Who says what", 6),
            Column("Being stuck depends on it", 2),
            Column("Some equilibrium does", 2),
        ],
        (
            [
                claim.id,
                claim_in_words(found, claim.id),
                _titles(one.concept.title for one in found.deadlocks if claim.id in one.claims),
                _titles(
                    concept.title
                    for concept in found.concepts
                    if any(claim.id in one.claims for one in found.of(concept.id))
                ),
            ]
            for claim in found.claims
        ),
        caption="Under which concepts it makes a difference whether a statement is believed.",
    )


def _titles(titles: Iterable[str]) -> str:
    return ", ".join(titles) or "no"


def _stuck(one: Dependence) -> str:
    if one.in_every:
        return "whomever one believes, the status quo, as it then is, is an equilibrium"
    if one.share == 0:
        return "whomever one believes, the status quo is not an equilibrium"
    when = conditions_in_words(one.conditions)
    return f"the status quo is an equilibrium in {share_in_words(one)} of the accounts{f': if {when}' if when else ''}"


def _states(found: WhoseWord) -> Iterator[Block]:
    """Show what each equilibrium depends on, once for all concepts under which it is the same."""
    merged = together(found.dependences, lambda one: (one.pattern, one.share, one.conditions), "concept.id")
    first = {(one.pattern, one.share, one.conditions): one for one in reversed(found.dependences)}
    quo = found.status_quo
    rows = sorted(merged.items(), key=lambda item: (item[0][0] != quo, not first[item[0]].name, -item[0][1]))
    yield Heading("The equilibria, and what they depend on")
    yield table(
        [Column("State", kind="state"), Column("Under", 2), Column("Accounts", kind="mark"), Column("If", 3)],
        (
            [
                Cell(one.name or "", one.number, one.pattern, one.pattern == quo),
                concepts_in_words(under, _ids(found)),
                Cell(share_in_words(one), share=one.share),
                "whomever one believes" if one.in_every else conditions_in_words(one.conditions) or "–",
            ]
            for one, under in ((first[key], under) for key, under in rows)
        ),
        max_rows=12,
        more="{count} more states",
        caption="In which share of the accounts a state is an equilibrium, and with which of the statements above. "
        "What rests only on words that an account does not believe is not in its model, nor in its status quo. A state "
        "without a number is feasible in some accounts only.",
    )


def _sides(found: WhoseWord) -> Iterator[Block]:
    yield Heading("By each side's statements alone")
    yield table(
        [
            Column("By the word of", 3),
            Column("Statements", kind="number"),
            Column("Elements without", kind="number"),
            Column("Status quo", kind="state"),
            Column("Stuck", 2),
            Column("Equilibria", 3),
        ],
        (
            [
                side.name,
                str(side.statements),
                str(side.dropped),
                Cell(pattern=side.status_quo) if side.status_quo else "–",
                _under(found, [id for id, some in side.equilibria.items() if side.status_quo in some])
                if side.status_quo
                else "–",
                "; ".join(
                    f"{few(patterns)} (under {concepts_in_words(under, _ids(found))})"
                    for patterns, under in together(_ids(found), side.equilibria.__getitem__).items()
                ),
            ]
            for side in found.sides
        ),
        caption="Elements without: options, preferences and rules that rest on the words of others only.",
    )


def _under(found: WhoseWord, ids: Sequence[str]) -> str:
    return f"under {concepts_in_words(ids, _ids(found))}" if ids else "no"


def share_in_words(one: Dependence) -> str:
    """Say in which share of the accounts a state is an equilibrium, with the interval where they were drawn."""
    low, high = one.interval
    return f"{one.share:.0%}" if low == high else f"{one.share:.0%} ({low:.0%}–{high:.0%})"


def conditions_in_words(conditions: Sequence[ClaimSet] | None) -> str:
    """Say which claims are enough, by identifier: ``one believes [s17] and not [s21]; or if …``."""
    sets = list(conditions or ())
    left = len(sets) - MAX_CONDITIONS
    said = [_briefly(each) for each in (sets[:MAX_CONDITIONS] if left > 1 else sets)]
    return "; or if ".join(said) + (f"; or in {left} more cases" if left > 1 else "")


def _briefly(condition: ClaimSet) -> str:
    true = ", ".join(id for id, value in condition if value)
    false = ", ".join(id for id, value in condition if not value)
    if not true:
        return f"one does not believe [{false}]"
    return f"one believes [{true}]" + (f" and not [{false}]" if false else "")


def claim_in_words(found: WhoseWord, id: str) -> str:
    """Say a claim as its speaker's: who says it, what, when and where, who tells it and who contests it."""
    return statement_in_words(found.statement(id), found.conflict.all_speakers, found.conflict.all_statements)


def claim_set_in_words(found: WhoseWord, condition: ClaimSet) -> str:
    """Say a set of claims in full."""
    true = [claim_in_words(found, id) for id, value in condition if value]
    false = [claim_in_words(found, id) for id, value in condition if not value]
    parts = [f"it is so what was said by {'; and by '.join(true)}"] if true else []
    if false:
        parts.append(f"it is not so what was said by {'; nor by '.join(false)}")
    return ", and ".join(parts) or "in every account"


def deadlocks_in_words(found: WhoseWord, most: int | None = None) -> dict[str, tuple[str, ...]]:
    """Say whether the status quo is an equilibrium and which claims that depends on, with every claim in full.

    Returns the titles of the concepts by the sentence that is true of them. No more than ``most`` sets of claims
    are told for one; all of them when None.
    """
    said: dict[str, tuple[str, ...]] = {}
    for one in found.deadlocks:
        if one.in_every:
            text = (
                "the status quo is an equilibrium whomever one believes; what rests only on words that are not "
                "believed is no part of it then."
            )
        elif one.share == 0:
            text = "the status quo is no equilibrium, whomever one believes."
        else:
            text = f"the status quo is an equilibrium in {share_in_words(one)} of the accounts"
            sets = [claim_set_in_words(found, each) for each in (one.conditions or ())[:most]]
            left = len(one.conditions or ()) - len(sets)
            more = f"; or in {left} more case{'s' if left > 1 else ''}" if left else ""
            text += f": if {'; or if '.join(sets)}{more}." if sets else "."
        said[text] = (*said.get(text, ()), one.concept.title)
    return said
