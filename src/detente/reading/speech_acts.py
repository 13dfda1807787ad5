"""The kind of a statement (demand, offer, threat, …), suggested from the cue and the words; the statements that nouns,
adjectives and participles make; and where what is said ends, who says it, and which cues report no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from detente.model.quotes import Span
from detente.reading.attributions import Attribution
from detente.reading.lexicon import lexicon, packaged, phrases
from detente.reading.segments import Layout, touch, trimmed

_WILL = phrases()["future"]
#: 'No talks until the army leaves', 'it would not sign unless …'; what went on until its end is no condition.
_CONDITION = re.compile(
    rf"\b{phrases()['only']}\b|\buntil (?:then|that day)\b.{{1,60}}?\b{phrases()['negations']}\b"
    rf"|\b{phrases()['negations']}\b"
    rf"(?=.*\b(?:{_WILL}|can|could|be|may|must|until|n[’']t)\b).{{2,120}}?\b(?:until|unless)\b",
    re.IGNORECASE,
)
#: A conditional: the main clause before or after the clause with 'if'.
_IF_THEN = re.compile(
    rf"(?<!only )(?<!even )\bif\b[^,]{{2,120}},[”\"]? (?:then )?(?:[\w’' ]{{1,40}}? )?{_WILL} "
    r"(?:\w+ly )?(?P<verb>[\w’']+)"
    rf"|{_WILL} (?:\w+ly )?(?P<verb2>[\w’']+)\b[^.!?]{{0,120}}?(?<!only )(?<!even )\b(?P<word>if|unless)\b",
    re.IGNORECASE,
)
#: A verb before its subject is an 'if': 'Should the army cross the river, we shall …'.
INVERTED = re.compile(
    r"\W*(?:(?:and|but|so)\s+)?(?:should|were)\s+(?!(?:not|be|it be)\b)(?P<words>[^,.;:?]{4,120}),[”\"]?\s+",
    re.IGNORECASE,
)
#: Who will not withdraw something, or call it off, refuses to; nothing is withdrawn.
WILL_NOT = re.compile(
    r"\b(?:will|would|shall|can|could)\s+(?:not|never)\b|\b(?:wo|would|ca|could|sha)n['’]t\b|\bcannot\b"
)
_NOT_UNDONE = re.compile(
    rf"(?:{WILL_NOT.pattern})\s+(?:\w+ly\s+|be\s+)?(?:withdr|retract|rescind|revoke|call\w*\s+off|take\s+back|give\s+up)"
)
#: An act that is announced, not words: 'will call | a strike'.
DEED = re.compile(
    r"\bcall(?:s|ed|ing)?\s+(?:off\b|(?:an?|the|another|new)\s+(?:[\w-]+\s+){0,2}(?:strikes?|walk-?outs?|stoppages?|boycotts?|"
    r"ballots?|votes?|elections?|referendums?|halts?)\b)"
)
#: What is said again, by a noun for it.
_AGAIN = re.compile(
    r"(?:\w+\s+)?(?:repeat|renew|reiterat|restat)\w*\s+(?:our|its|their|his|her|my|the|an)\s+(?:\w+\s+)?"
    r"(?:(?P<offer>offer|proposal)|(?P<demand>demand|request|call)|(?P<threat>threat)|(?P<commitment>promise|pledge))\b",
    re.IGNORECASE,
)
_HARMLESS = frozenset(packaged("phrases")["harmless"])
#: To resume the shelling is not harmless, though to resume talks is.
_HARM = re.compile(
    r"\s+(?:with\s+)?(?:(?:the|an?|its|our|their|all)\s+)?(?:\w+\s+)?(?:shelling|bombing|bombardment|attacks?|fighting|hostilities|"
    r"offensive|siege|blockade|boycott|embargo|strikes?|raids?|war|sanctions)\b"
)
_MUST = r"(?<!\bwe )(?<!\bI )\bmust\b(?! (?:have|be (?:true|right|wrong|mistaken|joking))\b)"
#: Kinds that phrases in the content indicate, if the cue indicates none; the first match counts.
_BY_PHRASE = [
    (kind, re.compile(rf"\b{phrases()[kind]}\b", re.IGNORECASE))
    for kind in ("condition", "withdrawal", "justification", "refusal", "threat", "demand", "offer", "commitment")
]
#: Kinds that cues indicate; the first match counts.
_BY_CUE = ("refusal", "demand", "offer", "threat", "commitment", "withdrawal", "justification")
#: Kinds whose cues override a learned 'claim'.
_PLAIN_CUES = ("refusal", "threat", "withdrawal")
#: Kinds for which the words are more reliable than the learned kind.
_BY_WORDS = ("justification", "condition")


def speech_act(learned: str | None, cue: str, content: str) -> str:
    """Return the kind of a statement: the learned one, unless the cue or the words clearly indicate another.

    >>> speech_act("claim", "flatly rejected", "the proposals")
    'refusal'
    >>> speech_act("demand", "said", "they should leave")
    'demand'
    >>> speech_act("commitment", "said", "the bridge must close")
    'demand'
    >>> speech_act("condition", "said", "If they raise tariffs, we will retaliate")
    'threat'
    """
    if act := _kind_of_deed(cue, content):
        return act
    by_cue = kind_of_cue(cue, content)
    by_form = kind_of_form(content) if by_cue is None else None
    if by_form is not None:
        return by_form
    if learned is None or learned in _BY_WORDS:
        return speech_act_by_words(cue, content)
    return by_cue if by_cue is not None and learned == "claim" and by_cue in _PLAIN_CUES else learned


def speech_act_by_words(cue: str, content: str) -> str:
    """Suggest the kind of a statement from its cue and its content.

    >>> speech_act_by_words("flatly rejected", "the proposals")
    'refusal'
    >>> speech_act_by_words("said", "there would be no talks until the troops had left")
    'condition'
    >>> speech_act_by_words("believes", "that the bridge is safe")
    'claim'
    """
    by_phrase = (kind for kind, pattern in _BY_PHRASE if pattern.search(content))
    by_cue = _kind_of_deed(cue, content) or kind_of_cue(cue, content)
    return by_cue or kind_of_form(content) or next(by_phrase, "claim")


def _kind_of_deed(cue: str, content: str) -> str | None:
    """Return the kind of an announced deed, or of one that will not be undone: 'will call | a strike'.

    'We repeat our offer: …' is an offer, whatever its words.
    """
    if again := _AGAIN.match(f"{cue} {content}"):
        return next(kind for kind, words in again.groupdict().items() if words)
    if _CONDITION.search(content):
        return None
    if _NOT_UNDONE.search(f"{cue} {content}" if WILL_NOT.search(cue) else content):
        return "refusal"
    if DEED.search(f"{cue} {content}") and re.search(rf"\b{_WILL}\b", cue):
        return "threat" if re.search(r"\b(?:if|unless)\b", content) else "commitment"
    return None


def kind_of_form(content: str) -> str | None:
    """Return the kind that the form of a sentence indicates: 'if …, we will …', 'no … until …', 'must'."""
    if _CONDITION.search(content):
        return "condition"
    inverted = INVERTED.match(content)
    match = _IF_THEN.search(f"if {inverted['words']}, {content[inverted.end() :]}" if inverted else content)
    if match is not None:
        verb = (match["verb"] or match["verb2"]).lower()
        if verb not in ("not", "never"):
            harmless = verb in _HARMLESS and (match["word"] or "").lower() != "unless"
            if verb in ("resume", "continue", "begin"):
                harmless = harmless and not _HARM.match(match.string, match.end("verb" if match["verb"] else "verb2"))
            return "condition" if harmless else "threat"
    return "demand" if re.search(_MUST, content, re.IGNORECASE) else None


def kind_of_cue(cue: str, content: str) -> str | None:
    """Return the kind that a cue indicates, if any."""
    words = lexicon()
    lemmas = {words.forms.get(word.lower()) for word in re.findall(r"[\w']+", cue)}
    kind = next((kind for kind in _BY_CUE if lemmas & words.kinds[kind]), None)
    if kind == "threat" and not re.search(r"\b(?:will|would|if|unless)\b", content):
        # A warning that something is the case is a claim.
        return "threat" if "threaten" in lemmas else None if re.search(_MUST, content) else "claim"
    if kind == "demand" and "insist" in lemmas and not re.search(r"\b(?:must|should|on|that)\b", f"{cue} {content}"):
        return None
    if kind in ("offer", "commitment", "withdrawal") and re.search(r"\b(?:not|never|cannot)\b|n't\b", cue):
        return "refusal"
    return kind


# Statements without a verb of saying

#: The confidence in a statement that only these rules found.
_RULED = 0.75
_BE = r"(?:am|is|are|was|were|been|being|remains?|remained|['’](?:m|s|re))"
_ADVERBS = r"(?:(?:also|often|still|now|again|already|truly|fully|very|so|\w+ly)\s+){0,2}"
_CONTENT = r"(?P<content>[^.;:!?()\n“”\"]{3,300})"
#: Words that name someone directly before a verb or a possessed noun.
_NAME = r"(?:[Tt]he\s+)?(?:[A-Z][\w-]*\s+){0,3}[A-Z][\w-]*"


def _by_kind(group: str) -> str:
    """Return what matches the phrases of all kinds of a group, each kind in a group of its name."""
    kinds = (name.removeprefix(f"{group}_of_") for name in phrases() if name.startswith(f"{group}_of_"))
    return "(?:" + "|".join(rf"(?P<{kind}>{phrases()[f'{group}_of_{kind}']}\b)" for kind in kinds) + ")"


#: 'is accused of lying'; 'was described by the court as a fraud'.
_PASSIVES = (
    re.compile(rf"(?P<cue>(?:\b{_BE}\s+{_ADVERBS}|(?<=, )){phrases()['accused']})\s+{_CONTENT}"),
    re.compile(
        rf"\b(?P<cue>{_BE}\s+{_ADVERBS}{phrases()['described']}\s+(?:by\s+(?P<who>[^,.;:!?()“”\"]{{2,60}}?)\s+)?as)\s+{_CONTENT}"
    ),
)
#: The 'to' of a noun, which belongs to the cue; that of an infinitive belongs to what is said.
_TO = r"to(?=\s+(?:an?|all|any|the|this|these|those|my|our|your|his|her|its|their|[\w-]+ing)\b)"
#: 'I am grateful for your help'; 'he is unwilling to pay'.
_ATTITUDES = re.compile(
    rf"\b(?P<who>I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|who|{_NAME})(?=\W)\s*(?P<cue>\b{_BE}\s+{_ADVERBS}{_by_kind('attitudes')}"
    rf"(?:\s+(?:for|of|about|by|with|in|{_TO})(?=\s)|(?=\s+(?:that|to)\s)))\s+{_CONTENT}"
)
#: Where another clause follows an attitude: 'proud of the crew, as all of us are'.
_NEXT_CLAUSE = re.compile(r",\s+(?:as|and|but|while|although|because)\s")
#: 'our belief that it will last', 'Upstream's refusal to pay'; as a subject only 'her reason is that …'.
_NOUNS = re.compile(
    rf"\b(?P<who>[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|{_NAME}(?=['’]))(?:['’]s?)?\s+"
    rf"(?P<cue>(?:[\w-]+\s+)?{_by_kind('nouns')}(?:(?P<is>\s+(?:is|was|remains))(?=\s+(?:that|to)\s)|"
    r"\s+(?:in(?=\s+(?:your|his|her|its|their|the)\s)|of(?=\s+what\s)|about(?=\s)|"
    rf"{_TO})|(?=\s+(?:that|to)\s)))\s+(?P<content>[^,.;:!?()\n“”\"]{{3,300}})"
)


#: 'fuelled the belief that it would last', wherever the owner of the belief is.
_THOUGHTS = re.compile(
    rf"\b(?P<cue>(?:the|an?|any|this)\s+(?:[\w-]+\s+)?{phrases()['thoughts']})\s+(?P<content>that\s+[^,.;:!?()\n“”\"]{{3,300}})"
)
#: A noun as the subject, and what ends what is said: 'The town's commitment to peace | ended'.
_SUBJECTS = re.compile(
    rf"(?P<who>(?:[Tt]he\s+)?(?:[A-Z][\w-]*\s+){{0,3}}[A-Z][\w-]*)['’]s?\s+"
    rf"(?P<cue>(?:[\w-]+\s+)?{_by_kind('nouns')})\s+(?P<content>to\s+(?:[\w-]+\s+){{0,6}}?[\w-]+)"
    rf"(?=\s+(?:(?:\w+ly|soon|later|also|often|then|once)\s+)?(?:{phrases()['ends_subject']})\b)"
)


def with_attitudes(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions with those that taggers miss because no verb says, thinks or wants.

    >>> text = "It is our belief that the dam will hold."
    >>> (found,) = with_attitudes(Layout(text), [])
    >>> [text[slice(*spans[0])] for spans in (found.source, found.cue, found.content)]
    ['our', 'belief', 'that the dam will hold']
    """
    cues = [span for one in tagged for span in (*one.cue, *one.source)]
    return [*tagged, *(one for one in _attitudes(layout) if not touch(cues, one.cue))]


