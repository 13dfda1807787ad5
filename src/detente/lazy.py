"""What keeps the start of a command short: modules, patterns and data classes that are made ready when they are used.

Some modules are heavy (NumPy, pandas), and some are needed by only one question out of many. A module that needs one
of them declares it at its top, like any other import; it is loaded on first use::

    if TYPE_CHECKING:
        import numpy as np
    else:
        np = lazy("numpy")

Type checkers see the plain import. The import system holds a lock while it loads a module, so several threads may use
the module for the first time at once.

A pattern that few commands match is declared in the same way, ``_QUOTED = lazy_pattern("‘.*’")``, and compiled when a
method of it is first asked for.

`dataclass` is that of the standard library, in a quarter of the time: a small command makes eighty data classes, and
spent a quarter of its time on compiling six functions for each. Comparing, hashing, showing and refusing changes need
no code of their own, and ``__init__`` is compiled when the first object is made, which most of the classes never see.
Modules that many commands load take it from here.
"""

from __future__ import annotations

import re
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    from collections.abc import Callable, Iterable
    from dataclasses import FrozenInstanceError, fields, is_dataclass
    from dataclasses import dataclass as compiled_dataclass
    from operator import attrgetter
    from reprlib import recursive_repr

    def dataclass(cls: type | None = None, /, *, frozen: bool = False, eq: bool = True) -> Any:
        """Make a data class like `dataclasses.dataclass`, without compiling what all can share."""
        if cls is None:
            return lambda one: dataclass(one, frozen=frozen, eq=eq)
        own = dict(vars(cls))
        # Python refuses to freeze only one of two data classes of which one inherits from the other.
        inherits = any(map(is_dataclass, cls.__bases__))
        made = compiled_dataclass(cls, init=False, repr=False, eq=False, frozen=frozen and inherits)
        made.__dataclass_params__.frozen = frozen
        parts = fields(made)
        if "__init__" not in own:
            made.__init__ = LateInit(made, frozen)
        if "__repr__" not in own:
            made.__repr__ = _show
        if frozen and not inherits:
            _refuse_changes(made, {one.name for one in parts})
        if not eq:
            return made
        compared = _values(one.name for one in parts if one.compare)
        hashed = _values(one.name for one in parts if (one.compare if one.hash is None else one.hash))

        def equal(self: Any, other: object) -> bool:
            return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

        if "__eq__" not in own:
            made.__eq__ = equal
        if own.get("__hash__") is None:
            # What compares and can be changed has no hash.
            made.__hash__ = (lambda self: hash(hashed(self))) if frozen else None
        return made

    class LateInit:
        """Stands for the ``__init__`` of a data class until it is first looked up, which is when it is compiled."""

        def __init__(self, made: type, frozen: bool) -> None:
            self.made, self.frozen = made, frozen

        def __get__(self, one: object, kind: type) -> Any:
            """Have the standard library compile the ``__init__`` of a class with the same fields, and take it over."""
            kept = ("__module__", "__qualname__", "__doc__", "__post_init__")
            body = {name: getattr(self.made, name) for name in kept if hasattr(self.made, name)}
            body["__annotations__"] = {field.name: field.type for field in fields(self.made)}
            twin = type(self.made.__name__, (), body | {field.name: field for field in fields(self.made)})
            init = compiled_dataclass(twin, repr=False, eq=False, frozen=self.frozen).__init__
            self.made.__init__ = init
            return init.__get__(one, kind)

    @recursive_repr()
    def _show(self: Any) -> str:
        shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def _refuse_changes(made: type, names: set[str]) -> None:
        def set_one(self: Any, name: str, value: Any) -> None:
            if type(self) is made or name in names:
                raise FrozenInstanceError(f"cannot assign to field {name!r}")
            super(made, self).__setattr__(name, value)

        def delete_one(self: Any, name: str) -> None:
            if type(self) is made or name in names:
                raise FrozenInstanceError(f"cannot delete field {name!r}")
            super(made, self).__delattr__(name)

        made.__setattr__, made.__delattr__ = set_one, delete_one

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


class LazyPattern:
    """A regular expression that has not been compiled yet; looking up a method compiles it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text), name)
        # Kept, so that only the first use comes by here.
        setattr(self, name, found)
        return found


def lazy_pattern(text: str) -> re.Pattern[str]:
    """Return a regular expression that is compiled when one of its methods is first looked up.

    >>> lazy_pattern("[0-9]+").findall("2 of 10")
    ['2', '10']
    """
    return cast("re.Pattern[str]", LazyPattern(text))


__all__ = ["LazyModule", "LazyPattern", "dataclass", "lazy", "lazy_pattern"]
