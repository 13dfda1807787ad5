"""The parties' positions on options over time, in words: each told as its holder's, or as that of who reports it."""

from __future__ import annotations

from collections.abc import Sequence

from detente.analysis.timeline import Timeline
from detente.analysis.timeline.positions import AGAINST, FOR, Position
from detente.model.dates import one_day_in_words
from detente.model.evidence import Testimony
from detente.model.statements import Statement
from detente.model.verbs import deed
from detente.model.wording import counted, listed, names_in_words, quoted
from detente.present.blocks import Column, Table
from detente.present.phrases import against_in_words, contradicting, rivals, with_verb

#: So many positions are shown at once.
MAX_ROWS = 200
#: How a change of position is said.
CHANGES = {
    "begins": "first known position",
    "repeats": "repeated",
    "hardens": "hardened",
    "softens": "softened",
    "reverses": "changed",
    "withdraws": "withdrawn",
    "contradicts": "differs from the row above, and the dates overlap",
}
#: How an earlier stance is said of a party, behind "that it".
WAS = {
    "for": "was for before",
    "against": "was against before",
    "conditional": "set a condition before",
    "none": "had withdrawn its position before",
}
STANCES = {"for": "for", "against": "against", "conditional": "under a condition", "none": "no position"}


def positions_table(found: Timeline) -> Table:
    """Tabulate the positions, with what changed and who says so."""
    names = {maker.id: maker.label for maker in found.conflict.decision_makers}
    statements = found.conflict.all_testimony.by_id
    rows = []
    repeated = {
        (one.holder, one.matter, one.begins) for one in found.positions if one.change == "repeats" and one.ordered
    }
    for one, change in zip(found.positions, changes_in_words(found), strict=True):
        again = " (repeated)" if (one.holder, one.matter, one.ends) in repeated else ""
        words = "; ".join(_words(statements[id]) for id in one.statements)
        rows.append(
            (
                names[one.holder],
                matter_in_words(found, one),
                STANCES[one.stance],
                f"{one_day_in_words(one.begins)} ({change})",
                "" if one.ends is None else f"{one_day_in_words(one.ends)}{again or end_in_words(found, one)}",
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
    caption = "An empty ‘Until’ means that no later statement changes the position."
    more = counted(len(rows) - MAX_ROWS, "more position") if len(rows) > MAX_ROWS else ""
    return Table(columns, tuple(rows[:MAX_ROWS]), caption, rest=tuple(rows[MAX_ROWS:]), more=more)


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
    """Name the party and the option of a position in a sentence; if it is another party's option, with this party."""
    option, owner = found.conflict.option(one.matter), found.conflict.owner[one.matter]
    # The label of an option that two parties have names its party.
    foreign = owner != one.holder and option.label == option.own_name
    whose = f" of {names_in_words(found.conflict, [owner])}" if foreign else ""
    return f"{found.conflict.decision_maker(one.holder).label} on {quoted(option.label)}{whose}"


def _words(said: Statement) -> str:
    quote = f": “{said.quote}”" if said.quote else ""
    return f"{said.kind or 'statement'}{quote} [{', '.join(part for part in (said.id, said.source) if part)}]"


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
    follows = before is not None and one.change in ("repeats", "hardens", "softens", "reverses")
    if before is not None and follows and before.told_by_others_only and not one.told_by_others_only:
        own = "first own statement" if all(each.told_by_others_only for each in earlier) else "own statement"
        say = with_verb([found.conflict.all_speakers.get(id, id) for id in before.told_by], "say")
        _, against = _dispute(found, testimony, before, "that")
        holder = names_in_words(found.conflict, [one.holder])
        change = "; ".join(filter(None, (own, f"{say} that {holder} {WAS[before.stance]}", against)))
    elif before is not None and follows and before.stance != one.stance:
        # From one side to the other is more than a softer tone.
        change = "reversed" if {before.stance, one.stance} == {FOR, AGAINST} else change
        change = f"{change}: {STANCES[before.stance]} before"
    if one.told_by_others_only and one.change != "contradicts":
        known = "position" if one.change == "begins" else f"{change},"
        change = f"{known} according to {_tellers(found, testimony, one)}"
    disputed, against = _dispute(found, testimony, one)
    if disputed:
        change = f"{disputed}: {change}; {against}"
    return change if one.ordered else f"{change}; the dates do not show which came first"


def _tellers(found: Timeline, testimony: Testimony, one: Position) -> str:
    """Name those who report a position, with the statements in which they do."""
    ids = []
    for id in one.statements:
        while (reporting := testimony.by_id[id].nested_in) in testimony.by_id and reporting:
            id = reporting
        ids.append(id)
    names = listed([found.conflict.all_speakers.get(teller, teller) for teller in one.told_by])
    return f"{names} ({', '.join(dict.fromkeys(ids))})"


def end_in_words(found: Timeline, one: Position) -> str:
    """Say behind the day on which a position ends who says so, if only others report it, and who denies that."""
    said = found.conflict.all_testimony.by_id
    ending = [said[id] for id in one.ended_by if id in said]
    if not ending or not all(each.reported_by and each.reported_by != one.holder for each in ending):
        return ""
    names = found.conflict.all_speakers
    tellers = dict.fromkeys(names.get(each.reported_by or "", each.reported_by or "") for each in ending)
    against = [other for each in ending for other in rivals(each, said.values())]
    told = [f"according to {listed(list(tellers))} ({', '.join(each.id for each in ending)})"]
    told += against_in_words({other.id: other for other in against}.values(), names, "that")
    return f" ({'; '.join(told)})"


def _dispute(found: Timeline, testimony: Testimony, one: Position, what: str = "it") -> tuple[str, str]:
    """Say whether the statements of a position are disputed, and who contradicts ``what``; nothing if none is."""
    each = [contradicting(testimony, id) for id in one.statements]
    if not any(against or marked for against, marked in each):
        return "", ""
    names = found.conflict.all_speakers
    speakers: dict[tuple[str, str], list[str]] = {}
    for said in {said.id: said for against, _ in each for said in against}.values():
        who = names.get(said.speaker or "", said.speaker or "") or "an unnamed speaker"
        speakers.setdefault((who, "deny" if said.kind == "denial" else "contradict"), []).append(said.id)
    told = [f"{with_verb([who], verb)} {what} ({', '.join(ids)})" for (who, verb), ids in speakers.items()]
    told += ["the analyst marks it as disputed"] if any(marked for _, marked in each) else []
    every = all(against or marked for against, marked in each)
    return "disputed" if every else "partly disputed", "; ".join(told)


def only_reported(found: Timeline, one: Position) -> str:
    """Say which other speakers report a position that its holder's own statements do not express, and who speaks for
    the holder; or nothing.
    """
    names, told = found.conflict.all_speakers, ""
    if one.told_by_others_only:
        told = f"; reported only by {listed([names.get(teller, teller) for teller in one.told_by])}"
    if one.spokespersons:
        told += f"; {with_verb([names.get(id, id) for id in one.spokespersons], 'speak')} for it"
    return told
