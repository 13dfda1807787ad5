"""The words of a report: names, lists of names, conditions and states as a reader says them, and whose word it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from detente.concepts import Concept, concept
from detente.model.conditions import Condition, Not, Taken
from detente.model.conflict import Conflict
from detente.model.dates import date_in_words
from detente.model.day import is_unaccepted
from detente.model.evidence import PROPOSED, Support, Testimony
from detente.model.names import name_key
from detente.model.statements import AGAINST, FOR, Statement
from detente.model.states import State
from detente.model.verbs import is_plural, third_person, with_article
from detente.model.wording import listed, names_in_words, quoted, spoken
from detente.present.blocks import Bullets, Item, Paragraph

#: Names longer than this are shortened wherever they are repeated.
_MAX_NAME = 160
#: An option's identifier, or a word that joins conditions.
_WORD = re.compile(r"\w[\w.-]*")
#: So many states are named in a cell.
_MAX_STATES_NAMED = 6
JUDGEMENT = "the analyst's assumption"
#: Whose reading of statements an element is: that of a program, until a person has reviewed it.
READINGS = {False: "the analyst's reading of", True: "Detente's reading, not reviewed, of"}
#: Marks a statement that the analyst marks as disputed.
DISPUTED_MARK = "†"
#: The same in a sentence, where no note explains the sign.
MARKED_AS_DISPUTED = ", marked as disputed"
#: Marks a statement that a program proposed, until a person accepts it.
NOT_ACCEPTED = "not yet accepted"
#: How the name of a source ends that speaks itself.
_OWN_WORDS = " in its own words"


def shortened(text: str, most: int = _MAX_NAME) -> str:
    """Return the beginning of a text that is too long to repeat, cut between words where it has some.

    >>> shortened("kept out of the Council", 20), shortened("Bundesverfassungsgericht", 10)
    ('kept out of the…', 'Bundesver…')
    """
    if len(text) <= most:
        return text
    begin = text[: most - 1]
    words = begin if text[most - 1].isspace() else begin[: begin.rfind(" ") + 1]
    return f"{(words if 2 * len(words) > most else begin).rstrip(' ,;:')}…"


def named_options(conflict: Conflict, text: str) -> str:
    """Replace the identifiers in the text of a condition or a rule by the names of the options."""

    def word(found: re.Match[str]) -> str:
        if found[0] in conflict.owner:
            return quoted(conflict.option(found[0]).label)
        return "if and only if" if found[0] == "iff" else found[0]

    return _WORD.sub(word, text)


def in_quotation_marks(words: str) -> str:
    """Put a condition in words into quotation marks, unless it is the name of an option alone, which has some."""
    alone = words.count("‘") == 1 and words.startswith("‘") and words.endswith("’")
    return words if alone else spoken(words)


def evidence_in_brief(conflict: Conflict, support: Support, mark: str = DISPUTED_MARK, *, reading: bool = True) -> str:
    """Say briefly what supports an element: the speakers with their statements, or the analyst's assumption.

    ``mark`` stands behind a statement that the analyst marks as disputed. Without ``reading`` an element with a note is
    not called the analyst's reading of the statements.
    """
    if support.is_judgement:
        return JUDGEMENT
    as_said = () if reading and support.note.strip() else support.evidence
    return _cited(conflict, support, as_said, mark)


def preference_evidence(
    conflict: Conflict, party: str, wish: Condition | None, support: Support, mark: str = DISPUTED_MARK
) -> str:
    """Say briefly what supports a preference of a party: which statements say it, and which the analyst reads so.

    ``wish`` is its condition; None for a ranking or payoffs.
    """
    if support.is_judgement:
        return JUDGEMENT
    return _cited(conflict, support, says_itself(conflict, party, wish, support), mark)


def says_itself(conflict: Conflict, party: str, wish: Condition | None, support: Support) -> tuple[str, ...]:
    """Return which statements behind a preference of a party say it, so that it is not the analyst's reading of them.

    Such a statement is the party's, and takes this position on each option of the preference, without a condition. With
    a note, which says how the analyst reads the statements, none does.

    >>> import detente as dt
    >>> from detente.model.conditions import parse
    >>> dam = dt.example("nile-dam")
    >>> [
    ...     says_itself(dam, "ethiopia", parse(text), Support(ids))
    ...     for text, ids in (("fill", ("c1",)), ("ethiopia-signs", ("c3",)))
    ... ]
    [('c1',), ()]
    """
    literals: dict[Condition, tuple[str, str]] = {}
    for option in wish.options() if wish is not None else ():
        literals |= {Taken(option): (option, FOR), Not(Taken(option)): (option, AGAINST)}
    wanted = [literals.get(one) for one in wish.conjuncts()] if wish is not None else [None]
    if support.note.strip() or None in wanted:
        return ()
    own = [one for one in conflict.all_statements if conflict.party_of.get(one.speaker or "") == party]
    stances = {one.id: {(id, one.stance_on(id, own=conflict.owner[id] == party)) for id in one.about} for one in own}
    return tuple(id for id in support.evidence if stances.get(id, set()).issuperset(wanted))


def _cited(conflict: Conflict, support: Support, as_said: Collection[str], mark: str) -> str:
    """Name the speakers and statements behind an element: first those that say it, then those that are read so."""
    read = _by_speaker(conflict, (id for id in support.evidence if id not in as_said), mark)
    texts = [f"{who} {told}" for who, told in _by_speaker(conflict, as_said, mark).items()]
    if read:
        of = {with_article(who): ids for who, ids in read.items()}
        texts.append(f"{READINGS[support.note.startswith(PROPOSED)]} {_speakers_listed(of)}")
    if support.against:
        texts.append(f"evidence against it: {_speakers_listed(_by_speaker(conflict, support.against, mark))}")
    return "; ".join(texts)


def _speakers_listed(speakers: Mapping[str, str]) -> str:
    """List speakers with their statements; where a name has a comma, a semicolon stands between them."""
    told = [f"{who} {ids}" for who, ids in speakers.items()]
    return "; ".join(told) if any(", " in who for who in speakers) and len(told) > 2 else listed(told)


def _by_speaker(conflict: Conflict, ids: Iterable[str], mark: str) -> dict[str, str]:
    """Return the identifiers of statements, in parentheses with remarks, by the names of their speakers."""
    statements = {statement.id: statement for statement in conflict.all_statements}
    speakers: dict[str, list[str]] = {}
    for id in ids:
        statement = statements.get(id)
        who = speaker_in_words(conflict, statement) if statement else "an unnamed speaker"
        # The source's own words are not in doubt; that they are a source's is clear from its name.
        who = who.removesuffix(_OWN_WORDS)
        text = id
        if statement is not None:
            against = list(rivals(statement, conflict.all_statements))
            remarks = [*_denial_of(statement, conflict.all_statements), *_denied_by(against, conflict.all_speakers)]
            marked = "" if against else marked_in(statement, conflict.all_statements)
            within = f" in {marked}{mark}" if marked not in ("", id) else ""
            # That it is not accepted stands first, so that it is not read as said of another statement.
            new = f", {NOT_ACCEPTED}{',' if within else ''}" if is_unaccepted(conflict.all_testimony, id) else ""
            text = ", ".join([f"{id}{mark if marked == id else ''}{new}{within}", *remarks])
        speakers.setdefault(who, []).append(text)
    # A remark has a comma, so a semicolon stands behind it.
    apart = {who: "; " if any(", " in one for one in told) else ", " for who, told in speakers.items()}
    return {who: f"({apart[who].join(told)})" for who, told in speakers.items()}


def _denial_of(statement: Statement, others: Iterable[Statement]) -> list[str]:
    told = denied(statement, others)
    return [f"a denial of {listed([other.id for other in told])}"] if told else []


def _denied_by(against: Iterable[Statement], names: Mapping[str, str]) -> Iterator[str]:
    """Say behind a statement's identifier who denies it, or contradicts it."""
    for other in against:
        verb = "denied" if other.kind == "denial" else "contradicted"
        yield f"{verb} by {_speaker_name(other.speaker, names) or 'an unnamed speaker'} in {other.id}"


