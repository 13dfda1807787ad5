"""Since when a dispute has been stuck, through which statements and acts, and who held which position, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from detente.analysis.timeline import NO_MOVE, Period, Timeline
from detente.analysis.timeline.causes import PeriodChange
from detente.analysis.timeline.course import Since
from detente.analysis.timeline.positions import Position
from detente.model.conflict import Conflict
from detente.model.dates import date_in_words, day_in_words, one_date_in_words, parse_date
from detente.model.evidence import Support
from detente.model.wording import capital, counted, listed, names_in_words, quoted
from detente.present.blocks import Block, Bullets, Cell, Column, Heading, Item, Paragraph, Table
from detente.present.comparison import NEW_IN_THE_QUO, change_in_words, name_on_a_day
from detente.present.outcomes import options_in_words
from detente.present.phrases import (
    MARKED_AS_DISPUTED,
    concepts_in_words,
    concepts_spelled_out,
    evidence_in_brief,
    speaker_in_words,
    state_name,
    together,
    under_concepts,
)
from detente.present.positions import (
    STANCES,
    holder_on_matter,
    positions_table,
    standing,
    when_in_words,
)

#: So many periods, the last ones, and so many positions are shown at once.
MAX_ROWS = 200
#: So many changes are told in a paragraph.
MAX_TOLD = 6
#: Of so many periods, the last ones, it is told what made the difference, and so many causes of each.
MAX_PERIODS_TOLD, MAX_POINTS = 12, 6
#: So many acts that made the difference are told.
MAX_ACTS_TOLD = 2
#: So many statements that made a state stable are named; more are counted.
MAX_CAUSES = 5


def view(found: Timeline) -> list[Block]:
    """Word a timeline: since when the dispute has been stuck, its periods, and the positions."""
    blocks: list[Block] = [Paragraph(answer(found), "Is it stuck, and since when?")]
    blocks.append(concepts_spelled_out(found.concepts))
    blocks += [*vague_dates(found), *without_acts(found)]
    blocks += [Heading("Periods"), _periods(found), *_what_began_them(found), *_what_made_the_difference(found)]
    if found.positions:
        blocks += [Heading("Positions"), positions_table(found)]
    return blocks


def vague_dates(found: Timeline) -> Iterator[Block]:
    """Yield the note on periods that begin only with the other reading of vague dates."""
    if found.differs:
        days = listed([day_in_words(day) for day in found.differs])
        other = "earliest" if found.undated == "latest" else "latest"
        begin = "a period would begin" if len(found.differs) == 1 else "periods would begin"
        yield Paragraph(
            f"Some dates are vague. Here they count from their {found.undated} possible day. Counted from the {other}, "
            f"{begin} on {days}.",
            small=True,
        )


def without_acts(found: Timeline) -> Iterator[Block]:
    """Yield the note that the status quo of one day is taken for all, if nothing says when it came about."""
    if day := _day_of_undated_quo(found):
        yield Paragraph(
            f"The file dates no acts, so the status quo of {date_in_words(day)} is taken for every day, as "
            "far as its options are in the model of that day.",
            small=True,
        )


def _day_of_undated_quo(found: Timeline) -> str:
    """Return the day whose status quo is taken for all, as nothing says when it came about; empty if acts do."""
    written = found.conflict.written
    undated = written.status_quo is not None and not written.history and len(found.periods) > 1
    return written.as_of or "" if undated else ""


def _if_it_held(found: Timeline, first: date | None) -> str:
    """Say that a verdict on a day before that of the status quo supposes that this held already then."""
    day = _day_of_undated_quo(found)
    held = parse_date(day).earliest if day else None
    if not day or (first is not None and held is not None and first >= held):
        return ""
    when = "already then" if first is not None else "on all of them"
    return f", if the status quo of {date_in_words(day)} held {when} (the file dates no acts)"


def reason_in_words(one: Period) -> str:
    """Say why a period has no verdict."""
    if one.no_option_yet:
        return "no option is in the model yet"
    return "no party has a move in the model" if one.reason == NO_MOVE else one.reason or ""


def answer(found: Timeline) -> str:
    """Say whether the dispute is stuck at the end, since when, and what made it so."""
    if not found.periods:
        return "There is no period in these days."
    now = found.periods[-1]
    if now.status_quo is None or now.reason:
        when = f" for the last period, {span(now)}" if len(found.periods) > 1 else ""
        return f"That cannot be said{when}: {reason_in_words(now)}."
    stuck = [one for one in found.concepts if now.stuck[one.id]]
    quo = f"{'In the last period the' if len(found.periods) > 1 else 'The'} status quo, {state_name(now.status_quo)},"
    every = under_concepts(found.concepts, found.concepts)
    if not stuck:
        under = every.replace("all ", "any of the ", 1).replace("both concepts", "either concept")
        return f"No. {quo} is not an equilibrium under {under}. {_not_since(found, [one.id for one in found.concepts])}"
    verdict = "Yes" if len(stuck) == len(found.concepts) else "It depends on the concept"
    under = under_concepts(stuck, found.concepts)
    return f"{verdict}. {quo} is an equilibrium under {under}. {_stuck_since(found, [one.id for one in stuck])}"


def since(found: Timeline) -> str:
    """Say since when the dispute has been stuck, or not; nothing without dates, or where that cannot be said."""
    if len(found.periods) < 2 or found.periods[-1].reason:
        return ""
    stuck = [one.id for one in found.concepts if found.periods[-1].stuck[one.id]]
    return _stuck_since(found, stuck) if stuck else _not_since(found, [one.id for one in found.concepts])


def since_in_words(found: Since, conflict: Conflict, *, stable: bool) -> str:
    """Say since when a state has been stable, or not, and which acts and statements made it so."""
    # The model of a day has the acts no more.
    conflict = conflict.written
    verdict = "It has been stable" if stable else "It has not been stable"
    if found.first is None:
        return f"{verdict} on {'every' if stable else 'any'} day that the file covers."
    day = day_in_words(found.first)
    if not found.had_state:
        here = f"This outcome is in the model from {day} on"
        if not found.lacked:
            return f"{here}."
        options = listed([quoted(conflict.option(id).label) for id in found.lacked])
        which = "option" if len(found.lacked) == 1 else "options"
        return f"{here}. The day before, the model lacks the {which} {options}."
    if not found.known_before:
        return f"{verdict} at least since {day}; the model of the days before gives no verdict."
    causes = []
    if found.acts:
        makers = dict.fromkeys(conflict.history[number - 1].by for number in found.acts)
        causes.append(f"{'the act' if len(found.acts) == 1 else 'acts'} of {names_in_words(conflict, makers)}")
    if found.because:
        said = f"{counted(len(found.because), 'statement')} of that day"
        causes.append(said if len(found.because) > MAX_CAUSES else f"{said} [{', '.join(found.because)}]")
    since = f"{verdict} since {day}" if stable else f"It stopped being stable on {day}"
    return f"{since}{f', through {listed(causes)}' if causes else ''}."


def _stuck_since(found: Timeline, concepts: Sequence[str]) -> str:
    """Say since when the dispute has been stuck; "at least", if the verdict on the days before is not known."""
    first, before = found.since(concepts, wanted=True)
    if first.first is None and len(found.periods) == 1 and not _day_of_undated_quo(found):
        return "Since when is not known: no date in the file changes the model."
    if first.first is None:
        return f"It has been stuck on every day that the file covers{_if_it_held(found, None)}."
    day, held = day_in_words(first.first), _if_it_held(found, first.first)
    if before is None:
        return f"It has been stuck at least since {day}, the first of these days{held}."
    if any(before.stuck[id] is None for id in concepts):
        earlier = [one for one in found.periods[: found.periods.index(first)] if one.reason] or [before]
        ends = {reason_in_words(one).removesuffix(" yet"): one.last for one in earlier}
        told = [f"until {day_in_words(last)} {reason}" for reason, last in ends.items() if last]
        why = ", and from then ".join(told) if len(told) > 1 else reason_in_words(before)
        why = f"The model of an earlier day has only what had been said or done by then: {why}"
        return f"It has been stuck at least since {day}{held}. Whether it was stuck before is not known. {why}."
    return f"It has been stuck since {day}{_through(found, first)}{held}."


def _not_since(found: Timeline, concepts: Sequence[str]) -> str:
    """Say since when the dispute has not been stuck."""
    first, before = found.since(concepts, wanted=False)
    if first.first is None:
        return f"It has not been stuck on any day that the file covers{_if_it_held(found, None)}."
    day, held = day_in_words(first.first), _if_it_held(found, first.first)
    if before is None or not any(before.stuck[id] for id in concepts):
        return f"It has not been stuck on any day from {day} on{held}."
    return f"It stopped being stuck on {day}{_through(found, first)}{held}."


def _through(found: Timeline, first: Period) -> str:
    """Say through which acts and statements a verdict came about."""
    if acts := _deciding_acts(found, first):
        return f" (that day: {acts})"
    causes = _began(found, first)
    return f", through {causes}" if causes else ""


def _deciding_acts(found: Timeline, first: Period) -> str:
    """Say the acts that alone made the difference on the first day of a period; nothing if more did, or many."""
    if not first.acts or len(first.acts) > MAX_ACTS_TOLD:
        return ""
    deciding = [one for one in found.changes(first) or () if one.decides]
    acts = sorted({number for one in deciding for number in one.acts})
    days = [parse_date(found.conflict.history[number - 1].date) for number in acts]
    if any(one.statements for one in deciding) or any(day.earliest != day.latest for day in days):
        return ""
    return "; ".join(act_in_words(found, number) for number in acts)


def _began(found: Timeline, first: Period, *, dated: bool = True) -> str:
    """Say which acts and statements began a period; of that day, if their dates are exact."""
    causes = []
    if first.because:
        causes.append(f"{counted(len(first.because), 'statement')}{' of that day' if dated else ''}")
    if first.acts:
        makers = dict.fromkeys(found.conflict.history[number - 1].by for number in first.acts)
        acts = "the act" if len(first.acts) == 1 else "acts"
        causes.append(f"{acts} of {names_in_words(found.conflict, makers)}")
    return listed(causes)


def story(found: Timeline) -> str:
    """Say how it came to this: when the dispute was stuck, and which positions changed by the holders' own words."""
    runs: list[list[Period]] = []
    for period in found.periods:
        prior = runs[-1][-1] if runs else None
        same = prior is not None and dict(prior.stuck) == dict(period.stuck)
        if prior is not None and same and reason_in_words(prior) == reason_in_words(period):
            runs[-1].append(period)
        else:
            runs.append([period])
    said = [_run_in_words(found, run) for run in runs]
    if len(said) > MAX_TOLD:
        left = counted(len(said) - MAX_TOLD, "earlier change is", "earlier changes are")
        said = [f"Only the last {MAX_TOLD} changes are told here; {left} in the table.", *said[-MAX_TOLD:]]
    last: dict[tuple[str, str], Position] = {}
    own: list[str] = []
    others = 0
    held = standing(found)
    for place, one in enumerate(found.positions):
        if place not in held:
            others += 1
            continue
        before = last.get((one.holder, one.matter))
        last[one.holder, one.matter] = one
        if before is not None and before.stance != one.stance and one.change != "contradicts":
            if before.told_by_others_only or one.told_by_others_only:
                others += 1
                continue
            when = when_in_words(found, one.begins, one.statements)
            then = "then" if one.ordered or one.change == "withdraws" else "and"
            own.append(
                f"{holder_on_matter(found, one)}: {STANCES[before.stance]}, {then} {STANCES[one.stance]} ({when})"
            )
    if own:
        more = len(own) - MAX_TOLD
        rest = [f"{counted(more, 'other')} in the table"] if more > 0 else []
        said.append(f"Positions changed: {'; '.join([*own[:MAX_TOLD], *rest])}.")
    if others:
        other = "other " if own else ""
        depend = counted(others, f"{other}change of position depends", f"{other}changes of position depend")
        said.append(f"{depend} on what another party reports; the table of positions names that party.")
    return " ".join(said)


