"""The words of a report: names, lists of names, conditions and states as a reader says them, and whose word it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from detente.concepts import Concept, concept
from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.evidence import Support
from detente.model.names import name_key
from detente.model.parts import DecisionMaker, Option, Rule
from detente.model.statements import Statement
from detente.model.states import State
from detente.model.verbs import Deed, behind_a_name, deed, is_plural
from detente.model.wording import capital, listed, names_in_words, quoted
from detente.present.blocks import Bullets, Item, Paragraph
from detente.verification.verify import Verification

#: Names longer than this are shortened wherever they are repeated.
_MAX_NAME = 160
#: A word with hyphens that is longer than this may break at them.
MAX_UNBROKEN = 24
_HYPHENATED = re.compile(r"(?<![\w-])\w+(?:-\w+)+(?![\w-])")
#: An option's identifier, or a word that joins conditions.
_WORD = re.compile(r"\w[\w.-]*")
#: More options than this, in which outcomes differ, are counted.
_MAX_DIFFERENCES = 3
#: Of an outcome without a name, no more characters are told.
_MAX_TOLD = 320
#: So many states are named in a cell.
_MAX_STATES_NAMED = 6
JUDGEMENT = "the analyst's assumption"
#: Marks a statement that the analyst marks as disputed.
DISPUTED_MARK = "†"
#: How a verdict was checked.
_MEANS = {
    "moves": "trying the decision maker's moves",
    "sanctions": "following the sanctions",
    "walk": "walking through the others' answers",
    "proof": "proof by a satisfiability solver",
}


def unbroken(text: str) -> Iterator[tuple[str, bool]]:
    """Take a text apart into what may break at its hyphens and what may not, for an identifier is read as one word.

    >>> list(unbroken("not ban-talks"))
    [('not ', False), ('ban-talks', True)]
    """
    last = 0
    for found in _HYPHENATED.finditer(text):
        if len(found[0]) <= MAX_UNBROKEN:
            if found.start() > last:
                yield text[last : found.start()], False
            yield found[0], True
            last = found.end()
    if last < len(text):
        yield text[last:], False


def shortened(text: str, most: int = _MAX_NAME) -> str:
    """Return the beginning of a text that is too long to repeat."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def condition_in_words(conflict: Conflict, condition: Condition) -> str:
    """Say a condition with the names of its options."""

    def word(found: re.Match[str]) -> str:
        if found[0] in conflict.owner:
            return quoted(conflict.option(found[0]).label)
        return "if and only if" if found[0] == "iff" else found[0]

    return _WORD.sub(word, str(condition))


def preference_in_words(conflict: Conflict, condition: Condition) -> str:
    """Say a condition as one thing in a sentence: in quotation marks, unless it is the name of an option alone."""
    words = condition_in_words(conflict, condition)
    alone = words.count("‘") == 1 and words.startswith("‘") and words.endswith("’")
    return words if alone else f"“{words}”"


def rule_in_words(conflict: Conflict, rule: Rule) -> str:
    """Say what a rule demands."""
    parts = [condition_in_words(conflict, condition) for condition in rule.conditions]
    if rule.kind in ("never", "always"):
        return f"{rule.kind.capitalize()}: {parts[0]}"
    return f"{rule.kind.replace('_', ' ').capitalize()} of: {'; '.join(parts)}"


def outcome_in_words(
    conflict: Conflict, state: State, base: State | None = None, members: Collection[str] | None = None
) -> str:
    """Say what the parties do in an outcome: ``Egypt signs the agreement; Sudan does not fill the reservoir``.

    Every option is told, or with ``base`` those that are not as in that state; nothing where there are none.
    ``members`` names the parties to speak of; all of them when None.
    """
    before = " " * len(state.pattern) if base is None else base.pattern
    return options_in_words(
        conflict,
        {
            option.id: letter
            for option, letter, was in zip(conflict.options, state.pattern, before, strict=True)
            if letter != was and (members is None or conflict.owner[option.id] in members)
        },
    )


def options_in_words(conflict: Conflict, letters: Mapping[str, str]) -> str:
    """Say what the parties do about some options, by identifier: Y for taken, N for not taken, ``-`` for either."""
    told = (_party_in_words(maker, letters) for maker in conflict.decision_makers)
    return "; ".join(filter(None, told))


