"""Fine-tuning: what is learnt and kept, and passages joined to another one."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import torch
from safetensors.numpy import load_file

from miner.embedding import packaged
from miner.tagging import tuned
from miner.tagging.data import Pair
from miner.tagging.net import FROZEN_LAYERS, TunedNet, load_net, predict, tokenized
from miner.tagging.train import STANCES, Example
from miner.tagging.tune import Schedule, _Average, _Labels, save, tune
from miner.tagging.tuned import BASE
from miner.taxonomy import codebook

CONCEPTS = tuple(codebook())
AWARE = CONCEPTS.index("dim.hygiene_awareness")
TRAIN = CONCEPTS.index("dim.education_training")


def _example(text: str, *concepts: str, stance: str | None, undecided: str = "") -> Example:
    open_ = frozenset({undecided} if undecided else ())
    return Example(text, frozenset(concepts), open_, stance, "written")


EXAMPLES = [
    _example(
        "Campaigns will teach all users safe habits.",
        "dim.hygiene_awareness",
        stance="commitment",
    ),
    _example(
        "Universities offer degrees in security.",
        "dim.education_training",
        stance="in_place",
        undecided="dim.hygiene_awareness",
    ),
]


def test_joined_passages_carry_the_concepts_of_both() -> None:
    schedule = Schedule(joined=1.0)
    tokens = [[101, 1, 2, 102], [101, 3, 102]]
    held = _Labels.of(EXAMPLES, schedule)
    batch = held.batch([0, 1], tokens, random.Random(1), schedule)
    assert batch.alone == []
    for text in batch.tokens:
        assert text in ([101, 1, 2, 3, 102], [101, 3, 1, 2, 102])
    # The one is for certain, though the other leaves it open.
    assert batch.wanted[:, [AWARE, TRAIN]].tolist() == [[1, 1], [1, 1]]
    assert batch.kept[:, AWARE].tolist() == [1, 1]
    assert (batch.stance < 0).all(), "two stances are none"


def test_what_either_leaves_open_is_open_where_none_is_certain() -> None:
    examples = [_example("Trade grew.", stance="descriptive"), EXAMPLES[1]]
    schedule = Schedule(joined=1.0)
    held = _Labels.of(examples, schedule)
    batch = held.batch([0], [[101, 1, 102], [101, 3, 102]], random.Random(1), schedule)
    assert (batch.wanted[0, AWARE], batch.kept[0, AWARE]) == (0, 0)


def test_passages_stay_alone_where_none_fits_or_none_is_wanted() -> None:
    alone = Schedule(joined=0.0)
    held = _Labels.of(EXAMPLES, alone)
    tokens = [[101, *[5] * 180, 102], [101, *[6] * 180, 102]]
    for schedule in (alone, Schedule(joined=1.0)):
        batch = held.batch([0, 1], tokens, random.Random(1), schedule)
        assert batch.alone == [0, 1]
        assert batch.tokens == tokens
        assert batch.stance.tolist() == [STANCES.index("commitment"), STANCES.index("in_place")]


def test_what_is_kept_is_the_average_of_the_last_steps() -> None:
    net = torch.nn.Linear(1, 1, bias=False)
    average = _Average(cast(TunedNet, net), memory=2)
    for value in (1.0, 3.0, 6.0):
        net.weight.data.fill_(value)
        average.step()
    assert net.weight.item() == 6.0
    average.give()
    # 1, then the mean of 1 and 3, then half of that and half of 6.
    assert net.weight.item() == 4.0


def test_teaching_changes_the_upper_layers_alone_and_what_is_kept_gives_the_same_net(
    tmp_path: Path,
) -> None:
    folder = packaged(BASE).folder
    schedule = replace(Schedule(epochs=3, batch=2, pair_every=1, head_rate=0.02), dropout=0.0)
    schedule = replace(schedule, memory=1)
    heard: list[tuple[float, float]] = []
    pairs = [Pair("who learns", EXAMPLES[1].text), Pair("safe habits", EXAMPLES[0].text)]
    taught = tune(EXAMPLES, pairs, folder, schedule, lambda *told: heard.append(told))
    again_taught = tune(EXAMPLES, pairs, folder, schedule)
    for name, tensor in taught.items():
        np.testing.assert_array_equal(tensor, again_taught[name], "the same bits, run for run")
    assert [epochs for epochs, _ in heard] == [1.0, 2.0, 3.0]
    assert heard[-1][1] < heard[0][1]
    numbers = {int(name.split(".")[3]) for name in taught if name.startswith("encoder.encoder")}
    assert min(numbers) == FROZEN_LAYERS

    save(taught, tmp_path)
    net = load_net(folder)
    state = net.state_dict()
    stored = load_file(tmp_path / tuned.FILE)
    net.load_state_dict(state | {name: torch.tensor(t).float() for name, t in stored.items()})
    again = predict(net, tokenized([e.text for e in EXAMPLES], folder))
    assert again[0, 384 + AWARE] > again[1, 384 + AWARE]
    for name, tensor in net.state_dict().items():
        if name in taught:
            np.testing.assert_array_equal(tensor.numpy(), taught[name].astype(np.float32))
