"""Who is who in several documents: one actor with many names, and for whom an actor speaks."""

from __future__ import annotations

import pytest

from detente.model.statements import Actor, Dossier
from detente.reading.documents import Document
from detente.reading.reader import read


def reading(*texts: str) -> Dossier:
    """The dossier of documents with these texts."""
    documents = [Document(f"d{number}.txt", text, str(number)) for number, text in enumerate(texts)]
    return read(documents)


def actors(*texts: str) -> dict[str, Actor]:
    return {one.id: one for one in reading(*texts).actors}


def speakers(*texts: str) -> list[str | None]:
    return [one.speaker for one in reading(*texts).statements]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Max Orr said that the dam is safe.", "Orr said that the gates were shut."),
        ("Max Orr said that the dam is safe.", "Mr Orr said that the gates were shut."),
        ("Orr said that the dam is safe.", "Max Orr said that the gates were shut."),
        ("Max Orr said that the dam is safe.", "Max J. Orr said that the gates were shut."),
        ("Ana García Márquez said that the dam is safe.", "García Márquez said that the gates were shut."),
        ("Max Orr said that the dam is safe.", "Orr's statement said that the gates were shut."),
        ("The Lake Rivers Commission (LRC) said that it would come.", "The LRC said that it had come."),
        ("The LRC said that it would come.", "The Lake Rivers Commission (LRC) said that it had come."),
        ("Heron Lake plc said that it was ready.", "Heron Lake plc said that it had begun."),
        ("Tangwe's foreign minister, Ann Lee, said that talks failed.", "Lee said that talks would go on."),
        ("Foreign Minister Ann Lee of Tangwe said that talks failed.", "Ann Lee said that talks would go on."),
        ("President Ann Lee of the Tangwe Union said that talks failed.", "Lee said that talks would go on."),
        ("The envoys met President Ann Lee of Egypt. Egypt said that talks failed.", "Lee said that she would go."),
        ("Foreign Minister Ann Lee of Egypt said that talks failed.", "Egypt said that talks would go on."),
        ("Professor Ann Lee of Tarrin University said that talks failed.", "Lee said that talks would go on."),
        ("Aldwin Group plc said that it was ready.", "Aldwin Group said that it had begun."),
        ("Heron Lake said that it was ready. Heron Lake Ltd said so again.", "Heron Lake said that it had begun."),
        ("Anna Berg of Norland said that talks failed.", "Anna Berg said that talks would go on."),
        ("Jo Weller of the Friends of the Lane said no. She left.", "Jo Weller said that it was late."),
        ("Jo Weller, a teacher, said that it was late.", "Jo Weller of the Friends of the Lane said no."),
        ("President of Sudmark Lena Voss said that talks failed.", "Voss said that talks would go on."),
        ("The minister of finance, Lena Voss, said that it was late.", "Minister of Finance Lena Voss said so."),
        ("Pat Dunne said that it was late.", "Cllr Dunne said that he would stay."),
        ("Margaret Ashby, a lawyer, said that it was late.", "Cllr M. Ashby said that she would stay."),
        ("Present: Cllr M. Ashby (Chair), Ms L. Hart.\n\nThe Chair said it was late.", "Margaret Ashby said so."),
        ("Present: Ms L. Hart (Director of Education).\n\nThe Director said it was late.", "Ms Hart said so."),
        ("Her daughter Mia Blom said that she would sell.", "Mia said that she had sold."),
        ("Gerda Blom, the founder, said that she would stay.", "Gerda agreed to leave."),
        ("Mia said she would sell. Her mother knows Mia Blom well.", "Mia Blom said that it was late."),
        ("Information Minister Leila Osman said that talks failed.", "Osman said that talks would go on."),
    ],
)
def test_two_names_of_one_actor_have_one_identifier(first: str, second: str) -> None:
    one, *others = speakers(first, second)
    assert one is not None
    assert {one} == set(others)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Max Orr said that the dam is safe.", "Jane Orr said that the gates were shut."),
        ("A resident said that shots were fired.", "A resident said that nobody slept."),
        ("The Supreme Court said that it would hear it.", "The Supreme Court said that it had heard it."),
        ("We were afraid, said the minister.", "The minister said that all was well."),
        (
            "The LRC (Lake Rivers Commission) said that it would come.",
            "The Land Reform Court (LRC) said that it sat.",
        ),
        ("Max Lee said that talks failed.", "Robert Lee came late. Lee said that it was cold."),
        ("Ukrainian Defence Minister Oleh Lee said that talks failed.", "Robert Lee said it was cold. Lee said so."),
        # A first name of two, a first name that is a surname, and the name of a company.
        ("Her daughter Mia Blom said that she would sell.", "Mia said no. Mia Olsen left."),
        ("His son Kelder Blom said that he would sell.", "Kelder said that he would stay. Max Kelder was ill."),
        ("Kelder Steel said that it would sell.", "Kelder said that he would stay."),
        ("Heron Lake of Tangwe said that it was late.", "Heron Lake Mining said that it had left."),
        ("The Bank of Norland said that talks failed.", "Norland said that talks would go on."),
        ("Cllr M. Ashby said that it was late.", "Peter Ashby said that it was early."),
    ],
)
def test_two_who_may_differ_are_two(first: str, second: str) -> None:
    one, other, *_ = speakers(first, second)
    assert one is not None
    assert one != other


