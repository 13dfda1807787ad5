"""Which actions are one option, and what words point at."""

from __future__ import annotations

import pytest

from detente.model.statements import Statement
from detente.reading.drafting.actions import Action
from detente.reading.drafting.clusters import Cluster, alike, clustered, name_of, pointed_at, short_name
from detente.reading.drafting.readings import DEMAND, Reading


def action(words: str) -> Action:
    verb, _, rest = words.partition(" ")
    return Action("", verb, rest)


def reading(words: str, owner: str = "b", place: int = 0) -> Reading:
    return Reading(Statement(f"s{place}"), place, "a", owner, action(words), True, DEMAND)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("sign the treaty", "sign a binding treaty", 1),
        ("sign", "sign a binding treaty", 1),
        ("release the prisoners", "free all prisoners", 1),
        ("let inspectors visit the site", "allow inspectors", 1),
        ("leave the council", "go to the council", -1),
        ("lift the blockade", "keep the blockade", -1),
        ("stop the drilling", "drill for gas", -1),
        ("stop the shelling of the port", "shell the port", -1),
        ("resume the shelling of the airport", "shell the city of Darsa", 0),
        ("resume the shelling of Darsa", "shell the city of Darsa", 1),
        ("give guarantees", "guarantee the pensions", 1),
        ("open the gates", "open its books", 0),
        ("sign the treaty", "pay the fine", 0),
        ("trim the hedge", "cut the hedge", 0),
    ],
)
def test_actions_are_the_same_opposite_or_neither(one: str, other: str, expected: int) -> None:
    assert alike(action(one), action(other)) == expected
    assert alike(action(other), action(one)) == expected


def test_readings_of_two_parties_are_never_one_option() -> None:
    found = clustered(
        [reading("sign the treaty", "a"), reading("sign the treaty", "b"), reading("sign the pact", "b", 1)]
    )
    assert [(one.owner, len(one.readings)) for one in found] == [("a", 1), ("b", 1), ("b", 1)]


def test_words_that_fit_two_parties_equally_point_at_neither() -> None:
    found = clustered([reading("sign the treaty", "a"), reading("sign the treaty", "b")])
    assert pointed_at("signing the treaty", found, sure=True) is None
    hit = pointed_at("signing the treaty", found[:1], sure=True)
    assert hit is not None
    assert hit[0] is found[0]
    assert pointed_at("the weather", found) is None


def test_option_has_the_shortest_clear_name() -> None:
    [found] = clustered(
        [reading("sign a binding treaty on water"), reading("sign it", place=1), reading("sign a treaty", place=2)]
    )
    assert name_of(found) == "Sign a treaty"
    assert short_name("Withdraw its troops from the valley") == "withdraw troops valley"


@pytest.mark.parametrize(
    ("ways", "name"),
    [
        # A headline leaves articles out.
        (["lift tanker ban", "lift its ban on tankers"], "Lift its ban on tankers"),
        (["reopen strait", "reopen the strait to ships"], "Reopen the strait to ships"),
        (["accept inspectors", "accept the inspectors from abroad"], "Accept inspectors"),
        (["pay 620 pence", "pay the 620 pence for a share"], "Pay 620 pence"),
        (["lay down our weapons"], "Lay down its weapons"),
        (["sell my shares"], "Sell the shares"),
        (["close Hull", "close Hull at the end of June"], "Close Hull"),
    ],
)
def test_option_is_not_named_in_the_words_of_a_headline(ways: list[str], name: str) -> None:
    cluster = Cluster("i", [reading(words, place=place) for place, words in enumerate(ways)], [1] * len(ways))
    assert name_of(cluster) == name


@pytest.mark.parametrize(
    ("words", "owners", "expected"),
    [
        (["lift the tanker ban", "lift tanker ban", "drop the ban"], "bbb", 1),
        (["lift its siege of the valley", "end its siege"], "bb", 1),
        (["scrap the tariffs on steel", "remove the steel tariffs"], "bb", 1),
        (["drop the ban", "lift the tanker ban"], "bb", 1),
        # Another party's ban, another ban, two bans that 'the ban' can mean, and things that are no measure.
        (["lift the tanker ban", "drop the ban"], "bc", 2),
        (["lift the tanker ban", "drop the travel ban"], "bb", 2),
        (["lift the tanker ban", "lift the travel ban", "drop the ban"], "bbb", 3),
        (["drop the ban", "lift the tanker ban", "scrap the travel ban"], "bbb", 2),
        (["lift the stone", "drop the stone"], "bb", 2),
        (["lift the ban", "drop the blockade"], "bb", 2),
        (["impose the ban", "break the ban"], "bb", 2),
    ],
)
def test_verbs_that_end_one_measure_are_one_option(words: list[str], owners: str, expected: int) -> None:
    found = clustered(reading(one, owner, place) for place, (one, owner) in enumerate(zip(words, owners, strict=True)))
    assert len(found) == expected
    assert sum(len(one.readings) for one in found) == len(words)
    assert all(one.signs == [1] * len(one.readings) for one in found)
