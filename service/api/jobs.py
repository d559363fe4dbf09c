"""Jobs: uploads on their way into the store, one at a time, in the order of arrival.

The list lives in memory and holds the last 1000: it is lost when the service stops, and an
upload that was waiting then must be sent again. Documents that were taken are in the store.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal

from miner.document import Metadata
from miner.errors import MinerError, NotFound
from miner.ingest import Outcome
from service.workspace import Step, Told

_log = logging.getLogger(__name__)

KEPT = 1000
# How much of a job is behind it when a step begins, and how much the step adds.
_SHARES: dict[Step, tuple[float, float]] = {
    "parse": (0.0, 0.3),
    "embed": (0.3, 0.6),
    "index": (0.9, 0.1),
}

TakeIn = Callable[[bytes, str, Metadata, Told], Outcome]


class QueueFull(MinerError):
    """Too many uploads wait already."""

    slug, title, status = "queue-full", "Too many uploads are waiting", 503


class Stopping(MinerError):
    """The service stops before the job was done."""

    slug, title, status = "stopping", "The service is stopping", 503


@dataclass(frozen=True, slots=True)
class Job:
    """One upload, or one batch of alignments (`items` of them, of which `failed` had problems).

    A job that changes is replaced, so whoever holds one holds a snapshot.
    """

    id: str
    file: str
    created: datetime
    state: Literal["queued", "running", "done", "failed"] = "queued"
    step: Step | None = None
    fraction: float = 0.0
    document: str | None = None
    outcome: Literal["added", "replaced", "unchanged", "duplicate"] | None = None
    warnings: tuple[str, ...] = ()
    error: Exception | None = None
    started: datetime | None = None
    finished: datetime | None = None
    kind: Literal["upload", "alignment"] = "upload"
    items: int | None = None
    failed: int = 0


@dataclass(frozen=True, slots=True)
class _Upload:
    path: Path
    given: Metadata


class Jobs:
    """The queue and its one worker. `take_in` does the work."""

    def __init__(
        self, take_in: TakeIn, folder: Path, *, kept: int = KEPT, most_waiting: int = 100
    ) -> None:
        self._take_in = take_in
        self._folder = folder
        self._kept = kept
        self._most_waiting = most_waiting
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._uploads: OrderedDict[str, _Upload] = OrderedDict()
        self._changed = threading.Condition()
        self._stopping = False
        self._sweep()
        self._worker = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._worker.start()

    def _sweep(self) -> None:
        """Drop what a killed process left behind: it belongs to jobs that nobody remembers."""
        for path in self._folder.glob("*"):
            owner = path.name.partition("-")[0]
            if owner == str(os.getpid()) or not runs(owner):
                path.unlink(missing_ok=True)

    def submit(self, file: IO[bytes], name: str, given: Metadata) -> Job:
        """Keep an upload's bytes and queue it. Raises QueueFull."""
        job = Job(uuid.uuid4().hex, name, datetime.now(UTC))
        self._check_room()
        self._folder.mkdir(parents=True, exist_ok=True)
        # Another service may have the store open, and its uploads in the same folder.
        path = self._folder / f"{os.getpid()}-{job.id}"
        try:
            with path.open("wb") as kept:
                shutil.copyfileobj(file, kept, 1024 * 1024)
            with self._changed:
                self._check_room()
                self._jobs[job.id] = job
                self._uploads[job.id] = _Upload(path, given)
                self._forget()
                self._changed.notify_all()
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return job

    def _check_room(self) -> None:
        if self._stopping:
            raise stopping("upload")
        if len(self._uploads) >= self._most_waiting:
            raise QueueFull(
                "upload", f"{len(self._uploads)} uploads are waiting", "Try again in a minute."
            )

    def _forget(self) -> None:
        """Drop the oldest jobs that have ended."""
        ended = [job.id for job in self._jobs.values() if job.finished is not None]
        for job_id in ended[: max(len(self._jobs) - self._kept, 0)]:
            del self._jobs[job_id]

    def get(self, job_id: str) -> Job:
        """A job by its id. NotFound where there is none, or none any more."""
        with self._changed:
            job = self._jobs.get(job_id)
        if job is None:
            raise NotFound(
                f"job {job_id!r}",
                f"it is not among the last {self._kept} jobs since the service started",
                "List them with GET /v1/jobs; documents are listed by GET /v1/documents.",
            )
        return job

    def all(self) -> list[Job]:
        """All jobs that are remembered, newest first."""
        with self._changed:
            return list(reversed(self._jobs.values()))

    def close(self) -> None:
        """Stop: the job that runs ends at its next step, those that wait fail."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._worker.join()
        for upload in self._uploads.values():
            upload.path.unlink(missing_ok=True)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self._uploads)
                if self._stopping:
                    for job_id in self._uploads:
                        self.change(job_id, state="failed", error=stopping("upload"))
                    return
                job_id, upload = next(iter(self._uploads.items()))
            self._run(job_id, upload)
            with self._changed:
                del self._uploads[job_id]

    def _run(self, job_id: str, upload: _Upload) -> None:
        name = self.get(job_id).file
        self.change(job_id, state="running", started=datetime.now(UTC))
        try:
            outcome = self._take_in(
                upload.path.read_bytes(),
                name,
                upload.given,
                lambda step, done: self._tell(job_id, step, done),
            )
        except Exception as error:  # whatever it is, the next upload has its turn
            if not isinstance(error, MinerError):
                _log.exception("job %s failed unexpectedly", job_id)
            self.change(job_id, state="failed", error=error)
        else:
            known = outcome.status == "duplicate"
            self.change(
                job_id,
                state="done",
                fraction=1.0,
                document=outcome.document,
                outcome=outcome.status,
                # A duplicate's warning names a path of the server.
                warnings=("The same bytes are stored already.",) if known else outcome.warnings,
            )
        finally:
            upload.path.unlink(missing_ok=True)

    def _tell(self, job_id: str, step: Step, done: float) -> None:
        if self._stopping:
            raise stopping(self.get(job_id).file)
        before, share = _SHARES[step]
        self.change(job_id, step=step, fraction=round(before + share * done, 3))

    def note(self, job: Job) -> None:
        """Remember a job that somebody else works on."""
        with self._changed:
            self._jobs[job.id] = job
            self._forget()

    def change(self, job_id: str, **changes: object) -> None:
        """Replace fields of a job; one that ends gets its time."""
        with self._changed:
            job = replace(self._jobs[job_id], **changes)  # type: ignore[arg-type]
            if job.state in ("done", "failed"):
                job = replace(job, finished=datetime.now(UTC))
            self._jobs[job_id] = job


def runs(process: str) -> bool:
    """Whether a process of this number is there."""
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def stopping(what: str) -> Stopping:
    """The error of what the service leaves undone."""
    return Stopping(what, "the service stopped before it was done", "Send it again.")