def test_who_may_be_one_is_proposed() -> None:
    found = reading("The Supreme Court said that it would hear it.", "The Supreme Court said that it had heard it.")
    [link] = found.links
    assert (link.kind, link.first, link.second, link.accepted) == ("same_as", "supreme-court-2", "supreme-court", None)


def test_a_surname_of_two_people_is_proposed_for_both() -> None:
    found = reading(
        "Max Orr said that the dam is safe.", "Jane Orr said that the gates were shut.", "Orr said that it rained."
    )
    assert {(link.first, link.second) for link in found.links} == {("orr", "max-orr"), ("orr", "jane-orr")}
    assert [one.speaker for one in found.statements] == ["max-orr", "jane-orr", "orr"]


def test_a_minister_introduced_in_one_document_speaks_for_the_country_in_another() -> None:
    found = reading(
        "Ukrainian Defence Minister Oleh Danko said that talks failed.", "Oleh Danko said that talks would go on."
    )
    assert [one.speaker for one in found.statements] == ["ukraine", "ukraine"]
    first, second = (one.speaker_confidence or 0 for one in found.statements)
    assert second < first


@pytest.mark.parametrize(
    ("text", "actor", "party"),
    [
        ("Tangwe's foreign minister, Ann Lee, said that talks failed.", "ann-lee", "tangwe"),
        ("Max Orr, a spokesman for Heron Lake, said that it was ready.", "max-orr", "heron-lake"),
        ("Malambia said no. Malambian President Joe Tembo said that it was final.", "joe-tembo", "malambia"),
        ("Malambia said no. The Malambian army said that it fired no shot.", "malambian-army", "malambia"),
        ("The Kesta Rivers Union (KRU) said no. KRU spokeswoman Ann Lee said so.", "ann-lee", "kesta-rivers-union"),
        ("Malambia said no. Malambia's opposition leader, Grace Banda, said it was wrong.", "grace-banda", None),
        ("Tangwe said no. Tangwe's former foreign minister, Ann Lee, said it was wrong.", "ann-lee", None),
        ("Malambia said no. A Malambian farmer, Joe Tembo, said it was wrong.", "joe-tembo", None),
    ],
)  # fmt: skip
def test_who_speaks_for_whom(text: str, actor: str, party: str | None) -> None:
    assert actors(text)[actor].speaks_for == party


def test_the_party_of_a_spokesman_is_never_another_speaker_of_a_party() -> None:
    found = actors(
        "Ann Lee, a spokeswoman for the Border Office of Tangwe, said no. Tangwe said no.",
        "Max Orr, a spokesman for Ann Lee, said that she was ill.",
    )
    parties = {one.speaks_for for one in found.values()} - {None}
    assert all(found[party].speaks_for is None for party in parties if party)


def test_two_documents_that_disagree_leave_the_party_open() -> None:
    found = actors(
        "Ann Lee, a spokeswoman for Heron Lake, said that it was ready.",
        "Ann Lee, a spokeswoman for Kite Mining, said that it had begun.",
    )
    assert found["ann-lee"].speaks_for is None


def test_names_that_documents_use_are_listed() -> None:
    found = actors("Dr Ann Lee, the mayor, said no. Lee said it was late.", "Ms Lee said that she would go.")
    assert set(found["ann-lee"].aliases) >= {"Lee", "Ms Lee"}
    assert "she" not in found["ann-lee"].aliases


def test_spokesman_for_who_holds_an_office_speaks_for_its_party() -> None:
    found = actors("A spokesman for President Ann Lee of Tangwe, Max Orr, said that talks failed. Ann Lee said no.")
    assert set(found) == {"max-orr", "ann-lee", "tangwe"}
    assert found["max-orr"].speaks_for == found["ann-lee"].speaks_for == "tangwe"
