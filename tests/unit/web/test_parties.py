"""The letters by which pages tell the players apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import dist
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from benchmarks.disputes import dispute
from detente.io.graphs import COLOURS, COLOURS_ON_DARK
from detente.web.parties import letters_of, parties
from tests.examples import examples

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("labels", "letters"),
    [
        (["Upstream country", "Downstream country"], ["U", "D"]),
        (["Driver A", "Driver B"], ["DA", "DB"]),
        (["Driver B", "Police", "Driver A"], ["DB", "P", "DA"]),
        (["Denmark", "Driver A", "Driver B"], ["De", "DA", "DB"]),
        (["Driver of A", "Driver of B"], ["DA", "DB"]),
        (["Driver Anna", "Driver Alex"], ["DAn", "DAl"]),
        (["USA", "UK", "ukraine"], ["US", "UK", "Ukr"]),
        (["Iran", "Iraq"], ["In", "Iq"]),
        (["Player 1", "Player 2", "Player 10", "Player 12"], ["P1", "P2", "P10", "P12"]),
        (["d0", "d1"], ["D0", "D1"]),
        (["same", "same", "Same"], ["S1", "S2", "S3"]),
        (["...", "—", "1"], ["2", "3", "1"]),
        (["ßa", "ßb"], ["ßa", "ßb"]),
        ([], []),
    ],
)
def test_party_letters_are_short_and_distinct(labels: list[str], letters: list[str]) -> None:
    assert letters_of(labels) == letters


NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.lists(st.sampled_from(("driver", "Driver", "of", "A", "b", "1", "ß", "ﬃ")), min_size=1, max_size=4).map(
        " ".join
    ),
)


@settings(max_examples=examples(200))
@given(st.lists(NAMES, max_size=120))
def test_party_letters_are_unique_and_at_most_three(labels: list[str]) -> None:
    letters = letters_of(labels)
    assert len({one.casefold() for one in letters}) == len(labels) == len(letters)
    assert all(1 <= len(one) <= 3 for one in letters)


@given(st.lists(NAMES, max_size=8, unique_by=str.casefold), st.randoms())
def test_order_of_parties_changes_numbered_letters_only(labels: list[str], chance: object) -> None:
    """Another order leaves all letters as they are that are not numbers."""
    order = list(range(len(labels)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    letters, otherwise = letters_of(labels), letters_of([labels[place] for place in order])
    for place, letter in zip(order, otherwise, strict=True):
        assert letters[place] == letter or letter[-1].isdigit()


def test_coalition_has_one_label() -> None:
    conflict = dt.example("river-sharing")
    both = conflict.replaced(coalitions=[[maker.id for maker in conflict.decision_makers]])
    assert [one["letter"] for one in parties(both)] == [parties(conflict)[0]["letter"]]


#: How the eye sees without its long, middle or short cones (Machado, Oliveira & Fernandes 2009), and with all of them.
EYES = (
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
)


def linear(colour: str) -> list[float]:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def times(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def oklab(rgb: Sequence[float]) -> list[float]:
    """A colour in a space in which distances are differences that are seen (Ottosson 2020)."""
    cones = times(((0.41222, 0.53633, 0.05145), (0.21190, 0.68070, 0.10740), (0.08830, 0.28172, 0.62998)), rgb)
    roots = [max(0.0, one) ** (1 / 3) for one in cones]
    return times(((0.21045, 0.79362, -0.00407), (1.97800, -2.42859, 0.45059), (0.02590, 0.78277, -0.80868)), roots)


def contrast(one: str, other: str) -> float:
    light, dark = sorted(
        (times(((0.2126, 0.7152, 0.0722),), linear(colour))[0] for colour in (one, other)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("colours", "surfaces", "letter"), [
    (COLOURS, ("#ffffff", "#f2f0ea", "#faf9f5"), "#ffffff"),
    (COLOURS_ON_DARK, ("#14181d", "#1b2127", "#11151a"), "#10151a"),
])  # fmt: skip
def test_twelve_colours_stay_apart_for_every_kind_of_eye(
    colours: Sequence[str], surfaces: Sequence[str], letter: str
) -> None:
    assert len(set(colours)) == 12
    for colour in colours:
        assert contrast(colour, letter) >= 4.5
        assert all(contrast(colour, surface) >= 3 for surface in surfaces)
    for eye in EYES:
        seen = [oklab([min(1.0, max(0.0, part)) for part in times(eye, linear(colour))]) for colour in colours]
        # The palette that this one replaced had 0.02.
        assert min(dist(one, other) for one, other in combinations(seen, 2)) > 0.05


def test_twelve_parties_differ_in_colour_dashes_and_letters() -> None:
    made = parties(dispute(12, 12, seed=1))
    for key in ("colour", "dash", "letter"):
        assert len({one[key] for one in made}) == 12


def test_style_sheets_have_the_colours_of_the_parties() -> None:
    web = (ROOT / "src/detente/web/frontend/src/app.css").read_text(encoding="utf-8")
    report = (ROOT / "src/detente/render/templates/report.css").read_text(encoding="utf-8")
    for place, (light, dark) in enumerate(zip(COLOURS, COLOURS_ON_DARK, strict=True)):
        assert f"--party-{place}: light-dark({light}, {dark});" in web
        assert f".graph .p{place} {{ stroke: {dark}; }}" in report
