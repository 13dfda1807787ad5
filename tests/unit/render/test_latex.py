"""The LaTeX source asks for the fonts of its scripts, and names the characters that an engine has no font for."""

from __future__ import annotations

import pytest

from detente.present.blocks import Paragraph, ReportDocument
from detente.render.latex import latex_text, latex_warnings


def document(text: str) -> ReportDocument:
    return ReportDocument("T", "", "", first=(Paragraph(text),), rest=())


@pytest.mark.parametrize(
    ("text", "set_in"),
    [
        ("Спор о воде, 2024", r"{\scriptCyrillic Спор о воде}, 2024"),
        ("die Ελλάδα sagt", r"die {\scriptGreek Ελλάδα} sagt"),
        ("क्\u200dषेत्र", "{\\scriptDevanagari क्\u200dषेत्र}"),
        ("آب می\u200cخواهد", "\\righttoleft{{\\scriptArabic آب می\u200cخواهد}}"),
        ("水をめぐる争い", r"{\scriptChinese 水をめぐる争い}"),
        ("plain words, ünd Łaski", "plain words, ünd Łaski"),
    ],
)
def test_run_of_a_script_is_set_in_its_font(text: str, set_in: str) -> None:
    assert f"\n{set_in}\n" in latex_text(document(text))


def test_source_asks_for_the_fonts_of_its_scripts_only() -> None:
    source = latex_text(document("Спор"))
    assert r"\IfFileExists{t2aenc.def}{\usepackage[T2A,T1]{fontenc}" in source
    assert r"\IfFontExistsTF{CMU Serif}{\newfontfamily\scriptCyrillic{CMU Serif}}" in source
    assert r"\typeout{No font for Cyrillic: install CMU Serif}" in source
    assert "scriptGreek" not in source
    assert "script" not in latex_text(document("plain words"))
    assert r"\textdir TRT" in latex_text(document("שלום"))


def test_joiners_have_no_width_in_pdflatex() -> None:
    source = latex_text(document("क्\u200dषे"))
    assert r"\DeclareUnicodeCharacter{200D}{}" in source
    assert r"\newcommand\scriptDevanagari{}" in source


def test_characters_without_a_font_are_named() -> None:
    (warning,) = latex_warnings(document("水 and Спор"))
    assert warning.startswith("pdfLaTeX has no font for 水; compile with XeLaTeX or LuaLaTeX")
    assert latex_warnings(document("Спор, Ελλάδα, naïve – “quotes”")) == []
    assert latex_warnings(document("ᚠᚢ")) == ["the LaTeX source asks for no font with ᚠ ᚢ"]
