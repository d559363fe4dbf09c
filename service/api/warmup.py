"""The Warmup: models loaded in the background while the service answers what needs none."""

from __future__ import annotations

import logging
import threading

from miner.errors import MinerError
from service.workspace import Workspace

_log = logging.getLogger(__name__)
# Seconds between what a search needs and the rest.
_PAUSE = 1.0


class NotReady(MinerError):
    """The models are not loaded."""

    slug, title, status = "not-ready", "The service is not ready", 503


class Warmup:
    """Loads a workspace's models in a thread of its own: first what a search needs."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._done = threading.Event()
        self._stopping = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="warmup", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.workspace.warm_search()
            self._done.set()
            # Whoever waited for the start asks now, and must not wait for the rest as well.
            self._stopping.wait(_PAUSE)
            self.workspace.warm()
        except Exception as error:  # told by /health/ready, for as long as it lasts
            _log.exception("the models cannot be loaded")
            self._error = error
        self._done.set()

    def check(self) -> None:
        """Return where searches can be answered. Raises NotReady, or why loading failed."""
        if self._error is not None:
            raise self._error
        if not self._done.is_set():
            raise NotReady("models", "they are being loaded", "Ask again in a few seconds.")

    def wait(self) -> None:
        """Until loading has ended, well or not."""
        self._stopping.set()
        self._thread.join()