def shared_and_different(conflict: Conflict, patterns: Iterable[str], base: str = "") -> tuple[str, str]:
    """Say what is the same in all of some outcomes, and in what they differ; each is empty if there is nothing.

    Parameters
    ----------
    conflict
        The dispute.
    patterns
        The outcomes as patterns of Y, N and dashes.
    base
        The pattern of an outcome; what all share with it, too, is left out.

    >>> import detente as dt
    >>> shared, different = shared_and_different(dt.example("river-sharing"), ["YYN", "YNN"])
    >>> shared
    'Upstream country diverts the river; Downstream country does not impose sanctions'
    >>> different
    'whether Upstream country pays compensation'
    """
    columns = zip(conflict.options, zip(*patterns, strict=True), strict=False)
    letters = {option.id: set(found) for option, found in columns}
    before = dict(zip(letters, base, strict=False))
    same = {id: next(iter(found)) for id, found in letters.items() if len(found) == 1 and found != {"-"}}
    shared = options_in_words(conflict, {id: letter for id, letter in same.items() if letter != before.get(id)})
    different = [
        _whether(maker, option)
        for maker in conflict.decision_makers
        for option in maker.options
        if option.id in letters and option.id not in same
    ]
    if len(different) > _MAX_DIFFERENCES + 1:
        different = [*different[:_MAX_DIFFERENCES], f"{len(different) - _MAX_DIFFERENCES} other options"]
    return shared, listed(different)


def _whether(maker: DecisionMaker, option: Option) -> str:
    done = _Doing(maker).taken(option)
    return f"whether {maker.label} {done}" if done else f"{quoted(option.label)} ({maker.label})"


class _Doing:
    """How one party's options are said: as verbs behind its name, or quoted where that is not certain to be right."""

    def __init__(self, maker: DecisionMaker) -> None:
        self.maker = maker
        self.plural = is_plural(maker.own_name)
        self._own = Counter(option.own_name for option in maker.options)

    def name(self, option: Option) -> str:
        """The name of an option, beside the party's own."""
        suffix = f" ({self.maker.own_name})"
        own = option.own_name if self._own[option.own_name] == 1 else option.label
        return own.removesuffix(suffix) if own != suffix.strip() else own

    def deed(self, option: Option) -> Deed | None:
        """The option's name as what the party does; an identifier is none, so that it is recognised."""
        return deed(self.name(option)) if option.name and option.own_name == option.name else None

    def taken(self, option: Option) -> str | None:
        """What the party does if it takes the option, as words behind its name."""
        if found := self.deed(option):
            return None if self.plural is None else found.done(self.plural)
        words = option.not_named and option.own_name == option.name and behind_a_name(self.name(option), self.plural)
        return words or None

    def left(self, option: Option) -> str | None:
        """What the party does if it does not take the option, in the words of the file."""
        return behind_a_name(option.not_named, self.plural) if option.not_named.strip() else None

    def denied(self, option: Option) -> str | None:
        """What the party does not do: words behind "does not"."""
        found = self.deed(option)
        return found.text if found and found.deniable and self.plural is not None else None

    def base(self, option: Option) -> str | None:
        """What the party may do: words behind "may"."""
        found = self.deed(option)
        return found.text if found else None


def _party_in_words(maker: DecisionMaker, letters: Mapping[str, str]) -> str:
    """Say what one party does about some of its options: first what it does, then what it does not."""
    doing = _Doing(maker)
    said: dict[str, list[str]] = {"Y": [], "N": [], "-": []}
    cited: dict[str, list[str]] = {"Y": [], "N": [], "-": []}
    left: list[str] = []
    for option in maker.options:
        if (letter := letters.get(option.id)) is None:
            continue
        if letter == "N" and (words := doing.left(option)):
            left.append(words)
        elif words := {"Y": doing.taken, "N": doing.denied, "-": doing.base}[letter](option):
            said[letter].append(words)
        else:
            cited[letter].append(quoted(doing.name(option)))
    done = [*said["Y"], *left]
    done += [f"{'do' if doing.plural else 'does'} not {listed(said['N'], 'or')}"] if said["N"] else []
    done += [f"may or may not {listed(said['-'], 'or')}"] if said["-"] else []
    text = f"{maker.label} {listed(done)}" if done else ""
    if cited["Y"]:
        text += f", with {listed(cited['Y'])}" if text else f"{maker.label}: {listed(cited['Y'])}"
    for letter, how in (("N", "without"), ("-", "with or without")):
        if cited[letter]:
            text = f"{text or maker.label}, {how}: {listed(cited[letter], 'or')}"
    return text


