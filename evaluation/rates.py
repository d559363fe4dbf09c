"""What the tagger misses and mistakes, by concept, as the data that alignments show and use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluation.rows import LabelledRow
from miner.errors import InputError
from miner.tagging.tag import TaggedPassage
from miner.taxonomy import codebook


def write_rates(
    path: Path, model: str, labelled: str, rows: Sequence[LabelledRow], tagged: list[TaggedPassage]
) -> None:
    """Write the counts (`miner.alignment.rates`) of tags against labels.

    The tags must come from calibrations that the rows had no part in.
    """
    write_json(
        path,
        {
            "model": model,
            "labelled": labelled,
            "passages": len(rows),
            "documents": len({row.document for row in rows}),
            "concepts": {concept: counts(concept, rows, tagged) for concept in codebook()},
        },
    )


def counts(
    concept: str, rows: Sequence[LabelledRow], tagged: Sequence[TaggedPassage]
) -> dict[str, float]:
    """Right, false and missed decisions, and the mean probability of the decided passages.

    Passages on which the readers differed are left out.
    """
    right = false = missed = 0
    promised = []
    for row, found in zip(rows, tagged, strict=True):
        if concept in row.undecided:
            continue
        tag = next(tag for tag in found.tags if tag.concept == concept)
        wanted = concept in row.concepts
        right += wanted and tag.decided
        false += not wanted and tag.decided
        missed += wanted and not tag.decided
        if tag.decided:
            promised.append(tag.probability)
    mean = round(sum(promised) / len(promised), 4) if promised else 0.0
    return {"right": right, "false": false, "missed": missed, "promised": mean}


def write_json(path: Path, data: Any) -> None:
    """Data as JSON, in a form that a diff can show."""
    try:
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise InputError(
            str(path), f"it cannot be written ({error.strerror})", "Check the path."
        ) from error
