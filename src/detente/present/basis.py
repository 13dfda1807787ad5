"""What supports a model: its day, what was dropped and why, and every statement, source and assumption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from detente.model.conditions import Condition
from detente.model.conflict import Conflict
from detente.model.dates import date_in_words, day_in_words, parse_date
from detente.model.day import OUTSIDE_DATES, deciding_elements, unaccepted_elements
from detente.model.evidence import (
    IN_A_DENIAL,
    NOT_YET_SAID,
    PROPOSED,
    WITHDRAWN,
    Dropped,
    Path,
    Support,
    Testimony,
    element_name,
)
from detente.model.parts import DecisionMaker
from detente.model.preferences import Payoffs, Prioritising, Ranking, Weights
from detente.model.statements import Source, Statement
from detente.model.wording import capital, counted, listed, names_in_words, quoted, spoken
from detente.present.blocks import STATEMENT_ANCHOR, Block, Bullets, Column, Heading, Item, Paragraph, Table
from detente.present.outcomes import condition_in_words, preference_in_words, rule_in_words
from detente.present.phrases import (
    JUDGEMENT,
    against_in_words,
    concepts_in_words,
    contradicting,
    denied,
    evidence_in_brief,
    in_quotation_marks,
    kind_and_form,
    marked_in_words,
    rivals,
    says_itself,
    speaker_in_words,
    withdrawal_in_words,
)

if TYPE_CHECKING:
    from detente.analysis.equilibria import OtherReading

#: The maximum number of dropped elements that are named; the rest is counted.
MAX_DROPPED_NAMED = 12
#: How a sentence begins that says which day a model is of.
OF_A_DAY = "This is the model of"
#: More elements than this that are not in a model yet are counted, and more of their statements.
_MAX_LATER_NAMED, _MAX_IDS = 3, 6


def element_label(conflict: Conflict, at: Path, *, in_words: bool = False) -> str:
    """Name an element of a conflict as written by its place in the file; ``in_words`` says a condition in words.

    >>> from detente import example
    >>> element_label(example("ukraine-2023"), ("decision_makers", "ukraine", "preferences", 1))
    'the preference ‘withdraw’ of Ukraine'
    """
    match at:
        case ("decision_makers", str(id), "options", str(option)):
            return f"the option {quoted(conflict.option(option).label)} of {names_in_words(conflict, [id])}"
        case ("decision_makers", str(id), str(key), int(place)):
            preferences = conflict.decision_maker(id).preferences
            condition = next(islice(preferences.conditions(), place, None))
            what = "weight" if key == "weights" else "preference"
            # Without a number: that of the file and that of the model differ where a preference above was dropped.
            whose = names_in_words(conflict, [id])
            said = condition_in_words(conflict, condition) if in_words else ""
            if said and "‘" not in said[:5]:
                # Behind "that" no quotation marks are needed, which would make a quote of it.
                return f"the {what} of {whose} that {said}"
            named = preference_in_words(conflict, condition) if in_words else quoted(str(condition))
            return f"the {what} {named} of {whose}"
        case ("decision_makers", str(id), str(key)):
            return f"the {key} of {names_in_words(conflict, [id])}"
        case ("rules", int(place)):
            rule = conflict.rules[place]
            return f"the rule {in_quotation_marks(rule_in_words(conflict, rule)) if in_words else quoted(str(rule))}"
        case ("merge", int(place)):
            return f"the merge {quoted(str(conflict.merge[place].condition))}"
        case ("one_way", str(option)):
            return f"the one-way mark of {quoted(conflict.option(option).label)}"
        case ("views", str(id), *_):
            return f"part of the view of {names_in_words(conflict, [id])}"
        case ("states", str(name)):
            return f"the state {quoted(name)}"
    return "the status quo" if at == ("status_quo",) else element_name(at)


def basis_in_words(conflict: Conflict) -> list[str]:
    """Say how the model that an answer is about came about: its day, what was dropped and why, and what is disputed.

    Returns a sentence for each thing to say; none where the model is the conflict as written and nothing is disputed.
    """
    draft = [*proposed_in_words(conflict), *_unaccepted_in_words(conflict.basis.written)]
    return [*dropped_in_words(conflict), *_uncertain_in_words(conflict), *draft]


def _unaccepted_in_words(written: Conflict) -> list[str]:
    """Name the statements that no person has accepted and on which a part of the model depends; empty if none does."""
    decided = [support.evidence for _, support in unaccepted_elements(written)]
    used = {id for ids in decided for id in ids}
    if not used:
        return []
    parts = "A part of the model depends" if len(decided) == 1 else f"{len(decided)} parts of the model depend"
    some = "a statement" if len(used) == 1 else "statements" if len(used) <= _MAX_IDS else f"{len(used)} statements"
    by_speaker: dict[str, list[str]] = {}
    for one in written.all_statements:
        if one.id in used:
            by_speaker.setdefault(speaker_in_words(written, one), []).append(one.id)
    told = "; ".join(f"{listed(ids)} of {who}" for who, ids in by_speaker.items()) if len(used) <= _MAX_IDS else ""
    return [f"{parts} on {some} that no person has accepted{f': {told}' if told else ''}."]


def proposed_in_words(conflict: Conflict) -> list[str]:
    """Say how many elements of a dispute are proposals that nothing marks as reviewed; empty if there are none."""
    kinds = Counter(_kind(at) for at, one in conflict.basis.written.supports() if (one.note or "").startswith(PROPOSED))
    if not kinds:
        return []
    several = sum(kinds.values()) > 1
    return [
        f"This is a draft: {listed([_counted_kind(count, kind) for kind, count in kinds.items()])} "
        f"{'are' if several else 'is'} proposed and not reviewed."
    ]


def _counted_kind(count: int, kind: str) -> str:
    return "the status quo" if kind == "status quo" else counted(count, kind)


def dropped_in_words(conflict: Conflict) -> list[str]:
    """Say which day a model is of, what was dropped and why, and what is not feasible then; empty if nothing was."""
    basis = conflict.basis
    written = basis.written
    testimony = written.testimony()
    found = []
    if basis.day and (written.day is not None or basis.dropped or basis.undated != "latest"):
        reading = "" if basis.undated == "latest" else " A vague date counts from its earliest day."
        found.append(f"{OF_A_DAY} {day_in_words(basis.day)}.{reading}")
    dropped = [
        f"{element_label(written, one.at, in_words=True)}: {_why_dropped(written, testimony, one)}"
        for one in basis.dropped
        if one.reason != NOT_YET_SAID
    ]
    left = len(dropped) - MAX_DROPPED_NAMED
    if left > 1:
        dropped = [*dropped[:MAX_DROPPED_NAMED], f"{left} more elements"]
    found += [f"Dropped: {text}." for text in dropped]
    found += _not_yet_said(written, testimony, [one for one in basis.dropped if one.reason == NOT_YET_SAID])
    out = {".".join(map(str, at)) for at, _ in basis.infeasible}
    partial = [one for one in written.states if one.taken.intersection(conflict.untaken)]
    if names := [quoted(one.name) for one in partial if f"states.{one.name}" not in out]:
        told = listed(names) if len(names) <= _MAX_IDS else f"{len(names)} named outcomes"
        lacked = [one.label for one in written.options if one.id in partial[0].taken.intersection(conflict.untaken)]
        if len(names) == 1 and len(lacked) <= _MAX_LATER_NAMED:
            them = "it" if len(lacked) == 1 else "them"
            what = f"includes {listed(list(map(quoted, lacked)))}, which this model does not have"
            found.append(f"{told} {what}. In this model the name means the outcome without {them}.")
        else:
            found.append(
                f"{told} include options that this model does not have. In this model each name means the outcome "
                "without them."
            )
    for at, rule in basis.infeasible:
        found.append(
            f"{capital(element_label(written, at))} is not feasible in this model: it breaks the rule "
            f"{in_quotation_marks(rule_in_words(written, rule))}."
        )
    for place in basis.skipped_acts:
        found.append(f"Act {place} of the history does not count: its evidence is not in force.")
    return found


def _not_yet_said(written: Conflict, testimony: Testimony, later: Iterable[Dropped]) -> Iterator[str]:
    """Say which elements are not in a model yet, once for those whose statements have the same date."""
    by_date: dict[tuple[str, str], dict[Path, str]] = {}
    for one in later:
        if act := _taken_later(written, testimony, one):
            yield act
            continue
        said = testimony.by_id[testimony.original[one.statements[0]]]
        source = next((each.date for each in testimony.sources if each.id == said.source), None)
        dated = ("dated" if said.date_said else "source", date_in_words(said.date_said or source or ""))
        first, last = testimony.earliest(said.id), testimony.latest(said.id)
        if said.date_said and last is not None and (first or 0) <= testimony.number < last:
            # On a day within a vague date the statement may have been made already.
            dated = ("vague", day_in_words(date.fromordinal(last)))
        by_date.setdefault(dated, {})[one.at] = one.statements[0]
    for (kind, when), elements in by_date.items():
        order = {id: place for place, id in enumerate(testimony.by_id)}
        ids = sorted(dict.fromkeys(elements.values()), key=lambda id: order.get(id, len(order)))
        them = listed(ids) if len(ids) <= _MAX_IDS else f"{len(ids)} statements"
        are = "is" if len(ids) == 1 else "are"
        since = f"{them} {are} dated {when}" if kind == "dated" else f"the source of {them} is dated {when}"
        since = f"{them} may be as late as {when}" if kind == "vague" else since
        named = [element_label(written, at, in_words=True) for at in elements]
        if len(named) > _MAX_LATER_NAMED:
            kinds = Counter(_kind(at) for at in elements)
            named = [counted(count, noun) for noun, count in kinds.items()]
        yield f"Not yet in the model, because {since if when else f'{them} {are} dated later'}: {listed(named)}."


def _taken_later(written: Conflict, testimony: Testimony, one: Dropped) -> str:
    """Say that an option comes into a model with an act, if one takes it before its statement is made; else nothing."""
    match one.at:
        case ("decision_makers", str(id), "options", str(option)):
            said = testimony.latest(testimony.original[one.statements[0]])
            for act in written.history:
                done = parse_date(act.date).latest
                if option in act.takes and done and testimony.number < done.toordinal() < (said or 0):
                    when = f"the act of {names_in_words(written, [id])} of {date_in_words(act.date)}"
                    return f"Not yet in the model: {element_label(written, one.at)}. It comes in with {when}."
    return ""


def _kind(at: Path) -> str:
    """Return what an element is, as a noun of which the plural has an s."""
    kinds = {"options": "option", "rules": "rule", "merge": "merge", "one_way": "one-way mark", "views": "view"}
    others = {"states": "named state", "status_quo": "status quo", "history": "act"}
    key = str(at[2] if at[0] == "decision_makers" and len(at) > 2 else at[0])
    return {**kinds, **others}.get(key, "preference")


def _uncertain_in_words(conflict: Conflict) -> list[str]:
    """Name the disputed statements that decide what is in a model, and those that nothing dates."""
    basis = conflict.basis
    testimony = basis.written.testimony()
    found = []
    deciding = {id for decided in basis.disputed for id in decided.statements}
    pairs = [pair for pair in testimony.rivals if not deciding.isdisjoint(pair)]
    if pairs:
        found.append(_contradictions(conflict, testimony, pairs, deciding))
    by_speaker: dict[str, list[str]] = {}
    for id in testimony.disputed:
        if id in deciding and not any(id in pair for pair in pairs):
            by_speaker.setdefault(speaker_in_words(conflict, testimony.by_id[id]), []).append(id)
    if by_speaker:
        told = "; ".join(f"{listed(ids)} of {who}" for who, ids in by_speaker.items())
        found.append(f"Parts of the model depend on statements that the analyst marks as disputed: {told}.")
    if basis.without_date:
        ids = list(basis.without_date)
        one = len(ids) == 1
        found.append(
            f"{'A statement has' if one else 'Some statements have'} no date, so the model uses "
            f"{'it' if one else 'them'} on every day: {listed(ids)}."
        )
    return found


def _contradictions(
    conflict: Conflict, testimony: Testimony, pairs: Iterable[tuple[str, str]], deciding: Collection[str]
) -> str:
    """Say which speakers contradict each other, in which statements, and which of these the model uses."""
    order = {id: place for place, id in enumerate(testimony.by_id)}
    by_speakers: dict[tuple[str, ...], list[str]] = {}
    used: dict[str, None] = {}
    for pair in sorted((sorted(pair, key=order.__getitem__) for pair in pairs), key=lambda pair: order[pair[0]]):
        who = sorted({speaker_in_words(conflict, testimony.by_id[id]) for id in pair})
        by_speakers.setdefault(tuple(who), []).append(", ".join(pair))
        used |= dict.fromkeys(id for id in pair if id in deciding)
    told = [
        f"{listed(who)} contradict each other ({'; '.join(ids)})"
        if len(who) > 1
        else f"statements of {who[0]} contradict each other ({'; '.join(ids)})"
        for who, ids in by_speakers.items()
    ]
    cited = listed(sorted(used, key=order.__getitem__))
    true = "it is true" if len(used) == 1 else "they are true"
    return f"{capital('; '.join(told))}. Parts of the model depend on {cited}, which does not mean that {true}."


def _why_dropped(written: Conflict, testimony: Testimony, one: Dropped) -> str:
    """Say why an element is not in the model."""
    if one.reason == OUTSIDE_DATES:
        support = dict(deciding_elements(written))[one.at]
        parts = [
            f"{word} {date_in_words(when)}"
            for word, when in (("since", support.since), ("until", support.until))
            if when
        ]
        return f"it applies only {' '.join(parts)}"
    id = one.statements[0]
    original = testimony.original[id]
    if one.reason == WITHDRAWN:
        account = testimony.account()
        by = [other for other in testimony.withdrawals[original] if account.in_force(other, testimony.number)]
        said = replace(testimony.by_id[original], withdrawn_by=tuple(by))
        how = withdrawal_in_words(said, written.all_speakers, testimony.statements)
        return f"{id} was {how}" if by else f"{id} is reported inside a withdrawn statement"
    if one.reason == IN_A_DENIAL:
        return f"{id} is reported only inside a denial"
    return f"{id} is not believed"


def view(conflict: Conflict) -> Iterator[Block]:
    """Say what supports the model: statements, sources, the analyst's assumptions, and the notes."""
    yield Heading("Statements")
    if conflict.all_statements:
        yield _statements(conflict)
    else:
        yield Paragraph("The file records no statements: every part of the model is the analyst's assumption.")
    yield from _sources(conflict)
    yield from _assumptions(conflict)
    if conflict.notes.strip():
        yield Heading("The analyst's notes")
        for part in conflict.notes.strip().split("\n\n"):
            yield Paragraph(" ".join(part.split()))


