"""Which of these documents commit to what, and where does it say so?

Run a service (`miner serve`), then `python docs/examples/alignment_client.py [URL]`. It aligns
what is stored to the UN norms, prints each score with the words it rests on, and compares the
countries. Copy what you need: `miner.client` is all it uses.
"""

from __future__ import annotations

import sys

from miner.client import Alignment, PolicyMiner, ServiceError

DRAFT = """# Draft cyber security strategy

The Government will establish a national computer emergency response team by June 2027.
Operators of essential services shall report serious incidents within 24 hours.
The Ministry of Education will introduce a curriculum on cyber security in all schools.
"""


def show(found: Alignment) -> None:
    """A document's score, then each concept with its firmest words, or with what came nearest."""
    low, high = found.overall.interval
    print(f"\n{found.title}: {found.overall.score:.2f} [{low:.2f}, {high:.2f}]")
    for caution in found.cautions:
        print(f"  caution: {caution}")
    for concept in found.concepts:
        if concept.evidence:
            best = concept.evidence[0]
            words = " ".join(best.quote.split())[:90]
            print(f"  {concept.score:.2f}  {concept.label}: p. {best.page} “{words}”")
        else:
            print(f"  {concept.score:.2f}  {concept.label}: {concept.note}")


def main(miner: PolicyMiner) -> None:
    """Ask the service."""
    # A text that is stored nowhere.
    show(miner.align(text=DRAFT, framework="un-norms", evidence=3))

    # Everything that is stored, in one job; one bad document does not stop the rest.
    stored = miner.documents(limit=200).items
    job = miner.batch(documents=[document.id for document in stored], framework="un-norms")
    for document_id, found in miner.batch_results(job.id):
        if isinstance(found, Alignment):
            show(found)
        else:
            print(f"\n{document_id}: {found.cause}. {found.next_step}")

    # Who commits to what; asked a second time, the answer is not sent again (ETag).
    coverage = miner.coverage(framework="un-norms", evidence=1)
    for row in coverage.rows:
        committed = [cell for cell in row.cells if cell.level == "committed"]
        print(f"\n{row.label} commits to {len(committed)} of {len(row.cells)} norms")
        for cell in committed[:1]:
            mark = cell.evidence[0]
            print(f"  {miner.passage(mark.passage).citation}")

    # What nobody commits to, and which countries nothing is known of.
    for gap in miner.gaps(framework="un-norms").nobody:
        print(f"\nnobody: {gap.label}\n  {gap.note}")


if __name__ == "__main__":
    try:
        with PolicyMiner(*sys.argv[1:2]) as service:
            main(service)
    except ServiceError as error:
        sys.exit(f"{error.problem.title}: {error.problem.detail}")
