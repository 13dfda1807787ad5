"""What is done by saying something: a suggestion, from the cue and the words."""

from __future__ import annotations

import re

from detente.reading.rules import lexicon

#: Phrases in what was said, for cues that tell nothing; the first that is found counts.
_RULES = (
    ("condition", r"unless|until|only if|only when|on condition|provided that|as long as|before any"),
    ("withdrawal", r"(?:withdr[ae]ws?|retract\w*|rescind\w*) (?:\w+ ){0,3}(?:offer|proposal|agreement|demand|claim)"),
    ("justification", r"because|the (?:main )?reasons? (?:why|for)|main reasons|ha[sd] no choice|out of necessity"),
    (
        "refusal",
        r"(?:cannot|can not|will not|won't|would not|never) (?:accept|agree|allow|let|be|negotiate|talk)|refus\w+|"
        r"reject\w*|no (?:talks|concessions?|compromise)|unacceptable|out of the question",
    ),
    (
        "threat",
        r"will (?:retaliate|respond|strike|answer|pay)|consequences|or else|if .{3,80}?,? (?:we|they|it|he) will",
    ),
    ("demand", r"must|has to|have to|should|needs? to|ought to|requiring|demand(?:s|ed|ing)? that|calls? (?:for|on)"),
    ("offer", r"ready (?:to|for)|willing to|prepared to|open to|offers? to|welcome to|would accept|agreed to"),
    ("commitment", r"will|shall|(?:is|are) going to|plans? to|intends? to|promise[sd]? to"),
)
#: How sure it is that an explicit cue means what it says, and that a phrase does.
_BY_CUE = ("refusal", "demand", "offer", "threat", "commitment", "withdrawal", "justification")


#: What a cue says too plainly to be taken for a mere claim.
_PLAIN_CUES = ("refusal", "threat", "withdrawal")


def settled_kind(learned: str | None, cue: str, content: str) -> str:
    """Settle on a kind: what was learned, unless that is a claim and the cue plainly says otherwise.

    >>> settled_kind("claim", "flatly rejected", "the proposals")
    'refusal'
    >>> settled_kind("demand", "said", "they should leave")
    'demand'
    """
    if learned is None:
        return suggested_kind(cue, content)
    by_cue = suggested_kind(cue, "")
    return by_cue if learned == "claim" and by_cue in _PLAIN_CUES else learned


def suggested_kind(cue: str, content: str) -> str:
    """Suggest the kind of a statement from its cue and its content.

    >>> suggested_kind("flatly rejected", "the proposals")
    'refusal'
    >>> suggested_kind("said", "there would be no talks until the troops had left")
    'condition'
    >>> suggested_kind("believes", "that the bridge is safe")
    'claim'
    """
    words = lexicon()
    lemmas = {words.forms.get(word.lower()) for word in re.findall(r"[\w']+", cue)}
    by_cue = next((kind for kind in _BY_CUE if lemmas & set(words.kinds.get(kind, ()))), None)
    if by_cue == "threat" and not re.search(r"\b(?:will|would|if|unless)\b", content):
        # A warning that something is so is a claim.
        by_cue = "threat" if "threaten" in lemmas else "claim"
    if by_cue == "demand" and "insist" in lemmas and not re.search(r"\b(?:must|should|on|that)\b", f"{cue} {content}"):
        by_cue = None
    if by_cue in ("offer", "commitment") and re.search(r"\b(?:not|never|cannot)\b|n't\b", cue):
        return "refusal"
    if by_cue is not None:
        return by_cue
    for kind, pattern in _RULES:
        if re.search(rf"\b(?:{pattern})\b", content, re.IGNORECASE):
            return kind
    return "claim"