def _statements(conflict: Conflict) -> Table:
    used, testimony = _used(conflict), conflict.testimony()
    return Table(
        (
            Column("", kind="code"),
            Column("Speaker", 3),
            Column("Statement", 8),
            Column("Date, place, source", 3),
            Column("Disputed", 2),
            Column("Used in", 4),
        ),
        tuple(
            (
                one.id,
                speaker_in_words(conflict, one, in_full=True),
                _said(one, testimony),
                _when(one),
                _contested(conflict, testimony, one),
                ", ".join(used.get(one.id, ())) or "–",
            )
            for one in conflict.all_statements
        ),
        "Each statement as its source reports it, with the source's words in quotation marks. In the last column, "
        "a party's name with a number means its preference of that number.",
        anchors=tuple(STATEMENT_ANCHOR + one.id for one in conflict.all_statements),
        linked=(5,),
    )


def _said(one: Statement, testimony: Testimony) -> str:
    kind = kind_and_form(one.kind or "", one)
    quote = spoken(one.quote) if one.quote else ""
    note = f"— {one.note}" if one.note else ""
    outer = testimony.by_id.get(one.nested_in or "")
    # Another than the speaker of the outer statement can report what explains it.
    within = "in" if outer is None or one.reported_by in (None, outer.speaker) else "together with"
    nested = f"Reported {within} {one.nested_in}." if one.nested_in else ""
    text = ": ".join(part for part in (kind, quote) if part)
    return " ".join(part for part in (text, nested, note) if part)


