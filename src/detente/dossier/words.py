"""A statement in words: whose it is, when and where it was said, who tells it and who contests it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.conflict.identifiers import same_name
from detente.dossier.statements import Statement

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
    who = _name(statement.speaker, names) or "a speaker who is not named"
    differs = bool(statement.speaker_text) and same_name(statement.speaker_text or "") != same_name(who)
    parts = [part for part in (statement.speaker_text, statement.cue) if part]
    # 'According to Hale' has its cue first.
    text = " ".join(reversed(parts) if (statement.cue or "").lower().startswith(("according", "per ")) else parts)
    remarks = [f"in the text: “{text}”"] if text and (differs or statement.kind == "denial") else []
    sure = statement.speaker_confidence
    if statement.proposed and sure is not None and sure < SURE_OF_SPEAKER:
        remarks.append("please check the speaker")
    return f"{who} ({'; '.join(remarks)})" if remarks else who


def in_words(statement: Statement, names: Mapping[str, str], others: Iterable[Statement] = ()) -> str:
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
    >>> in_words(said, {"up": "Upstream"}, [Statement("s2", speaker="down", contested_by=("s1",))])
    'Upstream, refusal “not a cent” (2024-04-30; contested by down) [s1, daily]'
    """
    others = list(others)
    who = attribution(statement, names)
    kind = f", {statement.kind}" if statement.kind else ""
    quote = f" “{statement.quote}”" if statement.quote else ""
    when = ", ".join(part for part in (statement.date_said, statement.place) if part)
    told = f"as told by {_name(statement.reported_by, names)}" if statement.reported_by else ""
    parts = (when, told, _contested(statement, names, others), _withdrawn(statement, others))
    remarks = "; ".join(part for part in parts if part)
    remark = f" ({remarks})" if remarks else ""
    where = f"{statement.id}, {statement.source}" if statement.source else statement.id
    return f"{who}{kind}{quote}{remark} [{where}]"


def _name(speaker: str | None, names: Mapping[str, str]) -> str | None:
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