def evidence_in_brief(conflict: Conflict, support: Support) -> str:
    """Say briefly what supports an element: the speakers with their statements, or the analyst's assumption."""
    if support.is_judgement:
        return JUDGEMENT
    text = _by_speaker(conflict, support.evidence)
    return f"{text}; contradicted by: {_by_speaker(conflict, support.against)}" if support.against else text


def _by_speaker(conflict: Conflict, ids: Iterable[str]) -> str:
    statements = {statement.id: statement for statement in conflict.all_statements}
    speakers: dict[str, list[str]] = {}
    for id in ids:
        statement = statements.get(id)
        who = speaker_in_words(conflict, statement) if statement else "an unnamed speaker"
        mark = _contested(conflict, statement) if statement else ""
        speakers.setdefault(who, []).append(f"{id}{mark}")
    return "; ".join(f"{who} ({', '.join(found)})" for who, found in speakers.items())


def speaker_in_words(conflict: Conflict, statement: Statement, *, in_full: bool = False) -> str:
    """Say whose a statement is, and which other speaker reports it.

    ``in_full`` adds the words of the source that name the speaker.
    """
    names = conflict.all_speakers
    who = names.get(statement.speaker or "", statement.speaker or "") or "an unnamed speaker"
    if in_full:
        who = attribution(statement, names)
    told = statement.reported_by
    return f"{who}, as reported by {names.get(told, told)}" if told and told != statement.speaker else who


def _contested(conflict: Conflict, statement: Statement) -> str:
    by = deniers(statement, conflict.all_speakers, conflict.all_statements)
    if by:
        return f", disputed by {listed(by)}"
    return DISPUTED_MARK if statement.in_doubt else ""


def state_name(state: State) -> str:
    """Name a state in a sentence, without its letters."""
    return f"{quoted(shortened(state.name, 80))} (state {state.number})" if state.name else f"state {state.number}"


def outcome_name(conflict: Conflict, state: State, base: State | None = None) -> str:
    """Name an outcome in a sentence; one without a name by what the parties do in it.

    What is told of an outcome without a name is what is different from ``base``, by default the status quo.

    >>> import detente as dt
    >>> river = dt.example("river-sharing")
    >>> outcome_name(river, river.explain("YNN", "upstream").state)
    'the outcome in which Upstream country diverts the river (state 2)'
    """
    words = _unnamed_in_words(conflict, state, base)
    if not words:
        return _known_name(conflict, state)
    told = in_which(words)
    return f"the outcome {told} (state {state.number})" if told[0] != "(" else f"state {state.number} {told}"


def outcome_lead(conflict: Conflict, state: State, base: State | None = None) -> str:
    """Name an outcome at the beginning of an item, as `outcome_name` does in a sentence."""
    words = _unnamed_in_words(conflict, state, base)
    return capital(f"{words} (state {state.number})" if words else _known_name(conflict, state))


def _known_name(conflict: Conflict, state: State) -> str:
    quo = conflict.status_quo
    if not state.name and state.pattern and quo is not None and conflict.pattern(quo.taken) == state.pattern:
        return f"the status quo (state {state.number})"
    return state_name(state)


def _unnamed_in_words(conflict: Conflict, state: State, base: State | None) -> str:
    """Say what the parties do in an outcome without a name, as far as it is different from another; else nothing."""
    if state.name or not state.pattern:
        return ""
    before = base.pattern if base is not None else ""
    if not before and conflict.status_quo is not None:
        before = conflict.pattern(conflict.status_quo.taken)
    letters = zip(conflict.options, state.pattern, before or " " * len(state.pattern), strict=True)
    return shortened(options_in_words(conflict, {option.id: to for option, to, was in letters if to != was}), _MAX_TOLD)