def _when(one: Statement) -> str:
    where = ", ".join(part for part in (one.place, f"to {one.audience}" if one.audience else "") if part)
    return "; ".join(
        part
        for part in (
            date_in_words(one.date_said) if one.date_said else "no date",
            where,
            f"in {one.source}" if one.source else "",
        )
        if part
    )


def _contested(conflict: Conflict, testimony: Testimony, one: Statement) -> str:
    # What reports a statement can be disputed instead of the statement itself.
    names = conflict.all_speakers
    _, marked = contradicting(testimony, one.id)
    parts = against_in_words(rivals(one, conflict.all_statements), names)
    if told := denied(one, conflict.all_statements):
        parts.append(f"denies {listed([other.id for other in told])}")
    if marked:
        parts.append(marked_in_words(testimony.original[one.id], marked))
    parts.append(withdrawal_in_words(one, names, conflict.all_statements))
    return "; ".join(filter(None, parts)) or "–"


def _used(conflict: Conflict) -> dict[str, list[str]]:
    """Say for every statement which parts of the model use it."""
    used: dict[str, dict[str, None]] = {}
    for name, _, support, _ in _parts(conflict):
        for id in support.evidence:
            used.setdefault(id, {}).setdefault(name)
        for id in support.against:
            used.setdefault(id, {}).setdefault(f"against {name}")
    return {id: list(names) for id, names in used.items()}


