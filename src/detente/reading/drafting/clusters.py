"""Which actions are the same option, which option words point at, and what an option is called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from detente.model.verbs import deed, infinitive
from detente.reading.drafting.actions import BARE, DONE, POINTING, Action, Proviso, canonical, without_circumstances
from detente.reading.drafting.parties import Parties
from detente.reading.drafting.readings import ASKED, COMMITMENT, DEMAND, REFUSAL, TOLD, Allusion, Reading
from detente.reading.factuality import words_of_weight
from detente.reading.lexicon import lexicon, name_words, word_set

_OPPOSITES = {
    frozenset(pair.split())
    for pair in (
        "leave go", "stay go", "leave join", "leave stay", "leave enter", "stop continue", "stop begin", "lift impose",
        "lift keep",
        "open close", "withdraw keep", "withdraw send", "withdraw deploy", "drop keep", "drop pursue", "give withhold",
        "raise cut", "return keep", "free hold", "free detain", "build remove", "allow ban", "allow forbid",
        "allow block",
        "keep cut", "keep close", "keep remove", "keep stop", "keep sell",
        "accept reject", "stay withdraw", "sack reinstate", "dismiss reinstate",
    )
}  # fmt: skip


#: Verbs that add nothing to their noun: to give guarantees is to guarantee.
LIGHT = frozenset(["give", "make", "hold", "pay", "offer", "reach"])


#: Nouns for what another party said, by the group of the readings that they can mean.
_SPOKEN = re.compile(
    r"\b(?P<demand>demands?|calls?|requests?|appeals?|ultimatum|conditions?|claims?|petition)\b|\b(?P<offer>offers?|proposals?|bids?|terms)\b",
    re.IGNORECASE,
)


_ACCEPTABLE = re.compile(
    r"\b(?:proposals?|bids?|offers?|terms|deal|agreement|plans?|compromise|settlement|treaty|contract|conditions?)\b",
    re.I,
)


_GOES_ON = re.compile(
    r"\b(?:go(?:es)? on|went on|continues?|continued|happens?|happened|takes? place|took place|still|starts?|begins?|"
    r"began)\b",
    re.I,
)


_NOTHING = re.compile(r"^(?:nothing|no action|none of this)\b", re.IGNORECASE)


_THAT = re.compile(r"^(?:that|this|it|so|these|the demands?|its demands?|their demands?)\b", re.IGNORECASE)


@dataclass
class Cluster:
    """Readings that are one option. ``signs`` has 1 for readings of its action and -1 for those of the opposite."""

    owner: str
    readings: list[Reading] = field(default_factory=list)
    signs: list[int] = field(default_factory=list)

    def sign(self, action: Action) -> int:
        """Return 1 if an action is this option, -1 if it is the opposite, 0 if it is another one."""
        return next(
            (
                found * sign
                for one, sign in zip(self.readings, self.signs, strict=True)
                if (found := alike(action, one.action))
            ),
            0,
        )

    def is_undone_by(self, words: str) -> bool:
        """Tell whether words hold a verb for the opposite: 'the cut in the night shift', of keeping it."""
        verb = canonical(self.readings[0].action.verb)
        others = {canonical(infinitive(word) or word) for word in re.findall(r"\w+", words.lower())}
        return verb not in others and any(frozenset((verb, one)) in _OPPOSITES for one in others)

    def turn(self) -> None:
        """Name the option by the action itself where some only ask to stop it: 'drill', not 'stop the drilling'."""
        first = canonical(self.readings[0].action.verb)
        named = [canonical(one.action.verb) for one, sign in zip(self.readings, self.signs, strict=True) if sign < 0]
        if first == "stop" and any(verb != "stop" for verb in named):
            self.signs = [-sign for sign in self.signs]


def things(action: Action) -> frozenset[str]:
    """Return the significant words of what an action is done to."""
    return words_of_weight(re.sub(r"\b(?:more|new|own|all|other|half|two|its|their)\b", " ", action.rest))


#: A number that is not a year or a day.
_NUMBER = re.compile(
    r"(?<![\w.,])(?!(?:19|20)\d\d\b)\d[\d.,]*(?![\d:]|(?:st|nd|rd|th)\b)(?!\s+(?:January|February|March|April|May|June|July|"
    r"August|September|October|November|December)\b)"
)


def other_numbers(one: Action, other: Action) -> bool:
    """Tell whether two actions are of other numbers: to raise an offer to 640 pence is not to raise it to 700.

    What is told as done without a number does not say that what has one is done.
    """
    mine, yours = (set(_NUMBER.findall(action.rest)) for action in (one, other))
    if mine & yours or not (mine or yours):
        return False
    return bool(mine and yours) or any(each.mood == DONE for each in ((one,) if yours else (other,)))


def alike(one: Action, other: Action) -> int:
    """Tell whether two actions of a party are the same (1), opposite (-1) or neither (0).

    >>> fill, stop = Action("", "fill", "the reservoir of its dam"), Action("", "fill", "the reservoir", negated=True)
    >>> alike(fill, stop), alike(Action("", "leave", "the Council"), Action("", "go", "to the Council"))
    (1, -1)
    >>> alike(Action("", "open", "its accounts"), Action("", "open", "the gates"))
    0
    >>> alike(Action("", "raise", "its offer to 640 pence"), Action("", "raise", "its offer to at least 700 pence"))
    0
    """
    first, second = canonical(one.verb), canonical(other.verb)
    mine, yours = things(one), things(other)
    shared = len(mine & yours) / min(len(mine), len(yours)) if mine and yours else 0.0
    same = first == second or one.verb == other.verb
    if other_numbers(one, other) or _same_measure(one, other) is False:
        return 0
    if same and (POINTING.match(one.rest) or POINTING.match(other.rest)):
        return 1
    if same and (shared >= 0.5 or not (mine or yours)):
        return 1
    if frozenset((first, second)) in _OPPOSITES and shared >= 0.5:
        return -1
    for verb, thing, action in ((first, mine, other), (second, yours, one)):
        deed = words_of_weight(action.verb)
        if not deed & thing:
            continue
        if verb in ("stop", "continue"):
            # 'Stop the filling' is the opposite of 'fill the reservoir'; the shelling of the port is not of the town.
            if thing - deed and things(action) and not (thing - deed) & things(action):
                continue
            return -1 if verb == "stop" else 1
        if verb in LIGHT and (thing == deed or (thing - deed) & things(action)):
            return 1
    return 0


#: Verbs that end a measure, and such measures: 'lift the tanker ban', 'drop the ban'.
_ENDS = frozenset(["lift", "drop", "stop", "remove", "withdraw", "abolish", "rescind", "revoke"])
_MEASURES = word_set(
    "ban bans embargo siege blockade sanctions tariff tariffs restrictions curfew boycott moratorium quota quotas"
)
_HEAD = re.compile(r"\s(?:of|on|against|for|in|from|to|over|at)\s")


def _measure(action: Action) -> tuple[str, frozenset[str]]:
    """Return the measure that an action is done to, if any, and the words that tell it from others."""
    head = (_HEAD.split(action.rest)[0].split() or [""])[-1]
    return (head, things(action) - words_of_weight(head)) if head in _MEASURES else ("", frozenset())


def _same_measure(one: Action, other: Action) -> bool | None:
    """Tell whether two actions are done to one measure: 'the ban', 'the tanker ban'; None if one has no measure."""
    (first, mine), (second, yours) = _measure(one), _measure(other)
    if not first or not second:
        return None
    return first == second and (not (mine and yours) or bool(mine & yours))


def _ends_one_measure(one: Action, other: Action) -> bool:
    """Tell whether two actions end the same measure, with verbs for ending it.

    >>> lift, drop = Action("", "lift", "its ban on Kestrian tankers"), Action("", "drop", "the ban")
    >>> _ends_one_measure(lift, drop), _ends_one_measure(lift, Action("", "drop", "the travel ban"))
    (True, False)
    """
    return {canonical(one.verb), canonical(other.verb)} <= _ENDS and _same_measure(one, other) is True


def _joined(found: list[Cluster]) -> list[Cluster]:
    """Join the options that end one measure of a party, where no other measure can be meant."""
    partners: dict[int, list[tuple[int, int]]] = {}
    measured = [place for place, one in enumerate(found) if any(_measure(each.action)[0] for each in one.readings)]
    for place, later in combinations(measured, 2):
        one, other = found[place], found[later]
        if one.owner == other.owner:
            pairs = [
                (mine.action, yours.action, sign * opposite)
                for mine, sign in zip(one.readings, one.signs, strict=True)
                for yours, opposite in zip(other.readings, other.signs, strict=True)
            ]
            # Of two options with one measure, none may speak of another one.
            differs = any(_same_measure(mine, yours) is False for mine, yours, _ in pairs)
            sign = next((sign for mine, yours, sign in pairs if not differs and _ends_one_measure(mine, yours)), 0)
            if sign:
                partners.setdefault(place, []).append((later, sign))
                partners.setdefault(later, []).append((place, sign))
    gone = set()
    for place, several in partners.items():
        later, sign = several[0]
        if len(several) == 1 and len(partners[later]) == 1 and place < later:
            found[place].readings += found[later].readings
            found[place].signs += [sign * each for each in found[later].signs]
            gone.add(later)
    return [one for place, one in enumerate(found) if place not in gone]


#: Words by which one proposal is told from another of the same party.
_WHICH = word_set("earlier previous first second third last new revised improved final initial original")


def same_proposal(action: Action, clusters: Sequence[Cluster], owner: str) -> Cluster | None:
    """Return the option of accepting the same proposal: 'Aldwin's offer', 'the unsolicited offer from Aldwin plc'."""

    def marks(one: Action) -> tuple[frozenset[str], frozenset[str]]:
        rest = re.sub(r"['’]s?(?=\s)", "", one.rest)
        head = _HEAD.split(rest)[0].split()[-1:]
        named = words_of_weight(rest) - words_of_weight(" ".join((*head, "unsolicited group plc ltd company", *_WHICH)))
        return named, _WHICH & set(one.rest.lower().split())

    def same(one: Action) -> bool:
        (mine, which), (yours, other) = marks(action), marks(one)
        return bool(mine & yours) and which == other and alike(action, one) == 1

    found = [each for each in clusters if each.owner == owner and any(same(one.action) for one in each.readings)]
    return found[0] if len(found) == 1 else None


