"""Which speakers act together: who speaks for whom, from the words by which the documents name them.

One speaks for the other where a text says so: 'who leads the union', 'the board of Orbis', 'its manager, Peter Crane',
'Mrs Brandt' beside 'the Brandts'. Each such step is kept as a reason, for a person to check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from detente.model.names import identifier, name_key
from detente.model.statements import Dossier
from detente.model.verbs import with_article
from detente.reading.drafting.offices import board_members, in_their_union, is_union, ministers, only_ones, signatories
from detente.reading.lexicon import lexicon, name_words, word_set
from detente.reading.phrases import is_common, is_human, is_name, key

#: Nouns for a body that a text uses once it has named it: 'the company', 'his country'.
COMMON_BODIES = word_set(
    """company firm business employer employers management government country state nation authorities authority
    ministry union council city town village board bank club school university hospital association developer neighbours
    neighbors family group side administration army owner owners landlord tenants residents workers staff crews party
    people kingdom republic region province federation committee"""
)


_LEADS = re.compile(
    r"(?:\bwho\s+|^)(?:leads|led|heads|headed|chairs|runs|represents|speaks for|manages|owns|founded)\s+"
    r"(?:the\s+)?(?P<owner>[^,;]+)"
    r"|\b(?:leaders?|head|heads|chair|chairs|chairman|chairwoman|chairperson|presidents?|directors?|secretary|spokes\w+|"
    r"manager|managers|owners?|founder|lawyers?|negotiators?|representatives?|executive|board|members|officials|officers?|"
    r"management|mayor|minister|ministers|delegates?|delegation|chief|trustees|captain|treasurer)\s+(?:of|for|at|in|from)\s+(?:the\s+)?"
    r"(?P<owner2>[^,;]+)"
)


#: 'Maja Berg of the Dockers' Union'.
_MEMBER = re.compile(
    r"^(?P<who>(?:[^\W\d_a-z][\w'’-]+\s){2,3})(?:of|from|for)\s+(?:the\s+)?(?P<owner>[^\W\d_a-z][^,;]*)$"
)
#: Who has a part in a body need not speak for it.
_FOR_ITSELF = re.compile(r"\b(?:founder|shareholder|investor|customer|supplier|rival|critic|ex-\w+|former)\b")
_OWNED = re.compile(r"^(?:[Tt]he\s+)?(?P<owner>[^,;]+?)['’]s?\s+(?P<rest>[a-z][^,]*)")


#: A role without the body in which it is held: 'its manager, Peter Crane', 'the chairman, Miriam Stone'.
_PRONOUN = re.compile(
    r"^(?:(?:its|their|his|her)\s+[a-z][^,]*(?:,\s*.+)?|the\s+(?:chair(?:man|woman)?|chief executive|manager|"
    r"managing director|spokes\w+|leader|president|secretary|treasurer|owner)(?:,\s*.+)?)$",
    re.IGNORECASE,
)


def plain(name: str) -> str:
    """Return a name as it is compared: without an article, the legal form of a company and punctuation.

    >>> plain("the Dockers’ Union"), plain("Orbis plc")
    ('dockers union', 'orbis')
    """
    text = re.sub(r"^(?:the|an?)\s+", "", name_key(name).replace("’", "'").strip(' ,."“”'))
    text = re.sub(r",?\s+(?:plc|ltd|inc|corp|co|llc|gmbh|ag|sa)\.?$", "", text)
    return " ".join(re.sub(r"'s?$", "", word) for word in text.split())


def best_name(id: str, names: Mapping[str, Sequence[str]]) -> str:
    """Return the main name of an actor."""
    return names[id][0] if names.get(id) else id


def in_a_sentence(name: str, written: Iterable[str]) -> str:
    """Return a name with the article that a text gives it.

    >>> in_a_sentence("Dockers' Union", ["who leads the Dockers' Union"]), in_a_sentence("Rosen", ["Rosen"])
    ("the Dockers' Union", 'Rosen')
    """
    with_the = re.compile(rf"\bthe ({re.escape(name)})(?=$|,)", re.IGNORECASE)
    found = next((match[1] for each in written if (match := with_the.search(each))), None)
    if found is None:
        return with_article(name)
    # Only the case of the first letter is the text's: 'the town council'.
    return f"the {found if found[1:] == name[1:] else name}"


def party_name(members: Sequence[str], root: str, names: Mapping[str, Sequence[str]]) -> str:
    """Return the name of a party: of the body for which its members speak, rather than of a person."""
    main = best_name(root, names)
    if _human(names.get(root, (main,))):
        owners = [owner for one in members for words in names[one] if (owner := _owner(words)) and _is_proper(owner)]
        return max(owners, key=owners.count, default=main)
    if plain(main) in COMMON_BODIES:
        # 'The town' is the town council, where a text has one.
        longer = [best_name(one, names) for one in members if len(best_name(one, names).split()) == 2]
        return next((one for one in longer if not _human((one,))), main)
    return main


def names_of(dossier: Dossier) -> dict[str, list[str]]:
    """Return the names of every actor, the main one first."""
    found: dict[str, list[str]] = {id: [name] for id, name in dossier.speakers.items()}
    for one in dossier.actors:
        found[one.id] += [alias for alias in one.aliases if alias not in found[one.id]]
    for said in dossier.statements:
        if said.speaker and said.speaker_text and not _is_pronoun(said.speaker_text):
            found.setdefault(said.speaker, [said.speaker])
            if said.speaker_text not in found[said.speaker]:
                found[said.speaker].append(said.speaker_text)
    return found


def _is_pronoun(words: str) -> bool:
    return (
        words.lower() in lexicon().pronouns | name_words().owners
        or len(words) < 3
        or words.lower() in ("which", "that", "who", "we", "they")
    )


def seed(name: str) -> str:
    """Return what stands for a named party among the actors."""
    return f"\0{plain(name)}"


def one_actor_a_party(
    dossier: Dossier, names: dict[str, list[str]], named: Sequence[str], texts: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return for every actor the one that stands for its party, and the reasons; bodies that are only named are added
    to ``names``.
    """
    reasons: dict[str, str] = {}
    root = {id: id for id in names}
    for name in named:
        root[seed(name)] = seed(name)

    def of(id: str) -> str:
        while root[id] != id:
            id = root[id]
        return id

    def join(id: str, other: str, why: str) -> None:
        first, second = of(id), of(other)
        if first == second:
            return
        if second.startswith("\0") or not first.startswith("\0"):
            root[first] = second
        else:
            root[second] = first
        reasons.setdefault(id, why)

    def called(id: str) -> str:
        return in_a_sentence(best_name(id, names), names.get(id, ()))

    wanted = set(map(plain, named))
    by_name = {plain(each): id for id, known in reversed(list(names.items())) for each in reversed(known)}
    for one in dossier.actors:
        if one.speaks_for and one.speaks_for in root and not any(map(_FOR_ITSELF.search, names[one.id])):
            join(
                one.id,
                one.speaks_for,
                f"{one.name} speaks for {called(one.speaks_for)}, as Detente read it",
            )
    for name in named:
        own = plain(name)
        for id, known in names.items():
            if any(_same_name(own, plain(each)) for each in known):
                root[of(id)] = seed(name)
    for id in list(names):
        for words in names[id]:
            owner = _owner(words) or _before_office(words, lambda name: name in by_name or name in wanted)
            if owner is None or _is_self(owner, names[id][0]):
                continue
            found = next((seed(name) for name in named if _same_name(plain(name), plain(owner))), None)
            found = found or by_name.get(plain(owner)) or _by_head(owner, names, id, of)
            if found is None and _is_proper(owner):
                found = identifier(owner, names)
                names[found], root[found] = [owner], found
                by_name[plain(owner)] = found
            if found is not None and found != id:
                join(id, found, f"‘{words}’ is taken to speak for {in_a_sentence(owner, [words])}")
                break
    for id, known in list(names.items()):
        for words in known:
            # 'The head of the council, Marta Ruud' is Marta Ruud.
            person = by_name.get(plain(words.rpartition(", ")[2])) if ", " in words else None
            if person is not None and person != id:
                join(person, id, f"‘{words}’ names {best_name(person, names)}")

    def found_by(name: str) -> str | None:
        return name if name in names else by_name.get(plain(name))

    officers = [
        *ministers(dossier, names, texts, found_by, of),
        *signatories(texts, names, found_by),
        *board_members(dossier, names, texts, found_by, of),
    ]
    for each in officers:
        if each.party not in names:
            names[each.party], root[each.party] = [each.party], each.party
        if of(each.id) == each.id:
            why = f"{names[each.id][0]} is taken to speak for {called(each.party)}, because of {each.reason}"
            join(each.id, each.party, why)
    for id, owner, words in _possessed(dossier, names, texts):
        if of(id) == id:
            join(id, owner, f"‘{words}’ is taken to speak for {called(owner)}, named before")
    for id, family, words in _families(names, texts):
        if family not in names:
            names[family], root[family] = [words], family
        join(id, family, f"{names[id][0]} is taken to speak for the {words}")
    for id, owner in _inside(names):
        if of(id) == id:
            join(id, owner, f"‘{names[id][0]}’ and ‘{best_name(owner, names)}’ are taken to be the same")
    for id, known in list(names.items()):
        noun, body = plain(known[0]), _by_head(plain(known[0]), names, id, of)
        title = {seed(name): name for name in named}
        meant = {one for one, name in title.items() if head_of(name) == noun and not is_human(noun)}
        meant |= {of(body)} if body is not None else set()
        if noun == "union":
            # The Transport Workers are a union as well.
            meant |= {of(one) for one in names if one != id and is_union(names[one])} if meant else set()
        if len(meant) == 1 and of(id) == id:
            [other] = meant
            members = [one for one in names if of(one) == other]
            written = [each for one in members for each in names[one]]
            party = in_a_sentence(title.get(other) or party_name(members, other, names), written or known)
            join(id, other, f"‘{known[0]}’ is taken to be {party}")
    alone = [
        (each, f"{each.reason} is taken to be", ", the only one named")
        for each in only_ones(dossier, names, {seed(name): name for name in named}, texts, of)
    ]
    together = [
        (each, f"{names[each.id][0]} act together with", f" ({each.reason})") for each in in_their_union(dossier)
    ]
    for each, before, behind in [*alone, *together]:
        members = [one for one in names if of(one) == of(each.party)]
        written = [words for one in members for words in names[one]]
        party = in_a_sentence(party_name(members, of(each.party), names), written)
        join(each.id, each.party, f"{before} {party}{behind}")
    return {id: of(id) for id in root}, reasons


