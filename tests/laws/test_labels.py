"""Parties and options with the same name can be told apart wherever they are named."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import replace
from html import unescape
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from detente.analysis.result import Result
from detente.cli import main
from detente.errors import DetenteError
from detente.io.checks import warnings
from detente.io.conflict_file import write_conflict
from detente.model.names import visible_key
from detente.present.blocks import texts
from detente.render import terminal
from detente.report.briefing import report
from detente.web.pages import environment
from detente.web.questions import QUESTIONS
from tests.strategies import conflicts, views
from tests.unit.web.serving import serving

#: No identifier contains this name.
SHARED = "Zebra"
#: Names that look like it to a reader.
ALIKE = (SHARED, "zebra", " Zebra ", "Ze\u200bbra", "Zebra (d0)")


@st.composite
def like_named(draw: st.DrawFn, names: tuple[str, ...] = (SHARED, "Heron")) -> dt.Conflict:
    """A conflict whose parties and options share a few names; some evidence is disputed."""
    bare = draw(conflicts(4, merges=False, coalitions=False, statements_only=True, min_makers=2, max_makers=3))
    name = st.sampled_from(names)
    makers = []
    for maker in bare.decision_makers:
        assert isinstance(maker.preferences, dt.Prioritising)
        first = [replace(one, support=dt.Support(("s1",))) for one in maker.preferences.statements[:1]]
        wanted = dt.Prioritising((*first, *maker.preferences.statements[1:]))
        makers.append(
            dt.DecisionMaker(maker.id, draw(name), [dt.Option(one.id, draw(name)) for one in maker.options], wanted)
        )
    state = next(iter(bare.analyze(["nash"]).states()))
    return bare.replaced(
        decision_makers=makers,
        status_quo=state.taken,
        views=draw(views(bare)),
        speakers={"other": draw(name)},
        statements=[
            dt.Statement("s1", speaker="d0", kind="claim", quote="so it is", contested_by=("s2",)),
            dt.Statement("s2", speaker="other", reported_by="d1", kind="claim", quote="it is not"),
        ],
    )


def strings(data: Any) -> Iterator[str]:
    """Yield every text in plain data, except names as the file has them."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from () if key == "own_name" else strings(value)
    elif isinstance(data, list | tuple):
        for each in data:
            yield from strings(each)


def bare_names(conflict: dt.Conflict, *texts: str) -> list[str]:
    """Return the places at which a shared name stands without what tells it apart."""
    labels = {
        *conflict.all_speakers.values(),
        *(one.label for one in (*conflict.decision_makers, *conflict.options)),
    }
    found = []
    for text in texts:
        text = " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).replace("\\", "").split())
        for maker in conflict.decision_makers:
            text = _without_own_options(maker, text)
        for label in sorted(labels, key=len, reverse=True):
            text = text.replace(label, "~")
        found += [text[max(0, place.start() - 60) : place.end() + 60] for place in re.finditer(SHARED, text)]
    return found


#: Options in quotation marks behind the name of their party, as an outcome is told where no verb is known.
OF_A_PARTY = r"((?:(?:: |, )(?:(?:with or )?without |with |no longer |not )?(?:‘[^’]*’(?:, | and | or )?)+)+)"


def _without_own_options(maker: dt.DecisionMaker, text: str) -> str:
    """The text without options that stand behind their party's name, if no other option of the party has the name."""
    names = [option.own_name for option in maker.options]

    def cleared(found: re.Match[str]) -> str:
        told = found[1]
        for name in names:
            if names.count(name) == 1:
                told = told.replace(f"‘{name}’", "~")
        return maker.label + told

    return re.sub(re.escape(maker.label) + OF_A_PARTY, cleared, text)


@given(like_named(ALIKE))
def test_labels_of_one_conflict_are_unique(conflict: dt.Conflict) -> None:
    parties = [maker.label for maker in conflict.decision_makers]
    for labels in (parties, [one.label for one in conflict.options], [*conflict.all_speakers.values()]):
        assert len({visible_key(label) for label in labels}) == len(labels)
    # What tells them apart is no part of the dispute.
    again = dt.Conflict(**{key: getattr(conflict, key) for key in ("title", "decision_makers", "rules", "one_way")})
    assert again.decision_makers == conflict.decision_makers
    assert hash(again.decision_makers) == hash(conflict.decision_makers)
    without = replace(conflict.decision_makers[0], name="Alone", options=(), preferences=[])
    assert dt.Conflict("T", [without]).decision_makers[0].label == "Alone"


@given(like_named())
def test_only_shared_names_get_another_label(conflict: dt.Conflict) -> None:
    faults = "; ".join(fault.message for fault in warnings(conflict) if "have the same name" in fault.message)
    for what in (conflict.decision_makers, conflict.options):
        names = [one.own_name for one in what]
        for one in what:
            assert (one.label == one.own_name) == (names.count(one.own_name) == 1)
            assert (f"'{one.id}'" in faults) == (names.count(one.own_name) > 1)


def test_warning_of_a_shared_name_has_what_each_is_called() -> None:
    (fault,) = (one for one in warnings(dt.example("nile-dam")) if "'egypt-signs' have" in one.message)
    assert fault.message == (
        "the options 'ethiopia-signs' and 'egypt-signs' have the same name; sentences call them "
        "'Sign a binding agreement (Ethiopia)' and 'Sign a binding agreement (Egypt)'"
    )


