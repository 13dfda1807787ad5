"""What programs that we do not see rely on: a dispute as the design writes it, and the command as they start it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: The example of the design, letter by letter.
RIVER = """\
format: detente/1
title: A river shared by two countries
summary: Who may divert the water, and who stops whom.
as_of: 2024-05-01

decision_makers:
  upstream:
    name: Upstream country
    options:
      divert: Divert the river
      compensate: Pay compensation
    preferences:                 # most important first (option prioritising)
      - divert
      - not sanction
      - if divert then compensate
      - {when: not compensate, evidence: [s2]}
  downstream:
    name: Downstream country
    options:
      sanction: Impose sanctions
    preferences: [not divert, compensate, not sanction]

rules:
  - never: compensate and not divert
  - at_most_one: [divert, sanction]
one_way:
  divert: [no, yes]              # once diverted, it stays so
status_quo: []                   # the options taken today
states:                          # optional names, used in every table
  stand-off: [sanction]

sources:
  - {id: daily, title: Ministers trade warnings, publisher: The Daily, date: 2024-04-30, file: daily.txt}
statements:
  - id: s1
    source: daily
    speaker: downstream
    kind: threat                 # demand, offer, refusal, threat, commitment, condition, claim, justification, withdrawal
    quote: "we will answer with sanctions"
    about: [sanction]
  - {id: s2, source: daily, speaker: upstream, kind: refusal, quote: "not a cent", about: [compensate], contested_by: [s3]}
  - {id: s3, source: daily, speaker: downstream, kind: claim, quote: "they promised to pay", about: [compensate]}
"""  # noqa: E501
#: The document that its statements are quoted from.
DAILY = """\
Ministers trade warnings

"If the river is diverted, we will answer with sanctions," the downstream minister said on Monday.
Upstream would pay "not a cent", its minister said. "In March they promised to pay," the downstream minister said.
"""
#: The states that the example has, by number: the rules leave four of eight.
STATES = {1: "NNN", 2: "YNN", 3: "YYN", 4: "NNY"}


def river(folder: Path) -> str:
    """Put the example with its document into a folder, and return its file."""
    (folder / "daily.txt").write_text(DAILY, encoding="utf-8")
    file = folder / "river.conflict.yaml"
    file.write_text(RIVER, encoding="utf-8")
    return str(file)


def detente(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the command as another program would."""
    done = subprocess.run(
        [sys.executable, "-m", "detente", *arguments],
        capture_output=True, encoding="utf-8", check=False, timeout=120, env={**os.environ, **environment},
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def loose_states(data: Any, states: dict[int, str], at: str = "$") -> Iterator[str]:
    """Yield each place in an answer where a state is not given as both its number and its Y/N string.

    ``states`` has the pattern of every number. A state may be infeasible in the dispute as written, and then its
    number is null.
    """
    letters = re.compile(f"[YN-]{{{len(states[1])}}}")
    if isinstance(data, list):
        for place, item in enumerate(data):
            yield from loose_states(item, states, f"{at}[{place}]")
    elif isinstance(data, str) and letters.fullmatch(data):
        yield f"{at}: {data} without its number"
    elif isinstance(data, dict):
        is_state = isinstance(data.get("state"), str) and letters.fullmatch(data["state"])
        if is_state and "number" not in data:
            yield f"{at}: {data['state']} without its number"
        elif is_state and states.get(data["number"], data["state"]) != data["state"]:
            yield f"{at}: number {data['number']} is not {data['state']}"
        elif is_state and data["number"] is None and data["state"] in states.values():
            yield f"{at}: {data['state']} has a number"
        elif "number" in data and not is_state:
            yield f"{at}: number {data['number']} without its letters"
        for key, value in data.items():
            if key in _STATE_KEYS and isinstance(value, int):
                yield f"{at}.{key}: {value} without its letters"
            if not (is_state and key == "state"):
                yield from loose_states(value, states, f"{at}.{key}")


#: Under these keys stands a state.
_STATE_KEYS = ("state", "status_quo", "looks_like", "for", "start", "end")