def _attitudes(layout: Layout) -> Iterator[Attribution]:
    text = layout.text
    for pattern in (*_PASSIVES, _ATTITUDES, _NOUNS, _THOUGHTS, _SUBJECTS):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            start = match.start()
            first, end = layout.sentence(start)
            subject = start - first < 2
            if (pattern is _NOUNS and groups["is"] is None and subject) or (pattern is _SUBJECTS and not subject):
                # Where the noun is the subject, the verb after it ends what is said.
                continue
            who = (match.span("who"),) if groups.get("who") else ()
            stop = min(match.end("content"), max(end, match.end("cue")))
            if pattern is _ATTITUDES and (next_clause := _NEXT_CLAUSE.search(text, match.start("content"), stop)):
                stop = next_clause.start()
            content = trimmed(text, (match.start("content"), stop))
            kind = next((name for name, words in groups.items() if words and name not in _ROLES), None)
            if content[0] < content[1]:
                yield Attribution(who, (match.span("cue"),), (content,), kind=kind, confidence=_RULED)


_ROLES = ("who", "cue", "content", "is")


# What a tagger takes along or leaves out
#
# A tagger looks at words one by one. So it may run over the end of a clause, take what stands before 'I know that …'
# for a part of what is known, or give 'the union's refusal' to another name in the sentence. What a person sees, hears,
# knows or thinks of is no statement unless words follow: 'she remembers that day' says nothing.

