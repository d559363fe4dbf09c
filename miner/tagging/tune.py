"""Fine-tuning: the upper layers of the embedding model, taught to tag and to find.

Three tasks share the encoder: the concepts (a sigmoid each, masked labels) and the stance
(softmax) of labelled passages; queries and the passages that answer them, each query against
the other passages of its batch (multiple negatives, Henderson et al. 2017); and staying near the
vectors of the base model, which knows far more language than these passages hold.

Some passages are joined to another, with the concepts of both: in real documents a concept often
stands in one clause of a passage that is about something else.

The embeddings and the two lowest layers stay as they are, so what is shipped is four layers
and a head in half precision (14 MB). torch is needed here only; see `tuned` for scoring.
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
from torch import nn
from torch.nn import functional

from miner.tagging import tuned
from miner.tagging.data import Pair
from miner.tagging.heads import save_tensors
from miner.tagging.net import TunedNet, load_net, padded, predict, taught, tokenized
from miner.tagging.train import STANCES, Example, labels_of
from miner.taxonomy import codebook

# A stance that is not known, as torch's cross entropy has it.
_OPEN = -100
_TRIES = 40


@dataclass(frozen=True, slots=True)
class Schedule:
    """The numbers of a fine-tuning run.

    epochs: how often the passages are read, the last time perhaps in part.
    stance, found, near: weights of the stance, of the queries and of staying near the base.
    pair_every: a batch of queries goes with every so manieth batch of labelled passages.
    memory: steps over which the weights are averaged; what is kept is the average.
    joined: the share of passages that are joined to another one; they may be `longer` by so many
    tokens, and the other one has fewer than `short`.
    """

    epochs: float = 4.0
    batch: int = 16
    tokens: int = 192
    rate: float = 1.6e-4
    head_rate: float = 1e-3
    dropout: float = 0.15
    stance: float = 1.1
    found: float = 0.4
    near: float = 1.0
    pair_every: int = 4
    memory: int = 200
    joined: float = 0.35
    longer: int = 48
    short: int = 110
    scale: float = 20.0
    seed: int = 7


@dataclass(frozen=True, slots=True)
class _Texts:
    """Tokenized texts and their vectors by the base model, (n, 384)."""

    tokens: list[list[int]]
    base: torch.Tensor


def tune(
    examples: Sequence[Example],
    pairs: Sequence[Pair],
    folder: Path,
    schedule: Schedule | None = None,
    told: Callable[[float, float], None] | None = None,
) -> dict[str, NDArray[np.float16]]:
    """Teach the net the examples and the pairs; the taught tensors in half precision, by name.

    Args:
        examples: labelled passages. pairs: queries with passages that answer them.
        folder: the embedding model.
        told: hears, after each epoch and at the end, how many there were and the mean loss since.
    """
    schedule = schedule or Schedule()
    torch.manual_seed(schedule.seed)
    shuffle = random.Random(schedule.seed)
    net = load_net(folder, schedule.dropout)
    for name, parameter in net.named_parameters():
        parameter.requires_grad = name in taught(net)

    def texts(of: Sequence[str]) -> _Texts:
        places = {text: place for place, text in enumerate(dict.fromkeys(of))}
        tokens = tokenized(list(places), folder, schedule.tokens)
        base = predict(net, tokens)[:, : _width(net)]
        rows = [places[text] for text in of]
        return _Texts([tokens[row] for row in rows], torch.from_numpy(base[rows]))

    # Read before the first step: the net still is the base model.
    passages = texts([example.text for example in examples])
    queries, answers = texts([p.query for p in pairs]), texts([p.passage for p in pairs])
    labelled = _Labels.of(examples, schedule)
    nn.init.constant_(net.head.bias[: labelled.wanted.shape[1]], -2.5)
    epoch = math.ceil(len(examples) / schedule.batch)
    steps = round(schedule.epochs * epoch)
    optimiser, pace = _optimiser(net, schedule, steps)
    average = _Average(net, schedule.memory)
    unread: list[list[_Reading]] = []
    waiting: list[list[int]] = []
    losses: list[float] = []
    net.train()
    for step in range(steps):
        unread = unread or _read(passages.tokens, shuffle, schedule)
        batch = unread.pop()
        vectors, logits = _apart(net, [reading.tokens for reading in batch])
        loss = labelled.loss(logits, batch)
        alone = [place for place, reading in enumerate(batch) if reading.other is None]
        if alone:
            far = _far(vectors[alone], passages, [batch[place].row for place in alone])
            # Batches hold more or fewer of them; each is to count alike.
            loss = loss + schedule.near * len(alone) / len(batch) * far
        if pairs and step % schedule.pair_every == 0:
            waiting = waiting or _batches(answers.tokens, schedule.batch, shuffle)
            loss = loss + _pair_loss(net, queries, answers, waiting.pop(), schedule)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        pace.step()
        average.step()
        losses.append(float(loss.detach()))
        if told is not None and (len(losses) == epoch or step == steps - 1):
            told((step + 1) / epoch, float(np.mean(losses)))
            losses = []
    average.give()
    return {name: tensor.half().numpy() for name, tensor in taught(net).items()}


class _Average:
    """The exponential moving average of what a net learns.

    Two runs on the same passages end at points that are equally good and differ in what they
    miss; an average over the last steps misses less (Izmailov et al. 2018).
    """

    def __init__(self, net: TunedNet, memory: int) -> None:
        self._learning = [p for p in net.parameters() if p.requires_grad]
        self._held = [p.detach().clone() for p in self._learning]
        self._memory = memory
        self._steps = 0

    def step(self) -> None:
        """A step was made."""
        self._steps += 1
        share = 1 / min(self._steps, self._memory)
        for held, parameter in zip(self._held, self._learning, strict=True):
            held.lerp_(parameter.detach(), share)

    def give(self) -> None:
        """Put the average in the place of what the net has."""
        with torch.no_grad():
            for parameter, held in zip(self._learning, self._held, strict=True):
                parameter.copy_(held)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A passage as it is read once: by itself, or joined to another one."""

    row: int
    other: int | None
    tokens: list[int]


