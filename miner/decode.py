"""Frozen dataclasses from plain records (dict, list, str, number), by their type hints.

The reverse of `miner.records.as_record`. Fields that a record has and the class does not are
passed over, so that an older reader understands a newer writer.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class DecodeError(ValueError):
    """A record does not have the form that its class wants; says where."""


def decode(kind: type[T], value: Any, where: str = "") -> T:
    """`value` as an instance of a dataclass. DecodeError where it does not fit."""
    found: T = _decode(kind, value, where or kind.__name__)
    return found


def _decode(kind: Any, value: Any, where: str) -> Any:
    if kind is Any:
        return value
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union(get_args(kind), value, where)
    if origin is Literal:
        return _checked(value, value in get_args(kind), kind, where)
    if origin is tuple:
        return _tuple(get_args(kind), value, where)
    if origin in (dict, Mapping):
        _checked(value, isinstance(value, Mapping), kind, where)
        inner = get_args(kind)[1]
        return {key: _decode(inner, item, f"{where}.{key}") for key, item in value.items()}
    if is_dataclass(kind):
        return _dataclass(kind, value, where)
    return _scalar(kind, value, where)


def _scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(_checked(value, number, kind, where))
    make = _maker(kind)
    if make is not None:
        try:
            return make(value)
        except (TypeError, ValueError) as error:
            raise DecodeError(f"{where}: {value!r} is no {kind.__name__}") from error
    fits = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    return _checked(value, fits, kind, where)


def _maker(kind: Any) -> Callable[[Any], Any] | None:
    """What makes a value of a kind that a record holds as text."""
    if kind is datetime:
        return datetime.fromisoformat
    return kind if isinstance(kind, type) and issubclass(kind, Enum) else None


def _union(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    error: DecodeError | None = None
    for kind in kinds:
        if kind is type(None):
            continue
        try:
            return _decode(kind, value, where)
        except DecodeError as failed:
            error = failed
    raise error or DecodeError(f"{where}: nothing fits")


def _tuple(kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _checked(value, isinstance(value, list | tuple), tuple, where)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_decode(kinds[0], item, f"{where}[{n}]") for n, item in enumerate(value))
    _checked(value, len(value) == len(kinds), tuple, where)
    pairs = zip(kinds, value, strict=True)
    return tuple(_decode(kind, item, f"{where}[{n}]") for n, (kind, item) in enumerate(pairs))


def _dataclass(kind: Any, value: Any, where: str) -> Any:
    _checked(value, isinstance(value, Mapping), kind, where)
    given = {}
    for name, hint, needed in _fields(kind):
        if name in value:
            given[name] = _decode(hint, value[name], f"{where}.{name}")
        elif needed:
            raise DecodeError(f"{where}: {name} is missing")
    return kind(**given)


@lru_cache(maxsize=256)
def _fields(kind: Any) -> tuple[tuple[str, Any, bool], ...]:
    hints = get_type_hints(kind)
    return tuple(
        (f.name, hints[f.name], f.default is MISSING and f.default_factory is MISSING)
        for f in fields(kind)
    )


def _checked(value: Any, fits: bool, kind: Any, where: str) -> Any:
    if not fits:
        name = getattr(kind, "__name__", str(kind))
        raise DecodeError(f"{where}: {value!r:.80} is no {name}")
    return value
