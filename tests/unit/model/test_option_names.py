"""Conditions that name options in quotation marks: how a file is read, and how a change keeps its style."""

from __future__ import annotations

import pytest

from detente.editing import edited_file
from detente.errors import InputError
from detente.io.conflict_file import ConflictFile, parse_conflict

DAM = """\
format: detente/1
title: A dam
decision_makers:
  ethiopia:
    name: Ethiopia
    options:
      fill: Fill the reservoir
      sign-e: {name: Sign}
    preferences:
      - "Fill the reservoir"          # most of all
      - 'not "Egypt: sign"'
  egypt:
    name: Egypt
    options: {council: Go to the Council, sign: Sign}
    preferences:
      - 'Ethiopia: fill the reservoir'
      - if council then “ go to the  COUNCIL”
      - not ('Fill the reservoir' or council)
rules:
  - {never: '"Fill the reservoir" and sign'}
  - at_most_one: ["Egypt: Sign", "Ethiopia: Sign"]
one_way:
  "Fill the reservoir": [no, yes]
  council: [no, yes]
status_quo: {taken: ["ethiopia: sign", council], note: as told}
states:
  a deal: ["Egypt: sign", council]     # for now
history:
  - {date: 2024-01, by: ethiopia, takes: ["Ethiopia: Sign"]}
statements:
  - {id: s1, speaker: egypt, kind: demand, about: {"Ethiopia: Sign": for}}
"""


def told(text: str) -> list[list[str]]:
    """The preferences of a file, and its rules, over identifiers."""
    conflict = parse_conflict(text)
    wanted = [[str(one) for one in maker.preferences.conditions()] for maker in conflict.decision_makers]
    return [*wanted, [str(one) for rule in conflict.rules for one in rule.conditions]]


def changed(edit: dict[str, object], text: str = DAM) -> str:
    """The text after a change, which says what the changed dispute does."""
    made = edited_file(ConflictFile.of(text, "dam.conflict.yaml"), edit)
    assert parse_conflict(made.text) == made.conflict
    return made.text


def test_names_in_quotation_marks_stand_for_options() -> None:
    assert told(DAM) == [
        ["fill", "not sign"],
        ["fill", "if council then council", "not (fill or council)"],
        ["fill and sign", "sign", "sign-e"],
    ]


@pytest.mark.parametrize(
    ("written", "says", "suggestion", "column"),
    [
        ("""'not "Egypt: sing"'""", "no option is called 'Egypt: sing'", '"Egypt: Sign"', 14),
        ("""'not "Sign"'""", '\'Sign\' is the name of 2 options; write "Ethiopia: Sign" or "Egypt: Sign"', None, 14),
        ("not Fill the reservoir", "write an option's name in quotation marks", '"Fill the reservoir"', 18),
        ("""'not "Fill'""", 'the closing quotation mark for " is missing', None, 14),
        ("""'sign "Fill the reservoir"'""", "is missing between 'sign' and '\"Fill the reservoir\"'", None, 15),
        ("""not "Egypt: sign\"""", "put a text that contains ': ' in quotation marks", "'not \"Egypt: sign\"'", 9),
    ],
)
def test_name_at_fault_is_reported_with_place_and_nearest_name(
    written: str, says: str, suggestion: str | None, column: int
) -> None:
    with pytest.raises(InputError) as caught:
        parse_conflict(DAM.replace("""'not "Egypt: sign"'""", written))
    (fault,) = caught.value.faults
    assert says in fault.message
    assert (fault.line, fault.column, fault.suggestion) == (11, column, suggestion)


def test_lists_of_options_and_marks_may_give_names() -> None:
    conflict = parse_conflict(DAM)
    assert [(one.option, one.to_taken) for one in conflict.one_way] == [("fill", True), ("council", True)]
    assert conflict.status_quo is not None
    assert conflict.status_quo.taken == {"council", "sign-e"}
    assert [state.taken for state in conflict.states] == [{"sign", "council"}]
    assert conflict.history[0].takes == ("sign-e",)
    assert conflict.statements[0].stances == {"sign-e": "for"}


@pytest.mark.parametrize(
    ("written", "other", "says", "suggestion", "place"),
    [
        ('"ethiopia: sign"', '"ethiopia: sing"', "no option is called 'ethiopia: sing'", '"Ethiopia: Sign"', (25, 23)),
        ('"ethiopia: sign"', "sign, 'Sign'", "'Sign' is the name of 2 options", None, (25, 29)),
        ('"Fill the reservoir": [no', '"Fill a reservoir": [no', "no option is called 'Fill a reservoir'",
         '"Fill the reservoir"', (23, 4)),
        ('{taken: ["ethiopia: sign", council], note: as told}', "Go to the Council",
         "'Go to the Council' is an option, not a state; write [\"Go to the Council\"]", None, (25, 13)),
        ("council: [no, yes]", "fill: [no, yes]", "appears twice", None, None),
    ],
)  # fmt: skip
def test_name_at_fault_in_a_list_is_reported_with_place_and_nearest_name(
    written: str, other: str, says: str, suggestion: str | None, place: tuple[int, int] | None
) -> None:
    with pytest.raises(InputError) as caught:
        parse_conflict(DAM.replace(written, other))
    fault = caught.value.faults[0]
    assert says in fault.message
    assert fault.suggestion == suggestion
    assert place is None or (fault.line, fault.column) == place


