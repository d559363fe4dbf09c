"""The embedded engine: Qdrant Edge, the Rust engine in this process.

One process has the folder (`miner.index.shared` lets others ask it). Calls hold the GIL, so a
long one stops the whole process: points are stored in small batches, and `optimize` runs in a
process of its own (`miner.index.build`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

import numpy as np
import qdrant_edge as qe
from numpy.typing import NDArray

from miner.errors import StoreError, StoreLocked, StoreMismatch
from miner.index import space
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

# One batch holds the GIL for some 5 ms, which is what a search may have to wait.
_BATCH = 32
# Filters that leave fewer points in a segment are answered by looking at each of them.
_SCANNED = 10_000
# Beyond that the graph alone loses answers (0.76 to 0.81 of the true ten under filters of 5 to 10 %
# of a million points), so filters that leave fewer than this share and this number are scanned
# too, which takes 20 ms at the most.
_NARROW, _SCANNED_AT_MOST = 0.2, 120_000
# How many points a search of a large graph keeps in view: of the true ten among a million points
# 512 found 0.976 in 1.5 ms, 800 found 0.988 in 2.4 ms.
_VIEW, _LARGE = 800, 250_000
# Below this a segment needs no graph: looking at all of its points takes 3 ms.
_PLAIN = 20_000
# Graphs of more points take longer to build, and more memory, than they save in searching.
_LARGEST = 250_000


class EdgeIndex:
    """A Qdrant Edge shard in a folder."""

    exclusive = True
    suspect = False
    owner = True

    def __init__(self, shard: qe.EdgeShard) -> None:
        self._shard = shard
        # To make nothing durable takes a quarter of a second on some disks.
        self._written = False

    @classmethod
    def open(cls, folder: Path, dimension: int, *, anew: bool = False) -> EdgeIndex:
        """Open the shard in `folder`, or make one for vectors of `dimension` numbers.

        anew: bring what a shard of an older version was configured with up to date.

        Raises StoreLocked where another process owns it, StoreMismatch where it was made for
        vectors of another size, StoreError where the disk is full.
        """
        exists = folder.is_dir() and any(folder.iterdir())
        space.need(folder, space.OPENING if exists else space.WRITING)
        try:
            shard = (
                qe.EdgeShard.load(str(folder), _config(dimension) if anew else None)
                if exists
                else qe.EdgeShard.create(_made(folder), _config(dimension))
            )
        except Exception as error:  # the binding raises bare Exception
            if "WouldBlock" in str(error) or "lock" in str(error).lower():
                raise StoreLocked(
                    str(folder),
                    "another process has this store open",
                    "Stop it, or ask its API (`miner serve`) instead.",
                ) from error
            raise StoreError(
                str(folder),
                f"the index cannot be opened ({error})",
                "Restore the folder from a copy, or ingest into a new store.",
            ) from error
        index = cls(shard)
        if exists:
            index._check(folder, dimension)
        else:
            index._create_payload_indexes()
        return index

    def _check(self, folder: Path, dimension: int) -> None:
        probe = np.zeros(dimension, dtype=np.float32)
        try:
            self._shard.query(
                qe.QueryRequest(limit=1, query=qe.Query.Nearest(probe.tolist(), using="dense"))
            )
        except Exception as error:
            self._shard.close()
            raise StoreMismatch(
                str(folder),
                f"the index does not hold vectors of {dimension} numbers ({error})",
                "Use the embedding model the store was made with, or a new store.",
            ) from error

    def _create_payload_indexes(self) -> None:
        self._written = True
        # On disk they load in a third of the time. Without links of their own in the graph it
        # is built three times as fast; narrow filters are scanned.
        for name in KEYWORD_FIELDS:
            keyword = qe.KeywordIndexParams(on_disk=True, enable_hnsw=False)
            self._shard.update(qe.UpdateOperation.create_field_index(name, keyword))
        for name in INTEGER_FIELDS:
            number = qe.IntegerIndexParams(lookup=True, range=True, on_disk=True, enable_hnsw=False)
            self._shard.update(qe.UpdateOperation.create_field_index(name, number))

    def upsert(self, points: Iterable[Point]) -> None:
        self._written = True
        batch: list[qe.Point] = []
        for point in points:
            batch.append(_point(point))
            if len(batch) == _BATCH:
                self._shard.update(qe.UpdateOperation.upsert_points(batch))
                batch = []
        if batch:
            self._shard.update(qe.UpdateOperation.upsert_points(batch))

    def delete(self, revision: str) -> None:
        self._written = True
        where = qe.Filter(must=[_match("revision", [revision])])
        self._shard.update(qe.UpdateOperation.delete_points_by_filter(where))

    def search(self, legs: Sequence[Leg], where: Filter, limit: int, k: int = 60) -> list[Scored]:
        condition = _filter(where)
        if len(legs) == 1:
            request = qe.QueryRequest(
                limit=limit,
                query=_nearest(legs[0]),
                filter=condition,
                with_payload=_PAYLOAD,
                params=self._params(condition) if legs[0].using == "dense" else None,
            )
        else:
            request = qe.QueryRequest(
                limit=limit,
                query=qe.Fusion.Rrf(k, [leg.weight for leg in legs]),  # type: ignore[arg-type]
                prefetches=[
                    qe.Prefetch(limit=leg.depth, query=_nearest(leg), filter=condition)
                    for leg in legs
                ],
                with_payload=_PAYLOAD,
            )
        found = self._shard.query(request)
        return [_scored(point) for point in found]

    def weigh(self, legs: Sequence[Leg], where: Filter) -> list[Candidate]:
        points, scores = self._scores(legs, where)
        named = self._named(points)
        return [
            Candidate(*names, tuple(row))
            for names, row in zip(named, scores.tolist(), strict=True)
            if names
        ]

    def best(
        self, legs: Sequence[Leg], where: Filter, mix: Mapping[str, float], limit: int
    ) -> list[Scored]:
        points, scores = self._scores(legs, where)
        total = mixed(scores, legs, mix)
        # Names are read of those alone that are wanted: that takes longer than to rank them all.
        order = np.argsort(-total, kind="stable")[:limit].tolist()
        named = self._named([points[row] for row in order])
        found = [
            Scored(*names, float(total[row]))
            for names, row in zip(named, order, strict=True)
            if names
        ]
        return sorted(found, key=lambda one: (-one.score, one.passage))

    def _scores(
        self, legs: Sequence[Leg], where: Filter
    ) -> tuple[list[qe.PointId], NDArray[np.float64]]:
        """The points that the legs propose, and their exact scores by each leg: (n, legs)."""
        condition = _filter(where)
        dense = self._params(condition)
        asking = [number for number, leg in enumerate(legs) if leg.depth]
        proposed = self._shard.query_batch(
            qe.QueryBatchRequest(
                [
                    qe.QueryRequest(
                        limit=legs[n].depth,
                        query=_nearest(legs[n]),
                        filter=condition,
                        params=dense if legs[n].using == "dense" else None,
                    )
                    for n in asking
                ]
            )
        )
        # Reading a point's id makes it anew, and numbers are quicker to look up.
        ids: dict[int, qe.PointId] = {}
        by_leg: list[dict[int, float]] = [{} for _ in legs]
        for number, found in zip(asking, proposed, strict=True):
            for point in found:
                id_ = point.id
                key = _number(id_)
                ids[key] = id_
                by_leg[number][key] = point.score
        lacking = [ids.keys() - scores.keys() for scores in by_leg]
        rest = [number for number, unknown in enumerate(lacking) if unknown]
        weighed = self._shard.query_batch(
            qe.QueryBatchRequest(
                [
                    qe.QueryRequest(
                        limit=len(lacking[n]),
                        query=_nearest(legs[n]),
                        filter=qe.Filter(must=[qe.HasIdCondition({ids[k] for k in lacking[n]})]),
                    )
                    for n in rest
                ]
            )
        )
        for number, found in zip(rest, weighed, strict=True):
            by_leg[number].update((_number(point.id), point.score) for point in found)
        scores = np.zeros((len(ids), len(legs)))
        for number, held in enumerate(by_leg):
            scores[:, number] = [held.get(key, 0.0) for key in ids]
        return list(ids.values()), scores

    def _params(self, condition: qe.Filter | None) -> qe.SearchParams | None:
        """How the dense vectors are searched, so that nearly all of the nearest are found."""
        size = self.size
        if condition is not None and size * _NARROW > _SCANNED:
            left = self._shard.count(qe.CountRequest(exact=False, filter=condition))
            if left < min(size * _NARROW, _SCANNED_AT_MOST):
                return qe.SearchParams(exact=True)
        return qe.SearchParams(hnsw_ef=_VIEW) if size > _LARGE else None

    def _named(self, points: Sequence[qe.PointId]) -> list[tuple[str, str] | None]:
        """The passage and the document of each point; None where it was deleted meanwhile."""
        records = self._shard.retrieve(list(points), _PAYLOAD, False) if points else []
        named = {
            _number(record.id): (str(payload["passage"]), str(payload["document"]))
            for record in records
            if (payload := record.payload)
        }
        return [named.get(_number(point)) for point in points]

    def facet(self, name: str, where: Filter, limit: int = 300) -> Mapping[str, int]:
        request = qe.FacetRequest(key=name, limit=limit, exact=True, filter=_filter(where))
        return {str(hit.value): hit.count for hit in self._shard.facet(request).hits if hit.count}

    def count(self, where: Filter) -> int:
        return self._shard.count(qe.CountRequest(exact=True, filter=_filter(where)))

    def vectors(self, passages: Sequence[str], where: Filter) -> dict[str, NDArray[np.float32]]:
        wanted = Filter({**where.any_of, "passage": list(passages)}, where.none_of, where.years)
        records, _ = self._shard.scroll(
            qe.ScrollRequest(
                limit=max(len(passages), 1),
                filter=_filter(wanted),
                with_payload=_PAYLOAD,
                with_vector=["dense"],
            )
        )
        return {
            str((r.payload or {})["passage"]): np.asarray(r.vector["dense"], dtype=np.float32)
            for r in records
            if isinstance(r.vector, dict)
        }

    def revisions(self) -> dict[str, int]:
        return dict(self.facet("revision", Filter(), limit=10_000_000))

    def copy(self, revision: str, to: EdgeIndex) -> None:
        """Store the points of a revision in another index as well."""
        to._written = True
        offset: qe.PointId | None = None
        while True:
            records, offset = self._shard.scroll(
                qe.ScrollRequest(
                    offset=offset,
                    limit=_BATCH,
                    filter=qe.Filter(must=[_match("revision", [revision])]),
                    with_payload=True,
                    with_vector=True,
                )
            )
            held = [qe.Point(r.id, r.vector, r.payload) for r in records]  # type: ignore[arg-type]
            if held:
                to._shard.update(qe.UpdateOperation.upsert_points(held))
            if offset is None:
                return

    @property
    def size(self) -> int:
        """About how many points there are, without counting."""
        return self._shard.info().points_count

    def tidy(self) -> None:
        """Nothing: `miner.index.owned` decides when to optimise, and where."""

    def optimize(self) -> None:
        self._written = True
        self._shard.optimize()

    def flush(self) -> None:
        if self._written:
            self._written = False
            self._shard.flush()

    def close(self) -> None:
        self.flush()
        self._shard.close()


_PAYLOAD = ["passage", "document"]


def _number(id_: qe.PointId) -> int:
    return id_.int if isinstance(id_, UUID) else int(id_)


def _made(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _config(dimension: int) -> qe.EdgeConfig:
    def kilobytes(points: int) -> int:
        return points * dimension * 4 // 1024

    return qe.EdgeConfig(
        hnsw_config=qe.HnswIndexConfig(
            m=16, ef_construct=100, full_scan_threshold=kilobytes(_SCANNED)
        ),
        optimizers=qe.EdgeOptimizersConfig(
            indexing_threshold=kilobytes(_PLAIN),
            max_segment_size=kilobytes(_LARGEST),
            default_segment_number=1,
        ),
        vectors={"dense": qe.EdgeVectorParams(size=dimension, distance=qe.Distance.Cosine)},
        sparse_vectors={
            "bm25": qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf),
            "tags": qe.EdgeSparseVectorParams(),
        },
    )


def _sparse(vector: Sparse) -> qe.SparseVector:
    return qe.SparseVector(list(vector.indices), list(vector.values))


def _point(point: Point) -> qe.Point:
    return qe.Point(
        point.id,
        {
            "dense": point.dense.tolist(),
            "bm25": _sparse(point.bm25),
            "tags": _sparse(point.tags),
        },
        dict(point.payload),
    )


def _nearest(leg: Leg) -> qe.Query:
    vector = _sparse(leg.vector) if isinstance(leg.vector, Sparse) else leg.vector.tolist()
    return qe.Query.Nearest(vector, using=leg.using)


def _scored(point: qe.ScoredPoint) -> Scored:
    payload = point.payload or {}
    return Scored(str(payload["passage"]), str(payload["document"]), point.score)


def _match(name: str, values: Sequence[str]) -> qe.FieldCondition:
    return qe.FieldCondition(key=name, match=qe.MatchAny(list(values)))


def _filter(where: Filter) -> qe.Filter | None:
    must: list[qe.ConditionType] = [_match(n, v) for n, v in where.any_of.items()]
    if where.years is not None:
        first, last = where.years
        must.append(qe.FieldCondition(key="year", range=qe.RangeFloat(gte=first, lte=last)))
    must_not: list[qe.ConditionType] = [_match(n, v) for n, v in where.none_of.items() if v]
    if not must and not must_not:
        return None
    return qe.Filter(must=must, must_not=must_not)
