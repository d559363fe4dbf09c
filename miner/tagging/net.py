"""The tuned net: a sentence embedding model that also tags, of which the upper layers are taught.

One pass gives a passage's unit vector, for search, and the logits of concepts and stances. The
embeddings and the two lowest layers stay the base model's own, so what is kept is four layers
and a head. torch is imported with this module: `tuned` avoids it where it can.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from miner.embedding.graph import halves_products
from miner.tagging.tuned import MAX_TOKENS
from miner.taxonomy import Stance, codebook

FROZEN_LAYERS = 2
# Of random numbers for `Dropout`; several times the largest batch.
_STRIP = 1 << 23


class Dropout(nn.Module):
    """Dropout (Srivastava et al. 2014) that cuts its masks out of a strip of random numbers.

    To draw them anew for every layer took an eighth of the time of learning.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        # No part of the weights, and as precise as the products of a net that learns.
        kept = (torch.rand(_STRIP if share else 0) >= share) / (1 - share)
        self._strip = kept.to(torch.bfloat16)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """`values`, in training with a share of them zero and the others larger by as much."""
        if not self.training or not self.share:
            return values
        start = int(torch.randint(_STRIP - values.numel(), (1,)))
        return values * self._strip[start : start + values.numel()].view_as(values)


class TunedNet(nn.Module):
    """(ids, mask), both (batch, tokens), to (batch, 384 + 28 + 4): vector, concepts, stances.

    A concept may stand in one clause of a passage about other things, which a mean over tokens
    hides. So each label also looks where it likes: attention over tokens of its own (Mullenbach
    et al. 2018).
    """

    def __init__(self, encoder: nn.Module, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = Dropout(dropout)
        # A net that is to learn multiplies in half the bits, where the processor gains by it.
        self._halves = dropout > 0 and halves_products()
        labels = len(codebook()) + len(Stance)
        self.head = nn.Linear(2 * width, labels)
        self.look = nn.Linear(width, labels, bias=False)
        self.seen = nn.Linear(width, labels, bias=False)
        nn.init.normal_(self.look.weight, std=0.02)
        nn.init.zeros_(self.seen.weight)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The mean over tokens at unit length; mean and maximum through one linear head, and what
        each label saw."""
        kept = mask.to(torch.float32)
        # A mask of four dimensions is added to the scores as it is, also under a trace.
        added = (1.0 - kept[:, None, None, :]) * torch.finfo(torch.float32).min
        with torch.autocast("cpu", torch.bfloat16, enabled=self._halves):
            states = self.encoder(input_ids=ids, attention_mask=added, return_dict=False)[0]
        states = states.float()
        mean = (states * kept[:, :, None]).sum(1) / kept.sum(1, keepdim=True).clamp(min=1e-9)
        away = (kept[:, :, None] - 1.0) * 1e4
        most = (states + away).max(1).values
        logits = self.head(self.dropout(torch.cat([mean, most], 1)))
        looks = torch.softmax(self.look(states) + away, dim=1)
        logits = logits + (looks * self.seen(self.dropout(states))).sum(1)
        return torch.cat([nn.functional.normalize(mean, dim=1), logits], 1)


def load_net(folder: Path, dropout: float = 0.0) -> TunedNet:
    """The net on the embedding model in `folder`, not yet taught.

    Attention itself drops nothing while it learns: that would cost more time than all the rest.
    It is written as plain matrix products, which can be exported and which processors multiply
    faster in half the bits than what torch has for it.
    """
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    encoder = AutoModel.from_pretrained(
        folder,
        attn_implementation="eager",
        attention_probs_dropout_prob=0.0,
        local_files_only=True,
    )
    if dropout:
        layers = [(name, part) for name, part in encoder.named_modules() if _drops(part)]
        for name, part in layers:
            encoder.set_submodule(name, Dropout(part.p))
    return TunedNet(encoder, encoder.config.hidden_size, dropout)


def _drops(part: nn.Module) -> bool:
    return isinstance(part, nn.Dropout) and part.p > 0


def taught(net: TunedNet) -> dict[str, torch.Tensor]:
    """The part of the net that differs from the embedding model, by name."""
    layers = (f"encoder.encoder.layer.{number}." for number in range(FROZEN_LAYERS))
    frozen = ("encoder.embeddings.", "encoder.pooler.", *layers)
    return {name: t for name, t in net.state_dict().items() if not name.startswith(frozen)}


def tokenized(texts: Sequence[str], folder: Path, most: int = MAX_TOKENS) -> list[list[int]]:
    """Token ids of each text, cut at the limit."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(most)
    tokenizer.no_padding()
    return [tokenizer.encode(text).ids for text in texts]


def padded(tokens: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask of a batch, both (batch, longest)."""
    longest = max(map(len, tokens))
    ids = torch.zeros((len(tokens), longest), dtype=torch.long)
    mask = torch.zeros((len(tokens), longest), dtype=torch.long)
    for row, found in enumerate(tokens):
        ids[row, : len(found)] = torch.tensor(found)
        mask[row, : len(found)] = 1
    return ids, mask


def predict(net: Any, tokens: Sequence[Sequence[int]], batch: int = 32) -> NDArray[np.float32]:
    """Vectors and logits (n, 384 + 32) of tokenized texts."""
    net.eval()
    order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    wide = net.head.in_features // 2 + net.head.out_features
    found = np.zeros((len(tokens), wide), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            found[rows] = net(*padded([tokens[row] for row in rows])).numpy()
    return found
