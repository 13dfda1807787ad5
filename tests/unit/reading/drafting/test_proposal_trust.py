"""A proposal puts no preference, option or number in the wrong place; on invented reports."""

from __future__ import annotations

import pytest

import detente as dt
from detente.model.statements import Source, Statement
from detente.reading.documents import parse_document
from detente.reading.drafting.actions import without_circumstances
from detente.reading.drafting.clauses import clauses
from detente.reading.drafting.clusters import alike
from detente.reading.drafting.proposal import propose
from detente.reading.links import proposed_links, with_pronoun_denials


def proposed(text: str, *parties: str) -> dt.Proposal:
    return propose(parse_document(text.encode(), "report.txt"), parties)


def options(found: dt.Proposal) -> dict[str, str]:
    return {option.name: found.conflict.owner[option.id] for option in found.conflict.options}


@pytest.mark.parametrize("wants", ["wants", "wanted", "seeks"])
@pytest.mark.parametrize("thing", ["a 6 percent raise", "an end to split shifts", "a better rota"])
def test_what_a_party_wants_is_for_the_other_party_to_do(wants: str, thing: str) -> None:
    found = proposed(
        f"The Drivers' Union {wants} {thing}. Halden Transit refused to pay.", "Drivers' Union", "Halden Transit"
    )
    assert "drivers-union" not in options(found).values()


@pytest.mark.parametrize(
    "told", ["has raised its offer to 640 pence", "raised its offer", "has increased its bid to 640 pence"]
)
def test_an_offer_is_not_taken_as_made_at_another_price(told: str) -> None:
    text = (
        "Corvane would open its books if Aldwin raised its offer to at least 700 pence. "
        f"Aldwin refused to close the plant. Aldwin {told}."
    )
    found = proposed(text, "Aldwin", "Corvane")
    names = {option.id: option.name for option in found.conflict.options}
    assert found.conflict.status_quo is not None
    assert all("700" not in names[id] for id in found.conflict.status_quo.taken)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("raise the offer to 640 pence", "raise the offer to 700 pence", 0),
        ("pay 40,000 pounds", "pay 40,000 pounds at once", 1),
        ("raise the offer in 2024", "raise the offer to 700 pence", 1),
        ("release 60 prisoners", "release the prisoners", 1),
    ],
)
def test_actions_of_different_numbers_are_different(one: str, other: str, same: int) -> None:
    first, second = (clauses(words, bare=True)[0].actions[0] for words in (one, other))
    assert alike(first, second) == same


@pytest.mark.parametrize("number", ["2.5 percent", "3.75 million euros", "1,200.50 pounds"])
def test_a_point_in_a_number_ends_no_name(number: str) -> None:
    assert without_circumstances(f"{number} and nothing. It left") == f"{number} and nothing"


@pytest.mark.parametrize("cue", ["would not step in", "refused to engage", "would not talk about pay"])
def test_the_name_of_an_option_has_no_article_before_a_small_word(cue: str) -> None:
    found = proposed(f"The mayor of Halden said the city {cue}. The Drivers' Union demanded that the city pay.")
    assert all(" the in" not in name and " the about" not in name and name == name.strip() for name in options(found))


def test_declining_to_comment_is_no_option() -> None:
    text = (
        "Norland demanded that Sudria sign the treaty. Sudria refused to sign the treaty. Sudria declined to comment."
    )
    assert set(options(proposed(text, "Norland", "Sudria"))) == {"Sign the treaty"}


@pytest.mark.parametrize("denial", ["That is not true.", "That is false.", "This was never so. That is a lie."])
def test_a_refusal_that_only_the_other_side_reports_and_that_is_denied_is_no_preference(denial: str) -> None:
    text = (
        "Mr. SARROW (Orlandia): We propose that a commission measure the flow. Velmar must end the diversion.\n\n"
        f"Ms. HADDI (Velmar): The representative of Orlandia says that we rejected the commission. {denial} "
        "We will not open the tunnel before the spring.\n"
    )
    found = proposed(text, "Orlandia", "Velmar")
    velmar = next(one for one in found.conflict.decision_makers if one.id == "velmar")
    assert isinstance(velmar.preferences, dt.Prioritising)
    reported = {one.id for one in found.conflict.statements if one.cue == "rejected"}
    assert reported
    for preference in velmar.preferences.statements:
        assert not reported & set(preference.support.evidence)


def test_a_denial_inside_a_turn_disputes_the_claim_before_it_in_the_turn() -> None:
    said = [
        Statement("s1", "d", "b", kind="refusal", quote="The representative says that we refused. That is not true."),
        Statement("s2", "d", "a", kind="claim", quote="we refused", nested_in="s1"),
        Statement("s3", "d", "b", kind="refusal", quote="refused", nested_in="s2"),
        Statement("s4", "d", "b", kind="denial", quote="That is not true", nested_in="s1"),
    ]
    assert [one.contested_by for one in with_pronoun_denials(said)] == [(), ("s4",), (), ()]


@pytest.mark.parametrize(
    ("kind", "quote", "later"),
    [
        (
            "condition",
            "it will not reopen the strait until Marland lifts its ban",
            "reopen the strait to ships of Marland",
        ),
        (
            "offer",
            "We will sign a treaty on the river. We seek no war, and a commission may measure the flow of the tunnel.",
            "could not accept the opening of the tunnel before a treaty",
        ),
    ],
)
def test_a_refusal_that_goes_with_an_earlier_word_withdraws_nothing(kind: str, quote: str, later: str) -> None:
    statements = [
        Statement("s1", "d", "a", kind=kind, quote=quote),
        Statement("s2", "d", "a", kind="refusal", cue="will not", quote=later),
    ]
    assert "withdraws" not in {one.kind for one in proposed_links(statements, [Source("d")])}