def clustered(readings: Iterable[Reading]) -> list[Cluster]:
    """Return the options: readings of one party's actions that say the same."""
    found: list[Cluster] = []
    for one in readings:
        if one.owner is None:
            continue
        place = next(
            ((each, sign) for each in found if each.owner == one.owner and (sign := each.sign(one.action))), None
        )
        if place is None:
            found.append(Cluster(one.owner, [one], [1]))
        else:
            place[0].readings.append(one)
            place[0].signs.append(place[1])
    found = _joined(found)
    for each in found:
        each.turn()
    return found


def _shared(stems: frozenset[str], action: Action) -> tuple[float, int]:
    """Return which part of the significant words of an action, or of some words, are shared, and how many."""
    own = words_of_weight(action.words)
    count = len(stems & own)
    return (count / min(len(stems), len(own)) if count else 0.0), count


def pointed_at(
    words: str, clusters: Sequence[Cluster], *, place: int | None = None, sure: bool = False
) -> tuple[Cluster, int] | None:
    """Return the option that words point at by their significant words, and 1 or -1 for its opposite.

    Parameters
    ----------
    words
        The words, such as 'filling without an agreement'.
    clusters
        The options.
    place
        The place of the statement; of several options, the one spoken of last before it is meant.
    sure
        Whether nothing is meant if the words fit options of several parties equally.
    """
    stems = words_of_weight(words)
    best: tuple[float, int, Cluster] | None = None
    rivals: dict[float, set[str]] = {}
    for one in clusters if stems else ():
        verb = words_of_weight(one.readings[0].action.verb) & stems
        part, shared = max(_shared(stems, each.action) for each in one.readings)
        part += 0.3 if verb and shared else 0.0
        near = max((each.place for each in one.readings if place is None or each.place <= place), default=-1)
        if part >= 0.5 and (shared > 1 or verb or len(stems) == 1):
            rivals.setdefault(part, set()).add(one.owner)
            if best is None or (part, near) > best[:2]:
                best = (part, near, one)
    if best is None or (sure and len(rivals[best[0]]) > 1):
        return None
    stopped = (
        re.search(r"\b(?:stop|end|halt|suspen|without|no longer)\w*", words) is not None
        and canonical(best[2].readings[0].action.verb) != "stop"
    )
    return best[2], -1 if stopped and not re.match(r"\W*\w+ing\b", words) else 1


