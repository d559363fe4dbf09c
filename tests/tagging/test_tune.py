"""Fine-tuning: what is learnt and kept, and passages joined to another one."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import torch
from safetensors.numpy import load_file

from miner.embedding import packaged
from miner.tagging import tuned
from miner.tagging.data import Pair
from miner.tagging.net import FROZEN_LAYERS, Dropout, TunedNet, load_net, predict, tokenized
from miner.tagging.train import STANCES, Example
from miner.tagging.tune import Schedule, _Average, _Labels, _read, _Reading, save, tune
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
    (batch,) = _read(tokens, random.Random(1), schedule)
    assert sorted((reading.row, reading.other) for reading in batch) == [(0, 1), (1, 0)]
    for reading in batch:
        assert reading.tokens in ([101, 1, 2, 3, 102], [101, 3, 1, 2, 102])
    asked = _Labels.of(EXAMPLES, schedule).asked(batch)
    # The one is for certain, though the other leaves it open.
    assert asked.wanted[:, [AWARE, TRAIN]].tolist() == [[1, 1], [1, 1]]
    assert asked.kept[:, AWARE].tolist() == [1, 1]
    assert (asked.stance < 0).all(), "two stances are none"


def test_what_either_leaves_open_is_open_where_none_is_certain() -> None:
    examples = [_example("Trade grew.", stance="descriptive"), EXAMPLES[1]]
    asked = _Labels.of(examples, Schedule()).asked([_Reading(0, 1, [101, 1, 3, 102])])
    assert (asked.wanted[0, AWARE], asked.kept[0, AWARE]) == (0, 0)


def test_passages_stay_alone_where_none_fits_or_none_is_wanted() -> None:
    alone = Schedule(joined=0.0)
    held = _Labels.of(EXAMPLES, alone)
    tokens = [[101, *[5] * 180, 102], [101, *[6] * 180, 102]]
    for schedule in (alone, Schedule(joined=1.0)):
        (batch,) = _read(tokens, random.Random(1), schedule)
        batch = sorted(batch, key=lambda reading: reading.row)
        assert batch == [_Reading(0, None, tokens[0]), _Reading(1, None, tokens[1])]
        stances = held.asked(batch).stance.tolist()
        assert stances == [STANCES.index("commitment"), STANCES.index("in_place")]


def test_a_batch_of_joined_passages_alone_teaches_too() -> None:
    heard: list[float] = []
    schedule = Schedule(epochs=1, batch=2, joined=1.0)
    tune(EXAMPLES, [], packaged(BASE).folder, schedule, lambda _, loss: heard.append(loss))
    assert len(heard) == 1
    assert np.isfinite(heard).all()


def test_batches_hold_texts_of_like_length_joined_or_not_and_every_passage_once() -> None:
    tokens = [[101, *[5] * (20 + 2 * n), 102] for n in range(64)]
    schedule = Schedule(joined=0.5, batch=8)
    batches = _read(tokens, random.Random(3), schedule)
    lengths = [[len(reading.tokens) for reading in batch] for batch in batches]
    ranges = sorted((min(found), max(found)) for found in lengths)
    assert all(before[1] <= after[0] for before, after in pairwise(ranges))
    assert sorted(reading.row for batch in batches for reading in batch) == list(range(64))
    assert 10 < sum(reading.other is not None for batch in batches for reading in batch) < 54


def test_dropout_drops_its_share_keeps_the_mean_and_is_silent_when_nothing_is_learnt() -> None:
    torch.manual_seed(0)
    dropout, ones = Dropout(0.25), torch.ones(200, 500)
    found = dropout(ones)
    assert abs(float((found == 0).float().mean()) - 0.25) < 0.01
    assert abs(float(found.mean()) - 1) < 0.01
    assert not torch.equal(found, dropout(ones)), "each time another part"
    assert torch.equal(dropout.eval()(ones), ones)


def test_every_layer_of_a_net_that_learns_drops_cheaply() -> None:
    net = load_net(packaged(BASE).folder, dropout=0.15)
    left = [part for part in net.modules() if isinstance(part, torch.nn.Dropout) and part.p]
    assert not left
    shares = [part.share for part in net.modules() if isinstance(part, Dropout)]
    assert sorted(set(shares)) == [0.1, 0.15]


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
    schedule = replace(schedule, memory=1, joined=0.0)
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
    assert again[1, 384 + TRAIN] > again[0, 384 + TRAIN]
    for name, tensor in net.state_dict().items():
        if name in taught:
            np.testing.assert_array_equal(tensor.numpy(), taught[name].astype(np.float32))
