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

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional

from miner.tagging import tuned
from miner.tagging.net import TunedNet, load_net, padded, taught, tokenized
from miner.tagging.train import STANCES, Example, labels
from miner.taxonomy import codebook


@dataclass(frozen=True, slots=True)
class Schedule:
    """The numbers of a fine-tuning run."""

    epochs: int = 4
    batch: int = 16
    rate: float = 8e-5
    head_rate: float = 1e-3
    dropout: float = 0.15
    stance_weight: float = 0.5
    seed: int = 7


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
    save_file({name: np.ascontiguousarray(t) for name, t in tensors.items()}, folder / tuned.FILE)


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