def _parts(conflict: Conflict) -> Iterator[tuple[str, str, Support, bool]]:
    """Yield every part of the model: a short name, what it says, its support, and if it is a reading of statements."""

    def read(maker: DecisionMaker, wish: Condition | None, support: Support) -> bool:
        return len(says_itself(conflict, maker.id, wish, support)) < len(support.evidence)

    for maker in conflict.decision_makers:
        for option in maker.options:
            text = f"{maker.label}, option: {quoted(option.label)}"
            yield f"{maker.label}: {quoted(option.label)}", text, option.support, bool(option.support.note)
        preferences = maker.preferences
        if isinstance(preferences, Prioritising):
            for place, one in enumerate(preferences.statements, start=1):
                text = f"{maker.label}, preference: {condition_in_words(conflict, one.condition)}"
                yield f"{maker.label} {place}", text, one.support, read(maker, one.condition, one.support)
        elif isinstance(preferences, Weights):
            for place, weight in enumerate(preferences.weights, start=1):
                text = (
                    f"{maker.label}, preference with weight {weight.weight}: "
                    f"{condition_in_words(conflict, weight.condition)}"
                )
                is_read = read(maker, weight.condition, weight.support)
                yield f"{maker.label}'s weight {place}", text, weight.support, is_read
        elif isinstance(preferences, Ranking | Payoffs):
            yield (
                f"{maker.label}'s {preferences.key}",
                f"{maker.label}'s {preferences.key} of the states",
                preferences.support,
                read(maker, None, preferences.support),
            )
    for place, rule in enumerate(conflict.rules, start=1):
        yield f"rule {place}", rule_in_words(conflict, rule), rule.support, bool(rule.support.note)
    for mark in conflict.one_way:
        yield (
            f"one way: {quoted(conflict.option(mark.option).label)}",
            f"{quoted(conflict.option(mark.option).label)} can change in one direction only",
            mark.support,
            bool(mark.support.note),
        )
    for place, merge in enumerate(conflict.merge, start=1):
        text = f"Merged into one state: all states with {condition_in_words(conflict, merge.condition)}"
        yield f"merge {place}", text, merge.support, bool(merge.support.note)
    if conflict.status_quo:
        names = [quoted(option.label) for option in conflict.options if option.id in conflict.status_quo.taken]
        quo = conflict.status_quo.support
        yield "status quo", f"Status quo: {listed(names) or 'no option is taken'}", quo, bool(quo.note)