@settings(max_examples=12)
@given(like_named())
def test_every_answer_distinguishes_shared_names(conflict: dt.Conflict) -> None:
    other = dt.Conflict("Before", [dt.DecisionMaker("new", SHARED)])
    asked = 0
    for question in QUESTIONS.values():
        if question.aside or question.id == "report":
            continue
        with suppress(DetenteError):
            answer = question.ask(conflict, {"samples": 50, "state": 1, "other": other}, lambda share, what: None)
            assert isinstance(answer, Result)
            said = [text for _, text in texts(answer.words.view(answer))]
            said += [*strings(answer.to_dict()), answer._repr_html_()]
            assert not bare_names(getattr(answer, "both", conflict), *said)
            asked += 1
    assert asked > 5
    for maker in conflict.decision_makers:
        found = conflict.explain(1, maker.id, "seq")
        assert not bare_names(conflict, str(found), found.words.headline(found), *strings(found.to_dict()))


@settings(max_examples=4)
@given(like_named())
def test_reports_and_commands_distinguish_shared_names(conflict: dt.Conflict) -> None:
    made = report(conflict)
    assert not bare_names(conflict, made.markdown(), made.html(), made.latex())
    with TemporaryDirectory() as folder:
        file = str(Path(folder) / "c.conflict.yaml")
        write_conflict(conflict, file)
        texts = [
            command(*arguments, file)
            for arguments in (
                ["analyze"],
                ["states"],
                ["explain", "--state", "1"],
                ["whose-word", "--by", "speaker"],
                ["robust", "--samples", "50"],
                ["invert", "--state", "1"],
                ["invert", "--state", "1", "--third-party"],
                ["evolve", "--to", "equilibria"],
                ["coalitions"],
                ["compare", file],
                ["perceive"],
            )
        ]
    assert not bare_names(conflict, *texts)


def command(*arguments: str) -> str:
    """Return what a command prints, in lines that are never broken."""
    out, said = StringIO(), StringIO()
    with (
        patch.object(sys, "argv", ["detente", *arguments]),
        patch.object(terminal, "PIPED_WIDTH", 5_000),
        redirect_stdout(out),
        redirect_stderr(said),
        suppress(SystemExit),
    ):
        main()
    # Preferences may have to be another's, and a view may leave no state: these two may say that they cannot answer.
    assert out.getvalue() or arguments[0] in ("invert", "perceive"), said.getvalue()
    return out.getvalue() + said.getvalue()


ZOO = """\
format: detente/1
title: A zoo
decision_makers:
  a: {name: Zebra, options: {x: Zebra, y: Zebra}, preferences: [{when: x, evidence: [s1]}, not y]}
  b: {name: Zebra, options: {z: Zebra}, preferences: [not x, z]}
status_quo: [y]
one_way: {x: [no, yes]}
sources: [{id: daily}]
statements:
  - {id: s1, source: daily, speaker: a, kind: claim, quote: so it is, contested_by: [s2]}
  - {id: s2, source: daily, speaker: c, kind: claim, quote: it is not}
speakers: {c: Zebra}
"""


def test_cut_labels_keep_what_distinguishes_them() -> None:
    def cut(text: str, length: int) -> str:
        return environment().from_string("{{ text|truncate(length) }}").render(text=text, length=length)

    long = "Continue the military operation in every region for as long as it takes"
    makers = [dt.DecisionMaker(id, "Russia", options={f"{id}{n}": long for n in "xy"}) for id in ("r", "s")]
    labels = [one.label for one in dt.Conflict("T", makers).options]
    for length in (40, 60, 80, 120):
        assert len({cut(label, length) for label in labels}) == 4
        assert all(len(cut(label, length)) <= length + 5 for label in labels)
    assert cut(labels[0], 60) == "Continue the military operation in... (Russia (r), rx)"
    assert cut(long, 40) == "Continue the military operation in..."
    assert [cut(text, 40) for text in ("", "short (a)", "x" * 50 + ")")] == ["", "short (a)", "x" * 37 + "..."]


def test_pages_distinguish_shared_names(tmp_path: Path) -> None:
    (tmp_path / "zoo.conflict.yaml").write_text(ZOO, encoding="utf-8")
    conflict = dt.load(tmp_path / "zoo.conflict.yaml")
    name = "zoo.conflict.yaml"
    with serving(tmp_path) as server:
        for page in ("sources", "states", "graph", "what-if", "dispute"):
            text = server.client.get(f"/{page}/{name}").text
            # In a form stands the name as the file has it, to be changed, and so does the text of the file.
            text = re.sub(
                r'<input[^>]*value="Zebra"[^>]*>|<textarea.*?</textarea>|<script.*?</script>', "", text, flags=re.S
            )
            tags = " ".join(re.findall(r'(?:aria-label|title|placeholder|value)="([^"]*)"', text))
            assert "Zebra" in text
            assert not bare_names(conflict, text, tags), page
        for twin in ("analyze", "states", "graph", "path", "sources", "dispute"):
            data = server.client.get(f"/api/{twin}/{name}", params={"to": "1"} if twin == "path" else {}).json()
            data.pop("text", None), data.pop("speakers", None) if twin == "dispute" else None
            assert not bare_names(conflict, *strings(data)), twin
        for player in ("a", "b"):
            asked = {"state": "2", "player": player}
            assert not bare_names(conflict, *strings(server.client.get(f"/api/explain/{name}", params=asked).json()))