def test_options_of_one_party_with_one_name_are_told_apart_by_identifier() -> None:
    text = DAM.replace("sign-e: {name: Sign}", "sign-e: {name: fill the reservoir}")
    with pytest.raises(InputError, match=r"write 'fill' \(Ethiopia: Fill the reservoir\) or 'sign-e' \(Ethiopia: fill"):
        parse_conflict(text)


def test_identifier_has_precedence_over_a_name() -> None:
    text = DAM.replace("council: Go to the Council", "council: Fill").replace('- "Fill the reservoir"', "- fill")
    assert told(text.replace("“ go to the  COUNCIL”", "sign"))[0][0] == "fill"


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        # A change elsewhere leaves conditions as they are.
        ({"do": "set", "at": ["title"], "value": "Another"}, {"title: A dam": "title: Another"}),
        # What names an option follows its name.
        (
            {"do": "set", "at": ["decision_makers", "ethiopia", "options", "fill", "name"], "value": "Hold water"},
            {
                "fill: Fill the reservoir": "fill: Hold water",
                '- "Fill the reservoir"  ': '- "Hold water"  ',
                "- 'Ethiopia: fill the reservoir'": "- 'Hold water'",
                "'Fill the reservoir' or": '"Hold water" or',
                "'\"Fill the reservoir\" and sign'": "'\"Hold water\" and sign'",
                '"Fill the reservoir": [no': '"Hold water": [no',
            },
        ),
        (
            {"do": "set", "at": ["decision_makers", "egypt", "name"], "value": "Cairo"},
            {
                "name: Egypt": "name: Cairo",
                '"Egypt: sign"': '"Cairo: Sign"',
                '"Egypt: Sign"': '"Cairo: Sign"',
            },
        ),
        # An identifier as a word of a name stays.
        (
            {"do": "rename", "at": ["decision_makers", "egypt", "options", "sign"], "to": "the"},
            {"sign: Sign}": "the: Sign}", "and sign'": "and the'"},
        ),
        # A new condition is written as the others are.
        (
            {"do": "set", "at": ["decision_makers", "egypt", "preferences", 2, "when"], "value": "not sign-e or fill"},
            {
                "not ('Fill the reservoir' or council)": '\'not "Ethiopia: Sign" or "Fill the reservoir"\'',
            },
        ),
        # What is added to a list of names is given by its name; the names of what goes are found.
        (
            {"do": "set", "at": ["status_quo", "taken"], "value": ["sign-e", "council", "fill"]},
            {'["ethiopia: sign", council]': '["Fill the reservoir", "ethiopia: sign", council]'},
        ),
        (
            {"do": "set", "at": ["states", "a deal", "taken"], "value": ["council"]},
            {'["Egypt: sign", council]': "[council]"},
        ),
        (
            {"do": "remove", "at": ["one_way", "fill"]},
            {'  "Fill the reservoir": [no, yes]\n': ""},
        ),
        ({"do": "remove", "at": ["rules", 1]}, {'  - at_most_one: ["Egypt: Sign", "Ethiopia: Sign"]\n': ""}),
    ],
    ids=["title", "option", "party", "identifier", "condition", "addition", "drop", "one way", "removal"],
)
def test_change_keeps_the_style_of_the_file(edit: dict[str, object], lines: dict[str, str]) -> None:
    expected = DAM
    for old, new in lines.items():
        assert old in expected
        expected = expected.replace(old, new)
    assert changed(edit) == expected


def test_file_with_identifiers_gets_identifiers() -> None:
    text = DAM
    for name, id in (
        ('"Fill the reservoir"          #', "fill #"), ("""'not "Egypt: sign"'""", "not sign"),
        ("'Ethiopia: fill the reservoir'", "fill"), ("“ go to the  COUNCIL”", "council"),
        ("'Fill the reservoir'", "fill"), ("""'"Fill the reservoir" and sign'""", "fill and sign"),
        ('["Egypt: Sign", "Ethiopia: Sign"]', "[sign, sign-e]"),
    ):  # fmt: skip
        text = text.replace(name, id)
    edit = {"do": "add", "at": ["decision_makers", "egypt", "preferences"], "when": 'not "Fill the reservoir"'}
    assert "\n      - not fill\n" in changed(edit, text)
    assert '\n      - not "Fill the reservoir"\n' in changed(edit)


def test_names_in_a_rule_of_several_conditions_may_contain_commas() -> None:
    text = DAM.replace("council: Go to the Council", "council: 'Protest, then sue'").replace(
        "“ go to the  COUNCIL”", "sign"
    )
    edit = {"do": "rule", "at": ["rules"], "kind": "at_least_one", "when": '"Protest, then sue", "Fill the reservoir"'}
    assert told(changed(edit, text))[2][-2:] == ["council", "fill"]
