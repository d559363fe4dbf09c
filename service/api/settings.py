"""What a deployment of the API may set besides `miner.settings`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from miner.errors import InputError

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """One deployment of the API.

    max_upload: most bytes of a request that brings a file (`MINER_MAX_UPLOAD_MB`).
    max_body: most bytes of any other request (`MINER_MAX_BODY_MB`).
    max_waiting: most uploads that wait for their turn (`MINER_MAX_WAITING`).
    origins: web origins that browsers may call from (`MINER_CORS_ORIGINS`, comma-separated);
        none by default.
    isolated: parse uploads in a process of their own (`MINER_ISOLATED=0` switches it off).
    """

    max_upload: int = 100 * MIB
    max_body: int = 8 * MIB
    max_waiting: int = 100
    origins: tuple[str, ...] = ()
    isolated: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> ApiSettings:
        """Read the settings from `environment` (the process's own by default)."""
        env = os.environ if environment is None else environment
        origins = (origin.strip() for origin in env.get("MINER_CORS_ORIGINS", "").split(","))
        return cls(
            max_upload=_number(env, "MINER_MAX_UPLOAD_MB", 100) * MIB,
            max_body=_number(env, "MINER_MAX_BODY_MB", 8) * MIB,
            max_waiting=_number(env, "MINER_MAX_WAITING", 100),
            origins=tuple(origin for origin in origins if origin),
            isolated=env.get("MINER_ISOLATED", "1") != "0",
        )


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name) or str(default)
    if not (value.isascii() and value.isdigit()) or int(value) == 0:
        raise InputError(f"{name}={value}", "it is no number above 0", f"Set {default}, say.")
    return int(value)
