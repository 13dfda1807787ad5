"""From statements to options: who is said to want which action of whom, and which actions are the same option.

1. Each statement of a party is read for actions (`detente.reading.drafting.clauses`). An action that is demanded,
   refused, promised, offered or threatened is a *reading*: its holder wants it, or not, of the party that would act.
2. Readings of one party's actions that say the same are one option: the same verb, or one that means the same, with the
   same things. Opposite verbs ('leave the council', 'go to the council') are one option, too, with the sign turned.
3. Words that only point at an action ('the call', 'the filling', 'Kiev's demands') are looked up among these options.
   What is not found is reported, and nothing is made up for it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from detente.model.statements import Dossier, Statement
from detente.model.verbs import infinitive
from detente.reading.drafting.actions import (
    ADVERB,
    BARE,
    DONE,
    FUTURE,
    MUST,
    POINTING,
    Action,
    Clause,
    Proviso,
    canonical,
    is_unclear,
    nominal,
    split_condition,
    without_circumstances,
)
from detente.reading.drafting.clauses import clauses
from detente.reading.drafting.parties import Parties, addressee, words_before
from detente.reading.drafting.speakers import COMMON_BODIES
from detente.reading.factuality import words_of_weight
from detente.reading.lexicon import lexicon
from detente.reading.links import a_kind
from detente.reading.phrases import is_human, key
from detente.reading.speech_acts import speech_act_by_words

#: The groups of preferences, most important first.
REFUSAL, DEMAND, COMMITMENT, OBJECTION, OFFER = "refusal", "demand", "commitment", "objection", "offer"
#: A threat is carried out only on a condition. What is asked for in a condition, what a threat answers to, and what is
#: told as done are no wishes.
THREAT, ASKED, ANSWERED, TOLD = "threat", "condition", "answered", "told"

_UNACCEPTABLE = re.compile(
    r"[\"“‘]?\b(?:is|was|are|were|would be|remains?|as)?\s*(?:totally |completely |simply |quite |wholly )?[\"“‘]?"
    r"(?P<how>unacceptable|out of the question|intolerable|inadmissible|illegal|unlawful|a violation|a breach|"
    r"a provocation|not acceptable|a red line)\b",
    re.IGNORECASE,
)
_OBJECTS = re.compile(
    r"\b(?:accus|condemn|criticis|criticiz|denounc|protest|object|blam|complain|deplor)", re.IGNORECASE
)
_REJECTS = re.compile(
    r"\b(?:reject|refus|dismiss|oppos|turn\w* down|rul\w* out|veto|declin|cannot accept|not accept|resist)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """What a statement says of one action: ``holder`` wants it of ``owner``, or does not.

    ``place`` is the statement's place in the list; ``owner`` is None until it is known who would act.
    """

    statement: Statement
    place: int
    holder: str
    owner: str | None
    action: Action
    wanted: bool
    group: str
    condition: Proviso | None = None


@dataclass(frozen=True)
class Allusion:
    """Words of a statement that only point at an action, which its holder does not want."""

    statement: Statement
    place: int
    holder: str
    words: str
    group: str


def readings_of(
    dossier: Dossier, parties: Parties, texts: Mapping[str, str]
) -> tuple[list[Reading], list[Allusion], list[str]]:
    """Return what the statements say of actions, what they only point at, and what could not be read.

    A denial says what is not so, so it gives no reading; nor does anything that is reported inside one.
    """
    by_id = {one.id: one for one in dossier.statements}
    places = {one.id: place for place, one in enumerate(dossier.statements)}
    writers = _writers(dossier, parties)
    inside: defaultdict[str, list[Statement]] = defaultdict(list)
    for one in dossier.statements:
        inside[one.nested_in or ""].append(one)
    found: list[Reading] = []
    mentions: list[Allusion] = []
    unread: list[str] = []
    for place, one in enumerate(dossier.statements):
        holder = parties.of_speaker(one.speaker)
        if (
            holder is None
            and one.kind in ("demand", "refusal", "offer", "threat", "commitment", "condition")
            and one.nested_in is None
        ):
            who = dossier.speakers.get(one.speaker or "", one.speaker) or "an unnamed speaker"
            unread.append(f"{one.id}: {a_kind(one.kind)} of {who} (not a party in this draft)")
        outer = by_id.get(one.nested_in or "")
        if one.kind == "denial" or _in_a_denial(one, by_id) or _in_a_condition(one, by_id) or holder is None:
            continue
        told = {*(each.place for each in found), *(each.place for each in mentions)}
        if outer is not None and parties.of_speaker(outer.speaker) == holder and places[outer.id] in told:
            # 'Sudan said that Sudan was ready to sign': the outer statement has said it.
            continue
        words = _with_verb(one, _quoted(one, texts))
        before = words_before(one, texts)
        made: list[Reading] = []
        own = [each for each in inside[one.id] if parties.of_speaker(each.speaker) == holder]
        writer = writers.get(one.source or "") if one.form == "indirect" else None
        we = parties.name(writer) if writer not in (None, holder) else ""
        for each in _readings(one, place, holder, words, before, parties, own, we):
            if each.group == REFUSAL and canonical(each.action.verb) in ("accept", "tolerate") and not each.wanted:
                # What is not accepted is an action of others, or a proposal.
                thing = each.action.rest or words.rpartition("accept ")[2]
                mentions.append(Allusion(one, place, holder, re.sub(r"^that\s+", "", thing), REFUSAL))
            else:
                made.append(each)
        said = [_at_its_source(each, inside[each.statement.id], parties) for each in made]
        resolved = [_with_object(each, found, before, parties) for each in said]
        unclear = [each for each in resolved if each.group != TOLD and is_unclear(each.action)]
        for each in unclear:
            unread.append(f"{one.id}: it is not clear what “{each.action.words}” means")
        found += [each for each in resolved if each not in unclear]
        known = any(each.statement is one for each in mentions)
        pointed = (
            [] if (made and not _OBJECTS.search(one.cue or "")) or known else list(_mentions(one, place, holder, words))
        )
        mentions += pointed
        inner = any(each.speaker == one.speaker for each in inside[one.id])
        silent = inner or one.kind in ("claim", "justification", "withdrawal", None)
        if not (made or pointed or known or silent):
            who = parties.in_a_sentence(holder)
            other = next((each.doer for read in clauses(words) for each in read.actions if each.doer), "")
            if other and parties.of_doer(other, holder, own=True) != holder:
                unread.append(f"{one.id}: “{other}” would act, and is not taken to be {who}")
            else:
                unread.append(f"{one.id}: the {one.kind} of {who} names no action that could be read")
    return found, mentions, unread


def _writers(dossier: Dossier, parties: Parties) -> dict[str, str]:
    """Return the party that writes a source as 'we' or 'I', by source: a letter, a mail, a post.

    Where it tells in indirect speech what another party said, 'we' is not that party: 'Mr Vance said the company would
    talk, but only after we call off the ballot', 'My mother says I promised to stay out of sales'.
    """
    found: dict[str, set[str]] = {}
    for one in dossier.statements:
        # In a mail the writer's sentences have no words for who speaks.
        words = one.speaker_text or (one.quote or "").partition(" ")[0]
        first = words.lower() in ("we", "i") and one.form == "indirect" and one.nested_in is None
        if first and one.source and (party := parties.of_speaker(one.speaker)):
            found.setdefault(one.source, set()).add(party)
    return {source: next(iter(who)) for source, who in found.items() if len(who) == 1}


def _with_we(clause: Clause, we: str) -> Clause:
    """Return a clause with a name for 'we' and 'I'."""

    def named(action: Action) -> Action:
        return replace(action, doer=we) if action.doer.lower() in ("we", "us", "i", "me") else action

    condition = clause.condition
    if condition is not None:
        condition = replace(condition, actions=tuple(map(named, condition.actions)))
    return replace(clause, actions=tuple(map(named, clause.actions)), condition=condition)


def _in_a_denial(one: Statement, by_id: Mapping[str, Statement]) -> bool:
    """Tell whether a statement is reported inside a denial, or is what a withdrawal of its speaker's takes back."""
    outer = by_id.get(one.nested_in or "")
    if outer is not None and outer.kind == "withdrawal" and outer.speaker == one.speaker:
        return True
    while outer is not None and outer.kind != "denial":
        outer = by_id.get(outer.nested_in or "")
    return outer is not None


