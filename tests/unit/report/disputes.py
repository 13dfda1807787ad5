"""Disputes that try a report: hostile names, no status quo, merged states, coalitions, very many states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import detente as dt
from detente.model.renaming import renamed

#: Names that would do harm if a program took them for more than text.
HOSTILE = (
    "<script>alert(1)</script>",
    "</title></style><img src=x onerror=alert(1)>",
    "#heading $x^2$ \\input{/etc/passwd} %comment & ~tilde_",
    "a | b `code` *bold* [link](http://example.org) ![i](x) <!-- -->",
    '"#eval("1")" #import "x" $ @ref <label> ${x} {{ 7*7 }} {% raw %}',
    "\u202eright to left\u202c שלום العربية",
    "1. not a list\n- nor this\n\n# nor a heading\x00\x1b[31m\u2028",
    "-- --- `` '' ?` !` << >> ,, ||| ^^ __init__",
    "字" * 40 + "🕊",
    "x" * 10_000,
    "www.example.org http://example.org a@example.org &lt;b&gt; &#60; &copy;",
)


def hostile() -> dt.Conflict:
    """A dispute in which everything that can have a name has a hostile one."""
    makers = [
        dt.DecisionMaker(
            f"d{place}",
            name,
            [dt.Option(f"o{place}", HOSTILE[(place + 1) % len(HOSTILE)], dt.Support(("s0", "s1"), note=name))],
            [
                dt.PreferenceStatement(dt.parse(f"not o{(place + 1) % 4}"), dt.Support(("s1",), note=name)),
                f"o{place}",
            ],
        )
        for place, name in enumerate(HOSTILE[:4])
    ]
    statements = [
        dt.Statement(
            f"s{place}",
            "daily",
            speaker=name[:500],
            kind="claim",
            quote=name,
            note=name,
            place=name[:500],
            audience=name[:500],
            date_said="2024",
            in_doubt=place == 0,
        )
        for place, name in enumerate(HOSTILE)
    ]
    return dt.Conflict(
        title=HOSTILE[0] + HOSTILE[5] + HOSTILE[4],
        decision_makers=makers,
        status_quo=["o0"],
        states={HOSTILE[place]: [f"o{place % 4}"] * (place > 0) for place in (1, 2, 3)}
        | {HOSTILE[9]: ["o0", "o1"], HOSTILE[6]: ["o0", "o2"], HOSTILE[7]: ["o2", "o3"]},
        rules=[dt.Rule("never", "o0 and o1 and o2 and o3", dt.Support(("s1",), note=HOSTILE[3]))],
        summary=" ".join(HOSTILE),
        notes="\n\n".join(HOSTILE),
        citation=HOSTILE,
        sources=[
            dt.Source("daily", title=HOSTILE[0], publisher=HOSTILE[3], url="javascript:alert(1)", note=HOSTILE[2])
        ],
        statements=statements,
    )


def large(options: int, **choices: object) -> dt.Conflict:
    """A dispute of 2 to the power of its options states, in which every option is a matter of its own."""
    names = [f"o{place}" for place in range(options)]
    parts = [names[place : place + 3] for place in range(0, options, 3)]
    return dt.Conflict(
        title=f"{options} options",
        decision_makers=[
            dt.DecisionMaker(f"d{place}", options=own, preferences=own) for place, own in enumerate(parts)
        ],
        **choices,  # type: ignore[arg-type]
    )


def merged() -> dt.Conflict:
    """A dispute with merged states, a one-way option and a standing coalition."""
    return dt.Conflict(
        title="Merged",
        decision_makers=[
            dt.DecisionMaker("x", options=["leave", "stay"], preferences=["not leave", "stay"]),
            dt.DecisionMaker("y", options=["insist"], preferences=dt.Weights.of({"insist": 2, "not leave": 1})),
            dt.DecisionMaker("z", options=["help"], preferences=["help iff insist"]),
        ],
        merge=["leave"],
        one_way={"leave": True},
        coalitions=[["x"], ["y", "z"]],
        status_quo=["stay"],
    )


def without_status_quo() -> dt.Conflict:
    """A game of two, with a ranking and payoffs, without status quo or sources."""
    return dt.Conflict(
        title="Game",
        decision_makers=[
            dt.DecisionMaker("row", options=["up"], preferences=dt.Ranking.of(4, [1, 2], 3)),
            dt.DecisionMaker("column", options=["left"], preferences=dt.Payoffs.of({1: 0, 2: 1, 3: 2, 4: "5/2"})),
        ],
    )


def opaque(conflict: dt.Conflict) -> tuple[dt.Conflict, list[str]]:
    """The same dispute with identifiers that stand in no name, and these; every party and option keeps its name."""
    named = conflict.replaced(
        decision_makers=[
            replace(maker, name=maker.label, options=[replace(one, name=one.label) for one in maker.options])
            for maker in conflict.decision_makers
        ]
    )
    options = {one.id: f"zq{place}x" for place, one in enumerate(conflict.options)}
    makers = {one.id: f"wk{place}x" for place, one in enumerate(conflict.decision_makers)}
    return renamed(named, options=options, decision_makers=makers), [*options.values(), *makers.values()]


def awkward() -> dt.Conflict:
    """Twelve parties whose names begin alike or are in other scripts, with preferences in every form."""
    names = ["Republic of the North", "Republic of the South", "Республика", "共和国", "جمهورية", "הרפובליקה"]
    names += [f"Party {number}" for number in range(7, 13)]
    forms: dict[int, Any] = {3: dt.Weights.of({"13": 2, "not 14": 1})}
    makers = [
        dt.DecisionMaker(
            f"p{place}",
            name,
            [dt.Option(str(13 + place), f"Sign the treaty of {place}", dt.Support(("s1",)))] if place < 6 else (),
            forms.get(place, [dt.PreferenceStatement(dt.parse(f"not {13 + place % 6}"), dt.Support(("s1",)))]),
        )
        for place, name in enumerate(names)
    ]
    return dt.Conflict(
        title="Twelve parties",
        decision_makers=makers,
        rules=[dt.Rule("never", "13 and 14", dt.Support(("s1",))), dt.Rule("at_most_one", ["15", "16"])],
        one_way=[dt.OneWay("17", to_taken=True, support=dt.Support(("s2",)))],
        status_quo=["13"],
        states={"all quiet": []},
        sources=[dt.Source("press", title="The Press", date="2024-05-01")],
        statements=[
            dt.Statement("s1", "press", "p2", kind="threat", quote="we shall not sign", date_said="2024-04-30"),
            dt.Statement("s2", "press", "p3", kind="denial", quote="no such words", contested_by=("s1",)),
        ],
        history=[dt.Act("2024-04-30", "p0", ("13",))],
    )
