"""The tutorial notebook runs from the first cell to the last, and its pictures show themselves; no output is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[2] / "docs" / "tutorial" / "notebook.ipynb"


def read() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)


def test_notebook_stores_no_output() -> None:
    book = read()
    nbformat.validate(book)
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in book.cells)


def test_notebook_runs_and_shows_its_results() -> None:
    done = NotebookClient(read(), timeout=300, kernel_name="python3").execute()
    shown = [output.get("data", {}) for cell in done.cells for output in cell.get("outputs", [])]
    assert sum("image/svg+xml" in data for data in shown) == 1
    pages = [data["text/html"] for data in shown if "text/html" in data]
    assert "withdrawal for neutrality" in pages[0]
    assert any("<svg" in page for page in pages[:-1])
    assert "Is it stuck?" in pages[-1]
