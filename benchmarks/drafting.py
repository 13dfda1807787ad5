"""How well `detente.propose` finds the options of disputes that people modelled by hand.

    python -m benchmarks.drafting [--seed report.txt] [--show]

The disputes are the invented reports of ``corpora/drafting`` with their right answers, the catalogue's Nile dam with
its two articles, and two disputes of the catalogue of which no text is packaged: their statements are given instead,
without what the model makes of them. The report behind ``ukraine-2023`` is not distributed either; with ``--seed`` a
copy of your own is read (its digest is in the catalogue's file).

A proposed option is *found* if the hand-made model has an option of the same party that shares a quoted passage and a
significant word of its name; every other one is *spurious*. An evidence link of a found option is *right* if the
hand-made model quotes that passage for that option. A stance is right if a party wants the option, or does not want it,
as in the hand-made model; it is scored where both models have one.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import yaml

import detente as dt
from detente.model.conditions import Not, Taken
from detente.reading.drafting.speakers import plain
from detente.reading.factuality import words_of_weight
from detente.reading.neural.encoder import Encoder, load_weights
from detente.reading.neural.windows import tokenizer
from detente.reading.reader import packaged_weights

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "drafting"
EXAMPLES = ROOT / "src" / "detente" / "examples"
#: Invented reports that were written after the rules; `docs/benchmarks.md` has their first score, too.
SECOND_SET = ("clinic", "lake", "merger", "attic")
#: Invented reports that were written after the second set was used; their first score is there, too.
THIRD_SET = ("border", "bridge", "rent")
#: Disputes of the catalogue that are proposed from their statements.
FROM_STATEMENTS = ("river-sharing", "northern-ireland-1998")


@dataclass(frozen=True)
class Right:
    """An option of a hand-made model: its party, its name, the passages quoted for it, and who wants it or not."""

    party: str
    name: str
    quotes: tuple[str, ...]
    wants: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """What was found in one dispute."""

    name: str
    options: int
    proposed: int
    found: int
    links: int
    links_right: int
    stances: int
    stances_right: int
    missed: tuple[str, ...] = ()
    spurious: tuple[str, ...] = ()


def main() -> None:
    """Score every dispute and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=Path, help="a copy of the report behind ukraine-2023")
    parser.add_argument("--vectors", action="store_true", help="compare the encoder's vectors of some actions instead")
    parser.add_argument("--show", action="store_true", help="list the options that were missed, and the spurious ones")
    given = parser.parse_args()
    if given.vectors:
        print(f"a pair with one meaning is nearer than another pair: {vector_share():.2f} of the times")
        return
    scores = list(every_score(given.seed))
    for line in table(scores):
        print(line)
    for one in scores if given.show else ():
        print(f"\n{one.name}")
        print(
            *(f"  missed: {name}" for name in one.missed), *(f"  spurious: {name}" for name in one.spurious), sep="\n"
        )


def every_score(seed: Path | None = None) -> Iterator[Score]:
    """Yield the scores of all disputes."""
    for path in sorted(CORPUS.glob("*.yaml"), key=lambda one: (set_of(one.stem), one.stem)):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        parties = data["parties"]
        right = [
            Right(
                parties[one["party"]],
                one["name"],
                tuple(one["quotes"]),
                {parties[who]: stance == "for" for who, stance in one.get("wants", {}).items()},
            )
            for one in data["options"]
        ]
        made = dt.propose([CORPUS / name for name in data["documents"]])
        yield scored(path.stem + ("", " (second set)", " (third set)")[set_of(path.stem)], right, made.conflict)
    nile = dt.example("nile-dam")
    documents = [EXAMPLES / "nile-dam-courier.txt", EXAMPLES / "nile-dam-gazette.txt"]
    yield scored("nile-dam", options_of(nile), dt.propose(documents).conflict)
    for name in FROM_STATEMENTS:
        conflict = dt.example(name)
        yield scored(f"{name} (statements)", options_of(conflict), dt.propose((), dossier=bare(conflict)).conflict)
    if seed is not None:
        conflict = dt.example("ukraine-2023")
        if hashlib.sha256(seed.read_bytes()).hexdigest() != conflict.sources[0].sha256:
            raise SystemExit(f"{seed} is not the report that the file quotes")
        made = dt.propose(seed, published="2023-07-28")
        yield scored("ukraine-2023", options_of(conflict), made.conflict)


