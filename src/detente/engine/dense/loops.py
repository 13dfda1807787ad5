"""The compiled loops: machine code that is made once, in the background, and loaded without Numba.

Theory of operation. Numba compiles a loop for the types of its arguments. All loops for all types take about half a
minute, too long for a command to wait for. So the first command that could use them starts a process that compiles them
all, those for ranks of one byte first, and that goes on after the command has ended. It keeps the machine code in one
file for each type of rank. Loading Numba would take longer than the sweeps over a million states. llvmlite, the library
beneath it, loads the machine code in a tenth of that time.

The code is called as Numba calls it: with a place for the result, a place for an error, and the arguments, of which an
array is the numbers that describe it. Before code is kept, it is checked that its arguments are of these types, and
that it calls nothing that would have to be there when it is loaded; so the arrays that it works in are made here. Where
no code is kept, because no folder can be written, no other process can compile, or a later Numba compiles otherwise,
Numba compiles in this process, and keeps what it can.

The names of the files depend on all that the loops depend on: the source, Numba, Python and the processor. A further
file is there while a process compiles, which renews its date after each loop; if the date is old, the process has ended
early.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from logging import getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.engine.progress import TICK, checkpoint
from detente.lazy import lazy

if TYPE_CHECKING:
    import llvmlite.binding as llvm
    import numba

    from detente.engine.dense import kernels
else:
    llvm = lazy("llvmlite.binding")
    numba = lazy("numba")
    kernels = lazy("detente.engine.dense.kernels")

#: The types of ranks: no dispute that memory can hold has more states than the last can count.
KINDS = [np.dtype(kind) for kind in (np.uint8, np.uint16, np.uint32)]
#: Seconds without a compiled loop after which a process no longer counts as compiling; one loop takes up to five.
SILENT_SECONDS = 120.0
#: The types of the arguments of compiled code, for ctypes and for LLVM, each by a letter.
LETTERS: dict[str, tuple[Any, str]] = {
    "P": (ctypes.c_void_p, "ptr"),
    "q": (ctypes.c_int64, "i64"),
    "I": (ctypes.c_uint32, "i32"),
    "H": (ctypes.c_uint16, "i16"),
    "B": (ctypes.c_uint8, "i8"),
}
#: How Numba compiles a function that only other compiled code calls.
ALONE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
#: What compiled code may call: functions of the C library.
CALLED = {"memset", "memcpy", "memmove"}
#: A sweep's share of the work arrays: their shapes are ``(1 << width, lanes)``.
_Arrays = tuple[NDArray[Any], ...]

#: Without a handler, logging writes warnings to standard error as they are.
_log = getLogger(__name__)
_loading = threading.Lock()
#: By the bytes of a rank the compiled functions, and what keeps them in memory.
_loaded: dict[int, tuple[dict[str, Callable[..., int]], object]] = {}


class Loop:
    """A loop of `detente.engine.dense.kernels` that is compiled when it is called.

    Parameters
    ----------
    name
        Its name there.
    ranked
        The position of an argument whose type is that of the ranks.
    work
        Makes the arrays that the loop works in, from its arguments.
    """

    def __init__(self, name: str, ranked: int, work: Callable[..., _Arrays]) -> None:
        self.name, self._ranked, self._work = name, ranked, work

    def __call__(self, *arguments: Any) -> bool | None:
        """Run the loop; return what it tells."""
        given = self.given(arguments)
        function = _functions(arguments[self._ranked].dtype.itemsize).get(self.key(arguments))
        if function is None:
            told: bool | None = getattr(kernels, self.name)(*given)
            return told
        result, error = ctypes.c_uint64(), ctypes.c_void_p()
        if function(ctypes.byref(result), ctypes.byref(error), *_flat(given)):
            raise RuntimeError(f"the compiled loop {self.name} has failed")
        return bool(result.value & 0xFF)

    def given(self, arguments: Sequence[Any]) -> tuple[Any, ...]:
        """Return what is passed to the loop: the arrays that it works in, and its arguments."""
        return self._work(*arguments), *arguments

    def key(self, arguments: Sequence[Any]) -> str:
        """Return the name by which the code for the types of the arguments is kept."""
        arrays = [one for one in arguments if isinstance(one, np.ndarray)]
        orders = ("" if one.flags.c_contiguous else "?" for one in arrays)
        return " ".join([self.name, *(one.dtype.str + order for one, order in zip(arrays, orders, strict=True))])


def _tiles(width: int, lanes: int, *like: NDArray[Any]) -> _Arrays:
    """Return a tile for each of some arrays, of its type."""
    return tuple(np.empty((1 << width, lanes), dtype=one.dtype) for one in like)


def _in_line(tiles: _Arrays) -> _Arrays:
    """Return tiles, with the cells of the first as one row after it."""
    return tiles[0], tiles[0].reshape(-1), *tiles[1:]


def _keys(width: int) -> _Arrays:
    """Return the arrays for sorting a fibre."""
    return np.empty(1 << width, dtype=np.int64), np.empty(1 << width, dtype=np.int64)


def _fresh(width: int) -> NDArray[Any]:
    return np.empty(1 << width, dtype=bool)


mark_stable = Loop(
    *("mark_stable", 1),
    lambda mask, worth, rank, first, width, kinds, lanes, *_: _in_line(_tiles(width, lanes, worth, rank, mask)),
)
best = Loop(*("best", 0), lambda result, rank, first, width, kinds, lanes, *_: _in_line(_tiles(width, lanes, rank)))
lower = Loop(
    *("lower", 0),
    lambda worth, feasible, largest, first, width, kinds, changed, since, now, lanes, *_: (
        *_in_line(_tiles(width, lanes, worth, feasible)),
        _fresh(width),
    ),
)
lower_in_pairs = Loop(
    *("lower_in_pairs", 0),
    lambda worth, rank, largest, first, width, moves, starts, changed, since, now, lanes, *_: (
        *_tiles(width, lanes, worth, rank),
        *(np.empty(lanes, dtype=worth.dtype) for _ in range(3)),
        _fresh(width),
        np.empty((1 << width) + 4, dtype=np.uint16),
    ),
)
levels = Loop("levels", 1, lambda result, rank, first, width, *_: _keys(width))
lower_by_level = Loop(
    *("lower_by_level", 0),
    lambda worth, level, largest, first, width, patterns, marked, top, changed, since, now, lanes, *_: (
        *_tiles(width, lanes, worth, level),
        np.empty((top + 2 << marked, lanes), dtype=worth.dtype),
        _fresh(width),
    ),
)
sort_fibres = Loop("sort_fibres", 2, lambda order, above, rank, gaps, excluded, first, width, *_: _keys(width))
mark_sim_stable = Loop(
    *("mark_sim_stable", 1),
    lambda stable, tables, offsets, orders, aboves, layout, *_: tuple(
        np.empty(layout.size + 1, dtype=np.int64) for _ in range(5)
    ),
)
mark_stable_of_two = Loop(
    *("mark_stable_of_two", 1), lambda stable, mine, order, above, size, *_: (np.empty(size, dtype=mine.dtype),)
)


def ready(rank_bytes: int) -> bool:
    """Tell whether the loops for ranks of up to so many bytes are compiled and on disk."""
    done = _beside(f"compiled-{rank_bytes}")
    return done is not None and done.exists()


def under_way() -> bool:
    """Tell whether some process compiles the loops."""
    busy = _beside("compiling")
    try:
        return busy is not None and time.time() - busy.stat().st_mtime < SILENT_SECONDS
    except FileNotFoundError:
        return False


@cache
def begin() -> subprocess.Popen[bytes] | None:
    """Start the process that compiles the loops and say so, both once; None if there is one already, or no folder."""
    busy = _beside("compiling")
    if busy is None:
        _log.warning(
            "The loops for large disputes cannot be kept, because no folder for them can be written. Large disputes "
            "take longer. To change that, set NUMBA_CACHE_DIR to a folder that can be written."
        )
        return None
    try:
        busy.touch(exist_ok=False)
    except FileExistsError:
        if under_way():
            return None
        busy.touch()
    _log.warning(
        "Detente is compiling its loops for large disputes in the background. This happens once after an installation "
        "and takes up to a minute. Until then, large disputes take longer."
    )
    # The folder that the command was called in is not searched for modules.
    command = [sys.executable, "-P", "-m", "detente.engine.dense.loops"]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)


def wait(rank_bytes: int) -> None:
    """Wait until the loops for ranks of up to so many bytes are compiled, or until no process compiles them."""
    process = begin()
    while not ready(rank_bytes) and (under_way() or (process is not None and process.poll() is None)):
        checkpoint(0.0, "compiling the loops for large disputes, once after the installation")
        time.sleep(TICK)


def compile_all() -> None:
    """Compile every loop for every type of rank."""
    busy = _beside("compiling")
    if busy is None:
        return
    busy.write_text(str(os.getpid()), encoding="ascii")
    try:
        for kind in KINDS:
            unfinished = busy.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(_kept(kind, busy.touch))
            unfinished.replace(busy.with_suffix(f".compiled-{kind.itemsize}"))
    finally:
        busy.unlink(missing_ok=True)


@cache
def _beside(state: str) -> Path | None:
    """Return the file for a state of the loops; None if no folder can be written."""
    folder = _folder()
    return None if folder is None else folder / f"detente-{_version()}.{state}"


@cache
def _folder() -> Path | None:
    """Return the folder for what is compiled: the user's choice, the package, or the user's cache."""
    chosen, cached = os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME")
    places = [Path(chosen) / "detente"] if chosen else []
    places.append(Path(__file__).parent / "__pycache__")
    with suppress(RuntimeError):
        places.append((Path(cached) if cached else Path.home() / ".cache") / "detente")
    for place in places:
        with suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK):
                return place
    return None


@cache
def _version() -> str:
    """Return a name for all that the compiled loops depend on."""
    processor = f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
    known = sha256(f"{sys.version} {processor} {llvm.llvm_version_info}".encode())
    spec = find_spec("numba")
    numbas = [Path(folder) / "_version.py" for folder in (spec and spec.submodule_search_locations) or ()]
    for source in (*sorted(Path(__file__).parent.glob("*.py")), *numbas):
        known.update(source.read_bytes())
    return known.hexdigest()[:16]


def calls(kind: np.dtype[Any]) -> Iterator[tuple[Loop, tuple[Any, ...]]]:
    """Yield every loop with arguments of the types that the solver passes for a type of rank."""
    rank, top = np.zeros(1, dtype=kind), kind.type(1)
    truth, whole, places = np.zeros(1, dtype=bool), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.uint16)
    fibre, swept, none = (0, 0), (np.zeros(1, dtype=np.int32), -1, 0, 1), (0, 0)
    yield mark_stable, (truth, rank, rank, *fibre, whole, 1, *none)
    yield best, (rank, rank, *fibre, whole, 1, *none)
    yield lower, (rank, truth, top, *fibre, whole, *swept, *none)
    yield lower_in_pairs, (rank, rank, top, *fibre, places, whole, *swept, *none)
    for narrower in KINDS[: KINDS.index(kind) + 1]:
        level = np.zeros(1, dtype=narrower)
        yield lower_by_level, (rank, level, top, *fibre, whole, 0, 0, *swept, *none)
        # A fibre has at most 2^15 places, so that levels have at most two bytes.
        if narrower.itemsize <= places.itemsize:
            yield levels, (level, rank, *fibre, *none)
    yield sort_fibres, (places, places, rank, 1, top, *fibre, *none)
    rows, layout, players = np.zeros((1, 1), dtype=np.uint16), np.zeros(1, dtype=np.int64), (whole,) * 4
    yield mark_sim_stable, (truth, rank, whole, rows, rows, layout, *players, 1, top, *none)
    yield mark_stable_of_two, (truth, rank, places, places, 1, 1, 1, top, *none)


def _kept(kind: np.dtype[Any], after_each: Callable[[], None]) -> bytes:
    """Return the loops for a type of rank as they are kept: none if Numba compiles otherwise, and keeps its own."""
    try:
        return machine_code(kind, after_each)
    except (AttributeError, RuntimeError, TypeError, ValueError):
        for loop, arguments in calls(kind):
            getattr(kernels, loop.name)(*loop.given(arguments))
            after_each()
        return b"{}\n"


def machine_code(kind: np.dtype[Any], after_each: Callable[[], None]) -> bytes:
    """Return the loops for a type of rank as they are kept: a line with their names and arguments, and their code.

    Raises
    ------
    ValueError
        If Numba's functions are called in another way than this module knows, or call other functions.
    """
    names, modules = dict[str, tuple[str, str]](), []
    for loop, arguments in calls(kind):
        given = loop.given(arguments)
        types = tuple(map(numba.typeof, given))
        made = numba.njit(**kernels.OPTIONS, **ALONE)(getattr(kernels, loop.name).py_func)
        made.compile(types)
        one = made.overloads[types]
        modules.append(llvm.parse_assembly(one.library.get_llvm_str()))
        symbol, letters = one.fndesc.llvm_func_name, "PP" + "".join(_letters(given))
        wanted = [LETTERS[letter][1] for letter in letters]
        found = [str(argument.type) for argument in modules[-1].get_function(symbol).arguments]
        if ["ptr" if type.endswith("*") else type for type in found] != wanted:
            raise ValueError(f"{loop.name} takes {found} and not {wanted}")
        names[loop.key(arguments)] = symbol, letters
        after_each()
    whole, *others = modules
    for module in others:
        whole.link_in(module)
    missing = {one.name for one in whole.functions if one.is_declaration and not one.name.startswith("llvm.")} - CALLED
    if missing:
        raise ValueError(f"the loops call {', '.join(sorted(missing))}")
    return json.dumps(names).encode() + b"\n" + bytes(_target().emit_object(whole))


def _target() -> Any:
    """Return what makes and takes code for this processor."""
    # Older versions of llvmlite want to be told; newer ones refuse it.
    with suppress(RuntimeError):
        llvm.initialize()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    features = llvm.get_host_cpu_features().flatten()
    return target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=3, jit=True)


def _functions(rank_bytes: int) -> dict[str, Callable[..., int]]:
    """Return the compiled functions for ranks of so many bytes that are on disk, by the names of their types."""
    with _loading:
        if rank_bytes not in _loaded:
            if not ready(rank_bytes):
                return {}
            file = _beside(f"compiled-{rank_bytes}")
            assert file is not None
            _loaded[rank_bytes] = _load(file.read_bytes())
        return _loaded[rank_bytes][0]


def _load(kept: bytes) -> tuple[dict[str, Callable[..., int]], object]:
    """Return the functions of a file by their names, and what keeps them in memory."""
    names, _, code = kept.partition(b"\n")
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target())
    if code:
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
    found: dict[str, Callable[..., int]] = {}
    for name, (symbol, letters) in json.loads(names).items():
        kind = ctypes.CFUNCTYPE(ctypes.c_int32, *(LETTERS[letter][0] for letter in letters))
        found[name] = kind(engine.get_function_address(symbol))
    return found, engine


def _flat(arguments: Sequence[Any]) -> Iterator[Any]:
    """Yield the numbers of which arguments consist; no array belongs to Numba, so the first two of one are empty."""
    for one in arguments:
        if isinstance(one, tuple):
            yield from _flat(one)
        elif isinstance(one, np.ndarray):
            yield from (None, None, one.size, one.itemsize, one.ctypes.data, *one.shape, *one.strides)
        else:
            yield int(one)


def _letters(arguments: Sequence[Any]) -> Iterator[str]:
    """Yield the letters of the numbers of which arguments consist."""
    for one in arguments:
        if isinstance(one, tuple):
            yield from _letters(one)
        elif isinstance(one, np.ndarray):
            yield "PPqqP" + "qq" * one.ndim
        else:
            yield "q" if isinstance(one, int) else one.dtype.char


if __name__ == "__main__":
    compile_all()
