"""What a party does, in English: an option's name, which is mostly an imperative, as words behind the party's name.

``Fill the reservoir`` becomes ``fills the reservoir`` behind *Ethiopia*, and ``fill the reservoir`` behind *the
farmers*. Both need to be certain: the first word is a verb, no second verb is overlooked, and the party's name is
singular or plural. Whatever is not certain is left alone, and the caller quotes the name as it is. The lists hold
the verbs that options of disputes begin with; a verb that is missing costs a quotation, a wrong one would mangle words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from detente.lazy import dataclass, lazy_pattern


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Verbs that are hardly ever a noun or an adjective at the beginning of a name.
_SURE = _words(
    """abandon abolish abstain accede accept accuse achieve acknowledge acquire adapt add adhere adjourn admit adopt
    affirm agree allocate allow amend announce annul apologise apologize apply appoint approve arbitrate ask assert
    assist attend authorise authorize avoid be begin block bring broaden build cancel cede cease choose collaborate
    commit compensate compete complain comply concede conclude condemn conduct confirm confiscate confront consider
    construct consult continue contribute convene convert cooperate co-operate coordinate co-ordinate create
    criticise criticize curb curtail decide declare dedicate deescalate de-escalate defend defer defy deliver
    demilitarise demilitarize demobilise demobilize demolish denounce deny deploy desist destroy detain develop
    disarm disband disclose discontinue discuss dismantle dismiss disobey dissolve distribute divert do donate elect
    eliminate enact encourage enforce enlarge enter eradicate escalate establish evacuate evict exclude expand expel
    explain expropriate extend extradite fill follow forbid forgive fortify fulfil fulfill gather give go hold
    ignore impede impose imprison indemnify inform initiate insist install intensify intervene introduce invade
    invest investigate invite join justify keep lay leave legalise legalize let lift litigate maintain make manage
    mediate meet militarise militarize mobilise mobilize modernise modernize modify nationalise nationalize
    negotiate normalise normalize notify obey obstruct obtain occupy oppose organise organize overthrow participate
    pay penalise penalize persist persuade postpone prepare preserve prevent proceed proclaim prohibit prolong
    promote propose prosecute protect prove provide publish punish pursue put quit ratify reassure recognise
    recognize recommend reconsider recruit redeploy reduce refer refrain refuse regulate reinforce reject relinquish
    relocate rely remain remove renegotiate renew renounce reopen re-open repatriate repay replace rescind resign
    resist respond restore restrain restrict resume retain retaliate reveal revise revoke scrap secede seek seize
    sell send settle sign slow soften stabilise stabilize strengthen submit subsidise subsidize sue suppress suspend
    swerve take terminate threaten tighten tolerate undermine undertake unite uphold urge vacate verify violate
    waive warn weaken widen withdraw withhold"""
)
#: Verbs that are nouns or adjectives, too: what follows has to show that they are meant as verbs.
_DOUBTFUL = _words(
    """act address advance aid aim answer appeal approach arm arrest assault attack back ban bar bargain bid blame
    blockade bomb boycott break bribe broker buy call campaign care challenge change charge check claim clean clear
    close combat complete compromise conserve contact contest control cooperate counter cover cross cut damage deal
    debate decline decrease delay demand deposit design dispatch dispute divide double draft drain draw drill drop
    ease embargo employ empty end engage escort evidence exchange exempt exercise exit exploit export express
    extract face favour favor fear feed fence fight file finance find fine finish fire fish fix flood force form
    free freeze fund gain grant guarantee guard halt hand harbour harbor harvest have help hire honour honor host
    hunt implement import improve increase inspect isolate issue jail judge kill land launch lead lease license
    limit link list loan lobby lock lower march mark match mine moderate monitor move name near object offer open
    operate order own pass permit petition place plan plant play pledge police poll pollute present press pressure
    price process produce promise protest pull pump purchase push question quiet raid raise rally reach rebuild
    recall record reform release rent repair repeal report request rescue reserve resolve respect result retire
    retreat return reverse reward risk rule run safeguard sanction save scale schedule search second secure separate
    serve set shape share shell shift ship shoot show shut signal sink slow speak spend sponsor spread stage stand
    start stay step stockpile stop store strike study supply support surrender talk target tax tear tell test toll
    trade train transfer transport travel treat trust try turn use value vent veto visit vote wage wait walk watch
    water welcome win work write yield"""
)
#: Of these, those that say the same as a noun, so that they need nothing behind them or may have a preposition.
_DEEDS = _words(
    """appeal attack bargain campaign compromise delay fight fish lobby march move protest rebel retreat return stand
    start stay stop strike surrender vote wait work yield"""
)
#: Of these, those that bare nouns may follow, as in "Release water", and names, as in "Support Egypt".
_TRANSITIVE = _words(
    """address arrest attack back ban blockade bomb boycott break buy challenge close cut delay demand drop ease end
    exchange finance fight fund grant guarantee halt help hire honour honor host implement improve increase inspect
    invade isolate issue launch lower offer open operate permit produce promise pull raise reach rebuild recall
    reform release repair repeal request rescue respect reverse sanction save secure share show start stop strike
    support tax transfer use veto visit win"""
)
#: Nouns without an article that often follow a verb in the name of an option.
_BARE = _words(
    """access aid amnesty arms asylum bombing borders capital compensation concessions construction contributions
    damages drilling elections exports farmers fees filling fishing food forces funds gas guarantees heads hostages
    hostilities imports independence information inspections inspectors jobs land logging membership mining missiles
    money negotiations neutrality observers oil pay payments peace pensions permits power prices prisoners
    production prisons recognition refugees reparations rights sanctions services settlements shipments soldiers
    subsidies supplies talks tariffs taxes territory terms testing tests tolls trade troops wages war water weapons
    work workers"""
)
#: Nouns that make a name of what is before them, as in "Support Group" and "Veto Power".
_HEADS = _words(
    """act agreement agreements authority ban bill board campaign committee council date deal force forces fund funds
    group groups law letter measures network office order package pact party plan plans policy power powers programme
    program project protocol regime right rights scheme service services system talks team treaty unit zone"""
)
#: As a word, a number shows like a determiner that what is before it is a verb; also within "twenty-five".
_NUMBERS = _words(
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions
    billion billions dozen dozens"""
)
_DETERMINERS = _NUMBERS | _words(
    """a all an another any both each either enough every everything few fewer half her his how its itself less many
    more most much my neither no nothing one other others our part several some such that the their them themselves
    these this those us what whatever when where whether which who"""
)
#: They make a verb of any word before them, as in "Set up a commission".
_PARTICLES = _words("aside away back down off out over up")
_ADVERBS = _words("again ahead alone apart together")
#: Of the doubtful ones, those that "to" and a verb follow. A plan to leave is what plans to leave are.
_AIMS = _words("aim fight help move offer plan pledge promise push return start try vote wait work")
_PREPOSITIONS = _words(
    """about above across after against along among around as at before behind below between beyond by during except
    for from in inside into like near of on onto outside over per since through throughout to toward towards under
    until upon via with within without"""
)
#: What may follow a verb that also names the deed, such as "Return to talks" or "Appeal against the order".
_AFTER_A_DEED = _words("against from for to until before after with within in at")
_INFLECTED = {"be": "is", "have": "has", "do": "does", "go": "goes"}
#: Words of other languages that follow what is a verb in English, too: "Continue les opérations".
_FOREIGN = _words(
    """au aux avec con da das de del den der des di die do du ein eine el en et gli il la las le les lo los mit não nao
    ne nicht no os para por sur um uma un una une und van von"""
) - {"do", "no", "en", "die"}
#: With these a name says something else if it is put behind "does not".
_NOT_TO_BE_DENIED = lazy_pattern(
    r"\b(?:no|not|never|none|nothing|nobody|nor|neither|without|unless|until|only|some|either|because|but|cannot)\b"
    r"|n['’]t\b"
)
_WITHIN = lazy_pattern(
    r"\bto\b|\b(?:will|would|can|could|may|might|must|shall|should|let|lets|make|makes|help|helps)\b"
)
_JOINT = lazy_pattern(r"(?:, *(?:and|or|but|then)?|\b(?:and|or|but|then|nor)\b) *(?:then |also |not )?(?=\S)")
_WORD = lazy_pattern(r"[A-Za-z]+(?:-[A-Za-z]+)?(?=$|[ ,])")
#: No sentence can hold these without being taken for another one, or for its end.
_BREAKS = lazy_pattern(r"[;:\n\r\t]|[.!?]$|[.!?] ")
_OPENING, _CLOSING = "‘“«([{", "’”»)]}"

