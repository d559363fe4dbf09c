"""`/v1/taxonomies`: frameworks that users bring, and texts tagged by them."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

import numpy as np
from fastapi import APIRouter, File, Path, UploadFile

from miner.errors import InputError
from miner.points import text_key
from miner.tagging.own import OwnTagger
from miner.tagging.own.examples import parse_examples
from miner.taxonomy import parse_framework
from service.api.dependencies import TaxonomiesDep, WorkspaceDep
from service.api.problems import problems
from service.api.schemas.tag import TagRequest
from service.api.schemas.taxonomy import (
    OwnTaggedRow,
    OwnTagRequest,
    OwnTagResponse,
    Taxonomy,
    TaxonomyList,
)
from service.api.uploads import file_name
from service.workspace import Workspace

router = APIRouter(prefix="/taxonomies", tags=["taxonomy"])

TaxonomyId = Annotated[str, Path(max_length=100, examples=["sdg"])]


@router.post(
    "",
    status_code=201,
    summary="Bring a taxonomy",
    operation_id="put_taxonomy",
    responses=problems(413, 422, 503),
)
def put_taxonomy(
    taxonomies: TaxonomiesDep,
    file: Annotated[UploadFile, File(description="YAML, JSON or SKOS (.ttl, .rdf, .nt, .jsonld).")],
    examples: Annotated[
        UploadFile | None,
        File(description='JSON lines: {"text": ..., "concepts": [...], "undecided": [...]}.'),
    ] = None,
) -> Taxonomy:
    """Bring a framework with definitions, labels and examples; it tags at once.

    The store's passages say what is usual, so that probabilities fit them. Labelled examples
    make it better, from eight of a concept on. One of the same id is replaced.
    """
    name = file_name(file.filename)
    framework = parse_framework(_text(file, name), PurePath(name).suffix or ".yaml", name)
    shown = []
    if examples is not None:
        called = file_name(examples.filename)
        shown = parse_examples(_text(examples, called), called, framework)
    return Taxonomy.of(taxonomies.put(framework, shown))


@router.get("", summary="List taxonomies", operation_id="list_taxonomies", responses=problems())
def list_taxonomies(taxonomies: TaxonomiesDep) -> TaxonomyList:
    """The frameworks that users brought to this store."""
    items = [Taxonomy.of(taxonomies.tagger(name).model) for name in taxonomies.ids()]
    return TaxonomyList(items=items, total=len(items))


@router.get(
    "/{taxonomy_id}",
    summary="Show a taxonomy",
    operation_id="get_taxonomy",
    responses=problems(404, 422),
)
def get_taxonomy(taxonomy_id: TaxonomyId, taxonomies: TaxonomiesDep) -> Taxonomy:
    """One of them with its concepts, and what its model was built from."""
    return Taxonomy.of(taxonomies.tagger(taxonomy_id).model)


@router.delete(
    "/{taxonomy_id}",
    status_code=204,
    summary="Delete a taxonomy",
    operation_id="delete_taxonomy",
    responses=problems(404, 422),
)
def delete_taxonomy(taxonomy_id: TaxonomyId, taxonomies: TaxonomiesDep) -> None:
    """Forget a taxonomy and its model."""
    taxonomies.delete(taxonomy_id)


@router.post(
    "/{taxonomy_id}/tag",
    summary="Tag by a taxonomy",
    operation_id="tag_by_taxonomy",
    responses=problems(404, 413, 422, 503),
)
def tag_by_taxonomy(
    taxonomy_id: TaxonomyId,
    request: OwnTagRequest,
    taxonomies: TaxonomiesDep,
    workspace: WorkspaceDep,
) -> OwnTagResponse:
    """Tag texts, or the passages of a stored document, by a framework that a user brought.

    Passages of a document are not encoded again. There is no stance: it does not depend on the
    framework and stands with the passages.
    """
    tagger = taxonomies.tagger(taxonomy_id)
    rows = (
        _document(workspace, tagger, request.document)
        if request.document is not None
        else _texts(tagger, request)
    )
    return OwnTagResponse(
        taxonomy=taxonomy_id,
        version=tagger.model.framework.version,
        model=tagger.id,
        document=request.document,
        rows=rows,
    )


def _texts(tagger: OwnTagger, request: OwnTagRequest) -> list[OwnTaggedRow]:
    rows = TagRequest(texts=request.texts, rows=request.rows).numbered()
    tagged = tagger.tag([row.text for row in rows])
    return [OwnTaggedRow.of(row.id, one) for row, one in zip(rows, tagged, strict=True)]


def _document(workspace: Workspace, tagger: OwnTagger, document: str) -> list[OwnTaggedRow]:
    held = [stored.passage for stored in workspace.store.passages(document)]
    keys = [text_key(passage.text) for passage in held]
    known = workspace.store.cached_vectors(keys)
    whole = all(key in known for key in keys)
    tagged = tagger.tag(
        [passage.text for passage in held],
        [passage.language for passage in held],
        vectors=np.stack([known[key] for key in keys]) if whole and keys else None,
    )
    return [OwnTaggedRow.of(p.id, one) for p, one in zip(held, tagged, strict=True)]


def _text(file: UploadFile, name: str) -> str:
    try:
        return file.file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(name, "it is not UTF-8", "Save it as UTF-8 text.") from error
