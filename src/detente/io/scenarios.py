"""Scenarios: named changes to a dispute that are tried on the page *What if*, in a side file beside the dispute.

``river.conflict.yaml`` has its scenarios in ``river.scenarios.yaml``::

    format: detente-scenarios/1
    scenarios:
      - name: The mediator's word is not believed
        model: 3f0c…            # the digest of the model that they were made for
        off: [[rules, 0]]       # the places in the file of what is switched off
        order: {upstream: [1, 0, 2]}
        doubted: [s2]

A scenario is out of date when the model has changed since: its places may then mean other elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from detente.errors import Fault, InputError, UnknownNameError, nearest
from detente.io.conflict_file import CONFLICT_ENDINGS
from detente.io.files import read_text
from detente.io.yaml.parse import YamlDocument, parse_yaml
from detente.io.yaml.write import tree_text
from detente.lazy import dataclass
from detente.model.conflict import Conflict

FORMAT = "detente-scenarios/1"
#: The maximum numbers of scenarios in a file, and of characters of a name.
MAX_SCENARIOS, MAX_NAME = 100, 200
_KEYS = ("name", "model", "off", "order", "doubted")

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Scenario:
    """Changes to a dispute under a name.

    Attributes
    ----------
    name
        What the scenario is called.
    off
        The places of rules, preferences and one-way marks that are removed.
    order
        A new order of a decision maker's preferences, by their places in the file.
    doubted
        The statements that are not believed.
    model
        The digest of the model that the scenario was made for.
    """

    name: str
    off: tuple[Place, ...] = ()
    order: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    doubted: tuple[str, ...] = ()
    model: str = ""

    def is_current(self, conflict: Conflict) -> bool:
        """Whether the model has not changed since the scenario was made."""
        return self.model == conflict.digest

    def to_dict(self) -> dict[str, Any]:
        """Return the scenario as plain data, with the keys of its file."""
        return {
            "name": self.name,
            "model": self.model,
            "off": [list(place) for place in self.off],
            "order": {id: list(places) for id, places in self.order.items()},
            "doubted": list(self.doubted),
        }


def scenarios_path(path: Path) -> Path:
    """Return the side file of a conflict file.

    >>> scenarios_path(Path("river.conflict.yaml")).name
    'river.scenarios.yaml'
    """
    ending = next((one for one in CONFLICT_ENDINGS if path.name.endswith(one)), path.suffix)
    return path.with_name(f"{path.name.removesuffix(ending)}.scenarios.yaml")


def load_scenarios(path: str | Path, names: Iterable[str] | None = None) -> tuple[Scenario, ...]:
    """Read the scenarios beside a conflict file; none if it has no side file.

    Parameters
    ----------
    path
        The conflict file.
    names
        The scenarios to return, in this order; all of them when None.

    Raises
    ------
    InputError
        With the place of every fault in the side file; or if there is no side file to find a name in.
    UnknownNameError
        For a name that no scenario has, with the nearest.
    """
    side, wanted = scenarios_path(Path(path)), None if names is None else tuple(dict.fromkeys(names))
    found = parse_scenarios(read_text(side), side.name) if side.exists() else ()
    if wanted is None:
        return found
    if wanted and not side.exists():
        raise InputError([Fault("there is no such file, so the dispute has no scenarios", side.name)])
    known = {one.name: one for one in found}
    for name in wanted:
        if name not in known:
            raise UnknownNameError("scenario", name, known)
    return tuple(known[name] for name in wanted)


def parse_scenarios(text: str, name: str) -> tuple[Scenario, ...]:
    """Read the text of a side file; raises as `load_scenarios`."""
    document = parse_yaml(text, name)
    faults = list(document.faults)
    data = document.data
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        at: Place = ("format",) if isinstance(data, dict) and "format" in data else ()
        raise InputError([*faults, document.located(f"a file of scenarios begins with 'format: {FORMAT}'", at)])
    faults += _unknown(document, data, ("format", "scenarios"), ())
    listed = data.get("scenarios") or []
    if not isinstance(listed, list) or len(listed) > MAX_SCENARIOS:
        fault = document.located(f"'scenarios' must be a list of at most {MAX_SCENARIOS}", ("scenarios",))
        raise InputError([*faults, fault])
    made: list[Scenario] = []
    for place, one in enumerate(listed):
        found, wrong = _scenario(document, one, ("scenarios", place), {each.name for each in made})
        faults += wrong
        made += [found] if found else []
    if faults:
        raise InputError(faults)
    return tuple(made)


def _scenario(document: YamlDocument, data: Any, at: Place, taken: set[str]) -> tuple[Scenario | None, list[Fault]]:
    if not isinstance(data, dict):
        return None, [document.located("a scenario must be a mapping with a name", at)]
    faults = _unknown(document, data, _KEYS, at)
    name, model = data.get("name"), data.get("model") or ""
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME:
        faults.append(document.located(f"a scenario needs a name of 1 to {MAX_NAME} characters", (*at, "name")))
    elif name in taken:
        faults.append(document.located(f"two scenarios are called '{name}'", (*at, "name")))
    if not isinstance(model, str):
        faults.append(document.located("'model' must be a digest", (*at, "model")))
    off: Any = data.get("off") or []
    order: Any = data.get("order") or {}
    doubted: Any = data.get("doubted") or []
    places = [_place(one) for one in off] if isinstance(off, list) else [None]
    if None in places:
        faults.append(document.located("'off' must be a list of places, such as [rules, 0]", (*at, "off")))
    orders = [_whole(one) for one in order.values()] if isinstance(order, dict) else [None]
    if None in orders:
        faults.append(document.located("'order' must give for each party a list of numbers", (*at, "order")))
    if not isinstance(doubted, list) or not all(isinstance(one, str) for one in doubted):
        faults.append(document.located("'doubted' must be a list of statements", (*at, "doubted")))
    if faults:
        return None, faults
    ordered = {str(id): found for id, found in zip(order, orders, strict=True) if found is not None}
    off = tuple(place for place in places if place)
    return Scenario(str(name), off, ordered, tuple(doubted), model), []


def _place(data: Any) -> Place | None:
    """Return the place of an element; the last part is a number, except that of a one-way mark."""
    if not isinstance(data, list) or len(data) < 2 or not all(isinstance(one, str) for one in data):
        return None
    if data[0] == "one_way":
        return tuple(data)
    last = _whole(data[-1:])
    return None if last is None else (*data[:-1], *last)


def _whole(data: Any) -> tuple[int, ...] | None:
    """Return a list of whole numbers, which the parser leaves as text; None if it is something else."""
    if not isinstance(data, list) or not all(isinstance(one, str) and re.fullmatch(r"\d{1,6}", one) for one in data):
        return None
    return tuple(map(int, data))


def _unknown(document: YamlDocument, data: Mapping[Any, Any], known: Sequence[str], at: Place) -> list[Fault]:
    return [
        document.located(f"unknown key '{key}'", (*at, key), key=True, suggestion=nearest(str(key), known))
        for key in data
        if key not in known
    ]


def scenarios_text(scenarios: Iterable[Scenario]) -> str:
    """Return scenarios as the text of a side file; reading it gives the same scenarios."""
    return tree_text({"format": FORMAT, "scenarios": [one.to_dict() for one in scenarios]})


__all__ = [
    "MAX_NAME",
    "MAX_SCENARIOS",
    "Scenario",
    "load_scenarios",
    "parse_scenarios",
    "scenarios_path",
    "scenarios_text",
]