_PLURALS = _words(
    """activists allies authorities banks boatmen bodies brothers businesses children churches cities citizens clans
    colonists communities companies contractors countries creditors customers developers donors drivers employees
    employers environmentalists exporters families farmers farms firms fishermen fishers forces governments groups
    guerrillas herders householders importers industries inhabitants investors islanders landlords landowners
    leaders lenders locals managers manufacturers members men merchants miners ministers ministries municipalities
    neighbours neighbors nations nurses opponents organisations organizations owners parents parties partners
    pastoralists peasants people peoples police powers producers protesters protestors provinces ranchers rebels
    refugees regions residents separatists settlers shareholders shopkeepers states strikers students suppliers
    supporters teachers tenants towns traders tribes troops unionists unions users villagers villages voters women
    workers"""
)
_SINGULARS = _words(
    """bahamas barbados belarus brussels caracas comoros congress cyprus emirates hamas honduras laos maldives
    mauritius netherlands paris philippines seychelles siemens texas tunis wales"""
)
#: Plurals without a sign of it, and names that some take for plural and some for singular; so is "the Dutch".
_NEITHER = _words("data elderly fedayeen media mujahideen poor rich staff taliban unemployed wealthy young")
_SINGULAR_NAMES = frozenset({"u.s.", "united states", "united nations", "solomon islands", "marshall islands"})


