"""What keeps the start of a command short: modules that are loaded when they are first used, and lighter data classes.

Some modules are heavy (NumPy, pandas), and some are needed by only one question out of many. A module that needs one
of them declares it at its top, like any other import; it is loaded on first use::

    if TYPE_CHECKING:
        import numpy as np
    else:
        np = lazy("numpy")

Type checkers see the plain import. The import system holds a lock while it loads a module, so several threads may use
the module for the first time at once.

`dataclass` is that of the standard library, in two thirds of the time: a small command makes eighty data classes, and
spent a quarter of its time on compiling six functions for each. Comparing, hashing and showing need no code of their
own. Modules that many commands load take it from here.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from collections.abc import Callable, Iterable
    from dataclasses import dataclass as compiled_dataclass
    from dataclasses import fields
    from operator import attrgetter
    from reprlib import recursive_repr

    def dataclass(cls: type | None = None, /, *, frozen: bool = False, eq: bool = True) -> Any:
        """Make a data class like `dataclasses.dataclass`, without compiling what all can share."""
        if cls is None:
            return lambda one: dataclass(one, frozen=frozen, eq=eq)
        own = dict(vars(cls))
        made = compiled_dataclass(cls, repr=False, eq=False, frozen=frozen)
        shown = [one.name for one in fields(made) if one.repr]

        @recursive_repr()
        def show(self: Any) -> str:
            return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

        if "__repr__" not in own:
            made.__repr__ = show
        if not eq:
            return made
        compared = _values(one.name for one in fields(made) if one.compare)
        hashed = _values(one.name for one in fields(made) if (one.compare if one.hash is None else one.hash))

        def equal(self: Any, other: object) -> bool:
            return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

        if "__eq__" not in own:
            made.__eq__ = equal
        if own.get("__hash__") is None:
            # What compares and can be changed has no hash.
            made.__hash__ = (lambda self: hash(hashed(self))) if frozen else None
        return made

    def _values(names: Iterable[str]) -> Callable[[Any], tuple[Any, ...]]:
        """Return a function that gives some attributes as a tuple."""
        several = tuple(names)
        value = attrgetter(*several) if several else None
        return value if len(several) > 1 else lambda one: (value(one),) if value else ()


class LazyModule(ModuleType):
    """A module that has not been loaded yet; looking up an attribute loads it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)

    def __dir__(self) -> list[str]:
        return dir(import_module(self.__name__))


def lazy(name: str) -> Any:
    """Return a module that is loaded when one of its attributes is first looked up.

    Parameters
    ----------
    name
        The full name, such as ``detente.analysis.evolution``.
    """
    return LazyModule(name)


__all__ = ["LazyModule", "dataclass", "lazy"]