def _sources(conflict: Conflict) -> Iterator[Block]:
    if not (conflict.all_sources or conflict.citation):
        return
    yield Heading("Sources")
    items = [Item(_source(source), source.id) for source in conflict.all_sources]
    items += [Item(text, "Based on" if conflict.all_sources else "") for text in conflict.citation]
    yield Bullets(tuple(items))


def _source(source: Source) -> str:
    where = [
        source.publisher,
        date_in_words(source.date) if source.date else None,
        f"Language: {source.language}" if source.language else None,
        source.url,
        source.file,
    ]
    digest = f"SHA-256 {source.sha256}" if source.sha256 else None
    parts = [source.title or "Untitled", *where, digest, source.note]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _assumptions(conflict: Conflict) -> Iterator[Block]:
    judged = [(text, support) for _, text, support, _ in _parts(conflict) if support.is_judgement]
    read = [(text, support) for _, text, support, read in _parts(conflict) if read and not support.is_judgement]
    yield Heading("Assumptions of the analyst")
    if judged:
        yield Paragraph("No statement supports these parts of the model:")
        yield Bullets(tuple(Item(_noted(text, support)) for text, support in judged))
    else:
        yield Paragraph("A statement supports every part of the model.")
    if read:
        yield Heading("How statements were interpreted")
        yield Paragraph("These parts of the model are the analyst's reading of the statements in brackets:")
        yield Bullets(
            tuple(
                Item(f"{_noted(text, support)} [{evidence_in_brief(conflict, support, reading=False)}]")
                for text, support in read
            )
        )