def _in_a_condition(one: Statement, by_id: Mapping[str, Statement]) -> bool:
    """Tell whether words are only part of a condition: 'talks begin once they call off the ballot'."""
    outer, words = by_id.get(one.nested_in or ""), " ".join((one.quote or "").split())
    split = split_condition(" ".join((outer.quote or "").split())) if outer and words else None
    return split is not None and words in split.words


def _at_its_source(reading: Reading, inside: Sequence[Statement], parties: Parties) -> Reading:
    """Return a reading with the statement inside its own that makes the offer, where this one only reports it.

    'The director said that the harbour was ready to hire' reports an offer; a withdrawal names the offer.
    """
    outer = reading.statement
    for one in inside:
        same = parties.of_speaker(one.speaker) == reading.holder
        if same and outer.kind == "claim" and one.kind in ("offer", "commitment", "refusal", "threat"):
            said = words_of_weight(one.quote or "")
            if words_of_weight(reading.action.rest) and words_of_weight(reading.action.rest) <= said:
                return replace(reading, statement=one)
    return reading


#: A cue that ends with what will be done, or will not: 'will not withdraw | the rota'.
_ACT = re.compile(
    rf"(?:.*\s)?(?:(?:will|would|shall|can|could)\s+(?:not\s+)?|cannot\s+|\w+n['’]t\s+)(?:{ADVERB}\s+)*(?P<verb>[a-z]+)"
)