def spoken_of(mention: Allusion, clusters: Sequence[Cluster]) -> tuple[Cluster, int] | None:
    """Return the option that 'the call' or 'Kiev's demands' means: the last demand on the holder before it."""
    plan = _PLAN.match(mention.words)
    if plan is not None:
        return _last_plan(mention, clusters)
    match = _SPOKEN.search(mention.words)
    if match is None or not match["demand"]:
        return None
    before = [
        (one.place, cluster, sign)
        for cluster in clusters
        if cluster.owner == mention.holder
        for one, sign in zip(cluster.readings, cluster.signs, strict=True)
        if one.group in (DEMAND, ASKED) and one.holder != mention.holder and one.place <= mention.place
    ]
    if not before:
        return None
    last = max(before, key=lambda each: each[0])
    [reading] = [one for one in last[1].readings if one.place == last[0]][:1]
    return last[1], last[2] if reading.wanted else -last[2]


#: Words for what another party has announced.
_PLAN = re.compile(
    r"(?:the|its|their|his|her|this|that)\s+(?:plans?|step|decision|project|scheme|move)\b", re.IGNORECASE
)


def _last_plan(mention: Allusion, clusters: Sequence[Cluster]) -> tuple[Cluster, int] | None:
    """Return what another party announced last before; None if more than one other party has announced something."""
    before = [
        (one.place, cluster, sign)
        for cluster in clusters
        if cluster.owner != mention.holder
        for one, sign in zip(cluster.readings, cluster.signs, strict=True)
        if one.group == COMMITMENT and one.holder == cluster.owner and one.place < mention.place
    ]
    if len({cluster.owner for _, cluster, _ in before}) != 1:
        return None
    _, cluster, sign = max(before, key=lambda each: each[0])
    # What is refused is the plan, so a plan not to act is refused by the opposite.
    return cluster, -sign


