"""Removing what is used: every place is named first, then it is removed there too as one change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import detente as dt
from detente.editing import edited_file
from detente.editing.edit import ConfirmationNeededError
from detente.errors import DetenteError, InputError
from detente.examples import catalogue
from detente.examples import path as example_path
from detente.io.conflict_file import ConflictFile, dump_conflict
from detente.io.yaml.edit import references
from detente.io.yaml.fields import Names
from detente.io.yaml.parse import parse_yaml
from detente.model.conflict import Conflict
from tests.examples import examples
from tests.strategies import conflicts
from tests.unit.web.routes import RIVER_NAME
from tests.unit.web.serving import PLANT, RIVER, Serving, river_folder, serving

SAID = """\
sources:
  - {id: daily, title: Ministers trade warnings}   # in spring
  - {id: weekly, title: The week}
statements:
  # who began
  - {id: s1, source: daily, speaker: downstream, about: [sanction, divert], quote: "no", spans: [[1, 3]], prefix: a}
  - {id: s2, source: daily, speaker: mayor, reported_by: mayor, contested_by: [s3, s1], withdrawn_by: [s3]}
  - id: s3          # found late
    copy_of: s1
    speaker: downstream
    addresses: [mayor, downstream]
  - {id: s4, nested_in: s1, quote: "so they say"}
"""
#: The river with a rule, a merge, a view, a status quo and statements that use what is removed.
USED = (
    RIVER.partition("sources:")[0]
    .replace("evidence: [s2]", "evidence: [s2, s1], against: [s1]")
    .replace("status_quo: []", "status_quo: [divert, sanction]")
    .replace("- never: compensate and not divert", "- {never: compensate and not divert, evidence: [s1]}")
    + """\
merge: [sanction and compensate]
one_way: {sanction: [no, yes]}
views:
  upstream:
    believes:
      downstream: [not divert, sanction]   # it fears so