def begins_only_if(one: Period) -> str:
    """Say with which beliefs a period begins; nothing if it begins whatever is believed, or if that is not known."""
    if one.first is None or one.begins_if is None or one.in_every_account:
        return ""
    return f"A separate period begins on {day_in_words(one.first)} only if {beliefs_in_words(one.begins_if)}"


def _run_in_words(found: Timeline, run: Sequence[Period]) -> str:
    """Say whether the dispute was stuck in consecutive periods with the same verdict, and what began them."""
    first, last = run[0], run[-1]
    whole = replace(first, last=last.last)
    when = capital(_span_of_causes(found, whole))
    if first.reason:
        return f"{when}: whether the dispute was stuck is not known ({reason_in_words(first)})."
    causes = _began(found, first, dated=when == capital(span(whole))) if first.first else ""
    # That something began the period does not say that it made the dispute stuck.
    began = f"; this begins with {causes}" if causes else ""
    if acts := _deciding_acts(found, first):
        began = f" (on the first day: {acts})"
    under = [one for one in found.concepts if first.stuck[one.id]]
    if not under:
        return f"{when}: not stuck{began}."
    which = "" if len(under) == len(found.concepts) else f" under {under_concepts(under, found.concepts)}"
    return f"{when}: stuck{which}{began}."


