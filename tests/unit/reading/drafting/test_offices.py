"""For which government a minister speaks when no words say it: from what the minister announces."""

from __future__ import annotations

import pytest

from detente.reading.documents import Document
from detente.reading.drafting.parties import parties_of
from detente.reading.reader import read


def party_of(person: str, *texts: str) -> str | None:
    """The party for which the speaker with a surname speaks, in documents with these texts."""
    documents = [Document(f"d{number}.txt", text, str(number)) for number, text in enumerate(texts)]
    dossier = read(documents)
    sources = zip(dossier.sources, documents, strict=True)
    parties = parties_of(dossier, (), {source.id: document.text for source, document in sources})
    [speaker] = {one.speaker for one in dossier.statements if person in (one.speaker_text or "")}
    found = parties.of_speaker(speaker)
    return parties.name(found) if found else None


RIVAL = "Kestria demanded that the ban be lifted. Kestria refused to reopen the strait."


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (
            "Hadley",
            "Marland's government rejected the condition. Prime Minister Joss Hadley said his country would never pay.",
        ),
        (
            "Osman",
            "The government of Marland dismissed the offer. Information Minister Leila Osman said the army would lift "
            "the siege only after the rebels had left.",
        ),
        (
            "Osman",
            "Marland's government would accept observers if the rebels left first, Information Minister Leila Osman "
            "said on Saturday.",
        ),
        (
            "Brandt",
            "The Marland government refused to reply. Its army will not leave the bridge. Foreign Minister Eva Brandt "
            "said that her government would not withdraw.",
        ),
        (
            "Lind",
            "Marland's cabinet turned down the plan. Energy Minister Bo Lind told reporters that the government would "
            "close the plant in May.",
        ),
        (
            "Torvik",
            "Marland will not lift the ban until the strait is open, Foreign Minister Elna Torvik said. "
            "Marland's government has asked for a meeting.",
        ),
    ],
)
def test_minister_speaks_for_the_government_that_he_announces(person: str, text: str) -> None:
    assert party_of(person, text, RIVAL) == "Marland"


@pytest.mark.parametrize(
    ("person", "text"),
    [
        # Of two governments, it may be either.
        (
            "Lind",
            "Marland's government met that of Kestria. Kestria's government left early. The talks failed, all said. "
            "Energy Minister Bo Lind said that the government would close the plant.",
        ),
        # Another country is at the beginning of the sentence before.
        (
            "Torvik",
            "Kestria denied the claim, and Marland's government replied. Kestria refused to pay. Foreign Minister Elna "
            "Torvik said her country would never pay.",
        ),
        # A forecast, a charge and a demand about a government are no announcements of it.
        (
            "Torvik",
            "Marland's government rejected the condition. Foreign Minister Elna Torvik accused Marland of breaking the "
            "treaty. Torvik said that the government would regret it.",
        ),
        (
            "Torvik",
            "Marland's government rejected the condition. Foreign Minister Elna Torvik urged Marland to pay.",
        ),
        # The country has a minister of that office.
        (
            "Torvik",
            "Marland's foreign minister, Ann Lee, refused to come. Marland's government would never pay, Foreign "
            "Minister Elna Torvik said.",
        ),
        # Others than ministers do not speak for a government.
        (
            "Reeve",
            "Marland's government rejected the condition. Opposition leader Dana Reeve said the government would fall.",
        ),
        (
            "Lund",
            "Marland's government rejected the pay claim. General Secretary Petra Lund said the government would "
            "give in.",
        ),
        (
            "Orr",
            "Marland's government rejected the condition. Former prime minister Max Orr said the government would pay.",
        ),
    ],
)
def test_minister_is_given_no_government_in_doubt(person: str, text: str) -> None:
    assert party_of(person, text, RIVAL) != "Marland"


def test_reason_for_a_minister_is_listed() -> None:
    text = "Marland's government rejected the condition. Prime Minister Joss Hadley said his country would never pay."
    documents = [Document("a.txt", text, "0"), Document("b.txt", RIVAL, "1")]
    dossier = read(documents)
    parties = parties_of(dossier, (), {one.id: doc.text for one, doc in zip(dossier.sources, documents, strict=True)})
    [marland] = [one for one in parties.parties if one.name == "Marland"]
    assert "Joss Hadley is taken to speak for Marland, because of ‘his country would never pay’" in marland.reasons