def _same_name(one: str, other: str) -> bool:
    """Tell whether two names are one, written more or less fully."""
    if one == other:
        return True
    short, long = sorted((one.split(), other.split()), key=len)
    return (
        len(short) > 0
        and long[: len(short)] == short
        and all(word in name_words().bodies for word in long[len(short) :])
    )


def _is_self(owner: str, name: str) -> bool:
    """Tell whether an owner is the actor itself: ‘Mr Hadley's office’ speaks for Joss Hadley.

    >>> _is_self("Mr Hadley", "Joss Hadley"), _is_self("Hadley Mining", "Joss Hadley")
    (True, False)
    """
    short = [word for word in plain(owner).split() if word not in name_words().titles]
    surname = bool(short) and plain(name).split()[-len(short) :] == short
    return plain(owner) == plain(name) or (surname and all(map(is_name, name.split())))


def _owner(words: str) -> str | None:
    """Return whose a speaker is, from the words that name it: 'the board of Orbis plc'."""
    match = None if _FOR_ITSELF.search(words) else _LEADS.search(words)
    if match is not None:
        return re.sub(
            r"\s+(?:who|which|said|told|has|had|at|on|in)\b.*$", "", match["owner"] or match["owner2"]
        ).strip()
    member = _MEMBER.match(words)
    if member is not None and not any(key(one) in name_words().bodies for one in member["who"].split()):
        return member["owner"]
    if _FOR_ITSELF.search(words):
        return None
    for part in words.split(", "):
        owned = _OWNED.match(part)
        # 'The residents' association' is a name.
        if owned is None or _is_body(owned["rest"]):
            continue
        if _is_proper(owned["owner"]) or _is_role(f"its {owned['rest']}"):
            return owned["owner"]
    return None