def with_tellers(statement: Statement, others: Iterable[Statement]) -> Iterator[Statement]:
    """Yield a statement and those that report it, from the inside out."""
    yield statement
    if not statement.nested_in:
        return
    by_id = {other.id: other for other in others}
    seen = {statement.id}
    at = by_id.get(statement.nested_in)
    while at is not None and at.id not in seen:
        seen.add(at.id)
        yield at
        at = by_id.get(at.nested_in or "")


def rivals(statement: Statement, others: Iterable[Statement]) -> Iterator[Statement]:
    """Yield what contradicts a statement, or one that reports it; not what it denies itself."""
    others = list(others)
    seen: set[str] = set()
    for at in with_tellers(statement, others):
        seen.add(at.id)
        for other in others:
            contradicts = other.id in at.contested_by or at.id in other.contested_by
            if contradicts and other.id not in seen and not (at.kind == "denial" and other.kind != "denial"):
                yield other


def marked_in(statement: Statement, others: Iterable[Statement]) -> str:
    """Return which statement the analyst marks as disputed: the statement, or one that reports it; or nothing."""
    return next((at.id for at in with_tellers(statement, others) if at.in_doubt), "")


def marked_in_words(id: str, marked: str, what: str = "it") -> str:
    """Say that the analyst marks a statement, called ``what``, as disputed, or the one that reports it.

    >>> marked_in_words("s17", "s17"), marked_in_words("s17a", "s17")
    ('the analyst marks it as disputed', 'reported in s17, which the analyst marks as disputed')
    """
    reported = f"reported in {marked}, which the analyst marks as disputed"
    return f"the analyst marks {what} as disputed" if marked == id else reported