#: Names that need an article in a sentence, alone or joined with others.
_WITH_THE = frozenset(
    {
        "U.S.", "U.S.A.", "U.K.", "U.N.", "US", "USA", "UK", "UN", "EU", "United States", "United Kingdom",
        "United Nations", "United Arab Emirates", "European Union", "European Commission", "European Council",
        "African Union", "Soviet Union", "Netherlands", "Philippines", "Maldives", "Bahamas", "Gambia",
        "Solomon Islands", "Marshall Islands", "Czech Republic", "Dominican Republic",
    }
)  # fmt: skip
#: The same of every name of several words that ends like this, behind names or behind one of a people.
_GROUPS = _words("Army Party Movement Front Federation")
_OFFICES = _words("government army parliament authorities")


def with_article(name: str) -> str:
    """Return a party's name as it stands in a sentence: some need an article.

    >>> [with_article(name) for name in ("Egypt", "United States and NATO allies", "the workers", "British government")]
    ['Egypt', 'the United States and NATO allies', 'the workers', 'the British government']
    """
    one = re.split(r" and |,| & | \(|/", name, maxsplit=1)[0].removesuffix(" of America")
    before, _, last = one.rpartition(" ")
    if one in _WITH_THE:
        return f"the {name}"
    names = last in _GROUPS and re.fullmatch(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*", before)
    people = last in _OFFICES and re.fullmatch(r"[A-Z]\w+(?:ish|an|ese|ch)", before)
    return f"the {name}" if names or people else name


def third_person(verb: str) -> str:
    """Return the third person of a verb.

    >>> [third_person(verb) for verb in ("fill", "go", "deny", "pay", "relax", "veto")]
    ['fills', 'goes', 'denies', 'pays', 'relaxes', 'vetoes']
    """
    if verb in _INFLECTED:
        return _INFLECTED[verb]
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if re.search(r"(?:s|x|z|ch|sh|o)$", verb) else f"{verb}s"


_KNOWN = _SURE | _DOUBTFUL


@cache
def _third_persons() -> frozenset[str]:
    return frozenset(map(third_person, _KNOWN))


#: Past forms and participles that no rule makes.
_IRREGULAR = {
    form: verb
    for verb, forms in {
        "be": "is are was were been being am", "begin": "began begun", "break": "broke broken", "bring": "brought",
        "build": "built", "buy": "bought", "choose": "chose chosen", "come": "came", "cut": "cut",
        "do": "does did done", "draw": "drew drawn", "drive": "drove driven", "fall": "fell fallen", "feed": "fed",
        "fight": "fought", "find": "found", "forbid": "forbade forbidden", "forgive": "forgave forgiven",
        "freeze": "froze frozen",
        "get": "got gotten", "give": "gave given", "go": "went gone goes", "grow": "grew grown",
        "have": "has had having", "hear": "heard", "hold": "held",
        "keep": "kept", "lay": "laid", "lead": "led", "leave": "left", "let": "let",
        "lie": "lying", "lose": "lost", "make": "made", "meet": "met", "pay": "paid", "put": "put", "quit": "quit",
        "rise": "rose risen", "run": "ran", "say": "said", "see": "saw seen", "seek": "sought", "sell": "sold",
        "send": "sent", "set": "set", "shoot": "shot", "shut": "shut", "sink": "sank sunk", "speak": "spoke spoken",
        "spend": "spent", "spread": "spread", "stand": "stood", "steal": "stole stolen", "stick": "stuck",
        "strike": "struck", "swear": "swore sworn", "take": "took taken", "teach": "taught", "tear": "tore torn",
        "tell": "told", "think": "thought", "throw": "threw thrown", "undertake": "undertook undertaken",
        "uphold": "upheld", "win": "won", "withdraw": "withdrew withdrawn", "withhold": "withheld",
        "write": "wrote written",
    }.items()
    for form in forms.split()
}  # fmt: skip


#: Words that end like a form of a verb and are none.
_NO_FORMS = _words(
    """anything bed building ceiling during evening everything indeed king morning need nothing red ring seed shed
    something speed spring string thing things thousand wedding wing"""
)


def infinitive(word: str) -> str | None:
    """Return the infinitive of a form of a verb; None if the word is no form of a verb that is known or regular.

    >>> [
    ...     infinitive(word)
    ...     for word in ("withdrew", "signed", "filling", "stopped", "denies", "closes", "moved", "river")
    ... ]
    ['withdraw', 'sign', 'fill', 'stop', 'deny', 'close', 'move', None]
    """
    low = word.lower()
    if low in _NO_FORMS and low not in _KNOWN:
        return None
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if low in _KNOWN:
        return low
    for ending in ("ing", "ied", "ed", "ies", "es", "s"):
        if not low.endswith(ending) or len(low) - len(ending) < 2:
            continue
        stem = low.removesuffix(ending)
        undoubled = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "aeiou" else ""
        made = [f"{stem}y"] if ending.startswith("ie") else [stem, f"{stem}e", undoubled]
        known = next((one for one in made if one in _KNOWN), None)
        if known or ending in ("ies", "es", "s"):
            return known
        # A regular form of another verb: it is spelled as most are.
        if re.search(r"[aeiou]", stem):
            return _regular(stem, undoubled) if ending != "ied" else made[0]
    return None


def _regular(stem: str, undoubled: str) -> str:
    if undoubled and not stem.endswith(("ll", "ss", "ff", "zz")):
        return undoubled
    ends = re.search(
        r"(?:[^aeiou][aeiou][cgsvz]|[aeiou]{2}[sz]|at|iz|[cvuz]|[^aeiou]l|dg|ng[^aeiou]?|rs|ns|[aeiou]r)$", stem
    )
    one_vowel = re.search(r"[^aeiou][aeiou][bcdgklmnprstvz]$", stem) and len(re.findall(r"[aeiouy]+", stem)) == 1
    return f"{stem}e" if (ends and not stem.endswith(("er", "or", "ing"))) or one_vowel else stem


@lru_cache(maxsize=1024)
def is_plural(name: str) -> bool | None:
    """Tell whether a party's name is plural; None if that is not certain.

    >>> [is_plural(name) for name in ("Egypt", "United States", "United States and NATO allies", "Houthis")]
    [False, False, True, None]
    >>> [is_plural(name) for name in ("Friends of the river", "Ministry of Mines and Forests", "the workers")]
    [None, False, True]
    """
    if not re.fullmatch(r"[^\W\d_]['’.&\w (),/-]*", name) or not _is_latin(name):
        return None
    # What stands in parentheses, or behind a preposition, says more of the noun before it.
    head = re.split(r" \(| (?:of|for|in|at|from|against|on|with|to|by) ", name, maxsplit=1)[0].strip()
    lower = re.sub(r"^the ", "", head.casefold())
    last = re.split(r"[ -]", lower)[-1].rstrip(".,)")
    if lower in _SINGULAR_NAMES:
        return False
    joined = re.search(r" and | & |,|/| \+ ", head)
    if last in _PLURALS:
        return True
    if joined or not last:
        return None
    if last in _NEITHER or (lower != head.casefold() and re.search(r"(?:ese|ish|ch|ss)$", last)):
        return None
    return None if last.endswith("s") and not last.endswith(("ss", "us")) and last not in _SINGULARS else False


def _is_latin(text: str) -> bool:
    return all("LATIN" in unicodedata.name(one, "") for one in text if one.isalpha())


@dataclass(frozen=True)
class Deed:
    """An option's name as what a party does: ``fill the reservoir``.

    ``places`` are the beginnings and ends of its verbs in ``text``, the first of them at the beginning.
    """

    text: str
    places: tuple[tuple[int, int], ...]

    def done(self, plural: bool) -> str:
        """Say it of a party that does it: ``fills the reservoir``."""
        said, last = "", 0
        for start, end in self.places:
            verb = self.text[start:end]
            said += self.text[last:start] + (("are" if verb == "be" else verb) if plural else third_person(verb))
            last = end
        return said + self.text[last:]

    @property
    def deniable(self) -> bool:
        """Whether "does not" before it says that it is not done, and nothing else."""
        return not _NOT_TO_BE_DENIED.search(self.text.casefold()) and not self.text.startswith("be ")


def fits_a_sentence(text: str) -> bool:
    """Tell whether words can stand in a sentence: no end of one, no brackets left open, nothing invisible.

    >>> [fits_a_sentence(text) for text in ("stays", "stays; Egypt leaves", "stays. Egypt leaves", "stays (‘now’")]
    [True, False, False, False]
    """
    if not text.strip() or _BREAKS.search(text):
        return False
    if any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for one in text):
        return False
    # A closing ’ is an apostrophe, too, so it may be there without its opening.
    return all(text.count(a) == text.count(b) for a, b in zip(_OPENING, _CLOSING, strict=True) if a != "‘") and (
        text.count("‘") <= text.count("’") and text.count('"') % 2 == 0
    )


