"""How the equilibria change when something in the file is changed, in words."""

from __future__ import annotations

from collections.abc import Iterator

from detente.analysis.what_if import WhatIf, WhatIfEffect
from detente.model.day import no_preferences_known
from detente.model.wording import counted
from detente.present.blocks import Block, Cell, Column, Heading, Paragraph, table
from detente.present.phrases import together

#: The maximum number of states at the beginning of a table.
_MAX_STATES = 12


def view(found: WhatIf) -> list[Block]:
    """Say which equilibria are new, lost and unchanged, once for the concepts under which that is the same."""
    unknown = no_preferences_known(found.after.conflict)
    blocks: list[Block] = [Paragraph(answer(found)), *([Paragraph(f"Note: {unknown}.")] if unknown else [])]
    merged = together(found.effects, lambda one: (one.came, one.went, one.stay, one.status_quo), "concept.title")
    first = {(one.came, one.went, one.stay, one.status_quo): one for one in reversed(found.effects)}
    for key, titles in merged.items():
        blocks += [Heading(", ".join(titles)), *_effect(found, first[key])]
    return blocks


def answer(found: WhatIf) -> str:
    """Say how many states there are, and which statements are not believed."""
    before, after = found.before.count, found.after.count
    states = f"The model has {counted(after, 'state')}" + (
        "." if before == after else f"; that of the file has {before:,}."
    )
    return states + (f" Not believed: {', '.join(found.disbelieved)}." if found.disbelieved else "")


def status_quo_in_words(one: WhatIfEffect) -> str:
    """Say whether the status quo is an equilibrium, and whether that has changed."""
    was, is_ = one.status_quo
    said = "The status quo is an equilibrium" if is_ else "The status quo is not an equilibrium"
    return f"{said}." if was == is_ else f"{said} now."


def _effect(found: WhatIf, one: WhatIfEffect) -> Iterator[Block]:
    if any(stuck is not None for stuck in one.status_quo):
        yield Paragraph(status_quo_in_words(one))
    kinds = (
        (one.came, Cell("+", note="a new equilibrium", tone="good")),
        (one.went, Cell("−", note="no longer an equilibrium", tone="bad")),
        (one.stay, Cell(note="an equilibrium as before")),
    )
    rows = [
        [sign, Cell(found.name(state) or "", found.number_in_file(state), state.pattern)]
        for states, sign in kinds
        for state in states
    ]
    if not rows:
        yield Paragraph("No state is an equilibrium.")
        return
    yield table(
        ["", Column("State", kind="state")],
        rows,
        max_rows=_MAX_STATES,
        caption="+: a new equilibrium. −: no longer an equilibrium. A state without a number is not feasible in the "
        "file.",
    )
