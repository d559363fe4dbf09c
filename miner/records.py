"""Domain objects as plain records (dict, list, str, number) and back, for JSON and storage."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from miner.document import Block, BlockType, Box, Document, Metadata, Page
from miner.passages import Passage
from miner.tagging.tag import Evidence, StanceTag, Tag, TaggedPassage
from miner.taxonomy import Stance


def as_record(value: Any) -> Any:
    """Dataclasses to dicts, tuples to lists, all the way down."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: as_record(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple | list):
        return [as_record(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): as_record(item) for key, item in value.items()}
    return value


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
    return TaggedPassage(
        tags=tuple(
            Tag(**{**tag, "evidence": tuple(Evidence(**item) for item in tag["evidence"])})
            for tag in row["tags"]
        ),
        stance=StanceTag(Stance(row["stance"]["label"]), row["stance"]["probability"]),
        model=row["model"],
        abstained=row["abstained"],
    )


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