def denied(statement: Statement, others: Iterable[Statement]) -> list[Statement]:
    """Return what a denial denies, if that is known; empty for another statement."""
    if statement.kind != "denial":
        return []
    return [
        other
        for other in others
        if other.kind != "denial" and (other.id in statement.contested_by or statement.id in other.contested_by)
    ]


def with_verb(names: Sequence[str], verb: str) -> str:
    """Put a verb behind the names of speakers.

    >>> with_verb(["Egypt"], "deny"), with_verb(["Egypt", "Sudan"], "deny"), with_verb(["Houthis"], "say")
    ('Egypt denies', 'Egypt and Sudan deny', 'Houthis say')
    """
    plural = is_plural(names[0]) if len(names) == 1 else True
    # Of a name that could be either, the last letter decides.
    plural = names[0].endswith("s") if plural is None else plural
    return f"{listed(names)} {verb if plural else third_person(verb)}"


def speaker_in_words(conflict: Conflict, statement: Statement, *, in_full: bool = False) -> str:
    """Say whose a statement is, and which other speaker reports it.

    ``in_full`` adds the words of the source that name the speaker.
    """
    names = conflict.all_speakers
    who = names.get(statement.speaker or "", statement.speaker or "") or "an unnamed speaker"
    if in_full:
        who = attribution(statement, names)
    told = statement.reported_by
    return f"{who}, {as_reported(names.get(told, told))}" if told and told != statement.speaker else who


def as_reported(name: str) -> str:
    """Say by whom words are reported; of a source in its own words, which would be "reported by the report"."""
    source = _as_reporter(name)
    return f"as reported by {name}" if source == name else f"according to {source}"


def _as_reporter(name: str) -> str:
    """Name a source that reports what others said: its "own words" are then not meant."""
    return name.removesuffix(_OWN_WORDS)


def state_name(state: State) -> str:
    """Name a state in a sentence, without its letters."""
    return f"{quoted(shortened(state.name, 80))} (state {state.number})" if state.name else f"state {state.number}"


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


#: How words are quoted that are not, or not all, the speaker's own: by the form of a statement.
_FORMS = {"indirect": "in indirect speech", "mixed": "partly in indirect speech"}


