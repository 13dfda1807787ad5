"""The commands, put together: a module for each, which is loaded when its command is run.

The list of commands is a table, and what is printed is plain text: a reader of the help waits for no library.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from detente._version import __version__

#: The commands as the help shows them, panel by panel, each with the first sentence of its docstring.
#: ``whose-word`` is the function and module ``whose_word``.
PANELS = {
    "Analyse": {
        "analyze": "Find the stable states and equilibria of a dispute.",
        "explain": "Explain why a state is or is not stable.",
        "states": "List the feasible states and how each party ranks them.",
        "concepts": "List the stability concepts, or explain one.",
    },
    "Test the answer": {
        "whose-word": "Find whose claims the equilibria depend on.",
        "robust": "Test how robust the equilibria are if preferences vary.",
        "perceive": "Analyse the dispute as each party perceives it (hypergame).",
    },
    "Change": {
        "evolve": "Find paths between outcomes and the concessions that they need.",
        "coalitions": "Find the outcomes from which parties would move away together.",
        "invert": "Find the smallest preference changes that make a state stable.",
        "compare": "Compare two versions of a dispute, or two days.",
        "timeline": "Find out whether, and since when, the dispute is stuck.",
    },
    "Documents": {
        "read": "Find who said what in documents, and write a dossier.",
        "link": "List a dossier's speakers; merge, split or link them.",
        "draft": "Draft a conflict file from documents, for you to correct.",
        "report": "Write a briefing: the answer on one page, then detail.",
    },
    "Files": {
        "check": "Check a conflict file; list its faults with their lines.",
        "import": "Turn another program's file into a conflict file or dossier.",
        "export": "Write a dispute, graph or table for other programs.",
        "examples": "List the catalogue, or print one dispute's conflict file.",
    },
    "App": {
        "serve": "Edit and analyse disputes in the browser.",
    },
}
COMMANDS = {name: summary for commands in PANELS.values() for name, summary in commands.items()}
SETTINGS: dict[str, Any] = {"pretty_exceptions_enable": False, "rich_markup_mode": None}


def module_of(name: str) -> str:
    """Return the module of a command; its function has the same name there.

    >>> module_of("whose-word"), module_of("import")
    ('detente.cli.whose_word', 'detente.cli.import_')
    """
    # 'import' is a keyword, which no module and no function can be called.
    return "detente.cli." + ("import_" if name == "import" else name.replace("-", "_"))


def help_of(function: Callable[..., None]) -> str:
    """Return the help of a command: its docstring, in which an example stays on one line, to be copied."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in (function.__doc__ or "").split("\n\n"))
    # Typer does not wrap a paragraph behind this mark.
    return "\n\n".join(f"\b\n{one}" if one.startswith("Example") else one for one in paragraphs)


@cache
def command_of(name: str, function: Callable[..., None]) -> TyperCommand:
    """Return the command that calls a function; to read its parameters takes long, so it is made once."""
    alone = typer.Typer(add_completion=False, **SETTINGS)
    alone.command(name, cls=Command, help=help_of(function))(function)
    command = typer.main.get_command(alone)
    assert isinstance(command, TyperCommand)
    return command


class LazyCommands(Mapping[str, TyperCommand]):
    """The commands by name; looking one up loads its module."""

    def __getitem__(self, name: str) -> TyperCommand:
        if name not in COMMANDS:
            raise KeyError(name)
        module = module_of(name)
        return command_of(name, getattr(import_module(module), module.rpartition(".")[2]))

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class ReadyValues:
    """Passes on the values of a parameter that are ready: texts and defaults, and its own words and paths.

    Typer has pydantic convert every value, which takes longer to load than most answers take to compute. It still
    converts what is left: numbers, files that cannot be read, and words that are not among those known.
    """

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the value in the type of the parameter."""
        kind, several = param.type_descriptor.annotation, param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if several and (kind == list[str] or not value):
            return list(value)
        if isinstance(kind, type) and not several:
            if type(value) is kind:
                return value
            if issubclass(kind, Enum) and value in kind._value2member_map_:
                return kind(value)
            # All that Typer looks at is whether a file that exists can be read; its message is Typer's.
            if issubclass(kind, Path) and (os.access(value, os.R_OK) or not os.path.exists(value)):  # noqa: PTH110
                return kind(value)
        param._runtime_param = None
        return param.get_runtime_param().coerce(value, param=param, ctx=ctx)


def with_ready_values(parameters: list[Any]) -> list[Any]:
    """Return the parameters; each passes on values that need no conversion."""
    for parameter in parameters:
        # Where Typer keeps the converter of a parameter; versions of Typer that keep none are not affected.
        parameter._runtime_param = ReadyValues()
    return parameters


class Command(TyperCommand):
    """A command that loads nothing to convert the values that are texts."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters of the command."""
        return with_ready_values(super().get_params(ctx))


class ListedCommand(TyperCommand):
    """A command as lists show it; its module is loaded when the command runs."""

    def __init__(self, name: str) -> None:
        panel = next(panel for panel, commands in PANELS.items() if name in commands)
        super().__init__(name, short_help=COMMANDS[name], rich_help_panel=panel)

    @property
    def help(self) -> str | None:
        """The help of the command; asking for it loads its module."""
        return LazyCommands()[str(self.name)].help

    @help.setter
    def help(self, text: str | None) -> None:
        """Accept what Typer sets."""

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters of the command."""
        return LazyCommands()[str(self.name)].get_params(ctx)

    def make_context(self, *given: Any, **more: Any) -> Any:
        """Return a context in which the command itself is run."""
        return LazyCommands()[str(self.name)].make_context(*given, **more)


class LazyGroup(TyperGroup):
    """A group that has these commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # Typer asks for a mapping that can be added to; nothing is ever added to this one.
        self.commands = LazyCommands()  # type: ignore[assignment]

    def get_params(self, ctx: Any) -> Any:
        """Return the parameters that all commands share."""
        return with_ready_values(super().get_params(ctx))

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:
        """Return a command, or None if the name is unknown."""
        return ListedCommand(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, panel by panel."""
        longest = max(map(len, COMMANDS))
        for panel, commands in PANELS.items():
            with formatter.section(panel):
                formatter.write_dl([(name.ljust(longest), summary) for name, summary in commands.items()])


app = typer.Typer(
    cls=LazyGroup,
    name="detente",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Find out whether a dispute is stuck, why, and which outcomes would be stable, based on what the parties have "
        "said.\n\n"
        "Start with: detente analyze example:ukraine-2023. "
        "Or copy a dispute from the catalogue: detente examples elmira > mine.conflict.yaml"
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
    """Define the options that all commands share."""