def _with_verb(one: Statement, words: str) -> str:
    """Return the words of a statement with the verb of its cue, if that is the action and no word of saying."""
    act = _ACT.fullmatch(one.cue or "")
    if act is None or one.kind not in ("refusal", "offer", "commitment", "threat", "condition"):
        return words
    verb, known = act["verb"], lexicon()
    called_off = verb == "call" and words.startswith("off ")
    says = verb in known.says or any(verb in known.kinds[kind] for kind in ("demand", "refusal", "threat"))
    if infinitive(verb) != verb or (says and not called_off) or re.match(r"(?:not\s+)?to\s|that\s", words):
        return words
    return words if _REJECTS.search(one.cue or "") else f"{one.cue} {words}"


def _quoted(one: Statement, texts: Mapping[str, str]) -> str:
    """Return the words of a statement, with what stands in short gaps between its parts, without marks of a mail."""
    text = texts.get(one.source or "")
    if not text or len(one.spans) < 2:
        return re.sub(r"(?m)^\s*(?:>\s*)+", "", one.quote or "")
    words = ""
    for (start, end), after in zip(one.spans, (*one.spans[1:], None), strict=True):
        words += text[start:end]
        if after is not None:
            gap = text[end : after[0]]
            told = any(each and each in gap for each in (one.cue, one.speaker_text))
            # 'Otherwise, he said, the boats …' is one sentence; after a full stop another one begins.
            goes_on = told and not re.search(r"[.!?][”\"]?\s*$", words) and not text[after[0] : after[0] + 1].isupper()
            words += (
                " " if goes_on else "… " if told else gap if len(gap) <= 60 and not re.search(r"[“”\"]", gap) else "… "
            )
    return words