def _read(
    tokens: list[list[int]], shuffle: random.Random, schedule: Schedule
) -> list[list[_Reading]]:
    """Every passage once, in batches of like length."""
    readings = [_reading(row, tokens, shuffle, schedule) for row in range(len(tokens))]
    batches = _batches([reading.tokens for reading in readings], schedule.batch, shuffle)
    return [[readings[place] for place in batch] for batch in batches]


def _reading(
    row: int, tokens: list[list[int]], shuffle: random.Random, schedule: Schedule
) -> _Reading:
    other = _company(row, tokens, shuffle, schedule)
    if other is None:
        return _Reading(row, None, tokens[row])
    first, second = (row, other) if shuffle.random() < 0.5 else (other, row)
    # Each has its marks of begin and end; the whole keeps one of each.
    joined = [*tokens[first][:-1], *tokens[second][1:]]
    return _Reading(row, other, joined[: schedule.tokens + schedule.longer])


@dataclass(frozen=True, slots=True)
class _Asked:
    """Labels of a batch, as in `_Labels`."""

    wanted: torch.Tensor
    kept: torch.Tensor
    stance: torch.Tensor
    weight: torch.Tensor


@dataclass(frozen=True, slots=True)
class _Labels:
    """Labels as tensors: wanted and kept (n, 28), stance (n,), weight (n,), lift (28,)."""

    wanted: torch.Tensor
    kept: torch.Tensor
    stance: torch.Tensor
    weight: torch.Tensor
    lift: torch.Tensor
    stance_weight: float

    @classmethod
    def of(cls, examples: Sequence[Example], schedule: Schedule) -> _Labels:
        found = labels_of(examples, codebook())
        wanted, kept = torch.tensor(found == 1).float(), torch.tensor(found >= 0).float()
        stance = torch.tensor([STANCES.index(e.stance) if e.stance else _OPEN for e in examples])
        weight = torch.tensor([math.sqrt(e.weight) for e in examples])
        return cls(wanted, kept, stance, weight, _lift(wanted, kept), schedule.stance)

    def asked(self, batch: Sequence[_Reading]) -> _Asked:
        """What is right for each reading."""
        rows = [reading.row for reading in batch]
        others = [r.row if r.other is None else r.other for r in batch]
        wanted = torch.maximum(self.wanted[rows], self.wanted[others])
        # A concept that one of them has for certain is there, whatever is open in the other.
        kept = torch.maximum(self.kept[rows] * self.kept[others], wanted)
        stance = self.stance[rows].masked_fill(self.stance[rows] != self.stance[others], _OPEN)
        return _Asked(wanted, kept, stance, torch.minimum(self.weight[rows], self.weight[others]))

    def loss(self, logits: torch.Tensor, batch: Sequence[_Reading]) -> torch.Tensor:
        """Of one batch: concepts, and the stances that are known."""
        asked = self.asked(batch)
        concepts, stances = torch.split(logits, [self.wanted.shape[1], len(STANCES)], dim=1)
        each = functional.binary_cross_entropy_with_logits(
            concepts, asked.wanted, reduction="none", pos_weight=self.lift
        )
        loss = (each * asked.kept * asked.weight[:, None]).sum() / 8
        spoken = functional.cross_entropy(stances, asked.stance, reduction="sum")
        return (loss + self.stance_weight * spoken) / len(batch)


