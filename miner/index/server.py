"""A Qdrant server or cluster, through qdrant-client: the same index, shared by many processes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient, models

from miner.errors import StoreError, StoreMismatch
from miner.index.mix import mixed
from miner.index.schema import (
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    Candidate,
    Filter,
    Leg,
    Point,
    Scored,
    Sparse,
)

_BATCH = 256


class ServerIndex:
    """One collection of a Qdrant server."""

    exclusive = False
    suspect = False
    owner = True

    def __init__(self, client: QdrantClient, collection: str) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def connect(cls, url: str, api_key: str | None, collection: str, dimension: int) -> ServerIndex:
        """Connect, and make the collection where it is missing.

        Raises StoreError where the server does not answer, StoreMismatch where the collection
        holds vectors of another size.
        """
        client = QdrantClient(url=url, api_key=api_key, timeout=30)
        try:
            return cls.prepare(client, collection, dimension)
        except StoreError:
            raise
        except Exception as error:  # the client raises many kinds, from httpx's to its own
            raise StoreError(
                url, f"the Qdrant server does not answer ({error})", "Check QDRANT_URL and its key."
            ) from error

    @classmethod
    def prepare(cls, client: QdrantClient, collection: str, dimension: int) -> ServerIndex:
        """Make or check the collection of a connected client."""
        if not client.collection_exists(collection):
            _create(client, collection, dimension)
            return cls(client, collection)
        vectors = client.get_collection(collection).config.params.vectors
        dense = vectors.get("dense") if isinstance(vectors, dict) else None
        if dense is None or dense.size != dimension:
            raise StoreMismatch(
                f"collection {collection!r}",
                f"it does not hold `dense` vectors of {dimension} numbers",
                "Use the embedding model it was made with, or set another MINER_COLLECTION.",
            )
        return cls(client, collection)

    def upsert(self, points: Iterable[Point]) -> None:
        rows = iter(points)
        while batch := [_point(point) for point in islice(rows, _BATCH)]:
            self._client.upsert(self._collection, batch, wait=True)

    def delete(self, revision: str) -> None:
        where = _filter(Filter(any_of={"revision": [revision]}))
        assert where is not None
        self._client.delete(self._collection, models.FilterSelector(filter=where), wait=True)

    def search(self, legs: Sequence[Leg], where: Filter, limit: int, k: int = 60) -> list[Scored]:
        condition = _filter(where)
        if len(legs) == 1:
            answer = self._client.query_points(
                self._collection,
                query=_vector(legs[0]),
                using=legs[0].using,
                query_filter=condition,
                limit=limit,
                with_payload=_PAYLOAD,
            )
        else:
            answer = self._client.query_points(
                self._collection,
                prefetch=[
                    models.Prefetch(
                        query=_vector(leg), using=leg.using, limit=leg.depth, filter=condition
                    )
                    for leg in legs
                ],
                query=models.RrfQuery(rrf=models.Rrf(k=k, weights=[leg.weight for leg in legs])),
                limit=limit,
                with_payload=_PAYLOAD,
            )
        return [
            Scored(str(p.payload["passage"]), str(p.payload["document"]), p.score)
            for p in answer.points
            if p.payload
        ]

    def weigh(self, legs: Sequence[Leg], where: Filter) -> list[Candidate]:
        condition = _filter(where)
        proposed = self._client.query_batch_points(
            self._collection,
            [
                models.QueryRequest(
                    query=_vector(leg),
                    using=leg.using,
                    filter=condition,
                    limit=leg.depth,
                    with_payload=_PAYLOAD,
                )
                for leg in legs
                if leg.depth
            ],
        )
        points = {point.id: point for answer in proposed for point in answer.points}
        held = models.Filter(must=[models.HasIdCondition(has_id=list(points))])
        weighed = self._client.query_batch_points(
            self._collection,
            [
                models.QueryRequest(
                    query=_vector(leg), using=leg.using, filter=held, limit=max(len(points), 1)
                )
                for leg in legs
            ],
        )
        by_leg = [{point.id: point.score for point in answer.points} for answer in weighed]
        return [
            Candidate(
                str((point.payload or {})["passage"]),
                str((point.payload or {})["document"]),
                tuple(scores.get(id_, 0.0) for scores in by_leg),
            )
            for id_, point in points.items()
        ]

    def best(
        self, legs: Sequence[Leg], where: Filter, mix: Mapping[str, float], limit: int
    ) -> list[Scored]:
        candidates = self.weigh(legs, where)
        if not candidates:
            return []
        scores = mixed(np.array([c.scores for c in candidates]), legs, mix)
        found = [
            Scored(c.passage, c.document, float(score))
            for c, score in zip(candidates, scores, strict=True)
        ]
        return sorted(found, key=lambda one: (-one.score, one.passage))[:limit]

    def facet(self, name: str, where: Filter, limit: int = 300) -> Mapping[str, int]:
        answer = self._client.facet(
            self._collection, name, facet_filter=_filter(where), limit=limit, exact=True
        )
        return {str(hit.value): hit.count for hit in answer.hits if hit.count}

    def count(self, where: Filter) -> int:
        return self._client.count(self._collection, _filter(where), exact=True).count

    def vectors(self, passages: Sequence[str], where: Filter) -> dict[str, NDArray[np.float32]]:
        wanted = Filter({**where.any_of, "passage": list(passages)}, where.none_of, where.years)
        records, _ = self._client.scroll(
            self._collection,
            _filter(wanted),
            limit=max(len(passages), 1),
            with_payload=_PAYLOAD,
            with_vectors=["dense"],
        )
        return {
            str(r.payload["passage"]): np.asarray(r.vector["dense"], dtype=np.float32)
            for r in records
            if r.payload and isinstance(r.vector, dict)
        }

    def revisions(self) -> dict[str, int]:
        return dict(self.facet("revision", Filter(), limit=10_000_000))

    def tidy(self) -> None:
        """Nothing to do: a server optimises by itself."""

    def optimize(self) -> None:
        """Nothing to do: a server optimises by itself."""

    def flush(self) -> None:
        """Nothing to do: every write was awaited."""

    def close(self) -> None:
        self._client.close()


_PAYLOAD = ["passage", "document"]


def _create(client: QdrantClient, collection: str, dimension: int) -> None:
    client.create_collection(
        collection,
        vectors_config={
            "dense": models.VectorParams(size=dimension, distance=models.Distance.COSINE)
        },
        sparse_vectors_config={
            "bm25": models.SparseVectorParams(modifier=models.Modifier.IDF),
            "tags": models.SparseVectorParams(),
        },
    )
    for name in KEYWORD_FIELDS:
        client.create_payload_index(collection, name, models.PayloadSchemaType.KEYWORD)
    for name in INTEGER_FIELDS:
        client.create_payload_index(collection, name, models.PayloadSchemaType.INTEGER)


def _sparse(vector: Sparse) -> models.SparseVector:
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def _point(point: Point) -> models.PointStruct:
    return models.PointStruct(
        id=str(uuid.UUID(point.id)),
        vector={
            "dense": point.dense.tolist(),
            "bm25": _sparse(point.bm25),
            "tags": _sparse(point.tags),
        },
        payload=dict(point.payload),
    )


def _vector(leg: Leg) -> models.SparseVector | list[float]:
    if isinstance(leg.vector, Sparse):
        return _sparse(leg.vector)
    numbers: list[float] = leg.vector.tolist()
    return numbers


def _match(name: str, values: Sequence[str]) -> models.FieldCondition:
    return models.FieldCondition(key=name, match=models.MatchAny(any=list(values)))


def _filter(where: Filter) -> models.Filter | None:
    must: list[models.Condition] = [_match(n, v) for n, v in where.any_of.items()]
    if where.years is not None:
        first, last = where.years
        must.append(models.FieldCondition(key="year", range=models.Range(gte=first, lte=last)))
    must_not: list[models.Condition] = [_match(n, v) for n, v in where.none_of.items() if v]
    if not must and not must_not:
        return None
    return models.Filter(must=must or None, must_not=must_not or None)