def _noted(text: str, support: Support) -> str:
    note = " ".join(support.note.split())
    lead = JUDGEMENT if support.is_judgement else ""
    return f"{text}. {note}" if note else f"{text} ({lead})." if lead else f"{text}."


def other_reading_in_words(found: OtherReading) -> str:
    """Say how the answer differs with vague dates read the other way; for a reading that differs."""
    with_it = f"With --undated {found.undated}"
    if found.reason:
        return f"{with_it} there is no answer: {found.reason}"
    parts = [
        *(["the status quo is another state"] if found.status_quo else []),
        *([f"the equilibria differ under {concepts_in_words(found.concepts, ())}"] if found.concepts else []),
    ]
    return f"{with_it} the answer is different: {' and '.join(parts)}."


def grounds(conflict: Conflict) -> str:
    """Say how many of the preferences and rules depend on statements, and how many are assumptions."""
    now, written = ([maker.preferences for maker in model.decision_makers] for model in (conflict, conflict.written))
    supports = [one.support for held in now if isinstance(held, Prioritising) for one in held.statements]
    if not supports:
        return ""
    assumed = sum(support.is_judgement for support in supports)
    out = sum(len(one.statements) for one in written if isinstance(one, Prioritising)) - len(supports)
    gone = f" {counted(out, 'further preference is', 'further preferences are')} not in this model." if out > 0 else ""
    rules = sum(rule.support.is_judgement for rule in conflict.rules)
    too = f" {counted(rules, 'rule is an assumption', 'rules are assumptions')}, too." if rules else ""
    if not assumed and len(supports) > 1:
        return f"All {len(supports)} preferences depend on statements.{gone}{too.replace(', too.', '.')}"
    return (
        f"Of {counted(len(supports), 'preference')}, "
        f"{counted(len(supports) - assumed, 'depends', 'depend', none='none depends')} on statements and "
        f"{counted(assumed, 'is an assumption', 'are assumptions', none='none is an assumption')} of the "
        f"analyst.{gone}{too}"
    )
