"""A first model of a dispute from documents, without a language model, for a person to correct.

Statements are found by the reader; speakers are put together to parties (`detente.reading.drafting.parties`); what is
demanded, offered, promised, refused and threatened becomes options (`detente.reading.drafting.options`). The
preferences of a party are put in one order: refusals, demands, own commitments, objections, offers; within a group the
order is the documents'. Every element names its statements and says in a note why it is proposed. What cannot be
proposed is listed, and nothing is invented for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from detente.errors import InputError
from detente.model.conflict import Conflict
from detente.model.evidence import Support
from detente.model.names import identifier
from detente.model.parts import DecisionMaker, Option
from detente.model.preferences import Prioritising
from detente.model.questions import Progress, no_progress
from detente.model.statements import AGAINST, CONDITIONAL, FOR, Dossier, Statement
from detente.model.wording import listed
from detente.reading.documents import Document, described, documents_in, read_document
from detente.reading.dossier_import import actors_of, add_statements, new_conflict
from detente.reading.drafting.actions import is_unclear
from detente.reading.drafting.clusters import (
    Cluster,
    clustered,
    doers,
    first_words,
    meant_by,
    name_of,
    only_agrees,
    pointed_at,
    proposal_in,
    same_proposal,
    short_name,
    spoken_of,
)
from detente.reading.drafting.narrative import narrated, own_words, status_quo
from detente.reading.drafting.parties import Parties, parties_of, with_parties
from detente.reading.drafting.readings import (
    ANSWERED,
    ASKED,
    COMMITMENT,
    DEMAND,
    OFFER,
    REFUSAL,
    THREAT,
    TOLD,
    Allusion,
    Reading,
    readings_of,
)
from detente.reading.drafting.wishes import (
    BEHIND_A_THREAT,
    SET_AS_A_CONDITION,
    Wish,
    disputed_teller,
    disputers,
    ids_of,
    note_of_option,
    preferences,
)
from detente.reading.gazetteer import Gazetteer, load_gazetteer
from detente.reading.links import proposed_links, with_links, with_pronoun_denials
from detente.reading.reader import read

#: What a proposed file says of itself.
SUMMARY = "Proposed from the documents listed under sources; not reviewed. Every claim is its speaker's, as reported."
#: How many options are proposed at most: those with the most statements.
MAX_OPTIONS = 14
#: The share of the work that finding the statements is.
_READING = 0.8


@dataclass(frozen=True)
class Proposal:
    """A proposed dispute, and what could not be proposed.

    Attributes
    ----------
    conflict
        The dispute, each element with a note that says why it is proposed.
    dossier
        The statements as the reader found them.
    left_out
        What was found and is not in the model, in words.
    parties
        The parties, each with the reasons why it is one and who is taken to speak for it.
    """

    conflict: Conflict
    dossier: Dossier
    left_out: tuple[str, ...]
    parties: tuple[tuple[str, tuple[str, ...]], ...]


def propose(
    documents: str | Path | Document | Iterable[str | Path | Document],
    parties: Iterable[str] = (),
    *,
    title: str | None = None,
    published: str | None = None,
    dossier: Dossier | None = None,
    actors: Gazetteer | None = None,
    workers: int | None = None,
    progress: Progress = no_progress,
) -> Proposal:
    """Propose a dispute from documents: parties, options, preferences and the status quo, each with its statements.

    No language model is used and nothing is sent anywhere. The result is a draft for a person to correct.

    Parameters
    ----------
    documents
        Files, folders or documents that have been read.
    parties
        The names of the parties. Default: those who act, or are asked to act, in the documents.
    title
        Default: the title of the first document.
    published
        The day of publication (ISO 8601) of documents that do not give it.
    dossier
        Statements that have been found and corrected already; the documents are then used for their words only.
    actors
        What stands for whom. Default: the packaged gazetteer.
    workers
        Number of processes that read. Default: one for each core, if the texts are long.
    progress
        Called with the share of the work done, and a description of the current step.

    Raises
    ------
    InputError
        If the documents have no statement that an option can be proposed from, or fewer than two parties.
    """
    found = list(_documents(documents))
    names = [" ".join(one.split()) for one in parties if one.strip()]
    if dossier is None:
        known = actors or load_gazetteer()
        if names:
            known = actors_of(new_conflict("draft", names), known)

        def reading(share: float, doing: str) -> None:
            progress(_READING * share, doing)

        dossier = read(found, actors=known, published=published, workers=workers, progress=reading)
    progress(_READING, "proposing parties, options and preferences")
    if not dossier.statements:
        raise InputError(
            "no statement was found in the documents, so nothing can be proposed. 'detente read' shows what was "
            "skipped, and why"
        )
    texts = _texts(dossier, found)
    heading = title or next((one.title or _headline(one.text) for one in found), None) or dossier.title
    heading = heading or (Path(found[0].name).stem if found else "Draft")
    found_parties = parties_of(dossier, names, texts)
    drafting = _Drafting(dossier, found_parties, texts, heading, published)
    idle = [] if names else drafting.idle()
    if idle and len(found_parties.parties) - len(idle) > 1:
        # Who turns out to do nothing and to want nothing is no party.
        drafting = _Drafting(dossier, found_parties.without(idle), texts, heading, published)
    return drafting.proposal()


def _headline(text: str) -> str | None:
    """Return the first line of a text if it is one."""
    first, _, rest = text.strip().partition("\n")
    return first if rest.startswith("\n") and len(first.split()) <= 16 and not first.endswith(".") else None


def _documents(given: str | Path | Document | Iterable[str | Path | Document]) -> Iterator[Document]:
    several = [given] if isinstance(given, str | Path | Document) else given
    for one in several:
        if isinstance(one, Document):
            yield one
        else:
            paths = documents_in(one) if Path(one).is_dir() else [one]
            yield from (described(read_document(path)) for path in paths)


def _texts(dossier: Dossier, documents: Sequence[Document]) -> dict[str, str]:
    """Return the texts of the sources whose documents are at hand."""
    by_digest = {one.text_sha256: one.text for one in documents}
    by_file = {Path(one.name).name: one.text for one in documents}
    found = {}
    for source in dossier.sources:
        text = by_digest.get(source.text_sha256 or "") or (by_file.get(Path(source.file).name) if source.file else None)
        if text is not None:
            found[source.id] = text
    return found


class _Drafting:
    """The steps from statements to a conflict."""

    def __init__(
        self, dossier: Dossier, parties: Parties, texts: Mapping[str, str], title: str, published: str | None
    ) -> None:
        self.dossier, self.parties, self.texts = dossier, parties, texts
        self.left_out: list[str] = []
        base = add_statements(
            new_conflict(title, [one.name for one in parties.parties]),
            replace(with_parties(dossier, parties), links=()),
        )
        statements = [*with_pronoun_denials(base.statements)]
        ids = {old.id: new.id for old, new in zip(dossier.statements, base.statements, strict=False)}
        decided = [
            replace(one, first=ids.get(one.first, ""), second=ids.get(one.second, ""))
            for one in dossier.links
            if one.accepted is not None
        ]
        known = {(one.kind, one.first, one.second) for one in decided}
        # Now that speakers are parties, more statements are of one speaker.
        open_links = (
            one for one in proposed_links(statements, base.sources) if (one.kind, one.first, one.second) not in known
        )
        self.base = base.replaced(statements=with_links(statements, [*decided, *open_links]))
        dates = [one.date for one in self.base.sources if one.date]
        self.as_of = max(dates, default=published)
        self.texts = {
            one.id: text for one in self.base.sources for text in [_text_of(one.id, one.file, dossier, texts)] if text
        }
        #: The statements as the model has them, with parties for speakers.
        self.told = replace(dossier, statements=self.base.statements, sources=self.base.sources)
        readings, mentions, unread = readings_of(self.told, parties, self.texts)
        self.left_out += unread
        self.readings, self.mentions = readings, mentions
        self.resolved: dict[int, list[tuple[Cluster, bool]]] = {}
        self.pointed: list[tuple[Allusion, Cluster, bool]] = []
        self.clusters = self._clusters()
        self.ids = self._identifiers()

    # Options

    def _clusters(self) -> list[Cluster]:
        acting = [one for one in self.readings if one.group != TOLD and not one.action.passive]
        for one in acting:
            if one.owner is None:
                self.left_out.append(f"{one.statement.id}: “{one.action.words}”: it is not clear who would do it")
        found = clustered([*acting, *self._asked(acting)])
        for one in self.readings:
            if one.action.passive and one.group != TOLD:
                self._passive(one, found)
        for mention in self.mentions:
            self._pointed(mention, found)
        told, readings = narrated(self.base, self.texts, self.parties, found)
        names = {one.speaker or "": own_words(self.base, one) for one in told}
        self.base = self.base.replaced(
            statements=[*self.base.statements, *told], speakers={**self.base.speakers, **names}
        )
        self.readings += readings
        for one in self.readings:
            if one.group == TOLD and one not in readings:
                self._told(one, found)
        for place, one in enumerate(self.readings):
            if one.condition is not None:
                self.resolved[place] = meant_by(one.condition, one, found, self.parties)
        kept = sorted(found, key=lambda one: -len({each.statement.id for each in one.readings}))[:MAX_OPTIONS]
        for each in found:
            if each not in kept:
                owner = self.parties.in_a_sentence(each.owner)
                self.left_out.append(f"the option “{name_of(each)}” of {owner}: there are more than {MAX_OPTIONS}")
        return [one for one in found if one in kept]

    def _asked(self, readings: Iterable[Reading]) -> Iterator[Reading]:
        """Yield the actions on which a party makes another action depend."""
        for one in readings:
            for action in one.condition.actions if one.condition else ():
                if only_agrees(action):
                    continue
                if is_unclear(action):
                    words = f"{one.statement.id}: it is not clear what “{action.words}” means"
                    self.left_out.append(words)
                    continue
                owners = doers(action, one.holder, self.parties)
                if action.passive and not owners and (other := self.parties.only_other(one.holder)):
                    # Of two parties, it is the other one that is to do it, unless it is an option already.
                    near = pointed_at(action.words, clustered(readings), place=one.place)
                    owners = [] if near else [other]
                group = ANSWERED if one.group == THREAT and one.condition and one.condition.when_done else ASKED
                for owner in owners:
                    wanted = not action.negated
                    yield replace(one, owner=owner, action=action, wanted=wanted, group=group, condition=None)

    def _passive(self, one: Reading, found: list[Cluster]) -> None:
        """Add a reading that says to what something is to be done, and perhaps by whom."""
        words = one.action.words
        near = pointed_at(words, [each for each in found if one.owner in (None, each.owner)], place=one.place)
        if near is not None:
            near[0].readings.append(replace(one, owner=near[0].owner))
            near[0].signs.append(near[1])
        elif one.owner is not None:
            found.append(Cluster(one.owner, [one], [1]))
        else:
            self.left_out.append(f"{one.statement.id}: “{words}”: the text does not say who would do it")

    def _pointed(self, mention: Allusion, found: list[Cluster]) -> None:
        action = proposal_in(mention)
        hit = spoken_of(mention, found)
        if hit is None and action is None:
            hit = pointed_at(mention.words, [one for one in found if one.owner != mention.holder], place=mention.place)
        if hit is None and action is None and mention.group == REFUSAL:
            hit = pointed_at(mention.words, [one for one in found if one.owner == mention.holder], place=mention.place)
        if hit is not None:
            cluster, sign = hit
            self.pointed.append((mention, cluster, sign < 0))
            return
        if action is not None:
            made = Reading(mention.statement, mention.place, mention.holder, mention.holder, action, False, REFUSAL)
            self.readings.append(made)
            known = same_proposal(action, found, mention.holder)
            if known is None:
                found.append(Cluster(mention.holder, [made], [1]))
            else:
                known.readings.append(made)
                known.signs.append(1)
            return
        who = self.parties.in_a_sentence(mention.holder)
        what = "refuses" if mention.group == REFUSAL else "objects to"
        self.left_out.append(
            f"{mention.statement.id}: {who} {what} “{first_words(mention.words)}”, and no option was found for it"
        )

    def _told(self, one: Reading, found: Sequence[Cluster]) -> None:
        """Add what is told as done to the option that it is."""
        for each in found:
            sign = each.sign(one.action) if one.owner in (each.owner, None) else 0
            if sign:
                each.readings.append(replace(one, owner=each.owner))
                each.signs.append(sign)
                return

    def _identifiers(self) -> dict[int, str]:
        taken = [one.id for one in self.base.decision_makers]
        found: dict[int, str] = {}
        for place, one in enumerate(self.clusters):
            short = short_name(name_of(one))
            made = identifier(short)
            if made in taken:
                made = identifier(f"{one.owner} {short}", taken)
            taken.append(made)
            found[place] = made
        return found

    def id_of(self, cluster: Cluster) -> str | None:
        """Return the identifier of an option; None if it is left out."""
        return next((self.ids[place] for place, one in enumerate(self.clusters) if one is cluster), None)

    # The conflict

    def idle(self) -> list[str]:
        """Return the parties without an option and without a preference."""
        busy = {one.owner for one in self.clusters} | {one.holder for one in self._wishes()}
        self.left_out = list(dict.fromkeys(self.left_out))
        return [one.id for one in self.parties.parties if one.id not in busy]

    def proposal(self) -> Proposal:
        if not self.clusters:
            said = "; ".join(self.left_out[:5])
            raise InputError(
                "no option can be proposed: no party is reported to demand, refuse, offer, promise or threaten an "
                "action that could be read" + (f" ({said})" if said else "") + ". 'detente read' lists the statements"
            )
        wishes = self._wishes()
        makers = []
        for maker in self.base.decision_makers:
            options = [self._option(one) for one in self.clusters if one.owner == maker.id]
            wanted = tuple(preferences(wishes, maker.id))
            makers.append(DecisionMaker(maker.id, maker.name, options, Prioritising(wanted)))
            if not options:
                self.left_out.append(f"{maker.name}: no option was found")
            if not wanted:
                self.left_out.append(f"{maker.name}: no preference was found")
        known = [(self.id_of(one) or "", one) for one in self.clusters]
        status, acts, unplaced = status_quo(self.base.sources, known, self.as_of)
        names = {option.id: (maker.name, option.name) for maker in makers for option in maker.options}
        for id, done, told in unplaced:
            owner, option = names[id]
            how = "done" if done else "ended"
            reason = "has no date, so it has no place among the other acts"
            self.left_out.append(f"{owner}: ‘{option}’, reported as {how} ({told.id}), {reason}")
        conflict = self.base.replaced(
            decision_makers=makers,
            statements=self._statements(),
            status_quo=status,
            history=acts,
            as_of=self.as_of,
            summary=SUMMARY,
            notes=self._notes(),
        )
        reasons = tuple((one.name, one.reasons) for one in self.parties.parties)
        return Proposal(conflict, self.dossier, tuple(dict.fromkeys(self.left_out)), reasons)

    def _option(self, one: Cluster) -> Option:
        about = [each.statement for each in one.readings]
        about += [mention.statement for mention, each, _ in self.pointed if each is one]
        told = self.base.statements
        # What only a disputed report says is no evidence if there is other evidence; the note tells of it.
        evidence = ids_of(each for each in about if disputed_teller(each, told) is None) or ids_of(about)
        note = note_of_option(one, self.parties, told, self.base.speaker_names)
        return Option(self.id_of(one) or "", name_of(one), Support(evidence, note=note))

    def _wishes(self) -> list[Wish]:
        found = list(self._plain_wishes())
        for mention, cluster, taken in self.pointed:
            id = self.id_of(cluster)
            if (outer := disputed_teller(mention.statement, self.base.statements)) is not None:
                preference = f"{mention.statement.id}: the refusal of “{first_words(mention.words)}”"
                self.left_out.append(f"{preference}: {self._why_disputed(outer)}")
                continue
            if id is not None:
                found.append(
                    Wish(mention.holder, mention.group, mention.place, ((id, taken),), None, mention.statement)
                )
        return found

    def _plain_wishes(self) -> Iterator[Wish]:
        for place, one in enumerate(self.readings):
            hit = next(
                (
                    (cluster, sign)
                    for cluster in self.clusters
                    for each, sign in zip(cluster.readings, cluster.signs, strict=True)
                    if each.place == one.place and each.action == one.action and one.owner in (None, each.owner)
                ),
                None,
            )
            id = self.id_of(hit[0]) if hit else None
            if (outer := disputed_teller(one.statement, self.base.statements)) is not None:
                if one.group != TOLD:
                    self.left_out.append(f"{_no_preference(one, id)}: {self._why_disputed(outer)}")
                continue
            if hit is None or id is None or one.group == TOLD:
                continue
            literal = (id, one.wanted == (hit[1] > 0))
            if one.condition is None:
                if one.group == THREAT:
                    self.left_out.append(
                        f"{_no_preference(one, id)}: the condition of the threat to “{one.action.words}” is not said"
                    )
                else:
                    yield Wish(one.holder, one.group, one.place, (literal,), None, one.statement)
                continue
            yield from self._conditional(one, literal, self.resolved.get(place, []))

    def _conditional(
        self, one: Reading, literal: tuple[str, bool], meant: Sequence[tuple[Cluster, bool]]
    ) -> Iterator[Wish]:
        """Yield the preference of a conditional statement, and the demand in a threat or in an ‘until’."""
        assert one.condition is not None
        given = [(id, taken) for cluster, taken in meant if (id := self.id_of(cluster)) is not None]
        if not given and one.group == DEMAND:
            yield Wish(one.holder, DEMAND, one.place, (literal,), None, one.statement)
        if not given:
            self.left_out.append(
                f"{_no_preference(one, literal[0]) if one.group != DEMAND else one.statement.id}: "
                f"“{one.action.words}” depends on “{first_words(one.condition.words)}”, for which no option was found"
            )
            return
        group = REFUSAL if not one.wanted or one.condition.only else OFFER if one.group == OFFER else COMMITMENT
        condition = (tuple(given), one.condition.when_done)
        if one.condition.only and literal[1]:
            # 'Only if' says what does not happen without it.
            condition, literal = (tuple(given), False), (literal[0], False)
        yield Wish(one.holder, group, one.place, (literal,), condition, one.statement)
        insists = not one.condition.when_done or one.condition.only
        threat = one.condition.when_done and one.group == THREAT
        for cluster, taken in meant if insists or threat else ():
            id = self.id_of(cluster)
            if id is not None and cluster.owner != one.holder:
                how = SET_AS_A_CONDITION if insists else BEHIND_A_THREAT
                yield Wish(one.holder, DEMAND, one.place, ((id, taken == insists),), None, one.statement, how)

    def _why_disputed(self, outer: Statement) -> str:
        """Say who alone reports something, and who disputes that: 'Aldham alone reports it (s3), and …'."""
        names = self.base.all_speakers
        against = disputers(outer, self.base.statements)
        who = [f"{names.get(one.speaker or '', 'another speaker')} ({one.id})" for one in against]
        disputed = f"disputed by {listed(who)}" if who else "marked as disputed"
        return (
            f"{names.get(outer.speaker or '', 'another speaker')} alone reports it ({outer.id}), and that is {disputed}"
        )

    def _statements(self) -> list[Statement]:
        """Return the statements with the options that they are about, and the stance of each."""
        about: dict[str, dict[str, str | None]] = {}
        for cluster in self.clusters:
            id = self.id_of(cluster) or ""
            for one, sign in zip(cluster.readings, cluster.signs, strict=True):
                stance = _stance(one, sign)
                if stance is not None or not _takes_a_stand(one):
                    about.setdefault(one.statement.id, {}).setdefault(id, stance)
        for mention, cluster, taken in self.pointed:
            about.setdefault(mention.statement.id, {})[self.id_of(cluster) or ""] = FOR if taken else AGAINST
        return [
            replace(one, about=tuple(found), stances={k: v for k, v in found.items() if v})
            if (found := {k: v for k, v in about.get(one.id, {}).items() if k})
            else one
            for one in self.base.statements
        ]

    def _notes(self) -> str:
        lines = [
            "Not reviewed. Check each element against its statements, then remove the notes that begin with ‘Proposed’."
        ]
        for one in self.parties.parties:
            speakers = [why for why in one.reasons if "points" not in why]
            if speakers:
                lines.append(f"{one.name}: {'; '.join(speakers)}.")
        if self.left_out:
            lines += ["Not in the model:", *(f"- {one}" for one in dict.fromkeys(self.left_out))]
        return "\n".join(lines) + "\n"


def _no_preference(one: Reading, option: str | None) -> str:
    """Say that a statement gives no preference, and that an option has it if one does."""
    return f"a preference from {one.statement.id}{' (the option is)' if option else ''}"


def _stance(one: Reading, sign: int) -> str | None:
    """Return the stance of a reading on its option, None if it takes none; ``sign`` is -1 for the opposite action."""
    wanted = one.wanted == (sign > 0)
    if one.group == ANSWERED:
        # 'It would sue if the road was closed' is against the closing.
        return AGAINST if wanted else FOR
    if one.group == TOLD:
        return None
    # What is asked for in a condition is wanted.
    return CONDITIONAL if one.condition else FOR if wanted else AGAINST


def _takes_a_stand(one: Reading) -> bool:
    """Tell whether a statement takes a stance on an option by its kind alone."""
    return one.statement.stance_on("", own=one.owner == one.holder) is not None


def _text_of(id: str, file: str | None, dossier: Dossier, texts: Mapping[str, str]) -> str | None:
    if id in texts:
        return texts[id]
    return next((texts[one.id] for one in dossier.sources if file and one.file == file and one.id in texts), None)