speakers: {mayor: The mayor}
"""
    + SAID
)


def opened(text: str) -> ConflictFile:
    return ConflictFile.of(text, "used.conflict.yaml")


def refused(file: ConflictFile, edit: dict[str, Any]) -> ConfirmationNeededError:
    with pytest.raises(ConfirmationNeededError) as found:
        edited_file(file, edit)
    return found.value


def removed(file: ConflictFile, edit: dict[str, Any]) -> Conflict:
    """Remove what is used by the edit that the refusal offers, and read the text again."""
    offered = refused(file, edit).offer["edit"]
    assert offered == {**edit, "everywhere": True}
    text = edited_file(file, offered).text
    assert "# Who takes part." in text and "# the works have not begun" in text
    return opened(text).conflict  # type: ignore[return-value]


def places(error: ConfirmationNeededError) -> list[str]:
    return [fault.message for fault in error.faults]


def test_option_is_removed_from_preferences_rules_merges_and_states() -> None:
    file, edit = opened(USED), {"do": "remove", "at": ["decision_makers", "downstream", "options", "sanction"]}
    assert places(refused(file, edit)) == [
        "preference 2 of Upstream country: not sanction",
        "preference 3 of Downstream country: not sanction",
        "merge 1: sanction and compensate",
        "the status quo",
        "the state ‘stand-off’",
        "preference 2 in what Upstream country believes Downstream country wants: sanction",
        "statement s1",
    ]
    now = removed(file, edit)
    assert [option.id for option in now.options] == ["divert", "compensate"]
    assert [str(one) for one in now.decision_maker("upstream").preferences.conditions()] == [
        "divert",
        "if divert then compensate",
        "not compensate",
    ]
    assert len(now.rules) == 1 and now.merge == () and now.one_way == ()
    assert now.status_quo and now.status_quo.taken == {"divert"}
    assert now.states[0].taken == {"divert"}
    assert [str(one) for one in now.views[0].believes[0][1].conditions()] == ["not divert"]
    assert now.statements[0].about == ("divert",)


def test_party_is_removed_with_all_that_mentions_its_options() -> None:
    file, edit = opened(USED), {"do": "remove", "at": ["decision_makers", "downstream"]}
    found = places(refused(file, edit))
    assert "preference 3 of Downstream country: not sanction" not in found
    assert "what Upstream country believes Downstream country wants" in found
    now = removed(file, edit)
    assert [maker.id for maker in now.decision_makers] == ["upstream"]
    assert now.views == ()
    # Its statements are still told as its own.
    assert now.speakers["downstream"] == "Downstream country"
    assert now.statements[0].speaker == "downstream"


def test_removal_reports_coalitions_and_attitudes_of_the_party() -> None:
    file = opened(PLANT)
    assert places(refused(file, {"do": "remove", "at": ["decision_makers", "village"]})) == [
        "weight 1 of The ministry: not protest",
        "the attitude of The company towards The village",
    ]
    assert "the coalition The company + The ministry" in places(
        refused(file, {"do": "remove", "at": ["decision_makers", "ministry"]})
    )


def test_statement_is_removed_from_evidence_and_other_statements() -> None:
    file, edit = opened(USED), {"do": "remove", "at": ["statements", "s1"]}
    assert places(refused(file, edit)) == [
        "statement s2",
        "statement s3",
        "statement s4",
        "preference 4 of Upstream country: not compensate",
        "rule 1: never: compensate and not divert",
    ]
    now = removed(file, edit)
    support = now.decision_maker("upstream").preferences.statements[3].support  # type: ignore[attr-defined]
    assert (support.evidence, support.against) == (("s2",), ())
    assert now.rules[0].support.is_judgement
    assert [one.id for one in now.statements] == ["s2", "s3", "s4"]
    assert now.statements[0].contested_by == ("s3",)
    assert now.statements[1].copy_of is None and now.statements[2].nested_in is None


def test_source_is_removed_and_its_statements_stay() -> None:
    file, edit = opened(USED), {"do": "remove", "at": ["sources", "daily"]}
    assert places(refused(file, edit)) == ["statement s1", "statement s2"]
    now = removed(file, edit)
    assert [one.id for one in now.sources] == ["weekly"]
    assert now.statements[0] == dt.Statement("s1", speaker="downstream", about=("sanction", "divert"), quote="no")
    unused = edited_file(file, {"do": "remove", "at": ["sources", "weekly"]})
    assert [one.id for one in opened(unused.text).conflict.sources] == ["daily"]
    assert "# in spring" in unused.text and "# found late" in unused.text


def test_speaker_is_removed_from_the_statements() -> None:
    file, edit = opened(USED), {"do": "remove", "at": ["speakers", "mayor"]}
    assert places(refused(file, edit)) == ["statement s2", "statement s3"]
    now = removed(file, edit)
    assert now.statements[1].speaker is None and now.statements[1].reported_by is None
    assert now.statements[2].addresses == ("downstream",)


ACTS = USED.replace(
    "states:\n",
    """\
history:
  - {date: 2024-01, by: upstream, takes: [divert]}
  # the answer
  - {date: 2024-02, by: downstream, takes: [sanction], evidence: [s1]}