def _readings(
    one: Statement,
    place: int,
    holder: str,
    words: str,
    before: str,
    parties: Parties,
    inside: Sequence[Statement],
    we: str,
) -> Iterator[Reading]:
    demand, cue, said = one.kind == "demand", one.cue or "", addressee(one, before)
    if demand and (_THEM.fullmatch(said) or _THEIRS.match(words)):
        last = parties.last_named(before, holder)
        said = parties.name(last) if last else said
    asks = demand and re.match(r"\W*(?:that|to)?\s*(?:there|it|this|that|he|she|they|we)?\W*$", said) is None
    bare = one.kind in ("demand", "refusal", "offer", "commitment", "threat", "condition")
    read = clauses(words, bare=bare)
    if we:
        read = [_with_we(each, we) for each in read]
    if (deed := _told_by_cue(one, words)) is not None:
        yield Reading(one, place, holder, holder, deed, not deed.negated, TOLD)
        return
    if one.kind == "refusal":
        # 'Rejected a takeover bid': a noun before what looks like a verb is no doer.
        read = [each for each in read if not (each.actions[0].mood == BARE and each.actions[0].doer)]
    of_others = False
    if not read and bare and not _REJECTS.search(cue):
        parts = re.split(r"\s+and\s+for\s+", words)
        read = [Clause((action,)) for part in parts for action in nominal(part, one.kind or "", cue)]
        # Who wants 'an end to split shifts' or 'a raise' wants it of another party.
        of_others = demand and not said.strip() and _WISHES.search(cue) is not None
    kinds = _kinds_of_sentences(one, read)
    for clause in read:
        for action in clause.actions:
            told = _told_inside(action, clause, inside) if len(kinds) > 1 else None
            kind = told.kind if told else kinds.get(clause.sentence, one.kind)
            shown = replace(one, kind=kind)
            others = of_others and not action.doer and action.verb not in _SHARED
            owners = _owners(action, shown, holder, said if asks else "", parties)
            for owner in [parties.only_other(holder)] if others else owners:
                reading = _reading(shown, place, holder, owner, action, clause.condition)
                if reading is not None:
                    yield replace(reading, statement=told or one)


def _kinds_of_sentences(one: Statement, read: Sequence[Clause]) -> dict[str, str | None]:
    """Return the kind of every sentence of a statement that tells an action.

    A statement has the kind of one of its sentences: 'We do not seek war. But if they march, we will close the border'
    holds a refusal and a threat.
    """
    sentences = list(dict.fromkeys(clause.sentence for clause in read))
    if len(sentences) < 2:
        return dict.fromkeys(sentences, one.kind)
    kinds: dict[str, str | None] = {each: speech_act_by_words("", each) for each in sentences}
    # If no sentence shows the kind of the whole by its words, each may have it.
    return kinds if one.kind in kinds.values() else dict.fromkeys(sentences, one.kind)


def _told_inside(action: Action, clause: Clause, inside: Sequence[Statement]) -> Statement | None:
    """Return the statement inside a longer one of the same party that tells an action of one of its sentences."""
    sentence, weight = " ".join(clause.sentence.split()), words_of_weight(action.words)
    for one in inside:
        quote = " ".join((one.quote or "").split())
        if (
            quote
            and quote.strip(" .") in sentence
            and one.kind
            and weight <= words_of_weight(f"{one.cue or ''} {quote}")
        ):
            return one
    return None


def _told_by_cue(one: Statement, words: str) -> Action | None:
    """Return what is told as done by a verb that says nothing: 'Sudan supported | Egypt in the Council'."""
    last = (one.cue or "").split()[-1:] or [""]
    verb = infinitive(last[0])
    if verb is None or last[0] == verb or verb in lexicon().says or one.form != "indirect":
        return None
    if one.kind == "withdrawal" and verb in ("take", "put", "bring", "move") and not re.search(r"\bback\b", words):
        # 'Took its bid to the shareholders' takes nothing back.
        return Action("", verb, without_circumstances(words), mood=DONE)
    known = ("support", "back", "endorse", "approve", "appoint", "welcome", "accept", "veto")
    if one.kind != "claim" or verb not in known:
        return None
    return Action("", verb, without_circumstances(words), _NOT.search(one.cue or "") is not None, DONE)


