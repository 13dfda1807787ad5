"""How text for people is put: names, counts, lists, states, who would do what, and statements as their speakers'.

Names are set off by ‘…’ and words that somebody said by “…”; straight quotes are left to what a program reads. A
decision maker's name may be singular or plural, so no verb in the third person follows it: it *would* take, *could*
move.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from detente.model.conflict import Conflict
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