def _periods(found: Timeline) -> Table:
    rows = []
    for one in found.periods:
        quo = one.status_quo
        state = Cell(name_on_a_day(found.conflict, quo, one.untaken), quo.number, quo.pattern) if quo else "none"
        told = (verdict_in_words(found, one), equilibria_counted(found, one))
        rows.append((span(one), state, *told))
    columns = (
        Column("Days"),
        Column("Status quo", 2, "state"),
        Column("Is it stuck?", 1),
        Column("Equilibria", 2),
    )
    earlier = max(0, len(rows) - MAX_ROWS)
    more = counted(earlier, "earlier period") if earlier else ""
    return Table(columns, tuple(rows[earlier:]), _caption(found), rest=tuple(rows[:earlier]), more=more)


def _caption(found: Timeline) -> str:
    text = (
        "A period is a stretch of days with the same statements in force and the same status quo. Each has its own "
        "model, which numbers its own states."
    )
    if any(one.begins_if is None for one in found.periods):
        return f"{text} There are too many disputed statements to say which periods depend on them."
    return text


def span(one: Period) -> str:
    """Say from when until when a period lasted."""
    if one.last is None:
        return f"from {day_in_words(one.first)} on" if one.first else "every day"
    first = day_in_words(one.first) if one.first else ""
    last = day_in_words(one.last)
    return f"until {last}" if one.first is None else first if one.first == one.last else f"{first} to {last}"


