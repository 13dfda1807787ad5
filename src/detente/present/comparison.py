"""What changed between two versions of a dispute, and the effect of each change on the equilibria, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

from detente.analysis.comparison import Comparison, OutcomeComparison, VersionChange
from detente.analysis.differences import ranks_states
from detente.analysis.equilibria import Analysis
from detente.analysis.evolution import Evolution
from detente.errors import InputError
from detente.model.conditions import parse
from detente.model.conflict import Conflict
from detente.model.dates import date_in_words
from detente.model.day import no_preferences_known
from detente.model.parts import Rule
from detente.model.states import State, names_in_part
from detente.model.verbs import with_article
from detente.model.wording import capital, counted, listed, names_in_words, quoted
from detente.present import evolution
from detente.present.blocks import Block, Bullets, Cell, Column, Heading, Item, Paragraph, table
from detente.present.outcomes import (
    are_several,
    condition_in_words,
    options_in_words,
    outcome_in_words,
    rule_in_words,
)
from detente.present.parties import reasons_in_short, situations_at
from detente.present.phrases import (
    concepts_in_words,
    concepts_spelled_out,
    in_quotation_marks,
    named_options,
    player_label,
    shortened,
    statement_in_words,
    under_concepts,
)

#: The maximum number of elements matched by name that a sentence names.
MAX_MATCHES_TOLD = 3
#: The maximum number of new or lost equilibria that a cell names.
MAX_NAMED_EFFECTS = 3
#: So many options that a state has not are named behind its name.
MAX_MISSING = 2


#: What the columns of effects mean.
_EFFECTS = (
    "By itself: the effect of this change alone. That needs this change: what all the other changes together would not "
    "do without it."
)
#: How the words on another status quo begin.
NEW_IN_THE_QUO = "new in the status quo: "
#: The words for each change, with the party and the element that it concerns.
CHANGES = {
    "decision maker added": "new party: {who}",
    "decision maker removed": "party removed: {who}",
    "option added": "{who}: option ‘{option}’ added",
    "option removed": "{who}: option ‘{option}’ removed",
    "rules reworded": "the rules are worded differently and exclude the same states",
    "rule removed": "rule {rule} removed",
    "rule added": "rule {rule} added",
    "can only be taken": "‘{option}’ can now only be taken",
    "can only be dropped": "‘{option}’ can now only be dropped",
    "can be taken and dropped": "‘{option}’ can now be taken and dropped",
    "merges": "different merged states: {after} instead of {before}",
    "preferences in another form": "{who}: preferences in another form; they rank the states as before",
    "other preferences": "{who}: different preferences",
    "preference removed": "{who}: preference {preference} removed",
    "preferences reworded": "{who}: {count} worded differently, with the same meaning",
    "preference marked": "{who}: preference {preference} is now {after}",
    "preferences reordered": "{who}: preferences in a different order: {order}",
    "preference added": "{who}: preference {preference} added as number {place}",
    "facing_unknown": "{who}: different attitude to unknown preferences",
    "thresholds": "{who}: different thresholds",
    "attitudes": "{who}: different attitude towards {towards}",
    "coalitions": "standing coalitions: {groups}",
    "status quo added": "status quo added",
    "status quo removed": "status quo removed",
    "status quo": f"{NEW_IN_THE_QUO}{{quo}}",
}
#: The words for a preference without marks.
UNMARKED = "certain, mild"


#: The name of a state of a day in which nothing is taken.
NO_OPTION = "no option taken"


def name_on_a_day(written: Conflict, state: State, untaken: Collection[str]) -> str:
    """Name a state of the model of a day; what the model has of a named state, with the options that it lacks."""
    # The model of the day gives the name to what it has of the state, too, which is another outcome.
    whole_here = {one.name for one in written.states if not one.taken.intersection(untaken)}
    if state.name in whole_here or not state.pattern:
        return state.name or ""
    if "Y" not in state.pattern and "-" not in state.pattern:
        return NO_OPTION
    name, whole = names_in_part(written, untaken).get(state.pattern, (state.name, ""))
    return without(name, written, whole, state.pattern) if name and whole else name or ""


def without(name: str, conflict: Conflict, whole: str, pattern: str) -> str:
    """Name a state by another one and the options that this has besides: a few by name, many by their number."""
    if not set(pattern) & {"Y", "-"}:
        return NO_OPTION
    letters = zip(conflict.options, whole, pattern, strict=True)
    labels = [quoted(option.label) for option, named, here in letters if (named, here) == ("Y", "N")]
    # In parentheses: "removes ‘X’ without ‘Y’" would read as if it did not remove ‘Y’.
    return (
        f"{quoted(name)} (without {listed(labels) if len(labels) <= MAX_MISSING else f'{len(labels)} of its options'})"
    )


def view(found: Comparison | OutcomeComparison) -> list[Block]:
    """Word a comparison: what changed, the effect of each change, the new and lost equilibria, and the statements."""
    if isinstance(found, OutcomeComparison):
        return _outcomes_view(found)
    blocks: list[Block] = [Paragraph(answer(found))]
    if found.pairs:
        blocks.append(Paragraph(identified(found)))
    if found.changes:
        columns: list[Column | str] = [
            "Element",
            Column("Change", 2),
            Column("Effect on the equilibria, by itself", 1),
            Column("Effect on them that needs this change", 1),
        ]
        rows = (
            [one.kind, change_in_words(one, found.both), _effects(found, one.alone), _effects(found, one.needed)]
            for one in found.changes
        )
        blocks += [Heading("What changed"), table(columns, rows, max_rows=12, caption=_EFFECTS)]
        blocks += [Heading("New and lost equilibria"), _equilibria(found), concepts_spelled_out(found.concepts)]
    new, gone = found.statements
    if found.because or new or gone:
        blocks.append(Heading("Statements"))
        if found.because:
            said = tuple(Item(_statement(found, id)) for id in found.because)
            blocks += [Paragraph("Statements behind what changed:"), Bullets(said)]
        if new or gone:
            blocks.append(
                Paragraph(f"{capital(counted(len(new), 'new statement'))}; {counted(len(gone), 'statement')} removed.")
            )
        else:
            blocks.append(Paragraph("Both versions have the same statements; what differs is which are in force."))
    return blocks


def answer(found: Comparison) -> str:
    """Say how much changed, and whether that alters which states are equilibria."""
    first, second = (_version(one, found) for one in (found.first, found.second))
    if not found.changes:
        return f"Nothing changed from {first} to {second}."
    came, went = ({state for one in found.concepts for state in of(one.id)} for of in (found.came, found.went))
    effect = f"{counted(len(came), 'new equilibrium', 'new equilibria')} and {len(went) or 'none'} lost"
    if not came and not went:
        effect = "the same equilibria"
    what = f"{_turn(found)}{counted(len(found.changes), 'change')} from {first} to {second}, with {effect}."
    if not found.attributed:
        return f"{what} {unattributed(found)}"
    acting = sum(any(come or go for _, come, go in one.alone or ()) for one in found.changes)
    if len(found.changes) == 1:
        return what
    if not acting:
        how = "alone or together" if not came and not went else "without the others"
        return f"{what} No change would alter the equilibria {how}."
    each = "" if acting == 1 else "each "
    return f"{what} {acting} of the changes would {each}be enough to alter the equilibria."


def _turn(found: Comparison) -> str:
    """Say whether the dispute is stuck in each version, if that is known and different; else nothing."""
    verdicts = []
    for version, equilibria in ((found.first, found.before), (found.second, found.after)):
        quo = version.status_quo
        if quo is None or version.merge or no_preferences_known(version):
            return ""
        pattern = found.both.pattern(quo.taken)
        stuck = [pattern in states for _, states in equilibria]
        if any(stuck) != all(stuck):
            return ""
        verdicts.append(f"{'Stuck' if all(stuck) else 'Not stuck'} {_on(version, found)}")
    same = verdicts[0].startswith("Stuck") == verdicts[1].startswith("Stuck")
    return "" if same else f"{verdicts[0]}; {verdicts[1][0].lower()}{verdicts[1][1:]}. "


def _on(version: Conflict, found: Comparison) -> str:
    """Name a version behind a verdict: on its day, or in it."""
    name = _version(version, found)
    return f"on {name}" if name[:1].isdigit() else f"in {name}"


def change_in_words(change: VersionChange, both: Conflict | None = None) -> str:
    """Say one change; with the conflict of both versions, options in conditions are called by their names."""
    about = dict(change.about)
    for key in ("preference", "rule"):
        if key in about:
            about[key] = _quoted_condition(both, str(about[key]))
    match change.what:
        case "merges":
            about = {version: ", ".join(merged) or "none" for version, merged in about.items()}
        case "preferences reworded":
            about["count"] = counted(about["count"], "preference")
        case "preference marked":
            before = f" (before: {about['before'] or UNMARKED})" if about["after"] else ""
            about["after"] = f"{about['after'] or UNMARKED}{before}"
        case "preferences reordered":
            about["order"] = "; ".join(about["order"])
        case "attitudes":
            about["towards"] = ", ".join(f"{who}: {now} (before: {before})" for who, now, before in about["towards"])
        case "coalitions":
            about["groups"] = ", ".join(about["groups"]) or "none"
        case "status quo":
            about["quo"] = _status_quo(both, about["taken"], about["dropped"])
    return CHANGES[change.what].format(**about)


def _status_quo(both: Conflict | None, taken: Sequence[str], dropped: Sequence[str]) -> str:
    """Say what is different in another status quo: as what the parties do, if the options are known."""
    by_label = {option.label: option.id for option in both.options} if both is not None else {}
    if both is None or not by_label.keys() >= {*taken, *dropped}:
        parts = [f"{quoted(label)} is taken" for label in taken]
        return "; ".join([*parts, *(f"{quoted(label)} is not taken" for label in dropped)])
    letters = {by_label[label]: "Y" for label in taken} | {by_label[label]: "N" for label in dropped}
    return options_in_words(both, letters, {by_label[label]: "Y" for label in dropped})


def _quoted_condition(both: Conflict | None, text: str) -> str:
    """Put a preference, or a rule as ``never: …``, into quotation marks, with names if there is a conflict to name."""
    if both is None:
        return quoted(text)
    kind, _, condition = text.rpartition(": ")
    try:
        parsed = parse(condition)
    except InputError:
        # A rule on several conditions.
        return in_quotation_marks(named_options(both, text))
    if kind == "never":
        words = rule_in_words(both, Rule("never", (parsed,)))
        return in_quotation_marks(words[:1].lower() + words[1:])
    words = condition_in_words(both, parsed)
    return in_quotation_marks(f"{kind}: {words}" if kind else words)


def identified(found: Comparison) -> str:
    """Say which elements are matched by name; empty if no identifiers differ."""
    if not found.pairs:
        return ""
    kinds = Counter(pair.what for pair in found.pairs)
    what = listed([counted(count, kind) for kind, count in kinds.items()])
    named = [f"{quoted(pair.name)} ({pair.first}, now {pair.second})" for pair in found.pairs[:MAX_MATCHES_TOLD]]
    left = len(found.pairs) - len(named)
    more = [f"{left:,} more"] if left else []
    return f"Matched by name, with different identifiers: {what}: {listed([*named, *more])}."


def unattributed(found: Comparison) -> str:
    """Say why the effect of each single change is unknown; empty if it is known."""
    if found.attributed:
        return ""
    makers = [maker for version in found.versions for maker in version.decision_makers]
    whose = names_in_words(found.both, dict.fromkeys(maker.id for maker in makers if ranks_states(maker)))
    return (
        f"The effect of each single change is unknown: the preferences of {whose} rank the states one by one, and such "
        "a ranking does not cover states that only the other version has. The two versions are compared as a whole."
    )


def _version(version: Conflict, found: Comparison) -> str:
    """Name a version: by its day alone if both are the same dispute on two days."""
    first, second = (one.day or one.as_of for one in (found.first, found.second))
    day = version.day or version.as_of
    if day and first != second and found.first.title == found.second.title:
        return date_in_words(day)
    if first == second and found.first.title == found.second.title:
        return f"the {'first' if version is found.first else 'second'} version"
    return f"{quoted(version.title)} ({date_in_words(day)})" if day else quoted(version.title)


def _effects(found: Comparison, effects: Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]] | None) -> str:
    """Say which equilibria a change adds and removes, or how many if they are many, and under which concepts."""
    if effects is None:
        # What is not tried because it cannot have an effect, as another status quo.
        return "none" if found.attributed else "not known"
    asked = [one.id for one in found.concepts]
    parts = []
    for verb, at in (("adds", 1), ("removes", 2)):
        under: dict[str, list[str]] = {}
        for effect in effects:
            for state in effect[at]:
                under.setdefault(state, []).append(effect[0])
        alike: dict[tuple[str, ...], list[str]] = {}
        for state, ids in under.items():
            alike.setdefault(tuple(ids), []).append(state)
        every = alike.pop(tuple(asked), [])
        parts += [f"{verb} {_some(found, every)}"] if every else []
        for concepts, states in alike.items():
            where = f"under {concepts_in_words(concepts, asked)}"
            more = f"{len(states):,} more" if len(states) > MAX_NAMED_EFFECTS else _some(found, states)
            parts.append(f"{where} it also {verb} {more}" if every else f"{verb} {_some(found, states)} {where}")
    return "; ".join(parts) or "none"


def _some(found: Comparison, states: Sequence[str]) -> str:
    """Name a few states, those without a name by their letters; or count them."""
    if len(states) > MAX_NAMED_EFFECTS:
        return f"{len(states):,} equilibria"
    return listed([_name(found, one) or one for one in states])


def _known(found: Comparison, state: str) -> str:
    """Return the name of a state, or of the one that it is a part of in a version; empty if it has none."""
    return found.names.get(state) or found.partial_names.get(state, ("", ""))[0]


def _name(found: Comparison, state: str, marks: Callable[[str], str] = quoted) -> str:
    """Name a state; if another has the same name, or only this with more options, say what is different."""
    name = _known(found, state)
    if not name:
        return ""
    alike = [one for one, other in found.names.items() if other == name]
    partial, whole = found.partial_names.get(state, ("", ""))
    if partial != name:
        whole = max(alike, key=lambda one: one.count("Y"))
    if any((most, here) == ("Y", "N") for most, here in zip(whole, state, strict=True)):
        return without(shortened(name, 80), found.both, whole, state)
    return marks(shortened(name, 80)) + ("" if state == whole else f" ({state})")


def _equilibria(found: Comparison) -> Block:
    came, went = ({one.id: set(states(one.id)) for one in found.concepts} for states in (found.came, found.went))
    states = sorted(set().union(*came.values(), *went.values()), key=lambda one: one[::-1])
    before, after = dict(found.before), dict(found.after)
    if not states:
        return Paragraph("None: the same states are equilibria in both versions.")

    def sign(state: str, id: str) -> Cell:
        if state in came[id]:
            return Cell("+", note="new", tone="good")
        if state in went[id]:
            return Cell("−", note="lost", tone="bad")
        both = state in before[id] and state in after[id]
        return Cell("=", note="an equilibrium in both versions", tone="quiet") if both else Cell("", note="in neither")

    rows = [
        [Cell(_name(found, state, str), pattern=state), *(sign(state, one.id) for one in found.concepts)]
        for state in sorted(states, key=lambda one: not _known(found, one))
    ]
    # Only the signs that occur are explained.
    signs = {
        "+": "+: new.",
        "−": "−: lost.",
        "=": "=: an equilibrium in both.",
        "": "Empty: an equilibrium in neither.",
    }
    shown = {cell.text for row in rows for cell in row[1:]}
    told = " ".join(words for sign, words in signs.items() if sign in shown)
    return table(
        [Column("State", kind="state"), *(Column(one.title, kind="mark") for one in found.concepts)],
        rows,
        caption=f"{told} The letters stand for the options of both versions, in this order: "
        f"{'; '.join(option.label for option in found.both.options)}.",
    )


def _statement(found: Comparison, id: str) -> str:
    """Say a statement of either version as its speaker's."""
    versions = (found.second, found.first)
    version = next(one for one in versions if any(said.id == id for said in one.all_statements))
    said = next(one for one in version.all_statements if one.id == id)
    return statement_in_words(said, version.all_speakers, version.all_statements)


