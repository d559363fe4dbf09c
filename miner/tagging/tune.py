"""Fine-tuning: the upper layers of the embedding model, taught the concepts and the stance.

The embeddings and the two lowest layers stay as they are, so what is shipped is four layers
and two heads in half precision (14 MB). torch is needed here only; see `tuned` for scoring.
Source of the multi-task set-up: one shared encoder, a sigmoid head per concept with masked
labels, a softmax head for the stance.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional

from miner.tagging.train import STANCES, Example, labels
from miner.tagging.tuned import FILE, MAX_TOKENS
from miner.taxonomy import codebook

FROZEN_LAYERS = 2


@dataclass(frozen=True, slots=True)
class Schedule:
    """The numbers of a fine-tuning run."""

    epochs: int = 5
    batch: int = 16
    rate: float = 8e-5
    head_rate: float = 1e-3
    dropout: float = 0.15
    stance_weight: float = 0.5
    seed: int = 7


class TunedNet(nn.Module):
    """(ids, mask), both (batch, tokens), to logits (batch, 28 + 4): concepts, then stances."""

    def __init__(self, encoder: nn.Module, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(2 * width, len(codebook()) + len(STANCES))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Mean and maximum over tokens, then one linear head."""
        kept = mask.to(torch.float32)
        # A mask of four dimensions is added to the scores as it is, also under a trace.
        added = (1.0 - kept[:, None, None, :]) * torch.finfo(torch.float32).min
        states = self.encoder(input_ids=ids, attention_mask=added, return_dict=False)[0]
        mean = (states * kept[:, :, None]).sum(1) / kept.sum(1, keepdim=True).clamp(min=1e-9)
        most = (states + (kept[:, :, None] - 1.0) * 1e4).max(1).values
        logits: torch.Tensor = self.head(self.dropout(torch.cat([mean, most], 1)))
        return logits


def load_net(folder: Path, dropout: float = 0.0) -> TunedNet:
    """The net on the embedding model in `folder`, not yet taught."""
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    encoder = AutoModel.from_pretrained(folder, attn_implementation="eager", local_files_only=True)
    return TunedNet(encoder, encoder.config.hidden_size, dropout)


def taught(net: TunedNet) -> dict[str, torch.Tensor]:
    """The part of the net that differs from the embedding model, by name."""
    layers = (f"encoder.encoder.layer.{number}." for number in range(FROZEN_LAYERS))
    frozen = ("encoder.embeddings.", "encoder.pooler.", *layers)
    return {name: t for name, t in net.state_dict().items() if not name.startswith(frozen)}


def tune(
    examples: Sequence[Example],
    folder: Path,
    schedule: Schedule | None = None,
    told: Callable[[int, TunedNet, float], None] | None = None,
) -> dict[str, NDArray[np.float16]]:
    """Teach the net the examples; the taught tensors in half precision, by name.

    Args:
        examples: labelled passages. folder: the embedding model.
        told: hears of each epoch's number, the net and the mean loss.
    """
    schedule = schedule or Schedule()
    torch.manual_seed(schedule.seed)
    shuffle = random.Random(schedule.seed)
    net = load_net(folder, schedule.dropout)
    for name, parameter in net.named_parameters():
        parameter.requires_grad = name in taught(net)
    tokens = tokenized([example.text for example in examples], folder)
    wanted, kept = _targets(examples)
    stance = torch.tensor([STANCES.index(e.stance) if e.stance else -100 for e in examples])
    weight = torch.tensor([math.sqrt(e.weight) for e in examples])
    lift = _lift(wanted, kept)
    nn.init.constant_(net.head.bias[: wanted.shape[1]], -2.5)
    head = list(net.head.parameters())
    body = [p for n, p in net.named_parameters() if p.requires_grad and not n.startswith("head")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": schedule.rate}, {"params": head, "lr": schedule.head_rate}],
        weight_decay=0.01,
    )
    steps = schedule.epochs * math.ceil(len(examples) / schedule.batch)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        [schedule.rate, schedule.head_rate],
        total_steps=steps + schedule.epochs * 20,
        pct_start=0.1,
        anneal_strategy="linear",
    )
    for epoch in range(schedule.epochs):
        net.train()
        losses = []
        for rows in _batches(tokens, schedule.batch, shuffle):
            logits = net(*padded([tokens[row] for row in rows]))
            concepts, stances = logits.split([wanted.shape[1], len(STANCES)], dim=1)
            each = functional.binary_cross_entropy_with_logits(
                concepts, wanted[rows], reduction="none", pos_weight=lift
            )
            loss = (each * kept[rows] * weight[rows][:, None]).sum() / len(rows) / 8
            if (stance[rows] >= 0).any():
                loss = loss + schedule.stance_weight * functional.cross_entropy(
                    stances, stance[rows]
                )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            pace.step()
            losses.append(float(loss.detach()))
        if told is not None:
            told(epoch, net, float(np.mean(losses)))
    return {name: tensor.half().numpy() for name, tensor in taught(net).items()}


def save(tensors: dict[str, NDArray[np.float16]], folder: Path) -> None:
    """Write the taught tensors into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    # safetensors writes the buffer as it lies in memory, whatever the strides.
    save_file({name: np.ascontiguousarray(t) for name, t in tensors.items()}, folder / FILE)


def tokenized(texts: Sequence[str], folder: Path) -> list[list[int]]:
    """Token ids of each text, cut at the limit."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
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


def _targets(examples: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    found = np.stack([labels(examples, concept) for concept in codebook()], axis=1)
    return torch.tensor(found == 1).float(), torch.tensor(found >= 0).float()


def _lift(wanted: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """How much more a positive counts than a negative, the more the rarer: 1 to 5."""
    positives = (wanted * kept).sum(0).clamp(min=1)
    return ((kept.sum(0) - positives) / positives).sqrt().clamp(1, 5)


def _batches(tokens: list[list[int]], size: int, shuffle: random.Random) -> list[list[int]]:
    """Batches of like length in random order: little padding, no fixed company."""
    order = list(range(len(tokens)))
    shuffle.shuffle(order)
    batches: list[list[int]] = []
    for start in range(0, len(order), 20 * size):
        chunk = sorted(order[start : start + 20 * size], key=lambda row: len(tokens[row]))
        batches += [chunk[first : first + size] for first in range(0, len(chunk), size)]
    shuffle.shuffle(batches)
    return batches


def predict(net: Any, tokens: Sequence[Sequence[int]], batch: int = 32) -> NDArray[np.float32]:
    """Logits (n, 32) of tokenized texts."""
    net.eval()
    order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    found = np.zeros((len(tokens), net.head.out_features), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            found[rows] = net(*padded([tokens[row] for row in rows])).numpy()
    return found