_NOT = re.compile(r"\b(?:not|never)\b|n['’]t\b")


def _owners(action: Action, one: Statement, holder: str, said: str, parties: Parties) -> list[str | None]:
    """Return the parties that would act; one None if that is not said."""
    demand = one.kind == "demand" or action.mood == MUST
    if action.passive:
        named = parties.of_doer(action.doer, holder, own=False) if action.doer else None
        return [named] if named or not demand else [*_asked_of(said, holder, parties)]
    if action.mood == BARE and not action.doer:
        wish = not said.strip() and _WISHES.search(one.cue or "") is not None
        return [*_asked_of(said, holder, parties)] if demand and not wish else [holder]
    if _ALL.match(action.doer):
        return [each.id for each in parties.parties if each.id != holder] if demand else [holder]
    if action.mood == FUTURE and not action.doer and one.kind == "claim" and one.nested_in is None:
        # 'A tunnel, she said, would cost more': the subject is elsewhere.
        return []
    several = parties.all_named(action.doer) if " and " in action.doer else []
    if len(several) > 1:
        return list(several)
    found = parties.of_doer(action.doer, holder, own=not demand, said=said)
    if (
        found is None
        and action.mood == FUTURE
        and one.kind in ("commitment", "offer", "refusal", "threat")
        and _is_thing(action.doer)
    ):
        return [holder]
    if found is None and demand and not action.doer:
        return [*_asked_of(said, holder, parties)]
    return [found]


def _is_thing(doer: str) -> bool:
    """Tell whether a subject is a thing that its speaker has in hand: 'the lorries would keep to 20 miles an hour'."""
    return re.match(r"(?:the|its|their|our)\s+[a-z]", doer) is not None


#: Words for a party that was named before: 'called on it', 'their withdrawal'.
_THEM = re.compile(r"it|them|him|her", re.IGNORECASE)
_THEIRS = re.compile(r"(?:their|its|his|her)\s", re.IGNORECASE)
#: What several do together: who wants talks will hold them, too.
_SHARED = frozenset(["hold", "sign", "keep"])
#: A wish of the speaker's own: 'would like to sell it'.
_WISHES = re.compile(r"\b(?:would like|wants?|wanted|hopes?|hoped|plans?|planned|wish(?:es|ed)?|seeks?|intends?)\b")
_ALL = re.compile(r"(?:both|the two|the three|all)\b|the (?:parties|sides)\b", re.IGNORECASE)


def _asked_of(said: str, holder: str, parties: Parties) -> list[str | None]:
    """Return whom a demand addresses: whom its words name, or else the only other party."""
    if _ALL.match(said.strip()):
        return [each.id for each in parties.parties if each.id != holder]
    if said.strip() and (found := parties.of_doer(said, holder, own=False)) is not None:
        return [found if found != holder else parties.only_other(holder)]
    return [parties.only_other(holder)]


def _reading(
    one: Statement, place: int, holder: str, owner: str | None, action: Action, condition: Proviso | None
) -> Reading | None:
    """Return the reading of an action, or None if the statement takes no stand on it."""
    wanted, kind = not action.negated, one.kind
    if action.mood == DONE:
        return Reading(one, place, holder, owner, action, wanted, TOLD)
    if kind == "refusal" and action.mood == BARE:
        return Reading(one, place, holder, owner, action, not wanted, REFUSAL, condition)
    if kind == "withdrawal":
        return None
    if (kind == "demand" and owner != holder) or (action.mood == MUST and owner != holder):
        return Reading(one, place, holder, owner, action, wanted, DEMAND, condition)
    if owner != holder:
        # What others will do is a forecast.
        return None
    things_act = not action.passive and _is_thing(action.doer) and owner == holder and action.mood == FUTURE
    if things_act and _inanimate(action.doer) and not re.match(r"(?:the|an?|its|their|our|all|any)\s", action.rest):
        # 'The boats would block the route' is to block it; 'the lorries would keep to …' needs the lorries.
        action = replace(action, verb="have", rest=f"{action.doer} {action.verb} {action.rest}".strip())
    if not wanted:
        return Reading(one, place, holder, owner, action, False, REFUSAL, condition)
    group = OFFER if action.willing or kind == "offer" else THREAT if kind == "threat" else COMMITMENT
    return Reading(one, place, holder, owner, action, True, group, condition)