def _outcomes_view(found: OutcomeComparison) -> list[Block]:
    """Compare two outcomes: who takes what, who prefers which, the steps between them, and for whom each is stable."""
    analysis, first, second = found.analysis, found.first, found.second
    conflict, both = analysis.conflict, (first, second)
    heads = [f"State {one.number}{f': {shortened(one.name, 40)}' if one.name else ''}" for one in both]
    blocks: list[Block] = [Bullets(tuple(Item(_whole_outcome(conflict, one), f"State {one.number}:") for one in both))]
    letters = zip(conflict.options, first.pattern, second.pattern, strict=True)
    rows = [
        [conflict.decision_maker(conflict.owner[option.id]).label, option.label, *map(_TAKEN.__getitem__, pair)]
        for option, *pair in letters
        if pair[0] != pair[1]
    ]
    alike = len(conflict.options) - len(rows)
    blocks += [
        Heading("Who takes what"),
        table(["Party", "Option", *heads], rows, max_rows=len(rows))
        if rows
        else Paragraph("The parties do the same in both outcomes."),
    ]
    if rows and alike:
        blocks.append(Paragraph(f"{counted(alike, 'other option is', 'other options are')} the same in both."))
    blocks += [
        Heading("Who prefers which"),
        Bullets(tuple(_preferred(found, id) for id in found.ranks)),
        Heading("Steps between them"),
        Bullets(tuple(map(_steps, found.ways))),
        Heading("For whom each is stable, and why"),
        table(["Party", *heads], _stable_for(analysis, both), max_rows=len(analysis.players)),
        concepts_spelled_out(analysis.concepts),
    ]
    return blocks