def _before_office(words: str, known: Callable[[str], bool]) -> str | None:
    """Return the known body that stands before an office: 'Harbour Board | chairman Olaf Brandt'."""
    parts = re.sub(r"^[Tt]he\s+", "", words).split()
    offices = [place for place in range(1, len(parts)) if parts[place].islower() and is_human(key(parts[place]))]
    if 1 in offices and parts[0].lower() in COMMON_BODIES:
        # 'Council chair Margaret Ashby'
        return parts[0].lower()
    for place in offices:
        body = " ".join(parts[:place])
        # 'Halden Transit spokesman Carl Winge' names the body, too.
        named = all(map(is_name, parts[:place])) and not is_common(body)
        if place > 1 and (known(plain(body)) or (named and key(parts[place]) in _OFFICES)):
            return body
    return None


def _is_body(words: str) -> bool:
    return key(words.split()[-1]) in (
        "union",
        "association",
        "federation",
        "party",
        "league",
        "committee",
        "club",
        "council",
    )


def _is_proper(words: str) -> bool:
    return (
        bool(words) and is_name(words.split()[0]) and words.split()[0].lower() not in ("the", "a", "an", "his", "its")
    )


def _by_head(owner: str, names: Mapping[str, Sequence[str]], speaker: str, of: Callable[[str], str]) -> str | None:
    """Return the only body with a common noun at the end of a name: 'the association', after 'the residents' one."""
    noun = key(owner)
    if is_human(noun) or " " in noun:
        return None
    found = [
        id for id, known in names.items()
        if id != speaker and any(head_of(one) == noun and plain(one) != noun for one in known)
        and not is_human(key(known[0].split()[0]))
    ]  # fmt: skip
    return found[0] if len({of(id) for id in found}) == 1 else None


