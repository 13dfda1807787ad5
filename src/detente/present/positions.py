"""The parties' positions on options over time, in words: each told as its holder's, or as that of who reports it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from detente.analysis.overview.parts import Matter, upheld
from detente.analysis.timeline import Timeline
from detente.analysis.timeline.positions import Position
from detente.model.conditions import Not, Taken
from detente.model.conflict import Conflict
from detente.model.dates import DateRange, one_date_in_words, one_day_in_words, parse_date
from detente.model.day import is_unaccepted
from detente.model.evidence import PROPOSED, Support, Testimony
from detente.model.preferences import Prioritising
from detente.model.statements import AGAINST, CONDITIONAL, FOR, NO_STANCE, Statement
from detente.model.verbs import deed, with_article
from detente.model.wording import capital, counted, listed, names_in_words, spoken
from detente.present.blocks import Column, Table
from detente.present.outcomes import are_several, fits_behind_that, options_in_words, whether
from detente.present.phrases import (
    JUDGEMENT,
    MARKED_AS_DISPUTED,
    NOT_ACCEPTED,
    against_in_words,
    contradicting,
    evidence_in_brief,
    kind_and_form,
    marked_in_words,
    shortened,
    with_verb,
    withdrawal_in_words,
)

#: A quote is cut at so many characters; the page of the sources has all of it.
MAX_QUOTE = 110
#: So many positions are shown at once.
MAX_ROWS = 200
#: How a change of position is said.
CHANGES = {
    "begins": "first known position",
    "repeats": "the same position again",
    "hardens": "hardened",
    "softens": "softened",
    "reverses": "changed",
    "withdraws": "withdrawn",
    "contradicts": "differs from the row above, and the dates overlap",
}
#: The kinds of statements that are quoted before others as the words of a position.
_QUOTED_FIRST = {"demand": 0, "refusal": 0, "commitment": 0, "threat": 0, "offer": 0, "condition": 1}
#: What another speaker reports that a party said earlier, by the stance that it expresses.
REPORTED = {
    "for": "an earlier statement of {who} for it",
    "against": "an earlier statement of {who} against it",
    "conditional": "an earlier condition of {who}",
    "none": "an earlier withdrawal by {who}",
}
#: The stances that make a side, in words.
SIDES = {FOR: "for", AGAINST: "against", CONDITIONAL: "under a condition"}
STANCES = {"for": "for", "against": "against", "conditional": "under a condition", "none": "no position"}
#: What the analyst makes of a party's words in its preferences, by the stance that these express on an option.
_PREFERRED = {FOR: "a preference for", AGAINST: "a preference against", "": "a part of another preference"}


def positions_table(found: Timeline) -> Table:
    """Tabulate the positions, with what changed and who says so."""
    names = {maker.id: maker.label for maker in found.conflict.decision_makers}
    statements = found.conflict.all_testimony.by_id
    rows = []
    repeated = {
        (one.holder, one.matter, one.begins) for one in found.positions if one.change == "repeats" and one.ordered
    }
    changes = changes_in_words(found)
    quoted_: set[str] = set()
    for place, one in standing(found).items():
        gone = reported_withdrawal(found.conflict, one) if one.ends is None else ""
        # That nothing is known before goes without saying.
        change = changes[place].removeprefix(CHANGES["begins"]).removeprefix("; ")
        change = "; ".join(filter(None, (change, gone)))
        again = (one.holder, one.matter, one.ends) in repeated
        words = "; ".join(_words(statements[id], again=id in quoted_) for id in one.statements)
        quoted_ |= set(one.statements)
        rows.append(
            (
                names[one.holder],
                matter_in_words(found, one),
                "withdrawal reported" if one.stance == NO_STANCE and one.told_by_others_only else STANCES[one.stance],
                f"{when_in_words(found, one.begins, one.statements)}{f' ({change})' if change else ''}",
                ""
                if one.ends is None or again
                else f"{when_in_words(found, one.ends, one.ended_by)}{end_in_words(found, one)}",
                f"{words}{only_reported(found, one)}",
            )
        )
    columns = (
        Column("Party", 2),
        Column("Option", 2),
        Column("Stance", 1),
        Column("Since", 2),
        Column("Until"),
        Column("Statements", 4),
    )
    caption = (
        "An empty ‘Until’ means that no later statement changes the position. A statement is quoted where it is first "
        "cited."
    )
    more = counted(len(rows) - MAX_ROWS, "more position") if len(rows) > MAX_ROWS else ""
    return Table(columns, tuple(rows[:MAX_ROWS]), caption, rest=tuple(rows[MAX_ROWS:]), more=more)


def standing(found: Timeline) -> dict[int, Position]:
    """Return the positions by their places, without withdrawals that only others report and that the holder denies.

    Such a withdrawal does not end the position that it is about, which lasts on.
    """
    kept: dict[int, Position] = {}
    for place, one in enumerate(found.positions):
        held = upheld(found.conflict, one)
        before = [
            (at, other)
            for at, other in kept.items()
            if (other.holder, other.matter) == (one.holder, one.matter) and other.end is not None
        ]
        ended = [(at, other) for at, other in before if other.end == one.first and other.stance == held.stance]
        if held is one or not ended:
            kept[place] = one
        for at, other in ended if held is not one else ():
            kept[at] = replace(other, ends=one.ends, end=one.end, ended_by=one.ended_by)
    return kept


def stance_in_words(found: Timeline, one: Position) -> str:
    """Say a position: first according to whom, if only other speakers report it."""
    if not one.told_by_others_only:
        return STANCES[one.stance]
    names = found.conflict.all_speakers
    told = listed([names.get(teller, teller) for teller in one.told_by])
    return f"according to {told}: {'withdrawn' if one.stance == NO_STANCE else STANCES[one.stance]}"


def tellers(found: Timeline, one: Position) -> str:
    """Say according to whom a position was held, with the statements that report it."""
    return _tellers(found, found.conflict.testimony(), one.statements, one.told_by)


def speaking_for(found: Timeline, one: Position) -> str:
    """Say who speaks for the holder of a position, behind a semicolon; or nothing."""
    names = found.conflict.all_speakers
    return (
        f"; {with_verb([names.get(id, id) for id in one.spokespersons], 'speak')} for it" if one.spokespersons else ""
    )


def when_in_words(found: Timeline, days: DateRange, ids: Sequence[str]) -> str:
    """Say on which day a position began or ended: as the date of the statements that say so, with its marks.

    ``about December 2021`` is not ``December 2021``; where several statements give the day together, only it is said.
    """
    said = found.conflict.all_testimony.by_id
    dates = {said[id].date_said for id in ids if id in said}
    date = dates.pop() if len(dates) == 1 else None
    return one_date_in_words(date) if date and parse_date(date) == days else one_day_in_words(days)


def matter_in_words(found: Timeline, one: Position) -> str:
    """Name the option of a position; if it is another party's, with this party."""
    option, owner = found.conflict.option(one.matter), found.conflict.owner[one.matter]
    if owner == one.holder:
        return option.label
    maker = found.conflict.decision_maker(owner)
    name = option.label.removesuffix(f" ({maker.own_name})")
    done = deed(name) if option.name else None
    return f"{maker.label}: {done.text if done else name}"