def proposal_in(mention: Allusion) -> Action | None:
    """Return the action of accepting what a party rejects: 'rejected a takeover bid'."""
    head = re.split(r"\s(?:of|from|to|for|by|on|in|at|with|without|that|which|as|and)\s", mention.words)[0]
    if mention.group != REFUSAL or not _ACCEPTABLE.search(head.split()[-1] if head.split() else ""):
        return None
    text = without_circumstances(re.sub(r"^(?:what\s+\S+\s+\w+\s+)", "the ", re.sub(r"[“”\"]", "", mention.words)))
    if not text or re.fullmatch(r"(?:the|an?|its|their|his|her)\s+\w+", text) or len(text.split()) > 9:
        return None
    return Action("", "accept", text, mood=BARE)


def meant_by(
    condition: Proviso, reading: Reading, clusters: Sequence[Cluster], parties: Parties
) -> list[tuple[Cluster, bool]]:
    """Return the options on which a condition depends, each with whether it is to be taken."""
    found: list[tuple[Cluster, bool]] = []
    if _NOTHING.match(condition.words) or _THAT.match(condition.words):
        asked = [
            (one.place, cluster, one.wanted == (sign > 0))
            for cluster in clusters
            for one, sign in zip(cluster.readings, cluster.signs, strict=True)
            if one.group in (DEMAND, ASKED) and one.holder == reading.holder and one.place <= reading.place
        ]
        if asked:
            _, cluster, taken = max(asked, key=lambda each: each[0])
            found.append((cluster, taken != bool(_NOTHING.match(condition.words))))
        return found
    for action in condition.actions:
        owners = doers(action, reading.holder, parties)
        if only_agrees(action):
            found += _agreed(action, owners, condition, reading, clusters)
            continue
        hits = [
            (cluster, (sign > 0) != action.negated)
            for cluster in clusters
            if (cluster.owner in owners or not owners) and (sign := cluster.sign(action))
        ]
        if not owners and len(hits) > 1:
            # Which party is meant is not said.
            continue
        if not hits:
            goes_on = _GOES_ON.search(f"{action.verb} {action.rest}") and action.doer
            words = action.doer if goes_on else f"{action.doer} {action.words}"
            fitting = [one for one in clusters if (not owners or one.owner in owners) and not one.sign(reading.action)]
            near = pointed_at(words, fitting, place=reading.place, sure=True)
            if near is not None:
                # What goes on has not stopped.
                on = _GOES_ON.search(action.words) and near[0].readings[0].action.phase == "stop"
                hits = [(near[0], ((near[1] > 0) != action.negated) != bool(on))]
        found += [hit for hit in hits if hit[0] not in [one for one, _ in found]]
    if not condition.actions:
        fitting = [one for one in clusters if not one.sign(reading.action)]
        near = pointed_at(condition.words, fitting, place=reading.place, sure=True)
        if near is not None:
            negated = re.search(r"\b(?:not|no|never|nothing)\b|n['’]t\b", condition.words) is not None
            found.append((near[0], ((near[1] > 0) != negated) != near[0].is_undone_by(condition.words)))
    return found


