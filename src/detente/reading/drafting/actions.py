"""What an action of a party is, what shows its mood and its condition, and how a noun tells one: 'peace talks'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detente.model.verbs import infinitive
from detente.reading.speech_acts import INVERTED

#: How an action is told: as future, as required, as done, as going on, or by a verb without a time.
FUTURE, MUST, DONE, BARE = "future", "must", "done", "bare"


@dataclass(frozen=True)
class Action:
    """An action: who does it, in the text's words, and what.

    ``doer`` is empty if the words do not say who acts. ``passive`` says that ``rest`` is what it is done to ('the hedge
    had been cut'). ``phase`` is set for an action that is told through another one: 'continue', 'stop' or 'begin'.
    ``willing`` says that the doer is ready for it, or agrees to it.
    """

    doer: str
    verb: str
    rest: str
    negated: bool = False
    mood: str = FUTURE
    passive: bool = False
    phase: str = ""
    willing: bool = False

    @property
    def words(self) -> str:
        """The action as a name: 'sign a binding agreement'."""
        return f"{self.verb} {self.rest}".strip()


@dataclass(frozen=True)
class Proviso:
    """On which actions another one depends, and how.

    ``when_done`` says that the action follows if the condition is met, otherwise if it is not ('unless', 'until').
    ``words`` is the condition as written.
    """

    words: str
    actions: tuple[Action, ...]
    when_done: bool
    only: bool = False


@dataclass(frozen=True)
class Clause:
    """Actions that are told together, with the condition that they depend on, and the sentence that tells them."""

    actions: tuple[Action, ...]
    condition: Proviso | None = None
    sentence: str = ""


ADVERB = (
    r"(?:(?!(?:ap|sup|re|com|im|multi)p?ly\b|ally\b|rally\b|bully\b)\w+ly|also|still|now|always|soon|later|instead|"
    r"again|therefore|then|at once|in turn|never|not|already|long|first|even|all|both|only|just|ever|no longer)"
)


# What stands before a verb

AUX = r"(?:is|are|was|were|be|been|being|remains?|remained|stands?|stood|am|['’]re|['’]m)"
READY = r"(?:ready|prepared|willing|open|happy|determined|free|resolved|unwilling|unable|not able|reluctant)"
WANTS = (
    r"(?:wants?|wanted|plans?|planned|intends?|intended|agrees?|agreed|agreeing|refuses?|refused|refusing|promise[sd]?|"
    r"promising|vow(?:s|ed)?|pledge[sd]?|offer(?:s|ed)?|threaten(?:s|ed)?|declines?|declined|decide[sd]?|hopes?|hoped|"
    r"undertakes?|undertook|aims?|aimed|consent(?:s|ed)?|mean(?:s|t)?|wish(?:es|ed)?|seeks?|sought|prefers?|preferred|"
    r"tries|tried|continues?|continued|begins?|began|begun|starts?|started)"
)
#: What stands before the verb, by the mood that it gives; the first that is found counts.
MODAL = re.compile(
    rf"(?P<must>\b(?:must|should|(?:has|have|had|needs?|needed|ought) to|"
    r"(?:is|are|was|were) (?:to|obliged to|required to|bound to))\b)"
    rf"|(?P<no>\b(?:cannot|can not|can['’]t|won['’]t|wouldn['’]t|couldn['’]t|don['’]t (?:want|intend|plan) to|"
    rf"(?:has|have|had) no (?:intention of|plans? (?:to|of)|wish to|reason to)|"
    rf"(?:does|do|did) not (?:want|intend|plan|wish|agree) to)(?!\w))"
    rf"|(?P<ready>\b{AUX}\s+(?:{ADVERB}\s+)*{READY}\s+(?:to|for)\b)"
    rf"|(?P<will>\b(?:will|would|shall|(?:is|are|was|were) (?:{ADVERB} )?(?:going|due|set|about|committed) to)\b|"
    r"['’]ll\b)"
    rf"|(?P<wants>(?<!its )(?<!their )(?<!the )(?<!his )(?<!her )(?<!any )(?<!a )"
    rf"\b(?:(?:has|have|had|is|are|was|were)\s+(?:{ADVERB}\s+)*)?{WANTS}\s+"
    rf"(?:{ADVERB}\s+|(?:in|last|this)\s+(?:\d+|\w+)\s+)*(?:not\s+)?to\b)"
    r"|(?P<may>\b(?-i:can|could|may|might)\b)",
    re.IGNORECASE,
)
PERFECT = re.compile(rf"\b(?:has|have|had|['’]ve)\s+(?:{ADVERB}\s+)*(?P<verb>[a-z]+)\b", re.IGNORECASE)
PASSIVE = re.compile(
    rf"\b(?:(?:has|have|had|will|would|must|should|to|are|is|was|were)\s+)?(?:{ADVERB}\s+)*"
    rf"(?:be|been|being|is|are|was|were)\s+(?:{ADVERB}\s+)*(?P<verb>\w+(?:ed|en|t|ne|ld|id|de|wn|ut|ung))\b",
    re.IGNORECASE,
)
NEGATION = re.compile(r"\b(?:not|never|no longer|neither|nor)\b|n['’]t\b|\bcannot\b", re.IGNORECASE)
UNWILLING = re.compile(r"refus|declin|unwilling|unable|reluctant|no (?:intention|plan|wish|reason)", re.IGNORECASE)
WILLING = re.compile(r"ready|prepared|willing|open|happy|agree|offer|consent|free", re.IGNORECASE)


# Conditions

#: The clause that begins with one of these, and how the action depends on it.
_CONNECTIVE = re.compile(
    r"\b(?P<only>only (?:if|when|once|after)|on (?:the )?condition that|provided(?: that)?)\s"
    r"|\b(?P<unless>unless|until|till)\s"
    r"|\b(?P<if>(?<!as )(?<!even )(?<!what )if|as soon as|the (?:day|moment|minute|hour)|"
    r"(?<!at )once|so long as|as long as|while|in case)\s"
    r"|\b(?P<when>when|after)\s(?=\S+(?:\s\S+){1,12})"
    r"|\b(?P<before>before)\s",
    re.IGNORECASE,
)


#: What only leads to the condition: 'our offer: if the ballot is called off, …'.
_LEAD = re.compile(r"\W*(?:and|but|so|then|that|even|[^,;:.]{1,40}:)\W*", re.IGNORECASE)


@dataclass(frozen=True)
class Split:
    """A sentence as its main clause and the words of its condition.

    ``when_done`` says that the action follows if the condition is met, otherwise if it is not. ``bare`` says that the
    verb of the condition has no time: 'the army cross the river'.
    """

    main: str
    words: str
    when_done: bool
    only: bool = False
    bare: bool = False


def split_condition(sentence: str) -> Split | None:
    """Split a sentence into its main clause and its condition; None if it has none.

    >>> split_condition("we will stay unless they raise the rent")
    Split(main='we will stay', words='they raise the rent', when_done=False, only=False, bare=False)
    >>> split_condition("Should they cross the river, we shall march").words
    'they cross the river'
    """
    inverted = INVERTED.match(sentence)
    if inverted and _begins_main(sentence[inverted.end() :]):
        return Split(sentence[inverted.end() :].strip(), inverted["words"].strip(" .,"), True, bare=True)
    match = _CONNECTIVE.search(sentence)
    if match is None:
        failing = re.match(r"(?:[Ff]ailing (?:that|this)|[Oo]therwise|[Ii]f not),?\s+(.*)", sentence)
        return Split(failing[1], "that", when_done=False) if failing else None
    start, inside = match.start(), match.end()
    if match["before"] and not NEGATION.search(sentence[:start]):
        # 'Before the talks, …' says when.
        return None
    if sentence[:start].strip(' ,"“') == "" or _LEAD.fullmatch(sentence[:start]):
        comma = _end_of_condition(sentence, inside)
        if comma is None:
            return None
        words, main = sentence[inside:comma], sentence[comma + 1 :].strip()
        main = re.sub(r"^then\s+", "", main)
    else:
        end = re.search(r",\s+(?:and|but|or)\s|;", sentence[inside:])
        stop = inside + end.start() if end else len(sentence)
        words, main = sentence[inside:stop], sentence[:start].rstrip(" ,") + " " + sentence[stop:].lstrip(" ,")
    if match["when"] and not MODAL.search(main):
        # 'When the gates were opened, …' tells what happened.
        return None
    when_done = match["unless"] is None and match["before"] is None
    return Split(main.strip(), words.strip(" .,"), when_done, match["only"] is not None)


def _end_of_condition(sentence: str, start: int) -> int | None:
    """Return the comma after which the main clause begins."""
    for comma in re.finditer(r",", sentence[start:]):
        if _begins_main(sentence[start + comma.end() :]):
            return start + comma.start()
    return None


def _begins_main(words: str) -> bool:
    return bool(MODAL.search(words[:80]) or re.match(r"\s*(?:then|we|it|they|he|she|there)\b", words))


# What an action is done to

#: Where the words of an action end.
_ENDS = re.compile(
    r"[;:.!?()…“”\"]|,|—|–|\s-\s|\b(?:because|since|while|until|till|unless|if|(?<!at )once|when|after|"
    r"(?<!on )(?<!about )whether|"
    r"before(?! the (?-i:[A-Z])| an? court| the court)|as long as|so long as|as soon as|"
    r"so that|so as to|in order|provided|on condition|which|who|"
    r"whose|that(?! (?:is|has) )|but|"
    r"rather than|instead of|as well|too|despite|although|though|even|where|as an?|than|failing|in return|in exchange|"
    r"in case|yet|failing)\b",
    re.IGNORECASE,
)


_TIME = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|"
    r"Thursday|Friday|Saturday|Sunday|Christmas|Easter|spring|summer|autumn|fall|winter|year|month|week|weekend|day|days|"
    r"weeks|months|years|morning|afternoon|evening|night|noon|midnight|(?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)?)"
)


WHEN = re.compile(
    rf"\s*(?:\b(?:again|at once|immediately|now|today|tomorrow|yesterday|soon|straight away|forthwith|later|already|"
    rf"first|this time|for ever|forever|in future|at all|at any price|"
    rf"every (?:day|night|evening|week|month|year))\b"
    rf"|\b(?:in|on|by|from|since|at|within|during|for|this|next|last|over|early|late|throughout|every|each)\s+"
    rf"(?:(?:the|an?|early|late|mid|end|beginning|start|of|next|last|coming|this|two|three|four|five|six|seven|eight|ten|"
    rf"twelve|\d+|second|first|whole|same|following|past|few|more|summer|spring)[\s-]+)*{_TIME}\b(?:\s+{_TIME}\b)*)",
    re.IGNORECASE,
)


_DANGLING = re.compile(
    r"(?:^|\s+)(?:of|in|on|at|to|for|from|with|by|into|over|about|against|between|the|a|an|and|or|as|its|their|his|her|any|such|"
    r"more than|up to|under|until|this|that)$",
    re.IGNORECASE,
)


def without_circumstances(words: str) -> str:
    """Return what an action is done to, without what says when or why, and without a word left hanging.

    >>> without_circumstances("the reservoir of its dam on the Blue Nile this July")
    'the reservoir of its dam on the Blue Nile'
    >>> without_circumstances("half of the overtime this spring and the rest in the autumn")
    'half of the overtime'
    >>> without_circumstances("2.5 percent, or nothing")
    '2.5 percent'
    """
    text = words.strip(" ,\"“”‘’'")
    # Neither the comma of '40,000' nor the point of '2.5 percent' ends anything.
    numbers = re.sub(r"(?<=\d)[,.](?=\d)", "\u2009", text)
    end = _ENDS.search(numbers)
    text = text[: end.start()] if end else text
    when = WHEN.search(text)
    if when is not None:
        after = re.match(r"\s*(?:and|or|then)\s+(?:then\s+)?([a-z]+)", text[when.end() :])
        if not when.start():
            text = text[when.end() :]
        elif after and infinitive(after[1]) == after[1]:
            text = text[: when.start()] + text[when.end() :]
        else:
            text = text[: when.start()]
    text = re.sub(r"\s+to\s+(?:end|avoid|prevent|protect|ensure|save|cover|resolve|settle)\b.*$", "", text)
    while (shorter := _DANGLING.sub("", text.strip())) != text and not re.search(r"\bto \w+ (?:in|on|over|by)$", text):
        text = shorter
    return " ".join(text.split())


#: Nouns of a dispute, and the verb that makes an action of them.
_NOUN_VERBS = {
    noun: verb
    for verb, nouns in {
        "hold": "talk talks negotiations meeting meetings election elections vote referendum inquiry",
        "sign": "deal agreement treaty contract accord settlement",
        "pay": "compensation damages reparations",
        "go on": "strike strikes",
        "give": "guarantee guarantees apology assurances concessions access details information",
        "keep": "ceasefire truce",
        "set up": "commission committee",
        "take": "action measures steps",
        "impose": "sanctions tariffs",
    }.items()
    for noun in nouns.split()
}


def noun_verb(noun: str) -> str | None:
    """Return the verb that goes with a noun: one holds talks, signs a treaty, pays compensation."""
    return _NOUN_VERBS.get(noun.lower())


_FROM = re.compile(r"\s+from\s+(?:the\s+)?[^\W\d_a-z].*$")


_DEVERBAL = {
    "withdrawal": "withdraw", "removal": "remove", "payment": "pay", "release": "release", "return": "return",
    "closure": "close", "closing": "close", "reduction": "reduce", "recognition": "recognise", "restoration": "restore",
    "repair": "repair", "reinstatement": "reinstate", "resumption": "resume", "suspension": "suspend",
    "lifting": "lift", "resignation": "resign", "end": "end", "halt": "halt", "stop": "stop",
    "publication": "publish", "increase": "increase",
    "cut": "cut", "demolition": "demolish", "construction": "build", "opening": "open", "dismissal": "dismiss",
    "abolition": "abolish", "extension": "extend", "freeze": "freeze", "ban": "ban", "share": "give", "say": "give",
}  # fmt: skip


def nominal(words: str, kind: str, cue: str = "") -> Iterator[Action]:
    """Yield the action of a demand or an offer that has a noun for it: 'an end to the blockade', 'guarantees'."""
    source = _FROM.search(words)
    owner = re.sub(r"^\s*from\s+(?:the\s+)?", "", source[0]) if source else ""
    text = without_circumstances(words[: source.start()] if source else words)
    # 'Offered the fishermen a new harbour'.
    text = re.sub(r"^(?:the\s+\w+|them|him|her|it|us)\s+(?=(?:an?|more|better|new|two|three|\d[\d,.]*)\s)", "", text)
    bare = re.match(
        r"(?:(?:their|its|his|her|an?|the|any)\s+)?(?:(?:immediate|full|complete|early)\s+)?(?P<noun>[a-z]+)$", text
    )
    if kind == "demand" and bare and bare["noun"] in _DEVERBAL:
        yield Action(owner, _DEVERBAL[bare["noun"]], "", mood=BARE)
        return
    match = re.match(
        r"(?:the|an?|its|their|any|immediate|full|more)?\s*(?:immediate|full|complete|early)?\s*(?P<noun>[a-z]+)\s+(?:of|to|on|in)\s+(?P<rest>.+)",
        text,
    )
    if match and match["noun"] in _DEVERBAL:
        yield Action(owner, _DEVERBAL[match["noun"]], match["rest"], mood=BARE)
        return
    parts = re.split(r"\s+(?:of|to|for|in|on|with|between|about)\s+", text)
    head = parts[0].split()[-1] if parts[0] else ""
    if not head or re.match(r"\W*(?:that|what|whether|how|why)\b", text) or len(text.split()) > 14:
        return
    verb = noun_verb(head)
    if verb is not None:
        yield Action(owner, verb, text, mood=BARE)
    elif kind == "demand" and owner:
        yield Action(owner, "give", text, mood=BARE)
    elif kind in ("demand", "offer") and re.match(
        r"(?:an?|the|more|better|higher|full|equal|free|two|three|four|five|ten|\d[\d,.]*)\s", text
    ):
        offered = kind == "offer" and "offer" in cue
        yield Action(owner, "offer" if offered else "agree", text if offered else f"to {text}", mood=BARE)


#: Verbs that mean the same in the name of an option; the first stands for all.
_SAME = {
    verb: group.split()[0]
    for group in (
        "stop end halt cease suspend quit abandon discontinue", "pay repay", "withdraw pull evacuate", "open reopen",
        "give grant provide supply hand", "buy purchase", "begin start launch", "cut reduce lower", "raise increase",
        "accept approve endorse recognise recognize", "allow permit let admit", "build construct erect", "close shut",
        "negotiate talk", "sign conclude ratify", "support back help", "remove dismantle", "continue resume maintain",
        "stay remain", "hire employ recruit", "free release", "return restore", "guarantee secure",
        "move relocate", "drop abandon scrap", "compensate reimburse",
    )
    for verb in group.split()
} | {"call off": "stop"}  # fmt: skip


POINTING = re.compile(
    r"^(?:it|them|one|ones|so|this|that|these|those|us|him|her|either|both)?(?:\s+(?:too|down|up|out|off|all))?$", re.I
)


#: Words at whose end a pronoun stands for what was said before: 'step back from one'.
_DANGLING_PRONOUN = re.compile(r"\b(?:from|to|for|of|with|about|on)\s+(?:one|it|them|that|this|so)$", re.IGNORECASE)


def is_unclear(action: Action) -> bool:
    """Tell whether an action only points at what it is done to.

    >>> (
    ...     is_unclear(Action("", "wait", "for it")),
    ...     is_unclear(Action("", "strike", "")),
    ...     is_unclear(Action("", "sign", "one")),
    ... )
    (True, False, True)
    """
    return bool(action.rest) and bool(POINTING.match(action.rest) or _DANGLING_PRONOUN.search(action.rest))


def canonical(verb: str) -> str:
    """Return the verb that stands for all that mean the same."""
    return _SAME.get(verb, verb)