def begun_vaguely(found: Timeline, one: Period) -> bool:
    """Tell whether a period begins with acts and statements of which none has an exact day."""
    testimony = found.conflict.testimony()
    acts = [parse_date(found.conflict.history[number - 1].date) for number in one.acts]
    vague = [act.earliest != act.latest for act in acts]
    vague += [testimony.earliest(id) != testimony.latest(id) for id in one.because]
    return bool(vague) and all(vague)


def _span_of_causes(found: Timeline, one: Period) -> str:
    """Say from when until when something lasted that vaguely dated acts and statements may have begun."""
    if one.first is None or not begun_vaguely(found, one):
        return span(one)
    first = day_in_words(one.first)
    by = f"from {first} at the {'latest' if found.undated == 'latest' else 'earliest'}"
    until = f" until {day_in_words(one.last)}" if one.last else ""
    return f"{by} (the exact {'day is' if len(one.acts) + len(one.because) == 1 else 'days are'} not known){until}"


def act_in_words(found: Timeline, number: int, *, dated: bool = False) -> str:
    """Say an act of the history, with its date if that is vague, or with ``dated`` always."""
    act = found.conflict.history[number - 1]
    done = dict.fromkeys(act.takes, "Y") | dict.fromkeys(act.drops, "N")
    days = parse_date(act.date)
    when = "" if days.earliest == days.latest and not dated else f" ({one_date_in_words(act.date)})"
    return f"{options_in_words(found.conflict, done, dict.fromkeys(act.drops, 'Y'), begun=act.takes)}{when}"