_BARE_ACT = re.compile(phrases()["bare_acts"], re.IGNORECASE)
#: Verbs of taking notice of something, as the last word of a cue or before 'of' and 'about'.
_NOTICES = re.compile(rf"\b{phrases()['notices']}(?:\s+(?:of|about))?$", re.IGNORECASE)
#: What begins a clause, a question or an act, after such a verb.
_WORDS_FOLLOW = re.compile(
    r"\W*(?:that\b(?!\s+\w+\W*$)|how\b|what\b|why\b|whether\b|if\b|who\b|where\b|when\b|which\b|to\s|no\b|\w+ing\b)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:who|whom|whose|which|that|where|when|because|with|as if)\b.*", re.IGNORECASE | re.DOTALL)
_POINTED_AT = re.compile(r"(?:that|this|it|them|those|these|so)", re.IGNORECASE)
_ACCEPTS = re.compile(r"\b(?:agree\w*(?:\s+with)?)$", re.IGNORECASE)
_ACT_ON_THING = re.compile(rf"(?:{phrases()['acts_on_things']})\b", re.IGNORECASE)
_TIME = re.compile(r"(?:that|this|the|last|next)?\s*(?:(?:very|same)\s+)?(?:day|time|moment|night|morning|year|week)s?")
#: 'Orr's alleged tomb', 'the reported loss': an adjective.
_ALLEGED = re.compile(
    r"(?:s|he|a|n|is) (?:alleged|reported|suspected|supposed|claimed|proposed|planned)", re.IGNORECASE
)
#: 'Argued: December 13, 1971'.
_DATE = re.compile(r"\W*(?:\d{1,2} )?(?:Jan|Febr|March|April|May|June|July|August|Sept|Octo|Nov|Decem)\w* \d{1,4}\b")
#: 'This means that …', of a fact and no speaker.
_MEANS = re.compile(r"(?:also\s+|only\s+)?(?:means?|meant)", re.IGNORECASE)
_FACTS = frozenset({"", "it", "this", "that", "which", "what", "these", "all", "all this"})
#: A verb, with adverbs before it, that leads to a clause: 'fully recognise that …'.
_VERB_FIRST = re.compile(
    r"(?:(?:\w+ly|also|again|first|now|like\s+to|to)\s+){0,3}(?P<verb>\w+)\s+(?=(?:that|how|why|whether)\s)"
)
#: What may interrupt what is said: an aside between two marks, or a few words of time and place.
_ASIDE = re.compile(r"\s*[,(—–-].*[,)—–-]\s*|\W*(?:[\w’'-]+\W+){0,4}", re.DOTALL)
_CUT_OFF = re.compile(r"\W*(?:--|—|–)\s*(?:[A-Z]\w*|i|we|he|she|they|it)\b")
#: ', as I told you, that …'; 'his last words, ‘…’'.
_ASIDE_FIRST = re.compile(r",\s+(?:as|like|for)\s[^;:.]{1,100}?,\s+(?=that\s)")
_LEADS_TO_QUOTE = re.compile(
    rf"(?:[\w’'-]+\s+){{0,4}}?{phrases()['quoted_things']}\b[^,;:.\"“‘]{{0,60}}[,:]\s*(?=[\"“‘])", re.IGNORECASE
)
#: What a wish does not wish, and a second verb of the same speaker.
_WISH = re.compile(r"\b(?:want|wish|hope|like|prefer|seek|try|plan|intend)\w*$", re.IGNORECASE)
_WHY = re.compile(r",?\s+because\s|,\s+(?=(?P<cue>\w+ing)\s+that\s)")
_SO_MUCH = re.compile(r"\s+(?P<content>as much|the same|likewise)(?=\s*(?:[.,;!?\"”—–-]|$))")
_HEARD_BY = re.compile(
    rf"(?:[\w’']+\s+){{0,4}}?(?:am|is|are|was|were|be|been|being)\s+(?:[\w’']+\s+){{0,2}}?{phrases()['told']}",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"\s+(?:(?:am|is|are|was|were|have|has|had|will|would)\s*)+$", re.IGNORECASE)
