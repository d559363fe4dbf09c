"""A service in a process of its own, and clients that ask it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from miner.errors import StoreError

FACETS = "".join(
    f"&facets={name}"
    for name in ("country", "organisations", "year", "concepts", "stance", "language", "document")
)


@dataclass(frozen=True, slots=True)
class Service:
    """Where it listens, which process it is, and when it was started (`time.perf_counter`)."""

    host: str
    port: int
    process: int
    begun: float

    def ask(self, question: str) -> tuple[int, bytes]:
        """Status and body of a search with all facets, over a connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            return search(connection, question)
        finally:
            connection.close()

    def passages(self) -> int:
        """How many passages it searches."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            # It is not ready before all models are loaded.
            for _ in range(600):
                connection.request("GET", "/health/ready")
                answer = connection.getresponse()
                told = json.loads(answer.read())
                if answer.status == 200:
                    return int(told["passages"])
                time.sleep(0.1)
            raise StoreError(self.host, f"it does not become ready: {told}", "See its log.")
        finally:
            connection.close()


def search(connection: http.client.HTTPConnection, question: str) -> tuple[int, bytes]:
    """A search with all facets; its status and body."""
    connection.request("GET", f"/v1/search?q={quote(question)}{FACETS}")
    answer = connection.getresponse()
    return answer.status, answer.read()


@contextmanager
def service(store: Path) -> Iterator[Service]:
    """`miner serve` on a store, from its start to its end."""
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0", "--store", str(store)]
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MINER_OCR": "off"},
    )
    assert process.stderr is not None
    said = []
    try:
        for line in process.stderr:
            said.append(line)
            if line.startswith("http"):
                address = urlsplit(line.strip())
                break
        else:
            raise StoreError(str(store), f"the service ended: {''.join(said)[-500:]}", "See why.")
        # Nobody reads its log of requests, and a full pipe would stop it.
        threading.Thread(target=_drain, args=(process,), daemon=True).start()
        assert address.hostname
        assert address.port
        yield Service(address.hostname, address.port, process.pid, begun)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _drain(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    for _ in process.stderr:
        pass


@dataclass(slots=True)
class Asked:
    """What became of the questions: seconds of those answered, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lasted: float = 0.0


def clients(
    served: Service, number: int, seconds: float, questions: Iterator[str], pause: float = 0.0
) -> Asked:
    """Let `number` clients ask for so many seconds, each with `pause` between its questions."""
    asked, lock = Asked(), threading.Lock()
    until = time.perf_counter() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection(served.host, served.port, timeout=60)
        while time.perf_counter() < until:
            with lock:
                question = next(questions)
            begun = time.perf_counter()
            try:
                status, body = search(connection, question)
                problem = "" if status == 200 else f"{status}: {body[:200]!r}"
                if not problem and not json.loads(body)["interpretation"]:
                    problem = "no answer"
            except (OSError, ValueError, http.client.HTTPException) as error:
                problem = f"{type(error).__name__}: {error}"
                connection.close()
            with lock:
                if problem:
                    asked.errors.append(problem)
                else:
                    asked.seconds.append(time.perf_counter() - begun)
            time.sleep(pause)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(number)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked.lasted = time.perf_counter() - begun
    return asked
