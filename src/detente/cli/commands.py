"""The commands, put together: a module for each, which is loaded when its command is run or described."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from detente._version import __version__

#: Every command in the order in which the help lists them; ``whose-word`` is the function and module ``whose_word``.
COMMANDS = (
    "check",
    "states",
    "analyze",
    "explain",
    "evolve",
    "coalitions",
    "invert",
    "perceive",
    "whose-word",
    "robust",
    "compare",
    "read",
    "draft",
    "report",
    "import",
    "export",
    "examples",
    "serve",
)
SETTINGS: dict[str, Any] = {"pretty_exceptions_enable": False, "rich_markup_mode": "rich"}


class LazyCommands(Mapping[str, TyperCommand]):
    """The commands by name; looking one up loads its module."""

    def __getitem__(self, name: str) -> TyperCommand:
        if name not in COMMANDS:
            raise KeyError(name)
        # 'import' is a keyword, which no module and no function can be called.
        function = "import_" if name == "import" else name.replace("-", "_")
        alone = typer.Typer(add_completion=False, **SETTINGS)
        alone.command(name)(getattr(import_module(f"detente.cli.{function}"), function))
        command = typer.main.get_command(alone)
        assert isinstance(command, TyperCommand)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class LazyGroup(TyperGroup):
    """A group that has these commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # Typer asks for a mapping that can be added to; nothing is ever added to this one.
        self.commands = LazyCommands()  # type: ignore[assignment]


app = typer.Typer(
    cls=LazyGroup,
    name="detente",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Tell from what the parties to a dispute have said whether it is stuck, why, and which states hold.\n\n"
        "Start with: detente analyze example:ukraine-2023 — "
        "or copy a dispute of the catalogue: detente examples elmira > mine.conflict.yaml"
    ),
    **SETTINGS,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"detente {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Hold what all commands share."""
