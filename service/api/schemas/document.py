"""Document: one file that was read, and what is known about it."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from miner import document as domain
from miner.store import StoredDocument
from service.api.schemas.base import Answer, example
from service.api.schemas.examples import DOCUMENT, DOCUMENT_ID

Provenance = Literal["manifest", "guessed", "given", "unknown"]
DocumentId = Annotated[
    str, Field(max_length=64, description="Id of a document.", examples=[DOCUMENT_ID])
]


class Document(Answer):
    """A stored document without its text."""

    model_config = example(**DOCUMENT)

    id: Annotated[str, Field(description="First 16 hex digits of the SHA-256 of the file.")]
    title: str
    country: Annotated[
        str | None, Field(description="ISO 3166-1 alpha-3 code, or a user-assigned one.")
    ]
    country_name: str | None
    organisations: Annotated[
        list[str], Field(description="Organisations whose member the country was in that year.")
    ]
    year: int | None
    language: Annotated[str | None, Field(description="ISO 639-1 code.")]
    issuing_body: str | None
    type: Annotated[str | None, Field(description="strategy, policy, law, action_plan, ...")]
    url: str | None
    licence: str | None
    provenance: Annotated[
        dict[str, Provenance], Field(description="Where each known field comes from.")
    ]
    passages: Annotated[int, Field(description="How many passages it was split into.")]
    files: Annotated[list[str], Field(description="Names of the files it was read from.")]
    added: datetime
    revision: Annotated[str, Field(description="Changes whenever what is stored for it changes.")]

    @classmethod
    def of(cls, stored: StoredDocument) -> Self:
        """From the store. Folders of the server are nobody's business: file names only."""
        return cls(
            **_about(stored.metadata),
            id=stored.id,
            passages=stored.passages,
            files=sorted({PurePosixPath(source).name for source in stored.sources}),
            added=datetime.fromisoformat(stored.added),
            revision=stored.revision,
        )


def _about(metadata: domain.Metadata) -> dict[str, Any]:
    return {name: getattr(metadata, name) for name in metadata.__dataclass_fields__}


class Page(Answer):
    """A page of a document and how well it could be read."""

    model_config = example(
        number=1, start=0, end=1804, width=595.3, height=841.9, status="text", quality=0.98
    )

    number: Annotated[int, Field(description="From 1.")]
    start: Annotated[int, Field(description="Offset in the document's text.")]
    end: int
    width: Annotated[float, Field(description="In points; 0 where the format has no pages.")]
    height: float
    status: Literal["text", "ocr", "empty", "garbled", "unread"]
    quality: Annotated[float, Field(description="Share of characters that look like language.")]


class DocumentDetail(Document):
    """A stored document with how it was read."""

    model_config = example(
        **DOCUMENT,
        sha256=DOCUMENT_ID * 4,
        media_type="application/pdf",
        characters=61240,
        pages=[
            {
                "number": 1,
                "start": 0,
                "end": 1804,
                "width": 595.3,
                "height": 841.9,
                "status": "text",
                "quality": 0.98,
            }
        ],
        warnings=["Page 9 holds images without text and was not read (no OCR)."],
    )

    sha256: str
    media_type: str
    characters: Annotated[int, Field(description="Length of the text in code points.")]
    pages: list[Page]
    warnings: Annotated[list[str], Field(description="What could not be read.")]

    @classmethod
    def whole(cls, stored: StoredDocument, document: domain.Document) -> Self:
        """From the store, with the document that was read."""
        return cls(
            **Document.of(stored).model_dump(),
            sha256=document.sha256,
            media_type=document.media_type,
            characters=len(document.text),
            pages=[Page.model_validate(page) for page in document.pages],
            warnings=list(document.warnings),
        )


class DocumentList(Answer):
    """Some of the documents that were asked for."""

    model_config = example(items=[DOCUMENT], total=1, limit=50, offset=0)

    items: list[Document]
    total: Annotated[int, Field(description="How many there are in all.")]
    limit: int
    offset: int
