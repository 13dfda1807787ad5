"""Small disputes over time, made at random: dates of all forms, reports, withdrawals, copies, acts, views."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

import detente as dt
from detente.errors import InputError
from detente.io.checks import faults
from detente.model.conflict import Conflict
from detente.model.history import Act
from detente.model.parts import StatusQuo
from detente.model.preferences import Payoffs, PreferenceStatement, Prioritising, Ranking, Weight, Weights
from detente.model.statements import Source, Statement
from tests.reference.brute_force import BruteForce
from tests.reference.evidence import ends

KINDS = ("offer", "demand", "threat", "claim", "refusal", "denial", "withdrawal", "withdrawal")
SPEAKERS = ("a", "b", "a", "b", "envoy", "c")
FIRST, LAST = date(2021, 1, 1), date(2023, 12, 31)


def a_day(rng: Random) -> date:
    # Few different days, so that two dates often meet.
    return FIRST + timedelta(days=30 * rng.randrange(36) + rng.choice((0, 0, 1, 13)))


def a_part(rng: Random, day: date) -> str:
    text = day.isoformat()[: rng.choice((4, 7, 7, 10, 10, 10))]
    return text + rng.choice(("", "", "", "", "~", "?", "%"))


def a_date(rng: Random, open_ends: bool = True) -> str:
    first, second = sorted((a_day(rng), a_day(rng)))
    form = rng.randrange(8)
    if form == 0 and open_ends:
        return f"{a_part(rng, first)}/.."
    if form == 1 and open_ends:
        return f"../{a_part(rng, first)}"
    if form == 2 and first.year < second.year:
        return f"{a_part(rng, first)}/{a_part(rng, second)}"
    return a_part(rng, first)


def some_statements(rng: Random, makers: list[str], copies: bool = True, disputes: bool = True) -> list[Statement]:
    """Statements whose links form no circle: each is linked only with originals of a higher rank."""
    count = rng.randint(3, 9)
    speakers = [one for one in SPEAKERS if one in (*makers, "envoy")]
    made: list[dict[str, Any]] = []
    originals: list[str] = []
    sources = ["d1", "d2", "d3", "d4", None]
    for number in range(count):
        id = f"s{number + 1}"
        words: dict[str, Any] = {
            "id": id,
            "source": rng.choice(sources),
            "speaker": rng.choice(speakers),
            "kind": rng.choice(KINDS),
            "quote": "so it was said",
        }
        higher = list(originals)
        if copies and originals and rng.random() < 0.25:
            first = made[int(rng.choice(originals)[1:]) - 1]
            while "copy_of" in first:
                first = made[int(first["copy_of"][1:]) - 1]
            named = [one["id"] for one in made if one["id"] == first["id"] or one.get("root") == first["id"]]
            words |= {"copy_of": rng.choice(named), "root": first["id"], "speaker": first["speaker"]}
            words["kind"] = rng.choice((first["kind"], rng.choice(KINDS)))
            # Only what the original may be linked with may be linked with the copy.
            higher = originals[: originals.index(first["id"])]
        else:
            originals.append(id)
        if rng.random() < 0.7:
            words["date_said"] = a_date(rng)
        # Any copy of a higher original may be named for it.
        reachable = [one for one in made if one.get("root", one["id"]) in higher]
        if reachable and rng.random() < 0.4:
            words["nested_in"] = rng.choice(reachable)["id"]
        if reachable and rng.random() < 0.5:
            same = [one for one in reachable if one["speaker"] == words["speaker"]]
            pool = same if same and rng.random() < 0.85 else reachable
            words["withdrawn_by"] = tuple({rng.choice(pool)["id"] for _ in range(rng.choice((1, 1, 2)))})
        others = [one for one in made if one.get("root", one["id"]) != words.get("root", id)]
        if disputes and others and rng.random() < 0.2:
            words["contested_by"] = (rng.choice(others)["id"],)
        if disputes and rng.random() < 0.12:
            words["in_doubt"] = True
        made.append(words)
    for words in made:
        words.pop("root", None)
    rng.shuffle(made)
    return [Statement(**words) for words in made]


def some_history(
    rng: Random, owned: dict[str, list[str]], one_way: dict[str, bool], ids: list[str]
) -> tuple[list[Act], set[str], str | None]:
    """Acts in order, the status quo to which they lead, and its date."""
    names = [option for options in owned.values() for option in options]
    taken = {name for name in names if rng.random() < 0.3 and one_way.get(name) is not True}
    dates = sorted(
        {a_date(rng, open_ends=False) for _ in range(rng.choice((0, 0, 1, 2, 3)))}, key=lambda text: ends(text)[1]
    )
    as_of = rng.choice((None, a_date(rng, open_ends=False)))
    quo = set(taken) if as_of else None
    acts = []
    for text in dates:
        by = rng.choice([maker for maker, options in owned.items() if options])
        movable = [one for one in owned[by] if one not in one_way or one_way[one] != (one in taken)]
        if not movable:
            continue
        moved = rng.sample(movable, rng.randint(1, len(movable)))
        evidence = (rng.choice(ids),) if rng.random() < 0.4 else ()
        act = Act(
            text, by, tuple(one for one in moved if one not in taken), tuple(one for one in moved if one in taken),
            dt.Support(evidence),
        )  # fmt: skip
        taken ^= set(moved)
        if as_of and ends(text)[1] <= ends(as_of)[1]:
            quo = set(taken)
        acts.append(act)
    return acts, taken if quo is None else quo, as_of


def some_support(rng: Random, ids: list[str], chance: float = 0.55) -> dt.Support:
    evidence = tuple(rng.sample(ids, min(len(ids), rng.choice((1, 1, 2))))) if rng.random() < chance else ()
    since = a_date(rng) if rng.random() < 0.12 else None
    until = a_date(rng) if rng.random() < 0.12 else None
    return dt.Support(evidence, since=since, until=until)


def a_condition(rng: Random, names: list[str]) -> str:
    one, other = (f"{rng.choice(('', 'not '))}{rng.choice(names)}" for _ in range(2))
    return rng.choice(
        (one, one, f"{one} and {other}", f"{one} or {other}", f"if {one} then {other}", f"{one} iff {other}")
    )


def some_preferences(rng: Random, names: list[str], ids: list[str], states: list[list[int | str]]) -> object:
    """Preferences in one of the four forms; without ``states`` in one of the two that need none."""
    form = rng.choice(("list", "list", "list", "weights", *(("ranking", "payoffs") if states else ())))
    if form == "list":
        return Prioritising(
            tuple(
                PreferenceStatement(dt.parse(a_condition(rng, names)), some_support(rng, ids))
                for _ in range(rng.randint(0, 4))
            )
        )
    if form == "weights":
        pairs = {a_condition(rng, names): rng.randint(-2, 4) for _ in range(rng.randint(1, 4))}
        return Weights(tuple(Weight(dt.parse(text), worth, some_support(rng, ids)) for text, worth in pairs.items()))
    order = [rng.choice(ways) for ways in rng.sample(states, len(states))]
    if form == "payoffs":
        # A conflict file has no place for evidence of payoffs.
        return Payoffs.of({one: rng.randint(0, 3) for one in order})
    groups: list[list[int | str]] = []
    for one in order:
        if not groups or rng.random() < 0.7:
            groups.append([])
        groups[-1].append(one)
    return Ranking(tuple(map(tuple, groups)), some_support(rng, ids, 0.3))


def try_dispute(
    rng: Random, disputes: bool = True, copies: bool = True, most_options: int = 4, lists: bool = True
) -> dt.Conflict | None:
    """A dispute, or None where chance made one with a fault."""
    makers = ["a", "b", "c"][: rng.choice((2, 2, 3))]
    owned: dict[str, list[str]] = {}
    left = most_options
    for maker in makers:
        size = min(left, rng.choice((1, 1, 2)))
        left -= size
        owned[maker] = [f"{maker}{place}" for place in range(1, size + 1)]
    names = [option for options in owned.values() for option in options]
    statements = some_statements(rng, makers, copies, disputes)
    ids = [one.id for one in statements]
    sources = [Source(f"d{number}", date=a_date(rng) if rng.random() < 0.75 else None) for number in range(1, 5)]
    rules = [
        dt.Rule(kind, [a_condition(rng, names) for _ in range(2 if "_" in kind else 1)], some_support(rng, ids))
        for kind in rng.choices(("never", "never", "at_most_one", "at_least_one", "always"), k=rng.choice((0, 1, 1, 2)))
    ]  # fmt: skip
    one_way = {name: rng.random() < 0.5 for name in names if rng.random() < 0.2}
    merge = [
        dt.Merge(dt.parse(a_condition(rng, names)), some_support(rng, ids)) for _ in range(rng.choice((0, 0, 0, 1, 1)))
    ]
    acts, quo, as_of = some_history(rng, owned, one_way, ids)
    named = {f"state {place}": [one for one in names if rng.random() < 0.4] for place in range(rng.choice((0, 1, 2)))}
    try:
        bare = dt.Conflict(
            title="A dispute made at random",
            decision_makers=[
                dt.DecisionMaker(
                    maker, options=[dt.Option(one, support=some_support(rng, ids, 0.35)) for one in options]
                )
                for maker, options in owned.items()
            ],
            rules=rules,
            one_way=[dt.OneWay(name, way, some_support(rng, ids)) for name, way in one_way.items()],
            merge=merge,
            status_quo=None if not acts and rng.random() < 0.15 else StatusQuo(frozenset(quo)),
            states=named,
            speakers={"envoy": "The envoy"},
            sources=sources,
            statements=statements,
            history=acts,
            as_of=as_of,
        )  # fmt: skip
        brute = BruteForce(bare)
        patterns = [brute.pattern(state) for state in brute.states]
        if not patterns:
            return None
        ways: list[list[int | str]] = [
            [number, *([pattern] if patterns.count(pattern) == 1 else [])] for number, pattern in enumerate(patterns, 1)
        ]
        some = [some_preferences(rng, names, ids, ways if lists else []) for _ in makers]
        views = []
        for maker in makers:
            if rng.random() < 0.2:
                unseen = [one for one in names if bare.owner[one] != maker and rng.random() < 0.3]
                others = [one for one in makers if one != maker and rng.random() < 0.6]
                believes = {one: some_preferences(rng, names, ids, ways if lists else []) for one in others}
                grounds = {one: some_support(rng, ids) for one in others}
                views.append(dt.View(maker, unseen, believes, some_support(rng, ids, 0.3), grounds))
        made = bare.replaced(
            decision_makers=[
                dt.DecisionMaker(one.id, options=one.options, preferences=wanted)
                for one, wanted in zip(bare.decision_makers, some, strict=True)
            ],
            views=views,
        )
        return None if any(faults(made)) else made
    except InputError:
        return None


def dispute_over_time(seed: int, **choices: Any) -> dt.Conflict:
    """The first dispute without a fault that chance makes from a seed."""
    rng = Random(seed)
    while (made := try_dispute(rng, **choices)) is None:
        pass
    return made


def disputes_over_time(**choices: Any) -> st.SearchStrategy[dt.Conflict]:
    """Disputes over time, by their seed: print it, and `dispute_over_time` makes the dispute again."""
    return st.integers(0, 10**9).map(lambda seed: dispute_over_time(seed, **choices))


def named_days(conflict: Conflict) -> list[date]:
    """The days on which something can change: the ends of every date in a file, and the day after each."""
    texts = [one.date_said for one in conflict.all_statements] + [one.date for one in conflict.all_sources]
    texts += [act.date for act in conflict.history] + [conflict.as_of]
    texts += [text for _, support in conflict.supports() for text in (support.since, support.until)]
    found = {day for text in texts if text for day in ends(text) if day}
    return sorted(found | {day + timedelta(days=1) for day in found})


def questions(conflict: Conflict, rng: Random, most: int = 6) -> list[tuple[str | None, str]]:
    """Days to ask about, on and about those that the file names, each with a reading; None leaves the day alone."""
    days = named_days(conflict)
    days = sorted(
        {day + timedelta(days=step) for day in days for step in (-1, 0)} | {date(1999, 1, 1), date(2030, 1, 1)}
    )
    chosen = [day.isoformat() for day in rng.sample(days, min(len(days), most))]
    return [(day, reading) for day in [None, *chosen] for reading in ("latest", "earliest")]