def in_which(words: str) -> str:
    """Put what the parties do behind a noun; in parentheses where it is no sentence.

    >>> in_which("Egypt signs; Sudan does not sign"), in_which("Egypt, without: ‘Talks’")
    ('in which Egypt signs, and Sudan does not sign', '(Egypt, without: ‘Talks’)')
    """
    if ": ‘" in words or words.endswith("…"):
        return f"({words})"
    *first, last = words.split("; ")
    return f"in which {', '.join(first)}, and {last}" if first else f"in which {last}"


def in_order(states: Iterable[Any], quo: Any) -> list[Any]:
    """Put the status quo first, then the states that have a name, then the others."""
    return sorted(states, key=lambda state: (state != quo, not state.name, state.number))


def together(found: Iterable[Any], key: Callable[[Any], Hashable], concept_of: str = "") -> Mapping[Any, list[str]]:
    """Put what is the same under several concepts together, with the concepts: what is found, or an attribute of it."""
    of = attrgetter(concept_of) if concept_of else str
    merged: dict[Any, list[str]] = {}
    for one in found:
        id, under = str(of(one)), merged.setdefault(key(one), [])
        if id not in under:
            under.append(id)
    return merged


def concepts_in_words(ids: Sequence[str], asked: Sequence[str]) -> str:
    """Name concepts, in a word where they are all that was asked about."""
    if not ids:
        return "–"
    if len(ids) == len(asked) > 1:
        return "every concept" if len(asked) > 2 else "both concepts"
    if len(ids) == len(asked) - 1 > 2:
        (other,) = set(asked) - set(ids)
        return f"every concept except {concept(other).title}"
    return listed([concept(id).title for id in ids])


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def under_concepts(found: Iterable[Concept], asked: Sequence[Concept]) -> str:
    """Name some of the concepts that were asked for, as they stand in a sentence behind "under".

    >>> asked = [concept(id) for id in ("nash", "gmr", "smr", "seq")]
    >>> [under_concepts(asked[:count], asked) for count in (4, 3, 2)]
    ['all four concepts', 'every concept except SEQ', 'Nash and GMR']
    """
    found = list(found)
    if len(found) == len(asked) > 1:
        number = _NUMBERS[len(asked)] if len(asked) < len(_NUMBERS) else f"{len(asked)}"
        return "both concepts" if len(asked) == 2 else f"all {number} concepts"
    if len(found) == len(asked) - 1 > 2:
        (other,) = (one for one in asked if one not in found)
        return f"every concept except {other.title}"
    return listed([one.title for one in found])


def spelled_out(one: Concept) -> str:
    """Name a concept in full, where a page first names it.

    >>> [spelled_out(concept(id)) for id in ("nash", "seq")]
    ['Nash stability (rationality)', 'SEQ, sequential stability']
    """
    return one.name if one.name.startswith(one.title) else f"{one.title}, {one.name[:1].lower()}{one.name[1:]}"


def concepts_spelled_out(concepts: Iterable[Concept]) -> Paragraph:
    """Return the line that spells out the concepts of a page, to be put below the paragraph that first names them."""
    return Paragraph(f"{'; '.join(map(spelled_out, concepts))}.", "Concepts:", small=True)


def meanings(concepts: Iterable[Concept]) -> Iterator[Paragraph | Bullets]:
    """Say what it means that a state is stable, under each concept."""
    yield Paragraph(
        "A state is stable for a party when the party has no reason to leave it, and it is an equilibrium when it is "
        "stable for all. How far a party looks ahead makes a difference, so there is a column for each concept:"
    )
    yield Bullets(tuple(Item(one.meaning) for one in concepts))


def few(patterns: Sequence[str]) -> str:
    """Name the first few of some states."""
    more = f" and {len(patterns) - _MAX_STATES_NAMED:,} more" if len(patterns) > _MAX_STATES_NAMED else ""
    return ", ".join(patterns[:_MAX_STATES_NAMED]) + more or "–"