_AGREES = frozenset(["agree", "accept", "comply", "consent"])
_BOTH = re.compile(r"(?:both|the two|all|the (?:parties|sides))\b", re.IGNORECASE)


def only_agrees(action: Action) -> bool:
    """Tell whether an action is to do what was asked, which its words do not name: 'if both sides agreed'."""
    return action.verb in _AGREES and (not action.rest or POINTING.match(action.rest) is not None)


def _agreed(
    action: Action, owners: Sequence[str], condition: Proviso, reading: Reading, clusters: Sequence[Cluster]
) -> list[tuple[Cluster, bool]]:
    """Return what a speaker asked last of each party that a condition says agrees, and whether it is taken."""
    last: dict[str, tuple[int, Cluster, bool]] = {}
    for cluster in clusters:
        for one, sign in zip(cluster.readings, cluster.signs, strict=True):
            asked = one.group == DEMAND and one.holder == reading.holder and one.place <= reading.place
            meant = cluster.owner in owners or (not owners and _BOTH.match(condition.words))
            if asked and meant and one.place >= last.get(cluster.owner, (-1,))[0]:
                last[cluster.owner] = (one.place, cluster, one.wanted == (sign > 0))
    # 'Both' are at least two of whom something is asked.
    enough = owners or len(last) > 1
    return [(cluster, taken != action.negated) for _, cluster, taken in last.values()] if enough else []


def doers(action: Action, holder: str, parties: Parties) -> list[str]:
    """Return the parties that a condition's action names."""
    several = parties.all_named(action.doer) if " and " in action.doer else []
    one = parties.of_doer(action.doer, holder, own=False) if action.doer and not action.passive else None
    return several or ([one] if one else [])