def set_of(name: str) -> int:
    """Return 0, 1 or 2 for the first, second or third set of invented reports."""
    return 1 if name in SECOND_SET else 2 if name in THIRD_SET else 0


def bare(conflict: dt.Conflict) -> dt.Dossier:
    """Return the statements of a dispute without what its model makes of them."""
    said = tuple(replace(one, about=(), stances={}, note=None) for one in conflict.all_statements)
    return dt.Dossier("", speakers=conflict.speaker_names, sources=tuple(conflict.all_sources), statements=said)


def options_of(conflict: dt.Conflict) -> list[Right]:
    """Return the options of a hand-made file, with the passages that it quotes for them."""
    quotes = {one.id: one.quote or "" for one in conflict.all_statements}
    about: dict[str, list[str]] = {}
    for one in conflict.all_statements:
        for option in one.about:
            about.setdefault(option, []).append(one.id)
    wanted = stances(conflict)
    names = {maker.id: maker.name for maker in conflict.decision_makers}
    return [
        Right(
            names[conflict.owner[one.id]],
            f"{one.name} {one.id.replace('-', ' ')}",
            tuple(
                quotes[id] for id in dict.fromkeys((*one.support.evidence, *about.get(one.id, ()))) if quotes.get(id)
            ),
            {names[who]: taken for who, taken in wanted.get(one.id, {}).items()},
        )
        for one in conflict.options
    ]


def stances(conflict: dt.Conflict) -> dict[str, dict[str, bool]]:
    """Return for every option which party wants it or not, as its preferences say of the option alone."""
    found: dict[str, dict[str, bool]] = {}
    for maker in conflict.decision_makers:
        if not isinstance(maker.preferences, dt.Prioritising):
            continue
        for one in maker.preferences.statements:
            inner = one.condition.part if isinstance(one.condition, Not) else one.condition
            if isinstance(inner, Taken):
                found.setdefault(inner.option, {}).setdefault(maker.id, inner is one.condition)
    return found


def scored(name: str, right: list[Right], conflict: dt.Conflict) -> Score:
    """Return the score of a proposed dispute."""
    quotes = {one.id: one.quote or "" for one in conflict.statements}
    names = {maker.id: maker.name for maker in conflict.decision_makers}
    pairs = sorted(
        (
            (likeness(one, option, names[conflict.owner[option.id]], quotes), place, option.id)
            for place, one in enumerate(right)
            for option in conflict.options
        ),
        key=lambda each: (-each[0], each[1], each[2]),
    )
    matched: dict[int, str] = {}
    for likely, place, id in pairs:
        if likely > 0 and place not in matched and id not in matched.values():
            matched[place] = id
    links = links_right = told = told_right = 0
    wanted = stances(conflict)
    by_id = {option.id: option for option in conflict.options}
    for place, id in matched.items():
        for statement in by_id[id].support.evidence:
            links += 1
            links_right += any(same_passage(quotes[statement], quote) for quote in right[place].quotes)
        for who, taken in wanted.get(id, {}).items():
            own = next((stance for party, stance in right[place].wants.items() if same_party(party, names[who])), None)
            told += own is not None
            told_right += own is taken
    missed = tuple(f"{one.party}: {one.name}" for place, one in enumerate(right) if place not in matched)
    extra = (option for option in conflict.options if option.id not in matched.values())
    spurious = tuple(f"{names[conflict.owner[one.id]]}: {one.name}" for one in extra)
    counts = (len(right), len(conflict.options), len(matched), links, links_right, told, told_right)
    return Score(name, *counts, missed, spurious)


