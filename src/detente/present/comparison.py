"""What changed between two versions of a dispute, and which change did what to the equilibria, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from detente.analysis.comparison import Comparison, VersionChange
from detente.analysis.differences import ranks_states
from detente.model.conflict import Conflict
from detente.model.wording import counted, listed, names_in_words, quoted
from detente.present.blocks import Block, Bullets, Cell, Column, Heading, Item, Paragraph, table
from detente.present.phrases import concepts_in_words, statement_in_words

#: Of what is matched by name so many are named in a sentence.
MAX_MATCHES_TOLD = 3
#: Of states that come or go with a change no more than so many are named.
MAX_NAMED_EFFECTS = 3


#: How each change is said, with who and what it is about.
CHANGES = {
    "decision maker added": "{who}: part of the dispute now",
    "decision maker removed": "{who}: no longer part of the dispute",
    "option added": "{who} can now take ‘{option}’",
    "option removed": "{who} can no longer take ‘{option}’",
    "rules reworded": "the rules are written otherwise, and rule out the same",
    "rule removed": "the rule ‘{rule}’ is gone",
    "rule added": "there is the new rule ‘{rule}’",
    "can only be taken": "‘{option}’ can now only be taken",
    "can only be dropped": "‘{option}’ can now only be dropped",
    "can be taken and dropped": "‘{option}’ can now be taken and dropped",
    "merges": "states are merged otherwise: {after} instead of {before}",
    "preferences in another form": "{who}: the preferences are written in another form, and rank the states as before",
    "other preferences": "other preferences of {who}",
    "preference removed": "{who}: ‘{preference}’ is no longer preferred",
    "preferences reworded": "{who}: {count} in other words that mean the same",
    "preference marked": "{who}: ‘{preference}’ is now {after}",
    "preferences reordered": "{who}: the preferences are in another order now: {order}",
    "preference added": "{who}: ‘{preference}’ is now preferred (place {place})",
    "facing_unknown": "{who}: facing the unknown otherwise",
    "thresholds": "{who}: thresholds otherwise",
    "attitudes": "{who}: another attitude towards {towards}",
    "coalitions": "who stands together: {groups}",
    "status quo added": "there is a status quo now",
    "status quo removed": "there is no status quo any more",
    "status quo": "in the status quo {quo}",
}
#: How a preference without marks is said to be.
UNMARKED = "held, mild"


def view(found: Comparison) -> list[Block]:
    """Word a comparison: how much changed, what each change does, which equilibria come and go, and on whose words."""
    asked = [one.id for one in found.concepts]
    blocks: list[Block] = [Paragraph(answer(found))]
    if found.pairs:
        blocks.append(Paragraph(identified(found)))
    if found.changes:
        columns: list[Column | str] = [
            "What",
            Column("Change", 2),
            Column("What it does by itself", 1),
            Column("Needed for", 1),
        ]
        rows = (
            [one.kind, change_in_words(one), _effects(one.alone, asked), _effects(one.needed, asked)]
            for one in found.changes
        )
        blocks += [Heading("What changed"), table(columns, rows, max_rows=12)]
        blocks += [Heading("Which equilibria come and go"), _equilibria(found)]
    new, gone = found.statements
    if found.because or new or gone:
        blocks.append(Heading("Statements"))
        if found.because:
            said = tuple(Item(_statement(found, id)) for id in found.because)
            blocks += [Paragraph("The difference is due to these statements:"), Bullets(said)]
        blocks.append(
            Paragraph(f"{counted(len(new), 'new statement')}; {len(gone) or 'none'} of the first version left out.")
        )
    return blocks


def answer(found: Comparison) -> str:
    """Say how much changed, and whether that alters which states are equilibria."""
    first, second = (_version(one) for one in (found.first, found.second))
    if not found.changes:
        return f"Nothing changed from {first} to {second}."
    what = f"{counted(len(found.changes), 'change')} from {first} to {second}"
    if not found.attributed:
        return f"{what}. {unattributed(found)}"
    acting = sum(any(come or go for _, come, go in one.alone or ()) for one in found.changes)
    return f"{what}, of which {acting or 'none'} by itself alters which states are equilibria."


def change_in_words(change: VersionChange) -> str:
    """Say one change."""
    about = dict(change.about)
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
            about["groups"] = ", ".join(about["groups"]) or "nobody"
        case "status quo":
            parts = [f"'{label}' is taken" for label in about["taken"]] + [
                f"'{one}' is not" for one in about["dropped"]
            ]
            about["quo"] = "; ".join(parts)
    return CHANGES[change.what].format(**about)


def identified(found: Comparison) -> str:
    """Say what is taken to be the same by its name; empty where identifiers do not differ."""
    if not found.pairs:
        return ""
    kinds = Counter(pair.what for pair in found.pairs)
    what = listed([counted(count, kind) for kind, count in kinds.items()])
    named = [f"{quoted(pair.name)} ({pair.first}, now {pair.second})" for pair in found.pairs[:MAX_MATCHES_TOLD]]
    left = len(found.pairs) - len(named)
    more = [f"{left:,} more"] if left else []
    return f"Other identifiers for {what}, taken to be the same by name: {listed([*named, *more])}."


def unattributed(found: Comparison) -> str:
    """Say why it is not said what each change does by itself; empty where it is."""
    if found.attributed:
        return ""
    makers = [maker for version in found.versions for maker in version.decision_makers]
    whose = names_in_words(found.both, dict.fromkeys(maker.id for maker in makers if ranks_states(maker)))
    return (
        f"What each change does by itself cannot be said: the preferences of {whose} list the "
        "states one by one, and such a list says nothing about states that only the other version has. The two "
        "versions are compared as wholes."
    )


def _version(version: Conflict) -> str:
    day = version.day or version.as_of
    return f"{quoted(version.title)} ({day})" if day else quoted(version.title)


def _effects(effects: Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]] | None, asked: Sequence[str]) -> str:
    """Say which equilibria come and go, or how many if they are many, and under which concepts."""
    if effects is None:
        return "–"
    under: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for id, come, go in effects:
        if come or go:
            under.setdefault((come, go), []).append(id)
    parts = []
    for (come, go), ids in under.items():
        said = [f"{_some(come)} {'comes' if len(come) == 1 else 'come'}"] * bool(come)
        said += [f"{_some(go)} {'goes' if len(go) == 1 else 'go'}"] * bool(go)
        parts.append(f"{' and '.join(said)} ({concepts_in_words(ids, asked)})")
    return "; ".join(parts) or "nothing"


def _some(states: Sequence[str]) -> str:
    return listed(states) if len(states) <= MAX_NAMED_EFFECTS else f"{len(states):,}"


def _equilibria(found: Comparison) -> Block:
    came, went = ({one.id: set(states(one.id)) for one in found.concepts} for states in (found.came, found.went))
    states = sorted(set().union(*came.values(), *went.values()), key=lambda one: one[::-1])
    if not states:
        return Paragraph("None: the same states are equilibria in both versions.")

    def sign(state: str, id: str) -> Cell:
        if state in came[id]:
            return Cell("+", note="comes", tone="good")
        return Cell("−", note="goes", tone="bad") if state in went[id] else Cell("·", note="unchanged", tone="quiet")

    return table(
        [Column("State", kind="state"), *(Column(one.title, kind="mark") for one in found.concepts)],
        (
            [Cell(found.names.get(state, ""), pattern=state), *(sign(state, one.id) for one in found.concepts)]
            for state in sorted(states, key=lambda one: one not in found.names)
        ),
        caption="+ comes, − goes, · is unchanged. The letters are those of the options of both versions: "
        f"{', '.join(found.options)}.",
    )


def _statement(found: Comparison, id: str) -> str:
    """Say a statement of either version, and whose it is."""
    versions = (found.second, found.first)
    version = next(one for one in versions if any(said.id == id for said in one.all_statements))
    said = next(one for one in version.all_statements if one.id == id)
    return statement_in_words(said, version.all_speakers, version.all_statements)
