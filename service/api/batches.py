"""Batches: several documents or texts aligned in one job, in a thread of their own.

Results are kept in a file per job while the service runs and the job is remembered; the last 50.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from miner.alignment import Alignment
from miner.errors import MinerError, NotFound
from service.api.jobs import Job, Jobs, QueueFull, runs, stopping

_log = logging.getLogger(__name__)
KEPT = 50


@dataclass(frozen=True, slots=True)
class Item:
    """What is aligned: a stored document by its id, or a text under a name of the caller's."""

    id: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class _Batch:
    items: Sequence[Item]
    align: Callable[[Item], Alignment]
    write: Callable[[Item, Alignment | MinerError], dict[str, Any]]


class Batches:
    """The queue of batches and its one worker; their jobs are among the others."""

    def __init__(self, jobs: Jobs, folder: Path, *, most_waiting: int = 100) -> None:
        self._jobs = jobs
        self._folder = folder
        self._most_waiting = most_waiting
        self._waiting: OrderedDict[str, _Batch] = OrderedDict()
        self._results: OrderedDict[str, int] = OrderedDict()
        self._changed = threading.Condition()
        self._stopping = False
        self._sweep()
        self._worker = threading.Thread(target=self._work, name="batches", daemon=True)
        self._worker.start()

    def _sweep(self) -> None:
        """Drop what a killed process left behind."""
        for path in self._folder.glob("*.jsonl"):
            owner = path.name.partition("-")[0]
            if owner == str(os.getpid()) or not runs(owner):
                path.unlink(missing_ok=True)

    def submit(
        self,
        items: Sequence[Item],
        align: Callable[[Item], Alignment],
        write: Callable[[Item, Alignment | MinerError], dict[str, Any]],
    ) -> Job:
        """Queue a batch. Raises QueueFull.

        Args:
            items: what is aligned. align: does it; what it raises is that item's problem.
            write: an alignment, or an item's problem, as the record that callers get.
        """
        job = Job(uuid.uuid4().hex, "", datetime.now(UTC), kind="alignment", items=len(items))
        with self._changed:
            if self._stopping:
                raise stopping("batch")
            if len(self._waiting) >= self._most_waiting:
                raise QueueFull(
                    "batch", f"{len(self._waiting)} batches are waiting", "Try again in a minute."
                )
            self._jobs.note(job)
            self._waiting[job.id] = _Batch(items, align, write)
            self._results[job.id] = 0
            self._forget()
            self._changed.notify_all()
        return job

    def results(self, job_id: str, offset: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """Records of a batch that are there by now, and how many are. Raises NotFound."""
        self._jobs.get(job_id)
        with self._changed:
            done = self._results.get(job_id)
        if done is None:
            raise NotFound(
                f"batch {job_id!r}",
                f"no results are kept under this id; the last {KEPT} batches' are",
                "Send the batch again with POST /v1/alignment/batch.",
            )
        found: list[dict[str, Any]] = []
        path = self._path(job_id)
        if done and path.is_file():
            with path.open("rb") as file:
                for number, line in enumerate(file):
                    if number >= min(done, offset + limit):
                        break
                    if number >= offset:
                        found.append(json.loads(line))
        return found, done

    def close(self) -> None:
        """Stop: the batch that runs ends at its next item, those that wait fail."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._worker.join()
        for job_id in self._results:
            self._path(job_id).unlink(missing_ok=True)

    def _path(self, job_id: str) -> Path:
        return self._folder / f"{os.getpid()}-{job_id}.jsonl"

    def _forget(self) -> None:
        """Drop the oldest results whose batches have ended."""
        ended = [job_id for job_id in self._results if job_id not in self._waiting]
        for job_id in ended[: max(len(self._results) - KEPT, 0)]:
            del self._results[job_id]
            self._path(job_id).unlink(missing_ok=True)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self._waiting)
                if self._stopping:
                    for job_id in self._waiting:
                        self._jobs.change(job_id, state="failed", error=stopping("batch"))
                    return
                job_id, batch = next(iter(self._waiting.items()))
            self._run(job_id, batch)
            with self._changed:
                del self._waiting[job_id]

    def _run(self, job_id: str, batch: _Batch) -> None:
        self._jobs.change(job_id, state="running", started=datetime.now(UTC))
        failed = 0
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._path(job_id).open("wb") as file:
                for number, item in enumerate(batch.items, 1):
                    if self._stopping:
                        raise stopping("batch")
                    record, right = self._aligned(item, batch)
                    failed += not right
                    file.write(f"{json.dumps(record, ensure_ascii=False)}\n".encode())
                    file.flush()
                    with self._changed:
                        self._results[job_id] = number
                    share = round(number / len(batch.items), 3)
                    self._jobs.change(job_id, fraction=share, failed=failed)
        except Exception as error:  # whatever it is, the next batch has its turn
            if not isinstance(error, MinerError):
                _log.exception("batch %s failed unexpectedly", job_id)
            self._jobs.change(job_id, state="failed", error=error)
        else:
            self._jobs.change(job_id, state="done", fraction=1.0)

    def _aligned(self, item: Item, batch: _Batch) -> tuple[dict[str, Any], bool]:
        try:
            return batch.write(item, batch.align(item)), True
        except MinerError as error:
            return batch.write(item, error), False
