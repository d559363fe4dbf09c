"""The graph that onnxruntime computes: exported once, and for `int8` its products in 8 bits.

Weights get 8 bits with a scale per output channel, activations are scaled as they come. On a
processor with dot products of 8 bits (VNNI on x86, dotprod on Arm) that takes less than half the
time; elsewhere it gains little. Vectors differ a little (cosine 0.99 to those of 32 bits), less
than ranking notices (`python -m evaluation retrieval`), so both are kept under one id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from miner.embedding.cache import GraphCache
from miner.embedding.onnx import OnnxEncoder
from miner.embedding.weights import Weights
from miner.errors import ModelUnavailable

if TYPE_CHECKING:
    from miner.embedding.export import Net

_log = logging.getLogger(__name__)

# Far below what was measured (0.976), far above what a wrong graph gives.
LEAST_COSINE = 0.95
_FLAGS = frozenset({"avx512_vnni", "avx_vnni", "asimddp"})
_HALVES = frozenset({"avx512_bf16", "amx_bf16", "bf16"})
_FLOAT = 1  # onnx.TensorProto.FLOAT


def graph_of(
    weights: Weights, graphs: GraphCache, engine: str, load: Callable[[], Net] | None = None
) -> Path:
    """The graph's file, made where the cache has none.

    Args:
        weights: what it computes.
        graphs: where graphs are kept.
        engine: `onnx` for 32 bits, `int8`, or `auto`: int8 where the processor gains by it.
        load: makes the net for the export; see `miner.embedding.export.export`.

    Raises:
        ModelUnavailable: it cannot be made. With `auto` a graph that cannot be had in 8 bits is
            had in 32.
    """
    short = replace(weights, id=f"{weights.id}-int8")
    wanted = engine == "int8" or (engine == "auto" and multiplies_bytes())
    if wanted and (found := graphs.find(short)) is not None:
        return found
    graph = graphs.find(weights)
    if graph is None:
        from miner.embedding.export import export

        graph = export(weights, graphs, load)
    if not wanted:
        return graph
    try:
        return _shortened(graph, weights, short, graphs)
    except ModelUnavailable as error:
        if engine == "int8":
            raise
        _log.warning("%s 32 bits are used instead.", error)
        return graph


def multiplies_bytes() -> bool:
    """Whether the processor has dot products of 8 bits."""
    return not _FLAGS.isdisjoint(_processor())


def halves_products() -> bool:
    """Whether the processor multiplies in bfloat16 faster than in 32 bits."""
    return not _HALVES.isdisjoint(_processor())


@cache
def _processor() -> frozenset[str]:
    """What the processor says it can do; nothing where the system does not tell."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return frozenset()
    told = (line.partition(":")[2] for line in lines if line[:8] in ("flags\t\t:", "Features"))
    return frozenset(flag for flags in told for flag in flags.split())


def _shortened(graph: Path, weights: Weights, short: Weights, graphs: GraphCache) -> Path:
    try:
        from onnxruntime.quantization import QuantType, quantize_dynamic

        with graphs.workplace() as folder:
            made = folder / "model.onnx"
            # Its log would advise a step that changes nothing here.
            logging.getLogger().addFilter(_quiet)
            try:
                quantize_dynamic(
                    graph,
                    made,
                    per_channel=True,
                    weight_type=QuantType.QInt8,
                    # Products of two activations stay as they are: they gain nothing.
                    extra_options={"MatMulConstBOnly": True, "DefaultTensorType": _FLOAT},
                )
            finally:
                logging.getLogger().removeFilter(_quiet)
            cosine = _cosine(graph, made, weights)
            if not cosine > LEAST_COSINE:
                raise ValueError(f"its vectors differ from those of 32 bits, cosine {cosine:.4f}")
            return graphs.add(short, made, {"weights": short.id, "least cosine": cosine})
    except Exception as error:  # packages, disk and quantiser fail in many kinds
        raise ModelUnavailable(
            f"{weights.id} in 8 bits",
            f"it cannot be made in {graphs.folder} ({type(error).__name__}: {error})",
            "Set MINER_ENGINE=onnx to compute in 32 bits.",
        ) from error


def _quiet(record: logging.LogRecord) -> bool:
    return "pre-processing" not in record.getMessage()


def _cosine(graph: Path, made: Path, weights: Weights) -> float:
    """The least cosine between what both graphs give."""
    from miner.embedding.export import SAMPLES

    ours, theirs = (OnnxEncoder(path, weights).encode(SAMPLES) for path in (made, graph))
    norms = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return float((np.einsum("ij,ij->i", ours, theirs) / norms).min())
