"""The Guard: whatever goes wrong in a command ends in one message and an exit status."""

from __future__ import annotations

import errno
import sqlite3
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from miner.errors import InputError, MinerError, StoreError
from service.cli.output import complain


class Guard(TyperGroup):
    """The group of all commands. Expected errors and faults of ours exit with status 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except MinerError as error:
            complain(error)
        except OSError as error:
            if error.errno == errno.EPIPE:
                # The reader of our output (head, less) has seen enough.
                raise typer.Exit(0) from error
            complain(_of_system(error))
        except sqlite3.Error as error:
            step = "Check the space on its disk and the permissions of its folder."
            complain(StoreError("the database of the store", str(error), step))
        except Exception as error:
            if type(error).__module__.startswith(("typer", "click")):
                raise  # usage errors and exits are typer's to show
            complain(_of_ours(error))
        raise typer.Exit(2)


def _of_system(error: OSError) -> MinerError:
    what = str(error.filename or "the output")
    cause = error.strerror or str(error) or type(error).__name__
    return InputError(what, cause[:1].lower() + cause[1:], "Check the path and its permissions.")


def _of_ours(error: Exception) -> MinerError:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else "unknown place"
    return MinerError(
        f"{type(error).__name__} at {where}",
        f"an unforeseen error ({error})",
        "This is a fault of miner: report it with this message and the command.",
    )
