"""Draw ``docs/images/report-*.png``: two pages of the report of a real dispute.

python docs/draw_report.py
"""

from __future__ import annotations

from pathlib import Path

from detente import example
from detente.render.pdf import page_pictures
from detente.report.briefing import report

IMAGES = Path(__file__).parent / "images"
#: Which pages, counted from 0, under which name.
PAGES = {"answer": 0, "states": 3}


def main() -> None:
    """Write the pictures."""
    pages = page_pictures(report(example("ukraine-2023")).document)
    for name, number in PAGES.items():
        (IMAGES / f"report-{name}.png").write_bytes(pages[number])


if __name__ == "__main__":
    main()
