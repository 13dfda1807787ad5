"""For whom a speaker speaks when no words say it: ministers, who signs a letter, and the only company or union."""

from __future__ import annotations

import pytest

from detente.model.statements import Dossier
from detente.reading.documents import parse_document
from detente.reading.drafting.parties import Parties, parties_of
from detente.reading.reader import read


def parties_in(*texts: str) -> tuple[Dossier, Parties]:
    """The statements of documents with these texts, and their parties."""
    documents = [parse_document(text.encode(), f"d{number}.txt") for number, text in enumerate(texts)]
    dossier = read(documents)
    sources = zip(dossier.sources, documents, strict=True)
    return dossier, parties_of(dossier, (), {source.id: document.text for source, document in sources})


def of_speaker(speaker: str, *texts: str) -> str | None:
    """The party of a speaker in documents with these texts."""
    _, parties = parties_in(*texts)
    found = parties.of_speaker(speaker)
    return parties.name(found) if found else None


def party_of(person: str, *texts: str) -> str | None:
    """The party for which the speaker with a surname speaks."""
    dossier, parties = parties_in(*texts)
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
    _, parties = parties_in(text, RIVAL)
    [marland] = [one for one in parties.parties if one.name == "Marland"]
    assert "Joss Hadley is taken to speak for Marland, because of ‘his country would never pay’" in marland.reasons


LETTER = """{head}

To the Foundry Workers' Union

Dear Ms Lund,

We will not withdraw the rota. If the union strikes, we will bring in contractors.

Yours sincerely,

{signed}
"""
MAIL = """From: Petra Lund <petra.lund@{at}.example>
To: members@{at}.example
Date: Mon, 4 Mar 2024 09:12:00 +0000
Subject: Where we stand

Dear colleagues,

{text} We are ready to meet at any hour.

In solidarity,

{signed}
"""
REPORT = "The Foundry Workers' Union refused to meet. Brask Steel refused to pay. The Dockers' Union refused to unload."
HEAD, SIGNED = "Brask Steel Ltd\nWorks Road 1, Vinterby\n\n7 March 2024", "Harold Vance\nManaging Director"
STRIKE = "The Foundry Workers' Union will call a strike on 18 March."


@pytest.mark.parametrize(
    ("person", "text", "party"),
    [
        ("harold-vance", LETTER.format(head=HEAD, signed=SIGNED), "Brask Steel"),
        ("harold-vance", LETTER.format(head="7 March 2024", signed=f"{SIGNED}, Brask Steel Ltd"), "Brask Steel"),
        ("harold-vance", LETTER.format(head="7 March 2024", signed=f"{SIGNED}\nBrask Steel Ltd"), "Brask Steel"),
        (
            "petra-lund",
            MAIL.format(at="mail", text=STRIKE, signed="Petra Lund\nGeneral Secretary"),
            "Foundry Workers' Union",
        ),
        ("petra-lund", MAIL.format(at="foundryunion", text=STRIKE, signed="Petra"), "Foundry Workers' Union"),
    ],
)
def test_who_signs_speaks_for_the_body_of_the_letter(person: str, text: str, party: str) -> None:
    assert of_speaker(person, text, REPORT) == party


@pytest.mark.parametrize(
    ("person", "text"),
    [
        # No body at the head, or only the one to which the letter goes.
        ("harold-vance", LETTER.format(head="7 March 2024", signed=SIGNED)),
        ("harold-vance", LETTER.format(head="Works Road 1\n\n7 March 2024", signed=SIGNED)),
        # Nothing says that a writer without an office is of the body.
        ("harold-vance", LETTER.format(head=HEAD, signed="Harold Vance")),
        ("petra-lund", MAIL.format(at="mail", text=STRIKE, signed="Petra Lund")),
        # Two bodies, another body that helps, and one that the mail addresses.
        (
            "petra-lund",
            MAIL.format(
                at="mail",
                text=f"{STRIKE} The Dockers' Union will not unload the ships.",
                signed="Petra Lund\nGeneral Secretary",
            ),
        ),
        (
            "petra-lund",
            MAIL.format(at="mail", text="The Dockers' Union will help us.", signed="Petra Lund\nGeneral Secretary"),
        ),
    ],
)
def test_who_signs_speaks_for_nobody_in_doubt(person: str, text: str) -> None:
    assert of_speaker(person, text, REPORT) not in ("Brask Steel", "Foundry Workers' Union", "Dockers' Union")


UNION = "Transport Workers Local 18 wants a raise. The union refused the offer."
COMPANY = "The company has offered 2 percent. Halden Transit spokesman Carl Winge said the company would pay."


@pytest.mark.parametrize(
    ("speaker", "text", "party"),
    [
        ("company", f"{COMPANY} {UNION}", "Halden Transit"),
        ("union", f"{COMPANY} {UNION}", "Transport Workers Local 18"),
        (
            "drivers-at-halden-transit",
            "Drivers at Halden Transit will vote next week on whether to walk out, their union said on Friday. "
            f"{COMPANY} {UNION}",
            "Transport Workers Local 18",
        ),
        ("company", f"{COMPANY} {UNION} Orbis Ltd offered to buy Halden Transit.", None),
        ("union", f"{COMPANY} {UNION} The Dockers' Union refused to unload.", None),
        ("union", f"{COMPANY} {UNION} Ships wait because of the Dockers' Union.", None),
        (
            "army",
            "Marland's government offered a truce. The army refused to leave. The rebels refused to talk.",
            "Marland",
        ),
        (
            "army",
            "Marland's government offered a truce. Kestria's government refused to talk. The army refused to leave.",
            None,
        ),
    ],
)
def test_company_and_union_are_the_only_ones_named(speaker: str, text: str, party: str | None) -> None:
    found = of_speaker(speaker, text)
    assert found == party if party else found in (None, speaker.title())


BOARD = "The board of Corvane plc has rejected the offer from Aldwin Group plc. Aldwin Group refused to raise it."
ADVICE = '"The offer is too low," said {who}. "The board will not recommend it, and we advise shareholders to wait."'


@pytest.mark.parametrize(
    ("person", "text", "party"),
    [
        ("ruth-adeyemi", f"{BOARD}\n\n{ADVICE.format(who='chair Ruth Adeyemi')}", "Corvane"),
        ("ruth-adeyemi", f"{BOARD}\n\n{ADVICE.format(who='the chairwoman, Ruth Adeyemi')}", "Corvane"),
        # Another board is named, or the speaker is of another body.
        ("ruth-adeyemi", f"{BOARD} The board of Aldwin met.\n\n{ADVICE.format(who='chair Ruth Adeyemi')}", None),
        ("ruth-adeyemi", f"{BOARD}\n\n{ADVICE.format(who='analyst Ruth Adeyemi')}", None),
        ("ruth-adeyemi", f"{BOARD}\n\n{ADVICE.format(who='chair of Aldwin Ruth Adeyemi')}", None),
    ],
)
def test_chair_speaks_for_the_only_board(person: str, text: str, party: str | None) -> None:
    found = of_speaker(person, text, REPORT) or ""
    assert found.removesuffix(" plc") == party if party else "Corvane" not in found
