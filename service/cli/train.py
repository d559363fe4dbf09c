"""`miner train`: the tagging model, built anew or adapted; and models of own frameworks."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miner.errors import InputError
from service.cli.options import settings
from service.cli.output import note, print_text

if TYPE_CHECKING:
    from miner.tagging.data import Pair
    from miner.tagging.train import Example

_SHIPPED = Path("models/tagger")
_OWN = Path("models/own")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("train")(train)


def train(
    dev: Annotated[
        Path | None, typer.Option(help="Labelled rows for calibration and thresholds.")
    ] = None,
    corpus: Annotated[
        Path | None, typer.Option(help="Real documents that the standoff labels refer to.")
    ] = None,
    with_feedback: Annotated[
        Path | None,
        typer.Option(
            help="What analysts decided: exported rows, or the folder of a store. Without --dev "
            "the model in use is adapted."
        ),
    ] = None,
    taxonomy: Annotated[
        Path | None, typer.Option(help="Own framework (YAML, JSON, SKOS) to build a model of.")
    ] = None,
    examples: Annotated[
        Path | None, typer.Option(help="Labelled rows (JSONL) of the own framework.")
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(help="Store whose passages say what is usual for the own framework."),
    ] = None,
    zero_shot: Annotated[
        bool, typer.Option("--zero-shot", help="Learn the zero-shot weights of own frameworks.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option(help="Folder of the model; models/tagger where missing.")
    ] = None,
    tune: Annotated[
        bool, typer.Option("--tune", help="Teach the encoder's upper layers too (25 minutes).")
    ] = False,
) -> None:
    """Train the tagging model on all labelled passages, calibrate it on the dev rows, save it.

    Without --tune the tuned layers that lie in the output folder are used as they are. With
    --with-feedback alone the model in use is moved by what analysts decided, and kept
    elsewhere. With --taxonomy a model of an own framework is built.
    """
    if taxonomy is not None:
        _train_own(taxonomy, examples, background, _needed(output))
    elif examples is not None or background is not None:
        name = "--examples" if examples is not None else "--background"
        raise InputError(name, "it goes with --taxonomy", "Name the framework as well.")
    elif zero_shot:
        _learn(corpus, output or _OWN)
    elif dev is not None:
        _train(dev, corpus, with_feedback, output or _SHIPPED, tune)
    elif with_feedback is not None:
        _adapt(with_feedback, _needed(output))
    else:
        raise InputError(
            "miner train",
            "it is not told what to learn from",
            "Give --dev, --with-feedback or --taxonomy.",
        )


def _needed(output: Path | None) -> Path:
    if output is None:
        raise InputError("--output", "it is missing", "Name a folder for the model.")
    if output.exists() and not output.is_dir():
        raise InputError(str(output), "it is no folder", "Name a folder for the model.")
    return output


def _train(
    dev: Path, corpus: Path | None, with_feedback: Path | None, output: Path, tune: bool
) -> None:
    from miner.tagging import data
    from miner.tagging.heads import Heads
    from miner.tagging.train import build
    from miner.tagging.tuned import load_tuned

    wanted = data.labelled(dev)
    decided = data.feedback(with_feedback) if with_feedback is not None else []
    if corpus is None:
        note("warning: without --corpus only what the project wrote is used")
    examples = data.training(corpus) + decided
    if tune:
        _tune(examples, data.pairs(corpus) if corpus is not None else [], output)
    chosen = settings()
    tuned = load_tuned(output, threads=chosen.threads, engine=chosen.engine, cache=chosen.cache)
    heads = build(examples, wanted, tuned, dev_name=dev.name)
    heads.save(output)
    told = f", {len(decided)} of them analysts'" if decided else ""
    print_text(f"{Heads.id_of(output)} from {len(examples)} passages{told}, saved in {output}")


def _tune(examples: Sequence[Example], pairs: Sequence[Pair], output: Path) -> None:
    from miner.embedding import packaged
    from miner.tagging.tune import save, tune
    from miner.tagging.tuned import BASE

    taught = tune(
        examples,
        pairs,
        packaged(BASE).folder,
        told=lambda epochs, loss: note(f"after {epochs:.1f} epochs: mean loss {loss:.3f}"),
    )
    save(taught, output)


def _adapt(with_feedback: Path, output: Path) -> None:
    from miner.tagging import data, tuned
    from miner.tagging.adapt import adapt
    from miner.tagging.heads import Heads

    decided = data.feedback(with_feedback)
    chosen = settings()
    before = chosen.tagger or tuned.shipped_folder()
    if output.resolve() == before.resolve():
        raise InputError(str(output), "it holds the model that is adapted", "Name another folder.")
    loaded = tuned.load_tuned(
        before, threads=chosen.threads, engine=chosen.engine, cache=chosen.cache
    )
    heads = adapt(Heads.load(before), decided, loaded)
    heads.save(output)
    shutil.copyfile(before / tuned.FILE, output / tuned.FILE)
    print_text(
        f"{Heads.id_of(output)} from {Heads.id_of(before)} and {len(decided)} passages that "
        f"analysts decided on, saved in {output}"
    )
    note(f"See what it changes: miner retag --model {output} --diff")


def _train_own(
    taxonomy: Path, examples: Path | None, background: Path | None, output: Path
) -> None:
    from dataclasses import replace

    from miner.tagging.own.build import cautions
    from service.own import background_of, own_tagger
    from service.workspace import SharedEncoder, Workspace

    chosen = settings()
    if taxonomy.is_dir():
        raise InputError(str(taxonomy), "it is a folder", "Name the framework's file.")
    if examples is None and background is None:
        raise InputError(
            str(taxonomy),
            "there is nothing to learn from",
            "Give --examples, or --background, or both; `miner tag --taxonomy` needs neither.",
        )
    known = None
    if background is not None:
        with Workspace.open(replace(chosen, store=background), create=False) as workspace:
            known = background_of(workspace.store)
    model = own_tagger(taxonomy, SharedEncoder.of(chosen), known, examples).model
    model.save(output)
    for caution in cautions(model):
        note(f"warning: {caution}")
    print_text(
        f"{model.id} of {model.framework.id} ({len(model.framework.concepts)} concepts) from "
        f"{model.card['examples']} examples and {model.background.texts} background texts, "
        f"saved in {output}"
    )


def _learn(corpus: Path | None, output: Path) -> None:
    from miner.embedding import load_encoder
    from miner.tagging import data
    from miner.tagging.own.learn import learn
    from miner.tagging.tuned import BASE

    if corpus is None:
        raise InputError(
            "--corpus", "it is missing", "Name the documents that the standoff labels refer to."
        )
    chosen = settings()
    # Not the shipped model: it was taught these passages, and nobody's own framework.
    encoder = load_encoder(
        f"package:{BASE}", threads=chosen.threads, engine=chosen.engine, cache=chosen.cache
    )
    found = learn(data.standoff(corpus), encoder)
    found.save(output)
    print_text(f"zero-shot weights from {found.card['passages']} passages, saved in {output}")