_TAKEN = {"Y": "taken", "N": "not taken", "-": "either"}


def _whole_outcome(conflict: Conflict, state: State) -> str:
    name = f"{quoted(state.name)}. " if state.name else ""
    return f"{name}{capital(outcome_in_words(conflict, state)) or 'No option'}."


def _preferred(found: OutcomeComparison, id: str) -> Item:
    """Say which of two outcomes a decision maker prefers, with their ranks."""
    conflict, first, second = found.analysis.conflict, found.first, found.second
    one, other, worst = found.ranks[id]
    who, several = capital(with_article(conflict.decision_maker(id).label)), are_several(conflict, [id])
    if worst == 1:
        return Item("no preference between any outcomes is known.", f"{who}:")
    if one == other:
        return Item(f"{'rank' if several else 'ranks'} both the same (rank {one} of {worst}).", f"{who}:")
    better, worse = (first, second) if one < other else (second, first)
    return Item(
        f"{'prefer' if several else 'prefers'} state {better.number} (rank {min(one, other)} of {worst}) to state "
        f"{worse.number} (rank {max(one, other)}).",
        f"{who}:",
    )


def _steps(way: Evolution) -> Item:
    target = way.targets[0]
    return Item(evolution.way_there(way, target), f"From state {way.start.number} to state {target.state.number}:")


def _stable_for(analysis: Analysis, both: Sequence[State]) -> Iterator[list[str]]:
    """Yield a row for each player: under which concepts each outcome is stable for it, and why."""
    situations = [{each.player: each for each in situations_at(analysis, state)} for state in both]
    for player in analysis.players:
        cells = []
        members = player.split("+") if analysis.conflict.coalitions else [player]
        it = "They" if are_several(analysis.conflict, members) else "It"
        for state, found in zip(both, situations, strict=True):
            under = [one for one in analysis.concepts if state.number in analysis.stability[one.id][player]]
            lead = f"Stable under {under_concepts(under, analysis.concepts)}." if under else "Not stable."
            cells.append(f"{lead} {it} {reasons_in_short(analysis.conflict, found[player])}")
        yield [capital(player_label(analysis.conflict, player)), *cells]