def holder_on_matter(found: Timeline, one: Position) -> str:
    """Name the party and the matter of a position: ``Egypt on whether Ethiopia fills the reservoir``."""
    option, owner = found.conflict.option(one.matter), found.conflict.owner[one.matter]
    maker = found.conflict.decision_maker(owner)
    words = whether(maker, option)
    if owner == one.holder:
        name = "they" if are_several(found.conflict, [owner]) else "it"
        words = words.replace(f"whether {with_article(maker.label)} ", f"whether {name} ", 1)
    return f"{found.conflict.decision_maker(one.holder).label} on {words}"


def _words(said: Statement, *, again: bool = False) -> str:
    """Say a statement with its quote, or ``again`` without it."""
    if again:
        return f"{said.kind or 'statement'} [{said.id}]"
    quote = f": {spoken(said.quote)}" if said.quote else ""
    where = ", ".join(part for part in (said.id, said.source) if part)
    return f"{kind_and_form(said.kind or 'statement', said)}{quote} [{where}]"


def changes_in_words(found: Timeline) -> list[str]:
    """Say for every position how it differs from the one before it, of the same party on the same option."""
    testimony = found.conflict.testimony()
    earlier: dict[tuple[str, str], list[Position]] = {}
    texts = []
    for one in found.positions:
        before = earlier.setdefault((one.holder, one.matter), [])
        texts.append(_change_in_words(found, testimony, one, before))
        before.append(one)
    return texts


