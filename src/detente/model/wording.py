"""A statement in words: whose it is, when and where it was said, who tells it and who contests it.

How text for people is put: names set off, counts with their nouns, lists, states, who would do what.

Names are set off by ‘…’ and words that somebody said by “…”; straight quotes are left to what a program reads. A
decision maker's name may be singular or plural, so no verb in the third person follows it: it *would* take, *could*
move.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from detente.model.conflict import Conflict
from detente.model.dates import date_in_words
from detente.model.day import OUTSIDE_DATES, deciding_elements
from detente.model.evidence import IN_A_DENIAL, NOT_YET_SAID, WITHDRAWN, Dropped, Path, Testimony, element_name
from detente.model.names import name_key
from detente.model.statements import Statement
from detente.model.states import State

#: A speaker of whom the reader is less sure than this is marked for a person to check.
SURE_OF_SPEAKER = 0.8


def attribution(statement: Statement, names: Mapping[str, str]) -> str:
    """Say whose a statement is, and in which words its source says so.

    The source's words are shown if they name the speaker in another way, and always for a denial. A speaker that a
    program chose without being sure is marked until a person accepts it.

    >>> said = Statement("s1", speaker="eg", speaker_text="An official", cue="denied", kind="denial")
    >>> attribution(said, {"eg": "Egypt"})
    'Egypt (in the text: “An official denied”)'
    >>> attribution(Statement("s2", speaker="eg", speaker_text="he", speaker_confidence=0.5, proposed=True), {})
    'eg (in the text: “he”; please check the speaker)'
    """
    who = _speaker_name(statement.speaker, names) or "a speaker who is not named"
    differs = bool(statement.speaker_text) and name_key(statement.speaker_text or "") != name_key(who)
    parts = [part for part in (statement.speaker_text, statement.cue) if part]
    # 'According to Hale' has its cue first.
    text = " ".join(reversed(parts) if (statement.cue or "").lower().startswith(("according", "per ")) else parts)
    remarks = [f"in the text: “{text}”"] if text and (differs or statement.kind == "denial") else []
    sure = statement.speaker_confidence
    if statement.proposed and sure is not None and sure < SURE_OF_SPEAKER:
        remarks.append("please check the speaker")
    return f"{who} ({'; '.join(remarks)})" if remarks else who


def statement_in_words(statement: Statement, names: Mapping[str, str], others: Iterable[Statement] = ()) -> str:
    """Say a statement as its speaker's.

    Parameters
    ----------
    statement
        The statement.
    names
        The names of speakers by identifier; a speaker that is not there is called as the statement does.
    others
        The other statements, of which some may contest this one or take it back.

    >>> said = Statement("s1", "daily", "up", kind="refusal", quote="not a cent", date_said="2024-04-30")
    >>> statement_in_words(said, {"up": "Upstream"}, [Statement("s2", speaker="down", contested_by=("s1",))])
    'Upstream, refusal “not a cent” (2024-04-30; contested by down) [s1, daily]'
    """
    others = list(others)
    who = attribution(statement, names)
    kind = f", {statement.kind}" if statement.kind else ""
    quote = f" “{statement.quote}”" if statement.quote else ""
    when = ", ".join(part for part in (statement.date_said, statement.place) if part)
    told = f"as told by {_speaker_name(statement.reported_by, names)}" if statement.reported_by else ""
    parts = (when, told, _contested(statement, names, others), _withdrawn(statement, others))
    remarks = "; ".join(part for part in parts if part)
    remark = f" ({remarks})" if remarks else ""
    where = f"{statement.id}, {statement.source}" if statement.source else statement.id
    return f"{who}{kind}{quote}{remark} [{where}]"


def _speaker_name(speaker: str | None, names: Mapping[str, str]) -> str | None:
    return names.get(speaker, speaker) if speaker else None


def deniers(statement: Statement, names: Mapping[str, str], others: Iterable[Statement]) -> list[str]:
    """Return the names of those whose statements say otherwise."""
    against = [
        other.speaker for other in others if other.id in statement.contested_by or statement.id in other.contested_by
    ]
    return list(dict.fromkeys(names.get(speaker, speaker) for speaker in against if speaker))


def _contested(statement: Statement, names: Mapping[str, str], others: list[Statement]) -> str:
    found = deniers(statement, names, others)
    if found:
        return f"contested by {' and '.join(found)}"
    return "left open" if statement.in_doubt else ""


def _withdrawn(statement: Statement, others: list[Statement]) -> str:
    by = [other for other in others if other.id in statement.withdrawn_by]
    return f"withdrawn, by {', '.join(other.id for other in by)}" if by else ""


#: What is said where a dispute has no status quo, and what cannot be said for that reason; a stop is put behind either.
NO_STATUS_QUO = "no status quo is given"
STUCK_UNSAID = "No status quo is given, so whether the dispute is stuck cannot be said"


#: What is said where no statement is marked as disputed; a stop is put behind it.
NOTHING_DISPUTED = (
    "No statement is marked as disputed, so whether the answer depends on a disputed statement was not examined"
)


#: What is said of the state of a dispute in which nobody has an option: it has no letters.
ONLY_STATE = "the one state of a dispute without options"
_QUOTED = re.compile("‘.*’|“.*”")


#: What becomes of an option between two states, by its letter in the second.
_VERBS = {"Y": "take", "N": "drop", "-": "take or leave"}


def quoted(text: str) -> str:
    """Set a name or a condition off from the sentence around it."""
    return f"‘{text}’"


def counted(number: int, one: str, many: str = "", none: str = "") -> str:
    """Say how many there are of something; ``none`` is said where there are none.

    >>> [counted(number, "move") for number in (0, 1, 1200)]
    ['no moves', '1 move', '1,200 moves']
    >>> counted(0, "rests", "rest", none="none rests")
    'none rests'
    """
    many = many or f"{one}s"
    if number == 0:
        return none or f"no {many}"
    return f"{number:,} {one if number == 1 else many}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does; a comma keeps a name apart that is such a list itself.

    >>> listed(["a", "b", "c"], "or")
    'a, b or c'
    >>> listed(["Upstream", "Cities and farms"])
    'Upstream, and Cities and farms'
    >>> listed(["take ‘Talks and aid’", "drop ‘Sanctions’"])
    'take ‘Talks and aid’ and drop ‘Sanctions’'
    """
    if len(words) < 2:
        return " ".join(words)
    apart = "," if any(f" {last} " in _QUOTED.sub("", word) for word in words) else ""
    return f"{', '.join(words[:-1])}{apart} {last} {words[-1]}"


