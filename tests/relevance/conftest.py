"""The store that the relevance tests ask: real documents, taken in the product's own way.

It is built once and kept in the temporary folder under a key of everything it depends on; tags
and vectors are kept apart, under the text they belong to, so that a change of the index alone
costs seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from miner import lexical, records
from miner.catalogue.geography import Geography
from miner.catalogue.manifest import read_manifest
from miner.embedding import Encoder, load_encoder
from miner.index.schema import SCHEMA_VERSION
from miner.ingest import Ingester
from miner.parsing import ParseOptions
from miner.search import Searcher
from miner.settings import Settings
from miner.store import Store
from miner.tagging.tag import TaggedPassage
from miner.tagging.tagger import Tagger

_HERE = Path(__file__).parent
_KEPT = Path(tempfile.gettempdir()) / f"policy-miner-relevance-{os.getuid()}"


class Remembered:
    """A model whose answers are kept, by text, in a file of lines of JSON."""

    def __init__(self, model: str) -> None:
        self.id = model
        name = hashlib.sha256(model.encode()).hexdigest()[:16]
        self._file = _KEPT / f"{name}.jsonl"
        self._known: dict[str, object] = {}
        if self._file.is_file():
            for line in self._file.read_text("utf-8").splitlines():
                key, value = json.loads(line)
                self._known[key] = value

    def keep(self, keys: Sequence[str], fresh: list[object]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            for key, value in zip(keys, fresh, strict=True):
                self._known[key] = value
                file.write(json.dumps([key, value]) + "\n")

    def missing(self, keys: Sequence[str]) -> list[int]:
        return [at for at, key in enumerate(keys) if key not in self._known]

    def held(self, keys: Sequence[str]) -> list[object]:
        return [self._known[key] for key in keys]


class RememberedEncoder(Remembered):
    """An Encoder that encodes no text twice."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder.id)
        self.dimension = encoder.dimension
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        keys = [_key(text) for text in texts]
        new = self.missing(keys)
        if new:
            vectors = self._encoder.encode([texts[at] for at in new])
            self.keep([keys[at] for at in new], [v.tolist() for v in vectors])
        return np.array(self.held(keys), dtype=np.float32)


class RememberedTagger(Remembered):
    """A Tagger that tags no text twice."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__(tagger.id)
        self._tagger = tagger

    def tag(self, texts: Sequence[str], languages: Sequence[str]) -> list[TaggedPassage]:
        keys = [_key(f"{lang}\0{text}") for text, lang in zip(texts, languages, strict=True)]
        new = self.missing(keys)
        if new:
            fresh = self._tagger.tag([texts[at] for at in new], [languages[at] for at in new])
            self.keep([keys[at] for at in new], [records.as_record(tagged) for tagged in fresh])
        return [records.tagged(row) for row in self.held(keys)]


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


@pytest.fixture(scope="session")
def searcher(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """The product's search over the real documents."""
    chosen = yaml.safe_load((_HERE / "documents.yaml").read_text("utf-8"))
    if any(not (shared / "corpus" / row["path"]).is_file() for row in chosen):
        pytest.skip("a document of the shared corpus is not here")
    settings = Settings.from_environment()
    # 32 bits on every processor, so that a verdict holds everywhere.
    engine, cache = "onnx", settings.cache
    encoder = load_encoder(settings.model, threads=settings.threads, engine=engine, cache=cache)
    tagger = Tagger.load(threads=settings.threads, engine=engine, cache=cache)
    geography = Geography.shipped()
    _KEPT.mkdir(exist_ok=True)
    built = _built(shared, chosen, encoder, tagger, geography)
    # A copy: a store has one owner, and two runs may go on at a time.
    folder = tmp_path_factory.mktemp("relevance") / "store"
    shutil.copytree(built, folder)
    with Store.open(Settings(store=folder), encoder.id, encoder.dimension) as store:
        yield Searcher(store, encoder, geography, tagger.probabilities)


def _built(
    shared: Path,
    chosen: list[dict[str, object]],
    encoder: Encoder,
    tagger: Tagger,
    geography: Geography,
) -> Path:
    manifest = read_manifest(shared / "corpus" / "manifest.tsv", geography)
    data = {str(row["path"]): _beginning(shared, row) for row in chosen}
    parts = [encoder.id, tagger.id, str(SCHEMA_VERSION), *data, *map(_digest, data.values())]
    parts += [
        _digest(Path(str(module)).read_bytes())
        for package in (lexical,)
        for module in [package.__file__]
    ]
    options = ParseOptions()
    key = _key("|".join([*parts, Ingester(None, encoder, tagger, geography).pipeline]))  # type: ignore[arg-type]
    folder = _KEPT / key
    if not folder.is_dir():
        part = Path(tempfile.mkdtemp(dir=_KEPT))
        with Store.open(Settings(store=part), encoder.id, encoder.dimension) as store:
            ingester = Ingester(
                store,
                RememberedEncoder(encoder),
                RememberedTagger(tagger),  # type: ignore[arg-type]
                geography,
                manifest,
                options,
            )
            for path, content in data.items():
                told = manifest.metadata_for(shared / "corpus" / path)
                ingester.ingest_bytes(content, path, told)
        # Another run may have been faster; its store is as good.
        with suppress(OSError):
            part.rename(folder)
    return folder


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _beginning(shared: Path, row: dict[str, object]) -> bytes:
    data = (shared / "corpus" / str(row["path"])).read_bytes()
    if "characters" not in row:
        return data
    return data.decode("utf-8", "replace")[: int(str(row["characters"]))].encode()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Cases by category: how many pass, and how many are known not to."""
    rows: dict[str, Counter[str]] = {}
    for outcome in ("passed", "failed", "xfailed"):
        for report in terminalreporter.stats.get(outcome, ()):
            told = dict(getattr(report, "user_properties", ()))
            if "relevance" in told:
                rows.setdefault(told["relevance"], Counter())[outcome] += 1
    if not rows:
        return
    terminalreporter.section("relevance by category")
    total: Counter[str] = sum(rows.values(), Counter())
    for kind, counts in (*rows.items(), ("all", total)):
        terminalreporter.line(
            f"{kind:<24} {counts.total():>4} cases  {counts['passed']:>4} passing"
            f"  {counts['xfailed']:>3} xfail  {counts['failed']:>3} failing"
        )