def _inanimate(doer: str) -> bool:
    """Tell whether a subject of two words is things: 'the lorries', not 'the tenants'."""
    noun = key(doer.split()[-1])
    people = noun in COMMON_BODIES or is_human(noun) or is_human(noun.removesuffix("s"))
    return noun.endswith("s") and len(doer.split()) == 2 and not people


#: Amounts of money, which are paid.
_AMOUNT = re.compile(
    r"[£$€]\s?\d+(?:[.,]\d+)*(?:\s(?:million|billion))?|\d+(?:[.,]\d+)*\s(?:million\s|billion\s)?"
    r"(?:pence|cents?|percent|per cent|pounds?|dollars?|euros?|francs?|crowns?)\b"
)


def _with_object(reading: Reading, before: Sequence[Reading], words: str, parties: Parties) -> Reading:
    """Return a reading with what its pronouns stand for: 'sign one', after 'sign a binding agreement'.

    ``words`` are those before the statement; 'pay that' means the amount that they name last.
    """

    def resolved(action: Action, owner: str | None, *, nearest: Sequence[Reading] = ()) -> Action:
        pronoun = re.match(
            r"^(?P<it>it|them|one|ones|these|those|this|that)\b(?P<rest>.*)$", action.rest, re.IGNORECASE
        )
        if pronoun is None:
            return action
        near = [one for one in reversed(before) if one.statement.source == reading.statement.source][:30]
        clear = [one for one in (*nearest, *near) if not POINTING.match(one.action.rest)]
        same = [one for one in clear if canonical(one.action.verb) == canonical(action.verb)]
        if canonical(action.verb) == "pay" and not same:
            amounts = _AMOUNT.findall(words)
            return replace(action, rest=f"{amounts[-1]}{pronoun['rest']}") if amounts else action
        if pronoun["it"].lower() in ("one", "ones", "that", "this") and not same:
            return action
        best = next(iter(same or [one for one in clear if one not in nearest]), None)
        if best is None:
            return action
        thing = best.action.rest
        if best.owner is not None and best.owner != owner:
            # 'Its offer' is another party's here.
            name = parties.name(best.owner)
            whose = f"{name}'" if name.endswith("s") else f"{name}'s"
            thing = re.sub(r"^(?:its|their|his|her|our|my)\s", f"{whose} ", thing)
        return replace(action, rest=f"{thing}{pronoun['rest']}")

    reading = replace(reading, action=resolved(reading.action, reading.owner))
    condition = reading.condition
    if condition is not None:
        own = (parties.of_doer(one.doer, reading.holder, own=False) if one.doer else None for one in condition.actions)
        # 'Ethiopia would sign a binding agreement if Egypt signed it, too.'
        pairs = zip(condition.actions, own, strict=True)
        actions = tuple(resolved(one, owner, nearest=[reading]) for one, owner in pairs)
        condition = replace(condition, actions=actions)
    return replace(reading, condition=condition)


def _mentions(one: Statement, place: int, holder: str, words: str) -> Iterator[Allusion]:
    """Yield what a statement points at and objects to."""
    cue = one.cue or ""
    match = _UNACCEPTABLE.search(words)
    if match is not None and one.kind != "withdrawal":
        thing = words[: match.start()].strip(' ,"“”')
        if thing:
            yield Allusion(one, place, holder, thing, REFUSAL)
        return
    if _OBJECTS.search(cue):
        yield Allusion(one, place, holder, words, OBJECTION)
    elif _REJECTS.search(cue) and one.kind != "denial":
        yield Allusion(one, place, holder, words, REFUSAL)


# Options
