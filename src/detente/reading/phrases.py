"""Parsing the words by which a text names a speaker: name, title, role, body."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from detente.reading.lexicon import name_words

#: A role and the words that distinguish it: 'the appeals court' is ('court', {'appeals'}).
Role = tuple[str, frozenset[str]]


@dataclass(frozen=True)
class Phrase:
    """A parsed phrase that names a speaker.

    ``name`` is its display name; ``proper`` are the words of its proper name, without titles; ``roles`` are its roles.
    ``human`` is None if it cannot be determined. ``owner`` is a possessive pronoun at its beginning.
    """

    name: str
    proper: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    human: bool | None = None
    gender: str | None = None
    definite: bool = False
    plural: bool = False
    owner: str | None = None

    @property
    def named(self) -> bool:
        """Whether it has a name besides its roles."""
        return bool(self.proper) and not any(head in self.proper for head, _ in self.roles)


_DATELINE = re.compile(
    r"^(?:[A-Z][A-Z.'-]+,?\s+)+(?:[^—–:]{0,40}?\s)?(?:--?|[—–])\s+|^[^()]{2,40}\((?:[A-Z]\w*\s?){1,3}\)\s*[-—–]+\s*"
)
_BRACKETS = re.compile(r"\s*(?:\([^()]*\)?|\[[^][]*\]?)")
_TAIL = re.compile(
    r"\s(?:who|which|whom|whose|that|where|when|while|as|yesterday|today|earlier|late|last|this|told|said|says|has|had|is|was|"
    r"(?:on|in|since|until)\s(?:\d|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May\s\d|June|July|"
    r"August|September|October|November|December|an?\s(?:statement|interview|letter|speech|briefing|report|tweet|post|news)))"
    r"(?:\s.*|$)"
)


def key(word: str) -> str:
    """Return a word as it is compared: in small letters, without a possessive ending and points.

    >>> key("Teachers’"), key("Egypt's"), key("U.S.")
    ('teachers', 'egypt', 'u.s')
    """
    plain = unicodedata.normalize("NFC", word).casefold().replace("’", "'").strip('.,;:"“”()[]!?')
    return plain.removesuffix("'s").rstrip("'")


def cleaned(words: str) -> str:
    """Return the words of a name or noun phrase without what a text puts around them: dateline, brackets, connectives.

    >>> cleaned(", the University and College Union (UCU)")
    'the University and College Union'
    >>> cleaned("GENEVA, May 3 (Reuters) - The envoy's")
    'The envoy'
    >>> cleaned("to a")
    ''
    """
    text = " ".join(unicodedata.normalize("NFC", words).replace("’", "'").split())
    text = _BRACKETS.sub("", _DATELINE.sub("", text.lstrip(" ,;:.–—-")))
    text = text.strip(' ,;:–—-"“”‘…!?*•/)]').lstrip(".'")
    text = re.sub(r"(?<=\w)'s?$", "", text)
    parts = text.split(" ")
    known = name_words()
    function = known.function
    skipped = function - known.determiners - known.quantities
    while parts and (not re.search(r"\w", parts[0]) or key(parts[0]) in skipped):
        if parts[0][:1].isupper() and key(parts[0]) == "may":
            break
        parts = parts[1:]
    if parts and parts[-1].endswith(".") and "." not in parts[-1][:-1] and key(parts[-1]) not in known.kept_points:
        parts[-1] = parts[-1][:-1]
    left = [part for part in parts if re.search(r"[^\W\d_]", part)]
    # The WHO is no pronoun.
    if all(key(part) in function and (len(part) < 3 or not part.isupper()) for part in left):
        return ""
    if len(left) == 1 and left[0].isascii() and len(key(left[0])) == 1:
        return ""
    return " ".join(parts)


def phrase(words: str) -> Phrase | None:
    """Parse a phrase that names a speaker; None if it has neither a name nor a noun.

    >>> phrase("The foreign minister, Dr Bernadette Mkumba").name
    'Bernadette Mkumba'
    >>> phrase("the teachers' union").roles
    (('union', frozenset({'teachers'})),)
    """
    text = cleaned(words)
    if not text:
        return None
    first, *others = [part for part in re.split(r",\s+|\s[–—]\s|;\s", text) if part.strip()] or [text]
    found = _segment(first)
    for place, other in enumerate(others):
        called = re.search(r"\b(?:called|named)\s+([A-Z]\S*(?:\s[A-Z]\S*)*)", other)
        other = called[1] if called else other
        more = _segment(other)
        if place == 0 and not found.proper and not found.plural and _names(found, more, other):
            found = replace(
                more, roles=(*found.roles, *more.roles), gender=more.gender or found.gender,
                definite=True, owner=found.owner,
                human=True if any(is_human(head) for head, _ in found.roles) else more.human,
            )  # fmt: skip
        elif not more.proper and len(key(other)) > 2:
            found = replace(found, roles=(*found.roles, *more.roles), gender=found.gender or more.gender)
            if found.proper and any(is_human(head) for head, _ in more.roles):
                found = replace(found, human=True)
    return found


def owner_first(words: str, behind: str = "") -> str:
    """Put what an office belongs to before it, if it stands behind the name of who holds the office.

    ``behind`` is the text after these words, at the beginning of which the owner may stand.

    >>> owner_first("Prime Minister Anna Berg of Norland"), owner_first("President Lena Voss", " of Sudmark said so.")
    ("Norland's Prime Minister Anna Berg", "Sudmark's President Lena Voss")
    >>> owner_first("President of Sudmark Lena Voss"), owner_first("the Minister of Finance Anna Berg")
    ("Sudmark's President Lena Voss", 'Anna Berg, the Minister of Finance')
    >>> owner_first("the president of Norland")
    'the president of Norland'
    """
    of = re.match(r"\s+of\s+(?:the\s+)?(?=\S)", behind)
    if not of and " of " not in words:
        return words
    known = name_words()
    text, comma, others = cleaned(words).partition(", ")
    if of:
        start, end = next(capitalised(behind[of.end() :]), (1, 1))
        text += f" of {behind[of.end() :][:end]}" if start == 0 else ""
    parts = text.split()
    place = parts.index("of") if "of" in parts else 0
    held, owner = parts[:place], parts[place + 1 :]
    if owner and key(owner[0]) in known.articles:
        owner = owner[1:]
    if held and key(held[0]) in known.determiners:
        held = held[1:]
    office = max((at for at, one in enumerate(held) if is_human(key(one))), default=-1)
    name = held[office + 1 :]
    if not name and len(owner) > 2 and any(key(owner[-2]) in names for names in known.given.values()):
        # 'President of Sudmark Lena Voss', and 'Minister of Finance Anna Berg'.
        owner, name = owner[:-2], owner[-2:]
        held = [*held, *name]
        if is_common(" ".join(owner)):
            return f"{' '.join(name)}, {' '.join(parts[:-2])}"
    if office < 0 or not name or not owner or "and" in parts or any(key(one) in known.bodies for one in name):
        return words
    if not all(map(is_name, name)) or not all(is_name(one) or one in known.joining for one in owner):
        return words
    return f"{' '.join(owner)}'s {' '.join(held)}{comma}{others}"


def _names(found: Phrase, more: Phrase, words: str) -> bool:
    """Tell whether a segment after a role is the name of its holder: 'its president, Nathan Chola'."""
    known = name_words()
    if not more.proper or key(words.split()[0]) in known.determiners:
        return False
    human = any(is_human(head) for head, _ in found.roles)
    tail = any(key(word) in known.prepositions for word in found.name.split())
    if tail and is_human(key(found.name.split()[-1])):
        # 'A lawyer for the inmate, Darnell Fisk': the inmate is.
        return False
    return (human and (len(more.proper) > 1 or not tail)) or (not human and found.definite and not tail)


def is_human(head: str) -> bool:
    """Tell whether a noun denotes a person."""
    words = name_words()
    return head in words.people or head in words.titles or bool(re.search(r"(?:man|woman|person)$", head))


@lru_cache(maxsize=2**14)
def is_name(word: str) -> bool:
    """Tell whether a word is capitalised like a name."""
    # 'al-Ghadban' and "d'Arc" are names, too; letters of scripts without capitals may be.
    bare = re.sub(r"^\w{1,3}[-'](?=[^\W\d_a-z])", "", word.lstrip("\"'“‘"))
    return bare[:1].isalpha() and not bare[:1].islower()


def is_common(name: str) -> bool:
    """Tell whether a name has nothing but common nouns, such as 'Supreme Court': it does not say which is meant."""
    common = _common_words()
    return not any(
        is_name(word) and common.isdisjoint({key(word), key(word).removesuffix("s"), key(word).removesuffix("es")})
        for word in name.split()
    )


@cache
def _common_words() -> frozenset[str]:
    known = name_words()
    named = (known.state, known.office, known.between, known.people, known.titles, known.bodies, known.plural)
    return frozenset(known.function).union(*named)


def _run(parts: list[str]) -> int:
    """Return where the run of capitalised words at the end of a segment begins."""
    words = name_words()
    at = len(parts)
    while at and (is_name(parts[at - 1]) or (at < len(parts) and at > 1 and key(parts[at - 1]) in words.particles)):
        if re.search(r"'s?$", parts[at - 1]) and at < len(parts):
            break
        at -= 1
    while at < len(parts) and not is_name(parts[at]):
        at += 1
    return 1 if at == 0 and parts and key(parts[0]) in words.determiners else at


#: A place and those who govern it are one, as a country and its government are.
_PLACE = re.compile(r"(?:the\s+)?(?P<what>town|city|village|borough)\s+of\s+(?P<name>\S+(?:\s+\S+){0,3})", re.I)


def _segment(text: str) -> Phrase:
    """Parse the part of a phrase between two commas."""
    words = name_words()
    text = _TAIL.sub("", text) or text
    place = _PLACE.fullmatch(text)
    if place and all(map(is_name, place["name"].split())):
        named = _segment(place["name"])
        return replace(named, roles=((key(place["what"]), frozenset(named.proper)),), human=False, definite=True)
    parts = text.split()
    first = key(parts[0])
    owner = first if first in words.owners else None
    definite = first in words.definite or owner is not None
    bare = parts[1:] if first in words.determiners and len(parts) > 1 else parts
    at = _run(parts)
    lead, run = parts[:at], parts[at:]
    plain_lead = [one for one in lead if key(one) not in words.determiners]
    listed = words.people | words.titles
    # A noun in ‘-man’ that ends a run is a surname: 'Information Minister Leila Osman'.
    title_at = max(
        (
            place for place, one in enumerate(run)
            if not _is_initial(run, place) and is_human(key(one))
            and (key(one) in listed or place < len(run) - 1 or len(run) == 1)
        ),
        default=-1,
    )  # fmt: skip
    if title_at == 1 and len(run) == 2 and key(run[0]) in words.given["she"] | words.given["he"]:
        title_at = -1
    title, name = run[: title_at + 1], run[title_at + 1 :]
    while name and key(name[-1]) in words.suffixes and len(name) > 1:
        name = name[:-1]
    # 'Aides to candidate Margaret Holloway' are not she.
    linked = bool(lead) and (
        key(lead[-1]) in words.prepositions
        or lead[-1] in ("and", "or", "&")
        or key(lead[0]) in words.prepositions
        or (not title and any(key(one) in words.prepositions for one in lead[1:]))
    )
    body = any(key(one) in words.bodies or one == "&" for one in name)
    plural = " and " in f" {text} " and _joins(parts)
    if name and not linked and not body:
        proper = tuple(map(key, name))
        called = _shown(name)
        described = bool(plain_lead) and is_human(key(plain_lead[-1]))
        if title or described or (len(name) > 1 and not (lead and not plain_lead)):
            role = _role([*plain_lead, *title])
            role += tuple(
                (key(one), frozenset()) for one in title[:-1] if is_human(key(one)) and key(one) not in words.addresses
            )
            by_name = next((sex for sex, names in words.given.items() if len(name) > 1 and proper[0] in names), None)
            gender = _gender([*title, *plain_lead]) or by_name
            if len(name) == 1 and title and _gender(title[-1:]) and key(title[-1]) in words.addresses:
                # Mr and Mrs Hale are two.
                called = " ".join(one.title() if one.isupper() else one for one in (title[-1], called))
            return Phrase(called, proper, role, True, gender, definite, False, owner)
        if plain_lead:
            # 'the parcel company Zipp': a name with what it is.
            return Phrase(called, proper, _role(plain_lead), None, None, definite, plural, owner)
    roles = _role(bare)
    head = roles[0][0] if roles else ""
    human = is_human(head) and not plural if head else None
    plural = plural or _plural(head)
    proper = ()
    if all(is_name(one) or key(one) in words.prepositions or one in ("and", "&") for one in bare) and (
        len(bare) > 1 or not (definite and is_human(head))
    ):
        proper = tuple(map(key, bare))
        if len(bare) == 1 and not definite:
            human = None
    return Phrase(" ".join(bare), proper, roles, human, _gender([*title, *plain_lead]), definite, plural, owner)


def _is_initial(parts: Sequence[str], place: int) -> bool:
    """Tell whether a letter is an initial behind a title, and not Monsieur: 'Cllr M. Ashby'."""
    return place > 0 and key(parts[place]) == "m"


def _joins(parts: list[str]) -> bool:
    """Tell whether 'and' joins two speakers, and not the words of one name: 'University and College Union'."""
    place = parts.index("and") if "and" in parts else -1
    if place <= 0 or place == len(parts) - 1:
        return False
    if key(parts[place + 1]) in name_words().determiners or _plural(key(parts[place - 1])) or _plural(key(parts[-1])):
        return True
    return key(parts[-1]) not in name_words().bodies


def _plural(head: str) -> bool:
    words = name_words()
    ends = len(head) > 3 and head.endswith("s") and not head.endswith(("ss", "us", "is"))
    return head in words.plural or (ends and head not in words.singular)


def _shown(name: list[str]) -> str:
    """Return a name in normal case, if a transcript has it in capitals."""
    joined = " ".join(name).strip(".,")
    if joined.isupper() and len(name) > 1:
        return " ".join(one.capitalize() if len(one.rstrip(".")) > 2 else one for one in joined.split())
    return joined


def _role(parts: list[str]) -> tuple[Role, ...]:
    """Return the head noun of a phrase and the words that distinguish it, if it has a noun."""
    words = name_words()
    parts = [one for one in parts if key(one) and key(one) not in words.addresses]
    end = next((place for place, one in enumerate(parts) if place and key(one) in words.prepositions), len(parts))
    if not parts[:end]:
        return ()
    head = key(parts[end - 1])
    others = [*parts[: end - 1], *parts[end:]]
    skipped = words.function - words.quantities
    modifiers = frozenset(key(one) for one in others if key(one) not in skipped and re.search(r"\w", one))
    return ((words.same_role.get(head, head), modifiers),) if head not in words.function else ()


def _gender(parts: list[str]) -> str | None:
    words = name_words()
    low = {key(one) for one in parts}
    return "she" if low & words.female else "he" if low & words.male else None


_CAPITAL = (
    r"(?:(?:[A-Z]\.)+|(?:Mr|Mrs|Ms|Mx|Dr|Prof|Gen|Lt|Col|Capt|Maj|Sgt|Gov|Sen|Rep|Rev|Hon|St|Adm|Cmdr)\.|"
    r"[^\W\d_a-z][\w'’-]*|al-[A-Z]\w+)"
)
#: A line that begins with 'The' goes on with no name.
_NEW_LINE = r"\n(?:The|An?|This|In|On|We|He|She|It|They|I)\s"
_CAPITALISED = re.compile(
    rf"(?<![\w'’-]){_CAPITAL}"
    rf"(?:(?!{_NEW_LINE})\s(?:(?:d[aeiu]|von|van|der|bin|al|de la)\s){{0,2}}{_CAPITAL})*"
)


def capitalised(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the runs of capitalised words in a text."""
    return ((match.start(), match.end()) for match in _CAPITALISED.finditer(text))