def _what_began_them(found: Timeline) -> Iterator[Block]:
    """Yield with which acts and statements each period began: the later ones first read, so the last are shown."""
    items = [Item(capital(span(one)), points=_because(found, one)) for one in found.periods if one.first]
    if items:
        left = len(items) - MAX_PERIODS_TOLD
        yield Heading("What began each period")
        yield Paragraph(
            "An act counts from the day on which it was done, a statement from the day on which it was made.",
            small=True,
        )
        rest = tuple(items[: max(0, left)])
        yield Bullets(tuple(items[-MAX_PERIODS_TOLD:]), rest=rest, more=counted(left, "earlier period") if rest else "")


def _because(found: Timeline, one: Period) -> tuple[str, ...]:
    acts = ((number, found.conflict.history[number - 1].support) for number in one.acts)
    parts = []
    for number, support in acts:
        cited = evidence_in_brief(found.conflict, support, MARKED_AS_DISPUTED)
        parts.append(f"Act {number}: {act_in_words(found, number)} [{cited}].")
    if one.because:
        told = evidence_in_brief(found.conflict, Support(one.because), MARKED_AS_DISPUTED)
        parts.append(f"{'New statements' if len(one.because) > 1 else 'New statement'}: {told}.")
    if only_if := begins_only_if(one):
        parts.append(f"{only_if}.")
    return tuple(parts) or ("A date that the file gives for a part of the model.",)


def _what_made_the_difference(found: Timeline) -> Iterator[Block]:
    """Yield for the last periods through which statements and acts the dispute was stuck in them, or not."""
    items = []
    for before, one in pairwise(found.periods):
        told = _decisive(found, before, one)
        if not told and found.changes(one) and _turned(before, one):
            told = ["No single change decides: without any one of them, the answer would be the same."]
        if told:
            more = len(told) - MAX_POINTS
            rest = [f"{counted(more, 'other cause')}"] if more > 0 else []
            items.append(Item(f"{capital(span(one))}{_verdicts(before, one)}", points=(*told[:MAX_POINTS], *rest)))
    if items:
        yield Heading("Decisive changes")
        yield Paragraph(
            "With all the changes of that day except this one, the verdict would be the opposite.", small=True
        )
        left = len(items) - MAX_PERIODS_TOLD
        if left > 0:
            yield Paragraph(f"Of the last {MAX_PERIODS_TOLD} periods in which something did:", small=True)
        yield Bullets(tuple(items[-MAX_PERIODS_TOLD:]))


def _verdicts(before: Period, one: Period) -> str:
    """Say whether the dispute was stuck in a period and in the one before it, if all concepts agree."""
    was, now = ({*period.stuck.values()} for period in (before, one))
    if len(was) > 1 or len(now) > 1 or None in now:
        return ""
    words = {True: "stuck", False: "not stuck", None: "not known"}
    if was == now:
        return f" (still {words[now.pop()]})"
    return f" ({words[now.pop()]}; before: {words[was.pop()]})"


def _turned(before: Period, one: Period) -> bool:
    """Tell whether the dispute was stuck in one of two periods and not in the other, under some concept."""
    return any({before.stuck[id], stuck} == {True, False} for id, stuck in one.stuck.items())


def _decisive(found: Timeline, before: Period, period: Period) -> list[str]:
    """Say which statements and acts with which a period began decide whether it is stuck, and through which changes."""
    causes: dict[tuple[tuple[str, ...], tuple[int, ...]], dict[str, list[str]]] = {}
    for one in found.changes(period) or ():
        if one.decides:
            texts = causes.setdefault((one.statements, one.acts), {}).setdefault(_without_it(found, one, before), [])
            # A change of a party's own preferences need not name it again.
            who, text = one.change.about.get("who"), _changed(found, one)
            cause = cause_in_words(found, one.statements, one.acts)
            texts.append(text.removeprefix(f"{who}: ") if cause.startswith(f"{who} (") else text)
    told = []
    for (statements, acts), effects in causes.items():
        said = []
        for effect, texts in effects.items():
            each = "either" if len(texts) == 2 else "any one of these"
            effect = effect if len(texts) == 1 else effect.replace("Without this", f"If {each} were missing")
            said.append(f"{'; '.join(texts)}. {effect}")
        told.append(f"{cause_in_words(found, statements, acts)}: {'. '.join([said[0], *map(capital, said[1:])])}.")
    return told