def _possessed(
    dossier: Dossier, names: Mapping[str, Sequence[str]], texts: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Yield who is called 'its manager', and the body that was named last before."""
    for one in dossier.statements:
        match = _PRONOUN.match(one.speaker_text or "")
        text = texts.get(one.source or "", "")
        if match is None or one.speaker is None or not text or not (one.spans and one.speaker_text):
            continue
        personal = re.match(r"(?:his|her)\b", one.speaker_text, re.IGNORECASE) is not None
        if not _is_role(one.speaker_text):
            continue
        near = [m.start() for m in re.finditer(re.escape(one.speaker_text), text)]
        place = min(near, key=lambda at: abs(at - one.spans[0][0]), default=None)
        if place is None:
            continue
        before = text[max(0, place - 400) : place]
        found: list[tuple[int, int, str]] = []
        for id, known in names.items():
            if id == one.speaker or _human(known) != personal or (personal and not is_name(known[0])):
                continue
            for name in known:
                for hit in re.finditer(rf"(?<!\w){re.escape(name.strip())}(?!\w)", before) if len(name) > 2 else ():
                    found.append((hit.start(), len(name), id))
        if found:
            yield one.speaker, max(found)[2], one.speaker_text


def _is_role(words: str) -> bool:
    """Tell whether words such as 'its manager' name an office, and not a body or a relative with its own interest."""
    role = re.split(r",\s|\s(?:of|for|in|at|to)\s", words)[0].split()[1:]
    roles = name_words().speaking | name_words().office | name_words().state
    return bool(role) and not _is_body(role[-1]) and (key(role[-1]) in roles or key(role[-1]) in _OFFICES)


def head_of(name: str) -> str:
    """Return the noun at the head of a name: of 'the county council of Aven' it is 'council'."""
    words = re.split(r",\s|\s(?:of|for|in|at|to|from)\s", name)[0].split()
    return key(words[-1]) if words else ""


def _human(known: Sequence[str]) -> bool:
    words = known[0].split()
    two = len(words) == 2 and all(map(is_name, words)) and not any(key(one) in name_words().bodies for one in words)
    return (
        two
        or is_human(key(words[0]))
        or is_human(key(words[-1]))
        or any(
            re.search(r"\b(?:Mr|Mrs|Ms|Dr)\b", one)
            or re.search(r"(?:minister|manager|director|leader|chair\w*|officer|executive),", one)
            for one in known
        )
        or any("," in one for one in known)
    )


#: Persons who speak for a body or a person by their office.
_OFFICES = word_set(
    """manager director chairman chairwoman chair secretary treasurer lawyer solicitor agent spokesman spokeswoman
    spokesperson executive captain foreman mayor owner minister president leader officer adviser trustee"""
)
_TITLED = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Dr|Mx)\.?\s+(?:\S+\s+)?(?P<name>[^\W\d_a-z]\S+)$")


def _families(names: Mapping[str, Sequence[str]], texts: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the persons of a family that a text names: 'Mrs Brandt' beside 'the Brandts'."""
    whole = "\n".join(texts.values()) or "\n".join(each for known in names.values() for each in known)
    by_name = {plain(known[0]): id for id, known in names.items()}
    for id, known in list(names.items()):
        match = _TITLED.match(known[0])
        if match is None:
            continue
        for plural in (f"{match['name']}s", f"{match['name']}es"):
            if re.search(rf"\b[Tt]he {re.escape(plural)}\b", whole) or plain(plural) in by_name:
                yield id, by_name.get(plain(plural), identifier(plural)), plural


def _inside(names: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield a body whose name holds another's: 'Meru's government', 'officials in Tolland'."""
    called = {id: plain(known[0]) for id, known in names.items()}
    for id, words in called.items():
        parts = words.split()
        for other, name in called.items():
            size = len(name.split())
            if other == id or size >= len(parts) or not is_name(names[other][0].split()[0]) or len(name) < 4:
                continue
            rest = [part for part in parts if part not in name.split()]
            lead = parts[:size] == name.split() and all(
                part in name_words().state | name_words().office for part in rest
            )
            tail = parts[-size:] == name.split() and parts[-size - 1] in ("of", "for", "in", "from", "at")
            if lead or (
                tail and parts[0] in name_words().office | name_words().speaking | name_words().state | {"board"}
            ):
                yield id, other
                break