def deed(name: str) -> Deed | None:
    """Read an imperative; None for what may be something else.

    >>> deed("Fill the reservoir").done(plural=False)
    'fills the reservoir'
    >>> deed("Release water and stop filling the reservoir").done(plural=False)
    'releases water and stops filling the reservoir'
    >>> [deed(name) for name in ("Sanctions", "Talks with Egypt", "Support for the rebels", "Promise to stop and pay")]
    [None, None, None, None]
    """
    text = " ".join(name.split())
    found = _WORD.match(text)
    if found is None or not fits_a_sentence(text):
        return None
    verb, rest = found[0].lower(), text[found.end() :].lstrip(" ")
    # A word in capitals is an abbreviation: "AID", "US".
    if (found[0] not in (verb, verb.capitalize())) or not _is_verb(verb, rest, text):
        return None
    places = [(0, found.end())]
    for joint in _JOINT.finditer(text, found.end()):
        second = _WORD.match(text, joint.end())
        kind = _after_joint(text[joint.end() :], directly=joint.start() <= found.end() + 1)
        if kind is None or (kind and (second is None or _WITHIN.search(text.lower(), 0, joint.start()))):
            return None
        if kind and second is not None:
            if "not " in joint[0]:
                return None
            places.append(second.span())
    return Deed(text[0].lower() + text[1:], tuple(places))


