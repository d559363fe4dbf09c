"""Loading a user's own framework: from YAML or JSON, or from SKOS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from miner.errors import InputError, TooLarge
from miner.taxonomy.framework import Framework
from miner.taxonomy.lint import lint_framework
from miner.taxonomy.read import Finding, read
from miner.taxonomy.skos_import import FORMATS, skos_data

LARGEST = 2_000_000
_FORM = "Write it like the example in docs/frameworks.md."


def load_framework(path: Path) -> Framework:
    """A user's own framework from a file: YAML, JSON, or SKOS by the file's ending.

    Raises InputError that names the file and the first fault; `miner frameworks lint FILE`
    lists them all.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(str(path), f"it cannot be read ({cause})", "Check the path.") from error
    return framework_from(plain_data(text, path.suffix, str(path)), str(path))


def parse_framework(text: str, form: str = ".yaml", name: str = "framework") -> Framework:
    """A framework from text; `form` is the ending a file of it would have."""
    return framework_from(plain_data(text, form, name), name)


def framework_from(data: Any, name: str = "framework") -> Framework:
    """A framework from plain data, as YAML or JSON give it. Raises InputError."""
    found, findings = read(data)
    for finding in findings if found is None else lint_framework(found):
        if finding.level == "error":
            raise _refused(name, finding)
    assert found is not None
    return found


def plain_data(text: str, form: str, name: str) -> Any:
    """The plain data of a framework's text. Raises InputError where it is none."""
    if len(text) > LARGEST:
        raise TooLarge(name, f"it has over {LARGEST:,} characters", "Split the framework.")
    if form.lower() in FORMATS or '"@context"' in text[:5000]:
        return skos_data(text, form.lower(), name)
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" at line {where.line + 1}" if where else ""
        raise InputError(name, f"it is no YAML and no JSON{line}", _FORM) from error


def _refused(name: str, finding: Finding) -> InputError:
    return InputError(name, f"{finding.where}: {finding.cause}", finding.next_step)