def _change_in_words(found: Timeline, testimony: Testimony, one: Position, earlier: Sequence[Position]) -> str:
    """Say how a position differs from the one before it; what only others report is told as theirs."""
    before = earlier[-1] if earlier else None
    change = CHANGES[one.change]
    if one.change == "repeats" and one.stance == CONDITIONAL:
        # It need not be the same condition.
        change = f"again {STANCES[CONDITIONAL]}"
    follows = before is not None and one.change in ("repeats", "hardens", "softens", "reverses")
    if before is not None and follows and before.told_by_others_only and not one.told_by_others_only:
        own = "first own statement" if all(each.told_by_others_only for each in earlier) else "own statement"
        report = with_verb([found.conflict.all_speakers.get(id, id) for id in before.told_by], "report")
        what = REPORTED[before.stance].format(who=names_in_words(found.conflict, [one.holder]))
        disputed = dispute_in_words(found.conflict, before.statements, "that").removeprefix("disputed: ")
        change = "; ".join(filter(None, (own, f"{report} {what} ({', '.join(before.statements)})", disputed)))
    elif before is not None and follows and before.stance != one.stance:
        # From one side to the other is more than a softer tone.
        change = "reversed" if {before.stance, one.stance} == {FOR, AGAINST} else change
        change = f"{change}: {STANCES[before.stance]} before"
    if one.told_by_others_only and one.change != "contradicts":
        known = "" if one.change == "begins" else f"{change}, "
        change = f"{known}{_tellers(found, testimony, one.statements, one.told_by)}"
    # A withdrawal comes after what it withdraws, whatever the dates show.
    order = "" if one.ordered or one.change == "withdraws" else "the dates do not show which came first"
    return "; ".join(filter(None, (change, dispute_in_words(found.conflict, one.statements), order)))


def _tellers(found: Timeline, testimony: Testimony, ids: Sequence[str], tellers: Iterable[str]) -> str:
    """Name those who report statements, with the statements in which they do."""
    reporting = []
    for id in ids:
        while (teller := testimony.by_id[id].nested_in) in testimony.by_id and teller:
            id = teller
        reporting.append(id)
    names = listed([found.conflict.all_speakers.get(teller, teller) for teller in tellers])
    return f"according to {names} ({', '.join(dict.fromkeys(reporting))})"


def end_in_words(found: Timeline, one: Position) -> str:
    """Say behind the day on which a position ends who says so, if only others report it, and who denies that."""
    said = found.conflict.all_testimony.by_id
    ending = [said[id] for id in one.ended_by if id in said]
    tellers = dict.fromkeys(each.reported_by for each in ending if each.reported_by)
    if not ending or not all(each.reported_by and each.reported_by != one.holder for each in ending):
        return ""
    told = _tellers(found, found.conflict.testimony(), one.ended_by, tellers)
    return f" ({'; '.join(filter(None, (told, dispute_in_words(found.conflict, one.ended_by, 'that'))))})"


def doubt_in_brief(conflict: Conflict, support: Support) -> str:
    """Say in a few words what is uncertain about the evidence of an element, which is shown elsewhere, or nothing.

    >>> import detente as dt
    >>> dam = dt.example("nile-dam")
    >>> [doubt_in_brief(dam, Support(ids)) for ids in (("g7a",), ("g8", "c7"), ("c7",), ())]
    ['from a disputed statement', 'one of its 2 statements, g8, is disputed', '', "the analyst's assumption"]
    """
    if support.is_judgement:
        return JUDGEMENT
    kinds = (
        ("disputed", [id for id in support.evidence if dispute_in_words(conflict, [id])]),
        (NOT_ACCEPTED, [id for id in support.evidence if is_unaccepted(conflict.all_testimony, id)]),
    )
    return "; ".join(_share_in_words(ids, len(support.evidence), what) for what, ids in kinds if ids)


def _share_in_words(ids: Sequence[str], count: int, what: str) -> str:
    """Say that these of ``count`` statements are of a kind."""
    if len(ids) == count:
        noun = "a statement" if count == 1 else "statements"
        return (
            f"from {noun} {what}" if what == NOT_ACCEPTED else f"from {noun.replace('statement', f'{what} statement')}"
        )
    some = f"one of its {count} statements" if len(ids) == 1 else f"{len(ids)} of its {count} statements"
    return f"{some}, {listed(ids)}, {'is' if len(ids) == 1 else 'are'} {what}"