#: Number of words of an option's name, and of its identifier.
NAME_WORDS, ID_WORDS = 9, 3


def first_words(words: str) -> str:
    """Return words for a message: the first twelve of them."""
    parts = words.split()
    return " ".join(parts) if len(parts) <= 12 else " ".join(parts[:12]) + " …"


_CUT = re.compile(
    r"\s+(?:of|in|on|at|to|for|from|with|by|into|against|between|among|about|such|so|including|without|during|as)\s"
)


#: Verbs that say nothing true without where to: 'take the offer directly to shareholders'.
_WITH_AN_AIM = frozenset(
    ["take", "put", "bring", "send", "hand", "move", "refer", "submit", "leave", "raise", "cut", "lower", "turn", "go"]
)
_AIM = re.compile(r"(?:\s\w+ly)?\s(?:to|into|before)\s")


def name_of(cluster: Cluster) -> str:
    """Return the name of an option: the shortest clear words for it."""
    ways = [
        (one.action.words, one.group == TOLD, place)
        for place, (one, sign) in enumerate(zip(cluster.readings, cluster.signs, strict=True))
        if sign > 0
    ]

    def clearness(way: tuple[str, bool, int]) -> tuple[bool, bool, bool, bool, bool, int, int]:
        words = way[0].split()
        unclear = len(words_of_weight(way[0])) < 2
        pronoun = any(
            word.lower() in ("it", "them", "one", "our", "us", "my", "we", "this", "that") for word in words[1:]
        )
        measure, which = _measure(Action("", words[0], " ".join(words[1:])))
        clipped, long = _is_clipped(way[0]) or bool(measure and not which), len(words) > NAME_WORDS
        return way[1], unclear or words[0] in LIGHT, pronoun, long, clipped, len(words), way[2]

    words = " ".join(min(ways, key=clearness)[0].split())
    # The name stands in sentences that are not the speaker's: 'Norland lays down its weapons'.
    words = re.sub(r"\bmy\b", "the", re.sub(r"\bour\b", "its", words))
    verb = words.split()[0]
    while len(words.split()) > NAME_WORDS and (
        cuts := [one.start() for one in _CUT.finditer(words) if one.start() > 8]
    ):
        aims = list(_AIM.finditer(words)) if verb in _WITH_AN_AIM else []
        if not aims or aims[-1].end() < cuts[-1]:
            words = words[: cuts[-1]]
        elif len(cuts) > 1:
            words = words[: cuts[-2]] + words[aims[-1].start() :]
        else:
            break
    verb, _, thing = words.partition(" ")
    if re.match(
        r"(?!(?:in|out|up|down|off|on|over|to|from|about|at|for|with|under|by|into|away|back)\b)[^\W\d]", thing
    ) and (deed(words) is None and deed(f"{verb} the {thing}") is not None):
        # 'Raise night pay' may be a noun; 'raise the night pay' can be put into a sentence.
        words = f"{verb} the {thing}"
    return words[:1].upper() + words[1:]


def _is_clipped(words: str) -> bool:
    """Tell whether a thing has no article, as in a headline: 'lift tanker ban'."""
    thing = _CUT.split(words)[0].split()[1:]
    bare = bool(thing) and thing[0].islower() and thing[0] not in lexicon().determiners | name_words().function
    return bare and thing[-1].isalpha() and not thing[-1].endswith("s")


def short_name(name: str) -> str:
    """Return the words of an identifier."""
    kept = [
        word
        for word in re.findall(r"[\w’']+", name.lower())
        if word not in lexicon().light and word not in lexicon().determiners
    ]
    kept = [word for word in kept if len(word) > 2 or word == kept[0] or word.isdigit()]
    return " ".join(re.sub(r"['’]s?$", "", word) for word in kept[:ID_WORDS]) or name