def capital(text: str) -> str:
    """Begin a sentence: the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def state_label(state: State) -> str:
    """Write a state as people read it: its name, pattern and number."""
    if not state.pattern:
        return f"{quoted(state.name)}, {ONLY_STATE}" if state.name else ONLY_STATE
    if state.name:
        return f"{quoted(state.name)} (state {state.number}, {state.pattern})"
    return f"{state.pattern} (state {state.number})"


def names_in_words(conflict: Conflict, ids: Iterable[str]) -> str:
    """Name decision makers."""
    return listed([conflict.decision_maker(id).label for id in ids])


def player_label(conflict: Conflict, player: str) -> str:
    """Return the name of a decision maker, or of the members of a standing coalition ``a+b``."""
    return names_in_words(conflict, player.split("+") if conflict.coalitions else [player])


def coalition_in_words(conflict: Conflict, coalition: Sequence[str]) -> str:
    """Name the members of a coalition of players, in two words where these are more than two and everybody."""
    members = [id for player in coalition for id in player.split("+")]
    if len(members) == len(conflict.decision_makers) > 2:
        return "all of them"
    return names_in_words(conflict, members)


def changes_in_words(conflict: Conflict, base: State, state: State, members: Collection[str]) -> str:
    """Say what some decision makers do to get from one state to another: ``take ‘Divert’ and drop ‘Pay’``."""
    changes: dict[str, list[str]] = {verb: [] for verb in _VERBS.values()}
    for option, before, after in zip(conflict.options, base.pattern, state.pattern, strict=True):
        if before != after and conflict.owner[option.id] in members:
            changes[_VERBS[after]].append(quoted(option.label))
    return " and ".join(f"{verb} {listed(labels)}" for verb, labels in changes.items() if labels)


def difference(conflict: Conflict, base: State, state: State, members: Collection[str] | None = None) -> str:
    """Say who would do what otherwise than in ``base``, decision maker by decision maker; empty where nobody would.

    ``members`` names the decision makers to speak of; all of them when None.
    """
    parts = [
        f"{maker.label} would {done}"
        for maker in conflict.decision_makers
        if (members is None or maker.id in members) and (done := changes_in_words(conflict, base, state, [maker.id]))
    ]
    return "; ".join(parts)


def step_in_words(conflict: Conflict, player: str, start: State, end: State) -> str:
    """Say what a player does in a step along a path."""
    return difference(conflict, start, end, player.split("+")) or f"{player_label(conflict, player)} would move"


#: The maximum number of dropped elements that are named; the rest is counted.
MAX_DROPPED_NAMED = 12


def element_label(conflict: Conflict, at: Path) -> str:
    """Name an element of a conflict as written by its place in the file.

    >>> from detente import example
    >>> element_label(example("ukraine-2023"), ("decision_makers", "ukraine", "preferences", 1))
    'the preference ‘withdraw’ of Ukraine'
    """
    match at:
        case ("decision_makers", str(id), "options", str(option)):
            return f"the option {quoted(conflict.option(option).label)} of {conflict.decision_maker(id).label}"
        case ("decision_makers", str(id), str(key), int(place)):
            preferences = conflict.decision_maker(id).preferences
            condition = next(islice(preferences.conditions(), place, None))
            what = "weight" if key == "weights" else "preference"
            # Without a number: that of the file and that of the model differ where a preference above was dropped.
            return f"the {what} {quoted(str(condition))} of {conflict.decision_maker(id).label}"
        case ("decision_makers", str(id), str(key)):
            return f"the {key} of {conflict.decision_maker(id).label}"
        case ("rules", int(place)):
            return f"the rule {quoted(str(conflict.rules[place]))}"
        case ("merge", int(place)):
            return f"the merge {quoted(str(conflict.merge[place].condition))}"
        case ("one_way", str(option)):
            return f"the one-way mark of {quoted(conflict.option(option).label)}"
        case ("views", str(id), *_):
            return f"part of the view of {conflict.decision_maker(id).label}"
        case ("states", str(name)):
            return f"the state {quoted(name)}"
    return "the status quo" if at == ("status_quo",) else element_name(at)


def basis_in_words(conflict: Conflict) -> list[str]:
    """Say how the model that an answer is about came about: its day, what was dropped and why, and what is disputed.

    Returns a sentence for each thing to say; none where the model is the conflict as written and nothing is disputed.
    """
    return [*dropped_in_words(conflict), *_uncertain_in_words(conflict)]


def dropped_in_words(conflict: Conflict) -> list[str]:
    """Say which day a model is of, what was dropped and why, and what is not feasible then; empty if nothing was."""
    basis = conflict.basis
    written = basis.written
    testimony = written.testimony()
    found = []
    if basis.day and (written.day is not None or basis.dropped or basis.undated != "latest"):
        reading = "" if basis.undated == "latest" else " A vague date counts from its earliest day."
        found.append(f"This is the model of {basis.day.isoformat()}.{reading}")
    dropped = [f"{element_label(written, one.at)}: {_why_dropped(written, testimony, one)}" for one in basis.dropped]
    left = len(dropped) - MAX_DROPPED_NAMED
    if left > 1:
        dropped = [*dropped[:MAX_DROPPED_NAMED], f"{left} more elements"]
    found += [f"Dropped: {text}." for text in dropped]
    for at, rule in basis.infeasible:
        found.append(
            f"{capital(element_label(written, at))} is not feasible in this model: it breaks {quoted(str(rule))}."
        )
    for place in basis.skipped_acts:
        found.append(f"Act {place} of the history does not count: its evidence is not in force.")
    return found


def _uncertain_in_words(conflict: Conflict) -> list[str]:
    """Name the disputed statements that decide what is in a model, and those that nothing dates."""
    basis = conflict.basis
    testimony = basis.written.testimony()
    found = []
    counts = Counter(id for decided in basis.disputed for id in decided.statements)
    if counts:
        order = [id for id in testimony.disputed if id in counts]
        told = [f"{_statement_label(testimony, id)}: {counted(counts[id], 'element')}" for id in order]
        found.append(f"Disputed statements decide what is in the model ({'; '.join(told)}).")
    if basis.without_date:
        ids = listed(list(basis.without_date))
        found.append(f"Without a date, so counted on every day: {ids}.")
    return found


def _statement_label(testimony: Testimony, id: str) -> str:
    """Name a statement and those that contest it."""
    against = [second if first == id else first for first, second in testimony.rivals if id in (first, second)]
    return f"{id} (contested by {listed(against)})" if against else id


def _why_dropped(written: Conflict, testimony: Testimony, one: Dropped) -> str:
    """Say why an element is not in the model."""
    if one.reason == OUTSIDE_DATES:
        support = dict(deciding_elements(written))[one.at]
        parts = [f"since {support.since}" if support.since else "", f"until {support.until}" if support.until else ""]
        return f"it applies {' '.join(part for part in parts if part)}"
    id = one.statements[0]
    original = testimony.original[id]
    if one.reason == NOT_YET_SAID:
        said = testimony.by_id[original].date_said
        source = next((s.date for s in testimony.sources if s.id == testimony.by_id[original].source), None)
        when = (
            f" (said {date_in_words(said)})"
            if said
            else f" (its source is of {date_in_words(source)})"
            if source
            else ""
        )
        return f"{id} had not been said{when}"
    if one.reason == WITHDRAWN:
        account = testimony.account()
        by = [other for other in testimony.withdrawals[original] if account.in_force(other, testimony.number)]
        return f"{id} was withdrawn by {listed(by)}" if by else f"{id} is reported inside a withdrawn statement"
    if one.reason == IN_A_DENIAL:
        return f"{id} is reported only inside a denial"
    return f"{id} is not believed"