def dispute_in_words(conflict: Conflict, ids: Sequence[str], what: str = "it") -> str:
    """Say who denies or contradicts statements, called ``what``, or that the analyst marks them; nothing else.

    >>> import detente as dt
    >>> dispute_in_words(dt.example("nile-dam"), ["g7a"]), dispute_in_words(dt.example("nile-dam"), ["c7"])
    ('disputed: Egypt denies it in g8', '')
    """
    testimony = conflict.testimony()
    each = [contradicting(testimony, id) for id in ids]
    every = all(against or marked for against, marked in each)
    against = {said.id: said for some, _ in each for said in some}
    if against:
        told = "; ".join(against_in_words(against.values(), conflict.all_speakers, what))
        return f"{'' if every else 'partly '}disputed: {told}"
    tellers = [marked for id, (_, marked) in zip(ids, each, strict=True) if marked != testimony.original.get(id)]
    if all(tellers) and len(tellers) == len(ids):
        return marked_in_words("", listed([*dict.fromkeys(tellers)]))
    if any(marked for _, marked in each):
        return marked_in_words("", "", what if every else "part of it")
    return ""


def only_reported(found: Timeline, one: Position) -> str:
    """Say which other speakers report a position that its holder's own statements do not express, and who speaks for
    the holder; or nothing.
    """
    names, told = found.conflict.all_speakers, ""
    if one.told_by_others_only:
        told = f"; reported only by {listed([names.get(teller, teller) for teller in one.told_by])}"
    if one.spokespersons:
        told += speaking_for(found, one)
    return told


def sides_in_words(conflict: Conflict, one: Matter) -> str:
    """Name an option as a question, with the parties for and against; what all want is said as they want it."""
    option, maker = conflict.option(one.option), conflict.decision_maker(conflict.owner[one.option])
    taken = one.verdict != "agreed" or bool(one.holding(FOR))
    name = whether(maker, option) if one.verdict != "agreed" else ""
    if not name:
        done = options_in_words(conflict, {option.id: "Y" if taken else "N"})
        name = f"that {done}" if fits_behind_that(done) else whether(maker, option)
    sides = []
    for stance, word in SIDES.items():
        if held := one.holding(stance):
            lead = "" if one.verdict == "agreed" else f"{word}: "
            sides.append(f"{lead}{listed([_holder(conflict, each, in_brief=True) for each in held])}")
    if gone := one.holding(NO_STANCE):
        sides.append(f"withdrawn: {listed([_holder(conflict, each, in_brief=True) for each in gone])}")
    for each in one.positions:
        if reported_withdrawal(conflict, each):
            sides.append(f"a reported withdrawal by {names_in_words(conflict, [each.holder])} is disputed")
    return f"{name} ({'; '.join(sides)})" if sides else name


def _holder(conflict: Conflict, one: Position, *, in_brief: bool = False) -> str:
    """Name the holder of a position, who reports it if only other speakers do, and in brief whether it is disputed."""
    name = conflict.decision_maker(one.holder).label
    if one.told_by_others_only:
        name = f"{name}, according to {listed([conflict.all_speakers.get(id, id) for id in one.told_by])}"
    return f"{name}, in a disputed statement" if in_brief and dispute_in_words(conflict, one.statements) else name


def reported_withdrawal(conflict: Conflict, one: Position) -> str:
    """Say who reports that a position was withdrawn that its holder upholds; or nothing."""
    others = conflict.all_statements
    disputed = {by.id for by in others if by.reported_by and dispute_in_words(conflict, [by.id])}
    said = [each for each in others if each.id in one.statements and disputed.intersection(each.withdrawn_by)]
    told = (withdrawal_in_words(each, conflict.all_speakers, others) for each in said)
    return "; ".join(dict.fromkeys(told)) if one.stance != NO_STANCE else ""


def disputed_by_reading(conflict: Conflict, one: Matter) -> str:
    """Name an option on which parties differ by the model's preferences, if their statements alone do not say so."""
    sides = {stance: [each.holder for each in one.holding(stance)] for stance in (FOR, AGAINST)}
    speaking = {id for held in sides.values() for id in held}
    known = bool(speaking)
    for maker in conflict.decision_makers:
        on_it = [] if maker.id in speaking else _preferences_on(conflict, maker.id, one.option)
        for support, stance in [each for each in on_it if each[1]][:1]:
            sides[stance].append(maker.id)
            known = known or not support.is_judgement
    if one.verdict == "disputed" or not all(sides.values()) or not known:
        return ""
    return whether(conflict.decision_maker(conflict.owner[one.option]), conflict.option(one.option))


def _preferences_on(conflict: Conflict, id: str, option: str) -> list[tuple[Support, str]]:
    """Return the preferences of a party that an option is in, each with the stance that it expresses, if it does."""
    preferences = conflict.decision_maker(id).preferences
    stances = {Taken(option): FOR, Not(Taken(option)): AGAINST}
    return [
        (one.support, stances.get(one.condition, ""))
        for one in (preferences.statements if isinstance(preferences, Prioritising) else ())
        if option in one.condition.options() and not one.unknown
    ]