_BY = re.compile(r"\s*(?:by\s+)?(?P<who>(?:(?:the|an?|his|her|its|their)\s+)?(?:[\w’'.-]+\s+){0,5}?[\w’'.-]+)\s*,?\s*")
_NOUN = re.compile("|".join(words for name, words in phrases().items() if name.startswith("nouns_of_")), re.IGNORECASE)
#: The owner of a noun: 'the company's desire', 'Floyd's dying words'.
_OWNER = re.compile(
    r"(?P<who>(?:\b(?:the|an?|this|these|our|their)\s+(?:[\w-]+\s+){0,3}?[\w-]+|\b(?:[A-Z][\w.-]*\s+){0,3}[A-Z][\w-]*))"
    r"(?:['’]s|(?<=s)['’])\s+(?:[\w-]+\s+)?$"
)
#: Who shows an attitude by a verb: 'Norland will again demonstrate | its commitment to …'.
_SHOWS = re.compile(
    r"(?P<who>\b(?:I|[Ww]e|[Hh]e|[Ss]he|[Tt]hey|[Ii]t)|(?<![\w’'])(?i:the|an?|my|our|his|her|its|their)\s+[^,;:.]{1,80}?|"
    r"(?!(?:Allow|Let|Permit)\b)[A-Z][\w’'-]*(?:\s+[\w’'-]+){0,6}?)\s+"
    rf"(?P<cue>(?:(?:{phrases()['future']}|{phrases()['before_shows']}|\w+ly)\s+)*{phrases()['shows']}"
    r"\s+(?:(?:once )?again\s+)?)$"
)
#: The word for oneself that belongs to 'my' or 'our'.
_ONESELF = {"my": re.compile(r"\bI\b"), "our": re.compile(r"\b[Ww]e\b")}
_SHOWN = re.compile(rf"\b{phrases()['shows']}\s+(?:(?:once )?again\s+)?$")