def _company(
    row: int, tokens: list[list[int]], shuffle: random.Random, schedule: Schedule
) -> int | None:
    """Another passage that is to stand beside one, or none."""
    room = schedule.tokens + schedule.longer - len(tokens[row])
    if shuffle.random() >= schedule.joined:
        return None
    for _ in range(_TRIES):
        other = shuffle.randrange(len(tokens))
        if other != row and len(tokens[other]) < min(room, schedule.short):
            return other
    return None


def _pair_loss(
    net: TunedNet, queries: _Texts, answers: _Texts, rows: list[int], schedule: Schedule
) -> torch.Tensor:
    asked, _ = _apart(net, [queries.tokens[row] for row in rows])
    found, _ = _apart(net, [answers.tokens[row] for row in rows])
    alike = schedule.scale * asked @ found.T
    # Another query's passage is no wrong answer where it is the same passage.
    same = [[a != b and answers.tokens[a] == answers.tokens[b] for b in rows] for a in rows]
    alike = alike.masked_fill(torch.tensor(same), -1e4)
    right = torch.arange(len(rows))
    contrast = functional.cross_entropy(alike, right)
    contrast = contrast + 0.5 * functional.cross_entropy(alike.T, right)
    # A third of it: there are as many of these texts as of passages, and they teach by contrast.
    far = _far(asked, queries, rows) + _far(found, answers, rows)
    return schedule.found * contrast + schedule.near / 3 * far


def _apart(net: TunedNet, tokens: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Vectors and logits of a batch."""
    both = net(*padded(tokens))
    return both[:, : _width(net)], both[:, _width(net) :]


def _far(vectors: torch.Tensor, texts: _Texts, rows: list[int]) -> torch.Tensor:
    """One minus the cosine to the base model's vectors, on average."""
    return (1 - (vectors * texts.base[rows]).sum(1)).mean()


def _width(net: TunedNet) -> int:
    return net.head.in_features // 2


def _optimiser(
    net: TunedNet, schedule: Schedule, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    learning = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    body = [p for name, p in learning if name.startswith("encoder.")]
    head = [p for name, p in learning if not name.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": schedule.rate}, {"params": head, "lr": schedule.head_rate}],
        weight_decay=0.01,
    )
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        [schedule.rate, schedule.head_rate],
        total_steps=steps + 1,
        pct_start=0.1,
        anneal_strategy="linear",
    )
    return optimiser, pace


def save(tensors: dict[str, NDArray[np.float16]], folder: Path) -> None:
    """Write the taught tensors into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    save_tensors(tensors, folder / tuned.FILE)


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