def _is_verb(word: str, rest: str, text: str) -> bool:
    """Tell whether the first word is certainly a verb, from what follows it."""
    after = re.split(r"[ ,]", rest, maxsplit=1)[0]
    if after.casefold() in _FOREIGN and after[:1].islower():
        return False
    after_lower = after.casefold()
    if word in _SURE:
        return not (after_lower == "of" or (word in ("do",) and _NOT_TO_BE_DENIED.match(after_lower)))
    if word not in _DOUBTFUL:
        return False
    if after_lower in _DETERMINERS or after_lower.partition("-")[0] in _NUMBERS or re.match(r"[\d“‘\"]", after):
        return True
    if after_lower in _ADVERBS:
        return word in _DEEDS | _TRANSITIVE
    aim = re.match(r"to ([a-z-]+)", rest)
    if after_lower in _PARTICLES or (aim and word in _AIMS and aim[1] in _KNOWN):
        return True
    if word in _DEEDS:
        gerund = after_lower == "by" and re.match(r"by \w+ing\b", rest)
        if not after or text[len(word)] == "," or after_lower in _AFTER_A_DEED or gerund:
            return True
        if after_lower == "on":
            return word in ("vote", "work")
        if re.fullmatch(r"\w{3,}ing", after_lower):
            return word in ("start", "stop")
    if word in _TRANSITIVE:
        return after_lower in _BARE or bool(re.fullmatch(r"[A-Z][a-z]+", after) and after_lower not in _HEADS)
    return (word, after_lower) in {("stand", "ready"), ("stand", "firm"), ("stand", "by"), ("call", "for")}