def exactly(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions with exact speakers and contents, without those that report no words.

    >>> text = "In the end I know, as I told you, that the dam will hold."
    >>> (one,) = exactly(Layout(text), [Attribution(((11, 12),), ((13, 17),), ((0, 10), (34, 56)))])
    >>> [text[slice(*span)] for span in one.content]
    ['that the dam will hold']
    """
    made = [_with_speaker(layout, _with_content(layout, _with_verb(layout.text, one))) for one in tagged]
    return [one for one in made if one.content]


def says_nothing(text: str, one: Attribution) -> bool:
    """Tell whether a cue reports no words: an act, a fact that means something, a thing that is seen or thought of.

    >>> text = "They remember that day."
    >>> says_nothing(text, Attribution(((0, 4),), ((5, 13),), ((14, 22),)))
    True
    """
    cue = _words(text, one.cue)
    content = _words(text, one.content)
    if one.settled or not cue:
        return False
    if _BARE_ACT.fullmatch(cue) and not content.startswith("that "):
        return True
    if _MEANS.fullmatch(cue) and _words(text, one.source).lower() in _FACTS:
        return True
    if any(mark in content for mark in '"“‘«') or one.content[0][0] < one.cue[-1][1]:
        return False
    if _ALLEGED.fullmatch(text[one.cue[0][0] - 2 : one.cue[-1][1]]) and not re.match(r"that\s|to\s", content):
        return True
    if _TIME.fullmatch(content) or _DATE.match(content) or _ACT_ON_THING.match(f"{cue} {content}"):
        return True
    if _ACCEPTS.search(cue):
        return bool(_POINTED_AT.fullmatch(content))
    if text[one.cue[-1][1] : one.content[0][0]].strip() == "that":
        return False
    return bool(_NOTICES.search(cue)) and not _WORDS_FOLLOW.match(content) and not _is_clause(content)


def _is_clause(content: str) -> bool:
    """Tell whether words have a verb of their own, or tell how something is seen: 'them as friends'."""
    if re.search(r"\bas\b", content):
        return True
    plain = _RELATIVE.sub("", content)
    words = re.findall(r"[\w'’]+", plain.lower())
    verbs = lexicon().auxiliaries
    return (
        any(word in verbs or lexicon().is_verb(word) for word in words[1:6])
        or any(word in ("i", "we", "he", "she", "they") for word in words[:6])
        or bool(re.match(r"\w+['’](?:s|re|ve|ll|d|m)\s", plain))
    )


def _words(text: str, spans: Sequence[Span]) -> str:
    return text[spans[0][0] : spans[-1][1]] if spans else ""


# Contents


def _with_verb(text: str, one: Attribution) -> Attribution:
    """Return an attribution whose cue has its verb: 'I must | emphasise that it rained', where the tagger cut it."""
    if not one.cue or not one.content or text[one.cue[-1][1] : one.content[0][0]].strip():
        return one
    last = text[slice(*one.cue[-1])].split()[-1].lower()
    verb = _VERB_FIRST.match(text, *one.content[0]) if last in lexicon().auxiliaries else None
    if verb is None or verb["verb"].lower() not in lexicon().forms or verb.end() >= one.content[0][1]:
        return one
    content = ((verb.end(), one.content[0][1]), *one.content[1:])
    return replace(one, cue=((one.cue[0][0], verb.end("verb")),), content=content)


def _with_content(layout: Layout, one: Attribution) -> Attribution:
    if not one.cue or not one.content:
        return one
    text, cue = layout.text, one.cue[-1][1]
    quoted = [any(mark in text[start:end] for mark in '"“”«') for start, end in one.content]
    if layout.quote(one.cue[0][0]) is None and any(quoted):
        return one
    content = _without_lead(text, cue, sorted(one.content))
    before = [span for span in content if span[1] <= one.cue[0][0]]
    after = [span for span in content if span[0] >= cue]
    if much := _SO_MUCH.match(text, cue):
        return replace(one, content=(much.span("content"),)) if not after else one
    if before and after:
        heard = not one.source and _HEARD_BY.match(text, one.cue[0][0], cue)
        if heard or re.match(r"\W*that\s", text[after[0][0] : after[0][0] + 8]):
            # What stands before belongs to the sentence, or is who is told.
            content = after
    kept = [content[0]]
    tags = (*one.cue, *one.source)
    for span in content[1:]:
        gap = (kept[-1][1], span[0])
        if kept[-1][0] >= cue and not touch([gap], tags):
            between = text[slice(*gap)]
            if _CUT_OFF.match(between) or not _ASIDE.fullmatch(between):
                break
        kept.append(span)
    start, end = kept[-1]
    if kept[0][0] >= cue and _WISH.search(text[one.cue[0][0] : cue]):
        reason = _WHY.search(text, start, end)
        if reason and (not reason["cue"] or reason["cue"].lower() in lexicon().forms):
            kept[-1] = (start, reason.start())
    return replace(one, content=tuple(kept)) if tuple(kept) != tuple(one.content) else one


def _without_lead(text: str, cue: int, content: list[Span]) -> list[Span]:
    """Leave out what leads to what is said: an aside before 'that', the noun for the words that are quoted then."""
    for place, (start, end) in enumerate(content):
        aside = _ASIDE_FIRST.match(text, start, end) if start >= cue else None
        if aside:
            return [*content[:place], (aside.end(), end), *content[place + 1 :]]
        lead = _LEADS_TO_QUOTE.match(text, start, end) if start >= cue else None
        if lead and (lead.end() < end or place + 1 < len(content)):
            rest = [(lead.end(), end)] if lead.end() < end else []
            return [*content[:place], *rest, *content[place + 1 :]]
    return content


# Speakers


def _with_speaker(layout: Layout, one: Attribution) -> Attribution:
    if not one.cue:
        return one
    text, (begin, end) = layout.text, (one.cue[0][0], one.cue[-1][1])
    first = layout.sentence(begin)[0]
    if one.source and one.source[-1][1] < begin and text[one.source[-1][1] : begin].isspace():
        start, last = one.source[-1]
        auxiliary = _AUXILIARY.search(text, start, last)
        if auxiliary:
            verb = auxiliary.start() + len(auxiliary[0]) - len(auxiliary[0].lstrip())
            source = (*one.source[:-1], (start, auxiliary.start()))
            one = replace(one, source=source, cue=((verb, end),))
            begin = verb
    if not one.source and one.content and one.content[0][0] > end and _HEARD_BY.match(text, begin, end) is None:
        by = _BY.fullmatch(text, end, one.content[0][0])
        if by and (text[:end].endswith(" by") or by[0].lstrip().startswith("by ")):
            return replace(one, source=(by.span("who"),))
    noun = _NOUN.match(text, begin, end)
    if not noun:
        return one
    before = text[max(first, begin - 100) : begin]
    owner = _OWNER.search(before)
    at = begin - len(before)
    if owner:
        span = (at + owner.start("who"), at + owner.end("who"))
        return one if touch(one.source, [span]) else replace(one, source=(span,))
    return one


def shown_attitudes(layout: Layout, tagged: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions in which who shows an attitude is its speaker: 'Norland reaffirmed its opposition to …'."""
    return [_shown(layout, one) for one in tagged]


def _shown(layout: Layout, one: Attribution) -> Attribution:
    text = layout.text
    own = one.source and text[slice(*one.source[0])].lower() in ("my", "our", "his", "her", "its", "their")
    if not own or not one.cue or one.source[0][1] > one.cue[0][0]:
        return one
    begin = one.source[0][0]
    first = layout.sentence(begin)[0]
    oneself = _ONESELF.get(text[slice(*one.source[0])].lower())
    verb = _SHOWN.search(text, max(first, begin - 40), begin)
    if oneself and verb and (said := list(oneself.finditer(text, first, begin))):
        return replace(one, source=(said[-1].span(),), cue=((verb.start(), one.cue[-1][1]),))
    found = _SHOWS.search(text, max(first, begin - 200), begin)
    if not found:
        return one
    return replace(one, source=(found.span("who"),), cue=((found.start("cue"), one.cue[-1][1]),))
