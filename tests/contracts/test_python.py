"""The library as a program uses it: load, analyze, to_dict."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pytest

import detente as dt
from tests.contracts.outside import STATES, detente, river
from tests.unit.cli.running import run


def test_load_reads_yaml_and_gmcr_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = river(tmp_path)
    assert run(capsys, "export", file, "-o", str(tmp_path / "river.gmcr")).code == 0
    native, imported = dt.load(file), dt.load(str(tmp_path / "river.gmcr"))
    assert dt.load(Path(file)) == native
    for conflict in (native, imported):
        answer = conflict.analyze(concepts=["nash", "gmr", "smr", "seq", "sim"], engine="auto").to_dict()
        assert {state["number"]: state["state"] for state in answer["states"]} == STATES
        assert answer["equilibria"] == {"nash": [3], "gmr": [3, 4], "smr": [3, 4], "seq": [3, 4], "sim": [3]}
    for name in ("no.conflict.yaml", "no.gmcr"):
        with pytest.raises(dt.InputError, match="there is no such file"):
            dt.load(tmp_path / name)


def test_analyze_has_the_default_concepts_of_the_contract() -> None:
    parameters = inspect.signature(dt.Conflict.analyze).parameters
    assert list(parameters)[1:3] == ["concepts", "engine"]
    assert (parameters["concepts"].default, parameters["engine"].default) == (None, "auto")


def test_to_dict_equals_the_json_of_the_command(tmp_path: Path) -> None:
    file = river(tmp_path)
    printed = detente("analyze", file, "--format", "json").stdout
    result = dt.load(file).analyze()
    assert json.loads(printed) == result.to_dict()
    assert json.dumps(result.to_dict(), indent=2, ensure_ascii=False) + "\n" == printed


def test_errors_have_the_documented_classes(tmp_path: Path) -> None:
    file = river(tmp_path)
    for error in (dt.InputError, dt.UnknownNameError, dt.TooLargeError):
        assert issubclass(error, dt.DetenteError)
    with pytest.raises(dt.UnknownNameError, match="did you mean 'nash'"):
        dt.load(file).analyze(["nahs"])
    Path(file).write_text("format: detente/1\ntitle: T\n", encoding="utf-8")
    with pytest.raises(dt.InputError) as caught:
        dt.load(file)
    assert caught.value.faults[0].file == file