def kind_and_form(kind: str, statement: Statement) -> str:
    """Say the kind of a statement, and that its quote is not, or not all, in the speaker's own words.

    >>> kind_and_form("refusal", Statement("s1", quote="no", form="mixed"))
    'refusal, partly in indirect speech'
    """
    form = _FORMS.get(statement.form or "") if statement.quote else None
    return ", ".join(filter(None, (kind, form)))


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
    >>> spelled_out(concept("nash_d"))
    'Nash d, Nash stability with unknown preference, extension d: the most cautious'
    >>> [spelled_out(concept(id)) for id in ("seq_then_sim", "probabilistic_gmr")]
    ['SEQ, then SIM (sequential stability, then simultaneous)', '(α, β)-GMR (probabilistic general metarationality)']
    """
    name = one.name.removesuffix(f" ({one.title})")
    if name.startswith(one.title):
        return name
    name = name if name.startswith("Nash ") else f"{name[:1].lower()}{name[1:]}"
    # A comma in the title would part it from itself.
    return f"{one.title} ({name})" if "," in one.title else f"{one.title}, {name}"


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

    The source's words for the speaker are shown if they are other ones, and those that deny always; what stands between
    them in the source is not known, so each is quoted by itself. A speaker that a
    program chose without being sure is marked until a person accepts it.

    >>> said = Statement("s1", speaker="eg", speaker_text="An official", cue="denied", kind="denial")
    >>> attribution(said, {"eg": "Egypt"})
    'Egypt (in the text: “An official”, “denied”)'
    >>> attribution(Statement("s2", speaker="eg", speaker_text="he", speaker_confidence=0.5, proposed=True), {})
    'eg (in the text: “he”; please check the speaker)'
    """
    who = _speaker_name(statement.speaker, names) or "an unnamed speaker"
    differs = bool(statement.speaker_text) and name_key(statement.speaker_text or "") != name_key(who)
    denies = statement.kind == "denial"
    parts = [statement.speaker_text if differs or denies else "", statement.cue if denies else ""]
    text = ", ".join(f"“{part}”" for part in parts if part)
    remarks = [f"in the text: {text}"] if text else []
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
    'Upstream, refusal: “not a cent” (30 April 2024; down contradicts it in s2) [s1, daily]'
    """
    others = list(others)
    who = attribution(statement, names)
    said_how = kind_and_form(_kind_in_words(statement, others), statement)
    kind = f", {said_how}:" if said_how and statement.quote else f", {said_how}" if said_how else ""
    quote = f" {spoken(statement.quote)}" if statement.quote else ""
    said = date_in_words(statement.date_said) if statement.date_said else ""
    when = ", ".join(part for part in (said, statement.place) if part)
    reporter = _speaker_name(statement.reported_by, names) if statement.reported_by != statement.speaker else None
    told = f" ({as_reported(reporter)})" if reporter else ""
    against = against_in_words(rivals(statement, others), names)
    marked = "" if against else marked_in(statement, others)
    parts = (
        when,
        *against,
        marked and marked_in_words(statement.id, marked),
        withdrawal_in_words(statement, names, others),
        NOT_ACCEPTED if statement.proposed else "",
    )
    remarks = "; ".join(part for part in parts if part)
    remark = f" ({remarks})" if remarks else ""
    where = f"{statement.id}, {statement.source}" if statement.source else statement.id
    return f"{who}{told}{kind}{quote}{remark} [{where}]"


def _kind_in_words(statement: Statement, others: Iterable[Statement]) -> str:
    """Say the kind of a statement; of a denial also what it denies, if that is known."""
    told = [
        f"{other.id} (“{shortened(other.quote)}”)" if other.quote else other.id for other in denied(statement, others)
    ]
    return f"denial of {listed(told)}" if told else statement.kind or ""


def against_in_words(against: Iterable[Statement], names: Mapping[str, str], what: str = "it") -> list[str]:
    """Say who denies or contradicts something, called ``what``, and in which statements.

    >>> against_in_words([Statement("c10", speaker="et", kind="denial")], {"et": "Ethiopia"})
    ['Ethiopia denies it in c10']
    """
    told: dict[tuple[str, str], list[str]] = {}
    for other in against:
        verb = "deny" if other.kind == "denial" else "contradict"
        told.setdefault((_speaker_name(other.speaker, names) or "an unnamed speaker", verb), []).append(other.id)
    return [f"{with_verb([who], verb)} {what} in {listed(ids)}" for (who, verb), ids in told.items()]


def withdrawal_in_words(statement: Statement, names: Mapping[str, str], others: Iterable[Statement]) -> str:
    """Say by which statements a statement was withdrawn, or according to whom if only another speaker reports it."""
    others = list(others)
    own: list[str] = []
    reported: dict[str, list[str]] = {}
    for other in others:
        if other.id in statement.withdrawn_by:
            told = other.reported_by
            ids = reported.setdefault(told, []) if told and told != other.speaker else own
            ids.append(other.id)
    parts = [f"withdrawn by {listed(own)}"] if own else []
    by_id = {other.id: other for other in others}
    for told, ids in reported.items():
        against = [one for id in ids for one in rivals(by_id[id], by_id.values())]
        doubt = "".join(f"; {text}" for text in against_in_words(dict.fromkeys(against), names, "that"))
        # It is the report that says so, not the withdrawal in it.
        saying = dict.fromkeys([*with_tellers(by_id[id], by_id.values())][-1].id for id in ids)
        parts.append(f"withdrawn, according to {_as_reporter(names.get(told, told))} ({', '.join(saying)}){doubt}")
    return "; ".join(parts)


def withdrawal_in_brief(statement: Statement, others: Iterable[Statement]) -> str:
    """Say in two words that a statement was withdrawn, or that this is disputed; nothing if it was not.

    >>> import detente as dt
    >>> every = {one.id: one for one in dt.example("nile-dam").all_statements}
    >>> withdrawal_in_brief(every["c8"], every.values()), withdrawal_in_brief(every["c7"], every.values())
    ('withdrawal disputed', '')
    """
    others = list(others)
    by = [other for other in others if other.id in statement.withdrawn_by]
    sure = [one for one in by if not any(rivals(one, others)) and not marked_in(one, others)]
    return "withdrawn" if sure else "withdrawal disputed" if by else ""


def _speaker_name(speaker: str | None, names: Mapping[str, str]) -> str | None:
    return names.get(speaker, speaker) if speaker else None


def contradicting(testimony: Testimony, id: str) -> tuple[list[Statement], str]:
    """Return what contradicts a statement or one that reports it, and which the analyst marks as disputed, if one."""
    against: dict[str, Statement] = {}
    marked = ""
    at = testimony.original.get(id)
    while at:
        marked = marked or (at if any(one.in_doubt for one in testimony.copies[at]) else "")
        rivals = [first if second == at else second for first, second in testimony.rivals if at in (first, second)]
        against |= {other: testimony.by_id[other] for other in rivals}
        at = testimony.original.get(testimony.by_id[at].nested_in or "")
    return list(against.values()), marked


STUCK_UNSAID = "No status quo is given, so whether the dispute is stuck cannot be said"


def player_label(conflict: Conflict, player: str) -> str:
    """Return the name of a decision maker, or of the members of a standing coalition ``a+b``."""
    return names_in_words(conflict, player.split("+") if conflict.coalitions else [player])


def others_in_words(conflict: Conflict, players: Collection[str]) -> str:
    """Name the players beside some: by name if only one is left, and not at all if none is.

    >>> import detente as dt
    >>> [others_in_words(dt.example("nile-dam"), some) for some in (["egypt"], ["egypt", "sudan"])]
    ['the other parties', 'Ethiopia']
    """
    others = [player for player in conflict.player_ids if player not in players]
    return player_label(conflict, others[0]) if len(others) == 1 else "the other parties" if others else ""


def coalition_in_words(conflict: Conflict, coalition: Sequence[str]) -> str:
    """Name the members of a coalition of players, in two words if these are more than two and all parties."""
    members = [id for player in coalition for id in player.split("+")]
    if len(members) == len(conflict.decision_makers) > 2:
        return "all parties"
    return names_in_words(conflict, members)