def percent(share: float) -> str:
    """Write a share so that only none and all are written as 0% and 100%."""
    if 0 < share < 0.001:
        return "<0.1%"
    if 0.999 < share < 1:
        return ">99.9%"
    return f"{100 * share:.0f}%" if share in (0, 1) or 0.1 <= share <= 0.9 else f"{100 * share:.1f}%"


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
    who = _speaker_name(statement.speaker, names) or "an unnamed speaker"
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
    'Upstream, refusal “not a cent” (2024-04-30; disputed by down) [s1, daily]'
    """
    others = list(others)
    who = attribution(statement, names)
    kind = f", {statement.kind}" if statement.kind else ""
    quote = f" “{statement.quote}”" if statement.quote else ""
    when = ", ".join(part for part in (statement.date_said, statement.place) if part)
    told = f"as reported by {_speaker_name(statement.reported_by, names)}" if statement.reported_by else ""
    against = deniers(statement, names, others)
    contested = f"disputed by {' and '.join(against)}" if against else "disputed" if statement.in_doubt else ""
    by = ", ".join(other.id for other in others if other.id in statement.withdrawn_by)
    parts = (when, told, contested, f"withdrawn, by {by}" if by else "")
    remarks = "; ".join(part for part in parts if part)
    remark = f" ({remarks})" if remarks else ""
    where = f"{statement.id}, {statement.source}" if statement.source else statement.id
    return f"{who}{kind}{quote}{remark} [{where}]"


def _speaker_name(speaker: str | None, names: Mapping[str, str]) -> str | None:
    return names.get(speaker, speaker) if speaker else None


def deniers(statement: Statement, names: Mapping[str, str], others: Iterable[Statement]) -> list[str]:
    """Return the names of the speakers whose statements contradict a statement."""
    against = [
        other.speaker for other in others if other.id in statement.contested_by or statement.id in other.contested_by
    ]
    return list(dict.fromkeys(names.get(speaker, speaker) for speaker in against if speaker))


STUCK_UNSAID = "No status quo is given, so whether the dispute is stuck cannot be said"


#: What is said where no statement is marked as disputed; a stop is put behind it.
NOTHING_DISPUTED = (
    "No statement is marked as disputed, so whether the answer depends on a disputed statement was not examined"
)


def player_label(conflict: Conflict, player: str) -> str:
    """Return the name of a decision maker, or of the members of a standing coalition ``a+b``."""
    return names_in_words(conflict, player.split("+") if conflict.coalitions else [player])


def coalition_in_words(conflict: Conflict, coalition: Sequence[str]) -> str:
    """Name the members of a coalition of players, in two words if these are more than two and all parties."""
    members = [id for player in coalition for id in player.split("+")]
    if len(members) == len(conflict.decision_makers) > 2:
        return "all parties"
    return names_in_words(conflict, members)


def step_in_words(conflict: Conflict, player: str, start: State, end: State) -> str:
    """Say what a player does in a step along a path."""
    return outcome_in_words(conflict, end, start, player.split("+")) or f"{player_label(conflict, player)} would move"


def path_in_words(
    conflict: Conflict, start: State, path: Iterable[tuple[str, State]], losses: Collection[int] = ()
) -> str:
    """Say what the players do along a path, and the state that it leads to.

    ``losses`` has the places of the concessions: moves that are not improvements for the player that makes them.
    """
    parts, here = [], start
    for place, (player, end) in enumerate(path):
        loss = " (a concession)" if place in losses else ""
        parts.append(f"{step_in_words(conflict, player, here, end)}{loss}")
        here = end
    return f"{'; then '.join(parts)}, to {state_name(here)}"


def verification_in_words(found: Verification) -> list[str]:
    """Say what was checked, then a sentence for each reason why something was not."""
    if found.nothing:
        return ["Not verified: " + ("; ".join(reason for reason, _ in found.unchecked) or "no verdict to check") + "."]
    which = "every state" if found.every_state else f"{len(found.states):,} of {found.count:,} states"
    means = ", ".join(f"{count:,} by {_MEANS[how]}" for how, count in found.by)
    verified = f"Verified {found.claims:,} verdicts on {which}" + (f": {means}." if means else ".")
    return [verified, *(f"{count:,} not checked: {reason}." for reason, count in found.unchecked)]
