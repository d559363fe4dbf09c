"""Domain objects as plain records (dict, list, str, number) and back, for JSON and storage."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from miner.document import Block, BlockType, Box, Document, Metadata, Page
from miner.evidence import Evidence
from miner.passages import Passage
from miner.tagging.tag import StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance


def as_record(value: Any) -> Any:
    """Dataclasses to dicts, tuples to lists, all the way down."""
    kind: type = type(value)
    if kind in _PLAIN:
        return value
    names = _names(kind)
    if names:
        return {
            name: held if type(held := getattr(value, name)) in _PLAIN else as_record(held)
            for name in names
        }
    if isinstance(value, tuple | list):
        return [as_record(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): as_record(item) for key, item in value.items()}
    return value


_PLAIN = frozenset({str, int, float, bool, type(None)})


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; of any other type none."""
    return tuple(item.name for item in fields(kind)) if is_dataclass(kind) else ()


def metadata(row: Mapping[str, Any]) -> Metadata:
    """Metadata from its record."""
    return Metadata(**{**row, "organisations": tuple(row["organisations"])})


def _boxes(rows: list[dict[str, Any]]) -> tuple[Box, ...]:
    return tuple(Box(**row) for row in rows)


def passage(row: Mapping[str, Any]) -> Passage:
    """A Passage from its record."""
    return Passage(
        **{
            **row,
            "kind": BlockType(row["kind"]),
            "heading_path": tuple(row["heading_path"]),
            "boxes": _boxes(row["boxes"]),
        }
    )


def tagged(row: Mapping[str, Any]) -> TaggedPassage:
    """A TaggedPassage from its record."""
    # Every search reads some 1,500 tags, most without evidence.
    return TaggedPassage(
        tags=tuple(
            Tag(
                tag["concept"],
                tag["probability"],
                tag["decided"],
                tag["by"],
                _evidence(tag["evidence"]) if tag["evidence"] else (),
            )
            for tag in row["tags"]
        ),
        stance=StanceTag(
            Stance(row["stance"]["label"]),
            row["stance"]["probability"],
            # An older store has none of a stance.
            evidence=_evidence(row["stance"].get("evidence", ())),
        ),
        model=row["model"],
        abstained=row["abstained"],
    )


def _evidence(rows: Iterable[Mapping[str, Any]]) -> tuple[Evidence, ...]:
    return tuple([Evidence(**row) for row in rows])


def document(row: Mapping[str, Any]) -> Document:
    """A Document from its record."""
    return Document(
        **{
            **row,
            "pages": tuple(Page(**page) for page in row["pages"]),
            "blocks": tuple(
                Block(
                    **{
                        **block,
                        "type": BlockType(block["type"]),
                        "heading_path": tuple(block["heading_path"]),
                        "boxes": _boxes(block["boxes"]),
                    }
                )
                for block in row["blocks"]
            ),
            "metadata": metadata(row["metadata"]),
            "warnings": tuple(row["warnings"]),
        }
    )


def pack_document(value: Document) -> bytes:
    """A Document as compressed JSON."""
    return zlib.compress(json.dumps(as_record(value), ensure_ascii=False).encode(), 6)


def unpack_document(data: bytes) -> Document:
    """The Document that `pack_document` packed."""
    return document(json.loads(zlib.decompress(data)))


def unpack_condition(data: bytes) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    """Of a packed Document its pages and warnings alone, which takes a third of the time."""
    row = json.loads(zlib.decompress(data))
    return tuple(Page(**page) for page in row["pages"]), tuple(row["warnings"])
