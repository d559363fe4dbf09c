"""JSON lines, checked as they are read: each fault names file, line, cause and next step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from miner.errors import InputError

Id = int | str

_FORM = "Write one JSON object per line."


@dataclass(frozen=True, slots=True)
class Line:
    """One JSON object of a file. `where` names file and line in messages."""

    path: Path
    number: int
    values: Mapping[str, Any] = field(repr=False)

    @property
    def where(self) -> str:
        return f"{self.path}, line {self.number}"

    def fault(self, cause: str, next_step: str) -> InputError:
        return InputError(self.where, cause, next_step)

    def value(self, name: str, kind: type | tuple[type, ...], wanted: str) -> Any:
        """The field `name`; InputError where it is missing or of another kind."""
        if name not in self.values:
            raise self.fault(f"the field {name!r} is missing", f"Add it: {wanted}.")
        value = self.values[name]
        # JSON's true is no number, though Python's is.
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.fault(f"the field {name!r} is {value!r:.60}", f"Write {wanted}.")
        return value

    def text(self, name: str) -> str:
        value: str = self.value(name, str, "a text that is not empty")
        if not value.strip():
            raise self.fault(f"the field {name!r} is empty", "Give it a text, or drop the line.")
        return self._whole(name, value)

    def optional_text(self, name: str) -> str | None:
        return None if self.values.get(name) is None else self.text(name)

    def id(self, name: str = "id") -> Id:
        value: Id = self.value(name, (int, str), "a number or a text")
        return self._whole(name, value) if isinstance(value, str) else value

    def _whole(self, name: str, value: str) -> str:
        # JSON can escape half a surrogate pair, which no file and no hash takes.
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise self.fault(
                f"the field {name!r} holds half a surrogate pair", "Write it as plain UTF-8."
            )
        return value


def lines(path: Path) -> Iterator[Line]:
    """The JSON objects of a file. Blank lines are skipped; a file without any is an error."""
    try:
        content = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(str(path), f"it cannot be read ({cause})", "Check the path.") from error
    found = False
    # Not splitlines(): U+2028 and the like stand inside texts.
    for number, raw in enumerate(content.split("\n"), start=1):
        if not raw.strip():
            continue
        found = True
        where = Line(path, number, {})
        try:
            values = json.loads(raw)
        except json.JSONDecodeError as error:
            cause = f"not valid JSON ({error.msg} at column {error.colno})"
            raise where.fault(cause, _FORM) from error
        except (RecursionError, ValueError) as error:
            raise where.fault("nested too deep, or a number too long", _FORM) from error
        if not isinstance(values, dict):
            raise where.fault("not a JSON object", _FORM)
        yield Line(path, number, values)
    if not found:
        raise InputError(str(path), "the file is empty", _FORM)


def unique_lines(path: Path) -> Iterator[Line]:
    """`lines` whose field `id` occurs once (1 and "1" are the same id)."""
    seen: dict[str, int] = {}
    for line in lines(path):
        identity = str(line.id())
        if identity in seen:
            raise line.fault(
                f"the id {identity} stands in line {seen[identity]} already",
                "Give each line its own id.",
            )
        seen[identity] = line.number
        yield line
