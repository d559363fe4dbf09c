"""Exports a model to ONNX, once: `python -m miner.embedding.export` does it ahead.

torch and transformers are needed here only. The graph holds the encoder, mean pooling and L2
normalisation, and is used only where its vectors agree with those of sentence-transformers.
"""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from miner.embedding.cache import GraphCache
from miner.embedding.graph import graph_of
from miner.embedding.onnx import INPUTS, OUTPUT, OnnxEncoder
from miner.embedding.sentence_transformer import SentenceTransformerEncoder, load_folder
from miner.embedding.weights import Weights, packaged
from miner.errors import ModelUnavailable
from miner.settings import Settings

if TYPE_CHECKING:
    import torch

# Far above what rounding does (1 - 1e-6 was measured), far below what a wrong graph gives.
LEAST_COSINE = 0.9999
_OPSET = 17
_log = logging.getLogger(__name__)

# Several lengths in one batch (padding), one alone, one past the limit, none at all.
SAMPLES = (
    "Member States should consider all relevant information in the case of ICT incidents.",
    "",
    "The national CERT shall report to the Council by 31 December 2025.",
    "Стратегия кибербезопасности 网络安全战略 استراتيجية",
    "critical infrastructure protection " * 200,
)


@dataclass(frozen=True, slots=True)
class Net:
    """What is exported: a torch module (ids, mask) -> (batch, d), and how to ask it for texts."""

    module: torch.nn.Module
    encode: Callable[[Sequence[str]], NDArray[np.float32]]


def export(weights: Weights, cache: GraphCache, load: Callable[[], Net] | None = None) -> Path:
    """Export `weights` into `cache`; the graph's file there.

    Args:
        weights: names the graph; its tokenizer and limits are used.
        cache: where the graph goes.
        load: makes the net; the embedding model in the weights' folder where missing.

    Raises:
        ModelUnavailable: a package is missing, the folder cannot be written, the export fails or
            its vectors differ.
    """
    started = time.perf_counter()
    try:
        for package in ("onnx", "onnxruntime", "tokenizers"):
            # Asked now, for otherwise it is missed only after torch's seconds.
            if find_spec(package) is None:
                raise ImportError(f"the package {package} is not installed")
        with cache.workplace() as folder:
            made = folder / "model.onnx"
            cosine = _export(weights, made, load() if load else _sentence_net(weights))
            about: dict[str, str | float] = {
                "weights": weights.id,
                "torch": version("torch"),
                "opset": _OPSET,
                "least cosine to torch": cosine,
            }
            graph = cache.add(weights, made, about)
    except ModelUnavailable:
        raise
    except Exception as error:  # packages, disk and exporter fail in many kinds
        raise ModelUnavailable(
            f"{weights.id} on onnx",
            f"it cannot be exported to {cache.folder} ({type(error).__name__}: {error})",
            "Install onnx and onnxruntime, and set MINER_CACHE to a folder that can be written.",
        ) from error
    _log.info("%s was made in %.1f s", graph, time.perf_counter() - started)
    return graph


def _sentence_net(weights: Weights) -> Net:
    # Eager attention is plain matrix products, which every opset has.
    model = load_folder(weights.folder, attention="eager")
    encoder = SentenceTransformerEncoder(model, weights.id)
    return Net(_sentence_model(model[0].auto_model), encoder.encode)


def _export(weights: Weights, target: Path, net: Net) -> float:
    """Write the graph and compare it; the least cosine to the reference."""
    _trace(net.module, target)
    reference = net.encode(SAMPLES)
    vectors = OnnxEncoder(target, weights).encode(SAMPLES)
    norms = np.linalg.norm(vectors, axis=1) * np.linalg.norm(reference, axis=1)
    cosine = float((np.einsum("ij,ij->i", vectors, reference) / norms).min())
    if not cosine > LEAST_COSINE:
        raise ValueError(f"its vectors differ from those of torch, cosine {cosine:.6f}")
    return cosine


def _trace(module: torch.nn.Module, target: Path) -> None:
    import torch

    with torch.inference_mode(), warnings.catch_warnings():
        # torch would rather have its dynamo exporter used, which needs onnxscript as well.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            module.eval(),
            (torch.tensor([[101, 2023, 102], [101, 102, 0]]), torch.tensor([[1, 1, 1], [1, 1, 0]])),
            str(target),
            dynamo=False,
            opset_version=_OPSET,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in INPUTS}
            | {OUTPUT: {0: "batch"}},
        )


def _sentence_model(model: Any) -> torch.nn.Module:
    """(ids, mask), both (batch, tokens) int64, to unit vectors (batch, d)."""
    import torch

    class SentenceModel(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            kept = mask.to(torch.float32)
            # A mask of four dimensions is added to the scores as it is; one of two would be
            # prepared by Python code that a trace does not follow.
            added = (1.0 - kept[:, None, None, :]) * torch.finfo(torch.float32).min
            states = self.model(input_ids=ids, attention_mask=added, return_dict=False)[0]
            mean = (states * kept[:, :, None]).sum(1) / kept.sum(1, keepdim=True).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=1)

    return SentenceModel()


def main() -> None:
    """Export what the environment's settings name, unless it is there; print the file."""
    settings = Settings.from_environment()
    if not settings.model.startswith("package:"):
        from miner.tagging.tuned import main as shipped

        return shipped()
    weights = packaged(settings.model.removeprefix("package:"))
    cache = GraphCache.at(settings.cache)
    engine = "auto" if settings.engine == "torch" else settings.engine
    print(graph_of(weights, cache, engine))


if __name__ == "__main__":
    main()
