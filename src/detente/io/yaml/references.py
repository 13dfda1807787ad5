"""Where the text of a conflict file names decision makers, options and states, in whichever form they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml.nodes import CollectionNode, Node, ScalarNode

from detente.io.yaml.parse import Document, Path
from detente.io.yaml.schema import PREFERENCE_FORMS
from detente.model.parts import RULE_KINDS

DECISION_MAKER = "decision maker"
OPTION = "option"
#: Text in which options are named.
CONDITION = "condition"
#: A number, Y/N letters, or a name.
STATE = "state"

#: The keys whose own keys are names: what stands below is the same for each.
_NAMING_AT_THE_TOP = frozenset({"decision_makers", "one_way", "states", "views"})
_NAMING = frozenset({"options", "attitudes", "believes", "weights", "payoffs"})

#: What is named by a key, place by place: '*' is any name, '#' any number, and 'wishes' whoever has preferences.
_KEYS = {
    "decision_makers/*": DECISION_MAKER,
    "decision_makers/*/attitudes/*": DECISION_MAKER,
    "views/*": DECISION_MAKER,
    "views/*/believes/*": DECISION_MAKER,
    "decision_makers/*/options/*": OPTION,
    "one_way/*": OPTION,
    "wishes/weights/*": CONDITION,
    "wishes/payoffs/*": STATE,
}
#: What is named by a value.
_VALUES = {
    **dict.fromkeys(("coalitions/#", "coalitions/#/#"), DECISION_MAKER),
    **dict.fromkeys(("statements/#/speaker", "statements/#/reported_by"), DECISION_MAKER),
    **dict.fromkeys(("statements/#/addresses", "statements/#/addresses/#"), DECISION_MAKER),
    **dict.fromkeys(("statements/#/about", "statements/#/about/#"), OPTION),
    **dict.fromkeys(("views/*/does_not_see", "views/*/does_not_see/#"), OPTION),
    "decision_makers/*/options/#": OPTION,
    **{f"{state}{taken}": OPTION for state in ("status_quo", "states/*") for taken in ("/#", "/taken", "/taken/#")},
    **{f"{state}{written}": STATE for state in ("status_quo", "states/*") for written in ("", "/state")},
    "history/#/by": DECISION_MAKER,
    **{f"history/#/{key}{each}": OPTION for key in ("takes", "drops") for each in ("", "/#")},
    "rules/#": CONDITION,
    **{f"rules/#/{kind}{each}": CONDITION for kind in (*RULE_KINDS, "if", "then") for each in ("", "/#")},
    **dict.fromkeys(("merge", "merge/#", "merge/#/when"), CONDITION),
    **dict.fromkeys(("wishes/preferences/#", "wishes/preferences/#/when", "wishes/weights/#/when"), CONDITION),
    **{f"wishes/ranking/{of}{each}": STATE for of in ("", "order/", "known/#/") for each in ("#", "#/#")},
}


@dataclass(frozen=True)
class Reference:
    """A scalar of the text, and what it names."""

    what: str
    node: ScalarNode


def references(document: Document) -> Iterator[Reference]:
    """Yield every scalar that names a decision maker, an option or a state, or is a condition over options."""
    for path, place in document.places.items():
        key, value = _kind(path)
        if key and isinstance(place.key, ScalarNode):
            yield Reference(key, place.key)
        if value and isinstance(place.value, ScalarNode):
            yield Reference(value, place.value)


def payoffs(document: Document) -> Iterator[CollectionNode]:
    """Yield the payoffs of each who has some: a mapping, or a list in the order of the states' numbers."""
    for path, place in document.places.items():
        if _signature(path) == "wishes/payoffs" and isinstance(place.value, CollectionNode):
            yield place.value


def option_list(document: Document, decision_maker: str) -> Node | None:
    """Return where the options of a decision maker stand; None where it has none."""
    place = document.places.get(("decision_makers", decision_maker, "options"))
    return place.value if place else None


def _kind(path: Path) -> tuple[str | None, str | None]:
    """Return what the key of an element names, and what its value does."""
    signature = _signature(path)
    return _KEYS.get(_named(path)) or _KEYS.get(signature), _VALUES.get(signature)


def _named(path: Path) -> str:
    """Return the place of an element with every name in it as '*' and every number as '#'."""
    steps: list[str] = []
    for step in path:
        above = steps[-1] if steps else ""
        naming = _NAMING_AT_THE_TOP if len(steps) == 1 else _NAMING
        steps.append("#" if isinstance(step, int) else "*" if above in naming else step)
    return "/".join(steps)


def _signature(path: Path) -> str:
    """Return the place of an element, however the preferences that it may be in are written."""
    named = _named(path)
    for whose in ("decision_makers/*/", "views/*/believes/*/"):
        if named.startswith(whose):
            within = named.removeprefix(whose)
            head, _, rest = within.partition("/")
            if head == "preferences" and rest.partition("/")[0] in PREFERENCE_FORMS[1:]:
                # Written as 'preferences: {ranking: …}'.
                return f"wishes/{rest}"
            if head == "#":
                # What is believed, written as a list.
                return f"wishes/preferences/{within}"
            if head in PREFERENCE_FORMS:
                return f"wishes/{within}"
    return named
