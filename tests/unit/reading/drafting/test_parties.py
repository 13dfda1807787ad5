"""Who is a party, who speaks for whom, and whom words mean."""

from __future__ import annotations

import pytest

import detente as dt
from detente.reading.documents import parse_document
from detente.reading.drafting.parties import Parties, Party, addressee, parties_of
from detente.reading.reader import read

TEXT = """The strike at Kelder goes on.

"We will not return until the wages are paid," said Ada Lund, who leads the Miners' Union. The Kelder company
refused to pay the wages. Its director, Paul Strand, said that the company would close the pit. Mrs Holm demanded that
the union end the strike. The Holms will sue, Mr Holm said. Analysts said that prices would rise.
"""


def found(text: str, *named: str) -> Parties:
    document = parse_document(text.encode(), "report.txt")
    dossier = read([document])
    return parties_of(dossier, named, {one.id: document.text for one in dossier.sources})


def test_speakers_are_put_together_with_a_reason() -> None:
    parties = found(TEXT)
    by_name = {one.name: one for one in parties.parties}
    assert "Miners' Union" in by_name
    assert "Holms" in by_name
    assert {"mrs-holm", "mr-holm"} <= set(by_name["Holms"].members)
    assert any("who leads the Miners' Union" in why for why in by_name["Miners' Union"].reasons)
    assert not any("nalyst" in name for name in by_name)
    director = parties.of_speaker("paul-strand")
    assert director is not None
    assert "kelder" in director


def test_named_parties_are_matched_loosely() -> None:
    parties = found(TEXT, "the Miners’ Union", "Kelder")
    assert [one.name for one in parties.parties] == ["the Miners’ Union", "Kelder"]
    assert parties.of_speaker("ada-lund") == parties.parties[0].id


def test_slip_in_a_name_asks_did_you_mean() -> None:
    with pytest.raises(dt.InputError, match="did you mean 'Miners' Union'"):
        found(TEXT, "Miner Uniom", "Kelder")


def test_party_that_says_nothing_is_a_party() -> None:
    parties = found(TEXT, "Miners' Union", "Bank of Tangwe")
    assert parties.parties[1].members == ()


def test_one_speaker_is_no_dispute() -> None:
    with pytest.raises(dt.InputError, match="fewer than two parties"):
        found("The mayor said that the bridge would open in May.")


PARTIES = Parties(
    [Party("union", "Miners' Union", (), ()), Party("kelder", "Kelder", (), ()), Party("town", "Town council", (), ())],
    {},
)


@pytest.mark.parametrize(
    ("words", "own", "expected"),
    [
        ("we", True, "kelder"),
        ("it", True, "kelder"),
        ("Kelder", False, "kelder"),
        ("Kelder's lorries", False, "kelder"),
        ("the union", False, "union"),
        ("the council", False, "town"),
        ("his company", False, "kelder"),
        ("the company", True, "kelder"),
        ("no one", True, None),
        ("prices", True, None),
    ],
)
def test_subject_means_a_party(words: str, own: bool, expected: str | None) -> None:
    assert PARTIES.of_doer(words, "kelder", own=own) == expected


def test_company_is_the_party_whose_name_does_not_say_what_it_is() -> None:
    assert PARTIES.of_doer("the company", "union", own=False) == "kelder"


def test_addressee_stands_between_cue_and_quote() -> None:
    one = dt.Statement("s1", cue="urged", quote="to open its books")
    assert addressee(one, "On Monday she urged the company ") == "the company"
    assert addressee(one, "On Monday she left. ") == ""