def agreement_table(conflict: Conflict, matters: Sequence[Matter]) -> Table:
    """Tabulate for each option who is for it, against it, for it under a condition, or has no position, with words."""
    rows = []
    for one in matters:
        maker = conflict.decision_maker(conflict.owner[one.option])
        withdrawn = [_held(conflict, each) for each in one.holding(NO_STANCE)]
        gone = {each.holder for each in one.holding(NO_STANCE)}
        silent = [_silent(conflict, id, one.option) for id in one.silent if id not in gone]
        rows.append(
            (
                capital(whether(maker, conflict.option(one.option))),
                *("; ".join(_held(conflict, each) for each in one.holding(stance)) or "–" for stance in SIDES),
                "; ".join([*silent, *withdrawn]) or "–",
            )
        )
    columns = (
        Column("Option", 3),
        Column("For", 3),
        Column("Against", 3),
        Column("Under a condition", 3),
        Column("No position stated directly", 3),
    )
    caption = (
        "Positions on the day of the model, with the statements in brackets. ‘According to’ marks a position that only "
        "another party reports."
    )
    return Table(columns, tuple(rows), caption)


def _held(conflict: Conflict, one: Position) -> str:
    """Say who holds a position, with the words of the first statement that expresses it, and whether it is disputed."""
    withdrawn = one.stance == NO_STANCE
    dispute = dispute_in_words(conflict, one.statements, "that" if withdrawn else "it")
    remarks = ["withdrawn", dispute] if withdrawn else [dispute]
    if withdrawn and one.told_by_others_only:
        # That others report a withdrawal does not say that there was one.
        within = dispute.startswith("reported in ")
        remarks = [f"a withdrawal, {dispute}"] if within else ["a reported withdrawal", dispute]
    remarks += [reported_withdrawal(conflict, one)]
    remark = "; ".join(filter(None, remarks))
    told = _cited(conflict, _holder(conflict, one), one.statements)
    return f"{told} ({remark})" if remark else told


def _silent(conflict: Conflict, id: str, option: str) -> str:
    """Name a party without a position on an option, with what it said of it all the same."""
    testimony = conflict.testimony()
    account = testimony.account()
    said = [
        one.id
        for one in conflict.all_statements
        if option in one.about
        and conflict.party_of.get(one.speaker or "") == id
        and not one.reported_by
        and account.in_force(testimony.original[one.id], testimony.number)
    ]
    name = conflict.decision_maker(id).label
    read = [each for each in _preferences_on(conflict, id, option) if each[0].evidence]
    if not said:
        if not (support := next((support for support, stance in read if stance), None)):
            return name
        stance = next(stance for _, stance in read if stance)
        by = evidence_in_brief(conflict, support, MARKED_AS_DISPUTED, reading=False)
        return f"{name}, with no statement on it (from [{by}] {_inferred(support, stance)})"
    dispute = dispute_in_words(conflict, said)
    told = _cited(conflict, "", said) + (f" ({dispute})" if dispute else "")
    used = sorted((each for each in read if set(said) & set(each[0].evidence)), key=lambda each: not each[1])
    if not used:
        return f"{name}: {told}, not counted as a position"
    support, stance = used[0]
    return f"{name}, not directly: from {told} {_inferred(support, stance)}"


def _inferred(support: Support, stance: str) -> str:
    """Say who infers what from statements that do not say it: the analyst, or a program."""
    if support.note.startswith(PROPOSED):
        return f"Detente infers {_PREFERRED[stance]}, not reviewed"
    return f"the analyst infers {_PREFERRED[stance]}"


def _cited(conflict: Conflict, who: str, ids: Sequence[str]) -> str:
    """Put the words of the first of some statements, and the identifiers of all, behind a name."""
    by_id = {each.id: each for each in conflict.all_statements}
    # What was said of the option itself comes before the reasons given.
    ids = sorted(ids, key=lambda id: _QUOTED_FIRST.get(by_id[id].kind or "" if id in by_id else "", 2))
    first = by_id.get(ids[0]) if ids else None
    quote = spoken(shortened(first.quote, MAX_QUOTE)) if first is not None and first.quote else ""
    lead = f"{who}:" if who and quote else who
    return " ".join(filter(None, (lead, quote, f"[{', '.join(ids)}]" if ids else "")))