states:
""",
)


def test_option_party_and_statement_are_removed_from_acts() -> None:
    file = opened(ACTS)
    for edit, act in (
        (
            {"do": "remove", "at": ["decision_makers", "downstream", "options", "sanction"]},
            "act 2, of Downstream country on 2024-02",
        ),
        ({"do": "remove", "at": ["decision_makers", "downstream"]}, "act 2, of Downstream country on 2024-02"),
    ):
        assert places(refused(file, edit)).count(act) == 1
        assert len(removed(file, edit).history) == 1
    edit = {"do": "remove", "at": ["decision_makers", "upstream", "options", "divert"], "everywhere": True}
    assert [act.takes for act in edited_file(file, edit).conflict.history] == [("sanction",)]
    edit = {"do": "remove", "at": ["statements", "s1"]}
    assert "act 2, of Downstream country on 2024-02" in places(refused(file, edit))
    now = removed(file, edit)
    assert [act.support.evidence for act in now.history] == [(), ()]


def test_everywhere_must_be_true_to_remove_mentions() -> None:
    for other in (False, None, 1, "yes", "", [], {}):
        refused(
            opened(USED),
            {"do": "remove", "at": ["decision_makers", "downstream", "options", "sanction"], "everywhere": other},
        )


def test_removal_that_leaves_states_unranked_is_refused() -> None:
    # Without the rule there are states that the payoffs of the bank do not know.
    with pytest.raises(InputError, match="the payoffs of The bank: 2 of 4 states are not ranked") as found:
        edited_file(
            opened(PLANT),
            {"do": "remove", "at": ["decision_makers", "company", "options", "build"], "everywhere": True},
        )
    assert not isinstance(found.value, ConfirmationNeededError)


def used_in_text(file: ConflictFile, option: str) -> bool:
    """Tell from the text alone whether an option is mentioned beyond its own entry, one-way mark and blind spots."""
    word = re.compile(rf"(?<![\w.-]){re.escape(option)}(?![\w.-])")
    document = parse_yaml(dump_conflict(file.conflict), "")
    own = [
        place.key for path, place in document.places.items() if path[:1] == ("one_way",) or path[2:3] == ("options",)
    ]
    own += [place.value for path, place in document.places.items() if path[2:3] in (("does_not_see",), ("options",))]
    return any(
        word.search(str(one.node.value)) if one.what == Names.CONDITION else one.node.value == option
        for one in references(document)
        if one.what in (Names.CONDITION, Names.OPTION) and not any(one.node is other for other in own)
    )


def check(file: ConflictFile) -> None:
    """Every option and party: named as used where the text says so, and gone without a trace once removed."""
    conflict = file.conflict
    edits = [
        {"do": "remove", "at": ["decision_makers", conflict.owner[option.id], "options", option.id]}
        for option in conflict.options
    ]
    edits += [{"do": "remove", "at": ["decision_makers", maker.id]} for maker in conflict.decision_makers]
    # Of many statements some are enough.
    some = conflict.statements[:: 1 + len(conflict.statements) // 8]
    edits += [{"do": "remove", "at": ["statements", one.id]} for one in some]
    edits += [{"do": "remove", "at": ["sources", one.id]} for one in conflict.sources]
    for edit in edits:
        error = None
        try:
            edited_file(file, edit)
        except ConfirmationNeededError as found:
            error = found
            assert len(set(places(found))) == len(found.faults) > 0
        except DetenteError:
            continue
        if "options" in edit["at"]:
            assert (error is not None) == used_in_text(file, edit["at"][-1])
        if error is None:
            continue
        try:
            now = edited_file(file, {**edit, "everywhere": True})
        except ConfirmationNeededError:
            pytest.fail("asked twice")
        except DetenteError as other:
            # It would leave states unranked or infeasible: that is said instead.
            assert str(other)
            continue
        if "options" in edit["at"]:
            assert edit["at"][-1] not in now.conflict.owner
        if edit["at"][0] == "statements":
            assert not re.search(
                rf"\b{re.escape(edit['at'][-1])}\b",
                re.sub(r"(quote|note|text|summary).*", "", now.text.partition("statements:")[2]),
            )
        assert opened(now.text).conflict == now.conflict


@pytest.mark.parametrize("id", catalogue())
def test_every_element_of_the_catalogue_can_be_removed(id: str) -> None:
    check(opened(example_path(id).read_text(encoding="utf-8")))


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.too_slow])
@given(conflicts())
def test_every_element_of_a_random_dispute_can_be_removed(conflict: dt.Conflict) -> None:
    check(opened(dump_conflict(conflict)))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with serving(river_folder(tmp_path / "folder")) as found:
        yield found


def test_removal_over_the_web_interface_gives_the_same_file(server: Serving) -> None:
    edit = {"do": "remove", "at": ["decision_makers", "downstream", "options", "sanction"]}
    answer = server.client.post(f"/api/edit/{RIVER_NAME}", json={"text": RIVER, "edit": edit})
    assert answer.status_code == 422
    told = answer.json()
    assert told["offer"]["summary"] == "‘Impose sanctions’ is used in 3 places"
    assert [one["at"] for one in told["faults"]] == [
        ["decision_makers", "upstream", "preferences", 1],
        ["decision_makers", "downstream", "preferences", 2],
        ["states", "stand-off"],
    ]
    assert told["message"].startswith("‘Impose sanctions’ is used in 3 places: preference 2 of Upstream country")
    done = server.client.post(f"/api/edit/{RIVER_NAME}", json={"text": RIVER, "edit": told["offer"]["edit"]})
    assert done.status_code == 200 and "sanction:" not in done.json()["text"]
