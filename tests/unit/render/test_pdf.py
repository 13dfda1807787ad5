"""A PDF whose characters have no font says which."""

from __future__ import annotations

from detente.present.blocks import Paragraph, ReportDocument
from detente.render.pdf import pdf_warnings


def warnings(text: str) -> list[str]:
    return pdf_warnings(ReportDocument("T", "", "", first=(Paragraph(text),), rest=()))


def test_characters_without_a_font_are_named() -> None:
    # No font has letters at these places: they are reserved for scripts that nobody has encoded yet.
    (warning,) = warnings("before \U000106f0\u0870 after")
    assert warning.startswith("no font on this machine has these characters")
    assert "\U000106f0" in warning


def test_letters_of_the_fonts_that_come_along_need_no_warning() -> None:
    assert warnings("Спор о воде – naïve “quotes” ≈ ✓ co\u200coperate") == []