def _after_joint(text: str, *, directly: bool) -> bool | None:
    """Tell whether a second verb stands here, behind a comma or "and"; None if that is not certain."""
    found = re.match(r"[^\s,]+", text)
    word = found[0] if found else ""
    lower, rest = word.casefold(), text[len(word) :].lstrip(" ")
    if lower in _SURE and word.islower():
        return True
    if lower in _DOUBTFUL:
        return (word.islower() and _is_verb(lower, rest, text)) or None
    if directly:
        return None
    closed = _DETERMINERS | _PREPOSITIONS | _BARE | {"including", "not"}
    if lower in closed or re.match(r"[\d“‘\"(]", word) or word[:1].isupper():
        return False
    return False if re.fullmatch(r"\w+(?:ing|tion|sion|ment|ity|ness|ance|ence|ism|ship|[^su]s)", lower) else None


def behind_a_name(words: str, plural: bool | None) -> str | None:
    """Return words that their author means to stand behind a party's name, as they can; None if they cannot.

    An imperative is conjugated; a capital before a verb in the third person becomes a small letter; what begins with a
    small letter, or a letter of a script without capitals, is left as it is.

    >>> [behind_a_name(words, False) for words in ("stays", "Stays where it is", "Keep the dam", "The dam stays")]
    ['stays', 'stays where it is', 'keeps the dam', None]
    """
    text = " ".join(words.split())
    if not fits_a_sentence(text):
        return None
    first = re.split(r"[ ,]", text, maxsplit=1)[0]
    if plural is not None:
        if re.match(r"do(?: not|n['’]t)\b", text, re.IGNORECASE):
            return f"{'do' if plural else 'does'}{text[2:]}"
        if found := deed(text):
            return found.done(plural)
    if first in (first.lower(), first.capitalize()) and first.lower() in _third_persons():
        return text[0].lower() + text[1:]
    return None if text[:1].isupper() or text[:1].istitle() else text