def cause_in_words(found: Timeline, ids: Sequence[str], acts: Sequence[int]) -> str:
    """Name the statements, by their speakers, and the acts behind a change."""
    statements = found.conflict.all_testimony.by_id
    speakers: dict[str, list[str]] = {}
    for id in ids:
        speakers.setdefault(speaker_in_words(found.conflict, statements[id]), []).append(id)
    makers: dict[str, list[str]] = {}
    for number in acts:
        makers.setdefault(found.conflict.history[number - 1].by, []).append(str(number))
    told = [f"{who} ({', '.join(own)})" for who, own in speakers.items()]
    told += [
        f"{'act' if len(own) == 1 else 'acts'} {listed(own)} of {names_in_words(found.conflict, [id])}"
        for id, own in makers.items()
    ]
    return capital("; ".join(told) if ids else listed(told)) or "Dates in the file"


def change_told(found: Timeline, one: PeriodChange) -> str:
    """Say how the model changed, and in a sentence of its own what would be different without that."""
    return ". ".join(filter(None, (_changed(found, one), _without_it(found, one))))


def _changed(found: Timeline, one: PeriodChange) -> str:
    text = _options_of_the_day(found, one) or change_in_words(one.change, found.conflict)
    # Behind an act it is told already that it is new.
    return text.removeprefix(NEW_IN_THE_QUO) if one.acts else text


def _without_it(found: Timeline, one: PeriodChange, before: Period | None = None) -> str:
    """Say what would be different if only this change had not been made; ``before`` is the period before it."""
    parts = []
    for stuck, words in ((True, "the dispute would not be stuck"), (False, "the dispute would be stuck")):
        under = [concept for concept in found.concepts if one.decides.get(concept.id) is stuck]
        which = "" if len(under) == len(found.concepts) else f" under {under_concepts(under, found.concepts)}"
        if stuck and before is not None and all(before.stuck[concept.id] for concept in under):
            words = "the other changes of that day would have ended the deadlock"
        parts += [f"{words}{which}"] if under else []
    if parts:
        return f"Without this, {' and '.join(parts)}"
    return "Without this, the equilibria would be different" if one.change.matters else ""


def _options_of_the_day(found: Timeline, one: PeriodChange) -> str:
    """Say which options of the status quo come into the model, where no act says that anything was done that day."""
    written = found.conflict.written
    quo, about = written.status_quo, one.change.about
    if one.change.what != "status quo" or one.acts or quo is None:
        return ""
    told = []
    statements = found.conflict.all_testimony.by_id
    for option in written.options:
        if option.label in about["taken"] and option.id in quo.taken:
            said = [f"{id}, {statements[id].kind}" for id in option.support.evidence if id in one.statements]
            who = names_in_words(written, [written.owner[option.id]])
            cited = f" [{'; '.join(said)}]" if said else ""
            told.append(f"{quoted(option.own_name)} of {who}{cited}")
    if about["dropped"] or len(told) < len(about["taken"]):
        return ""
    day = _day_of_undated_quo(found)
    which = f" of {date_in_words(day)}" if day else ""
    return f"{'an option' if len(told) == 1 else 'options'} of the status quo{which} now in the model: {listed(told)}"


def beliefs_in_words(sets: Iterable[Sequence[tuple[str, bool]]]) -> str:
    """Say with which beliefs about disputed statements a period begins."""
    texts = [listed([f"you {'' if value else 'do not '}believe {id}" for id, value in each]) for each in sets]
    return ", or if ".join(texts) if texts else "no account"


def verdict_in_words(found: Timeline, one: Period) -> str:
    """Say whether the dispute was stuck in a period, or why that is not known."""
    if one.reason:
        return f"not known: {reason_in_words(one)}"
    under = [concept.title for concept in found.concepts if one.stuck[concept.id]]
    if len(under) == len(found.concepts):
        return "yes"
    return f"under {listed(under)}" if under else "no"


def equilibria_counted(found: Timeline, one: Period) -> str:
    """Say how many equilibria a period had."""
    if one.no_option_yet:
        return "–"
    asked = [concept.id for concept in found.concepts]
    counts = together(asked, lambda id: len(one.equilibria[id]))
    if len(counts) == 1:
        return str(next(iter(counts)))
    return "; ".join(f"{count} under {concepts_in_words(ids, asked)}" for count, ids in counts.items())
