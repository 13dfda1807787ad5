"""What a party is said to do: from the words of a statement to actions, and to the conditions on them.

A statement is read clause by clause: who (the words before the verb), what (the verb in the infinitive and what follows
it), whether it is negated, and its mood: what will be done, must be done, was done, or only names the action ('to
sign', 'sign'). Words that say when or why are left out. Whatever has no such form gives no action; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from detente.model.verbs import deed, infinitive
from detente.reading.drafting.actions import (
    ADVERB,
    AUX,
    BARE,
    DONE,
    FUTURE,
    MODAL,
    MUST,
    NEGATION,
    PASSIVE,
    PERFECT,
    POINTING,
    READY,
    UNWILLING,
    WHEN,
    WILLING,
    Action,
    Clause,
    Proviso,
    nominal,
    noun_verb,
    split_condition,
    without_circumstances,
)
from detente.reading.factuality import names_nobody
from detente.reading.lexicon import word_set

#: A demand inside a statement: 'proposals, including requiring NATO to withdraw its troops'.
_ASKED = re.compile(
    r"\b(?:requir|demand|urg|ask|oblig|order|want|call)(?:ing|ed|s|es)?\s+(?:on\s+)?"
    r"(?P<what>(?!to\b)[\w’' ]{2,40}?\s(?:not\s+)?to\s+[a-z].*)"
)
_LEADING = re.compile(rf"(?:{ADVERB}|and|or|but|that|also|both|either)\s+", re.IGNORECASE)
#: Verbs that say that another action goes on, begins or stops, by what they say of it.
_PHASES = {
    **dict.fromkeys(("continue", "keep", "go", "carry", "persist", "maintain"), "continue"),
    # What is resumed does not go on now.
    **dict.fromkeys(("begin", "start", "launch", "commence", "resume"), "begin"),
    **dict.fromkeys(
        ("stop", "cease", "halt", "quit", "refrain", "desist", "abstain", "avoid", "end", "suspend"), "stop"
    ),
}
#: To drop a plan to close the plant is not to close it.
_DROPS = frozenset(["drop", "abandon", "scrap", "shelve", "cancel", "withdraw", "renounce", "revoke"])
_PLAN = re.compile(
    r"(?:its|their|his|her|the|any|all)\s+(?:\w+\s+)?(?:plans?|intentions?|threats?|decision|bid|attempts?|promise)\s+"
    r"(?P<rest>(?:to|of)\s+\w.*)"
)
#: Verbs that name no action of a dispute by themselves.
_EMPTY = word_set(
    """be have do say think know believe understand see hear feel mean seem appear become remain like love hope expect
    want wish need try let get look happen wait depend matter regret fear doubt consider recommend warn note add tell
    comment"""
)

#: What follows 'to' and is no verb: 'the site was not promised to anyone'.
_NO_VERB = re.compile(r"(?:any|every|some|no)(?:one|body|thing)|none|both|each|others|them|us|him|her|me|it|you|people")

#: A choice between two actions, of which the second is refused, and the condition that this puts on the first.
_RATHER = re.compile(r"\s+(?:rather|sooner) than\s+(?:to\s+)?(?P<what>[a-z].*)")
NO_OTHER_WAY = "there is no other way"


def clauses(words: str, *, bare: bool = False) -> list[Clause]:
    """Return the actions that the words of a statement tell, each with its condition.

    Parameters
    ----------
    words
        What was said.
    bare
        Whether the words may begin with the verb, as after 'demanded that they' or 'refused to'.

    >>> [one.actions[0].words for one in clauses("Ethiopia will continue to fill the reservoir of its dam this July")]
    ['fill the reservoir of its dam']
    >>> [clause] = clauses("If the strike goes on, we will close the yard")
    >>> clause.actions[0].words, clause.condition.words, clause.condition.when_done
    ('close the yard', 'the strike goes on', True)
    >>> [clause] = clauses("to sign an agreement", bare=True)
    >>> clause.actions[0].words, clause.actions[0].mood
    ('sign an agreement', 'bare')
    """
    found: list[Clause] = []
    for sentence in re.split(r"(?<=[.!?])[”\"’]?\s+|;\s+|…", " ".join(words.split())):
        main, condition = _with_condition(sentence)
        choice = _RATHER.search(main)
        if choice is not None and condition is None:
            # 'Would close the yard rather than pay': it refuses to pay; to close the yard is no wish.
            main, condition = main[: choice.start()], Proviso(NO_OTHER_WAY, (), when_done=True)
            refused = tuple(replace(one, mood=FUTURE, negated=True) for one in _bare(choice["what"]))
            doer = next((one.doer for one in actions_of(main)), "")
            if refused:
                found.append(Clause(tuple(replace(one, doer=doer) for one in refused), sentence=sentence))
        parts = _coordinated(main)
        for place, part in enumerate(parts):
            actions = tuple(_with_thing_before(one, condition, sentence) for one in _actions(part, bare=bare))
            if not actions:
                continue
            # 'We will trim it, but will not cut it down' has one subject.
            if place and actions[0].doer in ("", _SAME) and found:
                actions = tuple(replace(one, doer=found[-1].actions[0].doer) for one in actions)
            found.append(Clause(actions, condition, sentence))
        if not any(map(actions_of, parts)) and not (found and found[-1].condition is condition is not None):
            # 'There would be no talks until …': the main clause has a noun for the action.
            thing = there_is(main)
            several = (thing,) if thing else tuple(nominal(main, "")) if bare and condition else ()
            if several:
                found.append(Clause(several, condition, sentence))
    return found


def _with_thing_before(action: Action, condition: Proviso | None, sentence: str) -> Action:
    """Return an action whose pronoun means what the condition before it names: 'if they sell the site, occupy it'."""
    pronoun = re.fullmatch(r"(?P<it>it|them)(?P<rest>\s.*)?", action.rest)
    if pronoun is None or condition is None or sentence.rstrip(' .!?”"').endswith(condition.words):
        return action
    things = [one.rest for one in condition.actions if not POINTING.match(one.rest)]
    if len(things) != 1 or " and " in things[0] or things[0].split()[-1].endswith("s") != (pronoun["it"] == "them"):
        return action
    return replace(action, rest=f"{things[0]}{pronoun['rest'] or ''}")


def actions_of(words: str) -> tuple[Action, ...]:
    """Return the actions of a main clause."""
    return tuple(_actions(words))


_THERE = re.compile(
    rf"\bthere\s+(?:will|would|shall|can|could|['’]ll|is|are|must|should)\s*(?:{ADVERB}\s+)*(?:be\s+)?"
    r"(?P<no>no|not be|not any)?\s*"
    r"(?P<thing>[\w’' -]{3,60})",
    re.IGNORECASE,
)


def there_is(words: str) -> Action | None:
    """Return the action of 'there will be no talks'; None if the words have no such form.

    >>> there_is("there would be no peace talks").words
    'hold peace talks'
    """
    match = _THERE.search(words)
    if match is None:
        return None
    thing = without_circumstances(re.sub(r"^(?:no|any|be)\s+", "", match["thing"]))
    head = re.split(r"\s(?:under|with|in|on|at|of|between|about|for|to|by|from)\s", thing)[0].split()[-1:]
    verb = noun_verb(head[0]) if head else None
    if verb is None:
        return None
    return Action("", verb, thing, negated=match["no"] is not None, mood=FUTURE)


def _with_condition(sentence: str) -> tuple[str, Proviso | None]:
    """Split a sentence into the main clause and its condition, with the actions of the condition."""
    split = split_condition(sentence)
    if split is None:
        return sentence, None
    if split.bare:
        told = _bare(split.words)
    else:
        told = [one for part in _coordinated(split.words) for one in _actions(part, conditional=True)]
    actions = tuple(replace(one, doer=told[0].doer) if one.doer == _SAME else one for one in told)
    return split.main, Proviso(split.words, actions, split.when_done, split.only)


#: Stands for the subject of the clause before.
_SAME = "they"


def _coordinated(sentence: str) -> list[str]:
    """Split a sentence where a new clause with its own verb begins."""
    parts, last = [], 0
    for match in re.finditer(r",?\s+(?:and|but|or|so|while)\s+(?:that\s+|then\s+|had\s+then\s+)?", sentence):
        rest = sentence[match.end() :]
        word = re.match(r"[a-z]+\b", rest)
        past = word and infinitive(word[0]) not in (None, word[0]) and not word[0].endswith(("ing", "s"))
        if past and (PERFECT.search(sentence[: match.start()]) or any(_finite(sentence[: match.start()], True))):
            # A second verb of the same subject: 'passed a law and abandoned the agreement'.
            parts.append(sentence[last : match.start()])
            sentence = f"{sentence[: match.end()]}{_SAME} {rest}"
            last = match.end()
            parts += [f"{_SAME} {one}" if not one.startswith(_SAME) else one for one in _coordinated(sentence[last:])]
            return [part.strip(" ,") for part in parts if part.strip(" ,")]
        # A new subject or auxiliary follows.
        if re.match(rf"(?:[\w’'-]+\s+){{0,4}}?(?:{AUX}|has|have|had|will|would|must|shall|should|cannot|can)\b", rest):
            parts.append(sentence[last : match.start()])
            last = match.end() if "had then" not in match[0] else match.end() - len("had then ")
    parts.append(sentence[last:])
    return [part.strip(" ,") for part in parts if part.strip(" ,")]


def _actions(words: str, *, bare: bool = False, conditional: bool = False) -> Iterator[Action]:
    """Yield the actions of one clause."""
    text = words.strip(' "“”‘’,')
    if not text:
        return
    if bare and re.match(r"(?:not\s+)?to\s", text):
        yield from _bare(text)
        return
    asked = _ASKED.search(text)
    if asked is not None and (modal := MODAL.search(text)) is None:
        yield from (replace(one, mood=MUST) for one in _bare(asked["what"]))
        return
    passive = PASSIVE.search(text)
    modal = MODAL.search(text)
    does_not = _DOES_NOT.search(text) if conditional and modal is None else None
    if does_not is not None:
        yield from _action(text[: does_not.start()], does_not["verb"], text[does_not.end() :], True, FUTURE)
        return
    if modal is not None and (passive is None or (modal.start() <= passive.start() and not _is_passive(text, modal))):
        yield from _after_modal(text, modal)
        return
    if passive is not None and infinitive(passive["verb"]) and text[: passive.start()].strip():
        yield from _passive(text, passive)
        return
    perfect = PERFECT.search(text)
    if bare and perfect is None and (found := _bare(text)):
        yield from found
        return
    if perfect is not None and infinitive(perfect["verb"]) and text[: perfect.start()].strip():
        lead = text[perfect.start() : perfect.start("verb")]
        yield from _action(text[: perfect.start()], perfect["verb"], text[perfect.end() :], _negated(lead), DONE)
        return
    yield from _finite(text, conditional)


def _is_passive(text: str, modal: re.Match[str]) -> bool:
    return (
        re.match(rf"\s+(?:{ADVERB}\s+)*be\s+(?:{ADVERB}\s+)*\w+(?:ed|en|wn|ut|ld|id|pt)\b", text[modal.end() :])
        is not None
    )


def _negated(words: str) -> bool:
    return len(NEGATION.findall(words)) % 2 == 1


def _passive(text: str, match: re.Match[str]) -> Iterator[Action]:
    lead, verb = text[: match.start()], infinitive(match["verb"]) or ""
    by = re.search(r"\bby\s+((?:the\s+)?[\w’' -]{2,40})", text[match.end() :])
    whole = text[match.start() : match.end()]
    mood = MUST if re.search(r"must|should", whole) else FUTURE if re.search(r"will|would|to be", whole) else DONE
    negated = _negated(whole) or re.match(r"(?:no(?:thing|body)?\b)", lead, re.IGNORECASE) is not None
    thing = without_circumstances(re.sub(r"^(?:and|but|that|no)\s+", "", lead.strip()))
    if verb in _EMPTY or not thing or re.fullmatch(r"(?:it|this|that|nothing|they|he|she|we)", thing, re.IGNORECASE):
        return
    agent = by[1].strip() if by and not WHEN.match(by[0]) else ""
    yield Action(agent, verb, thing, negated, mood, passive=True)


def _after_modal(text: str, modal: re.Match[str]) -> Iterator[Action]:
    lead, rest = text[: modal.start()], text[modal.end() :].lstrip()
    given = modal[0]
    mood = MUST if modal["must"] else FUTURE
    willing = bool(modal["ready"] or modal["wants"]) and WILLING.search(given) is not None
    negated = bool(modal["no"]) or _negated(given) or bool(UNWILLING.search(given))
    tense = re.match(r"(?:has|have|had)\b.*\b(?:agreed|promised|pledged|vowed|offered)\b", given, re.IGNORECASE)
    phase = next((verb for verb in ("continue", "begin", "start") if re.search(rf"\b{verb}|began|begun", given)), "")
    if modal["wants"] and phase:
        mood = DONE
    if modal["wants"] and re.search(r"\btr(?:y|ied|ies)\b|hope|prefer", given) and not tense:
        return
    if given.lower().endswith("for") or (given.lower().rstrip().endswith(" of") and not modal["ready"]):
        gerund = re.match(r"(\w+ing)\b(.*)", rest)
        if gerund and infinitive(gerund[1]):
            rest = f"{infinitive(gerund[1])}{gerund[2]}"
        else:
            thing = without_circumstances(rest)
            verb = noun_verb(thing.split()[-1]) or noun_verb(thing.split()[0]) if thing else None
            if verb:
                yield Action(_doer(lead), verb, thing, negated, mood, willing=willing)
            return
    while lead_in := _LEADING.match(rest):
        negated ^= _negated(lead_in[0])
        rest = rest[lead_in.end() :]
    further = (
        MODAL.match(f"x {rest}", 2) if re.match(r"(?:be\s+(?:ready|prepared|willing|open)|have)\b", rest) else None
    )
    ready = re.match(rf"(?:be\s+)({READY})\s+(?:to|for)\s+(.*)", rest)
    if ready:
        negated ^= bool(UNWILLING.search(ready[1]))
        rest, willing = ready[2], True
        noun = without_circumstances(rest)
        verb = noun_verb(noun.split()[0]) if noun else None
        if verb:
            yield Action(_doer(lead), verb, noun, negated, mood, willing=willing)
            return
    elif further is None and (have := re.match(r"have\s+to\s+(.*)", rest)):
        rest, mood = have[1], MUST
    if modal["may"] and not negated and not _negated(rest[:12]):
        return
    word = re.match(r"[a-z][\w’'-]*", rest)
    if word is None:
        return
    forced = re.match(
        r"(?:make|force|compel|get|persuade|push|bully|scare)\s+(?:us|him|her|it|them)\s+(?:to\s+|into\s+)?(?P<what>.*)",
        rest,
    )
    if forced and names_nobody(lead):
        # 'No one will make us stop' is what the speaker will not do.
        yield from (replace(one, doer="we", negated=not one.negated, mood=FUTURE) for one in _bare(forced["what"]))
        return
    found = list(_action(lead, word[0], rest[word.end() :], negated, mood, known=True))
    for one in found:
        begun = one if not phase else replace(one, phase=one.phase or ("continue" if phase == "continue" else "begin"))
        yield replace(begun, willing=willing)


#: A doer, and a verb with 'to' for a place: 'the workers return | to work'.
_WITH_TO = re.compile(r"(?P<who>.*\w)\s+(?:return|go|come|stick|keep|adhere|respond|yield|listen|turn)$")
#: Verbs whose past is the same word, before an object: 'the company cut the shift', not 'the pay cut goes on'.
_CUT = re.compile(r"(?:cut|put|shut|set|quit|hit)\s+(?:the|an?|its|their|his|her|our|all|off|up|down)\b")
#: What is not done in a condition: 'if the board does not recommend it'.
_DOES_NOT = re.compile(rf"\b(?:do|does|did)(?:\s+not|n['’]t)\s+(?:{ADVERB}\s+)*(?P<verb>[a-z]+)\b", re.IGNORECASE)
_BARE_VERB = r"(?P<not>not\s+)?(?P<verb>[a-z][\w’'-]*)\b"


def _bare(text: str) -> list[Action]:
    """Read words that begin with the verb, or with a doer and the verb without a time: 'Ethiopia sign an agreement'."""
    lead = ""
    negated = False
    when = WHEN.match(text)
    text = text[when.end() :].strip() if when else text
    to = re.search(r"(?:^|\s)(not\s+)?to\s+(not\s+)?(?=[a-z])", text)
    if to is not None and re.match(r"(?:an?|more|better|any|no|some)\s", text[: to.start()]):
        # 'A commission to measure the river' is a thing.
        return []
    if to is not None and len(text[: to.start()].split()) <= 6 and not _verb_before(text[: to.start()]):
        lead, rest = text[: to.start()], text[to.end() :]
        negated = bool(to[1] or to[2])
    else:
        match = re.match(rf"(?:that\s+)?(?P<who>(?:[^\W\d_][\w’'.-]*\s+){{0,5}}?){_BARE_VERB}", text)
        while match and not (
            infinitive(match["verb"]) == match["verb"] and (not match["who"] or _is_doer(match["who"]))
        ):
            longer = re.match(rf"(?P<who>{re.escape(text[: match.end()])}\s+(?:[A-Z]\S*\s+)*){_BARE_VERB}", text)
            match = longer if longer and len(longer["who"].split()) <= 6 else None
        if (
            match
            and match["who"]
            and not without_circumstances(text[match.end() :])
            and (found := _object_and_participle(text))
        ):
            return found
        if match is None:
            gerund = re.match(r"(\w+ing)\b(.*)", text)
            if gerund and infinitive(gerund[1]):
                return list(_action("", infinitive(gerund[1]) or "", gerund[2], False, BARE, known=True))
            return _object_and_participle(text)
        lead, rest, negated = match["who"], text[match.start("verb") :], bool(match["not"])
    word = re.match(r"[a-z][\w’'-]*", rest)
    return list(_action(lead, word[0], rest[word.end() :], negated, BARE, known=True)) if word else []


def _verb_before(words: str) -> bool:
    with_to = _WITH_TO.match(words)
    return bool(MODAL.search(words) or (with_to and _is_doer(with_to["who"]))) or any(
        one.islower() and infinitive(one) not in (None, one) for one in words.split()[1:]
    )


def _is_doer(words: str) -> bool:
    """Tell whether words before a verb can be its subject: a name, or a noun with an article."""
    first, *others = words.split()
    if not others and re.match(r"(?:the|its|their|our|an?|all|both|each|every)$", first, re.IGNORECASE):
        return False
    return first[:1].isupper() or bool(
        re.match(r"(?:the|its|their|our|all|both|each|every|an?|they|we|it|he|she)$", first)
    )


def _object_and_participle(text: str) -> list[Action]:
    """Read 'the hedge cut', 'the two drivers reinstated': something that is to be done."""
    match = re.match(r"(?P<what>(?:the|its|their|all|his|her|both)\s+(?:[\w’'-]+\s+){1,4})(?P<verb>\w+)\b", text)
    if (
        match is None
        or (verb := infinitive(match["verb"])) is None
        or (verb == match["verb"] and verb not in ("cut", "put", "shut"))
    ):
        return []
    return [Action("", verb, without_circumstances(match["what"]), mood=BARE, passive=True)]


def _finite(text: str, conditional: bool) -> Iterator[Action]:
    """Yield the action of a verb in the present or the past: 'Ethiopia signed', 'the filling goes on'."""
    for match in re.finditer(r"\b[a-z]+\b", text):
        lead = text[: match.start()]
        if not lead.strip() or len(lead.split()) > 8:
            continue
        verb = infinitive(match[0])
        before = lead.split()[-1].lower()
        if verb is None or re.match(r"(?:to|the|a|an|of|its|their|his|her|our|no|in|for|with|by|from|on|at)$", before):
            continue
        past = (match[0] != verb and not match[0].endswith("ing")) or _CUT.match(text, match.start())
        # A noun and a verb in the plural look alike: only after a name or a pronoun is it a verb.
        if not past and not (conditional and re.search(r"(?:we|they|I|you|[A-Z]\w+)\s*$", lead)):
            continue
        if (
            match[0].endswith("s")
            and not match[0].endswith("ss")
            and not conditional
            and lead.split()[-1][:1].islower()
        ):
            continue
        if re.match(r"\s+(?:by|to be)\b", text[match.end() :]):
            continue
        yield from _action(lead, match[0], text[match.end() :], _negated(lead[-12:]), DONE)
        return


def _action(lead: str, verb: str, rest: str, negated: bool, mood: str, *, known: bool = False) -> Iterator[Action]:
    """Yield an action, or the one that it begins, continues or stops, and others that are joined to it."""
    base = (verb if mood == BARE else infinitive(verb) or (verb if known else None)) if verb else None
    if base is None or _NO_VERB.fullmatch(base):
        return
    rest, doer = rest.strip(), _doer(lead)
    phase = _PHASES.get(base, "")
    plan = _PLAN.match(rest) if base in _DROPS else None
    if plan:
        rest, phase = plan["rest"], "plan"
    onward = re.match(
        r"(?:of\s+|on\s+|from\s+|with\s+|up\s+)?(?:(?P<ing>\w+ing)\b|to\s+(?P<to>[a-z]\w+)\b)(?P<rest>.*)", rest
    )
    inner = (infinitive(onward["ing"]) if onward["ing"] else onward["to"]) if onward else None
    if phase and onward and inner and inner not in ("thing", "morning"):
        if base == "go" and onward["to"]:
            inner = None
        elif phase in ("stop", "plan"):
            negated = not negated
        if inner:
            yield Action(doer, inner, without_circumstances(onward["rest"]), negated, mood, phase=phase)
            return
    if base in ("give", "put") and (up := re.match(r"(?:up|an end to)\s+(.*)", rest)):
        base, rest = ("give up" if base == "give" else "end"), up[1]
    if base == "give up" and (plan := _PLAN.match(rest)):
        yield from (
            replace(one, doer=doer, negated=not negated, mood=mood, phase="plan") for one in _bare(plan["rest"])
        )
        return
    base, rest = ("call off", rest[4:]) if base == "call" and rest.startswith("off ") else (base, rest)
    if base == "step" and re.match(r"in\b(?!\s+(?:to|the|an?|front|line)\b)", rest):
        base, rest = "intervene", rest[2:].strip()
    if base == "remain" and re.match(r"(?:in|on|at|part of)\s+(?:the|its|their|an?|[A-Z])", rest):
        base = "stay"
    # To recommend a bid is an act; to recommend that others act is words.
    acts = (base == "let" and len(without_circumstances(rest).split()) > 2) or (
        base == "recommend" and re.match(r"(?:it|them|the|its|their|an?)\b", rest) is not None
    )
    if base in _EMPTY and not acts:
        return
    out = re.match(r"(?:[\w’' -]{0,30}\s)?out of\s+(.*)", rest) if base in ("keep", "stay", "remain") else None
    if out:
        base, rest = "stay", f"out of {out[1]}"
    if base == "make" and re.match(r"(?:him|her|them|it|us|me)\b", rest):
        # To make others act is a wish, and no action that says what is done.
        return
    particle = re.match(r"(?:up|down|off|out|back|over|in|on|away)(?=\s|$)", rest)
    # 'Pay that': a pronoun, and no word that begins a clause.
    that = re.match(r"(?:that|this|these|those)(?=\W*$)", rest)
    text = that[0] if that else without_circumstances(rest)
    if particle and text and not text.startswith(particle[0]):
        text = f"{particle[0]} {text}".strip()
    elif particle and not text:
        text = particle[0]
    texts = _joined(base, text)
    for number, (one, words) in enumerate(texts):
        yield Action(doer, one, words, negated, mood, phase=phase if number == 0 and _is_phase(base, words) else "")


def _is_phase(verb: str, rest: str) -> bool:
    """Tell whether a verb with a noun says that something goes on or stops: 'suspend the strike'."""
    if verb == "go":
        return rest.split()[:1] == ["on"]
    return _PHASES[verb] == "stop" or verb in ("continue", "resume", "maintain") if verb in _PHASES else False


def _joined(verb: str, rest: str) -> list[tuple[str, str]]:
    """Separate actions that are joined by 'and': 'open the gates and let inspectors in'."""
    whole = deed(f"{verb} {rest}")
    if whole is None or len(whole.places) < 2:
        return [(verb, rest)]
    starts = [start for start, _ in whole.places] + [len(whole.text)]
    found = []
    for (start, end), after in zip(whole.places, starts[1:], strict=True):
        words = re.sub(r"(?:,|\s+(?:and|or|then|but))*\s*$", "", whole.text[end:after]).strip()
        found.append((whole.text[start:end], words))
    return found


def _doer(lead: str) -> str:
    """Return the words for who acts, from those before the verb."""
    words = re.sub(
        rf"^(?!(?:both|all)\s)(?:{ADVERB}|that|and|but|so|yet|meanwhile|however|then|if|,)\s+",
        "",
        lead.strip(" ,"),
        flags=re.I,
    )
    first, comma, last = words.rpartition(", ")
    if comma and re.match(
        r"(?:during|in|at|on|by|after|before|under|since|for|with|last|this|as)\b", first, re.IGNORECASE
    ):
        words = last
    return re.sub(rf"\s+{ADVERB}$", "", words)
