"""How often are country and year guessed rightly, where a manifest gives the truth?

    python -m evaluation.metadata --manifest corpus/manifest.tsv --under ncss_txt cyber_pdf

Each document is guessed twice: with its file name, and with the name withheld, since names in a
collection are often tidier than names in the wild.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path

from miner.catalogue.guess import guess
from miner.catalogue.manifest import read_manifest
from miner.document import Metadata
from miner.errors import MinerError


@dataclass(frozen=True, slots=True)
class Outcome:
    """One document's truth, and its guesses with and without its file name."""

    path: str
    truth: Metadata
    named: Metadata
    unnamed: Metadata


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson score interval of a proportion (95 % by default); (0, 1) for n = 0."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def outcomes(manifest: Path, under: Sequence[str] = ()) -> list[Outcome]:
    """Guesses for the manifest's documents under the given folders (all without any).

    Documents that cannot be read are left out.
    """
    from miner.parsing import ParseOptions, parse

    read = read_manifest(manifest)
    found: list[Outcome] = []
    for row in read.rows:
        if under and not row.path.startswith(tuple(f"{folder}/" for folder in under)):
            continue
        try:
            document = parse(read.file(row), options=ParseOptions(ocr="off", tables=False))
        except MinerError:
            continue
        nameless = replace(document, source="document")
        guesses = (guess(document, read.geography), guess(nameless, read.geography))
        found.append(Outcome(row.path, row.metadata, *guesses))
    return found


def report(found: Sequence[Outcome], *, named: bool, misses: bool = False) -> list[str]:
    """Lines for people: n, share right, Wilson interval; and each miss where asked for."""
    lines = ["file name known" if named else "file name withheld"]
    guesses = {o.path: o.named if named else o.unnamed for o in found}
    for name in ("country", "year"):
        known = [o for o in found if getattr(o.truth, name) is not None]
        wrong = [o for o in known if getattr(guesses[o.path], name) != getattr(o.truth, name)]
        silent = sum(getattr(guesses[o.path], name) is None for o in known)
        hits = len(known) - len(wrong)
        low, high = wilson(hits, len(known))
        share = hits / len(known) if known else 0.0
        lines.append(
            f"  {name:8} n={len(known):3}  right {share:.3f} [{low:.3f}, {high:.3f}]"
            f"  wrong {len(wrong) - silent}  silent {silent}"
        )
        if misses:
            lines += [
                f"    {o.path}: {getattr(guesses[o.path], name)} for {getattr(o.truth, name)}"
                for o in wrong
            ]
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.metadata")
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--under", nargs="*", default=(), help="folders of the manifest to take")
    parser.add_argument("--misses", action="store_true", help="list what was guessed wrongly")
    options = parser.parse_args(arguments)
    found = outcomes(options.manifest, options.under)
    for named in (True, False):
        print("\n".join(report(found, named=named, misses=options.misses)))


if __name__ == "__main__":
    main()
