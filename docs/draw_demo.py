"""Draw ``docs/images/demo.svg``: what a terminal shows of one real run.

python docs/draw_demo.py
"""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.unit.cli.terminal import shown_on_a_terminal

COMMAND = ("analyze", "example:ukraine-2023", "--concept", "nash", "--concept", "gmr", "--concept", "seq")
TARGET = Path(__file__).parent / "images" / "demo.svg"
COLUMNS = 112


def run(command: tuple[str, ...]) -> str:
    """Run a Detente command on a pseudo-terminal and return everything it shows."""
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    return shown_on_a_terminal(command, environment).decode().replace("\r\n", "\n")


def main() -> None:
    """Write the picture."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text(f"$ detente {' '.join(COMMAND)}", style="bold"))
    console.print(Text.from_ansi(run(COMMAND)))
    # Rich's frame asks a host for its fonts; a picture in a README should ask nobody for anything.
    frame = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace("Fira Code, ", "")
    TARGET.write_text(console.export_svg(title="detente", code_format=frame, unique_id="demo"), encoding="utf-8")


if __name__ == "__main__":
    main()
