"""The command line over a small store of the sample corpus, without any model's weights."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import stand_ins
from cli_helpers import NAMES, Miner, Ran
from typer.testing import CliRunner

from miner.catalogue.manifest import read_manifest
from miner.embedding import Encoder
from miner.ingest import collect
from miner.settings import Settings
from miner.tagging.tagger import Tagger
from service.cli import app_of
from service.workspace import Workspace


@contextmanager
def _stood_in(encoder: Encoder) -> Iterator[None]:
    made = stand_ins.tagger()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tagger, "load", classmethod(lambda *_, **__: made))
        patch.setattr("service.workspace.load_encoder", lambda *_, **__: encoder)
        yield


@pytest.fixture(autouse=True)
def models(encoder: Encoder) -> Iterator[None]:
    """Models that need no weights."""
    with _stood_in(encoder):
        yield


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sample documents with the manifest beside it."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "documents").mkdir()
    for name in NAMES:
        shutil.copy(stand_ins.sample() / "documents" / name, folder / "documents" / name)
    for name in ("manifest.tsv", "organisations.yaml"):
        shutil.copy(stand_ins.sample() / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, documents: Path, encoder: Encoder) -> Path:
    """A store of the sample documents, to be read only."""
    folder = tmp_path_factory.mktemp("filled") / "store"
    with _stood_in(encoder), Workspace.open(Settings(store=folder)) as workspace:
        manifest = read_manifest(documents / "manifest.tsv")
        found = workspace.ingester(manifest=manifest).ingest(collect([documents / "documents"]))
    assert [outcome.status for outcome in found] == ["added"] * len(NAMES)
    return folder


@pytest.fixture
def own(tmp_path: Path, filled: Path) -> Path:
    """A copy of the store that a test may change."""
    return Path(shutil.copytree(filled, tmp_path / "own"))


@pytest.fixture
def miner(tmp_path: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> Miner:
    """Runs a command in an empty folder; the store is the filled one unless another is named."""
    for name in [name for name in os.environ if name.startswith(("MINER_", "QDRANT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, **environment: str) -> Ran:
        words = [str(argument) for argument in arguments]
        result = CliRunner().invoke(
            app_of(words),
            words,
            env={"MINER_STORE": str(filled), "COLUMNS": "200", **environment},
        )
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.stderr
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def started(tmp_path: Path, filled: Path) -> Callable[..., subprocess.Popen[str]]:
    """Starts the entry point in a process of its own, with the stand-ins for the models."""

    def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
        script = Path(__file__).with_name("stood_in.py")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MINER_")}
        return subprocess.Popen(
            [sys.executable, str(script), *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env={**kept, "MINER_STORE": str(filled), "MINER_OCR": "off", **environment},
        )

    return start
