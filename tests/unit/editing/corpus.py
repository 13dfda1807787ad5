"""Random edits with every verb, on dispute files in many layouts, and a count of what became of the texts.

``python -m tests.unit.editing.corpus FILE… --edits 20`` prints the counts for more files and edits than a test tries.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from detente.editing import edited_file
from detente.errors import DetenteError, InputError
from detente.io.conflict_file import ConflictFile, dump_conflict
from detente.io.yaml.write import conflict_data
from detente.model.statements import LINK_KINDS

ROOT = Path(__file__).resolve().parents[3]
#: Values that are hard to write as YAML, among easy ones.
TEXTS = (
    "Short",
    "With: a colon # and a sign",
    "“Quoted” — déjà vu, Київ, 水",
    "yes",
    "null",
    "2024-05-01",
    "1.10",
    "'single' and \"double\"",
    "- dash",
    "long " * 60 + "end",
    "Two\nlines",
    "",
    "*star &and {brace} [bracket], comma",
    "0",
    "2023",
    "s1",
    "Y",
)
_PREFERENCES = ("preferences", "ranking", "weights", "payoffs")


def layouts(text: str, random: random.Random) -> Iterator[tuple[str, str]]:
    """Yield a text as it is, with comments in many places, and with blank lines between entries."""
    yield "as it is", text
    commented, spaced = [], []
    for number, line in enumerate(text.splitlines()):
        indent = line[: len(line) - len(line.lstrip())]
        is_entry = re.match(r"\s*(- |[\w'\"-]+:)", line) is not None
        if is_entry and random.random() < 0.4:
            commented.append(f"{indent}# above {number}")
        beside = (
            is_entry and "#" not in line and not line.rstrip().endswith(("|", ">", "-", ",")) and random.random() < 0.4
        )
        commented.append(f"{line}   # beside {number}" if beside else line)
        if is_entry and random.random() < 0.3:
            spaced += ["", *([f"{indent}# heading {number}", ""] if random.random() < 0.3 else [])]
        spaced.append(line)
    yield "commented", "\n".join(commented) + "\n"
    yield "spaced", "\n".join(spaced) + "\n"


def paths(data: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield every place of the data of a dispute, with the value there."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield (*at, key), value
        if isinstance(value, dict | list):
            yield from paths(value, (*at, key))


def edits(file: ConflictFile, random: random.Random) -> Iterator[dict[str, Any]]:
    """Yield edits without end, some of which are impossible."""
    conflict = file.conflict
    places = list(paths(conflict_data(conflict)))
    makers = [maker.id for maker in conflict.decision_makers]
    options = list(conflict.owner) or [""]
    said = [one.id for one in conflict.all_statements] or ["s1"]
    held = [place for place, _ in places if place[-1] in _PREFERENCES]
    elements = [place for place, value in places if isinstance(value, dict)]
    lists = [(place, value) for place, value in places if isinstance(value, list) and value]
    orders = [(place, value) for place, value in lists if place[0] == "decision_makers" and place[-1] == "preferences"]
    rankings = [place for place in held if place[-1] == "ranking"]
    states = ["1", "2", *(state.name for state in conflict.states)]

    def text() -> str:
        return random.choice(TEXTS)

    def condition() -> str:
        one, other = random.choice(options), random.choice(options)
        return random.choice([one, f"not {one}", f"{one} and {other}", f"if {one} then not {other}"])

    def maker() -> str:
        return random.choice(makers)

    def owned() -> list[str | int]:
        option = random.choice(options)
        return ["decision_makers", conflict.owner.get(option, ""), "options", option]

    def in_ranking() -> list[str | int]:
        return [*random.choice(rankings), random.randrange(6)] if rankings else ["ranking", 0]

    def made(verb: str) -> dict[str, Any]:
        match verb:
            case "set":
                if random.random() < 0.4:
                    keys = random.choice(["note", "name", "summary", "confidence", "date_said", "kind", "about"])
                    return {"at": [*random.choice([(), *elements])[:9], keys], "value": text()}
                place, value = random.choice(places)
                if random.random() < 0.3 and isinstance(value, list):
                    return {"at": place, "value": random.sample(options, min(len(options), 2))}
                return {"at": place, "value": condition() if random.random() < 0.3 else text()}
            case "add":
                place = random.choice(
                    [
                        *(("decision_makers", one, "options") for one in makers),
                        *held,
                        *(("statements",), ("sources",), ("speakers",), ("decision_makers",), ("states",), ("merge",)),
                    ]
                )
                given = {"name": text(), "when": condition(), "weight": "2", "quote": text(), "file": "a.txt"}
                keys = {"statements": ("quote",), "sources": ("file",), "states": ("name", "taken"), "merge": ("when",)}
                wanted = keys.get(str(place[-1]), ("when", "weight") if place[-1] == "weights" else ("when",))
                if place[-1] in ("options", "speakers", "decision_makers"):
                    wanted = ("name",)
                given |= {"taken": random.sample(options, min(len(options), 2))}
                return {"at": place, **{key: given[key] for key in wanted}}
            case "remove":
                return {"at": random.choice(places)[0], "everywhere": True}
            case "move":
                if random.random() < 0.4:
                    at = ["decision_makers", maker()] if random.random() < 0.5 else owned()
                    return {"at": at, "to": random.randrange(4)}
                place, value = random.choice(lists or [(("rules",), [0])])
                return {"at": [*place, random.randrange(len(value))], "to": random.randrange(len(value))}
            case "rename":
                at = random.choice([["decision_makers", maker()], owned(), ["states", states[-1]]])
                return {"at": at, "to": random.choice(["x", "a-longer-name", "null", "Q.1"])}
            case "rule":
                count = len(conflict.rules)
                at = ["rules", random.randrange(count)] if count and random.random() < 0.5 else ["rules"]
                kind = random.choice(["never", "always", "at_most_one", "if_then"])
                return {"at": at, "kind": kind, "when": f"{condition()}, {condition()}", "then": condition()} | (
                    {"when": condition()} if kind != "at_most_one" else {}
                )
            case "join":
                return {"maker": maker(), "with": random.choice([*makers, ""])}
            case "link" | "unlink":
                key = random.choice(["evidence", "against"])
                return {
                    "at": random.choice([*elements, owned()]),
                    "statement": random.choice(said),
                    "key": key,
                    "agreed": True,
                }
            case "import":
                found = [
                    {"id": f"s{one}", "quote": text() or "x", "speaker": maker()}
                    for one in range(random.randrange(1, 4))
                ]
                return {"dossier": {"format": "detente-dossier/1", "statements": found}}
            case "accept" | "reject":
                return {"ids": random.sample(said, min(len(said), random.randrange(1, 3))), "everywhere": True}
            case "decide":
                kind, first, second = random.choice(LINK_KINDS), random.choice(said), random.choice(said)
                if kind == "same_as":
                    first, second = random.choice([*conflict.speakers, maker()]), maker()
                verdict = random.choice([True, False])
                return {"kind": kind, "first": first, "second": second, "reason": text(), "accepted": verdict}
            case "propose":
                given = {"statement": random.choice(said), "holder": maker(), "owner": maker(), "name": text()}
                return {**given, "wanted": random.choice([True, False, None]), "reason": "a demand"}
            case "order":
                place, value = random.choice(orders or [(("decision_makers", maker(), "preferences"), [0, 1])])
                return {"at": place, "to": random.sample(range(len(value)), len(value))}
            case "review":
                return {}
            case "act":
                given = {"date": random.choice(["2023", "2024-05-01"]), "option": random.choice(options)}
                return {"at": ["history"], "way": random.choice(["takes", "drops"]), **given}
            case "convert":
                at = random.choice(held)[:-1] if held else ("decision_makers", maker())
                return {"at": at, "form": random.choice(_PREFERENCES)}
            case "believe":
                return {"at": ["views", maker(), "believes", maker()]}
            case "rank":
                at = in_ranking()[:-1]
                return {"at": at, "state": random.choice(states), "position": str(random.randrange(1, 5))}
            case "tie" | "untie" | "gap":
                more = [0] if verb == "untie" else []
                return {"at": [*in_ranking(), *more], "value": random.choice(["", "great", "unknown"])}
            case "pay":
                at = random.choice([place for place in held if place[-1] == "payoffs"] or held or [("payoffs",)])
                return {"at": at, "state": random.choice(states), "payoff": random.choice(["7", "-1.5", "1/3"])}
        raise ValueError(verb)

    verbs = ["set"] * 6 + ["add"] * 4 + ["remove"] * 4 + ["move"] * 4 + ["link", "link", "unlink", "rename", "rename"]
    verbs += ["rule", "rule", "join", "import", "convert", "believe", "rank", "tie", "untie", "gap", "pay", "act"]
    verbs += ["accept", "reject", "decide", "decide", "propose", "propose", "order", "order", "review"]
    while True:
        verb = random.choice(verbs)
        made_edit = made(verb)
        made_edit["at"] = list(made_edit.get("at", ()))
        yield {"do": verb, **made_edit}


def spoken_of(text: str) -> dict[str, str]:
    """Return for every comment what it speaks of: the rest of its line, or the next line that is not a comment."""
    found: dict[str, str] = {}
    waiting: list[str] = []
    for line in text.splitlines():
        code, mark, comment = line.partition(" #") if not line.startswith("#") else ("", "#", line[1:])
        if not code.strip():
            waiting += [mark.strip() + comment] if mark else []
            continue
        found |= dict.fromkeys(waiting, code.strip())
        waiting = []
        if mark:
            found[f"#{comment}"] = code.strip()
    return {**found, **dict.fromkeys(waiting, "")}


def lost_and_astray(before: str, after: str) -> tuple[int, int]:
    """Count the comments whose line is there as often as before: those that are gone, and those now at another line."""
    was, now = spoken_of(before), spoken_of(after)
    lines, left = (
        Counter(re.sub(r"\s#.*$", "", line).strip() for line in text.splitlines()) for text in (before, after)
    )
    kept = {comment: of for comment, of in was.items() if 0 < lines[of] <= left[of]}
    lost = sum(comment not in now for comment in kept)
    return lost, sum(comment in now and now[comment] != of for comment, of in kept.items())


def lines_changed(before: str, after: str) -> int:
    """Count the lines removed and added."""
    one, other = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return sum(
        (last - first) + (new_last - new_first)
        for tag, first, last, new_first, new_last in matcher.get_opcodes()
        if tag != "equal"
    )


@dataclass(frozen=True)
class Outcome:
    """What became of a text after one edit."""

    what: str
    layout: str
    edit: dict[str, Any]
    before: str
    after: str


def outcomes(texts: Sequence[tuple[str, str]], count: int, seed: int) -> Iterator[Outcome]:
    """Make random edits in the layouts of each text: refused, right (saved and read again), rewritten, or failed."""
    for name, text in texts:
        chance = random.Random(f"{seed} {name}")
        for layout, written in layouts(text, chance):
            try:
                file = ConflictFile.of(written, name)
            except InputError:
                continue
            done = 0
            for tried, edit in enumerate(edits(file, chance)):
                if done == count or tried == 20 * count:
                    break
                try:
                    made = edited_file(file, edit)
                except DetenteError:
                    continue
                done += 1
                again = ConflictFile.of(made.text, name).conflict
                what = "wrong" if again != made.conflict else "right"
                if made.text == dump_conflict(made.conflict) and file.text != dump_conflict(file.conflict):
                    what = "rewritten"
                yield Outcome(what, layout, edit, file.text, made.text)


def texts_of(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """Return the dispute files among some files and folders, each with its text."""
    files = [one for path in paths for one in (sorted(path.rglob("*.yaml")) if path.is_dir() else [path])]
    return [(str(one), one.read_text(encoding="utf-8")) for one in files]


def main() -> None:
    """Print the counts for the files named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=[ROOT / "src" / "detente" / "examples"])
    parser.add_argument("--edits", type=int, default=10, help="edits for each layout of each file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=Path, help="file for the outcomes, one a line")
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    changed: list[int] = []
    begin = time.process_time()
    shown = []
    for one in outcomes(texts_of(given.paths), given.edits, given.seed):
        lost, astray = lost_and_astray(one.before, one.after)
        counts[one.what] += 1
        counts[f"verb {one.edit['do']}"] += 1
        counts["comments lost"] += lost
        counts["comments astray"] += astray
        changed.append(lines_changed(one.before, one.after))
        shown.append({**vars(one), "lost": lost, "astray": astray, "lines": changed[-1]})
    counts["6 lines or fewer"] = sum(lines <= 6 for lines in changed)
    counts["lines changed"] = sum(changed)
    for what, number in sorted(counts.items()):
        print(f"{number:8,} {what}")
    print(f"{time.process_time() - begin:8.1f} processor seconds")
    if given.show:
        given.show.write_text("".join(json.dumps(one) + "\n" for one in shown), encoding="utf-8")


if __name__ == "__main__":
    main()
