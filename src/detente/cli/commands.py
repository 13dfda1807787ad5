"""The commands, put together: a module for each, which is loaded when its command is run or described."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import get_data
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from detente._version import __version__

#: The commands as the help shows them, panel by panel; ``whose-word`` is the function and module ``whose_word``.
PANELS = {
    "Analyse": ("analyze", "explain", "states", "concepts"),
    "Test the answer": ("whose-word", "robust", "perceive"),
    "Change": ("evolve", "coalitions", "invert", "compare", "timeline"),
    "Documents": ("read", "link", "draft", "report"),
    "Files": ("check", "import", "export", "examples"),
    "App": ("serve",),
}
COMMANDS = tuple(name for names in PANELS.values() for name in names)
SETTINGS: dict[str, Any] = {"pretty_exceptions_enable": False, "rich_markup_mode": "rich"}


def module_of(name: str) -> str:
    """Return the module of a command; its function has the same name there.

    >>> module_of("whose-word"), module_of("import")
    ('detente.cli.whose_word', 'detente.cli.import_')
    """
    # 'import' is a keyword, which no module and no function can be called.
    return "detente.cli." + ("import_" if name == "import" else name.replace("-", "_"))


class LazyCommands(Mapping[str, TyperCommand]):
    """The commands by name; looking one up loads its module."""

    def __getitem__(self, name: str) -> TyperCommand:
        if name not in COMMANDS:
            raise KeyError(name)
        module = module_of(name)
        alone = typer.Typer(add_completion=False, **SETTINGS)
        alone.command(name, help=docstring_of(name))(getattr(import_module(module), module.rpartition(".")[2]))
        command = typer.main.get_command(alone)
        assert isinstance(command, TyperCommand)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


def docstring_of(name: str) -> str | None:
    """Return the help of a command from its source, because loading every command takes long.

    Each paragraph is one line: a terminal wraps it to its own width.
    """
    function = module_of(name).rpartition(".")[2]
    tree = ast.parse(get_data("detente.cli", f"{function}.py") or b"")
    found = {node.name: ast.get_docstring(node) for node in tree.body if isinstance(node, ast.FunctionDef)}
    paragraphs = (found.get(function) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs) or None


class ListedCommand(TyperCommand):
    """A command as lists show it: its help is read from the source, and its module is loaded when the command runs."""

    def __init__(self, name: str) -> None:
        panel = next(panel for panel, names in PANELS.items() if name in names)
        super().__init__(name, help=docstring_of(name), rich_help_panel=panel)

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

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:
        """Return a command, or None if the name is unknown."""
        return ListedCommand(cmd_name) if cmd_name in COMMANDS else None


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