def likeness(right: Right, option: dt.Option, party: str, quotes: Mapping[str, str]) -> float:
    """Return how likely a proposed option is one of the hand-made model; 0 if it is another one."""
    if not same_party(right.party, party):
        return 0.0
    ours = option.support.evidence + option.support.against
    shared = sum(any(same_passage(quotes[id], quote) for quote in right.quotes) for id in ours)
    words = words_of_weight(option.name) & words_of_weight(right.name)
    return shared + len(words) if shared and words else 0.0


#: Pairs of actions that mean the same, and pairs that do not.
SAME = (
    "suspend the strike/go back to work", "end the strike/go back to work", "stop the lorries/end the night runs",
    "let inspectors visit the site/allow inspectors on our soil", "pay the overtime/settle the unpaid overtime",
    "go to the Security Council/bring the dispute before the Security Council", "raise wages/increase pay",
    "withdraw its troops/pull its soldiers back", "hold peace talks/negotiate with Moscow",
    "build a wall/erect a barrier", "close the plant/shut the factory",
    "free the prisoners/release the detainees", "lower the rent/cut the rent",
    "call off the walkout/cancel the strike", "send engineers to the talks/take part in the negotiations",
)  # fmt: skip
OTHER = (
    "suspend the strike/suspend the contract", "open its accounts/open the gates", "trim the hedge/cut the hedge down",
    "withdraw its troops/send more troops", "raise wages/raise prices", "sign the treaty/pay the fine",
    "build a bypass/wash the road", "close the quarry/stop the lorries", "hire deckhands/sell two ships",
    "move the heap/cut the hedge", "accept a mediator/pay overtime", "guarantee the pensions/raise its bid",
    "build a bridge/build a tunnel", "repair the lifts/lower the rent", "go to court/go to the shareholders",
)  # fmt: skip


def vector_share() -> float:
    """Return how often the encoder's vectors put a pair that means the same nearer than one that does not."""
    path = packaged_weights()
    assert path is not None
    encoder = Encoder(load_weights(path))

    def vector(words: str) -> np.ndarray:
        return encoder.lower([tokenizer().encode(words).ids]).hidden.mean(0)

    middle = np.mean([vector(words) for pair in (*SAME, *OTHER) for words in pair.split("/")], axis=0)

    def nearness(pair: str) -> float:
        one, other = (vector(words) - middle for words in pair.split("/"))
        return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))

    return float(np.mean([nearness(one) > nearness(other) for one in SAME for other in OTHER]))


def same_party(one: str, other: str) -> bool:
    """Tell whether two names are those of one party."""
    first, second = set(plain(one).split()), set(plain(other).split())
    return first <= second or second <= first or len(first & second) > 1


def same_passage(one: str, other: str) -> bool:
    """Tell whether two quotes are of one passage: most words of the shorter are in the longer, in a row."""
    first, second = (
        " ".join("".join(c if c.isalnum() else " " for c in each.lower()).split()) for each in (one, other)
    )
    short, long = sorted((first, second), key=len)
    if not short:
        return False
    words = short.split()
    size = max(1, round(0.6 * len(words)))
    return any(" ".join(words[at : at + size]) in long for at in range(len(words) - size + 1))


def table(scores: Iterable[Score]) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    every = list(scores)
    yield "| dispute | options | proposed | found | spurious | evidence right | stances right |"
    yield "|---|---|---|---|---|---|---|"
    for one in every:
        yield line(one)
    counts = [sum(getattr(one, key) for one in every) for key in
              ("options", "proposed", "found", "links", "links_right", "stances", "stances_right")]  # fmt: skip
    yield line(Score("all", *counts))


def line(one: Score) -> str:
    """Return a score as a row."""
    return (
        f"| {one.name} | {one.options} | {one.proposed} | {one.found} | {one.proposed - one.found} | "
        f"{one.links_right} of {one.links} | {one.stances_right} of {one.stances} |"
    )


if __name__ == "__main__":
    main()
