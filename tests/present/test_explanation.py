"""The reasons of a verdict beside a table, and the evidence of the preferences behind it."""

from __future__ import annotations

from dataclasses import replace

import detente as dt
from detente.model.evidence import Support
from detente.present.blocks import plain_text
from detente.present.explanation import panel
from detente.present.phrases import preference_evidence

NILE, UKRAINE = dt.example("nile-dam"), dt.example("ukraine-2023")


def test_panel_says_of_each_statement_which_way_it_counts() -> None:
    said = plain_text(panel(NILE.explain(40, "egypt", "seq")))
    reasons, _, behind = said.partition("Preferences used, and their evidence")
    assert "“Egypt was ready to sign one”" not in reasons
    assert "- Preference 4 of Egypt: Egypt signs a binding agreement if and only if Ethiopia signs" in behind
    told = [line.strip() for line in behind.splitlines() if "vidence" in line]
    assert [line.partition("[")[2] for line in told] == ["c8, courier]", "g8, gazette]"]
    assert all(line.startswith("- Evidence for it: Egypt, ") for line in told)
    # What only reports the contrary is no evidence.
    assert "[g7, gazette]" not in behind


def test_panel_lists_evidence_against_a_preference_as_such() -> None:
    said = plain_text(panel(UKRAINE.explain("neutrality agreement", "ukraine", "nash")))
    (against,) = [line for line in said.splitlines() if "[s19a, report]" in line]
    assert against.strip().startswith("- Evidence against it: Ukraine (as reported by Russia), commitment")


def test_panel_quotes_notes_and_says_at_once_what_is_in_doubt() -> None:
    said = plain_text(panel(UKRAINE.explain("neutrality agreement", "ukraine", "nash")))
    assert "  - Note: That Ukraine first agreed and then withdrew is what" in said
    assert "its preference 1, “if Russia keeps its troops in Crimea and the territories it controls" in said
    assert "then Ukraine rules out talks with Russia” (from disputed statements), is met there but not here" in said
    assert "its preference 5, “Ukraine pursues membership in NATO”, is met there but not here" in said


def test_reading_of_a_program_is_not_called_the_analysts() -> None:
    up, down = (dt.DecisionMaker(id, options={f"{id}-acts": "Act"}) for id in ("up", "down"))
    wish = dt.PreferenceStatement(dt.parse("up-acts"), support=Support(("s1",), note="Proposed: a demand."))
    said = dt.Statement("s1", speaker="down", kind="demand", quote="act")
    drafted = dt.Conflict("T", [up, replace(down, preferences=dt.Prioritising((wish,)))], statements=[said])
    for note, whose in (
        ("Proposed", "Detente's reading, not reviewed, of down (s1)"),
        ("Reviewed", "the analyst's reading of down (s1)"),
    ):
        support = Support(("s1",), note=f"{note}: a demand.")
        assert preference_evidence(drafted, "down", wish.condition, support) == whose