def full_names(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the names of several words in a text, without titles, that can be those of persons, with their places."""
    words = name_words()
    for start, end in capitalised(text):
        parts = [key(one) for one in text[start:end].split()]
        title = max(
            (
                place for place, one in enumerate(parts)
                if (one in words.titles and not _is_initial(parts, place)) or one in words.function
            ),
            default=-1,
        )  # fmt: skip
        parts = parts[title + 1 :]
        if len(parts) > 1 and not any(one in words.bodies for one in parts):
            yield start, tuple(parts)


def goes_back(words: Sequence[str], begin: int) -> bool:
    """Tell whether a phrase begins before a noun and 'of' or the like: 'the head of | the mill'.

    >>> goes_back("the mayor of Tarrin".split(), 3), goes_back("in defiance of Norland".split(), 3)
    (True, False)
    """
    if begin < 2 or words[begin - 1] not in ("of", "at", "in", "from", "for", "with"):
        return False
    known, head = name_words(), key(words[begin - 2])
    # What is done to a party is not a party: 'in defiance of Norland', 'a defeat for Norland'.
    deed = words[begin - 2].islower() and not is_human(head) and not is_human(head.removesuffix("s"))
    return not (
        deed and is_name(words[begin]) and head not in known.bodies | known.office | known.state | known.between
    )


def leading_words(before: str) -> str:
    """Return the end of a text that can be the role of who is named next: 'the foreign minister '."""
    known = name_words()
    kept: list[str] = []
    if not before[-1:].isspace():
        return ""
    for word in reversed(before.split()[-6:]):
        if re.search(r"[.,;:!?”\"]$", word) or key(word) in known.function - known.determiners:
            break
        kept.insert(0, word)
        if key(word) in known.determiners:
            break
    return " ".join([*kept, ""]) if kept and is_human(key(kept[-1])) else ""


def abbreviations(text: str) -> dict[str, str]:
    """Return the names for which a text defines abbreviations: 'the University and College Union (UCU)'."""
    found: dict[str, str] = {}
    for match in re.finditer(r"((?:[\w&.'’-]+\s+){1,9})[(\[](?:the\s+)?([A-Z][\w.&-]{1,9})[)\]]", text):
        words, short = match[1].split(), re.sub(r"\W", "", match[2])
        name = next((words[place:] for place in reversed(range(len(words))) if abbreviates(words[place:], short)), None)
        if name is None and sum(map(str.isupper, short)) > 1:
            at = next(
                (
                    place
                    for place in range(len(words))
                    if all(is_name(one) or one in name_words().joining for one in words[place:])
                ),
                None,
            )
            name = words[at:] if at is not None else None
        if name and sum(map(str.isupper, short)) > 1:
            found.setdefault(match[2], " ".join(name))
    for match in re.finditer(r"\b([A-Z][A-Z.&-]{1,9})\s+[(\[](?:the\s+)?([^()\[\]]{4,80})[)\]]", text):
        # 'The UCU (University and College Union)'.
        if abbreviates(match[2].split(), re.sub(r"\W", "", match[1])):
            found.setdefault(match[1], " ".join(match[2].split()))
    return found


def abbreviates(words: Sequence[str], short: str) -> bool:
    """Tell whether the letters of an abbreviation begin words, in order, the first one the first."""
    if words[0].lower() in name_words().joining:
        return False
    parts = [(one[0], word.lower() in name_words().joining) for word in words for one in word.split("-") if one]
    all_letters, initials = ("".join(one for one, joins in parts if not (joins and left)) for left in (False, True))
    return short.casefold() in (all_letters.casefold(), initials.casefold())


def genders(text: str) -> dict[str, str]:
    """Return by surname the pronoun, 'he' or 'she', that the text mostly uses after the full names in it."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    names = list(full_names(text))
    for place, (start, name) in enumerate(names):
        end = names[place + 1][0] if place + 1 < len(names) else len(text)
        pronoun = re.search(
            r"\b(he|his|him|himself|she|her|herself)\b", text[start : min(end, start + 300)], re.IGNORECASE
        )
        if pronoun:
            votes[name[-1]]["she" if pronoun[0].lower() in ("she", "her", "herself") else "he"] += 1
    return {name: found.most_common(1)[0][0] for name, found in votes.items()}
