"""Modules that are loaded when they are first used, and data classes that are quick to make."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys
from dataclasses import field
from typing import Any, cast

import pytest

from detente.lazy import LazyPattern, dataclass, lazy, lazy_pattern


def test_lazy_module_loads_at_first_attribute() -> None:
    code = (
        "import sys; from detente.lazy import lazy; module = lazy('colorsys'); "
        "assert 'colorsys' not in sys.modules; assert module.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0); "
        "assert 'colorsys' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_lazy_submodule_is_loaded_as_itself() -> None:
    assert lazy("os.path").join("a", "b") == "a/b"


def test_lazy_module_has_the_modules_names() -> None:
    assert "rgb_to_hsv" in dir(lazy("colorsys"))


def test_missing_lazy_module_is_named_at_use() -> None:
    module = lazy("no_such_module_anywhere")
    with pytest.raises(ModuleNotFoundError, match="no_such_module_anywhere"):
        module.anything  # noqa: B018


def test_missing_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        lazy("colorsys").nothing_like_it  # noqa: B018


def test_lazy_pattern_is_compiled_once_at_first_use() -> None:
    pattern = lazy_pattern("(a)(b)?")
    assert isinstance(pattern, LazyPattern)
    assert pattern.__dict__.keys() == {"_text"}
    assert pattern.sub("c", "ab a") == "c c"
    assert pattern.__dict__["sub"] is pattern.sub
    assert pattern.groups == 2


def both(**options: bool) -> list[type]:
    """The same class, made by each of the two decorators."""

    def made(decorate: Any) -> type:
        class Base:
            """A base."""

        @decorate(**options)
        class Point(Base):
            """A point."""

            x: int
            y: tuple[int, ...] = ()
            seen: int = field(default=0, compare=False)
            told: str = field(default="", repr=False, hash=False)
            kept: list[int] = field(default_factory=list, hash=False)

        return cast(type, Point)

    return [made(dataclasses.dataclass), made(dataclass)]


@pytest.mark.parametrize("options", [{}, {"frozen": True}, {"frozen": True, "eq": False}, {"eq": False}])
def test_data_class_is_that_of_the_standard_library(options: dict[str, bool]) -> None:
    given = [(1,), (1, (2,)), (1, (2,), 3), (1, (2,), 0, "a"), (2, (), 0, "", [4]), (1, (float("nan"),))]
    answers = []
    for kind in both(**options):
        one, other = ([kind(*each) for each in given] for _ in range(2))
        facts: list[Any] = [[repr(each).rpartition(".")[2] for each in one], kind.__dict__["__match_args__"]]
        facts += [[a == b for a in one for b in other], [a != b for a in one for b in other], one[0] == 1]
        facts += [kind.__hash__ is None, dataclasses.asdict(one[1]), [each.name for each in dataclasses.fields(kind)]]
        facts += [str(inspect.signature(kind)), dataclasses.replace(one[0], x=5).x]
        if kind.__hash__ and options.get("eq", True):
            facts += [
                [hash(a) == hash(b) for a in one[:5] for b in other[:5]],
                hash(one[0])
                == hash(
                    (
                        1,
                        (),
                    )
                ),
            ]
        try:
            one[0].x = 2
        except dataclasses.FrozenInstanceError as error:
            facts.append(str(error))
        answers.append(facts)
    assert answers[0] == answers[1]


def test_data_class_keeps_the_methods_that_it_defines() -> None:
    @dataclass(frozen=True)
    class Named:
        """Something with a name."""

        name: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Named) and self.name.lower() == other.name.lower()

        def __repr__(self) -> str:
            return self.name

    @dataclass(frozen=True)
    class Hashed:
        """Something that says its own hash."""

        name: str

        def __hash__(self) -> int:
            return 7

    assert Named("A") == Named("a")
    assert repr(Named("A")) == "A"
    assert hash(Named("A")) == hash(("A",))
    assert hash(Hashed("A")) == 7
    assert Hashed("A") == Hashed("A")


def test_data_classes_of_other_kinds_differ() -> None:
    one, other = both(frozen=True)
    assert one(1) != other(1)


def test_init_is_compiled_when_it_is_first_looked_up() -> None:
    @dataclass(frozen=True)
    class Counted:
        """Something that looks at what it is given."""

        number: int
        twice: int = field(init=False, repr=False)
        unit: str = field(default="km", kw_only=True)

        def __post_init__(self) -> None:
            object.__setattr__(self, "twice", 2 * self.number)

    assert type(Counted.__dict__["__init__"]).__name__ == "LateInit"
    with pytest.raises(TypeError, match=r"Counted\.__init__\(\) missing 1 required positional argument: 'number'"):
        Counted()  # type: ignore[call-arg]
    assert inspect.isfunction(Counted.__dict__["__init__"])
    assert (Counted(3).twice, Counted(3, unit="m").unit) == (6, "m")


@pytest.mark.parametrize("upper", [dataclasses.dataclass, dataclass])
@pytest.mark.parametrize("lower", [dataclasses.dataclass, dataclass])
def test_data_classes_inherit_from_each_other(upper: Any, lower: Any) -> None:
    @upper(frozen=True)
    class Base:
        """A base."""

        x: int = 1

    class Open(Base):
        """An heir that is no data class itself."""

    @lower(frozen=True)
    class Heir(Base):
        """An heir."""

        y: int = 2

    heir, other = Heir(5), Open(5)
    assert repr(heir).endswith("Heir(x=5, y=2)")
    for one, name in ((heir, "x"), (heir, "y"), (heir, "z"), (other, "x")):
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field"):
            setattr(one, name, 3)
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field"):
            delattr(one, name)
    other.z = 3  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="cannot inherit"):
        lower()(type("Free", (Base,), {}))


def test_data_class_shows_a_circle_once() -> None:
    @dataclass
    class Knot:
        """Something that holds itself."""

        held: list[Any]

    knot = Knot([])
    knot.held.append(knot)
    assert repr(knot).endswith("Knot(held=[...])")
