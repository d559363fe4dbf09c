"""What can go wrong, as one small tree.

Every message names the thing (file, store, query), the cause and the next step, so that the
command line, the API and a log can show it as it is. The service maps each class once to a
problem+json answer (RFC 9457) by `slug` and `status`.
"""

from __future__ import annotations

from typing import ClassVar


class MinerError(Exception):
    """Base of all expected errors.

    Args:
        what: the file, document, store or value that is concerned.
        cause: what is wrong with it, in plain words.
        next_step: what the reader can do about it.
    """

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "The request could not be carried out"
    status: ClassVar[int] = 500

    def __init__(self, what: str, cause: str, next_step: str) -> None:
        self.what = what
        self.cause = cause
        self.next_step = next_step
        super().__init__(f"{what}: {cause}. {next_step}")

    def __reduce__(self) -> tuple[type[MinerError], tuple[str, str, str]]:
        # By default the one joined message is given back to __init__, which needs three parts.
        return type(self), (self.what, self.cause, self.next_step)


class InputError(MinerError):
    """The caller's input cannot be used."""

    slug, title, status = "bad-input", "The input cannot be used", 422


class UnreadableDocument(InputError):
    """A file cannot be turned into a Document: empty, truncated, encrypted, garbled."""

    slug, title, status = "unreadable-document", "The document cannot be read", 422


class NoText(UnreadableDocument):
    """A file holds no text, whichever programs are installed to read it."""


class UnsupportedFormat(InputError):
    """The bytes are of a kind that no parser takes."""

    slug, title, status = "unsupported-format", "The file format is not supported", 415


class OcrUnavailable(UnreadableDocument):
    """Pages carry no usable text layer and no OCR engine is installed."""

    slug, title, status = "ocr-unavailable", "The document needs OCR", 422


class TooLarge(InputError):
    """The input is over a stated limit."""

    slug, title, status = "too-large", "The input is too large", 413


class NotFound(MinerError):
    """Nothing is stored under this id."""

    slug, title, status = "not-found", "There is no such thing", 404


class StoreError(MinerError):
    """The store cannot be opened or used."""

    slug, title, status = "store-unusable", "The store cannot be used", 503


class NoStore(StoreError):
    """There is no store in this folder."""

    slug, title, status = "no-store", "There is no store", 503


class StoreLocked(StoreError):
    """Another process owns the store."""

    slug, title, status = "store-locked", "The store is in use by another process", 503


class StoreMismatch(StoreError):
    """The store was written with another schema or another embedding model."""

    slug, title, status = "store-mismatch", "The store does not fit this configuration", 409


class ModelUnavailable(MinerError):
    """Weights are missing, or their SHA-256 is not the pinned one."""

    slug, title, status = "model-unavailable", "A model cannot be loaded", 503


class MissingExtra(MinerError):
    """An optional package or program is needed and not installed."""

    slug, title, status = "missing-extra", "An optional part is not installed", 501


class NotYet(MinerError):
    """The answer needs work that takes longer than a caller waits; it goes on when asked again."""

    slug, title, status = "not-yet", "The answer is not there yet", 503
